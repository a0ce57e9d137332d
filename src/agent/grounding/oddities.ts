// What a text says that is no figure of a field and is at odds with the data: days, times and spans, formulas, lists, the
// day or the origin of a level, "oversold", "in the money".
import {
  expirationKindOf,
  holidayName,
  isTradingDay,
  sessionTimes,
  tradingDaysBetween,
} from '../../domain/calendar.ts';
import { addDays, daysBetween, exchangeMinutesOf, weekdayOf } from '../../domain/exchange-time.ts';
import type { IsoDate } from '../../domain/types.ts';
import type { Fact, FactBase } from './facts.ts';
import { boundsOf } from './figures.ts';
import { findDates, guessDates, isDay, placeOf } from './mentions.ts';
import { oddAt, type Oddity, type Told } from './said.ts';
import { findSpelled, numberOf, SMALL_NUMBER } from './spelled.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const WEEKDAY_BEFORE = /\b(Sun|Mon(?!th)|Tue|Wed|Thu|Fri|Sat)(?:[a-z]{0,6})\.?,?\s\(?(?:the )?$/;
const WEEKDAY_BEHIND = /^(?:,?\s\(?| is a )(Sun|Mon|Tue|Wed|Thu|Fri|Sat)(?:s|nes|rs|ur)?(?:day)?\b/;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Days that no result has, and weekdays that are not those of their date. */
function findOddDates({ text, dates, base, question }: Told): Oddity[] {
  const { today } = base;
  if (today === undefined) return [];
  return dates.flatMap((mention): Oddity[] => {
    const { value, start, end } = mention;
    if ('weekday' in value || 'inMonth' in value) return [];
    if (!('iso' in value) && value.month === undefined) {
      const same = [...base.dates].filter((date) => isDay(value, date)).map((date) => WEEKDAYS[weekdayOf(date)] ?? '');
      const weekday = text.slice(start, start + 3);
      if (WEEKDAYS.includes(weekday) && same.length > 0 && !same.includes(weekday))
        return oddAt(mention, value.day, 'not the weekday of this date');
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
        question.includes(text.slice(start, end).toLowerCase())
        ? []
        : oddAt({ start, end }, value.day, 'a date that is not in any tool result');
    }
    const known = [...base.dates].filter((date) => isDay(value, date));
    const odd = (reason: string): Oddity[] =>
      oddAt({ start, end }, 'day' in value ? value.day : Number(value.iso.slice(8)), reason);
    const named =
      WEEKDAY_BEFORE.exec(text.slice(Math.max(0, start - 18), start)) ?? WEEKDAY_BEHIND.exec(text.slice(end, end + 12));
    const candidates = known.length > 0 ? known : guessDates(value, today);
    if (named?.[1] !== undefined && !candidates.some((date) => weekdayOf(date) === WEEKDAYS.indexOf(named[1] ?? '')))
      return odd('not the weekday of this date');
    if (
      known.length > 0 ||
      (base.expirations.size === 0 && /^ (?:position|expir|call|put|option|contract)/.test(text.slice(end))) ||
      (base.hasTable && base.events.length === 0 && candidates.some((date) => date > today)) ||
      question.includes(text.slice(start, end).toLowerCase())
    )
      return [];
    // Of a period that is spoken of, its first and last day may be no sessions.
    if (mention.span || candidates.some((date) => holidayName(date) !== undefined || isWithin(date, base))) return [];
    return odd('a date that is not in any tool result');
  });
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
function findOddHours({ text, base: { nowMs, times } }: Told): Oddity[] {
  if (nowMs === undefined || times.size === 0) return [];
  const now = exchangeMinutesOf(nowMs);
  const odd = (match: RegExpExecArray, fits: (at: number) => boolean): Oddity[] =>
    [...times].some(fits) ? [] : oddAt(placeOf(match), smallOf(match[2] ?? match[1] ?? ''), 'not the time in the data');
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
function findOddDaysTo({ text, dates, base: { today, expirations } }: Told): Oddity[] {
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
      return unit.startsWith('w')
        ? Math.abs(days / 7 - Number(count)) <= 0.5
        : Math.abs(days - Number(count)) <= (expirations.has(date) ? 0 : 1);
    });
    const at = match === behind ? end + match.index : start - 34 + match.index;
    const from = text.indexOf(written.trim(), Math.max(0, at));
    return fits || from < 0
      ? []
      : oddAt({ start: from, end: from + written.trim().length }, Number(count), 'not the time until that date');
  });
}

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
function findOddPeriods({ text, said, supports, base }: Told): Oddity[] {
  return said.flatMap(({ figure, symbols, ...each }, index): Oddity[] => {
    const key = said[index];
    const value = key && supports.get(key);
    if (value === undefined || each.isStrike === true || figure.whole) return [];
    const before = text.slice(Math.max(0, figure.start - 60), figure.start);
    const month = MONTH_BEHIND.exec(text.slice(figure.end, figure.end + 36))?.[1] ?? MONTH_BEFORE.exec(before)?.[1];
    const week = WEEK_BEFORE.exec(before)?.[1];
    if (month === undefined && week === undefined) return [];
    const facts = base
      .within(...boundsOf(figure))
      .filter(
        (fact) =>
          fact.kind === 'history' &&
          fact.date !== undefined &&
          (symbols === undefined || symbols.includes(fact.symbol ?? '')) &&
          (fact.unit === 'percent') === (figure.unit === 'percent'),
      );
    const number = month === undefined ? 0 : MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1;
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
    return oddAt(figure, value, `of ${facts[0]?.date ?? ''}`);
  });
}

