// How people speak of single contracts: how many, traded at what price, chosen by what, with which bounds. Hides the words;
// tokens become whole bounds, choices and counts, and those become the rows and columns of a table of contracts.
import type { Side } from '../../domain/types.ts';
import type { Draft } from './draft.ts';
import { type Query, type Refusal, type Slots, emptySlots, names, notUnderstood, queryOf, unclear } from './query.ts';
import type { Reading, Strike, Thing, Token } from '../words/tokens.ts';
import type { Topic } from '../words/read.ts';

/** How far a strike is out of or in the money. */
export const FROM_SPOT = 'pct(strike, spot)';
const OF_SPOT = 'premiumOfSpot';
const OF_STRIKE = 'premiumOfStrike';
const YEARLY = 'premiumYearly';
const SHARES = 100;
/** A premium above it is meant for a contract of a hundred shares. */
const MOST_A_SHARE = 25;

/** A token as a word of the patterns below. */
function codeOf(token: Token): string {
  switch (token.is) {
    case 'number':
      return token.isPercent ? '<%>' : '<n>';
    case 'field':
      return `<f:${token.names.join()}>`;
    case 'filler':
    case 'unknown':
    case 'doubt':
    case 'refuse':
    case 'mark':
    case 'joiner':
    case 'worth':
      return token.text.toLowerCase().replaceAll(' ', '_');
    case 'pronoun':
      return typeof token.pronoun === 'number' ? '<count>' : '<them>';
    case 'form':
      return /contract|lot/i.test(token.text) ? '<contract>' : '<form>';
    default:
      return `<${token.is}>`;
  }
}

type Rule = readonly [pattern: RegExp, make: (own: readonly Token[], all: readonly Token[]) => Thing[] | undefined];

/** The first place that a pattern fits as what is made of it; its text stays with the first of what is made. */
function rewrite(tokens: readonly Token[], [pattern, make]: Rule): readonly Token[] {
  const line = tokens.map(codeOf).join(' ');
  const found = pattern.exec(line);
  if (found === null) return tokens;
  const from = line.slice(0, found.index).split(' ').length - 1;
  const to = from + found[0].trim().split(' ').length;
  const own = tokens.slice(from, to);
  const made = make(own, tokens);
  if (made === undefined) return tokens;
  const texts = own.flatMap((token) => (made.includes(token) ? [] : token.text));
  return [
    ...tokens.slice(0, from),
    ...made.map((thing): Token => ('text' in thing ? (thing as Token) : { ...thing, text: texts.splice(0).join(' ') })),
    ...tokens.slice(to),
  ];
}

const numbersIn = (own: readonly Token[]): number[] =>
  own.flatMap((token) =>
    token.is === 'number'
      ? token.value
      : token.is === 'pronoun' && typeof token.pronoun === 'number'
        ? token.pronoun
        : [],
  );
const operatorIn = (own: readonly Token[], usual: string): string =>
  own.flatMap((token) => (token.is === 'relation' ? token.operator : []))[0] ?? usual;
const bound = (left: string, operator: string, right: number): Thing => ({
  is: 'bound',
  left,
  operator,
  right: String(right),
});
const moneyIn = (own: readonly Token[]): Thing[] => own.filter((token) => token.is === 'money');
const AWAY = `abs(${FROM_SPOT})`;

/** What a contract brings who sells it, or costs who buys it. */
function premiumBound(own: readonly Token[]): Thing[] {
  const [value = 0] = numbersIn(own);
  const isWhole = own.some((token) => token.is === 'form') || value > MOST_A_SHARE;
  const price = own.some((token) => /^(?:cost|pay (?:for|up))/i.test(token.text)) ? 'ask' : 'bid';
  return [bound(isWhole ? `${price} * ${String(SHARES)}` : price, operatorIn(own, '>='), value)];
}

function lots(own: readonly Token[]): Thing[] | undefined {
  const [count = 1] = numbersIn(own);
  if (!Number.isInteger(count) || count < 1 || count > 100_000) return undefined;
  return [
    { is: 'lots', count },
    ...own.filter(({ is }) => is !== 'number' && is !== 'filler' && is !== 'pronoun' && is !== 'form'),
  ];
}

const PRICE = String.raw`(?:the |its |their )*(?:<f:last>|<f:spot>|spot|stock|underlying|share_price|price)`;

