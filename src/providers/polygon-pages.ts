// Hides how Polygon's long lists are walked: a page names the next one by a full address, of which only path and query
// are believed. The key goes to the configured address and nowhere else.
import type { CallContext, HttpClient, HttpReply, HttpRequest, HttpTarget } from '../http/http.ts';
import { hasCode } from '../domain/errors.ts';
import type { Pause } from '../http/pause.ts';
import type { Fetched } from './provider.ts';
import type { Gathered } from './rows.ts';
import { badPayload, cleanText, fieldOf, type WireSource } from './wire.ts';

export interface PageWalkDependencies {
  fetch: HttpClient['fetch'];
  target: HttpTarget;
  baseUrl: string;
  sourceOf: (endpoint: string) => WireSource;
  /** The body of a good reply; throws what any other stands for. */
  readBody: (reply: HttpReply, source: WireSource) => unknown;
}

export type PageParser<T> = (body: unknown, source: WireSource, pause: Pause) => Gathered<T> | Promise<Gathered<T>>;

export type FetchRows = <T>(
  endpoint: string,
  path: string,
  query: Record<string, string>,
  context: CallContext,
  parse: PageParser<T>,
) => Promise<Fetched<Gathered<T>>>;

// Twice the longest list known (the calls of SPX, some 15,000).
const MAX_PAGES = 30;
// Either host may name the other one in its pages, whichever was asked, and a proxy in between names neither.
const PROVIDER_HOST = /^api\.(?:massive\.com|polygon\.io)$/;

interface Page<T> extends Gathered<T> {
  next?: Pick<HttpRequest, 'path' | 'query'>;
}

/**
 * Makes the function that brings all rows of a list in the order of its pages. "Not found" is an empty list, but only
 * where it is the first page that says so. A list of which a later page is missing, that turns in a circle, or never ends,
 * is a BadPayloadError: half a list would pass for a whole one.
 */
export function createPageWalk({ fetch, target, baseUrl, sourceOf, readBody }: PageWalkDependencies): FetchRows {
  async function readPage<T>(
    reply: HttpReply,
    source: WireSource,
    number: number,
    parse: PageParser<T>,
    pause: Pause,
  ): Promise<Page<T>> {
    try {
      const body = readBody(reply, source);
      const page = await parse(body, source, pause);
      const nextUrl = fieldOf(body, 'next_url');
      if (nextUrl === undefined || nextUrl === null || nextUrl === '') return page;
      return { ...page, next: nextPageOf(nextUrl, baseUrl, source) };
    } catch (error) {
      if (!hasCode(error, 'no_data')) throw error;
      if (number > 1) throw badPayload(source, `page ${number} of the list is missing`, { reply });
      return { rows: [], lost: [] };
    }
  }

  return async <T>(
    endpoint: string,
    path: string,
    query: Record<string, string>,
    context: CallContext,
    parse: PageParser<T>,
  ): Promise<Fetched<Gathered<T>>> => {
    const source = sourceOf(endpoint);
    const gathered: Gathered<T> = { rows: [], lost: [] };
    let sample = false;
    const visited = new Set<string>();
    let next: Page<T>['next'] = { path, query };
    while (next !== undefined) {
      const address = JSON.stringify([next.path, next.query]);
      if (visited.has(address)) throw badPayload(source, 'the list of pages loops', { field: 'next_url' });
      if (visited.size === MAX_PAGES)
        throw badPayload(source, `the list has more than ${MAX_PAGES} pages`, { field: 'next_url' });
      visited.add(address);
      const number = visited.size;
      const fetched: { value: Page<T>; sample: boolean } = await fetch(
        target,
        { endpoint, method: 'GET', path: next.path, query: next.query },
        (reply, pause) => readPage(reply, source, number, parse, pause),
        context,
      );
      for (const row of fetched.value.rows) gathered.rows.push(row);
      for (const each of fetched.value.lost) gathered.lost.push(each);
      if (fetched.value.delayMs !== undefined) gathered.delayMs = fetched.value.delayMs;
      sample ||= fetched.sample;
      next = fetched.value.next;
    }
    return { value: gathered, sample };
  };
}

/** Path and query of the next page under our own address. @throws BadPayloadError for any other host or path. */
function nextPageOf(nextUrl: unknown, baseUrl: string, source: WireSource): Pick<HttpRequest, 'path' | 'query'> {
  const base = new URL(baseUrl);
  const url = typeof nextUrl === 'string' ? URL.parse(nextUrl, base.href) : null;
  if (url === null) throw badPayload(source, 'next_url is not an address', { field: 'next_url' });
  const isOwn = url.host === base.host;
  if (!isOwn && !PROVIDER_HOST.test(url.host.replace(/:443$/, ''))) {
    throw badPayload(
      source,
      `the next page is on another host (${cleanText(url.host, 80)}), which never gets the key`,
      {
        field: 'next_url',
        hint: 'check MASSIVE_BASE_URL: its answers point elsewhere',
      },
    );
  }
  const basePath = base.pathname.replace(/\/$/, '');
  const path =
    isOwn && basePath !== '' && url.pathname.startsWith(`${basePath}/`)
      ? url.pathname.slice(basePath.length)
      : url.pathname;
  if (!/^\/(?:stocks\/)?v\d+\//.test(path))
    throw badPayload(source, 'next_url is not a page of this list', { field: 'next_url' });
  const query = Object.fromEntries([...url.searchParams].filter(([name]) => name.toLowerCase() !== 'apikey'));
  return { path, query };
}
