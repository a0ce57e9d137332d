// The data commands on a screen: the answers of src/app/commands/ as tables, JSON or CSV, and their exit code.
// What failed beside an answer goes to standard error.
import {
  DATA_COMMANDS,
  type DataCommand,
  decideFoundExit,
  fetchFound,
  isList,
  toFoundDocument,
} from '../app/commands/data.ts';
import type { Found, Prepare } from '../app/commands/prepare.ts';
import type { Answer } from '../domain/answers.ts';
import { formatJson } from '../render/json.ts';
import type { RenderOptions } from '../render/view.ts';
import type { CommandRunner } from './command.ts';
import type { CommandContext } from './command-context.ts';

/** The command of that name. */
export async function loadDataCommand(name: DataCommand): Promise<CommandRunner> {
  return runner(await DATA_COMMANDS[name]());
}

/** The lines of a command's answers where they have a screen of their own. */
type Look = (answers: readonly Answer[], options: RenderOptions) => string[];

/** The command of a prepared answer. */
export function runner(prepare: Prepare<CommandContext>, look?: Look): CommandRunner {
  return async (invocation, session) => {
    const fetchAnswer = await prepare(invocation, session);
    const runtime = await session.openRuntime();
    session.output.progress(`fetching ${invocation.command} ${invocation.words.join(' ')}`);
    const found = await fetchFound(fetchAnswer, session);
    session.output.progress(undefined);
    const isSample = runtime.isSample && [found].flat().some(({ meta }) => meta.sample);
    await printAnswer(invocation.command, found, session, isSample, look);
    return decideFoundExit(found);
  };
}

/** The answer on standard output; what failed beside it on standard error, each cause once. */
async function printAnswer(
  command: string,
  found: Found,
  session: CommandContext,
  isSample: boolean,
  look: Look | undefined,
): Promise<void> {
  const { output } = session;
  const answers = [found].flat();
  if (session.options.json || session.options.csv) {
    if (session.options.json) output.write(formatJson(toFoundDocument(command, found)));
    else await printCsv(answers, session, isSample);
    for (const note of new Set(answers.flatMap(({ notes }) => notes))) output.note(note);
  } else {
    if (isSample && output.isTerminal) explainSample(session);
    await printScreen(found, session, look);
  }
  const said = new Set<string>();
  for (const error of answers.flatMap(({ errors }) => errors)) {
    if (!said.has(error.message)) output.error(error);
    said.add(error.message);
  }
}

/** A file of rows has no place for it: that its figures are of the sample market is said beside them. */
async function printCsv(answers: readonly Answer[], session: CommandContext, isSample: boolean): Promise<void> {
  const { formatAnswersAsCsv } = await import('../render/csv.ts');
  const text = formatAnswersAsCsv(answers);
  if (text === '') return;
  session.output.write(text);
  if (isSample) explainSample(session);
  else if (answers.some(({ meta }) => meta.sample)) session.output.note('SAMPLE market: these figures are synthetic');
}

async function printScreen(found: Found, session: CommandContext, look: Look | undefined): Promise<void> {
  const { output } = session;
  const { createTheme } = await import('../render/theme.ts');
  const { width, rows } = output;
  const options = { width, theme: createTheme({ colour: output.colour }), ...(rows === undefined ? {} : { rows }) };
  if (look !== undefined) {
    output.writeLines(look([found].flat(), options));
    return;
  }
  const { renderAnswerInParts, renderComparison } = await import('../render/answer.ts');
  let isFirst = true;
  for (const lines of isList(found) ? [renderComparison(found, options)] : renderAnswerInParts(found, options)) {
    if (!isFirst) await waitATurn(session);
    isFirst = false;
    output.writeLines(lines);
  }
}

/** Between the parts of a screen: a deadline or a signal that came meanwhile ends it there. */
async function waitATurn({ signal }: CommandContext): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}

/** Why there are no real figures and what to do about it. */
export function explainSample(session: CommandContext): void {
  session.output.note(describeSample(session));
}

export function describeSample({ options }: Pick<CommandContext, 'options'>): string {
  return options.provider === 'sample'
    ? 'SAMPLE market, as --provider sample asks: figures are synthetic'
    : 'SAMPLE market, no key: set TRADIER_ACCESS_TOKEN or MASSIVE_API_KEY';
}
