// The shipped suite on real bars of 2019, served by fin's own exchange over real sockets in both providers' wire formats.
// The data are not part of the project; where they are not beside it, these tests are skipped.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { parseYamlSuite } from '../../src/batch/suite-file.ts';
import { type MarketServer, asPolygon, asTradier, startMarket } from '../helpers/market-server.ts';
import { PROJECT_ROOT } from '../helpers/run-fin.ts';
import { REGRESSION_FILE, failuresOf, runSuiteHere } from './suite-run.ts';

const BARS_FILE = join(PROJECT_ROOT, '../shared/data/us-equities-2019.csv.gz');
const hasBars = existsSync(BARS_FILE);

/** A fund and a small company that the bars do not have are asked about as Apple and Micron. */
const INSTEAD: readonly [RegExp, string][] = [
  [/\bSPY\b/g, 'AAPL'],
  [/\bSOUN\b/g, 'MU'],
];
const suite = parseYamlSuite(
  INSTEAD.reduce((text, [symbol, other]) => text.replaceAll(symbol, other), readFileSync(REGRESSION_FILE, 'utf8')),
  'regression.yaml',
);

/** Only the symbols of the suite: the rest of 131,000 rows would only be parsed. */
function loadBars(): string {
  const [header = '', ...rows] = gunzipSync(readFileSync(BARS_FILE)).toString('utf8').split('\n');
  return [header, ...rows.filter((row) => /^[\d-]+,(?:AAPL|NVDA|WDC|AMD|MU),/.test(row))].join('\n');
}

const CLOCKS: readonly [name: string, iso: string, wire: (server: MarketServer) => Record<string, string>][] = [
  ['a Thursday, as Tradier', '2019-10-31T11:00:00-04:00', asTradier],
  [
    'a half day, as Polygon',
    '2019-11-29T12:30:00-05:00',
    (server) => ({ ...asPolygon(server), FIN_POLYGON_RPM: '1000' }),
  ],
  ['the first trading day of a year, as Tradier', '2020-01-02T09:45:00-05:00', asTradier],
];

describe.skipIf(!hasBars)(`the suite on real bars (skipped where ../shared/data is missing)`, () => {
  const servers: MarketServer[] = [];
  afterAll(() => Promise.all(servers.map((server) => server[Symbol.asyncDispose]())));
  let csv: string | undefined;

  it.each(CLOCKS)('passes on %s', async (_name, iso, wire) => {
    const server = await startMarket(iso, (csv ??= loadBars()));
    servers.push(server);
    const { report, requests } = await runSuiteHere(suite, { nowMs: Date.parse(iso), env: wire(server) });
    expect(failuresOf(report)).toEqual([]);
    expect(report).toMatchObject({ ok: true, passed: 41, sample: true });
    expect(server.requests.length).toBe(requests.length);
    const asked = server.requests.map(({ method, url, body }) => [method, url, body].join(' '));
    expect(new Set(asked).size).toBe(requests.length);
    expect(requests.length).toBeLessThanOrEqual(30);
  });

  it('answers with the real figures of the file', async () => {
    const iso = '2019-10-31T11:00:00-04:00';
    const server = await startMarket(iso, (csv ??= loadBars()));
    servers.push(server);
    const { report } = await runSuiteHere(suite, { nowMs: Date.parse(iso), env: asTradier(server), only: ['18'] });
    const [, open, high, low, close] =
      /^2019-10-30,NVDA,([\d.]+),([\d.]+),([\d.]+),([\d.]+),/m.exec(csv)?.map(Number) ?? [];
    for (const price of [open, high, low, close]) expect(report.prompts[0]?.answer).toContain(price?.toFixed(2));
  });
});
