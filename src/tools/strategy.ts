// Prices an option strategy: its contracts chosen from the chain or as given, what it costs or brings at the middle and at
// the worst of the markets, its payoff, and what speaks against it. One chain an expiration, whatever the legs.
import type { Answer, ChainData, ContractData, StrategyData, StrategyLeg } from '../domain/answers.ts';
import { roundPercent, roundPrice } from '../domain/bar-series.ts';
import { midOf, spreadPercentOf, toChainData } from '../domain/chain-analytics.ts';
import { isFromBefore, isOfMoment } from '../domain/chain-moment.ts';
import { atmIvOf, forwardOf, yearsLeft } from '../domain/chain-volatility.ts';
import { type ContractTerms, describeContract } from '../domain/contracts.ts';
import { NoDataError, UsageError, toFinError } from '../domain/errors.ts';
import { nextEarnings } from '../domain/events.ts';
import { exchangeDateOf, formatExchangeIso } from '../domain/exchange-time.ts';
import { spotTermsOf } from '../domain/option-maths.ts';
import { runningOptionSession, settlesAtOpen } from '../domain/option-sessions.ts';
import { type Payoff, type PayoffLeg, payoffOf, positionGreeks } from '../domain/payoff.ts';
import { present } from '../domain/present.ts';
import { probabilityOfRanges } from '../domain/probabilities.ts';
import { type StrategyChoice, type StrategyName, choiceMade, chooseLegs, hasFarLeg } from '../domain/strategies.ts';
import { isIndexSymbol, rootInOptionSymbol } from '../domain/symbols.ts';
import type { Clock, Quote, TickerSymbol } from '../domain/types.ts';
import type { Outcome, Source } from '../market/market-data.ts';
import { type Findings, type ToolContext, answerWith, hurry, toAnswerError } from './answer.ts';
import { findContract, notListed } from './contracts.ts';
import { type WholeChain, findWhole } from './whole-chain.ts';

/** A leg as it is typed: contracts, or shares where there is no contract; negative is sold. */
export interface LegTerms {
  quantity: number;
  contract?: ContractTerms;
}

export interface StrategyRequest {
  symbol: TickerSymbol;
  what:
    | ({ name: StrategyName; expiration?: string; isShort: boolean } & StrategyChoice)
    | { name: 'custom' | 'roll'; legs: readonly LegTerms[] };
  /** Units of it. */
  quantity: number;
}

const SHARES_A_CONTRACT = 100;
/** Time enough for what is sold to decay, and not yet the last weeks, in which it moves most. */
const USUAL_EXPIRATION = '45d';
/** Days between the two expirations of a calendar or diagonal. */
const USUAL_DISTANCE_DAYS = 30;
const WIDE_PERCENT = 15;
const WIDE_DOLLARS = 0.05;
const LITTLE_OPEN_INTEREST = 100;
const EVENTS_PATIENCE_MS = 5_000;

export function answerStrategy(asked: StrategyRequest, context: ToolContext): Promise<Answer<'strategy'>> {
  return answerWith(context, async (counted) => {
    const chains = createChains(asked.symbol, counted);
    try {
      const legs = await findLegs(asked, chains);
      const [spot, events] = await Promise.all([chains.spot(), findEventWarnings(asked.symbol, legs, counted)]);
      const data = price(asked, legs, spot, counted.clock);
      const chosen = 'legs' in asked.what ? [] : [describeChoice(asked.what, data)];
      data.notes = [
        ...chains.notes(),
        ...chosen,
        ...warnings(legs),
        ...assignable(asked.symbol, legs, counted.clock),
        ...events,
        ...data.notes,
      ];
      return chains.found(data);
    } catch (thrown) {
      return chains.failed(thrown);
    }
  });
}

