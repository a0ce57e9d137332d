import { expect, it } from 'vitest';
import { createCountersIn } from '../../src/cache/counters.ts';
import { type Place, describeHomes } from './homes.ts';

const HOUR = 3_600_000;
/** When the files of tests are made. */
const START = Date.UTC(2026, 10, 19, 15);

describeHomes('the counters', (createPlace) => {
  async function createWorld(place?: Place) {
    let nowMs = START;
    const shared = place ?? (await createPlace());
    const counters = createCountersIn(shared().counters, () => nowMs);
    return { counters, pass: (ms: number) => (nowMs += ms), place: shared };
  }

  it('add up over processes, kinds and hours', async () => {
    const one = await createWorld();
    one.counters.count('quote', 'hits', 3);
    one.counters.count('quote', 'misses');
    await one.counters.flush();
    const two = await createWorld(one.place);
    two.pass(HOUR);
    two.counters.count('chain', 'staleHits');
    two.counters.count('quote', 'hits');
    two.counters.count('quote', 'providerCalls', 2);
    const stats = await two.counters.readStats();
    expect(stats.byKind['quote']).toEqual({
      hits: 4,
      staleHits: 0,
      misses: 1,
      providerCalls: 2,
      coalesced: 0,
      errors: 0,
    });
    expect(stats.totals).toMatchObject({ hits: 4, staleHits: 1, misses: 1, hitRate: 5 / 6, callsSaved: 4 });
    expect(stats.hours.map(({ hourMs, hits }) => [hourMs, hits])).toEqual([
      [START, 3],
      [START + HOUR, 1],
    ]);
    expect(stats.sinceMs).toBe(START);
  });

  it('have no hit rate and no latencies before anything was looked up', async () => {
    const stats = await (await createWorld()).counters.readStats();
    expect(stats.totals.hitRate).toBeUndefined();
    expect(stats.latencies).toEqual({});
    expect(stats.sinceMs).toBe(START);
  });

  it('start again at a clear, which forgets what was not yet saved too', async () => {
    const { counters, pass } = await createWorld();
    counters.count('quote', 'hits');
    counters.recordUse('AAPL');
    await counters.flush();
    counters.count('quote', 'hits');
    pass(5_000);
    await counters.clear();
    expect(await counters.readStats()).toMatchObject({ sinceMs: START + 5_000, byKind: {}, hours: [] });
    expect(await counters.readPopular(5)).toEqual([]);
  });

  it('give percentiles within 19 % and exact means, for cached and uncached answers apart', async () => {
    const { counters } = await createWorld();
    for (let ms = 1; ms <= 100; ms += 1) counters.recordLatency('tradier', false, ms);
    counters.recordLatency('tradier', true, 0.02);
    const { uncached, cached } = (await counters.readStats()).latencies['tradier'] ?? {};
    expect(uncached?.meanMs).toBeCloseTo(50.5);
    expect(uncached?.p50Ms).toBeGreaterThanOrEqual(50);
    expect(uncached?.p50Ms).toBeLessThan(50 * 1.19);
    expect(uncached?.p95Ms).toBeGreaterThanOrEqual(95);
    expect(uncached?.p95Ms).toBeLessThan(95 * 1.19);
    expect(cached?.count).toBe(1);
  });

  it('tell what answers from the cache have saved in time', async () => {
    const { counters } = await createWorld();
    counters.recordLatency('tradier', false, 200);
    counters.recordLatency('tradier', true, 10);
    counters.count('quote', 'hits', 3);
    expect((await counters.readStats()).totals.savedMs).toBeCloseTo(3 * 190);
  });

  it('name what is asked for most, a use of a week ago counting half', async () => {
    const { counters, pass } = await createWorld();
    for (let i = 0; i < 3; i += 1) counters.recordUse('OLD');
    await counters.flush();
    pass(7 * 24 * HOUR);
    counters.recordUse('NEW');
    counters.recordUse('NEW');
    counters.recordUse('ONCE');
    expect(await counters.readPopular(2)).toEqual(['NEW', 'OLD']);
  });

  it('keep the sums of hours that are long past, and no row for each of them', async () => {
    const { counters, pass } = await createWorld();
    for (let hour = 0; hour < 300; hour += 1) {
      counters.count('bars', 'misses');
      await counters.flush();
      pass(HOUR);
    }
    const stats = await counters.readStats();
    expect(stats.totals.misses).toBe(300);
    expect(stats.hours.length).toBeLessThanOrEqual(8 * 24 + 2);
  });

  it('save now and then during a long session', async () => {
    const { counters, pass, place } = await createWorld();
    counters.count('quote', 'hits');
    pass(31_000);
    counters.count('quote', 'hits');
    expect((await (await createWorld(place)).counters.readStats()).totals.hits).toBe(2);
  });
});
