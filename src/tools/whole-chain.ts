// The chain of one expiration as the provider has it, with the price of the underlying that goes with it.
// Hides which listed date a phrase means, which contracts take part, and whose price is of the chain's own moment.
import type { ChainData } from '../domain/answers.ts';
import { type ChainSelection, type LeftOut, impliedSpot, livePartOf, toChainData } from '../domain/chain-analytics.ts';
import { type SpotPrice, isNewsBeside, ownSpot, spotByQuote } from '../domain/chain-moment.ts';
import {
  expirationAroundEarnings,
  isAroundEarnings,
  isExpirationSpan,
  isNearestPhrase,
  parseExpirationDate,
  resolveExpiration,
  resolveExpirations,
} from '../domain/expirations.ts';
import { BudgetExceededError, type FinError, NoDataError, toFinError } from '../domain/errors.ts';
import { nextEarnings } from '../domain/events.ts';
import { exchangeDateOf, formatExchangeMinute } from '../domain/exchange-time.ts';
import { isExpirationOver } from '../domain/option-sessions.ts';
import { present } from '../domain/present.ts';
import { toDigits } from '../domain/significance.ts';
import type { EpochMs, IsoDate, OptionChain, Quote, TickerSymbol } from '../domain/types.ts';
import type { Outcome, Source } from '../market/market-data.ts';
import { type Findings, type ToolContext, toAnswerError } from './answer.ts';

/** Dates in a row that may hold nothing but adjusted or settled contracts before the search ends. */
const MOST_SKIPPED = 4;
/** Dates in a row without any contract: a provider that has none on these has none at all. */
const MOST_EMPTY = 2;
const LONGEST_REAL_LIST = 2_000;

export interface ChainAsked extends ChainSelection {
  symbol: TickerSymbol;
  /** A date or phrase; absent: the nearest not yet expired. */
  expiration?: string;
}

/** An expiration with the price that goes with it. */
export interface WholeChain extends Pick<Findings<'chain'>, 'errors' | 'sources'> {
  /** The contracts that take part. */
  chain: OptionChain;
  leftOut: LeftOut;
  spot: number;
  spotAsOf: EpochMs;
  source: Source;
  notes: string[];
}

/** @throws FinError where there is no such chain, or no price beside it. */
export async function findWhole(typed: ChainAsked, context: ToolContext): Promise<WholeChain> {
  const { market, clock, request } = context;
  const { symbol } = typed;
  const asked = isAroundEarnings(typed.expiration) ? { ...typed, expiration: await dateOf(typed, context) } : typed;
  const [quotes, found] = await Promise.all([market.quotes([symbol], request), findExpiration(asked, context)]);
  const quote = quotes.get(symbol);
  if (!found.ok) throw found.error;
  const { value, source, skipped } = found;
  await letOthersRun(value.contracts, 'option chain', context);
  const spot = chooseSpot(found, quote);
  if (spot === undefined) throw quote?.ok === false ? quote.error : new NoDataError(`${symbol}: no spot price`);
  const { chain, leftOut } = livePartOf(value, clock.now());
  if (chain.contracts.length === 0) throw noContracts(asked, chain, leftOut);
  const failure = failureBeside(quote, spot);
  return {
    chain,
    leftOut,
    spot: spot.price,
    spotAsOf: spot.asOf ?? value.pricedAt ?? source.asOf,
    source,
    errors: failure === undefined ? [] : [toAnswerError(failure, symbol)],
    sources: spot.isOfQuote && quote?.ok === true ? [source, quote.source] : [source],
    notes: [...skipped, ...describeLeftOut(leftOut), ...spot.notes],
  };
}

