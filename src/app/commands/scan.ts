// fin scan: the symbols of the whole market of which a condition is true.
// Everything typed is checked before anything is fetched.
import { dataFolderOf } from '../../book/data-folder.ts';
import { answerScan, parseScanWords } from '../../tools/scan.ts';
import type { Prepare } from './prepare.ts';
import { parseLimit } from './table.ts';

export const prepareScan: Prepare = ({ words, options }, { config }) => {
  const { preset, universe, columns, sort } = options;
  const conditions = words.join(' ').trim();
  const limit = parseLimit(options);
  const request = parseScanWords({
    ...(conditions === '' ? {} : { conditions }),
    ...(typeof preset === 'string' ? { preset } : {}),
    ...(typeof universe === 'string' ? { universe } : {}),
    ...(typeof columns === 'string' ? { columns } : {}),
    ...(typeof sort === 'string' ? { sort } : {}),
    ...(limit === undefined ? {} : { limit }),
  });
  return (context) => answerScan(request, { ...context, book: dataFolderOf(config) });
};
