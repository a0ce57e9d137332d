// Sentences about what is computed: indicators, levels, market state, expirations, chains, walls. A missing figure is named.
import type {
  ChainAnalytics,
  ChainData,
  ExpirationsData,
  IndicatorData,
  LevelsData,
  MarketStatusData,
  Wall,
} from '../../domain/answers.ts';
import type { IsoDate, Session, Side } from '../../domain/types.ts';
import {
  formatClock,
  formatCount,
  formatFixed,
  formatPrice,
  formatRatio,
  formatStrike,
  plural,
} from '../../render/format.ts';
import type { WallFocus } from './plan.ts';
import type { Indicator, MovingAverage } from './vocabulary.ts';
import { capitalise, formatDay, joinWords } from './wording.ts';

const MOST_LEVELS = 3;
/** Beyond so many indicators the table says it better than a sentence. */
const MOST_INDICATORS = 4;

/** The indicators asked for; all of them are left to the table. */
export function describeIndicators(
  data: IndicatorData,
  asked: readonly Indicator[],
  relation?: 'above' | 'below',
): string {
  const [indicator] = asked;
  if (relation !== undefined && indicator !== undefined && indicator !== 'rsi14' && indicator !== 'macd')
    return describeRelation(data, indicator, relation);
  const session = `as of ${formatDay(data.date)}`;
  if (asked.length === 0 || asked.length > MOST_INDICATORS)
    return `Indicators of ${data.symbol} ${session}, close ${formatPrice(data.close)}.`;
  const present = namedIndicators(data, asked);
  const missing = asked.filter((each) => namedIndicator(data, each).length === 0).map(labelOf);
  const sentences = [
    ...(present.length === 0 ? [] : [`${data.symbol} ${session}: ${present.join(', ')}.`]),
    ...(missing.length === 0 ? [] : [`${notEnoughBars(data, missing)}.`]),
  ];
  return sentences.join(' ');
}

/** `RSI14 59.66`, `SMA50 661.24`: those of the asked that are there. */
export function namedIndicators(data: IndicatorData, asked: readonly Indicator[]): string[] {
  return asked.flatMap((each) => namedIndicator(data, each));
}

function notEnoughBars({ symbol }: IndicatorData, names: readonly string[]): string {
  return `${joinWords(names)} of ${symbol} ${names.length === 1 ? 'is' : 'are'} missing, there are not enough bars`;
}

function describeRelation(data: IndicatorData, indicator: MovingAverage, relation: 'above' | 'below'): string {
  const average = averageOf(data, indicator);
  const label = labelOf(indicator);
  if (average === undefined) return `Not known: ${notEnoughBars(data, [label])}.`;
  const actual = data.close > average ? 'above' : data.close < average ? 'below' : 'exactly on';
  return `${actual === relation ? 'Yes' : 'No'}: ${data.symbol} at ${formatPrice(data.close)} on ${formatDay(data.date)} is ${actual} its ${label} at ${formatPrice(average)}.`;
}

export function averageOf(data: IndicatorData, indicator: MovingAverage): number | undefined {
  const window = indicator.slice(3) as keyof IndicatorData['sma'];
  return indicator.startsWith('sma') ? data.sma[window] : data.ema[window];
}

function labelOf(indicator: Indicator): string {
  return indicator.toUpperCase();
}

function namedIndicator(data: IndicatorData, indicator: Indicator): string[] {
  if (indicator === 'rsi14') return data.rsi14 === undefined ? [] : [`RSI14 ${formatFixed(data.rsi14, 2)}`];
  if (indicator === 'macd') {
    const { macd } = data;
    return macd === undefined
      ? []
      : [
          `MACD ${formatPrice(macd.macd)}, signal ${formatPrice(macd.signal)}, histogram ${formatPrice(macd.histogram)}`,
        ];
  }
  const average = averageOf(data, indicator);
  return average === undefined ? [] : [`${labelOf(indicator)} ${formatPrice(average)}`];
}

