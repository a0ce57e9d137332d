import { describe, expect, it } from 'vitest';
import { formOf } from '../../../src/agent/planner/forms.ts';
import { createFigures } from '../../../src/agent/planner/held.ts';
import { isRefusal } from '../../../src/agent/planner/query.ts';
import { createPlanner } from '../../../src/agent/planner/planner.ts';

const planner = createPlanner({ clock: { now: () => Date.parse('2026-11-19T11:00:00-05:00') } });

/** What decides of the last query, or the refusal. */
function read(text: string, ...after: string[]): Record<string, unknown> | string {
  const plan = planner.read(
    text,
    after.map((content) => ({ role: 'user', content })),
  );
  if (isRefusal(plan)) return `${plan.refused}: ${plan.message} · ${plan.instead ?? ''}`;
  const last = plan.parts.at(-1);
  if (last === undefined) return 'nothing';
  const { form, symbols, fields, expiration, side, delta, conditions, rank, limit, range, base, isCount, columns } =
    last;
  const where = conditions.map(({ expression }) => expression);
  const slots: Record<string, unknown> = {
    form,
    symbols,
    fields,
    expiration,
    side,
    strike: last.strike,
    delta,
    where,
    rank,
    limit,
    range,
    base,
    isCount,
    columns,
  };
  return slots;
}

describe('contracts', () => {
  it.each([
    ['spy puts friday with oi above 5k', { form: 'chain', side: 'put', where: ['openInterest > 5000'] }],
    ['calls with volume over oi nvda friday', { form: 'chain', where: ['volume > openInterest'] }],
    ['most active put strike qqq 0dte', { form: 'chain', rank: { order: 'highest', by: 'volume' } }],
    ['aapl 290c vs 295c friday', { form: 'contract', strike: [290, 295] }],
    ['nvda dec 18 25d put iv', { form: 'contract', delta: 0.25, side: 'put' }],
    ['20 delta put spy 45 days', { form: 'chain', expiration: '45dte', delta: 0.2 }],
    ['which expiry has the most open interest in aapl', { form: 'figures', expiration: '0..800dte' }],
    ['covered call on aapl 5% above the price jan', { form: 'contract', side: 'call', where: [] }],
    ["i'm short a ford 13 put friday, is it in the money", { form: 'contract', strike: [13], side: 'put' }],
    ['nvda 450c dec: vol/oi ratio', { form: 'contract', fields: ['volumeToOpenInterest'] }],
    ['theta of the spy straddle friday', { form: 'strategy', fields: ['theta'] }],
    ['amd implyed move friday', { form: 'figures', fields: ['expectedMove', 'expectedMovePercent'] }],
    ['crwd 30-60 dte expirations', { form: 'expirations', expiration: '30..60dte' }],
  ])('%s', (text, expected) => {
    expect(read(text)).toMatchObject(expected);
  });
});

describe('what is asked of options in other words', () => {
  it.each([
    ['ror on a 5 wide put spread 30 delta qqq 45 days', { form: 'strategy', symbols: ['QQQ'], delta: 0.3 }],
    ['vega and theta on nvda 420c jan15, and theta per vega', { fields: ['vega', 'theta', 'theta / vega'] }],
    ['spy dec 18 strikes over 20k oi', { form: 'chain', expiration: '2026-12-18', where: ['openInterest > 20000'] }],
    ['which spy puts at 0.10 delta pay over $1 mid friday', { form: 'chain', where: ['mid > 1'] }],
    ['put wall distance from spot, TSLA 12/18, in %', { fields: ['last', 'putWall', 'pct(putWall, last)'] }],
    ['60 day hv against implied for KO, PEP, PG, which trades richest', { fields: ['iv30 - hv60', 'iv30', 'hv60'] }],
    ['pltr fri puts or calls busier?', { form: 'figures', fields: ['putVolume', 'callVolume'] }],
    ['support for amd under 220', { form: 'levels', where: ['last < 220'] }],
    ['closest support under spy and how far down is it', { form: 'levels' }],
    ['collar on msft january if I bought the 430 put and sold the 490 call', { form: 'strategy', strike: [430, 490] }],
  ])('%s', (text, expected) => {
    expect(read(text)).toMatchObject(expected);
  });

  it('refuses a delta of the long leg, which chooses no spread', () => {
    expect(read('WMT call debit spread jan, long .40 delta, 5 wide')).toMatch(/^unknown: "long delta"/);
  });
});

