import { describe, expect, it } from 'vitest';
import { isRefusal, type Query } from '../../../src/agent/planner/query.ts';
import { processorMs } from '../../helpers/machine.ts';
import { createTestGrammar, describePlan, scoreQuestions, understand } from './notation.ts';
import { questionsInShorthand } from './questions-in-shorthand.ts';
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
    console.info(
      `planner, questions written for: ${score.right} of ${questions.length} right, ${score.refused.length} refused, ${score.wrong.length} wrong`,
    );
    expect(score.wrong).toEqual([]);
    expect(score.right).toBeGreaterThanOrEqual(questions.length - 3);
  });

  it('understands most questions that were kept aside, and none of them wrongly', () => {
    const score = scoreQuestions(questionsKeptAside);
    console.info(
      `planner, questions kept aside: ${score.right} of ${questionsKeptAside.length} right, ${score.refused.length} refused, ${score.wrong.length} wrong`,
    );
    expect(score.wrong).toEqual([]);
    expect(score.right).toBeGreaterThanOrEqual(40);
  });
});

describe('scores on shorthand', () => {
  it('understands the questions in shorthand, and none of them wrongly', () => {
    const score = scoreQuestions(questionsInShorthand);
    console.info(
      `planner, questions in shorthand: ${score.right} of ${questionsInShorthand.length} right, ${score.refused.length} refused, ${score.wrong.length} wrong`,
    );
    expect(score.wrong).toEqual([]);
    expect(score.right).toBeGreaterThanOrEqual(questionsInShorthand.length - 3);
  });
});

describe('one strike', () => {
  it.each([
    ['SPY 650 call friday', 'contract SPY | friday | call | 650'],
    ['spy 650C fri', 'contract SPY | friday | call | 650'],
    ['$spy $187.50 puts', 'contract SPY | put | 187.5'],
    ['NVDA 410 strike call next monthly', 'contract NVDA | next monthly | call | 410'],
    ['bid ask of aapl 270 calls', 'contract AAPL | bid, ask | call | 270'],
    ['spy call 650 friday', 'contract SPY | friday | call | 650'],
    ['nvda strike 400 put friday', 'contract NVDA | friday | put | 400'],
    ['650 spy calls friday', 'contract SPY | friday | call | 650'],
    ['nvda 410c 420c friday', 'contract NVDA | friday | call | 410 420'],
    ['max pain nvda 410c', 'contract NVDA | call | 410 ; figures NVDA | maxPain'],
    ['nvda calls at 410', 'contract NVDA | call | 410'],
    ['nvda call strike 410 friday', 'contract NVDA | friday | call | 410'],
    ['nvda 410 calls and puts friday', 'contract NVDA | friday | both | 410'],
    ['nvda 410c 12/18', 'contract NVDA | 2026-12-18 | call | 410'],
    ['nvda dec 18 410c', 'contract NVDA | 2026-12-18 | call | 410'],
    ['nvda 2026-12-18 410 put', 'contract NVDA | 2026-12-18 | put | 410'],
    ['soun 10c friday', 'contract SOUN | friday | call | 10'],
    ['atm put of tsla this friday', 'contract TSLA | friday | put | atm'],
  ])('reads "%s"', (question, expected) => {
    expect(read(question)).toBe(expected);
  });

  it.each([
    ['nvda 10 calls friday', /^unclear: "10 calls" could be the strike 10 or a number of calls/],
    ['nvda 5 put options', /^unclear: "5 put" could be/],
    ['spy 655c today', /^unclear: "today" could be the expiration or the moment/],
    ['spy put 5 strikes 640', /^unknown/],
    ['spy gamma wall', /^unknown: "gamma wall"/],
    ['cost of 30 calls on nvda', /^unclear: "30 calls" could be/],
    ['nvda 2026 calls', /^unclear: "2026 calls" could be the strike 2026 or the year/],
    ['nvda return on equity past year', /^unknown: "return on equity"/],
    ['nvda 410 friday', /^unknown: "410"/],
    ['nvda and amd 410c friday', /^unknown: one strike of several/],
    ['2 nvda and amd 410c', /^unknown/],
    ['nvda 410c rsi', /^unknown/],
    ['nvda 410c last week', /^unknown/],
    ['nvda 410c 52 week high', /^unknown/],
    ['nvda 410c 5 strikes', /^unknown/],
    ['biggest 410 calls nvda', /^unknown/],
    ['nvda 400 calls volume highest', /^unknown/],
  ])('does not answer "%s"', (question, reason) => {
    expect(read(question)).toMatch(reason);
  });

  it.each([
    'SPY calls 5 strikes',
    'SPY calls 10 strikes above and 10 below',
    'SPY chain 2026-12-18',
    'SPY 20 day average',
    'SPY last 5 trading days',
    'rsi 14 of SPY',
  ])('takes no number of "%s" for a strike', (question) => {
    expect(read(question)).not.toMatch(/contract|refused|un(?:known|clear)/);
  });
});

