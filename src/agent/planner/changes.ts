// The query before with the parts changed that a follow-up names: an ordered list of what can be changed, the first that
// applies decides, and what none of them knows takes the place of its own kind.
import { present } from '../../domain/present.ts';
import type { Side, TickerSymbol } from '../../domain/types.ts';
import { inUnit } from './bare-follow-up.ts';
import { PRICES, conditionOf, figuresOf, isLevel, isOfOptions, resolved, toBreakEven } from './draft.ts';
import {
  EXTREME_OF_RANGE,
  OPTION_FORMS,
  changeOfContract,
  emptyOf,
  isOfNothing,
  leadIn,
  recount,
  retest,
  signOf,
  withoutEmpty,
} from './pointing.ts';
import {
  OF_STRATEGY,
  type Query,
  type Refusal,
  type Slots,
  emptySlots,
  hasContent,
  isEnd,
  isOneDay,
  names,
  notUnderstood,
  rankOfExtreme,
  sidesIn,
  unclear,
  wordsIn,
  without,
} from './query.ts';

/** What one kind of follow-up makes of the query before; undefined where it is none of that kind. */
type Change = (last: Query, own: Slots, sets: TickerSymbol[][]) => Slots | Refusal | undefined;

export const isOptionQuery = (query: Query): boolean =>
  OPTION_FORMS.has(query.form) || figuresOf(query).some(isOfOptions);

/** The last query with what is named now in the place of what was there. */
export function changeOf(last: Query, said: Slots, sets: TickerSymbol[][]): Slots | Refusal {
  const ofContract = changeOfContract(last, settleDate(last, said));
  if (ofContract !== undefined) return ofContract;
  const own = asPayoff(last, said);
  for (const change of CHANGES) {
    const changed = change(last, own, sets);
    if (changed !== undefined) return changed;
  }
  const namesFigures = names(own, 'fields', 'forms', 'conditions', 'base', 'move');
  const unit = namesFigures || last.base !== undefined ? undefined : own.unit;
  const turned = unit === undefined ? own : { ...own, fields: inUnit(last, unit), ...rankInUnit(last, unit) };
  if (turned.fields.join() === 'last' && last.form === 'contract' && turned.side === undefined)
    return unclear('the price of the option or of the stock', 'name the strike, like 410c, or the symbol');
  return withNamed(last, turned, namesFigures ? contextOf(last, turned) : keptOf(last), namesFigures);
}

/** "where does it need to go" after a contract: its break-even. */
function asPayoff(last: Query, own: Slots): Slots {
  const isPayoff = own.isTarget === true && own.move === 'up' && isOfNothing(own, 'move');
  if (!isPayoff || (last.form !== 'contract' && last.form !== 'strategy')) return own;
  const asked = { ...own, fields: [] };
  toBreakEven(asked);
  return asked;
}

/** All of the query before but how it was asked; a distance that was asked for in dollars stays one. */
function keptOf({ unit, ...last }: Query): Slots {
  const kept = without(
    last,
    ...(['form', 'columns', 'follow', 'pronoun', 'isYesNo', 'corrected', 'isHeldOnly', 'isDataOnly', 'drop'] as const),
    'isNarrower',
  );
  return unit === undefined || last.base === undefined ? kept : { ...kept, unit };
}

/** "add its rsi, sort by it": by what is added. */
function addFigures(last: Query, own: Slots): Slots | undefined {
  if (own.follow !== 'add' || own.fields.length === 0 || names(own, 'forms', 'conditions')) return undefined;
  const added = own.rank === undefined ? own.fields : own.fields.map(resolved);
  const rank = own.rank === undefined ? {} : { rank: { by: added[0] ?? '', ...own.rank } };
  return { ...keptOf(last), ...withoutEmpty(own), fields: [...new Set([...last.fields, ...added])], ...rank };
}

const PUT_CALL: Readonly<Record<string, string>> = { volume: 'putCallVolume', openInterest: 'putCallOpenInterest' };

/** "by open interest" after a put/call ratio. */
function otherPutCall(last: Query, own: Slots): Slots | undefined {
  const byWhat = last.fields.some((name) => name.startsWith('putCall')) ? PUT_CALL[own.fields.join()] : undefined;
  return byWhat === undefined ? undefined : { ...keptOf(last), ...withoutEmpty(own), fields: [byWhat] };
}