describe('figures of contracts', () => {
  const rowsOf = (...texts: string[]): unknown => {
    const before = texts.slice(0, -1).map((content) => ({ role: 'user' as const, content }));
    const plan = planner.read(texts.at(-1) ?? '', before);
    if (isRefusal(plan)) return plan.message;
    const [call] = plan.parts.flatMap((part) => formOf(part.form).calls(part, createFigures([]), 0));
    return call?.arguments;
  };

  it.each<[string[], object]>([
    [
      ['which pays more for a 30 delta call dec 18, wmt or hd, as a percent of the stock price'],
      {
        symbols: ['WMT 0.3 delta call 2026-12-18', 'HD 0.3 delta call 2026-12-18'],
        columns: 'strike, delta, mid, premiumOfSpot',
        sort: '-premiumOfSpot',
      },
    ],
    [
      ['if I sold 2 VZ 42 calls for dec 18 at 48 cents, what would it cost me to buy them back'],
      { symbols: ['VZ 42 call 2026-12-18'], columns: 'bid, ask, mid, ask * 200, (0.48 - ask) * 200 as profit' },
    ],
    [
      ['long 5 tsla 235c fri @3.10, mark + pnl'],
      { symbols: ['TSLA 235 call friday'], columns: 'bid, ask, mid, mid * 500, (mid - 3.1) * 500 as profit' },
    ],
    [['theta in dollars a day on 5 nvda 420 calls dec 18'], { columns: 'theta, theta * 500' }],
    [['qqq 30 delta put: dec 4, dec 11 and dec 18 premiums'], { columns: 'strike, delta, bid, ask, mid' }],
    [['the closest call to 300 on apple for dec 18, delta'], { symbols: ['AAPL ~300 call 2026-12-18'] }],
    [
      ['spy puts dec 31 that pay at least $500 a contract and are at least 5% below the market'],
      { strikes: 'otm', where: 'bid * 100 >= 500 and abs(pct(strike, spot)) >= 5' },
    ],
    [['puts on amd dec 18 with delta under 25'], { where: 'abs(delta) < 0.25' }],
    [
      ['5 ko calls this fri about 2% otm, what can i get'],
      { symbols: ['KO 2% otm call friday'], columns: 'strike, delta, bid, ask, mid, bid * 500' },
    ],
    [['theta on 10 spy atm calls exp tmrw, in dollars'], { columns: 'strike, delta, theta, theta * 1000' }],
    [['delta of 8 tsla 20 delta puts fri in shares'], { columns: 'strike, delta, delta * 800' }],
    [
      ['30 delta jpm call dec 11, what do i collect on 6', 'x10'],
      { columns: 'strike, delta, bid, ask, mid, bid * 1000' },
    ],
    [
      ['30 delta jpm call dec 11, what do i collect on 6', 'and if i go out to the 18th instead, how much more'],
      { symbols: ['JPM 0.3 delta call 2026-12-11', 'JPM 0.3 delta call 2026-12-18'], sort: '-bid * 600' },
    ],
    [['aapl puts fri, 5 strikes under the price'], { where: 'strike < spot', sort: '-strike', limit: 5 }],
    [
      ['lowest jpm put strike dec 11 that still bids 1.50 or better'],
      { where: 'bid >= 1.5', sort: 'strike', limit: 1 },
    ],
    [['top 5 calls and top 5 puts by volume tsla weeklies'], { sort: '-volume', limit: 5 }],
    [['prob otm on a spy 0dte put 1% below here'], { columns: 'strike, delta, probabilityItm, 1 - probabilityItm' }],
    [['which pays more, the 250 or the 260 tsla call dec 11, and by how much'], { sort: '-mid' }],
    [
      ['own 300 abbv at 228.40. sell the 240 dec 18. most i can make in dollars incl premium if called'],
      { symbols: ['ABBV 240 call 2026-12-18'], columns: /\(strike - 228\.4 \+ bid\) \* 300 as profitIfCalled/ },
    ],
    [['spy 0dte pcs, short the 15d, 5 wide. credit n BE?'], { name: 'put-credit-spread', delta: '0.15', width: '5' }],
    [['nvda 12/4 bull call spread atm 5 wide'], { legs: '+1 spot+0 call 2026-12-04, -1 spot+5 call 2026-12-04' }],
    [
      ['last expiration before nvda earnings'],
      { expiration: 'before earnings', columns: 'expiration, dte, nextEarnings' },
    ],
    [['nvda expected move into earnings'], { expiration: 'after earnings' }],
    [['16 delta iron condor on jpm for the weekly after earnings, credit?'], { expiration: 'weekly after earnings' }],
    [
      ['when is jpms next earnings', 'ok last expiration before that, and what does the 25 delta call pay there'],
      { symbols: ['JPM 0.25 delta call before earnings'] },
    ],
    [['spy put that pays about $2 expiring friday'], { sort: 'abs(mid - 2)', limit: 3 }],
    [['aapl put for dec 18 with an 80% chance of expiring worthless'], { sort: 'abs(probabilityItm - 0.2)' }],
    [['spy strike w biggest gamma x oi friday'], { sort: '-gamma * openInterest' }],
    [
      ['buying back the msft 520 call dec 11 and selling the 530 call jan 15, net credit or debit'],
      { legs: '+1 520c 2026-12-11, -1 530c 2027-01-15' },
    ],
    [
      ['spx friday put fly centered 30 below spot 10 wide, debit n max'],
      { legs: '+1 spot-40 put friday, -2 spot-30 put friday, +1 spot-20 put friday' },
    ],
    [['spx friday ic 10d shorts 25 wide, credit'], { name: 'iron-condor', delta: '0.1', width: '25' }],
    [['hd puts jan 15 with a delta around 25', 'what would I collect for two of them'], { columns: /bid \* 200$/ }],
    [
      ['hd puts jan 15 with a delta around 25', 'what would that be annualized on the cash I have to set aside'],
      { name: 'cash-secured-put', delta: '0.25', expiration: '2027-01-15' },
    ],
    [
      ['ko 72.5c dec 18 premium', 'how far does the stock have to go up to get there'],
      { columns: 'pct(strike, spot)' },
    ],
    [['ko 64 call dec 18 premium', 'for 3', 'and the 65'], { symbols: ['KO 65 call 2026-12-18'] }],
    [['amd puts dec 18 15 to 30 delta', 'just the closest to 20'], { strikes: 'delta 0.2' }],
    [['nvda 20 delta put friday bid', 'and if i go out to january'], { symbols: ['NVDA 0.2 delta put january'] }],
  ])('%s', (texts, expected) => {
    const own = Object.fromEntries(
      Object.entries(expected).map(([key, value]) => [
        key,
        value instanceof RegExp ? expect.stringMatching(value) : value,
      ]),
    );
    expect(rowsOf(...texts)).toMatchObject(own);
  });

  it.each(['buy 2 nvda 450 calls', 'sell to open 1 ko 72.5 call dec 18, limit 60 cents'])(
    'none of an order: %s',
    (text) => {
      expect(rowsOf(text)).toMatch(/places no orders/);
    },
  );
});

