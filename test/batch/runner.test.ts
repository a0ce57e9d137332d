// How a suite is run and reported: loops, jobs, bail, context prompts, an early end, and documents that are whole or not there.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareRuns, loadEarlierRuns, renderComparison } from '../../src/batch/compare.ts';
import { type BatchReport, createReport, renderJunit, renderMarkdown, saveReport } from '../../src/batch/reports.ts';
import type { Progress } from '../../src/batch/runner.ts';
import { parseTextSuite, parseYamlSuite } from '../../src/batch/suite-file.ts';
import { failedIds, regression, runSuiteHere } from './suite-run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fin-report-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FRESH = parseYamlSuite(
  `suite: four
session: fresh
prompts:
  - { id: a, text: price of SPY, for: [SPY], tags: [quote] }
  - { id: b, text: why is it raining, tags: [odd] }
  - { id: c, text: price of <NVDA> & "AMD" | x, tags: [odd] }
  - { id: d, text: SPY yesterday, for: [SPY], tags: [history], expect: { dates: yesterday } }
`,
  'four.yaml',
);
const save = (report: BatchReport, redact = (text: string): string => text): BatchReport =>
  saveReport(report, { folder, nowMs: Date.parse('2025-10-30T15:00:00Z'), redact });

describe('a run', () => {
  it('asks what a chosen prompt leans on and counts only what was chosen', async () => {
    const { report } = await runSuiteHere(regression, { only: ['16'] });
    expect(report).toMatchObject({ ok: true, total: 1, passed: 1 });
    expect(report.prompts.map(({ id }) => id)).toEqual(['16']);
  });

  it('passes every single prompt of the shipped suite when it is chosen alone', async () => {
    for (const id of ['5', '12', '15', '24', '31', '34', '38']) {
      const { report } = await runSuiteHere(regression, { only: [id] });
      expect(failedIds(report), id).toEqual([]);
    }
  });

  it('repeats the whole suite in a conversation of its own each time, and checks bounds by the pass', async () => {
    const { report } = await runSuiteHere(regression, { only: ['1', '2', '3'], loops: 3 });
    expect(report).toMatchObject({ ok: true, total: 9, passed: 9, loops: 3 });
    expect(report.prompts.map(({ id, loop }) => `${id}/${loop ?? 0}`)).toEqual([
      '1/1',
      '2/1',
      '3/1',
      '1/2',
      '2/2',
      '3/2',
      '1/3',
      '2/3',
      '3/3',
    ]);
  });

  it('gives the same verdicts in the same order with several jobs', async () => {
    const [one, four] = await Promise.all([runSuiteHere(FRESH), runSuiteHere(FRESH, { jobs: 4 })]);
    const verdicts = ({ report }: typeof one): unknown => report.prompts.map(({ id, ok, answer }) => [id, ok, answer]);
    expect(verdicts(four)).toEqual(verdicts(one));
    expect(failedIds(one.report)).toEqual(['b', 'c']);
  });

  it('stops after the first failure with bail, and says what was not asked', async () => {
    const { report } = await runSuiteHere(FRESH, { bail: true });
    expect(report).toMatchObject({ ok: false, total: 4, passed: 1, failed: 1, skipped: 2 });
    expect(report).not.toHaveProperty('partial');
  });

  it('tells how far it is', async () => {
    const seen: Progress[] = [];
    await runSuiteHere(FRESH, { onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ done, total, failed }) => `${done}/${total} ${failed}`)).toEqual([
      '0/4 0',
      '1/4 0',
      '2/4 1',
      '3/4 2',
      '4/4 2',
    ]);
    expect(seen[0]).not.toHaveProperty('remainingMs');
    expect(seen[4]?.remainingMs).toBe(0);
  });

  it('keeps what it has when it is interrupted, without the prompt that was broken off', async () => {
    const controller = new AbortController();
    const { report } = await runSuiteHere(FRESH, {
      interrupted: controller.signal,
      onProgress: ({ done }) => (done === 1 ? controller.abort() : undefined),
    });
    expect(report).toMatchObject({ ok: false, partial: true, total: 4, passed: 1, failed: 0, skipped: 3 });
  });

  it('says sample also of an answer that stands on earlier data, or on none', async () => {
    const { report } = await runSuiteHere(regression, { only: ['34'] });
    expect(report.prompts[0]?.answer).toContain('SAMPLE');
    expect(report.prompts[0]?.sample).toBe(true);
    expect((await runSuiteHere(parseTextSuite('why is it raining\n', 'q.txt'))).report).toMatchObject({
      sample: true,
      passed: 0,
    });
  });
});

