// A part of a question while its tokens are taken: the slots filled so far and what is still open, with what every step
// needs to know of them: what a bound is of, what a distance can be from, what concerns options.
import { findField } from '../../fields/registry.ts';
import { type Condition, type Query, type Slots, emptySlots } from './query.ts';
import type { Token } from './read.ts';
import type { Aggregate } from './words.ts';

export const NEGATED: Readonly<Record<string, string>> = { '>': '<=', '<': '>=', '>=': '<', '<=': '>' };
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
  offset: { operator: string; value: number; isPercent: boolean; isOfMove: boolean; isMoney?: true } | undefined;
  crosses = false;
  /** Where the token that is being taken stands. */
  at = 0;
  times: (Token & { is: 'times' }) | undefined;
  drops = false;
  isNegated = false;
  number: (Token & { is: 'number' }) | undefined;
  unit: (Token & { is: 'unit' }) | undefined;
  isAllTime = false;
  isBothEnds = false;
  isCombined = false;
  /** Of the figure named last, its first name. */
  named: string | undefined;
  /** Each with the figures named after it. */
  readonly aggregates: { aggregate: Aggregate; fields: string[] }[] = [];

  constructor(tokens: readonly Token[], isYesNo: boolean) {
    this.tokens = tokens;
    this.has = new Set(tokens.map(({ is }) => is));
    if (isYesNo) this.slots.isYesNo = true;
    if (/^(?:what|whats|what is|explain)\b/i.test(tokens[0]?.text ?? '')) this.slots.isWhat = true;
    if (this.has.has('which')) this.slots.isWhich = true;
  }
}

export function isDistance(draft: Draft): boolean {
  if (draft.has.has('distance') && !(draft.slots.isYesNo && draft.relation !== undefined)) return true;
  const asksSize = draft.has.has('howMuch') || draft.tokens.some((token) => token.is === 'percent');
  return asksSize && (draft.relation !== undefined || (draft.has.has('from') && draft.has.has('move')));
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
  if (!draft.slots.conditions.some((each) => each.expression === expression))
    draft.slots.conditions.push({ expression, left, operator, right });
}

export function settleOffset(draft: Draft): void {
  if (draft.offset === undefined) return;
  const { operator, value, isPercent, isMoney } = draft.offset;
  const slots = draft.slots;
  draft.offset = undefined;
  if (operator === 'within') {
    draft.unused.push('within');
    return;
  }
  const { move } = slots;
  const gap = slots.conditions.findIndex(({ expression }) => /^gapPercent [<>] 0$/.test(expression));
  if (gap >= 0 || (slots.scan?.startsWith('gap') === true && isPercent)) {
    const isDown = gap < 0 ? slots.scan === 'gap-down' : slots.conditions[gap]?.expression.includes('<') === true;
    if (gap >= 0) slots.conditions.splice(gap, 1);
    const signed = isDown ? -value : value;
    addCondition(draft, 'gapPercent', isDown ? (FLIPPED[operator] ?? operator) : operator, String(signed));
    return;
  }
  if (move !== undefined || (isPercent && slots.fields.length === 0)) {
    const isFromOpen = slots.fields.includes('changeFromOpenPercent');
    const left = `${isFromOpen ? 'changeFromOpen' : 'change'}${isPercent ? 'Percent' : ''}`;
    if (draft.has.has('abs')) addCondition(draft, `abs(${left})`, operator, String(value));
    else if (move === 'down') addCondition(draft, left, FLIPPED[operator] ?? operator, String(-value));
    else if (move === 'any') addCondition(draft, `abs(${left})`, operator, String(value));
    else addCondition(draft, left, operator, String(value));
    delete slots.move;
    return;
  }
  const shown = subject(draft);
  // "a premium under 1.50"
  const named = shown === 'bid' && slots.fields.includes('mid') ? 'mid' : shown;
  const left = isPercent ? (IN_PERCENT[named] ?? named) : named;
  addCondition(draft, left, operator, boundOf(left, value, isPercent));
  const added = slots.conditions.at(-1);
  if (added !== undefined && slots.fields.length === 0) added.isOpen = true;
  if (added !== undefined && isMoney === true) added.isMoney = true;
}

/** `under $15 that are up more than 3%`: the first bound was of the price, before a move was named. */
export function settlePending(draft: Draft): void {
  const { offset, slots } = draft;
  if (offset === undefined || offset.operator === 'within') return;
  const { move } = slots;
  if (!offset.isOfMove) delete slots.move;
  settleOffset(draft);
  if (!offset.isOfMove && move !== undefined) slots.move = move;
}

