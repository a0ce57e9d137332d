// Words to meanings: a question from left to right as tokens, each the longest thing that starts there. Every word belongs
// to one; what is not known is kept as unknown, what is almost known as a question back. Nothing is decided about the whole.
import { countOf, monthNumber } from '../../domain/date-words.ts';
import { parseOptionSymbol } from '../../domain/symbols.ts';
import type { IsoDate, Side } from '../../domain/types.ts';
import { OF_DATES, aroundDateAt, dateAt } from './dates.ts';
import { isEverydayWord, isSlipOfEveryday, withoutContrast } from './everyday.ts';
import { lexQuestion, type Word } from './lexer.ts';
import { editDistance, membersOf, type Names } from './names.ts';
import {
  LINK,
  isComparedName,
  isListedWord,
  numberAt,
  pluralAt,
  spellOut,
  withNames,
  withoutShouting,
  withoutSlip,
} from './spelling.ts';
import { createSessionReader, inEachYear, joinHours, withinDayAt } from './session-reader.ts';
import type { Reading, Thing, Token } from './tokens.ts';
import { type PhraseMatch, type Vocabulary, matchWindowed } from './vocabulary.ts';

export interface Reader {
  names: Names;
  vocabulary: Vocabulary;
  today(): IsoDate;
}

const SEPARATOR = /^[,:;/|\\–—=~-]$/;
const RELATION_MARK: Readonly<Record<string, '>' | '<'>> = { '>': '>', '<': '<' };
const PLURAL_DATES = /^(?:(?:mon|tues|wednes|thurs|fri)days|(?:[a-z]+uary|april|june|july|august|[a-z]+ber)s)$/i;
const EXPLICIT_SYMBOL = /^[A-Z][A-Z0-9]{0,5}(?:\.[A-Z]{1,3})?$/i;
/** One letter alone is too often something else (P/E) to be a symbol that no table lists. */
const UNLISTED_SYMBOL = /^[A-Z]{2,5}(?:\.[A-Z])?$/;
const OCC = /^(?:O:)?[A-Z]{1,6}\d{6}[CP]\d{8}$/i;
/** Capitals that traders write for other things than symbols. */
const CAPITAL_WORDS =
  /^(?:OHLCV?|RSI|MACD|SMA|EMA|DTE|IV|OI|ATM|OTM|ITM|ETF|US|USA|USD|ET|EST|EDT|PM|AM|YTD|MTD|QTD|WTD|NYSE|NY|TA|VWAP|ATR|EPS|PE|PT|CEO|IPO|OK|TV|AH|HOD|LOD|ATH|EOD|FOMC|CPI|GDP|FED|LEAP|LEAPS|ASAP|FYI|WSB|HV|BB|ADX|OBV|ROC|EM|MA|DMA|IVR|IVP|PCR|TLDR|GEX)$/;
const YES_NO = /^(?:is|are|was|were|has|have|had|did|does|do|am|aint)$/;

/** What the turn before was about, where bare numbers mean something by it. */
export type Topic = 'options' | 'strategy';

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

interface Place extends Reader {
  words: readonly Word[];
  texts: readonly string[];
  sessionAt(at: number): Found | undefined;
  topic: Topic | undefined;
  isOfOptions: boolean;
}

type Found = Thing & { length: number; corrected?: string };

const FILLER = { is: 'filler', length: 1 } as const;
const UNKNOWN = { is: 'unknown', length: 1 } as const;

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

const isOfContractWord = (text: string): boolean => OF_CONTRACT.test(text);

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

/** `down more than 3%`: "more than" goes together, and not "down more"; `dropped since may 3`: the day takes its "since". */
function phraseAt(place: Place, at: number): PhraseMatch | undefined {
  const { vocabulary, texts } = place;
  const match = vocabulary.match(texts, at);
  const end = at + (match?.length ?? 0);
  const last = texts[end - 1] ?? '';
  const isBound = texts[end] === 'than' && /^(?:more|less|higher|lower)$/.test(last);
  const isDated = last === 'since' && dateAt(place, end - 1, 1) !== undefined;
  // "close the day after thanksgiving": the day is no part of "close the day".
  const isBeside = last === 'day' && /^(?:before|after)$/.test(texts[end] ?? '');
  return (match?.length ?? 0) > 1 && (isBound || isDated || isBeside)
    ? vocabulary.match(texts.slice(0, end - 1), at)
    : match;
}

