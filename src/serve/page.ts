// The files of the web page, read once from dist/page, where the build has copied src/serve/page. What is not among them
// does not exist: no path of a request ever reaches the file system.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { SAFE_HEADERS } from './replies.ts';

export interface Page {
  has(path: string): boolean;
  /** Undefined where there is no such file. */
  answer(path: string, header: (name: string) => string | undefined): Response | undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  webmanifest: 'application/manifest+json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  txt: 'text/plain; charset=utf-8',
  woff2: 'font/woff2',
};

export function readPage(packageRoot: string): Page {
  const folder = join(packageRoot, 'dist/page');
  const files = new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        const body = readFileSync(file);
        const type = TYPES[entry.name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
        const path = file.slice(folder.length).replaceAll('\\', '/');
        const packed = gzipSync(body, { level: 9 });
        const plain = toContent(body, type);
        const isWorthIt = packed.length < body.length;
        return [path, { plain, packed: isWorthIt ? toContent(packed, type, { 'content-encoding': 'gzip' }) : plain }];
      }),
  );
  const find = (path: string): ReturnType<typeof files.get> =>
    files.get(path === '/' ? '/index.html' : path === '/login' ? '/login.html' : path);
  return {
    has: (path) => find(path) !== undefined,
    answer: (path, header) => {
      const found = find(path);
      if (found === undefined) return undefined;
      const { body, etag, headers } = takesGzip(header('accept-encoding')) ? found.packed : found.plain;
      if (header('if-none-match') === etag) return new Response(null, { status: 304, headers });
      return new Response(body, { headers });
    },
  };
}

function toContent(body: Buffer<ArrayBuffer>, type: string, more?: Readonly<Record<string, string>>) {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  // Looked at again each time: a new program has new files under the same names.
  const own = { 'content-type': type, etag, 'cache-control': 'no-cache', vary: 'accept-encoding' };
  return { body, etag, headers: { ...SAFE_HEADERS, ...own, ...more } };
}

/** A weight of 0 refuses it. */
function takesGzip(accepted = ''): boolean {
  return accepted.split(',').some((each) => /^\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/i.test(each));
}
