import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SharedState } from '../../src/http/http.ts';
import { type Place, describeHomes } from './homes.ts';

const KEY = { provider: 'polygon', keyHash: 'abc' } as const;
const OTHER = { provider: 'polygon', keyHash: 'def' } as const;
const WINDOW = 60_000;

describeHomes('what processes agree on', (createPlace) => {
  const createState = async (): Promise<SharedState> => (await createPlace())().state;

  describe('the ledger of requests', () => {
    it('grants the limit and then says when the first slot is free: one window after its answer', async () => {
      const state = await createState();
      const slots = await Promise.all(
        Array.from({ length: 5 }, (_, index) => state.reserveSlot(KEY, 5, 1_000 + index, 11_000)),
      );
      for (const slot of slots) if (slot.granted) await state.settleSlot(slot.slot, 1_500);
      const refused = await state.reserveSlot(KEY, 5, 2_000, 12_000);
      expect(refused).toEqual({ granted: false, freeAtMs: 1_500 + WINDOW + 30 });
      expect((await state.reserveSlot(KEY, 5, 1_500 + WINDOW, 80_000)).granted).toBe(false);
      expect((await state.reserveSlot(KEY, 5, 1_500 + WINDOW + 30, 80_000)).granted).toBe(true);
    });

    it('counts the slot of a dead process until one window after its deadline', async () => {
      const state = await createState();
      await state.reserveSlot(KEY, 1, 0, 10_000);
      expect((await state.reserveSlot(KEY, 1, 10_000 + WINDOW - 1, 99_000)).granted).toBe(false);
      expect((await state.reserveSlot(KEY, 1, 10_000 + WINDOW + 30, 99_000)).granted).toBe(true);
    });

    it('gives back a slot whose request was never sent', async () => {
      const state = await createState();
      const first = await state.reserveSlot(KEY, 1, 0, 10_000);
      if (first.granted) await state.releaseSlot(first.slot);
      expect((await state.reserveSlot(KEY, 1, 1, 10_000)).granted).toBe(true);
    });

    it('keeps keys apart and counts what is used', async () => {
      const state = await createState();
      await state.reserveSlot(KEY, 5, 0, 10_000);
      await state.reserveSlot(KEY, 5, 0, 10_000);
      await state.reserveSlot(OTHER, 5, 0, 10_000);
      expect([await state.countUsed(KEY, 5), await state.countUsed(OTHER, 5)]).toEqual([2, 1]);
    });

    it('leaves to questions what warming must keep free', async () => {
      const state = await createState();
      const warm = async (): Promise<boolean> => (await state.reserveSlot(KEY, 5, 0, 10_000, 1)).granted;
      const grants = await Promise.all([warm(), warm(), warm(), warm(), warm()]);
      expect(grants).toEqual([true, true, true, true, false]);
      expect((await state.reserveSlot(KEY, 5, 0, 10_000)).granted).toBe(true);
    });

    it('tells those further back in a line when their turn comes', async () => {
      const state = await createState();
      for (const atMs of [1_000, 2_000]) {
        const slot = await state.reserveSlot(KEY, 2, atMs, atMs + 10_000);
        if (slot.granted) await state.settleSlot(slot.slot, atMs);
      }
      const turns = await Promise.all([0, 1, 2, 3].map((ahead) => state.readFreeAt(KEY, 2, 3_000, ahead)));
      expect(turns).toEqual([61_030, 62_030, 121_060, 122_060]);
    });

    it('takes a limit that is never reached as lightly as a small one', async () => {
      const state = await createState();
      expect((await state.reserveSlot(KEY, 1e9, 0, 10_000)).granted).toBe(true);
      expect(await state.readFreeAt(KEY, 1e9, 1, 5_000)).toBe(1);
    });

    it('obeys in every process what the provider says to one', async () => {
      const place: Place = await createPlace();
      await place().state.noteLimit(KEY, { blockedUntilMs: 5_000 }, 1_000);
      const other = place().state;
      expect(await other.reserveSlot(KEY, 5, 1_000, 9_000)).toEqual({ granted: false, freeAtMs: 5_000 });
      expect((await other.reserveSlot(OTHER, 5, 1_000, 9_000)).granted).toBe(true);
      expect((await other.reserveSlot(KEY, 5, 5_000, 9_000)).granted).toBe(true);
    });

    it('is tightened by what the provider says remains, until its reset', async () => {
      const state = await createState();
      await state.noteLimit(KEY, { remaining: 2, resetAtMs: 30_000 }, 1_000);
      const grants = await Promise.all([0, 1, 2].map(() => state.reserveSlot(KEY, 100, 2_000, 9_000)));
      expect(grants.map(({ granted }) => granted)).toEqual([true, true, false]);
      expect(await state.reserveSlot(KEY, 100, 2_000, 9_000)).toEqual({ granted: false, freeAtMs: 30_000 });
      expect((await state.reserveSlot(KEY, 100, 30_000, 39_000)).granted).toBe(true);
    });

    it('does not believe a reset or a block that is absurdly far away', async () => {
      const state = await createState();
      await state.noteLimit(KEY, { remaining: 0, resetAtMs: 1e15 }, 1_000);
      expect((await state.reserveSlot(KEY, 5, 1_000 + WINDOW, 99_000)).granted).toBe(true);
      await state.noteLimit(OTHER, { blockedUntilMs: 1e15 }, 1_000);
      expect((await state.reserveSlot(OTHER, 5, 1_000 + 24 * 3_600_000, 1e9)).granted).toBe(true);
    });

    it('does not wait for a clock that was set back', async () => {
      const state = await createState();
      const slot = await state.reserveSlot(KEY, 1, 10_000_000, 10_010_000);
      if (slot.granted) await state.settleSlot(slot.slot, 10_000_100);
      expect((await state.reserveSlot(KEY, 1, 5_000, 15_000)).granted).toBe(false);
      expect((await state.reserveSlot(KEY, 1, 5_000 + WINDOW + 30, 99_000)).granted).toBe(true);
    });

    it('never lets a sliding window at the server exceed the limit, whatever arrives and however long answers take', async () => {
      const pattern = fc.array(
        fc.record({ gap: fc.nat(400), travel: fc.nat(300), stay: fc.nat(600), dies: fc.boolean() }),
        { maxLength: 60 },
      );
      await fc.assert(
        fc.asyncProperty(pattern, fc.integer({ min: 1, max: 6 }), async (requests, limit) => {
          const windowMs = 1_000;
          const { state } = (await createPlace())({ windowMs });
          const arrivals: number[] = [];
          const answers: { slot: number; atMs: number }[] = [];
          let nowMs = 1_000;
          for (const { gap, travel, stay, dies } of requests) {
            nowMs += gap;
            for (const answer of answers.filter(({ atMs }) => atMs <= nowMs)) {
              await state.settleSlot(answer.slot, answer.atMs);
              answers.splice(answers.indexOf(answer), 1);
            }
            const reserved = await state.reserveSlot(KEY, limit, nowMs, nowMs + 900);
            if (!reserved.granted) continue;
            arrivals.push(nowMs + Math.min(travel, stay));
            if (!dies) answers.push({ slot: reserved.slot, atMs: nowMs + stay });
          }
          for (const start of arrivals) {
            expect(arrivals.filter((at) => at >= start && at < start + windowMs).length).toBeLessThanOrEqual(limit);
          }
        }),
        { numRuns: 30 },
      );
    });
  });

  describe('the breaker', () => {
    /** Whether a request that asks now is sent: where the breaker lets one probe through, as that probe. */
    const isSent = async (state: SharedState, nowMs: number): Promise<boolean> =>
      (await state.reserveSlot(KEY, 1_000, nowMs, nowMs, 0, { breaker: 'tradier' })).granted;
    const fail = async (state: SharedState, times: number, nowMs: number): Promise<void> => {
      for (let i = 0; i < times; i += 1) await state.recordOutcome('tradier', false, nowMs);
    };

    it('opens after five failures in a row, for all processes, and lets one probe through after a minute', async () => {
      const place: Place = await createPlace();
      await fail(place().state, 5, 1_000);
      const state = place().state;
      expect(await state.readBreaker('tradier', 2_000)).toEqual({ state: 'open', failures: 5, probeAtMs: 61_000 });
      expect(await isSent(state, 60_999)).toBe(false);
      expect((await state.readBreaker('tradier', 61_000)).state).toBe('half_open');
      expect(await isSent(state, 61_000)).toBe(true);
      expect(await isSent(place().state, 61_001)).toBe(false);
      expect(await isSent(state, 71_001), 'a probe that never ended').toBe(true);
    });

    it('stays closed where a success comes in between, and keeps providers apart', async () => {
      const state = await createState();
      await fail(state, 4, 1_000);
      await state.recordOutcome('tradier', true, 1_000);
      await fail(state, 4, 1_000);
      expect((await state.readBreaker('tradier', 1_000)).state).toBe('closed');
      expect(await state.readBreaker('polygon', 1_000)).toEqual({ state: 'closed', failures: 0 });
    });

    it('closes after a probe that succeeds and opens again for a whole minute after one that fails', async () => {
      const state = await createState();
      await fail(state, 5, 0);
      expect(await isSent(state, 60_000)).toBe(true);
      await state.recordOutcome('tradier', false, 60_500);
      expect((await state.readBreaker('tradier', 120_499)).state).toBe('open');
      expect(await isSent(state, 120_500)).toBe(true);
      await state.recordOutcome('tradier', true, 120_600);
      expect(await state.readBreaker('tradier', 120_600)).toEqual({ state: 'closed', failures: 0 });
    });
  });

  describe('a remembered refusal', () => {
    it('holds for a day for its key and endpoint, unless it is forgotten', async () => {
      const place: Place = await createPlace();
      await place().state.saveRefusal(KEY, 'snapshots', 'not in your plan', 1_000);
      const state = place().state;
      const day = 24 * 3_600_000;
      expect(await state.readRefusal(KEY, 'snapshots', day)).toBe('not in your plan');
      expect(await state.readRefusal(KEY, 'snapshots', day + 1_000)).toBeUndefined();
      expect(await state.readRefusal(KEY, 'aggregates', 2_000)).toBeUndefined();
      expect(await state.readRefusal(OTHER, 'snapshots', 2_000)).toBeUndefined();
      await state.forgetRefusal(KEY, 'snapshots');
      expect(await state.readRefusal(KEY, 'snapshots', 2_000)).toBeUndefined();
    });
  });

  describe('a lease', () => {
    it('has one owner at a time, until it is given back or expires', async () => {
      const state = await createState();
      const [ours, theirs] = [`${process.pid}-a`, `${process.pid}-b`];
      expect(await state.claimLeases(['x'], ours, 0, 10_000)).toEqual(['x']);
      expect(await state.claimLeases(['x'], theirs, 1, 10_000)).toEqual([]);
      expect(await state.claimLeases(['y'], theirs, 1, 10_000)).toEqual(['y']);
      await state.releaseLeases(['x'], theirs, 2);
      expect(await state.claimLeases(['x'], theirs, 2, 10_000)).toEqual([]);
      await state.releaseLeases(['x'], ours, 2);
      expect(await state.claimLeases(['x'], theirs, 3, 10_000)).toEqual(['x']);
      expect(await state.claimLeases(['x'], ours, 10_000, 20_000)).toEqual(['x']);
    });

    it('is taken over from a process that is dead', async () => {
      const state = await createState();
      const child = spawn(process.execPath, ['-e', '']);
      const exited = once(child, 'exit');
      expect(await state.claimLeases(['x'], `${child.pid}-a`, 0, 10_000)).toEqual(['x']);
      await exited;
      expect(await state.claimLeases(['x'], `${process.pid}-b`, 1, 10_000)).toEqual(['x']);
    });
  });

  describe('a clock that was hours ahead and is right again', () => {
    const AHEAD = 8 * 3_600_000;
    const NOW = 1_000_000;

    it('locks nobody out: whoever reads a row of the future repairs it', async () => {
      const state = await createState();
      for (let index = 0; index < 5; index += 1) {
        const slot = await state.reserveSlot(KEY, 5, NOW + AHEAD, NOW + AHEAD + 10_000);
        if (slot.granted) await state.settleSlot(slot.slot, NOW + AHEAD + 100);
      }
      expect(await state.readFreeAt(KEY, 5, NOW)).toBeLessThanOrEqual(NOW + WINDOW + 30);
      expect(await state.readFreeAt(KEY, 5, NOW + WINDOW + 30)).toBe(NOW + WINDOW + 30);
      expect(await state.countUsed(KEY, NOW + WINDOW + 30)).toBe(0);
    });

    it('keeps a provider’s block for as long as it was said', async () => {
      const state = await createState();
      await state.noteLimit(KEY, { blockedUntilMs: NOW + AHEAD + 20_000 }, NOW + AHEAD);
      expect(await state.readFreeAt(KEY, 5, NOW)).toBe(NOW + 20_000);
      expect((await state.reserveSlot(KEY, 5, NOW + 20_000, NOW + 30_000)).granted).toBe(true);
    });

    it('opens a breaker for its minute and no longer', async () => {
      const state = await createState();
      for (let index = 0; index < 5; index += 1) await state.recordOutcome('tradier', false, NOW + AHEAD);
      expect((await state.readBreaker('tradier', NOW)).state).toBe('open');
      expect((await state.readBreaker('tradier', NOW + 60_000)).state).toBe('half_open');
      expect((await state.reserveSlot(KEY, 5, NOW + 60_000, NOW + 60_000, 0, { breaker: 'tradier' })).granted).toBe(
        true,
      );
    });

    it('frees a lease, for one owner', async () => {
      const state = await createState();
      const [ours, theirs, third] = ['a', 'b', 'c'].map((name) => `${process.pid}-${name}`) as [string, string, string];
      expect(await state.claimLeases(['x'], ours, NOW + AHEAD, NOW + AHEAD + 10_000)).toEqual(['x']);
      expect(await state.claimLeases(['x'], theirs, NOW, NOW + 10_000)).toEqual(['x']);
      expect(await state.claimLeases(['x'], third, NOW + 1, NOW + 10_000)).toEqual([]);
      await state.releaseLeases(['x'], ours, NOW + 2);
      expect(await state.claimLeases(['x'], third, NOW + 3, NOW + 10_000)).toEqual([]);
    });

    it('forgets a refusal whose age nobody knows, also for later', async () => {
      const state = await createState();
      await state.saveRefusal(KEY, 'chains', 'not in the plan', NOW + AHEAD);
      expect(await state.readRefusal(KEY, 'chains', NOW)).toBeUndefined();
      expect(await state.readRefusal(KEY, 'chains', NOW + AHEAD + 1)).toBeUndefined();
    });
  });
});
