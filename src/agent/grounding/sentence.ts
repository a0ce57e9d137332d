// Says of each figure of one sentence or table cell what it is a figure of: symbol, field, side, date, strike.
// What stands over the sentence comes in as a context.
import type { Side } from '../../domain/types.ts';
import type { Counted, FactBase, Field } from './facts.ts';
import { type FieldSaid, fieldsSaid, type FieldTies, findStrikes, tieCues, writtenStrikes } from './fields.ts';
import { type Figure, findFigures } from './figures.ts';
import { type DateMention, findMentions, type Mentions, type Place, type SymbolMention } from './mentions.ts';
import type { Context, Said, Sentence, Source } from './said.ts';
import { numberOf } from './spelled.ts';
import { createTies, type Tied } from './ties.ts';
import type { Cue } from './words.ts';

export const PERIOD =
  /\b(?:weeks?|weekly|months?|monthly|quarter|period|overall|since|past|year|yearly|ytd|mtd|sessions|trading days|\d+[ -]days?(?! (?:moving|simple|exponential|SMA|EMA|MA|average|RSI|high|low|to ))|days(?! to)|summary|whole|range of dates|performance|between|from .{2,20} to)\b/i;
const ANY_SESSION =
  /\b(?:highest|lowest|biggest|largest|heaviest|lightest|strongest|weakest|best|worst|maximum|minimum|day (?:before|earlier|after|later)|(?:next|following|prior|previous|preceding) (?:day|session|trading day)|two days|earlier in|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|weeks?|months?|quarter|busiest|quietest|monday|tuesday|wednesday|thursday|friday|from|since)\b/i;
