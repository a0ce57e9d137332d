// What is said of dividends, splits, earnings and headlines is of what was asked alone, and its sums are of the data.
import { describe, expect, it } from 'vitest';
import type { EventsData, HeadlineData } from '../../src/domain/answers.ts';
import { sayEvents, sayNews } from '../../src/render/said-events.ts';
import { writeSaid } from '../../src/render/said.ts';

const dividend = (exDate: string, amount: number) => ({ exDate, amount, frequency: 4 });
const DATA: EventsData = {
  symbol: 'PG',
  dividends: [
    dividend('2026-12-10', 1.2),
    dividend('2026-10-15', 1.1),
    dividend('2026-01-15', 1.1),
    dividend('2025-10-15', 1),
    dividend('2024-10-15', 0.9),
  ],
  splits: [{ date: '2025-06-02', from: 1, to: 2 }],
  earnings: [{ date: '2027-02-08', time: 'after_close', confirmed: false }],
};
const TODAY = '2026-12-01';
const saidOf = (...args: Parameters<typeof sayEvents>): string => writeSaid(sayEvents(...args)).text;

describe('what is said of the events of a share', () => {
  it('is of the kind that was asked for', () => {
    expect(saidOf(DATA, { ofEvents: 'earnings' }, TODAY)).toBe(
      'PG: next earnings Mon Feb 8, 2027 after the close (projected).',
    );
    expect(saidOf(DATA, { ofEvents: 'splits' }, TODAY)).toBe('PG: last split: 2 for 1 on Mon Jun 2, 2025.');
  });

  it('lists the last few dividends', () => {
    expect(saidOf(DATA, { ofEvents: 'dividends', limit: 2 }, TODAY)).toBe(
      'PG: last 2 dividends: 1.10 ex Thu Oct 15, 2026 and 1.10 ex Thu Jan 15, 2026.',
    );
  });

  it('adds up what the shares that are held were paid', () => {
    const year = { from: '2026-01-01', to: TODAY };
    expect(saidOf(DATA, { ofEvents: 'dividends', quantity: 400 }, TODAY, year)).toContain(
      '2.20 a share together, 880.00 for 400 shares',
    );
  });

  it('says by when to own shares for the next dividend', () => {
    expect(saidOf(DATA, { ofEvents: 'dividends', quantity: 100 }, TODAY)).toContain(
      'next dividend 1.20 (120.00 for 100 shares) ex Thu Dec 10, 2026; to be owned by the close of Wed Dec 9, 2026',
    );
  });

  it('counts the years of a raise in shares of today', () => {
    expect(saidOf(DATA, { ofEvents: 'dividends', isRaise: true }, TODAY)).toContain(
      'Yes, PG raised its dividend in 2 of 2 years after 2024',
    );
  });

  it('turns shares of before a split into those of today', () => {
    const since = { from: '2024-01-01', to: TODAY };
    expect(saidOf(DATA, { ofEvents: 'splits', quantity: 200 }, TODAY, since)).toContain(
      '200 shares of before are 400 today',
    );
  });
});

describe('headlines of some days', () => {
  const headline = (publishedAt: string): HeadlineData => ({
    publishedAt,
    title: 'A title',
    publisher: 'P',
    symbols: [],
  });
  const all = [headline('2026-11-30T10:25:00-05:00'), headline('2026-11-27T09:00:00-05:00')];

  it('are counted, or named as lacking with the newest', () => {
    const said = (from: string, isAfterClose?: true): string =>
      writeSaid(sayNews('BA', all, { from, to: TODAY }, isAfterClose)).text;
    expect(said('2026-11-28')).toContain('BA: 1 headline since Sat Nov 28, 2026, the first one of the list');
    expect(said('2026-11-30', true)).toContain(
      'BA: no headline since 4:00 PM ET on Mon Nov 30, 2026; the newest is of',
    );
  });
});
