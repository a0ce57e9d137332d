// The handler that a server mounts, behind a server of Node's own: both eras, one request each, nothing kept between them.
import { afterEach, describe, expect, it } from 'vitest';
import { createMcpHttp } from '../../src/mcp/server.ts';
import { type HttpClient, MODERN, messagesOf, modernMeta, resultOf, serveHttp } from './http-server.ts';
import { INITIALIZE, type McpWorld, type WorldOptions, createWorld } from './world.ts';

const quote = { name: 'get_multiple_stock_quotes', arguments: { symbols: ['NVDA'] } };
const servers: HttpClient[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(isOwner = true, options: WorldOptions = {}): Promise<{ http: HttpClient; world: McpWorld }> {
  const world = await createWorld(options);
  const http = await serveHttp(createMcpHttp(world.host, world.calls), { isOwner });
  servers.push(http);
  return { http, world };
}

describe('over HTTP', () => {
  it('revision 2026-07-28 discovers, lists, reads and calls, each in one request', async () => {
    const { http } = await serve();
    const ask = async (method: string, params?: Record<string, unknown>) =>
      resultOf((await messagesOf(await http.modern(method, params))).at(-1) ?? {});
    expect(await ask('server/discover')).toMatchObject({ supportedVersions: [MODERN], resultType: 'complete' });
    expect((await ask('tools/list')).tools).toHaveLength(15);
    expect(await ask('tools/call', quote)).toMatchObject({ structuredContent: { data: [{ symbol: 'NVDA' }] } });
    expect(JSON.parse((await ask('resources/read', { uri: 'fin://lists/core' })).contents[0]!.text)).toEqual({
      name: 'core',
      symbols: ['NVDA', 'AMD'],
    });
    expect((await ask('prompts/get', { name: 'position_review' })).messages).toHaveLength(1);
  });

  it('an older revision initializes and calls without a session', async () => {
    const { http } = await serve();
    const [hello] = await messagesOf(await http.post(INITIALIZE));
    expect(hello?.result).toMatchObject({ protocolVersion: '2025-06-18', serverInfo: { name: 'fin' } });
    const initialized = await http.post({ jsonrpc: '2.0', method: 'notifications/initialized' });
    expect(initialized.status).toBe(202);
    expect(resultOf(await http.legacy('tools/list')).tools).toHaveLength(15);
    expect(resultOf(await http.legacy('tools/call', quote)).structuredContent.data).toHaveLength(1);
    expect((await fetch(http.url, { headers: { accept: 'text/event-stream' } })).status).toBe(405);
    expect((await fetch(http.url, { method: 'DELETE' })).status).toBe(405);
  });

  it('a client that may not see the book is offered neither positions nor lists', async () => {
    const { http } = await serve(false);
    expect(resultOf(await http.legacy('tools/list')).tools.map(({ name }) => name)).not.toContain('get_positions');
    expect((await http.legacy('resources/list')).error?.code).toBe(-32_601);
    expect((await http.legacy('resources/read', { uri: 'fin://positions' })).error?.code).toBe(-32_601);
    const called = resultOf(await http.legacy('tools/call', { name: 'get_positions', arguments: {} }));
    expect(called).toMatchObject({ isError: true });
    const [discovered] = await messagesOf(await http.modern('server/discover'));
    expect(discovered?.result).not.toHaveProperty('capabilities.resources');
  });

  it.each([
    ['a header that names another method', { 'mcp-method': 'tools/list' }, 400, -32_020],
    ['a header that names another tool', { 'mcp-name': 'get_news' }, 400, -32_020],
    ['no header', { 'mcp-method': '' }, 400, -32_020],
  ])('refuses %s', async (_what, headers, status, code) => {
    const { http } = await serve();
    const response = await http.post(
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { ...quote, _meta: modernMeta() } },
      { 'mcp-protocol-version': MODERN, 'mcp-method': 'tools/call', 'mcp-name': quote.name, ...headers },
    );
    expect(response.status).toBe(status);
    expect((await messagesOf(response))[0]?.error?.code).toBe(code);
  });

  it.each([
    ['broken JSON', '{"jsonrpc', {}, 400],
    ['an empty body', '', {}, 400],
    ['a body of another type', '{}', { 'content-type': 'text/plain' }, 415],
    ['a body of more than 64 kB', `{"a":"${'x'.repeat(70_000)}"}`, {}, 413],
  ])('refuses %s', async (_what, body, headers: Record<string, string>, status) => {
    const { http } = await serve();
    expect((await http.post(body, headers)).status).toBe(status);
    expect(resultOf(await http.legacy('tools/list')).tools).toHaveLength(15);
  });

  it('tells how a call goes in events before its result', async () => {
    const { http, world } = await serve(true, { limits: { progressMs: 20 } });
    world.exchange.latencyMs = 200;
    const response = await http.modern('tools/call', {
      ...quote,
      _meta: { progressToken: 7 },
    });
    const messages = await messagesOf(response);
    const told = messages.slice(0, -1).map(({ params }) => params?.progress);
    expect(told.length).toBeGreaterThan(0);
    expect(told).toEqual(told.map((_each, index) => index + 1));
    expect(messages.at(-1)?.result?.structuredContent.summary).toContain('NVDA');
  });

  it('a client that goes away ends its call at the provider', async () => {
    const { http, world } = await serve();
    let isAsked = (): void => undefined;
    const asked = new Promise<void>((resolve) => (isAsked = resolve));
    world.exchange.interfere = () => {
      isAsked();
      return { fault: 'hang' };
    };
    const gone = new AbortController();
    const failed = http.modern('tools/call', quote, gone.signal).catch((error: unknown) => (error as Error).name);
    await asked;
    gone.abort();
    expect(await failed).toBe('AbortError');
    await expect
      .poll(() => world.logged, { timeout: 20_000 })
      .toContainEqual(expect.objectContaining({ event: 'mcp', error: 'cancelled' }));
  });
});
