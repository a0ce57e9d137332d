// Hides what words mean: phrases are looked up in the list, and figures with a number of sessions in their names are read
// from the words around the number. What stands in neither is not understood.
import { findField } from '../../fields/registry.ts';
import { valueIn } from './lines.ts';
import type { Meaning, Order, StepUnit } from './tokens.ts';

/** Phrases as texts that are looked through, made by the build (planner/phrase-index.ts). */
export interface PhraseIndex {
  /** One a line, by number. */
  meanings: string;
  /** Of each first word, in order, a line: the word, then what may follow it (or nothing) and a meaning's number, apart by tabs. */
  lines: string;
}

export interface PhraseMatch {
  meaning: Meaning;
  length: number;
}

export interface Vocabulary {
  /** The longest known phrase that starts at a word. */
  match(words: readonly string[], start: number): PhraseMatch | undefined;
  /** Whether a word stands in the list by itself. */
  isWord(text: string): boolean;
  /** The one word of the list that a mistyped one can mean. */
  correct(typed: string, distance: (a: string, b: string) => number): string | undefined;
}

const MOST_WORDS = 9;
/** Shorter words are one letter away from too much. */
const SHORTEST_CORRECTED = 5;

/** @param phrases of two equal ones that of the first list counts. */
export function createVocabulary(...phrases: readonly PhraseIndex[]): Vocabulary {
  const indexes = phrases.map(openIndex);
  let singles: string[] | undefined;

  const find = (first: string, rest: string): Meaning | undefined => {
    for (const index of indexes) {
      const meaning = index.find(first, rest);
      if (meaning !== undefined) return meaning;
    }
    return undefined;
  };

  return {
    isWord: (text) => find(text, '') !== undefined,
    match(words, start) {
      for (let length = Math.min(MOST_WORDS, words.length - start); length > 0; length -= 1) {
        const meaning = find(words[start] ?? '', words.slice(start + 1, start + length).join(' '));
        if (meaning !== undefined) return { meaning, length };
      }
      return undefined;
    },
    correct(typed, distance) {
      if (typed.length < SHORTEST_CORRECTED - 1 || /\d/.test(typed)) return undefined;
      singles ??= [...new Set(indexes.flatMap((index) => index.singles()))];
      if (typed.length < SHORTEST_CORRECTED) return singles.find((word) => isSwapped(typed, word));
      const slips = singles.filter((word) => isSlip(typed, word, distance));
      const alike = slips.filter((word) => word[0] === typed[0]);
      const near = alike.length > 0 ? alike : slips;
      return new Set(near.map((word) => find(word, ''))).size === 1 ? near[0] : undefined;
    },
  };
}

/** Reads an index as it is needed: of thousands of first words a question has a few. */
function openIndex({ meanings, lines }: PhraseIndex): {
  find(first: string, rest: string): Meaning | undefined;
  singles(): string[];
} {
  const heads = meanings.split('\n');
  const read: Meaning[] = [];
  const opened = new Map<string, Map<string, number>>();
  const open = (first: string): Map<string, number> => {
    const held = opened.get(first);
    if (held !== undefined) return held;
    const cells = valueIn(lines, first)?.split('\t') ?? [];
    const entries = new Map<string, number>();
    for (let at = 0; at < cells.length; at += 2) entries.set(cells[at] ?? '', Number(cells[at + 1]));
    opened.set(first, entries);
    return entries;
  };
  return {
    find(first, rest) {
      const head = open(first).get(rest);
      return head === undefined ? undefined : (read[head] ??= parseMeaning(heads[head] ?? ''));
    },
    singles: () => Array.from(lines.matchAll(/^([^\t\n]+)\t\t/gm), ([, word = '']) => word),
  };
}

/** From here on two slips are still one word. */
const LONGEST_SLIP = 9;
const VOWEL = /[aeiouy]/;

/**
 * Two letters swapped, one missing or too many, or another vowel; another consonant or two slips only in a long word.
 * What restricts or negates is never guessed.
 */
