// The package.json of the packed program: npm pack calls this before and after. What only a checkout needs is taken out
// meanwhile, because npm warns whoever installs a package with a prepare script, which has nothing to prepare there.
// npm may be stopped in between, and the reduced file calls nobody back: a guard that outlives npm restores it then.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const root = resolve(import.meta.dirname, '..');
const manifest = join(root, 'package.json');
/** The checkout's own, while a package is made; git ignores the folder. */
const kept = join(root, 'node_modules/.fin-package.json');
const CHECKOUT_ONLY = new Set(['scripts', 'devDependencies', 'overrides', 'allowScripts']);
const LOOK_EVERY_MS = 50;

const reduced = (text) => {
  const fields = Object.entries(JSON.parse(text)).filter(([name]) => !CHECKOUT_ONLY.has(name));
  return `${JSON.stringify(Object.fromEntries(fields), null, 2)}\n`;
};

/** Whole or not at all. */
function write(file, text) {
  const part = `${file}.${process.pid}`;
  writeFileSync(part, text);
  renameSync(part, file);
}

/** What a run that was stopped has left is put back first: a reduced manifest is never kept as the checkout's own. */
function reduce() {
  restore();
  const text = readFileSync(manifest, 'utf8');
  write(kept, text);
  write(manifest, reduced(text));
  spawn(process.execPath, [import.meta.filename, 'guard', String(findNpm())], {
    detached: true,
    stdio: 'ignore',
  }).unref();
}

/** A manifest that somebody has changed since is theirs and stays. */
function restore() {
  if (!existsSync(kept)) return;
  const own = readFileSync(kept, 'utf8');
  if (readFileSync(manifest, 'utf8') === reduced(own)) write(manifest, own);
  rmSync(kept, { force: true });
}

/** Waits for the end of npm, or for its call of restore. */
async function guard(npm) {
  while (existsSync(kept) && isAlive(npm)) await delay(LOOK_EVERY_MS);
  restore();
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** npm runs a script in a shell, which ends with it: the nearest ancestor that is called npm, else the parent. */
function findNpm() {
  let pid = process.ppid;
  for (let steps = 0; steps < 5; steps += 1) {
    const [, parent, words] = /^\s*(\d+)\s+(.*)$/s.exec(describe(pid)) ?? [];
    if (parent === undefined) break;
    if (/\bnpm\b/.test(words) && !/\bsh\b.* -c /.test(words)) return pid;
    pid = Number(parent);
  }
  return process.ppid;
}

function describe(pid) {
  try {
    return execFileSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}

const [, , action, pid] = process.argv;
if (action === 'reduce') reduce();
else if (action === 'guard') await guard(Number(pid));
else restore();
