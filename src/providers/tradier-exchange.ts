// Hides Tradier's clock and calendar: times of day without a date, in the exchange's time, and days without hours.
import * as z from 'zod/mini';
import { sessionTimes } from '../domain/calendar.ts';
import { exchangeDateOf, exchangeInstant } from '../domain/exchange-time.ts';
import { present } from '../domain/present.ts';
import type { EpochMs, IsoDate, MarketClock, Session } from '../domain/types.ts';
import type { Lost } from './provider.ts';
import { dateIn, readRows, refuseIfNoneIsReadable } from './rows.ts';
import {
  asArray,
  badPayload,
  fieldOf,
  instantOf,
  once,
  parseWire,
  rootOf,
  sortByDate,
  type WireSource,
} from './wire.ts';
import { createFieldSchemas } from './wire-fields.ts';

/** One calendar day of the exchange as Tradier tells it. Times are `HH:MM` exchange time. */
export interface TradierDay {
  date: IsoDate;
  open: boolean;
  description?: string;
  regular?: { start: string; end: string };
}

function buildSchemas() {
  const { number, text, optionalText, date } = createFieldSchemas();
  const hours = z.object({ start: text, end: text });
  return {
    clock: z.object({
      description: optionalText,
      state: z.literal(['premarket', 'open', 'postmarket', 'closed']),
      timestamp: number,
      next_change: optionalText,
      next_state: optionalText,
    }),
    calendarDay: z.object({
      date,
      status: z.literal(['open', 'closed']),
      description: optionalText,
      open: z.optional(z.nullable(hours)),
    }),
  };
}

/** The clock and the calendar. */
export function createTradierExchange() {
  const schemas = once(buildSchemas);
  return {
    /** `{clock: {state, timestamp (s), next_change "HH:MM" exchange time, next_state}}`. */
    parseClock(body: unknown, source: WireSource): { value: MarketClock; lost: Lost[] } {
      const clock = parseWire(schemas().clock, rootOf(body, 'clock', source), source, 'clock');
      const at = instantOf(clock.timestamp * 1000);
      if (at === undefined)
        throw badPayload(source, 'clock.timestamp is not a time in seconds', { field: 'clock.timestamp' });
      const { next_change: time, next_state: next } = clock;
      const value = present({
        state: SESSION_OF_STATE[clock.state],
        description: clock.description,
        at,
        nextChange: nextChangeOf(at, time, next),
      });
      const isGarbled = time !== undefined && minutesOfDay(time) === undefined;
      const message = `next change from the exchange calendar: ${source.label} ${source.endpoint} says "${time ?? ''}", which is not a time of day`;
      return { value, lost: isGarbled ? [{ message, isNote: true }] : [] };
    },

    /** `{calendar: {days: {day}}}`; closed days have no hours. */
    parseCalendar(body: unknown, source: WireSource): TradierDay[] {
      const root = rootOf(body, 'calendar', source);
      const days = asArray(fieldOf(fieldOf(root, 'days'), 'day'));
      const read = readRows(schemas().calendarDay, days, source, 'calendar.days.day', (value) => ({
        date: dateIn(fieldOf(value, 'date')),
      }));
      refuseIfNoneIsReadable(read);
      return sortByDate(
        read.rows.map((row) =>
          present({
            date: row.date,
            open: row.status === 'open',
            description: row.description,
            regular: row.open ?? undefined,
          }),
        ),
      );
    },
  };
}

const SESSION_OF_STATE: Record<'premarket' | 'open' | 'postmarket' | 'closed', Session> = {
  premarket: 'pre',
  open: 'regular',
  postmarket: 'post',
  closed: 'closed',
};

/**
 * `next_change` is a time of day without a date. It is today's only when today is a trading day and the time is still
 * to come; otherwise it belongs to a day that Tradier does not name, and the calendar knows better.
 */
function nextChangeOf(at: EpochMs, time: string | undefined, state: string | undefined): MarketClock['nextChange'] {
  const minutes = minutesOfDay(time);
  const today = exchangeDateOf(at);
  if (minutes === undefined || !isState(state) || sessionTimes(today) === undefined) return undefined;
  const changeAt = exchangeInstant(today, minutes);
  return changeAt > at ? { state: SESSION_OF_STATE[state], at: changeAt } : undefined;
}

/** `HH:MM`; undefined for what is no time of day. */
export function minutesOfDay(text: string | undefined): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text ?? '') ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}

function isState(state: string | undefined): state is keyof typeof SESSION_OF_STATE {
  return state !== undefined && Object.hasOwn(SESSION_OF_STATE, state);
}
