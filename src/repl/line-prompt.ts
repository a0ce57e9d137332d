// The prompt of the session on @inquirer/core: one line with history, completion by Tab and search by Ctrl-R.
// The engine brings readline's editing and the state of a prompt; what is seen is drawn by the line painter, because
// the engine's own drawing loses count of wide characters and of a terminal that is resized.
import { Writable } from 'node:stream';
import { createPrompt, isEnterKey, isTabKey, useEffect, useKeypress, useRef, useState } from '@inquirer/core';
import { wrapText } from '../render/text.ts';
import type { Theme } from '../render/theme.ts';
import type { Completion } from './completion.ts';
import { findInHistory } from './history-file.ts';
import { createHistoryWalk } from './history-walk.ts';
import { type LinePainter, createLinePainter } from './line-painter.ts';

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

/** Reads one line. Enter gives it; Ctrl-D on an empty line, or Ctrl-C twice on one, leaves. */
export function readLine(config: LinePromptConfig, context: { input: NodeJS.ReadableStream; signal: AbortSignal }): Promise<LineRead> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  return promptLine({ ...config, painter: createLinePainter(config.terminal) }, { ...context, output: nowhere });
}

/** readline's own members beside those that the engine declares. */
interface Editor {
  line: string;
  cursor: number;
  history: string[];
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

export const LEAVE_HINT = 'Ctrl-C again leaves';
const SEARCH_HINT = 'type what to look for; Ctrl-R: older; Esc: back';
const MAX_HINT_LINES = 6;

const promptLine = createPrompt<LineRead, LinePromptConfig & { painter: LinePainter }>((config, done) => {
  const { prefix, theme, history, complete, terminal, painter } = config;
  const [value, setValue] = useState('');
  const [cursor, setCursor] = useState(0);
  const [hint, setHint] = useState('');
  const [search, setSearch] = useState<Search | undefined>(undefined);
  const [isDone, setDone] = useState(false);
  const [, setDrawn] = useState(0);
  const isLeaving = useRef(false);
  const isSearching = useRef(false);
  isSearching.current = search !== undefined;
  const walk = useRef(createHistoryWalk(history));
  const found = search === undefined ? [] : findInHistory(history, value);

  function take(editor: Editor, ownHint = ''): void {
    setValue(editor.line);
    setCursor(editor.cursor);
    setHint(ownHint);
  }

  function show(editor: Editor, text: string): void {
    replaceLine(editor, text);
    take(editor);
  }

  function finish(text: string): void {
    setValue(text);
    setSearch(undefined);
    setDone(true);
    done({ kind: 'line', text });
  }

  function endSearch(editor: Editor, text: string): void {
    setSearch(undefined);
    show(editor, text);
  }

  function searchKey(key: { name: string; ctrl: boolean }, editor: Editor, current: Search): void {
    const match = found[Math.min(current.passed, found.length - 1)];
    if (key.ctrl && key.name === 'r') setSearch({ ...current, passed: Math.min(current.passed + 1, Math.max(0, found.length - 1)) });
    else if (isEnterKey(key as never)) finish(match ?? current.lineBefore);
    else if (key.name === 'escape' || (key.ctrl && key.name === 'g')) endSearch(editor, current.lineBefore);
    else if (['tab', 'right', 'left', 'end', 'home', 'up', 'down'].includes(key.name)) endSearch(editor, match ?? current.lineBefore);
    else {
      take(editor);
      setSearch({ ...current, passed: 0 });
    }
  }

  function completeKey(editor: Editor): void {
    // readline has typed the tab.
    const at = editor.line.lastIndexOf('\t', editor.cursor);
    const end = at < 0 ? editor.cursor : at;
    const line = editor.line.replaceAll('\t', '');
    const { from, insert, choices } = complete(line, end);
    replaceLine(editor, line.slice(0, from) + insert + line.slice(end), line.length - end);
    take(editor, choices.join('  '));
  }

  function walkKey(editor: Editor, step: 'older' | 'newer'): void {
    const line = walk.current[step](editor.line);
    if (line === undefined) take(editor);
    else show(editor, line);
  }

  function editKey(key: { name: string; ctrl: boolean }, editor: Editor): void {
    const isOlder = key.name === 'up' || (key.ctrl && key.name === 'p');
    if (isOlder || key.name === 'down' || (key.ctrl && key.name === 'n')) {
      walkKey(editor, isOlder ? 'older' : 'newer');
      return;
    }
    walk.current.stop();
    if (isEnterKey(key as never)) finish(value);
    else if (isTabKey(key as never)) completeKey(editor);
    else if (key.ctrl && key.name === 'r') {
      setSearch({ lineBefore: editor.line, passed: 0 });
      show(editor, '');
    } else if (key.ctrl && key.name === 'l') {
      painter.clearScreen();
      setDrawn(performance.now());
    } else take(editor);
  }

  useKeypress((key, rl) => {
    const editor = rl as unknown as Editor;
    if (key.ctrl && (key.name === 'c' || key.name === 'd') && editor.line === '' && search === undefined) return;
    isLeaving.current = false;
    if (search === undefined) editKey(key, editor);
    else searchKey(key, editor, search);
  });

  useEffect((rl) => {
    const editor = rl as unknown as Editor;
    // Up and down are ours: readline's own walk ends in an empty line and forgets what was typed.
    editor.history = [];
    const leave = (): void => {
      setDone(true);
      done({ kind: 'leave' });
    };
    editor.on('close', leave);
    // The engine would reject the prompt; here the key first empties the line, then leaves.
    editor.removeAllListeners('SIGINT');
    editor.on('SIGINT', () => {
      if (isLeaving.current) {
        leave();
        return;
      }
      isLeaving.current = editor.line === '' && !isSearching.current;
      walk.current.stop();
      setSearch(undefined);
      replaceLine(editor, '');
      take(editor, isLeaving.current ? LEAVE_HINT : '');
    });
    const redraw = (): void => setDrawn(performance.now());
    const onContinued = (): void => {
      painter.forget();
      redraw();
    };
    terminal.on('resize', redraw);
    process.on('SIGCONT', onContinued);
    return () => {
      terminal.off('resize', redraw);
      process.off('SIGCONT', onContinued);
    };
  }, []);

  const plain = search === undefined || isDone ? prefix : 'search: ';
  const remark = search === undefined ? hint : (found[search.passed] ?? (value === '' ? SEARCH_HINT : 'nothing found'));
  const view = { prefix: plain, painted: theme.paint('accent', plain), line: value, cursor, below: renderBelow(remark, terminal, theme) };
  if (isDone) painter.finish(view);
  else painter.draw(view);
  return '';
});

function renderBelow(text: string, terminal: NodeJS.WriteStream, theme: Theme): string[] {
  if (text === '') return [];
  const mostLines = Math.max(1, Math.min(MAX_HINT_LINES, terminal.rows - 2));
  const lines = wrapText(text, Math.max(1, terminal.columns - 1));
  const shown = lines.length > mostLines ? [...lines.slice(0, mostLines - 1), '…'] : lines;
  return shown.map((line) => theme.paint('muted', line));
}

/** Puts a text on the line with the cursor before its last `after` characters. */
function replaceLine(editor: Editor, text: string, after = 0): void {
  editor.write(null, { ctrl: true, name: 'e' });
  editor.write(null, { ctrl: true, name: 'u' });
  if (text !== '') editor.write(text);
  for (let step = 0; step < after; step += 1) editor.write(null, { name: 'left' });
}
