// Hides what a part of one session's hours is: `today first 30 minutes`, `yesterday 12:00 to 13:00`, `today premarket`.
// A day as ranges name it, then the hours in exchange time.
import { CLOSE_MINUTES, OPEN_MINUTES, lastFinishedSession, runningSession, sessionTimes } from './calendar.ts';
import { type SessionHours, resolveRange } from './date-phrases.ts';
import { UsageError } from './errors.ts';
import { exchangeDateOf, exchangeInstant, exchangeMinutesOf } from './exchange-time.ts';
import { quoteInput } from './symbols.ts';
import type { BarHours, EpochMs, IsoDate } from './types.ts';

const HOURS =
  /^(.*?\S) (?:(by minute|premarket|after hours)|(first|last) (\d{1,3}) minutes|(\d\d):(\d\d)(?: to (?:(\d\d):(\d\d)|close))?)$/;
const MINUTE_MS = 60_000;

export function splitHours(phrase: string): { day: string; hours: string } | undefined {
  const day = HOURS.exec(phrase)?.[1];
  return day === undefined ? undefined : { day, hours: phrase.slice(day.length + 1) };
}

/** Undefined where a phrase names no hours. @throws UsageError for those of several days, or that are to come. */
export function resolveHours(phrase: string, now: EpochMs): SessionHours | undefined {
  const [, day = '', part, edge, count, hour, minute, toHour, toMinute] = HOURS.exec(phrase) ?? [];
  if (day === '') return undefined;
  const date = dateOf(day, phrase, now, part === undefined || part === 'by minute' ? 'regular' : 'all');
  const times = sessionTimes(date);
  if (times === undefined)
    throw new UsageError(`range ${quoteInput(phrase)}: no session on ${date}`, { hint: 'name a trading day' });
  const { preOpen, open, close, postEnd } = times;
  const at = (h = '', m = ''): EpochMs => exchangeInstant(date, Number(h) * 60 + Number(m));
  const span = Number(count) * MINUTE_MS;
  const over = Math.min(now - (now % MINUTE_MS), close);
  const parts: Readonly<Record<string, readonly [EpochMs, EpochMs]>> = {
    'by minute': [open, close],
    premarket: [preOpen, open],
    'after hours': [close, postEnd],
    first: [open, Math.min(open + span, close)],
    last: [Math.max(over - span, open), Math.min(now + 1, close)],
  };
  const [start, end] = parts[part ?? edge ?? ''] ?? [
    at(hour, minute),
    toHour === undefined ? close : at(toHour, toMinute),
  ];
  if (start >= end || start < preOpen || end > postEnd)
    throw new UsageError(`range ${quoteInput(phrase)}: not within the hours of ${date}`, {
      hint: 'the regular session is from 9:30 AM to 4:00 PM ET, on half days to 1:00 PM',
    });
  if (start > now)
    throw new UsageError(`range ${quoteInput(phrase)}: still to come, it is ${clock(now)} ET`, {
      hint: 'ask about hours that have begun, or those of yesterday',
    });
  const isRegular = start >= open && end <= close;
  const shown = Math.min(end, now - (now % MINUTE_MS));
  return { date, start, end, hours: isRegular ? 'regular' : 'all', label: labelOf(start, shown) };
}

/** `today` is the newest session, as quotes have it. */
function dateOf(day: string, phrase: string, now: EpochMs, hours: BarHours): IsoDate {
  const today = exchangeDateOf(now);
  if (day === 'today' && hours === 'all' && now >= (sessionTimes(today)?.preOpen ?? Infinity)) return today;
  if (day === 'today') return runningSession(now) ?? lastFinishedSession(now);
  const { from, to } = resolveRange(day, now);
  if (from !== to) throw new UsageError(`range ${quoteInput(phrase)}: hours of several days`, { hint: 'name one day' });
  return from;
}

function clock(at: EpochMs): string {
  const minutes = exchangeMinutesOf(at);
  const hour = Math.floor(minutes / 60);
  return `${String(hour % 12 === 0 ? 12 : hour % 12)}:${String(minutes % 60).padStart(2, '0')} ${hour < 12 ? 'AM' : 'PM'}`;
}

function labelOf(start: EpochMs, end: EpochMs): string {
  const [from, to] = [clock(start), clock(end)];
  return `${from.endsWith(to.slice(-2)) ? from.slice(0, -3) : from} to ${to} ET`;
}

/** `2026-12-01 10:35` as sentences write it. */
export function sayMoment(moment: string): string | undefined {
  const [, date = '', hour = '', minute = ''] = /^(\S+) (\d\d):(\d\d)$/.exec(moment) ?? [];
  return date === '' ? undefined : `${clock(exchangeInstant(date, Number(hour) * 60 + Number(minute)))} ET`;
}

const SESSION_MINUTES = CLOSE_MINUTES - OPEN_MINUTES;
const minuteOf = (hour?: string, minute?: string): number => Number(hour) * 60 + Number(minute) - OPEN_MINUTES;

/** From and to, in minutes from the open. */
export function minutesOfHours(hours: string): [from: number, to: number] | undefined {
  const [, edge, count, h = '', m = '', toH, toM] =
    /^(?:(first|last) (\d+) minutes|(\d\d):(\d\d)(?: to (\d\d):(\d\d))?)$/.exec(hours) ?? [];
  const n = Number(count);
  const [from, to] =
    edge === 'first'
      ? [0, n]
      : edge === 'last'
        ? [SESSION_MINUTES - n, SESSION_MINUTES]
        : [minuteOf(h, m), toH === undefined ? SESSION_MINUTES : minuteOf(toH, toM)];
  return from >= 0 && from < to && to <= SESSION_MINUTES && from % 5 === 0 && to % 5 === 0 ? [from, to] : undefined;
}
