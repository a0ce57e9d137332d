// Data commands as GET requests: the very JSON that the command prints, with the HTTP code of its exit code.
// Hides how a request that needs no provider passes those that wait for one.
import type { CommandForm } from '../app/command.ts';
import { parseCommonOptions } from '../app/common-options.ts';
import { DATA_COMMANDS, decideFoundExit, fetchFound, toFoundDocument } from '../app/commands/data.ts';
import { createDocument } from '../app/document.ts';
import { EXIT } from '../app/exit-code.ts';
import { expandListNames } from '../app/list-names.ts';
import { createQuestionDeadline } from '../app/question-deadline.ts';
import { listAlerts } from '../book/alerts.ts';
import { readBook } from '../book/book-file.ts';
import { dataFolderOf } from '../book/data-folder.ts';
import { formatJson } from '../render/json.ts';
import type { Client, ServeHost, ServeParts } from './host.ts';
import { type Parameter, listParameters, parseParameters } from './parameters.ts';
import { replyJson, statusOfExit } from './replies.ts';

export interface DataRoute {
  command: string;
  form: CommandForm;
  parameters: readonly Parameter[];
  /** @throws FinError */
  answer(query: URLSearchParams, client: Client): Promise<Response>;
}

interface Answered {
  exit: number;
  document: object;
}

/** Every data command, and what of the book can be read. */
export function listDataRoutes(parts: ServeParts): DataRoute[] {
  return parts.host.commands.flatMap((form): DataRoute[] => {
    const { name } = form;
    if (name in DATA_COMMANDS) return [createDataRoute(name as keyof typeof DATA_COMMANDS, form, parts)];
    const read = BOOK_COMMANDS[name];
    return read === undefined ? [] : [createBookRoute(read, form, parts)];
  });
}

function createDataRoute(
  command: keyof typeof DATA_COMMANDS,
  form: CommandForm,
  { host, queue, metrics }: ServeParts,
): DataRoute {
  const parameters = listParameters(form);

  async function answer(query: URLSearchParams, { key, signal }: Client): Promise<Response> {
    const typed = parseParameters(command, parameters, query);
    const invocation = await expandListNames(form, typed, host.config);
    const { timeoutMs, ...options } = parseCommonOptions(invocation);
    const leave = await queue.enter(key, signal);
    const time = createQuestionDeadline({ clock: host.clock, timeoutMs, parent: signal });
    try {
      const caller = {
        ...host,
        options,
        signal: time.signal,
        deadlineMs: time.deadlineMs,
        reportCall: metrics.reporter(host.reportCall),
        openRuntime: (provider = options.provider) => host.openRuntime(provider),
      };
      const prepare = await DATA_COMMANDS[command]();
      const found = await fetchFound(await prepare(invocation, caller), caller);
      return reply({ exit: decideFoundExit(found), document: toFoundDocument(command, found) }, host);
    } finally {
      time.dispose();
      leave();
    }
  }

  return { command, form, parameters, answer };
}

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
    command: form.name,
    form,
    parameters: [],
    answer: (query) => {
      parseParameters(form.name, [], query);
      const started = { clock: host.clock, startedMs: host.clock.machineNow() };
      return Promise.resolve(reply({ exit: EXIT.done, document: createDocument(started, command, read(host)) }, host));
    },
  };
}

function reply({ exit, document }: Answered, { output }: ServeHost): Response {
  return replyJson(statusOfExit(exit), output.redact(formatJson(document)));
}
