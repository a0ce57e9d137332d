// Draws the edited line and what stands below it, over what was drawn before. Hides cursor movements, wrapped rows,
// and that a terminal wraps anew what stands on it when its width changes.
import { type LineView, type Shown, placeAfter, placeOf, showLine } from './line-layout.ts';

export interface PaintedView extends LineView {
  /** The prefix as it is written. */
  painted: string;
  /** Lines under it, none wider than the terminal. */
  below: readonly string[];
}

interface Drawn {
  prefix: string;
  shown: Shown;
  /** The full last row was ended, and the cursor put on the next one. */
  endsRow: boolean;
}

export const CLEAR_SCREEN = '\u001b[2J\u001b[3J\u001b[H';
/** After the prefix: at the top left corner some terminals take it for a cleared screen and keep the old one. */
const CLEAR_BELOW = '\u001b[J';

const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

const up = (rows: number): string => (rows > 0 ? `\u001b[${rows}A` : '');
const right = (columns: number): string => (columns > 0 ? `\u001b[${columns}C` : '');

export function createLinePainter(terminal: NodeJS.WriteStream) {
  let drawn: Drawn | undefined;
  let waiting: PaintedView | undefined;
  let timer: NodeJS.Immediate | undefined;

  // Some terminals do not know their size and say 0.
  const width = (): number => terminal.columns || DEFAULT_COLUMNS;
  const height = (): number => terminal.rows || DEFAULT_ROWS;

  /** To the first row of what was drawn, as the terminal wraps it now. */
  function goBack(): string {
    if (drawn === undefined) return '';
    const { prefix, shown, endsRow } = drawn;
    const cursor = placeOf(prefix + shown.text, prefix.length + shown.cursor, width());
    // A terminal that made the last row just full keeps the cursor in it or puts it below: better a row too few than
    // one of what stands above.
    const mayBeFull = cursor.column === 0 && cursor.row > 0 && shown.cursor === shown.text.length && !endsRow;
    return `${up(cursor.row - (mayBeFull ? 1 : 0))}\r`;
  }

  function flush(): void {
    clearImmediate(timer);
    timer = undefined;
    const view = waiting;
    waiting = undefined;
    if (view === undefined) return;
    const { prefix, painted, below } = view;
    const shown = showLine(view, width(), height());
    const end = placeAfter(prefix + shown.text, width());
    const cursor = placeOf(prefix + shown.text, prefix.length + shown.cursor, width());
    // Rows are wrapped by the terminal itself, so that it can wrap them anew; only a full last row is ended here.
    const endsRow = end.row > 0 && end.column === 0;
    const lines = below.map((line) => `\r\n${line}`).join('');
    terminal.write(
      `${goBack()}${painted}${CLEAR_BELOW}${shown.text}${endsRow ? ' \r' : ''}${lines}${up(end.row + below.length - cursor.row)}\r${right(cursor.column)}`,
    );
    drawn = { prefix, shown, endsRow };
  }

  return {
    /** Soon: of several in a row only the last is drawn. */
    draw: (view: PaintedView) => {
      waiting = view;
      timer ??= setImmediate(flush);
    },
    /** Draws the whole line, without what stood below it, and goes on under it. */
    finish: ({ prefix, painted, line }: PaintedView) => {
      clearImmediate(timer);
      waiting = undefined;
      const { text } = showLine({ prefix, line, cursor: line.length }, width(), Infinity);
      terminal.write(`${goBack()}${painted}${CLEAR_BELOW}${text}\r\n`);
      drawn = undefined;
    },
    /** The screen was cleared or used by others: what was drawn is not touched any more. */
    forget: () => {
      drawn = undefined;
    },
    clearScreen: () => {
      terminal.write(CLEAR_SCREEN);
      drawn = undefined;
    },
  };
}