describe('dates without a year', () => {
  it.each([
    ['spy close on 11/12', 'bars SPY | 2026-11-12'],
    ['spy close on 12/24', 'bars SPY | 2025-12-24'],
    ['spy since nov 3rd', 'bars SPY | since 2026-11-03'],
    ['spy oct 1 to oct 15', 'bars SPY | 2026-10-01 to 2026-10-15'],
    ['spy chain 11/12', 'chain SPY | 2027-11-12'],
    ['spy puts 1/15', 'chain SPY | 2027-01-15 | put'],
    ['macd 12/26/9 of spy', 'figures SPY | macd, macdSignal, macdHistogram'],
    ['SPY 5/10/20/50/200 averages', 'figures SPY | sma5, sma10, sma20, sma50, sma200'],
  ])('reads "%s" on 19 November 2026', (question, expected) => {
    expect(read(question)).toBe(expected);
  });

  it('refuses what is no date', () => {
    for (const question of ['spy 13/45', 'spy close on 2/30', 'spy 24/7']) expect(read(question)).toMatch(/^unknown/);
  });
});

describe('rankings and averages of several symbols', () => {
  it.each([
    [
      'which of nvda, amd and tsla is above its 200 day average',
      'figures NVDA AMD TSLA | last, sma200 | last > sma200',
    ],
    ['which is above its 200 day: nvda amd tsla', 'figures NVDA AMD TSLA | last, sma200 | last > sma200'],
    ['highest volume among nvda amd tsla today', 'figures NVDA AMD TSLA | volume | highest'],
    ['which has the higher RSI, nvda or amd', 'figures NVDA AMD | rsi14 | highest'],
    [
      'who is furthest from its 52 week low: nvda amd',
      'figures NVDA AMD | last, week52Low, pct(last, week52Low) as distance | highest distance',
    ],
  ])('reads "%s"', (question, expected) => {
    expect(read(question)).toBe(expected);
  });

  it.each([
    'is amd above nvda 200 day',
    'highest nvda amd',
    'biggest gainer by volume nvda amd',
    'highest rsi',
    'lowest rsi of nvda',
  ])('does not answer "%s"', (question) => {
    expect(read(question)).toMatch(/^un(?:known|clear)/);
  });
});

