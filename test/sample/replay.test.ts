// Replaying real bars: what is read, what is refused, and that nothing of the future shows.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/domain/errors.ts';
import { createExchange } from '../../src/sample/exchange.ts';
import { loadReplayBars, parseReplayBars } from '../../src/sample/replay-bars.ts';
import { createReplayMarket } from '../../src/sample/source.ts';
import { processorMs } from '../helpers/machine.ts';
import { ask, askJson, clockAt, replayAt, tradierHistory, tradierQuote } from './sample-exchange.ts';

const HEADER = 'date,symbol,open,high,low,close,volume';
const CSV = `${HEADER}
2019-03-04,AAPL,175.69,177.75,173.97,175.85,27436203
2019-03-04,BRK-B,202.25,202.61,198.5,200.12,4500000
2019-03-05,AAPL,175.94,176,174.54,175.53,19737419
2019-03-05,BRK-B,200.1,201.3,199.9,200.7,4100000
2019-03-06,AAPL,174.67,175.49,173.94,174.52,20810384
2019-03-06,NEW,10,10.5,9.8,10.6001,1000
`;
const REAL = fileURLToPath(new URL('../../../shared/data/us-equities-2019.csv.gz', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fin-replay-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a bars file', () => {
  it('is read alike plain, gzipped and with Windows line ends', async () => {
    const plain = join(folder, 'bars.csv');
    const packed = join(folder, 'bars.csv.gz');
    writeFileSync(plain, CSV);
    writeFileSync(packed, gzipSync(CSV));
    const expected = parseReplayBars(CSV, 'x');
    expect(expected).toMatchObject({
      first: '2019-03-04',
      last: '2019-03-06',
      rows: 6,
      withoutTrade: 0,
      corrections: 0,
    });
    expect([...expected.bySymbol.keys()]).toEqual(['AAPL', 'BRK.B', 'NEW']);
    expect(await loadReplayBars(plain)).toEqual(expected);
    expect(await loadReplayBars(packed)).toEqual(expected);
    expect(parseReplayBars(CSV.replaceAll('\n', '\r\n'), 'x')).toEqual(expected);
    expect(parseReplayBars(CSV.trimEnd(), 'x')).toEqual(expected);
  });

  it('may have quotes, spaces, empty lines at its end and a header in capitals', () => {
    const expected = parseReplayBars(CSV, 'x');
    const quoted = CSV.replaceAll(/[^,\n]+/g, '"$&"');
    const spaced = CSV.replaceAll(',', ' , ');
    for (const text of [quoted, spaced, `${CSV}\n\n`, CSV.replace('date,symbol', 'Date,Symbol')])
      expect(parseReplayBars(text, 'x')).toEqual(expected);
  });

  it('may hold rows of zeros for days without trading, which are counted and are no bars', () => {
    const text = CSV.replace('2019-03-05,AAPL,175.94,176,174.54,175.53,19737419', '2019-03-05,AAPL,0,0,0,0,0');
    const bars = parseReplayBars(text, 'x');
    expect(bars).toMatchObject({ rows: 6, withoutTrade: 1 });
    expect(bars.bySymbol.get('AAPL')?.map(({ date }) => date)).toEqual(['2019-03-04', '2019-03-06']);
    expect(tradierQuote(replayAt('2019-03-05T11:00:00-05:00', text), 'AAPL')).toMatchObject({
      last: 175.85,
      close: 175.85,
    });
  });

  it('may correct a row by the next one for the same symbol and day', () => {
    const bars = parseReplayBars(
      CSV.replace('2019-03-06,NEW', '2019-03-06,AAPL,174.67,175.5,173.94,174.55,20810400\n2019-03-06,NEW'),
      'x',
    );
    expect(bars.corrections).toBe(1);
    expect(bars.bySymbol.get('AAPL')?.at(-1)).toMatchObject({ high: 175.5, close: 174.55 });
    expect(bars.bySymbol.get('AAPL')).toHaveLength(3);
  });

  it('with a bad row is refused with the line’s number, never read in part', () => {
    const cases: [string, number, string][] = [
      ['2019-03-07,AAPL,1,2,1', 3, '7 columns'],
      ['2019-03-07,AAPL,1,2,1,,5', 3, 'close is not a number'],
      ['2019-03-07,AAPL,1,2,1,1e3,5', 3, 'close is not a number'],
      ['2019-03-07,AAPL,1,2,1,NaN,5', 3, 'close is not a number'],
      ['2019-03-07,AAPL,1,2,1,1.5,-5', 3, 'volume is not a number'],
      ['2019-03-07,AAPL,1,2,3,1.5,5', 3, 'high not below low'],
      ['2019-03-07,AAPL,0,2,1,1.5,5', 3, 'positive'],
      ['2019-02-30,AAPL,1,2,1,1.5,5', 3, 'not a date'],
      ['2019-03-07,a b,1,2,1,1.5,5', 3, 'not a symbol'],
      ['2019-03-06,AAA,1,2,1,1.5,5', 3, 'not sorted'],
      ['2019-03-05,ZZZ,1,2,1,1.5,5', 3, 'not sorted'],
      ['', 3, '7 columns'],
    ];
    for (const [row, line, why] of cases) {
      const text = `${HEADER}\n2019-03-06,AAPL,174.67,175.49,173.94,174.52,20810384\n${row}\n2019-03-08,AAPL,1,2,1,1.5,5\n`;
      expect(() => parseReplayBars(text, 'bars.csv')).toThrow(
        new RegExp(`^bars file bars\\.csv, line ${line}: .*${why}`),
      );
    }
    expect(() => parseReplayBars('open,high\n', 'b')).toThrow(/line 1: expected the header/);
    expect(() => parseReplayBars(`${HEADER}\n`, 'b')).toThrow(/line 2: there are no rows/);
    expect(() => parseReplayBars('', 'b')).toThrow(ConfigError);
  });

  it('that is missing or broken is a configuration error', async () => {
    await expect(loadReplayBars(join(folder, 'none.csv'))).rejects.toThrow(ConfigError);
    const broken = join(folder, 'broken.gz');
    writeFileSync(broken, gzipSync(CSV).subarray(0, 60));
    await expect(loadReplayBars(broken)).rejects.toThrow(ConfigError);
  });

  it('is read no further than its limit of rows, and than who waits for it', async () => {
    const many = join(folder, 'many.csv.gz');
    const row = '2019-03-04,AAPL,0,0,0,0,0\n';
    writeFileSync(many, gzipSync(`${HEADER}\n${row.repeat(2_600_001)}`, { level: 1 }));
    await expect(loadReplayBars(many)).rejects.toThrow(/many\.csv\.gz: it holds more than 2\.6 million rows/);
    const stopped = new Error('stopped');
    await expect(loadReplayBars(many, () => Promise.reject(stopped))).rejects.toBe(stopped);
  });
});

