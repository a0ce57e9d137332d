// Who may ask a server: names and origins of strangers, tokens, logins, rates, and what never leaves it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createGuard, type Asked } from '../../src/serve/guard.ts';
import { openLogouts } from '../../src/serve/logouts.ts';
import { KEY, startWorld } from './world.ts';

const TOKEN = 'a-long-token-of-this-server';
const QUOTE = '/api/v1/quote?symbols=NVDA';

describe('a server on loopback', () => {
  it.each([
    [200, { host: 'localhost:1' }],
    [200, { host: '[::1]:4173' }],
    [200, { host: '127.0.0.1' }],
    [403, { host: 'evil.example' }],
    [403, { host: '192.168.1.7:4173' }],
    [403, { host: '127.0.0.1.evil.example' }],
    [400, { host: 'a b' }],
    [403, { origin: 'https://evil.example' }],
    [403, { origin: 'null' }],
    [403, { origin: 'http://localhost:9999', host: 'localhost:4173' }],
    [200, { origin: 'http://localhost:4173', host: 'localhost:4173', 'sec-fetch-site': 'same-origin' }],
    [403, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    [403, { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate' }],
  ])('answers %i to %j', async (status, headers) => {
    const world = await startWorld();
    const reply = await world.get(QUOTE, headers);
    expect(reply.status).toBe(status);
    expect(reply.headers['access-control-allow-origin']).toBeUndefined();
    if (status !== 200) expect(world.exchange.calls()).toBe(0);
    // What is kept as text is kept from strangers too.
    await world.get(QUOTE);
    expect((await world.get(QUOTE, headers)).status).toBe(status);
  });

  it('may be linked to by other sites', async () => {
    const world = await startWorld();
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await world.get('/', headers)).status).toBe(200);
  });

  it('asks for JSON, so that no form of a stranger can ask', async () => {
    const world = await startWorld();
    const reply = await world.post('/api/v1/ask', '{"question":"price of NVDA"}', { 'content-type': 'text/plain' });
    expect(reply.status).toBe(415);
  });

  it('sends safe headers with everything, and no key with anything', async () => {
    const world = await startWorld();
    world.exchange.interfere = ({ headers }) => ({
      status: 400,
      body: `wrong ${headers['authorization'] ?? ''} ${KEY}`,
    });
    for (const path of [
      '/',
      QUOTE,
      `/api/v1/search?words=${encodeURIComponent(KEY)}`,
      '/metrics',
      '/api/v1/stats',
      `/${KEY}`,
      '/health/live',
    ]) {
      const { headers, body } = await world.get(path);
      expect(headers['content-security-policy'], path).toMatch(/^default-src 'self';(?!.*unsafe)/);
      // Under no-referrer the form of the login would come from the origin "null".
      expect(headers['referrer-policy'], path).toBe('same-origin');
      expect(headers['x-content-type-options'], path).toBe('nosniff');
      expect(headers['x-frame-options'], path).toBe('DENY');
      expect(body, path).not.toContain(KEY);
    }
    await world.server.drain();
    expect(world.lines.length).toBeGreaterThan(0);
    expect(world.lines.join('\n')).not.toContain(KEY);
  });
});

describe('a server with a token', () => {
  it('wants it for everything that tells something', async () => {
    const world = await startWorld({ token: TOKEN });
    for (const path of [QUOTE, '/api/v1/positions', '/metrics', '/openapi.json', '/mcp', '/api/v1/stats']) {
      const without = await world.get(path);
      expect([without.status, without.headers['www-authenticate']], path).toEqual([401, 'Bearer']);
      expect((await world.get(path, { authorization: 'Bearer wrong' })).status, path).toBe(401);
    }
    expect(world.exchange.calls()).toBe(0);
    const authorization = `Bearer ${TOKEN}`;
    expect((await world.get(QUOTE, { authorization })).status).toBe(200);
    expect((await world.get(QUOTE)).status).toBe(401);
    expect((await world.get('/health/ready')).status).toBe(200);
    const home = await world.get('/');
    expect([home.status, home.headers.location]).toEqual([303, '/login']);
    expect((await world.get('/login')).status).toBe(200);
  });

  it('wants it however a path is written', async () => {
    const world = await startWorld({ token: TOKEN });
    await world.get(QUOTE, { authorization: `Bearer ${TOKEN}` });
    const paths = [
      `http://127.0.0.1${QUOTE}`,
      `/x/..${QUOTE}`,
      `/.${QUOTE}`,
      `/%2e/x/%2E%2e${QUOTE}`,
      `//127.0.0.1${QUOTE}`,
      `/login/..${QUOTE}`,
      `/index.html/..${QUOTE}`,
      `\\api\\v1\\quote?symbols=NVDA`,
      `/api/v1/%71uote?symbols=NVDA`,
      `/API/v1/quote?symbols=NVDA`,
      `/;/..${QUOTE}`,
      `${QUOTE}#`,
      '/health/live/../../metrics',
    ];
    for (const path of paths) {
      const said = await world.raw(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`);
      expect(said, path).toMatch(/^HTTP\/1.1 (?:400|401) /);
      expect(said, path).not.toContain('NVIDIA');
    }
  });

  it('lets a browser in by one form, whose cookie is not the token', async () => {
    const world = await startWorld({ token: TOKEN });
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const wrong = await world.post('/login', 'token=wrong', type);
    expect([wrong.status, wrong.headers.location, wrong.headers['set-cookie']]).toEqual([
      303,
      '/login?wrong',
      undefined,
    ]);
    const right = await world.post('/login', `token=${TOKEN}`, type);
    const [cookie = ''] = right.headers['set-cookie'] ?? [];
    expect([right.status, right.headers.location]).toEqual([303, '/']);
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict/);
    expect(cookie).not.toContain(TOKEN);
    expect((await world.get(QUOTE, { cookie: cookie.split(';')[0] ?? '' })).status).toBe(200);
    expect((await world.get('/', { cookie: cookie.split(';')[0] ?? '' })).status).toBe(200);
    expect((await world.post('/login', `token=${TOKEN}`, { ...type, origin: 'https://evil.example' })).status).toBe(
      403,
    );
  });

  it('lets nobody guess it fast', async () => {
    const world = await startWorld({ token: TOKEN });
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const replies: number[] = [];
    for (let index = 0; index < 12; index += 1)
      replies.push((await world.post('/login', `token=${index}`, type)).status);
    expect(replies.filter((status) => status === 429).length).toBeGreaterThanOrEqual(1);
    expect(replies.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 303));
    const form = await world.post('/login', `token=${TOKEN}`, { ...type, accept: 'text/html,*/*' });
    expect([form.status, form.headers['content-type']]).toEqual([429, 'text/html; charset=utf-8']);
    expect(form.body).toContain('<title>log in</title>');
    expect(Number(form.headers['retry-after'])).toBeGreaterThan(0);
  });

  it.each([QUOTE, '/', '/mcp', '/metrics'])('lets nobody guess it fast by header at %s', async (path) => {
    const world = await startWorld({ token: TOKEN });
    const [right, wrong] = [{ authorization: `Bearer ${TOKEN}` }, { authorization: 'Bearer wrong' }];
    for (let index = 0; index < 15; index += 1) expect((await world.get(QUOTE, right)).status).toBe(200);
    const replies: number[] = [];
    for (let index = 0; index < 12; index += 1)
      replies.push((await world.get(path, { ...wrong, 'x-fin-client': `guess${index}` })).status);
    expect(new Set(replies.slice(0, 10))).toEqual(new Set([path === '/' ? 303 : 401]));
    expect(replies.at(-1)).toBe(429);
    // What is kept as text is not an answer to a guess either.
    expect((await world.get(QUOTE, right)).status).toBe(429);
  });

  it('knows a login until its logout, and no other with it', async () => {
    const world = await startWorld({ token: TOKEN });
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const logIn = async () => {
      const { headers } = await world.post('/login', `token=${TOKEN}`, type);
      return { cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '' };
    };
    const [ann, bob] = [await logIn(), await logIn()];
    const statuses = async () => [(await world.get(QUOTE, ann)).status, (await world.get(QUOTE, bob)).status];
    expect(await statuses()).toEqual([200, 200]);
    const left = await world.post('/logout', '', { ...type, ...ann });
    expect([left.status, left.headers.location]).toEqual([303, '/login']);
    expect(await statuses()).toEqual([401, 200]);
    for (const cookie of ['', '.', 'ann', `${bob.cookie}x`, bob.cookie.replace(/=./, '=')])
      expect((await world.get(QUOTE, { cookie: cookie.includes('=') ? cookie : `fin_login=${cookie}` })).status).toBe(
        401,
      );
    // Who logs out without having logged in leaves nothing behind.
    await world.post('/logout', '', { ...type, cookie: 'fin_login=x.y' });
    const kept = readFileSync(join(world.folder, 'data/logouts'), 'utf8');
    expect(kept.trimEnd().split('\n')).toHaveLength(1);
    // After a restart ann is out still, and bob is in.
    const again = openLogouts({ path: join(world.folder, 'data') }, () => expect.unreachable());
    const next = createGuard({ host: '127.0.0.1', token: TOKEN, logouts: again, machineNow: () => 0 });
    const asked = ({ cookie }: { cookie: string }): Asked => ({
      method: 'GET',
      path: QUOTE,
      header: (name) => (name === 'cookie' ? cookie : undefined),
      address: '127.0.0.1',
    });
    expect([next.isAllowed(asked(ann)), next.isAllowed(asked(bob))]).toEqual([false, true]);
    const otherToken = createGuard({ host: '127.0.0.1', token: `${TOKEN}2`, machineNow: () => 0 });
    expect(otherToken.isAllowed(asked(bob))).toBe(false);
  });

  it.each(['with a space in all of it', 'ümläute-in-a-token', '                    '])(
    'is none with %j for a token',
    async (token) => {
      const refused = await startWorld({ token }).catch((thrown: unknown) => thrown);
      expect(refused).toMatchObject({ code: 'config', message: expect.stringContaining('FIN_SERVE_TOKEN') });
      expect(String(refused)).not.toContain(token);
    },
  );
});

describe('the guard of a server that others can reach', () => {
  const ask = (headers: Record<string, string>): Asked => ({
    method: 'GET',
    path: '/api/v1/quote',
    header: (name) => headers[name],
    address: '10.0.0.1',
  });
  const guard = createGuard({ host: '0.0.0.0', origin: 'https://fin.example.com', token: TOKEN, machineNow: () => 0 });

  it.each([
    [undefined, { host: '10.1.2.3:4173' }],
    [undefined, { host: '[fe80::1]:4173' }],
    [undefined, { host: 'fin.example.com' }],
    [undefined, { host: '127.0.0.1:4173', origin: 'https://fin.example.com' }],
    [403, { host: 'evil.example' }],
    [403, { host: 'fin.example.com.evil.example' }],
    [403, { host: '10.1.2.3:4173', origin: 'http://10.1.2.4:4173' }],
  ])('refuses with %j: %j', (status, headers) => {
    expect(guard.refuse(ask(headers))?.status).toBe(status);
  });

  it('makes its cookies secure where the page is', () => {
    expect(guard.logIn(TOKEN)).toContain('; Secure');
  });

  it('knows clients behind a proxy by the last address that it passes on, where it is trusted', () => {
    const forwarded = ask({ 'x-forwarded-for': '6.6.6.6, 203.0.113.9' });
    const trusting = createGuard({ host: '0.0.0.0', token: TOKEN, trustsProxy: true, machineNow: () => 0 });
    expect(trusting.keyOf(forwarded)).toBe('address 203.0.113.9');
    expect(trusting.keyOf(ask({}))).toBe('address 10.0.0.1');
    expect(guard.keyOf(forwarded)).toBe('address 10.0.0.1');
    for (let index = 0; index < 10; index += 1) expect(trusting.guessesTooFast(forwarded)).toBeUndefined();
    expect(trusting.guessesTooFast(forwarded)).toBe(5);
    expect(trusting.guessesTooFast(ask({ 'x-forwarded-for': '203.0.113.10' }))).toBeUndefined();
  });

  it('bounds how fast one client asks, and not how fast another does', () => {
    let nowMs = 0;
    const timed = createGuard({ host: '127.0.0.1', machineNow: () => nowMs });
    const fast = Array.from({ length: 2_001 }, () => timed.tooFast('a'));
    expect(fast.filter((waitS) => waitS !== undefined)).toEqual([1]);
    expect(timed.tooFast('b')).toBeUndefined();
    nowMs = 10;
    expect(timed.tooFast('a')).toBeUndefined();
  });
});
