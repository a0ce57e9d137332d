// What doctor says of the data folder: where it is, that it can be written, and that what is in it can be read.
// Makes nothing.
import { existsSync } from 'node:fs';
import { readBook } from '../book/book-file.ts';
import { dataFolderOf, findFolderProblem } from '../book/data-folder.ts';
import { toFinError } from '../domain/errors.ts';
import { type Check, check, problem } from './doctor-model.ts';
import type { CommandContext } from './command-context.ts';

const NAME = 'data folder';

/** Never throws. A folder that cannot be used fails no question; a file in it that cannot be read fails its commands. */
export async function checkData(session: CommandContext): Promise<Check> {
  const folder = dataFolderOf(session.config);
  const why = findFolderProblem(folder);
  if (why !== undefined)
    return check(
      NAME,
      'problem',
      `${why}: lists and conversations are not saved`,
      'set FIN_DATA_DIR to a folder you can write to',
    );
  try {
    readBook(folder);
    (await session.openConversations()).load('', false);
  } catch (thrown) {
    return problem(NAME, toFinError(thrown));
  }
  const when = existsSync(folder.path) ? '' : ', created when something is first saved';
  return check(NAME, 'ok', `${folder.path}${when}`);
}
