// Text as a terminal shows it: its width in columns, cutting, padding, wrapping.
// Text of strangers is made harmless before it is printed, by the one rule of the domain.
import stringWidth, { characterWidth } from './string-width.ts';

export { sanitise, sanitiseLine } from '../domain/plain-text.ts';

const ELLIPSIS = '…';

/** Columns that `text` takes; color sequences take none. */
export function displayWidth(text: string): number {
  return stringWidth(text);
}

/** `text` without color, cut to `width` columns, the last one an ellipsis where something is missing. */
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
