// Sentences about what is computed: indicators, levels, market state, expirations, chains, walls. A missing figure is named.
import type { ChainData, ExpirationsData, IndicatorData, LevelsData, MarketStatusData } from '../../domain/answers.ts';
import { capitaliseSaid, joinSaid, say, type Said, type SaidFigure } from '../../domain/said.ts';
import type { IsoDate, Session, Side } from '../../domain/types.ts';
import { formatClock } from '../../render/format.ts';
import type { WallFocus } from './plan.ts';
import type { Indicator, MovingAverage } from './vocabulary.ts';
import { formatDay, joinWords, sayCount } from './wording.ts';

const MOST_LEVELS = 3;
/** Beyond so many indicators the table says it better than a sentence. */
const MOST_INDICATORS = 4;

/** The indicators asked for; all of them are left to the table. */
export function describeIndicators(
  data: IndicatorData,
  asked: readonly Indicator[],
  relation?: 'above' | 'below',
): Said {
  const [indicator] = asked;
  if (relation !== undefined && indicator !== undefined && indicator !== 'rsi14' && indicator !== 'macd')
    return describeRelation(data, indicator, relation);
  const { symbol, date } = data;
  const session = `as of ${formatDay(date)}`;
  if (asked.length === 0 || asked.length > MOST_INDICATORS)
    return say`Indicators of ${symbol} ${session}, close ${{ field: 'close', value: data.close, symbol, date }}.`;
  const present = namedIndicators(data, asked);
  const missing = asked.filter((each) => namedIndicator(data, each).length === 0).map(labelOf);
  const sentences = [
    ...(present.length === 0 ? [] : [say`${symbol} ${session}: ${joinSaid(present, ', ')}.`]),
    ...(missing.length === 0 ? [] : [`${notEnoughBars(data, missing)}.`]),
  ];
  return joinSaid(sentences, ' ');
}

/** `RSI14 59.66`, `SMA50 661.24`: those of the asked that are there. */
export function namedIndicators(data: IndicatorData, asked: readonly Indicator[]): Said[] {
  return asked.flatMap((each) => namedIndicator(data, each));
}

function notEnoughBars({ symbol }: IndicatorData, names: readonly string[]): string {
  return `${joinWords(names)} of ${symbol} ${names.length === 1 ? 'is' : 'are'} missing, there are not enough bars`;
}

function describeRelation(data: IndicatorData, indicator: MovingAverage, relation: 'above' | 'below'): Said {
  const average = averageOf(data, indicator);
  if (average === undefined) return [`Not known: ${notEnoughBars(data, [labelOf(indicator)])}.`];
  const actual = sideOf(data, average);
  return say`${actual === relation ? 'Yes' : 'No'}: ${saySide(data, indicator, average)}`;
}

/** Where the close of its session is, seen from an average. */
export function sideOf({ close }: IndicatorData, average: number): 'above' | 'below' | 'exactly on' {
  return close > average ? 'above' : close < average ? 'below' : 'exactly on';
}

/** `SPY at 687.39 on … is above its SMA50 at 661.24.` */
export function saySide(data: IndicatorData, indicator: MovingAverage, average: number): Said {
  const { symbol, date, close } = data;
  const price: SaidFigure = { field: 'close', value: close, symbol, date };
  const mark: SaidFigure = { field: indicator, value: average, symbol, date };
  return say`${symbol} at ${price} on ${formatDay(date)} is ${sideOf(data, average)} its ${labelOf(indicator)} at ${mark}.`;
}

export function averageOf(data: IndicatorData, indicator: MovingAverage): number | undefined {
  const window = indicator.slice(3) as keyof IndicatorData['sma'];
  return indicator.startsWith('sma') ? data.sma[window] : data.ema[window];
}

function labelOf(indicator: Indicator): string {
  return indicator.toUpperCase();
}

