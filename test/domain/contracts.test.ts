import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInstruments } from '../../src/domain/contracts.ts';
import { UsageError } from '../../src/domain/errors.ts';
import { formatOptionSymbol } from '../../src/domain/symbols.ts';

const NVDA = { underlying: 'NVDA', side: 'call', strike: 450 };

describe('a contract among symbols', () => {
  it.each([
    ['NVDA 450c dec 18', 'dec 18'],
    ['nvda dec 18 450c', 'dec 18'],
    ['NVDA 2026-12-18 450 call', '2026-12-18'],
    ['NVDA 450 call friday', 'friday'],
    ['$NVDA $450C 12/18/2026', '12/18/2026'],
    ['NVDA 450 dec 18 call', 'dec 18'],
    ['NVDA 450c 18 dec 2026', '18 dec 2026'],
    ['NVDA dec 450c', 'dec'],
  ])('%s', (text, expiration) => {
    expect(parseInstruments([text])).toEqual([{ ...NVDA, expiration }]);
    expect(parseInstruments(text.split(' '))).toEqual([{ ...NVDA, expiration }]);
    expect(parseInstruments(['AAPL', text, 'MSFT'])).toEqual(['AAPL', { ...NVDA, expiration }, 'MSFT']);
  });

  it.each([
    ['KO 30 delta call dec 18', { delta: 0.3 }],
    ['KO dec 18 .25 delta call', { delta: 0.25 }],
    ['KO 5% otm call friday', { otmPercent: 5 }],
    ['KO 2.5% itm call friday', { otmPercent: -2.5 }],
    ['KO ~65 call friday', { near: 65 }],
    ['KO atm call friday', { fromSpot: 0 }],
    ['KO spot-2 call friday', { fromSpot: -2 }],
  ])('may be chosen among the listed: %s', (text, strike) => {
    expect(parseInstruments([text])).toMatchObject([{ underlying: 'KO', side: 'call', strike }]);
  });

  it('is its OCC symbol, padded or not, with or without O:', () => {
    const symbol = fc.record({
      root: fc.constantFrom('NVDA', 'F', 'SPXW', 'GOOGL'),
      side: fc.constantFrom('call' as const, 'put' as const),
      strike: fc.integer({ min: 1, max: 9_999_999 }).map((thousandths) => thousandths / 1000),
    });
    fc.assert(
      fc.property(symbol, fc.constantFrom('', 'O:'), fc.boolean(), (terms, prefix, isPadded) => {
        const occ = formatOptionSymbol({ ...terms, expiration: '2026-12-18' });
        const spelled = prefix + (isPadded ? occ.replace(terms.root, terms.root.padEnd(6)) : occ);
        const [found, other] = parseInstruments([spelled, 'AAPL']);
        expect(found).toMatchObject({ symbol: occ, side: terms.side, strike: terms.strike, expiration: '2026-12-18' });
        expect(other).toBe('AAPL');
      }),
    );
  });

  it.each(['NVDA 450c', 'NVDA dec 18 call', 'NVDA 450c 30..60d', 'NVDA 450'])('%s is refused', (text) => {
    expect(() => parseInstruments([text])).toThrow(UsageError);
  });
});
