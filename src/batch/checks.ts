// Decides for one answered question which expectations hold. Every check looks at data, calls or text, never at what the
// answer says about itself, and says what it found beside what it expected.
import { symbolsAsked } from '../tools/registry.ts';
import type { LevelsData } from '../domain/answers.ts';
import type { TickerSymbol } from '../domain/types.ts';
import { type Evidence, createScope, barsOfOneCompany, dataFor, findBars, symbolOf } from './evidence.ts';
import { type Formula, checkFormula, format, valueOf } from './formulas.ts';
import { explainOrigin } from './origins.ts';
import { findFigures, says } from './said.ts';

export interface Check {
  check: string;
  ok: boolean;
  detail: string;
}

type Group = (evidence: Evidence) => Check[];

/** In the order in which a reader wants to know: did it answer, was it right, did it cost too much. */
const GROUPS: readonly Group[] = [
  checkAnswered,
  checkErrors,
  checkCalls,
  checkSymbols,
  checkFields,
  checkDates,
  checkFigures,
  checkSaid,
  checkWords,
  checkLevels,
  checkGrounded,
  checkSample,
  checkBanned,
  checkEffort,
];

/** Every expectation of the prompt that was asked, each with what was found. */
export function checkPrompt(evidence: Evidence): Check[] {
  return GROUPS.flatMap((group) => group(evidence));
}

const verdict = (check: string, ok: boolean, detail: string): Check => ({ check, ok, detail });

/** A text alone is no answer: it stands on data of this question, or holds figures of the conversation. */
function checkAnswered({ turn, own }: Evidence): Check[] {
  const { answer, incomplete, failure, grounding } = turn;
  if (failure !== undefined) return [verdict('answered', false, failure.message)];
  if (answer.trim() === '') return [verdict('answered', false, 'the answer is empty')];
  if (incomplete) return [verdict('answered', false, 'the answer broke off')];
  const hasGround = own.some(({ data }) => data !== undefined) || grounding.supported > 0;
  return [
    verdict(
      'answered',
      hasGround,
      hasGround ? `${answer.length} characters` : 'no data: no tool was called and no figure given',
    ),
  ];
}

function checkErrors({ turn }: Evidence): Check[] {
  const found = turn.errors.map(({ symbol, message }) =>
    symbol === undefined || message.includes(symbol) ? message : `${symbol}: ${message}`,
  );
  return [verdict('no errors', found.length === 0, found.length === 0 ? 'none' : found.join('; '))];
}

function checkCalls({ turn, prompt }: Evidence): Check[] {
  const { calls, notCalled, maxCalls } = prompt.expect;
  const { records } = turn;
  const listed =
    records.length === 0
      ? 'no calls'
      : records
          .map(({ name, arguments: args, ok }) => `${[name, ...symbolsAsked(args)].join(' ')}${ok ? '' : ' (failed)'}`)
          .join(', ');
  const checks: Check[] = calls.map((wanted) => {
    const names = wanted.split('|');
    const answered = records.filter(({ name, ok }) => ok && names.includes(name));
    const missing = prompt.symbols.filter(
      (symbol) => !answered.some(({ arguments: args }) => symbolsAsked(args).includes(symbol)),
    );
    const ok = answered.length > 0 && missing.length === 0;
    return verdict(
      `calls ${wanted}`,
      ok,
      ok ? listed : `found ${listed}${missing.length > 0 ? `; none for ${missing.join(', ')}` : ''}`,
    );
  });
  for (const name of notCalled)
    checks.push(verdict(`does not call ${name}`, !records.some((record) => record.name === name), listed));
  if (maxCalls !== undefined)
    checks.push(
      verdict(maxCalls === 0 ? 'no tool calls' : `at most ${maxCalls} tool calls`, records.length <= maxCalls, listed),
    );
  return checks;
}

