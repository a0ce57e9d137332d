// How people speak of single contracts: how many, traded at what price, chosen by what, with which bounds. Hides the words;
// tokens become whole bounds, choices and counts, and those become the rows and columns of a table of contracts.
import { isValidDate } from '../../domain/exchange-time.ts';
import { findField } from '../../fields/registry.ts';
import { withReport } from './around-earnings.ts';
import {
  type Condition,
  type Query,
  type Refusal,
  type Slots,
  names,
  notUnderstood,
  queryOf,
  unclear,
  isEnd,
  bare,
  wordsIn,
} from './query.ts';
import { type Make, type Rule, SHARES, has, numberIn, only, rewriteAll, rule } from './patterns.ts';
import type { Reading, Thing, Token } from '../words/tokens.ts';
import type { Topic } from '../words/read.ts';
import { says } from './said.ts';

/** How far a strike is out of or in the money. */
export const FROM_SPOT = 'pct(strike, spot)';
const OF_SPOT = 'premiumOfSpot';
const OF_STRIKE = 'premiumOfStrike';
const YEARLY = 'premiumYearly';
/** A premium above it is meant for a contract of a hundred shares. */
const MOST_A_SHARE = 25;

const namesIn = (own: readonly Token[]): string[] => own.flatMap((token) => (token.is === 'field' ? token.names : []));
const operatorIn = (own: readonly Token[], usual: string): string =>
  own.flatMap((token) => (token.is === 'relation' ? token.operator : []))[0] ?? usual;
const bound = (left: string, operator: string, right: number | string): Thing => ({
  is: 'bound',
  left,
  operator,
  right: String(right),
});
const field =
  (name: string): Make =>
  () => [{ is: 'field', names: [name] }];
const AWAY = `abs(${FROM_SPOT})`;

/** An amount a share; one that no share brings is that of a contract. */
const isOfContract = (own: readonly Token[]): boolean => has(own, 'form') || numberIn(own) > MOST_A_SHARE;

/** What a contract brings who sells it, or costs who buys it. */
const premiumBound: Make = (own) => {
  const price = says(own, /^(?:cost|pay (?:for|up))/i) ? 'ask' : 'bid';
  return [bound(isOfContract(own) ? `${price} * ${String(SHARES)}` : price, operatorIn(own, '>='), numberIn(own))];
};

/** The contract whose figure is nearest, where no other word chooses one. */
const nearestTo = (name: string, value: number, all: readonly Token[]): Thing[] | undefined =>
  has(all, 'side') && !has(all, 'strike')
    ? [{ is: 'rank', order: 'lowest', by: `abs(${name} - ${String(value)})` }]
    : undefined;

const lots: Make = (own) => {
  const number = only(own, 'number', 'pronoun').length === 0 ? 1 : numberIn(own);
  // "premium x100": of a contract.
  const count = says(own, /^(?:x|times)$/i) && number % SHARES === 0 ? number / SHARES : number;
  return Number.isInteger(count) && count > 0 && count <= 100_000
    ? [{ is: 'lots', count }, ...only(own, 'symbol', 'strike', 'strategy')]
    : undefined;
};

/** Strikes nearest first on one side of the price: so many of them. */
const beyondSpot: Make = (own, all) => {
  const operator = operatorIn(own, '');
  const [named] = own.flatMap((token) => (token.is === 'strikes' ? token.count : []));
  const count = named ?? (has(own, 'side', 'strikesWord') ? numberIn(own) : 0);
  const isOther = all.some((token) => token.is === 'money' && token !== own.at(-1));
  if (count === 0 || operator === '' || isOther) return undefined;
  const order = operator.startsWith('<') ? 'highest' : 'lowest';
  return [
    { is: 'limit', count },
    bound('strike', operator, 'spot'),
    { is: 'rank', order, by: 'strike' },
    ...only(own, 'side', 'symbol'),
  ];
};

/** `lowest jpm put strike that …`, `furthest otm put that …`: by the strike, and one where one is named. */
const endOfStrikes: Make = (own, all) => {
  const [first] = own;
  if (!/^(?:low|high|fur|far)/i.test(first?.text ?? '')) return undefined;
  const side = all.find((token) => token.is === 'side')?.side;
  const isFar = first?.is === 'farthest';
  if (isFar && side !== 'call' && side !== 'put') return undefined;
  const order = (isFar ? side === 'put' : /^low/i.test(first?.text ?? '')) ? 'lowest' : 'highest';
  const last = all.find(({ is }) => is === 'side')?.text ?? 's';
  const isMany = all.some(({ text }) => /^strikes$/i.test(text)) || (isFar && /s$/i.test(last));
  const isChosen = has(all, 'relation', 'bound') && !isMany && !has(all, 'top', 'limit', 'strikes');
  return [
    { is: 'rank', order, by: 'strike' },
    ...(isChosen ? [{ is: 'limit' as const, count: 1 }] : []),
    ...only(own, 'symbol', 'date', 'side', 'money'),
  ];
};

/** What may stand between a count and the end of what is counted. */
const OF_NOUN: ReadonlySet<string> = new Set('symbol date money deltaOf side strike strategy legs'.split(' '));

