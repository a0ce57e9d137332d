// Tokens into the slots of a part, one after the other: the role of every figure and number is decided by what stands
// before it: a bound of a condition, the base of a distance, something that is shown.
import { findField } from '../../fields/registry.ts';
import type { Side } from '../../domain/types.ts';
import {
  Draft,
  FLIPPED,
  OF_MONTHLY,
  PRICES,
  addCondition,
  boundOf,
  boundedDelta,
  isBase,
  isDistance,
  isLevel,
  listOf,
  isMargin,
  isOfShares,
  settleOffset,
  takeBetween,
  takeShare,
  takeStrikeSide,
  widenCondition,
  settlePending,
  subject,
  signed,
  isOfFieldBefore,
  crossing,
} from './draft.ts';
import { finish } from './finish.ts';
import { isListed } from './settle-senses.ts';
import { stated, takeDays } from './study.ts';
import { takeEvents } from './calendar-dates.ts';
import { takePaid } from './holdings.ts';
import { LARGE, type Refusal, type Slots, names, rankOfExtreme } from './query.ts';
import type { Token } from '../words/tokens.ts';

export function readPart(tokens: readonly Token[], isYesNo: boolean): (Slots | Refusal)[] {
  const draft = new Draft(tokens.map(shareOfSessions), isYesNo);
  for (const [index, token] of tokens.entries()) {
    take(draft, index);
    // "the cheapest call"
    if ('isOne' in token) draft.slots.limit ??= 1;
  }
  return finish(draft);
}

/** `what percent of the last 60 sessions`: how many of them, no size. */
function shareOfSessions(token: Token, at: number, tokens: readonly Token[]): Token {
  const [of, next] = tokens.slice(at + 1);
  const isShare =
    token.is === 'howMuch' && /percent|fraction|many/i.test(token.text) && /^of(?: the)?$/i.test(of?.text ?? '');
  return isShare && next?.is === 'date' && next.range !== undefined ? { is: 'share', text: token.text } : token;
}

