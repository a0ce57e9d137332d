// fin mcp as a client starts it: the built program on pipes. Nothing but messages on standard output, no key anywhere, an
// end for every way a client leaves, and nothing of it in other commands.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLoadReport, reportLoadsTo } from '../helpers/load-report.ts';
import { TRADIER_KEY, asTradier, startMarket } from '../helpers/market-server.ts';
import { type FinHome, type FinRun, createHome } from '../helpers/run-fin.ts';
import { canOpenTerminals, openTerminal } from '../helpers/terminal.ts';

const NOW = { FIN_NOW: '2026-11-19T11:00:00-05:00' };
const request = (id: number, method: string, params: object = {}): string =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
const START = request(0, 'initialize', {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'test', version: '1' },
});
const call = (id: number, name: string, args: object): string => request(id, 'tools/call', { name, arguments: args });
const quote = (id: number): string => call(id, 'get_multiple_stock_quotes', { symbols: ['NVDA'] });

interface Message {
  id?: number | null;
  result?: { tools?: unknown[]; isError?: boolean; structuredContent?: { summary: string; sample: boolean } };
  error?: { code: number };
}

/** Every line of standard output is a message. */
const messagesOf = ({ stdout }: Pick<FinRun, 'stdout'>): Message[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Message);

describe('fin mcp', () => {
  it.skipIf(!canOpenTerminals())('says what it is on a narrow terminal without breaking a word', async () => {
    await using home = await createHome(NOW);
    await using terminal = await openTerminal(home, ['mcp'], { columns: 50 });
    await terminal.shows('Waiting for a client; Ctrl-C stops it.');
    const [said = ''] = terminal.sent.split('\n').join(' ').split('"mcpServers"');
    expect(said.replaceAll(/\s+/g, ' ')).toContain(
      'This is the entry for Claude Desktop and Cursor; docs/mcp.md has others:',
    );
    for (const line of terminal.sent.slice(terminal.sent.indexOf('An AI assistant starts')).split(/\r?\n/).slice(0, 3))
      expect(line.length).toBeLessThanOrEqual(50);
    terminal.type('\u0003');
    await terminal.ended;
  });

  it('answers what is piped into it without a key, says that it is the sample, and ends with 0', async () => {
    await using home = await createHome(NOW);
    const run = await home.run(['mcp'], {
      stdin: START + request(1, 'tools/list') + call(2, 'get_volatility', { symbol: 'NVDA' }) + quote(3),
    });
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    const messages = messagesOf(run);
    expect(messages.map(({ id }) => id).toSorted()).toEqual([0, 1, 2, 3]);
    expect(messages.find(({ id }) => id === 1)?.result?.tools).toHaveLength(15);
    const asked = messages.find(({ id }) => id === 2)?.result?.structuredContent;
    expect(asked).toMatchObject({ sample: true, summary: expect.stringMatching(/^NVDA: IV rank .*SAMPLE/) });
  });

  it('ends with 0 for no input at all, and for input that is no message', async () => {
    await using home = await createHome(NOW);
    const silent = await home.run(['mcp']);
    expect([silent.exitCode, silent.stdout, silent.stderr]).toEqual([0, '', '']);
    const noise = await home.run(['mcp'], { stdin: 'hello\n' });
    expect(noise.exitCode).toBe(0);
    expect(messagesOf(noise)).toMatchObject([{ error: { code: -32_700 } }]);
    expect(noise.stderr).toBe('note: mcp: a line that is not JSON was not understood\n');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends on %s with %i, also while a provider says nothing', async (signal, code) => {
    await using market = await startMarket(NOW.FIN_NOW);
    market.faults.set('quotes', { fault: 'hang' });
    await using home = await createHome({ ...NOW, ...asTradier(market) });
    const fin = home.start(['mcp'], { stdin: { open: true } });
    const arrived = market.arrives('quotes');
    fin.child.stdin.write(START + quote(1));
    await arrived;
    fin.child.kill(signal);
    expect((await fin.ended).exitCode).toBe(code);
  });

  it('survives a reader that goes away', async () => {
    await using home = await createHome(NOW);
    const run = await home.shell(`printf '%s' "$MESSAGES" | fin mcp | head -c 1`, {
      env: {
        MESSAGES: START + Array.from({ length: 200 }, (_each, index) => request(index + 1, 'tools/list')).join(''),
      },
    });
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
  });

  it('writes no key, whatever fails, and tells of waits and faults on standard error alone', async () => {
    await using market = await startMarket(NOW.FIN_NOW);
    market.faults.set('all', { status: 401, body: `Invalid Access Token ${TRADIER_KEY}` });
    await using home = await createHome({ ...NOW, ...asTradier(market) });
    const run = await home.run(['mcp', '--verbose'], { stdin: START + quote(1) + request(2, TRADIER_KEY) });
    expect(run.exitCode).toBe(0);
    expect(messagesOf(run).find(({ id }) => id === 1)?.result?.isError).toBe(true);
    expect(run.stdout + run.stderr).not.toContain(TRADIER_KEY);
    expect(run.stderr).toContain('tradier quotes');
  });

  it('offline or with a provider of choice answers from there', async () => {
    await using home = await createHome(NOW);
    const offline = await home.run(['mcp', '--offline'], { stdin: START + quote(1) });
    expect(messagesOf(offline).find(({ id }) => id === 1)?.result?.isError).toBe(true);
    const refused = await home.run(['mcp', '--provider', 'tradier'], { stdin: START + quote(1) });
    expect(refused.exitCode).toBe(0);
    expect(refused.stdout).toContain('TRADIER_ACCESS_TOKEN is not set');
    expect((await home.run(['mcp', 'now'])).exitCode).toBe(2);
  });

  it('is a file of its own that no other command loads', async () => {
    await using home = await createHome(NOW);
    expect(await filesOf(home, ['mcp'])).toEqual(expect.arrayContaining(['cli-mcp.cjs', 'mcp-index.cjs']));
    for (const args of [['quote', 'NVDA'], ['ask', 'price of NVDA'], ['--help'], ['doctor']])
      expect((await filesOf(home, args)).filter((name) => name.includes('mcp'))).toEqual([]);
  });
});

async function filesOf(home: FinHome, args: readonly string[]): Promise<string[]> {
  const reportFile = join(home.folder, 'loads.json');
  await home.run(args, { env: reportLoadsTo(reportFile) });
  return readLoadReport(reportFile).files;
}