describe('a follow-up', () => {
  it.each([
    [
      ['compare ivr: dis nke sbux ko', 'drop ko add cost'],
      { symbols: ['DIS', 'NKE', 'SBUX', 'COST'], fields: ['ivRank'] },
    ],
    [['who is up more msft or googl', 'swap googl for amzn'], { symbols: ['MSFT', 'AMZN'] }],
    [['spy straddle friday', 'as % of spot'], { fields: ['expectedMovePercent'] }],
    [['nvda 450c dec premium', 'as a % of spot'], { form: 'contract', fields: ['mid', 'premiumOfSpot'] }],
    [['nvda last 10 days', 'avg range'], { range: 'last 10 days', columns: ['avg(range)'] }],
    [
      ['hood hv20', 'same table w pltr, sort by iv/hv20'],
      { symbols: ['HOOD', 'PLTR'], columns: ['atmIv / hv20', 'hv20'] },
    ],
    [['hv20 of pltr', 'make it 30'], { fields: ['hv30'] }],
    [['aapl', '290c fri'], { form: 'contract', strike: [290], side: 'call' }],
    [['aapl', '290c fri', 'put'], { form: 'contract', strike: [290], side: 'put' }],
    [
      ['aapl 0.40-0.60 delta calls for jan', 'only the ones with oi over 5000', 'puts instead'],
      { side: 'put', where: ['openInterest > 5000'] },
    ],
    [['how did qqq do yesterday', 'and the day before'], { form: 'bars', range: '2026-11-17' }],
    [['rsi of nvda', 'should i buy it', 'and amd'], { symbols: ['AMD'], fields: ['rsi14'] }],
    [['levels of spy', 'qqq too'], { form: 'levels', symbols: ['QQQ'] }],
  ])('%s', (turns, expected) => {
    expect(read(turns.at(-1) ?? '', ...turns.slice(0, -1))).toMatchObject(expected);
  });

  it('leans on nothing after a question that was not understood', () => {
    expect(read('amd?', 'rsi of nvda', 'zygomorphic nvda')).toMatch(/^unclear: the question before was not understood/);
  });
});

