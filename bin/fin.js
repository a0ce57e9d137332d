#!/usr/bin/env node
// Finds a fit Node, answers --version at once, and runs the built program, whose compiled code Node keeps.
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
 * Node keeps its compiled code in the cache folder (`FIN_CACHE_DIR` as in src/config.ts; one that the settings file names
 * is not known yet, its starts are a little slower). Node runs what it finds there: only where nobody else can write.
 */
function keepCompiledCode() {
  const fs = process.getBuiltinModule('node:fs');
  // A relative one lies in a folder of somebody else's project, which may bring its own.
  const folder = findCacheFolder();
  const whole = folder?.startsWith('/') ? findOnlyOurs(fs, folder) : undefined;
  if (whole === undefined) return;
  const compiled = `${whole}/compiled`;
  // Node reads one folder in it for each of its versions.
  if (fs.existsSync(compiled) && !isAllOurs(fs, compiled)) return;
  process.getBuiltinModule('node:module').enableCompileCache(compiled);
}

function isAllOurs(fs, folder) {
  try {
    return (
      findOnlyOurs(fs, folder) === folder &&
      fs.readdirSync(folder).every((name) => findOnlyOurs(fs, `${folder}/${name}`) === `${folder}/${name}`)
    );
  } catch {
    return false;
  }
}

function findCacheFolder() {
  const { FIN_CACHE_DIR: named, XDG_CACHE_HOME: caches, HOME: home } = process.env;
  if (named) return named;
  try {
    const checkout = __dirname.slice(0, -'/bin'.length);
    if (process.cwd() === checkout) return `${checkout}/.cache`;
  } catch {
    // A working directory that was removed is not the checkout.
  }
  if (caches?.startsWith('/')) return `${caches}/fin`;
  return home?.startsWith('/') ? `${home}/.cache/fin` : undefined;
}

/**
 * The real path of this user's own folder, which nobody else can write to or put another in the place of. Without user
 * ids (Windows): none.
 */
function findOnlyOurs(fs, folder) {
  const user = process.getuid?.();
  try {
    const whole = fs.realpathSync(folder);
    const { uid, mode } = fs.statSync(whole);
    if (uid !== user || (mode & 0o022) !== 0) return undefined;
    for (let path = whole; path !== '/';) {
      path = path.slice(0, path.lastIndexOf('/')) || '/';
      const above = fs.statSync(path);
      const isSticky = (above.mode & 0o1000) !== 0;
      if ((above.uid !== user && above.uid !== 0) || ((above.mode & 0o022) !== 0 && !isSticky)) return undefined;
    }
    return whole;
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
  keepCompiledCode();
  require('../dist/fin.cjs');
}
