// The environment's proxy: used for providers and models, never for this machine nor for what NO_PROXY names, and never
// shown a key of a request that goes over TLS.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TRADIER_KEY, asPolygon, asTradier, startMarket } from '../helpers/market-server.ts';
import { say, startModelServer } from '../helpers/model-server.ts';
import { startProxyServer } from '../helpers/proxy-server.ts';
import { createHome, documentOf } from '../helpers/run-fin.ts';
import { createCertificate, startTlsFront } from '../helpers/tls-front.ts';

const NOW = '2026-11-19T11:00:00-05:00';
/** Nobody's (RFC 5737): only a proxy leads anywhere. */
const ADDRESS = [203, 0, 113, 7] as const;
const HOST = ADDRESS.join('.');
const MODEL_KEY = 'sk-model-key-0123456789';

describe('a provider behind a proxy', () => {
  it.each([
    ['Tradier', asTradier, 'HTTPS_PROXY'],
    ['Polygon', asPolygon, 'https_proxy'],
  ])('is asked through a tunnel in which the proxy sees no key: %s', async (_name, asProvider, variable) => {
    const certificate = createCertificate(ADDRESS);
    await using market = await startMarket(NOW);
    await using front = await startTlsFront(certificate, market);
    await using proxy = await startProxyServer({ to: front });
    await using home = await createHome({ ...asProvider({ baseUrl: `https://${HOST}` }), FIN_NOW: NOW });
    const trusted = join(home.folder, 'trusted.pem');
    writeFileSync(trusted, certificate.cert);
    const run = await home.run(['quote', 'NVDA', '--json'], {
      env: { [variable]: proxy.baseUrl, NODE_EXTRA_CA_CERTS: trusted },
    });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(market.count()).toBeGreaterThan(0);
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${HOST}:443`]));
    expect(proxy.heard()).not.toMatch(/authorization: bearer/i);
    expect(proxy.heard()).not.toContain(TRADIER_KEY);
  });

  it('is asked over plain http by its whole address', async () => {
    await using market = await startMarket(NOW);
    await using proxy = await startProxyServer({ to: market });
    await using home = await createHome({ ...asTradier({ baseUrl: `http://${HOST}` }), FIN_NOW: NOW });
    const run = await home.run(['quote', 'NVDA'], { env: { http_proxy: proxy.baseUrl.replace('http://', '') } });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(proxy.asked[0]).toMatch(new RegExp(`^GET http://${HOST}/v1/markets/quotes`));
  });

  it('is asked without it on this machine, and where NO_PROXY names the host', async () => {
    await using market = await startMarket(NOW);
    await using proxy = await startProxyServer({ to: market });
    await using home = await createHome({ FIN_NOW: NOW });
    const proxies = { HTTP_PROXY: proxy.baseUrl, HTTPS_PROXY: proxy.baseUrl };
    const [local, excepted] = await Promise.all([
      home.run(['quote', 'NVDA'], { env: { ...asTradier(market), ...proxies } }),
      home.run(['quote', 'NVDA', '--timeout', '3'], {
        env: {
          ...asTradier({ baseUrl: 'http://provider.invalid' }),
          ...proxies,
          NO_PROXY: 'provider.invalid',
          FIN_CACHE_DIR: join(home.folder, 'other'),
        },
      }),
    ]);
    expect(local.exitCode, local.stderr).toBe(0);
    expect([5, 7]).toContain(excepted.exitCode);
    expect(proxy.asked).toEqual([]);
  });

  it('whose proxy refuses, is unreachable with a hint that names the variables', async () => {
    await using proxy = await startProxyServer({ refusal: 407 });
    await using home = await createHome({ FIN_NOW: NOW, HTTPS_PROXY: proxy.baseUrl, HTTP_PROXY: proxy.baseUrl });
    const [tunnel, plain] = await Promise.all(
      ['https', 'http'].map((scheme) =>
        home.run(['quote', 'NVDA'], {
          env: { ...asTradier({ baseUrl: `${scheme}://${HOST}` }), FIN_CACHE_DIR: join(home.folder, scheme) },
        }),
      ),
    );
    expect([tunnel?.exitCode, plain?.exitCode]).toEqual([5, 5]);
    expect(tunnel?.stderr).toMatch(/the proxy requires a user name and password.*\nhint: .*HTTPS_PROXY.*NO_PROXY/);
    expect(plain?.stderr).toMatch(/the proxy requires a user name and password\nhint: .*HTTP_PROXY/);
  });

  it('whose proxy is none that fin can use, is a configuration error that keeps the password to itself', async () => {
    await using home = await createHome({ ...asTradier({ baseUrl: `https://${HOST}` }), FIN_NOW: NOW });
    const run = await home.run(['quote', 'NVDA'], { env: { HTTPS_PROXY: 'socks5://user:correct-horse@proxy:1080' } });
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain('HTTPS_PROXY must be the http or https address of a proxy');
    expect(run.stderr).not.toContain('correct-horse');
  });
});

