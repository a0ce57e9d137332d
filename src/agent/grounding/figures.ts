// Finds the figures of a text with their written precision, sign and unit. Digits that are no figures
// (dates, times, RSI14, 200-day, list numbers) are blanked first, so that nobody else meets them.

import { findSpelled } from './spelled.ts';

export interface Figure {
  start: number;
  /** One after the last character of number, sign and unit. */
  end: number;
  text: string;
  /** Without sign, multiplier applied, percent left as percent. */
  magnitude: number;
  /** Half a unit of the last written place, in the unit of `magnitude`. */
  tolerance: number;
  sign: '+' | '-' | '±' | undefined;
  /** Alone in parentheses, which in a ledger means negative. */
  parenthesised: boolean;
  unit: 'usd' | 'percent' | 'bare';
  /** A whole number without unit and multiplier, as a strike or a count is. */
  whole: boolean;
  /** `200C`, `195P`. */
  side: 'call' | 'put' | undefined;
  approximate: 'about' | 'over' | 'under' | undefined;
  /** How many times as large: "twice", "a third of". */
  isRatio?: true;
  /** "A bit over". */
  isSlight?: true;
}

/** Digits that say something: of "0.35" two, of "eleven" two. */
export function digitsOf({ text, magnitude }: Pick<Figure, 'text' | 'magnitude'>): number {
  const written = /\d/.test(text) ? text : String(Number(magnitude.toPrecision(6)));
  return written.replace(/^\D*0*|\D/g, '').length;
}

/** An approximation may be this much off, and at most half a unit of its last digit that is not zero. */
const ABOUT_SHARE = 0.01;
/** "About sixty cents". */
const ONE_DIGIT = 0.03;
const BOUND_SHARE = 0.06;
const ONE_DIGIT_SHARE = 0.184;
/** "More than doubled" leaves open how much more, "nearly twice" how much less. */
const RATIO_SHARE = 0.75;
/** "A bit over a third". */
const SLIGHT_SHARE = 0.22;

/** Between which values a figure may lie, as precisely as it is written. */
export function boundsOf(figure: Figure): [number, number] {
  const { magnitude, tolerance, approximate } = figure;
  // Binary fractions: 0.125 written as 0.13 is half a unit off and a little more.
  const noise = magnitude * 1e-9 + 1e-9;
  // "2 %" is no rounding of 1.63 that a reader expects: one digit alone must still be near.
  const near =
    figure.unit === 'percent' && tolerance === 0.5 ? Math.min(tolerance, magnitude * ONE_DIGIT_SHARE) : tolerance;
  let below = near + noise;
  let above = near + noise;
  if (approximate !== undefined) {
    const loose = Math.min(
      halfOfLastDigit(magnitude, tolerance),
      magnitude *
        ((approximate === 'about' ? ABOUT_SHARE : BOUND_SHARE) +
          (/^\d0*$/.test(String(Math.round(magnitude * 100))) ? ONE_DIGIT : 0)),
    );
    if (figure.isRatio === true && approximate === 'over') {
      above = magnitude * (figure.isSlight === true ? SLIGHT_SHARE : magnitude < 1 ? RATIO_SHARE / 3 : RATIO_SHARE);
      below = Math.min(below, magnitude * ABOUT_SHARE);
    }
    if (figure.isRatio === true && approximate === 'under')
      below = magnitude * (figure.isSlight === true ? 0.15 : 0.25);
    if (approximate !== 'over') below = Math.max(below, loose);
    if (approximate !== 'under') above = Math.max(above, loose);
    // "Almost 9 %" is not more, "over 9 %" is not less.
    if (approximate === 'under') above = Math.min(above, magnitude * ABOUT_SHARE + noise);
    if (approximate === 'over') below = Math.min(below, magnitude * ABOUT_SHARE + noise);
  }
  return [Math.max(0, magnitude - below), magnitude + above];
}

export function isOfSize(figure: Figure, value: number): boolean {
  const [low, high] = boundsOf(figure);
  return Math.abs(value) >= low * 0.999 && Math.abs(value) <= high * 1.001;
}

function halfOfLastDigit(magnitude: number, tolerance: number): number {
  let unit = tolerance * 2;
  while (unit * 10 <= magnitude && Math.abs(magnitude / (unit * 10) - Math.round(magnitude / (unit * 10))) < 1e-9)
    unit *= 10;
  return unit / 2;
}

const MONTH =
  '(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\\.?';
