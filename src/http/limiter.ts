// Hides how requests get their turn: the ledger shared by all processes says when a slot of the provider's limit is
// free, bottleneck runs what may go (at most 10 at a time, questions before warming), the rest waits in line here.
import type Bottleneck from 'bottleneck';
import { type FinError, RateLimitedError } from '../domain/errors.ts';
import type { MachineMs } from '../domain/types.ts';
import type { Delay } from './delay.ts';
import type { Gate, LimitKey, Priority, Reservation, SharedState } from './http.ts';
import { describeLimit, slotsKeptFree } from './limit-share.ts';

const MAX_IN_FLIGHT = 10;
/** Bottleneck's scale is 0 (first) to 9. */
const JOB_PRIORITY: Record<Priority, number> = { question: 4, watch: 6, warm: 8 };

export interface LimitedJob<T> {
  key: LimitKey;
  limitPerMinute: number;
  /** `Tradier quotes`, for messages. */
  label: string;
  signal: AbortSignal;
  /** Both may change while the job waits: another caller may have joined it. */
  priority(): Priority;
  deadlineMs(): MachineMs;
  /** What else may keep it from being sent. Read right before sending: another caller may have joined it. */
  gate(): Gate;
  /** Throws where nobody wants it any more. */
  checkWanted(): void;
  /** Throws where the breaker is open: a job that waits must not learn it at the end. */
  checkOpen(): Promise<void>;
  /** What `gate` refused, as an error. */
  refuse(reservation: Exclude<Reservation, { granted: true } | { freeAtMs: MachineMs }>): FinError;
  /** Hears how long the job is going to wait. */
  onWait(ms: number): void;
  send(timeoutMs: number): Promise<T>;
  /** Hears, when the answer has arrived or failed, whether failures of the provider are on record. */
  onSettled(hasFailures: boolean): void;
}

export interface LimiterOptions {
  state: SharedState;
  machineNow(): MachineMs;
  delay: Delay;
  windowMs: number;
  attemptMs: number;
}

type Waiting = Pick<LimitedJob<unknown>, 'priority'>;
type Outcome<T> = { sent: true; value: T } | { sent: false; freeAtMs: MachineMs };

/** Longer than bottleneck takes from the end of a job to the start of the next. */
const HANDOVER_MS = 8;

