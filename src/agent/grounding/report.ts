// What is done with the outcome of the check: marks in the text for the screen, and a short message by which
// the model can correct itself.
import type { GroundingReport, UnsupportedFigure } from './check.ts';

const MARK = ' [?]';
const MAX_LISTED = 12;

/** The text with ` [?]` after every figure that no tool result supports. */
export function markUnsupported(text: string, report: Pick<GroundingReport, 'unsupported'>): string {
  const ends = report.unsupported.map((figure) => figure.end).sort((a, b) => a - b);
  let marked = '';
  let from = 0;
  for (const end of ends) {
    marked += text.slice(from, end) + MARK;
    from = end;
  }
  return marked + text.slice(from);
}

/** A message to the model: what is unsupported, what the tools have instead, and what to do. Empty where all is well. */
export function describeForCorrection(report: GroundingReport): string {
  if (report.unsupported.length === 0) return '';
  const lines = report.unsupported.slice(0, MAX_LISTED).map(describe);
  const rest = report.unsupported.length - lines.length;
  return [
    'These figures of your answer are not supported by the tool results:',
    ...lines,
    ...(rest > 0 ? [`- and ${rest} more`] : []),
    'Write the whole answer again: take every figure from a tool result, derive with calculate only, leave out what you do not have. Do not mention this correction.',
  ].join('\n');
}

function describe({ text, reason, nearest }: UnsupportedFigure): string {
  if (!nearest) return `- "${text}": ${reason}`;
  const option = nearest.strike === undefined ? '' : ` ${nearest.strike} ${nearest.side ?? ''}`.trimEnd();
  const what = [nearest.symbol, option.trim(), nearest.field, nearest.date]
    .filter((word) => word !== undefined && word !== '')
    .join(' ');
  return `- "${text}": ${reason}; the tools have ${what} ${nearest.value}`;
}
