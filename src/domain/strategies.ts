// The option strategies by name: which legs each has and how its strikes are chosen from what is listed, by delta and
// width or as given. Knows no prices; domain/payoff.ts says what the legs bring.
import { nearestDelta, nearestStrike } from './chain-analytics.ts';
import { NoDataError, UsageError } from './errors.ts';
import type { Side } from './types.ts';

export const STRATEGY_NAMES = [
  'long-call',
  'long-put',
  'covered-call',
  'cash-secured-put',
  'call-debit-spread',
  'put-debit-spread',
  'call-credit-spread',
  'put-credit-spread',
  'straddle',
  'strangle',
  'iron-condor',
  'iron-butterfly',
  'butterfly',
  'collar',
  'calendar',
  'diagonal',
] as const;

export type StrategyName = (typeof STRATEGY_NAMES)[number];

/** A contract that may become a leg. */
export interface Candidate {
  side: Side;
  strike: number;
  delta?: number;
}

export interface ChosenLeg {
  /** Contracts, or lots of 100 shares, of one unit of the strategy; negative is sold. */
  quantity: number;
  /** Absent for shares. */
  option?: { side: Side; strike: number; isFar: boolean };
}

export interface StrategyChoice {
  /** Size of the delta of the leg that decides, 0 to 1; absent: the strategy's own. */
  delta?: number;
  /** Dollars between the legs of a spread; absent: what is listed some two percent of the spot away. */
  width?: number;
  /** As given, one for each strike of the strategy. */
  strikes?: readonly number[];
}

/** How a leg's strike follows: from a delta, the spot, or so many widths from another leg's. */
type Rule = { by: 'delta' } | { by: 'spot' } | { by: 'width'; from: number; widths: 1 | -1 };

interface LegPlan {
  quantity: number;
  side?: Side;
  /** Place among the strategy's strikes, ascending. */
  strike?: number;
  isFar?: true;
}

interface StrategyPlan {
  legs: readonly LegPlan[];
  /** One a strike, ascending; the side is that of its leg. */
  strikes: readonly Rule[];
  /** Size of the delta where none is asked for. */
  delta?: number;
}

const DELTA: Rule = { by: 'delta' };
const SPOT: Rule = { by: 'spot' };
const beside = (from: number, widths: 1 | -1): Rule => ({ by: 'width', from, widths });
const USUAL_DELTA = 0.3;
const CONDOR_DELTA = 0.2;

const SHARES: LegPlan = { quantity: 1 };
const call = (quantity: number, strike: number): LegPlan => ({ quantity, side: 'call', strike });
const put = (quantity: number, strike: number): LegPlan => ({ quantity, side: 'put', strike });

const PLANS: Readonly<Record<StrategyName, StrategyPlan>> = {
  'long-call': { legs: [call(1, 0)], strikes: [DELTA], delta: 0.5 },
  'long-put': { legs: [put(1, 0)], strikes: [DELTA], delta: 0.5 },
  'covered-call': { legs: [SHARES, call(-1, 0)], strikes: [DELTA], delta: USUAL_DELTA },
  'cash-secured-put': { legs: [put(-1, 0)], strikes: [DELTA], delta: USUAL_DELTA },
  'call-debit-spread': { legs: [call(1, 0), call(-1, 1)], strikes: [beside(1, -1), DELTA], delta: USUAL_DELTA },
  'put-debit-spread': { legs: [put(1, 1), put(-1, 0)], strikes: [DELTA, beside(0, 1)], delta: USUAL_DELTA },
  'call-credit-spread': { legs: [call(-1, 0), call(1, 1)], strikes: [DELTA, beside(0, 1)], delta: USUAL_DELTA },
  'put-credit-spread': { legs: [put(-1, 1), put(1, 0)], strikes: [beside(1, -1), DELTA], delta: USUAL_DELTA },
  straddle: { legs: [call(1, 0), put(1, 0)], strikes: [SPOT] },
  strangle: { legs: [put(1, 0), call(1, 1)], strikes: [DELTA, DELTA], delta: USUAL_DELTA },
  'iron-condor': {
    legs: [put(1, 0), put(-1, 1), call(-1, 2), call(1, 3)],
    strikes: [beside(1, -1), DELTA, DELTA, beside(2, 1)],
    delta: CONDOR_DELTA,
  },
  'iron-butterfly': {
    legs: [put(1, 0), put(-1, 1), call(-1, 1), call(1, 2)],
    strikes: [beside(1, -1), SPOT, beside(1, 1)],
  },
  butterfly: { legs: [call(1, 0), call(-2, 1), call(1, 2)], strikes: [beside(1, -1), SPOT, beside(1, 1)] },
  collar: { legs: [SHARES, put(1, 0), call(-1, 1)], strikes: [DELTA, DELTA], delta: USUAL_DELTA },
  calendar: { legs: [call(-1, 0), { ...call(1, 0), isFar: true }], strikes: [SPOT] },
  diagonal: {
    legs: [{ ...call(1, 0), isFar: true }, call(-1, 1)],
    strikes: [beside(1, -1), DELTA],
    delta: USUAL_DELTA,
  },
};

