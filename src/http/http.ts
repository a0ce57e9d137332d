// What a provider client asks of the network and what it may rely on: one deadline, bounded retries, limits kept,
// equal requests sent once. How that is done is hidden in client.ts; what processes share is behind SharedState.
import type { FinError } from '../domain/errors.ts';
import type { MachineMs, ProviderName, TickerSymbol } from '../domain/types.ts';
import type { Pause } from './pause.ts';

/** Questions go before what a screen is kept fresh with, and that before warming. */
export type Priority = 'question' | 'watch' | 'warm';

/** One run's frame for everything it fetches. Deadlines and waits are on the machine's clock. */
export interface CallContext {
  /** Aborted by Ctrl-C or by the end of the command's time. */
  signal: AbortSignal;
  /** When the whole command must be over. */
  deadlineMs: MachineMs;
  priority: Priority;
  /** Ask again also where a refusal is remembered (`--refresh`, `doctor`). */
  ignoreRemembered: boolean;
  report(event: CallEvent): void;
}

/** `request`: one was sent and has ended (counted in `providerCalls`). `wait`: a limit makes it wait. */
export type CallEvent =
  | {
      type: 'request';
      provider: ProviderName;
      endpoint: string;
      attempt: number;
      /** What exactly was asked for, without address and key: tells a repeated request from another one. */
      asked?: string;
      ms: number;
      status?: number;
      error?: string;
    }
  | { type: 'wait'; provider: ProviderName; endpoint: string; ms: number }
  | { type: 'coalesced'; provider: ProviderName; endpoint: string }
  /** Something was looked for in the cache, for the log. */
  | { type: 'cache'; kind: string; state: 'hit' | 'stale' | 'miss'; symbol?: TickerSymbol }
  /** How far a long work has come; a passing one is shown only while it lasts. */
  | { type: 'stage'; text: string; isPassing?: true }
  /** A remark for `--verbose`: how many bars an indicator was computed over. */
  | { type: 'detail'; text: string };

/** A request relative to the provider's base address. The key goes in through the provider's own headers. */
export interface HttpRequest {
  /** Endpoint family: names the request in messages, limits, logs and remembered refusals (`quotes`, `aggregates`). */
  endpoint: string;
  method: 'GET' | 'POST';
  /** Path under the base address, `/v1/markets/quotes`. Already percent-encoded. */
  path: string;
  query: Readonly<Record<string, string>>;
  /** Form fields of a POST, sent as application/x-www-form-urlencoded. */
  form?: Readonly<Record<string, string>>;
}

