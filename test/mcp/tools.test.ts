// The tools as a client sees them: few, flat, read-only, and every answer what its schema promises, complete in itself.
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/server/validators/ajv';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { STRATEGY_NAMES } from '../../src/domain/strategies.ts';
import { SCAN_NAMES } from '../../src/fields/presets.ts';
import type { JsonSchema } from '../../src/mcp/answer-schemas.ts';
import { createCalls } from '../../src/mcp/calls.ts';
import { offeredTools } from '../../src/mcp/tools.ts';
import { PROJECT_ROOT } from '../helpers/run-fin.ts';
import { SECRET, createWorld } from './world.ts';

const TOOLS = offeredTools(true);
const signal = new AbortController().signal;

function schemasIn(schema: JsonSchema): JsonSchema[] {
  const inner = [...Object.values(schema.properties ?? {}), ...(schema.items === undefined ? [] : [schema.items])];
  return [schema, ...inner.flatMap(schemasIn)];
}

describe('the tools', () => {
  it('are at most fifteen, with names of at most 30 characters, titles and read-only hints, always in one order', () => {
    expect(TOOLS.length).toBeLessThanOrEqual(15);
    for (const { name, title, description, annotations } of TOOLS) {
      expect(name).toMatch(/^[a-z_]{3,30}$/);
      expect([title, description].every((text) => text.length > 3)).toBe(true);
      expect(annotations).toEqual({
        readOnlyHint: true,
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: true,
      });
    }
    expect(offeredTools(true)).toEqual(TOOLS);
    expect(offeredTools(false)).toEqual(TOOLS.filter(({ name }) => name !== 'get_positions'));
  });

  it('have flat schemas: one type each, no references, no unions', () => {
    for (const { inputSchema, outputSchema } of TOOLS)
      for (const schema of [inputSchema, outputSchema].flatMap(schemasIn)) {
        expect(typeof schema.type).toBe('string');
        expect(Object.keys(schema).filter((key) => /^\$|Of$|^not$/.test(key))).toEqual([]);
      }
  });

  it('are those of the documentation, whose entries can be pasted', () => {
    const text = readFileSync(join(PROJECT_ROOT, 'docs/mcp.md'), 'utf8');
    expect([...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)).toEqual(TOOLS.map(({ name }) => name));
    const entries = [...text.matchAll(/```json\n([^]*?)```/g)].map(([, json = '']) => JSON.parse(json) as object);
    expect(entries).toHaveLength(3);
  });

  it('take little room in a conversation', () => {
    const read = TOOLS.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
    expect(JSON.stringify(read).length).toBeLessThan(10_000);
    expect(JSON.stringify(TOOLS).length).toBeLessThan(40_000);
  });
});

const symbol = fc.constantFrom('NVDA', 'AMD', 'SPY', 'AAPL', 'brk.b', 'SPX');
const symbols = fc.uniqueArray(
  fc.constantFrom('NVDA', 'AMD', 'SPY', 'MSFT', 'TSLA', '@core', 'ZZZZ', 'NVDA 440c dec 18'),
  { minLength: 1, maxLength: 4 },
);
const expiration = fc.constantFrom('friday', 'monthly', '45d', '2026-12-18', '20..40d', 'nearest');
const columns = fc.constantFrom('last, changePercent', 'rsi14, pct(last, sma50)', 'iv30, ivRank, expectedMove', 'nope');