describe('what would be dropped in silence', () => {
  it.each([
    ['when did aapl hit a high price', 'when that was'],
    ['days when spy and tlt were both down in october', 'both'],
    ['spy expected move friday above its rsi', 'against'],
  ])('refuses %s', (text, why) => {
    expect(read(text)).toContain(why);
  });

  it.each([
    [['tsla calls friday over .20 delta under .35'], { delta: { from: 0.2, to: 0.35 } }],
    [['crwd off its highest close past 3 months'], { base: 'highest(close)' }],
    [['qqq oct high'], { range: 'in oct' }],
    [['which of pg jnj ko fell the least today'], { rank: { order: 'highest' } }],
    [['how many up days did qqq have in october'], { isCount: true }],
    [['hv20 of nvda and distance from the 50 day'], { base: 'sma50' }],
    [['spy puts friday', 'call and put walls from those chains'], { form: 'walls', side: undefined }],
    [['52 week high of dis', 'when was that high'], { columns: ['highest(high)', 'highestOn(high)'] }],
    [
      ['on how many days did msft fall more than 2 percent in q3', 'more than 1 percent'],
      { isCount: true, range: 'q3' },
    ],
  ])('takes %s whole', (turns, expected) => {
    expect(read(turns.at(-1) ?? '', ...turns.slice(0, -1))).toMatchObject(expected);
  });
});

describe('what changes nothing', () => {
  it.each([
    ['before my shift starts, whats sofi trading at', { form: 'quote', symbols: ['SOFI'] }],
    ['just got off a 12 hour night, what did the market do', { form: 'quote', symbols: ['SPY'] }],
    ['One of my households holds SCHD, what is its yield', { symbols: ['SCHD'], fields: ['dividendYield'] }],
  ])('is left out of "%s"', (question, expected) => {
    expect(read(question)).toMatchObject(expected);
  });

  it.each([
    'what is the wombat of nvda',
    'highest wombat of nvda last month',
    'rsi and wombats of nvda',
    'nvda amd 60d cointegration',
    'price of KO after the wombat',
    'the drawdown of KO in the lunchroom price',
  ])('is no word that may matter: "%s" is refused', (question) => {
    expect(read(question)).toMatch(/^un(?:known|clear): /);
  });
});

describe('trades that are described', () => {
  it.each([
    ['what would i collect selling the 62.5 put on ko dec 18', { form: 'contract', side: 'put', strike: [62.5] }],
    ['what does KO pay', { fields: ['dividendYield'] }],
    ['chance the ford 10 put dec 18 gets assigned', { form: 'contract', fields: ['probabilityItm'], strike: [10] }],
    ['probability QQQ above 620 on jan 15', { form: 'contract', side: 'call', strike: [620] }],
    ['spy 675 call tomorrow delta', { form: 'contract', expiration: '2026-11-20' }],
    ['does DIS have weeklies', { form: 'expirations', symbols: ['DIS'] }],
  ])('"%s" is a question', (question, expected) => {
    expect(read(question)).toMatchObject(expected);
  });

  it.each([
    ['roll nvda 400p from dec 4 to dec 11 what credit', ['+1 400p 2026-12-04', '-1 400p 2026-12-11']],
    ['cost to roll pltr 130p 12/4 -> 125p 12/18?', ['+1 130p 2026-12-04', '-1 125p 2026-12-18']],
    ['synthetic long nvda 170 dec 18 cost', ['+1 170c 2026-12-18', '-1 170p 2026-12-18']],
    ['bwb qqq 590/580/565 puts 12/11 max loss', ['+1 590p 2026-12-11', '-2 580p 2026-12-11', '+1 565p 2026-12-11']],
  ])('"%s" has these legs', (question, legs) => {
    const plan = planner.read(question, []);
    expect(isRefusal(plan) ? plan : plan.parts).toMatchObject([{ form: 'strategy', legs }]);
  });

  it.each([
    'sell my amd calls',
    'sell 10 spy iron condors',
    'roll my sofi 22c out to jan for me',
    'how do i sell a put',
  ])('"%s" is an order, or no question about figures', (question) => {
    expect(read(question)).toMatch(/^un(?:known|clear): /);
  });

  it.each([
    ['credit on selling the 170/165 put spread nvda friday', 'put-credit-spread'],
    ['roi on the 170 nvda put dec 18', 'cash-secured-put'],
    ['max i can lose buying the 180 nvda call dec 18', 'long-call'],
  ])('"%s" is a strategy', (question, strategy) => {
    const plan = planner.read(question, []);
    expect(isRefusal(plan) ? plan : plan.parts).toMatchObject([{ form: 'strategy', strategy }]);
  });
});

