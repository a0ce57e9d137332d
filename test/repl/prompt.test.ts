// The prompt on a terminal of the tests: what stands on the screen after what was typed, wherever lines wrap.
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createTheme } from '../../src/render/theme.ts';
import type { LineRead } from '../../src/repl/line-editing.ts';
import { readLine } from '../../src/repl/line-prompt.ts';
import { placeAfter, showLine } from '../../src/repl/line-layout.ts';
import { createHistoryWalk } from '../../src/repl/history-walk.ts';
import { processorMs } from '../helpers/machine.ts';
import { type Screen, createScreen } from '../helpers/screen.ts';

const UP = '\u001b[A';
const DOWN = '\u001b[B';
const LEFT = '\u001b[D';
const CTRL_C = '\u0003';
const CTRL_R = '\u0012';
const ABOVE = ['an answer', 'last line'];

interface Prompt {
  screen: Screen;
  /** Types and waits until it is drawn. */
  type(...keys: string[]): Promise<void>;
  resize(columns: number): Promise<void>;
  read: Promise<LineRead>;
}

const opened: { stop: AbortController; read: Promise<unknown> }[] = [];

// One that still waits when the process of the tests ends would be an error of nobody's.
afterEach(async () => {
  for (const { stop, read } of opened.splice(0)) {
    stop.abort();
    await read.catch(() => undefined);
  }
});

function open({ columns = 40, rows = 24, history = [] as string[] } = {}): Prompt {
  const screen = createScreen(columns, rows);
  screen.write(`${ABOVE.join('\r\n')}\r\n`);
  const terminal = Object.assign(new EventEmitter(), { columns, rows, write: (text: string) => screen.write(text) });
  const input = new PassThrough();
  const stop = new AbortController();
  const read = readLine(
    {
      prefix: 'fin> ',
      theme: createTheme({ colour: true }),
      history,
      complete: (line, cursor) =>
        line.startsWith('/q')
          ? { from: 0, insert: '/quote ', choices: [] }
          : { from: cursor, insert: '', choices: ['NVDA', 'NFLX'] },
      terminal: terminal as unknown as NodeJS.WriteStream,
    },
    { input, signal: stop.signal },
  );
  opened.push({ stop, read });
  const drawn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  return {
    screen,
    read,
    type: async (...keys) => {
      for (const key of keys) input.write(key);
      await drawn();
    },
    resize: async (next) => {
      terminal.columns = next;
      screen.resize(next);
      terminal.emit('resize');
      await drawn();
    },
  };
}

const below = ({ screen }: Prompt): string[] => screen.rows.slice(ABOVE.length);

describe('a typed line', () => {
  it('is given at Enter and stays on the screen', async () => {
    const prompt = open();
    await prompt.type('price of NVDA', '\r');
    expect(await prompt.read).toEqual({ kind: 'line', text: 'price of NVDA' });
    expect(prompt.screen.rows).toEqual([...ABOVE, 'fin> price of NVDA']);
    expect(prompt.screen.cursor).toEqual({ row: ABOVE.length + 1, column: 0 });
  });

  it('is edited in the middle, also where it wraps and characters are wide', async () => {
    const prompt = open({ columns: 20 });
    await prompt.type('价格中文价格中文 and NVDA 🚀🚀', LEFT, LEFT, '\u007f', 'x');
    expect(below(prompt)).toEqual(['fin> 价格中文价格中', '文 and NVDAx🚀🚀']);
    expect(prompt.screen.cursor).toEqual({ row: ABOVE.length + 1, column: 12 });
  });

  it('leaves what stands above untouched however it is typed and the terminal resized', async () => {
    const step = fc.oneof(
      fc
        .string({ unit: fc.constantFrom('a', 'word ', '中', '🚀', 'é'), minLength: 1, maxLength: 60 })
        .map((text) => ({ text })),
      fc.constantFrom(LEFT, '\u001b[C', '\u0001', '\u0005', '\u007f', '\u0017').map((text) => ({ text })),
      fc.integer({ min: 9, max: 90 }).map((columns) => ({ columns })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const prompt = open({ columns: 30, rows: 200 });
        for (const each of steps) await ('text' in each ? prompt.type(each.text) : prompt.resize(each.columns));
        await prompt.resize(90);
        await prompt.type('\r');
        const read = await prompt.read;
        const text = read.kind === 'line' ? read.text : '';
        expect(prompt.screen.rows.slice(0, ABOVE.length)).toEqual(ABOVE);
        expect(below(prompt).join('').replaceAll(' ', '')).toBe(`fin>${text}`.replaceAll(' ', ''));
      }),
      { numRuns: 80 },
    );
  });

  it('of twenty thousand pasted characters is there at once', async () => {
    const prompt = open();
    const startedMs = processorMs();
    await prompt.type('x'.repeat(20_000), '\r');
    expect(await prompt.read).toEqual({ kind: 'line', text: 'x'.repeat(20_000) });
    expect(processorMs() - startedMs).toBeLessThan(2_000);
  });

  it('that is higher than the screen shows the part around the cursor', async () => {
    const prompt = open({ columns: 20, rows: 6 });
    await prompt.type('start ', 'x'.repeat(300), ' end');
    expect(below(prompt).length).toBeLessThanOrEqual(4);
    expect(below(prompt).join('')).toMatch(/^fin> …x+ end$/);
    await prompt.type('\u0001');
    expect(below(prompt)[0]).toBe('fin> start xxxxxxxxx');
    expect(prompt.screen.rows.slice(0, ABOVE.length)).toEqual(ABOVE);
    await prompt.type('\r');
    expect(below(prompt).join('')).toBe(`fin> start ${'x'.repeat(300)} end`);
  });
});

