#!/usr/bin/env node
// Finds a fit Node, answers --version at once, and runs the built program with the compiled code beside it.
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
  // A terminal's Ctrl-C reaches both; a signal from a script reaches this one alone, and twice would be another wish.
  const hasTerminal = [0, 1, 2].some((fd) => require('node:tty').isatty(fd));
  process.on('SIGINT', () => hasTerminal || child.kill('SIGINT'));
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
 * Loads a built file with V8's compiled code of the functions that usual commands run (bin/compile.mjs made it beside the
 * file, so only who may change the program may change it). Node's own compile cache keeps a file as it is before it runs,
 * without those functions. Code of another V8 is refused by V8 itself, and compiled anew.
 */
const loaded = new Map();
function load(name) {
  const held = loaded.get(name);
  if (held !== undefined) return held.exports;
  const module = { exports: {} };
  loaded.set(name, module);
  const fs = process.getBuiltinModule('node:fs');
  const filename = `${dist}/${name}`;
  const find = (id) => (id.startsWith('./') ? load(id.slice(2)) : require(id));
  const script = new (process.getBuiltinModule('node:vm').Script)(fs.readFileSync(filename, 'latin1'), {
    filename,
    cachedData: readIfThere(fs, `${filename}.v8`),
  });
  script.runInThisContext()(module.exports, find, module, filename, dist);
  return module.exports;
}

function readIfThere(fs, file) {
  try {
    return fs.readFileSync(file);
  } catch {
    return undefined;
  }
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
  load('fin.cjs');
}
