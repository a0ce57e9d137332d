// Measures the grounding check on the generated corpus and prints both scores: altered answers caught, right ones
// marked. `--failures N` prints the first N failures of the tuned templates, `--seed N` takes another corpus.
import { runCorpus } from './grounding-corpus.ts';
import type { Score } from './grounding-corpus.ts';
import { TEMPLATES } from './grounding-templates.ts';

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const share = (part: number, whole: number): string => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(2)} %`);
const line = (name: string, { right, marked, altered, caught }: Score): string =>
  `${name.padEnd(28)} caught ${share(caught, altered).padStart(8)} of ${String(altered).padStart(5)}   marked ${share(marked, right).padStart(7)} of ${String(right).padStart(5)} right`;

const held = new Set(TEMPLATES.flatMap((template) => (template.held ? [template.id] : [])));
const scoreOf = (lot: RegExp): Score => {
  const scores = [...outcome.byTemplate].filter(([id]) => held.has(id) && lot.test(id)).map(([, score]) => score);
  const sum = (field: keyof Score): number => scores.reduce((total, score) => total + score[field], 0);
  return { right: sum('right'), marked: sum('marked'), altered: sum('altered'), caught: sum('caught') };
};

const outcome = runCorpus(option('--seed', 20251030), option('--rounds', 24));
console.log(line('all', outcome.all));
console.log(line('templates tuned on', outcome.tuned));
console.log(line('held out first', scoreOf(/^manners-/)));
console.log(line('held out since', scoreOf(/^fresh-/)));
console.log('\nby alteration');
for (const [name, { altered, caught }] of [...outcome.byAlteration].sort(([a], [b]) => a.localeCompare(b)))
  console.log(`  ${name.padEnd(26)} ${share(caught, altered).padStart(8)} of ${String(altered).padStart(5)}`);
console.log(`\n${((outcome.ms / (outcome.all.right + outcome.all.altered)) * 1000).toFixed(0)} us an answer`);
const shown = option('--failures', 0);
for (const { item, why } of outcome.failures
  .filter((each) => !each.item.held || process.argv.includes('--held'))
  .slice(0, shown))
  console.log(`\n[${item.template}] ${item.alteration ?? 'RIGHT'}\n${item.text}\n=> ${why}`);
const passed = outcome.all.caught / outcome.all.altered >= 0.95 && outcome.all.marked / outcome.all.right <= 0.02;
console.log(
  passed
    ? '\npassed: at least 95 % caught, at most 2 % marked'
    : '\nFAILED: at least 95 % caught, at most 2 % marked is asked',
);
process.exitCode = passed ? 0 : 8;
