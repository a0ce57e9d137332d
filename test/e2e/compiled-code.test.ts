// The compiled code that the build keeps beside the built files: a start uses it, runs code from nowhere else, and does
// without where it is damaged or of another V8.
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT, createHome } from '../helpers/run-fin.ts';

const DIST = join(PROJECT_ROOT, 'dist');

describe('compiled code', () => {
  it('is that of the built files, and V8 takes it', async () => {
    for (const name of ['fin.cjs', 'cli-ask.cjs', 'http-got-transport.cjs']) {
      const filename = join(DIST, name);
      const script = new Script(await readFile(filename, 'latin1'), {
        filename,
        cachedData: await readFile(`${filename}.v8`),
      });
      expect([name, script.cachedDataRejected]).toEqual([name, false]);
    }
  });

  it('is written by no run, neither in the cache folder nor in the temporary one', async () => {
    await using home = await createHome();
    const temporary = join(home.folder, 'tmp');
    await mkdir(temporary);
    const run = await home.run(['ask', 'price of NVDA'], { env: { TMPDIR: temporary } });
    expect(run.exitCode).toBe(0);
    expect(await readdir(temporary)).toEqual([]);
    expect((await readdir(home.cacheDir)).filter((name) => !name.startsWith('cache.sqlite'))).toEqual([]);
  });

  it('changes no answer where it is missing, cut off or of another program', async () => {
    await using home = await createHome();
    const copy = join(home.folder, 'copy');
    for (const part of ['bin', 'dist', 'package.json'])
      await cp(join(PROJECT_ROOT, part), join(copy, part), { recursive: true });
    await symlink(join(PROJECT_ROOT, 'node_modules'), join(copy, 'node_modules'));
    const help = async (): Promise<string> => {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [
        join(copy, 'bin/fin.js'),
        'help',
        'quote',
      ]);
      expect(stderr).toBe('');
      return stdout;
    };
    const text = await help();
    const kept = join(copy, 'dist/fin.cjs.v8');
    const whole = await readFile(kept);
    for (const damaged of [whole.subarray(0, whole.length >> 1), Buffer.from('no code'), Buffer.alloc(0)]) {
      await writeFile(kept, damaged);
      expect(await help()).toBe(text);
    }
    await rm(kept);
    expect(await help()).toBe(text);
  });
});
