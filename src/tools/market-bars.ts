// The bars of one symbol after the other out of the columns of the whole market. Hides that no bar is made for them: a
// year of ten thousand symbols is 2.6 million bars.
import type { QuoteData } from '../domain/answers.ts';
import { LONGEST_PAUSE_SESSIONS, computeChange } from '../domain/bar-series.ts';
import { closeOf, sessionAt } from '../domain/calendar.ts';
import { formatExchangeIso } from '../domain/exchange-time.ts';
import type { Bar, EpochMs, IsoDate, TickerSymbol } from '../domain/types.ts';
import type { Inputs } from '../fields/field.ts';
import type { BarColumn, LoadedMarket } from '../market/market-data.ts';
import { averageVolumeOf, yearRangeOf } from '../market/session-quotes.ts';

export interface MarketBars {
  /** Index of a symbol that has a bar in the newest session; undefined for any other. */
  find(symbol: TickerSymbol): number | undefined;
  /** Every symbol that has a bar in the newest session. */
  indexes(): number[];
  /** Since its last gap, ascending, the newest `most`. They are this symbol's until the next one is asked for. */
  of(index: number, most?: number): readonly Bar[];
  /** What is known of a symbol with these bars of it. */
  inputsOf(index: number, bars: readonly Bar[], now: EpochMs): Inputs;
}

export function createMarketBars({ symbols, dates, columns }: LoadedMarket): MarketBars {
  const cursor = { index: 0 };
  const views = dates.map((date, session) => new SessionBar(date, session, columns, cursor));
  const closes = columns.close ?? [];
  const newest = closes.at(-1);
  const isThere = (index: number): boolean => (newest?.[index] ?? NaN) > 0 && symbols[index] !== undefined;
  let bySymbol: Map<TickerSymbol, number> | undefined;

  return {
    find(symbol) {
      bySymbol ??= new Map(symbols.map((each, index) => [each, index]));
      const index = bySymbol.get(symbol);
      return index !== undefined && isThere(index) ? index : undefined;
    },
    indexes: () => Array.from({ length: newest?.length ?? 0 }, (_, index) => index).filter(isThere),
    of(index, most = Infinity) {
      cursor.index = index;
      const bars: Bar[] = [];
      let pause = 0;
      for (let session = views.length - 1; session >= 0 && bars.length < most; session -= 1) {
        const view = views[session];
        if (view === undefined || !((closes[session]?.[index] ?? NaN) > 0)) {
          pause += 1;
          if (pause > LONGEST_PAUSE_SESSIONS) break;
          continue;
        }
        pause = 0;
        bars.push(view);
      }
      return bars.reverse();
    },
    inputsOf(index, bars, now) {
      const inputs = inputsOfBars(symbols[index] ?? '', bars, now);
      const heldSessions = heldSessionsOf(bars, dates);
      return heldSessions === undefined ? inputs : { ...inputs, heldSessions };
    },
  };
}

/** How many are held where the symbol was there before them; undefined where its bars begin within them. */
export function heldSessionsOf(bars: readonly Bar[], dates: readonly IsoDate[]): number | undefined {
  return (bars[0]?.date ?? '') <= (dates[LONGEST_PAUSE_SESSIONS] ?? '~') ? dates.length : undefined;
}

/** One session's bar of the symbol that the cursor is at. */
class SessionBar implements Bar {
  readonly date: IsoDate;
  readonly #session: number;
  readonly #columns: LoadedMarket['columns'];
  readonly #cursor: { index: number };

  constructor(date: IsoDate, session: number, columns: LoadedMarket['columns'], cursor: { index: number }) {
    this.date = date;
    this.#session = session;
    this.#columns = columns;
    this.#cursor = cursor;
  }

  #at(name: BarColumn): number {
    return this.#columns[name]?.[this.#session]?.[this.#cursor.index] ?? NaN;
  }

  get open(): number {
    return this.#at('open');
  }
  get high(): number {
    return this.#at('high');
  }
  get low(): number {
    return this.#at('low');
  }
  get close(): number {
    return this.#at('close');
  }
  get volume(): number {
    return this.#at('volume');
  }
}

/** What is known of a symbol with these bars: the last session's as a quote, figured out only as far as it is asked for. */
export function inputsOfBars(symbol: TickerSymbol, bars: readonly Bar[], now: EpochMs): Inputs {
  return { symbol, now, bars, quote: new BarQuote(symbol, bars, now) as unknown as QuoteData };
}

class BarQuote {
  readonly symbol: TickerSymbol;
  readonly #bars: readonly Bar[];
  readonly #now: EpochMs;

  constructor(symbol: TickerSymbol, bars: readonly Bar[], now: EpochMs) {
    this.symbol = symbol;
    this.#bars = bars;
    this.#now = now;
  }

  get last(): number {
    return this.#bars.at(-1)?.close ?? NaN;
  }
  get open(): number | undefined {
    return this.#bars.at(-1)?.open;
  }
  get high(): number | undefined {
    return this.#bars.at(-1)?.high;
  }
  get low(): number | undefined {
    return this.#bars.at(-1)?.low;
  }
  get volume(): number | undefined {
    return this.#bars.at(-1)?.volume;
  }
  get previousClose(): number | undefined {
    return this.#bars.at(-2)?.close;
  }
  get change(): number | undefined {
    return this.#move?.change;
  }
  get changePercent(): number | undefined {
    return this.#move?.changePercent;
  }
  get averageVolume(): number | undefined {
    return averageVolumeOf(this.#bars);
  }
  get week52High(): number | undefined {
    return yearRangeOf(this.#bars)?.high;
  }
  get week52Low(): number | undefined {
    return yearRangeOf(this.#bars)?.low;
  }
  get asOf(): string {
    return formatExchangeIso(closeOf(this.#bars.at(-1)?.date ?? ''));
  }
  get session(): QuoteData['session'] {
    return sessionAt(this.#now);
  }

  get #move(): { change: number; changePercent: number } | undefined {
    const before = this.previousClose;
    return before === undefined ? undefined : computeChange(this.last, before);
  }
}