/** `after earnings` as the listed date that it means. */
async function dateOf(
  { symbol, expiration = '' }: ChainAsked,
  { market, clock, request }: ToolContext,
): Promise<IsoDate> {
  const [found, listed] = await Promise.all([
    market.events('earnings', [symbol], request),
    market.expirations(symbol, request),
  ]);
  const events = found.get(symbol);
  if (!listed.ok) throw listed.error;
  if (events?.ok === false) throw events.error;
  const report = nextEarnings(events?.value ?? [], exchangeDateOf(clock.now()));
  if (report === undefined)
    throw new NoDataError(`${symbol}: the day of the next report is not known`, {
      symbol,
      hint: `fin expirations ${symbol} lists the dates`,
    });
  const kinds = new Map(listed.value.map(({ date, kind }) => [date, kind]));
  const open = [...kinds.keys()].filter((each) => !isExpirationOver(each, clock.now(), symbol));
  const find = (phrase: string): IsoDate | undefined =>
    expirationAroundEarnings(phrase, report, open, (each) => kinds.get(each) ?? 'daily');
  const date = find(expiration);
  if (date === undefined)
    throw new NoDataError(`${symbol}: no expiration ${expiration} (${report.date}) is listed`, {
      symbol,
      hint: `the first listed after it is ${find('after earnings') ?? 'none'}`,
    });
  return date;
}

type Find<Asked> = (asked: Asked) => Promise<Findings<'chain'>>;

/** What is found of one chain; what fails is said in its place. */
export async function findOne<Asked extends ChainAsked>(asked: Asked, find: Find<Asked>): Promise<Findings<'chain'>> {
  try {
    return await find(asked);
  } catch (error) {
    return noChain(asked, error);
  }
}

/** The same of each chain that a request means: one, or those of all expirations of its span. */
export async function findEach<Asked extends ChainAsked>(
  asked: Asked,
  context: ToolContext,
  find: Find<Asked>,
): Promise<Findings<'chain'>[]> {
  if (!isExpirationSpan(asked.expiration)) return [await findOne(asked, find)];
  const { market, clock, request } = context;
  const listed = await market.expirations(asked.symbol, request);
  if (!listed.ok) return [noChain(asked, listed.error)];
  try {
    const dates = resolveExpirations(
      asked.expiration,
      clock.now(),
      listed.value.map(({ date }) => date),
      asked.symbol,
    );
    return await Promise.all(dates.map((expiration) => findOne({ ...asked, expiration }, find)));
  } catch (error) {
    return [noChain(asked, error)];
  }
}

/** The same with all contracts that take part. */
export function findWholeChains(
  asked: Pick<ChainAsked, 'symbol' | 'expiration'>,
  context: ToolContext,
): Promise<Findings<'chain'>[]> {
  return findEach({ ...asked, side: 'both', strikes: 'all' }, context, async (one) => {
    const whole = await findWhole(one, context);
    const { errors, sources, notes } = whole;
    return { kind: 'chain', data: await selectContracts(whole, one, context), errors, sources, notes };
  });
}

/** The part of a chain that was asked for. @throws NoDataError where it has no contract */
export async function selectContracts(
  { chain, leftOut, spot }: WholeChain,
  asked: ChainAsked,
  context: ToolContext,
): Promise<ChainData> {
  const data = toChainData(chain, spot, context.clock.now(), asked);
  await letOthersRun(chain.contracts, 'option chain', context);
  if (data.contracts.length === 0) throw noContracts(asked, chain, leftOut);
  return data;
}

/** A quote that ran out of time beside a chain that stands without it. */
function failureBeside(quote: Outcome<Quote> | undefined, spot: ChosenSpot): FinError | undefined {
  if (quote?.ok === false) return quote.error.code === 'timeout' ? quote.error : undefined;
  return spot.isOfQuote ? undefined : quote?.source.endedBy;
}

/** A list longer than any that exists takes its time: a deadline or signal that came meanwhile is heard. */
export async function letOthersRun(
  list: readonly unknown[],
  what: string,
  { clock, request: { call } }: ToolContext,
): Promise<void> {
  if (list.length <= LONGEST_REAL_LIST) return;
  await new Promise((resolve) => setImmediate(resolve));
  if (call.signal.aborted) throw toFinError(call.signal.reason);
  if (call.deadlineMs <= clock.machineNow())
    throw new BudgetExceededError('timeout', `${what}: not fetched within the time allowed`, {
      hint: 'allow more time with --timeout SECONDS',
    });
}

interface ChosenSpot extends SpotPrice {
  /** The price comes with the quote that was asked for beside the chain. */
  isOfQuote: boolean;
  notes: string[];
}

/**
 * The underlying's price that goes with the chain's prices: the one held with it, else by the quote, else the one that
 * its own prices imply; where there is none of its moment, the newest, and it is said that it is of another.
 */
