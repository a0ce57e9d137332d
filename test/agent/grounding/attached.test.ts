// Figures that are attached to a sentence are held against tool results by value and field; the text plays no part.
import { describe, expect, it } from 'vitest';
import { checkAttached } from '../../../src/agent/grounding/attached.ts';
import { createFactBase, type FactBase } from '../../../src/agent/grounding/facts.ts';
import { sayEvents } from '../../../src/render/said-events.ts';
import type { Answer, AnswerDataByKind, AnswerKind, BarData } from '../../../src/domain/answers.ts';
import { lastAtr, lastBollinger } from '../../../src/domain/indicators.ts';
import { say, type SaidFigure } from '../../../src/domain/said.ts';
import { realisedVolatility } from '../../../src/domain/volatility.ts';
import { writeSaid } from '../../../src/render/said.ts';
import { walkBars } from '../../helpers/daily-bars.ts';

const bars = walkBars(7, 60);
const last = bars.at(-1)!;

function answerOf<Kind extends AnswerKind>(kind: Kind, data: AnswerDataByKind[Kind]): Answer {
  return { kind, data, errors: [], notes: [], meta: { sample: false, providerCalls: 1, elapsedMs: 1 } };
}

function baseOf(held: readonly BarData[] = bars): FactBase {
  const base = createFactBase();
  const [from = '', to = ''] = [held[0]?.date, held.at(-1)?.date];
  const [first, close] = [held[0]?.close ?? 0, held.at(-1)?.close ?? 0];
  const summary = { first, last: close, high: 1, low: 1, bars: held.length };
  base.add(answerOf('history', { symbol: 'NVDA', interval: 'day', from, to, bars: [...held], summary }));
  const quote = { symbol: 'NVDA', last: 171.25, asOf: '2026-11-19T15:59:58-05:00', session: 'regular' as const };
  base.add(answerOf('quote', [quote]));
  return base;
}

const check = (figure: SaidFigure, base = baseOf()): string | undefined => {
  const { text, figures } = writeSaid([figure]);
  return checkAttached(text, figures, base).unsupported[0]?.reason;
};

describe('an attached figure', () => {
  it('of a dividend, or of those of a period together, is supported by its payment', () => {
    const dividends = [
      { exDate: '2026-11-13', payDate: '2026-12-04', amount: 1.96 },
      { exDate: '2026-08-13', amount: 1.86 },
    ];
    const data = { symbol: 'MCD', dividends, splits: [] };
    const base = createFactBase();
    base.add(answerOf('events', data));
    for (const period of [undefined, { from: '2026-01-01', to: '2026-12-31' }]) {
      const { text, figures } = writeSaid(sayEvents(data, {}, '2026-11-19', period));
      expect(text).toContain(period === undefined ? 'dividend 1.96 ex' : '3.82 a share together');
      expect(checkAttached(text, figures, base)).toEqual({ figures: 1, supported: 1, unsupported: [] });
    }
    expect(check({ field: 'dividend', value: 1.96, symbol: 'MCD', date: '2026-08-13' }, base)).toBe(
      'not in any tool result',
    );
  });

  it('stands in the text where it says', () => {
    const last: SaidFigure = { field: 'last', value: 171.25, symbol: 'NVDA' };
    const { text, figures } = writeSaid(say`NVDA ${last}.`);
    expect(checkAttached(text, figures, baseOf()).unsupported).toEqual([]);
    const altered = text.replace(/\d/, (digit) => String((Number(digit) + 1) % 10));
    expect(checkAttached(altered, figures, baseOf()).unsupported).toHaveLength(1);
  });

  it('is supported by the same value of the same field, symbol and date', () => {
    const close: SaidFigure = { field: 'close', value: last.close, symbol: 'NVDA', date: last.date };
    expect(check(close)).toBeUndefined();
    expect(check({ ...close, value: last.close + 0.0001 })).toBe('not in any tool result');
    expect(check({ ...close, field: 'high' })).toBe('not in any tool result');
    expect(check({ ...close, symbol: 'AMD' })).toBe('not in any tool result');
    expect(check({ ...close, date: bars[3]!.date })).toBe('not in any tool result');
  });

  it.each([
    [
      'hv20',
      realisedVolatility(
        bars.map(({ close }) => close),
        20,
      ),
    ],
    ['bbUpper20', lastBollinger(bars.map(({ close }) => close))?.upper],
    ['atr14', lastAtr(bars)],
  ])('computed of bars needs all of them: %s', (field, value = NaN) => {
    const figure: SaidFigure = { field, value, symbol: 'NVDA', date: last.date, bars: bars.length };
    expect(check(figure)).toBeUndefined();
    expect(check(figure, baseOf(bars.slice(1)))).toBe('computed from bars that are not in any tool result');
    expect(check(figure, baseOf(bars.slice(0, -1)))).toBe('computed from bars that are not in any tool result');
    expect(check({ ...figure, symbol: 'AMD' })).toBe('computed from bars that are not in any tool result');
  });

  it('of a field must come to the same value once more', () => {
    const value =
      realisedVolatility(
        bars.map(({ close }) => close),
        20,
      )! * 1.001;
    expect(check({ field: 'hv20', value, symbol: 'NVDA', date: last.date, bars: bars.length })).toBe(
      'not what its bars give',
    );
  });

  it('made of others is as good as they are', () => {
    const good: SaidFigure = { field: 'last', value: 171.25, symbol: 'NVDA' };
    const share: SaidFigure = { field: 'calculation', unit: 'percent', value: 3.2, of: [good, good] };
    expect(check(share)).toBeUndefined();
    expect(check({ ...share, of: [good, { ...good, value: 171 }] })).toBe(
      'made from a figure that is not in any tool result',
    );
  });

  it('is told with its place and its text', () => {
    const said = say`NVDA last traded at ${{ field: 'last', value: 171.2, symbol: 'NVDA' }}, so much.`;
    const { text, figures } = writeSaid(said);
    const report = checkAttached(text, figures, baseOf());
    expect(text).toBe('NVDA last traded at 171.20, so much.');
    expect(report).toEqual({
      figures: 1,
      supported: 0,
      unsupported: [{ text: '171.20', value: 171.2, start: 20, end: 26, reason: 'not in any tool result' }],
    });
  });
});
