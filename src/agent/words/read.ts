// Words to meanings: a question from left to right as tokens, each the longest thing that starts there. Every word belongs
// to one; what is not known is kept as unknown, what is almost known as a question back. Nothing is decided about the whole.
import { countOf, monthNumber } from '../../domain/date-words.ts';
import { OF_DATES, aroundDateAt, dateAt } from './dates.ts';
import { isEverydayWord, isSlipOfEveryday, withoutContrast } from './everyday.ts';
import { lexQuestion, type Word } from './lexer.ts';
import { editDistance, membersOf, type Names } from './names.ts';
import { OF_STRATEGIES, isOfContractWord, isWordOfOptions, optionAt } from './option-words.ts';
import { FILLER, type Found, type Place, type Reader, type Topic, UNKNOWN, phraseAt } from './place.ts';
import {
  LINK,
  isComparedName,
  isListedWord,
  numberAt,
  spellOut,
  withNames,
  withoutShouting,
  withoutSlip,
} from './spelling.ts';
import { createSessionReader, inEachYear, joinHours, withinDayAt } from './session-reader.ts';
import { CAPITAL_WORDS, letterAt, nameAt, symbolAt } from './symbol-words.ts';
import type { Reading, Token } from './tokens.ts';
import { type PhraseMatch, matchWindowed } from './vocabulary.ts';

export type { Topic } from './place.ts';

const SEPARATOR = /^[,:;/|\\–—=~-]$/;
const RELATION_MARK: Readonly<Record<string, '>' | '<'>> = { '>': '>', '<': '<' };
const PLURAL_DATES = /^(?:(?:mon|tues|wednes|thurs|fri)days|(?:[a-z]+uary|april|june|july|august|[a-z]+ber)s)$/i;
const EXPLICIT_SYMBOL = /^[A-Z][A-Z0-9]{0,5}(?:\.[A-Z]{1,3})?$/i;
const YES_NO = /^(?:is|are|was|were|has|have|had|did|does|do|am|aint)$/;

export function readQuestion(question: string, reader: Reader, topic?: Topic): Reading {
  const words = withNames(
    withoutShouting(lexQuestion(spellOut(question)), reader, CAPITAL_WORDS).map((word) => withoutSlip(word, reader)),
    reader,
  ).map((word, at, all) => (isComparedName(all, at, reader.names) ? { ...word, startsUpperCase: true } : word));
  const texts = words.map((word) => word.text);
  const isOfOptions = topic !== undefined || texts.some(isWordOfOptions);
  // `mondays` is a day for dates, and days of the week for sessions.
  const spoken = words.map(({ text, raw }) => (PLURAL_DATES.test(raw) ? raw.toLowerCase() : text));
  // "its avg earnings move vs what options are pricing": of what stands before.
  const versus = texts.findIndex((word) => /^(?:vs|versus|v|against)$/.test(word));
  const isBefore = topic === undefined && versus > 0 && !texts.slice(0, versus).some(isWordOfOptions);
  const ofSession =
    isOfOptions && !isBefore ? () => undefined : createSessionReader(isOfOptions ? spoken.slice(0, versus) : spoken);
  const sessionAt = (at: number): Found | undefined => withinDayAt(texts, at, topic === undefined) ?? ofSession(at);
  const place: Place = { ...reader, words, texts, sessionAt, topic, isOfOptions };
  const tokens: Token[] = [];
  for (let at = 0; at < words.length;) {
    const { length, ...thing } = thingAt(place, at, tokens);
    const own = words.slice(at, at + length);
    const text = own.map((word) => word.raw).join(' ');
    const meant = thing.is === 'symbol' ? own.find((word) => word.meant !== undefined)?.meant : undefined;
    tokens.push({ ...thing, text, ...(meant === undefined ? {} : { corrected: meant }) });
    at += length;
  }
  return {
    tokens: markDropped(
      joinHours(inEachYear(withoutContrast(tokens), reader))
        .map((token, index) => asRowOfSymbols(token, index, tokens, reader.names))
        .flatMap((token, index, all) => membersOf(withoutDoubt(token, index, all), index, all)),
      reader.names,
    ),
    isYesNo: YES_NO.test(place.texts[0] ?? ''),
  };
}

