import { describe, expect, it } from 'vitest';
import { FAULTS, runFaultStorm } from '../helpers/fault-storm.ts';

describe('a provider that fails at random in twelve ways', () => {
  it('costs freshness, never an answer that is held, never a figure, never more than three attempts', async () => {
    expect(Object.keys(FAULTS)).toHaveLength(12);
    const report = await runFaultStorm({ questions: 100, seed: 20261119 });
    expect(report.problems).toEqual([]);
    expect(report.mostAttempts).toBeLessThanOrEqual(3);
    expect(Object.keys(report.faults)).toHaveLength(12);
    expect(report.live).toBeGreaterThan(15);
    expect(report.stale).toBeGreaterThan(15);
  });
});
