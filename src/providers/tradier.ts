// Hides Tradier: its endpoints, form of long lists, rate-limit headers and the many shapes of its refusals.
import type { ExchangeDay } from '../domain/calendar.ts';
import { hasCode } from '../domain/errors.ts';
import type { EventList, EventLists, Security } from '../domain/events.ts';
import { addDays, daysBetween, monthOf, yearOf } from '../domain/exchange-time.ts';
import type { Clock, EpochMs, IsoDate, ProviderName, TickerSymbol } from '../domain/types.ts';
import type {
  CallContext,
  HttpClient,
  HttpReply,
  HttpRequest,
  HttpTarget,
  LimitNotice,
  OpenLines,
} from '../http/http.ts';
import { ROWS_PER_SLICE, type Pause } from '../http/pause.ts';
import { hashKey, identityOf, type ProviderEnvironment } from './identity.ts';
import { keyedLine } from './keyed-line.ts';
import { mergeExpirations } from './option-lists.ts';
import type { Fetched, Provider } from './provider.ts';
import { keyRefused, LIMIT_WINDOW_MS, quoted, rateLimited, readRetryAfter } from './refusal.ts';
import { isOptionSymbol } from '../domain/symbols.ts';
import { createTradierEvents, FUNDAMENTALS, notOpen, readFundamentals } from './tradier-events.ts';
import { minutesOfDay, type TradierDay } from './tradier-exchange.ts';
import { createTradierWire, toTradierSymbol } from './tradier-wire.ts';
import {
  asArray,
  badPayload,
  fieldOf,
  readJson,
  readJsonIfAny,
  redactText,
  unavailable,
  type WireSource,
} from './wire.ts';
import { dailyBarsOf, type Gathered, gatherInSlices, intradayBarsOf, madeOfRows, withLost } from './rows.ts';

export interface TradierOptions {
  http: HttpClient;
  clock: Clock;
  /** Origin, with or without `/v1`: `https://api.tradier.com`, `https://sandbox.tradier.com`. */
  baseUrl: string;
  token: string;
  environment: ProviderEnvironment;
  /** Requests in any 60 s; absent: unlimited. */
  limitPerMinute?: number;
  /** Under which name it answers. The sample market speaks this wire format and is `sample`. */
  name?: Extract<ProviderName, 'tradier' | 'sample'>;
}

export interface TradierProvider extends Provider {
  /** The exchange's days of one month (1 to 12) as Tradier plans them. */
  fetchCalendar(month: number, year: number, context: CallContext): Promise<Fetched<TradierDay[]>>;
}

// Tradier publishes no maximum. Longer lists go in a form, because proxies cut addresses from some 2,000 characters on.
const TOO_LARGE = 'the answer is too large for Tradier itself';
const MAX_SYMBOLS_IN_QUERY = 40;
const MAX_QUERY_LENGTH = 1500;
const LOOKED_UP = /^[a-z]{1,6}(?:[./][a-z]{1,2})?$/i;
const SANDBOX_DELAY_MS = 15 * 60_000;

export function createTradier(options: TradierOptions): TradierProvider {
  const { http, name = 'tradier', environment } = options;
  const line = createLine(options);
  const wire = createTradierWire();
  const exchange = exchangeOver(line, wire);
  return {
    name,
    // The sandbox has no stream.
    ...(http.lines === undefined || line.isDelayed ? {} : { streamQuotes: streamOver(line, http.lines) }),
    identity: identityOf(name, line.target.baseUrl, environment),
    hasFreeSlot: () => http.hasFreeSlot(line.target),
    ...quotesOver(line, wire),
    ...barsOver(line, wire),
    ...optionsOver(line, wire),
    ...exchange,
    ...accountsOver(line, wire),
    ...eventsOver(line),
    async checkAccess(context) {
      await exchange.fetchMarketClock(context);
    },
  };
}

type Line = ReturnType<typeof createLine>;
type Wire = ReturnType<typeof createTradierWire>;

