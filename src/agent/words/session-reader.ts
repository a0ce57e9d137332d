// Hides how the words of a question are read as sessions and hours: the patterns that can begin at a word, by the build's lines,
// each made when it is first tried.
import { valuesAtStart } from './lines.ts';
import { BEGINNINGS } from './session-index.ts';
import { HOUR_PATTERNS, SESSION_PATTERNS, barSizeAt, placeAt } from './sessions.ts';
import type { Meaning } from './tokens.ts';

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
