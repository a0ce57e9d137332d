// The routes of the server (hono's only owner): who may ask is decided first, then each path has one answer.
// Whatever goes wrong becomes the public JSON document with its HTTP code; nothing of a request reaches the file system.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Hono, type Context } from 'hono';
import { CancelledError, FinError, ProviderUnavailableError, UsageError, toFinError } from '../domain/errors.ts';
import { ASK_NAMES, answerAsk, type Asking, parseAsk, streamAsk } from './ask.ts';
import type { DataRoute } from './data.ts';
import type { Asked, Guard, Refusal } from './guard.ts';
import type { Client } from './host.ts';
import { BodyError, readSmallBody } from './body.ts';
import type { Page } from './page.ts';
import { parseParameters } from './parameters.ts';
import { QueueFullError } from '../app/queue.ts';
import { SAFE_HEADERS, inQueryWords, replyError, replyJson, statusOfExit } from './replies.ts';
import { EXIT } from '../app/exit-code.ts';
import { formatJson } from '../render/json.ts';
import type { HotAnswers } from './hot.ts';
import type { Watches } from './watch.ts';

export interface App {
  /** What a request that may not be asked gets; undefined: it may. */
  refuse(asked: Asked): Response | undefined;
  fetch(request: Request, env: NodeEnv): Response | Promise<Response>;
}

/** A handler of web-standard requests, as the MCP server gives it. */
export type FetchHandler = (request: Request) => Promise<Response>;

export interface AppOptions {
  asking: Asking;
  guard: Guard;
  page: Page;
  watches: Watches;
  routes: readonly DataRoute[];
  hot: HotAnswers;
  /** Why the server is not ready; undefined: it is. */
  whyNotReady(): string | undefined;
  isDraining(): boolean;
  /** Aborted when what still runs must end. */
  ended: AbortSignal;
  /** Answers `/mcp`. */
  mcp: FetchHandler;
  /** JSON documents and texts by path, made anew for each request. */
  documents: Readonly<Record<string, { type: string; render(): Promise<string> }>>;
}

export interface NodeEnv {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
}

type Env = { Bindings: NodeEnv };

const API = '/api/v1/';
/** Beside the files of the page. Everything else needs the token, however its path is written. */
const OPEN = /^\/(?:health\/(?:live|ready)|login|logout)$/;

export function createApp(options: AppOptions): App {
  const { asking, guard, page, watches, ended } = options;
  const { redact } = asking.host.output;
  const replies = createReplies(options);
  const { namesOf, failed, notPossible, tooMany } = replies;
  const { isOpen, refuse } = createDoor(options, replies);
  const app = new Hono<Env>();

  function clientOf({ env }: Context<Env>): Client {
    const gone = new AbortController();
    env.outgoing.once('close', () => {
      if (!env.outgoing.writableFinished) gone.abort(new CancelledError('the client disconnected'));
    });
    return { key: guard.keyOf(askedOf(env.incoming)), signal: AbortSignal.any([gone.signal, ended]) };
  }

  app.get('/health/live', () => replyJson(200, '{"status":"ok"}\n'));
  app.get('/health/ready', () => {
    const why = options.whyNotReady();
    return replyJson(why === undefined ? 200 : 503, `${JSON.stringify({ status: why ?? 'ok' })}\n`);
  });
  for (const [path, { type, render }] of Object.entries(options.documents))
    app.get(path, async (context) => {
      if (path.startsWith(API)) parseParameters(path.slice(API.length), [], new URL(context.req.url).searchParams);
      const headers = { ...SAFE_HEADERS, 'content-type': type, 'cache-control': 'no-store' };
      return new Response(redact(await render()), { headers });
    });

  for (const { form, answer } of options.routes)
    app.get(`${API}${form.name}`, async (context) => {
      const { searchParams } = new URL(context.req.url);
      const { exit, document, found } = await answer(searchParams, clientOf(context));
      const { url = '' } = context.env.incoming;
      const isKept = form.name === 'quote' && exit === EXIT.done && !searchParams.has('refresh');
      if (isKept && found !== undefined) options.hot.keep(url, found);
      return replyJson(statusOfExit(exit), redact(formatJson(inQueryWords(document, namesOf(form.name)))));
    });
  app.get(`${API}watch`, (context) => watches.open(new URL(context.req.url).searchParams, clientOf(context)));
  app.post(`${API}ask`, async (context) => {
    const asked = parseAsk(await readSmallBody(context.env.incoming, 'application/json'));
    const { id, cookie } = guard.identify(askedOf(context.env.incoming));
    const client = { ...clientOf(context), id };
    const headers = cookie === undefined ? undefined : { 'set-cookie': cookie };
    if (context.req.header('accept')?.includes('text/event-stream') === true)
      return streamAsk(asked, client, asking, headers);
    return answerAsk(asked, client, asking, headers);
  });
  app.post('/login', async (context) => {
    const waitS = guard.guessesTooFast(askedOf(context.env.incoming));
    if (waitS !== undefined) {
      const takesPage = context.req.header('accept')?.includes('text/html') === true;
      const form = takesPage ? page.answer('/login', () => undefined) : undefined;
      if (form === undefined) return tooMany(waitS);
      const headers = { ...SAFE_HEADERS, 'content-type': 'text/html; charset=utf-8', 'retry-after': String(waitS) };
      return new Response(form.body, { status: 429, headers });
    }
    const form = new URLSearchParams(await readSmallBody(context.env.incoming, 'application/x-www-form-urlencoded'));
    const cookie = guard.logIn(form.get('token') ?? '');
    return redirect(cookie === undefined ? '/login?wrong' : '/', cookie);
  });
  app.post('/logout', ({ env }) => redirect('/login', guard.logOut(askedOf(env.incoming))));
  for (const path of [`${API}ask`, '/logout']) app.get(path, (context) => notPossible(context, 'POST'));
  const { mcp } = options;
  app.all('/mcp', async (context) => {
    const { raw, method, url } = context.req;
    if (method !== 'POST') return mcp(raw);
    const body = await readSmallBody(context.env.incoming, 'application/json');
    const { key, signal } = clientOf(context);
    const leave = await asking.queue.enter(key, signal);
    try {
      return await mcp(new Request(url, { method, headers: raw.headers, body, signal }));
    } finally {
      leave();
    }
  });
  app.get('*', (context) => {
    const { pathname } = new URL(context.req.url);
    const found = page.answer(pathname, (name) => context.req.header(name));
    if (found?.headers.get('content-type')?.startsWith('text/html') === true) {
      const { cookie } = guard.identify(askedOf(context.env.incoming));
      // Who follows another site's link brings no cookie along, and may have one.
      const isLinked = context.req.header('sec-fetch-site')?.endsWith('-site') === true;
      if (cookie !== undefined && !isLinked) found.headers.set('set-cookie', cookie);
    }
    return (
      found ??
      failed(
        new UsageError(`${pathname.slice(0, 200)}: there is nothing here`, { hint: 'see /openapi.json' }),
        'serve',
        404,
      )
    );
  });
  app.notFound((context) => notPossible(context, 'GET, HEAD'));
  app.onError((thrown, context) => {
    const command = context.req.path.replace(API, '').slice(0, 40);
    const error = toFinError(thrown);
    if (thrown instanceof QueueFullError)
      return failed(thrown, command, 503, { 'retry-after': String(thrown.retryAfterS) });
    if (thrown instanceof BodyError) return failed(thrown, command, thrown.status, { connection: 'close' });
    return failed(error, command);
  });

  return {
    refuse,
    fetch: (request, env) => {
      const asked = askedOf(env.incoming);
      const refusal = refuse(asked);
      if (refusal !== undefined) {
        if (showsToken(asked) && !guard.isAllowed(asked)) guard.guessesTooFast(asked);
        return refusal;
      }
      const waitS = isOpen(asked.path) ? undefined : guard.tooFast(guard.keyOf(asked));
      return waitS === undefined ? app.fetch(request, env) : tooMany(waitS);
    },
  };
}

