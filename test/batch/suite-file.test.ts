// Reading prompts files: what is in them is kept, and a slip of the pen is an error with its line, never a lost expectation.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choosePrompts } from '../../src/batch/runner.ts';
import { parseTextSuite, parseYamlSuite } from '../../src/batch/suite-file.ts';
import { REGRESSION_FILE, regression } from './suite-run.ts';

const MINIMAL = 'prompts:\n  - id: a\n    text: price of NVDA\n';

/** Message and hint of the refusal. */
function refusalOf(text: string): string {
  try {
    parseYamlSuite(text, 'my.yaml');
  } catch (error) {
    const { code, message, hint } = error as { code: string; message: string; hint?: string };
    expect(code).toBe('config');
    expect(message).not.toContain('\n');
    expect(hint).toContain('docs/batch.md');
    return message;
  }
  throw new Error('it was read');
}

describe('a YAML suite', () => {
  it('has defaults: the name of its file, one conversation, grounded answers, no clock', () => {
    expect(parseYamlSuite(MINIMAL, 'folder/my suite.yaml')).toMatchObject({
      name: 'my-suite',
      session: 'shared',
      banned: [],
      limits: {},
      prompts: [
        {
          id: 'a',
          text: 'price of NVDA',
          tags: [],
          symbols: [],
          after: [],
          alone: false,
          expect: { grounded: true, calls: [], figures: [] },
        },
      ],
    });
    expect(parseYamlSuite(MINIMAL, 'my.yaml').clock).toBeUndefined();
  });

  it('holds no character that steers a terminal or cannot be seen, in ids and what refers to them', () => {
    const suite = parseYamlSuite(
      'prompts:\n  - id: "a\\e[2J\\x07\\u202Eb"\n    text: "price\\uFE0F of NVDA"\n  - id: c\n    text: x\n    tags: ["t\\e]0;x\\x07"]\n    after: "a\\e[2Jb"\n',
      'my.yaml',
    );
    expect(suite.prompts.map(({ id, text, tags, after }) => ({ id, text, tags, after }))).toEqual([
      { id: 'ab', text: 'price of NVDA', tags: [], after: [] },
      { id: 'c', text: 'x', tags: ['t'], after: ['ab'] },
    ]);
    expect(refusalOf('prompts:\n  - id: "\\e[2J"\n    text: x\n')).toMatch(/id is missing/);
  });

  it('joins the lists of sets and own expectations, and lets the last single value stand', () => {
    const { prompts } = parseYamlSuite(
      `sets:
  one: { calls: get_stock_quote, maxCalls: 3, says: [quote.last], words: [price] }
  two: { notCalled: [calculate], maxCalls: 1, grounded: false }
prompts:
  - id: 7
    text: price of NVDA
    for: [nvda, brk.b]
    tags: [x]
    expect: [one, two, { words: [last], figures: ["quote.last > 0"] }]
`,
      'my.yaml',
    );
    expect(prompts[0]).toMatchObject({
      id: '7',
      symbols: ['NVDA', 'BRK.B'],
      tags: ['x'],
      expect: {
        calls: ['get_stock_quote'],
        notCalled: ['calculate'],
        maxCalls: 1,
        words: ['price', 'last'],
        grounded: false,
      },
    });
    expect(prompts[0]?.expect.figures.map(({ text }) => text)).toEqual(['quote.last > 0']);
    expect(prompts[0]?.expect.says.map(({ text }) => text)).toEqual(['quote.last']);
  });

  it.each([
    [
      'an unknown key, named',
      `${MINIMAL}    expct: {}\n`,
      /^my\.yaml line 4: prompt a: unknown key expct; the keys are /,
    ],
    ['an unknown expectation', `${MINIMAL}    expect: { figure: [x] }\n`, /line 4: prompt a: unknown key figure/],
    ['no prompts', 'suite: x\n', /^my\.yaml line 1: prompts must be a list/],
    ['an empty list of prompts', 'prompts: []\n', /prompts must be a list with at least one prompt/],
    ['a prompt without text', 'prompts:\n  - id: a\n', /line 2: prompt a: text must be text/],
    ['a prompt without id', 'prompts:\n  - text: hello\n', /line 2: id is missing/],
    ['an id twice', `${MINIMAL}  - id: a\n    text: again\n`, /line 4: prompt a: an earlier prompt has the same id/],
    [
      'a prompt that leans on a later one',
      `prompts:\n  - { id: a, text: x, after: [b] }\n  - { id: b, text: y }\n`,
      /line 2: prompt a: after names b/,
    ],
    ['a set that is not there', `${MINIMAL}    expect: price\n`, /there is no set price; there are none/],
    [
      'a clock without offset',
      `clock: 2025-10-30T11:00:00\n${MINIMAL}`,
      /line 1: clock must be an ISO time with offset/,
    ],
    ['a session that is neither', `session: own\n${MINIMAL}`, /session must be shared or fresh/],
    [
      'a formula that cannot be read',
      `${MINIMAL}    expect: { figures: ["quote.last = = 3"] }\n`,
      /"quote\.last = = 3": "=" is not expected here/,
    ],
    ['a formula that stops', `${MINIMAL}    expect: { figures: ["quote.last *"] }\n`, /it ends too early/],
    [
      'a formula of unknown data',
      `${MINIMAL}    expect: { figures: ["qoute.last > 3"] }\n`,
      /qoute is neither a field \(fin fields lists them\) nor one of quote, /,
    ],
    [
      'a condition without comparison',
      `${MINIMAL}    expect: { figures: ["quote.last > 3 if quote.open"] }\n`,
      /what follows "if" is not a comparison/,
    ],
    ['a comparison as something to say', `${MINIMAL}    expect: { says: ["quote.last = 3"] }\n`, /says takes a value/],
    ['dates that no check knows', `${MINIMAL}    expect: { dates: tomorrow }\n`, /dates must be one of yesterday, /],
    ['a kind of data that there is not', `${MINIMAL}    expect: { has: { quotes: [last] } }\n`, /unknown key quotes/],
    [
      'a tool that there is not, which no answer would call',
      `${MINIMAL}    expect: { notCalled: [get_quotes] }\n`,
      /line 4: prompt a: notCalled: get_quotes is not a tool; the tools are get_stock_quote, /,
    ],
    [
      'one of several tools that there is not',
      `${MINIMAL}    expect: { calls: get_stock_quote|get_quote }\n`,
      /calls: get_quote is not a tool/,
    ],
    ['two documents', `${MINIMAL}---\nprompts: []\n`, /line 4: a second document begins here/],
    ['a number that is none', `${MINIMAL}    expect: { maxCalls: many }\n`, /maxCalls must be a number/],
    ['a limit below 0', `limits: { seconds: -1 }\n${MINIMAL}`, /seconds must be a number of 0 or more/],
    ['a malformed symbol', `${MINIMAL}    for: [NV DA]\n`, /line 4: prompt a: /],
    ['text that is no YAML', 'prompts: [\n', /^my\.yaml line \d+: /],
    ['a list in the place of the file', '- a\n- b\n', /the file must be a mapping/],
    ['an alias of nothing', 'prompts: *there\n', /Unresolved alias/],
    ['nothing', '', /the file must be a mapping/],
  ])('refuses %s', (_what, text, message) => {
    expect(refusalOf(text)).toMatch(message);
  });

  it('refuses the shipped suite with any one key misspelt', () => {
    const text = readFileSync(REGRESSION_FILE, 'utf8');
    const keys = [
      ...text.matchAll(
        /^ *(?:- )?(suite|clock|session|limits|banned|sets|prompts|id|text|for|tags|after|expect|calls|maxCalls|has|figures|says|words|dates|levels|notCalled): /gm,
      ),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...keys), (match) => {
        const at = match.index + match[0].lastIndexOf(match[1] ?? '');
        const misspelt = `${text.slice(0, at)}x${text.slice(at)}`;
        expect(() => parseYamlSuite(misspelt, 'my.yaml')).toThrow();
      }),
      { numRuns: 25 },
    );
  });

  it('never ends in anything but a suite or a refusal, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        try {
          parseYamlSuite(text, 'my.yaml');
        } catch (error) {
          expect((error as { code?: string }).code).toBe('config');
        }
      }),
    );
  });
});