const ARGUMENTS: Readonly<Record<string, fc.Arbitrary<object>>> = {
  get_multiple_stock_quotes: fc.record({ symbols }),
  get_stock_price_history: fc.record(
    {
      symbol,
      range: fc.constantFrom('past year', 'last week', 'ytd', 'today', null, 'someday'),
      interval: fc.constantFrom('day', 'week', 'month', '5min', 'hour'),
    },
    { requiredKeys: ['symbol'] },
  ),
  get_ta_indicators: fc.record({ symbol }),
  get_support_resistance: fc.record({ symbol }),
  get_fields: fc.record({
    symbols,
    columns,
    where: fc.constantFrom(null, 'last > 300'),
    limit: fc.constantFrom(null, 1),
  }),
  scan_market: fc.record({
    preset: fc.constantFrom(...SCAN_NAMES),
    universe: fc.constantFrom('NVDA, AMD, SPY', '@core'),
  }),
  get_options_expiration_dates: fc.record({ symbol }),
  get_options_chain: fc.record(
    {
      symbol,
      expiration,
      strikes: fc.constantFrom(1, 5, 500, null),
      side: fc.constantFrom('call', 'put', 'both', 'none', null),
    },
    { requiredKeys: ['symbol'] },
  ),
  get_volatility: fc.record({ symbol }),
  price_strategy: fc.record({ symbol, name: fc.constantFrom(...STRATEGY_NAMES), expiration }),
  get_positions: fc.constant({}),
  get_corporate_events: fc.record({ symbol }),
  get_news: fc.record({ symbol }),
  search_symbols: fc.record({ words: fc.constantFrom('nvidia', 'bank', 'zzzzzz', 'a') }),
  get_market_status: fc.record({ date: fc.constantFrom(null, '2026-11-27', '2026-01-01..2026-12-31', 'soon') }),
};