function isSlip(typed: string, word: string, distance: (a: string, b: string) => number): boolean {
  if (word.length < SHORTEST_CORRECTED - 1 || NEVER_GUESSED.test(word) || /\d/.test(word)) return false;
  if (isSwapped(typed, word)) return true;
  const slips = distance(typed, word);
  if (slips === 2) return Math.min(typed.length, word.length) >= LONGEST_SLIP && typed[0] === word[0];
  if (slips !== 1 || typed.length !== word.length || typed.length >= LONGEST_SLIP - 2) return slips === 1;
  const at = Array.from(typed).findIndex((letter, index) => letter !== word[index]);
  return VOWEL.test(typed[at] ?? '') && VOWEL.test(word[at] ?? '');
}

const NEVER_GUESSED =
  /^(?:except|excluding|exclude|without|unless|never|neither|ignore|ignoring|besides|below|above|under|beneath|higher|lower|fewer|least|within|first|before|after|should|would|could|might|will)$/;

/** Two neighbors the other way round. */
function isSwapped(typed: string, word: string): boolean {
  const at = Array.from(typed).findIndex((letter, index) => letter !== word[index]);
  return at >= 0 && typed.slice(0, at) + (typed[at + 1] ?? '') + (typed[at] ?? '') + typed.slice(at + 2) === word;
}

/** Of meanings with one value the name of it. */
const VALUE_NAMES: Readonly<Record<string, string>> = {
  form: 'form',
  aggregate: 'aggregate',
  relation: 'operator',
  move: 'direction',
  state: 'expression',
  side: 'side',
  interval: 'interval',
  money: 'money',
  bestDay: 'which',
  strategy: 'strategy',
  scan: 'scan',
  allTime: 'field',
  unit: 'unit',
  occasion: 'occasion',
  refuse: 'why',
};

function parseMeaning(text: string): Meaning {
  const [is = '', ...rest] = text.split('.');
  const value = rest.join('.');
  switch (is) {
    case 'field':
      return { is, names: value.split('+') };
    case 'rank': {
      const [order = '', by] = rest;
      return { is, order: order as Order, ...(by === undefined ? {} : { by }) };
    }
    case 'pronoun':
      return { is, pronoun: /\d/.test(value) ? Number(value) : (value as 'it') };
    case 'group':
    case 'sector':
      return { is: 'group', symbols: value.split('+'), isSector: is === 'sector' };
    case 'step':
      return { is, unit: rest[0] as StepUnit, by: rest[1] === 'before' ? -1 : 1 };
    default: {
      const name = VALUE_NAMES[is];
      return (name === undefined ? { is } : { is, [name]: value }) as Meaning;
    }
  }
}

const SESSION_UNIT = String.raw`(?:days?|d|dma|sessions?|periods?|bars?)`;
const AVERAGE = String.raw`(?:(simple|exponential) )?(moving averages?|averages?|avgs?|smas?|emas?|mas?|dma|line)`;
/** `50 day moving average`, `50dma`, `20 ema`. */
const WINDOW_FIRST = new RegExp(String.raw`^(\d{1,3}) ?(?:${SESSION_UNIT} )?${AVERAGE}(?= |$)`);
const WINDOW_LAST = /^(sma|ema|ma|dma) ?(\d{1,3})(?= |$)/;
/** `20 day high`, `30 day average volume`, `10 day return`. */
const OVER_WINDOW = new RegExp(
  String.raw`^(\d{1,3}) ?${SESSION_UNIT} (highs?|lows?|average volume|avg volume|average vol|volume average|return|performance|change|rsi|atr|hv|rv|reali[sz]ed(?: vol(?:atility)?)?|(?:historical )?vol(?:atility)?|adx)(?= |$)`,
);
const HIGH_AND_LOW = new RegExp(String.raw`^(\d{1,3}) ?${SESSION_UNIT} highs? (?:and|/|n) lows?(?= |$)`);
const AVERAGE_VOLUME = new RegExp(String.raw`^(?:average|avg) (\d{1,3}) ?${SESSION_UNIT} vol(?:ume)?(?= |$)`);
const NAMED_WINDOW =
  /^(rsi|atr|hv|adx|roc|rv|yz|yang zhang|close to close|c2c) ?(\d{1,3})(?= |$)(?! (?:days? in|percent|or|and below))/;