describe('strategies', () => {
  it.each([
    ['16 delta put credit spread on SPY 45 days out, 5 wide', 'put-credit-spread SPY 45 delta 0.16 width 5'],
    ['iron condor QQQ december', 'iron-condor QQQ december'],
    ['nvda 400/420 call spread jan', 'call-debit-spread NVDA jan 400/420'],
    ['price a straddle on amd friday', 'straddle AMD friday'],
    ['spy 660/655 pcs friday credit and max loss', 'put-credit-spread SPY friday 655/660'],
    ['iron fly spy 673 10 wide dec 18', 'iron-butterfly SPY 2026-12-18 663/673/683'],
    ['short strangle hood 90/125 dec opex', 'short strangle HOOD dec 90/125'],
  ])('reads "%s"', (question, expected) => {
    const plan = understand(grammar, { text: question });
    if (isRefusal(plan)) throw new Error(plan.message);
    const { strategy = '', symbols, expiration = '', strike, delta, width, isShort } = (plan.parts[0] ?? {}) as Query;
    const words = [
      isShort === true ? 'short' : '',
      strategy,
      ...symbols,
      expiration.replace(/dte$/, ''),
      strike.join('/'),
      delta === undefined ? '' : `delta ${JSON.stringify(delta)}`,
      width === undefined ? '' : `width ${String(width)}`,
    ];
    expect(words.filter((word) => word !== '').join(' ')).toBe(expected);
  });

  it.each([
    'best covered call on aapl',
    'nvda call spread 420/400/380',
    'credit of nvda',
    'sell an iron condor on spy',
  ])('does not price "%s"', (question) => {
    expect(read(question)).toMatch(/^(?:unknown|unclear)/);
  });
});

describe('scans', () => {
  it.each([
    ['top gainers today', 'gainers', ''],
    ['most active stocks', 'active', ''],
    ['which stocks hit a 52 week high', 'new-high', ''],
    ['oversold stocks', 'oversold', ''],
    ['stocks under 20 dollars with unusual volume', 'unusual-volume', 'last < 20'],
    ['gap ups today', 'gap-up', ''],
  ])('reads "%s"', (question, scan, conditions) => {
    const plan = understand(grammar, { text: question });
    if (isRefusal(plan)) throw new Error(plan.message);
    const [part] = plan.parts;
    expect([part?.scan, part?.conditions.map(({ expression }) => expression).join(' and ')]).toEqual([
      scan,
      conditions,
    ]);
  });

  it('keeps to the symbols that a question names', () => {
    expect(read('biggest gainer of nvda amd and intc')).toMatch(/^figures NVDA AMD INTC/);
  });
});

describe('symbols and names', () => {
  it.each([
    ['NVDIA price', 'NVDA'],
    ['price of APPL', 'AAPL'],
    ['TSAL quote', 'TSLA'],
    ['NVDAA', 'NVDA'],
  ])('asks back for the near miss in "%s"', (question, symbol) => {
    expect(read(question)).toMatch(new RegExp(`^unclear: did you mean .*${symbol}`));
  });

  it.each([
    ['price of microsft', 'quote MSFT'],
    ['procter and gambel rsi', 'figures PG | rsi14'],
    ['home depo vs lowes ytd', 'bars HD LOW | ytd'],
    ['wallmart or target dividend yield', 'figures WMT TGT | dividendYield'],
  ])('answers for the one company that a long word is a slip of in "%s"', (question, meaning) => {
    expect(read(question)).toBe(meaning);
  });

  it.each(['united price', 'price of american', 'morgan price'])(
    'asks back for the ambiguous name in "%s"',
    (question) => {
      expect(read(question)).toMatch(/^unclear: did you mean /);
    },
  );

  it('takes a symbol behind a dollar sign as it is, whatever it spells', () => {
    expect(read('price of $NOW')).toBe('quote NOW');
    expect(read('$nvdaa quote')).toBe('quote NVDAA');
  });

  it.each([
    'it',
    'all',
    'now',
    'for',
    'on',
    'are',
    'can',
    'key',
    'see',
    'low',
    'open',
    'well',
    'good',
    'real',
    'so',
    'big',
  ])('does not take the English word "%s" for a symbol', (word) => {
    const plan = understand(grammar, { text: `price of ${word}` });
    expect(isRefusal(plan)).toBe(true);
  });

  it('asks whether capitals are a symbol or a word where another symbol stands beside them', () => {
    expect(read('AAPL rsi NOW')).toMatch(/^unclear: did you mean NOW/);
    expect(read('NVDA OPEN')).toMatch(/^unclear: did you mean OPEN/);
    expect(read('WHAT IS THE PRICE OF NVDA NOW')).toBe('quote NVDA');
  });

  it('does not make symbols of the capitals of the trade', () => {
    expect(read('NVDA RSI and MACD')).toBe('figures NVDA | rsi14, macd, macdSignal, macdHistogram');
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
    'target price of NVDA',
    'is NVDA worth it',
    'NVDA not AMD',
    'NVDA rsi last week',
    'is NVDA above AMD',
    'how many shares of NVDA',
    'NVDA volume next week',
    'all quotes except NVDA',
    'earnings call NVDA',
    'sell AMD calls',
    'please buy me 10 of the MSFT january 430 puts',
    'is Apple open',
  ])('refuses "%s" rather than answering something near it', (question) => {
    expect(isRefusal(understand(grammar, { text: question }))).toBe(true);
  });

  it('refuses any question with one unknown word added', () => {
    for (const { text, expect: expected, after = [] } of questions) {
      if (expected === 'refuse' || expected.startsWith('calculate')) continue;
      expect(isRefusal(understand(grammar, { text: `${text} zygomorphic`, after })), text).toBe(true);
    }
  });

  it('takes for very many clauses no longer than for their words', () => {
    const startedMs = processorMs();
    for (const clauses of ['foo nvda price and is amd up ', 'I work nights. what is nvda qux? '])
      expect(isRefusal(understand(grammar, { text: clauses.repeat(40) }))).toBe(true);
    // A reading of each takes a second; one for each of its clauses takes minutes.
    expect(processorMs() - startedMs).toBeLessThan(10_000);
  });

  it('refuses what leans on a conversation that is not there', () => {
    for (const text of ['and puts?', 'same for AMD', 'its macd', 'the three', 'both', 'what about last week']) {
      expect(isRefusal(understand(grammar, { text })), text).toBe(true);
    }
  });
});

