// What computed figures say, as rules: each statement carries its figures, is left out when one of them is missing,
// and gives no advice. This is the analysis that needs no language model.
import type { AverageWindow, IndicatorFigures, Level } from './answers.ts';
import { roundPercent, roundPrice } from './bar-series.ts';
import {
  closesOf,
  isAboveAverage,
  lastAtr,
  lastBollinger,
  macdSeries,
  positionInRange,
  rateOfChange,
  smaSeries,
} from './indicators.ts';
import { joinSaid, listSaid, say, type Said, type SaidFigure } from './said.ts';
import { lastStreak } from './session-figures.ts';
import type { Bar, IsoDate } from './types.ts';
import { realisedVolatility } from './volatility.ts';

const MONTH_SESSIONS = 20;
const CROSS_SESSIONS = 20;
const MACD_CROSS_SESSIONS = 5;
const STREAK_SESSIONS = 3;
const OVERBOUGHT = 70;
const OVERSOLD = 30;
/** Longest first: a 52-week extreme is not told again as one of three months. */
const EXTREME_SPANS = [
  { sessions: 252, name: '52 weeks' },
  { sessions: 63, name: '3 months' },
];

export type TechnicalTopic = 'trend' | 'volatility' | 'momentum' | 'pattern';

export interface TechnicalStatement {
  topic: TechnicalTopic;
  said: Said;
}

interface Series {
  bars: readonly Bar[];
  closes: number[];
  last: Bar;
  indicators: IndicatorFigures;
}

type Rule = (series: Series) => Said | undefined;

/**
 * Statements on one symbol: trend, momentum, volatility, pattern, in this order. `bars` are ascending daily bars that end
 * with the one `indicators` are of; patterns of a session still running are provisional, so pass finished bars.
 */
export function describeTechnicals(
  bars: readonly Bar[],
  indicators: IndicatorFigures,
  levels?: { supports: readonly Level[]; resistances: readonly Level[] },
): TechnicalStatement[] {
  const last = bars.at(-1);
  if (last === undefined) return [];
  const series: Series = { bars, closes: closesOf(bars), last, indicators };
  const rules: [TechnicalTopic, Rule][] = [
    ['trend', closeAgainstAverages],
    ['trend', longAverages],
    ['trend', () => (levels === undefined ? undefined : nearestLevels(levels.supports[0], levels.resistances[0]))],
    ['momentum', relativeStrength],
    ['momentum', macdAgainstSignal],
    ['momentum', changeOverMonth],
    ['volatility', averageRange],
    ['volatility', realised],
    ['volatility', bollinger],
    ['pattern', gap],
    ['pattern', insideOrOutsideDay],
    ['pattern', streak],
    ['pattern', rangePosition],
    ['pattern', newHigh],
    ['pattern', newLow],
  ];
  return rules.flatMap(([topic, rule]) => {
    const said = rule(series);
    return said === undefined ? [] : [{ topic, said }];
  });
}

function closeAgainstAverages({ indicators }: Series): Said | undefined {
  const averages = (['20', '50', '200'] as const).flatMap((window) => averageOf(indicators, window) ?? []);
  const below = averages.filter(({ value }) => isAboveAverage(indicators.close, value) === true);
  const above = averages.filter(({ value }) => isAboveAverage(indicators.close, value) === false);
  const close = price('close', indicators.close, indicators.date);
  const list = (named: typeof averages): Said => listSaid(named.map(({ said }) => said));
  if (below.length > 0 && above.length > 0)
    return say`Close ${close} is above ${list(below)} and below ${list(above)}.`;
  if (below.length > 0) return say`Close ${close} is above ${list(below)}.`;
  return above.length > 0 ? say`Close ${close} is below ${list(above)}.` : undefined;
}

function longAverages({ indicators, closes, bars }: Series): Said | undefined {
  const middle = averageOf(indicators, '50');
  const long = averageOf(indicators, '200');
  if (middle === undefined || long === undefined || middle.value === long.value) return undefined;
  const side = middle.value > long.value ? 'above' : 'below';
  const recent = closes.slice(-200 - CROSS_SESSIONS);
  const longSeries = smaSeries(recent, 200);
  const gaps = smaSeries(recent, 50)
    .slice(-longSeries.length)
    .map((average, index) => average - (longSeries[index] ?? NaN));
  const crossedOn = lastCrossDate(gaps, bars, CROSS_SESSIONS);
  const crossed = crossedOn === undefined ? '' : `, since ${crossedOn}`;
  return say`${middle.said} is ${side} ${long.said}${crossed}.`;
}

function nearestLevels(support: Level | undefined, resistance: Level | undefined): Said | undefined {
  const known = [
    ...(support === undefined ? [] : [say`support ${price('support', support.price)}, ${support.origin}`]),
    ...(resistance === undefined
      ? []
      : [say`resistance ${price('resistance', resistance.price)}, ${resistance.origin}`]),
  ];
  return known.length === 0 ? undefined : say`Nearest ${joinSaid(known, '; nearest ')}.`;
}

