// Builds what a fetching command works on: the cache file, the limits in it, and a market whose providers, HTTP client
// and sample exchange are loaded only when something must be asked for.
import type { OpenedWholeMarket } from '../book/whole-market.ts';
import { type Counters, createCounters, createCountersIn } from '../cache/counters.ts';
import { type CacheDatabase, openCacheDatabase } from '../cache/database.ts';
import { type FreshnessTable, createFreshnessTable } from '../cache/freshness.ts';
import type { RedisStore, RedisStoreOptions } from '../cache/redis-store.ts';
import { readTimestamp, saveTimestamp } from '../cache/timestamps.ts';
import { createSharedState } from '../cache/shared-state.ts';
import { type EntryStore, createEntryStore } from '../cache/store.ts';
import { createSqliteEntries } from '../cache/sqlite-entries.ts';
import type { Config } from '../config.ts';
import { ConfigError } from '../domain/errors.ts';
import type { Clock, MachineMs, ProviderName } from '../domain/types.ts';
import type { CallContext, SharedState } from '../http/http.ts';
import { FRESHNESS_OF, type ProviderSlot } from '../market/access.ts';
import type { MarketData, WholeMarket } from '../market/market-data.ts';
import { createMarketData } from '../market/create-market-data.ts';
import { recallDays } from '../market/exchange-days.ts';
import { hashKey, identityOf } from '../providers/identity.ts';
import type { Provider } from '../providers/provider.ts';
import type { Network } from './network.ts';
import { createReadings } from './readings.ts';

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
  /** The store of several machines; absent: all is in the cache file. */
  shared?: Pick<RedisStore, 'readStatus'>;
  providers: readonly ConfiguredProvider[];
  /** True where no market key is set. */
  isSample: boolean;
  close(): Promise<void>;
}

export interface RuntimeOptions {
  config: Config;
  clock: Clock;
  provider?: ProviderName;
  onNote(text: string): void;
  /** Hears what only --verbose tells. */
  report?: CallContext['report'];
  /** Given where FIN_STORE names a store: its code is loaded for nobody else. */
  openStore?: (options: RedisStoreOptions) => RedisStore;
}

const SAMPLE_URL = 'http://sample.invalid';
const OLD_NAME_NOTE_MS = 24 * 3_600_000;

/** @throws ConfigError where the provider asked for has no key. Nothing is asked before the market is used; its caller closes it. */
export function openRuntime(options: RuntimeOptions): Runtime {
  const { config, clock, onNote } = options;
  const machineNow = (): MachineMs => clock.machineNow();
  const database = openCacheDatabase({ folder: config.cacheDir, onNote, machineNow });
  const freshness = createFreshnessTable(config.freshness);
  let network: Promise<Network> | undefined;
  const loadNetwork = (): Promise<Network> => {
    network ??= import('./network.ts').then(({ createNetwork }) =>
      createNetwork({ config, clock, state, sampleUrl: SAMPLE_URL }),
    );
    return network;
  };
  const providers = configureProviders(options, loadNetwork);
  const slots = providers.map(({ slot }) => slot);
  const isSample = slots.some(({ name }) => name === 'sample');
  const shared =
    config.store === undefined
      ? undefined
      : options.openStore?.({
          url: config.store.reveal(),
          isSample,
          database,
          usableMs: (kind) => freshness[FRESHNESS_OF[kind]].usableMs,
          machineNow,
          onNote,
        });
  const store = createEntryStore({ home: shared?.home ?? createSqliteEntries(database), machineNow, onNote });
  const counters =
    shared === undefined ? createCounters(database, machineNow) : createCountersIn(shared.counters, machineNow);
  const state = shared?.state ?? createSharedState(database);
  const recalled = recallDays({ store, slots, clock });
  const readings = createReadings({
    config,
    slots,
    clock,
    ...(options.report === undefined ? {} : { report: options.report }),
  });
  let wholeMarket: Promise<OpenedWholeMarket> | undefined;

  /** Only Polygon and the sample market have all bars of a session in one request. */
  async function openWholeMarket(): Promise<WholeMarket | undefined> {
    const configured = providers.find(({ slot: { name } }) => name === 'polygon' || name === 'sample');
    if (configured === undefined) return undefined;
    const { limitPerMinute } = configured.provider;
    wholeMarket ??= import('../book/whole-market.ts').then(({ createWholeMarket }) =>
      createWholeMarket({
        slot: configured.slot,
        place: config,
        clock,
        counters,
        leases: state,
        ...(limitPerMinute === undefined ? {} : { limitPerMinute }),
      }),
    );
    return wholeMarket;
  }

  const market: MarketData = {
    ...createMarketData({
      store,
      counters,
      slots,
      freshness,
      clock,
      leases: state,
      onChain: readings.note,
      wholeMarket: openWholeMarket,
    }),
    past: readings.past,
    wholeMarket: openWholeMarket,
  };
  if (config.usesOldPolygonName) noteOnceADay();
  return {
    market,
    recalled,
    freshness,
    database,
    store,
    counters,
    state,
    ...(shared === undefined ? {} : { shared }),
    providers: providers.map(({ provider }) => provider),
    isSample,
    close: async () => {
      try {
        await readings.close();
        (await wholeMarket)?.leave();
        if (network !== undefined) await (await network).close();
      } finally {
        // One transaction for both: each costs a write of its own.
        await database.transaction(() => Promise.all([counters.flush(), store.flush()]));
        shared?.close();
        database.leave();
      }
    },
  };

  function noteOnceADay(): void {
    if (machineNow() - readTimestamp(database, 'old_name_noted_ms', machineNow()) < OLD_NAME_NOTE_MS) return;
    saveTimestamp(database, 'old_name_noted_ms', machineNow());
    onNote('POLYGON_API_KEY is the old name of MASSIVE_API_KEY; it still works');
  }
}

