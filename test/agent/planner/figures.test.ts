// Questions about figures: what is read of them, what follows, what is refused, and the one line that they are answered in.
import { describe, expect, it } from 'vitest';
import { sayFigures } from '../../../src/agent/planner/figures.ts';
import { sayScan } from '../../../src/agent/planner/scan.ts';
import { isRefusal } from '../../../src/agent/planner/query.ts';
import type { TableRow } from '../../../src/domain/answers.ts';
import { writeSaid } from '../../../src/render/said.ts';
import { createTestGrammar, describePlan, understand } from './notation.ts';

const NOW = Date.parse('2026-11-19T15:00:00-05:00');
const grammar = createTestGrammar();

function read(...talk: string[]): string {
  const plan = understand(grammar, { text: talk.at(-1) ?? '', after: talk.slice(0, -1) });
  return isRefusal(plan) ? `${plan.refused}: ${plan.message}` : describePlan(plan);
}

describe('what a stranger found dropped', () => {
  it('refuses the delta of the bought leg of a spread, which is chosen by the one that is sold', () => {
    const plan = understand(grammar, { text: 'price a tlt put spread 18 dec, buy the 40 delta, 3 wide' });
    expect(isRefusal(plan) ? plan.message : '').toContain('the delta of the leg that is bought');
    expect(isRefusal(understand(grammar, { text: '30 delta tlt put credit spread 18 dec, 3 wide' }))).toBe(false);
  });

  it.each([
    ['smh 20d hv, 60d too', 'figures SMH | hv20, hv60'],
    ['smh 20d and 60d hv', 'figures SMH | hv20, hv60'],
    ['intc fri contracts trading over 2x oi', 'chain INTC | volume > 2 * openInterest | friday'],
    ['when is the monthly opex', 'expiry SPY | monthly'],
    ['when is thanksgiving', 'market | 2026-11-26'],
    [
      'distance of nvda from its average of this year',
      'figures NVDA | now(last), avg(close), pct(now(last), avg(close)) as distance | this year',
    ],
    ['nvda oct 1 to halloween in %', 'bars NVDA | oct 1 to 2026-10-31'],
    [
      'on what share of trading days has SPY closed higher this quarter',
      'figures SPY | count(change > 0), bars, count(change > 0) / bars * 100 as percentOfSessions | this quarter',
    ],
    ['if i buy the spy straddle for dec 18 wheres my breakevens', 'strategy SPY | 2026-12-18'],
  ])('of "%s" is read', (text, expected) => {
    const plan = understand(grammar, { text });
    expect(isRefusal(plan) ? plan.message : describePlan(plan)).toBe(expected);
  });
});

describe('what relates two symbols', () => {
  it.each([
    [
      'correlation between XOM and XLE over the last six months',
      'figures XOM XLE | corr(changePercent, XLE.changePercent) | last 6 months',
    ],
    ['nvda/amd 60d corr', 'figures NVDA AMD | corr(changePercent, AMD.changePercent) | last 60 sessions'],
    ['betas of KO and PG against SPY, lowest first', 'figures KO PG SPY | beta(SPY) | lowest beta(SPY) | past year'],
    [
      'usb/jpm price ratio now and its 1y high',
      'figures USB JPM | USB.last / JPM.last, highest(USB.close / JPM.close, 252) as highestRatio',
    ],
    ['days KO beat SPY this year', 'figures KO | count((changePercent > SPY.changePercent)) | this year'],
    ['days both spy and tlt fell in november', 'figures SPY TLT | count(SPY.change < 0 and TLT.change < 0) | november'],
  ])('of "%s" is read', (text, expected) => {
    const plan = understand(grammar, { text });
    expect(isRefusal(plan) ? plan.message : describePlan(plan)).toBe(expected);
  });

  it('is no other pair in a follow-up that names one of them', () => {
    expect(read('SPY TLT correlation', 'and with GLD?')).toBe('unclear: a correlation with what');
    expect(read('correlation of NVDA with QQQ', 'and AMD with AVGO?')).toContain('AVGO.changePercent');
    expect(read('correlation of SPY and its iv30')).toMatch(/^un/);
  });
});

