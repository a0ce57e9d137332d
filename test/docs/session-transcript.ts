// Writes docs/session-transcript.md: the built program used in tmux, each screen as tmux captured it.
// Run by hand after `npm run build`, where tmux is installed: node test/docs/session-transcript.ts
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { asTradier, startMarket } from '../helpers/market-server.ts';
import { PROJECT_ROOT, createHome } from '../helpers/run-fin.ts';

const NOW = '2026-11-19T11:00:00-05:00';
const SOCKET = `fin-transcript-${process.pid}`;
const MOST_WAIT_MS = 20_000;
const HEAD = `# What a session looks like

The built program in tmux; every screen was captured with \`tmux capture-pane\`. \`node test/docs/session-transcript.ts\` regenerates this file. The market is the sample exchange behind a local address in place of Tradier's, so that it can be made to hang and fail. Ctrl-L clears the screen between steps.
`;

const tmux = (...args: string[]): string =>
  execFileSync('tmux', ['-L', SOCKET, '-f', '/dev/null', ...args], { encoding: 'utf8' });
const capture = (): string =>
  tmux('capture-pane', '-p')
    .replaceAll(/[ \t]+$/gm, '')
    .trimEnd();
const press = (...keys: string[]): string => tmux('send-keys', ...keys);
const type = (text: string): string => tmux('send-keys', '-l', '--', text);

async function until(isThere: RegExp): Promise<string> {
  const endMs = Date.now() + MOST_WAIT_MS;
  for (;;) {
    const screen = capture();
    if (isThere.test(screen)) return screen;
    if (Date.now() > endMs) throw new Error(`tmux did not show ${String(isThere)}:\n${screen}`);
    await delay(50);
  }
}

const PROMPT = /fin>$/;
const parts = [HEAD];

function say(typed: string): void {
  parts.push(`${typed}\n`);
}

async function show(isThere: RegExp): Promise<void> {
  parts.push(`\`\`\`text\n${await until(isThere)}\n\`\`\`\n`);
}

async function clear(): Promise<void> {
  // Whatever is on the line goes first.
  press('Escape');
  await delay(600);
  press('C-e', 'C-u', 'C-l');
  await until(/^fin>$/);
}

async function ask(question: string): Promise<void> {
  await clear();
  type(question);
  press('Enter');
}

await using market = await startMarket(NOW);
await using home = await createHome({ ...asTradier(market), FIN_NOW: NOW, LANG: 'C.UTF-8' });
const variables = Object.entries(home.env).map(([name, value]) => `${name}='${value}'`);
try {
  tmux(
    'new-session',
    '-d',
    '-x',
    '80',
    '-y',
    '36',
    `cd '${home.workDir}' && env -i ${variables.join(' ')} TERM=xterm-256color bash --norc`,
  );
  tmux('set', '-g', 'status', 'off');
  type(`PS1='$ '; fin() { '${process.execPath}' '${join(PROJECT_ROOT, 'bin/fin.js')}' "$@"; }; clear`);
  press('Enter');
  await until(/^\$$/);

  say('## Question and follow-up\n\nTyped: `fin`, Enter, `how did NVDA do last week`, Enter.');
  type('fin');
  press('Enter');
  await until(PROMPT);
  type('how did NVDA do last week');
  press('Enter');
  await show(/built-in planner[^]*fin>$/);

  say('Typed: `and its support levels?`, Enter. Nothing is fetched again, and the table says how old its figures are.');
  await ask('and its support levels?');
  await show(/0 provider calls[^]*fin>$/);

  say('## Earlier lines\n\nTyped: arrow up, arrow up.');
  await clear();
  press('Up');
  press('Up');
  await show(/how did NVDA do last week$/);
  say('Typed: Ctrl-R, `supp`. Enter would ask the line found, Esc goes back.');
  await clear();
  press('C-r');
  type('supp');
  await show(/and its support levels\?$/);

  say('## Completion\n\nTyped: `/chai`, Tab, `a`, Tab.');
  await clear();
  type('/chai');
  press('Tab');
  type('a');
  press('Tab');
  await show(/AMD/);
  say('Then typed: `md --si`, Tab, Tab.');
  type('md --si');
  press('Tab');
  press('Tab');
  await show(/call {2}put {2}both/);

  say(
    '## Cancel\n\nThe provider does not answer. Typed: `price of TSLA`, Enter and, while it waits, `price of AMD`, Enter.',
  );
  market.faults.set('quotes', { fault: 'hang' });
  await ask('price of TSLA');
  await until(/fetching/);
  type('price of AMD');
  press('Enter');
  await show(/fetching/);
  say('The provider works again. Typed: Ctrl-C. Only the current question is canceled; the line typed ahead is asked.');
  market.faults.clear();
  press('C-c');
  await show(/AMD last traded[^]*fin>$/);

  say('## A provider that fails\n\nTyped: `price of IBM`, Enter. After three attempts:');
  market.faults.set('quotes', { status: 503, body: 'out of order' });
  await ask('price of IBM');
  await show(/arrows and Enter/);
  say('The provider works again. Typed: `r`.');
  market.faults.clear();
  press('r');
  await show(/IBM last traded[^]*fin>$/);

  say(
    '## Several lines pasted at once\n\nPasted: `market status`, `/quote SPY`, `price of QQQ` on three lines, and the start of a fourth.',
  );
  await clear();
  tmux('set-buffer', 'market status\n/quote SPY\nprice of QQQ\nand its RS');
  tmux('paste-buffer', '-p');
  await show(/fin> and its RS$/);

  say('## A narrow window\n\nThe window is made 40 columns wide. Typed: `/chain AMD --strikes 2`, Enter.');
  tmux('resize-window', '-x', '40');
  await ask('/chain AMD --strikes 2');
  await show(/Greeks[^]*fin>$/);
  say('Typed: a long question. Then the window is made 60 columns wide while it is on screen.');
  await clear();
  type('which of NVDA, AMD, TSLA, INTC and IBM gained most in the last 5 trading days');
  await show(/d\n?a\n?y\n?s$/);
  tmux('resize-window', '-x', '60');
  await delay(500);
  await show(/d\n?a\n?y\n?s$/);
  say('Typed: Enter.');
  press('Enter');
  await show(/built-in planner[^]*fin>$/);

  say('## Leave\n\nTyped: Ctrl-C at the empty prompt.');
  tmux('resize-window', '-x', '80');
  await clear();
  press('C-c');
  await show(/Ctrl-C again leaves/);
  say('Typed: Ctrl-C, then in the shell `echo $?` and `fin sessions list`.');
  press('C-c');
  await until(/\$$/);
  type('echo $?; fin sessions list');
  press('Enter');
  await show(/Last question[^]*\$$/);
} finally {
  tmux('kill-server');
}
writeFileSync(join(PROJECT_ROOT, 'docs/session-transcript.md'), parts.join('\n'));
