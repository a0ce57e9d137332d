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
  settleOffset,
  subject,
  crossing,
} from './draft.ts';
import { finish } from './finish.ts';
import { isListed } from './settle-senses.ts';
import { takeNumber } from './numbers.ts';
import { stated } from './study.ts';
import { LARGE, type Refusal, type Slots, names, rankOfExtreme } from './query.ts';
import type { Strike, Token } from '../words/tokens.ts';

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
  if (token.corrected !== undefined) (draft.slots.corrected ??= []).push(`${token.text} as ${token.corrected}`);
  Object.assign(draft.slots, FLAGS[token.is]);
  const taker = TAKERS[token.is] as ((draft: Draft, token: Token) => void) | undefined;
  taker?.(draft, token);
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

const leaveUnused = ({ unused }: Draft, { text }: Token): void => void unused.push(text);

/** What each kind of token does to the part, beside the slot that it fills anyway. */
const TAKERS: { readonly [Kind in Token['is']]?: (draft: Draft, token: Token & { is: Kind }) => void } = {
  symbol: takeSymbol,
  field: takeNamedField,
  delta: (draft) => takeField(draft, ['delta']),
  form: takeForm,
  date: takeDate,
  number: takeNumber,
  times: (draft, token) => (draft.times = token),
  dates: takeDates,
  scan: takeScan,
  interval: ({ slots }, { interval }) => (slots.interval = interval),
  step: ({ slots }, { unit, by }) => (slots.step = { unit, by }),
  relation: takeRelation,
  aggregate: takeAggregate,
  bestDay: takeBestDay,
  unit: (draft, token) => (draft.unit = token),
  allTime: takeAllTime,
  occasion: takeOccasion,
  rank: takeRank,
  move: takeMove,
  state: takeState,
  pronoun: takePronoun,
  nearest: takeByDistance,
  farthest: takeByDistance,
  streak: takeStreak,
  crossed: takeCrossed,
  contract: takeContract,
  strike: takeStrike,
  strikes: ({ slots }, { count }) => (slots.strikes = count),
  span: ({ slots }, { from, to }) => (slots.strikes = { from, to }),
  deltaOf: takeDeltaOf,
  allStrikes: ({ slots }) => (slots.strikes = 'all'),
  strikesWord: ({ slots }) => addForm(slots, 'chain'),
  money: takeMoney,
  side: (draft, { side }) => takeSide(draft, side),
  strategy: takeStrategy,
  legs: ({ slots }, { strikes }) => slots.strike.push(...strikes),
  width: ({ slots }, { width }) => (slots.width = width),
  bound: (draft, { left, operator, right }) => addCondition(draft, left, operator, right),
  lots: ({ slots }, { count }) => (slots.quantity = count),
  limit: takeLimit,
  signed: takeSigned,
  traded: ({ slots }, { price, isSold }) => (slots.traded = { price, isSold }),
  book: ({ slots }, { price }) => (slots.book = price),
  ofStrategy: takeOfStrategy,
  lot: takeLot,
  follow: ({ slots }) => (slots.follow ??= 'same'),
  add: (draft) => (draft.drops = false),
  drop: (draft) => (draft.drops = true),
  aboveOrBelow: takeAboveOrBelow,
  without: (draft) => (draft.isNegated = true),
  swap: leaveUnused,
  given: leaveUnused,
  per: leaveUnused,
  lag: leaveUnused,
  percent: takePercent,
  joiner: takeJoiner,
  samePeriod: takeSamePeriod,
};

function takeNamedField(draft: Draft, { names, text }: Token & { is: 'field' }): void {
  const { slots, tokens, at } = draft;
  if (draft.relation !== undefined && /^that$/i.test(tokens[at - 1]?.text ?? '')) slots.isThat = text.toLowerCase();
  endRelationBefore(draft, at);
  if (!fromExtreme(draft, names)) takeField(draft, extremeMeant(draft, names));
}

