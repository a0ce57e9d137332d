// A question about figures as a typed query over the fields: of which symbols, which figures or distances, over which
// dates, under which condition, in which order. Hides how such a question is worded; the words come from the registry.
import { matchRangePhrase } from '../../domain/date-grammar.ts';
import { matchExpirationPhrase } from '../../domain/expirations.ts';
import type { TickerSymbol } from '../../domain/types.ts';
import { MAX_WINDOW, MIN_WINDOW } from '../../domain/windows.ts';
import { ENTRIES, findField } from '../../fields/registry.ts';
import { lexQuestion, type Word } from './lexer.ts';
import type { Names } from './names.ts';

/** A condition as it was asked, for the sentence, and as the table evaluates it. */
export interface QueryCondition {
  expression: string;
  /** `above its SMA 50`, `SMA 50 above SMA 200`. */
  said: string;
  /** It is said of the symbol: `NVDA is above its SMA 50`. */
  isOfSymbol: boolean;
}

export interface FieldQuery {
  symbols: TickerSymbol[];
  /** Expressions of fields, in the order asked. */
  columns: string[];
  /** A distance that was asked for: of `last` from this field. */
  base?: string;
  conditions: QueryCondition[];
  /** One of the conditions is enough: `overbought or oversold`. */
  isAnyOf?: true;
  /** Largest or smallest first, by the first column. */
  order?: 'highest' | 'lowest';
  range?: string;
  expiration?: string;
}

export interface FieldQueryReader {
  /** Undefined where a word is not understood, or nothing in it names a figure. */
  read(question: string, last: FieldQuery | undefined): FieldQuery | undefined;
}

/** Words that change nothing about which figure is asked for. */
const FILLERS = new Set(
  (
    'what whats is are was were the a an of for in on to its it their his her this that at by with and or vs versus me my ' +
    'show tell give get find list can could you please pls how much many far do does did has have had been be being right now ' +
    'currently current today stock stocks shares share ticker symbol figure value level number reading price? ' +
    'which who where s about compared against between among still so just there any over than hey hi'
  ).split(' '),
);

const BASES = new Set(['from', 'off', 'below', 'above', 'under', 'over', 'to', 'near', 'than', 'beneath']);
/** A distance is asked for by itself, or by a side where the question is how much. */
const DISTANCE = /^(?:far|away|distance|off)$/;
const SIDE = /^(?:down|up|below|above|under|beneath)$/;
const ABOVE = /^(?:above|over|exceeds?|exceeding|higher|greater|more)$/;
const BELOW = /^(?:below|under|beneath|lower|less|fewer)$/;
const HIGHEST = /^(?:highest|max|maximum|top|biggest|largest|greatest|most|peak|best)$/;
const LOWEST = /^(?:lowest|min|minimum|smallest|least|bottom|worst)$/;
const AVERAGE = /^(?:average|avg|mean|typical)$/;

/** Conditions that traders say in a word. */
const STATES: Readonly<Record<string, { field: string; expression: string; said: string }>> = {
  oversold: { field: 'rsi14', expression: 'rsi14 < 30', said: 'oversold (RSI 14 under 30)' },
  overbought: { field: 'rsi14', expression: 'rsi14 > 70', said: 'overbought (RSI 14 over 70)' },
};

/** Things with a price of their own, which their symbols are not. */
const GOODS = new Set(['gold', 'silver', 'oil', 'gas', 'cash', 'house', 'home', 'market', 'all', 'long', 'short']);

/** What a figure over a range is called, by what is made of which field. */
const OVER_RANGE: Readonly<Record<string, string>> = {
  'highest close': 'highestClose',
  'lowest close': 'lowestClose',
  'average close': 'averageClose',
  'average last': 'averageClose',
  'highest last': 'high',
  'lowest last': 'low',
  'highest high': 'high',
  'lowest low': 'low',
  'average volume': 'averageDailyVolume',
  'average averageVolume': 'averageDailyVolume',
  'highest volume': 'highestVolume',
  'lowest volume': 'lowestVolume',
};