/** The chains of one underlying, each asked for once, with what they brought. */
function createChains(symbol: TickerSymbol, context: ToolContext) {
  const { market, clock, request } = context;
  const asked = new Map<string, Promise<ChainData>>();
  const wholes: WholeChain[] = [];
  const sources: Source[] = [];
  const fetchChain = async (expiration: string): Promise<ChainData> => {
    const everything = { side: 'both', strikes: 'all' } as const;
    const whole = await findWhole({ symbol, expiration, ...everything }, context);
    wholes.push(whole);
    return toChainData(whole.chain, whole.spot, clock.now(), everything);
  };
  return {
    find(expiration: string): Promise<ChainData> {
      const found = asked.get(expiration) ?? fetchChain(expiration);
      asked.set(expiration, found);
      return found;
    },
    /** Of the moment of the option prices, with its market where that is known; where only shares are asked for, of now. */
    async spot(): Promise<SpotMarket> {
      const outcome = (await market.quotes([symbol], request)).get(symbol);
      const [whole] = wholes;
      if (whole !== undefined) {
        const isBeside = outcome?.ok === true && isMarketOf(whole, outcome);
        return {
          price: whole.spot,
          asOf: formatExchangeIso(whole.spotAsOf),
          ...(isBeside ? present({ bid: outcome.value.bid, ask: outcome.value.ask }) : {}),
        };
      }
      if (outcome?.ok !== true) throw outcome?.error ?? new NoDataError(`${symbol}: no quote`);
      const { last, bid, ask, asOf } = outcome.value;
      sources.push(outcome.source);
      return { price: last, asOf: formatExchangeIso(asOf), ...present({ bid, ask }) };
    },
    notes: (): string[] => [...new Set(wholes.flatMap(({ notes }) => notes))],
    found: (data: StrategyData): Findings<'strategy'> => ({
      kind: 'strategy',
      data,
      errors: wholes.flatMap(({ errors }) => errors),
      sources: [...sources, ...wholes.flatMap((whole) => whole.sources)],
      notes: data.notes,
    }),
    failed: (thrown: unknown): Findings<'strategy'> => ({
      kind: 'strategy',
      data: undefined,
      errors: [toAnswerError(toFinError(thrown), symbol)],
      sources: wholes.flatMap((whole) => whole.sources),
      notes: wholes.flatMap(({ notes }) => notes),
    }),
  };
}

interface SpotMarket {
  price: number;
  asOf: string;
  bid?: number;
  ask?: number;
}

/** Whether the quote's bid and ask are those in which the shares stood beside the chain's prices. */
function isMarketOf(
  { chain: { underlying, pricedAt: told }, spot, spotAsOf, source: { asOf: fromSource } }: WholeChain,
  { value: { last, asOf, bid = NaN, ask = NaN }, source }: Outcome<Quote> & { ok: true },
): boolean {
  const pricedAt = told ?? fromSource;
  if (runningOptionSession(underlying, pricedAt) === undefined) return false;
  if (!isOfMoment(asOf, underlying, pricedAt) || isFromBefore(source.fetchedAt, pricedAt)) return false;
  return (last === spot && asOf === spotAsOf) || (bid <= spot && spot <= ask);
}

type Chains = ReturnType<typeof createChains>;

interface FoundLeg {
  quantity: number;
  option?: { contract: ContractData; chain: ChainData };
}

