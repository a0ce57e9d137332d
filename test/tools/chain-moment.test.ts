// The figures of a chain belong to one moment: on the real stack, with servers that speak either wire.
import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Answer, LevelSheet } from '../../src/domain/answers.ts';
import { sessionAt } from '../../src/domain/calendar.ts';
import { answerLevels } from '../../src/tools/levels.ts';
import { answerTable, parseTableWords } from '../../src/tools/table.ts';
import { type ChainRequest, answerChain, answerExpirations } from '../../src/tools/options.ts';
import { createTempFolder } from '../cache/helpers.ts';
import { type ReplyScript, type ScriptedServer, startScriptedServer } from '../helpers/scripted-server.ts';
import { type CountingExchange, createRequest, createTestClock, openProcess } from '../market/world.ts';

const at = (wall: string): number => Date.parse(`${wall.replace(' ', 'T')}-05:00`);
const servers: ScriptedServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** What the server knows at the moment; a test changes it as time goes by. */
interface Book {
  now: number;
  quote: Record<string, unknown> | undefined;
  rows: Record<string, unknown>[];
  spot?: { price: number; last_updated?: number };
  expirations: object[];
  byDate?: Record<string, Record<string, unknown>[]>;
  bars?: object[];
}

async function start(book: Book, wire: 'tradier' | 'polygon' = 'tradier') {
  const clock = createTestClock(book.now);
  const script: ReplyScript = ({ path, query }) => {
    if (path.endsWith('/quotes'))
      return book.quote === undefined ? { status: 400 } : { body: { quotes: { quote: book.quote } } };
    if (path.endsWith('/chains'))
      return { body: { options: { option: book.byDate?.[query.get('expiration') ?? ''] ?? book.rows } } };
    if (path.endsWith('/expirations')) return { body: { expirations: { expiration: book.expirations } } };
    if (path.endsWith('/history')) return { body: { history: { day: book.bars ?? [] } } };
    if (path.startsWith('/v3/snapshot/options')) return { body: { status: 'OK', results: book.rows } };
    if (path.startsWith('/v3/reference')) return { body: { status: 'OK', results: book.expirations } };
    return { status: 400, body: { status: 'ERROR', error: 'not today' } };
  };
  const server = await startScriptedServer(script);
  servers.push(server);
  const folder = createTempFolder();
  const { market } = openProcess({ folder, clock, [wire]: server as CountingExchange });
  const context = () => ({ market, clock, request: createRequest() });
  return {
    server,
    chain: (now: number, changes: Partial<ChainRequest> = {}) => {
      clock.set((book.now = now));
      return answerChain({ symbol: 'XYZ', side: 'both', strikes: 'all', ...changes }, context());
    },
    levels: (now: number) => {
      clock.set((book.now = now));
      return answerLevels('XYZ', context());
    },
    table: (now: number, columns: string) => {
      clock.set((book.now = now));
      return answerTable(parseTableWords(['XYZ'], { columns }), context());
    },
    expirations: (symbol: string) => answerExpirations(symbol, context()),
  };
}

/** Straddles of a market whose underlying stands at `spot`: cheapest at it, parity exact. */
function rowsAround(
  spot: number,
  { expiration = '2026-11-20', root = 'XYZ', strikes = [180, 190, 200, 210, 220] } = {},
) {
  return strikes.flatMap((strike) =>
    (['call', 'put'] as const).map((side) => {
      const intrinsic = Math.max(0, side === 'call' ? spot - strike : strike - spot);
      const mid = intrinsic + 7.51 / (1 + Math.abs(strike - spot) / 10);
      return {
        symbol: `${root}${expiration.slice(2).replaceAll('-', '')}${side === 'call' ? 'C' : 'P'}${String(strike * 1000).padStart(8, '0')}`,
        root_symbol: root,
        option_type: side,
        strike,
        expiration_date: expiration,
        contract_size: 100,
        bid: mid - 0.05,
        ask: mid + 0.05,
        open_interest: strike,
      };
    }),
  );
}