const CLOCK =
  /(?<![\d.,:$])(\d{1,2}):(\d{2})(?::\d{2})?\s?([ap])?\.?m?\.?\b(?!\d)|(?<![\d.,$:])(\d{1,2})\s?([ap])\.?m\b/gi;

const LEFT = /^\s?(?:hours? )?(?:left|to go|remain\w*)\b/i;

/** Times of day that neither the data nor the exchange's hours have. */
function findOddTimes({ text, base, question }: Told): Oddity[] {
  if (base.times.size === 0) return [];
  const known = new Set(base.times);
  return [...text.matchAll(CLOCK)].flatMap((match): Oddity[] => {
    const [written, hour, minute, half, alone, aloneHalf] = match;
    const afternoon = (half ?? aloneHalf)?.toLowerCase();
    const hours = Number(hour ?? alone);
    const minutes =
      Number(minute ?? 0) + (afternoon === undefined ? hours : (hours % 12) + (afternoon === 'p' ? 12 : 0)) * 60;
    if (LEFT.test(text.slice(match.index + written.length)))
      return findOddClockSpans(written.trim().replace(':', 'h'), base, base.nowMs ?? 0).map((odd) => ({
        ...odd,
        start: match.index,
        end: match.index + written.trimEnd().length,
      }));
    if (hours > 24 || Number(minute ?? 0) > 59 || question.includes(written.trim().toLowerCase())) return [];
    const options = afternoon === undefined && hours < 12 ? [minutes, minutes + 720] : [minutes];
    if (options.some((each) => known.has(each))) return [];
    return oddAt(
      { start: match.index, end: match.index + written.trimEnd().length },
      hours,
      'a time that is not in any tool result',
    );
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
    return oddAt(placeOf(match), Number(match[1]), 'not the span in the data');
  });
}

/** "in 3 weeks", "2 days away", "4 hours left" of nothing that the data have so far ahead. */
function findOddSpans({ text, base, question, dates }: Told): Oddity[] {
  const { nowMs, today } = base;
  if (nowMs === undefined || today === undefined) return [];
  const clocks = findOddClockSpans(text, base, nowMs);
  if (clocks.length > 0) return clocks;
  const spoken = [today, ...dates.flatMap(({ value }) => [...base.dates].filter((date) => isDay(value, date)))];
  return [...text.matchAll(SPAN)].flatMap((match): Oddity[] => {
    const [written, lead, count1, unit1, minutes1, behind1, count2, unit2, minutes2, behind2] = match;
    const behind = behind1 ?? behind2;
    const unit = (unit1 ?? unit2 ?? '').toLowerCase();
    if (behind === undefined && lead?.toLowerCase() !== 'in') return [];
    if (/^ of\b/.test(text.slice(match.index + written.length)) || /^in one day$/i.test(written)) return [];
    const count = amountOf(count1 ?? count2 ?? '');
    const kind = MINUTES.find(([pattern]) => pattern.test(unit));
    if (!kind || question.includes(`${count1 ?? count2 ?? ''} ${unit}`.toLowerCase())) return [];
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
        ? (/before|later/.test(behind ?? '') ? spoken : [today]).flatMap((day) =>
            [...base.dates].map((date) => daysBetween(day, date) * 1440),
          )
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
      /\b(?:rise|rose|fell|gain|drop|lost|time|first|only|best|worst|high|low|again|revisit|recheck|check|back)\w*\b[^.;]{0,24}$/i.test(
        text.slice(0, match.index),
      )
    )
      return [];
    return oddAt(placeOf(match), count, 'not the span in the data');
  });
}

