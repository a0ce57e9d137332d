// Questions about the exchange's calendar: which days a question means, what their sessions say about it, and which dates
// stand beside others.
import {
  lastTradingDays,
  holidayName,
  isTradingDay,
  monthlyExpirationOf,
  nextTradingDay,
  previousTradingDay,
  sessionTimes,
  weeklyExpirationOf,
} from '../../domain/calendar.ts';
import type { MarketStatusData, SessionDay } from '../../domain/answers.ts';
import { parseRangePhrase } from '../../domain/date-grammar.ts';
import { MONTH_NAMES, monthNumber } from '../../domain/date-words.ts';
import { resolveRange } from '../../domain/date-phrases.ts';
import { isFinError } from '../../domain/errors.ts';
import { dayMeant, parseExpirationPhrase } from '../../domain/expirations.ts';
import {
  addDays,
  addMonths,
  addPeriods,
  daysBetween,
  exchangeDateOf,
  formatExchangeIso,
  isValidDate,
  lastDayOfMonth,
  startOfWeek,
  yearOf,
} from '../../domain/exchange-time.ts';
import type { Said } from '../../domain/said.ts';
import { optionCloseOf } from '../../domain/option-sessions.ts';
import type { EpochMs, IsoDate } from '../../domain/types.ts';
import { formatClock, formatDay, formatWait } from '../../render/format.ts';
import { type Query, type Refusal, type Slots, isOneDay, notUnderstood } from './query.ts';
import { joinWords } from './sentences.ts';

const MOST_AHEAD = 400;

/** `2026-12-25` or `2026-12-01..2026-12-31`; undefined where only the state of now is asked for. */
export function calendarDates({ range, expiration, forms, isCount, clock }: Query, now: EpochMs): string | undefined {
  const today = exchangeDateOf(now);
  const named = expiration === undefined ? undefined : expiringOn(expiration, today);
  if (clock === 'reopen')
    return reopeningOn(
      named ?? (range === undefined ? undefined : (spanMeant(range, today) ?? monthNearest(range, today))),
      today,
    );
  // "until the january monthly expiration": a month alone is that of its options.
  const isMonth = range === undefined && named?.includes('..') === true;
  const day = isMonth ? monthlyExpirationOf(yearOf(named), Number(named.slice(5, 7))) : named;
  const span = range === undefined ? undefined : (spanMeant(range, today) ?? monthNearest(range, today));
  // By itself a day of the calendar is the next one.
  const isNext = day !== undefined && (range === undefined || isValidDate(expiration ?? ''));
  if (isNext) return isCount === true && !day.includes('..') ? `${today}..${day}` : day;
  if (span !== undefined) return span;
  if (day !== undefined) return day;
  if (forms.includes('holidays')) return pastOf(range, today) ?? `${today}..${addDays(today, MOST_AHEAD)}`;
  if (isCount !== true)
    return range === undefined || range === 'today' ? undefined : (dayMeant(range, today) ?? pastOf(range, today));
  return pastOf(range, today) ?? `${today}..${String(yearOf(today))}-12-31`;
}

/** The first session of a month or week, the first one after a day. */
function reopeningOn(meant: string | undefined, today: IsoDate): IsoDate {
  const [from = '', to] = (meant ?? today).split('..');
  if (to === undefined) return nextTradingDay(from);
  const first = from <= today ? today : from;
  return first > today && isTradingDay(first) ? first : nextTradingDay(first);
}

/** `in january`, `in october`: the one that is nearer, behind or ahead. */
function monthNearest(range: string, today: IsoDate): string | undefined {
  const month = monthNumber(range.replace(/^(?:(?:in|during|this|next) )+/, ''));
  if (month === undefined) return undefined;
  const away = ((month - Number(today.slice(5, 7)) + 18) % 12) - 6;
  const first = addMonths(`${today.slice(0, 7)}-01`, away);
  return `${first}..${lastDayOfMonth(first.slice(0, 7))}`;
}