describe('a question about figures', () => {
  it.each([
    ['how far is QQQ from its 52-week high', 'figures QQQ | last, week52High, pct(last, week52High) as distance'],
    [
      'how much is tsla down from its 52 week high',
      'figures TSLA | last, week52High, pct(last, week52High) as distance',
    ],
    ['how far below its 200 day sma is amd', 'figures AMD | last, sma200, pct(last, sma200) as distance'],
    ['how far is spy from 700', 'figures SPY | last, last - 700, pct(last, 700) as distance'],
    [
      "how far is nvda down from october's close",
      'figures NVDA | now(last), close, pct(now(last), close) as distance | october',
    ],
    ['aapl bid ask spread', 'figures AAPL | spread'],
    ['nvda change from open', 'figures NVDA | changeFromOpen, changeFromOpenPercent'],
    ['nvda 30 day sma', 'figures NVDA | sma30'],
    ['amd 20 day high', 'figures AMD | highest(high, 20)'],
    ['amd volume today vs its 20 day avg', 'figures AMD | volume, avg(volume, 20)'],
    ['hood price', 'quote HOOD'],
    ['spy expirations in december', 'expirations SPY | december'],
    ['when do nvda options expire in december', 'expirations NVDA | december'],
    ['pltr hood and sofi rsi', 'figures PLTR HOOD SOFI | rsi14'],
    ['tsla iv friday', 'figures TSLA | atmIv | friday'],
    ['total open interest spy dec opex', 'figures SPY | optionOpenInterest | dec'],
    ['volatility of nvda', 'volatility NVDA'],
    [
      'expected move for friday nvda amd tsla spy',
      'figures NVDA AMD TSLA SPY | expectedMove, expectedMovePercent | friday',
    ],
    ['theta of nvda options friday', 'chain NVDA | theta | friday'],
    ['spy calls and qqq puts', 'chain SPY | call ; chain QQQ | put'],
    ['rsi of nvda and price of amd', 'figures NVDA | rsi14 ; quote AMD'],
    ['price of nvda and is the market open friday', 'quote NVDA ; market | friday'],
    ['SPY puts between 620 and 640', 'chain SPY | put | 620..640'],
    ['30 delta put spy friday', 'chain SPY | friday | put | delta 0.3'],
    ['what is max pain', 'definition | maxPain'],
    ['thanks', 'social'],
  ])('%s', (question, expected) => {
    expect(read(question)).toBe(expected);
  });

  it.each([
    ["Microsoft's highest close in October", 'figures MSFT | highest(close), highestOn(close) | october'],
    ['average volume of AMD past 30 days', 'figures AMD | avg(volume) | past 30 days'],
    ['avgo range this week', 'figures AVGO | range, high, low | this week'],
    ['lowest low of SPY last month', 'figures SPY | lowest(low), lowestOn(low) | last month'],
    ['best day of tsla this month', 'figures TSLA | highest(changePercent), highestOn(changePercent) | this month'],
    ['how many days did spy close lower in november', 'figures SPY | count(change < 0) | november'],
    ['how many times was nvda down more than 3% this year', 'figures NVDA | count((changePercent < -3)) | this year'],
  ])('%s is made of a range', (question, expected) => {
    expect(read(question).toLowerCase()).toBe(expected.toLowerCase());
  });

  it.each([
    ['is qqq oversold', 'rsi14 < 30'],
    ['is NVDA above its 50 and 200 day', 'last > sma50 | last > sma200'],
    ['sma50 above sma200 for NVDA', 'sma50 > sma200'],
    ['is aapl overbought or oversold', 'rsi14 > 70 | rsi14 < 30'],
    ['has amd been up 3 days in a row', 'streak >= 3'],
    ['is nvda down more than 2%', 'changePercent < -2'],
    ['is tsla within 5% of its 52 week high', 'abs(pct(last, week52High)) <= 5'],
    ['which of nvda amd and tsla are above their 50 day', 'last > sma50'],
  ])('%s is a condition', (question, expected) => {
    expect(read(question).endsWith(` | ${expected}`), read(question)).toBe(true);
  });

  it.each([
    [
      ['how far is QQQ from its 52-week high', 'amd?'],
      'figures AMD | last, week52High, pct(last, week52High) as distance',
    ],
    [['max pain spy friday', 'and monthly'], 'figures SPY | maxPain | monthly'],
    [['how did nvda do last week', 'amd?'], 'bars AMD | last week'],
    [['rsi of nvda', 'vs amd'], 'figures NVDA AMD | rsi14'],
    [['rsi of nvda', 'and amd', "who's higher?"], 'figures NVDA AMD | rsi14 | highest'],
    [['price of nvda', 'no i meant AMD'], 'quote AMD'],
    [['price of nvda', 'no i meant AMD', 'rsi?'], 'figures AMD | rsi14'],
    [['spy calls friday', 'puts?'], 'chain SPY | friday | put'],
    [['price of nvda', 'last week'], 'bars NVDA | last week'],
  ])('keeps the question before but for what %j names', (talk, expected) => {
    expect(read(...talk)).toBe(expected);
  });

  it.each([
    'why is NVDA down',
    'should I buy NVDA rsi',
    'will NVDA be above its 50 day',
    'NVDA rsi except on Monday',
    'average rsi of NVDA',
    'highest close of NVDA',
    'relative volume',
    'price of unobtainium',
    'NVDA rsi last week',
    'how will NVDA do next week',
  ])('%s is refused, because a word would be lost', (question) => {
    expect(read(question)).toMatch(/^un(?:known|clear): /);
  });

  it.each([
    'how will NVDA do next week',
    'nvda calls with the most wisdom',
    'NVIDIA fundamentals wisdom rsi',
    'rsi nvda by moonlight',
  ])('%s is refused with a question that works, of the same symbol', (question) => {
    const refused = understand(grammar, { text: question });
    const instead = isRefusal(refused) ? (refused.instead ?? '') : '';
    const plan = understand(grammar, { text: instead });
    expect(isRefusal(plan) ? [] : plan.parts[0]?.symbols, instead).toEqual(['NVDA']);
  });

  it.each(['lose', 'ago', 'rank', 'em', 'mid', 'black'])('does not take "%s" for a mistyped symbol', (word) => {
    expect(read(`nvda ${word} xyzzy`)).not.toMatch(/did you mean/);
  });
});

