// The client of language model servers against real sockets: every wire file, every oddity of the servers, every failure.
import type { ToolDefinition } from '../../src/tools/registry.ts';
import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { LLMock } from '@copilotkit/aimock';
import { describe, expect, it } from 'vitest';
import type { FinError } from '../../src/domain/errors.ts';
import type { Message, ModelReply, ToolCall } from '../../src/agent/model.ts';
import { type OpenAiOptions, createOpenAiModel, decideWait } from '../../src/agent/openai.ts';
import {
  type ModelServer,
  type ModelStep,
  callTools,
  chunk,
  completion,
  say,
  startModelServer,
  usageChunk,
} from '../helpers/model-server.ts';

const KEY = 'sk-test-0123456789abcdef';
const TOOLS: ToolDefinition[] = [
  {
    name: 'get_quote',
    description: 'A quote.',
    parameters: {
      type: 'object',
      properties: { symbol: { type: 'string' } },
      required: ['symbol'],
      additionalProperties: false,
    },
  },
];
const QUESTION: Message[] = [
  { role: 'system', content: 'You are fin.' },
  { role: 'user', content: 'AAPL and MSFT?' },
];

interface Asked {
  reply?: ModelReply;
  error?: FinError;
  pieces: string[];
  waits: number[];
  requests: ModelServer['requests'];
}

interface AskOptions {
  messages?: Message[];
  tools?: ToolDefinition[];
  deadlineMs?: number;
  signal?: AbortSignal;
  key?: string;
  times?: number;
  onText?: (piece: string) => void;
  onWait?: () => void;
}

/** Asks a server with the script and gives all that can be seen of it. */
async function ask(steps: readonly ModelStep[], options: AskOptions = {}): Promise<Asked> {
  await using server = await startModelServer(steps);
  const waits: number[] = [];
  const model = createModel(server.baseUrl, waits, options.key === undefined ? {} : { apiKey: options.key });
  return await askModel(model, server, waits, options);
}

function createModel(baseUrl: string, waits: number[], settings: Partial<OpenAiOptions['settings']> = {}) {
  return createOpenAiModel({
    settings: { name: 'm', baseUrl, ...settings },
    delay: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    machineNow: () => 1_000_000,
    random: () => 0.5,
  });
}

async function askModel(
  model: ReturnType<typeof createOpenAiModel>,
  server: Pick<ModelServer, 'requests'>,
  waits: number[],
  options: AskOptions = {},
): Promise<Asked> {
  const pieces: string[] = [];
  const { messages = QUESTION, tools = TOOLS, deadlineMs, signal = AbortSignal.timeout(40_000) } = options;
  const asked: Asked = { pieces, waits, requests: server.requests };
  try {
    const onText = (piece: string): void => {
      pieces.push(piece);
      options.onText?.(piece);
    };
    asked.reply = await model.reply({
      messages,
      tools,
      signal,
      onText,
      onWait: () => options.onWait?.(),
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
    });
  } catch (thrown) {
    asked.error = thrown as FinError;
  }
  return asked;
}

function wire(name: string): string {
  return readFileSync(new URL(`../fixtures/wire/${name}`, import.meta.url), 'utf8');
}

function wireJson(name: string): unknown {
  return JSON.parse(wire(name));
}

const AAPL = { name: 'get_quote', arguments: '{"symbol":"AAPL"}' };
const MSFT = { name: 'get_quote', arguments: '{"symbol":"MSFT"}' };