/** Words for what a company is, which are none beside its symbol. */
const DESCRIBES =
  /^(?:bank|banks|bond|bonds|oil|gas|american|united|general|first|national|target|sector|stocks?|company|pharma|airline|auto|energy)$/i;

function withoutDoubt(token: Token, index: number, tokens: readonly Token[]): Token {
  if (token.is !== 'doubt') return token;
  if (DESCRIBES.test(token.text) && tokens.some(({ is }) => /^(?:symbol|group|form)$/.test(is)))
    return { is: 'filler', text: token.text };
  // Beside a symbol a short word in small letters is rather one that is not known than a slip of another symbol.
  const beside = [tokens.slice(0, index).findLast(({ is }) => is !== 'filler'), tokens[index + 1]];
  const isListed = beside.some((each) => /^(?:joiner|compare|mark|symbol)$/.test(each?.is ?? ''));
  const isWord = /^[a-z]{2,4}$/.test(token.text) && !isListed && tokens.some(({ is }) => is === 'symbol');
  return isWord ? { is: 'unknown', text: token.text } : token;
}

/** `earnings this week: nvda avgo cost`: at the end of a row of symbols, where something else is asked, one more. */
function asRowOfSymbols(token: Token, index: number, tokens: readonly Token[], names: Names): Token {
  const isInRow = [1, 2].every((back) => tokens[index - back]?.is === 'symbol');
  const isAsked = tokens.some((other) => other !== token && (other.is === 'field' || other.is === 'state'));
  const listed = token.is === 'field' && isInRow && isAsked ? names.listed(token.text.toUpperCase()) : undefined;
  return listed === undefined ? token : { is: 'symbol', symbol: listed.symbol, isPossessive: false, text: token.text };
}

const DROPS = /^(?:drop|minus|not|lose|forget)$/i;

/** `drop KO add COST`, `swap GOOGL for AMZN`: which symbols go and which come in their place. */
function markDropped(tokens: Token[], names: Names): Token[] {
  let isSwap = false;
  let hasDropped = false;
  return tokens.map((token, index) => {
    // "drop ko add cost": what comes in is a symbol, whatever else it spells.
    const listed = hasDropped && tokens[index - 1]?.is === 'add' ? names.listed(token.text.toUpperCase()) : undefined;
    if (listed !== undefined) return { is: 'symbol', symbol: listed.symbol, isPossessive: false, text: token.text };
    const next = tokens.slice(index + 1).find(({ is }) => is !== 'filler');
    if (next?.is !== 'symbol')
      return token.is === 'drop' || token.is === 'swap' ? { is: 'refuse', why: 'not', text: token.text } : token;
    // "spy ytd minus qqq ytd": a difference of the two.
    if (token.is === 'minus' && tokens.slice(0, index).some(({ is }) => is === 'symbol')) return token;
    const isMeant = DROPS.test(token.text) && token.is !== 'symbol' && token.is !== 'filler';
    if (token.is === 'drop' || token.is === 'swap' || isMeant) {
      isSwap = token.is === 'swap';
      hasDropped = true;
      return { is: 'drop', text: token.text };
    }
    return isSwap && /^(?:for|with|to|by)$/i.test(token.text) ? { is: 'add', text: token.text } : token;
  });
}

/** The longest thing that starts at a word; of equal ones strikes and fields go before dates, dates before names. */
function thingAt(place: Place, at: number, before: readonly Token[]): Found {
  const word = place.words[at];
  if (word === undefined) return UNKNOWN;
  if (word.isMark) return markAt(word);
  const known = place.sessionAt(at) ?? senseAt(place, word, at, before);
  if (known !== undefined) return known;
  const option = optionAt(place, at, before);
  if (word.isExplicitSymbol && option === undefined && !/^\d/.test(word.raw))
    return EXPLICIT_SYMBOL.test(word.raw)
      ? { is: 'symbol', symbol: word.raw.toUpperCase(), isPossessive: word.isPossessive, length: 1 }
      : UNKNOWN;
  const phrase = phraseAt(place, at);
  if (phrase !== undefined && asksReport(place, at, phrase)) return { is: 'when', length: phrase.length };
  if (isArticleAt(place, at, phrase)) return FILLER;
  const best = longestAt(place, at, before, { option, phrase });
  return (
    letterAt(place, word, at, before) ??
    symbolAt(place, word, at, best) ??
    best ??
    numberAt(place.words, at) ??
    unknownAt(place, word, at)
  );
}

