// Reads a prompts file, YAML or text, strictly: an unknown key, a missing text or a formula that cannot be read is an
// error with its line, so that no expectation is lost by a slip of the pen.
import { LineCounter, type Document, isNode, parseDocument } from 'yaml';
import type { AnswerKind } from '../domain/answers.ts';
import { ConfigError, toFinError } from '../domain/errors.ts';
import { parseClockStart } from '../domain/exchange-time.ts';
import { sanitise, sanitiseLine } from '../domain/plain-text.ts';
import { parseTickerSymbol } from '../domain/symbols.ts';
import { listTools } from '../tools/registry.ts';
import { isFieldName, SCOPE_NAMES } from './evidence.ts';
import { EXPECTED_PHRASES, isExpectedPhrase } from './expected-dates.ts';
import { FUNCTION_NAMES, type Formula, parseFormula } from './formulas.ts';
import type { Expectations, Limits, Suite, SuitePrompt } from './suite.ts';

type Path = readonly (string | number)[];

const SUITE_KEYS = ['suite', 'clock', 'session', 'banned', 'limits', 'sets', 'prompts'];
const PROMPT_KEYS = ['id', 'text', 'for', 'tags', 'after', 'alone', 'expect'];
const LIMIT_KEYS = ['providerCalls', 'repeatedRequests', 'tokens', 'seconds'] as const;
const NUMBER_KEYS = ['maxCalls', 'maxTurns', 'maxProviderCalls', 'maxTokens', 'maxSeconds', 'levels'] as const;
const LIST_KEYS = ['calls', 'notCalled', 'words', 'banned'] as const;
const EXPECT_KEYS = [...LIST_KEYS, ...NUMBER_KEYS, 'has', 'dates', 'figures', 'says', 'grounded'];
const KINDS: readonly AnswerKind[] = [
  'quote',
  'history',
  'ta',
  'table',
  'expirations',
  'chain',
  'market',
  'bundle',
  'levels',
  'calculation',
];
const FORMULA_NAMES: readonly string[] = [...SCOPE_NAMES, ...FUNCTION_NAMES];
const TOOL_NAMES: readonly string[] = listTools().map(({ name }) => name);
const NAME = /^[\w.-]{1,60}$/;
const MAX_PROMPTS = 10_000;
const MAX_TEXT_CHARS = 100_000;

const NOTHING_EXPECTED: Expectations = {
  calls: [],
  notCalled: [],
  has: [],
  figures: [],
  says: [],
  words: [],
  banned: [],
  grounded: true,
};

/** One prompt a line, `#` begins a comment. Expected of each: answered, no errors, grounded. */
export function parseTextSuite(text: string, name: string): Suite {
  const lines = text.split(/\r?\n/).map((line) => sanitiseLine(line, MAX_TEXT_CHARS));
  const prompts = lines.flatMap((line, index): SuitePrompt[] =>
    line === '' || line.startsWith('#')
      ? []
      : [
          {
            id: String(index + 1),
            text: line,
            tags: [],
            symbols: [],
            after: [],
            alone: false,
            expect: NOTHING_EXPECTED,
          },
        ],
  );
  if (prompts.length === 0)
    throw new ConfigError(`${name}: there are no prompts in it`, { hint: 'write one question per line' });
  return { name: nameOfFile(name), session: 'shared', banned: [], limits: {}, prompts };
}

/** @throws ConfigError naming the line of what cannot be. */
export function parseYamlSuite(text: string, file: string): Suite {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, merge: true });
  const [problem] = document.errors;
  if (problem !== undefined) {
    const why = problem.code === 'MULTIPLE_DOCS' ? 'a second document begins here; a suite is one' : problem.message;
    throw refuse(file, lineCounter.linePos(problem.pos[0]).line, why);
  }
  return new Reader(file, document, lineCounter).suite();
}

function refuse(file: string, line: number | undefined, why: string): ConfigError {
  return new ConfigError(`${file}${line === undefined ? '' : ` line ${line}`}: ${why}`, {
    hint: 'docs/batch.md lists every key of a prompts file',
  });
}

function nameOfFile(file: string): string {
  const base = file.split(/[\\/]/).at(-1) ?? file;
  const name = base
    .replace(/\.[^.]*$/, '')
    .replaceAll(/[^\w.-]+/g, '-')
    .slice(0, 60);
  return name === '' ? 'suite' : name;
}

class Reader {
  readonly #file: string;
  readonly #document: Document;
  readonly #lines: LineCounter;
  #prompt: string | undefined;
  readonly #sets = new Map<string, Partial<Expectations>>();

  constructor(file: string, document: Document, lines: LineCounter) {
    this.#file = file;
    this.#document = document;
    this.#lines = lines;
  }

