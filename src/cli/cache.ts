// fin cache: what the cache file holds and saved over all processes, emptying it, filling it, and where it is.
// Each kind of work is loaded when it is asked for.
import type { Runtime } from '../app/runtime.ts';
import type { AnswerError } from '../domain/answers.ts';
import { ConfigError, FinError } from '../domain/errors.ts';
import { plural } from '../render/format.ts';
import { formatJson } from '../render/json.ts';
import { toAnswerError } from '../tools/answer.ts';
import type { CommandRunner } from './command.ts';
import { createDocument } from '../app/document.ts';
import { EXIT } from '../app/exit-code.ts';
import type { CommandContext } from './command-context.ts';

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
  if (store !== undefined && store.away === undefined) {
    const place = { path, store };
    print(
      session,
      'clear',
      { ...place, removed },
      `removed ${plural(removed, 'entry', 'entries')} from ${store.address}`,
    );
    return EXIT.done;
  }
  // What cannot be written is replaced by a cache in memory, where clearing is easy and means nothing.
  if (!runtime.database.isOnDisk())
    throw new ConfigError(`cache clear: ${path}: nothing was removed, because the file cannot be used`, {
      hint: 'close the program that holds the file, or make the file writable, and run it again',
    });
  const text = `removed ${plural(removed, 'entry', 'entries')} from ${path}`;
  if (store?.away === undefined) {
    print(session, 'clear', { path, removed }, text);
    return EXIT.done;
  }
  const error = new FinError(
    'unavailable',
    `cache clear: ${store.address} ${store.away}: its entries were not removed`,
    {
      hint: 'run it again when the store is back',
    },
  );
  print(session, 'clear', { path, store, removed }, text, [toAnswerError(error)]);
  session.output.error(error);
  return EXIT.partial;
}

async function printPath(runtime: Runtime, session: CommandContext): Promise<number> {
  const { dataDir } = session.config;
  const store = await runtime.shared?.readStatus();
  const place = { path: runtime.database.path, dataFolder: dataDir, ...(store === undefined ? {} : { store }) };
  print(session, 'path', place, runtime.database.path);
  if (!session.options.json && store !== undefined && store.away === undefined)
    session.output.note(`the cache of all machines is in ${store.address}; this file is used while it is away`);
  if (!session.options.json) session.output.note(`data that cannot be fetched again is in the data folder, ${dataDir}`);
  return EXIT.done;
}

function print(
  session: CommandContext,
  action: string,
  data: object,
  text: string,
  errors: readonly AnswerError[] = [],
): void {
  session.output.write(
    session.options.json ? formatJson(createDocument(session, `cache ${action}`, data, { errors })) : `${text}\n`,
  );
}
