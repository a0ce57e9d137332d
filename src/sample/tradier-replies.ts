// What Tradier's answers share: lists of one that are none, refusals in plain text, share classes with a slash.
// The shapes are those that its XML heritage brings.
import type { TickerSymbol } from '../domain/types.ts';
import { jsonReply, textReply } from './wire.ts';
import type { ExchangeReply } from './wire.ts';

export function invalidParameter(name: string, why: string): ExchangeReply {
  return textReply(400, `Invalid parameter, ${name}: ${why}`);
}

export const DATE_RULE = 'must be a date in the format YYYY-MM-DD';

/** One element stands alone, several are an array. */
export function collapse<T>(items: readonly T[]): T | readonly T[] {
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : items;
}

/** A list under its parent, which is null when the list is empty. */
export function listUnder(parent: string, child: string, items: readonly unknown[]): ExchangeReply {
  return jsonReply(200, { [parent]: items.length === 0 ? null : { [child]: collapse(items) } });
}

/** Tradier writes a share class with a slash and knows it in no other spelling. */
export function toWireSymbol(symbol: TickerSymbol): string {
  return symbol.replace('.', '/');
}

export function fromWireSymbol(symbol: string): TickerSymbol {
  return symbol.includes('.') ? '' : symbol.toUpperCase().replace('/', '.');
}
