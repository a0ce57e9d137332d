// Work that a server does by itself, at its times in New York (croner's only owner): with what questions leave of the
// limit, by one of all processes and machines, and never more than one run of a job at once. Times are the market's clock.
import { underlyingOf } from '../domain/symbols.ts';
import { Cron } from 'croner';
import { createMarketRequest } from '../app/request.ts';
import { warmAll } from '../app/warm.ts';
import { readBook } from '../book/book-file.ts';
import { dataFolderOf } from '../book/data-folder.ts';
import { listPositions } from '../book/positions.ts';
import { createLease, createLeaseOwner } from '../cache/lease.ts';
import type { AnswerError } from '../domain/answers.ts';
import { isTradingDay } from '../domain/calendar.ts';
import { toFinError } from '../domain/errors.ts';
import { exchangeDateOf, formatExchangeIso } from '../domain/exchange-time.ts';
import type { MarketMs, TickerSymbol } from '../domain/types.ts';
import { delay, isOver } from '../http/delay.ts';
import type { Priority } from '../http/http.ts';
import { checkAlerts } from '../tools/alerts.ts';
import type { ToolContext } from '../tools/answer.ts';
import { MARKET_SESSIONS } from '../tools/scan.ts';
import { answerVolatility } from '../tools/volatility.ts';
import type { ServeHost, ServeParts } from './host.ts';
import type { Family } from './metrics.ts';

export interface JobStats {
  name: string;
  nextAt?: string;
  lastAt?: string;
  lastMs?: number;
  /** `skipped`: another process did it, or there was nothing to do. */
  lastResult?: 'ok' | 'failed' | 'skipped';
  lastError?: string;
  runs: number;
  failures: number;
}

export interface Jobs {
  /** Until the signal is aborted; resolves when nothing runs any more. */
  start(signal: AbortSignal): Promise<unknown>;
  /** Now, whatever its times. */
  run(name: string, signal: AbortSignal): Promise<void>;
  stats(): JobStats[];
  families(): Family[];
}

interface Job {
  name: string;
  /** A cron line in New York. */
  at: string;
  priority: Priority;
  timeoutMs: number;
  /** Done at the start of a server too, where that is after its time on the same trading day: what is held costs nothing. */
  catchesUp?: true;
  /** Nothing to do on other days. */
  needsTradingDay?: true;
  /** @returns what failed; undefined where there was nothing to do */
  work(context: ToolContext): Promise<readonly AnswerError[] | undefined>;
}

export const NEW_YORK = 'America/New_York';
const POPULAR = 20;
const MOST_READINGS = 200;
/** Longer waits are cut in parts: a machine that slept, or whose clock was set, finds its next time again. */
const LONGEST_WAIT_MS = 15 * 60_000;
const MINUTE_MS = 60_000;

export interface JobsOptions extends ServeParts {
  /** Hears what fired. */
  tell(event: string, data: unknown): void;
}