describe('wire files of section C', () => {
  const FULL_USAGE = { inputTokens: 1206, cachedInputTokens: 1024, outputTokens: 41 };
  const replies: Record<string, { step: ModelStep; reply: ModelReply }> = {
    'openai.chat.nonstream-toolcall.json': {
      step: { body: wireJson('openai.chat.nonstream-toolcall.json') },
      reply: {
        text: '',
        toolCalls: [
          { id: 'call_a1', ...AAPL },
          { id: 'call_b2', ...MSFT },
        ],
        usage: FULL_USAGE,
      },
    },
    'openai.chat.stream-toolcall.json': {
      step: { events: wireJson('openai.chat.stream-toolcall.json') as object[] },
      reply: {
        text: '',
        toolCalls: [
          { id: 'call_a1', ...AAPL },
          { id: 'call_b2', ...MSFT },
        ],
        usage: FULL_USAGE,
      },
    },
    'openai.chat.stream-toolcall.sse.txt': {
      step: { events: [wire('openai.chat.stream-toolcall.sse.txt')], done: false, writeBytes: 37 },
      reply: {
        text: '',
        toolCalls: [
          { id: 'call_a1', ...AAPL },
          { id: 'call_b2', ...MSFT },
        ],
        usage: FULL_USAGE,
      },
    },
    'openai.chat.stream-usage-chunk.json': {
      step: {
        events: [chunk({ content: 'Fine.' }), chunk({}, 'stop'), wireJson('openai.chat.stream-usage-chunk.json')],
      },
      reply: { text: 'Fine.', toolCalls: [], usage: FULL_USAGE },
    },
    'ollama.nonstream-toolcall.json': {
      step: { body: wireJson('ollama.nonstream-toolcall.json') },
      reply: {
        text: '',
        toolCalls: [{ id: 'call_1f0c2a7d', ...AAPL }],
        extras: { reasoning: 'The user wants a quote.' },
        usage: { inputTokens: 211, outputTokens: 24 },
      },
    },
    'vllm.usage-details-null.json': {
      step: { body: wireJson('vllm.usage-details-null.json') },
      reply: {
        text: '',
        toolCalls: [{ id: 'chatcmpl-tool-8b1f6c0e', name: 'get_quote', arguments: '{"symbol": "AAPL"}' }],
        extras: { reasoning_content: null },
        usage: { inputTokens: 290, outputTokens: 24 },
      },
    },
    'lmstudio.toolcall.json': {
      step: { body: wireJson('lmstudio.toolcall.json') },
      reply: {
        text: '',
        toolCalls: [
          {
            id: '365174485',
            name: 'search_products',
            arguments: '{"query":"dell","category":"electronics","max_price":50}',
          },
        ],
        usage: { inputTokens: 263, outputTokens: 34 },
      },
    },
    'lmstudio.stream-empty-name.json': {
      step: { events: wireJson('lmstudio.stream-empty-name.json') as object[] },
      reply: { text: '', toolCalls: [{ id: '365174485', ...AAPL }] },
    },
    'lmstudio.toolcall-as-text.json': {
      step: { body: wireJson('lmstudio.toolcall-as-text.json') },
      reply: { text: '', toolCalls: [{ id: 'call_1', ...AAPL }], usage: { inputTokens: 100, outputTokens: 20 } },
    },
    'llamacpp.toolcall-no-id.json': {
      step: { body: wireJson('llamacpp.toolcall-no-id.json') },
      reply: { text: '', toolCalls: [{ id: 'call_1', ...AAPL }] },
    },
  };

  const failures: Record<string, { steps: ModelStep[]; message: RegExp; hint: RegExp; text?: string }> = {
    'openai.error.429.json': {
      steps: Array.from({ length: 5 }, () => ({ status: 429, body: wireJson('openai.error.429.json') })),
      message: /rate limit \(Rate limit reached for gpt-4o-mini\)/,
      hint: /again in a minute/,
    },
    'ollama.error.json': {
      steps: [{ status: 404, body: wireJson('ollama.error.json') }],
      message: /the model was not found \(model "nope" not found, try pulling it first\)/,
      hint: /ollama pull/,
    },
    'vllm.error.400-tool-choice.json': {
      steps: [{ status: 400, body: wireJson('vllm.error.400-tool-choice.json') }],
      message: /cannot call tools as it is set up \("auto" tool choice requires --enable-auto-tool-choice/,
      hint: /tool calls/,
    },
    'lmstudio.error.json': {
      steps: [{ status: 400, body: wireJson('lmstudio.error.json') }],
      message: /refused, HTTP 400 \(Model unloaded\.\)/,
      hint: /--model/,
    },
    'llamacpp.error.json': {
      steps: Array.from({ length: 3 }, () => ({ status: 500, body: wireJson('llamacpp.error.json') })),
      message: /the server failed, HTTP 500 \(Failed to parse tool call arguments as JSON\)/,
      hint: /ask again/,
    },
    'compat.stream-error-midway.sse.txt': {
      steps: [{ events: [wire('compat.stream-error-midway.sse.txt')], done: false }],
      message: /failed mid-answer \(upstream model crashed\)/,
      hint: /ask again/,
      text: 'Look',
    },
  };

  it('are all read below', () => {
    const files = readdirSync(new URL('../fixtures/wire/', import.meta.url)).filter((name) =>
      /^(openai|ollama|vllm|lmstudio|llamacpp|compat)\./.test(name),
    );
    expect(files.sort()).toEqual([...Object.keys(replies), ...Object.keys(failures)].sort());
  });

  it.each(Object.entries(replies))('%s is read as its calls, text and usage', async (_file, { step, reply }) => {
    const asked = await ask([step]);
    expect(asked.error).toBeUndefined();
    expect(asked.reply).toEqual(reply);
  });

  it.each(Object.entries(failures))(
    '%s becomes a model error that says why and what to do',
    async (_file, { steps, message, hint, text = '' }) => {
      const asked = await ask(steps);
      expect(asked.error).toMatchObject({ code: 'model' });
      expect(asked.error?.message).toMatch(message);
      expect(asked.error?.message).toMatch(/^language model m at 127\.0\.0\.1:\d+: /);
      expect(asked.error?.hint).toMatch(hint);
      expect(asked.pieces.join('')).toBe(text);
      expect(asked.requests).toHaveLength(steps.length);
    },
  );
});

describe('the request', () => {
  it('is streamed with usage, strict tools and parallel calls, and carries the key in its header only', async () => {
    const { requests, reply } = await ask([say('All good.')], { key: KEY });
    expect(reply?.text).toBe('All good.');
    expect(requests[0]).toMatchObject({
      method: 'POST',
      path: '/v1/chat/completions',
      headers: { authorization: `Bearer ${KEY}` },
    });
    expect(requests[0]?.body).toMatchObject({
      model: 'm',
      stream: true,
      stream_options: { include_usage: true },
      parallel_tool_calls: true,
    });
    expect(requests[0]?.body.tools?.[0]).toEqual({ type: 'function', function: { ...TOOLS[0], strict: true } });
    expect(requests[0]?.text).not.toContain(KEY);
  });

  it('asks for text where there are no tools, and refuses a call that is written as text then', async () => {
    const { requests, reply, error, pieces } = await ask([say('<tool_call>{"name":"get_quote"}</tool_call>')], {
      tools: [],
    });
    expect(requests[0]?.body.tools).toBeUndefined();
    expect(requests[0]?.body.parallel_tool_calls).toBeUndefined();
    expect(reply).toBeUndefined();
    expect(error).toMatchObject({ code: 'model' });
    expect(error?.message).toMatch(/a tool call as text when no call was possible/);
    expect(pieces).toEqual([]);
  });

  it('echoes calls with unique ids and readable arguments, and each result under the id of its call', async () => {
    const answered = (id: string, args: string): Message[] => [
      { role: 'assistant', content: '', toolCalls: [{ id, name: 'get_quote', arguments: args }] },
      { role: 'tool', toolCallId: id, name: 'get_quote', content: `result of ${args}`, arguments: {} },
    ];
    const messages: Message[] = [
      ...QUESTION,
      ...answered('planned_1', '{"symbol":"AAPL"}'),
      { role: 'user', content: 'again' },
      ...answered('planned_1', 'not json'),
    ];
    const { requests } = await ask([say('Done.')], { messages });
    const [first, second] = requests[0]?.body.messages.filter(({ tool_calls: calls }) => calls !== undefined) ?? [];
    const results = requests[0]?.body.messages.filter(({ role }) => role === 'tool');
    const ids = [first, second].map((message) => message?.tool_calls?.[0]?.id);
    expect(new Set(ids).size).toBe(2);
    expect(results?.map(({ tool_call_id: id }) => id)).toEqual(ids);
    expect(second).toMatchObject({ content: '', tool_calls: [{ function: { arguments: '{}' } }] });
  });

  it('leaves out a refused field, asks once more, and remembers it for this server', async () => {
    const refuse = (message: string, param?: string): ModelStep => ({
      status: 400,
      body: { error: { message, type: 'invalid_request_error', param: param ?? null, code: null } },
    });
    await using server = await startModelServer([
      refuse("Unsupported parameter: 'parallel_tool_calls' is not supported with this model.", 'parallel_tool_calls'),
      refuse('Unrecognized request argument supplied: stream_options'),
      refuse('tools.0.function.strict: Extra inputs are not permitted'),
      say('First.'),
      say('Second.'),
    ]);
    const model = createModel(server.baseUrl, []);
    const first = await askModel(model, server, []);
    expect(first.reply?.text).toBe('First.');
    const second = await askModel(model, server, []);
    expect(second.reply?.text).toBe('Second.');
    const { body } = server.requests[4]!;
    expect([body.parallel_tool_calls, body.stream_options, body.tools?.[0]?.function.strict]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(body.stream).toBe(true);
  });

  it('goes on without a stream where the server cannot stream with tools', async () => {
    const { reply, requests, pieces } = await ask([
      { status: 400, body: { error: { message: 'Cannot use tools with stream' } } },
      { body: completion({ content: 'Whole.' }) },
    ]);
    expect(reply?.text).toBe('Whole.');
    expect(pieces).toEqual(['Whole.']);
    expect(requests[1]?.body.stream).toBeUndefined();
  });

  it('sends strict only with schemas that allow it, and no part of a schema that is refused', async () => {
    const optional = { ...TOOLS[0]!, name: 'other', parameters: { ...TOOLS[0]!.parameters, required: [] } };
    const none = {
      ...TOOLS[0]!,
      name: 'none',
      parameters: { type: 'object', properties: {}, required: [], additionalProperties: false },
    };
    const { requests, reply } = await ask(
      [
        {
          status: 400,
          body: [{ error: { message: 'Unknown name "additionalProperties" at \'tools[0]\': Cannot find field.' } }],
        },
        { status: 400, body: { error: { message: 'parameters.properties: should be non-empty for OBJECT type' } } },
        say('Fine.'),
      ],
      { tools: [TOOLS[0]!, optional, none] },
    );
    expect(reply?.text).toBe('Fine.');
    expect(requests[0]?.body.tools?.map(({ function: tool }) => tool.strict)).toEqual([true, undefined, true]);
    expect(requests[1]?.text).not.toMatch(/additionalProperties|strict/);
    expect(requests[2]?.body.tools?.map(({ function: tool }) => tool.parameters !== undefined)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('gives up on a 400 that repeats although the field is gone', async () => {
    const refused: ModelStep = { status: 400, body: { error: { message: 'stream_options is not supported' } } };
    const { error, requests } = await ask([refused, refused]);
    expect(error?.message).toMatch(/HTTP 400/);
    expect(requests).toHaveLength(2);
  });
});

/** Fragments of `tool_calls`, one chunk each, as a stream. */
function fragments(...parts: object[]): ModelStep {
  return { events: [...parts.map((part) => chunk({ tool_calls: [part] })), chunk({}, 'tool_calls')] };
}

const A = '{"symbol":"AAPL"}';
const M = '{"symbol":"MSFT"}';

describe('the tolerant reader', () => {
  const oddities: [string, ModelStep, ModelReply['toolCalls']][] = [
    [
      'several calls that all have index 0, told apart by their ids',
      fragments(
        { index: 0, id: 'call_a', function: { name: 'get_quote', arguments: A } },
        { index: 0, id: 'call_b', function: { name: 'get_quote', arguments: M } },
      ),
      [
        { id: 'call_a', ...AAPL },
        { id: 'call_b', ...MSFT },
      ],
    ],
    [
      'a name in two chunks, the second without an id',
      fragments(
        { index: 0, id: 'a', function: { name: 'get', arguments: '' } },
        { index: 0, function: { name: '_quote' } },
        { index: 0, function: { arguments: A } },
      ),
      [{ id: 'a', ...AAPL }],
    ],
    [
      'choice 0 behind another',
      {
        events: [
          { ...chunk({}), choices: [{ index: 1, delta: { content: 'other' } }] },
          {
            ...chunk({}),
            choices: [
              { index: 1, delta: { tool_calls: [{ index: 0, id: 'b', function: { name: 'x', arguments: M } }] } },
              {
                index: 0,
                delta: { tool_calls: [{ index: 0, id: 'a', function: { name: 'get_quote', arguments: A } }] },
              },
            ],
          },
          chunk({}, 'tool_calls'),
        ],
      },
      [{ id: 'a', ...AAPL }],
    ],
    [
      'several calls at index 0 without ids, told apart by a name after complete arguments',
      fragments(
        { index: 0, function: { name: 'get_quote', arguments: A } },
        { index: 0, function: { name: 'get_quote', arguments: '' } },
        { index: 0, function: { arguments: M } },
      ),
      [
        { id: 'call_1', ...AAPL },
        { id: 'call_2', ...MSFT },
      ],
    ],
    [
      'fragments without an index, matched by id, else to the last call',
      fragments(
        { id: 'a', function: { name: 'get_quote', arguments: '{"symbol":' } },
        { function: { arguments: '"AAPL"}' } },
        { id: 'b', function: { name: 'get_quote', arguments: '' } },
        { id: 'b', function: { arguments: M } },
      ),
      [
        { id: 'a', ...AAPL },
        { id: 'b', ...MSFT },
      ],
    ],
    [
      'fragments of two calls that alternate',
      fragments(
        { index: 0, id: 'a', function: { name: 'get_quote', arguments: '{"symbol":' } },
        { index: 1, id: 'b', function: { name: 'get_quote', arguments: '{"symbol":' } },
        { index: 0, function: { arguments: '"AAPL"}' } },
        { index: 1, function: { arguments: '"MSFT"}' } },
      ),
      [
        { id: 'a', ...AAPL },
        { id: 'b', ...MSFT },
      ],
    ],
    [
      'arguments as an object',
      fragments({ index: 0, id: 'a', function: { name: 'get_quote', arguments: { symbol: 'AAPL' } } }),
      [{ id: 'a', ...AAPL }],
    ],
    [
      'arguments encoded twice',
      fragments({ index: 0, id: 'a', function: { name: 'get_quote', arguments: JSON.stringify(A) } }),
      [{ id: 'a', ...AAPL }],
    ],
    [
      'arguments null or empty',
      fragments(
        { index: 0, id: 'a', function: { name: 'x', arguments: null } },
        { index: 1, id: 'b', function: { name: 'y', arguments: '' } },
      ),
      [
        { id: 'a', name: 'x', arguments: '{}' },
        { id: 'b', name: 'y', arguments: '{}' },
      ],
    ],
    ...[
      'functions.get_quote',
      'functions.get_quote:0',
      'default_api:get_quote',
      'get_quote()',
      'get_quote<|channel|>commentary',
    ].map((name): [string, ModelStep, ToolCall[]] => [
      `a tool named ${name}`,
      fragments({ index: 0, id: 'a', function: { name, arguments: A } }),
      [{ id: 'a', ...AAPL }],
    ]),
    ...[`${A}${A}`, `{}${A}`, `${A}\n{}`, `\`\`\`json\n${A}\n\`\`\``].map((args): [string, ModelStep, ToolCall[]] => [
      `arguments that came as ${args}`,
      fragments({ index: 0, id: 'a', function: { name: 'get_quote', arguments: args } }),
      [{ id: 'a', ...AAPL }],
    ]),
    [
      'two different objects of arguments, kept for the tool to complain about',
      fragments({ index: 0, id: 'a', function: { name: 'get_quote', arguments: `${A}${M}` } }),
      [{ id: 'a', name: 'get_quote', arguments: `${A}${M}` }],
    ],
    [
      'malformed arguments, kept for the tool to complain about',
      fragments({ index: 0, id: 'a', function: { name: 'x', arguments: '{"symbol":' } }),
      [{ id: 'a', name: 'x', arguments: '{"symbol":' }],
    ],
    [
      'a number as id',
      fragments({ index: 0, id: 365174485, function: { name: 'get_quote', arguments: A } }),
      [{ id: '365174485', ...AAPL }],
    ],
    [
      'duplicate ids',
      fragments(
        { index: 0, id: 'a', function: { name: 'get_quote', arguments: A } },
        { index: 1, id: 'a', function: { name: 'get_quote', arguments: M } },
      ),
      [
        { id: 'a', ...AAPL },
        { id: 'call_2', ...MSFT },
      ],
    ],
    [
      'ids that are too long or hold white space',
      fragments(
        { index: 0, id: 'x'.repeat(81), function: { name: 'get_quote', arguments: A } },
        { index: 1, id: 'a b\n', function: { name: 'get_quote', arguments: M } },
      ),
      [
        { id: 'call_1', ...AAPL },
        { id: 'call_2', ...MSFT },
      ],
    ],
    [
      'a name that no server would take back',
      fragments({ index: 0, id: 'a', function: { name: ' get\u001b[31m quote ', arguments: A } }),
      [{ id: 'a', name: 'get__31m_quote', arguments: A }],
    ],
    [
      'one whole call of early llama.cpp in a stream',
      fragments({ name: 'get_quote', arguments: A }),
      [{ id: 'call_1', ...AAPL }],
    ],
    [
      'several calls written as text',
      say(
        `<tool_call>\n{"name":"get_quote","arguments":${A}}\n</tool_call>\n<tool_call>{"name":"get_quote","arguments":${M}}</tool_call>`,
      ),
      [
        { id: 'call_1', ...AAPL },
        { id: 'call_2', ...MSFT },
      ],
    ],
  ];

  it.each(oddities)('takes %s', async (_what, step, calls) => {
    const asked = await ask([step]);
    expect(asked.error).toBeUndefined();
    expect(asked.reply).toEqual({ text: '', toolCalls: calls });
    expect(asked.pieces).toEqual([]);
  });

  it('gives a call without an id one that the conversation does not hold yet', async () => {
    const messages: Message[] = [
      ...QUESTION,
      {
        role: 'assistant',
        content: '',
        toolCalls: [
          { id: 'call_1', ...AAPL },
          { id: 'call_2', ...MSFT },
        ],
      },
      { role: 'tool', toolCallId: 'call_1', name: 'get_quote', content: 'x', arguments: {} },
      { role: 'tool', toolCallId: 'call_2', name: 'get_quote', content: 'x', arguments: {} },
    ];
    const { reply } = await ask([fragments({ index: 0, function: { name: 'get_quote', arguments: A } })], { messages });
    expect(reply?.toolCalls[0]?.id).toBe('call_3');
  });

  it('keeps text that only quotes a call, or begins like one', async () => {
    for (const text of [
      'See <tool_call>{"name":"x"}</tool_call>',
      '<tool_call>{"name":"x"}</tool_call> was tried',
      '[TOOL_REQUEST] is how it begins',
      '<',
      '[TOOL',
    ]) {
      const { reply, pieces } = await ask([say(text)]);
      expect(reply).toEqual({ text, toolCalls: [] });
      expect(pieces.join('')).toBe(text);
    }
  });

  it('drops reasoning, in its own fields and in tags before the answer', async () => {
    const events = [
      chunk({ reasoning: 'first AAPL', content: '' }),
      chunk({ reasoning_content: 'then' }),
      chunk({ content: '<thi' }),
      chunk({ content: 'nk>171.08?</th' }),
      chunk({ content: 'ink>\n\nAAPL is' }),
      chunk({ content: ' up.' }),
      chunk({}, 'stop'),
    ];
    const { reply, pieces } = await ask([{ events }]);
    expect(reply?.text).toBe('AAPL is up.');
    expect(pieces.join('')).toBe('AAPL is up.');
  });

  it('reads streams with comments, any line end, no [DONE], no last blank line, and characters cut in half', async () => {
    const text = 'Kurs: 171,08 € – „gut“ 👍';
    const line = (value: object): string => `data:${JSON.stringify(value)}`;
    const raw = `: keep-alive\r\n\r\nevent: message\r\n${line(chunk({ content: text }))}\r\n\r\n\r\n${line({ choices: [], usage: null })}\r\r: again\n${line(chunk({}, 'stop'))}`;
    for (const writeBytes of [1, 7]) {
      const { reply } = await ask([{ events: [raw], done: false, writeBytes }]);
      expect(reply).toEqual({ text, toolCalls: [] });
    }
  });

  it.each([
    [
      'in its choice (Kimi)',
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage: { prompt_tokens: 9 } }] },
    ],
    ['under a name of its own (Groq)', { ...chunk({}, 'stop'), x_groq: { usage: { prompt_tokens: 9 } } }],
  ])('finds usage %s', async (_where, last) => {
    const { reply } = await ask([{ events: [chunk({ content: 'x' }), last] }]);
    expect(reply?.usage).toEqual({ inputTokens: 9 });
  });

  it('reads the cached tokens of DeepSeek', async () => {
    const { reply } = await ask([
      {
        events: [
          chunk({ content: 'x' }),
          { ...chunk({}, 'stop'), usage: { prompt_tokens: 100, completion_tokens: 3, prompt_cache_hit_tokens: 64 } },
        ],
      },
    ]);
    expect(reply?.usage).toEqual({ inputTokens: 100, cachedInputTokens: 64, outputTokens: 3 });
  });

  it('takes the last usage, also beside text, and leaves out what the server did not count', async () => {
    const events = [
      { ...chunk({ content: 'x' }), usage: { prompt_tokens: 1 } },
      chunk({}, 'stop'),
      usageChunk({ prompt_tokens: 10, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 0 } }),
    ];
    expect((await ask([{ events }])).reply?.usage).toEqual({ inputTokens: 10, cachedInputTokens: 0, outputTokens: 2 });
    expect((await ask([say('x')])).reply).not.toHaveProperty('usage');
    expect(
      (
        await ask([
          { events: [chunk({ content: 'x' }, 'stop'), usageChunk({ prompt_tokens: null, completion_tokens: 'many' })] },
        ])
      ).reply,
    ).not.toHaveProperty('usage');
  });

  it('reads plain JSON from a server that ignores stream, whatever content type it names', async () => {
    const body = completion({ content: null, tool_calls: [{ function: AAPL }] }, null, { prompt_tokens: 3 });
    const plain = await ask([{ body: JSON.stringify(body) }]);
    expect(plain.reply).toEqual({ text: '', toolCalls: [{ id: 'call_1', ...AAPL }], usage: { inputTokens: 3 } });
  });

  it('reads the text of a message in parts, and a refusal as the answer', async () => {
    expect(
      (
        await ask([
          {
            body: completion({
              content: [
                { type: 'text', text: 'a' },
                { type: 'text', text: 'b' },
              ],
            }),
          },
        ])
      ).reply?.text,
    ).toBe('ab');
    expect((await ask([{ body: completion({ content: null, refusal: 'I cannot.' }) }])).reply?.text).toBe('I cannot.');
  });

  it('is done soon after the last word where the server keeps the connection open or breaks it', async () => {
    const events = [chunk({ content: 'Whole.' }, 'stop')];
    expect((await ask([{ events, fault: 'open' }])).reply?.text).toBe('Whole.');
    expect((await ask([{ events, fault: 'cut' }])).reply?.text).toBe('Whole.');
  });

  it.each([
    ['after [DONE]', { floodAfterDone: true }],
    ['after its finish_reason', {}],
  ] satisfies [string, Partial<ModelStep>][])(
    'is done soon where the server sends on and on %s',
    async (_when, step) => {
      const started = performance.now();
      const { reply } = await ask([{ events: [chunk({ content: 'Whole.' }, 'stop')], fault: 'flood', ...step }]);
      expect(reply?.text).toBe('Whole.');
      expect(performance.now() - started).toBeLessThan(10_000);
    },
  );

  it.each([
    ['an answer', { events: [chunk({ content: 'Never' })], fault: 'flood' }],
    ['an error body', { status: 500, body: 'x', fault: 'flood' }],
    ['an error body that stops', { status: 500, body: 'x', fault: 'open' }],
  ] satisfies [string, ModelStep][])('stops reading %s without end when it is told to', async (_what, step) => {
    const { error } = await ask([step], { signal: AbortSignal.timeout(300) });
    expect(error).toMatchObject({ name: 'TimeoutError' });
  });

  it('takes whole calls with [DONE] and no finish_reason, and no half one and no text', async () => {
    const part = (args: string): object =>
      chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'get_quote', arguments: args } }] });
    const whole = await ask([{ events: [part(A), usageChunk({ prompt_tokens: 3 })] }]);
    expect(whole.reply).toEqual({ text: '', toolCalls: [{ id: 'a', ...AAPL }], usage: { inputTokens: 3 } });
    for (const step of [
      { events: [part('{"symbol":')] },
      { events: [part(A)], done: false },
      { events: [part(A)], fault: 'cut' as const },
      { events: [chunk({ content: 'Half a' })] },
    ]) {
      const { reply, error } = await ask([step]);
      expect(reply).toBeUndefined();
      expect(error?.message).toMatch(/connection was lost|ended before it was complete/);
    }
  });

  it('reads the form before tool_calls, streamed and not', async () => {
    const events = [
      chunk({ role: 'assistant', content: null, function_call: { name: 'get_quote', arguments: '' } }),
      chunk({ function_call: { arguments: '{"symbol":' } }),
      chunk({ function_call: { arguments: '"AAPL"}' } }),
      chunk({}, 'function_call'),
    ];
    const whole = completion({ content: null, function_call: AAPL }, 'function_call');
    for (const step of [{ events }, { body: whole }])
      expect((await ask([step])).reply).toEqual({ text: '', toolCalls: [{ id: 'call_1', ...AAPL }] });
  });

  it('tells the screen that what it was given is reasoning, once its end comes without a beginning', async () => {
    let discarded = 0;
    await using server = await startModelServer([say('It says 450. So\n</think>\n\nAAPL is up.')]);
    const pieces: string[] = [];
    const reply = await createModel(server.baseUrl, []).reply({
      messages: QUESTION,
      tools: TOOLS,
      signal: AbortSignal.timeout(30_000),
      onText: (piece) => pieces.push(piece),
      onDiscard: () => {
        discarded += 1;
        pieces.length = 0;
      },
    });
    expect(reply.text).toBe('AAPL is up.');
    expect(pieces.join('')).toBe('AAPL is up.');
    expect(discarded).toBe(1);
  });

  it('reads the same calls however the stream is cut into writes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 200 }), async (writeBytes) => {
        const { reply } = await ask([
          { ...callTools({ name: 'get_quote', arguments: A }, { name: 'get_quote', arguments: M }), writeBytes },
        ]);
        expect(reply?.toolCalls.map((call) => call.arguments)).toEqual([A, M]);
      }),
      { numRuns: 15 },
    );
  });
});

