// Any question that the planner accepts, asked of random data, against figures worked out here from that data: the
// change over a range, extremes, ranks, yes or no, counts, the strikes at the ends, the largest open interest.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryStep, Plan, Step } from '../../../src/agent/planner/plan.ts';
import { createPlanner } from '../../../src/agent/planner/planner.ts';
import type { Answer, AnswerDataByKind, AnswerKind, BarData, HistoryData } from '../../../src/domain/answers.ts';
import { resolveRange } from '../../../src/domain/date-phrases.ts';
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

/** What the lines that name a symbol must hold; empty where this kind of step is not worked out here. */
function figuresOf(step: Step, symbol: string, told: Told): string[] {
  switch (step.topic) {
    case 'quote':
      return step.extreme === undefined ? figuresOfQuote(symbol, told) : [];
    case 'history':
      return figuresOfHistory(step, symbol, told);
    case 'levels':
      return figuresOfLevels(symbol, told);
    case 'expirations':
      return step.expiration === undefined ? figuresOfExpirations(symbol, told) : [];
    case 'chain':
      return figuresOfChain(symbol, told);
    case 'walls':
      return step.focus.includes('walls') ? figuresOfWalls(step.side, symbol, told) : [];
    default:
      return [];
  }
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

function figuresOfHistory(step: HistoryStep, symbol: string, { answers, tools }: Told): string[] {
  const given = dataOf(answers, 'history').find((each) => each.symbol === symbol);
  const all = allBars(symbol, tools);
  const range = resolveRange(step.range, NOW);
  const inside = all.filter(({ date }) => date >= range.from && date <= range.to);
  const bars = range.sessions === undefined ? inside : inside.slice(-range.sessions);
  const [first] = bars;
  const last = bars.at(-1);
  if (first === undefined || last === undefined || given === undefined) return [];
  const before = all.findLast(({ date }) => date < first.date)?.close ?? first.open;
  const change = changeFigures(last.close - before, (last.close / before - 1) * 100);
  if (bars.length === 1 && step.interval === 'day') return [...sessionFigures(step, last), ...change];
  const highest = formatPrice(Math.max(...bars.map(({ high }) => high)));
  const lowest = formatPrice(Math.min(...bars.map(({ low }) => low)));
  if (step.fields.length === 1 && step.fields[0] === 'high') return [highest];
  if (step.fields.length === 1 && step.fields[0] === 'low') return [lowest];
  return [...change, formatPrice(last.close), highest, lowest];
}

/** Public figures have four decimals; text shows two of them. */
function changeFigures(change: number, percent: number): string[] {
  const [dollars, share] = [change, percent].map((value) => Math.round(value * 1e4) / 1e4);
  return dollars === 0 ? ['unchanged'] : [formatSigned(dollars), formatPercent(share)];
}

function sessionFigures({ fields }: HistoryStep, bar: BarData): string[] {
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

function symbolsOf(step: Step): string[] {
  return 'symbols' in step ? step.symbols : [];
}

/** Names in the order in which a ranking must have them. */
function ranked(step: Extract<Step, { topic: 'quote' | 'history' }>, { answers, tools }: Told): string[] {
  const changes = step.symbols.flatMap((symbol) => {
    if (step.topic === 'quote') {
      const quote = dataOf(answers, 'quote')
        .flat()
        .find((each) => each.symbol === symbol);
      return quote === undefined
        ? []
        : [{ symbol, change: Math.round((quote.last / (quote.previousClose ?? NaN) - 1) * 10_000) }];
    }
    const range = resolveRange(step.range, NOW);
    const all = allBars(symbol, tools);
    const bars = all
      .filter(({ date }) => date >= range.from && date <= range.to)
      .slice(range.sessions === undefined ? 0 : -range.sessions);
    const before = all.findLast(({ date }) => date < (bars[0]?.date ?? ''))?.close;
    return before === undefined ? [] : [{ symbol, change: (bars.at(-1)?.close ?? NaN) / before }];
  });
  const direction = step.rank === 'loser' ? -1 : 1;
  return changes.toSorted((left, right) => direction * (right.change - left.change)).map(({ symbol }) => symbol);
}

function checkStep(step: Step, told: Told): number {
  if ((step.topic === 'quote' || step.topic === 'history') && step.rank !== undefined) {
    const order = ranked(step, told);
    expect(
      order.map((symbol) => told.text.indexOf(symbol)),
      told.text,
    ).toEqual(order.map((symbol) => told.text.indexOf(symbol)).toSorted((left, right) => left - right));
    return 1;
  }
  if (step.topic === 'ta' && step.relation !== undefined) {
    const [indicator = ''] = step.indicators;
    for (const data of dataOf(told.answers, 'ta').flat()) {
      const average = (indicator.startsWith('sma') ? data.sma : data.ema)[indicator.slice(3) as '20'] ?? NaN;
      const side = data.close > average ? 'above' : 'below';
      expect(told.text).toMatch(
        new RegExp(
          `${data.symbol} at ${formatPrice(data.close).replaceAll('.', '\\.')} on [^\n]* is ${side} its ${indicator}`,
          'i',
        ),
      );
      if (step.symbols.length === 1)
        expect(told.text.startsWith(side === step.relation ? 'Yes' : 'No'), told.text).toBe(true);
    }
    return 1;
  }
  let checked = 0;
  for (const symbol of symbolsOf(step)) {
    const lines = told.text
      .split('\n')
      .filter((line) => new RegExp(`(?<![A-Z.])${symbol.replace('.', '\\.')}(?![A-Z])`).test(line))
      .join('\n');
    const figures = figuresOf(step, symbol, told);
    for (const figure of figures) expect(lines, `${symbol} ${figure}: ${told.text}`).toContain(figure);
    checked += figures.length;
  }
  return checked;
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
        for (const step of asked?.plan.steps ?? []) if (asked !== undefined) checked += checkStep(step, asked.told);
      }),
      { numRuns: 150 },
    );
    expect(checked).toBeGreaterThan(200);
  });

  it('are worked out for most of the questions that are written down', async () => {
    let covered = 0;
    for (const question of ASKED) {
      const asked = await ask(question, 7);
      if (asked?.plan.steps.some((step) => checkStep(step, asked.told) > 0) === true) covered += 1;
    }
    expect(covered / ASKED.length).toBeGreaterThan(0.6);
  });
});