export function createJobs({ host, metrics, tell }: JobsOptions): Jobs {
  const { clock, log } = host;
  const owner = createLeaseOwner();
  const jobs = listJobs(host, tell);
  const stats = new Map<string, JobStats>(jobs.map(({ name }) => [name, { name, runs: 0, failures: 0 }]));
  const crons = new Map(jobs.map(({ name, at }) => [name, new Cron(at, { timezone: NEW_YORK, paused: true })]));
  const running = new Set<string>();

  const nextOf = (name: string, after: MarketMs): MarketMs =>
    crons.get(name)?.nextRun(new Date(after))?.getTime() ?? Infinity;

  async function keep(job: Job, signal: AbortSignal): Promise<void> {
    if (job.catchesUp === true && isMissedToday(job)) await runOnce(job, signal);
    while (!isOver(signal)) {
      const dueAt = nextOf(job.name, clock.now());
      while (!isOver(signal) && clock.now() < dueAt)
        await delay(Math.min(dueAt - clock.now(), LONGEST_WAIT_MS), signal);
      if (!isOver(signal)) await runOnce(job, signal);
    }
  }

  function isMissedToday({ name }: Job): boolean {
    const today = exchangeDateOf(clock.now());
    const midnight = clock.now() - 24 * 60 * MINUTE_MS;
    const lastDue = crons.get(name)?.previousRuns(1, new Date(clock.now()))[0]?.getTime() ?? -Infinity;
    return lastDue > midnight && exchangeDateOf(lastDue) === today && isTradingDay(today);
  }

  async function runOnce(job: Job, signal: AbortSignal): Promise<void> {
    if (running.has(job.name)) return;
    running.add(job.name);
    const startedMs = clock.machineNow();
    const held = stats.get(job.name) ?? { name: job.name, runs: 0, failures: 0 };
    held.lastAt = formatExchangeIso(clock.now());
    try {
      const errors = await withLease(job, signal);
      held.lastResult = errors === undefined ? 'skipped' : errors.length === 0 ? 'ok' : 'failed';
      if (errors !== undefined) held.runs += 1;
      setError(held, errors?.[0]?.message);
    } catch (thrown) {
      if (signal.aborted) return;
      held.lastResult = 'failed';
      held.runs += 1;
      setError(held, toFinError(thrown).message);
    } finally {
      running.delete(job.name);
    }
    held.lastMs = Math.round(clock.machineNow() - startedMs);
    log.write({ event: 'job', ...held });
  }

  function setError(held: JobStats, message: string | undefined): void {
    delete held.lastError;
    if (message === undefined) return;
    held.failures += 1;
    held.lastError = message;
    const at = new Date(clock.machineNow()).toISOString();
    host.output.remark(JSON.stringify({ at, job: held.name, error: message }));
  }

  /** The lease ends by itself: another machine whose clock is a little behind finds it taken. */
  async function withLease(job: Job, signal: AbortSignal): Promise<readonly AnswerError[] | undefined> {
    const { state, market } = await host.openRuntime();
    if (job.needsTradingDay === true && !isTradingDay(exchangeDateOf(clock.now()))) return undefined;
    const lease = createLease(`job:${job.name}`, { state, owner, machineNow: () => clock.machineNow() });
    if (!(await lease.claim())) return undefined;
    const stopRenewing = lease.keep();
    const timeout = AbortSignal.timeout(job.timeoutMs);
    try {
      const request = createMarketRequest({
        options: { offline: false, refresh: false },
        signal: AbortSignal.any([signal, timeout]),
        deadlineMs: clock.machineNow() + job.timeoutMs,
        priority: job.priority,
        reportCall: metrics.reporter((event) => {
          // Waiting is what this work is for.
          if (event.type !== 'wait') host.reportCall(event);
        }),
      });
      return await job.work({ market, clock, request });
    } finally {
      stopRenewing();
    }
  }

  return {
    start: (signal) => Promise.all(jobs.map((job) => keep(job, signal))),
    run: async (name, signal) => {
      const job = jobs.find((each) => each.name === name);
      if (job !== undefined) await runOnce(job, signal);
    },
    stats: () =>
      [...stats.values()].map((each) => ({ ...each, nextAt: formatExchangeIso(nextOf(each.name, clock.now())) })),
    families: () => describeJobs([...stats.values()]),
  };
}

