// The prompt of the session on @inquirer/core: one line with history, completion by Tab and search by Ctrl-R.
// Hides what readline and the prompt engine disagree about: Ctrl-C, Ctrl-D, tabs, and a terminal that is resized.
import { createPrompt, isEnterKey, isTabKey, useEffect, useKeypress, useRef, useState } from '@inquirer/core';
import { wrapText } from '../render/text.ts';
import type { Theme } from '../render/theme.ts';
import type { Completion } from './completion.ts';
import { findInHistory } from './history-file.ts';

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

/** readline's own members beside those that the engine declares. */
interface Editor {
  line: string;
  cursor: number;
  history: string[];
  clearLine(direction: 0): void;
  write(text: string | null, key?: { ctrl?: boolean; name: string }): void;
  on(event: string, listener: () => void): void;
  removeAllListeners(event: string): void;
}

/** What Ctrl-R holds while it searches: what is looked for is typed on the line itself. */
interface Search {
  lineBefore: string;
  /** How many newer finds were passed over. */
  passed: number;
}

const CLEAR_SCREEN = '\u001b[2J\u001b[3J\u001b[H';
const LEAVE_HINT = 'Ctrl-C again leaves';
const MAX_HINT_LINES = 6;

/** Reads one line. Enter gives it; Ctrl-D on an empty line, or Ctrl-C twice on one, leaves. */
export const readLine = createPrompt<LineRead, LinePromptConfig>((config, done) => {
  const { prefix, theme, history, complete, terminal } = config;
  const [value, setValue] = useState('');
  const [hint, setHint] = useState('');
  const [search, setSearch] = useState<Search | undefined>(undefined);
  const [isDone, setDone] = useState(false);
  const [, setSize] = useState('');
  const isLeaving = useRef(false);
  const found = search === undefined ? [] : findInHistory(history, value);

  function finish(text: string): void {
    setValue(text);
    setSearch(undefined);
    setDone(true);
    done({ kind: 'line', text });
  }

  function show(editor: Editor, text: string): void {
    replaceLine(editor, text);
    setValue(text);
    setHint('');
  }

  function endSearch(editor: Editor, text: string): void {
    editor.history = [...history];
    setSearch(undefined);
    show(editor, text);
  }

  function searchKey(key: { name: string; ctrl: boolean }, editor: Editor, current: Search): void {
    const match = found[Math.min(current.passed, found.length - 1)];
    if (key.ctrl && key.name === 'r') setSearch({ ...current, passed: Math.min(current.passed + 1, Math.max(0, found.length - 1)) });
    else if (isEnterKey(key as never)) finish(match ?? value);
    else if (key.name === 'escape' || (key.ctrl && key.name === 'g')) endSearch(editor, current.lineBefore);
    else if (['tab', 'right', 'left', 'end', 'home'].includes(key.name)) endSearch(editor, match ?? current.lineBefore);
    else {
      setValue(editor.line);
      setSearch({ ...current, passed: 0 });
    }
  }

  function completeKey(editor: Editor): void {
    // readline has typed the tab.
    const at = editor.line.lastIndexOf('\t', editor.cursor);
    const cursor = at < 0 ? editor.cursor : at;
    const line = editor.line.replaceAll('\t', '');
    const { from, insert, choices } = complete(line, cursor);
    replaceLine(editor, line.slice(0, from) + insert + line.slice(cursor), line.length - cursor);
    setValue(editor.line);
    setHint(choices.join('  '));
  }

  useKeypress((key, rl) => {
    const editor = rl as unknown as Editor;
    if (key.ctrl && (key.name === 'c' || key.name === 'd') && editor.line === '') return;
    isLeaving.current = false;
    if (search !== undefined) searchKey(key, editor, search);
    else if (isEnterKey(key)) finish(value);
    else if (isTabKey(key)) completeKey(editor);
    else if (key.ctrl && key.name === 'r') {
      setSearch({ lineBefore: editor.line, passed: 0 });
      editor.history = [];
      show(editor, '');
    } else if (key.ctrl && key.name === 'l') {
      terminal.write(CLEAR_SCREEN);
      setSize(`cleared ${performance.now()}`);
    } else {
      setValue(editor.line);
      setHint('');
    }
  });

  useEffect((rl) => {
    const editor = rl as unknown as Editor;
    editor.history = [...history];
    const leave = (): void => {
      setDone(true);
      done({ kind: 'leave' });
    };
    editor.on('close', leave);
    // The engine would reject the prompt; here the key first empties the line, then leaves.
    editor.removeAllListeners('SIGINT');
    editor.on('SIGINT', () => {
      if (editor.line === '' && isLeaving.current) {
        leave();
        return;
      }
      isLeaving.current = editor.line === '';
      editor.history = [...history];
      replaceLine(editor, '');
      setSearch(undefined);
      setValue('');
      setHint(isLeaving.current ? LEAVE_HINT : '');
    });
    const onResize = (): void => setSize(`${terminal.columns}x${terminal.rows}`);
    terminal.on('resize', onResize);
    return () => terminal.off('resize', onResize);
  }, []);

  const painted = theme.paint('accent', prefix);
  if (isDone) return `${painted}${value}`;
  if (search === undefined) return [`${painted}${value}`, below(hint, terminal, theme)];
  const match = found[search.passed];
  return [`${theme.paint('accent', 'search: ')}${value}`, below(match ?? (value === '' ? 'type what to look for; Ctrl-R: older; Esc: back' : 'nothing found'), terminal, theme)];
});

function below(text: string, terminal: NodeJS.WriteStream, theme: Theme): string | undefined {
  if (text === '') return undefined;
  const lines = wrapText(text, Math.max(20, terminal.columns - 1));
  const shown = lines.length > MAX_HINT_LINES ? [...lines.slice(0, MAX_HINT_LINES - 1), '…'] : lines;
  return shown.map((line) => theme.paint('muted', line)).join('\n');
}

/** Puts a text on the line with the cursor before its last `after` characters. */
function replaceLine(editor: Editor, text: string, after = 0): void {
  editor.write(null, { ctrl: true, name: 'e' });
  editor.write(null, { ctrl: true, name: 'u' });
  if (text !== '') editor.write(text);
  for (let step = 0; step < after; step += 1) editor.write(null, { name: 'left' });
}
