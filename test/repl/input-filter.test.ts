// What stands between the terminal and the prompts: who hears an interruption, and that the end of the terminal is heard.
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { type InputFilter, createInputFilter } from '../../src/repl/input-filter.ts';

const INTERRUPT = '\u0003';
const LEAVE = '\u0004';
const opened: InputFilter[] = [];
afterEach(() => opened.splice(0).forEach((filter) => filter.close()));

function open(): { filter: InputFilter; stdin: PassThrough; interruptions: () => number } {
  const stdin = new PassThrough();
  let count = 0;
  const filter = createInputFilter({
    stdin: stdin as unknown as NodeJS.ReadStream,
    terminal: new PassThrough(),
    onInterrupt: () => void (count += 1),
    now: () => 0,
  });
  opened.push(filter);
  return { filter, stdin, interruptions: () => count };
}

const read = (stream: NodeJS.ReadableStream): string => (stream.read() as Buffer | null)?.toString() ?? '';

describe('an interruption that no key brought', () => {
  it('is the open prompt’s, as Ctrl-C is', () => {
    const { filter, interruptions } = open();
    const lease = filter.lendLine();
    filter.interrupt();
    expect(read(lease.stream)).toBe(INTERRUPT);
    expect(interruptions()).toBe(0);
  });

  it('is the program’s while no prompt is open', () => {
    const { filter, interruptions } = open();
    const lease = filter.lendLine();
    lease.release();
    filter.interrupt();
    expect(read(lease.stream)).toBe('');
    expect(interruptions()).toBe(1);
  });
});

describe('the end of the terminal', () => {
  it('is told behind what waits, however much that is', async () => {
    const { filter, stdin } = open();
    const most = 'x'.repeat(999_999);
    stdin.end(`${most}\r`);
    await new Promise((resolve) => stdin.once('close', resolve));
    const line = filter.lendLine();
    expect(read(line.stream)).toBe(`${most}\r`);
    expect(read(filter.lendLine().stream)).toBe(LEAVE);
  });
});
