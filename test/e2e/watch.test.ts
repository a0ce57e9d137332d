// fin watch as the program: a screen on a real terminal that is given back on every way out, lines on a pipe.
import { afterEach, describe, expect, it } from 'vitest';
import { type MarketServer, asTradier, startMarket } from '../helpers/market-server.ts';
import { type FinHome, createHome } from '../helpers/run-fin.ts';
import { type Terminal, canOpenTerminals, openTerminal } from '../helpers/terminal.ts';

const NOW = '2026-11-19T11:00:00-05:00';
const CTRL_C = '\u0003';
const ESCAPE = '\u001b';
const PAGE_DOWN = '\x1b[6~';
const ENTERED = '\u001b[?1049h';
const LEFT = '\u001b[?25h\u001b[?1049l';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

function keep<T extends AsyncDisposable>(opened: T): T {
  open.push(opened);
  return opened;
}

async function startHome(): Promise<{ home: FinHome; market: MarketServer }> {
  const market = keep(await startMarket(NOW));
  const home = keep(await createHome({ ...asTradier(market), FIN_NOW: NOW }));
  return { home, market };
}

async function watch(...args: string[]): Promise<{ terminal: Terminal; home: FinHome; market: MarketServer }> {
  const { home, market } = await startHome();
  const terminal = keep(await openTerminal(home, ['watch', ...args], { columns: 100, rows: 24 }));
  await terminal.shows(/▸ .*NVDA/);
  return { terminal, home, market };
}

describe.skipIf(!canOpenTerminals())('a watch on a terminal (needs the command `script` of util-linux)', () => {
  it.each([
    ['q', 0, (terminal: Terminal) => terminal.type('q')],
    ['Ctrl-C', 130, (terminal: Terminal) => terminal.type(CTRL_C)],
    ['TERM', 143, (terminal: Terminal) => terminal.signal('TERM')],
    ['HUP', 129, (terminal: Terminal) => terminal.signal('HUP')],
    ['KILL', 137, (terminal: Terminal) => terminal.signal('KILL')],
  ])('gives the terminal back after %s, with exit %i', async (_name, code, leave) => {
    const { terminal } = await watch('NVDA');
    expect(terminal.sent).toContain(ENTERED);
    leave(terminal);
    expect(await terminal.ended).toBe(code);
    expect(terminal.sent.endsWith(LEFT)).toBe(true);
  });

  it('shows a detail, adds and removes rows, sorts and finds them, and says what is wrong at its foot', async () => {
    const { terminal } = await watch('NVDA', 'SPY', '--columns', 'last,changePercent');
    terminal.type('\r');
    await terminal.shows('NVIDIA Corp');
    await terminal.shows('daily bars');
    terminal.type(PAGE_DOWN.repeat(2));
    await terminal.shows('option chains');
    terminal.type(ESCAPE);
    await terminal.shows(/^ {4}SPY/);
    terminal.type('aAMD, nonsense!\r');
    await terminal.shows('nonsense!');
    terminal.type('aAMD\r');
    await terminal.shows(/^ {4}AMD/);
    terminal.type('s');
    await terminal.shows('by last ↓');
    terminal.type('/amd\r');
    await terminal.shows(/^▸ {3}AMD/);
    terminal.type('d');
    await terminal.shows('2 rows');
    terminal.type('q');
    expect(await terminal.ended).toBe(0);
  });

  it('marks the row of an alert, rings the bell and notifies, once', async () => {
    const { home } = await startHome();
    await home.run(['alert', 'add', 'NVDA.last > 1', '--note', 'up; and away']);
    const terminal = keep(await openTerminal(home, ['watch', 'SPY', 'NVDA', '--interval', '0.5'], { columns: 100 }));
    await terminal.shows(/^ ! {2}NVDA/);
    await terminal.shows('alert 1: NVDA.last > 1');
    await terminal.shows('next in 1 s');
    terminal.type('q');
    await terminal.ended;
    expect(terminal.sent.split('\u0007\u001b]9;alert 1: NVDA.last > 1')).toHaveLength(2);
    expect(terminal.sent.split('\u001b]777;notify;fin;alert 1')).toHaveLength(2);
  });

  it('goes on with what is held, said, while the provider fails', async () => {
    const { terminal, market } = await watch('NVDA', '--interval', '1');
    market.faults.set('all', { status: 400, body: 'no' });
    await terminal.shows('stale');
    market.faults.delete('all');
    await terminal.shows(/· live ·/);
    terminal.type('q');
    expect(await terminal.ended).toBe(0);
  });

  it('ends with what failed where nothing can be had at all', async () => {
    const { home } = await startHome();
    const terminal = keep(await openTerminal(home, ['watch', 'ZZZZ']));
    expect(await terminal.ended).toBe(4);
    expect(terminal.sent.split(LEFT)[1]).toContain('fin: ZZZZ: no such symbol');
  });
});