describe('follow-ups', () => {
  it.each([
    [['SPY calls friday', 'max pain'], 'figures SPY | maxPain | friday'],
    [['SPY calls friday', 'and next monthly?'], 'chain SPY | next monthly | call'],
    [['SPY calls friday', 'QQQ calls'], 'chain QQQ | call'],
    [['price of NVDA', 'compare it with AMD'], 'quote NVDA AMD'],
    [['NVDA and AMD past month', 'bars NVDA AMD | past month'], 'bars NVDA AMD | past month'],
    [['NVDA rsi', 'and SPY and QQQ'], 'figures SPY QQQ | rsi14'],
    [
      ['sofi hood coin since september, whos best', 'which had the worst single day'],
      'figures SOFI HOOD COIN | lowest(changePercent), lowestOn(changePercent) | lowest lowest(changePercent) | since september',
    ],
    [
      ['sofi hood coin since september, whos worst', 'and the best single day'],
      'figures SOFI HOOD COIN | highest(changePercent), highestOn(changePercent) | highest highest(changePercent) | since september',
    ],
    [['AAPL MSFT quotes', 'NVDA, AMD, WDC quotes', 'rsi of the two'], 'figures AAPL MSFT | rsi14'],
    [['SPY past month', 'weekly bars'], 'bars SPY | past month | week'],
    [["Yesterday's OHLC: SPY", 'volume today'], 'figures SPY | volume'],
    [['price of nvda and amd', 'are they both above their 50 day'], 'figures NVDA AMD | last, sma50 | last > sma50'],
    [['nvda 410c friday', 'and the put?'], 'contract NVDA | friday | put | 410'],
    [['nvda 410c friday', 'its delta'], 'contract NVDA | delta | friday | call | 410'],
    [['nvda 410c friday', 'and next friday?'], 'contract NVDA | next friday | call | 410'],
    [['nvda 410c friday', 'what about the 420c'], 'contract NVDA | friday | call | 420'],
    [['nvda calls friday', 'and the 420 put?'], 'contract NVDA | friday | put | 420'],
    [['nvda 410c friday', 'both'], 'contract NVDA | friday | both | 410'],
    [['nvda 410c friday', 'its rsi?'], 'figures NVDA | rsi14'],
    [['nvda 410c friday', 'all strikes'], 'chain NVDA | friday | call | all'],
    [['nvda 410c friday', 'max pain'], 'figures NVDA | maxPain | friday'],
    [['price of nvda', 'support and resistance'], 'levels NVDA'],
    [['rsi of nvda', 'how about google'], 'figures GOOGL | rsi14'],
    [['spy last week', 'and the weekly?'], 'bars SPY | last week | week'],
    [['spy past month', 'what about last week'], 'bars SPY | last week'],
    [['price of amd and msft', 'how about google', 'and msft', 'both'], 'quote GOOGL MSFT'],
    [['price of amd and msft', 'rsi of amd', 'both'], 'figures AMD MSFT | rsi14'],
    [['spy last week', 'and qqq?', 'compare them'], 'bars SPY QQQ | last week'],
    [
      ['nvda price', 'what was it last friday', 'so up or down'],
      'figures NVDA | change, changePercent | since 2026-11-16',
    ],
    [['spy low of day', 'how far off the high'], 'figures SPY | last, high, pct(last, high) as distance'],
    [['boeing last month', 'merck over the same stretch'], 'bars MRK | last month'],
    [['meta vwap', 'are we above it'], 'figures META | last, vwap | last > vwap'],
    [['mu rsi', 'same for stx', 'either one over 70?'], 'figures MU STX | rsi14 | rsi14 > 70'],
    [
      ['nvda 410c friday', 'where does it have to be for me to make money'],
      'contract NVDA | breakEven | friday | call | 410',
    ],
    [['nvda 410c friday', 'delta', 'theta too'], 'contract NVDA | delta, theta | friday | call | 410'],
    [
      ['spy last week', 'and qqq?', 'which did better'],
      'figures SPY QQQ | changePercent | highest changePercent | last week',
    ],
    [['highest volume nvda amd', 'and rsi'], 'figures NVDA AMD | rsi14 | highest'],
    [['is the market open', 'is it open now'], 'market'],
  ])('reads %j', (talk, expected) => {
    expect(read(talk.at(-1) ?? '', ...talk.slice(0, -1))).toBe(expected);
  });

  it.each([
    [
      ['best day for nvda this year', 'worst?'],
      'figures NVDA | lowest(changePercent), lowestOn(changePercent) | this year',
    ],
    [
      ['how many days did spy close down in november', 'by more than 1%'],
      'figures SPY | count((changePercent < -1)) | november',
    ],
    [
      ['how many days did spy close down in november', 'which days were they'],
      'days SPY | close, changePercent | change < 0 | november',
    ],
    [['tsla under vwap?', 'by how much'], 'figures TSLA | last, vwap, pct(last, vwap) as distance'],
    [
      ['distance of spy from its 200 day', 'in dollars'],
      'figures SPY | last, sma200, last - sma200, pct(last, sma200) as distance',
    ],
    [['max pain spy dec', 'how far from spot'], 'figures SPY | last, maxPain, pct(last, maxPain) as distance | dec'],
    [['is ko above its 50 day', '200?'], 'figures KO | last, sma200 | last > sma200'],
    [['is amd oversold', 'when was it last'], 'figures AMD | lastOn((rsi14 < 30)) | past 5 years'],
    [['spy iv friday', 'and the friday after'], 'figures SPY | atmIv | 2026-11-27'],
    [['how did nvda do last week', 'the one before'], 'bars NVDA | 2026-11-02 to 2026-11-06'],
    [
      ['amd november return', 'same period last year'],
      'figures AMD | change, changePercent | 2025-11-01 to 2025-11-19',
    ],
    [['spy last week', 'nvda hi of that week'], 'bars NVDA | last week'],
    [
      ['how has KO behaved since the middle of August?', 'And only until the end of October'],
      'bars KO | 2026-08-15 to 2026-10-30',
    ],
    [['nvda 410c friday', 'what is the straddle'], 'strategy NVDA | friday | 410'],
    [['SPY put credit spread 660/655 dec 11', 'jan 15 instead'], 'strategy SPY | 2027-01-15 | 655 660'],
    [
      ['spy puts friday 650 to 670', 'only with delta under 0.3'],
      'chain SPY | delta | abs(delta) < 0.3 | friday | put | 650..670',
    ],
    [['nvda 410p friday', 'vs the 420 call'], 'contract NVDA | friday | both | 410 420'],
    [['iv rank of tsla', 'is that high'], 'figures TSLA | iv30, ivRank, ivPercentile'],
    [['nvda volume', 'vs average'], 'figures NVDA | volume, averageVolume, relativeVolume'],
  ])('changes what was asked before in %j', (talk, expected) => {
    expect(read(talk.at(-1) ?? '', ...talk.slice(0, -1))).toBe(expected);
  });

  it('asks which of several is meant by a comparison of one symbol with itself', () => {
    expect(read('which was better', 'how did nvda do in october')).toMatch(/^unclear: which of several/);
  });

  it('asks which symbol is meant where "its" follows several', () => {
    expect(read('its macd', 'price of NVDA and AMD')).toMatch(/^unclear: which of NVDA, AMD/);
  });

  it('asks which two are meant after three that were asked about one by one', () => {
    expect(read('both', 'price of spy', 'price of qqq', 'price of dia')).toMatch(/^unclear: which 2 symbols/);
    expect(read('compare them', 'price of spy', 'price of qqq', 'price of dia')).toBe('quote SPY QQQ DIA');
  });

  it('asks whether a price after one strike is the option’s or the stock’s', () => {
    expect(read('price?', 'nvda 410c friday')).toMatch(/^unclear: the price of the option or of the stock/);
  });

  it('does not answer "is it open" from a question about a stock', () => {
    expect(read('is it open', 'price of NVDA')).toMatch(/^unclear/);
  });
});

