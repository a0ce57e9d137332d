// Tokens to slots: where a question falls into parts, and what each says. Decides the role of every figure by what stands
// before it: a bound of a condition, the base of a distance, something that is shown.
import { findField } from '../../fields/registry.ts';
import { type Condition, type Refusal, type Slots, emptySlots, notUnderstood, unclear } from './query.ts';
import type { Reading, Token } from './read.ts';
import type { Side } from '../../domain/types.ts';
import type { Aggregate } from './words.ts';

/** What a token adds beside symbols; words of grammar alone make no part. */
const CONTENT = new Set([
  ...[
    'field',
    'form',
    'side',
    'strike',
    'strikes',
    'span',
    'deltaOf',
    'relation',
    'state',
    'move',
    'rank',
    'aggregate',
  ],
  ...['date', 'interval', 'money', 'count', 'streak', 'distance', 'nearest', 'farthest', 'contract', 'allStrikes'],
  ...['delta', 'number', 'crossed', 'open', 'define', 'strategy', 'legs', 'width', 'ofStrategy', 'scan'],
  ...['bestDay', 'days', 'occasion', 'share'],
]);
const NAMES_SOMETHING = new Set([
  'strategy',
  'field',
  'form',
  'side',
  'strike',
  'state',
  'move',
  'contract',
  'deltaOf',
  'delta',
]);

const CORRECTED = ['symbol', 'date', 'field', 'strike', 'side'];

/** `macd of soxl... i mean nvda`: what is said again after a correction replaces what stands before it. */
function corrected(tokens: readonly Token[]): readonly Token[] {
  const at = tokens.findIndex(({ is }, index) => is === 'correct' && index > 0);
  if (at < 0) return tokens;
  const after = new Set(tokens.slice(at + 1).map(({ is }) => is));
  const isKept = ({ is }: Token): boolean => !CORRECTED.includes(is) || !after.has(is);
  const before = tokens.slice(0, at);
  return before.every(isKept) || !CORRECTED.some((is) => after.has(is as Token['is']))
    ? tokens
    : [...before.filter(isKept), ...tokens.slice(at + 1)];
}

/** What a part says, before the conversation completes it. */
export function readParts(reading: Reading): (Slots | Refusal)[] {
  const groups = groupTokens(corrected(reading.tokens));
  const parts = groups.flatMap((tokens, index) =>
    readPart(tokens, reading.isYesNo && index === 0).map((part) => {
      // What joins two parts of a question leans on nothing before it.
      if (index > 0 && !('refused' in part) && part.follow === 'same') delete part.follow;
      return part;
    }),
  );
  const whole = inheritWithin(parts);
  // "volume this month compared with that of October": two tables.
  if (whole.length > 1)
    for (const part of whole)
      if (!('refused' in part) && part.symbols.length < 2 && part.base === undefined) delete part.isComparison;
  return mergeAlike(whole);
}

interface Group {
  tokens: Token[];
  symbols: boolean;
  content: boolean;
}

/** Parts as far as joiners separate things that have symbols and something asked of their own. */
function groupTokens(tokens: readonly Token[]): Token[][] {
  const groups: Group[] = [];
  for (const segment of splitSegments(tokens)) {
    const last = groups.at(-1);
    if (last !== undefined && !isOwnPart(segment, last)) {
      last.tokens.push(...segment.tokens);
      last.symbols ||= segment.symbols;
      last.content ||= segment.content;
    } else groups.push({ ...segment, tokens: [...segment.tokens] });
  }
  return groups.map((group) => group.tokens);
}

function isOwnPart(next: Group, { tokens, symbols, content }: Group): boolean {
  const isMarket = (each: readonly Token[]): boolean =>
    each.some((token) => token.is === 'form' && token.form === 'market');
  if (isMarket(tokens) && !isMarket(next.tokens) && next.symbols && !symbols) return true;
  if (next.content && content && isMarket(next.tokens) !== isMarket(tokens) && (next.symbols || symbols)) return true;
  const isCondition = (each: readonly Token[]): boolean => each.some(({ is }) => is === 'relation');
  if (next.symbols && symbols && isCondition(next.tokens) && isCondition(tokens)) return true;
  const hasTwoDates = dates(next.tokens) > 0 && dates(tokens) > 0;
  if (next.symbols && next.content && symbols && content) {
    const isCompared = next.tokens.some(({ is }) => is === 'compare');
    return names(next.tokens) ? names(tokens) || (dates(tokens) > 0 && !isCompared) : hasTwoDates;
  }
  return next.content && hasTwoDates;
}

const names = (tokens: readonly Token[]): boolean => tokens.some(({ is }) => NAMES_SOMETHING.has(is));
const dates = (tokens: readonly Token[]): number => tokens.filter(({ is }) => is === 'date').length;

/** The tokens between joiners, commas and comparisons; the word that joins belongs to what follows it. */
function splitSegments(tokens: readonly Token[]): Group[] {
  const segments: Token[][] = [[]];
  let hasSymbolThenContent = false;
  for (const [index, token] of tokens.entries()) {
    const current = segments.at(-1) ?? [];
    const isJoiner =
      token.is === 'joiner' || token.is === 'compare' || (token.is === 'mark' && /^[,;|]$/.test(token.mark));
    // `nvda price amd rsi`: another symbol with something of its own begins a part, without any word between.
    const isScattered =
      token.is === 'symbol' && hasSymbolThenContent && ownContentFollows(tokens, index) && !isBound(current);
    if ((isJoiner || isScattered) && current.length > 0) {
      segments.push([]);
      hasSymbolThenContent = false;
    }
    segments.at(-1)?.push(token);
    if (NAMES_SOMETHING.has(token.is) && current.some(({ is }) => is === 'symbol')) hasSymbolThenContent = true;
  }
  return segments.map((each) => ({
    tokens: each,
    symbols: each.some(({ is }) => is === 'symbol' || is === 'contract'),
    content: each.some(({ is }) => CONTENT.has(is)),
  }));
}

function ownContentFollows(tokens: readonly Token[], at: number): boolean {
  const next = tokens.slice(at + 1).find(({ is }) => is !== 'filler' && is !== 'symbol');
  return next !== undefined && NAMES_SOMETHING.has(next.is);
}

/** A relation or ranking before a symbol compares with it. */
function isBound(tokens: readonly Token[]): boolean {
  return tokens.some(({ is }) => is === 'relation' || is === 'rank' || is === 'which');
}

/** A part without symbols, or of a date alone, is about what the part before it is about. */
function inheritWithin(parts: (Slots | Refusal)[]): (Slots | Refusal)[] {
  const found: (Slots | Refusal)[] = [];
  const owner = parts.find((part) => !('refused' in part) && part.symbols.length > 0);
  // "mtd, ytd and 1 year of SCHD"
  for (const part of parts.slice(
    0,
    Math.max(
      0,
      parts.findIndex((each) => each === owner),
    ),
  ))
    if (
      !('refused' in part) &&
      owner !== undefined &&
      !('refused' in owner) &&
      part.symbols.length === 0 &&
      !part.forms.includes('market') &&
      part.scan === undefined
    )
      part.symbols = owner.symbols;
  const [first, second] = parts;
  // "yesterday's close and today's open of NVDA": the symbols come last.
  if (first !== undefined && second !== undefined && !('refused' in first) && !('refused' in second))
    if (first.symbols.length === 0 && !first.forms.includes('market')) first.symbols = second.symbols;
  for (const part of parts) {
    const last = found.at(-1);
    if (last === undefined || 'refused' in part || 'refused' in last) {
      found.push(part);
      continue;
    }
    const hasOwn = hasContent(part);
    const symbols = part.symbols.length > 0 || part.forms.includes('market') ? part.symbols : last.symbols;
    found.push(
      hasOwn ? { ...part, symbols } : withDateOf({ ...last, ...part, ...keepLists(last), symbols }, last, part),
    );
  }
  return found;
}

