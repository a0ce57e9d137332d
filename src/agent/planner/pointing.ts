// What words that point back mean: "that high", "since then", "either one", "are we above it", a pronoun for symbols.
// What a turn before does not settle is asked back.
import { nextTradingDay } from '../../domain/calendar.ts';
import { resolveRange } from '../../domain/date-phrases.ts';
import { splitHours } from '../../domain/session-hours.ts';
import { exchangeDateOf } from '../../domain/exchange-time.ts';
import type { EpochMs, Side, TickerSymbol } from '../../domain/types.ts';
import { FROM_SPOT, PRICES_OF_CONTRACT, contractColumns, distanceOf, strikesMeant, yieldsOf } from './contracts.ts';
import { PRICES, conditionOf, isLevel, isOfOptions } from './draft.ts';
import {
  type Query,
  type Refusal,
  type Slots,
  emptySlots,
  hasContent,
  isOneDay,
  names,
  notUnderstood,
  queryOf,
  unclear,
  isEnd,
} from './query.ts';

/** What earlier turns were about, the newest last. */
export interface Background {
  last?: Query;
  /** Symbols of each turn that had some. */
  symbolSets: TickerSymbol[][];
  /** All symbols that the last query was asked of, one after another. */
  run?: TickerSymbol[];
  /**
   * The turn before was not understood: what it named for sure. A question of its own stands on that and on what came
   * before, nothing else does.
   */
  lost?: Partial<Slots>;
  /** That turn as it was typed. */
  unanswered?: string;
}

export const OPTION_FORMS = new Set(['chain', 'contract', 'walls', 'expirations', 'expiry', 'strategy']);
export const EXTREME_OF_RANGE = /^(?:highest|lowest)\((high|low|close)\)$/;

/** As if the turn that was not understood had changed no more than what it named for sure. */
export function withLost(background: Background, named: Partial<Slots>, own: Slots): Background {
  const { lost: _lost, last, ...rest } = background;
  const isOther = last === undefined || named.symbols?.some((symbol) => !last.symbols.includes(symbol)) === true;
  const [symbols = []] = rest.symbolSets.slice(-1);
  const form = names(named, 'strike') ? 'contract' : names(named, 'side') ? 'chain' : 'quote';
  const isNew = isOther || (form !== 'quote' && !/^(?:chain|contract)$/.test(last.form));
  const before: Query = isNew ? queryOf(form, { ...emptySlots(), symbols }) : last;
  const changed: Query = { ...before, ...named, ...(form === 'contract' ? { form } : {}) };
  // A date that is both is the one of what is asked.
  const isBoth = names(named, 'range') && names(named, 'expiration');
  if (isBoth && (names(own, 'side', 'strike') || own.fields.some(isOfOptions))) delete changed.range;
  else if (isBoth) delete changed.expiration;
  return { ...rest, last: changed };
}

