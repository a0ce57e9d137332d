// A part of a question while its tokens are taken: the slots filled so far and what is still open, with what every step
// needs to know of them: what a bound is of, what a distance can be from, what concerns options.
import { monthNumber } from '../../domain/date-words.ts';
import { findField } from '../../fields/registry.ts';
import {
  type Condition,
  type Refusal,
  type Slots,
  emptySlots,
  hasContent,
  isOneDay,
  names,
  unclear,
  wordsIn,
} from './query.ts';
import type { Aggregate, Token } from '../words/tokens.ts';

const NEGATED: Readonly<Record<string, string>> = { '>': '<=', '<': '>=', '>=': '<', '<=': '>' };
export const FLIPPED: Readonly<Record<string, string>> = { '>': '<', '<': '>', '>=': '<=', '<=': '>=' };
export const FUNCTIONS: Readonly<Record<Aggregate, string>> = {
  highest: 'highest',
  lowest: 'lowest',
  average: 'avg',
  median: 'median',
  total: 'sum',
};
export const PRICES = new Set(['last', 'close', 'ohlc']);

/** Volatility over 40 is 40 %. */
export function boundOf(left: string, value: number, isPercent: boolean): string {
  if (left === 'delta' && Math.abs(value) > 1) return String(value / 100);
  const isFraction = (isPercent || value > 3) && (findField(left) ?? findField(left, 'contract'))?.unit === 'fraction';
  return String(isFraction ? value / 100 : value);
}

export class Draft {
  readonly tokens: readonly Token[];
  readonly slots: Slots = emptySlots();
  readonly dates: (Token & { is: 'date' })[] = [];
  readonly unused: string[] = [];
  readonly has: ReadonlySet<string>;
  /** The bound of a condition is to come. */
  relation: { operator: string; text: string; isUsed?: true } | undefined;
  /** `more than 10 percent`, until it is clear of what. */
  offset:
    | { operator: string; value: number; isPercent: boolean; isOfMove: boolean; isMoney?: true; isOfSide?: true }
    | undefined;
  crosses = false;
  /** `fell below`: a price that was come to. */
  isReached = false;
  /** A number says how many symbols are meant. */
  countsSubjects = false;
  /** Where the token that is being taken stands. */
  at = 0;
  times: (Token & { is: 'times' }) | undefined;
  drops = false;
  isNegated = false;
  number: (Token & { is: 'number' }) | undefined;
  unit: (Token & { is: 'unit' }) | undefined;
  isAllTime = false;
  /** A size in points or dollars. */
  readonly isInDollars: boolean;
  isBothEnds = false;
  isSince = false;
  isCombined = false;
  /** Of the figure named last, its first name. */
  named: string | undefined;
  /** Each with the figures named after it. */
  readonly aggregates: { aggregate: Aggregate; fields: string[] }[] = [];

  constructor(tokens: readonly Token[], isYesNo: boolean) {
    this.tokens = tokens;
    // "is it near its low": how far it is tells.
    const isNear = tokens.some(({ is, text }) => is === 'from' && /^(?:near|close)\b/i.test(text));
    const isOfContracts = tokens.some(({ is }) => is === 'side' || is === 'strike' || is === 'strategy');
    this.has = new Set([...tokens.map(({ is }) => is), ...(isYesNo && isNear && !isOfContracts ? ['distance'] : [])]);
    this.isInDollars = tokens.some(
      ({ is, text }) => is === 'dollars' || (/^(?:filler|howMuch)$/.test(is) && /\b(?:points?|pts|point)$/i.test(text)),
    );
    if (isYesNo) this.slots.isYesNo = true;
    if (/^(?:what|whats|what is|explain)\b/i.test(tokens[0]?.text ?? '')) this.slots.isWhat = true;
    if (this.has.has('which')) this.slots.isWhich = true;
  }
}

export function isDistance(draft: Draft): boolean {
  if (draft.has.has('distance') && !(draft.slots.isYesNo && draft.relation !== undefined)) return true;
  const asksSize = draft.has.has('howMuch') || draft.tokens.some((token) => token.is === 'percent');
  // "how much does it need to rise to be at its high"
  const isAsked = draft.has.has('target') || draft.has.has('from');
  return asksSize && (draft.relation !== undefined || (isAsked && draft.has.has('move')));
}

/** What a distance can be from: prices only those of a day that is named. */
export function isBase(draft: Draft, name: string): boolean {
  return !PRICES.has(name) || (name === 'close' && draft.has.has('date'));
}

