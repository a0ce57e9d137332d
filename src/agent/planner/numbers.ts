// What a number of a question is: a bound, the base of a distance, a count of rows, shares or symbols, a strike, the size of a
// move. The words before and after it decide, and the surest rule comes first.
import { findField } from '../../fields/registry.ts';
import { takeEvents } from './calendar-dates.ts';
import { type Draft, PRICES, addCondition, boundOf, boundedDelta, settleOffset } from './draft.ts';
import { takePaid } from './holdings.ts';
import { names } from './query.ts';
import { takeDays } from './study.ts';
import type { Token } from '../words/tokens.ts';
import { asksMany, isWay } from './said.ts';

type NumberToken = Token & { is: 'number' };

/** The role of a number; what no rule takes is what a later token may need. */
export function takeNumber(draft: Draft, token: NumberToken): void {
  if (!ROLES_OF_NUMBER.some((takes) => takes(draft, token, draft.at))) draft.number = token;
}

const ROLES_OF_NUMBER: readonly ((draft: Draft, token: NumberToken, index: number) => boolean)[] = [
  takeTime,
  takeCountOfSubjects,
  ({ tokens, slots }, _token, index) => takeDays(tokens, slots, index),
  takeEvents,
  takeBoundOfDelta,
  takeShares,
  takeDeltaNearest,
  (draft, { value, isPercent }, index) => isPercent && takeShare(draft, value, draft.tokens[index - 1]?.text),
  takeAway,
  takeBetween,
  takeMargin,
  takeHeldPrice,
  takeTradedShares,
  takePaid,
  (draft, token, index) => {
    if (draft.tokens[index + 1]?.is !== 'streak') return false;
    draft.number = token;
    return true;
  },
  takeRows,
  takeWithin,
  takeBound,
  takePriceOfBase,
  takePriceOfMove,
  takeSizeOfMove,
];

/** `at 410 pm`: a time, which only the market's hours have. */
function takeTime({ tokens, slots, unused }: Draft, { text }: NumberToken, index: number): boolean {
  const next = tokens[index + 1]?.text ?? '';
  if (!/^[ap]m$/i.test(next)) return false;
  if (!slots.forms.includes('market')) unused.push(`${text} ${next}`);
  return true;
}

function takeCountOfSubjects(draft: Draft, token: NumberToken, index: number): boolean {
  if (!isCountOfSubjects(draft, token, index)) return false;
  draft.slots.pronoun = token.value;
  draft.countsSubjects = true;
  return true;
}

/** `delta over .20 and under .35` */
function takeBoundOfDelta(draft: Draft, { value, isPercent }: NumberToken, index: number): boolean {
  const { slots, tokens, relation } = draft;
  if (typeof slots.delta !== 'object' || value >= 1 || isPercent) return false;
  if (relation === undefined || tokens[index - 1]?.is !== 'relation') return false;
  slots.delta = boundedDelta(draft, value);
  return true;
}

/** `how many shares for 5000`: what is put in. */
function takeShares(draft: Draft, { value, isPercent }: NumberToken, index: number): boolean {
  const { slots, tokens } = draft;
  if (value < 1 || isPercent || names(slots, 'amount', 'quantity') || tokens[index + 1]?.is === 'symbol') return false;
  if (!tokens.some((token, at) => asksMany(token) && isOfShares(draft, at))) return false;
  slots.amount = value;
  return true;
}

/** `a delta nearest 0.25` */
function takeDeltaNearest({ slots, has, relation }: Draft, { value, isPercent }: NumberToken): boolean {
  const isDelta = !isPercent && value > 0 && value < 1 && has.has('delta') && has.has('nearest');
  if (!isDelta || relation !== undefined || slots.side === undefined) return false;
  slots.delta = value;
  return true;
}

/** `5% otm` */
function takeAway({ slots, tokens }: Draft, { value, isPercent }: NumberToken, index: number): boolean {
  const next = tokens[index + 1];
  if (!isPercent || next?.is !== 'money' || next.money === 'atm') return false;
  slots.away = value;
  return true;
}

function takeMargin(draft: Draft, { value, isPercent }: NumberToken, index: number): boolean {
  if (!isMargin(draft, index)) return false;
  widenCondition(draft, value, isPercent);
  return true;
}

/** `is it holding 400`: above it. */
function takeHeldPrice(draft: Draft, { value }: NumberToken, index: number): boolean {
  const [before, next] = [draft.tokens[index - 1]?.text ?? '', draft.tokens[index + 1]?.text ?? ''];
  const isHeld = /^(?:holding|hold)$/i.test(before) || /^(?:hold|holding|held)$/i.test(next);
  if (!isHeld || draft.has.has('paid') || draft.relation !== undefined || draft.slots.side !== undefined) return false;
  addCondition(draft, 'last', '>', String(value));
  return true;
}