/** No call, item of data or word of the answer is about another symbol of the suite. */
function checkSymbols({ turn, own, prompt, suiteSymbols }: Evidence): Check[] {
  const { symbols } = prompt;
  if (symbols.length === 0) return [];
  const asked = turn.records.flatMap(({ arguments: args }) => symbolsAsked(args));
  const brought = own.flatMap(({ data }) => (Array.isArray(data) ? (data as unknown[]) : [data]).map(symbolOf));
  const said = suiteSymbols.filter((symbol) =>
    new RegExp(`(?<![A-Za-z])${symbol.replace('.', '\\.')}(?![A-Za-z])`).test(turn.answer),
  );
  const others = new Set(
    [...asked, ...brought, ...said].filter((symbol) => symbol !== undefined && !symbols.includes(symbol)),
  );
  return [
    verdict(
      `only ${symbols.join(', ')}`,
      others.size === 0,
      others.size === 0 ? 'no other symbol' : `also ${[...others].join(', ')}`,
    ),
  ];
}

function checkFields(evidence: Evidence): Check[] {
  return evidence.prompt.expect.has.flatMap(({ kind, fields }) =>
    perSymbol(evidence, `has ${kind}`, (symbol) => {
      const items = dataFor(evidence.own, kind, symbol);
      if (items.length === 0) return `no ${kind} data`;
      const missing = items.flatMap((item) => fields.flatMap((field) => missingIn(item, field.split('.'), '')));
      return missing.length === 0 ? undefined : `missing: ${[...new Set(missing)].join(', ')}`;
    }),
  );
}

/** Paths without a value; in a list every item must have it. */
function missingIn(item: unknown, path: readonly string[], prefix: string): string[] {
  const [key, ...rest] = path;
  if (key === undefined)
    return item === undefined || item === null || item === '' || Number.isNaN(item) ? [prefix] : [];
  const value: unknown = typeof item === 'object' && item !== null ? (item as Record<string, unknown>)[key] : undefined;
  const name = prefix === '' ? key : `${prefix}.${key}`;
  if (!Array.isArray(value)) return missingIn(value, rest, name);
  return value.length === 0 ? [name] : (value as unknown[]).flatMap((each) => missingIn(each, rest, name));
}

function checkDates(evidence: Evidence): Check[] {
  const { dates } = evidence.prompt.expect;
  if (dates === undefined) return [];
  return perSymbol(evidence, `sessions of ${dates}`, (symbol) =>
    symbol === undefined ? 'no symbol' : findBars(evidence, symbol).problem,
  );
}

function checkFigures(evidence: Evidence): Check[] {
  const { expect, symbols } = evidence.prompt;
  const subjects = symbols.length > 0 ? symbols : [undefined];
  return expect.figures.map((formula) => {
    const verdicts = subjects.map((symbol) => ({ symbol, ...checkFormula(formula, createScope(evidence, symbol)) }));
    const isRight = verdicts.every(({ ok }) => ok);
    const told = verdicts
      .filter(({ ok }) => isRight || !ok)
      .map(({ symbol, detail }) => (symbol === undefined ? detail : `${symbol}: ${detail}`));
    return verdict(formula.text, isRight, told.join('; '));
  });
}

function checkSaid(evidence: Evidence): Check[] {
  return evidence.prompt.expect.says.flatMap((formula) =>
    perSymbol(evidence, `says ${formula.text}`, (symbol) => explainUnsaid(evidence, formula, symbol)),
  );
}

function explainUnsaid(evidence: Evidence, formula: Formula, symbol: TickerSymbol | undefined): string | undefined {
  const found = valueOf(formula, createScope(evidence, symbol));
  if ('missing' in found) return found.missing;
  return says(passagesOf(evidence, symbol), found.value) ? undefined : `the text does not say ${format(found.value)}`;
}

/** Of several symbols: from where one is named until another one is. */
function passagesOf({ turn, prompt }: Evidence, symbol: TickerSymbol | undefined): string {
  if (symbol === undefined || prompt.symbols.length < 2) return turn.answer;
  const pieces = turn.answer.split(
    new RegExp(`(?<![A-Za-z])(${prompt.symbols.map((each) => each.replace('.', '\\.')).join('|')})(?![A-Za-z])`),
  );
  const named = pieces.flatMap((piece, index) => (piece === symbol ? [pieces[index + 1] ?? ''] : []));
  return named.join('\n');
}