/** The way to Tradier, whose accounts have a limit of their own. */
function createLine({ http, clock, token, name = 'tradier', ...options }: TradierOptions) {
  const { target, sourceOf } = keyedLine({
    ...options,
    provider: name,
    key: token,
    readLimit: (reply) => readTradierLimit(reply, clock.machineNow()),
  });
  const accounts: HttpTarget = { ...target, keyHash: hashKey(name, `${token} accounts`) };

  /** `read`: the body of a good reply; throws what any other stands for. */
  function send<T>(
    request: HttpRequest,
    context: CallContext,
    parse: (body: unknown, source: WireSource, pause: Pause) => T | Promise<T>,
    { to = target, read = readTradierBody }: { to?: HttpTarget; read?: typeof readTradierBody } = {},
  ): Promise<{ value: T; sample: boolean }> {
    const source = sourceOf(request.endpoint);
    return http.fetch(
      to,
      request,
      (reply, pause) => parse(read(reply, source, clock.machineNow()), source, pause),
      context,
    );
  }

  function get<T>(
    endpoint: string,
    path: string,
    query: Record<string, string>,
    context: CallContext,
    parse: (body: unknown, source: WireSource, pause: Pause) => T | Promise<T>,
  ): Promise<{ value: T; sample: boolean }> {
    return send({ endpoint, method: 'GET', path, query }, context, parse);
  }

  return { name, clock, target, accounts, isDelayed: options.environment === 'sandbox', sourceOf, send, get };
}

function streamOver({ target, clock, send }: Line, lines: OpenLines): NonNullable<Provider['streamQuotes']> {
  return async (symbols, context, onTick) => {
    const { openTickLines, readSession } = await import('./tradier-stream.ts');
    const { value: session } = await send(
      { endpoint: 'stream session', method: 'POST', path: '/v1/markets/events/session', query: {} },
      context,
      (body, source) => readSession(body, target.baseUrl, source),
    );
    for await (const tick of openTickLines(lines, session, symbols, { signal: context.signal, clock })) onTick(tick);
  };
}

function quotesOver({ name, clock, send }: Line, wire: Wire): Pick<Provider, 'fetchQuotes'> {
  return {
    /** One request for all of them. A symbol that Tradier knows without a price (never traded) fails as no data. */
    async fetchQuotes(symbols, context) {
      const asked = [...new Set(symbols)];
      if (asked.length === 0) return { value: { quotes: new Map(), unknown: [] }, sample: name === 'sample' };
      return send(quotesRequest(asked), context, (body, source) => wire.parseQuotes(body, asked, clock.now(), source));
    },
  };
}

function barsOver(
  { get, clock, isDelayed, sourceOf }: Line,
  wire: Wire,
): Pick<Provider, 'fetchDailyBars' | 'fetchIntradayBars'> {
  const delayed = isDelayed ? { delayMs: SANDBOX_DELAY_MS } : {};
  return {
    async fetchDailyBars(symbol, from, to, context) {
      const query = { symbol: toTradierSymbol(symbol), interval: 'daily', start: from, end: to };
      const { value, sample } = await get('history', '/v1/markets/history', query, context, (body, source, pause) =>
        readListInSlices(body, 'history', 'day', (part) => wire.parseHistory(part, symbol, source), pause),
      );
      return dailyBarsOf({ value: { ...value, ...delayed }, sample }, { symbol, from, to }, sourceOf('history'));
    },

    /** Where Tradier refuses the start, or the answer is too large for its gateway, a later start is asked for. */
    async fetchIntradayBars(symbol, { step, hours, from, to }, context) {
      for (let start = from; ;) {
        const query = {
          symbol: toTradierSymbol(symbol),
          interval: step,
          start: `${start} 00:00`,
          end: `${to} 23:59`,
          session_filter: hours === 'regular' ? 'open' : 'all',
        };
        try {
          const { value, sample } = await get('timesales', '/v1/markets/timesales', query, context, (body, source) =>
            wire.parseTimesales(body, symbol, source),
          );
          const list = { value: { ...value, ...delayed }, sample };
          return intradayBarsOf(list, { symbol, hours, from: start, now: clock.now() }, sourceOf('timesales'));
        } catch (error) {
          const later = laterStart(error, start, to);
          if (later === undefined) throw error;
          start = later;
        }
      }
    },
  };
}