const polygonRows = (spot: number, underlying: object, day: object = {}) =>
  rowsAround(spot).map((row) => ({
    details: {
      ticker: `O:${row.symbol}`,
      contract_type: row.option_type,
      expiration_date: row.expiration_date,
      strike_price: row.strike,
      shares_per_contract: 100,
    },
    last_quote: { bid: row.bid, ask: row.ask },
    open_interest: row.open_interest,
    day,
    underlying_asset: underlying,
  }));

const LISTED = [{ date: '2026-11-20', expiration_type: 'standard' }];
const quoteOf = (last: number, wall: string, more: object = {}) => ({
  symbol: 'XYZ',
  last,
  trade_date: at(wall),
  ...more,
});
const moveOf = (answer: Answer<'chain'>): number | undefined => answer.data?.analytics.expectedMove?.amount;

describe('a chain and the price of its underlying', () => {
  const newBook = (): Book => ({
    now: at('2026-11-19 15:59:50'),
    quote: quoteOf(200, '2026-11-19 15:59:50'),
    rows: rowsAround(200),
    expirations: LISTED,
  });

  it('stay together after the close: the chain of the session is figured at its own price, the later one is told beside it', async () => {
    const book = newBook();
    const { chain } = await start(book);
    expect(moveOf(await chain(book.now))).toBe(15.02);
    book.quote = quoteOf(222, '2026-11-19 16:39:59');
    const evening = await chain(at('2026-11-19 16:40:00'));
    expect(evening.data).toMatchObject({ spot: 200, analytics: { expectedMove: { amount: 15.02, percent: 7.51 } } });
    expect(evening.notes.join()).toMatch(
      /XYZ is at 222\.00 as of 2026-11-19 16:39 ET; the chain .* are as of 2026-11-19 16:00 ET/,
    );
  });

  it('take the close that the quote tells apart from later trades, and next morning the previous close', async () => {
    const book = newBook();
    book.quote = quoteOf(222, '2026-11-19 16:39:59', { close: 200.4 });
    const { chain } = await start(book);
    expect((await chain(at('2026-11-19 16:40:00'))).data?.spot).toBe(200.4);
    book.quote = quoteOf(230, '2026-11-20 08:14:00', { prevclose: 200.4 });
    const other = await start(book);
    const morning = await other.chain(at('2026-11-20 08:15:00'));
    expect(morning.data?.spot).toBe(200.4);
    expect(morning.notes.join()).toContain('XYZ is at 230.00 as of 2026-11-20 08:14 ET');
  });

  it('where no price is of the chain’s moment take the one that its own calls and puts imply', async () => {
    const book = newBook();
    book.quote = quoteOf(222, '2026-11-19 16:39:59');
    const { chain } = await start(book);
    const evening = await chain(at('2026-11-19 16:40:00'));
    expect(evening.data).toMatchObject({ spot: 200, analytics: { expectedMove: { amount: 15.02 } } });
    expect(evening.notes.join()).toMatch(/put-call parity/);
  });

  it('are told to be of two moments where nothing better is there', async () => {
    const book = newBook();
    book.rows = rowsAround(200).map((row) => ({ ...row, bid: 0, ask: 0 }));
    book.quote = quoteOf(222, '2026-11-19 16:39:59');
    const { chain } = await start(book);
    const evening = await chain(at('2026-11-19 16:40:00'));
    expect(evening.data?.spot).toBe(222);
    expect(evening.notes.join()).toMatch(/prices are as of 2026-11-19 16:00 ET, the spot as of 2026-11-19 16:39 ET/);
  });

  it('are the chain’s own where it carries one, whatever older quote is held and whether or not one is there', async () => {
    const book = newBook();
    book.rows = polygonRows(214, { price: 214 });
    book.quote = undefined;
    book.expirations = [{ expiration_date: '2026-11-20' }];
    const { chain } = await start(book, 'polygon');
    const answer = await chain(at('2026-11-19 11:00:00'));
    expect(answer.data?.spot).toBe(214);
    const newest = polygonRows(214, { price: 214, last_updated: at('2026-11-19 10:59:59') * 1e6 });
    const older = polygonRows(214, { price: 213, last_updated: at('2026-11-19 10:59:00') * 1e6 });
    for (const rows of [
      [...newest.slice(0, 5), ...older.slice(5)],
      [...older.slice(0, 5), ...newest.slice(5)],
    ]) {
      book.rows = rows;
      const other = await start(book, 'polygon');
      expect((await other.chain(at('2026-11-19 11:00:00'))).data?.spot).toBe(214);
    }
  });

  it('of a fund that trades until 16:15 are asked for again after it, and say when they are of', async () => {
    const book = newBook();
    const rows = rowsAround(200, { root: 'SPY' });
    book.rows = rows;
    book.quote = { ...quoteOf(200, '2026-11-19 16:04:00'), symbol: 'SPY' };
    const { chain, server } = await start(book);
    const asked = () => server.requests.filter(({ path }) => path.endsWith('/chains')).length;
    const early = await chain(at('2026-11-19 16:04:00'), { symbol: 'SPY' });
    expect(early.meta.asOf).toBe('2026-11-19T16:04:00-05:00');
    await chain(at('2026-11-19 16:20:00'), { symbol: 'SPY' });
    expect(asked()).toBe(2);
    const late = await chain(at('2026-11-19 21:00:00'), { symbol: 'SPY' });
    expect(asked()).toBe(2);
    expect(late.meta.asOf).toMatch(/^2026-11-19T16:(04|15)/);
  });
});

