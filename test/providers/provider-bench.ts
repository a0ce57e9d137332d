// One provider client on one scripted server: what it makes of a reply, and what it sent.
import { readFileSync } from 'node:fs';
import { createPolygon, type PolygonProvider } from '../../src/providers/polygon.ts';
import { createTradier, type TradierProvider } from '../../src/providers/tradier.ts';
import type { FinError } from '../../src/domain/errors.ts';
import { isFinError } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/domain/types.ts';
import { createDirectHttp, fixedClock } from '../helpers/direct-http.ts';
import {
  startScriptedServer,
  type ReplyScript,
  type ScriptedReply,
  type ScriptedServer,
} from '../helpers/scripted-server.ts';

export const SECRET = 'sEcr3t-kEy/+=9f8e7d';

export interface Bench<P> extends AsyncDisposable {
  provider: P;
  server: ScriptedServer;
}

export interface BenchOptions {
  clock?: Clock;
  /** Appended to the server's address. */
  basePath?: string;
}

export function readWireFile(name: string): string {
  return readFileSync(new URL(`../fixtures/wire/${name}`, import.meta.url), 'utf8');
}

export async function startTradier(
  script: ReplyScript | readonly ScriptedReply[],
  options: BenchOptions = {},
): Promise<Bench<TradierProvider>> {
  const server = await startScriptedServer(script);
  const provider = createTradier({
    http: createDirectHttp(),
    clock: options.clock ?? fixedClock('2026-05-22T22:30:00Z'),
    baseUrl: server.baseUrl + (options.basePath ?? ''),
    token: SECRET,
    environment: 'production',
    limitPerMinute: 120,
  });
  return { provider, server, [Symbol.asyncDispose]: () => server.close() };
}

export async function startPolygon(
  script: ReplyScript | readonly ScriptedReply[],
  options: BenchOptions = {},
): Promise<Bench<PolygonProvider>> {
  const server = await startScriptedServer(script);
  const provider = createPolygon({
    http: createDirectHttp(),
    clock: options.clock ?? fixedClock('2026-05-22T22:30:00Z'),
    baseUrl: server.baseUrl + (options.basePath ?? ''),
    apiKey: SECRET,
    limitPerMinute: 5,
  });
  return { provider, server, [Symbol.asyncDispose]: () => server.close() };
}

/** The FinError that a call ends in; anything else that happens fails the test. */
export async function failureOf(call: Promise<unknown>): Promise<FinError> {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in outcome)) throw new Error(`expected a failure, got ${JSON.stringify(outcome.value)}`);
  if (!isFinError(outcome.error)) throw outcome.error;
  return outcome.error;
}