function addForm({ forms }: Slots, form: string): void {
  if (!forms.includes(form)) forms.push(form);
}

/** `next 4 expirations`: a row each. */
function takeDates({ slots }: Draft, { count }: Token & { is: 'dates' }): void {
  slots.limit = count;
  slots.isEach = true;
  addForm(slots, 'expirations');
}

function takeAggregate({ slots, aggregates }: Draft, { aggregate }: Token & { is: 'aggregate' }): void {
  slots.aggregate = aggregate;
  aggregates.push({ aggregate, fields: [] });
}

function takeBestDay(draft: Draft, { which }: Token & { is: 'bestDay' }): void {
  const { slots, tokens } = draft;
  const change = draft.isInDollars ? 'change' : 'changePercent';
  const figure = which === 'abs' ? `abs(${change})` : change;
  const way = which === 'lowest' ? 'lowest' : 'highest';
  slots.fields.push(`${way}(${figure})`, `${way}On(${figure})`);
  // "how much was it up or down on its worst day": of that day.
  if (!isListed(draft)) delete slots.move;
  // "which had the worst single day": of several symbols the one whose day it was.
  const asked = tokens[tokens.findIndex(({ is }) => is === 'which') + 1]?.text ?? '';
  const isOfSeveral = slots.isWhich === true && slots.symbols.length !== 1 && !/^(?:day|session|date)/i.test(asked);
  const rank = isOfSeveral ? rankOfExtreme(slots.fields) : undefined;
  if (rank !== undefined) slots.rank ??= rank;
}

function takeAllTime(draft: Draft, { field }: Token & { is: 'allTime' }): void {
  draft.isAllTime = true;
  takeField(draft, [field]);
}

/** `how long has it been above its 50 day`: since the last day on which it was not. */
function takeOccasion(draft: Draft, { occasion, text }: Token & { is: 'occasion' }): void {
  draft.isSince = occasion === 'since';
  if (/^how\b.*\bsince\b/i.test(text)) draft.slots.isCount = true;
  draft.slots.occasion = occasion === 'since' ? 'last' : occasion;
}

function takeRank(draft: Draft, { order, by }: Token & { is: 'rank' }): void {
  const { slots } = draft;
  // "the best and the worst": the table of all tells both.
  if (slots.rank !== undefined && slots.rank.order !== order && slots.symbols.length !== 1) draft.isBothEnds = true;
  slots.rank = { order, ...(by === undefined ? {} : { by }) };
}

function takeMove(draft: Draft, { direction, text }: Token & { is: 'move' }): void {
  const { slots, tokens, at } = draft;
  // "since the april low, how much is it up"
  if (slots.base !== undefined && draft.dates.some(({ range }) => range !== undefined)) return;
  const isOfBestDay = tokens.slice(0, at).some(({ is }) => is === 'bestDay');
  if (isOfBestDay && !isListed(draft)) return;
  if (/return|gain|performance|^(?:negative|positive)$/i.test(text)) slots.isSigned = true;
  slots.move = slots.move !== undefined && slots.move !== direction ? 'any' : direction;
}

function takePronoun(draft: Draft, { pronoun }: Token & { is: 'pronoun' }): void {
  const { slots, tokens, at } = draft;
  if (/\b(?:those|these|them)$/i.test(tokens[at - 1]?.text ?? '')) draft.countsSubjects = true;
  slots.pronoun = typeof slots.pronoun === 'number' ? slots.pronoun : pronoun;
}

/** `nearest its high`, `furthest over its 10 day` */
function takeByDistance(draft: Draft, token: Token): void {
  const order = token.is === 'nearest' ? 'lowest' : 'highest';
  draft.slots.rank = { order, by: 'distance', ...sideOfRank(draft, token) };
}

function takeCrossed(draft: Draft, { text }: Token): void {
  draft.crosses = true;
  if (/above|over/.test(text)) draft.relation = { operator: '>', text };
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
  addForm(slots, form);
}

