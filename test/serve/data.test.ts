// Data commands over HTTP: the very bytes of --json, codes by exit code, and mistakes that name themselves.
import { rewordError } from '../../src/app/surface-words.ts';
import { describe, expect, it } from 'vitest';
import { addAlert } from '../../src/book/alerts.ts';
import { changeBook } from '../../src/book/book-file.ts';
import { dataFolderOf } from '../../src/book/data-folder.ts';
import { addToList } from '../../src/book/lists.ts';
import { addPositions } from '../../src/book/positions.ts';
import { parseCommonOptions } from '../../src/app/common-options.ts';
import { expandListNames } from '../../src/app/list-names.ts';
import type { CommandContext } from '../../src/cli/command-context.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { createOutput } from '../../src/cli/output.ts';
import { parseCommandLine } from '../../src/cli/program.ts';
import { IN_SESSION } from '../market/world.ts';
import { type World, startWorld } from './world.ts';

/** Nothing ages and nothing takes time: what is equal is equal to the byte. */
const STANDING = { now: () => IN_SESSION, machineNow: () => IN_SESSION };

function fillBook({ host }: World): void {
  changeBook(dataFolderOf(host.config), (book) => {
    addToList(book, 'core', ['NVDA', 'AMD']);
    addPositions(book, [{ symbol: 'NVDA', quantity: 100, cost: 18_050 }]);
    addAlert(book, { when: 'NVDA.last > 1', once: true });
  });
}

/** `fin <args>` on the market of the server, in this process. */
async function runCommand({ host }: World, args: readonly string[]): Promise<string> {
  let written = '';
  const stdout = { isTTY: false, columns: 100, rows: 0, write: (text: string) => void (written += text) };
  const stderr = { ...stdout, write: () => undefined };
  const output = createOutput({
    stdout: { ...stdout, isWritten: () => true },
    stderr: { ...stderr, isWritten: () => true },
    env: {},
    noColor: true,
    quiet: true,
    verbose: false,
    secrets: [],
  });
  const parsed = parseCommandLine([...args, '--json'], { commands: COMMANDS, version: '0', width: 100 });
  if (parsed.kind !== 'run') throw new Error(parsed.text);
  const session = { ...host, output, options: parseCommonOptions(parsed.invocation) } as unknown as CommandContext;
  const run = await parsed.spec.load();
  await run(await expandListNames(parsed.spec, parsed.invocation, host.config), session);
  return written;
}