const RULES: readonly Rule[] = [
  // "between 3 and 5 percent otm", "2% to 5% below the price"
  [
    /(?:between )?(?:<n>|<%>) (?:to|and|-|–) <%> <money>/,
    (own) => {
      const [from = 0, to = 0] = numbersIn(own);
      return [bound(AWAY, '>=', from), bound(AWAY, '<=', to), ...moneyIn(own)];
    },
  ],
  // "at least 5% below the market", "3% otm or more"
  [
    /<relation> <%> <money>|<%> <money> <relation>/,
    (own) => [bound(AWAY, operatorIn(own, '>='), numbersIn(own)[0] ?? 0), ...moneyIn(own)],
  ],
  [new RegExp(`<within> <%> (?:of |from )?${PRICE}`), (own) => [bound(AWAY, '<=', numbersIn(own)[0] ?? 0)]],
  // "pay at least 1% of the stock price"
  [
    new RegExp(`(?:<pays> )?<relation> <%> (?:of|on) (?:${PRICE}|(?:the )?(?:<f:strike>|cash))`),
    (own) => {
      const isOfStrike = own.some(({ text }) => /strike|cash/i.test(text));
      return [bound(isOfStrike ? OF_STRIKE : OF_SPOT, operatorIn(own, '>='), numbersIn(own)[0] ?? 0)];
    },
  ],
  // "pay at least $500 a contract", "cost under 100 per contract"
  [/(?:<pays>|<f:(?:last|bid,ask,mid)>) <relation> <n>(?: (?:a|per|for_a) <contract>)?/, premiumBound],
  [/<relation> <n> (?:a|per|for_a) <contract>/, premiumBound],
  // "that pays about $2"
  [
    /(?:<pays>|<f:last>|<worth>) (?:me )?(?:about|around|roughly|close_to|near|<nearest>) <n>(?: (?:a|per) <contract>)?/,
    (own, all) => {
      const [value = 0] = numbersIn(own);
      if (!all.some(({ is }) => is === 'side') || all.some(({ is }) => is === 'strike')) return undefined;
      const isWhole = own.some((token) => token.is === 'form') || value > MOST_A_SHARE;
      return [{ is: 'rank', order: 'lowest', by: `abs(mid - ${String(isWhole ? value / SHARES : value)})` }];
    },
  ],
  // "the call closest to 450"
  [
    /<nearest> (?:the )?<n>/,
    (own, all) => {
      const [value = 0] = numbersIn(own);
      return value > 1 && all.some(({ is }) => is === 'side')
        ? [{ is: 'strike', strike: `~${String(value)}` as Strike }]
        : undefined;
    },
  ],
  // "centered 30 below spot", "the put 20 points under the market"
  [
    /(?:centered |centred |center |middle )?(?:at |on )?<n>(?: points| pts| dollars)? (?:<relation> (?:the )?(?:<f:last>|<f:spot>)|<money>)/,
    (own, all) => {
      const [value = 0] = numbersIn(own);
      const isDown = operatorIn(own, /put/.test(all.map(({ text }) => text).join(' ')) ? '<' : '>').startsWith('<');
      if (all.some(({ is }) => is === 'strike')) return undefined;
      return [{ is: 'strike', strike: `spot${isDown ? '-' : '+'}${String(value)}` as Strike }];
    },
  ],
  // "premium as a percent of the stock price", "in % of spot"
  [
    new RegExp(`(?:<ratio>|(?:as_an?|in|as|what)? ?(?:<percent>|<howMuch>) of|percent of|in_percent_of) ${PRICE}`),
    () => [{ is: 'field', names: [OF_SPOT] }],
  ],
  [/(?:<ratio>|<percent> of|percent of) (?:the )?(?:<f:strike>|cash)/, () => [{ is: 'field', names: [OF_STRIKE] }]],
  // "how far otm %", "percent out of the money"
  [
    /(?:<distance>|<percent>|<howMuch>) (?:(?:is|are) )?(?:(?:the|<them>|that|it) )?(?:in )?<money>(?: (?:is|are) (?:<them>|that))?(?: (?:in )?<percent>)?|<money> (?:in )?<percent>/,
    () => [{ is: 'field', names: [FROM_SPOT] }],
  ],
  // "how far does the stock have to go up to get there"
  [
    /<distance>(?: (?:does|do|would|must|will))?(?: (?:<them>|<symbol>|it|the|stock|price))*(?: (?:<target>|<did>))?(?: (?:go|move|rise|fall|drop|climb|run|get))?(?: <move>)?(?: to)?(?: (?:get|be|reach|<touch>))?(?: to)? (?:there|it|that|<them>|the_strike|<f:strike>)$|<distance> (?:(?:does|do|would|<them>|<symbol>|it|the|stock|<target>|go|<move>|to|get) )+there/,
    (own) => [{ ...(own[0] as Thing) }],
  ],
  // "240 or 250 call"
  [
    /<n> (?=(?:or|and|,|\/|vs|n|&|<compare>) <strike>)/,
    (own, all) => {
      const [value = 0] = numbersIn(own);
      const next = all[all.indexOf(own[0] as Token) + 2];
      const isNear =
        next?.is === 'strike' && typeof next.strike === 'number' && value < 2 * next.strike && next.strike < 2 * value;
      return isNear
        ? [{ is: 'strike', strike: value, ...(next.side === undefined ? {} : { side: next.side }) }]
        : undefined;
    },
  ],
  // "annualized on the cash I have to set aside"
  [
    /(?:<ofStrategy> )?(?:on )?(?:(?:the|my|that|how_much|<howMuch>) )*cash(?: (?:<paid>|that|i|i_have|i_need|<target>|to|would|need|have|do|set|put|tie|lock|aside|up|for|it|<them>|backing|securing))*/,
    () => [{ is: 'ofStrategy' }],
  ],
  // "gamma x oi"
  [
    /<f:(?:gamma|delta|theta|vega|volume|openInterest|mid)> (?:x|\*|times|by) <f:(?:gamma|delta|theta|vega|volume|openInterest|mid)>/,
    (own) => [
      {
        is: 'field',
        names: [[own.at(0), own.at(-1)].flatMap((token) => (token?.is === 'field' ? token.names : [])).join(' * ')],
      },
    ],
  ],
  // "80% chance of expiring worthless"
  [
    /<%> (?:<ofStrategy>|<f:probabilityItm>)/,
    (own, all) => {
      const [value = 0] = numbersIn(own);
      const isKept = /worthless|otm|out of the money|keep|profit/i.test(own[1]?.text ?? '');
      if (!all.some(({ is }) => is === 'side') || all.some(({ is }) => is === 'strike')) return undefined;
      return [
        { is: 'rank', order: 'lowest', by: `abs(probabilityItm - ${String((isKept ? 100 - value : value) / 100)})` },
      ];
    },
  ],
  // "+1 440c -1 375p", "buying back the 520 call and selling the 530 call"
  [
    /(?:\+|-|–|long|short|<short>|buy|buying|sell|selling|bto|sto|btc|bought|sold)(?: (?:back|the|a))*(?: <n>)?(?: (?:<symbol>|of|the))*(?= <strike>)/,
    (own, all) => {
      const [lead] = own;
      const isPriced =
        /^[+–-]$/.test(lead?.text ?? '') ||
        all.some(({ is }) => is === 'ofStrategy' || is === 'field' || is === 'pays');
      if (lead === undefined || !isPriced || all.filter(({ is }) => is === 'strike').length < 2) return undefined;
      const count = (numbersIn(own)[0] ?? 1) * (/^(?:-|–|s)/i.test(lead.text) ? -1 : 1);
      return [{ is: 'signed', count }, ...own.filter(({ is }) => is === 'symbol')];
    },
  ],
  // "roll the 240 put … to the 230"
  [
    /(?:(?:to|into|for) )?(?:the )?<n>(?! <(?:strike|contract|symbol)>)/,
    (own, all) => {
      const [value = 0] = numbersIn(own);
      const from = all.find((token) => token.is === 'strike');
      const isNear = typeof from?.strike === 'number' && value < 2 * from.strike && from.strike < 2 * value;
      const isRoll = all.some(({ text }) => /^roll/i.test(text));
      return isRoll && isNear
        ? [{ is: 'strike', strike: value, ...(from.side === undefined ? {} : { side: from.side }) }]
        : undefined;
    },
  ],
  // "buy them back", "close it out": who is short pays the ask.
  [
    /<f:last> (?:<them>|it|<count>) back|(?:<f:last> (?:me )?)?(?:to )?(?:buy|buying|close|closing|<f:close>|cover|covering|btc)(?: (?:<them>|<count>))? back|(?:<f:last> )?(?:me )?to (?:<f:close>|close|cover)(?: (?:<them>|it|out))*|to_buy_back/,
    () => [{ is: 'book', price: 'ask' }],
  ],
  [
    /(?:what )?(?:do|would|can|could|did|have)_?i_?(?:have_)?(?:keep|made|make|kept|collect)|do_i_keep|i_keep/,
    () => [{ is: 'filler' }],
  ],
  // "2 of them", "5 contracts", "per contract", "3 of the ford 10 puts"
  [
    /(?:for |of |on |x )?(?:<n>|<count>) (?:<contract>|lots?|of (?:<them>|<narrow>|them)|of_them|<narrow>)(?: each)?/,
    lots,
  ],
  [/(?:for |of |on )?<n> of (?:the )?(?=<symbol>|<strike>|<deltaOf>)/, lots],
  [/(?:a|per|one|each|for_one) <contract>/, lots],
  [
    /(?<![-+–] |<n> |<strike> |<symbol> |\b(?:or|,) )<n> (?=(?:<symbol> )?(?:<strike>|<contract>|<deltaOf> <side>))/,
    lots,
  ],
  [/(?<!<symbol> )<n> (?=<strategy>)/, (own) => ((numbersIn(own)[0] ?? 0) <= 20 ? lots(own) : undefined)],
  // "covered call on 1,200 KO": shares.
  [
    /<n> (?=<symbol>)/,
    (own, all) =>
      all.some((token) => token.is === 'strategy' && OF_SHARES.test(token.strategy)) ? lots(own) : undefined,
  ],
  [
    /for <n>$/,
    (own, all) => (all.some(({ is }) => is === 'strategy' || is === 'strike' || is === 'side') ? lots(own) : undefined),
  ],
];

