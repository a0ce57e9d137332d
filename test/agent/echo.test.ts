// What a server writes beside the fields that fin knows goes back to it unchanged with the calls that it belongs to,
// streamed in any pieces or not; over real sockets, with the next request as the witness.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConversation } from '../../src/agent/conversation.ts';
import { parseMessages } from '../../src/agent/kept-conversation.ts';
import type { Message } from '../../src/agent/model.ts';
import { createOpenAiModel } from '../../src/agent/openai.ts';
import { listTools } from '../../src/tools/registry.ts';
import { type ModelStep, chunk, completion, say, startModelServer } from '../helpers/model-server.ts';

type Fields = Record<string, unknown>;

const QUESTION: Message = { role: 'user', content: 'AAPL?' };
const KNOWN = [
  'role',
  'content',
  'refusal',
  'tool_calls',
  'function_call',
  'id',
  'index',
  'type',
  'function',
  'name',
  'arguments',
];

/** Asks, runs nothing, and gives the assistant message as the next request carries it. */
async function echo(...steps: ModelStep[]): Promise<{ message: Fields; requests: number }> {
  await using server = await startModelServer([...steps, say('Done.')]);
  const model = createOpenAiModel({ settings: { name: 'm', baseUrl: server.baseUrl } });
  const request = { tools: listTools(), signal: AbortSignal.timeout(30_000) };
  const { text, toolCalls, extras } = await model.reply({ ...request, messages: [QUESTION] });
  const results = toolCalls.map(({ id, name }): Message => ({
    role: 'tool',
    toolCallId: id,
    name,
    content: 'x',
    arguments: {},
  }));
  const said: Message = { role: 'assistant', content: text, toolCalls, ...(extras === undefined ? {} : { extras }) };
  // As a session keeps it.
  const kept = parseMessages(JSON.stringify({ v: 1, messages: [QUESTION, said, ...results] }));
  await model.reply({ ...request, messages: kept });
  const sent = server.requests.at(-1)?.body.messages.find(({ role }) => role === 'assistant');
  if (sent === undefined) throw new Error('no assistant message in the next request');
  return { message: sent, requests: server.requests.length };
}

function callWith(extras: Fields, inside: Fields, args = '{"symbol":"AAPL"}'): Fields {
  return {
    ...extras,
    id: 'call_a',
    type: 'function',
    function: { ...inside, name: 'get_stock_quote', arguments: args },
  };
}

const fields = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 12 }).filter((name) => !KNOWN.includes(name)),
  fc.jsonValue({ maxDepth: 3 }),
  { maxKeys: 4 },
);

/** Each text in pieces, the rest whole, in any order among fields. */
function inPieces(extras: Fields, pieceChars: number): Fields[] {
  return Object.entries(extras).flatMap(([name, value]) => {
    const one = (part: unknown): Fields => Object.fromEntries([[name, part]]);
    if (typeof value !== 'string' || value === '') return [one(value)];
    return Array.from({ length: Math.ceil(value.length / pieceChars) }, (_each, index) =>
      one(value.slice(index * pieceChars, (index + 1) * pieceChars)),
    );
  });
}

