import { describe, expect, it } from 'vitest';
import { decideFreshness } from '../../src/cache/freshness.ts';
import { monthlyVolatilityExpirationOf, sessionAt } from '../../src/domain/calendar.ts';
import { isSettled, optionsPricedAt, runningOptionSession } from '../../src/domain/option-sessions.ts';

const at = (wall: string): number => Date.parse(`${wall.replace(' ', 'T')}-05:00`);

describe('options', () => {
  it('of indices and broad funds trade until 16:15, on half days until 13:15; all others as long as their shares', () => {
    for (const symbol of ['SPY', 'SPX', 'QQQ', 'VIX', 'IWM', 'XLF']) {
      expect(runningOptionSession(symbol, at('2026-11-19 16:14:59'))?.close).toBe(at('2026-11-19 16:15:00'));
      expect(runningOptionSession(symbol, at('2026-11-19 16:15:00'))).toBeUndefined();
      expect(runningOptionSession(symbol, at('2026-11-27 13:10:00'))?.close).toBe(at('2026-11-27 13:15:00'));
      expect(optionsPricedAt(symbol, at('2026-11-19 19:00:00'))).toBe(at('2026-11-19 16:15:00'));
    }
    expect(runningOptionSession('AAPL', at('2026-11-19 16:00:00'))).toBeUndefined();
    expect(optionsPricedAt('AAPL', at('2026-11-19 19:00:00'))).toBe(at('2026-11-19 16:00:00'));
    expect(optionsPricedAt('SPY', at('2026-11-22 12:00:00'))).toBe(at('2026-11-20 16:15:00'));
    expect(runningOptionSession('SPY', at('2026-11-26 12:00:00'))).toBeUndefined();
  });

  it('of an index under its standard root settle at the open of their day, weekly ones do not', () => {
    const settled = (root: string, wall: string): boolean => isSettled({ root, expiration: '2026-11-20' }, at(wall));
    for (const root of ['SPX', 'NDX', 'RUT', 'VIX', 'VIXW']) {
      expect(settled(root, '2026-11-20 09:29:59')).toBe(false);
      expect(settled(root, '2026-11-20 09:30:00')).toBe(true);
    }
    for (const root of ['SPXW', 'NDXP', 'RUTW', 'XSP', 'SPY', 'AAPL'])
      expect(settled(root, '2026-11-20 15:00:00')).toBe(false);
  });

  it('on VIX expire 30 days before the next month’s third Friday, holidays of either day minded', () => {
    expect(monthlyVolatilityExpirationOf(2025, 11)).toBe('2025-11-19');
    expect(monthlyVolatilityExpirationOf(2025, 12)).toBe('2025-12-17');
    // The third Friday of June 2026 is a holiday: 30 days before its Thursday.
    expect(monthlyVolatilityExpirationOf(2026, 5)).toBe('2026-05-19');
    expect(monthlyVolatilityExpirationOf(2024, 3)).toBe('2024-03-20');
  });
});

describe('a held chain', () => {
  const verdict = (symbol: string, fetched: string, now: string): string => {
    const fetchedAt = at(fetched);
    return decideFreshness('chain', { fetchedAt, symbol, state: sessionAt(fetchedAt) }, at(now));
  };

  it('that was fetched while its options trade is fresh for 30 s, and never after their close', () => {
    expect(verdict('SPX', '2026-11-19 16:04:00', '2026-11-19 16:04:29')).toBe('fresh');
    for (const now of ['2026-11-19 16:04:31', '2026-11-19 16:15:00', '2026-11-19 21:00:00'])
      expect(verdict('SPX', '2026-11-19 16:04:00', now)).toBe('stale');
    expect(verdict('SPY', '2026-11-19 16:14:50', '2026-11-19 16:15:00')).toBe('stale');
    expect(verdict('AAPL', '2026-11-19 15:59:50', '2026-11-19 16:00:01')).toBe('stale');
  });

  it('that was fetched after their close is fresh all evening', () => {
    expect(verdict('SPY', '2026-11-19 16:15:01', '2026-11-19 21:00:00')).toBe('fresh');
    expect(verdict('AAPL', '2026-11-19 16:04:00', '2026-11-19 21:00:00')).toBe('fresh');
  });
});
