// What providers' own calendars say of days on which they and the rules disagree: closures and early closes that nobody had
// planned. Hides when a calendar is asked for, what stands in where it cannot tell, and how the days are kept.
import { entryKey } from '../cache/envelope.ts';
import { decideFreshness } from '../cache/freshness.ts';
import { type ExchangeDay, believeDays, forgetDays, sessionAt } from '../domain/calendar.ts';
import { NoDataError } from '../domain/errors.ts';
import { exchangeDateOf } from '../domain/exchange-time.ts';
import type { MarketMs, IsoDate } from '../domain/types.ts';
import type { Fetched, Provider } from '../providers/provider.ts';
import type { Access, AccessDependencies } from './access.ts';
import type { MarketRequest } from './market-data.ts';

interface KeptDays {
  days: ExchangeDay[];
  /** When each day was last asked about. */
  asked: Record<IsoDate, MarketMs>;
}

/** Days asked about that are remembered as asked. */
const MAX_ASKED = 50;

export function createExchangeDays(access: Access) {
  const readKept = async (request: MarketRequest) =>
    (await access.readHeld<KeptDays>('calendar', 'days', request))?.envelope.value;

  function wasJustAsked(kept: KeptDays | undefined, date: IsoDate): boolean {
    const fetchedAt = kept?.asked[date];
    if (fetchedAt === undefined) return false;
    return access.judge('market', { fetchedAt, state: sessionAt(fetchedAt) }) === 'fresh';
  }

  /** A list of coming days cannot tell of a past one: on a day without any bar in the whole market there was no session. */
  async function fetchDays(provider: Provider, date: IsoDate, request: MarketRequest): Promise<Fetched<ExchangeDay[]>> {
    const isPast = date < exchangeDateOf(access.now());
    if (isPast && provider.fetchGroupedBars !== undefined) {
      const grouped = await provider.fetchGroupedBars(date, request.call);
      return { ...grouped, value: grouped.value.size > 0 ? [] : [{ date, closed: true }] };
    }
    if (provider.fetchExchangeDays === undefined)
      throw new NoDataError(`${provider.name} has no calendar`, { code: 'offline_miss' });
    return provider.fetchExchangeDays(date, request.call);
  }

  return {
    /** Asks about a day that does not look as the calendar says; true where something new was learned. */
    async learn(date: IsoDate, request: MarketRequest): Promise<boolean> {
      const kept = await readKept(request);
      if (request.offline || wasJustAsked(kept, date)) return false;
      const asked = await access.askInOrder('calendar', request, async (provider, _slot, counted) =>
        fetchDays(provider, date, counted),
      );
      if (!asked.ok) return false;
      const learned = believeDays(asked.value.value);
      const times = Object.entries({ ...kept?.asked, [date]: access.now() }).slice(-MAX_ASKED);
      const value: KeptDays = { days: [...(kept?.days ?? []), ...learned], asked: Object.fromEntries(times) };
      await access.save(asked.slot, { kind: 'calendar', name: 'days' }, { ...asked.value, value }, access.now());
      return learned.length > 0;
    },
  };
}

/** Believes what was learned before from the providers that are asked now, and nothing else. */
export async function recallDays({
  store,
  slots,
  clock,
}: Pick<AccessDependencies, 'store' | 'slots' | 'clock'>): Promise<void> {
  forgetDays();
  for (const { identity } of slots) {
    const kept = await store.get<KeptDays>(entryKey('calendar', identity, 'days'));
    const isUsable = kept !== undefined && decideFreshness('finished_bars', kept, clock.now()) !== 'unusable';
    if (isUsable) believeDays(kept.value.days);
  }
}