function namedIndicator(data: IndicatorData, indicator: Indicator): Said[] {
  const { symbol, date, macd } = data;
  const figure = (field: string, value: number): SaidFigure => ({ field, value, symbol, date });
  if (indicator === 'macd') {
    if (macd === undefined) return [];
    const [line, signal] = [figure('macd', macd.macd), figure('macdSignal', macd.signal)];
    return [say`MACD ${line}, signal ${signal}, histogram ${figure('macdHistogram', macd.histogram)}`];
  }
  const value = indicator === 'rsi14' ? data.rsi14 : averageOf(data, indicator);
  return value === undefined ? [] : [say`${labelOf(indicator)} ${figure(indicator, value)}`];
}

/** Where a level comes from: its kind only, the table has days and touches. */
function kindOfOrigin(origin: string): string {
  return origin
    .replace(/ \(\d+ touches\)/g, '')
    .replace(/(high|low) since \d{4}-\d\d-\d\d:/g, '$1 of these bars')
    .replace(/(?: of)? \d{4}-\d\d-\d\d/g, '');
}

/** Levels of a tool, or computed of the bars that the conversation holds. */
export interface SaidLevels extends LevelsData {
  /** Where the spot comes from. */
  spotField: 'spot' | 'last' | 'close';
  /** What the levels were computed of. */
  computed?: { bars: number; date: IsoDate };
}

/** The nearest levels with their origins. */
export function describeLevels({ symbol, spot, spotField, supports, resistances, computed }: SaidLevels): Said {
  const sentence = (field: 'support' | 'resistance', levels: LevelsData['supports']): Said => {
    if (levels.length === 0) return [`no ${field} found.`];
    const named = levels
      .slice(0, MOST_LEVELS)
      .map(({ price, origin }) => say`${{ field, value: price, symbol, ...computed }}, ${kindOfOrigin(origin)}`);
    return say`${field} at ${joinSaid(named, '; ')}.`;
  };
  const price: SaidFigure = { field: spotField, value: spot, symbol };
  const [below, above] = [sentence('support', supports), sentence('resistance', resistances)];
  return say`${symbol} at ${price}: ${below} ${capitaliseSaid(above)}`;
}

const STATES: Record<Session, string> = {
  pre: 'The US market is in its pre-market session, the regular one is not open yet',
  regular: 'The US market is open',
  post: 'The US market is closed, after-hours trading is on',
  closed: 'The US market is closed',
};
const CHANGES: Record<Session, string> = {
  pre: 'pre-market trading starts',
  regular: 'the market opens',
  post: 'the market closes',
  closed: 'after-hours trading ends',
};

export function describeMarket({ state, exchangeTime, nextChange, holiday }: MarketStatusData): Said {
  const today = exchangeTime.slice(0, 10);
  const nextDay = nextChange.at.slice(0, 10);
  const at = `${formatClock(nextChange.at)}${nextDay === today ? '' : ` on ${formatDay(nextDay)}`}`;
  const reason = holiday === undefined ? '' : ` (${holiday})`;
  return [
    `${STATES[state]}${reason}. In New York it is ${formatClock(exchangeTime)}, ${formatDay(today)}; ${CHANGES[nextChange.state]} at ${at}.`,
  ];
}

export function describeExpirations({ symbol, expirations }: ExpirationsData): Said {
  const [first] = expirations;
  const last = expirations.at(-1);
  if (first === undefined || last === undefined) return [`${symbol} has no option expirations.`];
  const count = sayCount(symbol, expirations.length, 'option expiration');
  if (expirations.length === 1) return say`${symbol} has ${count}: ${formatDay(first.date)}.`;
  return say`${symbol} has ${count}, from ${formatDay(first.date)} to ${formatDay(last.date)}.`;
}

/** One expiration of the list, the one that a phrase means. */
export function describeExpirationDate({ symbol, expirations }: ExpirationsData, date: IsoDate): Said {
  const found = expirations.find((each) => each.date === date);
  if (found === undefined) return [`${symbol} has no option expiration on ${formatDay(date)}.`];
  const days: SaidFigure = { field: 'dte', value: found.dte, symbol, expiration: date };
  const away = found.dte === 0 ? 'today' : say`${days} ${found.dte === 1 ? 'day' : 'days'} away`;
  return say`${symbol} options expire on ${formatDay(date)} (${found.kind}), ${away}.`;
}

const SIDE_NAMES = { call: 'calls', put: 'puts', both: 'calls and puts' } as const;

