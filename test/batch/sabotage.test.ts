// The harness proven by sabotage: each kind of wrong answer fails exactly the prompts that it spoils, and a run in which
// nothing is right reports that nothing passed.
import { describe, expect, it } from 'vitest';
import type { Model } from '../../src/agent/model.ts';
import { previousTradingDay } from '../../src/domain/calendar.ts';
import { ProviderUnavailableError } from '../../src/domain/errors.ts';
import type { OptionChain } from '../../src/domain/types.ts';
import type { DailySeries, MarketData, Outcome } from '../../src/market/market-data.ts';
import { failedIds, failuresOf, regression, runSuiteHere } from './suite-run.ts';

const ALL = regression.prompts.map(({ id }) => id);

/** The prompts whose text holds the question being asked; aliases and follow-ups of two symbols share texts. */
interface Asking {
  id: string | undefined;
}

/** A planner that notes which prompt it is asked, in the suite's order, and changes what it is about to say. */
function meddle(asking: Asking, change: (text: string, id: string) => string): (planner: Model) => Model {
  const waiting = [...regression.prompts];
  return (planner) => ({
    name: 'meddled',
    reply: async (request) => {
      const asked = request.messages.findLast((message) => message.role === 'user')?.content;
      if (request.messages.at(-1)?.role === 'user' && waiting[0]?.text === asked) asking.id = waiting.shift()?.id;
      const reply = await planner.reply({ ...request, onText: () => undefined });
      if (reply.toolCalls.length > 0) return reply;
      // A text that somebody changed carries no figures: it is read as a language model's is.
      const text = change(reply.text, asking.id ?? '');
      return text === reply.text ? reply : { text, toolCalls: [] };
    },
  });
}

const unchanged = (text: string): string => text;

/** Runs the whole suite with the market that the tools ask spoilt, at one prompt or throughout. */
async function spoilMarket(spoil: (market: MarketData) => Partial<MarketData>, during?: string): Promise<string[]> {
  const asking: Asking = { id: undefined };
  const { report } = await runSuiteHere(regression, {
    model: meddle(asking, unchanged),
    around: (market) => {
      const spoilt = { ...market, ...spoil(market) };
      const pick = (): MarketData => (during === undefined || asking.id === during ? spoilt : market);
      return {
        ...market,
        quotes: (...args) => pick().quotes(...args),
        contractQuotes: (...args) => pick().contractQuotes(...args),
        dailySeries: (...args) => pick().dailySeries(...args),
        intraday: (...args) => pick().intraday(...args),
        expirations: (...args) => pick().expirations(...args),
        chain: (...args) => pick().chain(...args),
        clock: (...args) => pick().clock(...args),
      };
    },
  });
  expect(report.passed + report.failed).toBe(ALL.length);
  expect(report.ok).toBe(false);
  return failedIds(report);
}

function within<T>(outcome: Outcome<T>, change: (value: T) => T): Outcome<T> {
  return outcome.ok ? { ...outcome, value: change(outcome.value) } : outcome;
}

const changeSeries =
  (change: (series: DailySeries) => DailySeries) =>
  (market: MarketData): Partial<MarketData> => ({
    dailySeries: async (...args) => within(await market.dailySeries(...args), change),
  });

const changeChain =
  (change: (chain: OptionChain) => OptionChain) =>
  (market: MarketData): Partial<MarketData> => ({
    chain: async (...args) => within(await market.chain(...args), change),
  });

