// Hides how sessions are described: by what happened on them (`3 red days in a row`, `a new 20 day high`), by the calendar
// (`mondays`, `opex fridays`, `the day of earnings`), by what went before (`the day after`). Each is a condition of one session.
import { MONTH_NAMES, ORDINALS, WEEKDAY_NAMES, countOf, weekdayNumber } from '../../domain/date-words.ts';
import { capitalise } from '../../fields/field.ts';
import { TIME_PATTERNS, state } from './hours.ts';
import type { Meaning } from './tokens.ts';

const COUNT = String.raw`(\d+|two|three|four|five|six|seven|eight|nine|ten|twelve)`;
const SIZE = String.raw`(\d+(?:\.\d+)?|one|two|three)`;
const DAYS = String.raw`(?:days?|sessions?|closes?|candles?)`;
const DOWN = 'red|down|lower|losing|negative|loss';
const UP = 'up|green|higher|winning|positive|gain';
const ROW = '(?:in a row|in row|straight|consecutively|running|back to back)';
const AVERAGE = String.raw`(?:its |the |their )?(?:(\d+) day )?(?:average|avg|usual|normal)(?: (?:daily )?(?:volume|vol))?`;
const WEEKDAY = 'mon|monday|tues?|tuesday|wed|wednesday|thurs?|thursday|fri|friday';
const WEEKDAYS = 'mondays|tuesdays|wednesdays|thursdays|fridays|mons|tues|weds|thurs|fris';
const REPORT = '(?:earnings?|er|report|reports|prints?|earnings reports?|earnings releases?)';
const REPORTED = '(?:reported|reports?|reporting|printed|prints|posted|posts|announced|announces)';
const EARNED = '(?: (?:its |the )?(?:earnings|results|numbers))?';
const OF_BEFORE =
  '(?:the |its )?(?:prior|previous|prev|last|yesterday|day before)(?: s)?(?: (?:days?|sessions?)(?: s)?)?';
/** Prices that go beyond an earlier one. */
const BEYOND =
  'takes?|took|taken|breaks?|broke|broken|trade[ds]?|goe?s?|gone|went|gets?|got|pokes?|poked|push|pushed|run|ran|sweep|swept|clear|cleared|breach|breached|exceed|exceeded|pierced?|undercut|lose|lost';

/** The last so many of such sessions, where a number says so. */
const among = (expression: string, count: string | undefined, word: string): Meaning =>
  count === undefined
    ? state(expression, word)
    : state(
        `newest(${expression}, ${String(numberOf(count))})`,
        `the last ${count === '1' ? '' : `${String(numberOf(count))} `}${word.replace(/^on /, '')}`,
      );
export const numberOf = (text = ''): number => countOf(text) ?? Number(text);

const isDownWord = (way: string): boolean => DOWN.split('|').includes(way);

function streakOf(direction: string, count: string): Meaning {
  const isDown = isDownWord(direction);
  const n = numberOf(count);
  return state(
    `streak ${isDown ? '<=' : '>='} ${String(isDown ? -n : n)}`,
    `${isDown ? 'down' : 'up'} ${String(n)} closes in a row`,
  );
}

function movedBy(n: number, isDown: boolean, isOver = false): Meaning {
  const [sign, word] = isOver ? ['', 'more than'] : ['=', 'at least'];
  return state(
    `changePercent ${isDown ? '<' : '>'}${sign} ${isDown ? '-' : ''}${String(n)}`,
    `${isDown ? 'down' : 'up'} ${word} ${String(n)} percent`,
  );
}

function directionOf(way: string): Meaning {
  const isDown = isDownWord(way);
  return state(`changePercent ${isDown ? '<' : '>'} 0`, isDown ? 'down' : 'up');
}

function weekdayOf(text: string, count?: string): Meaning {
  const day = WEEKDAY_NAMES.findIndex((name) => name.startsWith(text.slice(0, 3)));
  return among(`weekday = ${String(day)}`, count, `on ${dayName(day)}s`);
}

const SESSIONS_OF: Readonly<Record<string, number>> = { yr: 252, year: 252, month: 21, mo: 21, week: 5, wk: 5, w: 5 };
const sessionsIn = (count: string, unit: string): number =>
  (/^(?:an?|one)$/.test(count) ? 1 : numberOf(count)) * (SESSIONS_OF[unit.replace(/s$/, '')] ?? 1);

function extremeOf(count: string, unit: string, isClosing: boolean, way: string): Meaning | undefined {
  const n = sessionsIn(count, unit);
  // That of the year has words of its own.
  if (n >= 250) return undefined;
  const isHigh = way.startsWith('h');
  const of = isClosing ? 'close' : isHigh ? 'high' : 'low';
  const [name, sign] = isHigh ? ['highest', '>'] : ['lowest', '<'];
  return state(
    `${of} ${sign} ago(${name}(${of}, ${String(n)}), 1)`,
    `at a new ${String(n)}-day ${isClosing ? 'closing ' : ''}${isHigh ? 'high' : 'low'}`,
  );
}

function sigmasOf(size: string, direction = ''): Meaning {
  const n = String(numberOf(size));
  const sigma = `${n} * ago(stdev(changePercent, 20), 1)`;
  const word = `of ${n} standard deviations of 20 sessions or more`;
  if (/^(?:drop|down|loss|fall|decline|selloff)/.test(direction))
    return state(`changePercent <= -${sigma}`, `down ${word}`);
  if (/^(?:gain|up|rally|rise|pop)/.test(direction)) return state(`changePercent >= ${sigma}`, `up ${word}`);
  return state(`abs(changePercent) >= ${sigma}`, `moves ${word}`);
}

const BEST = 'best|worst|strongest|weakest|greenest|reddest';
const ON_AVERAGE =
  /\b(?:usually|typically|historically|on average|tends?|most often|seasonally|seasonality|of the year)\b/;