type Replies = ReturnType<typeof createReplies>;

/** What is said where something cannot be answered. */
function createReplies({ asking, routes }: AppOptions) {
  const { redact } = asking.host.output;
  const namesOf = (command: string): string[] =>
    command === 'ask'
      ? ASK_NAMES
      : (routes.find(({ form }) => form.name === command)?.parameters ?? []).map(({ name }) => name);
  const failed = (error: FinError, command: string, status?: number, headers?: Record<string, string>): Response =>
    replyError(error, {
      command,
      names: namesOf(command),
      redact,
      ...(status === undefined ? {} : { status }),
      ...(headers === undefined ? {} : { headers }),
    });

  function notPossible({ req }: Context, allow: string): Response {
    const message = `${req.method.slice(0, 20)}: this method is not allowed here`;
    return failed(new UsageError(message, { hint: `use ${allow}; see /openapi.json` }), 'serve', 405, { allow });
  }

  function tooMany(waitS: number): Response {
    const error = new FinError('rate_limited', 'too many requests', { hint: `ask again in ${waitS} s` });
    return failed(error, 'serve', 429, { 'retry-after': String(waitS) });
  }

  return { namesOf, failed, notPossible, tooMany };
}

/** Who is let in. */
function createDoor({ guard, page, isDraining }: AppOptions, { failed, tooMany }: Replies) {
  function refused({ status, message, hint }: Refusal): Response {
    return failed(new FinError(status === 401 ? 'unauthorized' : 'usage', message, { hint }), 'serve', status);
  }

  const isOpen = (path: string): boolean => OPEN.test(path) || page.has(path);

  function refuse(asked: Asked): Response | undefined {
    const refusal = guard.refuse(asked);
    if (refusal !== undefined) return refused(refusal);
    if (asked.path !== '/' && isOpen(asked.path)) return undefined;
    const waitS = showsToken(asked) ? guard.guessesTooFast(asked, 0) : undefined;
    if (waitS !== undefined) return tooMany(waitS);
    const isAllowed = guard.isAllowed(asked);
    if (asked.path === '/') return isAllowed ? undefined : redirect('/login');
    if (!isAllowed) {
      const hint = 'send "authorization: Bearer" with FIN_SERVE_TOKEN, or log in at /login';
      return failed(new FinError('unauthorized', 'the token is missing or wrong', { hint }), 'serve', 401, {
        'www-authenticate': 'Bearer',
      });
    }
    if (!isDraining()) return undefined;
    const error = new ProviderUnavailableError('the server is shutting down', { hint: 'ask again in a moment' });
    return failed(error, 'serve', 503, { 'retry-after': '5', connection: 'close' });
  }

  return { isOpen, refuse };
}

const showsToken = ({ header }: Asked): boolean => header('authorization') !== undefined;

export function askedOf({ method = 'GET', url = '/', headers, socket }: IncomingMessage): Asked {
  const end = url.indexOf('?');
  return {
    method,
    path: end < 0 ? url : url.slice(0, end),
    header: (name) => headers[name] as string | undefined,
    address: socket.remoteAddress ?? 'gone',
  };
}

function redirect(location: string, cookie?: string): Response {
  return new Response(null, {
    status: 303,
    headers: { ...SAFE_HEADERS, location, ...(cookie === undefined ? {} : { 'set-cookie': cookie }) },
  });
}