describe('never half an answer as a whole one', () => {
  const begun = [chunk({ role: 'assistant', content: '' }), chunk({ content: 'AAPL trades at ' })];
  const broken: [string, ModelStep, RegExp][] = [
    ['a stream that ends without finish_reason', { events: begun, done: false }, /ended before it was complete/],
    ['a stream that ends with [DONE] but without finish_reason', { events: begun }, /ended before it was complete/],
    ['a connection that is lost', { events: begun, fault: 'cut' }, /connection was lost mid-answer/],
    [
      'an event that is cut in the middle',
      { events: [...begun, 'data: {"choices":[{"delta":{"cont'], done: false },
      /ended before it was complete/,
    ],
    ['an error in mid-stream', { events: [...begun, { error: { message: 'boom' } }] }, /failed mid-answer \(boom\)/],
    [
      'an error as text in mid-stream',
      { events: [...begun, { error: 'Model unloaded.' }] },
      /failed mid-answer \(Model unloaded\.\)/,
    ],
    [
      'an error line of llama.cpp',
      { events: [...begun, 'error: {"message":"slot unavailable"}\n\n'], done: false },
      /slot unavailable/,
    ],
    [
      'an error of one choice',
      {
        events: [
          ...begun,
          { choices: [{ index: 0, delta: {}, finish_reason: 'error', error: { message: 'upstream' } }] },
        ],
      },
      /upstream/,
    ],
    ['the length limit', { events: [...begun, chunk({}, 'length')] }, /length limit/],
    ['the content filter', { events: [...begun, chunk({}, 'content_filter')] }, /content filter/],
    [
      'garbage between events',
      { events: [...begun, 'data: <<<chaos>>>\n\n', chunk({}, 'stop')] },
      /not Chat Completions/,
    ],
  ];

  it.each(broken)('%s is a model error; what came was handed on', async (_what, step, message) => {
    const { error, pieces, requests, reply } = await ask([step]);
    expect(reply).toBeUndefined();
    expect(error).toMatchObject({ code: 'model' });
    expect(error?.message).toMatch(message);
    expect(pieces.join('')).toBe('AAPL trades at ');
    expect(requests).toHaveLength(1);
  });

  it('a call whose arguments the length limit cut is not run, a whole one is', async () => {
    const cut = await ask([
      {
        events: [
          chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'get_quote', arguments: '{"symb' } }] }),
          chunk({}, 'length'),
        ],
      },
    ]);
    expect(cut.error?.message).toMatch(/length limit/);
    expect(cut.error?.hint).toMatch(/narrower question/);
    const whole = await ask([
      { events: [chunk({ tool_calls: [{ index: 0, id: 'a', function: AAPL }] }), chunk({}, 'length')] },
    ]);
    expect(whole.reply?.toolCalls).toEqual([{ id: 'a', ...AAPL }]);
  });

  it.each([
    ['no text and no call', say('')],
    [
      'an HTML page',
      { body: '<!DOCTYPE html><html><body>login</body></html>', headers: { 'content-type': 'text/html' } },
    ],
    ['JSON of another kind', { body: { hello: 'world' } }],
    ['no choices', { body: { choices: [] } }],
    ['malformed JSON', { body: '{malformed json: <<<chaos>>>}' }],
    ['reasoning without an answer', say('<think>171.08')],
  ] satisfies [string, ModelStep][])('%s is a model error', async (_what, step) => {
    const { error, pieces } = await ask([step]);
    expect(error).toMatchObject({ code: 'model' });
    expect(error?.hint).toBeTypeOf('string');
    expect(pieces.join('')).toBe('');
  });

  it('cuts off floods of text, of tool calls and of one line', async () => {
    const big = 'x'.repeat(1_100_000);
    const text = await ask([
      { events: [...Array.from({ length: 4 }, () => chunk({ content: big })), chunk({}, 'stop')] },
    ]);
    expect(text.error?.message).toMatch(/longer than fin reads/);
    const calls = await ask([
      fragments(...Array.from({ length: 201 }, (_each, index) => ({ index, id: `c${index}`, function: AAPL }))),
    ]);
    expect(calls.error?.message).toMatch(/more than 200 tool calls/);
    const line = await ask([{ events: [`data: ${'y'.repeat(8_100_000)}`], fault: 'open' }]);
    expect(line.error?.message).toMatch(/longer than fin reads/);
  });
});

