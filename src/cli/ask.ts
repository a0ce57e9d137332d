// fin ask: one question from the words or standard input, its answer with tables, checks and what was done.
import { parseAgentOptions } from './agent-options.ts';
import type { Conversation } from '../agent/conversation.ts';
import type { TurnResult } from '../agent/loop.ts';
import { UsageError, toFinError } from '../domain/errors.ts';
import { plural } from '../render/format.ts';
import { formatJson } from '../render/json.ts';
import {
  type Agent,
  type AgentOptions,
  type Asked,
  MAX_QUESTION_CHARS,
  createAgent,
  openForgiving,
  openKept,
} from '../app/agent.ts';
import { EXIT } from '../app/exit-code.ts';
import { createAskDocument, decideAskExit, listCauses } from '../app/ask-document.ts';
import { describeDone, renderAskText } from './ask-result.ts';
import type { CommandRunner } from './command.ts';
import { explainSample } from './data-commands.ts';
import type { CommandContext } from './command-context.ts';
import { createTurnScreen } from './turn-screen.ts';

export const runAsk: CommandRunner = async (invocation, session) => {
  const options = parseAgentOptions(invocation);
  const question = await readQuestion(invocation.words, session);
  const runtime = await session.openRuntime();
  const agent = createAgent(session, runtime, options);
  const kept = openKept(session, { store: await openForgiving(session), isSample: runtime.isSample }, options, true);
  if (runtime.isSample && session.output.isTerminal && !session.options.json) explainSample(session);
  const asked = await answer(question, kept.conversation, agent, options, session);
  const { isKept, answer: said, findings } = asked.result;
  // A single question that was refused takes no other's place.
  const isSingle = options.sessionName === undefined && !options.goOn;
  if (isKept && (!isSingle || said !== '' || findings.length > 0)) kept.save(session.clock.machineNow());
  print({ question, sessionName: kept.name, asked, options, isSample: runtime.isSample }, session);
  return decideAskExit(asked.result, options);
};

/** One turn, with its tables on the screen. */
async function answer(
  question: string,
  conversation: Conversation,
  agent: Agent,
  options: AgentOptions,
  session: CommandContext,
): Promise<Asked> {
  const screen = createTurnScreen(session, { tables: !session.options.json, stream: false, trace: options.trace });
  const asked = await agent.ask(question, conversation, {
    signal: session.signal,
    deadlineMs: session.deadlineMs,
    onEvent: screen.onEvent,
  });
  screen.end(asked.result);
  return asked;
}

interface Printed {
  question: string;
  sessionName: string;
  asked: Asked;
  options: AgentOptions;
  isSample: boolean;
}

function print(printed: Printed, session: CommandContext): void {
  const { output } = session;
  const { result } = printed.asked;
  if (session.options.json) output.write(formatJson(createAskDocument(printed)));
  else output.writeLines(renderAskText(result, output.width));
  for (const error of listCauses(result)) output.error(error);
  const isWhole = result.failure === undefined || (result.answer !== '' && !result.incomplete);
  if (isWhole) output.remark(describeDone(printed.asked));
  if (result.failure !== undefined) output.error(result.failure);
  else if (decideAskExit(result, printed.options) === EXIT.check) output.error(describeUnsupported(result));
}

/** Why --strict ends with its exit code. */
function describeUnsupported({ grounding }: TurnResult): { message: string; hint: string } {
  const figures = plural(grounding.unsupported.length, 'figure');
  return {
    message: `--strict: ${figures} in the answer not supported by the fetched data`,
    hint: 'do not trust figures marked [?]; ask again, or read the tables',
  };
}

/** The words, standard input where there are none, or both where a word is `-`. @throws UsageError when nothing is asked. */
async function readQuestion(words: readonly string[], session: CommandContext): Promise<string> {
  const needsInput = words.length === 0 || words.includes('-');
  if (needsInput && session.streams.stdin.isTTY && words.length === 0) throw emptyQuestion();
  const input = needsInput ? await readAll(session.streams.stdin, session.signal) : '';
  const text = words.length === 0 ? input : words.map((word) => (word === '-' ? input : word)).join(' ');
  const question = text.trim();
  if (question === '') throw emptyQuestion();
  if (question.length > MAX_QUESTION_CHARS)
    throw new UsageError(`ask: the question has ${question.length} characters`, {
      hint: `keep it to at most ${MAX_QUESTION_CHARS}`,
    });
  return question;
}

function emptyQuestion(): UsageError {
  return new UsageError('ask: the question is empty', {
    hint: 'type it after fin ask, like fin ask "How did NVDA do last week?"',
  });
}

/** Ends with the signal too: who never finishes writing would hold the program against Ctrl-C and --timeout. */
async function readAll(stream: NodeJS.ReadStream, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const stop = (): void => void stream.destroy(toFinError(signal.reason));
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    for await (const chunk of stream) {
      const part = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
      bytes += part.length;
      chunks.push(part);
      if (bytes > 4 * MAX_QUESTION_CHARS) break;
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
  return Buffer.concat(chunks).toString('utf8');
}
