// Quotes of many symbols with one request for those that are not held.
// Hides which quote counts as held, and how those that one provider does not have are asked of the next.
import type { FreshnessKind } from '../cache/freshness.ts';
import type { Envelope } from '../cache/envelope.ts';
import { lastFinishedSession } from '../domain/calendar.ts';
import { NoDataError, toFinError, type FinError } from '../domain/errors.ts';
import { exchangeDateOf } from '../domain/exchange-time.ts';
import { isOptionSymbol } from '../domain/symbols.ts';
import type { ContractQuote, Freshness, MarketMs, OptionSymbol, Quote, TickerSymbol } from '../domain/types.ts';
import type { Lost, QuoteBatch } from '../providers/provider.ts';
import {
  type Absence,
  type Access,
  type Held,
  type ProviderSlot,
  combineFailures,
  describeFallback,
  titleOf,
} from './access.ts';
import type { MarketRequest, Outcome, Source } from './market-data.ts';
import type { Obtain, Topic, Unanswered } from './obtain.ts';

/** A ticker's quote, or that of a contract under its OCC symbol. */
type AnyQuote = Quote | ContractQuote;

export interface QuoteReader {
  read(symbols: readonly TickerSymbol[], request: MarketRequest): Promise<Map<TickerSymbol, Outcome<Quote>>>;
  readContracts(
    symbols: readonly OptionSymbol[],
    request: MarketRequest,
  ): Promise<Map<OptionSymbol, Outcome<ContractQuote>>>;
  /** What is on its way, else what is held, of any age and with its time: asks no provider and counts nothing. */
  beside(symbol: TickerSymbol, request: MarketRequest): Promise<{ quote: Quote; fetchedAt: MarketMs } | undefined>;
}

export interface QuoteDependencies {
  access: Access;
  obtain: Obtain;
  /** By which row of the freshness table a held quote counts; default: that of quotes. */
  freshAs?: FreshnessKind;
  /** How a provider is asked for quotes: its snapshots, or finished sessions' bars where its plan has none. */
  fetchQuotes(slot: ProviderSlot, symbols: readonly TickerSymbol[], request: MarketRequest): Promise<FetchedQuotes>;
}

export interface FetchedQuotes {
  batch: QuoteBatch;
  sample: boolean;
  notes: string[];
  /** What is missing from the quote of a symbol, in part. */
  lost?: ReadonlyMap<TickerSymbol, readonly Lost[]>;
  /** Quotes made of bars that were held: they are as old and as fresh as those. */
  held?: ReadonlyMap<TickerSymbol, HeldBars>;
}

export interface HeldBars {
  freshness: Freshness;
  fetchedAt: MarketMs;
  failure: FinError | undefined;
  endedBy: FinError | undefined;
}

/** What looking for one symbol has found so far: why it is not here, and who does not know it. */
interface Search {
  causes: FinError[];
  unknownAt: Absence[];
}

