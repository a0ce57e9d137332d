import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { CallEvent } from '../../src/http/http.ts';
import { createTempFolder } from '../cache/helpers.ts';
import { watchMachine } from '../helpers/machine.ts';
import { createContext, createRequest, createTarget, createWorld, readJson, startServer } from './world.ts';

const run = promisify(execFile);
const OK = { body: { last: 10 } };

/** The largest number of arrivals in any window of that length. */
function countBusiest(atMs: readonly number[], windowMs: number): number {
  return Math.max(0, ...atMs.map((start) => atMs.filter((at) => at >= start && at < start + windowMs).length));
}

describe('the limit of a provider', () => {
  it('is never exceeded in any window at the server, used up while there is work, and every wait is told', async () => {
    const server = await startServer(() => OK);
    const { http } = createWorld({ windowMs: 300 });
    const target = createTarget(server, { limitPerMinute: 4 });
    const callers = Array.from({ length: 12 }, () => createContext());
    await Promise.all(
      callers.map(({ context }, index) => http.fetch(target, createRequest(`S${index}`), readJson, context)),
    );
    const arrivals = server.requests.map(({ atMs }) => atMs);
    expect(arrivals).toHaveLength(12);
    expect(countBusiest(arrivals, 300)).toBeLessThanOrEqual(4);
    // Two turns of the window are needed; a busy machine may take several times as long.
    expect(Math.max(...arrivals) - Math.min(...arrivals)).toBeLessThan(5_000);
    const waits = callers.map(({ events }) =>
      events.filter((event): event is CallEvent & { type: 'wait' } => event.type === 'wait'),
    );
    expect(waits.map(({ length }) => length > 0)).toEqual([
      ...Array<boolean>(4).fill(false),
      ...Array<boolean>(8).fill(true),
    ]);
    // Once, and again only where a busy machine made it a second longer: not each time that the line looks at the ledger.
    expect(Math.max(...waits.map(({ length }) => length))).toBeLessThanOrEqual(4);
    expect(waits[4]?.[0]?.ms).toBeGreaterThan(200);
    expect(waits[11]?.[0]?.ms).toBeGreaterThan(500);
  });

  it('holds over six processes with more work than fits, for limits of 5 and 20, and the budget is used while there is work', async () => {
    const windowMs = 1_000;
    const server = await startServer(({ query }) => ({ body: { last: Number(query.get('n')) }, delayMs: 10 }));
    const folder = createTempFolder();
    const script = `
      const { openCacheDatabase } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/cache/database.ts'))});
      const { createSharedState } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/cache/shared-state.ts'))});
      const { createHttpClient } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/http/client.ts'))});
      const { createGotTransport } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/http/got-transport.ts'))});
      const database = openCacheDatabase({ folder: ${JSON.stringify(folder)}, onNote: (text) => console.error(text), machineNow: Date.now });
      const state = createSharedState(database, { windowMs: ${windowMs} });
      const http = createHttpClient({ transport: createGotTransport(), state, machineNow: Date.now, random: Math.random, windowMs: ${windowMs} });
      const context = { signal: new AbortController().signal, deadlineMs: Date.now() + 50000, priority: 'question', ignoreRemembered: false, report() {} };
      const ask = async (provider, limitPerMinute, n) => {
        const target = { provider, baseUrl: ${JSON.stringify(server.baseUrl)}, headers: {}, keyHash: 'k', limitPerMinute };
        const query = { process: String(process.pid), n: String(n) };
        const { value } = await http.fetch(target, { endpoint: 'aggs', method: 'GET', path: '/' + provider, query }, (reply) => JSON.parse(reply.body).last, context);
        if (value !== n) throw new Error('asked ' + n + ', got ' + value);
      };
      await Promise.all([1, 2, 3].map((n) => ask('polygon', 5, n)).concat([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => ask('tradier', 20, n))));
      await http.close();
      database.close();`;
    const endWatch = watchMachine();
    const results = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(() => run(process.execPath, ['--no-warnings', '--input-type=module', '-e', script])),
    );
    const machineShare = await endWatch();
    expect(results.map(({ stderr }) => stderr).join('')).toBe('');
    for (const [path, limit, total] of [
      ['/polygon', 5, 18],
      ['/tradier', 20, 60],
    ] as const) {
      const arrivals = server.requests.filter((request) => request.path === path).map(({ atMs }) => atMs);
      expect(arrivals).toHaveLength(total);
      expect(countBusiest(arrivals, windowMs)).toBeLessThanOrEqual(limit);
      // The same number sent without a pause at every turn of the window; the soak holds real minutes to 95 %. Here a turn
      // is a second, of which polling and the machine take their part.
      const leastMs = Math.floor((total - 1) / limit) * windowMs;
      expect(leastMs / (Math.max(...arrivals) - Math.min(...arrivals))).toBeGreaterThan(0.6 * machineShare);
    }
  });

  it('refuses at once a wait that cannot end before the deadline, and says what to do', async () => {
    const server = await startServer(() => OK);
    const { http } = createWorld();
    const target = createTarget(server, { limitPerMinute: 1 });
    expect(await http.hasFreeSlot(target)).toBe(true);
    await http.fetch(target, createRequest('A'), readJson, createContext().context);
    expect(await http.hasFreeSlot(target)).toBe(false);
    const startedMs = performance.now();
    const { context, events } = createContext({ timeoutMs: 10_000 });
    const refused = await http.fetch(target, createRequest('B'), readJson, context).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'rate_limited',
      message: expect.stringMatching(
        /^Tradier quotes: the limit of 1 request a minute is used up; the next one is free in (5\d|60|61) s$/,
      ) as string,
      hint: expect.stringContaining('--timeout') as string,
    });
    expect((refused as { details: { retryAtMs: number } }).details.retryAtMs).toBeGreaterThan(Date.now() + 50_000);
    // Half of the time that it was given to wait.
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect(events).toEqual([]);
  });

  it('refuses those at the end of a line whose turn comes too late, and serves those before them', async () => {
    const server = await startServer(() => OK);
    const { http } = createWorld({ windowMs: 2_000 });
    const target = createTarget(server, { limitPerMinute: 2 });
    const asks = Array.from({ length: 8 }, (_, index) =>
      http.fetch(target, createRequest(`S${index}`), readJson, createContext({ timeoutMs: 3_900 }).context),
    );
    const outcomes = (await Promise.allSettled(asks)).map(({ status }) => status);
    expect(outcomes).toEqual([...Array<string>(4).fill('fulfilled'), ...Array<string>(4).fill('rejected')]);
    expect(server.requests).toHaveLength(4);
  });

  it('is kept for questions by its last fifth, and questions go before warming', async () => {
    const server = await startServer(() => OK);
    // Long enough that a machine under load asks both questions before the first slot is free again.
    const windowMs = 5_000;
    const { http } = createWorld({ windowMs });
    const target = createTarget(server, { limitPerMinute: 5 });
    const ask = (symbol: string, priority: 'question' | 'warm') =>
      http.fetch(target, createRequest(symbol), readJson, createContext({ priority }).context);
    const warming = ['W1', 'W2', 'W3', 'W4', 'W5', 'W6'].map((symbol) => ask(symbol, 'warm'));
    await Promise.all(warming.slice(0, 4));
    await Promise.all([ask('Q1', 'question'), ask('Q2', 'question'), ...warming]);
    const order = server.requests.map(({ query }) => query.get('symbols') ?? '');
    expect(order.slice(0, 5).toSorted()).toEqual(['Q1', 'W1', 'W2', 'W3', 'W4']);
    expect(order[5]).toBe('Q2');
    expect(
      countBusiest(
        server.requests.map(({ atMs }) => atMs),
        windowMs,
      ),
    ).toBeLessThanOrEqual(5);
  });

  it('lets a question that joins a warming have its right of way', async () => {
    const server = await startServer(() => OK);
    const { http } = createWorld({ windowMs: 40_000 });
    const target = createTarget(server, { limitPerMinute: 5 });
    const ask = (symbol: string, priority: 'question' | 'warm', timeoutMs = 50_000) =>
      http.fetch(target, createRequest(symbol), readJson, createContext({ priority, timeoutMs }).context);
    await Promise.all(['W1', 'W2', 'W3', 'W4'].map((symbol) => ask(symbol, 'warm')));
    const warming = ask('W5', 'warm');
    const startedMs = performance.now();
    await ask('W5', 'question', 20_000);
    await warming;
    expect(performance.now() - startedMs).toBeLessThan(20_000);
    expect(server.requests).toHaveLength(5);
  });

  it('lets at most ten requests be on their way', async () => {
    let inFlight = 0;
    let most = 0;
    let open = (): void => undefined;
    const tenAreHere = new Promise<void>((resolve) => (open = resolve));
    const server = await startServer(async () => {
      most = Math.max(most, (inFlight += 1));
      if (inFlight === 10) open();
      // Answers begin only when ten wait for one: an eleventh would have been let in by then.
      await tenAreHere;
      await new Promise((resolve) => setTimeout(resolve, 20));
      inFlight -= 1;
      return OK;
    });
    const { http } = createWorld();
    const symbols = Array.from({ length: 30 }, (_, index) => `S${index}`);
    await Promise.all(
      symbols.map((symbol) =>
        http.fetch(createTarget(server), createRequest(symbol), readJson, createContext().context),
      ),
    );
    expect(most).toBe(10);
  });

  it('stops all processes after a 429 for as long as the server says, and tells the wait', async () => {
    const server = await startServer([{ status: 429, headers: { 'retry-after': '1.5' } }, OK, OK]);
    const { http, folder } = createWorld();
    const other = createWorld({ folder }).http;
    const { context, events } = createContext();
    const first = http.fetch(createTarget(server), createRequest('A'), readJson, context);
    while (events.length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(await other.hasFreeSlot(createTarget(server))).toBe(false);
    await Promise.all([
      first,
      other.fetch(createTarget(server), createRequest('B'), readJson, createContext().context),
    ]);
    expect(events).toMatchObject([
      { type: 'request', status: 429, error: 'rate_limited' },
      { type: 'wait' },
      { type: 'request', status: 200, attempt: 2 },
    ]);
    const [refused = 0, ...later] = server.requests.map(({ atMs }) => atMs);
    expect(Math.min(...later) - refused).toBeGreaterThan(1_480);
  });

  it('counts a whole window after a 429 that names no time, and gives up at once where that is too long', async () => {
    const server = await startServer(() => ({ status: 429 }));
    const { http } = createWorld();
    const { context } = createContext({ timeoutMs: 5_000 });
    await expect(http.fetch(createTarget(server), createRequest(), readJson, context)).rejects.toMatchObject({
      code: 'rate_limited',
    });
    expect(server.requests).toHaveLength(1);
    expect(await http.hasFreeSlot(createTarget(server))).toBe(false);
  });

  it('is tightened by the headers of the provider', async () => {
    const server = await startServer(() => ({ ...OK, headers: { 'x-left': '0' } }));
    const { http } = createWorld();
    const readLimit = (reply: { headers: Readonly<Record<string, string>> }) => ({
      remaining: Number(reply.headers['x-left']),
      resetAtMs: Date.now() + 30_000,
    });
    const target = createTarget(server, { readLimit });
    await http.fetch(target, createRequest('A'), readJson, createContext().context);
    expect(await http.hasFreeSlot(target)).toBe(false);
    await expect(
      http.fetch(target, createRequest('B'), readJson, createContext({ timeoutMs: 5_000 }).context),
    ).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('gives the slot back to nobody while a request that was cancelled may have been counted', async () => {
    const server = await startServer(() => ({ fault: 'hang' }));
    const { http, state } = createWorld();
    const target = createTarget(server, { limitPerMinute: 5 });
    const controller = new AbortController();
    const fetching = http
      .fetch(target, createRequest(), readJson, createContext({ signal: controller.signal }).context)
      .catch((error: unknown) => error);
    while (server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await fetching;
    expect(await state.countUsed(target, Date.now())).toBe(1);
  });
});
