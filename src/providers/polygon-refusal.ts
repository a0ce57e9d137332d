// Hides what Polygon's refusals mean: what the key, the plan, the dates or the minute do not allow, and what failed.
// Sources: the vendor's documents, its Python client's retry list, recorded and quoted bodies (no header of a 429 is).
import { isRecord } from '../domain/present.ts';
import { type FinError, NoDataError, ProviderAuthError, ProviderUnavailableError } from '../domain/errors.ts';
import type { EpochMs, TickerSymbol } from '../domain/types.ts';
import type { HttpReply, LimitNotice } from '../http/http.ts';
import type { UnifiedRow } from './polygon-schemas.ts';
import { keyRefused, LIMIT_WINDOW_MS, quoted, rateLimited, readRetryAfter } from './refusal.ts';
import {
  badPayload,
  detailsOf,
  fieldOf,
  readJson,
  readJsonIfAny,
  redactText,
  unavailable,
  type WireSource,
} from './wire.ts';

/** Endpoint families that a plan may leave out: what a refusal (403) is remembered for. */
export const PLANNED_ENDPOINTS = [
  'snapshots',
  'index snapshots',
  'aggregates',
  'index aggregates',
  'intraday aggregates',
  'intraday index aggregates',
  'grouped bars',
  'splits',
  'option contracts',
  'option chain',
  'dividends',
  'splits',
  'news',
] as const;

/** The body of an answer: an object with `status` or `results`. @throws FinError for what any other reply stands for. */
export function readPolygonBody(reply: HttpReply, source: WireSource, nowMs: EpochMs): unknown {
  const body = readGoodBody(reply, source, nowMs);
  if (fieldOf(body, 'status') === undefined && fieldOf(body, 'results') === undefined) {
    throw badPayload(source, 'the answer has neither "status" nor "results"', { reply, field: 'status' });
  }
  return body;
}

/** The market's status, which has no `status` of its own. */
export function readPolygonMarket(reply: HttpReply, source: WireSource, nowMs: EpochMs): unknown {
  const body = readGoodBody(reply, source, nowMs);
  if (fieldOf(body, 'market') === undefined)
    throw badPayload(source, 'the answer has no "market"', { reply, field: 'market' });
  return body;
}

/** The coming holidays, which are a bare list. */
export function readPolygonArray(reply: HttpReply, source: WireSource, nowMs: EpochMs): unknown {
  const body = readGoodBody(reply, source, nowMs);
  if (!Array.isArray(body)) throw badPayload(source, 'the answer is not a list', { reply });
  return body;
}

/** Success is a status of 2xx and, where the body names one, OK or DELAYED (a delayed plan's usual answer). */
function readGoodBody(reply: HttpReply, source: WireSource, nowMs: EpochMs): unknown {
  if (reply.status < 200 || reply.status > 299) throw classifyRefusal(reply, readJsonIfAny(reply.body), source, nowMs);
  const body = readJson(reply, source);
  const status = fieldOf(body, 'status');
  if (typeof status === 'string' && status !== 'OK' && status !== 'DELAYED')
    throw classifyRefusal(reply, body, source, nowMs);
  return body;
}

function classifyRefusal(reply: HttpReply, body: unknown, source: WireSource, nowMs: EpochMs): Error {
  const wireStatus = fieldOf(body, 'status');
  const said = redactText(spokenText(reply, body), source.secret);
  if (reply.status === 429 || /exceeded the maximum requests/i.test(said)) {
    return rateLimited(source, reply, retryTimeOf(reply, nowMs), nowMs);
  }
  if (reply.status === 401 || /unknown api key|api key was not provided/i.test(said)) {
    return keyRefused(source, reply, said, 'check MASSIVE_API_KEY; fin doctor shows whether a key works');
  }
  if (isPlanRefusal(reply, body, said)) return planRefusal(reply, said, source);
  // A gateway's or a firewall's: no word about the plan.
  if (reply.status === 403) return unavailable(source, `answered with status 403${quoted(said)}`, reply);
  if (isRecord(body) && (reply.status === 404 || wireStatus === 'NOT_FOUND')) {
    return new NoDataError(`${source.label} ${source.endpoint}: ${said === '' ? 'not found' : said}`, {
      ...detailsOf(source, reply),
      hint: 'check the symbol and dates',
    });
  }
  if (reply.status >= 500 || reply.status === 408 || reply.status === 499) {
    return unavailable(source, `answered with status ${reply.status}${quoted(said)}`, reply);
  }
  const hint = isRecord(body)
    ? 'check the symbol and dates, or ask another provider with --provider'
    : 'check MASSIVE_BASE_URL: this address does not answer as Polygon does';
  return badPayload(source, said === '' ? `answered with status ${reply.status}` : said, { reply, hint });
}