function amountOf(word: string): number {
  const spelled = SPELLED.indexOf(word.toLowerCase());
  return spelled < 0 ? Number(word) : spelled >= 12 ? 1 : spelled + 1;
}

const LISTED = new RegExp(
  `(?:^|[.]\\s+|\\n\\s*|\\b(?:only|just|there are|has|lists?) )(${SMALL_NUMBER}|\\d{1,2})(?: of (?:em|them|\\d{1,2}|the [a-z]+))?\\b(?! (?:of|days?|percent|weeks?|months?|dollars?|cents?|points?|bucks?)\\b)[^.:;,\\n]{0,40}(?:\\b\\d{1,2} days?)?:\\s([^\\n;]+?)(?=\\.\\s|\\.$|;|\\n|$)`,
  'gi',
);

const BULLETS = /^(?:\n+\s*(?:[-*•]|\d+[.)])\s.*)+/;

/** "Five of them: Dec 31, Mar 31, Jun 30, Sep 30". */
function findOddLists({ text }: Told): Oddity[] {
  return [...text.matchAll(LISTED)].flatMap((match): Oddity[] => {
    const count = numberOf(match[1] ?? '');
    const below = BULLETS.exec(text.slice(text.indexOf(':', match.index) + 1))?.[0]
      .trim()
      .split(/\n+/).length;
    const list = (match[2] ?? '').replace(/\([^)]*\)/g, '').replace(/(\d),(\d{3})/g, '$1$2');
    const items = below ?? list.split(/,? and |, then |[,/&]/).filter((each) => /\w/.test(each)).length;
    const figures = below ?? list.match(/\d[\d.]*/g)?.length ?? 0;
    if (/\b(?:to|through|every|each|shut|closed|half)\b|\d–\d/.test(list)) return [];
    if (items < 2 || count <= items || count <= figures || count > 15) return [];
    const start = match.index + match[0].indexOf(match[1] ?? '');
    return oddAt({ start, end: start + (match[1]?.length ?? 0) }, count, `${items} are listed`);
  });
}
const MONEY_ALONE = /\b(?:(in|out of) the money|(ITM)|(OTM))\b/gi;
const SIDE_OF_AVERAGE =
  /\b(?:vs\.?|versus|against)\s(?:the |its )?(?:[A-Z]+ ?\d+|\d+-day)(?: [a-z]+)?\s\$?([\d.]+)\s?[:–,-]\s(?:well |just |slightly |far )?(?:(above|over)|below|under)\b/gi;

/** "The 450 call is out of the money" with the price at 456, "vs SMA50 239.92: above" with the price at 233. */
function findOddSides({ text, said, base }: Told): Oddity[] {
  const [symbol = '', other] = [...base.symbols];
  const price = base.latest(symbol, 'spot') ?? base.latest(symbol, 'last') ?? base.latest(symbol, 'close');
  if (price === undefined || other !== undefined) return [];
  const odd = (match: RegExpExecArray, level: number, isAbove: boolean): Oddity[] =>
    Math.abs(price - level) < price * 0.001 || price > level === isAbove
      ? []
      : oddAt(placeOf(match), level, `the price is ${price}`);
  const written = said.filter(({ isStrike }) => isStrike === true);
  const strikes = [...new Set(said.flatMap((each) => each.strikes ?? []))];
  const sides = [...new Set(said.flatMap((each) => each.sides ?? []))];
  return [
    ...[...text.matchAll(MONEY_ALONE)].flatMap((match) => {
      const around = text.slice(Math.max(0, match.index - 60), match.index + match[0].length + 20);
      const clause = match.index - (/[^.;,\n]*$/.exec(text.slice(0, match.index))?.[0].length ?? 0);
      const near = written.filter(({ figure }) => figure.end <= match.index && figure.start >= clause);
      const [only, another] = written.length > 1 ? near : written;
      const [side, other] = only?.sides ?? sides;
      const strike = only?.figure.magnitude ?? (written.length === 0 && strikes.length === 1 ? strikes[0] : undefined);
      if (strike === undefined || another !== undefined || side === undefined || other !== undefined) return [];
      if (
        /\b(?:not|if|would|until|expire|finish|ends?|odds|chance|prob\w*|to|stay|nearly|almost)\b|n['’]t\b/i.test(
          around,
        )
      )
        return [];
      const isIn = match[1]?.toLowerCase() === 'in' || match[2] !== undefined;
      return odd(match, strike, isIn === (side === 'call'));
    }),
    ...[...text.matchAll(SIDE_OF_AVERAGE)].flatMap((match) => odd(match, Number(match[1]), match[2] !== undefined)),
  ];
}