/** A date alone has the reading of the part before it. */
function withDateOf(merged: Slots, last: Slots, part: Slots): Slots {
  if (part.expiration === undefined) return merged;
  if (last.expiration === undefined && (part.range !== undefined || part.expiration === 'today')) {
    if (part.range === undefined) merged.range = 'today';
    delete merged.expiration;
  } else if (last.range === undefined && part.range !== undefined) delete merged.range;
  return merged;
}

function keepLists({
  forms,
  fields,
  conditions,
  strike,
}: Slots): Pick<Slots, 'forms' | 'fields' | 'conditions' | 'strike'> {
  return { forms, fields, conditions, strike };
}

/** Whether it asks for something by itself, beside dates and symbols. */
export function hasContent({
  forms,
  fields,
  conditions,
  strike,
  side,
  move,
  rank,
  delta,
  strikes,
  base,
  strategy,
  ofStrategy,
  width,
  scan,
  isDays,
  occasion,
}: Slots): boolean {
  const lists = forms.length + fields.length + conditions.length + strike.length > 0;
  const named = [side, move, rank, delta, strikes, base, strategy, ofStrategy, width, scan, isDays, occasion];
  return lists || named.some((each) => each !== undefined);
}

/** Parts that ask the same of other symbols are one. */
function mergeAlike(parts: (Slots | Refusal)[]): (Slots | Refusal)[] {
  const merged: (Slots | Refusal)[] = [];
  for (const part of parts) {
    const alike = merged.find((each) => !('refused' in each) && !('refused' in part) && isAlike(each, part));
    if (alike === undefined || 'refused' in alike || 'refused' in part) merged.push(part);
    else {
      alike.symbols = [...new Set([...alike.symbols, ...part.symbols])];
      if (part.isComparison === true) alike.isComparison = true;
    }
  }
  return merged;
}

function isAlike(left: Slots, right: Slots): boolean {
  const bare = ({
    symbols: _symbols,
    isComparison: _compares,
    isYesNo: _yesNo,
    isWhich: _which,
    ...rest
  }: Slots): string => JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return bare(left) === bare(right);
}

function readPart(tokens: readonly Token[], isYesNo: boolean): (Slots | Refusal)[] {
  const builder = new Builder(tokens, isYesNo);
  for (const [index] of tokens.entries()) builder.take(index);
  return builder.finish();
}

/** Volatility over 40 is 40 %. */
export function boundOf(left: string, value: number, isPercent: boolean): string {
  const isFraction = (isPercent || value > 3) && (findField(left) ?? findField(left, 'contract'))?.unit === 'fraction';
  return String(isFraction ? value / 100 : value);
}

const NEGATED: Readonly<Record<string, string>> = { '>': '<=', '<': '>=', '>=': '<', '<=': '>' };
const FLIPPED: Readonly<Record<string, string>> = { '>': '<', '<': '>', '>=': '<=', '<=': '>=' };
const FUNCTIONS: Readonly<Record<Aggregate, string>> = {
  highest: 'highest',
  lowest: 'lowest',
  average: 'avg',
  median: 'median',
  total: 'sum',
};
const IN_PERCENT: Readonly<Record<string, string>> = { range: 'rangePercent', atr14: 'atrPercent14' };
const PRICES = new Set(['last', 'close', 'ohlc']);

class Builder {
  readonly #tokens: readonly Token[];
  readonly #slots: Slots = emptySlots();
  readonly #dates: (Token & { is: 'date' })[] = [];
  readonly #unused: string[] = [];
  readonly #has: ReadonlySet<string>;
  /** The bound of a condition is to come. */
  #relation: { operator: string; text: string; isUsed?: true } | undefined;
  /** `more than 10 percent`, until it is clear of what. */
  #offset: { operator: string; value: number; isPercent: boolean } | undefined;
  #crosses = false;
  /** Where the token that is being taken stands. */
  #at = 0;
  #times: (Token & { is: 'times' }) | undefined;
  #drops = false;
  #isNegated = false;
  #number: (Token & { is: 'number' }) | undefined;
  #unit: (Token & { is: 'unit' }) | undefined;
  #isAllTime = false;
  #isCombined = false;
  /** Of the figure named last, its first name. */
  #named: string | undefined;
  /** Each with the figures named after it. */
  readonly #aggregates: { aggregate: Aggregate; fields: string[] }[] = [];

