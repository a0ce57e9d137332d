// Whether a text says a value: a figure within the precision it is written in, a date in any usual form, else the words.
import type { IsoDate } from '../domain/types.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const FIGURE = /(?<![\w.])([-+\u2212]?)\$?(\d[\d,]*(?:\.\d+)?)\s?(thousand|million|billion|[KMB](?![A-Za-z]))?/g;
const SCALES: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, b: 1e9 };
/** Dates and times are not figures. */
const NOT_FIGURES = [
  /\d{4}-\d{2}-\d{2}/g,
  /\b\d{1,2}:\d{2}(?::\d{2})?/g,
  /\b\d{1,2}\/\d{1,2}(?:\/\d{2,4})?\b/g,
  new RegExp(`\\b(?:${MONTHS.join('|')})[a-z]*\\.? \\d{1,2}(?:st|nd|rd|th)?(?:,? \\d{4})?\\b`, 'g'),
  new RegExp(`\\b\\d{1,2} (?:${MONTHS.join('|')})[a-z]*\\.?(?: \\d{4})?\\b`, 'g'),
];

export interface SaidFigure {
  value: number;
  /** Half a unit of the last digit written. */
  tolerance: number;
  start: number;
}

export function findFigures(text: string): SaidFigure[] {
  let masked = text;
  for (const pattern of NOT_FIGURES) masked = masked.replaceAll(pattern, (match) => ' '.repeat(match.length));
  return [...masked.matchAll(FIGURE)].map((match) => {
    const [, sign = '', digits = '', word] = match;
    const plain = digits.replaceAll(',', '');
    const scale = word === undefined ? 1 : (SCALES[word[0]?.toLowerCase() ?? ''] ?? 1);
    const decimals = plain.includes('.') ? plain.length - plain.indexOf('.') - 1 : 0;
    const value = Number(plain) * scale * (sign === '-' || sign === '\u2212' ? -1 : 1);
    return { value, tolerance: 0.5 * 10 ** -decimals * scale, start: match.index };
  });
}

const NO_CHANGE = /\b(?:unchanged|no change|flat)\b/i;

/** A sign may be said in words ("down 4.72"), so only its size counts here; the grounding check knows the words. */
export function says(text: string, value: unknown): boolean {
  if (Array.isArray(value)) return (value as unknown[]).every((item) => says(text, item));
  if (value === 0 && NO_CHANGE.test(text)) return true;
  if (typeof value === 'number')
    return findFigures(text).some(
      (said) => Math.abs(Math.abs(said.value) - Math.abs(value)) <= said.tolerance * (1 + 1e-9),
    );
  if (typeof value !== 'string') return false;
  if (ISO_DATE.test(value)) return formsOf(value).some((form) => form.test(text));
  return text.toLowerCase().includes(value.toLowerCase());
}

function formsOf(date: IsoDate): RegExp[] {
  const [year = '', month = '', day = ''] = date.split('-');
  const name = `${MONTHS[Number(month) - 1] ?? ''}[a-z]*\\.?`;
  const number = `0?${Number(day)}(?:st|nd|rd|th)?`;
  return [
    new RegExp(`\\b${date}\\b`),
    new RegExp(`\\b${name} ${number}(?!\\d)`, 'i'),
    new RegExp(`\\b${number} (?:of )?${name}(?![a-z])`, 'i'),
    new RegExp(`\\b0?${Number(month)}/0?${Number(day)}(?:/(?:${year}|${year.slice(2)}))?\\b`),
  ];
}
