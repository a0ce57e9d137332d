// Builds the web page into a folder: its scripts as one file each, its other files as they are, icons drawn by code.
// The service worker carries a hash of all of them, so that a browser keeps one version whole or takes the next one whole.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

const AS_THEY_ARE = /\.(?:html|webmanifest)$/;

export async function buildPage(source, target) {
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(source).filter((each) => AS_THEY_ARE.test(each)))
    cpSync(join(source, name), join(target, name));
  writeFileSync(join(target, 'icon.svg'), drawSvg());
  for (const size of [180, 192, 512]) writeFileSync(join(target, `icon-${size}.png`), drawPng(size));
  await bundle(source, target, ['main.ts', 'login.ts', 'page.css']);
  const shell = readdirSync(target).filter((name) => name !== 'sw.js' && !/^(?:login|icon-(?:180|512))/.test(name));
  const hash = createHash('sha256');
  for (const name of shell.sort()) hash.update(name).update(readFileSync(join(target, name)));
  await bundle(source, target, ['sw.ts'], {
    SHELL_VERSION: JSON.stringify(hash.digest('base64url').slice(0, 12)),
    SHELL_FILES: JSON.stringify(shell.map((name) => `/${name}`)),
  });
}

async function bundle(source, target, names, define = {}) {
  await build({
    entryPoints: names.map((name) => join(source, name)),
    outdir: target,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
    charset: 'utf8',
    define,
    logLevel: 'warning',
  });
}

/** Three candles on a dark ground, in 64ths; the middle 80 % is what a launcher may show of a maskable icon. */
const GROUND = '#10161d';
const CANDLES = [
  { x: 16, wick: [26, 48], body: [31, 43], color: '#ff6b5e' },
  { x: 28, wick: [20, 44], body: [24, 38], color: '#3fb97a' },
  { x: 40, wick: [14, 36], body: [18, 29], color: '#3fb97a' },
];
const BOXES = CANDLES.flatMap(({ x, wick, body, color }) => [
  { x: x + 3, y: wick[0], width: 2, height: wick[1] - wick[0], color },
  { x, y: body[0], width: 8, height: body[1] - body[0], color },
]);

function drawSvg() {
  const boxes = BOXES.map(
    ({ x, y, width, height, color }) => `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${color}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="12" fill="${GROUND}"/>${boxes.join('')}</svg>\n`;
}

/** With a palette, one byte a pixel: some hundred bytes after deflate. */
function drawPng(size) {
  const colors = [...new Set([GROUND, ...BOXES.map(({ color }) => color)])];
  const rows = Array.from({ length: size }, () => Buffer.alloc(size + 1));
  const scale = size / 64;
  for (const { x, y, width, height, color } of BOXES)
    for (const row of rows.slice(Math.round(y * scale), Math.round((y + height) * scale)))
      row.fill(colors.indexOf(color), 1 + Math.round(x * scale), 1 + Math.round((x + width) * scale));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 3], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(colors.map((color) => color.slice(1)).join(''), 'hex')),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
