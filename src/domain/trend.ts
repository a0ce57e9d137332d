// What computed figures say, as rules: each statement names its figures, is left out when one of them is missing,
// and gives no advice. This is the analysis that needs no language model.
import type { AverageWindow, IndicatorData, Level } from './answers.ts';
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
import { toDigits } from './significance.ts';
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

/** `figures` holds every market figure of `text`, rounded as in JSON (the text shows two decimals or three digits). */
export interface Statement {
  text: string;
  figures: { label: string; value: number }[];
}

export interface TechnicalStatement extends Statement {
  topic: TechnicalTopic;
}

/** A figure as it stands in a sentence. */
interface Figure {
  label: string;
  value: number;
  text: string;
}

interface Series {
  bars: readonly Bar[];
  closes: number[];
  last: Bar;
  indicators: Omit<IndicatorData, 'symbol'>;
}

type Rule = (series: Series) => Statement | undefined;

/**
 * Statements on one symbol: trend, momentum, volatility, pattern, in this order. `bars` are ascending daily bars that end
 * with the one `indicators` are of; patterns of a session still running are provisional, so pass finished bars.
 */
export function describeTechnicals(
  bars: readonly Bar[],
  indicators: Omit<IndicatorData, 'symbol'>,
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
    const statement = rule(series);
    return statement === undefined ? [] : [{ topic, ...statement }];
  });
}

function closeAgainstAverages({ indicators }: Series): Statement | undefined {
  const averages = (['20', '50', '200'] as const).flatMap((window) => averageFigure(indicators, window) ?? []);
  const below = averages.filter((average) => isAboveAverage(indicators.close, average.value) === true);
  const above = averages.filter((average) => isAboveAverage(indicators.close, average.value) === false);
  const close = price('close', indicators.close, 'Close');
  if (below.length > 0 && above.length > 0) return say`${close} is above ${below} and below ${above}.`;
  if (below.length > 0) return say`${close} is above ${below}.`;
  return above.length > 0 ? say`${close} is below ${above}.` : undefined;
}

function longAverages({ indicators, closes, bars }: Series): Statement | undefined {
  const middle = averageFigure(indicators, '50');
  const long = averageFigure(indicators, '200');
  if (middle === undefined || long === undefined || middle.value === long.value) return undefined;
  const side = middle.value > long.value ? 'above' : 'below';
  const recent = closes.slice(-200 - CROSS_SESSIONS);
  const longSeries = smaSeries(recent, 200);
  const gaps = smaSeries(recent, 50)
    .slice(-longSeries.length)
    .map((average, index) => average - (longSeries[index] ?? NaN));
  const crossedOn = lastCrossDate(gaps, bars, CROSS_SESSIONS);
  const crossed = crossedOn === undefined ? '' : `, since ${crossedOn}`;
  return say`${middle} is ${side} ${long}${crossed}.`;
}

function nearestLevels(support: Level | undefined, resistance: Level | undefined): Statement | undefined {
  const below = support && say`support ${price('support', support.price, '')}, ${support.origin}`;
  const above = resistance && say`resistance ${price('resistance', resistance.price, '')}, ${resistance.origin}`;
  const known = [below, above].filter((statement) => statement !== undefined);
  if (known.length === 0) return undefined;
  return {
    text: `Nearest ${known.map((statement) => statement.text).join('; nearest ')}.`,
    figures: known.flatMap((statement) => statement.figures),
  };
}

function relativeStrength({ indicators, closes }: Series): Statement | undefined {
  const value = indicators.rsi14;
  // A price that has not moved has no relative strength, whatever convention fills the 0 / 0.
  const window = closes.slice(-15);
  if (value === undefined || (window.length === 15 && new Set(window).size === 1)) return undefined;
  const rsi = figure('RSI14', value, `RSI14 ${toDigits(value, 2)}`);
  if (value >= OVERBOUGHT) return say`${rsi} is at or above ${String(OVERBOUGHT)}: overbought.`;
  if (value <= OVERSOLD) return say`${rsi} is at or below ${String(OVERSOLD)}: oversold.`;
  return say`${rsi} is neutral, ${value >= 50 ? 'in the upper half' : 'in the lower half'}.`;
}

