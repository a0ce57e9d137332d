// What a text says of its own figures that cannot be: a formula that comes to something else, a list shorter than its count,
// a fraction beside another percentage, a delta of another contract, an RSI called by the other extreme.
import { isTradingDay } from '../../domain/calendar.ts';
import { addDays, weekdayOf } from '../../domain/exchange-time.ts';
import type { Fact, FactBase } from './facts.ts';
import type { DateMention } from './mentions.ts';
import { isDay } from './mentions.ts';
import type { Oddity } from './moments.ts';
import type { Said } from './said.ts';

const SIGNS = '[-−–+x×*/]|less|minus|plus|over|times';
const NUM = '[-−+]?\\$?(\\d[\\d,]*(?:\\.\\d+)?)(?![\\d%])';
const BEFORE = new RegExp(
  `(?<![\\d.,$])${NUM}(?:x|×)?\\s\\(\\$?${NUM}\\s(${SIGNS})\\s[~≈]?\\$?${NUM}(?: [a-z]+)?\\)`,
  'g',
);
const BEHIND = new RegExp(`(?<![\\d.,$]|[-+−–x×*/]\\s)${NUM}\\s(${SIGNS})\\s${NUM}\\s(?:=|is|→)\\s[~≈]?${NUM}`, 'g');

const read = (digits: string | undefined): number => Number((digits ?? '').replaceAll(',', ''));
const decimals = (digits: string | undefined): number => (digits ?? '').split('.')[1]?.length ?? 0;

/** "1.13 (596.45 / 673.45)" and "5.55 + 4.65 = 10.20". */
export function findOddFormulas(text: string): Oddity[] {
  const odd = (match: RegExpExecArray, result: number, a: number, sign: number, b: number): Oddity[] => {
    const [first, second, written] = [read(match[a]), read(match[b]), read(match[result])];
    // A bid and an ask.
    if (/^[x×]/.test(match[sign] ?? '') && Math.abs(first - second) < first * 0.2 && !Number.isInteger(first))
      return [];
    const value = compute(first, match[sign] ?? '', second);
    // The operands stand rounded.
    const slack =
      0.5 * 10 ** -decimals(match[result]) +
      Math.abs(value) *
        ((0.5 * 10 ** -decimals(match[a])) / Math.max(first, 1e-9) +
          (0.5 * 10 ** -decimals(match[b])) / Math.max(second, 1e-9));
    if (!Number.isFinite(value) || Math.abs(Math.abs(value) - written) <= slack * 1.01) return [];
    const start = match.index + match[0].indexOf(match[result] ?? '', result === 1 ? 0 : match[0].search(/=|is|→/));
    return [
      {
        start,
        end: start + (match[result]?.length ?? 0),
        value: written,
        reason: `that comes to ${Number(value.toPrecision(6))}`,
      },
    ];
  };
  return [
    ...[...text.matchAll(BEFORE)].flatMap((match) => odd(match, 1, 2, 3, 4)),
    ...[...text.matchAll(BEHIND)].flatMap((match) => odd(match, 4, 1, 2, 3)),
  ];
}

function compute(a: number, sign: string, b: number): number {
  if (/^[+]|plus/.test(sign)) return a + b;
  if (/^[x×*]|times/.test(sign)) return a * b;
  return /^\/|over/.test(sign) ? a / b : a - b;
}

export const NUMBERS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  );
export const numberOf = (word: string): number => {
  const spelled = NUMBERS.indexOf(word.toLowerCase());
  return spelled < 0 ? Number(word) : spelled;
};
const LISTED = new RegExp(
  `(?:^|[.]\\s+|\\n\\s*|\\b(?:only|just|there are|has|lists?) )(${NUMBERS.slice(2).join('|')}|\\d{1,2})(?: of (?:em|them|\\d{1,2}|the [a-z]+))?\\b(?! (?:of|days?|percent|weeks?|months?|dollars?|cents?|points?|bucks?)\\b)[^.:;,\\n]{0,40}(?:\\b\\d{1,2} days?)?:\\s([^\\n;]+?)(?=\\.\\s|\\.$|;|\\n|$)`,
  'gi',
);

