// What stands on the screen is what the JSON says: every figure reads back to the document's within its last digit,
// whatever its size, and none that is not zero shows as zero. Wide screens, so that no column is left out.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sayHistories, sayQuotes } from '../../src/agent/planner/sentences.ts';
import type {
  AnswerKind,
  BarData,
  ChainData,
  ContractData,
  HistoryData,
  IndicatorData,
  LevelsData,
  QuoteData,
} from '../../src/domain/answers.ts';
import { roundPercent, roundPrice, summariseBars } from '../../src/domain/bar-series.ts';
import { writeSaid } from '../../src/render/said.ts';
import { describeTechnicals } from '../../src/domain/trend.ts';
import { renderAnswer } from '../../src/render/answer.ts';
import { formatJson, toJsonDocument } from '../../src/render/json.ts';
import { createTheme } from '../../src/render/theme.ts';
import { describeForModel } from '../../src/tools/text.ts';
import { answerOf } from './data.ts';

const WIDE = { width: 400, theme: createTheme({ colour: false }) };
const FACTORS: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 };

interface Shown {
  value: number;
  /** Half of the last digit. */
  precision: number;
  /** Or a ratio. */
  isPercent: boolean;
}

function read(text: string): Shown {
  const match = /^±?([+-]?)([\d,]+)(?:\.(\d+))?(?:e([+-]\d+))?([KMBT])?%?$/.exec(text);
  if (match === null) throw new Error(`no figure: "${text}"`);
  const [, sign = '', whole = '', fraction = '', exponent = '0', unit = ''] = match;
  const factor = (FACTORS[unit] ?? 1) * 10 ** Number(exponent);
  const size = Number(`${whole.replaceAll(',', '')}.${fraction || '0'}`) * factor;
  return {
    value: sign === '-' ? -size : size,
    precision: 0.5 * 10 ** -fraction.length * factor,
    isPercent: text.endsWith('%'),
  };
}

function isShown({ value, precision, isPercent }: Shown, exact: number): boolean {
  if ((value === 0) !== (exact === 0)) return false;
  const off = Math.abs(value - exact);
  // Half of the last digit, and three digits at least; two decimals are enough for a percentage.
  const enough = isPercent ? Math.max(0.005, Math.abs(exact) * 0.0051) : Math.abs(exact) * 0.0051;
  return off <= precision * 1.000001 + Math.abs(exact) * 1e-9 && off <= enough * 1.000001;
}

function expectCell(text: string | undefined, exact: number | undefined, where: string): void {
  if (exact === undefined) expect(text, where).toBe('—');
  else expect(isShown(read(text ?? ''), exact), `${where}: "${text ?? ''}" for ${exact}`).toBe(true);
}

/** A greek has its decimals and no more; what they cannot show is told as less than the last of them. */
interface Greek {
  exact: number | undefined;
  decimals: number;
}

function expectGreek(text: string, { exact, decimals }: Greek, where: string): void {
  const least = 10 ** -decimals;
  if (exact === undefined) expect(text, where).toBe('—');
  else if (exact !== 0 && Math.abs(exact) < least / 2)
    expect(text, where).toBe(`${exact > 0 ? '<' : '>-'}${least.toFixed(decimals)}`);
  else {
    expect(text.split('.')[1], where).toHaveLength(decimals);
    expect(Math.abs(read(text).value - exact), where).toBeLessThanOrEqual(least * 0.500001);
  }
}

function expectRow(line: string | undefined, lead: number, expected: readonly (number | Greek | undefined)[]): void {
  const cells = (line ?? '')
    .trim()
    .split(/\s{2,}/)
    .slice(lead);
  expected.forEach((exact, index) => {
    const where = `${line ?? ''} [${index}]`;
    if (typeof exact === 'object') expectGreek(cells[index] ?? '', exact, where);
    else expectCell(cells[index], exact, where);
  });
}

/** Every figure of a sentence is one of the JSON's. */
function expectSentence(text: string, exact: readonly number[]): void {
  const bare = text
    .replaceAll(
      /[A-Z][a-z]{2} \d{1,2}(?:, \d{4})?|\d{4}-\d\d-\d\d|\d\d:\d\d(?::\d\d)?|\b\d+[- ](?:sessions?|weeks?|months?|bars)/g,
      '',
    )
    .replaceAll(/\((?:20, 2|252 sessions|63 sessions)\)|\b(?:RSI|SMA|EMA|ATR)\d+|at or (?:above|below) \d+/g, '');
  for (const [figure] of bare.matchAll(/[+-]?\d[\d,]*(?:\.\d+)?(?:e-\d+)?[KMBT]?%?/g)) {
    const shown = read(figure.replace(/,$/, ''));
    expect(
      exact.some((value) => isShown(shown, value)),
      `${figure} in "${text}" of ${exact.join(' ')}`,
    ).toBe(true);
  }
}

