// Figures as text: what a trader reads, and that it reads back to what was written.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDate,
  formatDuration,
  formatExchangeTime,
  formatFixed,
  formatGreek,
  formatNumber,
  formatPercent,
  formatPrice,
  formatPoints,
  formatShare,
  formatShortVolume,
  formatSigned,
  formatStrike,
  formatVolume,
  formatWeekday,
  plural,
} from '../../src/render/format.ts';

/** A figure as it was written, read back. */
function read(text: string): number {
  const factors: Record<string, number> = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 };
  const match = /^([+-]?[\d,]+(?:\.\d+)?(?:e-\d+)?)([KMBT])?%?$/.exec(text);
  if (match === null) throw new Error(`no figure: ${text}`);
  return Number(match[1]?.replaceAll(',', '')) * (factors[match[2] ?? ''] ?? 1);
}

const price = fc.double({ min: -1e9, max: 1e9, noNaN: true });

describe('prices and changes', () => {
  it('has two decimals, separators, and four decimals below one dollar where they matter', () => {
    expect(formatPrice(207.04)).toBe('207.04');
    expect(formatPrice(1234567.5)).toBe('1,234,567.50');
    expect(formatPrice(0.1234)).toBe('0.1234');
    expect(formatPrice(0.5)).toBe('0.50');
    expect(formatPrice(0)).toBe('0.00');
  });

  it('writes a sign before the figure and none before zero', () => {
    expect(formatSigned(3.83)).toBe('+3.83');
    expect(formatSigned(-7.23)).toBe('-7.23');
    expect(formatSigned(-0.001)).toBe('-0.001');
    expect(formatSigned(0.00099999)).toBe('+0.001');
    expect(formatSigned(-0)).toBe('0.00');
    expect(formatSigned(-1234.5)).toBe('-1,234.50');
    expect(formatPercent(1.2649)).toBe('+1.26%');
    expect(formatPercent(-7.5655)).toBe('-7.57%');
  });

  it('is a dash where there is no value, never a zero', () => {
    for (const format of [
      formatPrice,
      formatSigned,
      formatPercent,
      formatVolume,
      formatShortVolume,
      formatCount,
      formatStrike,
      formatShare,
      formatPoints,
      formatNumber,
      formatAge,
      formatBytes,
    ]) {
      expect(format(undefined)).toBe('—');
      expect(format(Number.NaN)).toBe('—');
      expect(format(Number.POSITIVE_INFINITY)).toBe('—');
    }
  });

  it('reads back within half of its last digit', () => {
    fc.assert(
      fc.property(price, fc.integer({ min: 0, max: 4 }), (value, decimals) => {
        expect(Math.abs(read(formatFixed(value, decimals)) - value)).toBeLessThanOrEqual(
          0.5 * 10 ** -decimals + Math.abs(value) * 1e-14,
        );
        expect(Math.abs(read(formatSigned(value, decimals)) - value)).toBeLessThanOrEqual(
          0.5 * 10 ** -decimals + Math.abs(value) * 1e-14,
        );
        expect(Math.abs(read(formatPercent(value)) - value)).toBeLessThanOrEqual(0.005 + Math.abs(value) * 1e-14);
      }),
    );
  });

  it('keeps four decimals of a price below one dollar', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9999 }), (tenThousandths) => {
        expect(read(formatPrice(tenThousandths / 10_000))).toBe(tenThousandths / 10_000);
      }),
    );
  });
});

describe('volumes and counts', () => {
  it('is compact, with three digits, and carries into the next unit', () => {
    expect(formatVolume(45_231_876)).toBe('45.2M');
    expect(formatVolume(950)).toBe('950');
    expect(formatVolume(0)).toBe('0');
    expect(formatVolume(1000)).toBe('1.0K');
    expect(formatVolume(999_949)).toBe('999.9K');
    expect(formatVolume(999_951)).toBe('1.0M');
    expect(formatVolume(1_234_567_890)).toBe('1.23B');
    expect(formatCount(45_231_876)).toBe('45,231,876');
  });

  it('takes at most five columns in its short form', () => {
    expect(formatShortVolume(188_530)).toBe('189K');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_000_000_000 }), (volume) => {
        expect(formatShortVolume(volume).length).toBeLessThanOrEqual(5);
      }),
    );
  });

  it('reads back within half of its last digit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9e14 }), (volume) => {
        const text = formatVolume(volume);
        const unit = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 }[text.slice(-1)] ?? 10;
        expect(Math.abs(read(text) - volume)).toBeLessThanOrEqual(unit * 0.0501);
        expect(read(formatCount(volume))).toBe(volume);
      }),
    );
  });

  it('agrees in number', () => {
    expect(plural(1, 'bar')).toBe('1 bar');
    expect(plural(0, 'bar')).toBe('0 bars');
    expect(plural(1200, 'entry', 'entries')).toBe('1,200 entries');
  });
});

