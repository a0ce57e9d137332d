// The cli-table3 engine of tables, and the only file that knows cli-table3.
// Its layout takes time that grows faster than the table (100 rows of 12: 34 ms), so only small tables come here.
import CliTable from 'cli-table3';

/** What an engine draws: painted cells with the columns they take, each at most as wide as its column. */
export interface Grid {
  widths: number[];
  aligns: ('left' | 'right' | 'center')[];
  head?: PaintedCell[];
  rows: PaintedCell[][];
  gap: number;
}

export interface PaintedCell {
  text: string;
  columns: number;
}

/** The grid as lines, borderless: a rule under the head, two spaces between columns. */
export function drawWithCliTable(grid: Grid): string[] {
  const gap = ' '.repeat(grid.gap);
  const table = new CliTable({
    head: grid.head?.map((cell) => cell.text) ?? [],
    colWidths: grid.widths,
    colAligns: grid.aligns,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '─',
      'mid-mid': '─'.repeat(grid.gap),
      right: '',
      'right-mid': '',
      middle: gap,
    },
  });
  table.push(...grid.rows.map((row) => row.map((cell) => cell.text)));
  return table.toString().split('\n');
}
