// How many shares or contracts are meant and what was paid for them: hides how people say what they hold.
import {
  afterSplits,
  atExit,
  atMeanOfDay,
  costOfAll,
  ifCalled,
  ofBoth,
  ofCovered,
  ofRepeated,
  onCash,
  scaled,
} from '../../fields/holding.ts';
import { labelOf } from '../../fields/registry.ts';
import { type Query, type Refusal, type Slots, notUnderstood, isEnd } from './query.ts';
import { type Make, type Rule, SHARES, has, lineOf, numberIn, only, rewrite, rewriteAll, rule } from './patterns.ts';
import type { Draft } from './draft.ts';
import type { Reading, Thing, Token } from '../words/tokens.ts';
import { asksMany, says } from './said.ts';

const OF_OPTIONS: ReadonlySet<Token['is']> = new Set<Token['is']>([
  'side',
  'strike',
  'contract',
  'strategy',
  'legs',
  'deltaOf',
  'width',
  'ofStrategy',
  'span',
]);
/** What stands before the price that was paid. */
const PAID_AT =
  /(?:^|\b)(?:at|@|for|from|of|is|was|in|paid|basis|cost|costs|entry|average|avg|bought|purchased|got in)$|^:$/i;
const PUT_IN = /^(?:in|into|of|worth|on)$/i;

/**
 * The numbers of a purchase by what they are: shares, dollars put in, the price of one. `100 amd at 210`, `500 shares at
 * 11.20`, `10 grand in nvidia on jan 2`; with them what is asked is their gain, no book.
 */
export function withLot(told: Reading, last?: Query): Reading {
  const reading = { ...told, tokens: [...withHeld(told.tokens, last)] };
  const { tokens } = reading;
  if (tokens.some(({ is }) => OF_OPTIONS.has(is)) || !tokens.some(({ is }) => is === 'number')) return reading;
  const isTold = tokens.some((token) => token.is === 'paid' || token.is === 'worth' || isSided(token));
  const sign = tokens.some(isShort) ? -1 : 1;
  const isAsked = tokens.some((token) => isGain(token) || token.is === 'howMuch' || token.is === 'pays');
  const isBuying = tokens.some((token, at) => asksMany(token) && isShares(tokens[at + 1]));
  const roles = tokens.map((token, at) =>
    token.is !== 'number' || token.isPercent ? undefined : isBuying ? 'dollars' : roleOf(tokens, at, isTold || isAsked),
  );
  const has = (role: string): boolean => roles.includes(role as never);
  if (!has('shares') && !has('dollars') && !(isTold && has('price'))) return reading;
  const isBought = isTold || has('price') || has('dollars');
  const isDated = tokens.some((token) => token.is === 'date' && token.range !== undefined && token.range !== 'today');
  return {
    ...reading,
    tokens: tokens.map((token, at) => {
      const { text } = token;
      const role = roles[at];
      if (role !== undefined && token.is === 'number')
        return { is: 'lot', of: role, value: token.value * (role === 'shares' ? sign : 1), text };
      if (isGain(token) || (isBought && token.is === 'form' && token.form === 'positions')) return { is: 'gain', text };
      if (isSided(token)) return { is: 'paid', text };
      const isBeside =
        (isBought && (token.is === 'target' || token.is === 'since')) ||
        (isBought && isDated && token.is === 'date' && token.range === 'today') ||
        (has('price') && token.is === 'aggregate' && token.aggregate === 'average') ||
        (isBuying && token.is === 'refuse' && /^buy/i.test(text)) ||
        (roles[at - 1] === 'shares' && isShares(token));
      return isBeside ? { is: 'filler', text } : token;
    }),
  };
}

const filler: Make = () => [{ is: 'filler' }];
const figures = (...names: string[]): Thing => ({ is: 'field', names });
const isUnder = (own: readonly Token[]): boolean =>
  !own.some((token) => token.is === 'relation' && token.operator.startsWith('>'));

/** `1.5 atr stop under the price`, `a stop 8% below the market`: the price of it. */
const stopBy =
  (of: (count: string) => string): Make =>
  (own, all) => {
    if (!says(all, /^stop(?:s|[ -]loss)?$/i)) return undefined;
    const sign = isUnder(own) ? '-' : '+';
    return [
      figures(`last ${sign} ${of(String(numberIn(own)))} as stopPrice`, 'last'),
      ...only(own, 'symbol').slice(0, 1),
    ];
  };

