// The description of the API as OpenAPI 3.1, made from the parameters that requests are read by.
// https://spec.openapis.org/oas/v3.1.0
import type { DataRoute } from './data.ts';
import type { Parameter } from './parameters.ts';
import { WATCH_PARAMETERS } from './watch.ts';

type Json = Readonly<Record<string, unknown>>;

const DOCUMENT = { $ref: '#/components/schemas/Document' };
/** Whatever is asked for. */
const DOOR_CODES = {
  '401': 'The token is missing or wrong',
  '403': 'Sent by a page of another site, or to a host name that is not this server’s',
  '405': 'Method not allowed',
  '429': 'Too many requests',
  '500': 'A defect',
};
const ERROR_CODES = {
  ...DOOR_CODES,
  '400': 'Wrong usage',
  '404': 'No data',
  '501': 'The server has no such key or model',
  '502': 'A provider failed',
  '503': 'Too many requests are waiting, or the server is shutting down',
  '504': 'Out of time',
};
const BODY_CODES = { '413': 'The body is over 64 kB', '415': 'The body is of another type, or compressed' };

export function createOpenApi(routes: readonly DataRoute[], version: string): Json {
  const data = routes.map(({ form, parameters }) => [
    `/api/v1/${form.name}`,
    { get: createOperation(form.name, form.summary, parameters) },
  ]);
  return {
    openapi: '3.1.0',
    info: { title: 'fin', version, description: 'Quotes, history, indicators and option chains of US markets.' },
    security: [{}, { token: [] }, { login: [] }],
    paths: {
      ...(Object.fromEntries(data) as Json),
      '/api/v1/ask': { post: createAsk() },
      '/api/v1/watch': {
        get: {
          ...createOperation('watch', 'quotes as they change, as server-sent events', WATCH_PARAMETERS),
          responses: { '200': createStream('Events quotes and alert'), ...createErrors() },
        },
      },
      '/api/v1/stats': { get: createOperation('stats', 'cache, limits, queue and background work', []) },
      '/health/live': { get: createPlain('live', 'the process runs', 'application/json') },
      '/health/ready': {
        get: createPlain('ready', 'requests can be answered', 'application/json', { '503': 'They cannot, and why' }),
      },
      '/metrics': { get: createPlain('metrics', 'Prometheus text', 'text/plain', DOOR_CODES) },
      '/openapi.json': { get: createPlain('openapi', 'this description', 'application/json', DOOR_CODES) },
      '/mcp': { post: createMcp() },
      '/login': { post: createLogin() },
      '/logout': { post: createRedirect('logout', 'logs the browser out', 'To /login', {}) },
    },
    components: {
      schemas: createSchemas(),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        login: { type: 'apiKey', in: 'cookie', name: 'fin_login' },
      },
    },
  };
}

function createOperation(operationId: string, summary: string, parameters: readonly Parameter[]): Json {
  return {
    operationId,
    summary,
    ...(parameters.length === 0 ? {} : { parameters: parameters.map(createParameter) }),
    responses: {
      '200': createResponse('Done'),
      '207': createResponse('Part of it failed'),
      ...createErrors(),
    },
  };
}

function createParameter({ name, option, isFlag, isRequired, isRepeatable }: Parameter): Json {
  const one = isFlag
    ? { type: 'boolean' }
    : { type: 'string', ...(option?.choices === undefined ? {} : { enum: option.choices }) };
  return {
    name,
    in: 'query',
    required: isRequired,
    ...(option === undefined ? {} : { description: option.description }),
    schema: isRepeatable ? { type: 'array', items: one } : one,
  };
}

function createAsk(): Json {
  return {
    operationId: 'ask',
    summary: 'answer one question; step by step with accept: text/event-stream',
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['question'],
            additionalProperties: false,
            properties: {
              question: { type: 'string', minLength: 1 },
              session: { type: 'string', description: 'the conversation to continue' },
              model: { type: 'string', description: 'builtin, or a model of the endpoint' },
            },
          },
        },
      },
    },
    responses: {
      '200': {
        description: 'The answer, or events progress, tool, table, text, done',
        content: { 'application/json': { schema: DOCUMENT }, 'text/event-stream': { schema: { type: 'string' } } },
      },
      '207': createResponse('Part of it failed'),
      ...createErrors({ ...ERROR_CODES, ...BODY_CODES }),
    },
  };
}

function createMcp(): Json {
  return {
    operationId: 'mcp',
    summary: 'the Model Context Protocol, one message per request',
    requestBody: { required: true, content: { 'application/json': { schema: { description: 'JSON-RPC 2.0' } } } },
    responses: {
      '200': {
        description: 'The answer, or its events',
        content: { 'application/json': {}, 'text/event-stream': { schema: { type: 'string' } } },
      },
      '202': { description: 'Notification accepted' },
      '400': { description: 'Not a message of the protocol', content: { 'application/json': {} } },
      ...createErrors({ ...DOOR_CODES, ...BODY_CODES, '503': ERROR_CODES['503'] }),
    },
  };
}

function createLogin(): Json {
  const schema = { type: 'object', required: ['token'], properties: { token: { type: 'string' } } };
  return {
    ...createRedirect(
      'login',
      'logs a browser in with a cookie',
      'To / with the cookie, or to /login?wrong',
      BODY_CODES,
    ),
    requestBody: { required: true, content: { 'application/x-www-form-urlencoded': { schema } } },
  };
}

function createRedirect(operationId: string, summary: string, to: string, codes: Codes): Json {
  const { '401': _open, ...door } = DOOR_CODES;
  return { operationId, summary, responses: { '303': { description: to }, ...createErrors({ ...door, ...codes }) } };
}

type Codes = Readonly<Record<string, string>>;

function createErrors(codes: Codes = ERROR_CODES): Json {
  return Object.fromEntries(Object.entries(codes).map(([code, text]) => [code, createResponse(text)]));
}

const createResponse = (description: string): Json => ({
  description,
  content: { 'application/json': { schema: DOCUMENT } },
});

const createStream = (description: string): Json => ({
  description,
  content: { 'text/event-stream': { schema: { type: 'string' } } },
});

const createPlain = (operationId: string, summary: string, type: string, codes: Codes = {}): Json => ({
  operationId,
  summary,
  responses: {
    '200': {
      description: summary,
      content: { [type]: { schema: { type: type === 'text/plain' ? 'string' : 'object' } } },
    },
    ...createErrors(codes),
  },
});

function createSchemas(): Json {
  const text = { type: 'string' };
  return {
    Document: {
      type: 'object',
      required: ['schema', 'command', 'ok', 'errors', 'meta'],
      properties: {
        schema: { const: 'fin/1' },
        command: text,
        ok: { type: 'boolean' },
        data: { description: 'as the command prints it with --json; absent when nothing was found' },
        errors: { type: 'array', items: { $ref: '#/components/schemas/Error' } },
        meta: { $ref: '#/components/schemas/Meta' },
      },
    },
    Error: {
      type: 'object',
      required: ['code', 'message'],
      properties: { symbol: text, code: text, message: text, hint: text },
    },
    Meta: {
      type: 'object',
      required: ['sample', 'providerCalls', 'elapsedMs'],
      properties: {
        provider: text,
        sample: { type: 'boolean', description: 'synthetic figures' },
        asOf: { type: 'string', format: 'date-time' },
        fetchedAt: { type: 'string', format: 'date-time' },
        freshness: { enum: ['live', 'cached', 'stale'] },
        ageMs: { type: 'number' },
        providerCalls: { type: 'integer' },
        elapsedMs: { type: 'number' },
      },
    },
  };
}