const RANKED =
  /\b(?:average|avg|mean|median|typical|typically|usual|usually|best|worst|biggest|largest|smallest|after)\b/;
const USUAL = 'normal|unusual|rare|common|typical|usual|out of the ordinary';
const OF_ONE_YEAR = /\b(?:this year|ytd|last year|past year|20\d\d|q[1-4]|past 12 months|last 12 months)\b/;
const OF_REACTION =
  /\b(?:up|down|do|does|did|react|move|moves|moved|trade|return|returns|higher|lower|green|red|perform)\b/;

/** The close before was traded at again. */
const FILLED = 'low <= previousClose and high >= previousClose';

const TIMES: Readonly<Record<string, string>> = { double: '2', twice: '2', triple: '3', half: '0.5' };

function volumeOf(relation = '', times: string | undefined, window: string | undefined): Meaning {
  const isBelow = /below|under|less|lower|light/.test(relation);
  const average = `ago(avg(volume, ${window ?? '20'}), 1)`;
  const factor = times === undefined ? undefined : (TIMES[times] ?? String(numberOf(times)));
  const right = factor === undefined || factor === '1' ? average : `${factor} * ${average}`;
  return state(
    `volume ${isBelow ? '<' : '>'} ${right}`,
    `with volume ${isBelow ? 'below' : 'above'} ${factor === undefined ? '' : `${factor} times `}its ${window ?? '20'}-day average`,
  );
}

/** What the question says around a description. */
export interface Context {
  all: string;
  before: string;
  /** From its first word on. */
  text: string;
  /** It asks for what often is so. */
  isOften: boolean;
  isFrequency: boolean;
  /** Sessions of a kind are named. */
  isStudy: boolean;
  isAfter: boolean;
  /** It asks whether something is so at this time. */
  isNow: boolean;
}

/** Two kinds of sessions stand side by side. */
const GROUPED = /\b(?:vs|versus|than|compared|against)\b/;
/** Sessions are counted or listed. */
const LISTED = /\b(?:how many|number of|count|list|every|each|dates|days|sessions|when|how long|since)\b/;
const PLACES = ORDINALS.slice(1, 10);
const dayName = (at: number): string => capitalise(WEEKDAY_NAMES[at] ?? '');

type Make = (groups: readonly (string | undefined)[], context: Context) => Meaning | undefined;

const inStudy =
  (make: Make): Make =>
  (groups, context) =>
    context.isStudy ? make(groups, context) : undefined;

const inGroups =
  (make: Make): Make =>
  (groups, context) =>
    GROUPED.test(context.all) ? make(groups, context) : undefined;

const later =
  (make: Make): Make =>
  (groups, context) =>
    context.isAfter ? make(groups, context) : undefined;