function macdAgainstSignal({ indicators, closes, bars }: Series): Statement | undefined {
  const { macd } = indicators;
  if (macd === undefined || macd.histogram === 0) return undefined;
  const histograms = macdSeries(closes).map((point) => point.histogram);
  const [before, now] = histograms.slice(-2);
  const direction = before === undefined || now === undefined ? '' : now > before ? ', rising' : ', falling';
  const crossedOn = lastCrossDate(histograms, bars, MACD_CROSS_SESSIONS);
  const crossed = crossedOn === undefined ? '' : `, crossed on ${crossedOn}`;
  const line = price('MACD', macd.macd, 'MACD');
  const signal = price('MACD signal', macd.signal, 'signal');
  const histogram = price('MACD histogram', macd.histogram, 'histogram');
  return say`${line} is ${macd.histogram > 0 ? 'above' : 'below'} its ${signal} (${histogram}${direction}${crossed}).`;
}

function changeOverMonth({ closes, bars, last }: Series): Statement | undefined {
  const change = rateOfChange(closes, MONTH_SESSIONS);
  const base = bars.at(-1 - MONTH_SESSIONS);
  if (change === undefined || base === undefined) return undefined;
  const from = price(`close of ${base.date}`, base.close, '');
  const to = price('close', last.close, 'Close');
  const percentage = signedPercent(`change over ${MONTH_SESSIONS} sessions`, change, '');
  return say`${to}: ${percentage} over ${String(MONTH_SESSIONS)} sessions, from ${from} on ${base.date}.`;
}

function averageRange({ bars, last }: Series): Statement | undefined {
  const atr = lastAtr(bars);
  if (atr === undefined) return undefined;
  return say`${price('ATR14', atr, 'ATR14')} is ${percent('ATR14 of close', (atr / last.close) * 100)} of the close.`;
}

function realised({ closes }: Series): Statement | undefined {
  const now = realisedVolatility(closes, MONTH_SESSIONS);
  if (now === undefined) return undefined;
  const before = realisedVolatility(closes.slice(0, -MONTH_SESSIONS), MONTH_SESSIONS);
  const current = percent('realised volatility', now * 100);
  if (before === undefined) return say`Realised volatility of ${String(MONTH_SESSIONS)} sessions is ${current} a year.`;
  const direction = now > before ? 'up from' : now < before ? 'down from' : 'as';
  const earlier = percent('realised volatility before', before * 100);
  return say`Realised volatility of ${String(MONTH_SESSIONS)} sessions is ${current} a year, ${direction} ${earlier} in the ${String(MONTH_SESSIONS)} before.`;
}

function bollinger({ closes, last }: Series): Statement | undefined {
  const bands = lastBollinger(closes);
  if (bands === undefined || bands.upper <= bands.lower) return undefined;
  const close = price('close', last.close, 'Close');
  const upper = price('upper Bollinger band', bands.upper, '');
  const lower = price('lower Bollinger band', bands.lower, '');
  if (last.close > bands.upper) return say`${close} is above the upper Bollinger band ${upper} (20, 2).`;
  if (last.close < bands.lower) return say`${close} is below the lower Bollinger band ${lower} (20, 2).`;
  return say`${close} is inside the Bollinger bands (20, 2), ${lower} to ${upper}.`;
}

function gap({ bars, last }: Series): Statement | undefined {
  const previous = bars.at(-2);
  if (previous === undefined) return undefined;
  const open = price('open', last.open, 'open');
  if (last.open > previous.high) {
    const filled = last.low <= previous.high ? ', filled in the session' : '';
    return say`Gap up on ${last.date}: ${open} above the previous ${price('previous high', previous.high, 'high')}${filled}.`;
  }
  if (last.open < previous.low) {
    const filled = last.high >= previous.low ? ', filled in the session' : '';
    return say`Gap down on ${last.date}: ${open} below the previous ${price('previous low', previous.low, 'low')}${filled}.`;
  }
  return undefined;
}