const DAY = '\\d{1,2}(?:st|nd|rd|th)?(?![\\d.]?\\d|,\\d|%|[A-Za-z])';
const SPAN_WORD =
  '(?:trading |calendar |business )?(?:days?|weeks?|wks?|months?|years?|yrs?|hours?|hrs?|minutes?|mins?|seconds?|secs?|periods?|DMA|EMA|SMA|MA|d|w|mo|y)';
const WINDOW = '(?:5|8|9|10|12|14|20|21|26|50|100|200)(?![\\d%]|[.,]\\d)';

/** Dates in the forms that the scope reader also reads. Groups are not used here. */
export const DATE_SOURCES = {
  iso: '(?<!\\d)\\d{4}-\\d{2}-\\d{2}(?!\\d)',
  slash: '(?<![A-Za-z\\d./])(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\\d|3[01])(?:/(?:\\d{4}|\\d{2}))?(?![\\d/]|\\.\\d| of )',
  dash: '(?<![\\w./$:-])(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])(?![\\w/-]|[.,]\\d| (?:days?|sessions?|weeks?|cents?|points?|strikes?)\\b)',
  monthDay: `\\b${MONTH}\\s+${DAY}(?:,?\\s+\\d{4}(?![\\d.,]\\d))?`,
  dayMonth: `(?<![\\d.,$])${DAY}[\\s-]+(?:of\\s+)?${MONTH}(?![a-z]| (?:sessions|days|trading)|['’]s \\d)(?:,?\\s+\\d{4})?`,
} as const;

/** "Dec 4, 11, 24 and 31" and "1, 2 and 3 December". */
const MORE_DAYS = `(?:(?:\\s*[,/&]\\s*(?:and\\s+)?|\\s+(?:and|or)\\s+)${DAY}(?!\\s*(?:contracts?|days?|sessions?|weeks?|shares?|percent|calls?|puts?)\\b))`;