  constructor(tokens: readonly Token[], isYesNo: boolean) {
    this.#tokens = tokens;
    this.#has = new Set(tokens.map(({ is }) => is));
    if (isYesNo) this.#slots.isYesNo = true;
    if (/^(?:what|whats|what is|explain)\b/i.test(tokens[0]?.text ?? '')) this.#slots.isWhat = true;
    if (this.#has.has('which')) this.#slots.isWhich = true;
  }

  take(index: number): void {
    this.#at = index;
    const token = this.#tokens[index] as Token;
    const slots = this.#slots;
    if (token.corrected !== undefined) (slots.corrected ??= []).push(`${token.text} as ${token.corrected}`);
    switch (token.is) {
      case 'symbol': {
        this.#takeSymbol(token);
        return;
      }
      case 'contract': {
        const { underlying, strike, side, expiration } = token.terms;
        this.#takeSymbol({ ...token, is: 'symbol', symbol: underlying, isPossessive: false });
        if (!slots.strike.includes(strike)) slots.strike.push(strike);
        this.#takeStrikeSide(strike, side);
        this.#takeSide(side);
        if (slots.expiration !== undefined && slots.expiration !== expiration && slots.strike.length > 1)
          this.#unused.push(token.text);
        slots.expiration = listOf(slots.expiration, expiration);
        return;
      }
      case 'field':
        this.#endRelationBefore(index);
        this.#endBoundBefore(index);
        {
          this.#takeField(token.names);
          return;
        }
      case 'delta': {
        this.#takeField(['delta']);
        return;
      }
      case 'form':
        // "how far is the put wall": a figure like any other.
        if (
          token.form === 'walls' &&
          ['distance', 'relation', 'nearest', 'within', 'minus'].some((each) => this.#has.has(each))
        ) {
          const sides = /put/i.test(token.text) ? ['putWall'] : /call/i.test(token.text) ? ['callWall'] : [];
          if (sides.length > 0) {
            this.#takeField(sides);
            return;
          }
        }
        if (!slots.forms.includes(token.form)) slots.forms.push(token.form);
        return;
      case 'date':
        this.#dates.push(token);
        return;
      case 'number': {
        this.#takeNumber(token, index);
        return;
      }
      case 'times':
        this.#times = token;
        return;
      case 'dates':
        slots.limit = token.count;
        slots.isEach = true;
        if (!slots.forms.includes('expirations')) slots.forms.push('expirations');
        return;
      case 'strike':
        if (!slots.strike.includes(token.strike)) slots.strike.push(token.strike);
        this.#takeStrikeSide(token.strike, token.side ?? this.#sideBefore(index));
        if (token.side !== undefined) this.#takeSide(token.side);
        return;
      case 'strikes':
        slots.strikes = token.count;
        return;
      case 'span':
        slots.strikes = { from: token.from, to: token.to };
        return;
      case 'deltaOf':
        slots.delta = this.#boundedDelta(token.delta);
        return;
      case 'allStrikes':
        slots.strikes = 'all';
        return;
      case 'strikesWord':
        if (!slots.forms.includes('chain')) slots.forms.push('chain');
        return;
      case 'money':
        if (token.money === 'atm') slots.strike.push('atm');
        else slots.money = token.money;
        return;
      case 'side': {
        this.#takeSide(token.side);
        return;
      }
      case 'strategy':
        if (slots.strategy !== undefined && slots.strategy !== token.strategy) this.#unused.push(token.text);
        slots.strategy = token.strategy;
        return;
      case 'legs':
        slots.strike.push(...token.strikes);
        return;
      case 'width':
        slots.width = token.width;
        return;
      case 'ofStrategy':
        slots.ofStrategy ??= token.text;
        return;
      case 'scan':
        slots.scan = slots.scan || token.scan;
        return;
      case 'interval':
        slots.interval = token.interval;
        return;
      case 'step':
        slots.step = { unit: token.unit, by: token.by };
        return;
      case 'relation': {
        this.#takeRelation(token);
        return;
      }
      case 'aggregate':
        slots.aggregate = token.aggregate;
        this.#aggregates.push({ aggregate: token.aggregate, fields: [] });
        return;
      case 'bestDay': {
        const figure = token.which === 'abs' ? 'abs(changePercent)' : 'changePercent';
        const way = token.which === 'lowest' ? 'lowest' : 'highest';
        slots.fields.push(`${way}(${figure})`, `${way}On(${figure})`);
        return;
      }
      case 'unit':
        this.#unit = token;
        return;
      case 'allTime':
        this.#isAllTime = true;
        this.#takeField([token.field]);
        return;
      case 'occasion':
        slots.occasion = token.occasion;
        return;
      case 'rank':
        slots.rank = { order: token.order, ...(token.by === undefined ? {} : { by: token.by }) };
        return;
      case 'move':
        slots.move = slots.move !== undefined && slots.move !== token.direction ? 'any' : token.direction;
        return;
      case 'state':
        for (const expression of token.expression.split(' and '))
          slots.conditions.push({ expression, word: token.text.toLowerCase() });
        return;
      case 'pronoun':
        slots.pronoun = typeof slots.pronoun === 'number' ? slots.pronoun : token.pronoun;
        return;
      case 'nearest':
      case 'farthest':
        slots.rank = { order: token.is === 'nearest' ? 'lowest' : 'highest', by: 'distance' };
        return;
      case 'count':
        slots.isCount = true;
        return;
      case 'streak': {
        this.#takeStreak(token);
        return;
      }
      case 'crossed':
        this.#crosses = true;
        if (/above|over/.test(token.text)) this.#relation = { operator: '>', text: token.text };
        return;
      default:
        this.#takeFlag(token);
    }
  }

  #takeFlag(token: Token): void {
    const slots = this.#slots;
    switch (token.is) {
      case 'compare':
        slots.isComparison = true;
        break;
      case 'held':
        slots.isHeldOnly = true;
        break;
      case 'mayCall':
        slots.mayCall = true;
        break;
      case 'dataOnly':
        slots.isDataOnly = true;
        break;
      case 'follow':
        slots.follow ??= 'same';
        break;
      case 'correct':
        slots.follow = 'correct';
        break;
      case 'add':
        slots.follow = 'add';
        this.#drops = false;
        break;
      case 'each':
        slots.isEach = true;
        break;
      case 'drop':
        this.#drops = true;
        break;
      case 'narrow':
        slots.isNarrower = true;
        break;
      case 'without':
        slots.isNarrower = true;
        this.#isNegated = true;
        break;
      case 'swap':
        this.#unused.push(token.text);
        break;
      case 'percent':
        slots.unit = 'percent';
        break;
      case 'dollars':
        slots.unit = 'dollars';
        break;
      case 'joiner':
        if (token === this.#tokens[0]) slots.follow ??= 'same';
        // "over 230 and rvol above 2": the bound before it is whole.
        if (this.#offset !== undefined && this.#offset.operator !== 'within') this.#settleOffset();
        break;
      case 'open':
        slots.asksOpenState = true;
        break;
      case 'define':
        slots.isDefinition = true;
        break;
      case 'days':
        slots.isDays = true;
        break;
      case 'share':
        slots.isCount = true;
        slots.isShare = true;
        break;
      case 'did':
        slots.isDoing = true;
        break;
      case 'target':
        slots.isTarget = true;
        break;
      default:
    }
  }

  #takeSymbol(token: Token & { is: 'symbol' }): void {
    const { symbols } = this.#slots;
    if (this.#drops) {
      (this.#slots.drop ??= []).push(token.symbol);
      return;
    }
    if (!symbols.includes(token.symbol)) symbols.push(token.symbol);
    // "more than amd": the two are ranked.
    if (
      this.#relation !== undefined &&
      this.#relation.isUsed !== true &&
      this.#offset === undefined &&
      symbols.length > 1
    ) {
      const { fields, move } = this.#slots;
      const isBeat = /^(?:beat|beats|topped|tops)$/i.test(this.#relation.text);
      if (fields.length === 0 && move === undefined && !isBeat) this.#unused.push(this.#relation.text);
      this.#slots.rank = {
        order: this.#relation.operator.startsWith('>') !== (move === 'down') ? 'highest' : 'lowest',
        ...(isBeat ? { by: 'changePercent' } : {}),
      };
      this.#relation = undefined;
    }
  }

  /** `over 0.20 delta`, `under 0.35` */
  #boundedDelta(delta: NonNullable<Slots['delta']>): NonNullable<Slots['delta']> {
    const relation = this.#relation;
    if (relation === undefined || typeof delta === 'object') return delta;
    this.#relation = undefined;
    const before = typeof this.#slots.delta === 'object' ? this.#slots.delta : { from: 0, to: 1 };
    return relation.operator.startsWith('>') ? { ...before, from: delta } : { ...before, to: delta };
  }

  /** `590 put and 605 call`: each with its own. */
  #takeStrikeSide(strike: number, side: Side | undefined): void {
    if (side === undefined) return;
    const sides = (this.#slots.sideOf ??= {});
    const known = sides[String(strike)];
    this.#slots.sideOf = known === undefined || known === side ? { ...sides, [String(strike)]: side } : {};
  }

  #sideBefore(index: number): Side | undefined {
    const before = this.#tokens[index - 1];
    return before?.is === 'side' && before.side !== 'both' ? before.side : undefined;
  }

  #takeSide(side: 'call' | 'put' | 'both'): void {
    const known = this.#slots.side;
    this.#slots.side = known === undefined || known === side ? side : 'both';
  }

