// The three examples of docs/grounding.md: the real program on the sample market, with a model that answers by script.
import { type ModelStep, callTools, say, startModelServer } from '../helpers/model-server.ts';
import { createHome } from '../helpers/run-fin.ts';
import { STANDING_CLOCK } from './documents.ts';

const NOW = '2025-11-03T10:30:00-05:00';

const levels = callTools({ name: 'get_support_resistance', arguments: { symbol: 'AMD' } });
const distances = callTools(
  { name: 'calculate', arguments: { expression: '245.25 - 241.35' } },
  { name: 'calculate', arguments: { expression: '251.82 - 245.25' } },
);
const right = say(
  'AMD at 245.25 (sample, 3 Nov 2025) is closer to its support: the swing low of 28 Oct 2025 at 241.35 is 3.90 below, the low of the previous session at 251.82 is 6.57 above.',
);
const guessed = say(
  'AMD at 245.25 (sample, 3 Nov 2025) is closer to its support: 241.35 is about 5 dollars below, the resistance at 251.82 some 10 above.',
);
const wrong = say(
  'AMD at 245.25 (sample, 3 Nov 2025) is closer to its support at 241.53 than to its resistance at 251.82.',
);

/** By the words after `<!-- model`: what the model answers, request by request. */
const SCRIPTS: Readonly<Record<string, readonly ModelStep[]>> = {
  'that is right': [levels, distances, right],
  'that corrects itself': [levels, guessed, distances, right],
  'that insists': [levels, wrong, wrong],
};

/** The document with every example filled by running the program. Times differ from run to run and are written as one. */
export async function fillExamples(text: string): Promise<string> {
  const block = /<!-- model (.+) -->\n```console\n\$ (fin [^\n]+)\n[\s\S]*?```/g;
  const found = [...text.matchAll(block)];
  const shown = await Promise.all(found.map(([, script = '', command = '']) => runExample(script, command)));
  let at = 0;
  return text.replaceAll(
    block,
    (_block, script: string, command: string) =>
      `<!-- model ${script} -->\n\`\`\`console\n$ ${command}\n${shown[at++] ?? ''}\`\`\``,
  );
}

async function runExample(script: string, command: string): Promise<string> {
  await using home = await createHome({ ...STANDING_CLOCK, FIN_NOW: NOW, FIN_MODEL: 'scripted' });
  await using server = await startModelServer(SCRIPTS[script] ?? []);
  const { stdout } = await home.shell(`{ ${command}; } 2>&1`, { env: { OPENAI_BASE_URL: server.baseUrl } });
  const whole = stdout
    .replaceAll(/, \d+ ms$/gm, ', 9 ms')
    .replaceAll(/ · [\d.]+ s$/gm, ' · 0.20 s')
    .replaceAll(/[ \t]+\n/g, '\n');
  // The table is the same in all of them: whole in the first.
  return script === 'that is right' ? whole : whole.replace(/ +Price +Distance[\s\S]*?(?=\n\nsample · )/, '…');
}
