// Tradier's own ways: list forms, spellings, windows, kinds and clocks. What it shares with others is in contract.ts.
import { describe, expect, it } from 'vitest';
import { readTradierLimit } from '../../src/providers/tradier.ts';
import { fixedClock, openContext } from '../helpers/direct-http.ts';
import { CONTRACT_CLOCK, describeProviderContract } from './contract.ts';
import { failureOf, readWireFile, startTradier } from './provider-bench.ts';

const context = openContext();
const NOW = Date.parse(CONTRACT_CLOCK);

const option = (symbol: string, side: string, strike: number, more: object) => ({
  symbol,
  option_type: side,
  strike,
  expiration_date: '2026-05-29',
  root_symbol: 'AAPL',
  contract_size: 100,
  open_interest: 1000,
  ...more,
});
const quoted = {
  bid: 6,
  ask: 6.2,
  bid_date: NOW,
  ask_date: NOW,
  greeks: { delta: 0.6, smv_vol: 0.25, updated_at: '2026-05-22 18:00:02' },
};
const untouched = { bid: 0, ask: 0, bid_date: 0, ask_date: 0, last: null, trade_date: 0, volume: null, greeks: null };

describeProviderContract({
  name: 'Tradier',
  start: (script) => startTradier(script, { clock: fixedClock(CONTRACT_CLOCK) }),
  market: ({ path }) => {
    const traded = { trade_date: NOW - 1000 };
    switch (path) {
      case '/v1/markets/quotes':
        return {
          body: {
            quotes: {
              quote: [
                { symbol: 'BRK/B', last: 500.5, ...traded },
                { symbol: 'AAPL', last: 308.82, prevclose: 304.99, ...traded },
              ],
              unmatched_symbols: { symbol: 'ZZZZ' },
            },
          },
        };
      case '/v1/markets/history':
        return {
          body: {
            history: {
              day: [
                { date: '2026-05-22', open: 306, high: 311, low: 305, close: 308.82, volume: 3000 },
                { date: '2026-05-20', open: 300, high: 304, low: 299, close: 303, volume: 1000 },
                { date: '2026-05-21', open: 303, high: 306, low: 302, close: 304.99, volume: 2000 },
              ],
            },
          },
        };
      case '/v1/markets/options/expirations':
        return {
          body: {
            expirations: {
              expiration: [
                { date: '2026-06-18', expiration_type: 'weeklys' },
                { date: '2026-05-29', expiration_type: 'weeklys' },
                { date: '2026-06-18', expiration_type: 'standard' },
              ],
            },
          },
        };
      case '/v1/markets/options/chains':
        return {
          body: {
            options: {
              option: [
                option('AAPL260529P00310000', 'put', 310, quoted),
                option('AAPL260529C00310000', 'call', 310, quoted),
                option('AAPL260529P00305000', 'put', 305, untouched),
                option('AAPL260529C00305000', 'call', 305, quoted),
              ],
            },
          },
        };
      case '/v1/markets/clock':
        return {
          body: {
            clock: {
              date: '2026-05-22',
              state: 'open',
              timestamp: NOW / 1000,
              next_change: '16:00',
              next_state: 'postmarket',
            },
          },
        };
      default:
        return { status: 404, body: 'no such path' };
    }
  },
  refused: () => ({ status: 401, body: readWireFile('tradier.error.401-plain.txt') }),
  nothing: ({ path }) => ({
    body: path.endsWith('history')
      ? { history: null }
      : path.endsWith('expirations')
        ? { expirations: null }
        : { options: null },
  }),
});

