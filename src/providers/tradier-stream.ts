// Hides Tradier's stream of quotes: the session that a stream needs, lines of several types whose numbers are now numbers
// and now text, trades of no size, and old ticks that are sent again in quiet markets.
import { isPrice, isVolume } from '../domain/possible.ts';
import type { Clock, MarketMs, TickerSymbol } from '../domain/types.ts';
import type { OpenLines } from '../http/http.ts';
import type { QuoteTick } from './provider.ts';
import { toTradierSymbol } from './tradier-wire.ts';
import { type WireSource, badPayload, fieldOf } from './wire.ts';

export interface StreamSession {
  url: string;
  id: string;
  source: WireSource;
}

const OLDEST_TICK_MS = 10_000;
/** What is silent for so long has been forgotten by the other side. */
const IDLE_MS = 60_000;
const FILTER = 'quote,trade,tradex';

/** The stream has a host of its own and needs no key: it is believed over TLS, or on the very origin that was asked. */
export function readSession(body: unknown, baseUrl: string, source: WireSource): StreamSession {
  const stream = fieldOf(body, 'stream');
  const [url, id] = [fieldOf(stream, 'url'), fieldOf(stream, 'sessionid')];
  if (typeof url !== 'string' || !URL.canParse(url) || typeof id !== 'string' || id === '')
    throw badPayload(source, 'stream has no url and sessionid');
  const { protocol, origin } = new URL(url);
  if (protocol !== 'https:' && origin !== new URL(baseUrl).origin)
    throw badPayload(source, 'stream.url is neither https nor at the address that was asked');
  return { url, id, source };
}

export async function* openTickLines(
  lines: OpenLines,
  { url, id, source }: StreamSession,
  symbols: readonly TickerSymbol[],
  { signal, clock }: { signal: AbortSignal; clock: Clock },
): AsyncIterable<QuoteTick | undefined> {
  const symbolOf = new Map(symbols.map((symbol) => [toTradierSymbol(symbol), symbol]));
  const form = {
    sessionid: id,
    symbols: [...symbolOf.keys()].join(','),
    filter: FILTER,
    linebreak: 'true',
    validOnly: 'true',
  };
  const request = {
    method: 'POST' as const,
    url,
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  };
  for await (const line of lines(request, { signal, idleMs: IDLE_MS })) {
    yield readTick(line, symbolOf, clock.now(), source);
  }
}

/** Undefined for what says nothing new. @throws BadPayloadError for what is no line of the stream, and for its own errors */
export function readTick(
  line: string,
  symbolOf: ReadonlyMap<string, TickerSymbol>,
  now: MarketMs,
  source: WireSource,
): QuoteTick | undefined {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch {
    throw badPayload(source, 'a line of the stream is not JSON');
  }
  const error = fieldOf(row, 'error');
  if (typeof error === 'string') throw badPayload(source, `the stream says "${error.slice(0, 100)}"`);
  const symbol = symbolOf.get(String(fieldOf(row, 'symbol')));
  if (symbol === undefined) return undefined;
  const number = (name: string): number | undefined => readNumber(fieldOf(row, name));
  const type = fieldOf(row, 'type');
  const at = type === 'quote' ? Math.max(number('biddate') ?? 0, number('askdate') ?? 0) : (number('date') ?? 0);
  if (now - at > OLDEST_TICK_MS) return undefined;
  const price = (name: 'bid' | 'ask' | 'last', value: number | undefined) => only(isPrice, name, value);
  if (type === 'quote') return { symbol, at, ...price('bid', number('bid')), ...price('ask', number('ask')) };
  if ((type !== 'trade' && type !== 'tradex') || !(Number(number('size')) > 0)) return undefined;
  return {
    symbol,
    at,
    ...price('last', number('last') ?? number('price')),
    ...only(isVolume, 'volume', number('cvol')),
  };
}

function readNumber(value: unknown): number | undefined {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** Zero stands for none, and what cannot be is none. */
function only<Name extends string>(
  isPossible: (value: number) => boolean,
  name: Name,
  value = 0,
): Partial<Record<Name, number>> {
  return value > 0 && isPossible(value) ? ({ [name]: value } as Record<Name, number>) : {};
}