describe('parts of a chain that are of no moment', () => {
  it('are absent: volumes of another day, greeks that are all zero or without a volatility', async () => {
    const greeks = [
      { delta: 0, gamma: 0, theta: 0, vega: 0, mid_iv: 0, smv_vol: 0, updated_at: '2026-11-19 15:00:00' },
      { delta: 0.5, gamma: 0.1, theta: -0.1, vega: 0.2, mid_iv: 0, smv_vol: 0 },
      { delta: 0, gamma: 0, theta: 0, vega: 0, mid_iv: 0.3 },
    ];
    const rows = rowsAround(200).map((row, index) => ({
      ...row,
      volume: 800,
      trade_date: at(index < 5 ? '2026-11-16 12:00:00' : '2026-11-16 15:00:00'),
      greeks: greeks[index % 3],
    }));
    const { chain } = await start({
      now: 0,
      quote: quoteOf(200, '2026-11-19 10:59:59'),
      rows,
      expirations: LISTED,
    });
    const { data } = await chain(at('2026-11-19 11:00:00'));
    expect(data?.analytics).not.toHaveProperty('putCallVolume');
    expect(data).not.toHaveProperty('greeksAsOf');
    for (const contract of data?.contracts ?? []) {
      expect(contract).not.toHaveProperty('volume');
      expect(contract).not.toHaveProperty('delta');
    }
    expect(data?.contracts.map(({ iv }) => iv).filter((iv) => iv !== undefined)).toEqual([0.3, 0.3, 0.3]);
  });

  it('do not make a ratio of today from volumes that are days old, by Polygon’s bars too', async () => {
    const day = { close: 5, volume: 8, last_updated: at('2026-11-16 00:00:00') * 1e6 };
    const { chain } = await start(
      {
        now: 0,
        quote: undefined,
        rows: polygonRows(200, { price: 200 }, day),
        expirations: [{ expiration_date: '2026-11-20' }],
      },
      'polygon',
    );
    expect((await chain(at('2026-11-19 11:00:00'))).data?.analytics).not.toHaveProperty('putCallVolume');
  });

  it('do not make an expected move: a last trade of another day is no price of this one', async () => {
    const rows = rowsAround(200).map((row) => ({
      ...row,
      bid: 0,
      ask: 0,
      last: 5,
      trade_date: at(row.strike === 200 ? '2026-11-12 12:00:00' : '2026-11-19 10:30:00'),
    }));
    const { chain } = await start({ now: 0, quote: quoteOf(201, '2026-11-19 10:59:59'), rows, expirations: LISTED });
    const { data } = await chain(at('2026-11-19 11:00:00'));
    expect(data?.analytics.expectedMove?.method).toBe('straddle 210 last');
  });
});

