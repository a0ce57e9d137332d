// Questions over HTTP: the very document of `fin ask --json`, or the same step by step as server-sent events.
// Hides what a client's conversation is, and that a question ends with its client.
import { MAX_QUESTION_CHARS, type Asked, createAgent, openKept } from '../app/agent.ts';
import { type AskDocument, createAskDocument, decideAskExit } from '../app/ask-document.ts';
import { type EndWords, createQuestionDeadline } from '../app/question-deadline.ts';
import { withoutFlags } from '../app/surface-words.ts';
import { forgive } from '../book/forgiving-conversations.ts';
import type { TurnEvent } from '../agent/loop.ts';
import { BudgetExceededError, UsageError, toFinError } from '../domain/errors.ts';
import { present } from '../domain/present.ts';
import { describeWait } from '../market/access.ts';
import { formatJson, toJsonDocument } from '../render/json.ts';
import { type ClientConversations } from './conversations.ts';
import type { Client, ServeParts } from './host.ts';
import { createFailure, inQueryWords, replyEvents, replyJson, statusOfExit } from './replies.ts';
import { type EventStream, createEventStream } from './sse.ts';

export interface AskRequest {
  question: string;
  session?: string;
  model?: string;
}

const TIMEOUT_MS = 90_000;
const MAX_TURNS = 8;
export const ASK_NAMES = ['question', 'session', 'model'];

const END_WORDS: EndWords = {
  timeIsUp: () =>
    new BudgetExceededError('timeout', `out of time: a question may take ${TIMEOUT_MS / 1000} s`, {
      hint: 'ask a narrower question, or try again in a minute',
    }),
};