/** What a holder says of shares, before any number of it is read. */
const OF_HOLDER: readonly Rule[] = [
  rule('never|not traded|sold|touched|bought <them>|it|any*', filler),
  rule('thrown|kicked|spun <distance>|off|out', () => [{ is: 'form', form: 'events' }]),
  rule(
    '<n> x|times? <f:atr\\d*> stop|stop_loss? on|for|in|<symbol>* <relation>|under|from|off* the|its? <f:last>|spot|market|entry?',
    (own, all) =>
      stopBy(
        (count) => `${count} * ${own.flatMap((token) => (token.is === 'field' ? token.names : []))[0] ?? 'atr14'}`,
      )(own, all),
  ),
  // "a stop 8 percent below 231.40"
  rule(
    '<%> <relation>|<distance>|from|off my|the|an|entry|cost|<paid>|of|at* <n> entry|<paid>|cost|basis?',
    (own, all) => {
      const [share, price] = [numberIn(own), numberIn(own, 1)];
      if (!says(all, STOP) || !has(all, 'symbol')) return undefined;
      const value = scaled(price, isUnder(own) ? -share : share);
      const number: Thing = { is: 'number', value, isPercent: false };
      return has(all, 'touch') ? [number] : [{ is: 'target' }, number];
    },
  ),
  rule(
    '<%> <relation>|from|off the|its|current* <f:last>|spot|market|here',
    stopBy((count) => `last * ${count} / 100`),
  ),
  // "buy back the 28 put of dec 4 and sell the 27 put dec 18"
  rule('buy|buying|btc|closing|cover|covering to|back|close|<f:close>|my|the|<symbol>|<date>* =<strike>', (own, all) =>
    OF_ROLL(own, all),
  ),
  rule('and|,|then* sell|selling|sto to|open|<f:open>|my|the|a|another|<symbol>|<date>* =<strike>', (own, all) =>
    all.some((token) => token.is === 'strategy' && token.strategy === 'roll')
      ? [{ is: 'filler', text: 'then' } as Token, ...only(own, 'symbol', 'date')]
      : undefined,
  ),
  rule('when|<when> the|stock|it|shares|<them>|<symbol>* was|<f:last>|at* <n>', (_own, all) =>
    has(all, 'side', 'strike') ? [{ is: 'filler' }] : undefined,
  ),
];
const OF_ROLL: Make = (own, all) => {
  const later = all.slice(all.indexOf(own[0] as Token) + own.length);
  return only(all, 'strike').length === 2 && says(later, /^(?:sell|selling|sto)/i)
    ? [{ is: 'strategy', strategy: 'roll' }, ...only(own, 'symbol', 'date')]
    : undefined;
};
const STOP = /^(?:(?:my|a|the|mental|hard) )?stop(?:s|[ -]loss)?$/i;
const STOP_WORDS = /^(?:anytime|any time|ever|market|the market|stop|stops|stop[ -]loss)$/i;

/** `a client`, `owned`: a story beside shares that are counted. */
const STORY =
  /^(?:owned|owning|owns|gifted|gift|inherited|donated|donation|estate|allowing|adjusted|adjusting|thrown|earned|he|she|him|new)$/i;
const INCOME = /^(?:cash|income|distributions?|how much (?:cash|income))$/i;

/** Stops, several purchases, purchases of every month, splits and what a gift was worth: figures of their own. */
function withHeld(told: readonly Token[], last: Query | undefined): readonly Token[] {
  const read = withCovered(told);
  const isOfSymbol = has(read, 'symbol') || last !== undefined;
  const plain = read.map((token, at): Token => {
    const isArticle = token.is === 'doubt' && token.text === 'A' && /^[a-z]/.test(read[at + 1]?.text ?? '');
    return isArticle && has(read, 'symbol') ? { is: 'filler', text: token.text } : token;
  });
  if (!isOfSymbol || !(has(plain, 'number', 'strike', 'side') || says(plain, DOUBLED))) return plain;
  const stopped = rewriteAll(plain, OF_HOLDER);
  const tokens =
    stopped === plain
      ? plain
      : stopped.map((token) =>
          STOP_WORDS.test(token.text) && ['unknown', 'refuse', 'symbol'].includes(token.is) ? asFiller(token) : token,
        );
  const insured = insuredOf(tokens);
  if (insured !== undefined) return insured;
  const isGained = last?.quantity !== undefined && last.base !== undefined && !has(tokens, 'side', 'strike');
  if (tokens.some(({ is, text }) => OF_OPTIONS.has(is) && !INCOME.test(text) && !(isGained && is === 'ofStrategy')))
    return ofContract(tokens) ?? tokens;
  return (
    lossOf(tokens) ??
    lotsOf(tokens, last) ??
    monthlyOf(tokens) ??
    sharesOf(tokens) ??
    supposedOf(tokens, last) ??
    tokens
  );
}

