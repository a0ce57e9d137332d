// The check of sentences that carry their figures: each must be in a tool's result, by value and field, or follow from what
// is there. Nothing is read out of the text.
import type { Bar } from '../../domain/types.ts';
import type { SaidFigure } from '../../domain/said.ts';
import { roundFigure } from '../../fields/field.ts';
import { findField } from '../../fields/registry.ts';
import type { PlacedFigure } from '../../render/said.ts';
import type { GroundingReport } from './check.ts';
import type { Fact, FactBase } from './facts.ts';

export function checkAttached(said: string, figures: readonly PlacedFigure[], base: FactBase): GroundingReport {
  const unsupported = figures.flatMap((figure) => {
    const { text, value, start, end } = figure;
    const reason = said.slice(start, end) === text ? findFault(figure, base) : 'not in the text where it should be';
    return reason === undefined ? [] : [{ text, value, start, end, reason }];
  });
  return { figures: figures.length, supported: figures.length - unsupported.length, unsupported };
}

/** Undefined where a figure is supported. */
function findFault(figure: SaidFigure, base: FactBase): string | undefined {
  if (figure.bars !== undefined) return faultOfComputed(figure, base);
  if (figure.of !== undefined)
    return figure.of.every((each) => findFault(each, base) === undefined)
      ? undefined
      : 'made from a figure that is not in any tool result';
  const size = Math.abs(figure.value);
  return base.within(size, size).some((fact) => isSame(fact, figure)) ? undefined : 'not in any tool result';
}

const TERMS = ['symbol', 'date', 'expiration', 'strike', 'side'] as const;

/** The same value of the same field, and of the same symbol, date and contract as far as the figure says them. */
function isSame(fact: Fact, figure: SaidFigure): boolean {
  return (
    fact.field === figure.field &&
    fact.value === figure.value &&
    TERMS.every((term) => figure[term] === undefined || fact[term] === undefined || fact[term] === figure[term])
  );
}

/** Computed of bars that are all here; a field of the registry must come to the same value once more. */
function faultOfComputed(
  { symbol, field, value, date, bars: count = 0 }: SaidFigure,
  base: FactBase,
): string | undefined {
  const held = symbol === undefined ? [] : base.dailyBars(symbol);
  const end = held.findIndex((bar) => bar.date === date) + 1;
  if (end < count || end === 0) return 'computed from bars that are not in any tool result';
  const again = computeAgain(field, held.slice(end - count, end));
  return again === undefined || again === roundFigure(value, findField(field)?.unit ?? 'number')
    ? undefined
    : 'not what its bars give';
}

function computeAgain(name: string, bars: readonly Bar[]): number | undefined {
  const field = findField(name);
  if (field?.entry.series === undefined) return undefined;
  const value = field.entry.read({ symbol: '', now: 0, bars }, field.window);
  return typeof value === 'number' ? roundFigure(value, field.unit) : NaN;
}
