// Who may ask: the right Host and Origin against pages of strangers and rebound names, a token where one is set, and no
// more requests a second than a client needs. Hides how a browser that has logged in is known again until it logs out.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { hostname } from 'node:os';
import { isLoopback } from '../domain/addresses.ts';
import type { Logouts } from './logouts.ts';

export interface GuardOptions {
  /** Where the server listens. */
  host: string;
  /** The address that browsers know it by, behind a proxy: `https://fin.example.com`. */
  origin?: string;
  token?: string;
  /** A proxy stands in front of every client: the last address of its `x-forwarded-for` is the client's. */
  trustsProxy?: boolean;
  /** Logins that have ended. */
  logouts?: Logouts;
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
  /** Whose turn it is: the id that a client names, else its address. */
  keyOf(asked: Asked): string;
  /** Whose conversations: what a client names, else an id that it gets by this cookie. An address is nobody's name. */
  identify(asked: Asked): { id: string; cookie?: string };
  /** The cookie of a new login with this token; undefined where it is wrong. */
  logIn(token: string): string | undefined;
  /** Ends the login that a request bears. */
  logOut(asked: Asked): string;
  /** Undefined where a client may ask; else seconds until it may again. */
  tooFast(key: string): number | undefined;
  /** The same for who shows a token, by address: a name is a guesser's own choice. Counts one unless `taken` is 0. */
  guessesTooFast(asked: Asked, taken?: 0 | 1): number | undefined;
}

const ID_COOKIE = 'fin_client';
const LOGIN_COOKIE = 'fin_login';
const ID = /^[\w-]{1,64}$/;
const YEAR_S = 365 * 86_400;
/** Requests that need work: a bound on accidents and abuse, far above what a person or a page needs. */
const RATES = { work: { perSecond: 1_000, burst: 2_000 }, login: { perSecond: 0.2, burst: 10 } };
const MOST_CLIENTS = 10_000;

const FROM_ANOTHER_SITE: Refusal = {
  status: 403,
  message: 'the request comes from another site',
  hint: 'use the page of this server itself',
};

export function createGuard({
  host,
  origin,
  token,
  trustsProxy,
  logouts = new Set(),
  machineNow,
}: GuardOptions): Guard {
  const own = origin === undefined ? undefined : new URL(origin);
  const refuse = createDoor(host, own);
  const rates = createRates(machineNow);
  const attributes = `; HttpOnly; SameSite=Strict; Path=/${own?.protocol === 'https:' ? '; Secure' : ''}`;
  const { loginOf, logIn } = createLogins(token, logouts, attributes);

  function isAllowed({ header }: Asked): boolean {
    if (token === undefined) return true;
    const bearer = bearerOf(header('authorization'));
    if (bearer !== undefined) return isEqual(bearer, token);
    return loginOf(header('cookie')) !== undefined;
  }

  const idOf = ({ header }: Asked): string | undefined => {
    const named = header('x-fin-client') ?? cookieOf(header('cookie'), ID_COOKIE);
    return named !== undefined && ID.test(named) ? named : undefined;
  };

  function addressOf({ header, address }: Asked): string {
    const forwarded = trustsProxy === true ? header('x-forwarded-for')?.split(',').at(-1)?.trim().slice(0, 64) : '';
    return forwarded || address;
  }

  function keyOf(asked: Asked): string {
    const id = idOf(asked);
    return id === undefined ? `address ${addressOf(asked)}` : `id ${id}`;
  }

  return {
    refuse,
    isAllowed,
    keyOf,
    identify: (asked) => {
      const known = idOf(asked);
      if (known !== undefined) return { id: known };
      const id = newId();
      return { id, cookie: `${ID_COOKIE}=${id}; Max-Age=${YEAR_S}${attributes}` };
    },
    logIn,
    logOut: ({ header }) => {
      const login = loginOf(header('cookie'));
      if (login !== undefined) logouts.add(login);
      return `${LOGIN_COOKIE}=; Max-Age=0${attributes}`;
    },
    tooFast: (key) => rates(`work ${key}`, RATES.work),
    guessesTooFast: (asked, taken) => rates(`login ${addressOf(asked)}`, RATES.login, taken),
  };
}

/** Looks at where a request goes and comes from. */
function createDoor(host: string, own: URL | undefined): Guard['refuse'] {
  const isLocal = isLoopbackHost(host);
  const names = new Set([host, hostname(), `${hostname()}.local`, ...(own === undefined ? [] : [own.hostname])]);

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
      return {
        status: 400,
        message: 'the Host header is missing or unreadable',
        hint: 'send the host you are calling',
      };
    if (!isOwn)
      return {
        status: 403,
        message: 'the Host header names another server',
        hint: 'use the address that fin serve printed; behind a proxy: fin serve --origin https://its.name',
      };
    const from = header('origin');
    if (from !== undefined && from !== `http://${named}` && from !== `https://${named}` && from !== own?.origin)
      return FROM_ANOTHER_SITE;
    const site = header('sec-fetch-site');
    // Pages of strangers may link to the page, and may not ask in its name.
    const isNavigation = header('sec-fetch-mode') === 'navigate' && method === 'GET' && !path.startsWith('/api/');
    if ((site === 'cross-site' || site === 'same-site') && !isNavigation) return FROM_ANOTHER_SITE;
    return undefined;
  }

  return refuse;
}

/** Who has shown the token: a cookie says so that nobody else can make. */
function createLogins(token: string | undefined, logouts: Logouts, attributes: string) {
  /** Says that a browser has shown the token, without being it. */
  const proofOf = (login: string): string =>
    createHmac('sha256', token ?? '')
      .update(`fin serve login ${login}`)
      .digest('base64url');

  /** Of a cookie of ours that has not been logged out. */
  function loginOf(cookies: string | undefined): string | undefined {
    const [login = '', proof = ''] = cookieOf(cookies, LOGIN_COOKIE)?.split('.') ?? [];
    return login !== '' && isEqual(proof, proofOf(login)) && !logouts.has(login) ? login : undefined;
  }

  function logIn(shown: string): string | undefined {
    if (token === undefined || !isEqual(shown, token)) return undefined;
    const login = newId();
    return `${LOGIN_COOKIE}=${login}.${proofOf(login)}; Max-Age=${YEAR_S}${attributes}`;
  }

  return { loginOf, logIn };
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

const newId = (): string => randomBytes(16).toString('base64url');
const bearerOf = (header = ''): string | undefined => /^Bearer +(\S+) *$/i.exec(header)?.[1];

function cookieOf(header: string | undefined, name: string): string | undefined {
  return header
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

/** A bucket for each client that fills again over time. `taken` 0 only looks. */
function createRates(
  machineNow: () => number,
): (key: string, rate: { perSecond: number; burst: number }, taken?: 0 | 1) => number | undefined {
  const buckets = new Map<string, { left: number; atMs: number }>();
  return (key, { perSecond, burst }, taken = 1) => {
    const nowMs = machineNow();
    const { left, atMs } = buckets.get(key) ?? { left: burst, atMs: nowMs };
    const filled = Math.min(burst, left + (Math.max(0, nowMs - atMs) / 1_000) * perSecond);
    buckets.delete(key);
    if (buckets.size >= MOST_CLIENTS) {
      const [oldest] = buckets.keys();
      if (oldest !== undefined) buckets.delete(oldest);
    }
    buckets.set(key, { left: filled >= 1 ? filled - taken : filled, atMs: nowMs });
    return filled >= 1 ? undefined : Math.max(1, Math.ceil((1 - filled) / perSecond));
  };
}
