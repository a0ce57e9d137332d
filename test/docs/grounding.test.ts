// docs/grounding.md shows what the real program prints.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fillExamples } from './grounding-examples.ts';

const document = readFileSync(resolve(import.meta.dirname, '../../docs/grounding.md'), 'utf8');

describe('docs/grounding.md', () => {
  it('shows a right, a corrected and a marked answer as the program prints them', async () => {
    expect(await fillExamples(document)).toBe(document);
    expect(document).toMatch(/241\.53 \[\?\][\s\S]*exit code 8/);
  });
});