describe('a language model behind a proxy', () => {
  it('is asked through a tunnel in which the proxy sees neither key nor question', async () => {
    const certificate = createCertificate(ADDRESS);
    await using model = await startModelServer([say('All is well.')]);
    await using front = await startTlsFront(certificate, { baseUrl: model.baseUrl.replace(/\/v1$/, '') });
    await using proxy = await startProxyServer({ to: front });
    await using home = await createHome({
      OPENAI_API_KEY: MODEL_KEY,
      OPENAI_BASE_URL: `https://${HOST}/v1`,
      FIN_MODEL: 'm',
      FIN_NOW: NOW,
      HTTPS_PROXY: proxy.baseUrl,
    });
    const trusted = join(home.folder, 'trusted.pem');
    writeFileSync(trusted, certificate.cert);
    const run = await home.run(['ask', 'say something', '--model', 'm', '--json'], {
      env: { NODE_EXTRA_CA_CERTS: trusted },
    });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(documentOf(run).answer).toContain('All is well');
    expect(proxy.asked).toEqual([`CONNECT ${HOST}:443`]);
    expect(proxy.heard()).not.toMatch(/sk-model|say something/);
  });

  it('is asked by its whole address where it speaks plain http, as proxies want it', async () => {
    await using model = await startModelServer([say('All is well.')]);
    await using proxy = await startProxyServer({ to: { baseUrl: model.baseUrl.replace(/\/v1$/, '') } });
    await using home = await createHome({ OPENAI_BASE_URL: `http://${HOST}/v1`, FIN_MODEL: 'm', FIN_NOW: NOW });
    const run = await home.run(['ask', 'say something', '--model', 'm', '--json'], {
      env: { http_proxy: proxy.baseUrl },
    });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(documentOf(run).answer).toContain('All is well');
    expect(proxy.asked).toEqual([`POST http://${HOST}/v1/chat/completions`]);
  });

  it.each([
    ['https', 407, /the proxy requires a user name and password/],
    ['http', 407, /the proxy requires a user name and password/],
    ['https', 403, /the proxy blocked the request \(HTTP 403\)/],
  ])('whose proxy answers %s with %i, says so', async (scheme, refusal, why) => {
    await using proxy = await startProxyServer({ refusal });
    await using home = await createHome({ OPENAI_BASE_URL: `${scheme}://${HOST}/v1`, FIN_MODEL: 'm', FIN_NOW: NOW });
    const run = await home.run(['ask', 'say something', '--model', 'm'], {
      env: { HTTP_PROXY: proxy.baseUrl, HTTPS_PROXY: proxy.baseUrl },
    });
    expect(run.exitCode, run.stderr).toBe(6);
    expect(run.stderr).toMatch(why);
    expect(run.stderr).toMatch(/hint: .*HTTPS_PROXY.*NO_PROXY/);
  });

  it('is asked without it on this machine', async () => {
    await using model = await startModelServer([say('All is well.')]);
    await using proxy = await startProxyServer({ refusal: 403 });
    await using home = await createHome({ OPENAI_BASE_URL: model.baseUrl, FIN_MODEL: 'm', FIN_NOW: NOW });
    const run = await home.run(['ask', 'say something', '--model', 'm'], {
      env: { HTTP_PROXY: proxy.baseUrl, HTTPS_PROXY: proxy.baseUrl },
    });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(proxy.asked).toEqual([]);
  });
});

describe('a certificate that is not trusted', () => {
  it('is told with the variable that names a company’s own authority, of a provider and of a model', async () => {
    await using market = await startMarket(NOW);
    await using front = await startTlsFront(createCertificate([127, 0, 0, 1]), market);
    await using home = await createHome({ FIN_NOW: NOW });
    const [provider, model] = await Promise.all([
      home.run(['quote', 'NVDA'], { env: asTradier(front) }),
      home.run(['ask', 'say something', '--model', 'm'], {
        env: {
          OPENAI_BASE_URL: `${front.baseUrl}/v1`,
          OPENAI_API_KEY: MODEL_KEY,
          FIN_CACHE_DIR: join(home.folder, 'm'),
        },
      }),
    ]);
    expect([provider.exitCode, model.exitCode]).toEqual([5, 6]);
    expect(provider.stderr).toMatch(/TLS certificate not trusted\nhint: .*NODE_EXTRA_CA_CERTS/);
    expect(model.stderr).toMatch(/\nhint: .*NODE_EXTRA_CA_CERTS/);
  });
});
