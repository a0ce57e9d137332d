// How many questions of strangers the planner reads rightly, refuses with help that works, refuses without, or reads
// wrongly: their own readings are compared slot by slot. `npm run eval -- --failures` lists what was not right.
import { readFileSync } from 'node:fs';
import { argv } from 'node:process';
import { parseArgs } from 'node:util';
import type { Message } from '../../src/agent/model.ts';
import { createPlanner } from '../../src/agent/planner/planner.ts';
import { type Plan, type Query, type Refusal, isRefusal } from '../../src/agent/planner/query.ts';
import { describeMismatch, type Reading } from './readings.ts';

interface Line {
  id: string;
  session?: string;
  turn?: number;
  q: string;
  reading: Reading;
  note?: string;
}

/** The moment of all questions. */
const NOW = Date.parse('2026-12-01T11:15:00-05:00');
const KINDS = ['right', 'refused with help', 'refused', 'wrong'] as const;
type Kind = (typeof KINDS)[number];

const { values, positionals } = parseArgs({
  args: argv.slice(2),
  allowPositionals: true,
  options: { failures: { type: 'boolean' }, only: { type: 'string' } },
});
const files =
  positionals.length > 0
    ? positionals
    : ['open', 'held'].map((half) => new URL(`questions/${half}.jsonl`, import.meta.url).pathname);
const lines = files.flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Line),
);

const planner = createPlanner({ clock: { now: () => NOW } });
const sessions = new Map<string, Message[]>();
const counts = new Map<string, Record<Kind, number>>();

for (const line of lines) {
  const messages = line.session === undefined ? [] : (sessions.get(line.session) ?? []);
  const plan = planner.read(line.q, messages);
  if (line.session !== undefined) sessions.set(line.session, [...messages, { role: 'user', content: line.q }]);
  const { kind, why } = judge(line, plan, messages);
  for (const who of [line.id.replace(/-\d+$/, ''), 'all']) {
    const own = counts.get(who) ?? { right: 0, 'refused with help': 0, refused: 0, wrong: 0 };
    own[kind] += 1;
    counts.set(who, own);
  }
  if (values.failures === true && kind !== 'right' && (values.only === undefined || values.only === kind))
    console.log(
      `${kind} · ${line.id}${line.session === undefined ? '' : ` (turn ${String(line.turn)})`} · ${line.q}\n    ${why}`,
    );
}

for (const [who, own] of counts) {
  const total = KINDS.reduce((sum, kind) => sum + own[kind], 0);
  const share = (kind: Kind): string => `${kind} ${String(own[kind])} (${((100 * own[kind]) / total).toFixed(1)} %)`;
  console.log(`${who.padEnd(12)} ${String(total).padStart(5)}  ${KINDS.map(share).join('  ')}`);
}

function judge(line: Line, plan: Plan | Refusal, messages: readonly Message[]): { kind: Kind; why: string } {
  const { reading, note = '' } = line;
  if (isRefusal(plan)) {
    const why = `refused: ${plan.message} · ${plan.instead ?? plan.hint ?? ''}`;
    if (mayRefuse(reading)) return { kind: 'right', why };
    const works = plan.instead !== undefined && !isRefusal(planner.read(plan.instead, messages));
    return { kind: works ? 'refused with help' : 'refused', why };
  }
  const mismatch = describeMismatch(plan.parts, reading, NOW, note);
  return mismatch === undefined
    ? { kind: 'right', why: '' }
    : { kind: 'wrong', why: `${mismatch} · ${describePlan(plan.parts)} · ${JSON.stringify(reading)} ${note}` };
}

/** What other commands answer counts as refused until the planner has a form for it. */
function mayRefuse({ ask, parts }: Reading): boolean {
  return ask === 'refuse' || (parts !== undefined && parts.every(mayRefuse));
}

function describePlan(parts: readonly Query[]): string {
  return parts
    .map(({ form, symbols, columns, fields, range, expiration, side, strike, strikes, conditions, rank }) =>
      JSON.stringify({
        form,
        symbols,
        columns,
        fields,
        range,
        expiration,
        side,
        strike,
        strikes,
        conditions: conditions.map((each) => each.expression),
        rank,
      }),
    )
    .join(' ; ');
}
