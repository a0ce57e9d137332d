// Hides how the words of a question are read as sessions and hours: the patterns that can begin at a word, by the build's lines,
// each made when it is first tried.
import { yearOf } from '../../domain/exchange-time.ts';
import type { IsoDate } from '../../domain/types.ts';
import { dateAt } from './dates.ts';
import type { Word } from './lexer.ts';
import { valuesAtStart } from './lines.ts';
import { BEGINNINGS } from './session-index.ts';
import { HOUR_PATTERNS, SESSION_PATTERNS, barSizeAt, placeAt } from './sessions.ts';
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
