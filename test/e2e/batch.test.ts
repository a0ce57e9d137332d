// fin batch as a user runs it: a good and a failing run, documents, an interrupted one, wrong files, live on a provider.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchReport } from '../../src/batch/reports.ts';
import { asTradier, startMarket } from '../helpers/market-server.ts';
import { startModelServer } from '../helpers/model-server.ts';
import { type FinHome, type FinRun, PROJECT_ROOT, createHome } from '../helpers/run-fin.ts';

const SUITE = join(PROJECT_ROOT, 'prompts/regression.yaml');
let home: FinHome;

beforeAll(async () => {
  home = await createHome();
});
afterAll(() => home[Symbol.asyncDispose]());

const file = async (name: string, text: string): Promise<string> => {
  await writeFile(join(home.workDir, name), text);
  return name;
};
const reportOf = (run: FinRun): BatchReport => JSON.parse(run.stdout) as BatchReport;
const readReport = (report: string | undefined, extension: string): Promise<string> =>
  readFile(join(home.workDir, `${report ?? ''}.${extension}`), 'utf8');

describe('the shipped suite on a fresh machine', () => {
  it('passes keyless in one document, with nothing on standard error, and leaves no cache behind', async () => {
    const run = await home.run(['batch', SUITE, '--json'], { env: { TZ: 'Asia/Tokyo' } });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    const report = reportOf(run);
    expect(report).toMatchObject({
      schema: 'fin/1',
      command: 'batch',
      ok: true,
      suite: 'regression',
      total: 41,
      passed: 41,
      failed: 0,
      skipped: 0,
      loops: 1,
      sample: true,
      clock: expect.stringMatching(/^2025-10-30T11:00:0/) as string,
    });
    expect(report.totals.providerCalls).toBeLessThanOrEqual(30);
    for (const extension of ['md', 'json', 'xml'])
      expect((await readReport(report.report, extension)).length).toBeGreaterThan(1000);
    await expect(readdir(home.cacheDir)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is the same where market keys are set, on no provider of theirs; FIN_NOW wins over its clock', async () => {
    await using market = await startMarket('2026-11-19T11:00:00-05:00');
    const run = await home.run(['batch', SUITE, '--only', '2,3'], {
      env: { ...asTradier(market), FIN_NOW: '2026-11-21T12:00:00-05:00' },
    });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toContain('regression: 2 of 2 passed · SAMPLE market at Sat Nov 21, 2026, 12:00 PM ET');
    expect(market.count()).toBe(0);
  });

  it('asks the configured providers with --live', async () => {
    const now = '2026-11-19T11:00:00-05:00';
    await using market = await startMarket(now);
    const run = await home.run(['batch', SUITE, '--live', '--tag', 'nvda', '--json'], {
      env: { ...asTradier(market), FIN_NOW: now },
    });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(reportOf(run)).toMatchObject({ ok: true, total: 16, passed: 16 });
    expect(market.count()).toBe(reportOf(run).totals.providerCalls);
    expect(market.asked()).toEqual(expect.arrayContaining(['quotes', 'history', 'expirations', 'chains']));
  });

  it('fails with 8 where a provider is dead, each prompt with its cause', async () => {
    const run = await home.run(['batch', SUITE, '--live', '--only', '2,13', '--timeout', '20'], {
      env: {
        TRADIER_ACCESS_TOKEN: 'trd-dead-token',
        TRADIER_BASE_URL: 'http://127.0.0.1:9',
        FIN_CACHE_DIR: join(home.folder, 'dead'),
      },
    });
    expect(run.exitCode).toBe(8);
    expect(run.stdout).toMatch(
      /FAILED 2 {2}SPY price now[\s\S]*no errors: .*SPY[\s\S]*FAILED 13[\s\S]*regression: 0 of 2 passed, 2 failed · real data/,
    );
    expect(run.stderr).toMatch(
      /^fin: batch regression: 0 of 2 passed, 2 failed\nhint: read test-reports\/regression-[\d-]+\.md\n$/,
    );
  });
});

describe('a suite of one’s own', () => {
  it('shows each failure with expectation and finding, exits with 8, and keeps it in all three documents', async () => {
    const name = await file(
      'own.yaml',
      'prompts:\n  - { id: a, text: price of NVDA, for: [NVDA], expect: { figures: ["quote.last > 1000000"] } }\n  - { id: b, text: price of AMD }\n',
    );
    const run = await home.run(['batch', name]);
    expect(run.exitCode).toBe(8);
    expect(run.stdout).toMatch(
      /^FAILED a {2}price of NVDA\n {2}quote\.last > 1000000: NVDA: found [\d.]+, recomputed 1000000\n\nown: 1 of 2 passed, 1 failed · SAMPLE market at /,
    );
    const report = /report: (\S+)\.md/.exec(run.stdout)?.[1];
    expect(await readReport(report, 'md')).toMatch(
      /## Failures\n\n### a: price of NVDA\n[\s\S]*> NVDA last traded at [\s\S]*quote\.last > 1000000 \| NVDA: found/,
    );
    expect(await readReport(report, 'xml')).toContain('<testsuites tests="2" failures="1"');
    expect(JSON.parse(await readReport(report, 'json'))).toMatchObject({ ok: false, passed: 1, failed: 1 });
    const again = await home.run(['batch', name, '--compare', `${report ?? ''}.json`]);
    // A busy machine may make it slower.
    expect(again.stdout).toMatch(/^(?:compared: no change|slower: .*)$/m);
    expect(again.stdout).not.toMatch(/^(?:better|worse|dearer): /m);
  });

  it('tells what it found where its report cannot be written, exit 3 or that of a failed check', async () => {
    await file('plain.yaml', 'prompts: [{ id: one, text: price of NVDA }]');
    await file('wrong.yaml', 'prompts: [{ id: one, text: price of NVDA, expect: { figures: ["quote.last < 0"] } }]');
    await home.shell('mkdir -p unwritable && touch unwritable/test-reports');
    for (const [suite, exitCode] of [
      ['plain', 3],
      ['wrong', 8],
    ] as const) {
      const run = await home.shell(`cd unwritable && fin batch ../${suite}.yaml --json`);
      expect(run.exitCode).toBe(exitCode);
      expect(reportOf(run)).toMatchObject({ ok: false, total: 1, passed: suite === 'plain' ? 1 : 0 });
      expect(run.stderr).toContain('test-reports: the report cannot be written');
    }
  });

  it('takes lists in questions and in "for", and ends before its first question for one that there is not', async () => {
    await home.run(['list', 'add', 'core', 'NVDA', 'AMD']);
    await file(
      'lists.yaml',
      'session: fresh\nprompts:\n  - { id: a, text: price of @core, for: ["@core", SPY], expect: { calls: get_multiple_stock_quotes } }\n  - { id: b, text: price of SPY, for: SPY }\n',
    );
    const report = reportOf(await home.run(['batch', 'lists.yaml', '--json']));
    const failed = report.prompts[0]?.checks.filter(({ ok }) => !ok).map(({ detail }) => detail);
    expect(failed?.join()).toMatch(/; none for SPY$/);
    await file('no-list.yaml', 'prompts:\n  - { id: a, text: price of NVDA }\n  - { id: b, text: price of @nope }\n');
    const refused = await home.run(['batch', 'no-list.yaml', '--json']);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('@nope: no such list\nhint: lists: @core, @positions');
  });

  it('reads text files, loops, jobs and bail', async () => {
    const text = await file('list.txt', '# two\nprice of NVDA\nwhy is the sky blue\nprice of AMD\n');
    const run = await home.run(['batch', text, '--bail', '--json']);
    expect(run.exitCode).toBe(8);
    expect(reportOf(run)).toMatchObject({ suite: 'list', total: 3, passed: 1, failed: 1, skipped: 1 });
    const fresh = await file(
      'fresh.yaml',
      'session: fresh\nprompts:\n  - { id: a, text: price of NVDA }\n  - { id: b, text: price of AMD }\n',
    );
    const looped = await home.run(['batch', fresh, '--loops', '2', '--jobs', '2', '--json', '--quiet']);
    expect(looped.exitCode).toBe(0);
    expect(reportOf(looped).prompts.map(({ id, loop }) => `${id}${loop ?? 0}`)).toEqual(['a1', 'b1', 'a2', 'b2']);
  });

  it('with --strict checks every prompt’s figures, also where a prompt leaves that check out', async () => {
    const name = await file(
      'lenient.yaml',
      'prompts:\n  - { id: a, text: price of NVDA, expect: { grounded: false } }\n  - { id: b, text: price of AMD }\n',
    );
    const run = await home.run(['batch', name, '--strict', '--json']);
    const report = reportOf(run);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(report).toMatchObject({ ok: true, total: 2, passed: 2 });
    for (const { checks } of report.prompts) expect(checks.map(({ check }) => check)).toContain('grounded');
  });

  it('is exit 3 for a file that is missing or cannot be, and 2 for a choice that cannot be: two lines, no report', async () => {
    const broken = await file('broken.yaml', 'prompts:\n  - id: a\n    txt: x\n');
    const good = await file('good.yaml', 'prompts: [{ id: a, text: price of NVDA }]\n');
    const before = await readdir(join(home.workDir, 'test-reports'));
    const cases: readonly [args: string[], exitCode: number, message: RegExp][] = [
      [
        ['batch', 'missing.yaml'],
        3,
        /^fin: prompts file missing\.yaml: no such file\nhint: the shipped suite is \S+prompts\/regression\.yaml\n$/,
      ],
      [['batch', broken], 3, /^fin: broken\.yaml line 3: prompt a: unknown key txt; .*\nhint: .*\n$/],
      [['batch', 'table.csv'], 2, /^fin: prompts file table\.csv: neither \.yaml nor \.txt\nhint: .*\n$/],
      [['batch'], 2, /^fin: batch: missing required argument 'file'\nhint: .*\n$/],
      [['batch', good, '--loops', '11'], 2, /^fin: --loops "11": .*\nhint: use 1 to 10\n$/],
      [['batch', good, '--only', 'b'], 2, /^fin: --only b: no prompt has this id\nhint: the ids are a\n$/],
      [['batch', good, '--jobs', '2'], 2, /^fin: --jobs 2: .*share one conversation\nhint: .*\n$/],
      [['batch', good, '--compare', 'none.json'], 3, /^fin: --compare .*none\.json: .*\nhint: .*\n$/],
      [
        ['batch', SUITE, '--provider', 'tradier'],
        2,
        /^fin: --provider tradier: regression sets a clock, .*\nhint: add --live .*\n$/,
      ],
    ];
    const runs = await Promise.all(cases.map(([args]) => home.run(args)));
    cases.forEach(([args, exitCode, message], index) => {
      expect(runs[index]?.stderr, args.join(' ')).toMatch(message);
      expect(runs[index], args.join(' ')).toMatchObject({ exitCode, stdout: '' });
    });
    expect(await readdir(join(home.workDir, 'test-reports'))).toEqual(before);
  });

  it('keeps what it has on Ctrl-C: a whole report, marked partial, and exit 130', async () => {
    const name = await file(
      'slow.yaml',
      'prompts:\n  - { id: a, text: price of NVDA }\n  - { id: b, text: tell me a story about NVDA }\n  - { id: c, text: price of AMD }\n',
    );
    await using model = await startModelServer([{ fault: 'hang' }]);
    const started = home.start(['batch', name, '--json'], { env: { OPENAI_BASE_URL: model.baseUrl, FIN_MODEL: 'm' } });
    while (model.requests.length === 0 && started.child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 10));
    started.child.kill('SIGINT');
    const run = await started.ended;
    expect(run.exitCode).toBe(130);
    const report = reportOf(run);
    expect(report).toMatchObject({ ok: false, partial: true, total: 3, passed: 1, failed: 0, skipped: 2 });
    expect(JSON.parse(await readReport(report.report, 'json'))).toEqual(report);
    expect(await readReport(report.report, 'md')).toContain('**Partial**');
    expect((await readdir(join(home.workDir, 'test-reports'))).filter((each) => each.endsWith('.tmp'))).toEqual([]);
  });
});