/** `10 spy atm calls`, `5 nvda 12/4 205c`, `3 put spreads`: so many of contracts that some other word chooses. */
const counted: Make = (own, all) => {
  const rest = all.slice(all.indexOf(own.at(-1) as Token) + 1);
  const end = rest.findIndex(({ is }) => !OF_NOUN.has(is));
  const noun = end < 0 ? rest : rest.slice(0, end);
  const isChosen =
    has(all, 'strike', 'deltaOf', 'legs') ||
    all.some((token) => (token.is === 'money' && token.money === 'atm') || (token.is === 'number' && token.isPercent));
  if (has(noun, 'strategy')) return isChosen || numberIn(own) <= 20 ? lots(own, all) : undefined;
  return isChosen && (has(noun, 'side', 'strike') || rest[0]?.is === 'deltaOf') ? lots(own, all) : undefined;
};

/** A number beside a strike that is about as large: one more of its side. */
const oneMore: Make = (own, all) => {
  const value = numberIn(own);
  const other = all.find((token) => token.is === 'strike');
  const isNear = typeof other?.strike === 'number' && value < 2 * other.strike && other.strike < 2 * value;
  return isNear
    ? [{ is: 'strike', strike: value, ...(other.side === undefined ? {} : { side: other.side }) }]
    : undefined;
};

/** `-1 375p`, `selling the 530 call`: legs, where a figure of them is asked for; an order asks for none. */
const signed: Make = (own, all) => {
  const lead = own[0]?.text ?? '';
  // What is bought and what is sold is in the name of a collar.
  if (all.some((token) => token.is === 'strategy' && token.strategy === 'collar')) return [{ is: 'filler' }];
  const isPriced = /^[+–-]$/.test(lead) || has(all, 'ofStrategy', 'field', 'pays');
  if (!isPriced || only(all, 'strike').length < 2) return undefined;
  const count = has(own, 'number') ? numberIn(own) : 1;
  return [{ is: 'signed', count: /^[-–s]/i.test(lead) ? -count : count }, ...only(own, 'symbol')];
};

const toOtm: Make = (own, all) => {
  const side = all.find((token) => token.is === 'side')?.side;
  const isOut = (side === 'put') === operatorIn(own, '<').startsWith('<');
  return side === undefined ? undefined : [...only(own, 'number'), { is: 'money', money: isOut ? 'otm' : 'itm' }];
};

const PRICE = 'the|its|their* <f:last>|<f:spot>|spot|stock|underlying|price';
const IT = '<them>|<symbol>|it|the|stock|price*';
const SCALE = '<f:(?:gamma|delta|theta|vega|volume|openInterest|mid)>';

/** `under 50c` beside puts, `more than 3c`: cents, as a strike so low would not be bounded. */
const cents: Make = (own, all) => {
  const strike = own.find((token) => token.is === 'strike');
  const isCents = /^\d{1,2}c$/i.test(strike?.text ?? '') && has(all, 'side', 'money', 'deltaOf');
  if (strike === undefined || typeof strike.strike !== 'number' || !isCents) return undefined;
  const left = namesIn(all).includes('spread') ? 'spread' : 'mid';
  return [bound(left, operatorIn(own, '<='), strike.strike / SHARES)];
};

/** `first put under 50c`: the one nearest to the money. */
const firstOf: Make = (own, all) =>
  has(all, 'bound') && !has(all, 'rank', 'limit')
    ? [
        { is: 'limit', count: 1 },
        { is: 'rank', order: 'lowest', by: 'abs(strike - spot)' },
        { is: 'money', money: 'otm' },
        ...only(own, 'symbol', 'side'),
      ]
    : undefined;

/** `.35 delta or better` */
const deltaUp: Make = (own) => {
  const [token] = only(own, 'deltaOf');
  if (token?.is !== 'deltaOf' || typeof token.delta !== 'number') return undefined;
  const isLess = says(own, /^(?:less|lower|under|below|smaller)$/i);
  return [{ is: 'deltaOf', delta: isLess ? { from: 0, to: token.delta } : { from: token.delta, to: 1 } }];
};

/** `buy the 50 delta sell the 30`: the legs of a spread, where its name or side says of what. */
const legsByDelta: Make = (own, all) => {
  const deltas = own.flatMap((token) =>
    token.is === 'deltaOf' && typeof token.delta === 'number'
      ? token.delta
      : token.is === 'number'
        ? token.value / 100
        : [],
  );
  const named = all.flatMap((token) => (token.is === 'strategy' ? token.strategy : []))[0] ?? '';
  const side = /^(call|put)-/.exec(named)?.[1] ?? all.find((token) => token.is === 'side')?.side;
  const [near, far] = deltas;
  if (near === undefined || far === undefined || near === far || (side !== 'call' && side !== 'put')) return undefined;
  const isSold = /^(?:sell|short|sto)/i.test(own[0]?.text ?? '');
  return [near, far].flatMap((delta, at): Thing[] => [
    { is: 'signed', count: isSold === (at === 0) ? -1 : 1 },
    { is: 'strike', strike: `${Math.round(delta * 100)} delta`, side: side },
  ]);
};

/** `25 delta put iv minus 25 delta call iv`: both contracts, and how far apart their figures are. */
const apart: Make = (_own, all) => {
  const sides = new Set(all.flatMap((token) => (token.is === 'side' ? token.side : [])));
  const isPair = sides.has('call') && sides.has('put') && has(all, 'deltaOf') && namesIn(all).includes('iv');
  return isPair ? [{ is: 'filler' }] : undefined;
};

