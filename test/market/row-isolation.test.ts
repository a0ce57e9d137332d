// One odd row, field or body of a provider against the real stack: every other row comes out unchanged, what was lost is
// named, nothing impossible comes through, and the order in which a provider writes changes nothing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideExitCode } from '../../src/app/exit-code.ts';
import type { Answer } from '../../src/domain/answers.ts';
import { answerHistory } from '../../src/tools/history.ts';
import { answerChain, answerExpirations } from '../../src/tools/options.ts';
import { answerQuotes } from '../../src/tools/quote.ts';
import { breakerName } from '../../src/http/wire.ts';
import { createExchange } from '../../src/sample/exchange.ts';
import { createSyntheticMarket } from '../../src/sample/source.ts';
import type { ScriptedReply } from '../helpers/scripted-server.ts';
import { createTempFolder } from '../cache/helpers.ts';
import { WEEKEND, createRequest, createTestClock, openProcess, startCountingExchange } from './world.ts';

type Row = Record<string, unknown>;
type Wire = 'tradier' | 'polygon';

interface Kind {
  wire: Wire;
  /** Part of the path of the request whose reply is touched. */
  path: string;
  rowsOf(body: Row): Row[];
  /** Fields that are read, by their path inside a row. */
  fields: string[];
  /** Whether a row is one that the question asks for. */
  isAsked?(row: Row): boolean;
  ask(process: Process): Promise<Answer>;
  /** The same, answered from the cache where it can be. */
  askHeld(process: Process): Promise<Answer>;
  /** The answer's rows by name. */
  rowsIn(answer: Answer): Map<string, unknown>;
  nameOf(row: Row): string;
  /** Not a plan with snapshots. There a symbol whose row has lost its name is answered from its own bars. */
  isFreePlan?: boolean;
}

const SYMBOLS = ['AAPL', 'MSFT', 'NVDA', 'AMD'];
const EXPIRATION = '2026-11-27';
const clock = createTestClock(WEEKEND);

type Process = ReturnType<typeof openProcess>;

const contextOf = (process: Process, refresh: boolean) => ({
  market: process.market,
  clock,
  request: createRequest({ refresh }),
});

const listOf = (value: unknown): Row[] => (Array.isArray(value) ? (value as Row[]) : [value as Row]);
const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Row | undefined)?.[key], value);
const byName = (rows: unknown, name: string): Map<string, unknown> =>
  new Map(((rows ?? []) as Row[]).map((row) => [String(row[name]), row]));

const RANGE = { from: '2026-10-19', to: '2026-11-20' };
const quoteKind = {
  ask: (process: Process): Promise<Answer> => answerQuotes(SYMBOLS, contextOf(process, true)),
  askHeld: (process: Process): Promise<Answer> => answerQuotes(SYMBOLS, contextOf(process, false)),
  rowsIn: (answer: Answer) => byName(answer.data, 'symbol'),
};
const historyKind = {
  ask: (process: Process): Promise<Answer> =>
    answerHistory({ symbol: 'AAPL', range: RANGE, interval: 'day' }, contextOf(process, true)),
  askHeld: (process: Process): Promise<Answer> =>
    answerHistory({ symbol: 'AAPL', range: RANGE, interval: 'day' }, contextOf(process, false)),
  rowsIn: (answer: Answer) => byName(at(answer.data, 'bars'), 'date'),
};
const chainKind = {
  ask: (process: Process): Promise<Answer> =>
    answerChain({ symbol: 'AAPL', expiration: EXPIRATION, side: 'both', strikes: 'all' }, contextOf(process, true)),
  askHeld: (process: Process): Promise<Answer> =>
    answerChain({ symbol: 'AAPL', expiration: EXPIRATION, side: 'both', strikes: 'all' }, contextOf(process, false)),
  rowsIn: (answer: Answer) => byName(at(answer.data, 'contracts'), 'symbol'),
};
const expirationsKind = {
  ask: (process: Process): Promise<Answer> => answerExpirations('AAPL', contextOf(process, true)),
  askHeld: (process: Process): Promise<Answer> => answerExpirations('AAPL', contextOf(process, false)),
  rowsIn: (answer: Answer) => byName(at(answer.data, 'expirations'), 'date'),
};
const dayOfMs = (ms: unknown): string => new Date(Number(ms) + 6 * 3_600_000).toISOString().slice(0, 10);

