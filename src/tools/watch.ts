// One look at a live table: figures of its rows and of all alerts gathered together, so that alerts on what is watched
// cost no request of their own. Hides how rows are told apart once they are sorted, and when the book is written.
import { isTold, listAlerts } from '../book/alerts.ts';
import { readBook } from '../book/book-file.ts';
import type { AlertFiring, Answer } from '../domain/answers.ts';
import { nextChange, sessionAt } from '../domain/calendar.ts';
import { type Instrument, isContract } from '../domain/contracts.ts';
import { isFinError } from '../domain/errors.ts';
import { formatExchangeIso } from '../domain/exchange-time.ts';
import type { Clock, MachineMs, MarketMs, TickerSymbol } from '../domain/types.ts';
import { type Row, createRow } from '../fields/parts.ts';
import { type Delay, isOver } from '../http/delay.ts';
import { bindAlerts, isOfSample, judgeAlerts, needsOfAlerts, settle } from './alerts.ts';
import { type ToolContext, answerWith, toAnswerError } from './answer.ts';
import { type TableRequest, gatherInputs, isKnown, sortRows, toRow, wantedRows } from './table.ts';
import { describeColumn } from './table-columns.ts';

export interface WatchLook {
  answer: Answer<'table'>;
  /** What each row of the answer is of. */
  rows: Instrument[];
  /** Alerts that fired now, with the symbols that they are about. */
  fired: { firing: AlertFiring; symbols: readonly TickerSymbol[] }[];
}

/** Never throws for what a provider or a book lacks: that is an error of the answer, and the next look may do better. */
export async function look(asked: TableRequest, context: ToolContext): Promise<WatchLook> {
  let rows: Instrument[] = [];
  let fired: WatchLook['fired'] = [];
  const answer = await answerWith(context, async (counted) => {
    const { bound, errors } = readAlerts(counted);
    // Side by side, so that both share their requests; how old the rows are is told of them alone.
    const [collected, ofAlerts] = await Promise.all([
      gatherInputs(wantedRows(asked), {}, counted),
      gatherInputs(needsOfAlerts(bound), {}, counted),
    ]);
    const instrumentOf = new Map(
      collected.inputs.map((inputs, index) => [createRow(inputs), asked.rows[index]] as const),
    );
    const sorted = sortRows([...instrumentOf.keys()], asked.sort);
    rows = sorted.flatMap((row) => instrumentOf.get(row) ?? []);
    try {
      fired = judge(
        bound,
        ofAlerts.inputs.map((inputs) => createRow(inputs)),
        isOfSample(ofAlerts.sources),
        counted,
      );
    } catch (error) {
      if (!isFinError(error)) throw error;
      errors.push(toAnswerError(error));
    }
    const hasAnything = collected.inputs.some((inputs) => isKnown(inputs, collected.errors));
    const told = new Set(collected.errors.map(({ message }) => message));
    return {
      kind: 'table',
      data: hasAnything
        ? { columns: asked.columns.map(describeColumn), rows: sorted.map((row) => toRow(row, asked.columns)) }
        : undefined,
      errors: [...errors, ...collected.errors, ...ofAlerts.errors.filter(({ message }) => !told.has(message))],
      sources: collected.sources,
      notes: collected.notes,
    };
  });
  return { answer, rows, fired };
}

/** Read anew each time: alerts come and go while a table stands. */
function readAlerts({ book, clock }: ToolContext): ReturnType<typeof bindAlerts> {
  if (book === undefined) return { bound: [], errors: [] };
  try {
    return bindAlerts(listAlerts(readBook(book)), clock.now());
  } catch (error) {
    if (!isFinError(error)) throw error;
    return { bound: [], errors: [toAnswerError(error)] };
  }
}