function screen(kind: AnswerKind, data: unknown, request = {}): { lines: string[]; json: never } {
  const answer = { ...answerOf(kind, data as never), request };
  const document = JSON.parse(formatJson(toJsonDocument(kind, answer))) as { data: never };
  return { lines: renderAnswer(answer, WIDE), json: document.data };
}

const price = fc
  .tuple(fc.double({ min: -6, max: 5.9, noNaN: true }), fc.double({ min: 1, max: 9.99, noNaN: true }))
  .map(([power, mantissa]) => roundPrice((mantissa * 10 ** power) / 10))
  .filter((value) => value > 0);
const signed = fc.tuple(price, fc.constantFrom(1, -1)).map(([size, sign]) => size * sign);
const percent = signed.map(roundPercent);
const volume = fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 5e9 }));
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const present = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;

const quotes = fc
  .record({
    last: price,
    change: optional(signed),
    changePercent: optional(percent),
    open: optional(price),
    high: optional(price),
    low: optional(price),
    previousClose: optional(price),
    bid: optional(price),
    ask: optional(price),
    volume: optional(volume),
    averageVolume: optional(volume),
    week52High: optional(price),
    week52Low: optional(price),
  })
  .map((quote) =>
    present({ symbol: 'PNNY', asOf: '2026-11-19T15:59:58-05:00', session: 'regular', ...quote } as QuoteData),
  );

const bars = fc
  .array(fc.record({ scale: fc.double({ min: 0.5, max: 2, noNaN: true }), vwap: price, volume }), {
    minLength: 2,
    maxLength: 25,
  })
  .chain((steps) => price.map((start) => ({ steps, start })))
  .map(({ steps, start }): BarData[] =>
    steps.map(({ scale, vwap, volume: traded }, index) => {
      const close = roundPrice(start * scale);
      return {
        date: new Date(Date.UTC(2026, 9, 1 + index)).toISOString().slice(0, 10),
        open: roundPrice(close * 0.99),
        high: roundPrice(close * 1.02),
        low: roundPrice(close * 0.98),
        close,
        volume: traded + 1,
        vwap,
      };
    }),
  )
  .filter((all) => all.every((bar) => bar.low > 0));

const historyOf = (all: BarData[], before: number | undefined): HistoryData => ({
  symbol: 'PNNY',
  interval: 'day',
  from: all[0]?.date ?? '',
  to: all.at(-1)?.date ?? '',
  bars: all,
  summary: summariseBars(all, before === undefined ? undefined : { ...all[0]!, close: before }),
});

const averages = fc.record({
  '5': optional(price),
  '10': optional(price),
  '20': optional(price),
  '50': optional(price),
  '200': optional(price),
});
const indicators = fc
  .record({
    close: price,
    rsi14: optional(fc.double({ min: 0, max: 100, noNaN: true }).map(roundPercent)),
    macd: optional(fc.record({ macd: signed, signal: signed, histogram: signed })),
    sma: averages,
    ema: averages,
  })
  .map((data): IndicatorData => present({ symbol: 'PNNY', date: '2026-11-18', ...data } as IndicatorData));

const greek = optional(signed.filter((value) => Math.abs(value) < 10));
const contracts = fc
  .uniqueArray(
    fc.record({
      strike: fc.integer({ min: 1, max: 9_999 }).map((strike) => strike / 2),
      bid: optional(price),
      ask: optional(price),
      last: optional(price),
      volume: optional(volume),
      openInterest: optional(volume),
      iv: optional(fc.double({ min: 1e-6, max: 9, noNaN: true })),
      delta: greek,
      gamma: greek,
      theta: greek,
      vega: greek,
    }),
    { selector: ({ strike }) => strike, minLength: 1, maxLength: 12 },
  )
  .map((all): ContractData[] =>
    all
      .toSorted((one, other) => one.strike - other.strike)
      .map((contract) =>
        present({
          symbol: `PNNY261218C${String(contract.strike * 1000).padStart(8, '0')}`,
          side: 'call',
          ...contract,
        } as ContractData),
      ),
  );
const analytics = fc.record({
  move: price,
  percent: price.map(roundPercent).filter((value) => value > 0),
  ratio: price.map(roundPercent).filter((value) => value > 0),
  openInterest: fc.integer({ min: 1, max: 1e6 }),
});

function chainOf(
  all: ContractData[],
  spot: number,
  made: { move: number; percent: number; ratio: number; openInterest: number },
): ChainData {
  return {
    underlying: 'PNNY',
    spot,
    expiration: '2026-12-18',
    dte: 29,
    contracts: all,
    analytics: {
      callWalls: [{ strike: all[0]?.strike ?? 1, openInterest: made.openInterest }],
      putWalls: [],
      expectedMove: { amount: made.move, percent: made.percent, method: 'straddle_mid' },
      putCallOpenInterest: made.ratio,
    },
  };
}

