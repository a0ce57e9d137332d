// What a command gets to work with: settings, streams, the frame of its time, and a market that is opened when used.
import type { CacheDatabase } from '../cache/database.ts';
import type { Counters } from '../cache/counters.ts';
import type { FreshnessTable } from '../cache/freshness.ts';
import type { EntryStore } from '../cache/store.ts';
import type { ConversationStore } from '../book/conversations.ts';
import type { Config } from '../config.ts';
import type { Clock, EpochMs, ProviderName } from '../domain/types.ts';
import type { CallContext, SharedState } from '../http/http.ts';
import type { MarketData, MarketRequest } from '../market/market-data.ts';
import type { Provider } from '../providers/provider.ts';
import type { Output, Streams } from './output.ts';

/** A provider as `doctor` and `cache stats` see it. */
export interface ConfiguredProvider {
  name: ProviderName;
  /** Where it is asked, for the screen. */
  address: string;
  limitPerMinute?: number;
  /** Hash of the key under which its limits are kept. */
  keyHash(): string;
  load(): Promise<Provider>;
}

export interface Runtime {
  market: MarketData;
  /** When the days are known on which the exchange was closed against its rules. */
  recalled: Promise<void>;
  freshness: FreshnessTable;
  database: CacheDatabase;
  store: EntryStore;
  counters: Counters;
  state: SharedState;
  /** For what an answer that must be asked for will need. */
  providers: readonly ConfiguredProvider[];
  /** True where no market key is set. */
  isSample: boolean;
  close(): Promise<void>;
}

/** Options that every fetching command has, checked. */
export interface CommonOptions {
  json: boolean;
  offline: boolean;
  refresh: boolean;
  provider?: ProviderName;
  timeoutMs: number;
}

/** A market apart from the command's own: another time, another cache folder, one provider. */
export interface RuntimeChoice {
  clock: Clock;
  cacheDir: string;
  provider: ProviderName;
}

/** The structured log of `--log`; without the option nothing is kept. */
export interface RunLog {
  /** The next question or command of a session; what follows belongs to it. */
  beginTurn(): void;
  write(entry: Readonly<Record<string, unknown>>): void;
}

export interface Session {
  output: Output;
  streams: Streams;
  config: Config;
  clock: Clock;
  /** Machine time at which the command began. */
  startedMs: EpochMs;
  version: string;
  options: CommonOptions;
  /** Aborted with a CancelledError (Ctrl-C, TERM) or a BudgetExceededError (--timeout). */
  signal: AbortSignal;
  deadlineMs: number;
  /** Aborted by Ctrl-C and TERM only: for what runs longer than one question. */
  interrupted: AbortSignal;
  workingDirectory: string;
  /** The folder of fin's own package. */
  packageRoot: string;
  /** Opens cache and market once for each provider, by default that of `options`; closed at the end of the command. */
  openRuntime(provider?: ProviderName): Promise<Runtime>;
  /** Kept conversations; their file is opened when one is read or written, and closed at the end of the command. */
  openConversations(): Promise<ConversationStore>;
  /** Opens a market apart; its caller closes it. */
  openRuntimeApart(choice: RuntimeChoice): Promise<Runtime>;
  /** Hears every request, wait and remark: `--verbose` prints them, `--log` keeps them. */
  reportCall: CallContext['report'];
  log: RunLog;
}

/** How this command wants its data. `frame` narrows time and cancellation, as one turn of a session does. */
export function createMarketRequest(
  session: Session,
  frame?: { signal: AbortSignal; deadlineMs: number },
): MarketRequest {
  const { offline, refresh, provider } = session.options;
  return {
    offline,
    refresh,
    ...(provider === undefined ? {} : { provider }),
    call: {
      signal: frame?.signal ?? session.signal,
      // Read anew for each request: an offer that waits for the reader moves it.
      get deadlineMs() {
        return frame?.deadlineMs ?? session.deadlineMs;
      },
      priority: 'question',
      ignoreRemembered: refresh,
      report: session.reportCall,
    },
  };
}
