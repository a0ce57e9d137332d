// Hides when a word is a symbol: a name or a listed word beside others, in a list, in capitals or alone in a question, and a
// letter among symbols or before a contract.
import { countOf } from '../../domain/date-words.ts';
import { isEverydayWord } from './everyday.ts';
import type { Word } from './lexer.ts';
import type { Names } from './names.ts';
import { COMPACT, NUMBER } from './option-words.ts';
import { type Found, type Place, phraseAt } from './place.ts';
import { LINK, isListedWord, pluralAt } from './spelling.ts';
import type { Token } from './tokens.ts';

/** One letter alone is too often something else (P/E) to be a symbol that no table lists. */
const UNLISTED_SYMBOL = /^[A-Z]{2,5}(?:\.[A-Z])?$/;
/** Capitals that traders write for other things than symbols. */
export const CAPITAL_WORDS =
  /^(?:OHLCV?|RSI|MACD|SMA|EMA|DTE|IV|OI|ATM|OTM|ITM|ETF|US|USA|USD|ET|EST|EDT|PM|AM|YTD|MTD|QTD|WTD|NYSE|NY|TA|VWAP|ATR|EPS|PE|PT|CEO|IPO|OK|TV|AH|HOD|LOD|ATH|EOD|FOMC|CPI|GDP|FED|LEAP|LEAPS|ASAP|FYI|WSB|HV|BB|ADX|OBV|ROC|EM|MA|DMA|IVR|IVP|PCR|TLDR|GEX)$/;
export function nameAt({ words, names }: Place, at: number): Found | undefined {
  const match = names.matchName(words, at) ?? pluralAt(words, names, at);
  if (match === undefined) return undefined;
  const { length } = match;
  const isPossessive = words[at + length - 1]?.isPossessive === true;
  if (match.kind === 'company') return { is: 'symbol', symbol: match.company.symbol, isPossessive, length };
  return { is: 'doubt', candidates: match.candidates, length };
}

/** A single word as a symbol, where nothing longer was found and it is not an English word in small letters. */
export function symbolAt(place: Place, word: Word, at: number, best: Found | undefined): Found | undefined {
  const { names } = place;
  if (isArticle(place, at) || (best?.length ?? 0) > 1 || CAPITAL_WORDS.test(word.raw)) return undefined;
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

/** `A client had 200 shares` */
const isArticle = ({ words, texts }: Place, at: number): boolean =>
  words[at]?.raw === 'A' && at === 0 && isEverydayWord(texts[1] ?? '');

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
export function letterAt(place: Place, word: Word, at: number, before: readonly Token[]): Found | undefined {
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
