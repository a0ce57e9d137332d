// The words and phrases that the planner knows besides symbols, names and dates, each with what it means.
// Whatever is not here is not understood, so a word that changes a question's meaning must never become a filler.
import type { AverageWindow } from '../../domain/answers.ts';
import type { BarInterval, Side } from '../../domain/types.ts';
import { AVERAGE_WINDOWS } from '../../domain/windows.ts';

export type Topic =
  | 'price'
  | 'quote'
  | 'performance'
  | 'history'
  | 'ta'
  | 'levels'
  | 'technicals'
  | 'expirations'
  | 'expiry'
  /** When a named expiration is: `how many dte on the monthly`. */
  | 'expiryDate'
  | 'chain'
  | 'walls'
  | 'maxPain'
  | 'expectedMove'
  | 'putCall'
  | 'bundle'
  | 'market';

export type Field =
  | 'ohlc'
  | 'open'
  | 'high'
  | 'low'
  | 'close'
  | 'previousClose'
  | 'volume'
  | 'averageVolume'
  | 'bid'
  | 'ask'
  | 'change'
  | 'week52High'
  | 'week52Low';

/** A figure of one option contract. */
export type ContractField =
  'bid' | 'ask' | 'last' | 'delta' | 'gamma' | 'theta' | 'vega' | 'iv' | 'volume' | 'openInterest';

/** What a ranking goes by, besides price changes: the largest, the smallest, the nearest, the farthest. */
export type Extreme = 'highest' | 'lowest' | 'nearest' | 'farthest';

export type MovingAverage = `${'sma' | 'ema'}${AverageWindow}`;
export type Indicator = 'rsi14' | 'macd' | MovingAverage;

/** `it` stands for a symbol, `one` (its) also beside one. `many`: they, their. A number: both, the three. */
export type Pronoun = 'it' | 'one' | 'many' | 2 | 3;

export type Meaning =
  | { is: 'filler' | 'joiner' | 'refused' | 'held' | 'mayCall' | 'dataOnly' | 'followUp' | 'compare' | 'openState' }
  | { is: 'topic'; topic: Topic }
  | { is: 'field'; fields: Field[] }
  | { is: 'interval'; interval: BarInterval }
  | { is: 'side'; side: Side | 'both' }
  | { is: 'column'; columns: ContractField[] }
  | { is: 'strikes'; strikes: number | 'all' }
  | { is: 'strike'; strike: 'atm' }
  | { is: 'extreme'; extreme: Extreme }
  | { is: 'indicator'; indicators: Indicator[] }
  | { is: 'relation'; relation: 'above' | 'below' }
  | { is: 'rank'; rank: 'gainer' | 'loser' }
  | { is: 'pronoun'; pronoun: Pronoun };

const MOST_WORDS_IN_A_PHRASE = 10;

/**
 * `meaning: phrase, phrase, …`, one meaning a line, phrases in the lexer's normal form. A meaning with values has them
 * after a dot, several apart by `+`.
 */
