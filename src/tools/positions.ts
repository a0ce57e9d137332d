// What is held, priced: quotes of all underlyings and contracts in one request of a provider, money and greeks of each
// position and of all. What cannot be known is absent, left out of the totals, and said.
import { type HeldPosition, listPositions, multiplierOf } from '../book/positions.ts';
import { readBook } from '../book/book-file.ts';
import type { Answer, AnswerError, PositionData, PositionTotals } from '../domain/answers.ts';
import { roundPercent, roundPrice } from '../domain/bar-series.ts';
import { BETA_SESSIONS } from '../domain/beta.ts';
import { daysBetween, exchangeDateOf, formatExchangeIso } from '../domain/exchange-time.ts';
import {
  type PositionInputs,
  betaWeighted,
  isOpenedOn,
  markOf,
  positionDayPnl,
  positionPnl,
  positionPnlPercent,
  positionValue,
} from '../domain/position-figures.ts';
import { isExpirationOver } from '../domain/option-sessions.ts';
import { present } from '../domain/present.ts';
import { isIndexSymbol, isOptionSymbol, parseOptionSymbol, underlyingOf } from '../domain/symbols.ts';
import type { Bar, ContractQuote, EpochMs, OptionSymbol, Quote, TickerSymbol } from '../domain/types.ts';
import type { Outcome } from '../market/market-data.ts';
import { type Findings, type ToolContext, answerWith, foundIn, hurry, toAnswerError } from './answer.ts';

export interface Holdings {
  positions: readonly HeldPosition[];
  source: PositionData['source'];
  /** They are of the sample market's account. */
  isSample?: boolean;
}

const INDEX = 'SPY';
/** Betas and splits are an addition: nobody waits a minute of a limit for them. */
const PATIENCE_MS = 10_000;
const NAMED = 8;

/** Of the book, as the model asks. */
export function answerHeldPositions(context: ToolContext): Promise<Answer<'positions'>> {
  const positions = context.book === undefined ? [] : listPositions(readBook(context.book));
  return answerPositions(() => Promise.resolve({ positions, source: 'book' }), context);
}

/** @param load gives the positions; its requests count as the answer's */
export function answerPositions(
  load: (context: ToolContext) => Promise<Holdings>,
  context: ToolContext,
): Promise<Answer<'positions'>> {
  return answerWith(context, async (counted) => {
    const holdings = await load(counted);
    const now = counted.clock.now();
    const live = holdings.positions.filter((position) => !isOver(position, now));
    const prices = await findPrices(live, [INDEX], counted);
    const priced = live.map((position) => priceOne(position, prices, now, holdings.source));
    const [{ totals, notes }, splits] = await Promise.all([
      addUp(priced, prices, counted),
      holdings.source === 'book' ? findSplits(live, counted) : [],
    ]);
    const expired = holdings.positions
      .filter((position) => isOver(position, now))
      .map((position): PositionData => ({ ...describe(position, now), source: holdings.source }));
    return {
      kind: 'positions',
      data: {
        positions: priced.map(({ data }) => data),
        totals,
        ...(expired.length === 0 ? {} : { expired }),
      },
      errors: holdings.source === 'book' ? prices.errors.map((error) => withId(error, live)) : prices.errors,
      sources: prices.sources,
      notes: [
        ...notes,
        ...splits,
        ...(expired.length === 0
          ? []
          : [`expired, not in the totals: ${nameSome(expired.map(({ symbol }) => symbol))}`]),
      ],
    };
  });
}

/** What is not listed may have been entered wrong. */
function withId(error: AnswerError, held: readonly HeldPosition[]): AnswerError {
  const ids = held.filter(({ symbol }) => symbol === error.symbol).map(({ id }) => id);
  if (error.code !== 'no_data' || ids.length === 0) return error;
  const remove = ids.map((id) => `fin positions remove ${id}`).join(', ');
  return { ...error, hint: `if you entered it by mistake: ${remove}` };
}

function isOver({ symbol }: HeldPosition, now: EpochMs): boolean {
  if (!isOptionSymbol(symbol)) return false;
  const { expiration, underlying } = parseOptionSymbol(symbol);
  return isExpirationOver(expiration, now, underlying);
}

export interface HeldLots {
  of: ReadonlyMap<TickerSymbol, readonly PositionInputs[]>;
  errors: Prices['errors'];
  sources: Prices['sources'];
}

/** What is held of these by what it is: shares, and contracts where those are asked for. Without prices nothing is fetched. */
export async function findLots(
  isAsked: (position: HeldPosition) => boolean,
  isPriced: boolean,
  context: ToolContext,
): Promise<HeldLots> {
  const now = context.clock.now();
  const held = (context.book === undefined ? [] : listPositions(readBook(context.book))).filter(
    (position) => isAsked(position) && !isOver(position, now),
  );
  const prices = await findPrices(isPriced ? held : [], [], context);
  const of = new Map<TickerSymbol, PositionInputs[]>();
  for (const position of held) {
    const { inputs } = priceOne(position, prices, now, 'book');
    of.set(position.symbol, [...(of.get(position.symbol) ?? []), inputs]);
  }
  return { of, errors: prices.errors, sources: prices.sources };
}

