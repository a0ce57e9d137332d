// The running session: the quote walks inside its day's bar and arrives at its close.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSessionPath, tradedPart } from '../../src/sample/session-path.ts';
import { exchangeAt, marketAt, tradierHistory, tradierQuote } from './sample-exchange.ts';

const cents = (min: number, max: number) => fc.integer({ min, max }).map((value) => value / 100);
const anyBar = fc
  .tuple(
    cents(100, 90_000),
    cents(0, 2000),
    cents(0, 2000),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(([low, below, above, openAt, closeAt]) => {
    const high = low + below + above;
    const inside = (part: number): number => Math.round((low + part * (high - low)) * 100) / 100;
    const round = (price: number): number => Math.round(price * 100) / 100;
    return {
      date: '2026-11-19',
      open: inside(openAt),
      high: round(high),
      low: round(low),
      close: inside(closeAt),
      volume: 1_000_000,
    };
  });

describe('a session path', () => {
  it('starts at the open, ends at the close and stays inside the bar', () => {
    fc.assert(
      fc.property(
        anyBar,
        fc.integer(),
        fc.constantFrom(390, 210),
        fc.array(fc.double({ min: 0, max: 390, noNaN: true }), { maxLength: 30 }),
        (bar, seed, length, times) => {
          const path = createSessionPath(bar, seed, length);
          expect(path.priceAt(0)).toBe(bar.open);
          expect(path.priceAt(length)).toBe(bar.close);
          for (const minutes of times) {
            const price = path.priceAt(minutes);
            expect(price).toBeGreaterThanOrEqual(bar.low);
            expect(price).toBeLessThanOrEqual(bar.high);
          }
          expect(path.barAt(length)).toEqual(bar);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('has a running high, low and volume that only grow outwards and reach the bar at the end', () => {
    fc.assert(
      fc.property(anyBar, fc.integer(), (bar, seed) => {
        const path = createSessionPath(bar, seed, 390);
        let before = path.barAt(0);
        for (let minutes = 13; minutes <= 390; minutes += 12.7) {
          const now = path.barAt(minutes);
          expect(now.high).toBeGreaterThanOrEqual(Math.max(before.high, now.close));
          expect(now.low).toBeLessThanOrEqual(Math.min(before.low, now.close));
          expect(now.volume).toBeGreaterThanOrEqual(before.volume);
          before = now;
        }
        const end = path.barAt(389.999);
        expect(end.high).toBeCloseTo(bar.high, 6);
        expect(end.low).toBeCloseTo(bar.low, 6);
      }),
      { numRuns: 60 },
    );
  });

  it('spans a real bar whose close lies outside high and low', () => {
    const odd = { date: '2019-03-01', open: 10, high: 10.5, low: 9.8, close: 10.6001, volume: 5 };
    const path = createSessionPath(odd, 7, 390);
    expect(path.priceAt(390)).toBe(10.6001);
    for (let minute = 0; minute < 390; minute += 1) {
      expect(path.priceAt(minute)).toBeGreaterThanOrEqual(9.8);
      expect(path.priceAt(minute)).toBeLessThanOrEqual(10.6001);
    }
  });

  it('spreads the volume over the whole session', () => {
    expect(tradedPart(0)).toBe(0);
    expect(tradedPart(1)).toBe(1);
    expect(tradedPart(0.5)).toBeCloseTo(0.5, 10);
    expect(tradedPart(0.1)).toBeGreaterThan(0.12);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (a, b) =>
        a < b ? tradedPart(a) <= tradedPart(b) : true,
      ),
    );
  });
});

describe('a quote', () => {
  it('moves within the session and keeps to the partial bar of the history', () => {
    const seen = new Set<number>();
    for (const time of ['09:30:00', '09:31:20', '10:15:00', '12:00:00', '14:30:30', '15:59:59']) {
      const exchange = exchangeAt(`2026-11-19T${time}-05:00`);
      const quote = tradierQuote(exchange, 'NVDA');
      const partial = tradierHistory(exchange, 'NVDA', '2026-11-19', '2026-11-19')[0];
      expect(partial).toEqual({
        date: '2026-11-19',
        open: quote.open,
        high: quote.high,
        low: quote.low,
        close: quote.last,
        volume: quote.volume,
      });
      expect(quote.bid).toBeLessThanOrEqual(quote.last);
      expect(quote.ask).toBeGreaterThanOrEqual(quote.last);
      expect(quote.ask).toBeGreaterThan(quote.bid);
      expect(quote.close).toBeNull();
      expect(quote.change).toBeCloseTo(quote.last - quote.prevclose, 6);
      seen.add(quote.last);
    }
    expect(seen.size).toBeGreaterThan(4);
  });

  it('is the finished bar from the close on, through the night and the weekend', () => {
    const bars = tradierHistory(exchangeAt('2026-11-21T10:00:00-05:00'), 'NVDA', '2026-11-19', '2026-11-20');
    expect(bars).toHaveLength(2);
    for (const time of [
      '2026-11-20T16:00:00-05:00',
      '2026-11-20T19:00:00-05:00',
      '2026-11-20T23:30:00-05:00',
      '2026-11-22T12:00:00-05:00',
      '2026-11-23T03:59:00-05:00',
    ]) {
      const quote = tradierQuote(exchangeAt(time), 'NVDA');
      expect([quote.open, quote.high, quote.low, quote.last, quote.close, quote.volume]).toEqual([
        bars[1]!.open,
        bars[1]!.high,
        bars[1]!.low,
        bars[1]!.close,
        bars[1]!.close,
        bars[1]!.volume,
      ]);
      expect(quote.prevclose).toBe(bars[0]!.close);
      expect(quote.trade_date).toBe(Date.parse('2026-11-20T16:00:00-05:00'));
    }
  });

  it('before the open goes vs. prior close towards the open, and has no session figures yet', () => {
    const early = tradierQuote(exchangeAt('2026-11-23T04:00:00-05:00'), 'NVDA');
    const friday = tradierQuote(exchangeAt('2026-11-21T10:00:00-05:00'), 'NVDA');
    const late = tradierQuote(exchangeAt('2026-11-23T09:29:59-05:00'), 'NVDA');
    const open = tradierQuote(exchangeAt('2026-11-23T09:30:00-05:00'), 'NVDA');
    expect(early.last).toBe(friday.last);
    expect(early.prevclose).toBe(friday.last);
    expect(late.last).toBeCloseTo(open.open ?? 0, 1);
    expect([early.open, early.high, early.low, early.close, early.volume]).toEqual([null, null, null, null, 0]);
  });

  it('on a half day ends at one o’clock', () => {
    const quote = tradierQuote(exchangeAt('2026-11-27T13:00:00-05:00'), 'AAPL');
    const bar = marketAt('2026-11-28T13:00:00-05:00').finishedBars('AAPL', '2026-11-27', '2026-11-27')[0];
    expect(quote.close).toBe(bar?.close);
    expect(tradierQuote(exchangeAt('2026-11-27T12:59:00-05:00'), 'AAPL').close).toBeNull();
  });
});