const COMPACT = /^(\d{1,5}(?:\.\d{1,3})?)([cp])s?$/;
const NUMBER = /^\d{1,5}(?:\.\d{1,3})?$/;
const SIDE = /^(call|put|c|p)(s?)$/;
/** What makes `10 call …` a count of things. */
const COUNTED = /^(?:strikes|options|contracts|rows|spreads?|lots?)$/;
/** `at 200 day`, `strike 5 each side`: of something else. */
const NO_STRIKE =
  /^(?:calls?|puts?|strikes|options|contracts|rows|each|either|above|below|days?|d|dma|weeks?|wks?|months?|mos?|dte|percent|delta|deltas|am|pm|years?|yrs?|sma|ema|ma|hours?|points?|pts)$/;
/** Up to here a number before a plural may be how many are wanted. */
const LARGEST_COUNT = 100;
const YEAR = /^20\d\d$/;
const COUNT_OF_STRIKES =
  /^(\d+) (?:strikes? )?(?:above|up|higher)(?: the spot)?(?: ,| and| ;| \/)? \1(?: strikes?)? (?:below|down|lower)(?: the spot)?|^(\d+) (?:strikes(?= |$)|strikes?(?= (?:above|up|each|either|around|both|on)))(?: (?:above|up)(?: ,| and)? below| (?:on )?(?:each|either) side| around(?: the)? spot| around the money| each way| both ways)?(?= |$)|^(\d+) (?:each|either) (?:side|way)/;
const SPAN =
  /^(?:(?:between|from|strikes?|strikes? from|strikes? between) )?(\d{1,5}(?:\.\d+)?)(?: ?(?:to|and|thru|through|until|-|–) | )(\d{1,5}(?:\.\d+)?)(?: strikes?)?(?= |$)/;
const DELTA_FIRST =
  /^(?:(?:a|around|near|about|roughly|approx) )*(0\.\d+|\d{1,2})(?: ?(?:to|-|–|and| )? ?(0\.\d+|\d{1,2}))? ?(?:deltas?|d)(?= |$)/;
const DELTA_LAST =
  /^deltas? (?:of |is |= |near |around |about |between |from )*(0\.\d+|\d{1,2})(?: (?:to|and) (0\.\d+|\d{1,2}))?(?= |$)(?! (?:strike|calls?|puts?|c|p)(?= |$))/;
const OF_OPTIONS = /^(?:calls?|puts?|c|p|strikes?|options?|chain|contracts?|strangles?)$/;
/** A figure of a contract, which makes the number before a side its strike. */
const OF_CONTRACT =
  /^(?:bid|ask|mid|mark|premiums?|prem|prems|delta|theta|gamma|vega|greeks|iv|oi|interest|spread|breakeven|extrinsic|intrinsic)$/;
const ASKS_OPTIONS =
  /^(?:expirations?|expiry|expiries|exps?|straddles?|em|expected|implied|deltas?|csp|skew|term|premiums?|breakevens?)$/;
const isWordOfOptions = (word: string): boolean =>
  OF_OPTIONS.test(word) || OF_STRATEGIES.test(word) || ASKS_OPTIONS.test(word) || /^\d[\d.]*[cp]$/.test(word);
const OF_STRATEGIES =
  /^(?:spreads?|condors?|strangles?|straddles?|butterfly|fly|ic|pcs|ccs|cds|pds|csps?|secured|covered|cc|collars?|calendars?|synthetics?|ratio|bwbs?|lizards?|pmccs?|diagonals?|wing)$/;
