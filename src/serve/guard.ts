// Who may ask: the right Host and Origin against pages of strangers and rebound names, a token where one is set, and no
// more requests a second than a client needs. Hides how a browser that has logged in is known again.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { hostname } from 'node:os';
import { isLoopback } from '../domain/addresses.ts';

export interface GuardOptions {
  /** Where the server listens. */
  host: string;
  /** The address that browsers know it by, behind a proxy: `https://fin.example.com`. */
  origin?: string;
  token?: string;
  machineNow(): number;
}

/** What a guard reads of a request. */
export interface Asked {
  method: string;
  path: string;
  header(name: string): string | undefined;
  /** Of the other side of the connection. */
  address: string;
}

export interface Refusal {
  status: 400 | 401 | 403;
  message: string;
  hint: string;
}

export interface Guard {
  /** Why a request is refused whatever it asks for; undefined: it may go on. */
  refuse(asked: Asked): Refusal | undefined;
  /** Whether it carries the token, by header or cookie; true where none is set. */
  isAllowed(asked: Asked): boolean;
  /** Whose turn it is and whose conversations: the id that a client names, else its address. */
  keyOf(asked: Asked): string;
  /** The cookie of a client that has none yet. */
  newIdCookie(asked: Asked): string | undefined;
  /** The cookie of a login with this token; undefined where it is wrong. */
  logIn(token: string): string | undefined;
  logOutCookie(): string;
  /** Undefined where a client may ask; else seconds until it may again. */
  tooFast(key: string, kind: 'work' | 'login'): number | undefined;
}

const ID_COOKIE = 'fin_client';
const LOGIN_COOKIE = 'fin_login';
const ID = /^[\w-]{1,64}$/;
const YEAR_S = 365 * 86_400;
/** Requests that need work: a bound on accidents and abuse, far above what a person or a page needs. */
const RATES = { work: { perSecond: 1_000, burst: 2_000 }, login: { perSecond: 0.2, burst: 10 } };
const MOST_CLIENTS = 10_000;

export function createGuard({ host, origin, token, machineNow }: GuardOptions): Guard {
  const isLocal = isLoopbackHost(host);
  const own = origin === undefined ? undefined : new URL(origin);
  const names = new Set([host, hostname(), `${hostname()}.local`, ...(own === undefined ? [] : [own.hostname])]);
  /** Says that a browser has shown the token, without being it. */
  const proof = token === undefined ? '' : createHmac('sha256', token).update('fin serve login').digest('base64url');
  const rates = createRates(machineNow);
  const attributes = `; HttpOnly; SameSite=Strict; Path=/${own?.protocol === 'https:' ? '; Secure' : ''}`;

  function isOwnName(name: string): boolean {
    if (isLoopbackHost(name) || own?.hostname === name) return true;
    // A name that somebody else has pointed here is refused; an address cannot be rebound.
    return !isLocal && (names.has(name) || /^(?:\d+\.){3}\d+$|^\[[\da-f:.]+\]$/i.test(name));
  }

  /** The last one: clients of a server call it by one name, and reading it takes longer than all else here. */
  let lastHost: { text: string | undefined; named: string | undefined; isOwn: boolean } = readHost(undefined);

  function readHost(text: string | undefined): typeof lastHost {
    const url = parseHost(text);
    return { text, named: url?.host, isOwn: url !== undefined && isOwnName(url.hostname) };
  }

  function refuse({ method, path, header }: Asked): Refusal | undefined {
    if (!path.startsWith('/'))
      return { status: 400, message: 'the path does not begin with /', hint: 'this server is no proxy' };
    const text = header('host');
    if (lastHost.text !== text) lastHost = readHost(text);
    const { named, isOwn } = lastHost;
    if (named === undefined)
      return { status: 400, message: 'the Host header is missing or unreadable', hint: 'send the host that you ask' };
    if (!isOwn)
      return {
        status: 403,
        message: 'the Host header names another server',
        hint: 'use the address that fin serve printed; behind a proxy: fin serve --origin https://its.name',
      };
    const from = header('origin');
    if (from !== undefined && from !== `http://${named}` && from !== `https://${named}` && from !== own?.origin)
      return { status: 403, message: 'the request comes from another site', hint: 'open the page of this server' };
    const site = header('sec-fetch-site');
    // Pages of strangers may link to the page, and may not ask in its name.
    const isNavigation = header('sec-fetch-mode') === 'navigate' && method === 'GET' && !path.startsWith('/api/');
    if ((site === 'cross-site' || site === 'same-site') && !isNavigation)
      return { status: 403, message: 'the request comes from another site', hint: 'open the page of this server' };
    return undefined;
  }

  function isAllowed({ header }: Asked): boolean {
    if (token === undefined) return true;
    const bearer = /^Bearer +(\S+) *$/i.exec(header('authorization') ?? '')?.[1];
    if (bearer !== undefined) return isEqual(bearer, token);
    const shown = cookieOf(header('cookie'), LOGIN_COOKIE);
    return shown !== undefined && isEqual(shown, proof);
  }

  const idOf = ({ header }: Asked): string | undefined => {
    const named = header('x-fin-client') ?? cookieOf(header('cookie'), ID_COOKIE);
    return named !== undefined && ID.test(named) ? named : undefined;
  };

  return {
    refuse,
    isAllowed,
    keyOf: (asked) => {
      const id = idOf(asked);
      return id === undefined ? `address ${asked.address}` : `id ${id}`;
    },
    newIdCookie: (asked) =>
      idOf(asked) === undefined
        ? `${ID_COOKIE}=${randomBytes(16).toString('base64url')}; Max-Age=${YEAR_S}${attributes}`
        : undefined,
    logIn: (shown) =>
      token !== undefined && isEqual(shown, token)
        ? `${LOGIN_COOKIE}=${proof}; Max-Age=${YEAR_S}${attributes}`
        : undefined,
    logOutCookie: () => `${LOGIN_COOKIE}=; Max-Age=0${attributes}`,
    tooFast: (key, kind) => rates(`${kind} ${key}`, RATES[kind]),
  };
}

/** Of an address to listen on, too, where an IPv6 address has no brackets. */
export function isLoopbackHost(host: string): boolean {
  return isLoopback(host) || isLoopback(`[${host}]`);
}

function parseHost(text: string | undefined): URL | undefined {
  if (text === undefined || !/^[\w.:[\]-]+$/.test(text) || !URL.canParse(`http://${text}`)) return undefined;
  return new URL(`http://${text}`);
}

/** In a time that tells nothing of either text. */
function isEqual(shown: string, expected: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(shown), hash(expected));
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  return header
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

/** A bucket for each client that fills again over time. */
function createRates(
  machineNow: () => number,
): (key: string, rate: { perSecond: number; burst: number }) => number | undefined {
  const buckets = new Map<string, { left: number; atMs: number }>();
  return (key, { perSecond, burst }) => {
    const nowMs = machineNow();
    const { left, atMs } = buckets.get(key) ?? { left: burst, atMs: nowMs };
    const filled = Math.min(burst, left + (Math.max(0, nowMs - atMs) / 1_000) * perSecond);
    buckets.delete(key);
    if (buckets.size >= MOST_CLIENTS) {
      const [oldest] = buckets.keys();
      if (oldest !== undefined) buckets.delete(oldest);
    }
    buckets.set(key, { left: filled >= 1 ? filled - 1 : filled, atMs: nowMs });
    return filled >= 1 ? undefined : Math.max(1, Math.ceil((1 - filled) / perSecond));
  };
}