/** `when do nvda and amd report`: a time, of no expiration. */
function asksReport({ texts }: Place, at: number, { meaning, length }: PhraseMatch): boolean {
  const isExpiry = meaning.is === 'form' && meaning.form === 'expiry';
  return isExpiry && /^when (?:do|does|is)$/.test(texts.slice(at, at + length).join(' ')) && texts.some(isOfDates);
}

const isOfDates = (text: string): boolean => OF_DATES.test(text);

/** `the open interest`, where "the open" is a figure too; `the 52wk high`, where "the 52wk" is a date. */
function isArticleAt(place: Place, at: number, phrase: PhraseMatch | undefined): boolean {
  const behind = isDefinite(place.texts[at]) ? (phraseAt(place, at + 1)?.length ?? 0) : 0;
  return behind > 1 && (phrase?.length === 2 || dateAt(place, at, 0)?.length === behind);
}

const isDefinite = (text = ''): boolean => text === 'the' || text === 'its';

function longestAt(
  place: Place,
  at: number,
  before: readonly Token[],
  { option, phrase }: { option: Found | undefined; phrase: PhraseMatch | undefined },
): Found | undefined {
  const { texts, words } = place;
  const windowed = matchWindowed(texts, at, isCompared(before, texts));
  const named = nameAt(place, at);
  const isOfName =
    named?.is === 'symbol' &&
    words[at]?.startsUpperCase === true &&
    phrase?.meaning.is === 'refuse' &&
    (before.length > 0 || LINK.test(texts[at + 1] ?? ''));
  const candidates: (Found | undefined)[] = [
    ...(isOfName ? [named] : []),
    option,
    windowed && { is: 'field', names: windowed.names, length: windowed.length },
    isCountOfPeriods(texts, at, before) || isAmountAt(place, at, before) ? undefined : dayAt(place, at, phrase),
    phrase && { ...phrase.meaning, length: phrase.length },
    named,
  ];
  return candidates.reduce<Found | undefined>(
    (longest, each) => (each !== undefined && each.length > (longest?.length ?? 0) ? each : longest),
    undefined,
  );
}

/** A date, which `a week later` and the `jan` of `jan 20 delta` are only in part. */
function dayAt(place: Place, at: number, phrase: PhraseMatch | undefined): Found | undefined {
  const { texts } = place;
  const found = dateAt(place, at, phrase?.length ?? 0);
  if (
    found === undefined ||
    (phrase?.meaning.is === 'step' && /^(?:later|further|out)$/.test(texts[at + phrase.length - 1] ?? ''))
  )
    return undefined;
  const isDelta =
    found.length === 2 &&
    /^\d{1,2}$/.test(texts[at + 1] ?? '') &&
    /^deltas? (?:calls?|puts?|c|p|strikes?|strangles?)$/.test(texts.slice(at + 2, at + 4).join(' '));
  return isDelta ? dateAt({ ...place, texts: texts.slice(0, at + 1) }, at, 0) : found;
}

type Sense = (place: Place, word: Word, at: number, before: readonly Token[]) => Found | undefined;

/** A word that means something by what stands beside it, before any list of words is asked: the first that knows one. */
function senseAt(place: Place, word: Word, at: number, before: readonly Token[]): Found | undefined {
  for (const sense of SENSES) {
    const found = sense(place, word, at, before);
    if (found !== undefined) return found;
  }
  return undefined;
}

const SENSES: readonly Sense[] = [
  verbAt,
  versusAt,
  lastPriceAt,
  expectedMoveAt,
  nearAt,
  datedLeapAt,
  dollarAt,
  overAt,
  (place, _word, at) => (place.texts.some(isOfDates) ? aroundDateAt(place, at) : undefined),
  closeOfDayAt,
  averageAt,
  intoExpirationAt,
  popAt,
  longAt,
  shortAt,
  putInAt,
  nextReportAt,
  nextOfPair,
  cheapAt,
  endedAt,
  ofSpotAt,
  differenceAt,
];

