// Contracts, filters, columns and several chains, on the sample exchange behind a real socket.
import { describe, expect, it } from 'vitest';
import type { ContractData, TableColumn, TableRow } from '../../src/domain/answers.ts';
import { parseInstruments } from '../../src/domain/contracts.ts';
import { parseContractColumns } from '../../src/tools/contract-columns.ts';
import { answerContracts } from '../../src/tools/contracts.ts';
import { answerChain, answerChains } from '../../src/tools/options.ts';
import { answerTable, parseTableWords } from '../../src/tools/table.ts';
import { createTempFolder } from '../cache/helpers.ts';
import { IN_SESSION, createRequest, createTestClock, openProcess, startCountingExchange } from '../market/world.ts';

async function start() {
  const clock = createTestClock(IN_SESSION);
  const server = await startCountingExchange(clock);
  const { market } = openProcess({ folder: createTempFolder(), clock, tradier: server });
  return { server, context: { market, clock, request: createRequest() } };
}

const ALL = { symbol: 'NVDA', side: 'both', strikes: 'all', expiration: '2026-12-18' } as const;

describe('contracts', () => {
  it('of one expiration come from one chain, each with its own figures, and beside symbols', async () => {
    const { server, context } = await start();
    const asked = parseInstruments(['NVDA 420c dec 18', 'NVDA261218P00400000', 'AAPL']);
    const answer = await answerContracts(asked, context);
    expect(answer.data?.map(({ symbol }) => symbol)).toEqual(['NVDA261218C00420000', 'NVDA261218P00400000', 'AAPL']);
    expect(answer.data?.[0]).toMatchObject({ side: 'call', strike: 420, expiration: '2026-12-18', dte: 29 });
    expect(server.calls('chains')).toBe(1);
  });

  it('that are not listed are said with the strikes near them', async () => {
    const { context } = await start();
    const answer = await answerContracts(parseInstruments(['NVDA 421.5c dec 18']), context);
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toMatchObject([{ code: 'no_data', hint: expect.stringContaining('420') as string }]);
  });

  it('are chosen from the listed by delta, distance or price, with what their premium is of spot, strike and year', async () => {
    const { context } = await start();
    const rows = parseInstruments(['NVDA 30 delta put dec 18', 'NVDA 5% otm call dec 18', 'NVDA ~401 call dec 18']);
    const columns = 'strike, delta, mid, spot, dte, premiumOfSpot, premiumOfStrike, premiumYearly';
    const { data } = await answerTable(parseTableWords(rows, { columns }), context);
    const [put, call, near] = data?.rows as unknown as [Record<string, number>, Record<string, number>, TableRow];
    const { data: chain } = await answerChain(ALL, context);
    const puts = (chain?.contracts ?? []).filter(({ side }) => side === 'put');
    const distance = ({ delta = 9 }: ContractData): number => Math.abs(Math.abs(delta) - 0.3);
    expect(put['strike']).toBe(puts.toSorted((a, b) => distance(a) - distance(b))[0]?.strike);
    expect(Number(call['strike']) / Number(call['spot'])).toBeCloseTo(1.05, 2);
    expect(near['strike']).toBe(400);
    const { mid = NaN, spot = NaN, strike = NaN, dte = NaN } = put;
    expect(put['premiumOfSpot']).toBeCloseTo((100 * mid) / spot, 2);
    expect(put['premiumOfStrike']).toBeCloseTo((100 * mid) / strike, 2);
    expect(put['premiumYearly']).toBeCloseTo((100 * mid * 365) / strike / dte, 1);
  });

  it('stand in a table beside symbols; what only one of them has is missing in the other', async () => {
    const { server, context } = await start();
    const rows = parseInstruments(['NVDA 420c dec 18', 'NVDA 400p dec 18', 'SPY']);
    const { data } = await answerTable(parseTableWords(rows, { columns: 'last, delta, mid', sort: 'delta' }), context);
    expect(data?.rows.map(({ symbol }) => symbol)).toEqual(['NVDA261218P00400000', 'NVDA261218C00420000', 'SPY']);
    expect(data?.rows[2]).not.toHaveProperty('delta');
    expect(server.calls('chains')).toBe(1);
  });

  it('are told apart from their underlying, in a table and in a chain', async () => {
    const { context } = await start();
    const typed = 'last, changePercent, rsi14, change(5) as week, delta + gamma as d, SPY.rsi14 as other, dte';
    const marked = ['Change %', 'RSI 14', 'week'];
    const ofUnderlying = (columns?: TableColumn[]) => columns?.flatMap(({ label, of }) => (of ? [label] : []));
    const note = expect.stringContaining(`these columns are the underlying’s: ${marked.join(', ')}`) as string;
    const table = await answerTable(
      parseTableWords(parseInstruments(['NVDA 420c dec 18', 'NVDA']), { columns: typed }),
      context,
    );
    // "dte" of the symbol's own row is of its nearest date.
    const nearest = expect.stringMatching(/^expiration: 2026-\d\d-\d\d$/) as string;
    expect([ofUnderlying(table.data?.columns), table.notes]).toEqual([marked, [nearest, note]]);
    const chain = await answerChain({ ...ALL, columns: parseContractColumns(typed.replace('last, ', '')) }, context);
    expect([ofUnderlying(chain.data?.columns), chain.notes]).toEqual([marked, [note]]);
    const symbols = await answerTable(parseTableWords(['NVDA'], { columns: 'last, rsi14' }), context);
    expect([ofUnderlying(symbols.data?.columns), symbols.notes]).toEqual([[], []]);
  });
});

