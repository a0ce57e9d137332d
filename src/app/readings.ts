// What chains say that are fetched anyway, kept for later sessions: written after the answer, in one go, by code that is
// loaded only then. What cannot be kept fails no question.
import type { DataDatabase } from '../book/data-database.ts';
import type { FetchedChain, ReadingStore, ReadingsOwner } from '../book/readings.ts';
import type { Config } from '../config.ts';
import { toFinError } from '../domain/errors.ts';
import type { Clock, ProviderName } from '../domain/types.ts';
import type { CallContext } from '../http/http.ts';
import type { NewChain } from '../market/create-market-data.ts';
import type { PastReadings, PastSource } from '../market/market-data.ts';

export interface Readings {
  past: PastReadings;
  note(fetched: NewChain): void;
  /** Writes what was noted and lets go of the file. */
  close(): Promise<void>;
}

export interface ReadingsOptions {
  config: Pick<Config, 'dataDir' | 'dataHome'>;
  slots: readonly { name: ProviderName; identity: string }[];
  clock: Clock;
  report?: CallContext['report'];
}

/** An answer is on its way to the screen when its last chain has come. */
const WRITE_AFTER_MS = 300;
const MOST_CLOCKS_DIFFER_MS = 1_000;

export function createReadings({ config, slots, clock, report }: ReadingsOptions): Readings {
  let noted: FetchedChain[] = [];
  let timer: NodeJS.Timeout | undefined;
  let opened: Promise<{ database: DataDatabase; store: ReadingStore }> | undefined;

  const open = (): NonNullable<typeof opened> =>
    (opened ??= import('../book/readings.ts').then(({ createReadingStore, openReadingDatabase }) => {
      const database = openReadingDatabase(config);
      return { database, store: createReadingStore(database) };
    }));

  const ownerOf = ({ provider, sample }: PastSource): ReadingsOwner => ({
    identity: slots.find(({ name }) => name === provider)?.identity ?? provider,
    sample,
  });

  /** FIN_NOW, a suite's clock: the readings of such days are kept one by one, for the sample market too. */
  const isReplay = (): boolean => Math.abs(clock.now() - clock.machineNow()) > MOST_CLOCKS_DIFFER_MS;

  async function write(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const fetched = noted;
    noted = [];
    if (fetched.length === 0) return;
    try {
      (await open()).store.record(fetched);
    } catch (thrown) {
      report?.({ type: 'detail', text: `volatility readings are not saved: ${toFinError(thrown).message}` });
    }
  }

  return {
    past: {
      iv30: async (symbol, source, before) =>
        source.provider === 'sample' && !isReplay()
          ? (await import('../sample/past.ts')).samplePastIv30(symbol, before)
          : (await open()).store.pastIv30(ownerOf(source), symbol, before),
      openInterest: async (symbol, expiration, source, before) =>
        (await open()).store.pastOpenInterest(ownerOf(source), symbol, expiration, before),
    },
    note: ({ chain, source, listed }) => {
      // Equal needs under way have one answer.
      if (noted.some((each) => each.chain === chain)) return;
      const { fetchedAt } = source;
      noted.push({ ...ownerOf(source), chain, fetchedAt, ...(listed === undefined ? {} : { listed }) });
      timer ??= setTimeout(() => void write(), WRITE_AFTER_MS).unref();
    },
    close: async () => {
      await write();
      if (opened !== undefined) (await opened).database.leave();
    },
  };
}
