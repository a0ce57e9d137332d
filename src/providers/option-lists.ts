// The order in which both providers hand out option lists, whatever order and repetitions the wire has.
import { expirationKindOf, volatilityExpirationKindOf } from '../domain/calendar.ts';
import { addDays, weekdayOf } from '../domain/exchange-time.ts';
import { isVolatilityIndex, optionRootOf, rootInOptionSymbol } from '../domain/symbols.ts';
import type { Expiration, ExpirationKind, IsoDate, OptionQuote, OptionSymbol, TickerSymbol } from '../domain/types.ts';

const SATURDAY = 6;
const KIND_RANK: Record<ExpirationKind, number> = { monthly: 0, quarterly: 1, weekly: 2, daily: 3 };

/** The root inside an OCC symbol, or the underlying's own where the provider's symbol is none. */
export function rootOfOption(symbol: OptionSymbol, underlying: TickerSymbol): string {
  return rootInOptionSymbol(symbol) ?? optionRootOf(underlying);
}

/** What an expiration is by its date. Until 2015 options expired on the Saturday after their last trading Friday. */
export function deriveExpirationKind(date: IsoDate, underlying: TickerSymbol): ExpirationKind {
  if (isVolatilityIndex(underlying)) return volatilityExpirationKindOf(date);
  return expirationKindOf(weekdayOf(date) === SATURDAY ? addDays(date, -1) : date);
}

/** Ascending, each date once. A date that several roots share (SPX and SPXW) is of the rarer kind. */
export function mergeExpirations(expirations: readonly Expiration[]): Expiration[] {
  const byDate = new Map<IsoDate, Expiration>();
  for (const expiration of expirations) {
    const known = byDate.get(expiration.date);
    if (known === undefined || KIND_RANK[expiration.kind] < KIND_RANK[known.kind])
      byDate.set(expiration.date, expiration);
  }
  return [...byDate.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
}

/** Ascending by strike, at one strike calls before puts, then by root; a contract listed twice counts once. */
export function sortChain(contracts: readonly OptionQuote[]): OptionQuote[] {
  const bySymbol = new Map<OptionSymbol, OptionQuote>();
  for (const contract of contracts) {
    const other = bySymbol.get(contract.symbol);
    bySymbol.set(contract.symbol, other === undefined ? contract : newerOf(other, contract));
  }
  return [...bySymbol.values()].sort(
    (a, b) => a.strike - b.strike || compare(a.side, b.side) || compare(a.root, b.root) || compare(a.symbol, b.symbol),
  );
}

/** The one that traded last; of equals always the same one, whichever came first. */
function newerOf(a: OptionQuote, b: OptionQuote): OptionQuote {
  const [tradedA, tradedB] = [a.tradedAt ?? 0, b.tradedAt ?? 0];
  if (tradedA !== tradedB) return tradedA > tradedB ? a : b;
  return JSON.stringify(a) >= JSON.stringify(b) ? a : b;
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
