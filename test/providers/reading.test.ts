// The readers under arbitrary input: whatever a body holds, the outcome is a domain value or an error of ours.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFinError } from '../../src/domain/errors.ts';
import { chainOf, mergeExpirations } from '../../src/providers/option-lists.ts';
import { createPolygonWire } from '../../src/providers/polygon-wire.ts';
import { createTradierWire } from '../../src/providers/tradier-wire.ts';
import { asArray, cleanText, readJson, redactText, sortByDate, type WireSource } from '../../src/providers/wire.ts';

const source: WireSource = { provider: 'tradier', label: 'Tradier', endpoint: 'quotes', secret: 'secret-token' };

const NOW = Date.parse('2026-05-22T16:00:00-04:00');
const CHAIN = { underlying: 'AAPL', expiration: '2026-05-22' };

const outcomeOf = (read: () => unknown): unknown => {
  try {
    return read();
  } catch (error) {
    if (isFinError(error)) return error.code;
    throw error;
  }
};

describe('readJson', () => {
  it('ends in a value or in an error worth a retry, for any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((text) => text.slice(0, -1)),
        ),
        (body) => {
          const outcome = outcomeOf(() => ({ value: readJson({ status: 200, headers: {}, body }, source) }));
          if (typeof outcome === 'string') expect(outcome).toBe('unavailable');
          else expect(outcome).toStrictEqual({ value: JSON.parse(body) as unknown });
        },
      ),
    );
  });

  it('reads 64 levels and refuses more, and does not mistake brackets within text for levels', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    const read = (body: string): unknown => outcomeOf(() => readJson({ status: 200, headers: {}, body }, source));
    expect(Array.isArray(read(nested(64)))).toBe(true);
    expect(read(nested(65))).toBe('bad_payload');
    expect(read(nested(200_000))).toBe('bad_payload');
    const text = '"\\" '.padEnd(1) + '[{'.repeat(500);
    expect(read(JSON.stringify({ text }))).toEqual({ text });
  });

  it('reads JSON behind a byte order mark', () => {
    expect(readJson({ status: 200, headers: {}, body: '\uFEFF {"a":1}' }, source)).toEqual({ a: 1 });
  });
});

describe('the readers', () => {
  const tradier = createTradierWire();
  const polygon = createPolygonWire();
  const roots = ['quotes', 'history', 'options', 'expirations', 'clock', 'calendar', 'results', 'tickers', 'ticker'];
  const names = [
    'quote',
    'day',
    'days',
    'option',
    'expiration',
    'date',
    'symbol',
    'last',
    'greeks',
    'details',
    'state',
    '__proto__',
    't',
    'c',
  ];
  const leaf = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom('NaN', 'null', '', 1e300, -1, '2026-05-22', Number.MAX_VALUE),
  );
  const body = fc.dictionary(
    fc.constantFrom(...roots),
    fc.oneof(
      leaf,
      fc.dictionary(
        fc.constantFrom(...names),
        fc.oneof(leaf, fc.array(fc.dictionary(fc.constantFrom(...names), leaf))),
      ),
    ),
  );

  it('throw nothing but BadPayloadError, whatever a body holds', () => {
    const readers: ((value: unknown) => unknown)[] = [
      (value) => tradier.parseQuotes(value, ['AAPL'], NOW, source),
      (value) => tradier.parseHistory(value, 'AAPL', source),
      (value) => tradier.parseExpirations(value, 'AAPL', source),
      (value) => tradier.toChain(tradier.parseContracts(value, 'AAPL', NOW, source).rows, CHAIN, source),
      (value) => tradier.parseClock(value, source),
      (value) => tradier.parseCalendar(value, source),
      (value) => polygon.parseBars(value, 'AAPL', source),
      (value) => polygon.parseGroupedBars(value, '2026-05-22', source),
      (value) => polygon.parseStockSnapshots(value, ['AAPL'], NOW, source),
      (value) => polygon.parseUnifiedSnapshots(value, ['AAPL'], NOW, source),
      (value) => polygon.toChain(polygon.parseContracts(value, 'AAPL', NOW, source).rows, CHAIN, source),
      (value) => polygon.parseExpirations(value, 'AAPL', source),
      (value) => polygon.parseMarketStatus(value, source),
      (value) => polygon.parseHolidays(value, source),
    ];
    fc.assert(
      fc.property(body, (value) => {
        for (const read of readers) {
          const outcome = outcomeOf(() => read(value));
          if (typeof outcome === 'string') expect(outcome).toBe('bad_payload');
        }
      }),
      { numRuns: 200 },
    );
  });

  it('refuse a chain with a strike that is no price, naming the contract’s field', () => {
    const terms = { contract_type: 'call', expiration_date: '2026-05-22', ticker: 'O:AAPL260522C00100000' };
    const inTradier = (strike: unknown): unknown => {
      const option = { symbol: 'AAPL260522C00100000', option_type: 'call', expiration_date: '2026-05-22', strike };
      return outcomeOf(() => tradier.parseContracts({ options: { option } }, 'AAPL', NOW, source).rows.length);
    };
    const inPolygon = (strike: unknown): unknown =>
      outcomeOf(
        () =>
          polygon.parseContracts({ results: [{ details: { ...terms, strike_price: strike } }] }, 'AAPL', NOW, source)
            .rows.length,
      );
    fc.assert(
      fc.property(
        fc.oneof(fc.double({ max: 0, noNaN: true }), fc.constantFrom(null, undefined, 'NaN', Infinity)),
        (strike) => {
          expect([inTradier(strike), inPolygon(strike)]).toEqual(['bad_payload', 'bad_payload']);
        },
      ),
    );
    expect([inTradier(0.5), inPolygon(0.5)]).toEqual([1, 1]);
    const zero = { symbol: 'AAPL260522C00000000', option_type: 'call', expiration_date: '2026-05-22', strike: 0 };
    expect(() => tradier.parseContracts({ options: { option: zero } }, 'AAPL', NOW, source)).toThrow(
      'options.option[0].strike is 0, expected a number above 0',
    );
  });

  it('give only bars that can be true, and note each of the others', () => {
    const figure = fc.oneof(fc.double(), fc.constantFrom('NaN', null), fc.integer());
    const row = fc.record({
      date: fc.constant('2026-05-22'),
      open: figure,
      high: figure,
      low: figure,
      close: figure,
      volume: figure,
    });
    fc.assert(
      fc.property(row, (day) => {
        const { rows, lost } = tradier.parseHistory({ history: { day } }, 'AAPL', source);
        expect(rows.length + lost.length).toBe(1);
        for (const { open, high, low, close, volume } of rows) {
          expect([open, high, low, close, volume].every(Number.isFinite)).toBe(true);
          expect(low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close) && volume >= 0).toBe(true);
        }
        expect(lost.every(({ isNote, date }) => isNote === true && date === '2026-05-22')).toBe(true);
      }),
    );
  });
});