/** Annualized is a word of later readers, who must not take it again. */
const asFiller = ({ text }: Token): Token => ({ is: 'filler', text: /^annuali/i.test(text) ? 'a year' : text });

/** The last of these tokens as something else, as it is asked for; the others tell no more. */
function insteadOf(
  tokens: readonly Token[],
  made: readonly Thing[],
  isOver: (token: Token, at: number) => boolean,
): Token[] {
  const end = tokens.findLastIndex((token, at) => isOver(token, at));
  return tokens.flatMap((token, at): Token[] =>
    at === end
      ? made.map((thing, place) => ({ ...thing, text: place === 0 ? token.text : '' }))
      : [isOver(token, at) || (at < end && token.text === ',') ? asFiller(token) : token],
  );
}

/** `my cost is 171, how far must it fall for a loss`: how far it is to what was paid. */
function lossOf(tokens: readonly Token[]): Token[] | undefined {
  const [price, ...more] = only(tokens, 'number');
  const isFall = tokens.some((token) => token.is === 'move' && token.direction === 'down');
  const isLoss = says(tokens, /\b(?:loss|red|break ?-?even|even|cost)\b/i) && has(tokens, 'howMuch', 'distance');
  if (!isFall || !isLoss || price?.is !== 'number' || more.length > 0 || !has(tokens, 'paid')) return undefined;
  return insteadOf(tokens, [{ is: 'target' }, price], ({ is }) => !['symbol', 'mark', 'date', 'unknown'].includes(is));
}

const LOT =
  /(?<= |^)<n> (?:(?:<symbol>|shares?|shs|of|<rank>|more|i|buy|i_buy|bought|another|add|<paid>|and|if|<target>) )*(?:at|@|for|from) (?:(?:<date>|the|current|todays?|my|a|now) )*(?:<n>|<f:last>) /g;

/** `50 TSM at 210, 30 more at today's price`: the cost of all of them. */
function lotsOf(tokens: readonly Token[], last: Query | undefined): Token[] | undefined {
  const line = lineOf(tokens);
  const found = [...line.matchAll(LOT)].map(({ 0: text, index }) => {
    const from = line.slice(0, index).split(' ').length - 1;
    return tokens.slice(from, from + text.trim().split(' ').length);
  });
  const bought = found.map((own) => {
    const price = own.at(-1);
    return { shares: numberIn(own), price: price?.is === 'number' ? price.value : undefined };
  });
  const held = { shares: last?.quantity ?? NaN, price: Number(last?.base ?? NaN) };
  const isMore = found.length === 1 && !has(tokens, 'symbol') && Number.isFinite(held.shares * held.price);
  const lots = isMore ? [held, ...bought] : bought;
  if (lots.length < 2 || new Set(only(tokens, 'symbol').map(({ text }) => text)).size > 1) return undefined;
  const { shares, average, known } = costOfAll(lots);
  const inLots = new Set(found.flat());
  const isGained = tokens.some((token) => isGain(token) || token.is === 'move');
  const isAsked = isMore || has(tokens, 'aggregate') || says(tokens, /\b(?:cost|basis)\b/i);
  if (!isAsked && !(isGained && known !== undefined)) return undefined;
  const made: Thing[] =
    isGained && known !== undefined
      ? [{ is: 'lot', of: 'shares', value: shares }, { is: 'lot', of: 'price', value: known }, { is: 'gain' }]
      : [figures('last', average, `${String(shares)} * last as value`)];
  return insteadOf(
    tokens,
    made,
    (token) =>
      (inLots.has(token) && token.is !== 'symbol') ||
      isGain(token) ||
      ['aggregate', 'paid', 'worth', 'move'].includes(token.is) ||
      /^(?:new|buy|i buy|if i buy|add|another|blended)$/i.test(token.text),
  );
}

const EVERY_MONTH = /^(?:every|each|per|a) month$|^monthly$/i;

