// The two streams of a run: an error is two harmless lines, keys are starred out, quiet is quiet.
import { describe, expect, it } from 'vitest';
import { type OutputOptions, createOutput } from '../../src/cli/output.ts';
import { NoDataError } from '../../src/domain/errors.ts';

function createSinks(options: Partial<OutputOptions> = {}) {
  const written = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({
    isTTY: false,
    rows: 24,
    columns: 80,
    write: (text: string) => void (written[name] += text),
    isWritten: () => true,
  });
  const output = createOutput({
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env: {},
    noColor: false,
    quiet: false,
    verbose: false,
    secrets: ['s3cret-key-of-a-user'],
    ...options,
  });
  return { output, written };
}

describe('an error', () => {
  it('is what failed and why, then what to do', () => {
    const { output, written } = createSinks();
    output.error(new NoDataError('ZZZZ: no such symbol', { hint: 'check the spelling' }));
    expect(written).toEqual({ stdout: '', stderr: 'fin: ZZZZ: no such symbol\nhint: check the spelling\n' });
  });

  it('is one line each, bounded, steers no terminal and holds no key', () => {
    const { output, written } = createSinks();
    output.error({
      message: `bad\r\nthing\u001b[2J\u001b]0;title\u0007 s3cret-key-of-a-user ${'x'.repeat(5000)}`,
      hint: 'do\nthis',
    });
    const [first = '', second] = written.stderr.split('\n');
    expect(first).toMatch(/^fin: bad thing \*\*\* x+…$/);
    expect(first.length).toBeLessThanOrEqual(605);
    expect(second).toBe('hint: do this');
  });
});

describe('a note', () => {
  it('is one line on standard error, and none when quiet', () => {
    const loud = createSinks();
    loud.output.note('a\nnote');
    expect(loud.written.stderr).toBe('note: a note\n');
    const quiet = createSinks({ quiet: true });
    quiet.output.note('a note');
    expect(quiet.written).toEqual({ stdout: '', stderr: '' });
  });
});
