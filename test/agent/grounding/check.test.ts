// What the grounding check accepts and what it marks, one behaviour each.
import { describe, expect, it } from 'vitest';
import { checkGrounding } from '../../../src/agent/grounding/check.ts';
import { collectFacts, createFactBase } from '../../../src/agent/grounding/facts.ts';
import { factsOf } from '../../../src/agent/grounding/facts.ts';
import { describeForCorrection, markUnsupported } from '../../../src/agent/grounding/report.ts';
import type { Message } from '../../../src/agent/model.ts';
import { NVDA_QUOTE, answerOf, createConversation, unsupportedIn } from './base.ts';

function expectSupported(...texts: string[]): void {
  for (const text of texts) expect.soft(unsupportedIn(text), text).toEqual([]);
}

function expectMarked(cases: Record<string, string[]>): void {
  for (const [text, marked] of Object.entries(cases)) expect.soft(unsupportedIn(text), text).toEqual(marked);
}

describe('written precision', () => {
  it('accepts a rounding to fewer places, a multiplier and an approximation', () => {
    expectSupported(
      'NVDA is at 207.0.',
      'NVDA traded 1.2B shares.',
      'NVDA traded 1,203,456,789 shares.',
      'NVDA traded 1,203.5 million shares.',
      'AMD traded about 45 million shares.',
      'AMD traded roughly 45,000,000 shares.',
      'NVDA closed at 207.',
      'NVDA rose 2.990 %.',
    );
  });

  it('marks a rounding that is not one', () => {
    expectMarked({
      'NVDA is at 207.1.': ['207.1'],
      'NVDA traded 1.3B shares.': ['1.3B'],
      'NVDA is at 206.': ['206'],
      'AMD traded about 46 million shares.': ['46 million'],
      'AMD traded 45,000,000 shares.': ['45,000,000'],
    });
  });

  it('reads implied volatility as a fraction and as a percentage', () => {
    expectSupported('The NVDA 200 call has an IV of 25 %.', 'The NVDA 200 call has an IV of 0.25.');
    expectMarked({
      'The NVDA 200 call has an IV of 26 %.': ['26 %'],
      'The NVDA 200 call has an IV of 2.5 %.': ['2.5 %'],
    });
  });
});

describe('sign', () => {
  it('reads it from a sign, a word or a ledger’s parentheses', () => {
    expectSupported(
      'SPY changed by +0.33.',
      'AMD: −7.23 on the day.',
      'AMD was down 7.23.',
      'AMD fell $7.23 (-2.73%).',
      '| AMD | change |\n|---|---|\n| AMD | (7.23) |',
      'AMD lost 2.73 %.',
    );
  });

  it('marks the other sign, said in figures or words', () => {
    expectMarked({
      'SPY changed by -0.33.': ['-0.33'],
      'AMD rose 7.23.': ['7.23'],
      'AMD gained 2.73 %.': ['2.73 %'],
      'NVDA was down 6.01.': ['6.01'],
      'Change of AMD: 7.23': ['7.23'],
      '| Symbol | Change |\n|---|---|\n| NVDA | (6.01) |': ['6.01'],
    });
  });

  it('asks none of a change too small for the digits that it is written with', () => {
    const base = createFactBase();
    base.add(answerOf('quote', [{ ...NVDA_QUOTE, change: -0.01, changePercent: -0.0048 }]));
    expect(unsupportedIn('NVDA is at 207.04, -0.01 (0.00 %) on the day.', base)).toEqual([]);
    expect(unsupportedIn('NVDA is at 207.04, +0.01 (0.00 %) on the day.', base)).toEqual(['+0.01']);
  });

  it('demands the sign of a put’s delta', () => {
    expectSupported('The NVDA 200 put has a delta of -0.36.');
    expectMarked({ 'The NVDA 200 put has a delta of 0.36.': ['0.36'] });
  });
});