describe('the reason of a refusal', () => {
  const REASON = 'the budget of this project is used up';
  it.each([
    ['an object in a list', [{ error: { code: 403, message: REASON, status: 'PERMISSION_DENIED' } }]],
    ['plain text', REASON],
    ['text as JSON', JSON.stringify(REASON)],
    ['an error that is text', { error: REASON }],
    ['an error that is a list', { error: [{ message: REASON }] }],
    ['a list of errors', { success: false, errors: [{ code: 7003, message: REASON }] }],
    ['a nested error', { error: { error: { error: { message: REASON } } } }],
    ['a detail', { detail: REASON }],
    ['details of a schema', { detail: [{ type: 'value_error', loc: ['body', 'model'], msg: REASON }] }],
    ['a message that is an object', { object: 'error', message: { detail: [{ msg: REASON }] } }],
    ['a message that holds JSON', { error: { message: `{"error":{"message":"${REASON}"}}` } }],
    [
      'what a router got from behind',
      { error: { message: 'Provider returned error', metadata: { raw: `{"error":"${REASON}"}` } } },
    ],
    ['a description', { error_description: REASON }],
  ])('is kept where it is %s', async (_form, body) => {
    for (const status of [400, 403, 404, 409]) {
      const { error } = await ask([{ status, body }]);
      expect(error?.message).toContain(REASON);
      expect(error?.message).not.toMatch(/no Chat Completions|[{}[\]"]/);
    }
    const inStream = await ask([{ events: [chunk({ content: 'x' }), Array.isArray(body) ? body : { error: body }] }]);
    expect(inStream.error?.message).toContain(REASON);
    const inBody = await ask([{ body: Array.isArray(body) ? body : { error: body } }]);
    expect(inBody.error?.message).toContain(REASON);
  });

  it('is the name of the error where there is no other', async () => {
    expect(
      (await ask([{ status: 400, body: { error: { code: 'model_loading', param: null } } }])).error?.message,
    ).toMatch(/HTTP 400 \(model_loading\)/);
    expect((await ask([{ status: 400, body: {} }])).error?.message).toMatch(/refused, HTTP 400$/);
  });

  it.each([
    '',
    '404 page not found',
    'Not Found',
    { detail: 'Not Found' },
    { error: { code: 404, message: 'File Not Found', type: 'not_found_error' } },
    '<html>nginx</html>',
    'Cannot POST /v2/chat/completions',
    { error: { message: 'Invalid URL (POST /v1/x/chat/completions)' } },
    { message: 'no Route matched with those values' },
  ])('of a 404 is a wrong address where it says so: %j', async (body) => {
    const { error } = await ask([{ status: 404, body }]);
    expect(error?.message).toMatch(/no Chat Completions at this address/);
  });
});

describe('limits, retries and refusals', () => {
  const limited = (headers: Record<string, string> = {}): ModelStep => ({
    status: 429,
    headers,
    body: wireJson('openai.error.429.json'),
  });

  it.each([
    ['retry-after', { 'retry-after': '7' }, 7000],
    ['retry-after-ms, which is finer', { 'retry-after': '7', 'retry-after-ms': '6500.5' }, 6500.5],
    ['retry-after as a date', { 'retry-after': new Date(1_000_000 + 9_000).toUTCString() }, 9000],
    ['its own backoff where none is given', {}, 2000],
    ['its own backoff where it cannot be read', { 'retry-after': 'soon' }, 2000],
  ])('waits as %s says and then answers', async (_what, headers, ms) => {
    const { reply, waits } = await ask([limited(headers), say('Now.')]);
    expect(reply?.text).toBe('Now.');
    expect(waits).toEqual([ms]);
  });

  it('refuses a wait that cannot end before the deadline, at once and with its length', async () => {
    const { error, waits } = await ask([limited({ 'retry-after': '31' })], { deadlineMs: 1_000_000 + 30_000 });
    expect(error?.message).toMatch(/wait of 31 s, longer than this question may take/);
    expect(waits).toEqual([]);
  });

  it.each([
    [
      'Gemini’s quota of a minute, whose delay stands in the body',
      [
        {
          error: {
            code: 429,
            message:
              'You exceeded your current quota, please check your plan and billing details. Please retry in 32.5s.',
            status: 'RESOURCE_EXHAUSTED',
            details: [
              { violations: [{ quotaId: 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier' }] },
              { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '33s' },
            ],
          },
        },
      ],
      33_000,
    ],
    ['seconds in words', { error: { message: 'Rate limit reached. Please try again in 7.66s.' } }, 7_660],
    ['minutes in words', { error: { message: 'Limit 6000. Please try again in 1m2.5s.' } }, 62_500],
    ['milliseconds in words', { error: { message: 'Please try again in 350ms. Visit us.' } }, 350],
  ])('waits as the body says: %s', async (_what, body, ms) => {
    const { reply, waits } = await ask([{ status: 429, body }, say('Now.')], { deadlineMs: 2_000_000 });
    expect(reply?.text).toBe('Now.');
    expect(waits).toEqual([ms]);
  });

  it('does not wait for a quota of a day, whatever delay its server names', async () => {
    const { error, waits } = await ask([
      {
        status: 429,
        body: [
          {
            error: {
              message: 'You exceeded your current quota. Please retry in 41s.',
              details: [{ violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }] }],
            },
          },
        ],
      },
    ]);
    expect(error?.message).toMatch(/quota is used up/);
    expect(waits).toEqual([]);
  });

  it('does not wait for a quota that is used up', async () => {
    const { error, waits } = await ask([
      {
        status: 429,
        headers: { 'retry-after': '1' },
        body: { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } },
      },
    ]);
    expect(error?.message).toMatch(/quota is used up/);
    expect(waits).toEqual([]);
  });

  it('retries 5xx and lost connections at most twice before the first byte', async () => {
    const recovered = await ask([{ status: 503, body: 'overloaded' }, { fault: 'reset' }, say('Third time.')]);
    expect(recovered.reply?.text).toBe('Third time.');
    expect(recovered.waits).toEqual([500, 1000]);
    const failed = await ask([
      { status: 502, body: 'bad gateway' },
      { status: 502, body: 'bad gateway' },
      { status: 502, body: 'bad gateway' },
    ]);
    expect(failed.error?.message).toMatch(/the server failed, HTTP 502 \(bad gateway\)/);
    const reset = await ask([{ fault: 'reset' }, { fault: 'reset' }, { fault: 'reset' }]);
    expect(reset.error?.message).toMatch(/cannot be reached \((?:UND_ERR_SOCKET|ECONNRESET)\)/);
  });

  it('asks again where the connection broke before anything of the answer', async () => {
    const { reply } = await ask([{ events: [], fault: 'cut' }, say('Again.')]);
    expect(reply?.text).toBe('Again.');
  });

  it('never waits longer than the server asks or the schedule says', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('wait', 'again', 'give_up'),
        fc.nat(10),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.option(fc.nat(100_000), { nil: undefined }),
        (reaction, attempt, random, retryAfterMs) => {
          const waitMs = decideWait(
            { reaction, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
            attempt,
            random,
          );
          if (reaction === 'give_up' || attempt >= 4) expect(waitMs).toBeUndefined();
          else if (waitMs !== undefined) expect(waitMs).toBeLessThanOrEqual(retryAfterMs ?? 2000 * 8 * 1.25);
        },
      ),
    );
  });

  it('asks once where nobody listens', async () => {
    const server = await startModelServer([]);
    await server.close();
    const waits: number[] = [];
    const { error } = await askModel(createModel(server.baseUrl, waits), server, waits);
    expect(error).toMatchObject({ code: 'model', hint: 'start the server, or correct OPENAI_BASE_URL' });
    expect(error?.message).toMatch(/cannot be reached \(ECONNREFUSED\)/);
    expect(waits).toEqual([]);
  });

  it.each([
    ['OpenAI’s code', { status: 400, body: { error: { message: 'too long', code: 'context_length_exceeded' } } }],
    [
      'vLLM’s words',
      {
        status: 400,
        body: {
          object: 'error',
          message: "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens",
        },
      },
    ],
    [
      'llama.cpp’s type',
      {
        status: 400,
        body: { error: { code: 400, message: 'the request exceeds', type: 'exceed_context_size_error' } },
      },
    ],
    [
      'LM Studio’s event',
      { events: [{ error: { message: 'Trying to keep the first 9000 tokens when context the overflows.' } }] },
    ],
    [
      'a request that no minute’s limit can hold',
      {
        status: 429,
        body: { error: { message: 'Request too large for gpt-4o on tokens per min', code: 'rate_limit_exceeded' } },
      },
    ],
  ] satisfies [string, ModelStep][])('names a context overflow by its field: %s', async (_what, step) => {
    const { error } = await ask([step]);
    expect(error).toMatchObject({ code: 'model', details: { field: 'context_length' } });
  });

  it.each([
    [401, 'Incorrect API key provided', /the key was refused/, /check OPENAI_API_KEY/],
    [403, 'Country not supported', /access was refused \(Country not supported\)/, /this model/],
    [404, 'The model `m` does not exist', /the model was not found/, /--model/],
    [404, 'Not Found', /no Chat Completions at this address/, /ends in \/v1/],
    [405, 'Method Not Allowed', /no Chat Completions at this address \(Method Not Allowed\)/, /ends in \/v1/],
    [402, 'Insufficient Balance', /no credit left \(Insufficient Balance\)/, /billing/],
    [413, 'Request Entity Too Large', /longer than the model can read/, /new conversation/],
    [308, '', /redirects elsewhere \(HTTP 308\)/, /OPENAI_BASE_URL/],
  ])('HTTP %i "%s" says what to do', async (status, message, why, hint) => {
    const { error, requests } = await ask(
      [{ status, headers: { location: 'http://127.0.0.1:1/elsewhere' }, body: { error: { message } } }],
      { key: KEY },
    );
    expect(error?.message).toMatch(why);
    expect(error?.hint).toMatch(hint);
    expect(requests).toHaveLength(1);
  });

  it('asks for a key where the server wants one and none is set', async () => {
    expect((await ask([{ status: 401, body: { error: 'no' } }])).error).toMatchObject({ hint: 'set OPENAI_API_KEY' });
  });

  it('cleans and bounds what a server writes, and keeps keys out of it', async () => {
    const message = `bad key ${KEY} \u001b[31m\u001b]0;title\u0007 Bearer abcdef ${'long '.repeat(20_000)}`;
    const { error } = await ask([{ status: 400, body: { error: { message } } }], { key: KEY });
    expect(error?.message.length).toBeLessThan(400);
    expect(error?.message).toContain('bad key ***');
    expect(error?.message).not.toMatch(/[\u0000-\u001f]|0123456789|abcdef/);
    expect(JSON.stringify(error)).not.toContain(KEY);
  });

  it('says nothing of a key that cannot be a header', async () => {
    const { error } = await ask([], { key: `${KEY}\n\u2028` });
    expect(error).toMatchObject({ code: 'model' });
    expect(`${error?.message ?? ''}${error?.stack ?? ''}${String(error?.cause)}`).not.toContain('0123456789');
  });

  it('stops at once when it is aborted, with the reason of the one who did it', async () => {
    const stop = new AbortController();
    const { error, pieces } = await ask([{ events: [chunk({ content: 'Slow' })], fault: 'open' }], {
      signal: stop.signal,
      onText: () => stop.abort(new Error('enough')),
    });
    expect(error?.message).toBe('enough');
    expect(pieces).toEqual(['Slow']);
  });

  it('stops waiting for a limit when it is aborted', async () => {
    await using server = await startModelServer([limited({ 'retry-after': '20' })]);
    const stop = new AbortController();
    const model = createOpenAiModel({ settings: { name: 'm', baseUrl: server.baseUrl } });
    const { error } = await askModel(model, server, [], {
      signal: stop.signal,
      onWait: () => setImmediate(() => stop.abort(new Error('enough'))),
    });
    expect(error?.message).toBe('enough');
  });
});

