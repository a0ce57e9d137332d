// What all screens share: their options, the caption above a view and the footer that says where figures come from.
import type { AnswerMeta } from '../domain/answers.ts';
import { formatAge, formatExchangeTime } from './format.ts';
import { displayWidth, padEnd, sanitiseLine, wrapPieces, wrapText } from './text.ts';
import type { Theme } from './theme.ts';

export interface RenderOptions {
  /** Columns of the terminal; 40 is the least that views are laid out for. */
  width: number;
  theme: Theme;
  /** Lines of the terminal, for what fits itself to them; absent where it is none. */
  rows?: number;
  /** `brief` leaves out the middle of histories of over a month, `reading` of those over a quarter. Default `full`. */
  detail?: 'full' | 'reading' | 'brief';
}

/** One answer without its frame: the pieces of its caption (the first is the symbol) and the lines below it. */
export interface View {
  caption: string[];
  lines: string[];
  /** What comes after them where it is too long to be made in one go. */
  more?: () => Iterable<string[]>;
}

/** `NVDA · daily bars · past month · SAMPLE`, on more lines where the width is small. */
export function renderCaption(pieces: readonly string[], sample: boolean, options: RenderOptions): string[] {
  const { theme, width } = options;
  const shown = [...pieces.filter((piece) => piece !== ''), ...(sample ? ['SAMPLE'] : [])];
  return wrapPieces(shown, width).map((line, index) => {
    const marked = sample ? line.replace(/SAMPLE$/, theme.paint('warning', 'SAMPLE')) : line;
    const [title = ''] = shown;
    return index === 0 && marked.startsWith(title) ? theme.paint('strong', title) + marked.slice(title.length) : marked;
  });
}

/** `tradier · as of 15:59:58 ET 19 Nov 2026 · cached 12 s ago`; nothing for an answer that needed no source. */
export function renderFooter(meta: AnswerMeta, options: RenderOptions): string[] {
  const pieces = [
    meta.provider === undefined ? '' : sanitiseLine(meta.provider, 60).replaceAll(/,\s*/g, ', '),
    meta.asOf === undefined ? '' : `as of ${formatExchangeTime(meta.asOf)}`,
    formatFreshness(meta),
  ].filter((piece) => piece !== '');
  const tone = meta.freshness === 'stale' ? 'warning' : 'muted';
  return wrapPieces(pieces, options.width).map((line) => options.theme.paint(tone, line));
}

/** `live`, `cached 12 s ago`, `stale, 2 h old`. */
export function formatFreshness(meta: Pick<AnswerMeta, 'freshness' | 'ageMs'>): string {
  if (meta.freshness === undefined) return '';
  if (meta.freshness === 'live') return 'live';
  if (meta.freshness === 'cached') return meta.ageMs === undefined ? 'cached' : `cached ${formatAge(meta.ageMs)} ago`;
  return meta.ageMs === undefined ? 'stale' : `stale, ${formatAge(meta.ageMs)} old`;
}

/** Remarks, each once, wrapped between words. */
export function renderNotes(notes: readonly string[], options: RenderOptions): string[] {
  const shown = new Set(notes.map((note) => sanitiseLine(note, 1000)).filter((note) => note !== ''));
  return [...shown].flatMap((note) =>
    wrapText(`note: ${note}`, options.width, '      ').map((line) => options.theme.paint('muted', line)),
  );
}

/** A label and what it says; several pieces are parted by a dot. A fact without pieces is not shown. */
export type Fact = readonly [label: string, pieces: readonly string[]];

/** Facts below each other, labels at the left, long ones wrapped under their first line. */
export function renderFacts(facts: readonly Fact[], { theme, width }: RenderOptions): string[] {
  const shown = facts
    .map(([label, pieces]): Fact => [label, pieces.filter((piece) => piece !== '')])
    .filter(([, pieces]) => pieces.length > 0);
  const labelWidth = Math.max(0, ...shown.map(([label]) => displayWidth(label))) + 2;
  return shown.flatMap(([label, pieces]) =>
    wrapPieces(pieces, width - labelWidth).map(
      (line, index) => theme.paint('muted', padEnd(index === 0 ? label : '', labelWidth)) + line,
    ),
  );
}

/** Name of a company or text of a provider, harmless and on one line. */
export function describe(text: string | undefined, maxLength = 60): string {
  return text === undefined ? '' : sanitiseLine(text, maxLength);
}