describe('all contracts of a side', () => {
  it.each([
    ['total call volume of nvda friday', { form: 'figures', columns: ['callVolume'], expiration: 'friday' }],
    ['put open interest on spy december', { form: 'figures', columns: ['putOpenInterest'], expiration: 'december' }],
    ['call and put volume of nvda friday', { form: 'figures', columns: ['callVolume', 'putVolume'] }],
    ["what's the total open interest in tsla calls for december", { form: 'figures', columns: ['callOpenInterest'] }],
    ['which of nvda and amd has more call volume friday', { columns: ['callVolume'], rank: { order: 'highest' } }],
    ['top 5 strikes by call volume nvda friday', { form: 'chain', side: 'call', limit: 5 }],
    ['call volume of the nvda 400 strike', { form: 'contract', side: 'call', strike: [400] }],
    ['spy puts with volume over 1000', { form: 'chain', side: 'put', where: ['volume > 1000'] }],
  ])('are summed where no strike is named: %s', (question, expected) => {
    expect(read(question)).toMatchObject(expected);
  });

  it('lead from the total of both to that of one, and to its strikes', () => {
    const talk = ['option volume of nvda friday', 'puts only'];
    expect(read('puts only', ...talk.slice(0, 1))).toMatchObject({ columns: ['putVolume'], expiration: 'friday' });
    expect(read('strike with the most?', ...talk)).toMatchObject({
      form: 'chain',
      side: 'put',
      rank: { order: 'highest', by: 'volume' },
      expiration: 'friday',
    });
  });
});

describe('expirations of a month', () => {
  it.each([
    ['all december expirations of spy', { form: 'expirations', expiration: 'december' }],
    ['spy march expirations', { form: 'expirations', expiration: 'march' }],
    ['spy december expiration', { form: 'expiry', expiration: 'december' }],
    ['december expiration dates for qqq', { form: 'expirations', expiration: 'december' }],
    ['max pain of all january expirations of spy', { form: 'figures', expiration: '43..73dte' }],
    ['iv of all december expirations of spy', { form: 'figures', expiration: '12..42dte' }],
  ])('are all of it: %s', (question, expected) => {
    expect(read(question)).toMatchObject(expected);
  });
});

describe('questions of an options desk', () => {
  it.each([
    ['spy iv of the 25 delta put minus the 25 delta call friday', { form: 'contract', side: 'both', fields: ['iv'] }],
    ['cheapest tsla call friday with .35 delta or better', { form: 'chain', limit: 1, delta: { from: 0.35, to: 1 } }],
    ['first spy put under 50c friday', { form: 'chain', limit: 1, where: ['mid < 0.5'] }],
    ['spread on iwm atm put friday more than 3c?', { form: 'contract', where: ['spread > 0.03'] }],
    ['spy atm c friday theta per hr', { form: 'contract', side: 'call', fields: ['theta / 6.5 as thetaPerHour'] }],
    ['spy expected move and how much of it is used already', { form: 'figures' }],
    [
      'odds nvda is 20% higher by friday',
      { columns: ['1.2 * last as level', 'chanceAbove(1.2 * last) as chanceAbove'] },
    ],
    ['forward vol spy between dec 18 and jan 15', { columns: ['atmIv', 'dte'], expiration: '2026-12-18, 2027-01-15' }],
    ['amd expected move between now and friday', { form: 'figures', expiration: 'friday' }],
    ['gld skew, every monthly out to january', { expiration: '2026-11-20, 2026-12-18, 2027-01-15' }],
    ['is iwm iv at the low of the year', { columns: ['iv30', 'ivRank', 'ivPercentile'] }],
    ['amd 1sd range into dec 18', { columns: ['sigma', 'sigmaLow', 'sigmaHigh'] }],
    ['nvda dec 18 put 10% below, how many implied sigmas away is that', { form: 'contract', fields: ['sigmas'] }],
    ['amd call debit spread dec 18 buy the 50 delta sell the 30 x5', { strike: ['50 delta', '30 delta'] }],
    ["spy put/call ratio across Friday's expiration", { form: 'figures', expiration: 'friday' }],
  ])('are read whole: %s', (question, expected) => {
    expect(read(question)).toMatchObject(expected);
  });
});
