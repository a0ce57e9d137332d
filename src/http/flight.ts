// Hides how several callers share one request on its way: it lives as long as one of them wants it, has the latest
// deadline and the highest priority of them, and one caller's end does not touch the others.
import { BudgetExceededError, CancelledError, isFinError } from '../domain/errors.ts';
import type { FinError } from '../domain/errors.ts';
import type { MachineMs } from '../domain/types.ts';
import type { CallContext, CallEvent, HttpReply, Priority } from './http.ts';

/** setTimeout takes no more; a longer one would fire at once. */
const MAX_TIMER_MS = 2_147_483_647;

export interface Flight {
  readonly label: string;
  /** Aborted when nobody wants the answer any more. */
  readonly signal: AbortSignal;
  priority(): Priority;
  deadlineMs(): MachineMs;
  ignoresRemembered(): boolean;
  /** To one caller, so that a request is counted once. */
  report(event: CallEvent): void;
  /** To every caller: all of them wait. */
  reportWait(event: CallEvent & { type: 'wait' }): void;
  /** What to report should everybody leave while a request is on the wire. */
  onAbandoned: (() => void) | undefined;
  /** The shared answer for one caller; ends early, with its own reason, where that caller's context ends. */
  join(context: CallContext, answer: Promise<HttpReply>): Promise<HttpReply>;
  /** Throws where nobody wants it any more. */
  checkWanted(): void;
  /** Ends it for everybody. */
  abandon(): void;
}

export function createFlight(
  label: string,
  leader: CallContext,
  machineNow: () => MachineMs,
  onAbandon: () => void,
): Flight {
  const controller = new AbortController();
  const users = new Set<CallContext>([leader]);
  let lastWait: { event: CallEvent & { type: 'wait' }; untilMs: MachineMs } | undefined;

  const flight: Flight = {
    label,
    signal: controller.signal,
    onAbandoned: undefined,
    priority: () =>
      (['question', 'watch'] as const).find((one) => [...users].some(({ priority }) => priority === one)) ?? 'warm',
    deadlineMs: () => Math.max(...[...users].map((user) => user.deadlineMs)),
    ignoresRemembered: () => [...users].some((user) => user.ignoreRemembered),
    report: (event) => {
      const [first = leader] = users;
      first.report(event);
    },
    reportWait: (event) => {
      // The line looks at the ledger again and again; a wait is told once, and again only where it has become longer.
      const untilMs = machineNow() + event.ms;
      if (lastWait !== undefined && untilMs <= lastWait.untilMs + 1_000) return;
      lastWait = { event, untilMs };
      for (const user of users) user.report(event);
    },
    join,
    checkWanted: () => {
      if (controller.signal.aborted) throw new CancelledError();
      if (flight.deadlineMs() <= machineNow()) throw createTimeoutError(label);
    },
    abandon: () => controller.abort(),
  };

  function leave(context: CallContext): void {
    users.delete(context);
    if (users.size > 0) return;
    // Reported while the last caller still listens: its answer counts this request.
    users.add(context);
    flight.onAbandoned?.();
    users.delete(context);
    controller.abort();
    onAbandon();
  }

  function join(context: CallContext, answer: Promise<HttpReply>): Promise<HttpReply> {
    users.add(context);
    if (context !== leader && lastWait !== undefined && lastWait.untilMs > machineNow()) {
      context.report({ ...lastWait.event, ms: lastWait.untilMs - machineNow() });
    }
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        context.signal.removeEventListener('abort', end);
      };
      const end = (): void => {
        stop();
        leave(context);
        reject(createEndedError(context, label));
      };
      const remainingMs = Math.min(MAX_TIMER_MS, Math.max(0, context.deadlineMs - machineNow()));
      const timer = setTimeout(end, remainingMs);
      context.signal.addEventListener('abort', end, { once: true });
      answer.then(resolve, reject).finally(stop);
    });
  }

  return flight;
}

/** What ended a caller's time: its own reason where that is one of ours, else the deadline or the user. */
export function createEndedError(context: CallContext, label: string): FinError {
  const reason: unknown = context.signal.reason;
  if (context.signal.aborted && isFinError(reason)) return reason;
  const isTimeout = !context.signal.aborted || (reason instanceof Error && reason.name === 'TimeoutError');
  return isTimeout ? createTimeoutError(label) : new CancelledError();
}

export function createTimeoutError(label: string): FinError {
  return new BudgetExceededError('timeout', `${label}: no answer within the time allowed`, {
    hint: 'allow more time with --timeout SECONDS',
  });
}
