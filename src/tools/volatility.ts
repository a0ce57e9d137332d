// Volatility of a symbol: the 30-day level of its options and where it stands, what its price has realized, skew and term
// structure. Hides which expirations are asked for and how their chains become one level.
import type { Answer, AnswerError, ChainData, TermEntry, VolatilityData, VolatilityWindow } from '../domain/answers.ts';
import { barsAfterLastGap, describeGap } from '../domain/bar-series.ts';
import { previousTradingDay } from '../domain/calendar.ts';
import { expectedMoveOf } from '../domain/chain-analytics.ts';
import { atmIvOf, datesAround, daysLeft, skew25Of } from '../domain/chain-volatility.ts';
import { NoDataError, toFinError } from '../domain/errors.ts';
import { addMonths, daysBetween, exchangeDateOf } from '../domain/exchange-time.ts';
import { isExpirationOver } from '../domain/option-sessions.ts';
import type { Bar, EpochMs, Expiration, IsoDate, TickerSymbol } from '../domain/types.ts';
import {
  type ConstantMaturityIv,
  type IvStanding,
  MIN_READINGS,
  atMaturity,
  constantMaturityIv,
  forwardIv,
  ivStanding,
} from '../domain/volatility-term.ts';
import { lastVolatility, realisedVolatility, yangZhangSeries } from '../domain/volatility.ts';
import { type Inputs, type Need, roundFigure } from '../fields/field.ts';
import type { PastOpenInterest, PastReadings, Source } from '../market/market-data.ts';
import { type Findings, type ToolContext, answerWith, toAnswerError } from './answer.ts';
import { AFTER_GAP } from './indicators.ts';
import { type WholeChain, findWhole } from './whole-chain.ts';

/** Days that the term structure looks at, beside the nearest date and those around 30 days. */
const TERM_DAYS = [60, 90, 180, 365];
const WINDOWS: readonly VolatilityWindow[] = ['10', '20', '30', '60', '252'];
/** Bars that the longest of them needs. */
const LONGEST_WINDOW = 253;
const LONGEST_MONTHS = 13;

/** What `fin vol` prints of one symbol; of `isBrief` only the expirations that the level needs. */
export function answerVolatility(
  symbol: TickerSymbol,
  context: ToolContext,
  { isBrief = false } = {},
): Promise<Answer<'volatility'>> {
  return answerWith(context, async (counted) => {
    const [series, found] = await Promise.all([
      counted.market.dailySeries(symbol, counted.request, {
        from: addMonths(exchangeDateOf(counted.clock.now()), -LONGEST_MONTHS),
      }),
      findTerm(symbol, counted, isBrief ? datesOfLevel : datesOfSheet),
    ]);
    const errors = [...found.errors, ...(series.ok ? [] : [toAnswerError(series.error, symbol)])];
    const sources = [...(series.ok ? [series.source] : []), ...found.sources];
    const { bars, gap } = series.ok ? barsAfterLastGap(series.value.bars.slice(-LONGEST_WINDOW)) : { bars: [] };
    // What lists no options has moved all the same.
    const spot = found.spot ?? bars.at(-1)?.close;
    if (spot === undefined) return { kind: 'volatility', data: undefined, errors, sources };
    const past = await readPast(symbol, found, counted);
    const data = toData({ ...found, spot }, bars, past.standing);
    return {
      kind: 'volatility',
      data: { symbol, ...data },
      errors,
      sources,
      notes: [
        ...found.notes,
        // Side by side the number of days says it.
        ...(isBrief ? [] : past.notes),
        ...(gap === undefined ? [] : [`${symbol}: ${describeGap(gap, AFTER_GAP)}`]),
      ],
    };
  });
}

function toData(
  { spot, level, skew25, points }: FoundTerm & { spot: number },
  bars: readonly Bar[],
  standing: IvStanding | undefined,
): Omit<VolatilityData, 'symbol'> {
  const closes = bars.map(({ close }) => close);
  const hv: VolatilityData['hv'] = {};
  for (const window of WINDOWS) {
    const value = realisedVolatility(closes, Number(window));
    if (value !== undefined) hv[window] = roundFigure(value, 'fraction');
  }
  const hv30 = realisedVolatility(closes, 30);
  return {
    spot,
    ...rounded({ iv30: level?.iv }),
    ...roundedStanding(standing),
    ivDays: standing?.days ?? 0,
    hv,
    ...rounded({
      yangZhang30: lastVolatility(yangZhangSeries, bars, 30),
      ivMinusHv30: level === undefined || hv30 === undefined ? undefined : level.iv - hv30,
      skew25,
    }),
    term: points.map(({ whole: { chain }, dte, stats }) => ({ expiration: chain.expiration, dte, ...stats })),
  };
}