describe('bounds of a whole pass', () => {
  it('count a request as repeated only while its answer was fresh', () => {
    const suite = parseYamlSuite(
      'limits: { repeatedRequests: 0, providerCalls: 2 }\nprompts: [{ id: a, text: price of SPY }]\n',
      'x.yaml',
    );
    const run = { runs: [], total: 1, ms: 1, interrupted: false };
    const limitsAt = (...times: [endpoint: string, atMs: number][]) =>
      createReport({
        suite,
        run,
        loops: 1,
        clock: '',
        isSample: false,
        requests: times.map(([endpoint, atMs]) => ({ asked: `tradier ${endpoint}`, endpoint, atMs })),
      }).limits.map(({ ok, detail }) => `${ok} ${detail}`);
    expect(limitsAt(['quotes', 0], ['quotes', 9_000])).toEqual(['true 2', 'false 1: tradier quotes']);
    expect(limitsAt(['quotes', 0], ['quotes', 11_000])).toEqual(['true 2', 'true 0']);
    expect(limitsAt(['history', 0], ['history', 11_000], ['chain', 12_000])).toEqual([
      'false 3',
      'false 1: tradier history',
    ]);
  });
});

/** Throws where a text is not well-formed XML: tags that do not match, raw ampersands, forbidden characters. */
function parseXml(text: string): { name: string; attributes: Record<string, string> }[] {
  if (/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/.test(text)) throw new Error('a forbidden character');
  const elements: ReturnType<typeof parseXml> = [];
  const open: string[] = [];
  let rest = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  while (rest !== '') {
    const [chunk, closing, name = '', attributes = '', selfClosing] =
      /^<(\/?)([a-z]+)((?: [a-z]+="[^"<&]*(?:&(?:amp|lt|gt|quot);[^"<&]*)*")*) ?(\/?)>/.exec(rest) ??
        /^[^<&]*(?:&(?:amp|lt|gt|quot);[^<&]*)*/.exec(rest) ?? [''];
    if (chunk === '') throw new Error(`not well-formed at ${rest.slice(0, 60)}`);
    rest = rest.slice(chunk.length);
    if (name === '') continue;
    if (closing === '/') {
      if (open.pop() !== name) throw new Error(`${name} was not open`);
      continue;
    }
    elements.push({
      name,
      attributes: Object.fromEntries(
        [...attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
      ),
    });
    if (selfClosing !== '/') open.push(name);
  }
  if (open.length > 0) throw new Error(`${open.join()} left open`);
  return elements;
}

describe('documents', () => {
  it('stand beside each other under one name, and a second run of the same second keeps both', async () => {
    const { report } = await runSuiteHere(FRESH);
    expect(save(report).report).toBe('test-reports/four-20251030-150000');
    expect(save(report).report).toBe('test-reports/four-20251030-150000-2');
    expect(readdirSync(join(folder, 'test-reports')).toSorted()).toEqual(
      ['', '-2']
        .flatMap((number) => ['json', 'md', 'xml'].map((extension) => `four-20251030-150000${number}.${extension}`))
        .toSorted(),
    );
  });

  it('are written whole or not at all', async () => {
    const { report } = await runSuiteHere(FRESH);
    expect(() =>
      save(report, () => {
        throw new Error('disk full');
      }),
    ).toThrow(expect.objectContaining({ code: 'config', message: expect.stringContaining('disk full') as string }));
    expect(readdirSync(join(folder, 'test-reports'))).toEqual([]);
    // A folder in the place of the last file: what was written before it goes too.
    mkdirSync(join(folder, 'test-reports/four-20251030-150000.xml/x'), { recursive: true });
    expect(() => save(report)).toThrow(expect.objectContaining({ code: 'config' }));
    expect(readdirSync(join(folder, 'test-reports'))).toEqual(['four-20251030-150000.xml']);
    writeFileSync(join(folder, 'blocked'), '');
    expect(() => saveReport(report, { folder: join(folder, 'blocked'), nowMs: 0, redact: (text) => text })).toThrow(
      expect.objectContaining({ code: 'config' }),
    );
  });

  it.skipIf(process.getuid?.() === 0)('are refused in a folder that cannot be written', async () => {
    const { report } = await runSuiteHere(FRESH);
    mkdirSync(join(folder, 'closed'));
    chmodSync(join(folder, 'closed'), 0o500);
    expect(() => saveReport(report, { folder: join(folder, 'closed'), nowMs: 0, redact: (text) => text })).toThrow(
      expect.objectContaining({ code: 'config' }),
    );
  });

  it('hold no key', async () => {
    const { report } = await runSuiteHere(parseTextSuite('why does my key abc-SECRET-123 fail\n', 'keys.txt'));
    const saved = save(report, (text) => text.replaceAll('abc-SECRET-123', '***'));
    for (const extension of ['md', 'json', 'xml'])
      expect(readFileSync(join(folder, `${saved.report ?? ''}.${extension}`), 'utf8')).not.toContain('SECRET');
  });

  it('in JSON have the public shape', async () => {
    const { report } = await runSuiteHere(FRESH);
    const saved = save(report);
    const document = JSON.parse(readFileSync(join(folder, `${saved.report ?? ''}.json`), 'utf8')) as BatchReport;
    expect(document).toEqual(saved);
    expect(document).toMatchObject({
      schema: 'fin/1',
      command: 'batch',
      ok: false,
      suite: 'four',
      total: 4,
      passed: 2,
      failed: 2,
      skipped: 0,
      loops: 1,
      report: 'test-reports/four-20251030-150000',
    });
    for (const name of ['ms', 'toolCalls', 'providerCalls', 'cacheHitRate', 'inputTokens', 'outputTokens'])
      expect(typeof document.totals[name as 'ms'], name).toBe('number');
    for (const prompt of document.prompts) {
      expect(prompt).toMatchObject({
        id: expect.any(String) as string,
        prompt: expect.any(String) as string,
        ok: expect.any(Boolean) as boolean,
      });
      for (const name of ['ms', 'toolCalls', 'providerCalls', 'inputTokens', 'outputTokens'])
        expect(typeof prompt[name as 'ms'], name).toBe('number');
      for (const check of prompt.checks) expect(Object.keys(check)).toEqual(['check', 'ok', 'detail']);
    }
  });

  it('in XML are well-formed and count as JUnit does, whatever stands in question and answer', async () => {
    const { report } = await runSuiteHere(FRESH);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (question, answer) => {
        const [first, ...others] = report.prompts;
        if (first === undefined) throw new Error('no prompt');
        const changed = {
          ...report,
          skipped: 1,
          prompts: [
            { ...first, ok: false, prompt: question, answer, checks: [{ check: question, ok: false, detail: answer }] },
            ...others,
          ],
        };
        const elements = parseXml(renderJunit(changed, [question]));
        expect(elements.filter(({ name }) => name === 'testcase')).toHaveLength(5);
        expect(elements.filter(({ name }) => name === 'skipped')).toHaveLength(1);
      }),
      { numRuns: 50 },
    );
    const elements = parseXml(renderJunit(report));
    expect(elements[0]).toMatchObject({
      name: 'testsuites',
      attributes: { tests: '4', failures: '2', errors: '0', skipped: '0' },
    });
    expect(elements.filter(({ name }) => name === 'failure')).toHaveLength(2);
  });

  it('in Markdown keep each row one row, and tell each failure with question, answer, expectation and what was found', async () => {
    const { report } = await runSuiteHere(FRESH);
    const text = renderMarkdown(report);
    const rows = text.split('\n').filter((line) => /^\| [abcd] \|/.test(line));
    expect(rows).toHaveLength(4);
    for (const row of rows)
      expect(row.replaceAll('\\|', '').split('|')).toHaveLength(rows[0]?.replaceAll('\\|', '').split('|').length ?? 0);
    expect(text).toContain('### b: why is it raining');
    expect(text).toMatch(/answered \| question not understood/);
  });
});

