// The rule that every word of a question is used or known to change nothing: what is refused because a word would be
// dropped, what is harmless only in its place, and what is read of words that used to be dropped.
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../../src/agent/planner/query.ts';
import { createTestGrammar, describePlan, understand } from './notation.ts';

const grammar = createTestGrammar();

function read(...talk: string[]): string {
  const plan = understand(grammar, { text: talk.at(-1) ?? '', after: talk.slice(0, -1) });
  return isRefusal(plan) ? `${plan.refused}: ${plan.message}` : describePlan(plan);
}

describe('a word that would change nothing', () => {
  it.each([
    ['from', 'have pepsico shares fallen more than 10% from their peak of this year'],
    ['bottom', 'bottom of spy'],
    ['stable', 'how stable is ko'],
    ['quiet', 'is the market quiet'],
    ['quiet', 'has spy been quiet this month'],
    ['healthy', 'is volume healthy on spy'],
    ['high', 'is spy at a 20 day high'],
    ['how many', 'how many puts traded on tsla'],
  ])('is named: "%s" of "%s"', (word, text) => {
    expect(read(text)).toBe(`unclear: how "${word}" is meant`);
  });

  it.each([
    ['what this changes in the question before', 'tsla 50 day', 'by how much'],
    ['what this changes in the question before', 'spy best day this year', 'by how many points'],
    ['distance of a symbol', 'aapl msft nvda rsi', 'which is closest to 50'],
    ['which of the strikes stays', 'spy bull put spread 670/660 friday', '5 wide'],
  ])('is refused after a turn: %s', (message, ...talk) => {
    expect(read(...talk)).toContain(message);
  });

  it.each([
    'have pepsico shares fallen more than 10% from their peak of this year',
    'how stable is ko',
    'how many puts traded on tsla',
    'is volume healthy on spy',
    'average monday return of spy',
    'what took spx down today',
  ])('brings a question that works: %s', (text) => {
    const plan = understand(grammar, { text });
    const instead = isRefusal(plan) ? (plan.instead ?? '') : '';
    expect(isRefusal(understand(grammar, { text: instead }))).toBe(false);
  });
});

describe('a word that says what is shown anyway', () => {
  it.each([
    ['pltr vs hood today', 'quote PLTR HOOD'],
    ['how far off hod is tsla', 'figures TSLA | last, high, pct(last, high) as distance'],
    ['top ten losers today', 'scan'],
    ['spy 660/655 pcs friday credit and max loss', 'strategy SPY | friday | 655 660'],
    ['how many green days in a row for aapl', 'figures AAPL | streak'],
    ['expected move mu into dec opex', 'figures MU | expectedMove, expectedMovePercent | dec'],
    ['is spy still above 600', 'figures SPY | last | last > 600'],
    ['crazy day, how is nvda doing', 'quote NVDA'],
  ])('is used: %s', (text, expected) => {
    const found = read(text);
    expect(found.startsWith(expected.split(' | ')[0] ?? '')).toBe(true);
    for (const part of expected.split(' | ').slice(1)) expect(found).toContain(part);
  });
});

describe('words that used to be dropped', () => {
  it.each([
    ['netflix open to close, october expiration week', 'bars NFLX | 2026-10-12 to 2026-10-16'],
    ['spy low of opex week', 'figures SPY | low | 2026-11-16 to 2026-11-19'],
    ['average daily range of tsla over 20 days', 'figures TSLA | avg(range) | last 20 sessions'],
    ['gld 20d realised vs implied', 'figures GLD | hv20, iv30'],
    ['is nvda rsi falling', 'figures NVDA | rsi14, ago(rsi14, 5) | rsi14 < ago(rsi14, 5)'],
    [
      'which moved the most today: ko pep mcd',
      'figures KO PEP MCD | abs(changePercent), changePercent | highest abs(changePercent)',
    ],
    ['russell 2000 fund rsi', 'figures IWM | rsi14'],
    ['widest day for nvda this month', 'figures NVDA | highest(rangePercent), highestOn(rangePercent) | this month'],
    ['closing high of nvda this year', 'figures NVDA | highest(close), highestOn(close) | this year'],
    ['sofi weekly puts under 26 just bid and delta', 'chain SOFI | bid, delta | strike < 26 | weekly | put'],
    ['what would it take for amd to reach 250', 'figures AMD | last, 250 - last, pct(250, last) as distance'],
    ['every close of nvda above 430 this month', 'days NVDA | close, changePercent | close > 430 | this month'],
    ['spy close on the last trading day of each month this year', 'bars SPY | this year | month'],
    ['total put volume vs call volume spy', 'figures SPY | putVolume, callVolume'],
    ['who reports first nvda or amd', 'figures NVDA AMD | nextEarnings, daysToEarnings | lowest'],
    ['spy close each friday since labor day', 'bars SPY | since 2026-09-07 | week'],
  ])('are read: %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ['figures NVDA | maxDrawdown | last year', 'nvda last year', 'and its drawdown'],
    ['figures NVDA | last, week52High, pct(last, week52High) as distance', 'nvda', 'and its drawdown'],
    [
      'figures HD | now(last), lowest(low), pct(now(last), lowest(low)) as distance | past year',
      'hd 52 week low and when was it set',
      'how far has it climbed since then',
    ],
    ['figures TSLA | count(change > 0) | last 10 days', 'tsla close last 10 days', 'how many of those green'],
    ['figures NVDA | sma20, ago(sma20, 5) | sma20 > ago(sma20, 5)', 'nvda rsi', 'is its 20-day average rising'],
    [
      'figures NVDA | last - expectedMove, last + expectedMove, expectedMove | friday',
      'nvda expected move friday',
      'so what range is that',
    ],
  ])('are read after a turn: %s', (expected, ...talk) => {
    expect(read(...talk)).toBe(expected);
  });

  it.each([
    ['"monday"', 'average monday return of spy'],
    ['what it would need', 'if spy drops 2% what happens to tsla'],
    ['"quietest"', 'quietest week for spy this year'],
    ['"including dividends"', 'total return of ko including dividends ytd'],
    ['"what took"', 'what took spx down today'],
    ['"before"', 'tsla gains in november before thanksgiving'],
    ['"change"', 'skew change on spy this week'],
  ])('are refused by name: %s', (message, text) => {
    expect(read(text)).toContain(message);
  });

  it('prices who sells where a credit is asked for, and says what a term means by its own', () => {
    const plan = understand(grammar, { text: 'credit for a 16 delta strangle on qqq, 45 dte' });
    expect(isRefusal(plan) ? plan.message : plan.parts[0]?.isShort).toBe(true);
    const defined = understand(grammar, { text: "What does 'assignment' mean when one has sold a call?" });
    expect(isRefusal(defined)).toBe(false);
  });
});