const RULES: readonly Rule[] = [
  rule('c|p or|,|/|and|& c|p', () => [{ is: 'side', side: 'both' }]),
  rule('<money>|<deltaOf> c|p', (own) => [
    ...only(own, 'money', 'deltaOf'),
    { is: 'side', side: /^c/i.test(own.at(-1)?.text ?? '') ? 'call' : 'put' },
  ]),
  rule('around|about|near|roughly <deltaOf>|the =<deltaOf>|<side>|<symbol>', (own) => only(own, 'deltaOf')),
  rule(
    '<deltaOf> or|and better|more|higher|up|above|over|bigger|less|lower|under|below|smaller|<relation>|<rank>|<move>',
    deltaUp,
  ),
  rule('<relation> <strike>', cents),
  rule('<top> <symbol>? <side>', firstOf),
  rule(
    'buy|buying|long|bto|sell|selling|<short>|sto the|a* <deltaOf> <symbol>|<side>|<date>|and|,|/* sell|selling|<short>|sto|buy|buying|long|bto the|a* <deltaOf>|<n> <side>?',
    legsByDelta,
  ),
  rule(
    '<minus>|-|difference|differences|<rank>|<compare>|<f:gap,gapPercent>|<f:spread>|<f:skew25>|<howMuch>|<relation> in|of|points|pts|vol_points|apart*',
    apart,
  ),
  rule('x\\d+', (own) => [{ is: 'lots', count: Number(own[0]?.text.slice(1)) }]),
  // "theta per hour": of the hours of a session.
  rule('<f:theta> per|an|a|each? hour|hr|hourly', field('theta / 6.5 as thetaPerHour')),
  rule('hourly <f:theta>', field('theta / 6.5 as thetaPerHour')),
  rule('<strikesWord>', (_own, all) =>
    has(all, 'strategy') && has(all, 'deltaOf', 'width') ? [{ is: 'field', names: ['strike'] }] : undefined,
  ),
  // "which strike is nearest to 30 delta, and what is it bid"
  rule(
    'and|,|n what|whats is|are|s? it|<them>|that =<f:bid>|<f:ask>|<f:mid>|<f:bid,ask,mid>|<f:iv>|<f:theta>|<f:delta>|<f:spread>|<f:openInterest>',
    (_own, all) => (has(all, 'deltaOf') && !has(all, 'strategy') ? [{ is: 'filler' }] : undefined),
  ),
  rule('<nearest> to? that|<them>|it', (_own, all) => (has(all, 'deltaOf') ? [{ is: 'filler' }] : undefined)),
  rule(
    '<howMuch>? <f:iv>? <f:sigmas>|sds|sd|sigma|stdevs|standard_deviations out|<distance>|from|<money>? is|are? that|it|the|<them>|this? <f:spot>?',
    field('sigmas'),
  ),
  rule('is|are? like? owning|holding|equal_to|equivalent_to|worth|in <howMuch> shares|shs', (_own, all) =>
    has(all, 'deltaOf', 'strike') ? [{ is: 'field', names: ['delta'] }] : undefined,
  ),
  rule('share|shares equivalent|equivalents', field('delta')),
  rule(
    `<top>|next|<nearest>? <strikes>|<n> <symbol>? <side>? <strikesWord>? just|right|directly? <relation> the|its? ${PRICE}|here|now|market|<form>|money`,
    beyondSpot,
  ),
  rule('<aggregate>|<rank> <symbol>|<date>|<side>|the|a|<money>* <f:strike>|<strikesWord>', endOfStrikes),
  rule('<farthest> <money>', endOfStrikes),
  // "top 5 calls and top 5 puts"
  rule('<top>|<rank> <n> <side> and|,|&|n|plus* <top>|<rank>? <n>? <side>', (own) => [
    { is: 'limit', count: numberIn(own), isOfEach: true },
    { is: 'side', side: 'both' },
  ]),
  // "the 410 nvda call"
  rule('<n> =<symbol>_<side>', (own, all) => {
    const side = all[all.indexOf(own[0] as Token) + 2];
    return side?.is === 'side' && side.side !== 'both' && (numberIn(own) > 20 || !/s$/i.test(side.text))
      ? [{ is: 'strike', strike: numberIn(own), side: side.side }]
      : undefined;
  }),
  rule('between? <n>|<%> to|and|-|– <%> <money>', (own) => [
    ...[bound(AWAY, '>=', numberIn(own)), bound(AWAY, '<=', numberIn(own, 1))],
    ...only(own, 'money'),
  ]),
  ...['<relation> <%> <money>', '<%> <money> <relation>'].map((pattern) =>
    rule(pattern, (own) => [bound(AWAY, operatorIn(own, '>='), numberIn(own)), ...only(own, 'money')]),
  ),
  rule(`<within> <%> of|from? ${PRICE}`, (own) => [bound(AWAY, '<=', numberIn(own))]),
  rule(`<pays>? <relation> <%> of|on ${PRICE}`, (own) => [bound(OF_SPOT, operatorIn(own, '>='), numberIn(own))]),
  rule('<pays>? <relation> <%> of|on the? <f:strike>|cash', (own) => [
    bound(OF_STRIKE, operatorIn(own, '>='), numberIn(own)),
  ]),
  // "pay over $1 mid"
  rule('<pays>? <relation> <n> bucks|dollars? <f:mid>|<f:bid>|<f:ask>', (own) => [
    bound(namesIn(own).join(), operatorIn(own, '>='), numberIn(own)),
  ]),
  rule('<pays>|<f:last>|<f:bid,ask,mid>? <relation> <n> bucks|dollars? a|per|for_a <contract>', premiumBound),
  rule('<pays>|<f:last>|<f:bid,ask,mid> <relation> <n>', premiumBound),
  // "that pays about $2"
  rule('<pays>|<f:last>|<worth> me? about|around|roughly|close_to|near|<nearest> <n> a|per? <contract>?', (own, all) =>
    nearestTo('mid', isOfContract(own) ? numberIn(own) / SHARES : numberIn(own), all),
  ),
  rule('<%> <ofStrategy>|<f:probabilityItm>', (own, all) => {
    const isKept = says(own, /worthless|otm|out of the money|keep|profit/i);
    return nearestTo('probabilityItm', (isKept ? 100 - numberIn(own) : numberIn(own)) / 100, all);
  }),
  // "the closest call to 300"
  rule('<nearest> <side>|<strikesWord>|<f:strike>|strike? to? the? <n>', (own, all) =>
    numberIn(own) > 1 && has(all, 'side')
      ? [{ is: 'strike', strike: `~${numberIn(own)}` }, ...only(own, 'side')]
      : undefined,
  ),
  // "sell a put 10% below"
  rule('<%> <relation> =on|for|<date>|<symbol>|,|and|$', toOtm),
  // "centered 30 below spot"
  rule(
    'centered|centred|center? at|on? <n> points|pts|dollars? <relation>|<money> the? <f:last>?|<f:spot>?',
    (own, all) => {
      if (own.some((token) => token.is === 'money' && token.money === 'atm')) return undefined;
      const isDown = operatorIn(own, says(all, /\bputs?\b/i) ? '<' : '>').startsWith('<');
      const isFromSpot = has(own, 'money') || only(own, 'field').length > 0;
      return isFromSpot && !has(all, 'strike')
        ? [{ is: 'strike', strike: isDown ? `spot-${numberIn(own)}` : `spot+${numberIn(own)}` }]
        : undefined;
    },
  ),
  rule(`<ratio> ${PRICE}`, field(OF_SPOT)),
  rule(`as|as_a|in|what? <percent>|<howMuch>|percent of ${PRICE}`, field(OF_SPOT)),
  rule('<ratio> the? <f:strike>|cash', field(OF_STRIKE)),
  rule('<percent>|percent of the? <f:strike>|cash', field(OF_STRIKE)),
  // "how far otm %", "percent out of the money"
  rule(
    '<distance>|<percent>|<howMuch> is|are? the|<them>|that|it? in? <money> is|are? <them>|that? in? <percent>?',
    (own) =>
      has(own, 'distance', 'percent') || says(own, /percent/i) ? [{ is: 'field', names: [FROM_SPOT] }] : undefined,
  ),
  rule('<money> in? <percent>', field(FROM_SPOT)),
  // "how far does the stock have to go up to get there"
  rule(
    `<distance>|<howMuch> does|do|would|must|will? ${IT} <target>|<did>? go|move|rise|fall|drop|climb|run|get? <move>? to? get|be|reach|<touch>? to? there|it|that|<them>|<f:strike> =,|in|<percent>|$`,
    (own) => (has(own, 'distance', 'target', 'move') ? [{ is: 'distance' }] : undefined),
  ),
  rule('<n> =(?:or|and|,|/|vs|n|&|<compare>)(?:\\sthe)?_<strike>', oneMore),
  // "annualized on the cash I have to set aside"
  rule(
    '<ofStrategy>? on? the|my|that|<howMuch>* cash <paid>|that|i|i_need|<target>|to|would|need|set|put|tie|aside|up|for|it|<them>*',
    () => [{ is: 'ofStrategy' }],
  ),
  // "theta per vega"
  rule(`${SCALE} per|over ${SCALE}`, (own) => [{ is: 'field', names: [namesIn(own).join(' / ')] }]),
  // "gamma x oi"
  rule(`${SCALE} x|\\*|times|by ${SCALE}`, (own) => [{ is: 'field', names: [namesIn(own).join(' * ')] }]),
  // "+1 440c -1 375p", "buying back the 520 call and selling the 530 call"
  rule(
    '\\+|-|–|(?:\\w+_(?:i|we)_)?(?:long|short|buy|buying|sell|selling|bto|sto|btc|bought|sold)(?:_the|_an?)?|<short>|<paid> back|the|a* <n>? <symbol>|of|the* =<strike>',
    signed,
  ),
  // "roll the 240 put … to the 230"
  rule('to|into|for? the? <n> =<date>|and|,|for|in|what|$', (own, all) =>
    says(all, /^roll/i) ? oneMore(own, all) : undefined,
  ),
  // "buy them back", "close it out": who is short pays the ask.
  ...[
    '<f:last> <them>|it|<count>? back',
    '<f:last>? me? to? buy|buying|close|closing|<f:close>|cover|covering|btc <them>|<count>? back',
    '<f:last>? me? to <f:close>|close|cover <them>|it|out*',
    'to_buy_back',
  ].map((pattern) => rule(pattern, () => [{ is: 'book', price: 'ask' }])),
  rule('do|would|can|did|have? i? do_i_keep|i_keep|keep|kept', () => [{ is: 'filler' }]),
  // "2 of them", "5 contracts", "per contract", "3 of the ford 10 puts"
  rule('for|of|on|x? <n>|<count> <contract>|lots?|of_them|<narrow> each?', lots),
  rule('for|of|on|x? <n>|<count> of <them>|<narrow>|them', lots),
  rule('a|per|one|each|for_one <contract>', lots),
  rule('per_contract', (own, all) => (says(all, /time value|(?:ex|in)trinsic/i) ? lots(own, all) : undefined)),
  rule('!-|\\+|–|<n>|<strike>|<symbol>|or|, <n> =<contract>', lots),
  rule(
    '!-|\\+|–|<n>|<strike>|<symbol>|<top>|<rank>|or|, for|on|of? <n> of? the? =<symbol>|<date>|<money>|<side>|<strike>|<deltaOf>|<strategy>|<legs>',
    counted,
  ),
  // "covered call on 1,200 KO": shares.
  rule('<n> =<symbol>', (own, all) =>
    all.some((token) => token.is === 'strategy' && OF_SHARES.test(token.strategy)) ? lots(own, all) : undefined,
  ),
  rule('for|on|x|times <n> =,|and|$', (own, all) =>
    has(all, 'strategy', 'strike', 'side', 'deltaOf') ? lots(own, all) : undefined,
  ),
];

