// Who may work now: at most so many at once, the others wait in turns between clients, and beyond a bound nobody waits.
// Hides the order. A client that floods has many places in its own line, one turn like everybody else, and gives way; the
// last free place is not for it while others are about.
import { setImmediate } from 'node:timers/promises';
import { CancelledError, ProviderUnavailableError, isFinError } from '../domain/errors.ts';

export interface QueueOptions {
  concurrency: number;
  /** Of all clients together. */
  mostWaiting: number;
  machineNow(): number;
}

export interface QueueStats {
  running: number;
  waiting: number;
  rejected: number;
  concurrency: number;
  mostWaiting: number;
}

export interface Queue {
  /** False where a request of this client would wait. */
  isFree(client: string): boolean;
  /**
   * A place at work; whoever gets it gives it back by the function.
   * Rejects with a QueueFullError where too many wait, at once, or when the signal is aborted.
   */
  enter(client: string, signal: AbortSignal): Promise<() => void>;
  /**
   * Before work that keeps the process busy for a while, one caller at a time: who comes in the same moment and finds the
   * queue full hears of it first.
   */
  readNewcomers(): Promise<void>;
  stats(): QueueStats;
  /** Resolves when nobody works or waits. */
  idle(): Promise<void>;
}

export class QueueFullError extends ProviderUnavailableError {
  readonly retryAfterS: number;

  constructor(message: string, retryAfterS: number) {
    super(message, { hint: `ask again in ${retryAfterS} s` });
    this.retryAfterS = retryAfterS;
  }
}

interface Place {
  start(): void;
  refuse(error: Error): void;
}

const MOST_RETRY_S = 60;
/** Whoever worked so long ago may be about to ask again. */
const ABOUT_MS = 5_000;

export function createQueue({ concurrency, mostWaiting, machineNow }: QueueOptions): Queue {
  /** Clients with somebody waiting; whose turn is next stands first. */
  const lines = new Map<string, Place[]>();
  const atWork = new Map<string, number>();
  const about = createAbout(machineNow);
  const whenIdle: (() => void)[] = [];
  let read = Promise.resolve();
  let [running, waiting, rejected, meanMs] = [0, 0, 0, 1_000];

  function settle(): void {
    if (running + waiting === 0) for (const resolve of whenIdle.splice(0)) resolve();
  }

  /** The last place is kept for clients with nothing at work, while there are such; where there is only one, for nobody. */
  function mayStart(client: string): boolean {
    const isLast = running === concurrency - 1 && running > 0;
    return running < concurrency && !(isLast && atWork.has(client) && about.isAnybody());
  }

  function take(client: string): () => void {
    running += 1;
    atWork.set(client, (atWork.get(client) ?? 0) + 1);
    about.forget(client);
    const startedMs = machineNow();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      running -= 1;
      const left = (atWork.get(client) ?? 1) - 1;
      if (left > 0) atWork.set(client, left);
      else {
        atWork.delete(client);
        about.note(client);
      }
      meanMs += (machineNow() - startedMs - meanMs) / 10;
      startNext();
      settle();
    };
  }

  function startNext(): void {
    const next = [...lines].find(([each]) => mayStart(each));
    if (next === undefined) return;
    const [client, line] = next;
    const [place] = line;
    if (place === undefined) return;
    remove(client, place);
    // Behind all other clients until its next turn.
    if (lines.delete(client)) lines.set(client, line);
    place.start();
    // A place that was kept.
    startNext();
  }

  function remove(client: string, place: Place): boolean {
    const line = lines.get(client) ?? [];
    const index = line.indexOf(place);
    if (index < 0) return false;
    line.splice(index, 1);
    if (line.length === 0) lines.delete(client);
    waiting -= 1;
    return true;
  }

  function createFullError(): QueueFullError {
    rejected += 1;
    const seconds = Math.ceil((((waiting + running) / concurrency) * meanMs) / 1_000);
    return new QueueFullError(
      `the server is busy: ${running} running and ${waiting} waiting`,
      Math.min(MOST_RETRY_S, Math.max(1, seconds)),
    );
  }

  /** The last of the longest line, where that is longer than the newcomer's would be. */
  function makeRoom(client: string): boolean {
    const [longest, line] = [...lines].reduce((best, each) => (each[1].length > best[1].length ? each : best));
    const last = line.at(-1);
    if (last === undefined || line.length <= (lines.get(client)?.length ?? 0) + 1) return false;
    remove(longest, last);
    last.refuse(createFullError());
    return true;
  }

  function wait(client: string, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        if (!remove(client, place)) return;
        reject(reasonOf(signal));
        settle();
      };
      const leaveWith = (end: () => void): void => {
        signal.removeEventListener('abort', onAbort);
        end();
      };
      const place: Place = {
        start: () => leaveWith(() => resolve(take(client))),
        refuse: (error) => leaveWith(() => reject(error)),
      };
      lines.set(client, [...(lines.get(client) ?? []), place]);
      waiting += 1;
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  return {
    isFree: mayStart,
    enter: (client, signal) => {
      if (signal.aborted) return Promise.reject(reasonOf(signal));
      // A place is kept as long as somebody can wait for another one instead.
      if (mayStart(client) || (running < concurrency && waiting >= mostWaiting)) return Promise.resolve(take(client));
      if (waiting >= mostWaiting && (mostWaiting === 0 || !makeRoom(client))) return Promise.reject(createFullError());
      return wait(client, signal);
    },
    readNewcomers: () => (read = read.then(() => setImmediate())),
    stats: () => ({ running, waiting, rejected, concurrency, mostWaiting }),
    idle: () => (running + waiting === 0 ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve))),
  };
}

/** Clients without anything at work that may be about to ask again. */
function createAbout(machineNow: () => number) {
  /** Since when; the longest first. */
  const leftMs = new Map<string, number>();

  /** Names of clients are strangers', and there may be any number of them. */
  function forgetLeft(): void {
    for (const [client, ms] of leftMs) {
      if (machineNow() - ms < ABOUT_MS) return;
      leftMs.delete(client);
    }
  }

  return {
    isAnybody: (): boolean => {
      forgetLeft();
      return leftMs.size > 0;
    },
    forget: (client: string) => leftMs.delete(client),
    note: (client: string): void => {
      forgetLeft();
      leftMs.set(client, machineNow());
    },
  };
}

function reasonOf({ reason }: AbortSignal): Error {
  return isFinError(reason) ? reason : new CancelledError('the client disconnected');
}
