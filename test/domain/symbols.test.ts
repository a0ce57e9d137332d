// Tickers and option symbols: every accepted spelling has one canonical form, everything else is a usage error.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/domain/errors.ts';
import {
  formatOptionSymbol,
  isIndexSymbol,
  isRootOf,
  optionRootOf,
  parseOptionSymbol,
  parseSymbolList,
  parseTickerSymbol,
  quoteInput,
} from '../../src/domain/symbols.ts';
import { toPolygonTicker } from '../../src/providers/polygon-wire.ts';
import { symbolReader } from '../../src/providers/quote-batch.ts';
import { toTradierSymbol } from '../../src/providers/tradier-wire.ts';

const letters = fc.integer({ min: 65, max: 90 }).map((code) => String.fromCharCode(code));
const plainTickers = fc.string({ unit: letters, minLength: 1, maxLength: 5 });

describe('a ticker', () => {
  it.each([
    ['AAPL', 'AAPL'],
    ['aapl', 'AAPL'],
    ['$nvda', 'NVDA'],
    [' SPY ', 'SPY'],
    ['F', 'F'],
    ['BRK.B', 'BRK.B'],
    ['brk/b', 'BRK.B'],
    ['BRK-B', 'BRK.B'],
    ['$brk-b', 'BRK.B'],
    ['SPX', 'SPX'],
    ['^SPX', 'SPX'],
    ['I:SPX', 'SPX'],
    ['i:spx', 'SPX'],
    ['$SPX', 'SPX'],
    ['^vix', 'VIX'],
    ['VIX9D', 'VIX9D'],
    ['KIMpL', 'KIMpL'],
    ['BACpL', 'BACpL'],
    ['Kimpl', 'KIMPL'],
    ['ACHR.WS', 'ACHR.WS'],
    ['BAC-PL', 'BACpL'],
    ['bac/pl', 'BACpL'],
    ['BAC.PL', 'BACpL'],
    ['BAC.PR.L', 'BACpL'],
    ['BAC.PRL', 'BACpL'],
    ['bac-pr-l', 'BACpL'],
    ['BAC_PL', 'BACpL'],
    ['BACp', 'BACp'],
    ['BHC.PR', 'BHCp'],
    ['PSA-PR', 'PSApR'],
    ['PSA/PR', 'PSApR'],
    ['BACpLw', 'BACpLw'],
    ['GEVw', 'GEVw'],
    ['GEV.WI', 'GEVw'],
    ['gev-wi', 'GEVw'],
    ['GEV/WI', 'GEVw'],
    ['BAC.WS.A', 'BAC.WS.A'],
    ['BAC/WS/A', 'BAC.WS.A'],
    ['bac-wsa', 'BAC.WS.A'],
    ['BAC-WTA', 'BAC.WS.A'],
    ['ACHR-WT', 'ACHR.WS'],
    ['ACHR/WS', 'ACHR.WS'],
    ['PSTH.U', 'PSTH.U'],
    ['PSTH-UN', 'PSTH.U'],
    ['PSTH/U', 'PSTH.U'],
    ['XYZr', 'XYZr'],
    ['XYZ-RT', 'XYZr'],
    ['^GSPC', 'SPX'],
    ['.SPX', 'SPX'],
    ['$SPX.X', 'SPX'],
    ['^DJI', 'DJI'],
    ['Fr', 'FR'],
    ['googl', 'GOOGL'],
  ])('%j is %s', (text, symbol) => {
    expect(parseTickerSymbol(text)).toBe(symbol);
  });

  it.each([
    '',
    ' ',
    '$',
    '^',
    'I:',
    '123',
    '3M',
    'AAPL!',
    'A B',
    'AAPL,MSFT',
    'TOOLONGX',
    'BRK.',
    '.B',
    'BRK..B',
    'BRK.B.C',
    'BRK.ABCD',
    'BRK/B/C',
    '$$SPY',
    '../etc',
    'AAPL\u0000',
    'ÄPL',
    'O:AAPL251219C00200000',
    'AAPL251219C00200000',
    '--json',
    '^AAPL',
    'I:COMP',
    '__proto__',
  ])('%j is refused', (text) => {
    expect(() => parseTickerSymbol(text)).toThrow(UsageError);
  });

  it('has the same canonical form however often it is parsed', () => {
    fc.assert(
      fc.property(
        plainTickers,
        fc.option(letters, { nil: undefined }),
        fc.constantFrom('.', '/', '-'),
        (base, shareClass, mark) => {
          const canonical = shareClass === undefined ? base : `${base}.${shareClass}`;
          const spelled = shareClass === undefined ? base : `${base}${mark}${shareClass}`;
          expect(parseTickerSymbol(spelled.toLowerCase())).toBe(canonical);
          expect(parseTickerSymbol(canonical)).toBe(canonical);
        },
      ),
    );
  });

  it('names the offending text and says how tickers look', () => {
    try {
      parseTickerSymbol('AA\u001b[31mPL');
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      expect((error as UsageError).message).toBe('symbol "AA\\u001b[31mPL": not a ticker');
      expect((error as UsageError).hint).toContain('BRK.B');
    }
  });

  it('counts as an index only where no share has the same ticker', () => {
    expect(['SPX', 'NDX', 'RUT', 'VIX', 'DJI'].every(isIndexSymbol)).toBe(true);
    expect(['SPY', 'COMP', 'MID', 'AAPL', 'BRK.B'].some(isIndexSymbol)).toBe(false);
  });

  it('comes back from its own parts in every provider’s spelling', () => {
    const parts = fc.record({
      root: fc.string({ unit: letters, minLength: 2, maxLength: 5 }),
      kind: fc.constantFrom('', 'p', 'pA', 'pL', 'pR', 'w', 'r', '.A', '.B', '.U', '.WS', '.WS.A', '.Bw', 'pLw'),
    });
    fc.assert(
      fc.property(parts, ({ root, kind }) => {
        const symbol = `${root}${kind}`;
        expect(parseTickerSymbol(symbol)).toBe(symbol);
        expect(toPolygonTicker(symbol)).toBe(isIndexSymbol(symbol) ? `I:${symbol}` : symbol);
        const wire = toTradierSymbol(symbol);
        expect(wire).toMatch(/^[A-Z]+(?:\/[A-Z]+)*$/);
        expect(symbolReader([symbol], toTradierSymbol)(wire)).toBe(symbol);
      }),
    );
    expect(
      ['BRK.B', 'BACpL', 'BAC.WS.A', 'GEVw', 'PSTH.U', 'XYZr', 'SPX'].map((symbol) => toTradierSymbol(symbol)),
    ).toEqual(['BRK/B', 'BAC/PL', 'BAC/WS/A', 'GEV/WI', 'PSTH/U', 'XYZ/RT', 'SPX']);
  });

  it('has an option root without the dot', () => {
    expect(optionRootOf('BRK.B')).toBe('BRKB');
    expect(optionRootOf('AAPL')).toBe('AAPL');
  });
});

