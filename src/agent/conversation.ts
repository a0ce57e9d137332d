// One conversation: its messages as they are sent, the figures its tools brought, and how it is kept short.
// History is only appended to; results grown old are reduced to a line each, rarely and all in one step.
import { type FactBase, collectFacts, createFactBase } from './grounding/facts.ts';
import type { Message } from './model.ts';

type ToolMessage = Extract<Message, { role: 'tool' }>;

/** Questions whose results stay whole. */
const WHOLE_QUESTIONS = 2;
/**
 * Characters of older results at which all of them are reduced: some 1,500 tokens. Each time costs a provider's prompt
 * cache the conversation once; each time not costs every request these results.
 */
const MAX_OLD_CHARS = 6_000;
/** Tool results kept with their data for follow-ups and checks; older ones keep their one line. */
const MAX_ANSWERS = 50;
/** So many more come before they go all at once: forgetting reads what is left anew. */
const ANSWERS_SLACK = 10;
/** Questions kept at all: more than a language model can take, and what a turn costs stays what it was. */
const MAX_QUESTIONS = 100;
const QUESTIONS_SLACK = 20;

export interface Conversation {
  /** After the system prompt, oldest first. */
  readonly messages: readonly Message[];
  readonly facts: FactBase;
  append(...messages: Message[]): void;
  /** Takes the last messages back, as for a turn that failed before any answer. */
  truncate(length: number): void;
  /** Reduces old tool results where they have grown too long, or at once; true where anything was reduced. */
  compact(options?: { now: boolean }): boolean;
}

/** @param saved messages of an earlier process, oldest first */
export function createConversation(saved: readonly Message[] = []): Conversation {
  let messages: Message[] = [...saved];
  let facts = saved.length === 0 ? createFactBase() : collectFacts(saved);

  return {
    get messages() {
      return messages;
    },
    get facts() {
      return facts;
    },
    append: (...added) => {
      for (const message of added) {
        messages.push(message);
        if (message.role === 'tool' && message.answer !== undefined) facts.add(message.answer, message.arguments);
      }
      const kept = dropOldQuestions(dropOldAnswers(messages));
      if (kept !== messages) {
        messages = kept;
        facts = collectFacts(messages);
      }
    },
    truncate: (length) => {
      messages = messages.slice(0, length);
      facts = collectFacts(messages);
    },
    compact: ({ now } = { now: false }) => {
      const firstWhole = now ? newestCall(messages) : oldestWholeQuestion(messages);
      const oldChars = messages
        .slice(0, firstWhole)
        .reduce(
          (sum, message) => sum + (message.role === 'tool' && !isReduced(message) ? message.content.length : 0),
          0,
        );
      if (!now && oldChars <= MAX_OLD_CHARS) return false;
      const reduced = reduceBefore(messages, firstWhole);
      const isShorter = reduced.some((message, index) => message.content !== messages[index]?.content);
      messages = reduced;
      return isShorter;
    },
  };
}

function holdsAnswer(message: Message): boolean {
  return message.role === 'tool' && message.answer !== undefined;
}

/** The same messages where there are not too many. */
function dropOldAnswers(messages: Message[]): Message[] {
  let excess = messages.filter(holdsAnswer).length - MAX_ANSWERS;
  if (excess <= ANSWERS_SLACK) return messages;
  return messages.map((message) => {
    if (message.role !== 'tool' || message.answer === undefined || excess <= 0) return message;
    excess -= 1;
    const { answer: _answer, ...rest } = message;
    return rest;
  });
}

/** The same messages where there are not too many. */
function dropOldQuestions(messages: Message[]): Message[] {
  const questions = questionsAt(messages);
  const oldestKept = questions.length > MAX_QUESTIONS + QUESTIONS_SLACK ? questions.at(-MAX_QUESTIONS) : undefined;
  return oldestKept === undefined ? messages : messages.slice(oldestKept);
}

function questionsAt(messages: readonly Message[]): number[] {
  return messages.flatMap((message, index) => (message.role === 'user' ? [index] : []));
}

function oldestWholeQuestion(messages: readonly Message[]): number {
  return questionsAt(messages).at(-WHOLE_QUESTIONS) ?? 0;
}

/** Where a model can take no more, only the results of its newest call stay whole. */
function newestCall(messages: readonly Message[]): number {
  return Math.max(
    0,
    messages.findLastIndex((message) => message.role === 'assistant' && message.toolCalls !== undefined),
  );
}

/** Results from before `firstWhole` become one line that names the call which brings them back from the cache. */
function reduceBefore(messages: readonly Message[], firstWhole: number): Message[] {
  return messages.map((message, index) => {
    if (index >= firstWhole) return message;
    if (message.role === 'tool') return { ...message, content: reduceResult(message) };
    return message.role === 'assistant' && message.toolCalls !== undefined ? withoutExtras(message) : message;
  });
}

/** A call that is no longer sent needs nothing of what its server wrote beside it. */
function withoutExtras({ extras: _extras, ...message }: Extract<Message, { role: 'assistant' }>): Message {
  const toolCalls = message.toolCalls?.map(({ extras: _call, functionExtras: _function, ...call }) => call);
  return { ...message, ...(toolCalls === undefined ? {} : { toolCalls }) };
}

const REDUCED = '[reduced] ';

function isReduced({ content }: ToolMessage): boolean {
  return content.startsWith(REDUCED);
}

/** The call that brings it back from the cache; arguments left to their defaults need not be said. */
function reduceResult(message: ToolMessage): string {
  if (isReduced(message)) return message.content;
  const given = Object.fromEntries(Object.entries(message.arguments).filter(([, value]) => value !== null));
  return `${REDUCED}${message.name} ${JSON.stringify(given)}`;
}

/**
 * The messages as a language model gets them: calls whose results are all reduced are one line under their question,
 * because a call, its result and what both are wrapped in cost five times as much.
 */
export function foldReduced(messages: readonly Message[]): Message[] {
  const folded: Message[] = [];
  for (let index = 0; index < messages.length; index += 1) {
    const message = messages[index] as Message;
    const results =
      message.role === 'assistant' && message.toolCalls !== undefined ? resultsAfter(messages, index) : [];
    const question = folded.findLastIndex(({ role }) => role === 'user');
    const asked = folded[question];
    if (results.length > 0 && results.every(isReduced) && asked?.role === 'user') {
      const calls = results.map(({ content }) => content.slice(REDUCED.length)).join('; ');
      folded[question] = { ...asked, content: `${asked.content}\n[reduced: ${calls}]` };
      index += results.length;
    } else folded.push(message);
  }
  return folded;
}

function resultsAfter(messages: readonly Message[], index: number): ToolMessage[] {
  const rest = messages.slice(index + 1);
  const end = rest.findIndex(({ role }) => role !== 'tool');
  return (end < 0 ? rest : rest.slice(0, end)).filter((message) => message.role === 'tool');
}
