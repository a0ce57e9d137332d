// Support and resistance of one symbol, seen from its newest price, with the spot's time and the distance of each level.
// Hides which price is the newest: the running bar, the last close, or a quote of another session.
import type { Answer, DistantLevel, Level, LevelSheet } from '../domain/answers.ts';
import { barsAfterLastGap, describeGap, roundPercent, roundPrice } from '../domain/bar-series.ts';
import { closeOf, runningSession, sessionAt } from '../domain/calendar.ts';
import { formatExchangeIso, formatExchangeMinute } from '../domain/exchange-time.ts';
import { type ComputedLevels, computeLevels } from '../domain/levels.ts';
import type { Bar, EpochMs, Quote, TickerSymbol } from '../domain/types.ts';
import type { DailySeries, Outcome, Source } from '../market/market-data.ts';
import { type Findings, type ToolContext, answerWith, toAnswerError } from './answer.ts';
import { AFTER_GAP, noBars } from './indicators.ts';

/** Its data are a LevelSheet, for a command and for a model. */
export function answerLevels(symbol: TickerSymbol, context: ToolContext): Promise<Answer<'levels'>> {
  return answerWith(context, (counted) => findLevels(symbol, counted));
}

export async function findLevels(
  symbol: TickerSymbol,
  { market, clock, request }: ToolContext,
): Promise<Findings<'levels'>> {
  const askQuote = async (): Promise<Outcome<Quote> | undefined> =>
    (await market.quotes([symbol], request)).get(symbol);
  // In a regular session the running bar is the newest price; at all other times the quote may know a newer one.
  const isTrading = runningSession(clock.now()) !== undefined;
  const [outcome, quoted] = await Promise.all([
    market.dailySeries(symbol, request),
    isTrading ? undefined : askQuote(),
  ]);
  if (!outcome.ok)
    return { kind: 'levels', data: undefined, errors: [toAnswerError(outcome.error, symbol)], sources: [] };
  const { bars, gap } = barsAfterLastGap(outcome.value.bars);
  const last = bars.at(-1);
  if (last === undefined) return { kind: 'levels', data: undefined, errors: [noBars(symbol)], sources: [] };
  const isRunning = outcome.value.running;
  const quote = isTrading && !isRunning ? await askQuote() : quoted;
  const { spot, spotAsOf, ...told } = newestPrice(last, outcome, quote);
  const ended = quote?.ok === false && ['timeout', 'cancelled'].includes(quote.error.code) ? quote.error : undefined;
  return {
    kind: 'levels',
    data: toSheet(symbol, { spot, spotAsOf }, computeLevels(bars, spot, isRunning ? last.date : undefined)),
    errors: ended === undefined ? [] : [toAnswerError(ended, symbol)],
    sources: [outcome.source, ...told.sources],
    notes: [...told.notes, ...(gap === undefined ? [] : [`${symbol}: ${describeGap(gap, AFTER_GAP)}`])],
  };
}

/** The price that levels are seen from, said with its time where it is not of the newest bar's session. */
function newestPrice(
  last: Bar,
  { value: { running }, source }: { value: DailySeries; source: Source },
  quote: Outcome<Quote> | undefined,
): { spot: number; spotAsOf: EpochMs; sources: Source[]; notes: string[] } {
  const close = closeOf(last.date);
  const ofBar = { spot: last.close, spotAsOf: running ? Math.min(source.asOf, close) : close, sources: [], notes: [] };
  if (running || quote === undefined) return ofBar;
  if (!quote.ok)
    return {
      ...ofBar,
      notes: [`the spot is the close of ${last.date}, because there is no newer price: ${quote.error.message}`],
    };
  const { last: price, asOf } = quote.value;
  if (asOf <= close) return ofBar;
  return { spot: roundPrice(price), spotAsOf: asOf, sources: [quote.source], notes: [describeLater(asOf)] };
}

function describeLater(asOf: EpochMs): string {
  const session = { pre: 'before the open', regular: 'in session', post: 'after the close', closed: 'after the close' };
  return `the spot is as of ${formatExchangeMinute(asOf)}, ${session[sessionAt(asOf)]}; the levels are of finished sessions`;
}

function toSheet(
  symbol: TickerSymbol,
  { spot, spotAsOf }: { spot: number; spotAsOf: EpochMs },
  { supports, resistances }: ComputedLevels,
): LevelSheet {
  const withDistance = ({ price, origin }: Level): DistantLevel => ({
    price,
    distancePercent: roundPercent(((price - spot) / spot) * 100),
    origin,
  });
  return {
    symbol,
    spot,
    spotAsOf: formatExchangeIso(spotAsOf),
    supports: supports.map(withDistance),
    resistances: resistances.map(withDistance),
  };
}
