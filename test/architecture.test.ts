// The structure of the source as tests: one direction, no cycles, one owner per library, small files that say what they
// hide, and nothing that start-up or a pure layer must not have.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = resolve(import.meta.dirname, '../src');

interface SourceFile {
  /** Relative to src/, `market/access.ts`. */
  path: string;
  text: string;
  imports: { target: string; isType: boolean }[];
  packages: string[];
}

const files: SourceFile[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map(readSource);

function readSource(path: string): SourceFile {
  const text = readFileSync(join(source, path), 'utf8');
  const statements = [...text.matchAll(/^(?:import|export)\s+(type\s+)?[^'";]*?from\s+'([^']+)'/gm)].map(
    ([, type, target]) => ({ target: target ?? '', isType: type !== undefined }),
  );
  const lazy = [...text.matchAll(/\bimport\('([^']+)'\)/g)].map(([, target]) => ({
    target: target ?? '',
    isType: false,
  }));
  const all = [...statements, ...lazy];
  const own = all
    .filter(({ target }) => target.startsWith('.'))
    .map((each) => ({ ...each, target: relative(source, resolve(source, dirname(path), each.target)) }));
  return {
    path,
    text,
    imports: own,
    packages: all
      .filter(({ target }) => !target.startsWith('.') && !target.startsWith('node:'))
      .map(({ target }) => target),
  };
}

/** From the top down. Files of src/ itself are the composition root and may import everything. */
const LAYERS = [
  'cli',
  'repl',
  'batch',
  'serve',
  'mcp',
  'app',
  'agent',
  'tools',
  'fields',
  'book',
  'market',
  'cache',
  'providers',
  'sample',
  'http',
  'files',
  'domain',
];

const layerOf = (path: string): string => (path.includes('/') ? (path.split('/')[0] ?? '') : 'root');

describe('the layers', () => {
  it('import only from below themselves', () => {
    const wrong = files.flatMap(({ path, imports }) =>
      imports
        .filter(({ target, isType }) => !mayImport(path, target, isType))
        .map(({ target }) => `${path} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('have no cycle between files, types and what is loaded when it is used included', () => {
    expect(findCycle()).toBeUndefined();
  });
});

function mayImport(from: string, to: string, isType: boolean): boolean {
  const [upper, lower] = [layerOf(from), layerOf(to)];
  if (upper === 'root' || upper === lower) return true;
  // Settings are read by the composition root and handed down as types.
  if (lower === 'root') return isType && to === 'config.ts';
  // The interactive session and the commands share a floor.
  if (upper === 'repl' && lower === 'cli') return true;
  // A view takes labels, units and forms from the fields, which know nothing of screens.
  if (upper === 'render') return lower === 'domain' || lower === 'fields';
  if (lower === 'render') return ['cli', 'repl', 'batch', 'serve', 'mcp', 'app', 'agent'].includes(upper);
  return LAYERS.indexOf(upper) < LAYERS.indexOf(lower);
}

function findCycle(): string[] | undefined {
  const edges = new Map(files.map(({ path, imports }) => [path, imports.map(({ target }) => target)]));
  const done = new Set<string>();
  function visit(path: string, trail: string[]): string[] | undefined {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const next of edges.get(path) ?? []) {
      const cycle = visit(next, [...trail, path]);
      if (cycle !== undefined) return cycle;
    }
    done.add(path);
    return undefined;
  }
  for (const { path } of files) {
    const cycle = visit(path, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

/** Which folder or file may import a library. */
const OWNERS: Readonly<Record<string, RegExp>> = {
  commander: /^cli\/program\.ts$/,
  '@inquirer/core': /^(repl|cli)\//,
  '@inquirer/prompts': /^(repl|cli)\//,
  openai: /^agent\/openai[\w-]*\.ts$/,
  got: /^http\/got-transport\.ts$/,
  bottleneck: /^http\/limiter\.ts$/,
  keyv: /^cache\/keyv-store\.ts$/,
  '@keyv/sqlite': /^cache\/sqlite-entries\.ts$/,
  '@keyv/valkey': /^cache\/redis-entries\.ts$/,
  iovalkey: /^cache\/redis-link\.ts$/,
  chalk: /^render\/theme\.ts$/,
  'cli-table3': /^render\/table-cli\.ts$/,
  'zod/mini': /^(providers|batch)\//,
  hono: /^serve\/app\.ts$/,
  '@hono/node-server': /^serve\/server\.ts$/,
  croner: /^serve\/jobs\.ts$/,
  yaml: /^batch\//,
  '@modelcontextprotocol/server': /^mcp\//,
};

describe('libraries', () => {
  it('are imported by their owner alone', () => {
    const wrong = files.flatMap(({ path, packages }) =>
      packages
        .filter(
          (name) => OWNERS[name.replace(/^(openai|@modelcontextprotocol\/server)\/.*/, '$1')]?.test(path) !== true,
        )
        .map((name) => `${path} imports ${name}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('every source file', () => {
  it('opens with two lines that say what it hides', () => {
    expect(
      files
        .filter(({ text }) => !/^\/\/ .+\n\/\/ .+\n/.test(text) && !/^\/\/ .{40,}\n/.test(text))
        .map(({ path }) => path),
    ).toEqual([]);
  });

  it('has at most 480 lines of code, a reader of language 700', () => {
    const mostOf = (path: string): number => (/^agent\/(?:planner|words|grounding)\//.test(path) ? 700 : 480);
    const long = files.filter(
      ({ path, text }) =>
        text.split('\n').filter((line) => line.trim() !== '' && !/^\s*(\/\/|\*|\/\*)/.test(line)).length > mostOf(path),
    );
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it('constructs no Intl and formats nothing by locale, which would cost half a start-up', () => {
    expect(
      files
        // A browser has it at hand.
        .filter(
          ({ path, text }) =>
            !path.startsWith('serve/page/') &&
            /\bIntl\.|toLocale(?!LowerCase|UpperCase)\w*String|\.localeCompare\(/.test(text),
        )
        .map(({ path }) => path),
    ).toEqual([]);
  });

  it('reads the environment only where settings are made', () => {
    const readers = files.filter(({ text }) => /\bprocess\.env\b/.test(text)).map(({ path }) => path);
    expect(readers).toEqual(['main.ts']);
  });
});

describe('the domain', () => {
  const domain = files.filter(({ path }) => layerOf(path) === 'domain');

  it('is pure: no clock, no chance, no input or output, no library', () => {
    const impure = domain.filter(
      ({ text, packages }) =>
        /Date\.now\(|Math\.random\(|new Date\(\)|from 'node:|process\.|console\./.test(text) || packages.length > 0,
    );
    expect(impure.map(({ path }) => path)).toEqual([]);
  });
});

describe('no module', () => {
  it('keeps state of its own between instances', () => {
    expect(files.filter(({ text }) => /^(?:export )?let /m.test(text)).map(({ path }) => path)).toEqual([]);
  });
});