/** `drop the ones below`: what is kept is not below. */
export function negated({ left, operator = '', right }: Condition): Condition[] {
  const turned = NEGATED[operator];
  if (left === undefined || right === undefined || turned === undefined) return [];
  return [{ expression: `${left} ${turned} ${right}`, left, operator: turned, right }];
}

export const OPTION_FORMS = new Set(['chain', 'walls', 'expirations', 'expiry', 'volatility']);

/** Figures that only an expiration or a contract has; the IV and open interest of a symbol are those of its options. */
export function isOfOptions(expression: string): boolean {
  return (expression.match(/[a-z]\w*/gi) ?? []).some((name) => {
    if (name === 'iv' || name === 'openInterest' || name === 'ivRank' || name === 'skew25') return true;
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
  if (name.includes('(')) return [name];
  const field = fieldOfRange(order, name);
  const sized = field === 'changePercent' && move === 'any' && isSigned !== true ? 'abs(changePercent)' : field;
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

export const IN_PERCENT: Readonly<Record<string, string>> = {
  range: 'rangePercent',
  atr14: 'atrPercent14',
  spread: 'spreadPercent',
};

export function concernsOptions(draft: Draft): boolean {
  const { forms, fields, side, strike, strikes, delta, money, conditions, base, strategy } = draft.slots;
  const isOption = [side, strikes, delta, money, strategy].some((each) => each !== undefined) || strike.length > 0;
  const named = [...fields, ...conditions.map(({ expression }) => expression), base ?? ''];
  return isOption || forms.some((form) => OPTION_FORMS.has(form)) || named.some(isOfOptions);
}

/** A straddle with a strike, or with what only a strategy has, is one. */
export function settleStrategy(draft: Draft): void {
  const slots = draft.slots;
  const isPriced = slots.ofStrategy !== undefined || draft.has.has('short') || slots.fields.includes('breakEven');
  if (
    slots.strategy === undefined &&
    slots.fields.includes('straddle') &&
    (isPriced || typeof slots.strike[0] === 'number')
  ) {
    slots.strategy = 'straddle';
    slots.fields = slots.fields.filter((name) => name !== 'straddle');
  }
  const said = (words: RegExp): boolean => draft.tokens.some(({ text }) => words.test(text));
  const isSold = said(/\b(?:sell|selling|sold|shorting|writing)\b|^(?:short|write)\b/i);
  const isBought = said(/\b(?:buy|buying|bought)\b|^long\b/i);
  // "where does it have to be for me to make money"
  const isContract = slots.strategy !== undefined || (slots.strike.length > 0 && slots.side !== undefined);
  if (isContract && slots.isTarget === true && slots.move === 'up' && slots.base === undefined) toBreakEven(slots);
  // "sell a naked 700 call"
  const naked = draft.tokens.find(({ text }) => /^(?:naked|uncovered)$/i.test(text));
  if (naked !== undefined && slots.strategy === undefined && slots.side !== undefined && slots.side !== 'both')
    slots.strategy = slots.side === 'put' ? 'cash-secured-put' : 'short-call';
  // "max loss of the 450 put": of one contract, which is bought or sold.
  if (said(/^roll/i)) slots.strategy ??= 'roll';
  const isReturn =
    slots.move === 'any' &&
    said(/^(?:returns?|yield)$/i) &&
    (slots.strategy !== undefined || slots.ofStrategy !== undefined || isSold);
  if (isReturn && (slots.side !== undefined || slots.strategy !== undefined)) {
    slots.ofStrategy ??= 'return';
    delete slots.move;
  }
  if (
    slots.strategy === undefined &&
    slots.ofStrategy !== undefined &&
    (slots.strike.length === 1 || typeof slots.delta === 'number') &&
    slots.side !== undefined
  )
    slots.strategy =
      OF_ONE[
        `${slots.side === 'put' ? 'put' : 'call'} ${isSold || (slots.side === 'put' && !isBought) ? 'sold' : 'bought'}`
      ] ?? '';
  // "a ratio put spread": its side is in its name.
  const named = draft.tokens.find((token) => token.is === 'strategy');
  const own = /\b(put|call)\b/i.exec(named?.text ?? '')?.[1]?.toLowerCase();
  if (named?.strategy === 'ratio-spread' && own !== undefined) slots.side ??= own as 'put' | 'call';
  // "how likely is my covered call to be called away": of its contract.
  if (slots.fields.includes('probabilityItm') && /^(?:covered-call|cash-secured-put)$/.test(slots.strategy ?? '')) {
    slots.side = slots.strategy === 'covered-call' ? 'call' : 'put';
    delete slots.strategy;
  }
  settlePays(draft);
  const short = draft.tokens.find((token) => token.is === 'short');
  const { strategy } = slots;
  if (short !== undefined && strategy === undefined) draft.unused.push(short.text);
  if (strategy === undefined || (short === undefined && !isSold) || (isBought && short === undefined)) return;
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
  if (slots.symbols.length + slots.strike.length > 0 || slots.bare !== undefined) delete slots.isDefinition;
  const next = draft.tokens.slice(draft.tokens.indexOf(pays) + 1).find(({ is }) => is !== 'filler');
  // "break-even if I pay the ask"
  if (next?.is === 'field' && /^(?:ask|bid|mid)$/.test(next.names[0] ?? '')) draft.unused.push(pays.text);
  else if (slots.strategy !== undefined) slots.ofStrategy ??= pays.text;
  else if (concernsOptions(draft)) {
    if (slots.fields.every((name) => name === 'strike' || PRICES.has(name))) slots.fields.push('bid', 'ask', 'mid');
  } else if (draft.number !== undefined && slots.symbols.length === 0) slots.fields.push('bid', 'ask', 'mid');
  else if (/^pay/i.test(pays.text) && slots.forms.length + slots.fields.length === 0)
    slots.fields.push('dividendYield');
}

/** The role that a number can only have: the one that a number of the last query has. */
export function placeNumber(last: Query, value: number, isPercent: boolean, own: Slots): Partial<Slots> | undefined {
  const { form, strike, delta, expiration = '', range = '', base, fields, conditions } = last;
  if (form === 'strategy' && strike.length === 1 && !isPercent) return { strike: [value] };
  if (form === 'contract' && strike.length > 0 && !isPercent)
    return own.follow === 'add' ? { strike: [...strike, value] } : { strike: [value] };
  if (form === 'chain' && !isPercent && delta !== undefined && /^\d+dte$/.test(expiration))
    return { expiration: `${String(value)}dte` };
  if (form === 'chain' && !isPercent && value >= 1 && last.side !== undefined && last.side !== 'both')
    return { strike: [value] };
  const withWindow = (name: string): string =>
    name.replace(
      /(?<=^(?:sma|ema|hv|rsi|atr|roc|adx|atrPercent|yangZhang|bbUpper|bbLower|bbPercent))\d+|(?<=, )\d+(?=\))/,
      String(value),
    );
  const isWindow = !isPercent && Number.isInteger(value) && value >= 2 && value <= 400;
  if (isWindow && base !== undefined && withWindow(base) !== base) return { base: withWindow(base) };
  const changed = fields.map(withWindow);
  if (isWindow && changed.some((name, index) => name !== fields[index])) return { fields: changed };
  const bound = conditions.length === 1 ? conditions[0] : undefined;
  if (bound !== undefined && Number.isFinite(Number(bound.right)))
    return { conditions: [{ ...bound, ...rewritten(bound, value) }] };
  if (isWindow && bound?.right !== undefined && withWindow(bound.right) !== bound.right)
    return { conditions: [conditionOf(bound.left ?? 'last', bound.operator ?? '>', withWindow(bound.right))] };
  if (!isPercent && /^(?:past|last) \d+ /.test(range)) return { range: range.replace(/\d+/, String(value)) };
  if (!isPercent && last.rank !== undefined && Number.isInteger(value) && value <= 20) return { limit: value };
  return undefined;
}

export const conditionOf = (left: string, operator: string, right: string): Condition => ({
  expression: `${left} ${operator} ${right}`,
  left,
  operator,
  right,
});

function rewritten({ left = '', operator = '>', right = '' }: Condition, value: number): Partial<Condition> {
  const bound = boundOf(left, Number(right) < 0 ? -Math.abs(value) : value, false);
  return { right: bound, expression: `${left} ${operator} ${bound}` };
}

/** A change or a range in dollars instead of percent, or the other way round; a figure without such a twin stays. */
export function inUnit({ fields }: Query, unit: 'percent' | 'dollars'): string[] {
  const [from, to] = unit === 'percent' ? [AS_DOLLARS, AS_PERCENT] : [AS_PERCENT, AS_DOLLARS];
  const turned = fields.map((name) => to[from.indexOf(name)] ?? name);
  // Of a figure that stands in both units both stay.
  return new Set(turned).size < turned.length ? fields : turned;
}

const AS_DOLLARS = ['change', 'range', 'atr14', 'gap', 'changeFromOpen', 'expectedMove', 'spread'];
const AS_PERCENT = [
  ...['changePercent', 'rangePercent', 'atrPercent14', 'gapPercent', 'changeFromOpenPercent'],
  ...['expectedMovePercent', 'spreadPercent'],
];
