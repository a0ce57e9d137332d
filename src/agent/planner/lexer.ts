// Hides how people write: apostrophes, hyphens, dollar signs, dots and capitals. A question becomes a row of plain words.

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
}

const TOKEN = /\$?[\p{L}\d](?:[\p{L}\d]|[.&'’](?=[\p{L}\d])|[-‐–](?=[\p{L}\d]))*['’]?|[^\s\p{L}\d]/gu;
const ISO_DATE = /^\d{4}-\d\d-\d\d$/;
const SLASH_DATE = /\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/g;
// A share class: a dot always, a hyphen or slash only after roots that have classes, so that P/E stays two words.
const CLASS_SYMBOL = /\b(BRK|BF)[-/]([AB])\b/gi;
const DAY_COMMA_YEAR = /(\d{1,2}(?:st|nd|rd|th)?),\s*(?=\d{4}\b)/g;
const PUT_PER_CALL = /\bp(?:ut)?\s*(?:\/|-to-)\s*c(?:all)?\b/gi;
const SUPPORT_PER_RESISTANCE = /\bs\s?\/\s?r\b/gi;
/** What traders write short, where the short form means nothing else; in capitals it may be a symbol. */
const SHORTHAND: Readonly<Record<string, string>> = {
  px: 'price', pct: 'percent', chg: 'change', perf: 'performance', mkt: 'market', mkts: 'markets', avg: 'average', hrs: 'hours',
  yday: 'yesterday', yest: 'yesterday', tdy: 'today', rn: 'now',
};
const PLAIN_WORDS = /^[A-Za-z\d]+(?: [A-Za-z\d]+)*$/;
const SHORTHAND_WORD = new RegExp(String.raw`\b(?:${Object.keys(SHORTHAND).join('|')})\b`, 'i');
const HARMLESS_MARK = /^[?!.'"“”‘’()[\]*_…]$/;

const MONTHS = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
/** `11/12` and `Oct 1` without a year; not the parts of `12/26/9` or `5/10/20`, nor `10/10 strikes`. */
const NO_YEAR = String.raw`(?![\d/]|\.\d|\s*,?\s*(?:19|20)\d\d\b|\s*strikes?\b)`;
const SHORT_SLASH_DATE = new RegExp(String.raw`(?<![\d/.$])(\d{1,2})\/(\d{1,2})${NO_YEAR}`, 'g');
const SHORT_MONTH_DATE = new RegExp(String.raw`\b(${MONTHS})[a-z]{0,6}\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b${NO_YEAR}`, 'gi');

/** Gives dates without a year the date that `dateFor` finds for a month (1 to 12) and day; impossible ones are left alone. */
export function completeShortDates(question: string, dateFor: (month: number, day: number) => string | undefined): string {
  return question
    .replace(SHORT_SLASH_DATE, (all, month: string, day: string) => dateFor(Number(month), Number(day)) ?? all)
    .replace(SHORT_MONTH_DATE, (all, month: string, day: string) => dateFor(MONTHS.indexOf(month.toLowerCase()) / 4 + 1, Number(day)) ?? all);
}

/** The words of a question in order; question marks, quotes and brackets are dropped, other marks are kept. */
export function lexQuestion(question: string): Word[] {
  const joined = question
    .normalize('NFKC')
    .replace(CLASS_SYMBOL, '$1.$2')
    .replace(PUT_PER_CALL, 'put call')
    .replace(SUPPORT_PER_RESISTANCE, 'support resistance')
    .replace(DAY_COMMA_YEAR, '$1 ')
    .replace(SLASH_DATE, (_all, month: string, day: string, year: string) => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
  const pieces = joined.match(TOKEN) ?? [];
  return pieces.filter((piece) => !HARMLESS_MARK.test(piece)).flatMap(splitHyphens).map(wordOf);
}

/** The same normal form for a name of the table, so that `Coca-Cola` and `coca cola` meet. */
export function normalWords(text: string): string {
  // Most names and phrases are plain words: taking those apart by the patterns took ten milliseconds of a first question.
  const trimmed = text.trim();
  if (PLAIN_WORDS.test(trimmed)) return SHORTHAND_WORD.test(trimmed) ? trimmed.split(' ').map(plainForm).join(' ') : trimmed.toLowerCase();
  return lexQuestion(text).filter((word) => !word.isMark).map((word) => word.text).join(' ');
}

function fullForm(text: string): string | undefined {
  return Object.hasOwn(SHORTHAND, text) ? SHORTHAND[text] : undefined;
}

/** The form of a word of letters and digits alone, as `wordOf` gives it. */
function plainForm(word: string): string {
  const text = word.toLowerCase();
  const isUpperCase = text !== word && word === word.toUpperCase();
  return isUpperCase ? text : (fullForm(text) ?? text);
}

function splitHyphens(piece: string): string[] {
  // A hyphen that stands alone is a mark.
  return ISO_DATE.test(piece) || piece.length === 1 ? [piece] : piece.split(/[-‐–]/);
}

function wordOf(piece: string): Word {
  if (piece === '&' || piece === '+') return plainWord('and', piece);
  if (piece === '%') return plainWord('percent', piece);
  if (!/[\p{L}\d]/u.test(piece)) return { ...plainWord(piece, piece), isMark: true };
  const isExplicitSymbol = piece.startsWith('$');
  const bare = piece.replace(/^\$/, '').replaceAll('’', "'");
  const possessive = /^(.+?)(?:'s|')$/i.exec(bare);
  const raw = possessive?.[1] ?? bare;
  const word = plainWord(raw.toLowerCase(), raw);
  const full = isExplicitSymbol || word.isUpperCase ? undefined : fullForm(word.text);
  return { ...word, ...(full === undefined ? {} : { text: full }), isPossessive: possessive !== null, isExplicitSymbol };
}

function plainWord(text: string, raw: string): Word {
  const hasLetter = /\p{L}/u.test(raw);
  return {
    text,
    raw,
    isPossessive: false,
    isExplicitSymbol: false,
    isUpperCase: hasLetter && raw === raw.toUpperCase(),
    startsUpperCase: /^\p{Lu}/u.test(raw),
    isMark: false,
  };
}