/** What holds digits and is no figure. Each pattern is linear: no repetition inside a repetition over the same text. */
const NON_FIGURES: readonly RegExp[] = [
  // Names with digits: forms, plans, tax papers, networks, decades, shares of time.
  /\b(?:10-[QK]|8-K|20-F|6-K|13[FDG]|S-[134]|DEF 14A|Form \d{1,4}(?:-[A-Z]+)?|W-[249]|1099(?:-[A-Z]+)?|COVID-19)\b|\b(?:401|403|457)\s?\(?[kb]\)?(?![A-Za-z])|\b529(?= (?:plan|account))|\b[2-6]G\b|\b(?:[Rr]ule|[Ss]ection|[Aa]rticle) (?:of )?\d{1,4}(?:\([a-z]\))?/g,
  /(?:\b(?:low|mid|high|upper|lower)[ -])?(?<![\d.,])\$?\d{1,4}0['’]?s\b/gi,
  /\b0[- ]?DTE\b/gi,
  /https?:\/\/\S+/g,
  new RegExp(`${DATE_SOURCES.iso}(?:T\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?(?:Z|[+-]\\d{2}:?\\d{2})?)?`, 'g'),
  new RegExp(DATE_SOURCES.slash, 'g'),
  new RegExp(DATE_SOURCES.dash, 'g'),
  new RegExp(`\\b${MONTH}\\s+${DAY}\\s*(?:[-–—]|to|through|and)\\s*${DAY}(?:,?\\s+\\d{4}(?!\\d))?`, 'gi'),
  new RegExp(`\\b${MONTH}:?\\s+${DAY}(?:\\s\\([a-z]+\\))?(?:${MORE_DAYS}(?:\\s\\([a-z]+\\))?)+`, 'gi'),
  new RegExp(
    `(?<![\\d.,$])${DAY}(?:${MORE_DAYS}|\\s*(?:to|[-–—])\\s*${DAY}){1,9}\\s+(?:of\\s+)?${MONTH}(?![a-z])`,
    'gi',
  ),
  new RegExp(`${DATE_SOURCES.monthDay}(?:,?\\s+\\d{4}(?!\\d))?(?:,?\\s+['’]\\d\\d\\b)?`, 'gi'),
  new RegExp(DATE_SOURCES.dayMonth, 'gi'),
  new RegExp(`\\b${MONTH},?\\s+(?:of\\s+)?(?:(?:19|20)\\d{2}(?![\\d.,]\\d)|['’]\\d\\d\\b)`, 'gi'),
  /\b(?:end|start|close|beginning|Q[1-4]|rest|half|quarter) (?:of )?(?:19|20)\d{2}\b(?![.,]\d)/gi,
  /(?<![\d.,$])\d{1,2}\s?h(?:rs?|ours?)?\s?\d{1,2}(?:\s?m(?:in)?)?\b/gi,
  /(?<![\w.])[x×]\s?\d{1,4}(?![\w.])(?!\s?(?:cents?|¢))/gi,
  /√\(?\d+/g,
  /(?<!\d)\d{1,6}(?=\s?[¼½¾⅓⅔])/g,
  /(?<![\d.])[~.]?\d{1,2}\s?(?:Δ|-?deltas?\b)/gi,
  /\b(?:(?:every|per|of|for) )?(?:a |one )?hundred(?= (?:shares|calls|puts|contracts|dollars|percent))/gi,
  /(?<![\d.,])\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]\.?m\b\.?)?/gi,
  /(?<![\d.,$])\d{1,2}\s?[ap]\.?m\b\.?/gi,
  /(?<=\b(?:closes|opens|until|till) (?:at )?|[\d_]:[\d_]{2} (?:to|-|–|until) )\d{1,2}(?![\d%]|[.,:]\d| (?:per ?cent|points|dollars|cents))/gi,
  /\bper 1\s?%/gi,
  /(?<![\d.,$:/+−-])20[0-3]\d(?![\d%:/]|[.,]\d|-\d| (?:shares|contracts|calls|puts|open|traded|points|dollars))/g,
  /\b(?:UTC|GMT)\s?[+-]\d{1,2}\b/g,
  // Digits glued to letters: Q3, RSI14, H1, T+1, an OCC symbol.
  /\b(?!(?:USD|US)\d)[A-Za-z][A-Za-z_&]*\d+[A-Za-z\d]*(?:\/\d{1,3}(?![\d.]))*/g,
  /\bT\+\d\b/g,
  new RegExp(
    `\\b(?:RSIs?|SMAs?|EMAs?|MAs?|DMAs?|ATR|averages?)(?:\\s?\\(|\\s|-)\\s?${WINDOW}(?:\\s?(?:[/,&]|,? and)\\s?${WINDOW})*\\)?`,
    'gi',
  ),
  /(?<=[A-Za-z%]\s?)\((?:[1-9]\d{0,2})(?:,\s\d{1,3}|,\d{1,2}(?!\d)){1,2}\)|(?<=[A-Za-z%])\([1-9]\d{0,2}\)/g,
  /\b12\s?[/,-]\s?26\s?[/,-]\s?9(?![\d.])/g,
  new RegExp(`(?<![\\d.,$])${WINDOW}(?:\\s?[/,]\\s?${WINDOW}){2,4}(?!\\s?[/,]\\s?\\d)`, 'g'),
  /(?<![\d.,$])\d{1,3}-(?=(?:,? and|,|\/|,? or)\s?\d{1,3}-)/g,
  // A span of time, but not "23 days to expiration", which is a figure of the data.
  new RegExp(
    `(?<![\\d.,$])\\d{1,3}(?:\\.\\d(?=[\\s-]?(?:hours?|hrs?|h)\\b)|\\s?(?:-|–|to|or)\\s?\\d{1,3})?[\\s-]?(?:${SPAN_WORD}\\b(?<!\\b[Dd]ays?)|days?\\b(?! (?:to|until|till|before|left|away|remain|out)\\b))`,
    'gi',
  ),
  /(?<![\d.,$])\d{1,3}-(?:session|bar|point|candle|share|week|day)s?\b/gi,
  /(?<![\d.,$])(?:\d|1\d|20)-strikes?\b(?! (?:call|put))/gi,
  /(?<![\d.,$])\d{1,2}\s(?:more |nearest |strongest |key |main |major |different |other )?(?:strikes|supports|resistances|levels|touches|symbols|tickers|stocks|names|times|parts|tools?|scenarios?|indicators?|targets)\b/gi,
  /\b(?:S&P|Nasdaq|NASDAQ|Russell|Dow(?: Jones)?|Nikkei|FTSE|DAX|CAC)[\s-]\d{2,4}\b/g,
  /^[ \t>]*(?:[-*+•][ \t]+)?(?:\*\*|__)?#?\d{1,3}[.)](?=(?:\*\*|__)?\s)/gm,
  /(?:^|\s)\(?#\d{1,3}\b\)?/g,
  /\(\d\)(?=\s+[A-Za-z])/g,
  /\[\^?\d{1,2}\]/g,
  /(?<!IV )\b(?:Step|No\.|Number|Rank|Tier|Part|Section|Item|Scenario|Case|Phase|Level|Target|Support|Resistance|Option|Day|Week|Tool)\s#?\d(?![\d%]|[.,]\d)/gi,
  /\b(?:last|past|previous|prior|next|first|top)\s\d{1,2}(?=\s(?!sessions|bars|expirations)[a-z])/gi,
  /(?<![\d.,$])\d{1,4}(?:st|nd|rd|th)\b/gi,
  /\b(?:in|since|during|from|until|through|year|early|late|mid|FY|by|for|Q_)[\s-](?:19|20)\d{2}(?![\d,%]|\.\d)/gi,
  /(?<![\d.,$])(?:19|20)\d{2}(?='s\b)/g,
  /(?<=[a-z,(] ?)20[12]\d(?=[:,)]|\.?$|\.\s)/gm,
  /(?<=\b(?:every|each|other|all|none|no|any|only one|ones|days?|sessions?|names|closes?|moves?)\b[^.;\n]{0,28}\b(?:under|over|above|below|more than|less than|at least) )\d{1,2}(?=\s?(?:%|percent))/gi,
  /\b(?:per )?100(?: |-)shares?(?: per| a| each|-per)?\b/gi,
  /(?<![\d$])\d?\.?\d+ (?:of )?(?:one |a )?(?:standard deviations?|sigmas?\b|σ)/gi,
  /(?<![\d.,$])(?:0|100) = [a-z]+/gi,
  /\b(?:every|per|each) 100 (?:calls|puts|contracts)/gi,
  /\bwithin (?:about |roughly |just )?\$?\d{1,2}(?:\.5)?(?=\s?(?:%|percent|points?|dollars?|cents?)(?: (?:of|from|on)\b|[.,;]))/gi,
  // Odds, which are checked as such.
  /(?<![\d.,$])\d{1,2}(?: in |-in-| out of )\d{1,3}(?=[ -](?:chance|shot|odds)\b)/gi,
  /(?<=\b(?:about|roughly|around) (?:an? )?)\d{1,2}(?: in |-in-| out of )\d{1,3}(?=[.,;:)]| (?:that|to)\b|$)/gim,
  /\bless than (?:an?|one|half an?) (?:percent|points?|dollar|buck|cent)\b/gi,
  /\b24\/7\b|\b50\/50\b|\b[Ll]evel [12]\b/g,
];

/** RSI's and MACD's conventional thresholds; only read in a line that speaks of them. */
const THRESHOLD = '(?:20|25|30|40|50|60|70|80)(?![\\d%]|[.,]\\d)';
const THRESHOLDS: readonly RegExp[] = [
  new RegExp(
    `\\b(?:usually|line(?:['’]s| is)?|of|above|below|over|under|past|beyond|between|than|exceeds?|crosse[sd]|the|customary|usual|classic|cross(?:ing)?|reach(?:es|ing)?)(?: the)? ${THRESHOLD}(?:\\s?(?:-|–|/|and|to)\\s?${THRESHOLD})?`,
    'gi',
  ),
  new RegExp(`[<>≥≤]=?\\s?${THRESHOLD}`, 'g'),

  new RegExp(
    `\\b(?:not|no|nor|neither|nowhere|far)\\b[^.;\\d\\n]{0,16} ${THRESHOLD}(?: (?:or|nor)(?: at)? ${THRESHOLD})?`,
    'gi',
  ),

  new RegExp(
    `(?<![\\d.,$])${THRESHOLD}(?:\\s?(?:-|–|/|and|to)\\s?${THRESHOLD})?[\\s-](?:level|line|mark|threshold|range|zone|band|overbought|oversold|midline|area|territory)`,
    'gi',
  ),

  new RegExp(
    `(?:overbought|oversold|neutral|midline)[^\\d.,;\\n]{0,12}[\\s(]${THRESHOLD}(?:\\s?(?:-|–|/|and|to)\\s?${THRESHOLD})?`,
    'gi',
  ),
];
/** "The customary level of thirty". */
const THRESHOLD_WORDS =
  /(?<=\b(?:of|above|below|over|under|past|beyond|than|the|reach(?:es|ed|ing)?) )(?:thirty|fifty|seventy)\b(?![ -](?:one|two|three|four|five|six|seven|eight|nine|point|percent|per cent)\b)/gi;
const AVERAGES = /\b(?:SMA|EMA|DMA|MAs?|moving average|averages?|[\d_]{1,3}[- ]day)/i;
/** "SMA: 5: 683.35, 10: 676.33" and "683.35 (5)"; a bullet that begins so stands under such a heading. */
const WINDOW_LABELS =
  /(?<![\d.,$])(?:5|10|20|50|200)(?:-day|d)?(?=(?:\*\*)?\s?[:=])|\((?:5|10|20|50|200)(?:-day|d)?\)|\b(?:the|its|of|last) (?:5|9|10|20|50|100|200)(?=\s(?:\(|and\b|at\b|closes|sessions|days)|[,;.]\s)/g;
const ZERO_LINE = /\b(?:above|below|over|under|crossed|near|the) (?:the )?0(?![\d%]|[.,]\d)|\b0[ -]line\b/gi;

/** The same length of text with the digits that are no figures made unreadable. */
export function maskNonFigures(text: string, question = ''): string {
  const isOfThresholds = /rsi|overbought|oversold|stoch|%k|%d|adx|mfi/i.test(`${text} ${question}`);
  return NON_FIGURES.reduce((masked, pattern) => masked.replace(pattern, blankDigits), text)
    .split(/(?<=\n|[.!?;] )/)
    .map((part) => maskIndicatorLine(part, isOfThresholds))
    .join('');
}

function maskIndicatorLine(line: string, isOfThresholds: boolean): string {
  let masked = line;
  if (isOfThresholds && !line.includes('$'))
    masked = THRESHOLDS.reduce((each, pattern) => each.replace(pattern, blankDigits), masked).replace(
      THRESHOLD_WORDS,
      (word) => '_'.repeat(word.length),
    );
  if (/\bMACD|histogram/i.test(masked)) masked = masked.replace(ZERO_LINE, blankDigits);
  return AVERAGES.test(line) ? masked.replace(WINDOW_LABELS, blankDigits) : masked;
}

function blankDigits(match: string): string {
  return match.replace(/\d/.test(match) ? /\d/g : /\w/g, '_');
}

const NUMBER = /(?:US)?(\$\s?[-−–+]?)?(\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\d\w])\.\d+)/g;
const PERCENT = /^(?:\s?%|\s?(?:percent(?:age points?)?(?: (?=[ ,.;:!?)—-]|$))?|pct)(?![\w])|\s?pp\b)/i;
const CENTS = /^(?:\s|-)?(?:(?:x|to|or|and|[-–/])\s?\d{1,2}(?:\.\d+)?\s?(?:cents?\b|¢)|cents?\b|¢)/i;
/** "almost 3x", but not "2.03 x 2.07". */
const TIMES =
  /^(?:[x×](?![\w])(?!\s?\d)|(?:-fold|\stimes)(?= (?:as|that|the|its|what|more|larger|bigger|higher|[A-Z])))/;
