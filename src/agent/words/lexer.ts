// Hides how people write: apostrophes, hyphens, dollar signs, dots and capitals. A question becomes a row of plain words.

import { isMonthDay } from '../../domain/date-words.ts';

/** One word of a question, or a mark (`,` `:` `;` `/` and the like) that only separates. */
export interface Word {
  /** Lower case, without `$`, possessive ending and trailing marks. */
  text: string;
  /** As typed, without the marks around it. */
  raw: string;
  /** `Tesla's`, `SPY's`, `weeks'`. */
  isPossessive: boolean;
  /** Written `$NVDA`: a symbol, whatever it spells. */
  isExplicitSymbol: boolean;
  /** At least one letter, and all of them capitals. */
  isUpperCase: boolean;
  startsUpperCase: boolean;
  isMark: boolean;
  /** The company whose name it is a slip of. */
  meant?: string;
}

const TOKEN =
  /\$?[\p{L}\d](?:[\p{L}\d]|[.&'’](?=[\p{L}\d])|(?<=\d):(?=[0-5]\d)|[-‐–](?=[\p{L}\d]))*['’]?|[^\s\p{L}\d]/gu;
/** The same for text without other characters: patterns of letters of all scripts take V8 a third of a millisecond each. */
const ASCII_TOKEN =
  /\$?[A-Za-z\d](?:[A-Za-z\d]|[.&'](?=[A-Za-z\d])|(?<=\d):(?=[0-5]\d)|-(?=[A-Za-z\d]))*'?|[^\sA-Za-z\d]/g;
const ASCII = /^[\0-\x7f]*$/;
const ISO_DATE = /^\d{4}-\d\d-\d\d$/;
const SLASH_DATE = /\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/g;
// A share class: a dot always, a hyphen or slash only after roots that have classes, so that P/E stays two words.
const CLASS_SYMBOL = /\b(?:(BRK|BF)[-/]|(BRK) )([AB])\b/gi;
const DAY_COMMA_YEAR = /(\d{1,2}(?:st|nd|rd|th)?),\s*(?=\d{4}\b)/g;
const PUT_PER_CALL = /\bp(?:ut)?\s*(?:\/|-to-)\s*c(?:all)?\b/gi;
const SUPPORT_PER_RESISTANCE = /\bs\s?\/\s?r\b/gi;
/** What traders write short, where the short form means nothing else; in capitals it may be a symbol. */
const SHORTHAND: Readonly<Record<string, string>> = {
  px: 'price',
  lvl: 'price',
  yday: 'yesterday',
  yest: 'yesterday',
  ystd: 'yesterday',
  ystdy: 'yesterday',
  yesty: 'yesterday',
  ydays: 'yesterday',
  ystrdy: 'yesterday',
  tmw: 'tomorrow',
  tmrw: 'tomorrow',
  tmrws: 'tomorrow',
  tomorrows: 'tomorrow',
  tmro: 'tomorrow',
  tomo: 'tomorrow',
  tmrrw: 'tomorrow',
  tmr: 'tomorrow',
  tmoro: 'tomorrow',
  mth: 'month',
  mnth: 'month',
  mths: 'months',
  mnths: 'months',
  weeklys: 'weeklies',
  weeklie: 'weeklies',
  rel: 'relative',
  relativ: 'relative',
  btwn: 'between',
  betwen: 'between',
  abt: 'about',
  bout: 'about',
  premkt: 'premarket',
  premarkt: 'premarket',
  pct: 'percent',
  chg: 'change',
  perf: 'performance',
  mkt: 'market',
  mkts: 'markets',
  avg: 'average',
  hrs: 'hours',
  tdy: 'today',
  rn: 'now',
  lst: 'last',
  'p&l': 'pnl',
  nxt: 'next',
  lvls: 'levels',
  prev: 'previous',
  diff: 'difference',
  wkly: 'weekly',
  mthly: 'monthly',
  monthlys: 'monthlies',
  incl: 'including',
  calc: 'calculate',
  sess: 'session',
  ret: 'return',
  rets: 'returns',
  atrs: 'atr',
  strks: 'strikes',
  strk: 'strike',
  amt: 'amount',
  qty: 'quantity',
  curr: 'current',
  hist: 'history',
  thru: 'through',
  yr: 'year',
  yrs: 'years',
  shut: 'close',
  shuts: 'closes',
  til: 'till',
  upto: 'until',
  sprd: 'spread',
  sprds: 'spreads',
  technicaly: 'technically',
  frm: 'from',
  shud: 'should',
  agn: 'again',
  wht: 'what',
  whens: 'when',
};
const HARMLESS_MARK = /^[?!.'"“”‘’()[\]*_…]$/;

/** Their first three letters. */
export const MONTHS = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
/** `11/12` without a year; not the parts of `12/26/9` or `5/10/20`, nor `10/10 strikes` or a credit of `1/3 the width`. */
const SHORT_SLASH_DATE =
  /(?<![\d/.$]|\bwidth (?:of |is |above |over |at least )?)(\d{1,2})\/(\d{1,2})(?![\d/]|\.\d|\s*,?\s*(?:19|20)\d\d\b|\s*(?:strikes?|(?:of )?(?:the )?width)\b)/g;
/** `+2 weeks`: a span to come, where a plus between words is an "and". */
const SPAN_AHEAD = /(?<!\S)\+\s?(?=\d{1,4}\s?(?:d|w|wks?|mos?|y|yrs?|days?|weeks?|months?|quarters?|years?)\b)/gi;
const NAMED_DAY = String.raw`(?:${MONTHS})[a-z]{0,6}\.?(?:\s+\d{1,2}(?:st|nd|rd|th)?)?`;
/** A dash between two dates, which is no hyphen: `Aug 10-Nov 12, 2013`, `Nov 3-7`, `Jan–Mar`. */
const DATE_DASH = new RegExp(
  String.raw`(?<=\b(?:${NAMED_DAY}|q[1-4]|\d{4}-\d\d-\d\d|${NAMED_DAY},?\s+\d{4}))\s*[-–—]\s*(?=(?:(?:${MONTHS})[a-z]{0,6}|q[1-4]|\d{4}-\d\d-\d\d)\b|\d{1,2}(?:st|nd|rd|th)?(?![\d/.-]))`,
  'gi',
);
const HAS_DASH = /[-–—]/;
/** `Monday, November 3`: one date. */
const WEEKDAY_COMMA = new RegExp(String.raw`\b((?:mon|tues|wednes|thurs|fri)day),(?=\s*(?:${MONTHS}|\d))`, 'gi');

/** A pattern that replaces is compiled at once: one that needs a mark waits for it. */
function replaceWith(
  mark: string,
  text: string,
  pattern: RegExp,
  by: string | ((...found: string[]) => string),
): string {
  return text.includes(mark) ? text.replace(pattern, by as string) : text;
}

/** Dates without a year and dashes between dates in words that the date grammar reads. */
function spellDates(question: string): string {
  const spelt = replaceWith(',', replaceWith('+', question, SPAN_AHEAD, 'in '), WEEKDAY_COMMA, '$1');
  const dated = replaceWith('/', spelt, SHORT_SLASH_DATE, spellSlashDate);
  return HAS_DASH.test(dated) ? dated.replace(DATE_DASH, ' to ') : dated;
}

function spellSlashDate(all: string, month: string, day: string): string {
  const name = MONTHS.slice(4 * Number(month) - 4, 4 * Number(month) - 1);
  return isMonthDay(Number(month), Number(day)) ? ` ${name} ${Number(day)} ` : all;
}

/** The words of a question in order; question marks, quotes and brackets are dropped, other marks are kept. */
export function lexQuestion(question: string): Word[] {
  const dated = spellDates(question.normalize('NFKC')).replace(CLASS_SYMBOL, '$1$2.$3');
  const paired = /[/-]/.test(dated) ? dated.replace(PUT_PER_CALL, 'put call') : dated;
  const parted = replaceWith('/', paired, SUPPORT_PER_RESISTANCE, 'support resistance');
  const joined = replaceWith(
    '/',
    replaceWith(',', parted, DAY_COMMA_YEAR, '$1 '),
    SLASH_DATE,
    (_all, month = '', day = '', year = '') => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`,
  );
  const pieces = joined.match(ASCII.test(joined) ? ASCII_TOKEN : TOKEN) ?? [];
  return pieces
    .filter((piece) => !HARMLESS_MARK.test(piece))
    .flatMap(splitHyphens)
    .map(wordOf);
}

function fullForm(text: string): string | undefined {
  return Object.hasOwn(SHORTHAND, text) ? SHORTHAND[text] : undefined;
}

function splitHyphens(piece: string): string[] {
  // A hyphen that stands alone is a mark.
  return ISO_DATE.test(piece) || piece.length === 1 ? [piece] : piece.split(/[-‐–]/);
}

function wordOf(piece: string): Word {
  if (piece === '&' || piece === '+') return plainWord('and', piece);
  if (piece === '%') return plainWord('percent', piece);
  if (!/\d/.test(piece) && !hasLetter(piece)) return { ...plainWord(piece, piece), isMark: true };
  const isExplicitSymbol = piece.startsWith('$');
  const bare = piece.replace(/^\$/, '').replaceAll('’', "'");
  const possessive = /^(.+?)(?:'s|')$/i.exec(bare);
  const raw = possessive?.[1] ?? bare;
  const word = plainWord(raw.toLowerCase(), raw);
  const full = isExplicitSymbol || word.isUpperCase ? undefined : fullForm(word.text);
  return {
    ...word,
    ...(full === undefined ? {} : { text: full }),
    isPossessive: possessive !== null,
    isExplicitSymbol,
  };
}

function plainWord(text: string, raw: string): Word {
  return {
    text,
    raw,
    isPossessive: false,
    isExplicitSymbol: false,
    isUpperCase: raw === raw.toUpperCase() && hasLetter(raw),
    startsUpperCase: /^[A-Z]/.test(raw) || (!ASCII.test(raw) && /^\p{Lu}/u.test(raw)),
    isMark: false,
  };
}

function hasLetter(text: string): boolean {
  return /[A-Za-z]/.test(text) || (!ASCII.test(text) && /\p{L}/u.test(text));
}