/** `nvda v amd`, but not `gs v ma`: the two card companies. */
function versusAt({ texts, names }: Place, { raw }: Word, at: number): Found | undefined {
  const isBetween =
    raw === 'v' && texts[at + 1] !== 'ma' && [-1, 1].every((step) => isListedWord(names, texts[at + step]));
  return isBetween ? { is: 'compare', length: 1 } : undefined;
}

/** `what's sofi at, and how is amd` */
function lastPriceAt({ texts }: Place, { text }: Word, at: number, before: readonly Token[]): Found | undefined {
  const isPrice = text === 'at' && /^(?:symbol|pronoun)$/.test(before.at(-1)?.is ?? '');
  return isPrice && /^(?:and|n|,|;|$)/.test(texts[at + 1] ?? '')
    ? { is: 'field', names: ['last'], length: 1 }
    : undefined;
}

/** `sort em`, where it is no expected move. */
function expectedMoveAt({ texts }: Place, { text }: Word, at: number): Found | undefined {
  if (text !== 'em') return undefined;
  return OF_THEM.test(texts[at - 1] ?? '')
    ? { is: 'pronoun', pronoun: 'many', length: 1 }
    : { is: 'field', names: ['expectedMove', 'expectedMovePercent'], length: 1 };
}

/** `is it anywhere near its low`, `trading close to its high` */
function nearAt({ texts }: Place, { text }: Word, at: number): Found | undefined {
  const isNear = /^(?:near|close to)/.test(`${texts[at + 1] ?? ''} ${texts[at + 2] ?? ''}`);
  return isNear && /^(?:anywhere|trading|getting|even|still|pretty|very)$/.test(text) ? FILLER : undefined;
}

/** `leap calls jan 2028`: its date says so. */
function datedLeapAt({ texts }: Place, { text }: Word): Found | undefined {
  const isDated = (each: string): boolean => monthNumber(each) !== undefined || /^20\d\d$/.test(each);
  return /^leaps?$/.test(text) && texts.some(isDated) ? FILLER : undefined;
}

/** `under a dollar` */
function dollarAt({ words, texts }: Place, _word: Word, at: number, before: readonly Token[]): Found | undefined {
  const isBound = before.at(-1)?.is === 'relation' && /^an? (?:dollar|buck)$/.test(texts.slice(at, at + 2).join(' '));
  return isBound ? numberAt(words, at) : undefined;
}

function overAt(place: Place, { text }: Word, at: number): Found | undefined {
  const isSide =
    text === 'over' && (isBoundAt(place.texts, at + 1) || isLevelAt(place, at + 1) || isSideAsked(place, at));
  return isSide ? { is: 'relation', operator: '>', length: 1 } : undefined;
}

/** `into friday's close`: the day says it. */
function closeOfDayAt(
  { isOfOptions }: Place,
  { text }: Word,
  _at: number,
  before: readonly Token[],
): Found | undefined {
  const [into, day] = before.slice(-2);
  const isOfDay = text === 'close' && isOfOptions && day?.is === 'date';
  return isOfDay && /^(?:into|through|by)$/i.test(into?.text ?? '') ? FILLER : undefined;
}

/** `below the 50d`: the average, no span. */
function averageAt({ texts }: Place, { text }: Word, at: number, before: readonly Token[]): Found | undefined {
  if (!isDefinite(text) || before.at(-1)?.is !== 'relation') return undefined;
  return isMovingAverage(matchWindowed(texts, at + 1, true)?.names) ? FILLER : undefined;
}

const isMovingAverage = (names?: readonly string[]): boolean => names?.every((name) => /^[se]ma\d/.test(name)) === true;

/** `expected move into dec opex`: of the options of that day. */
function intoExpirationAt(place: Place, { text }: Word, at: number): Found | undefined {
  const { texts, isOfOptions } = place;
  if (!/^(?:into|through|till|until)$/.test(text) || !(isOfOptions || texts.some(isOfContractWord))) return undefined;
  const start = texts[at + 1] === 'the' ? at + 2 : at + 1;
  return dateAt(place, start, 0)?.expiration === undefined ? undefined : FILLER;
}

