// fin watch on a terminal: the table, the detail of one row, what is typed at the bottom, and the keys.
// Hides what each key means in which state; what is looked at and when is decided in watch.ts.
import { underlyingOf } from '../domain/symbols.ts';
import { writeSync } from 'node:fs';
import { expandNames } from '../book/lists.ts';
import { listPositions } from '../book/positions.ts';
import { readBook } from '../book/book-file.ts';
import type { Answer } from '../domain/answers.ts';
import { nextChange, sessionAt } from '../domain/calendar.ts';
import { type Instrument, isContract, parseInstruments } from '../domain/contracts.ts';
import { toFinError } from '../domain/errors.ts';
import { formatExchangeIso } from '../domain/exchange-time.ts';
import type { MarketMs, TickerSymbol } from '../domain/types.ts';
import { renderAnswer } from '../render/answer.ts';
import { frame } from '../render/frame.ts';
import { formatAge, formatClock, formatExchangeTime, formatSession, formatWait, plural } from '../render/format.ts';
import { viewChartAnswers } from '../render/price-chart.ts';
import { sanitiseLine } from '../render/text.ts';
import { createTheme } from '../render/theme.ts';
import { type RenderOptions, formatFreshness } from '../render/view.ts';
import { mostScrolled, renderWatch } from '../render/watch.ts';
import { type ScreenKey, openFullScreen } from '../repl/full-screen.ts';
import { answerChart, parseOverlays } from '../tools/chart.ts';
import { answerContracts } from '../tools/contracts.ts';
import { answerChains } from '../tools/options.ts';
import { answerPositions } from '../tools/positions.ts';
import type { ToolContext } from '../tools/answer.ts';
import type { TableRequest } from '../tools/table.ts';
import { describeUnderlying } from '../tools/table-columns.ts';
import { type WatchLook, keyOfRow } from '../tools/watch.ts';
import { lineOf } from './alerts.ts';
import type { CommandContext } from './command-context.ts';
import { describeSample } from './data-commands.ts';
import { EXIT } from '../app/exit-code.ts';

const KEYS = '↑↓ choose · Enter detail · s sort · a add · d remove · / search · q quit';
const DETAIL_KEYS = '↑↓ scroll · Esc back · q quit';
const MOST_TYPED = 200;
const CHART = { range: { phrase: 'last 60 trading days' }, interval: 'day', style: 'candles', height: 10 } as const;
const PAGE = 10;

const MOVES: Partial<Record<ScreenKey['type'], number>> = {
  up: -1,
  down: 1,
  pageUp: -PAGE,
  pageDown: PAGE,
  first: -Infinity,
  last: Infinity,
};

interface Detail {
  row: Instrument;
  answers: readonly Answer[];
  scrolled: number;
}

/** Who shows what is watched. */
export interface WatchView {
  show(found: WatchLook): void;
  /** While it waits for the next look. */
  wait(dueMs: number, wake: () => void): void;
  close(): void;
}

/** What is watched; its view may change it. */
export interface Watched {
  asked: TableRequest;
  /** The same columns and order for other rows. @throws UsageError where none of them has such columns */
  askFor(rows: readonly Instrument[]): TableRequest;
  context: ToolContext;
  isSample: boolean;
  /** Why these rows, where none were named. */
  why?: string;
  isStreamed(): boolean;
  end(code: number): void;
}

