import { describe, expect, it } from 'vitest';
import { CancelledError } from '../../src/domain/errors.ts';
import { breakerName } from '../../src/http/wire.ts';
import { createContext, createRequest, createTarget, createWorld, readJson, startServer } from './world.ts';

const OK = { body: { last: 10 } };
const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
};

describe('a request', () => {
  it('goes to the base address with the key, is read, and is reported once', async () => {
    const server = await startServer([{ ...OK, headers: { 'Fin-Sample': 'true' } }]);
    const { http } = createWorld();
    const { context, events } = createContext();
    const result = await http.fetch(createTarget(server), createRequest('BRK.B,AAPL'), readJson, context);
    expect(result).toEqual({ value: { last: 10 }, sample: true });
    expect(server.requests[0]).toMatchObject({ method: 'GET', path: '/v1/markets/quotes' });
    expect(server.requests[0]?.query.get('symbols')).toBe('BRK.B,AAPL');
    expect(server.requests[0]?.headers).toMatchObject({ authorization: 'Bearer s3cret', 'user-agent': 'fin' });
    expect(events).toEqual([
      {
        type: 'request',
        provider: 'tradier',
        endpoint: 'quotes',
        asked: 'GET /v1/markets/quotes symbols=BRK.B,AAPL',
        attempt: 1,
        status: 200,
        ms: expect.any(Number) as number,
      },
    ]);
  });

  it('sends a form as a form', async () => {
    const server = await startServer([OK]);
    const { http } = createWorld();
    const request = createRequest('x', { method: 'POST', query: {}, form: { symbols: 'A B', greeks: 'true' } });
    await http.fetch(createTarget(server), request, readJson, createContext().context);
    expect(server.requests[0]).toMatchObject({ method: 'POST', body: 'symbols=A+B&greeks=true' });
    expect(server.requests[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
  });

  it('is never sent where its path leads to another host', async () => {
    const server = await startServer([]);
    const { http } = createWorld();
    const fetching = http.fetch(
      createTarget(server),
      createRequest('x', { path: '.evil.test/v1' }),
      readJson,
      createContext().context,
    );
    await expect(fetching).rejects.toMatchObject({ code: 'bad_payload' });
    expect(server.requests).toHaveLength(0);
  });

  it('does not follow a redirect, which could take the key elsewhere', async () => {
    const elsewhere = await startServer(() => OK);
    const server = await startServer(() => ({ status: 302, headers: { location: `${elsewhere.baseUrl}/login` } }));
    const { http } = createWorld();
    const fetching = http.fetch(createTarget(server), createRequest(), readJson, createContext().context);
    await expect(fetching).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('redirect (HTTP 302)') as string,
    });
    expect(elsewhere.requests).toHaveLength(0);
  });

  it('never puts the key into an error', async () => {
    const server = await startServer(() => ({ fault: 'reset' }));
    const { http } = createWorld();
    const error: unknown = await http
      .fetch(createTarget(server), createRequest(), readJson, createContext().context)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'unavailable', message: 'Tradier quotes: connection lost' });
    const { cause, ...details } = (error as { details: { cause?: unknown } }).details;
    expect(JSON.stringify([(error as Error).message, details, String(cause)])).not.toContain('s3cret');
  });
});

describe('retries', () => {
  it.each([
    ['a server error', { status: 503, body: 'busy' }],
    ['a cut connection', { fault: 'reset' as const }],
    ['a truncated body', { fault: 'truncate' as const, body: { last: 'x'.repeat(5_000) } }],
    ['an empty body', { body: '' }],
    ['a web page', { body: ' <!doctype html><title>Sign in</title>' }],
  ])('try again after %s and report both requests', async (_name, fault) => {
    const server = await startServer([fault, OK]);
    const { http } = createWorld();
    const { context, requests } = createContext();
    expect((await http.fetch(createTarget(server), createRequest(), readJson, context)).value).toEqual({ last: 10 });
    expect(requests()).toMatchObject([
      { attempt: 1, error: 'unavailable' },
      { attempt: 2, status: 200 },
    ]);
  });

  it.each([
    [400, 'bad_payload'],
    [401, 'unauthorized'],
    [403, 'plan'],
    [404, 'no_data'],
    [200, 'bad_payload'],
  ])('never follow HTTP %i read as %s', async (status, code) => {
    const server = await startServer([{ status, body: 'not JSON' }]);
    const { http } = createWorld();
    const fetching = http.fetch(createTarget(server), createRequest(), readJson, createContext().context);
    await expect(fetching).rejects.toMatchObject({ code });
    expect(server.requests).toHaveLength(1);
  });

  it('end after three attempts with the last failure', async () => {
    const server = await startServer(() => ({ status: 502 }));
    const { http } = createWorld();
    const { context, requests } = createContext();
    await expect(http.fetch(createTarget(server), createRequest(), readJson, context)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'HTTP 502',
    });
    expect(requests()).toHaveLength(3);
    expect(server.requests).toHaveLength(3);
  });

  it('end with the failure itself where the limit leaves no room for another attempt', async () => {
    const server = await startServer(() => ({ status: 503, body: 'busy' }));
    const { http } = createWorld();
    const fetching = http.fetch(
      createTarget(server, { limitPerMinute: 1 }),
      createRequest(),
      readJson,
      createContext({ timeoutMs: 5_000 }).context,
    );
    await expect(fetching).rejects.toMatchObject({ code: 'unavailable' });
    expect(server.requests).toHaveLength(1);
  });

  it('wait as long as Retry-After says, or give up at once where the deadline comes first', async () => {
    const server = await startServer([{ status: 503, headers: { 'retry-after': '1' } }, OK]);
    const waits: number[] = [];
    const { http } = createWorld({ delay: (ms) => Promise.resolve(void waits.push(ms)) });
    await http.fetch(createTarget(server), createRequest(), readJson, createContext().context);
    expect(waits[0]).toBeGreaterThan(980);
    const strict = await startServer(() => ({ status: 503, headers: { 'retry-after': '60' } }));
    const { context } = createContext({ timeoutMs: 5_000 });
    await expect(http.fetch(createTarget(strict), createRequest(), readJson, context)).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(strict.requests).toHaveLength(1);
  });

  it('turn a defect in reading into an internal error, once', async () => {
    const server = await startServer(() => OK);
    const { http } = createWorld();
    const read = (): never => {
      throw new TypeError('x is undefined');
    };
    await expect(
      http.fetch(createTarget(server), createRequest(), read, createContext().context),
    ).rejects.toMatchObject({ code: 'internal' });
    expect(server.requests).toHaveLength(1);
  });
});

