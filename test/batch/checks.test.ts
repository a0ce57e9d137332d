// Each kind of expectation passes where the answer is right and fails, with what it found, where it is not.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCOPE_NAMES } from '../../src/batch/evidence.ts';
import { FUNCTION_NAMES, checkFormula, valueOf, parseFormula } from '../../src/batch/formulas.ts';
import { explainOrigin } from '../../src/batch/origins.ts';
import {
  averageTrueRange,
  exponentialAverages,
  macdOf,
  relativeStrengthIndex,
  simpleAverage,
} from '../../src/batch/recompute.ts';
import { says } from '../../src/batch/said.ts';
import { parseTextSuite, parseYamlSuite } from '../../src/batch/suite-file.ts';
import { roundPrice } from '../../src/domain/bar-series.ts';
import { lastAtr, lastEma, lastMacd, lastSma, rsiSeries } from '../../src/domain/indicators.ts';
import { failuresOf, runSuiteHere } from './suite-run.ts';

/** One right and one wrong expectation of each kind, about one question; the wrong one must be the only check to fail. */
const KINDS: readonly [kind: string, question: string, right: string, wrong: string, found: RegExp][] = [
  [
    'calls',
    'price of SPY',
    '{ calls: get_stock_quote|get_multiple_stock_quotes }',
    '{ calls: get_ta_indicators }',
    /^calls get_ta_indicators: found get_stock_quote SPY; none for SPY$/,
  ],
  [
    'notCalled',
    'price of SPY',
    '{ notCalled: [calculate] }',
    '{ notCalled: [get_stock_quote] }',
    /^does not call get_stock_quote: get_stock_quote SPY$/,
  ],
  ['maxCalls', 'price of SPY', '{ maxCalls: 1 }', '{ maxCalls: 0 }', /^no tool calls: get_stock_quote SPY$/],
  ['maxTurns', 'price of SPY', '{ maxTurns: 2 }', '{ maxTurns: 1 }', /^at most 1 requests to the model: 2$/],
  [
    'has',
    'price of SPY',
    '{ has: { quote: [last, asOf] } }',
    '{ has: { quote: [last, nothing] } }',
    /^has quote: SPY: missing: nothing$/,
  ],
  [
    'has, of a kind that did not come',
    'price of SPY',
    '{ has: { quote: [last] } }',
    '{ has: { chain: [spot] } }',
    /^has chain: SPY: no chain data$/,
  ],
  [
    'dates',
    'SPY last 5 trading days',
    '{ dates: last 5 sessions }',
    '{ dates: last 6 sessions }',
    /^sessions of last 6 sessions: SPY: found 2025-10-24 .*; the calendar says .* \(missing: 2025-10-23\)$/,
  ],
  [
    'figures',
    'price of SPY',
    '{ figures: ["quote.change = quote.last - quote.previousClose"] }',
    '{ figures: ["quote.change = quote.last - quote.open"] }',
    /^quote\.change = quote\.last - quote\.open: SPY: found -[\d.]+, recomputed -[\d.]+$/,
  ],
  [
    'figures that are missing',
    'price of SPY',
    '{ figures: ["quote.last > 0"] }',
    '{ figures: ["history.summary.last > 0"] }',
    /^history\.summary\.last > 0: SPY: history is missing$/,
  ],
  [
    'figures by the name of their field',
    'rsi of SPY',
    '{ has: { table: [rsi14] }, figures: ["rsi14 > 0 and round(rsi14, 1) < 100", "table.rsi14 = rsi14"] }',
    '{ figures: ["rsi14 > 100"] }',
    /^rsi14 > 100: SPY: found [\d.]+, recomputed 100$/,
  ],
  [
    'figures by their field, of a quote',
    'price of SPY',
    '{ figures: ["pct(last, previousClose) = changePercent"] }',
    '{ figures: ["sma50 > 0"] }',
    /^sma50 > 0: SPY: sma50 is missing$/,
  ],
  [
    'figures by their field, of a sheet of indicators',
    'technicals of SPY',
    '{ figures: ["sma50 > 0 and macdSignal < 100"] }',
    '{ figures: ["sma50 < 0"] }',
    /^sma50 < 0: SPY: found [\d.]+, recomputed 0$/,
  ],
  [
    'figures under a condition',
    'price of SPY',
    '{ figures: ["quote.last = 0 if quote.last < 0"] }',
    '{ figures: ["quote.last = 0 if quote.last > 0"] }',
    /recomputed 0$/,
  ],
  [
    'says',
    'price of SPY',
    '{ says: [quote.last] }',
    '{ says: [quote.volume] }',
    /^says quote\.volume: SPY: the text does not say \d+$/,
  ],
  ['words', 'price of SPY', '{ words: ["cost|traded"] }', '{ words: [cheap] }', /^the words cheap: not in the text$/],
  [
    'levels',
    'support and resistance of SPY',
    '{ levels: 2 }',
    '{ levels: 6 }',
    /^6 supports below and 6 resistances above the spot: SPY: 5 /,
  ],
  ['banned', 'price of SPY', '{ banned: [buy] }', '{ banned: [TRADED] }', /^no banned phrase: "TRADED"$/],
];