const KINDS: Record<string, Kind> = {
  'Tradier quotes': {
    ...quoteKind,
    wire: 'tradier',
    path: '/markets/quotes',
    rowsOf: (body) => listOf(at(body, 'quotes', 'quote')),
    fields: ['symbol', 'last', 'volume', 'prevclose', 'trade_date', 'week_52_high', 'description'],
    nameOf: (row) => String(row['symbol']),
  },
  'Tradier history': {
    ...historyKind,
    wire: 'tradier',
    path: '/markets/history',
    rowsOf: (body) => listOf(at(body, 'history', 'day')),
    fields: ['date', 'open', 'high', 'low', 'close', 'volume'],
    isAsked: (row) => String(row['date']) >= '2026-10-19' && String(row['date']) <= '2026-11-20',
    nameOf: (row) => String(row['date']),
  },
  'a Tradier chain': {
    ...chainKind,
    wire: 'tradier',
    path: '/options/chains',
    rowsOf: (body) => listOf(at(body, 'options', 'option')),
    fields: ['symbol', 'strike', 'option_type', 'bid', 'open_interest', 'greeks', 'greeks.delta', 'expiration_date'],
    nameOf: (row) => String(row['symbol']),
  },
  'Tradier expirations': {
    ...expirationsKind,
    wire: 'tradier',
    path: '/options/expirations',
    rowsOf: (body) => listOf(at(body, 'expirations', 'expiration')),
    fields: ['date', 'expiration_type'],
    nameOf: (row) => String(row['date']),
  },
  'Polygon snapshots': {
    ...quoteKind,
    wire: 'polygon',
    path: '/v2/snapshot',
    rowsOf: (body) => listOf(body['tickers']),
    fields: ['ticker', 'updated', 'day', 'day.c', 'day.v', 'prevDay.c', 'lastTrade.p', 'lastQuote'],
    nameOf: (row) => String(row['ticker']),
  },
  'Polygon bars': {
    ...historyKind,
    wire: 'polygon',
    path: '/range/1/day/',
    rowsOf: (body) => listOf(body['results']),
    fields: ['t', 'o', 'h', 'l', 'c', 'v', 'vw'],
    isAsked: (row) => dayOfMs(row['t']) >= '2026-10-19' && dayOfMs(row['t']) <= '2026-11-20',
    nameOf: (row) => dayOfMs(row['t']),
  },
  'Polygon’s bars of the whole market': {
    ...quoteKind,
    wire: 'polygon',
    path: '/v2/aggs/grouped/locale/us/market/stocks/2026-11-20',
    rowsOf: (body) => listOf(body['results']),
    fields: ['o', 'h', 'l', 'c', 'v', 't'],
    isAsked: (row) => SYMBOLS.includes(String(row['T'])),
    nameOf: (row) => String(row['T']),
    isFreePlan: true,
  },
  'a Polygon chain': {
    ...chainKind,
    wire: 'polygon',
    path: '/v3/snapshot/options/AAPL',
    rowsOf: (body) => listOf(body['results']),
    fields: [
      'details',
      'details.strike_price',
      'details.contract_type',
      'details.ticker',
      'open_interest',
      'greeks.delta',
      'day.volume',
      'last_quote',
    ],
    nameOf: (row) => String(at(row, 'details', 'ticker')).slice(2),
  },
};

/** What no field may hold; the text `NaN`, null and nothing at all are missing values. */
const junk = fc.constantFrom<unknown>([1], true, [[]]);
const REFUSED = {
  status: 403,
  body: { status: 'NOT_AUTHORIZED', message: 'You are not entitled to this data. Please upgrade your plan' },
};

