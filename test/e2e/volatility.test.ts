// fin vol as a user types it: its sheet, its table, and readings that outlive the cache and any crowd of processes.
import { describe, expect, it } from 'vitest';
import { problemsOf } from '../helpers/json-shapes.ts';
import { createHome } from '../helpers/run-fin.ts';

const on = (date: string): { env: Record<string, string> } => ({ env: { FIN_NOW: `${date}T15:30:00-05:00` } });

interface Document {
  ok: boolean;
  data: { iv30: number; ivDays: number; term: unknown[] };
  meta: { sample: boolean; providerCalls: number };
}

describe('fin vol', () => {
  it('shows one symbol as a sheet, several as rows, and is a command in words too', async () => {
    await using home = await createHome();
    const sheet = await home.run(['vol', 'NVDA'], on('2026-11-19'));
    expect(sheet.exitCode).toBe(0);
    expect(sheet.stdout).toMatch(
      /^NVDA · volatility · spot [\d.]+ · SAMPLE\nIV30 +[\d.]+% · rank — · percentile — · of 0 days/,
    );
    expect(sheet.stdout).toMatch(/^2026-12-18 +29 +[\d.]+% +[\d.]+% +[\d.]+ +[+-][\d.]+ pts  [·●○◉]{24}$/m);
    expect(sheet.stdout).toContain(
      'note: IV rank and percentile need 20 daily readings of earlier sessions; NVDA has 0',
    );
    const rows = await home.run(['vol', 'NVDA', 'AMD', '--csv', '--quiet'], on('2026-11-19'));
    expect(rows.stdout).toMatch(/^symbol,spot,iv30,.*\r\nNVDA,.*\r\nAMD,.*\r\n$/);
    const dates = await home.run(['expirations', 'NVDA', '--stats'], on('2026-11-19'));
    expect(dates.stdout).toMatch(/Expiration +Kind +DTE +ATM IV/);
    for (const words of [
      ['vol', 'NVDA'],
      ['vol', 'NVDA', 'AMD'],
      ['expirations', 'NVDA', '--stats'],
    ]) {
      const { stdout } = await home.run([...words, '--json'], on('2026-11-19'));
      expect(problemsOf(JSON.parse(stdout), words[0] ?? '')).toEqual([]);
    }
  });

  it('has a rank of the sample market from the first day on, whose past is made up too, except in a replay', async () => {
    await using home = await createHome();
    const { data, meta } = JSON.parse((await home.run(['vol', 'NVDA', '--json'])).stdout) as Document;
    expect([data.ivDays, meta.sample]).toEqual([252, true]);
    expect((await home.run(['ask', 'what is NVDA’s IV rank'])).stdout).toMatch(/NVDA: IV rank [\d.]+/);
  });

  it('keeps a reading a session, whatever becomes of the cache and however many ask at once', async () => {
    await using home = await createHome();
    const ask = async (date: string): Promise<Document> =>
      JSON.parse((await home.run(['vol', 'AMD', '--json'], on(date))).stdout) as Document;
    const first = await Promise.all(Array.from({ length: 4 }, () => ask('2026-11-18')));
    expect(first.map(({ ok, data }) => [ok, data.ivDays])).toEqual(first.map(() => [true, 0]));
    expect((await home.run(['cache', 'clear'])).exitCode).toBe(0);
    const killed = home.start(['vol', 'AMD'], on('2026-11-19'));
    await killed.shows('volatility');
    killed.child.kill('SIGKILL');
    await killed.ended;
    const third = await ask('2026-11-20');
    expect(third.data.ivDays).toBeGreaterThanOrEqual(1);
    expect(third.meta).toMatchObject({ sample: true, providerCalls: third.data.term.length + 3 });
    expect((await ask('2026-11-20')).data).toEqual(third.data);
  });
});