function optionsOver(
  { get, clock, isDelayed, sourceOf }: Line,
  wire: Wire,
): Pick<Provider, 'fetchExpirations' | 'fetchChain'> {
  return {
    async fetchExpirations(symbol, context) {
      const query = { symbol: toTradierSymbol(symbol), includeAllRoots: 'true', expirationType: 'true' };
      const path = '/v1/markets/options/expirations';
      const list = get('expirations', path, query, context, (body, source, pause) => {
        // Without kinds the dates stand alone.
        const name = listIn(body, 'expirations', 'expiration').length > 0 ? 'expiration' : 'date';
        return readListInSlices(
          body,
          'expirations',
          name,
          (part) => wire.parseExpirations(part, symbol, source),
          pause,
        );
      });
      return madeOfRows(list, mergeExpirations);
    },

    async fetchChain(symbol, expiration, context) {
      const query = { symbol: toTradierSymbol(symbol), expiration, greeks: 'true' };
      const path = '/v1/markets/options/chains';
      const { value, sample } = await get('chain', path, query, context, (body, source, pause) =>
        readListInSlices(
          body,
          'options',
          'option',
          (part) => wire.parseContracts(part, symbol, clock.now(), source),
          pause,
        ),
      );
      const { chain, lost } = wire.toChain(value.rows, { underlying: symbol, expiration }, sourceOf('chain'));
      return withLost({ value: isDelayed ? { ...chain, delayMs: SANDBOX_DELAY_MS } : chain, sample }, [
        ...value.lost,
        ...lost,
      ]);
    },
  };
}

function exchangeOver(
  { get }: Line,
  wire: Wire,
): Pick<TradierProvider, 'fetchMarketClock' | 'fetchCalendar' | 'fetchExchangeDays'> {
  function fetchCalendar(month: number, year: number, context: CallContext): Promise<Fetched<TradierDay[]>> {
    const query = { month: String(month).padStart(2, '0'), year: String(year) };
    return get('calendar', '/v1/markets/calendar', query, context, wire.parseCalendar);
  }

  return {
    async fetchMarketClock(context) {
      const { value: clock, sample } = await get('clock', '/v1/markets/clock', {}, context, wire.parseClock);
      return withLost({ value: clock.value, sample }, clock.lost);
    },

    fetchCalendar,

    async fetchExchangeDays(date, context) {
      const fetched = await fetchCalendar(monthOf(date), yearOf(date), context);
      return { ...fetched, value: fetched.value.map(toExchangeDay) };
    },
  };
}

function accountsOver(
  { accounts, send }: Line,
  wire: Wire,
): Required<Pick<Provider, 'fetchAccounts' | 'fetchPositions'>> {
  const get = <T>(
    endpoint: string,
    path: string,
    context: CallContext,
    parse: (body: unknown, source: WireSource) => T,
  ) => send({ endpoint, method: 'GET', path, query: {} }, context, parse, { to: accounts });
  return {
    fetchAccounts: (context) => get('profile', '/v1/user/profile', context, wire.parseAccounts),

    fetchPositions: (account, context) =>
      get('positions', `/v1/accounts/${encodeURIComponent(account)}/positions`, context, wire.parsePositions),
  };
}

function eventsOver({
  isDelayed,
  sourceOf,
  send,
  get,
}: Line): Required<Pick<Provider, 'fetchEvents' | 'searchSecurities'>> {
  const events = createTradierEvents();
  return {
    async fetchEvents<List extends EventList>(
      list: List,
      symbols: readonly TickerSymbol[],
      context: CallContext,
    ): Promise<Fetched<Map<TickerSymbol, EventLists[List]>>> {
      const { endpoint, path } = FUNDAMENTALS[list];
      if (isDelayed) throw notOpen(sourceOf(endpoint), ', not in the sandbox');
      const query = { symbols: symbols.map(toTradierSymbol).join(',') };
      const { value, sample } = await send(
        { endpoint, method: 'GET', path, query },
        context,
        (body, source) => events.parseEvents(list, body, { asked: symbols, toWire: toTradierSymbol }, source),
        { read: (reply, source, nowMs) => readFundamentals(reply, source, readTradierBody, nowMs) },
      );
      return withLost({ value: value.value, sample }, value.lost);
    },

    /** Names hold the words; one short word may also be the beginning of a symbol. */
    async searchSecurities(words, context) {
      const find = (endpoint: string, q: string): Promise<{ value: Gathered<Security>; sample: boolean }> =>
        get(endpoint, `/v1/markets/${endpoint}`, { q }, context, events.parseSecurities);
      const found = await Promise.all([
        ...(LOOKED_UP.test(words) ? [find('lookup', toTradierSymbol(words.toUpperCase()))] : []),
        find('search', words),
      ]);
      return withLost(
        { value: found.flatMap(({ value }) => value.rows), sample: found.some(({ sample }) => sample) },
        found.flatMap(({ value }) => value.lost),
      );
    },
  };
}

