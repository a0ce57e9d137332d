// Quotes that a stream keeps new: against the sample exchange on a real socket, with the leases of a real cache file.
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClient } from '../../src/http/client.ts';
import { delay } from '../../src/http/delay.ts';
import { createGotTransport } from '../../src/http/got-transport.ts';
import type { CallEvent } from '../../src/http/http.ts';
import { type QuoteStream, createQuoteStream } from '../../src/market/quote-stream.ts';
import { createTradier } from '../../src/providers/tradier.ts';
import { createExchange, type ExchangeReply, type ExchangeRequest } from '../../src/sample/exchange.ts';
import { startExchangeServer } from '../../src/sample/server.ts';
import { createSyntheticMarket } from '../../src/sample/source.ts';
import { createTempFolder } from '../cache/helpers.ts';
import { IN_SESSION, createRequest, createTestClock, openProcess, startCountingExchange, valueOf } from './world.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function start() {
  const clock = createTestClock(IN_SESSION);
  const counting = await startCountingExchange(clock);
  const exchange = createExchange({ market: createSyntheticMarket(clock), clock });
  const asked: string[] = [];
  let aheadMs = 0;
  let interfere: ((request: ExchangeRequest) => ExchangeReply | undefined) | undefined;
  const server = await startExchangeServer({
    exchange: {
      handle: (request) => {
        asked.push(request.path);
        return interfere?.(request) ?? exchange.handle(request);
      },
    },
    port: 0,
    host: '127.0.0.1',
  });
  cleanups.push(() => server.close());
  const folder = createTempFolder();

  /** One process. What it asks for goes to one server, what it streams comes from the other. */
  function open(): QuoteStream & { events: CallEvent[] } {
    const { market, state } = openProcess({ folder, clock, tradier: counting });
    const events: CallEvent[] = [];
    const http = createHttpClient({
      transport: createGotTransport(),
      state,
      machineNow: () => clock.machineNow(),
      random: () => 0,
    });
    cleanups.push(() => http.close());
    const tradier = createTradier({ http, clock, baseUrl: server.url, token: 'k-tradier', environment: 'production' });
    const stream = createQuoteStream({
      market,
      load: () => Promise.resolve(tradier),
      leases: state,
      lease: 'stream:k',
      clock: { ...clock, machineNow: () => clock.machineNow() + aheadMs },
      quietMs: 10_000,
      delay: (ms, signal) => delay(ms / 100, signal),
      report: (event) => events.push(event),
    });
    cleanups.push(() => stream.stop());
    return Object.defineProperties({ events }, Object.getOwnPropertyDescriptors(stream)) as QuoteStream & {
      events: CallEvent[];
    };
  }

  return {
    clock,
    /** Market and machine. */
    pass: (ms: number): void => {
      clock.advance(ms);
      aheadMs += ms;
    },
    counting,
    open,
    sessions: () => asked.filter((path) => path.endsWith('/session')).length,
    setFault: (fault: typeof interfere) => void (interfere = fault),
  };
}

