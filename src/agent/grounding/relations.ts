// Claims about how known values stand to each other: implied against realized volatility, the term structure, overbought,
// odds and deltas, a place in a range, the extreme of what the text itself lists. What is not sure is left alone.
import { weekdayOf } from '../../domain/exchange-time.ts';
import type { TickerSymbol } from '../../domain/types.ts';
import type { FactBase } from './facts.ts';
import { guessDates, isDay, placeOf, type SymbolMention } from './mentions.ts';
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
  `\\b(${SMALL_NUMBER}|\\d{1,2}) (?:chances? )?(?:in|out of) (?:every )?(${SMALL_NUMBER}|\\d{1,3})\\b`,
  'i',
);

/** "A one in three chance" of a delta of 0.18. */
function findOddOdds({ told, clause }: { told: Told; clause: Clause }): Oddity[] {
  const match = ODDS.exec(clause.text);
  const spoken = `${told.text}`;
  if (match === null || !/delta|Δ|prob|odds|chance|ITM|assign|worthless/i.test(spoken)) return [];
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
  if (match === null || symbol === undefined || other !== undefined || /\bnot\b|n['’]t\b/i.test(clause.text)) return [];
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
  const { base } = told;
  const [symbol, other] = clause.symbols;
  const match = SIDE.exec(clause.text);
  if (match === null || symbol === undefined || other !== undefined || /\bnot\b|n['’]t\b/i.test(clause.text)) return [];
  const places = (pattern: RegExp): number[] => [...clause.text.matchAll(pattern)].map(({ index }) => index);
  const [implied, realized] = [places(IMPLIED), places(REALIZED)];
  if (implied.length === 0 && realized.length === 0) return [];
  const isBehind = (at: number): boolean => at >= match.index && at - match.index < 48;
  const isOfRealized =
    implied.some(isBehind) !== realized.some(isBehind)
      ? implied.some(isBehind)
      : (realized[0] ?? Infinity) < (implied[0] ?? Infinity);
  const isMore = (match[1] !== undefined) !== isOfRealized;
  const gaps = volatilityGaps(told, clause, symbol, base);
  return gaps.length === 0 || gaps.some((gap) => Math.abs(gap) < 0.002 || gap > 0 === isMore)
    ? []
    : oddAt(within(clause, match), gaps[0] ?? 0, 'implied against realized is the other way round');
}

const isImplied = (field = ''): boolean => /^(?:iv|iv30|atmIv)$/.test(field);
const isRealized = (field = ''): boolean => /^(?:hv|yangZhang)\d+$/.test(field);

/** Of the figures that the text gives of a symbol, else of those that the data have. */
function volatilityGaps(told: Told, clause: Clause, symbol: TickerSymbol, base: FactBase): number[] {
  const given = told.said.flatMap((each) => {
    const fact = told.sources.get(each);
    return fact?.symbol === symbol && each.figure.start < clause.start + clause.text.length ? [fact] : [];
  });
  const [implied, realized] = [
    given.findLast(({ field }) => isImplied(field)),
    given.findLast(({ field }) => isRealized(field)),
  ];
  const share = (value: number): number => (Math.abs(value) > 3 ? value / 100 : value);
  if (implied && realized) return [share(implied.value) - share(realized.value)];
  const held = base.facts.filter((fact) => fact.symbol === symbol && fact.strike === undefined);
  const [of, against] = [
    held.filter(({ field }) => (implied ? false : isImplied(field))).concat(implied ?? []),
    held.filter(({ field }) => (realized ? false : isRealized(field))).concat(realized ?? []),
  ];
  return of.flatMap((one) => against.map((each) => share(one.value) - share(each.value)));
}

const DIFFERENCE =
  /^[\s*]*(?:points? |dollars? |cents? |a share )?(?:(above|over|higher than)|below|under|lower than) (it\b|that\b|the (?:strike|price|spot|stock|market)\b|where|spot\b|the current)/i;
const PRICES: ReadonlySet<string> = new Set(['last', 'spot', 'close']);

/** "Spot 313.03, max pain 310, i.e. $3.03 above it": the way from one to the other. */
function findOddWays(told: Told): Oddity[] {
  const { text, said, supports, sources } = told;
  return said.flatMap((each, index): Oddity[] => {
    const match = DIFFERENCE.exec(text.slice(each.figure.end, each.figure.end + 48));
    if (match === null || each.figure.unit === 'percent' || sources.has(each)) return [];
    const before = said
      .slice(Math.max(0, index - 6), index)
      .filter((one) => one.figure.unit !== 'percent' && !/[;\n]/.test(text.slice(one.figure.end, each.figure.start)));
    const values = before.flatMap((one) => {
      const value = supports.get(one);
      return value === undefined
        ? []
        : [{ value, isPrice: PRICES.has(sources.get(one)?.field ?? ''), isStrike: one.isStrike }];
    });
    const pairs = values.flatMap((one, at) =>
      values
        .slice(at + 1)
        .filter(
          ({ value }) =>
            Math.abs(Math.abs(value - one.value) - each.figure.magnitude) <= each.figure.tolerance * 1.01 + 1e-9,
        )
        .map((other) => [one, other] as const),
    );
    const [pair, more] = pairs;
    if (pair === undefined || more !== undefined) return [];
    const object = match[2]?.toLowerCase() ?? '';
    const isOfPrice = /\b(?:price|spot|stock|shares|last)\b/i.test(
      text.slice(before.at(-1)?.figure.end, each.figure.start),
    );
    const [base, subject] = /^(?:it|that)$/.test(object)
      ? isOfPrice
        ? pair.toSorted((a, b) => Number(a.isPrice) - Number(b.isPrice))
        : pair
      : pair.some(({ isPrice, isStrike }) => (/strike/.test(object) ? isStrike === true : isPrice))
        ? pair.toSorted((a, b) =>
            /strike/.test(object)
              ? Number(b.isStrike === true) - Number(a.isStrike === true)
              : Number(b.isPrice) - Number(a.isPrice),
          )
        : [];
    if (base === undefined || subject === undefined) return [];
    return subject.value > base.value === (match[1] !== undefined)
      ? []
      : oddAt(each.figure, each.figure.magnitude, `${subject.value} against ${base.value}`);
  });
}

const EXTREME =
  /\b(?:(most|highest|largest|biggest|greatest|richest|dearest|fattest|heaviest|busiest|strongest|best|steepest|leads|leader|widest|hottest|top)|(fewest|least|lowest|smallest|cheapest|lightest|quietest|weakest|worst|lags|laggard|thinnest|narrowest)|closest|nearest|deepest|furthest|farthest)\b/gi;
const JOINED =
  /^[\s*_]*(?:(?:is|was|are|were|has|had|the|its|it['’]s|belongs|goes|to|by|in|by far|clearly|at|also|both|on|and|s|shows|carries|with|put|call|strike|for|reading|one|percent|dollars|outright|outlier)[\s*_]*|['’]s |[:=(–—-]\s*)*$/i;

interface Entry {
  label: string;
  value: number;
  group: string;
}

/** What the text gives of each symbol, strike, window or day, by what kind of figure it is. */
function entriesOf({ said, supports, sources, base }: Told): Entry[] {
  return said.flatMap((each): Entry[] => {
    const value = supports.get(each);
    const fact = sources.get(each);
    const [symbol, other] = each.symbols ?? [];
    const [strike, another] = each.strikes ?? [];
    if (value === undefined || each.isStrike === true) return [];
    const group = `${each.figure.unit === 'percent' ? '%' : ''}${fact?.unit === 'any' ? '' : (fact?.field ?? '').replace(/^(hv|sma|ema)\d+$/, '$1')}${each.cue ?? ''}`;
    const window = /^(?:hv|sma|ema)(\d+)$/.exec(fact?.field ?? '')?.[1];
    return [
      ...(symbol !== undefined && other === undefined && base.symbols.size > 1 ? [symbol] : []),
      ...(strike !== undefined && another === undefined ? [`${strike}`] : []),
      ...(window === undefined ? [] : [`${window}d`]),
    ].map((label) => ({ label, value, group: `${group} ${/^\d/.test(label) ? 'n' : 's'}` }));
  });
}

/** "The deepest discount: NFLX", "the 94 the fewest" of one that lies between others of the list. */
function findOddExtremes(told: Told): Oddity[] {
  const entries = entriesOf(told);
  const groups = [...Map.groupBy(entries, ({ group }) => group).values()].filter(
    (group) =>
      new Set(group.map(({ label }) => label)).size > 2 &&
      new Set(group.map(({ label }) => label)).size === group.length,
  );
  if (groups.length === 0) return [];
  return told.sentences.flatMap(({ start, sentence }) => {
    const { text, mentions, figures } = sentence;
    const labels = [
      ...mentions.symbols.map(({ value, ...place }) => ({ ...place, label: value as string })),
      ...figures
        .filter(({ unit, whole }) => unit === 'bare' && whole)
        .map((figure) => ({ start: figure.start, end: figure.end, label: `${figure.magnitude}` })),
      ...[...text.matchAll(/\b\d{2,3}d\b/g)].map((match) => ({ ...placeOf(match), label: match[0] })),
    ];
    return [...text.matchAll(EXTREME)].flatMap((match): Oddity[] => {
      const place = placeOf(match);
      if (
        /\b(?:second|third|next|two|three|of the|one of|among|not) (?:the )?$|[-\d]$/i.test(
          text.slice(Math.max(0, place.start - 12), place.start),
        )
      )
        return [];
      const behind = labels.find(
        (each) =>
          each.start >= place.end &&
          each.start - place.end < 44 &&
          /^[^,;.()]*$/.test(text.slice(place.end, each.start)) &&
          /(?:\b(?:is|was|are|belongs to|goes to|by)|:)\s(?:the |its )?[*]*$/i.test(text.slice(place.end, each.start)),
      );
      const before = labels.findLast(
        (each) =>
          each.end <= place.start && place.start - each.end < 40 && JOINED.test(text.slice(each.end, place.start)),
      );
      const label = before ?? behind;
      if (label === undefined) return [];
      const own = groups.flatMap((group) =>
        group
          .filter((each) => each.label === label.label)
          .map(({ value }) => ({ value, all: group.map((each) => each.value) })),
      );
      const isExtreme = ({ value, all }: (typeof own)[number]): boolean => {
        const sizes = all.map(Math.abs);
        return (
          value === Math.max(...all) ||
          value === Math.min(...all) ||
          Math.abs(value) === Math.max(...sizes) ||
          Math.abs(value) === Math.min(...sizes)
        );
      };
      return own.length === 0 || own.some(isExtreme)
        ? []
        : oddAt(
            { start: start + label.start, end: start + label.end },
            own[0]?.value ?? 0,
            'others of the list are beyond it',
          );
    });
  });
}

const DAY = '(Sun|Mon|Tues|Wednes|Thurs|Fri|Satur)day';
const IS_DAY = new RegExp(
  `^(?:, \\d{4})?,?(?: (?:this year|is (?:a |the )?half day))?[,.]?(?: (?:which|it|that))?(?: is|['’]s| falls on|, on)? (?:on )?an? ${DAY}\\b`,
  'i',
);
const CLOCK_DAY =
  /\b\d{1,2}:\d{2}(?: ?[ap]\.?m\.?)?(?: ET| Eastern)?,?(?: (?:on|this))? (Sun|Mon|Tue|Wed|Thu|Fri|Sat)[a-z]*\b/;
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** "January 15, 2027, which is a Thursday"; "11:15 Wed" of a Tuesday. */
function findOddWeekdays({ text, dates, base }: Told): Oddity[] {
  const { today } = base;
  if (today === undefined) return [];
  const named = dates.flatMap(({ value, end }): Oddity[] => {
    const match = IS_DAY.exec(text.slice(end, end + 60));
    const held = [...base.dates].filter((date) => isDay(value, date));
    const days = held.length > 0 ? held : guessDates(value, today);
    if (match === null || days.length === 0) return [];
    const weekday = DAYS.indexOf((match[1] ?? '').slice(0, 3).toLowerCase());
    return days.some((date) => weekdayOf(date) === weekday)
      ? []
      : oddAt({ start: end, end: end + match[0].length }, weekday, 'not the weekday of this date');
  });
  const clock = base.symbols.size === 0 ? CLOCK_DAY.exec(text) : null;
  return clock === null || weekdayOf(today) === DAYS.indexOf((clock[1] ?? '').toLowerCase())
    ? named
    : [...named, ...oddAt(placeOf(clock), 0, 'not the weekday of today')];
}

const READERS: readonly ((of: { told: Told; clause: Clause }) => Oddity[])[] = [
  findOddStates,
  findOddOdds,
  findOddPositions,
  findOddPremiums,
];

export function findOddRelations(told: Told): Oddity[] {
  const clauses = clausesOf(told);
  return [
    ...clauses.flatMap((clause) => READERS.flatMap((read) => read({ told, clause }))),
    ...findOddWays(told),
    ...findOddExtremes(told),
    ...findOddWeekdays(told),
  ];
}