/** `pop of the 450 put`: its probability of profit. */
function popAt({ topic, texts }: Place, { text }: Word): Found | undefined {
  const isOfStrategy = text === 'pop' && (topic === 'strategy' || texts.some((each) => OF_STRATEGIES.test(each)));
  return isOfStrategy ? { is: 'ofStrategy', length: 1 } : undefined;
}

/** `the long 230 call`, `a naked 700 spy call`: the side of a trade. */
function longAt(place: Place, { text }: Word, at: number): Found | undefined {
  const { texts, isOfOptions } = place;
  if (!isOfOptions || !/^(?:long|naked|uncovered)$/.test(text) || /^(?:how|is)$/.test(texts[at - 1] ?? ''))
    return undefined;
  const isOfContract = texts.slice(at + 1, at + 5).some((each) => /^(?:calls?|puts?)$/.test(each));
  return isOfContract && phraseAt(place, at) === undefined ? FILLER : undefined;
}

/** `I'm short a 13 put`: what is held. */
function shortAt({ texts, isOfOptions }: Place, { text }: Word, at: number): Found | undefined {
  return text === 'short' && isOfOptions && /^(?:i|im|am)$/.test(texts[at - 1] ?? '') ? FILLER : undefined;
}

/** `the 30 delta put in January`: not to put something in. */
function putInAt({ texts }: Place, { text }: Word, at: number, before: readonly Token[]): Found | undefined {
  if (text !== 'put' || texts[at + 1] !== 'in') return undefined;
  const isSide = texts[at + 3] === 'money' || /^(?:deltaOf|strike|money)$/.test(before.at(-1)?.is ?? '');
  return isSide ? { is: 'side', side: 'put', length: 1 } : undefined;
}

/** `the next Coca-Cola dividend`, `when is it ex-dividend next` */
function nextReportAt(place: Place, { text }: Word, at: number): Found | undefined {
  const { texts, words, names } = place;
  if (text !== 'next' || !texts.some(isOfDates)) return undefined;
  const isLast = /^(?:and)?$/.test(texts[at + 1] ?? '') || words[at + 1]?.isMark === true;
  return isLast || nameAt(place, at + 1)?.is === 'symbol' || isListedWord(names, texts[at + 1]) ? FILLER : undefined;
}

const WEEKDAY = /^(?:mon|tue|tues|wed|thu|thur|thurs|fri)(?:day|sday|nesday|rsday)?s?$/;

/** The second day of `this fri and next`, the first one of `this and next friday`. */
function nextOfPair({ texts, words }: Place, _word: Word, at: number, before: readonly Token[]): Found | undefined {
  const [day, joiner] = before.slice(-2);
  const [own = '', and = '', next = '', weekday = ''] = texts.slice(at, at + 4);
  const weekdayBefore = day?.is === 'date' ? (day.expiration ?? '') : '';
  const isSecond = own === 'next' && joiner?.is === 'joiner' && WEEKDAY.test(weekdayBefore) && !WEEKDAY.test(and);
  if (isSecond && !/^(?:week|month|exp|opex|year|quarter)/.test(words[at + 1]?.text ?? ''))
    return { is: 'date', expiration: `next ${weekdayBefore}`, length: 1 };
  const isFirst = own === 'this' && LINK.test(and) && next === 'next' && WEEKDAY.test(weekday);
  return isFirst ? { is: 'date', range: `this ${weekday}`, expiration: weekday, length: 1 } : undefined;
}

/** `cheap calls under a buck`: the bound says how cheap. */
function cheapAt(place: Place, { text }: Word, at: number): Found | undefined {
  const isBoundAfter = (_text: string, index: number): boolean =>
    index > at && phraseAt(place, index)?.meaning.is === 'relation';
  return text === 'cheap' && place.isOfOptions && place.texts.some(isBoundAfter) ? FILLER : undefined;
}