describe('fields of a server beside its calls', () => {
  it('go back unchanged, of the message, of a call and of its function', async () => {
    await fc.assert(
      fc.asyncProperty(fields, fields, fields, async (ofMessage, ofCall, ofFunction) => {
        const body = completion(
          { ...ofMessage, content: '', tool_calls: [callWith(ofCall, ofFunction)] },
          'tool_calls',
        );
        const { message, requests } = await echo({ body: JSON.parse(JSON.stringify(body)) });
        const expected = { ...ofMessage, role: 'assistant', content: '', tool_calls: [callWith(ofCall, ofFunction)] };
        expect(message).toEqual(JSON.parse(JSON.stringify(expected)));
        expect(requests).toBe(2);
      }),
      { numRuns: 60 },
    );
  });

  it('go back unchanged when they are streamed in any pieces, cut into any writes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fields,
        fields,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 40, max: 400 }),
        async (ofMessage, ofCall, pieceChars, writeBytes) => {
          const [first, ...rest] = inPieces(ofCall, pieceChars);
          const events = [
            ...inPieces(ofMessage, pieceChars).map((delta) => chunk(delta)),
            chunk({ tool_calls: [{ ...callWith(first ?? {}, {}, ''), index: 0 }] }),
            ...rest.map((extras) => chunk({ tool_calls: [{ ...extras, index: 0 }] })),
            chunk({ tool_calls: [{ index: 0, function: { arguments: '{"symbol":' } }] }),
            chunk({ tool_calls: [{ index: 0, function: { arguments: '"AAPL"}' } }] }),
            chunk({}, 'tool_calls'),
          ];
          const { message } = await echo({ events, writeBytes });
          const expected = { ...ofMessage, role: 'assistant', content: '', tool_calls: [callWith(ofCall, {})] };
          expect(message).toEqual(JSON.parse(JSON.stringify(expected)));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('are put together where their parts come one by one, as the same reply without a stream has them', async () => {
    const part = (detail: Fields): object =>
      chunk({ reasoning_details: [{ format: 'anthropic-claude-v1', index: 0, ...detail }] });
    const events = [
      part({ type: 'reasoning.text', text: 'A quote ' }),
      part({ type: 'reasoning.text', text: 'is needed.' }),
      part({ type: 'reasoning.text', signature: 'c2ln' }),
      chunk({ tool_calls: [{ index: 0, ...callWith({}, {}), extra_content: { google: {} } }] }),
      chunk({ tool_calls: [{ index: 0, extra_content: { google: { thought_signature: 'CqQB' } } }] }),
      chunk({}, 'tool_calls'),
    ];
    const { message } = await echo({ events });
    expect(message).toMatchObject({
      reasoning_details: [
        {
          format: 'anthropic-claude-v1',
          index: 0,
          type: 'reasoning.text',
          text: 'A quote is needed.',
          signature: 'c2ln',
        },
      ],
      tool_calls: [{ extra_content: { google: { thought_signature: 'CqQB' } } }],
    });
  });

  it.each([
    ['by its name', { status: 400, body: { error: { message: "property 'messages.1.reasoning' is unsupported" } } }],
    [
      'by its place, as FastAPI does',
      {
        status: 422,
        body: {
          detail: [
            {
              type: 'extra_forbidden',
              loc: ['body', 'messages', 1, 'assistant', 'reasoning'],
              msg: 'Extra inputs are not permitted',
            },
          ],
        },
      },
    ],
    [
      'by a field inside it',
      { status: 400, body: [{ error: { code: 400, message: 'Unknown name "mood": Cannot find field.' } }] },
    ],
  ] satisfies [string, ModelStep][])(
    'are dropped where the server refuses one %s, and only that one',
    async (_how, refusal) => {
      const body = completion({
        reasoning: { mood: 'calm' },
        stance: 'kept',
        tool_calls: [callWith({ extra_content: 1 }, {})],
      });
      const { message, requests } = await echo({ body }, refusal);
      expect(requests).toBe(3);
      expect(message).not.toHaveProperty('reasoning');
      expect(message).toMatchObject({ stance: 'kept', tool_calls: [{ extra_content: 1 }] });
    },
  );

  it('are not dropped where the server misses one', async () => {
    const body = completion({ reasoning_content: 'x', tool_calls: [callWith({}, {})] });
    const missed = {
      status: 400,
      body: { error: { message: 'The reasoning_content in the thinking mode must be passed back to the API.' } },
    };
    await expect(echo({ body }, missed)).rejects.toThrow(/must be passed back/);
  });

  it('go with the calls that they belong to once those are no longer sent', () => {
    const conversation = createConversation();
    for (const question of ['one', 'two', 'three', 'four'])
      conversation.append(
        { role: 'user', content: question },
        {
          role: 'assistant',
          content: '',
          extras: { reasoning_content: question },
          toolCalls: [{ id: question, name: 'x', arguments: '{}', extras: { a: 1 } }],
        },
        { role: 'tool', toolCallId: question, name: 'x', content: 'y'.repeat(4_000), arguments: {} },
        { role: 'assistant', content: question },
      );
    expect(conversation.compact()).toBe(true);
    const left = conversation.messages.filter(
      (message) => message.role === 'assistant' && message.extras !== undefined,
    );
    expect(left).toHaveLength(2);
    expect(JSON.stringify(conversation.messages.slice(0, 4))).not.toContain('extras');
  });
});