describe('strikes, shares, results', () => {
  it('writes no more decimals than there are', () => {
    expect(formatStrike(190)).toBe('190');
    expect(formatStrike(192.5)).toBe('192.5');
    expect(formatStrike(1200)).toBe('1,200');
    expect(formatNumber(42)).toBe('42');
    expect(formatNumber(2.98960354)).toBe('2.98960354');
    expect(formatNumber(1200)).toBe('1,200');
    expect(formatNumber(1e-9)).toBe('1e-9');
    expect(formatNumber(-0)).toBe('0');
    expect(formatShare(0.2514)).toBe('25.1%');
    expect([0.0176, -0.1018, 0.00004, 0].map(formatPoints)).toEqual(['+1.8 pts', '-10.2 pts', '+0.004 pts', '0.0 pts']);
  });
});

describe('times', () => {
  it('shows exchange time as the text has it, with its date', () => {
    expect(formatExchangeTime('2026-11-19T15:59:58-05:00')).toBe('3:59:58 PM ET Nov 19, 2026');
    expect(formatExchangeTime('2026-07-01T09:30:00-04:00')).toBe('9:30:00 AM ET Jul 1, 2026');
    expect(formatExchangeTime('2026-11-19')).toBe('Nov 19, 2026');
    expect(formatExchangeTime('rubbish')).toBe('—');
    expect(formatExchangeTime(undefined)).toBe('—');
  });

  it('knows the weekday of a date in any time zone', () => {
    expect(formatWeekday('2025-10-24')).toBe('Fri');
    expect(formatWeekday('2024-02-29')).toBe('Thu');
    expect(formatDate('2024-02-29')).toBe('Feb 29, 2024');
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        (date) => {
          const names = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
          expect(formatWeekday(date.toISOString().slice(0, 10))).toBe(names[date.getUTCDay()]);
        },
      ),
    );
  });

  it('names an age in its largest unit, rounded down', () => {
    expect(formatAge(12_400)).toBe('12 s');
    expect(formatAge(-5)).toBe('0 s');
    expect(formatAge(4 * 60_000 + 59_000)).toBe('4 min');
    expect(formatAge(2 * 3_600_000)).toBe('2 h');
    expect(formatAge(3 * 86_400_000 + 5)).toBe('3 d');
    expect(formatDuration(850)).toBe('850 ms');
    expect(formatDuration(4230)).toBe('4.2 s');
    expect(formatDuration(125_000)).toBe('2 min 5 s');
  });

  it('names sizes in bytes', () => {
    expect(formatBytes(1)).toBe('1 byte');
    expect(formatBytes(40_960)).toBe('41.0 kB');
    expect(formatBytes(1_310_720)).toBe('1.3 MB');
  });

  it('writes greeks with their decimals, and never as zero what is none', () => {
    expect([0.994, -0.0213, 12.3456, 0].map((greek) => formatGreek(greek, 3))).toEqual([
      '0.994',
      '-0.021',
      '12.346',
      '0.000',
    ]);
    expect([-1.46e-30, -2.48e-5, 2.88e-20, 0.0006].map((greek) => formatGreek(greek, 3))).toEqual([
      '>-0.001',
      '>-0.001',
      '<0.001',
      '0.001',
    ]);
    expect(formatGreek(undefined, 3)).toBe('—');
  });
});

describe('a half of the last decimal', () => {
  it('goes away from zero, by the digits that one reads', () => {
    for (const [value, text] of [
      [4.975, '4.98'],
      [6.875, '6.88'],
      [(2.53 + 2.58) / 2, '2.56'],
      [(3.6 + 3.75) / 2, '3.68'],
      [(6.5 + 6.65) / 2, '6.58'],
      [1.005, '1.01'],
      [-1.005, '-1.01'],
      [1234.565, '1,234.57'],
      [2.5549, '2.55'],
    ] as const)
      expect(formatFixed(value, 2), String(value)).toBe(text);
  });

  it('is rounded so for every price of whole tenths of a cent', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 9_999_999 }), (tenths) => {
        const cents = Math.floor((tenths + 5) / 10);
        const text = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
        expect(formatFixed(tenths / 1000, 2).replaceAll(',', '')).toBe(text);
      }),
    );
  });
});