interface Configured {
  slot: ProviderSlot;
  provider: ConfiguredProvider;
}

/** Tradier first, because a free Polygon plan allows five calls a minute; the sample market only where no key is set. */
function configureProviders({ config, provider }: RuntimeOptions, load: () => Promise<Network>): Configured[] {
  const { tradier, polygon } = config;
  const configured: Configured[] = [];
  if (tradier !== undefined)
    configured.push(
      configure(
        'tradier',
        tradier.baseUrl,
        tradier.environment,
        tradier.limitPerMinute,
        tradier.token.reveal(),
        async () => (await load()).tradier(),
      ),
    );
  if (polygon !== undefined)
    configured.push(
      configure('polygon', polygon.baseUrl, 'production', polygon.limitPerMinute, polygon.apiKey.reveal(), async () =>
        (await load()).polygon(),
      ),
    );
  const sample = configure('sample', SAMPLE_URL, 'sample', undefined, '', async () => (await load()).sample());
  if (provider === 'sample' || configured.length === 0) {
    if (provider !== undefined && provider !== 'sample') throw missingKey(provider);
    return [sample];
  }
  if (provider !== undefined && !configured.some(({ slot }) => slot.name === provider)) throw missingKey(provider);
  return provider === undefined ? configured : configured.filter(({ slot }) => slot.name === provider);
}

function configure(
  name: ProviderName,
  baseUrl: string,
  environment: 'production' | 'sandbox' | 'sample',
  limitPerMinute: number | undefined,
  key: string,
  load: ConfiguredProvider['load'],
): Configured {
  const limit = limitPerMinute === undefined ? {} : { limitPerMinute };
  return {
    slot: { name, identity: identityOf(name, baseUrl, environment), load },
    provider: { name, address: baseUrl, ...limit, keyHash: () => hashKey(name, key), load },
  };
}

const KEYS: Readonly<Record<Exclude<ProviderName, 'sample'>, string>> = {
  polygon: 'MASSIVE_API_KEY',
  tradier: 'TRADIER_ACCESS_TOKEN',
};

function missingKey(provider: keyof typeof KEYS): ConfigError {
  const name = KEYS[provider];
  return new ConfigError(`--provider ${provider}: ${name} is not set`, {
    hint: `set ${name}, or use --provider sample`,
  });
}
