// Option chains and their expirations as things that can be held. Hides which price of the underlying is held with a
// chain, and what stands in where a provider sends one without bids, asks or greeks off hours: the last good snapshot.
import { currentPartOf, ownSpot, spotByQuote } from '../domain/chain-moment.ts';
import { NoDataError } from '../domain/errors.ts';
import { formatExchangeMinute } from '../domain/exchange-time.ts';
import { optionsPricedAt, runningOptionSession } from '../domain/option-sessions.ts';
import type { MarketMs, Expiration, IsoDate, OptionChain, OptionQuote, Quote, TickerSymbol } from '../domain/types.ts';
import { titleOf } from './access.ts';
import type { MarketRequest } from './market-data.ts';
import type { Need } from './obtain.ts';

/** `snapshot`: the figures are older than the entry that holds them. */
export interface HeldChain extends OptionChain {
  snapshot?: { fetchedAt: MarketMs; asOf: MarketMs };
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

/** A quote that is held or on its way, with the time at which it was fetched; asks no provider. */
export type QuoteBeside = (
  symbol: TickerSymbol,
  request: MarketRequest,
) => Promise<{ quote: Quote; fetchedAt: MarketMs } | undefined>;

export function chainOf(
  symbol: TickerSymbol,
  expiration: IsoDate,
  now: () => MarketMs,
  quoteBeside: QuoteBeside,
): Need<HeldChain> {
  return {
    kind: 'chain',
    name: `${symbol}:${expiration}`,
    symbol,
    async fetch(provider, request) {
      const fetched = await provider.fetchChain(symbol, expiration, request.call);
      const fetchedAt = now();
      if (fetched.value.contracts.length > 0) {
        const value = currentPartOf(fetched.value, fetchedAt);
        return { ...fetched, value: await withSpotBeside(value, () => quoteBeside(symbol, request)) };
      }
      throw new NoDataError(`${symbol} ${expiration}: no option chain at ${titleOf(provider.name)}`, {
        symbol,
        hint: `fin expirations ${symbol} shows the listed dates`,
      });
    },
    asOf: (value, fetchedAt) => value.snapshot?.asOf ?? value.pricedAt ?? optionsPricedAt(symbol, fetchedAt),
    fetchedAt: (value) => value.snapshot?.fetchedAt,
    choose: (fetched, held, now) => {
      const isTrading = runningOptionSession(symbol, now) !== undefined;
      if (isTrading || !lacksWhatIsHeld(fetched, held.value)) return fetched;
      return { ...held.value, snapshot: held.value.snapshot ?? { fetchedAt: held.fetchedAt, asOf: held.asOf } };
    },
    notes: ({ snapshot }) =>
      snapshot === undefined
        ? []
        : [
            `stale: bids, asks and greeks are from the last snapshot, fetched ${formatExchangeMinute(snapshot.fetchedAt)}: none are sent while the market is closed`,
          ],
  };
}

/**
 * Keeps with a chain the price of its own moment, so that it is there when the quote has long moved on. A spot of the
 * provider's that is of another moment stays where nothing better is there.
 */
async function withSpotBeside(chain: OptionChain, readQuote: () => ReturnType<QuoteBeside>): Promise<OptionChain> {
  const { pricedAt } = chain;
  if (pricedAt === undefined || ownSpot(chain, pricedAt) !== undefined) return chain;
  const beside = await readQuote();
  const spot = beside === undefined ? undefined : spotByQuote(beside.quote, beside.fetchedAt, pricedAt);
  if (spot === undefined) return chain;
  return { ...chain, spot: spot.price, ...(spot.asOf === undefined ? {} : { spotAsOf: spot.asOf }) };
}

/** Of other contracts, as after a split, nothing is lacking. */
function lacksWhatIsHeld(fetched: OptionChain, held: OptionChain): boolean {
  const listed = new Set(fetched.contracts.map(({ symbol }) => symbol));
  if (held.contracts.filter(({ symbol }) => listed.has(symbol)).length * 2 < held.contracts.length) return false;
  return [isQuoted, hasGreeks].some((has) => held.contracts.some(has) && !fetched.contracts.some(has));
}

/** A last price stays from day to day; bids and asks are what goes away at night. */
function isQuoted({ bid = 0, ask = 0 }: OptionQuote): boolean {
  return bid > 0 || ask > 0;
}

function hasGreeks({ iv = 0, delta = 0 }: OptionQuote): boolean {
  return iv !== 0 || delta !== 0;
}