/** `$1,000 in VTI on the first trading day of every month this year`: shares of each, their cost, their value. */
function monthlyOf(tokens: readonly Token[]): Token[] | undefined {
  const when = tokens.find(
    (token) =>
      (token.is === 'state' && /^sessionOfMonth = -?\d+$|^weekday = /.test(token.expression)) ||
      (token.is === 'interval' && EVERY_MONTH.test(token.text)),
  );
  const amount = tokens.find(
    (token, at) => token.is === 'number' && PUT_INTO.test(tokens[at + 1]?.text ?? '') && token.value >= 10,
  );
  const isPeriod = tokens.some((token) => token.is === 'date' && token.range !== undefined);
  if (when === undefined || amount?.is !== 'number' || !isPeriod || only(tokens, 'symbol').length !== 1)
    return undefined;
  const day = when.is === 'state' ? when.expression : 'sessionOfMonth = 1';
  const price = tokens.some((token) => /\b(?:at the open|opens?)\b/i.test(token.text)) ? 'open' : 'close';
  const isTold = (token: Token): boolean =>
    token === when ||
    token === amount ||
    ['worth', 'paid', 'move', 'gain'].includes(token.is) ||
    (token.is === 'field' && /^(?:last|close|open)$/.test(token.names.join())) ||
    /^(?:into|dollar|at the close|invested|invest|averaging|cost)$/i.test(token.text);
  return insteadOf(tokens, [figures(...ofRepeated(amount.value, day, price))], isTold);
}
const PUT_INTO = /^(?:in|into|of|worth|on|dollars|bucks|a|per|every|each)$/i;

const OF_COVERED = rule(
  '<n> shares|shs|sh|of* <symbol> shares|shs|,|with|my|a|cost|basis|avg|<paid>|<f:last>|<aggregate>|is|of|<from>* at|from|for|basis|<from>|<paid>? <n>',
  (own, all) => {
    const [shares, cost] = [numberIn(own), String(numberIn(own, 1))];
    const isSold = says(all, /^(?:sell|write|selling|writing|sold|sto|covered calls?|cc)\b/i);
    if (shares % SHARES !== 0 || !isSold || !says(all, /called|assigned|make|profit|gain|return|yield|keep|break/i))
      return undefined;
    return [
      { is: 'lots', count: shares / SHARES },
      ...only(own, 'symbol'),
      { is: 'book', price: 'bid' },
      figures(...ofCovered(shares, cost)),
    ];
  },
);
const BESIDE_CALLED = /^(?:ofStrategy|target|dollars|paid|did|pays|howMuch|strategy)$/;
const IF_CALLED =
  /^(?:called(?: away)?|assigned|sell|selling|write|writing|sold|profits?|gain|returns?|yield|break ?even)$/i;

/** `own 300 abbv at 228.40, sell the 240 dec 18, most I can make if called`: shares at their cost, and a call against them. */
function withCovered(tokens: readonly Token[]): readonly Token[] {
  const held = rewrite(tokens, lineOf(tokens), OF_COVERED);
  if (held === tokens) return tokens;
  return rewrite(
    held,
    lineOf(held),
    rule('<n>', (own) => [{ is: 'strike', strike: numberIn(own) }]),
  ).map((token) =>
    token.is === 'strike'
      ? { ...token, side: 'call' }
      : BESIDE_CALLED.test(token.is) || IF_CALLED.test(token.text)
        ? { is: 'filler', text: token.text }
        : token,
  );
}

const INSURED = /^(?:insurance|insur(?:e|ing)|protect(?:ion|ing)?|hedg(?:e|ing))$/i;

/** `insurance for 100 UNH till jan 15 at ten percent down`: a put for so many shares. */
function insuredOf(tokens: readonly Token[]): Token[] | undefined {
  const shares = tokens.find(
    (token, at) =>
      token.is === 'number' &&
      token.value % 100 === 0 &&
      (isShares(tokens[at + 1]) || tokens.slice(at + 1, at + 3).some(({ is }) => is === 'symbol')),
  );
  const percent = tokens.find((token) => token.is === 'number' && token.isPercent);
  const isChosen = percent !== undefined || has(tokens, 'strike', 'deltaOf');
  // "protect 100 shares with a 440 put" is said in full.
  const isNamed = has(tokens, 'strike') && tokens.some(({ is, text }) => is === 'filler' && INSURED.test(text));
  if (isNamed || !says(tokens, INSURED) || shares?.is !== 'number' || !isChosen || has(tokens, 'strategy'))
    return undefined;
  const word = tokens.find(({ text }) => INSURED.test(text));
  return tokens.map((token, at): Token => {
    const { text } = token;
    if (token === word && !has(tokens, 'side', 'strike')) return { is: 'side', side: 'put', text };
    if (token === shares) return { is: 'lots', count: shares.value / 100, text };
    const isOut = token.is === 'move' || token.is === 'relation';
    if (isOut && (tokens[at - 1] === percent || tokens[at + 1] === percent)) return { is: 'money', money: 'otm', text };
    if (token.is === 'date' && token.expiration === undefined)
      return { ...token, expiration: text.replace(/^(?:until|till?|til|through|thru|to|into) /i, '').toLowerCase() };
    const isRatio =
      token.is === 'ratio' || (token.is === 'percent' && says(tokens.slice(at), /shares|position|value/i));
    if (isRatio) return { ...figures('premiumOfSpot'), text };
    const isTold = ['paid', 'howMuch', 'pronoun', 'worth', 'dollars', 'joiner', 'pays', 'form'].includes(token.is);
    const isCost = token.is === 'field' && token.names.join() === 'last';
    return token === word || isTold || isCost ? asFiller(token) : token;
  });
}

