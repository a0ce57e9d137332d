// What the keys of one prompt do: history by up and down, search by Ctrl-R, completion by Tab, leaving by Ctrl-C and
// Ctrl-D. Hides what readline does on its own, and what it must not do.
import { wrapText } from '../render/text.ts';
import type { Theme } from '../render/theme.ts';
import type { Completion } from './completion.ts';
import { findInHistory } from './history-file.ts';
import { createHistoryWalk } from './history-walk.ts';
import { createLinePainter } from './line-painter.ts';

export type LineRead = { kind: 'line'; text: string } | { kind: 'leave' };

export interface LinePromptConfig {
  /** Before the typed text, plain. */
  prefix: string;
  theme: Theme;
  /** Newest first. */
  history: readonly string[];
  complete(line: string, cursor: number): Completion;
  terminal: NodeJS.WriteStream;
}

export interface Key {
  name: string;
  ctrl: boolean;
}

/** readline's own members beside those that the engine declares. */
export interface Editor {
  line: string;
  cursor: number;
  history: string[];
  getCursorPos(): { rows: number; cols: number };
  write(text: string | null, key?: { ctrl?: boolean; name: string }): void;
  on(event: string, listener: () => void): void;
  removeAllListeners(event: string): void;
}

export interface LineEditing {
  /** After readline has done its part of a key. */
  press(key: Key, editor: Editor): void;
  /** Begins with an empty line; the function that it gives ends what it listens to. */
  open(editor: Editor): () => void;
}

/** What Ctrl-R holds while it searches: what is looked for is typed on the line itself. */
interface Search {
  lineBefore: string;
  /** How many newer finds were passed over. */
  passed: number;
}

export const LEAVE_HINT = 'Ctrl-C again leaves';
const SEARCH_PREFIX = 'search: ';
const SEARCH_HINT = 'type what to look for; Ctrl-R: older; Esc: back';
const MAX_HINT_LINES = 6;
const ENDS_SEARCH: ReadonlySet<string> = new Set(['tab', 'right', 'left', 'end', 'home', 'up', 'down']);

/** @param done hears the line, or that the reader leaves, once */
export function createLineEditing(config: LinePromptConfig, done: (read: LineRead) => void): LineEditing {
  const { history, terminal, theme } = config;
  const painter = createLinePainter(terminal);
  const walk = createHistoryWalk(history);
  /** As it stood after the last key: at Enter readline has emptied its own. */
  let line = '';
  let cursor = 0;
  let hint = '';
  let search: Search | undefined;
  let isLeaving = false;
  let isDone = false;

  function draw(): void {
    if (isDone) return;
    const prefix = search === undefined ? config.prefix : SEARCH_PREFIX;
    const remark =
      search === undefined ? hint : (findMatch(history, line, search) ?? (line === '' ? SEARCH_HINT : 'nothing found'));
    const painted = theme.paint('accent', prefix);
    painter.draw({ prefix, painted, line, cursor, below: renderBelow(remark, terminal, theme) });
  }

  function take(editor: Editor, ownHint = ''): void {
    line = editor.line;
    cursor = editor.cursor;
    hint = ownHint;
    draw();
  }

  function show(editor: Editor, text: string): void {
    replaceLine(editor, text);
    take(editor);
  }

  function end(read: LineRead): void {
    if (isDone) return;
    isDone = true;
    const { prefix } = config;
    const painted = theme.paint('accent', prefix);
    painter.finish({ prefix, painted, line: read.kind === 'line' ? read.text : line, cursor, below: [] });
    done(read);
  }

  function endSearch(editor: Editor, text: string): void {
    search = undefined;
    show(editor, text);
  }

  function searchKey(key: Key, editor: Editor, current: Search): void {
    const match = findMatch(history, line, current);
    if (key.ctrl && key.name === 'r') {
      const last = Math.max(0, findInHistory(history, line).length - 1);
      search = { ...current, passed: Math.min(current.passed + 1, last) };
      draw();
    } else if (isEnter(key)) end({ kind: 'line', text: match ?? current.lineBefore });
    else if (key.name === 'escape' || (key.ctrl && key.name === 'g')) endSearch(editor, current.lineBefore);
    else if (ENDS_SEARCH.has(key.name)) endSearch(editor, match ?? current.lineBefore);
    else {
      search = { ...current, passed: 0 };
      take(editor);
    }
  }

  function walkKey(editor: Editor, step: 'older' | 'newer'): void {
    const found = walk[step](editor.line);
    if (found === undefined) take(editor);
    else show(editor, found);
  }

  function editKey(key: Key, editor: Editor): void {
    const step = stepOf(key);
    if (step !== undefined) {
      walkKey(editor, step);
      return;
    }
    walk.stop();
    if (isEnter(key)) end({ kind: 'line', text: line });
    else if (key.name === 'tab') take(editor, completeAtTab(editor, config.complete).join('  '));
    else if (key.ctrl && key.name === 'r') {
      search = { lineBefore: editor.line, passed: 0 };
      show(editor, '');
    } else if (key.ctrl && key.name === 'l') {
      painter.clearScreen();
      take(editor);
    } else take(editor);
  }

  /** The engine would reject the prompt; here the key first empties the line, then leaves. */
  function interrupt(editor: Editor): void {
    if (isLeaving) {
      end({ kind: 'leave' });
      return;
    }
    isLeaving = editor.line === '' && search === undefined;
    search = undefined;
    walk.stop();
    replaceLine(editor, '');
    take(editor, isLeaving ? LEAVE_HINT : '');
  }

  return {
    press: (key, editor) => {
      if (isDone || (key.ctrl && key.name === 'c')) return;
      isLeaving = false;
      if (search === undefined) editKey(key, editor);
      else searchKey(key, editor, search);
    },
    open: (editor) => {
      editor.on('close', () => end({ kind: 'leave' }));
      return listen(editor, {
        interrupt: () => interrupt(editor),
        draw,
        redraw: () => {
          painter.forget();
          draw();
        },
        terminal,
      });
    },
  };
}

