// Commands about the session itself: model, conversation, trace, copying, export, clearing.
import { CLEAR_SCREEN } from '../repl/line-painter.ts';
import * as fs from 'node:fs';
import { homedir } from 'node:os';
import * as path from 'node:path';
import { ConfigError, NoDataError, UsageError } from '../domain/errors.ts';
import { plural } from '../render/format.ts';
import type { Repl } from './repl-state.ts';
import { createMarkdown } from './transcript.ts';

export interface SessionCommand {
  name: string;
  /** As shown in help: `NAME`. */
  words: string;
  summary: string;
  complete?(repl: Repl): string[];
  run(words: readonly string[], repl: Repl): void;
}

/** Terminals refuse longer ones, some silently. */
const MAX_COPIED_BYTES = 50_000;
const DECIDED_BY_QUESTION = 'auto';

export const SESSION_COMMANDS: readonly SessionCommand[] = [
  {
    name: 'model',
    words: '[NAME]',
    summary: 'show or change what answers: builtin, a model name, or auto',
    complete: ({ session }) => [
      'builtin',
      DECIDED_BY_QUESTION,
      ...[session.config.model?.name, session.config.modelName].filter((name) => name !== undefined),
    ],
    run: switchModel,
  },
  {
    name: 'session',
    words: '[NAME]',
    summary: 'show the conversation, or switch to another',
    complete: (repl) =>
      repl.conversations
        .list()
        .filter(({ sample }) => sample === repl.runtime.isSample)
        .map(({ name }) => name),
    run: switchSession,
  },
  {
    name: 'trace',
    words: '[on|off]',
    summary: 'show tool calls with arguments and times',
    complete: () => ['on', 'off'],
    run: toggleTrace,
  },
  { name: 'copy', words: '', summary: 'copy the last answer to the clipboard', run: copy },
  {
    name: 'export',
    words: 'FILE',
    summary: 'write the conversation as Markdown',
    complete: () => [],
    run: exportConversation,
  },
  { name: 'clear', words: '', summary: 'clear the screen and start a new conversation', run: clear },
];

function switchModel(words: readonly string[], repl: Repl): void {
  const [name] = words;
  if (words.length > 1)
    throw new UsageError('/model: takes one name', { hint: 'write /model builtin, /model auto, or /model NAME' });
  if (name !== undefined) {
    const chosen = name === DECIDED_BY_QUESTION ? undefined : name;
    repl.agent.useModel(chosen);
    repl.modelName = chosen;
  }
  repl.output.writeLines(repl.wrap(describeModel(repl)));
}

/** Who answers the next question. */
export function describeModel({ modelName, session }: Repl): string {
  const { model, modelName: configured } = session.config;
  if (modelName !== undefined)
    return modelName === 'builtin' ? 'The built-in planner answers.' : `${modelName} answers.`;
  if (model === undefined)
    return 'The built-in planner answers; for a language model set OPENAI_API_KEY, or OPENAI_BASE_URL and FIN_MODEL.';
  if (configured === 'builtin') return 'The built-in planner answers.';
  return `The built-in planner answers plain data questions, ${model.name ?? 'the language model'} the others.`;
}

function switchSession(words: readonly string[], repl: Repl): void {
  const [name] = words;
  if (words.length > 1) throw new UsageError('/session: takes one name', { hint: 'fin sessions list shows them' });
  if (name !== undefined) repl.kept = repl.openConversation(name);
  repl.output.writeLines(repl.wrap(describeConversation(repl)));
}

export function describeConversation({ kept }: Repl): string {
  const questions = kept.conversation.messages.flatMap((message) => (message.role === 'user' ? [message.content] : []));
  const last = questions.at(-1);
  return last === undefined
    ? `Conversation ${kept.name}: nothing asked yet.`
    : `Conversation ${kept.name}: ${plural(questions.length, 'question')}, the last one: ${last.slice(0, 200)}`;
}

function toggleTrace(words: readonly string[], repl: Repl): void {
  const [word] = words;
  if (word !== undefined && word !== 'on' && word !== 'off')
    throw new UsageError(`/trace ${word.slice(0, 20)}: not on or off`, {
      hint: 'write /trace, /trace on or /trace off',
    });
  repl.isTracing = word === undefined ? !repl.isTracing : word === 'on';
  repl.output.writeLines([`Tool calls are ${repl.isTracing ? 'shown' : 'not shown'}.`]);
}

/** OSC 52: the terminal takes the text to its clipboard, also through ssh; whether it does cannot be asked. */
function copy(_words: readonly string[], repl: Repl): void {
  const { output, lastAnswer } = repl;
  if (lastAnswer === '') throw new NoDataError('/copy: no answer yet', { hint: 'ask something first' });
  if (!output.isTerminal)
    throw new UsageError('/copy: standard output is not a terminal', { hint: 'use /export FILE' });
  const text = cutToBytes(output.redact(lastAnswer), MAX_COPIED_BYTES);
  output.write(`\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`);
  const { length } = text;
  const what =
    text === lastAnswer
      ? `the last answer (${plural(length, 'character')})`
      : `the first ${length} characters of the last answer`;
  output.writeLines(
    repl.wrap(`Sent ${what} to the clipboard by OSC 52; a terminal that does not allow this ignores it.`),
  );
}

function cutToBytes(text: string, bytes: number): string {
  const buffer = Buffer.from(text);
  return buffer.length <= bytes
    ? text
    : buffer
        .subarray(0, bytes)
        .toString('utf8')
        .replace(/\uFFFD+$/, '');
}

function exportConversation(words: readonly string[], { kept, output, session, wrap }: Repl): void {
  const [name] = words;
  if (name === undefined || words.length > 1)
    throw new UsageError('/export: takes one file name', { hint: 'for example /export nvda.md' });
  const { messages } = kept.conversation;
  if (messages.length === 0)
    throw new NoDataError('/export: nothing was asked in this conversation', { hint: 'ask something first' });
  let file = name;
  try {
    file = path.resolve(
      session.workingDirectory,
      name.replace(/^~(?=\/)/, () => homedir()),
    );
    fs.writeFileSync(file, output.redact(createMarkdown(kept.name, messages)), { flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new UsageError(`/export ${name}: the file exists`, { hint: 'choose another name' });
    throw new ConfigError(`/export ${name}: ${message}`, {
      hint: 'name a file in a folder that exists and that you can write to',
      cause: error,
    });
  }
  output.writeLines(wrap(`Wrote ${file}`));
}

function clear(_words: readonly string[], repl: Repl): void {
  if (repl.output.isTerminal) repl.output.write(CLEAR_SCREEN);
  repl.kept = repl.openConversation();
  repl.lastAnswer = '';
  repl.output.writeLines(['New conversation.']);
}
