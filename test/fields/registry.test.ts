// The registry: one name means one thing, every entry reads what it says it needs, and words find what people look for.
import { lastTradingDays } from '../../src/domain/calendar.ts';
import { describe, expect, it } from 'vitest';
import type { ChainData, QuoteData } from '../../src/domain/answers.ts';
import type { Bar } from '../../src/domain/types.ts';
import { type Inputs, Missing } from '../../src/fields/field.ts';
import { createRow, readField } from '../../src/fields/parts.ts';
import { bindExpression } from '../../src/fields/bind.ts';
import { parseExpression } from '../../src/fields/expression.ts';
import { PRESETS, expandPresets } from '../../src/fields/presets.ts';
import { ENTRIES, findField, listFields, resemblingNames, searchFields } from '../../src/fields/registry.ts';
import { parseColumnList } from '../../src/tools/table-columns.ts';

const dates = lastTradingDays(420, '2026-11-19');
const bars: Bar[] = Array.from({ length: 420 }, (_, index) => {
  const close = 100 + 9 * Math.sin(index / 9) + index / 10;
  return {
    date: dates[index] ?? '',
    open: close - 1,
    high: close + 2,
    low: close - 2,
    close,
    volume: 1_000 + (index % 50),
  };
});
const quote: QuoteData = {
  symbol: 'NVDA',
  last: 207,
  change: 7,
  changePercent: 3.5,
  open: 202,
  high: 210,
  low: 201,
  previousClose: 200,
  bid: 206.9,
  ask: 207.1,
  volume: 3_000,
  averageVolume: 2_000,
  week52High: 230,
  week52Low: 90,
  asOf: '2026-11-19T15:59:58-05:00',
  session: 'regular',
};
const contract = {
  symbol: 'NVDA261218C00200000',
  side: 'call',
  strike: 200,
  bid: 12,
  ask: 12.4,
  last: 12.1,
  volume: 500,
  openInterest: 1_000,
  iv: 0.4,
  delta: 0.62,
  gamma: 0.01,
  theta: -0.1,
  vega: 0.2,
} as const;
/** Prices that keep put-call parity at 207, so that a forward and volatilities can be read off them. */
const contracts = Array.from({ length: 13 }, (_, index) => 180 + 5 * index).flatMap((strike) => {
  const time = 8 * Math.exp(-(((strike - 207) / 30) ** 2));
  const of = (side: 'call' | 'put'): typeof contract | object => {
    const mid = Math.max(0, side === 'call' ? 207 - strike : strike - 207) + time;
    const delta = 1 / (1 + Math.exp((strike - 207) / 8)) - (side === 'call' ? 0 : 1);
    return { ...contract, symbol: `NVDA${side}${strike}`, side, strike, bid: mid - 0.05, ask: mid + 0.05, delta };
  };
  return [of('call'), of('put')];
}) as ChainData['contracts'];
const chain: ChainData = {
  underlying: 'NVDA',
  spot: 207,
  expiration: '2026-12-18',
  dte: 29,
  contracts,
  analytics: {
    callWalls: [{ strike: 210, openInterest: 5_000 }],
    putWalls: [{ strike: 190, openInterest: 4_000 }],
    maxPain: 200,
    expectedMove: { amount: 17, percent: 8.2, method: 'straddle 200 mid' },
    putCallOpenInterest: 0.8,
    putCallVolume: 0.6,
  },
};
const position = [{ quantity: 100, cost: 18_050, multiplier: 1, price: 207, previousClose: 200 }];
const whole: Inputs = {
  symbol: 'NVDA',
  now: Date.parse('2026-11-19T20:59:58Z'),
  quote,
  bars,
  chain,
  contract,
  term: { iv30: 0.4, skew25: 0.02 },
  past: {
    iv30: Array.from({ length: 20 }, (_, index) => 0.3 + index / 100),
    openInterest: new Map([[contract.symbol, 900]]),
  },
  position,
  vwap: 205,
  events: {
    symbol: 'NVDA',
    dividends: [
      { exDate: '2026-12-07', amount: 0.26, frequency: 4 },
      { exDate: '2026-11-09', amount: 0.26, frequency: 4 },
    ],
    splits: [],
    earnings: [
      { date: '2027-01-28', time: 'unknown', confirmed: false },
      { date: '2026-11-09', time: 'after_close', confirmed: true, epsActual: 1.2 },
    ],
  },
};

/** Bars of minutes have tests of their own, and these bars never come back to their peak. */
const isOfThese = ({ name, needs }: { name: string; needs: readonly string[] }): boolean =>
  !needs.includes('minutes') && !/Recover/.test(name);

