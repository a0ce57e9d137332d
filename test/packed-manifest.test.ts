// What npm pack puts into a package besides files: a package.json without anything that only a checkout needs.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const PROJECT_ROOT = resolve(import.meta.dirname, '..');

it('a package has no scripts and no dependencies, and the checkout has its own manifest back afterwards', () => {
  const copy = mkdtempSync(join(tmpdir(), 'fin-pack-'));
  try {
    mkdirSync(join(copy, 'node_modules'));
    for (const file of ['package.json', 'bin/manifest.mjs']) cpSync(join(PROJECT_ROOT, file), join(copy, file));
    const read = (): string => readFileSync(join(copy, 'package.json'), 'utf8');
    const own = read();
    execFileSync(process.execPath, [join(copy, 'bin/manifest.mjs'), 'reduce']);
    const packed = JSON.parse(read()) as Record<string, unknown>;
    expect(Object.keys(packed)).toEqual([
      'name',
      'version',
      'description',
      'license',
      'type',
      'engines',
      'bin',
      'files',
    ]);
    expect(packed).toMatchObject({ bin: { fin: 'bin/fin.js' }, engines: { node: '>=24.15' } });
    execFileSync(process.execPath, [join(copy, 'bin/manifest.mjs'), 'restore']);
    expect(read()).toBe(own);
    expect(own).toContain('"prepare"');
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});

it('a package that is stopped half-way, or made twice, loses the checkout nothing', async () => {
  const copy = mkdtempSync(join(tmpdir(), 'fin-pack-'));
  try {
    mkdirSync(join(copy, 'node_modules'));
    for (const file of ['package.json', 'bin/manifest.mjs']) cpSync(join(PROJECT_ROOT, file), join(copy, file));
    const read = (): string => readFileSync(join(copy, 'package.json'), 'utf8');
    const own = read();
    const reduce = `"${process.execPath}" "${join(copy, 'bin/manifest.mjs')}" reduce`;
    // Called npm, and killed after what it calls before it packs.
    const npm = spawn('/bin/bash', ['-c', `${reduce}; ${reduce}; echo reduced; exec sleep 60`], { argv0: 'npm' });
    await once(npm.stdout, 'data');
    expect(read()).not.toContain('"scripts"');
    npm.kill('SIGKILL');
    await expect.poll(read, { timeout: 10_000 }).toBe(own);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});