describe('a spoilt market fails exactly the prompts that stand on it', () => {
  it('a dead provider: all but the hours of the market, which the calendar knows', async () => {
    const dead = (): Promise<{ ok: false; error: ProviderUnavailableError }> =>
      Promise.resolve({ ok: false, error: new ProviderUnavailableError('sample: connection refused') });
    const failed = await spoilMarket(() => ({
      quotes: async (symbols) =>
        new Map(await Promise.all(symbols.map(async (symbol) => [symbol, await dead()] as const))),
      dailySeries: dead,
      expirations: dead,
      chain: dead,
      clock: dead,
    }));
    expect(failed).toEqual(ALL.filter((id) => id !== '1'));
  });

  it('open interest of calls and puts swapped: chains and walls', async () => {
    const swapped = changeChain((chain) => ({
      ...chain,
      contracts: chain.contracts.map((contract) => {
        const other = chain.contracts.find(({ strike, side }) => strike === contract.strike && side !== contract.side);
        return other?.openInterest === undefined ? contract : { ...contract, openInterest: other.openInterest };
      }),
    }));
    expect(await spoilMarket(swapped)).toEqual(['14', '15', '16', '14+15', '29', '30', '31', '29+30']);
  });

  it('every bar dated a session early: all that stands on bars, not quotes and chains', async () => {
    const early = changeSeries((series) => ({
      ...series,
      bars: series.bars.map((bar) => ({ ...bar, date: previousTradingDay(bar.date) })),
    }));
    const ofBars = [
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
      '10',
      '11',
      '12',
      ...Array.from({ length: 10 }, (_, index) => String(18 + index)),
      '33',
      '34',
      '35',
      '36',
      '37',
      '38',
    ];
    expect(await spoilMarket(early)).toEqual(ofBars);
  });

  it('a missing row: the one history that lacks it', async () => {
    const gap = changeSeries((series) => ({
      ...series,
      bars: series.bars.filter(({ date }) => date !== '2025-10-22'),
    }));
    expect(await spoilMarket(gap, '7')).toEqual(['7']);
  });

  it('a missing strike: the calls, and the puts that must show the same strikes', async () => {
    const shorter = changeChain((chain) => {
      const strikes = [...new Set(chain.contracts.map(({ strike }) => strike))];
      const lost = strikes[Math.floor(strikes.length / 2) + 3];
      return { ...chain, contracts: chain.contracts.filter(({ strike }) => strike !== lost) };
    });
    expect(await spoilMarket(shorter, '14')).toEqual(['14', '15']);
  });

  it('a symbol that one request for three leaves out: that basket', async () => {
    const without = (market: MarketData): Partial<MarketData> => ({
      quotes: async (symbols, request) => {
        const found = await market.quotes(symbols, request);
        found.delete('SOUN');
        return found;
      },
    });
    expect(await spoilMarket(without, '32')).toEqual(['32']);
  });
});