describe('a session named anywhere in a sentence', () => {
  const base = createFactBase();
  base.add(
    answerOf('quote', [
      { ...NVDA_QUOTE, change: -1.5, changePercent: -0.72, last: 205.54, asOf: '2025-10-30T11:00:00-04:00' },
    ]),
  );
  base.add(
    answerOf('history', {
      symbol: 'NVDA',
      interval: 'day',
      from: '2025-10-29',
      to: '2025-10-29',
      bars: [{ date: '2025-10-29', open: 207.98, high: 212.19, low: 204.78, close: 207.04, volume: 308_829_600 }],
      summary: {
        first: 207.04,
        last: 207.04,
        change: 6.01,
        changePercent: 2.99,
        high: 212.19,
        low: 204.78,
        bars: 1,
        basis: 'previous_close',
      },
    }),
  );

  it('names it for the change at the end too', () => {
    expect(
      unsupportedIn(
        'NVDA on 29 Oct 2025: open 207.98, high 212.19, low 204.78, close 207.04, volume 308.8M, change +6.01 (+2.99 %).',
        base,
      ),
    ).toEqual([]);
    expect(
      unsupportedIn(
        'On October 29 NVDA opened at 207.98, traded between 204.78 and 212.19 and closed at 207.04, up 6.01 (2.99 %).',
        base,
      ),
    ).toEqual([]);
  });

  it('is needed where a later quote has a change of its own', () => {
    expect(unsupportedIn('NVDA is at 205.54, up 6.01 (2.99 %).', base)).toEqual(['6.01', '2.99 %']);
    expect(unsupportedIn('NVDA on 30 Oct 2025: last 205.54, change +6.01.', base)).toEqual(['+6.01']);
  });
});

describe('symbol', () => {
  it('ties each figure to the symbol that it is said of', () => {
    expectSupported(
      'NVDA closed at 207.04 and AMD at 258.01.',
      'NVDA, SPY and AMD closed at 207.04, 687.39 and 258.01.',
      '207.04 was where NVDA closed, 258.01 where AMD did.',
      'Nvidia closed at 207.04. It opened at 207.98.',
      'NVDA (207.04) outdid AMD (258.01).',
    );
    expectMarked({
      'NVDA closed at 258.01 and AMD at 207.04.': ['258.01', '207.04'],
      'AMD closed at 258.01. It opened at 207.98.': ['207.98'],
      'TSLA closed at 207.04.': ['207.04'],
    });
  });

  it('takes the symbol of the question where the answer names none', () => {
    expect(unsupportedIn('It closed at 207.04.', createConversation(), 'Where did NVDA close?')).toEqual([]);
    expect(unsupportedIn('It closed at 258.01.', createConversation(), 'Where did NVDA close?')).toEqual(['258.01']);
  });

  it('takes the symbol of the heading', () => {
    expect(unsupportedIn('## NVDA\nThe price is 207.04.\n\n## AMD\nThe price is 207.04.')).toEqual(['207.04']);
  });
});

