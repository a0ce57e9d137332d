// Adjusts kept sessions for splits. A provider adjusts what it gives by the splits until then: sessions kept from before a
// split are adjusted here, and so are those whose closes show that the provider had not done it.
import type { IsoDate } from '../domain/types.ts';
import { exchangeDateOf } from '../domain/exchange-time.ts';
import type { BarColumn, LoadedMarket } from '../market/market-data.ts';
import type { MarketSplit } from '../providers/provider.ts';
import type { KeptSession } from './market-file.ts';

/** Below this ratio a move of a day cannot be told from a split that was not adjusted for. */
const PLAIN_RATIO = Math.log(1.5);
/** How near to the ratio of a split a jump between two closes must be, as a part of it. */
const NEAR = 0.25;

/**
 * Changes the columns in place. `until` is the day up to which splits have taken effect: that of the morning after the last
 * session counts before its own bars are there.
 * @returns the splits that something was adjusted for, newest first
 */
export function adjustForSplits(
  { symbols, columns }: Pick<LoadedMarket, 'symbols' | 'columns'>,
  sessions: readonly KeptSession[],
  splits: readonly MarketSplit[],
  until: IsoDate,
): MarketSplit[] {
  const [first, last] = [sessions[0]?.date ?? '', sessions.at(-1)?.date ?? ''];
  const inReach = splits.filter(({ date }) => date > first && (date <= last || date <= until));
  if (inReach.length === 0) return [];
  const index = new Map(symbols.map((symbol, at) => [symbol, at]));
  const keptOn = sessions.map(({ fetchedAt }) => exchangeDateOf(fetchedAt));
  return dropRepeated(inReach).filter((split) => {
    const at = index.get(split.symbol);
    if (at === undefined) return false;
    const later = sessions.findIndex(({ date }) => date >= split.date);
    const end = later < 0 ? sessions.length : later;
    const ratio = split.to / split.from;
    const isMissed = looksUnadjusted(columns.close ?? [], at, end, ratio, keptOn, split.date);
    let changed = false;
    for (let session = 0; session < end; session += 1) {
      if (!isMissed && (keptOn[session] ?? '') >= split.date) continue;
      changed = scale(columns, session, at, ratio) || changed;
    }
    return changed;
  });
}

/** Newest first, so that those before are judged on the basis of those after; a split that is listed twice counts once. */
function dropRepeated(splits: readonly MarketSplit[]): MarketSplit[] {
  const byName = new Map(splits.map((split) => [`${split.symbol} ${split.date}`, split]));
  return [...byName.values()].sort((a, b) => (a.date < b.date ? 1 : -1));
}

/** Fetched on or after the day of the split, and yet its close before it is on another scale than the close after it. */
function looksUnadjusted(
  closes: readonly Float64Array[],
  symbol: number,
  end: number,
  ratio: number,
  keptOn: readonly IsoDate[],
  date: IsoDate,
): boolean {
  let before = end - 1;
  while (before >= 0 && !((closes[before]?.[symbol] ?? NaN) > 0)) before -= 1;
  let after = end;
  while (after < closes.length && !((closes[after]?.[symbol] ?? NaN) > 0)) after += 1;
  if (before < 0 || after >= closes.length || (keptOn[before] ?? '') < date) return false;
  const expected = Math.log(ratio);
  const jump = Math.log((closes[before]?.[symbol] ?? NaN) / (closes[after]?.[symbol] ?? NaN));
  return Math.abs(expected) >= PLAIN_RATIO && Math.abs(jump - expected) < NEAR * Math.abs(expected);
}

/** A price per new share, a volume in new shares. */
function scale(columns: LoadedMarket['columns'], session: number, symbol: number, ratio: number): boolean {
  let changed = false;
  for (const [name, sessions] of Object.entries(columns) as [BarColumn, Float64Array[]][]) {
    const column = sessions[session];
    const value = column?.[symbol];
    if (column === undefined || value === undefined || Number.isNaN(value)) continue;
    column[symbol] = name === 'volume' ? value * ratio : value / ratio;
    changed = true;
  }
  return changed;
}
