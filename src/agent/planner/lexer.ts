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
const PUT_PER_CALL = /\bput\s*(?:\/|-to-)\s*call\b/gi;
const HARMLESS_MARK = /^[?!.'"“”‘’()[\]*_…]$/;

/** The words of a question in order; question marks, quotes and brackets are dropped, other marks are kept. */
export function lexQuestion(question: string): Word[] {
  const joined = question
    .normalize('NFKC')
    .replace(CLASS_SYMBOL, '$1.$2')
    .replace(PUT_PER_CALL, 'put call')
    .replace(DAY_COMMA_YEAR, '$1 ')
    .replace(SLASH_DATE, (_all, month: string, day: string, year: string) => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
  const pieces = joined.match(TOKEN) ?? [];
  return pieces.filter((piece) => !HARMLESS_MARK.test(piece)).flatMap(splitHyphens).map(wordOf);
}

/** The same normal form for a name of the table, so that `Coca-Cola` and `coca cola` meet. */
export function normalWords(text: string): string {
  return lexQuestion(text).filter((word) => !word.isMark).map((word) => word.text).join(' ');
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
  return { ...plainWord(raw.toLowerCase(), raw), isPossessive: possessive !== null, isExplicitSymbol };
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