/** `did it end the week higher`: the one that is on. */
function endedAt({ texts }: Place, { text }: Word, at: number, before: readonly Token[]): Found | undefined {
  if (!before.slice(-2).some((each) => /^(?:end|ended|finish|finished|close|closed)$/i.test(each.text)))
    return undefined;
  const [, period] = /^the (week|month|quarter|year)(?: |$)/.exec(texts.slice(at, at + 3).join(' ')) ?? [];
  if (period !== undefined && !/^(?:before|after|of|ending)$/.test(texts[at + 2] ?? ''))
    return { is: 'date', range: `this ${period}`, length: 2 };
  return before.at(-1)?.is === 'date' && /^(?:higher|lower)$/.test(text)
    ? { is: 'move', direction: text === 'higher' ? 'up' : 'down', length: 1 }
    : undefined;
}

/** `both as % of spot`: the figure of the turn before. */
function ofSpotAt({ texts }: Place, _word: Word, at: number, before: readonly Token[]): Found | undefined {
  const [share] = OF_SPOT.exec(texts.slice(at).join(' ')) ?? [];
  return share !== undefined && before.every(({ is }) => /^(?:filler|pronoun|joiner|follow)$/.test(is))
    ? { is: 'percent', length: share.split(' ').length }
    : undefined;
}

/** `qqq/iwm iv spread`: a difference, no width of a market. */
function differenceAt(_place: Place, { text }: Word, _at: number, before: readonly Token[]): Found | undefined {
  const figure = /^spreads?$/.test(text) ? before.at(-1) : undefined;
  const isOfVolatility = figure?.is === 'field' && /^(?:iv|hv|yangZhang)/.test(figure.names[0] ?? '');
  return isOfVolatility ? { is: 'minus', length: 1 } : undefined;
}

const OF_SPOT =
  /^(?:as |in )?(?:an? )?(?:percent|percentage) of (?:the |its )?(?:spot|underlying|(?:(?:stock|share) )?price|stock)(?: price)?$/;

/** `sort em`, `all of em`: them, where it is no expected move. */
const OF_THEM = /^(?:sort|rank|order|compare|of|all|both|between|show|list|put|give|on|with|for|among|drop|keep|get)$/;

/** `worst three months`, `5 best days`: how many are wanted, which is no span. */
function isCountOfPeriods(texts: readonly string[], at: number, before: readonly Token[]): boolean {
  const last = before.at(-1)?.is;
  return (
    (last === 'rank' || last === 'aggregate' || last === 'bestDay' || last === 'top') &&
    countOf(texts[at]) !== undefined &&
    /^(?:days?|weeks?|months?|sessions?)$/.test(texts[at + 1] ?? '')
  );
}

/** `below $2 dec 18`, `under 2 dec 18`: an amount before a date, no day of its month. */
function isAmountAt({ words, texts }: Place, at: number, before: readonly Token[]): boolean {
  // "above the 50d": an average.
  const start = /^(?:the|its|their)$/.test(texts[at] ?? '') ? at + 1 : at;
  const isCompared = ['relation', 'distance', 'from'].includes(before.at(-1)?.is ?? '');
  if (isCompared && start > at && matchWindowed(texts, start, true)?.length === 1) return true;
  if (!/^\d/.test(texts[at] ?? '')) return false;
  const isBound = before.at(-1)?.is === 'relation' && monthNumber(texts[at + 1]) !== undefined;
  return words[at]?.isExplicitSymbol === true || (isBound && /^\d{1,2}$/.test(texts[at + 2] ?? ''));
}

/** Verbs that mean something else beside a level, or after who wishes. */
function verbAt(place: Place, word: Word, at: number): Found | undefined {
  const [before = '', next = ''] = [place.texts[at - 1], place.texts[at + 1]];
  // "i need its rsi", "need the spy close": a wish; "what does it need to get back" asks for a price.
  const isWish = /^need/.test(word.text) && next !== 'to' && WISHES.test(before);
  if (isWish) return FILLER;
  // "lost its 50 day", "gave up the vwap", where "lost the most" is a move.
  const length = /^(?:lost|loses?|losing)$/.test(word.text) ? 1 : /^g[ai]v\w+ up$/.test(`${word.text} ${next}`) ? 2 : 0;
  return length > 0 && isAverageAt(place, at + length) ? { is: 'relation', operator: '<', length } : undefined;
}