export const PHRASES = `
filler: please, pls, plz, show, show me, give, give me, get, get me, tell me, what, whats, what is the, what are, is, are, was, were, the, a, an, of, for, on, in, at, to, by, with
filler: can you, could you, would you please, can you please, can you show me, can you give me, i want, i want to see, i need, i would like, i would like to see, id like, can i see, can i get, can i have, could i get, let me see, let me have, for me, lets see, do we have, you have
filler: see, check, check on, pull, pull up, look up, fetch, display, list, print, hi, hey, hello, thanks, thank you, good morning, how, hows, has, have, had, been, does, did, how do, right now, now, currently, current, latest, as of, as of now
filler: stock, stocks, share, shares, a share of, what is a share of, ticker, tickers, symbol, symbols, equity, equities, company, inc, corp, corporation, just, quick, quickly, data, info, information, figures, numbers, numbers for, values, value, which, where, wheres, there, so far, over, during, us dollars, usd, real quick
filler: either, either of, who, whos, who has, which one, which one is, which one has, which ones, which ones are, are we in, we in, now in, any of
filler: much, far, use, using, provide, based on, from, out of, among, between, each, respectively, percent, then, including, include, with its, with the, listed, in new york, eastern, with zone, row, rows, daily rows
refused: gamma wall, gamma walls, gamma exposure, delta wall, vanna wall
refused: return on equity, return on assets, return on investment, return on, how close, close to, with high volume, with low volume, what moved, what moves, target price, price target, price targets, target prices, what is a, what is an, whats a, how do i, how can i, how to, what do, what does it do, stock exchange symbol
joiner: and, or, plus
followUp: what about, how about, same, same for, same thing for, the same for, the same, do the same for, also, also for, likewise, ditto, ditto for, as well, too, and now
compare: compare, comparison, compared to, compared with, versus, vs, against, head to head, side by side
held: no tool calls, no tool call, no tools, without tool calls, without tools, without a tool call, make no tool calls, without fetching, do not fetch, no fetching, no new data, no new calls, no provider calls
held: already here, already have, already fetched, already shown, we have, we already have, what we have, what is here, existing data, available data, all available data, data above, chains above, chain above, chains shown, data at hand, at hand, in this conversation, of this conversation, this conversation, this session data, from above
dataOnly: data only, only data, only the data, no analysis, without analysis, no commentary, numbers only, figures only, only numbers, only the numbers, just data, just the data, no prose
mayCall: make tool calls only if needed, tool calls only if needed, only if needed, if needed
openState: is it open, is it closed, is it open now, is it still open
topic.price: price, prices, stock price, stock prices, share price, share prices, current price, current prices, last, trading, trading at, trade at, trading for, trades at, trade, traded, traded at, worth, going for, doing, cost, costs, last price, last trade, last traded, spot, spot price
topic.quote: quote, quotes, stock quote, real time quote, price now, quoted
topic.performance: performance, return, perform, performed, performing, do, done, price performance, performance ohlc, returns, fare, fared, price action
topic.history: history, price history, historical prices, historical price, historical data, history of, bar, bars, candle, candles, candlesticks, chart, charts, daily prices, closing prices, ohlc bars, ohlcv bars, price chart, daily closes
topic.ta: technical indicators, all indicators, all technical indicators, all the indicators, indicators, indicator, technicals, technical analysis indicators, ta, ta indicators, technical data, oscillators
topic.levels: support and resistance, supports and resistances, resistance and support, support resistance, support, supports, resistance, resistances, support level, support levels, resistance level, resistance levels, support and resistance levels, levels, key levels, price levels
topic.technicals: technical analysis, technical picture, technical outlook, analyse, analyze, analysis, ta analysis, trend, trends, volatility, momentum, pattern, patterns, trading patterns, chart patterns, technical view
topic.expirations: expirations, expiration dates, exp dates, exps, option exp dates, option expirations, option expiration dates, options expiration dates, options expirations, expiries, expiry dates, option expiries, option dates, option expirations dates, option expiration, how many expirations, how many expiration dates, how many option expirations, expirations dates, expiration calendar
topic.expiryDate: when is, when is the, what date is, what date is the, how many dte, how many dte on, how many dte on the, dte on, dte of, dte for, how many days to, how many days until, days to expiration, days to expiry, how many days to expiration, how many days to expiry
topic.expiry: expiration, expiration date, expiry, expiry date, exp, expire, expires, expiring, expiring on, that expire, when do, when does, due
topic.chain: option chain, options chain, option chains, options chains, chain, chains, options, option, option contracts, contracts
topic.walls: wall, walls, option wall, option walls, options walls, options wall, open interest walls, oi walls, biggest wall, largest wall
topic.maxPain: max pain, maximum pain
topic.expectedMove: expected move, exp move, implied move, expected range, straddle move
topic.putCall: put call ratio, put to call ratio, p c ratio, pcr, put call open interest ratio, put call volume ratio, put call
topic.bundle: overview, bundle, snapshot, full picture, whole picture, everything on, everything about, summary of, tell me about, full overview, stock overview, all data on
topic.market: market, markets, stock market, stock markets, us market, us markets, market status, the nyse, is nyse, is the nasdaq, wall street, stock exchange, exchange, market hours, trading hours, market time, market clock, time, what time is it, exchange time, new york time, time in new york, time is it in new york, next change, next change of state, next open, next close, opening bell, closing bell, premarket, pre market, after hours, afterhours, when does it, when does the market, when do markets, when do the markets, when does trading, status, is trading open, is trading closed, is trading still open, how long until the close, how long until the open, how long till the close, how long till the open
field.ohlc: ohlc, ohlcv, open high low close, open high low and close, open high low close volume, open high low close and volume, o h l c
field.open: open, opened, opens, opening, opening price, opening prices, open at
field.high: high, highs, day high, intraday high, high of the day, highest price, session high
field.low: low, lows, day low, intraday low, low of the day, lowest price, session low
field.high+low: range of the day, day range, high and low, highs and lows
field.close: close, closed, closes, closing, closing price, close at, closed at, closing level
field.previousClose: previous close, prior close, prev close, last close
field.volume: volume, volumes, vol, shares traded, trading volume
field.averageVolume: average volume, average vol, average daily volume, adv
field.bid: bid, bid price, bids
field.ask: ask, ask price, asks
field.bid+ask: bid ask, bid and ask, bid ask spread quote
field.change: change, changes, day change, net change, percent change, change percent, change in percent, up, down, move, moved, moves, gain, gained, gains, lost, up or down, green, red, green or red, in the green, in the red
field.week52High: 52 week high, 52 week highs, 52w high, 52wk high, 52 wk high, 52 w high, 52wk hi, year high, yearly high
field.week52Low: 52 week low, 52 week lows, 52w low, 52wk low, 52 wk low, 52 w low, 52wk lo, year low, yearly low
field.week52High+week52Low: 52 week range, 52 week high and low, 52 week low and high, 52w range, 52 week high low, 52wk range, 52 wk range
interval.day: daily, daily bars, daily candles, by day, day bars
interval.week: weekly, weekly bars, weekly candles, by week, week bars
interval.month: monthly, monthly bars, monthly candles, by month, month bars
side.call: call, calls, call option, call options, call side, call option chain, call options chain, call chain
side.put: put, puts, put option, put options, put side, put option chain, put options chain, put chain
side.both: both sides, both chains, calls and puts, puts and calls, call and put, put and call, call and put chains, call and put option chains, call and put options, both call and put, both calls and puts, both option chains, both options chains
column: strikes, strikes in, show strikes in, by strike, per strike
column.delta: delta, deltas
column.gamma: gamma
column.theta: theta
column.vega: vega
column.delta+gamma+theta+vega: greeks
column.iv: iv, ivs, implied volatility, implied vol, implied vols
column.openInterest: oi, open interest
strike.atm: atm, at the money, at the money strike, atm strike
extreme.highest: highest, the highest, higher, most, the most, the higher, biggest, largest, greatest, larger, bigger, more
extreme.lowest: lowest, the lowest, lower, least, the least, the lower, smallest, smaller, less
extreme.nearest: closest to, nearest to, nearer to, closer to, nearer, nearest its, closest its
extreme.farthest: furthest from, farthest from, farther from, further from, furthest below, farthest below
strikes.all: all strikes, every strike, all the strikes, full chain, whole chain, entire chain, complete chain
indicator.rsi14: rsi, rsi 14, 14 day rsi, relative strength index, rsi14
indicator.macd: macd, macd histogram, macd line, macd signal, signal, signal line, histogram, signal and histogram
indicator.sma5+sma10+sma20+sma50+sma200+ema5+ema10+ema20+ema50+ema200: moving averages, moving average, averages, mas
indicator.sma5+sma10+sma20+sma50+sma200: sma, smas, simple moving averages
indicator.ema5+ema10+ema20+ema50+ema200: ema, emas, exponential moving averages
relation.above: above, all above, over its, higher than its, trading above, over the average
relation.below: below, all below, under, under its, lower than its, beneath, trading below
rank.gainer: biggest gainer, top gainer, largest gainer, best performer, up most, up the most, up more, gained most, gained the most, gained more, best performing, best of, who is up most, who is up the most, who is up more, who gained most, who gained the most, who did best, did best, doing best, did better, doing better, performed best, performed better, strongest, biggest winner, is the winner, biggest mover up
rank.loser: biggest loser, top loser, largest loser, worst performer, down most, down the most, down more, lost most, lost the most, lost more, worst performing, worst of, who is down most, who is down the most, who lost most, who lost the most, who did worst, did worst, doing worst, did worse, doing worse, performed worst, performed worse, weakest
pronoun.it: it
pronoun.one: its, the stock, same stock, that stock, this stock, same symbol, that one
pronoun.many: they, them, their, these, those, all of them
pronoun.2: both, the two, both of them, these two, those two, the pair
pronoun.3: the three, all three, these three, those three, all three of them
`;

