// Conversations kept in one file by several holders at once: whoever saves later adds to what the others have said.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KeptConversation, openConversation } from '../../src/agent/kept-conversation.ts';
import {
  type ConversationStore,
  createConversationStore,
  openConversationDatabase,
} from '../../src/book/conversations.ts';
import type { DataDatabase } from '../../src/book/data-database.ts';

let folder: string;
let database: DataDatabase;
let store: ConversationStore;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fin-kept-'));
  database = openConversationDatabase({ dataDir: join(folder, 'data'), cacheDir: folder }, () => undefined);
  store = createConversationStore(database);
});
afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

let moment = 0;
const open = (name: string): KeptConversation =>
  openConversation({ store, sample: false, name, goOn: false, redact: (text) => text, nowMs: 0 });
const questionsOf = ({ conversation }: KeptConversation): string[] =>
  conversation.messages.flatMap((message) => (message.role === 'user' ? [message.content] : []));

function ask({ conversation }: KeptConversation, question: string): void {
  conversation.append({ role: 'user', content: question }, { role: 'assistant', content: `answer to ${question}` });
}

describe('a conversation that several have open', () => {
  it('holds each question once with its answer, each holder’s in its order, whoever saves when', () => {
    const steps = fc.array(fc.record({ who: fc.nat(2), saves: fc.boolean(), sameMoment: fc.boolean() }), {
      maxLength: 30,
    });
    let run = 0;
    fc.assert(
      fc.property(steps, (all) => {
        run += 1;
        const name = `crowd-${run}`;
        const holders = [open(name), open(name), open(name)];
        const asked: string[][] = [[], [], []];
        for (const [index, { who, saves, sameMoment }] of all.entries()) {
          const holder = holders[who] as KeptConversation;
          ask(holder, `${who} ${index}`);
          asked[who]?.push(`${who} ${index}`);
          if (!sameMoment) moment += 1;
          if (saves) holder.save(moment);
        }
        for (const holder of holders) holder.save((moment += 1));
        const { conversation } = open(name);
        const kept = questionsOf(open(name));
        expect(kept).toHaveLength(all.length);
        for (const [who, questions] of asked.entries())
          expect(kept.filter((question) => question.startsWith(`${who} `))).toEqual(questions);
        for (const [index, message] of conversation.messages.entries()) {
          if (message.role === 'user')
            expect(conversation.messages[index + 1]?.content).toBe(`answer to ${message.content}`);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('takes the others’ questions in when it saves, and stays bounded', () => {
    const [mine, theirs] = [open('long'), open('long')];
    for (let index = 0; index < 240; index += 1) ask(theirs, `their ${index}`);
    theirs.save((moment += 1));
    for (let index = 0; index < 240; index += 1) ask(mine, `my ${index}`);
    mine.save((moment += 1));
    expect(questionsOf(mine).length).toBeLessThanOrEqual(250);
    expect(questionsOf(mine).at(-1)).toBe('my 239');
    expect(questionsOf(open('long'))).toEqual(questionsOf(mine));
  });

  it('starts anew where it was removed or damaged meanwhile, without losing what it has', () => {
    const holder = open('gone');
    ask(holder, 'first');
    holder.save((moment += 1));
    store.remove('gone');
    ask(holder, 'second');
    holder.save((moment += 1));
    expect(questionsOf(open('gone'))).toEqual(['first', 'second']);
    store.update('gone', false, () => ({ updatedMs: (moment += 1), questions: 9, body: 'no conversation' }));
    ask(holder, 'third');
    holder.save((moment += 1));
    expect(questionsOf(open('gone'))).toEqual(['first', 'second', 'third']);
  });
});

describe('a conversation by the name of a question without one', () => {
  it('says where it is not kept any more that a new one begins', () => {
    const said: string[] = [];
    const open = (name: string) =>
      openConversation({
        store,
        sample: false,
        name,
        goOn: false,
        redact: (text) => text,
        nowMs: 0,
        note: (text) => said.push(text),
      });
    for (const name of ['mine', 'ask-mine', '20261201-161500-000']) open(name);
    expect(said).toEqual([]);
    open('ask-20261201-161500-000');
    expect(said).toEqual([expect.stringContaining('this starts a new conversation')]);
  });
});