/** `over 5 million shares`: of the volume. */
function takeTradedShares(draft: Draft, { value }: NumberToken, index: number): boolean {
  const { relation, tokens, has } = draft;
  if (relation === undefined || has.has('paid') || !/^shares$/i.test(tokens[index + 1]?.text ?? '')) return false;
  addCondition(draft, 'volume', relation.operator, String(value));
  draft.relation = undefined;
  return true;
}

/** `3 best days`, `top 5`: how many rows. */
function takeRows({ slots, tokens, relation }: Draft, { value, isPercent }: NumberToken, index: number): boolean {
  const next = tokens[index + 1]?.is ?? '';
  const isOfNext = next === 'bestDay' || (relation === undefined && /^(?:scan|rank)$/.test(next));
  const isOfRank = next === 'unit' && tokens[index - 1]?.is === 'rank';
  const isTop = tokens.slice(Math.max(0, index - 2), index).some(({ is }) => is === 'top');
  if (!isTop && (isPercent || (!isOfNext && !isOfRank))) return false;
  slots.limit = value;
  return true;
}

function takeWithin(draft: Draft, { value, isPercent }: NumberToken): boolean {
  if (!draft.has.has('within')) return false;
  draft.offset = { operator: 'within', value, isPercent, isOfMove: draft.slots.move !== undefined };
  return true;
}

/** `rsi above 70`, `up more than 3%`: a bound, until it is clear of what. */
function takeBound(draft: Draft, { value, isPercent, isMoney }: NumberToken, index: number): boolean {
  const { relation, has, slots, tokens } = draft;
  if (relation === undefined || (has.has('distance') && has.has('howMuch'))) return false;
  draft.relation = undefined;
  const isOfMoney = isMoney === true || /^(?:cheaper|pricier)/.test(relation.text);
  const bound = {
    operator: relation.operator,
    isPercent,
    isOfMove: slots.move !== undefined,
    // "days <= -1%"
    value: signed(draft, index, value),
    ...(isOfMoney ? { isMoney: true as const } : {}),
    // "the most open interest in puts below 600": of their strike or price.
    ...(tokens[index - 2]?.is === 'side' ? { isOfSide: true as const } : {}),
  };
  settlePending(draft);
  // "rsi above 70": of the figure right before it.
  draft.offset = bound;
  if (isOfFieldBefore(draft, index)) settleOffset(draft);
  return true;
}

function takePriceOfBase(draft: Draft, { value, isPercent }: NumberToken, index: number): boolean {
  if (isPercent || !isMeasured(draft, index)) return false;
  draft.slots.base = String(value);
  return true;
}

/** `did it lose 670`: a price, where `drop 500 points` is a move. */
function takePriceOfMove({ slots, tokens, unused }: Draft, token: NumberToken, index: number): boolean {
  const isPoints = /^(?:points?|pts|dollars|bucks)$/i.test(tokens[index + 1]?.text ?? '');
  if (slots.move === undefined || token.isPercent || token.value < 100 || token.isMoney === true || isPoints)
    return false;
  unused.push(token.text);
  return true;
}

/** `did it drop 3%`: at least so much. */
function takeSizeOfMove(draft: Draft, { value, isPercent }: NumberToken): boolean {
  const { slots, has } = draft;
  if (slots.move === undefined || !(slots.isYesNo === true || (isPercent && !has.has('date')))) return false;
  draft.offset = { operator: '>=', value, isPercent, isOfMove: true };
  return true;
}

