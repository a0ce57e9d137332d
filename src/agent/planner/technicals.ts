// A technical analysis in statements, a line for each topic: the rules on bars and indicators, and what the bars alone show.
import type { BarData, IndicatorData, LevelsData } from '../../domain/answers.ts';
import { previousTradingDay } from '../../domain/calendar.ts';
import { capitaliseSaid, joinSaid, listSaid, say, saidOf, type Said, type SaidFigure } from '../../domain/said.ts';
import { type TechnicalTopic, describeTechnicals } from '../../domain/trend.ts';
import type { TickerSymbol } from '../../domain/types.ts';
import { listIndicators } from '../../fields/indicators.ts';
import { formatDay } from '../../render/format.ts';

interface TechnicalInputs {
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

/** One line for each topic that has a statement. */
export function writeTechnicals({ symbol, bars, indicators, levels }: TechnicalInputs): Said[] {
  const runs = unbrokenRuns(bars);
  const recent = runs.at(-1) ?? [];
  const last = recent.at(-1);
  // Rules on bars and indicators together need both to end with the same session.
  const isAligned = indicators !== undefined && last?.date === indicators.date;
  const ofRules = isAligned ? describeTechnicals(recent, indicators, levels) : [];
  const own: Record<TechnicalTopic, Said[]> = {
    trend: isAligned || indicators === undefined ? [] : averagesStatement(indicators),
    momentum: isAligned || indicators === undefined ? [] : momentumStatement(indicators),
    volatility: rangeStatements(runs.toSorted((left, right) => right.length - left.length)[0] ?? []),
    pattern: shapeStatement(recent),
  };
  return (Object.keys(LABELS) as TechnicalTopic[]).flatMap((topic) => {
    const all = [...ofRules.filter((each) => each.topic === topic).map(({ said }) => said), ...own[topic]];
    if (all.length === 0) return [];
    return [saidOf(symbol, say`${LABELS[topic]} of ${symbol}: ${joinSaid(all.map(capitaliseSaid), ' ')}`)];
  });
}

/** Bars in runs of consecutive sessions: what a conversation holds may have gaps, and a pattern needs neighbors. */
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
function averagesStatement({ close, date, sma }: IndicatorData): Said[] {
  const named = (['20', '50', '200'] as const).flatMap((window) => {
    const value = sma[window];
    if (value === undefined || value === close) return [];
    const average: SaidFigure = { field: `sma${window}`, value, date };
    return [{ side: close > value ? 'above' : 'below', said: say`SMA${window} ${average}` }];
  });
  const sides = ['above', 'below'].flatMap((side) => {
    const averages = named.filter((each) => each.side === side).map(({ said }) => said);
    return averages.length === 0 ? [] : [say`${side} ${listSaid(averages)}`];
  });
  const price: SaidFigure = { field: 'close', value: close, date };
  return sides.length === 0 ? [] : [say`Close ${price} is ${joinSaid(sides, ' and ')}.`];
}

function momentumStatement(indicators: IndicatorData): Said[] {
  const named = listIndicators(indicators)
    .filter(({ field }) => /^rsi|^macd/.test(field.name))
    .map(({ field: { name, label }, value }) => say`${label} ${{ field: name, value, date: indicators.date }}`);
  return named.length === 0 ? [] : [say`As of ${formatDay(indicators.date)} ${listSaid(named)}.`];
}

/** How far prices ranged. */
function rangeStatements(run: readonly BarData[]): Said[] {
  const recent = run.slice(-RANGE_SESSIONS);
  const [first] = recent;
  const last = recent.at(-1);
  if (first === undefined || last === undefined || recent.length < 2) return [];
  const highest = recent.reduce((best, bar) => (bar.high > best.high ? bar : best), first);
  const lowest = recent.reduce((best, bar) => (bar.low < best.low ? bar : best), first);
  const widest = recent.reduce((best, bar) => (bar.high - bar.low > best.high - best.low ? bar : best), first);
  const of = (bar: BarData, field: 'high' | 'low'): SaidFigure => ({ field, value: bar[field], date: bar.date });
  return [
    say`From ${formatDay(first.date)} to ${formatDay(last.date)}: high ${of(highest, 'high')} (${formatDay(highest.date)}), low ${of(lowest, 'low')} (${formatDay(lowest.date)}).`,
    say`The widest session was ${formatDay(widest.date)}: low ${of(widest, 'low')}, high ${of(widest, 'high')}.`,
  ];
}

/** The last session beside the one before, without figures. */
function shapeStatement(run: readonly BarData[]): Said[] {
  const last = run.at(-1);
  const before = run.at(-2);
  if (last === undefined || before === undefined) return [];
  const day = formatDay(last.date);
  if (last.high > before.high && last.low > before.low)
    return [[`${day} made a higher high and a higher low than the session before.`]];
  if (last.high < before.high && last.low < before.low)
    return [[`${day} made a lower high and a lower low than the session before.`]];
  return last.close === before.close
    ? []
    : [[`${day} closed ${last.close > before.close ? 'higher' : 'lower'} than the session before.`]];
}