export function subject(draft: Draft): string {
  const { fields, move } = draft.slots;
  const last = fields.findLast((each) => each !== 'ohlc');
  if (draft.named !== undefined && fields.includes(draft.named)) return draft.named;
  return last ?? (move === undefined ? 'last' : 'changePercent');
}

export function addCondition(draft: Draft, left: string, operator: string, right: string): void {
  const expression = `${left} ${operator} ${right}`;
  // "support under the price" of now: what a level is anyway.
  if (left === right) return;
  if (!draft.slots.conditions.some((each) => each.expression === expression))
    draft.slots.conditions.push({ expression, left, operator, right });
}

type Offset = NonNullable<Draft['offset']>;

/** A bound as a condition of what it can be of; without a gap or a move of what is shown. */
export function settleOffset(draft: Draft): void {
  const { offset } = draft;
  if (offset === undefined) return;
  draft.offset = undefined;
  if (offset.operator === 'within') draft.unused.push('within');
  else if (!boundGap(draft, offset) && !boundLoss(draft, offset) && !boundMove(draft, offset))
    boundShown(draft, offset);
}

/** `gapped up more than 2%` */
function boundGap(draft: Draft, { operator, value, isPercent }: Offset): boolean {
  const { conditions, scan } = draft.slots;
  const gap = conditions.findIndex(({ expression }) => /^gapPercent [<>] 0$/.test(expression));
  if (gap < 0 && (scan?.startsWith('gap') !== true || !isPercent)) return false;
  const isDown = gap < 0 ? scan === 'gap-down' : conditions[gap]?.expression.includes('<') === true;
  if (gap >= 0) conditions.splice(gap, 1);
  addCondition(
    draft,
    'gapPercent',
    isDown ? (FLIPPED[operator] ?? operator) : operator,
    String(isDown ? -value : value),
  );
  return true;
}

/** `closed below -1%`: no price is below 0. */
function boundLoss(draft: Draft, { operator, value, isPercent }: Offset): boolean {
  const { slots } = draft;
  if (value >= 0 || !isPercent || !slots.fields.every((name) => PRICES.has(name))) return false;
  slots.fields = [];
  delete slots.move;
  addCondition(draft, 'changePercent', operator, String(value));
  return true;
}

/** `up more than 3%`, `down more than 5 dollars` */
function boundMove(draft: Draft, { operator, value, isPercent }: Offset): boolean {
  const { slots } = draft;
  const { move, fields } = slots;
  if (move === undefined && (!isPercent || fields.length > 0)) return false;
  const left = `${fields.includes('changeFromOpenPercent') ? 'changeFromOpen' : 'change'}${isPercent ? 'Percent' : ''}`;
  const isAbsolute = draft.has.has('abs') || move === 'any';
  if (move === 'down' && !isAbsolute) addCondition(draft, left, FLIPPED[operator] ?? operator, String(-value));
  else addCondition(draft, isAbsolute ? `abs(${left})` : left, operator, String(value));
  delete slots.move;
  return true;
}

function boundShown(draft: Draft, offset: Offset): void {
  const { operator, value, isPercent, isMoney, isOfSide } = offset;
  const { conditions, fields } = draft.slots;
  const left = boundFigure(draft, offset);
  const bound = boundOf(left, value, isPercent);
  // "prev close > 3%": no price is a share of anything.
  if (isPercent && /^(?:previousClose|open|high|low)$/.test(left)) draft.unused.push(`${String(value)} percent`);
  if (draft.crosses && !PRICES.has(left)) {
    conditions.push(crossing(left, operator.startsWith('>'), bound));
    return;
  }
  addCondition(draft, left, operator, bound);
  const added = conditions.at(-1);
  if (added !== undefined && (fields.length === 0 || isOfSide === true)) added.isOpen = true;
  if (added !== undefined && isMoney === true) added.isMoney = true;
}

function boundFigure(draft: Draft, { operator, isPercent, isOfSide }: Offset): string {
  const shown = isOfSide === true && !isPercent ? 'last' : subject(draft);
  // "did it fall below 400"
  if (draft.isReached && shown === 'last' && /^did$/i.test(draft.tokens[0]?.text ?? ''))
    return operator.startsWith('<') ? 'low' : 'high';
  // "a premium under 1.50"
  const named = shown === 'bid' && draft.slots.fields.includes('mid') ? 'mid' : shown;
  const sized = isPercent ? (IN_PERCENT[named] ?? named) : named;
  return sized.startsWith('gap') && draft.has.has('abs') ? `abs(${sized})` : sized;
}

