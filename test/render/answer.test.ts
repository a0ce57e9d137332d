// Rules that hold for the screen of any answer: widths, dashes, marks, source and freshness, nothing from strangers.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  Answer,
  AnswerMeta,
  ChainData,
  ContractData,
  HistoryData,
  IndicatorData,
  QuoteData,
} from '../../src/domain/answers.ts';
import { renderAnswer, renderComparison } from '../../src/render/answer.ts';
import { renderSparkline } from '../../src/render/sparkline.ts';
import { renderCacheStats, renderDoctor } from '../../src/render/stats.ts';
import { displayWidth } from '../../src/render/text.ts';
import { createTheme } from '../../src/render/theme.ts';
import { combineMetas } from '../../src/domain/answer-meta.ts';
import { addDays } from '../../src/domain/exchange-time.ts';
import type { RenderOptions } from '../../src/render/view.ts';
import * as data from './data.ts';

function at(width: number): RenderOptions {
  return { width, theme: createTheme({ colour: false }) };
}

const width = fc.integer({ min: 40, max: 200 });
const figure = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 0, max: 2, noNaN: true }));
const price = fc.oneof(
  fc.double({ min: 0.0001, max: 900_000, noNaN: true }),
  fc.double({ min: 0.0001, max: 2, noNaN: true }),
);
const count = fc.integer({ min: 0, max: 9_000_000_000 });
const symbol = fc.stringMatching(/^[A-Z]{1,6}(\.[A-Z])?$/);
const date = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2039-12-31'), noInvalidDate: true })
  .map((one) => one.toISOString().slice(0, 10));
const asOf = date.map((day) => `${day}T15:59:58-05:00`);
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom('\u001b[2J\u001b[31mX', 'a\r\nb', '\u202eevil', '日本語'.repeat(20)),
);

const meta: fc.Arbitrary<AnswerMeta> = fc.record(
  {
    provider: hostile,
    sample: fc.boolean(),
    asOf,
    freshness: fc.constantFrom('live', 'cached', 'stale'),
    ageMs: fc.integer({ min: 0, max: 700_000_000 }),
    providerCalls: fc.nat(),
    elapsedMs: fc.nat(),
  },
  { requiredKeys: ['sample', 'providerCalls', 'elapsedMs'] },
);

const quote: fc.Arbitrary<QuoteData> = fc.record(
  {
    symbol,
    description: hostile,
    last: price,
    change: figure,
    changePercent: figure,
    open: price,
    high: price,
    low: price,
    previousClose: price,
    bid: price,
    ask: price,
    volume: count,
    averageVolume: count,
    week52High: price,
    week52Low: price,
    asOf,
    session: fc.constantFrom('pre', 'regular', 'post', 'closed'),
  },
  { requiredKeys: ['symbol', 'last', 'asOf', 'session'] },
);

const bar = fc.record(
  { date, open: price, high: price, low: price, close: price, volume: count, vwap: price },
  { requiredKeys: ['date', 'open', 'high', 'low', 'close', 'volume'] },
);
const history: fc.Arbitrary<HistoryData> = fc
  .record({
    symbol,
    interval: fc.constantFrom('day', 'week', 'month'),
    bars: fc.array(bar, { minLength: 1, maxLength: 40 }),
    change: figure,
    basis: fc.constantFrom('previous_close', 'first_open'),
  })
  .map(({ change, basis, ...rest }) => ({
    ...rest,
    from: rest.bars[0]?.date ?? '',
    to: rest.bars.at(-1)?.date ?? '',
    summary: { first: 1, last: 2, change, changePercent: change, high: 3, low: 1, bars: rest.bars.length, basis },
  }));

const averages = fc.record({ '5': price, '10': price, '20': price, '50': price, '200': price }, { requiredKeys: [] });
const indicators: fc.Arbitrary<IndicatorData> = fc.record(
  {
    symbol,
    date,
    close: price,
    rsi14: figure,
    macd: fc.record({ macd: figure, signal: figure, histogram: figure }),
    sma: averages,
    ema: averages,
  },
  { requiredKeys: ['symbol', 'date', 'close', 'sma', 'ema'] },
);