function checkWords({ turn, prompt }: Evidence): Check[] {
  const text = turn.answer.toLowerCase();
  return prompt.expect.words.map((group) => {
    const ok = group.split('|').some((word) => text.includes(word.toLowerCase()));
    return verdict(`the words ${group}`, ok, ok ? 'found' : 'not in the text');
  });
}

const LEVEL_WORDS = /\b(supports?|resistances?)\b/gi;
/** Prices further from the spot than this share are other figures, unless a tool gave them as levels. */
const LEVEL_REACH = 0.6;

/** `(7.59 or 66.2% above)`: how far a level is, which is none. */
const IS_AWAY = /^[-+]?\$?[\d.,]+ ?%? (?:or [\d.]+ ?% )?(?:points? )?(?:below|above|away)\b/;

/** From the levels data where a tool brought them, else from the text: prices after "support" and after "resistance". */
function checkLevels(evidence: Evidence): Check[] {
  const { levels: least } = evidence.prompt.expect;
  if (least === undefined) return [];
  return perSymbol(evidence, `${least} supports below and ${least} resistances above the spot`, (symbol) => {
    if (symbol === undefined) return 'no symbol';
    const data = dataFor(evidence.own, 'levels', symbol).at(-1) as LevelsData | undefined;
    if (data !== undefined) {
      const all = [...data.supports, ...data.resistances];
      const unnamed = all.filter(({ origin }) => origin.trim() === '');
      if (unnamed.length > 0) return `no origin for ${unnamed.map(({ price }) => price).join(', ')}`;
      const series = evidence.series.get(symbol);
      const bars = series === undefined ? undefined : barsOfOneCompany(series);
      const untrue = bars === undefined ? [] : all.flatMap((level) => explainOrigin(level, data.spot, bars) ?? []);
      if (untrue.length > 0) return untrue.join('; ');
      const wrong = explainLevels(
        data.spot,
        data.supports.map(({ price }) => price),
        data.resistances.map(({ price }) => price),
        least,
      );
      if (wrong !== undefined) return wrong;
    }
    const spot = data?.spot ?? spotOf(evidence, symbol);
    if (spot === undefined) return 'no spot in the conversation';
    const known = data === undefined ? [] : [...data.supports, ...data.resistances].map(({ price }) => price);
    const said = levelsSaid(passagesOf(evidence, symbol), spot, known);
    return explainLevels(spot, said.supports, said.resistances, least);
  });
}

function explainLevels(
  spot: number,
  supports: readonly number[],
  resistances: readonly number[],
  least: number,
): string | undefined {
  const wrong = [
    ...supports.filter((price) => price >= spot).map((price) => `support ${price} is not below`),
    ...resistances.filter((price) => price <= spot).map((price) => `resistance ${price} is not above`),
  ];
  if (wrong.length > 0) return `${wrong.join(', ')} the spot ${spot}`;
  const counts: [string, number][] = [
    ['supports', new Set(supports).size],
    ['resistances', new Set(resistances).size],
  ];
  const few = counts.filter(([, count]) => count < least);
  return few.length === 0 ? undefined : few.map(([name, count]) => `${count} ${name}`).join(', ');
}

function levelsSaid(
  text: string,
  spot: number,
  known: readonly number[],
): { supports: number[]; resistances: number[] } {
  const said = { supports: [] as number[], resistances: [] as number[] };
  const words = [...text.matchAll(LEVEL_WORDS)];
  for (const { value, tolerance, start } of findFigures(text)) {
    const word = words.findLast((match) => match.index < start)?.[0].toLowerCase();
    const isNearby =
      Math.abs(value - spot) <= spot * LEVEL_REACH || known.some((price) => Math.abs(price - value) <= tolerance);
    // A whole number beside an average or a swing's window is its length, not a price.
    const isPrice = /^\$?\d[\d,]*\.\d/.test(text.slice(start).replace(/^[-+]/, ''));
    if (word === undefined || !isNearby || !isPrice || IS_AWAY.test(text.slice(start))) continue;
    (word.startsWith('support') ? said.supports : said.resistances).push(value);
  }
  return said;
}

