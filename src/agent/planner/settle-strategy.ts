// Strategies: those by name with their strikes, and those that are legs, each with its side, strike and expiration.
import { isFinError } from '../../domain/errors.ts';
import { type StrategyName, checkStrikes } from '../../domain/strategies.ts';
import type { IsoDate, Side } from '../../domain/types.ts';
import { findField, labelOf } from '../../fields/registry.ts';
import { yieldsOf } from './contracts.ts';
import { isOfOptions } from './draft.ts';
import { refuseUntaken } from './forms.ts';
import {
  type Query,
  type Refusal,
  type Slots,
  OF_STRATEGY,
  emptySlots,
  isRefusal,
  names,
  notUnderstood,
  queryOf,
  unclear,
} from './query.ts';
import { settleFigures } from './settle-figures.ts';

const SOLD_SIDES: Readonly<Record<string, Side>> = { 'cash-secured-put': 'put', 'covered-call': 'call' };

/** A strategy or figures of one; undefined where neither is named. */
export function settleAnyStrategy(slots: Slots, own: Slots, today: IsoDate): Query[] | Refusal | undefined {
  // "a covered call 5% above the price": the contract that is sold.
  const sold = SOLD_SIDES[slots.strategy ?? ''];
  if (sold !== undefined && slots.away !== undefined && !names(slots, 'strike', 'delta'))
    for (const each of [slots, own]) {
      each.side = sold;
      delete each.strategy;
    }
  if (slots.strategy !== undefined) return settleBoth(slots, own, today);
  if (slots.ofStrategy === undefined) return undefined;
  if (slots.away === undefined) return notUnderstood(`"${slots.ofStrategy}" without a strategy`);
  for (const each of [slots, own]) {
    each.fields = [...new Set([...each.fields, 'mid', ...yieldsOf(each.side)])];
    delete each.ofStrategy;
  }
  return undefined;
}

/** A strategy, and beside it the figures that are none of it. */
function settleBoth(slots: Slots, own: Slots, today: IsoDate): Query[] | Refusal {
  const others = slots.fields.filter((name) => !OF_STRATEGY.has(name));
  const isTable =
    others.length > 0 && others.every((name) => findField(name) !== undefined) && slots.conditions.length === 0;
  if (!isTable) return settleStrategy(slots, own);
  const kept = { ...slots, fields: slots.fields.filter((name) => OF_STRATEGY.has(name)) };
  const strategy = settleStrategy(kept, { ...own, fields: kept.fields });
  if (isRefusal(strategy)) return strategy;
  const { expiration } = slots;
  const isDated = expiration !== undefined && others.some(isOfOptions);
  const figures = settleFigures(
    { ...emptySlots(), symbols: slots.symbols, fields: others, ...(isDated ? { expiration } : {}) },
    new Set(),
    true,
    today,
  );
  return isRefusal(figures) ? figures : [...strategy, ...figures];
}

/** Strikes lowest first, of which a fly with one has two more, a width away. */
function settleStrategy(slots: Slots, own: Slots): Query[] | Refusal {
  const { strategy = '', symbols, quantity } = slots;
  delete slots.legs;
  if (symbols.length !== 1) return unclear('a strategy is of one symbol', `name one, like ${symbols[0] ?? 'SPY'}`);
  const isOfShares = quantity !== undefined && quantity % 100 === 0 && /covered-call|collar/.test(strategy);
  if (isOfShares) slots.quantity = quantity / 100;
  const legs = legsOf(slots);
  return legs === undefined ? settleByName(slots, own) : settleLegs(legs, slots, own);
}

/** Under which name its legs are known, where it is settled by them. */
function legsOf(slots: Slots): string | undefined {
  const { strategy = '', strike, expiration, side } = slots;
  const isFly = strategy === 'butterfly';
  const isOfDates = strategy === 'calendar' && expiration?.includes(', ') === true;
  const isFromSpot =
    (isFly && strike.some((each) => String(each).startsWith('spot'))) ||
    (VERTICALS[strategy] !== undefined && strike.includes('atm') && wingsOf(strategy, slots) !== undefined);
  const ofSide = side === 'put' && (isOfDates || isFly) ? `put-${strategy}` : strategy;
  const isOwn = ofSide === 'put-butterfly' || (!isFly && Object.hasOwn(OWN_LEGS, ofSide));
  return isOfDates || isFromSpot || isOwn || slots.signed !== undefined ? ofSide : undefined;
}