export function createQuoteReader({ access, obtain, fetchQuotes, freshAs = 'quote' }: QuoteDependencies): QuoteReader {
  const topic: Topic<AnyQuote, AnyQuote> = {
    kind: 'quote',
    id: freshAs,
    symbolOf: (symbol) => symbol,
    async look(symbols, request) {
      const looks = await access.lookUp<AnyQuote>('quote', symbols, request, freshAs);
      for (const look of looks.values()) look.isWhole &&= look.held !== undefined && !isBehind(look.held.envelope);
      return looks;
    },
    ask,
    present: (_symbol, envelope, freshness, notes) => ({
      ok: true,
      value: envelope.value,
      source: access.sourceOf(envelope, freshness, [...notes, ...notesOf(envelope.value)]),
    }),
  };

  /** A bar of an earlier session than the last stood in for that one's: it counts like a series that lacks its end. */
  function isBehind({ value, fetchedAt, state }: Envelope<AnyQuote>): boolean {
    if (!('basis' in value) || exchangeDateOf(value.asOf) >= lastFinishedSession(access.now())) return false;
    return access.judge('provisional_bars', { fetchedAt, state }) !== 'fresh';
  }

  /** One provider after the other, each for what none before it had: what one does not know another may. */
  async function ask(
    symbols: readonly TickerSymbol[],
    _held: ReadonlyMap<TickerSymbol, Held<AnyQuote>>,
    request: MarketRequest,
  ): Promise<Map<TickerSymbol, Outcome<AnyQuote> | Unanswered>> {
    const outcomes = new Map<TickerSymbol, Outcome<AnyQuote> | Unanswered>();
    const searches = new Map<TickerSymbol, Search>(symbols.map((symbol) => [symbol, { causes: [], unknownAt: [] }]));
    await access.askInOrder('quote', request, async (_provider, slot, counted) => {
      try {
        const fetched = await fetchQuotes(slot, [...searches.keys()], counted);
        for (const [symbol, search] of searches) {
          const outcome = await take(symbol, fetched, slot, search);
          if (outcome === undefined) continue;
          outcomes.set(symbol, outcome);
          searches.delete(symbol);
        }
      } catch (thrown) {
        const error = toFinError(thrown);
        for (const { causes } of searches.values()) causes.push(error);
      }
      const [first] = searches.values();
      if (first !== undefined) throw first.causes.at(-1) ?? combineFailures([]);
    });
    for (const [symbol, { causes, unknownAt }] of searches)
      outcomes.set(symbol, { error: combineFailures(causes), absentAt: unknownAt });
    return outcomes;
  }

  /** The quote of a symbol, kept; where there is none the reason is added to what its search has found. */
  async function take(
    symbol: TickerSymbol,
    { batch, sample, notes, lost, held }: FetchedQuotes,
    slot: ProviderSlot,
    { causes, unknownAt }: Search,
  ): Promise<Outcome<AnyQuote> | undefined> {
    const quote = batch.quotes.get(symbol) ?? batch.contracts?.get(symbol);
    if (quote === undefined) {
      const failure = batch.failed?.get(symbol);
      const cause = failure ?? unknownSymbol(symbol, slot);
      if (failure === undefined) unknownAt.push({ slot, error: cause });
      causes.push(cause);
      return undefined;
    }
    const said = [...causes.map(describeFallback(slot.name)), ...notes, ...notesOf(quote)];
    const bars = held?.get(symbol);
    // What only stands in for bars that could not be fetched is asked for again.
    if (bars?.freshness === 'stale')
      return { ok: true, value: quote, source: staleSource(quote, slot, sample, said, bars) };
    const envelope = await access.save(
      slot,
      { kind: 'quote', name: symbol, symbol },
      { value: quote, sample, lost: lost?.get(symbol) ?? [] },
      quote.asOf,
      bars?.fetchedAt,
    );
    return { ok: true, value: quote, source: access.sourceOf(envelope, bars?.freshness ?? 'live', said) };
  }

  return {
    read: (symbols, request) => obtain.many(topic, symbols, request) as Promise<Map<TickerSymbol, Outcome<Quote>>>,
    readContracts: (symbols, request) =>
      obtain.many(topic, symbols, request) as Promise<Map<OptionSymbol, Outcome<ContractQuote>>>,
    beside: async (symbol, request) => {
      const outcome = (await obtain.wait(topic, symbol, request)) as Outcome<Quote> | undefined;
      if (outcome?.ok === true) return { quote: outcome.value, fetchedAt: outcome.source.fetchedAt };
      const held = await access.readHeld<Quote>('quote', symbol, request, freshAs);
      return held === undefined ? undefined : { quote: held.envelope.value, fetchedAt: held.envelope.fetchedAt };
    },
  };
}

function unknownSymbol(symbol: TickerSymbol, slot: ProviderSlot): NoDataError {
  if (isOptionSymbol(symbol))
    return new NoDataError(`${symbol}: no such contract at ${titleOf(slot.name)}`, {
      symbol,
      hint: 'fin chain shows which are listed',
    });
  const isSample = slot.name === 'sample';
  const why = isSample ? 'not in the sample market' : `no such symbol at ${titleOf(slot.name)}`;
  return new NoDataError(`${symbol}: ${why}`, {
    symbol,
    hint: isSample
      ? 'it has about 60 symbols, like AAPL, NVDA and SPY; set a key for real symbols'
      : 'check the spelling of the symbol',
  });
}

function staleSource(quote: AnyQuote, slot: ProviderSlot, sample: boolean, notes: string[], held: HeldBars): Source {
  const { freshness, fetchedAt, failure, endedBy } = held;
  return {
    provider: slot.name,
    sample,
    asOf: quote.asOf,
    fetchedAt,
    freshness,
    notes,
    ...(failure === undefined ? {} : { failure }),
    ...(endedBy === undefined ? {} : { endedBy }),
  };
}

function notesOf(quote: AnyQuote): string[] {
  return 'basis' in quote
    ? [`no live quote: this is the last finished session’s bar, ${exchangeDateOf(quote.asOf)}`]
    : [];
}