describe('lists', () => {
  it.each([
    [null, []],
    ['null', []],
    ['', []],
    [undefined, []],
    [[], []],
    [[null], [null]],
    [0, [0]],
    ['x', ['x']],
    [{ a: 1 }, [{ a: 1 }]],
  ])('asArray(%j) is %j', (value, expected) => {
    expect(asArray(value)).toEqual(expected);
  });

  it('are ascending and hold each date once', () => {
    const date = fc.integer({ min: 1, max: 28 }).map((day) => `2026-05-${String(day).padStart(2, '0')}`);
    fc.assert(
      fc.property(fc.array(fc.record({ date })), (rows) => {
        const dates = sortByDate(rows).map((row) => row.date);
        expect(dates).toEqual([...new Set(rows.map((row) => row.date))].sort());
      }),
    );
  });

  it('of expirations keep the rarer kind of a date, in whatever order they come', () => {
    const kinds = fc.shuffledSubarray(['monthly', 'quarterly', 'weekly', 'daily'] as const, { minLength: 1 });
    fc.assert(
      fc.property(kinds, (order) => {
        const rarest = (['monthly', 'quarterly', 'weekly', 'daily'] as const).find((kind) => order.includes(kind));
        expect(mergeExpirations(order.map((kind) => ({ date: '2026-06-19', kind })))).toEqual([
          { date: '2026-06-19', kind: rarest },
        ]);
      }),
    );
  });

  it('of contracts come out the same whatever order they come in', () => {
    const contract = fc.record({
      strike: fc.integer({ min: 1, max: 5 }),
      side: fc.constantFrom('call' as const, 'put' as const),
      root: fc.constantFrom('SPX', 'SPXW'),
    });
    fc.assert(
      fc.property(fc.array(contract), (terms) => {
        const contracts = terms.map((each) => ({
          ...each,
          symbol: `${each.root}260529${each.side === 'call' ? 'C' : 'P'}0000${each.strike}000`,
          underlying: 'SPX',
          expiration: '2026-05-29',
          multiplier: 100,
        }));
        const chain = (of: typeof contracts) => {
          const listed = of.map((contract) => ({ contract, names: [contract.root], row: undefined }));
          return chainOf(listed, { underlying: 'SPX', expiration: '2026-05-29' }, source).rows.map(
            (row) => row.contract,
          );
        };
        const sorted = chain(contracts);
        expect(chain([...contracts].reverse())).toEqual(sorted);
        expect(sorted.map((each) => each.strike)).toEqual(sorted.map((each) => each.strike).sort((a, b) => a - b));
        expect(new Set(sorted.map((each) => each.symbol)).size).toBe(sorted.length);
      }),
    );
  });
});

describe('text of providers', () => {
  it('holds nothing invisible, is one line and is bounded, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const cleaned = cleanText(text, 50);
        expect(cleaned).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\n]/u);
        expect(Array.from(cleaned).length).toBeLessThanOrEqual(50);
        expect(cleaned).toBe(cleaned.trim());
      }),
    );
  });

  it('keeps words of other languages', () => {
    expect(cleanText('Nestlé S.A. 株式会社 & Co.')).toBe('Nestlé S.A. 株式会社 & Co.');
  });

  it.each(['secret-token', 'a b/c+d=e f/g+h=', 'apiKey=abc123', 'Bearer abcdefgh12345678', 'token=abc123'])(
    'never holds %s',
    (secret) => {
      const said = redactText(
        `before ${secret} ${encodeURIComponent(secret)} after`,
        secret.replace(/^.*[= ]/, '') || secret,
      );
      expect(said).not.toContain(secret);
      expect(said).toMatch(/^before .*\*\*\*.* after$/);
    },
  );
});