/** `5/10/20/50/200 averages`, `20, 50 and 200 day smas`. */
const AVERAGE_LIST =
  /^\d{1,3}(?: ?(?:\/|,|and|, and) ?\d{1,3})+ ?(?:days? |d )?((?:simple |exponential )?(?:moving averages?|averages|smas?|emas?|mas|dmas?))(?= |$)/;
const BARE_WINDOW = new RegExp(String.raw`^(\d{1,3}) ?(?:day|d|dma)(?= |$)`);
/** What `N day` names where nothing else says so. */
export const KNOWN_AVERAGES = new Set([8, 9, 10, 20, 21, 50, 100, 150, 200]);

interface Windowed {
  names: string[];
  length: number;
}

/** The words of a question from a place on, up to twelve of them. */
interface Ahead {
  text: string;
  words: readonly string[];
  start: number;
  isCompared: boolean;
}

/** A field whose name holds a number of sessions, at a place of a question. */
export function matchWindowed(words: readonly string[], start: number, isCompared: boolean): Windowed | undefined {
  // "rsi 5 min": of bars of minutes.
  const end = words.findIndex((word, at) => at > start && /^m(?:in|ins|inutes?)$/.test(word));
  const text = words.slice(start, Math.min(start + 12, end < 0 ? Infinity : end - 1)).join(' ');
  const isLong = /^(?:yang|close)$/.test(words[start] ?? '') && /\d/.test(words.slice(start + 2, start + 4).join(' '));
  if (!isLong && !/\d/.test(words[start] ?? '') && !/\d/.test(words[start + 1] ?? '')) return undefined;
  for (const [pattern, namesOf] of WINDOWS) {
    const match = pattern.exec(text);
    if (match !== null) return windowed(match, namesOf(match));
  }
  return bareAverage({ text, words, start, isCompared });
}

/** Figures that the registry has, or expressions. */
function windowed({ 0: all }: RegExpExecArray, names: string[]): Windowed | undefined {
  const isKnown = names.length > 1 || names.every((name) => name.includes('(') || findField(name) !== undefined);
  return isKnown ? { names, length: all.split(' ').length } : undefined;
}

/** What each form of words with a number names, by its groups. */
const WINDOWS: readonly (readonly [pattern: RegExp, namesOf: (groups: readonly (string | undefined)[]) => string[]])[] =
  [
    [/^macd 12 ?[/,]? ?26 ?[/,]? ?9/, () => ['macd', 'macdSignal', 'macdHistogram']],
    [
      AVERAGE_LIST,
      ([all = '', kind = '']) =>
        (all.match(/\d+/g) ?? []).map((days) => `${/ema|exp/.test(kind) ? 'ema' : 'sma'}${days}`),
    ],
    [HIGH_AND_LOW, ([, days = '']) => [`highest(high, ${days})`, `lowest(low, ${days})`]],
    [OVER_WINDOW, ([, days = '', what = '']) => [overWindow(days, what)]],
    [AVERAGE_VOLUME, ([, days = '']) => [`avg(volume, ${days})`]],
    [
      WINDOW_FIRST,
      ([, days = '', style, kind = '']) => [
        `${style === 'exponential' || kind.startsWith('ema') ? 'ema' : 'sma'}${days}`,
      ],
    ],
    [WINDOW_LAST, ([, kind, days = '']) => [`${kind === 'ema' ? 'ema' : 'sma'}${days}`]],
    [NAMED_WINDOW, ([, name = '', days = '']) => [`${OWN_NAMES[name] ?? name}${days}`]],
  ];

/** `its 50 and 200 day`: of the averages in a list the first. */
const FIRST_OF_LIST =
  /^(\d{1,3}) (?:and|or|,|\/|, and) (?=(?:\d{1,3} (?:and|or|,|\/|, and) )*\d{1,3} ?(?:day|d|dma|sma|ema|ma|moving)(?= |$))/;
