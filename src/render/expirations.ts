// Option expiration dates on screen: one line a month, each day with its days to expiration and its kind.
import type { ExpirationsData } from '../domain/answers.ts';
import type { ExpirationKind } from '../domain/types.ts';
import { formatMonth, plural } from './format.ts';
import { displayWidth, padStart, wrapPieces } from './text.ts';
import type { RenderOptions, View } from './view.ts';

type Entry = ExpirationsData['expirations'][number];

const MARKS: Readonly<Record<ExpirationKind, string>> = { daily: 'd', weekly: 'w', monthly: 'M', quarterly: 'Q' };

/** More than any list that exists has; such a part of one that has more takes some ten milliseconds. */
const MONTHS_PER_PART = 120;

export function viewExpirations(data: ExpirationsData, options: RenderOptions): View {
  const first = data.expirations[0]?.date;
  const last = data.expirations.at(-1)?.date;
  const months = [...Map.groupBy(data.expirations, ({ date }) => date.slice(0, 7))];
  const render = (from: number): string[] =>
    months.slice(from, from + MONTHS_PER_PART).flatMap(([month, entries]) => renderMonth(month, entries, options));
  const legend = renderLegend(data, options);
  return {
    caption: [
      data.symbol,
      'option expirations',
      plural(data.expirations.length, 'date'),
      first === undefined || last === undefined ? '' : `${first} to ${last}`,
    ],
    ...(months.length <= MONTHS_PER_PART
      ? { lines: [...render(0), ...legend] }
      : {
          lines: render(0),
          *more() {
            for (let from = MONTHS_PER_PART; from < months.length; from += MONTHS_PER_PART) yield render(from);
            yield legend;
          },
        }),
  };
}

/** `Nov 2026   20w   1d   27w   8d`, continued under the first day where the width ends. */
function renderMonth(month: string, entries: readonly Entry[], { theme, width }: RenderOptions): string[] {
  const indent = 10;
  const cellWidth = 11;
  const perLine = Math.max(1, Math.floor((width - indent) / cellWidth));
  const lines = Array.from({ length: Math.ceil(entries.length / perLine) }, (_, line) =>
    entries.slice(line * perLine, (line + 1) * perLine),
  );
  return lines.map((line, index) => {
    const label = index === 0 ? formatMonth(`${month}-01`) : '';
    const entriesText = line.map((entry) => renderEntry(entry, theme)).join(' ');
    return (theme.paint('muted', label) + ' '.repeat(indent - displayWidth(label)) + entriesText).trimEnd();
  });
}

function renderEntry(entry: Entry, theme: RenderOptions['theme']): string {
  const day = padStart(`${Number(entry.date.slice(8, 10))}${MARKS[entry.kind]}`, 3);
  const tone = entry.kind === 'monthly' || entry.kind === 'quarterly' ? 'strong' : 'plain';
  const dte = `(${entry.dte}d)`;
  return theme.paint(tone, day) + ' ' + theme.paint('muted', dte) + ' '.repeat(Math.max(0, 6 - dte.length));
}

function renderLegend(data: ExpirationsData, { theme, width }: RenderOptions): string[] {
  const kinds = (['daily', 'weekly', 'monthly', 'quarterly'] as const).filter((kind) =>
    data.expirations.some((one) => one.kind === kind),
  );
  if (kinds.length === 0) return [];
  const pieces = [...kinds.map((kind) => `${MARKS[kind]} ${kind}`), '(days to expiration)'];
  return ['', ...wrapPieces(pieces, width, '  ').map((line) => theme.paint('muted', line))];
}