interface Prices {
  quotes: ReadonlyMap<TickerSymbol, Outcome<Quote>>;
  contracts: ReadonlyMap<OptionSymbol, Outcome<ContractQuote>>;
  errors: Findings<'positions'>['errors'];
  sources: Findings<'positions'>['sources'];
}

/** In one go, so that one request carries all of them; the index of the betas rides along. */
async function findPrices(
  live: readonly HeldPosition[],
  others: readonly TickerSymbol[],
  { market, request }: ToolContext,
): Promise<Prices> {
  if (live.length === 0) return { quotes: new Map(), contracts: new Map(), errors: [], sources: [] };
  const underlyings = [...new Set(live.map(underlyingOf))];
  const symbols = [...new Set(live.map(({ symbol }) => symbol).filter(isOptionSymbol))];
  const [quotes, contracts] = await Promise.all([
    market.quotes([...new Set([...underlyings, ...others])], request),
    symbols.length === 0 ? new Map<OptionSymbol, Outcome<ContractQuote>>() : market.contractQuotes(symbols, request),
  ]);
  const prices = { quotes, contracts, errors: [] as Prices['errors'], sources: [] as Prices['sources'][number][] };
  for (const symbol of [...underlyings, ...symbols]) {
    const outcome = quotes.get(symbol) ?? contracts.get(symbol);
    if (outcome?.ok === true) prices.sources.push(outcome.source);
    else if (outcome !== undefined) prices.errors.push(toAnswerError(outcome.error, symbol));
  }
  return prices;
}

interface Priced {
  data: PositionData;
  underlying: TickerSymbol;
  inputs: PositionInputs;
  isContract: boolean;
  /** Why it has no price. */
  why?: string;
}

function describe(position: HeldPosition, now: EpochMs): Omit<PositionData, 'source'> {
  const { symbol } = position;
  return {
    ...position,
    ...(isOptionSymbol(symbol) ? { dte: daysBetween(exchangeDateOf(now), parseOptionSymbol(symbol).expiration) } : {}),
  };
}

function priceOne(position: HeldPosition, prices: Prices, now: EpochMs, source: Holdings['source']): Priced {
  const { symbol, quantity, cost, opened } = position;
  const underlying = underlyingOf(position);
  const isContract = isOptionSymbol(symbol);
  const quote = foundIn(prices.quotes.get(underlying));
  const contract = foundIn(prices.contracts.get(symbol));
  const multiplier = multiplierOf(symbol);
  const isAdjusted = contract !== undefined && contract.multiplier !== multiplier;
  const ofShares = quote && { price: quote.last, asOf: quote.asOf };
  const mark = isContract ? contractPrice(isAdjusted ? undefined : contract) : ofShares;
  const session = quote === undefined ? exchangeDateOf(now) : exchangeDateOf(quote.asOf);
  const previousClose = isContract ? contract?.previousClose : quote?.previousClose;
  const isOpenedToday = isOpenedOn(opened, session);
  const price = mark?.price;
  const inputs: PositionInputs = present({ quantity, cost, multiplier, price, previousClose, isOpenedToday });
  const times = (greek: number | undefined): number | undefined =>
    greek === undefined || isAdjusted ? undefined : Number((greek * quantity * multiplier).toPrecision(10));
  const { delta, gamma, theta, vega } = contract ?? {};
  const greeks = isContract
    ? { delta: times(delta), gamma: times(gamma), theta: times(theta), vega: times(vega) }
    : { delta: quantity };
  const data: PositionData = {
    ...describe(position, now),
    ...present({
      price: rounded(price),
      priceAsOf: mark && formatExchangeIso(mark.asOf),
      value: rounded(positionValue(inputs)),
      dayPnl: rounded(positionDayPnl(inputs)),
      pnl: rounded(positionPnl(inputs)),
      pnlPercent: roundedPercent(positionPnlPercent(inputs)),
      ...greeks,
    }),
    source,
  };
  return { data, underlying, inputs, isContract, ...(isAdjusted ? { why: 'not of 100 shares' } : {}) };
}

function contractPrice(contract: ContractQuote | undefined): { price: number; asOf: EpochMs } | undefined {
  const mark = contract && markOf(contract);
  if (contract === undefined || mark === undefined) return undefined;
  return { price: mark.price, asOf: mark.basis === 'mid' ? contract.asOf : (contract.tradedAt ?? contract.asOf) };
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : roundPrice(value);
}

function roundedPercent(value: number | undefined): number | undefined {
  return value === undefined ? undefined : roundPercent(value);
}

