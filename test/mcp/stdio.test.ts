// The protocol line by line: both eras from one factory, what hostile lines become, how a connection ends.
import { describe, expect, it } from 'vitest';
import { MODERN, type Reply, modernMeta, resultOf } from './http-server.ts';
import { INITIALIZE, SECRET, connectLines, createWorld } from './world.ts';

const request = (id: number | string, method: string, params: object = {}): object => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});
const modern = (id: number | string, method: string, params: object = {}, meta: object = {}): object =>
  request(id, method, { ...params, _meta: modernMeta(meta) });
const quote = { name: 'get_multiple_stock_quotes', arguments: { symbols: ['NVDA'] } };

describe('a client of revision 2025-06-18 and before', () => {
  it.each(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])('is answered in %s', async (protocolVersion) => {
    const client = connectLines(await createWorld());
    client.send({ ...INITIALIZE, params: { ...INITIALIZE.params, protocolVersion } });
    const result = resultOf(await client.reply(0));
    expect(result).toMatchObject({
      protocolVersion,
      serverInfo: { name: 'fin', version: '9.9.9' },
      capabilities: { tools: {}, prompts: {}, resources: {} },
      instructions: expect.stringContaining('sample: true means made-up figures'),
    });
    client.send({ jsonrpc: '2.0', method: 'notifications/initialized' }, request(1, 'tools/list'));
    expect(resultOf(await client.reply(1)).tools).toHaveLength(15);
    client.send(request(2, 'tools/call', quote), request(3, 'ping'));
    const called = resultOf(await client.reply(2));
    expect(called.structuredContent).toMatchObject({ sample: true, freshness: 'live', data: [{ symbol: 'NVDA' }] });
    expect(JSON.parse(called.content[0]!.text)).toEqual(called.structuredContent);
    expect(resultOf(await client.reply(3))).toEqual({});
    client.end();
    await client.ended;
    expect(client.notes).toEqual([]);
  });

  it.each(['2024-11-05', '2025-03-26'])('of %s may send several messages as one, answered as one', async (version) => {
    const client = connectLines(await createWorld());
    client.send({ ...INITIALIZE, params: { ...INITIALIZE.params, protocolVersion: version } });
    const initialized = { jsonrpc: '2.0', method: 'notifications/initialized' };
    client.send([initialized, request(1, 'ping'), 5, request(2, 'tools/call', quote), request(3, 'no/such'), {}]);
    const isList = (each: unknown): boolean => Array.isArray(each);
    const answers = (await client.line(isList)) as unknown as Reply[];
    const byId = new Map(answers.map((each) => [each.id, each]));
    expect(answers).toHaveLength(5);
    expect(resultOf(byId.get(1)!)).toEqual({});
    expect(resultOf(byId.get(2)!).structuredContent).toMatchObject({ data: [{ symbol: 'NVDA' }] });
    expect(byId.get(3)?.error?.code).toBe(-32_601);
    expect(byId.get(null)?.error?.code).toBe(-32_600);
    // Only notices, nothing, and a request that is taken back.
    client.send([initialized], [], request(4, 'ping'));
    expect(resultOf(await client.reply(4))).toEqual({});
    expect(client.received.filter(isList)).toHaveLength(1);
    client.send([request(5, 'ping'), initialized]);
    await client.line((each) => isList(each) && (each as unknown as Reply[])[0]?.id === 5);
    client.end();
    await client.ended;
  });

  it('has an answer to what is left of a batch when a part of it is cancelled, and when input ends', async () => {
    const world = await createWorld();
    world.exchange.latencyMs = 200;
    const client = connectLines(world);
    client.send({ ...INITIALIZE, params: { ...INITIALIZE.params, protocolVersion: '2025-03-26' } });
    await client.reply(0);
    client.send([request(1, 'tools/call', quote), request(2, 'ping')]);
    client.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    const [only] = (await client.line((each) => Array.isArray(each))) as unknown as Reply[];
    expect(only).toMatchObject({ id: 2, result: {} });
    client.send([request(3, 'tools/call', { ...quote, arguments: { symbols: ['AMD'] } })]);
    client.end();
    await client.ended;
    expect(client.received.at(-1)).toMatchObject([
      { id: 3, result: { structuredContent: { data: [{ symbol: 'AMD' }] } } },
    ]);
  });

  it('that asks for a revision nobody knows is offered one', async () => {
    const client = connectLines(await createWorld());
    client.send({ ...INITIALIZE, params: { ...INITIALIZE.params, protocolVersion: '1999-01-01' } });
    expect(resultOf(await client.reply(0)).protocolVersion).toMatch(/^2025-/);
  });

  it('that asks before it initializes is answered', async () => {
    const client = connectLines(await createWorld());
    client.send(request(1, 'tools/list'));
    expect(resultOf(await client.reply(1)).tools).toHaveLength(15);
  });
});

