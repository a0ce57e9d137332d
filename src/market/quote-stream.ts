// Quotes that are kept new by a provider's stream: what was asked for once a minute, with what the stream has told since.
// Hides the one session that a key may have, reconnecting, and that without a stream everything is asked for as before.
import { createLease, createLeaseOwner } from '../cache/lease.ts';
import { sessionAt } from '../domain/calendar.ts';
import { toFinError } from '../domain/errors.ts';
import type { Clock, MachineMs, MarketMs, Quote, TickerSymbol } from '../domain/types.ts';
import { type Delay, isOver } from '../http/delay.ts';
import type { CallContext, SharedState } from '../http/http.ts';
import type { Provider, QuoteTick } from '../providers/provider.ts';
import type { MarketData, Outcome } from './market-data.ts';

export interface QuoteStreamOptions {
  market: MarketData;
  load(): Promise<Provider>;
  leases: Pick<SharedState, 'claimLeases' | 'releaseLeases'>;
  /** Names the key: one session for all processes that have it. */
  lease: string;
  clock: Clock;
  delay: Delay;
  /** After so long without a line the stream is not relied on, as a quote of that age is not. */
  quietMs: number;
  report: CallContext['report'];
}

export interface QuoteStream {
  /** The same market; its quotes are those of the stream where there is one. */
  market: MarketData;
  readonly isLive: boolean;
  /** What the stream is to be of from now on. */
  follow(symbols: readonly TickerSymbol[]): void;
  /** Ends with the session closed. */
  stop(): Promise<void>;
}

/** What the stream does not tell (averages, a new day's open) is asked for again after this. */
const BASE_MS = 60_000;
/** What was heard so lately is of now. */
const NOW_MS = 2_000;
const REQUEST_MS = 10_000;
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 300_000;

export function createQuoteStream(options: QuoteStreamOptions): QuoteStream {
  const { market, clock, delay, report } = options;
  const lease = createLease(options.lease, {
    state: options.leases,
    owner: createLeaseOwner(),
    machineNow: () => clock.machineNow(),
  });
  const stopped = new AbortController();
  const bases = new Map<TickerSymbol, { outcome: Outcome<Quote>; atMs: MachineMs }>();
  const heard = createHeard(clock, options.quietMs);
  let symbols: readonly TickerSymbol[] = [];
  let connection: AbortController | undefined;
  let running: Promise<void> | undefined;

  /** One session from its opening to its end. @returns false where there never will be one */
  async function connect(): Promise<boolean> {
    const own = new AbortController();
    connection = own;
    const stopRenewing = lease.keep((error) =>
      report({ type: 'detail', text: `stream: ${toFinError(error).message}` }),
    );
    try {
      const provider = await options.load();
      if (provider.streamQuotes === undefined) return false;
      const signal = AbortSignal.any([own.signal, stopped.signal]);
      const call: CallContext = {
        signal,
        deadlineMs: clock.machineNow() + REQUEST_MS,
        priority: 'watch',
        ignoreRemembered: false,
        report,
      };
      await provider.streamQuotes(symbols, call, heard.take);
      return true;
    } catch (thrown) {
      const { code, message } = toFinError(thrown);
      if (!own.signal.aborted && !isOver(stopped.signal)) report({ type: 'detail', text: `stream: ${message}` });
      return code !== 'plan' && code !== 'unauthorized';
    } finally {
      heard.clear();
      stopRenewing();
      await lease.release();
    }
  }

  /** A new session each time: an old one cannot be relied on. Sessions are not to be opened often. */
  async function run(): Promise<void> {
    for (let retryMs = FIRST_RETRY_MS; !isOver(stopped.signal);) {
      if (symbols.length > 0 && sessionAt(clock.now()) !== 'closed' && (await lease.claim())) {
        const startedMs = clock.machineNow();
        if (!(await connect())) return;
        const lasted = clock.machineNow() - startedMs > BASE_MS;
        retryMs = lasted ? FIRST_RETRY_MS : Math.min(LONGEST_RETRY_MS, retryMs * 2);
      }
      await delay(retryMs, stopped.signal);
    }
  }

  return {
    get isLive() {
      return heard.isLive();
    },
    follow: (next) => {
      if (next.join() === symbols.join()) return;
      symbols = [...next];
      connection?.abort();
      running ??= run();
    },
    stop: async () => {
      stopped.abort();
      await running;
    },
    market: {
      ...market,
      quotes: async (wanted, request) => {
        const freshMs = clock.machineNow() - BASE_MS;
        const isHeld = (symbol: TickerSymbol): boolean => (bases.get(symbol)?.atMs ?? -Infinity) > freshMs;
        if (!heard.isLive() || request.offline || !wanted.every(isHeld)) {
          const outcomes = await market.quotes(wanted, request);
          for (const [symbol, outcome] of outcomes) bases.set(symbol, { outcome, atMs: clock.machineNow() });
        }
        return new Map(
          wanted.flatMap((symbol) => {
            const held = bases.get(symbol);
            return held === undefined ? [] : [[symbol, heard.renew(symbol, held.outcome)] as const];
          }),
        );
      },
    },
  };
}

/** What this session's stream has told, laid over what was asked for. */
function createHeard(clock: Clock, quietMs: number) {
  const ticks = new Map<TickerSymbol, QuoteTick>();
  /** What was told last of each symbol: a price never gives way to an older one. */
  const told = new Map<TickerSymbol, Quote>();
  /** With news or without. */
  let lastLine: { atMs: MachineMs; at: MarketMs } | undefined;

  const isLive = (): boolean =>
    ticks.size > 0 && lastLine !== undefined && clock.machineNow() - lastLine.atMs < quietMs;

  function overlay(symbol: TickerSymbol, outcome: Outcome<Quote>): Outcome<Quote> {
    const tick = ticks.get(symbol);
    if (tick === undefined || !outcome.ok || tick.at < outcome.value.asOf) return outcome;
    const { symbol: _symbol, at, ...news } = tick;
    const value: Quote = { ...outcome.value, ...news, asOf: at };
    if (news.last !== undefined && value.high !== undefined) value.high = Math.max(value.high, news.last);
    if (news.last !== undefined && value.low !== undefined) value.low = Math.min(value.low, news.last);
    const fetchedAt = Math.max(lastLine?.at ?? 0, outcome.source.fetchedAt) as MarketMs;
    const freshness = clock.now() - fetchedAt <= NOW_MS ? 'live' : isLive() ? 'cached' : outcome.source.freshness;
    return { ok: true, value, source: { ...outcome.source, asOf: at, fetchedAt, freshness } };
  }

  /** Of two prices the one that is as of later, where that is not ahead of the clock. */
  function keepNewer(symbol: TickerSymbol, outcome: Outcome<Quote>): Outcome<Quote> {
    if (!outcome.ok) return outcome;
    const before = told.get(symbol);
    const isOlder = before !== undefined && before.asOf <= clock.now() && outcome.value.asOf < before.asOf;
    const value = isOlder ? before : outcome.value;
    told.set(symbol, value);
    return isOlder ? { ...outcome, value, source: { ...outcome.source, asOf: value.asOf } } : outcome;
  }

  return {
    isLive,
    take(tick: QuoteTick | undefined): void {
      lastLine = { atMs: clock.machineNow(), at: clock.now() };
      if (tick !== undefined) ticks.set(tick.symbol, { ...ticks.get(tick.symbol), ...tick });
    },
    renew: (symbol: TickerSymbol, outcome: Outcome<Quote>) => keepNewer(symbol, overlay(symbol, outcome)),
    clear(): void {
      lastLine = undefined;
      ticks.clear();
    },
  };
}