/** Where a level comes from, without the count of touches, which the table has. */
function shortOrigin(origin: string): string {
  return origin.replace(/ \(\d+ touches\)/g, '');
}

/** Its kind only, without dates. */
function kindOfOrigin(origin: string): string {
  return shortOrigin(origin)
    .replace(/(high|low) since \d{4}-\d\d-\d\d:/g, '$1 of these bars')
    .replace(/(?: of)? \d{4}-\d\d-\d\d/g, '');
}

type NameOrigin = (origin: string) => string;

/**
 * The kind is enough, the table has the day. Where the check of figures would take the price for another session's it is
 * said with its day, and with no origin only where neither will do.
 */
const ORIGIN_NAMES: readonly NameOrigin[] = [kindOfOrigin, shortOrigin, () => ''];

/** The nearest levels with their origins. `isSupported` says whether the tools brought every figure of a text. */
export function describeLevels(
  { symbol, spot, supports, resistances }: LevelsData,
  isSupported: (text: string) => boolean,
): string {
  const sides = [
    { name: 'support', levels: supports.slice(0, MOST_LEVELS) },
    { name: 'resistance', levels: resistances.slice(0, MOST_LEVELS) },
  ];
  const count = sides.reduce((sum, { levels }) => sum + levels.length, 0);
  const write = (names: readonly NameOrigin[]): string => {
    let index = 0;
    const sentences = sides.map(({ name, levels }) => {
      const named = levels.map(({ price, origin }) =>
        [formatPrice(price), (names[index++] ?? kindOfOrigin)(origin)].filter((part) => part !== '').join(', '),
      );
      return named.length === 0 ? `no ${name} found.` : `${name} at ${named.join('; ')}.`;
    });
    return `${symbol} at ${formatPrice(spot)}: ${sentences[0] ?? ''} ${capitalise(sentences[1] ?? '')}`;
  };
  const full = write(Array.from({ length: count }, () => kindOfOrigin));
  if (isSupported(full)) return full;
  const chosen: NameOrigin[] = Array.from({ length: count }, () => () => '');
  for (let index = 0; index < count; index++) {
    const fullest = ORIGIN_NAMES.find((name) => isSupported(write(chosen.with(index, name))));
    if (fullest !== undefined) chosen[index] = fullest;
  }
  const mixed = write(chosen);
  return isSupported(mixed) ? mixed : describeLevelsApart({ symbol, spot, supports, resistances });
}

