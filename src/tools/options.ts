// Expirations and option chains in the public shape; the spot is fetched here, side by side with the dates.
import type { Answer, AnswerError, ChainData, ExpirationStats, ExpirationsData, TermEntry } from '../domain/answers.ts';
import {
  type ChainSelection,
  type LeftOut,
  analyseChain,
  impliedSpot,
  livePartOf,
  toChainData,
} from '../domain/chain-analytics.ts';
import { type SpotPrice, isNewsBeside, ownSpot, spotByQuote } from '../domain/chain-moment.ts';
import {
  isExpirationSpan,
  isNearestPhrase,
  parseExpirationDate,
  resolveExpiration,
  resolveExpirations,
} from '../domain/expirations.ts';
import { BudgetExceededError, type FinError, NoDataError, toFinError } from '../domain/errors.ts';
import { daysBetween, exchangeDateOf, formatExchangeMinute } from '../domain/exchange-time.ts';
import { isExpirationOver } from '../domain/option-sessions.ts';
import { present, sumOfKnown } from '../domain/present.ts';
import { toDigits } from '../domain/significance.ts';
import type { EpochMs, IsoDate, OptionChain, Quote, TickerSymbol } from '../domain/types.ts';
import type { Outcome, Source } from '../market/market-data.ts';
import type { ContractChoice } from './contract-columns.ts';
import type { Column } from './table-columns.ts';
import { type Findings, type ToolContext, answerWith, toAnswerError } from './answer.ts';

/** Dates in a row that may hold nothing but adjusted or settled contracts before the search ends. */
const MOST_SKIPPED = 4;
/** Dates in a row without any contract: a provider that has none on these has none at all. */
const MOST_EMPTY = 2;
const LONGEST_REAL_LIST = 2_000;

export interface ChainRequest extends ChainSelection {
  symbol: TickerSymbol;
  /** A date or phrase; absent: the nearest not yet expired. */
  expiration?: string;
  /** Only what the expiration as a whole says is of interest. */
  summary?: true;
  /** Worked out for each contract that is shown. */
  columns?: readonly Column[];
  /** Of the selection those that fulfill a condition, the first ones in an order. */
  choice?: ContractChoice;
}

export interface ChainsRequest extends Omit<ChainRequest, 'symbol'> {
  symbols: readonly TickerSymbol[];
}

/** With `stats` what the chain of each date says as a whole. */
export function answerExpirations(
  symbol: TickerSymbol,
  context: ToolContext,
  { stats: wantsStats = false } = {},
): Promise<Answer<'expirations'>> {
  return answerWith(context, async (counted) => {
    const { market, clock, request } = counted;
    const outcome = await market.expirations(symbol, request);
    if (!outcome.ok)
      return { kind: 'expirations', data: undefined, errors: [toAnswerError(outcome.error, symbol)], sources: [] };
    await letOthersRun(outcome.value, 'expirations', counted);
    const now = clock.now();
    const today = exchangeDateOf(now);
    const data: ExpirationsData = {
      symbol,
      expirations: outcome.value
        .filter(({ date }) => !isExpirationOver(date, now, symbol))
        .map(({ date, kind }) => ({ date, dte: daysBetween(today, date), kind })),
    };
    if (!wantsStats) return { kind: 'expirations', data, errors: [], sources: [outcome.source] };
    const { findDates } = await import('./volatility.ts');
    const dates = data.expirations.map(({ date }) => date);
    const { points, errors, sources, notes } = await findDates(symbol, dates, counted);
    const stats = new Map(
      points.map(({ whole, stats: of }) => [whole.chain.expiration, { ...of, ...totalsOf(whole) }]),
    );
    return {
      kind: 'expirations',
      data: { symbol, expirations: data.expirations.map((each) => ({ ...each, ...stats.get(each.date) })) },
      errors,
      sources: [outcome.source, ...sources],
      notes,
      request: { summary: true },
    };
  });
}