/** `drop the ones below`: what is kept is not below. */
export function negated({ expression, ...told }: Condition): Condition[] {
  const [, first, sign, last] = /^(\w+) ([<>]=?) (\S+)$/.exec(expression) ?? [];
  const { left = first, operator = sign ?? '', right = last } = told;
  const turned = NEGATED[operator];
  if (left === undefined || right === undefined || turned === undefined) return [];
  return [{ expression: `${left} ${turned} ${right}`, left, operator: turned, right }];
}

export const OPTION_FORMS = new Set(['chain', 'walls', 'expirations', 'expiry', 'volatility']);

/** Figures that only an expiration or a contract has; the IV and open interest of a symbol are those of its options. */
export function isOfOptions(expression: string): boolean {
  return wordsIn(expression).some((name) => {
    if (/^(?:iv|openInterest|ivRank|skew25|chance\w+)$/.test(name)) return true;
    const of = findField(name)?.of ?? findField(name, 'contract')?.of;
    return of === 'expiration' || of === 'contract';
  });
}

/** `hv10/hv60`, and where a ranking is asked for any two figures: a ratio, not a list. */
export function isSameKind(left: Token | undefined, right: Token | undefined, isRanked: boolean): boolean {
  if (left?.is !== 'field' || right?.is !== 'field') return isRanked && left?.is === 'field' && right?.is === 'delta';
  const family = ({ names }: { names: string[] }): string => (names[0] ?? '').replace(/\d+$/, '');
  return isRanked || (family(left) === family(right) && /\d$/.test(left.names[0] ?? ''));
}

/** Several dates as one phrase; the kind of a date beside the date itself says nothing more. */
export function listOf(known: string | undefined, more: string): string {
  const parts = [...new Set([...(known === undefined ? [] : known.split(', ')), more])];
  const dated = parts.filter((part) => !/^(?:today|weekly|nearest|monthly|next weekly|next monthly)$/.test(part));
  return (dated.length > 0 ? dated : parts).join(', ');
}