/** What only a follow-up says of the contracts of before: so many, the one closest to a delta. */
const OF_BEFORE: readonly Rule[] = [
  rule('for|on|x|times <n> =,|and|$', lots),
  rule('<nearest> to? <n>', (own) => {
    const value = numberIn(own);
    return value <= 50 ? [{ is: 'nearest' }, { is: 'deltaOf', delta: value < 1 ? value : value / 100 }] : undefined;
  }),
];

const OF_SHARES = /^(?:covered-call|collar)$/;
const SOLD = /\b(?:sold|short|shorted|wrote|written|collected|sto|received)\b/i;
const BOUGHT = /\b(?:bought|bot|paid|long|own|hold|have|got|bto|purchased)\b/i;

/** `sold at 48 cents`, `bought for 3.10`, `long 5 @3.10`: the price a share at which it was traded. */
function withTrade(tokens: readonly Token[], topic: Topic | undefined): Token[] {
  const verb = tokens.findIndex(({ text, is }) => is !== 'strategy' && (SOLD.test(text) || BOUGHT.test(text)));
  const at = tokens.findIndex(
    ({ is }, index) =>
      is === 'number' &&
      index > verb &&
      /(?:^| )(?:at|for|from|@|paid|collected|received)$/i.test(tokens[index - 1]?.text ?? ''),
  );
  const price = tokens[at];
  const next = tokens[at + 1];
  const isNamed = tokens.some(({ is }) => is === 'strike' || is === 'deltaOf' || is === 'contract');
  if (verb < 0 || !(isNamed || topic === 'options')) return [...tokens];
  const isOther = ['symbol', 'strike', 'form', 'side'].includes(next?.is ?? '') || /^shares?$/i.test(next?.text ?? '');
  if (price?.is !== 'number' || price.isPercent || isOther) return withoutHolding(tokens);
  const isSold = SOLD.test(tokens[verb]?.text ?? '');
  return tokens.map((token, index): Token => {
    if (index === at) return { is: 'traded', price: price.value, isSold, text: token.text };
    if (index === verb || token.is === 'short' || token.is === 'paid') return { is: 'filler', text: token.text };
    return (ABOUT_TRADES.test(token.text) && ['refuse', 'unknown', 'move'].includes(token.is)) ||
      (token.is === 'form' && token.form === 'positions')
      ? { is: 'filler', text: token.text }
      : token;
  });
}