describe('every answer', () => {
  let world: Awaited<ReturnType<typeof createWorld>>;
  beforeAll(() => {
    expect(Object.keys(ARGUMENTS).toSorted()).toEqual(TOOLS.map(({ name }) => name).toSorted());
  });

  it.each(TOOLS.map((tool) => [tool.name, tool] as const))(
    'of %s is what its schema promises, complete in itself, and the same as text; or says what to correct',
    async (name, { outputSchema }) => {
      world = await createWorld();
      const validate = new AjvJsonSchemaValidator().getValidator(outputSchema);
      let answered = 0;
      await fc.assert(
        fc.asyncProperty(ARGUMENTS[name] ?? fc.constant({}), async (args) => {
          const { structuredContent, content, isError } = await world.calls.call(
            name,
            { ...args },
            { isOwner: true, signal },
          );
          const [first] = content;
          const text = first?.type === 'text' ? first.text : '';
          if (isError === true) {
            expect(structuredContent).toBeUndefined();
            expect(text).toMatch(/^ERROR (?:usage|no_data|plan): ./);
            return;
          }
          answered += 1;
          expect(validate(structuredContent)).toMatchObject({ valid: true });
          expect(JSON.parse(text)).toEqual(structuredContent);
          expect(text.length).toBeLessThan(32_000);
          expect(structuredContent).toMatchObject({ sample: true, summary: expect.stringMatching(/^\S.*[^.]\.$/) });
          expect((structuredContent as { summary: string }).summary.length).toBeLessThan(420);
        }),
        { numRuns: 8 },
      );
      expect(answered).toBeGreaterThan(0);
    },
  );

  it('is bounded, and says what is left out and how to get it', async () => {
    const { calls } = await createWorld();
    const call = async (name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> =>
      (await calls.call(name, args, { isOwner: true, signal })).structuredContent as Record<string, unknown>;
    const history = await call('get_stock_price_history', { symbol: 'NVDA', range: 'past year' });
    expect((history['data'] as { bars: unknown[] }).bars).toHaveLength(66);
    expect(history['notes']).toContainEqual(expect.stringMatching(/^the latest 66 of 25\d bars; ask for/));
    const chain = await call('get_options_chain', { symbol: 'SPY', strikes: 500 });
    const [{ contracts }] = chain['data'] as [{ contracts: unknown[] }];
    expect(contracts).toHaveLength(90);
    expect(chain['notes']).toContainEqual(expect.stringMatching(/^the first 90 of \d+ contracts.*fewer strikes/));
  });

  it('of a chain of one side has that side alone', async () => {
    const { calls } = await createWorld();
    const { structuredContent } = await calls.call(
      'get_options_chain',
      { symbol: 'NVDA', side: 'put', strikes: 3 },
      { isOwner: true, signal },
    );
    const { data } = structuredContent as { data: { contracts: { side: string }[] }[] };
    expect(new Set(data[0]?.contracts.map(({ side }) => side))).toEqual(new Set(['put']));
  });
});

describe('the IV rank of a symbol', () => {
  it('is said in the sentence and given as a figure, with the readings that it is of', async () => {
    const { host } = await createWorld();
    const { market } = await host.openRuntime();
    const past = {
      iv30: () => Promise.resolve(Array.from({ length: 40 }, (_each, index) => 0.2 + index / 100)),
      openInterest: () => Promise.resolve(undefined),
    };
    const calls = createCalls({ ...host, openRuntime: () => Promise.resolve({ market: { ...market, past } }) });
    const { structuredContent } = await calls.call('get_volatility', { symbol: 'NVDA' }, { isOwner: true, signal });
    const { summary, data } = structuredContent as { summary: string; data: { ivRank: number; ivDays: number } };
    expect(summary).toMatch(/^NVDA: IV rank \d+\.\d, IV percentile \d+\.\d of 40 daily readings, 30-day implied/);
    expect(data.ivDays).toBe(40);
    expect(summary).toContain(`IV rank ${data.ivRank.toFixed(1)}`);
  });
});

describe('the market’s hours', () => {
  it.each([
    ['2026-12-25', 'The US market on Fri Dec 25, 2026: closed (Christmas Day).'],
    ['2026-11-27', 'The US market on Fri Nov 27, 2026: open 9:30 AM ET to 1:00 PM ET.'],
    ['tomorrow', 'The US market on Fri Nov 20, 2026: open 9:30 AM ET to 4:00 PM ET.'],
    ['TODAY', 'The US market on Thu Nov 19, 2026: open 9:30 AM ET to 4:00 PM ET.'],
    ['this week', 'The US market from Mon Nov 16, 2026 to Fri Nov 20, 2026: 5 sessions.'],
    [
      'next week',
      'The US market from Mon Nov 23, 2026 to Fri Nov 27, 2026: 4 sessions; Thu Nov 26, 2026 closed (Thanksgiving Day); Fri Nov 27, 2026 closes at 1:00 PM ET.',
    ],
    ['2026-11-21..2026-11-22', 'The US market: no weekday is among these dates.'],
    ['2026-01-01..2026-12-31', expect.stringMatching(/: 251 sessions; Thu Jan 1, 2026 closed .*\d more/)],
    [null, expect.stringMatching(/^The US market is open at 11:00 AM ET on Thu Nov 19, 2026, then in after-hours/)],
  ])('of %s are what its sentence is about', async (date, said) => {
    const { calls } = await createWorld();
    const { structuredContent } = await calls.call('get_market_status', { date }, { isOwner: true, signal });
    const { summary } = structuredContent as { summary: string };
    expect(summary.replace(' (SAMPLE: made-up figures of a synthetic market)', '')).toEqual(said);
  });
});

/** Each list of values in a schema, with arguments that the tool takes beside it. */
const CHOICES = TOOLS.flatMap(({ name, inputSchema }) =>
  Object.entries(inputSchema.properties ?? {}).flatMap(([argument, schema]) =>
    schema.enum === undefined ? [] : [{ name, argument, values: schema.enum }],
  ),
);
const BESIDE: Readonly<Record<string, object>> = {
  get_stock_price_history: { symbol: 'NVDA', range: 'last week' },
  get_fields: { symbols: ['NVDA'], columns: 'last', range: 'last week' },
  scan_market: { universe: 'NVDA, AMD' },
  get_options_chain: { symbol: 'NVDA', strikes: 1 },
  price_strategy: { symbol: 'NVDA', name: 'straddle' },
};

describe('a value of a list', () => {
  it('is listed for every tool that has one', () => {
    expect(CHOICES.map(({ name, argument }) => `${name}.${argument}`)).toEqual([
      'get_stock_price_history.interval',
      'get_fields.interval',
      'get_fields.rows',
      'get_fields.sessions',
      'scan_market.preset',
      'get_options_chain.side',
      'price_strategy.name',
      'price_strategy.direction',
    ]);
  });

  it.each(CHOICES)('of $name, $argument, is read in any case, and no other is taken for one', async (choice) => {
    const { name, argument, values } = choice;
    const { calls } = await createWorld();
    const ask = (value: unknown) => calls.call(name, { ...BESIDE[name], [argument]: value }, { isOwner: true, signal });
    const told = async (value: unknown) => {
      const { structuredContent, isError } = await ask(value);
      const { data, summary } = (structuredContent ?? {}) as { data?: unknown; summary?: string };
      return { isError, data, summary };
    };
    const value = values.at(-1) ?? '';
    const expected = await told(value);
    expect(await told(value.toUpperCase())).toEqual(expected);
    expect(await told(` ${value[0]?.toUpperCase()}${value.slice(1)} `)).toEqual(expected);
    for (const wrong of ['sideways', `${value}s`, 'sell', 5, true, [value]]) {
      const { isError, content } = await ask(wrong);
      expect([wrong, isError]).toEqual([wrong, true]);
      const wanted = typeof wrong === 'string' ? `${argument} must be one of ${values.join(', ')}` : 'must be text';
      expect(JSON.stringify(content)).toContain(wanted);
    }
  });

  it('decides what is priced: a strategy is short in every spelling of it', async () => {
    const { calls } = await createWorld();
    const priced = async (direction: string | null) => {
      const { structuredContent } = await calls.call(
        'price_strategy',
        { symbol: 'NVDA', name: 'straddle', direction },
        { isOwner: true, signal },
      );
      return (structuredContent as { data: { legs: { quantity: number }[] } }).data.legs.map((leg) => leg.quantity);
    };
    expect(await priced('SHORT')).toEqual([-1, -1]);
    expect(await priced('Short')).toEqual([-1, -1]);
    expect(await priced(null)).toEqual([1, 1]);
    const units = await calls.call(
      'price_strategy',
      { symbol: 'NVDA', name: 'straddle', quantity: '5' },
      { isOwner: true, signal },
    );
    expect(units).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('whole number of units') }],
    });
  });
});

