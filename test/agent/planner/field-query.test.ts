// Questions about figures as queries over the fields: what is read, what follows, what is left to others, and the sentence.
import { describe, expect, it } from 'vitest';
import { describeTable } from '../../../src/agent/planner/field-prose.ts';
import { type FieldQuery, createFieldQueryReader } from '../../../src/agent/planner/field-query.ts';
import type { TableRow } from '../../../src/domain/answers.ts';
import { writeSaid } from '../../../src/render/said.ts';
import { createNames } from '../../../src/agent/planner/names.ts';

const reader = createFieldQueryReader(createNames());
const read = (question: string, last?: FieldQuery): FieldQuery | undefined => reader.read(question, last);

describe('a question about figures', () => {
  it.each([
    ['how far is QQQ from its 52-week high', ['QQQ'], ['last', 'week52High', 'pct(last, week52High) as distance']],
    [
      'how much is tsla down from its 52 week high',
      ['TSLA'],
      ['last', 'week52High', 'pct(last, week52High) as distance'],
    ],
    ['how far below its 200 day sma is amd', ['AMD'], ['last', 'sma200', 'pct(last, sma200) as distance']],
    ['aapl bid ask spread', ['AAPL'], ['spread']],
    ['nvda change from open', ['NVDA'], ['changeFromOpen']],
    ['relative volume of nvda, amd and tsla', ['NVDA', 'AMD', 'TSLA'], ['relativeVolume']],
    ['nvda 30 day sma', ['NVDA'], ['sma30']],
    ['ema 21 of Apple', ['AAPL'], ['ema21']],
    ['hood price', ['HOOD'], ['last']],
    ['$LOW dollar volume', ['LOW'], ['dollarVolume']],
  ])('%s', (question, symbols, columns) => {
    expect(read(question)).toMatchObject({ symbols, columns, conditions: [] });
  });

  it.each([
    ["Microsoft's highest close in October", ['highestClose'], 'october'],
    ['average volume of AMD past 30 days', ['averageDailyVolume'], 'past 30 days'],
    ['avgo range this week', ['range'], 'this week'],
    ['lowest low of SPY last month', ['low'], 'last month'],
  ])('%s is over dates', (question, columns, range) => {
    const query = read(question);
    expect(query?.columns).toEqual(columns);
    expect(query?.range?.toLowerCase()).toContain(range);
  });

  it.each([
    ['is qqq oversold', ['rsi14 < 30']],
    ['is NVDA above its 50 and 200 day', ['last > sma50', 'last > sma200']],
    ['sma50 above sma200 for NVDA', ['sma50 > sma200']],
    ['is aapl overbought or oversold', ['rsi14 > 70', 'rsi14 < 30']],
  ])('%s is a condition', (question, expressions) => {
    expect(read(question)?.conditions.map(({ expression }) => expression)).toEqual(expressions);
  });

  it('ranks by what it asks for', () => {
    expect(read('highest relative volume nvda amd tsla')).toMatchObject({
      order: 'highest',
      columns: ['relativeVolume'],
    });
  });

  it('asks the same of another symbol', () => {
    const first = read('how far is QQQ from its 52-week high');
    expect(read('amd?', first)).toEqual({ ...first, symbols: ['AMD'] });
    expect(read('and Apple', first)).toEqual({ ...first, symbols: ['AAPL'] });
    expect(read('amd?')).toBeUndefined();
  });

  it.each([
    'why is NVDA down',
    'should I buy NVDA rsi',
    'will NVDA be above its 50 day',
    'NVDA rsi except on Monday',
    'average rsi of NVDA last month',
    'highest close of NVDA',
    'relative volume',
    'price of unobtainium',
  ])('%s is not understood, because a word would be lost', (question) => {
    expect(read(question)).toBeUndefined();
  });
});

describe('its sentence', () => {
  const say = (question: string, rows: TableRow[]): string[] => {
    const query = read(question);
    if (query === undefined) throw new Error(question);
    return describeTable(query, { columns: [], rows }).map((said) => writeSaid(said).text);
  };

  it.each<[string, TableRow, string]>([
    [
      'how far is QQQ from its 52-week high',
      { symbol: 'QQQ', last: 589.72, week52High: 632.57, distance: -6.774 },
      'QQQ is 6.77 % below its 52-week high: 589.72 against 632.57.',
    ],
    [
      'is qqq oversold',
      { symbol: 'QQQ', rsi14: 57.22, 'rsi14 < 30': false },
      'No, QQQ is not oversold (RSI 14 under 30): RSI 14 57.22.',
    ],
    [
      'is NVDA above its 50 and 200 day',
      { symbol: 'NVDA', last: 437.11, sma50: 364.66, sma200: 450, 'last > sma50': true, 'last > sma200': false },
      'No, NVDA is above its SMA 50 and not above its SMA 200: last 437.11, SMA 50 364.66, SMA 200 450.00.',
    ],
    ['aapl bid ask spread', { symbol: 'AAPL', spread: 0.03 }, 'AAPL: spread 0.03.'],
    ['aapl bid ask spread', { symbol: 'AAPL' }, 'AAPL: spread is not available.'],
    ['is qqq oversold', { symbol: 'QQQ' }, 'QQQ: a figure of the condition is not available.'],
  ])('%s', (question, row, sentence) => {
    expect(say(question, [row])).toEqual([sentence]);
  });

  it('says of several what their table does not: who fulfills it, who is first', () => {
    expect(
      say('which of NVDA, AMD and QQQ is oversold', [
        { symbol: 'NVDA', rsi14: 64, 'rsi14 < 30': false },
        { symbol: 'AMD', rsi14: 25, 'rsi14 < 30': true },
        { symbol: 'QQQ', rsi14: 57, 'rsi14 < 30': false },
      ]),
    ).toEqual(['Oversold (RSI 14 under 30): AMD, 1 of 3.']);
    expect(
      say('highest relative volume nvda amd', [
        { symbol: 'NVDA', relativeVolume: 1.4 },
        { symbol: 'AMD', relativeVolume: 0.9 },
      ]),
    ).toEqual(['Highest rel volume: NVDA, 1.40.']);
  });
});