describe('a spoilt text fails exactly the prompts that it is said in', () => {
  /** What each prompt says instead, and the check that must find it. */
  const SPOILT: Readonly<Record<string, { text: (text: string) => string; check: RegExp }>> = {
    // One digit.
    2: {
      text: (text) =>
        text.replace(/at \d+\.\d(\d)/, (whole, digit: string) => whole.slice(0, -1) + String((Number(digit) + 5) % 10)),
      check: /^grounded/,
    },
    // Yesterday's figures called those of the day before.
    3: { text: (text) => text.replaceAll('Oct 29', 'Oct 28'), check: /^says bar\.date|^grounded/ },
    4: {
      text: (text) => text.replace(/change ([+-])/, (_whole, sign: string) => `change ${sign === '+' ? '-' : '+'}`),
      check: /^grounded/,
    },
    // A banner over nothing.
    6: { text: () => 'Data retrieved. Would you like to see it?', check: /^no banned phrase/ },
    7: { text: (text) => `${text}\n\nTools used: get_stock_price_history`, check: /^no banned phrase/ },
    8: { text: (text) => `${text} AMD looks better.`, check: /^only SPY/ },
    // A table typed again.
    9: { text: (text) => `| date | close |\n|---|---|\n${text}`, check: /^no banned phrase/ },
    10: { text: (text) => `${text} Momentum suggests strength.`, check: /^no banned phrase/ },
    // A support above the spot.
    11: { text: (text) => text.replace(/support at [\d.]+/, 'support at 999.99'), check: /^2 supports|^grounded/ },
    13: { text: (text) => text.replace(/\d+ option/, '3 option'), check: /^says count|^grounded/ },
    // The put wall called the call wall.
    16: {
      text: (text) =>
        text.replaceAll('call wall', 'PUT WALL').replaceAll('put wall', 'call wall').replaceAll('PUT WALL', 'put wall'),
      check: /^grounded/,
    },
    17: { text: () => 'Done.', check: /^says quote\.last/ },
    18: { text: () => '', check: /^answered/ },
    // Figures of one symbol said of another.
    32: { text: (text) => text.replace('WDC', 'XXX').replace('AMD', 'WDC').replace('XXX', 'AMD'), check: /^grounded/ },
    34: { text: (text) => text.replaceAll('SAMPLE', 'Real'), check: /^says that figures are sample/ },
  };

  it('a digit, a day, a sign, a side, a symbol, a row, a banner, a footer, a table, an empty text', async () => {
    const { report } = await runSuiteHere(regression, {
      model: meddle({ id: undefined }, (text, id) => SPOILT[id]?.text(text) ?? text),
    });
    expect(failedIds(report)).toEqual(ALL.filter((id) => id in SPOILT));
    const failures = failuresOf(report);
    for (const [id, { check }] of Object.entries(SPOILT)) {
      const own = failures
        .filter((failure) => failure.startsWith(`${id} `))
        .map((failure) => failure.slice(id.length + 1));
      expect(
        own.some((failure) => check.test(failure)),
        `${id}: ${own.join(' / ')}`,
      ).toBe(true);
    }
  });

  it('any digit of the first figure of any answer', async () => {
    const altered: string[] = [];
    const alter = (text: string, id: string): string =>
      text.replace(/(?<![\d.])\d+\.\d\d(?!\d)/, (figure) => {
        altered.push(id);
        const digits = figure.split('');
        const at = [0, figure.length - 1][altered.length % 2] ?? 0;
        digits[at] = String((Number(digits[at]) + 4) % 10 || 4);
        return digits.join('');
      });
    const { report } = await runSuiteHere(regression, { model: meddle({ id: undefined }, alter) });
    expect(altered.length).toBeGreaterThan(30);
    // A digit that makes another figure of the results may pass: of these 41 answers at most two do.
    const passed = ALL.filter((id) => altered.includes(id) && !failedIds(report).includes(id));
    expect(passed.length).toBeLessThanOrEqual(2);
    expect(failedIds(report).filter((id) => !altered.includes(id))).toEqual([]);
  });

  it('a model that says "Done." and calls nothing: nothing passed', async () => {
    const { report } = await runSuiteHere(regression, {
      model: () => ({ name: 'lazy', reply: () => Promise.resolve({ text: 'Done.', toolCalls: [] }) }),
    });
    expect(report).toMatchObject({ ok: false, total: 41, passed: 0, failed: 41, skipped: 0 });
  });

  it('a model that fails: nothing passed', async () => {
    const { report } = await runSuiteHere(regression, {
      model: () => ({ name: 'broken', reply: () => Promise.reject(new ProviderUnavailableError('model: gone')) }),
    });
    expect(report).toMatchObject({ ok: false, passed: 0, failed: 41 });
    expect(failuresOf(report)).toContain('1 answered: model: gone');
  });
});

describe('waste fails the whole suite', () => {
  it('a request that is sent twice, though every answer is right', async () => {
    const { report } = await runSuiteHere(regression, {
      around: (market) => ({
        ...market,
        expirations: (symbol, request) => market.expirations(symbol, { ...request, refresh: true }),
        chain: (symbol, expiration, request) => market.chain(symbol, expiration, { ...request, refresh: true }),
      }),
    });
    expect(report.ok).toBe(false);
    expect(report.limits).toMatchObject([
      { check: 'at most 30 provider calls' },
      { check: 'at most 0 repeated requests', ok: false },
    ]);
    expect(report.limits[1]?.detail).toMatch(/^\d+: sample /);
  });
});