describe('the nearest expiration', () => {
  const odd = rowsAround(200).map((row) => ({ ...row, contract_size: 10 }));
  const book = (first: Record<string, unknown>[]): Book => ({
    now: 0,
    quote: quoteOf(200, '2026-11-19 10:59:59'),
    rows: [],
    expirations: ['2026-11-20', '2026-11-27'].map((date) => ({ date, expiration_type: 'weeklys' })),
    byDate: { '2026-11-20': first, '2026-11-27': rowsAround(200, { expiration: '2026-11-27' }) },
  });

  it('that lists only adjusted contracts gives way to the next one, and it is said', async () => {
    for (const expiration of [undefined, 'nearest']) {
      const { chain } = await start(book(odd));
      const answer = await chain(at('2026-11-19 11:00:00'), expiration === undefined ? {} : { expiration });
      expect(answer.data?.expiration).toBe('2026-11-27');
      expect(answer.notes.join()).toMatch(/^2026-11-20 has only contracts of another size or settled ones/);
    }
  });

  it('that is listed and has no contracts gives way to the next one too, unless it was named', async () => {
    const { chain } = await start(book([]));
    const now = at('2026-11-19 11:00:00');
    const answer = await chain(now);
    expect(answer.data?.expiration).toBe('2026-11-27');
    expect(answer.notes).toContain('2026-11-20 has no contracts, so the next date is used');
    expect((await chain(now, { expiration: '2026-11-20' })).errors[0]).toMatchObject({ code: 'no_data' });
  });

  it('is named where no date has contracts, after a second one was asked for', async () => {
    const { chain } = await start({ ...book([]), byDate: { '2026-11-20': [], '2026-11-27': [] } });
    const { errors } = await chain(at('2026-11-19 11:00:00'));
    expect(errors).toMatchObject([{ code: 'no_data', message: expect.stringContaining('from 2026-11-20') as string }]);
  });

  it('that is named stays what was asked for', async () => {
    const { chain } = await start(book(odd));
    const answer = await chain(at('2026-11-19 11:00:00'), { expiration: '2026-11-20' });
    expect(answer.errors[0]).toMatchObject({ code: 'no_data' });
  });

  it('whose contracts have all settled at the open gives way too', async () => {
    const settled = rowsAround(20, { root: 'VIX', strikes: [20] });
    const live = rowsAround(20, { root: 'VIXW', strikes: [20], expiration: '2026-11-27' });
    const quote = { ...quoteOf(20, '2026-11-20 11:59:00'), symbol: 'VIX' };
    const { chain } = await start({ ...book(settled), quote, byDate: { '2026-11-20': settled, '2026-11-27': live } });
    expect((await chain(at('2026-11-20 12:00:00'), { symbol: 'VIX' })).data?.expiration).toBe('2026-11-27');
  });

  it('of a kind goes by how dates are listed, as their kind in the list does', async () => {
    const dates = { '2026-11-25': 'standard', '2026-11-20': 'weeklys', '2026-11-27': 'weeklys' };
    const { chain, expirations } = await start({
      now: at('2026-11-19 11:00:00'),
      quote: quoteOf(200, '2026-11-19 10:59:59'),
      rows: [],
      expirations: Object.entries(dates).map(([date, expiration_type]) => ({ date, expiration_type })),
      byDate: Object.fromEntries(Object.keys(dates).map((date) => [date, rowsAround(200, { expiration: date })])),
    });
    const listed = await expirations('XYZ');
    const monthly = listed.data?.expirations.find(({ kind }) => kind === 'monthly')?.date;
    expect(monthly).toBe('2026-11-25');
    expect((await chain(at('2026-11-19 11:00:00'), { expiration: 'next-monthly' })).data?.expiration).toBe(monthly);
  });

  it('on VIX is of the right kind also where the provider does not say', async () => {
    const dates = ['2026-11-18', '2026-11-25', '2026-12-16'];
    const { expirations } = await start(
      {
        now: at('2026-11-10 11:00:00'),
        quote: undefined,
        rows: [],
        expirations: dates.map((expiration_date) => ({ expiration_date })),
      },
      'polygon',
    );
    expect((await expirations('VIX')).data?.expirations.map(({ kind }) => kind)).toEqual([
      'monthly',
      'weekly',
      'monthly',
    ]);
  });
});

