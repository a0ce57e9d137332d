// Bars below a day through both providers, the cache file and the public shape, against bars that this file builds itself
// from the exchange's minutes.
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { BarData, HistoryData } from '../../src/domain/answers.ts';
import type { BarHours, IntradayInterval, ProviderName } from '../../src/domain/types.ts';
import { createSyntheticMarket } from '../../src/sample/source.ts';
import { answerHistory } from '../../src/tools/history.ts';
import { answerTable, parseTableWords } from '../../src/tools/table.ts';
import { answerChart, parseOverlays } from '../../src/tools/chart.ts';
import { createTempFolder } from '../cache/helpers.ts';
import { createRequest, createTestClock, openProcess, startCountingExchange } from './world.ts';

const EVENING = Date.parse('2026-11-28T12:00:00-05:00');

const isAlways = (): boolean => true;

/** @param isTraded whether anything is traded in a minute */
async function openWorld(
  now = EVENING,
  names: readonly ProviderName[] = ['tradier'],
  isTraded: (at: number) => boolean = isAlways,
) {
  const clock = createTestClock(now);
  const source = createSyntheticMarket(clock);
  /** What splits have made of a price. */
  const adjusted = { factor: 1 };
  const exchange = await startCountingExchange(clock, {
    ...source,
    minuteBars: (symbol, date) =>
      source
        .minuteBars(symbol, date)
        .filter(({ at }) => isTraded(at))
        .map((bar) => ({
          ...bar,
          open: bar.open * adjusted.factor,
          high: bar.high * adjusted.factor,
          low: bar.low * adjusted.factor,
          close: bar.close * adjusted.factor,
        })),
  });
  const folder = createTempFolder();
  const open = () =>
    openProcess({
      folder,
      clock,
      ...(names.includes('tradier') ? { tradier: exchange } : {}),
      ...(names.includes('polygon') ? { polygon: exchange } : {}),
    });
  let { market } = open();
  const history = async (
    interval: IntradayInterval,
    range: string,
    more: { hours?: BarHours; symbol?: string; offline?: boolean; refresh?: boolean } = {},
  ) => {
    const { offline = false, refresh = false, symbol = 'NVDA', ...rest } = more;
    return answerHistory(
      { symbol, interval, range: { phrase: range }, ...rest },
      { market, clock, request: createRequest({ offline, refresh }) },
    );
  };
  return {
    clock,
    exchange,
    adjusted,
    history,
    context: () => ({ market, clock, request: createRequest() }),
    restart: () => void ({ market } = open()),
  };
}

const dataOf = ({ data }: { data?: HistoryData }): HistoryData => {
  if (data === undefined) throw new Error('no bars');
  return data;
};

/** Minutes of a session by its own clock, from Temporal's time zone data and not from the calendar of fin. */
function minutesOf(date: string, from: string, to: string, symbol = 'NVDA') {
  const at = (time: string): number =>
    Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime('America/New_York').epochMilliseconds;
  const clock = createTestClock(at('23:00'));
  return createSyntheticMarket(clock)
    .minuteBars(symbol, date)
    .filter((bar) => bar.at >= at(from) && bar.at < at(to));
}

function build(
  date: string,
  from: string,
  to: string,
  size: number,
  isTraded: (at: number) => boolean = isAlways,
): Omit<BarData, 'vwap'>[] {
  const zoned = (time: string): Temporal.ZonedDateTime =>
    Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime('America/New_York');
  const minutes = minutesOf(date, from, to).filter(({ at }) => isTraded(at));
  const bars: Omit<BarData, 'vwap'>[] = [];
  for (
    let time = zoned(from);
    time.epochMilliseconds < zoned(to).epochMilliseconds;
    time = time.add({ minutes: size })
  ) {
    const end = time.add({ minutes: size }).epochMilliseconds;
    const own = minutes.filter(({ at }) => at >= time.epochMilliseconds && at < end);
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined) continue;
    bars.push({
      date,
      time: time.toString({ timeZoneName: 'never', smallestUnit: 'second' }),
      open: first.open,
      high: Math.max(...own.map(({ high }) => high)),
      low: Math.min(...own.map(({ low }) => low)),
      close: last.close,
      volume: own.reduce((sum, { volume }) => sum + volume, 0),
    });
  }
  return bars;
}

const withoutVwap = (bars: readonly BarData[]): Omit<BarData, 'vwap'>[] => bars.map(({ vwap: _vwap, ...bar }) => bar);

