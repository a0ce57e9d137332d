// Technical statements of one symbol out of what a conversation holds. The rules are the domain's; a statement counts
// only where every figure of it is one that the tools brought, so that nothing derived slips past the check of figures.
import type { BarData, IndicatorData, LevelsData } from '../../domain/answers.ts';
import { previousTradingDay } from '../../domain/calendar.ts';
import { describeTechnicals, type TechnicalTopic } from '../../domain/trend.ts';
import type { TickerSymbol } from '../../domain/types.ts';
import { formatPrice } from '../../render/format.ts';
import { namedIndicators } from './computed-prose.ts';
import { capitalise, formatDay, joinWords } from './wording.ts';

export interface TechnicalInputs {
  symbol: TickerSymbol;
  bars: readonly BarData[];
  indicators?: IndicatorData;
  levels?: LevelsData;
}

const LABELS: Record<TechnicalTopic, string> = {
  trend: 'Trend',
  momentum: 'Momentum',
  volatility: 'Volatility',
  pattern: 'Patterns',
};
const RANGE_SESSIONS = 20;

/** One line for each topic that has a statement. `isSupported` says whether the tools brought every figure of a text. */
export function writeTechnicals(inputs: TechnicalInputs, isSupported: (text: string) => boolean): string[] {
  const { symbol, bars, indicators, levels } = inputs;
  const runs = unbrokenRuns(bars);
  const recent = runs.at(-1) ?? [];
  const last = recent.at(-1);
  // Rules on bars and indicators together need both to end with the same session.
  const isAligned = indicators !== undefined && last?.date === indicators.date;
  const ofRules = isAligned ? describeTechnicals(recent, indicators, levels) : [];
  const own: Record<TechnicalTopic, string[]> = {
    trend: isAligned || indicators === undefined ? [] : averagesStatement(indicators),
    momentum: isAligned || indicators === undefined ? [] : momentumStatement(indicators),
    volatility: rangeStatements(runs.toSorted((left, right) => right.length - left.length)[0] ?? []),
    pattern: shapeStatement(recent),
  };
  return (Object.keys(LABELS) as TechnicalTopic[]).flatMap((topic) => {
    const all = [
      ...ofRules.filter((statement) => statement.topic === topic).map((statement) => statement.text),
      ...own[topic],
    ];
    const supported = all.filter((text) => isSupported(`${symbol}: ${text}`));
    return supported.length === 0 ? [] : [`${LABELS[topic]} of ${symbol}: ${supported.map(capitalise).join(' ')}`];
  });
}

/** Bars in runs of consecutive sessions: what a conversation holds may have gaps, and a pattern needs neighbours. */
function unbrokenRuns(bars: readonly BarData[]): BarData[][] {
  const runs: BarData[][] = [];
  for (const bar of bars) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1)?.date === previousTradingDay(bar.date)) run.push(bar);
    else runs.push([bar]);
  }
  return runs;
}

/** Where no bar of the indicators' session is here: the close against the averages. */
function averagesStatement({ close, sma }: IndicatorData): string[] {
  const named = (['20', '50', '200'] as const).flatMap((window) => {
    const average = sma[window];
    return average === undefined || average === close
      ? []
      : [{ side: close > average ? 'above' : 'below', text: `SMA${window} ${formatPrice(average)}` }];
  });
  const sides = ['above', 'below'].flatMap((side) => {
    const averages = named.filter((each) => each.side === side).map((each) => each.text);
    return averages.length === 0 ? [] : [`${side} ${joinWords(averages)}`];
  });
  return sides.length === 0 ? [] : [`Close ${formatPrice(close)} is ${sides.join(' and ')}.`];
}

function momentumStatement(indicators: IndicatorData): string[] {
  const named = namedIndicators(indicators, ['rsi14', 'macd']);
  return named.length === 0 ? [] : [`As of ${formatDay(indicators.date)} ${joinWords(named)}.`];
}

/** How far prices ranged, in prices of bars: what is left of volatility where no derived figure counts. */
function rangeStatements(run: readonly BarData[]): string[] {
  const recent = run.slice(-RANGE_SESSIONS);
  const [first] = recent;
  const last = recent.at(-1);
  if (first === undefined || last === undefined || recent.length < 2) return [];
  const highest = recent.reduce((best, bar) => (bar.high > best.high ? bar : best), first);
  const lowest = recent.reduce((best, bar) => (bar.low < best.low ? bar : best), first);
  const widest = recent.reduce((best, bar) => (bar.high - bar.low > best.high - best.low ? bar : best), first);
  return [
    `From ${formatDay(first.date)} to ${formatDay(last.date)}: high ${formatPrice(highest.high)} (${formatDay(highest.date)}), low ${formatPrice(lowest.low)} (${formatDay(lowest.date)}).`,
    `The widest session was ${formatDay(widest.date)}: low ${formatPrice(widest.low)}, high ${formatPrice(widest.high)}.`,
  ];
}

/** The last session beside the one before, without figures. */
function shapeStatement(run: readonly BarData[]): string[] {
  const last = run.at(-1);
  const before = run.at(-2);
  if (last === undefined || before === undefined) return [];
  const day = formatDay(last.date);
  if (last.high > before.high && last.low > before.low)
    return [`${day} made a higher high and a higher low than the session before.`];
  if (last.high < before.high && last.low < before.low)
    return [`${day} made a lower high and a lower low than the session before.`];
  return last.close === before.close
    ? []
    : [`${day} closed ${last.close > before.close ? 'higher' : 'lower'} than the session before.`];
}
