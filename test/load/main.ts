// npm run load: fin serve under many users, faults and time. Writes docs/load-report.md; exit 1 where something does not
// hold. --only NAME runs one part and replaces it in the report, --seconds N sets how long users ask, --minutes N how long
// memory is watched.
import { parseArgs } from 'node:util';
import { runParts } from '../soak/report.ts';
import { loadFaults } from './faults.ts';
import { loadMemory } from './memory.ts';
import { loadPressure } from './pressure.ts';
import { loadUsers } from './users.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seconds: { type: 'string', default: '30' },
    minutes: { type: 'string', default: '30' },
  },
});
const [seconds, minutes] = [Number(values.seconds), Number(values.minutes)];
if (!(seconds > 0 && minutes > 0)) throw new Error('--seconds and --minutes take numbers above 0');

await runParts({
  name: 'load',
  title: 'Load report',
  only: values.only,
  parts: {
    users: () => loadUsers(seconds),
    pressure: () => loadPressure(),
    faults: () => loadFaults(seconds),
    memory: () => loadMemory(minutes),
  },
});
