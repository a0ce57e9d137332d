// What a sentence says of a strategy that was priced: its credit or debit and limits, beside shares the options alone, of a
// roll only what it costs or brings. Every figure is one of the data or made of them.
import type { StrategyData } from '../domain/answers.ts';
import { daysBetween } from '../domain/exchange-time.ts';
import { joinSaid, listSaid, say, type Said, type SaidFigure } from '../domain/said.ts';
import type { TickerSymbol } from '../domain/types.ts';
import { formatDay } from './format.ts';

type Leg = StrategyData['legs'][number];
const dollarsOf = (symbol: TickerSymbol, value: number): SaidFigure => ({
  field: 'calculation',
  value,
  unit: 'usd',
  symbol,
});
const quoteOf = (symbol: TickerSymbol, field: 'bid' | 'ask' | 'mid', leg: Leg): SaidFigure => {
  const { side, strike, expiration } = leg;
  return {
    ...{ field, value: leg[field], symbol },
    ...(side && { side }),
    ...(strike && { strike }),
    ...(expiration && { expiration }),
  };
};

/** What a premium returns on the cash or shares that secure it, until it expires and by the year. */
function sayYield(premium: SaidFigure, worth: number, { legs, spotAsOf }: StrategyData, what: string): Said {
  const date = legs.flatMap(({ expiration }) => expiration ?? [])[0] ?? '';
  const days = daysBetween(spotAsOf.slice(0, 10), date);
  const percent = (100 * premium.value) / worth;
  const figure = (value: number): SaidFigure => ({ ...premium, value, unit: 'percent', of: premium.of ?? [premium] });
  return say`${figure(percent)} of ${what}${days > 0 ? say`, ${figure((percent * 365) / days)} a year` : []}`;
}

function sayCash(data: StrategyData): Said[] {
  const { name, symbol, legs, mid } = data;
  const [leg] = legs;
  if (name !== 'cash-secured-put' || leg?.strike === undefined) return [];
  const premium = dollarsOf(symbol, mid);
  const cash = leg.strike * 100 * Math.abs(leg.quantity);
  return [
    say`cash to secure it ${{ ...premium, value: cash, of: [premium] }}`,
    say`premium ${sayYield(premium, cash, data, 'that')}`,
  ];
}

/** Beside shares the options alone: `premium 49.50 at mid, 48.00 natural, 0.79% of the shares; with 100 shares at 62.86: `. */
function sayBesideShares(data: StrategyData): Said {
  const { symbol, legs, name } = data;
  const shares = legs.find(({ strike }) => strike === undefined);
  if (shares === undefined) return [];
  const options = legs.filter((leg) => leg !== shares);
  const sum = (fieldOf: (leg: Leg) => 'bid' | 'ask' | 'mid'): SaidFigure => ({
    ...dollarsOf(
      symbol,
      options.reduce((total, leg) => total - 100 * leg.quantity * leg[fieldOf(leg)], 0),
    ),
    of: options.map((leg) => quoteOf(symbol, fieldOf(leg), leg)),
  });
  const [mid, natural] = [sum(() => 'mid'), sum(({ quantity }) => (quantity > 0 ? 'ask' : 'bid'))];
  const sign = mid.value < 0 ? -1 : 1;
  const word = options.length === 1 ? 'premium' : `options’ ${sign < 0 ? 'debit' : 'credit'}`;
  const share = name === 'covered-call' ? sayYield(mid, shares.quantity * shares.mid, data, 'the shares') : [];
  const told = say`${word} ${{ ...mid, value: sign * mid.value }} at mid, ${{ ...natural, value: sign * natural.value }} natural`;
  return say`${told}${share.length > 0 ? ', ' : ''}${share}; with ${String(shares.quantity)} shares at ${quoteOf(symbol, 'mid', shares)}: `;
}

/** A roll of what is held has no payoff of its own: what it costs or brings says all. */
function sayRoll({ symbol, legs, kind, mid, natural }: StrategyData): Said | undefined {
  const [from, to, ...more] = legs;
  if (from?.strike === undefined || to?.strike === undefined || more.length > 0) return undefined;
  if (from.quantity !== -to.quantity || from.side !== to.side) return undefined;
  const held = from.quantity > 0 ? 'short' : 'long';
  const [old, own] = [from, to].map(
    ({ strike, side = 'call', expiration = '' }) => `${String(strike)} ${side} of ${formatDay(expiration)}`,
  );
  return say`${symbol}: to roll the ${held} ${old ?? ''} to the ${own ?? ''}: ${kind} ${dollarsOf(symbol, mid)} at mid, ${dollarsOf(symbol, natural)} natural.`;
}

/** `SPY put credit spread, 637/642 expiring …: credit 65.50 at mid, 63.00 natural; most profit …`; greeks where asked. */
export function sayStrategy(
  data: StrategyData,
  { fields, strategy, legs: own }: { fields: readonly string[]; strategy?: string; legs?: readonly string[] },
): Said {
  const rolled = strategy === 'roll' || data.name === 'roll' ? sayRoll(data) : undefined;
  if (rolled !== undefined) return rolled;
  const { symbol, legs, kind, breakEvens, probabilityOfProfit: odds } = data;
  const name = own === undefined ? data.name : (strategy ?? data.name);
  const money = (value: number): SaidFigure => dollarsOf(symbol, value);
  const percent = (value: number): SaidFigure => ({ ...money(value * 100), unit: 'percent' });
  const strikes = [...new Set(legs.flatMap(({ strike }) => strike ?? []))].toSorted((a, b) => a - b);
  const dates = [...new Set(legs.flatMap(({ expiration }) => expiration ?? []))];
  const bound = (value: number | undefined, isUnlimited: boolean | undefined): SaidFigure | string =>
    isUnlimited ? 'unlimited' : value === undefined ? 'not known' : money(value);
  const isOfSpread = strikes.length > 1 && legs.every(({ strike }) => strike !== undefined);
  const parts: Said[] = [
    say`${kind} ${money(data.mid)} at mid, ${money(data.natural)} natural`,
    say`most profit ${bound(data.maxProfit, data.unlimitedProfit)}`,
    say`most loss ${bound(data.maxLoss, data.unlimitedLoss)}`,
    ...(isOfSpread && data.returnOnRisk !== undefined ? [say`return on risk ${percent(data.returnOnRisk)}`] : []),
    ...(data.creditOfWidth === undefined ? [] : [say`credit ${percent(data.creditOfWidth)} of width`]),
    ...(breakEvens.length === 0 ? [] : [say`break-even ${listSaid(breakEvens.map(money))}`]),
    ...(odds === undefined ? [] : [say`P(profit) ${percent(odds.value)}`]),
  ];
  parts.push(...sayCash(data));
  for (const greek of ['delta', 'gamma', 'theta', 'vega'] as const)
    if (fields.includes(greek)) parts.push(say`${greek} ${bound(data.greeks[greek], false)}`);
  const lead = say`${symbol} ${name.replaceAll('-', ' ')}, ${strikes.join('/')} expiring ${listSaid(dates.map(formatDay))}`;
  return say`${lead}: ${sayBesideShares(data)}${joinSaid(parts, ', ')}.`;
}