const suiteOf = (prompts: readonly string[]): string => `session: fresh\nprompts:\n${prompts.join('')}`;
const promptOf = (id: string, text: string, expectation: string, symbols = '[SPY]'): string =>
  `  - id: "${id}"\n    text: ${text}\n    for: ${symbols}\n    expect: ${expectation}\n`;

describe('expectations', () => {
  it('pass where they hold and fail alone, saying what was found, where they do not', async () => {
    const prompts = KINDS.flatMap(([kind, question, right, wrong]) => [
      promptOf(`${kind}: right`, question, right),
      promptOf(`${kind}: wrong`, question, wrong),
    ]);
    const { report } = await runSuiteHere(parseYamlSuite(suiteOf(prompts), 'kinds.yaml'));
    for (const [kind, , , , found] of KINDS) {
      expect(
        report.prompts.find(({ id }) => id === `${kind}: right`),
        kind,
      ).toMatchObject({ ok: true });
      const failed = failuresOf(report)
        .filter((failure) => failure.startsWith(`${kind}: wrong `))
        .map((failure) => failure.slice(kind.length + 8));
      expect(failed, kind).toHaveLength(1);
      expect(failed[0], kind).toMatch(found);
    }
  });

  it('bound what an answer may cost: requests, tokens, seconds', async () => {
    const prompts = [
      promptOf('dear', 'price of SPY', '{ maxProviderCalls: 0, maxTokens: 250, maxSeconds: 0.001 }'),
      promptOf('fine', 'price of SPY', '{ maxProviderCalls: 0, maxTokens: 500, maxSeconds: 60 }'),
    ];
    const { report } = await runSuiteHere(parseYamlSuite(suiteOf(prompts), 'cost.yaml'), {
      model: (planner) => ({
        name: 'dear',
        reply: async (request) => {
          const until = performance.now() + 3;
          while (performance.now() < until);
          return { ...(await planner.reply(request)), usage: { inputTokens: 120, outputTokens: 10 } };
        },
      }),
    });
    expect(failuresOf(report)).toEqual([
      'dear at most 0 provider calls: 1',
      'dear at most 250 tokens: 260',
      expect.stringMatching(/^dear at most 0\.001 seconds: 0\.\d+$/) as string,
    ]);
    expect(report.totals).toMatchObject({ inputTokens: 480, outputTokens: 40, providerCalls: 1 });
  });

  it('hold for every symbol of a prompt, and name those that miss', async () => {
    const suite = parseYamlSuite(
      suiteOf([
        promptOf(
          '1',
          'price of SPY and AMD',
          '{ calls: get_multiple_stock_quotes, figures: ["quote.last > 400"] }',
          '[SPY, AMD, NVDA]',
        ),
      ]),
      'x.yaml',
    );
    const { report } = await runSuiteHere(suite);
    expect(failuresOf(report)).toEqual([
      expect.stringMatching(/^1 calls get_multiple_stock_quotes: found .*; none for NVDA$/) as string,
      expect.stringMatching(
        /^1 quote\.last > 400: AMD: found [\d.]+, recomputed 400; NVDA: quote is missing$/,
      ) as string,
    ]);
  });

  it('fail an answer about a symbol that was not asked for', async () => {
    const suite = parseYamlSuite(
      suiteOf([promptOf('1', 'price of SPY and AMD', '{}', '[SPY]'), promptOf('2', 'price of AMD', '{}', '[AMD]')]),
      'x.yaml',
    );
    const { report } = await runSuiteHere(suite);
    expect(failuresOf(report)).toEqual(['1 only SPY: also AMD']);
  });

  it('fail a question that could not be answered, with its cause', async () => {
    const { report } = await runSuiteHere(parseTextSuite('why is NVDA down?\nprice of ZZZZ\nprice of NVDA\n', 'q.txt'));
    expect(report).toMatchObject({ ok: false, total: 3, passed: 1, failed: 2 });
    const failures = failuresOf(report);
    expect(failures[0]).toMatch(/^1 answered: question not understood/);
    expect(failures.find((failure) => failure.startsWith('2 no errors: '))).toMatch(/ZZZZ/);
  });
});

