// Option chains, expirations, the bundle and the market's state by the whole program.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemsOf } from '../helpers/json-shapes.ts';
import { type MarketServer, asPolygon, asTradier, startMarket, wireBody } from '../helpers/market-server.ts';
import { type FinHome, createHome, documentOf } from '../helpers/run-fin.ts';
import { startScriptedServer } from '../helpers/scripted-server.ts';

const NOW = '2026-11-19T11:00:00-05:00';
let market: MarketServer;
let home: FinHome;

beforeAll(async () => {
  market = await startMarket(NOW);
  home = await createHome({ ...asTradier(market), FIN_NOW: NOW });
});

afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await market[Symbol.asyncDispose]();
});

interface Contract {
  symbol: string;
  side: 'call' | 'put';
  strike: number;
  openInterest?: number;
  bid?: number;
  iv?: number;
}

interface Chain {
  spot: number;
  expiration: string;
  dte: number;
  contracts: Contract[];
  analytics: {
    callWalls: { strike: number; openInterest: number }[];
    putWalls: { strike: number; openInterest: number }[];
    maxPain?: number;
  };
}

const strikesOf = (chain: Chain): number[] => [...new Set(chain.contracts.map(({ strike }) => strike))];

describe('fin chain', () => {
  it('takes the nearest expiration by default, the strikes asked for around the spot, and one side where one is asked', async () => {
    const near = await home.run(['chain', 'AAPL', '--json', '--strikes', '3', '--quiet']);
    expect(near).toMatchObject({ exitCode: 0, stderr: '' });
    expect(problemsOf(documentOf(near), 'chain')).toEqual([]);
    const chain = documentOf(near).data as Chain;
    expect(chain).toMatchObject({ underlying: 'AAPL', expiration: '2026-11-20', dte: 1 });
    const strikes = strikesOf(chain);
    expect(strikes.filter((strike) => strike > chain.spot)).toHaveLength(3);
    expect(strikes.filter((strike) => strike < chain.spot)).toHaveLength(3);
    const puts = documentOf(
      await home.run(['chain', 'AAPL', '--side', 'put', '--strikes', 'all', '--expiration', 'next-monthly', '--json']),
    ).data as Chain;
    expect(puts.contracts.every(({ side }) => side === 'put')).toBe(true);
    expect(puts.contracts.length).toBeGreaterThan(20);
  });

  it('computes walls and max pain of the whole expiration, independently recomputed here', async () => {
    const all = documentOf(await home.run(['chain', 'AAPL', '--strikes', 'all', '--json'])).data as Chain;
    const few = documentOf(await home.run(['chain', 'AAPL', '--strikes', '1', '--side', 'call', '--json']))
      .data as Chain;
    expect(few.analytics).toEqual(all.analytics);
    const largest = (side: Contract['side'], isThere: (strike: number) => boolean): unknown =>
      all.contracts
        .filter((each) => each.side === side && isThere(each.strike) && (each.openInterest ?? 0) > 0)
        .sort((a, b) => (b.openInterest ?? 0) - (a.openInterest ?? 0))
        .slice(0, 3)
        .map(({ strike, openInterest }) => ({ strike, openInterest }));
    expect(all.analytics.callWalls).toEqual(largest('call', (strike) => strike >= all.spot));
    expect(all.analytics.putWalls).toEqual(largest('put', (strike) => strike <= all.spot));
    const painAt = (price: number): number =>
      all.contracts.reduce(
        (sum, { side, strike, openInterest = 0 }) =>
          sum + openInterest * Math.max(0, side === 'call' ? price - strike : strike - price),
        0,
      );
    const least = Math.min(...strikesOf(all).map(painAt));
    expect(painAt(all.analytics.maxPain ?? NaN)).toBe(least);
  });

  it('names the real dates for an expiration that is not listed, and for one that is past', async () => {
    for (const date of ['2026-11-21', '2020-01-17']) {
      const run = await home.run(['chain', 'AAPL', '--expiration', date, '--json']);
      expect(run.exitCode).toBe(4);
      expect(problemsOf(documentOf(run), 'chain')).toEqual([]);
      const [error] = documentOf(run).errors;
      expect(error).toMatchObject({ code: 'no_data', symbol: 'AAPL' });
      expect(`${error?.message ?? ''} ${error?.hint ?? ''}`).toContain('2026-11-20');
      expect(run.stderr).toMatch(/2026-11-20/);
    }
  });

  it('draws calls, strike and puts around the spot within 100 columns on a pipe', async () => {
    const run = await home.run(['chain', 'AAPL', '--strikes', '4', '--expiration', 'friday']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toMatch(/^AAPL · option chain · expires Fri 2026-11-20 · .*SAMPLE/);
    expect(run.stdout).toMatch(/CALLS.*PUTS/);
    expect(run.stdout).toMatch(/─ spot \d+\.\d\d ─/);
    for (const line of run.stdout.split('\n')) expect(Array.from(line).length).toBeLessThanOrEqual(100);
  });

  it('lists expirations with days and kind, from either provider', async () => {
    const tradier = await home.run(['expirations', 'SPY', '--json']);
    expect(problemsOf(documentOf(tradier), 'expirations')).toEqual([]);
    const polygon = await home.run(['expirations', 'SPY', '--json'], {
      env: { TRADIER_ACCESS_TOKEN: undefined, ...asPolygon(market) },
    });
    expect(problemsOf(documentOf(polygon), 'expirations')).toEqual([]);
    const dates = (run: typeof tradier): string[] =>
      (documentOf(run).data as { expirations: { date: string }[] }).expirations.map(({ date }) => date);
    expect(dates(polygon)).toEqual(dates(tradier));
  });

  it('leaves contracts of another size out and says so; where none is left, that is no data', async () => {
    const contract = (root: string, side: string, size: number): object => ({
      symbol: `${root}261120${side === 'call' ? 'C' : 'P'}00100000`,
      root_symbol: root,
      option_type: side,
      strike: 100,
      expiration_date: '2026-11-20',
      contract_size: size,
    });
    await using server = await startScriptedServer(({ path, query }) => {
      if (path.endsWith('/quotes'))
        return {
          body: { quotes: { quote: { symbol: query.get('symbols') ?? '', last: 100, trade_date: Date.parse(NOW) } } },
        };
      const root = query.get('symbol') ?? '';
      return {
        body: {
          options: { option: [contract(root, 'call', root === 'XYZ' ? 100 : 10), contract(`${root}1`, 'put', 10)] },
        },
      };
    });
    await using fresh = await createHome({ ...asTradier(server), FIN_NOW: NOW });
    const [some, none, puts] = await Promise.all([
      fresh.run(['chain', 'XYZ', '--expiration', '2026-11-20']),
      fresh.run(['chain', 'ABC', '--expiration', '2026-11-20']),
      fresh.run(['chain', 'XYZ', '--expiration', '2026-11-20', '--side', 'put', '--json']),
    ]);
    expect(some.exitCode).toBe(0);
    expect(some.stdout).toContain('note: left out: a contract not of 100 shares each\n');
    expect(none).toMatchObject({ exitCode: 4, stdout: '' });
    expect(none.stderr).toMatch(
      /^fin: ABC 2026-11-20: no contracts of 100 shares; there are only 2 of another size\nhint: /,
    );
    expect(puts.exitCode).toBe(4);
    expect(problemsOf(documentOf(puts), 'chain')).toEqual([]);
  });

  it('reads a chain with greeks and nulls as the payload has it: absent where absent, volatility as a fraction', async () => {
    const greeks = wireBody('tradier.options.chain.greeks.json');
    const rows = [(JSON.parse(greeks) as { options: { option: Record<string, unknown>[] } }).options.option].flat();
    const [first = {}] = rows;
    const expiration = first['expiration_date'] as string;
    const underlying = first['underlying'] as string;
    await using server = await startScriptedServer(({ path }) => {
      if (path.endsWith('/chains')) return { body: JSON.parse(greeks) as object };
      if (path.endsWith('/quotes'))
        return {
          body: {
            quotes: {
              quote: {
                symbol: underlying,
                last: first['strike'],
                prevclose: first['strike'],
                trade_date: Date.parse(`${expiration}T15:00:00Z`) - 86_400_000,
              },
            },
          },
        };
      return { body: { expirations: { date: [expiration] } } };
    });
    await using fresh = await createHome({
      ...asTradier(server),
      FIN_NOW: `${new Date(Date.parse(expiration) - 86_400_000).toISOString().slice(0, 10)}T12:00:00-04:00`,
    });
    const run = await fresh.run(['chain', underlying, '--expiration', expiration, '--strikes', 'all', '--json']);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(problemsOf(documentOf(run), 'chain')).toEqual([]);
    const chain = documentOf(run).data as Chain;
    for (const row of rows) {
      const found = chain.contracts.find(({ symbol }) => symbol === row['symbol']);
      const { smv_vol: smooth = 0, mid_iv: mid = 0 } = (row['greeks'] ?? {}) as { smv_vol?: number; mid_iv?: number };
      expect(found?.openInterest).toBe(row['open_interest']);
      expect(found?.bid).toBe(row['bid'] ?? undefined);
      const iv = smooth > 0 ? smooth : mid;
      expect(found?.iv).toBe(iv > 0 ? iv : undefined);
    }
  });
});

describe('fin bundle', () => {
  it('brings quote, nearest chain and indicators together, each in its own shape', async () => {
    const run = await home.run(['bundle', 'NVDA', '--json', '--quiet']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(problemsOf(documentOf(run), 'bundle')).toEqual([]);
    expect(Object.keys(documentOf(run).data as object)).toEqual(['symbol', 'quote', 'chain', 'ta']);
    const calls = market.requests.filter(({ url }) => url.includes('NVDA')).length;
    expect(documentOf(run).meta.providerCalls).toBe(calls);
  });

  it('prints what there is where a part fails: exit 9 and the part’s entry in errors', async () => {
    market.faults.set('expirations', { body: JSON.parse(wireBody('tradier.options.expirations.null.json')) as object });
    const run = await home.run(['bundle', 'AMD', '--json']);
    market.faults.clear();
    expect(run.exitCode).toBe(9);
    expect(problemsOf(documentOf(run), 'bundle')).toEqual([]);
    expect(Object.keys(documentOf(run).data as object)).toEqual(['symbol', 'quote', 'ta']);
    expect(documentOf(run).errors).toMatchObject([{ symbol: 'AMD', code: 'no_data' }]);
  });
});

describe('fin market', () => {
  it('tells state, exchange time and the next change at every kind of moment, without asking where offline', async () => {
    const MOMENTS: readonly [now: string, state: string, next: string, at: string, holiday?: string][] = [
      ['2026-11-19T11:00:00-05:00', 'regular', 'post', '2026-11-19T16:00:00-05:00'],
      ['2026-11-19T03:59:00-05:00', 'closed', 'pre', '2026-11-19T04:00:00-05:00'],
      ['2026-11-26T12:00:00-05:00', 'closed', 'pre', '2026-11-27T04:00:00-05:00', 'Thanksgiving'],
      ['2026-11-27T12:59:00-05:00', 'regular', 'post', '2026-11-27T13:00:00-05:00'],
      ['2026-11-27T16:30:00-05:00', 'post', 'closed', '2026-11-27T17:00:00-05:00'],
      ['2026-03-07T12:00:00-05:00', 'closed', 'pre', '2026-03-09T04:00:00-04:00'],
    ];
    const runs = await Promise.all(
      MOMENTS.map(([now]) =>
        home.run(['market', '--json', '--offline', '--quiet'], { env: { FIN_NOW: now, TZ: 'Asia/Kolkata' } }),
      ),
    );
    for (const [index, [now, state, next, at, holiday]] of MOMENTS.entries()) {
      const run = runs[index];
      if (run === undefined) throw new Error('no run');
      expect(run).toMatchObject({ exitCode: 0, stderr: '' });
      expect(problemsOf(documentOf(run), 'market')).toEqual([]);
      expect(documentOf(run).data, now).toMatchObject({ state, nextChange: { state: next, at } });
      const said = (documentOf(run).data as { holiday?: string }).holiday;
      if (holiday === undefined) expect(said).toBeUndefined();
      else expect(said).toContain(holiday);
    }
  });
});
