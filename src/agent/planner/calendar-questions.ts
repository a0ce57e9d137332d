// What a question asks of the calendar where no share is meant: trading days until a day, when options expire, the days around
// a holiday. Only the words of the whole question tell it apart from one about a symbol.
import { weeklyExpirationOf } from '../../domain/calendar.ts';
import { MONTH_NAMES, WEEKDAY_NAMES, countOf, monthNumber } from '../../domain/date-words.ts';
import { addDays, daysBetween, isValidDate, startOfWeek, yearOf } from '../../domain/exchange-time.ts';
import type { IsoDate } from '../../domain/types.ts';
import { clockAsked, settleEvents, zoneAsked } from './calendar-dates.ts';
import type { Background } from './pointing.ts';
import { type Query, type Slots, hasContent, names } from './query.ts';

/** A part that may be of the calendar, the question that it is of, and what was asked before. */
interface OfCalendar {
  part: Slots;
  question: string;
  today: IsoDate;
  last: Query | undefined;
  /** The day of the calendar that was asked before. */
  day: IsoDate | undefined;
  /** No share is meant. */
  isBare: boolean;
}

/** Of the calendar, as nothing of a share is meant: an expiration of nothing, "how many trading days to jan opex". */
export function settleWithoutSymbol(
  part: Slots,
  question: string,
  { symbolSets, last }: Background,
  today: IsoDate,
): void {
  const before = last?.form === 'market' || last?.form === 'holidays' ? (last.expiration ?? '') : '';
  const day = isValidDate(before) ? before : undefined;
  const of = { part, question, today, last, day, isBare: part.symbols.length === 0 && symbolSets.length === 0 };
  untilHoliday(of);
  sameWeek(of);
  thatWeek(of);
  untilThen(of);
  if (countsDays(of)) return;
  settleOpex(of);
  countsToExpiry(of);
  if (part.forms.includes('expiry') && of.isBare && !part.forms.includes('positions'))
    settleExpiryOfNothing(part, question, today);
  const isCount = part.symbols.length === 0 && part.isCount === true && !hasContent(part);
  if (isCount && /\b(?:trading days|sessions)\b/i.test(question)) part.forms = ['market'];
}

/** `half days before christmas`: of all days until then. */
function untilHoliday({ part, question, today }: OfCalendar): void {
  const until = part.forms.includes('holidays') && UNTIL.test(question) ? (part.expiration ?? '') : '';
  if (!isValidDate(until) || until <= today) return;
  part.range = `next ${String(daysBetween(today, until))} days`;
  delete part.expiration;
}

const isOfDay = ({ forms }: Slots): boolean => forms.some((form) => OF_DAYS.has(form));

/** `market hours christmas eve, and is it open friday`: of the same week. */
function sameWeek({ part, day }: OfCalendar): void {
  const weekday = WEEKDAY_NAMES.indexOf(part.expiration ?? '');
  if (weekday <= 0 || day === undefined || !isOfDay(part)) return;
  const own = addDays(startOfWeek(day), weekday - 1);
  part.expiration = own < day && part.samePeriod === undefined ? addDays(own, 7) : own;
  delete part.samePeriod;
}

/** `what day do weeklies expire that week`, of a day of the calendar. */
function thatWeek({ part, day }: OfCalendar): void {
  if (part.samePeriod !== 'period' || day === undefined || !isOfDay(part)) return;
  delete part.samePeriod;
  part.expiration = weeklyExpirationOf(day);
}

/** `how many sessions till then`, of an expiration that was named. */
function untilThen({ part, question, last }: OfCalendar): void {
  if (part.samePeriod !== 'day' || last?.expiration === undefined || !COUNTED.test(question)) return;
  part.expiration = last.expiration;
  delete part.samePeriod;
}

const isOfDays = (part: Slots): boolean =>
  names(part, 'range', 'expiration') && part.forms.every((form) => form === 'holidays' || OF_DAYS.has(form));

/** A day without a share, and no holiday of its own. */
const isDated = ({ part, isBare }: OfCalendar): boolean => isBare && isOfDays(part) && !part.forms.includes('holidays');

/** `trading days till opex`: those of the calendar, whatever expires. */
function countsDays(of: OfCalendar): boolean {
  const { part, question, today, isBare } = of;
  const isHoliday = part.forms.includes('holidays');
  const isOfNothing =
    isBare || (part.symbols.length === 0 && part.pronoun === undefined && !hasContent({ ...part, forms: [] }));
  if (!isOfDays(part) || !isOfNothing || !UNTIL.test(question)) return false;
  const isCounted = COUNTED.test(question) && (!isHoliday || /\bhow many (?:\w+ )?(?:days|sessions)\b/i.test(question));
  if (!isCounted && !(isDated(of) && /\bhow long\b/i.test(question) && !OPEX.test(question))) return false;
  Object.assign(part, { forms: isHoliday ? ['market', 'holidays'] : ['market'], isCount: true });
  if (part.range === String(yearOf(today))) part.range = 'this year';
  return true;
}

