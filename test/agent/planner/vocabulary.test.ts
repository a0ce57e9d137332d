// Many ways to say one thing read as that thing: a table of words by concept, each asked of a symbol in a short question.
import { describe, expect, it } from 'vitest';
import { createPlanner } from '../../../src/agent/planner/planner.ts';
import { isRefusal, type Query } from '../../../src/agent/planner/query.ts';

const planner = createPlanner({ clock: { now: () => Date.parse('2026-12-01T11:15:00-05:00') } });

function read(question: string): Query[] | string {
  const plan = planner.read(question, []);
  return isRefusal(plan) ? `refused: ${plan.message}` : plan.parts;
}

function namesIn(question: string): string {
  const parts = read(question);
  return typeof parts === 'string'
    ? parts
    : parts
        .map(({ form, columns, fields, base, strategy }) => [form, ...columns, ...fields, base, strategy].join(' '))
        .join(' ');
}

/** What the reading holds, and the words for it; `…` is where they stand. */
const SAID: readonly (readonly [holds: string, question: string, words: string])[] = [
  [
    'last',
    'what is the … of KO',
    'share price, going rate, price tag, last print, most recent price, px, latest price, price per share, last sale price, price of one share',
  ],
  [
    'open',
    'what was the … of KO today',
    'opening price, opening level, price at the open, first price open, open px, opening trade',
  ],
  [
    'close',
    'what was the … of KO yesterday',
    'closing price, eod price, price at the close, settlement price, end of day price, closing level, final price, official close',
  ],
  ['previousClose', 'give me the … of KO', 'previous close, prior settle, last closing price, pdc'],
  ['high', '… for KO today', 'hod, session high, top of the day, intraday peak, day high, high print'],
  ['low', '… for KO today', 'lod, session low, bottom of the day, intraday trough, day low, low print'],
  ['high low', '… for KO', 'hod / lod, hod and lod, highs and lows, hi and lo, high / low, days high and low'],
  [
    'week52High',
    '… of KO',
    '52 week high, 52wk high, 52w hi, yearly peak, 12 month high, 1yr high, one year peak, annual high',
  ],
  [
    'week52Low',
    '… of KO',
    '52 week low, 52wk low, 52w lo, yearly trough, 12 month low, 1yr low, one year trough, annual low',
  ],
  [
    'volume',
    '… of KO today',
    'volume, trading vol, shares traded, number of shares traded, share turnover, trading activity',
  ],
  ['averageVolume', '… of KO', 'average volume, avg daily vol, adv, adtv, typical daily volume, usual trading volume'],
  [
    'relativeVolume',
    '… of KO',
    'rvol, rel vol, volume vs average, volume relative to normal, volume compared to usual',
  ],
  ['bid ask', '… of KO', 'bid and ask, bid / ask, best bid and offer, nbbo, bid x ask, two sided market'],
  ['spread', '… of KO', 'bid ask spread, bid ask width, market width, how tight is the spread'],
  ['gapPercent', '… of KO', 'opening gap, gap at the open, morning gap, gap size'],
  [
    'changeFromOpenPercent',
    'KO …',
    'from the open, since the opening bell, since it opened, change from open, vs its open',
  ],
  ['rsi14', '… of KO', 'rsi, rsi reading, relative strength index, daily rsi, rsi level'],
  ['macd', '… of KO', 'macd, macd reading, macd and signal line, macd values'],
  ['bbPercent20', '… of KO', 'bollinger %b, percent b, bb %b'],
  ['bbWidth20', '… of KO', 'bollinger bandwidth, bandwidth, bb width, width of the bollinger bands'],
  ['bbUpper20', '… of KO', 'upper bollinger band, top bollinger, upper bb, bollinger top'],
  ['atr14', '… of KO', 'atr, average true range, avg true range, atr reading'],
  [
    'hv20',
    '… of KO',
    'historical volatility, realised vol, realized vol, historic vol, stat vol, trailing volatility, hv',
  ],
  ['ivRank', '… of KO', 'iv rank, ivr, implied volatility rank, vol rank, rank of implied volatility'],
  ['ivPercentile', '… of KO', 'iv percentile, ivp, iv pctile, implied vol percentile, percentile of iv, iv pctl'],
  ['ivMinusHv30', '… of KO', 'iv minus hv, vol risk premium, vrp, implied over realized, iv hv spread'],
  ['skew25', '… of KO', 'skew, vol smile, put call skew, 25d rr, 25 delta risk reversal, volatility skew'],
  [
    'expectedMove',
    '… of KO friday',
    'expected move, implied move, one sd move, 1 sigma move, straddle implied move, options implied move',
  ],
  ['straddle', '… of KO friday', 'atm straddle, price of the straddle, cost of the atm straddle, straddle premium'],
  ['maxPain', '… of KO friday', 'max pain, maximum pain, max pain price, pain level, pin strike'],
  ['putCall', '… of KO', 'put call ratio, p/c ratio, pcr, puts to calls ratio, ratio of puts to calls'],
  ['theta', '… of the KO 70 call friday', 'theta, theta burn, daily decay, time decay, decay per day, theta bleed'],
  ['breakEven', '… of the KO 70 call friday', 'break even, breakeven, b/e, breakeven point, bep'],
  [
    'probabilityItm',
    '… of the KO 70 put friday',
    'assignment odds, odds of assignment, chance of expiring in the money, likelihood of finishing in the money, probability of being assigned, prob itm',
  ],
  ['extrinsic', '… of the KO 70 call friday', 'extrinsic, time value, time premium, extrinsic value left'],
  ['intrinsic', '… of the KO 70 call friday', 'intrinsic, intrinsic value, exercise value'],
  [
    'bid ask mid',
    '… the KO 70 call friday',
    'premium on, how much would i collect for, going rate for the, what would i pay for',
  ],
  ['openInterest', '… of the KO 70 call friday', 'open interest, oi, open int, contracts outstanding'],
  [
    'nextEarnings',
    '… of KO',
    'earnings date, next er, next earnings report, results date, quarterly results, days until earnings',
  ],
  ['yearlyDividend', '… of KO', 'annual dividend, yearly dividend, dividends a year, dividend income'],
  ['exDividend', '… of KO', 'ex dividend date, ex date, xd date, ex div day'],
  [
    'dividendYield',
    '… of KO',
    'dividend yield, div yld, annual yield, trailing yield, dividend as a percentage of price',
  ],
  [
    'events',
    '… of KO',
    'annual rate of dividend, dividend per share, next dividend, split history, dividend dates, divvy',
  ],
  [
    'levels',
    '… of KO',
    'support and resistance, s/r levels, support zones, key levels, floor and ceiling, supply and demand zones',
  ],
  [
    'technicals',
    '… of KO',
    'technical assessment, technical picture, chart setup, trend direction, technical rundown, chart read',
  ],
  [
    'indicators',
    '… of KO',
    'technical indicators, indicator readings, ta numbers, all the technicals, oscillator readings',
  ],
  ['volatility', '… of KO', 'volatility, vol profile, iv vs rv, implied vs realised, volatility stats'],
  ['expirations', '… of KO', 'option expirations, expiry calendar, listed expiries, option maturities'],
  [
    'overview',
    '… KO',
    'full rundown of, everything you have on, the lowdown on, brief me on, give me a quick summary of',
  ],
  ['news', '… KO', 'latest headlines on, recent stories on, any headlines on, news flow on'],
  ['bars', '… of KO last month', 'price history, track record, daily ohlc bars, price chart, candlestick chart'],
  [
    'changePercent',
    'KO … yesterday',
    'soared, plunged, tanked, ripped, slipped, edged up, drifted lower, sold off, surged, tumbled, traded lower, went up',
  ],
  ['iron-condor', 'KO … friday', 'iron condor, condor spread, ic'],
  ['put-credit-spread', 'KO … friday', 'bull put spread, put credit vertical, short put vertical'],
];