function chooseSpot(
  { value: chain, source }: Outcome<OptionChain> & { ok: true },
  quote: Outcome<Quote> | undefined,
): ChosenSpot | undefined {
  const pricedAt = chain.pricedAt ?? source.asOf;
  const beside = quote?.ok === true ? quote : undefined;
  const said = quote?.ok === false ? `: ${quote.error.message}` : '';
  const newer = beside === undefined ? [] : describeNewer(beside.value, pricedAt);
  const own = ownSpot(chain, pricedAt);
  if (own !== undefined) {
    // Held with the chain and told by the quote: then the quote is where it comes from.
    const isOfQuote = own.price === beside?.value.last && own.asOf === beside.value.asOf;
    return {
      ...own,
      isOfQuote,
      notes: said === '' ? newer : [`the spot is the chain’s own${said}`],
    };
  }
  const byQuote = beside && spotByQuote(beside.value, beside.source.fetchedAt, pricedAt);
  if (byQuote !== undefined) return { ...byQuote, isOfQuote: true, notes: newer };
  const implied = impliedSpot(chain);
  if (implied !== undefined) {
    const note = `the spot is implied by the chain’s calls and puts (put-call parity)${said}`;
    return { price: implied, isOfQuote: false, notes: [note, ...newer] };
  }
  const newest =
    beside === undefined ? { price: chain.spot, asOf: chain.spotAsOf } : { ...beside.value, price: beside.value.last };
  if (newest.price === undefined) return undefined;
  const note = `option prices are as of ${formatExchangeMinute(pricedAt)}, the spot as of ${newest.asOf === undefined ? 'another time' : formatExchangeMinute(newest.asOf)}: expected move, walls and nearest strike mix the two`;
  return { ...present({ asOf: newest.asOf }), price: newest.price, isOfQuote: beside !== undefined, notes: [note] };
}

/** A price of the underlying from after the chain's session or moment. */
function describeNewer({ symbol, last, asOf }: Quote, pricedAt: EpochMs): string[] {
  if (!isNewsBeside(asOf, symbol, pricedAt)) return [];
  return [
    `${symbol} is at ${formatPrice(last)} as of ${formatExchangeMinute(asOf)}; the chain and its figures are as of ${formatExchangeMinute(pricedAt)}`,
  ];
}

/** As screens write prices: `1,234.50`. */
function formatPrice(price: number): string {
  return toDigits(price, price < 1 ? 4 : 2).replace(/^\d+/, (whole) => whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ','));
}

function describeLeftOut({ odd, settled }: LeftOut): string[] {
  return [
    ...(odd > 0 ? [`left out: ${countContracts(odd)} not of 100 shares each`] : []),
    ...[...settled].map(([root, count]) => `left out: ${countContracts(count)} of ${root}, settled at the open`),
  ];
}

function countContracts(count: number): string {
  return count === 1 ? 'a contract' : `${count} contracts`;
}

function noContracts(
  { symbol, side, strikes, filters }: ChainAsked,
  { expiration, contracts: live }: OptionChain,
  { odd, settled }: LeftOut,
): NoDataError {
  if (live.some((contract) => side === 'both' || contract.side === side)) {
    const prices = live.map(({ strike }) => strike);
    const listed = `strikes are listed from ${Math.min(...prices)} to ${Math.max(...prices)}`;
    const why = filters === undefined ? `no strike from ${rangeText(strikes)}` : 'no contract passes the filters';
    return new NoDataError(`${symbol} ${expiration}: ${why}`, {
      symbol,
      hint: filters === undefined ? listed : 'widen --delta, --min-oi, --min-volume, --max-spread or --strikes',
    });
  }
  const what = side === 'both' ? 'contracts' : `${side}s`;
  const settledCount = [...settled.values()].reduce((sum, count) => sum + count, 0);
  const why = [
    ...(odd > 0 ? [`${odd} of another size`] : []),
    ...(settledCount > 0 ? [`${settledCount} settled at the open`] : []),
  ];
  return new NoDataError(
    `${symbol} ${expiration}: no ${what} of 100 shares${why.length > 0 ? `; there are only ${why.join(' and ')}` : ''}`,
    {
      symbol,
      hint: `fin expirations ${symbol} lists the other dates`,
    },
  );
}