/** `420/440`, `575/580/610/615`, `585/580 610/615`. */
const LEGS =
  /^\d{1,5}(?:\.\d{1,2})? \/ \d{1,5}(?:\.\d{1,2})?(?: \/ \d{1,5}(?:\.\d{1,2})?(?! \/)| (?:\/ )?\d{1,5}(?:\.\d{1,2})? \/ \d{1,5}(?:\.\d{1,2})?)?(?= |$)/;
const NEXT_DATES =
  /^(?:the )?(?:next|first|nearest) (\d{1,2}) (?:listed |weekly |option )*(?:expirations?|expiration dates|expiries|expirys?|exps?)(?= |$)/;
const WIDTH = /^(\d{1,3}(?:\.\d{1,2})?)(?: (?:dollars?|points?|pts))? wide(?= |$)/;

/** One strike, a span of strikes, a number of them, or a delta. */
function optionAt(place: Place, at: number, before: readonly Token[]): Found | undefined {
  const { words, texts, topic } = place;
  const raw = words[at]?.raw ?? '';
  if (OCC.test(raw)) return { is: 'contract', terms: parseOptionSymbol(raw.replace(/^O:/i, '')), length: 1 };
  const text = texts.slice(at, at + 8).join(' ');
  // What follows is told in figures: spares a question without any its patterns.
  if (!/\d/.test(text)) return undefined;
  const isStrategy = topic === 'strategy' || texts.some((word) => OF_STRATEGIES.test(word));
  const isOfOptions =
    isStrategy ||
    topic !== undefined ||
    texts.some((word) => OF_OPTIONS.test(word)) ||
    before.some(({ is }) => is === 'side' || is === 'strikesWord');
  return (
    countAt(text, texts[at - 1]) ??
    (isStrategy ? legsAt(text) : undefined) ??
    deltaAt(texts, at, text, { isOfOptions, isStrategy }) ??
    (isOfOptions ? spanAt(texts, at, text) : undefined) ??
    (isStrategy ? strikeOfStrategyAt(texts, at) : undefined) ??
    strikeAt(words, texts, at, isStrikeNamed(texts, at, before))
  );
}

const taken = ([found]: RegExpExecArray): number => found.split(' ').length;

/** `next 4 expirations`, `5 strikes each side` */
function countAt(text: string, before = ''): Found | undefined {
  const dates = NEXT_DATES.exec(text);
  if (dates !== null) return { is: 'dates', count: Number(dates[1]), length: taken(dates) };
  const count = COUNT_OF_STRIKES.exec(text);
  return count === null || /^(?:top|first)$/.test(before)
    ? undefined
    : { is: 'strikes', count: Number(count[1] ?? count[2] ?? count[3]), length: taken(count) };
}

/** `420/440`, `10 wide` */
function legsAt(text: string): Found | undefined {
  const legs = LEGS.exec(text);
  if (legs !== null) return { is: 'legs', strikes: (legs[0].match(/[\d.]+/g) ?? []).map(Number), length: taken(legs) };
  const width = WIDTH.exec(text);
  return width === null ? undefined : { is: 'width', width: Number(width[1]), length: taken(width) };
}

/** `30 delta`, `16d put`, but not the `45d` of an expiration. */
function deltaAt(
  texts: readonly string[],
  at: number,
  text: string,
  { isOfOptions, isStrategy }: { isOfOptions: boolean; isStrategy: boolean },
): Found | undefined {
  const last = texts.slice(at + 1).includes('delta') ? null : DELTA_LAST.exec(text);
  const delta = (isOfOptions ? DELTA_FIRST.exec(text) : null) ?? last;
  if (delta === null) return undefined;
  const [all, from = '', to] = delta;
  const isGlued = /d$/.test(all) && !/^0\./.test(from);
  return isGlued && !isGluedDelta(texts, at + taken(delta), Number(from), isStrategy)
    ? undefined
    : { is: 'deltaOf', delta: deltaOf(from, to), length: taken(delta) };
}