/** What is done by itself, and when. */
function listJobs(host: ServeHost, tell: JobsOptions['tell']): readonly Job[] {
  const { clock, config } = host;
  const folder = dataFolderOf(config);

  async function tellAlerts(context: ToolContext): Promise<readonly AnswerError[]> {
    const answer = await checkAlerts({ ...context, book: folder });
    const { isSample } = await host.openRuntime();
    for (const firing of answer.data ?? []) {
      const said = { ...firing, ...(isSample ? { sample: true } : {}) };
      tell('alert', said);
      host.output.remark(JSON.stringify({ at: new Date(clock.machineNow()).toISOString(), alert: said }));
    }
    return answer.errors;
  }

  async function warm({ market, request }: ToolContext): Promise<readonly AnswerError[] | undefined> {
    const { counters } = await host.openRuntime();
    const symbols = await counters.readPopular(POPULAR);
    if (symbols.length === 0) return undefined;
    return (await warmAll(symbols, request, { market }, clock)).flatMap(({ error }) => error ?? []);
  }

  /** Chains that are fetched leave their reading in the data folder by themselves. */
  async function readVolatilities(context: ToolContext): Promise<readonly AnswerError[] | undefined> {
    const symbols = await listOwnSymbols();
    if (symbols.length === 0) return undefined;
    const errors: AnswerError[] = [];
    for (const symbol of symbols) {
      if (context.request.call.signal.aborted) break;
      const answer = await answerVolatility(symbol, context, { isBrief: true });
      errors.push(...answer.errors.filter(({ code }) => code !== 'no_data'));
    }
    return errors;
  }

  /** What is held and listed, then what is asked for most. */
  async function listOwnSymbols(): Promise<TickerSymbol[]> {
    const book = readBook(folder);
    const { counters } = await host.openRuntime();
    const all = [
      ...listPositions(book).map(underlyingOf),
      ...Object.values(book.lists).flat(),
      ...(await counters.readPopular(POPULAR)),
    ];
    return [...new Set(all)].slice(0, MOST_READINGS);
  }

  async function fillMarket({ market, request }: ToolContext): Promise<readonly AnswerError[] | undefined> {
    const whole = await market.wholeMarket?.();
    // The sample market costs nothing to ask for when it is wanted.
    if (whole === undefined || whole.provider === 'sample') return undefined;
    const { failure } = await whole.fill(MARKET_SESSIONS, request);
    await whole.learnSplits(request);
    return failure === undefined ? [] : [{ code: failure.code, message: failure.message }];
  }

  return [
    { name: 'alerts', at: '* * * * *', priority: 'watch', timeoutMs: 50_000, work: tellAlerts },
    {
      name: 'warm',
      at: '10 9 * * 1-5',
      priority: 'warm',
      timeoutMs: 15 * MINUTE_MS,
      needsTradingDay: true,
      work: warm,
    },
    // Options of indices and broad funds trade until 16:15; on half days the chains stay as they were at 13:15.
    {
      name: 'readings',
      at: '20 16 * * 1-5',
      priority: 'warm',
      timeoutMs: 3 * 60 * MINUTE_MS,
      catchesUp: true,
      needsTradingDay: true,
      work: readVolatilities,
    },
    // Bars are final at 20:00; a free plan has them the next morning.
    {
      name: 'market',
      at: '15 20 * * 1-5',
      priority: 'warm',
      timeoutMs: 6 * 60 * MINUTE_MS,
      catchesUp: true,
      work: fillMarket,
    },
    { name: 'market-late', at: '30 6 * * 1-6', priority: 'warm', timeoutMs: 6 * 60 * MINUTE_MS, work: fillMarket },
  ];
}

function describeJobs(stats: readonly JobStats[]): Family[] {
  const family = (
    name: string,
    type: Family['type'],
    help: string,
    read: (job: JobStats) => number | undefined,
  ): Family => ({
    name,
    type,
    help,
    samples: stats.flatMap((job) => {
      const value = read(job);
      return value === undefined ? [] : [{ labels: { job: job.name }, value }];
    }),
  });
  return [
    family('fin_job_runs_total', 'counter', 'Runs of background work.', ({ runs }) => runs),
    family('fin_job_failures_total', 'counter', 'Runs in which something failed.', ({ failures }) => failures),
    family('fin_job_last_run_timestamp_seconds', 'gauge', 'When it last began, on the market’s clock.', ({ lastAt }) =>
      lastAt === undefined ? undefined : Date.parse(lastAt) / 1_000,
    ),
    family('fin_job_last_seconds', 'gauge', 'How long the last run took.', ({ lastMs }) =>
      lastMs === undefined ? undefined : lastMs / 1_000,
    ),
  ];
}