/** `my long 580p`: who holds a contract asks of the contract; the greeks of one that is sold have the other sign. */
function withoutHolding(tokens: readonly Token[]): Token[] {
  const hasGreek = tokens.some(
    (token) => token.is === 'delta' || (token.is === 'field' && token.names.some((name) => GREEKS.test(name))),
  );
  // The odds of a contract are those of who sold it and of who bought it.
  const isOfOdds = tokens.some((token) => token.is === 'field' && token.names.includes('probabilityItm'));
  const isHeld = (text: string): boolean =>
    /^(?:i )?(?:long|bought|own|hold|holding)$/i.test(text) || (!hasGreek && /^(?:i )?sold$/i.test(text));
  return tokens.map((token) =>
    (token.is === 'unknown' && isHeld(token.text)) || (token.is === 'short' && isOfOdds)
      ? { is: 'filler', text: token.text }
      : token,
  );
}

/** What a trade has brought is told beside its price, whatever it is called. */
const ABOUT_TRADES =
  /^(?:keep|kept|made|make|profit|pnl|p&l|p \/ l|up|down|up or down|gain|gained|lost|am i|am i up|did i|do i|back|sold|each|how much have i made|do i keep)$/i;
const GREEKS = /^(?:delta|gamma|theta|vega)$/;

const OF_CONTRACTS = /^(?:side|strike|contract|deltaOf|strategy|legs|money|delta|strikesWord)$/;
const FIGURES_OF_CONTRACTS = /^(?:strike|gamma|theta|vega|breakEven)$/;