const OF_SHARES = /^(?:covered-call|collar)$/;
const SOLD = /\b(?:sold|short|shorted|wrote|written|collected|sto|received)\b/i;
const BOUGHT = /\b(?:bought|paid|long|own|hold|have|got|bto|purchased)\b/i;

/** `sold at 48 cents`, `bought for 3.10`, `long 5 @3.10`: the price a share at which it was traded. */
function withTrade(tokens: readonly Token[], topic: Topic | undefined): Token[] {
  const verb = tokens.findIndex(({ text, is }) => is !== 'strategy' && (SOLD.test(text) || BOUGHT.test(text)));
  const at = tokens.findIndex(
    ({ is }, index) =>
      is === 'number' &&
      index > verb &&
      /(?:^| )(?:at|for|@|paid|collected|received)$/i.test(tokens[index - 1]?.text ?? ''),
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
    return ABOUT_TRADES.test(token.text) && ['refuse', 'unknown', 'move'].includes(token.is)
      ? { is: 'filler', text: token.text }
      : token;
  });
}

/** `my long 580p`: who holds a contract asks of the contract; the greeks of one that is sold have the other sign. */
function withoutHolding(tokens: readonly Token[]): Token[] {
  const hasGreek = tokens.some(
    (token) => token.is === 'delta' || (token.is === 'field' && token.names.some((name) => GREEKS.test(name))),
  );
  const isHeld = (text: string): boolean =>
    /^(?:i )?(?:long|bought|own|hold|holding)$/i.test(text) || (!hasGreek && /^(?:i )?sold$/i.test(text));
  return tokens.map((token) =>
    token.is === 'unknown' && isHeld(token.text) ? { is: 'filler', text: token.text } : token,
  );
}