/** "10 wide", "and the max loss" after a strategy that was priced. */
function changeOfStrategy(last: Query, own: Slots): Slots | Refusal | undefined {
  if (last.form !== 'strategy') return undefined;
  if (own.width !== undefined && last.strike.length > 1)
    return unclear('which of the strikes stays', 'name both, like 670/665');
  const dated = settleDate(last, own);
  const isOther = names(dated, 'forms', 'conditions', 'base', 'move', 'rank', 'range', 'side');
  const isOfIt = !isOther && dated.fields.every((name) => OF_STRATEGY.has(name));
  return isOfIt ? { ...keptOf(last), ...withoutEmpty(dated) } : undefined;
}

/** "both": the strikes or dates of before, else calls and puts. */
function bothSides(last: Query, own: Slots, sets: TickerSymbol[][]): Slots | undefined {
  const isOfOne = own.symbols.length === 0 && sets.at(-1)?.length === 1;
  if (own.pronoun !== 2 || !isOfOne || !OPTION_FORMS.has(last.form)) return undefined;
  const isPair = last.strike.length === 2 || last.expiration?.includes(', ') === true;
  return isPair || own.expiration !== undefined
    ? { ...keptOf(last), ...withoutEmpty(settleDate(last, without(own, 'pronoun'))) }
    : { ...keptOf(last), side: 'both' };
}

/** "only those over 5000", "which of those is below its 50 day": the conditions of before and one more. */
function narrow(last: Query, own: Slots): Slots | undefined {
  const isOwn = own.fields.some((name) => !own.conditions.some(({ left }) => left === name));
  if (own.isNarrower !== true || own.conditions.length === 0 || own.forms.length > 0 || isOwn) return undefined;
  const { rank, limit, ...unranked } = without(last, 'form', 'columns', 'isYesNo');
  // The strikes next to the price stay so many.
  const before = rank?.by === 'strike' && limit !== undefined ? { ...unranked, rank, limit } : unranked;
  const named = withoutEmpty(without(own, 'fields'));
  return { ...before, ...named, conditions: [...last.conditions, ...own.conditions] };
}

/** "what range is that" after an expected move: around the price. */
function rangeOfMove(last: Query, own: Slots): Slots | undefined {
  const isRange = own.fields.join() === 'range,high,low' && isOfNothing(own, 'fields');
  return isRange && last.fields.includes('expectedMove')
    ? { ...emptyOf(last), fields: ['last - expectedMove', 'last + expectedMove', 'expectedMove'] }
    : undefined;
}

/** "how much a share": of the dividend whose date was asked for. */
function amountOfDividend(last: Query, own: Slots): Slots | undefined {
  const isAmount = own.asksSize === 'size' && last.fields.includes('exDividend') && isOfNothing(own);
  return isAmount ? { ...emptyOf(last), forms: ['events'] } : undefined;
}

/** "in atrs" after a distance. */
function distanceInAtrs(last: Query, own: Slots): Slots | undefined {
  const isInAtrs = /^atr\d[^,]*$/.test(own.fields.join()) && isOfNothing(own, 'fields');
  return isInAtrs && last.base !== undefined ? { ...emptyOf(last), ...withoutEmpty(own), base: last.base } : undefined;
}

/** "its theta" after the price of a straddle. */
function figureOfStraddle(last: Query, own: Slots): Slots | undefined {
  const [price] = own.fields;
  const isFigure = price !== undefined && price !== 'last' && own.fields.every((each) => OF_STRATEGY.has(each));
  const isOfStraddle = last.columns.includes('straddle') && (own.ofStrategy !== undefined || isFigure);
  return isOfStraddle && !names(own, 'strike', 'side') && last.symbols.length === 1
    ? { ...emptyOf(last), ...withoutEmpty(settleDate(last, own)), strategy: 'straddle' }
    : undefined;
}

