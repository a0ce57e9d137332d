// Right answers as language models write them stay unmarked, and a changed digit in any of them does not.
import { describe, expect, it } from 'vitest';
import { checkGrounding } from '../../../src/agent/grounding/check.ts';
import { findFigures, maskNonFigures } from '../../../src/agent/grounding/figures.ts';
import { ANSWERS } from './answers.ts';
import { createConversation, unsupportedIn } from './base.ts';

/** The text with one digit of the figure at `[start, end)` one higher, for each of its digits. */
function alterDigits(text: string, start: number, end: number): string[] {
  return [...text.slice(start, end).matchAll(/\d/g)].map((digit) => {
    const at = start + digit.index;
    return text.slice(0, at) + String((Number(text[at]) + 1) % 10) + text.slice(at + 1);
  });
}

describe('answers in the manner of language models', () => {
  it.each(ANSWERS)('%s: %j is unmarked', (question, answer) => {
    expect(unsupportedIn(answer, createConversation(), question)).toEqual([]);
  });

  it('are marked where a digit is changed, 96 times of 100', () => {
    const base = createConversation();
    let altered = 0;
    let caught = 0;
    for (const [question, answer] of ANSWERS) {
      for (const { start, end } of findFigures(answer, maskNonFigures(answer), 0, answer.length)) {
        for (const wrong of alterDigits(answer, start, end)) {
          altered += 1;
          if (
            checkGrounding(wrong, base, { question }).unsupported.some(
              (figure) => figure.start < end && figure.end > start,
            )
          )
            caught += 1;
        }
      }
    }
    expect(altered).toBeGreaterThan(800);
    expect(caught / altered).toBeGreaterThanOrEqual(0.96);
  });
});
