// Claims about how known values stand to each other: implied against realized volatility, overbought,
// odds and deltas, a place in a range. What is not sure is left alone.
import type { TickerSymbol } from '../../domain/types.ts';
import type { Fact } from './facts.ts';
import { placeOf, type SymbolMention } from './mentions.ts';
import { oddAt, type Oddity, type Told } from './said.ts';
import { numberOf, SMALL_NUMBER } from './spelled.ts';

/** Parts of a sentence that are about one thing. */
interface Clause {
  text: string;
  /** Place in the whole text. */
  start: number;
  symbols: readonly TickerSymbol[];
  named: readonly SymbolMention[];
}

const BREAK = /(?<=[;:.!?]\s|,\s(?=(?:but|and|while|whereas|so)\b)|\b(?:while|whereas|but)\s)/;

/** Each with the symbol that was named last. */
function clausesOf({ sentences, base }: Told): Clause[] {
  const only = base.symbols.size === 1 ? [...base.symbols] : [];
  return sentences.flatMap(({ start, sentence }) => {
    let symbols: readonly TickerSymbol[] = sentence.context.symbols?.length === 1 ? sentence.context.symbols : only;
    let at = 0;
    return sentence.text.split(BREAK).map((text): Clause => {
      const [from, to] = [at, at + text.length];
      at = to;
      const named = sentence.mentions.symbols.filter((each) => each.start >= from && each.end <= to);
      if (named.length > 0) symbols = [...new Set(named.map(({ value }) => value))];
      return {
        text,
        start: start + from,
        symbols,
        named: named.map((each) => ({ ...each, start: each.start - from, end: each.end - from })),
      };
    });
  });
}

const within = ({ start }: Clause, match: RegExpMatchArray): { start: number; end: number } => {
  const place = placeOf(match);
  return { start: place.start + start, end: place.end + start };
};

