// The compiled code that is kept between runs: V8 believes what it reads, so it is kept privately and whole, and a start
// without it, or with a damaged one, is only slower.
import { chmod, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createHome } from '../helpers/run-fin.ts';

async function openTemporary() {
  const home = await createHome();
  const temporary = join(home.folder, 'tmp');
  await mkdir(temporary);
  const help = async (): Promise<string> => {
    const run = await home.run(['--help'], { env: { TMPDIR: temporary } });
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    return run.stdout;
  };
  const findFiles = async (): Promise<string[]> => {
    const entries = await readdir(temporary, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  };
  return { home, temporary, help, findFiles };
}

describe('compiled code', () => {
  it('is kept for this user alone, and a damaged one is replaced without a word', async () => {
    const { home, temporary, help, findFiles } = await openTemporary();
    await using _closed = home;
    const text = await help();
    const [file = '', ...others] = await findFiles();
    expect(others).toEqual([]);
    const [folder = ''] = await readdir(temporary);
    expect([(await stat(join(temporary, folder))).mode & 0o777, (await stat(file)).mode & 0o777]).toEqual([
      0o700, 0o600,
    ]);

    const whole = (await stat(file)).size;
    await writeFile(file, (await readFile(file)).subarray(0, whole >> 1));
    expect(await help()).toBe(text);
    expect((await stat(file)).size).toBeGreaterThan(whole / 2 + 1000);
  });

  it('is neither read nor written where others could write', async () => {
    const { home, temporary, help, findFiles } = await openTemporary();
    await using _closed = home;
    await help();
    const [folder = ''] = await readdir(temporary);
    const [file = ''] = await findFiles();
    await chmod(join(temporary, folder), 0o777);
    await writeFile(file, 'not code');
    expect(await help()).toContain('Usage: fin');
    expect(await readFile(file, 'utf8')).toBe('not code');
  });
});