function rounded<Figures extends Record<string, number | undefined>>(
  figures: Figures,
): Partial<Record<keyof Figures, number>> {
  const known = Object.entries(figures).filter((each): each is [string, number] => each[1] !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [name, roundFigure(value, 'fraction')])) as Partial<
    Record<keyof Figures, number>
  >;
}

function roundedStanding(standing: IvStanding | undefined): Pick<VolatilityData, 'ivRank' | 'ivPercentile'> {
  const { rank, percentile } = standing ?? {};
  return {
    ...(rank === undefined ? {} : { ivRank: roundFigure(rank, 'points') }),
    ...(percentile === undefined ? {} : { ivPercentile: roundFigure(percentile, 'points') }),
  };
}

/**
 * What fields of more than one chain or session read of a symbol: those that are needed. `beside` is the chain of a row of
 * contracts, whose open interest is looked up.
 */
export async function findVolatilityInputs(
  symbol: TickerSymbol,
  needs: ReadonlySet<Need>,
  context: ToolContext,
  beside?: { chain: ChainData; source: Source },
): Promise<{ inputs: Pick<Inputs, 'term' | 'past'> } & Pick<FoundTerm, 'errors' | 'sources' | 'notes'>> {
  const found = needs.has('term') ? await findTerm(symbol, context, datesOfLevel) : undefined;
  const { level, skew25, source, errors = [], sources = [], notes = [] } = found ?? {};
  const inputs: Pick<Inputs, 'term' | 'past'> = {
    ...(source === undefined
      ? {}
      : { term: { ...(level === undefined ? {} : { iv30: level.iv }), ...(skew25 === undefined ? {} : { skew25 }) } }),
  };
  const { past } = context.market;
  if (!needs.has('volHistory') || past === undefined) return { inputs, errors, sources, notes };
  const said = [...notes];
  try {
    inputs.past = {};
    if (source !== undefined) inputs.past.iv30 = await past.iv30(symbol, source, exchangeDateOf(source.asOf));
    const open = beside && (await readOpenInterest(beside, past));
    if (open !== undefined) {
      inputs.past.openInterest = open.contracts;
      const before = previousTradingDay(exchangeDateOf(beside?.source.asOf ?? context.clock.now()));
      if (open.session !== before)
        said.push(`${symbol}: changes in open interest are since ${open.session}, the last saved session`);
    }
  } catch (thrown) {
    said.push(`${symbol}: readings of earlier sessions: ${toFinError(thrown).message}`);
  }
  return { inputs, errors, sources, notes: said };
}

/** Counted overnight: what was fetched after its session's day may be of either evening. */
async function readOpenInterest(
  { chain, source }: { chain: ChainData; source: Source },
  past: PastReadings,
): Promise<PastOpenInterest | undefined> {
  const session = exchangeDateOf(source.asOf);
  if (exchangeDateOf(source.fetchedAt) !== session) return undefined;
  return past.openInterest(chain.underlying, chain.expiration, source, session);
}

interface FoundChains extends Pick<Findings<'chain'>, 'errors'> {
  /** Ascending by date. */
  points: { whole: WholeChain; dte: number; days: number; stats: Omit<TermEntry, 'expiration' | 'dte'> }[];
  sources: Source[];
  notes: string[];
}

interface FoundTerm extends FoundChains {
  spot?: number;
  level?: ConstantMaturityIv;
  /** At 30 days. */
  skew25?: number;
  /** Who sent the newest of the chains. */
  source?: Source;
}

/** Which of the dates that have not expired are asked for, ascending; `level` are those around 30 days. */
type Choose = (level: IsoDate[], open: readonly Expiration[], symbol: TickerSymbol, now: EpochMs) => IsoDate[];

const datesOfLevel: Choose = (level) => level;

/** The nearest date, those around 30 days, and monthly ones nearest to two, three, six and twelve months. */
const datesOfSheet: Choose = (level, open, symbol, now) => {
  const monthlies = open.filter(({ kind }) => kind === 'monthly');
  const far = (monthlies.length > 0 ? monthlies : open).map(({ date }) => ({
    date,
    left: daysLeft(symbol, date, now),
  }));
  const nearestTo = (days: number): IsoDate | undefined =>
    far.toSorted((a, b) => Math.abs(a.left - days) - Math.abs(b.left - days))[0]?.date;
  const chosen = [open[0]?.date, ...level, ...TERM_DAYS.map(nearestTo)];
  return [...new Set(chosen.filter((date) => date !== undefined))].toSorted();
};