/** `opex in january`: a day, no list of them. */
function settleOpex(of: OfCalendar): void {
  const { part, question } = of;
  if (!isDated(of) || !OPEX.test(question)) return;
  const isOfMonth = part.expiration === 'monthly' && part.range !== undefined && !hasContent(part);
  if (isOfMonth || part.forms.at(-1) === 'expirations') part.forms = ['expiry'];
}

/** `how many days till the December options expire`: when that is. */
function countsToExpiry({ part, question }: OfCalendar): void {
  const isCount = part.forms.join() === 'expirations' && part.isCount === true;
  if (!isCount || !/\bhow many days\b/i.test(question)) return;
  part.forms = ['expiry'];
  delete part.isCount;
}

/** What of the calendar only the words of the question tell: the clock, days around a holiday, the next one. */
export function settleCalendar(part: Slots, question: string): void {
  const clock = part.forms.includes('market') && part.isCount !== true ? clockAsked(question) : undefined;
  if (clock !== undefined) part.clock = clock;
  const zone = part.forms.includes('market') ? zoneAsked(question) : undefined;
  if (zone !== undefined) part.zone = zone;
  if (part.forms.includes('expirations')) settleListing(part, question);
  settleEvents(part, question);
  // "did it already report this quarter": the date of the report, within those days.
  const isOfReport = /\breported\b|\b(?:earnings|report) .*\balready\b|\balready (?:report|happen)/i.test(question);
  if (isOfReport && part.forms.join() === 'events' && part.range !== undefined)
    Object.assign(part, { fields: ['lastEarnings'], forms: [] });
  if (!part.forms.includes('holidays')) return;
  if (/\b(?:around|near)\b/i.test(question) && isValidDate(part.expiration ?? '')) {
    part.range = `week of ${part.expiration ?? ''}`;
    delete part.expiration;
  }
  if (!names(part, 'range', 'expiration') && /\bnext (?:\w+ ){0,2}holiday\b/i.test(question)) part.limit ??= 1;
}

/** `monthlies of the next 6 months`, `only fridays`: the list, of so many days. */
function settleListing(part: Slots, question: string): void {
  const [, count, unit = ''] =
    /\b(?:next|coming|within|over the) (?:the )?(\d+|two|three|four|five|six) (day|week|month)s\b/i.exec(question) ??
    [];
  if (count === undefined) return;
  part.within = (countOf(count.toLowerCase()) ?? 0) * ({ week: 7, month: 31 }[unit.toLowerCase()] ?? 1);
  delete part.range;
  if (/\bmonthl/i.test(question)) part.expiration = 'monthly';
  else delete part.expiration;
}

const OF_DAYS = new Set(['market', 'expiry', 'expirations']);
const COUNTED = /\b(?:trad\w*|market|business|0dte) days?\b|\bsessions?\b|\btds?\b/i;
const UNTIL = /\b(?:between (?:now|today)|until|till?|to|left|remain\w*|before)\b/i;

const OPEX =
  /\b(?:monthly |next )?(?:opex|opx|(?:next )?(?:quad|quadruple|triple) witching(?: day| friday)?|(?:monthly |options? )expirations?|expiry|(?:monthly )?options? expires?|monthl(?:y|ies) expires?|(?<=(?:\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*) )(?:exp|expiration))\b/i;

/** "when is the monthly opex": SPY's is everybody's. "when is thanksgiving" is no expiration of anything. */
function settleExpiryOfNothing(part: Slots, question: string, today: IsoDate): void {
  const [opex] = OPEX.exec(question) ?? [];
  const isCounted =
    /\bhow many (?!(?:calendar )?days (?:(?:are |do we have )?(?:left|remaining) )?(?:un|to|til))/i.test(question);
  const [, month] = /^(?:in |this )?([a-z]+)$/.exec(part.range ?? '') ?? [];
  const named = month === 'month' ? Number(today.slice(5, 7)) : monthNumber(month);
  if (opex !== undefined && named !== undefined) {
    part.expiration = `${MONTH_NAMES[named - 1] ?? ''} monthly`;
    delete part.range;
  }
  if (opex !== undefined && !isCounted && part.expiration !== undefined && part.range === undefined) {
    part.symbols = ['SPY'];
    part.corrected = [...(part.corrected ?? []), `${opex} as that of SPY`];
  } else if (part.forms.includes('holidays')) part.forms = ['holidays'];
  else if (!/\bdte\b/i.test(question)) {
    part.forms = ['market'];
    if (part.expiration !== undefined && /\b(?:days|weeks|long)\b/i.test(question)) part.isCount = true;
  }
}
