// The synthetic bars: what they depend on, and what must hold of every one.
import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTradingDay, tradingDaysBetween } from '../../src/domain/calendar.ts';
import { addDays } from '../../src/domain/exchange-time.ts';
import { createInstruments } from '../../src/sample/companies.ts';
import { createPriceModel } from '../../src/sample/prices.ts';
import { createSyntheticMarket } from '../../src/sample/source.ts';
import { processorMs } from '../helpers/machine.ts';
import { clockAt, exchangeAt, marketAt, tradierHistory } from './sample-exchange.ts';

const instruments = createInstruments();
const anyInstrument = fc.constantFrom(...instruments);
const anyTradingDay = fc
  .integer({ min: 0, max: 365 * 38 })
  .map((days) => addDays('1990-01-02', days))
  .filter(isTradingDay);

function instrumentOf(symbol: string) {
  const found = instruments.find((instrument) => instrument.symbol === symbol);
  if (found === undefined) throw new Error(`${symbol} is not listed`);
  return found;
}

describe('synthetic bars', () => {
  it('list at least sixty companies, each once, with positive prices', () => {
    const symbols = instruments.map(({ symbol }) => symbol);
    expect(new Set(symbols).size).toBe(symbols.length);
    expect(instruments.filter(({ kind }) => kind === 'stock').length).toBeGreaterThanOrEqual(60);
    for (const symbol of ['SPY', 'QQQ', 'IWM', 'AAPL', 'NVDA', 'WDC', 'AMD', 'SOUN', 'BRK.B', 'VIX', 'SPX']) {
      expect(symbols).toContain(symbol);
    }
    for (const { anchorPrice, volatility } of instruments) {
      expect(anchorPrice).toBeGreaterThan(1);
      expect(volatility).toBeGreaterThan(0.05);
    }
  });

  it('keep open and close between low and high, in whole cents, for any symbol and day', () => {
    fc.assert(
      fc.property(anyInstrument, anyTradingDay, (instrument, date) => {
        const bar = createPriceModel(instrument).barOf(date);
        expect(bar.low).toBeGreaterThan(0);
        expect(bar.low).toBeLessThanOrEqual(Math.min(bar.open, bar.close));
        expect(bar.high).toBeGreaterThanOrEqual(Math.max(bar.open, bar.close));
        for (const price of [bar.open, bar.high, bar.low, bar.close]) {
          expect(Number(price.toFixed(2))).toBe(price);
        }
        expect(Number.isSafeInteger(bar.volume)).toBe(true);
        expect(bar.volume === 0).toBe(instrument.kind === 'index');
        if (bar.vwap !== undefined) {
          expect(bar.vwap).toBeGreaterThanOrEqual(bar.low);
          expect(bar.vwap).toBeLessThanOrEqual(bar.high);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('are the same in whatever order and from whatever clock they are asked', () => {
    fc.assert(
      fc.property(anyInstrument, fc.array(anyTradingDay, { minLength: 1, maxLength: 8 }), (instrument, dates) => {
        const shared = createPriceModel(instrument);
        for (const date of dates) expect(shared.barOf(date)).toEqual(createPriceModel(instrument).barOf(date));
      }),
      { numRuns: 100 },
    );
    const in2019 = createSyntheticMarket(clockAt('2019-07-01T12:00:00-04:00'));
    const in2027 = createSyntheticMarket(clockAt('2027-07-01T23:00:00-04:00'));
    for (const symbol of ['SPY', 'NVDA', 'VIX']) {
      const early = in2019.finishedBars(symbol, '2018-12-20', '2019-01-10');
      expect(early).toHaveLength(14);
      expect(in2027.finishedBars(symbol, '2018-12-20', '2019-01-10')).toEqual(early);
      expect(
        in2027
          .finishedBars(symbol, '2017-01-01', '2020-01-01')
          .filter(({ date }) => date >= '2018-12-20' && date <= '2019-01-10'),
      ).toEqual(early);
    }
  });

  it('are the same under every time zone of the machine', () => {
    const script = `
      const { createSyntheticMarket } = await import(${JSON.stringify(new URL('../../src/sample/source.ts', import.meta.url).href)});
      const now = Date.parse('2026-11-19T11:00:30-05:00');
      const market = createSyntheticMarket({ now: () => now, machineNow: () => now });
      console.log(JSON.stringify([market.quote('AAPL'), market.chain('AAPL', '2026-11-20').slice(0, 5), market.finishedBars('SPY', '2026-10-28', '2026-11-19')]));`;
    const outputs = ['UTC', 'Asia/Tokyo', 'America/Los_Angeles'].map((zone) => {
      const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        env: { ...process.env, TZ: zone },
        encoding: 'utf8',
      });
      expect(run.stderr).toBe('');
      return run.stdout;
    });
    expect(outputs[0]?.length).toBeGreaterThan(1000);
    expect(new Set(outputs).size).toBe(1);
  });

  it('move from day to day as the volatility says and open near the close before', () => {
    for (const symbol of ['SPY', 'AAPL', 'TSLA', 'SOUN']) {
      const { volatility } = instrumentOf(symbol);
      const model = createPriceModel(instrumentOf(symbol));
      const bars = tradingDaysBetween('2022-01-03', '2025-12-31').map((date) => model.barOf(date));
      const moves = bars.slice(1).map((bar, i) => Math.log(bar.close / bars[i]!.close));
      const gaps = bars.slice(1).map((bar, i) => Math.abs(Math.log(bar.open / bars[i]!.close)));
      const yearly = Math.sqrt((moves.reduce((sum, move) => sum + move * move, 0) / moves.length) * 252);
      expect(yearly / volatility).toBeGreaterThan(0.9);
      expect(yearly / volatility).toBeLessThan(1.1);
      const limit = (volatility / Math.sqrt(252)) * 6;
      expect(Math.max(...moves.map(Math.abs))).toBeLessThan(limit);
      expect(Math.max(...gaps)).toBeLessThan(limit);
    }
  });

  it('stand at the anchor price on the reference day and stay within reach of it', () => {
    for (const instrument of instruments) {
      const model = createPriceModel(instrument);
      expect(model.barOf('2025-10-31').close).toBe(instrument.anchorPrice);
      for (const date of ['2024-06-28', '2026-11-19', '2027-06-30']) {
        const ratio = model.barOf(date).close / instrument.anchorPrice;
        expect(ratio).toBeGreaterThan(0.12);
        expect(ratio).toBeLessThan(6);
      }
    }
  });

  it('exist for sessions that have finished and for no other day', () => {
    const duringThanksgivingWeek = marketAt('2026-11-27T12:59:59-05:00');
    const dates = duringThanksgivingWeek.finishedBars('AAPL', '2026-11-20', '2026-12-31').map(({ date }) => date);
    expect(dates).toEqual(['2026-11-20', '2026-11-23', '2026-11-24', '2026-11-25']);
    const afterHalfDay = marketAt('2026-11-27T13:00:00-05:00');
    expect(afterHalfDay.finishedBars('AAPL', '2026-11-26', '2026-12-31').map(({ date }) => date)).toEqual([
      '2026-11-27',
    ]);
    expect(afterHalfDay.finishedBars('ZZZZ', '2026-11-26', '2026-12-31')).toEqual([]);
    expect(afterHalfDay.finishedBars('AAPL', '1980-01-01', '1989-12-31')).toEqual([]);
  });

  it('trade half of the usual volume on a half day', () => {
    const model = createPriceModel(instrumentOf('SPY'));
    const halfDays = [
      '2022-11-25',
      '2023-07-03',
      '2023-11-24',
      '2024-07-03',
      '2024-11-29',
      '2024-12-24',
      '2025-07-03',
      '2025-11-28',
    ];
    const average = halfDays.reduce((sum, date) => sum + model.barOf(date).volume, 0) / halfDays.length;
    expect(average).toBeGreaterThan(instrumentOf('SPY').averageVolume * 0.35);
    expect(average).toBeLessThan(instrumentOf('SPY').averageVolume * 0.65);
  });

  it('come five years at a time in a few milliseconds', () => {
    const exchange = exchangeAt('2026-11-19T17:00:00-05:00');
    tradierHistory(exchange, 'MSFT', '2021-11-19', '2026-11-19');
    const times = ['AAPL', 'NVDA', 'AMD', 'JPM', 'WDC'].map((symbol) => {
      const start = processorMs();
      expect(tradierHistory(exchange, symbol, '2021-11-19', '2026-11-19').length).toBeGreaterThan(1250);
      return processorMs() - start;
    });
    expect(Math.min(...times)).toBeLessThan(60);
  });
});
