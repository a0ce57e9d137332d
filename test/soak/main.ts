// npm run soak: what needs real minutes or thousands of runs. Writes docs/soak-report.md; exit 1 where something does not
// hold. --only NAME runs one part and replaces it in the report.
import { parseArgs } from 'node:util';
import { soakFaults } from './faults.ts';
import { soakKills } from './kills.ts';
import { soakLimits } from './limits.ts';
import { runParts } from './report.ts';
import { soakSession } from './session.ts';
import { soakThrift } from './thrift.ts';
import { soakWholeMarket } from './whole-market.ts';
import { soakWatch } from './watch.ts';
import type { Section } from './world.ts';

const PARTS: Readonly<Record<string, () => Promise<Section>>> = {
  thrift: soakThrift,
  limits: soakLimits,
  kills: soakKills,
  faults: soakFaults,
  session: soakSession,
  market: soakWholeMarket,
  watch: soakWatch,
};

const { values } = parseArgs({ options: { only: { type: 'string' } } });
await runParts({ name: 'soak', title: 'Soak report', parts: PARTS, only: values.only });