  suite(): Suite {
    const root = this.#object(this.#content(), [], SUITE_KEYS);
    const name = root['suite'] === undefined ? nameOfFile(this.#file) : this.#text(root['suite'], ['suite']);
    if (!NAME.test(name)) this.#fail(['suite'], 'suite must be up to 60 letters, digits, dots, dashes and underscores');
    const session = root['session'] ?? 'shared';
    if (session !== 'shared' && session !== 'fresh') this.#fail(['session'], 'session must be shared or fresh');
    for (const [set, value] of Object.entries(this.#object(root['sets'] ?? {}, ['sets'])))
      this.#sets.set(set, this.#expectations(value, ['sets', set]));
    const prompts = this.#prompts(root['prompts']);
    return {
      name,
      ...(root['clock'] === undefined ? {} : { clock: this.#clock(root['clock']) }),
      session,
      banned: this.#texts(root['banned'], ['banned']),
      limits: this.#limits(root['limits']),
      prompts,
    };
  }

  #content(): unknown {
    try {
      return this.#document.toJS();
    } catch (thrown) {
      // An alias of nothing, or aliases that multiply without end.
      return this.#fail([], thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  #clock(value: unknown): number {
    const start = parseClockStart(typeof value === 'string' ? value : '');
    return typeof start === 'number' ? start : this.#fail(['clock'], `clock ${start}`);
  }

  #limits(value: unknown): Limits {
    const given = this.#object(value ?? {}, ['limits'], LIMIT_KEYS);
    const limits: Limits = {};
    for (const key of LIMIT_KEYS) if (given[key] !== undefined) limits[key] = this.#count(given[key], ['limits', key]);
    return limits;
  }

  #prompts(value: unknown): SuitePrompt[] {
    if (!Array.isArray(value) || value.length === 0)
      return this.#fail(['prompts'], 'prompts must be a list with at least one prompt');
    if (value.length > MAX_PROMPTS) return this.#fail(['prompts'], `prompts holds more than ${MAX_PROMPTS}`);
    const prompts: SuitePrompt[] = [];
    for (const [index, each] of (value as unknown[]).entries()) {
      const prompt = this.#readPrompt(each, ['prompts', index], prompts);
      prompts.push(prompt);
      this.#prompt = undefined;
    }
    return prompts;
  }

  #readPrompt(value: unknown, path: Path, before: readonly SuitePrompt[]): SuitePrompt {
    const { id: given } = (typeof value === 'object' && value !== null ? value : {}) as { id?: unknown };
    // An id stands on the screen and in reports as it is here.
    const id = typeof given === 'string' || typeof given === 'number' ? sanitiseLine(String(given)) : undefined;
    this.#prompt = id;
    const prompt = this.#object(value, path, PROMPT_KEYS);
    if (id === undefined || id === '') return this.#fail(path, 'id is missing');
    if (before.some((other) => other.id === id))
      return this.#fail([...path, 'id'], 'an earlier prompt has the same id');
    const after = this.#texts(prompt['after'], [...path, 'after']).map((other) => sanitiseLine(other));
    const unknown = after.find((other) => !before.some((each) => each.id === other));
    if (unknown !== undefined)
      return this.#fail([...path, 'after'], `after names ${unknown}, which is not the id of an earlier prompt`);
    return {
      id,
      text: this.#text(prompt['text'], [...path, 'text']),
      tags: this.#texts(prompt['tags'], [...path, 'tags']),
      symbols: this.#texts(prompt['for'], [...path, 'for']).map((symbol) => this.#symbol(symbol, [...path, 'for'])),
      after,
      alone: this.#flag(prompt['alone'] ?? false, [...path, 'alone']),
      expect: this.#combine(prompt['expect'] ?? [], [...path, 'expect']),
    };
  }

  /** A list's name stays: whose lists it is of the file does not say. */
  #symbol(text: string, path: Path): string {
    if (text.startsWith('@')) return text;
    try {
      return parseTickerSymbol(text);
    } catch (thrown) {
      return this.#fail(path, thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  /** A mapping, the name of a set, or a list of both; lists of the parts are joined, single values replaced. */
  #combine(value: unknown, path: Path): Expectations {
    const parts = (Array.isArray(value) ? (value as unknown[]) : [value]).map((part, index) => {
      if (typeof part !== 'string') return this.#expectations(part, Array.isArray(value) ? [...path, index] : path);
      return (
        this.#sets.get(part) ??
        this.#fail(
          path,
          `there is no set ${part}; ${this.#sets.size === 0 ? 'there are none' : `the sets are ${[...this.#sets.keys()].join(', ')}`}`,
        )
      );
    });
    return parts.reduce<Expectations>((whole, part) => joinExpectations(whole, part), NOTHING_EXPECTED);
  }

  #expectations(value: unknown, path: Path): Partial<Expectations> {
    const given = this.#object(value, path, EXPECT_KEYS);
    const result: Partial<Expectations> = {};
    for (const key of LIST_KEYS) if (given[key] !== undefined) result[key] = this.#texts(given[key], [...path, key]);
    for (const key of ['calls', 'notCalled'] as const)
      for (const name of result[key]?.flatMap((text) => (key === 'calls' ? text.split('|') : [text])) ?? [])
        if (!TOOL_NAMES.includes(name))
          this.#fail([...path, key], `${key}: ${name} is not a tool; the tools are ${TOOL_NAMES.join(', ')}`);
    for (const key of NUMBER_KEYS) if (given[key] !== undefined) result[key] = this.#count(given[key], [...path, key]);
    for (const key of ['figures', 'says'] as const)
      if (given[key] !== undefined) result[key] = this.#formulas(given[key], [...path, key], key);
    if (given['has'] !== undefined) result.has = this.#fields(given['has'], [...path, 'has']);
    if (given['grounded'] !== undefined) result.grounded = this.#flag(given['grounded'], [...path, 'grounded']);
    if (given['dates'] !== undefined) {
      result.dates = this.#text(given['dates'], [...path, 'dates']);
      if (!isExpectedPhrase(result.dates)) this.#fail([...path, 'dates'], `dates must be one of ${EXPECTED_PHRASES}`);
    }
    return result;
  }

  #fields(value: unknown, path: Path): Expectations['has'] {
    return Object.entries(this.#object(value, path, KINDS)).map(([kind, fields]) => ({
      kind: kind as AnswerKind,
      fields: this.#texts(fields, [...path, kind]),
    }));
  }

  #formulas(value: unknown, path: Path, key: 'figures' | 'says'): Formula[] {
    return this.#texts(value, path).map((text) => {
      const formula = this.#formula(text, path);
      const unknown = formula.names.find((name) => !FORMULA_NAMES.includes(name) && !isFieldName(name));
      if (unknown !== undefined)
        this.#fail(
          path,
          `"${text}": ${unknown} is neither a field (fin fields lists them) nor one of ${FORMULA_NAMES.join(', ')}`,
        );
      if (key === 'says' && formula.isCondition) this.#fail(path, `"${text}": says takes a value, not a comparison`);
      return formula;
    });
  }

  #formula(text: string, path: Path): Formula {
    try {
      return parseFormula(text);
    } catch (thrown) {
      return this.#fail(path, `"${text}": ${toFinError(thrown).message.replace('expression: ', '')}`);
    }
  }

  #object(value: unknown, path: Path, keys?: readonly string[]): Record<string, unknown> {
    const what = path.at(-1) === undefined ? 'the file' : typeof path.at(-1) === 'number' ? 'it' : String(path.at(-1));
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return this.#fail(path, `${what} must be a mapping`);
    const unknown = keys === undefined ? undefined : Object.keys(value).find((key) => !keys.includes(key));
    if (unknown !== undefined)
      return this.#fail([...path, unknown], `unknown key ${unknown}; the keys are ${(keys ?? []).join(', ')}`);
    return value as Record<string, unknown>;
  }

  #texts(value: unknown, path: Path): string[] {
    if (value === undefined || value === null) return [];
    const items: unknown[] = Array.isArray(value) ? value : [value];
    return items.map((item) => this.#text(typeof item === 'number' ? String(item) : item, path));
  }

  #text(value: unknown, path: Path): string {
    const text = typeof value === 'string' ? sanitise(value).trim() : '';
    if (text !== '') return text;
    return this.#fail(path, `${String(path.at(-1))} must be text`);
  }

  #count(value: unknown, path: Path): number {
    if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value;
    return this.#fail(path, `${String(path.at(-1))} must be a number of 0 or more`);
  }

  #flag(value: unknown, path: Path): boolean {
    return typeof value === 'boolean' ? value : this.#fail(path, `${String(path.at(-1))} must be true or false`);
  }

  #fail(path: Path, why: string): never {
    throw refuse(this.#file, this.#lineOf(path), this.#prompt === undefined ? why : `prompt ${this.#prompt}: ${why}`);
  }

  /** The line of a value, or of the nearest thing around it that is there. */
  #lineOf(path: Path): number | undefined {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = length === 0 ? this.#document.contents : this.#document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return this.#lines.linePos(node.range[0]).line;
    }
    return undefined;
  }
}

function joinExpectations(whole: Expectations, part: Partial<Expectations>): Expectations {
  const joined: Expectations = { ...whole, ...part };
  for (const key of LIST_KEYS) joined[key] = [...whole[key], ...(part[key] ?? [])];
  return {
    ...joined,
    has: [...whole.has, ...(part.has ?? [])],
    figures: [...whole.figures, ...(part.figures ?? [])],
    says: [...whole.says, ...(part.says ?? [])],
  };
}
