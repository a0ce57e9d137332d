// Cuts a markdown answer into pieces that are read on their own (sentences, headings, table rows), line by line, and reads
// tables: a figure's column, its row's label and what stands over the table say together what it is.
import type { FactBase } from './facts.ts';
import { type Figure, findFigures } from './figures.ts';
import { type DateMention, findMentions, type Place } from './mentions.ts';
import { CHANGE_FIELDS, type Context, PRICE_FIELDS, type Said } from './said.ts';
import { readSentence, spokenPeriod } from './sentence.ts';
import { averageFields, type Cue, type Lexicon, SHORT_LABELS } from './words.ts';

export interface Piece {
  start: number;
  end: number;
  kind: 'heading' | 'intro' | 'sentence' | 'bullet' | 'row';
  /** A heading's rank (1 to 6), a bullet's indent. */
  depth: number;
  /** Pieces of one paragraph or one bullet share a number. */
  group: number;
  /** Only `row`: places of the cells; `table` is the same for all rows of a table. */
  cells?: { start: number; end: number }[];
  table?: number;
  header?: boolean;
}

/** Longer sentences are cut, so that a hostile one costs no more than its length. */
const MAX_SENTENCE = 1_000;
const MAX_CELLS = 60;

interface Line {
  start: number;
  end: number;
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

function cellsOf(line: Line): { start: number; end: number }[] {
  const cells: { start: number; end: number }[] = [];
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

/** What the labels of a row say; `window` of an average. */
type RowContext = Context & Pick<Label, 'parts'> & { window?: string };

interface Label extends Context {
  text: string;
  /** The column holds windows of averages, counts of rows or the like: no figures. */
  index: 'window' | 'rank' | undefined;
  /** The column of one window of averages: "50". */
  window?: string;
  percent: boolean;
  multiplier: number;
  /** "Bid / ask": of so many figures of a cell each has its own. */
  parts?: readonly Cue[];
}

/** A table with nothing but symbols over its figures gives prices. */
const PRICE: Cue = { name: 'price', fields: PRICE_FIELDS, start: 0, end: 0 };

const RISES: Cue = { name: 'rises', fields: ['count'], start: 0, end: 0 };

interface TableReader {
  readRow(row: Piece, context: Context): Said[];
}

export function createTableReader(text: string, masked: string, base: FactBase, lexicon: Lexicon): TableReader {
  let table: number | undefined;
  let columns: Label[] = [];

  function readLabel(start: number, end: number): Label {
    const words = text.slice(start, end).replace(/[*_`]/g, ' ').trim();
    const { cues, symbols, sides, dates } = findMentions(words, base, lexicon);
    // Beside a Δ% a Δ is no option's delta.
    const short = SHORT_LABELS.get(words === 'Δ' && text.includes('Δ%') ? 'chg' : words.toLowerCase());
    const cue: Cue | undefined = short ? { name: 'label', fields: short, start: 0, end: 0 } : labelCue(cues);
    return {
      text: words,
      index: /^(?:window|periods?|length)$/i.test(words)
        ? 'window'
        : /^(?:#|no\.?|rank)$/i.test(words)
          ? 'rank'
          : undefined,
      ...(/^(?:5|10|20|50|200)(?:-day|d)?$/.test(words) ? { window: String(parseInt(words, 10)) } : {}),
      percent: /%|percent|pct/i.test(words),
      ...(/^\s*up\s*\/\s*down\b/i.test(words)
        ? { parts: [RISES, RISES] }
        : cues.length > 1 && /\/|&|\band\b/.test(words)
          ? { parts: cues }
          : {}),
      multiplier: /\((?:in )?(?:M|mm|mln|millions?)\)|\bmillions\b/i.test(words)
        ? 1e6
        : /\((?:in )?(?:K|thousands?)\)/i.test(words)
          ? 1e3
          : /\((?:in )?(?:B|bn|billions?)\)/i.test(words)
            ? 1e9
            : 1,
      ...(cue ? { cue } : {}),
      ...(symbols.length > 0 ? { symbols: symbols.map((each) => each.value) } : {}),
      ...(sides.length > 0 ? { sides: [...new Set(sides.map((each) => each.value))] } : {}),
      ...(dates.length > 0 ? { dates } : {}),
    };
  }

  function readRow(row: Piece, context: Context): Said[] {
    const cells = row.cells ?? [];
    if (row.table !== table) {
      table = row.table;
      columns = [];
    }
    const figures = cells.map((cell) => findFigures(text, masked, cell.start, cell.end));
    if (row.header === true && figures.every((found, index) => found.length === 0 || index > 0)) {
      columns = cells.map((cell) => readLabel(cell.start, cell.end));
      if (figures.every((found, index) => found.length === 0 || columns[index]?.window !== undefined)) return [];
    }
    const label = rowContext(cells, figures);
    return cells.flatMap((cell, index) => readCell(cell, index, label, context, cells.length));
  }

  /** What the cells without figures, and the strike and window columns, say of the whole row. */
  function rowContext(cells: readonly Place[], figures: readonly (readonly { magnitude: number }[])[]): RowContext {
    const row: RowContext = {};
    cells.forEach((cell, index) => {
      const [only] = figures[index] ?? [];
      if (only) readFigureLabel(row, columns[index], cell, only);
      else readWordLabel(row, index, readLabel(cell.start, cell.end));
    });
    return row;
  }

  function readFigureLabel(
    row: RowContext,
    column: Label | undefined,
    cell: Place,
    figure: { magnitude: number },
  ): void {
    if (column?.cue?.name === 'strike') row.strikes = [figure.magnitude];
    if (column && isWindow(column, figure)) column.index = 'window';
    if (column?.index === 'window') row.window = String(figure.magnitude);
    if (!column?.cue) readContractLabel(row, cell, figure);
  }

  /** "5", "10" beside columns of averages, whatever the column itself is called. */
  function isWindow(column: Label, { magnitude }: { magnitude: number }): boolean {
    return (
      column === columns[0] &&
      [5, 10, 20, 50, 200].includes(magnitude) &&
      columns.some((each) => each !== column && each.cue?.average !== undefined)
    );
  }

  function readWordLabel(row: RowContext, index: number, said: Label): void {
    if (columns[index]?.index === 'window') row.window = /\d+/.exec(said.text)?.[0] ?? '';
    if (said.symbols && !row.symbols) row.symbols = said.symbols;
    if (said.sides && !row.sides) row.sides = said.sides;
    if (said.dates) row.dates = [...(row.dates ?? []), ...said.dates];
    if (said.cue && !row.cue && index === 0) row.cue = said.cue;
    if (said.parts && index === 0) row.parts = said.parts;
  }

  /** "$25 Call" in a column of contracts. */
  function readContractLabel(row: Context, cell: Place, strike: { magnitude: number }): void {
    const { sides } = readLabel(cell.start, cell.end);
    if (!sides) return;
    row.sides = sides;
    row.strikes = [strike.magnitude];
  }

  function readCell(cell: Place, index: number, row: RowContext, context: Context, width: number): Said[] {
    const column = columns[index];
    if (column?.index !== undefined) return [];
    const over: Context = {
      ...context,
      ...pick('symbols', row, column),
      ...pick('sides', column, row),
      ...(row.strikes && column?.cue?.name !== 'strike' ? { strikes: row.strikes } : {}),
      ...dates(row.dates, column?.dates, context.dates),
    };
    delete over.cue;
    const cue = cellCue(column, row, context, width);
    if (cue) over.cue = { ...cue, firm: true };
    const { said } = readSentence(text, masked, cell, over, base, lexicon);
    const parts = row.parts ?? column?.parts;
    return said.map((each, at) => {
      const part = parts?.length === said.length ? parts[at] : undefined;
      return {
        ...inColumn(each, column, row),
        ...(part ? { fields: part.fields, cue: part.name, firm: true } : {}),
      };
    });
  }

  /** What names a cell's field: its column, its row, or, in a narrow table, what stands over the table. */
  function cellCue(column: Label | undefined, row: RowContext, context: Context, width: number): Cue | undefined {
    const named = combine(column?.cue, row.cue) ?? (column?.window === undefined ? undefined : context.cue);
    if (named) return windowed(named, row.window ?? column?.window);
    if (columns.length > 0 && width > 2) return undefined;
    return (
      context.cue ?? (columns.length > 1 && columns.every((each) => each.symbols !== undefined) ? PRICE : undefined)
    );
  }

  function inColumn(said: Said, column: Label | undefined, row: Context): Said {
    const isStrike = column?.cue?.name === 'strike';
    const isChange = said.fields === undefined || said.fields.includes('change');
    return {
      ...said,
      ...(isStrike ? { fields: ['strike'] as const, cue: 'strike', isStrike } : {}),
      ...(row.dates || column?.dates ? { ownDate: true } : {}),
      ...(column?.percent === true && said.figure.unit === 'bare' && isChange ? { fields: CHANGE_FIELDS } : {}),
      ...(column && said.spoken === undefined
        ? spokenPeriod(`${column.text} `, column.text.length + 1, column.text.length + 1)
        : {}),
      figure: inUnitsOf(column, said.figure, said.fields?.includes('change') === true),
    };
  }

  /** "Volume (M)" and "Change %" give their unit to every figure of the column. */
  function inUnitsOf(column: Label | undefined, figure: Figure, isChange: boolean): Figure {
    const multiplier = column && figure.tolerance <= 0.5 ? column.multiplier : 1;
    return {
      ...figure,
      sign:
        figure.sign === undefined && figure.parenthesised && isChange && isWholeCell(figure.start, figure.end)
          ? '-'
          : figure.sign,
      unit: column?.percent === true && figure.unit === 'bare' ? 'percent' : figure.unit,
      magnitude: figure.magnitude * multiplier,
      tolerance: figure.tolerance * multiplier,
    };
  }

  /** A ledger's negative: nothing but "(7.23)" in the cell. */
  function isWholeCell(start: number, end: number): boolean {
    return (
      /\|\s*\($/.test(text.slice(Math.max(0, start - 8), start)) && /^\)\s*(?:\||$)/.test(text.slice(end, end + 8))
    );
  }

  return { readRow };
}

function labelCue(cues: readonly Cue[]): Cue | undefined {
  const names = new Set(cues.map((cue) => cue.name));
  if (names.size <= 1) return cues.length > 1 ? undefined : cues[0];
  return cues.find((cue) => cue.name !== 'strike' && cue.trailing !== true && cue.name !== 'price');
}

/** A column's "Change" and a row's "Close" do not contradict: the column wins, unless it says only "Value". */
function combine(column: Cue | undefined, row: Cue | undefined): Cue | undefined {
  if (column?.name === 'price' && row) return row;
  return column && column.trailing !== true ? column : row;
}

function windowed(cue: Cue | undefined, window: string | undefined): Cue | undefined {
  if (cue?.average === undefined || window === undefined) return cue;
  const { average, ...rest } = cue;
  return { ...rest, fields: averageFields(average, window) };
}

function pick<Key extends 'symbols' | 'sides'>(
  key: Key,
  first: Context | undefined,
  second: Context | undefined,
): Pick<Context, Key> | object {
  const value = first?.[key] ?? second?.[key];
  return value ? { [key]: value } : {};
}

function dates(
  row: readonly DateMention[] | undefined,
  column: readonly DateMention[] | undefined,
  above: readonly DateMention[] | undefined,
): Pick<Context, 'dates'> {
  const found = row ?? column ?? above;
  return found ? { dates: found } : {};
}
