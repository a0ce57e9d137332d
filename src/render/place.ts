// A mistake at its place: the text on a line and a mark below it, cut to the width around the place.
// The text is a stranger's: it is made harmless before it is measured.
import { displayWidth, sanitiseLine } from './text.ts';

export interface Place {
  text: string;
  start: number;
  end: number;
}

const INDENT = '  ';
/** What of a long text is shown before the place. */
const LEAD = 30;

/** Two lines, or none where there is nothing to show. */
export function renderPlace(place: Place | undefined, width: number): string[] {
  if (place === undefined) return [];
  const { text, start, end } = place;
  const room = Math.max(20, width - INDENT.length - 2);
  const from = start > room - 10 ? start - LEAD : 0;
  const before = `${from > 0 ? '…' : ''}${clean(text.slice(from, start))}`;
  const marked = clean(text.slice(start, end));
  const line = before + marked + clean(text.slice(end));
  if (line.trim() === '') return [];
  const length = Math.max(1, Math.min(displayWidth(marked), room - displayWidth(before)));
  const shown = displayWidth(line) > room ? `${line.slice(0, room - 1)}…` : line;
  return [`${INDENT}${shown}`, `${INDENT}${' '.repeat(displayWidth(before))}${'^'.repeat(length)}`];
}

/** Blanks stay where they are, so that the mark does too. */
function clean(text: string): string {
  return text
    .replaceAll(/\s/g, ' ')
    .split(/( +)/)
    .map((part) => (part.startsWith(' ') ? part : sanitiseLine(part, 2000)))
    .join('');
}
