// Bars by date phrases against replayed bars, at the moments where calendars go wrong, whatever zone the machine is in.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemsOf } from '../helpers/json-shapes.ts';
import { type MarketServer, asPolygon, asTradier, startMarket } from '../helpers/market-server.ts';
import { type Document, type FinHome, PROJECT_ROOT, createHome, documentOf } from '../helpers/run-fin.ts';

/** Sessions of 2025 around a holiday, a half day and both changes of the clock; the close counts up by a cent a day. */
const SESSIONS = listSessions('2025-01-02', '2025-12-31', [
  '2025-01-09',
  '2025-01-20',
  '2025-02-17',
  '2025-04-18',
  '2025-05-26',
  '2025-06-19',
  '2025-07-04',
  '2025-09-01',
  '2025-11-27',
  '2025-12-25',
]);
const CSV = `date,symbol,open,high,low,close,volume\n${SESSIONS.map((date, index) => `${date},AAPL,${(100 + index / 100).toFixed(2)},201,99,${closeOf(index)},${1000 + index}`).join('\n')}\n`;

function listSessions(from: string, to: string, holidays: readonly string[]): string[] {
  const dates: string[] = [];
  for (let ms = Date.parse(from); ms <= Date.parse(to); ms += 86_400_000) {
    const date = new Date(ms).toISOString().slice(0, 10);
    const weekday = new Date(ms).getUTCDay();
    if (weekday !== 0 && weekday !== 6 && !holidays.includes(date)) dates.push(date);
  }
  return dates;
}

function closeOf(index: number): string {
  return (100.5 + index / 100).toFixed(2);
}

interface Bar {
  date: string;
  open: number;
  close: number;
  volume: number;
}

interface History {
  from: string;
  to: string;
  bars: Bar[];
  summary: { first: number; last: number; change: number; bars: number; basis: string };
}

const historyOf = (document: Document): History => document.data as History;

describe('fin history through fin exchange --bars', () => {
  const MOMENTS: readonly [title: string, now: string, last: string][] = [
    ['a Saturday', '2025-11-15T12:00:00-05:00', '2025-11-14'],
    ['a Monday holiday', '2025-09-01T11:00:00-04:00', '2025-08-29'],
    ['the morning before the open', '2025-11-18T08:00:00-05:00', '2025-11-17'],
    ['the evening after the close', '2025-11-18T20:30:00-05:00', '2025-11-18'],
    ['a half day after its early close', '2025-11-28T13:30:00-05:00', '2025-11-28'],
    ['the Monday after the clocks went forward', '2025-03-10T16:01:00-04:00', '2025-03-10'],
    ['the Sunday on which the clocks go back', '2025-11-02T01:30:00-05:00', '2025-10-31'],
    ['a minute to midnight, already tomorrow in UTC', '2025-11-18T23:59:00-05:00', '2025-11-18'],
  ];

  it('takes exactly the last five sessions, under three zones of the machine', async () => {
    await using home = await createHome();
    const bars = join(home.folder, 'bars.csv.gz');
    await writeFile(bars, gzipSync(CSV));
    for (const [index, [title, now, last]] of MOMENTS.entries()) {
      const exchange = home.start(['exchange', '--bars', bars, '--port', '0', '--quiet'], { env: { FIN_NOW: now } });
      const url =
        /^listening on (http:\/\/127\.0\.0\.1:\d+)\n/.exec((await exchange.shows('listening on')).trimStart())?.[1] ??
        '';
      const zones =
        index < 2
          ? ['UTC', 'Asia/Tokyo', 'America/Los_Angeles']
          : [['Asia/Tokyo', 'Pacific/Apia', 'America/Los_Angeles'][index % 3] ?? 'UTC'];
      const runs = await Promise.all(
        zones.map((zone) =>
          home.run(['history', 'AAPL', '--range', 'last 5 trading days', '--json', '--quiet'], {
            env: {
              ...asTradier({ baseUrl: url }),
              FIN_NOW: now,
              TZ: zone,
              FIN_CACHE_DIR: join(home.folder, `cache-${index}-${zone.replace('/', '-')}`),
            },
          }),
        ),
      );
      exchange.child.kill('SIGTERM');
      for (const run of runs) {
        expect(run.stderr, title).toBe('');
        expect(run.exitCode, title).toBe(0);
        const document = documentOf(run);
        expect(problemsOf(document, 'history')).toEqual([]);
        const at = SESSIONS.indexOf(last);
        const expected = SESSIONS.slice(at - 4, at + 1);
        const { from, to, bars: found, summary } = historyOf(document);
        expect(
          found.map(({ date }) => date),
          title,
        ).toEqual(expected);
        expect({ from, to }).toEqual({ from: expected[0], to: last });
        expect(found.map(({ close }) => close.toFixed(2))).toEqual(
          expected.map((date) => closeOf(SESSIONS.indexOf(date))),
        );
        expect(found.at(-1)?.volume).toBe(1000 + at);
        expect(summary).toMatchObject({ bars: 5, basis: 'previous_close', change: 0.05 });
        expect(document.meta.sample).toBe(true);
      }
      expect((await exchange.ended).exitCode).toBe(143);
    }
  });

  it('reads the real bars of 2019, over a holiday and both changes of the clock', async (context) => {
    const file = join(PROJECT_ROOT, '../shared/data/us-equities-2019.csv.gz');
    if (!existsSync(file)) return context.skip('no real bars on this machine');
    await using home = await createHome();
    const now = '2019-11-29T14:00:00-05:00';
    const exchange = home.start(['exchange', '--bars', file, '--quiet'], { env: { FIN_NOW: now } });
    const url = /(http:\/\/127\.0\.0\.1:\d+)/.exec(await exchange.shows('listening on'))?.[1] ?? '';
    const env = { ...asTradier({ baseUrl: url }), FIN_NOW: now };
    const week = historyOf(
      documentOf(await home.run(['history', 'AAPL', '--range', 'last 5 trading days', '--json'], { env })),
    );
    expect(week.bars.map(({ date }) => date)).toEqual([
      '2019-11-22',
      '2019-11-25',
      '2019-11-26',
      '2019-11-27',
      '2019-11-29',
    ]);
    const spring = historyOf(
      documentOf(await home.run(['history', 'MSFT', '--from', '2019-03-07', '--to', '2019-03-12', '--json'], { env })),
    );
    expect(spring.bars.map(({ date }) => date)).toEqual(['2019-03-07', '2019-03-08', '2019-03-11', '2019-03-12']);
    const indicators = await home.run(['ta', 'AAPL,MSFT', '--json'], { env });
    expect(problemsOf(documentOf(indicators), 'ta')).toEqual([]);
    exchange.child.kill('SIGINT');
    expect((await exchange.ended).exitCode).toBe(130);
  });
});