/** @throws UsageError that names what is wrong */
export function parseAsk(text: string): AskRequest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new UsageError('ask: the body is not JSON', { hint: 'send {"question": "…"}', cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new UsageError('ask: the body is not an object', { hint: 'send {"question": "…"}' });
  const body = parsed as Record<string, unknown>;
  for (const [name, value] of Object.entries(body)) {
    if (!ASK_NAMES.includes(name))
      throw new UsageError(`ask: unknown field ${JSON.stringify(name.slice(0, 60))}`, {
        hint: `it takes ${ASK_NAMES.join(', ')}`,
      });
    if (typeof value !== 'string' && (value !== null || name === 'question'))
      throw new UsageError(`ask: ${name} is not a string`, {
        hint: name === 'question' ? 'send {"question": "…"}' : `send ${name} as a string, or omit it`,
      });
  }
  const {
    question = '',
    session,
    model,
  } = body as { question?: string; session?: string | null; model?: string | null };
  const asked = question.trim();
  if (asked === '') throw new UsageError('ask: the question is empty', { hint: 'send {"question": "…"}' });
  if (asked.length > MAX_QUESTION_CHARS)
    throw new UsageError(`ask: the question has ${asked.length} characters`, {
      hint: `keep it to at most ${MAX_QUESTION_CHARS}`,
    });
  return {
    question: asked,
    ...present({ session: session ?? undefined, model: model ?? undefined }),
  };
}

/** Hears how an answer comes about. */
type Listen = (event: string, data: unknown) => void;

/** `id`: whose conversations. */
export interface Asker extends Client {
  id: string;
}

export interface Asking extends ServeParts {
  conversations: ClientConversations;
}

/** @throws FinError before anything was asked */
export async function answerAsk(
  asked: AskRequest,
  client: Asker,
  asking: Asking,
  headers?: Readonly<Record<string, string>>,
): Promise<Response> {
  const { exit, document } = await ask(asked, client, asking, () => undefined);
  return replyJson(statusOfExit(exit), asking.host.output.redact(formatJson(document)), headers);
}

export function streamAsk(
  asked: AskRequest,
  client: Asker,
  asking: Asking,
  headers?: Readonly<Record<string, string>>,
): Response {
  const gone = new AbortController();
  const { output } = asking.host;
  const stream = createEventStream({ redact: output.redact, onGone: () => gone.abort() });
  const ended = AbortSignal.any([client.signal, gone.signal]);
  void run(asked, { ...client, signal: ended }, asking, stream);
  return replyEvents(stream, headers);
}

async function run(asked: AskRequest, client: Asker, asking: Asking, stream: EventStream): Promise<void> {
  try {
    const { document } = await ask(asked, client, asking, stream.send);
    stream.send('done', document);
  } catch (thrown) {
    stream.send('done', createFailure('ask', toFinError(thrown), ASK_NAMES));
  }
  stream.close();
}

async function ask(
  { question, session, model }: AskRequest,
  { key, id, signal }: Asker,
  { host, queue, metrics, conversations }: Asking,
  listen: Listen,
): Promise<{ exit: number; document: AskDocument }> {
  if (!queue.isFree(key)) listen('progress', { text: `waiting: ${queue.stats().waiting} before this one` });
  const leave = await queue.enter(key, signal);
  await queue.readNewcomers();
  const time = createQuestionDeadline({ clock: host.clock, timeoutMs: TIMEOUT_MS, parent: signal, words: END_WORDS });
  try {
    const runtime = await host.openRuntime();
    const report = metrics.reporter(host.reportCall);
    const caller = {
      ...host,
      signal: time.signal,
      deadlineMs: time.deadlineMs,
      reportCall: (event: Parameters<typeof report>[0]): void => {
        if (event.type === 'wait') listen('progress', { text: describeWait(event) });
        if (event.type === 'stage') listen('progress', { text: event.text });
        report(event);
      },
    };
    const options = {
      ...(model === undefined ? {} : { model }),
      ...(session === undefined ? {} : { sessionName: session }),
      goOn: false,
      strict: false,
      trace: false,
      maxTurns: MAX_TURNS,
    };
    const agent = createAgent(caller, runtime, options);
    const store = forgive(conversations.storeOf(id), host.output.note);
    const kept = openKept(caller, { store, isSample: runtime.isSample }, options, true);
    let streamed = '';
    const asked: Asked = await agent.ask(question, kept.conversation, {
      signal: time.signal,
      deadlineMs: time.deadlineMs,
      onEvent: (event) => {
        if (event.type === 'text') streamed += event.piece;
        if (event.type === 'discard' || event.type === 'tools') streamed = '';
        tell(event, listen);
      },
    });
    const { result } = asked;
    if (session !== undefined && result.isKept) kept.save(host.clock.machineNow());
    if (result.answer !== '' && streamed !== result.answer) listen('text', { piece: result.answer, restart: true });
    metrics.countTokens(result.usage);
    const document = createAskDocument({
      question,
      sessionName: kept.name,
      asked,
      options,
      isSample: runtime.isSample,
    });
    return { exit: decideAskExit(result, options), document: inQueryWords(document, ASK_NAMES) };
  } finally {
    time.dispose();
    leave();
  }
}

function tell(event: TurnEvent, listen: Listen): void {
  switch (event.type) {
    case 'text':
      listen('text', { piece: event.piece });
      break;
    case 'discard':
      listen('text', { piece: '', restart: true });
      break;
    case 'tools':
      listen('progress', { text: `asking ${event.calls.map(({ name }) => name).join(', ')}` });
      break;
    case 'tool':
      listen('tool', event.record);
      break;
    case 'answers':
      for (const answer of event.answers)
        listen('table', {
          kind: answer.kind,
          ...inQueryWords(toJsonDocument(answer.kind, answer), ASK_NAMES),
          notes: answer.notes.map((note) => withoutFlags(note, { sign: '=' })),
        });
      break;
    case 'correction':
      listen('progress', { text: 'checking figures' });
      break;
    case 'wait':
      listen('progress', { text: `the model’s server asks to wait ${Math.ceil(event.ms / 1000)} s` });
      break;
  }
}
