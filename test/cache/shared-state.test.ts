import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSharedState } from '../../src/cache/shared-state.ts';
import { createTempFolder, openDatabase } from './helpers.ts';

const KEY = { provider: 'polygon', keyHash: 'abc' } as const;
const OTHER = { provider: 'polygon', keyHash: 'def' } as const;
const WINDOW = 60_000;

function createState(folder = createTempFolder()) {
  return createSharedState(openDatabase(folder).database);
}

describe('the ledger of requests', () => {
  it('grants the limit and then says when the first slot is free: one window after its answer', () => {
    const state = createState();
    const slots = Array.from({ length: 5 }, (_, index) => state.reserveSlot(KEY, 5, 1_000 + index, 11_000));
    for (const slot of slots) if (slot.granted) state.settleSlot(slot.slot, 1_500);
    const refused = state.reserveSlot(KEY, 5, 2_000, 12_000);
    expect(refused).toEqual({ granted: false, freeAtMs: 1_500 + WINDOW + 30 });
    expect(state.reserveSlot(KEY, 5, 1_500 + WINDOW, 80_000).granted).toBe(false);
    expect(state.reserveSlot(KEY, 5, 1_500 + WINDOW + 30, 80_000).granted).toBe(true);
  });

  it('counts the slot of a dead process until one window after its deadline', () => {
    const state = createState();
    state.reserveSlot(KEY, 1, 0, 10_000);
    expect(state.reserveSlot(KEY, 1, 10_000 + WINDOW - 1, 99_000).granted).toBe(false);
    expect(state.reserveSlot(KEY, 1, 10_000 + WINDOW + 30, 99_000).granted).toBe(true);
  });

  it('gives back a slot whose request was never sent', () => {
    const state = createState();
    const first = state.reserveSlot(KEY, 1, 0, 10_000);
    if (first.granted) state.releaseSlot(first.slot);
    expect(state.reserveSlot(KEY, 1, 1, 10_000).granted).toBe(true);
  });

  it('keeps keys apart and counts what is used', () => {
    const state = createState();
    state.reserveSlot(KEY, 5, 0, 10_000);
    state.reserveSlot(KEY, 5, 0, 10_000);
    state.reserveSlot(OTHER, 5, 0, 10_000);
    expect([state.countUsed(KEY, 5), state.countUsed(OTHER, 5)]).toEqual([2, 1]);
  });

  it('leaves to questions what warming must keep free', () => {
    const state = createState();
    const warm = (): boolean => state.reserveSlot(KEY, 5, 0, 10_000, 1).granted;
    expect([warm(), warm(), warm(), warm(), warm()]).toEqual([true, true, true, true, false]);
    expect(state.reserveSlot(KEY, 5, 0, 10_000).granted).toBe(true);
  });

  it('tells those further back in a line when their turn comes', () => {
    const state = createState();
    for (const atMs of [1_000, 2_000]) {
      const slot = state.reserveSlot(KEY, 2, atMs, atMs + 10_000);
      if (slot.granted) state.settleSlot(slot.slot, atMs);
    }
    const turns = [0, 1, 2, 3].map((ahead) => state.readFreeAt(KEY, 2, 3_000, ahead));
    expect(turns).toEqual([61_030, 62_030, 121_060, 122_060]);
  });

  it('takes a limit that is never reached as lightly as a small one', () => {
    const state = createState();
    expect(state.reserveSlot(KEY, 1e9, 0, 10_000).granted).toBe(true);
    expect(state.readFreeAt(KEY, 1e9, 1, 5_000)).toBe(1);
  });

  it('obeys in every process what the provider says to one', () => {
    const folder = createTempFolder();
    createState(folder).noteLimit(KEY, { blockedUntilMs: 5_000 }, 1_000);
    const other = createState(folder);
    expect(other.reserveSlot(KEY, 5, 1_000, 9_000)).toEqual({ granted: false, freeAtMs: 5_000 });
    expect(other.reserveSlot(OTHER, 5, 1_000, 9_000).granted).toBe(true);
    expect(other.reserveSlot(KEY, 5, 5_000, 9_000).granted).toBe(true);
  });

  it('is tightened by what the provider says remains, until its reset', () => {
    const state = createState();
    state.noteLimit(KEY, { remaining: 2, resetAtMs: 30_000 }, 1_000);
    const grants = [0, 1, 2].map(() => state.reserveSlot(KEY, 100, 2_000, 9_000).granted);
    expect(grants).toEqual([true, true, false]);
    expect(state.reserveSlot(KEY, 100, 2_000, 9_000)).toEqual({ granted: false, freeAtMs: 30_000 });
    expect(state.reserveSlot(KEY, 100, 30_000, 39_000).granted).toBe(true);
  });

  it('does not believe a reset or a block that is absurdly far away', () => {
    const state = createState();
    state.noteLimit(KEY, { remaining: 0, resetAtMs: 1e15 }, 1_000);
    expect(state.reserveSlot(KEY, 5, 1_000 + WINDOW, 99_000).granted).toBe(true);
    state.noteLimit(OTHER, { blockedUntilMs: 1e15 }, 1_000);
    expect(state.reserveSlot(OTHER, 5, 1_000 + 24 * 3_600_000, 1e9).granted).toBe(true);
  });

  it('does not wait for a clock that was set back', () => {
    const state = createState();
    const slot = state.reserveSlot(KEY, 1, 10_000_000, 10_010_000);
    if (slot.granted) state.settleSlot(slot.slot, 10_000_100);
    expect(state.reserveSlot(KEY, 1, 5_000, 15_000).granted).toBe(false);
    expect(state.reserveSlot(KEY, 1, 5_000 + WINDOW + 30, 99_000).granted).toBe(true);
  });

  it('never lets a sliding window at the server exceed the limit, whatever arrives and however long answers take', () => {
    const pattern = fc.array(
      fc.record({ gap: fc.nat(400), travel: fc.nat(300), stay: fc.nat(600), dies: fc.boolean() }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(pattern, fc.integer({ min: 1, max: 6 }), (requests, limit) => {
        const windowMs = 1_000;
        const { database } = openDatabase('/nowhere-to-write\0');
        const state = createSharedState(database, { windowMs });
        const arrivals: number[] = [];
        const answers: { slot: number; atMs: number }[] = [];
        let nowMs = 1_000;
        for (const { gap, travel, stay, dies } of requests) {
          nowMs += gap;
          for (const answer of answers.filter(({ atMs }) => atMs <= nowMs)) {
            state.settleSlot(answer.slot, answer.atMs);
            answers.splice(answers.indexOf(answer), 1);
          }
          const reserved = state.reserveSlot(KEY, limit, nowMs, nowMs + 900);
          if (!reserved.granted) continue;
          arrivals.push(nowMs + Math.min(travel, stay));
          if (!dies) answers.push({ slot: reserved.slot, atMs: nowMs + stay });
        }
        database.close();
        for (const start of arrivals) {
          expect(arrivals.filter((at) => at >= start && at < start + windowMs).length).toBeLessThanOrEqual(limit);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('the breaker', () => {
  const fail = (state: ReturnType<typeof createState>, times: number, nowMs: number): void => {
    for (let i = 0; i < times; i += 1) state.recordOutcome('tradier', false, nowMs);
  };

  it('opens after five failures in a row, for all processes, and lets one probe through after a minute', () => {
    const folder = createTempFolder();
    fail(createState(folder), 5, 1_000);
    const state = createState(folder);
    expect(state.readBreaker('tradier', 2_000)).toEqual({ state: 'open', failures: 5, probeAtMs: 61_000 });
    expect(state.claimProbe('tradier', 60_999)).toBe(false);
    expect(state.readBreaker('tradier', 61_000).state).toBe('half_open');
    expect(state.claimProbe('tradier', 61_000)).toBe(true);
    expect(createState(folder).claimProbe('tradier', 61_001)).toBe(false);
    expect(state.claimProbe('tradier', 71_001), 'a probe that never ended').toBe(true);
  });

  it('stays closed where a success comes in between, and keeps providers apart', () => {
    const state = createState();
    fail(state, 4, 1_000);
    state.recordOutcome('tradier', true, 1_000);
    fail(state, 4, 1_000);
    expect(state.readBreaker('tradier', 1_000).state).toBe('closed');
    expect(state.readBreaker('polygon', 1_000)).toEqual({ state: 'closed', failures: 0 });
  });

  it('closes after a probe that succeeds and opens again for a whole minute after one that fails', () => {
    const state = createState();
    fail(state, 5, 0);
    state.claimProbe('tradier', 60_000);
    state.recordOutcome('tradier', false, 60_500);
    expect(state.readBreaker('tradier', 120_499).state).toBe('open');
    expect(state.claimProbe('tradier', 120_500)).toBe(true);
    state.recordOutcome('tradier', true, 120_600);
    expect(state.readBreaker('tradier', 120_600)).toEqual({ state: 'closed', failures: 0 });
  });
});

describe('a remembered refusal', () => {
  it('holds for a day for its key and endpoint, unless it is forgotten', () => {
    const folder = createTempFolder();
    createState(folder).saveRefusal(KEY, 'snapshots', 'not in your plan', 1_000);
    const state = createState(folder);
    const day = 24 * 3_600_000;
    expect(state.readRefusal(KEY, 'snapshots', day)).toBe('not in your plan');
    expect(state.readRefusal(KEY, 'snapshots', day + 1_000)).toBeUndefined();
    expect(state.readRefusal(KEY, 'aggregates', 2_000)).toBeUndefined();
    expect(state.readRefusal(OTHER, 'snapshots', 2_000)).toBeUndefined();
    state.forgetRefusal(KEY, 'snapshots');
    expect(state.readRefusal(KEY, 'snapshots', 2_000)).toBeUndefined();
  });
});

describe('a lease', () => {
  it('has one owner at a time, until it is given back or expires', () => {
    const state = createState();
    const [ours, theirs] = [`${process.pid}-a`, `${process.pid}-b`];
    expect(state.claimLeases(['x'], ours, 0, 10_000)).toEqual(['x']);
    expect(state.claimLeases(['x'], theirs, 1, 10_000)).toEqual([]);
    expect(state.claimLeases(['y'], theirs, 1, 10_000)).toEqual(['y']);
    state.releaseLeases(['x'], theirs);
    expect(state.claimLeases(['x'], theirs, 2, 10_000)).toEqual([]);
    state.releaseLeases(['x'], ours);
    expect(state.claimLeases(['x'], theirs, 3, 10_000)).toEqual(['x']);
    expect(state.claimLeases(['x'], ours, 10_000, 20_000)).toEqual(['x']);
  });

  it('is taken over from a process that is dead', async () => {
    const state = createState();
    const child = spawn(process.execPath, ['-e', '']);
    const exited = once(child, 'exit');
    expect(state.claimLeases(['x'], `${child.pid}-a`, 0, 10_000)).toEqual(['x']);
    await exited;
    expect(state.claimLeases(['x'], `${process.pid}-b`, 1, 10_000)).toEqual(['x']);
  });
});

describe('a clock that was hours ahead and is right again', () => {
  const AHEAD = 8 * 3_600_000;
  const NOW = 1_000_000;

  it('locks nobody out: whoever reads a row of the future repairs it', () => {
    const state = createState();
    for (let index = 0; index < 5; index += 1) {
      const slot = state.reserveSlot(KEY, 5, NOW + AHEAD, NOW + AHEAD + 10_000);
      if (slot.granted) state.settleSlot(slot.slot, NOW + AHEAD + 100);
    }
    expect(state.readFreeAt(KEY, 5, NOW)).toBeLessThanOrEqual(NOW + WINDOW + 30);
    expect(state.readFreeAt(KEY, 5, NOW + WINDOW + 30)).toBe(NOW + WINDOW + 30);
    expect(state.countUsed(KEY, NOW + WINDOW + 30)).toBe(0);
  });

  it('keeps a provider’s block for as long as it was said', () => {
    const state = createState();
    state.noteLimit(KEY, { blockedUntilMs: NOW + AHEAD + 20_000 }, NOW + AHEAD);
    expect(state.readFreeAt(KEY, 5, NOW)).toBe(NOW + 20_000);
    expect(state.reserveSlot(KEY, 5, NOW + 20_000, NOW + 30_000).granted).toBe(true);
  });

  it('opens a breaker for its minute and no longer', () => {
    const state = createState();
    for (let index = 0; index < 5; index += 1) state.recordOutcome('tradier', false, NOW + AHEAD);
    expect(state.readBreaker('tradier', NOW).state).toBe('open');
    expect(state.readBreaker('tradier', NOW + 60_000).state).toBe('half_open');
    expect(state.claimProbe('tradier', NOW + 60_000)).toBe(true);
  });

  it('forgets a refusal whose age nobody knows, also for later', () => {
    const state = createState();
    state.saveRefusal(KEY, 'chains', 'not in the plan', NOW + AHEAD);
    expect(state.readRefusal(KEY, 'chains', NOW)).toBeUndefined();
    expect(state.readRefusal(KEY, 'chains', NOW + AHEAD + 1)).toBeUndefined();
  });
});