describe('a client of revision 2026-07-28', () => {
  it('discovers, lists and calls without a session', async () => {
    const client = connectLines(await createWorld());
    client.send(modern(1, 'server/discover'));
    expect(resultOf(await client.reply(1))).toMatchObject({
      resultType: 'complete',
      supportedVersions: [MODERN],
      ttlMs: expect.any(Number),
      cacheScope: 'private',
    });
    client.send(modern(2, 'tools/list'), modern(3, 'tools/call', quote));
    expect(resultOf(await client.reply(2))).toMatchObject({ resultType: 'complete', ttlMs: 3_600_000 });
    expect(resultOf(await client.reply(3))).toMatchObject({
      resultType: 'complete',
      structuredContent: { data: [{ symbol: 'NVDA' }] },
    });
  });

  it('of a revision to come is told which there is', async () => {
    const client = connectLines(await createWorld());
    const later = { 'io.modelcontextprotocol/protocolVersion': '2031-01-01' };
    client.send(modern(1, 'server/discover', {}, later));
    expect((await client.reply(1)).error).toMatchObject({ code: -32_022, data: { supported: [MODERN] } });
    // In each request, not the first alone.
    client.send(modern(2, 'tools/list'), modern(3, 'tools/list', {}, later), modern(4, 'tools/call', quote, later));
    expect(resultOf(await client.reply(2)).tools).toHaveLength(15);
    for (const id of [3, 4])
      expect((await client.reply(id)).error).toMatchObject({
        code: -32_022,
        data: { supported: [MODERN], requested: '2031-01-01' },
      });
    client.send(modern(5, 'tools/list'));
    expect(resultOf(await client.reply(5)).tools).toHaveLength(15);
  });
});

describe('what a client can read', () => {
  it('are lists and priced positions, with how long they hold', async () => {
    const client = connectLines(await createWorld());
    client.send(modern(1, 'resources/list'));
    const { resources } = resultOf(await client.reply(1));
    expect(resources.map(({ uri }) => uri)).toEqual([
      'fin://positions',
      'fin://lists',
      'fin://lists/core',
      'fin://lists/my%20list%2F%C3%BC',
    ]);
    client.send(...resources.map(({ uri }, index) => modern(10 + index, 'resources/read', { uri })));
    const read = async (id: number): Promise<unknown> => {
      const result = resultOf(await client.reply(id));
      expect(result).toMatchObject({ resultType: 'complete', ttlMs: 15_000, cacheScope: 'private' });
      return JSON.parse(result.contents[0]!.text);
    };
    expect(await read(10)).toMatchObject({ sample: true, data: { positions: [{ symbol: 'NVDA', quantity: 100 }] } });
    expect(await read(11)).toEqual({ lists: { core: ['NVDA', 'AMD'], 'my list/ü': ['SPY'] } });
    expect(await read(13)).toEqual({ name: 'my list/ü', symbols: ['SPY'] });
    client.send(modern(20, 'resources/templates/list'));
    expect(resultOf(await client.reply(20)).resourceTemplates).toMatchObject([{ uriTemplate: 'fin://lists/{name}' }]);
  });

  it.each(['fin://lists/none', 'fin://lists/%E0%A4%A', 'fin://listsx', 'file:///etc/passwd', 'fin://lists/__proto__'])(
    'is not %s',
    async (uri) => {
      const client = connectLines(await createWorld());
      client.send(modern(1, 'resources/read', { uri }));
      expect((await client.reply(1)).error).toMatchObject({ code: -32_602, data: { uri } });
    },
  );

  it('says what is wrong with a book that cannot be read', async () => {
    const client = connectLines(await createWorld({ book: { lists: 5 } }));
    client.send(modern(1, 'resources/list'));
    expect((await client.reply(1)).error).toMatchObject({ message: expect.stringContaining('book') });
  });
});

