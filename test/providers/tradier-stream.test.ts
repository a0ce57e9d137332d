// Tradier's stream line by line: numbers in both spellings, what is old or empty left out, and whose stream is believed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSession, readTick } from '../../src/providers/tradier-stream.ts';
import type { WireSource } from '../../src/providers/wire.ts';

const SOURCE: WireSource = { provider: 'tradier', label: 'Tradier', endpoint: 'stream session', secret: 'k-tradier' };
const WIRE = join(import.meta.dirname, '../fixtures/wire');
const NOW = 1557757204760;
const SYMBOLS = new Map([
  ['SPY', 'SPY'],
  ['C', 'C'],
  ['BRK/B', 'BRK.B'],
]);
const read = (row: unknown, now = NOW) =>
  readTick(typeof row === 'string' ? row : JSON.stringify(row), SYMBOLS, now, SOURCE);

describe('a line of the stream', () => {
  it('is read as it is documented, what says nothing of a quote left out', () => {
    const lines = readFileSync(join(WIRE, 'tradier.stream.events.ndjson.txt'), 'utf8').trim().split('\n');
    expect(lines.map((line) => read(line, 1557757195000))).toEqual([
      { symbol: 'C', at: 1557757190000, bid: 281.84, ask: 281.85 },
      { symbol: 'SPY', at: NOW, last: 281.12, volume: 34507070 },
      undefined,
      undefined,
      { symbol: 'SPY', at: NOW, last: 281.1, volume: 34507070 },
    ]);
  });

  const TRADE = { type: 'trade', symbol: 'SPY', price: '281.12', size: '100', cvol: '34507070', date: String(NOW) };

  it.each([
    [
      'numbers that are numbers',
      { ...TRADE, price: 281.12, size: 100, cvol: 1, date: NOW },
      { last: 281.12, volume: 1 },
    ],
    ['a share class', { ...TRADE, symbol: 'BRK/B' }, { symbol: 'BRK.B' }],
    ['no volume', { ...TRADE, cvol: '' }, { last: 281.12 }],
  ])('has %s', (_title, row, tick) => {
    expect(read(row)).toMatchObject(tick);
  });

  it.each([
    ['a trade of no size', { ...TRADE, size: '0' }],
    ['a tick from eleven seconds ago', { ...TRADE, date: String(NOW - 11_000) }],
    ['a tick without a time', { ...TRADE, date: '' }],
    ['a symbol that nobody asked for', { ...TRADE, symbol: 'TSLA' }],
    ['another type', { ...TRADE, type: 'summary' }],
    ['null', null],
  ])('says nothing: %s', (_title, row) => {
    expect(read(row)).toBeUndefined();
  });

  it.each([
    [readFileSync(join(WIRE, 'tradier.stream.error.json'), 'utf8'), '1234 is not a valid symbol'],
    ['<html>', 'not JSON'],
  ])('%s ends it with its reason', (line, why) => {
    expect(() => read(line)).toThrow(
      expect.objectContaining({ code: 'bad_payload', message: expect.stringContaining(why) as string }),
    );
  });
});

describe('a session', () => {
  it('is read as it is documented', () => {
    const body: unknown = JSON.parse(readFileSync(join(WIRE, 'tradier.stream.session.json'), 'utf8'));
    expect(readSession(body, 'https://api.tradier.com', SOURCE)).toMatchObject({
      url: 'https://stream.tradier.com/v1/markets/events',
      id: 'c8638963-a6d4-4fe9-9bc6-e25fbd8c60c3',
    });
  });

  it.each([
    [{ stream: { url: 'http://stream.tradier.com/v1', sessionid: 'x' } }],
    [{ stream: { url: 'no address', sessionid: 'x' } }],
    [{ stream: { url: 'https://stream.tradier.com/v1' } }],
    [{ stream: null }],
  ])('%j is not believed', (body) => {
    expect(() => readSession(body, 'https://api.tradier.com', SOURCE)).toThrow(/stream/);
  });
});
