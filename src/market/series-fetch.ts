// Brings one symbol's daily series from a provider: the part that is missing where it joins what is held of that provider,
// else the whole. Hides that a plan may hold fewer years than are asked for, which is remembered.
import type { Envelope } from '../cache/envelope.ts';
import { closeOf } from '../domain/calendar.ts';
import { planScopeOf } from '../domain/errors.ts';
import type { IsoDate } from '../domain/types.ts';
import type { Fetched, Provider } from '../providers/provider.ts';
import type { Held, ProviderSlot } from './access.ts';
import type { MarketRequest } from './market-data.ts';
import { SHORT_PLAN_MONTHS, type SeriesScope, earlier, planStart } from './series-frame.ts';
import { type MissingPart, type SeriesRecord, createRecord, joinRecords, lastDate } from './series-record.ts';
import { noBarLeft, unknownSymbol } from './series-refusals.ts';

interface Asked {
  slot: ProviderSlot;
  provider: Provider;
  request: MarketRequest;
}

/** What is fetched is kept. */
export function createSeriesFetch({ access, symbol, frame }: SeriesScope) {
  async function fetchPart(asked: Asked, from: IsoDate, to: IsoDate): Promise<Fetched<SeriesRecord>> {
    const { slot, provider, request } = asked;
    const fetchFrom = async (coveredFrom: IsoDate): Promise<Fetched<SeriesRecord>> => {
      const fetched = await provider.fetchDailyBars(symbol, coveredFrom, to, request.call);
      const { delayMs } = fetched;
      const value = createRecord(fetched.value, { ...frame, coveredFrom, fetchedAt: access.now(), delayMs });
      return { ...fetched, value };
    };
    const shortest = planStart(frame.today);
    const window = await access.readHeld<number>('window', slot.identity, { ...request, provider: slot.name });
    const start = window?.freshness === 'fresh' && from < shortest && to > shortest ? shortest : from;
    try {
      return await fetchFrom(start);
    } catch (error) {
      if (planScopeOf(error) !== 'request' || start >= shortest || to <= shortest) throw error;
      const part = await fetchFrom(shortest);
      const months = { value: SHORT_PLAN_MONTHS, sample: part.sample };
      await access.save(slot, { kind: 'window', name: slot.identity }, months, access.now());
      return part;
    }
  }

  /** What is held with the missing part; undefined where the two do not join, or are not of one provider. */
  async function extend(
    asked: Asked,
    held: Held<SeriesRecord> | undefined,
    missing: MissingPart,
  ): Promise<Fetched<SeriesRecord> | undefined> {
    if (held?.envelope.identity !== asked.slot.identity) return undefined;
    if (missing.part !== 'front' && missing.part !== 'end') return undefined;
    const part = await fetchPart(asked, missing.from, missing.to);
    const value = joinRecords(held.envelope.value, part.value, missing.to);
    if (value === undefined) return undefined;
    const isAskedAgain = (date: IsoDate | undefined): boolean =>
      date !== undefined && date >= missing.from && date <= missing.to;
    const before = (held.envelope.lost ?? []).filter(({ date }) => !isAskedAgain(date));
    return { ...part, value, lost: [...before, ...(part.lost ?? [])] };
  }

  async function fetchWhole(asked: Asked, missing: MissingPart): Promise<Fetched<SeriesRecord>> {
    const from = missing.part === 'whole' ? missing.from : earlier(frame.from, frame.wholeFrom);
    const whole = await fetchPart(asked, from, frame.today);
    if (whole.value.sessions === 0 && whole.value.running === undefined) {
      const [left] = whole.lost ?? [];
      throw left === undefined ? unknownSymbol(symbol, asked.provider.name) : noBarLeft(left);
    }
    return whole;
  }

  return async (
    asked: Asked,
    held: Held<SeriesRecord> | undefined,
    missing: MissingPart,
  ): Promise<Envelope<SeriesRecord>> => {
    const record = (await extend(asked, held, missing)) ?? (await fetchWhole(asked, missing));
    const ends = lastDate(record.value);
    const toldAt = access.now() - (record.delayMs ?? 0);
    const asOf = ends === '' ? toldAt : Math.min(toldAt, closeOf(ends));
    return access.save(asked.slot, { kind: 'bars', name: symbol, symbol }, record, asOf);
  };
}