describe('deadline and cancelling', () => {
  it('end a request that hangs with a timeout at the deadline, and count it', async () => {
    const server = await startServer(() => ({ fault: 'hang' }));
    const { http } = createWorld();
    const { context, requests } = createContext({ timeoutMs: 1_000 });
    const startedMs = performance.now();
    await expect(http.fetch(createTarget(server), createRequest(), readJson, context)).rejects.toMatchObject({
      code: 'timeout',
    });
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect(requests()).toHaveLength(1);
  });

  it('end an attempt after its own time and try again while there is time', async () => {
    const server = await startServer([{ fault: 'hang' }, OK]);
    const { http } = createWorld({ attemptMs: 1_000 });
    const { context, requests } = createContext();
    await http.fetch(createTarget(server), createRequest(), readJson, context);
    expect(requests()).toMatchObject([{ error: 'unavailable' }, { status: 200 }]);
  });

  it('send nothing where the time is already over', async () => {
    const server = await startServer([]);
    const { http } = createWorld();
    const late = http.fetch(createTarget(server), createRequest(), readJson, createContext({ timeoutMs: -1 }).context);
    await expect(late).rejects.toMatchObject({ code: 'timeout' });
    expect(server.requests).toHaveLength(0);
  });

  it('reject with the reason of the one who cancelled, and count what was on its way', async () => {
    const server = await startServer(() => ({ fault: 'hang' }));
    const { http } = createWorld();
    const controller = new AbortController();
    const { context, requests } = createContext({ signal: controller.signal });
    const fetching = http.fetch(createTarget(server), createRequest(), readJson, context);
    const outcome = expect(fetching).rejects.toMatchObject({ code: 'cancelled', message: 'stopped by the user' });
    await until(() => server.requests.length === 1);
    controller.abort(new CancelledError('stopped by the user'));
    await outcome;
    expect(requests()).toMatchObject([{ error: 'cancelled' }]);
  });
});

describe('equal requests at once', () => {
  it('are sent once and read by each caller', async () => {
    const server = await startServer(() => ({ ...OK, delayMs: 30 }));
    const { http } = createWorld();
    const callers = Array.from({ length: 20 }, () => createContext());
    const results = await Promise.all(
      callers.map(({ context }) => http.fetch(createTarget(server), createRequest(), readJson, context)),
    );
    expect(server.requests).toHaveLength(1);
    expect(results.every(({ value }) => value.last === 10)).toBe(true);
    expect(callers.flatMap(({ requests }) => requests())).toHaveLength(1);
    expect(callers.flatMap(({ events }) => events).filter(({ type }) => type === 'coalesced')).toHaveLength(19);
  });

  it('are not joined across keys, addresses or parameters', async () => {
    const server = await startServer(() => ({ ...OK, delayMs: 20 }));
    const { http } = createWorld();
    const send = (target: object, symbol: string) =>
      http.fetch(createTarget(server, target), createRequest(symbol), readJson, createContext().context);
    await Promise.all([send({}, 'A'), send({}, 'B'), send({ keyHash: 'k2' }, 'A')]);
    expect(server.requests).toHaveLength(3);
  });

  it('outlive the one who asked first', async () => {
    let answer = (): void => undefined;
    const mayAnswer = new Promise<void>((resolve) => (answer = resolve));
    const server = await startServer(() => mayAnswer.then(() => OK));
    const { http } = createWorld();
    const controller = new AbortController();
    const first = http.fetch(
      createTarget(server),
      createRequest(),
      readJson,
      createContext({ signal: controller.signal }).context,
    );
    const second = http.fetch(createTarget(server), createRequest(), readJson, createContext().context);
    const outcome = expect(first).rejects.toMatchObject({ code: 'cancelled' });
    await until(() => server.requests.length === 1);
    controller.abort();
    await outcome;
    answer();
    expect((await second).value).toEqual({ last: 10 });
    expect(server.requests).toHaveLength(1);
  });

  it('end where nobody wants them any more, and a later caller asks anew', async () => {
    const server = await startServer([{ fault: 'hang' }, OK]);
    const { http } = createWorld();
    const controller = new AbortController();
    const given = [1, 2].map(() =>
      http.fetch(createTarget(server), createRequest(), readJson, createContext({ signal: controller.signal }).context),
    );
    const outcomes = Promise.allSettled(given);
    await until(() => server.requests.length === 1);
    controller.abort();
    const later = http.fetch(createTarget(server), createRequest(), readJson, createContext().context);
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((await later).value).toEqual({ last: 10 });
  });
});

