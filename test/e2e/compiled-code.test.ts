// The compiled code that Node keeps between runs: it runs what it finds, so it is kept in the cache folder and only where
// nobody else can write; a start without it, or with a damaged one, is only slower.
import { chmod, mkdir, readdir, readFile, rename, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createHome } from '../helpers/run-fin.ts';

async function openCache() {
  const home = await createHome();
  const cache = join(home.folder, 'code-cache');
  await mkdir(cache, { mode: 0o700 });
  const compiled = join(cache, 'compiled');
  const help = async (env: Record<string, string> = {}): Promise<string> => {
    const run = await home.run(['--help'], { env: { FIN_CACHE_DIR: cache, ...env } });
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    return run.stdout;
  };
  const findFiles = async (folder = compiled): Promise<string[]> => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  };
  return { home, cache, compiled, help, findFiles };
}

describe('compiled code', () => {
  it('is kept in the cache folder, and a damaged one changes no answer', async () => {
    const { home, help, findFiles } = await openCache();
    await using _closed = home;
    const text = await help();
    const files = await findFiles();
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) await writeFile(file, (await readFile(file)).subarray(0, (await stat(file)).size >> 1));
    expect(await help()).toBe(text);
  });

  it('is neither read nor written in a folder that others can write to, below or above', async () => {
    const { home, cache, compiled, help, findFiles } = await openCache();
    await using _closed = home;
    await chmod(cache, 0o777);
    await help();
    expect(await findFiles(cache)).toEqual([]);

    await chmod(cache, 0o700);
    await mkdir(compiled);
    await chmod(compiled, 0o777);
    await help();
    expect(await findFiles(cache)).toEqual([]);

    await chmod(compiled, 0o700);
    await chmod(home.folder, 0o777);
    await help();
    expect(await findFiles(cache)).toEqual([]);
  });

  it('follows a link only to a folder of this user', async () => {
    const { home, cache, compiled, help, findFiles } = await openCache();
    await using _closed = home;
    const elsewhere = join(home.folder, 'elsewhere');
    await mkdir(elsewhere);
    await chmod(elsewhere, 0o777);
    await symlink(elsewhere, compiled);
    await help();
    expect(await findFiles(elsewhere)).toEqual([]);

    await rename(cache, `${cache}-moved`);
    await symlink(elsewhere, cache);
    await help();
    expect(await findFiles(elsewhere)).toEqual([]);
  });

  it('is not read from a folder of a Node version that is a link or that others can write to', async () => {
    const { home, compiled, help, findFiles } = await openCache();
    await using _closed = home;
    await help();
    const [version = ''] = await readdir(compiled);
    const folder = join(compiled, version);
    await rename(folder, join(home.folder, 'aside'));
    await symlink(join(home.folder, 'elsewhere'), folder);
    await mkdir(join(home.folder, 'elsewhere'));
    await help();
    expect(await findFiles(join(home.folder, 'elsewhere'))).toEqual([]);

    await unlink(folder);
    await mkdir(folder);
    await chmod(folder, 0o777);
    await help();
    expect(await findFiles()).toEqual([]);
  });

  it('is not kept in a cache folder that is named from the working directory, which may bring one', async () => {
    const { home, help } = await openCache();
    await using _closed = home;
    await mkdir(join(home.workDir, 'local/compiled'), { recursive: true });
    await help({ FIN_CACHE_DIR: 'local' });
    expect(await readdir(join(home.workDir, 'local/compiled'))).toEqual([]);
  });

  it('is kept nowhere where there is no cache folder yet, and the temporary folder stays empty', async () => {
    const { home, cache, help } = await openCache();
    await using _closed = home;
    const temporary = join(home.folder, 'tmp');
    await mkdir(temporary);
    await help({ TMPDIR: temporary, FIN_CACHE_DIR: join(cache, 'missing') });
    expect(await readdir(temporary)).toEqual([]);
    expect(await readdir(cache)).toEqual([]);
  });
});
