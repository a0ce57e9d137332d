// Hides how the words of a question are read as sessions and hours: the patterns that can begin at a word, by the build's lines,
// each made when it is first tried.
import { parseRangePhrase } from '../../domain/date-grammar.ts';
import { yearOf } from '../../domain/exchange-time.ts';
import { INTRADAY_MINUTES, isIntraday } from '../../domain/intraday-bars.ts';
import { minutesOfHours } from '../../domain/session-hours.ts';
import type { IntradayInterval, IsoDate } from '../../domain/types.ts';
import { dateAt } from './dates.ts';
import { HOUR_PATTERNS, MINUTES } from './hours.ts';
import type { Word } from './lexer.ts';
import { valuesAtStart } from './lines.ts';
import { BEGINNINGS } from './session-index.ts';
import { SESSION_PATTERNS, numberOf } from './sessions.ts';
import type { Meaning, Token } from './tokens.ts';

type SessionMatch = Meaning & { length: number };

/** Each pattern that fits the start of a text, in their order. */
function createPatterns<Make>(patterns: readonly (readonly [source: string, make: Make])[], beginnings: string) {
  const compiled = new Map<number, RegExp>();

  function compile(number: number, source: string): RegExp {
    const own = compiled.get(number) ?? new RegExp(`^(?:${source})(?= |$)`);
    compiled.set(number, own);
    return own;
  }

  return function* matchesOf(text: string): Generator<readonly [found: RegExpExecArray, make: Make]> {
    const possible = new Set(valuesAtStart(beginnings, text).flatMap((numbers) => numbers.split(' ').map(Number)));
    for (const number of [...possible].sort((one, other) => one - other)) {
      const [source, make] = patterns[number] ?? [];
      const found = source === undefined ? null : compile(number, source).exec(text);
      if (found !== null && make !== undefined) yield [found, make];
    }
  };
}

const sessionsOf = createPatterns(SESSION_PATTERNS, BEGINNINGS.sessions);
const hoursOf = createPatterns(HOUR_PATTERNS, BEGINNINGS.hours);

const ASKS_OFTEN =
  /\b(?:how often|how many|average|averages|avg|mean|median|usually|typically|typical|percent|share|probability|historically|win|wins|odds|chance|chances|best|worst|does|do|whats|list|which days|returns?|happens?|perform|performed|performs|move|moves|behave|bounce|follow through|tend|tends)\b/;
const FREQUENCY =
  /\b(?:often|how many|(?:what|which) (?:percent|percentage)|percent of|share|usually|typically|average|probability|odds|chances?)\b/;
const AFTER = /\b(?:after|following|whenever|when|if|every time|each time|days (?:that|when|on which))\b/;
const GIVEN =
  /\b(?:after|following|whenever|when|if|days|sessions|every time|each time|mondays|tuesdays|wednesdays|thursdays|fridays|an? (?:mon|tues|wednes|thurs|fri)day)\b/;

/** What the whole question says, which no word of it changes. */
function toldBy(words: readonly string[]) {
  const all = words.join(' ');
  const isOften = ASKS_OFTEN.test(all);
  return {
    all,
    isOften,
    isAfter: isOften && AFTER.test(all),
    isFrequency: FREQUENCY.test(all),
    isNow: /^(?:is|are)\b|\btoday\b/.test(all) && !GIVEN.test(all),
    isStudy: (isOften || /\b(?:highest|lowest)\b/.test(all)) && GIVEN.test(all),
  };
}

/** Of the words of a question: the longest description of a session that starts at one of them. */
export function createSessionReader(words: readonly string[]): (start: number) => SessionMatch | undefined {
  let told: ReturnType<typeof toldBy> | undefined;
  return (start) => {
    told ??= toldBy(words);
    const text = words.slice(start, start + 14).join(' ');
    const context = { ...told, before: words.slice(0, start).join(' '), text };
    let best: SessionMatch | undefined;
    for (const [found, make] of sessionsOf(text)) {
      const length = found[0].split(' ').length;
      if (length <= (best?.length ?? 0)) continue;
      const meaning = make(found, context);
      if (meaning !== undefined) best = { ...meaning, length };
    }
    return best;
  };
}

