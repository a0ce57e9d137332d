// How people name a part of a session's hours (`first half hour`, `between 10 and 11`, `the low before 10`) and times of the
// day. Hides the spellings of clocks and minutes.
import { OPEN_MINUTES } from '../../domain/calendar.ts';
import { countOf } from '../../domain/date-words.ts';
import type { Meaning } from './tokens.ts';

export const MINUTES = '(?:minutes?|mins?|m)';
/** A number of minutes, or of hours and whether half of them. */
const SPAN = String.raw`(?:(\d{1,3}|five|ten|fifteen|twenty|thirty) ?${MINUTES}|(?:(\d|two|three|an?|one) )?(half (?:an )?|1 \/ 2 )?(?:hours?|hrs?))`;
const CLOCK = String.raw`(?:\d{1,2}(?::\d\d)?(?: ?[ap]m)?|noon|midday|the open|open|the close|close|the bell)`;

/** A time of the trading day, where bare hours before 8 are in the afternoon. */
function clockOf(text = ''): string {
  if (/noon|midday/.test(text)) return '12:00';
  if (/open/.test(text)) return '09:30';
  if (/close|bell/.test(text)) return 'close';
  const [, hours = '', minutes = '00', half] = /^(\d{1,2})(?::(\d\d))?(?: ?([ap])m)?$/.exec(text) ?? [];
  const hour = Number(hours);
  if (hour > 12) return `${hours}:${minutes}`;
  const isAfternoon = half === undefined ? hour < 8 : half === 'p';
  return `${String((hour % 12) + (isAfternoon ? 12 : 0)).padStart(2, '0')}:${minutes}`;
}

function minutesOf([count, hours, half]: readonly (string | undefined)[]): string {
  const n = /^an?$/.test(hours ?? '') ? 1 : (countOf(count ?? hours ?? '1') ?? Number(count ?? hours));
  return `${String(n * (count !== undefined ? 1 : half === undefined ? 60 : 30))} minutes`;
}

/** Something of a day happens in hours, where `is it between 10 and 11` may be of its price. */
const HAPPENS = /\b(?:highs?|lows?|range|volume|vol|do|did|happen(?:ed)?|change|moved?|candles?|bars?)\b/;
const OF_PRICES = /\b(?:is|are|trading|closed?|price|prices|calls?|puts?|strikes?|delta|dollars|bucks)\b/;
const OF_MARKET =
  /\b(?:market|markets|mkt|opens?|closes?|closed|bell|session|sessions|hours|start|starts|begin|end|ends|when)\b/;
const OF_EXTENDED =
  /\b(?:markets?|mkt|hours|trading|trade|starts?|begins?|ends?|when|what time|until|till|how long|how late)\b/;
const NOT_AT = /\b(?:by|before|until|till|after|since|past|to|from|than|above|below|over|under|around|about)$/;
const isWritten = (text = ''): boolean => /:|[ap]m$|noon|midday/.test(text);

interface Beside {
  all: string;
  before: string;
}
type MakeHours = (groups: readonly (string | undefined)[], beside: Beside) => string | undefined;

const OF_DAY = '(?: of (?:the )?(?:day|session|trading))';
const LEAD_OF_HOURS = '(?:(?:in|during|of|for|over|after|from) )?(?:the )?';

