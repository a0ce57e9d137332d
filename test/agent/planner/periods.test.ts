// Questions over days, weeks and months, and about what is held: a sentence of each kind and how it is read.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNearDate } from '../../../src/agent/words/dates.ts';
import { isRefusal } from '../../../src/agent/planner/query.ts';
import { matchRangePhrase } from '../../../src/domain/date-phrases.ts';
import { matchExpirationPhrase } from '../../../src/domain/expirations.ts';
import { createTestGrammar, describePlan, understand } from './notation.ts';

const grammar = createTestGrammar();

describe('a question over periods, groups and holdings', () => {
  it.each([
    [
      'best month this year for xlf',
      'figures XLF | highest(changePercent), highestOn(changePercent) | this year | month',
    ],
    ['worst day of nvda this year in points', 'figures NVDA | lowest(change), lowestOn(change) | this year'],
    ['average gap of spy last month', 'figures SPY | avg(abs(gap)), avg(abs(gapPercent)) | last month'],
    [
      'did qqq cross its 50 day this month',
      'figures QQQ | lastOn(crosses(last, sma50) or crosses(sma50, last)) | count(crosses(last, sma50) or crosses(sma50, last)) > 0 | this month',
    ],
    ['spy volume this week vs last', 'figures SPY | volume | this week ; figures SPY | volume | last week'],
    ['vix now and yesterday', 'bars VIX | yesterday ; quote VIX'],
    [
      'how far is msft off its high from last month',
      'figures MSFT | now(last), high, pct(now(last), high) as distance | last month',
    ],
    ['christmas eve half day this year?', 'holidays | this year | 2026-12-24'],
    ['when does december monthly options expire', 'expiry SPY | december'],
    ['is the market open on friday dec 4', 'market | 2026-12-04'],
    ['when is opex this month', 'expiry SPY | november monthly'],
    ['nvda expirations next 3 months', 'expirations NVDA'],
    ['does mu report before the open', 'events MU'],
    [
      'if i had bought 1000 dollars of amd on june 1',
      'figures AMD | now(last), first, pct(now(last), first) as distance, 1000 * now(last) / first as value, 1000 * (now(last) / first - 1) as profit | since 2026-06-01',
    ],
    [
      'what would i have if i put 5k in spy at the start of the year',
      'figures SPY | changePercent, 5000 * close / (close - change) as value | this year',
    ],
    ['price of xom at the end of 2024, 2025 and now', 'bars XOM | 2024-12-31 ; bars XOM | 2025-12-31 ; quote XOM'],
    [
      'how many days was tsla red last week vs green',
      'figures TSLA | count(change > 0), count(change < 0) | last week',
    ],
    ['names for today: NVDA, AMD, META. rsi of each', 'figures NVDA AMD META | rsi14'],
    [
      'which of my holdings KO, PEP and MCD are up today',
      'figures KO PEP MCD | change, changePercent | changePercent > 0',
    ],
    [
      'coin dec 18: open interest, option volume today, expected move',
      'figures COIN | optionOpenInterest | 2026-12-18 ; figures COIN | optionVolume, expectedMove, expectedMovePercent | 2026-12-18',
    ],
    ['how long has ko been above its 200 day', 'figures KO | lastOn((close <= sma200)) | past 5 years'],
    [
      'number of days both spy and qqq closed lower in october',
      'figures SPY QQQ | count(SPY.change < 0 and QQQ.change < 0) | october',
    ],
    ['of the last 10 sessions how many did spy finish green', 'figures SPY | count(change > 0) | last 10 sessions'],
    [
      'has msft dropped more than 5% in any single week this year',
      'figures MSFT | lowestOn(changePercent), lowest(changePercent) | lowest(changePercent) < -5 | this year | week',
    ],
    [
      'spy adr last 10 vs today',
      'figures SPY | avg(range, 10), avg(rangePercent, 10) ; figures SPY | range, rangePercent',
    ],
    ['how did spy do the last few weeks', 'bars SPY | last 3 weeks'],
    ['spy close the day after labor day', 'bars SPY | 2026-09-08'],
    [
      'what was jnj on jan 5, and how much is it up since',
      'bars JNJ | 2026-01-05 ; figures JNJ | change, changePercent | since 2026-01-05',
    ],
    [
      'difference between spy and qqq return in october',
      'figures SPY QQQ | SPY.changePercent - QQQ.changePercent, changePercent | october',
    ],
    ['days until december expiration', 'expiry SPY | december'],
    ['how long has nvda been up', 'figures NVDA | streak'],
    [
      'how often did nvda gap up or down more than 2% this year',
      'figures NVDA | count((abs(gapPercent) > 2)), bars, count((abs(gapPercent) > 2)) / bars * 100 as percentOfSessions | this year',
    ],
    ['worst week of 2026 for qqq', 'figures QQQ | lowest(changePercent), lowestOn(changePercent) | 2026 | week'],
    ['which days last week did boeing close lower', 'days BA | close, changePercent | change < 0 | last week'],
    ['five worst days of NVDA this year', 'days NVDA | changePercent, close | lowest changePercent | this year'],
    [
      'when was the last time SPY closed below its 200 day average',
      'figures SPY | lastOn((close < sma200)) | past 5 years',
    ],
    ['when did nvda first close above 150 this year', 'figures NVDA | firstOn((close > 150)) | this year'],
    [
      'percent of days green in q3: iwm',
      'figures IWM | count(change > 0), bars, count(change > 0) / bars * 100 as percentOfSessions | q3',
    ],
    [
      'how many weeks of the last 12 did exxon close higher',
      'figures XOM | count(change > 0) | 2026-08-24 to 2026-11-15 | week',
    ],
    ['median close of QQQ in October', 'figures QQQ | median(close) | october'],
    [
      'highest and lowest price of JNJ in the last five years',
      'figures JNJ | highest(high), highestOn(high), lowest(low), lowestOn(low) | last 5 years',
    ],
    ['biggest gap down in nke past year', 'figures NKE | lowest(gapPercent), lowestOn(gapPercent) | past year'],
    [
      'how many gap ups over 1% has nvda had since halloween',
      'figures NVDA | count((gapPercent > 1)) | since 2026-10-31',
    ],
    ['did hood close green any day last week', 'figures HOOD | count(change > 0) | last week'],
    [
      'has the macd on msft crossed up this month',
      'figures MSFT | lastOn(crosses(macd, macdSignal)) | count(crosses(macd, macdSignal)) > 0 | this month',
    ],
    ["is today's high on ARM higher than yesterday's", 'figures ARM | high, ago(high, 1) | high > ago(high, 1)'],
    ['is nvda below a year ago', 'figures NVDA | changePercent | changePercent < 0 | since 1 year ago'],
    [
      'mtd, ytd and 1 year change of SPY',
      'bars SPY | mtd ; bars SPY | ytd ; figures SPY | change, changePercent | past 1 year',
    ],
    [
      'volume of AT&T this month compared with october',
      'figures T | volume | this month ; figures T | volume | october',
    ],
    ['what changed in nvda since yesterday', 'figures NVDA | change, changePercent'],
    ['biggest drop in aapl this year', 'figures AAPL | lowest(changePercent), lowestOn(changePercent) | this year'],
    ['SPY in the first half of 2025', 'bars SPY | 2025-01-01 to 2025-06-30'],
    ['what did spy do the day before the election of 2024', 'bars SPY | 2024-11-04'],
    ['disney in the week before thanksgiving', 'bars DIS | 2025-11-17 to 2025-11-21'],
    ['KO this autumn', 'bars KO | 2026-09-01 to 2026-11-19'],
    ['close of IBM on the last trading day of October', 'bars IBM | 2026-10-30'],
    ['which is more volatile over one year, tsla or ko', 'figures TSLA KO | hv252 | highest hv252'],
    ['tsla vs the 10 week line', 'figures TSLA | last, sma50, pct(last, sma50) as distance'],
    ['aapl above its 50 and 200 day', 'figures AAPL | last, sma50, sma200 | last > sma50 | last > sma200'],
    ['price of avgo vs 10, 20 and 50 day averages', 'figures AVGO | last, sma10, sma20, sma50'],
    [
      'amd percent off 52 wk high n low',
      'figures AMD | last, week52High, pct(last, week52High) as distance, week52Low, pct(last, week52Low)',
    ],
    [
      'what % of its 52w range is amd sitting in',
      'figures AMD | week52Low, week52High, (last - week52Low) / (week52High - week52Low) * 100 as percentOfRange',
    ],
    [
      'amzn distance from its all time high',
      'figures AMZN | now(last), high, pct(now(last), high) as distance | past 5 years',
    ],
    [
      'I bought Disney at 92 dollars. What is my gain in percent?',
      'figures DIS | last, last - 92, pct(last, 92) as distance',
    ],
    [
      'bought 100 pltr at 118',
      'figures PLTR | last, last - 118, pct(last, 118) as distance, 100 * last as value, (last - 118) * 100 as profit',
    ],
    [
      'what did 1000 dollars in PLTR at the start of 2024 become',
      'figures PLTR | now(last), first, pct(now(last), first) as distance, 1000 * now(last) / first as value, 1000 * (now(last) / first - 1) as profit | since 2024-01-02',
    ],
    [
      'my cost on ford is 11.20 for 500 shares, what am i losing',
      'figures F | last, last - 11.2, pct(last, 11.2) as distance, 500 * last as value, (last - 11.2) * 500 as profit',
    ],
    [
      '300 pltr @ 140, pnl',
      'figures PLTR | last, last - 140, pct(last, 140) as distance, 300 * last as value, (last - 140) * 300 as profit',
    ],
    [
      'i am short 50 tsla from 260',
      'figures TSLA | last, last - 260, pct(last, 260) as distance, -50 * last as value, (last - 260) * -50 as profit',
    ],
    [
      'bought 300 smh at yesterdays close, pnl now',
      'figures SMH | now(last), first, pct(now(last), first) as distance, 300 * now(last) as value, (now(last) - first) * 300 as profit | since yesterday',
    ],
    [
      'if nvda drops to 380 what do i lose on 200 shares',
      'figures NVDA | last, 380 - last, pct(380, last) as distance, 200 * 380 as value, (380 - last) * 200 as profit',
    ],
    ['how many shares of amd can i buy with 5000', 'figures AMD | last, 5000 / last as shares'],
    ['goog vs googl price difference', 'figures GOOG GOOGL | GOOG.last - GOOGL.last, last'],
    ['200 shares of verizon worth', 'figures VZ | last, 200 * last as value'],
    ['PEP vs KO price ratio', 'figures PEP KO | PEP.last / KO.last, last'],
    [
      'difference in return between WMT and COST over 2 years',
      'figures WMT COST | WMT.changePercent - COST.changePercent, changePercent | 2 years',
    ],
    ['macd of soxl... i mean nvda', 'figures NVDA | macd, macdSignal, macdHistogram'],
    ['rank mag 7 by ytd', 'figures AAPL MSFT GOOGL AMZN NVDA META TSLA | changePercent | highest | ytd'],
    [
      'top 3 sectors ytd',
      'figures XLK XLF XLV XLI XLE XLU XLP XLY XLB XLRE XLC | changePercent | highest changePercent | ytd',
    ],
    ['hows small caps doing this week', 'bars IWM | this week'],
    ['show me 5m candles for spy', 'bars SPY | 5min'],
    ['is tsla above vwap', 'figures TSLA | last, vwap | last > vwap'],
    ['WMT COST TGT rsi', 'figures WMT COST TGT | rsi14'],
    ['atr of cat, de and ge', 'figures CAT DE GE | atr14'],
    ['My son in law says Tesla is wild. What is its price?', 'quote TSLA'],
    ['twenty day average volume of merck', 'figures MRK | avg(volume, 20)'],
    ['fifty two week high of jpm', 'figures JPM | week52High'],
    ['volume of pfizer today compared with what is normal', 'figures PFE | volume, averageVolume, relativeVolume'],
    ['JPM tripled since 2020', 'figures JPM | changePercent | changePercent >= 200 | since 2020'],
    [
      'pfe traded below 20 at any time in the last twelve months?',
      'figures PFE | lowest(low) | lowest(low) < 20 | last 12 months',
    ],
    ['amzn puts under 80 cents for dec 11', 'chain AMZN | mid < 0.8 | 2026-12-11 | put'],
    ['nvda calls below $2 dec 18', 'chain NVDA | mid < 2 | 2026-12-18 | call'],
    ['spy puts between $1 and $2 friday', 'chain SPY | mid >= 1 | mid <= 2 | friday | put'],
    ['qqq puts above 620 friday', 'chain QQQ | strike > 620 | friday | put'],
    ['red days for aapl last month', 'days AAPL | close, changePercent | change < 0 | last month'],
    [
      'how many of the last 10 sessions did meta close green',
      'figures META | count(change > 0), bars, count(change > 0) / bars * 100 as percentOfSessions | last 10 sessions',
    ],
    ['high of the first half hour for amd', 'figures AMD | high | today first 30 minutes'],
    ['opening range high of spy', 'figures SPY | high | today first 30 minutes'],
    ['how much has nvda moved since 10:30', 'figures NVDA | change, changePercent | today 10:30'],
    ['spy last hour volume yesterday', 'figures SPY | volume | yesterday last 60 minutes'],
    [
      'what did spy do between noon and 1 yesterday',
      'figures SPY | change, changePercent, high, low | yesterday 12:00 to 13:00',
    ],
    ['spy volume by 10:30', 'figures SPY | volume | today 09:30 to 10:30'],
    ['premkt high nvda', 'figures NVDA | high | today premarket'],
    ['spy low today and what time was it', 'figures SPY | lowest(low), lowestOn(low) | today by minute'],
    ['first hour volume last 5 days spy', 'unknown: "first hour": it takes one part of one day'],
    ['rsi of spy in the first hour', 'unknown: RSI 14 over a part of a day'],
    ['5 min rsi on spy', 'figures SPY | rsi14 | 5min'],
    ['is qqq over the 9 ema on the 5', 'figures QQQ | last, ema9 | last > ema9 | 5min'],
    ['spy 1 min candles last 15 min', 'bars SPY | today last 15 minutes | 1min'],
    ['is msft inside yesterdays range', 'figures MSFT | high, low, now(last), range | yesterday'],
    [
      'did spy break the opening range',
      'figures SPY | high, low, now(last), now(high), now(low) | today first 30 minutes',
    ],
    ['did amd take out yesterdays low', 'figures AMD | low, ago(low, 1) | low < ago(low, 1)'],
    [
      'did it gap and fill nvda',
      'figures NVDA | gap, gapPercent, open, changeFromOpenPercent, low, previousClose, high | low <= previousClose | high >= previousClose',
    ],
    ['how much of its atr has tsla used today', 'figures TSLA | range, atr14, range / atr14 * 100 as percentOfAtr'],
    ['trading days between now and christmas', 'market | 2026-12-25'],
    ['did mo gap this morning', 'figures MO | gap, gapPercent'],
    ['spy first red day this month', 'figures SPY | firstOn((change < 0)) | this month'],
    ['which of the dow names are red', 'unknown: "the dow names": it compares symbols that are named'],
    ['how much could qqq move by friday', 'figures QQQ | expectedMove, expectedMovePercent | friday'],
    ['spy weekly open', 'bars SPY | this week | week'],
    ['walmart vs target ytd', 'bars WMT TGT | ytd'],
    ['nvda best day', 'unclear: over which period'],
    ['did nvda close green any day last week', 'figures NVDA | count(change > 0) | last week'],
    ['is the market open christmas eve', 'market | 2026-12-24'],
    ['inside day on unh', 'figures UNH | high, low | high < ago(high, 1) | low > ago(low, 1)'],
    [
      'anything over $20 with rsi14 under 25 trading >5 million shares',
      'scan | last > 20 | volume > 5000000 | rsi14 < 25',
    ],
  ])('%s', (question, expected) => {
    const plan = understand(grammar, { text: question, after: [] });
    expect(isRefusal(plan) ? `${plan.refused}: ${plan.message}` : describePlan(plan)).toBe(expected);
  });

  it.each(['price of gold', 'home depot the week before that', 'fib retracement of msft'])(
    'refuses "%s"',
    (question) => {
      expect(isRefusal(understand(grammar, { text: question, after: [] }))).toBe(true);
    },
  );
});

describe('the words by which a date is expected', () => {
  const words =
    'the of in on for since from to until and between last this next past previous coming trailing couple two first third end start beginning ago out ahead now date today yesterday tomorrow monday fri january sept q3 2025 17th 10/31 5d 0dte day days session sessions trading market week month quarter year ytd to-date weekly monthlies quarterly nearest front expiry calendar fortnight'.split(
      ' ',
    );

  it('are in every phrase of the grammars of ranges and expirations', () => {
    let found = 0;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 }), (texts) => {
        if (matchRangePhrase(texts, 0) === undefined && matchExpirationPhrase(texts, 0) === undefined) return;
        found += 1;
        expect(isNearDate(texts, 0)).toBe(true);
      }),
      { numRuns: 5000 },
    );
    expect(found).toBeGreaterThan(500);
  });
});