const YEARS_BACK = /^(?:(?:each|every) (?:of|in) )?(?:the )?(?:last|past) (\d{1,2}) years$/;

/** `week after thanksgiving 22, 23, 24`, `santa rally last 5 years`: that part of each of the years. */
export function inEachYear(tokens: readonly Token[], place: { today(): IsoDate }): readonly Token[] {
  const at = tokens.findIndex(({ is, text }) => is === 'date' && /[a-z]/i.test(text) && !/\d{4}$/.test(text));
  const date = tokens[at];
  if (date?.is !== 'date' || date.range === undefined) return tokens;
  const texts = date.text.toLowerCase().split(' ');
  const yearOfToken = (token: Token): number =>
    token.is === 'number'
      ? token.value
      : token.is === 'date' && /^20\d\d$/.test(token.range ?? '')
        ? Number(token.range)
        : NaN;
  const years = tokens.slice(at + 1).filter((token) => isYear(yearOfToken(token)));

  const back = tokens.find((token) => token !== date && token.is === 'date' && YEARS_BACK.test(token.range ?? ''));
  const isSpan = / to /.test(date.range);
  const count = back?.is === 'date' && isSpan ? Number(YEARS_BACK.exec(back.range ?? '')?.[1]) : 0;
  const values =
    count > 0
      ? Array.from({ length: count }, (_, index) => yearOf(place.today()) - index - 1).reverse()
      : years.map(yearOfToken).map((value) => (value < 100 ? 2000 + value : value));
  // "in november 22, 23, 24"
  const [, month, first] = /^(?:in |of )?([a-z]{3,9}) (\d\d)$/i.exec(date.text) ?? [];
  if (values[0] === 2000 + Number(first) + 1) values.unshift(values[0] - 1);
  else if (month !== undefined) return tokens;
  if (values.length < 2 || values.some((year, index) => index > 0 && year <= (values[index - 1] ?? 0))) return tokens;
  const words = texts.map((text) => ({ text, raw: text })) as unknown as readonly Word[];
  const dates = values.map((year): Token | undefined => {
    const found = dateAt({ words, texts, today: () => `${String(year)}-12-31`, isOfOptions: false }, 0, 0);
    const range = isSpan
      ? found?.range
      : month !== undefined || /^[a-z]+$/.test(date.range ?? '')
        ? `${(month ?? date.range ?? '').toLowerCase()} ${String(year)}`
        : undefined;
    return range === undefined ? undefined : { is: 'date', range, text: `${date.text} ${String(year)}` };
  });
  if (dates.includes(undefined)) return tokens;
  return tokens.flatMap((token, index): Token[] => {
    if (token === date) return dates.flatMap((each) => each ?? []);
    const isListed =
      token === back ||
      token.is === 'usual' ||
      years.some((year) => year === token) ||
      (/^(?:mark|joiner)$/.test(token.is) && years.some((year) => year === tokens[index + 1])) ||
      (count > 0 && /^(?:each|every|of|one)$/i.test(token.text));
    return isListed ? [{ is: 'filler', text: token.text }] : [token];
  });
}

const isYear = (value: number): boolean =>
  Number.isInteger(value) && ((value >= 10 && value <= 40) || (value >= 2000 && value <= 2100));

interface HoursMatch {
  is: 'hours';
  hours: string;
  length: number;
}

function hoursAt(words: readonly string[], start: number): Omit<HoursMatch, 'is'> | undefined {
  const text = words.slice(start, start + 12).join(' ');
  const beside = { all: words.join(' '), before: words.slice(0, start).join(' ') };
  for (const [found, make] of hoursOf(text)) {
    const hours = make(found, beside);
    if (hours !== undefined) return { hours, length: found[0].split(' ').length };
  }
  return undefined;
}

