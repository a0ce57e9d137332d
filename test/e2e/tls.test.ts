// The providers are asked over TLS: only whom the machine trusts, and only under the address that was asked for.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { POLYGON_KEY, TRADIER_KEY, asPolygon, asTradier, startMarket } from '../helpers/market-server.ts';
import { createHome, documentOf } from '../helpers/run-fin.ts';
import { createCertificate, startTlsFront } from '../helpers/tls-front.ts';

const NOW = '2026-11-19T11:00:00-05:00';

describe('a provider behind TLS', () => {
  it.each([
    ['Tradier', asTradier],
    ['Polygon', asPolygon],
  ])('answers where its certificate is trusted: %s', async (_name, asProvider) => {
    const certificate = createCertificate([127, 0, 0, 1]);
    await using market = await startMarket(NOW);
    await using front = await startTlsFront(certificate, market);
    await using home = await createHome({ ...asProvider(front), FIN_NOW: NOW });
    const trusted = join(home.folder, 'trusted.pem');
    writeFileSync(trusted, certificate.cert);
    const run = await home.run(['ta', 'NVDA', 'AMD', '--json'], { env: { NODE_EXTRA_CA_CERTS: trusted } });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(documentOf(run)).toMatchObject({ ok: true, meta: { sample: true } });
    expect(market.count()).toBeGreaterThan(0);
  });

  it('is sent nothing where its certificate is not trusted', async () => {
    await using market = await startMarket(NOW);
    await using front = await startTlsFront(createCertificate([127, 0, 0, 1]), market);
    await using home = await createHome({ ...asTradier(front), FIN_NOW: NOW });
    const run = await home.run(['quote', 'NVDA']);
    expect(run.exitCode).toBe(5);
    expect(run.stderr).toContain('TLS certificate not trusted');
    expect(market.count()).toBe(0);
  });

  it('is sent nothing where its certificate is another address’s', async () => {
    const certificate = createCertificate([127, 0, 0, 2]);
    await using market = await startMarket(NOW);
    await using front = await startTlsFront(certificate, market);
    await using home = await createHome({ ...asTradier(front), FIN_NOW: NOW });
    const trusted = join(home.folder, 'trusted.pem');
    writeFileSync(trusted, certificate.cert);
    const run = await home.run(['quote', 'NVDA'], { env: { NODE_EXTRA_CA_CERTS: trusted } });
    expect(run.exitCode).toBe(5);
    expect(run.stderr).toContain('TLS certificate not trusted');
    expect(`${run.stdout}${run.stderr}`).not.toMatch(
      new RegExp(`${TRADIER_KEY}|${POLYGON_KEY}`.replaceAll(/[+/]/g, '\\$&')),
    );
    expect(market.count()).toBe(0);
  });
});