describe('levels', () => {
  const bars = Array.from({ length: 260 }, (_, index) => {
    const date = new Date(Date.UTC(2026, 10, 18) - (259 - index) * 86_400_000).toISOString().slice(0, 10);
    const close = 100 + 10 * Math.sin(index / 9);
    return { date, open: close, high: close + 2, low: close - 2, close, volume: 1000 };
  });

  it('are seen from the newest price, of a pre or post session too, and say of when it is', async () => {
    const book: Book = { now: 0, quote: quoteOf(97, '2026-11-19 08:14:00'), rows: [], expirations: [], bars };
    const { levels } = await start(book);
    const { data, notes } = await levels(at('2026-11-19 08:15:00'));
    expect(data?.spot).toBe(97);
    expect(data?.supports.every(({ price }) => price < 97)).toBe(true);
    expect(data?.resistances.every(({ price }) => price > 97)).toBe(true);
    expect(notes.join()).toMatch(/the spot is as of 2026-11-19 08:14 ET, before the open/);
  });

  it('tell the time of the spot and the distance of each, nearest first', async () => {
    const book: Book = { now: 0, quote: quoteOf(97, '2026-11-19 08:14:00'), rows: [], expirations: [], bars };
    const { levels } = await start(book);
    const now = at('2026-11-19 08:15:00');
    const { supports, resistances, ...rest } = (await levels(now)).data as LevelSheet;
    expect(rest).toEqual({ symbol: 'XYZ', spot: 97, spotAsOf: '2026-11-19T08:14:00-05:00' });
    for (const side of [supports, resistances]) {
      const distances = side.map(({ distancePercent }) => Math.abs(distancePercent));
      expect(distances).toEqual(distances.toSorted((a, b) => a - b));
      for (const { price, distancePercent } of side) expect(distancePercent).toBeCloseTo(((price - 97) / 97) * 100, 2);
    }
  });

  it('have the close of the last session as time of a spot that is its close', async () => {
    const book: Book = { now: 0, quote: undefined, rows: [], expirations: [], bars };
    const { levels } = await start(book);
    expect((await levels(at('2026-11-19 08:15:00'))).data).toMatchObject({ spotAsOf: '2026-11-18T16:00:00-05:00' });
  });

  it('ask for a quote in session too where the series has no bar of it', async () => {
    const book: Book = { now: 0, quote: undefined, rows: [], expirations: [], bars };
    const { levels, server } = await start(book);
    book.quote = { symbol: 'XYZ', description: 'XYZ', type: 'stock', last: 99, trade_date: at('2026-11-19 11:00:00') };
    const { data } = await levels(at('2026-11-19 11:01:00'));
    expect(server.requests.some(({ path }) => path.endsWith('/quotes'))).toBe(true);
    expect(data).toMatchObject({ spot: 99, spotAsOf: '2026-11-19T11:00:00-05:00' });
  });

  it('are seen from the last close where no newer price is there, and say why', async () => {
    const book: Book = { now: 0, quote: undefined, rows: [], expirations: [], bars };
    const { levels } = await start(book);
    const { data, notes } = await levels(at('2026-11-19 08:15:00'));
    expect(data?.spot).toBeCloseTo(bars.at(-1)?.close ?? NaN, 2);
    expect(notes.join()).toMatch(/no newer price/);
  });
});

