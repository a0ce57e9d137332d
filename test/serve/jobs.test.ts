// Background work: when it is due, that one of several does it, and that everybody hears what it did.
import { describe, expect, it } from 'vitest';
import { addAlert } from '../../src/book/alerts.ts';
import { changeBook, readBook } from '../../src/book/book-file.ts';
import { dataFolderOf } from '../../src/book/data-folder.ts';
import { addToList } from '../../src/book/lists.ts';
import { createJobs, type JobStats } from '../../src/serve/jobs.ts';
import { createMetrics } from '../../src/serve/metrics.ts';
import { createQueue } from '../../src/app/queue.ts';
import { IN_SESSION, createTestClock } from '../market/world.ts';
import { openEvents, startWorld, type World } from './world.ts';

const NEVER = new AbortController().signal;

function createFor({ host }: World, told: [string, unknown][] = []): ReturnType<typeof createJobs> {
  const queue = createQueue({ concurrency: 1, mostWaiting: 1, machineNow: () => 0 });
  return createJobs({ host, metrics: createMetrics(), queue, tell: (event, data) => void told.push([event, data]) });
}

const statOf = (jobs: ReturnType<typeof createJobs>, name: string): JobStats | undefined =>
  jobs.stats().find((job) => job.name === name);

describe('background work', () => {
  it('is due at its times in New York, summer and winter', async () => {
    const clock = createTestClock(IN_SESSION);
    const jobs = createFor(await startWorld({ clock }));
    const due = (): Record<string, string | undefined> =>
      Object.fromEntries(jobs.stats().map(({ name, nextAt }) => [name, nextAt]));
    expect(due()).toEqual({
      alerts: '2026-11-19T11:01:00-05:00',
      warm: '2026-11-20T09:10:00-05:00',
      readings: '2026-11-19T16:20:00-05:00',
      market: '2026-11-19T20:15:00-05:00',
      'market-late': '2026-11-20T06:30:00-05:00',
    });
    clock.set(Date.parse('2026-07-10T23:00:00-04:00'));
    expect(due()['warm']).toBe('2026-07-13T09:10:00-04:00');
  });

  it('tells an alert once, to the book, the log and every open stream', async () => {
    const clock = createTestClock(Date.parse('2026-11-19T11:00:59-05:00'));
    const start = clock.now();
    const running = { now: () => start + (Date.now() - startedMs), machineNow: () => Date.now() };
    const startedMs = Date.now();
    const world = await startWorld({ clock: running, background: true });
    changeBook(dataFolderOf(world.host.config), (book) =>
      addAlert(book, { when: 'NVDA.last > 1', once: true, note: 'up' }),
    );
    const stream = await openEvents(world, '/api/v1/watch?symbols=SPY');
    const { data } = await stream.shows('alert');
    expect(data).toMatchObject({ id: 1, when: 'NVDA.last > 1', note: 'up', values: {} });
    expect(readBook(dataFolderOf(world.host.config))).toMatchObject({ alerts: [{ state: 'fired' }] });
    await expect.poll(() => world.lines.join('\n')).toContain('"alert":{"id":1');
    stream.close();
  });

  it('is done by one of two that begin at once, and by whoever comes later when that one has ended', async () => {
    const world = await startWorld();
    changeBook(dataFolderOf(world.host.config), (book) => addAlert(book, { when: 'NVDA.last > 1', once: true }));
    const told: [string, unknown][] = [];
    const [one, two] = [createFor(world, told), createFor(world, told)];
    await Promise.all([one.run('alerts', NEVER), two.run('alerts', NEVER)]);
    expect([statOf(one, 'alerts')?.lastResult, statOf(two, 'alerts')?.lastResult].toSorted()).toEqual([
      'ok',
      'skipped',
    ]);
    expect(told).toHaveLength(1);
  });

  it('warms what is asked for most before the open, on trading days alone', async () => {
    const clock = createTestClock(Date.parse('2026-11-20T09:10:00-05:00'));
    const world = await startWorld({ clock });
    const { counters } = await world.host.openRuntime();
    counters.recordUse('NVDA');
    const jobs = createFor(world);
    await jobs.run('warm', NEVER);
    expect(statOf(jobs, 'warm')).toMatchObject({ lastResult: 'ok', runs: 1, failures: 0 });
    for (const asked of ['quotes', 'history', 'expirations', 'chains'])
      expect(world.exchange.calls(asked), asked).toBe(1);
    clock.set(Date.parse('2026-11-26T09:10:00-05:00'));
    await jobs.run('warm', NEVER);
    expect(statOf(jobs, 'warm')).toMatchObject({ lastResult: 'skipped', runs: 1 });
  });

  it('leaves a reading of volatility for lists, positions and what is popular, after the close', async () => {
    const clock = createTestClock(Date.parse('2026-11-19T16:20:00-05:00'));
    const world = await startWorld({ clock });
    changeBook(dataFolderOf(world.host.config), (book) => addToList(book, 'core', ['NVDA']));
    const jobs = createFor(world);
    await jobs.run('readings', NEVER);
    expect(statOf(jobs, 'readings')).toMatchObject({ lastResult: 'ok', runs: 1 });
    const { market } = await world.host.openRuntime();
    clock.set(Date.parse('2026-11-20T11:00:00-05:00'));
    await expect
      .poll(async () => (await market.past?.iv30('NVDA', { provider: 'tradier', sample: true }, '2026-11-20'))?.length)
      .toBe(1);
  });

  it('says what failed, in its state and to Prometheus', async () => {
    const world = await startWorld();
    world.exchange.interfere = () => ({ status: 200, body: 'nonsense' });
    changeBook(dataFolderOf(world.host.config), (book) => addAlert(book, { when: 'NVDA.last > 1', once: false }));
    const jobs = createFor(world);
    await jobs.run('alerts', NEVER);
    expect(statOf(jobs, 'alerts')).toMatchObject({
      lastResult: 'failed',
      failures: 1,
      lastError: expect.stringContaining('Tradier') as string,
    });
    expect(createMetrics().render(jobs.families())).toContain('fin_job_failures_total{job="alerts"} 1');
  });
});
