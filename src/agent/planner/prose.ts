// The answer in a trader's words with its figures, out of tool results of the question and what the conversation holds.
// Tables are printed elsewhere, so this says the fact that was asked for, and what is missing and why.
import type { AnswerDataByKind, ExpirationsData, IndicatorData } from '../../domain/answers.ts';
import { dataOfKind } from '../../domain/answer-kinds.ts';
import { resolveExpiration } from '../../domain/expirations.ts';
import { NoDataError } from '../../domain/errors.ts';
import { computeLevels } from '../../domain/levels.ts';
import { joinSaid, say, type Said } from '../../domain/said.ts';
import type { EpochMs, TickerSymbol } from '../../domain/types.ts';
import { heldDay, holdsTechnicals, isPointInTime, tryResolve, wallsChain } from './calls.ts';
import {
  describeChain,
  describeExpirationDate,
  describeExpirations,
  describeIndicators,
  describeLevels,
  describeMarket,
  describeWalls,
  type SaidLevels,
} from './computed-prose.ts';
import { type HeldAnswer, heldAnswers, type ToolMessage } from './context.ts';
import { describeContract, describeUnlisted, findContract } from './contract-prose.ts';
import { describeTable } from './field-prose.ts';
import { createFigures, type Figures, type HeldChain } from './held.ts';
import type { ContractStep, HistoryStep, Plan, Step } from './plan.ts';
import { describeBar, describeComparison, describeHistories, describeQuotes } from './price-prose.ts';
import { describeRsiRanking, describeSides } from './ranking-prose.ts';
import { writeTechnicals } from './technicals.ts';
import { joinWords } from './wording.ts';

export interface Material {
  results: readonly ToolMessage[];
  held: readonly HeldAnswer[];
  now: EpochMs;
}

interface Sources extends Pick<Material, 'now'> {
  fetched: Figures;
  held: Figures;
}

/** What a step could say, and for which symbols it had nothing. */
interface StepAnswer {
  lines: Said[];
  without: TickerSymbol[];
  /** Something came from earlier turns, not from a tool just called. */
  usesHeld: boolean;
}

/**
 * The answer's text, one line for each symbol and topic, then what is missing.
 * @throws NoDataError where no tool may be called and the conversation holds nothing of what was asked.
 */
export function writeAnswer(plan: Plan, material: Material): Said {
  const { results, held } = material;
  const sources: Sources = { ...material, fetched: createFigures(heldAnswers(results)), held: createFigures(held) };
  const said = plan.steps.map((step) => sayStep(step, sources, results));
  const comparison = plan.slots.isComparison ? compare(plan, sources) : [];
  const lines = [...said.flatMap((each) => each.lines), ...comparison];
  const failures = failuresOf(results);
  const unexplained = [...new Set(said.flatMap(({ without }) => without))].filter(
    (symbol) => !failures.some((failure) => failure.includes(symbol)),
  );
  if (lines.length === 0 && failures.length === 0) throw nothingHeld(plan, unexplained);
  const missing = unexplained.length === 0 ? [] : [`Nothing is here for ${joinWords(unexplained)}.`];
  const isSample = said.some((each) => each.usesHeld) && held.some(({ answer }) => answer.meta.sample);
  const remarks = [
    ...failures.map((failure) => `Not available: ${failure}`),
    ...missing,
    ...(isSample ? ['SAMPLE figures, not real ones.'] : []),
  ];
  // Lines as long as these need air between them.
  const isLong = plan.steps.some((step) => step.topic === 'levels' || step.topic === 'technicals');
  return joinSaid([...lines, ...remarks], isLong ? '\n\n' : '\n');
}

function nothingHeld(plan: Plan, symbols: readonly TickerSymbol[]): NoDataError {
  const topic = plan.steps[0]?.topic ?? 'answer';
  return new NoDataError(
    `${topic} of ${joinWords(symbols)}: this conversation holds no figures for it, and the question allows no tool calls`,
    {
      hint: `ask for ${topic === 'walls' ? 'the option chain' : topic === 'technicals' ? 'the past 3 months and the indicators' : 'the data'} first, or leave "no tool calls" away`,
    },
  );
}