function isOfContracts(token: Token): boolean {
  return token.is === 'field'
    ? token.names.some((name) => FIGURES_OF_CONTRACTS.test(name))
    : OF_CONTRACTS.test(token.is);
}

/** `the cheapest call`, `which strike has the most`: the first alone. */
function withOne(tokens: readonly Token[]): readonly Token[] {
  const isNoun = ({ is, text }: Token): boolean =>
    /^(?:side|strikesWord|field)$/.test(is) && /(?:call|put|strike)$/i.test(text);
  const isMany = ({ is, text }: Token): boolean =>
    /^(?:limit|top|strikes|number|strike|strategy|nearest)$/.test(is) ||
    /^(?:puts|calls|strikes|options|contracts)$/i.test(text);
  const isPlain = only(tokens, 'symbol').length === 1 && tokens.some(isNoun) && !tokens.some(isMany);
  if (!isPlain) return tokens;
  return tokens.map((token): Token => {
    const isEnd =
      token.is === 'rank'
        ? token.by?.startsWith('abs(') !== true
        : token.is === 'aggregate' && /^(?:high|low)est$/.test(token.aggregate);
    return isEnd ? ({ ...token, isOne: true } as Token) : token;
  });
}

/** Bounds, choices, counts and trades of contracts as tokens of their own. */
export function readContracts({ tokens: read, ...told }: Reading, topic?: Topic, isAfterReport = false): Reading {
  const tokens = [...withReport(read, isAfterReport)];
  const reading = { ...told, tokens };
  if (topic === undefined && !tokens.some(isOfContracts)) return reading;
  // "about 45 days out, … for January 15": the date is named.
  const isNamed = tokens.some((token) => token.is === 'date' && isValidDate(token.expiration ?? ''));
  const dated = tokens.map((token, at): Token =>
    isNamed &&
    token.is === 'date' &&
    /^\d+dte$/.test(token.expiration ?? '') &&
    /^(?:about|around|roughly|some)$/i.test(tokens[at - 1]?.text ?? '')
      ? { is: 'filler', text: token.text }
      : token,
  );
  const rules = topic === undefined ? RULES : [...RULES, ...OF_BEFORE];
  const turned = rewriteAll(withTrade(withStrategyWords(dated), topic), rules);
  // Legs are one thing, whatever joins them.
  const count = (...kinds: Token['is'][]): number => turned.filter(({ is }) => kinds.includes(is)).length;
  const isOfLegs = count('signed') > 1 || (count('signed') === 1 && count('strike') > 1);
  // So is one contract of several symbols or dates.
  const choices = new Set(
    turned.flatMap((token) =>
      token.is === 'deltaOf' ? JSON.stringify(token.delta) : token.is === 'money' ? token.money : [],
    ),
  );
  const isOfOne =
    (choices.size === 1 ? count('strike') === 0 : choices.size === 0 && count('strike') === 1) &&
    count('strategy') === 0 &&
    (count('symbol') > 1 || count('date') > 1);
  // "friday vs monthly": a kind of date beside a date would say nothing.
  const isOfKinds = turned.some((token) => token.is === 'date' && /^(?:monthly|weekly)$/.test(token.expiration ?? ''));
  // "the 20 delta put of KO and the 20 delta put of PEP": said once more.
  const keys = turned.map((token) =>
    token.is === 'deltaOf' ? JSON.stringify(token.delta) : token.is === 'side' ? token.side : '',
  );
  const isAgain = (at: number): boolean => isOfOne && keys[at] !== '' && keys.indexOf(keys[at] ?? '') < at;
  const joins = ({ is, text }: Token): boolean =>
    is === 'joiner' || (isOfOne && ((is === 'mark' && text === ',') || (is === 'compare' && !isOfKinds)));
  return {
    ...reading,
    tokens: withOne(turned).map((token, at) =>
      ((isOfLegs || isOfOne) && joins(token)) || isAgain(at) ? { is: 'filler', text: token.text } : token,
    ),
  };
}

const OF_BASIS = /^(?:(?:my|net|effective|the) )*(?:cost basis|basis|effective (?:price|cost))$/i;

/** `annualized`, `debit n max`: of what is sold or priced. */
function withStrategyWords(tokens: readonly Token[]): Token[] {
  const isOfVolatility = tokens.some(
    ({ is, ...token }) =>
      is === 'field' && 'names' in token && token.names.some((name) => /^(?:hv|iv|yang|atmIv)/.test(name)),
  );
  const isPriced = tokens.some(({ is }) => is === 'ofStrategy' || is === 'strategy');
  const isOfBasis = tokens.some(({ text }) => OF_BASIS.test(text)) && has(tokens, 'strike', 'deltaOf');
  const isOfDecay = tokens.some((token) => token.is === 'field' && token.names.includes('theta'));
  return tokens.map((token): Token => {
    const { text } = token;
    const isYearly = token.is === 'filler' && /^annuali[sz]ed$/i.test(text) && !isOfVolatility;
    const isEnd = token.is === 'aggregate' && /^(?:max|min)$/i.test(text) && isPriced;
    const isYield = token.is === 'field' && /^yields?$/i.test(text);
    // "annualized on the cash if it expires worthless"
    if (token.is === 'unknown' && /^worthless$/i.test(text) && isPriced) return { is: 'filler', text };
    // "if assigned what is my cost basis"
    if (isOfBasis && /^(?:assigned|put to me|if)$/i.test(text)) return { is: 'filler', text };
    if (isOfBasis && OF_BASIS.test(text)) return { is: 'field', names: ['breakEven'], text };
    // "how much theta am I bleeding"
    if (token.is === 'move' && /^(?:bleed|los)/i.test(text) && isOfDecay) return { is: 'filler', text };
    return isYearly || isEnd || isYield ? { is: 'ofStrategy', text } : token;
  });
}

