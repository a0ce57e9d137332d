// Comparisons, superlatives and counts that data refute: "above its 50-day average", "the highest of the three", "both
// fell", "6 supports". What cannot be resolved for sure is left alone.
import type { TickerSymbol } from '../../domain/types.ts';
import { findField } from '../../fields/registry.ts';
import type { Fact, FactBase, Field } from './facts.ts';
import { isDay, monthAround, type Place, placeOf } from './mentions.ts';
import { oddAt, type Oddity, type Sentence, type Told } from './said.ts';
import { numberOf, SMALL_NUMBER } from './spelled.ts';
import type { Cue } from './words.ts';

/** A sentence with the value of the data behind each figure. */
interface Claim {
  sentence: Sentence;
  values: readonly (number | undefined)[];
  base: FactBase;
  question: string;
}

const PRICE = 'price';
function priceOf(base: FactBase, symbol: TickerSymbol): number | undefined {
  return base.latest(symbol, 'last') ?? base.latest(symbol, 'spot') ?? base.latest(symbol, 'close');
}

function valueOf(base: FactBase, symbol: TickerSymbol, field: Field): number | undefined {
  return field === PRICE ? priceOf(base, symbol) : base.latest(symbol, field);
}

/** The symbol that a place speaks of: the last one before it, else the only one above the sentence. */
function symbolAt({ sentence, base }: Claim, at: number): TickerSymbol | undefined {
  const before = sentence.mentions.symbols.findLast((mention) => mention.end <= at)?.value;
  const [only, ...others] = sentence.context.symbols ?? (base.symbols.size === 1 ? [...base.symbols] : []);
  return before ?? (others.length === 0 ? only : undefined);
}

const BARRIER = /[;.!?]\s|\b(?:but|while|whereas|yet|though|although|however|so|which|with|because)\b/gi;

/** Text between the barriers around a place. */
function clauseAround(text: string, at: number): Place {
  let start = 0;
  for (const match of text.matchAll(BARRIER)) {
    if (match.index + match[0].length > at) return { start, end: match.index };
    start = match.index + match[0].length;
  }
  return { start, end: text.length };
}

function fieldOfCue(cue: Cue): Field | undefined {
  if (cue.fields.includes('last')) return PRICE;
  return cue.fields.find((field) => findField(field) !== undefined && !['change', 'changePercent'].includes(field));
}

const SUPPOSED =
  /\b(?:would|could|should|might|may|if|needs?|need to|until|unless|once|breaks?|breaking|clears?|a (?:move|close|push|drop|dip|break|rally)|watch|target|or (?:more|less)|when|generally|typically|usually|means?|considered|counts? as|whether)\b/i;

