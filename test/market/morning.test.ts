import { describe, expect, it } from 'vitest';
import type { Answer, BundleData, ChainData, HistoryData, IndicatorData, QuoteData } from '../../src/domain/answers.ts';
import type { BarInterval, Side } from '../../src/domain/types.ts';
import { DEFAULT_STRIKES, answerBundle } from '../../src/tools/bundle.ts';
import { answerHistory } from '../../src/tools/history.ts';
import { answerIndicators } from '../../src/tools/indicators.ts';
import { answerChain } from '../../src/tools/options.ts';
import { answerQuotes } from '../../src/tools/quote.ts';
import type { ToolContext } from '../../src/tools/answer.ts';
import { createTempFolder } from '../cache/helpers.ts';
import { MORNING, type MorningCommand, WATCHED, groupByMoment } from '../helpers/morning.ts';
import { createRequest, createTestClock, openProcess, startCountingExchange, valueOf } from './world.ts';

/** What a command of the script asks its tool for. */
function run({ args: [name = '', ...rest] }: MorningCommand, context: ToolContext): Promise<Answer> {
  const optionOf = (flag: string): string | undefined =>
    rest.includes(flag) ? rest[rest.indexOf(flag) + 1] : undefined;
  const symbols = rest.slice(
    0,
    rest.findIndex((word) => word.startsWith('--')) < 0 ? rest.length : rest.findIndex((word) => word.startsWith('--')),
  );
  const symbol = symbols[0]!;
  if (name === 'quote') return answerQuotes(symbols, context);
  if (name === 'ta') return answerIndicators(symbols, context);
  if (name === 'bundle') return answerBundle(symbol, context);
  if (name === 'history')
    return answerHistory(
      { symbol, range: { phrase: optionOf('--range')! }, interval: (optionOf('--interval') ?? 'day') as BarInterval },
      context,
    );
  const expiration = optionOf('--expiration');
  return answerChain(
    {
      symbol,
      side: (optionOf('--side') ?? 'both') as Side | 'both',
      strikes: Number(optionOf('--strikes') ?? DEFAULT_STRIKES),
      ...(expiration === undefined ? {} : { expiration }),
    },
    context,
  );
}

/** Three terminals on one cache folder; each command is a process of its own. */
async function playMorning(refresh: boolean): Promise<{ calls: number; answers: Answer[] }> {
  const clock = createTestClock(Date.parse(MORNING[0]!.now));
  const server = await startCountingExchange(clock);
  const folder = createTempFolder();
  const answers: Answer[] = [];
  for (const commands of groupByMoment()) {
    clock.set(Date.parse(commands[0]!.now));
    answers.push(
      ...(await Promise.all(
        commands.map((command) =>
          run(command, {
            market: openProcess({ folder, clock, tradier: server }).market,
            clock,
            request: createRequest({ refresh }),
          }),
        ),
      )),
    );
  }
  return { calls: server.calls(), answers };
}

/** What of an answer cannot differ between two moments of one session. */
function finishedPart({ kind, data }: Answer): unknown {
  if (kind === 'history') return (data as HistoryData).bars.slice(0, -1);
  if (kind === 'quote')
    return (data as QuoteData[]).map(({ symbol, previousClose, open }) => ({ symbol, previousClose, open }));
  if (kind === 'ta') return (data as IndicatorData[]).map(({ symbol, date }) => ({ symbol, date }));
  if (kind === 'chain') return (data as ChainData).expiration;
  return (data as BundleData).quote?.previousClose;
}

describe('the morning of a trader, sixty commands over eight symbols', () => {
  it('costs at most a fifth of the requests that it costs with --refresh, and every answer is whole', async () => {
    expect(MORNING).toHaveLength(60);
    const cached = await playMorning(false);
    const fresh = await playMorning(true);
    expect(cached.calls / fresh.calls).toBeLessThanOrEqual(0.2);
    expect(cached.answers.every(({ errors, data }) => errors.length === 0 && data !== undefined)).toBe(true);
    expect(new Set(cached.answers.map(({ meta }) => meta.freshness))).toEqual(new Set(['live', 'cached']));
    for (const [index, answer] of cached.answers.entries()) {
      const anew = fresh.answers[index]!;
      if (answer.kind === 'quote') expect(answer.meta.ageMs).toBeLessThanOrEqual(10_000);
      if (answer.kind === 'chain') expect(answer.meta.ageMs).toBeLessThanOrEqual(30_000);
      expect(finishedPart(answer)).toEqual(finishedPart(anew));
    }
  });

  it('shows at every moment what a fresh answer was when it was fetched', async () => {
    const clock = createTestClock(Date.parse(MORNING[0]!.now));
    const server = await startCountingExchange(clock);
    const held = openProcess({ folder: createTempFolder(), clock, tradier: server }).market;
    const referenceClock = createTestClock(clock.now());
    const referenceServer = await startCountingExchange(referenceClock);
    const reference = openProcess({
      folder: createTempFolder(),
      clock: referenceClock,
      tradier: referenceServer,
    }).market;
    for (const [command] of groupByMoment(MORNING.slice(0, 18))) {
      clock.set(Date.parse(command!.now));
      const quotes = await held.quotes(WATCHED, createRequest());
      const fetched = new Set([...quotes.values()].map((outcome) => (outcome.ok ? outcome.source.fetchedAt : 0)));
      expect(fetched.size).toBe(1);
      const [fetchedAt = 0] = fetched;
      expect(clock.now() - fetchedAt).toBeLessThanOrEqual(10_000);
      referenceClock.set(fetchedAt);
      const referenceQuotes = await reference.quotes(WATCHED, createRequest({ refresh: true }));
      for (const symbol of WATCHED) expect(valueOf(quotes.get(symbol))).toEqual(valueOf(referenceQuotes.get(symbol)));
      const chain = await held.chain('SPY', '2026-11-20', createRequest());
      referenceClock.set(chain.ok ? chain.source.fetchedAt : 0);
      expect(valueOf(chain)).toEqual(
        valueOf(await reference.chain('SPY', '2026-11-20', createRequest({ refresh: true }))),
      );
      const series = valueOf(await held.dailySeries('NVDA', createRequest()));
      expect(series.bars.at(-1)?.date).toBe('2026-11-19');
      const finished = valueOf(await reference.dailySeries('NVDA', createRequest(), { to: '2026-11-18' }));
      expect(series.bars.slice(0, -1)).toEqual(finished.bars);
    }
  });
});
