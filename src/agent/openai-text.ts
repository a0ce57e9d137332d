// The text of a reply as it streams in. Holds back what may turn out not to be an answer: reasoning in tags, tool calls
// written as text, and the tokens of a chat template that a server left standing.
import type { ToolDefinition } from './model.ts';
import { STRIPPED_MARKS, STRIPPED_STARTS, readHarmony, readStripped } from './openai-harmony.ts';
import { CALL_TAGS, TOKEN_MARKS, type WrittenCall, readWritten } from './openai-written.ts';

export interface TextGate {
  push(piece: string): void;
  /** What is text, and the calls that were written in it; `isUnreadable`: what should be a call is none. */
  end(): { text: string; calls: WrittenCall[]; isUnreadable?: true };
}

export interface TextGateOptions {
  tools: readonly ToolDefinition[];
  /** Gets text as soon as it cannot be anything else any more. */
  onText?: ((piece: string) => void) | undefined;
  /** What was given so far is not the answer. */
  onDiscard?: (() => void) | undefined;
}

const REASONING: readonly (readonly [string, string])[] = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['<thought>', '</thought>'],
  ['<reasoning>', '</reasoning>'],
  ['<seed:think>', '</seed:think>'],
  ['[THINK]', '[/THINK]'],
  ['◁think▷', '◁/think▷'],
  ['<|START_THINKING|>', '<|END_THINKING|>'],
];
/** Ends of a turn, of no use to anybody. */
const ENDS: readonly string[] = [
  '<|im_end|>',
  '<|eot_id|>',
  '<|eom_id|>',
  '<|endoftext|>',
  '<|end_of_text|>',
  '<|end|>',
  '<|return|>',
  '<|user|>',
  '<｜end▁of▁sentence｜>',
  '<end_of_turn>',
];
/** A text may hold them, and so may a call without any mark. */
const OPEN_MARKS: readonly string[] = ['{', '```'];

/** The longest tool name with what may stand around it. */
const MAX_MARK_CHARS = 60;

type Kind = 'reasoning' | 'reasoned' | 'end' | 'marked' | 'open' | 'channels';

