// What every provider promises whatever its wire looks like: the same small market, told in each one's own format.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Provider } from '../../src/providers/provider.ts';
import { openContext } from '../helpers/direct-http.ts';
import type { ReplyScript } from '../helpers/scripted-server.ts';
import { failureOf, SECRET, type Bench } from './provider-bench.ts';

/**
 * The market: AAPL at 308.82 (before: 304.99) and BRK.B at 500.5, ZZZZ unknown; AAPL has bars of 2026-05-20 to 22,
 * told in disorder; options of AAPL expire on 2026-05-29 and 2026-06-18 (third Friday is a holiday), told out of order
 * and twice; the chain of 2026-05-29 has strikes 305 and 310. The market is open at 2026-05-22T15:00:00-04:00.
 */
export const CONTRACT_CLOCK = '2026-05-22T19:00:00Z';

export interface ContractSubject {
  name: string;
  start(script: ReplyScript): Promise<Bench<Provider>>;
  /** Serves the market above in the provider's own format. */
  market: ReplyScript;
  /** Replies that mean: the key is refused. */
  refused: ReplyScript;
  /** Replies that mean: nothing there. */
  nothing: ReplyScript;
}

export function describeProviderContract(subject: ContractSubject): void {
  const context = openContext();

  describe(`the provider contract at ${subject.name}`, () => {
    let bench: Bench<Provider>;
    beforeEach(async () => {
      bench = await subject.start(subject.market);
    });
    afterEach(() => bench.server.close());

    it('brings a whole basket in one request, by canonical symbol, and names what it does not know', async () => {
      const { value, sample } = await bench.provider.fetchQuotes(['BRK.B', 'ZZZZ', 'AAPL', 'AAPL'], context);
      expect([...value.quotes.keys()].sort()).toEqual(['AAPL', 'BRK.B']);
      expect(value.quotes.get('AAPL')).toMatchObject({ symbol: 'AAPL', last: 308.82, previousClose: 304.99 });
      expect(value.quotes.get('BRK.B')?.last).toBe(500.5);
      expect(value.unknown).toEqual(['ZZZZ']);
      expect(bench.server.requests).toHaveLength(1);
      expect(sample).toBe(false);
    });

    it('asks nothing for an empty basket', async () => {
      const { value } = await bench.provider.fetchQuotes([], context);
      expect(value).toEqual({ quotes: new Map(), unknown: [] });
      expect(bench.server.requests).toHaveLength(0);
    });

    it('says as of when a price is', async () => {
      const { value } = await bench.provider.fetchQuotes(['AAPL'], context);
      expect(value.quotes.get('AAPL')?.asOf).toBe(Date.parse('2026-05-22T18:59:59Z'));
    });

    it('gives daily bars ascending and inside the range', async () => {
      const { value } = await bench.provider.fetchDailyBars('AAPL', '2026-05-21', '2026-05-22', context);
      expect(value.map((bar) => [bar.date, bar.close, bar.volume])).toEqual([
        ['2026-05-21', 304.99, 2000],
        ['2026-05-22', 308.82, 3000],
      ]);
    });

    it('gives expirations ascending, once each, with a kind', async () => {
      const { value } = await bench.provider.fetchExpirations('AAPL', context);
      expect(value).toEqual([
        { date: '2026-05-29', kind: 'weekly' },
        { date: '2026-06-18', kind: 'monthly' },
      ]);
    });

    it('gives a chain ascending by strike, calls before puts, with absent figures absent', async () => {
      const { value } = await bench.provider.fetchChain('AAPL', '2026-05-29', context);
      expect(value.contracts.map((contract) => contract.symbol)).toEqual([
        'AAPL260529C00305000',
        'AAPL260529P00305000',
        'AAPL260529C00310000',
        'AAPL260529P00310000',
      ]);
      const [call, put] = value.contracts;
      expect(call).toMatchObject({
        side: 'call',
        strike: 305,
        expiration: '2026-05-29',
        root: 'AAPL',
        multiplier: 100,
        bid: 6,
        ask: 6.2,
        iv: 0.25,
        delta: 0.6,
        openInterest: 1000,
      });
      expect(Object.keys(put ?? {}).sort()).toEqual([
        'expiration',
        'multiplier',
        'openInterest',
        'root',
        'side',
        'strike',
        'symbol',
        'underlying',
      ]);
    });

    it('reads the market’s state', async () => {
      const { value } = await bench.provider.fetchMarketClock(context);
      expect(value).toMatchObject({ state: 'regular', at: Date.parse(CONTRACT_CLOCK) });
    });

    it('tells a sample market’s replies from real ones', async () => {
      await using sampleBench = await subject.start(async (request, index) => ({
        ...(await subject.market(request, index)),
        headers: { 'fin-sample': 'true' },
      }));
      expect((await sampleBench.provider.fetchQuotes(['AAPL'], context)).sample).toBe(true);
      expect((await sampleBench.provider.fetchChain('AAPL', '2026-05-29', context)).sample).toBe(true);
      expect((await sampleBench.provider.fetchExpirations('AAPL', context)).sample).toBe(true);
    });

    it('sends the key as a header and never in an address or a body', async () => {
      await bench.provider.fetchQuotes(['AAPL'], context);
      await bench.provider.fetchChain('AAPL', '2026-05-29', context);
      await bench.provider.checkAccess(context);
      expect(bench.server.requests).toHaveLength(3);
      for (const request of bench.server.requests) {
        expect(request.headers.authorization).toBe(`Bearer ${SECRET}`);
        expect(request.headers.accept).toBe('application/json');
        expect(decodeURIComponent(request.url) + request.body).not.toContain(SECRET);
      }
    });

    it('tells identities apart by name and address, without the key', () => {
      expect(bench.provider.identity).toContain(bench.server.baseUrl);
      expect(bench.provider.identity).toContain(bench.provider.name);
      expect(bench.provider.identity).not.toContain(SECRET);
    });

    it('has nothing rather than an error where there is nothing', async () => {
      await using empty = await subject.start(subject.nothing);
      expect((await empty.provider.fetchDailyBars('ZZZZ', '2026-05-21', '2026-05-22', context)).value).toEqual([]);
      expect((await empty.provider.fetchExpirations('ZZZZ', context)).value).toEqual([]);
      expect((await empty.provider.fetchChain('ZZZZ', '2026-05-29', context)).value.contracts).toEqual([]);
    });

    it('reports a refused key from every method, with what to do and without the key', async () => {
      await using refused = await subject.start(subject.refused);
      for (const call of callsOf(refused.provider)) {
        const error = await failureOf(call());
        expect(error.code).toBe('unauthorized');
        expect(error.hint).toMatch(/check|TRADIER_ENV/);
        expect(JSON.stringify([error.message, error.details])).not.toContain(SECRET);
      }
    });

    it.each([
      ['an empty body', '', 'unavailable'],
      ['a web page with status 200', '<!DOCTYPE html><html><title>API</title></html>', 'unavailable'],
      ['half of its JSON', '{"status":"OK","quotes":{"quote":[{"sym', 'unavailable'],
      ['plain text', 'ok', 'unavailable'],
      ['JSON that is not an object', '42', 'bad_payload'],
      ['null', 'null', 'bad_payload'],
      ['an object without what the endpoint always has', '{"hello":"world"}', 'bad_payload'],
      ['JSON nested too deep', `{"status":"OK","results":${'['.repeat(100_000)}`, 'bad_payload'],
    ])('calls %s an error and never "no data"', async (_what, body, code) => {
      await using broken = await subject.start(() => ({ body, headers: { 'content-type': 'application/json' } }));
      for (const call of callsOf(broken.provider)) expect((await failureOf(call())).code).toBe(code);
    });

    it.each(['reset', 'truncate'] as const)('a connection that breaks off (%s) is unavailable', async (fault) => {
      await using broken = await subject.start(async (request, index) => ({
        ...(await subject.market(request, index)),
        fault,
      }));
      expect((await failureOf(broken.provider.fetchQuotes(['AAPL'], context))).code).toBe('unavailable');
    });

    it.each([500, 502, 503, 504])('status %i is unavailable, also with a web page as its body', async (status) => {
      await using broken = await subject.start(() => ({
        status,
        body: '<html><body><h1>Bad gateway</h1></body></html>',
      }));
      const error = await failureOf(broken.provider.fetchQuotes(['AAPL'], context));
      expect(error.code).toBe('unavailable');
      expect(error.message).not.toContain('<');
    });

    it('a 404 that is no JSON says that the address is wrong, not that there is no data', async () => {
      await using wrong = await subject.start(() => ({ status: 404, body: '<html>nginx</html>' }));
      const error = await failureOf(wrong.provider.fetchDailyBars('AAPL', '2026-05-21', '2026-05-22', context));
      expect(error.code).toBe('bad_payload');
      expect(error.hint).toMatch(/_BASE_URL/);
    });

    it('an empty 429 says when to ask again', async () => {
      await using limited = await subject.start(() => ({ status: 429 }));
      const error = await failureOf(limited.provider.fetchQuotes(['AAPL'], context));
      expect(error.code).toBe('rate_limited');
      expect(error.details.retryAtMs).toBe(Date.parse(CONTRACT_CLOCK) + 60_000);
      expect(error.hint).toBe('ask again in 60 s');
    });

    it.each([
      ['17', 17_000],
      ['Fri, 22 May 2026 19:00:05 GMT', 5000],
      ['999999999', 3_600_000],
      ['soon', 60_000],
    ])('a 429 with Retry-After: %s is believed within reason', async (retryAfter, waitMs) => {
      await using limited = await subject.start(() => ({ status: 429, headers: { 'retry-after': retryAfter } }));
      const error = await failureOf(limited.provider.fetchQuotes(['AAPL'], context));
      expect(error.details.retryAtMs).toBe(Date.parse(CONTRACT_CLOCK) + waitMs);
    });

    it('an error message is one short line without anything invisible, whatever the provider sends', async () => {
      const hostile = `\u001b[31mred\u001b]0;title\u0007 \u202Eevil\u200b Bearer ${SECRET} apiKey=${SECRET}\n${'x'.repeat(5000)}`;
      await using rude = await subject.start(() => ({ status: 400, body: hostile }));
      const error = await failureOf(rude.provider.fetchQuotes(['AAPL'], context));
      expect(error.message).toMatch(/^[\x20-\x7e…]+$/);
      expect(error.message.length).toBeLessThan(260);
      expect(JSON.stringify([error.message, error.details])).not.toContain(SECRET);
      expect(error.message).toMatch(/red evil Bearer \*\*\*/);
    });

    it('keys named __proto__ and constructor do no harm', async () => {
      const poison = ',"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
      await using poisoned = await subject.start(async (request, index) => {
        const reply = await subject.market(request, index);
        return {
          body: JSON.stringify(reply.body).replaceAll('}', poison),
          headers: { 'content-type': 'application/json' },
        };
      });
      const { value } = await poisoned.provider.fetchQuotes(['AAPL'], context);
      expect(value.quotes.get('AAPL')?.last).toBe(308.82);
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
      expect(value.quotes.get('AAPL')).not.toHaveProperty('polluted');
    });

    function callsOf(provider: Provider): (() => Promise<unknown>)[] {
      return [
        () => provider.fetchQuotes(['AAPL'], context),
        () => provider.fetchDailyBars('AAPL', '2026-05-21', '2026-05-22', context),
        () => provider.fetchExpirations('AAPL', context),
        () => provider.fetchChain('AAPL', '2026-05-29', context),
        () => provider.fetchMarketClock(context),
        () => provider.checkAccess(context),
      ];
    }
  });
}