/** `Invalid parameter, start: must be on or after …` names it; of too long a range it is the middle. */
function laterStart(error: unknown, start: IsoDate, to: IsoDate): IsoDate | undefined {
  if (!hasCode(error, 'bad_payload')) return undefined;
  const named = /start: must be on or after (\d{4}-\d\d-\d\d)/.exec(error.message)?.[1];
  const isTooLarge = error.message.includes(TOO_LARGE);
  const later = named ?? (isTooLarge ? addDays(start, Math.ceil(daysBetween(start, to) / 2)) : start);
  return later > start && later <= to ? later : undefined;
}

/** A closed day is described as `Market is closed for Labor Day`, and often without the reason. */
function toExchangeDay({ date, open, description, regular }: TradierDay): ExchangeDay {
  const closeMinutes = minutesOfDay(regular?.end);
  const name = description?.replace(/^market is closed(?: for)?\b\.?/i, '').trim();
  return {
    date,
    closed: !open,
    ...(open || name === undefined || name === '' ? {} : { name }),
    ...(closeMinutes === undefined ? {} : { closeMinutes }),
  };
}

/** The rows of one list, slice after slice where they are many. */
function readListInSlices<T>(
  body: unknown,
  root: string,
  list: string,
  parse: (body: unknown) => Gathered<T>,
  pause: Pause,
): Gathered<T> | Promise<Gathered<T>> {
  const rows = listIn(body, root, list);
  if (rows.length <= ROWS_PER_SLICE) return parse(body);
  return gatherInSlices(rows, (slice) => parse({ [root]: { [list]: slice } }), pause);
}

function listIn(body: unknown, root: string, list: string): unknown[] {
  return asArray(fieldOf(fieldOf(body, root), list));
}

function quotesRequest(symbols: readonly TickerSymbol[]): HttpRequest {
  const list = symbols.map(toTradierSymbol).join(',');
  const parameters = { symbols: list, greeks: String(symbols.some(isOptionSymbol)) };
  const endpoint = 'quotes';
  const path = '/v1/markets/quotes';
  if (symbols.length <= MAX_SYMBOLS_IN_QUERY && list.length <= MAX_QUERY_LENGTH) {
    return { endpoint, method: 'GET', path, query: parameters };
  }
  return { endpoint, method: 'POST', path, query: {}, form: parameters };
}

/**
 * The body of a reply that is an answer.
 * @throws FinError for what the reply stands for otherwise. Sources: Tradier's error pages, LEAN and go-tradier; the
 * body of a 429 is unverified, so all forms seen anywhere are read.
 */
function readTradierBody(reply: HttpReply, source: WireSource, nowMs: EpochMs): unknown {
  if (reply.status < 200 || reply.status > 299) throw classifyRefusal(reply, readJsonIfAny(reply.body), source, nowMs);
  const body = readJson(reply, source);
  if (fieldOf(body, 'fault') !== undefined) throw classifyRefusal(reply, body, source, nowMs);
  const said = asArray(fieldOf(fieldOf(body, 'errors'), 'error'))
    .filter((text) => typeof text === 'string')
    .join('; ');
  if (said !== '') {
    throw badPayload(source, redactText(said, source.secret), { reply, hint: 'ask another provider with --provider' });
  }
  return body;
}

