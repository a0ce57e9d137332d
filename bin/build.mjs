// Builds dist/: the hot file fin.cjs and one CommonJS file for each module that the source imports dynamically.
// Node's own modules are reached through process.getBuiltinModule, which loads none of their lazy parts.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:http2';
import { builtinModules } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { createZstdDecompress } from 'node:zlib';

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'src');
const dist = join(root, 'dist');

/** `src/cli/commands/quote.ts` -> `cli-commands-quote.cjs`; the entry is `fin.cjs`. */
function outputName(file) {
  const path = relative(source, file).replace(/\.ts$/, '').replaceAll(/[\\/]/g, '-');
  return path === 'main' ? 'fin.cjs' : `${path}.cjs`;
}

/** What every data command loads, whatever it answers: inside the hot file they share its parts and cost no look-up. */
const HOT = new Set(['cli/data-commands.ts', 'runtime.ts'].map((path) => join(source, path)));

/** Makes every dynamic import of our other own source a file of its own, loaded when it is used. */
function lazyFiles(found) {
  return {
    name: 'lazy-files',
    setup(builder) {
      builder.onResolve({ filter: /^\.\.?\// }, (args) => {
        if (args.kind !== 'dynamic-import' || !args.resolveDir.startsWith(source)) return undefined;
        const file = resolve(args.resolveDir, args.path);
        if (HOT.has(file)) return undefined;
        found.add(file);
        return { path: `./${outputName(file)}`, external: true };
      });
    },
  };
}

/** cli-table3 measures text with string-width, whose tables cost more than the table itself; it wants a function, not a namespace. */
const lightStringWidth = {
  name: 'light-string-width',
  setup(builder) {
    const light = join(source, 'render/string-width.ts');
    builder.onResolve({ filter: /^string-width$/ }, () => ({ path: light, namespace: 'light-string-width' }));
    builder.onLoad({ filter: /.*/, namespace: 'light-string-width' }, () => ({
      contents: `module.exports = require(${JSON.stringify(light)}).default`,
      resolveDir: root,
      loader: 'js',
    }));
  },
};

/** chalk asks the terminal what colours it has when it is loaded, which loads Node's network layer; fin decides by itself. */
const ownColourDecision = {
  name: 'own-colour-decision',
  setup(builder) {
    builder.onResolve({ filter: /^#supports-color$/ }, () => ({
      path: 'supports-color',
      namespace: 'own-colour-decision',
    }));
    builder.onLoad({ filter: /.*/, namespace: 'own-colour-decision' }, () => ({
      contents: 'export default { stdout: false, stderr: false }',
      loader: 'js',
    }));
  },
};

/** What got checks its options with makes two list formatters when it is loaded, eleven milliseconds for the words of an error. */
const lazyListFormat = {
  name: 'lazy-list-format',
  setup(builder) {
    builder.onLoad({ filter: /@sindresorhus[\\/]is[\\/]distribution[\\/]index\.js$/ }, (args) => {
      const found = /= new Intl\.ListFormat\((.*)\);/g;
      const source = readFileSync(args.path, 'utf8');
      if ([...source.matchAll(found)].length !== 2)
        throw new Error('@sindresorhus/is makes its list formatters in another way: see lazyListFormat');
      return {
        contents: source.replaceAll(found, '= { format: (list) => new Intl.ListFormat($1).format(list) };'),
        loader: 'js',
      };
    });
  },
};

/** got reads a few names of HTTP/2 when it is loaded, which loads all of it; fin speaks HTTP/1.1, and the names are the protocol's. */
const http2Names = {
  name: 'http2-names',
  setup(builder) {
    builder.onLoad({ filter: /got[\\/]dist[\\/]source[\\/]core[\\/]utils[\\/]http2-client\.js$/ }, (args) => {
      const found = /const \{([A-Z\d_, ]+)\} = http2\.constants;/;
      const source = readFileSync(args.path, 'utf8');
      const names =
        found
          .exec(source)?.[1]
          .split(',')
          .map((name) => name.trim())
          .filter(Boolean) ?? [];
      if (names.length === 0 || names.some((name) => constants[name] === undefined))
        throw new Error('got reads the names of HTTP/2 in another way: see http2Names');
      const values = Object.fromEntries(names.map((name) => [name, constants[name]]));
      return { contents: source.replace('= http2.constants;', `= ${JSON.stringify(values)};`), loader: 'js' };
    });
  },
};

/** got looks when it is loaded whether Node can unpack zstd, which loads all of zlib; every Node that fin runs on can. */
const zstdIsThere = {
  name: 'zstd-is-there',
  setup(builder) {
    builder.onLoad({ filter: /decompress-response(?:[\\/]index)?\.js$/ }, (args) => {
      const found = "typeof zlib.createZstdDecompress === 'function'";
      const source = readFileSync(args.path, 'utf8');
      if (source.split(found).length !== 2 || typeof createZstdDecompress !== 'function')
        throw new Error('got looks for zstd in another way: see zstdIsThere');
      return { contents: source.replace(found, 'true'), loader: 'js' };
    });
  },
};

/** bottleneck waits for its turns of the event loop with timers of 0 ms, which Node makes 1 ms: six to a request that leaves at once. */
const turnsWithoutTimers = {
  name: 'turns-without-timers',
  setup(builder) {
    builder.onLoad({ filter: /bottleneck[\\/]lib[\\/]LocalDatastore\.js$/ }, (args) => {
      const found = 'return setTimeout(resolve, t);';
      const source = readFileSync(args.path, 'utf8');
      if (source.split(found).length !== 2)
        throw new Error('bottleneck waits for its turns in another way: see turnsWithoutTimers');
      return {
        contents: source.replace(found, 'return t > 0 ? setTimeout(resolve, t) : setImmediate(resolve);'),
        loader: 'js',
      };
    });
  },
};

