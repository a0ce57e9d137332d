// Names of lists among the words of a command, or in an option of symbols: `@core` becomes its symbols before the command
// reads them. The book is opened only where there is such a word.
import { dataFolderOf } from '../book/data-folder.ts';
import type { Config } from '../config.ts';
import type { CommandForm, Invocation } from './command.ts';

/** @throws FinError as `expandNames` of the book does */
export async function expandListNames(spec: CommandForm, invocation: Invocation, config: Config): Promise<Invocation> {
  const { words, options } = invocation;
  const own = spec.subcommands?.find(({ name }) => name === words[0]);
  const at = (own ?? spec).arguments.split(' ').findIndex((argument) => argument.includes('symbol'));
  const first = own === undefined ? at : at + 1;
  const namesAt = (index: number): boolean => at >= 0 && index >= first && (words[index]?.includes('@') ?? false);
  const named = Object.entries(options).filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' &&
      entry[1].includes('@') &&
      spec.options.some(({ flags }) => flags === `--${entry[0]} <symbols>`),
  );
  if (named.length === 0 && !words.some((_, index) => namesAt(index))) return invocation;
  const { expandNames } = await import('../book/lists.ts');
  const folder = dataFolderOf(config);
  return {
    ...invocation,
    words: words.map((word, index) => (namesAt(index) ? expandNames(word, folder) : word)),
    options: { ...options, ...Object.fromEntries(named.map(([name, text]) => [name, expandNames(text, folder)])) },
  };
}