describe('several figures, dates and conditions in one line', () => {
  it.each([
    ["spy thursday's volume", 'bars SPY | thursday'],
    [
      'price of spy. is it above its 50 day? and when is the next holiday',
      'quote SPY ; figures SPY | last, sma50 | last > sma50 ; holidays',
    ],
    [
      'JNJ: last close, ytd change, distance to 52 week high',
      'figures JNJ | previousClose ; figures JNJ | change, changePercent | ytd ; figures JNJ | last, week52High, pct(last, week52High) as distance',
    ],
    ['googl ytd vs same time last year', 'bars GOOGL | ytd ; bars GOOGL | 2025-01-01 to 2025-11-19'],
    ['spy last friday vs the friday before', 'bars SPY | last friday ; bars SPY | 2026-11-06'],
    ['nvda performance after 11/11', 'bars NVDA | since 2026-11-11'],
    ['how much has sofi dropped since october 15', 'figures SOFI | change, changePercent | since 2026-10-15'],
    ['how much has sofi dropped since its high', 'figures SOFI | last, week52High, pct(last, week52High) as distance'],
    ['wmt thanksgiving week', 'bars WMT | week of 2025-11-27'],
    [
      'premium for pfe 20 put and intc 65 put, dec 18',
      'contract PFE | bid, ask, mid | 2026-12-18 | put | 20 ; contract INTC | 2026-12-18 | put | 65',
    ],
    ['iwm 20 day vol', 'figures IWM | hv20'],
    ['iwm 20 day avg vol', 'figures IWM | avg(volume, 20)'],
    ['max drawdown of nvda this year', 'figures NVDA | maxDrawdown | this year'],
    ['from the april low how much is spy up', 'figures SPY | now(last), low, pct(now(last), low) as distance | april'],
    [
      'how many of jpm bac wfc gs are down this month',
      'figures JPM BAC WFC GS | change, changePercent | changePercent < 0 | this month',
    ],
    [
      'amd: above 20, 50 and 200 day?',
      'figures AMD | last, sma20, sma50, sma200 | last > sma20 | last > sma50 | last > sma200',
    ],
    ['nvda price, volume, and whether it is above its 200 day', 'figures NVDA | last, volume, sma200 | last > sma200'],
    ['msft quarterly returns for 2026', 'bars MSFT | 2026 | quarter'],
    ['longest losing streak for tsla in 2026', 'figures TSLA | lowest(streak), lowestOn(streak) | 2026'],
    ['top 5 up days for amd this year', 'days AMD | changePercent, close | highest changePercent | this year'],
    ['average monthly return of spy over the last 3 years', 'figures SPY | avg(changePercent) | last 3 years | month'],
    ['has ko ever been above 75', 'figures KO | highest(high) | highest(high) > 75 | past 5 years'],
    [
      'gapped up now red: aapl msft nvda',
      'figures AAPL MSFT NVDA | change, changePercent, gapPercent | gapPercent > 0 | changePercent < 0',
    ],
    [
      'cheapest tsla call friday with at least 500 volume',
      'chain TSLA | mid | mid, volume | volume >= 500 | lowest mid | friday | call',
    ],
    ['how did the semis do vs the market last month', 'bars SMH SPY | last month'],
    ['stocks under 15 dollars that are up more than 3% today', 'scan | last < 15 | changePercent > 3'],
    [
      'did spy close higher every day last week',
      'figures SPY | count(change > 0), bars, count(change > 0) / bars * 100 as percentOfSessions | last week',
    ],
    ['is tsla more volatile than nvda', 'figures TSLA NVDA | hv20 | highest hv20'],
    [
      'boeing percent change in the first three quarters',
      'figures BA | change, changePercent | 2026-01-01 to 2026-09-30',
    ],
    ['how much higher is msft than a year ago', 'figures MSFT | change, changePercent | since 1 year ago'],
    ['aapl more than 10% below its high?', 'figures AAPL | pct(last, week52High) | pct(last, week52High) < -10'],
  ])('reads "%s"', (question, expected) => {
    expect(read(question)).toBe(expected);
  });

  it('loses no symbol of a line that falls into clauses', () => {
    expect(read('nvda and amd 410c friday')).toMatch(/^unknown/);
  });
});