const contract: fc.Arbitrary<ContractData> = fc.record(
  {
    symbol,
    side: fc.constantFrom('call', 'put'),
    strike: fc.integer({ min: 1, max: 20_000 }).map((half) => half / 2),
    bid: price,
    ask: price,
    last: price,
    volume: count,
    openInterest: count,
    iv: fc.double({ min: 0, max: 9, noNaN: true }),
    delta: fc.double({ min: -1, max: 1, noNaN: true }),
    gamma: figure,
    theta: figure,
    vega: figure,
  },
  { requiredKeys: ['symbol', 'side', 'strike'] },
);
const wall = fc.record({ strike: price, openInterest: count });
const chain: fc.Arbitrary<ChainData> = fc.record(
  {
    underlying: symbol,
    spot: price,
    expiration: date,
    dte: fc.nat(1000),
    contracts: fc.array(contract, { maxLength: 60 }),
    analytics: fc.record(
      {
        callWalls: fc.array(wall, { maxLength: 3 }),
        putWalls: fc.array(wall, { maxLength: 3 }),
        maxPain: price,
        expectedMove: fc.record({ amount: price, percent: figure, method: hostile }),
        putCallOpenInterest: figure,
        putCallVolume: figure,
      },
      { requiredKeys: ['callWalls', 'putWalls'] },
    ),
    greeksAsOf: asOf,
  },
  { requiredKeys: ['underlying', 'spot', 'expiration', 'dte', 'contracts', 'analytics'] },
);
const expiration = fc.record({
  date,
  dte: fc.nat(1500),
  kind: fc.constantFrom('daily', 'weekly', 'monthly', 'quarterly'),
});
const level = fc.record({ price, origin: hostile });
const moment = fc.record({ state: fc.constantFrom('pre', 'regular', 'post', 'closed'), at: asOf });

const frame = fc.record({ meta, notes: fc.array(hostile, { maxLength: 3 }) });
const answer: fc.Arbitrary<Answer> = fc.oneof(
  fc
    .tuple(fc.array(quote, { minLength: 1, maxLength: 12 }), frame)
    .map(([one, rest]) => data.answerOf('quote', one, rest)),
  fc
    .tuple(history, frame, hostile)
    .map(([one, rest, phrase]) => data.answerOf('history', one, { ...rest, request: { phrase } })),
  fc
    .tuple(fc.array(indicators, { minLength: 1, maxLength: 6 }), frame)
    .map(([one, rest]) => data.answerOf('ta', one, rest)),
  fc
    .tuple(fc.record({ symbol, expirations: fc.array(expiration, { maxLength: 40 }) }), frame)
    .map(([one, rest]) => data.answerOf('expirations', one, rest)),
  fc
    .tuple(chain, frame, fc.constantFrom('call' as const, 'put' as const, 'both' as const))
    .map(([one, rest, side]) => data.answerOf('chain', one, { ...rest, request: { side } })),
  fc
    .tuple(
      fc.record({
        state: moment.map((one) => one.state),
        exchangeTime: asOf,
        nextChange: moment,
        description: hostile,
        holiday: hostile,
      }),
      frame,
    )
    .map(([one, rest]) => data.answerOf('market', one, rest)),
  fc
    .tuple(fc.record({ symbol, quote, chain, ta: indicators }, { requiredKeys: ['symbol'] }), frame)
    .map(([one, rest]) => data.answerOf('bundle', one, rest)),
  fc
    .tuple(
      fc.record({
        symbol,
        spot: price,
        supports: fc.array(level, { maxLength: 5 }),
        resistances: fc.array(level, { maxLength: 5 }),
      }),
      frame,
    )
    .map(([one, rest]) => data.answerOf('levels', one, rest)),
  fc
    .tuple(fc.record({ expression: hostile, value: figure }), frame)
    .map(([one, rest]) => data.answerOf('calculation', one, rest)),
);

