// Fetches the sessions of the whole market that are missing, four at a time, beside other processes that do the same.
// Hides leases, what ends the work and what only one session, and how an empty day is told from one that is not there yet.
import { createLease, createLeaseOwner } from '../cache/lease.ts';
import { type FinError, NoDataError, planScopeOf, toFinError } from '../domain/errors.ts';
import type { Bar, Clock, IsoDate, TickerSymbol } from '../domain/types.ts';
import { delay } from '../http/delay.ts';
import type { SharedState } from '../http/http.ts';
import type { ProviderSlot } from '../market/access.ts';
import type { MarketRequest, WholeMarket } from '../market/market-data.ts';
import type { MarketFile, SessionSaved } from './market-file.ts';
import type { KeptSessions } from './market-sessions.ts';

export interface FillParts {
  slot: ProviderSlot;
  clock: Clock;
  leases: Pick<SharedState, 'claimLeases' | 'releaseLeases'>;
  file: MarketFile;
  sessions: KeptSessions;
}

const AT_ONCE = 4;
const POLL_MS = 250;
/** What ends only the session it concerns. */
const CONCERNS_ONE = new Set<string>(['bad_payload', 'no_data']);

export function createFill({ slot, clock, leases, file, sessions }: FillParts): WholeMarket['fill'] {
  const { newestDate, isHeld, isKnownAbsent, isClosedDay, plan } = sessions;

  async function fetchSession(
    date: IsoDate,
    request: MarketRequest,
    notes: Set<string>,
  ): Promise<FinError | undefined> {
    const provider = await slot.load();
    if (provider.fetchGroupedBars === undefined)
      return new NoDataError(`${slot.name} does not have the bars of the whole market`);
    try {
      const { value: bars, sample, lost: left = [] } = await provider.fetchGroupedBars(date, request.call);
      const impossible = left.filter(({ isNote }) => isNote === true);
      for (const { message } of impossible.slice(0, 3)) notes.add(message);
      if (impossible.length > 3) notes.add(`${impossible.length - 3} more bars of ${date} are left out`);
      const lost = left.filter(({ isNote }) => isNote !== true);
      return keep({ date, fetchedAt: clock.now(), sample, lost }, bars);
    } catch (thrown) {
      const error = toFinError(thrown);
      if (planScopeOf(error) !== 'request' || date !== newestDate()) return error;
      file.saveAbsent(date, clock.now());
      return new NoDataError(`the bars of ${date} are not available yet`, { cause: error });
    }
  }

  function keep(session: SessionSaved, bars: ReadonlyMap<TickerSymbol, Bar>): FinError | undefined {
    const { date } = session;
    if (bars.size === 0 && (date === newestDate() || !isClosedDay(date))) {
      file.saveAbsent(date, clock.now());
      return new NoDataError(`there are no bars of ${date}`);
    }
    file.save(session, bars);
    return undefined;
  }

  /** Every session is fetched by whoever has its lease; what others are fetching is waited for at the end. */
  return async (count, request, onStep = () => undefined) => {
    const owner = createLeaseOwner();
    const notes = new Set<string>();
    const first = plan(count, request.refresh);
    const fetchedBefore = new Map(first.missing.map((date) => [date, file.find(date)?.fetchedAt]));
    const isThere = (date: IsoDate): boolean =>
      isHeld(date) && (!request.refresh || file.find(date)?.fetchedAt !== fetchedBefore.get(date));
    const queue = first.missing.filter((date) => request.refresh || !isKnownAbsent(date));
    const elsewhere: IsoDate[] = [];
    let [failure, end]: (FinError | undefined)[] = [];
    let done = 0;

    /** False where another process is at it. A session may wait minutes for the limit. */
    async function take(date: IsoDate): Promise<boolean> {
      const holder = { state: leases, owner, machineNow: () => clock.machineNow() };
      const lease = createLease(`whole market|${slot.identity}|${date}`, holder);
      const isMine = await lease.claim();
      const stop = isMine ? lease.keep() : undefined;
      try {
        // Another process may have brought it between the look and the lease.
        if (isThere(date)) return true;
        if (!isMine) return false;
        const why = await fetchSession(date, request, notes);
        if (why !== undefined && !CONCERNS_ONE.has(why.code)) end ??= why;
        // That there are none yet is no failure.
        if (why !== undefined && (date !== newestDate() || why.code !== 'no_data')) failure ??= why;
        return true;
      } finally {
        stop?.();
        if (isMine) await lease.release();
      }
    }

    async function work(): Promise<void> {
      for (let date = queue.shift(); date !== undefined && end === undefined; date = queue.shift()) {
        if (!(await take(date))) elsewhere.push(date);
        else onStep(first.held + (done += 1), first.missing.length - done);
      }
    }

    const { signal } = request.call;
    for (;;) {
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      if (elsewhere.length === 0 || end !== undefined) break;
      await delay(POLL_MS, signal).catch(() => undefined);
      if (signal.aborted) end = toFinError(signal.reason);
      queue.push(...elsewhere.splice(0));
    }
    const cause = end ?? failure;
    return { ...plan(count), ...(cause === undefined ? {} : { failure: cause }), notes: [...notes] };
  };
}