function settleByName(slots: Slots, own: Slots): Query[] | Refusal {
  const { strategy = '', strike, width, delta, fields, side, expiration } = slots;
  if (expiration?.includes(', ') === true) return unclear('which of the dates', 'ask for one expiration at a time');
  const strange = fields.find((name) => !OF_STRATEGY.has(name));
  if (strange !== undefined) return notUnderstood(`${labelOf(strange)} together with a strategy`);
  if (typeof delta === 'object') return unclear('which delta of the span', 'name one, like 16 delta');
  if (side !== undefined && side !== 'both' && !STRATEGY_SIDES[side].test(strategy))
    return notUnderstood(`${side}s together with a ${strategy.replaceAll('-', ' ')}`);
  const given = strike.filter((each) => typeof each === 'number').toSorted((a, b) => a - b);
  const [middle] = given;
  const isFly = /butterfly/.test(strategy) && given.length === 1 && width !== undefined && middle !== undefined;
  const strikes = isFly ? [middle - width, middle, middle + width] : given;
  try {
    if (strikes.length > 0) checkStrikes(strategy as StrategyName, strikes);
  } catch (error) {
    if (!isFinError(error)) throw error;
    return unclear(error.message.replace(/^--strikes \S+ /, ''), error.hint);
  }
  const { width: _width, side: _side, ...rest } = slots;
  const query = queryOf('strategy', {
    ...rest,
    strike: strikes,
    ...(width === undefined || isFly ? {} : { width }),
    ...(expiration === 'today' ? { expiration: '0dte' } : {}),
  });
  return refuseUntaken([query], own) ?? [query];
}

/** Legs that no strategy by name has: quantity, place of its strike as typed, side (`*`: the one that was said), place of its date. */
const OWN_LEGS: Readonly<Record<string, string>> = {
  roll: '1 0 * 0, -1 1 * 1',
  synthetic: '1 0 call 0, -1 0 put 0',
  'short-call': '-1 0 call 0',
  calendar: '-1 0 call 0, 1 0 call 1',
  'put-calendar': '-1 0 put 0, 1 0 put 1',
  pmcc: '1 0 call 0, -1 1 call 1',
  butterfly: '1 0 call 0, -2 1 call 0, 1 2 call 0',
  'put-butterfly': '1 0 put 0, -2 1 put 0, 1 2 put 0',
  'jade-lizard': '-1 0 put 0, -1 1 call 0, 1 2 call 0',
  'ratio-spread': '1 0 * 0, -2 1 * 0',
  'broken-wing-butterfly': '1 0 * 0, -2 1 * 0, 1 2 * 0',
};

/** The near leg at the money, the other so many dollars out: as above, and which way out. */
const VERTICALS: Readonly<Record<string, readonly [legs: string, way: 1 | -1]>> = {
  'call-debit-spread': ['1 0 call 0, -1 1 call 0', 1],
  'call-credit-spread': ['-1 0 call 0, 1 1 call 0', 1],
  'put-debit-spread': ['1 0 put 0, -1 1 put 0', -1],
  'put-credit-spread': ['-1 0 put 0, 1 1 put 0', -1],
};

/** A butterfly around one strike, or around the spot or so many dollars from it, with its wings so many dollars away. */
function wingsOf(strategy: string, { strike, width }: Slots): string[] | undefined {
  const [, way] = VERTICALS[strategy] ?? [];
  const isFly = /^(?:put-)?butterfly$/.test(strategy);
  if (!(isFly || way !== undefined) || width === undefined || strike.length > 1) return undefined;
  const [middle = 'atm'] = strike;
  return (way === undefined ? [-width, 0, width] : [0, way * width]).map((away) => {
    if (typeof middle === 'number') return String(middle + away);
    const offset = Number(/^spot(.*)/.exec(middle)?.[1] ?? 0) + away;
    return `spot${offset < 0 ? '' : '+'}${String(offset)}`;
  });
}

