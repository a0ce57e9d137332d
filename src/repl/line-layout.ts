// Where the characters of an edited line stand on a terminal that wraps it: rows, columns, and the part that is shown
// where the whole is higher than the screen. Pure.
import { characterWidth } from '../render/string-width.ts';

export interface LineView {
  /** Before the typed text, without color. */
  prefix: string;
  line: string;
  /** UTF-16 units before the cursor. */
  cursor: number;
}

export interface Place {
  /** From the first row of the line. */
  row: number;
  column: number;
}

/** What is shown of a line, and where the cursor stands in it. */
export interface Shown {
  text: string;
  /** Units of `text` before the cursor. */
  cursor: number;
}

/** Rows that stay free for what stands below the line. */
const FREE_ROWS = 2;
const ELLIPSIS = '…';
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

/** Where the next character goes after `text`; a full row continues on the next one. A wide character is never parted. */
export function placeAfter(text: string, width: number): Place {
  let row = 0;
  let column = 0;
  for (const character of text) {
    const columns = characterWidth(character);
    if (column + columns > width) {
      row += 1;
      column = 0;
    }
    column += columns;
  }
  return column >= width ? { row: row + 1, column: 0 } : { row, column };
}

/** Where the character at `index` stands; after the last one where the next would go. */
export function placeOf(text: string, index: number, width: number): Place {
  const place = placeAfter(text.slice(0, index), width);
  const character = text.codePointAt(index);
  const columns = character === undefined ? 0 : characterWidth(String.fromCodePoint(character));
  return place.column + columns > width ? { row: place.row + 1, column: 0 } : place;
}

/** The line without control characters; of one that is higher than the screen, the part around the cursor. */
export function showLine({ prefix, line, cursor }: LineView, width: number, rows: number): Shown {
  const before = line.slice(0, cursor).replaceAll(CONTROL, '');
  const after = line.slice(cursor).replaceAll(CONTROL, '');
  const mostRows = Math.max(1, rows - FREE_ROWS);
  if (placeAfter(prefix + before + after, width).row < mostRows) return { text: before + after, cursor: before.length };
  // Half of the room on either side; characters of two columns are counted as two.
  const half = Math.max(1, Math.floor((mostRows * width - prefix.length) / 2) - 2);
  const head = takeColumns(Array.from(before).toReversed(), half).toReversed().join('');
  const tail = takeColumns(Array.from(after), half).join('');
  const start = head.length < before.length ? ELLIPSIS : '';
  return {
    text: `${start}${head}${tail}${tail.length < after.length ? ELLIPSIS : ''}`,
    cursor: start.length + head.length,
  };
}

function takeColumns(characters: readonly string[], columns: number): string[] {
  let used = 0;
  const end = characters.findIndex((character) => (used += characterWidth(character)) > columns);
  return end < 0 ? [...characters] : characters.slice(0, end);
}