/** "Just over 2:1", "risking 3 to make 1". */
const ODDS = /^(?::1| to 1|-to-1| to (?:make|win|earn) 1)\b(?![.,:]?\d)/;
const DOLLARS = /^\s(?:dollars?|bucks?)\b/i;
const MULTIPLIER =
  /^(?:(?:\s|-)?(thousand|million|billion|trillion|mln|mil|mn|bn|tn)\b|\s?([KMBT])(?![\w'])|([kmb])(?![\w']))/i;
const MULTIPLIERS: Readonly<Record<string, number>> = {
  k: 1e3,
  thousand: 1e3,
  m: 1e6,
  million: 1e6,
  mln: 1e6,
  mil: 1e6,
  mn: 1e6,
  b: 1e9,
  billion: 1e9,
  bn: 1e9,
  t: 1e12,
  trillion: 1e12,
  tn: 1e12,
};
const ABOUT =
  /(?:\b(?:about|bout|around|roughly|approximately|approx\.?|some|circa|close to|near(?:ly)?|almost|just (?:over|under|above|below|shy of)|(?:slightly |well |a little )?(?:over|under|above|below)|(?:more|less) than)\s|[~≈]\s?)(?:the )?\**$/i;

const CENTS_SUFFIX: Suffix = { length: 1, multiplier: 0.01, unit: 'usd' };
/** "Gapped up 68c", "down 12c": cents, not a call. */
const CENTS_MOVED =
  /(?:\b(?:up|down|by|off|gained|added|lost|fell|rose|dropped|slipped|gapped|shed|another|just|only|green|red|wide|spread)\s(?:about |~)?|[+~−-])$/i;

