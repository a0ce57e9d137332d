// The interactive session on a real pseudo-terminal, as a trader uses it: typed, pasted, interrupted, resized.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type MarketServer, TRADIER_KEY, asTradier, startMarket } from '../helpers/market-server.ts';
import { callTools, chunk, say, startModelServer } from '../helpers/model-server.ts';
import { type FinHome, createHome, keptBytes } from '../helpers/run-fin.ts';
import { displayWidth } from '../../src/render/text.ts';
import { type Terminal, type TerminalOptions, canOpenTerminals, openTerminal } from '../helpers/terminal.ts';

const NOW = '2026-11-19T11:00:00-05:00';
const UP = '\u001b[A';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const PROMPT = /^fin>$/;

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

function keep<T extends AsyncDisposable>(opened: T): T {
  open.push(opened);
  return opened;
}

/** A session with a Tradier of the sample exchange behind it. */
async function start(
  args: readonly string[] = [],
  { columns, env = {} }: TerminalOptions = {},
): Promise<{ terminal: Terminal; market: MarketServer; home: FinHome }> {
  const market = keep(await startMarket(NOW));
  const home = keep(await createHome({ ...asTradier(market), FIN_NOW: NOW }));
  const terminal = keep(await openTerminal(home, args, { ...(columns === undefined ? {} : { columns }), env }));
  await terminal.shows(PROMPT);
  return { terminal, market, home };
}

const questionsOf = ({ screen }: Terminal): string[] =>
  screen.rows.filter((row) => row.startsWith('fin> ')).map((row) => row.slice(5));

