// What words that point back mean: "that high", "since then", "either one", "are we above it", a pronoun for symbols.
// What a turn before does not settle is asked back.
import { nextTradingDay } from '../../domain/calendar.ts';
import { resolveRange } from '../../domain/date-phrases.ts';
import { splitHours } from '../../domain/session-hours.ts';
import { exchangeDateOf } from '../../domain/exchange-time.ts';
import { present } from '../../domain/present.ts';
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
  without,
} from './query.ts';
import { isWay } from './said.ts';

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
  if (own.against === undefined) return own;
  const isNow = own.range === undefined || own.range === 'today';
  const bound = last && boundIn(last);
  const isOwn = isOfNothing(own, 'fields') && own.fields.every((name) => name === (bound?.of ?? 'last'));
  if (last === undefined || bound === undefined || !isNow || !isOwn) return notUnderstood('what it is compared with');
  const { range } = last;
  const isDated = range !== undefined && range !== 'today' && bound.of === 'last';
  return {
    ...without(own, 'against', 'pronoun', 'fields', 'range', 'expiration'),
    symbols: own.symbols.length > 0 ? own.symbols : last.symbols,
    fields: [],
    ...(isDated ? { range } : {}),
    conditions: [conditionOf(bound.of, own.against, bound.level)],
  };
}