/** A line for each level, for figures of several sessions, which one sentence would say of the same one. */
function describeLevelsApart({ symbol, spot, supports, resistances }: LevelsData): string {
  const list = (name: string, levels: LevelsData['supports']): string[] =>
    levels.length === 0
      ? [`${symbol}: no ${name} found.`]
      : levels
          .slice(0, MOST_LEVELS)
          .map(({ price, origin }) => `${symbol}: ${name} at ${formatPrice(price)} (${shortOrigin(origin)}).`);
  return [`${symbol} at ${formatPrice(spot)}.`, ...list('support', supports), ...list('resistance', resistances)].join(
    '\n',
  );
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

export function describeMarket({ state, exchangeTime, nextChange, holiday }: MarketStatusData): string {
  const today = exchangeTime.slice(0, 10);
  const nextDay = nextChange.at.slice(0, 10);
  const at = `${formatClock(nextChange.at)}${nextDay === today ? '' : ` on ${formatDay(nextDay)}`}`;
  const reason = holiday === undefined ? '' : ` (${holiday})`;
  return `${STATES[state]}${reason}. In New York it is ${formatClock(exchangeTime)}, ${formatDay(today)}; ${CHANGES[nextChange.state]} at ${at}.`;
}

export function describeExpirations({ symbol, expirations }: ExpirationsData): string {
  const [first] = expirations;
  const last = expirations.at(-1);
  if (first === undefined || last === undefined) return `${symbol} has no option expirations.`;
  if (expirations.length === 1) return `${symbol} has 1 option expiration: ${formatDay(first.date)}.`;
  return `${symbol} has ${plural(expirations.length, 'option expiration')}, from ${formatDay(first.date)} to ${formatDay(last.date)}.`;
}

/** One expiration of the list, the one that a phrase means. */
export function describeExpirationDate({ symbol, expirations }: ExpirationsData, date: IsoDate): string {
  const found = expirations.find((each) => each.date === date);
  if (found === undefined) return `${symbol} has no option expiration on ${formatDay(date)}.`;
  const away = found.dte === 0 ? 'today' : `${plural(found.dte, 'day')} away`;
  return `${symbol} options expire on ${formatDay(date)} (${found.kind}), ${away}.`;
}

const SIDE_NAMES = { call: 'calls', put: 'puts', both: 'calls and puts' } as const;

export function describeChain(chain: ChainData, side: Side | 'both'): string {
  const strikes = new Set(chain.contracts.map((contract) => contract.strike));
  const head = `${chain.underlying} ${SIDE_NAMES[side]} expiring ${formatDay(chain.expiration)}, spot ${formatPrice(chain.spot)}`;
  if (strikes.size === 0) return `${head}: no contracts.`;
  return `${head}: strikes ${formatStrike(Math.min(...strikes))} to ${formatStrike(Math.max(...strikes))}.`;
}

/** Walls, max pain, expected move and ratios of one expiration, as far as they were asked for and are there. */
export function describeWalls(
  { underlying, expiration, spot, analytics }: ChainData,
  focus: readonly WallFocus[],
  side: Side | 'both',
): string {
  const statements = focus.flatMap((each) => WALL_STATEMENTS[each](analytics, side));
  return `${underlying} options expiring ${formatDay(expiration)}, spot ${formatPrice(spot)}: ${statements.join('; ')}.`;
}

const WALL_STATEMENTS: Record<WallFocus, (analytics: ChainAnalytics, side: Side | 'both') => string[]> = {
  walls: (analytics, side) => [
    ...(side === 'put' ? [] : [describeWallSide('call', analytics.callWalls)]),
    ...(side === 'call' ? [] : [describeWallSide('put', analytics.putWalls)]),
  ],
  maxPain: ({ maxPain }) => [
    maxPain === undefined ? 'no max pain, open interest is missing' : `max pain at ${formatStrike(maxPain)}`,
  ],
  expectedMove: ({ expectedMove }) => [
    expectedMove === undefined
      ? 'no expected move, the straddle has no price'
      : `expected move ±${formatPrice(expectedMove.amount)} (±${formatFixed(expectedMove.percent, 2)} %), ${nameMethod(expectedMove.method)}`,
  ],
  putCall: ({ putCallOpenInterest, putCallVolume }) => {
    const ratios = [
      ...(putCallOpenInterest === undefined
        ? []
        : [`put/call open interest ratio ${formatRatio(putCallOpenInterest)}`]),
      ...(putCallVolume === undefined ? [] : [`put/call volume ratio ${formatRatio(putCallVolume)}`]),
    ];
    return ratios.length === 0 ? ['no put/call ratio, open interest and volume are missing'] : ratios;
  },
};

/** `straddle 232.5 mid` in words. */
function nameMethod(method: string): string {
  const straddle = /^straddle ([\d.,]+) (mid|last)$/.exec(method);
  return straddle === null ? method : `the ${straddle[2] ?? ''} price of the straddle at strike ${straddle[1] ?? ''}`;
}

function describeWallSide(side: Side, walls: readonly Wall[]): string {
  const place = side === 'call' ? 'at or above' : 'at or below';
  if (walls.length === 0) return `no ${side} open interest ${place} the spot`;
  return walls
    .map(
      ({ strike, openInterest }) => `${side} wall ${formatStrike(strike)} (open interest ${formatCount(openInterest)})`,
    )
    .join(', ');
}