/** A pattern at a word, and what it means there. */
export const SESSION_PATTERNS: readonly (readonly [pattern: string, make: Make])[] = [
  [
    `${COUNT} (?:straight |consecutive )?(${DOWN}|${UP}) ${DAYS}(?: ${ROW})`,
    ([, n = '', way = '']) => streakOf(way, n),
  ],
  [`${COUNT} (?:straight|consecutive) (${DOWN}|${UP})(?: ${DAYS})?`, ([, n = '', way = '']) => streakOf(way, n)],
  [`${COUNT} ${DAYS} (${DOWN}|${UP}) ${ROW}`, ([, n = '', way = '']) => streakOf(way, n)],
  [
    `(?:an? )?${COUNT} (${DOWN}|${UP}) ${DAYS}`,
    later(([, n = '', way = ''], { before }) => (/\b(?:after|following)$/.test(before) ? streakOf(way, n) : undefined)),
  ],
  [
    `(?:(?:it|they|being|having been|closing) )?(${DOWN}|${UP}) ${COUNT} ${DAYS}(?: ${ROW})?`,
    later(([, way = '', n = ''], { before }) =>
      /\b(?:after|when|is|was)$/.test(before) ? streakOf(way, n) : undefined,
    ),
  ],
  [
    `an? ${SIZE} percent (?:plus )?(drop|fall|decline|loss|selloff|gain|rise|rally|pop|jump)(?: or more)?`,
    later(([, n = '', way = ''], { before }) =>
      /\b(?:after|following)$/.test(before) ? movedBy(numberOf(n), /^[dfls]/.test(way)) : undefined,
    ),
  ],
  [
    `(?:within|inside) ${SIZE} percent of (?:the |its )?(?:prior|previous|prev|last|day before s?|yesterday s) (?:days? |sessions? )?close`,
    ([, n = '']) => state(`abs(changePercent) <= ${String(numberOf(n))}`, `within ${n} percent of the close before`),
  ],
  [
    `(?:(?:at|to|hits?|hit|makes?|made|making|sets?|set|closed? at) )?(?:a |an |its )?(?:new|fresh) ${COUNT} ?-?(days?|d|sessions?|weeks?|wk|w|months?|mo) (closing )?(highs?|lows?)`,
    ([, n = '', unit = '', closing, way = '']) => extremeOf(n, unit.replace(/s$/, ''), closing !== undefined, way),
  ],
  [
    `(?:an? )?nr ?(4|7)(?: days?)?`,
    ([, n = '']) => state(`range <= lowest(range, ${n})`, `with the narrowest range of ${n} sessions`),
  ],
  [
    `(?:(?:an? )?(?:over |above |more than |at least )?)${SIZE} (?:or more )?(?:sigmas?|sds?|std devs?|stdevs?|standard deviations?)(?: or more| plus)? (days?|moves?|drops?|gains?|down days?|up days?|losses|loss|selloffs?|rall(?:y|ies)|declines?)`,
    ([, n = '', way = ''], { isStudy }) => (isStudy || /days?$|s$/.test(way) ? sigmasOf(n, way) : undefined),
  ],
  [
    `(?:(?:on|with|had) )?(?:volume|vol) (?:was |is |)?(?:at |)?(?:(above|over|more than|higher than|at least|below|under|lower than|less than) )?(?:(double|twice|triple|half|\\d+(?:\\.\\d+)?) ?(?:x|times)? ?)?${AVERAGE}`,
    ([, relation, times, window], { isNow }) =>
      isNow || (relation === undefined && times === undefined) ? undefined : volumeOf(relation, times, window),
  ],
  [
    `(?:(above|over|more than|higher than|at least|below|under|less than) )?(double|twice|triple|half|\\d+(?:\\.\\d+)? ?(?:x|times)) ${AVERAGE}`,
    ([, relation, times = '', window], { before }) =>
      /\bvol(?:ume)?\b/.test(before) ? volumeOf(relation, times.replace(/ ?(?:x|times)$/, ''), window) : undefined,
  ],
  [
    `(?:on )?(?:(above|below)) (?:average|normal|avg) (?:volume|vol)`,
    ([, relation]) => volumeOf(relation, undefined, undefined),
  ],
  [
    `(?:get |gets |got |been |and |did it |has it |or )*(?:fill|filled)(?: (?:the|its|their|that))?(?: gaps?)?(?: yet| already)?|(?:the |its |)gaps? (?:get |got |been )?(?:fill|filled)(?: yet| already)?|(?:closed|close) (?:the|its) gap`,
    (_groups, { isStudy, isFrequency, isOften, text, all }) =>
      isStudy || isFrequency || isOften || !/\bgap/.test(all) || /^(?:and )?fill (?:in|it)\b/.test(text)
        ? undefined
        : state(FILLED, 'a filled gap'),
  ],
  [
    `(?:did|has|does|is) it (?:hold|held|holding)(?: up)?|(?:held|hold|holds|holding|kept|keep) (?:on to |onto )?(?:the |its |that )?gap(?: (?:up|down))?(?:,? or (?:faded|fade|fading|filled|fill|did it fade|given it back|given it up|lost it))?|(?:faded|fade|fading) (?:the |its )?gap`,
    (_groups, { isStudy, isFrequency, text, all }) =>
      isStudy || isFrequency || !/\bgap/.test(all)
        ? undefined
        : /^fad/.test(text)
          ? state(FILLED, 'a filled gap')
          : state('low > previousClose or high < previousClose', 'a gap still open'),
  ],
  // "best 5 day stretch": the highest change over as many sessions.
  [
    `(?:the |its )?(${BEST}|biggest|largest) ${COUNT} ?(days?|sessions?|weeks?|wks?|months?) (?:trading )?(?:stretch|run|period|span|window|return|returns|move|gain|drop|loss|rally|selloff|decline|slide|performance)`,
    ([said = '', way = '', n = '', unit = '']) => {
      const sessions = sessionsIn(n, unit);
      const isLow = /^w/.test(way) || / (?:drop|loss|selloff|decline|slide)$/.test(said);
      const order = isLow ? 'lowest' : 'highest';
      return / move$/.test(said) || sessions === 1
        ? undefined
        : { is: 'field', names: [`${order}(roc${String(sessions)})`, `${order}On(roc${String(sessions)})`] };
    },
  ],
  // "took out the prior day high then closed back below it"
  [
    `(?:${BEYOND})(?: out)?(?: above| over| through| past| below| under)? ${OF_BEFORE} (highs?|lows?)(?: of the (?:prior|previous) day)?(?: ,)?(?: (?:(?:and|but|then|only to) )+(?:to )?(?:close[ds]?|finish(?:es|ed)?|settled?|end(?:s|ed)?|reversed? to close)(?: back)? (below|under|above|over|inside)(?: (?:it|that|them|that level|that high|that low|${OF_BEFORE} (?:high|low)))?)?`,
    ([, which = '', back], { all, isStudy, isOften }) => {
      const isCounted = /\b(?:how (?:many|often)|times|days|sessions|count)\b/.test(all);
      if (!isCounted && (isStudy || isOften)) return undefined;
      const [of, sign, word] = which.startsWith('h') ? ['high', '>', 'above'] : ['low', '<', 'below'];
      const isBackAbove = back === 'above' || back === 'over' || (back === 'inside' && of === 'low');
      const [side, where] = isBackAbove ? ['>', 'above'] : ['<', 'below'];
      return state(
        `${of} ${sign} ago(${of}, 1)${back === undefined ? '' : ` and close ${side} ago(${of}, 1)`}`,
        isCounted
          ? `${word} the ${of} of the day before${back === undefined ? '' : ` with a close ${where} it`}`
          : `a ${of} ${word} that of the session before`,
      );
    },
  ],
  // "2% days"
  [
    `(?:over |above |at least )?${SIZE} percent(?: plus| or more| or bigger)? (up |down |red |green )?(?:days|sessions|moves)`,
    ([said = '', n = '', way = '']) => {
      const size = numberOf(n);
      const isOver = /^(?:over|above)/.test(said);
      return way === ''
        ? state(
            `abs(changePercent) ${isOver ? '>' : '>='} ${String(size)}`,
            `with a move of ${isOver ? 'more than' : 'at least'} ${String(size)} percent`,
          )
        : movedBy(size, /^[dr]/.test(way), isOver);
    },
  ],
  // "is a 3% day normal": how often there is one.
  [
    `an? ${SIZE} percent (?:daily )?(?:day|move|swing)(?= .*\\b(?:${USUAL})\\b)`,
    ([, n = '']) => state(`abs(changePercent) >= ${String(numberOf(n))}`, `with a move of at least ${n} percent`),
  ],
  [
    `(?:${USUAL})`,
    (_groups, { before }) =>
      /^(?:is|are|was|how) an? \S+ percent (?:daily )?(?:day|move|swing)\b/.test(before) ? { is: 'share' } : undefined,
  ],
  // "and what is it on now": of a streak that was asked for.
  [
    `(?:what|whats|where|how long) (?:(?:is|are|s) )?(?:it|they|we|the current one|this one)(?: on| at| in)?(?: right)? now|(?:(?:the|its) )?(?:current|present) (?:one|streak|run)|(?:the )?one (?:right )?now`,
    (_groups, { before }) =>
      /\bstreaks?\b|\bin a row\b/.test(before) ? { is: 'field', names: ['now(streak)'] } : undefined,
  ],
  [
    `(?:(?:close|closed|closes|closing|finish|finished|finishes|end|ended|ends|settled?) )(above|over|higher than|below|under|lower than) (?:the |its |their |that day s )?open(?:ing price|ing print)?`,
    ([, way = ''], { isOften }) =>
      isOften
        ? state(
            `close ${/^(?:a|o|h)/.test(way) ? '>' : '<'} open`,
            `with a close ${/^(?:a|o|h)/.test(way) ? 'above' : 'below'} the open`,
          )
        : undefined,
  ],
  // "the last 3 months vs the 3 months before": as long as the one beside it.
  [
    `(?:over )?(?:the )?(?:(?:prior|previous|preceding) ${COUNT} (days|sessions|weeks|months|quarters|years)|${COUNT} (days|sessions|weeks|months|quarters|years) (?:before|prior|preceding)(?: (?:that|those))?|${COUNT} (?:before|prior|preceding)(?: (?:that|those))?)`,
    ([, a, ofA, b, ofB, c], { before }) => {
      const [, n, unit] = new RegExp(`\\b(?:last|past) ${COUNT} (\\w+)\\b`).exec(before) ?? [];
      const isSame =
        n !== undefined && numberOf(n) === numberOf(a ?? b ?? c) && (c !== undefined || unit === (ofA ?? ofB));
      return isSame ? { is: 'step', unit: 'same', by: -1 } : undefined;
    },
  ],
  // "next ex date and how much": the amount of that dividend, which the list of dividends has anyway.
  [
    '(?:what(?:s| is| are| was| were) )?(?:the |its |their |of )?(?:how (?:much|big|large)(?: (?:is|are|was|will) (?:it|they|that|(?:the |its |their )?(?:payment|payout|dividend|amount)s?)(?: be)?)?(?: (?:a|per|each) share)?|(?:cash |dividend |quarterly )?(?:amounts?|payments?)(?: (?:a|per|each) share)?|per share)',
    ([said = ''], { all, text }) => {
      const isEnd = /^(?: (?:and|with|w|for|on|when|if|is|will)\b| [^a-z0-9]|$)/.test(text.slice(said.length));
      if (!isEnd && /^how/.test(said) && !/share$/.test(said)) return undefined;
      if (/\b(?:ex|xd|exdiv|exdividend)\b/.test(all)) return { is: 'field', names: ['dividendAmount'] };
      return /\b(?:dividends?|divs?|payouts?)\b/.test(all) && !/^per/.test(said) ? { is: 'filler' } : undefined;
    },
  ],
  [
    'or (?:(?:is|are|does|do|will|would) (?:it|they|that) )?(?:be )?(?:after|afterwards?|later|not)(?: (?:it|that|them|then))?',
    (_groups, { before }) => (/\bbefore\b/.test(before) ? { is: 'filler' } : undefined),
  ],
  // The calendar.
  [`(?:on |over |in |of )?(?:the |its )?(?:last|past) ${COUNT} (${WEEKDAYS})`, ([, n, day = '']) => weekdayOf(day, n)],
  [
    `(?:on |in |for )?(?:each |every |all |the )?(?:${WEEKDAYS})(?: only)?`,
    ([all = ''], { before, text }) => {
      const day = new RegExp(WEEKDAYS).exec(all)?.[0] ?? '';
      const isShort = /^(?:tues|thurs)$/.test(day) || (/\bvs$/.test(before) && !/days vs$/.test(before));
      const isOne =
        /\b(?:last|this|next|past|until|by|from|til|till|to)$/.test(before) || /^ \d/.test(text.slice(all.length));
      return isShort || isOne ? undefined : weekdayOf(day);
    },
  ],
  [
    `(?:${WEEKDAY})`,
    ([day = ''], { all, before, text }) =>
      RANKED.test(all) &&
      (new RegExp(`^\\S+ (?:vs|versus) (?:${WEEKDAY})\\b`).test(text) ||
        new RegExp(`\\b(?:${WEEKDAY}) (?:vs|versus)$`).test(before))
        ? weekdayOf(day)
        : undefined,
  ],
  [`(?:on |of )?(?:each |every )(${WEEKDAY})`, ([, day = ''], { isOften }) => (isOften ? weekdayOf(day) : undefined)],
  [`(?:on )?(?:an? |any )(${WEEKDAY})`, inStudy(([, day = '']) => weekdayOf(day))],
  [
    `(?:${WEEKDAY})`,
    inStudy(([day = ''], { before }) =>
      new RegExp(`\\ban? (?:${DOWN}|${UP})$`).test(before) ? weekdayOf(day) : undefined,
    ),
  ],
  [
    `(?:on |over |in |of )?(?:the )?(?:(?:last|past) ${COUNT} )(?:monthly )?(?:opex|opx|options? expirations?|monthly expirations?)(?: fridays?| days?)?`,
    ([, n]) => among('isOpex = 1', n, 'on monthly expiration days'),
  ],
  [
    `(?:on )?(?:each |every |all )?(?:monthly )?opex (?:fridays|days)`,
    () => state('isOpex = 1', 'on monthly expiration days'),
  ],
  [
    `(?:on )?(?:each|every|an?) (?:monthly )?opex(?: friday| day)?`,
    () => state('isOpex = 1', 'on monthly expiration days'),
  ],
  [
    `(?:on )?(?:the )?(first|1st|last|final) (?:trading )?(?:day|session)s? of (each|every|a|the) months?`,
    ([, which = '', article], { isOften }) =>
      article !== 'a' && !isOften
        ? undefined
        : /^l|^f.n/.test(which)
          ? state('isMonthEnd = 1', 'on the last session of a month')
          : state('sessionOfMonth = 1', 'on the first session of a month'),
  ],
  [`(?:on )?(?:half|short|early close) (?:days|sessions)`, inStudy(() => state('isHalfDay = 1', 'on half days'))],
  [
    `(?:on )?(?:the )?(?:day|session) (?:of|after|following) (?:the |its |their |)?(?:(last|past|latest|most recent)(?: ${COUNT})? )?${REPORT}`,
    ([, last, n]) => afterReport(last === undefined ? undefined : (n ?? '1')),
  ],
  [
    `(?:after|on|following) (?:(?:each|every|all)(?: one)?(?: of)? )?(?:the |its |their |)?(?:(last|past|latest|most recent)(?: ${COUNT})? )?${REPORT}(?: days?)?`,
    ([, last, n], { before, isStudy }) =>
      (isStudy || last !== undefined) && !/\b(?:expir\w*|calls?|puts?|iv|first)\b/.test(before)
        ? afterReport(last === undefined ? undefined : (n ?? '1'))
        : undefined,
  ],
  [
    `(?:(?:on|of|over|around|for) )?(?:each (?:of )?)?(?:the |its )?(?:last|past|prior|previous) ${COUNT} (?:(?:quarterly )?(?:earnings?|er)(?: (?:reports?|reactions?|moves?|days?|gaps?|releases?))?|(?:quarterly )?reports|er days|prints|post earnings (?:moves|reactions))(?! dates?)`,
    ([, n]) => afterReport(n),
  ],
  // "ever move 15% on er", "its move last time", where nothing is expected of the next.
  [
    `(?:on|after|over|around) (?:the |its |their )?(?:earnings?|er|prints)(?: days?)?`,
    (_groups, { before, all }) =>
      /\bever\b|\bhow many\b/.test(all) &&
      /\b(?:moves?d?|up|down|drop\w*|gain\w*|jump\w*|fell|rose|gap\w*|lost)\b/.test(before)
        ? afterReport(undefined)
        : undefined,
  ],
  [
    `(?:on |after )?(?:the |its |their )?last (?:earnings?|er|report|print)(?: day)?(?: (?:moves?|reactions?))?`,
    ([said = ''], { before, all }) =>
      / (?:move|reaction)s?$/.test(said) ||
      (/^(?:on|after)/.test(said) && /\b(?:moves?d?|did|do|gain|lose|drop|jump)\b/.test(before))
        ? /\b(?:expected|implied|priced)\b/.test(all)
          ? undefined
          : afterReport('1')
        : undefined,
  ],
  [
    `(?:(?:at|in|and|by|with) )?(?:(?:what|which|the|its) )?(?:split )?ratio`,
    (_groups, { all }) => (/\bsplits?\b/.test(all) ? { is: 'filler' } : undefined),
  ],
  [
    `reacts?(?:ed)? (?:to|after|on) (?:its |the )?(?:earnings|er|reports|results)`,
    (_groups, { all }) =>
      /\b(?:will|would|going to|next)\b/.test(all) ? undefined : afterReport(/\bdid\b/.test(all) ? '1' : undefined),
  ],
  // "over its last 5 reports, how did it trade the next session": that which traded on them.
  [
    `(?:on |in )?the (?:next|following) (?:day|session|trading day)`,
    (_groups, { before }) =>
      /\b(?:last|past) \w+ (?:earnings|reports|prints|times|quarters)\b/.test(before) ? { is: 'filler' } : undefined,
  ],
  // "last 4 times jpm reported"
  [
    `(?:(?:each|on each|on) of )?(?:the )?(?:last|past) ${COUNT} (?:times|quarters)(?: that| when)?(?= (?:\\S+ ){1,3}?${REPORTED}\\b)`,
    ([, n]) => afterReport(n),
  ],
  [
    `(?:it |they |has |have )*${REPORTED}${EARNED}`,
    (_groups, { before, isOften }) =>
      /\b(?:last|past) \w+ (?:times|quarters)(?: that| when)?(?: \S+){0,3}$/.test(before) ||
      (isOften &&
        /\b(?:after|when|whenever|(?:every|each) time|once) (?!do\b|does\b|did\b|is\b|are\b)\S+$/.test(before))
        ? { is: 'filler' }
        : undefined,
  ],
  [
    `(?:(?:on )?the (?:day|session) )?(?:after|when|whenever|every time|each time|once) (?:(?:it|they|the company) )?${REPORTED}${EARNED}`,
    ([said = ''], { isOften, all }) =>
      isOften && OF_REACTION.test(all) && !/ing\b/.test(said) ? afterReport(undefined) : undefined,
  ],
  [
    `(?:(?:on )?the (?:day|session) )?(?:after|when|whenever|every time|each time|once)(?= (?!it |they |do |does |did |is |are |the )\\S+ ${REPORTED}\\b)`,
    (_groups, { isOften, all }) => (isOften && OF_REACTION.test(all) ? afterReport(undefined) : undefined),
  ],
  [
    `(?:(?:on|of|the|day|session) )*(?:(?:earnings|market|stock|price|first day) )?reactions?(?: day)?s?`,
    (_groups, { before, all }) =>
      /\b(?:last|past) \w+ (?:times|quarters|reports|earnings)\b|\b(?:reported|reports)\b/.test(before) ||
      /\breactions?\b.*\b(?:last|past) \w+ (?:reports|times .* reported)/.test(all)
        ? { is: 'filler' }
        : undefined,
  ],
  [
    `(?:on |the )*(?:post )?(?:(?:earnings?|er) ((?:day )?(?:reactions?|moves?|gaps?)|days?)|(?:reactions?|moves?) (?:on |after |to )(?:earnings?|er))(?: (?:(?:for|on|in|over) )?(?:the |its )?(?:last|past) ${COUNT}(?: (?:times|quarters|reports|earnings|prints))?(?! (?:days?|weeks?|months?|years?|yrs?)\\b))?`,
    ([, said = '', n], { before, all }) =>
      (n === undefined && !/s$/.test(said) && !RANKED.test(all)) ||
      /\b(?:expected|implied|priced|next)$/.test(before) ||
      (n === undefined && /\b(?:expected|implied|priced|next)\b/.test(all))
        ? undefined
        : afterReport(n),
  ],
  [
    `(?:on )?(?:the )?(?:(?:last|past) ${COUNT} )?(?:(?:day|session) (of|after) )?(?:the |its |their |an )?ex(?:-| )?(?:dividend|div)( days?| dates?)?`,
    ([said = '', n, which, days = ''], { isOften }) =>
      isOften && (which !== undefined || days.endsWith('s') || (days !== '' && said.startsWith('on ')))
        ? among(
            `sessionsSinceExDividend = ${which === 'after' ? '1' : '0'}`,
            n,
            `${which === 'after' ? 'the day after' : 'on'} ex-dividend days`,
          )
        : undefined,
  ],
  [
    `(?:on )?(?:the )?first ${COUNT} (?:trading )?(?:days|sessions) of (?:each|every|a|the) months?`,
    ([, n = ''], { isOften }) =>
      isOften
        ? state(`sessionOfMonth <= ${String(numberOf(n))}`, `on the first ${String(numberOf(n))} sessions of a month`)
        : undefined,
  ],
  [
    `on (?:the )?(${DOWN}|${UP}) (?:days|sessions|closes)`,
    ([, way = ''], { isOften }) => (isOften ? directionOf(way) : undefined),
  ],
  [
    `(${DOWN}|${UP}) (?:days?|sessions?|moves?)`,
    ([, way = ''], { before, all }) =>
      /\b(?:average|avg|mean|median|typical)$/.test(before) && !/\bhow (?:often|many)\b/.test(all)
        ? directionOf(way)
        : undefined,
  ],
  [`(?:an? |its )?${COUNT} day (${DOWN}|${UP}) streak`, ([, n = '', way = '']) => streakOf(way, n)],
  [
    `(?:by )?(?:more than |over |above |at least |beyond |greater than )${SIZE} (?:sigmas?|sds?|std devs?|stdevs?|standard deviations?)`,
    ([, n = ''], { before }) =>
      sigmasOf(
        n,
        /\b(?:fell|dropped|lost|down)$/.test(before) ? 'down' : /\b(?:gained|rose|up)$/.test(before) ? 'up' : '',
      ),
  ],
  [
    `(?:in )?(?:each |every )(${MONTH_NAMES.join('|')})|(?:in )?(${MONTH_NAMES.map((name) => `${name}s`).join('|')})`,
    ([, one, many]) => {
      const name = one ?? many?.slice(0, -1) ?? '';
      return state(`month = ${String(MONTH_NAMES.indexOf(name) + 1)}`, `in ${capitalise(name)}`);
    },
  ],
  [
    `(?:(?:by|per|for|on|in|each|every|which|what|whats the|what is the|the) )*(?:weekday|day of (?:the |)?week|days of the week|week day)s?`,
    ([all = '']) =>
      /^(?:by|per|for|on|in|each|every|which|what)/.test(all) ? { is: 'per', unit: 'weekday' } : undefined,
  ],
  // "worst weekday", "what month is best": each of them for itself.
  [`(?:the )?(?:${BEST}) (?:weekday|day of (?:the )?week)(?: to be long)?`, () => ({ is: 'per', unit: 'weekday' })],
  [
    `(?:the )?(?:${BEST}) (?:calendar )?months?(?: (?:of|in) the year)?|(?:which|what) months? (?:is|are|has been|have been|tends? to be) (?:the |its |usually |historically )*(?:${BEST})(?: month)?`,
    ([said = ''], { all }) =>
      ON_AVERAGE.test(all) || (/^(?:which|what)/.test(said) && !OF_ONE_YEAR.test(all))
        ? { is: 'per', unit: 'month' }
        : undefined,
  ],
  [
    `(?:by|per|for each|in each|each|which|what) (?:calendar month|month of the year)|(?:by|per) month of year|(?:monthly )?seasonality|(?:which|what) months?(?= .*\\b(?:usually|typically|historically|on average|tends?|most often)\\b)`,
    () => ({ is: 'per', unit: 'month' }),
  ],
  [`historically|over the years`, (_groups, { isOften }) => (isOften ? { is: 'usual' } : undefined)],
  [`(?:the )?(?:historical )?(?:probability|odds|chances?)(?: of| that)?`, inStudy(() => ({ is: 'share' }))],
  // "the friday half day": the day is named.
  [
    `half (?:day|session)`,
    (_groups, { before }) =>
      !/^(?:(?:is|are|the) )*(?:thanksgiving|(?:christmas|xmas|new years?) eve)$/.test(before) &&
      /\b(?:(?:mon|tues|wednes|thurs|fri)(?:day)?|thanksgiving|eve)$/.test(before)
        ? { is: 'filler' }
        : undefined,
  ],
  [
    `(?:get |gets |got |be |been |was |were )?(?:fill|fills|filled)(?: (?:the|its|their|that))?(?: gaps?)?(?: (?:on )?(?:the )?same (?:day|session))?|gaps? (?:get |gets |got |was |were )?(?:fill|fills|filled)(?: (?:on )?(?:the )?same (?:day|session))?`,
    (_groups, { isFrequency, text }) =>
      isFrequency && !/^fill in\b/.test(text) ? state(FILLED, 'filled the same day') : undefined,
  ],
  [
    `(?:on )?(?:the )?reaction (?:days?|sessions?|moves?) (?:for|of|after|to|on) (?:the |its )?(?:last|past) ${COUNT} ${REPORT}`,
    ([, n]) => afterReport(n),
  ],
  [
    `(?:on )?(?:the )?(${DOWN}|${UP}) (?:days|sessions)`,
    inGroups(([, way = ''], { all }) =>
      /\b(?:volume|vol|range|gap)\b/.test(all) &&
      /\b(?:average|avg|mean|median)\b/.test(all) &&
      !/\b(?:calls?|puts?|each)\b/.test(all)
        ? directionOf(way)
        : undefined,
    ),
  ],
  [
    `(?:all )?(?:of )?(?:the )?(?:other|remaining|non \\S+) (?:trading )?(?:days|sessions)`,
    inGroups(() => state('others', 'on all others')),
  ],
  [
    `(${WEEKDAY})s? ?(?:to|through|thru|-|–)? ?(${WEEKDAY})s?(?= |$)`,
    ([, from = '', to = ''], { all, before }) => {
      const [first, last] = [weekdayNumber(from), weekdayNumber(to)];
      return first !== undefined &&
        last !== undefined &&
        first < last &&
        GROUPED.test(all) &&
        /\b(?:vs|versus|than|and|or)$/.test(before)
        ? state(
            `weekday >= ${String(first)} and weekday <= ${String(last)}`,
            `on ${dayName(first)}s to ${dayName(last)}s`,
          )
        : undefined;
    },
  ],
  [
    `turn of (?:the )?month(?: (?:effect|days|sessions))?|(?:(?:for|on) )?(?:the )?last (?:trading )?(?:day|session)(?: ,)? (?:(?:and|plus) )?(?:the )?first ${COUNT} (?:trading )?(?:days|sessions)(?: of (?:the|each|a|every) months?)?`,
    ([, n = 'three'], { before }) =>
      /\bturn of (?:the )?month\b/.test(before)
        ? { is: 'filler' }
        : state(`isMonthEnd = 1 or sessionOfMonth <= ${String(numberOf(n))}`, 'at the turn of the month'),
  ],
  // "record closes in 2026": of those that are counted or listed.
  [
    `(?:(?:at|to|a|an|set|sets|hit|new|fresh) )*(?:(?:record|all time) (?:closing )?(?:high |highest )?(?:close[sd]?|closings?)|(?:record|all time) highs|aths)(?: high)?`,
    ([said = ''], { all, before }) =>
      LISTED.test(all) || (/s$|^(?:at|set|hit|a|new|fresh)\b/.test(said) && /^(?:is|are|did|has|was)\b/.test(before))
        ? state('close >= recordClose', 'at a record close')
        : undefined,
  ],
  [
    `(?:(?:at|a|an|its|new|fresh) )*(?:52 ?-?(?:weeks?|wk|w)|one year|1 year|yearly) (?:closing (high|low)s?|(high|low)(?:est)? close[sd]?|(high|low) closing)`,
    ([, a, b, c]) => {
      const isHigh = (a ?? b ?? c) === 'high';
      return state(
        `close ${isHigh ? '>=' : '<='} ${isHigh ? 'highest' : 'lowest'}(close, 252)`,
        `at a 52-week closing ${isHigh ? 'high' : 'low'}`,
      );
    },
  ],
  [
    `(?:(?:a|its|the) )*(narrowest|smallest|tightest|widest|biggest|largest) (?:daily )?range (?:in|of|over|for) (?:the )?(?:last |past )?${COUNT} (?:trading )?(?:days|sessions)`,
    ([, size = '', n = '']) => {
      const isWide = /^[wbl]/.test(size);
      return state(
        `range ${isWide ? '>=' : '<='} ${isWide ? 'highest' : 'lowest'}(range, ${String(numberOf(n))})`,
        `with the ${isWide ? 'widest' : 'narrowest'} range of ${String(numberOf(n))} sessions`,
      );
    },
  ],
  // "higher for a fifth day"
  [
    `(${DOWN}|${UP}) (?:for )?(?:an? |the |its )?(${PLACES.join('|')}|\\d+(?:st|nd|rd|th)) (?:straight |consecutive |running )?(?:day|session|time|close)(?: ${ROW})?`,
    ([, way = '', place = '']) => {
      const n = ORDINALS.indexOf(place) + 1 || Number.parseInt(place, 10);
      const isDown = isDownWord(way);
      return state(
        `now(streak) ${isDown ? '<=' : '>='} ${String(isDown ? -n : n)}`,
        `${isDown ? 'down' : 'up'} for at least ${String(n)} sessions in a row, today's so far among them`,
      );
    },
  ],
  // "first down month since": this one and the one before it.
  [
    `(?:the |its )?first (${DOWN}|${UP}) (week|month|quarter|year) since(?: when)?`,
    ([, way = '']) => {
      const isDown = isDownWord(way);
      return state(
        `newest(changePercent ${isDown ? '<' : '>'} 0, 2)`,
        `the last two that were ${isDown ? 'down' : 'up'}`,
      );
    },
  ],
  [
    `since when(?: (?:is|has|was|are|have)(?: (?:it|they))?(?: been)?| (?:it|they))|how (?:many (?:trading )?(?:days|sessions)|long)(?: has it been| is it| ago)? since(?: the)?(?: last time)?`,
    ([said = '']) => ({ is: 'occasion', occasion: /^since/.test(said) ? 'since' : 'last' }),
  ],
  [
    'last(?= (?:closed|close|hit|traded|made|set|was|crossed|fell|dropped|gained|rose|touched))',
    (_groups, { before }) => (/\bsince\b/.test(before) ? { is: 'filler' } : undefined),
  ],
  [
    `(?:(?:the|its|your) )?z ?score(?: (?:vs|versus|of|from|to|over|against|on)(?: (?:its|the))? (\\d+) ?(?:day|d|dma|session)s?(?: (?:average|avg|mean|ma|sma|close|closes|moving average))?)?`,
    ([, n = '20']) => ({ is: 'field', names: [`(last - avg(close, ${n})) / stdev(close, ${n}) as zScore`] }),
  ],
  [
    `in (?:standard deviations|std devs|stdevs|sds|sigmas?)(?: (?:of|using|over|on|based on|from|against))?(?: (?:its|the))?(?: (?:last|past))? (${COUNT}|a|one) ?(yr|year|month|mo|week|day|session)s?(?: of)?(?: daily)?(?: (?:returns?|changes?|moves?|data))?`,
    ([, n = '', , unit = '']) => ({
      is: 'field',
      names: [`changePercent / ago(stdev(changePercent, ${String(sessionsIn(n, unit))}), 1) as standardDeviations`],
    }),
  ],
  // "nvda 30d rv, what percentile of its last 2 years": of the figure that stands before.
  [
    `(?:(?:what|which|in|at|and|is|its|the|that|it|as|a) )*percentile(?: (?:rank|is (?:that|it)|that is))?(?: (?:of|in|over|for|among|within|vs|versus|against))?(?: (?:its|the))?(?: own)?(?: (?:last|past|trailing|own))? ?(?:(${COUNT}|a|one) ?(yrs?|years?|months?|mos?|days?|sessions?)|year)?(?: (?:range|history|readings|values))?`,
    ([, n, , unit = ''], { before }) => {
      const size = n === undefined ? 252 : sessionsIn(n, unit);
      return /\b(?:rv|hv|realized|realised|historical|volume|range|rsi|atr|gap|move|bandwidth)\b/.test(before) &&
        !/\b(?:iv|implied)\b/.test(before)
        ? {
            is: 'field',
            names: [`percentile(it, ${String(size)})`],
          }
        : undefined;
    },
  ],
  [
    `(?:the )?(?:average|avg|mean|usual|normal|typical) (?:(?:full|daily|whole|day s|session|high low|hi lo) )*range(?: (?:of|over|for|in))?(?: the)? (?:prior|last|past|previous) (\\d+)(?: (?:trading )?(?:days|sessions))?`,
    ([, n = ''], { before }) =>
      /\btoday\b/.test(before) && /\b(?:vs|versus|against|to|than|\/)(?: its| the)?$/.test(before)
        ? {
            is: 'field',
            names: [`ago(avg(range, ${n}), 1)`, `range / ago(avg(range, ${n}), 1) * 100 as percentOfUsual`],
          }
        : undefined,
  ],
  ...TIME_PATTERNS,
  [
    `split(?= .*\\binto\\b)|into`,
    ([said = ''], { before }) => (said === 'split' || /\bsplit\b/.test(before) ? { is: 'filler' } : undefined),
  ],
  // "november month", "fresh highs in november? list every record close"
  [
    `month|(?:fresh|new) highs?`,
    ([said = ''], { before, all }) =>
      said === 'month'
        ? new RegExp(`\\b(?:${MONTH_NAMES.join('|')})$`).test(before)
          ? { is: 'filler' }
          : undefined
        : /\brecord\b/.test(all)
          ? { is: 'filler' }
          : undefined,
  ],
  // What is measured later.
  [
    `(?:the |its |their )?(?:average |avg |mean )?${COUNT} ?-? ?(day|session|week|month) (?:forward|fwd|later|ahead) (?:return|returns|change|performance|move|moves|gain)s?|(?:the )?(?:return|change|performance|move|gain)s? (?:over )?(?:the )?${COUNT} (?:trading )?(days|sessions|weeks|months) (?:after|later|on|out)(?: (?:each|it|that|them|every one))?`,
    ([said = '', a, ofA, b, ofB]) =>
      /^(?:the |its |their )?(?:average|avg|mean) /.test(said)
        ? undefined
        : {
            is: 'lag',
            sessions: sessionsIn(a ?? b ?? '', ofA ?? ofB ?? ''),
            isOver: true,
          },
  ],
  [
    `(?:(?:in|over|for) )?(?:the )?(?:next )?(?:(an?|\\d+|two|three|four|five) )(?:trading )?(days?|sessions?|weeks?|months?)(?= (?:after|following) (?:an? |it |they |each |every |closing |gapping |such |\\d+ (?:percent|straight|red|green|down|up)|(?:two|three|four) (?:straight|red|green|down|up)))`,
    ([, n = '', unit = '']) => ({ is: 'lag', sessions: sessionsIn(n, unit), isOver: true }),
  ],
  [
    `(?:on |by |the )*(?:day|session) after (?:that|it)|(?:on |by )?(?:the )?(?:next|following) (?:day|session|trading day)s?|tomorrow`,
    later(() => ({ is: 'lag', sessions: 1 })),
  ],
  [
    `(?:(?:on|by|over|in|for|during|after) )?(?:the )?(?:next|following) ${COUNT} (?:trading )?(?:days|sessions)|${COUNT} (?:trading )?(?:days|sessions) (?:later|after that|afterwards|out|forward)`,
    later(([, a, b]) => ({ is: 'lag', sessions: numberOf(a ?? b), isOver: true })),
  ],
  [
    `(?:(?:on|by|over|in|for|during) )?(?:(?:the )?(?:next|following)|an?|one|1) (week|month)(?: later| after that| out)?`,
    later(([all = '', unit = '']) =>
      /next|following|later|after|out/.test(all)
        ? { is: 'lag', sessions: sessionsIn('a', unit), isOver: true }
        : undefined,
    ),
  ],
];

const afterReport = (count: string | undefined): Meaning =>
  among(
    'sessionsSinceEarnings = 0',
    count,
    count === undefined ? 'that traded on earnings' : `session${count === '1' ? '' : 's'} that traded on earnings`,
  );
