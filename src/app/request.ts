// What whoever asks has decided of its requests: fresh or held, which provider, until when, and who hears of them.
// The same for a command, a session, a server.
import type { Clock, MachineMs, ProviderName } from '../domain/types.ts';
import type { CallContext, Priority } from '../http/http.ts';
import type { MarketRequest } from '../market/market-data.ts';

/** How the data of a command or question are wanted. */
export interface RequestOptions {
  offline: boolean;
  refresh: boolean;
  provider?: ProviderName;
}

/** The structured log of `--log`; without the option nothing is kept. */
export interface RunLog {
  /** The next question or command of a session; what follows belongs to it. */
  beginTurn(): void;
  write(entry: Readonly<Record<string, unknown>>): void;
}

/** Who asks, as far as requests depend on it. */
export interface Caller {
  clock: Clock;
  options: RequestOptions;
  /** Aborted with a CancelledError (Ctrl-C, TERM, a client that is gone) or a BudgetExceededError. */
  signal: AbortSignal;
  deadlineMs: MachineMs;
  /** Default: that of a question. */
  priority?: Priority;
  /** Hears every request, wait and remark. */
  reportCall: CallContext['report'];
  log: RunLog;
}

/** `question` narrows time and cancellation, as one question of a session does. */
export function createMarketRequest(
  caller: Pick<Caller, 'options' | 'signal' | 'deadlineMs' | 'priority' | 'reportCall'>,
  question?: { signal: AbortSignal; deadlineMs: number },
): MarketRequest {
  const { offline, refresh, provider } = caller.options;
  return {
    offline,
    refresh,
    ...(provider === undefined ? {} : { provider }),
    call: {
      signal: question?.signal ?? caller.signal,
      // Read anew for each request: an offer that waits for the reader moves it.
      get deadlineMs() {
        return question?.deadlineMs ?? caller.deadlineMs;
      },
      priority: caller.priority ?? 'question',
      ignoreRemembered: refresh,
      report: caller.reportCall,
    },
  };
}
