// Reads the words of a question from left to right into slots: symbols, topics, dates, sides. Each word must belong to
// something known; what does not is kept as unknown, and what is almost known as a question back.
import { type PhraseMatch, matchMonthDay, matchRangePhrase } from '../../domain/date-grammar.ts';
import { matchExpirationPhrase } from '../../domain/expirations.ts';
import type { BarInterval, Side, TickerSymbol } from '../../domain/types.ts';
import type { FieldQuery } from './field-query.ts';
import { lexQuestion, type Word } from './lexer.ts';
import { type Company, editDistance, type Names } from './names.ts';
import { matchStrike, type Strike } from './strike.ts';
import type { ContractField, Extreme, Field, Indicator, Meaning, Pronoun, Topic, Vocabulary } from './vocabulary.ts';

/** A date phrase in the readings that it has: bars of the past, an expiration to come, or either. */
export interface DatePhrase {
  range?: string;
  expiration?: string;
}

export interface Slots {
  /** In the order asked, each once. */
  symbols: TickerSymbol[];
  /** Symbols stand apart with other things between them: `NVDA price and AMD`. */
  isScattered: boolean;
  pronoun?: Pronoun;
  topics: Set<Topic>;
  fields: Set<Field>;
  indicators: Set<Indicator>;
  dates: DatePhrase[];
  interval?: BarInterval;
  side?: Side | 'both';
  strikes?: number | 'all';
  /** Of single contracts; two are more than a question may hold. */
  strike: Strike[];
  /** Greeks, volatility, open interest, as far as they were named. */
  columns: Set<ContractField>;
  extreme?: Extreme;
  relation?: 'above' | 'below';
  rank?: 'gainer' | 'loser';
  /** Something was named that is a column of every chain. */
  hasColumns: boolean;
  isComparison: boolean;
  /** Answer from this conversation's data, call nothing. */
  isHeldOnly: boolean;
  /** `tool calls only if needed`. */
  mayCall: boolean;
  isDataOnly: boolean;
  isFollowUp: boolean;
  /** `is it open`: the market's state where the conversation is about the market. */
  asksOpenState: boolean;
  hasJoiner: boolean;
  /** The question was one about fields: a follow-up of symbols alone asks the same of them. */
  query?: FieldQuery;
}

/** Something that is one slip away from the known, or stands for several companies. */
export interface Doubt {
  word: string;
  candidates: Company[];
}

export interface Scan {
  slots: Slots;
  unknown: string[];
  doubts: Doubt[];
  /** Words with two meanings, each with what to write instead. */
  unclear: { message: string; hint: string }[];
}

export function emptySlots(): Slots {
  return {
    symbols: [],
    isScattered: false,
    topics: new Set(),
    fields: new Set(),
    indicators: new Set(),
    dates: [],
    strike: [],
    columns: new Set(),
    hasColumns: false,
    isComparison: false,
    isHeldOnly: false,
    mayCall: false,
    isDataOnly: false,
    isFollowUp: false,
    asksOpenState: false,
    hasJoiner: false,
  };
}

const SEPARATOR_MARK = /^[,:;/|–—-]$/;
/** What may stand inside a list of symbols without breaking it. */
const LIST_WORDS = new Set(['the', 'of', 'for', 'stock', 'stocks', 'shares', 'also', 'inc', 'corp', 'company']);
/** One letter alone is too often something else (P/E) to be a symbol that no table lists. */
const UNLISTED_SYMBOL = /^[A-Z]{2,5}(?:\.[A-Z])?$/;
const EXPLICIT_SYMBOL = /^[A-Z][A-Z0-9]{0,5}(?:\.[A-Z]{1,3})?$/i;
/** Capitals that traders write for other things than symbols. */
const CAPITAL_WORDS =
  /^(?:OHLCV?|RSI|MACD|SMA|EMA|DTE|IV|OI|ATM|OTM|ITM|ETF|US|USA|USD|ET|EST|EDT|PM|AM|YTD|MTD|QTD|WTD|NYSE|NY|TA|VWAP|ATR|EPS|PE|PT|CEO|IPO|OK|TV|AH|HOD|LOD|ATH|EOD|FOMC|CPI|GDP|FED|LEAP|LEAPS|ASAP|FYI|WSB)$/;

interface Token {
  kind: 'symbol' | 'date' | 'strike' | 'phrase' | 'mark' | 'unknown' | 'doubt';
  length: number;
  symbol?: TickerSymbol;
  date?: DatePhrase;
  meanings?: Meaning[];
  doubt?: Doubt;
  strike?: { strike: Strike; side?: Side };
  unclear?: { message: string; hint: string };
}

/** Gives a month and day the year in which it was last, or is next; undefined where there is no such day. */
export type DateFinder = (month: number, day: number, direction: 'past' | 'coming') => string | undefined;

