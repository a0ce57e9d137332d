// Reads markdown tables row by row: a figure's column, its row's label and what stands over the table say together
// what it is. Knows transposed tables (symbols or dates as columns) too.
import type { FactBase } from './facts.ts';
import { findFigures } from './figures.ts';
import type { Piece } from './layout.ts';
import { findMentions } from './mentions.ts';
import type { DateMention } from './mentions.ts';
import type { Context, Said } from './said.ts';
import { CHANGE_FIELDS, PRICE_FIELDS } from './said.ts';
import { readSentence } from './sentence.ts';
import type { Cue, Lexicon } from './words.ts';
import { SHORT_LABELS, averageFields } from './words.ts';

interface Label extends Context {
  text: string;
  /** The column holds windows of averages, counts of rows or the like: no figures. */
  index: 'window' | 'rank' | undefined;
  /** The column of one window of averages: "50". */
  window?: string;
  percent: boolean;
  multiplier: number;
}

/** A table with nothing but symbols over its figures gives prices. */
const PRICE: Cue = { name: 'price', fields: PRICE_FIELDS, start: 0, end: 0 };

export interface TableReader {
  readRow(row: Piece, context: Context): Said[];
}

export function createTableReader(text: string, masked: string, base: FactBase, lexicon: Lexicon): TableReader {
  let table: number | undefined;
  let columns: Label[] = [];

  function readLabel(start: number, end: number): Label {
    const words = text.slice(start, end).replace(/[*_`]/g, ' ').trim();
    const { cues, symbols, sides, dates } = findMentions(words, base, lexicon);
    const short = SHORT_LABELS[words.toLowerCase()];
    const cue: Cue | undefined = short ? { name: 'label', fields: short, start: 0, end: 0 } : labelCue(cues);
    return {
      text: words,
      index: /^(?:window|periods?|days|length)$/i.test(words) ? 'window' : /^(?:#|no\.?|rank)$/i.test(words) ? 'rank' : undefined,
      ...(/^(?:5|10|20|50|200)(?:-day|d)?$/.test(words) ? { window: String(parseInt(words, 10)) } : {}),
      percent: /%|percent|pct/i.test(words),
      multiplier: /\((?:in )?(?:M|mm|mln|millions?)\)|\bmillions\b/i.test(words) ? 1e6 : /\((?:in )?(?:K|thousands?)\)/i.test(words) ? 1e3 : /\((?:in )?(?:B|bn|billions?)\)/i.test(words) ? 1e9 : 1,
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
  function rowContext(cells: readonly { start: number; end: number }[], figures: readonly (readonly { magnitude: number; whole: boolean }[])[]): Context & { window?: string } {
    const row: Context & { window?: string } = {};
    cells.forEach((cell, index) => {
      const column = columns[index];
      const [only] = figures[index] ?? [];
      if (only && column?.cue?.name === 'strike') row.strikes = [only.magnitude];
      if (only && column?.index === 'window') row.window = String(only.magnitude);
      if (only && !column?.cue) readContractLabel(row, cell, only);
      if ((figures[index]?.length ?? 0) > 0) return;
      const said = readLabel(cell.start, cell.end);
      if (column?.index === 'window') row.window = /\d+/.exec(said.text)?.[0] ?? '';
      if (said.symbols && !row.symbols) row.symbols = said.symbols;
      if (said.sides && !row.sides) row.sides = said.sides;
      if (said.dates) row.dates = [...(row.dates ?? []), ...said.dates];
      if (said.cue && !row.cue && index === 0) row.cue = said.cue;
    });
    return row;
  }

  /** "$25 Call" in a column of contracts. */
  function readContractLabel(row: Context, cell: { start: number; end: number }, strike: { magnitude: number }): void {
    const { sides } = readLabel(cell.start, cell.end);
    if (!sides) return;
    row.sides = sides;
    row.strikes = [strike.magnitude];
  }

  function readCell(cell: { start: number; end: number }, index: number, row: Context & { window?: string }, context: Context, width: number): Said[] {
    const column = columns[index];
    if (column?.index !== undefined) return [];
    const cue = windowed(combine(column?.cue, row.cue) ?? (column?.window === undefined ? undefined : context.cue), row.window ?? column?.window);
    const over: Context = {
      ...context,
      ...pick('symbols', row, column),
      ...pick('sides', column, row),
      ...(row.strikes && column?.cue?.name !== 'strike' ? { strikes: row.strikes } : {}),
      ...dates(row.dates, column?.dates, context.dates),
    };
    const { cue: _inherited, ...bare } = over;
    const priced = columns.length > 1 && columns.every((each) => each.symbols !== undefined) ? PRICE : undefined;
    const chosen = cue ?? (columns.length > 0 && width > 2 ? undefined : (context.cue ?? priced));
    const { said } = readSentence(text, masked, cell, chosen ? { ...bare, cue: chosen } : bare, base, lexicon);
    return said.map((each) => inColumn(each, column, row));
  }

  function inColumn(said: Said, column: Label | undefined, row: Context): Said {
    const { figure } = said;
    const percent = column?.percent === true && figure.unit === 'bare';
    const multiplier = column && column.multiplier !== 1 && figure.tolerance <= 0.5 ? column.multiplier : 1;
    const strike = column?.cue?.name === 'strike';
    return {
      ...said,
      ...(strike ? { fields: ['strike'] as const, cue: 'strike', isStrike: true } : {}),
      ...(row.dates || column?.dates ? { ownDate: true } : {}),
      ...(percent && (said.fields === undefined || said.fields.includes('change')) ? { fields: CHANGE_FIELDS } : {}),
      figure: { ...figure, unit: percent ? 'percent' : figure.unit, magnitude: figure.magnitude * multiplier, tolerance: figure.tolerance * multiplier, parenthesised: figure.parenthesised && isWholeCell(figure.start, figure.end) },
    };
  }

  function isWholeCell(start: number, end: number): boolean {
    return /\|\s*\($/.test(text.slice(Math.max(0, start - 8), start)) && /^\)\s*(?:\||$)/.test(text.slice(end, end + 8));
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

function pick<Key extends 'symbols' | 'sides'>(key: Key, first: Context | undefined, second: Context | undefined): Pick<Context, Key> | object {
  const value = first?.[key] ?? second?.[key];
  return value ? { [key]: value } : {};
}

function dates(row: readonly DateMention[] | undefined, column: readonly DateMention[] | undefined, above: readonly DateMention[] | undefined): Pick<Context, 'dates'> {
  const found = row ?? column ?? above;
  return found ? { dates: found } : {};
}