/** A symbol's row has no contract: what traders call its IV is that of the money. */
const OF_SYMBOL: Readonly<Record<string, string>> = { iv: 'atmIv', openInterest: 'optionOpenInterest' };

interface Phrase {
  name: string;
  windowed: boolean;
  length: number;
  window?: number;
}

export function createFieldQueryReader(names: Names): FieldQueryReader {
  const phrases = createPhrases();
  return {
    read(question, last) {
      const words = lexQuestion(question).filter((word) => !word.isMark);
      const reading = new Reading(words, names, phrases);
      return reading.query(last);
    },
  };
}

/** Every phrase of the registry, as the lexer gives it, to the entry that it names. */
function createPhrases(): ReadonlyMap<string, { name: string; windowed: boolean }> {
  const found = new Map<string, { name: string; windowed: boolean }>();
  for (const { name, words, windows } of ENTRIES) {
    const meant = { name: OF_SYMBOL[name] ?? name, windowed: windows !== undefined };
    // What only a contract has, a question about a symbol cannot mean.
    if (findField(windows === undefined ? meant.name : `${name}${windows[0] ?? ''}`) === undefined) continue;
    for (const phrase of [name.toLowerCase(), ...words]) {
      const text = lexQuestion(phrase)
        .map((word) => word.text)
        .join(' ');
      // The first entry of a phrase has it: what is said of a symbol comes before what is said of a contract.
      if (!found.has(text)) found.set(text, meant);
    }
  }
  return found;
}

const MOST_WORDS = 7;

class Reading {
  readonly #words: readonly Word[];
  readonly #texts: readonly string[];
  readonly #names: Names;
  readonly #phrases: ReadonlyMap<string, { name: string; windowed: boolean }>;
  readonly #query: FieldQuery = { symbols: [], columns: [], conditions: [] };
  /** What was said before a field that gives it its role. */
  #relation: 'above' | 'below' | undefined;
  #aggregate: 'highest' | 'lowest' | 'average' | undefined;
  #isDistance = false;
  #isYesNo = false;
  #asksHowMuch = false;

  constructor(words: readonly Word[], names: Names, phrases: ReadonlyMap<string, { name: string; windowed: boolean }>) {
    this.#words = words;
    this.#texts = words.map((word) => word.text);
    this.#names = names;
    this.#phrases = phrases;
    this.#asksHowMuch = /\b(?:how (?:far|much|many)|down from|up from|off)\b/.test(this.#texts.join(' '));
    this.#isYesNo = /^(?:is|are|has|have|does|do|did|was|were)$/.test(this.#texts[0] ?? '');
  }

  query(last: FieldQuery | undefined): FieldQuery | undefined {
    for (let at = 0; at < this.#words.length;) {
      const length = this.#take(at);
      if (length === 0) return undefined;
      at += length;
    }
    return this.#settle(last);
  }

