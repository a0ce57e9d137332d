// How people and models tell figures: in words, derived, compared, over periods. Right ones stay unmarked, altered ones
// are marked where they are wrong.
import { describe, expect, it } from 'vitest';
import { createFactBase } from '../../../src/agent/grounding/facts.ts';
import { NVDA_QUOTE, SPY_QUOTE, answerOf, createConversation, unsupportedIn } from './base.ts';

const right = (text: string, question = ''): void => {
  it(`leaves "${text}" alone`, () => expect(unsupportedIn(text, createConversation(), question)).toEqual([]));
};
const altered = (text: string, question = ''): void => {
  it(`marks "${text}"`, () => expect(unsupportedIn(text, createConversation(), question)).not.toEqual([]));
};

describe('digits that are no figures', () => {
  right('The 10-Q and your 401(k) have nothing to do with it, nor has 5G.');
  right('AMD fell 2.73% to 258.01, a loss that began in 2017 for some.');
  right('SPY traded in the 680s; a 0DTE straddle is another matter.');
});

describe('figures that follow from others', () => {
  right('Your 25 NVDA shares are worth $5,176.00.', 'what are my 25 nvda shares worth');
  altered('Your 25 NVDA shares are worth $5,716.00.', 'what are my 25 nvda shares worth');
  right('SPY is at 687.39, which is $26.15 above its 50-day average of 661.24.');
  altered('SPY is at 687.39, which is $62.15 above its 50-day average of 661.24.');
  right('AMD gave up $7.23, a loss of 2.73%.');
  right('The NVDA 210 call is 3.40 bid and 3.50 ask, a spread of 10 cents.');
});

describe('figures in words and in other scripts', () => {
  right('NVDA closed at two hundred seven point oh four.');
  altered('NVDA closed at two hundred seventeen point oh four.');
  right('NVDA closed at ２０７.０４.');
  altered('NVDA closed at ２０７.４０.');
  altered('AMD is about 2% lower at 258.01, 2.4 percent higher than Tuesday.');
  altered('AMD closed 2.73 percent higher.');
});

describe('claims that data refute', () => {
  right('SPY is above its 50-day average of 661.24.');
  altered('SPY is below its 50-day average of 661.24.');
  right('AMD was the weakest of the three, at −2.73%.');
  altered('SPY was the weakest of the three, at +0.05%.');
  altered('SPY and NVDA: both fell.');
  right('The put/call ratio is 0.71 by open interest.');
  altered('The call/put ratio is 0.71 by open interest.');
  altered('SPY has 3 supports: 683.35 and 661.24.');
});

describe('counts and orders over a group', () => {
  right('NVDA +2.99%, SPY +0.05%, AMD −2.73%: two of three are up.');
  altered('NVDA +2.99%, SPY +0.05%, AMD −2.73%: all three are up.');
  right('Of NVDA, SPY and AMD only AMD is down.');
  altered('Of NVDA, SPY and AMD only SPY is down.');
  right('NVDA +2.99% > SPY +0.05% > AMD −2.73%, so NVDA > SPY > AMD.');
  right('NVDA leads, AMD lags.');
  altered('SPY leads, AMD lags.');
});

describe('figures that the results have, in words that name them loosely', () => {
  right('NVDA is at 207.04, so it has to run 1.4% just to touch the 210 call.');
  right('NVDA +2.99%, then SPY +0.05, AMD the only red one at -2.73', 'who leads today?');
  right('The 210 strike holds the most calls (60,498), the 200 strike 45,210.');
  altered('The 210 strike holds the most calls (60,489), the 200 strike 45,210.');
});

describe('shares and multiples', () => {
  right('AMD traded 44.8 million shares, about half of the 85.7 million of SPY.');
  altered('AMD traded 44.8 million shares, about a quarter of the 85.7 million of SPY.');
  right('SPY is 4.0% over its 50-day (661.24).');
  altered('SPY is 3.6% over its 50-day (661.24).');
});

describe('years, clock hours and lists of days', () => {
  right('The market closes at 4. SPY expires Oct 31, in 2025 for the last time in October.');
  right('Nov: 7 (w), 21 (m). So two in November.');
  altered('The 7th (that is the monthly) and the 21st are the dates of November.');
});

describe('one figure under two names', () => {
  altered('NVDA opened at 207.04 and closed at 207.04.');
});

describe('percentages and pairs', () => {
  right(
    'SPY at 687.39 is above its 10-day average of 676.33 and its 50-day average of 661.24, by 1.6 and 4.0 percent.',
  );
  right('SPY has 683.35 as support, 0.6% down.');
  altered('SPY has 683.35 as support, 6.0% down.');
  right('NVDA is 207.01 x 207.06.');
  altered('NVDA is 207.06 x 207.01.');
  right('The NVDA 210 call is 3.40 x 3.50, 10c wide.');
  altered('The NVDA 210 call is 3.40 x 3.50, 20c wide.');
});

describe('sides of a price', () => {
  altered('SPY MACD 6.23 is under signal 4.92.');
  right('SPY MACD 6.23 is over signal 4.92.');
});

describe('periods and spans', () => {
  altered('Oct 31 is 9 days away: that is Wednesday the thirty-first of October.');
  right('NVDA gained 13.66% over those four sessions.');
  altered('NVDA gained 13.66% today.');
  right('The next SPY expiration is 1 day away.');
  altered('The next SPY monthly expiration is 3 months away.');
});

describe('calculations', () => {
  const calculated = (expression: string, value: number): ReturnType<typeof createFactBase> => {
    const base = createFactBase();
    base.add(answerOf('quote', [NVDA_QUOTE, SPY_QUOTE]));
    base.add(answerOf('calculation', { expression, value }));
    return base;
  };

  it('support what is made of figures of results', () =>
    expect(unsupportedIn('They are 480.35 apart.', calculated('687.39 - 207.04', 480.35))).toEqual([]));

  it('support nothing that is made of a figure in no result', () =>
    expect(unsupportedIn('NVDA is worth 999.00.', calculated('999.00 * 1', 999))).toEqual(['999.00']));
});

describe('an error text', () => {
  it('is support for nothing', () =>
    expect(unsupportedIn('The provider said 55.20 for NVDA.', createConversation())).toEqual(['55.20']));
});

describe('moves by their base, words of sizes and bounds', () => {
  right('NVDA went from 201.03 to 207.04, or 3.0%.');
  altered('NVDA is up 2.9%, from 201.03 to 207.04.');
  right('AMD slipped from 265.24 to 258.01, down 2.73%.');
  altered('AMD slipped from 265.24 to 258.01, down 2.80%.');
  right('NVDA gained $6.01 (+2.99%).');
  right('The NVDA 200 call breaks even at 209.18 by its 9.175 mid.', 'nvda 200 call break-even');
  altered('The NVDA 200 call breaks even at 216.22 by its 9.175 mid.', 'nvda 200 call break-even');
  right('The NVDA 200 call has 45,210 contracts open.');
  altered('The NVDA 200 call has about 452,000 contracts open.');
  right('NVDA closed at 207.04, its best day by the close being the twenty-ninth.');
  altered('NVDA hit its high of $212.19 on the twenty-eighth.');
  right('NVDA has risen three sessions in a row.');
  altered('NVDA has risen five sessions in a row.');
});
