// Reads tables: a figure's column, its row's label and what stands over the table say together what it is.
// A label may be a field, a symbol, a side, a date, a strike or the window of an average.
import { type Figure, findFigures } from './figures.ts';
import type { Piece } from './layout.ts';
import { findMentions, monthNumber, type Place } from './mentions.ts';
import { CHANGE_FIELDS, type Context, PRICE_FIELDS, type Said, type Source } from './said.ts';
import { distinctOf, readSentence, spokenPeriod } from './sentence.ts';
import { averageFields, type Cue, SHORT_LABELS } from './words.ts';

/** What the labels of a row say; `window` of an average. */
type RowContext = Context & Pick<Label, 'parts' | 'window'> & Pick<Said, 'levels'>;

interface Label extends Context {
  text: string;
  /** The column holds windows of averages, counts of rows or the like: no figures. */
  index: 'window' | 'rank' | undefined;
  /** The column of one window of averages: "50". */
  window?: string | undefined;
  percent: boolean;
  multiplier: number;
  /** "Bid / ask": of so many figures of a cell each has its own. */
  parts?: readonly Cue[] | undefined;
}

type Cell = Place & { figures: readonly Figure[] };

/** All that names the figures of one cell. */
interface CellLabels {
  column: Label | undefined;
  row: RowContext;
  /** What stands over the table. */
  above: Context;
  /** Where neither column nor row names a field. */
  fallback: Cue | undefined;
}

/** A table with nothing but symbols over its figures gives prices. */
const PRICE: Cue = { name: 'price', fields: PRICE_FIELDS, start: 0, end: 0 };
const RISES: Cue = { name: 'rises', fields: ['count'], start: 0, end: 0 };
const WINDOWS: readonly number[] = [5, 10, 20, 50, 200];

/** Keeps the columns of the table that it is in. */
export function createTableReader(source: Source) {
  let table: number | undefined;
  let columns: Label[] = [];
  return {
    readRow(row: Piece, above: Context) {
      if (row.table !== table) {
        table = row.table;
        columns = [];
      }
      const cells = (row.cells ?? []).map(({ start, end }): Cell => ({
        start,
        end,
        figures: findFigures(source.text, source.masked, start, end),
      }));
      if (row.header === true && cells.every(({ figures }, index) => figures.length === 0 || index > 0)) {
        columns = cells.map((cell) => readLabel(source, cell));
        if (cells.every(({ figures }, index) => figures.length === 0 || columns[index]?.window !== undefined))
          return [];
      }
      const labels = readRowLabels(source, columns, cells);
      // In a narrow table what stands over it names a figure too.
      const fallback = columns.length > 0 && cells.length > 2 ? undefined : (above.cue ?? priceOf(columns));
      return cells.flatMap((cell, index) => {
        const column = columns[index];
        return column?.index === undefined ? readCell(source, cell, { column, row: labels, above, fallback }) : [];
      });
    },
  };
}