export function openWatchScreen(watched: Watched, session: CommandContext): WatchView {
  const { clock, output, streams } = session;
  const theme = createTheme({ colour: output.colour });
  let dueMs = 0;
  let wake = (): void => undefined;
  /** Alerts stay until Escape; what failed goes when it has come right. */
  let alerts: string[] = [];
  let remark = [watched.why ?? '', watched.isSample ? describeSample(session) : '']
    .filter((text) => text !== '')
    .join(' · ');
  const list = createRowList(watched, () => wake());
  const closeUp = createCloseUp(watched, () => screen.draw());
  const typed = createTypedLine({
    search: (text) => (remark = list.search(text)),
    add: (text) => begin(() => list.add(text)),
  });
  let height = 24;

  function render({ columns, rows: lines }: { columns: number; rows: number }): string[] {
    height = lines;
    const options: RenderOptions = { width: Math.max(1, columns), theme };
    const [found, detail] = [list.found(), closeUp.shown()];
    const table = detail === undefined ? found?.answer.data : undefined;
    const failures = (found?.answer.errors ?? []).map(({ message }) => message);
    return renderWatch(
      {
        title: ['watch', plural(watched.asked.rows.length, 'row'), ...describeOrder(watched)],
        time: describeTime(clock.now()),
        isSample: watched.isSample || found?.answer.meta.sample === true,
        ...(table === undefined ? {} : { table }),
        chosen: list.chosen(),
        marked: list.marked(),
        ...(detail === undefined ? {} : { detail: renderDetail(detail, options), scrolled: detail.scrolled }),
        scrolled: detail?.scrolled ?? 0,
        told: [
          ...describeUnderlying(table?.columns ?? []),
          ...failures,
          ...alerts,
          ...(remark === '' ? [] : [remark]),
        ].map((line) => sanitiseLine(line, 300)),
        source: describeSource(watched, found, dueMs - clock.machineNow()),
        keys: typed.describe() ?? (detail === undefined ? KEYS : DETAIL_KEYS),
      },
      lines,
      options,
    ).map(output.redact);
  }

  function begin(work: () => Promise<void> | void): void {
    Promise.resolve()
      .then(work)
      .catch((error: unknown) => {
        remark = toFinError(error).message;
        screen.draw();
      });
  }

  const mostDown = (shown: Detail): number =>
    mostScrolled(renderDetail(shown, { width: streams.stdout.columns, theme }), height);

  function onTableKey(key: ScreenKey): void {
    const by = MOVES[key.type];
    if (by !== undefined) {
      list.move(by);
      return;
    }
    const row = list.current();
    if (key.type === 'enter' && row !== undefined) {
      list.unmark(row);
      begin(() => closeUp.open(row));
    } else if (key.type === 'escape') {
      alerts = [];
      remark = '';
      list.unmarkAll();
    } else if (key.type === 'text') onLetter(key.text);
  }

  function onLetter(letter: string): void {
    if (letter === 'q') watched.end(EXIT.done);
    else if (letter === 's') list.sortByNext();
    else if (letter === 'a') typed.start('add');
    else if (letter === '/') typed.start('search');
    else if (letter === 'd') list.removeChosen();
  }

  const screen = openFullScreen({
    stdin: streams.stdin,
    stdout: streams.stdout,
    write: (text) => writeWhole(text),
    render,
    onKey: (key) => {
      if (key.type === 'interrupt') watched.end(EXIT.interrupted);
      else if (typed.describe() !== undefined) typed.onKey(key);
      else if (closeUp.shown() !== undefined) closeUp.onKey(key, mostDown);
      else onTableKey(key);
      screen.draw();
    },
    onEnd: () => watched.end(EXIT.done),
    machineNow: () => clock.machineNow(),
  });

  return {
    show: (next) => {
      list.show(next);
      for (const { firing, symbols } of next.fired) {
        const text = sanitiseLine(lineOf(firing, next.answer.meta.sample), 300);
        alerts.push(text);
        list.mark(symbols);
        screen.send(notificationOf(output.redact(text)));
      }
      begin(closeUp.refresh);
      screen.draw();
    },
    wait: (nextMs, nextWake) => {
      [dueMs, wake] = [nextMs, nextWake];
      screen.draw();
    },
    close: screen.close,
  };
}

