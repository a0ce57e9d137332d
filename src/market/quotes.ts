// Quotes of many symbols with one request for those that are not held; baskets asked at the same moment share it.
// Hides batching, what is held, and the finished session's bar that stands in where a plan has no snapshots.
import { type FreshnessKind, type FreshnessTable, decideFreshness } from '../cache/freshness.ts';
import { lastFinishedSession } from '../domain/calendar.ts';
import { NoDataError, toFinError, type FinError } from '../domain/errors.ts';
import { exchangeDateOf } from '../domain/exchange-time.ts';
import { isOptionSymbol } from '../domain/symbols.ts';
import type { ContractQuote, EpochMs, Freshness, OptionSymbol, Quote, TickerSymbol } from '../domain/types.ts';
import type { Lost, QuoteBatch } from '../providers/provider.ts';
import {
  type Access,
  type Held,
  type ProviderSlot,
  allowsRefuge,
  combineFailures,
  describeFallback,
  endOf,
  offlineMiss,
  titleOf,
} from './access.ts';
import type { MarketRequest, Outcome, Source } from './market-data.ts';
import { mayAskAgain } from './single-flight.ts';

/** A ticker's quote, or that of a contract under its OCC symbol. */
type AnyQuote = Quote | ContractQuote;
type QuoteOutcomes = Map<TickerSymbol, Outcome<AnyQuote>>;

export interface QuoteReader {
  read(symbols: readonly TickerSymbol[], request: MarketRequest): Promise<Map<TickerSymbol, Outcome<Quote>>>;
  readContracts(
    symbols: readonly OptionSymbol[],
    request: MarketRequest,
  ): Promise<Map<OptionSymbol, Outcome<ContractQuote>>>;
  /** What is on its way, else what is held, of any age and with its time: asks no provider and counts nothing. */
  beside(symbol: TickerSymbol, request: MarketRequest): Promise<{ quote: Quote; fetchedAt: EpochMs } | undefined>;
}

export interface QuoteDependencies {
  access: Access;
  freshness: FreshnessTable;
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
  fetchedAt: EpochMs;
  failure: FinError | undefined;
  endedBy: FinError | undefined;
}

/** What looking for one symbol has found so far: why it is not here, and who does not know it. */
interface Search {
  causes: FinError[];
  unknownAt: ProviderSlot[];
}

interface Basket {
  symbols: Set<TickerSymbol>;
  outcomes: Promise<QuoteOutcomes>;
  /** Whose request it goes by. */
  asker: MarketRequest;
}

