// How the figures of a conversation are kept: by absolute value, found again within a range, the bars of histories by day, and
// which quotes are old. What came since is merged into the order when it is searched.
import { isOfKind } from '../../domain/answer-kinds.ts';
import type { Answer, AnswerKind, BarData } from '../../domain/answers.ts';
import type { IsoDate, TickerSymbol } from '../../domain/types.ts';

interface Sized {
  value: number;
}

/** What of a fact says where it belongs. */
interface Placed {
  kind: AnswerKind;
  field: string;
  symbol?: TickerSymbol;
  date?: IsoDate;
  from?: IsoDate;
  expiration?: IsoDate;
  superseded?: boolean;
}

export function createSizeOrder<S extends Sized>() {
  let sorted: S[] = [];
  let unsorted: S[] = [];
  return {
    add: (facts: readonly S[]) => unsorted.push(...facts),
    within(low: number, high: number) {
      if (unsorted.length > 0) {
        unsorted.sort((a, b) => Math.abs(a.value) - Math.abs(b.value));
        sorted = mergeBySize(sorted, unsorted);
        unsorted = [];
      }
      const first = lowerBound(sorted, low);
      let end = first;
      while (end < sorted.length && Math.abs(sorted[end]?.value ?? 0) <= high) end += 1;
      return sorted.slice(first, end);
    },
  };
}

/** Two sorted lists as one; of equal sizes those that came first stay first. */
function mergeBySize<S extends Sized>(first: readonly S[], second: readonly S[]): S[] {
  const merged: S[] = [];
  let at = 0;
  for (const fact of second) {
    for (let next = first[at]; next !== undefined && Math.abs(next.value) <= Math.abs(fact.value); next = first[at]) {
      merged.push(next);
      at += 1;
    }
    merged.push(fact);
  }
  return merged.concat(first.slice(at));
}

function lowerBound(sorted: readonly Sized[], low: number): number {
  let start = 0;
  let end = sorted.length;
  while (start < end) {
    const middle = (start + end) >>> 1;
    if (Math.abs(sorted[middle]?.value ?? 0) < low) start = middle + 1;
    else end = middle;
  }
  return start;
}

/** A later quote of the same symbol makes the figures of the earlier ones old. */
export function createRenewal(): (fresh: readonly Placed[]) => void {
  const quoted = new Map<TickerSymbol, Placed[]>();
  return (fresh) => {
    const quotes = fresh.filter(
      ({ kind, field, expiration }) => expiration === undefined && (kind === 'quote' || field === 'last'),
    );
    for (const [symbol, own] of Map.groupBy(quotes, (fact) => fact.symbol)) {
      if (symbol === undefined) continue;
      for (const old of quoted.get(symbol) ?? []) old.superseded = true;
      quoted.set(symbol, own);
    }
  };
}

/** Days of the histories held, and the bars of those by day. */
export function createBars() {
  const none: ReadonlySet<IsoDate> = new Set();
  const dates = new Map<TickerSymbol, Set<IsoDate>>();
  const daily = new Map<TickerSymbol, Map<IsoDate, BarData>>();
  return {
    add(answer: Answer, facts: readonly Placed[]) {
      for (const { kind, symbol, date, from } of facts)
        if (kind === 'history' && symbol !== undefined && date !== undefined && from === undefined)
          dates.set(symbol, (dates.get(symbol) ?? new Set()).add(date));
      if (!isOfKind(answer, 'history') || answer.data?.interval !== 'day') return;
      const { symbol, bars } = answer.data;
      daily.set(symbol, new Map([...(daily.get(symbol) ?? []), ...bars.map((bar) => [bar.date, bar] as const)]));
    },
    daily: (symbol: TickerSymbol) =>
      [...(daily.get(symbol)?.values() ?? [])].sort((a, b) => (a.date < b.date ? -1 : 1)),
    dates: (symbol: TickerSymbol) => dates.get(symbol) ?? none,
    lastBefore(limit: IsoDate) {
      let latest: IsoDate | undefined;
      for (const held of dates.values())
        for (const date of held) if (date < limit && (latest === undefined || date > latest)) latest = date;
      return latest;
    },
  };
}