describe('its sentence', () => {
  const say = (question: string, rows: TableRow[]): string[] => {
    const plan = understand(grammar, { text: question });
    const [query] = isRefusal(plan) ? [] : plan.parts;
    if (query === undefined) throw new Error(question);
    return sayFigures(query, { columns: [], rows }, NOW).map((said) => writeSaid(said).text);
  };

  it.each<[string, TableRow, string]>([
    [
      'how far is QQQ from its 52-week high',
      { symbol: 'QQQ', last: 589.72, week52High: 632.57, distance: -6.774 },
      'QQQ is 6.77% below its 52-week high: 589.72 against 632.57.',
    ],
    [
      'is qqq oversold',
      { symbol: 'QQQ', rsi14: 57.22, 'rsi14 < 30': false },
      'No, QQQ is not oversold (RSI 14 under 30): RSI 14 57.22.',
    ],
    [
      'is NVDA above its 50 and 200 day',
      { symbol: 'NVDA', last: 437.11, sma50: 364.66, sma200: 450, 'last > sma50': true, 'last > sma200': false },
      'No, NVDA is above its SMA 50 and not above its SMA 200: last 437.11, SMA 50 364.66, SMA 200 450.00.',
    ],
    [
      'did META gap up today',
      { symbol: 'META', gapPercent: -0.4, 'gapPercent > 0': false },
      'No, META did not gap up: gap -0.40%.',
    ],
    [
      'did qqq tag 600 today',
      { symbol: 'QQQ', high: 597.13, low: 588.57, 'high >= 600': false, 'low <= 600': true },
      'No, QQQ did not touch 600: high 597.13, low 588.57.',
    ],
    [
      "is CAT's 20-day average rising or falling",
      { symbol: 'CAT', sma20: 445.79, 'ago(sma20, 5)': 446.79, 'sma20 > ago(sma20, 5)': false },
      "CAT's SMA 20 is falling: SMA 20 445.79, SMA 20 5 sessions before 446.79.",
    ],
    [
      'nvda iv30 vs hv20 how many vol pts',
      { symbol: 'NVDA', 'iv30 - hv20': -0.1565, iv30: 0.4185, hv20: 0.575 },
      'NVDA: IV30 − HV 20 -15.7 pts, IV30 41.9%, HV 20 57.5%.',
    ],
    ['aapl bid ask spread', { symbol: 'AAPL', spread: 0.03 }, 'AAPL: spread 0.03.'],
    ['aapl bid ask spread', { symbol: 'AAPL' }, 'AAPL: spread is not available.'],
    ['is qqq oversold', { symbol: 'QQQ' }, 'QQQ: a figure of the condition is not available.'],
    [
      "Microsoft's highest close in October",
      { symbol: 'MSFT', 'highest(close)': 512.3, 'highestOn(close)': '2026-10-15' },
      'MSFT from Thu Oct 1, 2026 to Fri Oct 30, 2026: highest close 512.30 on Thu Oct 15, 2026.',
    ],
  ])('%s', (question, row, sentence) => {
    expect(say(question, [row])).toEqual([sentence]);
  });

  it('says of several what their table does not: who fulfills it, who is first', () => {
    expect(
      say('which of NVDA, AMD and QQQ is oversold', [
        { symbol: 'NVDA', rsi14: 64, 'rsi14 < 30': false },
        { symbol: 'AMD', rsi14: 25, 'rsi14 < 30': true },
        { symbol: 'QQQ', rsi14: 57, 'rsi14 < 30': false },
      ]),
    ).toEqual(['Oversold (RSI 14 under 30): AMD, 1 of 3.']);
    expect(
      say('highest relative volume nvda amd', [
        { symbol: 'NVDA', relativeVolume: 1.4 },
        { symbol: 'AMD', relativeVolume: 0.9 },
      ]),
    ).toEqual(['Highest relative volume: NVDA, 1.40; AMD 0.90.']);
  });
});

