// What a run of the built program loads, as the run itself reports it: Node's modules, built files, packages and sources.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join, sep } from 'node:path';

/** Loaded before the program; writes at the end what the run has loaded and read. */
const HOOK = `
const fs = process.getBuiltinModule('node:fs');
const before = new Set(process.moduleLoadList);
const files = [];
const { readFileSync } = fs;
fs.readFileSync = (path, ...rest) => {
  const content = readFileSync(path, ...rest);
  files.push({ path: String(path), bytes: content.length });
  return content;
};
process.on('exit', () => {
  const builtins = process.moduleLoadList.filter((name) => !before.has(name)).map((name) => name.replace(/^NativeModule /, ''));
  fs.writeFileSync(process.env.LOAD_REPORT, JSON.stringify({ builtins, files }));
});
`;
const DIST = join(import.meta.dirname, '../../dist');

export interface LoadReport {
  /** Node's own modules beyond those of an empty program, `net`, `internal/streams/readable`. */
  builtins: string[];
  /** Built files, `fin.cjs`. */
  files: string[];
  /** npm packages inside those files. */
  packages: string[];
  /** Own modules inside them, `agent/loop.ts`. */
  modules: string[];
  /** Everything that was read with compiled code, settings and versions. */
  bytesRead: number;
}

/** Environment that makes a run of fin report to `reportFile`; a hook is written beside it. */
export function reportLoadsTo(reportFile: string): Record<string, string> {
  writeFileSync(`${reportFile}.cjs`, HOOK);
  return { NODE_OPTIONS: `--require ${reportFile}.cjs`, LOAD_REPORT: reportFile };
}

export function readLoadReport(reportFile: string): LoadReport {
  const { builtins, files } = JSON.parse(readFileSync(reportFile, 'utf8')) as {
    builtins: string[];
    files: { path: string; bytes: number }[];
  };
  const contents = JSON.parse(readFileSync(join(DIST, 'contents.json'), 'utf8')) as Record<string, string[]>;
  const loaded = files
    .map(({ path }) => path)
    .filter((path) => path.includes('dist/') && path.endsWith('.cjs'))
    .map((path) => basename(path));
  const inputs = loaded.flatMap((name) => contents[name] ?? []).map((input) => input.split(sep).join('/'));
  return {
    builtins,
    files: loaded,
    packages: [...new Set(inputs.flatMap((input) => packageOf(input) ?? []))].sort(),
    modules: [
      ...new Set(inputs.filter((input) => input.startsWith('src/')).map((input) => input.slice('src/'.length))),
    ].sort(),
    bytesRead: files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function packageOf(input: string): string | undefined {
  const [, path] = input.split(/node_modules\/(?!.*node_modules\/)/);
  const [first = '', second = ''] = path?.split('/') ?? [];
  return path === undefined ? undefined : first.startsWith('@') ? `${first}/${second}` : first;
}
