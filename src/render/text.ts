// Text as a terminal shows it: its width in columns, cutting, padding, wrapping,
// and making text of strangers (providers, models, files) harmless before it is printed.
import stringWidth, { characterWidth } from './string-width.ts';

const ELLIPSIS = '…';

/** Columns that `text` takes; colour sequences take none. */
export function displayWidth(text: string): number {
  return stringWidth(text);
}

/** `text` without colour, cut to `width` columns, the last one an ellipsis where something is missing. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width <= 0) return '';
  let kept = '';
  let used = 0;
  for (const character of text) {
    const columns = characterWidth(character);
    if (used + columns > width - 1) break;
    kept += character;
    used += columns;
  }
  return kept + ELLIPSIS;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** Lines of at most `width` columns, broken between words; a longer word is broken inside. */
export function wrapText(text: string, width: number, indent = ''): string[] {
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, width, indent));
}

function wrapParagraph(paragraph: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(' ').flatMap((one) => splitWord(one, width - displayWidth(indent)))) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(joined) > width) {
      lines.push(line.trimEnd());
      line = indent + word;
    } else {
      line = joined;
    }
  }
  lines.push(line.trimEnd());
  return lines;
}

/** A word in pieces of at most `width` columns. */
export function splitWord(word: string, width: number): string[] {
  if (displayWidth(word) <= width) return [word];
  const parts: string[] = [];
  let part = '';
  for (const character of word) {
    if (displayWidth(part + character) > width) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part];
}

/** Pieces joined by `separator` into as few lines of `width` columns as hold them; a longer piece is wrapped. */
export function wrapPieces(pieces: readonly string[], width: number, separator = ' · '): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    const joined = last === undefined ? piece : `${last}${separator}${piece}`;
    if (last === undefined || displayWidth(joined) > width) lines.push(...wrapText(piece, width));
    else lines[lines.length - 1] = joined;
  }
  return lines;
}

/** DCS, SOS, OSC, PM and APC with their payload. A payload ends at the next introducer, so that time stays linear. */
const STRINGS =
  /(?:\u001b[PX\]^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0090\u0098\u009c-\u009f]*(?:\u0007|\u001b\\|\u009c)/g;
/** CSI sequences, then every other escape sequence. */
const SEQUENCES = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[ -/]*[0-~]/g;
/** C0 and C1 without tab and newline, soft hyphen, bidi controls, zero-width and invisible characters, tags. */
export const INVISIBLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

/**
 * Text of a stranger without anything that steers a terminal or hides what is read: control sequences,
 * control characters, carriage returns (a lone one becomes a newline), bidi and zero-width characters.
 * Newlines and tabs stay (a tab as two spaces). At most `maxLength` UTF-16 units, cut with an ellipsis.
 */
export function sanitise(text: string, maxLength = 100_000): string {
  const clean = text
    .slice(0, maxLength * 8)
    .toWellFormed()
    .replace(STRINGS, '')
    .replace(SEQUENCES, '')
    .replaceAll(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(INVISIBLE, '')
    .replaceAll('\t', '  ');
  if (clean.length <= maxLength) return clean;
  return clean.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '') + ELLIPSIS;
}

/** As `sanitise`, on one line: every run of white space is one space. */
export function sanitiseLine(text: string, maxLength = 500): string {
  const line = sanitise(text, maxLength * 4)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length <= maxLength ? line : line.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '') + ELLIPSIS;
}
