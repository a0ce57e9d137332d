import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../../src/agent/planner/plan.ts';
import { createTestGrammar, describePlan, scoreQuestions, understand } from './notation.ts';
import { questionsKeptAside } from './questions-kept-aside.ts';
import { questions } from './questions.ts';

const grammar = createTestGrammar();

function read(text: string, ...after: string[]): string {
  const plan = understand(grammar, { text, after });
  return isRefusal(plan) ? `${plan.refused}: ${plan.message}` : describePlan(plan);
}

describe('scores on questions as traders type them', () => {
  it('understands the questions that the grammar was written for, and none of them wrongly', () => {
    const score = scoreQuestions(questions);
    console.info(`planner, questions written for: ${score.right} of ${questions.length} right, ${score.refused.length} refused, ${score.wrong.length} wrong`);
    expect(score.wrong).toEqual([]);
    expect(score.right).toBeGreaterThanOrEqual(questions.length - 3);
  });

  it('understands most questions that were kept aside, and none of them wrongly', () => {
    const score = scoreQuestions(questionsKeptAside);
    console.info(`planner, questions kept aside: ${score.right} of ${questionsKeptAside.length} right, ${score.refused.length} refused, ${score.wrong.length} wrong`);
    expect(score.wrong).toEqual([]);
    expect(score.right).toBeGreaterThanOrEqual(40);
  });
});

describe('symbols and names', () => {
  it.each([
    ['NVDIA price', 'NVDA'],
    ['price of APPL', 'AAPL'],
    ['TSAL quote', 'TSLA'],
    ['price of microsft', 'MSFT'],
    ['NVDAA', 'NVDA'],
  ])('asks back for the near miss in "%s"', (question, symbol) => {
    expect(read(question)).toMatch(new RegExp(`^unclear: did you mean .*${symbol}`));
  });

  it.each(['united price', 'price of american', 'nasdaq', 'dow price'])('asks back for the ambiguous name in "%s"', (question) => {
    expect(read(question)).toMatch(/^unclear: did you mean /);
  });

  it('takes a symbol behind a dollar sign as it is, whatever it spells', () => {
    expect(read('price of $NOW')).toBe('quote NOW');
    expect(read('$nvdaa quote')).toBe('quote NVDAA');
  });

  it.each(['it', 'all', 'now', 'for', 'on', 'are', 'can', 'key', 'see', 'low', 'open', 'well', 'good', 'real', 'so', 'big'])(
    'does not take the English word "%s" for a symbol',
    (word) => {
      const plan = understand(grammar, { text: `price of ${word}` });
      expect(isRefusal(plan)).toBe(true);
    },
  );

  it('asks whether capitals are a symbol or a word where another symbol stands beside them', () => {
    expect(read('AAPL rsi NOW')).toMatch(/^unclear: did you mean NOW/);
    expect(read('NVDA OPEN')).toMatch(/^unclear: did you mean OPEN/);
    expect(read('WHAT IS THE PRICE OF NVDA NOW')).toBe('quote NVDA');
  });

  it('does not make symbols of the capitals of the trade', () => {
    expect(read('NVDA RSI and MACD')).toBe('ta NVDA');
    expect(read('NVDA P/E')).toMatch(/^unknown/);
    expect(read('NVDA EPS')).toMatch(/^unknown/);
  });

  it.each([
    ["Tesla's price", 'quote TSLA'],
    ['coca-cola quote', 'quote KO'],
    ['AT&T price', 'quote T'],
    ['price of Johnson & Johnson', 'quote JNJ'],
    ['brk-b', 'quote BRK.B'],
    ['s&p 500', 'quote SPX'],
  ])('reads the company in "%s"', (question, expected) => {
    expect(read(question)).toBe(expected);
  });
});

describe('refusals', () => {
  it.each([
    'what does NVDA do',
    'what moved NVDA today',
    'what is a call option',
    'target price of NVDA',
    'is NVDA worth it',
    'NVDA not AMD',
    'NVDA price and AMD rsi',
    'NVDA rsi last week',
    'is NVDA above AMD',
    'is AAPL above its 100 day',
    'how many shares of NVDA',
    'NVDA 5 minute chart',
    'is the market open on friday',
    'NVDA volume next week',
    'all quotes except NVDA',
    'earnings call NVDA',
    'sell AMD calls',
    'AMD weekly rsi',
    'is Apple open',
    'how close is NVDA to resistance',
    'NVDA yesterday vs today',
    'how is the market doing today',
    'value of 100 shares of NVDA',
  ])('refuses "%s" rather than answering something near it', (question) => {
    expect(isRefusal(understand(grammar, { text: question }))).toBe(true);
  });

  it('refuses any question with one unknown word added', () => {
    for (const { text, expect: expected, after = [] } of questions) {
      if (expected === 'refuse' || expected.startsWith('calculate')) continue;
      expect(isRefusal(understand(grammar, { text: `${text} zygomorphic`, after })), text).toBe(true);
    }
  });

  it('refuses what leans on a conversation that is not there', () => {
    for (const text of ['and puts?', 'same for AMD', 'its macd', 'the three', 'both', 'what about last week']) {
      expect(isRefusal(understand(grammar, { text })), text).toBe(true);
    }
  });
});

describe('follow-ups', () => {
  it.each([
    [['SPY calls friday', 'max pain'], 'walls SPY | friday'],
    [['SPY calls friday', 'and next monthly?'], 'chain SPY | next monthly | call | 10'],
    [['SPY calls friday', 'QQQ calls'], 'chain QQQ | nearest | call | 10'],
    [['price of NVDA', 'compare it with AMD'], 'quote NVDA AMD'],
    [['NVDA and AMD past month', 'biggest gainer'], 'history NVDA | past month | day ; history AMD | past month | day'],
    [['NVDA rsi', 'and SPY and QQQ'], 'ta SPY ; ta QQQ'],
    [['AAPL MSFT quotes', 'NVDA, AMD, WDC quotes', 'rsi of the two'], 'ta AAPL ; ta MSFT'],
    [['SPY past month', 'weekly bars'], 'history SPY | past month | week'],
    [["Yesterday's OHLC: SPY", 'volume today'], 'quote SPY'],
    [['is the market open', 'is it open now'], 'market'],
  ])('reads %j', (talk, expected) => {
    expect(read(talk.at(-1) ?? '', ...talk.slice(0, -1))).toBe(expected);
  });

  it('asks which symbol is meant where "its" follows several', () => {
    expect(read('its macd', 'price of NVDA and AMD')).toMatch(/^unclear: which of NVDA, AMD/);
  });

  it('does not answer "is it open" from a question about a stock', () => {
    expect(read('is it open', 'price of NVDA')).toMatch(/^unclear/);
  });
});