async function findLegs({ symbol, what, quantity }: StrategyRequest, chains: Chains): Promise<FoundLeg[]> {
  if ('legs' in what)
    return Promise.all(
      what.legs.map(async ({ quantity: own, contract: terms }) => {
        if (terms === undefined) return { quantity: own * quantity };
        const chain = await chains.find(terms.expiration);
        const contract = findContract(chain, terms);
        if (contract === undefined) throw notListed(chain, terms);
        return { quantity: own * quantity, option: { contract, chain } };
      }),
    );
  const near = await chains.find(what.expiration ?? USUAL_EXPIRATION);
  const far = hasFarLeg(what.name) ? await chains.find(`${near.dte + USUAL_DISTANCE_DAYS}d`) : near;
  if (hasFarLeg(what.name) && far.expiration <= near.expiration)
    throw new NoDataError(`${symbol}: no expiration after ${near.expiration} is listed`, {
      hint: 'give an earlier one with --expiration',
    });
  const sign = what.isShort ? -1 : 1;
  return chooseLegs(what.name, what, { candidates: near.contracts, spot: near.spot }).map(
    ({ quantity: own, option }): FoundLeg => {
      if (option === undefined) return { quantity: own * sign * quantity * SHARES_A_CONTRACT };
      const chain = option.isFar ? far : near;
      const terms = { ...option, underlying: symbol, expiration: chain.expiration };
      const contract = findContract(chain, terms);
      if (contract === undefined) throw notListed(chain, terms);
      return { quantity: own * sign * quantity, option: { contract, chain } };
    },
  );
}

/** @throws NoDataError naming a leg without a market */
function price(asked: StrategyRequest, found: readonly FoundLeg[], spot: SpotMarket, clock: Clock): StrategyData {
  const { symbol, what } = asked;
  const legs = found.map((leg) => toLeg(symbol, leg, spot));
  const sharesOf = (index: number): number =>
    (legs[index]?.quantity ?? 0) * (found[index]?.option === undefined ? 1 : SHARES_A_CONTRACT);
  const sum = (worth: (leg: StrategyLeg) => number): number =>
    legs.reduce((total, leg, index) => total + sharesOf(index) * worth(leg), 0);
  const cost = sum(({ mid }) => mid);
  const worst = sum(({ quantity, bid, ask }) => (quantity > 0 ? ask : bid));
  const sign = cost < 0 ? -1 : 1;
  const near = nearestChain(found);
  const payoff =
    what.name === 'roll'
      ? undefined
      : payoffOf(legs.map((leg, index) => toPayoffLeg(leg, sharesOf(index), found, clock)));
  const greeks = positionGreeks(
    found.map(({ option }, index) => ({ shares: sharesOf(index), greeks: option?.contract ?? 'share' })),
  );
  return {
    symbol,
    spot: spot.price,
    spotAsOf: spot.asOf,
    name: what.name,
    legs,
    mid: roundPrice(cost * sign),
    natural: roundPrice(worst * sign),
    kind: sign < 0 ? 'credit' : 'debit',
    ...(payoff && { unlimitedProfit: payoff.unlimitedProfit, unlimitedLoss: payoff.unlimitedLoss }),
    breakEvens: (payoff?.breakEvens ?? []).map(roundPrice),
    ...(payoff === undefined ? {} : { ...limitsOf(payoff, legs, sign < 0), ...oddsOf(payoff, near, clock) }),
    greeks,
    marketWidth: roundPrice(
      legs.reduce((total, { bid, ask }, index) => total + Math.abs(sharesOf(index)) * (ask - bid), 0),
    ),
    payoff: payoff === undefined ? [] : pointsOf(payoff, spot.price),
    notes:
      payoff === undefined
        ? ['a roll has no payoff of its own: that depends on what the rolled leg was traded for']
        : payoff.isExact
          ? []
          : [
              `payoff at ${near?.expiration ?? 'the nearest expiration'}: later legs are valued by Black-Scholes at their own IV`,
            ],
  };
}

function toLeg(symbol: TickerSymbol, { quantity, option }: FoundLeg, spot: SpotMarket): StrategyLeg {
  if (option === undefined) {
    const [bid, ask] = [spot.bid ?? spot.price, spot.ask ?? spot.price];
    return { quantity, symbol, bid, ask, mid: roundPrice((bid + ask) / 2) };
  }
  const { contract, chain } = option;
  const { bid, ask, iv, delta } = contract;
  const mid = midOf(contract);
  if (bid === undefined || ask === undefined || mid === undefined) {
    const market = bid !== undefined && ask !== undefined && ask > 0 ? 'a bid above its ask' : 'no bid and ask';
    throw new NoDataError(`${nameOf(chain, contract)}: no price, its market has ${market}`, {
      symbol,
      hint: 'choose other strikes with --strikes, or another --expiration',
    });
  }
  return {
    quantity,
    symbol: contract.symbol,
    side: contract.side,
    strike: contract.strike,
    expiration: chain.expiration,
    bid,
    ask,
    mid: roundPrice(mid),
    ...present({ iv, delta }),
  };
}