/** The strikes of rows: named, or chosen by delta or distance. */
export function strikesMeant({ strike, delta, away, money }: Slots): string[] {
  if (strike.length > 0) return strike.map(String);
  if (typeof delta === 'number') return [`${String(delta)} delta`];
  return away === undefined ? [] : [`${String(away)}% ${money ?? 'otm'}`];
}

export const PRICES_OF_CONTRACT = ['bid', 'ask', 'mid'];
/** Figures of one share that so many contracts multiply. */
const SCALED = /^(?:delta|gamma|theta|vega|intrinsic|extrinsic|spread)$/;
/** What a trader looks at first. */
export const FIRST_FIELDS = ['bid', 'ask', 'mid', 'last', 'delta', 'iv', 'volume', 'openInterest'];

/** In dollars for so many contracts: what they cost or bring, and what a trade of before has made. */
function amountsOf({ quantity, traded, book, aggregate, unit }: Slots, asked: readonly string[]): string[] {
  const scaled = asked.filter((name) => SCALED.test(name));
  const size = String(SHARES * (quantity ?? 1));
  if (traded !== undefined) {
    const [now, paid] = [book ?? 'mid', String(traded.price)];
    return [`${now} * ${size}`, `(${traded.isSold ? `${paid} - ${now}` : `${now} - ${paid}`}) * ${size} as profit`];
  }
  if (
    quantity === undefined &&
    book === undefined &&
    aggregate !== 'total' &&
    !(unit === 'dollars' && scaled.length > 0)
  )
    return [];
  const isPriced = quantity !== undefined && asked.includes('mid');
  if (scaled.length > 0) return [...scaled, ...(isPriced ? ['mid'] : [])].map((name) => `${name} * ${size}`);
  const sides = asked.filter((name) => name === 'bid' || name === 'ask');
  return [`${book ?? (sides.length === 1 ? sides[0] : undefined) ?? 'mid'} * ${size}`];
}

/** The figures of a contract that are shown, in order. */
export function contractColumns(query: Slots): string[] {
  const asked = query.fields.filter((name) => name !== 'ohlc');
  const chosen = strikesMeant(query).some((each) => !Number.isFinite(Number(each))) ? ['strike', 'delta'] : [];
  const amounts = amountsOf(query, asked);
  const isPrice = asked.length === 0 && amounts.length > 0;
  // What was paid or received decides where it breaks even.
  const { traded } = query;
  const even = traded && `strike ${query.side === 'put' ? '-' : '+'} ${String(traded.price)}`;
  const figures = isPrice ? PRICES_OF_CONTRACT : asked.length === 0 && amounts.length === 0 ? FIRST_FIELDS : asked;
  const beside = [
    ...(figures.includes('probabilityItm') ? ['delta'] : []),
    ...(figures.includes('spread') ? ['spreadPercent'] : []),
    ...(query.rank?.by === undefined ? [] : [query.rank.by]),
  ];
  const isShare = figures.some((name) => name.startsWith('premium'));
  const first = figures.includes('spread') ? ['bid', 'ask'] : isShare && !figures.includes('mid') ? ['mid'] : [];
  const tests = query.conditions.map(({ expression }) => expression);
  return [...new Set([...chosen, ...first, ...figures, ...beside, ...amounts, ...tests])].map((name) =>
    even === undefined
      ? name
      : name === 'breakEven'
        ? `${even} as breakEvenOfTrade`
        : name === 'pct(breakEven, spot)'
          ? `pct(${even}, spot) as breakEvenVsSpot`
          : name.replace('breakEven', even),
  );
}

/** To the break-even where that is asked for, else to the strike. */
export const distanceOf = (fields: readonly string[]): string =>
  fields.includes('breakEven') ? 'pct(breakEven, spot)' : FROM_SPOT;

/** Whether single contracts are asked for: one a symbol, date, side and strike. */
export function asksContracts(slots: Slots): boolean {
  const { delta, away, side, symbols, aggregate, strikes, conditions, limit, expiration = '' } = slots;
  if (slots.strike.length > 0) return true;
  const isChosen = (typeof delta === 'number' && side !== undefined) || away !== undefined;
  if (!isChosen || strikes !== undefined || limit !== undefined || conditions.length > 0) return false;
  const isSeveral = symbols.length > 1 || side === 'both' || expiration.includes(', ');
  if (names(slots, 'rank') || (aggregate !== undefined && aggregate !== 'total')) return isSeveral;
  return (
    isSeveral || away !== undefined || names(slots, 'fields', 'quantity', 'traded', 'book', 'asksSize', 'aggregate')
  );
}

