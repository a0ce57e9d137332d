// Words whose first is no command: a question, unless a single one looks like a command that was mistyped.
// Loaded for such words alone, since it knows the names of companies.
import { lexQuestion } from '../agent/words/lexer.ts';
import { createNames, editDistance } from '../agent/words/names.ts';
import { UsageError } from '../domain/errors.ts';
import { type CommandSpec, nameOfOption } from './command.ts';

/** Of a longer name the beginning is enough to know it. */
const FEWEST_LETTERS_OF_A_BEGINNING = 4;

/**
 * The arguments of `fin ask` for words that name no command; others come back as they are, for the command line to refuse.
 * @throws UsageError for a single word that is no symbol, company or list but resembles a command, and for a command with
 * two letters swapped before other words; for help about what is no command.
 */
export function readBareWords(args: readonly string[], commands: readonly CommandSpec[]): readonly string[] {
  const options = commands.find(({ name }) => name === 'ask')?.options ?? [];
  const takesNext = (word = ''): boolean =>
    options.some((option) => nameOfOption(option) === word && option.flags.includes('<'));
  const words = args.filter((word, index) => (!word.startsWith('-') || word === '-') && !takesNext(args[index - 1]));
  const [first] = words;
  if (first === undefined || commands.some(({ name }) => name === first)) return args;
  const names = [...commands.map(({ name }) => name), 'help'];
  if (first === 'help') {
    const [, about = ''] = words;
    const near = findMeant(about, names, true);
    throw new UsageError(`help: ${about.slice(0, 40)}: not a fin command`, {
      hint: `${near === undefined ? '' : `did you mean fin help ${near}? `}fin --help lists the commands`,
    });
  }
  const meant = findMeant(first, names, words.length === 1);
  if (meant !== undefined)
    throw new UsageError(`${first.slice(0, 40)}: not a command, symbol or company that fin knows`, {
      hint: `did you mean fin ${meant}? to ask it as a question, start with fin ask; fin --help lists the commands`,
    });
  return ['ask', ...args];
}

/** Words with swapped letters are no English: before other words too they are a command that was mistyped. */
function findMeant(word: string, names: readonly string[], areAlone: boolean): string | undefined {
  const typed = word.toLowerCase();
  const near = names
    .filter((name) => (areAlone ? resembles(typed, name) : isSwap(typed, name)))
    .sort(
      (a, b) =>
        Number(b.startsWith(typed)) - Number(a.startsWith(typed)) || editDistance(typed, a) - editDistance(typed, b),
    );
  return near.length === 0 || isKnown(word) ? undefined : near[0];
}

/** One slip, two in a long name; of two or three letters only a swap is one, since most such words are symbols. */
function resembles(typed: string, name: string): boolean {
  if (typed.length >= FEWEST_LETTERS_OF_A_BEGINNING && name.startsWith(typed)) return true;
  if (isSwap(typed, name)) return true;
  if (name.length < 4 || typed.length < 4) return false;
  return editDistance(typed, name) <= (name.length >= 6 && typed[0] === name[0] ? 2 : 1);
}

/** Two neighbors the other way round. */
function isSwap(typed: string, name: string): boolean {
  if (typed.length !== name.length || typed === name) return false;
  let at = 0;
  while (typed[at] === name[at]) at += 1;
  return typed === name.slice(0, at) + (name[at + 1] ?? '') + (name[at] ?? '') + name.slice(at + 2);
}

function isKnown(word: string): boolean {
  if (/^[@$^]/.test(word)) return true;
  const names = createNames();
  const words = lexQuestion(word);
  return names.listed(word.toUpperCase()) !== undefined || names.matchName(words, 0)?.kind !== undefined;
}
