// Hides when there is time: from some milliseconds after the last request has left until the last answer comes, what the
// answers will need is loaded and run in, a piece at a time. An answer from the cache leaves no such time, and none is done.

export interface SpareTime {
  /**
   * Does `task` in such a time, `times` over, each in a turn of the event loop of its own: an answer waits for no more
   * than one. Newest first: who is nearer to the wire asks later and is needed sooner. What is asked for under a name
   * that is taken is dropped. Nothing may rest on a task: it may be left undone, or fail.
   * What this gives takes back what is not done yet, and the name with it.
   */
  use(name: string, task: () => unknown, times?: number): () => void;
  /** A request has left. Its answer is there, or will not come, when what this gives is called. */
  begin(): () => void;
}

/** Runs a task once, after a delay; what it gives takes that back. */
export type Later = (task: () => void, delayMs: number) => () => void;

export interface SpareTimeOptions {
  onFailure(name: string, error: unknown): void;
  later?: Later;
}

interface Task {
  name: string;
  run(): unknown;
}

/** Requests that leave together do so within this time of each other: the next of them goes first. */
const QUIET_MS = 5;

export function createSpareTime({ onFailure, later = laterByTimer }: SpareTimeOptions): SpareTime {
  let tasks: Task[] = [];
  const taken = new Set<string>();
  let travelling = 0;
  let takeBack: (() => void) | undefined;

  function plan(delayMs: number): void {
    takeBack?.();
    takeBack = travelling > 0 && tasks.length > 0 ? later(runNext, delayMs) : undefined;
  }

  function runNext(): void {
    takeBack = undefined;
    const task = tasks.pop();
    if (task !== undefined)
      new Promise((resolve) => resolve(task.run())).catch((error: unknown) => onFailure(task.name, error));
    plan(0);
  }

  function giveUp(name: string, own: readonly Task[]): void {
    const rest = tasks.filter((task) => !own.includes(task));
    if (rest.length < tasks.length) taken.delete(name);
    tasks = rest;
  }

  return {
    use: (name, run, times = 1) => {
      if (taken.has(name)) return () => undefined;
      taken.add(name);
      const own = Array.from({ length: times }, (): Task => ({ name, run }));
      tasks.push(...own);
      if (takeBack === undefined) plan(QUIET_MS);
      return () => giveUp(name, own);
    },
    begin: () => {
      let hasEnded = false;
      travelling += 1;
      plan(QUIET_MS);
      return () => {
        if (hasEnded) return;
        hasEnded = true;
        travelling -= 1;
        if (travelling === 0) plan(QUIET_MS);
      };
    },
  };
}

const laterByTimer: Later = (task, delayMs) => {
  const timer = setTimeout(task, delayMs);
  return () => clearTimeout(timer);
};
