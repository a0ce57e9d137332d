// What is said of the exchange's calendar: sessions, hours and holidays of the days that a question means.
import { holidayName, isTradingDay, nextTradingDay, sessionTimes } from '../../domain/calendar.ts';
import type { MarketStatusData, SessionDay } from '../../domain/answers.ts';
import { addDays, daysBetween, exchangeDateOf, formatExchangeIso } from '../../domain/exchange-time.ts';
import type { Said } from '../../domain/said.ts';
import { optionCloseOf } from '../../domain/option-sessions.ts';
import type { EpochMs, IsoDate } from '../../domain/types.ts';
import { formatClock, formatDay, formatWait } from '../../render/format.ts';
import { ZONES, calendarDates } from './calendar-dates.ts';
import type { Query } from './query.ts';
import { joinWords } from './sentences.ts';

/** Undefined where nothing was asked beyond the state of now. */
export function sayCalendar(query: Query, data: MarketStatusData, now: EpochMs, state: () => Said): Said {
  const said = sayDays(query, data, now) ?? state();
  const day = data.sessions?.[0]?.date ?? exchangeDateOf(now);
  return query.zone === undefined ? said : [...said, ...sayInZone(query.zone, day)];
}

function sayDays(query: Query, { sessions = [] }: MarketStatusData, now: EpochMs): Said | undefined {
  const [only, ...others] = sessions;
  const hours = sayHours(query, only?.date ?? exchangeDateOf(now), now);
  if (only === undefined || (query.clock === 'now' && others.length === 0)) return hours;
  if (others.length === 0) return hours ?? [sayDay(only, query)];
  const open = sessions.filter(({ state }) => state !== 'closed').length;
  const unusual = sessions.filter(({ state }) => state !== 'open');
  const named = unusual.map(({ date, state, holiday, closes }) =>
    state === 'closed'
      ? `closed ${formatDay(date)}${holiday === undefined ? '' : ` (${holiday})`}`
      : `early close ${formatDay(date)} at ${formatClock(closes ?? '')}`,
  );
  const shown = query.isCount === true && !query.forms.includes('holidays') ? [] : named;
  const today = exchangeDateOf(now);
  const to = sessions.at(-1)?.date ?? only.date;
  const left = open - (only.state === 'closed' ? 0 : 1);
  if (query.isCount === true && only.date === today)
    return [
      `${String(open)} trading days from today to ${formatDay(to)}, ${String(left)} of them after today; ${String(daysBetween(today, to))} calendar days${shown.length === 0 ? '' : `; ${joinWords(shown)}`}.`,
    ];
  return [
    `${String(open)} trading days from ${formatDay(only.date)} to ${formatDay(to)}${shown.length === 0 ? '' : `; ${joinWords(shown)}`}.`,
  ];
}

/** The hours of a day, or of the next one that trades: those that the state of the market leaves open. */
function sayHours({ clock, symbols }: Query, day: IsoDate, now: EpochMs): Said | undefined {
  if (clock === undefined || clock === 'now' || clock === 'reopen') return undefined;
  const date = isTradingDay(day) ? day : nextTradingDay(day);
  const times = sessionTimes(date);
  if (times === undefined) return undefined;
  const at = (ms: EpochMs): string => formatClock(formatExchangeIso(ms));
  const lead = day === date ? 'On' : `No session on ${formatDay(day)}; on`;
  const { preOpen, open, close, postEnd, isHalfDay } = times;
  if (clock === 'open') {
    const next = open > now ? open : (sessionTimes(nextTradingDay(date))?.open ?? open);
    return [`The US market opens at ${at(next)} on ${formatDay(exchangeDateOf(next))}, in ${formatWait(next - now)}.`];
  }
  const regular = `the US market is open from ${at(open)} to ${at(close)}${isHalfDay ? ', an early close' : ''}`;
  if (clock === 'hours') return [`${lead} ${formatDay(date)} ${regular}.`];
  if (clock === 'extended')
    return [
      `${lead} ${formatDay(date)} pre-market trading is from ${at(preOpen)} to ${at(open)}, after-hours trading from ${at(close)} to ${at(postEnd)}.`,
    ];
  const own = symbols.map((each) => `${each} options trade until ${at(optionCloseOf(each, date))}`);
  const all = `options of stocks trade until ${at(close)}, of indices and broad funds until ${at(optionCloseOf('SPY', date))}`;
  return [`${lead} ${formatDay(date)} ${joinWords(own.length === 0 ? [all] : own)}.`];
}

const MOST_NAMED = 8;

/** The days of a span on which the market is closed or closes early, weekends aside, by the rules of the exchange. */
export function sayHolidays(query: Query, now: EpochMs): Said {
  const [from = '', to = from] = (calendarDates({ ...query, forms: ['holidays'] }, now) ?? exchangeDateOf(now)).split(
    '..',
  );
  const days = Array.from({ length: daysBetween(from, to) + 1 }, (_, index) => addDays(from, index));
  const named = days.flatMap((date) => {
    const holiday = holidayName(date);
    const times = sessionTimes(date);
    if (times === undefined) return holiday === undefined ? [] : [`closed ${formatDay(date)} (${holiday})`];
    return times.isHalfDay ? [`early close ${formatDay(date)} at ${formatClock(formatExchangeIso(times.close))}`] : [];
  });
  if (from === to && named.length === 0)
    return [
      isTradingDay(from) ? `${formatDay(from)} is an ordinary trading day.` : `${formatDay(from)} is no trading day.`,
    ];
  const full = days.filter((date) => sessionTimes(date)?.isHalfDay === false).map(formatDay);
  const whole =
    full.length > 0 && days.length < 8 && query.limit === undefined ? `Full sessions ${joinWords(full)}. ` : '';
  const span = from === to ? '' : ` from ${formatDay(from)} to ${formatDay(to)}`;
  // Of the next holiday the early closes before it.
  const most = query.limit === 1 ? named.findIndex((each) => each.startsWith('closed')) + 1 : query.limit;
  const shown = named.slice(0, most ?? MOST_NAMED);
  return [
    shown.length === 0
      ? `${whole}No holiday and no early close${span}.`
      : `${whole}${shown.length < named.length ? `The next holidays and early closes` : `Holidays and early closes${span}`}: ${joinWords(shown)}.`,
  ];
}

function sayDay({ date, state, holiday, opens = '', closes = '' }: SessionDay, { clock, forms }: Query): string {
  const day = formatDay(date);
  if (state === 'closed')
    return `The US market is closed on ${day}${holiday === undefined ? '' : ` (${holiday})`}; the next session is ${formatDay(nextTradingDay(date))}.`;
  const early = state === 'early_close' ? ', an early close' : forms.includes('holidays') ? ', a full session' : '';
  const is = clock === 'reopen' ? 'next opens' : 'is open';
  return `The US market ${is} on ${day} from ${formatClock(opens)} to ${formatClock(closes)}${early}.`;
}

/** The hours of a day there. */
function sayInZone(zone: string, day: IsoDate): string[] {
  const [, behind = 0] = ZONES.find(([name]) => name === zone) ?? [];
  const times = sessionTimes(day);
  const at = (ms: EpochMs): string => formatClock(formatExchangeIso(ms - behind * 3_600_000)).replace(' ET', '');
  if (times === undefined) return [];
  return [` In ${zone} time it opens at ${at(times.open)} and closes at ${at(times.close)} on ${formatDay(day)}.`];
}
