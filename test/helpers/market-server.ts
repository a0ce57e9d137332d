// A market for whole-program tests: the sample exchange at a fixed moment behind a real socket, recorded by endpoint,
// with faults that stand in for a broken, refusing or lying provider. Speaks both wire formats on one address.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createExchange } from '../../src/sample/exchange.ts';
import { parseReplayBars } from '../../src/sample/replay-bars.ts';
import { createReplayMarket, createSyntheticMarket } from '../../src/sample/source.ts';
import type { Clock } from '../../src/domain/types.ts';
import { PROJECT_ROOT } from './run-fin.ts';
import {
  type RecordedRequest,
  type ScriptedReply,
  type ScriptedServer,
  startScriptedServer,
} from './scripted-server.ts';

export type Endpoint =
  | 'quotes'
  | 'history'
  | 'expirations'
  | 'chains'
  | 'clock'
  | 'snapshots'
  | 'aggregates'
  | 'prev'
  | 'grouped'
  | 'contracts'
  | 'option-chain'
  | 'status'
  | 'other';

export type Fault = ScriptedReply | ((request: RecordedRequest) => ScriptedReply | undefined);

export interface MarketServer extends AsyncDisposable {
  baseUrl: string;
  requests: RecordedRequest[];
  /** Answers instead of the exchange, until deleted. */
  faults: Map<Endpoint | 'all', Fault>;
  /** How far away it is: before each answer of the exchange. */
  latencyMs: number;
  count(endpoint?: Endpoint): number;
  /** Endpoints in the order asked. */
  asked(): Endpoint[];
  /** Resolves when a request to this endpoint has arrived. */
  arrives(endpoint: Endpoint): Promise<void>;
}

export const TRADIER_KEY = 'trd-Secret/Key+0123456789';
export const POLYGON_KEY = 'poly-Secret/Key+9876543210';

export const asTradier = (server: Pick<MarketServer, 'baseUrl'>): Record<string, string> => ({
  TRADIER_ACCESS_TOKEN: TRADIER_KEY,
  TRADIER_BASE_URL: server.baseUrl,
});
export const asPolygon = (server: Pick<MarketServer, 'baseUrl'>): Record<string, string> => ({
  MASSIVE_API_KEY: POLYGON_KEY,
  MASSIVE_BASE_URL: server.baseUrl,
});

const ENDPOINTS: readonly [RegExp, Endpoint][] = [
  [/^\/v1\/markets\/quotes/, 'quotes'],
  [/^\/v1\/markets\/history/, 'history'],
  [/^\/v1\/markets\/options\/expirations/, 'expirations'],
  [/^\/v1\/markets\/options\/chains/, 'chains'],
  [/^\/v1\/markets\/clock/, 'clock'],
  [/^\/v2\/snapshot|^\/v3\/snapshot(?!\/options)/, 'snapshots'],
  [/^\/v2\/aggs\/grouped/, 'grouped'],
  [/^\/v2\/aggs\/ticker\/[^/]+\/prev/, 'prev'],
  [/^\/v2\/aggs\/ticker/, 'aggregates'],
  [/^\/v3\/reference\/options/, 'contracts'],
  [/^\/v3\/snapshot\/options/, 'option-chain'],
  [/^\/v1\/marketstatus/, 'status'],
];

export function endpointOf(request: Pick<RecordedRequest, 'path'>): Endpoint {
  return ENDPOINTS.find(([pattern]) => pattern.test(request.path))?.[1] ?? 'other';
}

/** @param nowIso the moment at which the exchange stands still; @param csv real bars instead of synthetic ones */
export async function startMarket(nowIso: string, csv?: string): Promise<MarketServer> {
  const nowMs = Date.parse(nowIso);
  const clock: Clock = { now: () => nowMs, machineNow: () => nowMs };
  const market =
    csv === undefined
      ? createSyntheticMarket(clock)
      : createReplayMarket({ bars: parseReplayBars(csv, 'bars.csv'), clock });
  const exchange = createExchange({ market, clock });
  const faults = new Map<Endpoint | 'all', Fault>();
  const waiting = new Map<Endpoint, () => void>();

  const server: ScriptedServer = await startScriptedServer((request) => {
    const endpoint = endpointOf(request);
    waiting.get(endpoint)?.();
    const fault = faults.get(endpoint) ?? faults.get('all');
    const faulty = typeof fault === 'function' ? fault(request) : fault;
    if (faulty !== undefined) return faulty;
    const reply = exchange.handle({
      method: request.method,
      path: request.url,
      headers: { host: server.host },
      body: request.body,
    });
    return { status: reply.status, headers: { ...reply.headers }, body: reply.body, delayMs: self.latencyMs };
  });

  const self: MarketServer = {
    baseUrl: server.baseUrl,
    requests: server.requests,
    faults,
    latencyMs: 0,
    count: (endpoint) =>
      server.requests.filter((request) => endpoint === undefined || endpointOf(request) === endpoint).length,
    asked: () => server.requests.map(endpointOf),
    arrives: (endpoint) => new Promise((resolve) => waiting.set(endpoint, resolve)),
    [Symbol.asyncDispose]: () => server.close(),
  };
  return self;
}

/** A recorded or documented body by its file name. */
export function wireBody(name: string): string {
  return readFileSync(join(PROJECT_ROOT, 'test/fixtures/wire', name), 'utf8');
}

const PLAN: ScriptedReply = {
  status: 403,
  body: wireBody('polygon.error.403-entitlement.json'),
  headers: { 'content-type': 'application/json' },
};

/** Makes a server a free Polygon plan: no snapshots of stocks or options; today's grouped bars only after midnight. */
export function makeFreePlan(server: MarketServer, todayIso: string): void {
  server.faults.set('snapshots', PLAN);
  server.faults.set('option-chain', PLAN);
  server.faults.set('grouped', ({ path }) =>
    path.endsWith(todayIso)
      ? {
          status: 403,
          body: {
            status: 'NOT_AUTHORIZED',
            request_id: 'x',
            message:
              "Attempted to request today's data before end of day. Please upgrade your plan at https://massive.com/pricing",
          },
        }
      : undefined,
  );
}