function failuresOf(results: readonly ToolMessage[]): string[] {
  const failures = results.flatMap((result) => {
    if (result.answer !== undefined)
      return result.answer.errors.map((error) => withSymbol(error.message, error.symbol));
    const symbol = result.arguments['symbol'];
    return [
      withSymbol(
        result.content.split('\n')[0]?.replace(/^ERROR \w+: /, '') ?? '',
        typeof symbol === 'string' ? symbol : undefined,
      ),
    ];
  });
  return [...new Set(failures)].map((failure) => (failure.endsWith('.') ? failure : `${failure}.`));
}

function withSymbol(message: string, symbol: string | undefined): string {
  return symbol === undefined || message.includes(symbol) ? message : `${symbol}: ${message}`;
}

function sayStep(step: Step, sources: Sources, results: readonly ToolMessage[]): StepAnswer {
  switch (step.topic) {
    case 'market':
      return sayOne(sources, (figures) => figures.market(), describeMarket);
    case 'fields':
      return sayFields(step, results);
    case 'calculate':
      return { lines: calculationsOf(results), without: [], usesHeld: false };
    case 'quote':
      return sayAll(
        step.symbols,
        sources,
        (figures, symbol) => figures.quote(symbol),
        (quotes) => describeQuotes(step, quotes),
      );
    case 'history':
      return sayHistory(step, sources);
    case 'ta':
      return sayAll(
        step.symbols,
        sources,
        (figures, symbol) => figures.indicators(symbol),
        (found) => describeIndicatorAnswers(step, found),
      );
    case 'levels':
      return sayEach(step.symbols, sources, (figures, symbol) => levelsIn(figures, symbol), describeLevels);
    case 'expirations':
      return sayEach(
        step.symbols,
        sources,
        (figures, symbol) => figures.expirations(symbol),
        (data) => describeExpirationsFor(step, data, sources.now),
      );
    case 'chain':
      return sayEach(
        step.symbols,
        sources,
        (figures, symbol) => figures.chains(symbol)[0]?.chain,
        (chain) => describeChain(chain, step.side),
      );
    case 'contract':
      return sayContract(step, sources);
    case 'walls':
      return sayEach(
        step.symbols,
        sources,
        (figures, symbol) => wallsIn(step, figures, symbol),
        (chain) => describeWalls(chain, step.focus, step.side),
      );
    case 'technicals':
      return sayTechnicals(step.symbols, sources);
    case 'bundle':
      return sayBundle(step.symbols, sources);
  }
}

function sayFields(
  { symbols, query }: Extract<Step, { topic: 'fields' }>,
  results: readonly ToolMessage[],
): StepAnswer {
  const tables = dataOfKind(
    results.flatMap(({ answer }) => answer ?? []),
    'table',
  );
  const [data] = tables;
  return data === undefined
    ? { lines: [], without: [...symbols], usesHeld: false }
    : { lines: describeTable(query, data), without: [], usesHeld: false };
}

function describeIndicatorAnswers(
  { symbols, indicators, relation, extreme }: Extract<Step, { topic: 'ta' }>,
  found: readonly IndicatorData[],
): Said[] {
  const [indicator] = indicators;
  if (extreme !== undefined) return describeRsiRanking(extreme, found);
  const isAverage = indicator !== undefined && indicator !== 'rsi14' && indicator !== 'macd';
  if (relation !== undefined && isAverage && symbols.length > 1) return describeSides(relation, indicator, found);
  return found.map((data) => describeIndicators(data, indicators, relation));
}

function describeExpirationsFor(
  { expiration }: Extract<Step, { topic: 'expirations' }>,
  data: ExpirationsData,
  now: EpochMs,
): Said {
  if (expiration === undefined) return describeExpirations(data);
  return describeExpirationDate(
    data,
    resolveExpiration(
      expiration,
      now,
      data.expirations.map(({ date }) => date),
      data.symbol,
    ),
  );
}

/** A strike of the chain just fetched around it, which also shows that it is not listed; else of a chain that is held. */
function sayContract(step: ContractStep, { fetched, held }: Sources): StepAnswer {
  const said: StepAnswer = { lines: [], without: [], usesHeld: false };
  for (const symbol of step.symbols) {
    const fresh = fetched.chains(symbol);
    const isHeld = fresh.length === 0;
    const chains = (isHeld ? held.chains(symbol).filter((each) => isOfExpiration(each, step.expiration)) : fresh).map(
      ({ chain }) => chain,
    );
    const found = findContract(step, chains);
    const [around] = isHeld ? [] : chains;
    if (found !== undefined) said.lines.push(...describeContract(step, found));
    else if (around !== undefined) said.lines.push(describeUnlisted(step, around));
    else said.without.push(symbol);
    said.usesHeld ||= isHeld && found !== undefined;
  }
  return said;
}

