import { describe, expect, it } from 'vitest';
import { createLeaseOwner, withLeases } from '../../src/cache/lease.ts';
import { createSharedState } from '../../src/cache/shared-state.ts';
import type { SharedState } from '../../src/http/http.ts';
import { createTempFolder, openDatabase } from './helpers.ts';

/** Time that passes only while somebody waits. */
function createWorld() {
  let nowMs = 0;
  const state = createSharedState(openDatabase(createTempFolder()).database);
  const saved = new Map<string, string>();
  let fetches = 0;
  const ask = async (owner: string, changes: { fetchMs?: number; signal?: AbortSignal; fails?: boolean } = {}) => {
    let value: string | undefined;
    const shared = await withLeases({
      state,
      names: ['AAPL'],
      prefix: 'quote ',
      owner,
      machineNow: () => nowMs,
      delay: async (ms) => {
        nowMs += ms;
        await Promise.resolve();
      },
      signal: changes.signal ?? new AbortController().signal,
      take: (names) => {
        value = saved.get('AAPL');
        return Promise.resolve(value === undefined ? [] : names);
      },
      fetch: async () => {
        fetches += 1;
        const doneMs = nowMs + (changes.fetchMs ?? 200);
        while (nowMs < doneMs) {
          nowMs += 1;
          await Promise.resolve();
        }
        if (changes.fails === true) throw new Error('refused');
        saved.set('AAPL', owner);
        value = owner;
      },
    });
    if (value === undefined) throw new Error('nothing was fetched');
    return { value, shared: shared.length > 0 };
  };
  return { state, saved, ask, fetches: () => fetches, nowMs: () => nowMs };
}

const owner = (name: string): string => `${process.pid}-${name}`;

describe('equal requests of several processes', () => {
  it('are made once, and all get what it brought', async () => {
    const world = createWorld();
    const answers = await Promise.all(Array.from({ length: 32 }, (_, index) => world.ask(owner(String(index)))));
    expect(world.fetches()).toBe(1);
    expect(new Set(answers.map(({ value }) => value))).toEqual(new Set([owner('0')]));
    expect(answers.filter(({ shared }) => shared)).toHaveLength(31);
  });

  it('are not made again by one that looked before the other had saved and claimed after it was done', async () => {
    const world = createWorld();
    await world.ask(owner('a'));
    expect(await world.ask(owner('b'))).toEqual({ value: owner('a'), shared: true });
    expect(world.fetches()).toBe(1);
  });

  it('are asked by the next one when the first fails, and the lease is given back', async () => {
    const world = createWorld();
    const first = world.ask(owner('a'), { fails: true });
    const second = world.ask(owner('b'));
    await expect(first).rejects.toThrow('refused');
    expect(await second).toEqual({ value: owner('b'), shared: false });
    expect(await world.state.claimLeases(['quote AAPL'], owner('c'), world.nowMs(), world.nowMs() + 1)).toEqual([
      'quote AAPL',
    ]);
  });

  it('are asked by the one that waits after ten seconds at the latest', async () => {
    const world = createWorld();
    const claims: SharedState['claimLeases'] = () => Promise.resolve([]);
    world.state.claimLeases = claims;
    expect(await world.ask(owner('b'))).toEqual({ value: owner('b'), shared: false });
    expect(world.nowMs()).toBeGreaterThanOrEqual(10_000);
    expect(world.nowMs()).toBeLessThan(10_500);
  });

  it('end with the signal of the one that waits', async () => {
    const world = createWorld();
    await world.state.claimLeases(['quote AAPL'], owner('a'), 0, 10_000);
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(world.ask(owner('b'), { signal })).rejects.toThrow('stopped');
    expect(world.fetches()).toBe(0);
  });

  it('have owners that differ, also within one process', () => {
    expect(createLeaseOwner()).not.toBe(createLeaseOwner());
    expect(Number.parseInt(createLeaseOwner(), 10)).toBe(process.pid);
  });

  it('of overlapping baskets ask for each symbol once', async () => {
    const { state } = createWorld();
    const saved = new Set<string>();
    const asked: string[][] = [];
    let nowMs = 0;
    const ask = (name: string, names: readonly string[]) =>
      withLeases({
        state,
        names,
        prefix: 'quote ',
        owner: owner(name),
        machineNow: () => nowMs,
        delay: async (ms) => {
          nowMs += ms;
          await Promise.resolve();
        },
        signal: new AbortController().signal,
        take: (symbols) => Promise.resolve(symbols.filter((symbol) => saved.has(symbol))),
        fetch: async (symbols) => {
          asked.push([...symbols]);
          for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
          for (const symbol of symbols) saved.add(symbol);
        },
      });
    const [first, second] = await Promise.all([ask('a', ['AAPL', 'MSFT']), ask('b', ['MSFT', 'NVDA'])]);
    expect(asked.toSorted((a, b) => b.length - a.length)).toEqual([['AAPL', 'MSFT'], ['NVDA']]);
    expect(first).toEqual([]);
    expect(second).toEqual(['MSFT']);
  });
});
