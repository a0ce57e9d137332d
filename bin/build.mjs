// Builds dist/: the hot file fin.cjs and one CommonJS file for each module that the source imports dynamically.
// Node's own modules are reached through process.getBuiltinModule, which loads none of their lazy parts.
import { build } from 'esbuild';
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
import { builtinModules } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { http2Names } from './patches/http2-names.mjs';
import { lazyListFormat } from './patches/lazy-list-format.mjs';
import { lightStringWidth } from './patches/light-string-width.mjs';
import { noSchemaValidator } from './patches/no-schema-validator.mjs';
import { ownColourDecision } from './patches/own-colour-decision.mjs';
import { compileUsualCommands } from './compile.mjs';
import { storeClientAlone } from './patches/store-client-alone.mjs';
import { buildPage } from './page.mjs';
import { turnsWithoutTimers } from './patches/turns-without-timers.mjs';
import { zstdIsThere } from './patches/zstd-is-there.mjs';

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'src');
const dist = join(root, 'dist');

/** `src/cli/commands/quote.ts` -> `cli-commands-quote.cjs`; the entry is `fin.cjs`. */
function outputName(file) {
  const path = relative(source, file).replace(/\.ts$/, '').replaceAll(/[\\/]/g, '-');
  return path === 'main' ? 'fin.cjs' : `${path}.cjs`;
}

/** Makes every dynamic import of our other own source a file of its own, loaded when it is used. */
function lazyFiles(found) {
  return {
    name: 'lazy-files',
    setup(builder) {
      builder.onResolve({ filter: /^\.\.?\// }, (args) => {
        if (args.kind !== 'dynamic-import' || !args.resolveDir.startsWith(source)) return undefined;
        const file = resolve(args.resolveDir, args.path);
        found.add(file);
        return { path: `./${outputName(file)}`, external: true };
      });
    },
  };
}

/** Texts for a file beside the built ones, by their names. */
const madeTexts = new Map();

/**
 * The planner's words are looked up in texts that this file makes: made here, they cost a start nothing, and in a file of
 * their own they are not read again as code.
 */
const madeBefore = {
  name: 'made-before',
  setup(builder) {
    builder.onLoad({ filter: /[\\/](?:planner|words)[\\/](?:phrase|names|session)-index\.ts$/ }, async ({ path }) => {
      const file = outputName(path).replace('.cjs', '.txt');
      const texts = [];
      const asText = (text) => `texts[${texts.push(text) - 1}]`;
      const asCode = (value) =>
        typeof value === 'string'
          ? asText(value)
          : `{${Object.entries(value).map(([name, text]) => `${name}: ${asText(text)}`)}}`;
      const made = Object.entries(await import(pathToFileURL(path)));
      const code = made.map(([name, value]) => `export const ${name} = ${asCode(value)};`);
      madeTexts.set(file, texts.join('\f'));
      const read = `readFileSync(import.meta.dirname + '/${file}', 'utf8').split('\\f')`;
      return {
        contents: `import { readFileSync } from 'node:fs';\nconst texts = ${read};\n${code.join('\n')}`,
        resolveDir: source,
      };
    });
  },
};

const PATCHES = [
  lightStringWidth,
  ownColourDecision,
  lazyListFormat,
  http2Names,
  zstdIsThere,
  turnsWithoutTimers,
  noSchemaValidator,
  storeClientAlone,
];
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

/** Own source files inside the hot file, each with the names that it exports. */
async function findParts(hot) {
  const files = hot.filter((input) => input.startsWith('src/') && input !== 'src/main.ts');
  const { metafile } = await build({
    ...OPTIONS,
    entryPoints: files.map((file) => join(root, file)),
    bundle: false,
    format: 'esm',
    outbase: source,
    outdir: dist,
  });
  return new Map(Object.values(metafile.outputs).map(({ entryPoint, exports }) => [join(root, entryPoint), exports]));
}

/**
 * The hot file hands its parts out, so that they are loaded, and hold what they hold, once in a process. A part's names
 * are looked up when another file asks: getters for all of them cost each start a millisecond.
 */
