// One scripted server for each family of language-model servers: its refusals, its streams, its error bodies. A whole
// question, with tools of the sample market, must come through each; docs/models.md names these tests.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createConversation } from '../../src/agent/conversation.ts';
import { type TurnResult, runTurn } from '../../src/agent/loop.ts';
import type { Message } from '../../src/agent/model.ts';
import { createOpenAiModel } from '../../src/agent/openai.ts';
import {
  type ModelRequestSeen,
  type ModelStep,
  type WireRequest,
  chunk,
  completion,
  say,
  startModelServer,
  usageChunk,
} from '../helpers/model-server.ts';
import { openSampleContext } from './sample-context.ts';

type Fields = Record<string, unknown>;
type WireMessage = WireRequest['messages'][number];

const QUOTE = { name: 'get_stock_quote', arguments: '{"symbol":"AAPL"}' };
const CHAIN = { name: 'get_options_chain', arguments: '{"symbol":"AAPL"}' };
const DONE = 'Done, sample.';
const DAY = { prompt_tokens: 900, completion_tokens: 20, total_tokens: 920 };

interface Asked {
  result: TurnResult;
  requests: ModelRequestSeen[];
}

/** A question of the program to a server that judges each request before it answers. */
async function ask(
  serve: (request: ModelRequestSeen, index: number) => ModelStep,
  earlier: readonly Message[] = [],
): Promise<Asked> {
  let index = 0;
  await using server = await startModelServer((request) => serve(request, index++));
  await using sample = openSampleContext({});
  const result = await runTurn({
    model: createOpenAiModel({ settings: { name: 'm', baseUrl: server.baseUrl }, delay: () => Promise.resolve() }),
    system: 'You are fin.',
    conversation: createConversation(earlier),
    question: 'How is AAPL?',
    context: sample.context,
    maxTurns: 8,
    signal: AbortSignal.timeout(30_000),
    modelTimeoutMs: 10_000,
    onEvent: () => undefined,
  });
  return { result, requests: server.requests };
}

function expectAnswered({ result }: Asked, ...tools: string[]): void {
  expect(result.failure).toBeUndefined();
  expect(result.errors).toEqual([]);
  expect(result.answer).toBe(DONE);
  expect(result.records.map(({ name, ok }) => [name, ok])).toEqual(tools.map((name) => [name, true]));
}

const callsIn = (request: ModelRequestSeen): WireMessage[] =>
  request.body.messages.filter(({ tool_calls: calls }) => calls !== undefined);
const hasResults = (request: ModelRequestSeen): boolean => request.body.messages.some(({ role }) => role === 'tool');
const call = (index: number, id: string, inside: Fields, more: Fields = {}): Fields => ({
  index,
  id,
  type: 'function',
  function: inside,
  ...more,
});
const refuse = (body: unknown, status = 400): ModelStep => ({ status, body });

/** Whether a schema could be sent to every server: one type each. */
function isFlat(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return true;
  if (Array.isArray(schema)) return schema.every(isFlat);
  const { type, anyOf, oneOf, nullable } = schema as Fields;
  return (
    !Array.isArray(type) &&
    anyOf === undefined &&
    oneOf === undefined &&
    nullable === undefined &&
    Object.values(schema).every(isFlat)
  );
}

/** What `strict` demands: every property required, no others. */
function strictProblem({ tools = [] }: WireRequest): string | undefined {
  for (const { function: tool } of tools) {
    const {
      properties = {},
      required = [],
      additionalProperties,
    } = tool.parameters as { properties?: Fields; required?: string[]; additionalProperties?: boolean };
    if (
      tool.strict === true &&
      (additionalProperties !== false || Object.keys(properties).some((name) => !required.includes(name)))
    )
      return tool.name;
  }
  return undefined;
}