function isOfExpiration({ chain, phrase }: HeldChain, expiration: string | undefined): boolean {
  return expiration === undefined || expiration === chain.expiration || expiration === phrase;
}

/** What a tool has just said goes before what the conversation holds. */
function find<T>(
  { fetched, held }: Sources,
  look: (figures: Figures) => T | undefined,
): { value: T; isHeld: boolean } | undefined {
  const fresh = look(fetched);
  if (fresh !== undefined) return { value: fresh, isHeld: false };
  const value = look(held);
  return value === undefined ? undefined : { value, isHeld: true };
}

function sayOne<T>(
  sources: Sources,
  look: (figures: Figures) => T | undefined,
  describe: (data: T) => Said,
): StepAnswer {
  const found = find(sources, look);
  return { lines: found === undefined ? [] : [describe(found.value)], without: [], usesHeld: found?.isHeld ?? false };
}

function sayEach<T>(
  symbols: readonly TickerSymbol[],
  sources: Sources,
  look: (figures: Figures, symbol: TickerSymbol) => T | undefined,
  describe: (data: T) => Said,
): StepAnswer {
  return sayAll(symbols, sources, look, (found) => found.map(describe));
}

function sayAll<T>(
  symbols: readonly TickerSymbol[],
  sources: Sources,
  look: (figures: Figures, symbol: TickerSymbol) => T | undefined,
  describe: (data: T[]) => Said[],
): StepAnswer {
  const found = symbols.map((symbol) => ({ symbol, result: find(sources, (figures) => look(figures, symbol)) }));
  const values = found.flatMap(({ result }) => (result === undefined ? [] : [result.value]));
  return {
    lines: values.length === 0 ? [] : describe(values),
    without: found.filter(({ result }) => result === undefined).map(({ symbol }) => symbol),
    usesHeld: found.some(({ result }) => result?.isHeld === true),
  };
}

/** Bars that were fetched, single days out of held histories, and held histories of exactly the range. */
function sayHistory(step: HistoryStep, sources: Sources): StepAnswer {
  const fetched = step.symbols.flatMap((symbol) => sources.fetched.history(symbol) ?? []);
  const others = step.symbols.filter((symbol) => sources.fetched.history(symbol) === undefined);
  const days = isPointInTime(step)
    ? sayDays({ ...step, symbols: others }, sources)
    : { lines: [], without: others, usesHeld: false };
  const range = tryResolve(step.range, sources.now);
  const held = range === undefined ? [] : days.without.flatMap((symbol) => sources.held.history(symbol, range) ?? []);
  const without = days.without.filter((symbol) => !held.some((history) => history.symbol === symbol));
  const all = [...fetched, ...held];
  return {
    lines: [...(all.length === 0 ? [] : describeHistories(step, all)), ...days.lines],
    without,
    usesHeld: days.usesHeld || held.length > 0,
  };
}

/** Single sessions out of longer histories that the conversation holds. */
function sayDays(step: HistoryStep, { held, now }: Sources): StepAnswer {
  const found = step.symbols.map((symbol) => ({ symbol, bar: heldDay(step, symbol, held, now) }));
  return {
    lines: found.flatMap(({ symbol, bar }) =>
      bar === undefined ? [] : [say`${describeBar(symbol, bar, step.fields)}.`],
    ),
    without: found.filter(({ bar }) => bar === undefined).map(({ symbol }) => symbol),
    usesHeld: found.some(({ bar }) => bar !== undefined),
  };
}

const FEWEST_BARS_FOR_LEVELS = 20;

/** Levels as a tool gave them, else those of the bars that are here. */
function levelsIn(figures: Figures, symbol: TickerSymbol): SaidLevels | undefined {
  const levels = figures.levels(symbol);
  if (levels !== undefined) return { ...levels, spotField: 'spot' };
  const bars = figures.dailyBars(symbol);
  const last = bars.at(-1);
  if (last === undefined || bars.length < FEWEST_BARS_FOR_LEVELS) return undefined;
  const quote = figures.quote(symbol);
  const spot = quote?.last ?? last.close;
  return {
    symbol,
    spot,
    spotField: quote === undefined ? 'close' : 'last',
    ...computeLevels(bars, spot),
    computed: { bars: bars.length, date: last.date },
  };
}