describe('the sessions that a question is of', () => {
  const rangeOf = (question: string): string | undefined => {
    const plan = understand(grammar, { text: question });
    return isRefusal(plan) ? plan.message : plan.parts[0]?.range;
  };

  it.each([
    ['avg daily range in $ for nflx past 10 days', 'last 10 sessions'],
    ['how many of the last 252 days did amd move more than 3% either way', 'last 252 sessions'],
    ['average volume of AMD past 30 days', 'past 30 days'],
    ['how many days in a row has spy closed green', 'last 2 sessions'],
    ['How far is Coca-Cola below its high of the last year?', 'past year'],
    ['has the macd on msft crossed up in the last 3 days?', 'last 3 sessions'],
  ])('%s: %s', (question, range) => {
    expect(rangeOf(question)).toBe(range);
  });

  it('takes weeks and years as bars where they are over, so many as were asked for', () => {
    expect(rangeOf('xom wkly bars last 8 weeks')).toMatch(/^\d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d$/);
    expect(rangeOf('Over the last ten years, how much has McDonalds returned per year on average?')).toMatch(
      /^\d{4}-01-01 to \d{4}-12-31$/,
    );
  });

  it('takes the lowest price since a day as the low, and a gap of a scan in percent', () => {
    const columnsOf = (question: string): unknown => {
      const plan = understand(grammar, { text: question });
      return isRefusal(plan)
        ? plan.message
        : plan.parts.map((each) => [each.columns, each.conditions.map((c) => c.expression)]);
    };
    expect(columnsOf('sofi cheapest its been since labor day')).toEqual([[['lowest(low)', 'lowestOn(low)'], []]]);
    expect(JSON.stringify(columnsOf('scan: gap>3 rvol>2 px>20'))).toContain('gapPercent > 3');
  });
});

