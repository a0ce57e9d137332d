// What the planner cannot know or must not do, by the words that ask for it, and the nearest question that it does answer:
// with the reader's own symbols and words, tried before it is offered.
import type { TickerSymbol } from '../../domain/types.ts';
import type { Background } from './follow-up.ts';
import { type Refusal, notUnderstood } from './query.ts';
import type { Reading, Token } from './read.ts';

/** Why a kind of word is refused, and what fin can say instead of a symbol. */
const REASONS: Readonly<Record<string, readonly [why: string, instead: (symbol: TickerSymbol) => string]>> = {
  forecast: ['fin does not forecast', (symbol) => `expected move of ${symbol} friday`],
  advice: ['fin gives no advice', (symbol) => `technical analysis of ${symbol}`],
  order: ['fin places no orders', (symbol) => `bid and ask of ${symbol}`],
  news: ['it knows prices, not their reasons', (symbol) => `how did ${symbol} do last week`],
  events: ['it has no earnings, dividends or splits', (symbol) => `option expirations of ${symbol}`],
  fundamentals: ['it has market data, no company figures', (symbol) => `52 week range of ${symbol}`],
  position: ['it does not know what you hold', (symbol) => `price of ${symbol}`],
  alert: ['it answers once and watches nothing', (symbol) => `price of ${symbol}`],
  strategy: ['it prices single contracts, no strategies', (symbol) => `${symbol} option chain friday`],
  scan: ['it compares symbols that are named', (symbol) => `biggest gainer among ${symbol}, MSFT and AMD`],
  index: ['the market has no price of its own', () => 'how did SPY do last week'],
  intraday: ['it has daily bars, nothing shorter', (symbol) => `${symbol} last 5 trading days`],
  elsewhere: ['it knows US stocks, funds and their options', (symbol) => `price of ${symbol}`],
  exposure: ['it knows walls by open interest only', (symbol) => `option walls of ${symbol} friday`],
  days: ['it counts days and finds the best one, it lists none', (symbol) => `${symbol} daily bars past month`],
  allTime: ['it holds some years, not all time', (symbol) => `how far is ${symbol} from its 52 week high`],
  not: ['it cannot leave things out', (symbol) => `price of ${symbol}`],
};
const ASIDES = new Set(['forecast', 'advice', 'order', 'news', 'position', 'alert']);
const EXAMPLE: TickerSymbol = 'SPY';

/** A word that stands for something beyond the data. */
export function refuseWord({ text, why }: Token & { is: 'refuse' }, symbols: readonly TickerSymbol[]): Refusal {
  const [reason, instead] = REASONS[why] ?? ['it does not know that', () => 'price of SPY'];
  return {
    ...notUnderstood(`"${text}": ${reason}`),
    ...(ASIDES.has(why) ? { isAside: true as const } : {}),
    ...(why === 'not' ? {} : { instead: instead(symbols[0] ?? EXAMPLE) }),
  };
}

/** A question near one that is refused, which `isUnderstood`; the least is left out that must be. */
export function suggestInstead(
  { tokens }: Reading,
  { symbolSets }: Background,
  isUnderstood: (question: string) => boolean,
): string | undefined {
  const symbol = tokens.find((token) => token.is === 'symbol')?.symbol ?? symbolSets.at(-1)?.[0];
  const spelled = tokens.flatMap((token) => {
    if (token.is === 'doubt') return [token.candidates[0]?.symbol ?? ''];
    return ['unknown', 'refuse', 'unclear', 'follow', 'correct', 'held'].includes(token.is) ? [] : [token.text];
  });
  const sentence = (words: readonly string[]): string => words.join(' ').replaceAll(/ (?=[,;:])/g, '');
  const attempts = [
    spelled,
    ...spelled.map((_, left) => spelled.filter((_word, index) => index !== spelled.length - 1 - left)),
    ...spelled.map((_, from) => spelled.slice(0, spelled.length - from)),
  ].map(sentence);
  const withSymbol =
    symbol === undefined
      ? attempts.map((each) => `${each} of ${EXAMPLE}`)
      : attempts.map((each) => `${each} of ${symbol}`);
  const hasSymbol = tokens.some(({ is }) => is === 'symbol' || is === 'doubt');
  const candidates = hasSymbol ? attempts : [...withSymbol, ...attempts];
  const found = candidates.find((each) => each.length <= MAX_CHARS && /[a-z]/i.test(each) && isUnderstood(each));
  const fallback = `price of ${symbol ?? EXAMPLE}`;
  return found ?? fallback;
}

/** With what stands around it, a line of a hundred columns. */
const MAX_CHARS = 70;