describe('formulas', () => {
  const scope = { bars: [{ close: 1, iv: 2 }, { close: 2 }], quote: { last: 3.1, symbol: 'SPY' }, day: '2025-10-30' };
  const check = (text: string): boolean => checkFormula(parseFormula(text), scope).ok;

  it.each([
    ['1 + 2 * 3 = 7', true],
    ['(1 + 2) * 3 = 9', true],
    ['-2 - -3 = 1', true],
    ['8 / 4 / 2 = 1', true],
    ['quote.last = 3.1005', true],
    ['quote.last = 3.102', false],
    ['quote.last in bars.close', false],
    ['count(bars) in bars.close', true],
    ['bars.close = sorted(bars.close)', true],
    ['sum(bars.close) = 3', true],
    ['quote.symbol = "SPY"', true],
    ['day >= 1', false],
    ['bars.iv = 2', false],
    ['bars.iv? = 2', true],
    ['max(bars.open?) > 0', false],
    ['rsi(bars.close, 14) > 0', false],
    ['1 / 0 > 0', false],
    ['bars.close = bars.iv?', false],
    ['around(bars.close, 2, 5) = bars.close', true],
    ['around(bars.close, 1.5, 1) = bars.close', true],
    ['around(bars.close, 3, 1) = 2', true],
  ])('%s is %j', (text, holds) => {
    expect(check(text)).toBe(holds);
  });

  it('name what is missing instead of passing', () => {
    expect(checkFormula(parseFormula('quote.bid < quote.ask'), scope)).toEqual({
      ok: false,
      detail: 'quote.bid is missing',
    });
    expect(checkFormula(parseFormula('max(bars.iv) = 2'), scope)).toEqual({
      ok: false,
      detail: 'bars.iv (item 2) is missing',
    });
    expect(valueOf(parseFormula('chain.spot'), scope)).toEqual({ missing: 'chain is missing' });
  });

  it('are read or refused as wrong usage, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z.()+*/<>= 0-9,"-]{0,30}$/)), (text) => {
        try {
          parseFormula(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'usage' });
        }
      }),
    );
  });
});