function insideOrOutsideDay({ bars, last }: Series): Statement | undefined {
  const previous = bars.at(-2);
  if (previous === undefined) return undefined;
  const own = [price('low', last.low, ''), price('high', last.high, '')] as const;
  const before = [price('previous low', previous.low, ''), price('previous high', previous.high, '')] as const;
  if (last.high < previous.high && last.low > previous.low) {
    return say`Inside day on ${last.date}: ${own[0]} to ${own[1]} within ${before[0]} to ${before[1]}.`;
  }
  if (last.high > previous.high && last.low < previous.low) {
    return say`Outside day on ${last.date}: ${own[0]} to ${own[1]} around ${before[0]} to ${before[1]}.`;
  }
  return undefined;
}

function streak({ closes }: Series): Statement | undefined {
  const steps = closes.slice(1).map((close, index) => Math.sign(close - (closes[index] ?? NaN)));
  const direction = steps.at(-1);
  if (direction === undefined || direction === 0) return undefined;
  const count = steps.length - 1 - steps.findLastIndex((step) => step !== direction);
  if (count < STREAK_SESSIONS) return undefined;
  const closing = figure('closes in a row', count, String(count));
  return say`${closing} ${direction > 0 ? 'higher' : 'lower'} closes in a row.`;
}

function rangePosition({ bars, last }: Series): Statement | undefined {
  const recent = bars.slice(-MONTH_SESSIONS);
  if (recent.length < MONTH_SESSIONS) return undefined;
  const low = Math.min(...recent.map((bar) => bar.low));
  const high = Math.max(...recent.map((bar) => bar.high));
  const position = positionInRange(last.close, low, high);
  // Real series have closes outside their highs and lows.
  if (position === undefined || position < 0 || position > 100) return undefined;
  const range = [price('20-session low', low, ''), price('20-session high', high, '')] as const;
  return say`${price('close', last.close, 'Close')} is at ${percent('place in 20-session range', position)} of its ${String(MONTH_SESSIONS)}-session range ${range[0]} to ${range[1]}.`;
}

function newHigh({ bars, last }: Series): Statement | undefined {
  const span = longestSpan(bars, (bar) => bar.high < last.high);
  return span === undefined
    ? undefined
    : say`${price('high', last.high, 'High')} of ${last.date} is the highest of ${span}.`;
}

function newLow({ bars, last }: Series): Statement | undefined {
  const span = longestSpan(bars, (bar) => bar.low > last.low);
  return span === undefined
    ? undefined
    : say`${price('low', last.low, 'Low')} of ${last.date} is the lowest of ${span}.`;
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

function averageFigure(indicators: Series['indicators'], window: AverageWindow): Figure | undefined {
  const value = indicators.sma[window];
  return value === undefined ? undefined : price(`SMA${window}`, value, `SMA${window}`);
}

/** Dollars: two decimals from one dollar on, four below, more where three digits take them; `name` goes before the number. */
function price(label: string, value: number, name: string): Figure {
  const rounded = roundPrice(value);
  const text = toDigits(rounded, Math.abs(rounded) >= 1 || rounded === 0 ? 2 : 4);
  return figure(label, rounded, name === '' ? text : `${name} ${text}`);
}

function percent(label: string, value: number): Figure {
  const rounded = roundPercent(value);
  return figure(label, rounded, `${toDigits(rounded, 2)} %`);
}

function signedPercent(label: string, value: number, name = label): Figure {
  const rounded = roundPercent(value);
  const text = `${rounded > 0 ? '+' : ''}${toDigits(rounded, 2)} %`;
  return figure(label, rounded, name === '' ? text : `${name} ${text}`);
}

function figure(label: string, value: number, text: string): Figure {
  return { label, value, text };
}

/** Template tag that writes figures into a sentence and keeps them beside it, so that neither can lack one. */
function say(strings: TemplateStringsArray, ...parts: (string | Figure | readonly Figure[])[]): Statement {
  const figures: Statement['figures'] = [];
  let text = strings[0] ?? '';
  for (const [index, part] of parts.entries()) {
    const inserted = typeof part === 'string' ? [] : [part].flat();
    for (const { label, value } of inserted) figures.push({ label, value });
    text += typeof part === 'string' ? part : joinWords(inserted.map((item) => item.text));
    text += strings[index + 1] ?? '';
  }
  return { text, figures };
}

function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
