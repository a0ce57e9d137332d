// What the planner cannot know or must not do, by the words that ask for it, and what it knows of a symbol instead, for a
// question of which nothing else is understood.
import type { TickerSymbol } from '../../domain/types.ts';
import { type Refusal, notUnderstood } from './query.ts';
import type { Token } from '../words/tokens.ts';

/** Why a kind of word is refused, and what fin can say instead of a symbol. */
const REASONS: Readonly<Record<string, readonly [why: string, instead: (symbols: string) => string]>> = {
  forecast: ['fin does not forecast', (symbol) => `expected move of ${symbol} friday`],
  advice: ['fin gives no advice', (symbol) => `technical analysis of ${symbol}`],
  order: ['fin places no orders', (symbol) => `bid and ask of ${symbol}`],
  news: ['it knows prices, not their reasons', (symbol) => `how did ${symbol} do today`],
  events: [
    'it has the dates of earnings, dividends and splits, no more of them',
    (symbol) => `last earnings of ${symbol}`,
  ],
  fundamentals: ['it has market data, no company figures', (symbol) => `52 week range of ${symbol}`],
  correlation: ['it computes no correlation', (symbol) => `${symbol} past year`],
  position: ['for what you hold ask "my positions"', (symbol) => `price of ${symbol}`],
  alert: ['a question sets no alert, fin alert add does', (symbol) => `price of ${symbol}`],
  strategy: ['it prices a strategy that is named, it chooses none', (symbol) => `${symbol} covered call`],
  scan: ['it compares symbols that are named', (symbol) => `biggest gainer among ${symbol}, MSFT and AMD`],
  index: ['the market has no price of its own', () => 'how did SPY do last week'],
  intraday: ['it has daily bars, nothing shorter', (symbol) => `${symbol} last 5 trading days`],
  elsewhere: ['it knows US stocks, funds and their options', (symbol) => `price of ${symbol}`],
  exposure: ['it knows walls by open interest only', (symbol) => `option walls of ${symbol} friday`],
  days: ['it counts days and finds the best one, it lists none', (symbol) => `${symbol} daily bars past month`],
  allTime: ['it holds some years, not all time', (symbol) => `how far is ${symbol} from its 52 week high`],
  settlement: ['it does not know how contracts settle', (symbol) => `option expirations of ${symbol}`],
  reinvested: ['its returns are of prices, without dividends', (symbol) => `${symbol} past year`],
  each: ['it lists days by what happened on them', (symbol) => `${symbol} daily bars past month`],
  not: ['it cannot leave things out', (symbol) => `price of ${symbol}`],
};
/** The same where nothing was named. */
const OF_NOTHING: Readonly<Record<string, string>> = { position: 'my positions', scan: 'top gainers' };
/** Funds that follow what has no price here. */
const FOLLOWERS: readonly (readonly [RegExp, TickerSymbol])[] = [
  [/gold/, 'GLD'],
  [/silver/, 'SLV'],
  [/oil/, 'USO'],
  [/bitcoin|crypto/, 'IBIT'],
  [/treasury|rate/, 'TLT'],
  [/futures?/, 'SPY'],
];
const ASIDES = new Set(['forecast', 'advice', 'order', 'news', 'position', 'alert']);

/** A word that stands for something beyond the data. */
export function refuseWord({ text, why }: Token & { is: 'refuse' }, symbols: readonly TickerSymbol[]): Refusal {
  const [reason, instead] = REASONS[why] ?? ['it does not know that', () => 'price of SPY'];
  const [, fund] = why === 'elsewhere' ? (FOLLOWERS.find(([words]) => words.test(text.toLowerCase())) ?? []) : [];
  const of = symbols.length > 0 ? [...new Set(symbols)].join(', ') : fund;
  const near = of === undefined ? OF_NOTHING[why] : instead(of);
  return {
    ...notUnderstood(`"${text}": ${reason}`),
    ...(ASIDES.has(why) ? { isAside: true as const } : {}),
    ...(near === undefined ? {} : { instead: near }),
  };
}