/** The book is written, under its lock, only where an alert changes its state. */
function judge(
  bound: ReturnType<typeof bindAlerts>['bound'],
  known: readonly Row[],
  isSample: boolean,
  { book, clock, request }: ToolContext,
): WatchLook['fired'] {
  if (book === undefined || bound.length === 0) return [];
  const rowOf = new Map(known.map((row) => [row.inputs.symbol, row]));
  const judged = judgeAlerts(bound, (symbol) => rowOf.get(symbol));
  for (const { alert, why } of judged)
    if (why !== undefined) request.call.report({ type: 'detail', text: `alert ${alert.id}: ${why}` });
  const changed = judged.filter(({ alert, isTrue }) => isTrue !== undefined && isTrue !== isTold(alert, isSample));
  return settle(book, changed, { at: formatExchangeIso(clock.now()), isSample }).map((firing) => ({
    firing,
    symbols: bound.find(({ alert }) => alert.id === firing.id)?.bound.symbols ?? [],
  }));
}

export interface Pace {
  /** Of `--interval`. */
  askedMs?: number;
  /** Requests a minute that are this table's; absent: any number. */
  perMinute?: number;
  /** A stream keeps the quotes: a look costs nothing. */
  isStreamed?: boolean;
}

export interface Looking {
  /** Read anew for each look: rows come and go. */
  asked(): TableRequest;
  context(isFirst: boolean): ToolContext;
  clock: Clock;
  delay: Delay;
  signal: AbortSignal;
  /** Asked for after each look. */
  pace(): Pace;
  /** When a request may go, other processes counted. */
  freeAt(): Promise<MachineMs>;
  /** Ends the watch by giving a value. */
  onLook(found: WatchLook, isFirst: boolean): number | undefined;
  /** About once a second, with the time of the next look. `wake` brings it forward. */
  onWait(dueMs: MachineMs, wake: () => void): void;
}

const STEP_MS = 1_000;

/** Looks until `onLook` gives a value or the signal is aborted, which is undefined. */
export async function keepLooking(looking: Looking): Promise<number | undefined> {
  const { clock, signal, delay } = looking;
  for (let isFirst = true; ; isFirst = false) {
    const [startedMs, startedAt] = [clock.machineNow(), clock.now()];
    const found = await look(looking.asked(), looking.context(isFirst));
    if (isOver(signal)) return undefined;
    const end = looking.onLook(found, isFirst);
    if (end !== undefined) return end;
    let dueMs = Math.max(startedMs + decideWaitMs(startedAt, looking.pace()), await looking.freeAt());
    const woken = new AbortController();
    const either = AbortSignal.any([signal, woken.signal]);
    const wake = (): void => {
      dueMs = 0;
      woken.abort();
    };
    for (;;) {
      const leftMs = dueMs - clock.machineNow();
      if (isOver(signal)) return undefined;
      if (leftMs <= 0) break;
      looking.onWait(dueMs, wake);
      await delay(Math.min(leftMs, STEP_MS), either);
    }
  }
}

/** Once the market moves, and a minute where it hardly does. */
const LEAST_INTERVAL_MS = 2_000;
const STREAMED_INTERVAL_MS = 500;
const OFF_SESSION_INTERVAL_MS = 60_000;
const WINDOW_MS = 60_000;

/**
 * How long to wait until the next look: as asked, else as fast as `perMinute` requests allow; not beyond a change of the
 * market's state, and until that while it is closed.
 */
export function decideWaitMs(now: MarketMs, { askedMs, perMinute = Infinity, isStreamed = false }: Pace): number {
  const session = sessionAt(now);
  const untilChangeMs = nextChange(now).at - now;
  if (session === 'closed') return untilChangeMs;
  const ownMs = isStreamed
    ? STREAMED_INTERVAL_MS
    : session === 'regular'
      ? Math.max(LEAST_INTERVAL_MS, WINDOW_MS / Math.max(1, perMinute))
      : OFF_SESSION_INTERVAL_MS;
  return Math.min(askedMs ?? ownMs, untilChangeMs);
}

/** One row as a key: what a look calls it, whatever the figures. */
export function keyOfRow(row: Instrument): string {
  return isContract(row) ? JSON.stringify(row) : row;
}