describe('Ctrl-C and Ctrl-D', () => {
  it('Ctrl-C empties the line first, then asks, then leaves', async () => {
    const prompt = open();
    await prompt.type('half a question', CTRL_C);
    expect(below(prompt)).toEqual(['fin>']);
    await prompt.type(CTRL_C);
    expect(below(prompt)).toEqual(['fin>', 'Ctrl-C again leaves']);
    await prompt.type('x', '\u007f', CTRL_C);
    expect(below(prompt)).toEqual(['fin>', 'Ctrl-C again leaves']);
    await prompt.type(CTRL_C);
    expect(await prompt.read).toEqual({ kind: 'leave' });
    expect(below(prompt)).toEqual(['fin>']);
  });

  it('Ctrl-D leaves at once on an empty line and deletes on a typed one', async () => {
    const typed = open();
    await typed.type('ab', LEFT, '\u0004', '\r');
    expect(await typed.read).toEqual({ kind: 'line', text: 'a' });
    const empty = open();
    await empty.type('\u0004');
    expect(await empty.read).toEqual({ kind: 'leave' });
  });
});

describe('history at the prompt', () => {
  const history = ['/quote AMD', 'price of NVDA', '/quote NVDA'];

  it('goes up to the oldest and back down to what was typed', async () => {
    const prompt = open({ history });
    await prompt.type(UP, UP, UP, UP, UP);
    expect(below(prompt)).toEqual(['fin> /quote NVDA']);
    await prompt.type(DOWN);
    expect(below(prompt)).toEqual(['fin> price of NVDA']);
    await prompt.type(DOWN, DOWN, DOWN);
    expect(below(prompt)).toEqual(['fin>']);
  });

  it('finds only lines that begin with what was typed, and keeps it', async () => {
    const prompt = open({ history });
    await prompt.type('/q', UP, UP);
    expect(below(prompt)).toEqual(['fin> /quote NVDA']);
    await prompt.type(DOWN, DOWN);
    expect(below(prompt)).toEqual(['fin> /q']);
  });

  it('Ctrl-R searches, goes to older finds, and Enter asks what is shown', async () => {
    const prompt = open({ history });
    await prompt.type(CTRL_R, 'nvda');
    expect(below(prompt)).toEqual(['search: nvda', 'price of NVDA']);
    await prompt.type(CTRL_R);
    expect(below(prompt)).toEqual(['search: nvda', '/quote NVDA']);
    await prompt.type('\r');
    expect(await prompt.read).toEqual({ kind: 'line', text: '/quote NVDA' });
    expect(below(prompt)).toEqual(['fin> /quote NVDA']);
  });

  it('Ctrl-C gives a search up without leaving', async () => {
    const prompt = open({ history });
    await prompt.type(CTRL_R, CTRL_C, 'more', '\r');
    expect(await prompt.read).toEqual({ kind: 'line', text: 'more' });
  });

  it('walks like a list of its matching lines, whatever the steps', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { maxLength: 8 }),
        fc.array(fc.boolean(), { maxLength: 20 }),
        (lines, steps) => {
          const walk = createHistoryWalk(lines);
          let at = -1;
          let line = '';
          for (const isOlder of steps) {
            at = isOlder ? Math.min(at + 1, lines.length - 1) : Math.max(at - 1, -1);
            line = walk[isOlder ? 'older' : 'newer'](line) ?? line;
            expect(line).toBe(lines[at] ?? '');
          }
        },
      ),
    );
  });
});

describe('Tab', () => {
  it('completes, and shows choices under the line until the next key', async () => {
    const prompt = open();
    await prompt.type('/q', '\t');
    expect(below(prompt)).toEqual(['fin> /quote']);
    await prompt.type(CTRL_C, 'n', '\t');
    expect(below(prompt)).toEqual(['fin> n', 'NVDA  NFLX']);
    await prompt.type('v');
    expect(below(prompt)).toEqual(['fin> nv']);
  });
});

describe('the layout of a line', () => {
  it('never parts a wide character and continues a full row on the next one', () => {
    expect(placeAfter('abcd', 5)).toEqual({ row: 0, column: 4 });
    expect(placeAfter('abcde', 5)).toEqual({ row: 1, column: 0 });
    expect(placeAfter('abcd中', 5)).toEqual({ row: 1, column: 2 });
  });

  it('shows no control character and fits the rows that there are', () => {
    expect(showLine({ prefix: '> ', line: 'a\u0007b\u001bc', cursor: 2 }, 40, 24)).toEqual({ text: 'abc', cursor: 1 });
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '中', ' '), maxLength: 500 }),
        fc.nat(500),
        fc.integer({ min: 10, max: 60 }),
        fc.integer({ min: 4, max: 12 }),
        (line, at, width, rows) => {
          const cursor = Math.min(at, line.length);
          const shown = showLine({ prefix: 'fin> ', line, cursor }, width, rows);
          expect(placeAfter(`fin> ${shown.text}`, width).row).toBeLessThan(rows - 1);
          expect(line).toContain(shown.text.replace(/^…/, '').replace(/…$/, ''));
          expect(line.slice(0, cursor)).toContain(shown.text.slice(0, shown.cursor).replace(/^…/, ''));
        },
      ),
    );
  });
});
