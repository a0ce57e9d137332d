// Data commands as GET requests: the very JSON that the command prints, with the HTTP code of its exit code.
// Hides how a request that needs no provider passes those that wait for one.
import { setImmediate } from 'node:timers/promises';
import type { CommandForm, Invocation } from '../app/command.ts';
import { parseCommonOptions } from '../app/common-options.ts';
import { DATA_COMMANDS, type DataCommand, decideFoundExit, fetchFound, toFoundDocument } from '../app/commands/data.ts';
import type { DataCaller, Found } from '../app/commands/prepare.ts';
import { createDocument } from '../app/document.ts';
import { EXIT } from '../app/exit-code.ts';
import { expandListNames } from '../app/list-names.ts';
import { createQuestionDeadline } from '../app/question-deadline.ts';
import type { RequestOptions } from '../app/request.ts';
import { listAlerts } from '../book/alerts.ts';
import { readBook } from '../book/book-file.ts';
import { dataFolderOf } from '../book/data-folder.ts';
import type { AnswerError } from '../domain/answers.ts';
import type { Client, ServeHost, ServeParts } from './host.ts';
import { type Parameter, listParameters, parseParameters } from './parameters.ts';

export interface DataRoute {
  form: CommandForm;
  parameters: readonly Parameter[];
  /** @throws FinError */
  answer(query: URLSearchParams, client: Client): Promise<DataReply>;
}

export interface DataReply {
  exit: number;
  document: { errors: readonly AnswerError[] };
  /** What the document was made of, for who keeps it. */
  found?: Found;
}

/** Every data command, and what of the book can be read. */
export function listDataRoutes(parts: ServeParts): DataRoute[] {
  const look = createTurns();
  return parts.host.commands.flatMap((form): DataRoute[] => {
    if (form.name in DATA_COMMANDS) return [createDataRoute(form, form.name as DataCommand, parts, look)];
    const read = BOOK_COMMANDS[form.name];
    return read === undefined ? [] : [createBookRoute(read, form, parts)];
  });
}

/** One after the other, with room for newcomers in between. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const own = last.then(() => setImmediate()).then(work);
    last = own.catch(() => undefined);
    return own;
  };
}

function createDataRoute(
  form: CommandForm,
  command: DataCommand,
  { host, queue, metrics }: ServeParts,
  lookInTurn: ReturnType<typeof createTurns>,
): DataRoute {
  const parameters = listParameters(form);

  async function fetchReply(
    invocation: Invocation,
    caller: Pick<DataCaller, 'options' | 'signal' | 'deadlineMs' | 'priority'>,
  ): Promise<DataReply> {
    const { provider } = caller.options;
    const own = {
      ...host,
      ...caller,
      reportCall: metrics.reporter(host.reportCall),
      openRuntime: (named = provider) => host.openRuntime(named),
    };
    const prepare = await DATA_COMMANDS[command]();
    const found = await fetchFound(await prepare(invocation, own), own);
    return { exit: decideFoundExit(found), document: toFoundDocument(command, found), found };
  }

  /** All of it fresh in the cache: nobody has to be asked, so it needs no place. Counted neither as a miss nor as use. */
  async function lookInCache(
    invocation: Invocation,
    options: RequestOptions,
    signal: AbortSignal,
  ): Promise<DataReply | undefined> {
    if (signal.aborted || options.refresh) return undefined;
    const deadlineMs = host.clock.machineNow() + LOOK_MS;
    const reply = await fetchReply(invocation, {
      options: { ...options, offline: true },
      signal,
      deadlineMs,
      priority: 'warm',
    });
    const isFresh = [reply.found ?? []].flat().every(({ meta }) => meta.freshness === 'cached');
    return reply.exit === EXIT.done && isFresh ? reply : undefined;
  }

  async function answer(query: URLSearchParams, { key, signal }: Client): Promise<DataReply> {
    const typed = parseParameters(command, parameters, query);
    const invocation = await expandListNames(form, typed, host.config);
    const { timeoutMs, ...options } = parseCommonOptions(invocation);
    const hadPlace = queue.isFree(key);
    const left = new AbortController();
    const waiting = AbortSignal.any([signal, left.signal]);
    const entered = queue.enter(key, waiting);
    type Turn = DataReply | (() => void);
    const looked = async (): Promise<Turn> =>
      (await lookInTurn(() => lookInCache(invocation, options, waiting)).catch(() => undefined)) ?? entered;
    // Who has a place, or gets none, looks no more.
    const turn: Turn = await (hadPlace ? entered : Promise.race<Turn>([entered, looked()])).finally(() => left.abort());
    if (typeof turn !== 'function') {
      // It may have got its place in the same moment.
      entered.then(
        (leave) => leave(),
        () => undefined,
      );
      return turn;
    }
    const time = createQuestionDeadline({ clock: host.clock, timeoutMs, parent: signal });
    try {
      return await fetchReply(invocation, { options, signal: time.signal, deadlineMs: time.deadlineMs });
    } finally {
      time.dispose();
      turn();
    }
  }

  return { form, parameters, answer };
}

/** Of a look that asks nobody. */
const LOOK_MS = 5_000;

/** What the book holds beside positions, which are priced. */
const BOOK_COMMANDS: Readonly<Record<string, { command: string; read(host: ServeHost): unknown }>> = {
  list: { command: 'list', read: ({ config }) => ({ lists: readBook(dataFolderOf(config)).lists }) },
  alert: { command: 'alert list', read: ({ config }) => listAlerts(readBook(dataFolderOf(config))) },
};

function createBookRoute(
  { command, read }: { command: string; read(host: ServeHost): unknown },
  form: CommandForm,
  { host }: ServeParts,
): DataRoute {
  return {
    form,
    parameters: [],
    answer: (query) => {
      parseParameters(form.name, [], query);
      const started = { clock: host.clock, startedMs: host.clock.machineNow() };
      return Promise.resolve({ exit: EXIT.done, document: createDocument(started, command, read(host)) });
    },
  };
}