async function addUp(
  priced: readonly Priced[],
  prices: Prices,
  context: ToolContext,
): Promise<{ totals: PositionTotals; notes: string[] }> {
  const notes: string[] = [];
  const without = (what: string, of: readonly Priced[]): void => {
    if (of.length > 0)
      notes.push(
        `${what}: ${nameSome(of.map(({ data, why }) => (why === undefined ? data.symbol : `${data.symbol} (${why})`)))}`,
      );
  };
  const sum = (of: (each: Priced) => number | undefined): number | undefined => {
    const known = priced.map(of).filter((value) => value !== undefined);
    return known.length === 0 && priced.length > 0 ? undefined : known.reduce((total, value) => total + value, 0);
  };
  const lacking = (of: (each: Priced) => number | undefined): Priced[] =>
    priced.filter((each) => of(each) === undefined);
  const [unpriced, undated] = [lacking(({ inputs }) => inputs.price), lacking(({ inputs }) => positionDayPnl(inputs))];
  without('no price, so not in the total', unpriced);
  without(
    'no previous close, so not in the day’s P/L',
    undated.filter((each) => !unpriced.includes(each)),
  );
  without(
    'no greeks, so not in delta and theta',
    priced.filter(({ data, isContract }) => isContract && data.delta === undefined),
  );
  const beta = await weighByBeta(priced, prices, context);
  notes.push(...beta.notes);
  const totals = {
    value: rounded(sum(({ inputs }) => positionValue(inputs))),
    dayPnl: rounded(sum(({ inputs }) => positionDayPnl(inputs))),
    pnl: rounded(sum(({ inputs }) => positionPnl(inputs))),
    deltaShares: rounded(sum(({ data }) => data.delta)),
    betaDelta: rounded(beta.value),
    // Shares do not decay.
    theta: rounded(sum(({ data, isContract }) => (isContract ? data.theta : 0))),
  };
  return { totals: present(totals), notes };
}

/** What betas are computed from is asked for with little patience, and its absence is no failure of the positions. */
async function weighByBeta(
  priced: readonly Priced[],
  { quotes }: Prices,
  context: ToolContext,
): Promise<{ value: number | undefined; notes: string[] }> {
  const index = foundIn(quotes.get(INDEX));
  const deltas = new Map<TickerSymbol, number>();
  for (const { underlying, data } of priced)
    if (data.delta !== undefined) deltas.set(underlying, (deltas.get(underlying) ?? 0) + data.delta);
  if (deltas.size === 0) return { value: undefined, notes: [] };
  if (index === undefined) return { value: undefined, notes: [`no beta-weighted delta: no quote of ${INDEX}`] };
  const others = [...deltas.keys()].filter((symbol) => symbol !== INDEX);
  const hurried = hurry(context, PATIENCE_MS);
  const series = new Map<TickerSymbol, readonly Bar[]>();
  await Promise.all(
    (others.length === 0 ? [] : [INDEX, ...others]).map(async (symbol) => {
      const outcome = await context.market.dailySeries(symbol, hurried);
      if (outcome.ok) series.set(symbol, outcome.value.bars);
    }),
  );
  const missing: TickerSymbol[] = [];
  let value: number | undefined;
  for (const [symbol, delta] of deltas) {
    const bars = series.get(symbol) ?? [];
    const spot = foundIn(quotes.get(symbol))?.last;
    const weighted =
      spot === undefined
        ? undefined
        : betaWeighted(
            { delta, spot, ...(symbol === INDEX ? {} : { bars }) },
            { spot: index.last, bars: series.get(INDEX) ?? [] },
          );
    if (weighted === undefined) missing.push(symbol);
    else value = (value ?? 0) + weighted;
  }
  const method = `beta-weighted delta in shares of ${INDEX}, betas from ${BETA_SESSIONS} daily returns`;
  return {
    value,
    notes: [
      ...(value === undefined || others.length === 0 ? [] : [method]),
      ...(missing.length === 0 ? [] : [`no beta, so not in the beta-weighted delta: ${nameSome(missing)}`]),
    ],
  };
}

/** A broker counts splits; what was typed stays as it was. Nobody waits for them, and their absence is not told. */
async function findSplits(live: readonly HeldPosition[], context: ToolContext): Promise<string[]> {
  const { market, clock } = context;
  const today = exchangeDateOf(clock.now());
  const older = live.flatMap((position) =>
    position.opened !== undefined && position.opened < today
      ? [{ position, underlying: underlyingOf(position), opened: position.opened }]
      : [],
  );
  const underlyings = [...new Set(older.map(({ underlying }) => underlying))].filter((each) => !isIndexSymbol(each));
  if (underlyings.length === 0) return [];
  const found = await market.events('splits', underlyings, hurry(context, PATIENCE_MS));
  return older.flatMap(({ position: { id, symbol }, underlying, opened }) =>
    (foundIn(found.get(underlying)) ?? [])
      .filter(({ date }) => date > opened && date <= today)
      .map(
        ({ date, from, to }) =>
          `position ${id}, ${symbol}: ${underlying} split ${to} for ${from} on ${date}, after it was opened: quantity and cost are as entered`,
      ),
  );
}

function nameSome(symbols: readonly string[]): string {
  const shown = symbols.slice(0, NAMED);
  return [...shown, ...(symbols.length > NAMED ? [`${symbols.length - NAMED} more`] : [])].join(', ');
}
