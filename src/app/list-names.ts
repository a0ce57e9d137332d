// Names of lists among the words of a command: `@core` becomes its symbols before the command reads them.
// The book is opened only where there is such a word.
import { dataFolderOf } from '../book/data-folder.ts';
import type { Config } from '../config.ts';
import type { CommandForm, Invocation } from './command.ts';

/** @throws FinError as `expandNames` of the book does */
export async function expandListNames(spec: CommandForm, invocation: Invocation, config: Config): Promise<Invocation> {
  const { words } = invocation;
  const own = spec.subcommands?.find(({ name }) => name === words[0]);
  const at = (own ?? spec).arguments.split(' ').findIndex((argument) => argument.includes('symbol'));
  const first = own === undefined ? at : at + 1;
  if (at < 0 || !words.some((word, index) => index >= first && word.includes('@'))) return invocation;
  const { expandNames } = await import('../book/lists.ts');
  const folder = dataFolderOf(config);
  return { ...invocation, words: words.map((word, index) => (index < first ? word : expandNames(word, folder))) };
}