const PATCHES = [lightStringWidth, ownColourDecision, lazyListFormat, http2Names, zstdIsThere, turnsWithoutTimers];
const patched = new Set();

/** The same plugins; a patch whose file was never seen would be lost without a word when a package moves it. */
function watchPatches() {
  return PATCHES.map(({ name, setup }) => ({
    name,
    setup: (builder) =>
      setup({
        onResolve: (filter, answer) => builder.onResolve(filter, answer),
        onLoad: (filter, answer) =>
          builder.onLoad(filter, (args) => {
            patched.add(name);
            return answer(args);
          }),
      }),
  }));
}

const BUILTINS = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));

/**
 * Imports of Node's own modules become look-ups that happen at their first use: what a command does not use (commander's
 * child_process, a hash) is not loaded. `require` in CommonJS packages becomes a look-up without esbuild's interop.
 */
function reachBuiltinsDirectly(code) {
  const helper =
    'var __builtin=(n)=>{let m;const l=()=>m??=process.getBuiltinModule(n);' +
    'return new Proxy({},{get:(_,k)=>k==="default"?l():l()[k],has:(_,k)=>k in l()})};\n';
  const isBuiltin = (name) => BUILTINS.has(name) || name.startsWith('node:');
  const rewritten = code
    .replaceAll(/__toESM\(require\("([^"]+)"\)(?:, ?1)?\)/g, (text, name) =>
      isBuiltin(name) ? `__builtin("${name}")` : text,
    )
    .replaceAll(/\b(import_\w+ ?= ?)require\("([^"]+)"\)/g, (text, variable, name) =>
      isBuiltin(name) ? `${variable}__builtin("${name}")` : text,
    )
    .replaceAll(/\brequire\("([^"]+)"\)/g, (text, name) =>
      isBuiltin(name) ? `process.getBuiltinModule("${name}")` : text,
    );
  return rewritten.startsWith('"use strict";')
    ? rewritten.replace('"use strict";', `"use strict";${helper}`)
    : helper + rewritten;
}

async function buildFile(file, found) {
  const result = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    outfile: join(dist, outputName(file)),
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    supported: { 'dynamic-import': false },
    minify: false,
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: false,
    legalComments: 'none',
    charset: 'ascii',
    define: { 'import.meta.dirname': '__dirname' },
    loader: { '.md': 'text' },
    metafile: true,
    logLevel: 'warning',
    mainFields: ['module', 'main'],
    // Drivers of @keyv/sqlite that are never chosen: ours is handed to it.
    external: ['bun:sqlite', 'better-sqlite3'],
    plugins: [lazyFiles(found), ...watchPatches()],
  });
  return {
    name: outputName(file),
    code: reachBuiltinsDirectly(toAscii(result.outputFiles[0].text)),
    inputs: Object.keys(result.metafile.inputs).filter((input) => existsSync(join(root, input))),
  };
}

function packageOf(input) {
  const at = input.lastIndexOf('node_modules/');
  if (at < 0) return undefined;
  const [first, second] = input.slice(at + 'node_modules/'.length).split('/');
  return join(root, input.slice(0, at), 'node_modules', first.startsWith('@') ? `${first}/${second}` : first);
}

/** The licence of every package that is inside the built files. */
function writeNotices(inputs) {
  const folders = [...new Set(inputs.map(packageOf).filter(Boolean))].sort();
  const notices = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? `Licence: ${license}` : readFileSync(join(folder, file), 'utf8').trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  writeFileSync(
    join(root, 'THIRD_PARTY_NOTICES'),
    `fin contains the following packages.\n\n${notices.join(`\n${'-'.repeat(78)}\n\n`)}`,
  );
}

/** esbuild leaves regular expressions as they are; one character outside Latin-1 doubles the memory of a whole file. */
function toAscii(code) {
  return code.replaceAll(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * The code as the function that bin/fin.js calls (wrapping it there would copy it), after a line with its hash, by which
 * the compiled code of exactly this text is found.
 */
function withHash(code) {
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 16);
  return `//${hash}\n(function(exports,require,module,__filename,__dirname){${code}\n})`;
}

/** What is inside each file is kept beside them, for the test and the bench of what a start loads. All files or none: what runs meanwhile keeps the old ones, a failed build changes nothing. */
function replaceDist(files) {
  const fresh = `${dist}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  for (const { name, code } of files) writeFileSync(join(fresh, name), withHash(code));
  const contents = Object.fromEntries(
    files.map(({ name, inputs }) => [name, inputs.map((input) => relative(root, realpathSync(join(root, input))))]),
  );
  writeFileSync(join(fresh, 'contents.json'), JSON.stringify(contents));
  const old = `${fresh}.old`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

const queue = new Set([join(source, 'main.ts')]);
const files = [];
for (const file of queue) files.push(await buildFile(file, queue));
const lost = PATCHES.filter(({ name }) => !patched.has(name));
if (lost.length > 0) throw new Error(`the build found nothing to patch for ${lost.map(({ name }) => name).join(', ')}`);
replaceDist(files);
writeNotices(files.flatMap((file) => file.inputs));
process.stdout.write(`built ${files.length} files into dist\n`);
