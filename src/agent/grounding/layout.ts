// Cuts a markdown answer into pieces that are read on their own: sentences, headings, table rows.
// Knows lines and marks, no words.
import type { Place } from './mentions.ts';

export interface Piece extends Place {
  kind: 'heading' | 'intro' | 'sentence' | 'bullet' | 'row';
  /** A heading's rank (1 to 6), a bullet's indent. */
  depth: number;
  /** Pieces of one paragraph or one bullet share a number. */
  group: number;
  /** Only `row`: places of the cells; `table` is the same for all rows of a table. */
  cells?: Place[];
  table?: number;
  header?: boolean;
}

/** Longer sentences are cut, so that a hostile one costs no more than its length. */
const MAX_SENTENCE = 1_000;
const MAX_CELLS = 60;

interface Line extends Place {
  text: string;
}

function* linesOf(text: string): Generator<Line> {
  let start = 0;
  while (start <= text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    yield { start, end, text: text.slice(start, end) };
    start = end + 1;
  }
}

const RULE = /^[\s|:+=_-]*$/;
const FENCE = /^\s*(?:```|~~~)/;
const BULLET = /^([ \t>]*)(?:[-*+•–]|\d{1,3}[.)])[ \t]+/;
const HEADING = /^[ \t]{0,3}(#{1,6})[ \t]/;
const BOLD_LINE = /^\s*(?:\*\*|__)[^*\n]{1,100}(?:\*\*|__):?\s*$/;

/** In the order of the text; blank lines, rules and fences are no pieces. */
export function cutPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let group = 0;
  let table = 0;
  let inTable = false;
  let paragraph: Line | undefined;

  const flush = (): void => {
    if (paragraph)
      pieces.push(
        ...sentencesOf(
          text,
          paragraph.start,
          paragraph.end,
          isTitle(text.slice(paragraph.start, paragraph.end)) ? 'intro' : 'sentence',
          6,
          group,
        ),
      );
    paragraph = undefined;
    group += 1;
  };

  for (const line of linesOf(text)) {
    if (isRow(line.text, inTable)) {
      flush();
      if (!inTable) table += 1;
      const header = !inTable;
      inTable = true;
      if (RULE.test(line.text)) continue;
      pieces.push({
        kind: 'row',
        start: line.start,
        end: line.end,
        depth: 0,
        group,
        cells: cellsOf(line),
        table,
        header,
      });
      continue;
    }
    inTable = false;
    const marker = markerOf(line);
    if (marker === 'none') {
      paragraph = paragraph ? { ...line, start: paragraph.start } : line;
      continue;
    }
    flush();
    if (marker !== 'blank') pieces.push(...markedPieces(text, line, marker, group));
  }
  flush();
  return pieces;
}

/** One short line without an end to its sentence stands over what follows. */
function isTitle(paragraph: string): boolean {
  return paragraph.length < 100 && !/[.!?;,]["”’)*_]*\s*$|\n\s*\S/.test(paragraph);
}

function isRow(text: string, inTable: boolean): boolean {
  const trimmed = text.trim();
  return (
    trimmed.startsWith('|') ||
    (trimmed.includes(' | ') && (inTable || trimmed.split(' | ').length > 2)) ||
    (inTable && trimmed.includes('|') && RULE.test(trimmed))
  );
}

function cellsOf(line: Line): Place[] {
  const cells: Place[] = [];
  let start = line.start + (/^\s*\|/.exec(line.text)?.[0].length ?? 0);
  for (let at = start; at <= line.end; at += 1) {
    if (at < line.end && line.text[at - line.start] !== '|') continue;
    if ((at < line.end || line.text.slice(start - line.start).trim() !== '') && cells.length < MAX_CELLS)
      cells.push({ start, end: at });
    start = at + 1;
  }
  return cells;
}

type Marker = 'blank' | 'none' | 'heading' | 'bullet' | 'intro';

function markerOf({ text }: Line): Marker {
  if (text.trim() === '' || FENCE.test(text) || (RULE.test(text) && text.trim().length > 2)) return 'blank';
  if (HEADING.test(text) || BOLD_LINE.test(text)) return 'heading';
  if (BULLET.test(text)) return 'bullet';
  return /:(?:\*\*|__)?\s*$/.test(text) && text.length < 160 ? 'intro' : 'none';
}

function markedPieces(text: string, line: Line, marker: Exclude<Marker, 'blank' | 'none'>, group: number): Piece[] {
  if (marker === 'bullet')
    return sentencesOf(text, line.start, line.end, 'bullet', BULLET.exec(line.text)?.[1]?.length ?? 0, group);
  const rank = HEADING.exec(line.text)?.[1]?.length ?? 6;
  return sentencesOf(text, line.start, line.end, marker, rank, group);
}

const SENTENCE_END = /[.!?](?:["”’)*_]{0,3})\s+(?=["“'(*_$+\-−~≈[]*[A-Z\d])/g;
const ABBREVIATION =
  /(?:\b(?:vs|approx|avg|vol|est|prev|max|min|no|etc|inc|corp|co|ltd|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|[ap]\.m|u\.s|e\.g|i\.e|[A-Z])|^[\s>]*(?:[-*+•][ \t]+)?(?:\*\*)?\d{1,3})\.$/i;

function sentencesOf(
  text: string,
  start: number,
  end: number,
  kind: Piece['kind'],
  depth: number,
  group: number,
): Piece[] {
  const pieces: Piece[] = [];
  const body = text.slice(start, end);
  let from = 0;
  const push = (until: number): void => {
    while (from < until) {
      const stop = until - from <= MAX_SENTENCE ? until : cutAt(from);
      pieces.push({ kind, start: start + from, end: start + stop, depth, group });
      from = stop;
    }
  };
  /** The last blank within the limit, so that no number is torn. */
  function cutAt(at: number): number {
    const space = body.lastIndexOf(' ', at + MAX_SENTENCE);
    return space > at ? space : at + MAX_SENTENCE;
  }

  for (const match of body.matchAll(SENTENCE_END)) {
    const stop = match.index + 1;
    if (!ABBREVIATION.test(body.slice(Math.max(from, stop - 12), stop))) push(match.index + match[0].length);
  }
  push(body.length);
  return pieces;
}
