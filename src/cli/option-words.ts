// Words behind the symbols of a command: they fill the option that is obviously meant, in the shell and in a session. In a
// session, where no shell splits words, the value of an option needs no quotes either.
import { parseRangePhrase } from '../domain/date-grammar.ts';
import { UsageError, hasCode } from '../domain/errors.ts';
import { PRESET_NAMES } from '../fields/presets.ts';
import { findField } from '../fields/registry.ts';
import { checkExpirationPhrase } from '../domain/expirations.ts';
import { parseColumnList } from '../tools/table-columns.ts';
import { type SPOKEN_COMMANDS, isWrittenAsSymbol, splitAt } from './command.ts';

/** Options whose values are phrases: they go on to the next option. */
const PHRASES = new Set(['--range', '--from', '--to', '--date', '--expiration', '--columns', '--where', '--sort']);

/** `NVDA last 5 trading days --interval day` of `history` as the shell would have it. */
export function readSessionWords(name: string, words: readonly string[]): string[] {
  const [before, options] = splitAt(words, '--');
  // Options before the symbols are left as they are: nobody knows where their values end.
  if (before.length === 0) return [...words];
  return [...fillOption(name, before, options), ...joinPhrases(options)];
}

/** `NVDA last week` of `history` as it would be with `--range`; the shell has put the values of options together. */
export function readShellWords(name: string, words: readonly string[]): readonly string[] {
  const [before, options] = splitAt(words, '-');
  return [...fillOption(name, before, options), ...options];
}

function fillOption(name: string, words: readonly string[], options: readonly string[]): readonly string[] {
  const fill = Object.hasOwn(FILLS, name) ? FILLS[name as keyof typeof FILLS] : undefined;
  if (fill === undefined || options.some((word) => word.split('=')[0] === fill.option)) return words;
  for (let at = 1; at < words.length; at += 1) {
    const filled = fill.read(words.slice(at));
    if (filled !== undefined) return [...words.slice(0, at), ...filled];
  }
  // "lst week" has no symbols in it: what would be shown is another period than the one that was typed.
  const day = words.slice(1).find((word) => OF_PERIODS.test(word));
  if (day !== undefined && fill.option !== '--columns')
    throw new UsageError(`"${day}": fin cannot read the ${fill.option.slice(2)} in these words`, {
      hint: `put it after ${fill.option}; fin ${name} --help has examples`,
    });
  return words;
}

const OF_PERIODS =
  /^(?:days?|weeks?|months?|quarters?|years?|sessions?|today|yesterday|(?:mon|tues|wednes|thurs|fri)days?|weekly|monthly)$/;

interface Fill {
  option: string;
  /** The option with its value, undefined for words that are none. */
  read(words: readonly string[]): string[] | undefined;
}

const areSymbol = (words: readonly string[]): boolean => words.length === 1 && words.every(isWrittenAsSymbol);

const RANGE: Fill = {
  option: '--range',
  read: (words) => {
    const phrase = words.join(' ');
    return !areSymbol(words) && parseRangePhrase(phrase) !== undefined ? ['--range', phrase] : undefined;
  },
};

const EXPIRATION: Fill = {
  option: '--expiration',
  read: (words) => {
    const phrase = words.join(' ');
    return !areSymbol(words) && isRead(() => checkExpirationPhrase(phrase)) ? ['--expiration', phrase] : undefined;
  },
};

const FILLS: Readonly<Record<(typeof SPOKEN_COMMANDS)[number], Fill>> = {
  history: RANGE,
  chart: RANGE,
  strategy: EXPIRATION,
  chain: {
    option: '--expiration',
    read: (words) => {
      const side = /^(call|put)s?$/i.exec(words.at(-1) ?? '')?.[1]?.toLowerCase();
      if (side === undefined) return EXPIRATION.read(words);
      const ofSide = ['--side', side];
      if (words.length === 1) return ofSide;
      const filled = EXPIRATION.read(words.slice(0, -1));
      return filled && [...filled, ...ofSide];
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
    if (hasCode(error, 'usage')) return false;
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
