// Questions over HTTP: the document of --json, the same step by step, and conversations that clients keep apart.
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/config.ts';
import { createClientConversations } from '../../src/serve/conversations.ts';
import { startModelServer } from '../helpers/model-server.ts';
import { openEvents, startWorld, type World } from './world.ts';

interface AskDocument {
  ok: boolean;
  answer?: string;
  session?: string;
  toolCalls: { name: string }[];
  data: { symbol: string }[];
  errors: { code: string }[];
}

async function ask(
  world: World,
  question: string,
  { session, client, cookie }: { session?: string; client?: string; cookie?: string } = {},
): Promise<{ status: number; document: AskDocument; cookie: string | undefined }> {
  const headers: Record<string, string> = {
    ...(client === undefined ? {} : { 'x-fin-client': client }),
    ...(cookie === undefined ? {} : { cookie }),
  };
  const {
    status,
    body,
    headers: got,
  } = await world.post('/api/v1/ask', JSON.stringify({ question, session }), headers);
  return { status, document: JSON.parse(body) as AskDocument, cookie: got['set-cookie']?.[0] };
}

describe('a question over HTTP', () => {
  it('is answered with the document of fin ask --json', async () => {
    const world = await startWorld();
    const { status, document } = await ask(world, 'price of NVDA', { session: 'desk' });
    expect(status).toBe(200);
    expect(document).toMatchObject({
      schema: 'fin/1',
      command: 'ask',
      ok: true,
      question: 'price of NVDA',
      session: 'desk',
      toolCalls: [{ name: 'get_stock_quote' }],
      data: [{ tool: 'get_stock_quote', symbol: 'NVDA' }],
      grounding: { unsupported: [] },
      errors: [],
    });
    expect(document.answer).toContain('NVDA');
  });

  it.each([
    [501, 'write a poem about the moon'],
    [404, 'price of $ZZZZ'],
    [207, 'price of NVDA and $ZZZZ'],
  ])('has the code %i of its exit code: %s', async (status, question) => {
    const world = await startWorld();
    expect((await ask(world, question)).status).toBe(status);
  });

  it('is told what to send where it is no text, or not posted', async () => {
    const world = await startWorld();
    const { status, body } = await world.post('/api/v1/ask', '{"question":5}');
    expect([status, body]).toEqual([400, expect.stringContaining('send {\\"question\\": \\"…\\"}')]);
    const got = await world.get('/api/v1/ask');
    expect([got.status, got.headers['allow']]).toEqual([405, 'POST']);
  });

  it('comes step by step, and the last step is the whole document', async () => {
    const world = await startWorld();
    const body = JSON.stringify({ question: 'price of NVDA' });
    const stream = await openEvents(world, '/api/v1/ask', { method: 'POST', body });
    await stream.ended;
    expect(stream.events.map(({ event }) => event)).toEqual(['progress', 'tool', 'table', 'text', 'done']);
    const [, tool, table, text, done] = stream.events.map(({ data }) => data as Record<string, unknown>);
    expect(tool).toMatchObject({ name: 'get_stock_quote', ok: true });
    expect(table).toMatchObject({ kind: 'quote', ok: true, data: [{ symbol: 'NVDA' }] });
    expect(done).toMatchObject({ command: 'ask', ok: true, answer: text?.['piece'] });
  });

  it('streams the text of a model, says what is thrown away, and ends with done where the model fails', async () => {
    const piece = (content: string): object => ({ choices: [{ index: 0, delta: { content } }] });
    await using model = await startModelServer([
      { events: [piece('Hello '), piece('there.'), { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }] },
      { status: 400, body: { error: { message: 'no' } } },
    ]);
    const world = await startWorld({
      config: { model: { baseUrl: model.baseUrl, name: 'm', apiKey: new Secret('sk-0123456789abcdef') } },
    });
    const body = JSON.stringify({ question: 'say hello', model: 'm' });
    const good = await openEvents(world, '/api/v1/ask', { method: 'POST', body });
    await good.ended;
    const pieces = good.events
      .filter(({ event }) => event === 'text')
      .map(({ data }) => (data as { piece: string }).piece);
    expect(pieces.join('')).toBe('Hello there.');
    const bad = await openEvents(world, '/api/v1/ask', { method: 'POST', body });
    await bad.ended;
    expect(bad.events.at(-1)).toMatchObject({ event: 'done', data: { ok: false, errors: [{ code: 'model' }] } });
  });

  it('goes on with the conversation of its client, and with nobody else’s', async () => {
    const world = await startWorld();
    await ask(world, 'price of NVDA', { session: 'desk', client: 'ann' });
    const followed = await ask(world, 'and AMD?', { session: 'desk', client: 'ann' });
    expect(followed.document).toMatchObject({ ok: true, data: [{ symbol: 'AMD' }] });
    for (const other of [{ session: 'desk', client: 'bob' }, { session: 'other', client: 'ann' }, { client: 'ann' }])
      expect((await ask(world, 'and AMD?', other)).document.ok, JSON.stringify(other)).toBe(false);
  });

  it('gives a client that has no name a cookie, once, and is its own from that question on', async () => {
    const world = await startWorld();
    const { cookie = '' } = await ask(world, 'price of NVDA', { session: 'desk' });
    expect(cookie).toMatch(/^fin_client=[\w-]{22}; .*HttpOnly; SameSite=Strict/);
    const [own = ''] = cookie.split(';');
    const followed = await ask(world, 'and AMD?', { session: 'desk', cookie: own });
    expect([followed.document.ok, followed.cookie]).toEqual([true, undefined]);
    // A stranger at the same address, behind the same proxy.
    expect((await ask(world, 'and AMD?', { session: 'desk' })).document.ok).toBe(false);
    expect((await ask(world, 'price of NVDA', { client: 'ann' })).cookie).toBeUndefined();
  });

  it('knows a browser from the page that it loads, and takes no name from who follows a link', async () => {
    const world = await startWorld();
    const nameOf = async (path: string, headers: Record<string, string> = {}) =>
      (await world.get(path, headers)).headers['set-cookie']?.[0];
    expect(await nameOf('/')).toMatch(/^fin_client=[\w-]{22}; /);
    expect(await nameOf('/', { 'sec-fetch-site': 'none' })).toMatch(/^fin_client=/);
    expect(await nameOf('/', { cookie: 'fin_client=ann' })).toBeUndefined();
    // Cookies of the same site only are not sent with it, and would be replaced.
    expect(await nameOf('/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).toBeUndefined();
    expect(await nameOf('/page.css')).toBeUndefined();
  });
});

describe('the conversations of clients', () => {
  it('are bounded in number, size and age', () => {
    let nowMs = 0;
    const conversations = createClientConversations(() => nowMs);
    const save = (client: string, name: string, body: string): void =>
      conversations.storeOf(client).update(name, false, () => ({ updatedMs: nowMs, questions: 1, body }));
    for (let index = 0; index < 600; index += 1) save(`c${index}`, 'desk', 'x');
    expect(conversations.count()).toBe(500);
    expect(conversations.storeOf('c0').load('desk', false)).toBeUndefined();
    expect(conversations.storeOf('c599').load('desk', false)).toMatchObject({ name: 'desk', body: 'x' });
    for (let index = 0; index < 10; index += 1) save('big', `n${index}`, 'x'.repeat(16 * 1024 * 1024));
    expect(conversations.count()).toBeLessThanOrEqual(4);
    nowMs = 5 * 3_600_000;
    expect(conversations.storeOf('big').load('n9', false)).toBeUndefined();
    expect(conversations.count()).toBe(0);
  });
});
