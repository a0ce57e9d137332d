// What a question was understood as: one query a part, or why there is none. Shapes only.
import { parseRangePhrase } from '../../domain/date-grammar.ts';
import type { BarInterval, IntradayInterval, Side, TickerSymbol } from '../../domain/types.ts';
import { labelOf } from '../../fields/registry.ts';
import type { Aggregate, Order, Pronoun, StepUnit, Strike } from '../words/tokens.ts';

/** A condition: `left operator right`, or a state that has a word of its own (`oversold`). */
export interface Condition {
  expression: string;
  /** Its left side was not said: of a follow-up it is the figure of the turn before. */
  isOpen?: true;
  /** Its bound was written as an amount of money. */
  isMoney?: true;
  left?: string;
  operator?: string;
  right?: string;
  word?: string;
}

/** What is asked of some sessions of a range. */
export interface Study {
  /** Which sessions. */
  given: Condition[];
  /** What is told is of the session so many after; `isOver`: of all up to it. */
  lag?: number;
  isOver?: true;
  /** What of them is counted. */
  hits: Condition[];
  measures: string[];
  aggregates: Aggregate[];
  per?: 'weekday' | 'month';
  /** Each of them, beside what is told of all. */
  isEach?: true;
  /** How many there are. */
  isCounted?: true;
}

/** What a part of a question says; a slot that is not named is absent. A follow-up changes the slots of the one before. */
export interface Slots {
  /** In the order asked, each once. */
  symbols: TickerSymbol[];
  pronoun?: Pronoun;
  forms: string[];
  /** Fields and expressions of them, as asked. */
  fields: string[];
  aggregate?: Aggregate;
  /** Of a correlation or beta: with what. */
  rival?: TickerSymbol;
  /** What a distance is asked from: a field or a price. */
  base?: string;
  conditions: Condition[];
  isAnyOf?: true;
  /** More of the kind of `base`. */
  alsoBases?: string[];
  /** Shares held, and dollars put in. */
  quantity?: number;
  amount?: number;
  /** What shares are held at is compared with this price, not with that of now. */
  supposed?: number;
  /** A price a share at which contracts were bought or sold. */
  traded?: { price: number; isSold: boolean };
  /** The side of the book that a trade of contracts would meet. */
  book?: 'bid' | 'ask';
  /** A price that is asked about: `if it drops to 665`. */
  isTarget?: true;
  /** Sessions of the range that fulfill the condition are counted. */
  isCount?: true;
  /** Of several symbols those on which each of them does. */
  isJoint?: true;
  /** Sessions up and down are counted, and how much they moved is averaged. */
  isOfKinds?: true;
  /** `how often`: of a year where no period is named. */
  isShare?: true;
  /** Those sessions are listed. */
  isDays?: true;
  /** The first or last of them is asked for. */
  occasion?: 'first' | 'last';
  /** Sessions of a kind and what is told of them. */
  study?: Study;
  /** `side`: of distances those above or below only; `isList`: all in order, `rank them by`. */
  rank?: { order: Order; by?: string; ofPeriods?: true; isList?: true; side?: 'above' | 'below' };
  limit?: number;
  range?: string;
  interval?: BarInterval | IntradayInterval;
  expiration?: string;
  /** `no earnings before the 18th`. */
  isWithout?: true;
  /** What stands before a date of companies: `reports before the 18th`. */
  due?: '<' | '<=' | '>';
  side?: Side | 'both';
  strike: Strike[];
  /** Of strikes that were named with a side of their own. */
  sideOf?: Record<string, Side>;
  /** Every expiration in a row of its own. */
  isEach?: true;
  /** The volatility between two expirations. */
  isForward?: true;
  strikes?: number | 'all' | { from: number; to: number };
  delta?: number | { from: number; to: number };
  money?: 'itm' | 'otm';
  /** `5% otm`: how far from the spot, in percent. */
  away?: number;
  /** By its name among domain/strategies.ts. */
  strategy?: string;
  /** Of each strike in order: so many contracts, sold where negative. */
  signed?: number[];
  /** Of its own, as `fin strategy --leg` takes them. */
  legs?: string[];
  /** Dollars between the legs. */
  width?: number;
  /** A figure that only a strategy has, in the reader's words: that of the question or of the one before. */
  ofStrategy?: string;
  /** Every leg the other way round. */
  isShort?: true;
  /** A search of the whole market, by its name among the presets; `conditions` has none of its own. */
  scan?: string;
  /** A move up or down that was asked for without a figure. */
  move?: 'up' | 'down' | 'any';
  /** `return`, `gain`: of an average the sign counts, of a `swing` or `move` the size. */
  isSigned?: true;
  /** A streak of this direction only. */
  streakOf?: 'up' | 'down';
  /** Sizes are added up, whatever their sign. */
  isAbsolute?: true;
  isComparison?: true;
  isYesNo?: true;
  isWhich?: true;
  /** A figure for each of several periods. */
  isOfEach?: true;
  /** A time is asked for, which only a form or figure of dates tells. */
  asksWhen?: true;
  /** `of that week`, `that day`: of the dates of the turn before; `since`: from its day on. */
  samePeriod?: 'period' | 'same' | 'day' | 'since';
  /** `that high`: the one of the turn before. */
  isThat?: string;
  /** `above it`, `more than that`: compared with the figure of the turn before, by this operator. */
  against?: string;
  /** A day of the past beside a price of now, which the turn before was. */
  isBesideNow?: true;
  /** `the high`: of the year, where the turn before was not about the day's own. */
  isBareExtreme?: true;
  /** `by how much`, `how far`: of what the turn before said. */
  asksSize?: 'size' | 'distance';
  /** `how did it do`, which says no more than that. */
  isDoing?: true;
  /** It begins with `what`: without a symbol anywhere the word itself is asked about. */
  isWhat?: true;
  isDefinition?: true;
  /** The question itself, where the meaning of its words is asked for. */
  topic?: string;
  /** What of dividends, splits and earnings is asked for, and whether it is how a dividend grew. */
  ofEvents?: 'dividends' | 'splits' | 'earnings';
  isRaise?: true;
  /** Headlines from the close of the first day on. */
  isAfterClose?: true;
  /** What of the market's clock is asked for. */
  clock?: 'hours' | 'extended' | 'options' | 'now' | 'open' | 'reopen';
  /** The zone its times are asked for in. */
  zone?: string;
  /** What the tool noted beside its table. */
  notes?: readonly string[];
  /** Of expirations those of so many days from now. */
  within?: number;
  /** `is it open`: the market's state where the conversation is about the market. */
  asksOpenState?: true;
  isHeldOnly?: true;
  mayCall?: true;
  isDataOnly?: true;
  /** `what about`, `no, I meant`, `vs`. */
  follow?: 'same' | 'correct' | 'add';
  /** Symbols of the turn before that are left out. */
  drop?: TickerSymbol[];
  /** A number without a role of its own: `make it 30`, `just the 670`. */
  bare?: { value: number; isPercent: boolean; text: string };
  /** What stands beside the date of this part or of the turn before. */
  step?: { unit: StepUnit; by: 1 | -1 };
  /** The same figure in another unit. */
  unit?: 'percent' | 'dollars';
  /** Conditions go with those of the turn before: `only those with`. */
  isNarrower?: true;
  /** Of words that were taken for others. */
  corrected?: string[];
}