  #isDistance(): boolean {
    if (this.#has.has('distance') && !(this.#slots.isYesNo && this.#relation !== undefined)) return true;
    const asksSize = this.#has.has('howMuch') || this.#tokens.some((token) => token.is === 'percent');
    return asksSize && (this.#relation !== undefined || (this.#has.has('from') && this.#has.has('move')));
  }

  #takeField(names: readonly string[]): void {
    const slots = this.#slots;
    const [name = ''] = names;
    const isOne = names.length === 1;
    const isFrom = this.#isDistance() || this.#has.has('aboveOrBelow');
    if (slots.base !== undefined && isFrom && names.every((each) => this.#isLevel(each) && isLevel(each))) {
      (slots.alsoBases ??= []).push(...names);
      return;
    }
    if (
      !isOne &&
      slots.base === undefined &&
      isFrom &&
      names.length < 4 &&
      names.every(isLevel) &&
      slots.fields.every((each) => PRICES.has(each))
    ) {
      slots.base = name;
      slots.alsoBases = names.slice(1);
      this.#relation = undefined;
      delete slots.move;
      return;
    }
    if (this.#has.has('aboveOrBelow') && isOne && slots.base === undefined && !PRICES.has(name)) {
      slots.base = name;
      return;
    }
    // "more than 20000 contracts of open interest"
    const counted = this.#offset;
    const isCounted = /^(?:contracts?|lots?|shares|of|in)$/i.test(this.#tokens[this.#at - 1]?.text ?? '');
    if (
      counted !== undefined &&
      isOne &&
      isCounted &&
      counted.operator !== 'within' &&
      !isLevel(name) &&
      slots.move === undefined
    ) {
      this.#addCondition(name, counted.operator, boundOf(name, counted.value, counted.isPercent));
      slots.fields.push(name);
      this.#offset = undefined;
      this.#relation = undefined;
      return;
    }
    if (this.#offset !== undefined && isOne && !isLevel(name) && this.#offset.operator !== 'within')
      this.#settleOffset();
    if (this.#offset !== undefined && isOne) {
      const { operator, value, isPercent } = this.#offset;
      const distance = isPercent ? `pct(last, ${name})` : `last - ${name}`;
      if (operator === 'within') this.#addCondition(`abs(${distance})`, '<=', String(value));
      else if (this.#relation?.operator.startsWith('<') === true || slots.move === 'down')
        this.#addCondition(distance, FLIPPED[operator] ?? '<', String(-value));
      else this.#addCondition(distance, operator, String(value));
      if (slots.move !== undefined) delete slots.move;
      this.#offset = undefined;
      this.#relation = undefined;
      return;
    }
    // "its fifty day average is above its two hundred day average"
    if (this.#relation !== undefined && isOne && slots.fields.some(isLevel) && isLevel(name)) {
      this.#compareWith(name);
      return;
    }
    const ranksDistance = slots.rank?.by === 'distance';
    if (isOne && slots.base === undefined && this.#isLevel(name) && (this.#isDistance() || ranksDistance)) {
      slots.base = name;
      this.#relation = undefined;
      delete slots.move;
      return;
    }
    if (this.#relation !== undefined) {
      const isAll = isOne || names.every((each) => /^[se]ma\d/.test(each));
      for (const each of isAll ? names : names.slice(0, 1)) this.#compareWith(each);
      return;
    }
    if (
      isOne &&
      slots.base === undefined &&
      this.#has.has('from') &&
      !PRICES.has(name) &&
      slots.fields.every((each) => PRICES.has(each)) &&
      isLevel(name) &&
      !slots.isYesNo
    ) {
      slots.base = name;
      return;
    }
    for (const each of names) if (!slots.fields.includes(each)) slots.fields.push(each);
    this.#named = name === 'ohlc' ? this.#named : name;
    this.#aggregates.at(-1)?.fields.push(...names);
  }

  /** What a distance can be from: prices only those of a day that is named. */
  #isLevel(name: string): boolean {
    return !PRICES.has(name) || (name === 'close' && this.#has.has('date'));
  }

  /** `above its 50 and 200 day`: the price where no figure was named before it. */
  #compareWith(field: string): void {
    const times = this.#times;
    this.#times = undefined;
    const right = times === undefined ? field : `${String(times.value)} * ${field}`;
    const relation = this.#relation as { operator: string; isUsed?: true };
    const { operator } = relation;
    relation.isUsed = true;
    const isOfMove = this.#slots.move !== undefined && this.#slots.fields.length === 0;
    // A move in dollars is what an average range in dollars bounds.
    const left =
      isOfMove && right.startsWith('atr') && !right.startsWith('atrPercent') ? 'abs(change)' : this.#subject();
    if (this.#crosses) {
      const [over, under] = operator.startsWith('>') ? [left, right] : [right, left];
      this.#slots.conditions.push({
        expression: `crosses(${over}, ${under})`,
        left,
        operator: operator.startsWith('>') ? 'crossed above' : 'crossed below',
        right,
      });
    } else this.#addCondition(left, operator, right);
  }

  #subject(): string {
    const { fields, move } = this.#slots;
    const last = fields.findLast((each) => each !== 'ohlc');
    if (this.#named !== undefined && fields.includes(this.#named)) return this.#named;
    return last ?? (move === undefined ? 'last' : 'changePercent');
  }

  #addCondition(left: string, operator: string, right: string): void {
    this.#slots.conditions.push({ expression: `${left} ${operator} ${right}`, left, operator, right });
  }

