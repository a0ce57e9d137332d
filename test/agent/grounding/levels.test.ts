// Levels are quoted with what they come from: a swing low, an average, a 52-week high. Right ones stand, mixed-up ones do not.
import { describe, expect, it } from 'vitest';
import { checkGrounding } from '../../../src/agent/grounding/check.ts';
import { createFactBase } from '../../../src/agent/grounding/facts.ts';
import type { Answer } from '../../../src/domain/answers.ts';

const meta = { sample: true, providerCalls: 0, elapsedMs: 0, fetchedAt: '2025-11-03T10:30:00-05:00' };
const LEVELS: Answer<'levels'> = {
  kind: 'levels',
  data: {
    symbol: 'AMD',
    spot: 245.25,
    supports: [
      { price: 241.35, origin: 'swing low 2025-10-28 (2 touches)' },
      { price: 240.1624, origin: 'SMA50, pivot S1 of 2025-10-31' },
      { price: 238.887, origin: 'SMA20' },
    ],
    resistances: [
      { price: 251.82, origin: 'previous session low 2025-10-31' },
      { price: 272.49, origin: '52-week high 2024-12-26' },
    ],
  },
  errors: [],
  meta,
  notes: [],
};

function marked(text: string): string[] {
  const facts = createFactBase();
  facts.add(LEVELS);
  return checkGrounding(text, facts, { question: 'Is AMD closer to its support or its resistance?' }).unsupported.map(
    (figure) => figure.text,
  );
}

describe('levels by their origin', () => {
  it.each([
    'The swing low of 28 Oct 2025 at 241.35 is the nearest support of AMD.',
    'AMD: support at 241.35 (swing low of 28 Oct, 2 touches), 240.16 (SMA50) and 238.89 (SMA20); resistance at 251.82 (previous session low).',
    'AMD sits at 245.25, with the SMA50 at 240.16 and the SMA20 at 238.89 as support.',
    'The 52-week high at 272.49 is the far resistance of AMD.',
    'AMD found support at its 28 Oct low of 241.35.',
  ])('are supported: %s', (text) => {
    expect(marked(text)).toEqual([]);
  });

  it.each([
    ['The swing low of 28 Oct 2025 at 241.53 is the nearest support of AMD.', '241.53'],
    ['AMD has its SMA50 at 238.89 as support.', '238.89'],
    ['The swing high of 28 Oct 2025 at 241.35 holds AMD up.', '241.35'],
    ['The 52-week low of AMD at 272.49 is far.', '272.49'],
  ])('are not when mixed up: %s', (text, figure) => {
    expect(marked(text)).toEqual([figure]);
  });
});

describe('distances in round words', () => {
  it('stand where they are near, and are marked where no figures come to them', () => {
    expect(marked('AMD is at 245.25, 241.35 is about 4 dollars below.')).toEqual([]);
    expect(marked('AMD is at 245.25, 241.35 is about 5 dollars below.')).toEqual(['5 dollars']);
  });
});

describe('what a level is said to be', () => {
  it.each([
    ['AMD has support at 238.89, the 20-day average.', []],
    ['AMD has support at 238.89, the 50-day average.', ['238.89']],
  ])('holds of its origin: %s', (text, figures) => {
    expect(marked(text)).toEqual(figures);
  });
});
