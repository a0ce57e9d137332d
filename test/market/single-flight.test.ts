import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/market/market-data.ts';
import { createTempFolder } from '../cache/helpers.ts';
import { IN_SESSION, createRequest, createTestClock, openProcess, startCountingExchange } from './world.ts';

describe('who shares an answer on its way', () => {
  it.each([
    ['expirations', 'timeout'],
    ['expirations', 'Ctrl-C'],
    ['daily series', 'timeout'],
    ['quotes', 'timeout'],
    ['quotes', 'Ctrl-C'],
  ] as const)('of %s is not ended by the %s of the one whose request it is', async (what, end) => {
    const clock = createTestClock(IN_SESSION);
    const server = await startCountingExchange(clock);
    server.latencyMs = 150;
    const { market } = openProcess({ folder: createTempFolder(), clock, tradier: server });
    const ask = async (request: ReturnType<typeof createRequest>): Promise<Outcome<unknown> | undefined> => {
      if (what === 'expirations') return market.expirations('AAPL', request);
      return what === 'daily series'
        ? market.dailySeries('AAPL', request)
        : (await market.quotes(['AAPL'], request)).get('AAPL');
    };
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    const [first, second, third] = await Promise.all([
      ask(end === 'timeout' ? createRequest({ timeoutMs: 50 }) : createRequest({ signal: abort.signal })),
      ask(createRequest({ timeoutMs: 19_000 })),
      ask(createRequest({ timeoutMs: 19_500 })),
    ]);
    expect(first?.ok === false && first.error.code).toBe(end === 'timeout' ? 'timeout' : 'cancelled');
    expect([second?.ok, third?.ok]).toEqual([true, true]);
    // One for both others, beside the one that was given up, where that had been sent.
    expect(server.calls()).toBeLessThanOrEqual(2);
  });
});
