// A process that stands still in the middle of its second migration, with half of it written, until it is killed.
// Argument: folder.
import { writeSync } from 'node:fs';
import { openDataDatabase } from '../../src/book/data-database.ts';
import { STEPS } from './steps.ts';

const [path = ''] = process.argv.slice(2);
const [first, second] = STEPS;
if (first === undefined || second === undefined) throw new Error('two steps are needed');
openDataDatabase({
  folder: { path },
  fileName: 'things.sqlite',
  migrations: [
    first,
    (handle) => {
      second(handle);
      handle.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
        INSERT INTO things(name, size) SELECT 'half ' || i, 0 FROM n`);
      writeSync(1, 'in the middle\n');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    },
  ],
}).run('DELETE FROM things');