describe('the many ways to say a thing', () => {
  it.each(
    SAID.flatMap(([holds, question, words]) =>
      words.split(', ').map((word) => [question.replace('…', word), holds] as const),
    ),
  )('%s is read as %s', (question, holds) => {
    const read = namesIn(question);
    for (const each of holds.split(' ')) expect(read).toContain(each);
  });

  it.each([
    ['who ripped harder yday, nvda or amd', 'highest'],
    ['who dumped the most yesterday, nvda or amd', 'lowest'],
    ['which sold off hardest last week: ko pep or t', 'lowest'],
    ['which climbed furthest last month, ko or pep', 'highest'],
    ['rank ko, pep and t by volume in descending order', 'highest'],
    ['ko pep t by iv rank in ascending order', 'lowest'],
  ])('%s ranks the %s first', (question, order) => {
    const parts = read(question);
    expect(typeof parts === 'string' ? parts : parts[0]?.rank?.order).toBe(order);
  });

  it.each([
    ['the call struck at 70 on ko friday', 70, 'call'],
    ['ko put with a strike price of 65 friday', 65, 'put'],
    ['ko calls @ 70 dec 18', 70, 'call'],
    ['ko Jan 70 strike call', 70, 'call'],
  ])('%s names a strike', (question, strike, side) => {
    const parts = read(question);
    expect(typeof parts === 'string' ? parts : [parts[0]?.strike, parts[0]?.side]).toEqual([[strike], side]);
  });

  it.each([
    'abt',
    'outta',
    'kindly',
    'ngl',
    'with kind regards',
    'rite now',
    'if it is not too much trouble',
    'for my own curiosity',
    'i dont own it',
  ])('the price of KO %s is the price of KO', (words) => {
    expect(read(`${words} price of ko`)).toMatchObject([{ form: 'quote', symbols: ['KO'] }]);
  });

  it.each(['interest', 'weather', 'season', 'heart', 'mag', 'cramer', 'pocket'])(
    'the word %s is no slip of a symbol and of no other word',
    (word) => {
      const found = read(`price of ko ${word}`);
      if (typeof found === 'string') expect(found).toMatch(new RegExp(`refused: .*"${word}"`));
      else expect(found).toMatchObject([{ form: 'quote', symbols: ['KO'] }]);
    },
  );

  it.each(['crm adbe now orcl snow', 'ba cat de ge', 'ko pep cost wmt'])('%s are symbols in a row', (row) => {
    expect(read(`${row} iv rank`)).toMatchObject([{ symbols: row.toUpperCase().split(' ') }]);
  });

  it.each(['except', 'without', 'unless', 'excluding earnings', 'before earnings'])('%s is never dropped', (word) => {
    expect(read(`price of ko ${word} last week`)).toMatch(/^refused/);
  });
});