/** All figures of `text[start, end)`, read from `masked`, which is as long as `text`. Linear in the length. */
export function findFigures(text: string, masked: string, start: number, end: number): Figure[] {
  const figures: Figure[] = [];
  const piece = masked.slice(start, end);
  for (const match of piece.matchAll(NUMBER)) {
    const at = match.index;
    const digits = match[2] ?? '';
    const before = piece[at - 1] ?? '';
    if (/[A-Za-z_]/.test(before) && !/US\$?$/.test(match[0].slice(0, 3))) continue;
    if (piece[at + match[0].length] === '_') continue;
    figures.push(readFigure(text, piece, start, at, match[0], match[1], digits));
  }
  for (const { start: at, end: after, value, tolerance, isRatio, isSmall, unit } of findSpelled(piece)) {
    if (figures.some((figure) => at < figure.end - start && figure.start - start < after)) continue;
    const suffix: Suffix =
      unit === undefined ? readSuffix(piece.slice(after, after + 20)) : { length: 0, multiplier: 1, unit };
    if ((isSmall && suffix.length === 0) || /^[ -](?:minutes|hours?)\b/.test(piece.slice(after, after + 9))) continue;
    if (unit === undefined && value % 1 === 0.5 && /\bhours?\b[^.;]{0,30}$/.test(piece.slice(0, at))) continue;
    figures.push({
      start: start + at,
      end: start + after + suffix.length,
      text: text.slice(start + at, start + after + suffix.length),
      magnitude: value * suffix.multiplier,
      tolerance: tolerance * suffix.multiplier,
      sign: undefined,
      parenthesised: false,
      unit: suffix.unit ?? 'bare',
      whole: Number.isInteger(value * suffix.multiplier) && unit === undefined && suffix.unit !== 'percent',
      side: undefined,
      approximate: readApproximation(piece.slice(Math.max(0, at - 24), at)),
      ...(/\b(?:(?:just|slightly|bit|little|shade|touch) (?:more than|over|above|under|below|less than)|nearly|almost) (?:a )?$/i.test(
        piece.slice(Math.max(0, at - 24), at),
      )
        ? { isSlight: true as const }
        : {}),
      ...(isRatio || suffix.isRatio === true ? { isRatio: true as const } : {}),
    });
  }
  figures.sort((a, b) => a.start - b.start);
  // "From twenty-seven to twenty-eight cents"
  figures.forEach((figure, at) => {
    const next = figures[at + 1];
    if (
      next === undefined ||
      /\d/.test(figure.text) ||
      !/ cents$/.test(next.text) ||
      figure.unit !== 'bare' ||
      !figure.whole
    )
      return;
    if (figure.magnitude >= 100 || !/^ (?:to|or|and) $/.test(text.slice(figure.end, next.start))) return;
    figure.magnitude /= 100;
    figure.tolerance /= 100;
    figure.unit = 'usd';
    figure.whole = false;
  });
  // "2.2, 4.8 and 11.8 percent"
  let listed: Figure | undefined;
  for (let at = figures.length - 2; at >= 0; at -= 1) {
    const [figure, next] = [figures[at], figures[at + 1]];
    if (figure?.unit === 'bare' && next?.unit === 'percent' && figure.tolerance === next.tolerance && !figure.whole) {
      const joint = text.slice(figure.end, next.start);
      if (figure.magnitude > next.magnitude * 4 || next.magnitude > figure.magnitude * 10) continue;
      if (
        (next.sign === undefined && /^(?:,? and | or | to |[–-])$/.test(joint)) ||
        (joint === ', ' && listed === next)
      ) {
        figure.unit = 'percent';
        listed = figure;
      }
    }
  }
  return figures;
}