describe('what is worked out a second time', () => {
  const closes = fc.array(
    fc.integer({ min: 500, max: 60_000 }).map((cents) => cents / 100),
    { minLength: 40, maxLength: 260 },
  );

  it('agrees with what the tools compute, on any closes', () => {
    fc.assert(
      fc.property(closes, (values) => {
        const near = (mine: number | undefined, theirs: number | undefined): void => {
          expect(mine === undefined).toBe(theirs === undefined);
          expect(mine ?? 0).toBeCloseTo(theirs ?? 0, 6);
        };
        near(simpleAverage(values, 20), lastSma(values, 20));
        near(exponentialAverages(values, 20).at(-1), lastEma(values, 20));
        near(relativeStrengthIndex(values, 14), rsiSeries(values, 14).at(-1));
        near(macdOf(values)?.histogram, lastMacd(values)?.histogram);
        const bars = values.map((close, index) => ({
          date: String(index),
          open: close,
          high: close + 1,
          low: close - 1,
          close,
          volume: 1,
        }));
        near(averageTrueRange(bars, 14), lastAtr(bars));
      }),
      { numRuns: 40 },
    );
  });
});

describe('origins of levels', () => {
  const bars = Array.from({ length: 30 }, (_, index) => ({
    date: `2025-10-${String(index + 1).padStart(2, '0')}`,
    open: 100,
    high: 101 + index,
    low: 99 - index,
    close: 100 + index / 2,
    volume: 1,
  }));

  it.each([
    ['swing high 2025-10-05', 105],
    ['swing low 2025-10-05 (2 touches)', 95],
    ['52-week high 2025-10-30', 130],
    ['high since 2025-10-01: 2025-10-30', 130],
    ['previous session low 2025-10-30', 70],
    ['swing high 2025-10-05, previous session high 2025-10-05', 105],
    ['SMA20', roundPrice(bars.slice(-20).reduce((sum, bar) => sum + bar.close, 0) / 20)],
    ['pivot R1 of 2025-10-30', roundPrice((2 * (130 + 70 + 114.5)) / 3 - 70)],
  ])('%s holds at its price and at no other', (origin, price) => {
    expect(explainOrigin({ price, origin }, 100, bars)).toBeUndefined();
    expect(explainOrigin({ price: price + 0.5, origin }, 100, bars)).toContain('recomputed');
  });

  it('are refused where the bars do not have them', () => {
    expect(explainOrigin({ price: 1, origin: 'round number' }, 100, bars)).toContain('do not have');
    expect(explainOrigin({ price: 1, origin: 'swing high 2024-01-02' }, 100, bars)).toContain('do not have');
  });
});

describe('what a text says', () => {
  it.each([
    ['last 687.39', 687.39, true],
    ['last 687.4', 687.39, true],
    ['last 687.38', 687.39, false],
    ['last 687', 687.39, true],
    ['down 4.72', -4.72, true],
    ['volume 85.7M', 85_657_100, true],
    ['1,234.50', 1234.5, true],
    ['on Oct 29 2025', '2025-10-29', true],
    ['on 29 Oct 2025', '2025-10-29', true],
    ['on 10/29', '2025-10-29', true],
    ['on 2025-10-29', '2025-10-29', true],
    ['on 28 Oct 2025', '2025-10-29', false],
    ['at 10:29, 29 shares', '2025-10-29', false],
    ['on 2025-10-29', 29, false],
    ['SOUN is unchanged', 0, true],
    ['SOUN rose', 0, false],
  ])('"%s" says %j: %j', (text, value, expected) => {
    expect(says(text, value)).toBe(expected);
  });
});

describe('docs/batch.md', () => {
  it('names every key, function and kind of data of a prompts file', () => {
    const document = readFileSync(new URL('../../docs/batch.md', import.meta.url), 'utf8');
    const source = readFileSync(new URL('../../src/batch/suite-file.ts', import.meta.url), 'utf8');
    const keys = [...source.matchAll(/^const [A-Z_]*(?:KEYS|KINDS)(?:: [^=]+)? = \[(.*)\]/gm)].flatMap(
      ([, list = '']) => [...list.matchAll(/'(\w+)'/g)].map(([, key = '']) => key),
    );
    expect(keys.length + SCOPE_NAMES.length).toBeGreaterThan(40);
    expect(FUNCTION_NAMES.length).toBeGreaterThan(15);
    for (const key of [...keys, ...SCOPE_NAMES, ...FUNCTION_NAMES]) expect(document, key).toContain(`\`${key}`);
  });
});