/** What a trade has brought is told beside its price, whatever it is called. */
const ABOUT_TRADES =
  /^(?:keep|kept|made|make|profit|pnl|p&l|p \/ l|up|down|up or down|gain|gained|lost|am i|am i up|did i|do i|safe|back|sold|each|how much have i made|do i keep)$/i;

const MOST_IN_A_ROW = 5;
const OF_CONTRACTS = /^(?:side|strike|contract|deltaOf|strategy|legs|money|delta|strikesWord)$/;
const FIGURES_OF_CONTRACTS = /^(?:strike|gamma|theta|vega|breakEven)$/;

function isOfContract(token: Token): boolean {
  return token.is === 'field'
    ? token.names.some((name) => FIGURES_OF_CONTRACTS.test(name))
    : OF_CONTRACTS.test(token.is);
}

/** Bounds, choices, counts and trades of contracts as tokens of their own. */
export function readContracts(reading: Reading, topic?: Topic): Reading {
  const { tokens } = reading;
  if (topic === undefined && !tokens.some(isOfContract)) return reading;
  let turned: readonly Token[] = withTrade(withStrategyWords(tokens), topic);
  for (const rule of RULES)
    for (let more = MOST_IN_A_ROW; more > 0; more -= 1) {
      const next = rewrite(turned, rule);
      if (next === turned) break;
      turned = next;
    }
  // Legs are one thing, whatever joins them.
  const isOfLegs = turned.filter(({ is }) => is === 'signed').length > 1;
  return {
    ...reading,
    tokens: turned.map((token) => (isOfLegs && token.is === 'joiner' ? { is: 'filler', text: token.text } : token)),
  };
}