/** `how far from 75`, `if it drops to 665`: the price that something is measured from, not any number of the question. */
function isMeasured({ tokens, slots, has }: Draft, index: number): boolean {
  if (slots.isTarget === true) return true;
  const before = tokens.slice(0, index).findLast(({ is }) => is !== 'filler' && is !== 'symbol');
  const next = tokens.slice(index + 1).find(({ is }) => is !== 'filler' && is !== 'symbol');
  const isOther = before?.is === 'field' && PRICES.has(before.names[0] ?? '') && next?.is !== 'distance';
  return has.has('distance') && !isOther && next?.is !== 'pays';
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

/** `between $1 and $2`: two bounds of the figure before them, or of the price. */
function takeBetween(draft: Draft, { value, isPercent, isMoney }: Token & { is: 'number' }, index: number): boolean {
  const [before, , next] = [draft.tokens[index - 1], draft.tokens[index + 1], draft.tokens[index + 2]];
  const first = draft.tokens[index - 2];
  const bound = (operator: string): boolean => {
    draft.offset = { operator, value, isPercent, isOfMove: false, ...(isMoney === true ? { isMoney } : {}) };
    settleOffset(draft);
    return true;
  };
  const isBetween = (at: number): boolean => /^between$/i.test(draft.tokens[at]?.text ?? '');
  if (draft.slots.move !== undefined || draft.dates.length > 0) return false;
  if (isBetween(index - 1) && next?.is === 'number' && draft.tokens[index + 1]?.is === 'joiner') return bound('>=');
  return first?.is === 'number' && before?.is === 'joiner' && isBetween(index - 3) && bound('<=');
}

/** `where would it be if it fell 10%`, `a 5% drop from here`: the price after such a move. */
function takeShare({ slots, tokens, has }: Draft, value: number, sign = ''): boolean {
  const far = tokens.find(({ is, text }) => is === 'distance' && /^(?:drop|pullback|up|down|bounce)/i.test(text));
  const isFromHere = far !== undefined && tokens[tokens.indexOf(far) + 1]?.text.toLowerCase() === 'here';
  const isSigned = /^[+–-]$/.test(sign) && slots.move === undefined;
  const isMoved = isWay(slots.move) || isSigned;
  // "nvda drops 5%, what's the price"
  const verb = tokens.findIndex(
    ({ is, text }) => is === 'move' && /^(?:drops|falls|rises|gains|loses|climbs|rallies|pops|jumps|dips)$/i.test(text),
  );
  const asksPrice = verb >= 0 && tokens.slice(verb).some((each) => each.is === 'field' && each.names.join() === 'last');
  const isSupposed = (has.has('target') || asksPrice) && isMoved && slots.isYesNo !== true;
  if ((!isFromHere && !isSupposed) || slots.fields.some((name) => name !== 'last')) return false;
  // "if SPY drops 2% what happens to TSLA": of one the other says nothing.
  if (tokens.filter(({ is }) => is === 'symbol').length > 1) return false;
  const isDown = isSigned
    ? sign !== '+'
    : isSupposed
      ? slots.move === 'down'
      : !/^(?:up|bounce)/i.test(far?.text ?? '');
  delete slots.move;
  slots.fields = ['last', `last * ${String((100 + (isDown ? -value : value)) / 100)}`];
  return true;
}

/** `how many shares`, `how many amd shares` */
function isOfShares({ tokens }: Draft, at: number): boolean {
  return tokens.slice(at + 1, at + 4).some(({ text }) => /^shares?$/i.test(text));
}

/** `above its 50 day by 2 percent`: a bound of how far. */
function isMargin(draft: Draft, index: number): boolean {
  const last = draft.slots.conditions.at(-1);
  const before = draft.tokens.slice(Math.max(0, index - 2), index).map(({ text }) => text.toLowerCase());
  return (
    last?.left !== undefined &&
    last.right !== undefined &&
    !Number.isFinite(Number(last.right)) &&
    before.includes('by')
  );
}

function widenCondition(draft: Draft, value: number, isPercent: boolean): void {
  const { left = '', operator = '>', right = '' } = draft.slots.conditions.pop() ?? {};
  // "above it by less than 5 percent": between the two.
  const isLess = draft.relation !== undefined && draft.relation.operator.startsWith('<') === operator.startsWith('>');
  const isRatio = isPercent && findField(right)?.unit === 'usd';
  const distance = isRatio ? `pct(${left}, ${right})` : `${left} - ${right}`;
  const bound = isRatio ? String(value) : boundOf(right, value, isPercent);
  draft.relation = undefined;
  if (isLess) addCondition(draft, `abs(${distance})`, '<=', bound);
  else if (operator.startsWith('>')) addCondition(draft, distance, '>=', bound);
  else addCondition(draft, distance, '<=', `-${bound}`);
}

/** Whether a bound is that of the figure right before it. */
function isOfFieldBefore(draft: Draft, index: number): boolean {
  const before = draft.tokens.slice(0, index).filter(({ is }) => is !== 'filler');
  const after = draft.tokens.slice(index + 1).find(({ is }) => is !== 'filler');
  const bounds = after === undefined || !['relation', 'distance', 'from', 'move'].includes(after.is);
  return before.at(-1)?.is === 'relation' && before.at(-2)?.is === 'field' && bounds;
}

/** A number with the minus that stands right before it, after what compares. */
function signed({ tokens }: Draft, index: number, value: number): number {
  const isNegative = /^[-–−]$/.test(tokens[index - 1]?.text ?? '') && tokens[index - 2]?.is === 'relation';
  return isNegative ? -value : value;
}

/** `under $15 that are up more than 3%`: the first bound was of the price, before a move was named. */
function settlePending(draft: Draft): void {
  const { offset, slots } = draft;
  if (offset === undefined || offset.operator === 'within') return;
  const { move } = slots;
  if (!offset.isOfMove) delete slots.move;
  settleOffset(draft);
  if (!offset.isOfMove && move !== undefined) slots.move = move;
}