function totalsOf({ chain, spot }: WholeChain): Omit<ExpirationStats, keyof TermEntry> {
  const { putCallOpenInterest, putCallVolume } = analyseChain(chain, spot);
  return present({
    putCallOpenInterest,
    putCallVolume,
    openInterest: sumOfKnown(chain.contracts, ({ openInterest }) => openInterest),
    volume: sumOfKnown(chain.contracts, ({ volume }) => volume),
  });
}

export function answerChain(asked: ChainRequest, context: ToolContext): Promise<Answer<'chain'>> {
  return answerWith(context, (counted) => findChain(asked, counted));
}

/** Chains of several symbols, or of all expirations of a span. */
export function answerChains({ symbols, ...asked }: ChainsRequest, context: ToolContext): Promise<Answer<'chains'>> {
  return answerWith(context, async (counted) => {
    const found = (await Promise.all(symbols.map((symbol) => findChains({ ...asked, symbol }, counted)))).flat();
    const data = found.flatMap((each) => each.data ?? []);
    return {
      kind: 'chains',
      data: data.length > 0 ? data : undefined,
      errors: found.flatMap(({ errors }) => errors),
      sources: found.flatMap(({ sources }) => sources),
      notes: found.flatMap(({ data: chain, notes = [] }) =>
        notes.map((note) =>
          found.length > 1 && chain !== undefined ? `${nameOf(chain, symbols.length > 1)}: ${note}` : note,
        ),
      ),
      request: { ...requestOf({ ...asked, symbol: '' }), ...(symbols.length > 1 ? { summary: true } : {}) },
    };
  });
}

function nameOf({ underlying, expiration }: ChainData, isOneOfSeveral: boolean): string {
  return isOneOfSeveral ? underlying : expiration;
}

/** The chains that a request means: one, or those of all expirations of its span. What fails has its own findings. */
export async function findChains(asked: ChainRequest, context: ToolContext): Promise<Findings<'chain'>[]> {
  if (!isExpirationSpan(asked.expiration)) return [await findChain(asked, context)];
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
    return await Promise.all(dates.map((expiration) => findChain({ ...asked, expiration }, context)));
  } catch (error) {
    return [noChain(asked, error)];
  }
}

