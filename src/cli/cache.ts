// fin cache: what the cache file holds and saved over all processes, emptying it, filling it, and where it is.
// Each kind of work is loaded when it is asked for.
import type { Runtime } from '../app/runtime.ts';
import { ConfigError, FinError } from '../domain/errors.ts';
import { plural } from '../render/format.ts';
import { toAnswerError } from '../tools/answer.ts';
import type { CommandRunner } from './command.ts';
import { EXIT } from '../app/exit-code.ts';
import type { CommandContext } from './command-context.ts';
import { printOwn } from './own-document.ts';

export const runCache: CommandRunner = async (invocation, session) => {
  const [action] = invocation.words;
  if (action === 'warm') return (await import('./cache-warm.ts')).runWarm(invocation, session);
  if (action === 'stats') return (await import('./cache-stats.ts')).runStats(invocation, session);
  const runtime = await session.openRuntime();
  return action === 'clear' ? await clear(runtime, session) : await printPath(runtime, session);
};

async function clear(runtime: Runtime, session: CommandContext): Promise<number> {
  const { path } = runtime.database;
  const store = await runtime.shared?.readStatus();
  const removed = await runtime.store.clear();
  await runtime.counters.clear();
  const text = `removed ${plural(removed, 'entry', 'entries')}`;
  if (store !== undefined && store.away === undefined) {
    printOwn(session, 'cache clear', { path, store, removed }, [`${text} from ${store.address}`]);
    return EXIT.done;
  }
  // What cannot be written is replaced by a cache in memory, where clearing is easy and means nothing.
  if (!runtime.database.isOnDisk())
    throw new ConfigError(`cache clear: ${path}: nothing was removed, because the file cannot be used`, {
      hint: 'close the program that holds the file, or make the file writable, and run it again',
    });
  if (store?.away === undefined) {
    printOwn(session, 'cache clear', { path, removed }, [`${text} from ${path}`]);
    return EXIT.done;
  }
  const error = new FinError(
    'unavailable',
    `cache clear: ${store.address} ${store.away}: its entries were not removed`,
    {
      hint: 'run it again when the store is back',
    },
  );
  printOwn(session, 'cache clear', { path, store, removed }, [`${text} from ${path}`], {
    errors: [toAnswerError(error)],
  });
  session.output.error(error);
  return EXIT.partial;
}

async function printPath(runtime: Runtime, session: CommandContext): Promise<number> {
  const { dataDir } = session.config;
  const store = await runtime.shared?.readStatus();
  const place = { path: runtime.database.path, dataFolder: dataDir, ...(store === undefined ? {} : { store }) };
  printOwn(session, 'cache path', place, [runtime.database.path]);
  if (!session.options.json && store !== undefined && store.away === undefined)
    session.output.note(
      `all machines share the cache in ${store.address}; this file is used while the store is unreachable`,
    );
  if (!session.options.json) session.output.note(`data that cannot be fetched again is in the data folder, ${dataDir}`);
  return EXIT.done;
}