describe('a list of tickers', () => {
  it('reads commas and spaces alike, keeps the order and drops duplicates', () => {
    expect(parseSymbolList(['WDC,amd', 'SOUN'])).toEqual(['WDC', 'AMD', 'SOUN']);
    expect(parseSymbolList(['WDC', 'AMD', 'SOUN'])).toEqual(['WDC', 'AMD', 'SOUN']);
    expect(parseSymbolList([' wdc , amd,, soun ', '$AMD', 'brk/b', 'BRK.B'])).toEqual(['WDC', 'AMD', 'SOUN', 'BRK.B']);
  });

  it('reports every malformed one in one error', () => {
    for (const words of [
      ['NVDA', ''],
      ['', 'NVDA'],
      ['NVDA', ' ', 'AMD'],
    ])
      expect(() => parseSymbolList(words)).toThrow('symbol "": not a ticker');
    expect(() => parseSymbolList(['AAPL,12X', 'MSFT', '??'])).toThrow(
      /2 malformed symbols: "12X": not a ticker; "\?\?": not a ticker/,
    );
    expect(() => parseSymbolList(['AAPL', '??'])).toThrow(/^symbol "\?\?": not a ticker$/);
  });

  it('names the command for an option symbol that stands where a ticker belongs', () => {
    for (const spelling of ['AAPL251107C00270000', 'O:AAPL251107C00270000', 'aapl251107c00270000']) {
      expect(() => parseTickerSymbol(spelling)).toThrow(
        expect.objectContaining({
          message: `symbol "${spelling}": an option contract, not a ticker`,
          hint: 'fin chain AAPL --expiration 2025-11-07 --side call shows it',
        }) as Error,
      );
    }
    expect(() => parseTickerSymbol('AAPL251307C00270000')).toThrow(/not an OCC symbol/);
  });

  it('is never empty', () => {
    for (const words of [[], [''], [' , ,']]) expect(() => parseSymbolList(words)).toThrow(UsageError);
  });
});