/** Of weeks as many sessions. */
const OF_WEEKS = /^(\d{1,2}) ?(?:weeks?|wks?|w) ?(?:simple )?(?:ma|sma|moving average|average|line)(?= |$)/;
const SLASHED = /^\d{1,3}(?: \/ \d{1,3})+(?= |$)/;
/** `above its 200` */
const OWNED =
  /^(20|50|100|200)(?= |$)(?! (?:day|d|week|percent|strike|call|put|share|point|contract|delta|session|dollar))/;

/** An average that only what stands around its number tells. */
function bareAverage(ahead: Ahead): Windowed | undefined {
  const { text, words, start, isCompared } = ahead;
  const list = isCompared ? FIRST_OF_LIST.exec(text) : null;
  if (list !== null) return { names: [`sma${list[1] ?? ''}`], length: 1 };
  const weeks = OF_WEEKS.exec(text);
  if (weeks !== null) return windowed(weeks, [`sma${String(5 * Number(weeks[1]))}`]);
  const slashed = SLASHED.exec(text);
  const listed = slashed?.[0].split(' / ').map(Number) ?? [];
  if (slashed !== null && listed.every((each) => KNOWN_AVERAGES.has(each)))
    return windowed(
      slashed,
      listed.map((each) => `sma${String(each)}`),
    );
  const owned = isCompared ? OWNED.exec(text) : null;
  const isSecond = /^(?:its|the) (?:20|50|100) (?:and|or|vs)$/.test(words.slice(start - 3, start).join(' '));
  if (owned !== null && (isSecond || /^(?:its|the|both)$/.test(words[start - 1] ?? '')))
    return windowed(owned, [`sma${owned[1] ?? ''}`]);
  const bare = BARE_WINDOW.exec(text);
  const window = Number(bare?.[1]);
  if (bare === null || !KNOWN_AVERAGES.has(window)) return undefined;
  const isNamed = isCompared || /^(?:the|its)$/.test(words[start - 1] ?? '') || standsAlone(ahead, bare[0], window);
  return isNamed ? windowed(bare, [`sma${String(window)}`]) : undefined;
}

/** `price, 50d, 200d`: averages beside it, and no other figure with a window. */
function standsAlone({ words, start }: Ahead, all: string, window: number): boolean {
  const [before = '', after = ''] = [words[start - 1], words[start + all.split(' ').length]];
  const isOfTwo = words.filter((word) => /^(?:50|100|200)(?:d|dma)$/.test(word)).length > 1;
  const isFree = !/^(?:about|and|the|last|past|for|over|in)$/.test(before) || (isOfTwo && before === 'and');
  return (
    start > 0 &&
    window >= 20 &&
    isFree &&
    /^(?:|,|and|or|\/|;|on|for|of|real|right|now|pls|please)$/.test(after) &&
    !words.some((word) => OF_WINDOWS.test(word) && !(isOfTwo && /^prices?$/.test(word)))
  );
}

/** What has a window of its own beside an average. */
const OF_WINDOWS =
  /^(?:returns?|performance|perf|change|changes|gains?|volume|hv|iv|moves?|range|ranges|high|low|highs|lows|rv|realized|realised|volatility|chart|history|ago|calls?|puts?|straddles?|options?|delta|em|expected|skew|vol|chain|dte|bars|candles|data|price|prices)$/;
const OWN_NAMES: Readonly<Record<string, string>> = {
  'yang zhang': 'yangZhang',
  yz: 'yangZhang',
  rv: 'hv',
  'close to close': 'hv',
  c2c: 'hv',
};

function overWindow(window: string, what: string): string {
  if (what.startsWith('high')) return `highest(high, ${window})`;
  if (what.startsWith('low')) return `lowest(low, ${window})`;
  if (/^(?:average|avg) |average$/.test(what)) return `avg(volume, ${window})`;
  if (/^(?:return|performance|change)$/.test(what)) return `roc${window}`;
  return `${/vol|hv|rv|^reali/.test(what) ? 'hv' : what}${window}`;
}
