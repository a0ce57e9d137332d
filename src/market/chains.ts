// Option chains and their expirations as things that can be held. Hides what stands in where a provider sends a chain
// without bids, asks or greeks off hours: the last good snapshot of it, which says so.
import { closeOf, lastFinishedSession, sessionAt } from '../domain/calendar.ts';
import { NoDataError } from '../domain/errors.ts';
import { formatExchangeIso } from '../domain/exchange-time.ts';
import type { EpochMs, Expiration, IsoDate, OptionChain, OptionQuote, TickerSymbol } from '../domain/types.ts';
import { type Need, titleOf } from './access.ts';

/** `snapshot`: the figures are older than the entry that holds them. */
export interface HeldChain extends OptionChain {
  snapshot?: { fetchedAt: EpochMs; asOf: EpochMs };
}

export function expirationsOf(symbol: TickerSymbol): Need<Expiration[]> {
  return {
    kind: 'expirations',
    name: symbol,
    symbol,
    async fetch(provider, request) {
      const fetched = await provider.fetchExpirations(symbol, request.call);
      if (fetched.value.length > 0) return fetched;
      throw new NoDataError(`${symbol}: no listed options at ${titleOf(provider.name)}`, {
        symbol,
        hint: 'check the symbol; many small companies have no options',
      });
    },
    asOf: (_value, fetchedAt) => fetchedAt,
  };
}

export function chainOf(symbol: TickerSymbol, expiration: IsoDate): Need<HeldChain> {
  return {
    kind: 'chain',
    name: `${symbol}:${expiration}`,
    symbol,
    async fetch(provider, request) {
      const fetched = await provider.fetchChain(symbol, expiration, request.call);
      if (fetched.value.contracts.length > 0) return fetched;
      throw new NoDataError(`${symbol} ${expiration}: no option chain at ${titleOf(provider.name)}`, {
        symbol,
        hint: `fin expirations ${symbol} lists the real ones`,
      });
    },
    asOf: (value, fetchedAt) => value.snapshot?.asOf ?? tradedAt(fetchedAt),
    fetchedAt: (value) => value.snapshot?.fetchedAt,
    choose: (fetched, held, now) => {
      if (sessionAt(now) === 'regular' || !lacksWhatIsHeld(fetched, held.value)) return fetched;
      return { ...held.value, snapshot: held.value.snapshot ?? { fetchedAt: held.fetchedAt, asOf: held.asOf } };
    },
    notes: ({ snapshot }) =>
      snapshot === undefined
        ? []
        : [
            `stale: bids, asks and greeks are the last snapshot’s, fetched ${formatMinute(snapshot.fetchedAt)}: none are sent while the market is closed`,
          ],
  };
}

/** Option prices stand still outside the regular session: they are as of its close. */
function tradedAt(instant: EpochMs): EpochMs {
  return sessionAt(instant) === 'regular' ? instant : closeOf(lastFinishedSession(instant));
}

function lacksWhatIsHeld(fetched: OptionChain, held: OptionChain): boolean {
  return [isQuoted, hasGreeks].some((has) => held.contracts.some(has) && !fetched.contracts.some(has));
}

/** A last price stays from day to day; bids and asks are what goes away at night. */
function isQuoted({ bid = 0, ask = 0 }: OptionQuote): boolean {
  return bid > 0 || ask > 0;
}

function hasGreeks({ iv = 0, delta = 0 }: OptionQuote): boolean {
  return iv !== 0 || delta !== 0;
}

function formatMinute(instant: EpochMs): string {
  return `${formatExchangeIso(instant).slice(0, 16).replace('T', ' ')} ET`;
}