export function describeChain(chain: ChainData, side: Side | 'both'): Said {
  const { underlying: symbol, expiration } = chain;
  const strikes = new Set(chain.contracts.map((contract) => contract.strike));
  const strikeAt = (value: number): SaidFigure => ({ field: 'strike', value, symbol, expiration });
  const head = say`${symbol} ${SIDE_NAMES[side]} expiring ${formatDay(expiration)}, spot ${spotOf(chain)}`;
  if (strikes.size === 0) return say`${head}: no contracts.`;
  return say`${head}: strikes ${strikeAt(Math.min(...strikes))} to ${strikeAt(Math.max(...strikes))}.`;
}

function spotOf({ underlying, spot }: ChainData): SaidFigure {
  return { field: 'spot', value: spot, symbol: underlying };
}

/** Walls, max pain, expected move and ratios of one expiration, as far as they were asked for and are there. */
export function describeWalls(chain: ChainData, focus: readonly WallFocus[], side: Side | 'both'): Said {
  const { underlying, expiration } = chain;
  const statements = focus.flatMap((each) => WALL_STATEMENTS[each](chain, side));
  return say`${underlying} options expiring ${formatDay(expiration)}, spot ${spotOf(chain)}: ${joinSaid(statements, '; ')}.`;
}

/** A figure of the whole expiration. */
function ofExpiration({ underlying, expiration }: ChainData, field: string, value: number): SaidFigure {
  return { field, value, symbol: underlying, expiration };
}

const WALL_STATEMENTS: Record<WallFocus, (chain: ChainData, side: Side | 'both') => Said[]> = {
  walls: (chain, side) => [
    ...(side === 'put' ? [] : [describeWallSide('call', chain)]),
    ...(side === 'call' ? [] : [describeWallSide('put', chain)]),
  ],
  maxPain: (chain) => {
    const { maxPain } = chain.analytics;
    if (maxPain === undefined) return [['no max pain, open interest is missing']];
    return [say`max pain at ${ofExpiration(chain, 'maxPain', maxPain)}`];
  },
  expectedMove: (chain) => {
    const { expectedMove } = chain.analytics;
    if (expectedMove === undefined) return [['no expected move, the straddle has no price']];
    const amount = ofExpiration(chain, 'expectedMove', expectedMove.amount);
    const percent = ofExpiration(chain, 'expectedMovePercent', expectedMove.percent);
    return [say`expected move ±${amount} (±${percent}), ${sayMethod(chain, expectedMove.method)}`];
  },
  putCall: (chain) => {
    const { putCallOpenInterest, putCallVolume } = chain.analytics;
    const ratios = [
      ...(putCallOpenInterest === undefined
        ? []
        : [say`put/call open interest ratio ${ofExpiration(chain, 'putCallOpenInterest', putCallOpenInterest)}`]),
      ...(putCallVolume === undefined
        ? []
        : [say`put/call volume ratio ${ofExpiration(chain, 'putCallVolume', putCallVolume)}`]),
    ];
    return ratios.length === 0 ? [['no put/call ratio, open interest and volume are missing']] : ratios;
  },
};

/** `straddle 232.5 mid` in words. */
function sayMethod(chain: ChainData, method: string): Said {
  const [, strike = '', price = ''] = /^straddle ([\d.]+) (mid|last)$/.exec(method) ?? [];
  if (strike === '') return [method];
  return say`the ${price} price of the straddle at strike ${ofExpiration(chain, 'strike', Number(strike))}`;
}

function describeWallSide(side: Side, chain: ChainData): Said {
  const { callWalls, putWalls } = chain.analytics;
  const walls = side === 'call' ? callWalls : putWalls;
  if (walls.length === 0)
    return [`no ${side} open interest ${side === 'call' ? 'at or above' : 'at or below'} the spot`];
  const named = walls.map(({ strike, openInterest }) => {
    const wall = { ...ofExpiration(chain, `${side}Wall`, strike), side };
    const open = { ...ofExpiration(chain, 'openInterest', openInterest), side, strike };
    return say`${side} wall ${wall} (open interest ${open})`;
  });
  return joinSaid(named, ', ');
}