function spanAt(texts: readonly string[], at: number, text: string): Found | undefined {
  const span = SPAN.exec(text);
  const [from, to] = [Number(span?.[1]), Number(span?.[2])];
  return span !== null && isSpan(from, to, texts[at + taken(span)] ?? '')
    ? { is: 'span', from, to, length: taken(span) }
    : undefined;
}

function strikeOfStrategyAt(texts: readonly string[], at: number): Found | undefined {
  const text = texts[at] ?? '';
  return NUMBER.test(text) && isStrikeOfStrategy(texts, at)
    ? { is: 'strike', strike: Number(text), length: 1 }
    : undefined;
}

/** `how much are the 22 puts`, `6 pfe 21 calls`: no number of them. */
function isStrikeNamed(texts: readonly string[], at: number, before: readonly Token[]): boolean {
  const isPriced = before.at(-2)?.is === 'number' || IS_PRICED.test(texts.join(' '));
  const isOne = before.at(-1)?.is === 'symbol' || texts[at - 1] === 'the';
  return (isPriced && isOne) || (texts.some(isOfContractWord) && (isOne || Number(texts[at]) > 20));
}

const OF_WINGS = /^(?:shorts?|wings?|strangles?|iron|condor|ic|pcs|ccs|cds|pds|csps?|cc|put|call)$/;
const IS_PRICED = /\b(?:how much|price|cost|costs|worth|whats)\b/;
const OF_TOP = /^(?:top|biggest|largest|bottom|first|next|nearest|closest)$/;
const USUAL_DELTAS = new Set([5, 10, 15, 16, 20, 25, 30, 35, 40]);
const DATED = /^(?:friday|fri|monthly|weekly|opex|0dte|\d+dte|\d{4}-\d\d-\d\d)$/;

/** `25d put` beside a date of its own is a delta; `45d put` alone is an expiration. */
function isGluedDelta(texts: readonly string[], next: number, value: number, isStrategy: boolean): boolean {
  const word = texts[next] ?? '';
  const isBefore = isStrategy || /^(?:calls?|puts?|strangles?|skew|rr|risk|wings?|iv)$/.test(word);
  const isDated = (each: string): boolean => monthNumber(each) !== undefined || DATED.test(each);
  return (isStrategy && OF_WINGS.test(word)) || (isBefore && USUAL_DELTAS.has(value) && texts.some(isDated));
}

/** `at 120`, `675 straddle`, `673 10 wide` */
function isStrikeOfStrategy(texts: readonly string[], at: number): boolean {
  const next = texts.slice(at + 1, at + 4).join(' ');
  // "5 csp": how many.
  if (/^[1-9]$|^10$/.test(texts[at] ?? '') && !WIDTH.test(next) && texts[at - 1] !== 'at') return false;
  return texts[at - 1] === 'at' || OF_STRATEGIES.test(texts[at + 1] ?? '') || WIDTH.test(next);
}

/** Strikes of one chain: near each other, and neither a date nor a window. */
function isSpan(from: number, to: number, next: string): boolean {
  return from >= 5 && to > from && to <= 2 * from && !NO_STRIKE.test(next.replace(/^(?:calls?|puts?)$/, ''));
}

function deltaOf(from = '', to?: string): number | { from: number; to: number } {
  const share = (text: string): number => (Number(text) >= 1 ? Number(text) / 100 : Number(text));
  return to === undefined ? share(from) : { from: share(from), to: share(to) };
}