/** What a form says that it takes, in the words of a refusal. */
export const SLOT_NAMES = {
  symbols: ({ symbols }: Slots) => symbols[0],
  fields: ({ fields }: Slots) => (fields[0] === undefined ? undefined : labelOf(fields[0])),
  aggregate: ({ aggregate }: Slots) => aggregate,
  base: ({ base }: Slots) => (base === undefined ? undefined : `a distance from ${labelOf(base)}`),
  quantity: ({ quantity }: Slots) => (quantity === undefined ? undefined : 'a number of shares'),
  amount: ({ amount }: Slots) => (amount === undefined ? undefined : 'an amount of dollars'),
  conditions: ({ conditions }: Slots) => (conditions[0] === undefined ? undefined : 'a condition'),
  isCount: ({ isCount }: Slots) => (isCount === undefined ? undefined : 'a count'),
  isDays: ({ isDays }: Slots) => (isDays === undefined ? undefined : 'a list of days'),
  occasion: ({ occasion }: Slots) => (occasion === undefined ? undefined : `the ${occasion} time`),
  rank: ({ rank }: Slots) => (rank === undefined ? undefined : 'a ranking'),
  limit: ({ limit }: Slots) => (limit === undefined ? undefined : String(limit)),
  range: ({ range }: Slots) => (range === undefined || range === 'today' ? undefined : `"${range}"`),
  interval: ({ interval }: Slots) => (interval === undefined ? undefined : `bars by ${interval}`),
  expiration: ({ expiration }: Slots) => (expiration === undefined ? undefined : `"${expiration}"`),
  side: ({ side }: Slots) => (side === undefined ? undefined : `${side}s`),
  strike: ({ strike }: Slots) => (strike[0] === undefined ? undefined : 'a strike'),
  strikes: ({ strikes }: Slots) => (strikes === undefined ? undefined : 'strikes'),
  delta: ({ delta }: Slots) => (delta === undefined ? undefined : 'a delta'),
  money: ({ money }: Slots) => money,
  move: ({ move }: Slots) => (move === undefined ? undefined : 'a change'),
  strategy: ({ strategy }: Slots) => strategy?.replaceAll('-', ' '),
  width: ({ width }: Slots) => (width === undefined ? undefined : 'a width'),
  scan: ({ scan }: Slots) => (scan === undefined ? undefined : 'a scan'),
} satisfies Readonly<Partial<Record<keyof Slots, (slots: Slots) => string | undefined>>>;

export type SlotName = keyof typeof SLOT_NAMES;

/** One part of a question, decided: its form takes every slot that is filled. */
export interface Query extends Slots {
  form: string;
  /** Expressions of the table, in order. */
  columns: string[];
  /** Of a turn before: what else it asked. */
  beside?: Query[];
}