describe('the prompts', () => {
  it('are three, with what they need', async () => {
    const client = connectLines(await createWorld());
    client.send(modern(1, 'prompts/list'));
    const { prompts } = resultOf(await client.reply(1));
    expect(prompts.map(({ name }) => name)).toEqual(['morning_brief', 'chain_reading', 'position_review']);
    client.send(
      modern(2, 'prompts/get', { name: 'chain_reading', arguments: { symbol: 'NVDA', expiration: 'friday' } }),
      modern(3, 'prompts/get', { name: 'chain_reading' }),
      modern(4, 'prompts/get', { name: 'toString' }),
      modern(5, 'prompts/get', { name: 'morning_brief', arguments: { symbols: 'x'.repeat(500) } }),
      modern(6, 'prompts/get', { name: 'position_review', arguments: {} }),
    );
    const { messages } = resultOf(await client.reply(2));
    expect(messages).toMatchObject([
      { role: 'user', content: { text: expect.stringContaining('symbol NVDA, expiration friday') } },
    ]);
    expect((await client.reply(3)).error).toMatchObject({
      code: -32_602,
      message: expect.stringContaining('symbol is missing'),
    });
    expect((await client.reply(4)).error).toMatchObject({
      code: -32_602,
      message: expect.stringContaining('unknown prompt'),
    });
    expect((await client.reply(5)).error).toMatchObject({ code: -32_602 });
    expect(resultOf(await client.reply(6)).messages).toHaveLength(1);
  });
});

describe('a hostile or broken client', () => {
  it.each([
    ['broken JSON', '{"jsonrpc":"2.0","id":1,', null, -32_700],
    ['a word', 'hello', null, -32_700],
    ['a number', '5', null, -32_600],
    ['an empty object', '{}', null, -32_600],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', null, -32_600],
    ['a message without a version', '{"id":7,"method":"ping"}', 7, -32_600],
    ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"ping"}', null, -32_600],
    ['a line of more than a megabyte', `{"a":"${'x'.repeat(1_100_000)}"}`, null, -32_600],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x7b]).toString('latin1'), null, -32_700],
  ])('is answered for %s, and the next message is heard', async (_what, line, id, code) => {
    const client = connectLines(await createWorld());
    client.send(`${line}\n`, '\n', '  \r\n', INITIALIZE);
    expect((await client.line(({ error }) => error !== undefined)).error).toMatchObject({ code });
    expect(client.received[0]?.id).toBe(id);
    expect(resultOf(await client.reply(0)).serverInfo.name).toBe('fin');
    expect(client.notes).toHaveLength(1);
  });

  it('is answered for large arguments, unknown methods and wrong params', async () => {
    const client = connectLines(await createWorld());
    client.send(INITIALIZE);
    client.send(
      request(1, 'tools/call', { name: 'search_symbols', arguments: { words: 'y'.repeat(900_000) } }),
      request(2, 'no/such'),
      request(3, 'tools/call', { name: 5 }),
      request(4, 'tools/call', { name: 'get_positions', arguments: [] }),
      request(5, 'resources/read', {}),
      { jsonrpc: '2.0', method: 'notifications/unknown' },
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'none' } },
      { jsonrpc: '2.0', id: 99, result: {} },
      request('__proto__', 'ping'),
    );
    expect(resultOf(await client.reply(1))).toMatchObject({ isError: true });
    expect((await client.reply(2)).error?.code).toBe(-32_601);
    expect((await client.reply(3)).error?.code).toBe(-32_602);
    expect((await client.reply(4)).error?.code).toBe(-32_602);
    expect((await client.reply(5)).error?.code).toBeLessThan(-32_000);
    expect(resultOf(await client.reply('__proto__'))).toEqual({});
  });

  it('that floods gets an answer to each call, a bounded number at work', async () => {
    const world = await createWorld({ limits: { atOnce: 3, waiting: 5 } });
    world.exchange.latencyMs = 30;
    const client = connectLines(world);
    client.send(INITIALIZE);
    const ids = Array.from({ length: 60 }, (_each, index) => 1_000 + index);
    client.send(
      ...ids.map((id) => request(id, 'tools/call', { name: 'get_ta_indicators', arguments: { symbol: 'NVDA' } })),
    );
    const results = await Promise.all(ids.map((id) => client.reply(id)));
    const refused = results.map(resultOf).filter(({ isError }) => isError === true);
    expect(refused).toHaveLength(52);
    expect(refused[0]?.content[0]?.text).toMatch(/too many calls at once: 3 running and 5 waiting \(call again/);
    client.send(request(1, 'tools/call', quote));
    expect(resultOf(await client.reply(1)).isError).toBeUndefined();
  });

  it('that floods with broken lines does not fill the log', async () => {
    const client = connectLines(await createWorld());
    client.send('nonsense\n'.repeat(500), INITIALIZE);
    await client.reply(0);
    expect(client.received).toHaveLength(501);
    expect(client.notes.length).toBeLessThan(25);
  });

  it('gets no key back, not even one that it sends', async () => {
    const client = connectLines(await createWorld());
    client.send(INITIALIZE, request(1, 'resources/read', { uri: `fin://${SECRET}` }), request(2, SECRET));
    await Promise.all([client.reply(1), client.reply(2)]);
    expect(JSON.stringify(client.received)).not.toContain(SECRET);
    expect(client.notes.join(' ')).not.toContain(SECRET);
  });
});

