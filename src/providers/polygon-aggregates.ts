// What a page of Polygon's bars says of itself: whose they are, whether splits are in them, how many there are.
// Hides which of its counts are believed.
import { isIndexSymbol } from '../domain/symbols.ts';
import type { TickerSymbol } from '../domain/types.ts';
import { symbolReader } from './quote-batch.ts';
import { asArray, badPayload, cleanText, fieldOf, type WireSource } from './wire.ts';

/**
 * `symbol` is absent for the whole market. Of one ticker `queryCount` counts what its bars were made of, which is more than
 * the bars (polygon-io/issues#4); of the whole market it is the rows. More rows than are counted miss nothing.
 * @throws BadPayloadError where the bars are another ticker's, not adjusted for splits, or fewer than it says
 */
export function checkAggregates(
  body: unknown,
  symbol: TickerSymbol | undefined,
  toWire: (symbol: TickerSymbol) => string,
  source: WireSource,
): void {
  const ticker = fieldOf(body, 'ticker');
  if (symbol !== undefined && typeof ticker === 'string' && symbolReader([symbol], toWire)(ticker) === undefined)
    throw badPayload(source, `the answer for ${symbol} is about ${cleanText(ticker, 40)}`, { field: 'ticker' });
  const rows = asArray(fieldOf(body, 'results')).length;
  if (fieldOf(body, 'adjusted') === false && rows > 0 && !(symbol !== undefined && isIndexSymbol(symbol)))
    throw badPayload(source, 'the bars are not adjusted for splits, as was asked for', { field: 'adjusted' });
  const counts = symbol === undefined ? ['resultsCount', 'queryCount'] : ['resultsCount'];
  const field = counts.find((name) => typeof fieldOf(body, name) === 'number') ?? '';
  const told = Number(fieldOf(body, field) ?? 0);
  if (told > rows) throw badPayload(source, `the list is cut off: ${rows} of ${told} rows are there`, { field });
}
