// Words with two senses, of which the place decides: what is read of them where the other sense would be a wrong figure,
// and what is refused because neither is sure.
import { describe, expect, it } from 'vitest';
import { createPlanner } from '../../../src/agent/planner/planner.ts';
import { isRefusal } from '../../../src/agent/planner/query.ts';
import type { Message } from '../../../src/agent/model.ts';
import { createTestGrammar, describePlan, understand } from './notation.ts';

const grammar = createTestGrammar();

function read(...talk: string[]): string {
  const plan = understand(grammar, { text: talk.at(-1) ?? '', after: talk.slice(0, -1) });
  return isRefusal(plan) ? `${plan.refused}: ${plan.message}` : describePlan(plan);
}

/** As a conversation has it, with the turns that were refused and all parts of those that were not. */
function converse(...talk: string[]): string {
  const planner = createPlanner({ clock: { now: () => Date.parse('2026-11-19T11:00:00-05:00') } });
  const turns = talk.slice(0, -1).map((content): Message => ({ role: 'user', content }));
  const plan = planner.read(talk.at(-1) ?? '', turns);
  return isRefusal(plan) ? `${plan.refused}: ${plan.message}` : describePlan(plan);
}

describe('a date of a company', () => {
  it.each([
    ['does ko report before jan opex', 'an earnings report by Fri Jan 15, 2027'],
    ['ba earnings before jan monthly?', 'an earnings report by Fri Jan 15, 2027'],
    ['does ko report earnings between now and dec 18', 'an earnings report from Thu Nov 19, 2026 to Fri Dec 18, 2026'],
    ['does ko go ex div before the 18th', 'an announced ex-dividend day by Thu Dec 17, 2026'],
    [
      'when does pg go ex div next and is that before the jan 15 calls expire',
      'an announced ex-dividend day by Fri Jan 15, 2027',
    ],
    ['does wmt go ex-dividend before christmas', 'an announced ex-dividend day by Thu Dec 24, 2026'],
    ['any of nvda amd avgo reporting next week', 'an earnings report from Mon Nov 23, 2026 to Fri Nov 27, 2026'],
    ['nvda avgo cost earnings this month', 'an earnings report from Sun Nov 1, 2026 to Mon Nov 30, 2026'],
    ['pfe earnings within 30 days', 'an earnings report from Thu Nov 19, 2026 to Sat Dec 19, 2026'],
    ['does aapl report before january expiration or after', 'an earnings report by Fri Jan 15, 2027'],
    [
      'which of ko and pep go ex-dividend between now and christmas',
      'an announced ex-dividend day by Fri Dec 25, 2026',
    ],
    ['does avgo report after the 10th', 'an earnings report after Thu Dec 10, 2026'],
    ['is there a ko dividend before my calls expire on the 18th', 'an announced ex-dividend day by Thu Dec 17, 2026'],
  ])('is compared with the days of "%s"', (text, word) => {
    const plan = understand(grammar, { text, after: [] });
    expect(isRefusal(plan) ? plan.message : plan.parts.flatMap(({ conditions }) => conditions)).toMatchObject([
      { word },
    ]);
  });

  it.each([
    ['when did nvda last report', 'figures NVDA | lastEarnings'],
    ['last er for nvda', 'figures NVDA | lastEarnings'],
    ['when was the last amd earnings', 'figures AMD | lastEarnings'],
    ['when do nvda and amd report', 'figures NVDA AMD | nextEarnings, daysToEarnings'],
    ["how much was ko's last dividend and when did it go ex", 'figures KO | lastDividend, lastExDividend'],
    ['when does ko pay', 'events KO'],
    ['msft next ex-div and amount', 'events MSFT'],
    ['ko earnings date, bmo or amc', 'figures KO | nextEarnings, daysToEarnings, earningsTime'],
    ['ko dividends 2025 total', 'events KO | 2025'],
  ])('is the last or the next as "%s" says', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it('names no expiration for the move that options expect around it', () => {
    expect(read('when does avgo report', 'whats the straddle pricing')).toBe('unclear: which expiration is meant');
  });
});

describe('a day of the exchange', () => {
  it.each([
    ['td till dec opex', 'market | dec monthly'],
    ['trading days left til dec opex incl today', 'market | dec monthly'],
    ['how many 0dte days left this year', 'market | this year'],
    ['days until christmas', 'market | 2026-12-25'],
    ['sessions left in 2026 counting today', 'market | this year'],
    ['dec 18 how many trading days left not counting saturday sunday', 'market | 2025-12-18 | 2026-12-18'],
    ['tomorrow market timing in central', 'market | tomorrow'],
    ['whats open xmas wk', 'market | week of 2026-12-24'],
    ['is the market open christmas week', 'market | week of 2026-12-24'],
    ['what time do we close xmas eve and whats open xmas wk', 'market | 2026-12-24 ; market | week of 2026-12-24'],
    ['when is the next market holiday', 'holidays'],
    ['when is quad witching', 'expiry SPY | 2026-12-18'],
    ['spy options expiring christmas week', 'expiry SPY | 2026-12-24'],
  ])('is meant by "%s"', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it('says which week is meant after it', () => {
    const asked = 'is the market open on christmas eve';
    expect(read(asked, 'what day do the weekly options expire that week')).toBe('expiry SPY | 2026-12-24');
  });
});

describe('a level beside another', () => {
  it.each([
    [
      ['did dis close above its 50 day yesterday', 'and the 200 day?'],
      'figures DIS | close, sma200 | close > sma200 | yesterday',
    ],
    [
      ['which of nvda and amd are above their 50 day', 'and the 200 day?'],
      'figures NVDA AMD | last, sma200 | last > sma200',
    ],
    [['is nvda above its 50 day', 'what is the 200 day'], 'figures NVDA | sma200'],
  ])('is tested as the one before, or told: %j', (talk, expected) => {
    expect(read(...talk)).toBe(expected);
  });

  it.each([
    ['is tsla closer to its high or low', 'pct(last, week52Low)'],
    ['is intel closer to the 52wk high or the low', 'pct(last, week52Low)'],
    ['goog vs googl price difference', 'GOOG.last - GOOGL.last, last'],
    ['how much more is costco than home depot', 'COST.last - HD.last, last'],
    ['good morning, how are apple, microsft and coke trading', 'AAPL MSFT KO'],
  ])('is of the same kind: "%s"', (text, expected) => {
    expect(read(text)).toContain(expected);
  });

  it('is none of a ratio', () => {
    expect(read('qqq/spy ratio at a 20d high?')).toBe('unknown: "ratio"');
  });
});

describe('what is held', () => {
  it.each([
    ['which of my short calls are in the money right now?', 'positions | call'],
    ['net delta theta on my book', 'positions'],
    ['what am i down on', 'positions'],
    ['do i own any ko', 'positions KO'],
    ['how much of my account is in aapl', 'positions AAPL'],
    ['my biggest position', 'positions | highest value'],
    ['my worst position', 'positions | lowest pnl'],
    ['which of my stocks is up most', 'positions | highest pnl'],
    ['my biggest loser', 'positions | lowest pnl'],
    ['which positions are losing', 'positions'],
    ["what's my total p/l", 'positions'],
    ['how much am i down on ford', 'positions F'],
    ["what's my cost on apple", 'positions AAPL'],
    ['how much is my apple worth', 'positions AAPL'],
    ['am i up or down today', 'positions | today'],
    ['what are my 230 nvda calls for dec 18 worth', 'contract NVDA | 2026-12-18 | call | 230'],
    ['which of my positions have earnings this week', 'unknown: next earnings together with positions'],
    ['how did my positions do this week', 'unknown: "this week" together with positions'],
  ])('is asked for, or not: "%s"', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

describe('a number', () => {
  it.each([
    ['did nvda fall below 400', 'figures NVDA | low | low < 400'],
    ['did nvda fall below 400 this week', 'figures NVDA | lowest(low) | lowest(low) < 400 | this week'],
    ['which of aapl and msft dropped below 280', 'figures AAPL MSFT | last | last < 280'],
    ['which of aapl and msft slipped below their 200 day', 'figures AAPL MSFT | last, sma200 | last < sma200'],
    ['nvda down over 3 today?', 'figures NVDA | change | change < -3'],
    ['aapl at least 10% off its high?', 'figures AAPL | pct(last, week52High) | pct(last, week52High) <= -10'],
    ['volume of nvda puts under 400', 'chain NVDA | volume | strike < 400 | put'],
    ['where is the support on jpm under the price', 'levels JPM'],
    ['spy pdh pdl pdc', 'bars SPY | previous day'],
    ['ko last dividend and ex date', 'figures KO | lastDividend, lastExDividend'],
    ['yang zhang 30 against close-to-close 30 for nvda', 'figures NVDA | yangZhang30, hv30'],
    ['intc txn price, 50d, 200d', 'figures INTC TXN | last, sma50, sma200'],
    [
      'how often did spy gap over 0.5% in october',
      'figures SPY | count((gapPercent > 0.5)), bars, count((gapPercent > 0.5)) / bars * 100 as percentOfSessions | october',
    ],
    ['covered call on my 300 ko shares', 'strategy KO'],
    ['if nvda is at +3% from here, what price', 'figures NVDA | last, last * 1.03'],
    ['nvda drops 5%, what is the price', 'figures NVDA | last, last * 0.95'],
    [
      'which of aapl and msft are more than 20% off highs',
      'figures AAPL MSFT | pct(last, week52High) | pct(last, week52High) < -20',
    ],
    ['nvda dec 20 delta put', 'chain NVDA | dec | put | delta 0.2'],
    ["nvda jan '27 400c", 'contract NVDA | jan 2027 | call | 400'],
    ['spy 700 calls jan28', 'contract SPY | jan 2028 | call | 700'],
    ['is tsla iv over or under hv20', 'figures TSLA | atmIv, hv20 | atmIv > hv20'],
    ['is aapl rsi above or below 50', 'figures AAPL | rsi14 | rsi14 > 50'],
    [
      'cost to protect 100 msft shares with a 440 put dec 18',
      'contract MSFT | bid, ask, mid, last, mid * 100 | 2026-12-18 | put | 440',
    ],
    ['rsi for v and ma', 'figures V MA | rsi14'],
    ['what have my 400 shares of PG paid me in dividends this year', 'events PG | this year'],
    ['2 atr stop on nvda', 'figures NVDA | last - 2 * atr14 as stopPrice, last'],
    ['1.5 ATR stop on AMD below market', 'figures AMD | last - 1.5 * atr14 as stopPrice, last'],
    [
      "50 TSM at 210, 30 more at today's price, my new avg",
      'figures TSM | last, (50 * 210 + 30 * last) / 80 as averageCost, 80 * last as value',
    ],
    [
      'theta I earn on three short PG 145 puts dec 18',
      'contract PG | theta, -theta * 300 as thetaEarned | 2026-12-18 | put | 145',
    ],
    [
      'sold NVDA 400 put dec 18 at 8.5: at what price is that 50% profit',
      'contract NVDA | 4.25 as exitPrice, bid, ask, mid, pct(4.25, mid) as exitVsMid | 2026-12-18 | put | 400',
    ],
  ])('is what its place says: "%s"', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ['which of my 12 pays off most: aapl msft nvda', /"12"|"off"/],
    ['spy options at 410 pm', /"410 pm"/],
    ['did spy lose 670 today', /"670"/],
    ['amd 220/215 pcs opex, credit 1/3 of width', /un(?:clear|known)/],
    ['spy chain 12/11 opex', /"opex"/],
  ])('of no figure is refused: "%s"', (text, message) => {
    expect(read(text)).toMatch(message);
  });
});

describe('a word of two senses', () => {
  it.each([
    ['tsla wednesday weeklies', 'expirations TSLA'],
    ['is spy in a death cross', 'figures SPY | sma50, sma200 | sma50 < sma200'],
    ['who has the fattest premium f sofi pltr', 'figures F SOFI PLTR | iv30 | highest'],
    ['implied vol on baba, high or low', 'figures BABA | iv30, ivRank, ivPercentile'],
    ['qqq iwm iv spread', 'figures QQQ IWM | QQQ.atmIv - IWM.atmIv, atmIv'],
    ['how volatile is the nasdaq fund compared to the s&p one', 'volatility QQQ SPY'],
    ['was yesterday a good day for the market', 'bars SPY | yesterday'],
    ["how's the market", 'quote SPY'],
    ['how high is vix', 'quote VIX'],
    ['how far from the highs today is spy', 'figures SPY | last, high, pct(last, high) as distance'],
    ['how many dollars does pltr usually swing in a day', 'figures PLTR | atr14, atrPercent14'],
    ['spy range today vs average', 'figures SPY | range, rangePercent, atr14, atrPercent14'],
    ["how did spy open vs yesterday's close", 'figures SPY | open, previousClose'],
    ['how far did tsla fall from its high to its low this year', 'figures TSLA | maxDrawdown | this year'],
    ['did tesla end the week higher', 'figures TSLA | change, changePercent | changePercent > 0 | this week'],
    ['is the 20 day average of cat rising or falling', 'figures CAT | sma20, ago(sma20, 5) | sma20 > ago(sma20, 5)'],
    ['spy max pain this fri and next', 'figures SPY | maxPain | friday ; figures SPY | maxPain | next friday'],
    ['spy chain third friday of january', 'chain SPY | 2027-01-15'],
    ['cheap f calls under a buck', 'chain F | mid < 1 | call'],
    ['when is ko ex-dividend next', 'figures KO | exDividend'],
    ['what if i bought nvda at the open', 'figures NVDA | last, open, pct(last, open) as distance'],
    ['whats ripping', 'scan'],
    ['has tsla lost its 50 day', 'figures TSLA | last, sma50 | last < sma50'],
    ['did nvda reclaim its 20 day', 'figures NVDA | last, sma20 | last > sma20'],
    ['30 delta mo call dec 11', 'chain MO | 2026-12-11 | call | delta 0.3'],
    ['spy expected move for the monthly not the weekly', 'figures SPY | expectedMove, expectedMovePercent | monthly'],
    [
      'not the weeklies just the monthly: iwm expected move',
      'figures IWM | expectedMove, expectedMovePercent | monthly',
    ],
    ['is nvda iv elevated vs the past year', 'figures NVDA | iv30, ivRank, ivPercentile'],
    ['pltr volume, heavy or about normal', 'figures PLTR | relativeVolume, volume, averageVolume'],
    ['is nvda rsi high', 'figures NVDA | rsi14'],
    ['a rundown on nvda rsi', 'figures NVDA | rsi14'],
    ['i need the nvda rsi', 'figures NVDA | rsi14'],
  ])('is read by its place: "%s"', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ['which dow stocks are up', /"dow stocks"/],
    ['did spy start the year lower', /"lower"/],
    ['tesla 52 wk range and where in it are we', /"where"/],
  ])('is refused where neither sense is there: "%s"', (text, message) => {
    expect(read(text)).toMatch(message);
  });
});

describe('above for all of a period', () => {
  it.each([
    ['did nvda stay above 400 this week', 'figures NVDA | lowest(low) | lowest(low) > 400 | this week'],
    ['did spy hold 650 all of last week on close', 'figures SPY | lowest(close) | lowest(close) > 650 | last week'],
    ['was nvda above 400 last week', 'figures NVDA | highest(high) | highest(high) > 400 | last week'],
    ['did bac go under 49 at all this week', 'figures BAC | lowest(low) | lowest(low) < 49 | this week'],
  ])('"%s"', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

describe('two of a kind', () => {
  it.each([
    [
      'is bac nearer to its 52-week high or low',
      'figures BAC | last, week52High, pct(last, week52High) as distance, week52Low, pct(last, week52Low)',
    ],
    ['ko and pep side by side, with the dividend yield', 'figures KO PEP | last, changePercent, dividendYield'],
    [
      'how far is googl off its high, in dollars and in percent',
      'figures GOOGL | last, week52High, last - week52High, pct(last, week52High) as distance',
    ],
    ["nvda iv vs what it's been moving", 'figures NVDA | iv30, hv30'],
    [
      'average high of mcd, jul+aug+sep',
      'figures MCD | avg(high) | in jul ; figures MCD | avg(high) | in aug ; figures MCD | avg(high) | in sep',
    ],
    ['what did spy do monday and tuesday last week', "bars SPY | last week's monday ; bars SPY | last week's tuesday"],
  ])('both are shown: "%s"', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

describe('a follow-up', () => {
  it.each([
    ['levels PEP ; bars PEP | yesterday', 'ko levels and price yesterday', 'the same for pep'],
    [
      'figures QQQ | maxPain | friday ; figures QQQ | maxPain | next friday',
      'spy max pain this fri and next',
      'and qqq?',
    ],
    ['quote IWM', 'is the market open', 'and small caps'],
    [
      'figures QQQ | count((abs(changePercent) <= 1)) | last 60 sessions',
      'qqq how many of the last 60 sessions closed within 2% of the prior close',
      'make it 1%',
    ],
    ['figures META | rsi14', 'why is META down', 'its rsi'],
    ['figures NVDA | expectedMove, expectedMovePercent | 2027-01-15', 'nvda expected move dec 18', 'a month later'],
    ['figures NVDA | atmIv | 2026-12-11', 'nvda iv dec 4', 'a week later'],
    [
      'contract JNJ | mid, premiumOfStrike | 2026-12-18 | put | 190',
      'jnj 190 puts dec 18 bid',
      'as a percent of the strike',
    ],
    [
      'figures JNJ PG KO | pct(last, sma200) | pct(last, sma200) < 0',
      'rank jnj pg ko by distance to the 200 day',
      'how many are negative',
    ],
    ['figures SPY QQQ | hv20, iv30 | highest hv20', 'rank spy qqq by hv20', 'the top one: iv30'],
    [
      'figures DIS | last, week52Low, pct(last, week52Low) as distance',
      '52 week low of dis',
      'and if i had bought at the low',
    ],
  ])('becomes %s', (expected, ...talk) => {
    expect(converse(...talk)).toBe(expected);
  });

  it('is refused where the one that came first is not known', () => {
    expect(converse('sector performance past week', 'the top one: rsi')).toMatch(/came first/);
  });
});

describe('what tells of the asker', () => {
  it.each([
    'when does ko go ex div, dont wanna get assigned on short calls',
    'gotta hop on a call, when does ko go ex div',
    'my screen froze, when does ko go ex div',
    'long time no see. when does ko go ex div',
    'wanted to ask, when does ko go ex div, trying to time my calls',
  ])('changes nothing: %s', (text) => {
    expect(read(text)).toBe('figures KO | exDividend');
  });

  it.each(['i dont want to see the puts, spy chain friday', 'i cant remember nvda rsi zork', 'nvda zork, upside only'])(
    'is not what restricts or asks: %s',
    (text) => {
      expect(read(text)).toMatch(/^un/);
    },
  );
});