describe('one moment', () => {
  const MINUTE_MS = 60_000;

  it('holds the inputs of every figure, or a note says which is of another', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('XYZ', 'SPY'),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 120, max: 300 }), fc.boolean()), {
          minLength: 2,
          maxLength: 5,
        }),
        async (symbol, steps) => {
          const book: Book = { now: at('2026-11-19 15:50:00'), quote: undefined, rows: [], expirations: LISTED };
          const { chain } = await start(book);
          let now = book.now;
          /** The spot around which the server's option prices stand: they follow it while they trade. */
          let centre = 200;
          for (const [minutes, price, withClose] of steps) {
            const close = at(symbol === 'SPY' ? '2026-11-19 16:15:00' : '2026-11-19 16:00:00');
            now += minutes * MINUTE_MS;
            if (now >= at('2026-11-20 09:30:00')) break;
            const isOpen = now < close;
            if (isOpen) centre = price;
            const wasClose = withClose ? { close: centre } : {};
            // Nothing trades at night: the quote is the last one of the evening.
            if (sessionAt(now) === 'closed') continue;
            book.quote = { ...quoteOf(price, '2026-11-19 16:00:00', isOpen ? {} : wasClose), symbol, trade_date: now };
            book.rows = rowsAround(centre, {
              root: symbol,
              strikes: [120, 150, 180, 200, 210, 240, 270, 300],
              expiration: '2026-11-20',
            });
            const answer = await chain(now, { symbol });
            const implied = centre;
            const isMixed = answer.notes.some((note) => note.includes('mix the two'));
            expect(isMixed || Math.abs((answer.data?.spot ?? NaN) - implied) < 0.01, JSON.stringify(answer.notes)).toBe(
              true,
            );
            if (!isOpen && Math.abs(price - implied) > 0.01)
              expect(answer.notes.join()).toContain(`${symbol} is at ${price.toFixed(2)} as of`);
          }
        },
      ),
      { numRuns: 8 },
    );
  });
});