function relativeStrength({ indicators, closes }: Series): Said | undefined {
  const value = indicators.rsi14;
  // A price that has not moved has no relative strength, whatever convention fills the 0 / 0.
  const window = closes.slice(-15);
  if (value === undefined || (window.length === 15 && new Set(window).size === 1)) return undefined;
  const rsi: SaidFigure = { field: 'rsi14', value, date: indicators.date };
  if (value >= OVERBOUGHT) return say`RSI14 ${rsi} is at or above ${String(OVERBOUGHT)}: overbought.`;
  if (value <= OVERSOLD) return say`RSI14 ${rsi} is at or below ${String(OVERSOLD)}: oversold.`;
  return say`RSI14 ${rsi} is neutral, ${value >= 50 ? 'in the upper half' : 'in the lower half'}.`;
}

function macdAgainstSignal({ indicators, closes, bars }: Series): Said | undefined {
  const { macd, date } = indicators;
  if (macd === undefined || macd.histogram === 0) return undefined;
  const histograms = macdSeries(closes).map((point) => point.histogram);
  const [before, now] = histograms.slice(-2);
  const direction = before === undefined || now === undefined ? '' : now > before ? ', rising' : ', falling';
  const crossedOn = lastCrossDate(histograms, bars, MACD_CROSS_SESSIONS);
  const crossed = crossedOn === undefined ? '' : `, crossed on ${crossedOn}`;
  const side = macd.histogram > 0 ? 'above' : 'below';
  const [line, signal] = [price('macd', macd.macd, date), price('macdSignal', macd.signal, date)];
  const histogram = price('macdHistogram', macd.histogram, date);
  return say`MACD ${line} is ${side} its signal ${signal} (histogram ${histogram}${direction}${crossed}).`;
}

function changeOverMonth({ closes, bars, last }: Series): Said | undefined {
  const change = rateOfChange(closes, MONTH_SESSIONS);
  const base = bars.at(-1 - MONTH_SESSIONS);
  if (change === undefined || base === undefined) return undefined;
  const [from, to] = [price('close', base.close, base.date), price('close', last.close, last.date)];
  const percentage = computedOf(bars, `roc${MONTH_SESSIONS}`, change) ?? '';
  return say`Close ${to}: ${percentage} over ${String(MONTH_SESSIONS)} sessions, from ${from} on ${base.date}.`;
}

/** Of the whole series where `ta` has it, as the figure beside it is; else of the bars at hand. */
function averageRange({ bars, last, indicators }: Series): Said | undefined {
  const { atr14 } = indicators;
  const atr =
    typeof atr14 === 'number' ? price('atr14', atr14, indicators.date) : computedOf(bars, 'atr14', lastAtr(bars));
  if (atr === undefined) return undefined;
  const share = partOf((atr.value / last.close) * 100, [atr, price('close', last.close, last.date)]);
  return say`ATR14 ${atr} is ${share} of the close.`;
}

function realised({ bars, closes }: Series): Said | undefined {
  const field = `hv${MONTH_SESSIONS}`;
  const now = computedOf(bars, field, realisedVolatility(closes, MONTH_SESSIONS));
  if (now === undefined) return undefined;
  const earlierBars = bars.slice(0, -MONTH_SESSIONS);
  const before = computedOf(earlierBars, field, realisedVolatility(closesOf(earlierBars), MONTH_SESSIONS));
  const sessions = String(MONTH_SESSIONS);
  if (before === undefined) return say`Realized volatility of ${sessions} sessions is ${now} a year.`;
  const direction = now.value > before.value ? 'up from' : now.value < before.value ? 'down from' : 'as';
  return say`Realized volatility of ${sessions} sessions is ${now} a year, ${direction} ${before} in the ${sessions} before.`;
}

function bollinger({ bars, closes, last }: Series): Said | undefined {
  const bands = lastBollinger(closes);
  if (bands === undefined || bands.upper <= bands.lower) return undefined;
  const close = price('close', last.close, last.date);
  const upper = computedOf(bars, 'bbUpper20', bands.upper) ?? '';
  const lower = computedOf(bars, 'bbLower20', bands.lower) ?? '';
  if (last.close > bands.upper) return say`Close ${close} is above the upper Bollinger band ${upper} (20, 2).`;
  if (last.close < bands.lower) return say`Close ${close} is below the lower Bollinger band ${lower} (20, 2).`;
  return say`Close ${close} is inside the Bollinger bands (20, 2), ${lower} to ${upper}.`;
}