function nameOf({ underlying, expiration }: ChainData, { side, strike }: ContractData): string {
  return describeContract({ underlying, side, strike, expiration });
}

function nearestChain(legs: readonly FoundLeg[]): ChainData | undefined {
  return legs
    .flatMap(({ option }) => option?.chain ?? [])
    .reduce<ChainData | undefined>(
      (near, chain) => (near && near.expiration <= chain.expiration ? near : chain),
      undefined,
    );
}

function toPayoffLeg(leg: StrategyLeg, shares: number, found: readonly FoundLeg[], clock: Clock): PayoffLeg {
  const { side, strike, expiration, mid, iv } = leg;
  if (side === undefined || strike === undefined) return { shares, price: mid };
  const near = nearestChain(found);
  const own = found.find(({ option }) => option?.chain.expiration === expiration)?.option?.chain;
  if (near === undefined || own === undefined || own.expiration === near.expiration)
    return { shares, price: mid, option: { side, strike } };
  const now = clock.now();
  const forward = forwardOf(own, now);
  const years = yearsLeft(own, now);
  const volatility = iv ?? atmIvOf(own, now);
  if (volatility === undefined)
    throw new NoDataError(
      `${describeContract({ underlying: own.underlying, side, strike, expiration: own.expiration })}: no implied volatility, so its later value is unknown`,
    );
  const { rate, dividendYield } = spotTermsOf(
    { side, strike, forward: forward?.forward ?? own.spot, years, discount: forward?.discount ?? 1 },
    own.spot,
  );
  return {
    shares,
    price: mid,
    option: { side, strike, rest: { years: years - yearsLeft(near, now), volatility, rate, dividendYield } },
  };
}

function limitsOf(
  { maxProfit, maxLoss }: Payoff,
  legs: readonly StrategyLeg[],
  isCredit: boolean,
): Pick<StrategyData, 'maxProfit' | 'maxLoss' | 'returnOnRisk' | 'creditOfWidth'> {
  const isSpread =
    legs.length > 1 && legs.every(({ side, expiration }) => side !== undefined && expiration === legs[0]?.expiration);
  return {
    ...(maxProfit === undefined ? {} : { maxProfit: roundPrice(maxProfit) }),
    ...(maxLoss === undefined ? {} : { maxLoss: roundPrice(maxLoss) }),
    ...(maxProfit === undefined || maxLoss === undefined || maxLoss <= 0
      ? {}
      : {
          returnOnRisk: roundPercent(maxProfit / maxLoss),
          // What is won at most is the credit, and with what is lost at most it makes the width.
          ...(isCredit && isSpread ? { creditOfWidth: roundPercent(maxProfit / (maxProfit + maxLoss)) } : {}),
        }),
  };
}

function oddsOf(
  { profitRanges }: Payoff,
  near: ChainData | undefined,
  clock: Clock,
): Pick<StrategyData, 'probabilityOfProfit' | 'standardDeviation'> {
  const volatility = near && atmIvOf(near, clock.now());
  if (near === undefined || volatility === undefined) return {};
  const years = yearsLeft(near, clock.now());
  if (!(years > 0)) return {};
  const forward = forwardOf(near, clock.now())?.forward ?? near.spot;
  return {
    probabilityOfProfit: {
      value: roundPercent(probabilityOfRanges({ spot: near.spot, forward, years, volatility }, profitRanges)),
      method: `lognormal at the at-the-money IV of ${near.expiration}, risk-neutral`,
    },
    standardDeviation: roundPrice(near.spot * volatility * Math.sqrt(years)),
  };
}

