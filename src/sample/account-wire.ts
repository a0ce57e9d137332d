// A made-up account in Tradier's wire format: the user's profile, positions and balances, read only. What it holds
// follows from the clock: shares bought some sessions ago, and an iron condor of the next monthly expiration on SPY.
import { lastFinishedSession, previousTradingDay, sessionTimes } from '../domain/calendar.ts';
import { addDays, daysBetween, exchangeDateOf, startOfMonth } from '../domain/exchange-time.ts';
import type { IsoDate, Side, TickerSymbol } from '../domain/types.ts';
import { collapse, listUnder, toWireSymbol } from './tradier-replies.ts';
import { type ExchangeReply, type WireRequest, jsonReply, round, textReply } from './wire.ts';

const ACCOUNT = 'VA00000001';
const CLOSED_ACCOUNT = 'VA00000002';
const CASH = 25_000;
const CONTRACT_SHARES = 100;
/** Bought at the close of the month's beginning so many months ago. */
const SHARES: readonly { symbol: TickerSymbol; quantity: number; monthsAgo: number }[] = [
  { symbol: 'NVDA', quantity: 100, monthsAgo: 3 },
  { symbol: 'AAPL', quantity: 200, monthsAgo: 7 },
  { symbol: 'BRK.B', quantity: 20, monthsAgo: 11 },
  { symbol: 'TSLA', quantity: -30, monthsAgo: 1 },
];
const CONDOR_SYMBOL = 'SPY';
/** Strikes in parts of the spot at the month's beginning, and what was paid for them in parts of the strike. */
const CONDOR: readonly { side: Side; at: number; quantity: number; price: number }[] = [
  { side: 'put', at: 0.94, quantity: 2, price: 0.004 },
  { side: 'put', at: 0.96, quantity: -2, price: 0.007 },
  { side: 'call', at: 1.04, quantity: -2, price: 0.006 },
  { side: 'call', at: 1.06, quantity: 2, price: 0.003 },
];
const FEWEST_DAYS = 21;

interface Held {
  symbol: string;
  quantity: number;
  /** A share. */
  paid: number;
  multiplier: number;
  acquired: IsoDate;
  /** Now, a share. */
  price: number;
}

/** Paths under `/v1/user/` and `/v1/accounts/`; undefined for others. */
export function answerAccount(request: WireRequest): ExchangeReply | undefined {
  const [, family, name, what, ...rest] = request.segments;
  if (family === 'user') return name === 'profile' && what === undefined ? answerProfile() : undefined;
  if (family !== 'accounts' || rest.length > 0 || (what !== 'positions' && what !== 'balances')) return undefined;
  if (name !== ACCOUNT && name !== CLOSED_ACCOUNT) return textReply(401, 'Unauthorized Account');
  const held = name === ACCOUNT ? holdingsOf(request) : [];
  return what === 'positions' ? answerPositions(held) : answerBalances(name, held);
}

function answerProfile(): ExchangeReply {
  const account = (number: string, status: string): object => ({
    account_number: number,
    classification: 'individual',
    date_created: '2020-03-02T15:00:00.000Z',
    day_trader: false,
    option_level: 4,
    status,
    type: 'margin',
    last_update_date: '2020-03-02T15:00:00.000Z',
  });
  return jsonReply(200, {
    profile: {
      account: collapse([account(ACCOUNT, 'active'), account(CLOSED_ACCOUNT, 'closed')]),
      id: 'id-sample',
      name: 'Sample Person',
    },
  });
}

function answerPositions(held: readonly Held[]): ExchangeReply {
  return listUnder(
    'positions',
    'position',
    held.map(({ symbol, quantity, paid, multiplier, acquired }, index) => ({
      cost_basis: round(quantity * paid * multiplier, 2),
      date_acquired: new Date(sessionTimes(acquired)?.open ?? 0).toISOString(),
      id: 900_001 + index,
      quantity,
      symbol,
    })),
  );
}