function strikeAt(words: readonly Word[], texts: readonly string[], at: number, isNamed: boolean): Found | undefined {
  const [first = '', second = '', third = ''] = texts.slice(at, at + 3);
  const found = (strike: string | undefined, length: number, side?: Side): Found => ({
    is: 'strike',
    strike: Number(strike),
    length,
    ...(side === undefined ? {} : { side }),
  });
  const compact = COMPACT.exec(first);
  // "top 5 calls"
  if (compact === null && OF_TOP.test(texts[at - 1] ?? '')) return undefined;
  if (compact !== null) return found(compact[1], 1, compact[2] === 'c' ? 'call' : 'put');
  if (/^(?:at|strike|the)$/.test(first)) return ledStrikeAt(texts.slice(at, at + 5), SIDE.test(texts[at - 1] ?? ''));
  if (!NUMBER.test(first)) return undefined;
  const isBehindSide = /^(?:call|put|calls|puts)$/.test(texts[at - 1] ?? '');
  const isFree = !NO_STRIKE.test(second) && !SIDE.test(second) && monthNumber(second) === undefined;
  if (isBehindSide && isFree && !words[at]?.isMark && Number(first) > LARGEST_COUNT / 10)
    return found(first, second === 'strike' ? 2 : 1);
  if (second === 'strike') {
    const side = SIDE.exec(third);
    return side === null ? found(first, 2) : found(first, 3, sideOf(side));
  }
  const side = SIDE.exec(second);
  return side === null ? undefined : strikeBeforeSide(first, second, third, side, isNamed);
}

/** `650 calls`, but not `10 calls`, which may be ten of them. */
function strikeBeforeSide(
  number: string,
  word: string,
  next: string,
  side: RegExpExecArray,
  isNamed: boolean,
): Found | undefined {
  const name = sideOf(side);
  const short = `${number}${name === 'call' ? 'c' : 'p'}`;
  if (YEAR.test(number))
    return {
      is: 'unclear',
      length: 2,
      message: `"${number} ${word}" could be the strike ${number} or the year`,
      hint: `write ${short} for the strike, or a date like 2026-12-18`,
    };
  const mayBeCount =
    !isNamed &&
    Number.isInteger(Number(number)) &&
    Number(number) <= LARGEST_COUNT &&
    (side[2] === 's' || COUNTED.test(next));
  if (!mayBeCount)
    return next === 'strikes' ? undefined : { is: 'strike', strike: Number(number), side: name, length: 2 };
  return {
    is: 'unclear',
    length: 2,
    message: `"${number} ${word}" could be the strike ${number} or a number of ${name}s`,
    hint: `write ${short} for the strike, or "${number} strikes"`,
  };
}

/** `strike 650`, `strike of 650`, and behind a side `at 650`, `at the 650 strike`. */
function ledStrikeAt(texts: readonly string[], isBehindSide: boolean): Found | undefined {
  const length = texts.findIndex((text) => NUMBER.test(text));
  const isLead = length > 0 && texts.slice(0, length).every((text) => /^(?:at|strike|of|the|price|with)$/.test(text));
  const next = texts[length + 1] ?? '';
  if (!isLead || !(texts.slice(0, length).includes('strike') || next === 'strike' || isBehindSide)) return undefined;
  const side = SIDE.exec(next);
  if (side !== null) return { is: 'strike', strike: Number(texts[length]), side: sideOf(side), length: length + 2 };
  if (NO_STRIKE.test(next)) return undefined;
  return { is: 'strike', strike: Number(texts[length]), length: length + (next === 'strike' ? 2 : 1) };
}

function sideOf(match: RegExpExecArray): Side {
  return match[1]?.startsWith('c') === true ? 'call' : 'put';
}

function nameAt({ words, names }: Place, at: number): Found | undefined {
  const match = names.matchName(words, at) ?? pluralAt(words, names, at);
  if (match === undefined) return undefined;
  const { length } = match;
  const isPossessive = words[at + length - 1]?.isPossessive === true;
  if (match.kind === 'company') return { is: 'symbol', symbol: match.company.symbol, isPossessive, length };
  return { is: 'doubt', candidates: match.candidates, length };
}

