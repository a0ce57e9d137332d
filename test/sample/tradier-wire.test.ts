// Tradier's wire format as served by the sample market, held against recorded answers.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Row } from './sample-exchange.ts';
import { ask, askJson, exchangeAt, tradierHistory, tradierQuote } from './sample-exchange.ts';

const OPEN = '2026-11-19T11:00:30-05:00';
const CLOSED = '2026-11-21T12:00:00-05:00';

function recorded(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/wire/${name}.json`, import.meta.url), 'utf8'));
}

function keys(value: unknown): string[] {
  return Object.keys(value as object).sort();
}

/** The value at a path of keys. */
function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value);
}

describe('Tradier quotes', () => {
  it('have the keys of a recorded one', () => {
    expect(keys(tradierQuote(exchangeAt(CLOSED), 'AAPL'))).toEqual(
      keys(at(recorded('tradier.quotes.single'), 'quotes', 'quote')),
    );
  });

  it('are one object for one symbol, an array for several, and absent when none is known', () => {
    const exchange = exchangeAt(OPEN);
    const one = askJson<{ quotes: { quote: Row } }>(exchange, '/v1/markets/quotes?symbols=AAPL');
    expect(Array.isArray(one.quotes.quote)).toBe(false);
    const several = askJson<{ quotes: { quote: Row[]; unmatched_symbols: { symbol: string } } }>(
      exchange,
      '/v1/markets/quotes?symbols=AAPL,ZZZZ,MSFT,AAPL',
    );
    expect(several.quotes.quote.map(({ symbol }) => symbol)).toEqual(['AAPL', 'MSFT']);
    expect(several.quotes.unmatched_symbols).toEqual({ symbol: 'ZZZZ' });
    expect(askJson(exchange, '/v1/markets/quotes?symbols=BADTICKER123')).toEqual(recorded('tradier.quotes.unmatched'));
    expect(askJson(exchange, '/v1/markets/quotes?symbols=ZZZZ,YYYY')).toEqual({
      quotes: { unmatched_symbols: { symbol: ['ZZZZ', 'YYYY'] } },
    });
  });

  it('know a class share by its slash only', () => {
    const exchange = exchangeAt(OPEN);
    expect(tradierQuote(exchange, 'BRK/B')).toMatchObject({ symbol: 'BRK/B', root_symbols: 'BRKB' });
    expect(askJson(exchange, '/v1/markets/quotes?symbols=BRK.B')).toEqual({
      quotes: { unmatched_symbols: { symbol: 'BRK.B' } },
    });
  });

  it('come for a posted form as for a query', () => {
    const exchange = exchangeAt(OPEN);
    const posted = exchange.handle({
      method: 'POST',
      path: '/v1/markets/quotes',
      headers: {},
      body: 'symbols=AAPL%2CBRK%2FB&greeks=false',
    });
    expect(posted.body).toBe(ask(exchange, '/v1/markets/quotes?symbols=AAPL,BRK/B&greeks=false').body);
    expect(
      exchange.handle({ method: 'POST', path: '/v1/markets/history', headers: {}, body: 'symbol=AAPL' }).status,
    ).toBe(405);
  });

  it('of an index have no market and no volume', () => {
    expect(tradierQuote(exchangeAt(OPEN), 'VIX')).toMatchObject({ type: 'index', bid: null, ask: null, volume: 0 });
  });

  it('of an option are its row of the chain', () => {
    const exchange = exchangeAt(OPEN);
    const chain = askJson<{ options: { option: Row[] } }>(
      exchange,
      '/v1/markets/options/chains?symbol=AAPL&expiration=2026-11-20&greeks=true',
    );
    const row = chain.options.option[30]!;
    expect(askJson(exchange, `/v1/markets/quotes?symbols=${String(row['symbol'])}&greeks=true`)).toEqual({
      quotes: { quote: row },
    });
    expect(keys(row)).toEqual(keys(at(recorded('tradier.quotes.option-greeks'), 'quotes', 'quote', 1)));
  });
});

describe('Tradier history', () => {
  it('is an array, one object for one bar, and null for none or an unknown symbol', () => {
    const exchange = exchangeAt(CLOSED);
    const several = askJson(exchange, '/v1/markets/history?symbol=AAPL&start=2026-11-16&end=2026-11-20');
    expect(keys(at(several, 'history', 'day', 0))).toEqual(
      keys(at(recorded('tradier.history.daily'), 'history', 'day', 0)),
    );
    const one = askJson(exchange, '/v1/markets/history?symbol=AAPL&start=2026-11-20&end=2026-11-22');
    expect(keys(at(one, 'history', 'day'))).toEqual(
      keys(at(recorded('tradier.history.daily-single'), 'history', 'day')),
    );
    const none = recorded('tradier.history.null');
    expect(askJson(exchange, '/v1/markets/history?symbol=AAPL&start=2026-11-21&end=2026-11-22')).toEqual(none);
    expect(askJson(exchange, '/v1/markets/history?symbol=ZZZZ&start=2026-11-16&end=2026-11-20')).toEqual(none);
  });

  it('holds the running session while it runs, and nothing of a session to come', () => {
    const dates = (time: string): string[] =>
      tradierHistory(exchangeAt(time), 'AAPL', '2026-11-18', '2026-12-31').map(({ date }) => date);
    expect(dates('2026-11-19T09:29:59-05:00')).toEqual(['2026-11-18']);
    expect(dates('2026-11-19T09:30:00-05:00')).toEqual(['2026-11-18', '2026-11-19']);
    expect(dates('2026-11-19T16:00:00-05:00')).toEqual(['2026-11-18', '2026-11-19']);
  });

  it('gathers weeks under their Monday and months under their first, under the key `day` too', () => {
    const exchange = exchangeAt(CLOSED);
    const daily = tradierHistory(exchange, 'AAPL', '2026-11-02', '2026-11-20');
    const weekly = askJson<{ history: { day: Row[] } }>(
      exchange,
      '/v1/markets/history?symbol=AAPL&interval=weekly&start=2026-11-02&end=2026-11-20',
    ).history.day;
    expect(weekly.map(({ date }) => date)).toEqual(['2026-11-02', '2026-11-09', '2026-11-16']);
    expect(weekly[0]).toMatchObject({
      open: daily[0]!.open,
      close: daily[4]!.close,
      high: Math.max(...daily.slice(0, 5).map(({ high }) => high)),
    });
    const monthly = askJson<{ history: { day: Row } }>(
      exchange,
      '/v1/markets/history?symbol=AAPL&interval=monthly&start=2026-11-01&end=2026-11-20',
    ).history.day;
    expect(monthly).toMatchObject({ date: '2026-11-01', open: daily[0]!.open, close: daily.at(-1)!.close });
  });

  it('refuses what it cannot read in plain text', () => {
    const exchange = exchangeAt(CLOSED);
    for (const [query, name] of [
      ['symbol=AAPL&start=11/16/2026', 'start'],
      ['symbol=AAPL&end=2026-02-30', 'end'],
      ['symbol=AAPL&interval=hourly', 'interval'],
      ['start=2026-11-16', 'symbol'],
    ] as const) {
      const reply = ask(exchange, `/v1/markets/history?${query}`);
      expect(reply.status).toBe(400);
      expect(reply.headers['content-type']).toBe('text/plain');
      expect(reply.body.startsWith(`Invalid parameter, ${name}: `)).toBe(true);
    }
  });
});

describe('Tradier options', () => {
  it('list expirations as dates, and in detail when a detail is asked for', () => {
    const exchange = exchangeAt(OPEN);
    const plain = askJson<{ expirations: { date: string[] } }>(
      exchange,
      '/v1/markets/options/expirations?symbol=NVDA&includeAllRoots=true',
    );
    expect(plain.expirations.date[0]).toBe('2026-11-20');
    const detailed = askJson<{ expirations: { expiration: Row[] } }>(
      exchange,
      '/v1/markets/options/expirations?symbol=NVDA&contractSize=true&expirationType=true&strikes=true',
    );
    expect(detailed.expirations.expiration.map(({ date }) => date)).toEqual(plain.expirations.date);
    expect(keys(detailed.expirations.expiration[0])).toEqual(
      keys(at(recorded('tradier.options.expirations.detailed'), 'expirations', 'expiration', 0)),
    );
    const types = askJson<{ expirations: { expiration: Row[] } }>(
      exchange,
      '/v1/markets/options/expirations?symbol=SPY&expirationType=true',
    ).expirations.expiration;
    const typeOf = (date: string): unknown => types.find((row) => row['date'] === date)?.['expiration_type'];
    expect([typeOf('2026-11-20'), typeOf('2026-11-23'), typeOf('2026-12-31')]).toEqual([
      'standard',
      'weeklys',
      'quarterlys',
    ]);
    expect(askJson(exchange, '/v1/markets/options/expirations?symbol=VIX')).toEqual(
      recorded('tradier.options.expirations.null'),
    );
  });

  it('have chain rows with the recorded keys, greeks only when asked for', () => {
    const exchange = exchangeAt(OPEN);
    const withGreeks = askJson<{ options: { option: Row[] } }>(
      exchange,
      '/v1/markets/options/chains?symbol=NVDA&expiration=2026-11-20&greeks=true',
    ).options.option;
    const example = at(recorded('tradier.options.chain.greeks'), 'options', 'option', 0);
    expect(keys(withGreeks[0])).toEqual(keys(example));
    expect(keys(withGreeks[0]!['greeks'])).toEqual(keys(at(example, 'greeks')));
    const without = askJson<{ options: { option: Row[] } }>(
      exchange,
      '/v1/markets/options/chains?symbol=NVDA&expiration=2026-11-20',
    ).options.option;
    expect(keys(without[0])).toEqual(keys(at(recorded('tradier.options.chain.no-greeks'), 'options', 'option', 0)));
    const nulls = withGreeks.filter(({ last }) => last === null);
    expect(nulls.length).toBeGreaterThan(0);
    expect(nulls[0]).toMatchObject({
      change: null,
      open: null,
      high: null,
      low: null,
      close: null,
      prevclose: null,
      volume: 0,
      trade_date: 0,
      open_interest: 0,
    });
    expect(withGreeks.some((row) => row['bid'] === 0 && at(row, 'greeks', 'bid_iv') === 0)).toBe(true);
    expect(at(withGreeks[0], 'greeks', 'updated_at')).toBe('2026-11-19 16:00:00');
    const expired = askJson<{ options: { option: Row[] } }>(
      exchangeAt('2026-11-20T18:00:00-05:00'),
      '/v1/markets/options/chains?symbol=NVDA&expiration=2026-11-20&greeks=true',
    ).options.option;
    expect(new Set(expired.map(({ greeks }) => greeks))).toEqual(new Set([null]));
  });

  it('are null for a past or unlisted expiration, and 400 for an unreadable one', () => {
    const exchange = exchangeAt(OPEN);
    const none = recorded('tradier.options.chain.null');
    expect(askJson(exchange, '/v1/markets/options/chains?symbol=NVDA&expiration=2026-11-13')).toEqual(none);
    expect(askJson(exchange, '/v1/markets/options/chains?symbol=NVDA&expiration=2026-11-24')).toEqual(none);
    expect(askJson(exchange, '/v1/markets/options/strikes?symbol=NVDA&expiration=2026-11-24')).toEqual({
      strikes: null,
    });
    expect(ask(exchange, '/v1/markets/options/chains?symbol=NVDA&expiration=friday').status).toBe(400);
    expect(ask(exchange, '/v1/markets/options/chains?symbol=NVDA').body).toBe(
      'Invalid parameter, expiration: is required',
    );
  });
});

describe('Tradier clock, calendar and search', () => {
  it('say the state of the market and its next change in exchange time', () => {
    const clock = (time: string): Row => askJson<{ clock: Row }>(exchangeAt(time), '/v1/markets/clock').clock;
    expect(keys(clock(OPEN))).toEqual(keys(at(recorded('tradier.clock.open'), 'clock')));
    expect(clock(OPEN)).toEqual({
      date: '2026-11-19',
      description: 'Market is open from 09:30 to 16:00',
      state: 'open',
      timestamp: Date.parse(OPEN) / 1000,
      next_change: '16:00',
      next_state: 'postmarket',
    });
    expect(clock('2026-11-27T12:00:00-05:00')).toMatchObject({ state: 'open', next_change: '13:00' });
    expect(clock('2026-11-26T12:00:00-05:00')).toMatchObject({
      state: 'closed',
      next_state: 'premarket',
      description: 'Market is closed for Thanksgiving Day',
    });
    expect(clock('2026-11-19T05:00:00-05:00')).toMatchObject({
      state: 'premarket',
      next_change: '09:30',
      next_state: 'open',
    });
    expect(clock('2026-11-19T18:00:00-05:00')).toMatchObject({
      state: 'postmarket',
      next_change: '20:00',
      next_state: 'closed',
    });
  });

  it('lay out a month with its holidays and half days', () => {
    const month = askJson<{ calendar: { month: number; year: number; days: { day: Row[] } } }>(
      exchangeAt(OPEN),
      '/v1/markets/calendar?month=11&year=2026',
    ).calendar;
    expect(month).toMatchObject({ month: 11, year: 2026 });
    expect(month.days.day).toHaveLength(30);
    expect(keys(month.days.day[1])).toEqual(keys(at(recorded('tradier.calendar'), 'calendar', 'days', 'day', 0)));
    expect(month.days.day[25]).toEqual({
      date: '2026-11-26',
      status: 'closed',
      description: 'Market is closed for Thanksgiving Day',
    });
    expect(at(month.days.day[26], 'open')).toEqual({ start: '09:30', end: '13:00' });
    expect(ask(exchangeAt(OPEN), '/v1/markets/calendar?month=13').status).toBe(400);
  });

  it('find companies by name and symbols by their beginning', () => {
    const exchange = exchangeAt(OPEN);
    const both = askJson<{ securities: { security: Row[] } }>(exchange, '/v1/markets/search?q=alphabet').securities
      .security;
    expect(both.map(({ symbol }) => symbol)).toEqual(['GOOGL', 'GOOG']);
    expect(askJson(exchange, '/v1/markets/lookup?q=GOOGL')).toEqual({
      securities: { security: { symbol: 'GOOGL', exchange: 'Q', type: 'stock', description: 'Alphabet Inc Class A' } },
    });
    expect(askJson(exchange, '/v1/markets/lookup?q=ZZZZ')).toEqual({ securities: null });
  });

  it('answer 404 for a path that Tradier does not have', () => {
    expect(ask(exchangeAt(OPEN), '/v1/markets/nothing').status).toBe(404);
    expect(ask(exchangeAt(OPEN), '/v1/markets/%E0%A4%A').status).toBe(400);
  });
});
