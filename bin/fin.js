#!/usr/bin/env node
// Finds a fit Node, answers --version at once, and runs the built program.
'use strict';
const { existsSync } = process.getBuiltinModule ? process.getBuiltinModule('node:fs') : require('node:fs');
const NEEDED = [24, 15];
const program = `${__dirname}/../dist/fin.cjs`;

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

if (!isFit(process.versions.node)) {
  const own = `${__dirname}/../node_modules/node/bin/node`;
  if (existsSync(own)) runOnOwnNode(own);
  else fail(`Node ${process.versions.node} is too old: fin needs Node ${NEEDED.join('.')} or newer`, 'install a newer Node, or run npm ci in the checkout of fin');
} else if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  process.stdout.write(`${require('../package.json').version}\n`);
} else if (!existsSync(program)) {
  fail('fin is not built: dist/fin.cjs is missing', 'run npm ci, or npm run build');
} else {
  process.getBuiltinModule('node:module').enableCompileCache();
  require(program);
}