export function createLimiter(options: LimiterOptions) {
  const { state } = options;
  const lines = new Map<string, Waiting[]>();
  /** Other processes give slots back early and die: the ledger is looked at again this often. */
  const pollMs = Math.min(1_000, Math.max(5, options.windowMs / 20));
  let scheduler: Promise<Bottleneck> | undefined;

  /** Takes the slot right before sending, so that no slot ages in a queue. */
  async function trySend<T>(job: LimitedJob<T>, leaveLine: () => void): Promise<Outcome<T>> {
    job.checkWanted();
    const nowMs = options.machineNow();
    const timeoutMs = Math.min(options.attemptMs, job.deadlineMs() - nowMs);
    const gate = job.gate();
    const reserved = await state.reserveSlot(
      job.key,
      job.limitPerMinute,
      nowMs,
      nowMs + timeoutMs,
      keptFree(job),
      gate,
    );
    if (!reserved.granted) {
      if ('freeAtMs' in reserved) return { sent: false, freeAtMs: reserved.freeAtMs };
      throw job.refuse(reserved);
    }
    try {
      job.checkWanted();
    } catch (error) {
      await state.releaseSlot(reserved.slot);
      throw error;
    }
    leaveLine();
    try {
      return { sent: true, value: await job.send(timeoutMs) };
    } finally {
      job.onSettled(await state.settleSlot(reserved.slot, options.machineNow(), gate.breaker));
    }
  }

  /**
   * Answers as soon as the job has: bottleneck itself reports an end some milliseconds later. Where others wait for a
   * place in flight they go first, because what the caller does with an answer would hold up their start.
   */
  async function schedule<T>(priority: number, work: () => Promise<T>): Promise<T> {
    scheduler ??= import('bottleneck').then(
      ({ default: Scheduler }) => new Scheduler({ maxConcurrent: MAX_IN_FLIGHT }),
    );
    const bottleneck = await scheduler;
    return new Promise<T>((resolve, reject) => {
      const job = async (): Promise<void> => {
        const outcome = await work();
        if (bottleneck.queued() === 0) resolve(outcome);
        else setTimeout(() => resolve(outcome), HANDOVER_MS);
      };
      bottleneck.schedule({ priority }, () => job().catch(reject)).catch(reject);
    });
  }

  async function waitUntil(job: LimitedJob<unknown>, freeAtMs: MachineMs): Promise<void> {
    const waitMs = Math.max(1, freeAtMs - options.machineNow());
    if (freeAtMs >= job.deadlineMs())
      throw createRefusal(job, freeAtMs, waitMs, await state.readLimit(job.limitPerMinute));
    job.onWait(waitMs);
    await options.delay(Math.min(waitMs, pollMs), job.signal);
  }

  /** When the job may try, 0 for at once: whoever is alone asks nothing but for its slot. */
  async function readTurn(job: LimitedJob<unknown>, ahead: number, hasWaited: boolean): Promise<MachineMs> {
    job.checkWanted();
    if (ahead === 0 && !hasWaited) return 0;
    await job.checkOpen();
    return state.readFreeAt(job.key, job.limitPerMinute, options.machineNow(), ahead, keptFree(job));
  }

  async function run<T>(job: LimitedJob<T>): Promise<T> {
    const name = `${job.key.provider}:${job.key.keyHash}`;
    const line = lines.get(name) ?? [];
    lines.set(name, line);
    line.push(job);
    const leaveLine = (): void => {
      const place = line.indexOf(job);
      if (place >= 0) line.splice(place, 1);
    };
    try {
      for (let hasWaited = false; ; hasWaited = true) {
        const freeAtMs = await readTurn(job, countAhead(line, job), hasWaited);
        if (freeAtMs > options.machineNow()) {
          await waitUntil(job, freeAtMs);
          continue;
        }
        const outcome = await schedule(JOB_PRIORITY[job.priority()], () => trySend(job, leaveLine));
        if (outcome.sent) return outcome.value;
        await waitUntil(job, outcome.freeAtMs);
      }
    } finally {
      leaveLine();
    }
  }

  return {
    /**
     * Waits for a slot and sends.
     * @throws RateLimitedError at once where the wait cannot end before the deadline
     */
    run,
  };
}

function keptFree(job: Pick<LimitedJob<unknown>, 'priority' | 'limitPerMinute'>): number {
  return slotsKeptFree(job.priority(), job.limitPerMinute);
}

/** Who goes first: earlier ones of the same kind, and every one of a more urgent kind. */
function countAhead(line: readonly Waiting[], job: Waiting): number {
  const place = line.indexOf(job);
  const own = JOB_PRIORITY[job.priority()];
  return line.filter((other, index) => {
    const theirs = JOB_PRIORITY[other.priority()];
    return theirs < own || (theirs === own && index < place);
  }).length;
}

function createRefusal(
  job: LimitedJob<unknown>,
  freeAtMs: MachineMs,
  waitMs: number,
  usable: number,
): RateLimitedError {
  const seconds = Math.ceil(waitMs / 1_000);
  return new RateLimitedError(
    `${job.label}: the limit of ${describeLimit(usable, job.limitPerMinute)} ${usable === 1 ? 'request' : 'requests'} a minute is used up; the next one is free in ${seconds} s`,
    {
      provider: job.key.provider,
      retryAtMs: freeAtMs,
      hint: `wait ${seconds} s, allow more time with --timeout ${seconds + 15}, or use what is cached with --offline`,
    },
  );
}
