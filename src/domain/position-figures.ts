// What a position is worth and has brought, from its terms and a price. Money is for the whole position, contracts with
// their shares; a short one has negative cost and value. Definitions: open P/L against cost, the day's against the close
// before it, or against cost where it was opened that day.
import { betaOf } from './beta.ts';
import type { Bar, ContractQuote, IsoDate } from './types.ts';

export interface PositionInputs {
  quantity: number;
  /** Total, with the sign of the quantity. */
  cost: number;
  /** Shares of one contract, 1 of a share. */
  multiplier: number;
  price?: number;
  previousClose?: number;
  /** Nothing was held at that close. */
  isOpenedToday?: boolean;
}

/** A wider market says nothing of a price: over a dollar and over one and a half times its middle. */
const WIDEST_SPREAD = 1;
const WIDEST_SPREAD_OF_MID = 1.5;

/** A contract's price: the middle of a sane market (somebody bids, not crossed, not absurdly wide), else the last trade. */
export function markOf({
  bid,
  ask,
  last,
}: Pick<ContractQuote, 'bid' | 'ask' | 'last'>): { price: number; basis: 'mid' | 'last' } | undefined {
  if (bid !== undefined && ask !== undefined && bid > 0 && ask >= bid) {
    const mid = (bid + ask) / 2;
    if (ask - bid <= Math.max(WIDEST_SPREAD, WIDEST_SPREAD_OF_MID * mid)) return { price: mid, basis: 'mid' };
  }
  return last === undefined ? undefined : { price: last, basis: 'last' };
}

export function positionValue({ quantity, multiplier, price }: PositionInputs): number | undefined {
  return price === undefined ? undefined : quantity * multiplier * price;
}

export function positionPnl(position: PositionInputs): number | undefined {
  const value = positionValue(position);
  return value === undefined ? undefined : value - position.cost;
}

/** In percent of the cost; undefined where it cost nothing. */
export function positionPnlPercent(position: PositionInputs): number | undefined {
  const pnl = positionPnl(position);
  return pnl === undefined || position.cost === 0 ? undefined : (pnl / Math.abs(position.cost)) * 100;
}

export function positionDayPnl(position: PositionInputs): number | undefined {
  const { quantity, multiplier, price, previousClose, isOpenedToday } = position;
  if (isOpenedToday === true) return positionPnl(position);
  return price === undefined || previousClose === undefined
    ? undefined
    : quantity * multiplier * (price - previousClose);
}

export interface Exposure {
  /** Of shares. */
  delta: number;
  spot: number;
  /** Daily bars of the underlying; undefined for the index itself, whose beta is 1. */
  bars?: readonly Bar[];
}

/** Shares of the index whose move the exposure's is expected to be; undefined where no beta can be computed. */
export function betaWeighted(
  { delta, spot, bars }: Exposure,
  index: { spot: number; bars: readonly Bar[] },
): number | undefined {
  const beta = bars === undefined ? 1 : betaOf(bars, index.bars);
  return beta === undefined ? undefined : (delta * spot * beta) / index.spot;
}

/** Whether a position had been opened before the session that a price is of. */
export function isOpenedOn(opened: IsoDate | undefined, session: IsoDate): boolean {
  return opened !== undefined && opened >= session;
}