function take(draft: Draft, index: number): void {
  draft.at = index;
  const token = draft.tokens[index] as Token;
  const slots = draft.slots;
  if (token.corrected !== undefined) (slots.corrected ??= []).push(`${token.text} as ${token.corrected}`);
  switch (token.is) {
    case 'symbol':
      takeSymbol(draft, token);
      return;
    case 'field':
      if (draft.relation !== undefined && /^that$/i.test(draft.tokens[index - 1]?.text ?? ''))
        slots.isThat = token.text.toLowerCase();
      endRelationBefore(draft, index);
      // "first close above 400": a day, where "first close" is a price of a range.
      if (token.names.join() === 'first' && draft.tokens[index + 1]?.is === 'relation') {
        slots.occasion = 'first';
        takeField(draft, ['close']);
        return;
      }
      if (!fromExtreme(draft, token.names)) takeField(draft, extremeMeant(draft, token.names));
      return;
    case 'delta':
      takeField(draft, ['delta']);
      return;
    case 'form':
      takeForm(draft, token);
      return;
    case 'date':
      takeDate(draft, token);
      return;
    case 'number':
      takeNumber(draft, token, index);
      return;
    case 'times':
      draft.times = token;
      return;
    case 'dates':
      slots.limit = token.count;
      slots.isEach = true;
      if (!slots.forms.includes('expirations')) slots.forms.push('expirations');
      return;
    case 'scan':
      takeScan(draft, token.scan);
      return;
    case 'interval':
      slots.interval = token.interval;
      return;
    case 'step':
      slots.step = { unit: token.unit, by: token.by };
      return;
    case 'relation':
      takeRelation(draft, token);
      return;
    case 'aggregate':
      slots.aggregate = token.aggregate;
      draft.aggregates.push({ aggregate: token.aggregate, fields: [] });
      return;
    case 'bestDay': {
      const change = draft.isInDollars ? 'change' : 'changePercent';
      const figure = token.which === 'abs' ? `abs(${change})` : change;
      const way = token.which === 'lowest' ? 'lowest' : 'highest';
      slots.fields.push(`${way}(${figure})`, `${way}On(${figure})`);
      // "how much was it up or down on its worst day": of that day.
      if (!isListed(draft)) delete slots.move;
      // "which had the worst single day": of several symbols the one whose day it was.
      const asked = draft.tokens[draft.tokens.findIndex(({ is }) => is === 'which') + 1]?.text ?? '';
      const isOfSeveral = slots.isWhich === true && slots.symbols.length !== 1 && !/^(?:day|session|date)/i.test(asked);
      const rank = isOfSeveral ? rankOfExtreme(slots.fields) : undefined;
      if (rank !== undefined) slots.rank ??= rank;
      return;
    }
    case 'unit':
      draft.unit = token;
      return;
    case 'allTime':
      draft.isAllTime = true;
      takeField(draft, [token.field]);
      return;
    case 'occasion':
      // "how long has it been above its 50 day": since the last day on which it was not.
      draft.isSince = token.occasion === 'since';
      if (/^how\b.*\bsince\b/i.test(token.text)) slots.isCount = true;
      slots.occasion = token.occasion === 'since' ? 'last' : token.occasion;
      return;
    case 'rank':
      // "the best and the worst": the table of all tells both.
      if (slots.rank !== undefined && slots.rank.order !== token.order && slots.symbols.length !== 1)
        draft.isBothEnds = true;
      slots.rank = { order: token.order, ...(token.by === undefined ? {} : { by: token.by }) };
      return;
    case 'move':
      // "since the april low, how much is it up"
      if (slots.base !== undefined && draft.dates.some(({ range }) => range !== undefined)) return;
      if (
        draft.has.has('bestDay') &&
        !isListed(draft) &&
        draft.tokens.slice(0, draft.at).some(({ is }) => is === 'bestDay')
      )
        return;
      if (/return|gain|performance|^(?:negative|positive)$/i.test(token.text)) slots.isSigned = true;
      slots.move = slots.move !== undefined && slots.move !== token.direction ? 'any' : token.direction;
      return;
    case 'state':
      takeState(draft, token);
      return;
    case 'pronoun':
      if (/\b(?:those|these|them)$/i.test(draft.tokens[index - 1]?.text ?? '')) draft.countsSubjects = true;
      slots.pronoun = typeof slots.pronoun === 'number' ? slots.pronoun : token.pronoun;
      return;
    case 'nearest':
    case 'farthest':
      slots.rank = {
        order: token.is === 'nearest' ? 'lowest' : 'highest',
        by: 'distance',
        ...sideOfRank(draft, token),
      };
      return;
    case 'streak':
      takeStreak(draft, token);
      return;
    case 'crossed':
      draft.crosses = true;
      if (/above|over/.test(token.text)) draft.relation = { operator: '>', text: token.text };
      return;
    default:
      takeOfOptions(draft, token);
  }
}

function takeState(draft: Draft, token: Token & { is: 'state' }): void {
  const { slots } = draft;
  if (/^a (?:filled gap|gap still open)$/.test(token.word ?? ''))
    takeField(draft, ['gapPercent', 'open', 'changeFromOpenPercent']);
  if (token.expression.includes('Minute ')) slots.fields = slots.fields.filter((name) => !/^(?:high|low)$/.test(name));
  for (const expression of token.expression.split(' and ')) slots.conditions.push(stated({ ...token, expression }));
}

/** `furthest over its 10 day`, `most extended above`: not of those on the other side. */
function sideOfRank({ tokens }: Draft, token: Token): { side?: 'above' | 'below' } {
  const next = tokens.slice(tokens.indexOf(token) + 1).find(({ is }) => is !== 'filler');
  const [word] = /\b(?:above|over|below|under|beneath)\b/i.exec(next?.is === 'relation' ? next.text : token.text) ?? [];
  if (token.is === 'nearest' || word === undefined) return {};
  return { side: /^(?:above|over)$/i.test(word) ? 'above' : 'below' };
}

const BOUNDS_DATE = /^(?:(?:on or )?before|by|until|till|til|prior to|ahead of|after|past)\b/i;

function takeDate(draft: Draft, token: Token & { is: 'date' }): void {
  const { slots, relation } = draft;
  draft.dates.push(token);
  if (relation !== undefined && BOUNDS_DATE.test(relation.text)) {
    slots.due = relation.operator as NonNullable<Slots['due']>;
    draft.relation = undefined;
  }
  // The holder of an option wants to know of the day on which it expires, too.
  if (slots.due === '<' && OF_MONTHLY.test(token.text)) slots.due = '<=';
}