/** What `answerChain` says, with its sources. */
export async function findChain(asked: ChainRequest, context: ToolContext): Promise<Findings<'chain'>> {
  try {
    return await selectFrom(await findWhole(asked, context), asked, context);
  } catch (error) {
    return noChain(asked, error);
  }
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
export async function findWhole(asked: ChainRequest, context: ToolContext): Promise<WholeChain> {
  const { market, clock, request } = context;
  const { symbol } = asked;
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

async function selectFrom(
  { chain, leftOut, spot, source, errors, sources, notes }: WholeChain,
  asked: ChainRequest,
  context: ToolContext,
): Promise<Findings<'chain'>> {
  const now = context.clock.now();
  const data = toChainData(chain, spot, now, asked);
  await letOthersRun(chain.contracts, 'option chain', context);
  if (data.contracts.length === 0) throw noContracts(asked, chain, leftOut);
  let beside: { errors: AnswerError[]; notes: string[] } = { errors: [], notes: [] };
  if (asked.columns !== undefined || asked.choice !== undefined) {
    const { fillColumns } = await import('./contract-columns.ts');
    const whole = toChainData(chain, spot, now, { side: 'both', strikes: 'all' });
    beside = await fillColumns(data, { whole, source }, asked, context);
    if (data.contracts.length === 0)
      throw new NoDataError(`${asked.symbol} ${data.expiration}: no contract matches the condition`);
  }
  return {
    kind: 'chain',
    data,
    errors: [...beside.errors, ...errors],
    sources,
    notes: [...notes, ...beside.notes],
    request: requestOf(asked),
  };
}

/** A quote that ran out of time beside a chain that stands without it. */
function failureBeside(quote: Outcome<Quote> | undefined, spot: ChosenSpot): FinError | undefined {
  if (quote?.ok === false) return quote.error.code === 'timeout' ? quote.error : undefined;
  return spot.isOfQuote ? undefined : quote?.source.endedBy;
}

/** A list longer than any that exists takes its time: a deadline or signal that came meanwhile is heard. */
async function letOthersRun(
  list: readonly unknown[],
  what: string,
  { clock, request: { call } }: ToolContext,
): Promise<void> {
  if (list.length <= LONGEST_REAL_LIST) return;
  await new Promise((resolve) => setImmediate(resolve));
  if (call.signal.aborted) throw toFinError(call.signal.reason);
  if (call.deadlineMs <= clock.machineNow())
    throw new BudgetExceededError('timeout', `${what}: not read within the time given`, {
      hint: 'give more time with --timeout SECONDS',
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
    const note = `the spot is what the chain’s own calls and puts imply (put-call parity)${said}`;
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

function requestOf(asked: ChainRequest): Answer['request'] & object {
  const { side, strikes, around, filters, choice, expiration, summary } = asked;
  const isRange = typeof strikes === 'object';
  const part = (filters ?? choice) !== undefined ? ('choice' as const) : isRange ? ('range' as const) : undefined;
  return { side, strikes: isRange ? 'all' : strikes, ...present({ summary, around, part, phrase: expiration }) };
}

function noContracts(
  { symbol, side, strikes, filters }: ChainRequest,
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
    ...(odd > 0 ? [`${odd}, are of another size`] : []),
    ...(settledCount > 0 ? [`${settledCount}, have settled at the open`] : []),
  ];
  return new NoDataError(
    `${symbol} ${expiration}: no ${what} of 100 shares${why.length > 0 ? `: all that there are, ${why.join('; ')}` : ''}`,
    {
      symbol,
      hint: `fin expirations ${symbol} lists the other dates`,
    },
  );
}

function rangeText(strikes: ChainRequest['strikes']): string {
  return typeof strikes === 'object' ? `${strikes.from} to ${strikes.to}` : String(strikes);
}

type FoundChain = (Outcome<OptionChain> & { ok: true; skipped: string[] }) | (Outcome<OptionChain> & { ok: false });

/** An expiration that is not there does not end the request for the spot, which is on its way and must be counted. */
async function findExpiration(asked: ChainRequest, context: ToolContext): Promise<FoundChain> {
  try {
    return await fetchExpiration(asked, context);
  } catch (error) {
    return { ok: false, error: toFinError(error) };
  }
}

/** A date is asked for directly; where it has no chain, and for a phrase, the list of real dates decides. */
async function fetchExpiration(asked: ChainRequest, { market, clock, request }: ToolContext): Promise<FoundChain> {
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
    skipped.push(`${expiration} has ${what}: the next date is taken`);
    dates = later;
  }
}

function isSearchOver({ expiration }: ChainRequest, skipped: number, empty: number): boolean {
  return empty === MOST_EMPTY || skipped === MOST_SKIPPED || !isNearestPhrase(expiration);
}

/** Of several dates without a chain the first is the one that was meant. */
function orNone(
  outcome: Outcome<OptionChain>,
  { symbol }: ChainRequest,
  { first, last }: { first: IsoDate; last: IsoDate },
  skipped: string[],
): FoundChain {
  if (outcome.ok) return { ...outcome, skipped };
  if (first === last) return outcome;
  const error = new NoDataError(`${symbol}: no option chain on ${first}, the nearest date, nor up to ${last}`, {
    symbol,
    hint: 'dates are listed and no contracts come: ask again later, or another provider with --provider',
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

function noChain({ symbol }: ChainRequest, thrown: unknown): Findings<'chain'> {
  return { kind: 'chain', data: undefined, errors: [toAnswerError(toFinError(thrown), symbol)], sources: [] };
}
