import { describe, expect, it } from 'vitest';
import { createMadeUpMarket } from '../../src/market/made-up-market.ts';
import type { ToolContext } from '../../src/tools/answer.ts';
import { answerQuotes } from '../../src/tools/quote.ts';
import { listTools, runTool } from '../../src/tools/registry.ts';

const NOW = Date.parse('2026-11-21T12:00:00-05:00');
const clock = { now: () => NOW, machineNow: () => NOW };

const context: ToolContext = {
  market: createMadeUpMarket(clock),
  clock,
  request: {
    refresh: false,
    offline: false,
    call: {
      signal: new AbortController().signal,
      deadlineMs: Infinity,
      priority: 'question',
      ignoreRemembered: false,
      report: () => undefined,
    },
  },
};

describe('the made-up market', () => {
  it.each(listTools().filter(({ name }) => name !== 'calculate'))(
    'has figures for $name, so that its answer is played through as a real one',
    async ({ name, parameters }) => {
      const given: Record<string, unknown> = { symbol: 'NVDA', symbols: ['NVDA', 'AMD'], range: 'past 3 months' };
      const asked = Object.keys((parameters as { properties: object }).properties).filter((each) => each in given);
      const answer = await runTool(name, Object.fromEntries(asked.map((each) => [each, given[each]])), context);
      expect(answer.errors).toEqual([]);
      expect(answer.data).toBeDefined();
      expect(answer.meta).toMatchObject({ providerCalls: 0 });
    },
  );

  it('has figures for a few symbols only, so that no rehearsal takes long', async () => {
    const { data, errors } = await answerQuotes(['A', 'AA', 'AAL', 'AAPL', 'AMD'], {
      ...context,
      market: createMadeUpMarket(clock),
    });
    expect(data?.map(({ symbol }) => symbol)).toEqual(['A', 'AA', 'AAL']);
    expect(errors.map(({ symbol }) => symbol)).toEqual(['AAPL', 'AMD']);
  });
});