/** The corners, and one point beyond them, so that the last slope can be drawn. */
function pointsOf({ points, slope }: Payoff, spot: number): StrategyData['payoff'] {
  const last = points.at(-1) ?? { price: 0, profit: 0 };
  const price = Math.max(2 * spot, last.price * 1.5);
  const every = Math.ceil(points.length / MOST_POINTS);
  const isTurn = (index: number): boolean => {
    const [before, at, after] = [points[index - 1], points[index], points[index + 1]].map(
      (point) => point?.profit ?? NaN,
    );
    return ((at ?? 0) - (before ?? 0)) * ((after ?? 0) - (at ?? 0)) <= 0;
  };
  return [
    ...points.filter((_, index) => index % every === 0 || index === points.length - 1 || isTurn(index)),
    { price, profit: last.profit + slope * (price - last.price) },
  ].map((point) => ({ price: roundPrice(point.price), profit: roundPrice(point.profit) }));
}

const MOST_POINTS = 200;
/** Listed strikes stand so far apart that a delta this near is the one asked for. */
const SAME_DELTA = 0.02;

function describeChoice(
  { name, expiration, delta, width, strikes }: Exclude<StrategyRequest['what'], { legs: unknown }>,
  { legs }: StrategyData,
): string {
  const dates = [...new Set(legs.flatMap((leg) => leg.expiration ?? []))].join(' and ');
  if (strikes !== undefined) return `${name} of ${dates} at the strikes given`;
  const { deltas, widths } = choiceMade(name, legs);
  const isNear =
    delta === undefined || deltas.every((made) => Math.abs(made - delta) <= Math.min(SAME_DELTA, delta / 5));
  const isAsWide = width === undefined || widths.every((made) => made === width);
  const how = [
    expiration === undefined ? 'listed date nearest 45 days' : '',
    delta === undefined
      ? ''
      : isNear
        ? `delta ${delta}`
        : `delta ${deltas.map((made) => made.toFixed(made < 0.01 ? 4 : 2)).join(' and ')} (nearest to ${delta})`,
    widths.length === 0 ? '' : `${widths.join(' and ')} wide${isAsWide ? '' : ` (nearest to ${width})`}`,
  ].filter((part) => part !== '');
  return `picked: ${[...how, dates].join(', ')}; change with --strikes, --delta, --width or --expiration`;
}

/** What a trader must know before the order. */
function warnings(legs: readonly FoundLeg[]): string[] {
  const options = legs.flatMap(({ option }) => option ?? []);
  const named = (text: string, found: readonly string[]): string[] =>
    found.length === 0 ? [] : [`${text}: ${[...new Set(found)].join(', ')}`];
  const strikeOf = ({ contract, chain }: (typeof options)[number]): string => nameOf(chain, contract);
  return [
    ...named(
      'wide market',
      options
        .filter(
          ({ contract: { bid = 0, ask = 0 } }) =>
            ask - bid > WIDE_DOLLARS && (spreadPercentOf({ bid, ask }) ?? 0) > WIDE_PERCENT,
        )
        .map((each) => `${strikeOf(each)} ${each.contract.bid} to ${each.contract.ask}`),
    ),
    ...named(
      'little open interest',
      options
        .filter(({ contract: { openInterest } }) => openInterest !== undefined && openInterest < LITTLE_OPEN_INTEREST)
        .map((each) => `${strikeOf(each)} ${each.contract.openInterest}`),
    ),
    ...named(
      'settles at the open on its expiration day and last trades the day before',
      options.filter(({ contract }) => settlesAtOpen(rootInOptionSymbol(contract.symbol) ?? '')).map(strikeOf),
    ),
  ];
}

const DEEP_DELTA = -0.95;