/** Reads a whole question. Nothing is decided here about what may go with what. */
export function scanQuestion(question: string, names: Names, vocabulary: Vocabulary, findDate: DateFinder): Scan {
  const words = withoutShouting(lexQuestion(question), names, vocabulary);
  const scan: Scan = { slots: emptySlots(), unknown: [], doubts: [], unclear: [] };
  const reader = {
    words,
    texts: words.map((word) => word.text),
    names,
    vocabulary,
    findDate,
  };
  let sinceSymbol: Gap = 'none';
  for (let at = 0; at < words.length;) {
    const token = readToken(reader, at, scan.slots);
    const taken = words.slice(at, at + token.length);
    if (token.kind === 'symbol' && token.symbol !== undefined) {
      if (sinceSymbol === 'other') scan.slots.isScattered = true;
      if (!scan.slots.symbols.includes(token.symbol)) scan.slots.symbols.push(token.symbol);
      sinceSymbol = 'list';
    } else {
      applyToken(token, taken, at, scan);
      if (sinceSymbol !== 'none' && !keepsList(token, taken)) sinceSymbol = 'other';
    }
    at += token.length;
  }
  return scan;
}

type Gap = 'none' | 'list' | 'other';

interface Reader {
  words: readonly Word[];
  texts: readonly string[];
  names: Names;
  vocabulary: Vocabulary;
  findDate: DateFinder;
}

function applyToken(token: Token, taken: readonly Word[], at: number, { slots, unknown, doubts, unclear }: Scan): void {
  if (token.kind === 'unknown') unknown.push(taken.map((word) => word.raw).join(' '));
  if (token.doubt !== undefined) doubts.push(token.doubt);
  if (token.unclear !== undefined) unclear.push(token.unclear);
  if (token.date !== undefined) slots.dates.push(token.date);
  if (token.strike !== undefined) {
    const { strike, side } = token.strike;
    if (!slots.strike.includes(strike)) slots.strike.push(strike);
    if (side !== undefined) applyMeaning({ is: 'side', side }, slots, false);
  }
  for (const meaning of token.meanings ?? []) {
    if (meaning.is === 'refused') unknown.push(taken.map((word) => word.raw).join(' '));
    applyMeaning(meaning, slots, at === 0);
  }
}

const FLAGS = {
  compare: 'isComparison',
  held: 'isHeldOnly',
  mayCall: 'mayCall',
  dataOnly: 'isDataOnly',
  followUp: 'isFollowUp',
  openState: 'asksOpenState',
  joiner: 'hasJoiner',
} as const;

function applyMeaning(meaning: Meaning, slots: Slots, isFirst: boolean): void {
  switch (meaning.is) {
    case 'topic':
      slots.topics.add(meaning.topic);
      break;
    case 'field':
      meaning.fields.forEach((field) => slots.fields.add(field));
      break;
    case 'indicator':
      meaning.indicators.forEach((indicator) => slots.indicators.add(indicator));
      break;
    case 'interval':
      slots.interval = meaning.interval;
      break;
    case 'side':
      slots.side = joinSides(slots.side, meaning.side);
      break;
    case 'column':
      addColumns(meaning.columns, slots);
      break;
    case 'strike':
      slots.strike.push(meaning.strike);
      break;
    case 'extreme':
      slots.extreme = meaning.extreme;
      break;
    case 'strikes':
      slots.strikes = meaning.strikes;
      break;
    case 'relation':
      slots.relation = meaning.relation;
      break;
    case 'rank':
      slots.rank = meaning.rank;
      break;
    case 'pronoun':
      slots.pronoun = strongerPronoun(slots.pronoun, meaning.pronoun);
      break;
    case 'filler':
    case 'refused':
      break;
    default:
      slots[FLAGS[meaning.is]] = true;
  }
  if (meaning.is === 'joiner' && isFirst) slots.isFollowUp = true;
}

function joinSides(known: Side | 'both' | undefined, next: Side | 'both'): Side | 'both' {
  return known === undefined || known === next ? next : 'both';
}

function addColumns(columns: readonly ContractField[], slots: Slots): void {
  slots.hasColumns = true;
  columns.forEach((column) => slots.columns.add(column));
}

/** "they both … their": the count says most. */
function strongerPronoun(known: Pronoun | undefined, next: Pronoun): Pronoun {
  return typeof known === 'number' ? known : next;
}

function keepsList(token: Token, taken: readonly Word[]): boolean {
  if (token.kind === 'mark') return taken[0]?.text !== ':';
  if (token.kind !== 'phrase') return false;
  const meaning = token.meanings?.[0];
  return (
    meaning?.is === 'joiner' ||
    meaning?.is === 'compare' ||
    (meaning?.is === 'filler' && taken.every((word) => LIST_WORDS.has(word.text)))
  );
}