/** The days of a phrase that may be to come. */
export function spanMeant(range: string, today: IsoDate): string | undefined {
  const monday = startOfWeek(today);
  if (range === 'today') return undefined;
  if (/^tomorrow|tmrw/.test(range)) return addDays(today, 1);
  if (range === 'yesterday') return addDays(today, -1);
  const [, day] = /^week of (\d{4}-\d\d-\d\d)$/.exec(range) ?? [];
  if (day !== undefined) return `${startOfWeek(day)}..${addDays(startOfWeek(day), 4)}`;
  if (/next week/.test(range)) return `${addDays(monday, 7)}..${addDays(monday, 11)}`;
  if (/this w(?:ee)?k/.test(range)) return `${monday}..${addDays(monday, 4)}`;
  if (/last week/.test(range)) return `${addDays(monday, -7)}..${addDays(monday, -3)}`;
  if (/next month/.test(range)) {
    const first = addDays(lastDayOfMonth(today.slice(0, 7)), 1);
    return `${first}..${lastDayOfMonth(first.slice(0, 7))}`;
  }
  if (/this month|mtd/.test(range)) return `${today.slice(0, 7)}-01..${lastDayOfMonth(today.slice(0, 7))}`;
  if (/this year|ytd/.test(range)) return `${today}..${String(yearOf(today))}-12-31`;
  if (/next year/.test(range)) return `${String(yearOf(today) + 1)}-01-01..${String(yearOf(today) + 1)}-12-31`;
  const [, lead, count = '', unit = '', ahead] =
    /^(?:(next|within|in|over the next|coming) )?(\d+) (day|week|month)s?( from (?:now|today))?$/.exec(range) ?? [];
  if (count !== '' && (lead ?? ahead) !== undefined) {
    const to =
      unit === 'month' ? addMonths(today, Number(count)) : addDays(today, Number(count) * (unit === 'week' ? 7 : 1));
    return ahead === undefined ? `${today}..${to}` : to;
  }
  if (/(?:this|next) quarter/.test(range)) {
    const month = Math.floor((Number(today.slice(5, 7)) - 1) / 3) * 3 + (range.includes('next') ? 3 : 0);
    const first = addMonths(`${today.slice(0, 4)}-01-01`, month);
    return `${first}..${lastDayOfMonth(addMonths(first, 2).slice(0, 7))}`;
  }
  const date = parseRangePhrase(range)?.expression;
  if (date?.kind === 'day' && date.day.kind === 'date') return date.day.date;
  return undefined;
}

const DATE_FIELDS: Readonly<Record<string, string>> = {
  nextEarnings: 'an earnings report',
  lastEarnings: 'an earnings report',
  exDividend: 'an announced ex-dividend day',
  lastExDividend: 'an announced ex-dividend day',
};
/** What else speaks of dates beside them. */
const BESIDE_FORMS = new Set(['expiry', 'expirations', 'events', 'chain']);
const BESIDE_DATES = new Set(['daysToEarnings', 'lastDividend', 'earningsTime', 'dividendAmount']);