/** What a session's hours and bars of minutes are described by. */
export function withinDayAt(
  words: readonly string[],
  at: number,
  isOfBars: boolean,
): (Meaning & { length: number }) | HoursMatch | undefined {
  const hours = hoursAt(words, at);
  if (hours !== undefined) return { is: 'hours', ...hours };
  const placed = placeAt(words, at);
  if (placed !== undefined) return { is: 'field', ...placed };
  const size = isOfBars && words[at - 1] !== 'last' ? barSizeAt(words, at) : undefined;
  return size === undefined ? undefined : { is: 'interval', ...size };
}

/** The shortest session is as long. */
const HALF_DAY = 210;

/** `volume 9:30-10:00 today / average of the prior 10 sessions`, `how much of the day's move came then`: figures of days. */
function asFieldsOfDays(tokens: readonly Token[]): Token[] | undefined {
  const [hours, ...others] = tokens.filter(({ is }) => is === 'hours');
  const span = hours?.is === 'hours' && others.length === 0 ? minutesOfHours(hours.hours) : undefined;
  if (span === undefined) return undefined;
  const [, to] = span;
  const isVolume = tokens.some(
    (token) => token.is === 'field' && /^(?:volume|averageVolume)$/.test(token.names.join()),
  );
  const usual = tokens.findIndex(
    (token) =>
      token.is === 'usual' ||
      (token.is === 'aggregate' && token.aggregate === 'average') ||
      (token.is === 'field' && token.names.join() === 'averageVolume'),
  );
  const sized = tokens.find(
    (token): token is Token & { is: 'date' } =>
      token.is === 'date' && /\d+ (?:trading )?(?:sessions|days)$/.test(token.range ?? ''),
  );
  const day = tokens.find(
    (token) => token.is === 'date' && parseRangePhrase(token.range ?? '')?.expression.kind === 'day',
  );
  const kept = tokens.filter(
    (token) =>
      token.is === 'symbol' ||
      token.is === 'pronoun' ||
      (token.is === 'date' && token === day && token.range !== 'today'),
  );
  const text = hours?.text ?? '';
  if (isVolume)
    return usual < 0 || to > HALF_DAY
      ? undefined
      : [...kept, { is: 'field', names: volumeAgainstUsual(span, /\d+/.exec(sized?.range ?? '')?.[0]), text }];
  return asksShareOfMove(tokens) ? [...kept, { is: 'field', names: shareOfMove(span), text }] : undefined;
}

type Minutes = readonly [from: number, to: number];

/** What was traded in those minutes, usually and beside each other. */
function volumeAgainstUsual([from, to]: Minutes, sessions = '20'): string[] {
  const of = (write: (minutes: number) => string): string => (from === 0 ? write(to) : `${write(to)} - ${write(from)}`);
  const own = of((minutes) => `volumeFirst${String(minutes)}`);
  const average = of((minutes) => `ago(avg(volumeFirst${String(minutes)}, ${sessions}), 1)`);
  return [own, average, `(${own}) / (${average}) as timesUsual`];
}

/** `how much of the day's move came then` */
function asksShareOfMove(tokens: readonly Token[]): boolean {
  const isShare = tokens.some(
    ({ is, text }) => is === 'share' || (is === 'howMuch' && /much|percent|share/i.test(text)),
  );
  const isOfDay =
    tokens.some(({ is }) => is === 'move') &&
    /\b(?:day|session|total|whole|today|yesterday)\b/i.test(tokens.map(({ text }) => text).join(' '));
  const isThen = tokens.some(({ is, text }) => is === 'filler' && /^(?:of|came|then|happened)$/i.test(text));
  return isShare && isOfDay && isThen;
}

function shareOfMove([from, to]: Minutes): string[] {
  const start = from === 0 ? 'open' : `priceAfter${String(from)}`;
  const end = to === 390 ? 'close' : `priceAfter${String(to)}`;
  return [
    `pct(${end}, ${start}) as changeThen`,
    'changePercent',
    `(${end} - ${start}) / change * 100 as percentOfMove`,
  ];
}

