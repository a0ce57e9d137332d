import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BadPayloadError,
  NoDataError,
  ProviderAuthError,
  ProviderUnavailableError,
  RateLimitedError,
} from '../../src/domain/errors.ts';
import { decideRetryMs, parseRetryAfter } from '../../src/http/retry.ts';

const base = { attempt: 1, retryAtMs: undefined, nowMs: 0, deadlineMs: 90_000, random: 0.5 };

describe('the delayMs to try again', () => {
  it('waits twice as long each time, spread by chance, and ends after three attempts', () => {
    const error = new ProviderUnavailableError('down');
    const waits = [0, 1].map((random) =>
      [1, 2, 3].map((attempt) => decideRetryMs({ ...base, error, attempt, random })),
    );
    expect(waits).toEqual([
      [125, 250, undefined],
      [375, 750, undefined],
    ]);
  });

  it('never retries what another attempt cannot change', () => {
    const errors = [
      new BadPayloadError('x'),
      new NoDataError('x'),
      new ProviderAuthError('unauthorized', 'x'),
      new ProviderAuthError('plan', 'x'),
    ];
    expect(errors.map((error) => decideRetryMs({ ...base, error }))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('never waits past the deadline nor less than the server asks for', () => {
    const inputs = fc.record({
      attempt: fc.integer({ min: 1, max: 3 }),
      wish: fc.option(fc.nat(100_000)),
      deadlineMs: fc.nat(100_000),
      random: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(inputs, ({ attempt, wish, deadlineMs, random }) => {
        const delayMs = decideRetryMs({
          error: new RateLimitedError('x'),
          attempt,
          retryAtMs: wish ?? undefined,
          nowMs: 0,
          deadlineMs,
          random,
        });
        if (delayMs === undefined) return;
        expect(attempt).toBeLessThan(3);
        expect(delayMs).toBeLessThan(deadlineMs);
        expect(delayMs).toBeGreaterThanOrEqual(wish ?? 0);
      }),
    );
  });
});

describe('Retry-After', () => {
  it.each([
    ['5', 6_000],
    [' 1.5 ', 2_500],
    ['Thu, 01 Jan 1970 00:01:00 GMT', 60_000],
    ['Thursday, 01-Jan-70 00:01:00 GMT', 60_000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', undefined],
    ['Thu Jan  1 00:01:00 1970', undefined],
    ['1'.repeat(400), undefined],
    ['soon', undefined],
    ['-5', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is read as %s', (value, expected) => {
    expect(parseRetryAfter(value, 1_000)).toBe(expected);
  });
});
