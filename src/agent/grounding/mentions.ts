// Finds what a piece of text speaks of: symbols, sides, dates and the words that name fields.
import type { IsoDate, Side, TickerSymbol } from '../../domain/types.ts';
import { ENTRIES } from '../../fields/registry.ts';
import type { FactBase } from './facts.ts';
import { DATE_SOURCES } from './figures.ts';
import { averageFields, type Cue, type Lexicon } from './words.ts';

export interface Place {
  start: number;
  end: number;
}

interface SideMention extends Place {
  value: Side;
}

export interface SymbolMention extends Place {
  value: TickerSymbol;
}

/** A day as written. Without a year every year fits; `span` marks the end of a period: "since Oct 1". */
export interface DateMention extends Place {
  value: { year?: number; month?: number; day: number } | { weekday: number } | { iso: IsoDate } | { inMonth: number };
  span: boolean;
}

export interface Mentions {
  cues: Cue[];
  symbols: SymbolMention[];
  sides: SideMention[];
  dates: DateMention[];
}

export function isDay(date: DateMention['value'], iso: IsoDate): boolean {
  if ('iso' in date) return date.iso === iso;
  if ('inMonth' in date) return Number(iso.slice(5, 7)) === date.inMonth;
  if ('weekday' in date) return new Date(`${iso}T00:00:00Z`).getUTCDay() === date.weekday;
  return (
    (date.month === undefined || date.month === Number(iso.slice(5, 7))) &&
    date.day === Number(iso.slice(8, 10)) &&
    (date.year === undefined || date.year === Number(iso.slice(0, 4)))
  );
}