/** Named contracts, or one chosen for each symbol, date and side; of several they may be ranked or added up. */
export function settleContract(rest: Slots, own: Slots): Query[] | Refusal {
  if (rest.base === 'breakEven') showBreakEven(rest, own);
  const refused = refuseOfContract(rest, own);
  if (refused !== undefined) return refused;
  const { rank, aggregate } = rest;
  if (own.side === undefined && (own.away !== undefined || own.strike.some((each) => typeof each === 'number')))
    own.side = 'both';
  own.conditions = rest.conditions.flatMap((each) => ofOwnFigure(each) ?? []);
  own.fields = fieldsOfContract(rest, own);
  // "which is better, the 160 or the 165 put": the table of both tells.
  const isOfNone = own.fields.length === own.conditions.length && rank?.by === undefined;
  const order = isOfNone ? undefined : (rank?.order ?? (isEnd(aggregate) ? aggregate : undefined));
  for (const each of [rest, own]) {
    delete each.rank;
    if (aggregate !== 'total') delete each.aggregate;
  }
  rest.conditions = [];
  if (order !== undefined) own.rank = { order, by: rankedFigure(own, rank?.by) };
  if (own.away === undefined) delete own.money;
  delete rest.quantity;
  delete rest.aggregate;
  return [queryOf('contract', own, own.rank?.by === undefined ? [] : [own.rank.by])];
}

/** "its break-even, and how far is that" */
function showBreakEven(rest: Slots, own: Slots): void {
  own.fields = [...new Set([...own.fields, 'breakEven', 'pct(breakEven, spot)'])];
  for (const each of [rest, own]) {
    delete each.base;
    delete each.asksSize;
  }
}

/** A bound of a figure that a contract itself has. */
function ofOwnFigure({ left = '', operator = '', right = '' }: Condition): Condition | undefined {
  const name = left === 'last' ? 'mid' : left;
  const isOwn = findField(name, 'contract')?.of === 'contract' && Number.isFinite(Number(right));
  return isOwn ? { expression: `${name} ${operator} ${right}`, left: name, operator, right } : undefined;
}

function refuseOfContract(rest: Slots, own: Slots): Refusal | undefined {
  const { strike, side, symbols, expiration = '' } = own;
  const isSeveral = strikesMeant(own).length > 1 || side === 'both' || symbols.length > 1 || expiration.includes(', ');
  const isRanked = names(rest, 'rank', 'aggregate');
  const isMean = rest.aggregate === 'average' || rest.aggregate === 'median';
  const isTested = rest.conditions.length > 0;
  const isNarrowed = isTested && names(rest, 'isNarrower', 'pronoun', 'follow');
  const isOther = isTested && !rest.conditions.every((each) => ofOwnFigure(each) !== undefined);
  if (names(rest, 'base', 'isCount', 'move') || isMean || isNarrowed || isOther || (isRanked && !isSeveral))
    return notUnderstood('a ranking or condition of one contract');
  if (expiration === 'today')
    return unclear(
      '"today" could be the expiration or the moment',
      'write 0dte for the options that expire today, or another expiration',
    );
  if (symbols.length > 1 && strike.some((each) => typeof each === 'number'))
    return notUnderstood('one strike of several symbols');
  return own.strikes !== undefined || (own.delta !== undefined && strike.length > 0)
    ? notUnderstood('a strike together with a choice of strikes')
    : undefined;
}

/** What is asked of it, with what says how far it is and what is tested. */
function fieldsOfContract({ asksSize }: Slots, { fields, money, away, conditions }: Slots): string[] {
  // "670p itm?": what it is worth if exercised says so.
  const isOfMoney = money !== undefined && away === undefined;
  const shown =
    asksSize === 'distance'
      ? [distanceOf(fields), ...fields]
      : [...fields, ...(isOfMoney ? ['intrinsic', ...PRICES_OF_CONTRACT, 'delta'] : [])];
  const named = shown.map((name) => (name === 'spread / mid' ? 'spreadPercent' : name));
  return [...new Set([...named, ...conditions.flatMap(({ left }) => left ?? [])])];
}

/** What contracts are ranked by: what was named, else the first figure that is shown. */
function rankedFigure({ fields }: Slots, named: string | undefined): string {
  const figures = fields.filter((name) => name !== 'strike');
  const first = figures.find((name) => name.startsWith('premiumOf')) ?? figures[0] ?? 'mid';
  const by = named === undefined || /^(?:last|distance|money)$/.test(named) ? first : named;
  // Theta is counted below 0: the highest decay is the largest.
  if (by.startsWith('theta /')) return `abs(${by})`;
  return /^(?:bid|ask|last)$/.test(by) ? 'mid' : by;
}

/** What a sold contract brings of what secures it, at once and over a year. */
export const yieldsOf = (side: Slots['side']): string[] => [side === 'put' ? OF_STRIKE : OF_SPOT, YEARLY];

const LIKE_PRICES = new Set(['bid', 'ask', 'mid', 'last', 'volume', 'openInterest', 'iv', 'spread', 'spreadPercent']);
/** What a row of a contract has of its symbol. */
const BESIDE_CONTRACT = /^(?:spot|pct|abs|dte|dividendAmount)$/;

/** A figure of contracts, or an expression of nothing else. */
export function isFigureOfContract(expression: string): boolean {
  const name = bare(expression);
  const parts = wordsIn(name);
  if (parts[0] !== name) return parts.every((each) => BESIDE_CONTRACT.test(each) || isFigureOfContract(each));
  if (name === 'dividendAmount' || LIKE_PRICES.has(name)) return true;
  return findField(name, 'contract')?.of === 'contract' && findField(name) === undefined;
}