/** `annualized`, `debit n max`: of what is sold or priced. */
function withStrategyWords(tokens: readonly Token[]): Token[] {
  const isOfVolatility = tokens.some(
    ({ is, ...token }) =>
      is === 'field' && 'names' in token && token.names.some((name) => /^(?:hv|iv|yang|atmIv)/.test(name)),
  );
  const isPriced = tokens.some(({ is }) => is === 'ofStrategy' || is === 'strategy');
  return tokens.map((token): Token => {
    const { text } = token;
    const isYearly = token.is === 'filler' && /^annuali[sz]ed$/i.test(text) && !isOfVolatility;
    const isEnd = token.is === 'aggregate' && /^(?:max|min)$/i.test(text) && isPriced;
    return isYearly || isEnd ? { is: 'ofStrategy', text } : token;
  });
}

/** `bought 100 at 118`, `200 shares`, `1000 dollars in`: what is held and what it cost. */
export function takePaid(draft: Draft, { value, isPercent }: Token & { is: 'number' }, index: number): boolean {
  const slots = draft.slots;
  const [before, next] = [draft.tokens[index - 1]?.text ?? '', draft.tokens[index + 1]];
  const isOwned = draft.has.has('paid') || draft.has.has('worth');
  if (isPercent || draft.relation !== undefined) return false;
  // "my 100 Apple shares"
  const owned = next?.is === 'symbol' ? draft.tokens[index + 2] : next;
  const isShares = /^shares?$/i.test(owned?.text ?? '');
  const isPriced =
    before !== 'paid' && /^(?:at|@|for)$/i.test(next?.text ?? '') && draft.tokens[index + 2]?.is === 'number';
  if (
    slots.quantity === undefined &&
    (isShares ||
      (isOwned && next?.is === 'symbol') ||
      // "bought 2 at 355"
      (draft.has.has('paid') && (slots.base !== undefined || isPriced)))
  ) {
    // "protect 100 shares with a put": that is one contract.
    const isCovered = isShares && value % 100 === 0 && (draft.has.has('strike') || draft.has.has('side'));
    slots.quantity = isCovered && !draft.has.has('strategy') ? value / 100 : value;
    return true;
  }
  if (
    draft.has.has('worth') &&
    /^(?:dollars|bucks|usd|in|into)$/i.test(next?.text ?? '') &&
    slots.amount === undefined
  ) {
    slots.amount = value;
    return true;
  }
  if (
    !(draft.has.has('paid') || (before === 'from' && draft.tokens.some(({ text }) => /^holding$/i.test(text)))) ||
    slots.base !== undefined ||
    !/^(?:at|for|from|is|of|paid|basis|cost|entry|average|bought|in|was|@|:)$|cost|basis|entry|average|bought|paid|got in/i.test(
      before,
    )
  )
    return false;
  slots.base = String(value);
  return true;
}

/** The strikes of rows: named, or chosen by delta or distance. */
export function strikesMeant({ strike, delta, away, money }: Slots): string[] {
  if (strike.length > 0) return strike.map(String);
  if (typeof delta === 'number') return [`${String(delta)} delta`];
  return away === undefined ? [] : [`${String(away)}% ${money ?? 'otm'}`];
}