const lineOf = (lines: readonly string[], start: RegExp): string | undefined => lines.find((line) => start.test(line));

describe('a figure on the screen is the figure of the JSON', () => {
  it('of quotes, one and several', () => {
    fc.assert(
      fc.property(quotes, quotes, (one, other) => {
        const several = screen('quote', [
          { ...one, symbol: 'AAA' },
          { ...other, symbol: 'BBB' },
        ]);
        for (const quote of several.json as QuoteData[])
          expectRow(lineOf(several.lines, new RegExp(`^${quote.symbol} `)), 1, [
            quote.last,
            quote.change,
            quote.changePercent,
            quote.open,
            quote.high,
            quote.low,
            quote.previousClose,
            quote.volume,
            quote.bid,
            quote.ask,
            quote.week52High,
            quote.week52Low,
            quote.averageVolume,
          ]);
        const { lines, json } = screen('quote', [one]);
        const [quote] = json as QuoteData[];
        expectRow(lines[1], 0, [quote!.last, quote!.change, quote!.changePercent]);
        const pairs = lines.slice(2, 8).flatMap((line) => line.trim().split(/\s{2,}/));
        const card: [string, number | undefined][] = [
          ['Open', quote!.open],
          ['Prev close', quote!.previousClose],
          ['Bid', quote!.bid],
          ['Volume', quote!.volume],
          ['Avg volume', quote!.averageVolume],
          ['52-week low', quote!.week52Low],
        ];
        for (const [label, exact] of card) expectCell(pairs[pairs.indexOf(label) + 1], exact, label);
      }),
    );
  });

  it('of histories, with the changes from bar to bar', () => {
    fc.assert(
      fc.property(bars, optional(price), (all, before) => {
        const { lines, json } = screen('history', historyOf(all, before));
        const history = json as HistoryData;
        const { summary } = history;
        expectRow(lines[1], 0, [summary.last, summary.change, summary.changePercent]);
        history.bars.forEach((bar, index) => {
          const base =
            index > 0
              ? history.bars[index - 1]?.close
              : summary.basis === 'previous_close'
                ? summary.last - (summary.change ?? NaN)
                : undefined;
          const cells = (lineOf(lines, new RegExp(`^\\w{3}  ${bar.date}`)) ?? '').trim().split(/\s{2,}/);
          for (const [at, exact] of [bar.open, bar.high, bar.low, bar.close].entries())
            expectCell(cells[at + 2], exact, bar.date);
          // The close before the range is known as finely as the summary's change.
          if (index > 0 && base !== undefined) expectCell(cells[6], roundPrice(bar.close - base), bar.date);
          expectCell(cells[8], bar.volume, bar.date);
          expectCell(cells[9], bar.vwap, bar.date);
        });
      }),
    );
  });

  it('of indicators', () => {
    fc.assert(
      fc.property(indicators, (data) => {
        const { lines, json } = screen('ta', [data]);
        const [shown] = json as IndicatorData[];
        const oscillators = /RSI 14 {2}(\S+) {3}MACD {2}(\S+) {3}MACD signal {2}(\S+) {3}MACD hist {2}(\S+)/.exec(
          lines.join('\n'),
        );
        [shown!.rsi14, shown!.macd?.macd, shown!.macd?.signal, shown!.macd?.histogram].forEach((exact, index) =>
          expectCell(oscillators?.[index + 1], exact, 'oscillators'),
        );
        for (const window of ['5', '10', '20', '50', '200'] as const) {
          const [sma, ema] = [shown!.sma[window], shown!.ema[window]];
          const distance = (average: number | undefined): number | undefined =>
            average === undefined ? undefined : ((shown!.close - average) / average) * 100;
          expectRow(lineOf(lines, new RegExp(`^ +${window} {2}`)), 1, [sma, distance(sma), ema, distance(ema)]);
        }
      }),
    );
  });

  it('of levels', () => {
    const levels = fc
      .array(price, { minLength: 1, maxLength: 5 })
      .map((prices) => prices.map((each) => ({ price: each, origin: 'swing' })));
    fc.assert(
      fc.property(price, levels, (spot, supports) => {
        const { lines, json } = screen('levels', { symbol: 'PNNY', spot, supports, resistances: [] });
        const shown = json as LevelsData;
        shown.supports.forEach((level, index) =>
          expectRow(lineOf(lines, new RegExp(`^S${index + 1} `)), 1, [
            level.price,
            ((level.price - shown.spot) / shown.spot) * 100,
          ]),
        );
        expectCell(/spot (\S+)/.exec(lines.join('\n'))?.[1], shown.spot, 'spot');
      }),
    );
  });

  it('of chains: spot, expected move, ratios, and every figure of a contract', () => {
    fc.assert(
      fc.property(contracts, price, analytics, (all, spot, made) => {
        const { lines, json } = screen('chain', chainOf(all, spot, made), { side: 'call' });
        const chain = json as ChainData;
        const text = lines.join('\n');
        expectCell(/Spot +(\S+)/.exec(text)?.[1], chain.spot, 'spot');
        const move = /Expected move +(±\S+) · (±\S+%)/.exec(text);
        expectCell(move?.[1], chain.analytics.expectedMove?.amount, 'move');
        expectCell(move?.[2], chain.analytics.expectedMove?.percent, 'move');
        expectCell(/open interest (\S+)/.exec(text)?.[1]?.concat('%'), chain.analytics.putCallOpenInterest, 'put/call');
        const rows = lines.filter((line) => /^ *●?▲? *[\d,.]+ {2,}\S/.test(line));
        expect(rows).toHaveLength(chain.contracts.length);
        chain.contracts.forEach((contract, index) => {
          expectRow(rows[index]?.replace(/^ *●?▲? */, ''), 0, [
            contract.strike,
            contract.bid,
            contract.ask,
            contract.last,
            { exact: contract.delta, decimals: 3 },
            contract.volume,
            contract.openInterest,
            contract.iv === undefined ? undefined : contract.iv * 100,
            { exact: contract.gamma, decimals: 4 },
            { exact: contract.theta, decimals: 3 },
            { exact: contract.vega, decimals: 3 },
          ]);
        });
      }),
    );
  });

  it('of expirations: days to each', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 20 }), (days) => {
        const expirations = days
          .toSorted((one, other) => one - other)
          .map((dte) => ({
            date: new Date(Date.UTC(2026, 10, 19 + dte)).toISOString().slice(0, 10),
            dte,
            kind: 'weekly' as const,
          }));
        const { lines } = screen('expirations', { symbol: 'PNNY', expirations });
        const shown = [...lines.join('\n').matchAll(/ (\d+)w \((\d+)d\)/g)].map(([, day, dte]) => [
          Number(day),
          Number(dte),
        ]);
        expect(shown).toEqual(expirations.map(({ date, dte }) => [Number(date.slice(8)), dte]));
      }),
    );
  });

  it('of bundles: the lines of their parts', () => {
    fc.assert(
      fc.property(quotes, indicators, contracts, price, analytics, (quote, ta, all, spot, made) => {
        const chain = chainOf(all, spot, made);
        const { lines } = screen('bundle', { symbol: 'PNNY', quote, ta, chain });
        const parts = [screen('quote', [quote]), screen('ta', [ta]), screen('chain', chain)];
        for (const part of parts)
          for (const line of part.lines.slice(1).filter((each) => !each.includes('as of') && !each.includes('tradier')))
            expect(lines).toContain(line);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a figure in words is the figure of the JSON', () => {
  const figuresOf = (value: unknown): number[] =>
    typeof value === 'number'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(figuresOf)
        : [];

  it('in the sentences of an answer', () => {
    fc.assert(
      fc.property(quotes, bars, optional(price), (quote, all, before) => {
        const history = historyOf(all, before);
        for (const sentence of sayHistories([history], []))
          expectSentence(writeSaid(sentence).text, [...figuresOf(history), all.length]);
        for (const sentence of sayQuotes([{ ...quote, isClose: false }], true))
          expectSentence(writeSaid(sentence).text, figuresOf(quote));
      }),
    );
  });

  it('in statements on indicators', () => {
    fc.assert(
      fc.property(bars, indicators, (all, ta) => {
        for (const { said } of describeTechnicals(all, { ...ta, close: all.at(-1)?.close ?? 1 })) {
          const { text, figures } = writeSaid(said);
          expectSentence(
            text,
            figures.map(({ value }) => value),
          );
        }
      }),
    );
  });

  it('and none turns to zero in what a model reads', () => {
    fc.assert(
      fc.property(contracts, price, analytics, (all, spot, made) => {
        const chain = chainOf(all, spot, made);
        const rows = describeForModel(answerOf('chain', chain))
          .split('\n')
          .filter((line) => line.startsWith('C '));
        for (const row of rows) {
          const [, strike, , , , iv, delta] = row.split(' ');
          const contract = all.find((each) => each.strike === Number(strike));
          for (const [text, exact] of [
            [iv, contract?.iv],
            [delta, contract?.delta],
          ] as const)
            if (exact !== undefined)
              expect(Math.abs(Number(text) - exact)).toBeLessThanOrEqual(Math.abs(exact) * 0.0051);
        }
      }),
    );
  });
});
