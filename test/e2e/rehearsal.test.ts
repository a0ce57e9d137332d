// While a request travels the command is played through on made-up figures. What that makes sure of is speed, which the
// bench shows; what must never come of it is seen here: a figure, a line, an entry or a count.
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMadeUpMarket } from '../../src/market/made-up-market.ts';
import { type LoadReport, readLoadReport, reportLoadsTo } from '../helpers/load-report.ts';
import { type MarketServer, asPolygon, asTradier, startMarket } from '../helpers/market-server.ts';
import { type FinHome, type FinRun, createHome, documentOf } from '../helpers/run-fin.ts';

const NOW = '2026-11-20T18:30:00-05:00';
const LATENCY_MS = 250;

/** There is time to play a command through. */
async function startFarMarket(): Promise<MarketServer> {
  const far = await startMarket(NOW);
  far.latencyMs = LATENCY_MS;
  return far;
}

async function runFar(home: FinHome, args: readonly string[]): Promise<{ run: FinRun; loads: LoadReport }> {
  const reportFile = join(home.folder, 'loads.json');
  const run = await home.run(args, { env: reportLoadsTo(reportFile) });
  return { run, loads: readLoadReport(reportFile) };
}

/** Times and what was waited for, which differ from run to run. */
function withoutTimes(text: string): string {
  return text
    .replaceAll(/\d+\.\d+ s\b/g, 'N s')
    .replaceAll(/"(?:elapsedMs|ageMs|ms|asOf|fetchedAt|session)": ?[^,}\n]+/g, '"time"');
}

describe('a command whose request travels', () => {
  it.each([
    ['quote', ['quote', 'NVDA', 'AMD']],
    ['history as JSON', ['history', 'NVDA', '--json']],
    ['ta', ['ta', 'NVDA']],
    ['chain', ['chain', 'NVDA', '--strikes', '3']],
    ['ask', ['ask', 'compare NVDA and AMD over the past month']],
    ['ask as JSON', ['ask', 'rsi of NVDA', '--json']],
  ])('is rehearsed, and shows of %s what a market next door shows', async (_what, args) => {
    await using far = await startFarMarket();
    await using near = await startMarket(NOW);
    await using home = await createHome({ ...asTradier(far), FIN_NOW: NOW });
    await using other = await createHome({ ...asTradier(near), FIN_NOW: NOW });
    const { run, loads } = await runFar(home, args);
    const beside = await other.run(args);
    expect([run.exitCode, beside.exitCode], run.stderr).toEqual([0, 0]);
    expect(loads.modules).toContain('market/made-up-market.ts');
    expect(withoutTimes(run.stdout)).toBe(withoutTimes(beside.stdout));
    expect(withoutTimes(run.stderr)).toBe(withoutTimes(beside.stderr));
    expect(far.asked()).toEqual(near.asked());
  });

  it('keeps, logs and counts nothing of the rehearsal', async () => {
    await using far = await startFarMarket();
    await using near = await startMarket(NOW);
    await using home = await createHome({ ...asPolygon(far), FIN_NOW: NOW });
    await using other = await createHome({ ...asPolygon(near), FIN_NOW: NOW });
    const logFile = join(home.folder, 'run.jsonl');
    const { run, loads } = await runFar(home, [
      'ask',
      'how did NVDA do over the past month',
      '--log',
      logFile,
      '--trace',
      '--verbose',
    ]);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(loads.modules).toContain('market/made-up-market.ts');
    const events = readFileSync(logFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events.filter((event) => ['question', 'tool', 'answer'].includes(event))).toEqual([
      'question',
      'tool',
      'answer',
    ]);
    expect(run.stderr.match(/get_stock_price_history \{/g)).toHaveLength(1);
    expect(run.stderr).not.toContain('rehearsal');
    const database = new DatabaseSync(home.cacheFile, { readOnly: true });
    try {
      const entries = database
        .prepare('SELECT value FROM entries')
        .all()
        .map(({ value }) => String(value));
      expect(entries.filter((value) => value.includes('"bars"'))).toHaveLength(1);
      const made = await madeUpCloses();
      expect(entries.join('')).not.toContain(made);
      expect(database.prepare('SELECT count(*) AS n FROM conversations').get()).toEqual({ n: 1 });
    } finally {
      database.close();
    }
    await other.run(['ask', 'how did NVDA do over the past month']);
    expect(await countsOf(home)).toEqual(await countsOf(other));
  });

  it('is not rehearsed where the answer is held, and asks nobody for it', async () => {
    await using far = await startFarMarket();
    await using home = await createHome({ ...asTradier(far), FIN_NOW: NOW });
    await home.run(['quote', 'NVDA']);
    const { run, loads } = await runFar(home, ['quote', 'NVDA']);
    expect(run.exitCode).toBe(0);
    expect(loads.modules).not.toContain('market/made-up-market.ts');
    expect(far.count()).toBe(1);
  });
});

async function countsOf(home: FinHome): Promise<unknown> {
  const { byKind } = documentOf(await home.run(['cache', 'stats', '--json'])).data as {
    byKind: Record<string, object>;
  };
  return byKind;
}

/** The first closes of the made-up series, as a saved series would hold them. */
async function madeUpCloses(): Promise<string> {
  const clock = { now: () => Date.parse(NOW) };
  const call = {
    signal: new AbortController().signal,
    deadlineMs: Infinity,
    priority: 'question',
    ignoreRemembered: false,
    report: () => undefined,
  } as const;
  const series = await createMadeUpMarket(clock).dailySeries('NVDA', { refresh: false, offline: false, call });
  if (!series.ok) throw series.error;
  return series.value.bars
    .slice(0, 5)
    .map(({ close }) => close)
    .join(',');
}
