// What a session does when a provider fails: the reader decides once for all that failed together, and time stands still.
import { describe, expect, it } from 'vitest';
import type { Choice } from '../../src/repl/offer.ts';
import { createOfferingMarket } from '../../src/cli/offering-market.ts';
import { type QuestionDeadline, createQuestionDeadline } from '../../src/app/question-deadline.ts';
import { type FinError, NoDataError, ProviderUnavailableError } from '../../src/domain/errors.ts';
import type { TickerSymbol } from '../../src/domain/types.ts';
import type { MarketData, MarketRequest } from '../../src/market/market-data.ts';

const NVDA = 'NVDA' as TickerSymbol;
const AMD = 'AMD' as TickerSymbol;
const down = (): FinError => new ProviderUnavailableError('Tradier history: down', { provider: 'tradier' });

/** A market whose series fail so often, and a reader who takes these choices one after the other. */
function open(failures: FinError[], choices: Choice[], decide?: (frame: QuestionDeadline) => void) {
  let nowMs = 1_000;
  const clock = { machineNow: () => nowMs };
  const frame = createQuestionDeadline({ clock, timeoutMs: 90_000, parent: new AbortController().signal });
  const asked: { symbol: string; deadlineMs: number }[] = [];
  const decided: string[] = [];
  const market = {
    dailySeries: (symbol: string, request: MarketRequest) => {
      asked.push({ symbol, deadlineMs: request.call.deadlineMs });
      const error = failures.shift();
      return Promise.resolve(error === undefined ? { ok: true, value: symbol } : { ok: false, error });
    },
  } as unknown as MarketData;
  const offering = createOfferingMarket({
    market,
    frame: () => frame,
    decide: async (failure) => {
      decided.push(failure.message);
      decide?.(frame);
      nowMs += 600_000;
      await Promise.resolve();
      return choices.shift() ?? 'cancel';
    },
  });
  const request = { call: { deadlineMs: frame.deadlineMs } } as unknown as MarketRequest;
  return { frame, asked, decided, series: (symbol: TickerSymbol) => offering.dailySeries(symbol, request) };
}

describe('a failed provider call in a session', () => {
  it('is decided once for all calls that failed side by side, and each is asked again', async () => {
    const { series, decided, asked, frame } = open([down(), down()], ['retry']);
    const outcomes = await Promise.all([series(NVDA), series(AMD)]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true]);
    expect(decided).toEqual(['Tradier history: down']);
    expect(asked.map(({ symbol }) => symbol)).toEqual(['NVDA', 'AMD', 'NVDA', 'AMD']);
    frame.dispose();
  });

  it('does not use up the time of the question while the reader decides', async () => {
    let whileDeciding = 0;
    const { series, asked, frame } = open([down()], ['retry'], ({ deadlineMs }) => void (whileDeciding = deadlineMs));
    await series(NVDA);
    expect(whileDeciding).toBe(Infinity);
    expect(asked.map(({ deadlineMs }) => deadlineMs)).toEqual([91_000, 691_000]);
    frame.dispose();
  });

  it('skipped is the failure itself; cancelled ends the question', async () => {
    const skipped = open([down()], ['skip']);
    expect(await skipped.series(NVDA)).toMatchObject({ ok: false, error: { message: 'Tradier history: down' } });
    expect(skipped.frame.signal.aborted).toBe(false);
    skipped.frame.dispose();
    const cancelled = open([down()], ['cancel']);
    expect(await cancelled.series(NVDA)).toMatchObject({ ok: false });
    expect(cancelled.frame.signal.aborted).toBe(true);
    cancelled.frame.dispose();
  });

  it('is offered again as long as it fails, and never where asking again mends nothing', async () => {
    const again = open([down(), down(), down()], ['retry', 'retry', 'skip']);
    await again.series(NVDA);
    expect(again.decided).toHaveLength(3);
    again.frame.dispose();
    const unknown = open([new NoDataError('NVDA: no such symbol')], ['retry']);
    expect(await unknown.series(NVDA)).toMatchObject({ ok: false, error: { code: 'no_data' } });
    expect(unknown.decided).toEqual([]);
    unknown.frame.dispose();
  });
});