/** Hours are of the one day that is named beside them, else of today; several of them or of several days are refused. */
export function joinHours(told: readonly Token[]): Token[] {
  const said = asFieldsOfDays(told) ?? told;
  const hasSymbol = said.some(({ is }) => /^(?:symbol|group|pronoun)$/.test(is));
  const isSized = said.some(({ is, text }) => is === 'hours' && /\d/.test(text));
  const tokens = said.map((token): Token => {
    const { text } = token;
    // "what time did spy put in the low": of a price, not the market's.
    const isOfPrice = said.some((each) => each.is === 'field' && /^(?:high|low)\b/.test(each.names[0] ?? ''));
    const isTime = /^(?:at |and )?(?:what|the) times?\b/i.test(text) || /^times?$/i.test(text);
    if (isTime && /^(?:form|filler|unknown)$/.test(token.is) && hasSymbol && isOfPrice) return { is: 'when', text };
    if (token.is !== 'hours') return token;
    // "premarket" of no symbol is the market's.
    if (!hasSymbol && /^[pa]/.test(token.hours)) return { is: 'form', form: 'market', text };
    // "opening range, first 15 min": the one.
    return isSized && /(?:range|orb)$/i.test(text) && !/\d/.test(text) ? { is: 'filler', text } : token;
  });
  const [one, ...others] = tokens.filter(({ is }) => is === 'hours');
  if (one?.is !== 'hours') return tokens;
  const days = tokens.filter(({ is }) => is === 'date');
  const isBeside = (day: Token): boolean => {
    const [from = 0, to] = [tokens.indexOf(day), tokens.indexOf(one)].toSorted((a, b) => a - b);
    return !tokens.slice(from, to).some(({ is }) => is === 'joiner');
  };
  const day = days.find(isBeside);
  const range = day?.is === 'date' ? (day.range ?? '') : 'today';
  const isOfDay = parseRangePhrase(range)?.expression.kind === 'day' && (days.length < 2 || day === undefined);
  if (!isOfDay || others.length > 0)
    return tokens.map((token) => (token.is === 'hours' ? { is: 'refuse', why: 'hours', text: token.text } : token));
  const sizes = tokens.flatMap((each) => (each.is === 'interval' && isIntraday(each.interval) ? [each.interval] : []));
  const isOfBars = tokens.some(({ is, text }) => is === 'form' && /\b(?:bar|candle)/i.test(text));
  const minutes = INTRADAY_MINUTES[sizes[0] ?? (isOfBars ? '5min' : '1min')];
  const hours = one.hours.replace(/^at (\d\d):(\d\d)$/, (_all, hour: string, minute: string) => {
    const end = Number(hour) * 60 + Number(minute) + minutes;
    return `${hour}:${minute} to ${String(Math.floor(end / 60)).padStart(2, '0')}:${String(end % 60).padStart(2, '0')}`;
  });
  return tokens.map((token): Token => {
    if (token === day) return { is: 'filler', text: token.text };
    return token === one ? { is: 'date', range: `${range} ${hours}`, text: token.text } : token;
  });
}

const A_RANGE = String.raw`(?= (?:its |the |that |yesterday s? ?|(?:the )?(?:prior|previous) (?:day |session )?)*(?:.* )?(?:range|orb|hour|minutes|mins?))`;
const SIDES_OF_IT =
  '(?:above or below|above below|in or out of|inside or outside|inside|within|outside|in|vs|versus|relative to|compared to)';
