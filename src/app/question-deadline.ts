// The time of one question in a session: its own deadline and cancellation. While the reader decides, its clock stands.
import { BudgetExceededError, CancelledError } from '../domain/errors.ts';
import type { Clock, MachineMs } from '../domain/types.ts';

export interface QuestionDeadline {
  readonly signal: AbortSignal;
  /** Machine time; later after a pause. */
  readonly deadlineMs: MachineMs;
  cancel(): void;
  /** Stops the clock; the function that it gives lets it run on. */
  pause(): () => void;
  dispose(): void;
}

export interface QuestionDeadlineOptions {
  clock: Pick<Clock, 'machineNow'>;
  timeoutMs: number;
  /** Of what there are several with this time each (`a prompt`), for the words of its end. */
  each?: string;
  /** The end of the whole session ends the question. */
  parent: AbortSignal;
  /** Default: those of a command line. */
  words?: EndWords;
}

export interface EndWords {
  timeIsUp(): Error;
  /** Default: why the parent ended. */
  parentEnded?(): Error;
}

/** Starts the clock. Whoever creates it disposes of it. */
export function createQuestionDeadline({
  clock,
  timeoutMs,
  each,
  parent,
  words,
}: QuestionDeadlineOptions): QuestionDeadline {
  const controller = new AbortController();
  let deadlineMs = clock.machineNow() + timeoutMs;
  let timer: NodeJS.Timeout | undefined;

  const run = (leftMs: number): void => {
    deadlineMs = clock.machineNow() + leftMs;
    timer = setTimeout(() => controller.abort(words?.timeIsUp() ?? timeIsUp(timeoutMs, each)), Math.max(0, leftMs));
  };
  const onParent = (): void => controller.abort(words?.parentEnded?.() ?? parent.reason);
  parent.addEventListener('abort', onParent);
  if (parent.aborted) onParent();
  run(timeoutMs);

  return {
    signal: controller.signal,
    get deadlineMs() {
      return deadlineMs;
    },
    cancel: () => controller.abort(new CancelledError('canceled', { hint: 'ask again, or something else' })),
    pause: () => {
      clearTimeout(timer);
      const leftMs = deadlineMs - clock.machineNow();
      deadlineMs = Infinity;
      return () => run(leftMs);
    },
    dispose: () => {
      clearTimeout(timer);
      parent.removeEventListener('abort', onParent);
    },
  };
}

/** Why a run or a question ends at its deadline. `each`: of what the time is, where there are several. */
export function timeIsUp(timeoutMs: number, each = ''): BudgetExceededError {
  return new BudgetExceededError('timeout', `out of time: --timeout allows ${timeoutMs / 1000} s ${each}`.trimEnd(), {
    hint: 'allow more time with --timeout SECONDS',
  });
}