describe('an option symbol', () => {
  const terms = fc.record({
    root: fc.oneof(
      plainTickers,
      plainTickers.map((root) => `${root}1`),
    ),
    expiration: fc
      .integer({ min: 0, max: 20_000 })
      .map((days) => new Date(Date.UTC(2005, 0, 1) + days * 86_400_000).toISOString().slice(0, 10)),
    side: fc.constantFrom('call' as const, 'put' as const),
    strike: fc.integer({ min: 1, max: 99_999_999 }).map((thousandths) => thousandths / 1000),
  });

  it('survives the way to text and back, plain, prefixed, padded and in small letters', () => {
    fc.assert(
      fc.property(terms, (contract) => {
        const symbol = formatOptionSymbol(contract);
        const padded = contract.root.padEnd(6) + symbol.slice(contract.root.length);
        for (const spelled of [symbol, `O:${symbol}`, padded, symbol.toLowerCase(), ` ${symbol} `]) {
          expect(parseOptionSymbol(spelled)).toEqual({
            ...contract,
            symbol,
            underlying: expect.any(String) as string,
            multiplier: 100,
          });
        }
      }),
    );
  });

  it('is read as the OCC wrote it', () => {
    expect(parseOptionSymbol('O:AAPL251219C00200000')).toEqual({
      symbol: 'AAPL251219C00200000',
      underlying: 'AAPL',
      root: 'AAPL',
      side: 'call',
      strike: 200,
      expiration: '2025-12-19',
      multiplier: 100,
    });
    expect(parseOptionSymbol('SPY   261120P00682500')).toMatchObject({
      symbol: 'SPY261120P00682500',
      strike: 682.5,
      side: 'put',
    });
    expect(formatOptionSymbol({ root: 'F', expiration: '2026-01-16', side: 'put', strike: 0.5 })).toBe(
      'F260116P00000500',
    );
  });

  it('knows the underlying behind weekly, class-share and adjusted roots', () => {
    const underlyings = ['SPXW', 'RUTW', 'NDXP', 'VIXW', 'BRKB', 'AAPL1', 'AAPL'].map(
      (root) => parseOptionSymbol(`${root}261120C00100000`).underlying,
    );
    expect(underlyings).toEqual(['SPX', 'RUT', 'NDX', 'VIX', 'BRK.B', 'AAPL', 'AAPL']);
  });

  it.each([
    ['SPX', ['SPX', 'SPXW', 'SPXPM', 'I:SPX', '4SPX'], ['XSP', 'NDX', 'AAPL']],
    ['NDX', ['NDX', 'NDXP'], ['XND', 'SPX']],
    ['OEX', ['OEX', 'XEO'], ['SPX']],
    ['AAPL', ['AAPL', 'AAPL1', 'AAPL7', '2AAPL'], ['AAP', 'AAPLW', 'MSFT', 'A', '']],
    ['BRK.B', ['BRKB', 'BRKB1', 'BRK/B', 'BRK.B'], ['BRK.A', 'BRK']],
    ['HEI.A', ['HEIA', 'HEI/A'], ['HEI']],
  ])('%s has contracts of the roots %j, and of none of %j', (underlying, own, others) => {
    expect([...own, ...others].filter((root) => isRootOf(root, underlying))).toEqual(own);
  });

  it.each([
    '',
    'AAPL',
    'AAPL251319C00200000',
    'AAPL250230C00200000',
    'AAPL251219X00200000',
    'AAPL251219C0020000',
    'AAPL251219C002000000',
    'AAPL251219C00000000',
    'TOOLONG251219C00200000',
    '251219C00200000',
    'AAPL 251219 C 200',
  ])('%j is refused', (text) => {
    expect(() => parseOptionSymbol(text)).toThrow(UsageError);
  });

  it('is never made of terms that it cannot hold', () => {
    const good = { root: 'AAPL', expiration: '2025-12-19', side: 'call' as const, strike: 200 };
    for (const bad of [
      { strike: 0 },
      { strike: -5 },
      { strike: 100_000 },
      { strike: 1.23456 },
      { strike: NaN },
      { root: 'brk.b' },
      { expiration: '2025-13-01' },
    ]) {
      expect(() => formatOptionSymbol({ ...good, ...bad }), JSON.stringify(bad)).toThrow(UsageError);
    }
  });
});

it('quotes foreign text so that it can neither colour a terminal nor fill a screen', () => {
  expect(quoteInput('a\u001b[1m\n')).toBe('"a\\u001b[1m\\n"');
  expect(quoteInput('x'.repeat(500)).length).toBeLessThan(50);
});