function takeForm(draft: Draft, { form, text }: Token & { is: 'form' }): void {
  const { slots, has } = draft;
  // "how far is the put wall": a figure like any other.
  const isFigure = (['distance', 'relation', 'nearest', 'within', 'minus'] as const).some((is) => has.has(is));
  const sides = /put/i.test(text) ? ['putWall'] : /call/i.test(text) ? ['callWall'] : [];
  if (form === 'walls' && isFigure && sides.length > 0) {
    takeField(draft, sides);
    return;
  }
  // "spy premarket": a price of hours of which none is held.
  if (OF_HOURS.test(text) && has.has('symbol') && !has.has('open') && !has.has('when')) draft.unused.push(text);
  if (!slots.forms.includes(form)) slots.forms.push(form);
}

const OF_HOURS = /^(?:pre ?market|after ?hours|extended hours)$/i;

/** `large caps at a new high`: what is looked for, and among which. */
function takeScan({ slots }: Draft, scan: string): void {
  const known = slots.scan ?? '';
  const named = [known, scan].find((each) => each !== '' && each !== 'large');
  const isOfLarge = [known, scan].includes('large');
  slots.scan = named ?? (isOfLarge ? 'large' : scan);
  if (named !== undefined && isOfLarge && slots.conditions.every(({ expression }) => expression !== LARGE))
    slots.conditions.push({ expression: LARGE });
}

/** Contracts, strikes, sides and strategies. */
function takeOfOptions(draft: Draft, token: Token): void {
  const { slots } = draft;
  switch (token.is) {
    case 'contract': {
      const { underlying, strike, side, expiration } = token.terms;
      takeSymbol(draft, { ...token, is: 'symbol', symbol: underlying, isPossessive: false });
      if (!slots.strike.includes(strike)) slots.strike.push(strike);
      takeStrikeSide(draft, strike, side);
      takeSide(draft, side);
      if (slots.expiration !== undefined && slots.expiration !== expiration && slots.strike.length > 1)
        draft.unused.push(token.text);
      slots.expiration = listOf(slots.expiration, expiration);
      return;
    }
    case 'strike':
      if (!slots.strike.includes(token.strike)) slots.strike.push(token.strike);
      takeStrikeSide(draft, token.strike, token.side ?? sideBefore(draft, draft.at));
      if (token.side !== undefined) takeSide(draft, token.side);
      return;
    case 'strikes':
      slots.strikes = token.count;
      return;
    case 'span':
      slots.strikes = { from: token.from, to: token.to };
      return;
    case 'deltaOf':
      if (typeof slots.delta === 'number' && slots.delta !== token.delta) draft.unused.push(token.text);
      slots.delta = boundedDelta(draft, token.delta);
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
    case 'side':
      takeSide(draft, token.side);
      return;
    case 'strategy':
      if (slots.strategy !== undefined && slots.strategy !== token.strategy) draft.unused.push(token.text);
      slots.strategy = token.strategy;
      return;
    case 'legs':
      slots.strike.push(...token.strikes);
      return;
    case 'width':
      slots.width = token.width;
      return;
    case 'bound':
      addCondition(draft, token.left, token.operator, token.right);
      return;
    case 'lots':
      slots.quantity = token.count;
      return;
    case 'limit':
      slots.limit = token.count;
      if (token.isOfEach === true) slots.isOfEach = true;
      return;
    case 'signed':
      (slots.signed ??= []).push(token.count);
      slots.strategy ??= 'own-legs';
      return;
    case 'traded':
      slots.traded = { price: token.price, isSold: token.isSold };
      return;
    case 'book':
      slots.book = token.price;
      return;
    case 'ofStrategy':
      // "annual returns of the last four years": of the stock, where nothing speaks of options.
      if (
        /^(?:annual|yearly) returns?$/i.test(token.text) &&
        !['side', 'strike', 'strategy', 'deltaOf'].some((is) => draft.has.has(is))
      ) {
        slots.interval = 'year';
        slots.move = 'any';
        slots.isSigned = true;
      } else slots.ofStrategy ??= token.text;
      return;
    default:
      takeFlag(draft, token);
  }
}

/** Words that fill one slot. */
const FLAGS: Readonly<Record<string, Partial<Slots>>> = {
  compare: { isComparison: true },
  held: { isHeldOnly: true },
  mayCall: { mayCall: true },
  dataOnly: { isDataOnly: true },
  correct: { follow: 'correct' },
  add: { follow: 'add' },
  each: { isEach: true },
  narrow: { isNarrower: true },
  without: { isNarrower: true },
  percent: { unit: 'percent' },
  dollars: { unit: 'dollars' },
  open: { asksOpenState: true },
  define: { isDefinition: true },
  days: { isDays: true },
  count: { isCount: true },
  share: { isCount: true, isShare: true },
  did: { isDoing: true },
  since: { samePeriod: 'since' },
  target: { isTarget: true },
};