  /** How many words were understood at a place; 0: none. */
  #take(at: number): number {
    const text = this.#texts[at] ?? '';
    const field = this.#fieldAt(at);
    const symbol = this.#symbolAt(at);
    if (symbol !== undefined && (symbol.length >= (field?.length ?? 0) || this.#words[at]?.isExplicitSymbol === true)) {
      if (!this.#query.symbols.includes(symbol.symbol)) this.#query.symbols.push(symbol.symbol);
      return symbol.length;
    }
    const state = Object.hasOwn(STATES, text) ? STATES[text] : undefined;
    if (state !== undefined) {
      this.#addColumn(state.field);
      this.#query.conditions.push({ expression: state.expression, said: state.said, isOfSymbol: true });
      return 1;
    }
    const dates = this.#datesAt(at, field);
    if (dates > 0) return dates;
    if (field !== undefined) return this.#takeField(field);
    return this.#takeWord(text);
  }

  #takeWord(text: string): number {
    if (ABOVE.test(text)) this.#relation = 'above';
    if (BELOW.test(text)) this.#relation = 'below';
    if (HIGHEST.test(text)) this.#aggregate = 'highest';
    if (LOWEST.test(text)) this.#aggregate = 'lowest';
    if (AVERAGE.test(text)) this.#aggregate = 'average';
    if (DISTANCE.test(text) || (SIDE.test(text) && this.#asksHowMuch)) this.#isDistance ||= !this.#isYesNo;
    const isKnown =
      FILLERS.has(text) ||
      BASES.has(text) ||
      DISTANCE.test(text) ||
      SIDE.test(text) ||
      [ABOVE, BELOW, HIGHEST, LOWEST, AVERAGE].some((words) => words.test(text));
    return isKnown ? 1 : 0;
  }

  #takeField({ name, windowed, window, length }: Phrase): number {
    const field = windowed ? `${name}${window ?? defaultWindow(name)}` : name;
    if (this.#aggregate !== undefined && Object.hasOwn(OVER_RANGE, `${this.#aggregate} ${name}`)) {
      this.#addColumn(OVER_RANGE[`${this.#aggregate} ${name}`] ?? field);
      this.#aggregate = undefined;
    } else if (this.#isDistance && this.#query.base === undefined && field !== 'last') this.#query.base = field;
    else if (this.#relation !== undefined && field !== 'last') this.#compare(field);
    else this.#addColumn(field);
    return length;
  }

  /** `above its 50 and 200 day`: the price where no figure was named before it. */
  #compare(field: string): void {
    const subject = this.#query.columns[0] ?? 'last';
    const sign = this.#relation === 'above' ? '>' : '<';
    this.#addColumn(subject);
    this.#addColumn(field);
    const label = findField(field)?.label ?? field;
    this.#query.conditions.push({
      expression: `${subject} ${sign} ${field}`,
      said:
        subject === 'last'
          ? `${this.#relation ?? ''} its ${label}`
          : `${findField(subject)?.label ?? subject} ${this.#relation ?? ''} ${label}`,
      isOfSymbol: subject === 'last',
    });
  }

  #addColumn(column: string): void {
    if (!this.#query.columns.includes(column)) this.#query.columns.push(column);
  }