const OF_CASH = /\b(?:cash|collateral|blocked|tied up|set aside|return|yields?|secur\w+)\b/i;
const LIKE_SHARES = /\b(?:equivalent|equals?|owning|like owning|same as)\b/i;
/** What is said beside a contract that is held, once its figures are known. */
const BESIDE_HELD =
  /^(?:blocked|aside|want|out|exit|earn|earned|collect|like|owning|equivalent|sold|bought|i sold|early|yearly|annuali[sz]ed|worthless|each|cash)$/i;
const KINDS_BESIDE: ReadonlySet<string> = new Set(
  'move howMuch target interval joiner pays paid refuse pronoun rank relation short ofStrategy did worth gain follow percent aggregate distance field form'.split(
    ' ',
  ),
);

/** Figures of a contract that are asked for beside those that are worked out. */
const ASKED_BESIDE = /^(?:delta|gamma|theta|vega|iv|openInterest|volume|probabilityItm|breakEven)$/;

/** Contracts that are held, by what was paid for them: figures that no table has by itself. */
function ofContract(tokens: readonly Token[]): Token[] | undefined {
  const isOfBoth = says(tokens, /\bstrad|\bstrangle/i);
  if (has(tokens, 'strategy') || isOfBoth || only(tokens, 'symbol').length !== 1) return undefined;
  const isPrice = (token: Token, at: number): boolean =>
    token.is === 'number' && !token.isPercent && AT.test(tokens[at - 1]?.text ?? '') && token.value < 100;
  const paid = tokens.findLast(isPrice);
  const percent = tokens.find((token) => token.is === 'number' && token.isPercent);
  const counts = tokens.filter(
    (token) => token !== paid && token !== percent && /^(?:number|pronoun)$/.test(token.is) && numberIn([token]) > 0,
  );
  const names = figuresHeld(tokens, { counts: counts.map((each) => numberIn([each])), paid, percent });
  if (names === undefined) return undefined;
  return insteadOf(tokens, [figures(...names)], (token) => {
    const isWord = ['unknown', 'filler'].includes(token.is) && BESIDE_HELD.test(token.text);
    const isRestricting = token.is === 'refuse' && ['not', 'forecast'].includes(token.why);
    const isNumber = token === paid || counts.includes(token) || (token === percent && paid !== undefined);
    const isOther =
      token.is === 'field' && token.names.every((name) => ASKED_BESIDE.test(name) && !names.includes(name));
    return (KINDS_BESIDE.has(token.is) && !isRestricting && !isOther) || isWord || isNumber;
  });
}

/** What is asked of what is held, as expressions. */
function figuresHeld(
  tokens: readonly Token[],
  { counts, paid, percent }: { counts: number[]; paid: Token | undefined; percent: Token | undefined },
): string[] | undefined {
  const text = tokens.map((token) => token.text).join(' ');
  const names = new Set(tokens.flatMap((token) => (token.is === 'field' ? token.names : [])));
  const isShort = /\b(?:short|sold|sell|write|wrote|selling)\b/i.test(text);
  const isCall = tokens.some((token) => (token.is === 'strike' || token.is === 'side') && token.side === 'call');
  const { shares, contracts, cost, size } = countsOf(counts, has(tokens, 'paid'));
  if (names.has('extrinsic') && /divid/i.test(text))
    return ['bid', 'ask', 'extrinsic', 'dividendAmount', 'extrinsic - dividendAmount as timeValueLessDividend'];
  if (names.has('theta') && isShort && paid === undefined) return ['theta', `-theta * ${String(size)} as thetaEarned`];
  if (LIKE_SHARES.test(text) && has(tokens, 'howMuch'))
    return ['delta', `delta * ${String(isShort ? -size : size)} as shares`, 'mid', `mid * ${String(size)}`];
  const isCalled = shares > 0 && isShort && isCall && /\b(?:called|assigned|exercised)\b/i.test(text);
  if (isCalled) return ifCalled(shares, String(cost ?? 'spot'));
  const isYield = isShort && !isCall && OF_CASH.test(text);
  if (paid !== undefined && shares > 0 && cost !== undefined && contracts !== undefined)
    return ofBoth({ shares, cost }, { size, price: numberIn([paid]), isShort });
  if (paid !== undefined) return ofPaid(tokens, text, { price: numberIn([paid]), percent, size, isShort, isYield });
  return isYield && percent !== undefined && /\bcash\b/i.test(text)
    ? ['bid', 'ask', 'mid', 'premiumOfStrike', 'premiumYearly']
    : undefined;
}