/** A put so deep in the money that the interest on its strike exceeds its time value is exercised early. */
function assignable(symbol: TickerSymbol, legs: readonly FoundLeg[], clock: Clock): string[] {
  if (isIndexSymbol(symbol)) return [];
  return legs.flatMap(({ quantity, option }) => {
    if (option === undefined || quantity >= 0 || option.contract.side !== 'put') return [];
    const { contract, chain } = option;
    const { strike, bid = NaN, ask = NaN, delta = -1 } = contract;
    const timeValue = Math.max(0, (bid + ask) / 2 - (strike - chain.spot));
    const interest = strike * (1 - (forwardOf(chain, clock.now())?.discount ?? 1));
    // What is less than half of the market's width cannot be told from nothing.
    if (!(strike > chain.spot && delta <= DEEP_DELTA && timeValue <= Math.max(interest, (ask - bid) / 2))) return [];
    return [
      `early exercise: ${nameOf(chain, contract)} is short and deep in the money with ${formatMoney(timeValue)} of time value; it may be assigned for the interest on its strike`,
    ];
  });
}

/**
 * What is known to happen before the last expiration: an addition, for which nobody waits and whose absence is not told.
 * A dividend matters to a short call in the money whose time value it exceeds: the call is exercised for it.
 */
async function findEventWarnings(
  symbol: TickerSymbol,
  legs: readonly FoundLeg[],
  context: ToolContext,
): Promise<string[]> {
  const options = legs.flatMap(({ quantity, option }) => (option === undefined ? [] : [{ quantity, ...option }]));
  const last = options.reduce((latest, { chain }) => (chain.expiration > latest ? chain.expiration : latest), '');
  const { request, clock } = context;
  if (last === '' || request.offline || isIndexSymbol(symbol)) return [];
  const assignable = options.flatMap(({ quantity, contract, chain }) => {
    const { side, strike, bid, ask } = contract;
    if (quantity >= 0 || side !== 'call' || strike >= chain.spot || bid === undefined || ask === undefined) return [];
    return [{ name: nameOf(chain, contract), chain, timeValue: Math.max(0, (bid + ask) / 2 - (chain.spot - strike)) }];
  });
  const { findEvents } = await import('./events.ts');
  const hurried: ToolContext = { ...context, request: hurry(context, EVENTS_PATIENCE_MS) };
  const lists = assignable.length > 0 ? (['dividends', 'earnings'] as const) : (['earnings'] as const);
  const data = (await findEvents([symbol], hurried, lists)).get(symbol)?.data;
  if (data === undefined) return [];
  const today = exchangeDateOf(clock.now());
  const early = assignable.flatMap(({ name, chain, timeValue }) =>
    data.dividends
      .filter(({ exDate, currency }) => exDate > today && exDate <= chain.expiration && currency === undefined)
      .filter(({ amount }) => amount > timeValue)
      .map(
        ({ exDate, amount }) =>
          `early exercise: ${name} is short and in the money with ${formatMoney(timeValue)} of time value; ${symbol} goes ex-dividend on ${exDate} (${formatMoney(amount)})`,
      ),
  );
  const earnings = nextEarnings(data.earnings ?? [], today);
  const isBefore =
    earnings !== undefined && (earnings.date < last || (earnings.date === last && earnings.time !== 'after_close'));
  return [
    ...early,
    ...(!isBefore
      ? []
      : [`earnings before expiration: ${earnings.date}, ${earnings.confirmed ? 'confirmed' : 'projected'}`]),
  ];
}

function formatMoney(dollars: number): string {
  return roundPrice(dollars).toFixed(2);
}

/** @throws UsageError for a number of units that is none */
export function checkQuantity(quantity: number): number {
  if (Number.isInteger(quantity) && quantity >= 1 && quantity <= 10_000) return quantity;
  throw new UsageError('--quantity: not a number of units', { hint: 'use 1 to 10000' });
}