/** "just the puts" after a total of options. */
function totalOfSide(last: Query, own: Slots): Slots | undefined {
  const total = [...last.fields, ...last.columns].find((name) =>
    /^(?:volume|openInterest|optionOpenInterest|optionVolume)$/.test(name),
  );
  const isSide = own.side !== undefined && own.side !== 'both' && own.strike.length === 0 && isOfNothing(own);
  if (last.form !== 'figures' || !isOptionQuery(last) || total === undefined || !isSide) return undefined;
  return { ...emptyOf(last), fields: [`${own.side ?? ''}${/volume$/i.test(total) ? 'Volume' : 'OpenInterest'}`] };
}

/** "strike with the most", "top 3 strikes": of the contracts of a total. */
function strikesOfTotal(last: Query, own: Slots): Slots | undefined {
  const [, side, figure] = /^(call|put)(Volume|OpenInterest)$/.exec(last.columns[0] ?? '') ?? [];
  const isOfStrikes =
    own.forms.join() === 'chain' || (own.fields.join() === 'strike' && names(own, 'rank', 'aggregate'));
  if (figure === undefined || !isOfStrikes || own.side !== undefined) return undefined;
  return {
    ...emptyOf(last),
    ...withoutEmpty(own),
    side: side as Side,
    forms: ['chain'],
    fields: [`${figure.charAt(0).toLowerCase()}${figure.slice(1)}`],
    rank: { order: own.rank?.order ?? (own.aggregate === 'lowest' ? 'lowest' : 'highest') },
  };
}

/** "and the straddle" after a contract: at its strike. */
function straddleAtStrike(last: Query, own: Slots): Slots | undefined {
  const [strike] = last.strike;
  const isStraddle = own.fields.join() === 'straddle' || own.strategy === 'straddle';
  if (last.form !== 'contract' || !isStraddle || own.strike.length > 0 || typeof strike !== 'number') return undefined;
  const named = withoutEmpty({ ...settleDate(last, own), fields: [] });
  return { ...emptyOf(last), ...named, strategy: 'straddle', strike: [strike] };
}

/** "and a straddle" after what is no strategy: at its expiration and delta. */
function otherStrategy(last: Query, own: Slots): Slots | undefined {
  if (own.strategy === undefined || last.form === 'strategy') return undefined;
  const delta = own.strike.length > 0 ? undefined : last.delta;
  return { ...emptyOf(without(last, 'range')), ...present({ delta }), ...withoutEmpty(settleDate(last, own)) };
}

/** "which was best" of one symbol alone: a comparison of one with itself. */
function refuseRankOfOne(last: Query, own: Slots, sets: TickerSymbol[][]): Refusal | undefined {
  const [only = ''] = last.symbols;
  const isRank = own.rank !== undefined && own.isWhich === true && isOfNothing(own, 'rank');
  const isOfOne = last.symbols.length === 1 && own.symbols.length === 0 && sets.flat().every((each) => each === only);
  return isRank && isOfOne && !OPTION_FORMS.has(last.form)
    ? unclear('which of several is meant', `ask of each period, or name symbols beside ${only}`)
    : undefined;
}

/** "is that high": of a volatility its rank says so, of nothing else. */
function judge(last: Query, own: Slots): Slots | Refusal | undefined {
  const [, end] = /^(high|low)$/.exec(own.fields.join()) ?? [];
  if (end === undefined || own.isYesNo !== true || own.pronoun === 'one' || names(own, 'symbols', 'range'))
    return undefined;
  return last.fields.some((name) => /^iv/i.test(name)) || last.form === 'volatility'
    ? { ...emptyOf(last), fields: ['iv30', 'ivRank', 'ivPercentile'] }
    : notUnderstood(`what a ${end} one is`);
}

/** "when was that last so" after a test. */
function lastTime(last: Query, own: Slots): Slots | undefined {
  const isPlain = /^(?:last)?$/.test(own.fields.join()) && isOfNothing(own, 'fields');
  const isTested = last.conditions.length > 0 && last.isCount !== true && last.symbols.length === 1;
  if (own.asksWhen !== true || !isPlain || !isTested) return undefined;
  return {
    ...emptyOf(last),
    range: 'past 5 years',
    occasion: 'last',
    conditions: last.conditions.map(({ left = '', operator = '', right = '', expression }) =>
      left === '' ? { expression } : conditionOf(left.replace(/^now\((\w+)\)$/, '$1'), operator, right),
    ),
  };
}