const LOT_SLOTS = { shares: 'quantity', dollars: 'amount', supposed: 'supposed' } as const;

function takeFlag(draft: Draft, token: Token): void {
  const slots = draft.slots;
  Object.assign(slots, FLAGS[token.is]);
  if (token.is === 'lot') {
    if (token.of === 'price') slots.base = String(token.value);
    else slots[LOT_SLOTS[token.of]] = token.value;
  }
  if (token.is === 'follow') slots.follow ??= 'same';
  else if (token.is === 'add') draft.drops = false;
  else if (token.is === 'drop') draft.drops = true;
  // "is its iv over or under hv20": two figures, where a price has a distance.
  else if (token.is === 'aboveOrBelow' && draft.named !== undefined && !isLevel(draft.named))
    draft.relation = { operator: '>', text: token.text };
  else if (token.is === 'without') draft.isNegated = true;
  else if (['swap', 'given', 'per', 'lag'].includes(token.is)) draft.unused.push(token.text);
  // "in dollars and in percent": a distance in dollars has its percentage beside it.
  else if (token.is === 'percent' && draft.has.has('dollars')) slots.unit = 'dollars';
  else if (token.is === 'joiner') {
    if (token === draft.tokens[0]) slots.follow ??= 'same';
    // "over 230 and rvol above 2": the bound before it is whole.
    if (draft.offset !== undefined && draft.offset.operator !== 'within') settleOffset(draft);
  } else if (token.is === 'samePeriod')
    slots.samePeriod = /(?:day|date|session|then)$/i.test(token.text)
      ? 'day'
      : /^(?:the )?same/i.test(token.text)
        ? 'same'
        : 'period';
}

function takeSymbol(draft: Draft, token: Token & { is: 'symbol' }): void {
  const { symbols } = draft.slots;
  if (draft.drops) {
    (draft.slots.drop ??= []).push(token.symbol);
    return;
  }
  if (!symbols.includes(token.symbol)) symbols.push(token.symbol);
  // "more than amd": the two are ranked.
  if (
    draft.relation !== undefined &&
    draft.relation.isUsed !== true &&
    draft.offset === undefined &&
    symbols.length > 1
  ) {
    const { fields, move } = draft.slots;
    const isBeat = /^(?:beat|beats|topped|tops)$/i.test(draft.relation.text);
    if (fields.length === 0 && move === undefined && !isBeat) draft.unused.push(draft.relation.text);
    draft.slots.rank = {
      order: draft.relation.operator.startsWith('>') !== (move === 'down') ? 'highest' : 'lowest',
      ...(isBeat ? { by: 'changePercent' } : {}),
    };
    draft.relation = undefined;
  }
}

function sideBefore(draft: Draft, index: number): Side | undefined {
  const before = draft.tokens[index - 1];
  return before?.is === 'side' && before.side !== 'both' ? before.side : undefined;
}

function takeSide(draft: Draft, side: 'call' | 'put' | 'both'): void {
  const known = draft.slots.side;
  draft.slots.side = known === undefined || known === side ? side : 'both';
}