const PRICES_OF_CONTRACT = ['bid', 'ask', 'mid'];
const GREEKS = /^(?:delta|gamma|theta|vega)$/;
/** What a trader looks at first. */
const FIRST_FIELDS = ['bid', 'ask', 'mid', 'last', 'delta', 'iv', 'volume', 'openInterest'];

/** In dollars for so many contracts: what they cost or bring, and what a trade of before has made. */
function amountsOf({ quantity, traded, book, aggregate, unit }: Slots, asked: readonly string[]): string[] {
  const greeks = asked.filter((name) => GREEKS.test(name));
  const size = String(SHARES * (quantity ?? 1));
  if (traded !== undefined) {
    const [now, paid] = [book ?? 'mid', String(traded.price)];
    return [`${now} * ${size}`, `(${traded.isSold ? `${paid} - ${now}` : `${now} - ${paid}`}) * ${size} as profit`];
  }
  if (
    quantity === undefined &&
    book === undefined &&
    aggregate !== 'total' &&
    !(unit === 'dollars' && greeks.length > 0)
  )
    return [];
  if (greeks.length > 0) return greeks.map((name) => `${name} * ${size}`);
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
  return [...new Set([...chosen, ...first, ...figures, ...beside, ...amounts])].map((name) =>
    even === undefined ? name : name === 'breakEven' ? `${even} as breakEvenOfTrade` : name.replace('breakEven', even),
  );
}

/** To the break-even where that is asked for, else to the strike. */
const distanceOf = (fields: readonly string[]): string =>
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

const ENDS = new Set(['highest', 'lowest']);

/** Named contracts, or one chosen for each symbol, date and side; of several they may be ranked or added up. */
export function settleContract(rest: Slots, own: Slots): Query[] | Refusal {
  const { strike, side, strikes, delta, money, symbols, expiration = '' } = own;
  const isNamed = strike.some((each) => typeof each === 'number');
  const isSeveral = strikesMeant(own).length > 1 || side === 'both' || symbols.length > 1 || expiration.includes(', ');
  const bad = ['base', 'isCount', 'move'].find((slot) => rest[slot as 'base'] !== undefined);
  const { rank, aggregate } = rest;
  const isMean = aggregate === 'average' || aggregate === 'median';
  if (bad !== undefined || isMean || rest.conditions.length > 0 || ((rank ?? aggregate) !== undefined && !isSeveral))
    return notUnderstood('a ranking or condition of one contract');
  if (own.expiration === 'today')
    return unclear(
      '"today" could be the expiration or the moment',
      'write 0dte for the options that expire today, or another expiration',
    );
  if (side === undefined && (isNamed || own.away !== undefined)) own.side = 'both';
  if (symbols.length > 1 && isNamed) return notUnderstood('one strike of several symbols');
  if (strikes !== undefined || (delta !== undefined && strike.length > 0))
    return notUnderstood('a strike together with a choice of strikes');
  // "670p itm?": what it is worth if exercised says so.
  if (rest.asksSize === 'distance') own.fields = [...new Set([distanceOf(own.fields), ...own.fields])];
  else if (money !== undefined && own.away === undefined)
    own.fields = [...new Set([...own.fields, 'intrinsic', ...PRICES_OF_CONTRACT, 'delta'])];
  own.fields = own.fields.map((name) => (name === 'spread / mid' ? 'spreadPercent' : name));
  // "which is better, the 160 or the 165 put": the table of both tells.
  const isOfNone = own.fields.length === 0 && rank?.by === undefined;
  const order = isOfNone
    ? undefined
    : (rank?.order ?? (aggregate !== undefined && ENDS.has(aggregate) ? (aggregate as 'highest') : undefined));
  for (const each of [rest, own]) {
    delete each.rank;
    if (aggregate !== 'total') delete each.aggregate;
  }
  const figures = own.fields.filter((name) => name !== 'strike');
  const first = figures.find((name) => name.startsWith('premiumOf')) ?? figures[0] ?? 'mid';
  const by = rank?.by === undefined || /^(?:last|distance|money)$/.test(rank.by) ? first : rank.by;
  if (order !== undefined) own.rank = { order, by: /^(?:bid|ask|last)$/.test(by) ? 'mid' : by };
  if (own.away === undefined) delete own.money;
  delete rest.quantity;
  delete rest.aggregate;
  return [queryOf('contract', own)];
}

