// fin watch: a table that refreshes itself, on a terminal as a screen with keys, elsewhere as a line for each change.
// Decides what is watched, how fast, and what ends it; looks and alerts are in tools/watch.ts.
import { createMarketRequest } from '../app/request.ts';
import { timeIsUp } from '../app/question-deadline.ts';
import { watchShareOf } from '../app/provider-use.ts';
import type { Runtime } from '../app/runtime.ts';
import { listPositions } from '../book/positions.ts';
import { readBook } from '../book/book-file.ts';
import { dataFolderOf } from '../book/data-folder.ts';
import { symbolsOfList } from '../book/lists.ts';
import type { TableRow } from '../domain/answers.ts';
import { sessionAt } from '../domain/calendar.ts';
import { type Instrument, isContract, parseInstruments } from '../domain/contracts.ts';
import { UsageError } from '../domain/errors.ts';
import { formatExchangeIso } from '../domain/exchange-time.ts';
import { delay } from '../http/delay.ts';
import type { CallContext } from '../http/http.ts';
import { describeRow } from '../render/fields-table.ts';
import { formatClock, formatExchangeTime } from '../render/format.ts';
import { toJsonDocument } from '../render/json.ts';
import type { QuoteStream } from '../market/quote-stream.ts';
import type { ToolContext } from '../tools/answer.ts';
import { type TableRequest, parseTableWords } from '../tools/table.ts';
import { describeUnderlying } from '../tools/table-columns.ts';
import { type WatchLook, keepLooking } from '../tools/watch.ts';
import { lineOf } from './alerts.ts';
import type { CommandRunner, Invocation } from './command.ts';
import type { CommandContext } from './command-context.ts';
import { explainSample } from './data-commands.ts';
import { EXIT, decideExitCode } from '../app/exit-code.ts';
import { setV8Flags } from './v8-flags.ts';
import type { WatchView, Watched } from './watch-screen.ts';

const LEAST_INTERVAL_S = 0.5;
const MOST_INTERVAL_S = 86_400;
const POPULAR = 10;
/** Of one look: what has not come by then is stale, or comes with the next. */
const LOOK_MS = 15_000;
/** 128 and the number of the signal: the terminal is gone. */
const HUNG_UP = 129;
const COLUMNS = 'last, change, changePercent, open, high, low, volume, relativeVolume, bid, ask';
/** What a contract has of its own. */
const MIXED_COLUMNS = 'last, bid, ask, volume';

export const runWatch: CommandRunner = async ({ words, options }, session) => {
  setV8Flags();
  const askedMs = parseInterval(options);
  const typed = words.length === 0 ? undefined : parseInstruments(words);
  const askFor = (rows: readonly Instrument[]): TableRequest => parseTableWords(rows, tableWords(rows, options));
  // A mistake in the columns costs no request.
  askFor(typed ?? ['SPY']);
  const runtime = await session.openRuntime();
  const { rows, why } = typed === undefined ? await chooseRows(runtime, session) : { rows: typed };
  const ending = createEnding(options, session);
  const isScreen = session.output.isTerminal && !session.output.isDumb && !session.options.json;
  const call = createCall(session, ending.signal, isScreen);
  const stream = await openStream(runtime, session, call().report, options);
  const market = stream?.market ?? runtime.market;
  const contextOf = (isFirst: boolean): ToolContext =>
    createContext({ ...runtime, market }, session, call(), askedMs, isFirst);
  const watched: Watched = {
    asked: askFor(rows),
    askFor,
    context: contextOf(false),
    isSample: runtime.isSample,
    ...(why === undefined ? {} : { why }),
    isStreamed: () => stream?.isLive === true,
    end: ending.end,
  };
  const view = isScreen
    ? (await import('./watch-screen.ts')).openWatchScreen(watched, session)
    : createLines(session, watched);
  try {
    const limit = watchShareOf(runtime, session.clock, session.options.offline);
    const code = await keepLooking({
      asked: () => watched.asked,
      context: (isFirst) => (watched.context = contextOf(isFirst)),
      clock: session.clock,
      delay,
      signal: ending.signal,
      pace: () => ({
        perMinute: limit.perMinute,
        isStreamed: watched.isStreamed(),
        ...(askedMs === undefined ? {} : { askedMs }),
      }),
      freeAt: () => (watched.isStreamed() ? Promise.resolve(0) : limit.freeAt()),
      onLook: (looked, isFirst) => {
        const found = runtime.isSample ? markSample(looked) : looked;
        if (isFirst && found.answer.data === undefined) return failFirst(found, view, session);
        stream?.follow(found.rows.filter((row) => typeof row === 'string'));
        view.show(found);
        return undefined;
      },
      onWait: (dueMs, wake) => view.wait(dueMs, wake),
    });
    view.close();
    return code ?? ending.code();
  } finally {
    ending.dispose();
    view.close();
    await stream?.stop();
  }
};