function readFigure(
  text: string,
  piece: string,
  offset: number,
  at: number,
  matched: string,
  currency: string | undefined,
  digits: string,
): Figure {
  const after = at + matched.length;
  const inner = /[-−–+]/.exec(currency ?? '')?.[0];
  const outer = signBefore(piece, at);
  const suffix =
    /^\d{1,2}$/.test(digits) &&
    /^c\b/.test(piece.slice(after)) &&
    (CENTS_MOVED.test(piece.slice(Math.max(0, at - 20), at)) || /\bdiv/i.test(text))
      ? CENTS_SUFFIX
      : readSuffix(piece.slice(after, after + 20));
  const first = at - (outer === undefined ? 0 : 1);
  const last = after + suffix.length;
  const decimals = digits.includes('.') ? digits.length - digits.indexOf('.') - 1 : 0;
  const magnitude = Number(digits.replaceAll(',', '')) * suffix.multiplier;
  const approximate = readApproximation(piece.slice(Math.max(0, first - 24), first));
  return {
    start: offset + first,
    end: offset + last,
    text: text.slice(offset + first, offset + last),
    magnitude,
    tolerance: 0.5 * 10 ** -decimals * suffix.multiplier,
    sign:
      signOf(outer ?? inner) ??
      (/\b(?:minus|negative) \$?$/i.test(piece.slice(Math.max(0, first - 12), first)) ? '-' : undefined),
    parenthesised: piece[first - 1] === '(' && piece[last] === ')',
    unit: suffix.unit ?? (currency === undefined ? 'bare' : 'usd'),
    whole: decimals === 0 && suffix.multiplier === 1 && suffix.unit !== 'percent',
    side: suffix.side,
    approximate:
      approximate ?? (/^(?: and (?:change|some)\b|-?(?:ish|odd)\b)/.test(piece.slice(last)) ? 'over' : undefined),
    ...(suffix.isRatio === true ? { isRatio: true } : {}),
  };
}