/** The chains of some dates, each asked for once, and the level that they give. */
async function findTerm(symbol: TickerSymbol, context: ToolContext, choose: Choose): Promise<FoundTerm> {
  const { market, clock, request } = context;
  const listed = await market.expirations(symbol, request);
  if (!listed.ok) return noTerm(toAnswerError(listed.error, symbol));
  const now = clock.now();
  const open = listed.value.filter(({ date }) => !isExpirationOver(date, now, symbol));
  const around = datesAround(
    open.map(({ date }) => date),
    symbol,
    now,
  );
  const dates = choose(around, open, symbol, now);
  if (dates.length === 0)
    return noTerm(toAnswerError(new NoDataError(`${symbol} expirations: all have expired`, { symbol })));
  // Where a limit ends the search the level has been asked for first.
  const found = await findDates(
    symbol,
    dates.toSorted((a, b) => Number(around.includes(b)) - Number(around.includes(a))),
    context,
  );
  const { points } = found;
  const valuesOf = (name: 'atmIv' | 'skew25'): { days: number; value: number }[] =>
    points.flatMap(({ days, stats: { [name]: value } }) => (value === undefined ? [] : [{ days, value }]));
  const level = constantMaturityIv(valuesOf('atmIv').map(({ days, value: iv }) => ({ days, iv })));
  const skew25 = atMaturity(valuesOf('skew25'));
  const [newest] = points.map(({ whole }) => whole).sort((a, b) => b.source.asOf - a.source.asOf);
  return {
    ...found,
    ...(newest === undefined ? {} : { spot: newest.spot, source: newest.source }),
    ...(level === undefined ? {} : { level }),
    ...(skew25 === undefined ? {} : { skew25 }),
    sources: [listed.source, ...found.sources],
    notes: [...found.notes, ...describeNearest(symbol, level)],
  };
}

function noTerm(error: AnswerError): FoundTerm {
  return { points: [], errors: [error], sources: [], notes: [] };
}

/** What the chains of some dates say as a whole; one that fails has its error. */
export async function findDates(
  symbol: TickerSymbol,
  dates: readonly IsoDate[],
  context: ToolContext,
): Promise<FoundChains> {
  const found = await Promise.all(
    dates.map(async (expiration) => {
      try {
        return await findWhole({ symbol, side: 'both', strikes: 'all', expiration }, context);
      } catch (thrown) {
        return { errors: [toAnswerError(toFinError(thrown), symbol)] };
      }
    }),
  );
  const wholes = found.filter((each) => 'chain' in each);
  const points = wholes.map((whole) => pointOf(whole, context.clock.now())).sort((a, b) => a.days - b.days);
  let near: { days: number; iv: number } | undefined;
  for (const { days, stats } of points) {
    const far: typeof near = stats.atmIv === undefined ? undefined : { days, iv: stats.atmIv };
    const forward = near && far && forwardIv(near, far);
    if (forward !== undefined) stats.forwardIv = roundFigure(forward, 'fraction');
    near = far ?? near;
  }
  const errors = new Map(found.flatMap((each) => each.errors).map((error) => [error.message, error]));
  return {
    points,
    errors: [...errors.values()],
    sources: wholes.flatMap(({ sources }) => sources),
    notes: wholes.flatMap(({ chain: { expiration }, notes }) =>
      notes.map((note) => (note.startsWith(symbol) ? note : `${symbol} ${expiration}: ${note}`)),
    ),
  };
}

/** At the moment of the chain's prices. */
function pointOf(whole: WholeChain, now: EpochMs): FoundChains['points'][number] {
  const { source, spot } = whole;
  const chain = { ...whole.chain, spot };
  const expectedMove = expectedMoveOf(chain, spot);
  return {
    whole,
    dte: daysBetween(exchangeDateOf(now), chain.expiration),
    days: daysLeft(chain.underlying, chain.expiration, source.asOf),
    stats: {
      ...rounded({ atmIv: atmIvOf(chain, source.asOf), skew25: skew25Of(chain) }),
      ...(expectedMove === undefined ? {} : { expectedMove }),
    },
  };
}

function describeNearest(symbol: TickerSymbol, level: ConstantMaturityIv | undefined): string[] {
  if (level?.isNearest !== true) return [];
  const days = Math.round(level.fromDays[0] ?? 0);
  const side = days > 30 ? 'less' : 'more';
  return [
    `${symbol}: the 30-day volatility is taken from the nearest expiration, ${days} days away: none is listed at 30 days or ${side}`,
  ];
}

/** Where the level stands among those of earlier sessions; without readings it stands among none. */
async function readPast(
  symbol: TickerSymbol,
  { level, source }: FoundTerm,
  { market: { past } }: ToolContext,
): Promise<{ standing?: IvStanding; notes: string[] }> {
  if (level === undefined || source === undefined || past === undefined) return { notes: [] };
  try {
    const session = exchangeDateOf(source.asOf);
    const standing = ivStanding(level.iv, await past.iv30(symbol, source, session));
    const why =
      standing.days < MIN_READINGS
        ? `IV rank and percentile need ${MIN_READINGS} daily readings of earlier sessions; ${symbol} has ${standing.days}. The reading of ${session} counts from the next session on`
        : undefined;
    return { standing, notes: why === undefined ? [] : [why] };
  } catch (thrown) {
    return {
      notes: [`${symbol}: no rank and percentile: ${toFinError(thrown).message}`],
    };
  }
}
