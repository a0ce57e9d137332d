import { describe, expect, it } from 'vitest';
import { decideFreshness } from '../../src/cache/freshness.ts';
import type { Clock, MachineMs, MarketMs } from '../../src/domain/types.ts';
import type { SharedState } from '../../src/http/http.ts';

describe('the market’s clock and the machine’s', () => {
  it('do not compile in each other’s place, and are plain numbers when they run', () => {
    const clock: Clock = { now: () => 1_000, machineNow: () => 2_000 };
    const entry = { fetchedAt: clock.now(), state: 'regular' } as const;
    expect(decideFreshness('quote', entry, clock.now())).toBe('fresh');
    // @ts-expect-error freshness is the market's
    decideFreshness('quote', entry, clock.machineNow());
    // @ts-expect-error an entry was fetched at a time of the market
    decideFreshness('quote', { ...entry, fetchedAt: clock.machineNow() }, clock.now());
    // @ts-expect-error leases are the machine's
    const claim = (state: SharedState) => state.claimLeases([], '', clock.now(), 0);
    // @ts-expect-error so are slots and breakers
    const fail = (state: SharedState) => state.recordOutcome('', false, clock.now());
    expect([claim, fail]).toHaveLength(2);
    const [market, machine]: [MarketMs, MachineMs] = [clock.now(), clock.machineNow()];
    expect(machine - market).toBe(1_000);
  });
});
