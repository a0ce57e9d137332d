#!/usr/bin/env node
// Finds a fit Node, answers --version at once, and runs the built program with its compiled code kept between runs.
'use strict';
const { existsSync } = process.getBuiltinModule ? process.getBuiltinModule('node:fs') : require('node:fs');
const NEEDED = [24, 15];
const dist = `${__dirname}/../dist`;

function isFit(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

function fail(what, hint) {
  process.stderr.write(`fin: ${what}\nhint: ${hint}\n`);
  process.exitCode = 3;
}

/** Runs this file again on the Node of the `node` package; streams are inherited, signals and exit code mirrored. */
function runOnOwnNode(node) {
  const { spawn } = require('node:child_process');
  const child = spawn(node, [__filename, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`cannot start ${node}: ${error.message}`, 'run npm ci again'));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exitCode = code;
    else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}

/** Without Node's stream, which takes longer to load than all the rest of this. */
function printVersion(line) {
  try {
    process.getBuiltinModule('node:fs').writeSync(1, line);
  } catch (error) {
    if (error.code === 'EPIPE') return;
    fail(`standard output cannot be written (${error.code})`, 'see whether the disk is full');
    process.exitCode = 1;
  }
}

/**
 * Loads built files with V8's compiled code of the last run of the same command. Node's own compile cache keeps a file as
 * it was before it ran, without the functions that a command calls: compiling those was a third of a cached answer.
 */
function createLoader() {
  const fs = process.getBuiltinModule('node:fs');
  const { Script } = process.getBuiltinModule('node:vm');
  const loaded = new Map();
  const fresh = [];
  const folder =
    process.env.NODE_DISABLE_COMPILE_CACHE || process.env.NODE_V8_COVERAGE ? undefined : findCodeFolder(fs);
  const command = /^[a-z]{2,12}$/.test(process.argv[2] ?? '') ? process.argv[2] : 'fin';

  function load(name) {
    const held = loaded.get(name);
    if (held !== undefined) return held.exports;
    const module = { exports: {} };
    loaded.set(name, module);
    const filename = `${dist}/${name}`;
    // A line with the hash of the code, then the code as a function.
    const source = fs.readFileSync(filename, 'utf8');
    const kept = folder && `${folder}/${command}-${name}-${source.slice(2, 18)}`;
    const cachedData = kept && readIfThere(kept);
    const script = new Script(source, { filename, cachedData });
    if (kept && (cachedData === undefined || script.cachedDataRejected)) fresh.push({ kept, script });
    const find = (id) => (id.startsWith('./') ? load(id.slice(2)) : require(id));
    script.runInThisContext()(module.exports, find, module, filename, dist);
    return module.exports;
  }

  function readIfThere(file) {
    try {
      return fs.readFileSync(file);
    } catch {
      return undefined;
    }
  }

  /** Whole or not at all: V8 believes what it reads. Where it cannot be kept, the next start is as slow as this one. */
  function keep(code) {
    if (code !== 0 || fresh.length === 0) return;
    try {
      if (!makeCodeFolder(fs, folder)) return;
      for (const { kept, script } of fresh) {
        const part = `${kept}.${process.pid}`;
        // Never through a link, and made before the data, which would be for nothing where nothing can be written.
        const file = fs.openSync(part, 'wx', 0o600);
        try {
          fs.writeFileSync(file, script.createCachedData(), { flush: true });
        } finally {
          fs.closeSync(file);
        }
        fs.renameSync(part, kept);
      }
      dropOld(fs, folder);
    } catch {
      return;
    }
  }

  process.on('exit', keep);
  return load;
}

/** A folder of this user's own beside Node's in the temporary folder; undefined where another user could write to it. */
function findCodeFolder(fs) {
  const { tmpdir } = process.getBuiltinModule('node:os');
  const folder = `${tmpdir()}/fin-code-${process.getuid?.() ?? 'user'}`;
  return isOwn(fs, folder, true) ? `${folder}/${process.version}-${process.arch}` : undefined;
}

/** A link is none, whoever it belongs to. */
function isOwn(fs, folder, orMissing) {
  try {
    const stats = fs.lstatSync(folder, { throwIfNoEntry: false });
    if (stats === undefined) return orMissing;
    return (
      stats.isDirectory() &&
      (process.getuid === undefined || (stats.uid === process.getuid() && (stats.mode & 0o077) === 0))
    );
  } catch {
    return false;
  }
}

/** False where another user was faster since the start. A temporary folder that is missing is not made. */
function makeCodeFolder(fs, folder) {
  const outer = folder.slice(0, folder.lastIndexOf('/'));
  for (const path of [outer, folder]) {
    try {
      fs.mkdirSync(path, { mode: 0o700 });
    } catch (error) {
      if (error.code !== 'EEXIST') return false;
    }
    if (!isOwn(fs, path, false)) return false;
  }
  return true;
}

/** What other versions of fin and of Node left: older than a month, or more than any use of one version makes. */
function dropOld(fs, folder) {
  const MONTH_MS = 30 * 24 * 3_600_000;
  const MOST_FILES = 200;
  const outer = folder.slice(0, folder.lastIndexOf('/'));
  const files = fs
    .readdirSync(outer)
    .flatMap((version) => fs.readdirSync(`${outer}/${version}`).map((name) => `${outer}/${version}/${name}`))
    .map((file) => ({ file, ageMs: Date.now() - (fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) }))
    .sort((a, b) => a.ageMs - b.ageMs);
  for (const [index, { file, ageMs }] of files.entries())
    if (index >= MOST_FILES || ageMs > MONTH_MS) fs.rmSync(file, { force: true });
}

if (!isFit(process.versions.node)) {
  const own = `${__dirname}/../node_modules/node/bin/node`;
  if (existsSync(own)) runOnOwnNode(own);
  else
    fail(
      `Node ${process.versions.node} is too old: fin needs Node ${NEEDED.join('.')} or newer`,
      'install a newer Node, or run npm ci in the checkout of fin',
    );
} else if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  printVersion(`${require('../package.json').version}\n`);
} else if (!existsSync(`${dist}/fin.cjs`)) {
  fail('fin is not built: dist/fin.cjs is missing', 'run npm ci, or npm run build');
} else {
  createLoader()('fin.cjs');
}