function rangeText(strikes: ChainAsked['strikes']): string {
  return typeof strikes === 'object' ? `${strikes.from} to ${strikes.to}` : String(strikes);
}

type FoundChain = (Outcome<OptionChain> & { ok: true; skipped: string[] }) | (Outcome<OptionChain> & { ok: false });

/** An expiration that is not there does not end the request for the spot, which is on its way and must be counted. */
async function findExpiration(asked: ChainAsked, context: ToolContext): Promise<FoundChain> {
  try {
    return await fetchExpiration(asked, context);
  } catch (error) {
    return { ok: false, error: toFinError(error) };
  }
}

/** A date is asked for directly; where it has no chain, and for a phrase, the list of real dates decides. */
async function fetchExpiration(asked: ChainAsked, { market, clock, request }: ToolContext): Promise<FoundChain> {
  const date = asked.expiration === undefined ? undefined : parseExpirationDate(asked.expiration, clock.now());
  const over = whereOver(date, asked.symbol, clock.now());
  if (date !== undefined && date !== over) {
    const direct = await market.chain(asked.symbol, date, request);
    if (direct.ok) return { ...direct, skipped: [] };
    if (direct.error.code !== 'no_data') return direct;
  }
  const listed = await market.expirations(asked.symbol, request);
  if (!listed.ok) return listed;
  const kinds = new Map(listed.value.map((expiration) => [expiration.date, expiration.kind]));
  const resolve = (dates: readonly IsoDate[]): IsoDate =>
    resolveExpiration(asked.expiration, clock.now(), dates, asked.symbol, (each) => kinds.get(each) ?? 'daily');
  let dates = [...kinds.keys()].filter((each) => each !== over);
  const skipped: string[] = [];
  let [first, empty]: [IsoDate | undefined, number] = [undefined, 0];
  for (;;) {
    const expiration = resolve(dates);
    const outcome = await market.chain(asked.symbol, expiration, request);
    const isEmpty = !outcome.ok && outcome.error.code === 'no_data';
    if (!outcome.ok && !isEmpty) return outcome;
    first ??= expiration;
    empty = isEmpty ? empty + 1 : 0;
    const isLast = isSearchOver(asked, skipped.length, empty);
    const later = dates.filter((each) => each > expiration);
    if (isLast || later.length === 0 || (outcome.ok && hasLiveContracts(outcome.value, asked.side, clock.now())))
      return orNone(outcome, asked, { first, last: expiration }, skipped);
    const what = isEmpty ? 'no contracts' : 'only contracts of another size or settled ones';
    skipped.push(`${expiration} has ${what}, so the next date is used`);
    dates = later;
  }
}

function isSearchOver({ expiration }: ChainAsked, skipped: number, empty: number): boolean {
  return empty === MOST_EMPTY || skipped === MOST_SKIPPED || !isNearestPhrase(expiration);
}

/** Of several dates without a chain the first is the one that was meant. */
function orNone(
  outcome: Outcome<OptionChain>,
  { symbol }: ChainAsked,
  { first, last }: { first: IsoDate; last: IsoDate },
  skipped: string[],
): FoundChain {
  if (outcome.ok) return { ...outcome, skipped };
  if (first === last) return outcome;
  const error = new NoDataError(`${symbol}: no option chain from ${first}, the nearest date, to ${last}`, {
    symbol,
    hint: 'dates are listed, but no contracts are sent: ask again later, or another provider with --provider',
  });
  return { ok: false, error };
}

/** The date itself, where its options trade no more. */
function whereOver(date: IsoDate | undefined, symbol: TickerSymbol, now: EpochMs): IsoDate | undefined {
  return date !== undefined && isExpirationOver(date, now, symbol) ? date : undefined;
}

function hasLiveContracts(chain: OptionChain, side: ChainSelection['side'], now: EpochMs): boolean {
  const { contracts } = livePartOf(chain, now).chain;
  return contracts.some((contract) => side === 'both' || contract.side === side);
}

function noChain({ symbol }: ChainAsked, thrown: unknown): Findings<'chain'> {
  return { kind: 'chain', data: undefined, errors: [toAnswerError(toFinError(thrown), symbol)], sources: [] };
}