describe('the order of a payload', () => {
  it('changes nothing: rows, roots, repeated rows, keys', async () => {
    const base = [
      ...rowsAround(200, { root: 'XYZ' }),
      ...rowsAround(201, { root: 'XYZW' }),
      ...rowsAround(199, { root: 'XYZ' }).slice(0, 4),
    ].map((row, index) => ({
      ...row,
      volume: index,
      trade_date: at('2026-11-19 10:30:00'),
      greeks: { delta: 0.5, gamma: 0.01, theta: -0.1, vega: 0.1, smv_vol: 0.3, updated_at: '2026-11-19 15:00:00' },
    }));
    const ask = async (rows: Record<string, unknown>[]): Promise<unknown> => {
      const book: Book = { now: 0, quote: quoteOf(200, '2026-11-19 10:59:59'), rows, expirations: LISTED };
      const { chain } = await start(book);
      return (await chain(at('2026-11-19 11:00:00'))).data;
    };
    const expected = await ask(base);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(base, { minLength: base.length, maxLength: base.length }),
        fc.boolean(),
        async (rows, isReversed) => {
          const reordered = rows.map((row) =>
            isReversed ? Object.fromEntries(Object.entries(row).reverse()) : { ...row },
          );
          expect(await ask(reordered)).toEqual(expected);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('changes nothing: where the network cuts it into chunks, in the middle of a letter too', async () => {
    const rows = rowsAround(200).map((row) => ({ ...row, description: 'XYZ Nov 20 2026 – “Call” €200 🚀' }));
    const body = Buffer.from(JSON.stringify({ options: { option: rows } }));
    let cuts: number[] = [];
    const server = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      if (request.url?.includes('/quotes') === true)
        response.end(JSON.stringify({ quotes: { quote: quoteOf(200, '2026-11-19 10:59:59') } }));
      else if (request.url?.includes('/chains') === true) sendInPieces(response, body, cuts);
      else response.end(JSON.stringify({ expirations: { expiration: LISTED } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const clock = createTestClock(at('2026-11-19 11:00:00'));
    const { market } = openProcess({ folder: createTempFolder(), clock, tradier: { baseUrl } as CountingExchange });
    const ask = async (): Promise<unknown> =>
      (
        await answerChain(
          { symbol: 'XYZ', side: 'both', strikes: 'all' },
          { market, clock, request: createRequest({ refresh: true }) },
        )
      ).data;
    try {
      const expected = await ask();
      expect(expected).toBeDefined();
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat(body.length), { maxLength: 6 }), async (places) => {
          cuts = places.toSorted((a, b) => a - b);
          expect(await ask()).toEqual(expected);
        }),
        { numRuns: 8 },
      );
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

/** Each piece goes out before the next one is written. */
function sendInPieces(response: ServerResponse, body: Buffer, cuts: readonly number[]): void {
  const [cut, ...others] = cuts;
  if (cut === undefined) response.end(body);
  else
    response.write(body.subarray(0, cut), () =>
      sendInPieces(
        response,
        body.subarray(cut),
        others.map((each) => each - cut),
      ),
    );
}

describe('a chain of a plan that is fifteen minutes late', () => {
  it('is as of then, and after the close is asked for again until it has the close’s prices', async () => {
    const quoted = {
      details: {
        ticker: 'O:XYZ261120C00200000',
        contract_type: 'call',
        expiration_date: '2026-11-20',
        strike_price: 200,
      },
      open_interest: 5,
    };
    const delayed = { ...quoted, underlying_asset: { price: 200, timeframe: 'DELAYED' } };
    const book: Book = { now: 0, quote: undefined, rows: [delayed], expirations: [] };
    const { chain, server } = await start(book, 'polygon');
    const asked = { expiration: '2026-11-20' };
    const asOf = async (wall: string): Promise<string | undefined> => (await chain(at(wall), asked)).meta.asOf;
    const count = (): number => server.requests.filter(({ path }) => path.startsWith('/v3/snapshot/options')).length;
    expect(await asOf('2026-11-19 11:00:00')).toBe('2026-11-19T10:45:00-05:00');
    expect(await asOf('2026-11-19 16:05:00')).toBe('2026-11-19T15:50:00-05:00');
    expect(await asOf('2026-11-19 16:16:00')).toBe('2026-11-19T16:00:00-05:00');
    expect(count()).toBe(3);
    expect(await asOf('2026-11-19 21:00:00')).toBe('2026-11-19T16:00:00-05:00');
    expect(count()).toBe(3);
    book.rows = [{ ...delayed, last_quote: { bid: 1, ask: 2, timeframe: 'REAL-TIME' } }];
    expect(await asOf('2026-11-20 11:00:00')).toBe('2026-11-20T11:00:00-05:00');
  });
});

describe('a table whose quote is held from before its chain', () => {
  it('says of when each is; one of one moment says nothing', async () => {
    const book: Book = {
      now: 0,
      quote: quoteOf(1200, '2026-11-19 09:59:59'),
      rows: rowsAround(1200, { strikes: [1190, 1200, 1210] }),
      expirations: [{ date: '2026-11-20', expiration_type: 'weeklys' }],
    };
    const { table, chain } = await start(book);
    const before = await table(at('2026-11-19 10:00:00'), 'last, maxPain');
    expect(before.notes).toEqual(['expiration: 2026-11-20']);
    book.quote = undefined;
    const after = await table(at('2026-11-19 11:00:00'), 'last, maxPain');
    expect(after.notes.join('; ')).toContain(
      'XYZ: the quote is as of 2026-11-19 09:59 ET; the chain and its figures are as of 2026-11-19 11:00 ET',
    );
    book.quote = quoteOf(1222.5, '2026-11-19 18:00:00');
    expect((await chain(at('2026-11-19 18:00:01'))).notes.join()).toContain('XYZ is at 1,222.50 as of');
  });
});