/** Looks every few milliseconds; the test's own time limit ends it. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await delay(5, new AbortController().signal);
}

describe('quotes with a stream', () => {
  it('are asked for once and follow the stream from then on, with its time', async () => {
    const { clock, counting, open } = await start();
    const stream = open();
    const before = valueOf((await stream.market.quotes(['NVDA', 'SPY'], createRequest())).get('NVDA'));
    stream.follow(['NVDA', 'SPY']);
    await until(() => stream.isLive);
    clock.advance(5_000);
    const request = createRequest({ refresh: true });
    const read = async () => (await stream.market.quotes(['NVDA', 'SPY'], request)).get('NVDA');
    let after = await read();
    while (valueOf(after).volume === before.volume) {
      await delay(20, request.call.signal);
      after = await read();
    }
    expect(valueOf(after).asOf).toBeGreaterThan(before.asOf);
    expect(valueOf(after)).toMatchObject({ averageVolume: before.averageVolume, previousClose: before.previousClose });
    expect(counting.calls('quotes')).toBe(counting.calls());
    expect(counting.calls()).toBeLessThanOrEqual(2);
    const own = counting.calls();
    await read();
    expect(counting.calls()).toBe(own);
    await stream.market.quotes(['AMD'], request);
    expect(counting.calls()).toBe(own + 1);
  });

  /** A stream of lines that the test writes. */
  function streamOf(lines: string[]) {
    return ({ path }: ExchangeRequest): ExchangeReply | undefined =>
      path.endsWith('/events')
        ? {
            status: 200,
            headers: { 'content-type': 'application/json' },
            body: '',
            nextLines: () => lines.splice(0),
          }
        : undefined;
  }

  const tradeOf = (last: string, atMs: number): string =>
    JSON.stringify({ type: 'trade', symbol: 'NVDA', price: last, last, size: '10', cvol: '500', date: String(atMs) });

  it('are asked for where the stream is silent, and old until then; any line brings it back to life', async () => {
    const { clock, pass, counting, open, setFault } = await start();
    const lines = [tradeOf('999', clock.now())];
    setFault(streamOf(lines));
    const stream = open();
    const quote = async () => (await stream.market.quotes(['NVDA'], createRequest({ refresh: true }))).get('NVDA');
    stream.follow(['NVDA']);
    await until(() => stream.isLive);
    expect(await quote()).toMatchObject({ value: { last: 999 }, source: { freshness: 'live' } });
    const asked = counting.calls();
    pass(8_000);
    expect(await quote()).toMatchObject({ source: { freshness: 'cached', fetchedAt: clock.now() - 8_000 } });
    expect(counting.calls()).toBe(asked);
    pass(4_000);
    expect(stream.isLive).toBe(false);
    await quote();
    expect(counting.calls()).toBe(asked + 1);
    lines.push('{"type":"heartbeat"}');
    await until(() => stream.isLive);
  });

  it('go back to no older price when the stream is lost', async () => {
    const { clock, open, setFault } = await start();
    const lines: string[] = [];
    setFault(streamOf(lines));
    const stream = open();
    const quote = async () => valueOf((await stream.market.quotes(['NVDA'], createRequest())).get('NVDA'));
    const before = await quote();
    stream.follow(['NVDA']);
    clock.advance(300);
    lines.push(tradeOf('999', clock.now()));
    await until(() => stream.isLive);
    expect(await quote()).toMatchObject({ last: 999, asOf: clock.now() });
    await stream.stop();
    expect(stream.isLive).toBe(false);
    const after = await quote();
    expect(after).toMatchObject({ last: 999, asOf: before.asOf + 300 });
    clock.advance(60_000);
    expect((await quote()).asOf).toBeGreaterThan(after.asOf);
  });

  it('have one session over all processes, which the next takes over when it is given back', async () => {
    const { open, sessions } = await start();
    const [first, second] = [open(), open()];
    first.follow(['NVDA']);
    await until(() => first.isLive);
    second.follow(['NVDA']);
    await delay(150, new AbortController().signal);
    expect([second.isLive, sessions()]).toEqual([false, 1]);
    await first.stop();
    await until(() => second.isLive);
    expect(sessions()).toBe(2);
  });

  it('come by a new session after the stream was lost, or is to be of other symbols', async () => {
    const { open, sessions, setFault } = await start();
    const stream = open();
    setFault(({ path }) =>
      path.endsWith('/events') ? { status: 200, headers: { 'content-type': 'application/json' }, body: '' } : undefined,
    );
    stream.follow(['NVDA']);
    await until(() => sessions() >= 2);
    setFault(undefined);
    await until(() => stream.isLive);
    const before = sessions();
    stream.follow(['NVDA', 'AMD']);
    await until(() => sessions() > before);
    await until(() => stream.isLive);
  });

  it('are asked for as before where the account has no stream, which is not tried again', async () => {
    const { open, sessions, setFault, counting } = await start();
    const stream = open();
    setFault(({ path }) =>
      path.endsWith('/session')
        ? { status: 401, headers: { 'content-type': 'text/plain' }, body: 'Invalid Access Token' }
        : undefined,
    );
    stream.follow(['NVDA']);
    await until(() => stream.events.some(({ type }) => type === 'detail'));
    await delay(200, new AbortController().signal);
    expect(sessions()).toBe(1);
    expect((await stream.market.quotes(['NVDA'], createRequest())).get('NVDA')?.ok).toBe(true);
    expect(counting.calls()).toBe(1);
  });
});
