// What a command says of its requests while it works: one line a wait.
import { expect, it } from 'vitest';
import type { Output } from '../../src/cli/output.ts';
import { createReporter } from '../../src/cli/reporter.ts';

it('says one wait of a provider once, however many requests wait, and the next one when it is over', async () => {
  const said: string[] = [];
  let nowMs = 1_000;
  const output = { remark: (text: string) => void said.push(text) } as unknown as Output;
  const { report } = await createReporter({ command: 'scan', words: [], options: {} }, output, {
    now: () => nowMs,
    machineNow: () => nowMs,
  });
  const wait = (provider: 'tradier' | 'polygon'): void =>
    report({ type: 'wait', provider, endpoint: 'chain', ms: 61_000 });
  for (let index = 0; index < 55; index += 1) wait('tradier');
  wait('polygon');
  nowMs += 61_000;
  wait('tradier');
  wait('tradier');
  expect(said.map((text) => text.split(' ').at(-1))).toEqual(['Tradier', expect.any(String), 'Tradier']);
});