function spotOf({ held }: Evidence, symbol: TickerSymbol): number | undefined {
  const levels = dataFor(held, 'levels', symbol).at(-1) as { spot: number } | undefined;
  return levels?.spot ?? (dataFor(held, 'quote', symbol).at(-1) as { last: number } | undefined)?.last;
}

function checkGrounded({ turn, prompt }: Evidence): Check[] {
  if (!prompt.expect.grounded) return [];
  const { figures, unsupported } = turn.grounding;
  const listed = unsupported.map(({ text, reason }) => `${text} (${reason})`).join(', ');
  return [
    verdict(
      'grounded',
      unsupported.length === 0,
      unsupported.length === 0 ? `${figures} figures` : `unsupported: ${listed}`,
    ),
  ];
}

/** The tables of fin say SAMPLE themselves; an answer without tables must say it in its text. */
function checkSample({ turn, own, held }: Evidence): Check[] {
  const used = own.length > 0 ? own : held;
  if (turn.answer.trim() === '' || !used.some(({ meta }) => meta.sample)) return [];
  const ok = own.length > 0 || /\bsample\b|\bsynthetic\b/i.test(turn.answer);
  return [
    verdict(
      'says that figures are sample',
      ok,
      own.length > 0 ? 'in the caption' : ok ? 'in the text' : 'not in the text, and there is no table',
    ),
  ];
}

function checkBanned({ turn, prompt }: Evidence): Check[] {
  const text = turn.answer.toLowerCase();
  const found = prompt.expect.banned.filter((phrase) => text.includes(phrase.toLowerCase()));
  return prompt.expect.banned.length === 0
    ? []
    : [
        verdict(
          'no banned phrase',
          found.length === 0,
          found.length === 0 ? 'none' : found.map((phrase) => `"${phrase}"`).join(', '),
        ),
      ];
}

function checkEffort({ turn, prompt, ms }: Evidence): Check[] {
  const { maxTurns, maxProviderCalls, maxTokens, maxSeconds } = prompt.expect;
  const providerCalls = turn.records.reduce((sum, record) => sum + record.providerCalls, 0);
  const tokens = (turn.usage.inputTokens ?? 0) + (turn.usage.outputTokens ?? 0);
  return checkBounds([
    ['requests to the model', maxTurns, turn.turns],
    ['provider calls', maxProviderCalls, providerCalls],
    ['tokens', maxTokens, tokens],
    ['seconds', maxSeconds, ms / 1000],
  ]);
}

type Bound = [what: string, most: number | undefined, found: number, which?: string];

/** What was found of each thing that has an upper bound. */
export function checkBounds(bounds: readonly Bound[]): Check[] {
  return bounds.flatMap(([what, most, found, which = '']) => {
    const detail = `${Math.round(found * 100) / 100}${which === '' ? '' : `: ${which}`}`;
    return most === undefined ? [] : verdict(`at most ${most} ${what}`, found <= most, detail);
  });
}

/** One check for all symbols of a prompt: it names those for which it fails. */
function perSymbol(
  { prompt }: Evidence,
  check: string,
  explain: (symbol: TickerSymbol | undefined) => string | undefined,
): Check[] {
  const subjects = prompt.symbols.length > 0 ? prompt.symbols : [undefined];
  const problems = subjects.flatMap((symbol) => {
    const problem = explain(symbol);
    return problem === undefined ? [] : [symbol === undefined ? problem : `${symbol}: ${problem}`];
  });
  return [verdict(check, problems.length === 0, problems.length === 0 ? 'holds' : problems.join('; '))];
}
