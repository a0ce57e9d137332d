// How far back bars of minutes go at each provider, known before it is asked: what it would refuse or send in pieces is
// not asked for.
import { lastTradingDays } from '../domain/calendar.ts';
import { addDays } from '../domain/exchange-time.ts';
import type { BarHours, IntradayStep, IsoDate, ProviderName } from '../domain/types.ts';

/** Tradier keeps timesales for so many days before today. */
const TRADIER_DAYS: Readonly<Record<IntradayStep, Readonly<Record<BarHours, number>>>> = {
  '1min': { regular: 20, all: 10 },
  '5min': { regular: 40, all: 18 },
  '15min': { regular: 40, all: 18 },
};
/** Polygon's page counts 50,000 minutes that it reads, 960 a session with its early and late hours. */
const POLYGON_SESSIONS = 52;

/** The first date that one request brings bars of, for a range that ends on `to`. */
export function intradayStart(
  provider: ProviderName,
  step: IntradayStep,
  hours: BarHours,
  { today, to }: { today: IsoDate; to: IsoDate },
): IsoDate {
  if (provider === 'polygon') return lastTradingDays(POLYGON_SESSIONS, to)[0] ?? to;
  return addDays(today, -TRADIER_DAYS[step][hours]);
}

export function describeReach(provider: ProviderName, step: IntradayStep, hours: BarHours): string {
  return provider === 'polygon'
    ? `returns ${POLYGON_SESSIONS} sessions per request`
    : `keeps ${step} bars for ${TRADIER_DAYS[step][hours]} days`;
}