/** Of the provider that is asked first, where it may have one; undefined: everything is asked for. */
async function openStream(
  { market, providers: [first], state, freshness }: Runtime,
  { clock, options: { offline } }: CommandContext,
  report: CallContext['report'],
  { stream }: Invocation['options'],
): Promise<QuoteStream | undefined> {
  if (stream === false || offline || first?.name !== 'tradier') return undefined;
  const { createQuoteStream } = await import('../market/quote-stream.ts');
  const lease = `stream:${first.keyHash()}`;
  const quietMs = freshness.quote.openMs;
  return createQuoteStream({ market, load: () => first.load(), leases: state, lease, clock, delay, quietMs, report });
}

function tableWords(
  rows: readonly Instrument[],
  { columns, sort }: Invocation['options'],
): Parameters<typeof parseTableWords>[1] {
  const own = rows.every(isContract) ? undefined : rows.some(isContract) ? MIXED_COLUMNS : COLUMNS;
  const shown = typeof columns === 'string' ? columns : own;
  return {
    ...(shown === undefined ? {} : { columns: shown }),
    ...(typeof sort === 'string' ? { sort } : {}),
  };
}

function parseInterval({ interval }: Invocation['options']): number | undefined {
  if (interval === undefined) return undefined;
  const seconds = Number(interval);
  if (seconds >= LEAST_INTERVAL_S && seconds <= MOST_INTERVAL_S) return seconds * 1_000;
  throw new UsageError(`--interval "${String(interval).slice(0, 20)}": not a number of seconds`, {
    hint: `use ${LEAST_INTERVAL_S} to ${MOST_INTERVAL_S}`,
  });
}

/** What is held, else what this machine asks for most and some provider knows. */
async function chooseRows(
  { counters, market }: Runtime,
  session: CommandContext,
): Promise<{ rows: Instrument[]; why?: string }> {
  const book = readBook(dataFolderOf(session.config));
  if (listPositions(book).length > 0) return { rows: symbolsOfList(book, 'positions') };
  const popular = await counters.readPopular(POPULAR);
  const outcomes = popular.length === 0 ? undefined : await market.quotes(popular, createMarketRequest(session));
  const rows = popular.filter((symbol) => {
    const outcome = outcomes?.get(symbol);
    return outcome?.ok !== false || outcome.error.code !== 'no_data';
  });
  if (rows.length > 0) return { rows, why: 'no positions: showing the symbols you ask for most' };
  throw new UsageError('watch: no positions, and no symbol has been requested yet', {
    hint: 'name symbols, such as fin watch SPY NVDA',
  });
}

/** A screen of its own hears of requests in the log alone; on a pipe a wait between two looks is no news. */
function createCall(session: CommandContext, signal: AbortSignal, isScreen: boolean): () => CallContext {
  const { clock, log, reportCall } = session;
  const report: CallContext['report'] = (event) => {
    const { type, ...rest } = event;
    if (isScreen || type === 'wait') log.write({ event: type, ...rest });
    else reportCall(event);
  };
  return () => ({
    ...createMarketRequest(session).call,
    signal,
    deadlineMs: clock.machineNow() + LOOK_MS,
    priority: 'watch',
    report,
  });
}

/** Quotes are asked for anew at each look where they would count as fresh for longer than a look takes. */
function createContext(
  { market, freshness }: Runtime,
  session: CommandContext,
  call: CallContext,
  askedMs: number | undefined,
  isFirst: boolean,
): ToolContext {
  const { clock, options, config } = session;
  const isAhead = (askedMs ?? 0) <= 1.5 * freshness.quote.openMs;
  return {
    market: {
      ...market,
      quotes: (symbols, request) => {
        const moves = sessionAt(clock.now()) === 'regular' && isAhead && !request.offline;
        return market.quotes(symbols, { ...request, refresh: request.refresh || moves });
      },
    },
    clock,
    request: { ...createMarketRequest(session), refresh: options.refresh && isFirst, call },
    book: dataFolderOf(config),
  };
}