const DENIED = /\bnot\b|n['’]t\b/i;
const SUPPOSED =
  /\b(?:if|would|could|should|might|may|not|no|nor|neither|never|isn|aren|wasn|unless|until|whether|usually|generally|above|below|considered|called|line|mark|threshold|level|near|almost|close to|approaching|short of|shy of)\b|n['’]t\b|\?/i;

/** "RSI of 65, so overbought" */
function findOddStates({ told, clause }: { told: Told; clause: Clause }): Oddity[] {
  const match = /\b(?:(overbought)|oversold)\b/i.exec(clause.text);
  if (match === null || SUPPOSED.test(clause.text)) return [];
  const near = clause.named.findLast(({ end }) => end <= match.index)?.value;
  const values = (near === undefined ? clause.symbols : [near]).map((symbol) => told.base.latest(symbol, 'rsi14'));
  const both = /\bboth\b/i.test(clause.text)
    ? [...told.base.symbols].map((each) => told.base.latest(each, 'rsi14'))
    : [];
  return [...values, ...both].some((value) => value !== undefined && (match[1] === undefined ? value > 33 : value < 67))
    ? oddAt(within(clause, match), values[0] ?? 0, `the RSI is ${String(values[0] ?? both[0])}`)
    : [];
}

const ODDS = new RegExp(
  `\\b(${SMALL_NUMBER}|\\d{1,2})[ -](?:chances? )?(?:in|out of)[ -](?:every )?(${SMALL_NUMBER}|\\d{1,3})\\b`,
  'i',
);

/** "A one in three chance" of a delta of 0.18. */
function findOddOdds({ told, clause }: { told: Told; clause: Clause }): Oddity[] {
  const match = ODDS.exec(clause.text);
  if (match === null || !/delta|Δ|prob|odds|chance|ITM|assign|worthless/i.test(told.text)) return [];
  const share = numberOf(match[1] ?? '') / numberOf(match[2] ?? '');
  if (!(share > 0 && share < 1) || /\b(?:sessions?|days|weeks|months|names|stocks|dates)\b/i.test(clause.text))
    return [];
  const known = told.said.flatMap((each) => {
    const fact = told.sources.get(each);
    const value = told.supports.get(each);
    if (value === undefined) return [];
    if (fact?.field === 'delta' || /^prob/i.test(fact?.field ?? '')) return [Math.abs(value)];
    return each.figure.unit === 'percent' && /chance|prob|ITM|odds/i.test(told.text) ? [Math.abs(value) / 100] : [];
  });
  const slack = 0.035 + share * 0.12;
  return known.length === 0 || known.some((each) => [each, 1 - each].some((odds) => Math.abs(odds - share) <= slack))
    ? []
    : oddAt(within(clause, match), share, 'not what the delta says');
}

const POSITION =
  /\b(?:near|close to|at|towards?|in|just (?:under|off|below)|around)\s(?:the )?(?:very )?(?:(top|upper|high)|(bottom|lower|low)|middle)(?: (?:end|half|part|third))? of (?:its|the|that|today['’]s|this)\b/i;

/** "Near the bottom of that" of a price at the top of its day, or of its year where one is spoken of. */
function findOddPositions({ told: { base, text }, clause }: { told: Told; clause: Clause }): Oddity[] {
  const match = POSITION.exec(clause.text);
  const [symbol, other] = clause.symbols;
  if (match === null || symbol === undefined || other !== undefined || DENIED.test(clause.text)) return [];
  const price = base.latest(symbol, 'last') ?? base.latest(symbol, 'close') ?? NaN;
  const ends = [['low', 'high'], ...(/52|year|twelve/i.test(text) ? [['week52Low', 'week52High']] : [])];
  const places = ends.flatMap(([low = '', high = '']) => {
    const [from, to] = [base.latest(symbol, low), base.latest(symbol, high)];
    return from === undefined || to === undefined || to <= from ? [] : [(price - from) / (to - from)];
  });
  const isThere = (at: number): boolean =>
    match[1] !== undefined ? at > 0.55 : match[2] !== undefined ? at < 0.45 : at > 0.25 && at < 0.75;
  return places.length === 0 || places.some(isThere)
    ? []
    : oddAt(within(clause, match), price, 'not where the price is in that range');
}

const IMPLIED = /\b(?:implied|IV\d*|options?(?: are)?(?: pric\w+)?|premium)\b/gi;
const REALIZED = /\b(?:reali[sz]ed|HV\d*|historical|actual\w*|deliver\w*|moved?|moves|moving)\b/gi;
const SIDE =
  /\b(?:(above|over(?! (?:the (?:last|past)|\d+ (?:sessions|days|weeks)))|higher|more(?! than (?:double|twice|half|\d))|richer|premium (?:to|over)|exceeds?)|below|under|lower|less(?! than (?:double|twice|half|\d))|cheaper|discount (?:to|from))\b/i;

/** "So implied is 2.7 points higher" where it is lower. */
function findOddPremiums({ told, clause }: { told: Told; clause: Clause }): Oddity[] {
  const [symbol, other] = clause.symbols;
  const match = SIDE.exec(clause.text);
  if (match === null || symbol === undefined || other !== undefined || DENIED.test(clause.text)) return [];
  const places = (pattern: RegExp): number[] => [...clause.text.matchAll(pattern)].map(({ index }) => index);
  const [implied, realized] = [places(IMPLIED), places(REALIZED)];
  if (implied.length === 0 && realized.length === 0) return [];
  const isBehind = (at: number): boolean => at >= match.index && at - match.index < 48;
  const [isAgainstImplied, isAgainstRealized] = [implied.some(isBehind), realized.some(isBehind)];
  const isOfRealized =
    isAgainstImplied === isAgainstRealized ? (realized[0] ?? Infinity) < (implied[0] ?? Infinity) : isAgainstImplied;
  const isMore = (match[1] !== undefined) !== isOfRealized;
  const gaps = volatilityGaps(told, clause, symbol);
  return gaps.length === 0 || gaps.some((gap) => Math.abs(gap) < 0.002 || gap > 0 === isMore)
    ? []
    : oddAt(within(clause, match), gaps[0] ?? 0, 'implied against realized is the other way round');
}

const isImplied = (field: string): boolean => /^(?:iv|iv30|atmIv)$/.test(field);
const isRealized = (field: string): boolean => /^(?:hv|yangZhang)\d+$/.test(field);

/** Of the figures that the text gives of a symbol, else of those that the data have. */
function volatilityGaps(told: Told, clause: Clause, symbol: TickerSymbol): number[] {
  const given = told.said.flatMap((each) => {
    const fact = told.sources.get(each);
    return fact?.symbol === symbol && each.figure.start < clause.start + clause.text.length ? [fact] : [];
  });
  const held = told.base.facts.filter((fact) => fact.symbol === symbol && fact.strike === undefined);
  const last = (isOne: (field: string) => boolean): Fact[] =>
    [given.findLast(({ field }) => isOne(field)) ?? held.filter(({ field }) => isOne(field))].flat();
  const share = (value: number): number => (Math.abs(value) > 3 ? value / 100 : value);
  const [of, against] = [last(isImplied), last(isRealized)];
  return of.flatMap((one) => against.map((each) => share(one.value) - share(each.value)));
}

const READERS: readonly ((of: { told: Told; clause: Clause }) => Oddity[])[] = [
  findOddStates,
  findOddOdds,
  findOddPositions,
  findOddPremiums,
];

export function findOddRelations(told: Told): Oddity[] {
  const clauses = clausesOf(told);
  return clauses.flatMap((clause) => READERS.flatMap((read) => read({ told, clause })));
}