const WISHES = /^(?:|,|i|we|u|you|just|also|and|really|only|still|would)$/;

function isAverageAt(place: Place, at: number): boolean {
  const start = /^(?:its|their|the)$/.test(place.texts[at] ?? '') ? at + 1 : at;
  return isMovingAverage(matchWindowed(place.texts, start, true)?.names) || place.texts[start] === 'vwap';
}

/** `over vwap`, `over their 50 day`, which is no `over the last 50 days`. */
function isLevelAt(place: Place, at: number): boolean {
  if (isAverageAt(place, at)) return true;
  const start = /^(?:its|their|the)$/.test(place.texts[at] ?? '') ? at + 1 : at;
  const isField = phraseAt(place, start)?.meaning.is === 'field' || phraseAt(place, at)?.meaning.is === 'field';
  return isField && dateAt(place, start, 0) === undefined;
}

/** `its vwap, are we over`, `are we over it`: of the figure that was named. */
const isSideAsked = ({ texts }: Place, at: number): boolean =>
  /^(?:we|it|they|price)$/.test(texts[at - 1] ?? '') && /^(?:[?!.,]|yet|now|it|)$/.test(texts[at + 1] ?? '');

/** `over 50`, which is no `over 50 days`. */
function isBoundAt(texts: readonly string[], at: number): boolean {
  const unit = texts[at + 1] ?? '';
  if (/^deltas?$/.test(unit) && /^0\.\d+$/.test(texts[at] ?? '')) return true;
  return (
    /^\d[\d.]*[kmb]?$/.test(texts[at] ?? '') &&
    !/^(?:d|days?|dma|sma|ema|sessions?|trading|weeks?|months?|years?|delta|strike|[cp])$/.test(unit)
  );
}

function markAt(word: Word): Found {
  const operator = RELATION_MARK[word.text];
  if (operator !== undefined) return { is: 'relation', operator, length: 1 };
  return SEPARATOR.test(word.text) ? { is: 'mark', mark: word.text, length: 1 } : UNKNOWN;
}

/** What `20 day` is a window of, beside an average. */
const OF_PERIODS =
  /^(?:returns?|performance|perf|change|changes|volume|vol|hv|iv|moves?|range|ranges|high|low|highs|lows|rv|realized|volatility)$/;

/** A bare `50 day` is an average where something stands above, below or off it. */
function isCompared(before: readonly Token[], texts: readonly string[]): boolean {
  const isVersus = texts.some((text) => /^(?:vs|versus|against|crossing|cross|crosses|crossed)$/.test(text));
  if (
    (texts.some((text) => /^(?:above|below|under|over)$/.test(text)) ||
      (isVersus && !texts.some((text) => OF_PERIODS.test(text)))) &&
    texts.filter((text) => /^\d+$/.test(text)).length > 1
  )
    return true;
  return before.some(({ is }) =>
    ['relation', 'distance', 'from', 'crossed', 'which', 'nearest', 'farthest', 'compare', 'minus'].includes(is),
  );
}

function unknownAt({ names, vocabulary, texts }: Place, word: Word, at: number): Found {
  const corrected = word.isUpperCase ? undefined : vocabulary.correct(word.text, editDistance);
  // "implyed move": with the words after it.
  const match = corrected === undefined ? undefined : vocabulary.match([corrected, ...texts.slice(at + 1)], 0);
  if (isEverydayWord(word.text)) return FILLER;
  if (names.isEnglishWord(word.text) || names.isCommonWord(word.text)) return UNKNOWN;
  if (match !== undefined && corrected !== undefined)
    return {
      ...match.meaning,
      corrected: [corrected, ...texts.slice(at + 1, at + match.length)].join(' '),
      length: match.length,
    };
  if (isSlipOfEveryday(word.text, editDistance)) return FILLER;
  const candidates = names.nearMisses(word.text, false);
  return candidates.length > 0 ? { is: 'doubt', candidates, length: 1 } : UNKNOWN;
}