describe('a text suite', () => {
  it('asks each line, skips comments and empty lines, and names a prompt by its line', () => {
    const { name, prompts } = parseTextSuite(
      '# morning\nprice of NVDA\r\n\n  SPY last week  \n#end\n',
      'dir/morning.txt',
    );
    expect(name).toBe('morning');
    expect(prompts.map(({ id, text }) => [id, text])).toEqual([
      ['2', 'price of NVDA'],
      ['4', 'SPY last week'],
    ]);
    expect(prompts.every(({ expect: { grounded } }) => grounded)).toBe(true);
  });

  it('refuses a file without any prompt', () => {
    expect(() => parseTextSuite('# nothing\n\n', 'a.txt')).toThrow('a.txt: there are no prompts in it');
  });
});

describe('a choice of prompts', () => {
  it('takes ids and tags, and both together', () => {
    expect(choosePrompts(regression, { only: ['14+15', '2'] }).map(({ id }) => id)).toEqual(['2', '14+15']);
    expect(choosePrompts(regression, { tag: ['alias'] }).map(({ id }) => id)).toEqual(['14+15', '29+30']);
    expect(choosePrompts(regression, { only: ['29+30', '2'], tag: ['alias'] }).map(({ id }) => id)).toEqual(['29+30']);
  });

  it.each([
    [{ only: ['99'] }, /--only 99: no prompt has this id/],
    [{ tag: ['nope'] }, /--tag nope: no prompt has this tag/],
    [{ only: ['2'], tag: ['alias'] }, /no prompt has both/],
  ])('is wrong usage where nothing fits: %j', (choice, message) => {
    expect(() => choosePrompts(regression, choice)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringMatching(message) as string }),
    );
  });
});