/** `are we above it`, `is it trading more than that today`: the figure of before, the price or volume of now against it. */
export function againstLast(own: Slots, last: Query | undefined): Slots | Refusal {
  const { against, pronoun: _pronoun, fields, ...rest } = own;
  if (against === undefined) return own;
  const isNow = own.range === undefined || own.range === 'today';
  const [column = '', ...others] =
    last?.columns.length === 0 ? last.fields : (last?.columns.filter((each) => !/On\(/.test(each)) ?? []);
  const isVolume = /volume/i.test(column);
  const isBound = isVolume
    ? /averageVolume|^avg\(volume/i.test(column)
    : isLevel(column) || EXTREME_OF_RANGE.test(column);
  const isOne = others.length === 0 || last?.columns.length === 0;
  const isOwn = isOfNothing({ ...own, fields: [] }) && fields.every((name) => name === (isVolume ? 'volume' : 'last'));
  if (last === undefined || last.symbols.length !== 1 || !isNow || !isBound || !isOne || !isOwn)
    return notUnderstood('what it is compared with');
  const { range: _range, expiration: _expiration, ...undated } = rest;
  const sessions = /^(?:last |past )?(\d{1,3}) (?:trading )?(?:days|sessions)$/.exec(last.range ?? '')?.[1];
  const usual = sessions === undefined ? 'averageVolume' : `avg(volume, ${sessions})`;
  const isDated = last.range !== undefined && last.range !== 'today' && !isVolume;
  const left = isVolume ? 'volume' : 'last';
  return {
    ...undated,
    symbols: own.symbols.length > 0 ? own.symbols : last.symbols,
    fields: [],
    ...(isDated ? { range: last.range } : {}),
    conditions: [conditionOf(left, against, isVolume ? usual : column)],
  };
}

/** `of that week`, `until the end of October`: with the range of the turn before, or from where it began. */
export function withPeriodOf(own: Slots, last: Query | undefined, now: EpochMs): Slots | Refusal {
  const { samePeriod, ...rest } = own;
  const end = /^until (.+)$/.exec(own.range ?? '')?.[1];
  if (samePeriod === undefined && end === undefined) return own;
  if (samePeriod !== undefined && samePeriod !== 'since' && (own.range ?? own.expiration) !== undefined) {
    const isSpan =
      samePeriod === 'day' && own.range !== undefined && own.expiration === undefined && !own.forms.includes('market');
    return isSpan && dayOf(own.range, now) === undefined ? unclear('which day is meant', 'name its date') : rest;
  }
  if (samePeriod === 'since') {
    // "how far has it climbed since then" after a low: from that low.
    const isRanged = last?.range !== undefined && last.range !== 'today';
    const extreme = last?.columns.find(
      (column) => EXTREME_OF_RANGE.test(column) || (isRanged && /^(?:high|low)$/.test(column)),
    );
    if (extreme !== undefined && last?.symbols.length === 1 && isOfNothing({ ...rest, move: undefined as never })) {
      const { asksSize: _size, move: _move, ...bare } = rest;
      return { ...bare, base: extreme, ...(last.range === undefined ? {} : { range: last.range }) };
    }
    const day = last?.range === undefined || own.range !== undefined ? undefined : dayOf(last.range, now);
    if (day === undefined) return notUnderstood('since when');
    const { asksSize: _size, ...since } = rest;
    return { ...since, ...(isOfNothing(own) ? { move: 'any' as const } : {}), range: `since ${nextTradingDay(day)}` };
  }
  if (samePeriod === 'day' && last?.range === undefined && last?.expiration !== undefined && own.range === undefined)
    return { ...rest, expiration: last.expiration };
  // "same window": also of what is no date.
  if (samePeriod === 'same' && last?.range === undefined) return rest;
  // The day that the turn before found is not known here.
  const isFound = last?.columns.some((column) => /On\(/.test(column)) === true || last?.form === 'days';
  if (samePeriod === 'day' && (isFound || dayOf(last?.range, now) === undefined))
    return unclear('which day is meant', 'name its date');
  if (last?.range === undefined)
    return notUnderstood(end === undefined ? 'which period is meant' : `"until" without a start`);
  if (end === undefined) return own.range === undefined ? { ...rest, range: last.range } : rest;
  if (splitHours(last.range) !== undefined) return notUnderstood(`"until" after a part of a day`);
  const { from } = resolveRange(last.range, now);
  return { ...rest, range: `${from} to ${end}` };
}

/** After the day's own high or low, `the high` is that of the day and not of the year. */
export function withExtremeOf(own: Slots, last: Query | undefined): Slots {
  const { isBareExtreme, ...rest } = own;
  if (
    own.fields.join() === 'maxDrawdown' &&
    own.range === undefined &&
    (last?.range === undefined || isOneDay(last.range))
  )
    return { ...own, fields: [], base: 'week52High' };
  if (isBareExtreme !== true) return own;
  const isOfDay =
    last !== undefined &&
    (last.range === undefined || last.range === 'today') &&
    [...last.fields, last.base ?? ''].some((name) => /^(?:high|low|open|vwap|ohlc)$/.test(name)) &&
    own.symbols.every((symbol) => last.symbols.includes(symbol));
  if (!isOfDay) return rest;
  const of = (text: string): string => text.replaceAll('week52High', 'high').replaceAll('week52Low', 'low');
  return {
    ...rest,
    ...(rest.base === undefined ? {} : { base: of(rest.base) }),
    fields: rest.fields.map(of),
    conditions: rest.conditions.map((each) => ({
      ...each,
      expression: of(each.expression),
      ...(each.right === undefined ? {} : { right: of(each.right) }),
    })),
  };
}

/** `when was that high`, `and the low`: after the high of 52 weeks that of the year. */
export function extremeOfYear(own: Slots, last: Query | undefined): Slots | undefined {
  const [shown, also] = last?.fields ?? [];
  const isOfBoth =
    own.asksWhen === true && own.fields.length === 0 && `${shown ?? ''} ${also ?? ''}` === 'week52High week52Low';
  if (isOfBoth && last !== undefined && own.symbols.length === 0)
    return {
      ...own,
      symbols: last.symbols,
      fields: ['highest(high)', 'highestOn(high)', 'lowest(low)', 'lowestOn(low)'],
      range: 'past year',
    };
  const ofLast = own.asksWhen === true && own.fields.length === 0 && last?.fields.length === 1 ? shown : undefined;
  const name = own.fields[0] ?? (ofLast === 'week52High' ? 'high' : ofLast === 'week52Low' ? 'low' : undefined);
  const isOfYear =
    last?.columns.some((each) => /week52|\((?:high|low)\)/.test(each)) === true && last.form === 'figures';
  const isSame = own.symbols.every((symbol) => last?.symbols.includes(symbol));
  // "what was its lowest point, and on which day": of the range before.
  const isRanged = own.asksWhen === true && last?.range !== undefined && last.range !== 'today';
  if (
    last === undefined ||
    !(isOfYear || isRanged) ||
    !isSame ||
    own.fields.length > 1 ||
    (name !== 'high' && name !== 'low')
  )
    return undefined;
  if (names(own, 'range', 'base', 'conditions', 'forms')) return undefined;
  const order = name === 'high' ? 'highest' : 'lowest';
  const symbols = own.symbols.length > 0 ? own.symbols : last.symbols;
  return { ...own, symbols, fields: [`${order}(${name})`, `${order}On(${name})`], range: last.range ?? 'past year' };
}

/** `so up or down`, `how many percent is that`: after a price of now and one of then, the change between them. */
export function changeSinceThen(last: Query, own: Slots, now: EpochMs): Slots | undefined {
  const { asksSize: _size, unit: _unit, isYesNo: _asked, pronoun: _pronoun, ...rest } = own;
  const day = last.isBesideNow === true ? dayOf(last.range, now) : undefined;
  const isAsked = names(own, 'move', 'asksSize', 'unit');
  const isElse = !isOfNothing({ ...own, move: undefined as never }) || own.range !== undefined;
  if (day === undefined || !isAsked || isElse || day >= exchangeDateOf(now)) return undefined;
  return { ...emptyOf(last), ...withoutEmpty(rest), move: 'any', range: `since ${nextTradingDay(day)}` };
}

/** What points to something of the turn before that is not there to point to. */
export function refuseVague(own: Slots, last: Query | undefined): Refusal | undefined {
  const isOtherDay = last?.range !== undefined && (own.range ?? 'today') !== last.range;
  if (own.isThat !== undefined && isOtherDay) return unclear(`which ${own.isThat} is meant`, 'name its day');
  // After a figure that is no price, "is it higher than in october" and "is it under 5%" could be of either.
  const [shown] = last?.fields ?? [];
  const isOfFigure = shown !== undefined && !PRICES.has(shown) && !/^change/.test(shown);
  const isOfChange =
    own.conditions.length > 0 && own.conditions.every(({ left }) => left === 'changePercent') && own.move === undefined;
  if ((isOfFigure || last?.form === 'contract') && isOfChange && own.pronoun === 'it' && own.fields.length === 0)
    return unclear('what "it" is compared with', `name the figure, like ${shown ?? 'mid'}`);
  // "what is it for nvidia" after a term.
  const isNothing = own.symbols.length > 0 && !hasContent(own) && isOfNothing(own);
  if (last === undefined && own.pronoun === 'it' && own.isWhat === true && isNothing)
    return unclear('what "it" is', `name the figure, like iv of ${own.symbols[0] ?? 'NVDA'}`);
  const isOfReport =
    last !== undefined &&
    (last.form === 'events' || last.fields.some((name) => /^(?:nextEarnings|daysToEarnings)$/.test(name)));
  const expects = own.fields.some((name) => /^(?:expectedMove|straddle)/.test(name)) && own.expiration === undefined;
  return isOfReport && expects && own.symbols.every((symbol) => last.symbols.includes(symbol))
    ? unclear(
        'which expiration is meant',
        `name the first one after the report, like expected move of ${last.symbols[0] ?? 'ORCL'} february`,
      )
    : undefined;
}

/** `and the 200 day?` after whether it is above its 50 day: the same test of another level. */
export function retest(last: Query, own: Slots): Slots | undefined {
  const [level = '', ...more] = own.fields;
  const [condition, ...others] = last.conditions;
  const { left = '', operator = '', right = '' } = condition ?? {};
  const isTested = others.length === 0 && left !== '' && isLevel(right) && !Number.isFinite(Number(right));
  if (!isTested || more.length > 0 || !isLevel(level) || own.isWhat === true || !isOfNothing({ ...own, fields: [] }))
    return undefined;
  const { conditions: _before, fields: _fields, ...rest } = own;
  return {
    ...emptyOf(last),
    ...withoutEmpty(rest),
    fields: last.fields.filter((name) => name !== right),
    conditions: [conditionOf(left, operator, level)],
    ...(last.isYesNo === undefined ? {} : { isYesNo: last.isYesNo }),
    ...(last.isWhich === undefined ? {} : { isWhich: last.isWhich }),
  };
}

/** The one day of a range, as it was said. */
function dayOf(range: string | undefined, now: EpochMs): string | undefined {
  const day = range === undefined ? undefined : (splitHours(range)?.day ?? range);
  const { from, to } = day === undefined || day === 'today' ? {} : resolveRange(day, now);
  return from === to ? from : undefined;
}

export function symbolsMeant(
  own: Slots,
  { last, symbolSets: sets, run = [] }: Background,
): { symbols: TickerSymbol[] } | Refusal {
  const { pronoun } = own;
  const latest = sets.at(-1);
  if (latest === undefined) return unclear('which symbol is meant', 'name one, like NVDA or Apple');
  if (typeof pronoun === 'number') return countedSymbols(pronoun, last, sets, run);
  const isOfOne = pronoun === 'it' || pronoun === 'one';
  // "its worst month" ranks months, "which is its best" symbols.
  const ranksSymbols = own.rank !== undefined && own.interval === undefined;
  if (isOfOne && latest.length > 1 && !ranksSymbols && !names(own, 'conditions', 'base'))
    return unclear(`which of ${latest.join(', ')} is meant`, `name one of them, like ${latest[0] ?? ''}`);
  // "compare them", "which did better" after one symbol and then another.
  const comparesSeveral =
    names(own, 'isComparison', 'rank', 'isWhich') ||
    (isEnd(own.aggregate) && own.asksWhen !== true && own.isDays !== true);
  if (!comparesSeveral) return { symbols: latest };
  const inTurn = symbolsInTurn(sets);
  if (run.length > latest.length) return { symbols: run };
  return { symbols: latest.length === 1 && inTurn.length > 1 ? inTurn : latest };
}

/** `both`, `the three`: the turn that had so many, or the single symbols asked about one after another. */
function countedSymbols(
  count: number,
  last: Query | undefined,
  sets: TickerSymbol[][],
  run: TickerSymbol[],
): { symbols: TickerSymbol[] } | Refusal {
  const [latest = []] = sets.slice(-1);
  const isBothSidesOfOne = count === 2 && last !== undefined && OPTION_FORMS.has(last.form) && latest.length === 1;
  const inTurn = symbolsInTurn(sets);
  const found =
    [inTurn, run].find((set) => set.length === count && count > 1) ?? sets.findLast((set) => set.length === count);
  if (found !== undefined) return { symbols: found };
  return isBothSidesOfOne
    ? { symbols: latest }
    : unclear(
        `which ${count} symbols are meant`,
        `name them, like ${(latest.length < count ? ['WDC', 'AMD', 'SOUN'] : latest).slice(0, count).join(', ')}`,
      );
}

/** The symbols of the last turns as far as each had one only. */
function symbolsInTurn(sets: TickerSymbol[][]): TickerSymbol[] {
  const start = sets.findLastIndex((set) => set.length !== 1) + 1;
  return [...new Set(sets.slice(start).flat())];
}

/** Beside a symbol only `its` is clear; `it`, `they`, `the three` would be someone else. */
export function checkPronoun(own: Slots): Slots | Refusal {
  const { pronoun, symbols, conditions, fields, alsoBases = [], rank, isComparison } = own;
  // "above both its 50 and 200 day" counts averages; one company may be "they".
  const isOfFigures = pronoun === conditions.length || pronoun === fields.length || pronoun === alsoBases.length + 1;
  const isCompany = pronoun === 'many' && rank === undefined && isComparison !== true;
  const isClear =
    pronoun === undefined ||
    (typeof pronoun === 'number' && isOfFigures) ||
    isCompany ||
    pronoun === 'one' ||
    pronoun === 'it' ||
    pronoun === symbols.length ||
    (pronoun === 'many' && symbols.length > 1);
  return isClear ? own : unclear(`which symbol is meant beside ${symbols.join(', ')}`, 'name the symbols only');
}

/** What two turns share of the same figures: symbols and dates. */
export function emptyOf({ symbols, range, interval, expiration }: Query): Slots {
  return {
    ...emptySlots(),
    symbols,
    ...(range === undefined ? {} : { range }),
    ...(interval === undefined ? {} : { interval }),
    ...(expiration === undefined ? {} : { expiration }),
  };
}

export function withoutEmpty(own: Partial<Slots>): Partial<Slots> {
  return Object.fromEntries(
    Object.entries(own).filter(
      ([, value]) => (value as unknown) !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

export function isOfNothing(slots: Partial<Slots>): boolean {
  return !names(slots, 'fields', 'forms', 'conditions', 'base', 'move', 'rank');
}

/** `how many of those are green`: of several symbols, else of the sessions of the one. */
export function countedAmong(own: Slots, last: Query | undefined): Slots {
  if (own.isCount !== true || own.isWhich !== true || own.symbols.length > 0 || own.rank !== undefined) return own;
  const { isCount, isWhich, pronoun, isNarrower, ...rest } = own;
  return last?.symbols.length === 1
    ? { ...rest, isCount }
    : {
        ...rest,
        isWhich,
        ...(pronoun === undefined ? {} : { pronoun }),
        ...(isNarrower === undefined ? {} : { isNarrower }),
      };
}

/** `rose`, `more than one percent`, `which days were they`: of a count its direction, its bound, its days. */
export function recount(last: Query, own: Slots): Slots | undefined {
  const { isDays, asksWhen, move, conditions } = own;
  if ((last.isCount !== true && last.form !== 'days') || names(own, 'fields', 'forms', 'base')) return undefined;
  // "and did it close higher": the period itself.
  if (own.isYesNo === true && own.pronoun === 'it' && last.form !== 'days') return undefined;
  const { move: before, conditions: counted } = last;
  const {
    isDays: _days,
    asksWhen: _when,
    isCount: _count,
    move: _move,
    pronoun: _pronoun,
    asksSize: _size,
    ...rest
  } = own;
  const kept = { ...emptyOf(last), ...withoutEmpty(rest) };
  const shown =
    isDays === true || asksWhen === true || last.form === 'days'
      ? { isDays: true as const }
      : { isCount: true as const };
  const share = last.isShare === true ? { isShare: true as const } : {};
  const [bound, ...more] = conditions;
  const isDown = (move ?? before) === 'down' || (move === undefined && counted[0]?.operator?.startsWith('<') === true);
  if (bound?.left === 'changePercent' && more.length === 0 && counted.every(({ left }) => left === 'changePercent')) {
    const isFlipped = isDown && Number(bound.right) > 0;
    const [operator, right] = isFlipped ? ['<', `-${bound.right ?? ''}`] : [bound.operator ?? '>', bound.right ?? ''];
    return { ...kept, ...shown, conditions: [conditionOf('changePercent', operator, right)] };
  }
  if (conditions.length > 0) return undefined;
  const [only] = counted;
  if (move !== undefined && move !== 'any' && counted.length === 1 && only?.left === 'changePercent') {
    const size = String(Math.abs(Number(only.right)));
    const condition =
      move === 'down' ? conditionOf('changePercent', '<', `-${size}`) : conditionOf('changePercent', '>', size);
    return { ...kept, ...shown, ...share, conditions: [condition] };
  }
  if (move !== undefined && counted.length > 0) return undefined;
  const isAsked = move !== undefined || isDays === true || asksWhen === true;
  const direction = move ?? before;
  if (!isAsked) return undefined;
  return { ...kept, ...shown, ...share, conditions: counted, ...(direction === undefined ? {} : { move: direction }) };
}

/** `how many are negative`: of the distance or figure that was shown. */
export function signOf(last: Query, own: Slots): Slots | undefined {
  const { move, isSigned, ...rest } = own;
  const figure =
    last.base === undefined
      ? last.fields.find((name) => !PRICES.has(name))
      : last.columns.find((column) => column.endsWith('distance'))?.replace(/ as \w+$/, '');
  const isDirected = move === 'up' || move === 'down';
  if (isSigned !== true || !isDirected || figure === undefined || !isOfNothing(rest)) return undefined;
  return {
    ...emptyOf(last),
    ...withoutEmpty(rest),
    conditions: [conditionOf(figure, move === 'down' ? '<' : '>', '0')],
  };
}

/** `by how much in q3`: of who was ahead. */
export function leadIn(last: Query, own: Slots): Slots | undefined {
  const rival = /^changePercent > ([A-Z.]+)\.changePercent$/.exec(last.conditions[0]?.expression ?? '')?.[1];
  const [leader] = last.symbols;
  const isOther = names(own, 'symbols', 'fields', 'forms', 'conditions', 'move');
  const isOne = own.asksSize === 'size' || (own.range !== undefined && !/^(?:last|past) \d/.test(own.range));
  if (isOther || !isOne || last.isCount !== true || rival === undefined || leader === undefined) return undefined;
  return {
    ...emptySlots(),
    symbols: [leader, rival],
    range: own.range ?? last.range ?? 'past year',
    fields: [`${leader}.changePercent - ${rival}.changePercent`, 'changePercent'],
    isComparison: true,
  };
}

/** `yesterday?` after the first hour of today: that of yesterday. */
export function atSameHours(own: Slots, last: Query | undefined): Slots {
  const hours = splitHours(last?.range ?? '')?.hours;
  const isDay = isOneDay(own.range) && !names(own, 'interval', 'conditions', 'base') && own.symbols.length === 0;
  return hours === undefined || !isDay ? own : { ...own, range: `${own.range ?? ''} ${hours}` };
}

/** The side of the one contract that a strategy has. */
const SIDE_OF: Readonly<Record<string, Side>> = {
  'cash-secured-put': 'put',
  'long-put': 'put',
  'covered-call': 'call',
  'long-call': 'call',
  'short-call': 'call',
};

const isOneEach = ({ form, strategy = '', ...last }: Query): boolean =>
  (form === 'contract' || form === 'chain' || (form === 'strategy' && strategy in SIDE_OF)) &&
  strikesMeant(last).length > 0;

/** What a follow-up makes of the contracts of before: so many of them, how far they are, another one. */
export function changeOfContract(last: Query, own: Slots): Slots | Refusal | undefined {
  if (!isOneEach(last) || own.symbols.length > 0 || names(own, 'forms', 'conditions', 'base', 'strategy'))
    return undefined;
  const {
    form: _form,
    columns: _columns,
    isYesNo: _asked,
    follow: _follow,
    corrected: _corrected,
    rank: _rank,
    ...kept
  } = last;
  const { pronoun: _pronoun, fields, ...named } = own;
  const given = Object.fromEntries(
    Object.entries(named).filter(([, value]: [string, unknown]) => !Array.isArray(value) || value.length > 0),
  );
  const isPrice = fields.every((name) => PRICES_OF_CONTRACT.includes(name) || name === 'last');
  // "vs the 685 call": each of its own side.
  if (last.form === 'contract' && own.isComparison === true && own.strike.length > 0) {
    const sides = [
      ...last.strike.map((each) => [each, last.side]),
      ...own.strike.map((each) => [each, own.side ?? last.side]),
    ];
    const sideOf = Object.fromEntries(sides.filter(([, side]) => side === 'call' || side === 'put')) as Record<
      string,
      Side
    >;
    const { isComparison: _compares, ...others } = given as Partial<Slots>;
    const isMixed = own.side !== undefined && own.side !== last.side;
    return {
      ...kept,
      ...others,
      ...(isMixed ? { side: 'both' } : {}),
      strike: [...last.strike, ...own.strike],
      sideOf,
    };
  }
  if (last.form === 'strategy') {
    const isOfContract = fields.includes(FROM_SPOT) || own.asksSize === 'distance';
    const { strategy, legs: _legs, isShort: _short, ofStrategy: _figure, ...before } = kept;
    return isOfContract ? { ...before, side: SIDE_OF[strategy ?? ''] ?? 'call', fields: [FROM_SPOT] } : undefined;
  }
  if (own.ofStrategy !== undefined) return asSold(last, own);
  const { quantity = 0 } = own;
  const isStrike = last.strike.some(
    (each) => typeof each === 'number' && quantity < 1.5 * each && each < 1.5 * quantity,
  );
  if (isStrike) {
    const { quantity: _count, ...others } = given as Partial<Slots>;
    return { ...kept, ...others, strike: [quantity] };
  }
  if (names(own, 'quantity', 'traded', 'book') && isPrice && !names(own, 'strike', 'side', 'delta')) {
    return { ...kept, ...given, fields: fields.length > 0 ? fields : PRICES_OF_CONTRACT };
  }
  // "if I go out to the 18th instead, how much more": of both, and the difference.
  const { expiration = '' } = own;
  const asksMore = own.rank !== undefined && isPrice && last.form === 'contract' && expiration !== '';
  if (asksMore && !names(own, 'strike', 'side', 'delta') && last.expiration !== undefined) {
    const { asksSize: _size, isTarget: _target, quantity: _count, ...others } = given as Partial<Slots>;
    const all = contractColumns(last);
    return {
      ...kept,
      ...others,
      expiration: `${last.expiration}, ${expiration}`,
      rank: { order: 'highest', by: all.findLast((name) => name.includes(' * ')) ?? 'mid' },
    };
  }
  // "what about the 75 instead": another contract, with its price beside the figure that was asked last.
  const isOther = last.form === 'contract' && last.fields.length > 0 && own.strike.length > 0 && fields.length === 0;
  if (isOther && !names(own, 'side', 'expiration', 'rank', 'asksSize')) {
    const { delta: _delta, away: _away, sideOf: _sides, ...before } = kept;
    const isOfPrice = last.fields.some((name) => PRICES_OF_CONTRACT.includes(name));
    return { ...before, ...given, fields: isOfPrice ? last.fields : [...PRICES_OF_CONTRACT, ...last.fields] };
  }
  const isFar = own.asksSize === 'distance';
  if (isFar && fields.length === 0 && !names(own, 'strike', 'side', 'delta', 'expiration')) {
    const { asksSize: _size, isTarget: _target, move: _move, unit, ...others } = given as Partial<Slots>;
    return { ...kept, ...others, fields: [unit === 'dollars' ? 'strike - spot' : distanceOf(last.fields)] };
  }
  return undefined;
}

/** `annualized?`, `how much cash for that`: of the contract as one that is sold. */
function asSold(last: Query, { ofStrategy, quantity = last.quantity }: Slots): Slots | Refusal {
  const { symbols, side, expiration, strike, delta } = last;
  if (side === undefined || side === 'both') return notUnderstood(`"${ofStrategy ?? ''}" without a strategy`);
  const [only, ...more] = strike;
  const isByStrategy = symbols.length === 1 && more.length === 0 && (only === undefined || typeof only === 'number');
  if (!isByStrategy || (only === undefined && typeof delta !== 'number')) {
    const { form: _form, columns: _columns, ...kept } = last;
    return { ...kept, fields: [...PRICES_OF_CONTRACT, ...yieldsOf(side)] };
  }
  return {
    ...emptySlots(),
    symbols,
    strategy: side === 'put' ? 'cash-secured-put' : 'covered-call',
    strike,
    ...(expiration === undefined ? {} : { expiration }),
    ...(only === undefined && delta !== undefined ? { delta } : {}),
    ...(quantity === undefined ? {} : { quantity }),
  };
}
