// Started by a Node that is too old, the program runs on the one of the `node` package: streams, exit code and signals
// are those of one process. Skipped, and said, where PATH has no older Node.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT, createHome } from '../helpers/run-fin.ts';

const PROGRAM = join(PROJECT_ROOT, 'bin/fin.js');

function isOlder(node: string): boolean {
  try {
    accessSync(node, constants.X_OK);
    const [major = 0, minor = 0] = execFileSync(node, ['--version'], { encoding: 'utf8' })
      .slice(1)
      .split('.')
      .map(Number);
    return major < 24 || (major === 24 && minor < 15);
  } catch {
    // Not there, or no Node.
    return false;
  }
}

const older = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin']
  .map((folder) => join(folder, 'node'))
  .find(isOlder);

async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text;
}

describe.skipIf(older === undefined)(
  `a start by ${older ?? 'an older Node (skipped: PATH has none before 24.15)'}`,
  () => {
    it.each([
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const)('ends with %s that a script sends, and leaves nothing running', async (signal, exitCode) => {
      await using home = await createHome();
      const child = spawn(older ?? '', [PROGRAM, 'exchange', '--port', '0'], { cwd: home.workDir, env: home.env });
      const exited = once(child, 'exit');
      const url = /http:\S+/.exec(await firstLine(child))?.[0] ?? '';
      expect((await fetch(`${url}/v1/markets/clock`)).ok).toBe(true);
      child.kill(signal);
      expect(await exited).toEqual([exitCode, null]);
      await expect(fetch(`${url}/v1/markets/clock`)).rejects.toThrow();
    });

    it('passes on input, both outputs and the exit code', async () => {
      await using home = await createHome({ FIN_NOW: '2026-11-19T11:00:00-05:00' });
      const child = spawn(older ?? '', [PROGRAM, 'ask', '--json'], { cwd: home.workDir, env: home.env });
      child.stdin.end('price of ZZZZQ');
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (chunk) => (stdout += String(chunk)));
      child.stderr.on('data', (chunk) => (stderr += String(chunk)));
      expect(await once(child, 'close')).toEqual([4, null]);
      expect(JSON.parse(stdout)).toMatchObject({ ok: false, question: 'price of ZZZZQ' });
      expect(stderr).toMatch(/^fin: /m);
    });
  },
);