describe('the registry', () => {
  it('has each name once for what it is said of', () => {
    const names = ENTRIES.map(({ of, name }) => `${of} ${name}`);
    expect(names.filter((name, index) => names.indexOf(name) < index)).toEqual([]);
  });

  it('reads every field of inputs that have all it needs, and says why where they have not', () => {
    const periods = { bars: bars.slice(-20), before: bars.at(-21) as Bar };
    for (const field of listFields().filter(isOfThese)) {
      const inputs =
        field.entry.series === undefined && field.entry.period !== undefined ? { ...whole, period: periods } : whole;
      const value = readField(field, createRow(inputs));
      expect(value instanceof Missing ? `${field.name}: ${value.why}` : typeof value).toMatch(/^(?:number|string)$/);
      const nothing = readField(field, createRow({ symbol: 'NVDA', now: 0 }));
      expect(nothing).toBeInstanceOf(Missing);
    }
  });

  it('ends a series with what the field says now', () => {
    for (const field of listFields().filter((field) => field.needs[0] === 'series' && isOfThese(field))) {
      const { series } = field.entry;
      if (series === undefined) continue;
      const last = series(bars, field.window, whole).at(-1);
      expect([field.name, readField(field, createRow(whole))]).toEqual([field.name, expect.closeTo(last ?? NaN, 9)]);
    }
  });

  it('takes any whole window from 2 to 400, and none besides', () => {
    expect(findField('sma50')?.label).toBe('SMA 50');
    expect(findField('sma400')?.window).toBe(400);
    for (const name of ['sma', 'sma1', 'sma401', 'sma050', 'smab', 'close5']) expect(findField(name)).toBeUndefined();
  });

  it('never divides the price of an option by an average of its underlying', () => {
    const bind = (text: string) => bindExpression(text, parseExpression(text), 'contract');
    const subjectsOf = (text: string) => [...bind(text).names].map(([name, { field }]) => `${name} ${field?.of}`);
    expect(subjectsOf('pct(last, week52High)')).toEqual(['last symbol', 'week52High symbol']);
    expect(subjectsOf('last < breakEven')).toEqual(['last contract', 'breakEven contract']);
    expect(subjectsOf('iv - hv30')).toEqual(['iv contract', 'hv30 symbol']);
    expect(() => bind('NVDA261218C00450000.changePercent')).toThrow('a contract has no "changePercent"');
  });

  it('means the contract by a name that symbols have too, in a row of a contract', () => {
    expect(findField('volume', 'contract')?.unit).toBe('contracts');
    expect(findField('volume')?.unit).toBe('shares');
    expect(findField('maxPain', 'contract')?.of).toBe('expiration');
    expect(findField('delta')).toBeUndefined();
  });

  it.each([
    ['pain', 'maxPain'],
    ['52 week high', 'week52High'],
    ['open interest', 'openInterest'],
    ['moving average', 'sma50'],
    ['expected move', 'expectedMovePercent'],
    ['interest', 'openInterest'],
    ['%k', 'stochK'],
  ])('finds by the words %j the field %s', (words, name) => {
    expect(searchFields([words]).map((field) => field.name)).toContain(name);
  });

  it('finds no field by letters from the middle of a word', () => {
    expect(searchFields(['nope'])).toEqual([]);
  });

  it.each([
    ['rsj14', 'rsi14'],
    ['rsi', 'rsi14'],
    ['chnagePercent', 'changePercent'],
    ['maxpain', 'maxPain'],
    ['52weekhigh', 'week52High'],
  ])('suggests for %s the field %s', (typed, meant) => {
    expect(resemblingNames(typed)).toContain(meant);
  });

  it.each(['nope', 'zzz', 'con', 'x', 'q', 'strikes'])('suggests for %s nothing that is far from it', (typed) => {
    expect(resemblingNames(typed, 'symbol').filter((name) => !/^(?:strike|iv|spot)/.test(name))).toEqual([]);
  });

  it('says of a field of contracts where it is had, and never suggests the very word', () => {
    const ofContracts = ENTRIES.filter(({ name, of }) => of === 'contract' && findField(name) === undefined);
    expect(ofContracts.length).toBeGreaterThan(10);
    for (const { name } of ofContracts) {
      let told: { message?: string; hint?: string } = {};
      try {
        bindExpression(`${name} > 3`, parseExpression(`${name} > 3`));
      } catch (error) {
        told = error as typeof told;
      }
      expect(told.message).toContain(`"${name}" is a field of a contract, not of a symbol`);
      expect(told.hint).toContain(`fin chain NVDA --columns ${name} shows it for each contract`);
      expect(resemblingNames(name, 'symbol')).not.toContain(name);
    }
  });

  it('knows all columns of the presets', () => {
    for (const preset of Object.keys(PRESETS)) expect(parseColumnList(preset).length).toBeGreaterThan(4);
    expect(expandPresets('technical, last')).toContain('rsi14');
  });

  it('names what an expression needs, each once', () => {
    const needsOf = (text: string): string[] => [...bindExpression(text, parseExpression(text)).needs];
    expect(needsOf('last')).toEqual(['quote']);
    expect(needsOf('pct(last, sma50) + rsi14')).toEqual(['quote', 'series']);
    expect(needsOf('avg(volume, 30)')).toEqual(['series']);
    expect(needsOf('maxPain - spot')).toEqual(['chain']);
  });
});