const A_NUMBER: unknown = expect.any(Number);
const A_TEXT: unknown = expect.any(String);

describe('a watch on a pipe', () => {
  it('is a JSON line for each row and change, and for each alert', async () => {
    const { home, market } = await startHome();
    await home.run(['alert', 'add', 'NVDA.last > 1']);
    const started = home.start([
      'watch',
      'NVDA',
      'SPY',
      '--json',
      '--columns',
      'last, pct(last, open) as up',
      '--interval',
      '0.5',
    ]);
    await started.shows('"firedAt"');
    await market.arrives('quotes');
    await market.arrives('quotes');
    started.child.kill('SIGINT');
    const { stdout, stderr, exitCode } = await started.ended;
    expect(exitCode).toBe(130);
    expect(stderr).toBe('');
    // The exchange stands still: nothing changed after the first look.
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toEqual([
      {
        at: A_TEXT,
        symbol: 'NVDA',
        last: A_NUMBER,
        up: A_NUMBER,
        sample: true,
      },
      { at: A_TEXT, symbol: 'SPY', last: A_NUMBER, up: A_NUMBER, sample: true },
      {
        id: 1,
        when: 'NVDA.last > 1',
        firedAt: A_TEXT,
        values: { 'NVDA.last': A_NUMBER },
        sample: true,
      },
    ]);
  });

  it('is text without --json, with its source’s kind, and ends with its reader and its time', async () => {
    const { home } = await startHome();
    const { stdout, exitCode, stderr } = await home.run(['watch', 'NVDA', '--columns', 'last', '--timeout', '3']);
    expect(stdout).toMatch(/^11:00(?::\d\d)? AM ET · NVDA · Last [\d.]+ · SAMPLE\n$/);
    expect(exitCode).toBe(7);
    expect(stderr).toContain('--timeout allows 3 s');
  });

  it('asks nothing while the market is closed, and says until when', async () => {
    const market = keep(await startMarket('2026-11-21T12:00:00-05:00'));
    const home = keep(await createHome({ ...asTradier(market), FIN_NOW: '2026-11-21T12:00:00-05:00' }));
    const started = home.start(['watch', 'NVDA', '--interval', '0.5', '--timeout', '3']);
    await started.shows('the next update is at 4:00:00 AM ET Nov 23, 2026');
    expect((await started.ended).exitCode).toBe(7);
    expect(market.count('quotes')).toBe(1);
  });

  it.each([
    [['watch', 'NVDA', '--interval', '0'], '--interval "0"'],
    [['watch', 'NVDA', '--columns', 'lost'], 'lost'],
    [['watch', 'NVDA', '--sort', '-'], 'expression'],
    [['watch', '@none'], 'no such list'],
    [['watch'], 'no positions, and no symbol has been requested yet'],
  ])('%j is wrong usage before anything is asked', async (args, why) => {
    const { home, market } = await startHome();
    const { exitCode, stderr } = await home.run(args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(why)]);
    expect(market.count()).toBe(0);
  });

  it('watches what is held, else what was asked for most', async () => {
    const { home } = await startHome();
    await home.run(['quote', 'AMD']);
    await home.run(['quote', 'ZZZZ']);
    const popular = await home.run(['watch', '--timeout', '3']);
    expect(popular.stdout).toContain('AMD');
    expect(popular.stderr).toContain('no positions: showing the symbols you ask for most');
    expect(popular.stdout + popular.stderr).not.toContain('ZZZZ');
    await home.run(['positions', 'add', '100', 'NVDA', '@', '180']);
    const { stdout } = await home.run(['watch', '--timeout', '3']);
    expect(stdout).toContain('NVDA');
    expect(stdout).not.toContain('AMD');
  });
});
