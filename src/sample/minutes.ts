// Minutes of a session of the sample market: before the open from the close before it to the open, then along the
// session's path. Open, high, low, close and volume of the regular minutes add up to the day's bar.
import type { SessionTimes } from '../domain/calendar.ts';
import { exchangeMinutesOf } from '../domain/exchange-time.ts';
import { mergeWindows } from '../domain/intraday-bars.ts';
import type { Bar, EpochMs, IntradayBar } from '../domain/types.ts';
import { hashNumbers } from './noise.ts';
import { computePrePrice, createSessionPath, tradedPart } from './session-path.ts';

const MINUTE_MS = 60_000;
const PRE_SALT = 51;

interface SessionInputs {
  /** The complete bar. */
  bar: Bar;
  times: SessionTimes;
  seed: number;
  previousClose: number | undefined;
  now: EpochMs;
}

/** Of every minute that has begun and traded, the running one as far as it has come. */
export function minutesOfSession(inputs: SessionInputs): IntradayBar[] {
  return [...preMinutes(inputs), ...regularMinutes(inputs)];
}

/** In one minute of three nobody trades; an index rests. */
function preMinutes({ bar, times, seed, previousClose, now }: SessionInputs): IntradayBar[] {
  if (previousClose === undefined || bar.volume === 0) return [];
  const length = (times.open - times.preOpen) / MINUTE_MS;
  const elapsed = Math.min(length, (now - times.preOpen) / MINUTE_MS);
  const bars: IntradayBar[] = [];
  for (let minute = 0; minute < elapsed; minute += 1) {
    const hash = hashNumbers(seed, PRE_SALT, minute);
    if (hash % 3 === 0) continue;
    const priceAt = (at: number): number => computePrePrice(previousClose, bar.open, seed, at / length);
    const volume = 1 + Math.round((bar.volume / 2e6) * ((hash >>> 8) % 200));
    bars.push(
      toBar(
        bar.date,
        times.preOpen + minute * MINUTE_MS,
        priceAt(minute),
        priceAt(Math.min(minute + 1, elapsed)),
        volume,
      ),
    );
  }
  return bars;
}

function regularMinutes({ bar, times, seed, now }: SessionInputs): IntradayBar[] {
  const length = (times.close - times.open) / MINUTE_MS;
  const elapsed = Math.min(length, (now - times.open) / MINUTE_MS);
  const path = createSessionPath(bar, seed, length);
  const tradedBy = (minute: number): number =>
    minute >= length ? bar.volume : Math.floor(bar.volume * tradedPart(minute / length));
  const bars: IntradayBar[] = [];
  let open = bar.open;
  for (let minute = 0; minute < elapsed; minute += 1) {
    const end = Math.min(minute + 1, elapsed);
    const close = path.priceAt(end);
    bars.push(toBar(bar.date, times.open + minute * MINUTE_MS, open, close, tradedBy(end) - tradedBy(minute)));
    open = close;
  }
  return bars;
}

function toBar(date: string, at: EpochMs, open: number, close: number, volume: number): IntradayBar {
  const bar = { date, at, open, high: Math.max(open, close), low: Math.min(open, close), close, volume };
  return volume > 0 ? { ...bar, vwap: Math.round(((open + close) / 2) * 10_000) / 10_000 } : bar;
}

/** Bars of so many minutes of the exchange's clock, counted from midnight, as both wires have them. */
export function widenMinutes(minutes: readonly IntradayBar[], size: number): IntradayBar[] {
  return mergeWindows(minutes, ({ at }) => at - (exchangeMinutesOf(at) % size) * MINUTE_MS);
}