/** Behind a figure: it is of another day than the one that the sentence names. */
const OTHER_DAY =
  /^[\s,*(]*(?:(?:on|in|from) )?(?:the |a )?(?:half[ -]day|(?:day|session|(?:mon|tues|wednes|thurs|fri)day) (?:before|earlier|after|later)|(?:next|following|prior|previous|preceding) (?:trading )?(?:day|session|week|month|quarter|year|(?:mon|tues|wednes|thurs|fri)day))\b/i;
const OTHER_DAY_BEFORE =
  /\b(?:(?:days?|sessions?) (?:before|earlier|prior|after|later)|next (?:day|session))\b[^\d;.]{0,30}$/i;
/** "Compared with Tuesday's close of 201.03, that is 6.01 more": the day is of the close only, not of the change. */
const COMPARED_WITH =
  /\b(?:compared (?:with|to)|relative to|against|versus|vs\.?|from|than|over)\s(?:the\s)?(?:\w{3,9},?\s)?$/i;
const WIDER =
  /\b(?:so far|wk|weeks?|weekly|month|monthly|period|overall|since|past|52[ -]?w|now|current(?:ly)?|today|latest|year|yearly|average|total|summary|whole)\b/i;

const FALLS =
  /\b(?:down|below|lower|less|fell|fall\w*|loss\w*|lost|lose\w*|drop\w*|declin\w*|under|off|discount|negative|red|weak\w*|worse|slid|slip\w*|pullback|retreat\w*|behind|short of|shy|minus|cheaper|gave|given)\b/i;

export interface SentenceRead {
  said: Said[];
  /** For those below it. */
  own: Context;
  sentence: Sentence;
}

/** Figures of one sentence, heading or bullet, and what it says for those below it. */
export function readSentence({ base, lexicon, ...source }: Source, piece: Place, context: Context): SentenceRead {
  const text = source.text.slice(piece.start, piece.end);
  const figures = findFigures(text, source.masked.slice(piece.start, piece.end), 0, text.length);
  const mentions = findMentions(text, base, lexicon, context.cue);
  const sentence: Sentence = { text, figures, mentions, ties: createTies(text, figures, mentions.cues), context };
  const tied = tieMentions(sentence, base);
  const about = aboutSentence(sentence);
  const besides = besidesOf(sentence, base);
  const mayBeAny = ANY_SESSION.test(text);
  const mayNamePeriod = PERIOD_HINT.test(text);
  const said = figures.map((figure, index): Said => {
    const field = fieldsSaid(sentence, index, tied.named);
    const symbol = tied.symbols[index];
    const side = tied.sides[index];
    return {
      ...besides[index],
      ...(mayNamePeriod ? spokenPeriod(text, figure.start, figure.end) : {}),
      ...field,
      ...wordsAround(sentence, figure, field),
      ...symbolsSaid(sentence, index, symbol),
      ownSymbol: symbol?.firm === true || isOnlyIn(clauseOf(text, figure), mentions.symbols),
      ...sideBehind(
        text,
        figure,
        sideOfWall(tied, index, sentence.ties.hostOf(index)) ?? (side ? valuesOf(side) : context.sides),
      ),
      ...(isOtherDay(text, figure) ? {} : datesSaid(sentence, figure, tied.dates[index], field)),
      ...strikesSaid(sentence, index, tied),
      counted: countedBehind(text, figure),
      ...about,
      anySession:
        sentence.ties.listOf(index).length > 2 ||
        (mayBeAny && ANY_SESSION.test(text.slice(Math.max(0, figure.start - 100), figure.end + 60))),
      figure: { ...figure, start: figure.start + piece.start, end: figure.end + piece.start },
    };
  });
  return { said, sentence, own: ownContext(sentence, tied.strikes) };
}

type StrikeMention = Place & { value: number };

type SentenceTies = ReturnType<typeof tieMentions>;

/** What each figure is tied to, itself or by the figure that it stands in parentheses behind. */
function tieMentions(sentence: Sentence, base: FactBase) {
  const { ties, figures, mentions } = sentence;
  const written = writtenStrikes(sentence, base);
  const cues = tieCues(sentence, written);
  const areStrikes = findStrikes(sentence, cues, written, base);
  const strikes = strikeMentions(sentence, areStrikes);
  const { cues: words, symbols: who, sides: which, dates: when } = mentions;
  const symbols = ties.tie(who, { kind: 'symbol', over: [...words, ...which, ...when] });
  addSides(which, figures);
  const withHost = <T>(tied: readonly (T | undefined)[]): (T | undefined)[] =>
    tied.map((each, index) => each ?? tied[ties.hostOf(index) ?? -1]);
  const ofStrikes = withHost(ties.tie(strikes, { kind: 'strike', over: [...words, ...which] }));
  const named: FieldTies = {
    cues,
    strikes: areStrikes,
    hasStrike: (index) => areStrikes[index] !== true && ofStrikes[index] !== undefined,
    symbols: symbols.map((each) => each?.mention.value),
  };
  return {
    named,
    strikes,
    ofStrikes,
    symbols: withHost(symbols),
    sides: withHost(ties.tie(which, { kind: 'side', over: [...who, ...when, ...strikes] })),
    dates: withHost(ties.tie(when, { kind: 'date', over: [...words, ...who, ...which] })),
  };
}

/** Figures that are strikes, and the strikes of option symbols. */
function strikeMentions({ text, figures }: Sentence, areStrikes: readonly boolean[]): StrikeMention[] {
  const strikes = figures.flatMap(({ start, end, magnitude }, index) =>
    areStrikes[index] === true ? [{ start, end, value: magnitude }] : [],
  );
  for (const { 0: occ, index, 1: digits } of text.matchAll(/(?<![A-Za-z\d])[A-Z]{1,6}\d{6}[CP](\d{8})(?!\d)/g))
    strikes.push({ start: index, end: index + occ.length, value: Number(digits) / 1000 });
  return strikes.sort((a, b) => a.start - b.start);
}

/** "200C" names a side that no word does. */
function addSides(sides: Mentions['sides'], figures: readonly Figure[]): void {
  for (const { side: value, start, end } of figures)
    if (value !== undefined && !sides.some((each) => each.start >= start && each.end <= end))
      sides.push({ value, start: end - 1, end });
  sides.sort((a, b) => a.start - b.start);
}

/** What the whole sentence speaks of. */
function aboutSentence({ text, mentions, context }: Sentence): Partial<Said> {
  const words = mentions.cues;
  const here = new Set(words.flatMap((cue) => [...cue.fields]));
  return {
    company: mentions.symbols.map(({ value }) => value),
    sought: new Set((context.sought ?? []).filter((field) => !here.has(field))),
    near: withSiblings([
      ...words.flatMap((cue) => [...cue.fields, ...(cue.otherwise ?? [])]),
      ...(context.cue?.fields ?? []),
      ...(context.asked ?? []),
    ]),
    earlier: context.earlier?.map(({ value }) => value),
    period: context.period === true || PERIOD.test(text),
    today: /\b(?:today|session|intraday|day|hod|lod|so far|morning|daily)\b/i.test(text),
    percents: context.percents === true || /(?<![\d.]\s?)%|\bpct\b|percent/i.test(text),
    falls: FALLS.test(text),
    past: /\b(?:was|were|earlier|before|previously|from|had|ago)\b/i.test(text),
    present: /\b(?:now|currently|current|latest|right now|at the moment)\b/i.test(text),
  };
}

/** Strikes of the data beside each figure; in one pass, as a text may hold tens of thousands of figures. */
function besidesOf(
  { figures, ties, text }: Sentence,
  base: FactBase,
): Pick<Said, 'beside' | 'hostStrike' | 'levels'>[] {
  const levels = figures.map(({ magnitude, tolerance, unit }) =>
    unit === 'percent' || tolerance > 0.05 ? undefined : base.levelAt(magnitude, tolerance),
  );
  let level: number | undefined;
  const strikes = figures.map(({ magnitude, unit, sign }) =>
    base.hasStrike(magnitude) && unit !== 'percent' && sign === undefined ? magnitude : undefined,
  );
  let last: number | undefined;
  return strikes.map((strike, index) => {
    const beside = last;
    last = strike ?? last;
    if (/[.;]\s/.test(text.slice(figures[index - 1]?.end ?? 0, figures[index]?.start))) level = undefined;
    const next = figures[index + 1];
    const isLed =
      next !== undefined &&
      next.start - (figures[index]?.end ?? 0) < 48 &&
      !/[.;]\s/.test(text.slice(figures[index]?.end, next.start));
    const near = [level, isLed ? levels[index + 1] : undefined].filter((each) => each !== undefined);
    level = levels[index] ?? level;
    return { beside, hostStrike: strikes[ties.hostOf(index) ?? -1], levels: near.length > 0 ? near : undefined };
  });
}

/** What the words right before and behind a figure make of it. */
function wordsAround({ text, mentions: { cues: words } }: Sentence, figure: Figure, field: FieldSaid): Partial<Said> {
  const { cue, fields } = field;
  const after = text.slice(figure.end, figure.end + 12);
  const before = text.slice(Math.max(0, figure.start - 14), figure.start);
  const behind = words.filter(({ start }) => start >= figure.end);
  return {
    isBase: /\bfrom [*$]*$/i.test(before) || /^\**\s?(?:to|→|->|–|-)\s?[*$]*\d/.test(after),
    isTotal: /\b(?:mean|sum|together|combined|in total|in all)(?: (?:is|of|was|comes to|to|a))?[\s:*~$]*$/i.test(
      before,
    ),
    isOther: /\b(?:vs\.?|versus|against|than|to)\s[*~$]*$|(?:→|->|\/)\s?$/i.test(before),
    sole: cue !== undefined && isSole(cue, words, figure),
    ...(fields?.includes('change') === true ? towards(text.slice(figure.end, figure.end + 60)) : {}),
    ...(/^\**\s(?:versus|vs\.?|against|v|[<>])\s/.test(after) ? { firm: false } : {}),
    next: behind.find(({ start, trailing }) => start - figure.end < 40 && trailing !== true)?.fields.slice(0, 2),
    apposed: apposedTo(behind[0], figure, text),
  };
}

function strikesSaid(
  { text, figures, context }: Sentence,
  index: number,
  { named, strikes, ofStrikes }: SentenceTies,
): Pick<Said, 'strikes' | 'ownStrike' | 'isStrike'> {
  if (named.strikes[index] === true) return { strikes: undefined, ownStrike: false, isStrike: true };
  const tied = ofStrikes[index];
  if (!tied) return { strikes: context.strikes, ownStrike: false, isStrike: false };
  const values = tied.firm ? valuesOf(tied) : strikesBefore(strikes, figures, index, text);
  return { strikes: values, ownStrike: true, isStrike: false };
}

/** "Put wall 190 (12.2k)". */
function sideOfWall({ named }: SentenceTies, index: number, host: number | undefined): Side[] | undefined {
  const names = [named.cues[index]?.name, named.cues[host ?? -1]?.name];
  return names.includes('putWall') ? ['put'] : names.includes('callWall') ? ['call'] : undefined;
}

/** "218/223 puts and 247/252 calls": of both; "1.59 x 1.63 put". */
function sideBehind(text: string, { end }: Figure, sides: readonly Side[] | undefined): Pick<Said, 'sides'> {
  const word = /^(?:[/–-]| ?[x×] ?)\$?\d+(?:\.\d+)?[ -](?:(call)|put)s?\b/i.exec(text.slice(end, end + 20));
  if (word) return { sides: [word[1] === undefined ? 'put' : 'call'] };
  return sides ? { sides } : {};
}

const VAGUE = /^(?:price|rise|fall|move|distance|change|range|expectedMove|contracts|shares|bidAsk|averages?)$/;

/** "RSI is 59.7 for SPY and 48.1 for AMD": no other word names a field. */
function isSole(cue: string, words: Mentions['cues'], figure: Figure): boolean {
  if (words.length > 0 && !words.some(({ end }) => end <= figure.start)) return false;
  return !VAGUE.test(cue) && words.every(({ name, trailing }) => name === cue || trailing === true);
}

const APPOSED = /^[\s*]*(?:,|=|–|-|is|\()\s?(?:the |its |an? |old |that is |i\.e\. )*$/i;

function apposedTo(next: Cue | undefined, figure: Figure, text: string): readonly Field[] | undefined {
  return next === undefined ||
    next.trailing === true ||
    !APPOSED.test(text.slice(figure.end, next.start)) ||
    /^ ?(?:at|of|is|:|\()? ?\$?\d/.test(text.slice(next.end))
    ? undefined
    : next.fields;
}

const CLAUSE_END = /[;:.!?]\s|,\s|\b(?:while|but|and|whereas|vs\.?|versus|than)\b/gi;

/** The text around a figure without a comma or conjunction. */
function clauseOf(text: string, { start, end }: Place): Place {
  const before = text.slice(Math.max(0, start - 120), start);
  const first = [...before.matchAll(CLAUSE_END)].at(-1);
  const behind = text.slice(end, end + 120).search(CLAUSE_END);
  return {
    start: start - before.length + (first === undefined ? 0 : first.index + first[0].length),
    end: behind < 0 ? Math.min(text.length, end + 120) : end + behind,
  };
}

function isOnlyIn(clause: Place, symbols: readonly SymbolMention[]): boolean {
  const inside = symbols.filter(({ start, end }) => start >= clause.start && end <= clause.end);
  return new Set(inside.map(({ value }) => value)).size === 1;
}

/** A text may hold tens of thousands of figures. */
const PERIOD_HINT = /day|week|month|quarter|year|session|ytd|so far|morning|\bQ[1-4]/i;
const SPOKEN =
  /\b(?:((?<!\b(?:to|through|until) )today(?! (?:included|counted|counting))|on the day|so far today|this morning|intraday)|Q([1-4])\b|(first|second|third|fourth) quarter|((?:past|last|this|previous|prior|over the|in the|for the) )?(?:(\d{1,3}|one|two|three|four|five|six|nine|ten|twelve) )?(week|month|quarter|year|session|trading day)s?\b(?! (?:high|low|range|end|of))|(ytd|year to date|year-to-date|so far this year|for the year))/gi;
const DAYS: Readonly<Record<string, number>> = {
  session: 1.4,
  'trading day': 1.4,
  week: 7,
  month: 31,
  quarter: 92,
  year: 365,
};

/** "The 290 put costs 8.05, the 295 put 5.50": the last one before it, where all stand before what is said of them; else any. */
function strikesBefore(
  strikes: readonly StrikeMention[],
  figures: readonly Figure[],
  index: number,
  text: string,
): number[] {
  const all = strikes.map(({ value }) => value);
  const figure = figures[index];
  const isLed = strikes.every(
    ({ start }) =>
      !/(?:\b(?:at|on|for|in|of|than|vs\.?|less|minus|by|from|to|and|or|the)|[@(/–-])\s?(?:the )?\$?$/i.test(
        text.slice(Math.max(0, start - 9), start).replace(/(?:^|[,;.:] )(?:the|and) $/i, ''),
      ),
  );
  const last = figure && strikes.findLastIndex(({ end }) => end <= figure.start);
  if (figure === undefined || last === undefined || last < 0 || !isLed) return all;
  let first = last;
  while (
    first > 0 &&
    !figures.some(({ start, end }) => start >= (strikes[first - 1]?.end ?? 0) && end <= (strikes[first]?.start ?? 0))
  )
    first -= 1;
  return all.slice(first, last + 1);
}

/** The one period that the clause of a figure names. */
export function spokenPeriod(text: string, start: number, end: number): Pick<Said, 'spoken'> {
  const before =
    text
      .slice(Math.max(0, start - 160), start)
      .split(/[;.]\s|,\s(?=[A-Za-z])|\b(?:while|but|and|whereas)\b/)
      .at(-1) ?? '';
  const behind = text.slice(end, end + 160).split(/[;.]\s|,\s|\b(?:while|but|and|whereas|against|from)\b/)[0] ?? '';
  const found = [...`${before} # ${behind}`.matchAll(SPOKEN)];
  const [match] = found;
  if (match === undefined || found.length !== 1) return {};
  const [, today, quarter, ordinal, lead, count, unit, ytd] = match;
  if (today !== undefined) return { spoken: { days: 1, isThis: false } };
  if (quarter !== undefined) return { spoken: { days: 92, isThis: false, quarter: Number(quarter) } };
  if (ordinal !== undefined)
    return {
      spoken: {
        days: 92,
        isThis: false,
        quarter: ['first', 'second', 'third', 'fourth'].indexOf(ordinal.toLowerCase()) + 1,
      },
    };
  if (ytd !== undefined) return { spoken: { days: 366, isThis: true } };
  if (count === undefined && (lead === undefined || /session|day/i.test(unit ?? ''))) return {};
  const times = numberOf(count ?? 'one');
  return {
    spoken: { days: times * (DAYS[unit?.toLowerCase() ?? ''] ?? 0), isThis: /this|in the|for the/i.test(lead ?? '') },
  };
}

const TOWARDS =
  /^[\s*,]*(?:or (?:about |roughly )?\$?[\d.]+ ?(?:%|percent)?,? )?(?:(less|lower|below|under|cheaper|behind)|(more|higher|above|over))\s(?:than (?!the|its)|where|at |(?:than )?(?:at )?(?:yesterday|monday|friday|a (?:year|month|week)|(?:its|the) (?:previous|prior|last) (?:close|finish|settle|day|session)))/i;

/** "$4.68 less than at yesterday's close". */
function towards(behind: string): Pick<Said, 'direction'> {
  const match = TOWARDS.exec(behind);
  return match === null ? {} : { direction: match[1] === undefined ? 1 : -1 };
}

/** Who speaks of a gap may mean it in percent, who speaks of walls their open interest. */
function withSiblings(fields: readonly Field[]): ReadonlySet<Field> {
  const near = new Set(fields);
  for (const field of fields) {
    near.add(field.endsWith('Percent') ? field.slice(0, -'Percent'.length) : `${field}Percent`);
    if (field.startsWith('putCall')) near.add('putCallOpenInterest').add('putCallVolume');
    if (/^(?:call|put)Wall$/.test(field)) near.add('openInterest').add('strike');
    if (field === 'change' || field === 'changePercent') near.delete('changePercentPercent');
  }
  return near;
}

function isOtherDay(text: string, figure: Figure): boolean {
  return (
    OTHER_DAY.test(text.slice(figure.end, figure.end + 30)) ||
    OTHER_DAY_BEFORE.test(text.slice(Math.max(0, figure.start - 60), figure.start))
  );
}

const COUNTED: readonly (readonly [RegExp, readonly Counted[]])[] = [
  [/^(?:up|green|ris(?:es?|ing)|gain\w*|winn\w+|higher)$/i, ['rise']],
  [/^(?:down|red|fall\w*|los\w+|lower)$/i, ['fall']],
  [/^of$/i, ['rise', 'fall', 'weekly', 'monthly', 'quarterly', 'daily']],
  [/^weekl/i, ['weekly']],
  [/^monthl/i, ['monthly']],
  [/^quarterl/i, ['quarterly']],
  [/^dail/i, ['daily', 'bar']],
  [/^(?:expir|dates?\b)/i, ['expiration']],
  [/^(?:bars?|sessions?|candles?|data points|rows?)\b/i, ['bar', 'expiration', 'strike', 'contract']],
  [/^contracts?\b/i, ['contract']],
  [/^strikes?\b/i, ['strike', 'asked']],
];

/** "18 weekly expirations" counts weeklies: the first of the words behind that says what is counted. */
function countedBehind(text: string, { end }: Figure): readonly Counted[] | undefined {
  const words = text.slice(end, end + 40).match(/[A-Za-z]+(?: points)?/g) ?? [];
  const found = words.slice(0, 3).map((word) => COUNTED.find(([pattern]) => pattern.test(word)));
  return found.find((each) => each !== undefined)?.[1];
}

/** What a figure is tied to; where it is not for sure, the nearest on the other side too. */
function valuesOf<Value>({ mention, rival }: Tied<{ value: Value } & Place>): Value[] {
  return rival ? [mention.value, rival.value] : [mention.value];
}

/** "Both trade above yesterday's highs": of any. */
const OF_ALL = /^[\s*]*(?:both|all|neither|each)\b/i;

function symbolsSaid(
  { mentions, ties, context, figures, text }: Sentence,
  index: number,
  tied: Tied<SymbolMention> | undefined,
): Pick<Said, 'symbols'> {
  if (!tied) return context.symbols && !OF_ALL.test(text) ? { symbols: context.symbols } : {};
  if (
    tied.firm &&
    /^(?:\s(?:against|vs\.?|versus)|,? and)\s[*$]*\d/.test(text.slice(figures[index]?.end ?? 0)) &&
    !tied.listed
  )
    return { symbols: [...new Set(mentions.symbols.map(({ value }) => value))] };
  if (tied.listed) return { symbols: [tied.mention.value] };
  return {
    symbols: [
      ...new Set([...ties.enumerated(mentions.symbols, tied.mention).map((each) => each.value), ...valuesOf(tied)]),
    ],
  };
}

/** "Monday's close of 668.77, low 664.64", "58.27 on 2 January and ended at 74.43": the day is of the figure beside it only. */
function isOfOthers(mention: Place, figure: Figure, figures: readonly Figure[], text: string): boolean {
  if (mention.end > figure.start) return false;
  const isPossessive =
    /['’]s$/.test(text.slice(mention.start, mention.end)) || /^['’]s\b/.test(text.slice(mention.end));
  const between = figures.some((each) => each.start >= mention.end && each.end <= figure.start);
  const before = figures.findLast((each) => each.end <= mention.start);
  const isBehind =
    before !== undefined && /^[\s*]*(?:(?:on|in|from|at) )(?:the )?$/i.test(text.slice(before.end, mention.start));
  return (
    (isPossessive && between) ||
    (isBehind && /,|\band\b|;/.test(text.slice(mention.end, figure.start))) ||
    (/;/.test(text.slice(mention.end, figure.start)) &&
      /\b(?:week|month|quarter|year)\b/i.test(text.slice(mention.end, figure.start)))
  );
}

/** "641.68, was Tuesday's.", "40.58, on Monday", "36.80 (Nov 5)": of no other day. */
function isDayOf(text: string, figure: Figure, day: Place): boolean {
  const behind = /^['’]s\b(?! (?:high|low|close|open|range|session|bar)\w*)/.exec(text.slice(day.end, day.end + 12));
  return (
    /^[\s*]*(?:,? (?:(?:was |that was )?(?:came |set |hit |made |reached |touched |seen |printed |recorded )?(?:on |in )(?:the )?|was (?=\w+['’]s))|\()$/.test(
      text.slice(figure.end, day.start),
    ) &&
    (behind !== null ||
      /^ *[*]*(?:[.,;)\n]|(?:and|to|but|while)\b|$)/.test(text.slice(day.end)) ||
      /['’]s$/.test(text.slice(day.start, day.end)))
  );
}

const THIS_WEEK = /\b(?:(?:this (?:wk|week|month)|today|now)(?: so far)?[\s:*]*|(?:trades|is trading) at [$*]*)$/i;

function datesSaid(
  { mentions, context, text, figures }: Sentence,
  figure: Figure,
  tied: Tied<DateMention> | undefined,
  { fields }: FieldSaid,
): Pick<Said, 'dates' | 'span' | 'ownDate'> {
  if (/^\s*(?:so far )?today\b/i.test(text.slice(figure.end)) || THIS_WEEK.test(text.slice(0, figure.start))) return {};
  const own = mentions.dates.find(({ start }) => start >= figure.end);
  if (own !== undefined && !own.span && isDayOf(text, figure, own)) return { dates: [own.value], ownDate: true };
  const mention = tied?.mention;
  if (tied?.firm === false && isOfOthers(tied.mention, figure, figures, text)) return {};
  if (
    tied?.firm === false &&
    fields?.includes('change') === true &&
    !tied.mention.span &&
    COMPARED_WITH.test(text.slice(0, tied.mention.start))
  )
    return {};
  if (mention?.span === true && !/^\s*\(/.test(text.slice(mention.end, mention.end + 3)))
    return { dates: mentions.dates.filter((date) => date.span).map((date) => date.value), span: true, ownDate: true };
  if (mention) return { dates: [mention.value], ownDate: true };
  if (!context.dates || WIDER.test(text)) return {};
  return {
    dates: context.dates.map((date) => date.value),
    span: context.dates.length > 1 || context.dates.some((date) => date.span),
  };
}

/** Each value once; absent where nothing was found. */
export function distinctOf<Value>(found: readonly { value: Value }[]): readonly Value[] | undefined {
  return found.length === 0 ? undefined : [...new Set(found.map(({ value }) => value))];
}

function ownContext({ mentions, text }: Sentence, strikes: readonly StrikeMention[]): Context {
  const names = new Set(mentions.cues.map((cue) => cue.name));
  return {
    symbols: distinctOf(mentions.symbols),
    sides: distinctOf(mentions.sides),
    dates: mentions.dates.length > 0 ? mentions.dates : undefined,
    strikes: strikes.length > 0 ? strikes.map(({ value }) => value) : undefined,
    cue: names.size === 1 ? mentions.cues[0] : undefined,
    period: PERIOD.test(text),
  };
}