describe('Tradier quotes', () => {
  const one = { quotes: { quote: { symbol: 'AAPL', last: 1, trade_date: NOW } } };

  it('asks in the address for a short list, class shares with a slash', async () => {
    await using bench = await startTradier([{ body: one }]);
    await bench.provider.fetchQuotes(['BRK.B', 'AAPL', 'SPX'], context);
    const [request] = bench.server.requests;
    expect(request).toMatchObject({ method: 'GET', path: '/v1/markets/quotes', body: '' });
    expect(request?.query.get('symbols')).toBe('BRK/B,AAPL,SPX');
  });

  it('asks in a form for more than 40 symbols', async () => {
    const symbols = Array.from({ length: 41 }, (_, index) => `S${index}`);
    const none = { quotes: { unmatched_symbols: { symbol: symbols } } };
    await using bench = await startTradier([{ body: one }, { body: none }]);
    await bench.provider.fetchQuotes(symbols.slice(0, 40), context);
    const { value } = await bench.provider.fetchQuotes(symbols, context);
    expect(bench.server.requests.map((request) => request.method)).toEqual(['GET', 'POST']);
    const form = bench.server.requests[1];
    expect(form?.url).toBe('/v1/markets/quotes');
    expect(form?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(new URLSearchParams(form?.body).get('symbols')).toBe(symbols.join(','));
    expect(value.unknown).toEqual(symbols);
  });

  it('asks in a form for a list of more than 1,500 characters', async () => {
    await using bench = await startTradier([{ body: one }]);
    const symbols = Array.from({ length: 40 }, (_, index) => `${'A'.repeat(40)}${index}`);
    await bench.provider.fetchQuotes(symbols, context);
    expect(bench.server.requests[0]?.method).toBe('POST');
  });

  it.each([
    ['is null', { last: null, trade_date: NOW }],
    ['is 0', { last: 0, trade_date: NOW }],
    ['is missing', { trade_date: NOW }],
    ['is "NaN"', { last: 'NaN', trade_date: NOW }],
    ['is beyond all numbers', { last: 'HUGE', trade_date: NOW }],
    ['is of no time', { last: 5, trade_date: 0, bid_date: 0 }],
  ])(
    'has no data for a symbol whose price %s, instead of making one up or calling it unknown',
    async (_how, fields) => {
      const body = JSON.stringify({ quotes: { quote: { symbol: 'AAPL', close: 7, prevclose: 7, ...fields } } }).replace(
        '"HUGE"',
        '1e999',
      );
      await using bench = await startTradier([{ body }]);
      const { value } = await bench.provider.fetchQuotes(['AAPL'], context);
      expect(value).toMatchObject({ quotes: new Map(), unknown: [] });
      expect(value.failed?.get('AAPL')).toMatchObject({
        code: 'no_data',
        message: 'AAPL: Tradier has no price for it',
      });
    },
  );

  const seen = NOW - 5_000;
  const later = NOW + 4 * 86_400_000;

  it.each([
    ['of a day to come', later, { bid_date: seen, ask_date: seen }, seen],
    ['in seconds', Math.round(seen / 1000), { bid_date: seen, ask_date: later }, seen],
    ['of no market', 9e15, { bid_date: 0 }, NOW],
    ['of a day to come, as all of its times', later, { bid_date: later, ask_date: later }, NOW],
  ])(
    'believes no trade that is %s, says so, and takes the next time there is',
    async (_how, trade_date, more, asOf) => {
      const quote = { symbol: 'AAPL', last: 5, trade_date, ...more };
      await using bench = await startTradier([{ body: { quotes: { quote } } }], { clock: fixedClock(CONTRACT_CLOCK) });
      const { value } = await bench.provider.fetchQuotes(['AAPL'], context);
      expect(value.quotes.get('AAPL')?.asOf).toBe(asOf);
      expect(value.lost).toMatchObject([{ symbol: 'AAPL', isNote: true }]);
    },
  );

  it('believes no greeks and no trades of contracts of a day to come', async () => {
    const row = (strike: number, more: object) => ({
      symbol: `AAPL260529C00${strike}000`,
      option_type: 'call',
      expiration_date: '2026-05-29',
      strike,
      ...quoted,
      trade_date: seen,
      ...more,
    });
    const option = [
      row(300, { greeks: { delta: 0.6, smv_vol: 0.3, updated_at: '2026-06-20 18:00:00' } }),
      row(310, { trade_date: later }),
      row(320, {}),
    ];
    await using bench = await startTradier([{ body: { options: { option } } }], { clock: fixedClock(CONTRACT_CLOCK) });
    const { value, lost } = await bench.provider.fetchChain('AAPL', '2026-05-29', context);
    expect(value.greeksAsOf).toBe(Date.parse('2026-05-22T18:00:02Z'));
    expect(value.contracts.map(({ tradedAt }) => tradedAt)).toEqual([seen, undefined, seen]);
    expect(lost).toEqual([
      {
        message: 'Tradier chain: a time is left out: greeks of 2026-06-20 14:00, in the future',
        isNote: true,
      },
    ]);
  });

  it.each([
    ['is told of one of two', { quote: { symbol: 'AAPL', last: 1, trade_date: NOW } }],
    ['is told of one of two, in a list', { quote: [{ symbol: 'AAPL', last: 1, trade_date: NOW }] }],
  ])('calls no symbol unknown that it does not name so: where it %s', async (_how, quotes) => {
    const unmatched = { unmatched_symbols: { symbol: 'ZZZZ' } };
    await using bench = await startTradier([{ body: { quotes } }, { body: { quotes: { ...quotes, ...unmatched } } }]);
    const { value } = await bench.provider.fetchQuotes(['AAPL', 'MSFT'], context);
    expect([[...value.quotes.keys()], value.unknown]).toEqual([['AAPL'], []]);
    expect(value.failed?.get('MSFT')?.code).toBe('bad_payload');
    const named = (await bench.provider.fetchQuotes(['AAPL', 'ZZZZ'], context)).value;
    expect([named.unknown, named.failed]).toEqual([['ZZZZ'], undefined]);
  });

  it('knows none of the symbols where it has no quote at all, however it spells those that it names', async () => {
    await using bench = await startTradier([
      { body: { quotes: { unmatched_symbols: { symbol: 'BADTICKER123' } } } },
      { body: { quotes: null } },
    ]);
    for (let asked = 1; asked <= 2; asked += 1) {
      const { value } = await bench.provider.fetchQuotes(['ZZZZ', 'BRK.B'], context);
      expect([value.unknown, value.failed]).toEqual([['ZZZZ', 'BRK.B'], undefined]);
    }
  });

  it('takes the time of bid or ask for a price without a trade today', async () => {
    await using bench = await startTradier([
      {
        body: {
          quotes: { quote: { symbol: 'SPX', last: 6000, trade_date: 0, bid_date: NOW - 5000, ask_date: NOW - 2000 } },
        },
      },
    ]);
    const { value } = await bench.provider.fetchQuotes(['SPX'], context);
    expect(value.quotes.get('SPX')?.asOf).toBe(NOW - 2000);
  });

  it('keeps a share’s volume of 0 and has none for an index', async () => {
    const quote = ['SPX', 'AAPL'].map((symbol) => ({ symbol, last: 5, trade_date: NOW, volume: 0 }));
    await using bench = await startTradier([{ body: { quotes: { quote } } }]);
    const { value } = await bench.provider.fetchQuotes(['SPX', 'AAPL'], context);
    expect(value.quotes.get('SPX')).toStrictEqual({ symbol: 'SPX', last: 5, asOf: NOW });
    expect(value.quotes.get('AAPL')?.volume).toBe(0);
  });

  it('leaves out symbols nobody asked for', async () => {
    await using bench = await startTradier([{ body: readWireFile('tradier.quotes.batch.json') }]);
    const { value } = await bench.provider.fetchQuotes(['SPY'], context);
    expect([...value.quotes.keys()]).toEqual(['SPY']);
  });

  it('cleans a description of what a terminal would obey', async () => {
    await using bench = await startTradier([
      {
        body: {
          quotes: {
            quote: {
              symbol: 'AAPL',
              last: 1,
              trade_date: NOW,
              description: 'Ap\u001b[2Jple\u0007\u202e  \n Inc\u200d',
            },
          },
        },
      },
    ]);
    const { value } = await bench.provider.fetchQuotes(['AAPL'], context);
    expect(value.quotes.get('AAPL')?.description).toBe('Apple Inc');
  });

  it.each([
    [
      {
        quotes: {
          quote: { symbol: 'AAPL', last: '12.5' },
        },
      },
      'quotes.quote[0].last',
      /quotes\.quote\[0\]\.last is a string, expected a number$/,
    ],
    [
      { quotes: { quote: { last: 1 } } },
      'quotes.quote[0].symbol',
      /quotes\.quote\[0\]\.symbol is missing, expected string$/,
    ],
    [{ quotes: 5 }, 'quotes', /quotes is neither an object nor null$/],
    [{ quote: [] }, 'quotes', /the answer has no "quotes"$/],
  ])('names the field that does not fit (%#)', async (body, field, message) => {
    await using bench = await startTradier([{ body }]);
    const error = await failureOf(bench.provider.fetchQuotes(['AAPL'], context));
    expect(error.code).toBe('bad_payload');
    expect(error.details).toMatchObject({ provider: 'tradier', endpoint: 'quotes', field });
    expect(error.message).toMatch(message);
  });
});

describe('Tradier history', () => {
  const bar = { open: 1, high: 2, low: 1, close: 2, volume: 10 };

  it('asks for days by canonical dates', async () => {
    await using bench = await startTradier([{ body: { history: null } }]);
    await bench.provider.fetchDailyBars('BRK.B', '2026-05-01', '2026-05-22', context);
    expect(Object.fromEntries(bench.server.requests[0]?.query ?? [])).toEqual({
      symbol: 'BRK/B',
      interval: 'daily',
      start: '2026-05-01',
      end: '2026-05-22',
    });
  });

  it.each(['open', 'close', 'volume'])(
    'refuses bars of which none has its %s, and those of other days',
    async (gone) => {
      const day = { date: '2026-05-21', open: 1, high: 1, low: 1, close: 1, volume: 1 };
      const renamed = Object.fromEntries(
        Object.entries(day).map(([name, value]) => [name === gone ? 'x' : name, value]),
      );
      await using bench = await startTradier([
        { body: { history: { day: [renamed, { ...renamed, date: '2026-05-22' }] } } },
        { body: { history: { day } } },
      ]);
      const error = await failureOf(bench.provider.fetchDailyBars('AAPL', '2026-05-01', '2026-05-31', context));
      expect(error).toMatchObject({
        code: 'bad_payload',
        message: `Tradier history: history.day[0].${gone} is missing, as in every row`,
      });
      const other = await failureOf(bench.provider.fetchDailyBars('AAPL', '2026-04-01', '2026-04-30', context));
      expect(other.code).toBe('bad_payload');
    },
  );

  it('leaves out bars without a price and those of a share without volume', async () => {
    const day = [
      { date: '2026-05-18', ...bar, close: 'NaN' },
      { date: '2026-05-19', ...bar, open: null },
      { date: '2026-05-20', ...bar, volume: 'NaN' },
      { date: '2026-05-21', ...bar },
    ];
    await using bench = await startTradier([{ body: { history: { day } } }, { body: { history: { day } } }]);
    const share = await bench.provider.fetchDailyBars('AAPL', '2026-05-18', '2026-05-22', context);
    expect(share.value.map((each) => each.date)).toEqual(['2026-05-21']);
    const index = await bench.provider.fetchDailyBars('SPX', '2026-05-18', '2026-05-22', context);
    expect(index.value.map((each) => [each.date, each.volume])).toEqual([
      ['2026-05-20', 0],
      ['2026-05-21', 10],
    ]);
  });

  it.each(['2026-02-30', '05/22/2026', '', 20260522])('does not take %s for a date', async (date) => {
    await using bench = await startTradier([{ body: { history: { day: { date, ...bar } } } }]);
    const error = await failureOf(bench.provider.fetchDailyBars('AAPL', '2026-05-18', '2026-05-22', context));
    expect(error.details.field).toBe('history.day[0].date');
  });
});

it('Tradier names a lost bar of minutes by its minute', async () => {
  const data = ['10:15', '10:16'].map((time, index) => ({
    time: `2026-05-21T${time}:00`,
    timestamp: Date.parse(`2026-05-21T${time}:00-04:00`) / 1_000,
    ...{ open: 1, high: 1, low: 1, close: index === 0 ? 'x' : 1, volume: 1 },
  }));
  await using bench = await startTradier([{ body: { series: { data } } }]);
  const range = { step: '1min', hours: 'regular', from: '2026-05-21', to: '2026-05-21' } as const;
  const { value, lost } = await bench.provider.fetchIntradayBars('AAPL', range, context);
  expect(value.bars).toHaveLength(1);
  expect(lost?.[0]?.message).toContain('Tradier timesales: AAPL 2026-05-21 10:15 is left out: series.data[0].close');
});

describe('Tradier options', () => {
  it('keeps what can be read of a list longer than any that exists, also where a thousand rows in a row cannot', async () => {
    const bad = Array.from({ length: 1_000 }, () => ({ date: 'soon' }));
    const expiration = [...bad, { date: '2026-06-18', expiration_type: 'standard' }, { date: '2026-05-29' }];
    await using bench = await startTradier([{ body: { expirations: { expiration } } }]);
    const { value, lost } = await bench.provider.fetchExpirations('AAPL', context);
    expect(value.map(({ date }) => date)).toEqual(['2026-05-29', '2026-06-18']);
    expect(lost?.[0]?.message).toMatch(/^Tradier expirations: .*expected a date YYYY-MM-DD: 1000 rows are left out$/);
  });

  it('asks for all roots and for kinds, and believes the kinds it knows', async () => {
    const expiration = [
      { date: '2026-05-22', expiration_type: 'eom' },
      { date: '2026-05-27', expiration_type: 'weeklys' },
      { date: '2026-05-28', expiration_type: 'mystery' },
      { date: '2026-06-18' },
      { date: '2026-06-30', expiration_type: 'quarterlys' },
    ];
    await using bench = await startTradier([{ body: { expirations: { expiration } } }]);
    const { value } = await bench.provider.fetchExpirations('SPX', context);
    expect(value.map((each) => each.kind)).toEqual(['weekly', 'weekly', 'daily', 'monthly', 'quarterly']);
    expect(Object.fromEntries(bench.server.requests[0]?.query ?? [])).toEqual({
      symbol: 'SPX',
      includeAllRoots: 'true',
      expirationType: 'true',
    });
  });

  it('keeps the roots and sizes of adjusted contracts', async () => {
    const rows = [
      option('AAPL1260529C00305000', 'call', 305, { root_symbol: 'AAPL1', contract_size: 150 }),
      option('AAPL260529C00305000', 'call', 305, {}),
    ];
    await using bench = await startTradier([{ body: { options: { option: rows } } }]);
    const { value } = await bench.provider.fetchChain('AAPL', '2026-05-29', context);
    expect(value.contracts.map(({ root, multiplier }) => [root, multiplier])).toEqual([
      ['AAPL', 100],
      ['AAPL1', 150],
    ]);
  });

  it.each([
    [{ smv_vol: 0.3, mid_iv: 0.4 }, 0.3],
    [{ smv_vol: 0, mid_iv: 0.4 }, 0.4],
    [{ smv_vol: 0, mid_iv: 0 }, undefined],
    [{ smv_vol: null, mid_iv: 'NaN' }, undefined],
    [null, undefined],
    [undefined, undefined],
  ])('takes the smoothed volatility, else the mid, else none (%#)', async (greeks, iv) => {
    await using bench = await startTradier([
      { body: { options: { option: option('AAPL260529C00305000', 'call', 305, { greeks }) } } },
    ]);
    const { value } = await bench.provider.fetchChain('AAPL', '2026-05-29', context);
    expect(value.contracts[0]?.iv).toBe(iv);
    expect('iv' in (value.contracts[0] ?? {})).toBe(iv !== undefined);
  });

  it('keeps to the expiration asked for, and refuses a chain that holds only others', async () => {
    const other = { ...option('AAPL260605C00305000', 'call', 305, {}), expiration_date: '2026-06-05' };
    await using bench = await startTradier([
      { body: { options: { option: [other, option('AAPL260529C00305000', 'call', 305, {})] } } },
      { body: { options: { option: other } } },
    ]);
    const { value } = await bench.provider.fetchChain('AAPL', '2026-05-29', context);
    expect(value.contracts.map((each) => each.symbol)).toEqual(['AAPL260529C00305000']);
    expect((await failureOf(bench.provider.fetchChain('AAPL', '2026-05-29', context))).code).toBe('bad_payload');
  });
});

describe('Tradier clock', () => {
  const clockAt = async (iso: string, state: string, nextChange: string, nextState: string) => {
    const clock = { state, timestamp: Date.parse(iso) / 1000, next_change: nextChange, next_state: nextState };
    await using bench = await startTradier([{ body: { clock } }]);
    return (await bench.provider.fetchMarketClock(context)).value;
  };

  it.each([
    [
      '2026-05-22T05:00:00-04:00',
      'premarket',
      '09:30',
      'open',
      'pre',
      { state: 'regular', at: Date.parse('2026-05-22T09:30:00-04:00') },
    ],
    [
      '2026-05-22T17:00:00-04:00',
      'postmarket',
      '20:00',
      'closed',
      'post',
      { state: 'closed', at: Date.parse('2026-05-22T20:00:00-04:00') },
    ],
    ['2026-05-22T21:00:00-04:00', 'closed', '04:00', 'premarket', 'closed', undefined],
    ['2026-05-23T02:00:00-04:00', 'closed', '04:00', 'premarket', 'closed', undefined],
    ['2026-05-25T02:00:00-04:00', 'closed', '04:00', 'premarket', 'closed', undefined],
    ['2026-05-22T05:00:00-04:00', 'premarket', 'soon', 'open', 'pre', undefined],
    ['2026-05-22T05:00:00-04:00', 'premarket', '09:30', 'toString', 'pre', undefined],
  ])(
    'at %s says %s and the next change only when it is today’s',
    async (iso, wireState, nextChange, nextState, state, expected) => {
      const clock = await clockAt(iso, wireState, nextChange, nextState);
      expect(clock.state).toBe(state);
      expect(clock.nextChange).toEqual(expected);
    },
  );

  it('refuses a state that it does not know', async () => {
    await using bench = await startTradier([{ body: { clock: { state: 'lunch', timestamp: NOW / 1000 } } }]);
    const error = await failureOf(bench.provider.fetchMarketClock(context));
    expect(error.message).toBe(
      'Tradier clock: clock.state is a string, expected premarket or open or postmarket or closed',
    );
  });
});

describe('Tradier limits', () => {
  const headers = { 'x-ratelimit-allowed': '120', 'x-ratelimit-used': '120', 'x-ratelimit-available': '0' };

  it.each([
    [
      'the header in milliseconds',
      { 'x-ratelimit-expiry': String(NOW + 12_345), 'retry-after': '3' },
      '',
      NOW + 12_345,
    ],
    ['the header in seconds', { 'x-ratelimit-expiry': String(NOW / 1000 + 12) }, '', NOW + 12_000],
    ['the last word of the text', {}, `Quota Violation, window ends ${NOW + 9000}`, NOW + 9000],
    ['Retry-After', { 'retry-after': '7' }, 'Quota Violation', NOW + 7000],
    ['the next minute when the header is of the past', { 'x-ratelimit-expiry': '1369168800001' }, '', NOW + 60_000],
    [
      'the next minute when the header is of another century',
      { 'x-ratelimit-expiry': '9999999999999' },
      '',
      NOW + 60_000,
    ],
  ])('after a 429 waits until %s', async (_what, extra, body, retryAtMs) => {
    await using bench = await startTradier([{ status: 429, headers: { ...headers, ...extra }, body }], {
      clock: fixedClock(CONTRACT_CLOCK),
    });
    const error = await failureOf(bench.provider.fetchQuotes(['AAPL'], context));
    expect(error.details.retryAtMs).toBe(retryAtMs);
    expect(readTradierLimit({ status: 429, headers: { ...headers, ...extra }, body }, NOW)).toEqual({
      blockedUntilMs: retryAtMs,
    });
  });

  it('counts waits on the machine’s clock, not on the market’s', async () => {
    const clock = fixedClock('2019-05-06T15:00:00Z', NOW);
    await using bench = await startTradier([{ status: 429 }], { clock });
    expect((await failureOf(bench.provider.fetchQuotes(['AAPL'], context))).details.retryAtMs).toBe(NOW + 60_000);
  });

  it.each([
    {},
    { 'x-ratelimit-available': 'many' },
    { 'x-ratelimit-available': '-1', 'x-ratelimit-expiry': String(NOW + 1000) },
    { 'x-ratelimit-available': '5' },
  ])('takes no notice of headers that say nothing (%#)', (partial) => {
    expect(readTradierLimit({ status: 200, headers: partial, body: '' }, NOW)).toBeUndefined();
  });
});

it('a token of the other environment is told apart from a wrong one', async () => {
  await using bench = await startTradier([
    { status: 401, body: readWireFile('tradier.error.401-no-apiproduct-fault.json') },
  ]);
  expect((await failureOf(bench.provider.checkAccess(context))).hint).toMatch(/TRADIER_ENV=sandbox/);
});

it('an address given with the version is the same as without', async () => {
  await using bench = await startTradier([{ body: { history: null } }], { basePath: '/v1/' });
  await bench.provider.fetchDailyBars('AAPL', '2026-05-01', '2026-05-22', context);
  expect(bench.server.requests[0]?.path).toBe('/v1/markets/history');
  expect(bench.provider.identity).toBe(`tradier ${bench.server.baseUrl} production`);
});
