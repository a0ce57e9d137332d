// iovalkey loads its cluster client, a debugger with its colors, TLS and hashes where nothing is encrypted or hashed, and its errors load
// node:assert: two thirds of what its start takes, for nothing that is used.
import { readFileSync } from 'node:fs';

const STUBS = {
  './cluster': 'exports.default = class {};',
  debug:
    'const quiet = () => Object.assign(() => {}, { enabled: false }); quiet.default = quiet; module.exports = quiet;',
};

const REPLACED = [
  [/iovalkey[\\/]built[\\/]Pipeline\.js$/, '(0, util_1.deprecate)(', '((call) => call)('],
  [
    /iovalkey[\\/]built[\\/]Script\.js$/,
    'const crypto_1 = require("crypto");',
    'const crypto_1 = { get createHash() { return require("crypto").createHash; } };',
  ],
  [
    /redis-errors[\\/]lib[\\/]modern\.js$/,
    "const assert = require('assert')",
    "const assert = (ok) => { if (!ok) throw new TypeError('no buffer or offset') }; assert.strictEqual = (a, b) => assert(a === b)",
  ],
  [
    /iovalkey[\\/]built[\\/]connectors[\\/](?:StandaloneConnector|SentinelConnector[\\/]index)\.js$/,
    'const tls_1 = require("tls");',
    'const tls_1 = { get connect() { return require("tls").connect; } };',
  ],
];

export const storeClientAlone = {
  name: 'store-client-alone',
  setup(builder) {
    builder.onResolve({ filter: /^(?:\.\/cluster|debug)$/ }, ({ path, importer }) =>
      /[\\/]iovalkey[\\/]built[\\/]/.test(importer) ? { path, namespace: 'store-client-alone' } : undefined,
    );
    builder.onLoad({ filter: /.*/, namespace: 'store-client-alone' }, ({ path }) => ({
      contents: STUBS[path],
      loader: 'js',
    }));
    for (const [filter, found, light] of REPLACED)
      builder.onLoad({ filter }, (args) => {
        const source = readFileSync(args.path, 'utf8');
        if (source.split(found).length !== 2)
          throw new Error(`${args.path} is not as it was: see bin/patches/store-client-alone.mjs`);
        return { contents: source.replace(found, light), loader: 'js' };
      });
  },
};
