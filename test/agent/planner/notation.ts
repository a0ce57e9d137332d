// Plans in the notation of questions.ts, and the score of a list of questions.
import { contractColumns } from '../../../src/agent/planner/contracts.ts';
import type { Background } from '../../../src/agent/planner/pointing.ts';
import { createNames } from '../../../src/agent/words/names.ts';
import { type Plan, type Query, type Refusal, isRefusal } from '../../../src/agent/planner/query.ts';
import { type Grammar, createGrammar } from '../../../src/agent/planner/understand.ts';
import { parseRangePhrase } from '../../../src/domain/date-grammar.ts';
import { parseExpirationPhrase } from '../../../src/domain/expirations.ts';
import type { TypedQuestion } from './questions.ts';

export function createTestGrammar(): Grammar {
  return createGrammar(createNames(), () => Date.parse('2026-11-19T11:00:00-05:00'));
}

/** What the planner understands of a question after the questions that it leans on. */
export function understand(
  grammar: Grammar,
  { text, after = [] }: Pick<TypedQuestion, 'text' | 'after'>,
): Plan | Refusal {
  const background: Background = { symbolSets: [] };
  for (const earlier of after) {
    const plan = grammar.parse(earlier, background);
    if (isRefusal(plan)) return { ...plan, message: `in "${earlier}": ${plan.message}` };
    const last = plan.parts.at(-1);
    if (last === undefined) continue;
    background.last = last;
    if (last.symbols.length > 0) background.symbolSets.push(last.symbols);
  }
  const plan = grammar.parse(text, background);
  const instead = isRefusal(plan) ? grammar.restate(text, background, plan) : undefined;
  return instead === undefined ? plan : { ...plan, instead };
}

export function describePlan(plan: Plan): string {
  return plan.parts.map((part) => describePart(part) + (part.isHeldOnly === true ? ' held' : '')).join(' ; ');
}

function describePart(query: Query): string {
  const { form, symbols, columns, conditions, rank, range, interval, expiration, side, strike, strikes, delta } = query;
  const parts = [
    columns.length > 0 ? columns.join(', ') : undefined,
    form === 'contract' && query.fields.length > 0
      ? contractColumns(query).join(', ')
      : ['chain', 'definition', 'calculate'].includes(form) && query.fields.length > 0
        ? query.fields.join(', ')
        : undefined,
    ...(query.isCount === true ? [] : conditions.map(({ expression }) => expression)),
    rank === undefined ? undefined : `${rank.order}${rank.by === undefined ? '' : ` ${rank.by}`}`,
    range,
    interval,
    expiration,
    side,
    strike.length > 0 ? strike.join(' ') : undefined,
    strikes === undefined
      ? undefined
      : typeof strikes === 'object'
        ? `${strikes.from}..${strikes.to}`
        : String(strikes),
    delta === undefined ? undefined : `delta ${typeof delta === 'object' ? `${delta.from}..${delta.to}` : delta}`,
  ];
  return [[form, ...symbols].join(' '), ...parts.filter((each) => each !== undefined)].join(' | ');
}

/** Spellings of one and the same phrase are made equal. */
export function normalNotation(text: string): string {
  return text
    .split(' ; ')
    .map((step) => step.split(' | ').map(normalPart).join(' | '))
    .join(' ; ');
}

function normalPart(part: string): string {
  const range = parseRangePhrase(part)?.expression;
  const expiration = parseExpirationPhrase(part)?.expression;
  if (part === 'nearest' || (range === undefined && expiration === undefined)) return part;
  return JSON.stringify({ range, expiration });
}

export interface Score {
  right: number;
  refused: string[];
  wrong: string[];
}

export function scoreQuestions(list: readonly TypedQuestion[]): Score {
  const grammar = createTestGrammar();
  const score: Score = { right: 0, refused: [], wrong: [] };
  for (const question of list) {
    const result = understand(grammar, question);
    const got = isRefusal(result) ? 'refuse' : describePlan(result);
    const line = `${question.text} -> ${isRefusal(result) ? result.message : got} (expected ${question.expect})`;
    if (normalNotation(got) === normalNotation(question.expect)) score.right += 1;
    else if (got === 'refuse') score.refused.push(line);
    else score.wrong.push(line);
  }
  return score;
}