/** The side of the one contract that a strategy has. */
const SIDE_OF: Readonly<Record<string, Side>> = {
  'cash-secured-put': 'put',
  'long-put': 'put',
  'covered-call': 'call',
  'long-call': 'call',
  'short-call': 'call',
};

const isOneEach = ({ form, strategy = '', ...last }: Query): boolean =>
  (form === 'contract' || form === 'chain' || (form === 'strategy' && strategy in SIDE_OF)) &&
  strikesMeant(last).length > 0;

/** What a follow-up makes of the contracts of before: so many of them, how far they are, another one. */
export function changeOfContract(last: Query, own: Slots): Slots | Refusal | undefined {
  if (!isOneEach(last) || own.symbols.length > 0 || names(own, 'forms', 'conditions', 'base', 'strategy'))
    return undefined;
  const {
    form: _form,
    columns: _columns,
    isYesNo: _asked,
    follow: _follow,
    corrected: _corrected,
    rank: _rank,
    ...kept
  } = last;
  const { pronoun: _pronoun, fields, ...named } = own;
  const given = Object.fromEntries(
    Object.entries(named).filter(([, value]: [string, unknown]) => !Array.isArray(value) || value.length > 0),
  );
  const isPrice = fields.every((name) => PRICES_OF_CONTRACT.includes(name) || name === 'last');
  // "vs the 685 call": each of its own side.
  if (last.form === 'contract' && own.isComparison === true && own.strike.length > 0) {
    const sides = [
      ...last.strike.map((each) => [each, last.side]),
      ...own.strike.map((each) => [each, own.side ?? last.side]),
    ];
    const sideOf = Object.fromEntries(sides.filter(([, side]) => side === 'call' || side === 'put')) as Record<
      string,
      Side
    >;
    const { isComparison: _compares, ...others } = given as Partial<Slots>;
    const isMixed = own.side !== undefined && own.side !== last.side;
    return {
      ...kept,
      ...others,
      ...(isMixed ? { side: 'both' } : {}),
      strike: [...last.strike, ...own.strike],
      sideOf,
    };
  }
  if (last.form === 'strategy') {
    const isOfContract = fields.includes(FROM_SPOT) || own.asksSize === 'distance';
    const { strategy, legs: _legs, isShort: _short, ofStrategy: _figure, ...before } = kept;
    return isOfContract ? { ...before, side: SIDE_OF[strategy ?? ''] ?? 'call', fields: [FROM_SPOT] } : undefined;
  }
  if (own.ofStrategy !== undefined) return asSold(last, own);
  if (names(own, 'quantity', 'traded', 'book') && isPrice && !names(own, 'strike', 'side', 'delta')) {
    return { ...kept, ...given, fields: fields.length > 0 ? fields : PRICES_OF_CONTRACT };
  }
  const isFar = own.asksSize === 'distance';
  if (isFar && fields.length === 0 && !names(own, 'strike', 'side', 'delta', 'expiration')) {
    const { asksSize: _size, isTarget: _target, move: _move, unit, ...others } = given as Partial<Slots>;
    return { ...kept, ...others, fields: [unit === 'dollars' ? 'strike - spot' : distanceOf(last.fields)] };
  }
  return undefined;
}

/** `annualized?`, `how much cash for that`: of the contract as one that is sold. */
function asSold(last: Query, { ofStrategy, quantity = last.quantity }: Slots): Slots | Refusal {
  const { symbols, side, expiration, strike, delta } = last;
  if (side === undefined || side === 'both') return notUnderstood(`"${ofStrategy ?? ''}" without a strategy`);
  const [only, ...more] = strike;
  const isByStrategy = symbols.length === 1 && more.length === 0 && (only === undefined || typeof only === 'number');
  if (!isByStrategy || (only === undefined && typeof delta !== 'number')) {
    const { form: _form, columns: _columns, ...kept } = last;
    return { ...kept, fields: [...PRICES_OF_CONTRACT, side === 'put' ? OF_STRIKE : OF_SPOT, YEARLY] };
  }
  return {
    ...emptySlots(),
    symbols,
    strategy: side === 'put' ? 'cash-secured-put' : 'covered-call',
    strike,
    ...(expiration === undefined ? {} : { expiration }),
    ...(only === undefined && delta !== undefined ? { delta } : {}),
    ...(quantity === undefined ? {} : { quantity }),
  };
}
