// fin sessions: saved conversations, listed, shown and removed.
import { parseMessages } from '../agent/kept-conversation.ts';
import type { Message } from '../agent/model.ts';
import type { ConversationStore, SavedConversation } from '../book/conversations.ts';
import { NoDataError } from '../domain/errors.ts';
import { formatExchangeIso } from '../domain/exchange-time.ts';
import { formatCount, formatExchangeTime } from '../render/format.ts';
import { type Column, renderTable } from '../render/table.ts';
import { sanitise, sanitiseLine } from '../render/text.ts';
import { screenOf } from '../render/theme.ts';
import type { CommandRunner } from './command.ts';
import { EXIT } from '../app/exit-code.ts';
import type { CommandContext } from './command-context.ts';
import { printOwn } from './own-document.ts';
import { renderTranscript } from './transcript.ts';

/** A name is shown whole: it is typed to show, remove or go on with its conversation. */
const listColumns = (longestName: number): Column[] => [
  { head: 'Name', align: 'left', min: longestName },
  { head: 'Questions', drop: 2 },
  { head: 'Last used', align: 'left', drop: 3 },
  { head: 'Figures', align: 'left' },
  { head: 'Last question', align: 'left', drop: 1, min: 12 },
];

export const runSessions: CommandRunner = async ({ words }, session) => {
  const runtime = await session.openRuntime();
  const store = await session.openConversations();
  const [action = 'list', name = ''] = words;
  if (action === 'list') return list(store.list(), session);
  if (action === 'show') {
    const kept = store.load(name, runtime.isSample) ?? store.load(name, !runtime.isSample);
    if (kept === undefined) throw unknownName(name, store);
    return show(kept, session);
  }
  const removed = store.remove(name);
  if (removed === 0) throw unknownName(name, store);
  printOwn(session, 'sessions remove', { name, removed }, [`removed ${sanitiseLine(name, 60)}`]);
  return EXIT.done;
};

/** @throws ConfigError where the file is damaged: one name is then not found without a word, reading all of them tells */
function unknownName(name: string, store: Pick<ConversationStore, 'list'>): NoDataError {
  store.list();
  return new NoDataError(`sessions: no conversation named ${JSON.stringify(name.slice(0, 60))}`, {
    hint: 'fin sessions list shows them',
  });
}

function list(kept: readonly SavedConversation[], session: CommandContext): number {
  const rows = kept.map((conversation) => {
    const { name, questions, updatedMs, sample } = conversation;
    const last = parseMessages(conversation.body).findLast((message) => message.role === 'user');
    return [
      name,
      formatCount(questions),
      formatExchangeTime(formatExchangeIso(updatedMs)),
      sample ? 'SAMPLE' : 'real',
      sanitiseLine(last?.content ?? '', 200),
    ];
  });
  const data = kept.map(({ name, questions, updatedMs, sample }) => ({
    name,
    questions,
    updatedAt: formatExchangeIso(updatedMs),
    sample,
  }));
  const lines =
    rows.length === 0
      ? ['no saved conversations']
      : renderTable(
          { columns: listColumns(Math.max(...kept.map(({ name }) => name.length))), rows },
          screenOf(session.output),
        );
  printOwn(session, 'sessions list', data, lines);
  return EXIT.done;
}

function show(kept: SavedConversation, session: CommandContext): number {
  const { name, sample, updatedMs } = kept;
  const messages = parseMessages(kept.body);
  const data = { name, sample, updatedAt: formatExchangeIso(updatedMs), messages: messages.map(toJsonMessage) };
  printOwn(session, 'sessions show', data, renderTranscript(messages, screenOf(session.output)), { sample });
  return EXIT.done;
}

/** Questions, answers and tool results; not how calls are numbered. */
function toJsonMessage(message: Message): object {
  if (message.role !== 'tool') return { role: message.role, content: sanitise(message.content) };
  const { name, arguments: args, answer } = message;
  return {
    role: 'tool',
    name,
    arguments: args,
    ...(answer?.data === undefined ? {} : { data: answer.data }),
    ...(answer === undefined ? {} : { meta: answer.meta }),
  };
}
