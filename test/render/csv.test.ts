// CSV that any reader of RFC 4180 gives back as it was, with the names of the JSON, and without a formula of a stranger.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer, AnswerKind, TableData } from '../../src/domain/answers.ts';
import { formatAnswersAsCsv, formatCsv } from '../../src/render/csv.ts';
import { NVDA_CHAIN, YOUNG_INDICATORS } from './data.ts';

/** A reader of its own: fields of all records. */
function read(text: string): string[][] {
  const records: string[][] = [];
  let fields: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (const [, quoted, plain = '', end] of text.matchAll(pattern)) {
    fields.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ',') continue;
    records.push(fields);
    fields = [];
  }
  return records;
}

const meta = { sample: false, providerCalls: 0, elapsedMs: 0 };
const answer = (kind: AnswerKind, data: unknown): Answer => ({ kind, data, errors: [], meta, notes: [] }) as Answer;

describe('rows as CSV', () => {
  it('come back as they were, whatever their texts hold', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', ',', '"', "'", ';', 'é', '1') });
    fc.assert(
      fc.property(
        fc.array(fc.record({ one: text, two: fc.double({ noNaN: true, noDefaultInfinity: true }) })),
        (rows) => {
          const [head, ...records] = read(formatCsv(rows, ['one', 'two']));
          expect(head).toEqual(['one', 'two']);
          expect(records).toEqual(rows.map(({ one, two }) => [one.replaceAll(/ +/g, ' ').trim(), String(two)]));
        },
      ),
    );
  });

  it('of a chart hold the lines of its overlays, a band with its three', () => {
    const bar = { open: 1, high: 3, low: 1, close: 2 };
    const chart = answer('chart', {
      symbol: 'AB',
      bars: [
        { date: '2026-11-19', ...bar },
        { date: '2026-11-20', ...bar },
      ],
      overlays: {
        sma2: [{ date: '2026-11-20', value: 2 }],
        bb2: [{ date: '2026-11-20', value: 2, upper: 2.5, lower: 1.5 }],
        levels: [{ kind: 'support', price: 1, distancePercent: -50, origin: 'low' }],
      },
    });
    expect(formatAnswersAsCsv([chart])).toBe(
      'symbol,date,open,high,low,close,volume,vwap,sma2,bb2.middle,bb2.upper,bb2.lower\r\n' +
        'AB,2026-11-19,1,3,1,2,,,,,,\r\nAB,2026-11-20,1,3,1,2,,,2,2,2.5,1.5\r\n',
    );
  });

  it('never begin a text with what a spreadsheet takes for a formula, and leave numbers alone', () => {
    const start = fc.constantFrom('=', '+', '-', '@', '\uff1d', '\u200b=', ' =', '\t=', '\r\n=');
    fc.assert(
      fc.property(start, fc.string(), (first, rest) => {
        const [, [field = ''] = []] = read(formatCsv([{ text: `${first}x${rest}` }], ['text']));
        expect(field).toMatch(/^'[=+@\uff1d-]/);
      }),
    );
    expect(formatCsv([{ change: -1.5 }], ['change'])).toBe('change\r\n-1.5\r\n');
  });

  it('write no control character or line end of a stranger', () => {
    const field = formatCsv([{ text: 'A\u001b[31mB\u0000C\nD' }], ['text']).split('\r\n')[1];
    expect(field).toBe('ABC D');
  });

  it('name what is nested by its path and leave what is missing empty', () => {
    const [head = [], row = []] = read(formatAnswersAsCsv([answer('ta', [YOUNG_INDICATORS])]));
    const figures = Object.fromEntries(head.map((name, index) => [name, row[index]]));
    expect(figures).toMatchObject({
      symbol: 'SOUN',
      'macd.signal': '0.31',
      'sma.20': '17.77',
      'sma.200': '',
      'ema.5': '17.82',
    });
  });

  it('have every key of the JSON as a column, those that the header does not know behind it', () => {
    const contracts = NVDA_CHAIN.contracts.map((contract) => ({ ...contract, mid: 1, more: { of: { it: 2 } } }));
    const [head = [], ...rows] = read(formatAnswersAsCsv([answer('chain', { ...NVDA_CHAIN, contracts })]));
    expect(rows).toHaveLength(contracts.length);
    for (const key of contracts.flatMap((contract) => Object.keys(contract)))
      expect(head.some((name) => name === key || name.startsWith(`${key}.`))).toBe(true);
    expect(head.slice(-2)).toEqual(['mid', 'more.of.it']);
  });

  it('have the columns of a table in their order, also without a row', () => {
    const columns: TableData['columns'] = ['last', 'pct(last, open)'].map((field) => ({
      field,
      label: field,
      unit: 'usd',
    }));
    const csv = (rows: object[]): string => formatAnswersAsCsv([answer('table', { columns, rows })]);
    expect(csv([])).toBe('symbol,last,"pct(last, open)"\r\n');
    expect(csv([{ symbol: 'NVDA', 'pct(last, open)': 2 }])).toBe('symbol,last,"pct(last, open)"\r\nNVDA,,2\r\n');
  });

  it('hold the rows of several answers under one header, and are nothing where nothing was found', () => {
    const history = (symbol: string) =>
      answer('history', { symbol, bars: [{ date: '2026-11-18', open: 1, high: 2, low: 1, close: 2, volume: 3 }] });
    const { data: _data, ...missing } = history('B');
    expect(formatAnswersAsCsv([history('A'), missing, history('C')])).toBe(
      'symbol,date,open,high,low,close,volume,vwap\r\nA,2026-11-18,1,2,1,2,3,\r\nC,2026-11-18,1,2,1,2,3,\r\n',
    );
    expect(formatAnswersAsCsv([missing])).toBe('');
  });

  it('of several chains are their contracts, and of a summary the chains', () => {
    const chains = [NVDA_CHAIN, { ...NVDA_CHAIN, expiration: '2027-01-15' }];
    const [head = [], ...rows] = read(formatAnswersAsCsv([answer('chains', chains)]));
    const one = read(formatAnswersAsCsv([answer('chain', NVDA_CHAIN)]));
    expect([head, ...rows.slice(0, rows.length / 2)]).toEqual(one);
    expect(new Set(rows.map((row) => row[head.indexOf('expiration')]))).toEqual(
      new Set([NVDA_CHAIN.expiration, '2027-01-15']),
    );
    const request = { side: 'both', strikes: 10, summary: true } as const;
    const summary = read(formatAnswersAsCsv([{ ...answer('chains', chains), request }]));
    expect(summary).toHaveLength(3);
    const [names = [], first = []] = summary;
    expect(Object.fromEntries(names.map((name, index) => [name, first[index]]))).toMatchObject({
      underlying: 'NVDA',
      expiration: NVDA_CHAIN.expiration,
      spot: String(NVDA_CHAIN.spot),
      callWall: String(NVDA_CHAIN.analytics.callWalls[0]?.strike),
    });
  });

  it('of contracts beside symbols are a row each', () => {
    const contract = { symbol: 'NVDA261218C00450000', underlying: 'NVDA', strike: 450, bid: 2.5 };
    const [head = [], ...rows] = read(formatAnswersAsCsv([answer('contracts', [contract, { symbol: 'AMD', bid: 3 }])]));
    expect(rows.map((row) => [row[head.indexOf('symbol')], row[head.indexOf('bid')]])).toEqual([
      ['NVDA261218C00450000', '2.5'],
      ['AMD', '3'],
    ]);
  });
});