describe('a call that cannot be answered', () => {
  it.each([
    ['an unknown tool', 'get_everything', {}, /unknown tool get_everything \(the tools are get_multiple_stock_quotes/],
    [
      'an unknown argument',
      'get_volatility',
      { symbol: 'NVDA', x: 1 },
      /unknown argument x \(the arguments are symbol\)/,
    ],
    ['a missing argument', 'get_volatility', {}, /symbol is missing \(give one ticker, such as NVDA\)/],
    ['a list for one symbol', 'get_volatility', { symbol: 'NVDA, AMD' }, /takes one symbol \(call the tool once/],
    [
      'text for a list',
      'get_multiple_stock_quotes',
      { symbols: 'NVDA' },
      /must be a list of tickers \(such as \["AAPL"/,
    ],
    ['a wrong date', 'get_stock_price_history', { symbol: 'NVDA', range: 'someday' }, /someday/],
    ['a wrong side', 'get_options_chain', { symbol: 'NVDA', side: 'calls' }, /side must be one of both, call, put/],
    [
      'a field of contracts',
      'get_fields',
      { symbols: ['NVDA'], columns: 'strike, delta' },
      /\(get_options_chain with symbol NVDA, columns strike shows it for each contract\)$/,
    ],
    ['an unknown field', 'get_fields', { symbols: ['NVDA'], columns: 'rsj14' }, /\(did you mean rsi14[^)]*\?\)$/],
    [
      'an unknown field of contracts',
      'get_options_chain',
      { symbol: 'NVDA', columns: 'nope' },
      /no field "nope", at character 1 of "nope"$/,
    ],
    [
      'a contract for a symbol',
      'get_volatility',
      { symbol: 'NVDA261218C00450000' },
      /\(get_options_chain with symbol NVDA, expiration 2026-12-18, side call shows it\)$/,
    ],
    [
      'a list that is none',
      'get_volatility',
      { symbol: '@none' },
      /fin list add NAME SYMBOLS \(for the user to type\)/,
    ],
    ['a wrong type', 'get_fields', { symbols: ['NVDA'], columns: 5 }, /columns must be text/],
    ['a name of the prototype', 'constructor', {}, /unknown tool constructor/],
    ['far too much', 'search_symbols', { words: 'x'.repeat(100_000) }, /longer than 8000 characters/],
    ['strikes that are none', 'price_strategy', { symbol: 'NVDA', name: 'iron-condor', strikes: 'x' }, /: strikes "x"/],
    ['an unknown symbol', 'get_volatility', { symbol: 'ZZZZ' }, /ERROR no_data: .*ZZZZ/],
  ])('for %s says what to correct', async (_what, name, args, told) => {
    const { calls } = await createWorld();
    const { isError, content } = await calls.call(name, args, { isOwner: true, signal });
    expect(isError).toBe(true);
    expect(content).toEqual([{ type: 'text', text: expect.stringMatching(told) }]);
  });

  it('names the provider that failed, and what part of several symbols is there', async () => {
    const { calls, exchange } = await createWorld();
    exchange.interfere = () => ({ status: 503, body: 'down' });
    const failed = await calls.call('get_volatility', { symbol: 'NVDA' }, { isOwner: true, signal });
    expect(failed).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(/^ERROR unavailable: /) }] });
    const other = await createWorld();
    const part = await other.calls.call(
      'get_multiple_stock_quotes',
      { symbols: ['NVDA', 'ZZZZ'] },
      { isOwner: true, signal },
    );
    expect(part.isError).toBeUndefined();
    expect(part.structuredContent).toMatchObject({
      summary: expect.stringContaining('1 symbol failed: ZZZZ'),
      data: [{ symbol: 'NVDA' }],
      errors: [{ symbol: 'ZZZZ', code: 'no_data' }],
    });
  });

  it('offline says that nothing is held', async () => {
    const { calls, exchange } = await createWorld({ offline: true });
    const result = await calls.call('get_multiple_stock_quotes', { symbols: ['NVDA'] }, { isOwner: true, signal });
    expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('ERROR offline_miss') }] });
    expect(exchange.calls()).toBe(0);
  });

  it('refused by the limit of a provider says so', async () => {
    const { calls, exchange } = await createWorld({ limits: { timeoutMs: 3_000 } });
    exchange.interfere = () => ({ status: 429, headers: { 'retry-after': '600' }, body: 'slow down' });
    const result = await calls.call('get_volatility', { symbol: 'NVDA' }, { isOwner: true, signal });
    expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(/ERROR rate_limited: /) }] });
  });
});

describe('what a client may not see', () => {
  it('are keys, wherever a provider writes them', async () => {
    const { calls, exchange } = await createWorld();
    exchange.interfere = () => ({ status: 400, body: `invalid key ${SECRET}` });
    const result = await calls.call('get_volatility', { symbol: 'NVDA' }, { isOwner: true, signal });
    expect(result.isError).toBe(true);
    expect(JSON.stringify(result)).not.toContain(SECRET);
    const echoed = await calls.call('get_fields', { symbols: ['NVDA'], columns: SECRET }, { isOwner: true, signal });
    expect(JSON.stringify(echoed)).not.toContain(SECRET);
  });

  it('are lists and positions without leave', async () => {
    const { calls } = await createWorld();
    const guest = { isOwner: false, signal };
    const positions = await calls.call('get_positions', {}, guest);
    expect(positions).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('unknown tool') }] });
    const list = await calls.call('get_multiple_stock_quotes', { symbols: ['@core'] }, guest);
    expect(list.isError).toBe(true);
    expect(JSON.stringify(list)).not.toMatch(/NVDA|AMD/);
  });
});