/** The years that may be meant where none is written. */
export function guessDates(value: DateMention['value'], today: IsoDate): IsoDate[] {
  if ('iso' in value) return [value.iso];
  if ('weekday' in value || 'inMonth' in value || value.month === undefined) return [];
  const { month, day, year } = value;
  const now = Number(today.slice(0, 4));
  return (year === undefined ? [now - 1, now, now + 1] : [year]).map(
    (each) => `${each}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
  );
}

const OCC = /(?<![A-Za-z\d])([A-Z]{1,6})(\d{2})(\d{2})(\d{2})([CP])\d{8}(?!\d)/g;
const TICKER = /\$?(?<![A-Za-z\d.])[A-Z][A-Z\d]{0,5}(?:\.[A-Z])?(?![A-Za-z\d])/g;
/** After a capital word, what only a ticker has: "TSLA closed", "TSLA's", "TSLA (". */
const TICKER_CONTEXT =
  /^(?:['’]s\b|\s(?:closed|opened|trade[ds]|rose|fell|gained|lost|finished|settled|is (?:at|up|down|trading)|at \$?\d)|:\s\$?\d|\s\(\$?\d)/;
const NO_TICKERS: ReadonlySet<string> = new Set(
  'RSI MACD SMA EMA OHLC OHLCV IV OI DTE ATM ITM OTM ET EST EDT USD VWAP ETF SAMPLE AM PM YTD MTD API US CALL PUT CALLS PUTS OPEN HIGH LOW CLOSE LAST VOLUME BID ASK STRIKE CHANGE TOTAL PRICE SPOT RANGE NOTE MA DMA ADV PC IT I A THE WEEK SIGNAL HISTOGRAM SUPPORT RESISTANCE DELTA GAMMA THETA VEGA NYSE OCC IC CC CCS PCS CDS PDS CS PS ER EM HOD LOD RV PX O H L C V P S R'.split(
    ' ',
  ),
);

/** "ATR (14)" is no ticker. */
const REGISTRY_WORDS: ReadonlySet<string> = new Set(
  ENTRIES.flatMap(({ label, words }) => [label, ...words]).flatMap((words) => words.toUpperCase().split(/[^A-Z]+/)),
);

/** Tickers of one letter that are words or column heads too: they count only where something marks them. */
const LETTERS: ReadonlySet<string> = new Set(['A', 'I', 'O', 'H', 'L', 'C', 'V', 'P', 'S', 'R', 'B', 'K', 'M', 'T']);

export function findSymbols(text: string, base: FactBase): SymbolMention[] {
  const found: SymbolMention[] = [];
  for (const match of text.matchAll(OCC))
    if (match[1] !== undefined) found.push({ value: match[1], ...placeOf(match) });
  for (const match of text.matchAll(TICKER)) {
    const value = match[0].replace('$', '');
    if (isTicker(value, match, text, base)) found.push({ value, ...placeOf(match) });
  }
  found.push(
    ...findNames(text, base).filter(({ start, end }) => !found.some((each) => each.start < end && start < each.end)),
  );
  return mergeAliases(
    found.sort((a, b) => a.start - b.start),
    text,
  );
}

/** A known symbol, or a capital word that is used as one: a figure of TSLA is not one of NVDA. */
function isTicker(value: string, match: RegExpExecArray, text: string, base: FactBase): boolean {
  const end = match.index + match[0].length;
  const used = match[0].startsWith('$') || TICKER_CONTEXT.test(text.slice(end, end + 16));
  if (!base.symbols.has(value))
    return (
      used &&
      /^[A-Z.]{2,6}$/.test(value) &&
      !base.names.has(value.toLowerCase()) &&
      !NO_TICKERS.has(value) &&
      !REGISTRY_WORDS.has(value)
    );
  if (value.length > 1 || !LETTERS.has(value) || used) return true;
  return (
    text.trim() === value ||
    /[*|#]\s?$/.test(text.slice(Math.max(0, match.index - 2), match.index)) ||
    (/(?:^|\n)[\s*•\d.)-]*$/.test(text.slice(Math.max(0, match.index - 8), match.index)) &&
      /^\s[*$+-]*\d/.test(text.slice(end)))
  );
}

/** Companies by name, and tickers as people type them: "nvda's". */
function findNames(text: string, base: FactBase): SymbolMention[] {
  const pattern = namePattern(base);
  if (pattern === undefined) return [];
  return [...text.matchAll(pattern)].flatMap((match) => {
    const word = match[0].toLowerCase();
    const name = base.names.get(word);
    if (name === undefined) return match[0] === word ? [{ value: word.toUpperCase(), ...placeOf(match) }] : [];
    return match[0] === word && ENGLISH.has(word) ? [] : [{ value: name, ...placeOf(match) }];
  });
}

const patterns = new WeakMap<FactBase, { count: number; pattern: RegExp | undefined }>();

/** All names that the symbols held go by; made anew only where one came. */
function namePattern(base: FactBase): RegExp | undefined {
  const made = patterns.get(base);
  if (made?.count === base.symbols.size) return made.pattern;
  const typed = [...base.symbols].filter((symbol) => symbol.length > 1 && !ENGLISH.has(symbol.toLowerCase()));
  const words = [...base.names.keys(), ...typed.map((symbol) => symbol.toLowerCase())].filter(
    (word) => word.length > 1,
  );
  const source = words
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  const pattern =
    words.length === 0 ? undefined : new RegExp(`(?<![A-Za-z\\d])(?:${source.join('|')})(?![A-Za-z\\d])`, 'gi');
  patterns.set(base, { count: base.symbols.size, pattern });
  return pattern;
}

/** Tickers and names that are words. */
const ENGLISH: ReadonlySet<string> = new Set(
  'all now on it so are an be by can go has he low for see key fast love life play run well cost open tech car cat big or any am out cash gap target snap gold block visa intel apple strategy'
    .split(' ')
    .filter((word) => !['visa', 'intel', 'apple'].includes(word)),
);

/** "NVIDIA (NVDA)" is one mention; "unlike AMD," is none. */
function mergeAliases(found: SymbolMention[], text: string): SymbolMention[] {
  const merged: SymbolMention[] = [];
  for (const mention of found) {
    const before = merged.at(-1);
    if (before?.value === mention.value && /^['’\s(]*$/.test(text.slice(before.end, mention.start)))
      before.end = mention.end;
    else if (!isAside(mention, text)) merged.push({ ...mention });
  }
  return merged;
}

function isAside(mention: Place, text: string): boolean {
  return (
    /\b(?:unlike|like|compared (?:with|to)|relative to|alongside|along with|as with)\s\$?$/i.test(
      text.slice(Math.max(0, mention.start - 16), mention.start),
    ) && text[mention.end] === ','
  );
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
export const monthNumber = (name: string): number => MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
/** Compiled only where one of these stands: the whole takes a millisecond. */
const DATE_HINT =
  /\d[-/]\d|[A-Z]\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|esterday|he \d/i;
const DATE_SOURCE = `(${DATE_SOURCES.iso})|(${DATE_SOURCES.slash}|${DATE_SOURCES.dash})|(${DATE_SOURCES.monthDay})|(${DATE_SOURCES.dayMonth})|(\\b(?:Mon(?!th)|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:urday)|Sun)(?:day)?\\b(?:['’]s)?(?!\\.? \\d{1,2}(?:st|nd|rd|th)))|\\b([Yy]esterday)\\b|\\b(?:[Tt]he|(?:Mon|Tue|Wed|Thu|Fri)[a-z]*\\.?) (\\d{1,2})(?:st|nd|rd|th)\\b|(?<![A-Za-z\\d])[A-Z]{1,6}(\\d{6})[CP]\\d{8}`;
const MONTH_NAME = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\\b';
const MONTH_AROUND = new RegExp(`(${MONTH_NAME})(?: (?:was|were|is|remains|clearly|again|therefore))* (?:the )?$`);
const MONTH_AFTER = new RegExp(`^(?: (?:month|mo|one|was|is|came|in))*[ :]{1,2}(${MONTH_NAME})(?! \\d)`);

/** The month that a word between `from` and `to` is said of: "October was the best", "worst month: Feb". */
export function monthAround(text: string, { start: from, end: to }: Place): DateMention[] {
  const lead = text.slice(Math.max(0, from - 36), from);
  const before = MONTH_AROUND.exec(lead);
  const [name, at] = before
    ? [before[1] ?? '', from - lead.length + before.index]
    : [MONTH_AFTER.exec(text.slice(to, to + 30))?.[1] ?? '', to];
  const start = text.indexOf(name, at);
  return name === '' ? [] : [{ value: { inMonth: monthNumber(name) }, span: false, start, end: start + name.length }];
}

const SPAN_BEFORE =
  /\b(?:since|from|through|thru|until|till|to|between|(?:week|month|period) (?:of|ending|ended)|and|through)\s(?:\w{3,9},?\s)?$|\b\d{1,2}\s?(?:[-–—]|to)\s?$/i;

export function findDates(text: string, base: FactBase): DateMention[] {
  if (!DATE_HINT.test(text)) return [];
  const found: DateMention[] = [];
  for (const match of text.matchAll(new RegExp(DATE_SOURCE, 'gi'))) {
    const value = readDate(match, base);
    if (value)
      found.push({
        value,
        span: SPAN_BEFORE.test(text.slice(Math.max(0, match.index - 28), match.index)),
        ...placeOf(match),
      });
  }
  markRanges(found, text);
  return dropWeekdaysOfDates(found, text);
}

/** In "Oct 20 – Oct 24", "Oct 20–24" and "from Oct 20 to Oct 24" both ends belong to a span. */
function markRanges(dates: DateMention[], text: string): void {
  dates.forEach((date, index) => {
    const next = dates[index + 1];
    if (/^\s*(?:[-–—→]|to|through)\s*(?:today|now|date|yesterday)\b/i.test(text.slice(date.end, date.end + 20)))
      date.span = true;
    const joint = next === undefined ? text.slice(date.end, date.end + 8) : text.slice(date.end, next.start);
    if (next !== undefined && /^\s*(?:[-–—→]|to|through|thru|until)\s*(?:\w{3,9},?\s)?$/i.test(joint)) {
      date.span = true;
      next.span = true;
    } else if (/^\s?(?:[-–—]|to|through)\s?\d{1,2}(?![\d.])/.test(joint)) date.span = true;
  });
  // "and" ends a span only after "between": "on Oct 28 and Oct 29" are two days.
  dates.forEach((date, index) => {
    const before = dates[index - 1];
    if (
      date.span &&
      before?.span !== true &&
      /\band\s(?:\w{3,9},?\s)?$/i.test(text.slice(Math.max(0, date.start - 16), date.start))
    )
      date.span = false;
  });
}

/** "Friday, Oct 24" is one date: the weekday before it says nothing more. */
function dropWeekdaysOfDates(dates: DateMention[], text: string): DateMention[] {
  return dates.filter((date, index) => {
    if (!('weekday' in date.value)) return true;
    const next = dates[index + 1];
    const before = dates[index - 1];
    const joined = (first: Place, second: Place): boolean => /^[\s,()]*$/.test(text.slice(first.end, second.start));
    return !(
      (next && !('weekday' in next.value) && joined(date, next)) ||
      (before && !('weekday' in before.value) && joined(before, date))
    );
  });
}

function readDate(match: RegExpMatchArray, base: FactBase): DateMention['value'] | undefined {
  const [, iso, slash, monthDay, dayMonth, weekday, yesterday, ordinal, occ] = match;
  if (iso !== undefined) return { iso };
  if (slash !== undefined) {
    const [month = 0, day = 0, year] = slash.split(/[/-]/).map(Number);
    return { month, day, ...(year === undefined ? {} : { year: year < 100 ? 2000 + year : year }) };
  }
  const words = monthDay ?? dayMonth;
  if (words !== undefined) return readMonthDay(words);
  if (weekday !== undefined) return { weekday: WEEKDAYS.indexOf(weekday.slice(0, 3).toLowerCase()) };
  if (ordinal !== undefined) return { day: Number(ordinal) };
  if (occ !== undefined)
    return { year: 2000 + Number(occ.slice(0, 2)), month: Number(occ.slice(2, 4)), day: Number(occ.slice(4, 6)) };
  const day = yesterday === undefined ? undefined : base.yesterday();
  return day === undefined ? undefined : { iso: day };
}

/** "Oct 29th, 2025" and "29 October". */
function readMonthDay(words: string): DateMention['value'] {
  const [, year] = /\b(\d{4})\b/.exec(words) ?? [];
  const day = Number(/\d{1,2}/.exec(words)?.[0] ?? 0);
  const name = /[A-Za-z]{3,}/.exec(words.replace(/\d+(?:st|nd|rd|th)?(?:\s+of)?/i, ''))?.[0] ?? '';
  const month = MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
  return { month, day, ...(year === undefined ? {} : { year: Number(year) }) };
}

const WINDOW_LABEL =
  /(?<![\d.,$])(?:(5|10|20|50|200)(?:-day|d)?(?=(?:\*\*)?\s?(?:[:=]|\(\$?\d{2,}))|\((5|10|20|50|200)(?:-day|d)?\))/g;
const WINDOW_LIST =
  /^[\s:(-]*((?:5|10|20|50|200)(?:-day)?(?:\s?(?:[/,&]|,? and)\s?(?:5|10|20|50|200)(?![\d.])(?:-day)?)+)/;

const LETTER_FIELDS: Readonly<Record<string, Cue['fields']>> = {
  O: ['open'],
  H: ['high'],
  L: ['low'],
  C: ['last', 'close', 'spot'],
  V: ['volume', 'vega'],
};
const LEVEL_LABEL = /(?<![A-Za-z\d])[SR][1-4](?=[:=)\s*]+(?:at )?\**\$?\d)/g;
const LETTER = /(?<![A-Za-z\d/$])[OHLCV](?=[:=]?\s?\**\$?\d)/g;

/** "O/H/L/C", "OHLC" and "O 1.2, H 1.3" as the fields they stand for. */
function findLetters(text: string): Cue[] {
  const letters: Cue[] = [];
  const add = (letter: string, start: number): void => {
    letters.push({ name: `letter ${letter}`, fields: LETTER_FIELDS[letter] ?? [], start, end: start + 1 });
  };
  for (const letter of text.matchAll(LETTER)) add(letter[0], letter.index);
  for (const level of text.matchAll(LEVEL_LABEL)) {
    letters.push({
      name: 'label',
      fields: [level[0].startsWith('S') ? 'support' : 'resistance'],
      start: level.index,
      end: level.index + 2,
    });
  }
  return letters;
}

/** Every cue of a text, where `SMA 5/10/20` gives one for each window and `SMA … 5: …` one for each label. */
function findCues(text: string, lexicon: Lexicon, inherited: Cue | undefined): Cue[] {
  const cues: Cue[] = [];
  let average = inherited?.average;
  for (const cue of [...lexicon.find(text), ...findLetters(text)].sort((a, b) => a.start - b.start)) {
    const kind = averageKind(cue);
    const list = kind === undefined ? undefined : readWindowList(text, cue, kind);
    if (kind !== undefined) average = cue.average ?? average;
    cues.push(...(list ?? [cue]));
  }
  dropVerbs(cues, text);
  adoptGaps(cues, text);
  adoptKinds(cues);
  if (average === undefined) return cues;
  const kindAt = (at: number): 'sma' | 'ema' | 'either' =>
    cues.findLast((cue) => cue.average !== undefined && cue.end <= at)?.average ?? average;
  for (const match of text.matchAll(WINDOW_LABEL)) {
    cues.push({
      name: 'average',
      fields: averageFields(kindAt(match.index), match[1] ?? match[2] ?? ''),
      ...placeOf(match),
    });
  }
  return cues.sort((a, b) => a.start - b.start);
}

/** In "the histogram prints -0.57" the verb says nothing of a price. */
function dropVerbs(cues: Cue[], text: string): void {
  const isVerb = (cue: Cue, index: number): boolean => {
    const before = cues[index - 1];
    return (
      /^print/i.test(text.slice(cue.start, cue.end)) &&
      before !== undefined &&
      before.name !== 'price' &&
      /^[\s*]*$/.test(text.slice(before.end, cue.start))
    );
  };
  cues.splice(0, cues.length, ...cues.filter((cue, index) => !isVerb(cue, index)));
}

/** "Gapped down 1.4 %" is a gap. */
function adoptGaps(cues: Cue[], text: string): void {
  cues.forEach((cue, index) => {
    const before = cues[index - 1];
    if (
      before?.fields.some((field) => field.startsWith('gap')) === true &&
      (cue.name === 'rise' || cue.name === 'fall') &&
      text.slice(before.end, cue.start).trim() === '' &&
      !/^ to\b/.test(text.slice(cue.end))
    )
      Object.assign(cue, { name: before.name, fields: ['gap', 'gapPercent'] });
    // "An up gap of 0.91"
    if (
      cue.fields.some((field) => field.startsWith('gap')) &&
      before?.direction !== undefined &&
      text.slice(before.end, cue.start).trim() === ''
    )
      cue.direction = before.direction;
  });
}

/** In "the 5-day and 10-day EMAs" the first window is an EMA's too. */
function adoptKinds(cues: Cue[]): void {
  for (let index = cues.length - 2; index >= 0; index -= 1) {
    const cue = cues[index];
    const next = cues[index + 1];
    if (cue?.name !== 'average' || next?.name !== 'average' || next.start - cue.end > 6) continue;
    const kind = averageKind(next);
    if (kind !== undefined) adopt(cue, kind);
  }
  // "EMA: 5-day 684.02, 20-day 672.90"
  let heading: Cue['average'];
  for (const cue of cues) {
    heading = cue.average ?? heading;
    if (heading !== undefined && heading !== 'either') adopt(cue, heading);
  }
}

function adopt(cue: Cue, kind: 'sma' | 'ema' | 'either'): void {
  const window = /\d+/.exec(cue.fields[0] ?? '')?.[0];
  if (cue.implicit === true && window !== undefined) cue.fields = averageFields(kind, window);
}

function averageKind(cue: Cue): 'sma' | 'ema' | 'either' | undefined {
  if (cue.average !== undefined) return cue.average;
  if (cue.name !== 'average') return undefined;
  return cue.fields.length > 1 ? 'either' : cue.fields[0]?.startsWith('ema') === true ? 'ema' : 'sma';
}

function readWindowList(text: string, cue: Cue, kind: 'sma' | 'ema' | 'either'): Cue[] | undefined {
  const digits = text.slice(cue.start, cue.end).search(/\d/);
  const from = digits >= 0 && /^[A-Za-z]/.test(text[cue.start] ?? '') ? cue.start + digits : cue.end;
  const list = WINDOW_LIST.exec(text.slice(from, from + 60));
  if (!list) return undefined;
  const offset = from + list[0].length - (list[1] ?? '').length;
  return [...(list[1] ?? '').matchAll(/\d+(?:-day)?/g)].map((window) => ({
    name: 'average',
    fields: averageFields(kind, String(parseInt(window[0], 10))),
    start: offset + window.index,
    end: offset + window.index + window[0].length,
  }));
}

export function placeOf(match: RegExpMatchArray): Place {
  const start = match.index ?? 0;
  return { start, end: start + match[0].length };
}

export function findMentions(text: string, base: FactBase, lexicon: Lexicon, inherited?: Cue): Mentions {
  const cues = findCues(text, lexicon, inherited);
  const ratio = cues.filter((cue) => cue.name.startsWith('putCall'));
  return {
    cues,
    symbols: findSymbols(text, base),
    sides: findSides(text, base).filter((side) => !ratio.some((cue) => cue.start <= side.start && side.end <= cue.end)),
    dates: findDates(text, base),
  };
}

const SIDE = /(?<=\d[\s*-]{1,3})(?:calls?|puts?)(?![A-Za-z])|(?<![A-Za-z/])(?:calls?|puts?)(?![A-Za-z]|\/|-to-)/gi;
const OCC_SIDE = /(?<![A-Za-z\d])[A-Z]{1,6}\d{6}([CP])\d{8}(?!\d)/g;
const LETTER_SIDE = /(?<=\d)[CP](?![\w'])/g;

export function findSides(text: string, base: FactBase): SideMention[] {
  const found: SideMention[] = [];
  for (const match of text.matchAll(SIDE)) {
    const place = placeOf(match);
    if (!isVerb(text, place, base))
      found.push({ value: match[0].toLowerCase().startsWith('c') ? 'call' : 'put', ...place });
  }
  for (const match of text.matchAll(OCC_SIDE))
    found.push({ value: match[1] === 'C' ? 'call' : 'put', ...placeOf(match) });
  for (const match of text.matchAll(LETTER_SIDE))
    found.push({ value: match[0] === 'C' ? 'call' : 'put', ...placeOf(match) });
  return found.sort((a, b) => a.start - b.start);
}

/** Longest text behind the word that is read. */
const MAX_BEHIND = 70;

/** `would put`, `we call`: what only a verb stands behind. */
const VERB_BEFORE =
  /\b(?:(?:would|could|should|will|may|might|can|cannot|I|we|they|you)|\w+n['’]t|(?:I|we|they|you)['’](?:d|ll))\s$/;
/** "puts it 2 % above", "calls the move", "puts together", "calls a halt". */
const OBJECT_BEHIND = /^ (?:it|its|the|up|together|this|that|an?|them|us)\b/;
/** Behind a figure, "the 210 puts that expire", "the 210 calls this week", only what options cannot be followed by. */
const OBJECT_BEHIND_FIGURE = /^ (?:it|them|us|the (?:stock|shares?|price|index|fund|ETF|name))\b/;
/** "put in a high of 210"; "puts in the 210 strike" are options. */
const MADE =
  /^ in (?:(?:an?|its|new|fresh|another)\b|the (?:[a-z’'-]+ ){0,3}(?:highs?|lows?|tops?|bottoms?|peaks?|floors?)\b)|^ on an?\b/;
/** "calls for patience"; "calls for Nov 7", "calls for the expiration" and "calls for next Friday" are options. */
const ASKED =
  /^ for (?!(?:the|this|that|these|those|next|each|every|all|both|any|sale|delivery|its|their|today|tomorrow|november|december|january|expir\w*|weekly|weeklies|monthly|monthlies|strikes?|which)\b)[a-z]/;
/** Where something is put: "puts AMD near its average". */
const WHERE =
  '(?: (?:squarely|firmly|well|just|right|only|some|about|roughly|nearly|almost|slightly|comfortably|deep|far|not|still|back|closer?|further|more than|less than))*(?: (?:in|at|on|near|around|above|below|under|over|between|within|inside|outside|into|to|ahead|behind|among|past|beyond|up|down|higher|lower|under)\\b| [*~]*\\$?\\d[\\d.,]*\\s?%)';
const PUT_WORDS = new RegExp(
  `^ (?:shares|prices?|support|resistance|momentum|spot|pressure|bulls|bears|buyers|sellers|traders|investors|things|everything|each)(?: (?:back|firmly|squarely))?${WHERE}`,
);
/** "puts 210 in play". */
const PUT_FIGURE = /^ \**\$?\d[\d.,]*\** (?:back )?(?:in|into|on|within) (?:play|view|sight|reach|focus|range|the )/;
const NAME = /^ [*$]*([A-Z][A-Za-z\d.&]*)[*]*(?:['’]s(?: [a-z\d-]+){1,3})?/;
const WHERE_BEHIND = new RegExp(`^(?: \\([A-Z.]+\\))?${WHERE}`);
const NAMED_BEHIND = /^(?: \([A-Z.]+\))? (?:an?|the|one)\b/;

/** Whether "put" or "call" at this place is something done, not an option. */
export function isVerb(text: string, { start, end }: Place, base: FactBase): boolean {
  const word = text.slice(start, end).toLowerCase();
  const behind = text.slice(end, end + MAX_BEHIND);
  const before = text.slice(Math.max(0, start - 12), start);
  const object = /\d[\s*-]{1,3}$/.test(before) ? OBJECT_BEHIND_FIGURE : OBJECT_BEHIND;
  if (/\b(?:the|these|those|all)\s$/i.test(before)) return false;
  if (VERB_BEFORE.test(before) || object.test(behind)) return true;
  if (word.startsWith('call')) return ASKED.test(behind) || isAboutName(behind, NAMED_BEHIND, base);
  return (
    MADE.test(behind) || PUT_WORDS.test(behind) || PUT_FIGURE.test(behind) || isAboutName(behind, WHERE_BEHIND, base)
  );
}

/** A symbol or company of the conversation is the object: "puts NVDA above its 200-day", "calls AMD a laggard". */
function isAboutName(behind: string, then: RegExp, base: FactBase): boolean {
  const match = NAME.exec(behind);
  const name = match?.[1]?.replace(/\.$/, '') ?? '';
  return (
    match !== null &&
    (base.symbols.has(name) || base.names.has(name.toLowerCase())) &&
    then.test(behind.slice(match[0].length))
  );
}
