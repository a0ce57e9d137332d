// Measures the check of figures on answers that people wrote who had not read it: each item's tools run on the sample
// market at its moment, then its text is checked. `--failures` prints what went wrong, `--only WORDS` some items, `--file PATH` others.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkGrounding } from '../../src/agent/grounding/check.ts';
import type { FactBase } from '../../src/agent/grounding/facts.ts';
import { createFactBase } from '../../src/agent/grounding/facts.ts';
import { runTool } from '../../src/tools/registry.ts';
import './former-sample.ts';

const { openSampleContext } = await import('../agent/sample-context.ts');

interface Call {
  name: string;
  arguments: Record<string, unknown>;
}

interface Item {
  id: string;
  kind: 'right' | 'altered';
  of?: string;
  at?: string;
  question?: string;
  tools?: Call[];
  answer: string;
  how?: string;
}

interface Score {
  right: number;
  marked: number;
  altered: number;
  caught: number;
}

const FOLDER = join(import.meta.dirname, 'answers');
const after = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const readItems = (path: string): Item[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Item);

const single = after('--file');
const files =
  single === undefined
    ? readdirSync(FOLDER)
        .filter((name) => name.endsWith('.jsonl'))
        .map((name) => join(FOLDER, name))
    : [single];
const items = files.flatMap(readItems);
/** Items in which their writer erred, with the reason. */
const disputed = JSON.parse(readFileSync(join(FOLDER, 'disputed.json'), 'utf8')) as Record<string, string>;
const rights = new Map(items.filter((item) => item.of === undefined).map((item) => [item.id, item]));
const only = new RegExp(after('--only') ?? '', 'i');
const scores = new Map<string, Score>();
const showsFailures = process.argv.includes('--failures');
let elapsedMs = 0;
let failedTools = 0;

function count(name: string, kind: Item['kind'], isMarked: boolean): void {
  const score = scores.get(name) ?? { right: 0, marked: 0, altered: 0, caught: 0 };
  scores.set(name, score);
  score[kind] += 1;
  if (isMarked) score[kind === 'right' ? 'marked' : 'caught'] += 1;
}

function check(item: Item, question: string, base: FactBase, kind: string): void {
  const started = performance.now();
  const { unsupported } = checkGrounding(item.answer, base, { question });
  elapsedMs += performance.now() - started;
  const isMarked = unsupported.length > 0;
  const isWrong = isMarked === (item.kind === 'right');
  const reason = disputed[item.id];
  if (reason === undefined) {
    for (const name of ['all', `writer ${item.id.replace(/-[a-z]?\d+.*$/, '')}`, `tool ${kind}`])
      count(name, item.kind, isMarked);
    if (item.how !== undefined) count(`how ${item.how.split(/[:(,;]/)[0]?.slice(0, 40) ?? ''}`, item.kind, isMarked);
  } else count('disputed', item.kind, isMarked);
  if (!isWrong || !showsFailures || reason !== undefined) return;
  const marks = unsupported.map(({ text, reason: why }) => `${text} (${why})`).join(', ');
  console.log(`\n[${item.id}] ${item.kind} ${item.how ?? ''}\nQ: ${question}\n${item.answer}\n=> ${marks}`);
}

/** Writers wrote some arguments as the commands take them; the same as the tools take it. */
function asTaken({ name, arguments: args }: Call): Call[] {
  const { symbol, symbols, strikes, columns, side, ...others } = args;
  if (name === 'get_options_chain' && typeof side === 'string')
    return asTaken({ name: `get_${side.replace(/s$/, '')}_options_chain`, arguments: { ...args, side: undefined } });
  if (['get_ta_indicators', 'get_stock_price_history', 'get_volatility'].includes(name) && Array.isArray(symbols)) {
    const { symbols: _all, ...rest } = args;
    return symbols.map((each: unknown) => ({ name, arguments: { ...rest, symbol: each } }));
  }
  const option = [symbol, ...(Array.isArray(symbols) ? symbols : [])]
    .map(String)
    .find((each) => /\d{6}[CP]\d{8}$/.test(each));
  if (option !== undefined) {
    const [, root = '', year = '', month = '', day = ''] = /([A-Z]+)(\d\d)(\d\d)(\d\d)[CP]/.exec(option) ?? [];
    return [
      { name: 'get_options_chain', arguments: { symbol: root, expiration: `20${year}-${month}-${day}`, strikes: 500 } },
    ];
  }
  return [
    {
      name,
      arguments: {
        ...others,
        ...(symbol === undefined ? {} : { symbol }),
        ...(symbols === undefined ? {} : { symbols }),
        ...(strikes === undefined ? {} : { strikes }),
        ...(columns === undefined ? {} : { columns }),
        ...(typeof strikes === 'string' && name.endsWith('chain')
          ? { strikes: Number.isInteger(Number(strikes)) ? Number(strikes) : 500 }
          : {}),
        ...(Array.isArray(columns) ? { columns: columns.join(', ') } : {}),
      },
    },
  ];
}

/** Tools at one moment, each once. */
async function checkAll(at: string, of: readonly Item[]): Promise<void> {
  await using market = openSampleContext({ now: Date.parse(at) });
  const { context } = market;
  const calls = new Map<string, ReturnType<typeof runTool>>();
  for (const right of of) {
    const base = createFactBase();
    for (const { name, arguments: args } of (right.tools ?? []).flatMap(asTaken)) {
      const key = JSON.stringify([name, args]);
      calls.set(key, calls.get(key) ?? runTool(name, args, context));
      const tell = (why: string): void => {
        failedTools += 1;
        if (showsFailures) console.log(`\n[${right.id}] ${name} failed: ${why}`);
      };
      try {
        const answer = await (calls.get(key) as ReturnType<typeof runTool>);
        if (answer.data === undefined) tell(answer.errors.map(({ message }) => message).join(', '));
        base.add(answer, args);
      } catch (thrown) {
        tell(String(thrown));
      }
    }
    const kind = right.tools?.map(({ name }) => name.replace(/^get_/, '')).sort()[0] ?? 'none';
    for (const item of items)
      if ((item === right || item.of === right.id) && only.test(item.id)) check(item, right.question ?? '', base, kind);
  }
}

const moments = Map.groupBy(rights.values(), (item) => item.at ?? '2026-12-01T11:15:00-05:00');
for (const [at, of] of moments) await checkAll(at, of);

const share = (part: number, whole: number): string => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`);
console.log();
for (const [name, { right, marked, altered, caught }] of [...scores].sort(([a], [b]) => a.localeCompare(b)))
  if (!name.startsWith('how ') || process.argv.includes('--how'))
    console.log(
      `${name.padEnd(44)} caught ${share(caught, altered).padStart(7)} of ${String(altered).padStart(4)}   marked ${share(marked, right).padStart(7)} of ${String(right).padStart(4)} right`,
    );
const all = scores.get('all');
if (all)
  console.log(`\n${(elapsedMs / (all.right + all.altered)).toFixed(2)} ms an answer, ${failedTools} tool calls failed`);