const ORIGIN =
  /^[\s*]*(?:\((?:[−+-]?[\d.]+\s?%(?: [a-z]+)?, )?|[,:–—-]|=|is|(?: comes first)?,? which is|(?= ?(?:mon|tue|wed|thu|fri|52)))\s*(?:(?:the|a|an|from|today['’]s) )*(?:(yesterday|mon|tue|wed|thu|fri)(?:s|nes|rs)?(?:day)?['’]s )?(?:(?:(52[- ]?w(?:ee)?k?)|([A-Z][a-z]{2} \d{1,2})|previous session|swing|session) )?(?:swing )?(?:(high|low|open|close|hi|lo)|SMA ?(\d+)|(\d+)(?:-day|d))\b(?![^,;.\n(/]{0,12}\$?\d\d)/i;

/** "232.66, Monday's low" of a level that is its high. */
function findOddOrigins({ text, said, supports, base }: Told): Oddity[] {
  return said.flatMap((each): Oddity[] => {
    const { figure, symbols } = each;
    const value = supports.get(each);
    const match =
      figure.whole || figure.unit === 'percent' ? null : ORIGIN.exec(text.slice(figure.end, figure.end + 44));
    if (value === undefined || match === null) return [];
    const [, day, year, , end, sma, average] = match;
    const field =
      end === undefined
        ? `sma${sma ?? average ?? ''}`
        : year === undefined
          ? end.toLowerCase().replace(/^hi$/, 'high').replace(/^lo$/, 'low')
          : `week52${/^hi/i.test(end) ? 'High' : 'Low'}`;
    const facts = base
      .within(figure.magnitude - figure.tolerance * 1.001, figure.magnitude + figure.tolerance * 1.001)
      .filter(
        (fact) =>
          fact.kind === 'levels' &&
          /^(?:high|low|sma\d+|week52\w+)$/.test(fact.field) &&
          symbols?.includes(fact.symbol ?? '') !== false,
      );
    const weekday =
      day === undefined || /^y/i.test(day)
        ? undefined
        : ['mon', 'tue', 'wed', 'thu', 'fri'].indexOf(day.toLowerCase()) + 1;
    const isSame = (fact: Fact): boolean =>
      fact.field === field && (weekday === undefined || fact.date === undefined || weekdayOf(fact.date) === weekday);
    return facts.length === 0 || facts.some(isSame)
      ? []
      : oddAt(figure, value, `it is ${facts[0]?.field ?? ''} ${facts[0]?.date ?? ''}`.trim());
  });
}

const KIND_BEFORE =
  /(?<![\d)] )\b(monthly|quarterly)(?: (?:is|expir\w+|ones?|dates?|opex|comes|falls|on|the))*[\s:,(]*(?:(?:Mon|Tue|Wed|Thu|Fri)[a-z]*,? )?(?:the )?$/i;
const KIND_BEHIND =
  /^(?:st|nd|rd|th)?(?:,|:)? ?(?:\((?:that['’]s |that is |it['’]s )?(?:the )?(?:dec(?:ember)? |jan(?:uary)? )?|is (?:the|a) |(?:the )?)(?:(m\b|monthly|opex)|quarterly)(?! (?:Mon|Tue|Wed|Thu|Fri|the \d|[A-Z][a-z]{2} \d))/i;

/** "31st (that's the monthly)": the monthly is the third Friday, or the day before a holiday there. */
function findOddMonthlies({ text, dates, base }: Told): Oddity[] {
  const held = [...base.expirations];
  return dates.flatMap((mention): Oddity[] => {
    const { value, start, end } = mention;
    const kinds = held.filter((date) => isDay(value, date)).map(expirationKindOf);
    const before = KIND_BEFORE.exec(text.slice(Math.max(0, start - 50), start));
    const behind = KIND_BEHIND.exec(text.slice(end, end + 30));
    const said = before?.[1]?.toLowerCase() ?? (behind && (behind[1] === undefined ? 'quarterly' : 'monthly'));
    return !said || kinds.length === 0 || kinds.some((kind) => kind === said)
      ? []
      : oddAt(mention, 0, `not the ${said} expiration`);
  });
}

const HALF = /^(?:\)|,|:| is| was)? ?(?:an? |the )?(?:half[- ]day|early close|shortened)/i;
const SHUT =
  /^(?:\)|,|:| is)?\s(?:\(?[A-Z][a-z]+\) )?(?:the market is )?(?:shut\b|closed\b(?! (?:at|up|down|higher|lower|above|below|near)))|^(?:,|:)? (?:for |\()?(?:Christmas(?! Eve)|New Year['’]?s?(?! Eve)|Thanksgiving|Labor Day|Memorial Day|Good Friday|Independence Day|Juneteenth)/i;
const SESSIONS = new RegExp(
  `^:? (\\d{1,2}|${SMALL_NUMBER}) (?:(full) |normal |regular )?(?:sessions|trading days)\\b`,
  'i',
);

/** "Thu 12/31 half day", "Jan 4 for New Year's Day", "Dec 28–31: three full sessions" at odds with the exchange's days. */
function findOddDays({ text, dates, base: { today }, question }: Told): Oddity[] {
  if (
    today === undefined ||
    !/holiday|market|exchange|hours|christmas|new year|thanksgiving|half[- ]day/i.test(`${question} ${text}`)
  )
    return [];
  const resolve = ({ value }: (typeof dates)[number]): IsoDate | undefined =>
    guessDates(value, today).sort((a, b) => Math.abs(daysBetween(today, a)) - Math.abs(daysBetween(today, b)))[0];
  return dates.flatMap((mention, index): Oddity[] => {
    const day = resolve(mention);
    if (day === undefined) return [];
    const behind = text.slice(mention.end, mention.end + 48);
    const [, count, full] = SESSIONS.exec(behind) ?? [];
    const first = dates[index - 1];
    const isRange =
      first !== undefined && /^\s?(?:[-–—]|to|through) ?(?:\w{3,9} )?$/.test(text.slice(first.end, mention.start));
    const from = isRange ? resolve(first) : undefined;
    if (count !== undefined && from !== undefined) {
      const all = tradingDaysBetween(from, day).filter(
        (each) => full === undefined || sessionTimes(each)?.isHalfDay !== true,
      );
      if (all.length !== numberOf(count)) return oddAt(mention, numberOf(count), `there are ${all.length} sessions`);
    }
    if (HALF.test(behind) && sessionTimes(day)?.isHalfDay !== true) return oddAt(mention, 0, 'no half day');
    return SHUT.test(behind) && isTradingDay(day) ? oddAt(mention, 0, 'a trading day') : [];
  });
}

const EXTREME_MONTH =
  /^,? (?:(?:was |were )?(?:set|hit|made|reached|seen|came) )?(?:in |\()(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:r?uary|ch|il|e|y|ust|t|(?:t?em|o)ber)?\b(?!\.? \d)/i;
const EXTREME_DAY =
  /^,? (?:which |that )?(?:was |were )?(?:(?:first )?(?:set|hit|made|reached|came|seen|touched|printed|recorded) )?(?:(?:back )?on |last |from |\()$/;
const YEARLY: Readonly<Record<string, string>> = { high: 'week52High', low: 'week52Low' };
const EXTREMES: ReadonlySet<string> = new Set(['high', 'low', 'close']);

/** "A low of 341.02 in June", "241.84 on November 24" of what the bars have on another day. */
function findOddExtremeDays({ text, said, dates, base }: Told): Oddity[] {
  return said.flatMap(({ figure, fields, symbols: [symbol, other] = [] }): Oddity[] => {
    if (symbol === undefined || other !== undefined || figure.whole || figure.unit === 'percent') return [];
    const month = EXTREME_MONTH.exec(text.slice(figure.end, figure.end + 24))?.[1]?.toLowerCase();
    const day = dates.find(({ start }) => start >= figure.end);
    const isBehind = day !== undefined && EXTREME_DAY.test(text.slice(figure.end, day.start));
    if (month === undefined && !isBehind) return [];
    const half = figure.tolerance * 1.001;
    const bars = base
      .within(figure.magnitude - half, figure.magnitude + half)
      .filter(
        (fact) =>
          (fact.kind === 'history' || fact.kind === 'levels') &&
          fact.symbol === symbol &&
          fact.from === undefined &&
          fact.date !== undefined &&
          EXTREMES.has(fact.field) &&
          (fields?.some((field) => field === fact.field || field === YEARLY[fact.field]) === true ||
            (fact.field === 'close' && /clos/i.test(text))),
      );
    const isSame = ({ date = '' }: Fact): boolean =>
      month === undefined
        ? day !== undefined && isDay(day.value, date)
        : MONTHS.indexOf(month) + 1 === Number(date.slice(5, 7));
    return bars.length === 0 || bars.some(isSame) ? [] : oddAt(figure, figure.magnitude, `of ${bars[0]?.date ?? ''}`);
  });
}

const TOUCHES = new RegExp(
  `\\b(?:touched (?:(twice)|(${SMALL_NUMBER}|\\d{1,2}) times)|(${SMALL_NUMBER}|\\d{1,2}) touches)\\b`,
  'gi',
);

/** "420.05, touched three times" of a level with two touches. */
function findOddTouches({ text, said, base }: Told): Oddity[] {
  return [...text.matchAll(TOUCHES)].flatMap((match): Oddity[] => {
    const before = said.findLast(
      ({ figure, isStrike }) =>
        figure.end <= match.index && figure.unit !== 'percent' && isStrike !== true && !figure.whole,
    );
    const half = (before?.figure.tolerance ?? 0) * 1.001;
    const level =
      before &&
      base
        .within(before.figure.magnitude - half, before.figure.magnitude + half)
        .find(({ origin }) => origin !== undefined);
    const count = match[1] === undefined ? numberOf(match[2] ?? match[3] ?? '') : 2;
    const held = Number(/\((\d+) touches/.exec(level?.origin ?? '')?.[1] ?? 1);
    return level === undefined || held === count ? [] : oddAt(placeOf(match), count, `the level has ${held}`);
  });
}

const EVENT_DATE =
  /\b(?:(ex(?:-dividend)?(?:[- ]dates?)?(?: is| on|:|,)?(?: for| the)?)|(?:paid|pays?|payable|payment|pay date)(?: is| on|:)?(?: [^.;,]{0,24}? on)?)\s(?:\w{3,9},? )?$/i;
const REPORTED =
  /\b(?:(before (?:the )?(?:open|market|bell)|BMO|pre-?market)|after (?:the )?(?:close|market|bell)|AMC|after-?hours)\b/i;

/** A day on which a dividend is paid, called its ex-date; a report after the close, said to come before the open. */
function findOddEvents({ text, dates, base, sentences }: Told): Oddity[] {
  const { events } = base;
  if (events.length === 0) return [];
  return dates.flatMap((mention): Oddity[] => {
    const { value, start, end } = mention;
    const kinds = new Set(events.flatMap((event) => (isDay(value, event.date) ? [event.kind] : [])));
    const owner = sentences
      .flatMap((each) => each.sentence.mentions.symbols.map((one) => ({ value: one.value, end: one.end + each.start })))
      .findLast((each) => each.end <= start && !/[;\n(]|[.!?]\s|\d/.test(text.slice(each.end, start)));
    const holders = events.filter((event) => isDay(value, event.date)).map(({ symbol }) => symbol);
    if (
      owner &&
      holders.length > 0 &&
      !holders.includes(owner.value) &&
      events.some(({ symbol }) => symbol === owner.value)
    )
      return oddAt(mention, 0, `a day of ${holders[0] ?? ''}`);
    const named = EVENT_DATE.exec(text.slice(Math.max(0, start - 40), start));
    if (named !== null) {
      const [is, other] = named[1] === undefined ? (['pay', 'ex'] as const) : (['ex', 'pay'] as const);
      return kinds.has(other) && !kinds.has(is)
        ? oddAt(mention, 0, other === 'pay' ? 'the day of payment' : 'the ex-date')
        : [];
    }
    const time = REPORTED.exec(text.slice(end, end + 30).split(/[.;]\s/)[0] ?? '');
    const said = time?.[1] === undefined ? 'after_close' : 'before_open';
    const isKnown = kinds.has('after_close') !== kinds.has('before_open');
    return time === null || !isKnown || kinds.has(said) ? [] : oddAt(mention, 0, 'the report is at another time');
  });
}

const READERS: readonly ((told: Told) => Oddity[])[] = [
  findOddDates,
  findOddTimes,
  findOddSpans,
  findOddPeriods,
  findOddOrigins,
  findOddExtremeDays,
  findOddSides,
  findOddMonthlies,
  findOddDays,
  findOddHours,
  findOddDaysTo,
  findOddLists,
  findOddTouches,
  findOddEvents,
];

export function findOddities(told: Told): Oddity[] {
  return READERS.flatMap((read) => read(told));
}
