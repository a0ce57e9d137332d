// fin table: what it draws is in the file that asks for it, without the screens of other answers.
// Its figures share one registry with those that read them.
import { prepareTable } from '../app/commands/table.ts';
import { dataOfKind } from '../domain/answer-kinds.ts';
import { viewTable } from '../render/fields-table.ts';
import { frame } from '../render/frame.ts';
import { runner } from './data-commands.ts';

export const runTable = runner(prepareTable, (answers, options) =>
  dataOfKind(answers, 'table').flatMap((data) => frame(viewTable(data, options), answers, options)),
);