export interface HttpReply {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Who is asked and on which terms. One per provider and key. */
export interface HttpTarget {
  provider: ProviderName;
  /** Origin and base path, no trailing slash: `https://api.tradier.com`. */
  baseUrl: string;
  /** Sent with every request to `baseUrl`'s own origin and to no other. */
  headers: Readonly<Record<string, string>>;
  /** Hash of the key, for limits and remembered refusals; never the key. */
  keyHash: string;
  /** Requests allowed in any 60 s; absent: unlimited (the built-in sample market). */
  limitPerMinute?: number;
  /** Reads limit headers of a reply, where the provider sends them. */
  readLimit?(reply: HttpReply): LimitNotice | undefined;
}

/** What a reply says about the limit: no slot before `blockedUntilMs`, or `remaining` slots until `resetAtMs`. */
export interface LimitNotice {
  blockedUntilMs?: MachineMs;
  remaining?: number;
  resetAtMs?: MachineMs;
}

export interface HttpClient {
  /**
   * Sends the request and gives what `read` makes of the reply. `read` gets every reply, also 4xx and 5xx, and
   * throws the FinError it stands for; a long one is read in slices with a `pause` after each. Retried (at most 3 attempts, 10 s each): `unavailable` and `rate_limited`.
   * `sample` tells whether the reply carried `fin-sample: true`.
   * @throws FinError, never anything else; `timeout` or `cancelled` when the context ended.
   */
  fetch<T>(
    target: HttpTarget,
    request: HttpRequest,
    read: (reply: HttpReply, pause: Pause) => T | Promise<T>,
    context: CallContext,
  ): Promise<{ value: T; sample: boolean }>;
  /** Absent where the transport has none. */
  lines?: OpenLines;
  /** Whether a slot of the provider's limit is free now, without waiting and without taking it. */
  hasFreeSlot(target: HttpTarget): Promise<boolean>;
  close(): Promise<void>;
}

/** Puts one request on the wire. The built-in sample market replaces it by a function call. */
export type Transport = (
  request: { method: 'GET' | 'POST'; url: string; headers: Readonly<Record<string, string>>; body?: string },
  options: { signal: AbortSignal; timeoutMs: number; maxBodyBytes: number },
) => Promise<HttpReply>;

/**
 * An answer that goes on: its lines as they come, until the other side ends it. Rejects where it is no 200, is lost, or is
 * silent for `idleMs`.
 */
export type OpenLines = (
  request: Parameters<Transport>[0],
  options: { signal: AbortSignal; idleMs: number },
) => AsyncIterable<string>;

export interface LimitKey {
  provider: ProviderName;
  keyHash: string;
}

export interface BreakerState {
  state: 'closed' | 'open' | 'half_open';
  failures: number;
  /** When an open breaker lets one probe through. */
  probeAtMs?: MachineMs;
}

/** What else may keep a request from being sent, looked at in the same step that takes its slot. */
export interface Gate {
  /** Name of the breaker; where it lets a probe through, the one who gets the slot is the probe. */
  breaker: string;
  /** Endpoint family whose remembered refusal counts; absent: none does. */
  endpoint?: string;
}

export type Reservation =
  | { granted: true; slot: number }
  /** When the next slot is free. */
  | { granted: false; freeAtMs: MachineMs }
  /** What the plan does not include. */
  | { granted: false; refusal: string }
  | { granted: false; breaker: BreakerState };

/**
 * What all fin processes of one cache folder share. This is all that a second implementation (a store of several
 * machines) must give. Every method is one atomic step that has happened, and is kept, when its promise resolves; times
 * are the machine's, and an implementation may go by a clock of its own. Whoever reads a time that is later than now by
 * more than any wait can be repairs it: it was written before a clock was set back.
 */
export interface SharedState {
  /**
   * Takes a slot of the sliding window, or says why not. `expiresMs`: when a dead process's slot counts as ended.
   * `keepFree`: slots of the limit that must stay free (warming leaves the last fifth).
   */
  reserveSlot(
    key: LimitKey,
    limitPerMinute: number,
    nowMs: MachineMs,
    expiresMs: MachineMs,
    keepFree?: number,
    gate?: Gate,
  ): Promise<Reservation>;
  /** When the caller behind `ahead` others could have a slot, `nowMs` where that is now; takes nothing. */
  readFreeAt(
    key: LimitKey,
    limitPerMinute: number,
    nowMs: MachineMs,
    ahead?: number,
    keepFree?: number,
  ): Promise<MachineMs>;
  /**
   * The response to a reserved slot arrived or failed: it is free again one window later. True where failures of the
   * breaker named are on record, which a success must tell it to forget.
   */
  settleSlot(slot: number, nowMs: MachineMs, breaker?: string): Promise<boolean>;
  /** Gives back a slot whose request was never sent. */
  releaseSlot(slot: number): Promise<void>;
  noteLimit(key: LimitKey, notice: LimitNotice, nowMs: MachineMs): Promise<void>;
  countUsed(key: LimitKey, nowMs: MachineMs): Promise<number>;
  /** What of a limit this machine may use now. */
  readLimit(limitPerMinute: number): Promise<number>;
  readBreaker(name: string, nowMs: MachineMs): Promise<BreakerState>;
  recordOutcome(name: string, ok: boolean, nowMs: MachineMs): Promise<void>;
  /** Plan refusals by endpoint family, for 24 h. */
  readRefusal(key: LimitKey, endpoint: string, nowMs: MachineMs): Promise<string | undefined>;
  saveRefusal(key: LimitKey, endpoint: string, message: string, nowMs: MachineMs): Promise<void>;
  forgetRefusal(key: LimitKey, endpoint: string): Promise<void>;
  /**
   * Rights to make requests that other processes may be making: gives the names that are this owner's now, in one
   * transaction. Leases of a dead owner are taken over.
   */
  claimLeases(names: readonly string[], owner: string, nowMs: MachineMs, expiresMs: MachineMs): Promise<string[]>;
  releaseLeases(names: readonly string[], owner: string, nowMs: MachineMs): Promise<void>;
}

export type { FinError };
