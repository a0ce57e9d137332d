// Finds fields: by name with their window (`sma50`), by what they are said of, by the words that people use.
// The one list of all of them; nothing outside this folder keeps another.
import { CONTRACT_FIELDS, EXPIRATION_FIELDS } from './chain.ts';
import { MAX_WINDOW, MIN_WINDOW } from '../domain/windows.ts';
import { EVENT_FIELDS } from './events.ts';
import { type Entry, type Field, type Subject, capitalise, nameInSentence } from './field.ts';
import { INTRADAY_FIELDS } from './intraday.ts';
import { POSITION_FIELDS } from './position.ts';
import { QUOTE_FIELDS } from './quote.ts';
import { PERIOD_FIELDS, SERIES_FIELDS } from './series.ts';
import { SESSION_FIELDS } from './sessions.ts';
import { VOLATILITY_FIELDS } from './volatility.ts';

/** In the order in which they are listed. */
export const ENTRIES: readonly Entry[] = [
  ...QUOTE_FIELDS,
  ...SERIES_FIELDS,
  ...PERIOD_FIELDS,
  ...SESSION_FIELDS,
  ...VOLATILITY_FIELDS,
  ...INTRADAY_FIELDS,
  ...EVENT_FIELDS,
  ...EXPIRATION_FIELDS,
  ...CONTRACT_FIELDS,
  ...POSITION_FIELDS,
];

const hasWindow = (entry: Entry): entry is Entry & { windows: readonly number[] } => entry.windows !== undefined;

/** A contract's row has its contract's and its expiration's fields, a symbol's its own and an expiration's; each what is held of it. */
const SUBJECTS: Readonly<Record<Subject, readonly Subject[]>> = {
  symbol: ['symbol', 'expiration', 'position'],
  expiration: ['expiration', 'symbol', 'position'],
  contract: ['contract', 'expiration', 'symbol', 'position'],
  position: ['position', 'contract', 'expiration', 'symbol'],
};

/** The field of a name, for rows of such a subject; undefined where there is none. */
export function findField(name: string, subject: Subject = 'symbol'): Field | undefined {
  const split = /^([a-z]+?)(\d+)$/i.exec(name);
  for (const of of SUBJECTS[subject]) {
    for (const entry of ENTRIES) {
      if (entry.of !== of) continue;
      if (!hasWindow(entry)) {
        if (entry.name === name) return toField(entry, 0);
        continue;
      }
      const window = split?.[1] === entry.name ? Number(split[2]) : 0;
      if (window >= MIN_WINDOW && window <= MAX_WINDOW && String(window) === split?.[2]) return toField(entry, window);
    }
  }
  return undefined;
}

/** Every field under the windows that are offered. */
export function listFields(entries: readonly Entry[] = ENTRIES): Field[] {
  return entries.flatMap((entry) =>
    hasWindow(entry) ? entry.windows.map((window) => toField(entry, window)) : [toField(entry, 0)],
  );
}

/** Fields whose name, label, words or meaning hold all of these words, each from the beginning of a word on. */
export function searchFields(words: readonly string[]): Field[] {
  const wanted = words.flatMap((word) => word.toLowerCase().split(/\s+/)).filter((word) => word !== '');
  return listFields().filter(({ name, label, words: own, meaning }) => {
    // `Interest` begins a word of `openInterest`.
    const parts = name.replaceAll(/[A-Z]/g, ' $&');
    const text = [name, parts, label, ...own, meaning].join(' ').toLowerCase();
    return wanted.every((word) =>
      text
        .split(word)
        .slice(0, -1)
        .some((before) => !/[a-z0-9]$/.test(before)),
    );
  });
}

/** Names that such rows have and that resemble one that they do not have, nearest first, at most three. */
export function resemblingNames(name: string, subject?: Subject): string[] {
  const wanted = name.toLowerCase();
  const family = ENTRIES.filter((entry) => hasWindow(entry) && wanted === entry.name.toLowerCase());
  if (family.length > 0)
    return family.flatMap((entry) =>
      hasWindow(entry) ? entry.windows.slice(0, 3).map((n) => `${entry.name}${n}`) : [],
    );
  const known = listFields().filter((field) => findField(field.name, subject) !== undefined);
  const scored = known.map((field) => ({
    name: field.name,
    distance: Math.min(
      editDistance(wanted, field.name.toLowerCase()),
      ...field.words.map((words) => editDistance(wanted, words.replaceAll(/[ -]/g, ''))),
    ),
  }));
  const most = Math.max(1, Math.floor(wanted.length / 3));
  const near = scored.filter(({ distance }) => distance <= most).sort((a, b) => a.distance - b.distance);
  // From the beginning of one of its words on: `nope` stands in optionOpenInterest by chance.
  const inside = capitalise(name);
  const holding = scored.filter(
    ({ name: own }) => wanted.length > 1 && (own.startsWith(wanted) || own.includes(inside)),
  );
  return [...new Set([...near, ...holding].map((each) => each.name))].slice(0, 3);
}

function toField(entry: Entry, window: number): Field {
  const { name, label, head = label, unit, signed, decimals, of, needs, words, meaning } = entry;
  const suffix = window === 0 ? '' : String(window);
  return {
    name: name + suffix,
    label: window === 0 ? label : `${label} ${suffix}`,
    head: window === 0 ? head : `${head} ${suffix}`,
    unit,
    signed: signed === true,
    ...(decimals === undefined ? {} : { decimals }),
    of,
    needs,
    words: window === 0 ? words : words.flatMap((word) => [`${word} ${suffix}`, `${suffix} ${word}`]),
    meaning: meaning.replace('{n}', suffix),
    window,
    entry,
  };
}

/** Letters to insert, drop or change. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** How a sentence names a field, of a contract too; what is none as it is. */
export function labelOf(name: string): string {
  const field = findField(name) ?? findField(name, 'contract');
  return field === undefined ? name : nameInSentence(field);
}