async function openKind(kind: Kind) {
  const server = await startCountingExchange(clock);
  const exchange = createExchange({ market: createSyntheticMarket(clock), clock });
  const folder = createTempFolder();
  const process = openProcess({ folder, clock, [kind.wire]: server, limitPerMinute: 100_000 });
  let touch: (body: Row) => unknown = (body) => body;
  server.interfere = (request) => {
    if (kind.isFreePlan === true && request.path.includes('/snapshot/')) return REFUSED;
    if (!request.url.includes(kind.path) || request.url.includes('cursor=')) return undefined;
    const reply = exchange.handle({ ...request, path: request.url, headers: { host: server.host } });
    const body = JSON.parse(reply.body) as Row;
    if (kind.rowsOf(body)[0] === undefined) return undefined;
    return { body: touch(body) };
  };
  return { server, process, folder, touchWith: (change: (body: Row) => unknown) => void (touch = change) };
}

/** Puts a value where a path leads, which is made on the way. */
function put(row: Row, field: string, value: unknown): void {
  const path = field.split('.');
  const inner = path.slice(0, -1).reduce<Row>((part, key) => (part[key] ??= {}) as Row, row);
  inner[path.at(-1) ?? ''] = value;
}

const exitOf = ({ data, errors }: Answer): number => decideExitCode(data !== undefined, errors);

describe.each(Object.entries(KINDS))('one odd row of %s', (_name, kind) => {
  it('costs no other row, ends with 9, and is named', async () => {
    const { process, touchWith } = await openKind(kind);
    const baseline = kind.rowsIn(await kind.ask(process));
    expect(baseline.size).toBeGreaterThan(3);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.constantFrom(...kind.fields, ...(kind.isFreePlan === true ? [] : ['*'])),
        junk,
        async (pick, field, value) => {
          let name = '';
          touchWith((body) => {
            const asked = kind.rowsOf(body).filter((row) => kind.isAsked?.(row) ?? true);
            const row = asked[pick % asked.length] ?? {};
            name = kind.nameOf(row);
            if (field === '*') for (const key of Object.keys(row)) row[key] = value;
            else put(row, field, value);
            return body;
          });
          // What is held would stand in for a quote that is lost.
          await process.store.clear();
          const answer = await kind.ask(process);
          const others = new Map([...baseline].filter(([key]) => key !== name));
          expect(kind.rowsIn(answer)).toEqual(others);
          expect(exitOf(answer)).toBe(9);
          expect(answer.errors).toHaveLength(1);
          const [error] = answer.errors;
          expect(error?.code).toBe('bad_payload');
          expect(error?.symbol).toMatch(/^[A-Z]+/);
        },
      ),
      { numRuns: 25 },
    );
  }, 60_000);

  it('changes nothing by the order of rows and of keys', async () => {
    const { process, touchWith } = await openKind(kind);
    const baseline = await kind.ask(process);
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat()), async (numbers) => {
        const shuffle = <T>(list: readonly T[]): T[] =>
          list
            .map((item) => ({ item, at: Number(numbers.next().value) }))
            .sort((a, b) => a.at - b.at)
            .map(({ item }) => item);
        touchWith((body) => {
          const rows = kind.rowsOf(body);
          const mixed = shuffle(rows).map((row) => Object.fromEntries(shuffle(Object.entries(row))));
          rows.splice(0, rows.length, ...mixed);
          return body;
        });
        const answer = await kind.ask(process);
        expect(answer.data).toEqual(baseline.data);
        expect(answer.errors).toEqual([]);
      }),
      { numRuns: 6 },
    );
  }, 60_000);
});