const BESIDE = new RegExp(`^${SIDES_OF_IT}(?: of)?${A_RANGE}`);
const BROKE = new RegExp(
  `^(?:broke|break|broken|breaks|breaking|take out|took out|taken out|cleared?)(?: out of| above or below| through)?${A_RANGE}`,
);
const SINCE =
  /^(?:(?:and|or|did|has|have|it|price|we) )*(?:(?:traded?|been|gone?|dipped|dropped|broken?|broke|fallen|risen|poked) )+(?:back )?(?:above|below|through|under|over) (?:that|it|this|there)(?: level| low| high)?(?: (?:since|after|yet|later|so far|today|again))*/;
const WHERE = new RegExp(
  `^(?:and |n )?(?:where )?(?:r|are|is) (?:we|it|price)(?: now)?(?: ${SIDES_OF_IT})?(?: (?:it|that|this|the range|that range))?(?: now)?$`,
);

/** `inside yesterday's range`, `did it break the opening range`: the price beside both ends of one. */
function placeAt(words: readonly string[], start: number): { names: string[]; length: number } | undefined {
  const all = words.join(' ');
  const isOfOther =
    (/\b(?:week|wk|month|year)\b/.test(all) && /\b(?:did|stay\w*|held|holds?)\b/.test(all)) ||
    /\b(?:52|percent|strikes?|calls?|puts?|atr|average)\b|(?<!\b(?:last|prev|previous|prior)(?: s)? )\b(?:week|wk|month|year)\b/.test(
      all,
    );
  if (isOfOther || !/\b(?:range|orb|first|opening|hi lo|high low|hod lod|high and low)\b/.test(all)) return undefined;
  const text = words.slice(start).join(' ');
  const broke =
    BROKE.exec(text) ?? (/\b(?:first|opening|orb)\b/.test(words.slice(0, start).join(' ')) ? SINCE.exec(text) : null);
  const isAsked = /^(?:is|are|r|did|has|was|where|still)\b/.test(all) || /^(?:inside|above or)/.test(text);
  const found = broke ?? WHERE.exec(text) ?? (isAsked ? BESIDE.exec(text) : null);
  if (found === null) return undefined;
  const isWhere = broke === null && /\bwhere\b/.test(found[0]);
  const place = '(now(last) - low) / (high - low) * 100 as percentOfRange';
  const names = [
    'high',
    'low',
    'now(last)',
    ...(broke === null ? [] : ['now(high)', 'now(low)']),
    ...(isWhere ? [place] : []),
  ];
  return { names, length: found[0].split(' ').length };
}

const SIZES: Readonly<Record<string, IntradayInterval>> = {
  1: '1min',
  5: '5min',
  15: '15min',
  30: '30min',
  60: 'hour',
};
const SIZE_OF_BARS = new RegExp(
  String.raw`^(?:(?:on|in|using|by) )?(?:the |a )?(1|5|15|30|60|one|five|fifteen|thirty) ?${MINUTES}(?: (?:charts?|bars?|candles?|tf|timeframe|time frame|ones?))?(?= |$)`,
);
/** `over the 9 ema on the 5` */
const BARE_SIZE = /^on the (1|5|15|30)(?= (?:and|chart|too|also|,)|$)/;
/** `same on the 15`, after bars of another size. */
const OTHER_SIZE = /^(?:and |same |same thing |now )?on the (1|5|15|30)(?: min| minute| m)?$/;
const OF_BARS = /\b(?:rsi|ema|sma|ma|macd|bars?|candles?|chart|stoch\w*|atr|adx|average|bollinger|bands?)\b/;

/** `5 min rsi`, `on the 15 minute chart`: what a bar is. */
function barSizeAt(
  words: readonly string[],
  start: number,
): { interval: IntradayInterval; length: number } | undefined {
  const text = words.slice(start, start + 8).join(' ');
  const own = OF_BARS.test(words.join(' ')) ? (SIZE_OF_BARS.exec(text) ?? BARE_SIZE.exec(text)) : null;
  const sized = own ?? OTHER_SIZE.exec(start === 0 ? text : '');
  const interval = SIZES[numberOf(sized?.[1])];
  return sized === null || interval === undefined ? undefined : { interval, length: sized[0].split(' ').length };
}
