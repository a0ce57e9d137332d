// What `ta` shows comes from the registry: which indicators there are, and where each stands in the public JSON.
import { describe, expect, it } from 'vitest';
import { AVERAGE_WINDOWS } from '../../src/domain/windows.ts';
import { computeIndicators, listIndicators, readIndicator, TA_FIELDS } from '../../src/fields/indicators.ts';
import { findField } from '../../src/fields/registry.ts';
import { steadyBars, walkBars } from '../helpers/daily-bars.ts';

describe('computeIndicators', () => {
  it('leaves out what lacks bars and has all at 200 bars', () => {
    const bars = walkBars(11, 200);
    expect(computeIndicators(bars.slice(0, 4))).toEqual({
      date: bars[3]?.date,
      close: bars[3]?.close,
      sma: {},
      ema: {},
    });
    expect(computeIndicators(bars.slice(0, 14))).not.toHaveProperty('rsi14');
    expect(computeIndicators(bars.slice(0, 15))).toHaveProperty('rsi14');
    expect(computeIndicators(bars.slice(0, 33))).not.toHaveProperty('macd');
    expect(computeIndicators(bars.slice(0, 34))).toHaveProperty('macd');
    expect(Object.keys(computeIndicators(bars.slice(0, 199)).sma)).toEqual(['5', '10', '20', '50']);
    const whole = computeIndicators(bars);
    expect(Object.keys(whole.sma)).toEqual(['5', '10', '20', '50', '200']);
    expect(Object.keys(whole.ema)).toEqual(['5', '10', '20', '50', '200']);
  });

  it('prints no float noise', () => {
    const text = JSON.stringify(computeIndicators(walkBars(12, 260)));
    expect(text).not.toMatch(/\.\d{7,}|e-/);
  });

  it('says 0 for the MACD of a flat series, not a rounding remainder', () => {
    const flat = computeIndicators(steadyBars(Array.from({ length: 60 }, () => 10.1)));
    expect(flat.macd).toEqual({ macd: 0, signal: 0, histogram: 0 });
    expect(flat.rsi14).toBe(0);
  });

  it('refuses an empty series', () => {
    expect(() => computeIndicators([])).toThrow(RangeError);
  });
});

describe('the indicators of the registry', () => {
  it('start with RSI, MACD and the averages of every window', () => {
    expect(TA_FIELDS.map(({ name }) => name).filter((name) => !/^[se]ma/.test(name))).toEqual(
      expect.arrayContaining(['rsi14', 'macd', 'macdSignal', 'macdHistogram']),
    );
    for (const kind of ['sma', 'ema'])
      expect(TA_FIELDS.map(({ name }) => name).filter((name) => name.startsWith(kind))).toEqual(
        AVERAGE_WINDOWS.map((window) => `${kind}${window}`),
      );
  });

  it('are read out of the JSON that they were written into', () => {
    const data = computeIndicators(walkBars(3, 260));
    expect(listIndicators(data).map(({ field }) => field)).toEqual(TA_FIELDS);
    expect(listIndicators(data).find(({ field }) => field.name === 'macdSignal')?.value).toBe(data.macd?.signal);
    expect(listIndicators(data).find(({ field }) => field.name === 'ema20')?.value).toBe(data.ema['20']);
  });

  it('stand flat under their name where they have no group', () => {
    const field = findField('hv20');
    if (field === undefined) throw new Error('hv20 is a field');
    const flat = { ...field, entry: { ...field.entry, inTa: true as const } };
    expect(readIndicator({ date: '2026-11-19', close: 1, sma: {}, ema: {}, hv20: 0.25 }, flat)).toBe(0.25);
    expect(readIndicator({ date: '2026-11-19', close: 1, sma: {}, ema: {} }, flat)).toBeUndefined();
  });
});