/** Words that hint at the next size of a wall: harmless beside `wall`, a ranking elsewhere. */
const WALL_PHRASES = ['biggest', 'largest', 'main', 'key', 'strongest', 'highest', 'where is the', 'top'].flatMap(
  (size) => [
    `${size} call wall=side.call`,
    `${size} put wall=side.put`,
    `${size} call walls=side.call`,
    `${size} put walls=side.put`,
    `${size} wall=`,
    `${size} walls=`,
  ],
);

const WINDOW_PATTERN =
  /^(\d+) ?(?:(?:days?|d|periods?|sessions?) )?(?:(simple|exponential) )?(moving averages?|averages?|avg|smas?|emas?|mas?|dma)\b/;
const NAMED_WINDOW_PATTERN = /^(sma|ema|ma) ?(\d+)\b/;
const BARE_WINDOW_PATTERN = /^(\d+) ?(?:days?|d|dma)\b/;
const MACD_PATTERN = /^macd 12 ?[/,] ?26 ?[/,] ?9/;
const WINDOWS = AVERAGE_WINDOWS.map((window): AverageWindow => `${window}`);
const WINDOW_LIST_PATTERN = new RegExp(
  `^(?:(?:${WINDOWS.join('|')})(?: ,| and| , and| /)? ){2,4}(?:${WINDOWS.join('|')})(?= |$)`,
);
const STRIKES_PATTERN =
  /^(\d+) (?:strikes? )?(?:above|up|higher)(?: the spot)?(?: ,| and| ;| \/)? \1(?: strikes?)? (?:below|down|lower)(?: the spot)?|^(\d+) strikes?(?: (?:above|up)(?: ,| and)? below| (?:on )?(?:each|either) side| around(?: the)? spot| around the money)?/;