/** The chain asked for; walls of a side that its request left out come from another answer of the same expiration. */
function wallsIn(
  step: Extract<Step, { topic: 'walls' }>,
  figures: Figures,
  symbol: TickerSymbol,
): AnswerDataByKind['chain'] | undefined {
  const chain = (
    wallsChain(step, symbol, figures) ?? (figures.chains(symbol).length === 1 ? figures.chains(symbol)[0] : undefined)
  )?.chain;
  if (chain === undefined) return undefined;
  const alike = figures
    .chains(symbol)
    .filter((each) => each.chain.expiration === chain.expiration)
    .map((each) => each.chain.analytics);
  const callWalls = alike.find((analytics) => analytics.callWalls.length > 0)?.callWalls ?? [];
  const putWalls = alike.find((analytics) => analytics.putWalls.length > 0)?.putWalls ?? [];
  return { ...chain, analytics: { ...chain.analytics, callWalls, putWalls } };
}

function sayTechnicals(symbols: readonly TickerSymbol[], { fetched, held }: Sources): StepAnswer {
  const said: StepAnswer = { lines: [], without: [], usesHeld: false };
  for (const symbol of symbols) {
    const isHeld = fetched.indicators(symbol) === undefined && fetched.dailyBars(symbol).length === 0;
    const figures = isHeld ? held : fetched;
    const indicators = figures.indicators(symbol);
    const levels = figures.levels(symbol);
    const inputs = {
      symbol,
      bars: figures.dailyBars(symbol),
      ...(indicators === undefined ? {} : { indicators }),
      ...(levels === undefined ? {} : { levels }),
    };
    const statements = writeTechnicals(inputs);
    if (statements.length === 0) said.without.push(symbol);
    else
      said.lines.push(...statements, ...(holdsTechnicals(symbol, figures) ? [] : [missingTechnicals(symbol, figures)]));
    said.usesHeld ||= isHeld && statements.length > 0;
  }
  return said;
}

function missingTechnicals(symbol: TickerSymbol, figures: Figures): Said {
  return [
    `Part of ${symbol} is left out: ${figures.indicators(symbol) === undefined ? 'its indicators are not here' : 'too few of its daily bars are here'}.`,
  ];
}

function sayBundle(symbols: readonly TickerSymbol[], sources: Sources): StepAnswer {
  const quotes = sayAll(
    symbols,
    sources,
    (figures, symbol) => figures.quote(symbol),
    (found) => describeQuotes({ topic: 'quote', symbols: [], fields: [] }, found),
  );
  const indicators = sayEach(
    symbols,
    sources,
    (figures, symbol) => figures.indicators(symbol),
    (data) => describeIndicators(data, ['rsi14', 'sma50', 'sma200']),
  );
  const walls = sayEach(
    symbols,
    sources,
    (figures, symbol) => figures.chains(symbol)[0]?.chain,
    (chain) => describeWalls(chain, ['walls', 'expectedMove'], 'both'),
  );
  const parts = [quotes, indicators, walls];
  const without = symbols.filter((symbol) => parts.every((part) => part.without.includes(symbol)));
  return { lines: parts.flatMap((part) => part.lines), without, usesHeld: parts.some((part) => part.usesHeld) };
}

function calculationsOf(results: readonly ToolMessage[]): Said[] {
  const answers = results.flatMap(({ answer }) => answer ?? []);
  return dataOfKind(answers, 'calculation').map(
    ({ expression, value }) => say`${expression} = ${{ field: 'calculation', value, unit: 'number' }}`,
  );
}

function compare(plan: Plan, { fetched }: Sources): Said[] {
  const step = plan.steps.find((each) => each.topic === 'history' || each.topic === 'quote');
  if (step === undefined || step.rank !== undefined) return [];
  const moves = step.symbols.flatMap((symbol) => {
    const moved = step.topic === 'history' ? fetched.history(symbol)?.summary : fetched.quote(symbol);
    return moved === undefined ? [] : [{ symbol, changePercent: moved.changePercent }];
  });
  return describeComparison(moves);
}
