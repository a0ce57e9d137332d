// The text of a reply as it streams in. Holds back what may turn out not to be an answer: reasoning in tags, tool calls
// written as text, and the tokens of a chat template that a server left standing.
import type { ToolDefinition } from '../tools/registry.ts';
import { STRIPPED_MARKS, STRIPPED_STARTS, readHarmony, readStripped } from './openai-harmony.ts';
import { CALL_TAGS, TOKEN_MARKS, type WrittenCall, type WrittenText, readWritten } from './openai-written.ts';

/** What is text, and the calls that were written in it; `isUnreadable`: what should be a call is none. */
interface TextRead {
  text: string;
  calls: WrittenCall[];
  isUnreadable?: true;
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
const ENDS: readonly string[] =
  '<|im_end|> <|eot_id|> <|eom_id|> <|endoftext|> <|end_of_text|> <|end|> <|return|> <|user|> <｜end▁of▁sentence｜> <end_of_turn>'.split(
    ' ',
  );
/** A text may hold them, and so may a call without any mark. */
const OPEN_MARKS: readonly string[] = ['{', '```'];

/** The longest tool name with what may stand around it. */
const MAX_MARK_CHARS = 60;

type Kept = 'marked' | 'open' | 'channels';
type Dropped = 'reasoning' | 'reasoned' | 'end';
type Kind = Kept | Dropped;

/** Text goes out at once; from the first mark of a call on everything is kept until the end. */
export function createTextGate(options: TextGateOptions) {
  const { tools } = options;
  const marks = listMarks(tools);
  const pattern = createPattern([...marks.keys()]);
  const beginnings = listBeginnings([...marks.keys()]);
  const out = createOutlet(options);
  const held: string[] = [];
  let pending = '';
  let closing: string | undefined;
  let kept: Kept | undefined;
  let mayBeChannels = true;

  /** True where there is more to look at. */
  function step(): boolean {
    if (closing !== undefined) return skipReasoning(closing);
    if (out.isEmpty() && mayBeChannels) {
      const start = pending.trimStart();
      if (STRIPPED_STARTS.some((word) => start.startsWith(word))) return keep('channels');
      if (STRIPPED_STARTS.some((word) => word.startsWith(start))) return false;
    }
    const found = pattern.exec(pending);
    if (found === null) {
      passUntil(pending.length - openEnd(pending, beginnings));
      return false;
    }
    passUntil(found.index);
    // A longer mark may still come of it.
    if (beginnings.has(pending)) return false;
    const kind = marks.get(found[0]) ?? 'open';
    return isKept(kind) ? keep(kind) : drop(kind, found[0]);
  }

  function passUntil(end: number): void {
    out.pass(pending.slice(0, end));
    pending = pending.slice(end);
  }

  function keep(kind: Kept): false {
    kept = kind;
    held.push(pending);
    pending = '';
    return false;
  }

  function drop(kind: Dropped, mark: string): true {
    pending = pending.slice(mark.length);
    if (kind === 'reasoning') closing = REASONING.find(([opening]) => opening === mark)?.[1];
    // A server whose template opens the reasoning sends only its end.
    if (kind === 'reasoned') out.discard();
    return true;
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
    return true;
  }

  /** What began like a channel is a sentence. */
  function readAgain(): void {
    mayBeChannels = false;
    kept = undefined;
    pending = held.splice(0).join('');
    while (step());
  }

  function conclude(): TextRead {
    const stripped = kept === 'channels' ? readStripped(held.join('')) : undefined;
    if (stripped !== undefined) {
      out.discard();
      if (stripped.calls.length === 0) out.pass(stripped.text);
      return { text: out.text(), calls: stripped.calls };
    }
    if (kept === 'channels') readAgain();
    if (kept === undefined) {
      if (closing === undefined) out.pass(pending);
      return { text: out.text(), calls: [] };
    }
    const read = readKept({ before: out.text(), text: held.join(''), isMarked: kept === 'marked' }, tools);
    if ('calls' in read) return read;
    out.pass(read.said);
    return { text: out.text(), calls: [] };
  }

  return {
    push: (piece: string) => {
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

/** What is given to the reader, from its first word on. */
function createOutlet({ onText, onDiscard }: TextGateOptions): {
  pass(piece: string): void;
  discard(): void;
  text(): string;
  isEmpty(): boolean;
} {
  const passed: string[] = [];
  return {
    pass(piece) {
      const text = passed.length === 0 ? piece.trimStart() : piece;
      if (text === '') return;
      passed.push(text);
      onText?.(text);
    },
    discard() {
      if (passed.splice(0).length > 0) onDiscard?.();
    },
    text: () => passed.join(''),
    isEmpty: () => passed.length === 0,
  };
}

function isKept(kind: Kind): kind is Kept {
  return kind === 'marked' || kind === 'open' || kind === 'channels';
}

/** What was kept from a mark on: calls, or something to say after all. */
function readKept(written: WrittenText, tools: readonly ToolDefinition[]): TextRead | { said: string } {
  const { before, text } = written;
  const harmony = readHarmony(text, before);
  if (harmony !== undefined)
    return harmony.calls.length === 0 ? { said: harmony.text } : { text: before, calls: harmony.calls };
  const reading = readWritten(written, tools);
  if (reading.kind === 'unreadable') return { text: before, calls: [], isUnreadable: true };
  return reading.kind === 'calls'
    ? { text: reading.before.replace(/[\s[(`]*$/, ''), calls: reading.calls }
    : { said: text };
}

function listMarks(tools: readonly ToolDefinition[]): Map<string, Kind> {
  const marks = new Map<string, Kind>();
  for (const [opening, closing] of REASONING) marks.set(opening, 'reasoning').set(closing, 'reasoned');
  for (const end of ENDS) marks.set(end, 'end');
  for (const mark of [...CALL_TAGS, ...TOKEN_MARKS]) marks.set(mark, 'marked');
  for (const mark of STRIPPED_MARKS) marks.set(mark, 'channels');
  for (const mark of OPEN_MARKS) marks.set(mark, 'open');
  for (const { name } of tools) {
    marks.set(`<${name}>`, 'marked');
    for (const before of ['', '[', 'print(', 'default_api.', 'print(default_api.', '[default_api.'])
      marks.set(`${before}${name}(`, 'open').set(`${before}${name}.call(`, 'open');
  }
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