export interface PhraseMatch {
  /** Several where one phrase says two things, as `biggest call wall`. */
  meanings: Meaning[];
  /** Words taken, marks included. */
  length: number;
}

export interface Vocabulary {
  /** The longest known phrase that starts at a word. */
  matchPhrase(words: readonly string[], start: number): PhraseMatch | undefined;
  /** `200 day`, `50d`: an average where a comparison came before, a range elsewhere. */
  matchBareWindow(words: readonly string[], start: number): PhraseMatch | undefined;
  /** Known single words, for "did you mean". */
  singleWords(): string[];
}

const ALL_AVERAGES = [
  ...WINDOWS.map((window): MovingAverage => `sma${window}`),
  ...WINDOWS.map((window): MovingAverage => `ema${window}`),
];

/** Builds the look-up of phrases, once per planner and on first use. */
export function createVocabulary(): Vocabulary {
  const phrases = new Map<string, Meaning[]>();
  for (const line of PHRASES.trim().split('\n')) {
    const [meaning = '', list = ''] = line.split(': ', 2);
    const meanings = [parseMeaning(meaning)];
    for (const phrase of list.split(', ')) phrases.set(phrase, meanings);
  }
  for (const entry of WALL_PHRASES) {
    const [phrase = '', side = ''] = entry.split('=');
    phrases.set(phrase, [{ is: 'topic', topic: 'walls' }, ...(side === '' ? [] : [parseMeaning(side)])]);
  }

  const listed = (words: readonly string[], start: number): PhraseMatch | undefined => {
    for (let length = Math.min(MOST_WORDS_IN_A_PHRASE, words.length - start); length > 0; length--) {
      const meanings = phrases.get(words.slice(start, start + length).join(' '));
      if (meanings !== undefined) return { meanings, length };
    }
    return undefined;
  };

  return {
    singleWords: () => [...phrases.keys()].filter((phrase) => !phrase.includes(' ')),
    matchBareWindow(words, start) {
      const bare = BARE_WINDOW_PATTERN.exec(words.slice(start, start + 2).join(' '));
      return bare === null ? undefined : averageMatch('sma', bare[1] ?? '', bare[0].split(' ').length);
    },
    matchPhrase(words, start) {
      const candidates = [listed(words, start), matchNumberPhrase(words, start)];
      return candidates.reduce(
        (best, match) => (match !== undefined && match.length > (best?.length ?? 0) ? match : best),
        undefined,
      );
    },
  };
}