const COMPARATOR =
  /\b(not |n['’]t |no longer )?(?:(?:[a-z]+ly |well |just |far |still |back )?)(above|below|beneath|underneath|higher than|lower than|greater than|less than|exceeds|tops|(?:under|over)(?= (?:its|the(?! (?:past|last|same|next|year|month|week|period|course|five|ten|two|three|four|whole|day|summer|session))|their|both|all|signal|[A-Za-z\d]+ \(?[$-−]?\d[\d.,]*)\b| (?:SMA|EMA)|:))(?! (?:\d|[a-z]+ percent))/gi;

/** What can stand on a scale with it: prices with prices, else only the same kind of thing. */
function scaleOf(field: Field): string {
  if (field === PRICE) return 'usd';
  if (/^macd/.test(field)) return 'macd';
  const unit = findField(field)?.unit ?? 'usd';
  return unit;
}

interface Term {
  value: number;
  field?: Field;
  scale: string;
  place: Place;
}

function comparisons(claim: Claim): Oddity[] {
  const { sentence, base } = claim;
  const { text, mentions } = sentence;
  const isDated = mentions.dates.some(({ value }) => base.today === undefined || !isDay(value, base.today));
  return [...text.matchAll(COMPARATOR)].flatMap((match): Oddity[] => {
    const at = match.index;
    const end = at + match[0].length;
    const clause = clauseAround(text, at);
    const symbol = symbolAt(claim, at);
    if (symbol === undefined) return [];
    if (
      /^:|^\s(?:you|we|there)\b|^\s(?:it|that|them),? (?:the|its|an?|is|are|comes?|sits?|lies?)\b|^\s(?:that|it|this|these|them|those)\b[^,;.]{0,12}\b(?:come|comes|lie|lies|is|are|sit|sits|wait|waits|stand|stands)\b/i.test(
        text.slice(end),
      )
    )
      return [];
    const subject = subjectOf(claim, symbol, clause, at);
    const isAbove = /above|higher|greater|over|exceeds|tops/i.test(match[2] ?? '') !== (match[1] !== undefined);
    if (
      subject === undefined ||
      /n['’]t\b|\bnot\b|\bno longer\b|\bneither\b|\bnor\b/i.test(text.slice(clause.start, at)) !==
        (match[1] !== undefined)
    )
      return [];
    const next = [...text.slice(end, clause.end).matchAll(COMPARATOR)][0]?.index;
    const comma = text.slice(end, clause.end).search(/,\s(?!\d{1,3}-)/);
    const stop = Math.min(
      ...[next, comma < 0 ? undefined : comma].map((each) => (each === undefined ? clause.end : end + each)),
    );
    const distance = distanceBefore(claim, at);
    return objectsOf(claim, symbol, end, stop, isDated).flatMap((object) => {
      // "Above its signal" is said of the MACD.
      const macd = object.scale === 'macd' && subject.place.end === at ? base.latest(symbol, 'macd') : undefined;
      if (macd !== undefined) Object.assign(subject, { value: macd, scale: 'macd' });
      // "Above its signal, 10.51 against 13.03": the figure behind is of the subject.
      const known = object.field === undefined ? undefined : valueOf(base, symbol, object.field);
      if (known !== undefined && Math.abs(subject.value - object.value) < 1e-9) object.value = known;
      const gap = subject.value - object.value;
      // "A gap of 2.60 over the previous close" is said of the open.
      if (distance !== undefined && Math.abs(Math.abs(gap) - distance) > distance * 0.2 + 0.02) return [];
      // A count is no neighbour of a price.
      const [less, more] = [Math.min(subject.value, object.value), Math.max(subject.value, object.value)];
      if (less > 0 && more > less * 6) return [];
      if (object.scale !== subject.scale || Math.abs(gap) < 1e-4 * Math.abs(object.value) || gap > 0 === isAbove)
        return [];
      return oddAt(object.place, object.value, `not ${match[2] ?? ''} it: ${subject.value} and ${object.value}`);
    });
  });
}

function distanceBefore({ sentence: { figures, text } }: Claim, at: number): number | undefined {
  const figure = figures.findLast(({ end }) => end <= at);
  return figure?.unit === 'usd' && /^[\s*]*(?:a share )?$/.test(text.slice(figure.end, at))
    ? figure.magnitude
    : undefined;
}

/** What is said to be above or below: what is named last before the comparator, else the price. */
function subjectOf(
  { sentence, values, base }: Claim,
  symbol: TickerSymbol,
  clause: Place,
  at: number,
): Term | undefined {
  const { text, mentions, figures } = sentence;
  const isIn = (place: Place): boolean => place.start >= clause.start && place.end <= at;
  const cue = mentions.cues.findLast((each) => isIn(each) && each.trailing !== true && fieldOfCue(each) !== undefined);
  const index = figures.findLastIndex((each) => isIn(each));
  const figure = figures[index];
  const isDistance =
    figure !== undefined &&
    (figure.unit === 'percent' ||
      /^[\s*]*(?:points? |dollars? |a share )?(?:[a-z]+ly |well |just )?$/.test(text.slice(figure.end, at)));
  const field = cue === undefined || isDistance ? PRICE : (fieldOfCue(cue) ?? PRICE);
  const value = values[index];
  // The two names of a distance stand the other way round: "the price is above it by 3, below …".
  if (figure !== undefined && !isDistance && value !== undefined && figure.start > (cue?.start ?? -1))
    return { value, scale: cue === undefined ? 'usd' : scaleOf(field), place: figure };
  if (
    figure === undefined &&
    cue === undefined &&
    /\b(?:interest|walls?|strikes?|supports?|resistances?|levels?|calls?|puts?|close[sd]?|stays?|ended|finished)\b/i.test(
      text.slice(clause.start, at),
    )
  )
    return undefined;
  const own = ['support', 'resistance', 'strike', 'callWall', 'putWall'].includes(field)
    ? undefined
    : valueOf(base, symbol, field);
  return own === undefined ? undefined : { value: own, scale: scaleOf(field), place: { start: at, end: at } };
}

function objectsOf(
  { sentence, values, base }: Claim,
  symbol: TickerSymbol,
  from: number,
  to: number,
  isDated: boolean,
): Term[] {
  const { text, mentions, figures } = sentence;
  const cues = mentions.cues.filter(
    (cue) =>
      cue.start >= from &&
      cue.end <= to &&
      cue.trailing !== true &&
      cue.name !== 'averages' &&
      !/\([^)]*$/.test(text.slice(from, cue.start)),
  );
  const found = cues.flatMap((cue): Term[] => {
    const field = fieldOfCue(cue);
    if (field === undefined) return [];
    const index = figures.findIndex(
      (each) =>
        each.start >= cue.end &&
        each.unit !== 'percent' &&
        /^[\s*'’]*(?:(?:price|level|average|at|of|is|now|near|around|about)\s|\(|:|,)*[\s*$(~]*$/.test(
          text.slice(cue.end, each.start),
        ) &&
        !cues.some((other) => other.start >= cue.end && other.end <= each.start),
    );
    const written = index < 0 ? undefined : values[index];
    const value = written ?? (isDated || index >= 0 ? undefined : valueOf(base, symbol, field));
    return value === undefined ? [] : [{ value, field, scale: scaleOf(field), place: figures[index] ?? cue }];
  });
  if (cues.length > 0) return found;
  const index = figures.findIndex((each) => each.start >= from && each.end <= to && each.unit !== 'percent');
  const figure = figures[index];
  const value = values[index];
  if (
    figure === undefined ||
    value === undefined ||
    figure.start - from > 12 ||
    !/^[\s*$]*\d/.test(text.slice(from, figure.start + 1))
  )
    return [];
  return [{ value, scale: 'usd', place: figure }];
}

const SUPERLATIVE =
  /\b(?<!second[- ]|third[- ]|next[- ]|one of the |among the |at |to )(strongest|best|weakest|worst|highest|lowest|largest|biggest|smallest|steepest|sharpest|most expensive|priciest|cheapest|most active|busiest|heaviest|lightest|quietest|hottest|leader|leads|lags|laggard|top|slowest|thinnest|(?<=\b(?:fallen|lost|dropped|declined|slipped|fell|down|risen|gained|climbed|advanced|rose|up) )the (?:most|least))\b(?! to (?:the )?(?:best|worst|\w+est)\b)/gi;
const LOW = /lags|weakest|worst|lowest|smallest|cheapest|lightest|quietest|laggard|slowest|thinnest/i;
const FALL_BEHIND = /\b(?:loss(?:es)?|losers?|drop|decline|fall|drawdown|setback|sell-?off|slide)\b/i;

function superlatives(claim: Claim): Oddity[] {
  const { text } = claim.sentence;
  // "Which was its worst day?" "That was November 30."
  const [asked] = /^(?:That|It|This)(?:['’]s| was| is| came)\b/.test(text)
    ? [...claim.question.matchAll(/\b(?:worst|best|strongest|weakest)(?= (?:day|session)\b)/gi)]
    : [];
  if (asked) return sessionOfExtreme(claim, { start: 0, end: 4 }, 'changePercent', LOW.test(asked[0])) ?? [];
  return [...text.matchAll(SUPERLATIVE)].flatMap((match): Oddity[] => {
    const place = placeOf(match);
    const behind = text.slice(place.end, place.end + 40).split(/[,;:.(]/)[0] ?? '';
    const field = extremeField(match[0], behind, claim, place);
    if (field === undefined) return [];
    const isFall = /\b(?:fallen|lost|dropped|declined|slipped|fell|down) $/i.test(
      text.slice(Math.max(0, place.start - 12), place.start),
    );
    const isLow =
      LOW.test(match[0]) ||
      (/most/i.test(match[0]) && isFall) ||
      (/least/i.test(match[0]) && !isFall) ||
      (FALL_BEHIND.test(behind) && field === 'changePercent');
    // "The lightest was Oct 24" is said of sessions.
    const isOfDay = claim.sentence.mentions.dates.some(
      (date) => date.start >= place.end && date.start - place.end < 12,
    );
    return (
      (isOfDay ? undefined : symbolOfExtreme(claim, place, behind, field, isLow)) ??
      sessionOfExtreme(claim, place, field, isLow) ??
      []
    );
  });
}

/** Of what the extreme is; undefined where the words do not say. */
function extremeField(word: string, behind: string, { sentence }: Claim, place: Place): Field | undefined {
  if (
    /open interest|\bOI\b|strikes?|calls?|puts?|walls?|contracts?|premium|discount|gap|spread|differ|cushion/i.test(
      behind,
    )
  )
    return undefined;
  if (
    /active|busiest|heaviest|lightest|quietest|thinnest/i.test(word) ||
    /^\s(?:[a-z]+ )?(?:volume|turnover)/i.test(behind)
  )
    return 'volume';
  if (/expensive|priciest|cheapest/i.test(word))
    return /option|call|put|contract|strike/i.test(sentence.text) ? undefined : PRICE;
  const cue = sentence.mentions.cues.find(
    (each) =>
      each.start >= place.end - 8 &&
      each.start - place.end < 24 &&
      !/[,;]/.test(sentence.text.slice(place.end, each.start)),
  );
  const named =
    cue === undefined || cue.start <= place.start
      ? undefined
      : cue.fields.includes('change')
        ? 'changePercent'
        : fieldOfCue(cue);
  if (/^\s(?:[a-z-]+ )?clos/i.test(behind)) return 'close';
  if (/strongest|best|weakest|worst|steepest|sharpest|leader|leads|lags|laggard|slowest|the (?:most|least)/i.test(word))
    return /^\s(?:support|resistance|level|bid|ask|offer|price)/i.test(behind)
      ? undefined
      : named === PRICE
        ? 'changePercent'
        : (named ?? 'changePercent');
  if (named !== undefined) return named;
  return sentence.context.asked?.find((field) => field === 'rsi14' || /^(?:hv|atr|adx|iv)/.test(field));
}

/** Among several symbols; undefined where it is not said of one of them. */
function symbolOfExtreme(
  claim: Claim,
  place: Place,
  behind: string,
  field: Field,
  isLow: boolean,
): Oddity[] | undefined {
  const { sentence, base } = claim;
  const { symbols } = sentence.mentions;
  const mentioned = new Set(symbols.map(({ value }) => value));
  const [, said1] = /\bof (?:the |these |all )?(two|three|four|five|six)\b/i.exec(sentence.text) ?? [];
  const isOfAll = said1 !== undefined && numberOf(said1) === base.symbols.size;
  const isOutright = /^(?:leads|lags|leader|laggard|the (?:most|least))$/i.test(
    sentence.text.slice(place.start, place.end),
  );
  const isOfThese =
    numberOf(said1 ?? '') === mentioned.size || /\b(?:two|pair|both|than|either)\b/i.test(sentence.text);
  const all = mentioned.size > 1 && isOfThese && !isOfAll && !isOutright ? mentioned : base.symbols;
  const rivals = [...all].flatMap((symbol) => {
    const periods = base.facts.filter((fact) => fact.symbol === symbol && fact.field === field);
    const isOfPeriod = periods.every(({ kind }) => kind === 'history');
    const value = isOfPeriod ? periods.find(({ from }) => from !== undefined)?.value : valueOf(base, symbol, field);
    return value === undefined ? [] : [{ symbol, value }];
  });
  if (
    rivals.length < 2 ||
    (/\b(?:day|session|month|week|close|since|range|period|points?|prices?|span|run|stretch)\b/i.test(behind) &&
      !/\b(?:of|among) (?:(?:the|these|all) )?(?:two|three|four|five|six|group|bunch|lot|names|stocks|symbols|them)\b/i.test(
        behind,
      ))
  )
    return undefined;
  const clause = clauseAround(sentence.text, place.start);
  const near = symbols
    .filter((each) => each.start >= clause.start && each.end <= clause.end)
    .map((each) => ({ ...each, gap: each.end <= place.start ? place.start - each.end : each.start - place.end + 4 }))
    .sort((a, b) => a.gap - b.gap)[0];
  const said = near?.value ?? (sentence.context.symbols?.length === 1 ? sentence.context.symbols[0] : undefined);
  const own = rivals.find(({ symbol }) => symbol === said);
  if (own === undefined) return [];
  // Of a period, not of the day that is known of all.
  const index = sentence.figures.findIndex(({ unit, end }) => unit === 'percent' && end <= place.start);
  const given = claim.values[index];
  if (field === 'changePercent' && given !== undefined && Math.abs(given - own.value) > 0.01) return [];
  const isBeaten = rivals.some(({ value }) => (isLow ? value < own.value : value > own.value));
  const beats = rivals.find(({ value }) => (isLow ? value < own.value : value > own.value));
  return isBeaten ? oddAt(place, own.value, `${beats?.symbol ?? ''} ${isLow ? 'is lower' : 'is higher'}`) : [];
}

/** Among the sessions of a history. */
function sessionOfExtreme(claim: Claim, place: Place, field: Field, isLow: boolean): Oddity[] | undefined {
  const { sentence, values, base } = claim;
  const symbol = symbolAt(claim, place.start) ?? sentence.mentions.symbols[0]?.value;
  if (symbol === undefined) return undefined;
  const [, several, sign] =
    /^ (?:(two|three|four|five)\b|of the (gains|losses)\b)/.exec(sentence.text.slice(place.end)) ?? [];
  if (several !== undefined) return [];
  const found = base.facts.filter(
    (fact) =>
      fact.kind === 'history' &&
      fact.symbol === symbol &&
      fact.from === undefined &&
      fact.date !== undefined &&
      !(field === 'volume' && isLow && fact.date === base.today) &&
      fact.field === (field === PRICE ? (/clos/i.test(sentence.text) ? 'close' : isLow ? 'low' : 'high') : field),
  );
  const areMonths = new Set(found.map(({ date = '' }) => date.slice(0, 7))).size === found.length;
  // A month that is not over is not compared.
  const facts = found.filter(
    ({ date, value }) =>
      !(areMonths && date?.slice(0, 7) === base.today?.slice(0, 7)) &&
      (sign === undefined || value > 0 === (sign === 'gains')),
  );
  const best = facts.reduce<Fact | undefined>(
    (held, fact) => (held === undefined || (isLow ? fact.value < held.value : fact.value > held.value) ? fact : held),
    undefined,
  );
  if (best?.date === undefined || facts.length < 3) return undefined;
  const clause = clauseAround(sentence.text, place.start);
  const months = areMonths ? monthAround(sentence.text, place) : [];
  const dates = [...sentence.mentions.dates, ...months].filter(
    ({ start, end, span }) =>
      start >= clause.start &&
      end <= clause.end &&
      !span &&
      !/\b(?:of|than) \w+['’]s$/.test(sentence.text.slice(Math.max(0, start - 6), end)),
  );
  const date = dates.find((each) => each.start >= place.end) ?? dates.findLast((each) => each.end <= place.start);
  const stands = (iso: string): boolean => date !== undefined && isDay(date.value, iso);
  if (date === undefined) {
    const index = sentence.figures.findIndex(
      (figure) =>
        figure.start >= place.end &&
        figure.start - place.end < 60 &&
        (field !== 'changePercent' || figure.unit === 'percent'),
    );
    const value = values[index];
    const figure = sentence.figures[index];
    if (figure === undefined || value === undefined) return [];
    const isOther =
      field === 'close' &&
      base.facts.some(
        (fact) => fact.kind === 'history' && ['high', 'low'].includes(fact.field) && fact.value === value,
      );
    if (!facts.some((fact) => fact.value === value)) return isOther ? oddAt(figure, value, 'no close') : [];
    return Math.abs(value) < Math.abs(best.value) - 1e-9 && Math.sign(value) === Math.sign(best.value)
      ? oddAt(figure, value, `not the ${isLow ? 'lowest' : 'highest'}: that is ${best.value}`)
      : [];
  }
  if (stands(best.date) || !facts.some((fact) => fact.date !== undefined && stands(fact.date))) return [];
  return oddAt(date, best.value, `${best.date} was ${isLow ? 'lower' : 'higher'}`);
}

const ANY_NUMBER = `(\\d{1,3}|${SMALL_NUMBER})`;
const ADJECTIVES = '(?:(?!of\\b|to\\b|in\\b|and\\b)[a-z-]+ ){0,2}?';
const COUNTED: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`\\b${ANY_NUMBER} ${ADJECTIVES}supports?(?: levels?)?\\b`, 'gi'), 'support'],
  [new RegExp(`\\b${ANY_NUMBER} ${ADJECTIVES}resistances?(?: levels?)?\\b`, 'gi'), 'resistance'],
  [
    new RegExp(`\\b${ANY_NUMBER} ${ADJECTIVES}(?:expirations?|expiries|expiration dates|expiry dates)\\b`, 'gi'),
    'expiration',
  ],
  [
    new RegExp(
      `\\b${ANY_NUMBER} (?:of them |are |listed )?(?:weeklies|weeklys|weekly)(?! (?:bars?|closes?|candles?|high|low))`,
      'gi',
    ),
    'weekly',
  ],
  [
    new RegExp(
      `\\b${ANY_NUMBER} (?:of them |are |listed )?(?:monthlies|monthlys|monthly)(?! (?:bars?|closes?|candles?))`,
      'gi',
    ),
    'monthly',
  ],
  [
    new RegExp(
      `\\b${ANY_NUMBER} of (?:the|its|these|their|those) (?:[a-z\\d-]+ )?(?:expir\\w+|dates|expir\\w+ dates) (?:are )?monthl(?:y|ies)\\b`,
      'gi',
    ),
    'monthly',
  ],
  [new RegExp(`\\b${ANY_NUMBER} (?:of them |are )?(?:quarterlies|quarterly)\\b`, 'gi'), 'quarterly'],
  [
    new RegExp(`\\b${ANY_NUMBER} (?:trading |daily |straight |full )?(?:sessions|bars|candles|trading days)\\b`, 'gi'),
    'bar',
  ],
  [
    new RegExp(
      `\\b${ANY_NUMBER}(?=(?:,| (?:more |listed )?(?:dates|expir\\w+|of (?:them|these|those)))[^.;:\\d]{0,28}\\b(?:in|this|for) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\\b(?! \\d))`,
      'gi',
    ),
    'ofMonth',
  ],
  [new RegExp(`\\b${ANY_NUMBER} ${ADJECTIVES}call walls\\b`, 'gi'), 'callWall'],
  [new RegExp(`\\b${ANY_NUMBER} ${ADJECTIVES}put walls\\b`, 'gi'), 'putWall'],
];
const CHOSEN =
  /\b(?:nearest|next|first|top|key|main|strongest|closest|following|last|past|previous|these|those|other|more|least|another|than|largest|biggest|of the|of them|remaining|rest|inside|within|before|after|fall|between|through|until|in|on)\b/i;

function counts(claim: Claim): Oddity[] {
  const { sentence } = claim;
  const { text } = sentence;
  return COUNTED.flatMap(([pattern, what]) =>
    [...text.matchAll(pattern)].flatMap((match): Oddity[] => {
      const count = numberOf(match[1] ?? '');
      const held = heldOf(claim, what, match.index);
      const before = text.slice(Math.max(0, match.index - 14), match.index);
      if (
        held.length === 0 ||
        held.includes(count) ||
        /[\d.,$/]$|of (?:the )?(?:last |past )?$|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? $/i.test(
          before,
        )
      )
        return [];
      const behind = text.slice(match.index + match[0].length);
      if (
        what === 'bar' &&
        held.length === 1 &&
        count < (held[0] ?? 0) &&
        /^:/.test(behind) &&
        /(?:^|[.;] )$/.test(before)
      )
        return oddAt(placeOf(match), count, `the data have ${held[0] ?? ''}`);
      const most = Math.max(...held);
      if (what === 'ofMonth') return oddAt(placeOf(match), count, `the data have ${held.join(' or ')}`);
      if (
        what === 'bar'
          ? held.length > 3 || (count <= most && !(held.length === 1 && /\bhad (?:only |just )?$/.test(before)))
          : count < most &&
            (CHOSEN.test(
              `${before}${match[0]}${text.slice(match.index + match[0].length, match.index + match[0].length + 24)}`,
            ) ||
              count <= listedBehind(sentence, match.index))
      )
        return [];
      return oddAt(placeOf(match), count, `the data have ${held.join(' or ')}`);
    }),
  );
}

/** How many the data have: of the symbol, else of any. */
function heldOf(claim: Claim, what: string, at: number): number[] {
  const symbol = symbolAt(claim, at);
  const facts = claim.base.facts.filter((fact) => symbol === undefined || fact.symbol === symbol);
  if (what === 'support' || what === 'resistance')
    return sizes(facts, (fact) => fact.field === what && fact.unit === 'usd');
  if (what === 'callWall' || what === 'putWall') return sizes(facts, (fact) => fact.field === what);
  return [
    ...new Set(facts.filter((fact) => fact.field === 'count' && fact.counted === what).map((fact) => fact.value)),
  ];
}

function sizes(facts: readonly Fact[], isOne: (fact: Fact) => boolean): number[] {
  const bySymbol = Map.groupBy(facts.filter(isOne), (fact) => `${fact.symbol ?? ''} ${fact.expiration ?? ''}`);
  return [...new Set([...bySymbol.values()].map((each) => new Set(each.map(({ value }) => value)).size))];
}

function listedBehind({ figures, mentions }: Sentence, at: number): number {
  const behind = (places: readonly Place[]): number => places.filter((place) => place.start > at).length;
  return Math.max(behind(figures), behind(mentions.dates));
}

/** A put/call ratio that is called call/put, and which of the two is more. */
function ratios({ sentence, base, question }: Claim): Oddity[] {
  const { text, figures } = sentence;
  const facts = base.facts.filter(({ field }) => field === 'putCallOpenInterest' || field === 'putCallVolume');
  if (facts.length === 0) return [];
  const odd: Oddity[] = [];
  for (const match of text.matchAll(/\bcalls?[/-](?:to-)?puts?\b(?! (?:walls?|spread|parity))/gi)) {
    const figure = figures.find((each) => each.start >= match.index && each.start - match.index < 60);
    if (figure && facts.some(({ value }) => Math.abs(value - figure.magnitude) <= figure.tolerance * 1.001))
      odd.push({ start: figure.start, end: figure.end, value: figure.magnitude, reason: 'put/call, not call/put' });
  }
  const [, first] = /\bmore\b.*?\b(calls?|puts?)\b.*\bthan\b/i.exec(question) ?? [];
  const yes = /^(?:(yes)|no)\b/i.exec(text);
  if (
    first !== undefined &&
    yes &&
    facts.every(({ value }) => value > 1 !== ((yes[1] !== undefined) === /put/i.test(first)))
  )
    odd.push({
      start: 0,
      end: yes[0].length,
      value: facts[0]?.value ?? 0,
      reason: `put/call is ${facts[0]?.value ?? ''}`,
    });
  for (const match of text.matchAll(
    /\b(?:(calls?) (?:still |also |now |clearly |slightly |easily |far )?(?:out(?:number|weigh|pace)s?|exceed|lead|dominate) (?:the )?puts?|(puts?) (?:still |also |now |clearly |slightly |easily |far )?(?:out(?:number|weigh|pace)s?|exceed|lead|dominate) (?:the )?calls?|(calls?)(?: are| is)? (?:heavier|dominant|ahead)(?! (?:at|in|on) )|(puts?)(?: are| is)? (?:heavier|dominant|ahead)(?! (?:at|in|on) )|more (calls?)(?= than puts?|\.)|more (puts?)(?= than calls?|\.))/gi,
  )) {
    const arePutsMore = (match[2] ?? match[4] ?? match[6]) !== undefined;
    if (facts.every(({ value }) => value !== 1 && value > 1 !== arePutsMore))
      odd.push({
        start: match.index,
        end: match.index + match[0].length,
        value: facts[0]?.value ?? 0,
        reason: `put/call is ${facts[0]?.value ?? ''}`,
      });
  }
  return odd;
}

function closer(claim: Claim): Oddity[] {
  const { base, sentence } = claim;
  const match =
    /\b(?:closer|nearer|closest|nearest) to (?:its |the |that )?(?:nearest |first |near )?(support|resistance)\b/i.exec(
      sentence.text,
    );
  const symbol = match ? (symbolAt(claim, match.index) ?? [...base.symbols][0]) : undefined;
  const spot = symbol === undefined ? undefined : (base.latest(symbol, 'spot') ?? priceOf(base, symbol));
  if (!match || spot === undefined) return [];
  const distance = (field: Field): number =>
    Math.min(
      ...base.facts.flatMap((fact) =>
        fact.symbol === symbol && fact.field === field ? [Math.abs(fact.value - spot)] : [],
      ),
    );
  const [support, resistance] = [distance('support'), distance('resistance')];
  const isSupport = match[1]?.toLowerCase() === 'support';
  if (
    !Number.isFinite(support) ||
    !Number.isFinite(resistance) ||
    support < resistance === isSupport ||
    support === resistance
  )
    return [];
  return oddAt(placeOf(match), spot, `the other is nearer to ${spot}`);
}

const AVERAGES_COUNTED = new RegExp(
  `\\b(?:(above|over)|below|under|beneath)\\b[^.;\\d]{0,12}?\\b(all|both|\\d{1,2}|${SMALL_NUMBER})(?: of)?(?: (?:the|its))?(?: (\\d{1,2}|${SMALL_NUMBER}))?(?: (?:of )?(?:the |its )?[a-z]+){0,2} averages`,
  'gi',
);

/** "Below four of the five simple averages". */
function averages(claim: Claim): Oddity[] {
  const { sentence, base } = claim;
  return [...sentence.text.matchAll(AVERAGES_COUNTED)].flatMap((match): Oddity[] => {
    const symbol = symbolAt(claim, match.index) ?? sentence.mentions.symbols[0]?.value ?? '';
    const price = priceOf(base, symbol);
    if (price === undefined || /\bnot\b|n['’]t\b/.test(sentence.text.slice(0, match.index))) return [];
    const [, above, count = '', total = count] = match;
    const sizeOf = (word: string, all: number): number =>
      /^all$/i.test(word) ? all : /^both$/i.test(word) ? 2 : numberOf(word);
    const groups = [/^sma\d/, /^ema\d/, /^[se]ma\d/]
      .map((kind) => [...base.fields].flatMap((field) => (kind.test(field) ? (base.latest(symbol, field) ?? []) : [])))
      .filter(({ length }) => length > 0 && sizeOf(total, length) === length);
    const isRight = (group: readonly number[]): boolean =>
      group.filter((value) => value !== price && value > price === (above === undefined)).length ===
      sizeOf(count, group.length);
    return groups.length === 0 || groups.some(isRight)
      ? []
      : oddAt(placeOf(match), price, 'the data have another count');
  });
}

const READERS: readonly ((claim: Claim) => Oddity[])[] = [superlatives, counts, ratios, closer, averages];

export function findOddClaims({ sentences, supports, base, question }: Told): Oddity[] {
  return sentences.flatMap(({ start, said, sentence }) => {
    const claim = { sentence, values: said.map((each) => supports.get(each)), base, question };
    const readers = SUPPOSED.test(sentence.text) ? READERS : [comparisons, ...READERS];
    return readers
      .flatMap((read) => read(claim))
      .map((each) => ({ ...each, start: each.start + start, end: each.end + start }));
  });
}