/** A row that says, in one place or several, that it is of something else than asked for, or than its own symbol. */
const STRANGERS: Record<'a Tradier chain' | 'a Polygon chain', Record<string, (row: Row) => void>> = {
  'a Tradier chain': {
    'of another company': (row) => {
      row['symbol'] = String(row['symbol']).replace('AAPL', 'MSFT');
      row['underlying'] = row['root_symbol'] = 'MSFT';
    },
    'of another company by its underlying': (row) => (row['underlying'] = 'MSFT'),
    'of another company by its root': (row) => (row['root_symbol'] = 'MSFT'),
    'of another company by its symbol': (row) => (row['symbol'] = String(row['symbol']).replace('AAPL', 'MSFT')),
    'of another strike': (row) => (row['strike'] = Number(row['strike']) + 5),
    'of the other side': (row) => (row['option_type'] = row['option_type'] === 'call' ? 'put' : 'call'),
    'of another expiration': (row) => (row['expiration_date'] = '2026-12-04'),
    'without a symbol, of a strike that none can have': (row) => {
      row['symbol'] = '101.5';
      row['strike'] = 101.3333;
    },
  },
  'a Polygon chain': {
    'of another company': (row) => {
      put(row, 'details.ticker', String(at(row, 'details', 'ticker')).replace('AAPL', 'MSFT'));
      put(row, 'underlying_asset.ticker', 'MSFT');
    },
    'of another company by its underlying': (row) => put(row, 'underlying_asset.ticker', 'MSFT'),
    'of another strike': (row) => put(row, 'details.strike_price', Number(at(row, 'details', 'strike_price')) + 5),
    'of another expiration': (row) => put(row, 'details.expiration_date', '2026-12-04'),
    'without a symbol, of a strike that none can have': (row) => {
      put(row, 'details.ticker', '101.5');
      put(row, 'details.strike_price', 101.3333);
    },
  },
};

