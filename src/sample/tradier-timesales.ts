// Tradier's bars of minutes: kept for some weeks, times of the exchange without an offset beside seconds since the epoch.
// An older start is refused in plain text, as the real service does.
import { addDays, exchangeDateOf, exchangeInstant, formatExchangeIso, isValidDate } from '../domain/exchange-time.ts';
import { barsWithin } from '../domain/intraday-bars.ts';
import { tradingDaysBetween } from '../domain/calendar.ts';
import type { EpochMs, IntradayBar } from '../domain/types.ts';
import { widenMinutes } from './minutes.ts';
import { fromWireSymbol, invalidParameter, listUnder } from './tradier-replies.ts';
import { round } from './wire.ts';
import type { ExchangeReply, WireRequest } from './wire.ts';

const DAYS_KEPT = { '1min': { open: 20, all: 10 }, '5min': { open: 40, all: 18 }, '15min': { open: 40, all: 18 } };
const MINUTES_OF = { '1min': 1, '5min': 5, '15min': 15 };
const TIME_RULE = 'must be a time in the format YYYY-MM-DD HH:MM';

export function answerTimesales({ market, clock, params }: WireRequest): ExchangeReply {
  const symbol = params.get('symbol');
  if (symbol === null || symbol === '') return invalidParameter('symbol', 'is required');
  // Ticks, which the real service keeps for five days, are not in the sample market.
  const interval = params.get('interval') ?? '1min';
  if (interval !== '1min' && interval !== '5min' && interval !== '15min')
    return invalidParameter('interval', 'must be 1min, 5min or 15min');
  const hours = params.get('session_filter') ?? 'all';
  if (hours !== 'open' && hours !== 'all') return invalidParameter('session_filter', 'must be open or all');
  const today = exchangeDateOf(clock.now());
  const start = readMoment(params.get('start') ?? `${today} 00:00`);
  const end = readMoment(params.get('end') ?? `${today} 23:59`);
  if (start === undefined) return invalidParameter('start', TIME_RULE);
  if (end === undefined) return invalidParameter('end', TIME_RULE);
  const earliest = addDays(today, -DAYS_KEPT[interval][hours]);
  if (exchangeDateOf(start) < earliest) return invalidParameter('start', `must be on or after ${earliest}`);
  const ticker = fromWireSymbol(symbol);
  const minutes = tradingDaysBetween(exchangeDateOf(start), exchangeDateOf(end)).flatMap((date) =>
    market.minuteBars(ticker, date),
  );
  const own = barsWithin(minutes, hours === 'open' ? 'regular' : 'all');
  const bars = widenMinutes(own, MINUTES_OF[interval]).filter(({ at }) => at >= start && at <= end);
  return listUnder('series', 'data', bars.map(toRow));
}

/** `2026-11-19 09:30`, also with a `T`, or a date alone. */
function readMoment(text: string): EpochMs | undefined {
  const [, date = '', hours = '0', minutes = '0'] = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d):(\d\d))?$/.exec(text) ?? [];
  if (!isValidDate(date) || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return exchangeInstant(date, Number(hours) * 60 + Number(minutes));
}

function toRow({ at, open, high, low, close, volume, vwap }: IntradayBar): object {
  return {
    time: formatExchangeIso(at).slice(0, 19),
    timestamp: at / 1000,
    price: round((high + low) / 2, 4),
    open,
    high,
    low,
    close,
    volume,
    vwap: vwap ?? round((high + low + close) / 3, 4),
  };
}