/** A single word as a symbol, where nothing longer was found and it is not an English word in small letters. */
function symbolAt(place: Place, word: Word, at: number, best: Found | undefined): Found | undefined {
  const { names } = place;
  // "A client had 200 shares"
  const isArticle = word.raw === 'A' && at === 0 && isEverydayWord(place.texts[1] ?? '');
  if (isArticle || (best?.length ?? 0) > 1 || CAPITAL_WORDS.test(word.raw)) return undefined;
  const listed = names.listed(word.raw.toUpperCase());
  if (listed === undefined) return best === undefined ? unlistedSymbol(names, word) : undefined;
  const isName = best?.is === 'symbol';
  if (isName && !word.isUpperCase) return undefined;
  const symbol: Found = { is: 'symbol', symbol: listed.symbol, isPossessive: word.isPossessive, length: 1 };
  const isWord = names.isEnglishWord(word.text);
  const hasSense = best !== undefined && !isName;
  if ((hasSense || isWord) && isInList(place, at)) return symbol;
  if (word.isUpperCase)
    return hasSense && best.is !== 'doubt' && !standsAsSymbol(place, at)
      ? { is: 'doubt', candidates: [listed], length: 1 }
      : symbol;
  return hasSense || word.text.length === 1 || (isWord && !standsAlone(place, word, at)) ? undefined : symbol;
}

/** Words that are companies behind a symbol: `hd and cost technicals`, but not `hd and cost of the 400 call`. */
const MOSTLY_SYMBOLS = /^(?:cost|de|cat|gap|low|ma)$/;
const OF_COSTS = /^(?:of|price|prices|point|close|date|this|today|in|on|from)$/;

/** `WMT COST TGT`, `cat, de, ge and hon`: a word between symbols, or in an enumeration with one, is one too. */
function isInList(place: Place, at: number): boolean {
  const { words } = place;
  const isSure = (index: number): boolean => isSureSymbol(place, words[index], words[at]?.isUpperCase === true);
  if (isSure(at - 1) && isSure(at + 1)) return true;
  return isLinked(place, at, isSure) || isInRow(place, at, isSure) || isEnumerated(place, at, isSure);
}

type IsSure = (index: number) => boolean;

/** A word that is nothing else than a symbol, beside one in the same letters. */
function isSureSymbol({ names, vocabulary }: Place, word: Word | undefined, isUpperCase: boolean): boolean {
  if (word === undefined || word.isMark || names.listed(word.raw.toUpperCase()) === undefined) return false;
  return isUpperCase ? word.isUpperCase : !names.isEnglishWord(word.text) && !vocabulary.isWord(word.text);
}

/** `hd and cost technicals`, `NVDA or NOW` */
function isLinked({ words, texts }: Place, at: number, isSure: IsSure): boolean {
  const isMostly = MOSTLY_SYMBOLS.test(texts[at] ?? '') && !OF_COSTS.test(texts[at + 1] ?? '');
  return (isMostly || words[at]?.isUpperCase === true) && LINK.test(texts[at - 1] ?? '') && isSure(at - 2);
}

/** A row without marks: in capitals beside two symbols, in small letters among two where it is no word of the vocabulary. */
function isInRow({ words, names, vocabulary }: Place, at: number, isSure: IsSure): boolean {
  const word = words[at];
  if (word?.isUpperCase === true)
    return word.raw !== 'NOW' && [-1, 1].some((step) => isSure(at + step) && isSure(at + 2 * step));
  if (word === undefined || vocabulary.isWord(word.text)) return false;
  const isListed = (index: number): boolean =>
    words[index]?.isMark === false && names.listed(words[index].text.toUpperCase()) !== undefined;
  let [others, from, to] = [0, at, at];
  while (isListed(from - 1)) if (isSure(--from)) others += 1;
  while (isListed(to + 1)) if (isSure(++to)) others += 1;
  return others > 1;
}

const IN_LIST = /^(?:,|and|n|&)$/;

/** An enumeration: each of its members is listed, and one of them is nothing else; or `for cat and de`, and no other symbol. */
function isEnumerated({ words, texts, names }: Place, at: number, isSure: IsSure): boolean {
  const members = [at];
  for (const step of [-1, 1]) {
    let last = at;
    while (IN_LIST.test(texts[last + step] ?? '')) {
      const next = last + (IN_LIST.test(texts[last + 2 * step] ?? '') ? 3 : 2) * step;
      const word = words[next];
      if (word === undefined || word.isMark || names.listed(word.text.toUpperCase()) === undefined) break;
      members.push(next);
      last = next;
    }
  }
  if (members.length > 2 && members.some(isSure)) return true;
  const isLed =
    /^(?:for|of|on)$/.test(texts[Math.min(...members) - 1] ?? '') &&
    members.every((each) => (texts[each]?.length ?? 0) > 1);
  return members.length > 1 && isLed && !words.some((_word, index) => !members.includes(index) && isSure(index));
}