/** "vs average", "compared with its normal" after a volume. */
function compareWithUsual(last: Query, own: Slots): Slots | undefined {
  const isUsual = own.aggregate === 'average' && !names(own, 'fields', 'symbols', 'base');
  if (own.isComparison !== true || !isUsual || !last.fields.some((name) => /volume/i.test(name))) return undefined;
  const fields =
    last.range === undefined
      ? ['volume', 'averageVolume', 'relativeVolume']
      : [isOneDay(last.range) ? 'volume' : 'avg(volume)', 'now(averageVolume)'];
  const named = withoutEmpty(without(settleDate(last, without(own, 'isComparison')), 'aggregate'));
  return { ...emptyOf(last), ...named, fields };
}

/** "vs its 50 day", "vs atm iv": a price as a distance from it, another figure beside it with the difference. */
function compareWithFigure(last: Query, own: Slots): Slots | undefined {
  const [against, ...more] = own.fields;
  const isOther = more.length > 0 || names(own, 'forms', 'conditions', 'symbols', 'base');
  if (own.isComparison !== true || against === undefined || isOther) return undefined;
  const named = withoutEmpty(settleDate(last, { ...without(own, 'isComparison'), fields: [] }));
  const kept = { ...emptyOf(last), ...named };
  const shown = last.fields.find((name) => !PRICES.has(name));
  if (isLevel(against) && (shown === undefined || last.base !== undefined)) return { ...kept, base: against };
  return shown === undefined || shown === against
    ? undefined
    : { ...kept, fields: [against, shown, `${against} - ${shown}`] };
}

/** "the average" after several symbols: of which of them is not said. */
function refuseMeanOfSymbols(last: Query, { aggregate, range, ...own }: Slots): Refusal | undefined {
  const isMean = /^(?:average|median|total)$/.test(aggregate ?? '') && last.symbols.length > 1 && isOfNothing(own);
  return isMean && range === undefined ? notUnderstood(`the ${aggregate ?? ''} of several symbols`) : undefined;
}