describe('filters of a chain', () => {
  it('keep the contracts that pass, of all strikes, and leave the analytics as they are', async () => {
    const { context } = await start();
    const all = (await answerChain(ALL, context)).data;
    const kept = async (filters: object): Promise<ContractData[]> =>
      (await answerChain({ ...ALL, filters }, context)).data?.contracts ?? [];
    const expected = (passes: (contract: ContractData) => boolean): ContractData[] =>
      all?.contracts.filter(passes) ?? [];
    const size = ({ delta }: ContractData): number => Math.abs(delta ?? NaN);
    expect(await kept({ delta: { from: 0.25, to: 0.4 } })).toEqual(expected((c) => size(c) >= 0.25 && size(c) <= 0.4));
    expect(await kept({ minOpenInterest: 20_000 })).toEqual(expected((c) => (c.openInterest ?? 0) >= 20_000));
    expect(await kept({ minVolume: 500 })).toEqual(expected((c) => (c.volume ?? 0) >= 500));
    const spot = all?.spot ?? 0;
    expect(await kept({ moneyness: 'otm' })).toEqual(
      expected((c) => (c.side === 'call' ? c.strike > spot : c.strike < spot)),
    );
    expect(await kept({ maxSpreadPercent: 2 })).toEqual(
      expected(({ bid = NaN, ask = NaN }) => ask >= bid && ((ask - bid) / ((ask + bid) / 2)) * 100 <= 2),
    );
    const nearest = await kept({ delta: { nearest: 0.3 } });
    for (const side of ['call', 'put'] as const) {
      const least = Math.min(
        ...expected((c) => c.side === side && c.delta !== undefined).map((c) => Math.abs(size(c) - 0.3)),
      );
      expect(nearest.filter((c) => c.side === side).map((c) => Math.abs(size(c) - 0.3))).toEqual([least]);
    }
    const none = await answerChain({ ...ALL, filters: { minOpenInterest: 1e9 } }, context);
    expect(none.errors[0]).toMatchObject({ code: 'no_data' });
    const range = await answerChain({ ...ALL, strikes: { from: 400, to: 420 } }, context);
    expect(range.data?.contracts).toEqual(expected(({ strike }) => strike >= 400 && strike <= 420));
    expect(range.data?.analytics).toEqual(all?.analytics);
  });

  it('stand beside columns of the reader’s own', async () => {
    const { context } = await start();
    const columns = parseContractColumns('mid, mid / strike * 100 as yield, optionOpenInterest, probabilityItm');
    const { data } = await answerChain({ ...ALL, strikes: 2, columns }, context);
    for (const contract of data?.contracts ?? []) {
      const { mid, yield: share, probabilityItm: chance } = contract as unknown as Record<string, number>;
      expect(mid).toBeCloseTo(((contract.bid ?? 0) + (contract.ask ?? 0)) / 2, 4);
      expect(share).toBeCloseTo(((mid ?? 0) / contract.strike) * 100, 6);
      expect(Math.abs((chance ?? 0) - Math.abs(contract.delta ?? 0))).toBeLessThan(0.1);
    }
    expect(() => parseContractColumns('iv as bid')).toThrow('its own');
  });
});

describe('several chains', () => {
  it('are those of all symbols, and all dates of a span', async () => {
    const { context } = await start();
    const few = { side: 'both', strikes: 1 } as const;
    const two = await answerChains({ ...few, symbols: ['NVDA', 'SPY'], expiration: 'friday' }, context);
    expect(two.data?.map(({ underlying, expiration }) => `${underlying} ${expiration}`)).toEqual([
      'NVDA 2026-11-20',
      'SPY 2026-11-20',
    ]);
    const span = await answerChains({ ...few, symbols: ['NVDA'], expiration: '20..45d' }, context);
    expect(span.data?.length).toBeGreaterThan(1);
    expect(span.data?.every(({ dte }) => dte >= 20 && dte <= 45)).toBe(true);
  });
});