describe('the sentence of a scan', () => {
  const say = (question: string, rows: TableRow[], notes: string[] = []): string => {
    const plan = understand(grammar, { text: question });
    const [query] = isRefusal(plan) ? [] : plan.parts;
    if (query === undefined) throw new Error(question);
    const meta = { sample: true, asOf: '2020-11-30T16:00:00-05:00', providerCalls: 0, elapsedMs: 0 };
    const data = { columns: [], rows, universe: 400 };
    return writeSaid(sayScan(query, { kind: 'table', data, errors: [], meta, notes }, NOW)).text;
  };

  it('says that it is of the last finished session and names the first with their figure', () => {
    expect(say('biggest gainers rn', [{ symbol: 'NIO', changePercent: 4.21 }])).toBe(
      'The scan has finished sessions only: of Mon Nov 30, 2020, 1 of 400 symbols matches: NIO +4.21%.',
    );
  });

  it('says what it takes for large', () => {
    expect(say('large caps under their 200 day with rsi below 30', [])).toBe(
      'The scan has finished sessions only: of Mon Nov 30, 2020, none of the 400 symbols matches (large: dollar volume over 100M).',
    );
  });

  it('does not say that none matches where nobody has the figure', () => {
    const note = 'IV rank and percentile need 20 daily readings; so far: NVDA 0, QQQ 0';
    expect(say('find stocks with ivr > 80', [], [note])).toBe(
      'The scan cannot tell: IV rank and percentile need 20 daily readings, which no symbol checked has.',
    );
  });
});

describe('a number beside those, these, them or the', () => {
  it.each([
    [['rsi of nvda, amd, spy', 'which of those three is the lowest'], 'figures NVDA AMD SPY | rsi14 | lowest'],
    [['hv30 of nvda, amd, spy', 'the highest of the 3'], 'figures NVDA AMD SPY | hv30 | highest'],
    [['20 day average of nvda and amd', 'compare those 2'], 'figures NVDA AMD | sma20'],
    [['volume of aapl, msft', 'which of them 2 has more'], 'figures AAPL MSFT | volume | highest'],
    [['rsi of nvda, amd, spy, tsla', 'which of those three is the lowest'], 'unclear: which 3 symbols are meant'],
    [['rsi of nvda, amd, spy', 'make it 3'], 'figures NVDA AMD SPY | rsi3'],
  ])('counts the symbols, and is no window: %j', (talk, expected) => {
    expect(read(...talk)).toBe(expected);
  });
});

describe('near, close to and far from', () => {
  const distance = (base: string): string => `last, ${base}, pct(last, ${base}) as distance`;
  it.each([
    ['is NVDA near its 52 week low', `figures NVDA | ${distance('week52Low')}`],
    ['is nvda near its high', `figures NVDA | ${distance('week52High')}`],
    ['is spy anywhere close to its 50 day', `figures SPY | ${distance('sma50')}`],
    ['is aapl trading close to its year low', `figures AAPL | ${distance('week52Low')}`],
    ['are nvda and amd near their 52 week highs', `figures NVDA AMD | ${distance('week52High')}`],
    ['is nvda near the call wall', `figures NVDA | ${distance('callWall')}`],
    ['is nvda far from 400', 'figures NVDA | last, last - 400, pct(last, 400) as distance'],
  ])('want the distance: %s', (question, expected) => {
    expect(read(question)).toBe(expected);
  });
});

