// The Model Context Protocol at `/mcp` of a running server: what an assistant asks, and who may not.
import { describe, expect, it } from 'vitest';
import { INITIALIZE } from '../mcp/world.ts';
import { startWorld } from './world.ts';

const TOKEN = 'a-long-token-of-this-server';
const CALL = {
  jsonrpc: '2.0',
  id: 2,
  method: 'tools/call',
  params: { name: 'get_multiple_stock_quotes', arguments: { symbols: ['NVDA'] } },
};
const HEADERS = {
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': '2025-06-18',
  authorization: `Bearer ${TOKEN}`,
};

describe('/mcp', () => {
  it('initializes and calls, from the cache that the data routes share', async () => {
    const world = await startWorld({ token: TOKEN });
    const ask = async (body: object, headers: Record<string, string> = HEADERS) => {
      const reply = await world.post('/mcp', JSON.stringify(body), headers);
      const [, event] = /^data: (\{.*)$/m.exec(reply.body) ?? [];
      return { status: reply.status, message: JSON.parse(event ?? reply.body) as unknown };
    };
    await world.get('/api/v1/quote?symbols=NVDA', { authorization: HEADERS.authorization });
    expect(await ask(INITIALIZE)).toMatchObject({
      status: 200,
      message: { result: { protocolVersion: '2025-06-18', serverInfo: { name: 'fin' } } },
    });
    expect(await ask(CALL)).toMatchObject({
      status: 200,
      message: { id: 2, result: { structuredContent: { freshness: 'cached', data: [{ symbol: 'NVDA' }] } } },
    });
    expect(world.exchange.calls('quotes')).toBe(1);
  });

  it.each([
    ['without the token', 401, { authorization: '' }],
    ['with another token', 401, { authorization: 'Bearer another' }],
    ['from the page of another site', 403, { origin: 'https://evil.example' }],
    ['for a host that is not this server', 403, { host: 'evil.example' }],
    ['with a body that is no JSON', 415, { 'content-type': 'text/plain' }],
  ])('refuses who asks %s with %i', async (_who, status, headers: Record<string, string>) => {
    const world = await startWorld({ token: TOKEN });
    const reply = await world.post('/mcp', JSON.stringify(CALL), { ...HEADERS, ...headers });
    expect(reply.status).toBe(status);
    expect(reply.body).not.toContain('NVDA');
    expect(world.exchange.calls()).toBe(0);
  });
});