/** The one figure of a turn that a price or a volume of now can be compared with. */
function boundIn({
  columns,
  fields,
  range = '',
  symbols,
}: Query): { of: 'last' | 'volume'; level: string } | undefined {
  const shown = columns.length === 0 ? fields.slice(0, 1) : columns.filter((each) => !/On\(/.test(each));
  const [level = '', ...others] = shown;
  if (others.length > 0 || symbols.length !== 1) return undefined;
  const sessions = /^(?:last |past )?(\d{1,3}) (?:trading )?(?:days|sessions)$/.exec(range)?.[1];
  if (/averageVolume|^avg\(volume/i.test(level))
    return { of: 'volume', level: sessions === undefined ? 'averageVolume' : `avg(volume, ${sessions})` };
  const isPrice = !/volume/i.test(level) && (isLevel(level) || EXTREME_OF_RANGE.test(level));
  return isPrice ? { of: 'last', level } : undefined;
}

/** `of that week`, `until the end of October`: with the range of the turn before, or from where it began. */
export function withPeriodOf(own: Slots, last: Query | undefined, now: EpochMs): Slots | Refusal {
  const { samePeriod, ...rest } = own;
  const end = /^until (.+)$/.exec(own.range ?? '')?.[1];
  if (samePeriod === undefined && end === undefined) return own;
  if (samePeriod === 'since') return sinceThen(rest, last, now);
  const isDay = samePeriod === 'day';
  if (samePeriod !== undefined && names(own, 'range', 'expiration')) {
    const isSpan = isDay && !names(own, 'expiration') && !own.forms.includes('market');
    return isSpan && dayOf(own.range, now) === undefined ? unclear('which day is meant', 'name its date') : rest;
  }
  // "same window": also of what is no date.
  if (samePeriod === 'same' && last?.range === undefined) return rest;
  if (isDay && !isOfDay(last, now)) return unclear('which day is meant', 'name its date');
  if (last?.range === undefined)
    return notUnderstood(end === undefined ? 'which period is meant' : `"until" without a start`);
  if (end === undefined) return { ...rest, range: last.range };
  if (splitHours(last.range) !== undefined) return notUnderstood(`"until" after a part of a day`);
  return { ...rest, range: `${resolveRange(last.range, now).from} to ${end}` };
}

/** Of one day that is known: one that the turn itself found is not. */
const isOfDay = (last: Query | undefined, now: EpochMs): boolean =>
  last?.form !== 'days' &&
  last?.columns.some((column) => /On\(/.test(column)) !== true &&
  dayOf(last?.range, now) !== undefined;

/** `how far has it climbed since then`: after a low from that low, else from the day of before on. */
function sinceThen(own: Slots, last: Query | undefined, now: EpochMs): Slots | Refusal {
  const isRanged = last?.range !== undefined && last.range !== 'today';
  const base = last?.columns.find(
    (column) => EXTREME_OF_RANGE.test(column) || (isRanged && /^(?:high|low)$/.test(column)),
  );
  if (base !== undefined && last?.symbols.length === 1 && isOfNothing(own, 'move'))
    return { ...without(own, 'asksSize', 'move'), base, ...present({ range: last.range }) };
  const day = own.range === undefined ? dayOf(last?.range, now) : undefined;
  if (day === undefined) return notUnderstood('since when');
  const moved = isOfNothing(own) ? { move: 'any' as const } : {};
  return { ...without(own, 'asksSize'), ...moved, range: `since ${nextTradingDay(day)}` };
}

/** After the day's own high or low, `the high` is that of the day and not of the year. */
export function withExtremeOf(own: Slots, last: Query | undefined): Slots {
  const { isBareExtreme, ...rest } = own;
  const isUndated = own.range === undefined && (last?.range === undefined || isOneDay(last.range));
  if (own.fields.join() === 'maxDrawdown' && isUndated) return { ...own, fields: [], base: 'week52High' };
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
    ...present({ base: rest.base && of(rest.base) }),
    fields: rest.fields.map(of),
    conditions: rest.conditions.map((each) => ({
      ...each,
      expression: of(each.expression),
      ...present({ right: each.right && of(each.right) }),
    })),
  };
}

/** `when was that high`, `and the low`: after the high of 52 weeks that of the year. */
export function extremeOfYear(own: Slots, { last }: Background): Slots | undefined {
  if (last === undefined || !own.symbols.every((symbol) => last.symbols.includes(symbol))) return undefined;
  const isWhen = own.asksWhen === true;
  const shown = isWhen && own.fields.length === 0 ? last.fields.join() : '';
  if (shown === 'week52High,week52Low' && own.symbols.length === 0)
    return {
      ...own,
      symbols: last.symbols,
      fields: ['highest(high)', 'highestOn(high)', 'lowest(low)', 'lowestOn(low)'],
      range: 'past year',
    };
  const name = shown === 'week52High' ? 'high' : shown === 'week52Low' ? 'low' : own.fields.join();
  const isOfYear = last.form === 'figures' && last.columns.some((each) => /week52|\((?:high|low)\)/.test(each));
  // "what was its lowest point, and on which day": of the range before.
  const isRanged = isWhen && last.range !== undefined && last.range !== 'today';
  const isEndOfRange = (name === 'high' || name === 'low') && (isOfYear || isRanged);
  if (!isEndOfRange || names(own, 'range', 'base', 'conditions', 'forms')) return undefined;
  const order = name === 'high' ? 'highest' : 'lowest';
  const symbols = own.symbols.length > 0 ? own.symbols : last.symbols;
  return { ...own, symbols, fields: [`${order}(${name})`, `${order}On(${name})`], range: last.range ?? 'past year' };
}

/** `so up or down`, `how many percent is that`: after a price of now and one of then, the change between them. */
export function changeSinceThen(last: Query, own: Slots, now: EpochMs): Slots | undefined {
  const day = last.isBesideNow === true ? dayOf(last.range, now) : undefined;
  const isAsked = names(own, 'move', 'asksSize', 'unit');
  const isElse = !isOfNothing(own, 'move') || own.range !== undefined;
  if (day === undefined || !isAsked || isElse || day >= exchangeDateOf(now)) return undefined;
  const rest = withoutEmpty(without(own, 'asksSize', 'unit', 'isYesNo', 'pronoun'));
  return { ...emptyOf(last), ...rest, move: 'any', range: `since ${nextTradingDay(day)}` };
}

/** What points to something of the turn before that is not there to point to. */
export function refuseVague(own: Slots, { last }: Background): Refusal | undefined {
  return refuseThat(own, last) ?? refuseComparedIt(own, last) ?? refuseIt(own, last) ?? refuseUndatedMove(own, last);
}

/** "that high" of another day than that of before. */
function refuseThat({ isThat, range = 'today' }: Slots, last: Query | undefined): Refusal | undefined {
  const isOtherDay = last?.range !== undefined && range !== last.range;
  return isThat !== undefined && isOtherDay ? unclear(`which ${isThat} is meant`, 'name its day') : undefined;
}

/** "is it higher than in october", "is it under 5%" after a figure that is no price: could be of either. */
function refuseComparedIt(own: Slots, last: Query | undefined): Refusal | undefined {
  const [shown] = last?.fields ?? [];
  const isOfFigure = shown !== undefined && !PRICES.has(shown) && !/^change/.test(shown);
  const isOfChange = own.conditions.length > 0 && own.conditions.every(({ left }) => left === 'changePercent');
  const isPlain = own.move === undefined && own.pronoun === 'it' && own.fields.length === 0;
  return (isOfFigure || last?.form === 'contract') && isOfChange && isPlain
    ? unclear('what "it" is compared with', `name the figure, like ${shown ?? 'mid'}`)
    : undefined;
}

/** "what is it for nvidia" after a term. */
function refuseIt(own: Slots, last: Query | undefined): Refusal | undefined {
  const isNothing = own.symbols.length > 0 && !hasContent(own) && isOfNothing(own);
  return last === undefined && own.pronoun === 'it' && own.isWhat === true && isNothing
    ? unclear('what "it" is', `name the figure, like iv of ${own.symbols[0] ?? 'NVDA'}`)
    : undefined;
}

/** "and the expected move" after a report: of the expiration that nobody named. */
function refuseUndatedMove(own: Slots, last: Query | undefined): Refusal | undefined {
  const isOfReport =
    last?.form === 'events' || last?.fields.some((name) => /^(?:nextEarnings|daysToEarnings)$/.test(name)) === true;
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
  if (!isTested || more.length > 0 || !isLevel(level) || own.isWhat === true || !isOfNothing(own, 'fields'))
    return undefined;
  const { isYesNo, isWhich } = last;
  return {
    ...emptyOf(last),
    ...withoutEmpty(without(own, 'conditions', 'fields')),
    fields: last.fields.filter((name) => name !== right),
    conditions: [conditionOf(left, operator, level)],
    ...present({ isYesNo, isWhich }),
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
  return { ...emptySlots(), symbols, ...present({ range, interval, expiration }) };
}

export function withoutEmpty(own: Partial<Slots>): Partial<Slots> {
  return Object.fromEntries(
    Object.entries(own).filter(
      ([, value]) => (value as unknown) !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

const FIGURES = ['fields', 'forms', 'conditions', 'base', 'move', 'rank'] as const;

/** Asks for no figure, test or order, or for none but of this kind. */
export function isOfNothing(slots: Partial<Slots>, but?: (typeof FIGURES)[number]): boolean {
  return !FIGURES.some((each) => each !== but && names(slots, each));
}

/** `how many of those are green`: of several symbols, else of the sessions of the one. */
export function countedAmong(own: Slots, last: Query | undefined): Slots {
  if (own.isCount !== true || own.isWhich !== true || own.symbols.length > 0 || own.rank !== undefined) return own;
  const { isCount, isWhich, pronoun, isNarrower, ...rest } = own;
  return { ...rest, ...(last?.symbols.length === 1 ? { isCount } : present({ isWhich, pronoun, isNarrower })) };
}

/** `rose`, `more than one percent`, `which days were they`: of a count its direction, its bound, its days. */
export function recount(last: Query, own: Slots): Slots | undefined {
  const { move, conditions } = own;
  if ((last.isCount !== true && last.form !== 'days') || names(own, 'fields', 'forms', 'base')) return undefined;
  // "and did it close higher": the period itself.
  if (own.isYesNo === true && own.pronoun === 'it' && last.form !== 'days') return undefined;
  const isListed = own.isDays === true || own.asksWhen === true;
  const rest = withoutEmpty(without(own, 'isDays', 'asksWhen', 'isCount', 'move', 'pronoun', 'asksSize'));
  const kept: Slots = {
    ...emptyOf(last),
    ...rest,
    ...(isListed || last.form === 'days' ? { isDays: true } : { isCount: true }),
  };
  const isOfChange = last.conditions.every(({ left }) => left === 'changePercent');
  if (conditions.length > 0) return isOfChange ? otherBound(last, own, kept) : undefined;
  const counted = { ...kept, ...present({ isShare: last.isShare }) };
  const [only, ...more] = last.conditions;
  if (move !== undefined && move !== 'any' && more.length === 0 && only?.left === 'changePercent') {
    const size = String(Math.abs(Number(only.right)));
    const [operator, right] = move === 'down' ? ['<', `-${size}`] : ['>', size];
    return { ...counted, conditions: [conditionOf('changePercent', operator, right)] };
  }
  if (move === undefined ? !isListed : only !== undefined) return undefined;
  return { ...counted, conditions: last.conditions, ...present({ move: move ?? last.move }) };
}

/** `more than one percent` after the days it fell: in their direction. */
function otherBound(last: Query, { move, conditions }: Slots, kept: Slots): Slots | undefined {
  const [bound, ...more] = conditions;
  if (bound?.left !== 'changePercent' || more.length > 0) return undefined;
  const { operator = '>', right = '' } = bound;
  const isOfFalls = last.move === 'down' || last.conditions[0]?.operator?.startsWith('<') === true;
  const isDown = move === undefined ? isOfFalls : move === 'down';
  const isFlipped = isDown && Number(right) > 0;
  const condition = conditionOf('changePercent', isFlipped ? '<' : operator, isFlipped ? `-${right}` : right);
  return { ...kept, conditions: [condition] };
}

/** `how many are negative`: of the distance or figure that was shown. */
export function signOf(last: Query, own: Slots): Slots | undefined {
  const { move, isSigned, ...rest } = own;
  const figure =
    last.base === undefined
      ? last.fields.find((name) => !PRICES.has(name))
      : last.columns.find((column) => column.endsWith('distance'))?.replace(/ as \w+$/, '');
  const isDirected = isWay(move);
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

/** What a follow-up makes of the contracts of before, in order: so many of them, how far they are, another one. */
export function changeOfContract(last: Query, own: Slots): Slots | Refusal | undefined {
  if (!isOneEach(last) || own.symbols.length > 0 || names(own, 'forms', 'conditions', 'base', 'strategy'))
    return undefined;
  const kept = without(last, 'form', 'columns', 'isYesNo', 'follow', 'corrected', 'rank');
  const given = withoutEmpty(without(own, 'pronoun', 'fields'));
  const compared = besideOther(last, own, { ...kept, ...without(given, 'isComparison') });
  if (compared !== undefined) return compared;
  if (last.form === 'strategy') return asContract(own, kept);
  if (own.ofStrategy !== undefined) return asSold(last, own);
  return (
    pricesOfLots(own, { ...kept, ...given }) ??
    ofBothDates(last, own, { ...kept, ...without(given, 'asksSize', 'isTarget', 'quantity') }) ??
    otherStrike(last, own, { ...without(kept, 'delta', 'away', 'sideOf'), ...given }) ??
    distanceToStrike(last, own, { ...kept, ...without(given, 'asksSize', 'isTarget', 'move', 'unit') })
  );
}

const isPrice = ({ fields }: Slots): boolean =>
  fields.every((name) => PRICES_OF_CONTRACT.includes(name) || name === 'last');

/** "vs the 685 call": each of its own side. */
function besideOther(last: Query, own: Slots, kept: Slots): Slots | undefined {
  if (last.form !== 'contract' || own.isComparison !== true || own.strike.length === 0) return undefined;
  const { side = last.side } = own;
  const sides = [...last.strike.map((each) => [each, last.side]), ...own.strike.map((each) => [each, side])];
  return {
    ...kept,
    ...(side === last.side ? {} : { side: 'both' }),
    strike: [...last.strike, ...own.strike],
    sideOf: Object.fromEntries(sides.filter(([, of]) => of === 'call' || of === 'put')) as Record<string, Side>,
  };
}

/** "how far otm is it" after a covered call: of its call. */
function asContract({ fields, asksSize }: Slots, kept: Slots): Slots | undefined {
  if (!fields.includes(FROM_SPOT) && asksSize !== 'distance') return undefined;
  const { strategy = '', ...before } = without(kept, 'legs', 'isShort', 'ofStrategy');
  return { ...before, side: SIDE_OF[strategy] ?? 'call', fields: [FROM_SPOT] };
}

/** "what are 5 of them", "I sold it at 2.10": its prices. */
function pricesOfLots(own: Slots, kept: Slots): Slots | undefined {
  const isOther = !isPrice(own) || names(own, 'strike', 'side', 'delta');
  if (!names(own, 'quantity', 'traded', 'book') || isOther) return undefined;
  return { ...kept, fields: own.fields.length > 0 ? own.fields : PRICES_OF_CONTRACT };
}

/** "if I go out to the 18th instead, how much more": of both, and the difference. */
function ofBothDates(last: Query, own: Slots, kept: Slots): Slots | undefined {
  const isOther = last.form !== 'contract' || !isPrice(own) || names(own, 'strike', 'side', 'delta');
  if (isOther || own.rank === undefined || own.expiration === undefined || last.expiration === undefined)
    return undefined;
  const by = contractColumns(last).findLast((name) => name.includes(' * ')) ?? 'mid';
  return { ...kept, expiration: `${last.expiration}, ${own.expiration}`, rank: { order: 'highest', by } };
}

/** "what about the 75 instead": another contract, with its price beside the figure that was asked last. */
function otherStrike(last: Query, own: Slots, kept: Slots): Slots | undefined {
  const isOther = last.form === 'contract' && last.fields.length > 0 && own.strike.length > 0;
  if (!isOther || names(own, 'fields', 'side', 'expiration', 'rank', 'asksSize')) return undefined;
  const isOfPrice = last.fields.some((name) => PRICES_OF_CONTRACT.includes(name));
  return { ...kept, fields: isOfPrice ? last.fields : [...PRICES_OF_CONTRACT, ...last.fields] };
}

/** "how far is that", "in dollars": of its strike from the spot. */
function distanceToStrike(last: Query, own: Slots, kept: Slots): Slots | undefined {
  if (own.asksSize !== 'distance' || names(own, 'fields', 'strike', 'side', 'delta', 'expiration')) return undefined;
  return { ...kept, fields: [own.unit === 'dollars' ? 'strike - spot' : distanceOf(last.fields)] };
}

/** `annualized?`, `how much cash for that`: of the contract as one that is sold. */
function asSold(last: Query, { ofStrategy, quantity = last.quantity }: Slots): Slots | Refusal {
  const { symbols, side, expiration, strike, delta } = last;
  if (side === undefined || side === 'both') return notUnderstood(`"${ofStrategy ?? ''}" without a strategy`);
  const [only, ...more] = strike;
  const isByStrategy = symbols.length === 1 && more.length === 0 && (only === undefined || typeof only === 'number');
  if (!isByStrategy || (only === undefined && typeof delta !== 'number')) {
    return { ...without(last, 'form', 'columns'), fields: [...PRICES_OF_CONTRACT, ...yieldsOf(side)] };
  }
  return {
    ...emptySlots(),
    symbols,
    strategy: side === 'put' ? 'cash-secured-put' : 'covered-call',
    strike,
    ...present({ expiration, delta: only === undefined ? delta : undefined, quantity }),
  };
}