/** Shares that were paid for, contracts, what a share cost, and the shares that the contracts are for. */
function countsOf(
  counts: readonly number[],
  isPaid: boolean,
): { shares: number; contracts: number | undefined; cost: number | undefined; size: number } {
  const [first = 1, ...more] = counts;
  const [shares, others] = isPaid && first % SHARES === 0 ? [first, more] : [0, counts];
  const contracts = others.find((each) => Number.isInteger(each) && each < 100);
  const cost = others.find((each) => each !== contracts);
  return { shares, contracts, cost, size: SHARES * (contracts ?? Math.max(1, shares / SHARES)) };
}

/** "sold at 3, where is half of the profit", "return on the cash" */
function ofPaid(
  tokens: readonly Token[],
  text: string,
  { price, percent, size, isShort, isYield }: Paid,
): string[] | undefined {
  const isExit = percent !== undefined && /\b(?:gain|profit)\b/i.test(text) && !has(tokens, 'money');
  return isExit ? atExit(price, numberIn([percent]), isShort) : isYield ? onCash(price, size) : undefined;
}

interface Paid {
  price: number;
  percent: Token | undefined;
  size: number;
  isShort: boolean;
  isYield: boolean;
}

/** `200 shares of CMG in march 2023, allowing for splits`, `350 GOOGL given on Nov 20: the average of high and low`. */
function sharesOf(tokens: readonly Token[]): Token[] | undefined {
  const at = tokens.findIndex((token, place) => token.is === 'number' && isShares(tokens[place + 1]));
  const count = tokens[at];
  if (count?.is !== 'number' || count.isMoney === true) return undefined;
  const told = tokens.map((token) => (STORY.test(token.text) && token.is !== 'symbol' ? asFiller(token) : token));
  const isSplit = tokens.some((token) => token.is === 'form' && /\bsplit/i.test(token.text));
  const isAsked = tokens.some((token) => token.is === 'worth' || asksMany(token));
  const date = told.find((token) => token.is === 'date' && token.range !== undefined);
  if (isSplit && isAsked && date?.is === 'date') {
    const since = date.range?.startsWith('since ') === true ? date.range : `since ${date.range ?? ''}`;
    return insteadOf(
      told.map((token) => (token === date ? { is: 'date', range: since, text: token.text } : token)),
      [figures(...afterSplits(count.value))],
      (token) =>
        token === count || ['form', 'worth', 'howMuch', 'pronoun', 'paid', 'since', 'joiner'].includes(token.is),
    );
  }
  const isMean =
    tokens.some((token) => token.is === 'field' && token.names.join() === 'high,low') && has(tokens, 'aggregate');
  if (isMean)
    return insteadOf(
      told,
      [figures(...atMeanOfDay(count.value))],
      (token) =>
        token === count ||
        ['aggregate', 'define', 'pronoun', 'joiner', 'worth', 'samePeriod', 'paid'].includes(token.is) ||
        (token.is === 'field' && token.names.join() === 'high,low'),
    );
  return incomeOf(told);
}

