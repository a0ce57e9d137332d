// A market of made-up symbols as a test wants it: bars of any symbol on any session as they were traded, splits, and
// Polygon's grouped bars and splits of them, adjusted as of the exchange day on which they are asked for.
import { dataFolderOf } from '../../src/book/data-folder.ts';
import { openDataDatabase } from '../../src/book/data-database.ts';
import { MARKET_FILE, MARKET_MIGRATIONS, openMarketFile } from '../../src/book/market-file.ts';
import { lastTradingDays, nextTradingDay } from '../../src/domain/calendar.ts';
import { exchangeDateOf, exchangeInstant } from '../../src/domain/exchange-time.ts';
import type { Bar, IsoDate } from '../../src/domain/types.ts';
import { identityOf } from '../../src/providers/identity.ts';
import { createRandom } from './random.ts';
import type { RecordedRequest, ScriptedReply } from './scripted-server.ts';

export interface TestSplit {
  symbol: string;
  date: IsoDate;
  from: number;
  to: number;
}

export interface TestMarket {
  dates: IsoDate[];
  symbols: string[];
  /** As if every split had always been; undefined where the symbol has no bar. */
  adjusted(symbol: string, date: IsoDate): Bar | undefined;
  splits: readonly TestSplit[];
}

/** A walk for each symbol, five letters long. */
export function createTestMarket(
  symbolCount: number,
  sessions: number,
  newest: IsoDate,
  splits: readonly TestSplit[] = [],
): TestMarket {
  const dates = lastTradingDays(sessions, newest);
  const symbols = Array.from({ length: symbolCount }, (_, index) => nameOf(index));
  const random = createRandom(7).next;
  const bars = new Map<string, Map<IsoDate, Bar>>();
  for (const symbol of symbols) {
    let close = 5 + random() * 200;
    const own = new Map<IsoDate, Bar>();
    const base = 10_000 * 100 ** random();
    for (const date of dates) {
      const open = close * (1 + (random() - 0.5) * 0.01);
      close = Math.max(0.5, open * (1 + (random() - 0.5) * 0.06));
      own.set(date, {
        date,
        open,
        high: Math.max(open, close) * 1.004,
        low: Math.min(open, close) * 0.996,
        close,
        volume: Math.round(base * (0.5 + random())),
      });
    }
    bars.set(symbol, own);
  }
  return { dates, symbols, splits, adjusted: (symbol, date) => bars.get(symbol)?.get(date) };
}

function nameOf(index: number): string {
  let [rest, name] = [index, ''];
  for (let place = 0; place < 4; place += 1) {
    name = String.fromCharCode(65 + (rest % 26)) + name;
    rest = Math.floor(rest / 26);
  }
  return `Q${name}`;
}

/** As the exchange day `today` knows it: splits that are still to come are not in it. */
export function barAsOf(
  { adjusted, splits }: TestMarket,
  symbol: string,
  date: IsoDate,
  today: IsoDate,
): Bar | undefined {
  const bar = adjusted(symbol, date);
  if (bar === undefined) return undefined;
  const ratio = splits
    .filter((split) => split.symbol === symbol && split.date > today)
    .reduce((product, { from, to }) => (product * to) / from, 1);
  const { open, high, low, close, volume } = bar;
  return {
    date,
    open: open * ratio,
    high: high * ratio,
    low: low * ratio,
    close: close * ratio,
    volume: volume / ratio,
  };
}

/** What Polygon answers of it at `now`; undefined for any other request. */
export function answerAsPolygon(
  market: TestMarket,
  { path, query }: Pick<RecordedRequest, 'path' | 'query'>,
  now: number,
): ScriptedReply | undefined {
  const today = exchangeDateOf(now);
  if (path === '/stocks/v1/splits') {
    const [from, to] = [query.get('execution_date.gte') ?? '', query.get('execution_date.lte') ?? today];
    const rows = market.splits.filter(({ date }) => date >= from && date <= to);
    return {
      body: {
        status: 'OK',
        request_id: 'x',
        results: rows.map(({ symbol, date, from: old, to: young }) => ({
          id: `${symbol}${date}`,
          ticker: symbol,
          execution_date: date,
          split_from: old,
          split_to: young,
        })),
      },
    };
  }
  const date = /^\/v2\/aggs\/grouped\/locale\/us\/market\/stocks\/(.+)$/.exec(path)?.[1];
  if (date === undefined) return undefined;
  const results = market.symbols.flatMap((symbol) => {
    const bar = barAsOf(market, symbol, date, today);
    return bar === undefined
      ? []
      : [
          {
            T: symbol,
            o: bar.open,
            h: bar.high,
            l: bar.low,
            c: bar.close,
            v: bar.volume,
            t: Date.parse(`${date}T21:00:00Z`),
          },
        ];
  });
  return {
    body: {
      status: 'OK',
      adjusted: true,
      request_id: 'x',
      resultsCount: results.length,
      ...(results.length > 0 ? { results } : {}),
    },
  };
}

/** All of it in a data folder as `fin` would have kept it, at one o'clock in the night before the next session. */
export function keepMarket(market: TestMarket, dataDir: string, baseUrl: string): void {
  const database = openDataDatabase({
    folder: dataFolderOf({ dataDir }),
    fileName: MARKET_FILE,
    migrations: MARKET_MIGRATIONS,
  });
  const file = openMarketFile(database, identityOf('polygon', baseUrl, 'production'));
  const day = nextTradingDay(market.dates.at(-1) ?? '');
  for (const date of market.dates) {
    const bars = new Map(
      market.symbols.flatMap((symbol) => {
        const bar = market.adjusted(symbol, date);
        return bar === undefined ? [] : [[symbol, bar] as const];
      }),
    );
    file.save({ date, fetchedAt: exchangeInstant(day, 60), sample: false }, bars);
  }
  file.saveSplits({ splits: [], day, from: market.dates[0] ?? '' });
  database.close();
}