/** The longest thing that starts at a word: a symbol, a name, a date phrase or a phrase of the vocabulary. */
function readToken(reader: Reader, at: number, slots: Slots): Token {
  const word = reader.words[at];
  if (word === undefined) return { kind: 'unknown', length: 1 };
  if (word.isMark) return { kind: SEPARATOR_MARK.test(word.text) ? 'mark' : 'unknown', length: 1 };
  const strike = matchStrike(reader.words, at);
  if (word.isExplicitSymbol && strike === undefined) {
    return EXPLICIT_SYMBOL.test(word.raw)
      ? { kind: 'symbol', length: 1, symbol: word.raw.toUpperCase() }
      : { kind: 'unknown', length: 1 };
  }
  const bareWindow = slots.relation === undefined ? undefined : reader.vocabulary.matchBareWindow(reader.texts, at);
  const phrase = reader.vocabulary.matchPhrase(reader.texts, at);
  const best = [
    strike === undefined ? undefined : { kind: 'strike' as const, ...strike },
    toPhraseToken(bareWindow),
    toDateToken(reader, at, phrase?.length ?? 0),
    toPhraseToken(phrase),
    toNameToken(reader, at),
  ].reduce(
    (longest, token) => (token !== undefined && token.length > (longest?.length ?? 0) ? token : longest),
    undefined,
  );
  const symbol = toSymbolToken(reader, word, at, best);
  return symbol ?? best ?? toUnknownToken(reader, word);
}

function toPhraseToken(match: { meanings: Meaning[]; length: number } | undefined): Token | undefined {
  return match === undefined ? undefined : { kind: 'phrase', ...match };
}

const INTERVALS: Readonly<Record<string, BarInterval>> = { monthly: 'month', weekly: 'week' };

function toDateToken(reader: Reader, at: number, phraseLength: number): Token | undefined {
  const range = matchRangePhrase(reader.texts, at);
  const expiration = matchExpiration(reader, at);
  const length = Math.max(range?.length ?? 0, expiration?.length ?? 0);
  const compound = length === 0 ? matchCompoundRange(reader.texts, at) : undefined;
  if (compound !== undefined) return compound;
  const isShare = reader.words.slice(at, at + length).some((word) => word.text === 'now' && word.isUpperCase);
  if (length === 0 || isShare) return undefined;
  const date: DatePhrase = {};
  if (range?.length === length) date.range = withYears(range.phrase, reader.findDate);
  if (expiration?.length === length) date.expiration = expiration.phrase;
  // "monthly" and "weekly" alone are intervals of bars as well as expirations: both are kept.
  const alone = length === 1 && phraseLength === 1 ? reader.texts[at] : undefined;
  const interval = INTERVALS[alone ?? (date.expiration === 'weekly' ? 'weekly' : '')];
  if (interval !== undefined) return { kind: 'phrase', length, date, meanings: [{ is: 'interval', interval }] };
  return { kind: 'date', length, date };
}

/** Days without a year as dates, so that they stay the same tomorrow; not beside a year that they share. */
function withYears(phrase: string, findDate: DateFinder): string {
  const words = phrase.split(' ');
  if (words[0] === 'today' || words.some((word) => /^\d{4}(?:-|$)|\/\d{4}$/.test(word))) return phrase;
  const dated: string[] = [];
  for (let at = 0; at < words.length;) {
    const day = matchMonthDay(words, at);
    const date = day === undefined ? undefined : findDate(day.month, day.day, 'past');
    dated.push(date ?? words[at] ?? '');
    at += date === undefined ? 1 : (day?.length ?? 1);
  }
  return dated.join(' ');
}

/** Where a date without a year begins within so many words, it is the next such day. */
const MOST_EXPIRATION_LEADS = 3;

function matchExpiration({ texts, findDate }: Reader, at: number): PhraseMatch | undefined {
  for (let lead = 0; lead <= MOST_EXPIRATION_LEADS; lead++) {
    const day = matchMonthDay(texts, at + lead);
    const date = day === undefined ? undefined : findDate(day.month, day.day, 'coming');
    if (day === undefined || date === undefined) continue;
    const match = matchExpirationPhrase(
      [...texts.slice(at, at + lead), date, ...texts.slice(at + lead + day.length)],
      0,
    );
    return match === undefined || match.length <= lead ? match : { ...match, length: match.length + day.length - 1 };
  }
  return matchExpirationPhrase(texts, at);
}

const COMPOUND_HEAD = /^(?:performance|chart|charts|history|return|returns|bars|candles|change)$/;
const COMPOUND_UNITS: Readonly<Record<string, string>> = {
  wk: 'week',
  mo: 'month',
  yr: 'year',
  day: 'day',
  week: 'week',
  month: 'month',
  year: 'year',
};

