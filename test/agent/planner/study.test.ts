// Questions about past sessions of a kind, asked of the planner: which sessions, how much later, what is told of them.
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../../src/agent/planner/query.ts';
import { createTestGrammar, describePlan, understand } from './notation.ts';

const grammar = createTestGrammar();
const read = (...talk: string[]): string => {
  const plan = understand(grammar, { text: talk.at(-1) ?? '', after: talk.slice(0, -1) });
  return isRefusal(plan) ? `${plan.refused}: ${plan.message}` : describePlan(plan);
};
const share = (hits: string, base: string): string =>
  `count((${base}) and (${hits})) as hits, count(${base}) as cases, share(${hits}, ${base}) as share`;
const average = (measure: string, base: string, as: string): string =>
  `avg(when(${measure}, ${base})) as averageOf${as}`;

describe('sessions of the calendar', () => {
  it.each([
    [
      'how often does qqq close green on mondays this year',
      `QQQ | ${share('changePercent > 0', 'weekday = 1')} | this year`,
    ],
    [
      'last 12 monthly opex fridays how often was spy red',
      `SPY | ${share('changePercent < 0', 'newest(isOpex = 1, 12)')} | past 5 years`,
    ],
    [
      'average range of nvda on fridays past year',
      `NVDA | count(weekday = 5) as cases, ${average('rangePercent', 'weekday = 5', 'RangePercent')} | past year`,
    ],
    [
      'spy win rate on the first trading day of the month last 5 years',
      `SPY | ${share('changePercent > 0', 'sessionOfMonth = 1')} | last 5 years`,
    ],
    [
      'mondays vs fridays avg change spy this year',
      'SPY | avg(when(changePercent, weekday = 1)) as Monday, avg(when(changePercent, weekday = 5)) as Friday, bars as cases | this year',
    ],
    ['mondays this year is qqq more green than red', `QQQ | ${share('changePercent > 0', 'weekday = 1')} | this year`],
    [
      'how often is aapl up on earnings days',
      `AAPL | ${share('changePercent > 0', 'sessionsSinceEarnings = 0')} | past year`,
    ],
  ])('%s', (question, expected) => {
    expect(read(question)).toBe(`figures ${expected}`);
  });

  it('tells each weekday apart where one of them is asked for', () => {
    const figures = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'].map(
      (name, at) => `avg(when(rangePercent, weekday = ${String(at + 1)})) as ${name}`,
    );
    expect(read('What day of the week does Tesla have its widest range? last 12 months')).toBe(
      `figures TSLA | ${figures.join(', ')}, bars as cases | last 12 months`,
    );
  });

  it('lists the sessions where nothing is counted or measured', () => {
    expect(read('spy last 4 fridays')).toBe('days SPY | close, changePercent | newest(weekday = 5, 4) | past 5 years');
    expect(read('Did JNJ go up or down after its last earnings')).toBe(
      'days JNJ | close, changePercent | newest(sessionsSinceEarnings = 0, 1) | past 5 years',
    );
  });

  it.each(['qqq fridays close', 'fridays 450 nvda calls', 'spy expected move friday'])(
    'leaves one day one day: %s',
    (question) => {
      expect(read(question)).not.toContain('weekday');
    },
  );
});

describe('what a stranger asked of sessions', () => {
  it.each([
    [
      'after 3 red days what does pltr do the next day',
      `figures PLTR | ${share('changePercent > 0', 'ago(streak = -3, 1)')}, ${average('changePercent', 'ago(streak = -3, 1)', 'ChangePercent')} | past year`,
    ],
    [
      'after down 3 days what happens to pltr',
      `figures PLTR | ${share('changePercent > 0', 'ago(streak = -3, 1)')}, ${average('changePercent', 'ago(streak = -3, 1)', 'ChangePercent')} | past year`,
    ],
    [
      'after a 2% drop how does tsla do the next day',
      `figures TSLA | ${share('changePercent > 0', 'ago(changePercent <= -2, 1)')}, ${average('changePercent', 'ago(changePercent <= -2, 1)', 'ChangePercent')} | past year`,
    ],
    [
      'avg volume on down days for amd',
      `figures AMD | count(changePercent < 0) as cases, ${average('volume', 'changePercent < 0', 'Volume')} | past year`,
    ],
    [
      'spy monday vs friday avg return',
      'figures SPY | avg(when(changePercent, weekday = 1)) as Monday, avg(when(changePercent, weekday = 5)) as Friday, bars as cases | past year',
    ],
    [
      'how often does nvidia close red after a gap up over 1%',
      `figures NVDA | ${share('changePercent < 0', 'gapPercent > 1')} | past year`,
    ],
    [
      'how often does nvidia close red the day after a gap up over 1%',
      `figures NVDA | ${share('changePercent < 0', 'ago(gapPercent > 1, 1)')} | past year`,
    ],
    [
      'how often does qqq beat spy on mondays',
      `figures QQQ | ${share('changePercent > SPY.changePercent', 'weekday = 1')} | past year`,
    ],
    [
      'does ko fall on its ex-dividend day',
      `figures KO | ${share('changePercent < 0', 'sessionsSinceExDividend = 0')} | past year`,
    ],
    ['5 worst mondays for tsla', 'days TSLA | changePercent, close | weekday = 1 | lowest changePercent | past year'],
    ['top 3 volume days spy november', 'days SPY | volume, close, changePercent | highest volume | november'],
    [
      'list the 5 biggest volume days for pltr this quarter',
      'days PLTR | volume, close, changePercent | highest volume | this quarter',
    ],
    [
      '3 best days for spy and qqq this year',
      'days SPY | changePercent, close | highest changePercent | this year ; days QQQ | changePercent, close | highest changePercent | this year',
    ],
    ['nr7 days for spy this month', 'days SPY | close, changePercent | range <= lowest(range, 7) | this month'],
    ['price of 100 nvda shares and 1 450 put', 'figures NVDA | last, 100 * last as value ; contract NVDA | put | 450'],
    [
      'probability spy is up tomorrow after 3 red days',
      `figures SPY | ${share('changePercent > 0', 'ago(streak = -3, 1)')} | past year`,
    ],
    ['is amd volume above normal today', 'figures AMD | relativeVolume, volume, averageVolume'],
  ])('%s', (question, expected) => {
    expect(read(question)).toBe(expected);
  });
});