function handOut(parts) {
  const files = [...parts];
  return [
    `import ${JSON.stringify(main)};`,
    ...files.map(([file], index) => `import * as part${index} from ${JSON.stringify(file)};`),
    'export function part(name) { switch (name) {',
    ...files.map(([file, names], index) => {
      const values = names.map((name) => `${name}: part${index}.${name}`);
      return `case ${JSON.stringify(relative(source, file))}: return { ${values.join(', ')} };`;
    }),
    '} }',
  ].join('\n');
}

/** In every other file an import of such a part takes it from the hot file. */
function partsOfHotFile(parts) {
  return {
    name: 'parts-of-hot-file',
    setup(builder) {
      builder.onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir }) => {
        if (path === './fin.cjs') return { path, external: true };
        const file = resolve(resolveDir, path);
        return kind === 'import-statement' && parts.has(file) ? { path: file, namespace: 'hot' } : undefined;
      });
      builder.onLoad({ filter: /.*/, namespace: 'hot' }, ({ path }) => ({
        contents: [
          `const part = require('./fin.cjs').part(${JSON.stringify(relative(source, path))});`,
          ...parts
            .get(path)
            .map((name, index) => `const value${index} = part.${name}; export { value${index} as ${name} };`),
        ].join('\n'),
        resolveDir: source,
      }));
    },
  };
}

const OPTIONS = {
  write: false,
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
};

/** @param entry a file, or the text of one. */
async function buildFile(file, found, { entry, parts = new Map() } = {}) {
  const result = await build({
    ...OPTIONS,
    ...(entry === undefined
      ? { entryPoints: [file] }
      : { stdin: { contents: entry, resolveDir: source, sourcefile: 'parts' } }),
    bundle: true,
    outfile: join(dist, outputName(file)),
    // Drivers of @keyv/sqlite that are never chosen: ours is handed to it.
    external: ['bun:sqlite', 'better-sqlite3'],
    plugins: [lazyFiles(found), partsOfHotFile(parts), madeBefore, ...watchPatches()],
  });
  return {
    name: outputName(file),
    // The value of the file is a function, which bin/fin.js calls.
    code: `(function(exports,require,module,__filename,__dirname){${reachBuiltinsDirectly(toAscii(result.outputFiles[0].text))}\n})`,
    inputs: Object.entries(Object.values(result.metafile.outputs)[0].inputs)
      .filter(([input, { bytesInOutput }]) => bytesInOutput > 0 && existsSync(join(root, input)))
      .map(([input]) => input),
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

/** What is inside each file is kept beside them, for the test and the bench of what a start loads. All files or none: what runs meanwhile keeps the old ones, a failed build changes nothing. */
async function replaceDist(files) {
  const fresh = `${dist}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  for (const { name, code } of files) writeFileSync(join(fresh, name), code);
  for (const [name, text] of madeTexts) writeFileSync(join(fresh, name), text);
  const contents = Object.fromEntries(
    files.map(({ name, inputs }) => [name, inputs.map((input) => relative(root, realpathSync(join(root, input))))]),
  );
  writeFileSync(join(fresh, 'contents.json'), JSON.stringify(contents));
  await buildPage(join(source, 'serve/page'), join(fresh, 'page'));
  const old = `${fresh}.old`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

const main = join(source, 'main.ts');
const queue = new Set([main]);
const parts = await findParts((await buildFile(main, queue)).inputs);
const files = [];
for (const file of queue)
  files.push(
    await (file === main ? buildFile(file, queue, { entry: handOut(parts) }) : buildFile(file, queue, { parts })),
  );
const lost = PATCHES.filter(({ name }) => !patched.has(name));
if (lost.length > 0) throw new Error(`the build found nothing to patch for ${lost.map(({ name }) => name).join(', ')}`);
await replaceDist(files);
await compileUsualCommands(root);
writeNotices(files.flatMap((file) => file.inputs));
process.stdout.write(`built ${files.length} files into dist\n`);