  /** The longest phrase of a field at a place, with the window before or behind it. */
  #fieldAt(at: number): Phrase | undefined {
    const leading = readWindow(this.#texts[at]);
    const skipped =
      leading === undefined ? 0 : /^(?:day|days|d|session|sessions|period)$/.test(this.#texts[at + 1] ?? '') ? 2 : 1;
    const behind = leading === undefined ? undefined : this.#phraseAt(at + skipped);
    if (behind?.windowed === true && leading !== undefined)
      return { ...behind, window: leading, length: behind.length + skipped };
    // "50 and 200 day", "its 200 day": an average, where something stands above or below it.
    if (leading !== undefined && this.#relation !== undefined && behind === undefined) {
      const isDay = skipped === 2 || /^(?:and|or)$/.test(this.#texts[at + 1] ?? '');
      if (isDay) return { name: 'sma', windowed: true, window: leading, length: skipped };
    }
    const phrase = this.#phraseAt(at);
    if (phrase === undefined) return joinedWindow(this.#texts[at]);
    const window = phrase.windowed ? readWindow(this.#texts[at + phrase.length]) : undefined;
    return window === undefined ? phrase : { ...phrase, window, length: phrase.length + 1 };
  }

  #phraseAt(at: number): Phrase | undefined {
    for (let length = Math.min(MOST_WORDS, this.#words.length - at); length > 0; length -= 1) {
      const meant = this.#phrases.get(this.#texts.slice(at, at + length).join(' '));
      if (meant !== undefined) return { ...meant, length };
    }
    return undefined;
  }

  #symbolAt(at: number): { symbol: TickerSymbol; length: number } | undefined {
    const word = this.#words[at];
    if (word === undefined) return undefined;
    if (word.isExplicitSymbol) return { symbol: word.raw.replace('$', '').toUpperCase(), length: 1 };
    const named = this.#names.matchName(this.#words, at);
    if (named?.kind === 'company') return { symbol: named.company.symbol, length: named.length };
    if (named?.kind === 'ambiguous') return undefined;
    const listed = this.#names.listed(word.text.toUpperCase());
    const isPlain = !this.#names.isEnglishWord(word.text) && !this.#phrases.has(word.text);
    if (listed === undefined) return undefined;
    return isPlain || word.isUpperCase || this.#standsAlone(word) ? { symbol: listed.symbol, length: 1 } : undefined;
  }

  /** `hood price`: a symbol that is a word too, where the question has no other and the word no other sense. */
  #standsAlone(word: Word): boolean {
    const hasSense =
      FILLERS.has(word.text) || GOODS.has(word.text) || this.#phrases.has(word.text) || BASES.has(word.text);
    const isMeasure = [ABOVE, BELOW, HIGHEST, LOWEST, AVERAGE, DISTANCE, SIDE].some((words) => words.test(word.text));
    return (
      !hasSense && !isMeasure && this.#words.length <= 4 && this.#query.symbols.length === 0 && word.text.length > 2
    );
  }

  #datesAt(at: number, field: Phrase | undefined): number {
    const range = matchRangePhrase(this.#texts, at);
    const expiration = matchExpirationPhrase(this.#texts, at);
    const length = Math.max(range?.length ?? 0, expiration?.length ?? 0);
    if (length === 0 || length <= (field?.length ?? 0) || this.#texts[at] === 'now' || this.#texts[at] === 'today')
      return 0;
    if (range?.length === length) this.#query.range = range.phrase;
    if (expiration?.length === length) this.#query.expiration = expiration.phrase;
    return length;
  }

  /** What was read as one query, or why there is none. */
  #settle(last: FieldQuery | undefined): FieldQuery | undefined {
    const query = this.#query;
    if (query.symbols.length === 0) return undefined;
    if (query.columns.length === 0 && query.base === undefined) {
      // "amd?": the same of another symbol.
      const isOnlySymbols = last !== undefined && query.conditions.length === 0 && query.range === undefined;
      return isOnlySymbols ? { ...last, symbols: query.symbols } : undefined;
    }
    if (query.conditions.length > 1 && this.#texts.includes('or')) query.isAnyOf = true;
    if (query.base !== undefined) query.columns = ['last', query.base, `pct(last, ${query.base}) as distance`];
    if (this.#aggregate === 'highest' || this.#aggregate === 'lowest') query.order = this.#aggregate;
    if (this.#aggregate === 'average') return undefined;
    return this.#settleDates(query);
  }

  /** Figures of options take an expiration, all others dates of the past. */
  #settleDates(query: FieldQuery): FieldQuery | undefined {
    const isOption = query.columns.some((column) => findField(column)?.of === 'expiration');
    if (isOption) {
      if (query.range !== undefined && query.expiration === undefined) return undefined;
      delete query.range;
    } else delete query.expiration;
    if (query.range !== undefined)
      query.columns = query.columns.map((column) => (column === 'averageVolume' ? 'averageDailyVolume' : column));
    if (query.range === undefined) return query.columns.some(isOfRange) ? undefined : query;
    return query.columns.every((column) => findField(column)?.entry.period !== undefined) ? query : undefined;
  }
}

function isOfRange(column: string): boolean {
  const entry = findField(column)?.entry;
  return entry?.period !== undefined && entry.series === undefined && entry.needs[0] === 'series';
}

function readWindow(text = ''): number | undefined {
  const digits = /^(\d{1,3})(?:d|day)?$/.exec(text)?.[1];
  const window = Number(digits ?? NaN);
  return window >= MIN_WINDOW && window <= MAX_WINDOW ? window : undefined;
}

/** `sma50`, `rsi14` in one word. */
function joinedWindow(text = ''): Phrase | undefined {
  const field = findField(text) ?? findField(text.toLowerCase());
  return field === undefined || field.window === 0
    ? undefined
    : { name: field.entry.name, windowed: true, window: field.window, length: 1 };
}

function defaultWindow(name: string): number {
  return ENTRIES.find((entry) => entry.name === name)?.windows?.[0] ?? MIN_WINDOW;
}
