// Providers that are down, slow, refusing or lying: the contract's exit codes within the time given, nothing invented,
// the other provider where it can answer, and no key anywhere.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemsOf } from '../helpers/json-shapes.ts';
import { POLYGON_KEY, TRADIER_KEY, asPolygon, asTradier, startMarket, wireBody } from '../helpers/market-server.ts';
import { createHome, documentOf } from '../helpers/run-fin.ts';
import { type ScriptedReply, startScriptedServer } from '../helpers/scripted-server.ts';

const NOW = '2026-11-19T11:00:00-05:00';
const JSON_TYPE = { 'content-type': 'application/json' };

describe('a Tradier that fails', () => {
  const FAULTS: readonly [title: string, reply: ScriptedReply, code: string, exit: number, attempts: number][] = [
    ['refuses the token', { status: 401, body: wireBody('tradier.error.401-plain.txt') }, 'unauthorized', 5, 1],
    [
      'refuses the token with a fault',
      { status: 401, body: wireBody('tradier.error.401-fault.json'), headers: JSON_TYPE },
      'unauthorized',
      5,
      1,
    ],
    [
      'answers 500',
      { status: 500, body: wireBody('tradier.error.500-datastore-fault.json'), headers: JSON_TYPE },
      'unavailable',
      5,
      3,
    ],
    [
      'sends a web page with 200',
      { status: 200, body: '<html><title>Tradier API</title></html>', headers: { 'content-type': 'text/html' } },
      'unavailable',
      5,
      3,
    ],
    [
      'breaks off in the middle',
      { body: { quotes: { quote: { symbol: 'AAPL', last: 1 } } }, fault: 'truncate' },
      'unavailable',
      5,
      3,
    ],
    ['cuts the connection', { fault: 'reset' }, 'unavailable', 5, 3],
    ['sends nothing', { status: 200, body: '' }, 'unavailable', 5, 3],
    ['lies about the shape', { body: { quotes: { quote: [{ symbol: 'AAPL', last: 'a lot' }] } } }, 'bad_payload', 5, 1],
    ['leaves out its root', { body: { something: 'else' } }, 'bad_payload', 5, 1],
    ['sends something that is no JSON', { body: '{"quotes": nothing}', headers: JSON_TYPE }, 'unavailable', 5, 3],
    [
      'says that the limit is used up',
      { status: 429, body: 'Quota Violation', headers: { 'retry-after': '3000' } },
      'rate_limited',
      5,
      1,
    ],
    [
      'redirects to another host',
      { status: 302, headers: { location: 'http://127.0.0.1:9/v1/markets/quotes' } },
      'unavailable',
      5,
      3,
    ],
    [
      'knows no symbol',
      { body: JSON.parse(wireBody('tradier.quotes.unmatched.json').replace('BADTICKER123', 'AAPL')) as object },
      'no_data',
      4,
      1,
    ],
  ];

  it('ends with the contract’s code for each way of failing, after no more attempts than help', async () => {
    await using home = await createHome({ FIN_NOW: NOW });
    await Promise.all(
      FAULTS.map(async ([title, reply, code, exit, attempts], index) => {
        await using server = await startScriptedServer(() => reply);
        const env = { ...asTradier(server), FIN_CACHE_DIR: join(home.folder, `cache-${index}`) };
        const run = await home.run(['quote', 'AAPL', '--json'], { env });
        const document = documentOf(run);
        expect({ title, exit: run.exitCode, code: document.errors[0]?.code }).toEqual({ title, exit, code });
        expect(problemsOf(document, 'quote')).toEqual([]);
        expect(document.data).toBeUndefined();
        expect({ title, attempts: server.requests.length }).toEqual({ title, attempts });
        expect({ title, providerCalls: document.meta.providerCalls }).toEqual({ title, providerCalls: attempts });
        expect(run.stderr).toMatch(/^fin: [^\n]+: [^\n]+\nhint: [^\n]+\n$/);
        expect(`${run.stdout}${run.stderr}`).not.toContain(TRADIER_KEY);
      }),
    );
  });

  it('is exit 5 where nobody listens, and the message says so without a stack', async () => {
    await using home = await createHome({
      TRADIER_ACCESS_TOKEN: TRADIER_KEY,
      TRADIER_BASE_URL: 'http://127.0.0.1:9',
      FIN_NOW: NOW,
    });
    const run = await home.run(['history', 'AAPL']);
    expect(run.exitCode).toBe(5);
    expect(run.stderr).toMatch(/^fin: [^\n]*connection refused[^\n]*\nhint: [^\n]+\n$/);
    expect(run.stderr).not.toMatch(/\n\s+at /);
  });

  it('never sends the key after a redirect, nor to the next page on another host', async () => {
    await using thief = await startScriptedServer(() => ({ body: { results: [], status: 'OK' } }));
    await using server = await startScriptedServer(({ path }) =>
      path.startsWith('/v2/aggs')
        ? {
            body: {
              ...(JSON.parse(wireBody('polygon.aggs.paginated.json')) as object),
              next_url: `${thief.baseUrl}/v2/aggs/next?cursor=abc`,
            },
          }
        : { status: 307, headers: { location: `${thief.baseUrl}${path}` } },
    );
    await using home = await createHome({ FIN_NOW: NOW });
    await Promise.all([
      home.run(['quote', 'AAPL'], { env: asTradier(server) }),
      home.run(['history', 'AAPL', '--range', 'ytd'], {
        env: { ...asPolygon(server), FIN_CACHE_DIR: join(home.folder, 'other') },
      }),
    ]);
    expect(server.requests.length).toBeGreaterThan(1);
    expect(
      thief.requests.filter(({ headers, url }) => headers['authorization'] !== undefined || url.includes('Secret')),
    ).toEqual([]);
  });

  it.concurrent(
    'lets Polygon answer and says so, for quotes, bars and chains; its breaker opens, doctor and stats show it',
    async () => {
      await using market = await startMarket(NOW);
      await using broken = await startScriptedServer(() => ({ status: 503, body: 'down' }));
      await using home = await createHome({
        ...asTradier(broken),
        ...asPolygon(market),
        FIN_POLYGON_RPM: '100',
        FIN_NOW: NOW,
      });
      const quote = await home.run(['quote', 'AAPL']);
      expect(quote.exitCode).toBe(0);
      expect(quote.stdout).toMatch(/\nnote: Polygon answered: Tradier quotes: [^\n]+/);
      expect(quote.stdout).toMatch(/\npolygon · as of /);
      const history = documentOf(await home.run(['history', 'AAPL', '--json']));
      expect(history.meta.provider).toBe('polygon');
      expect(history.ok).toBe(true);
      const chain = documentOf(await home.run(['chain', 'AAPL', '--json']));
      expect(problemsOf(chain, 'chain')).toEqual([]);
      expect(chain.ok).toBe(true);
      expect(broken.requests.length).toBeLessThanOrEqual(6);
      const stats = documentOf(await home.run(['cache', 'stats', '--json']));
      expect(stats.data).toMatchObject({ providers: { tradier: { breaker: 'open' }, polygon: { breaker: 'closed' } } });
      const doctor = await home.run(['doctor']);
      expect(doctor.exitCode).toBe(5);
      expect(doctor.stdout).toMatch(/Tradier breaker +open/);
      expect(doctor.stdout).toMatch(/problem +Tradier +Tradier clock: [^\n]*503/);
      expect(doctor.stdout + doctor.stderr).not.toContain('fin doctor shows');
    },
  );

  it.concurrent('that is back is asked by doctor at once, though failures in a row kept requests back', async () => {
    await using market = await startMarket(NOW);
    await using home = await createHome({ ...asTradier(market), FIN_NOW: NOW });
    market.faults.set('all', { status: 503, body: 'down' });
    for (const symbol of ['AAPL', 'MSFT']) await home.run(['quote', symbol]);
    const stats = documentOf(await home.run(['cache', 'stats', '--json']));
    expect(stats.data).toMatchObject({ providers: { tradier: { breaker: 'open' } } });
    market.faults.delete('all');
    const doctor = await home.run(['doctor']);
    expect(doctor.stdout).toMatch(/Tradier breaker +closed/);
    expect(doctor.exitCode).toBe(0);
  });

  it.concurrent(
    'serves what is held as stale, with a note and exit 0, and ends with 7 where the time given ended the asking',
    async () => {
      await using market = await startMarket(NOW);
      await using home = await createHome({ ...asTradier(market), FIN_NOW: NOW });
      await home.run(['quote', 'AAPL']);
      market.faults.set('all', { status: 401, body: 'Invalid Access Token' });
      const later = { env: { FIN_NOW: '2026-11-19T12:00:00-05:00' } };
      const stale = await home.run(['quote', 'AAPL', '--json'], later);
      expect(stale.exitCode).toBe(0);
      expect(documentOf(stale).meta).toMatchObject({ freshness: 'stale', providerCalls: 1 });
      expect(documentOf(stale).meta.ageMs).toBeGreaterThanOrEqual(3_600_000 - 5_000);
      expect(stale.stderr).toMatch(/^note: stale: /);
      expect((await home.run(['quote', 'AAPL'], later)).stdout).toMatch(/note: stale: [\s\S]*stale, (59|60) min old/);
      market.faults.set('all', { fault: 'hang' });
      const ended = await home.run(['quote', 'AAPL', '--json', '--timeout', '4'], later);
      expect(ended.exitCode).toBe(7);
      expect(documentOf(ended)).toMatchObject({
        ok: false,
        data: [{ symbol: 'AAPL' }],
        errors: [{ code: 'timeout' }],
        meta: { freshness: 'stale' },
      });
    },
  );

  it.concurrent('ends with 7 in time where a server hangs, printing what was found', async () => {
    await using market = await startMarket(NOW);
    await using home = await createHome({ ...asTradier(market), FIN_NOW: NOW });
    market.faults.set('chains', { fault: 'hang' });
    await using silent = await startScriptedServer(() => ({ fault: 'hang' }));
    const [bundle, quote, status] = await Promise.all([
      home.run(['bundle', 'AAPL', '--json', '--timeout', '8']),
      home.run(['chain', 'MSFT', '--timeout', '4']),
      home.run(['market', '--json', '--timeout', '4'], {
        env: { ...asTradier(silent), FIN_CACHE_DIR: join(home.folder, 'other') },
      }),
    ]);
    expect(bundle.exitCode).toBe(7);
    // What a busy machine needs to start and to end comes on top.
    expect(bundle.ms).toBeLessThan(8_000 + 15_000);
    expect(problemsOf(documentOf(bundle), 'bundle')).toEqual([]);
    expect(Object.keys(documentOf(bundle).data as object)).toEqual(['symbol', 'quote', 'ta']);
    expect(documentOf(bundle).errors).toMatchObject([{ code: 'timeout' }]);
    expect(quote.exitCode).toBe(7);
    expect(quote.stdout).toBe('');
    expect(quote.stderr).toMatch(/^fin: [^\n]+\nhint: [^\n]*--timeout[^\n]*\n$/);
    expect(status.exitCode).toBe(7);
    expect(documentOf(status)).toMatchObject({ data: { state: 'regular' }, errors: [{ code: 'timeout' }] });
  });

  it('says that the running session is missing where only its quote fails', async () => {
    await using market = await startMarket(NOW);
    await using home = await createHome({ ...asTradier(market), FIN_NOW: NOW });
    await home.run(['history', 'AAPL']);
    market.faults.set('quotes', { status: 401, body: 'Invalid Access Token' });
    const run = await home.run(['history', 'AAPL', '--range', 'last 3 trading days'], {
      env: { FIN_NOW: '2026-11-19T11:30:00-05:00' },
    });
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/note: without today’s session: /);
  });

  it('shows stack and a redacted excerpt only with --verbose, and keeps keys out of every output and file', async () => {
    const body = `{"quotes": "your token ${TRADIER_KEY} and ${encodeURIComponent(TRADIER_KEY)}"}`;
    await using server = await startScriptedServer(() => ({ body, headers: JSON_TYPE }));
    await using home = await createHome({
      ...asTradier(server),
      MASSIVE_API_KEY: POLYGON_KEY,
      MASSIVE_BASE_URL: server.baseUrl,
      FIN_NOW: NOW,
    });
    const log = join(home.folder, 'fin.log');
    const run = await home.run(['quote', 'AAPL', '--verbose', '--log', log]);
    expect(run.exitCode).toBe(5);
    expect(run.stderr).toMatch(/tradier quotes: bad_payload/);
    expect(run.stderr).toMatch(/\n\s+at /);
    const plain = await home.run(['doctor', '--json']);
    const found = await home.shell(
      `grep -rlaF -e '${TRADIER_KEY}' -e '${POLYGON_KEY}' -e '${encodeURIComponent(TRADIER_KEY)}' '${home.folder}'`,
    );
    expect(found.stdout).toBe('');
    for (const text of [run.stdout, run.stderr, plain.stdout, plain.stderr]) {
      expect(text).not.toContain(TRADIER_KEY);
      expect(text).not.toContain(encodeURIComponent(TRADIER_KEY));
      expect(text).not.toContain(POLYGON_KEY);
    }
  });
});