/** `6 month chart`, `5-day performance`: a span in the singular, which counts only before such a word. */
function matchCompoundRange(texts: readonly string[], at: number): Token | undefined {
  const [count = '', short = '', head = ''] = texts.slice(at, at + 3);
  const unit = COMPOUND_UNITS[short];
  if (!/^[1-9]\d{0,2}$/.test(count) || unit === undefined || !COMPOUND_HEAD.test(head)) return undefined;
  return {
    kind: 'date',
    length: 2,
    date: { range: unit === 'day' ? `last ${count} trading days` : `past ${count} ${unit}s` },
  };
}

function toNameToken({ words, names }: Reader, at: number): Token | undefined {
  const match = names.matchName(words, at);
  if (match === undefined) return undefined;
  if (match.kind === 'company') return { kind: 'symbol', length: match.length, symbol: match.company.symbol };
  const word = words
    .slice(at, at + match.length)
    .map((each) => each.raw)
    .join(' ');
  return { kind: 'doubt', length: match.length, doubt: { word, candidates: match.candidates } };
}

/** A single word as a symbol, where nothing longer was found and it is not an English word in small letters. */
function toSymbolToken(
  { names, words, vocabulary }: Reader,
  word: Word,
  at: number,
  best: Token | undefined,
): Token | undefined {
  if ((best?.length ?? 0) > 1 || CAPITAL_WORDS.test(word.raw)) return undefined;
  const listed = names.listed(word.raw.toUpperCase());
  const isName = best?.kind === 'symbol';
  if (listed === undefined) return best === undefined ? toUnlistedSymbol(names, word) : undefined;
  if (isName && !word.isUpperCase) return undefined;
  const token: Token = { kind: 'symbol', length: 1, symbol: listed.symbol };
  const isKnownWord = best !== undefined && best.kind !== 'doubt' && !isName;
  if (word.isUpperCase)
    return isKnownWord && !standsAsSymbol({ names, words, vocabulary }, at) ? toClash(word, listed) : token;
  const isPlainWord = isKnownWord || word.text.length === 1 || names.isEnglishWord(word.text);
  return isPlainWord ? undefined : token;
}

/** `NOW`, `ALL`, `LOW` in capitals count as symbols only where no other symbol stands in the question. */
function standsAsSymbol({ names, words }: Pick<Reader, 'names' | 'words' | 'vocabulary'>, at: number): boolean {
  return !words.some((word, index) => {
    if (index === at || word.isMark) return false;
    return (
      word.isExplicitSymbol ||
      (word.isUpperCase && names.listed(word.raw) !== undefined) ||
      names.matchName(words, index) !== undefined
    );
  });
}

function toClash(word: Word, listed: Company): Token {
  return { kind: 'doubt', length: 1, doubt: { word: word.raw, candidates: [listed] } };
}

/** Capitals that no table lists: a symbol, unless they are one slip away from a listed one or a plain word. */
function toUnlistedSymbol(names: Names, word: Word): Token | undefined {
  if (!word.isUpperCase || !UNLISTED_SYMBOL.test(word.raw) || names.isEnglishWord(word.text)) return undefined;
  const candidates = names.nearMisses(word.text, true);
  return candidates.length > 0
    ? { kind: 'doubt', length: 1, doubt: { word: word.raw, candidates } }
    : { kind: 'symbol', length: 1, symbol: word.raw };
}

function toUnknownToken({ names, vocabulary }: Reader, word: Word): Token {
  const isTypo = vocabulary
    .singleWords()
    .some((known) => known.length > 4 && word.text.length > 4 && editDistance(known, word.text) === 1);
  const candidates = isTypo || names.isEnglishWord(word.text) ? [] : names.nearMisses(word.text, false);
  return candidates.length > 0
    ? { kind: 'doubt', length: 1, doubt: { word: word.raw, candidates } }
    : { kind: 'unknown', length: 1 };
}

/** A question all in capitals is read as if it were in small letters, unless it holds nothing but symbols. */
function withoutShouting(words: Word[], names: Names, vocabulary: Vocabulary): Word[] {
  const isShouted = words.every((word) => word.isMark || word.isUpperCase || !/\p{L}/u.test(word.raw));
  const texts = words.map((word) => word.text);
  const hasPhrase = words.some((word, at) => {
    const phrase = vocabulary.matchPhrase(texts, at)?.meanings[0];
    const isWord =
      phrase !== undefined && phrase.is !== 'joiner' && phrase.is !== 'indicator' && !CAPITAL_WORDS.test(word.raw);
    return isWord && names.listed(word.raw) === undefined;
  });
  return isShouted && hasPhrase
    ? words.map((word) => (word.isExplicitSymbol ? word : { ...word, isUpperCase: false }))
    : words;
}
