// Hides when there is time: while requests travel and nothing else is to be done, what their answers will need is loaded
// and run in, a piece at a time. An answer from the cache leaves no such time, and none of it is done.

export interface SpareTime {
  /**
   * Does `task` in such a time, `times` over with a turn of the event loop for each, whoever else asks for it by the same
   * name. Newest first: who is nearer to the wire asks later and is needed sooner. It may be left undone: nothing may rest on it.
   */
  use(name: string, task: () => void, times?: number): void;
  /** A request has left. Its answer is there, or will not come, when what this gives is called. */
  begin(): () => void;
}

/** Runs a task once, after a delay; what it gives takes that back. */
export type Later = (task: () => void, delayMs: number) => () => void;

/** Requests that leave together do so within this time of each other: the next of them goes first. */
const QUIET_MS = 5;

export function createSpareTime(later: Later = laterByTimer): SpareTime {
  const tasks: (() => void)[] = [];
  const known = new Set<string>();
  let travelling = 0;
  let takeBack: (() => void) | undefined;

  function plan(delayMs: number): void {
    takeBack?.();
    takeBack = travelling > 0 && tasks.length > 0 ? later(run, delayMs) : undefined;
  }

  /** One task in a turn of the event loop, so that an answer waits for no more than one. */
  function run(): void {
    takeBack = undefined;
    tasks.pop()?.();
    plan(0);
  }

  return {
    use: (name, task, times = 1) => {
      if (known.has(name)) return;
      known.add(name);
      for (let time = 0; time < times; time += 1) tasks.push(task);
      if (takeBack === undefined) plan(QUIET_MS);
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