/** "Five of them: Dec 31, Mar 31, Jun 30, Sep 30". */
export function findOddLists(text: string): Oddity[] {
  return [...text.matchAll(LISTED)].flatMap((match): Oddity[] => {
    const count = numberOf(match[1] ?? '');
    const list = (match[2] ?? '').replace(/\([^)]*\)/g, '').replace(/(\d),(\d{3})/g, '$1$2');
    const items = list.split(/,? and |, then |[,/&]/).filter((each) => /\w/.test(each)).length;
    const figures = list.match(/\d[\d.]*/g)?.length ?? 0;
    if (/\b(?:to|through|every|each)\b|\d–\d/.test(list)) return [];
    if (items < 2 || count <= items || count <= figures || count > 15) return [];
    const start = match.index + match[0].indexOf(match[1] ?? '');
    return [{ start, end: start + (match[1]?.length ?? 0), value: count, reason: `${items} are listed` }];
  });
}

/** "A quarter, or 16.4 %": two ways to say one thing. */
export function findOddFractions(text: string, said: readonly Said[]): Oddity[] {
  return said.flatMap(({ figure }, index): Oddity[] => {
    if (figure.isRatio !== true || figure.magnitude >= 1) return [];
    return [said[index - 1], said[index + 1]].flatMap((other): Oddity[] => {
      if (other?.figure.unit !== 'percent' || other.figure.isRatio === true) return [];
      const [low, high] = [Math.min(figure.end, other.figure.end), Math.max(figure.start, other.figure.start)];
      const isSame =
        /^,? (?:or |i\.e\. |that is )?(?:well |just )?(?:about |roughly |nearly |more than |over |under |less than |almost )?$|^ \(/.test(
          text.slice(low, high),
        );
      const gap = other.figure.magnitude - figure.magnitude * 100;
      if (
        !isSame ||
        Math.abs(gap) <= other.figure.magnitude * 0.2 ||
        (figure.approximate === 'over' && gap > 0 && gap < figure.magnitude * 30) ||
        (figure.approximate === 'under' && gap < 0 && -gap < figure.magnitude * 16)
      )
        return [];
      return [{ start: figure.start, end: figure.end, value: figure.magnitude, reason: `not ${other.figure.text}` }];
    });
  });
}

/** "+8.70 (+3.45 %)" of two changes: from the open and on the day. */
export function findOddPairs(
  text: string,
  said: readonly Said[],
  supports: ReadonlyMap<Said, number>,
  base: FactBase,
): Oddity[] {
  return said.flatMap((amount, index): Oddity[] => {
    const share = said[index + 1];
    const [value, percent] = [supports.get(amount), share && supports.get(share)];
    const [symbol, other] = share?.symbols ?? [];
    const price = symbol === undefined ? undefined : (base.latest(symbol, 'last') ?? base.latest(symbol, 'close'));
    if (share?.figure.unit !== 'percent' || value === undefined || percent === undefined || price === undefined)
      return [];
    if (other !== undefined || amount.figure.unit === 'percent' || amount.figure.whole || Math.abs(value) > price * 0.4)
      return [];
    const whole = (amount.figure.magnitude / share.figure.magnitude) * 100;
    if (
      said.length > 300 ||
      amount.figure.isRatio === true ||
      said.some(({ figure }) => Math.abs(figure.magnitude / whole - 1) < 0.01)
    )
      return [];
    if (
      !/^[^.;,\d]{0,24}(?:\(|,? or )(?:(?:about|roughly|nearly|almost|just|over|some) |~)*$/.test(
        text.slice(amount.figure.end, share.figure.start),
      )
    )
      return [];
    const changes = base
      .within(Math.abs(percent), Math.abs(percent))
      .filter((fact) => fact.field === 'changePercent' && fact.symbol === symbol);
    const isSame = (fact: Fact): boolean =>
      base.facts.some(
        (each) =>
          each.field === 'change' &&
          each.symbol === symbol &&
          each.date === fact.date &&
          each.from === fact.from &&
          Math.abs(Math.abs(each.value) - amount.figure.magnitude) <= amount.figure.tolerance * 2 + 0.011,
      );
    return changes.length === 0 || changes.some(isSame)
      ? []
      : [
          {
            start: share.figure.start,
            end: share.figure.end,
            value: percent,
            reason: `not what ${amount.figure.text} comes to`,
          },
        ];
  });
}

/** "62 delta" beside the one strike whose delta is 0.26. */
export function findOddDeltas(text: string, said: readonly Said[], base: FactBase, asked: string): Oddity[] {
  if (!/Δ|delta/i.test(text)) return [];
  const strikes = new Set(
    said.flatMap((each) => (each.isStrike === true ? [each.figure.magnitude] : (each.strikes ?? []))),
  );
  const deltas = base.facts.filter(
    ({ field, strike }) => field === 'delta' && strike !== undefined && strikes.has(strike),
  );
  if (deltas.length === 0) return [];
  return [...text.matchAll(/(?<![\d.,])(\d{1,2})(?:\s?Δ|[ -]deltas?\b)/gi)].flatMap((match): Oddity[] => {
    const value = Number(match[1]);
    if (asked.includes(match[0].toLowerCase()) || asked.includes(`.${match[1] ?? ''}`)) return [];
    if (deltas.some((fact) => Math.abs(Math.abs(fact.value) * 100 - value) < 2.6)) return [];
    return [
      {
        start: match.index,
        end: match.index + match[0].length,
        value,
        reason: 'another delta than that of the strike',
      },
    ];
  });
}

/** An RSI of 82 is not oversold. */
export function findOddExtremes(text: string, said: readonly Said[], base: FactBase): Oddity[] {
  return [...text.matchAll(/\b(overbought|oversold)\b/gi)].flatMap((match): Oddity[] => {
    const near = said.findLast(
      ({ figure, fields }) =>
        figure.end <= match.index && match.index - figure.end < 60 && fields?.includes('rsi14') !== false,
    );
    const [symbol, other] = near?.symbols ?? [...base.symbols];
    const rsi = symbol === undefined || other !== undefined ? undefined : base.latest(symbol, 'rsi14');
    const before = text.slice(Math.max(0, match.index - 40), match.index);
    if (
      rsi === undefined ||
      /\b(?:not|no|never|from|below|above|under|over|short of|than|nor|neither|or|if|line|threshold|between)\b|n['’]t\b|[<>]/i.test(
        before,
      ) ||
      /^\s?(?:\?|line|level|threshold|territory (?:is|starts|begins)|would|means|begins|starts|is |above|below|over|under|at)/i.test(
        text.slice(match.index + match[0].length),
      )
    )
      return [];
    const isNear =
      /\b(?:near\w*|close|approach\w*|almost|toward\w*|edge|verge|border\w*|getting|mildly|slightly)\b/i.test(before);
    return (/bought/i.test(match[0]) ? rsi > (isNear ? 50 : 69) : rsi < (isNear ? 50 : 31))
      ? []
      : [{ start: match.index, end: match.index + match[0].length, value: rsi, reason: `the RSI is ${rsi}` }];
  });
}

const MONEYNESS =
  /(?<![\d.])(\d+(?:\.\d+)?)[\s-]?(call|put|[cp])s?\b([^.;\n]{0,60}?)\b(?:is|are|sits?|stands?|now)?\s?(?:\$?[\d.]+%? )?(?:(in|out of) the money|(ITM)|(OTM))\b/gi;
const MONEY_ALONE = /\b(?:(in|out of) the money|(ITM)|(OTM))\b/gi;
const SIDE_OF_AVERAGE =
  /\b(?:vs\.?|versus|against)\s(?:the |its )?(?:[A-Z]+ ?\d+|\d+-day)(?: [a-z]+)?\s\$?([\d.]+)\s?[:–,-]\s(?:well |just |slightly |far )?(?:(above|over)|below|under)\b/gi;

/** "The 450 call is out of the money" with the price at 456, "vs SMA50 239.92: above" with the price at 233. */
export function findOddSides(text: string, said: readonly Said[], base: FactBase): Oddity[] {
  const [symbol = '', other] = [...base.symbols];
  const price = base.latest(symbol, 'spot') ?? base.latest(symbol, 'last') ?? base.latest(symbol, 'close');
  if (price === undefined || other !== undefined) return [];
  const odd = (match: RegExpExecArray, level: number, isAbove: boolean): Oddity[] =>
    Math.abs(price - level) < price * 0.001 || price > level === isAbove
      ? []
      : [{ start: match.index, end: match.index + match[0].length, value: level, reason: `the price is ${price}` }];
  const [only, another] = said.filter(({ isStrike }) => isStrike === true);
  const [side] = only?.sides ?? [];
  const strikes = [...new Set(said.flatMap((each) => each.strikes ?? []))];
  const sides = [...new Set(said.flatMap((each) => each.sides ?? []))];
  return [
    ...[...text.matchAll(MONEY_ALONE)].flatMap((match) => {
      const around = text.slice(Math.max(0, match.index - 60), match.index + match[0].length + 20);
      const strike = only?.figure.magnitude ?? strikes[0];
      const isOne = only === undefined ? strikes.length === 1 && sides.length === 1 : only.sides?.length === 1;
      if (strike === undefined || another !== undefined || !isOne) return [];
      if (
        /\b(?:not|if|would|until|expire|finish|ends?|odds|chance|prob\w*|to|stay|nearly|almost)\b|n['’]t\b/i.test(
          around,
        )
      )
        return [];
      const isIn = match[1]?.toLowerCase() === 'in' || match[2] !== undefined;
      return odd(match, strike, isIn === ((side ?? sides[0]) === 'call'));
    }),
    ...[...text.matchAll(MONEYNESS)].flatMap((match) => {
      const [, strike, side = '', between = '', word, itm] = match;
      if (
        /\b(?:not|if|would|until|expire|finish|odds|chance|probab\w*|prob|to)\b|\d/i.test(between) ||
        !base.hasStrike(Number(strike))
      )
        return [];
      const isIn = word?.toLowerCase() === 'in' || itm !== undefined;
      return odd(match, Number(strike), isIn === /^c/i.test(side));
    }),
    ...[...text.matchAll(SIDE_OF_AVERAGE)].flatMap((match) => odd(match, Number(match[1]), match[2] !== undefined)),
  ];
}

const ORIGIN =
  /^[\s*]*(?:\((?:[−+-]?[\d.]+\s?%(?: [a-z]+)?, )?|[,:–—-]|is)\s*(?:(?:the|a|an|from) )*(?:(yesterday|mon|tues|wednes|thurs|fri)(?:day)?['’]s )?(?:(?:(52-week)|([A-Z][a-z]{2} \d{1,2})|previous session|swing|session) )?(?:swing )?(?:(high|low|open)\b|(?:SMA ?(\d+)|(\d+)(?:-day|d))\b(?![^,;.\n(]{0,12}\d))/i;

/** "232.66, Monday's low" of a level that is its high. */
export function findOddOrigins(
  text: string,
  said: readonly Said[],
  supports: ReadonlyMap<Said, number>,
  base: FactBase,
): Oddity[] {
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
          ? end.toLowerCase()
          : `week52${end.toLowerCase() === 'high' ? 'High' : 'Low'}`;
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
        : ['mon', 'tues', 'wednes', 'thurs', 'fri'].indexOf(day.toLowerCase()) + 1;
    const isSame = (fact: Fact): boolean =>
      fact.field === field && (weekday === undefined || fact.date === undefined || weekdayOf(fact.date) === weekday);
    return facts.length === 0 || facts.some(isSame)
      ? []
      : [
          {
            start: figure.start,
            end: figure.end,
            value,
            reason: `it is ${facts[0]?.field ?? ''} ${facts[0]?.date ?? ''}`.trim(),
          },
        ];
  });
}

const ZONES =
  /\b(\d{1,2})(?::(\d{2}))?\s?([ap]\.?m\.?)?\s(?:Chicago|Central|Pacific|Mountain|London|CT|CST|CDT|PT|PST|GMT|UTC)\b/gi;

/** The exchange's own time, said to be that of another place. */
export function findOddZones(text: string, base: FactBase): Oddity[] {
  return [...text.matchAll(ZONES)].flatMap((match): Oddity[] => {
    const hours = Number(match[1]);
    if (match[2] === undefined && match[3] === undefined && (hours > 12 || /pt$/.test(match[0]))) return [];
    const half = match[3]?.[0]?.toLowerCase();
    const minutes = (half === undefined ? hours : (hours % 12) + (half === 'p' ? 12 : 0)) * 60 + Number(match[2] ?? 0);
    return base.times.has(minutes)
      ? [{ start: match.index, end: match.index + match[0].length, value: hours, reason: 'that is Eastern time' }]
      : [];
  });
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** "The January expiration" of a chain of December. */
export function findOddMonths(text: string, base: FactBase, asked: string): Oddity[] {
  if (!/expir|opex|option|chain|call|put|contract|straddle|monthly/i.test(text)) return [];
  const held = new Set(
    base.facts.flatMap(({ expiration, strike }) =>
      expiration !== undefined && strike !== undefined ? [Number(expiration.slice(5, 7))] : [],
    ),
  );
  if (held.size === 0 || base.hasTable) return [];
  return [
    ...text.matchAll(
      /\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? (?:monthly |opex |weekly )?(?:expir\w+|opex|options?|chain|calls?|puts?|contracts?|straddles?|monthly)\b/g,
    ),
  ].flatMap((match): Oddity[] => {
    const month = MONTHS.indexOf((match[1] ?? '').toLowerCase()) + 1;
    const isHeld = held.has(month) || [...base.expirations].some((date) => Number(date.slice(5, 7)) === month);
    return isHeld || asked.includes((match[1] ?? '').toLowerCase())
      ? []
      : [
          {
            start: match.index,
            end: match.index + match[0].length,
            value: month,
            reason: 'another expiration than that of the data',
          },
        ];
  });
}

const MONTHLY =
  /^(?:st|nd|rd|th)?,? ?(?:\((?:that['’]s |that is |it['’]s )?(?:the )?(?:dec(?:ember)? |jan(?:uary)? )?|is (?:the|a) )(?:m\b|monthly|opex)/i;

/** "31st (that's the monthly)": it is the third Friday, or the day before a holiday there. */
export function findOddMonthlies(text: string, dates: readonly DateMention[], base: FactBase): Oddity[] {
  if (base.expirations.size === 0) return [];
  const held = [...base.expirations];
  const wrong = dates.find(
    ({ value, start }) =>
      /\bmonthly(?: (?:is|expir\w+|one|date|opex|comes|falls|on|the))*[\s:,(]*(?:Fri(?:day)?,? )?$/i.test(
        text.slice(Math.max(0, start - 50), start),
      ) &&
      held.some((date) => isDay(value, date)) &&
      !held.some((date) => isDay(value, date) && isMonthly(date)),
  );
  if (wrong) return [{ start: wrong.start, end: wrong.end, value: 0, reason: 'not the monthly expiration' }];
  const monthlies = new Set([...base.expirations].filter(isMonthly).map((date) => Number(date.slice(8))));
  return [...text.matchAll(/(?<![\d.,$/])\d{1,2}(?=(?:st|nd|rd|th)?,? ?(?:\(|is (?:the|a) monthly))/g)].flatMap(
    (match): Oddity[] => {
      const end = match.index + match[0].length;
      if (!MONTHLY.test(text.slice(end, end + 30)) || monthlies.size === 0 || monthlies.has(Number(match[0])))
        return [];
      return [{ start: match.index, end, value: Number(match[0]), reason: 'not the monthly expiration' }];
    },
  );
}

function isMonthly(date: string): boolean {
  const [day, weekday] = [Number(date.slice(8)), weekdayOf(date)];
  return (
    (weekday === 5 && day >= 15 && day <= 21) ||
    (weekday === 4 && day >= 14 && day <= 20 && !isTradingDay(addDays(date, 1)))
  );
}

const MONTH_BEHIND =
  /^,? (?:(?:set|hit|made) )?(?:in |\()(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:r?uary|ch|il|e|y|ust|t|(?:t?em|o)ber)?\b(?!\.? \d)/i;
const DAY_BEHIND =
  /^,? (?:which |that )?(?:was |were )?(?:(?:first )?(?:set|hit|made|reached|came|seen|touched|printed|recorded) )?(?:(?:back )?on |last |\()$/;
const YEARLY: Readonly<Record<string, string>> = { high: 'week52High', low: 'week52Low' };
const EXTREMES: ReadonlySet<string> = new Set(['high', 'low', 'close']);

/** "A low of 341.02 in June", "241.84 on November 24" of what the bars have on another day. */
export function findOddExtremeDays(
  text: string,
  said: readonly Said[],
  dates: readonly DateMention[],
  base: FactBase,
): Oddity[] {
  return said.flatMap(({ figure, fields, symbols: [symbol, other] = [] }): Oddity[] => {
    if (symbol === undefined || other !== undefined || figure.whole || figure.unit === 'percent') return [];
    const month = MONTH_BEHIND.exec(text.slice(figure.end, figure.end + 24))?.[1]?.toLowerCase();
    const day = dates.find(({ start }) => start >= figure.end);
    const isBehind = day !== undefined && DAY_BEHIND.test(text.slice(figure.end, day.start));
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
    return bars.length === 0 || bars.some(isSame)
      ? []
      : [{ start: figure.start, end: figure.end, value: figure.magnitude, reason: `of ${bars[0]?.date ?? ''}` }];
  });
}