const SIZES: readonly [IntradayInterval, number][] = [
  ['1min', 1],
  ['5min', 5],
  ['15min', 15],
  ['30min', 30],
  ['hour', 60],
];

describe('bars below a day', () => {
  it.each(['tradier', 'polygon'] as const)('of a half day end at its close, at %s', async (provider) => {
    const { history } = await openWorld(EVENING, [provider]);
    for (const [interval, size] of SIZES) {
      const { bars } = dataOf(await history(interval, '2026-11-27'));
      expect(withoutVwap(bars)).toEqual(build('2026-11-27', '09:30', '13:00', size));
      expect(bars.at(-1)?.time?.slice(11, 16)).toBe(interval === 'hour' ? '12:30' : `12:${60 - size}`);
    }
  });

  it.each([
    ['the last session of summer time', '2026-10-30', '-04:00', '2026-11-10T12:00:00-05:00'],
    ['the first session of standard time', '2026-11-02', '-05:00', '2026-11-10T12:00:00-05:00'],
    ['the last session of standard time', '2026-03-06', '-05:00', '2026-03-12T12:00:00-04:00'],
    ['the first session of summer time', '2026-03-09', '-04:00', '2026-03-12T12:00:00-04:00'],
  ])('of %s begin at half past nine of the exchange at both providers', async (_what, date, offset, now) => {
    for (const provider of ['tradier', 'polygon'] as const) {
      const { history } = await openWorld(Date.parse(now), [provider]);
      const { bars } = dataOf(await history('hour', date));
      expect(withoutVwap(bars)).toEqual(build(date, '09:30', '16:00', 60));
      expect(bars[0]?.time).toBe(`${date}T09:30:00${offset}`);
    }
  });

  it.each(['tradier', 'polygon'] as const)('of a day with a halt have none while it lasts, at %s', async (provider) => {
    const halt = { from: Date.parse('2026-11-25T10:07:00-05:00'), to: Date.parse('2026-11-25T12:41:00-05:00') };
    const isTraded = (at: number): boolean => at < halt.from || at >= halt.to;
    const { history } = await openWorld(EVENING, [provider], isTraded);
    for (const [interval, size] of SIZES) {
      const { bars } = dataOf(await history(interval, '2026-11-25'));
      expect(withoutVwap(bars)).toEqual(build('2026-11-25', '09:30', '16:00', size, isTraded));
    }
    const hours = dataOf(await history('hour', '2026-11-25')).bars.map(({ time }) => time?.slice(11, 16));
    expect(hours).toEqual(['09:30', '12:30', '13:30', '14:30', '15:30']);
  });

  it('add up to the day: open, high, low, close and volume', async () => {
    const { history, context } = await openWorld();
    const days = dataOf(
      await answerHistory({ symbol: 'NVDA', interval: 'day', range: { phrase: 'last 5 trading days' } }, context()),
    ).bars;
    const { bars } = dataOf(await history('5min', 'last 5 trading days'));
    for (const day of days) {
      const own = bars.filter(({ date }) => date === day.date);
      expect(own[0]?.open).toBe(day.open);
      expect(own.at(-1)?.close).toBe(day.close);
      expect(Math.max(...own.map(({ high }) => high))).toBe(day.high);
      expect(Math.min(...own.map(({ low }) => low))).toBe(day.low);
      expect(own.reduce((sum, { volume }) => sum + volume, 0)).toBe(day.volume);
    }
  });

  it('leave a halt empty, take what trades at the bell for no bar of its own, and drop a bar that cannot be true', async () => {
    const { history, exchange } = await openWorld();
    const row = (time: string, price: number | string, volume = 100): object => ({
      time: `2026-11-25T${time}:00`,
      timestamp: Date.parse(`2026-11-25T${time}:00-05:00`) / 1000,
      price: 1,
      open: price,
      high: price,
      low: price,
      close: price,
      volume,
      vwap: price,
    });
    const data = [
      row('09:30', 10),
      row('09:35', 11),
      row('11:20', 8),
      row('11:25', 'NaN'),
      row('15:55', 9),
      row('16:00', 99),
    ];
    exchange.interfere = ({ url }) =>
      url.includes('timesales') ? { status: 200, body: JSON.stringify({ series: { data } }) } : undefined;
    const answer = await history('5min', '2026-11-25');
    expect(dataOf(answer).bars.map(({ time, close }) => [time?.slice(11, 16), close])).toEqual([
      ['09:30', 10],
      ['09:35', 11],
      ['11:20', 8],
      ['15:55', 9],
    ]);
    expect(answer.notes.join()).toContain('the bar of NVDA on 2026-11-25 11:25 is left out: it has no open');
    exchange.interfere = undefined;
  });

  it('are none of the future, none whose two times disagree, and none that comes twice with different figures', async () => {
    const now = Date.parse('2026-11-25T11:15:00-05:00');
    const at = (time: string): number => Date.parse(`2026-11-25T${time}:00-05:00`);
    for (const wire of ['tradier', 'polygon'] as const) {
      const { history, exchange } = await openWorld(now, [wire]);
      const row = (time: string, price: number, seconds = at(time) / 1000): object =>
        wire === 'tradier'
          ? {
              time: `2026-11-25T${time}:00`,
              timestamp: seconds,
              open: price,
              high: price,
              low: price,
              close: price,
              volume: 9,
            }
          : { t: seconds * 1000, o: price, h: price, l: price, c: price, v: 9 };
      const good = [row('09:30', 10), row('09:45', 11), row('11:15', 12)];
      const answerOf = async (...odd: object[]) => {
        const data = [...good, ...odd];
        exchange.interfere = ({ url }) =>
          /timesales|minute/.test(url) ? { body: { series: { data }, status: 'OK', results: data } } : undefined;
        const answer = await history('15min', 'today', { refresh: true });
        return { ...answer, times: answer.data?.bars.map(({ time }) => time?.slice(11, 16)) };
      };
      const times = ['09:30', '09:45', '11:15'];
      const future = await answerOf(row('14:00', 99), row('15:00', 98));
      expect([future.times, future.errors]).toEqual([times, []]);
      expect(future.notes.join()).toContain('2 bars of NVDA after 2026-11-25 11:15 are left out');
      expect(await answerOf(row('09:45', 11))).toMatchObject({ times, errors: [] });
      const twice = await answerOf(row('09:45', 50));
      expect([twice.times, twice.errors.map(({ code }) => code)]).toEqual([['09:30', '11:15'], ['bad_payload']]);
      if (wire === 'polygon') continue;
      const hourOff = await answerOf(row('10:00', 77, at('11:00') / 1000));
      expect([hourOff.times, hourOff.errors.map(({ code }) => code)]).toEqual([times, ['bad_payload']]);
      expect(hourOff.errors[0]?.message).toContain('its time is 2026-11-25T10:00:00, its timestamp 2026-11-25 11:00');
    }
  });

  it('hold the early hours too where all are asked for, and then answer for the regular ones', async () => {
    const { history, exchange } = await openWorld();
    const all = dataOf(await history('15min', '2026-11-25', { hours: 'all' }));
    expect(all.bars[0]?.time).toBe('2026-11-25T04:00:00-05:00');
    expect(exchange.calls('timesales')).toBe(1);
    const regular = dataOf(await history('15min', '2026-11-25'));
    expect(withoutVwap(regular.bars)).toEqual(build('2026-11-25', '09:30', '16:00', 15));
    expect(exchange.calls('timesales')).toBe(1);
  });

  it('count their change from the last bar before the range', async () => {
    const { history } = await openWorld();
    const [before] = build('2026-11-25', '15:55', '16:00', 5);
    const { summary } = dataOf(await history('5min', '2026-11-27'));
    expect(summary.basis).toBe('previous_close');
    expect(summary.change).toBeCloseTo(summary.last - (before?.close ?? NaN), 4);
  });

  it('are what one request brings, which is said', async () => {
    const tradier = await openWorld();
    const short = await tradier.history('1min', 'past month');
    expect(dataOf(short).from).toBe('2026-11-09');
    expect(short.notes).toContain('nothing before 2026-11-09: Tradier keeps 1min bars for 20 days');
    expect(tradier.exchange.calls('timesales')).toBe(1);
    const polygon = await openWorld(EVENING, ['polygon']);
    const long = await polygon.history('5min', 'past year');
    expect(long.notes.join()).toContain('Polygon returns 52 sessions per request');
    expect(polygon.exchange.calls('/range/5/minute/')).toBe(1);
  });

  it('come from the provider that reaches back so far', async () => {
    const { history } = await openWorld(EVENING, ['tradier', 'polygon']);
    const answer = await history('5min', '2026-03-09');
    expect(answer.meta.provider).toBe('polygon');
    expect(withoutVwap(dataOf(answer).bars)).toEqual(build('2026-03-09', '09:30', '16:00', 5));
  });
});