describe('field, side, strike and date', () => {
  it('does not take the open for the close, nor RSI for MACD', () => {
    expectMarked({
      'NVDA closed at 207.98.': ['207.98'],
      'NVDA opened at 207.04.': ['207.04'],
      'SPY has an RSI14 of 6.23.': ['6.23'],
      'The high of NVDA was 204.78.': ['204.78'],
      'SPY’s SMA50 is 683.35.': ['683.35'],
    });
  });

  it('does not take the change since the open, or of a period, for the day’s change', () => {
    expectMarked({ 'NVDA changed by -0.94 on the day.': ['-0.94'], 'NVDA rose 13.66 % today.': ['13.66 %'] });
    expectSupported('NVDA rose 13.66 % over the past week.');
  });

  it('keeps calls and puts, open interest and volume, and strikes apart', () => {
    expectSupported(
      'The NVDA 200 call has open interest of 45,210.',
      'NVDA 200 put: OI 31,877, volume 8,077.',
      'NVDA’s call wall is at 210 with 60,498 contracts.',
      'NVDA 200C bid 9.10.',
    );
    expectMarked({
      'The NVDA 200 call has open interest of 31,877.': ['31,877'],
      'The NVDA 200 call has open interest of 12,034.': ['12,034'],
      'The NVDA 210 call has open interest of 45,210.': ['45,210'],
      'NVDA’s call wall is at 200 with 60,498 contracts.': ['200', '60,498'],
      'The NVDA 205 call has open interest of 45,210.': ['205', '45,210'],
    });
  });

  it('keeps sessions apart that the text names', () => {
    expectSupported(
      'On 2025-10-28 NVDA closed at 201.03.',
      'On Oct 28 NVDA closed at 201.03.',
      'NVDA closed at 201.03 on 10/28/2025 and 207.04 on 10/29/2025.',
      'On Friday NVDA closed at 186.26.',
      'Yesterday NVDA closed at 207.04.',
    );
    expectMarked({
      'On 2025-10-28 NVDA closed at 191.49.': ['191.49'],
      'On October 27, 2025 NVDA closed at 201.03.': ['201.03'],
      'On Friday NVDA closed at 191.49.': ['191.49'],
      'Yesterday NVDA closed at 201.03.': ['201.03'],
    });
  });

  it('does not take a bar of an unnamed session for the last one', () => {
    expectMarked({ 'NVDA closed at 191.49.': ['191.49'] });
  });
});

describe('layout', () => {
  it('reads a table by its columns and rows, either way round', () => {
    expectSupported(
      '| Symbol | Last | Change % |\n|---|---|---|\n| NVDA | 207.04 | +2.99 |\n| AMD | 258.01 | -2.73 |',
      '| | NVDA | AMD |\n|---|---|---|\n| Open | 207.98 | 265.10 |\n| High | 212.19 | 266.40 |',
      '| Date | Open | Close |\n|---|---|---|\n| 2025-10-27 | 189.99 | 191.49 |\n| 2025-10-28 | 193.05 | 201.03 |\n\nNVDA, daily.',
    );
    expectMarked({
      '| Symbol | Last |\n|---|---|\n| NVDA | 258.01 |\n| AMD | 207.04 |': ['258.01', '207.04'],
      '| Date | Open | Close |\n|---|---|---|\n| 2025-10-27 | 193.05 | 191.49 |\n\nNVDA, daily.': ['193.05'],
      '| Strike | Call OI | Put OI |\n|---|---|---|\n| 200 | 31,877 | 45,210 |\n\nNVDA options': ['31,877', '45,210'],
    });
  });

  it('reads nested bullets under their parent', () => {
    expect(unsupportedIn('- NVDA\n  - Open: 207.98\n- AMD\n  - Open: 207.98')).toEqual(['207.98']);
  });
});

describe('what is no figure', () => {
  it.each([
    'RSI14, RSI(14), SMA50, SMA 50, EMA(20), the 200-day, the 50 DMA and MACD 12/26/9 were used.',
    'In Q3 2025 and Q4, on 2025-10-29, Oct 29, 10/29/2025 and at 9:30 AM or 16:00 ET.',
    '1. First\n2. Second\n3) Third',
    'Over the last 4 trading days and 10 strikes.',
    'The S&P 500 and the Nasdaq-100 are indices.',
    'There are 2 supports in this 52-week view.',
    'The option NVDA251107C00200000 is listed.',
    'This was the 3rd time since 2024.',
    'RSI above 70 is overbought, below 30 oversold.',
    'As of 2025-10-29T16:00:00-04:00.',
    'See https://example.com/a/123.45?x=6',
    'The 1st, 2nd and 3rd of five.',
  ])('counts no figure in %j', (text) => {
    expect(checkGrounding(text, createConversation()).figures).toBe(0);
  });

  it('checks counts of what is shown', () => {
    expectSupported('SPY has 3 expirations, 2 of them weekly.', 'NVDA over 4 sessions.');
    expectMarked({ 'SPY has 5 expirations.': ['5'], 'NVDA over 6 sessions.': ['6'] });
  });
});

