// What was asked before must not change what is answered now: random histories of requests at random market times, then
// one request, whose figures are compared with those of an empty cache at that very moment.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exchangeDateOf, exchangeInstant } from '../../src/domain/exchange-time.ts';
import type { EpochMs } from '../../src/domain/types.ts';
import { answerBundle } from '../../src/tools/bundle.ts';
import { answerHistory } from '../../src/tools/history.ts';
import { answerIndicators } from '../../src/tools/indicators.ts';
import { answerLevels } from '../../src/tools/levels.ts';
import { answerQuotes } from '../../src/tools/quote.ts';
import type { ToolContext } from '../../src/tools/answer.ts';
import { createTempFolder } from '../cache/helpers.ts';
import { SPLIT, SYMBOLS, createSettlingMarket } from './settling-market.ts';
import {
  type CountingExchange,
  createRequest,
  createTestClock,
  openProcess,
  startCountingExchange,
  type TestClock,
} from './world.ts';

const MINUTE_MS = 60_000;
/** Two weeks around a split, Thanksgiving and its half day. */
const DATES = [
  '2026-11-18',
  '2026-11-19',
  '2026-11-20',
  '2026-11-21',
  '2026-11-22',
  '2026-11-23',
  SPLIT.date,
  '2026-11-25',
  '2026-11-26',
  '2026-11-27',
  '2026-11-28',
  '2026-11-30',
];
/** Around every change of state of whole and half days; any other minute may come too. */
const MINUTES = [30, 235, 250, 480, 575, 660, 775, 795, 860, 945, 963, 985, 1015, 1025, 1110, 1190, 1205, 1290, 1410];
const PHRASES = ['yesterday', 'last 5 trading days', 'past 2 weeks', 'last week', 'this week', 'today', 'past month'];
/** As long as anything may be held unchanged while it can change: what is closer is fresh by the table. */
const LONGEST_FRESH_MS = 15 * MINUTE_MS;

interface Asked {
  tool: 'quote' | 'quotes' | 'history' | 'ta' | 'levels' | 'bundle';
  symbol: string;
  phrase: string;
  interval: 'day' | 'week' | 'month';
  atMs: EpochMs;
}

type Process = ReturnType<typeof openProcess>;
type Providers = 'tradier' | 'polygon' | 'free' | 'tradier-lagging+polygon' | 'tradier+free';

const instants = fc
  .tuple(fc.constantFrom(...DATES), fc.oneof(fc.constantFrom(...MINUTES), fc.integer({ min: 0, max: 1_439 })))
  .map(([date, minutes]) => exchangeInstant(date, minutes));

const requests = fc.record<Asked>({
  tool: fc.constantFrom('quote', 'quotes', 'history', 'history', 'ta', 'levels', 'bundle'),
  symbol: fc.constantFrom(...SYMBOLS),
  phrase: fc.constantFrom(...PHRASES),
  interval: fc.constantFrom('day', 'day', 'week', 'month'),
  atMs: instants,
});

const refuse = (message: string) => ({
  status: 403,
  body: { status: 'NOT_AUTHORIZED', message: `${message} Please upgrade your plan at https://massive.com/pricing` },
});

async function startServers(clock: TestClock) {
  const [tradier, lagging, polygon, free] = await Promise.all([
    startCountingExchange(clock, createSettlingMarket(clock)),
    startCountingExchange(clock, createSettlingMarket(clock, { lag: 25 })),
    startCountingExchange(clock, createSettlingMarket(clock)),
    startCountingExchange(clock, createSettlingMarket(clock, { lag: 'tomorrow' })),
  ]);
  free.interfere = ({ path }) => {
    if (path.includes('/snapshot')) return refuse('You are not entitled to this data.');
    const isToday = path.includes('/grouped/') && path.endsWith(exchangeDateOf(clock.now()));
    return isToday ? refuse("Attempted to request today's data before end of day.") : undefined;
  };
  const sets: Record<Providers, { tradier?: CountingExchange; polygon?: CountingExchange }> = {
    tradier: { tradier },
    polygon: { polygon },
    free: { polygon: free },
    'tradier-lagging+polygon': { tradier: lagging, polygon },
    'tradier+free': { tradier, polygon: free },
  };
  // Caches are emptied, not made anew: a file costs more than all that a run asks.
  const open = (providers: Providers): Process =>
    openProcess({ folder: createTempFolder(), clock, ...sets[providers], limitPerMinute: 1_000_000 });
  const pairs = new Map<Providers, { used: Process; empty: Process }>();
  return async (providers: Providers): Promise<{ used: Process; empty: Process }> => {
    const pair = pairs.get(providers) ?? { used: open(providers), empty: open(providers) };
    pairs.set(providers, pair);
    for (const { store } of [pair.used, pair.empty]) await store.clear();
    return pair;
  };
}