/** Letters that are a symbol only in a list or before a contract, as they are words or parts of them elsewhere. */
const MOSTLY_WORDS = /^[aisrunwxdkqbypveo]$/;

/** `tsla and f`, `f 10p`, `amd pltr f`: among symbols or before a contract a letter is one too. */
function letterAt(place: Place, word: Word, at: number, before: readonly Token[]): Found | undefined {
  const listed = word.text.length === 1 && !word.isMark ? place.names.listed(word.text.toUpperCase()) : undefined;
  if (listed === undefined || word.raw === 'a') return undefined;
  return LETTERS.some((isSymbol) => isSymbol(place, word.text, at, before))
    ? { is: 'symbol', symbol: listed.symbol, isPossessive: false, length: 1 }
    : undefined;
}

const LETTERS: readonly ((place: Place, letter: string, at: number, before: readonly Token[]) => boolean)[] = [
  // "f vs gm"
  ({ texts }, _letter, at) => /^(?:vs|versus)$/.test(texts[at + 1] ?? ''),
  isJoinedLetter,
  isLetterOfContract,
  isLetterBesideSymbol,
  isLetterAsked,
];

/** `tsla and f` */
function isJoinedLetter(_place: Place, _letter: string, _at: number, before: readonly Token[]): boolean {
  const [first, joiner] = before.slice(-2);
  if (first?.is !== 'symbol') return false;
  return joiner?.is === 'joiner' || joiner?.is === 'compare' || (joiner?.is === 'mark' && joiner.mark === ',');
}

const namesContract = (tokens: readonly Token[]): boolean =>
  tokens.some(({ is }) => /^(?:side|strike|strategy)$/.test(is));

/** `f 10p`, `t 25 calls`, `f calls` */
function isLetterOfContract({ texts }: Place, letter: string, at: number, before: readonly Token[]): boolean {
  const [previous = '', next = '', after = ''] = [texts[at - 1], texts[at + 1], texts[at + 2]];
  if (COMPACT.test(next)) return true;
  if (/^(?:calls?|puts?)$/.test(next)) return !/\d$/.test(previous);
  if (!NUMBER.test(next)) return false;
  return /^(?:calls?|puts?|strike)$/.test(after) || (/^[ft]$/.test(letter) && namesContract(before));
}

/** `amd pltr f` */
function isLetterBesideSymbol({ texts, names }: Place, letter: string, at: number): boolean {
  const isSymbol = (text = ''): boolean => isListedWord(names, text) && !names.isEnglishWord(text);
  const next = texts[at + 1] ?? '';
  const isRun = next.length === 1 && !MOSTLY_WORDS.test(next) && isSymbol(texts[at + 2]);
  return !MOSTLY_WORDS.test(letter) && (isSymbol(texts[at - 1]) || isSymbol(next) || isRun);
}

/** `price of f`, `is t up` */
function isLetterAsked(place: Place, letter: string, at: number, before: readonly Token[]): boolean {
  if (!(namesContract(before) ? /^[tf]$/ : /^[ctfvx]$/).test(letter) || before.some(({ is }) => is === 'symbol'))
    return false;
  return /^(?:of|for|on)$/i.test(before.at(-1)?.text ?? '') || (/^[ctf]$/.test(letter) && isSubject(place, at));
}

/** `NOW`, `ALL`, `LOW` in capitals count as symbols only where no other symbol stands in the question. */
function standsAsSymbol({ names, words }: Place, at: number): boolean {
  return !words.some(
    (word, index) =>
      index !== at &&
      !word.isMark &&
      (word.isExplicitSymbol ||
        (word.isUpperCase && names.listed(word.raw) !== undefined) ||
        names.matchName(words, index) !== undefined),
  );
}