describe('a comparison with an earlier report', () => {
  const run = { id: '1', ok: true, ms: 100, providerCalls: 1, inputTokens: 1000, outputTokens: 0 };

  it('says what got better, worse, slower and dearer, and nothing of noise', () => {
    const changes = compareRuns(
      [
        run,
        { ...run, id: '2', ok: false },
        { ...run, id: '3' },
        { ...run, id: '4' },
        { ...run, id: '5' },
        { ...run, id: 'gone' },
      ],
      [
        { ...run, ok: false },
        { ...run, id: '2' },
        { ...run, id: '3', ms: 900 },
        { ...run, id: '4', inputTokens: 2000 },
        { ...run, id: '5', ms: 140, inputTokens: 1050 },
        { ...run, id: 'new', ok: false },
      ],
    );
    expect(renderComparison(changes)).toEqual([
      'better: 2',
      'worse: 1',
      'slower: 3: 100 to 900 ms',
      'dearer: 4: 1000 to 2000 tokens',
      'only in this run: new',
      'only in the earlier run: gone',
    ]);
    expect(renderComparison(compareRuns([run], [run]))).toEqual(['compared: no change']);
  });

  it('reads what a run wrote, and refuses what is no report', async () => {
    const { report } = await runSuiteHere(FRESH);
    const saved = save(report);
    const earlier = loadEarlierRuns(join(folder, `${saved.report ?? ''}.json`));
    expect(renderComparison(compareRuns(earlier, report.prompts))).toEqual(['compared: no change']);
    writeFileSync(join(folder, 'other.json'), '{"command":"quote"}');
    writeFileSync(join(folder, 'broken.json'), '{');
    for (const name of ['other.json', 'broken.json', 'missing.json'])
      expect(() => loadEarlierRuns(join(folder, name)), name).toThrow(expect.objectContaining({ code: 'config' }));
    expect(existsSync(join(folder, 'missing.json'))).toBe(false);
  });
});