/** A roll buys back what is short and sells the later one. */
function settleLegs(strategy: string, slots: Slots, own: Slots): Query[] | Refusal {
  const { strike, side, isShort, quantity = 1 } = slots;
  const legs = (VERTICALS[strategy]?.[0] ?? OWN_LEGS[strategy] ?? '').split(', ').map((leg) => leg.split(' '));
  const isSingle = strategy === 'short-call' || /butterfly$|-spread$/.test(strategy);
  const dates = (slots.expiration ?? (isSingle ? 'nearest' : '')).split(', ').filter((date) => date !== '');
  const strikes =
    wingsOf(strategy, slots) ?? strike.filter((each) => typeof each === 'number' || / delta$/.test(each)).map(String);
  const signed = signedLegs(slots, strikes, dates);
  if (signed === undefined && !isWhole(legs, strikes, dates, side, strategy)) return refuseLegs(strategy, slots);
  // The deep contract of a diagonal is the one that is bought.
  const isTurned = strategy === 'pmcc' && Number(strikes[0]) > Number(strikes[1]);
  if (isTurned) for (const list of [strikes, dates]) list.reverse();
  const written = (signed ?? legs).map(([size = '1', place = '0', kind = '*', date = '0']) => {
    const lots = Number(size) * quantity * (isShort === true ? -1 : 1);
    const own = strikes[Number(place)] ?? strikes[0] ?? '';
    const isChosen = !/^\d+(?:\.\d+)?$/.test(own);
    const word = (kind === '*' ? (side ?? '') : kind).slice(0, isChosen ? undefined : 1);
    return `${lots > 0 ? '+' : ''}${String(lots)} ${own}${isChosen ? ' ' : ''}${word} ${dates[Number(date)] ?? ''}`;
  });
  const query = queryOf('strategy', { ...slots, strategy, legs: written });
  return refuseUntaken([query], own) ?? [query];
}

/** "selling the 275 put and the 295 call": each leg with its own sign, or one that is of both. */
function signedLegs(
  { signed: signs = [], sideOf = {} }: Slots,
  strikes: string[],
  dates: string[],
): string[][] | undefined {
  const signed = signs.length === 1 ? strikes.map(() => signs[0]) : signs;
  if (strikes.length < 2 || signed.length !== strikes.length) return undefined;
  if (dates.length !== 1 && dates.length !== strikes.length) return undefined;
  return strikes.map((each, at) => [
    ...[String(signed[at]), String(at), sideOf[each] ?? '*'],
    dates.length === 1 ? '0' : String(at),
  ]);
}

/** Whether each leg has its strike, expiration and side; a roll may keep its strike. */
function isWhole(legs: string[][], strikes: string[], dates: string[], side: Slots['side'], strategy: string): boolean {
  const count = (place: number): number => 1 + Math.max(...legs.map((leg) => Number(leg[place])));
  const hasStrikes = strikes.length === count(1) || (strategy === 'roll' && strikes.length === 1);
  const hasSide = !legs.some((leg) => leg[2] === '*') || (side !== undefined && side !== 'both');
  return hasStrikes && hasSide && dates.length === count(3);
}

function refuseLegs(strategy: string, { symbols: [symbol = 'SPY'] }: Slots): Refusal {
  const example =
    strategy === 'roll'
      ? `roll ${symbol} 450p dec 4 to dec 11, what credit`
      : `fin strategy ${symbol} --leg "+1 450c dec 18"`;
  return unclear(
    `which contracts the ${strategy.replaceAll('-', ' ')} has`,
    `name strikes, side and each expiration, like: ${example}`,
  );
}

const STRATEGY_SIDES = { call: /call|calendar|butterfly/, put: /put/ } as const;
