// fin on a real pseudo-terminal, made by util-linux's `script`: no native module is needed. Where that command is
// missing or another one, tests say so and are skipped.
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { PROJECT_ROOT, type FinHome } from './run-fin.ts';
import { type Screen, createScreen } from './screen.ts';

export interface Terminal extends AsyncDisposable {
  screen: Screen;
  /** Everything the terminal was sent. */
  readonly sent: string;
  type(keys: string): void;
  /** Resolves when the rows show it; with `times`, when so many rows do. */
  shows(text: string | RegExp, times?: number): Promise<void>;
  /** With a prompt open; resolves when it is drawn anew. */
  resize(columns: number): Promise<void>;
  signal(name: 'TERM' | 'HUP' | 'KILL'): void;
  /** Exit code of fin. */
  ended: Promise<number>;
}

export interface TerminalOptions {
  columns?: number;
  rows?: number;
  env?: Record<string, string>;
}

const MOST_WAIT_MS = 40_000;

export function canOpenTerminals(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).includes(
      'util-linux',
    );
  } catch {
    return false;
  }
}

export async function openTerminal(
  home: FinHome,
  args: readonly string[] = [],
  options: TerminalOptions = {},
): Promise<Terminal> {
  const { columns = 80, rows = 40, env = {} } = options;
  const screen = createScreen(columns, rows);
  const program = [process.execPath, join(PROJECT_ROOT, 'bin/fin.js'), ...args].map((word) => `'${word}'`).join(' ');
  // The shell tells its terminal and its process before it becomes fin.
  const line = `stty cols ${columns} rows ${rows}; echo "@$(tty) $$@"; exec ${program}`;
  const child: ChildProcessWithoutNullStreams = spawn('script', ['-qfec', line, '/dev/null'], {
    cwd: home.workDir,
    env: { ...home.env, TERM: 'xterm-256color', SHELL: '/bin/sh', ...env },
    stdio: 'pipe',
  });
  let sent = '';
  let device = '';
  let pid = 0;
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    sent += text;
    if (device === '') {
      const start = /@(\/dev\/\S+) (\d+)@\r?\n/.exec(sent);
      if (start === null) return;
      device = start[1] ?? '';
      pid = Number(start[2]);
      screen.write(sent.slice(start.index + start[0].length));
    } else screen.write(text);
    for (const listener of listeners) listener();
  });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number>((resolve) =>
    child.once('close', (code, signal) => resolve(signal === null ? (code ?? -1) : 128)),
  );

  function waitFor(isThere: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (error?: Error): void => {
        clearTimeout(timer);
        listeners.delete(look);
        if (error === undefined) resolve();
        else reject(error);
      };
      const look = (): void => {
        if (isThere()) end();
      };
      const timer = setTimeout(
        () => end(new Error(`the terminal did not show ${what}:\n${screen.rows.join('\n')}`)),
        MOST_WAIT_MS,
      );
      listeners.add(look);
      void ended.then(() => {
        if (isThere()) end();
        else end(new Error(`fin ended without showing ${what}:\n${screen.rows.join('\n')}`));
      });
      look();
    });
  }

  await waitFor(() => device !== '', 'its start');
  return {
    screen,
    ended,
    get sent() {
      return sent;
    },
    type: (keys) => void child.stdin.write(keys),
    shows: (text, times = 1) =>
      waitFor(
        () =>
          screen.rows.filter((row) => (typeof text === 'string' ? row.includes(text) : text.test(row))).length >= times,
        `${String(text)} ${times} times`,
      ),
    resize: async (next) => {
      const before = sent.length;
      screen.resize(next);
      execFileSync('stty', ['-F', device, 'cols', String(next)]);
      await waitFor(() => sent.length > before, 'its line anew');
    },
    signal: (name) => process.kill(pid, `SIG${name}`),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}