/** Documented are NOT_FOUND and NOT_ENTITLED; whatever else a row says is no word about whether the symbol exists. */
export function refusalOfRow(
  row: Pick<UnifiedRow, 'error' | 'message'>,
  symbol: TickerSymbol,
  source: WireSource,
): FinError | 'unknown' | undefined {
  if (row.error === undefined) return undefined;
  if (row.error === 'NOT_FOUND') return 'unknown';
  const said = redactText(row.message ?? row.error, source.secret);
  const details = { ...detailsOf(source), symbol };
  const message = `${source.label} ${source.endpoint}: ${symbol}: ${said}`;
  if (row.error === 'NOT_ENTITLED' || row.error === 'NOT_AUTHORIZED')
    return new ProviderAuthError('plan', message, {
      ...details,
      scope: 'request',
      hint: 'this key’s plan does not include it; a Tradier key provides it',
    });
  return new ProviderUnavailableError(message, {
    ...details,
    hint: 'try again in a minute, or ask another provider with --provider',
  });
}

/** Only Polygon's own words: its status of a refusal, or the sentences that its documents and recordings have. */
function isPlanRefusal(reply: HttpReply, body: unknown, said: string): boolean {
  if (!isRecord(body)) return false;
  if (fieldOf(body, 'status') === 'NOT_AUTHORIZED') return true;
  return reply.status === 403 && /not entitled|upgrade your plan|plan doesn't include|today's data/i.test(said);
}

/** Today's data before the day's end, and a window older than the plan's history, are refused for their dates only. */
function planRefusal(reply: HttpReply, said: string, source: WireSource): ProviderAuthError {
  const isOfRequest = /today's data|timeframe/i.test(said);
  const hint = isOfRequest
    ? 'ask for other dates, or set a Tradier key'
    : 'this key’s plan does not include it: set a Tradier key, or see massive.com/pricing';
  return new ProviderAuthError(
    'plan',
    `${source.label} ${source.endpoint}: ${said === '' ? 'refused (status 403)' : said}`,
    {
      ...detailsOf(source, reply),
      scope: isOfRequest ? 'request' : 'endpoint',
      hint,
    },
  );
}

/** Polygon speaks in `error` or in `message`; never a web page. */
function spokenText(reply: HttpReply, body: unknown): string {
  for (const text of [fieldOf(body, 'error'), fieldOf(body, 'message')]) {
    if (typeof text === 'string' && text.trim() !== '') return text;
  }
  const plain = reply.body.trim();
  return plain.startsWith('<') || plain.startsWith('{') || plain.startsWith('[') ? '' : plain;
}

/** Retry-After where it comes (unverified), else the next minute: Polygon counts by the minute. */
function retryTimeOf(reply: HttpReply, nowMs: EpochMs): EpochMs {
  return readRetryAfter(reply, nowMs) ?? nowMs + LIMIT_WINDOW_MS;
}

/** Replies within the limit say nothing about it. */
export function readPolygonLimit(reply: HttpReply, nowMs: EpochMs): LimitNotice | undefined {
  return reply.status === 429 ? { blockedUntilMs: retryTimeOf(reply, nowMs) } : undefined;
}