/** The rows: which is chosen, which have fired, and what is asked for from now on. */
function createRowList(watched: Watched, onChange: () => void) {
  let found: WatchLook | undefined;
  let chosen = 0;
  const marked = new Set<string>();
  const rows = (): readonly Instrument[] => found?.rows ?? [];

  function chooseRow(index: number): void {
    chosen = Math.max(0, Math.min(index, rows().length - 1));
  }

  function changeRows(next: readonly Instrument[]): void {
    const { sort, columns } = watched.asked;
    const ofColumn = columns.findIndex(({ bound }) => bound === sort?.by);
    // Without rows there is nothing that columns could be of.
    const asked = next.length === 0 ? { ...watched.asked, rows: [] } : watched.askFor(next);
    const by = asked.columns[ofColumn]?.bound;
    watched.asked = by === undefined || sort === undefined ? asked : { ...asked, sort: { ...sort, by } };
    onChange();
  }

  /** Each column from the largest, then as it was. */
  function sortByNext(): void {
    const { sort, columns } = watched.asked;
    const next = columns[columns.findIndex(({ bound }) => bound === sort?.by) + 1];
    const { sort: _before, ...rest } = watched.asked;
    watched.asked = next === undefined ? rest : { ...rest, sort: { by: next.bound, descending: true } };
    onChange();
  }

  function add(text: string): void {
    const added = parseInstruments([
      watched.context.book === undefined ? text : expandNames(text, watched.context.book),
    ]);
    const known = new Set(watched.asked.rows.map(keyOfRow));
    changeRows([...watched.asked.rows, ...added.filter((row) => !known.has(keyOfRow(row)))]);
  }

  function removeChosen(): void {
    const row = rows()[chosen];
    if (row === undefined || found?.answer.data === undefined) return;
    const isKept = (_: unknown, index: number): boolean => index !== chosen;
    const { data } = found.answer;
    found = {
      ...found,
      rows: found.rows.filter(isKept),
      answer: { ...found.answer, data: { ...data, rows: data.rows.filter(isKept) } },
    };
    chooseRow(chosen);
    changeRows(watched.asked.rows.filter((each) => keyOfRow(each) !== keyOfRow(row)));
  }

  /** What there is to say of it. */
  function search(text: string): string {
    const wanted = text.trim().toUpperCase();
    const index = (found?.answer.data?.rows ?? []).findIndex(({ symbol }) => symbol.toUpperCase().includes(wanted));
    if (wanted !== '' && index < 0) return `no row matches ${wanted}`;
    if (wanted !== '') chooseRow(index);
    return '';
  }

  function show(next: WatchLook): void {
    const row = rows()[chosen];
    found = next;
    if (row === undefined) return;
    const at = next.rows.findIndex((each) => keyOfRow(each) === keyOfRow(row));
    chooseRow(at < 0 ? chosen : at);
  }

  return {
    found: () => found,
    chosen: () => chosen,
    current: () => rows()[chosen],
    marked: () => new Set(rows().flatMap((row, index) => (marked.has(keyOfRow(row)) ? [index] : []))),
    mark: (symbols: readonly string[]): void => {
      for (const [index, each] of rows().entries())
        if (symbols.includes(found?.answer.data?.rows[index]?.symbol ?? '')) marked.add(keyOfRow(each));
    },
    unmark: (row: Instrument) => marked.delete(keyOfRow(row)),
    unmarkAll: () => marked.clear(),
    move: (by: number) => chooseRow(chosen + by),
    show,
    sortByNext,
    add,
    removeChosen,
    search,
  };
}

function describeOrder({ asked: { sort, columns } }: Watched): string[] {
  if (sort === undefined) return [];
  const key = columns.find(({ bound }) => bound === sort.by)?.key ?? 'the expression';
  return [`by ${key} ${sort.descending ? '↓' : '↑'}`];
}

function describeSource(watched: Watched, found: WatchLook | undefined, leftMs: number): string[] {
  const meta = found?.answer.meta;
  const left = Math.ceil(leftMs / 1_000);
  return [
    meta?.provider ?? (found === undefined ? 'asking' : 'no source'),
    watched.isStreamed() ? 'stream' : '',
    meta?.asOf === undefined ? '' : `as of ${formatExchangeTime(meta.asOf)}`,
    meta === undefined ? '' : formatFreshness(meta),
    left <= 0 ? '' : left < 90 ? `next in ${left} s` : `next in ${formatAge(left * 1_000)}`,
  ].filter((piece) => piece !== '');
}

function describeTime(now: MarketMs): string[] {
  const { state, at } = nextChange(now);
  const left = `${formatSession(state)} in ${formatWait(at - now)}`;
  return [left, formatSession(sessionAt(now)), formatClock(formatExchangeIso(now))];
}

