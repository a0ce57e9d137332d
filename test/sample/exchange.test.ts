// The exchange behind a socket and in process: marks, methods, bounded bodies, speed.
import { Agent, request as httpRequest } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { CancelledError } from '../../src/domain/errors.ts';
import { startExchangeServer } from '../../src/sample/server.ts';
import type { ExchangeServer } from '../../src/sample/server.ts';
import { createSampleTransport } from '../../src/sample/transport.ts';
import { processorMs } from '../helpers/machine.ts';
import { ask, exchangeAt } from './sample-exchange.ts';

const OPEN = '2026-11-19T11:00:30-05:00';
const servers: ExchangeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(): Promise<ExchangeServer> {
  const server = await startExchangeServer({ exchange: exchangeAt(OPEN), port: 0, host: '127.0.0.1' });
  servers.push(server);
  return server;
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

function send(url: string, options: { method?: string; body?: string; agent?: Agent } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      url,
      { method: options.method ?? 'GET', agent: options.agent ?? false },
      (incoming) => {
        let body = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => (body += chunk));
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body }));
        incoming.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
}

describe('the exchange', () => {
  it('marks every answer as sample, also a refusal', () => {
    const exchange = exchangeAt(OPEN);
    for (const path of [
      '/v1/markets/clock',
      '/v1/markets/quotes',
      '/v1/markets/nothing',
      '/v1/marketstatus/now',
      '/v2/nothing',
      '/',
      '/%zz',
      '/v2/aggs/ticker/AAPL/range/1/day/x/y',
    ]) {
      expect(ask(exchange, path).headers['fin-sample']).toBe('true');
    }
    expect(exchange.handle({ method: 'DELETE', path: '/v1/markets/quotes', headers: {} })).toMatchObject({
      status: 405,
      headers: { 'fin-sample': 'true' },
    });
  });

  it('answers the same to any key and to none', () => {
    const exchange = exchangeAt(OPEN);
    const withKey = exchange.handle({
      method: 'GET',
      path: '/v1/markets/quotes?symbols=AAPL',
      headers: { authorization: 'Bearer whatever' },
    });
    expect(withKey).toEqual(exchange.handle({ method: 'GET', path: '/v1/markets/quotes?symbols=AAPL', headers: {} }));
  });

  it('prices a chain of 120 strikes and a quote within its share of a second', () => {
    const exchange = exchangeAt(OPEN);
    const timed = (path: string): number => {
      const start = processorMs();
      expect(ask(exchange, path).status).toBe(200);
      return processorMs() - start;
    };
    const chain = '/v1/markets/options/chains?symbol=SPY&expiration=2026-12-18&greeks=true';
    expect(Math.min(timed(chain), timed(chain), timed(chain))).toBeLessThan(120);
    expect(Math.min(timed('/v1/markets/quotes?symbols=AMD'), timed('/v1/markets/quotes?symbols=WDC'))).toBeLessThan(80);
  });
});

describe('the exchange server', () => {
  it('keeps connections alive and carries the mark', async () => {
    const { url } = await serve();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const first = await send(`${url}/v1/markets/clock`, { agent });
    const second = await send(`${url}/v1/markets/quotes?symbols=AAPL`, { agent });
    agent.destroy();
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(first.headers['fin-sample']).toBe('true');
    expect(first.headers['connection']).toBe('keep-alive');
    expect(second.body).toBe(ask(exchangeAt(OPEN), '/v1/markets/quotes?symbols=AAPL').body);
  });

  it('reads a posted form and refuses one beyond all measure', async () => {
    const { url } = await serve();
    expect((await send(`${url}/v1/markets/quotes`, { method: 'POST', body: 'symbols=AAPL,MSFT' })).body).toContain(
      '"MSFT"',
    );
    const large = await send(`${url}/v1/markets/quotes`, { method: 'POST', body: `symbols=${'A,'.repeat(600_000)}` });
    expect(large.status).toBe(413);
    expect((await send(`${url}/v1/markets/clock`)).status).toBe(200);
  });

  it('names its own address in links to the next page', async () => {
    const { url } = await serve();
    const page = JSON.parse((await send(`${url}/v3/reference/tickers?limit=5`)).body) as { next_url: string };
    expect(page.next_url.startsWith(`${url}/v3/reference/tickers?cursor=`)).toBe(true);
    expect((await send(page.next_url)).status).toBe(200);
  });

  it('rejects a port that is taken', async () => {
    const { url } = await serve();
    const port = Number(new URL(url).port);
    await expect(startExchangeServer({ exchange: exchangeAt(OPEN), port, host: '127.0.0.1' })).rejects.toThrow(
      'EADDRINUSE',
    );
  });
});

describe('the sample transport', () => {
  const options = { timeoutMs: 1000, maxBodyBytes: 1_000_000 };

  it('gives what the socket would give', async () => {
    const transport = createSampleTransport(exchangeAt(OPEN));
    const reply = await transport(
      { method: 'POST', url: 'http://sample.invalid/v1/markets/quotes', headers: {}, body: 'symbols=AAPL' },
      { signal: new AbortController().signal, ...options },
    );
    expect(reply).toEqual(ask(exchangeAt(OPEN), '/v1/markets/quotes?symbols=AAPL'));
  });

  it('sends nothing once the run has been given up', async () => {
    const transport = createSampleTransport(exchangeAt(OPEN));
    await expect(
      transport(
        { method: 'GET', url: 'http://sample.invalid/v1/markets/clock', headers: {} },
        { signal: AbortSignal.abort(), ...options },
      ),
    ).rejects.toThrow(CancelledError);
  });
});
