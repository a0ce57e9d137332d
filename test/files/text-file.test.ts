// Text files of somebody else: what is read alike whatever program wrote it, and what is no text file at all.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { parseYamlSuite } from '../../src/batch/suite-file.ts';
import { readLines } from '../../src/files/text-lines.ts';
import { readTextFile } from '../../src/files/text-file.ts';
import { loadReplayBars } from '../../src/sample/replay-bars.ts';

const MB = 1024 * 1024;
const MARK = '\ufeff';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fin-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function fileOf(content: string | Buffer, name = 'file'): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('byte-order mark and line ends', () => {
  const texts = {
    dotEnv: 'TRADIER_ACCESS_TOKEN=0123456789abcdef\nFIN_TRADIER_RPM=7\n',
    settings: '{\n"FIN_POLYGON_RPM": 9,\n"MASSIVE_API_KEY": "fedcba9876543210"\n}\n',
    suite: 'suite: x\nprompts:\n  - id: a\n    text: price of NVDA\n',
    bars: 'date,symbol,open,high,low,close,volume\n2019-03-04,AAPL,1,2,1,1.5,5\n2019-03-05,AAPL,2,3,1,1.5,5\n',
  };

  /** What fin takes from the four files. */
  async function readAll(write: (text: string) => Buffer): Promise<unknown> {
    writeFileSync(join(folder, '.env'), write(texts.dotEnv));
    const { polygon, tradier, secrets } = loadConfig({
      env: { FIN_CONFIG: fileOf(write(texts.settings), 'config.json') },
      workingDirectory: folder,
      packageRoot: '/nowhere',
      homeDirectory: folder,
      temporaryDirectory: folder,
    });
    const suite = readTextFile(fileOf(write(texts.suite), 'suite.yaml'), MB);
    const bars = await loadReplayBars(fileOf(write(texts.bars), 'bars.csv'));
    const packed = await loadReplayBars(fileOf(gzipSync(write(texts.bars)), 'bars.csv.gz'));
    return {
      limits: [polygon?.limitPerMinute, tradier?.limitPerMinute],
      keys: secrets.map((secret) => secret.reveal()),
      suite: parseYamlSuite('text' in suite ? suite.text : suite.why, 'suite.yaml'),
      bars,
      packed,
    };
  }

  it('change nothing in settings, .env, suites and bars', async () => {
    const expected = await readAll((text) => Buffer.from(text));
    expect(expected).toMatchObject({ limits: [9, 7], keys: ['fedcba9876543210', '0123456789abcdef'] });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('', MARK, MARK + MARK),
        fc.constantFrom('\n', '\r\n', '\r'),
        async (mark, end) => {
          expect(await readAll((text) => Buffer.from(mark + text.replaceAll('\n', end)))).toEqual(expected);
        },
      ),
      { numRuns: 12 },
    );
  });
});

describe('a file that is not UTF-8', () => {
  it.each([
    ['UTF-16 with a mark', Buffer.from(`${MARK}KEY=x\n`, 'utf16le'), 'UTF-16'],
    ['UTF-16 without one', Buffer.from('KEY=x\n', 'utf16le'), 'UTF-16'],
    ['big-endian UTF-16', Buffer.from(`${MARK}KEY=x\n`, 'utf16le').swap16(), 'UTF-16'],
    ['Latin-1', Buffer.from('KEY=é\n', 'latin1'), 'not UTF-8'],
  ])('is told as one: %s', (_what, bytes, word) => {
    const read = readTextFile(fileOf(bytes), MB);
    expect(read).toMatchObject({ problem: 'encoding', why: expect.stringContaining(word) as string });
  });
});

describe('what is no regular file of a fit size', () => {
  it('is refused at once: a folder, a pipe, a device, a link to one, a large file', () => {
    const path = (name: string): string => join(folder, name);
    mkdirSync(path('folder'));
    execFileSync('mkfifo', [path('pipe')]);
    symlinkSync('/dev/zero', path('zero'));
    fileOf(Buffer.alloc(MB + 1, 'x'), 'large');
    for (const name of ['folder', 'pipe', 'zero', 'large'])
      expect(readTextFile(path(name), MB), name).toMatchObject({ problem: 'unfit' });
    expect(readTextFile(path('none'), MB)).toMatchObject({ problem: 'missing' });
  });

  it('is bounded in what it unpacks to and in the length of its lines', async () => {
    const read = async (content: Buffer): Promise<void> => {
      for await (const lines of readLines(fileOf(content), { maxBytes: MB, maxLineChars: 100 }))
        expect(lines.length).toBeLessThan(MB);
    };
    await expect(read(gzipSync(Buffer.alloc(64 * MB, 'row\n')))).rejects.toThrow('holds more than 1 MB');
    await expect(read(gzipSync(Buffer.alloc(64 * MB, 'x')))).rejects.toThrow('lines too long');
  });
});