const OF_HOURS = /^(?:pre ?market|after ?hours|extended hours)$/i;

/** `large caps at a new high`: what is looked for, and among which. */
function takeScan({ slots }: Draft, { scan }: Token & { is: 'scan' }): void {
  const known = slots.scan ?? '';
  const named = [known, scan].find((each) => each !== '' && each !== 'large');
  const isOfLarge = [known, scan].includes('large');
  slots.scan = named ?? (isOfLarge ? 'large' : scan);
  if (named !== undefined && isOfLarge && slots.conditions.every(({ expression }) => expression !== LARGE))
    slots.conditions.push({ expression: LARGE });
}

function takeContract(draft: Draft, { terms, text }: Token & { is: 'contract' }): void {
  const { slots } = draft;
  const { underlying, strike, side, expiration } = terms;
  takeSymbol(draft, { text, is: 'symbol', symbol: underlying, isPossessive: false });
  if (!slots.strike.includes(strike)) slots.strike.push(strike);
  takeStrikeSide(draft, strike, side);
  takeSide(draft, side);
  if (slots.expiration !== undefined && slots.expiration !== expiration && slots.strike.length > 1)
    draft.unused.push(text);
  slots.expiration = listOf(slots.expiration, expiration);
}

function takeStrike(draft: Draft, { strike, side }: Token & { is: 'strike' }): void {
  const { slots } = draft;
  if (!slots.strike.includes(strike)) slots.strike.push(strike);
  takeStrikeSide(draft, strike, side ?? sideBefore(draft, draft.at));
  if (side !== undefined) takeSide(draft, side);
}

function takeDeltaOf(draft: Draft, { delta, text }: Token & { is: 'deltaOf' }): void {
  const { slots } = draft;
  if (typeof slots.delta === 'number' && slots.delta !== delta) draft.unused.push(text);
  slots.delta = boundedDelta(draft, delta);
}

function takeMoney({ slots }: Draft, { money }: Token & { is: 'money' }): void {
  if (money === 'atm') slots.strike.push('atm');
  else slots.money = money;
}

function takeStrategy({ slots, unused }: Draft, { strategy, text }: Token & { is: 'strategy' }): void {
  if (slots.strategy !== undefined && slots.strategy !== strategy) unused.push(text);
  slots.strategy = strategy;
}

function takeLimit({ slots }: Draft, { count, isOfEach }: Token & { is: 'limit' }): void {
  slots.limit = count;
  if (isOfEach === true) slots.isOfEach = true;
}

function takeSigned({ slots }: Draft, { count }: Token & { is: 'signed' }): void {
  (slots.signed ??= []).push(count);
  slots.strategy ??= 'own-legs';
}

/** `annual returns of the last four years`: of the stock, where nothing speaks of options. */
function takeOfStrategy({ slots, has }: Draft, { text }: Token): void {
  const isOfStock = /^(?:annual|yearly) returns?$/i.test(text);
  if (isOfStock && !['side', 'strike', 'strategy', 'deltaOf'].some((is) => has.has(is)))
    Object.assign(slots, { interval: 'year', move: 'any', isSigned: true });
  else slots.ofStrategy ??= text;
}

const LOT_SLOTS = { shares: 'quantity', dollars: 'amount', supposed: 'supposed' } as const;

function takeLot({ slots }: Draft, { of, value }: Token & { is: 'lot' }): void {
  if (of === 'price') slots.base = String(value);
  else slots[LOT_SLOTS[of]] = value;
}

/** `is its iv over or under hv20`: two figures, where a price has a distance. */
function takeAboveOrBelow(draft: Draft, { text }: Token): void {
  if (draft.named !== undefined && !isLevel(draft.named)) draft.relation = { operator: '>', text };
}

/** `in dollars and in percent`: a distance in dollars has its percentage beside it. */
function takePercent({ slots, has }: Draft): void {
  if (has.has('dollars')) slots.unit = 'dollars';
}