/** A hyphen is a sign only where a number cannot end before it: not in 204.78-212.19, not in a list's dash. */
function signBefore(piece: string, at: number): string | undefined {
  const sign = piece[at - 1];
  if (sign === undefined || !/[-−–+±]/.test(sign)) return undefined;
  if (sign === '+' || sign === '−' || sign === '±')
    return /[\d_]/.test(piece[at - 2] ?? '') && sign === '−' ? undefined : sign;
  return /[\s([|*:=/,~≈>"'“`]/.test(piece[at - 2] ?? ' ') ? sign : undefined;
}

function signOf(sign: string | undefined): Figure['sign'] {
  if (sign === undefined) return undefined;
  return sign === '+' || sign === '±' ? sign : '-';
}

interface Suffix {
  length: number;
  multiplier: number;
  unit?: Figure['unit'];
  side?: 'call' | 'put';
  isRatio?: true;
}

function readSuffix(rest: string): Suffix {
  const percent = PERCENT.exec(rest);
  if (percent) return { length: percent[0].length, multiplier: 1, unit: 'percent' };
  const points = /^\s?(?:basis points?|bps?)\b/i.exec(rest);
  if (points) return { length: points[0].length, multiplier: 0.01, unit: 'percent' };
  const cents = CENTS.exec(rest);
  if (cents) return { length: /\d/.test(cents[0]) ? 0 : cents[0].length, multiplier: 0.01, unit: 'usd' };
  const times = TIMES.exec(rest) ?? ODDS.exec(rest);
  if (times) return { length: times[0].length, multiplier: 1, isRatio: true };
  if (
    /^c (?:wide|spread|apart|tick|off|of|more|less|up|down|above|below|under|over|away|from|shy|higher|lower|each|a |per |before|since|gain|loss|drop|rise|move|range|swing)/.test(
      rest,
    )
  )
    return { length: 1, multiplier: 0.01, unit: 'usd' };
  const side = /^[CPcp](?![\w'])/.exec(rest)?.[0];
  if (side !== undefined) return { length: 1, multiplier: 1, side: /c/i.test(side) ? 'call' : 'put' };
  const match = MULTIPLIER.exec(rest);
  const word = match?.[1] ?? match?.[2] ?? match?.[3];
  const multiplier = word === undefined ? 1 : (MULTIPLIERS[word.toLowerCase()] ?? 1);
  const length = match?.[0].length ?? 0;
  const dollars = DOLLARS.exec(rest.slice(length));
  return { length: length + (dollars?.[0].length ?? 0), multiplier, ...(dollars ? { unit: 'usd' as const } : {}) };
}

function readApproximation(before: string): Figure['approximate'] {
  const words = ABOUT.exec(before)?.[0].toLowerCase();
  if (words === undefined) return undefined;
  if (/over|above|more/.test(words)) return 'over';
  return /under|below|less|shy|almost|nearly/.test(words) ? 'under' : 'about';
}
