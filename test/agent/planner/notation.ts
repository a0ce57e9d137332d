// Plans in the notation of questions.ts, and the score of a list of questions.
import type { Background } from '../../../src/agent/planner/follow-up.ts';
import { createGrammar, type Grammar } from '../../../src/agent/planner/grammar.ts';
import { createNames } from '../../../src/agent/planner/names.ts';
import { isRefusal, type Plan, type Refusal, type Step } from '../../../src/agent/planner/plan.ts';
import { createDateFinder } from '../../../src/agent/planner/short-dates.ts';
import { createVocabulary } from '../../../src/agent/planner/vocabulary.ts';
import { parseRangePhrase } from '../../../src/domain/date-grammar.ts';
import { parseExpirationPhrase } from '../../../src/domain/expirations.ts';
import type { TypedQuestion } from './questions.ts';

export function createTestGrammar(): Grammar {
  return createGrammar(
    createNames(),
    createVocabulary(),
    createDateFinder(() => '2026-11-19'),
  );
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
    background.last = plan.slots;
    if (plan.slots.symbols.length > 0) background.symbolSets.push(plan.slots.symbols);
  }
  return grammar.parse(text, background);
}

export function describePlan(plan: Plan): string {
  const held = plan.isHeldOnly ? ' held' : '';
  return plan.steps.flatMap((step) => describeStep(step).map((text) => text + held)).join(' ; ');
}

function describeStep(step: Step): string[] {
  switch (step.topic) {
    case 'market':
      return ['market'];
    case 'calculate':
      return [`calculate ${step.expression}`];
    case 'fields': {
      const { symbols, columns, conditions, range, expiration } = step.query;
      const parts = [columns.join(', '), ...conditions.map(({ expression }) => expression), range, expiration];
      return [`fields ${symbols.join(' ')} | ${parts.filter(Boolean).join(' | ')}`];
    }
    case 'quote':
    case 'technicals':
      return [`${step.topic} ${step.symbols.join(' ')}`];
    case 'history':
      return step.symbols.map((symbol) => `history ${symbol} | ${step.range} | ${step.interval}`);
    case 'chain':
      return step.symbols.map(
        (symbol) => `chain ${symbol} | ${step.expiration ?? 'nearest'} | ${step.side} | ${step.strikes}`,
      );
    case 'contract':
      return step.symbols.map(
        (symbol) => `contract ${symbol} | ${step.expiration ?? 'nearest'} | ${step.side} | ${step.strike}`,
      );
    case 'walls':
      return step.symbols.map((symbol) => `walls ${symbol} | ${step.expiration ?? 'nearest'}`);
    case 'ta':
    case 'levels':
    case 'expirations':
    case 'bundle':
      return step.symbols.map((symbol) => `${step.topic} ${symbol}`);
  }
}

/** Spellings of one and the same phrase are made equal. */
export function normalNotation(text: string): string {
  return text
    .split(' ; ')
    .map((step) =>
      step
        .split(' | ')
        .map((part) => normalPart(part))
        .join(' | '),
    )
    .map((step) =>
      step.startsWith('walls') && step.endsWith(' held')
        ? `${step.split(' | ')[0]?.replace(/ held$/, '') ?? ''} held`
        : step,
    )
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