describe('fin history', () => {
  const NOW = '2025-11-18T15:00:00-05:00';
  let market: MarketServer;
  let home: FinHome;

  beforeAll(async () => {
    market = await startMarket(NOW, CSV);
    home = await createHome({ ...asTradier(market), FIN_NOW: NOW });
  });

  afterAll(async () => {
    await home[Symbol.asyncDispose]();
    await market[Symbol.asyncDispose]();
  });

  const history = async (...args: string[]): Promise<Document> =>
    documentOf(await home.run(['history', 'AAPL', '--json', ...args]));

  it('resolves each phrase against the exchange’s calendar', async () => {
    const PHRASES: readonly [phrase: string, from: string, to: string][] = [
      ['yesterday', '2025-11-17', '2025-11-17'],
      ['last week', '2025-11-10', '2025-11-14'],
      ["previous week's friday", '2025-11-14', '2025-11-14'],
      ['monday', '2025-11-17', '2025-11-17'],
      ['tuesday', '2025-11-11', '2025-11-11'],
      ['last month', '2025-10-01', '2025-10-31'],
      ['mtd', '2025-11-03', '2025-11-18'],
      ['ytd', '2025-01-02', '2025-11-18'],
      ['past 2 weeks', '2025-11-04', '2025-11-18'],
      ['since Nov 3 2025', '2025-11-03', '2025-11-18'],
      ['11/03/2025 to 11/07/2025', '2025-11-03', '2025-11-07'],
      ['2025-11-05', '2025-11-05', '2025-11-05'],
    ];
    const found = await Promise.all(PHRASES.map(async ([phrase]) => historyOf(await history('--range', phrase))));
    expect(found.map(({ from, to }, index) => [PHRASES[index]?.[0], from, to])).toEqual(PHRASES);
  });

  it('takes weekly bars of Mondays and monthly ones of firsts, holding only sessions of the range', async () => {
    const weeks = historyOf(await history('--interval', 'week', '--from', '2025-11-05', '--to', '2025-11-14'));
    expect(weeks.bars.map(({ date }) => date)).toEqual(['2025-11-03', '2025-11-10']);
    expect(weeks.bars[0]?.open.toFixed(2)).toBe((100 + SESSIONS.indexOf('2025-11-05') / 100).toFixed(2));
    const months = historyOf(await history('--interval', 'month', '--range', '2025-09-15 to 2025-11-14'));
    expect(months.bars.map(({ date }) => date)).toEqual(['2025-09-01', '2025-10-01', '2025-11-01']);
    expect(months.from).toBe('2025-09-01');
  });

  it('asks nothing for a range inside what is held, also while the market is open', async () => {
    await history('--range', 'ytd');
    const before = market.count();
    const document = await history('--from', '2025-06-02', '--to', '2025-06-30');
    expect(historyOf(document).bars).toHaveLength(20);
    expect(document.meta).toMatchObject({ freshness: 'cached', providerCalls: 0 });
    expect(market.count()).toBe(before);
  });

  it('says that the running session’s bar is the day so far, and keeps “yesterday” before it', async () => {
    const run = await home.run(['history', 'AAPL', '--range', 'last 2 trading days']);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('2025-11-18');
    expect(run.stdout).toContain('note: today’s bar (2025-11-18) is partial');
  });

  it('names the sessions that weeks and months hold, and shows no column that has nothing to tell', async () => {
    const [weeks, index] = await Promise.all([
      home.run(['history', 'AAPL', '--interval', 'week', '--range', 'last 3 trading days']),
      home.run(['history', 'VIX', '--range', 'last 2 trading days', '--provider', 'sample']),
    ]);
    expect(weeks.stdout).toContain(
      'note: these are the sessions of 2025-11-14 to 2025-11-18; the last one is still trading\n',
    );
    expect(weeks.stdout).toMatch(/\nDate +Open +High +Low +Close +Change +Change % +Volume\n/);
    expect(index.stdout).toMatch(/\n +Date +Open +High +Low +Close +Change +Change %\n/);
  });

  it('is exit 4 for a range without sessions and for a symbol without bars, naming what there is', async () => {
    const weekend = await home.run(['history', 'AAPL', '--from', '2025-11-15', '--to', '2025-11-16', '--json']);
    expect(weekend.exitCode).toBe(4);
    expect(problemsOf(documentOf(weekend), 'history')).toEqual([]);
    expect(documentOf(weekend).errors).toMatchObject([{ code: 'no_data', symbol: 'AAPL' }]);
    const unknown = await home.run(['history', 'ZZZZ']);
    expect(unknown.exitCode).toBe(4);
    expect(unknown.stdout).toBe('');
    expect(unknown.stderr).toMatch(/^fin: ZZZZ: [^\n]+\nhint: [^\n]+\n$/);
  });

  it('gives the same bars from Polygon as from Tradier', async () => {
    const range = ['--range', 'last 20 trading days'];
    const tradier = historyOf(await history(...range));
    const polygon = await home.run(['history', 'AAPL', '--json', ...range], {
      env: { TRADIER_ACCESS_TOKEN: undefined, ...asPolygon(market) },
    });
    expect(problemsOf(documentOf(polygon), 'history')).toEqual([]);
    const plain = (bars: readonly Bar[]): unknown =>
      bars.slice(0, -1).map(({ date, open, close, volume }) => ({ date, open, close, volume }));
    expect(plain(historyOf(documentOf(polygon)).bars)).toEqual(plain(tradier.bars));
    expect(documentOf(polygon).meta.provider).toBe('polygon');
  });

  it('computes indicators from the one series, over at least what an average needs', async () => {
    const run = await home.run(['ta', 'AAPL', '--json', '--verbose']);
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toMatch(/AAPL: indicators computed over \d+ daily bars/);
    const document = documentOf(run);
    expect(problemsOf(document, 'ta')).toEqual([]);
    const [row] = document.data as { date: string; sma: Record<string, number> }[];
    const at = SESSIONS.indexOf('2025-11-17');
    const lastFour = [3, 2, 1, 0].map((back) => Number(closeOf(at - back)));
    expect(row?.date).toBe('2025-11-18');
    expect(Object.keys(row?.sma ?? {})).toEqual(['5', '10', '20', '50', '200']);
    const close = (document.data as { close: number }[])[0]?.close ?? NaN;
    expect(row?.sma['5']).toBeCloseTo((lastFour.reduce((sum, each) => sum + each, 0) + close) / 5, 3);
  });
});