/** `what have my 400 PG paid me this year`: its dividends, whatever they are called. */
function incomeOf(told: readonly Token[]): Token[] {
  const isIncome = told.some(
    (token) =>
      token.is === 'form' || (token.is === 'field' && /[dD]ivid/.test(token.names.join())) || INCOME.test(token.text),
  );
  const dates = told.filter((token) => token.is === 'date' && token.range !== undefined);
  // "what did they pay me in the past 12 months"
  const pay =
    isIncome || dates.length === 0 ? undefined : told.find(({ is, text }) => is === 'pays' && /^pay/i.test(text));
  if (!isIncome && pay === undefined) return [...told];
  return told.map((token, at): Token => {
    const isNext = token.is === 'field' && token.names.join() === 'exDividend';
    if (isNext || token === pay || INCOME.test(token.text)) return { is: 'form', form: 'events', text: token.text };
    const isForecast = token.is === 'refuse' && token.why === 'forecast';
    // "owned since last Christmas … this year": from when on they were held changes nothing.
    const isStory =
      dates.length > 1 && (token === dates[0] || (/^since$/i.test(token.text) && at < told.indexOf(dates[0] as Token)));
    const isLast =
      dates.length > 1 &&
      token.is === 'field' &&
      token.names.join() === 'last' &&
      /^since$/i.test(told[at - 1]?.text ?? '');
    const isBeside = ['paid', 'pays', 'howMuch', 'pronoun', 'follow', 'joiner', 'target', 'worth'].includes(token.is);
    return isForecast || isStory || isLast || isBeside ? asFiller(token) : token;
  });
}

const DOUBLED = /^doubled?$/i;
const OF_SUPPOSITION = new Set(
  'filler target date pronoun move touch howMuch gain worth mark joiner add follow define ofStrategy symbol number field refuse'.split(
    ' ',
  ),
);

const isOfSupposition = (token: Token): boolean =>
  OF_SUPPOSITION.has(token.is) &&
  (token.is !== 'refuse' || isGain(token) || token.why === 'forecast') &&
  (token.is !== 'field' || /^(?:last|close)$/.test(token.names.join()));

/** "where have I doubled", "price where I am down 20%": in percent of what was paid. */
function shareAsked(tokens: readonly Token[], number: Token | undefined): number | undefined {
  const isPriceAsked =
    says(tokens, /^where$/i) || tokens.some((token) => token.is === 'field' && token.names.join() === 'last');
  if (!isPriceAsked) return undefined;
  const sign = tokens.some((token) => /\bdown\b|\blos[es]/i.test(token.text)) ? -1 : 1;
  if (says(tokens, DOUBLED)) return 100 * sign;
  return number?.is === 'number' && number.isPercent ? sign * number.value : undefined;
}

/** After what is held: `suppose it closes at 300`, `where have I doubled`. */
function supposedOf(tokens: readonly Token[], last: Query | undefined): Token[] | undefined {
  const [symbol = ''] = last?.symbols ?? [];
  const base = Number(last?.base ?? NaN);
  const isOther = tokens.some((token) => token.is === 'symbol' && token.symbol !== symbol);
  if (last?.quantity === undefined || !Number.isFinite(base) || isOther) return undefined;
  const [number, ...more] = only(tokens, 'number');
  const named: Thing = { is: 'symbol', symbol, isPossessive: false };
  const share = more.length === 0 ? shareAsked(tokens, number) : undefined;
  if (share !== undefined) {
    const price: Thing = { is: 'number', value: scaled(base, share), isPercent: false };
    return insteadOf(tokens, [named, { is: 'target' }, price], () => true);
  }
  const isSupposed = tokens.some(({ is, text }) => is === 'target' || /^(?:suppose|say|at|closing)$/i.test(text));
  if (number?.is !== 'number' || number.isPercent || more.length > 0 || !isSupposed) return undefined;
  if (!tokens.every(isOfSupposition)) return undefined;
  const lot = (of: 'shares' | 'price' | 'supposed', value: number): Thing => ({ is: 'lot', of, value });
  const lots = [lot('shares', last.quantity), lot('price', base), lot('supposed', number.value)];
  return insteadOf(tokens, [named, ...lots, { is: 'gain' }], () => true);
}

/** `pnl`, `am i up`, `profit`: of what was bought, where the question tells it. */
function isGain(token: Token): boolean {
  return token.is === 'refuse' && /^(?:p and l|p&l|pnl|am i|did i|have i|profits?)/i.test(token.text);
}

/** `long 100 spy`, `short 50 tsla` */
const isSided = (token: Token): boolean => isShort(token) || (token.is === 'unknown' && /^long$/i.test(token.text));
const isShort = ({ is, text }: Token): boolean => is === 'short' || (is === 'filler' && /\bshort$/i.test(text));
const isShares = (token: Token | undefined): boolean => /^(?:shares?|shs?|shrs?)$/i.test(token?.text ?? '');

type Role = (Token & { is: 'lot' })['of'];
const isOf = (token: Token | undefined, ...kinds: Token['is'][]): boolean =>
  token !== undefined && kinds.includes(token.is);
const saysOf = (token: Token | undefined, words: RegExp): boolean => words.test(token?.text ?? '');