function answerBalances(account: string, held: readonly Held[]): ExchangeReply {
  const valueOf = (of: (each: Held) => boolean): number =>
    round(
      held.filter(of).reduce((sum, { quantity, price, multiplier }) => sum + quantity * price * multiplier, 0),
      2,
    );
  const cash = account === ACCOUNT ? CASH : 0;
  const marketValue = valueOf(() => true);
  const cost = held.reduce((sum, { quantity, paid, multiplier }) => sum + quantity * paid * multiplier, 0);
  const isOption = ({ multiplier }: Held): boolean => multiplier > 1;
  const equity = round(cash + marketValue, 2);
  return jsonReply(200, {
    balances: {
      option_short_value: valueOf((each) => isOption(each) && each.quantity < 0),
      total_equity: equity,
      account_number: account,
      account_type: 'margin',
      close_pl: 0,
      current_requirement: 0,
      equity,
      long_market_value: valueOf(({ quantity }) => quantity > 0),
      market_value: marketValue,
      open_pl: round(marketValue - cost, 2),
      option_long_value: valueOf((each) => isOption(each) && each.quantity > 0),
      option_requirement: 0,
      pending_orders_count: 0,
      short_market_value: valueOf(({ quantity }) => quantity < 0),
      stock_long_value: valueOf((each) => !isOption(each) && each.quantity > 0),
      total_cash: cash,
      uncleared_funds: 0,
      pending_cash: 0,
      margin: {
        fed_call: 0,
        maintenance_call: 0,
        option_buying_power: cash,
        stock_buying_power: 2 * cash,
        stock_short_value: valueOf((each) => !isOption(each) && each.quantity < 0),
        sweep: 0,
      },
    },
  });
}

/** What this market does not have (a replay of few symbols) is not held. */
function holdingsOf(request: WireRequest): Held[] {
  return [...SHARES.flatMap((each) => sharesOf(request, each) ?? []), ...condorOf(request)];
}

function sharesOf(
  { market, clock }: WireRequest,
  { symbol, quantity, monthsAgo }: (typeof SHARES)[number],
): Held | undefined {
  const bought = closeBefore({ market, clock }, symbol, monthsAgo);
  const quote = market.quote(symbol);
  if (bought === undefined || quote === undefined) return undefined;
  return {
    symbol: toWireSymbol(symbol),
    quantity,
    paid: bought.close,
    multiplier: 1,
    acquired: bought.date,
    price: quote.last,
  };
}

function condorOf({ market, clock }: WireRequest): Held[] {
  const today = exchangeDateOf(clock.now());
  const bought = closeBefore({ market, clock }, CONDOR_SYMBOL, 0);
  const expiration = market
    .expirations(CONDOR_SYMBOL)
    .find(({ date, kind }) => kind === 'monthly' && daysBetween(today, date) >= FEWEST_DAYS)?.date;
  if (bought === undefined || expiration === undefined) return [];
  return CONDOR.flatMap(({ side, at, quantity, price }) => {
    const distance = (strike: number): number => Math.abs(strike - bought.close * at);
    const contract = market
      .chain(CONDOR_SYMBOL, expiration)
      .filter(({ terms }) => terms.side === side)
      .toSorted((a, b) => distance(a.terms.strike) - distance(b.terms.strike))[0];
    if (contract === undefined) return [];
    return {
      symbol: contract.terms.symbol,
      quantity,
      paid: round(contract.terms.strike * price, 2),
      multiplier: CONTRACT_SHARES,
      acquired: bought.date,
      price: round((contract.bid + contract.ask) / 2, 4),
    };
  });
}

/** The last close before the beginning of a month. */
function closeBefore(
  { market, clock }: Pick<WireRequest, 'market' | 'clock'>,
  symbol: TickerSymbol,
  monthsAgo: number,
): { date: IsoDate; close: number } | undefined {
  let first = startOfMonth(exchangeDateOf(clock.now()));
  for (let month = 0; month < monthsAgo; month += 1) first = startOfMonth(addDays(first, -1));
  const day = previousTradingDay(first);
  const newest = lastFinishedSession(clock.now());
  return market.finishedBars(symbol, day, day <= newest ? day : newest)[0];
}