describe('the breaker', () => {
  it('opens in the middle of a queue, for other processes too, and lets one probe through later', async () => {
    let isDown = true;
    const server = await startServer(() => (isDown ? { status: 500 } : OK));
    let aheadMs = 0;
    const machineNow = (): number => Date.now() + aheadMs;
    const { http, state, folder } = createWorld({ machineNow, breakerOpenMs: 30_000 });
    const symbols = Array.from({ length: 30 }, (_, index) => `S${index}`);
    const target = createTarget(server);
    const outcomes = await Promise.allSettled(
      symbols.map((symbol) => http.fetch(target, createRequest(symbol), readJson, createContext().context)),
    );
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(server.requests.length).toBeLessThanOrEqual(15);
    expect((await state.readBreaker(breakerName(target), machineNow())).state).toBe('open');

    const sent = server.requests.length;
    const other = createWorld({ folder, machineNow, breakerOpenMs: 30_000 });
    const refused = other.http.fetch(target, createRequest('X'), readJson, createContext().context);
    await expect(refused).rejects.toMatchObject({
      code: 'unavailable',
      hint: expect.stringMatching(/tries again in (1\d|2\d|30) s/) as string,
    });
    expect(server.requests.length).toBe(sent);

    isDown = false;
    aheadMs = 31_000;
    expect((await state.readBreaker(breakerName(target), machineNow())).state).toBe('half_open');
    const { context } = createContext({ timeoutMs: aheadMs + 15_000 });
    expect((await other.http.fetch(target, createRequest('X'), readJson, context)).value).toEqual({ last: 10 });
    expect(await state.readBreaker(breakerName(target), machineNow())).toEqual({ state: 'closed', failures: 0 });
  });

  it('is not opened by limits, refusals or unknown symbols', async () => {
    const server = await startServer((_request, index) => ({
      status: [404, 401, 404, 401, 404, 401, 404][index] ?? 404,
    }));
    const { http, state } = createWorld();
    const target = createTarget(server);
    for (let i = 0; i < 7; i += 1) {
      await expect(http.fetch(target, createRequest(`S${i}`), readJson, createContext().context)).rejects.toThrow();
    }
    expect((await state.readBreaker(breakerName(target), Date.now())).failures).toBe(0);
  });
});

describe('a refusal by the plan', () => {
  it('is remembered for its endpoint and key, until somebody insists', async () => {
    const server = await startServer([{ status: 403 }, { status: 403 }, OK, OK, OK]);
    const { http, folder } = createWorld();
    const target = createTarget(server);
    const ask = (client: typeof http, ignoreRemembered = false, endpoint = 'quotes') =>
      client.fetch(target, createRequest('A', { endpoint }), readJson, createContext({ ignoreRemembered }).context);
    await expect(ask(http)).rejects.toMatchObject({ code: 'plan' });
    const other = createWorld({ folder }).http;
    await expect(ask(other)).rejects.toMatchObject({ code: 'plan', message: 'the plan does not include it' });
    expect(server.requests).toHaveLength(1);
    await expect(ask(other, true)).rejects.toMatchObject({ code: 'plan' });
    await ask(other, false, 'history');
    await ask(other, true);
    await ask(other);
    expect(server.requests).toHaveLength(5);
  });
});

describe('a target without a limit', () => {
  it('touches neither ledger nor breaker', async () => {
    const { http, state } = createWorld({
      transport: () => Promise.resolve({ status: 200, headers: { 'fin-sample': 'true' }, body: '{"last":1}' }),
    });
    const { provider, baseUrl, headers, keyHash } = createTarget({ baseUrl: 'http://sample.invalid' });
    const target = { provider, baseUrl, headers, keyHash };
    expect(await http.fetch(target, createRequest(), readJson, createContext().context)).toEqual({
      value: { last: 1 },
      sample: true,
    });
    expect(await state.countUsed(target, Date.now())).toBe(0);
    expect(await http.hasFreeSlot(target)).toBe(true);
  });
});
