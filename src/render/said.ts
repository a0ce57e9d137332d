// Writes sentences that carry their figures: the one place where such a figure becomes text, in its field's format, and
// where it stands in the text.
import { sanitise } from '../domain/plain-text.ts';
import type { Said, SaidFigure } from '../domain/said.ts';
import { findField } from '../fields/registry.ts';
import { type FigureStyle, formatFigure } from './figure.ts';
import { formatCount, formatNumber } from './format.ts';

export interface PlacedFigure extends SaidFigure {
  text: string;
  start: number;
  end: number;
}

export function writeSaid(said: Said): { text: string; figures: PlacedFigure[] } {
  const figures: PlacedFigure[] = [];
  let text = '';
  for (const part of said) {
    const written = typeof part === 'string' ? sanitise(part) : writeFigure(part);
    if (typeof part !== 'string')
      figures.push({ ...part, text: written, start: text.length, end: text.length + written.length });
    text += written;
  }
  return { text, figures };
}

function writeFigure(figure: SaidFigure): string {
  const value = figure.isSize === true ? Math.abs(figure.value) : figure.value;
  const style = styleOf(figure);
  // A column shortens contracts and what was calculated, a sentence has room for all digits.
  if (style.unit === 'contracts') return formatCount(value);
  return style.unit === 'number' ? formatNumber(value) : formatFigure(value, style);
}

function styleOf({ field, unit, strike, isSigned }: SaidFigure): FigureStyle {
  if (unit !== undefined) return { unit, signed: isSigned === true };
  return findField(field, strike === undefined ? 'symbol' : 'contract') ?? OTHERS[field] ?? { unit: 'usd' };
}

/** What is said of no field of the registry; the rest of it are prices. */
const OTHERS: Readonly<Record<string, FigureStyle>> = {
  count: { unit: 'count' },
  strike: { unit: 'usd', decimals: 'needed' },
};
