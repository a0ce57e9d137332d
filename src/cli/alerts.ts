// fin alert: conditions kept in the book, listed, removed and checked; a command that is run for each that fires gets it
// as JSON and never sees a shell.
import { spawn } from 'node:child_process';
import { createMarketRequest } from '../app/request.ts';
import { type Alert, addAlert, hasExpired, listAlerts, removeAlert } from '../book/alerts.ts';
import { changeBook, readBook } from '../book/book-file.ts';
import { type DataFolder, dataFolderOf } from '../book/data-folder.ts';
import type { AlertFiring } from '../domain/answers.ts';
import { UsageError, toFinError } from '../domain/errors.ts';
import { quoteInput } from '../domain/symbols.ts';
import { formatExchangeTime } from '../render/format.ts';
import { formatJson, toJsonDocument } from '../render/json.ts';
import { type Column, renderTable } from '../render/table.ts';
import { sanitiseLine } from '../render/text.ts';
import { screenOf } from '../render/theme.ts';
import { splitWords } from '../repl/words.ts';
import type { CommandRunner, Invocation } from './command.ts';
import type { CommandContext } from './command-context.ts';
import { parseId, printOwn } from './own-document.ts';
import { EXIT, decideExitCode } from '../app/exit-code.ts';

const MAX_WHEN_CHARS = 1_000;
const MAX_NOTE_CHARS = 200;
const COLUMNS: readonly Column[] = [
  { head: 'ID', tone: 'muted' },
  { head: 'When', align: 'left', tone: 'strong', min: 16 },
  { head: 'State', align: 'left' },
  { head: 'Last fired', align: 'left', drop: 1 },
  { head: 'Note', align: 'left', min: 8, drop: 2 },
];

export const runAlerts: CommandRunner = async ({ words, options }, session) => {
  const [action, ...rest] = words;
  const folder = dataFolderOf(session.config);
  switch (action) {
    case 'add':
      return add(rest.join(' ').trim(), options, folder, session);
    case 'remove':
      return remove(rest[0] ?? '', folder, session);
    case 'check':
      return check(options, folder, session);
    default:
      return list(listAlerts(readBook(folder)), session);
  }
};

/** Loaded where a condition is read: the fields are not needed to list what is kept. */
async function add(
  typed: string,
  { once, note }: Invocation['options'],
  folder: DataFolder,
  session: CommandContext,
): Promise<number> {
  if (typed.length > MAX_WHEN_CHARS)
    throw new UsageError(`alert add: the condition has ${typed.length} characters`, {
      hint: `write at most ${MAX_WHEN_CHARS}`,
    });
  const said = typeof note === 'string' ? sanitiseLine(note, MAX_NOTE_CHARS) : '';
  const { bindAlert, nameContracts } = await import('../tools/alerts.ts');
  const when = await nameContracts(typed, async (terms) => (await import('./positions.ts')).findSymbol(terms, session));
  bindAlert(when);
  const added = changeBook(folder, (book) =>
    addAlert(book, { when, once: once === true, ...(said === '' ? {} : { note: said }) }),
  );
  printOwn(session, 'alert add', [added], [`added ${describe(added)}`]);
  return EXIT.done;
}

function remove(text: string, folder: DataFolder, session: CommandContext): number {
  const id = parseId(text, 'alert remove', 'fin alert list');
  const removed = changeBook(folder, (book) => removeAlert(book, id));
  printOwn(session, 'alert remove', [removed], [`removed ${describe(removed)}`]);
  return EXIT.done;
}

function describe({ id, when, once }: Alert): string {
  return `alert ${id}: ${sanitiseLine(when, MAX_WHEN_CHARS)}${once ? ', once' : ''}`;
}

function list(alerts: readonly Alert[], session: CommandContext): number {
  const stateOf = (alert: Alert): string => {
    if (hasExpired(alert, session.clock.now())) return 'expired';
    const sample = alert.sample === true && alert.state === 'fired' ? ' SAMPLE' : '';
    return `${alert.state}${sample}${alert.once ? ', once' : ''}`;
  };
  const rows = alerts.map((alert) => [
    String(alert.id),
    sanitiseLine(alert.when, MAX_WHEN_CHARS),
    stateOf(alert),
    alert.lastFiredAt === undefined ? '' : formatExchangeTime(alert.lastFiredAt),
    sanitiseLine(alert.note ?? '', MAX_NOTE_CHARS),
  ]);
  const lines =
    rows.length === 0
      ? ['no alerts yet; to add one: fin alert add "NVDA.last > 450"']
      : renderTable({ columns: COLUMNS, rows }, screenOf(session.output));
  printOwn(session, 'alert list', alerts, lines);
  return EXIT.done;
}

