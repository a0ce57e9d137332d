// Any question of one symbol that the planner accepts, asked of random data, against figures worked out here from that
// data: the change over a range, extremes, counts, the strikes at the ends, the largest open interest.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan, Query } from '../../../src/agent/planner/query.ts';
import { createPlanner } from '../../../src/agent/planner/planner.ts';
import type { Answer, AnswerDataByKind, AnswerKind, BarData, HistoryData } from '../../../src/domain/answers.ts';
import { resolveRange } from '../../../src/domain/date-phrases.ts';
import { findField } from '../../../src/fields/registry.ts';
import { formatFigure } from '../../../src/render/figure.ts';
import { formatPercent, formatPrice, formatSigned, formatStrike, formatVolume } from '../../../src/render/format.ts';
import { questions } from './questions.ts';
import { questionsInShorthand } from './questions-in-shorthand.ts';
import { questionsKeptAside } from './questions-kept-aside.ts';
import { type RandomTools, createRandom, createRandomTools, createTalk } from './random-tools.ts';

const NOW = Date.parse('2026-11-19T15:00:00-05:00');
const planner = createPlanner({ clock: { now: () => NOW } });
const ASKED = [...questions, ...questionsKeptAside, ...questionsInShorthand].filter(
  ({ expect: meaning }) => meaning !== 'refuse',
);

interface Told {
  text: string;
  answers: readonly Answer[];
  tools: RandomTools;
}

function dataOf<Kind extends AnswerKind>(answers: readonly Answer[], kind: Kind): AnswerDataByKind[Kind][] {
  return answers.flatMap((answer) =>
    answer.kind === kind && answer.data !== undefined ? [answer.data as AnswerDataByKind[Kind]] : [],
  );
}

/** What the line of one symbol must hold; empty where this kind of query is not worked out here. */
function figuresOf(query: Query, symbol: string, told: Told): string[] {
  switch (query.form) {
    case 'quote':
      return figuresOfQuote(symbol, told);
    case 'bars':
      return figuresOfBars(query, symbol, told);
    case 'figures':
      return query.range === undefined ? figuresOfTable(query, told) : figuresOfRange(query, symbol, told);
    case 'levels':
      return figuresOfLevels(symbol, told);
    case 'expirations':
      return query.expiration === undefined ? figuresOfExpirations(symbol, told) : [];
    case 'chain':
      return figuresOfChain(symbol, told);
    case 'walls':
      return figuresOfWalls(query.side ?? 'both', symbol, told);
    default:
      return [];
  }
}

/** The figures of its one row, as they are shown. */
function figuresOfTable({ columns, conditions, base }: Query, { answers }: Told): string[] {
  const [table] = dataOf(answers, 'table');
  const shown = base === undefined ? columns : [base];
  return conditions.length > 0
    ? []
    : shown.flatMap((column) => {
        const value = table?.rows[0]?.[column];
        const style = findField(column);
        return typeof value === 'number' && style !== undefined ? [formatFigure(value, style)] : [];
      });
}

/** The change over a range, and the highest and lowest of its days, out of the bars. */
function figuresOfRange({ range = '', columns }: Query, symbol: string, { tools }: Told): string[] {
  const { bars, before } = barsOf(range, symbol, tools);
  const last = bars.at(-1);
  if (last === undefined) return [];
  return columns.flatMap((column) => {
    if (column === 'changePercent') return changeFigures(0, (last.close / before - 1) * 100).slice(1);
    if (column === 'high') return [formatPrice(Math.max(...bars.map(({ high }) => high)))];
    if (column === 'low') return [formatPrice(Math.min(...bars.map(({ low }) => low)))];
    if (column === 'highest(close)') return [formatPrice(Math.max(...bars.map(({ close }) => close)))];
    return [];
  });
}

function figuresOfQuote(symbol: string, { answers }: Told): string[] {
  const quote = dataOf(answers, 'quote')
    .flat()
    .find((each) => each.symbol === symbol);
  return quote?.previousClose === undefined
    ? []
    : [formatPrice(quote.last), ...changeFigures(quote.last - quote.previousClose, 0).slice(0, 1)];
}

function figuresOfLevels(symbol: string, { answers }: Told): string[] {
  const levels = dataOf(answers, 'levels').find((each) => each.symbol === symbol);
  const nearest = (all: { price: number }[] = []): number[] =>
    all
      .map(({ price }) => price)
      .toSorted((left, right) => Math.abs(left - (levels?.spot ?? 0)) - Math.abs(right - (levels?.spot ?? 0)))
      .slice(0, 2);
  return [...nearest(levels?.supports), ...nearest(levels?.resistances)].map(formatPrice);
}

function figuresOfExpirations(symbol: string, { answers }: Told): string[] {
  const held = dataOf(answers, 'expirations').find((each) => each.symbol === symbol);
  return held === undefined ? [] : [String(new Set(held.expirations.map(({ date }) => date)).size)];
}