function gap({ bars, last }: Series): Said | undefined {
  const previous = bars.at(-2);
  if (previous === undefined) return undefined;
  const { open } = figuresOf(last);
  const { high, low } = figuresOf(previous);
  if (last.open > previous.high) {
    const filled = last.low <= previous.high ? ', filled in the session' : '';
    return say`Gap up on ${last.date}: open ${open} above the previous high ${high}${filled}.`;
  }
  if (last.open < previous.low) {
    const filled = last.high >= previous.low ? ', filled in the session' : '';
    return say`Gap down on ${last.date}: open ${open} below the previous low ${low}${filled}.`;
  }
  return undefined;
}

function insideOrOutsideDay({ bars, last }: Series): Said | undefined {
  const previous = bars.at(-2);
  if (previous === undefined) return undefined;
  const [own, before] = [figuresOf(last), figuresOf(previous)];
  if (last.high < previous.high && last.low > previous.low) {
    return say`Inside day on ${last.date}: ${own.low} to ${own.high} within ${before.low} to ${before.high}.`;
  }
  if (last.high > previous.high && last.low < previous.low) {
    return say`Outside day on ${last.date}: ${own.low} to ${own.high} around ${before.low} to ${before.high}.`;
  }
  return undefined;
}

function streak({ bars, closes }: Series): Said | undefined {
  const count = computedOf(bars, 'streak', lastStreak(closes));
  if (count === undefined || Math.abs(count.value) < STREAK_SESSIONS) return undefined;
  return say`${{ ...count, isSize: true }} ${count.value > 0 ? 'higher' : 'lower'} closes in a row.`;
}

function rangePosition({ bars, last }: Series): Said | undefined {
  const recent = bars.slice(-MONTH_SESSIONS);
  if (recent.length < MONTH_SESSIONS) return undefined;
  const lowest = recent.reduce((best, bar) => (bar.low < best.low ? bar : best), last);
  const highest = recent.reduce((best, bar) => (bar.high > best.high ? bar : best), last);
  const position = positionInRange(last.close, lowest.low, highest.high);
  // Real series have closes outside their highs and lows.
  if (position === undefined || position < 0 || position > 100) return undefined;
  const close = price('close', last.close, last.date);
  const [low, high] = [figuresOf(lowest).low, figuresOf(highest).high];
  const place = partOf(position, [close, low, high]);
  return say`Close ${close} is at ${place} of its ${String(MONTH_SESSIONS)}-session range ${low} to ${high}.`;
}

function newHigh({ bars, last }: Series): Said | undefined {
  const span = longestSpan(bars, (bar) => bar.high < last.high);
  return span === undefined ? undefined : say`High ${figuresOf(last).high} of ${last.date} is the highest of ${span}.`;
}

function newLow({ bars, last }: Series): Said | undefined {
  const span = longestSpan(bars, (bar) => bar.low > last.low);
  return span === undefined ? undefined : say`Low ${figuresOf(last).low} of ${last.date} is the lowest of ${span}.`;
}

/** The longest span of which all bars before the last fulfil `isBeaten`. */
function longestSpan(bars: readonly Bar[], isBeaten: (bar: Bar) => boolean): string | undefined {
  const span = EXTREME_SPANS.find(
    ({ sessions }) => bars.length >= sessions && bars.slice(-sessions, -1).every(isBeaten),
  );
  return span && `${span.name} (${span.sessions} sessions)`;
}

/** Date of the bar at which `differences` (which end with the last bar) took their present sign, if within `sessions`. */
function lastCrossDate(differences: readonly number[], bars: readonly Bar[], sessions: number): IsoDate | undefined {
  const isPositive = (differences.at(-1) ?? 0) > 0;
  const lastOther = differences.findLastIndex((difference) => difference > 0 !== isPositive);
  const age = differences.length - 1 - lastOther;
  return lastOther < 0 || age > sessions ? undefined : bars.at(-age)?.date;
}

function averageOf(indicators: IndicatorFigures, window: AverageWindow): { value: number; said: Said } | undefined {
  const value = indicators.sma[window];
  if (value === undefined) return undefined;
  return { value, said: say`SMA${window} ${price(`sma${window}`, value, indicators.date)}` };
}

function figuresOf(bar: Bar): Record<'open' | 'high' | 'low', SaidFigure> {
  const { open, high, low, date } = bar;
  return { open: price('open', open, date), high: price('high', high, date), low: price('low', low, date) };
}

/** Rounded as in JSON. */
function price(field: string, value: number, date?: IsoDate): SaidFigure {
  return { field, value: roundPrice(value), ...(date === undefined ? {} : { date }) };
}

/** A figure of no field, in percent, that follows from others. */
function partOf(percent: number, of: readonly SaidFigure[]): SaidFigure {
  return { field: 'calculation', unit: 'percent', value: roundPercent(percent), of };
}

/** A figure that stands in no answer: it follows from the bars. */
function computedOf(bars: readonly Bar[], field: string, value: number | undefined): SaidFigure | undefined {
  const date = bars.at(-1)?.date;
  return value === undefined || date === undefined ? undefined : { field, value, date, bars: bars.length };
}
