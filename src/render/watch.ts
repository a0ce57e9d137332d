// The screen of a live table: what is at its head, the rows that fit with one chosen, what was told, and the keys.
// Pure: the same state and size give the same lines.
import type { TableData } from '../domain/answers.ts';
import { renderFieldRows } from './fields-table.ts';
import { displayWidth, padStart, truncate, wrapPieces } from './text.ts';
import type { RenderOptions } from './view.ts';

export interface WatchScreen {
  /** At the left and the right of the first line. */
  title: readonly string[];
  time: readonly string[];
  isSample: boolean;
  /** Absent while nothing has come. */
  table?: TableData;
  chosen: number;
  /** Rows with an alert that fired. */
  marked: ReadonlySet<number>;
  /** In place of the table. */
  detail?: readonly string[];
  /** Lines of the detail that are scrolled away. */
  scrolled: number;
  /** Alerts, failures: the newest last. */
  told: readonly string[];
  /** Where the figures come from. */
  source: readonly string[];
  keys: string;
}

const MOST_TOLD = 3;

export function renderWatch(screen: WatchScreen, height: number, options: RenderOptions): string[] {
  const { theme, width } = options;
  const told = screen.told.slice(-MOST_TOLD).map((line) => theme.paint('warning', truncate(line, width)));
  const foot = [
    ...(height > 12 ? told : told.slice(-1)),
    theme.paint('muted', wrapPieces(screen.source, width)[0] ?? ''),
    theme.paint('muted', truncate(screen.keys, width)),
  ];
  const head = [renderHead(screen, options), ...(height > 12 ? [''] : [])];
  const room = Math.max(1, height - head.length - foot.length);
  const body = (screen.detail?.slice(screen.scrolled) ?? renderRows(screen, room, options)).slice(0, room);
  return [...head, ...body, ...Array.from({ length: room - body.length }, () => ''), ...foot];
}

/** `watch · 12 symbols · SAMPLE            market open · 11:00:02 ET`; the time goes first where there is no room. */
function renderHead({ title, time, isSample }: WatchScreen, { theme, width }: RenderOptions): string {
  const left = [...title, ...(isSample ? ['SAMPLE'] : [])].join(' · ');
  const shown = time
    .map((_, index) => time.slice(index).join(' · '))
    .find((text) => displayWidth(`${left}  ${text}`) <= width);
  if (shown === undefined) return theme.paint('strong', truncate(left, width));
  const painted = isSample
    ? theme.paint('strong', left.slice(0, -'SAMPLE'.length)) + theme.paint('warning', 'SAMPLE')
    : theme.paint('strong', left);
  return painted + padStart(shown, width - displayWidth(left));
}

/** Two lines of heading and as many rows as there is room for, the chosen one among them. */
function renderRows({ table, chosen, marked }: WatchScreen, room: number, options: RenderOptions): string[] {
  if (table === undefined) return [];
  const marks = table.rows.map((_, index) => `${index === chosen ? '▸' : ' '}${marked.has(index) ? '!' : ' '}`);
  const lines = renderFieldRows(
    {
      columns: table.columns,
      rows: table.rows,
      before: [
        { head: '', align: 'left', cells: marks },
        { head: 'Symbol', align: 'left', cells: table.rows.map(({ symbol }) => symbol) },
      ],
      dividers: [],
    },
    options,
  );
  const space = Math.max(1, room - 2);
  const first = Math.max(0, Math.min(chosen - Math.floor(space / 2), table.rows.length - space));
  return [...lines.slice(0, 2), ...lines.slice(2 + first, 2 + first + space)];
}

/** How far a detail can be scrolled on a screen of this height. */
export function mostScrolled(detail: readonly string[], height: number): number {
  return Math.max(0, detail.length - Math.max(1, height - 6));
}
