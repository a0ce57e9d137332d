// The parts of the session that need no terminal: keys, words, completion, history.
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { completeLine } from '../../src/repl/completion.ts';
import { findInHistory, openHistory } from '../../src/repl/history-file.ts';
import { createKeyReader } from '../../src/repl/keys.ts';
import { splitWords } from '../../src/repl/words.ts';

const folder = fs.mkdtempSync(path.join(tmpdir(), 'fin-repl-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** The text that the keys stand for, with Ctrl-C and Ctrl-Z by name. */
function read(...chunks: string[]): string {
  const reader = createKeyReader();
  return chunks
    .flatMap((chunk) => reader.push(chunk))
    .map((key) => (key.type === 'text' ? key.text : `<${key.type}>`))
    .join('');
}

describe('keys', () => {
  it('ends a line once, whichever way its end is written and wherever it is parted', () => {
    expect(read('one\rtwo\nthree\r\nfour\r', '\nfive')).toBe('one\rtwo\rthree\rfour\rfive');
  });

  it('makes lines of pasted lines and presses no key that a paste holds', () => {
    expect(read('\u001b[200~price of NVDA\nand\tAMD\u0003\u001b[A\u0004\nlast\u001b[201~\r')).toBe(
      'price of NVDA\rand AMD\rlast\r',
    );
  });

  it('knows the marks of a paste also in two pieces', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), (first, second) => {
        const paste = `\u001b[200~a\nb\u001b[201~c`;
        const starts = Math.max(3, first);
        const ends = paste.indexOf('\u001b[201~') + second;
        expect(read(paste.slice(0, starts), paste.slice(starts, ends), paste.slice(ends))).toBe('a\rbc');
      }),
    );
  });

  it('tells Ctrl-C and Ctrl-Z from what is typed around them, and lets a lone escape through', () => {
    expect(read('ab\u0003cd\u001a', '\u001b')).toBe('ab<interrupt>cd<suspend>\u001b');
  });
});

describe('words of a command line', () => {
  it.each([
    ['history NVDA --range "last 5 trading days"', ['history', 'NVDA', '--range', 'last 5 trading days']],
    ["chain  SPY --expiration 'next friday'", ['chain', 'SPY', '--expiration', 'next friday']],
    ['export my\\ file.md', ['export', 'my file.md']],
    ['x --range="past week" "say \\"hi\\""', ['x', '--range=past week', 'say "hi"']],
    ['', []],
  ])('splits %s as a shell does', (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });

  it('refuses a quote that is left open', () => {
    expect(() => splitWords('history NVDA --range "last 5')).toThrow('a quote is left open');
  });

  it('gives back any words that were quoted', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string().filter((word) => !/[\r\n\u2028\u2029]/.test(word)),
          { maxLength: 5 },
        ),
        (words) => {
          expect(splitWords(words.map((word) => `"${word.replaceAll(/["\\]/g, '\\$&')}"`).join(' '))).toEqual(words);
        },
      ),
    );
  });
});

describe('completion', () => {
  const source = {
    commands: [
      {
        name: 'chain',
        options: [
          { name: '--side', values: ['call', 'put', 'both'] },
          { name: '--strikes', values: [] },
          { name: '--columns', values: ['last', 'rsi14', 'rsi9'], isList: true },
          { name: '--range', values: ['"last week"', 'ytd'] },
        ],
      },
      { name: 'cache', options: [], words: ['stats', 'clear', 'path'] },
      { name: 'clear', options: [], words: [] },
    ],
    symbols: ['NVDA', 'NFLX', 'AMD', '@core'],
  };
  const complete = (line: string) => {
    const { from, insert, choices } = completeLine(line, line.length, source);
    return [line.slice(0, from) + insert, ...choices];
  };

  it.each([
    ['/ch', ['/chain ']],
    ['/c', ['/c', '/chain', '/cache', '/clear']],
    ['price of nv', ['price of NVDA ']],
    ['price of n', ['price of n', 'NVDA', 'NFLX']],
    ['/chain am', ['/chain AMD ']],
    ['/chain AMD --si', ['/chain AMD --side ']],
    ['/chain AMD --side ', ['/chain AMD --side ', 'call', 'put', 'both']],
    ['/chain AMD --side p', ['/chain AMD --side put ']],
    ['/chain AMD --columns last,rsi1', ['/chain AMD --columns last,rsi14 ']],
    ['/chain AMD --range la', ['/chain AMD --range "last week" ']],
    ['/chain @c', ['/chain @core ']],
    ['/cache ', ['/cache ', 'stats', 'clear', 'path']],
    ['/cache clear n', ['/cache clear n', 'NVDA', 'NFLX']],
    ['/clear n', ['/clear n']],
    ['', ['']],
    ['/nothing n', ['/nothing n']],
  ])('completes "%s"', (line, completed) => {
    expect(complete(line)).toEqual(completed);
  });

  it('takes what was suggested into an empty line only', () => {
    const after = { ...source, suggested: 'rsi of NVDA' };
    expect(completeLine(' ', 1, after)).toEqual({ from: 0, insert: 'rsi of NVDA', choices: [] });
    expect(completeLine('nv', 2, after).insert).toBe('NVDA ');
    expect(completeLine('', 0, source).insert).toBe('');
  });

  it('completes in the middle of a line without a second space', () => {
    expect(completeLine('nv and AMD', 2, source)).toEqual({ from: 0, insert: 'NVDA', choices: [] });
  });
});

