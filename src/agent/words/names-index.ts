// Hides how the table of names becomes texts in which a name is found without building anything: like phrase-index.ts the
// build runs this file and puts the finished texts in its place.
import { toLines } from './lines.ts';
import { AMBIGUOUS_NAMES, NAMES_TABLE, PART_END } from './names-table.ts';

/** What the lexer leaves as it is, but for capitals. */
const PLAIN_NAME = /^[A-Za-z\d ]+$/;

const shownNames = new Map<string, string>();
const symbolsOf = new Map<string, string>();
for (const entry of NAMES_TABLE.split(/[\n;]/)) addEntry(entry);
for (const entry of AMBIGUOUS_NAMES.split(/[\n;]/)) addAmbiguous(entry);

/** Of each symbol the name as it is shown, the symbol itself where the table has none. */
export const COMPANIES = toLines(shownNames);

/** Of each name its symbols, apart by blanks: after `^` only with a capital letter, after `?` always asked back. */
export const COMPANY_NAMES = toLines(symbolsOf);

const symbolsIn = (part = ''): string =>
  part
    .split(/[\n;]/)
    .map((entry) => entry.split('=', 1)[0] ?? '')
    .filter((symbol) => symbol !== '')
    .join(' ');
const [famous, known] = NAMES_TABLE.split(PART_END);

/** Apart by blanks, in the order of the table: the symbols that everyone knows, and those that many know. */
export const FAMOUS_SYMBOLS = symbolsIn(famous);
export const KNOWN_SYMBOLS = symbolsIn(known);

function addEntry(entry: string): void {
  const [symbol = '', names] = entry.split('=', 2);
  if (symbol === '' || symbol === PART_END) return;
  const [shown = symbol, ...others] = names?.split(',') ?? [];
  if (!shownNames.has(symbol)) shownNames.set(symbol, shown);
  if (names === undefined) return;
  if (PLAIN_NAME.test(shown)) addName(shown.toLowerCase(), symbol);
  for (const name of others) addName(name, symbol);
}

/** A name of several: with a capital letter only, if it is so for one of them. */
function addName(key: string, symbol: string): void {
  const name = key.replace(/^\^/, '');
  const before = symbolsOf.get(name) ?? '';
  const symbols = new Set([...before.replace('^', '').split(' ').filter(Boolean), symbol]);
  symbolsOf.set(name, `${name !== key || before.startsWith('^') ? '^' : ''}${[...symbols].join(' ')}`);
}

function addAmbiguous(entry: string): void {
  const [word = '', symbols = ''] = entry.split('=', 2);
  if (word !== '') symbolsOf.set(word, `?${symbols.replaceAll(',', ' ')}`);
}