describe.skipIf(!canOpenTerminals())('a session on a terminal (needs the command `script` of util-linux)', () => {
  it('answers, goes on after an error, takes a question back by arrow up, and Ctrl-D leaves with 0', async () => {
    const { terminal, home } = await start();
    terminal.type('price of NVDA\r');
    await terminal.shows('NVDA last traded at');
    terminal.type('/bogus\r');
    await terminal.shows('fin: /bogus: no such command');
    terminal.type(`${UP}${UP}\r`);
    await terminal.shows('NVDA last traded at', 2);
    await terminal.shows(PROMPT);
    terminal.type(CTRL_D);
    expect(await terminal.ended).toBe(0);
    expect(questionsOf(terminal)).toEqual(['price of NVDA', '/bogus', 'price of NVDA']);
    expect(readFileSync(join(home.dataDir, 'history'), 'utf8')).toBe('price of NVDA\n/bogus\nprice of NVDA\n');
    expect(statSync(join(home.dataDir, 'history')).mode & 0o777).toBe(0o600);
    // The marks of pastes are switched off again.
    expect(terminal.sent.lastIndexOf('\u001b[?2004l')).toBeGreaterThan(terminal.sent.lastIndexOf('\u001b[?2004h'));
  });

  it('begins with options alone too, without the word repl; what is no option of a session is refused as ever', async () => {
    const { terminal } = await start(['--model=builtin', '--session', 'morning']);
    terminal.type('/session\r');
    await terminal.shows('Conversation morning: nothing asked yet.');
    terminal.type(CTRL_D);
    expect(await terminal.ended).toBe(0);
    const home = keep(await createHome({ FIN_NOW: NOW }));
    for (const [args, code, text] of [
      [['--continue'], 2, '--continue: there is no conversation yet'],
      [['--session'], 2, "fin: repl: option '--session <name>' argument missing"],
      [['--bogus'], 2, "fin: command line: unknown option '--bogus'"],
      [['--trace', '--bogus'], 2, "fin: repl: unknown option '--bogus'"],
      [['--quiet', 'quote', 'NVDA'], 2, 'fin: quote: --quiet comes too early'],
      [['--help'], 0, /^Usage: fin \[options\] \[command\]/],
      [['--version'], 0, /^\d+\.\d+\.\d+$/],
    ] as const) {
      const other = keep(await openTerminal(home, args));
      await other.shows(text);
      expect(await other.ended).toBe(code);
    }
    expect(await home.run(['--continue'])).toMatchObject({ exitCode: 2, stdout: '' });
  });

  it('asks every line of a paste in turn, with and without paste marks, and keeps what follows the last line end', async () => {
    const { terminal } = await start();
    terminal.type('\u001b[200~price of NVDA\nprice of AMD\nprice of TSLA\nhalf a que\u001b[201~');
    await terminal.shows('TSLA last traded at');
    await terminal.shows('fin> half a que');
    terminal.type(`${CTRL_C}price of IBM\rprice of SPY\r/quit\r`);
    expect(await terminal.ended).toBe(0);
    expect(questionsOf(terminal)).toEqual([
      'price of NVDA',
      'price of AMD',
      'price of TSLA',
      'price of IBM',
      'price of SPY',
      '/quit',
    ]);
    for (const symbol of ['NVDA', 'AMD', 'IBM', 'SPY'])
      expect(terminal.screen.rows.some((row) => row.startsWith(`${symbol} last traded at`))).toBe(true);
  });

  it('says what is fetched, cancels it by Ctrl-C, keeps what was typed meanwhile, and leaves by Ctrl-C twice', async () => {
    const { terminal, market } = await start();
    market.faults.set('quotes', { fault: 'hang' });
    terminal.type('price of NVDA\r');
    await terminal.shows('fetching stock quote NVDA');
    terminal.type('typed ahead');
    terminal.type(CTRL_C);
    await terminal.shows(/^canceled$/);
    await terminal.shows('fin> typed ahead');
    terminal.type(CTRL_C);
    await terminal.shows(PROMPT);
    terminal.type(CTRL_C);
    await terminal.shows('Ctrl-C again leaves');
    terminal.type(CTRL_C);
    expect(await terminal.ended).toBe(0);
  });

  it('offers retry, skip and cancel when a provider fails, and says the failure once', async () => {
    const { terminal, market } = await start();
    market.faults.set('quotes', { status: 400, body: 'out of order' });
    terminal.type('price of NVDA\r');
    await terminal.shows('r, s or c; or arrows and Enter');
    market.faults.clear();
    terminal.type('r');
    await terminal.shows('NVDA last traded at');
    await terminal.shows(/: asking again$/);
    market.faults.set('quotes', { status: 400, body: 'out of order' });
    terminal.type('/quote AMD\r');
    await terminal.shows('r, s or c; or arrows and Enter');
    terminal.type('s');
    await terminal.shows(/: skipped$/);
    await terminal.shows(PROMPT);
    expect(terminal.screen.rows.filter((row) => row.startsWith('fin: '))).toEqual([]);
    terminal.type('/quote AMD\r');
    await terminal.shows('r, s or c; or arrows and Enter');
    terminal.type(CTRL_C);
    await terminal.shows(/^canceled$/);
    terminal.type('quit\r');
    expect(await terminal.ended).toBe(0);
    expect(terminal.screen.rows.join('\n')).not.toContain('arrows and Enter');
  });

  it('streams a model’s answer after the tables, harmless and no wider than the terminal, and says one that broke off', async () => {
    const model = keep(
      await startModelServer([
        callTools({ name: 'get_stock_quote', arguments: { symbol: 'NVDA' } }),
        say(
          'A calm day.\u001b]0;owned\u0007\u001b[2J \u009b31mNothing \u202eunusual stands out among the many things that one could look at today.',
        ),
        { events: [chunk({ role: 'assistant', content: 'It breaks off ' })], fault: 'cut' },
      ]),
    );
    const { terminal } = await start([], {
      columns: 40,
      env: { OPENAI_BASE_URL: model.baseUrl, FIN_MODEL: 'scripted' },
    });
    terminal.type('What do you think of NVDA today?\r');
    await terminal.shows('scripted');
    await terminal.shows(/look at today\.$/);
    const { rows } = terminal.screen;
    expect(rows.findIndex((row) => row.includes('A calm day.'))).toBeGreaterThan(
      rows.findIndex((row) => row.startsWith('NVDA · ')),
    );
    expect(terminal.sent).not.toMatch(/owned|\u001b\[2J|\u009b|\u202e/);
    await terminal.shows(PROMPT);
    terminal.type('And what else?\r');
    await terminal.shows(/^fin: .*model/);
    await terminal.shows(/^hint: /);
    terminal.type(CTRL_D);
    expect(await terminal.ended).toBe(0);
  });

  it.each([40, 80, 120])('writes no line wider than %i columns', async (columns) => {
    const { terminal } = await start([], { columns });
    terminal.type(
      'how did NVDA and AMD do last week\r/chain SPY --strikes 4\r/help\r/help chain\r/cache stats\r/quote ZZZZ\r/ta NVDA\rcompare things nobody understands\r/quit\r',
    );
    expect(await terminal.ended).toBe(0);
    // The screen would wrap a line that is too wide; the program must have ended each one itself.
    const lines = terminal.sent
      .split(/\r\n|\r|\n/)
      .map((line) => line.replaceAll(/\u001b\[[?>]?[\d;]*[A-Za-z]|\u001b\][^\u0007]*\u0007/g, ''));
    const typed = (line: string): boolean => line.startsWith('fin> ') || line.startsWith('@');
    expect(lines.filter((line) => !typed(line) && displayWidth(line) > columns)).toEqual([]);
  });

  it('keeps a long typed line and the answer above it when the terminal is resized', async () => {
    const { terminal } = await start([], { columns: 100 });
    terminal.type('price of NVDA\r');
    await terminal.shows('built-in planner');
    await terminal.shows(PROMPT);
    const above = terminal.screen.rows.slice(0, -1);
    terminal.type(`price of ${'NVDA and '.repeat(20)}AMD`);
    await terminal.shows(/and AMD$/);
    for (const columns of [50, 120, 60, 100]) {
      await terminal.resize(columns);
      await terminal.shows(/AMD$/);
    }
    terminal.type('\u0005');
    await terminal.shows(/and AMD$/);
    expect(terminal.screen.rows.slice(0, above.length)).toEqual(above);
    expect(terminal.screen.rows.filter((row) => row.startsWith('fin> price of NVDA and'))).toHaveLength(1);
  });

  it('ends by TERM with 143, also in the middle of a line', async () => {
    const { terminal } = await start();
    terminal.type('half a');
    await terminal.shows('fin> half a');
    terminal.signal('TERM');
    expect(await terminal.ended).toBe(143);
  });

  it('sends no cursor movement to a dumb terminal', async () => {
    const { terminal } = await start([], { env: { TERM: 'dumb' } });
    terminal.type('price of NVDA\r');
    await terminal.shows('NVDA last traded at');
    terminal.type('/quit\r');
    expect(await terminal.ended).toBe(0);
    expect(terminal.sent).not.toContain('\u001b');
  });

  it('copies the last answer to the clipboard and keeps no key', async () => {
    const { terminal, home } = await start();
    terminal.type(`price of NVDA ${TRADIER_KEY}\r${CTRL_C}`);
    await terminal.shows(PROMPT);
    terminal.type('price of NVDA\r');
    await terminal.shows('NVDA last traded at');
    terminal.type('/copy\r');
    await terminal.shows('Sent the last answer');
    expect(terminal.screen.copied[0]).toMatch(/^NVDA last traded at [\d.]+/);
    terminal.type(CTRL_D);
    await terminal.ended;
    const kept = keptBytes(home);
    expect(kept).toContain('price of NVDA');
    expect(kept).not.toContain(TRADIER_KEY);
  });
});
