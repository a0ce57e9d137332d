// A process that opens the file, which brings it forward, and adds one thing. Arguments: folder, name of the thing.
import { openDataDatabase } from '../../src/book/data-database.ts';
import { STEPS } from './steps.ts';

const [path = '', name = ''] = process.argv.slice(2);
const database = openDataDatabase({ folder: { path }, fileName: 'things.sqlite', migrations: STEPS });
database.run('INSERT INTO things VALUES(?)', name);
database.close();