describe.each(['a Tradier chain', 'a Polygon chain'] as const)('a contract of %s', (name) => {
  const open = async () => {
    const kind = KINDS[name];
    if (kind === undefined) throw new Error('no such kind');
    return { kind, ...(await openKind(kind)) };
  };

  it('whose symbol is not an option symbol counts by its strike, side and date, which a note says', async () => {
    const { kind, process, touchWith } = await open();
    const baseline = kind.rowsIn(await kind.ask(process));
    touchWith((body) => {
      const row = kind.rowsOf(body)[7] ?? {};
      if (name === 'a Tradier chain') row['symbol'] = '101.5';
      else put(row, 'details.ticker', '101.5');
      return body;
    });
    const answer = await kind.ask(process);
    expect(kind.rowsIn(answer)).toEqual(baseline);
    expect(exitOf(answer)).toBe(0);
    expect(answer.notes.join('\n')).toContain('its symbol "101.5" is not an option symbol');
  });

  it.each(Object.entries(STRANGERS[name]))('that is %s costs no other and is named', async (_what, change) => {
    const { kind, process, touchWith } = await open();
    const baseline = kind.rowsIn(await kind.ask(process));
    const spot = at((await kind.ask(process)).data, 'spot');
    for (const pick of [0, 7]) {
      let odd = '';
      touchWith((body) => {
        const row = kind.rowsOf(body)[pick] ?? {};
        odd = kind.nameOf(row);
        change(row);
        return body;
      });
      const answer = await kind.ask(process);
      expect(kind.rowsIn(answer)).toEqual(new Map([...baseline].filter(([key]) => key !== odd)));
      expect(at(answer.data, 'spot')).toBe(spot);
      expect(exitOf(answer)).toBe(9);
      expect(answer.errors).toMatchObject([{ code: 'bad_payload' }]);
    }
  });

  it('that is listed twice counts once, and not at all where the two differ', async () => {
    const { kind, process, touchWith } = await open();
    const baseline = kind.rowsIn(await kind.ask(process));
    const twice = (change: (row: Row) => void): void =>
      touchWith((body) => {
        const rows = kind.rowsOf(body);
        const copy = structuredClone(rows[2] ?? {});
        change(copy);
        rows.push(copy);
        return body;
      });
    twice(() => undefined);
    const same = await kind.ask(process);
    expect([kind.rowsIn(same), same.errors]).toEqual([baseline, []]);
    twice((row) => (row['open_interest'] = 99_999));
    const differing = await kind.ask(process);
    const missing = [...baseline.keys()].filter((key) => !kind.rowsIn(differing).has(key));
    expect(missing).toHaveLength(1);
    expect(differing.errors).toMatchObject([{ code: 'bad_payload', symbol: missing[0] }]);
    expect(exitOf(differing)).toBe(9);
  });

  it('is missed where all are of another company: that is no chain, and is not remembered', async () => {
    const { kind, process, touchWith } = await open();
    touchWith((body) => JSON.parse(JSON.stringify(body).replaceAll('AAPL', 'MSFT')) as Row);
    const answer = await kind.ask(process);
    expect(answer.errors).toMatchObject([{ code: 'bad_payload', message: expect.stringContaining('MSFT') as string }]);
    expect(exitOf(answer)).toBe(5);
    touchWith((body) => body);
    expect(exitOf(await kind.askHeld(process))).toBe(0);
  });

  it('loses the figures that cannot be, and no other', async () => {
    const { kind, process, touchWith } = await open();
    const baseline = kind.rowsIn(await kind.ask(process));
    const fields: [string, string, unknown[]][] =
      kind.wire === 'tradier'
        ? [
            ['greeks.smv_vol', 'iv', [1e300, 150]],
            ['greeks.delta', 'delta', [-5, 1e300, 1.2]],
            ['bid', 'bid', [1e300]],
            ['open_interest', 'openInterest', [1e300]],
          ]
        : [
            ['implied_volatility', 'iv', [1e300, 150]],
            ['greeks.delta', 'delta', [-5, 1e300, 1.2]],
            ['last_quote.bid', 'bid', [1e300]],
            ['open_interest', 'openInterest', [1e300]],
          ];
    for (const [field, figure, values] of fields)
      for (const value of values) {
        let odd = '';
        touchWith((body) => {
          const row = kind.rowsOf(body)[4] ?? {};
          odd = kind.nameOf(row);
          put(row, field, value);
          return body;
        });
        const answer = await kind.ask(process);
        expect(exitOf(answer)).toBe(0);
        expect(at(kind.rowsIn(answer).get(odd), figure), `${field} ${String(value)}`).toBeUndefined();
        expect(answer.notes.join('\n')).toContain(`${odd}: impossible figures are left out: its ${figure} is`);
        const others = (rows: Map<string, unknown>) => [...rows].filter(([key]) => key !== odd);
        expect(others(kind.rowsIn(answer))).toEqual(others(baseline));
      }
  });
});

describe('two bars of one session', () => {
  it.each(['Tradier history', 'Polygon bars'])('of %s count once, and not at all where they differ', async (name) => {
    const kind = KINDS[name];
    if (kind === undefined) throw new Error('no such kind');
    const { process, touchWith } = await openKind(kind);
    const baseline = kind.rowsIn(await kind.ask(process));
    const twice = (change: (row: Row) => void): void =>
      touchWith((body) => {
        const rows = kind.rowsOf(body);
        const copy = { ...rows.find((row) => kind.nameOf(row) === '2026-11-12') };
        change(copy);
        rows.push(copy);
        return body;
      });
    twice(() => undefined);
    const same = await kind.ask(process);
    expect([kind.rowsIn(same), same.errors]).toEqual([baseline, []]);
    twice((row) => (row[kind.wire === 'tradier' ? 'volume' : 'v'] = 7));
    const differing = await kind.ask(process);
    expect(kind.rowsIn(differing)).toEqual(new Map([...baseline].filter(([key]) => key !== '2026-11-12')));
    expect(exitOf(differing)).toBe(9);
    expect(differing.errors).toMatchObject([
      { code: 'bad_payload', message: expect.stringContaining('2026-11-12') as string },
    ]);
  });
});