export const EXTREME = /^(?:highest|lowest)((?:On)?\()/;

/** "worst?" after the best day: the other end of the same figures. */
function turnExtremes(last: Query, own: Slots): Slots | Refusal | undefined {
  const order = own.rank?.order ?? (isEnd(own.aggregate) ? own.aggregate : undefined);
  if (order === undefined || names(own, 'fields', 'forms', 'conditions', 'base', 'move')) return undefined;
  // "its lowest" after a last time is of the figure that was bounded, which the turn before shows no end of.
  if (last.columns.some((column) => /^(?:first|last)On\(/.test(column))) return notUnderstood(`the ${order} of what`);
  if (own.symbols.length > 1 || last.symbols.length > 1) return undefined;
  const named = withoutEmpty(without(own, 'rank', 'aggregate', 'pronoun'));
  if (last.form === 'days' && last.rank !== undefined) return { ...last, ...named, rank: { ...last.rank, order } };
  const extreme = last.columns.find((column) => EXTREME_OF_RANGE.test(column));
  // "how much lower is it now"
  if (extreme !== undefined && own.rank !== undefined && own.pronoun === 'it' && own.rank.by === undefined)
    return { ...emptyOf(last), base: extreme };
  const of = last.columns.filter((each) => EXTREME.test(each));
  if (of.length === 0 || last.form !== 'figures') return undefined;
  return { ...emptyOf(last), ...named, fields: of.map((each) => each.replace(EXTREME, `${order}$1`)) };
}

/** "by how much", "how far from there", "in dollars": the figures of the turn before as a distance or difference. */
function measure(last: Query, own: Slots): Slots | undefined {
  const isPlain = own.fields.every((name) => name === 'last') && !names(own, 'forms', 'conditions', 'base');
  if (!isPlain || own.asksSize === undefined) return undefined;
  const named = withoutEmpty(without(own, 'asksSize', 'fields', 'rank', 'move', 'pronoun'));
  const kept = { ...emptyOf(last), ...named };
  const margin = marginOf(last, kept);
  if (margin !== undefined) return margin;
  if (last.base !== undefined) return { ...kept, base: last.base };
  if (own.asksSize === 'size') return leadOfFirst(last, named);
  const level = last.fields.find((name) => !PRICES.has(name));
  const extreme = last.columns.find((column) => EXTREME_OF_RANGE.test(column));
  if (extreme !== undefined && last.symbols.length === 1) return { ...kept, base: extreme };
  const isOfLevel = level !== undefined && isLevel(level) && last.form === 'figures';
  return isOfLevel ? { ...kept, base: level } : undefined;
}

/** "by how much" after one test: how far one side of it is from the other. */
function marginOf({ conditions: [condition, ...more] }: Query, kept: Slots): Slots | undefined {
  const { left = '', right = '' } = condition ?? {};
  if (left === '' || more.length > 0) return undefined;
  if (/^(?:last|now\(last\))$/.test(left) && right !== '')
    return { ...kept, base: right.replace(/^now\((\w+)\)$/, '$1') };
  if (left === 'changePercent') return { ...kept, move: 'any' };
  return Number.isFinite(Number(right)) ? undefined : { ...kept, fields: [left, right, `${left} - ${right}`] };
}

/** "by how much" after who was first: the figure of each that it was first by. */
function leadOfFirst(last: Query, named: Partial<Slots>): Slots | undefined {
  if (last.rank === undefined || last.symbols.length < 2) return undefined;
  const { by } = last.rank;
  const isShown = by === undefined || last.fields.some((name) => !PRICES.has(name));
  return {
    ...without(last, 'rank', 'limit', 'aggregate', 'isWhich', 'isYesNo'),
    ...named,
    ...(isShown ? {} : { forms: [], fields: [by] }),
    conditions: [],
    isComparison: true,
  };
}

const CHANGES: readonly Change[] = [
  addFigures,
  otherPutCall,
  changeOfStrategy,
  bothSides,
  narrow,
  rangeOfMove,
  leadIn,
  amountOfDividend,
  distanceInAtrs,
  figureOfStraddle,
  totalOfSide,
  strikesOfTotal,
  straddleAtStrike,
  otherStrategy,
  refuseRankOfOne,
  judge,
  lastTime,
  retest,
  signOf,
  compareWithUsual,
  compareWithFigure,
  refuseMeanOfSymbols,
  turnExtremes,
  measure,
  recount,
];

/** "in dollars" after a ranking in percent: by dollars. */
function rankInUnit({ rank }: Query, unit: 'percent' | 'dollars'): Partial<Slots> {
  const [from, to] = unit === 'dollars' ? ['changePercent', 'change'] : ['change', 'changePercent'];
  return rank?.by === from ? { rank: { ...rank, by: to } } : {};
}

/** What is named now over what of before stays; an order, a side or a strike takes the place of what it stands against. */
function withNamed(last: Query, own: Slots, kept: Slots, namesFigures: boolean): Slots {
  const named = withoutEmpty(settleDate(last, own));
  const changed: Slots = { ...kept, ...named };
  orderAnew(changed, own, namesFigures);
  // A side after a question about the stock: its chain, without the stock's figures.
  if (own.side !== undefined && !OPTION_FORMS.has(last.form) && !namesFigures) {
    const { symbols, expiration } = changed;
    const forms = own.strike.length > 0 ? [] : ['chain'];
    return { ...emptySlots(), ...present({ expiration }), ...named, symbols, forms };
  }
  // "and the put": the side of before goes.
  if (own.side !== undefined && own.sideOf === undefined) delete changed.sideOf;
  // "the 410" after a chain: a contract of its own.
  if (own.strike.length > 0 && /^(?:chain|expirations|expiry)$/.test(last.form)) {
    delete changed.strikes;
    changed.forms = [];
  }
  if (own.strikes !== undefined && last.form === 'contract') changed.strike = [];
  if (last.form === 'quote' && own.range !== undefined && isOfNothing(own)) changed.isBesideNow = true;
  const isOfBars = !namesFigures && own.range !== undefined && /^(?:quote|bars)$/.test(last.form);
  if (isOfBars && changed.forms.length === 0) changed.forms = ['bars'];
  return changed;
}

/** "which is the lowest": another order, and what was tested is asked no more. */
function orderAnew(changed: Slots, own: Slots, namesFigures: boolean): void {
  if (!namesFigures && (own.rank !== undefined || (isEnd(own.aggregate) && own.isWhich === true))) {
    changed.conditions = [];
    delete changed.isYesNo;
  }
  if (isEnd(own.aggregate) && changed.rank !== undefined && own.rank === undefined) {
    changed.rank = { ...changed.rank, order: own.aggregate };
    delete changed.aggregate;
  }
}

/** A date that is both is one of the past, where nothing speaks of options. */
export function withOneDate(own: Slots): Slots {
  const isBoth = own.range !== undefined && own.expiration !== undefined;
  return isBoth && !hasContent(own) ? without(own, 'expiration') : own;
}

/** A date has the reading that the last query can take. */
function settleDate(last: Query, own: Slots): Slots {
  if (own.range !== undefined && own.expiration !== undefined && isOptionQuery(last)) return without(own, 'range');
  if (own.expiration === undefined || own.range !== undefined) return withOneDate(own);
  if (own.interval === undefined) return own;
  return without(own, isOptionQuery(last) ? 'interval' : 'expiration');
}

const OF_BARS =
  /^(?:(?:highest|lowest)(?:On)?\()?(?:last|ohlc|open|high|low|close|volume|change|changePercent|range)\)?$/;
export const OF_CONTRACT =
  /^(?:bid|ask|mid|last|volume|openInterest|iv|delta|gamma|theta|vega|spread|spreadPercent|intrinsic|extrinsic|breakEven|probabilityItm|dte|strike|spot|pct|abs|premium\w+|volumeToOpenInterest|openInterestChange)$/;

/** What of the last query goes with other figures: its dates where they can have them, its contract where it has them. */
function contextOf(last: Query, own: Slots): Slots {
  const figures = [...own.fields, ...sidesIn(own.conditions), own.base ?? ''].filter(Boolean);
  const isOption =
    figures.some(isOfOptions) || own.forms.some((form) => OPTION_FORMS.has(form)) || own.side !== undefined;
  const kept: Slots = { ...emptySlots(), symbols: last.symbols };
  if (last.range !== undefined && !isOption && isOfRange(last, own, figures)) kept.range = last.range;
  if (last.interval !== undefined && own.forms.includes('bars')) kept.interval = last.interval;
  if (last.expiration !== undefined && isOption && (isOptionQuery(last) || own.fields.length > 0))
    kept.expiration = last.expiration;
  if (last.rank !== undefined && !names(own, 'forms', 'rank', 'conditions'))
    kept.rank = rankOfExtreme(own.fields) ?? {
      order: last.rank.order,
      // "the top one: rsi": first by what was ranked.
      ...(own.limit === 1 ? { by: last.rank.by ?? last.columns[0] ?? '' } : {}),
    };
  if (last.form === 'contract' || last.form === 'chain') keepContract(kept, last, own, figures);
  return kept;
}

/** Figures that sessions of a range have. */
function isOfRange(last: Query, own: Slots, figures: readonly string[]): boolean {
  const isOfBars = figures.every((name) => OF_BARS.test(name)) && own.forms.every((form) => form === 'bars');
  const isCounted = last.form === 'bars' && names(own, 'aggregate', 'isCount');
  return isOfBars || isCounted || /drawdown/i.test(figures[0] ?? '');
}

/** "and its delta", "the chain" after a contract: its date, side and strike as far as they go with it. */
function keepContract(kept: Slots, last: Query, own: Slots, figures: readonly string[]): void {
  const isOfContract =
    !names(own, 'forms', 'move') &&
    figures.length > 0 &&
    figures.flatMap(wordsIn).every((name) => OF_CONTRACT.test(name));
  if (!isOfContract && !own.forms.includes('chain') && own.strike.length === 0) return;
  const { expiration, side, strikes, delta, money } = last;
  // Walls are of both sides, also after the puts alone.
  const isOneSided = own.forms.includes('walls') && side !== 'both';
  Object.assign(kept, present({ expiration, side: isOneSided ? undefined : side, strikes, delta, money }));
  if (isOfContract) Object.assign(kept, { strike: last.strike, forms: last.forms });
}
