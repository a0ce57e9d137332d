// A number or a unit by itself in a question that follows another: in whose place of that question the number can stand, and
// which figures have a twin in the unit.
import { present } from '../../domain/present.ts';
import { boundOf, conditionOf } from './draft.ts';
import type { Condition, Query, Slots } from './query.ts';

/** A number after a query: what the query is of, and what else the question says. */
interface Placed {
  last: Query;
  value: number;
  isPercent: boolean;
  own: Slots;
}

/** The role that a number can only have: the one that a number of the last query has. */
export function placeNumber(last: Query, value: number, isPercent: boolean, own: Slots): Partial<Slots> | undefined {
  const placed = { last, value, isPercent, own };
  const ofDelta = isOfDelta(placed);
  // "12 of the 30 delta puts", "and for 20": so many of them.
  if (ofDelta && last.quantity !== undefined && own.rank === undefined) return { quantity: value };
  // "what do i collect on 6": so many contracts.
  if (ofDelta && value < 10 && own.fields.length > 0) return undefined;
  for (const place of PLACES) {
    const found = place(placed);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isOfDelta = ({ last: { form, delta, strike }, value }: Placed): boolean =>
  (form === 'chain' || form === 'contract') && delta !== undefined && strike.length === 0 && value <= 50;

const PLACES: readonly ((placed: Placed) => Partial<Slots> | undefined)[] = [
  strikeAgain,
  deltaAgain,
  daysAgain,
  strikeOfChain,
  windowAgain,
  boundAgain,
  windowOfBound,
  spanAgain,
  rowsAgain,
];

function strikeAgain({ last: { form, strike }, value, isPercent, own }: Placed): Partial<Slots> | undefined {
  if (isPercent) return undefined;
  if (form === 'strategy' && strike.length === 1) return { strike: [value] };
  if (form !== 'contract' || strike.length === 0) return undefined;
  return { strike: own.follow === 'add' ? [...strike, value] : [value] };
}

const OF_DAYS_AHEAD = /^\d+dte$/;

function deltaAgain(placed: Placed): Partial<Slots> | undefined {
  const { last, value, isPercent, own } = placed;
  const isOther = own.rank?.by !== 'distance' && OF_DAYS_AHEAD.test(last.expiration ?? '');
  return isOfDelta(placed) && !isPercent && !isOther ? { delta: value < 1 ? value : value / 100 } : undefined;
}

function daysAgain({ last: { form, delta, expiration = '' }, value, isPercent }: Placed): Partial<Slots> | undefined {
  const isOfDays = form === 'chain' && delta !== undefined && OF_DAYS_AHEAD.test(expiration);
  return isOfDays && !isPercent ? { expiration: `${String(value)}dte` } : undefined;
}

function strikeOfChain({ last: { form, side }, value, isPercent }: Placed): Partial<Slots> | undefined {
  const isOfSide = form === 'chain' && side !== undefined && side !== 'both';
  return isOfSide && !isPercent && value >= 1 ? { strike: [value] } : undefined;
}

/** The number of sessions in the name of a figure. */
const WINDOW =
  /(?<=^(?:sma|ema|hv|rsi|atr|roc|adx|atrPercent|yangZhang|bbUpper|bbLower|bbPercent))\d+|(?<=, )\d+(?=\))/;

const mayBeWindow = ({ value, isPercent }: Placed): boolean =>
  !isPercent && Number.isInteger(value) && value >= 2 && value <= 400;

/** `and the 50` after "rsi 14", "its 200 day" */
function windowAgain(placed: Placed): Partial<Slots> | undefined {
  const { base, fields } = placed.last;
  const withWindow = (name: string): string => name.replace(WINDOW, String(placed.value));
  if (!mayBeWindow(placed)) return undefined;
  if (base !== undefined && withWindow(base) !== base) return { base: withWindow(base) };
  const changed = fields.map(withWindow);
  return changed.some((name, index) => name !== fields[index]) ? { fields: changed } : undefined;
}

const onlyBound = ({ last: { conditions } }: Placed): Condition | undefined =>
  conditions.length === 1 ? conditions[0] : undefined;

function boundAgain(placed: Placed): Partial<Slots> | undefined {
  const bound = onlyBound(placed);
  return bound !== undefined && Number.isFinite(Number(bound.right))
    ? { ...ofSessions(placed.last), conditions: [{ ...bound, ...rewritten(bound, placed.value) }] }
    : undefined;
}

function windowOfBound(placed: Placed): Partial<Slots> | undefined {
  const { left = 'last', operator = '>', right = '' } = onlyBound(placed) ?? {};
  const changed = right.replace(WINDOW, String(placed.value));
  return mayBeWindow(placed) && changed !== right ? { conditions: [conditionOf(left, operator, changed)] } : undefined;
}

function spanAgain({ last: { range = '' }, value, isPercent }: Placed): Partial<Slots> | undefined {
  const isSpan = !isPercent && /^(?:past|last) \d+ /.test(range);
  return isSpan ? { range: range.replace(/\d+/, String(value)) } : undefined;
}

function rowsAgain({ last: { rank }, value, isPercent }: Placed): Partial<Slots> | undefined {
  const isCount = !isPercent && rank !== undefined && Number.isInteger(value) && value <= 20;
  return isCount ? { limit: value } : undefined;
}

/** Of a count or list of sessions: which they are. */
function ofSessions({ isCount, isDays, range, interval }: Query): Partial<Slots> {
  return isCount === true || isDays === true ? present({ isCount, isDays, range, interval }) : {};
}

function rewritten({ left = '', operator = '>', right = '' }: Condition, value: number): Partial<Condition> {
  const bound = boundOf(left, Number(right) < 0 ? -Math.abs(value) : value, false);
  return { right: bound, expression: `${left} ${operator} ${bound}` };
}

/** A change or a range in dollars instead of percent, or the other way round; a figure without such a twin stays. */
export function inUnit({ fields, form }: Query, unit: 'percent' | 'dollars'): string[] {
  const isPremium = form === 'contract' && fields.every((name) => /^(?:bid|ask|mid|last)$/.test(name));
  if (isPremium && unit === 'percent') return ['mid', 'premiumOfSpot'];
  const [from, to] = unit === 'percent' ? ([0, 1] as const) : ([1, 0] as const);
  const turned = fields.map((name) => UNITS.find((pair) => pair[from] === name)?.[to] ?? name);
  // Of a figure that stands in both units both stay.
  return new Set(turned).size < turned.length ? fields : turned;
}

/** In dollars, and the same in percent; a straddle is an expected move. */
const UNITS: readonly (readonly [dollars: string, percent: string])[] = [
  ['change', 'changePercent'],
  ['range', 'rangePercent'],
  ['atr14', 'atrPercent14'],
  ['gap', 'gapPercent'],
  ['changeFromOpen', 'changeFromOpenPercent'],
  ['expectedMove', 'expectedMovePercent'],
  ['spread', 'spreadPercent'],
  ['straddle', 'expectedMovePercent'],
];