/** `10% below its high`, `within 2 of it`: a bound of how far. */
function boundDistance(draft: Draft, { operator, value, isPercent }: NonNullable<Draft['offset']>, name: string): void {
  const { slots } = draft;
  const distance = isPercent ? `pct(last, ${name})` : `last - ${name}`;
  // "10% or more off its high": nothing is above it.
  const isOffHigh = /^(?:high|week52High)\b|^highest\(/.test(name);
  if (operator === 'within') addCondition(draft, `abs(${distance})`, '<=', String(value));
  else if (draft.relation?.operator.startsWith('<') === true || slots.move === 'down' || isOffHigh)
    addCondition(draft, distance, FLIPPED[operator] ?? '<', String(-value));
  else addCondition(draft, distance, operator, String(value));
  delete slots.move;
  draft.offset = undefined;
  draft.relation = undefined;
}

/** `its open vs yesterday's close`: of today the first, and none of it yesterday's. */
function takePrevious({ slots, dates, tokens, at }: Draft, names: readonly string[]): boolean {
  const [yesterday, ...more] = dates;
  const isBeside = yesterday?.range === 'yesterday' && tokens[at - 1] === yesterday && more.length === 0;
  if (!isBeside || slots.isComparison !== true || names.join() !== 'close' || slots.fields.length === 0) return false;
  dates.pop();
  slots.fields.push('previousClose');
  return true;
}

function takeField(draft: Draft, names: readonly string[]): void {
  const slots = draft.slots;
  if (takePrevious(draft, names)) return;
  const [name = ''] = names;
  const isOne = names.length === 1;
  // "nearer to its high or its low": to each of them.
  const isNearer = slots.symbols.length === 1 && draft.has.has('nearest') && slots.rank?.by === 'distance';
  const isFrom = isDistance(draft) || draft.has.has('aboveOrBelow') || isNearer;
  if (slots.base !== undefined && isFrom && names.every((each) => isBase(draft, each) && isLevel(each))) {
    // "closer to its high or low": both of the year.
    const isOfYear = slots.base.startsWith('week52');
    (slots.alsoBases ??= []).push(...names.map((each) => (isOfYear ? BARE_EXTREMES[each] : undefined) ?? each));
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
    draft.relation = undefined;
    delete slots.move;
    return;
  }
  if (draft.has.has('aboveOrBelow') && isOne && slots.base === undefined && isLevel(name)) {
    slots.base = name;
    return;
  }
  // "more than 20000 contracts of open interest"
  const counted = draft.offset;
  const isCounted =
    draft.tokens[draft.at - 1]?.is === 'number' ||
    /^(?:contracts?|lots?|shares|of|in)$/i.test(draft.tokens[draft.at - 1]?.text ?? '');
  if (
    counted !== undefined &&
    isOne &&
    isCounted &&
    counted.operator !== 'within' &&
    !isLevel(name) &&
    slots.move === undefined
  ) {
    addCondition(draft, name, counted.operator, boundOf(name, counted.value, counted.isPercent));
    slots.fields.push(name);
    draft.offset = undefined;
    draft.relation = undefined;
    return;
  }
  // "puts under 26, just bid": a bound of its own; "10 percent below its high": of a distance.
  const isFar = draft.tokens.slice(0, draft.at).findLast(({ is }) => FAR.has(is))?.is !== 'number';
  if (draft.offset !== undefined && isOne && (!isLevel(name) || !isFar) && draft.offset.operator !== 'within')
    settleOffset(draft);
  if (draft.offset !== undefined && isOne) {
    boundDistance(draft, draft.offset, name);
    return;
  }
  // "its fifty day average is above its two hundred day average"
  if (draft.relation !== undefined && isOne && slots.fields.some(isLevel) && isLevel(name)) {
    compareWith(draft, name);
    return;
  }
  const ranksDistance = slots.rank?.by === 'distance';
  const canBeFar = isBase(draft, name) && (findField(name) === undefined || findField(name)?.unit === 'usd');
  if (isOne && slots.base === undefined && canBeFar && (isDistance(draft) || ranksDistance || isPaidAt(draft))) {
    slots.base = name;
    draft.relation = undefined;
    delete slots.move;
    return;
  }
  if (draft.relation !== undefined) {
    const isAll = isOne || names.every((each) => /^[se]ma\d/.test(each));
    for (const each of isAll ? names : names.slice(0, 1)) compareWith(draft, each);
    return;
  }
  if (
    isOne &&
    slots.base === undefined &&
    draft.has.has('from') &&
    !PRICES.has(name) &&
    slots.fields.every((each) => PRICES.has(each)) &&
    isLevel(name) &&
    !slots.isYesNo
  ) {
    slots.base = name;
    return;
  }
  for (const each of names) if (!slots.fields.includes(each)) slots.fields.push(each);
  draft.named = name === 'ohlc' ? draft.named : name;
  draft.aggregates.at(-1)?.fields.push(...names);
}

/** `if I had bought at the low`: from there on. */
function isPaidAt({ tokens, at, has }: Draft): boolean {
  const before = tokens
    .slice(0, at)
    .findLast(({ is, text }) => is !== 'filler' || /^(?:at|on)(?: the| its)?$/i.test(text));
  return has.has('paid') && /^(?:at|on)\b/i.test(before?.text ?? '');
}

/** What may stand between a bound and what it is measured from. */
const FAR: ReadonlySet<Token['is']> = new Set(['number', 'relation', 'from', 'distance', 'within', 'move', 'minus']);

/** `above its 50 and 200 day`: the price where no figure was named before it. */
function compareWith(draft: Draft, field: string): void {
  const times = draft.times;
  draft.times = undefined;
  // "volume, and is it above its 200 day": the stock is.
  const named = isOfPronoun(draft) && isLevel(field) ? 'last' : subject(draft);
  const window = named === 'volume' ? /^[se]ma(\d+)$/.exec(field)?.[1] : undefined;
  const bound = window === undefined ? field : `avg(volume, ${window})`;
  const right = times === undefined ? bound : `${String(times.value)} * ${bound}`;
  const relation = draft.relation as { operator: string; isUsed?: true };
  const { operator } = relation;
  relation.isUsed = true;
  const isOfMove = draft.slots.move !== undefined && draft.slots.fields.length === 0;
  // "down 5 days straight but above its 200 day": a streak is no price.
  const isOfPrice = bound === field && isLevel(field) && !/^(?:atr|range)/.test(field);
  const isOther = isOfPrice && findField(named) !== undefined && findField(named)?.unit !== 'usd';
  // A move in dollars is what an average range in dollars bounds.
  const isRange = isOfMove && right.startsWith('atr') && !right.startsWith('atrPercent');
  const left = isRange ? 'abs(change)' : isOther ? 'last' : named;
  if (draft.crosses) draft.slots.conditions.push(crossing(left, operator.startsWith('>'), right));
  else addCondition(draft, left, operator, right);
}

/** `which of those three`, `the lowest of the 3`: of the symbols asked before, no window or strike of theirs. */
function isCountOfSubjects({ tokens }: Draft, { value, isPercent }: Token & { is: 'number' }, index: number): boolean {
  const [before, next] = [tokens[index - 1]?.text ?? '', tokens[index + 1]];
  if (isPercent || !Number.isInteger(value) || value < 2 || value > MOST_SUBJECTS) return false;
  if (/\b(?:those|these|them)$/i.test(before)) return !COUNTED_THINGS.has(next?.is ?? '');
  const isBetween = index > 1 && /\b(?:of|among|between|all)$/i.test(tokens[index - 2]?.text ?? '');
  const isEnd =
    next === undefined ||
    ['mark', 'joiner', 'which'].includes(next.is) ||
    /^(?:is|are|was|has|had|did|does)$/i.test(next.text);
  return isEnd && /^(?:(?:which )?of )?the$/i.test(before) && (isBetween || /of the$/i.test(before));
}

/** More of them nobody points back to by their number. */
const MOST_SUBJECTS = 12;
const COUNTED_THINGS = new Set(['unit', 'date', 'dates', 'side', 'strike', 'strikes', 'form', 'interval']);

function isOfPronoun({ tokens, at }: Draft): boolean {
  const relation = tokens.slice(0, at).findLastIndex(({ is }) => is === 'relation');
  const before = tokens.slice(0, Math.max(0, relation)).findLast(({ is }) => is !== 'filler');
  return before?.is === 'pronoun' && (before.pronoun === 'it' || before.pronoun === 'many');
}

/** `since the april low`: from that low on. */
function fromExtreme(draft: Draft, names: readonly string[]): boolean {
  const date = draft.dates.at(-1);
  const before = draft.tokens[draft.at - 1];
  const [name = ''] = names;
  const month = /^since (?!start|end|beginning)([a-z0-9 ]+)$/.exec(date?.range ?? '')?.[1];
  if (before !== date || month === undefined || names.length > 1 || !/^(?:high|low|open|close)$/.test(name))
    return false;
  if (draft.slots.base !== undefined || draft.slots.fields.length > 0) return false;
  draft.dates[draft.dates.length - 1] = { ...(date as Token & { is: 'date' }), range: month };
  draft.slots.base = name;
  delete draft.slots.move;
  return true;
}

const BARE_EXTREMES: Readonly<Record<string, string>> = { high: 'week52High', low: 'week52Low' };

/** `10% below its high`, where no day or period is named: that of the year. */
function extremeMeant(draft: Draft, names: readonly string[]): readonly string[] {
  const [name = ''] = names;
  const year = names.length === 1 ? BARE_EXTREMES[name] : undefined;
  const isFar =
    isDistance(draft) || draft.offset?.isPercent === true || draft.slots.rank?.by === 'distance' || isPaidAt(draft);
  const isBare = /^(?:high|low)s?$/i.test(draft.tokens[draft.at]?.text ?? '');
  const owner = draft.tokens[draft.at - 1];
  // "20% off highs": not those of the day, which has one.
  const isMany = /s$/i.test(draft.tokens[draft.at]?.text ?? '');
  const isOwn =
    isMany || owner?.is === 'symbol' || owner?.is === 'pronoun' || /\b(?:its|their|the)$/i.test(owner?.text ?? '');
  const isMeant = year !== undefined && isFar && isBare && isOwn && !draft.has.has('date');
  if (isMeant) draft.slots.isBareExtreme = true;
  return isMeant ? [year] : names;
}

/** Strikes, deltas and counts of contracts or shares. */
function takeOfNumber(draft: Draft, token: Token & { is: 'number' }, index: number): boolean {
  if (takeDays(draft.tokens, draft.slots, index)) return true;
  if (takeEvents(draft, token, index)) return true;
  const slots = draft.slots;
  const next = draft.tokens[index + 1];
  const { value, isPercent } = token;
  // "delta over .20 and under .35"
  const isOfDelta = typeof slots.delta === 'object' && value < 1 && !isPercent;
  if (isOfDelta && draft.relation !== undefined && draft.tokens[index - 1]?.is === 'relation') {
    slots.delta = boundedDelta(draft, value);
    return true;
  }
  if (
    value >= 1 &&
    !isPercent &&
    !names(slots, 'amount', 'quantity') &&
    next?.is !== 'symbol' &&
    draft.tokens.some(({ is, text }, at) => is === 'howMuch' && /many$/i.test(text) && isOfShares(draft, at))
  ) {
    slots.amount = value;
    return true;
  }
  // "a delta nearest 0.25"
  const isDelta = !isPercent && value > 0 && value < 1 && draft.has.has('delta') && draft.has.has('nearest');
  if (isDelta && draft.relation === undefined && slots.side !== undefined) {
    slots.delta = value;
    return true;
  }
  return false;
}

function takeNumber(draft: Draft, token: Token & { is: 'number' }, index: number): void {
  const slots = draft.slots;
  const next = draft.tokens[index + 1];
  const { value, isPercent } = token;
  // "at 410 pm": a time, which only the market's hours have.
  if (/^[ap]m$/i.test(next?.text ?? '')) {
    if (!slots.forms.includes('market')) draft.unused.push(`${token.text} ${next?.text ?? ''}`);
    return;
  }
  if (isCountOfSubjects(draft, token, index)) {
    slots.pronoun = value;
    draft.countsSubjects = true;
    return;
  }
  if (takeOfNumber(draft, token, index)) return;
  if (isPercent && takeShare(draft, value, draft.tokens[index - 1]?.text)) return;
  if (isPercent && next?.is === 'money' && next.money !== 'atm') {
    slots.away = value;
    return;
  }
  if (takeBetween(draft, token, index)) return;
  if (isMargin(draft, index)) {
    widenCondition(draft, value, isPercent);
    return;
  }
  const before = draft.tokens[index - 1]?.text.toLowerCase() ?? '';
  const isHeld = /^(?:holding|hold)$/.test(before) || /^(?:hold|holding|held)$/i.test(next?.text ?? '');
  if (isHeld && !draft.has.has('paid') && draft.relation === undefined && slots.side === undefined) {
    addCondition(draft, 'last', '>', String(value));
    return;
  }
  if (draft.relation !== undefined && /^shares$/i.test(next?.text ?? '') && !draft.has.has('paid')) {
    addCondition(draft, 'volume', draft.relation.operator, String(value));
    draft.relation = undefined;
    return;
  }
  if (takePaid(draft, token, index)) return;
  if (next?.is === 'streak') draft.number = token;
  else if (
    !isPercent &&
    (next?.is === 'bestDay' ||
      (next?.is === 'scan' && draft.relation === undefined) ||
      (next?.is === 'rank' && draft.relation === undefined))
  )
    slots.limit = value;
  else if (!isPercent && next?.is === 'unit' && draft.tokens[index - 1]?.is === 'rank') slots.limit = value;
  else if (draft.tokens.slice(Math.max(0, index - 2), index).some(({ is }) => is === 'top')) slots.limit = value;
  else if (draft.has.has('within'))
    draft.offset = { operator: 'within', value, isPercent, isOfMove: slots.move !== undefined };
  else if (draft.relation !== undefined && !(draft.has.has('distance') && draft.has.has('howMuch'))) {
    const isMoney = token.isMoney === true || /^(?:cheaper|pricier)/.test(draft.relation.text);
    const bound = {
      ...{ operator: draft.relation.operator, isPercent, isOfMove: slots.move !== undefined },
      // "days <= -1%"
      value: signed(draft, index, value),
      ...(isMoney ? { isMoney } : {}),
      // "the most open interest in puts below 600": of their strike or price.
      ...(draft.tokens[index - 2]?.is === 'side' ? { isOfSide: true as const } : {}),
    };
    draft.relation = undefined;
    settlePending(draft);
    // "rsi above 70": of the figure right before it.
    draft.offset = bound;
    if (isOfFieldBefore(draft, index)) settleOffset(draft);
  } else if (!isPercent && isMeasured(draft, index)) slots.base = String(value);
  // "did it lose 670": a price, where "drop 500 points" is a move.
  else if (slots.move !== undefined && !isPercent && value >= 100 && token.isMoney !== true && !isPoints(next))
    draft.unused.push(token.text);
  else if (slots.move !== undefined && (slots.isYesNo === true || (isPercent && !draft.has.has('date'))))
    draft.offset = { operator: '>=', value, isPercent, isOfMove: true };
  else draft.number = token;
}

/** `how far from 75`, `if it drops to 665`: the price that something is measured from, not any number of the question. */
function isMeasured({ tokens, slots, has }: Draft, index: number): boolean {
  if (slots.isTarget === true) return true;
  const before = tokens.slice(0, index).findLast(({ is }) => is !== 'filler' && is !== 'symbol');
  const next = tokens.slice(index + 1).find(({ is }) => is !== 'filler' && is !== 'symbol');
  const isOther = before?.is === 'field' && PRICES.has(before.names[0] ?? '') && next?.is !== 'distance';
  return has.has('distance') && !isOther && next?.is !== 'pays';
}

const isPoints = (next: Token | undefined): boolean => /^(?:points?|pts|dollars|bucks)$/i.test(next?.text ?? '');

/** `under its 200 day with rsi below 30`: a figure with a bound of its own is none of the side before it. */
function endRelationBefore(draft: Draft, index: number): void {
  const next = draft.tokens.slice(index + 1).find(({ is }) => is !== 'filler');
  if (draft.relation?.isUsed === true && next?.is === 'relation') draft.relation = undefined;
}

function takeRelation(draft: Draft, token: Token & { is: 'relation' }): void {
  // "those under 10 that are above their 200 day": two bounds.
  const between = draft.tokens.slice(
    draft.tokens.findLastIndex(({ is }, at) => is === 'number' && at < draft.at),
    draft.at,
  );
  const isOfThem = draft.slots.scan === undefined && draft.offset?.isMoney !== true;
  if (isOfThem && draft.offset?.operator !== 'within' && between.some(({ text }) => /^(?:that|which)\b/i.test(text)))
    settleOffset(draft);
  // "slipped below their 200 day", "fell under 400": where it came to, no size of the move.
  const [before, ...next] = draft.tokens.slice(draft.at - 1);
  const to = next.slice(1).find(({ is }) => is !== 'filler' && is !== 'pronoun');
  const isPrice = to?.is === 'field' ? to.names.every(isLevel) : to?.is === 'number' && !to.isPercent;
  const isSide = /^(?:above|below|under|beneath|past|through|over)$/i.test(token.text);
  draft.isReached = isSide && isPrice && before?.is === 'move' && !/^(?:up|down)$/i.test(before.text);
  if (draft.isReached) delete draft.slots.move;
  // "more than 10 percent below": a side of what is to come.
  draft.relation = { operator: token.operator, text: token.text };
}

function takeStreak(draft: Draft, token: Token): void {
  const slots = draft.slots;
  const count = draft.number?.value;
  draft.number = undefined;
  const isDown = slots.move === 'down';
  delete slots.move;
  if (count !== undefined && names(slots, 'isYesNo', 'isWhich')) {
    const [operator, bound] = isDown ? ['<=', -count] : ['>=', count];
    slots.conditions.push({
      expression: `streak ${operator} ${bound}`,
      word: `${isDown ? 'down' : 'up'} ${count} ${token.text.toLowerCase()}`,
    });
  } else if (!slots.fields.includes('streak')) slots.fields.push('streak');
  delete slots.isCount;
}
