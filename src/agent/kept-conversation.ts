// A conversation that survives its process: found by name or as the latest, saved after every question. What another
// process asked in it meanwhile stays: the questions of both are kept, one after the other. What is read back is checked: a file that somebody edited starts a new conversation instead of a wrong one.
import type { ConversationStore, SavedConversation } from '../book/conversations.ts';
import { UsageError } from '../domain/errors.ts';
import type { EpochMs } from '../domain/types.ts';
import { type Conversation, createConversation } from './conversation.ts';
import type { Message } from './model.ts';

export interface KeptConversation {
  name: string;
  /** To be asked for at each question: what another process added comes in when it is saved. */
  readonly conversation: Conversation;
  save(nowMs: EpochMs): void;
}

export interface KeepOptions {
  store: ConversationStore;
  /** Figures of the sample market and real ones never share a conversation. */
  sample: boolean;
  name?: string;
  /** Go on with the latest where no name is given. */
  goOn: boolean;
  /** A single question without a name: only the latest such is kept, for going on with it. */
  isOneShot?: boolean;
  redact(text: string): string;
  nowMs: EpochMs;
  note?: (text: string) => void;
}

const NAME = /^[\w.-]{1,60}$/;
const ONE_SHOT = 'ask-';
/** As SQLite's GLOB has it: a conversation that somebody named is none. */
const ONE_SHOT_NAMES = `${ONE_SHOT}${'[0-9]'.repeat(8)}-${'[0-9]'.repeat(6)}-${'[0-9]'.repeat(3)}`;

const SINGLE = new RegExp(`^${ONE_SHOT_NAMES}$`);

/** @throws UsageError for a name that cannot be one, or when there is nothing to go on with. */
export function openConversation(options: KeepOptions): KeptConversation {
  const { store, sample, name, goOn } = options;
  if (name !== undefined && !NAME.test(name))
    throw new UsageError(`--session "${name.slice(0, 60)}": not a name`, {
      hint: 'use up to 60 letters, digits, dots, dashes and underscores',
    });
  const saved = name === undefined ? (goOn ? store.loadLatest(sample) : undefined) : store.load(name, sample);
  if (goOn && name === undefined && saved === undefined)
    throw new UsageError('--continue: there is no conversation yet', { hint: 'ask your first question without it' });
  if (saved === undefined) noteForgotten(options);
  const isOneShot = options.isOneShot === true && saved === undefined && name === undefined;
  const kept = saved?.name ?? name ?? `${isOneShot ? ONE_SHOT : ''}${createName(options.nowMs)}`;
  let conversation = createConversation(saved === undefined ? [] : parseMessages(saved.body));
  let lastKept = lastQuestion(conversation);
  let version = saved === undefined ? undefined : versionOf(saved);

  /** A conversation that another process has gone on with gets what is new in this one behind it. */
  function merge(current: SavedConversation | undefined): Conversation {
    if (current === undefined || versionOf(current) === version) return conversation;
    const theirs = parseMessages(current.body);
    if (theirs.length === 0) return conversation;
    const merged = createConversation(theirs);
    merged.append(...messagesAfter(conversation.messages, lastKept));
    return merged;
  }

  return {
    name: kept,
    get conversation() {
      return conversation;
    },
    save: (nowMs) => {
      let merged = conversation;
      store.update(kept, sample, (current) => {
        merged = merge(current);
        const written = toSaved(merged, nowMs, options.redact);
        version = versionOf(written);
        return written;
      });
      if (isOneShot) store.removeSingles(ONE_SHOT_NAMES, sample, kept);
      conversation = merged;
      lastKept = lastQuestion(conversation);
    },
  };
}

/** The name of a single question, as `ask --json` told it, whose place another one has taken. */
function noteForgotten({ name, note }: KeepOptions): void {
  if (name === undefined || !SINGLE.test(name)) return;
  note?.(
    `--session ${name}: no longer saved, so this starts a new conversation; only the latest unnamed question is kept`,
  );
}

/** Tells what one process wrote from what another did: each adds a question at another moment. */
function versionOf({
  updatedMs,
  questions,
  body,
}: Pick<SavedConversation, 'updatedMs' | 'questions' | 'body'>): string {
  return `${updatedMs} ${questions} ${body.length}`;
}

function toSaved(
  conversation: Conversation,
  updatedMs: EpochMs,
  redact: (text: string) => string,
): Omit<SavedConversation, 'name' | 'sample'> {
  const questions = conversation.messages.filter((message) => message.role === 'user').length;
  return { updatedMs, questions, body: redact(JSON.stringify({ v: 1, messages: conversation.messages })) };
}

function lastQuestion({ messages }: Conversation): Message | undefined {
  return messages.findLast((message) => message.role === 'user');
}

/** What came after a question and its answer; all where the question is not there any more. */
function messagesAfter(messages: readonly Message[], question: Message | undefined): readonly Message[] {
  const start = question === undefined ? -1 : messages.lastIndexOf(question);
  const next = messages.findIndex((message, index) => index > start && message.role === 'user');
  return next < 0 ? [] : messages.slice(next);
}

/** Unnamed conversations are called by their moment; the end keeps two of one second apart. */
function createName(nowMs: EpochMs): string {
  return `${new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}-${String(nowMs % 1000).padStart(3, '0')}`;
}

/** The messages of a saved body; none where it is not one of ours. */
export function parseMessages(body: string): Message[] {
  try {
    const parsed = JSON.parse(body) as { v?: unknown; messages?: unknown };
    if (parsed.v !== 1 || !Array.isArray(parsed.messages)) return [];
    return parsed.messages.every(isMessage) ? parsed.messages : [];
  } catch {
    // Damaged text is no conversation; what it held can be asked again.
    return [];
  }
}

function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null) return false;
  const { role, content, toolCallId, name } = value as Record<string, unknown>;
  if (typeof content !== 'string') return false;
  return (
    role === 'user' ||
    role === 'assistant' ||
    (role === 'tool' && typeof toolCallId === 'string' && typeof name === 'string')
  );
}
