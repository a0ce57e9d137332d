// What is held, as it stands in the book: shares and contracts with their whole cost. Hides how entries are checked that
// people write by hand, and how they get their ids. Prices are no part of it.
import { isTradingDay } from '../domain/calendar.ts';
import { ConfigError, NoDataError } from '../domain/errors.ts';
import { isValidDate } from '../domain/exchange-time.ts';
import { canonicalTicker, isOptionSymbol, parseOptionSymbol } from '../domain/symbols.ts';
import type { IsoDate, TickerSymbol } from '../domain/types.ts';
import type { Book } from './book-file.ts';
import { entriesOf, nextId, numberIn } from './entries.ts';

/** A negative quantity is short; `cost` is the total in dollars with its sign, contracts with their 100. */
export interface Holding {
  /** A ticker, or the OCC symbol of a contract. */
  symbol: TickerSymbol;
  quantity: number;
  cost: number;
  opened?: IsoDate;
}

export interface HeldPosition extends Holding {
  id: number;
}

/** Shares that one contract of the standard size delivers. */
export const CONTRACT_SHARES = 100;

export function multiplierOf(symbol: string): number {
  return isOptionSymbol(symbol) ? CONTRACT_SHARES : 1;
}

/** Until then monthly options were dated the Saturday after their last day. */
const LAST_SATURDAY = '2015-01-17';

/** Why there can be no such contract, whatever is listed; undefined where there may be one. */
export function whyImpossible(symbol: string): string | undefined {
  if (!isOptionSymbol(symbol)) return undefined;
  const { expiration } = parseOptionSymbol(symbol);
  return isTradingDay(expiration) || expiration <= LAST_SATURDAY
    ? undefined
    : `no options expire on ${expiration}, which is not a trading day`;
}

/** Total of a price a share, without the noise of binary fractions. */
export function costOf({ symbol, quantity, price }: { symbol: string; quantity: number; price: number }): number {
  return Number((quantity * price * multiplierOf(symbol)).toPrecision(12));
}

/** @throws ConfigError for an entry that is none, saying which */
export function listPositions(book: Book): HeldPosition[] {
  return entriesOf(book, 'positions').map(({ id, entry, name }) => {
    const fail = (why: string, example = '"NVDA", "quantity": 100, "cost": 18050'): ConfigError =>
      new ConfigError(`book: ${name}: ${why}`, {
        hint: `write it as {"symbol": ${example}} in book.json; it was left unchanged`,
      });
    const written = entry['symbol'];
    const spelled = typeof written === 'string' ? written.trim() : '';
    // The OCC's padding and Polygon's prefix.
    const bare = spelled.toUpperCase().replace(/^O:/, '').replaceAll(' ', '');
    const symbol = isOptionSymbol(bare) ? bare : canonicalTicker(spelled);
    if (symbol === undefined || symbol === '')
      throw fail(
        'symbol is neither a ticker nor the OCC symbol of a contract',
        '"NVDA261218C00450000", "quantity": -2, "cost": -1060',
      );
    const [quantity, cost] = [numberIn(entry['quantity']), numberIn(entry['cost'])];
    if (quantity === undefined || quantity === 0) throw fail('quantity is not a number of shares or contracts');
    if (cost === undefined) throw fail('cost is not an amount in dollars');
    if (cost * quantity < 0)
      throw fail('cost must have the sign of quantity', '"NVDA", "quantity": -100, "cost": -18050');
    const { opened } = entry;
    if (opened !== undefined && !(typeof opened === 'string' && isValidDate(opened)))
      throw fail('opened is not a date (YYYY-MM-DD)');
    return { id, symbol, quantity, cost, ...(opened === undefined ? {} : { opened }) };
  });
}

/** @returns with their ids */
export function addPositions(book: Book, holdings: readonly Holding[]): HeldPosition[] {
  listPositions(book);
  const kept = entriesOf(book, 'positions');
  const first = nextId(kept);
  const added = holdings.map(({ symbol, quantity, cost, opened }, index) => ({
    id: first + index,
    symbol,
    quantity,
    cost,
    ...(opened === undefined ? {} : { opened }),
  }));
  if (added.length > 0) book['positions'] = [...kept.map(({ id, entry }) => ({ id, ...entry })), ...added];
  return added;
}

/** @throws NoDataError naming the ids that there are */
export function removePosition(book: Book, id: number): HeldPosition {
  const held = listPositions(book);
  const found = held.find((position) => position.id === id);
  if (found === undefined)
    throw new NoDataError(`positions: no position ${id}`, {
      hint: held.length === 0 ? 'there are no positions' : `the ids are ${held.map((each) => each.id).join(', ')}`,
    });
  book['positions'] = entriesOf(book, 'positions')
    .filter((each) => each.id !== id)
    .map((each) => ({ id: each.id, ...each.entry }));
  return found;
}

/** Those of `holdings` that are not held already, each as often as it comes more. */
export function withoutHeld(book: Book, holdings: readonly Holding[]): Holding[] {
  const keyOf = ({ symbol, quantity, cost, opened = '' }: Holding): string =>
    [symbol, quantity, cost, opened].join(' ');
  const held = new Map<string, number>();
  for (const position of listPositions(book)) held.set(keyOf(position), (held.get(keyOf(position)) ?? 0) + 1);
  return holdings.filter((holding) => {
    const left = held.get(keyOf(holding)) ?? 0;
    if (left > 0) held.set(keyOf(holding), left - 1);
    return left === 0;
  });
}