describe('listModels', () => {
  it('gives the names of the endpoint, cleaned', async () => {
    await using server = await startModelServer([
      { body: { object: 'list', data: [{ id: 'gpt-5-mini' }, { id: 'a\u001b[2Jb' }, { id: 7 }, null] } },
      { body: { models: [{ name: 'qwen3:8b' }] } },
    ]);
    const model = createModel(server.baseUrl, []);
    expect(await model.listModels()).toEqual(['gpt-5-mini', 'ab']);
    expect(await model.listModels()).toEqual(['qwen3:8b']);
    expect(server.requests[0]).toMatchObject({ method: 'GET', path: '/v1/models' });
  });

  it.each([
    ['a refused key', { status: 401, body: { error: 'no' } }, /requires a key/],
    ['a page', { body: '<html>' }, /list of models cannot be read/],
  ] satisfies [string, ModelStep, RegExp][])('tells %s as a model error', async (_what, step, message) => {
    await using server = await startModelServer([step]);
    await expect(createModel(server.baseUrl, []).listModels()).rejects.toThrow(message);
  });
});

describe('aimock', () => {
  async function withMock<T>(
    prepare: (mock: LLMock) => void,
    work: (baseUrl: string, mock: LLMock) => Promise<T>,
  ): Promise<T> {
    const mock = new LLMock({ port: 0, logLevel: 'silent' });
    prepare(mock);
    await mock.start();
    try {
      return await work(`${mock.url}/v1`, mock);
    } finally {
      await mock.stop();
    }
  }

  it('answers, and calls tools one by one and side by side', async () => {
    await withMock(
      (mock) => {
        mock.onMessage('AAPL and MSFT?', {
          toolCalls: [
            { name: 'get_quote', arguments: { symbol: 'AAPL' } },
            { name: 'get_quote', arguments: { symbol: 'MSFT' } },
          ],
        });
        mock.onMessage('hello', { content: 'Hello there.' });
      },
      async (baseUrl, mock) => {
        const { reply } = await askModel(createModel(baseUrl, []), { requests: [] }, []);
        expect(reply?.toolCalls.map((call) => call.arguments)).toEqual([A, M]);
        expect(reply?.usage?.inputTokens).toBeGreaterThan(0);
        const hello = await askModel(createModel(baseUrl, []), { requests: [] }, [], {
          messages: [{ role: 'user', content: 'hello' }],
        });
        expect(hello.reply?.text).toBe('Hello there.');
        expect(mock.getRequests()).toHaveLength(2);
      },
    );
  });

  it.each([
    ['dropRate', /HTTP 500 \(Chaos: request dropped\)/, 3],
    ['malformedRate', /not Chat Completions/, 1],
    ['rateLimitRate', /rate limit \(Chaos: rate limit exceeded\)/, 5],
    ['disconnectRate', /cannot be reached/, 3],
  ])('chaos %s ends in a model error after its attempts', async (mode, message, attempts) => {
    await withMock(
      (mock) => mock.onMessage('MSFT', { content: 'Never.' }).setChaos({ [mode]: 1 }),
      async (baseUrl, mock) => {
        const { error, pieces } = await askModel(createModel(baseUrl, []), { requests: [] }, []);
        expect(error).toMatchObject({ code: 'model' });
        expect(error?.message).toMatch(message);
        expect(pieces).toEqual([]);
        expect(mock.getRequests()).toHaveLength(attempts);
      },
    );
  });

  it('a disconnect in mid-stream is a model error, whatever had come', async () => {
    await withMock(
      (mock) =>
        mock.onMessage(
          'MSFT',
          { content: 'AAPL trades at 171.08 and MSFT at 400.' },
          { chunkSize: 5, truncateAfterChunks: 3, latency: 5 },
        ),
      async (baseUrl) => {
        const { error, reply, pieces } = await askModel(createModel(baseUrl, []), { requests: [] }, []);
        expect(reply).toBeUndefined();
        expect(error?.message).toMatch(/connection was lost|ended before it was complete/);
        expect('AAPL trades at 171.08 and MSFT at 400.'.startsWith(pieces.join(''))).toBe(true);
      },
    );
  });

  it('one error on the way and then an answer is an answer', async () => {
    await withMock(
      (mock) => mock.onMessage('MSFT', { content: 'Fine.' }).nextRequestError(500, { message: 'hiccup' }),
      async (baseUrl) => {
        expect((await askModel(createModel(baseUrl, []), { requests: [] }, [])).reply?.text).toBe('Fine.');
      },
    );
  });
});