/** A quote made of two days of the whole market has no year behind it: of the same quote it tells less, not otherwise. */
function withoutYear<T extends object>(data: T | undefined): T | undefined {
  const left = new Set(['averageVolume', 'week52High', 'week52Low']);
  const keep = (name: string, value: unknown): unknown => (left.has(name) ? undefined : value);
  return data === undefined ? undefined : (JSON.parse(JSON.stringify(data, keep)) as T);
}

async function answer({ tool, symbol, phrase, interval }: Asked, context: ToolContext) {
  switch (tool) {
    case 'quote':
      return answerQuotes([symbol], context);
    case 'quotes':
      return answerQuotes(SYMBOLS, context);
    case 'history':
      return answerHistory({ symbol, range: { phrase }, interval }, context);
    case 'ta':
      return answerIndicators([symbol, 'AAPL'], context);
    case 'levels':
      return answerLevels(symbol, context);
    case 'bundle': {
      // How long option prices stand is a matter of chains.
      const bundle = await answerBundle(symbol, context);
      return { ...bundle, data: { quote: bundle.data?.quote, ta: bundle.data?.ta } };
    }
  }
}

describe('what was asked before', () => {
  const describeTime = (ms: EpochMs): string => new Date(ms).toISOString();

  it('changes no figure of an answer, unless that says that it is stale and since when', async () => {
    const clock = createTestClock(0);
    const openPair = await startServers(clock);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Providers>('tradier', 'polygon', 'free', 'tradier-lagging+polygon', 'tradier+free'),
        fc.array(requests, { minLength: 1, maxLength: 4 }),
        requests,
        fc.integer({ min: 0, max: 9 }),
        async (providers, earlier, last, luck) => {
          const before = earlier
            .filter(({ atMs }) => atMs <= last.atMs - LONGEST_FRESH_MS)
            .sort((a, b) => a.atMs - b.atMs);
          fc.pre(before.length > 0);
          const { used, empty } = await openPair(providers);
          const ask = (asked: Asked, { market }: Process, offline = false) => {
            clock.set(asked.atMs);
            return answer(asked, { market, clock, request: createRequest({ offline }) });
          };
          for (const asked of before) await ask(asked, used);
          const expected = await ask(last, empty);
          // Now and then nobody can be asked at the end.
          const found = await ask(last, used, luck === 0);
          if (found.meta.freshness === 'stale' && luck === 0) {
            expect(found.meta.fetchedAt).toBeDefined();
            expect(found.meta.ageMs).toBeGreaterThan(0);
            return;
          }
          if (luck === 0 && found.errors.length > 0) return;
          const tell = providers.includes('free') ? withoutYear<object> : <T>(data: T): T => data;
          const when = before.map(({ tool, symbol, phrase, atMs }) => [tool, symbol, phrase, describeTime(atMs)]);
          expect(
            { data: tell(found.data), errors: found.errors.map(({ code }) => code) },
            JSON.stringify([providers, when, [last, describeTime(last.atMs)], found.notes]),
          ).toEqual({ data: tell(expected.data), errors: expected.errors.map(({ code }) => code) });
          expect(found.meta.freshness).not.toBe('stale');
        },
      ),
      {
        numRuns: Number(process.env['FIN_RUNS'] ?? 40),
        endOnFailure: process.env['FIN_NOSHRINK'] !== undefined,
      },
    );
  }, 60_000);
});
