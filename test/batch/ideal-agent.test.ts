// The shipped suite with a language model that plays the ideal agent, through the built program and a real socket:
// every question is right, and what the conversation costs in tokens stays in its bounds.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchReport } from '../../src/batch/reports.ts';
import type { Suite } from '../../src/batch/suite.ts';
import { type ModelRequestSeen, startModelServer } from '../helpers/model-server.ts';
import { type FinHome, createHome } from '../helpers/run-fin.ts';
import { answerIdeally } from './ideal-agent.ts';
import { REGRESSION_FILE, failuresOf, regression } from './suite-run.ts';

let home: FinHome;
beforeAll(async () => {
  home = await createHome();
});
afterAll(() => home[Symbol.asyncDispose]());

async function play(
  suite: Suite,
  ...options: string[]
): Promise<{ report: BatchReport; requests: ModelRequestSeen[]; stderr: string }> {
  await using server = await startModelServer((request) => answerIdeally(suite, request));
  const run = await home.run(['batch', REGRESSION_FILE, '--json', '--quiet', ...options], {
    env: { OPENAI_BASE_URL: server.baseUrl, FIN_MODEL: 'ideal' },
  });
  return { report: JSON.parse(run.stdout) as BatchReport, requests: server.requests, stderr: run.stderr };
}

/** By the rule of thumb of four bytes. */
const tokensOf = (text: string): number => Math.ceil(Buffer.byteLength(text) / 4);

/** The 39 questions without their two aliases, as the bounds are counted. */
const numbered: Suite = { ...regression, prompts: regression.prompts.filter(({ tags }) => !tags.includes('alias')) };

/** Tokens of a request that the one before did not begin with: its messages after the last that both have. */
function newTokens({ body }: ModelRequestSeen, before: ModelRequestSeen | undefined): number {
  const parts = ({ tools, messages }: ModelRequestSeen['body']): string[] => [
    JSON.stringify(tools),
    ...messages.map((message) => JSON.stringify(message)),
  ];
  const now = parts(body);
  const then = before === undefined ? [] : parts(before.body);
  const shared = now.findIndex((part, index) => part !== then[index]);
  return tokensOf(now.slice(shared < 0 ? now.length : shared).join(','));
}

describe('the suite with a language model', () => {
  it('passes where the planner answers what asks only for data, for at most 124,000 input tokens', async () => {
    const { report, requests } = await play(regression);
    expect(failuresOf(report)).toEqual([]);
    expect(report).toMatchObject({ ok: true, passed: 41 });
    expect(report.prompts.filter(({ model }) => model === 'ideal').map(({ id }) => id)).toEqual([
      '11',
      '12',
      '16',
      '26',
      '27',
      '31',
      '37',
      '38',
    ]);
    const tokens = requests.reduce((sum, request) => sum + tokensOf(request.text), 0);
    console.log(`the suite's session, planner first: ${tokens} input tokens in ${requests.length} requests`);
    expect(tokens).toBeLessThanOrEqual(124_000);
    expect(report.totals.inputTokens).toBe(tokens);
  });

  it('passes with the model on every question, for at most 430,000 input tokens in 39 questions, 124,000 of them new to its prompt cache', async () => {
    const { report, requests } = await play(
      numbered,
      '--model',
      'ideal',
      '--only',
      numbered.prompts.map(({ id }) => id).join(','),
    );
    expect(failuresOf(report)).toEqual([]);
    expect(report).toMatchObject({ ok: true, passed: 39 });
    expect(report.prompts.every(({ model }) => model === 'ideal')).toBe(true);
    const tokens = requests.reduce((sum, request) => sum + tokensOf(request.text), 0);
    const fresh = requests.reduce((sum, request, index) => sum + newTokens(request, requests[index - 1]), 0);
    console.log(
      `the suite's session, --model: ${tokens} input tokens in ${requests.length} requests, ${fresh} of them no prefix of the request before`,
    );
    expect(tokens).toBeLessThanOrEqual(430_000);
    expect(fresh).toBeLessThanOrEqual(124_000);
  });
});