/** `does it report before the 18th`, `who goes ex-dividend this week`: a bound of the date of a company. */
export function settleDue(slots: Slots, said: Slots, today: IsoDate): void {
  // "the amount of it": of the dividend whose date is bounded.
  if (slots.fields.join() === 'dividendAmount') slots.fields = ['exDividend', 'dividendAmount'];
  const ofConditions = slots.conditions.flatMap(({ left, right }) => [left, right]);
  const [field, ...more] = slots.fields.filter((name) => !BESIDE_DATES.has(name) && !ofConditions.includes(name));
  const what = DATE_FIELDS[field ?? ''];
  // "before the jan 15 calls expire": of that day, it included.
  const isOfExpiry = slots.due !== undefined && slots.forms.some((form) => /^(?:expir|chain)/.test(form));
  const isOther = slots.forms.some((form) => !BESIDE_FORMS.has(form)) || slots.side !== undefined;
  // "iv rank over 50 and no earnings before the 15th": one condition beside others.
  const beside = slots.conditions.filter(({ left }) => left !== undefined);
  if (field === undefined || what === undefined || more.length > 0 || isOther) return;
  if (isOfExpiry && slots.due === '<') slots.due = '<=';
  const span = daysAhead(slots, today);
  if (span === undefined) return;
  const { from, to } = span;
  const bounds = [from === undefined ? '' : `${field} >= "${from}"`, to === undefined ? '' : `${field} <= "${to}"`];
  const day = formatDay(to ?? addDays(from ?? today, -1));
  const when =
    to === undefined
      ? `after ${day}`
      : slots.due !== undefined
        ? `by ${day}`
        : from === undefined || from === to
          ? `on ${day}`
          : `from ${formatDay(from)} to ${day}`;
  // "earnings this quarter": of a span that has begun what was reported counts as well.
  const isBegun =
    field === 'nextEarnings' && slots.due === undefined && from !== undefined && from < startOfWeek(today);
  // A date that nobody has announced is none.
  const isNone = slots.isWithout === true && to !== undefined;
  const both = `lastEarnings >= "${from ?? ''}" or nextEarnings <= "${to ?? ''}"`;
  if (isBegun) slots.fields = ['lastEarnings', ...slots.fields];
  slots.forms = [];
  for (const each of [slots, said]) {
    delete each.range;
    delete each.expiration;
    delete each.due;
    delete each.isWithout;
    const expression = isNone ? `${field} > "${to}"` : isBegun ? both : bounds.filter(Boolean).join(' and ');
    each.conditions = [...beside, { expression, word: `${isNone ? `no ${what.replace(/^an /, '')}` : what} ${when}` }];
  }
}

/** Of dividends and earnings: dates to come stand in the list, paid is what went before. */
export function refuseSpan(slots: Slots, own: Slots): Refusal | undefined {
  const { range = '' } = slots;
  if (/\b(?:[6-9]|\d\d+) years$/.test(range)) return notUnderstood(`"${range}" of dividends and earnings`);
  if (!isOneDay(slots.range)) return undefined;
  // "does it pay before christmas"
  if (own.isYesNo !== true) return notUnderstood(`"${range}" together with dividends and earnings`);
  delete slots.range;
  return undefined;
}

/** The days that a phrase means for what is to come, with what bounds it. */
function daysAhead(
  { fields, range, expiration, due }: Slots,
  today: IsoDate,
): { from?: IsoDate; to?: IsoDate } | undefined {
  const [, end] = /^today (?:to|through) (.+)$/.exec(range ?? '') ?? [];
  const last = end === undefined ? undefined : pastOf(end, today);
  if (last !== undefined) return { from: today, to: ahead(last, today).split('..').at(-1) ?? today };
  const meant = expiration === undefined ? undefined : expiringOn(expiration, today);
  const months = monthNumber(range) === undefined ? undefined : dayMeant(range ?? '', today);
  const phrase = meant ?? months ?? (range === undefined ? undefined : spanMeant(range, today)) ?? pastOf(range, today);
  if (phrase === undefined) return undefined;
  const isYearSaid = /\b(?:20\d\d|last|ago|yesterday|past)\b/.test(range ?? '') && !/^\d{4}-/.test(range ?? '');
  const isOfPast = isYearSaid || fields.some((name) => name.startsWith('last'));
  const [from = '', to = from] = (isOfPast ? phrase : ahead(phrase, today)).split('..');
  if (due === undefined) return { from, to };
  if (due === '>') return { from: addDays(to, 1) };
  return { from: today, to: due === '<' ? addDays(from, -1) : to };
}