async function check({ exec }: Invocation['options'], folder: DataFolder, session: CommandContext): Promise<number> {
  const command = typeof exec === 'string' ? readCommand(exec) : undefined;
  const { output } = session;
  const { checkAlerts } = await import('../tools/alerts.ts');
  const { market, isSample } = await session.openRuntime();
  const found = await checkAlerts({
    market,
    clock: session.clock,
    request: createMarketRequest(session),
    book: folder,
  });
  const answer = isSample ? { ...found, meta: { ...found.meta, sample: true } } : found;
  const fired = answer.data ?? [];
  const isSynthetic = answer.meta.sample;
  if (session.options.json) output.write(formatJson(toJsonDocument('alert check', answer)));
  else output.writeLines(fired.map((each) => lineOf(each, isSynthetic)));
  for (const error of answer.errors) output.error(error);
  const failed = command === undefined ? 0 : await runForEach(command, fired, isSynthetic, session);
  const ended = failed > 0 && session.signal.aborted ? [toFinError(session.signal.reason)] : [];
  const code = decideExitCode(answer.data !== undefined, [...answer.errors, ...ended]);
  return code === EXIT.done && failed > 0 ? EXIT.partial : code;
}

/** `alert 3: NVDA.last > 450: NVDA.last 451.2 (11:00:00 ET 19 Nov 2026) take profit`. */
export function lineOf({ id, when, note, firedAt, values }: AlertFiring, isSample: boolean): string {
  const figures = Object.entries(values).map(([name, value]) => `${name} ${String(value)}`);
  return sanitiseLine(
    [
      `alert ${id}: ${when}`,
      figures.join(', '),
      formatExchangeTime(firedAt),
      ...(note === undefined ? [] : [note]),
      ...(isSample ? ['SAMPLE'] : []),
    ].join(' · '),
    MAX_WHEN_CHARS + MAX_NOTE_CHARS,
  );
}

/** Words apart by spaces, as in a session: quotes keep spaces, a backslash the next character; nothing else means anything. */
function readCommand(text: string): [string, ...string[]] {
  const [program, ...args] = splitWords(text);
  if (program === undefined)
    throw new UsageError('--exec: the command is empty', { hint: 'for example --exec "notify-send fin"' });
  return [program, ...args];
}

/** One after the other. @returns how many of them failed */
async function runForEach(
  command: readonly [string, ...string[]],
  fired: readonly AlertFiring[],
  isSample: boolean,
  session: CommandContext,
): Promise<number> {
  let failed = 0;
  for (const [index, each] of fired.entries()) {
    if (session.signal.aborted) {
      const { message, hint } = toFinError(session.signal.reason);
      session.output.error({
        message: `${message}: --exec was not run for ${fired.length - index} of ${fired.length} alerts`,
        hint,
      });
      return fired.length;
    }
    const why = await runCommand(command, { ...each, ...(isSample ? { sample: true } : {}) }, session.signal);
    if (why === undefined) continue;
    failed += 1;
    session.output.error({
      message: `--exec ${quoteInput(command[0])}: alert ${each.id}: ${why}`,
      hint: 'the alert counts as sent; run the command by itself to see what is wrong with it',
    });
  }
  return failed;
}

/** What it prints goes to standard error, where fin's own remarks go. @returns why it failed */
function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  alert: object,
  signal: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['pipe', process.stderr, process.stderr], shell: false, signal });
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve(signal.aborted ? 'it took too long and was stopped' : whyNotRun(error)),
    );
    child.once('close', (code, ended) =>
      resolve(code === 0 ? undefined : ended === null ? `it exited with ${String(code)}` : `it was killed by ${ended}`),
    );
    // A program that does not read is no failure.
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${JSON.stringify(alert)}\n`);
  });
}

function whyNotRun({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'no such program';
  return code === 'EACCES' ? 'you have no permission to run this program' : `it cannot be run (${code ?? message})`;
}
