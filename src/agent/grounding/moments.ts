// Dates, times and spans that a text names, against those of the data: "in 3 weeks", "until 5:00 PM", "Dec 19".
import { holidayName, isTradingDay } from '../../domain/calendar.ts';
import { addDays, exchangeMinutesOf, daysBetween, weekdayOf } from '../../domain/exchange-time.ts';
import type { IsoDate } from '../../domain/types.ts';
import type { Fact, FactBase } from './facts.ts';
import type { DateMention } from './mentions.ts';
import { findDates, isDay } from './mentions.ts';
import type { Said } from './said.ts';
import { findSpelled } from './spelled.ts';
import type { Place } from './sides.ts';

export interface Oddity extends Place {
  reason: string;
  value: number;
}

const WEEKDAY_BEFORE = /\b(Sun|Mon(?!th)|Tue|Wed|Thu|Fri|Sat)(?:[a-z]{0,6})\.?,?\s\(?(?:the )?$/;
const WEEKDAY_BEHIND = /^,?\s\(?(Sun|Mon|Tue|Wed|Thu|Fri|Sat)(?:s|nes|rs|ur)?(?:day)?\b/;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Days that no result has, and weekdays that are not those of their date. */
export function findOddDates(text: string, dates: readonly DateMention[], base: FactBase, asked: string): Oddity[] {
  const { today } = base;
  if (today === undefined) return [];
  return dates.flatMap((mention): Oddity[] => {
    const { value, start, end } = mention;
    if ('weekday' in value) return [];
    if (!('iso' in value) && value.month === undefined) {
      const isDated = base.expirations.size > 0 || base.spans.length > 0;
      const day = String(value.day).padStart(2, '0');
      const isKnown = [...base.dates].some(
        (date) =>
          date.endsWith(`-${day}`) ||
          holidayName(`${date.slice(0, 8)}${day}`) !== undefined ||
          isWithin(`${date.slice(0, 8)}${day}`, base),
      );
      return !isDated ||
        !/\b(?:by|on|of|until|till|for|through|since) $/i.test(text.slice(Math.max(0, start - 9), start)) ||
        isKnown ||
        mention.span ||
        asked.includes(text.slice(start, end).toLowerCase())
        ? []
        : [{ start, end, value: value.day, reason: 'a date in no tool result' }];
    }
    const known = [...base.dates].filter((date) => isDay(value, date));
    const odd = (reason: string): Oddity[] => [
      { start, end, reason, value: 'day' in value ? value.day : Number(value.iso.slice(8)) },
    ];
    const named =
      WEEKDAY_BEFORE.exec(text.slice(Math.max(0, start - 18), start)) ?? WEEKDAY_BEHIND.exec(text.slice(end, end + 12));
    const candidates = known.length > 0 ? known : guessDates(value, today);
    if (named?.[1] !== undefined && !candidates.some((date) => weekdayOf(date) === WEEKDAYS.indexOf(named[1] ?? '')))
      return odd('not the weekday of this date');
    if (
      known.length > 0 ||
      (base.expirations.size === 0 && /^ (?:position|expir|call|put|option|contract)/.test(text.slice(end))) ||
      (base.hasTable && candidates.some((date) => date > today)) ||
      asked.includes(text.slice(start, end).toLowerCase())
    )
      return [];
    // Of a period that is spoken of, its first and last day may be no sessions.
    if (mention.span || candidates.some((date) => holidayName(date) !== undefined || isWithin(date, base))) return [];
    return odd('a date in no tool result');
  });
}

/** The years that may be meant where none is written. */
export function guessDates(value: DateMention['value'], today: IsoDate): IsoDate[] {
  if ('iso' in value) return [value.iso];
  if ('weekday' in value || value.month === undefined) return [];
  const { month, day, year } = value;
  const now = Number(today.slice(0, 4));
  return (year === undefined ? [now - 1, now, now + 1] : [year]).map(
    (each) => `${each}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
  );
}

/** A session of the range of a series whose bars are weeks or months. */
function isWithin(date: IsoDate, base: FactBase): boolean {
  return base.spans.some(({ from, to }) => addDays(from, -5) <= date && date <= to) && isTradingDay(date);
}

const WORDS = 'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve';
const HOURS = new RegExp(
  `(?<![\\d.:$-])(another |just under |just over |nearly |almost |about |roughly |over |under )?\\b(\\d{1,2}|${WORDS})(?:(½|¼|¾)| and (a half|half|a quarter|three[- ]quarters?))?(?: more)? hours?\\b(?:,? (?:and )?((?:twenty|thirty|forty|fifty)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|five|ten|fifteen) minutes)?(?=(:|,? (?:from\\b|in\\b(?! the)|left|to go|remain|ago|are left|until|till|before the (?:close|bell)))?)`,
  'gi',
);
const OCLOCK = new RegExp(`\\b(\\d{1,2}|${WORDS}) o['’]clock\\b(?: (?:this |in the )?(afternoon|evening))?`, 'gi');
const PARTS: readonly (readonly [RegExp, number])[] = [
  [/three|¾/i, 45],
  [/quarter|¼/i, 15],
  [/half|½/i, 30],
];
/** 9:30. */
const OPENING = 570;
const smallOf = (word: string): number => WORDS.split('|').indexOf(word.toLowerCase()) + 1 || Number(word);

/** "Another five and three quarter hours", "until five o'clock": against the times that the data and the exchange have. */
export function findOddHours(text: string, { nowMs, times }: FactBase): Oddity[] {
  if (nowMs === undefined || times.size === 0) return [];
  const now = exchangeMinutesOf(nowMs);
  const odd = (match: RegExpExecArray, fits: (at: number) => boolean): Oddity[] =>
    [...times].some(fits)
      ? []
      : [
          {
            start: match.index,
            end: match.index + match[0].length,
            value: smallOf(match[2] ?? match[1] ?? ''),
            reason: 'another time than that of the data',
          },
        ];
  const hours = [...text.matchAll(HOURS)].flatMap((match) => {
    if (match[6] === undefined && match[5] === undefined && match[3] === undefined && match[4] === undefined) return [];
    const spelled = match[5] === undefined ? 0 : (findSpelled(match[5])[0]?.value ?? 0);
    const part = spelled + (PARTS.find(([pattern]) => pattern.test(match[3] ?? match[4] ?? ''))?.[1] ?? 0);
    const wanted = smallOf(match[2] ?? '') * 60 + part;
    const slack = part > 0 ? 8 : match[1] === undefined || match[1].startsWith('another') ? 16 : 25;
    return odd(match, (at) => [at - now, now - at, at - OPENING].some((span) => Math.abs(span - wanted) <= slack));
  });
  const clocks = [...text.matchAll(OCLOCK)].flatMap((match) => {
    const hour = smallOf(match[1] ?? '') % 12;
    return odd(match, (at) => at === (hour + 12) * 60 || (match[2] === undefined && at === hour * 60));
  });
  return [...hours, ...clocks];
}

/** "27 days, it's Dec 18", "December 18, in 3 weeks": the days to the date that stands beside it. */
export function findOddDaysTo(text: string, dates: readonly DateMention[], { today }: FactBase): Oddity[] {
  if (today === undefined) return [];
  return dates.flatMap(({ value, start, end }): Oddity[] => {
    const ahead = guessDates(value, today).filter((date) => date >= today);
    const before =
      /\b(\d{1,3}) (days?|weeks?)(?:,| away:?| until| till| to)? ?(?:(?:it['’]?s|that['’]?s|until|to|on) )?(?:\w{3,9},? )?$/i.exec(
        text.slice(Math.max(0, start - 34), start),
      );
    const behind =
      /^(?:,? \d{4})?(?:,| is|:| \(| –|\s)?\s?(?:in |exactly |only |just |still )?(\d{1,3}) (days?|weeks?)(?! (?:high|low|average|range|moving))\b/i.exec(
        text.slice(end, end + 34),
      );
    const match = behind ?? before;
    if (match === null || ahead.length === 0) return [];
    const [written, count, unit = ''] = match;
    const fits = ahead.some((date) => {
      const days = daysBetween(today, date);
      return unit.startsWith('w') ? Math.abs(days / 7 - Number(count)) <= 0.5 : Math.abs(days - Number(count)) <= 1;
    });
    const at = match === behind ? end + match.index : start - 34 + match.index;
    const from = text.indexOf(written.trim(), Math.max(0, at));
    return fits || from < 0
      ? []
      : [
          {
            start: from,
            end: from + written.trim().length,
            value: Number(count),
            reason: 'another span than to that date',
          },
        ];
  });
}

const MONTH_NAMES = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH_WORD =
  '(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)';
const MONTH_BEFORE = new RegExp(
  `(?<!\\d (?:for |in |of |on )?|\\bend of |[(])\\b${MONTH_WORD}\\b(?:(?!\\b(?:to|from|and|vs|or|than|since|against)\\b)[^\\d.;)\\n]){0,34}$`,
);
const MONTH_BEHIND = new RegExp(
  `^[\\s*)]*(?:,? (?:set|hit|reached|touched|seen))? ?in (?:early |late |mid-)?${MONTH_WORD}\\b(?! \\d)`,
);
const WEEK_BEFORE =
  /\b(?:week|wk)\.? (?:of|starting|from) (?:the )?((?:[A-Z][a-z]+\.? \d{1,2})|\d{1,2} [A-Z][a-z]+|\d{4}-\d\d-\d\d|\d{1,2}\/\d{1,2})[^\d.;\n]{0,28}$/;

/** "Low 546.98 in May", "September was the best at +14.5 %", "week of 16 Nov: 258.11" of figures that are of another time. */
export function findOddPeriods(
  text: string,
  said: readonly Said[],
  supports: ReadonlyMap<Said, number>,
  base: FactBase,
): Oddity[] {
  return said.flatMap(({ figure, symbols, ...each }, index): Oddity[] => {
    const key = said[index];
    const value = key && supports.get(key);
    if (value === undefined || each.isStrike === true || figure.whole) return [];
    const before = text.slice(Math.max(0, figure.start - 60), figure.start);
    const month = MONTH_BEHIND.exec(text.slice(figure.end, figure.end + 36))?.[1] ?? MONTH_BEFORE.exec(before)?.[1];
    const week = WEEK_BEFORE.exec(before)?.[1];
    if (month === undefined && week === undefined) return [];
    const facts = base
      .within(Math.abs(value), Math.abs(value))
      .filter(
        (fact) =>
          fact.kind === 'history' &&
          fact.date !== undefined &&
          (symbols === undefined || symbols.includes(fact.symbol ?? '')) &&
          (fact.unit === 'percent') === (figure.unit === 'percent'),
      );
    const number = month === undefined ? 0 : MONTH_NAMES.indexOf(month.slice(0, 3).toLowerCase()) + 1;
    const [day] = week === undefined ? [] : findDates(week, base);
    const isThen = ({ date = '', from = date }: Fact): boolean => {
      // What a month or week begins at is the close before it.
      const isBase = figure.unit !== 'percent' && !/\b(?:high|low|top|bottom|peak)\b/i.test(before);
      const months = isBase ? [number, ((number + 10) % 12) + 1] : [number];
      if (day === undefined) return [from, date].some((iso) => months.includes(Number(iso.slice(5, 7))));
      return Array.from({ length: isBase ? 17 : 9 }, (_, at) => 7 - at).some((days) =>
        isDay(day.value, addDays(date, -days)),
      );
    };
    if (facts.length === 0 || (week !== undefined && day === undefined) || facts.some(isThen)) return [];
    return [{ start: figure.start, end: figure.end, value, reason: `of ${facts[0]?.date ?? ''}` }];
  });
}

const CLOCK =
  /(?<![\d.,:$])(\d{1,2}):(\d{2})(?::\d{2})?\s?([ap])?\.?m?\.?\b(?!\d)|(?<![\d.,$:])(\d{1,2})\s?([ap])\.?m\b/gi;

/** Times of day that neither the data nor the exchange's hours have. */
export function findOddTimes(text: string, base: FactBase, asked: string): Oddity[] {
  if (base.times.size === 0) return [];
  const known = new Set(base.times);
  return [...text.matchAll(CLOCK)].flatMap((match): Oddity[] => {
    const [written, hour, minute, half, alone, aloneHalf] = match;
    const afternoon = (half ?? aloneHalf)?.toLowerCase();
    const hours = Number(hour ?? alone);
    const minutes =
      Number(minute ?? 0) + (afternoon === undefined ? hours : (hours % 12) + (afternoon === 'p' ? 12 : 0)) * 60;
    if (hours > 24 || Number(minute ?? 0) > 59 || asked.includes(written.trim().toLowerCase())) return [];
    const options = afternoon === undefined && hours < 12 ? [minutes, minutes + 720] : [minutes];
    if (options.some((each) => known.has(each))) return [];
    return [
      {
        start: match.index,
        end: match.index + written.trimEnd().length,
        reason: 'a time in no tool result',
        value: hours,
      },
    ];
  });
}

const SPELLED = 'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a|an'.split('|');
const COUNT = `(\\d{1,3}|${SPELLED.join('|')})`;
const SPAN = new RegExp(
  `\\b(in|for|another|next|about|roughly|under|over|only|just|are|is|with|has|leaves|expire[sd]?)\\s(?:about |roughly |just |only |exactly |under |over |a little |less than |more than |nearly |almost )*${COUNT}(?: and a half)?[ -](?:more )?(?:calendar )?(days?|weeks?|months?|hours?|hrs?|minutes?|mins?)\\b(?:,? (?:and )?(\\d{1,2}) (?:minutes?|mins?))?( (?:away|out|left|from now|from today|to go|remain(?:s|ing)?|until|to expiration|to expiry|before|later))?|(?<![\\d.$-])\\b${COUNT}[ -](?:calendar )?(days?|weeks?|months?|hours?|hrs?|minutes?|mins?)(?:,? (?:and )?(\\d{1,2}) (?:minutes?|mins?))?( (?:away|out|left|from now|from today|to go|remain(?:s|ing)?|until|to expiration|to expiry|before))`,
  'gi',
);
const MINUTES: readonly (readonly [RegExp, number, number])[] = [
  [/^mi/, 1, 1],
  [/^h/, 60, 30],
  [/^d/, 1440, 720],
  [/^w/, 10080, 3 * 1440],
  [/^mo/, 43830, 12 * 1440],
];

const CLOCK_SPAN = /(?<![\d.:$])(\d{1,2})\s?h(?:ours?|rs?)?(?:,? (?:and )?|\s?)(\d{1,2})(?:\s?m(?:in(?:ute)?s?)?)?\b/gi;

/** "4h45 left", "3 hours 45 min". */
function findOddClockSpans(text: string, base: FactBase, nowMs: number): Oddity[] {
  return [...text.matchAll(CLOCK_SPAN)].flatMap((match): Oddity[] => {
    const wanted = Number(match[1]) * 60 + Number(match[2]);
    if ([...base.times].some((at) => Math.abs(Math.abs(at - exchangeMinutesOf(nowMs)) - wanted) <= 2)) return [];
    return [
      {
        start: match.index,
        end: match.index + match[0].length,
        reason: 'another span than that of the data',
        value: Number(match[1]),
      },
    ];
  });
}

/** "in 3 weeks", "2 days away", "4 hours left" of nothing that the data have so far ahead. */
export function findOddSpans(text: string, base: FactBase, asked: string): Oddity[] {
  const { nowMs, today } = base;
  if (nowMs === undefined || today === undefined) return [];
  const clocks = findOddClockSpans(text, base, nowMs);
  if (clocks.length > 0) return clocks;
  return [...text.matchAll(SPAN)].flatMap((match): Oddity[] => {
    const [written, lead, count1, unit1, minutes1, behind1, count2, unit2, minutes2, behind2] = match;
    const behind = behind1 ?? behind2;
    const unit = (unit1 ?? unit2 ?? '').toLowerCase();
    if (behind === undefined && lead?.toLowerCase() !== 'in') return [];
    const count = amountOf(count1 ?? count2 ?? '');
    const kind = MINUTES.find(([pattern]) => pattern.test(unit));
    if (!kind || asked.includes(`${count1 ?? count2 ?? ''} ${unit}`.toLowerCase())) return [];
    const extra = minutes1 ?? minutes2;
    const [, perUnit, loose] = kind;
    const wanted = count * perUnit + Number(extra ?? 0) + (/and a half/.test(written) ? perUnit / 2 : 0);
    const slack =
      /under|less than|nearly|almost|over|more than|about|roughly|little/.test(written) || perUnit === 60
        ? Math.max(loose, perUnit * 0.75)
        : loose;
    const tolerance = extra === undefined ? slack : 2;
    const isNear = (minutes: number): boolean => Math.abs(Math.abs(minutes) - wanted) <= tolerance;
    const known =
      perUnit >= 1440
        ? [...base.dates, ...nextDays(today)].map((date) => daysBetween(today, date) * 1440)
        : [...base.times].map((at) => at - exchangeMinutesOf(nowMs));
    // Sessions are counted as days too.
    if (
      known.some(isNear) ||
      known.length === 0 ||
      (behind === undefined &&
        /\b(?:in|over) \w+ (?:days?|months?|weeks?)\s(?:[a-z]+ )?(?:the|of|and)/i.test(
          text.slice(match.index, match.index + written.length + 12),
        ))
    )
      return [];
    if (
      behind === undefined &&
      /\b(?:rise|rose|fell|gain|drop|lost|time|first|only|best|worst|high|low)\w*\b[^.;]{0,24}$/i.test(
        text.slice(0, match.index),
      )
    )
      return [];
    return [
      {
        start: match.index,
        end: match.index + written.length,
        reason: 'another span than that of the data',
        value: count,
      },
    ];
  });
}

function amountOf(word: string): number {
  const spelled = SPELLED.indexOf(word.toLowerCase());
  return spelled < 0 ? Number(word) : spelled >= 12 ? 1 : spelled + 1;
}

function nextDays(today: IsoDate): IsoDate[] {
  return [today];
}