/** What a number of a purchase is, by the words around it. */
function roleOf(tokens: readonly Token[], at: number, isKnown: boolean): Role | undefined {
  const [before, own, next, after, last] = [tokens[at - 1], ...tokens.slice(at, at + 4)];
  if (own?.is !== 'number' || isOf(before, 'relation', 'top')) return undefined;
  // "500 shares", "my 100 Apple shares"
  if (isShares(next) || (isOf(next, 'symbol') && isShares(after))) return own.isMoney === true ? undefined : 'shares';
  const isMoney = own.isMoney === true || saysOf(next, /^(?:dollars|bucks|usd)$/i);
  // "bought 1000 dollars of amd"
  const isSpent = saysOf(before, /^(?:bought|purchased)$/i) || !saysOf(before, PAID_AT);
  if (isMoney && (saysOf(next, PUT_IN) || saysOf(after, PUT_IN)) && isSpent) return 'dollars';
  // "300 pltr @ 140"
  if (!isMoney && isOf(next, 'symbol') && saysOf(after, AT) && isOf(last, 'number')) return 'shares';
  if (saysOf(before, AT) && isOf(tokens[at - 2], 'symbol') && isOf(tokens[at - 3], 'number')) return 'price';
  return isKnown ? roleInStory(tokens, at, isMoney) : undefined;
}

/** Where what was bought is told or asked for, fewer words around it are enough. */
function roleInStory(tokens: readonly Token[], at: number, isMoney: boolean): Role | undefined {
  const [before, own, next, after, last] = [tokens[at - 1], ...tokens.slice(at, at + 4)];
  const isLarge = own?.is === 'number' && own.value >= 100;
  if (!isMoney && isLarge && saysOf(next, PUT_IN) && isOf(after, 'symbol')) return 'dollars';
  const isPriced = saysOf(next, AT) && isOf(after, 'number') && !isShares(last) && !isOf(before, 'symbol');
  if (!isMoney && (isOf(next, 'symbol') || isPriced)) return 'shares';
  return !isOf(before, 'worth') && saysOf(before, PAID_AT) ? 'price' : undefined;
}

const AT = /^(?:at|@|for|from)$/i;

/** `bought 2 at 3.55`, `protect 100 shares with a put`: contracts that are held and what one cost. */
export function takePaid(draft: Draft, { value, isPercent }: Token & { is: 'number' }, index: number): boolean {
  const { slots, has, tokens } = draft;
  const [before, next] = [tokens[index - 1]?.text ?? '', tokens[index + 1]];
  if (isPercent || draft.relation !== undefined) return false;
  const isOfShares = isShares(next?.is === 'symbol' ? tokens[index + 2] : next);
  const isPriced = before !== 'paid' && AT.test(next?.text ?? '') && tokens[index + 2]?.is === 'number';
  if (slots.quantity === undefined && (isOfShares || (has.has('paid') && (slots.base !== undefined || isPriced)))) {
    // One contract is for a hundred.
    const isCovered = isOfShares && value % 100 === 0 && !has.has('strategy');
    slots.quantity = isCovered ? value / 100 : value;
    return true;
  }
  if (!has.has('paid') || slots.base !== undefined || !PAID_AT.test(before)) return false;
  slots.base = String(value);
  return true;
}

/** `my biggest position`, `my worst trade`: what of what is held is ranked. */
export function settleHeld(slots: Slots, said: Slots): Refusal | undefined {
  const { range, forms } = slots;
  const isExpiring = forms.some((form) => form.startsWith('expir'));
  // What is said of them anyway.
  const fields = slots.fields.filter((name) => !/^(?:pnl|dayPnl|cost)$/.test(name));
  slots.fields = fields;
  const strange = fields.find((name) => !/^(?:delta|gamma|theta|vega|last|value)$/.test(name));
  if (strange !== undefined) return notUnderstood(`${labelOf(strange)} together with positions`);
  if (range !== undefined && range !== 'today' && !isExpiring)
    return notUnderstood(`"${range}" together with positions`);
  for (const each of [slots, said]) {
    const { aggregate, rank, move } = each;
    const order = isEnd(aggregate) ? aggregate : rank?.order;
    const isOfSize = (rank?.by ?? 'value') === 'value' && move === undefined;
    if (order !== undefined) each.rank = { order: move === 'down' ? 'lowest' : order, by: isOfSize ? 'value' : 'pnl' };
    if (order !== undefined || move === 'any') delete each.move;
    delete each.aggregate;
  }
  return undefined;
}