  #takeNumber(token: Token & { is: 'number' }, index: number): void {
    const slots = this.#slots;
    const next = this.#tokens[index + 1];
    const { value, isPercent } = token;
    if (
      /^(?:contracts?|lots?)$/i.test(next?.text ?? '') &&
      !isPercent &&
      this.#relation === undefined &&
      slots.quantity === undefined
    ) {
      slots.quantity = value;
      return;
    }
    if (isPercent && next?.is === 'money' && next.money !== 'atm') {
      slots.away = value;
      return;
    }
    if (this.#isMargin(index)) {
      this.#widenCondition(value, isPercent);
      return;
    }
    const before = this.#tokens[index - 1]?.text.toLowerCase() ?? '';
    const isHeld = /^(?:holding|hold)$/.test(before) || /^(?:hold|holding|held)$/i.test(next?.text ?? '');
    if (isHeld && !this.#has.has('paid') && this.#relation === undefined && slots.side === undefined) {
      this.#addCondition('last', '>', String(value));
      return;
    }
    if (this.#relation !== undefined && /^shares$/i.test(next?.text ?? '') && !this.#has.has('paid')) {
      this.#addCondition('volume', this.#relation.operator, String(value));
      this.#relation = undefined;
      return;
    }
    if (this.#takePaid(token, index)) return;
    if (next?.is === 'streak') this.#number = token;
    else if (!isPercent && (next?.is === 'bestDay' || (next?.is === 'rank' && this.#relation === undefined)))
      slots.limit = value;
    else if (!isPercent && next?.is === 'unit' && this.#tokens[index - 1]?.is === 'rank') slots.limit = value;
    else if (this.#tokens.slice(Math.max(0, index - 2), index).some(({ is }) => is === 'top')) slots.limit = value;
    else if (this.#has.has('within')) this.#offset = { operator: 'within', value, isPercent };
    else if (this.#relation !== undefined && !(this.#has.has('distance') && this.#has.has('howMuch'))) {
      const bound = { operator: this.#relation.operator, value, isPercent };
      this.#relation = undefined;
      // "rsi above 70": of the figure right before it.
      this.#offset = bound;
      if (this.#isOfFieldBefore(index)) this.#settleOffset();
    } else if (this.#has.has('distance') || slots.isTarget === true) slots.base = String(value);
    else if (slots.move !== undefined && (slots.isYesNo === true || (isPercent && !this.#has.has('date'))))
      this.#offset = { operator: '>=', value, isPercent };
    else this.#number = token;
  }

  /** `above its 50 day by 2 percent`: a bound of how far. */
  #isMargin(index: number): boolean {
    const last = this.#slots.conditions.at(-1);
    const before = this.#tokens.slice(Math.max(0, index - 2), index).map(({ text }) => text.toLowerCase());
    return (
      last?.left !== undefined &&
      last.right !== undefined &&
      !Number.isFinite(Number(last.right)) &&
      before.includes('by')
    );
  }

  #widenCondition(value: number, isPercent: boolean): void {
    const { left = '', operator = '>', right = '' } = this.#slots.conditions.pop() ?? {};
    const isRatio = isPercent && findField(right)?.unit === 'usd';
    const distance = isRatio ? `pct(${left}, ${right})` : `${left} - ${right}`;
    const bound = isRatio ? String(value) : boundOf(right, value, isPercent);
    this.#relation = undefined;
    if (operator.startsWith('>')) this.#addCondition(distance, '>=', bound);
    else this.#addCondition(distance, '<=', `-${bound}`);
  }

  /** `bought 100 at 118`, `200 shares`, `1000 dollars in`: what is held and what it cost. */
  #takePaid({ value, isPercent }: Token & { is: 'number' }, index: number): boolean {
    const slots = this.#slots;
    const [before, next] = [this.#tokens[index - 1]?.text ?? '', this.#tokens[index + 1]];
    const isOwned = this.#has.has('paid') || this.#has.has('worth');
    if (isPercent || this.#relation !== undefined) return false;
    const isShares = /^shares?$/i.test(next?.text ?? '');
    if (
      slots.quantity === undefined &&
      (isShares || (isOwned && next?.is === 'symbol') || (this.#has.has('paid') && slots.base !== undefined))
    ) {
      slots.quantity = value;
      return true;
    }
    if (
      this.#has.has('worth') &&
      /^(?:dollars|bucks|usd|in|into)$/i.test(next?.text ?? '') &&
      slots.amount === undefined
    ) {
      slots.amount = value;
      return true;
    }
    if (
      !(this.#has.has('paid') || (before === 'from' && this.#tokens.some(({ text }) => /^holding$/i.test(text)))) ||
      slots.base !== undefined ||
      !/^(?:at|for|from|is|of|paid|basis|cost|entry|average|bought|in|was|@|:)$|cost|basis|entry|average|bought|paid|got in/i.test(
        before,
      )
    )
      return false;
    slots.base = String(value);
    return true;
  }

  /** `under its 200 day with rsi below 30`: a figure with a bound of its own is none of the side before it. */
  #endRelationBefore(index: number): void {
    const next = this.#tokens.slice(index + 1).find(({ is }) => is !== 'filler');
    if (this.#relation?.isUsed === true && next?.is === 'relation') this.#relation = undefined;
  }

  /** `over 20 with rsi below 25`: the bound was of what stood before it. */
  #endBoundBefore(index: number): void {
    const next = this.#tokens.slice(index + 1).find(({ is }) => is !== 'filler');
    const number = this.#tokens.slice(0, index).findLast(({ is }) => is !== 'filler');
    if (
      this.#offset !== undefined &&
      next?.is === 'relation' &&
      number?.is === 'number' &&
      this.#offset.operator !== 'within'
    )
      this.#settleOffset();
  }

  /** Whether a bound is that of the figure right before it. */
  #isOfFieldBefore(index: number): boolean {
    const before = this.#tokens.slice(0, index).filter(({ is }) => is !== 'filler');
    const after = this.#tokens.slice(index + 1).find(({ is }) => is !== 'filler');
    const bounds = after === undefined || !['relation', 'distance', 'from', 'move'].includes(after.is);
    return before.at(-1)?.is === 'relation' && before.at(-2)?.is === 'field' && bounds;
  }

  #takeRelation(token: Token & { is: 'relation' }): void {
    // "more than 10 percent below": a side of what is to come.
    this.#relation = { operator: token.operator, text: token.text };
  }

  #takeStreak(token: Token): void {
    const slots = this.#slots;
    const count = this.#number?.value;
    this.#number = undefined;
    const isDown = slots.move === 'down';
    delete slots.move;
    if (count !== undefined && (slots.isYesNo === true || slots.isWhich === true)) {
      const [operator, bound] = isDown ? ['<=', -count] : ['>=', count];
      slots.conditions.push({
        expression: `streak ${operator} ${bound}`,
        word: `${isDown ? 'down' : 'up'} ${count} ${token.text.toLowerCase()}`,
      });
    } else if (!slots.fields.includes('streak')) slots.fields.push('streak');
    delete slots.isCount;
  }

  /** What was read as one, or the first thing that nothing was made of. */
  finish(): (Slots | Refusal)[] {
    const slots = this.#slots;
    this.#settleOffset();
    this.#settleRelation();
    if (slots.forms.includes('levels') && slots.rank?.by === 'distance') delete slots.rank;
    this.#settleDifference();
    this.#settleNumber();
    this.#settleUsual();
    this.#settleWhen();
    this.#settleTop();
    this.#settleAggregates();
    this.#settleGaps();
    this.#settleUnit();
    this.#combineFields();
    this.#settleStrategy();
    this.#settlePercent();
    this.#settleDates();
    if (this.#isAllTime) slots.range ??= 'past 5 years';
    this.#settleComparedDay();
    this.#settleHolding();
    if (
      this.#has.has('abs') &&
      slots.conditions.length === 0 &&
      (slots.rank !== undefined || slots.aggregate !== undefined) &&
      slots.symbols.length > 1
    ) {
      const order = slots.rank?.order ?? (slots.aggregate === 'lowest' ? 'lowest' : 'highest');
      slots.rank = { order, by: 'abs(changePercent)' };
      delete slots.aggregate;
      delete slots.move;
    }
    if (/min|hour/.test(slots.interval ?? '') && slots.fields.every((name) => name.startsWith('changeFromOpen')))
      slots.fields = [];
    const isFigures = (hasContent(slots) || slots.aggregate !== undefined) && !slots.forms.includes('bars');
    if (slots.interval === 'day' && isFigures) delete slots.interval;
    if (
      slots.conditions.length > 1 &&
      this.#tokens.some((token) => token.is === 'joiner' && token.text.toLowerCase() === 'or')
    )
      slots.isAnyOf = true;
    this.#settleCross();
    if (this.#times !== undefined) this.#unused.push(this.#times.text);
    const [opening] = this.#tokens;
    if (opening?.is === 'filler' && /^with$/i.test(opening.text) && slots.symbols.length === 0) slots.follow ??= 'add';
    const manyOf = this.#tokens.find((token) => token.is === 'howMuch' && /many$/i.test(token.text));
    if (manyOf !== undefined && !hasContent(slots)) this.#unused.push(manyOf.text);
    const far = this.#tokens.find((token) => token.is === 'distance');
    const isFigured =
      slots.move !== undefined ||
      slots.range !== undefined ||
      slots.conditions.length > 0 ||
      slots.rank !== undefined ||
      slots.forms.length > 0 ||
      slots.fields.length > 0;
    if (far !== undefined && slots.base === undefined && !isFigured) this.#unused.push(far.text);
    const [unused] = this.#unused;
    if (unused !== undefined) return [notUnderstood(`"${unused}"`)];
    if (this.#isNegated) slots.conditions = slots.conditions.flatMap(negated);
    return this.#dates.length === 0 ? this.#besideNow() : this.#perDate();
  }

  /** What was put in on a day has changed since. */
  #settleHolding(): void {
    const slots = this.#slots;
    const { range, amount, quantity } = slots;
    const isSince = amount !== undefined || (quantity !== undefined && this.#has.has('paid'));
    if (!isSince || slots.base !== undefined || range === undefined || !/^\d{4}-\d\d-\d\d$| ago$/.test(range)) return;
    slots.range = `since ${range}`;
    slots.fields = slots.fields.filter((name) => !PRICES.has(name));
  }

  /** `compared with three years ago`, `between now and the end of 2025`: of one symbol the change since then. */
  #settleComparedDay(): void {
    const slots = this.#slots;
    const [level = ''] = slots.fields;
    // "tsla vs its 10 week line"
    if (
      slots.isComparison === true &&
      slots.symbols.length === 1 &&
      slots.fields.length === 1 &&
      isLevel(level) &&
      slots.base === undefined &&
      slots.conditions.length === 0
    ) {
      slots.base = level;
      slots.fields = [];
      delete slots.isComparison;
      return;
    }
    const isCompared = slots.isComparison === true || this.#has.has('minus');
    const isOfPrice = slots.fields.every((name) => PRICES.has(name)) && slots.forms.length === 0;
    if (!isCompared || slots.symbols.length > 1 || slots.range === undefined || !isOfPrice || slots.base !== undefined)
      return;
    if (!/ ago$|^\d{4}-\d\d-\d\d$/.test(slots.range) || this.#dates.length > 0) return;
    slots.range = `since ${slots.range}`;
    slots.fields = [];
    slots.forms.push('bars');
    delete slots.isComparison;
  }

  /** `this week, this month, this year`: the same for each of the dates. */
  /** `where was it a year ago, and where is it now`: the same of now beside it. */
  #besideNow(): (Slots | Refusal)[] {
    const slots = this.#slots;
    const { range, ...now } = slots;
    const isThen = range !== undefined && /^\d{4}-\d\d-\d\d$| ago$/.test(range);
    const isPrice =
      slots.fields.every((name) => PRICES.has(name)) && slots.conditions.length === 0 && slots.forms.length === 0;
    const isAsked = this.#tokens.some(({ is, text }) => is === 'filler' && /(?:^|\s)now$/i.test(text));
    const isPlain =
      slots.base === undefined &&
      slots.move === undefined &&
      slots.rank === undefined &&
      slots.aggregate === undefined &&
      slots.quantity === undefined;
    return isThen && isPrice && isAsked && isPlain && slots.symbols.length > 0
      ? [slots, { ...now, fields: ['last'] }]
      : [slots];
  }

  #perDate(): (Slots | Refusal)[] {
    const { isComparison: _compares, ...slots } = this.#slots;
    const kind = slots.range === undefined ? 'expiration' : 'range';
    const isOfOne = slots.base === undefined && slots.conditions.length === 0 && slots.isTarget === undefined;
    const own = this.#dates.map((date) => date[kind]);
    if (!isOfOne || own.includes(undefined) || slots[kind] === undefined || slots.pronoun !== undefined)
      return [unclear('two dates in one question', 'ask for one at a time')];
    return [slots, ...own.map((date) => ({ ...slots, [kind]: date as string }))];
  }

  #settleOffset(): void {
    if (this.#offset === undefined) return;
    const { operator, value, isPercent } = this.#offset;
    const slots = this.#slots;
    this.#offset = undefined;
    if (operator === 'within') {
      this.#unused.push('within');
      return;
    }
    const { move } = slots;
    const gap = slots.conditions.findIndex(({ expression }) => /^gapPercent [<>] 0$/.test(expression));
    if (gap < 0 && slots.scan?.startsWith('gap') === true && isPercent) {
      const isDown = slots.scan === 'gap-down';
      this.#addCondition(
        'gapPercent',
        isDown ? (FLIPPED[operator] ?? operator) : operator,
        String(isDown ? -value : value),
      );
      return;
    }
    if (gap >= 0) {
      const isDown = slots.conditions[gap]?.expression.includes('<') === true;
      slots.conditions.splice(gap, 1);
      this.#addCondition(
        'gapPercent',
        isDown ? (FLIPPED[operator] ?? operator) : operator,
        String(isDown ? -value : value),
      );
      return;
    }
    if (move !== undefined || (isPercent && slots.fields.length === 0)) {
      const left = isPercent ? 'changePercent' : 'change';
      if (this.#has.has('abs')) this.#addCondition(`abs(${left})`, operator, String(value));
      else if (move === 'down') this.#addCondition(left, FLIPPED[operator] ?? operator, String(-value));
      else if (move === 'any') this.#addCondition(`abs(${left})`, operator, String(value));
      else this.#addCondition(left, operator, String(value));
      delete slots.move;
      return;
    }
    const left = this.#subject();
    this.#addCondition(left, operator, boundOf(left, value, isPercent));
    const added = slots.conditions.at(-1);
    if (added !== undefined && slots.fields.length === 0) added.isOpen = true;
  }

  /** Volume beside its average, a move beside the average range. */
  #settleUsual(): void {
    const slots = this.#slots;
    const usual = this.#tokens.find(({ is }) => is === 'usual');
    if (usual === undefined) return;
    if (slots.fields.includes('volume')) slots.fields.push('averageVolume', 'relativeVolume');
    else if (slots.move !== undefined || slots.fields.includes('range')) {
      slots.fields.push(...(/day/.test(usual.text) ? ['atr14', 'atrPercent14'] : ['changePercent', 'atrPercent14']));
      delete slots.move;
    } else this.#unused.push(usual.text);
    if (this.#relation?.isUsed !== true && /than$/.test(this.#relation?.text ?? '')) this.#relation = undefined;
    delete slots.isComparison;
  }

  /** `high of the year and its date`, `range yesterday`, `is it at its all-time high` */
  #settleWhen(): void {
    const slots = this.#slots;
    const { fields } = slots;
    const year = fields.find((name) => name === 'week52High' || name === 'week52Low');
    if (
      year !== undefined &&
      this.#has.has('when') &&
      this.#dates.length === 0 &&
      slots.base === undefined &&
      slots.conditions.length === 0
    ) {
      const isOfYear = this.#tokens.some(({ text }) => /of the year|the years/i.test(text));
      slots.fields = year === 'week52High' ? ['highest(high)', 'highestOn(high)'] : ['lowest(low)', 'lowestOn(low)'];
      this.#dates.push({ is: 'date', range: isOfYear ? 'this year' : 'past year', text: '' });
      return;
    }
    const isRanged = this.#isAllTime || this.#dates.length > 0;
    if (this.#has.has('when') && isRanged && slots.base === undefined && slots.aggregate === undefined)
      slots.fields = fields.flatMap((name) =>
        name === 'high'
          ? ['highest(high)', 'highestOn(high)']
          : name === 'low'
            ? ['lowest(low)', 'lowestOn(low)']
            : [name],
      );
    if (fields.includes('range') && fields.includes('spread'))
      slots.fields = fields.filter((name) => name !== 'spread');
    const isPlain =
      slots.conditions.length === 0 &&
      slots.base === undefined &&
      slots.rank === undefined &&
      slots.aggregate === undefined;
    if (isPlain && fields.length === 1 && fields[0] === 'range' && slots.isCount !== true)
      slots.fields = ['range', 'high', 'low'];
    const [field] = fields;
    if (
      this.#isAllTime &&
      slots.isYesNo === true &&
      isPlain &&
      fields.length === 1 &&
      (field === 'high' || field === 'low')
    ) {
      slots.fields = [];
      this.#addCondition('now(last)', field === 'high' ? '>=' : '<=', field);
    }
    const weeks = this.#dates.findIndex(({ range = '' }) => /^(?:past )?52 ?w(?:ee)?ks?$/.test(range));
    if (weeks < 0 || slots.fields.some((name) => !PRICES.has(name)) || slots.move !== undefined) return;
    this.#dates.splice(weeks, 1);
    if (slots.base === undefined && this.#has.has('distance')) slots.base = 'week52High';
    else if (slots.base === undefined) slots.fields.push('week52High', 'week52Low');
  }

  /** `top five by ytd` */
  #settleTop(): void {
    const slots = this.#slots;
    if (!this.#has.has('top') || slots.limit === undefined || slots.rank !== undefined || slots.aggregate !== undefined)
      return;
    if (slots.symbols.length < 2 || slots.side !== undefined) return;
    slots.rank = { order: 'highest', ...(slots.fields.length > 0 ? {} : { by: 'changePercent' }) };
  }

  /** `lowest low and highest high`, `highest and lowest close`: each its own figure of a range. */
  #settleAggregates(): void {
    const slots = this.#slots;
    // "below its average of 2025"
    const isOfPrice = slots.fields.every((name) => PRICES.has(name));
    if (
      slots.aggregate === 'average' &&
      isOfPrice &&
      slots.base === undefined &&
      this.#isDistance() &&
      this.#dates.length > 0
    ) {
      slots.base = 'avg(close)';
      slots.fields = [];
      delete slots.aggregate;
      this.#relation = undefined;
      return;
    }
    const kinds = new Set(this.#aggregates.map(({ aggregate }) => aggregate));
    if (kinds.size < 2 || slots.rank !== undefined || slots.isCount === true || slots.conditions.length > 0) return;
    if (slots.symbols.length > 1 && slots.isWhich === true) {
      // The table of all tells who is first and who last.
      delete slots.aggregate;
      return;
    }
    const shared = this.#aggregates.findLast(({ fields }) => fields.length > 0)?.fields ?? ['last'];
    const named = this.#aggregates.map(({ fields }) => fields);
    const each = this.#aggregates.flatMap(({ aggregate }, index) => {
      const own = named[index] ?? [];
      return (own.length > 0 ? own : shared).flatMap((name) => overRange(aggregate, name, slots.move));
    });
    const first = this.#aggregates.flatMap(({ fields }) => fields);
    slots.fields = [...slots.fields.filter((name) => !first.includes(name)), ...new Set(each)];
    delete slots.aggregate;
  }

  /** `biggest gap down`: the figure, not whether there was one. */
  #settleGaps(): void {
    const slots = this.#slots;
    const gap = slots.conditions.findIndex(({ expression }) => /^gapPercent [<>] 0$/.test(expression));
    if (gap < 0 || (slots.aggregate === undefined && slots.rank?.by !== undefined)) return;
    if (slots.aggregate === undefined && slots.rank === undefined) return;
    const isDown = slots.conditions[gap]?.expression.includes('<') === true;
    slots.conditions.splice(gap, 1);
    slots.fields.push('gapPercent');
    const order = isDown ? 'lowest' : 'highest';
    if (slots.rank !== undefined) slots.rank = { order };
    else if (slots.aggregate === 'highest') slots.aggregate = order;
  }

  /** `best month`, `weeks in a row`, `how many weeks`: what the days are put together to. */
  #settleUnit(): void {
    const slots = this.#slots;
    const { pronoun } = slots;
    const isOrdered = slots.rank !== undefined || slots.aggregate !== undefined || this.#has.has('bestDay');
    if (typeof pronoun === 'number' && isOrdered && slots.symbols.length !== pronoun && slots.limit === undefined) {
      slots.limit = pronoun;
      delete slots.pronoun;
    }
    if (slots.fields.includes('streak') && slots.move !== undefined) {
      if (slots.aggregate !== undefined) slots.aggregate = slots.move === 'down' ? 'lowest' : 'highest';
      delete slots.move;
    }
    const asksMany = this.#tokens.some((token) => token.is === 'howMuch' && /many$/i.test(token.text));
    const isPerDay = this.#tokens.some(({ text }) => /^per day$/i.test(text));
    const hasPeriod = this.#dates.some(({ range }) => range !== undefined && range !== 'today');
    if (
      (asksMany || isPerDay) &&
      hasPeriod &&
      (slots.conditions.length > 0 || (isPerDay && slots.move !== undefined)) &&
      slots.occasion === undefined &&
      slots.isDays !== true
    )
      slots.isCount = true;
    if (this.#unit === undefined) return;
    const { unit, text } = this.#unit;
    const at = this.#tokens.indexOf(this.#unit);
    const beside = [this.#tokens[at - 1]?.is, this.#tokens[at + 1]?.is];
    const isOfPeriods =
      isOrdered ||
      slots.isCount === true ||
      slots.fields.includes('streak') ||
      slots.isDays === true ||
      slots.move !== undefined;
    const isMany = this.#tokens.some((token) => token.is === 'howMuch' && /many$/i.test(token.text));
    if (isMany && (slots.move !== undefined || slots.conditions.length > 0)) slots.isCount = true;
    if ((unit === 'week' || unit === 'month') && (isOfPeriods || slots.isCount === true)) slots.interval ??= unit;
    else if (!beside.includes('date')) this.#unused.push(text);
  }

  /** `daily range in percent`, `atr as a percent of price` */
  #settlePercent(): void {
    const slots = this.#slots;
    if (!this.#tokens.some(({ text }) => /percent|pct|%/i.test(text)) || slots.conditions.length > 0) return;
    if (slots.fields.includes('atr14')) slots.fields = slots.fields.filter((name) => name !== 'last');
    const isBoth = this.#tokens.some(({ text }) => /dollars|bucks/i.test(text));
    slots.fields = slots.fields.flatMap((name) => {
      const percent = IN_PERCENT[name];
      return percent === undefined ? [name] : isBoth ? [name, percent] : [percent];
    });
  }

  /** `macd cross`: the line over its signal; a cross of nothing is not dropped. */
  #settleCross(): void {
    if (!this.#crosses || this.#slots.conditions.length > 0) return;
    const { fields } = this.#slots;
    const [over, under] = fields.includes('macd') ? ['macd', 'macdSignal'] : fields.length === 2 ? fields : [];
    if (over === undefined || under === undefined) {
      this.#unused.push('cross');
      return;
    }
    this.#slots.conditions.push({
      expression: `crosses(${over}, ${under})`,
      left: over,
      operator: 'crossed above',
      right: under,
    });
    this.#slots.fields = [over, under];
  }

  /** A straddle with a strike, or with what only a strategy has, is one. */
  #settleStrategy(): void {
    const slots = this.#slots;
    const isPriced = slots.ofStrategy !== undefined || this.#has.has('short') || slots.fields.includes('breakEven');
    if (
      slots.strategy === undefined &&
      slots.fields.includes('straddle') &&
      (isPriced || typeof slots.strike[0] === 'number')
    ) {
      slots.strategy = 'straddle';
      slots.fields = slots.fields.filter((name) => name !== 'straddle');
    }
    const short = this.#tokens.find((token) => token.is === 'short');
    if (short === undefined) return;
    if (slots.strategy === undefined) this.#unused.push(short.text);
    else if (/^(?:straddle|strangle|butterfly|calendar)$/.test(slots.strategy)) slots.isShort = true;
  }

  /** `higher than yesterday's`, `lower than a year ago`: a figure against that of the day before, the price against that day. */
  #comparesDays(operator: string): boolean {
    const slots = this.#slots;
    const days = this.#dates.map(({ range = '' }) => range);
    const last = days.at(-1);
    if (last === undefined || slots.conditions.length > 0) return false;
    const [field] = slots.fields;
    if (
      field !== undefined &&
      slots.fields.length === 1 &&
      last === 'yesterday' &&
      days.every((day) => day === 'today' || day === 'yesterday')
    ) {
      this.#dates.splice(0);
      this.#addCondition(field, operator, `ago(${field}, 1)`);
      return true;
    }
    if (field !== undefined && days.length > 1) return true;
    const isAgo = / ago$/.test(last) || /^\d{4}-\d\d-\d\d$/.test(last);
    if (field !== undefined || !isAgo || days.length > 1 || slots.move !== undefined) return false;
    this.#addCondition('changePercent', operator, '0');
    this.#dates[0] = { ...(this.#dates[0] as Token & { is: 'date' }), range: `since ${last}` };
    return true;
  }

  /** A side of nothing: `who is higher`. */
  #settleRelation(): void {
    if (this.#relation === undefined || this.#relation.isUsed === true) return;
    const { operator, text } = this.#relation;
    const slots = this.#slots;
    if (slots.forms.includes('levels') || this.#comparesDays(operator)) {
      this.#relation = undefined;
      return;
    }
    if (slots.isCount !== true && slots.rank === undefined && !/than$/.test(text)) {
      if (slots.symbols.length > 1 || slots.isWhich === true)
        slots.rank = { order: operator === '>' ? 'highest' : 'lowest' };
      else this.#unused.push(text);
    } else if (slots.rank === undefined || !/^(?:more|less|higher|lower|above|below|greater)/.test(text))
      this.#unused.push(text);
    this.#relation = undefined;
  }

  /** A number that nothing took: a strike beside a side, the price of a target, else unused. */
  #settleNumber(): void {
    const token = this.#number;
    if (token === undefined) return;
    const slots = this.#slots;
    if (this.#has.has('touch') && !token.isPercent) {
      this.#addCondition('high', '>=', String(token.value));
      this.#addCondition('low', '<=', String(token.value));
      return;
    }
    if (Number.isInteger(token.value) && token.value === slots.symbols.length && token.value > 1 && !token.isPercent)
      return;
    const isStrike =
      slots.side !== undefined && slots.strike.length === 0 && (token.value > 20 || !Number.isInteger(token.value));
    if (isStrike && !token.isPercent) slots.strike.push(token.value);
    else if (slots.isTarget === true && slots.base === undefined) slots.base = String(token.value);
    else if (
      slots.rank !== undefined &&
      slots.limit === undefined &&
      Number.isInteger(token.value) &&
      token.value <= 20
    )
      slots.limit = token.value;
    else if (slots.bare === undefined)
      slots.bare = { value: token.value, isPercent: token.isPercent, text: token.text };
    else this.#unused.push(token.text);
  }

  /** `difference in return between WMT and COST`, `ratio of QQQ to SPY`: of two symbols. */
  #settleDifference(): void {
    const slots = this.#slots;
    const [a, b, ...more] = slots.symbols;
    if (a === undefined || b === undefined || more.length > 0 || slots.fields.length > 1) return;
    const isAsked = slots.fields.length > 0 || slots.move !== undefined || this.#dates.length > 0;
    if (this.#has.has('ratio') && slots.fields.every((name) => PRICES.has(name)) && slots.move === undefined) {
      slots.fields = [`${a}.last / ${b}.last`, 'last'];
      this.#isCombined = true;
    } else if (this.#has.has('minus') && isAsked) {
      slots.isComparison = true;
      this.#isCombined = true;
    }
  }

  /** `hv30 minus hv10`, `ratio of theta to delta`. */
  #combineFields(): void {
    if (this.#isCombined) return;
    const slots = this.#slots;
    const isSlashed = this.#tokens.some(
      (token, index) =>
        token.is === 'mark' &&
        token.mark === '/' &&
        isSameKind(
          this.#tokens[index - 1],
          this.#tokens[index + 1],
          slots.rank !== undefined || this.#has.has('aggregate'),
        ),
    );
    const operator =
      this.#has.has('ratio') || (isSlashed && slots.fields.length === 2)
        ? '/'
        : this.#has.has('minus')
          ? '-'
          : undefined;
    if (operator === undefined) return;
    const [a, b, ...more] = slots.fields;
    // The two figures are shown beside what is made of them.
    if (isSlashed && slots.rank === undefined && !this.#has.has('aggregate') && a !== undefined && b !== undefined) {
      slots.fields = [`${a} / ${b}`, a, b];
      return;
    }
    if (a === undefined || b === undefined || more.length > 0) this.#unused.push(operator === '/' ? 'ratio' : 'minus');
    else slots.fields = [a === 'atr14' && b === 'last' && operator === '/' ? 'atrPercent14' : `${a} ${operator} ${b}`];
  }

  /** Which reading of a date counts: that of an expiration beside options, else that of the past. */
  #settleDates(): void {
    const slots = this.#slots;
    const isOfCalendar = slots.forms.includes('market') || slots.forms.includes('holidays');
    const monthly = this.#dates.findIndex(({ expiration }) => expiration === 'monthly');
    const month = this.#dates.find(
      ({ expiration }) => /^[a-z]{3,9}(?: \d{4})?$/.test(expiration ?? '') && expiration !== 'monthly',
    );
    // "trading days to jan opex": one day, the month's third Friday.
    if (isOfCalendar && monthly >= 0 && month?.expiration !== undefined) {
      slots.expiration = `${month.expiration} monthly`;
      this.#dates.splice(0);
      return;
    }
    const isOption = this.#isOfOptions();
    const found = this.#dates.splice(0);
    const isExtreme = this.#has.has('bestDay') || slots.rank !== undefined || slots.aggregate !== undefined;
    // "is today the biggest up day in the past month"
    const all =
      isExtreme && slots.isYesNo === true && found.length > 1 ? found.filter(({ range }) => range !== 'today') : found;
    for (const date of all) {
      const isExpiration =
        date.expiration !== undefined && (isOption || date.range === undefined || date.interval !== undefined);
      if (date.interval !== undefined && !isOption) {
        slots.interval = date.interval;
        // By itself it may be the expiration of a follow-up.
        if (all.length === 1 && !hasContent(slots) && date.expiration !== undefined) slots.expiration = date.expiration;
        continue;
      }
      // "dec opex", "feb monthlies" are one date.
      if (isOption && slots.expiration !== undefined && /^(?:next )?monthly$/.test(date.expiration ?? '')) continue;
      if (isOption && slots.expiration === 'monthly' && date.expiration !== undefined) {
        slots.expiration = date.expiration;
        continue;
      }
      if (
        !isOption &&
        !hasContent(slots) &&
        date.range !== undefined &&
        date.expiration !== undefined &&
        slots.range === undefined
      ) {
        // By itself it has the reading that the question before can take.
        slots.range = date.range;
        slots.expiration ??= date.expiration;
        continue;
      }
      if (isExpiration && slots.expiration === undefined) slots.expiration = date.expiration ?? '';
      else if (isExpiration && isOption) slots.expiration = listOf(slots.expiration, date.expiration ?? '');
      else if (!isExpiration && date.range !== undefined && slots.range === undefined) {
        slots.range = date.range;
        if (date.expiration !== undefined && isOption) slots.expiration ??= date.expiration;
      } else this.#dates.push(date);
    }
  }