function figuresOfChain(symbol: string, { answers }: Told): string[] {
  const chain = dataOf(answers, 'chain').find(({ underlying }) => underlying === symbol);
  const strikes = chain?.contracts.map(({ strike }) => strike) ?? [];
  return chain === undefined
    ? []
    : [formatPrice(chain.spot), formatStrike(Math.min(...strikes)), formatStrike(Math.max(...strikes))];
}

function figuresOfWalls(side: 'call' | 'put' | 'both', symbol: string, { answers }: Told): string[] {
  const analytics = dataOf(answers, 'chain').find(({ underlying }) => underlying === symbol)?.analytics;
  const walls = [
    ...(side === 'put' ? [] : (analytics?.callWalls ?? [])),
    ...(side === 'call' ? [] : (analytics?.putWalls ?? [])),
  ];
  return walls.map(({ openInterest }) => openInterest.toLocaleString('en-US'));
}

function barsOf(range: string, symbol: string, tools: RandomTools): { bars: BarData[]; before: number } {
  const all = allBars(symbol, tools);
  const { from, to, sessions } = resolveRange(range, NOW);
  const inside = all.filter(({ date }) => date >= from && date <= to);
  const bars = sessions === undefined ? inside : inside.slice(-sessions);
  const [first] = bars;
  return { bars, before: all.findLast(({ date }) => date < (first?.date ?? ''))?.close ?? first?.open ?? NaN };
}

function figuresOfBars(
  { range = 'past month', interval = 'day', fields }: Query,
  symbol: string,
  told: Told,
): string[] {
  const { bars, before } = barsOf(range, symbol, told.tools);
  const last = bars.at(-1);
  if (last === undefined || dataOf(told.answers, 'history').length === 0) return [];
  const change = changeFigures(last.close - before, (last.close / before - 1) * 100);
  if (bars.length === 1 && interval === 'day') return [...sessionFigures(fields, last), ...change];
  if (interval !== 'day') return change;
  const highest = formatPrice(Math.max(...bars.map(({ high }) => high)));
  const lowest = formatPrice(Math.min(...bars.map(({ low }) => low)));
  return [...change, formatPrice(last.close), highest, lowest];
}

/** Public figures have four decimals; text shows two of them. */
function changeFigures(change: number, percent: number): string[] {
  const [dollars, share] = [change, percent].map((value) => Math.round(value * 1e4) / 1e4);
  if (dollars === 0 && share === 0) return ['unchanged'];
  // Under a hundredth of a percent the data have more digits than the helper.
  return [formatSigned(dollars), ...(Math.abs(share ?? 0) < 0.01 ? [] : [formatPercent(share)])];
}

function sessionFigures(fields: readonly string[], bar: BarData): string[] {
  const [field] = fields;
  if (fields.length === 1 && field !== undefined && ['open', 'high', 'low', 'close'].includes(field))
    return [formatPrice(bar[field as 'close'])];
  return fields.length === 0 || fields.includes('ohlc')
    ? [...[bar.open, bar.high, bar.low, bar.close].map(formatPrice), formatVolume(bar.volume)]
    : [];
}

function allBars(symbol: string, tools: RandomTools): BarData[] {
  const answer = tools.run('get_stock_price_history', { symbol, range: '2024-01-02 to 2026-11-18', interval: 'day' });
  return answer instanceof Error ? [] : ((answer.data as HistoryData | undefined)?.bars ?? []);
}

/** Of several symbols their table has the figures. */
function checkQuery(query: Query, told: Told): number {
  const [symbol, ...others] = query.symbols;
  if (symbol === undefined || others.length > 0 || query.isHeldOnly === true) return 0;
  const figures = figuresOf(query, symbol, told);
  for (const figure of figures) expect(told.text, `${symbol} ${figure}`).toContain(figure);
  return figures.length;
}

/** Undefined where today's data cannot answer, as an expiration that is not listed. */
async function ask(
  question: { text: string; after?: string[] },
  seed: number,
): Promise<{ plan: Plan; told: Told } | undefined> {
  const tools = createRandomTools(createRandom(seed), NOW);
  const talk = createTalk(planner, tools);
  try {
    for (const earlier of question.after ?? []) await talk.ask(earlier);
    const plan = planner.canPlan(question.text, talk.messages);
    if (plan === undefined) return undefined;
    const { text, answers } = await talk.ask(question.text);
    return { plan, told: { text, answers, tools } };
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'no_data' || code === 'config' || code === 'usage') return undefined;
    throw error;
  }
}

describe('the figures of any accepted question', () => {
  it('equal those worked out from the data', async () => {
    let checked = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ASKED), fc.integer({ min: 1, max: 1e9 }), async (question, seed) => {
        const asked = await ask(question, seed);
        for (const part of asked?.plan.parts ?? []) if (asked !== undefined) checked += checkQuery(part, asked.told);
      }),
      { numRuns: 150 },
    );
    expect(checked).toBeGreaterThan(200);
  });

  it('are worked out for most of the questions that are written down', async () => {
    let covered = 0;
    for (const question of ASKED) {
      const asked = await ask(question, 7);
      if (asked?.plan.parts.some((part) => checkQuery(part, asked.told) > 0) === true) covered += 1;
    }
    expect(covered / ASKED.length).toBeGreaterThan(0.5);
  });
});