/** `between now and dec 18`: of what is to come, where a year that was not said is read as the last. */
function ahead(phrase: string, today: IsoDate): string {
  const [from = '', to = from] = phrase.split('..');
  if (to >= today) return phrase;
  return [...new Set([from, to])].map((day) => `${String(yearOf(day) + 1)}${day.slice(4)}`).join('..');
}

function expiringOn(phrase: string, today: IsoDate): string | undefined {
  const expression = parseExpirationPhrase(phrase)?.expression;
  if (expression?.kind === 'today') return today;
  if (expression?.kind !== 'listed') return dayMeant(phrase, today);
  if (expression.as === 'weekly') return weeklyExpirationOf(today);
  const month = (away: number): IsoDate => {
    const day = addMonths(`${today.slice(0, 7)}-01`, away);
    return monthlyExpirationOf(yearOf(day), Number(day.slice(5, 7)));
  };
  return month(0) < today ? month(1) : month(0);
}

/** Undefined where the phrase cannot be resolved. */
function pastOf(range: string | undefined, today: IsoDate): string | undefined {
  if (range === undefined || parseRangePhrase(range) === undefined) return undefined;
  try {
    const { from, to } = resolveRange(range, Date.parse(`${today}T17:00:00Z`));
    return `${from}..${to}`;
  } catch (error) {
    if (isFinError(error)) return undefined;
    throw error;
  }
}

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

const REOPENS =
  /\bre-?opens?\b|\b(?:bells?|open|opens|trading) (?:\w+ ){0,2}(?:again|back up)\b|\bback (?:open|to trading|in session)\b/i;
const CLOCKS: readonly (readonly [asked: NonNullable<Slots['clock']>, words: RegExp])[] = [
  ['reopen', REOPENS],
  ['options', /\boptions? .*\b(?:stop|trad|close|end)|\b(?:stop|trad|close|end)\w* .*\boptions?\b/i],
  ['extended', /\b(?:after[- ]?(?:market )?hours|pre[- ]?market|extended)\b/i],
  ['open', /\b(?:how|time|hours|minutes)\b.*\b(?:until|till?|to|before) (?:the )?(?:market |next )?open/i],
  ['now', /\btime (?:is it|in n(?:y|ew york)|rn|now)\b|\b(?:current|exchange|ny|new york) time\b|\btime\?*$/i],
  ['hours', /\b(?:when|what time)\b.*\b(?:open|starts?|begins?)|(?<!many )\bhours\b(?! (?:un)?til|to|left|before)/i],
];
/** What of the day's clock is asked for, beside its state. */
export const clockAsked = (question: string): Slots['clock'] => CLOCKS.find(([, words]) => words.test(question))?.[0];

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

/** A span of a week at most, of which every day is told. */
export function daysOfWeek(query: Query, now: EpochMs): string | undefined {
  const dates = calendarDates(query, now);
  const [from = '', to = from] = dates?.split('..') ?? [];
  return daysBetween(from, to) < 7 ? dates : undefined;
}

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

/** How many hours they are behind the exchange, all the year. */
const ZONES = [
  ['Central', 1, /\b(?:central|ct|cst|cdt|texas|chicago|dallas|houston|austin)\b/i],
  ['Mountain', 2, /\b(?:mountain|mst|mdt|denver|colorado|utah)\b/i],
  ['Pacific', 3, /\b(?:pacific|pst|pdt|california|la time|seattle|vegas|west coast)\b/i],
] as const;

/** The zone in which times are asked for, beside the exchange's own. */
export const zoneAsked = (question: string): string | undefined =>
  ZONES.find(([, , words]) => words.test(question))?.[0];

/** The hours of a day there. */
function sayInZone(zone: string, day: IsoDate): string[] {
  const [, behind = 0] = ZONES.find(([name]) => name === zone) ?? [];
  const times = sessionTimes(day);
  const at = (ms: EpochMs): string => formatClock(formatExchangeIso(ms - behind * 3_600_000)).replace(' ET', '');
  if (times === undefined) return [];
  return [` In ${zone} time it opens at ${at(times.open)} and closes at ${at(times.close)} on ${formatDay(day)}.`];
}