/** Parts of a session's hours as `resolveHours` reads them, the surest first. */
export const HOUR_PATTERNS: readonly (readonly [pattern: string, make: MakeHours])[] = [
  [
    String.raw`(?:the |its |their )?(?:${SPAN} )?(?:opening range|open range|orb)(?: ?\(?(?:of )?(?:the )?(?:first )?${SPAN})?`,
    ([, ...parts]) => {
      const own = [parts.slice(0, 3), parts.slice(3, 6)].find((each) => each.some(Boolean));
      return `first ${own === undefined ? '30 minutes' : minutesOf(own)}`;
    },
  ],
  [`${LEAD_OF_HOURS}(?:first|opening|1st) ${SPAN}${OF_DAY}?`, ([, ...span]) => `first ${minutesOf(span)}`],
  [`${LEAD_OF_HOURS}(?:power hour|(?:final|closing) hour|last hour${OF_DAY})`, () => '15:00'],
  [`${LEAD_OF_HOURS}(?:last|past|final|closing) ${SPAN}${OF_DAY}?`, ([, ...span]) => `last ${minutesOf(span)}`],
  [
    `(?:by|before|until|till|up to) (${CLOCK})`,
    ([, end], { all }) => (isWritten(end) && !OF_MARKET.test(all) ? `09:30 to ${clockOf(end)}` : undefined),
  ],
  [
    '(?:(?:in|during) (?:the )?)?(premarket|pre market|after ?hours|post market)',
    ([, name = ''], { all }) =>
      OF_EXTENDED.test(all.replace(name, '')) ? undefined : name.startsWith('pre') ? 'premarket' : 'after hours',
  ],
  [
    `(?:between|from) (${CLOCK}) (?:and|to|till|until|-) (${CLOCK})`,
    ([, one, other], { all }) => {
      const [from, to] = [clockOf(one), clockOf(other)];
      const isMeant = isWritten(one) || isWritten(other) || (HAPPENS.test(all) && !OF_PRICES.test(all));
      return !isMeant || from >= to ? undefined : to === 'close' ? from : `${from} to ${to}`;
    },
  ],
  [
    `(${CLOCK}) ?(?:to|-|–|till|until|thru)? ?(${CLOCK})`,
    ([, one = '', other = '']) => {
      const [from, to] = [clockOf(one), clockOf(other)];
      const isMeant = isWritten(other) && (isWritten(one) || /^\d/.test(one));
      return !isMeant || from >= to ? undefined : to === '16:00' || to === 'close' ? from : `${from} to ${to}`;
    },
  ],
  [`(?:since|from|after) (${CLOCK})(?: on)?`, ([, from]) => (isWritten(from) ? clockOf(from) : undefined)],
  [
    `(?:at |the )?(${CLOCK})`,
    ([, at], { all, before }) =>
      isWritten(at) && !OF_MARKET.test(all) && !NOT_AT.test(before) ? `at ${clockOf(at)}` : undefined,
  ],
];

const COUNTED = /\b(?:how many|how often|out of|number of|count|percent|share|times)\b/;
const OF_EXTREME = /\b(high|low|hod|lod)s?\b/;
export const state = (expression: string, word: string): Meaning => ({ is: 'state', expression, word });

/** Sessions whose high or low, as the question says, was at some minutes of the day. */
function extremeAt(all: string, minutes: string, when: string): Meaning | undefined {
  const which = OF_EXTREME.exec(all)?.[1];
  if (which === undefined || !COUNTED.test(all)) return undefined;
  const of = which.startsWith('h') ? 'high' : 'low';
  return state(`${of}Minute ${minutes}`, `with the ${of} ${when}`);
}

/** Sessions by when of the day something of them was. */
export const TIME_PATTERNS: readonly (readonly [
  pattern: string,
  make: (groups: readonly (string | undefined)[], beside: Beside) => Meaning | undefined,
])[] = [
  [
    `(?:the |its )?(?:normal|usual|average|avg|typical|what is (?:usual|normal))(?: (?:volume|vol))?(?: (?:by|at|for|up to|as of|through))? (?:this|that|the same|this same) (?:time|point|hour)(?: (?:of|in) (?:the )?(?:day|session))?`,
    (_groups, { all }) =>
      /\b(?:volume|vol)\b/.test(all)
        ? {
            is: 'field',
            names: [
              'volumeByNow',
              'ago(avg(volumeByNow, 20), 1)',
              'volumeByNow / ago(avg(volumeByNow, 20), 1) as timesUsual',
            ],
          }
        : undefined,
  ],
  // "how many put in the low before 10"
  [
    `(?:in )?(?:before|by|prior to|after) (${CLOCK})`,
    ([said = '', at = ''], { all }) => {
      const [hour = NaN, minute = NaN] = clockOf(at).split(':').map(Number);
      const isAfter = said.includes('after ');
      const when = `${isAfter ? 'after' : 'before'} ${clockOf(at).replace(/^0/, '')}`;
      return Number.isNaN(minute)
        ? undefined
        : extremeAt(all, `${isAfter ? '>=' : '<'} ${String(hour * 60 + minute)}`, when);
    },
  ],
  [
    `(?:in|during|within) (?:the )?(?:first|opening|1st) ${SPAN}`,
    ([, ...span], { all }) => {
      const minutes = Number(minutesOf(span).replace(/\D+/, ''));
      return extremeAt(all, `< ${String(OPEN_MINUTES + minutes)}`, `in the first ${String(minutes)} minutes`);
    },
  ],
];
