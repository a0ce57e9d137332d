// The prompt of the session on @inquirer/core, which brings readline's editing and the life of a prompt.
// What is seen is drawn by the line painter: the engine's own drawing loses count of wide characters and of a terminal
// that is resized, and drawing at every key would make a long paste slow.
import { Writable } from 'node:stream';
import { createPrompt, useEffect, useKeypress, useRef } from '@inquirer/core';
import {
  type Editor,
  type LineEditing,
  type LinePromptConfig,
  type LineRead,
  createLineEditing,
} from './line-editing.ts';

/** Reads one line. Enter gives it; Ctrl-D on an empty line, or Ctrl-C twice on one, leaves. */
export function readLine(
  config: LinePromptConfig,
  context: { input: NodeJS.ReadableStream; signal: AbortSignal },
): Promise<LineRead> {
  const nowhere = new Writable({ write: (_chunk, _encoding, written) => written() });
  return promptLine(config, { ...context, output: nowhere });
}

const promptLine = createPrompt<LineRead, LinePromptConfig>((config, done) => {
  const kept = useRef<LineEditing | undefined>(undefined);
  const editing = (kept.current ??= createLineEditing(config, done));
  useKeypress((key, rl) => editing.press(key, rl as unknown as Editor));
  useEffect((rl) => editing.open(rl as unknown as Editor), []);
  return '';
});
