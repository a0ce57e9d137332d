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

  it('takes for all others the sessions of no group that is named', () => {
    expect(read('mondays vs fridays vs all other days avg change spy this year')).toContain(
      'avg(when(changePercent, not (weekday = 1 or weekday = 5))) as AllOthers',
    );
    expect(read('wed and fri vs all other days, avg change of spy this year')).toBe('unknown: all others');
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

describe('sessions in the words of traders', () => {
  const REPORTS = 'sessionsSinceEarnings = 0';
  it.each([
    [
      'last 4 times jpm reported what did the stock do the day of the reaction',
      `days JPM | close, changePercent | newest(${REPORTS}, 4) | past 5 years`,
    ],
    ['how did nvda react to earnings', `days NVDA | close, changePercent | newest(${REPORTS}, 1) | past 5 years`],
    [
      'highest close on a friday for qqq this year',
      'figures QQQ | count(weekday = 5) as cases, highest(when(close, weekday = 5)) as highestOfClose, highestOn(when(close, weekday = 5)) as highestOfCloseOn | this year',
    ],
    [
      'average size of the earnings day move for googl past 3 yrs',
      `figures GOOGL | count(${REPORTS}) as cases, ${average('abs(changePercent)', REPORTS, 'AbsChangePercent')} | past 3 years`,
    ],
    [
      'does msft usually go up or down after it reports',
      `figures MSFT | ${share('changePercent > 0', REPORTS)}, ${average('changePercent', REPORTS, 'ChangePercent')} | past year`,
    ],
    [
      'avg earnings move last 6 for amd vs what options are pricing now',
      `figures AMD | count(newest(${REPORTS}, 6)) as cases, ${average('abs(changePercent)', `newest(${REPORTS}, 6)`, 'AbsChangePercent')} | past 5 years ; figures AMD | expectedMove, expectedMovePercent`,
    ],
    [
      'spy gap ups over .5% this yr, how many closed above the open',
      `figures SPY | ${share('close > open', 'gapPercent > 0.5')} | this year`,
    ],
    [
      '2% days in nvda this year, how many up how many down',
      `figures NVDA | ${share('changePercent > 0', 'abs(changePercent) >= 2')} | this year`,
    ],
    [
      'how many times did spy take out the prior day high then close back below it last 60 days',
      'figures SPY | count((high > ago(high, 1)) and (close < ago(high, 1))) | last 60 sessions',
    ],
    [
      'lowest close on mondays spy this year',
      'figures SPY | count(weekday = 1) as cases, lowest(when(close, weekday = 1)) as lowestOfClose, lowestOn(when(close, weekday = 1)) as lowestOfCloseOn | this year',
    ],
    [
      'avg return 5 days after a 2% drop in qqq this year',
      `figures QQQ | count(ago(changePercent <= -2, 5)) as cases, ${average('roc5', 'ago(changePercent <= -2, 5)', 'Roc5')} | this year`,
    ],
    [
      'pltr q3 worst day with volume over 1.5x average',
      'figures PLTR | count(volume > 1.5 * ago(avg(volume, 20), 1)) as cases, lowest(when(changePercent, volume > 1.5 * ago(avg(volume, 20), 1))) as lowestOfChangePercent, lowestOn(when(changePercent, volume > 1.5 * ago(avg(volume, 20), 1))) as lowestOfChangePercentOn | q3',
    ],
    ['best 5 day stretch for nvda this year', 'figures NVDA | highest(roc5), highestOn(roc5) | this year'],
    [
      'longest losing streak in meta this year and what is it on now',
      'figures META | lowest(streak), lowestOn(streak), now(streak) | this year',
    ],
    [
      'up days vs down days spy in october and avg of each',
      'figures SPY | count(change > 0), count(change < 0), avg(when(changePercent, changePercent > 0)) as averageUpDay, avg(when(changePercent, changePercent < 0)) as averageDownDay | october',
    ],
    [
      'is a 3% day normal for tsla this past year',
      'figures TSLA | count((abs(changePercent) >= 3)), bars, count((abs(changePercent) >= 3)) / bars * 100 as percentOfSessions | past year',
    ],
  ])('%s', (question, expected) => {
    expect(read(question)).toBe(expected);
  });

  it('takes a month or weekday that is best as each of them, but the best one of a year as one', () => {
    expect(read('what month is best for xom')).toContain('month = 12)) as December');
    expect(read('worst weekday for nvda this year')).toContain('weekday = 5)) as Friday');
    expect(read('best month for xom this year')).toBe(
      'figures XOM | highest(changePercent), highestOn(changePercent) | this year | month',
    );
  });
});

describe('then and now', () => {
  it.each([
    [
      'spy this month vs last month',
      'figures SPY | change, changePercent | this month ; figures SPY | change, changePercent | last month',
    ],
    ['aapl q3 vs q2 return', 'figures AAPL | change, changePercent | q3 ; figures AAPL | change, changePercent | q2'],
    [
      'amd 20 day avg volume now vs three months ago',
      'figures AMD | avg(volume, 20) ; figures AMD | avg(volume, 20) | 3 months ago',
    ],
    [
      'avg volume last 3 months vs the 3 months before tsla',
      'figures TSLA | avg(volume) | last 3 months ; figures TSLA | avg(volume) | 2026-05-19 to 2026-08-18',
    ],
    [
      'how many of the last 4 quarters was nvda up',
      'figures NVDA | count(change > 0) | 2025-10-01 to 2026-09-30 | quarter',
    ],
    [
      'did xlk beat xlf in each of the last four quarters',
      'figures XLK | count((changePercent > XLF.changePercent)) | 2025-10-01 to 2026-09-30 | quarter',
    ],
    [
      'how much did amd outperform qqq by since oct 1',
      'figures AMD QQQ | AMD.changePercent - QQQ.changePercent, changePercent | since 2026-10-01',
    ],
    ['how far ahead of spy is xlk ytd', 'figures SPY XLK | XLK.changePercent - SPY.changePercent, changePercent | ytd'],
    [
      'tsla worst week and best week this year',
      'figures TSLA | lowest(changePercent), lowestOn(changePercent) | this year | week ; figures TSLA | highest(changePercent), highestOn(changePercent) | this year | week',
    ],
    [
      'November for spy: return, worst day, range',
      'figures SPY | lowest(changePercent), lowestOn(changePercent), range, high, low, change, changePercent | november',
    ],
  ])('%s', (question, expected) => {
    expect(read(question)).toBe(expected);
  });

  it('asks for the period itself where a count was asked for before it', () => {
    expect(read('how many green days did spy have last month and did it close higher')).toBe(
      'figures SPY | count(change > 0) | last month ; figures SPY | change, changePercent | changePercent > 0 | last month',
    );
  });

  it('says that options are of now', () => {
    expect(read('iv now vs a month ago on nvda')).toContain('it has options as of now, none of the past');
  });
});

describe('dividends of so many shares', () => {
  it.each([
    [
      'last dividend jpm paid how much n when, i have 400 sh so what did i get',
      'figures JPM | lastDividend, lastExDividend, 400 * lastDividend as dividendPaid',
    ],
    [
      'how much a year in dividends do i get on 300 ko',
      'figures KO | yearlyDividend, 300 * yearlyDividend as dividendsAYear',
    ],
    [
      'which goes ex first: ko pep jnj xom',
      'figures KO PEP JNJ XOM | daysToExDividend, exDividend | lowest daysToExDividend',
    ],
    ['days till ko goes ex', 'figures KO | exDividend, daysToExDividend'],
    [
      'when do JPM, ABBV, PFE and XOM report next, soonest first',
      'figures JPM ABBV PFE XOM | nextEarnings, daysToEarnings | lowest',
    ],
  ])('%s', (question, expected) => {
    expect(read(question)).toBe(expected);
  });
});

describe('one day, groups of sessions and parts of years', () => {
  it.each([
    [
      'biggest volume day for nvda past 3 months and what did it do that day',
      'days NVDA | volume, changePercent, close | highest volume | past 3 months',
    ],
    [
      'is the average opening gap of QQQ on mondays larger than tue-fri? last 12 months',
      'figures QQQ | avg(when(gapPercent, weekday = 1)) as Monday, avg(when(gapPercent, weekday >= 2 and weekday <= 5)) as TuesdaysToFridays, bars as cases | last 12 months',
    ],
    [
      'SPY return in november 22, 23',
      'figures SPY | change, changePercent | november 2022 ; figures SPY | change, changePercent | november 2023',
    ],
    [
      'last 20 sessions: on how many did the high of day in SPY print before 10:30',
      'figures SPY | count((highMinute < 630)) | last 20 sessions',
    ],
    ['Number of record closes for SPY in 2026', 'figures SPY | count((close >= recordClose)) | 2026'],
    ['9 over 21 ema on qqq 5 min?', 'figures QQQ | ema9, ema21 | ema9 > ema21 | 5min'],
    ['qqq floor pivots r1 s1', 'figures QQQ | pivot, pivotR1, pivotS1'],
    ['S&P peak-to-trough this year, with dates', 'figures SPX | maxDrawdown, drawdownPeak, drawdownTrough | this year'],
  ])('%s', (question, expected) => {
    expect(read(question)).toBe(expected);
  });
});