describe('names and words of strangers', () => {
  it.each([
    ['newmont barrick agnico kinross ytd', 'bars NEM B AEM KGC | ytd'],
    ['vanguard total international stock etf and the india etf price', 'quote VXUS INDA'],
    ['crowd strike or sentinel one rsi', 'figures CRWD S | rsi14'],
    ['couer iv rank', 'figures CDE | ivRank'],
    ['uranium names today ccj uec uuuu leu dnn', 'quote CCJ UEC UUUU LEU DNN | today'],
    ['cls fn cohr lite ytd', 'bars CLS FN COHR LITE | ytd'],
    ['is PG above its 50 day? y/n and by how much', 'figures PG | last, sma50, pct(last, sma50) as distance'],
    ['avg spy range last 20 sessions pts not %', 'figures SPY | avg(range) | last 20 sessions'],
    ['spy atm c 0dte theta', 'contract SPY | strike, delta, theta | 0dte | call | atm'],
    ['how many trading days until jan 15 excluding weekends and holidays', 'market | 2027-01-15'],
    ['when will the market open tomorrow', 'market | tomorrow'],
    ['did tsla trail spy this month', 'figures TSLA SPY | changePercent | lowest changePercent | this month'],
    [
      'I worry about being called away early for the dividend, so how much time value is left in the JPM 290 call expiring Jan 15',
      'contract JPM | extrinsic | 2027-01-15 | call | 290',
    ],
    ['Everyone says small caps lead in december, so how has IWM done vs SPY this month', 'bars IWM SPY | this month'],
    ['A client holds 300 shares of Verizon; how much is that worth now', 'figures VZ | last, 300 * last as value'],
  ])('understands "%s"', (question, meaning) => {
    expect(read(question)).toBe(meaning);
  });

  it.each([
    'how much will i make on nvda by friday',
    'when will NVDA open above 300',
    'I only want calls, so which SPY strike has the most open interest friday',
    'I never sell below 30 delta, so what put is 30 delta for AAPL jan 15',
    'how many sessions left this year, not counting today',
    'buy 200 uuuu at market',
  ])('refuses "%s"', (question) => {
    expect(read(question)).toMatch(/^(?:unknown|unclear)/);
  });
});