  #isOfOptions(): boolean {
    const { forms, fields, side, strike, strikes, delta, money, conditions, base, strategy } = this.#slots;
    const isOption = [side, strikes, delta, money, strategy].some((each) => each !== undefined) || strike.length > 0;
    const named = [...fields, ...conditions.map(({ expression }) => expression), base ?? ''];
    return isOption || forms.some((form) => OPTION_FORMS.has(form)) || named.some(isOfOptions);
  }
}

/** `drop the ones below`: what is kept is not below. */
function negated({ left, operator = '', right }: Condition): Condition[] {
  const turned = NEGATED[operator];
  if (left === undefined || right === undefined || turned === undefined) return [];
  return [{ expression: `${left} ${turned} ${right}`, left, operator: turned, right }];
}

const OPTION_FORMS = new Set(['chain', 'walls', 'expirations', 'expiry', 'volatility']);

/** Figures that only an expiration or a contract has; the IV and open interest of a symbol are those of its options. */
export function isOfOptions(expression: string): boolean {
  return (expression.match(/[a-z]\w*/gi) ?? []).some((name) => {
    if (name === 'iv' || name === 'openInterest' || name === 'ivRank') return true;
    const of = findField(name)?.of ?? findField(name, 'contract')?.of;
    return of === 'expiration' || of === 'contract';
  });
}