const NONE = /\b(?:no|without|not) (?:any |an? )?(?:earnings|reports?|er|ex[- ]div\w*|dividends?|reporting)\b/i;
const EVENT_KINDS = [
  ['dividends', /divid|\bdivv?[iys]?\b|payout|distribution|\bpa(?:ys?|id|ying)\b|\bex\b/i],
  ['splits', /\bsplit/i],
  ['earnings', /\bearning|\breport|\ber\b|\bbmo\b|\bamc\b|\bprints?\b/i],
] as const;
const OF_GROWTH = /\b(?:rais|increas|hik|grow|grew|boost|lift|cut)/i;

/** Which of the events are asked for, and whether it is how the dividend grew. */
export function settleEvents(part: Slots, question: string): void {
  if (part.forms.includes('news')) settleNews(part, question);
  const isOfDate = part.fields.some((name) => DATE_FIELDS[name] !== undefined);
  if (isOfDate && NONE.test(question)) part.isWithout = true;
  if (!part.forms.includes('events')) return;
  const [kind, ...more] = EVENT_KINDS.filter(([, words]) => words.test(question));
  if (kind !== undefined && more.length === 0) [part.ofEvents] = kind;
  // "how much cash did it throw off"
  delete part.ofStrategy;
  if (part.ofEvents !== 'dividends' || !OF_GROWTH.test(question)) return;
  part.isRaise = true;
  // "raised it every year"
  delete part.interval;
  delete part.isEach;
}

/** `headlines this morning`, `since yesterday's close`: of those days alone. */
function settleNews(part: Slots, question: string): void {
  if (/\b(?:this (?:am|morning)|overnight)\b/i.test(question)) part.range ??= 'today';
  if (/\b(?:those|these|that|same) (?:dates?|days?|sessions?)\b/i.test(question)) part.isDays = true;
  if ([...part.fields, part.base].join('') !== 'close' || part.range === undefined) return;
  part.fields = [];
  part.isAfterClose = true;
  delete part.base;
}

export { holidayName, isTradingDay, sessionTimes };

/** `the day before`, `week after`, `the one after`: counted from the range or expiration that stands before it. */
export function stepFrom(
  from: Partial<Slots> & { form?: string },
  step: NonNullable<Slots['step']>,
  now: EpochMs,
  isOfOptions: boolean,
): Partial<Slots> | undefined {
  const { range, expiration, forms = [], form = '' } = from;
  // "is it open on new year's day, and the day before": days of the calendar, to come as well.
  const day = /^(?:market|holidays)$/.test(forms.join() || form) ? (expiration ?? range ?? '') : '';
  if (/^(?:day|same)$/.test(step.unit) && isValidDate(day)) return { expiration: addDays(day, step.by) };
  const isOfDates = range === undefined && (expiration !== undefined || isOfOptions);
  if (isOfDates && step.unit !== 'day') {
    const date = expirationBeside(expiration ?? 'nearest', step, exchangeDateOf(now));
    return date === undefined ? undefined : { expiration: date };
  }
  const stepped = rangeBeside(range, step, now);
  return stepped === undefined ? undefined : { range: stepped };
}