export function createQuoteReader({
  access,
  freshness,
  fetchQuotes,
  freshAs = 'quote',
}: QuoteDependencies): QuoteReader {
  /** Baskets that still take symbols, by the way they are asked for. */
  const open = new Map<string, Basket>();
  /** Symbols on their way. */
  const underWay = new Map<string, Basket>();

  function gather(symbols: readonly TickerSymbol[], request: MarketRequest): Basket[] {
    const way = wayOf(request);
    const waits = new Set<Basket>();
    for (const symbol of symbols) {
      const key = `${way}|${symbol}`;
      const running = underWay.get(key);
      if (running !== undefined) {
        waits.add(running);
        continue;
      }
      const basket = open.get(way) ?? openBasket(way, request);
      basket.symbols.add(symbol);
      underWay.set(key, basket);
      void basket.outcomes.finally(() => underWay.delete(key)).catch(() => undefined);
      waits.add(basket);
    }
    return [...waits];
  }

  function openBasket(way: string, request: MarketRequest): Basket {
    const symbols = new Set<TickerSymbol>();
    const outcomes = Promise.resolve().then(() => {
      open.delete(way);
      return readBasket([...symbols], request);
    });
    const basket = { symbols, outcomes, asker: request };
    open.set(way, basket);
    return basket;
  }

  async function readBasket(symbols: readonly TickerSymbol[], request: MarketRequest): Promise<QuoteOutcomes> {
    const outcomes: QuoteOutcomes = new Map();
    const stale = new Map<TickerSymbol, Held<AnyQuote>>();
    for (const symbol of symbols) {
      const recordHit = access.timeHit(request);
      const { outcome, held } = await lookUp(symbol, request);
      if (outcome !== undefined && !request.refresh) {
        access.count('quote', 'hit', request, symbol);
        if (held !== undefined) recordHit(held.envelope);
        outcomes.set(symbol, outcome);
      } else if (held !== undefined) stale.set(symbol, held);
    }
    const missing = symbols.filter((symbol) => !outcomes.has(symbol));
    if (missing.length > 0) await fetchMissing(missing, stale, request, outcomes);
    return outcomes;
  }

  /** A bar of an earlier session than the last stood in for that one's: it counts like a series that lacks its end. */
  function isBehind({ envelope }: Held<AnyQuote>): boolean {
    const { value, fetchedAt, state } = envelope;
    const now = access.now();
    if (!('basis' in value) || exchangeDateOf(value.asOf) >= lastFinishedSession(now)) return false;
    return decideFreshness('provisional_bars', { fetchedAt, state }, now, freshness) !== 'fresh';
  }

  /** What needs no provider, and what is held for refuge. */
  async function lookUp(
    symbol: TickerSymbol,
    request: MarketRequest,
  ): Promise<{ outcome?: Outcome<AnyQuote>; held?: Held<AnyQuote> }> {
    const held = await access.readHeld<AnyQuote>('quote', symbol, request, freshAs);
    if (held?.freshness === 'fresh' && !isBehind(held))
      return {
        held,
        outcome: {
          ok: true,
          value: held.envelope.value,
          source: access.sourceOf(held.envelope, 'cached', notesOf(held.envelope.value)),
        },
      };
    const absence = await access.readAbsence('quote', symbol, request);
    return {
      ...(held === undefined ? {} : { held }),
      ...(absence === undefined ? {} : { outcome: { ok: false, error: absence } }),
    };
  }

  /** Fills `outcomes` as they come: what has arrived is kept whatever happens to the rest. */
  async function fetchMissing(
    symbols: readonly TickerSymbol[],
    stale: ReadonlyMap<TickerSymbol, Held<AnyQuote>>,
    request: MarketRequest,
    outcomes: QuoteOutcomes,
  ): Promise<void> {
    if (request.offline) {
      for (const symbol of symbols)
        outcomes.set(
          symbol,
          serveStale(symbol, stale, offlineMiss('quote', symbol), '--offline asks no provider', request),
        );
      return;
    }
    for (const symbol of symbols) access.count('quote', 'miss', request, symbol);
    const framed = stale.size > 0 ? access.leaveTimeForRefuge(request) : request;
    try {
      await access.share<Outcome<AnyQuote>>('quote', symbols, framed, {
        load: async (symbol) => {
          const { outcome } = await lookUp(symbol, framed);
          if (outcome !== undefined) outcomes.set(symbol, outcome);
          return outcome;
        },
        fetch: async (wanted) => {
          const answers = await ask(wanted, stale, framed);
          for (const [symbol, outcome] of answers) outcomes.set(symbol, outcome);
          return answers;
        },
      });
    } catch (thrown) {
      const error = toFinError(thrown);
      for (const symbol of symbols)
        if (!outcomes.has(symbol)) outcomes.set(symbol, serveStale(symbol, stale, error, error.message, request));
    }
  }

  /** One provider after the other, each for what none before it had: what one does not know another may. */
  async function ask(
    symbols: readonly TickerSymbol[],
    stale: ReadonlyMap<TickerSymbol, Held<AnyQuote>>,
    request: MarketRequest,
  ): Promise<QuoteOutcomes> {
    const outcomes: QuoteOutcomes = new Map();
    const search = new Map<TickerSymbol, Search>(symbols.map((symbol) => [symbol, { causes: [], unknownAt: [] }]));
    const asked = await access.askInOrder('quote', request, async (_provider, slot, counted) => {
      const left = symbols.filter((symbol) => !outcomes.has(symbol));
      const fetched = await fetchLeft(left, slot, counted, search);
      for (const symbol of left) {
        const outcome = await take(symbol, fetched, slot, search.get(symbol));
        if (outcome !== undefined) outcomes.set(symbol, outcome);
      }
      const missing = symbols.find((symbol) => !outcomes.has(symbol));
      const cause = missing === undefined ? undefined : search.get(missing)?.causes.at(-1);
      if (cause !== undefined) throw cause;
    });
    if (asked.ok) return outcomes;
    for (const symbol of symbols) {
      if (outcomes.has(symbol)) continue;
      const { causes, unknownAt } = search.get(symbol) ?? { causes: [], unknownAt: [] };
      const error = combineFailures(causes);
      const isUnknown = error.code === 'no_data' && unknownAt.length > 0;
      if (isUnknown) await access.saveAbsence(unknownAt, 'quote', symbol, error);
      outcomes.set(symbol, isUnknown ? { ok: false, error } : serveStale(symbol, stale, error, error.message, request));
    }
    return outcomes;
  }

  async function fetchLeft(
    left: readonly TickerSymbol[],
    slot: ProviderSlot,
    request: MarketRequest,
    search: ReadonlyMap<TickerSymbol, Search>,
  ): Promise<FetchedQuotes> {
    try {
      return await fetchQuotes(slot, left, request);
    } catch (thrown) {
      const error = toFinError(thrown);
      for (const symbol of left) search.get(symbol)?.causes.push(error);
      throw error;
    }
  }

  /** The quote of a symbol, kept; where there is none the reason is added to what its search has found. */
  async function take(
    symbol: TickerSymbol,
    { batch, sample, notes, lost, held }: FetchedQuotes,
    slot: ProviderSlot,
    search: Search = { causes: [], unknownAt: [] },
  ): Promise<Outcome<AnyQuote> | undefined> {
    const quote = batch.quotes.get(symbol) ?? batch.contracts?.get(symbol);
    if (quote !== undefined) {
      const said = [...search.causes.map(describeFallback(slot.name)), ...notes];
      return keep(symbol, quote, slot, { sample, lost: lost?.get(symbol) ?? [] }, said, held?.get(symbol));
    }
    const failure = batch.failed?.get(symbol);
    if (failure === undefined) search.unknownAt.push(slot);
    search.causes.push(failure ?? unknownSymbol(symbol, slot));
    return undefined;
  }

  async function keep(
    symbol: TickerSymbol,
    quote: AnyQuote,
    slot: ProviderSlot,
    from: { sample: boolean; lost: readonly Lost[] },
    notes: string[],
    held: HeldBars | undefined,
  ): Promise<Outcome<AnyQuote>> {
    const said = [...notes, ...notesOf(quote)];
    // What only stands in for bars that could not be fetched is asked for again.
    if (held?.freshness === 'stale')
      return { ok: true, value: quote, source: staleSource(quote, slot, from.sample, said, held) };
    const envelope = await access.save(
      slot,
      { kind: 'quote', name: symbol, symbol },
      { value: quote, ...from },
      quote.asOf,
      held?.fetchedAt,
    );
    return { ok: true, value: quote, source: access.sourceOf(envelope, held?.freshness ?? 'live', said) };
  }

  function serveStale(
    symbol: TickerSymbol,
    stale: ReadonlyMap<TickerSymbol, Held<AnyQuote>>,
    error: FinError,
    why: string,
    request: MarketRequest,
  ): Outcome<AnyQuote> {
    const held = stale.get(symbol);
    if (held === undefined || !allowsRefuge(error)) return { ok: false, error };
    access.count('quote', 'stale', request, symbol);
    return {
      ok: true,
      value: held.envelope.value,
      source: {
        ...access.sourceOf(held.envelope, 'stale', [`stale: ${why}`, ...notesOf(held.envelope.value)]),
        ...endOf(error),
      },
    };
  }

  async function read(symbols: readonly TickerSymbol[], request: MarketRequest): Promise<QuoteOutcomes> {
    const outcomes: QuoteOutcomes = new Map();
    const again: TickerSymbol[] = [];
    const baskets = gather(symbols, request).map(async ({ outcomes: part, asker }) => ({ part: await part, asker }));
    for (const { part, asker } of await Promise.all(baskets)) {
      for (const symbol of symbols) {
        const outcome = part.get(symbol);
        if (outcome === undefined) continue;
        outcomes.set(symbol, outcome);
        if (mayAskAgain(outcome, asker.call, request.call, access.machineNow())) again.push(symbol);
      }
    }
    if (again.length > 0) for (const [symbol, outcome] of await read(again, request)) outcomes.set(symbol, outcome);
    return outcomes;
  }

  const beside: QuoteReader['beside'] = async (symbol, request) => {
    const onItsWay = (await underWay.get(`${wayOf(request)}|${symbol}`)?.outcomes)?.get(symbol);
    const outcome = onItsWay as Outcome<Quote> | undefined;
    if (outcome?.ok === true) return { quote: outcome.value, fetchedAt: outcome.source.fetchedAt };
    const held = await access.readHeld<Quote>('quote', symbol, request, freshAs);
    return held === undefined ? undefined : { quote: held.envelope.value, fetchedAt: held.envelope.fetchedAt };
  };

  return {
    read: (symbols, request) => read(symbols, request) as Promise<Map<TickerSymbol, Outcome<Quote>>>,
    readContracts: (symbols, request) => read(symbols, request) as Promise<Map<OptionSymbol, Outcome<ContractQuote>>>,
    beside,
  };
}

/** Only what is asked for in the same way is asked for together. */
function wayOf(request: MarketRequest): string {
  return `${request.provider ?? ''}|${String(request.offline)}|${String(request.refresh)}`;
}

function unknownSymbol(symbol: TickerSymbol, slot: ProviderSlot): NoDataError {
  if (isOptionSymbol(symbol))
    return new NoDataError(`${symbol}: no such contract at ${titleOf(slot.name)}`, {
      symbol,
      hint: 'fin chain shows which are listed',
    });
  return new NoDataError(`${symbol}: no such symbol at ${titleOf(slot.name)}`, {
    symbol,
    hint:
      slot.name === 'sample'
        ? 'the sample market has some 60 symbols, such as AAPL, NVDA and SPY; set a key for all'
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
  return 'basis' in quote ? [`no live quote: the last finished session’s bar, of ${exchangeDateOf(quote.asOf)}`] : [];
}