describe('any answer', () => {
  it('has no line wider than asked for, no control character, no space at a line end', () => {
    fc.assert(
      fc.property(answer, width, (one, columns) => {
        for (const line of renderAnswer(one, at(columns))) {
          expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b\u202e]/);
          expect(line).toBe(line.trimEnd());
        }
      }),
      { numRuns: 400 },
    );
  });

  it('says the same with colour as without', () => {
    fc.assert(
      fc.property(answer, width, (one, columns) => {
        const colourful = renderAnswer(one, { width: columns, theme: createTheme({ colour: true }) });
        expect(colourful.map((line) => line.replaceAll(/\u001b\[\d+m/g, '').trimEnd())).toEqual(
          renderAnswer(one, at(columns)),
        );
      }),
    );
  });

  it('says SAMPLE in its caption exactly when its figures are synthetic', () => {
    fc.assert(
      fc.property(history, width, fc.boolean(), (one, columns, sample) => {
        const lines = renderAnswer(data.answerOf('history', one, { meta: { ...data.LIVE, sample } }), at(columns));
        expect(lines.slice(0, 4).some((line) => /(^| )SAMPLE$/.test(line))).toBe(sample);
      }),
    );
  });

  it('shows every bar of a history, whatever its length', () => {
    fc.assert(
      fc.property(history, width, (one, columns) => {
        const lines = renderAnswer(data.answerOf('history', one), at(columns));
        const rule = lines.findIndex((line) => /^─+$/.test(line));
        expect(lines.indexOf('', rule) - rule - 1).toBe(one.bars.length);
      }),
    );
  });

  it('fits several answers side by side into the width', () => {
    fc.assert(
      fc.property(fc.array(history, { minLength: 2, maxLength: 6 }), width, (several, columns) => {
        const lines = renderComparison(
          several.map((one) => data.answerOf('history', one)),
          at(columns),
        );
        for (const line of lines) expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
        for (const one of several) expect(lines.some((line) => line.startsWith(one.symbol))).toBe(true);
      }),
    );
  });

  it('shows nothing where nothing was found', () => {
    expect(renderAnswer(data.answerOf('quote', undefined), at(80))).toEqual([]);
    expect(renderComparison([data.answerOf('history', undefined)], at(80))).toEqual([]);
  });
});

describe('missing figures', () => {
  it('are dashes, never zero, NaN, null or undefined', () => {
    fc.assert(
      fc.property(answer, (one) => {
        if (one.kind === 'calculation' || one.kind === 'levels' || one.kind === 'market') return;
        expect(renderAnswer({ ...one, notes: [], meta: data.LIVE }, at(200)).join('\n')).not.toMatch(
          /\bNaN\b|\bundefined\b|\bnull\b|Infinity/,
        );
      }),
    );
    const bare: QuoteData = { symbol: 'BARE', last: 5, asOf: data.NVDA_QUOTE.asOf, session: 'closed' };
    const lines = renderAnswer(data.answerOf('quote', [bare]), at(80));
    expect(lines[1]).toBe('5.00  —  —');
    expect(lines.join('\n')).not.toContain('0.00');
  });

  it('gives the first bar no change where the close before it is not known', () => {
    const unknown: HistoryData = { ...data.NVDA_WEEK, summary: { ...data.NVDA_WEEK.summary, basis: 'first_open' } };
    const lines = renderAnswer(data.answerOf('history', unknown), at(80));
    expect(lines).toContain('Mon  2025-10-20  183.13  185.20  181.73  182.64       —         —  128.5M');
    expect(lines[1]).toBe('186.26  +3.04  +1.66%  vs. first open');
  });

  it("survive a provider's null in place of a greek", () => {
    const chainWithNull = JSON.parse(
      JSON.stringify(data.NVDA_CHAIN).replaceAll('"delta":0.871', '"delta":null'),
    ) as ChainData;
    expect(
      renderAnswer(data.answerOf('chain', chainWithNull), at(120)).find((line) => line.includes('200.0▼')),
    ).toMatch(/41\.2K +— +44\.1/);
  });
});

describe('the strike at the spot', () => {
  it('is not told where it may be among the strikes left out', () => {
    const contracts = data.NVDA_CHAIN.contracts.filter(({ strike }) => strike > 210);
    for (const part of ['range', 'choice'] as const) {
      const request = { side: 'both', strikes: 'all', part } as const;
      const text = renderAnswer(data.answerOf('chain', { ...data.NVDA_CHAIN, contracts }, { request }), at(100)).join();
      expect(text).not.toMatch(/●|nearest strike/);
    }
  });

  it('is kept and marked, without a line beside it', () => {
    const lines = renderAnswer(data.answerOf('chain', { ...data.NVDA_CHAIN, spot: 207.5 }), at(100));
    expect(lines.some((line) => line.includes('● 207.5'))).toBe(true);
    expect(lines.some((line) => line.includes('─ spot'))).toBe(false);
  });
});

