// Runs the real built program as a user does: its own home, cache and working folder, an environment without any key.
// What a test adds to the environment is all that differs from a fresh machine.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const PROJECT_ROOT = resolve(import.meta.dirname, '../..');
const PROGRAM = join(PROJECT_ROOT, 'bin/fin.js');
/** Catches what hangs; a busy machine takes seconds for what takes a tenth of one. */
const MOST_RUN_MS = 50_000;

export interface RunOptions {
  /** Over the scrubbed environment; undefined takes a variable away. */
  env?: Record<string, string | undefined>;
  /** Written to standard input, which is then closed; absent: closed at once; `open`: stays open and silent. */
  stdin?: string | { open: true };
  workingDirectory?: string;
}

export interface FinRun {
  stdout: string;
  stderr: string;
  /** Null where a signal ended the process. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  ms: number;
}

export interface StartedFin {
  child: ChildProcessWithoutNullStreams;
  /** Ends with the process. */
  ended: Promise<FinRun>;
  /** Resolves when standard output or error has shown this text. */
  shows(text: string | RegExp): Promise<string>;
}

/** One user's machine. */
export interface FinHome extends AsyncDisposable {
  folder: string;
  cacheDir: string;
  cacheFile: string;
  /** The default one of this home. */
  dataDir: string;
  workDir: string;
  env: Record<string, string>;
  run(args: readonly string[], options?: RunOptions): Promise<FinRun>;
  start(args: readonly string[], options?: RunOptions): StartedFin;
  /** A line of shell in which `fin` is the program. */
  shell(line: string, options?: RunOptions): Promise<FinRun>;
}

/** @param env for every run of this home */
export async function createHome(env: Record<string, string> = {}): Promise<FinHome> {
  if (!existsSync(join(PROJECT_ROOT, 'dist/fin.cjs')))
    throw new Error('fin is not built: run npm run build before these tests');
  const folder = await mkdtemp(join(tmpdir(), 'fin-e2e-'));
  const cacheDir = join(folder, 'cache');
  const workDir = join(folder, 'work');
  await mkdir(workDir);
  const base: Record<string, string> = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: folder,
    TMPDIR: tmpdir(),
    FIN_CACHE_DIR: cacheDir,
    ...env,
  };

  function start(args: readonly string[], options: RunOptions = {}): StartedFin {
    return watch(process.execPath, [PROGRAM, ...args], base, workDir, options);
  }

  const running: StartedFin[] = [];
  const keep = (started: StartedFin): StartedFin => {
    running.push(started);
    return started;
  };

  return {
    folder,
    cacheDir,
    cacheFile: join(cacheDir, 'cache.sqlite'),
    dataDir: join(folder, '.local/share/fin'),
    workDir,
    env: base,
    start: (args, options) => keep(start(args, options)),
    run: (args, options) => keep(start(args, options)).ended,
    shell: (line, options) =>
      keep(
        watch(
          '/bin/bash',
          ['-c', `fin() { "${process.execPath}" "${PROGRAM}" "$@"; }; ${line}`],
          base,
          workDir,
          options ?? {},
        ),
      ).ended,
    async [Symbol.asyncDispose]() {
      for (const { child } of running) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await Promise.all(running.map(({ ended }) => ended));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function watch(
  program: string,
  args: readonly string[],
  base: Record<string, string>,
  workDir: string,
  options: RunOptions,
): StartedFin {
  const env = Object.fromEntries(
    Object.entries({ ...base, ...options.env }).filter(([, value]) => value !== undefined),
  );
  const startedMs = performance.now();
  const child = spawn(program, args, { cwd: options.workingDirectory ?? workDir, env, stdio: 'pipe' });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const listener of listeners) listener();
  });
  child.stdin.on('error', () => undefined);
  if (typeof options.stdin !== 'object') child.stdin.end(options.stdin ?? '');
  const timer = setTimeout(() => child.kill('SIGKILL'), MOST_RUN_MS);
  const ended = new Promise<FinRun>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      clearTimeout(timer);
      resolve({ stdout, stderr, exitCode, signal, ms: performance.now() - startedMs });
    });
  });
  const shows = (text: string | RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const shown = `${stdout}\n${stderr}`;
        if (typeof text === 'string' ? !shown.includes(text) : !text.test(shown)) return;
        listeners.delete(look);
        resolve(shown);
      };
      listeners.add(look);
      void ended.then(() => reject(new Error(`fin ended without showing ${String(text)}:\n${stdout}\n${stderr}`)));
      look();
    });
  return { child, ended, shows };
}

/** All that this machine's cache and data folder hold, byte for byte. */
export function keptBytes({ cacheDir, dataDir }: Pick<FinHome, 'cacheDir' | 'dataDir'>): string {
  return [cacheDir, dataDir]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'latin1'))
    .join('\n');
}

/** The print one JSON document. */
export function documentOf(run: FinRun): Document {
  return JSON.parse(run.stdout) as Document;
}

/** What tests read of a document; its exact shape is checked by json-shapes.ts. */
export interface Document {
  schema: string;
  command: string;
  ok: boolean;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape differs by command and is checked elsewhere
  data?: any;
  errors: { symbol?: string; code: string; message: string; hint?: string }[];
  meta: {
    provider?: string;
    sample: boolean;
    asOf?: string;
    fetchedAt?: string;
    freshness?: string;
    ageMs?: number;
    providerCalls: number;
    elapsedMs: number;
  };
  question?: string;
  answer?: string;
  toolCalls?: { name: string; arguments: Record<string, unknown>; ok: boolean }[];
  model?: { name: string };
}
