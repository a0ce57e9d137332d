// Words behind the symbols of a command in a session: they fill the option that is obviously meant, and the value of an
// option needs no quotes. A shell splits words before fin sees them; here nobody does.
import { parseRangePhrase } from '../domain/date-grammar.ts';
import { UsageError } from '../domain/errors.ts';
import { PRESET_NAMES } from '../fields/presets.ts';
import { findField } from '../fields/registry.ts';
import { checkExpirationPhrase } from '../domain/expirations.ts';
import { parseColumnList } from '../tools/table-columns.ts';

/** Options whose values are phrases: they go on to the next option. */
const PHRASES = new Set(['--range', '--from', '--to', '--date', '--expiration', '--columns', '--where', '--sort']);

/** `NVDA last 5 trading days --interval day` of `history` as the shell would have it. */
export function readSessionWords(name: string, words: readonly string[]): string[] {
  const end = words.findIndex((word) => word.startsWith('--'));
  const before = end < 0 ? words : words.slice(0, end);
  const options = end < 0 ? [] : words.slice(end);
  // Options before the symbols are left as they are: nobody knows where their values end.
  if (before.length === 0) return [...words];
  return [...fillOption(name, before, options), ...joinPhrases(options)];
}

function fillOption(name: string, words: readonly string[], options: readonly string[]): readonly string[] {
  const fill = FILLS[name];
  if (fill === undefined || options.some((word) => word.split('=')[0] === fill.option)) return words;
  for (let at = 1; at < words.length; at += 1) {
    const filled = fill.read(words.slice(at));
    if (filled !== undefined) return [...words.slice(0, at), ...filled];
  }
  return words;
}

interface Fill {
  option: string;
  /** The option with its value, undefined for words that are none. */
  read(words: readonly string[]): string[] | undefined;
}

const FILLS: Readonly<Record<string, Fill>> = {
  history: {
    option: '--range',
    read: (words) => {
      // MAR and MTD are symbols where they are written as such.
      if (words.length === 1 && /^[A-Z]{1,5}$/.test(words[0] ?? '') && words[0] !== 'YTD') return undefined;
      const phrase = words.join(' ');
      return parseRangePhrase(phrase) !== undefined ? ['--range', phrase] : undefined;
    },
  },
  chain: {
    option: '--expiration',
    read: (words) => {
      const side = /^(call|put)s?$/i.exec(words.at(-1) ?? '')?.[1]?.toLowerCase();
      const phrase = (side === undefined ? words : words.slice(0, -1)).join(' ');
      const ofSide = side === undefined ? [] : ['--side', side];
      if (phrase === '') return ofSide;
      return isRead(() => checkExpirationPhrase(phrase)) ? ['--expiration', phrase, ...ofSide] : undefined;
    },
  },
  table: {
    option: '--columns',
    read: (words) => {
      if (!beginsColumns(words[0] ?? '')) return undefined;
      const list = [words.join(' '), words.join(',')].find((columns) => isRead(() => parseColumnList(columns)));
      return ['--columns', list ?? words.join(' ')];
    },
  },
};

/** A field or preset by its name, or what no symbol is made of. */
function beginsColumns(word: string): boolean {
  const [name = ''] = word.split(',');
  return findField(name) !== undefined || (PRESET_NAMES as readonly string[]).includes(name) || /[()*+<>=]/.test(word);
}

function isRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}

function joinPhrases(options: readonly string[]): string[] {
  const joined: string[] = [];
  let phrase: string | undefined;
  for (const word of options) {
    const isOption = word.startsWith('--');
    if (phrase !== undefined && !isOption) {
      phrase = phrase === '' ? word : `${phrase} ${word}`;
      continue;
    }
    if (phrase !== undefined && phrase !== '') joined.push(phrase);
    phrase = PHRASES.has(word) ? '' : undefined;
    joined.push(word);
  }
  if (phrase !== undefined && phrase !== '') joined.push(phrase);
  return joined;
}