/** `hv10/hv60`, and where a ranking is asked for any two figures: a ratio, not a list. */
function isSameKind(left: Token | undefined, right: Token | undefined, isRanked: boolean): boolean {
  if (left?.is !== 'field' || right?.is !== 'field') return isRanked && left?.is === 'field' && right?.is === 'delta';
  const family = ({ names }: { names: string[] }): string => (names[0] ?? '').replace(/\d+$/, '');
  return isRanked || (family(left) === family(right) && /\d$/.test(left.names[0] ?? ''));
}

/** Several dates as one phrase; the kind of a date beside the date itself says nothing more. */
function listOf(known: string | undefined, more: string): string {
  const parts = [...new Set([...(known === undefined ? [] : known.split(', ')), more])];
  const dated = parts.filter((part) => !/^(?:today|weekly|nearest|monthly|next weekly|next monthly)$/.test(part));
  return (dated.length > 0 ? dated : parts).join(', ');
}

/** What a price can be far from. */
function isLevel(name: string): boolean {
  const field = findField(name.replace(/^\w+\((\w+),.*$/, '$1'));
  return field?.unit === 'usd' && !field.signed && !PRICES.has(name);
}

/** An aggregate of a range: prices by what has it, the highest of highs and the lowest of lows. */
export function overRange(aggregate: Aggregate, name: string, move: Slots['move']): string[] {
  const order = move === 'down' && aggregate === 'highest' ? 'lowest' : aggregate;
  if (name.includes('(')) return [name];
  const field = fieldOfRange(order, name);
  if (order === 'average')
    return [`avg(${field === 'changePercent' && move === 'any' ? 'abs(changePercent)' : field})`];
  if (order === 'total') return [`sum(${field})`];
  if (order === 'median') return [`median(${field})`];
  return [`${FUNCTIONS[order]}(${field})`, `${FUNCTIONS[order]}On(${field})`];
}

function fieldOfRange(order: Aggregate, name: string): string {
  if (name === 'averageVolume') return 'volume';
  if (name !== 'last') return name;
  return order === 'highest' ? 'high' : order === 'lowest' ? 'low' : 'close';
}