function classifyRefusal(reply: HttpReply, body: unknown, source: WireSource, nowMs: EpochMs): Error {
  const fault = fieldOf(body, 'fault');
  const code = textOf(fieldOf(fieldOf(fault, 'detail'), 'errorcode'));
  const said = redactText(spokenText(reply, body), source.secret);
  if (reply.status === 429 || /quotaviolation/i.test(code) || /^quota violation/i.test(said)) {
    return rateLimited(source, reply, retryTimeOf(reply, nowMs), nowMs);
  }
  if (reply.status === 401 || /access_token|apiproduct/i.test(code) || /invalid access token/i.test(said)) {
    return keyRefused(source, reply, said, authHint(code));
  }
  // Tradier documents no 403: it is a gateway's or a firewall's, which knows nothing of the key.
  if (reply.status === 403) return unavailable(source, `answered with status 403${quoted(said)}`, reply);
  if (/toobigbody/i.test(code)) {
    return badPayload(source, TOO_LARGE, {
      reply,
      hint: 'ask for fewer symbols or a shorter range',
    });
  }
  if (reply.status >= 500 || reply.status === 408 || (reply.status >= 200 && reply.status <= 299)) {
    return unavailable(source, `answered with status ${reply.status}${quoted(said)}`, reply);
  }
  if (reply.status === 400) {
    const why = said === '' ? 'the request was refused (status 400)' : said;
    return badPayload(source, why, {
      reply,
      hint: 'check the symbol and dates, or ask another provider with --provider',
    });
  }
  return badPayload(source, `answered with status ${reply.status}${quoted(said)}`, {
    reply,
    hint: 'check TRADIER_BASE_URL: this address does not answer as Tradier does',
  });
}

function authHint(code: string): string {
  return /apiproduct/i.test(code)
    ? 'this token belongs to the other environment: set TRADIER_ENV=sandbox for a sandbox token, unset it for a production token'
    : 'check TRADIER_ACCESS_TOKEN; TRADIER_ENV must name the environment it was issued for';
}

/** What Tradier says in words; never a web page. */
function spokenText(reply: HttpReply, body: unknown): string {
  const faultText = textOf(fieldOf(fieldOf(body, 'fault'), 'faultstring'));
  if (faultText !== '') return faultText;
  const errors = asArray(fieldOf(fieldOf(body, 'errors'), 'error')).filter((text) => typeof text === 'string');
  if (errors.length > 0) return errors.join('; ');
  const plain = reply.body.trim();
  return plain.startsWith('<') || plain.startsWith('{') || plain.startsWith('[') ? '' : plain;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** End of the window by header, else by the text `Quota Violation … <epoch ms>`, else Retry-After, else a minute. */
function retryTimeOf(reply: HttpReply, nowMs: EpochMs): EpochMs {
  const lastWord = reply.body.trim().split(/\s+/).at(-1);
  return (
    readExpiry(reply.headers['x-ratelimit-expiry'], nowMs) ??
    readExpiry(lastWord, nowMs) ??
    readRetryAfter(reply, nowMs) ??
    nowMs + LIMIT_WINDOW_MS
  );
}

/**
 * Epoch milliseconds by the documents, seconds in some clients: what is above 1e12 is milliseconds. A window lasts a
 * minute, so an end that has passed or is further away than two tells only that clocks differ: undefined.
 */
function readExpiry(text: string | undefined, nowMs: EpochMs): EpochMs | undefined {
  if (text === undefined || !/^\d{10,13}$/.test(text.trim())) return undefined;
  const value = Number(text);
  const atMs = value > 1e12 ? value : value * 1000;
  return atMs > nowMs && atMs <= nowMs + 2 * LIMIT_WINDOW_MS ? atMs : undefined;
}

/** `X-Ratelimit-Available` and `-Expiry` come with every reply; a 429 blocks until the window ends. */
export function readTradierLimit(reply: HttpReply, nowMs: EpochMs): LimitNotice | undefined {
  if (reply.status === 429) return { blockedUntilMs: retryTimeOf(reply, nowMs) };
  const available = reply.headers['x-ratelimit-available']?.trim();
  if (available === undefined || !/^\d{1,9}$/.test(available)) return undefined;
  const resetAtMs = readExpiry(reply.headers['x-ratelimit-expiry'], nowMs);
  return resetAtMs === undefined ? undefined : { remaining: Number(available), resetAtMs };
}