/** Text goes out at once; from the first mark of a call on everything is kept until the end. */
export function createTextGate({ tools, onText, onDiscard }: TextGateOptions): TextGate {
  const marks = listMarks(tools);
  const pattern = createPattern([...marks.keys()]);
  const beginnings = listBeginnings([...marks.keys()]);
  const passed: string[] = [];
  const held: string[] = [];
  let pending = '';
  let closing: string | undefined;
  let kept: 'marked' | 'open' | 'channels' | undefined;
  /** Nothing but white space has come since the reasoning, or at all. */
  let isAtStart = true;
  let mayBeChannels = true;

  function pass(piece: string): void {
    const text = isAtStart ? piece.trimStart() : piece;
    if (text === '') return;
    isAtStart = false;
    passed.push(text);
    onText?.(text);
  }

  /** White space at the start waits for what follows. */
  function passPending(keepFrom: number): void {
    const piece = pending.slice(0, keepFrom);
    pending = pending.slice(keepFrom);
    pass(piece);
  }

  /** True where there is more to look at. */
  function step(): boolean {
    if (closing !== undefined) return skipReasoning(closing);
    if (isAtStart && mayBeChannels) {
      const start = pending.trimStart();
      if (STRIPPED_STARTS.some((word) => start.startsWith(word))) {
        take('channels');
        return false;
      }
      if (STRIPPED_STARTS.some((word) => word.startsWith(start))) return false;
    }
    const found = pattern.exec(pending);
    if (found === null) {
      passPending(pending.length - openEnd(pending, beginnings));
      return false;
    }
    const rest = pending.slice(found.index);
    if (found.index > 0) passPending(found.index);
    // A longer mark may still come of it.
    if (beginnings.has(rest)) return false;
    take(marks.get(found[0]) ?? 'open', found[0]);
    return kept === undefined;
  }

  function take(kind: Kind, mark = ''): void {
    if (kind === 'marked' || kind === 'open' || kind === 'channels') {
      kept = kind;
      held.push(pending);
      pending = '';
      return;
    }
    pending = pending.slice(mark.length);
    if (kind === 'reasoning') closing = REASONING.find(([opening]) => opening === mark)?.[1];
    if (kind === 'reasoned') discard();
  }

  /** A server whose template opens the reasoning sends only its end. */
  function discard(): void {
    if (passed.length > 0) onDiscard?.();
    passed.length = 0;
    isAtStart = true;
  }

  function skipReasoning(tag: string): boolean {
    const end = pending.indexOf(tag);
    if (end < 0) {
      // Only its closing tag is still of interest, and that may have begun.
      pending = pending.slice(-tag.length);
      return false;
    }
    pending = pending.slice(end + tag.length);
    closing = undefined;
    isAtStart ||= passed.join('').trim() === '';
    return true;
  }

  /** What began like a channel is a sentence. */
  function readAgain(): void {
    mayBeChannels = false;
    kept = undefined;
    pending = held.splice(0).join('');
    while (step());
  }

  function conclude(): ReturnType<TextGate['end']> {
    if (kept === 'channels') {
      const stripped = readStripped(held.join(''));
      if (stripped !== undefined) {
        discard();
        if (stripped.calls.length === 0) pass(stripped.text);
        return { text: passed.join(''), calls: stripped.calls };
      }
      readAgain();
    }
    const before = passed.join('');
    if (kept === undefined) {
      if (closing === undefined) pass(pending);
      return { text: passed.join(''), calls: [] };
    }
    const text = held.join('');
    const harmony = readHarmony(text, before);
    if (harmony !== undefined) {
      if (harmony.calls.length === 0 && harmony.text !== '') pass(harmony.text);
      return { text: harmony.calls.length === 0 ? passed.join('') : before, calls: harmony.calls };
    }
    const reading = readWritten({ before, text, isMarked: kept === 'marked' }, tools);
    if (reading.kind === 'unreadable') return { text: before, calls: [], isUnreadable: true };
    if (reading.kind === 'calls') return { text: reading.before.replace(/[\s[(`]*$/, ''), calls: reading.calls };
    pass(text);
    return { text: passed.join(''), calls: [] };
  }

  return {
    push: (piece) => {
      if (kept !== undefined) {
        held.push(piece);
        return;
      }
      pending += piece;
      while (step());
    },
    end: conclude,
  };
}

function listMarks(tools: readonly ToolDefinition[]): Map<string, Kind> {
  const marks = new Map<string, Kind>();
  for (const [opening, closing] of REASONING) marks.set(opening, 'reasoning').set(closing, 'reasoned');
  for (const end of ENDS) marks.set(end, 'end');
  for (const mark of [...CALL_TAGS, ...TOKEN_MARKS]) marks.set(mark, 'marked');
  for (const mark of STRIPPED_MARKS) marks.set(mark, 'channels');
  for (const mark of OPEN_MARKS) marks.set(mark, 'open');
  for (const { name } of tools)
    for (const before of ['', '[', 'print(', 'default_api.', 'print(default_api.', '[default_api.'])
      marks.set(`${before}${name}(`, 'open').set(`${before}${name}.call(`, 'open');
  return marks;
}

/** The longest of those that begin at one place; a list of objects too. */
function createPattern(marks: readonly string[]): RegExp {
  const longestFirst = [...marks].sort((a, b) => b.length - a.length);
  const escaped = longestFirst.map((mark) => mark.replaceAll(/[^\w]/g, String.raw`\$&`));
  return new RegExp([String.raw`\[\s*\{`, ...escaped].join('|'));
}

/** All that may become a mark and is none yet. */
function listBeginnings(marks: readonly string[]): ReadonlySet<string> {
  return new Set(
    marks.flatMap((mark) => Array.from({ length: mark.length - 1 }, (_each, at) => mark.slice(0, at + 1))),
  );
}

/** Characters at the end of a text that may be the beginning of a mark. */
function openEnd(text: string, beginnings: ReadonlySet<string>): number {
  const bracket = /\[\s*$/.exec(text);
  if (bracket !== null) return text.length - bracket.index;
  for (let length = Math.min(text.length, MAX_MARK_CHARS); length > 0; length -= 1)
    if (beginnings.has(text.slice(-length))) return length;
  return 0;
}