describe('a bar of a day without a session', () => {
  it.each(['Tradier history', 'Polygon bars'])('is no part of %s, and is noted', async (name) => {
    const kind = KINDS[name];
    if (kind === undefined) throw new Error('no such kind');
    const { process, touchWith } = await openKind(kind);
    const baseline = kind.rowsIn(await kind.ask(process));
    for (const date of ['2026-11-14', '2026-10-25']) {
      touchWith((body) => {
        const rows = kind.rowsOf(body);
        const when = kind.wire === 'tradier' ? { date } : { t: Date.parse(`${date}T05:00:00Z`) };
        rows.push({ ...rows.find((row) => kind.nameOf(row) === '2026-11-12'), ...when });
        return body;
      });
      const answer = await kind.ask(process);
      expect([kind.rowsIn(answer), exitOf(answer)]).toEqual([baseline, 0]);
      expect(answer.notes.join('\n')).toContain(`on ${date} is left out: the exchange was closed`);
    }
  });
});

describe('a quote', () => {
  it.each<[string, string, string, unknown]>([
    ['Tradier quotes', 'high', 'high', 1],
    ['Tradier quotes', 'volume', 'volume', 1e300],
    ['Tradier quotes', 'prevclose', 'previousClose', 1e300],
    ['Polygon snapshots', 'day.h', 'high', 1],
    ['Polygon snapshots', 'day.v', 'volume', 1e300],
  ])(
    'of %s with an impossible %s has none, says so, and the others are as before',
    async (name, field, figure, value) => {
      const kind = KINDS[name];
      if (kind === undefined) throw new Error('no such kind');
      const { process, touchWith } = await openKind(kind);
      const baseline = kind.rowsIn(await kind.ask(process));
      touchWith((body) => {
        put(kind.rowsOf(body).find((row) => kind.nameOf(row) === 'MSFT') ?? {}, field, value);
        return body;
      });
      const answer = await kind.ask(process);
      expect(exitOf(answer)).toBe(0);
      const quote = kind.rowsIn(answer).get('MSFT');
      expect(at(quote, figure)).toBeUndefined();
      if (figure === 'high') expect(at(quote, 'low')).toBeUndefined();
      expect(at(quote, 'last')).toBe(at(baseline.get('MSFT'), 'last'));
      expect(answer.notes.join('\n')).toMatch(/MSFT: impossible figures are left out: its /);
      const others = (rows: Map<string, unknown>) => [...rows].filter(([key]) => key !== 'MSFT');
      expect(others(kind.rowsIn(answer))).toEqual(others(baseline));
    },
  );

  it.each<[string, string]>([
    ['Tradier quotes', 'last'],
    ['Polygon snapshots', 'lastTrade.p'],
  ])('of %s whose price cannot be (%s) is none', async (name, field) => {
    const kind = KINDS[name];
    if (kind === undefined) throw new Error('no such kind');
    const { process, touchWith } = await openKind(kind);
    const baseline = kind.rowsIn(await kind.ask(process));
    await process.store.clear();
    touchWith((body) => {
      put(kind.rowsOf(body).find((row) => kind.nameOf(row) === 'MSFT') ?? {}, field, 1e300);
      return body;
    });
    const answer = await kind.ask(process);
    expect(kind.rowsIn(answer)).toEqual(new Map([...baseline].filter(([key]) => key !== 'MSFT')));
    expect(answer.errors).toMatchObject([{ code: 'bad_payload', symbol: 'MSFT' }]);
  });
});

describe('what was lost', () => {
  // A symbol without a quote is not held at all, and asked for again.
  it.each(Object.entries(KINDS).filter(([, { rowsIn }]) => rowsIn !== quoteKind.rowsIn))(
    'of %s is remembered with what came',
    async (_name, kind) => {
      const { process, touchWith, server } = await openKind({ ...kind });
      touchWith((body) => {
        const row = kind.rowsOf(body).find((each) => kind.isAsked?.(each) ?? true);
        put(row ?? {}, kind.fields.at(-1) ?? '', [1]);
        return body;
      });
      const first = await kind.ask(process);
      const calls = server.calls();
      const again = await kind.askHeld(process);
      expect(again.errors).toEqual(first.errors);
      expect(server.calls()).toBe(calls);
      expect(exitOf(again)).toBe(9);
    },
  );

  it('is no part of an answer that did not ask for it', async () => {
    const kind = KINDS['Tradier history'];
    if (kind === undefined) throw new Error('no such kind');
    const { process, touchWith } = await openKind(kind);
    touchWith((body) => {
      put(kind.rowsOf(body)[3] ?? {}, 'close', 'x');
      return body;
    });
    expect(exitOf(await kind.ask(process))).toBe(0);
  });
});

