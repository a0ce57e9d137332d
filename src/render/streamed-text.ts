// Text of a model as it arrives in pieces: harmless wherever a piece ends, wrapped to the terminal, word by word.
// A word is printed when it is whole, so no piece can part a control sequence or a character.
import type { Redact } from '../domain/redaction.ts';
import { dropMarks, isHeadingMark } from './markdown.ts';
import { displayWidth, sanitise, splitWord } from './text.ts';

/** A control sequence whose end has not come. */
const UNFINISHED =
  /(?:(?:\u001b[PX\]^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0090\u0098\u009c-\u009f]*\u001b?|(?:\u001b\[|\u009b)[0-?]*[ -/]*|\u001b[ -/]*)$/;
/** A sequence that does not end within this is none: what follows its introducer is text. */
const MAX_UNFINISHED = 4_000;

/** Half of an end of line, or of a character. */
const HALF = /[\r\ud800-\udbff]$/;

/**
 * `width` is read for every word: the terminal may be resized. Lines are broken as `wrapText` breaks them. A key is taken
 * out of its word before marks are dropped and the word is broken.
 */
export function createStreamedText(width: () => number, redact: Redact = (text) => text) {
  let raw = '';
  let word = '';
  let line = '';
  let spaces = 0;
  let newlines = 0;
  let isBlank = true;

  function printWord(): string {
    const said = line === '' && isHeadingMark(word) ? '' : dropMarks(redact(word));
    word = '';
    if (said === '') return '';
    let printed = isBlank ? '' : '\n'.repeat(newlines);
    for (const part of splitWord(said, width())) {
      const joined = line === '' ? part : line + ' '.repeat(spaces) + part;
      const isTooWide = line !== '' && displayWidth(joined) > width();
      printed += isTooWide ? `\n${part}` : joined.slice(line.length);
      line = isTooWide ? part : joined;
      spaces = 0;
    }
    newlines = 0;
    isBlank = false;
    return printed;
  }

  function print(text: string): string {
    let printed = '';
    for (const character of text) {
      if (character !== ' ' && character !== '\n') {
        word += character;
        continue;
      }
      printed += printWord();
      if (character === ' ') spaces += 1;
      else {
        newlines += 1;
        line = '';
        spaces = 0;
      }
    }
    return printed;
  }

  /** Up to anything unfinished. */
  function takeFinished(): string {
    const held = UNFINISHED.exec(raw) ?? HALF.exec(raw);
    const end = held === null || held[0].length > MAX_UNFINISHED ? raw.length : held.index;
    const taken = raw.slice(0, end);
    raw = raw.slice(end);
    return sanitise(taken);
  }

  return {
    /** What can be printed now. */
    push: (piece: string) => {
      raw += piece;
      return print(takeFinished());
    },
    /** What was held back, with the end of its line where one is open; the next text starts afresh. */
    end: () => {
      const printed = print(sanitise(raw)) + printWord();
      const lineEnd = isBlank ? '' : '\n';
      raw = '';
      line = '';
      spaces = 0;
      newlines = 0;
      isBlank = true;
      return printed + lineEnd;
    },
  };
}
