// Keeps figures that somebody is looking at fresh: quotes and chains asked for in the last minute are fetched again
// shortly before they expire, where the limit leaves room. Hides what is in use and when it is due.
import type { FreshnessKind, FreshnessTable } from '../cache/freshness.ts';
import { decideFreshness } from '../cache/freshness.ts';
import { sessionAt } from '../domain/calendar.ts';
import type { Clock, IsoDate, MachineMs, MarketMs, TickerSymbol } from '../domain/types.ts';
import type { CallContext } from '../http/http.ts';
import type { MarketData, MarketRequest, Outcome } from './market-data.ts';

export interface AheadOptions {
  market: MarketData;
  freshness: FreshnessTable;
  clock: Clock;
  /** Whether the providers' limits leave room for what nobody has asked for yet. */
  mayAsk(): Promise<boolean>;
  report: CallContext['report'];
}

export interface RefreshAheadMarket {
  /** The same market; what is asked of it counts as in use. */
  market: MarketData;
  /** Fetches what is due. Called by the timer of `start`. */
  refreshDue(): Promise<void>;
  /** Looks every second until `stop`; does not keep a process alive. */
  start(): void;
  stop(): void;
}

interface Used {
  kind: FreshnessKind;
  symbol: TickerSymbol;
  /** Only of chains. */
  expiration?: IsoDate;
  provider: MarketRequest['provider'];
  fetchedAt: MarketMs;
  /** Machine time. */
  askedMs: MachineMs;
}

const LOOK_EVERY_MS = 1_000;
/** What nobody has asked for in this time is not in use. */
const IN_USE_MS = 60_000;
/** Time kept for the request itself. */
const LEAD_MS = 2_000;
const REQUEST_MS = 10_000;

/** What somebody has asked for a moment ago. */
function createInUse(freshness: FreshnessTable, clock: Clock) {
  const used = new Map<string, Used>();

  function note(
    use: Omit<Used, 'fetchedAt' | 'askedMs' | 'provider'>,
    outcome: Outcome<unknown> | undefined,
    request: MarketRequest,
  ): void {
    if (outcome?.ok !== true || request.offline || request.call.priority === 'warm') return;
    const name = [use.symbol, use.expiration, request.provider].join('|');
    const before = used.get(name);
    // A quote that is looked at as a quote must be fresher than one that only closes a history.
    const kind = before?.kind === 'quote' ? 'quote' : use.kind;
    used.set(name, {
      ...use,
      kind,
      provider: request.provider,
      fetchedAt: outcome.source.fetchedAt,
      askedMs: clock.machineNow(),
    });
  }

  /** What of it is stale in a moment. */
  function listDue(): Used[] {
    const forgottenMs = clock.machineNow() - IN_USE_MS;
    for (const [name, use] of used) if (use.askedMs < forgottenMs) used.delete(name);
    return [...used.values()].filter(({ kind, symbol, fetchedAt }) => {
      const entry = { fetchedAt, symbol, state: sessionAt(fetchedAt) };
      return decideFreshness(kind, entry, clock.now() + LEAD_MS, freshness) !== 'fresh';
    });
  }

  return { note, listDue, clear: () => used.clear() };
}

export function createRefreshAheadMarket({
  market,
  freshness,
  clock,
  mayAsk,
  report,
}: AheadOptions): RefreshAheadMarket {
  const inUse = createInUse(freshness, clock);
  const ended = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let isRefreshing = false;

  const createRequest = (provider: MarketRequest['provider']): MarketRequest => ({
    offline: false,
    refresh: true,
    ...(provider === undefined ? {} : { provider }),
    call: {
      signal: ended.signal,
      deadlineMs: clock.machineNow() + REQUEST_MS,
      priority: 'warm',
      ignoreRemembered: false,
      report,
    },
  });

  /** A failure is left to the next question, which tells it. */
  function keep(use: Used, outcome: Outcome<unknown> | undefined): void {
    use.fetchedAt =
      outcome?.ok === true && outcome.source.freshness !== 'stale' ? outcome.source.fetchedAt : clock.now();
  }

  async function refreshQuotes(due: readonly Used[], provider: MarketRequest['provider']): Promise<void> {
    const outcomes = await market.quotes([...new Set(due.map(({ symbol }) => symbol))], createRequest(provider));
    for (const use of due) keep(use, outcomes.get(use.symbol));
  }

  async function refreshDue(): Promise<void> {
    const due = inUse.listDue();
    if (isRefreshing || due.length === 0) return;
    isRefreshing = true;
    try {
      if (!(await mayAsk())) return;
      for (const provider of new Set(due.map((use) => use.provider))) {
        const own = due.filter((use) => use.provider === provider);
        const quotes = own.filter(({ expiration }) => expiration === undefined);
        if (quotes.length > 0) await refreshQuotes(quotes, provider);
        for (const use of own)
          if (use.expiration !== undefined && (await mayAsk()))
            keep(use, await market.chain(use.symbol, use.expiration, createRequest(provider)));
      }
    } finally {
      isRefreshing = false;
    }
  }

  return {
    refreshDue,
    start: () => {
      timer ??= setInterval(() => {
        refreshDue().catch((error: unknown) =>
          report({ type: 'detail', text: `refresh ahead: ${error instanceof Error ? error.message : String(error)}` }),
        );
      }, LOOK_EVERY_MS).unref();
    },
    stop: () => {
      clearInterval(timer);
      ended.abort();
      inUse.clear();
    },
    market: {
      ...market,
      quotes: async (symbols, request) => {
        const outcomes = await market.quotes(symbols, request);
        for (const [symbol, outcome] of outcomes) inUse.note({ kind: 'quote', symbol }, outcome, request);
        return outcomes;
      },
      dailySeries: async (symbol, request, dates) => {
        const outcome = await market.dailySeries(symbol, request, dates);
        // The series itself may be hours old: what ages is the running bar.
        if (outcome.ok && outcome.value.running)
          inUse.note(
            { kind: 'running_bars', symbol },
            { ...outcome, source: { ...outcome.source, fetchedAt: clock.now() } },
            request,
          );
        return outcome;
      },
      chain: async (symbol, expiration, request) => {
        const outcome = await market.chain(symbol, expiration, request);
        inUse.note({ kind: 'chain', symbol, expiration }, outcome, request);
        return outcome;
      },
    },
  };
}