/** Strike counts and moving averages, which hold a number. */
function matchNumberPhrase(words: readonly string[], start: number): PhraseMatch | undefined {
  if (!hasDigit(words[start]) && !hasDigit(words[start + 1])) return undefined;
  const text = words.slice(start, start + 10).join(' ');
  const taken = (match: RegExpExecArray): number => match[0].split(' ').length;
  const strikes = STRIKES_PATTERN.exec(text);
  if (strikes !== null)
    return { meanings: [{ is: 'strikes', strikes: Number(strikes[1] ?? strikes[2]) }], length: taken(strikes) };
  const macd = MACD_PATTERN.exec(text);
  if (macd !== null) return { meanings: [{ is: 'indicator', indicators: ['macd'] }], length: taken(macd) };
  const windows = WINDOW_LIST_PATTERN.exec(text);
  if (windows !== null)
    return { meanings: [{ is: 'indicator', indicators: [...ALL_AVERAGES] }], length: taken(windows) };
  const windowFirst = WINDOW_PATTERN.exec(text);
  if (windowFirst !== null) {
    const [, window = '', style, kind = ''] = windowFirst;
    return averageMatch(style === 'exponential' || kind.startsWith('ema') ? 'ema' : 'sma', window, taken(windowFirst));
  }
  const named = NAMED_WINDOW_PATTERN.exec(text);
  if (named !== null) return averageMatch(named[1] === 'ema' ? 'ema' : 'sma', named[2] ?? '', taken(named));
  return undefined;
}

function hasDigit(word = ''): boolean {
  return /\d/.test(word);
}

function averageMatch(kind: 'sma' | 'ema', window: string, length: number): PhraseMatch | undefined {
  const known = WINDOWS.find((each) => each === window);
  return known === undefined ? undefined : { meanings: [{ is: 'indicator', indicators: [`${kind}${known}`] }], length };
}

function parseMeaning(text: string): Meaning {
  const [is = '', value = ''] = text.split('.');
  switch (is) {
    case 'topic':
      return { is, topic: value as Topic };
    case 'field':
      return { is, fields: value.split('+') as Field[] };
    case 'interval':
      return { is, interval: value as BarInterval };
    case 'side':
      return { is, side: value as Side | 'both' };
    case 'column':
      return { is, columns: value === '' ? [] : (value.split('+') as ContractField[]) };
    case 'strikes':
      return { is, strikes: 'all' };
    case 'strike':
      return { is, strike: 'atm' };
    case 'extreme':
      return { is, extreme: value as Extreme };
    case 'indicator':
      return { is, indicators: value.split('+') as Indicator[] };
    case 'relation':
      return { is, relation: value as 'above' | 'below' };
    case 'rank':
      return { is, rank: value as 'gainer' | 'loser' };
    case 'pronoun':
      return { is, pronoun: /\d/.test(value) ? (Number(value) as Pronoun) : (value as Pronoun) };
    default:
      return { is } as Meaning;
  }
}