const wire = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/wire/${name}`, import.meta.url), 'utf8'));

describe('a question to', () => {
  it('OpenAI: strict only where every argument is required, usage in a chunk of its own', async () => {
    const asked = await ask((request) => {
      const wrong = strictProblem(request.body);
      if (wrong !== undefined)
        return refuse({
          error: {
            message: `Invalid schema for function '${wrong}': In context=(), 'required' is required to be supplied and to be an array including every key in properties.`,
            type: 'invalid_request_error',
            param: 'tools[0].function.parameters',
            code: 'invalid_function_parameters',
          },
        });
      if (hasResults(request)) return { ...say(DONE), events: [...(say(DONE).events ?? []), usageChunk(DAY)] };
      return {
        events: [
          chunk({
            role: 'assistant',
            content: null,
            refusal: null,
            tool_calls: [call(0, 'call_a', { name: QUOTE.name, arguments: '' })],
          }),
          chunk({ tool_calls: [{ index: 0, function: { arguments: '{"symbol":' } }] }),
          chunk({ tool_calls: [{ index: 0, function: { arguments: '"AAPL"}' } }] }),
          chunk({}, 'tool_calls'),
          usageChunk(DAY),
        ],
      };
    });
    expectAnswered(asked, QUOTE.name);
    expect(asked.requests).toHaveLength(2);
    expect(asked.result.usage).toMatchObject({ inputTokens: 1_800, outputTokens: 40 });
    expect(asked.requests[0]?.body.tools?.some(({ function: tool }) => tool.strict === true)).toBe(true);
  });

  it('Gemini: flat schemas, the thought signature of each call back with it, reasons in a list', async () => {
    const serve = (request: ModelRequestSeen): ModelStep => {
      if (!isFlat(request.body.tools))
        return refuse([
          {
            error: {
              code: 400,
              message: 'Invalid JSON payload received. Proto field is not repeating, cannot start list.',
              status: 'INVALID_ARGUMENT',
            },
          },
        ]);
      const unsigned = callsIn(request).some(
        ({ tool_calls: calls }) => !JSON.stringify(calls?.[0]).includes('"thought_signature":"'),
      );
      if (unsigned)
        return refuse([
          {
            error: {
              code: 400,
              message:
                'Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly. Additional data, function call `default_api:get_stock_quote`, position 2.',
              status: 'INVALID_ARGUMENT',
            },
          },
        ]);
      if (hasResults(request) && JSON.stringify(request.body).includes('CqQBAdHtim8')) return say(DONE);
      return {
        events: [
          chunk(
            {
              role: 'assistant',
              tool_calls: [
                call(0, 'function-call-17', QUOTE, { extra_content: { google: { thought_signature: 'CqQBAdHtim8' } } }),
                call(1, 'function-call-18', CHAIN),
              ],
            },
            'tool_calls',
          ),
        ],
      };
    };
    const asked = await ask(serve);
    expectAnswered(asked, QUOTE.name, CHAIN.name);
    expect(asked.requests).toHaveLength(2);
    const after = await ask(serve, plannerTurn());
    expectAnswered(after, QUOTE.name, CHAIN.name);
    const gone = await ask(() =>
      refuse(
        [
          {
            error: {
              code: 404,
              message: 'models/gemini-0 is not found for API version v1main, or is not supported for generateContent.',
              status: 'NOT_FOUND',
            },
          },
        ],
        404,
      ),
    );
    expect(gone.result.failure?.message).toMatch(/the model was not found \(models\/gemini-0 is not found/);
  });

  it('DeepSeek: reasoning in pieces goes back whole with the calls', async () => {
    const asked = await ask((request) => {
      const lacking = callsIn(request).some((message) => message['reasoning_content'] === undefined);
      if (lacking)
        return refuse({
          error: {
            message: 'The `reasoning_content` in the thinking mode must be passed back to the API.',
            type: 'invalid_request_error',
            param: null,
            code: 'invalid_request_error',
          },
        });
      if (hasResults(request)) return say(DONE);
      return {
        events: [
          chunk({ role: 'assistant', content: null, reasoning_content: 'The user wants ' }),
          chunk({ content: null, reasoning_content: 'a quote.' }),
          chunk({ reasoning_content: null, tool_calls: [call(0, 'call_00_x', QUOTE)] }),
          chunk({ content: '', reasoning_content: null }, 'tool_calls'),
        ],
      };
    });
    expectAnswered(asked, QUOTE.name);
    expect(callsIn(asked.requests.at(-1)!)[0]).toMatchObject({ reasoning_content: 'The user wants a quote.' });
    expect(asked.requests).toHaveLength(2);
  });

  it('Kimi: reasoning goes back; calls that the planner wrote before get an empty one once it is missed', async () => {
    const asked = await ask((request) => {
      const at = request.body.messages.findIndex(
        (message) => message.tool_calls !== undefined && message['reasoning_content'] === undefined,
      );
      if (at >= 0)
        return refuse({
          error: {
            message: `thinking is enabled but reasoning_content is missing in assistant tool call message at index ${at}`,
            type: 'invalid_request_error',
          },
        });
      if (callsIn(request).length > 1) return say(DONE);
      return {
        body: completion(
          { content: '', reasoning_content: 'A quote.', tool_calls: [call(0, 'functions.get_stock_quote:0', QUOTE)] },
          'tool_calls',
        ),
      };
    }, plannerTurn());
    expectAnswered(asked, QUOTE.name);
    expect(asked.requests).toHaveLength(3);
    const [planned, own] = callsIn(asked.requests.at(-1)!);
    expect(planned).toMatchObject({ reasoning_content: '' });
    expect(own).toMatchObject({ reasoning_content: 'A quote.', tool_calls: [{ id: 'functions.get_stock_quote:0' }] });
  });

  it('Qwen: calls in the tags of Qwen3-Coder, reasoning that ends without having begun', async () => {
    const asked = await ask((request) =>
      say(
        hasResults(request)
          ? `The result is here.\n</think>\n\n${DONE}`
          : 'I will look.\n\n<tool_call>\n<function=get_options_chain>\n<parameter=symbol>\nAAPL\n</parameter>\n<parameter=strikes>\n3\n</parameter>\n</function>\n</tool_call>',
      ),
    );
    expectAnswered(asked, 'get_options_chain');
    expect(asked.result.records[0]?.arguments).toEqual({ symbol: 'AAPL', strikes: 3 });
  });

  it('Mistral: what it refuses is left out, once for good; its own tokens are read', async () => {
    const asked = await ask((request) => {
      const { stream_options: options, tools = [] } = request.body;
      const extra = (...loc: (string | number)[]): ModelStep =>
        refuse(
          {
            object: 'error',
            message: {
              detail: [
                { type: 'extra_forbidden', loc: ['body', ...loc], msg: 'Extra inputs are not permitted', input: true },
              ],
            },
            type: 'invalid_request_error',
            param: null,
            code: null,
          },
          422,
        );
      if (options !== undefined) return extra('stream_options', 'include_usage');
      if (tools.length === 0) return say(DONE);
      const at = request.body.messages.findIndex((message) => 'reasoning_content' in message);
      if (at >= 0) return extra('messages', at, 'assistant', 'reasoning_content');
      if (!hasResults(request))
        return {
          events: [
            chunk({ content: '', reasoning_content: 'Hm.', tool_calls: [call(0, 'VvvODy9mT', QUOTE)] }, 'tool_calls'),
          ],
        };
      return callsIn(request).length > 1 ? say(DONE) : say('[TOOL_CALLS]get_options_chain[ARGS]{"symbol": "AAPL"}');
    });
    expectAnswered(asked, QUOTE.name, CHAIN.name);
    expect(asked.requests).toHaveLength(5);
  });

  it('Ollama: every call at index 0, reasoning in its own field, a missing model told with what to do', async () => {
    const asked = await ask((request) =>
      hasResults(request)
        ? say(DONE)
        : {
            events: [
              chunk({ role: 'assistant', content: '', reasoning: 'Two.' }),
              chunk({ content: '', tool_calls: [call(0, 'call_1', QUOTE)] }),
              chunk({ content: '', tool_calls: [call(0, 'call_2', CHAIN)] }),
              chunk({ content: '' }, 'tool_calls'),
            ],
          },
    );
    expectAnswered(asked, QUOTE.name, CHAIN.name);
    const gone = await ask(() => refuse(wire('ollama.error.json'), 404));
    expect(gone.result.failure?.message).toMatch(/the model was not found \(model "nope" not found/);
    expect(gone.result.failure?.hint).toMatch(/ollama pull/);
    const toolless = await ask(() =>
      refuse({
        error: {
          message: 'registry.ollama.ai/library/gemma3:latest does not support tools',
          type: 'api_error',
          param: null,
          code: null,
        },
      }),
    );
    expect(toolless.result.failure?.message).toMatch(/cannot call tools as it is set up/);
  });

  it('vLLM: empty reasoning and details, a server without a tool parser told as that', async () => {
    const asked = await ask((request) =>
      hasResults(request)
        ? say(DONE)
        : {
            body: completion(
              { content: null, reasoning_content: null, tool_calls: [call(0, 'chatcmpl-tool-8b1f', QUOTE)] },
              'stop',
              { ...DAY, prompt_tokens_details: null },
            ),
          },
    );
    expectAnswered(asked, QUOTE.name);
    const unparsed = await ask(() => refuse(wire('vllm.error.400-tool-choice.json')));
    expect(unparsed.result.failure?.message).toMatch(/cannot call tools as it is set up \("auto" tool choice requires/);
  });

  it('LM Studio: names repeated empty, a call in its own brackets, an error that is plain text', async () => {
    const part = (inside: Fields): object => chunk({ tool_calls: [{ index: 0, type: 'function', function: inside }] });
    const asked = await ask((request, index) => {
      if (index === 0)
        return {
          events: [
            chunk({ role: 'assistant', tool_calls: [call(0, '365174485', { name: QUOTE.name, arguments: '' })] }),
            part({ name: '', arguments: '{"symbol":' }),
            part({ name: '', arguments: '"AAPL"}' }),
            chunk({}, 'tool_calls'),
          ],
        };
      return say(
        callsIn(request).length > 1
          ? DONE
          : `[TOOL_REQUEST]{"name":"${CHAIN.name}","arguments":${CHAIN.arguments}}[END_TOOL_REQUEST]`,
      );
    });
    expectAnswered(asked, QUOTE.name, CHAIN.name);
    expect((await ask(() => refuse(wire('lmstudio.error.json')))).result.failure?.message).toMatch(
      /HTTP 400 \(Model unloaded\.\)/,
    );
    const path = await ask(() => refuse({ error: 'Unexpected endpoint or method. (POST /chat/completions)' }, 404));
    expect(path.result.failure?.message).toMatch(/no Chat Completions at this address/);
  });

  it('llama.cpp: arguments as an object, no id, a stream that does not end, an error with its number', async () => {
    const asked = await ask((request) =>
      hasResults(request)
        ? { events: [...(say(DONE).events ?? []), 'data: [DONE]\n\n', ': ping\n\n'], fault: 'open' }
        : {
            events: [
              chunk({ role: 'assistant', content: null }),
              chunk({
                tool_calls: [
                  { index: 0, type: 'function', function: { name: QUOTE.name, arguments: { symbol: 'AAPL' } } },
                ],
              }),
              chunk({}, 'tool_calls'),
            ],
          },
    );
    expectAnswered(asked, QUOTE.name);
    const failed = await ask(() => refuse(wire('llamacpp.error.json'), 500));
    expect(failed.result.failure?.message).toMatch(/HTTP 500 \(Failed to parse tool call arguments as JSON\)/);
  });

  it('OpenRouter: comments, no finish_reason, reasoning in parts, reasons of the server behind it', async () => {
    const detail = (fields: Fields): object =>
      chunk({
        content: '',
        reasoning: 'x',
        reasoning_details: [{ type: 'reasoning.text', format: 'anthropic-claude-v1', index: 0, ...fields }],
      });
    const asked = await ask((request) =>
      hasResults(request)
        ? say(DONE)
        : {
            events: [
              ': OPENROUTER PROCESSING\n\n',
              detail({ text: 'A quo' }),
              detail({ text: 'te.' }),
              detail({ signature: 'c2ln' }),
              chunk({ content: '', tool_calls: [call(0, 'toolu_1', QUOTE)] }),
              usageChunk(DAY),
            ],
          },
    );
    expectAnswered(asked, QUOTE.name);
    expect(callsIn(asked.requests.at(-1)!)[0]).toMatchObject({
      reasoning_details: [{ text: 'A quote.', signature: 'c2ln', format: 'anthropic-claude-v1' }],
    });
    const toolless = await ask(() =>
      refuse(
        {
          error: {
            message:
              'No endpoints found that support tool use. To learn more about provider routing, visit: https://openrouter.ai/docs',
            code: 404,
          },
        },
        404,
      ),
    );
    expect(toolless.result.failure?.message).toMatch(/cannot call tools as it is set up \(No endpoints found/);
    const behind = await ask(() =>
      refuse({
        error: {
          message: 'Provider returned error',
          code: 400,
          metadata: { raw: '{"error":{"message":"the upstream says no"}}', provider_name: 'X' },
        },
      }),
    );
    expect(behind.result.failure?.message).toMatch(/Provider returned error: the upstream says no/);
  });
});

/** What a conversation holds after the built-in planner has answered in it. */
function plannerTurn(): Message[] {
  return [
    { role: 'user', content: 'msft' },
    {
      role: 'assistant',
      content: '',
      toolCalls: [{ id: 'planned_1', name: 'get_stock_quote', arguments: '{"symbol":"MSFT"}' }],
    },
    {
      role: 'tool',
      toolCallId: 'planned_1',
      name: 'get_stock_quote',
      content: 'MSFT last 1',
      arguments: { symbol: 'MSFT' },
    },
    { role: 'assistant', content: 'MSFT.' },
  ];
}

describe('docs/models.md', () => {
  it('has a row for each family, which names its test', () => {
    const text = readFileSync(new URL('../../docs/models.md', import.meta.url), 'utf8');
    const own = readFileSync(new URL(import.meta.url), 'utf8');
    const families = [...own.matchAll(/^ {2}it\('([\w.]+(?: Studio)?): /gm)].map(([, name]) => name);
    expect(families).toHaveLength(11);
    for (const name of families)
      expect(text).toMatch(new RegExp(`^\\| ${name}[^|]*\\|.*\\| \`a question to ${name}`, 'm'));
  });
});