describe('history', () => {
  const open = (name: string, notes: string[] = []) => {
    const home = path.join(folder, name);
    fs.mkdirSync(home, { recursive: true });
    return {
      file: path.join(home, 'history'),
      earlier: path.join(home, 'cache/history'),
      history: openHistory({
        folder: { path: home },
        cacheDir: path.join(home, 'cache'),
        redact: (text) => text.replaceAll('sk-secret', '***'),
        onNote: (note) => notes.push(note),
      }),
    };
  };

  it('is there again in the next session, the newest first, each line once, for its owner only', () => {
    const { history, file } = open('again');
    for (const line of ['price of NVDA', '/quote AMD', 'price of NVDA']) history.add(line);
    expect(open('again').history.lines).toEqual(['price of NVDA', '/quote AMD']);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });

  it('takes rights of others away from a file that has them', () => {
    const { file } = open('rights');
    fs.writeFileSync(file, 'old\n', { mode: 0o644 });
    open('rights').history.add('new');
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(open('rights').history.lines).toEqual(['new', 'old']);
  });

  it('holds no key', () => {
    const { history, file } = open('keys');
    history.add('my key is sk-secret');
    expect(fs.readFileSync(file, 'utf8')).toBe('my key is ***\n');
  });

  it('stays bounded', () => {
    const { history, file } = open('bounded');
    for (let index = 0; index < 1_500; index += 1) history.add(`${index} ${'x'.repeat(600)}`);
    expect(history.lines).toHaveLength(1_000);
    expect(open('bounded').history.lines[0]).toMatch(/^1499 /);
    expect(fs.statSync(file).size).toBeLessThan(700_000);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });

  it('says once that it cannot be kept, and goes on', () => {
    const notes: string[] = [];
    fs.mkdirSync(path.join(folder, 'blocked', 'history'), { recursive: true });
    const { history } = open('blocked', notes);
    history.add('one');
    history.add('two');
    expect(history.lines).toEqual(['two', 'one']);
    expect(notes).toHaveLength(1);
  });

  it('of the cache folder is taken over with the first new line, once, and only read before', () => {
    const { earlier, file } = open('moved');
    fs.mkdirSync(path.dirname(earlier));
    fs.writeFileSync(earlier, 'one\ntwo\none\n');
    const { history } = open('moved');
    expect(history.lines).toEqual(['one', 'two']);
    expect(fs.existsSync(file)).toBe(false);
    const { history: other } = open('moved');
    history.add('three');
    other.add('four');
    expect(open('moved').history.lines).toEqual(['four', 'three', 'one', 'two']);
    expect(fs.existsSync(earlier)).toBe(false);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(path.dirname(file)).toSorted()).toEqual(['cache', 'history']);
  });

  it('is not written where the home is missing, which is never made', () => {
    const home = path.join(folder, 'nobody');
    const notes: string[] = [];
    const history = openHistory({
      folder: { path: path.join(home, '.local/share/fin'), home },
      cacheDir: folder,
      redact: (text) => text,
      onNote: (note) => notes.push(note),
    });
    history.add('one');
    expect(history.lines).toEqual(['one']);
    expect(notes).toEqual([`history is not saved: the home folder ${home} does not exist`]);
    expect(fs.existsSync(home)).toBe(false);
  });

  it('is searched whatever the case', () => {
    expect(findInHistory(['Price of NVDA', '/quote AMD', 'nvda puts'], 'nvda')).toEqual(['Price of NVDA', 'nvda puts']);
    expect(findInHistory(['Price of NVDA'], '')).toEqual([]);
  });
});
