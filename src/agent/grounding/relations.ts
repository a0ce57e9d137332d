// Claims about how known values stand to each other: implied against realized volatility, overbought,
// odds and deltas, a place in a range. What is not sure is left alone.
import type { TickerSymbol } from '../../domain/types.ts';
import type { Fact } from './facts.ts';
import { isOfSize } from './figures.ts';
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

const BREAK = /(?<=[;:!?]\s|(?<!\bvs)\.\s|,\s(?=(?:but|and|while|whereas|so)\b)|\b(?:while|whereas|but)\s)/;

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
  /\b(?:near|close to|at|towards?|in|just (?:under|off|below)|around)\s(?:the )?(?:very )?(?:(top|upper|high)|(bottom|lower|low)|middle)(?: (?:end|half|part|third|quarter|fifth|tenth))? of (?:its|the|that|today['’]s|this)\b/i;

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

const END = `(?:(?:the|its|an?|today['’]s|that|this|new|fresh|own|first|nearest|next) ){0,3}(?:(52[- ]?w(?:ee)?k?|yearly|one-year)[ -]|(?:session|day|intraday|daily)(?:['’]s)?[ -])?(?:(high|hi|HOD)|low?|LOD|(open|support|resistance))\\b(?! (?:interest|to|volume|contracts))`;
const DISTANCE = new RegExp(
  `^(?: and change)?(?: (?:points?|pts|dollars?|bucks|cents?|a share))?(?: \\([^()]{1,12}\\)|,? or [^,;.]{1,12}%)?,? (?:(below|beneath|under|shy of|short of)|(above|over)|off(?: of)?|away from|from|(?:up |down )to|to(?= the (?:first|nearest|next))) ${END}`,
  'i',
);
const AT_END = new RegExp(
  `\\b(?:(?:trading|sitting|right|pinned|is) (?:right |just )?(?:on|at)|printing|hitting) ${END}(?! (?:of|at|in|on|from|for)\\b)`,
  'gi',
);

/** Where the data have such an end, of whatever day; a year's only where one is spoken of. */
function endsOf(
  { base }: Told,
  symbol: TickerSymbol,
  [, year, high, named]: readonly (string | undefined)[],
): number[] {
  const field = named?.toLowerCase() ?? (high === undefined ? 'low' : 'high');
  const yearly = named === undefined ? [high === undefined ? 'week52Low' : 'week52High'] : [];
  const own = year === undefined ? [field, ...yearly, `${field}estClose`] : yearly;
  return base.facts.flatMap((fact) => (fact.symbol === symbol && own.includes(fact.field) ? [fact.value] : []));
}

/** "1.12 off the high" of what is that far from its low, "14c over the high" of a price below it. */
function findOddDistances(told: Told): Oddity[] {
  const { text, base, said, supports } = told;
  const written = said.flatMap((one) => (one.figure.unit === 'percent' ? [] : (supports.get(one) ?? [])));
  return said.flatMap(({ figure, symbols: [symbol = '', other] = [] }): Oddity[] => {
    const match = DISTANCE.exec(text.slice(figure.end, figure.end + 72));
    const prices = ['last', 'spot', 'close'].flatMap((field) => base.latest(symbol, field) ?? []);
    if (match === null || other !== undefined || figure.isRatio === true || prices.length === 0) return [];
    const [, below, above, ...end] = match;
    const ends = endsOf(told, symbol, [undefined, ...end]);
    const isThere = [...prices, ...written].some((price) =>
      ends.some((to) => {
        const gap = price - to;
        if (gap !== 0 && (gap < 0 ? above : below) !== undefined) return false;
        return (figure.unit === 'percent' ? [(gap / to) * 100, (gap / price) * 100] : [gap]).some((value) =>
          isOfSize(figure, value),
        );
      }),
    );
    return isThere || ends.length === 0 ? [] : oddAt(figure, figure.magnitude, 'not the distance from there');
  });
}

/** "Trading right at its session low" of a price at its high. */
function findOddEnds({ told, clause }: { told: Told; clause: Clause }): Oddity[] {
  return [...clause.text.matchAll(AT_END)].flatMap((match): Oddity[] => {
    const symbol = clause.named.findLast(({ end }) => end <= match.index)?.value ?? clause.symbols[0] ?? '';
    const price = told.base.latest(symbol, 'last');
    const ends = endsOf(told, symbol, match);
    if (price === undefined || ends.length === 0 || match[3] !== undefined || DENIED.test(clause.text)) return [];
    const isThere = ends.some((end) => Math.abs(price - end) < price * 0.002);
    return isThere ? [] : oddAt(within(clause, match), price, 'the price is not there');
  });
}

const IN_RANGE =
  /\b(?:(inside|within)|outside|beyond) (?:of )?(?:that|it|this|the (?:expected |implied )?(?:range|move))\b|\b(?:at|near) the (?:(upper|top)|lower|bottom) (?:edge|end) of (?:that|the|this) (?:range|move)/gi;

/** "The call wall sits inside that" of a strike beyond what options expect. */
function findOddRanges({ told: { base, said }, clause }: { told: Told; clause: Clause }): Oddity[] {
  const spot = [...base.symbols].length === 1 ? base.latest([...base.symbols][0] ?? '', 'spot') : undefined;
  const [move, other] = new Set(base.facts.flatMap(({ field, value }) => (field === 'expectedMove' ? [value] : [])));
  if (move === undefined || other !== undefined || spot === undefined || DENIED.test(clause.text)) return [];
  return [...clause.text.matchAll(IN_RANGE)].flatMap((match): Oddity[] => {
    const { start, end } = within(clause, match);
    const named = said.find(
      (each) =>
        each.figure.start >= clause.start &&
        each.figure.end <= start &&
        (each.isStrike === true || each.cue === 'maxPain'),
    );
    const areWalls = named === undefined && /\b(?:both|the) walls\b/i.test(clause.text);
    const walls = ['callWall', 'putWall'].flatMap(
      (field) => base.facts.find((fact) => fact.field === field)?.value ?? [],
    );
    const isRight = (strike: number): boolean =>
      / (?:edge|end) of /.test(match[0])
        ? strike > spot === (match[2] !== undefined)
        : Math.abs(strike - spot) <= move === (match[1] !== undefined);
    const strikes = areWalls ? walls : named === undefined ? [] : [named.figure.magnitude];
    return strikes.every(isRight) ? [] : oddAt({ start, end }, spot, `the range is ${spot} ± ${move}`);
  });
}

const IMPLIED = /\b(?:implied|IV\d*|options?(?: are)?(?: pric\w+)?|premium)\b/gi;
const REALIZED = /\b(?:reali[sz]ed|HV\d*|historical|actual\w*|deliver\w*|moved?|moves|moving)\b/gi;
const SIDE =
  /\b(?:(above|over(?! (?:the (?:last|past)|\d+ (?:sessions|days|weeks)))|higher|more(?! than (?:double|twice|half|\d))|richer|premium (?:to|over)|exceeds?|rich (?:vs|to|against))|below|under|lower|less(?! than (?:double|twice|half|\d))|cheaper|discount (?:to|from)|cheap (?:vs|to|against))\b/i;

/** "So implied is 2.7 points higher" where it is lower. */
function findOddPremiums({ told, clause }: { told: Told; clause: Clause }): Oddity[] {
  const [symbol, other] = clause.symbols;
  const match = SIDE.exec(clause.text);
  if (match !== null && /^ \$?\d[\d.]*(?:%| percent|[.,;]|$)/.test(clause.text.slice(match.index + match[0].length)))
    return [];
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
  findOddEnds,
  findOddRanges,
];

export function findOddRelations(told: Told): Oddity[] {
  const clauses = clausesOf(told);
  return [...clauses.flatMap((clause) => READERS.flatMap((read) => read({ told, clause }))), ...findOddDistances(told)];
}