describe('vol', () => {
  it.each([
    ['lowest vol of SPY, QQQ', 'figures SPY QQQ | hv30 | lowest', 'vol as 30-day historical volatility'],
    ['vol and skew of nvda', 'figures NVDA | atmIv, skew25', 'vol as implied volatility'],
    ['iv and vol of spy', 'figures SPY | iv30, hv30', 'vol as 30-day historical volatility'],
    ['highest vol of SPY, QQQ', 'figures SPY QQQ | volume | highest', undefined],
    ['nvda vol today', 'figures NVDA | volume', undefined],
    ['nvda 400c dec 18 vol and oi', 'contract NVDA | volume, openInterest | 2026-12-18 | call | 400', undefined],
  ])('is volatility where nothing else is meant, which is said: %s', (question, expected, said) => {
    const plan = understand(grammar, { text: question });
    expect(isRefusal(plan) ? plan.message : describePlan(plan)).toBe(expected);
    expect(isRefusal(plan) ? plan.message : plan.parts[0]?.corrected?.[0]).toBe(said);
  });
});

describe('a drawdown, and the best and worst of periods', () => {
  it.each([
    [['last year max drawdown of nvda'], 'figures NVDA | maxDrawdown | last year'],
    [['nvda drawdown this year'], 'figures NVDA | maxDrawdown | this year'],
    [['nvda last year', 'max drawdown'], 'figures NVDA | maxDrawdown | last year'],
    // Counted below 0: the smaller is the higher figure.
    [['which had the smaller drawdown last year, nvda or amd'], 'figures NVDA AMD | maxDrawdown | highest | last year'],
    [
      ['nvda, amd', 'worst month'],
      'figures NVDA AMD | lowest(changePercent), lowestOn(changePercent) | past year | month',
    ],
    [
      ['which of nvda and amd had the worst month this year'],
      'figures NVDA AMD | lowest(changePercent), lowestOn(changePercent) | lowest | this year | month',
    ],
    [['nvda, amd', 'its worst month'], 'unclear: which of NVDA, AMD is meant'],
    [
      ["what was nvda's rsi last friday, and what is it now"],
      'figures NVDA | rsi14 | last friday ; figures NVDA | rsi14',
    ],
  ])('are of the period that was said: %j', (talk, expected) => {
    expect(read(...talk)).toBe(expected);
  });

  it('are ranked by the size of the fall', () => {
    const rows = [
      { symbol: 'AMD', maxDrawdown: -27.89 },
      { symbol: 'NVDA', maxDrawdown: -48.13 },
    ];
    const plan = understand(grammar, { text: 'which had the smaller drawdown last year, nvda or amd' });
    if (isRefusal(plan)) throw new Error(plan.message);
    const [query] = plan.parts;
    if (query === undefined) throw new Error('nothing asked');
    expect(writeSaid(sayFigures(query, { columns: [], rows }, NOW)[0] ?? []).text).toMatch(
      /^Smallest max drawdown .*: AMD, -27.89%/,
    );
  });
});

describe('arithmetic', () => {
  it.each([
    ['1/0', '1/0'],
    ['what is 15% of 406.76', '15 / 100 * 406.76'],
    ['406.76 plus 10%', '406.76 * (1 + 10 / 100)'],
    ['12 times 4.15', '12 * 4.15'],
    ['100 divided by 8', '100 / 8'],
    ['15% of $1,200', '15 / 100 * 1200'],
  ])('is calculated, also with percentages and in words: %s', (question, expression) => {
    expect(read(question)).toBe(`calculate | ${expression}`);
  });

  it('is no date', () => {
    expect(read('12/25')).toContain('which symbol is meant');
  });
});

describe('a bound below zero', () => {
  it.each([
    ['SPY days <= -1% in 2026: how many?', 'changePercent <= -1'],
    ['how many days did nvda gap below -2% this year', 'gapPercent < -2'],
    ['is nvda change today > -3%', 'changePercent > -3'],
    ['msft macd < -1', 'macd < -1'],
  ])('keeps its sign: "%s"', (question, expression) => {
    expect(read(question)).toContain(expression);
  });
});
