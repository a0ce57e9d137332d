// A terminal as the program's output leaves it: wraps, scrolls, and wraps anew when it is resized, as most terminals do.
// Knows the sequences that fin and its prompts use; an unknown one fails the test.
import { characterWidth } from '../../src/render/string-width.ts';

interface Row {
  /** One entry a column; the second column of a wide character is empty. */
  cells: string[];
  /** Goes on in the next row because it was full. */
  wraps: boolean;
}

export interface Screen {
  write(text: string): void;
  resize(columns: number): void;
  /** All rows ever written, without trailing spaces and empty rows at the end. */
  readonly rows: string[];
  readonly cursor: { row: number; column: number };
  /** Clipboard texts sent by OSC 52. */
  readonly copied: string[];
}

const UNFINISHED = /^\u001b(?:\[[?>]?[\d;]*|\][^\u0007\u001b]*\u001b?)?$/;
const SEQUENCE = /^\u001b(?:\[([?>]?)([\d;]*)([A-Za-z~])|\]([^\u0007\u001b]*)(?:\u0007|\u001b\\))/;

export function createScreen(columns: number, height = 24): Screen {
  let width = columns;
  let rows: Row[] = [{ cells: [], wraps: false }];
  let row = 0;
  let column = 0;
  let isFull = false;
  const copied: string[] = [];
  /** The beginning of a sequence whose end has not come. */
  let kept = '';

  const top = (): number => Math.max(0, rows.length - height);

  function rowAt(index: number): Row {
    while (rows.length <= index) rows.push({ cells: [], wraps: false });
    return rows[index] as Row;
  }

  function nextRow(wraps: boolean): void {
    rowAt(row).wraps = wraps;
    row += 1;
    column = 0;
    isFull = false;
    rowAt(row);
  }

  function put(character: string): void {
    const columnsOf = characterWidth(character);
    if (columnsOf === 0) return;
    if (isFull || column + columnsOf > width) nextRow(true);
    const { cells } = rowAt(row);
    while (cells.length < column) cells.push(' ');
    cells[column] = character;
    if (columnsOf === 2) cells[column + 1] = '';
    column += columnsOf;
    isFull = column >= width;
    if (isFull) column = width - 1;
  }

  function erase(how: string, isDisplay: boolean): void {
    if (isDisplay && how === '3') return;
    if (isDisplay && how === '2') {
      rows = rows.slice(0, top());
      row = rows.length;
      rowAt(row);
      return;
    }
    const current = rowAt(row);
    current.cells.length = how === '2' ? 0 : Math.min(current.cells.length, column);
    current.wraps = false;
    if (isDisplay) rows.length = row + 1;
  }

  function control(mark: string, numbers: string, letter: string): void {
    const count = Math.max(1, Number(numbers.split(';')[0] || 1));
    if (mark !== '' || letter === 'm') return;
    isFull = false;
    if (letter === 'A') row = Math.max(top(), row - count);
    else if (letter === 'B') row = Math.min(rows.length - 1, row + count);
    else if (letter === 'C') column = Math.min(width - 1, column + count);
    else if (letter === 'D') column = Math.max(0, column - count);
    else if (letter === 'G') column = Math.min(width, count) - 1;
    else if (letter === 'H') [row, column] = [top() + count - 1, Math.max(1, Number(numbers.split(';')[1] ?? 1)) - 1];
    else if (letter === 'J' || letter === 'K') erase(numbers, letter === 'J');
    else throw new Error(`the screen of the tests does not know ESC [ ${numbers} ${letter}`);
  }

  function write(text: string): void {
    const all = kept + text;
    kept = '';
    for (let rest = all; rest !== '';) {
      const sequence = SEQUENCE.exec(rest);
      if (sequence !== null) {
        const [whole, mark = '', numbers = '', letter, command] = sequence;
        if (letter !== undefined) control(mark, numbers, letter);
        else if (command?.startsWith('52;c;') === true) copied.push(Buffer.from(command.slice(5), 'base64').toString());
        rest = rest.slice(whole.length);
        continue;
      }
      if (UNFINISHED.test(rest)) {
        kept = rest;
        return;
      }
      const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
      if (character === '\u001b')
        throw new Error(`the screen of the tests does not know ${JSON.stringify(rest.slice(0, 12))}`);
      if (character === '\n') nextRow(false);
      else if (character === '\r') [column, isFull] = [0, false];
      else put(character);
      rest = rest.slice(character.length);
    }
  }

  /** Long lines are wrapped to the new width; the cursor stays at its character. */
  function resize(next: number): void {
    const before = rows;
    const cursorRow = row;
    const cursorColumn = isFull ? column + 1 : column;
    width = next;
    rows = [{ cells: [], wraps: false }];
    row = 0;
    column = 0;
    isFull = false;
    let place: [number, number] | undefined;
    before.forEach(({ cells, wraps }, index) => {
      cells.forEach((cell, at) => {
        if (index === cursorRow && at === cursorColumn)
          place = isFull || column + characterWidth(cell || 'x') > width ? [row + 1, 0] : [row, column];
        if (cell !== '') put(cell);
      });
      if (index === cursorRow) place ??= [row, Math.min(width - 1, column + Math.max(0, cursorColumn - cells.length))];
      if (index < before.length - 1 && !wraps) nextRow(false);
    });
    [row, column] = place ?? [row, column];
    isFull = false;
  }

  return {
    write,
    resize,
    copied,
    get rows() {
      const shown = rows.map(({ cells }) => cells.join('').trimEnd());
      return shown.slice(0, shown.findLastIndex((line) => line !== '') + 1);
    },
    get cursor() {
      return { row, column };
    },
  };
}
