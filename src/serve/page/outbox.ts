// Questions asked while the server could not be reached, sent in their order when it is back: by the page, or by the
// worker where the browser wakes it. One sender at a time, so that none is asked twice.
import { ask, type AskListener } from './api.ts';
import { keepTurn, readTurns, type AskTable, type Turn } from './store.ts';

export const SYNC_TAG = 'fin-outbox';
/** Says to every open page that a question has its answer. */
export const CHANNEL = 'fin';

/** @returns false where some are left */
export async function sendQueued(listen: (turn: Turn) => AskListener = () => ({})): Promise<boolean> {
  // A browser that knows no locks has no worker that sends either.
  if (!('locks' in navigator)) return send(listen);
  return await navigator.locks.request(SYNC_TAG, () => send(listen));
}

async function send(listen: (turn: Turn) => AskListener): Promise<boolean> {
  const queued = (await readTurns()).filter(({ state }) => state === 'queued');
  for (const turn of queued) {
    const listener = listen(turn);
    const tables: AskTable[] = [];
    const { question, session } = turn;
    const document = await ask(
      { question, session },
      {
        ...listener,
        table: (table) => {
          tables.push(table);
          listener.table?.(table);
        },
      },
    );
    if (document === 'unreachable' || document === 'broken') return false;
    await keepTurn({ ...turn, state: 'done', tables, document, answeredMs: Date.now() });
    const channel = new BroadcastChannel(CHANNEL);
    channel.postMessage(turn.id);
    channel.close();
  }
  return true;
}
