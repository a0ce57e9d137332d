// What a server says of itself: statistics, Prometheus text, and a description that fits what it does.
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { IN_SESSION, createTestClock } from '../market/world.ts';
import { startWorld } from './world.ts';

const HOUR_MS = 3_600_000;

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; required: boolean; schema: { type: string; enum?: string[] } }[];
  responses: Record<string, { description: string }>;
}

interface OpenApi {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

describe('the description of the API', () => {
  it('is OpenAPI 3.1 whose references, names and parameters fit together', async () => {
    const world = await startWorld();
    const { body } = await world.get('/openapi.json');
    const document = JSON.parse(body) as OpenApi;
    expect(document.openapi).toBe('3.1.0');
    for (const [, name = ''] of body.matchAll(/"\$ref": "#\/components\/schemas\/(\w+)"/g))
      expect(document.components.schemas[name], name).toBeDefined();
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const [path, methods] of Object.entries(document.paths)) {
      expect(path).toMatch(/^\/[\w./-]+$/);
      for (const [method, { responses, parameters = [] }] of Object.entries(methods)) {
        expect(['get', 'post']).toContain(method);
        for (const [code, { description }] of Object.entries(responses)) {
          expect(code).toMatch(/^[1-5]\d\d$/);
          expect(description).not.toBe('');
        }
        expect(new Set(parameters.map(({ name }) => name)).size).toBe(parameters.length);
        for (const parameter of parameters)
          expect(parameter).toMatchObject({ in: 'query', schema: { type: expect.any(String) as string } });
      }
    }
  });

  it('names every path that answers, and every parameter that is taken', async () => {
    const world = await startWorld();
    const { paths } = JSON.parse((await world.get('/openapi.json')).body) as OpenApi;
    for (const { name } of COMMANDS) {
      const described = paths[`/api/v1/${name}`] !== undefined;
      // A watch without symbols is refused before its stream begins; a question is posted.
      const { status } = await world.get(`/api/v1/${name}?unknown=1`);
      expect(status, name).toBe(name === 'ask' ? 405 : described ? 400 : 404);
    }
    const codesOf = (path: string, method = 'get') => Object.keys(paths[path]?.[method]?.responses ?? {});
    expect(codesOf('/api/v1/quote')).toEqual('200 207 400 401 403 404 405 429 500 501 502 503 504'.split(' '));
    expect(codesOf('/api/v1/ask', 'post')).toEqual(expect.arrayContaining(['413', '415', '501']));
    // What is described can be asked for, by that method alone.
    for (const path of ['/mcp', '/login', '/logout']) {
      const { status } = await world.post(path, '{}', { 'content-type': 'text/plain' });
      expect(codesOf(path, 'post'), path).toContain(String(status));
      expect((await world.get(path)).status, path).not.toBe(404);
    }
    for (const [path, { get }] of Object.entries(paths)) {
      const taken = get?.parameters ?? [];
      if (taken.length === 0) continue;
      const { body } = await world.get(`${path}?unknown=1`);
      const [{ hint = '' } = {}] = (JSON.parse(body) as { errors: { hint?: string }[] }).errors;
      expect(hint, path).toBe(`it takes ${taken.map(({ name }) => name).join(', ')}`);
    }
    expect(
      paths['/api/v1/history']?.['get']?.parameters?.find(({ name }) => name === 'interval')?.schema.enum,
    ).toContain('5min');
  });
});

describe('the metrics', () => {
  it('are Prometheus text: each family once, with its help and type before its samples', async () => {
    const world = await startWorld();
    await world.get('/api/v1/quote?symbols=NVDA');
    await world.get('/api/v1/quote?symbols=ZZZZ');
    await world.get('/nothing');
    const { body, headers } = await world.get('/metrics');
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    let family = '';
    const families: string[] = [];
    for (const line of body.trimEnd().split('\n')) {
      const [, name] = /^# TYPE (\w+) (?:counter|gauge|histogram)$/.exec(line) ?? [];
      if (name !== undefined) families.push((family = name));
      else if (!line.startsWith('# HELP ')) {
        expect(line).toMatch(/^\w+(?:\{(?:\w+="(?:[^"\\\n]|\\["\\n])*",?)+\})? (?:-?[\d.]+(?:e[-+]\d+)?|NaN|\+Inf)$/);
        expect(line.startsWith(family), line).toBe(true);
      }
    }
    expect(new Set(families).size).toBe(families.length);
    for (const name of 'fin_http_requests_total fin_request_seconds fin_queue_running fin_queue_waiting fin_queue_rejected_total fin_provider_calls_total fin_provider_limit_used fin_cache_hits_total fin_cache_stale_total fin_cache_misses_total process_cpu_seconds_total process_resident_memory_bytes'.split(
      ' ',
    ))
      expect(families, name).toContain(name);
    expect(body).toContain('fin_http_requests_total{route="/api/v1/quote",code="200"} 1');
    expect(body).toContain('fin_http_requests_total{route="/api/v1/quote",code="404"} 1');
    expect(body).toContain('fin_http_requests_total{route="page",code="404"} 1');
    expect(body).toContain('fin_provider_calls_total{provider="tradier",result="ok"} 2');
    expect(body).toContain('fin_provider_limit_used{provider="tradier"} 2');
    expect(body).toMatch(/fin_request_seconds_bucket\{le="\+Inf"\} 3\n/);
  });
});

describe('the statistics', () => {
  it('tell a dashboard of cache, limits, queue, streams and background work', async () => {
    const world = await startWorld({ background: true });
    await world.get('/api/v1/quote?symbols=NVDA');
    await world.get('/api/v1/quote?symbols=NVDA');
    const { data } = JSON.parse((await world.get('/api/v1/stats')).body) as { data: Record<string, unknown> };
    expect(data).toMatchObject({
      cache: {
        totals: { hits: 1, misses: 1, providerCalls: 1, hitRate: 0.5, callsSaved: 1 },
        providers: { tradier: { limitPerMinute: 1_000, usedInWindow: 1, breaker: 'closed' } },
        latencies: { tradier: { cached: { count: 1 }, uncached: { count: 1 } } },
      },
      hours: [{ hitRate: 0.5, providerCalls: 1 }],
      queue: { running: 0, waiting: 0, rejected: 0, concurrency: 10, mostWaiting: 100 },
      server: { requests: 2, streams: 0, conversations: 0 },
      market: { sessions: 0 },
    });
    expect((data['jobs'] as { name: string }[]).map(({ name }) => name)).toEqual([
      'alerts',
      'warm',
      'readings',
      'market',
      'market-late',
    ]);
  });

  it('have the last 24 hours that were of use, ascending, however long it runs', async () => {
    let machineMs = Date.now();
    const clock = { ...createTestClock(IN_SESSION), machineNow: () => machineMs };
    const world = await startWorld({ clock });
    for (let hour = 0; hour < 30; hour += 1) {
      machineMs += HOUR_MS;
      // One hour without use is not among them.
      if (hour !== 20) await world.get('/api/v1/quote?symbols=NVDA');
    }
    const { data } = JSON.parse((await world.get('/api/v1/stats')).body) as { data: { hours: { at: string }[] } };
    const hours = data.hours.map(({ at }) => Date.parse(at));
    const thisHour = machineMs - (machineMs % HOUR_MS);
    const expected = Array.from({ length: 24 }, (_each, index) => thisHour - (23 - index) * HOUR_MS);
    expect(hours).toEqual(expected.filter((at) => at !== thisHour - 9 * HOUR_MS));
  });
});