describe('other sources of figures', () => {
  it('accepts what was calculated and marks what was not', () => {
    expectSupported('That is 11.16 % above the close of Oct 24 for NVDA.');
    expectMarked({ 'NVDA is 12.5 % above its low.': ['12.5 %'] });
  });

  it('accepts numbers of the question as quoted, not as data', () => {
    expect(unsupportedIn('NVDA is above your level of 190.5.', createConversation(), 'Is NVDA above 190.5?')).toEqual(
      [],
    );
    expect(unsupportedIn('NVDA closed at 190.5.', createConversation(), 'Is NVDA above 190.5?')).toEqual(['190.5']);
  });

  it('marks an earlier quote given as the present one', () => {
    const base = createConversation();
    base.add(answerOf('quote', [{ ...NVDA_QUOTE, last: 209.5 }]));
    expect(unsupportedIn('NVDA is now at 207.05.', base)).toEqual(['207.05']);
    expect(unsupportedIn('NVDA is now at 209.50.', base)).toEqual([]);
  });
});

describe('facts', () => {
  it('come from the tool messages of a conversation, with their terms', () => {
    const messages: Message[] = [
      { role: 'user', content: 'NVDA?' },
      {
        role: 'tool',
        toolCallId: '1',
        name: 'get_stock_quote',
        content: '',
        answer: answerOf('quote', [NVDA_QUOTE]),
        arguments: {},
      },
      { role: 'tool', toolCallId: '2', name: 'get_stock_quote', content: 'no such symbol', arguments: {} },
    ];
    const base = collectFacts(messages);
    expect(base.facts).toContainEqual({
      kind: 'quote',
      field: 'high',
      unit: 'usd',
      value: 212.19,
      symbol: 'NVDA',
      date: '2025-10-29',
    });
    expect([...base.symbols]).toEqual(['NVDA']);
  });

  it('leave out what is missing instead of taking it for zero', () => {
    const { symbol, last, asOf, session } = NVDA_QUOTE;
    expect(factsOf(answerOf('quote', [{ symbol, last, asOf, session }])).map((fact) => fact.field)).toEqual(['last']);
  });

  it('are none in an empty conversation, where every figure is unsupported', () => {
    expect(checkGrounding('NVDA closed at 207.04.', createFactBase())).toMatchObject({ figures: 1, supported: 0 });
  });
});

describe('the report', () => {
  const text = 'NVDA closed at $258.01, up 2.99 %.';

  it('gives place, value, reason and what the tools have instead', () => {
    const { unsupported } = checkGrounding(text, createConversation());
    expect(unsupported).toEqual([
      {
        text: '$258.01',
        value: 258.01,
        start: 15,
        end: 22,
        reason: 'said of another symbol',
        nearest: expect.objectContaining({ value: 207.04, symbol: 'NVDA' }) as unknown,
      },
    ]);
    expect(text.slice(15, 22)).toBe('$258.01');
  });

  it('marks the figure on screen and leaves the rest as it was', () => {
    expect(markUnsupported(text, checkGrounding(text, createConversation()))).toBe(
      'NVDA closed at $258.01 [?], up 2.99 %.',
    );
  });

  it('tells the model shortly what to correct, and nothing where all is well', () => {
    const message = describeForCorrection(checkGrounding(text, createConversation()));
    expect(message).toContain('"$258.01": said of another symbol; the tools have NVDA');
    expect(message).toContain('207.04');
    expect(message.length).toBeLessThan(500);
    expect(describeForCorrection(checkGrounding('NVDA closed at 207.04.', createConversation()))).toBe('');
  });
});