describe('a replay', () => {
  it('shows finished bars and the running day’s part of its real bar, never a day to come', () => {
    const during = replayAt('2019-03-05T11:00:00-05:00', CSV);
    const rows = tradierHistory(during, 'AAPL', '2019-03-01', '2019-03-31');
    expect(rows.map(({ date }) => date)).toEqual(['2019-03-04', '2019-03-05']);
    const partial = rows[1]!;
    expect(partial.open).toBe(175.94);
    expect(partial.high).toBeLessThanOrEqual(176);
    expect(partial.low).toBeGreaterThanOrEqual(174.54);
    expect(partial.volume).toBeLessThan(19737419);
    const quote = tradierQuote(during, 'AAPL');
    expect([quote.last, quote.prevclose, quote.close]).toEqual([partial.close, 175.85, null]);
    expect(
      askJson<{ resultsCount: number }>(during, '/v2/aggs/ticker/AAPL/range/1/day/2019-03-01/2019-03-31').resultsCount,
    ).toBe(1);
    expect(askJson(during, '/v1/markets/quotes?symbols=NEW')).toEqual({
      quotes: { unmatched_symbols: { symbol: 'NEW' } },
    });
  });

  it('gives the real bar after the close, and keeps the last one for a symbol that has ended', () => {
    const after = replayAt('2019-03-06T16:00:00-05:00', CSV);
    expect(tradierQuote(after, 'AAPL')).toMatchObject({
      open: 174.67,
      high: 175.49,
      low: 173.94,
      close: 174.52,
      last: 174.52,
      volume: 20810384,
      prevclose: 175.53,
      change: -1.01,
    });
    expect(tradierQuote(after, 'BRK/B')).toMatchObject({
      last: 200.7,
      trade_date: Date.parse('2019-03-05T16:00:00-05:00'),
    });
    expect(tradierQuote(after, 'NEW')).toMatchObject({
      last: 10.6001,
      prevclose: null,
      change: null,
      change_percentage: null,
    });
  });

  it('prices options off the replayed price, with parity within the spread', () => {
    const clock = clockAt('2019-03-05T11:00:00-05:00');
    const market = createReplayMarket({ bars: parseReplayBars(CSV, 'x'), clock });
    const spot = market.quote('AAPL')!.last;
    const chain = market.chain('AAPL', '2019-03-15');
    expect(chain.length).toBeGreaterThan(40);
    for (let i = 0; i < chain.length; i += 2) {
      const [call, put] = [chain[i]!, chain[i + 1]!];
      expect(call.bid - put.ask).toBeLessThanOrEqual(spot - call.terms.strike + 1e-6);
      expect(call.ask - put.bid).toBeGreaterThanOrEqual(spot - call.terms.strike - 1e-6);
    }
  });

  it('says nothing before its first day', () => {
    const before = replayAt('2019-03-01T12:00:00-05:00', CSV);
    expect(askJson(before, '/v1/markets/quotes?symbols=AAPL')).toEqual({
      quotes: { unmatched_symbols: { symbol: 'AAPL' } },
    });
    expect(askJson(before, '/v1/markets/history?symbol=AAPL&start=2019-01-01&end=2019-12-31')).toEqual({
      history: null,
    });
    expect(ask(before, '/v1/markets/options/chains?symbol=AAPL&expiration=2019-03-15').body).toBe('{"options":null}');
  });

  it.runIf(existsSync(REAL))('serves the real 2019 file, all 131,089 rows of it', async () => {
    const start = processorMs();
    const bars = await loadReplayBars(REAL);
    const loadMs = processorMs() - start;
    // CBS has a row of zeros before its real one, VIAB and STI have their last day twice.
    expect([bars.rows, bars.withoutTrade, bars.corrections]).toEqual([131_089, 1, 2]);
    expect(loadMs).toBeLessThan(5000);
    const clock = clockAt('2019-06-14T15:00:00-04:00');
    const market = createReplayMarket({ bars, clock });
    const exchange = createExchange({ market, clock });
    const apple = bars.bySymbol.get('AAPL')!.filter(({ date }) => date >= '2019-06-01' && date <= '2019-06-13');
    const served = tradierHistory(exchange, 'AAPL', '2019-06-01', '2019-06-30');
    expect(served.slice(0, -1)).toEqual(
      apple.map(({ date, open, high, low, close, volume }) => ({ date, open, high, low, close, volume })),
    );
    expect(served.at(-1)?.date).toBe('2019-06-14');
    for (const { symbol } of market.instruments()) {
      const quote = market.quote(symbol);
      if (quote?.bar === undefined || quote.date !== '2019-06-14') continue;
      const whole = bars.bySymbol.get(symbol)!.find(({ date }) => date === '2019-06-14')!;
      expect(quote.last).toBeLessThanOrEqual(Math.max(whole.high, whole.open, whole.close));
      expect(quote.last).toBeGreaterThanOrEqual(Math.min(whole.low, whole.open, whole.close));
    }
    const grouped = askJson<{ resultsCount: number }>(exchange, '/v2/aggs/grouped/locale/us/market/stocks/2019-06-13');
    expect(grouped.resultsCount).toBeGreaterThan(450);
  });
});