describe('held bars below a day', () => {
  it('of finished sessions are asked for once, by whichever process; only what is new is asked for later', async () => {
    const { history, exchange, clock, restart } = await openWorld(Date.parse('2026-11-25T22:00:00-05:00'));
    await history('hour', 'last 3 trading days');
    restart();
    const again = await history('hour', 'last 3 trading days');
    expect([again.meta.freshness, exchange.calls('timesales')]).toEqual(['cached', 1]);
    clock.set(Date.parse('2026-11-27T22:00:00-05:00'));
    exchange.forget();
    const later = dataOf(await history('hour', 'last 3 trading days'));
    expect(exchange.calls('timesales')).toBe(1);
    expect(exchange.requests[0]?.url).toContain(encodeURIComponent('2026-11-25').slice(0, 10));
    expect(withoutVwap(later.bars)).toEqual(
      [
        ['2026-11-24', '16:00'],
        ['2026-11-25', '16:00'],
        ['2026-11-27', '13:00'],
      ].flatMap(([date = '', to = '']) => build(date, '09:30', to, 60)),
    );
  });

  it('of the running session are asked for again after a minute, and end where the clock is', async () => {
    const { history, exchange, clock } = await openWorld(Date.parse('2026-11-25T10:07:00-05:00'));
    const { bars } = dataOf(await history('5min', 'today'));
    expect(bars.map(({ time }) => time?.slice(11, 16))).toEqual([
      '09:30',
      '09:35',
      '09:40',
      '09:45',
      '09:50',
      '09:55',
      '10:00',
      '10:05',
    ]);
    clock.advance(30_000);
    await history('5min', 'today');
    expect(exchange.calls('timesales')).toBe(1);
    clock.advance(60_000);
    expect((await history('5min', 'today')).meta.freshness).toBe('live');
    expect(exchange.calls('timesales')).toBe(2);
  });

  it('stand in where the provider fails, stale and said so, and offline', async () => {
    const { history, exchange, clock } = await openWorld(Date.parse('2026-11-25T10:07:00-05:00'));
    await history('5min', 'today');
    clock.advance(600_000);
    exchange.interfere = () => ({ status: 500, body: 'no' });
    const answer = await history('5min', 'today');
    expect(answer.meta.freshness).toBe('stale');
    expect(answer.notes.join()).toContain('stale: Tradier timesales: answered with status 500');
    const offline = await history('5min', 'today', { offline: true });
    expect([offline.meta.freshness, offline.errors]).toEqual(['stale', []]);
    exchange.interfere = undefined;
  });

  it('are fetched anew where a split came in between', async () => {
    const { history, clock, adjusted } = await openWorld(Date.parse('2026-11-24T22:00:00-05:00'));
    const before = dataOf(await history('15min', 'last 2 trading days'));
    clock.set(Date.parse('2026-11-25T22:00:00-05:00'));
    adjusted.factor = 0.5;
    const { bars } = dataOf(await history('15min', 'last 3 trading days'));
    const closes = before.bars.map(({ close }) => close / 2);
    expect(bars.slice(0, closes.length).map(({ close }) => close)).toEqual(
      closes.map((close) => expect.closeTo(close, 3) as number),
    );
  });

  it('of a range that ended before a split are those of after it, however old what is held is', async () => {
    const { history, exchange, clock, adjusted } = await openWorld(Date.parse('2026-11-23T22:00:00-05:00'));
    const first = dataOf(await history('15min', '2026-11-20'));
    clock.set(Date.parse('2026-11-24T22:00:00-05:00'));
    const second = dataOf(await history('15min', '2026-11-23 to 2026-11-24'));
    clock.set(Date.parse('2026-11-25T10:00:00-05:00'));
    adjusted.factor = 0.5;
    const halves = [...first.bars, ...second.bars].map(({ close }) => expect.closeTo(close / 2, 3) as number);
    // The younger part is adjusted before the older one is looked at again.
    await history('15min', '2026-11-24');
    const { bars } = dataOf(await history('15min', '2026-11-20 to 2026-11-24'));
    expect(bars.map(({ close }) => close)).toEqual(halves);
    exchange.forget();
    expect((await history('15min', '2026-11-20 to 2026-11-24')).meta.freshness).toBe('cached');
    expect(exchange.calls('timesales')).toBe(0);
  });

  it('of a range that ended earlier are compared with the provider’s once a trading day, by one session', async () => {
    const { history, exchange, clock } = await openWorld(Date.parse('2026-11-24T22:00:00-05:00'));
    const before = dataOf(await history('15min', '2026-11-20 to 2026-11-24'));
    clock.set(Date.parse('2026-11-25T10:00:00-05:00'));
    exchange.forget();
    expect(dataOf(await history('15min', '2026-11-20 to 2026-11-24')).bars).toEqual(before.bars);
    expect(exchange.requests.map(({ url }) => /start=[\d-]+/.exec(url)?.[0])).toEqual(['start=2026-11-24']);
    expect((await history('15min', '2026-11-20')).meta.freshness).toBe('cached');
    expect(exchange.calls('timesales')).toBe(1);
    clock.advance(24 * 3_600_000);
    expect((await history('15min', '2026-11-20', { offline: true })).meta.freshness).toBe('cached');
    clock.set(Date.parse('2026-11-27T10:00:00-05:00'));
    expect((await history('15min', '2026-11-20', { offline: true })).meta.freshness).toBe('stale');
  });

  it('of a symbol that nobody knows are no data, remembered for a while', async () => {
    const { history, exchange } = await openWorld();
    const answer = await history('5min', '2026-11-25', { symbol: 'ZZZZ' });
    expect(answer.errors.map(({ code }) => code)).toEqual(['no_data']);
    await history('5min', '2026-11-25', { symbol: 'ZZZZ' });
    expect(exchange.calls('timesales')).toBe(1);
  });

  it('of a plan that ends yesterday come without today, and say why', async () => {
    const { history, exchange } = await openWorld(Date.parse('2026-11-25T11:00:00-05:00'), ['polygon']);
    exchange.interfere = ({ url }) =>
      url.includes('/minute/') && url.includes('/2026-11-25?')
        ? {
            status: 403,
            body: JSON.stringify({
              status: 'NOT_AUTHORIZED',
              message: "Attempted to request today's data before end of day.",
            }),
          }
        : undefined;
    const answer = await history('hour', 'last 2 trading days');
    expect(dataOf(answer).to).toBe('2026-11-24');
    expect(answer.notes.join()).toContain("today's data before end of day");
    exchange.interfere = undefined;
  });

  it('whose start Tradier refuses begin where it allows', async () => {
    const { history, exchange } = await openWorld();
    exchange.interfere = ({ url }) =>
      url.includes('start=2026-11-20') || url.includes('start=2026-11-19')
        ? {
            status: 400,
            body: 'Invalid parameter, start: must be on or after 2026-11-23',
            headers: { 'content-type': 'text/plain' },
          }
        : undefined;
    const answer = await history('5min', '2026-11-20 to 2026-11-27');
    expect(dataOf(answer).from).toBe('2026-11-23');
    expect(answer.notes.join()).toContain('Tradier has nothing before 2026-11-23');
    exchange.interfere = undefined;
  });
});