function markSample(found: WatchLook): WatchLook {
  return { ...found, answer: { ...found.answer, meta: { ...found.answer.meta, sample: true } } };
}

function failFirst({ answer }: WatchLook, view: WatchView, session: CommandContext): number {
  view.close();
  const { output } = session;
  // On one line, as everything else here.
  if (session.options.json) output.writeLines([JSON.stringify(toJsonDocument('watch', answer))]);
  for (const error of answer.errors) output.error(error);
  return decideExitCode(false, answer.errors);
}

interface Ending {
  signal: AbortSignal;
  end(code: number): void;
  code(): number;
  dispose(): void;
}

/** Ctrl-C, TERM, a terminal that is gone, and the time where one was given: without it a watch has no end of its own. */
function createEnding({ timeout }: Invocation['options'], session: CommandContext): Ending {
  const { timeoutMs } = session.options;
  const controller = new AbortController();
  let ended: number | undefined;
  const end = (code: number): void => {
    ended ??= code;
    controller.abort();
  };
  const onInterrupt = (): void => end(EXIT.interrupted);
  const onHangUp = (): void => end(HUNG_UP);
  const timer = timeout === undefined ? undefined : setTimeout(() => end(EXIT.budget), timeoutMs);
  process.on('SIGINT', onInterrupt);
  process.on('SIGHUP', onHangUp);
  session.signal.addEventListener('abort', onInterrupt, { once: true });
  if (session.signal.aborted) onInterrupt();
  return {
    signal: controller.signal,
    end,
    code: () => {
      if (ended === EXIT.budget) session.output.error(timeIsUp(timeoutMs));
      return ended ?? EXIT.done;
    },
    dispose: () => {
      clearTimeout(timer);
      process.off('SIGINT', onInterrupt);
      process.off('SIGHUP', onHangUp);
      session.signal.removeEventListener('abort', onInterrupt);
    },
  };
}

/** A line for each row that changed, all of them at first; failures and alerts once each. */
function createLines(session: CommandContext, { isSample, why }: Watched): WatchView {
  const { clock, output } = session;
  const { json } = session.options;
  const before = new Map<string, string>();
  let said = new Set<string>();
  let isExplained = false;

  function describe(row: TableRow, found: WatchLook, at: string): string {
    const { sample } = found.answer.meta;
    if (json) {
      const { symbol, ...figures } = row;
      return JSON.stringify({ at, symbol, ...figures, ...(sample ? { sample } : {}) });
    }
    const columns = found.answer.data?.columns ?? [];
    return [formatClock(at), row.symbol, ...describeRow(row, columns), ...(sample ? ['SAMPLE'] : [])].join(' · ');
  }

  return {
    show: (found) => {
      const { answer, fired } = found;
      if (isSample && output.isTerminal && !isExplained) explainSample(session);
      const marks = describeUnderlying(answer.data?.columns ?? []);
      if (!isExplained) for (const note of [...(why === undefined ? [] : [why]), ...marks]) output.note(note);
      isExplained = true;
      const at = formatExchangeIso(clock.now());
      for (const row of answer.data?.rows ?? []) {
        const figures = JSON.stringify(row);
        if (before.get(row.symbol) === figures) continue;
        before.set(row.symbol, figures);
        output.writeLines([describe(row, found, at)]);
      }
      for (const { firing } of fired)
        output.writeLines([
          json
            ? JSON.stringify({ ...firing, ...(answer.meta.sample ? { sample: true } : {}) })
            : lineOf(firing, answer.meta.sample),
        ]);
      for (const error of answer.errors) if (!said.has(error.message)) output.error(error);
      said = new Set(answer.errors.map(({ message }) => message));
    },
    wait: (dueMs) => {
      if (sessionAt(clock.now()) !== 'closed' || said.has('closed')) return;
      said.add('closed');
      const due = formatExchangeIso(clock.now() + dueMs - clock.machineNow());
      output.note(`the market is closed; the next update is at ${formatExchangeTime(due)}`);
    },
    close: () => undefined,
  };
}