/** A call of a tool. */
export interface PlannedCall {
  name: string;
  arguments: Record<string, unknown>;
}

export const keyOfCall = ({ name, arguments: asked }: PlannedCall): string => JSON.stringify([name, asked]);

export interface Plan {
  /** `data`: figures only. `analysis`: levels, walls, technical statements, comparisons. */
  kind: 'data' | 'analysis';
  parts: Query[];
  /** What it leans on, where the question before was not understood. */
  taken?: string[];
}

/**
 * Why there is no plan. `unknown`: needs a language model. `unclear`: the asker must say which symbol, company or period
 * is meant.
 */
export interface Refusal {
  refused: 'unknown' | 'unclear';
  message: string;
  hint?: string;
  /** Beside the matter, as advice or news are: what was asked before stays what is talked about. */
  isAside?: true;
  /** A question near it that is understood, with the reader's own symbols. */
  instead?: string;
}

export function isRefusal(result: object): result is Refusal {
  return 'refused' in result;
}

/** Needs a language model, or cannot be known: `what` names it in the reader's words. */
export function notUnderstood(what: string): Refusal {
  return { refused: 'unknown', message: what };
}

/** For the asker to say more exactly. */
export function unclear(message: string, hint?: string): Refusal {
  return { refused: 'unclear', message, ...(hint === undefined ? {} : { hint }) };
}

export function emptySlots(): Slots {
  return { symbols: [], forms: [], fields: [], conditions: [], strike: [] };
}

/** The sessions that a state of the last finished one is read from: finished, they end with it. */
export const LAST_CLOSES = 'last 2 sessions';
/** Of a ranking so many are fetched, and stand in its sentence. */
export const MOST_RANKED = 5;

/** What large companies have in common that daily bars show. */
export const LARGE = 'dollarVolume > 100000000';

/** Figures that the sheet of a strategy has. */
export const OF_STRATEGY: ReadonlySet<string> = new Set([
  'strike',
  'breakEven',
  'delta',
  'gamma',
  'theta',
  'vega',
  'mid',
  'bid',
  'ask',
  'last',
  'probabilityItm',
]);

/** Of these slots all but some. */
export function without<T extends object, K extends keyof T>(from: T, ...keys: readonly K[]): Omit<T, K> {
  return Object.fromEntries(Object.entries(from).filter(([key]) => !keys.includes(key as K))) as Omit<T, K>;
}

/** Whether it says any of these. */
export function names(slots: Partial<Slots>, ...keys: readonly (keyof Slots)[]): boolean {
  return keys.some((key) => {
    const value = slots[key];
    return Array.isArray(value) ? value.length > 0 : value !== undefined;
  });
}

/** Whether it asks for something by itself, beside dates and symbols. */
export function hasContent(slots: Slots): boolean {
  return (
    names(slots, 'forms', 'fields', 'conditions', 'strike', 'side', 'move', 'rank', 'delta', 'strikes', 'base') ||
    names(slots, 'strategy', 'ofStrategy', 'width', 'scan', 'isDays', 'occasion', 'study')
  );
}

export function hasFigureSlots(slots: Slots): boolean {
  // The events tell what so many shares bring.
  const held = slots.forms.includes('events') ? 'amount' : 'quantity';
  return names(slots, 'base', 'move', 'rank', 'isCount', 'aggregate', 'amount', held);
}

export function queryOf(form: string, slots: Slots, columns: readonly string[] = []): Query {
  return { ...slots, form, columns: [...columns] };
}

/** "and the best single day" is ranked by its own figure, whatever was ranked before. */
export function rankOfExtreme(fields: readonly string[]): Slots['rank'] {
  const [, way, figure] = fields.map((name) => /^(highest|lowest)On\((.+)\)$/.exec(name)).find(Boolean) ?? [];
  return way === 'highest' || way === 'lowest' ? { order: way, by: `${way}(${figure ?? ''})` } : undefined;
}

/** Whether an aggregate picks one of the values. */
export const isEnd = (of: Aggregate | undefined): of is Order => of === 'highest' || of === 'lowest';

/** Both sides of each condition. */
export const sidesIn = (conditions: readonly Condition[]): string[] =>
  conditions.flatMap(({ left = '', right = '' }) => [left, right]);

/** An expression without the name that it was given. */
export const bare = (column: string): string => column.replace(/ as \w+$/, '');

/** Every name in an expression. */
export const wordsIn = (expression: string): string[] => expression.match(/[a-z]\w*/gi) ?? [];

/** No option expires later. */
export const MOST_DAYS = 1500;

/** Forms of prices: an expiration is none of theirs. */
export const PRICE_FORMS: ReadonlySet<string> = new Set(['figures', 'bars', 'quote', 'days']);

/** Whether a range is one session, whatever the day. */
export function isOneDay(range: string | undefined): boolean {
  return range !== undefined && parseRangePhrase(range)?.expression.kind === 'day';
}