function takeJoiner(draft: Draft, token: Token): void {
  if (token === draft.tokens[0]) draft.slots.follow ??= 'same';
  // "over 230 and rvol above 2": the bound before it is whole.
  if (draft.offset !== undefined && draft.offset.operator !== 'within') settleOffset(draft);
}

function takeSamePeriod({ slots }: Draft, { text }: Token): void {
  const isDay = /(?:day|date|session|then)$/i.test(text);
  slots.samePeriod = isDay ? 'day' : /^(?:the )?same/i.test(text) ? 'same' : 'period';
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

/** `590 put and 605 call`: each with its own. */
function takeStrikeSide(draft: Draft, strike: Strike, side: Side | undefined): void {
  if (side === undefined) return;
  const sides = (draft.slots.sideOf ??= {});
  const known = sides[String(strike)];
  draft.slots.sideOf = known === undefined || known === side ? { ...sides, [String(strike)]: side } : {};
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

/** The role of a figure, by what stands before it; the first rule that knows one counts. */
function takeField(draft: Draft, names: readonly string[]): void {
  const [name = ''] = names;
  const isTaken =
    names.length === 1
      ? ROLES_OF_ONE.some((takes) => takes(draft, name))
      : ROLES_OF_SEVERAL.some((takes) => takes(draft, names));
  if (isTaken) return;
  const { fields } = draft.slots;
  for (const each of names) if (!fields.includes(each)) fields.push(each);
  draft.named = name === 'ohlc' ? draft.named : name;
  draft.aggregates.at(-1)?.fields.push(...names);
}

const ROLES_OF_ONE: readonly ((draft: Draft, name: string) => boolean)[] = [
  takePrevious,
  (draft, name) => takeMoreBases(draft, [name]),
  takeSideOfLevel,
  takeCounted,
  takeOffset,
  takeLevelAgainstLevel,
  takeFarFrom,
  (draft, name) => takeCompared(draft, [name]),
  takeFrom,
];

const ROLES_OF_SEVERAL: readonly ((draft: Draft, names: readonly string[]) => boolean)[] = [
  takeMoreBases,
  takeBases,
  takeCompared,
];

/** `its open vs yesterday's close`: of today the first, and none of it yesterday's. */
function takePrevious({ slots, dates, tokens, at }: Draft, name: string): boolean {
  const [yesterday, ...more] = dates;
  const isBeside = yesterday?.range === 'yesterday' && tokens[at - 1] === yesterday && more.length === 0;
  if (!isBeside || slots.isComparison !== true || name !== 'close' || slots.fields.length === 0) return false;
  dates.pop();
  slots.fields.push('previousClose');
  return true;
}

/** `nearer to its high or its low`: to each of them. */
function isMeasuredFrom(draft: Draft): boolean {
  const { slots, has } = draft;
  const isNearer = slots.symbols.length === 1 && has.has('nearest') && slots.rank?.by === 'distance';
  return isDistance(draft) || has.has('aboveOrBelow') || isNearer;
}

/** `closer to its high or low`: both of the year. */
function takeMoreBases(draft: Draft, names: readonly string[]): boolean {
  const { slots } = draft;
  if (slots.base === undefined || !isMeasuredFrom(draft)) return false;
  if (!names.every((each) => isBase(draft, each) && isLevel(each))) return false;
  const isOfYear = slots.base.startsWith('week52');
  (slots.alsoBases ??= []).push(...names.map((each) => (isOfYear ? BARE_EXTREMES[each] : undefined) ?? each));
  return true;
}

/** `how far is it from its moving averages` */
function takeBases(draft: Draft, names: readonly string[]): boolean {
  const { slots } = draft;
  const isFew = names.length < 4 && names.every(isLevel) && slots.fields.every((each) => PRICES.has(each));
  if (slots.base !== undefined || !isFew || !isMeasuredFrom(draft)) return false;
  takeBase(draft, names[0] ?? '');
  slots.alsoBases = names.slice(1);
  return true;
}

function takeBase(draft: Draft, name: string): true {
  draft.slots.base = name;
  draft.relation = undefined;
  delete draft.slots.move;
  return true;
}

/** `is it above or below its 50 day` */
function takeSideOfLevel({ slots, has }: Draft, name: string): boolean {
  if (!has.has('aboveOrBelow') || slots.base !== undefined || !isLevel(name)) return false;
  slots.base = name;
  return true;
}

/** `more than 20000 contracts of open interest` */
function takeCounted(draft: Draft, name: string): boolean {
  const { offset, slots, tokens, at } = draft;
  const before = tokens[at - 1];
  const isCounted = before?.is === 'number' || /^(?:contracts?|lots?|shares|of|in)$/i.test(before?.text ?? '');
  if (offset === undefined || offset.operator === 'within' || !isCounted) return false;
  if (isLevel(name) || slots.move !== undefined) return false;
  addCondition(draft, name, offset.operator, boundOf(name, offset.value, offset.isPercent));
  slots.fields.push(name);
  draft.offset = undefined;
  draft.relation = undefined;
  return true;
}

/** `puts under 26, just bid`: a bound of its own; `10 percent below its high`: of a distance. */
function takeOffset(draft: Draft, name: string): boolean {
  const isFar = draft.tokens.slice(0, draft.at).findLast(({ is }) => FAR.has(is))?.is !== 'number';
  if ((!isLevel(name) || !isFar) && draft.offset?.operator !== 'within') settleOffset(draft);
  if (draft.offset === undefined) return false;
  boundDistance(draft, draft.offset, name);
  return true;
}

/** `its fifty day average is above its two hundred day average` */
function takeLevelAgainstLevel(draft: Draft, name: string): boolean {
  if (draft.relation === undefined || !isLevel(name) || !draft.slots.fields.some(isLevel)) return false;
  compareWith(draft, name);
  return true;
}

/** `how far is it below its high` */
function takeFarFrom(draft: Draft, name: string): boolean {
  const { slots } = draft;
  const unit = findField(name)?.unit ?? 'usd';
  if (slots.base !== undefined || unit !== 'usd' || !isBase(draft, name)) return false;
  return (isDistance(draft) || slots.rank?.by === 'distance' || isPaidAt(draft)) && takeBase(draft, name);
}

/** `above its 20 and 50 day averages`: of both, where of other figures the first is compared. */
function takeCompared(draft: Draft, names: readonly string[]): boolean {
  if (draft.relation === undefined) return false;
  const isAll = names.every((each) => /^[se]ma\d/.test(each));
  for (const each of isAll ? names : names.slice(0, 1)) compareWith(draft, each);
  return true;
}

/** `spy from its 50 day` */
function takeFrom({ slots, has }: Draft, name: string): boolean {
  if (slots.base !== undefined || slots.isYesNo || !has.has('from') || !isLevel(name)) return false;
  if (!slots.fields.every((each) => PRICES.has(each))) return false;
  slots.base = name;
  return true;
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
  const { slots, tokens, at } = draft;
  const year = names.length === 1 ? BARE_EXTREMES[names[0] ?? ''] : undefined;
  const text = tokens[at]?.text ?? '';
  if (year === undefined || !/^(?:high|low)s?$/i.test(text) || draft.has.has('date')) return names;
  const isFar =
    isDistance(draft) || draft.offset?.isPercent === true || slots.rank?.by === 'distance' || isPaidAt(draft);
  const owner = tokens[at - 1];
  // "20% off highs": not those of the day, which has one.
  const isOwn =
    /s$/i.test(text) || /^(?:symbol|pronoun)$/.test(owner?.is ?? '') || /\b(?:its|their|the)$/i.test(owner?.text ?? '');
  if (!isFar || !isOwn) return names;
  slots.isBareExtreme = true;
  return [year];
}

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
