// fin table and fin fields: any figures of any symbols, and which there are.
// Everything typed is checked before anything is fetched.
import { dataFolderOf } from '../../book/data-folder.ts';
import { present } from '../../domain/present.ts';
import { UsageError } from '../../domain/errors.ts';
import { parseInstruments } from '../../domain/contracts.ts';
import { checkExpirationPhrase } from '../../domain/expirations.ts';
import { answerFields } from '../../tools/fields.ts';
import { resolveRequestedRange } from '../../tools/history.ts';
import { answerTable, parseTableWords } from '../../tools/table.ts';
import type { Invocation } from '../command.ts';
import { parseRange } from './bars.ts';
import type { Prepare } from './prepare.ts';

const MAX_ROWS = 10_000;

export const prepareTable: Prepare = (invocation, { clock, config }) => {
  const { words, options } = invocation;
  const { columns, where, sort, expiration } = options;
  const range = parseRange(invocation);
  if (range !== undefined) resolveRequestedRange(range, clock);
  if (typeof expiration === 'string') checkExpirationPhrase(expiration);
  const limit = parseLimit(options);
  const request = parseTableWords(parseInstruments(words), {
    ...(typeof columns === 'string' ? { columns } : {}),
    ...(typeof where === 'string' ? { where } : {}),
    ...(typeof sort === 'string' ? { sort } : {}),
    ...present({ limit, range }),
    ...(typeof expiration === 'string' ? { expiration } : {}),
  });
  return (context) => answerTable(request, { ...context, book: dataFolderOf(config) });
};

export function parseLimit({ limit }: Invocation['options']): number | undefined {
  if (limit === undefined) return undefined;
  const rows = Number(limit);
  if (Number.isInteger(rows) && rows >= 1 && rows <= MAX_ROWS) return rows;
  throw new UsageError(`--limit "${String(limit).slice(0, 20)}": not a number of rows`, {
    hint: `use 1 to ${MAX_ROWS}`,
  });
}

export const prepareFields: Prepare =
  ({ words }) =>
  () =>
    Promise.resolve(answerFields(words));