/** Things with a price of their own, which their symbols are not. */
const GOODS = new Set(['gold', 'silver', 'oil', 'gas', 'cash', 'house', 'home', 'all', 'long', 'short', 'key']);

/** Words that traders type for the symbol, in small letters too. */
const TYPED_AS_SYMBOLS = new Set(['hood', 'coin', 'snap', 'riot', 'plug', 'shop', 'arm', 'dash', 'path']);

/** `hood price`: a symbol that is a word too, where the question has no other and the word no other sense. */
function standsAlone(place: Place, word: Word, at: number): boolean {
  const { words, names, vocabulary } = place;
  const hasSense = GOODS.has(word.text) || vocabulary.isWord(word.text);
  if (!hasSense && TYPED_AS_SYMBOLS.has(word.text)) return true;
  const hasOther = words.some(
    (each, index) =>
      index !== at &&
      !vocabulary.isWord(each.text) &&
      !names.isEnglishWord(each.text) &&
      (names.listed(each.text.toUpperCase()) !== undefined || names.matchName(words, index)?.kind === 'company'),
  );
  return (
    !hasSense &&
    !hasOther &&
    ((words.length <= 4 && word.text.length > 2) || isSubject(place, at) || isNamedBeside(place, at))
  );
}

const BEFORE_NAMES = /^(?:|,|the|if|is|was|has|did|does|for|on|of|hows?|whats?|whens?|when|pull|up|price|deltas?)$/;
const SAID_OF_NAMES = /^(?:look|looks|looking|doing|trading|pays?|paying|reports?|reporting|calls?|puts?)$/;
const BESIDE_NAMES = /^(?:side|field|form|state|move|did|strategy|each|relation|distance|crossed|streak)$/;

/** `30 delta mo call`, `did mo gap`: what stands where a symbol does, and has no other sense. */
function isNamedBeside(place: Place, at: number): boolean {
  const [before = '', word = '', after = ''] = [place.texts[at - 1], place.texts[at], place.texts[at + 1]];
  const isBefore = SAID_OF_NAMES.test(after) || BESIDE_NAMES.test(phraseAt(place, at + 1)?.meaning.is ?? '');
  return isBefore && countOf(word) === undefined && !isEverydayWord(word) && BEFORE_NAMES.test(before);
}

/** `cat closed lower`, `is de up`: what a move or a figure is said of, where nothing else is a symbol. */
function isSubject(place: Place, at: number): boolean {
  const { words, texts, names } = place;
  if (at > 0 && !/^(?:is|was|has|did|does|for|on|of|hows?|delta|short)$/.test(texts[at - 1] ?? '')) return false;
  if (words.some((word, index) => index !== at && isListedWord(names, word.text) && !names.isEnglishWord(word.text)))
    return false;
  const sense = phraseAt(place, at + (/^(?:been|gone|just|still)$/.test(texts[at + 1] ?? '') ? 2 : 1))?.meaning.is;
  // "did mo gap", "is mo above its 50 day", "mo calls": a short word that is none of a sentence there.
  const senses = `move state ${texts[at]?.length === 2 ? 'field relation side form distance' : at === 0 ? 'field' : ''}`;
  return senses.split(' ').includes(sense ?? 'none');
}

/** Capitals that no table lists: a symbol, unless they are one slip away from a listed one or a plain word. */
function unlistedSymbol(names: Names, word: Word): Found | undefined {
  if (!word.isUpperCase || !UNLISTED_SYMBOL.test(word.raw) || names.isEnglishWord(word.text)) return undefined;
  const candidates = names.nearMisses(word.text, true);
  return candidates.length > 0
    ? { is: 'doubt', candidates, length: 1 }
    : { is: 'symbol', symbol: word.raw, isPossessive: word.isPossessive, length: 1 };
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