describe('a call under way', () => {
  it('tells how it goes to who asks, one further each time, and nothing after the result', async () => {
    const world = await createWorld({ limits: { progressMs: 20 } });
    world.exchange.latencyMs = 200;
    const client = connectLines(world);
    client.send(INITIALIZE);
    client.send(request(1, 'tools/call', { ...quote, _meta: { progressToken: 'tok' } }));
    await client.reply(1);
    const told = client.received.filter(({ method }) => method === 'notifications/progress');
    expect(told.length).toBeGreaterThan(1);
    expect(told.map(({ params }) => params?.progress)).toEqual(told.map((_each, index) => index + 1));
    expect(told.every(({ params }) => params?.progressToken === 'tok' && params.message !== '')).toBe(true);
    expect(client.received.at(-1)?.id).toBe(1);
    client.send(request(2, 'tools/call', { ...quote, arguments: { symbols: ['AMD'] } }));
    await client.reply(2);
    expect(client.received.filter(({ method }) => method === 'notifications/progress')).toHaveLength(told.length);
  });

  it('is cancelled up to the provider, and not answered', async () => {
    const world = await createWorld();
    let isAsked = (): void => undefined;
    const asked = new Promise<void>((resolve) => (isAsked = resolve));
    world.exchange.interfere = () => {
      isAsked();
      return { fault: 'hang' };
    };
    const client = connectLines(world);
    client.send(INITIALIZE, request(1, 'tools/call', quote));
    await asked;
    client.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1, reason: 'enough' } });
    const ended = new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        if (!world.logged.some(({ event }) => event === 'mcp')) return;
        clearInterval(timer);
        resolve();
      }, 5);
    });
    await ended;
    expect(world.logged).toContainEqual(expect.objectContaining({ event: 'mcp', error: 'cancelled' }));
    client.send(request(2, 'ping'));
    await client.reply(2);
    expect(client.received.some(({ id }) => id === 1)).toBe(false);
  });

  it('ends in its time, and says so as a result', async () => {
    const world = await createWorld({ limits: { timeoutMs: 300 } });
    world.exchange.interfere = () => ({ fault: 'hang' });
    const client = connectLines(world);
    client.send(INITIALIZE, request(1, 'tools/call', quote));
    const result = resultOf(await client.reply(1));
    expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(/^ERROR timeout: /) }] });
    expect(JSON.stringify(result)).not.toContain('--timeout');
  });
});

describe('the end of input', () => {
  it('ends the connection at once where nothing is under way', async () => {
    const client = connectLines(await createWorld());
    client.send(INITIALIZE);
    await client.reply(0);
    client.end();
    await client.ended;
  });

  it('is the end of a last line, too', async () => {
    const client = connectLines(await createWorld());
    client.send(JSON.stringify(INITIALIZE));
    client.end();
    await client.ended;
    expect((await client.reply(0)).result?.serverInfo.name).toBe('fin');
  });

  it('lets what is under way be answered', async () => {
    const world = await createWorld();
    world.exchange.latencyMs = 50;
    const client = connectLines(world);
    client.send(INITIALIZE, request(1, 'tools/call', quote));
    client.end();
    await client.ended;
    expect(resultOf(await client.reply(1)).structuredContent.data).toHaveLength(1);
  });

  it('does not wait for a provider that says nothing', async () => {
    const world = await createWorld();
    world.exchange.interfere = () => ({ fault: 'hang' });
    const client = connectLines(world, undefined, 200);
    client.send(INITIALIZE, request(1, 'tools/call', quote));
    client.end();
    await client.ended;
    expect(client.received.map(({ id }) => id)).toEqual([0]);
  });

  it('comes at once with a signal', async () => {
    const world = await createWorld();
    world.exchange.interfere = () => ({ fault: 'hang' });
    const controller = new AbortController();
    const client = connectLines(world, controller.signal);
    client.send(INITIALIZE, request(1, 'tools/call', quote));
    await client.reply(0);
    controller.abort();
    await client.ended;
  });
});