describe('bars that cannot be true', () => {
  it.each(['Tradier history', 'Polygon bars'])(
    'never leave %s, and are noted',
    async (name) => {
      const kind = KINDS[name];
      if (kind === undefined) throw new Error('no such kind');
      const names = kind.wire === 'tradier' ? ['open', 'high', 'low', 'close'] : ['o', 'h', 'l', 'c'];
      const { process, touchWith } = await openKind(kind);
      const baseline = kind.rowsIn(await kind.ask(process));
      const figure = fc.constantFrom<unknown>(0, -1, null, 'NaN', 1e-9, 1e9);
      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.constantFrom(...names), figure, async (pick, field, value) => {
          let odd = '';
          touchWith((body) => {
            const asked = kind.rowsOf(body).filter((row) => kind.isAsked?.(row) ?? true);
            const row = asked[pick % asked.length] ?? {};
            odd = kind.nameOf(row);
            row[field] = value;
            return body;
          });
          const answer = await kind.ask(process);
          expect(exitOf(answer)).toBe(0);
          for (const bar of kind.rowsIn(answer).values()) {
            const { open, high, low, close } = bar as Record<string, number>;
            expect(low).toBeGreaterThan(0);
            expect(low).toBeLessThanOrEqual(Math.min(open ?? 0, close ?? 0));
            expect(high).toBeGreaterThanOrEqual(Math.max(open ?? 0, close ?? 0));
          }
          // A high above all and a low below all may be true.
          if (kind.rowsIn(answer).has(odd)) return;
          expect(kind.rowsIn(answer)).toEqual(new Map([...baseline].filter(([key]) => key !== odd)));
          expect(answer.notes.join('\n')).toContain(`on ${odd} is left out`);
        }),
        { numRuns: 25 },
      );
    },
    60_000,
  );
});

describe('a second provider', () => {
  it('never takes an answer away, whatever it says or does', async () => {
    const polygon = await startCountingExchange(clock);
    const tradier = await startCountingExchange(clock);
    const refusals: (ScriptedReply | undefined)[] = [
      undefined,
      { body: { quotes: { unmatched_symbols: { symbol: SYMBOLS } }, history: null, expirations: null, options: null } },
      { status: 403, body: { message: 'Forbidden' } },
      { status: 401, body: 'Invalid Access Token' },
      { body: 'NaN' },
      { body: { quotes: { quote: [{ symbol: 'AAPL', last: {} }] }, history: { day: [{}] } } },
      { status: 404, body: { status: 'NOT_FOUND', message: 'Not found.' } },
      REFUSED,
    ];
    const asks = [quoteKind.ask, historyKind.ask, chainKind.ask, expirationsKind.ask];
    const alone = openProcess({ folder: createTempFolder(), clock, polygon, limitPerMinute: 100_000 });
    const expected = await Promise.all(asks.map((ask) => ask(alone)));
    expect(expected.map(exitOf)).toEqual([0, 0, 0, 0]);
    for (const reply of refusals) {
      const process = openProcess({ folder: createTempFolder(), clock, polygon, tradier, limitPerMinute: 100_000 });
      tradier.interfere = () => reply;
      for (const [index, ask] of asks.entries()) {
        const answer = await ask(process);
        expect(exitOf(answer), `${JSON.stringify(reply)} ${JSON.stringify(answer.errors)}`).toBe(0);
        if (reply !== undefined) expect(answer.data).toEqual(expected[index]?.data);
      }
    }
  }, 60_000);

  it('is asked for a symbol that the first does not know, and remembered as not knowing only where none does', async () => {
    const polygon = await startCountingExchange(clock);
    const tradier = await startCountingExchange(clock);
    tradier.interfere = ({ path }) =>
      path.includes('/quotes') ? { body: { quotes: { unmatched_symbols: { symbol: ['AAPL', 'ZZZZ'] } } } } : undefined;
    const { market } = openProcess({ folder: createTempFolder(), clock, polygon, tradier });
    const quotes = await market.quotes(['AAPL', 'ZZZZ'], createRequest());
    expect(quotes.get('AAPL')).toMatchObject({ ok: true, source: { provider: 'polygon' } });
    expect(quotes.get('ZZZZ')).toMatchObject({ ok: false, error: { code: 'no_data' } });
    const calls = polygon.calls() + tradier.calls();
    expect((await market.quotes(['ZZZZ'], createRequest())).get('ZZZZ')).toMatchObject({ ok: false });
    expect(polygon.calls() + tradier.calls()).toBe(calls);
  });
});

