import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { valuesAtStart } from '../../../src/agent/words/lines.ts';
import { BEGINNINGS } from '../../../src/agent/words/session-index.ts';
import { HOUR_PATTERNS } from '../../../src/agent/words/hours.ts';
import { SESSION_PATTERNS } from '../../../src/agent/words/sessions.ts';

const FILES = ['told/questions', 'everyday/questions-late', 'questions/open'];

/** Every run of words that a question of strangers ends with. */
const ENDS = FILES.flatMap((file) =>
  readFileSync(new URL(`../../eval/${file}.jsonl`, import.meta.url), 'utf8')
    .split('\n')
    .filter(Boolean)
    .flatMap((line) => {
      const { q } = JSON.parse(line) as { q: string };
      const words = q.toLowerCase().match(/[\p{L}\d:.]+/gu) ?? [];
      return words.map((_word, at) => words.slice(at, at + 14).join(' '));
    }),
);

describe('the beginnings of session patterns', () => {
  it.each([
    ['sessions', SESSION_PATTERNS, BEGINNINGS.sessions],
    ['hours', HOUR_PATTERNS, BEGINNINGS.hours],
  ] as const)('of %s hold every pattern that fits a text', (_name, patterns, beginnings) => {
    const compiled = patterns.map(([source]) => new RegExp(`^(?:${source})(?= |$)`));
    let fits = 0;
    for (const text of ENDS) {
      const numbers = new Set(valuesAtStart(beginnings, text).flatMap((each) => each.split(' ').map(Number)));
      const missed = compiled.findIndex((pattern, number) => !numbers.has(number) && pattern.test(text));
      expect(missed, text).toBe(-1);
      fits += compiled.filter((pattern, number) => numbers.has(number) && pattern.test(text)).length;
    }
    expect(fits).toBeGreaterThan(100);
  });
});