function readLabel({ text, base, lexicon }: Source, cell: Place): Label {
  const words = text.slice(cell.start, cell.end).replace(/[*_`]/g, ' ').trim();
  const { cues, symbols, sides, dates } = findMentions(words, base, lexicon);
  // Beside a Δ% a Δ is no option's delta.
  const short = SHORT_LABELS.get(words === 'Δ' && text.includes('Δ%') ? 'chg' : words.toLowerCase());
  return {
    text: words,
    index: indexOf(words),
    window: /^(5|10|20|50|200)(?:-day|d)?$/.exec(words)?.[1],
    percent: /%|percent|pct/i.test(words),
    parts: partsOf(words, cues),
    multiplier: MULTIPLIERS.find(([pattern]) => pattern.test(words))?.[1] ?? 1,
    cue: short ? { name: 'label', fields: short, start: 0, end: 0 } : labelCue(cues),
    symbols: distinctOf(symbols),
    sides: distinctOf(sides),
    dates: dates.length > 0 ? dates : monthOf(words),
  };
}

/** "Mar", "August 2026": any day of that month. */
function monthOf(words: string): Context['dates'] {
  const month = /^([A-Z][a-z]{2})[a-z]{0,6}\.?(?: (20\d\d))?$/.exec(words);
  const value = monthNumber(month?.[1] ?? '');
  return value === 0 ? undefined : [{ value: { inMonth: value }, span: false, start: 0, end: words.length }];
}

function indexOf(words: string): Label['index'] {
  if (/^(?:window|periods?|length)$/i.test(words)) return 'window';
  return /^(?:#|no\.?|rank)$/i.test(words) ? 'rank' : undefined;
}

function partsOf(words: string, cues: readonly Cue[]): readonly Cue[] | undefined {
  if (/^\s*up\s*\/\s*down\b/i.test(words)) return [RISES, RISES];
  return cues.length > 1 && /\/|&|\band\b/.test(words) ? cues : undefined;
}

/** "Volume (M)". */
const MULTIPLIERS: readonly (readonly [RegExp, number])[] = [
  [/\((?:in )?(?:M|mm|mln|millions?)\)|\bmillions\b/i, 1e6],
  [/\((?:in )?(?:K|thousands?)\)/i, 1e3],
  [/\((?:in )?(?:B|bn|billions?)\)/i, 1e9],
];

/** What the cells without figures, and the strike and window columns, say of the whole row. */
function readRowLabels(source: Source, columns: readonly Label[], cells: readonly Cell[]): RowContext {
  const row: RowContext = {};
  cells.forEach((cell, index) => {
    const column = columns[index];
    const [figure] = cell.figures;
    if (!figure) {
      const said = readLabel(source, cell);
      if (column?.index === 'window') row.window = /\d+/.exec(said.text)?.[0] ?? '';
      addWords(row, said, index === 0);
      return;
    }
    if (column?.cue?.name === 'strike') row.strikes = [figure.magnitude];
    const level = source.base.levelAt(figure.magnitude, figure.tolerance);
    if (level !== undefined && figure.unit !== 'percent') row.levels = [level];
    if (index === 0 && column && isWindow(figure, columns)) column.index = 'window';
    if (column?.index === 'window') row.window = String(figure.magnitude);
    const sides = column?.cue ? undefined : readLabel(source, cell).sides;
    // "$25 Call" in a column of contracts.
    if (sides) Object.assign(row, { sides, strikes: [figure.magnitude] });
  });
  return row;
}

function addWords(row: RowContext, said: Label, isFirst: boolean): void {
  if (said.symbols && !row.symbols) row.symbols = said.symbols;
  if (said.sides && !row.sides) row.sides = said.sides;
  if (said.dates) row.dates = [...(row.dates ?? []), ...said.dates];
  if (!isFirst) return;
  if (said.cue && !row.cue) row.cue = said.cue;
  if (said.parts) row.parts = said.parts;
}

/** In the first column "5", "10" beside columns of averages, whatever the column itself is called. */
function isWindow({ magnitude }: Figure, [, ...others]: readonly Label[]): boolean {
  return WINDOWS.includes(magnitude) && others.some(({ cue }) => cue?.average !== undefined);
}

function readCell(source: Source, cell: Place, labels: CellLabels): Said[] {
  const { column, row, above } = labels;
  const cue = cueOf(labels);
  const over: Context = {
    ...above,
    symbols: row.symbols ?? column?.symbols ?? above.symbols,
    sides: column?.sides ?? row.sides ?? above.sides,
    strikes: (column?.cue?.name === 'strike' ? undefined : row.strikes) ?? above.strikes,
    dates: row.dates ?? column?.dates ?? above.dates,
    cue: cue && { ...cue, firm: true },
  };
  const { said } = readSentence(source, cell, over);
  const parts = row.parts ?? column?.parts;
  return said.map((each, at) => {
    const part = parts?.length === said.length ? parts[at] : undefined;
    return {
      ...inColumn(source.text, each, labels),
      ...(part ? { fields: part.fields, cue: part.name, firm: true } : {}),
    };
  });
}

/** What names a cell's field: its column, its row, or what stands over the table. */
function cueOf({ column, row, above, fallback }: CellLabels): Cue | undefined {
  const named = combine(column?.cue, row.cue) ?? (column?.window === undefined ? undefined : above.cue);
  return named ? windowed(named, row.window ?? column?.window) : fallback;
}

function priceOf(columns: readonly Label[]): Cue | undefined {
  return columns.length > 1 && columns.every(({ symbols }) => symbols !== undefined) ? PRICE : undefined;
}

function inColumn(text: string, said: Said, { column, row }: CellLabels): Said {
  const isStrike = column?.cue?.name === 'strike';
  const isChange = said.fields === undefined || said.fields.includes('change');
  return {
    ...said,
    ...(isStrike ? { fields: ['strike'] as const, cue: 'strike', isStrike } : {}),
    ...(row.dates || column?.dates ? { ownDate: true } : {}),
    ...(row.levels ? { levels: row.levels } : {}),
    ...(column?.percent === true && said.figure.unit === 'bare' && isChange ? { fields: CHANGE_FIELDS } : {}),
    ...(column && said.spoken === undefined
      ? spokenPeriod(`${column.text} `, column.text.length + 1, column.text.length + 1)
      : {}),
    figure: inUnitsOf(column, isLoss(text, said) ? { ...said.figure, sign: '-' } : said.figure),
  };
}

/** "Volume (M)" and "Change %" give their unit to every figure of the column. */
function inUnitsOf(column: Label | undefined, figure: Figure): Figure {
  const multiplier = column && figure.tolerance <= 0.5 ? column.multiplier : 1;
  return {
    ...figure,
    unit: column?.percent === true && figure.unit === 'bare' ? 'percent' : figure.unit,
    magnitude: figure.magnitude * multiplier,
    tolerance: figure.tolerance * multiplier,
  };
}

/** A ledger's negative: nothing but "(7.23)" in the cell. */
function isLoss(text: string, { figure, fields }: Said): boolean {
  const { sign, parenthesised, start, end } = figure;
  return (
    sign === undefined &&
    parenthesised &&
    fields?.includes('change') === true &&
    /\|\s*\($/.test(text.slice(Math.max(0, start - 8), start)) &&
    /^\)\s*(?:\||$)/.test(text.slice(end, end + 8))
  );
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