describe('a body', () => {
  it('never opens the breaker by what it holds', async () => {
    const server = await startCountingExchange(clock);
    const { market, state } = openProcess({ folder: createTempFolder(), clock, polygon: server });
    const name = breakerName({ provider: 'polygon', baseUrl: server.baseUrl });
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom('', '<html>login</html>', '{"status":"OK","results":[NaN', 'null', '[]', '{"status":"ERROR"}'),
    );
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(200, 201, 403, 404, 418), async (text, status) => {
        server.interfere = () => ({ status, body: text });
        await market.expirations('AAPL', createRequest({ refresh: true }));
        expect((await state.readBreaker(name, Date.now())).state).toBe('closed');
      }),
      { numRuns: 15 },
    );
    server.interfere = undefined;
    expect(await market.expirations('AAPL', createRequest({ refresh: true }))).toMatchObject({ ok: true });
  }, 60_000);

  it('with a bare NaN lacks that figure and no other', async () => {
    const server = await startCountingExchange(clock);
    const { market } = openProcess({ folder: createTempFolder(), clock, polygon: server });
    const row = (ticker: string, volume: string): string =>
      `{"ticker":"${ticker}","updated":${WEEKEND}000000,"day":{"c":10,"o":NaN,"v":${volume}},"min":{"c":-Infinity},"name":"NaN \\" Infinity"}`;
    server.interfere = () => ({ body: `{"status":"OK","tickers":[${row('AAPL', '5')},${row('MSFT', 'NaN')}]}` });
    const quotes = await market.quotes(['AAPL', 'MSFT'], createRequest());
    expect(quotes.get('AAPL')).toMatchObject({ ok: true, value: { last: 10, volume: 5 } });
    expect(quotes.get('MSFT')).toMatchObject({ ok: true, value: { last: 10 } });
    expect(server.calls()).toBe(1);
  });
});

describe('a list of which a page is missing', () => {
  it.each([
    [404, { status: 'NOT_FOUND', message: 'Data not found.' }],
    [200, { status: 'NOT_FOUND', message: 'Data not found.' }],
    [404, { status: 'ERROR', error: 'cursor not found' }],
  ])('is no list: page 2 is a %s', async (status, body) => {
    const server = await startCountingExchange(clock);
    const { market } = openProcess({ folder: createTempFolder(), clock, polygon: server });
    const next = `${server.baseUrl}/v3/snapshot/options/AAPL?cursor=abc`;
    const exchange = createExchange({ market: createSyntheticMarket(clock), clock });
    server.interfere = (request) => {
      if (request.url.includes('cursor=')) return { status, body };
      const reply = exchange.handle({ ...request, path: request.url, headers: {} });
      return { body: { ...(JSON.parse(reply.body) as Row), next_url: next } };
    };
    const outcome = await market.chain('AAPL', EXPIRATION, createRequest());
    expect(outcome).toMatchObject({ ok: false, error: { code: 'bad_payload' } });
  });
});