/** What is typed at the bottom, until Enter or another key ends it; a search is looked up letter by letter. */
function createTypedLine(done: { search(text: string): void; add(text: string): void }) {
  let typing: { what: 'add' | 'search'; text: string } | undefined;
  return {
    start(what: 'add' | 'search'): void {
      typing = { what, text: '' };
    },
    describe(): string | undefined {
      if (typing === undefined) return undefined;
      return `${typing.what === 'add' ? 'add symbols' : 'search'}: ${typing.text}▏  Enter · Esc`;
    },
    onKey(key: ScreenKey): void {
      if (typing === undefined) return;
      const { what, text } = typing;
      if (key.type === 'text') typing = { what, text: (text + key.text).slice(0, MOST_TYPED) };
      else if (key.type === 'erase') typing = { what, text: text.replace(/.$/u, '') };
      else typing = undefined;
      if (what === 'search' && typing !== undefined) done.search(typing.text);
      else if (key.type === 'enter' && text.trim() !== '') done[what](text);
    },
  };
}

/** The row that is looked at closely. */
function createCloseUp(watched: Watched, draw: () => void) {
  let detail: Detail | undefined;

  async function open(row: Instrument): Promise<void> {
    const opened: Detail = { row, answers: [], scrolled: 0 };
    detail = opened;
    draw();
    const read = await readDetail(row, watched);
    if (detail !== opened) return;
    detail = { ...opened, ...read };
    draw();
  }

  /** Its quotes came with the look at all rows; the rest is held as long as it is fresh. */
  async function refresh(): Promise<void> {
    const shown = detail;
    if (shown === undefined || shown.answers.length === 0) return;
    const read = await readDetail(shown.row, watched);
    if (detail?.row === shown.row) detail = { ...detail, ...read };
  }

  function onKey(key: ScreenKey, mostDown: (shown: Detail) => number): void {
    const by = MOVES[key.type];
    if (by !== undefined && detail !== undefined)
      detail.scrolled = Math.max(0, Math.min(mostDown(detail), detail.scrolled + by));
    else if (key.type === 'escape' || key.type === 'enter' || key.type === 'erase') detail = undefined;
    else if (key.type === 'text' && key.text === 'q') watched.end(EXIT.done);
  }

  return { shown: () => detail, open, refresh, onKey };
}

/** Bell, and the two ways in which terminals are asked to notify: iTerm2's and urxvt's. */
function notificationOf(text: string): string {
  return `\u0007\u001b]9;${text}\u001b\\\u001b]777;notify;fin;${text.replaceAll(';', ',')}\u001b\\`;
}

/** A terminal that is gone has nothing to be given back; it ends the watch by its signal or the end of its keys. */
function writeWhole(text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(process.stdout.fd, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EIO' || code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
    }
  }
}

/** Quote, chart, the nearest chain as a whole, what is held of it. */
async function readDetail(row: Instrument, { context }: Watched): Promise<Pick<Detail, 'answers'>> {
  const symbol: TickerSymbol = isContract(row) ? row.underlying : row;
  const { book } = context;
  const held = book === undefined ? [] : listPositions(readBook(book)).filter((each) => underlyingOf(each) === symbol);
  const answers = await Promise.all([
    answerContracts(isContract(row) ? [row, symbol] : [symbol], context),
    answerChart({ ...CHART, symbol, overlays: parseOverlays('sma20 volume') }, context),
    answerChains({ symbols: [symbol], side: 'both', strikes: 3, summary: true }, context),
    held.length === 0
      ? undefined
      : answerPositions(() => Promise.resolve({ positions: held, source: 'book' }), context),
  ]);
  return { answers: answers.filter((answer) => answer !== undefined) };
}

function renderDetail({ answers }: Detail, options: RenderOptions): string[] {
  if (answers.length === 0) return ['asking'];
  return answers
    .map((answer) => {
      const plain = { ...answer, meta: { sample: false, providerCalls: 0, elapsedMs: 0 } };
      const chart = viewChartAnswers([plain], options);
      return [
        ...(chart === undefined ? renderAnswer(plain, options) : frame(chart, [plain], options)),
        ...answer.errors.map(({ message }) => sanitiseLine(message, 300).slice(0, options.width)),
      ];
    })
    .filter((part) => part.length > 0)
    .flatMap((part) => [...part, '']);
}