/** readline has typed the tab. Gives the choices, where it could not decide. */
function completeAtTab(editor: Editor, complete: LinePromptConfig['complete']): readonly string[] {
  const at = editor.line.lastIndexOf('\t', editor.cursor);
  const stop = at < 0 ? editor.cursor : at;
  const typed = editor.line.replaceAll('\t', '');
  const { from, insert, choices } = complete(typed, stop);
  replaceLine(editor, typed.slice(0, from) + insert + typed.slice(stop), typed.length - stop);
  return choices;
}

/** Takes from readline what is ours; gives the function that ends it. */
function listen(
  editor: Editor,
  on: { interrupt(): void; draw(): void; redraw(): void; terminal: NodeJS.WriteStream },
): () => void {
  // Up and down are ours: readline's own walk ends in an empty line and forgets what was typed.
  editor.history = [];
  // Measuring the whole line at every key makes a long paste a matter of minutes; the painter measures when it draws.
  editor.getCursorPos = () => ({ rows: 0, cols: 1 });
  editor.removeAllListeners('SIGINT');
  editor.on('SIGINT', on.interrupt);
  on.terminal.on('resize', on.draw);
  process.on('SIGCONT', on.redraw);
  on.draw();
  return () => {
    on.terminal.off('resize', on.draw);
    process.off('SIGCONT', on.redraw);
  };
}

function findMatch(history: readonly string[], line: string, { passed }: Search): string | undefined {
  const found = findInHistory(history, line);
  return found[Math.min(passed, found.length - 1)];
}

function stepOf({ name, ctrl }: Key): 'older' | 'newer' | undefined {
  if (name === 'up' || (ctrl && name === 'p')) return 'older';
  return name === 'down' || (ctrl && name === 'n') ? 'newer' : undefined;
}

function isEnter({ name }: Key): boolean {
  return name === 'return' || name === 'enter';
}

function renderBelow(text: string, terminal: NodeJS.WriteStream, theme: Theme): string[] {
  if (text === '') return [];
  const mostLines = Math.max(1, Math.min(MAX_HINT_LINES, (terminal.rows || MAX_HINT_LINES + 2) - 2));
  const lines = wrapText(text, Math.max(1, (terminal.columns || 80) - 1));
  const shown = lines.length > mostLines ? [...lines.slice(0, mostLines - 1), '…'] : lines;
  return shown.map((each) => theme.paint('muted', each));
}

/** Puts a text on the line with the cursor before its last `after` characters. */
function replaceLine(editor: Editor, text: string, after = 0): void {
  editor.write(null, { ctrl: true, name: 'e' });
  editor.write(null, { ctrl: true, name: 'u' });
  if (text !== '') editor.write(text);
  for (let step = 0; step < after; step += 1) editor.write(null, { name: 'left' });
}