describe('the volume-weighted price', () => {
  it('is a field of the newest session, the same as its minutes tell', async () => {
    const { context } = await openWorld();
    const minutes = minutesOf('2026-11-27', '09:30', '13:00');
    const volume = minutes.reduce((sum, bar) => sum + bar.volume, 0);
    const expected = minutes.reduce((sum, bar) => sum + (bar.vwap ?? 0) * bar.volume, 0) / volume;
    const table = await answerTable(parseTableWords(['NVDA'], { columns: 'vwap' }), context());
    expect(table.data?.rows[0]?.['vwap']).toBeCloseTo(expected, 2);
  });

  it('is drawn over a chart from the open of each session on', async () => {
    const { context } = await openWorld();
    const chart = await answerChart(
      {
        symbol: 'NVDA',
        range: { phrase: 'last 2 trading days' },
        interval: '5min',
        overlays: parseOverlays('vwap, sma20'),
        style: 'candles',
      },
      context(),
    );
    const bars = chart.data?.bars ?? [];
    const line = (chart.data?.overlays['vwap'] ?? []) as { time?: string; value: number }[];
    expect(line.map(({ time }) => time)).toEqual(bars.map(({ time }) => time));
    const opens = bars.flatMap(({ time = '', vwap }, index) =>
      time.includes('T09:30') ? [[line[index]?.value, vwap]] : [],
    );
    expect(opens).toHaveLength(2);
    for (const [value, own] of opens) expect(value).toBeCloseTo(own ?? NaN, 3);
    expect(chart.data?.overlays['sma20']).toHaveLength(bars.length);
    expect(chart.notes).toEqual([]);
  });
});