/** The same day of the next week, or the next month's. */
function expirationBeside(
  phrase: string,
  { unit, by }: NonNullable<Slots['step']>,
  today: IsoDate,
): string | undefined {
  const expression = parseExpirationPhrase(phrase)?.expression;
  if (expression === undefined || phrase.includes(',')) return undefined;
  const isMonth =
    unit === 'month' || (unit !== 'week' && unit !== 'weekday' && /^(?:month|listed)$/.test(expression.kind));
  const friday = addDays(startOfWeek(today), 4);
  const month = expression.kind === 'month' ? expression.month : Number(today.slice(5, 7));
  const isOfMonth = expression.kind === 'month' || (expression.kind === 'listed' && expression.as === 'monthly');
  if (isOfMonth && isMonth) return MONTH_NAMES[(month - 1 + by + 12) % 12];
  const year = yearOf(today) + (month < Number(today.slice(5, 7)) ? 1 : 0);
  const base = isOfMonth
    ? monthlyExpirationOf(expression.kind === 'month' ? (expression.year ?? year) : year, month)
    : expression.kind === 'date'
      ? expression.date
      : expression.kind === 'weekday'
        ? addDays(startOfWeek(today), expression.weekday - 1 + (expression.week === 'next' ? 7 : 0))
        : expression.kind === 'nearest' || (expression.kind === 'listed' && expression.as === 'weekly')
          ? friday
          : undefined;
  if (base === undefined) return undefined;
  const later = addMonths(base, by);
  const isMonthly = base === monthlyExpirationOf(yearOf(base), Number(base.slice(5, 7)));
  const ofMonth = isMonthly ? monthlyExpirationOf(yearOf(later), Number(later.slice(5, 7))) : later;
  const moved = isMonth ? ofMonth : addDays(base, 7 * by);
  return moved < today ? undefined : isTradingDay(moved) ? moved : previousTradingDay(moved);
}

function rangeBeside(
  range: string | undefined,
  { unit, by }: NonNullable<Slots['step']>,
  now: EpochMs,
): string | undefined {
  const today = exchangeDateOf(now);
  const upToToday = (first: IsoDate, last: IsoDate): string | undefined =>
    first > today ? undefined : first === last ? first : `${first} to ${last > today ? today : last}`;
  try {
    const { from, to } =
      range === undefined || range === 'today' ? { from: today, to: today } : resolveRange(range, now);
    const days = daysBetween(from, to);
    const isWeekday =
      unit === 'weekday' ||
      (unit === 'same' && days === 0 && parseExpirationPhrase(range ?? '')?.expression.kind === 'weekday');
    if (isWeekday && days === 0) return upToToday(addDays(from, 7 * by), addDays(from, 7 * by));
    if (unit === 'weekday') return undefined;
    // "the last 3 months vs the 3 months before": as long, up to the day before.
    const rolling = parseRangePhrase(range ?? '')?.expression;
    if (unit === 'same' && by < 0 && rolling?.kind === 'rolling')
      return upToToday(addPeriods(from, -rolling.count, rolling.unit), addDays(from, -1));
    if (unit === 'same' && by < 0 && rolling?.kind === 'sessions' && rolling.count > 1) {
      const end = previousTradingDay(from);
      return upToToday(lastTradingDays(rolling.count, end)[0] ?? end, end);
    }
    const own =
      unit !== 'same'
        ? unit
        : days === 0
          ? 'day'
          : days < 7
            ? 'week'
            : days < 31
              ? 'month'
              : days < 93
                ? 'quarter'
                : 'year';
    if (own === 'day') return by < 0 ? previousTradingDay(from) : nextTradingDay(to);
    if (own === 'week') return upToToday(addDays(startOfWeek(from), 7 * by), addDays(startOfWeek(from), 7 * by + 4));
    const months = own === 'month' ? 1 : own === 'quarter' ? 3 : 12;
    // The same part of the year before: "ytd vs last ytd".
    const start =
      own === 'span'
        ? addMonths(from, 12 * by)
        : addMonths(own === 'year' ? `${from.slice(0, 4)}-01-01` : `${from.slice(0, 7)}-01`, months * by);
    return own === 'span'
      ? upToToday(start, addMonths(to, 12 * by))
      : upToToday(start, addDays(addMonths(start, months), -1));
  } catch (error) {
    if (isFinError(error)) return undefined;
    throw error;
  }
}