describe('source and freshness', () => {
  it.each([
    [{ freshness: 'live' as const, ageMs: 0 }, 'tradier · as of 3:59:58 PM ET Oct 29, 2025 · live'],
    [{ freshness: 'cached' as const, ageMs: 12_000 }, 'tradier · as of 3:59:58 PM ET Oct 29, 2025 · cached 12 s ago'],
    [{ freshness: 'stale' as const, ageMs: 7_200_000 }, 'tradier · as of 3:59:58 PM ET Oct 29, 2025 · stale, 2 h old'],
  ])('are the last line: %o', (state, line) => {
    expect(
      renderAnswer(data.answerOf('quote', [data.NVDA_QUOTE], { meta: { ...data.LIVE, ...state } }), at(80)).at(-1),
    ).toBe(line);
  });

  it('of several answers are the worst and the oldest', () => {
    const stale = data.answerOf('history', data.SPY_WEEK, {
      meta: { ...data.STALE, provider: 'polygon', asOf: '2025-10-28T16:00:00-04:00' },
    });
    expect(combineMetas([data.answerOf('history', data.NVDA_WEEK).meta, stale.meta])).toEqual({
      ...data.LIVE,
      provider: 'tradier,polygon',
      freshness: 'stale',
      asOf: '2025-10-28T16:00:00-04:00',
      ageMs: 7_300_000,
      providerCalls: 2,
    });
  });
});

describe('brief histories', () => {
  it('leave out the middle and say how much', () => {
    const bars = Array.from({ length: 40 }, (_, index) => ({
      ...data.NVDA_WEEK.bars[0]!,
      date: `2025-0${String(1 + Math.floor(index / 28))}-${String((index % 28) + 1).padStart(2, '0')}`,
    }));
    const lines = renderAnswer(data.answerOf('history', { ...data.NVDA_WEEK, bars }), { ...at(80), detail: 'brief' });
    expect(lines.filter((line) => /^[A-Z][a-z]{2} {2}\d{4}/.test(line))).toHaveLength(20);
    expect(lines.some((line) => line.includes('─ 20 bars not shown ─'))).toBe(true);
  });

  it('are a matter of detail: a reader gets a quarter whole and a year by its ends, a command everything', () => {
    const history = (count: number): Answer<'history'> => {
      const bars = Array.from({ length: count }, (_, index) => ({
        ...data.NVDA_WEEK.bars[0]!,
        date: addDays('2024-01-02', index),
      }));
      return data.answerOf('history', { ...data.NVDA_WEEK, bars });
    };
    const rowsOf = (count: number, detail: 'full' | 'reading'): number =>
      renderAnswer(history(count), { ...at(80), detail }).filter((line) => /^[A-Z][a-z]{2} {2}\d{4}/.test(line)).length;
    expect([rowsOf(66, 'reading'), rowsOf(250, 'reading'), rowsOf(250, 'full')]).toEqual([66, 20, 250]);
  });
});

describe('sparklines', () => {
  it('show rise and fall, a flat series in the middle, a single value as one block', () => {
    expect(renderSparkline([1, 2, 3, 4, 5, 6, 7, 8], 20)).toBe('▁▂▃▄▅▆▇█');
    expect(renderSparkline([5, 5, 5], 20)).toBe('▅▅▅');
    expect(renderSparkline([5], 20)).toBe('▅');
    expect(renderSparkline([], 20)).toBe('');
  });

  it('fit the width', () => {
    fc.assert(
      fc.property(
        fc.array(price, { minLength: 1, maxLength: 500 }),
        fc.integer({ min: 1, max: 200 }),
        (values, columns) => {
          expect(renderSparkline(values, columns)).toHaveLength(Math.min(values.length, columns));
        },
      ),
    );
  });
});

describe('screens about fin itself', () => {
  it('fit the width', () => {
    fc.assert(
      fc.property(width, hostile, (columns, text) => {
        const rows = [...data.DOCTOR, { name: text, state: 'problem' as const, detail: text, hint: text }];
        const stats = { ...data.CACHE_STATS, path: `/very/long/${'folder/'.repeat(20)}cache.sqlite` };
        for (const line of [...renderDoctor(rows, at(columns)), ...renderCacheStats(stats, at(columns), data.HOURS)]) {
          expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
        }
      }),
    );
  });

  it('show a hit rate that is not known yet as a dash', () => {
    const { entries, bytes, hits, staleHits, misses, providerCalls, coalesced, callsSaved } = data.CACHE_STATS.totals;
    const totals = { entries, bytes, hits, staleHits, misses, providerCalls, coalesced, callsSaved };
    expect(
      renderCacheStats({ ...data.CACHE_STATS, totals }, at(80)).find((line) => line.startsWith('Hit rate')),
    ).toMatch(/^Hit rate +— · /);
  });
});
