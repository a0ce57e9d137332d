import { describe, expect, it } from 'vitest';
import { createCounters } from '../../src/cache/counters.ts';
import { type RecentUse, decideWarnings } from '../../src/cache/health-warnings.ts';
import { createUseWatch } from '../../src/cli/use-watch.ts';
import { createTempFolder, openDatabase } from './helpers.ts';

const GOOD: RecentUse = {
  lookUps: 100,
  answeredFromCache: 60,
  providerCalls: 40,
  errors: 0,
  uncachedAnswers: 40,
  uncachedMeanMs: 200,
};

const said = (changes: Partial<RecentUse>): string[] =>
  decideWarnings({ ...GOOD, ...changes }).map(({ about, level }) => `${level} ${about}`);

describe('what the use of the last hour is warned of', () => {
  it('is nothing while all is well, and nothing before a hundred requests', () => {
    expect(said({})).toEqual([]);
    expect(said({ lookUps: 99, answeredFromCache: 0, providerCalls: 99, errors: 99, uncachedMeanMs: 9_000 })).toEqual(
      [],
    );
  });

  it('is more than 1% of failed requests, an alarm above 5%', () => {
    expect(said({ providerCalls: 200, errors: 2 })).toEqual([]);
    expect(said({ providerCalls: 200, errors: 3 })).toEqual(['warning errors']);
    expect(said({ providerCalls: 200, errors: 10 })).toEqual(['warning errors']);
    expect(said({ providerCalls: 200, errors: 11 })).toEqual(['alarm errors']);
  });

  it('is a hit rate under a half, and slow answers', () => {
    expect(said({ answeredFromCache: 50 })).toEqual([]);
    expect(said({ answeredFromCache: 49 })).toEqual(['warning hit_rate']);
    expect(said({ uncachedMeanMs: 2_001 })).toEqual(['warning slow_answers']);
  });
});

describe('the last hour', () => {
  const HOUR_MS = 3_600_000;

  it('holds this clock hour and the part of the one before that is still inside, of all processes', async () => {
    let nowMs = 1_000 * HOUR_MS + 1;
    const folder = createTempFolder();
    const [first, second] = [
      createCounters(openDatabase(folder).database, () => nowMs),
      createCounters(openDatabase(folder).database, () => nowMs),
    ];
    first.count('quote', 'hits', 80);
    first.count('quote', 'errors', 8);
    first.count('quote', 'providerCalls', 40);
    first.recordLatency('tradier', false, 3_000);
    await first.flush();
    nowMs += HOUR_MS + HOUR_MS / 4;
    second.count('bars', 'misses', 40);
    second.recordLatency('tradier', false, 1_000);
    const use = await second.readRecent();
    expect(use.lookUps).toBeCloseTo(60 + 40, 0);
    expect(use.answeredFromCache).toBeCloseTo(60, 0);
    expect(use.errors).toBeCloseTo(6, 0);
    expect(use.uncachedMeanMs).toBeCloseTo((0.75 * 3_000 + 1_000) / 1.75, -1);
    nowMs += 2 * HOUR_MS;
    expect(await second.readRecent()).toEqual({
      lookUps: 0,
      answeredFromCache: 0,
      providerCalls: 0,
      errors: 0,
      uncachedAnswers: 0,
    });
  });

  it('is told in a session once for each warning, and again when it has come back', async () => {
    let nowMs = 5 * HOUR_MS;
    const counters = createCounters(openDatabase(createTempFolder()).database, () => nowMs);
    const notes: string[] = [];
    const watch = createUseWatch({ counters }, { note: (text) => void notes.push(text) }, () => nowMs);
    counters.count('quote', 'misses', 100);
    counters.count('quote', 'providerCalls', 100);
    await watch.look();
    await watch.look();
    nowMs += 11_000;
    await watch.look();
    expect(notes).toEqual([expect.stringMatching(/^warning: only 0\.0% .* came from the cache; .*fin cache warm/)]);
    nowMs += 3 * HOUR_MS;
    await watch.look();
    counters.count('quote', 'misses', 100);
    nowMs += 11_000;
    await watch.look();
    expect(notes).toHaveLength(2);
  });
});