describe('a data command over HTTP', () => {
  it('answers with the very bytes that the command prints, for every one of them', async () => {
    const world = await startWorld({ clock: STANDING });
    fillBook(world);
    const cases: readonly [string, readonly string[]][] = [
      ['/api/v1/quote?symbols=NVDA,AMD', ['quote', 'NVDA,AMD']],
      ['/api/v1/quote?symbols=NVDA&symbols=SPY', ['quote', 'NVDA', 'SPY']],
      ['/api/v1/quote?symbols=NVDA+400c+dec+18', ['quote', 'NVDA 400c dec 18']],
      ['/api/v1/quote?symbols=@core', ['quote', '@core']],
      ['/api/v1/history?symbols=NVDA&range=last+5+trading+days', ['history', 'NVDA', '--range', 'last 5 trading days']],
      ['/api/v1/history?symbols=NVDA,AMD&interval=week', ['history', 'NVDA,AMD', '--interval', 'week']],
      [
        '/api/v1/history?symbols=NVDA&interval=5min&range=today',
        ['history', 'NVDA', '--interval', '5min', '--range', 'today'],
      ],
      ['/api/v1/chart?symbols=NVDA&with=sma50,levels', ['chart', 'NVDA', '--with', 'sma50,levels']],
      ['/api/v1/ta?symbols=NVDA', ['ta', 'NVDA']],
      ['/api/v1/expirations?symbols=NVDA&stats=true', ['expirations', 'NVDA', '--stats']],
      ['/api/v1/chain?symbols=NVDA&strikes=2&min-oi=1', ['chain', 'NVDA', '--strikes', '2', '--min-oi', '1']],
      [
        '/api/v1/chain?symbols=NVDA&expiration=30..60d&strikes=1',
        ['chain', 'NVDA', '--expiration', '30..60d', '--strikes', '1'],
      ],
      ['/api/v1/market?week=true', ['market', '--week']],
      ['/api/v1/levels?symbols=NVDA', ['levels', 'NVDA']],
      ['/api/v1/vol?symbols=NVDA', ['vol', 'NVDA']],
      ['/api/v1/search?words=nvidia', ['search', 'nvidia']],
      ['/api/v1/events?symbols=NVDA', ['events', 'NVDA']],
      ['/api/v1/news?symbols=NVDA', ['news', 'NVDA']],
      ['/api/v1/bundle?symbols=NVDA', ['bundle', 'NVDA']],
      ['/api/v1/strategy?symbols=NVDA&name=iron-condor', ['strategy', 'NVDA', 'iron-condor']],
      [
        '/api/v1/strategy?symbols=NVDA&leg=%2B1+400c+dec+18&leg=-1+410c+dec+18',
        ['strategy', 'NVDA', '--leg', '+1 400c dec 18', '--leg', '-1 410c dec 18'],
      ],
      [
        '/api/v1/table?symbols=@core&columns=last,rsi14&sort=-rsi14',
        ['table', '@core', '--columns', 'last,rsi14', '--sort=-rsi14'],
      ],
      ['/api/v1/scan?conditions=rsi14+%3E+1&universe=NVDA,AMD', ['scan', 'rsi14 > 1', '--universe', 'NVDA,AMD']],
      ['/api/v1/fields?words=volatility', ['fields', 'volatility']],
      ['/api/v1/positions', ['positions']],
      ['/api/v1/list', ['list']],
      ['/api/v1/alert', ['alert', 'list']],
      ['/api/v1/quote?symbols=ZZZZ', ['quote', 'ZZZZ']],
      ['/api/v1/quote?symbols=NVDA,ZZZZ', ['quote', 'NVDA,ZZZZ']],
    ];
    const served = new Set(COMMANDS.map(({ name }) => name).filter((name) => cases.some(([, [own]]) => own === name)));
    for (const [path, args] of cases) {
      // What has to be fetched is fetched; both then stand before the same cache.
      await world.get(path);
      const printed = await runCommand(world, args);
      const reply = await world.get(path);
      expect(reply.body, path).toBe(printed);
      expect(reply.headers['content-type'], path).toBe('application/json; charset=utf-8');
    }
    expect([...served].toSorted()).toEqual(
      'alert bundle chain chart events expirations fields history levels list market news positions quote scan search strategy ta table vol'.split(
        ' ',
      ),
    );
  });

  it.each([
    [400, '/api/v1/quote', 'symbols is missing'],
    [400, '/api/v1/quote?symbols=NVDA&colour=red', 'unknown parameter "colour"'],
    [400, '/api/v1/quote?symbols=NVDA&json=true', 'unknown parameter "json"'],
    [400, '/api/v1/quote?symbols=NVDA&log=/tmp/x', 'unknown parameter "log"'],
    [400, '/api/v1/chart?symbols=NVDA&svg=/tmp/x.svg', 'unknown parameter "svg"'],
    [400, '/api/v1/history?symbols=NVDA&range=ytd&range=mtd', 'range is given 2 times'],
    [400, '/api/v1/history?symbols=NVDA&interval=2min', 'interval="2min"'],
    [400, '/api/v1/expirations?symbols=NVDA&stats=yes', 'stats must be true or false'],
    [400, '/api/v1/quote?symbols=N%21V', 'N!V'],
    [400, '/api/v1/quote?symbols=NVDA&timeout=0', 'timeout "0": not a number of seconds'],
    [400, '/api/v1/stats?x=1', 'stats: unknown parameter "x"'],
    [400, '/api/v1/quote?symbols=@nowhere', 'nowhere'],
    [404, '/api/v1/quote?symbols=ZZZZ', 'ZZZZ'],
    [404, '/api/v1/history?symbols=NVDA&offline=true', 'NVDA'],
    [404, '/api/v1/history?symbols=AMD&offline', 'AMD'],
    [404, '/api/v1/history?symbols=AMD&offline=', 'AMD'],
    [400, '/api/v1/history?symbols=AMD&offline&offline', 'offline is given 2 times'],
    [400, '/api/v1/history?symbols=AMD&offline=no', 'offline must be true or false'],
    [404, '/api/v1/nothing', 'there is nothing here'],
    [404, '/api/v1/doctor', 'there is nothing here'],
    [501, '/api/v1/quote?symbols=NVDA&provider=polygon', 'MASSIVE_API_KEY'],
    [207, '/api/v1/quote?symbols=NVDA,ZZZZ', 'ZZZZ'],
  ])('answers %i for %s and says why', async (status, path, said) => {
    const world = await startWorld();
    const reply = await world.get(path);
    expect(reply.status).toBe(status);
    const document = JSON.parse(reply.body) as { ok: boolean; errors: { message: string }[] };
    expect(document.ok).toBe(false);
    expect(document.errors.map(({ message }) => message).join()).toContain(said);
  });

  it.each([
    ['quote?symbols=NVDA&timeout=0.001', 'allow more time with timeout=SECONDS'],
    ['quote?symbols=NVDA&provider=polygon', 'set MASSIVE_API_KEY, or use provider=sample'],
    ['history?symbols=NVDA&to=2026-01-05', 'add from, like from=2025-10-01'],
    ['chain?symbols=NVDA&min-oi=100000000', 'widen delta, min-oi, min-volume, max-spread or strikes'],
    ['table?symbols=NVDA&columns=foo', '/api/v1/fields lists them'],
    ['table?symbols=NVDA&columns=strike', '/api/v1/chain?symbols=NVDA&columns=strike shows it for each contract'],
    [
      'strategy?symbols=NVDA&name=roll',
      '/api/v1/strategy?symbols=NVDA&name=roll&from=-1+450c+dec+18&to=-1+460c+jan+15',
    ],
    ['quote?symbols=@none', "lists: @positions; create one with fin list add NAME SYMBOLS (on the server's machine)"],
    ['events?symbols=@positions', "fin positions add 100 NVDA @ 180.50 adds one (on the server's machine)"],
  ])('advises in the words of its parameters: %s', async (path, advice) => {
    const world = await startWorld();
    world.exchange.latencyMs = 50;
    const { errors } = JSON.parse((await world.get(`/api/v1/${path}`)).body) as { errors: { hint?: string }[] };
    expect(errors[0]?.hint).toBe(advice);
  });

  it.each([
    ['try again, or ask another provider with --provider', 'with the parameter provider', 'with the argument provider'],
    [
      'choose another model with --model; --model builtin needs none',
      'the parameter model; model=builtin needs',
      'builtin',
    ],
    ['allow more time with --timeout SECONDS', 'more time with timeout=SECONDS', 'more time with timeout SECONDS'],
    ['run fin cache warm before', "fin cache warm before (on the server's machine)", 'before (for the user to type)'],
    ['did you mean a, b? fin fields lists them', 'did you mean a, b? /api/v1/fields lists them', 'did you mean a, b?'],
  ])('reads well without flags: %s', (hint, asked, called) => {
    const names = ['provider', 'model', 'timeout'];
    const error = { code: 'usage', message: 'no', hint } as const;
    expect(rewordError(error, { names, sign: '=' }).hint).toContain(asked);
    expect(rewordError(error, { names, sign: ' ' }).hint).toContain(called);
  });

  it('answers 502 where the provider fails, and 504 where it takes too long', async () => {
    const world = await startWorld();
    world.exchange.interfere = () => ({ status: 200, body: 'no JSON' });
    expect((await world.get('/api/v1/quote?symbols=NVDA')).status).toBe(502);
    world.exchange.interfere = () => ({ fault: 'hang' });
    expect((await world.get('/api/v1/quote?symbols=AMD&timeout=0.2')).status).toBe(504);
  });

  it('asks the provider each time for what is asked for anew', async () => {
    const world = await startWorld();
    for (const times of [1, 2, 3]) {
      const { body } = await world.get('/api/v1/quote?symbols=NVDA&refresh=true');
      expect(JSON.parse(body)).toMatchObject({ meta: { freshness: 'live', providerCalls: 1 } });
      expect(world.exchange.calls('quotes')).toBe(times);
    }
  });

  it('writes the age of a quote anew each time it is asked for, and never past its freshness', async () => {
    let now = IN_SESSION;
    const world = await startWorld({ clock: { now: () => now, machineNow: () => Date.now() } });
    const ask = async (): Promise<{ freshness: string; ageMs: number; providerCalls: number }> => {
      const { body } = await world.get('/api/v1/quote?symbols=NVDA');
      return (JSON.parse(body) as { meta: { freshness: string; ageMs: number; providerCalls: number } }).meta;
    };
    expect(await ask()).toMatchObject({ freshness: 'live', ageMs: 0, providerCalls: 1 });
    for (const afterMs of [1, 999, 1_500, 7_000, 9_900]) {
      now = IN_SESSION + afterMs;
      expect(await ask()).toMatchObject({ freshness: 'cached', ageMs: afterMs, providerCalls: 0 });
    }
    now = IN_SESSION + 10_001;
    expect(await ask()).toMatchObject({ freshness: 'live', ageMs: 0, providerCalls: 1 });
    expect(world.exchange.calls('quotes')).toBe(2);
    const stats = await (await world.host.openRuntime()).counters.readStats();
    expect(stats.byKind['quote']).toMatchObject({ hits: 5, misses: 2 });
  });
});