describe('what no session is counted for', () => {
  it.each([
    'how does spy do the last week of december',
    'how does spy do the last week of the year',
    'how often has spy been up on the day before thanksgiving',
  ])('is refused: %s', (question) => {
    expect(read(question)).toMatch(/^unclear: how/);
  });

  it('moves to the day after them where a follow-up says so', () => {
    expect(read('how often does spy close up on mondays', 'and the day after')).toBe(
      `figures SPY | ${share('changePercent > 0', 'ago(weekday = 1, 1)')} | past year`,
    );
  });
});

describe('sessions on which something was so', () => {
  it.each([
    [
      'if amd opens down more than 2% how often does it close green',
      `AMD | ${share('changePercent > 0', 'gapPercent < -2')} | past year`,
    ],
    [
      'spy avg change when it opens lower',
      `SPY | count(gapPercent < 0) as cases, ${average('changePercent', 'gapPercent < 0', 'ChangePercent')} | past year`,
    ],
    [
      "what's the average gap up on tsla this year",
      `TSLA | count(gapPercent > 0) as cases, ${average('gapPercent', 'gapPercent > 0', 'GapPercent')} | this year`,
    ],
    [
      'when vix jumps 10% how often is spy red, past 2 years',
      `SPY | ${share('changePercent < 0', 'VIX.changePercent >= 10')} | past 2 years`,
    ],
    [
      'how many gaps of over 1% did AMD fill the same day this year',
      'AMD | count((abs(gapPercent) > 1) and ((low <= previousClose) and (high >= previousClose))) as hits, count(abs(gapPercent) > 1) as cases, share((low <= previousClose) and (high >= previousClose), abs(gapPercent) > 1) as share | this year',
    ],
  ])('%s', (question, expected) => {
    expect(read(question)).toBe(`figures ${expected}`);
  });

  it.each([
    ['how many inside days did spy have this year', 'count((high < ago(high, 1)) and (low > ago(low, 1)))'],
    ['how many new 20 day highs did nvda make this year', 'count((high > ago(highest(high, 20), 1)))'],
    [
      'how many times this year was volume on aapl more than double its average',
      'count((volume > 2 * ago(avg(volume, 20), 1)))',
    ],
    ['what percent of sessions this year did amd close above its 50 day', 'count((close > sma50)), bars'],
  ])('counts them: %s', (question, expected) => {
    expect(read(question)).toContain(expected);
  });
});

describe('sessions after others', () => {
  it.each([
    [
      'pltr 3 red days in a row past yr, whats it do the 4th avg + win %',
      `PLTR | ${share('changePercent > 0', 'ago(streak = -3, 1)')}, ${average('changePercent', 'ago(streak = -3, 1)', 'ChangePercent')} | past year`,
    ],
    [
      'how does spy do the day after a 2% drop, past 2 years',
      `SPY | ${share('changePercent > 0', 'ago(changePercent <= -2, 1)')}, ${average('changePercent', 'ago(changePercent <= -2, 1)', 'ChangePercent')} | past 2 years`,
    ],
    [
      'after a 3 day losing streak how does spy do over the next week',
      `SPY | ${share('roc5 > 0', 'ago(streak = -3, 5)')}, ${average('roc5', 'ago(streak = -3, 5)', 'Roc5')} | past year`,
    ],
    [
      'average next day return after nvda gaps up 3% or more',
      `NVDA | count(ago(gapPercent >= 3, 1)) as cases, ${average('changePercent', 'ago(gapPercent >= 3, 1)', 'ChangePercent')} | past year`,
    ],
    [
      'ko day after ex dividend avg move',
      `KO | count(sessionsSinceExDividend = 1) as cases, ${average('abs(changePercent)', 'sessionsSinceExDividend = 1', 'AbsChangePercent')} | past year`,
    ],
  ])('%s', (question, expected) => {
    expect(read(question)).toBe(`figures ${expected}`);
  });

  it('refuses what may be about what is to come', () => {
    expect(read('if SPY drops 2% what happens to TSLA')).toContain('unknown');
  });
});

describe('a follow-up', () => {
  const asked = 'how often did spy close within .5% of prior close last 60 sessions';
  it('keeps the sessions and changes their bound, their weekday or their symbol', () => {
    expect(read(asked, 'make it 1%')).toContain('count((abs(changePercent) <= 1))');
    expect(read(asked, 'make it 1%', 'mondays only')).toBe(
      `figures SPY | ${share('abs(changePercent) <= 1', 'weekday = 1')} | last 60 sessions`,
    );
    expect(read(asked, 'mondays only', 'qqq?')).toBe(
      `figures QQQ | ${share('abs(changePercent) <= 0.5', 'weekday = 1')} | last 60 sessions`,
    );
    expect(read(asked, 'mondays only', 'fridays only')).toContain('weekday = 5');
    expect(read('how often is spy up on mondays', 'past 2 years')).toBe(
      `figures SPY | ${share('changePercent > 0', 'weekday = 1')} | past 2 years`,
    );
  });
});
