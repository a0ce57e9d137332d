// Dividends, splits and earnings of many symbols, headlines and searches as things that can be held.
// Hides that each list of a symbol is an entry of its own, asked for with those of the other symbols in one request.
import { BadPayloadError, NoDataError, ProviderAuthError } from '../domain/errors.ts';
import type { EventList, EventLists, Headline, Security } from '../domain/events.ts';
import type { ProviderName, TickerSymbol } from '../domain/types.ts';
import type { Fetched, Lost, Provider } from '../providers/provider.ts';
import { type Access, combineFailures, describeFallback, titleOf } from './access.ts';
import type { MarketRequest, Outcome } from './market-data.ts';
import type { Need, Topic, Unanswered } from './obtain.ts';

/** How the list of a symbol is called among what is held, and whose it is. */
export function namesOf(list: EventList): {
  nameOf(symbol: TickerSymbol): string;
  symbolOf(name: string): TickerSymbol;
} {
  return { nameOf: (symbol) => `${symbol}:${list}`, symbolOf: (name) => name.slice(0, -list.length - 1) };
}

export function eventsTopic<List extends EventList>(
  access: Access,
  list: List,
): Topic<EventLists[List], EventLists[List]> {
  type Events = EventLists[List];
  const { nameOf, symbolOf } = namesOf(list);
  const topic: Topic<Events, Events> = {
    kind: 'events',
    id: list,
    symbolOf,
    async ask(names, _held, request) {
      const symbols = names.map(symbolOf);
      const asked = await access.askInOrder('events', request, async (provider, _slot, counted) => {
        if (provider.fetchEvents === undefined) throw notOffered(list, provider, request);
        return provider.fetchEvents(list, symbols, counted.call);
      });
      const outcomes = new Map<string, Outcome<Events> | Unanswered>();
      if (!asked.ok) {
        const why = { error: combineFailures(asked.failures), absentAt: asked.absentAt };
        return new Map(names.map((name) => [name, why]));
      }
      const { value: fetched, slot, failures } = asked;
      // That a plan lacks what another provider has is not worth a note.
      const notes = failures.filter(({ code }) => code !== 'plan').map(describeFallback(slot.name));
      for (const symbol of symbols) {
        const value = fetched.value.get(symbol);
        if (value === undefined) {
          outcomes.set(nameOf(symbol), { error: failureOf(fetched, symbol, slot.name), absentAt: [] });
          continue;
        }
        const thing = { kind: 'events' as const, name: nameOf(symbol), symbol };
        const own = { value, sample: fetched.sample, lost: lostOf(fetched, symbol) };
        const envelope = await access.save(slot, thing, own, access.now());
        outcomes.set(nameOf(symbol), await topic.present(nameOf(symbol), envelope, 'live', notes, request));
      }
      return outcomes;
    },
    present: (_name, envelope, freshness, notes) => ({
      ok: true,
      value: envelope.value,
      source: access.sourceOf(envelope, freshness, notes),
    }),
  };
  return topic;
}

/** Why a symbol has no list while others have theirs. */
function failureOf(fetched: Fetched<unknown>, symbol: TickerSymbol, provider: ProviderName): BadPayloadError {
  const [why] = lostOf(fetched, symbol);
  return new BadPayloadError(why?.message ?? `${symbol}: not in ${titleOf(provider)}'s answer`, {
    provider,
    symbol,
    hint: 'ask again later, or another provider with --provider',
  });
}

/** Of a symbol, and what cannot be told whose it is. */
function lostOf({ lost = [] }: Fetched<unknown>, symbol: TickerSymbol): Lost[] {
  return lost.filter((each) => each.symbol === undefined || each.symbol === symbol);
}

export function newsOf(symbol: TickerSymbol): Need<Headline[]> {
  return {
    kind: 'news',
    name: symbol,
    symbol,
    async fetch(provider, request) {
      if (provider.fetchNews === undefined) throw notOffered('news', provider, request);
      const fetched = await provider.fetchNews(symbol, request.call);
      if (fetched.value.length > 0) return fetched;
      throw new NoDataError(`${symbol}: no headlines at ${titleOf(provider.name)}`, {
        symbol,
        hint: 'check the symbol',
      });
    },
    asOf: (value, fetchedAt) => Math.min(value[0]?.publishedAt ?? fetchedAt, fetchedAt),
  };
}

export function searchOf(words: string): Need<Security[]> {
  return {
    kind: 'search',
    name: words,
    async fetch(provider, request) {
      if (provider.searchSecurities === undefined) throw notOffered('search', provider, request);
      const fetched = await provider.searchSecurities(words, request.call);
      if (fetched.value.length > 0) return fetched;
      throw new NoDataError(`"${words}": no company or symbol at ${titleOf(provider.name)}`, {
        hint: 'try part of the name, or a symbol',
      });
    },
    asOf: (_value, fetchedAt) => fetchedAt,
  };
}

function notOffered(what: string, provider: Provider, { provider: only }: MarketRequest): ProviderAuthError {
  return new ProviderAuthError('plan', `${what}: ${titleOf(provider.name)} has none`, {
    provider: provider.name,
    scope: 'request',
    hint: `Polygon has them: ${only === undefined ? 'set MASSIVE_API_KEY' : 'omit --provider'}`,
  });
}
