// What a figure is: one entry with its name, words, unit, needs, maths and how it is shown. Entries stand in the files
// beside this one, by what they are computed from; registry.ts finds them.
import type { ChainData, ContractData, EventsData, QuoteData } from '../domain/answers.ts';
import type { Bars } from '../domain/bar-columns.ts';
import { roundPercent, roundPrice } from '../domain/bar-series.ts';
import type { PositionInputs } from '../domain/position-figures.ts';
import type { Bar, EpochMs, IntradayBar, IsoDate, OptionSymbol } from '../domain/types.ts';

/**
 * What must be fetched for a field; `term` are the chains around 30 days, `volHistory` what was kept of earlier sessions,
 * `minutes` bars of several sessions, `position` what is held.
 */
export type Need =
  'quote' | 'series' | 'chain' | 'term' | 'volHistory' | 'events' | 'intraday' | 'minutes' | 'position';

/** What a field can be said of. */
export type Subject = 'symbol' | 'expiration' | 'contract' | 'position';

/**
 * `usd` a price or amount in dollars; `percent` 1.5 = 1.5 %; `fraction` 0.25 = 25 %, as volatilities are; `points` an
 * oscillator's scale; `text` a few words; `number` what an expression makes of several units.
 */
export type Unit =
  | 'usd'
  | 'percent'
  | 'fraction'
  | 'shares'
  | 'contracts'
  | 'count'
  | 'points'
  | 'ratio'
  | 'days'
  | 'date'
  | 'text'
  | 'condition'
  | 'number';

export type Value = number | string | boolean;

/** Why a value is not there. */
export class Missing {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** What a row has of a symbol or contract; a part that could not be had is absent, `why` says the cause. */
export interface Inputs {
  symbol: string;
  /** Of a contract's row: what its quote and bars are of. */
  underlying?: string;
  now: EpochMs;
  quote?: QuoteData;
  /** Daily bars, ascending, the running session's last where its data exist. */
  bars?: Bars;
  /** With those after them, where a row is as of an earlier session. */
  whole?: Bars;
  /** Where bars begin in the middle of a symbol's past: how many sessions are held. Absent: they are all there is to know. */
  heldSessions?: number;
  /** Bars of the range that was asked for, and the one before it. */
  period?: { bars: readonly Bar[]; before?: Bar };
  /** The whole expiration. */
  chain?: ChainData;
  contract?: ContractData;
  /** Volatility and skew at 30 days. */
  term?: { iv30?: number; skew25?: number };
  /** 30-day volatilities of earlier sessions, and the open contracts of the last session before. */
  past?: { iv30?: readonly number[]; openInterest?: ReadonlyMap<OptionSymbol, number> };
  /** What is held of just this, lot by lot; none where nothing is. */
  position?: readonly PositionInputs[];
  /** Volume-weighted price of the newest session. */
  vwap?: number;
  /** Bars of five minutes of the regular hours of some sessions. */
  minutes?: readonly IntradayBar[];
  events?: EventsData;
  why?: Partial<Record<Need, string>>;
}

/** The part of an entry that people read. */
export interface Said {
  name: string;
  label: string;
  /** At the head of a narrow column, where the label is long. */
  head?: string;
  unit: Unit;
  /** A move: shown with its sign and colored. */
  signed?: true;
  /** Where its unit alone does not say how many; `needed`: as many as it has, as strikes are written. */
  decimals?: number | 'needed';
  /** What people call it, in lower case; the first is the plainest. */
  words: readonly string[];
  /** What it is, in a sentence without its end. `{n}` is the window. */
  meaning: string;
}

/** How an entry is computed. Its file's own builder fills in `of` and `needs`. */
export interface Entry extends Said {
  of: Subject;
  needs: readonly Need[];
  /** Its name ends with a number of sessions, `sma50`: those that people ask for, the most common first. */
  windows?: readonly number[];
  /** Of inputs that have what it needs; undefined where those lack it. */
  read(inputs: Inputs, window: number): number | IsoDate | undefined;
  /** The same of every session, ending with the newest; too few bars give []. `inputs`: of an entry that needs more than bars. */
  series?(bars: Bars, window: number, inputs?: Inputs): readonly number[];
  /** Of what remembers every bar before: from how many sessions on it hardly depends on where they begin. */
  settled?(window: number): number;
  /** The same over the bars of a range, where one is asked for. */
  period?(bars: readonly Bar[], before: Bar | undefined): number | IsoDate | undefined;
  /** Shown by `ta` under every window that is offered; in the JSON flat under its name, or in a group. */
  inTa?: true | TaGroup;
}

/** `sma: {"50": …}`, `macd: {signal: …}`: in a group a figure stands under `as`, or under its window. */
export interface TaGroup {
  group: 'macd' | 'sma' | 'ema';
  as?: string;
}

/** An entry under one name: a family's with its window. */
export interface Field {
  name: string;
  label: string;
  head: string;
  unit: Unit;
  signed: boolean;
  decimals?: number | 'needed';
  of: Subject;
  needs: readonly Need[];
  words: readonly string[];
  meaning: string;
  /** 0 where the name has none. */
  window: number;
  entry: Entry;
}

/** As in JSON: no float noise, and no zero made of what is none. */
export function roundFigure(value: number, unit: Unit): number {
  if (unit === 'usd') return roundPrice(value);
  return unit === 'percent' || unit === 'points' ? roundPercent(value) : Number(value.toPrecision(10));
}

/** Labels that are understood at the head of a column only. */
const SHORT_LABEL = /^(?:Prev|Avg|Rel|Exp|Opt|OI|BB|From|MACD hist|Skew|Naive|P\/C|Vol\/OI|P\(ITM\)|\$)/;
const CAPITALS = { iv: 'IV', itm: 'ITM', macd: 'MACD', bollinger: 'Bollinger' } as const;

/** `expected move`, `RSI`, `change`: the unit stands at the figure itself. */
export function nameInSentence({ label, words: [plain = label] }: Pick<Said, 'label' | 'words'>): string {
  if (SHORT_LABEL.test(label))
    return plain
      .replace(/ percent$/, '')
      .replace(/\b(?:iv|itm|macd|bollinger)\b/g, (word) => CAPITALS[word as keyof typeof CAPITALS]);
  return withoutCapital(label.replace(/ %(?= \d|$)/, ''));
}

/** What the head of a column has room for. */
export const LONGEST_LABEL = 36;

/** At the start of a head or a sentence. */
export const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Behind other words: `change %`; `SMA 50` and who found a figure stay as they are. */
export function withoutCapital(label: string): string {
  const isWord = /^[A-Z][a-z]/.test(label) && !/^Yang|^Stoch/.test(label);
  return isWord ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}