/** What a price can be far from. */
export function isLevel(name: string): boolean {
  const field = findField(name.replace(/^\w+\((\w+),.*$/, '$1'));
  return (
    field?.unit === 'usd' &&
    !field.signed &&
    !PRICES.has(name) &&
    !/^(?:atr|range|spread|straddle|expectedMove)/.test(name)
  );
}

/** An aggregate of a range: prices by what has it, the highest of highs and the lowest of lows. */
export function overRange(aggregate: Aggregate, name: string, { move, isSigned, isAbsolute }: Slots): string[] {
  const order = move === 'down' && aggregate === 'highest' ? 'lowest' : aggregate;
  if (name.includes('(') && !name.startsWith('abs(')) return [name];
  const field = fieldOfRange(order, name);
  const sized = /^change(?:Percent)?$/.test(field) && move === 'any' && isSigned !== true ? `abs(${field})` : field;
  if (order === 'average') return [`avg(${sized})`];
  if (order === 'total') return [`sum(${isAbsolute === true ? `abs(${field})` : field})`];
  if (order === 'median') return [`median(${sized})`];
  return [`${FUNCTIONS[order]}(${field})`, `${FUNCTIONS[order]}On(${field})`];
}

function fieldOfRange(order: Aggregate, name: string): string {
  if (name === 'averageVolume') return 'volume';
  if (name !== 'last') return name;
  return order === 'highest' ? 'high' : order === 'lowest' ? 'low' : 'close';
}

/** A symbol's row has no contract: what traders call its IV is that of the money. */
const OF_SYMBOL: Readonly<Record<string, string>> = {
  iv: 'atmIv',
  openInterest: 'optionOpenInterest',
  iv30: 'atmIv',
  ivMinusHv30: '(atmIv - hv30)',
};

/** Names that the registry has stay as they are. */
export function resolved(expression: string): string {
  return expression.replace(/[a-z]\w*/gi, (name) => (findField(name) === undefined ? (OF_SYMBOL[name] ?? name) : name));
}

export const IN_PERCENT: Readonly<Record<string, string>> = {
  range: 'rangePercent',
  atr14: 'atrPercent14',
  spread: 'spreadPercent',
  gap: 'gapPercent',
};

/** All figures that a part is about. */
export const figuresOf = ({ fields, conditions, base = '' }: Slots): string[] => [
  ...fields,
  ...conditions.map(({ expression }) => expression),
  base,
];

export function concernsOptions(draft: Draft): boolean {
  const isOption = names(draft.slots, 'side', 'strike', 'strikes', 'delta', 'money', 'strategy');
  return (
    isOption || draft.slots.forms.some((form) => OPTION_FORMS.has(form)) || figuresOf(draft.slots).some(isOfOptions)
  );
}

const CREDITED =
  /\bcredit\b|^(?:what do i )?collect|^(?:take|taking|bring\w*) in|^receive|^get paid|^(?:ror|roi|return on (?:risk|collateral))$/i;

/** How a trade is spoken of. */
interface Trade {
  isSold: boolean;
  isBought: boolean;
  said(words: RegExp): boolean;
}

/** Which strategy is meant, and on which side of it one is. */
export function settleStrategy(draft: Draft): void {
  const said = (words: RegExp): boolean => draft.tokens.some(({ text }) => words.test(text));
  const trade: Trade = {
    isSold: said(/\b(?:sell|selling|sold|shorting|writing)\b|^(?:short|write)\b/i),
    isBought: said(/\b(?:buy|buying|bought|debit)\b|^long\b/i),
    said,
  };
  settleStraddle(draft);
  settleTarget(draft);
  settleNaked(draft);
  if (said(/^roll/i) && (draft.slots.strategy ?? 'own-legs') === 'own-legs') draft.slots.strategy = 'roll';
  settleReturn(draft, trade);
  settleOne(draft, trade);
  settleSide(draft);
  settlePays(draft);
  settleShort(draft, trade);
}

/** A straddle with a strike, or with what only a strategy has, is one. */
function settleStraddle({ slots, has }: Draft): void {
  const isPriced =
    slots.ofStrategy !== undefined ||
    has.has('short') ||
    typeof slots.strike[0] === 'number' ||
    slots.fields.some((name) => /^(?:breakEven|delta|gamma|theta|vega)$/.test(name));
  if (slots.strategy !== undefined || !slots.fields.includes('straddle') || !isPriced) return;
  slots.strategy = 'straddle';
  slots.fields = slots.fields.filter((name) => name !== 'straddle');
}

/** `where does it have to be for me to make money` */
function settleTarget({ slots }: Draft): void {
  const isContract = slots.strategy !== undefined || (slots.strike.length > 0 && slots.side !== undefined);
  if (isContract && slots.isTarget === true && slots.move === 'up' && slots.base === undefined) toBreakEven(slots);
}

/** `sell a naked 700 call` */
function settleNaked({ slots, tokens }: Draft): void {
  const isNaked = tokens.some(({ text }) => /^(?:naked|uncovered)$/i.test(text));
  if (isNaked && slots.strategy === undefined && slots.side !== undefined && slots.side !== 'both')
    slots.strategy = slots.side === 'put' ? 'cash-secured-put' : 'short-call';
}

/** `yield of selling the 450 put` */
function settleReturn({ slots }: Draft, { isSold, said }: Trade): void {
  const isReturn = slots.move === 'any' && said(/^(?:returns?|yield)$/i);
  if (!isReturn || !(names(slots, 'strategy', 'ofStrategy') || isSold) || !names(slots, 'side', 'strategy')) return;
  slots.ofStrategy ??= 'return';
  delete slots.move;
}

/** `max loss of the 450 put`: of one contract, which is bought or sold. */
function settleOne({ slots }: Draft, { isSold, isBought }: Trade): void {
  const { side, strike, delta } = slots;
  const isOne = side !== undefined && (strike.length === 1 || typeof delta === 'number');
  if (slots.strategy !== undefined || slots.ofStrategy === undefined || !isOne) return;
  const isOfSeller = isSold || (side === 'put' && !isBought);
  slots.strategy = OF_ONE[`${side === 'put' ? 'put' : 'call'} ${isOfSeller ? 'sold' : 'bought'}`] ?? '';
}

/** `a ratio put spread`: its side is in its name; `is my covered call called away`: it is of the contract. */
function settleSide({ slots, tokens }: Draft): void {
  const named = tokens.find((token) => token.is === 'strategy');
  const own = /\b(put|call)\b/i.exec(named?.text ?? '')?.[1]?.toLowerCase();
  if (named?.strategy === 'ratio-spread' && own !== undefined) slots.side ??= own as 'put' | 'call';
  if (!slots.fields.includes('probabilityItm') || !/^(?:covered-call|cash-secured-put)$/.test(slots.strategy ?? ''))
    return;
  slots.side = slots.strategy === 'covered-call' ? 'call' : 'put';
  delete slots.strategy;
}

/** `credit for a strangle`: only who sells one gets it. */
function settleShort({ slots, tokens, unused }: Draft, { isSold, isBought, said }: Trade): void {
  const short = tokens.find((token) => token.is === 'short');
  const { strategy } = slots;
  if (short !== undefined && slots.forms.includes('positions')) slots.isShort = true;
  else if (short !== undefined && strategy === undefined) unused.push(short.text);
  const isOfSeller = short !== undefined || (!isBought && (isSold || said(CREDITED)));
  if (strategy === undefined || !isOfSeller) return;
  if (/^(?:straddle|strangle|butterfly|calendar)$/.test(strategy)) slots.isShort = true;
  slots.strategy = SOLD[strategy] ?? strategy;
}

/** To make money with options is to be past the break-even. */
export function toBreakEven(slots: Slots): void {
  delete slots.move;
  delete slots.isTarget;
  slots.fields.push('breakEven');
}

const OF_ONE: Readonly<Record<string, string>> = {
  'put sold': 'cash-secured-put',
  'put bought': 'long-put',
  'call sold': 'covered-call',
  'call bought': 'long-call',
};
/** Who sells a spread sells the one that brings a credit. */
const SOLD: Readonly<Record<string, string>> = {
  'call-debit-spread': 'call-credit-spread',
  'put-debit-spread': 'put-credit-spread',
};

/** `what does it pay`: of options the premium, of shares the dividend. */
function settlePays(draft: Draft): void {
  const pays = draft.tokens.find(({ is }) => is === 'pays');
  if (pays === undefined || draft.slots.forms.includes('expirations')) return;
  const { slots } = draft;
  // "what does it pay": no question about a word.
  if (names(slots, 'symbols', 'strike', 'side', 'delta', 'bare')) delete slots.isDefinition;
  const next = draft.tokens.slice(draft.tokens.indexOf(pays) + 1).find(({ is }) => is !== 'filler');
  // "break-even if I pay the ask"
  if (next?.is === 'field' && /^(?:ask|bid|mid)$/.test(next.names[0] ?? '')) draft.unused.push(pays.text);
  else if (slots.strategy !== undefined) slots.ofStrategy ??= pays.text;
  // "when does it pay": a dividend.
  else if (/^pay/i.test(pays.text) && slots.forms.join() === 'expiry' && slots.fields.length === 0)
    slots.forms = ['events'];
  else if (concernsOptions(draft)) {
    if (slots.fields.every((name) => name === 'strike' || PRICES.has(name))) slots.fields.push('bid', 'ask', 'mid');
  } else if (draft.number !== undefined && slots.symbols.length === 0) slots.fields.push('bid', 'ask', 'mid');
  else if (/^pay/i.test(pays.text) && slots.forms.length + slots.fields.length === 0)
    slots.fields.push('dividendYield');
}

/** A figure that crossed another. */
export function crossing(left: string, isUp: boolean, right: string): Condition {
  const [over, under] = isUp ? [left, right] : [right, left];
  return { expression: `crosses(${over}, ${under})`, left, operator: isUp ? 'crossed above' : 'crossed below', right };
}

export const conditionOf = (left: string, operator: string, right: string): Condition => ({
  expression: `${left} ${operator} ${right}`,
  left,
  operator,
  right,
});

/** What was bought on a day was bought at its close, or at the price of it that is named, and has changed since. */
export function settleHolding(draft: Draft): void {
  const slots = draft.slots;
  const { range, amount, quantity } = slots;
  const isBought = amount !== undefined || (quantity !== undefined && (draft.has.has('paid') || draft.has.has('gain')));
  if (!isBought || slots.base !== undefined || range === undefined || range === 'today') return;
  if (!isOneDay(range) && !/ ago$/.test(range)) return;
  slots.range = `since ${range}`;
  slots.base = slots.fields.includes('open') ? 'open' : 'first';
  delete slots.expiration;
  slots.fields = slots.fields.filter((name) => !PRICES.has(name));
}

/** `compared with three years ago`, `between now and the end of 2025`: of one symbol the change since then. */
export function settleComparedDay(draft: Draft): void {
  const slots = draft.slots;
  const [level = ''] = slots.fields;
  // "tsla vs its 10 week line"
  if (
    slots.isComparison === true &&
    slots.symbols.length === 1 &&
    slots.fields.length === 1 &&
    isLevel(level) &&
    !names(slots, 'base', 'conditions')
  ) {
    slots.base = level;
    slots.fields = [];
    delete slots.isComparison;
    return;
  }
  const isCompared = slots.isComparison === true || draft.has.has('minus');
  const isOfPrice = slots.fields.every((name) => PRICES.has(name)) && slots.forms.length === 0;
  const isOfOther = slots.symbols.length === 0 && !/ ago$/.test(slots.range ?? '');
  if (
    !isCompared ||
    slots.symbols.length > 1 ||
    isOfOther ||
    slots.range === undefined ||
    !isOfPrice ||
    slots.base !== undefined
  )
    return;
  if (!/ ago$|^\d{4}-\d\d-\d\d$/.test(slots.range) || draft.dates.length > 0) return;
  slots.range = `since ${slots.range}`;
  slots.fields = [];
  slots.forms.push('bars');
  delete slots.isComparison;
}

/** `where was it a year ago, and where is it now`: the price of now beside it. */
export function besideNow(draft: Draft): (Slots | Refusal)[] {
  const slots = draft.slots;
  const { range, follow: _follow, ...now } = slots;
  const isThen = range !== undefined && !/^(?:since|past|last \d|today|this|ytd|mtd|qtd)/.test(range);
  const isPrice = slots.fields.every(isPriceOfBar);
  const isDaily = slots.fields.every((name) => findField(name)?.entry.series !== undefined);
  const isPlain = !names(slots, 'base', 'move', 'rank', 'aggregate', 'quantity', 'conditions', 'forms');
  return isThen && (isPrice || isDaily) && asksNow(draft) && isPlain
    ? [slots, isPrice ? { ...now, fields: ['last'] } : now]
    : [slots];
}

const asksNow = ({ tokens }: Draft): boolean =>
  tokens.some(
    ({ is, text }, at) =>
      (is === 'filler' || is === 'follow') &&
      /(?:^|\s)now$/i.test(text) &&
      // "now and yesterday"
      (at > tokens.findIndex((each) => each.is === 'date') || tokens[at + 1]?.is === 'joiner'),
  );

const isPriceOfBar = (name: string): boolean => PRICES.has(name) || /^(?:open|high|low)$/.test(name);

/** `this week, this month, this year`: the same for each of the dates. */
export function perDate(draft: Draft): (Slots | Refusal)[] {
  const { isComparison: _compares, ...slots } = draft.slots;
  const kind = slots.range === undefined ? 'expiration' : 'range';
  const isSeries = slots.interval !== undefined && slots.aggregate !== undefined;
  const isOfOne = !isSeries && !names(slots, 'base', 'conditions', 'isTarget');
  const own = draft.dates.map((date) => date[kind]);
  if (!isOfOne || own.includes(undefined) || slots[kind] === undefined || slots.pronoun !== undefined)
    return [unclear('two dates in one question', 'ask for one at a time')];
  const { range: _range, follow: _follow, ...now } = slots;
  const isBesideNow = kind === 'range' && asksNow(draft) && slots.fields.every(isPriceOfBar);
  return [
    slots,
    ...own.map((date) => ({ ...slots, conditions: [...slots.conditions], [kind]: date as string })),
    ...(isBesideNow && !names(slots, 'forms', 'move') ? [{ ...now, fields: ['last'] }] : []),
  ];
}

type DateToken = Token & { is: 'date' };

/** `does it have weeklies`, `all december expirations`, `spy december expiration`: which form of dates it asks for. */
function listingOf({ text }: DateToken, { tokens, slots }: Draft): 'expirations' | 'expiry' | undefined {
  const [, own, plural] = /^(?:weekl(?:ie|y)s|monthl(?:ie|y)s)$|\b(exp|expir(?:ation|y|ie))(s?)$/i.exec(text) ?? [];
  if (hasContent(slots) || (own === undefined && !/^(?:weekl|monthl)\w+s$/i.test(text))) return undefined;
  const isAll = tokens.some((each) => /^(?:all|each|every|dates)$/i.test(each.text));
  return own === undefined || plural === 's' || isAll ? 'expirations' : 'expiry';
}

/** `trading days until jan opex`: one day. */
function joinMonthly(dates: DateToken[]): void {
  const month = dates.findIndex(({ expiration }) => monthNumber(expiration) !== undefined);
  const named = dates[month];
  if (named === undefined || dates[month + 1]?.expiration !== 'monthly') return;
  dates.splice(month, 2, { is: 'date', expiration: `${named.expiration ?? ''} monthly`, text: named.text });
}

/** `wednesday weeklies`: the list tells which there are. */
function listsWeeklies(dates: readonly DateToken[], slots: Slots): boolean {
  const isNoun = dates.some(({ text }) => /^(?:weekl|monthl)ies$|^dailies$/i.test(text));
  if (dates.length < 2 || !isNoun || hasContent(slots)) return false;
  slots.forms.push('expirations');
  return true;
}

/** `is the market open on christmas eve`: the next one, where nothing speaks of the past. */
function settleDateToCome({ tokens }: Draft, date: Token & { is: 'date' }, isDue: boolean): void {
  if (isDue && OF_MONTHLY.test(date.text) && monthNumber(date.expiration) !== undefined)
    date.expiration = `${date.expiration ?? ''} monthly`;
  if (date.range === undefined || date.expiration === undefined) return;
  const isPast = tokens.some(({ text }) => /\b(?:was|were|did|traded|last)\b/i.test(text));
  // "christmas week": all of the next one.
  if (!isPast && / to |^week of /.test(date.range)) date.range = `week of ${date.expiration}`;
  if (isPast || /w(?:ee)?k|month|year/.test(date.range)) delete date.expiration;
  else delete date.range;
}

/** "the 18th instead, how much more" leaves what is asked to what stands before it. */
function asksMatter({ slots, has }: Draft): boolean {
  const isMore = slots.rank?.by === undefined && has.has('howMuch') && slots.symbols.length === 0;
  return hasContent(isMore ? { ...slots, rank: undefined as never } : slots);
}

/** What a question with dates is about. */
interface DatesOf {
  /** All dates of it. */
  all: readonly DateToken[];
  isOption: boolean;
  isOfCalendar: boolean;
  /** Of dates of a company to come. */
  isDue: boolean;
}

/** Which reading of a date counts: that of an expiration beside options, else that of the past. */
export function settleDates(draft: Draft): void {
  const { slots } = draft;
  const isOfCalendar = slots.forms.includes('market') || slots.forms.includes('holidays');
  const isOption = concernsOptions(draft);
  const isDue = isOfDates(slots);
  if (isOfCalendar || isDue || slots.forms.includes('expiry') || (slots.isCount === true && slots.symbols.length === 0))
    joinMonthly(draft.dates);
  settleBeyond(draft);
  const found = draft.dates.splice(0);
  if (listsWeeklies(found, slots)) return;
  // "is today the biggest up day in the past month"
  const isExtreme = slots.isYesNo === true && (draft.has.has('bestDay') || names(slots, 'rank', 'aggregate'));
  const all = isExtreme && found.length > 1 ? found.filter(({ range }) => range !== 'today') : found;
  const of = { all, isOption, isOfCalendar, isDue };
  for (const date of all) if (!ROLES_OF_DATE.some((takes) => takes(draft, date, of))) draft.dates.push(date);
}

/** `the next expiration after friday`: those behind it. */
function settleBeyond({ slots, dates }: Draft): void {
  const isBeyond = dates.some(({ expiration }) => expiration?.includes('..') === true);
  const soonest = isBeyond ? dates.findIndex(({ expiration }) => expiration === 'nearest') : -1;
  if (soonest < 0) return;
  dates.splice(soonest, 1);
  slots.forms.push('expirations');
}

const ROLES_OF_DATE: readonly ((draft: Draft, date: DateToken, of: DatesOf) => boolean)[] = [
  takeSession,
  takeListing,
  takeEachExpiration,
  (draft, date, of) => {
    readAhead(draft, date, of);
    return false;
  },
  takeInterval,
  takeMoreExpirations,
  takeBothReadings,
  takeExpiration,
  takeRange,
];

/** `option volume today`: of the session, not of what expires with it. */
function takeSession({ slots }: Draft, { text, expiration }: DateToken): boolean {
  const isToday = /^today/i.test(text) && expiration === 'today';
  if (!isToday || ![...slots.fields, slots.rank?.by ?? ''].some((name) => /volume$/i.test(name))) return false;
  if (slots.isEach !== true) slots.range ??= 'today';
  return true;
}

/** `does it have weeklies`, `which dailies are listed`: the dates themselves. */
function takeListing(draft: Draft, date: DateToken, { all }: DatesOf): boolean {
  const { slots } = draft;
  const listing = all.length === 1 ? listingOf(date, draft) : undefined;
  if (listing === undefined) return false;
  slots.forms.push(listing);
  if (/^monthl/i.test(date.text)) slots.expiration = 'monthly';
  else if (/exp/i.test(date.text) && date.expiration !== undefined) slots.expiration = date.expiration;
  return true;
}

/** `iv of all december expirations`: a row each. */
function takeEachExpiration({ slots, tokens }: Draft, { text, expiration }: DateToken): boolean {
  const isEach =
    /\b(?:expirations|expiries|exps)$/i.test(text) && tokens.some((each) => /^(?:all|each|every)$/i.test(each.text));
  if (!isEach || expiration === undefined) return false;
  slots.isEach = true;
  slots.expiration = monthNumber(expiration) !== undefined ? `in ${expiration}` : expiration;
  return true;
}

/** `qqq oct high`: without options a month is one that has passed; of the calendar a date is the next one. */
function readAhead(draft: Draft, date: DateToken, { isOption, isOfCalendar, isDue }: DatesOf): void {
  const { range, expiration = '' } = date;
  if (isOfCalendar || isDue) settleDateToCome(draft, date, isDue);
  else if (!isOption && range === undefined && monthNumber(expiration) !== undefined && hasContent(draft.slots))
    date.range = `in ${expiration}`;
}

/** `weekly`: the size of bars, where by itself it may be the expiration of a follow-up. */
function takeInterval({ slots }: Draft, { interval, expiration }: DateToken, { all, isOption }: DatesOf): boolean {
  if (interval === undefined || isOption) return false;
  slots.interval = interval;
  if (all.length === 1 && !hasContent(slots) && expiration !== undefined) slots.expiration = expiration;
  return true;
}

/** `dec 18 vs jan 15 straddle` */
function takeMoreExpirations({ slots }: Draft, { expiration }: DateToken, { isOption }: DatesOf): boolean {
  const isBeside = isOption && slots.isComparison === true && slots.symbols.length < 2;
  if (!isBeside || slots.expiration === undefined || expiration === undefined) return false;
  slots.expiration += `, ${expiration}`;
  return true;
}

/** By itself a date has the reading that the question before can take. */
function takeBothReadings(draft: Draft, { range, expiration }: DateToken, { isOption }: DatesOf): boolean {
  const { slots } = draft;
  if (range === undefined || expiration === undefined || slots.range !== undefined) return false;
  if (isOption || asksMatter(draft)) return false;
  slots.range = range;
  slots.expiration ??= expiration;
  return true;
}

const isExpiration = ({ range, expiration, interval }: DateToken, { isOption }: DatesOf): boolean =>
  expiration !== undefined && (isOption || range === undefined || interval !== undefined);

function takeExpiration({ slots }: Draft, date: DateToken, of: DatesOf): boolean {
  if (!isExpiration(date, of) || (slots.expiration !== undefined && !of.isOption)) return false;
  const { expiration = '' } = date;
  slots.expiration = slots.expiration === undefined ? expiration : listOf(slots.expiration, expiration);
  return true;
}

function takeRange({ slots }: Draft, date: DateToken, of: DatesOf): boolean {
  if (isExpiration(date, of) || date.range === undefined || slots.range !== undefined) return false;
  slots.range = date.range;
  if (date.expiration !== undefined && of.isOption) slots.expiration ??= date.expiration;
  return true;
}

export const OF_DATES = new Set(
  'nextEarnings daysToEarnings exDividend lastEarnings lastExDividend lastDividend daysToExDividend earningsTime dividendAmount'.split(
    ' ',
  ),
);
/** A day on which options expire. */
export const OF_MONTHLY = /exp|opex|monthl/i;

/** Dates of a company, and nothing else of it. */
export const isOfDates = ({ fields }: Slots): boolean =>
  fields.length > 0 && fields.every((name) => OF_DATES.has(name));

/** `over 0.20 delta`, `under 0.35` */
export function boundedDelta(draft: Draft, delta: NonNullable<Slots['delta']>): NonNullable<Slots['delta']> {
  const relation = draft.relation;
  if (relation === undefined || typeof delta === 'object') return delta;
  draft.relation = undefined;
  const before = typeof draft.slots.delta === 'object' ? draft.slots.delta : { from: 0, to: 1 };
  return relation.operator.startsWith('>') ? { ...before, from: delta } : { ...before, to: delta };
}

/** `higher than yesterday's`, `lower than a year ago`: a figure against that of the day before, the price against that day. */
export function comparesDays(draft: Draft, operator: string): boolean {
  const slots = draft.slots;
  const days = draft.dates.map(({ range = '' }) => range);
  const last = days.at(-1);
  if (last === undefined || slots.conditions.length > 0) return false;
  const [field] = slots.fields;
  if (
    field !== undefined &&
    slots.fields.length === 1 &&
    last === 'yesterday' &&
    days.every((day) => day === 'today' || day === 'yesterday')
  ) {
    draft.dates.splice(0);
    addCondition(draft, field, operator, `ago(${field}, 1)`);
    return true;
  }
  if (field !== undefined && days.length > 1) return true;
  const isAgo = / ago$/.test(last) || /^\d{4}-\d\d-\d\d$/.test(last);
  if (field !== undefined || !isAgo || days.length > 1 || slots.move !== undefined) return false;
  if (draft.has.has('howMuch')) slots.move = 'any';
  else addCondition(draft, 'changePercent', operator, '0');
  draft.dates[0] = { ...(draft.dates[0] as Token & { is: 'date' }), range: `since ${last}` };
  return true;
}