/** Part of the spot that a spread is wide where no width is given. */
const USUAL_WIDTH = 0.02;

/** The strategy of a name as it is typed: `iron condor` and `iron-condor` are one. */
export function findStrategy(name: string): StrategyName | undefined {
  const wanted = name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '-');
  return STRATEGY_NAMES.find((each) => each === wanted);
}

export function hasFarLeg(name: StrategyName): boolean {
  return PLANS[name].legs.some(({ isFar }) => isFar === true);
}

/** Whether a delta decides a strike of it. */
export function takesDelta(name: StrategyName): boolean {
  return PLANS[name].strikes.some(({ by }) => by === 'delta');
}

export function takesWidth(name: StrategyName): boolean {
  return PLANS[name].strikes.some(({ by }) => by === 'width');
}

/** @throws UsageError where the number of strikes given is not the strategy's, or they do not ascend */
export function checkStrikes(name: StrategyName, strikes: readonly number[]): void {
  const needed = PLANS[name].strikes.length;
  const wrong =
    strikes.length !== needed
      ? `${name} has ${needed} strike${needed === 1 ? '' : 's'}, ${strikes.length} given`
      : strikes.some((strike, index) => index > 0 && strike <= (strikes[index - 1] ?? 0))
        ? 'strikes must ascend'
        : undefined;
  if (wrong !== undefined)
    throw new UsageError(`--strikes ${strikes.join('/')}: ${wrong}`, {
      hint: `write ${['600', '610', '650', '660'].slice(0, needed).join('/')}, lowest first`,
    });
}

/**
 * The legs of one unit: strikes as given, else the listed ones that fit delta and width best.
 * @throws NoDataError where nothing listed fits
 */
export function chooseLegs(
  name: StrategyName,
  { delta, width, strikes }: StrategyChoice,
  listed: { candidates: readonly Candidate[]; spot: number },
): ChosenLeg[] {
  const plan = PLANS[name];
  const chosen = strikes ?? chooseStrikes(plan, { delta: delta ?? plan.delta, width }, listed);
  return plan.legs.map(({ quantity, side, strike, isFar }) =>
    side === undefined
      ? { quantity }
      : { quantity, option: { side, strike: chosen[strike ?? 0] ?? NaN, isFar: isFar === true } },
  );
}

/** What the legs came to where a delta or a width chose them: the listed ones need not be those asked for. */
export function choiceMade(
  name: StrategyName,
  legs: readonly { strike?: number; delta?: number }[],
): { deltas: number[]; widths: number[] } {
  const plan = PLANS[name];
  const legAt = (place: number) => legs[plan.legs.findIndex(({ strike }) => strike === place)];
  const widthOf = (rule: Rule, place: number): number[] =>
    rule.by === 'width' ? [Math.abs((legAt(place)?.strike ?? NaN) - (legAt(rule.from)?.strike ?? NaN))] : [];
  return {
    deltas: plan.strikes.flatMap(({ by }, place) => (by === 'delta' ? Math.abs(legAt(place)?.delta ?? NaN) : [])),
    widths: [...new Set(plan.strikes.flatMap(widthOf))],
  };
}

function chooseStrikes(
  { legs, strikes }: StrategyPlan,
  { delta, width }: { delta: number | undefined; width: number | undefined },
  { candidates, spot }: { candidates: readonly Candidate[]; spot: number },
): number[] {
  const sideOf = (place: number): Side => legs.find(({ strike }) => strike === place)?.side ?? 'call';
  const ofSide = (place: number): Candidate[] => candidates.filter(({ side }) => side === sideOf(place));
  const chosen: (number | undefined)[] = strikes.map((rule, place) =>
    rule.by === 'delta'
      ? nearestDelta(ofSide(place), delta ?? USUAL_DELTA)[0]?.strike
      : rule.by === 'spot'
        ? nearestStrike(ofSide(place), spot)
        : undefined,
  );
  for (const [place, rule] of strikes.entries()) {
    if (rule.by !== 'width') continue;
    const from = chosen[rule.from] ?? NaN;
    const wanted = from + rule.widths * (width ?? spot * USUAL_WIDTH);
    chosen[place] = nearestStrike(ofSide(place), wanted, (strike) => (strike - from) * rule.widths > 0);
  }
  const found = chosen.filter((strike) => strike !== undefined);
  if (found.length < strikes.length)
    throw new NoDataError('no listed strikes fit the strategy', {
      hint: 'give the strikes with --strikes, or another --expiration or --width',
    });
  return found;
}
