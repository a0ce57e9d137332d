// A terminal taken over whole: what is drawn of a change, what keys are read, and that it is given back however it ends.
import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { type ScreenKey, openFullScreen } from '../../src/repl/full-screen.ts';
import { createScreen } from '../helpers/screen.ts';

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';

const opened: ReturnType<typeof openFullScreen>[] = [];
afterEach(() => opened.splice(0).forEach((screen) => screen.close()));

function open() {
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    isRaw: false,
    setRawMode: (isRaw: boolean) => Object.assign(stdin, { isRaw }),
  });
  const stdout = Object.assign(new EventEmitter(), { columns: 40, rows: 6 });
  const shown = createScreen(40, 6);
  const written: string[] = [];
  const keys: ScreenKey[] = [];
  const world = { lines: ['one', 'two'], nowMs: 0, hasEnded: false };
  const screen = openFullScreen({
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    write: (text) => {
      written.push(text);
      shown.write(text);
    },
    render: () => world.lines,
    onKey: (key) => keys.push(key),
    onEnd: () => (world.hasEnded = true),
    machineNow: () => world.nowMs,
  });
  opened.push(screen);
  const draw = (...lines: string[]): string => {
    world.lines = lines;
    world.nowMs += 250;
    const before = written.length;
    screen.draw();
    return written.slice(before).join('');
  };
  return { screen, stdin, stdout, shown, written, keys, world, draw };
}

describe('a frame', () => {
  it('draws the lines that changed, in one piece, and nothing where none did', () => {
    const { draw, shown, written } = open();
    expect(shown.rows).toEqual(['one', 'two']);
    const frame = draw('one', 'TWO', 'three');
    expect(frame).toBe('\u001b[?2026h\u001b[2;1H\u001b[2KTWO\u001b[3;1H\u001b[2Kthree\u001b[?2026l');
    expect(shown.rows).toEqual(['one', 'TWO', 'three']);
    expect(draw('one', 'TWO', 'three')).toBe('');
    draw('one');
    expect(shown.rows).toEqual(['one']);
    expect(written).toHaveLength(4);
  });

  it('comes at most four times a second, and the last state is the one that is drawn', async () => {
    const { screen, world, written } = open();
    const before = written.length;
    for (const text of ['a', 'b', 'c']) {
      world.lines = [text];
      screen.draw();
    }
    expect(written).toHaveLength(before);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(written.slice(before)).toEqual(['\u001b[?2026h\u001b[1;1H\u001b[2Kc\u001b[2;1H\u001b[2K\u001b[?2026l']);
  });

  it('is whole after a change of size, and never higher than the terminal', () => {
    const { stdout, world, written } = open();
    world.lines = Array.from({ length: 9 }, (_, index) => `line ${index}`);
    stdout.rows = 3;
    stdout.emit('resize');
    expect(written.at(-1)).toContain('\u001b[H\u001b[2J');
    expect(written.at(-1)).toContain('line 2');
    expect(written.at(-1)).not.toContain('line 3');
  });
});

describe('keys', () => {
  it.each([
    ['\u001b[A\u001bOB\u001b[5~\u001b[H', ['up', 'down', 'pageUp', 'first']],
    ['\r\u007f\u001b\u0003', ['enter', 'erase', 'escape', 'interrupt']],
    ['sé€', ['s', 'é', '€']],
    ['\u001b[99;5u\u0001', []],
  ])('%j', (sent, meant) => {
    const { stdin, keys } = open();
    stdin.emit('data', Buffer.from(sent));
    expect(keys.map((key) => (key.type === 'text' ? key.text : key.type))).toEqual(meant);
  });

  it('may arrive in two pieces', () => {
    const { stdin, keys } = open();
    for (const byte of Buffer.from('\u001b[6~€').values()) stdin.emit('data', Buffer.from([byte]));
    // What begins a sequence alone is the escape key.
    expect(keys.map((key) => (key.type === 'text' ? key.text : key.type))).toEqual(['escape', '[', '6', '~', '€']);
    stdin.emit('data', Buffer.from('\u001b['));
    stdin.emit('data', Buffer.from('6~'));
    expect(keys.at(-1)).toEqual({ type: 'pageDown' });
  });

  it('end with the terminal', async () => {
    const { stdin, world } = open();
    stdin.end();
    await new Promise((resolve) => stdin.once('close', resolve));
    expect(world.hasEnded).toBe(true);
  });
});

describe('the terminal', () => {
  it('is given back once, with its modes, and nothing is drawn or heard any more', () => {
    const { screen, stdin, written, draw, keys } = open();
    expect(stdin.isRaw).toBe(true);
    screen.close();
    expect(stdin.isRaw).toBe(false);
    expect(written.at(-1)).toContain(LEAVE);
    const { length } = written;
    screen.close();
    expect(draw('late')).toBe('');
    stdin.emit('data', Buffer.from('q'));
    expect(written).toHaveLength(length);
    expect(keys).toEqual([]);
  });

  const run = (how: string, signals: readonly NodeJS.Signals[] = []): Promise<{ stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'full-screen-child.ts'), how], {
        stdio: ['ignore', 'pipe', 'pipe'],
        // A group of its own: a stop is meant for all of it.
        detached: true,
      });
      const left = [...signals];
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
        // The first signal once the screen is there, the next once it is there again.
        const isDue = stdout.split('two').length === 2 + signals.length - left.length;
        const signal = isDue ? left.shift() : undefined;
        if (signal !== undefined) child.kill(signal);
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.once('close', () => resolve({ stdout, stderr }));
    });

  it.each([
    ['crash', 'SyntaxError'],
    ['reject', 'nobody heard'],
    ['exit', ''],
  ])('is given back before what is told of its end: %s', async (how, told) => {
    const { stdout, stderr } = await run(how);
    expect(stdout.startsWith(ENTER)).toBe(true);
    expect(stdout.endsWith(LEAVE)).toBe(true);
    expect(stderr).toContain(told);
  });

  it('is given back for a stop and taken again after it, whole', async () => {
    const { stdout } = await run('stop', ['SIGTSTP', 'SIGUSR2']);
    expect(stdout.split(LEAVE)).toHaveLength(3);
    expect(stdout.split(ENTER)).toHaveLength(3);
    expect(stdout.split('two')).toHaveLength(3);
    expect(stdout.endsWith(LEAVE)).toBe(true);
  });
});
