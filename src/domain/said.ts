// Sentences that carry their figures: pieces of text with figures between them, each with what it is a figure of. Their
// text is made in one place (render/said.ts), and nobody reads figures back out of what the program itself wrote.
import type { IsoDate, Side, TickerSymbol } from './types.ts';

export interface SaidFigure {
  /** A field of the registry, or what has none there: `support`, `resistance`, `count`, `calculation`. */
  field: string;
  value: number;
  /** Where the field does not say it: a unit of fields/field.ts. */
  unit?: string;
  symbol?: TickerSymbol;
  date?: IsoDate;
  expiration?: IsoDate;
  strike?: number;
  side?: Side;
  /** Said without its sign, by words that tell the direction: `3 lower closes`. */
  isSize?: true;
  /** Said with its sign even where its unit has none. */
  isSigned?: true;
  /** Computed of so many daily bars, the last of them of `date`. */
  bars?: number;
  /** Computed of these figures alone. */
  of?: readonly SaidFigure[];
}

export type Said = readonly (string | SaidFigure)[];

type Part = string | SaidFigure | Said;

/** Template tag that writes figures into a sentence, so that neither can lack the other. */
export function say(strings: TemplateStringsArray, ...parts: Part[]): Said {
  const said: (string | SaidFigure)[] = [];
  for (const [index, text] of strings.entries()) {
    const part = parts[index];
    for (const piece of [text, ...(part === undefined ? [] : toSaid(part))]) {
      const before = said.at(-1);
      if (typeof piece === 'string' && typeof before === 'string') said[said.length - 1] = before + piece;
      else if (piece !== '') said.push(piece);
    }
  }
  return said;
}

function toSaid(part: Part): Said {
  return typeof part === 'string' || 'field' in part ? [part] : part;
}

export function joinSaid(parts: readonly Part[], separator: string): Said {
  return parts.flatMap((part, index) => [...(index === 0 ? [] : [separator]), ...toSaid(part)]);
}

/** `a, b and c` */
export function listSaid(parts: readonly Part[]): Said {
  if (parts.length < 2) return joinSaid(parts, '');
  return [...joinSaid(parts.slice(0, -1), ', '), ' and ', ...joinSaid(parts.slice(-1), '')];
}

export function capitaliseSaid(said: Said): Said {
  const [first, ...others] = said;
  return typeof first === 'string' ? [first.charAt(0).toUpperCase() + first.slice(1), ...others] : said;
}

/** The same figures, said of a symbol. */
export function saidOf(symbol: TickerSymbol, said: Said): Said {
  return said.map((part) => (typeof part === 'string' ? part : figureOf(symbol, part)));
}

function figureOf(symbol: TickerSymbol, figure: SaidFigure): SaidFigure {
  const { of } = figure;
  return { ...figure, symbol, ...(of === undefined ? {} : { of: of.map((each) => figureOf(symbol, each)) }) };
}
