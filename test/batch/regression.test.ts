// The shipped suite, keyless and without a model: right at its own moment and at every difficult one, wherever it runs.
import { afterEach, describe, expect, it } from 'vitest';
import { createRandom } from '../helpers/random.ts';
import { TEST_SEED } from '../helpers/seed.ts';
import { SUITE_CLOCK, failuresOf, regression, runSuiteHere } from './suite-run.ts';

const ownZone = process.env['TZ'];
afterEach(() => setZone(ownZone));

/** Node reads it anew for every Date. */
function setZone(zone: string | undefined): void {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
}

const ZONES = ['Asia/Tokyo', 'UTC', 'America/Los_Angeles', 'Australia/Adelaide'] as const;

const CLOCKS: readonly [name: string, iso: string][] = [
  ['a Saturday', '2026-11-21T12:00:00-05:00'],
  ['a Sunday night', '2026-11-22T22:00:00-05:00'],
  ['a Monday holiday', '2026-01-19T11:00:00-05:00'],
  ['Thanksgiving', '2026-11-26T11:00:00-05:00'],
  ['a half day', '2026-11-27T12:30:00-05:00'],
  ['the Friday of an expiration before the close', '2026-11-20T15:00:00-05:00'],
  ['the Friday of an expiration after the close', '2026-11-20T17:00:00-05:00'],
  ['the first trading day of a year before the open', '2026-01-02T08:00:00-05:00'],
  ['the first trading day of a year', '2026-01-02T10:00:00-05:00'],
  ['the Monday after the clocks go forward, before the open', '2026-03-09T08:00:00-04:00'],
  ['the Monday after the clocks go forward', '2026-03-09T11:00:00-04:00'],
  ['the Monday after the clocks go back, before the open', '2026-11-02T08:00:00-05:00'],
  ['the Monday after the clocks go back', '2026-11-02T11:00:00-05:00'],
  ['the first minute of the pre-market session', '2026-11-19T04:00:00-05:00'],
  ['the minute of the open', '2026-11-19T09:30:00-05:00'],
  ['the evening', '2026-11-19T19:59:00-05:00'],
  // Found by random clocks: an average that prints as the spot.
  ['a January evening on which a support prints as the spot', '2024-01-06T19:23:00-05:00'],
];

describe('the shipped suite', () => {
  it('asks the 39 questions and two aliases', () => {
    const ids = regression.prompts.map((prompt) => prompt.id);
    const numbers = Array.from({ length: 39 }, (_, index) => String(index + 1));
    expect(ids.filter((id) => !id.includes('+'))).toEqual(numbers);
    expect(ids.filter((id) => id.includes('+'))).toEqual(['14+15', '29+30']);
    expect(regression).toMatchObject({ session: 'shared', limits: { providerCalls: 30, repeatedRequests: 0 } });
  });

  it('passes at its own moment with at most 30 requests, none of them twice, and the ideal number of tool calls', async () => {
    const { report, requests } = await runSuiteHere(regression);
    expect(failuresOf(report)).toEqual([]);
    expect(report).toMatchObject({ ok: true, total: 41, passed: 41, failed: 0, skipped: 0, sample: true });
    expect(requests.length).toBeLessThanOrEqual(30);
    expect(new Set(requests).size).toBe(requests.length);
    const toolCalls = report.prompts
      .filter(({ id }) => !id.includes('+'))
      .reduce((sum, prompt) => sum + prompt.toolCalls, 0);
    expect(toolCalls).toBeGreaterThanOrEqual(33);
    expect(toolCalls).toBeLessThanOrEqual(41);
    expect(report.totals).toMatchObject({ inputTokens: 0, outputTokens: 0 });
  });

  it.each(CLOCKS.map(([name, iso], index) => [name, iso, ZONES[index % ZONES.length] ?? 'UTC'] as const))(
    'passes on %s (%s, machine in %s)',
    async (_name, iso, zone) => {
      setZone(zone);
      const { report, requests } = await runSuiteHere(regression, { nowMs: Date.parse(iso) });
      expect(failuresOf(report)).toEqual([]);
      expect(report).toMatchObject({ ok: true, passed: 41 });
      expect(requests.length).toBeLessThanOrEqual(30);
      expect(new Set(requests).size).toBe(requests.length);
    },
  );

  it('says the same in every time zone of the machine', async () => {
    const said = [];
    for (const zone of ['America/New_York', 'Asia/Tokyo']) {
      setZone(zone);
      const { report } = await runSuiteHere(regression, { nowMs: SUITE_CLOCK });
      said.push(report.prompts.map(({ answer }) => answer));
    }
    expect(said[1]).toEqual(said[0]);
  });

  it.each(randomMoments(2))('passes at any moment, such as %s', async (iso) => {
    const { report } = await runSuiteHere(regression, { nowMs: Date.parse(iso) });
    expect(failuresOf(report), iso).toEqual([]);
  });
});

/** Minutes of the years 2016 to 2028; the title names each, so that a failure can be repeated. */
function randomMoments(length: number): string[] {
  const random = createRandom(TEST_SEED);
  const [from, to] = [Date.UTC(2016, 0, 4), Date.UTC(2028, 11, 31)];
  return Array.from({ length }, () =>
    new Date(Math.floor((from + random.next() * (to - from)) / 60_000) * 60_000).toISOString(),
  );
}
