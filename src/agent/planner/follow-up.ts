// Completes a question from the conversation. A follow-up is the query before it with the parts changed that it names;
// what leans on nothing is asked back, and nothing falls back to a quote.
import { ofReturns } from './settle-senses.ts';
import type { EpochMs, Side, TickerSymbol } from '../../domain/types.ts';
import { findField } from '../../fields/registry.ts';
import { stepFrom } from './calendar-dates.ts';
import { PRICES, boundOf, conditionOf, figuresOf, isLevel, isOfOptions, resolved, toBreakEven } from './draft.ts';
import { inUnit, placeNumber } from './bare-follow-up.ts';
import {
  type Background,
  EXTREME_OF_RANGE,
  OPTION_FORMS,
  againstLast,
  atSameHours,
  changeOfContract,
  changeSinceThen,
  checkPronoun,
  countedAmong,
  emptyOf,
  extremeOfYear,
  isOfNothing,
  leadIn,
  recount,
  retest,
  signOf,
  refuseVague,
  symbolsMeant,
  withExtremeOf,
  withLost,
  withPeriodOf,
  withoutEmpty,
} from './pointing.ts';
import {
  OF_STRATEGY,
  type Query,
  type Refusal,
  type Slots,
  emptySlots,
  hasContent,
  isOneDay,
  names,
  notUnderstood,
  rankOfExtreme,
  unclear,
  isEnd,
  bare,
  wordsIn,
  sidesIn,
} from './query.ts';
import { withStudy } from './study.ts';
import type { Order } from '../words/tokens.ts';

const WITHOUT_SYMBOLS = new Set(['market', 'holidays', 'social', 'positions']);

/** The same slots with what the conversation adds, or a question back. */
export function completeFromConversation(asking: Slots, asked: Background, now: EpochMs): Slots | Refusal {
  const said = ofReturns(atSameHours(countedAmong(asking, asked.last), asked.last), asked.last);
  const background =
    asked.lost === undefined || !asksByItself(said, asked.lost, asked.last) ? asked : withLost(asked, asked.lost, said);
  const { last, symbolSets, lost } = background;
  if (lost !== undefined) return completeAfterLoss(said, symbolSets);
  if (said.scan !== undefined) return refuseLeft(said) ?? said;
  const studied = withStudy(said, last);
  if (studied !== undefined) return studied;
  if (last?.form === 'scan' && said.symbols.length === 0 && said.forms.length === 0) return narrowScan(last, said);
  const placed = placeLeft(said, last, now);
  if ('refused' in placed) return placed;
  const compared = againstLast(placed, last);
  if ('refused' in compared) return compared;
  const own = withPeriodOf(withExtremeOf(compared, last), last, now);
  if ('refused' in own) return own;
  const vague = refuseVague(own, last);
  if (vague !== undefined) return vague;
  const ofYear = extremeOfYear(own, last);
  if (ofYear !== undefined) return ofYear;
  if (own.asksOpenState === true) return completeOpenState(own, last);
  if (own.forms.some((form) => WITHOUT_SYMBOLS.has(form)) || (own.isDefinition === true && own.symbols.length === 0))
    return own;
  if (last?.form === 'holidays' && said.step !== undefined && own.symbols.length === 0) return refuseLeft(said) ?? own;
  const isOfCalendar = last?.form === 'market' || last?.form === 'holidays';
  if (isOfCalendar && own.symbols.length === 0 && !hasContent(own))
    return { ...last, ...withoutEmpty(own), forms: [last.form] };
  // "what about tech" after the market's hours: a price.
  if (isOfCalendar && own.symbols.length > 0 && !hasContent(own)) return checkPronoun(withOneDate(own));
  const isBare = own.symbols.length === 0;
  if (isBare && symbolSets.length === 0 && own.isWhat === true) {
    const alone = askedOfNone(own);
    if (alone !== undefined) return alone;
  }
  if (isBare && !namesAnything(own) && !(own.quantity !== undefined && last !== undefined && OF_ONE.has(last.form)))
    return unclear('nothing was asked for that it knows');
  if (compared !== placed) return compared;
  const changedSymbols = changeSymbols(own, background);
  if (changedSymbols !== undefined && 'refused' in changedSymbols) return changedSymbols;
  const whole = wholeQuestion(own, background, changedSymbols !== undefined);
  if (whole !== undefined) return whole;
  if (last === undefined && own.follow === 'same' && !hasContent(own))
    return unclear('nothing was asked before that this could lean on');
  if (last === undefined) return isBare ? ofSymbolsMeant(own, background) : checkPronoun(own);
  if (!isBare && typeof own.pronoun === 'number' && own.limit === undefined && changedSymbols === undefined) {
    const checked = checkPronoun(own);
    if ('refused' in checked) return checked;
  }
  if (isBare && asksFirst(own) && !ranksNow(last)) return notUnderstood('which one came first');
  const changed = changeSinceThen(last, own, now) ?? changeOf(last, own, symbolSets);
  if ('refused' in changed) return changed;
  if (changedSymbols !== undefined) return { ...changed, symbols: changedSymbols };
  if (!isBare) return { ...changed, symbols: own.symbols };
  return ofSymbolsMeant(changed, background, own);
}

/** With the symbols that it leans on; those of a turn that was not answered too: "why is META down", "its rsi". */
function ofSymbolsMeant(changed: Slots, background: Background, own = changed): Slots | Refusal {
  const meant = symbolsMeant(own, background);
  return 'refused' in meant ? meant : { ...changed, symbols: meant.symbols };
}

/** `whats ripping`: of the whole market; `what is an iv`: of the word. */
function askedOfNone(own: Slots): Slots | undefined {
  const isDirected = own.move === 'up' || own.move === 'down';
  if (isDirected && isOfNothing({ ...own, move: undefined as never })) return { ...own, scan: '' };
  const isTerm = own.move !== 'any' && hasContent(own) && own.range === undefined;
  return isTerm ? { ...own, isDefinition: true } : undefined;
}

/** `the top one: rsi`, which only a ranking by a figure of now tells. */
const asksFirst = ({ limit, rank, fields }: Slots): boolean => limit === 1 && rank === undefined && fields.length > 0;
const ranksNow = ({ rank, range, base }: Query): boolean =>
  rank !== undefined && (range ?? 'today') === 'today' && base === undefined;

/** What stands by itself, whatever was asked before: another question of symbols that it names. */
function wholeQuestion(
  own: Slots,
  { last, run = [] }: Background,
  changesSymbols: boolean,
): Slots | Refusal | undefined {
  const isChoice = last !== undefined && OF_CHAINS.has(last.form) && isChoiceAlone(own);
  const isOfLast = own.symbols.every((symbol) => last?.symbols.includes(symbol));
  const isOfContract = last?.form === 'contract' || last?.form === 'strategy';
  const isPayoff = isOfContract && isOfLast && own.isTarget === true && own.move === 'up';
  // "and spys worst": the same of another symbol.
  const isTurned =
    own.symbols.length === 1 &&
    own.rank !== undefined &&
    isOfNothing({ ...own, rank: undefined as never }) &&
    (last?.form === 'days' || last?.columns.some((column) => EXTREME.test(column)) === true);
  const isNew =
    !isTurned &&
    !isPayoff &&
    own.symbols.length > 0 &&
    !isChoice &&
    !changesSymbols &&
    (hasContent(own) || own.isDoing === true || last === undefined) &&
    own.follow === undefined;
  const isDated = names(own, 'range', 'interval', 'expiration');
  const isPlainDate =
    own.symbols.length > 0 && !hasContent(own) && isDated && own.follow === undefined && !takesDate(last, own);
  // "which of nvda and amd beat smh" after how smh did last week
  const isAgainst =
    own.rank?.by === 'changePercent' && own.isWhich === true && own.symbols.length > 1 && own.range === undefined;
  const isAmong = [...(last?.symbols ?? []), ...run].some((symbol) => own.symbols.includes(symbol));
  if (isNew && isAgainst && isAmong && last?.range !== undefined && (last.form === 'bars' || last.form === 'figures'))
    return checkPronoun({ ...own, range: last.range });
  return isNew || isPlainDate ? checkPronoun(withOneDate(own)) : undefined;
}

const OF_CHAINS = new Set(['chain', 'contract']);
const OF_ONE = new Set([...OF_CHAINS, 'strategy']);

/** `for JPM, 380-420`: strikes or a delta and nothing else. */
function isChoiceAlone(own: Slots): boolean {
  const isOther = names(own, 'strategy', 'side', 'expiration') || !isOfNothing(own);
  return !isOther && names(own, 'strike', 'strikes', 'delta', 'money');
}

/** Names what it asks, and leans on the turn before for no more than symbols, dates and a contract named for sure. */
function asksByItself(own: Slots, named: Partial<Slots>, last: Query | undefined): boolean {
  const { fields, forms, base, conditions, follow, pronoun, rank } = own;
  const leans =
    (rank !== undefined && ((rank.by ?? fields[0]) === undefined || (named.symbols?.length ?? 0) < 2)) ||
    names(own, 'step', 'bare', 'samePeriod', 'drop', 'isNarrower', 'asksSize', 'unit', 'isComparison');
  const isOpen = conditions.some((each) => each.isOpen === true);
  const isSame = own.symbols.length === 0 && (follow ?? 'same') === 'same' && typeof pronoun !== 'number';
  if (leans || isOpen || !isSame) return false;
  const isOfOptionsOnly =
    names(own, 'side', 'strike', 'expiration', 'strategy', 'ofStrategy') ||
    [...fields, base ?? ''].some((name) => isOfOptions(name) && !OF_SYMBOL.test(name)) ||
    forms.some((form) => OPTION_FORMS.has(form));
  const isBesideOptions =
    names(named, 'side') ||
    (named.range === undefined && named.expiration !== undefined) ||
    (last !== undefined && isOptionQuery(last));
  const isOfShares = fields.length > 0 && fields.every((name) => findField(name, 'contract')?.of !== 'contract');
  if (names(own, 'isEach', 'isOfEach', 'isYesNo')) return false;
  // Which contracts are meant may hang on what was not understood.
  if (isOfOptionsOnly || (isBesideOptions && !isOfShares)) return namesContract(own, named, last);
  const isPrice =
    fields.length > 0 && fields.every((name) => PRICES.has(name)) && !/^(?:it|one)$/.test(String(pronoun));
  return !isPrice && names(own, 'fields', 'forms', 'base', 'move', 'rank');
}

/** Of all of a symbol's options. */
const OF_SYMBOL = /^(?:iv30|ivRank|ivPercentile)$/;

/** Whether no more is asked than one contract, or a side of one expiration, that is known. */
function namesContract(own: Slots, named: Partial<Slots>, last: Query | undefined): boolean {
  const isOther =
    names(own, 'strategy', 'ofStrategy', 'conditions', 'base', 'move', 'rank', 'aggregate', 'delta', 'money') ||
    names(own, 'strikes', 'quantity') ||
    own.forms.some((form) => form !== 'chain');
  if (isOther || !own.fields.every((name) => OF_CONTRACT.test(name)) || !names(own, 'fields', 'strike', 'side'))
    return false;
  const before = last === undefined || !OF_CHAINS.has(last.form) || names(named, 'symbols') ? undefined : last;
  const strike = own.strike.length > 0 ? own.strike : (named.strike ?? []);
  const side = own.side ?? named.side ?? before?.side;
  const isDated = own.expiration !== undefined || named.expiration !== undefined || before?.expiration !== undefined;
  if (strike.length === 1) return isDated && (side === 'call' || side === 'put');
  const isSide = own.side !== undefined && own.fields.length === 0 && strike.length === 0;
  return isSide && names(named, 'symbols') && (own.expiration ?? named.expiration) !== undefined;
}

/** A whole question with a pronoun for its symbols is clear; what changes the question before is not. */
function completeAfterLoss(own: Slots, symbolSets: TickerSymbol[][]): Slots | Refusal {
  const left = refuseLeft(own);
  if (left !== undefined) return left;
  const [latest = []] = symbolSets.slice(-1);
  const isWhole = hasContent(own) || names(own, 'isDoing', 'forms');
  const leans = names(own, 'follow', 'isNarrower', 'drop', 'rank');
  const hasOwn = names(own, 'symbols', 'scan');
  if (own.forms.some((form) => WITHOUT_SYMBOLS.has(form)) || (own.isDefinition === true && !hasOwn)) return own;
  if (own.drop !== undefined)
    return unclear('the question before was not understood, so nothing can be left out of it');
  const isElliptic =
    isOfNothing({ ...own, rank: undefined as never }) && !names(own, 'side', 'strategy', 'scan', 'isDoing', 'range');
  if (hasOwn && own.follow === undefined && !isElliptic) return checkPronoun(withOneDate(own));
  const needsContract = own.fields.some(
    (name) => findField(name) === undefined && findField(name, 'contract') !== undefined,
  );
  if (needsContract && !names(own, 'strike', 'delta'))
    return unclear('the question before was not understood, so this leans on nothing', 'name the contract');
  const isOf =
    own.pronoun === 'one' || own.pronoun === 'it' ? latest.length === 1 : own.pronoun === 'many' && latest.length > 1;
  if (isWhole && isOf && !leans && !hasOwn) return withOneDate({ ...own, symbols: latest });
  return unclear('the question before was not understood, so this leans on nothing', 'ask it as a whole question');
}

/** What leans on a turn before and found none. */
function refuseLeft({ bare, step }: Slots): Refusal | undefined {
  if (bare !== undefined) return notUnderstood(`"${bare.text}"`);
  return step === undefined
    ? undefined
    : unclear(`the ${/^(?:same|span|weekday)$/.test(step.unit) ? 'one' : step.unit} before or after which one`);
}

/** A number, a step in time and an open bound as slots of their own, by what the last query has. */
function placeLeft(own: Slots, last: Query | undefined, now: EpochMs): Slots | Refusal {
  const { bare, step, ...rest } = own;
  const isFresh = last === undefined || (own.symbols.length > 0 && hasContent(own) && own.follow === undefined);
  if (bare === undefined && step === undefined) return isFresh ? own : withOpenBounds(own, last);
  const dated: Slots = { ...rest };
  if (step !== undefined) {
    const isDated = names(own, 'range', 'expiration');
    const from = isDated ? own : isFresh ? undefined : last;
    const stepped =
      from === undefined ? undefined : stepFrom(from, step, now, from === last && OPTION_FORMS.has(last.form));
    if (stepped === undefined) return refuseLeft(own) ?? own;
    Object.assign(dated, stepped);
    if (isDated && stepped.range === undefined) delete dated.range;
    else if (isDated) delete dated.expiration;
  }
  if (bare === undefined) return isFresh ? dated : withOpenBounds(dated, last);
  if (isFresh) return refuseLeft(own) ?? own;
  const placed = placeNumber(last, bare.value, bare.isPercent, rest);
  return placed === undefined ? notUnderstood(`"${bare.text}"`) : { ...dated, ...placed };
}

/** `under 35`, `any over 70?`: of the figure that was asked for before. */
function withOpenBounds(own: Slots, last: Query | undefined): Slots {
  const open = own.conditions.some(({ isOpen }) => isOpen === true);
  const of =
    last?.base === undefined || last.fields.some((name) => !PRICES.has(name))
      ? (last?.fields.find((name) => !PRICES.has(name)) ?? last?.fields[0] ?? last?.conditions[0]?.left)
      : last.columns.find((column) => column.endsWith('distance'));
  if (!open || of === undefined || own.fields.length > 0) return own;
  const left = bare(of);
  return {
    ...own,
    conditions: own.conditions.map((each) => {
      const isOther = each.isMoney === true && (findField(left) ?? findField(left, 'contract'))?.unit !== 'usd';
      if (each.isOpen !== true || each.right === undefined || isOther) return each;
      const right = boundOf(left, Number(each.right), false);
      return { expression: `${left} ${each.operator ?? '>'} ${right}`, left, operator: each.operator ?? '>', right };
    }),
  };
}

/** `top 3 only`, `still above open`, `sort by gap`: the scan before with more of it. */
function narrowScan(last: Query, own: Slots): Slots | Refusal {
  const { bare, rank, limit, scan, ...rest } = own;
  const { form: _form, columns: _columns, range: _range, ...before } = last;
  if (bare !== undefined && (own.limit !== undefined || !Number.isInteger(bare.value)))
    return notUnderstood(`"${bare.text}"`);
  const most = limit ?? bare?.value;
  if (rest.move !== undefined && rest.move !== 'any' && rest.fields.length === 0)
    return notUnderstood(`a move of what`);
  return {
    ...before,
    ...(!names(own, 'interval', 'range') ? {} : { range: own.range ?? '' }),
    symbols: [],
    forms: [],
    fields: rank === undefined ? [...new Set([...before.fields, ...own.fields])] : own.fields,
    conditions: [...before.conditions, ...own.conditions],
    ...(rank === undefined ? {} : { rank }),
    ...(most === undefined ? {} : { limit: most }),
    scan: scan ?? before.scan ?? '',
  };
}

function namesAnything(own: Slots): boolean {
  return (
    hasContent(own) ||
    names(own, 'range', 'expiration', 'interval', 'isComparison', 'aggregate', 'isCount', 'limit', 'drop') ||
    names(own, 'unit', 'asksSize', 'asksWhen', 'traded', 'book', 'ofStrategy') ||
    (own.follow ?? 'same') !== 'same' ||
    typeof own.pronoun === 'number'
  );
}

/** `vs AMD`, `add TSLA`, `drop KO`: the symbols of the turn before with those that are named, or without them. */
function changeSymbols(own: Slots, { last, symbolSets, run = [] }: Background): TickerSymbol[] | Refusal | undefined {
  const { symbols, drop = [], follow, isComparison } = own;
  const latest = symbolSets.at(-1) ?? [];
  if (drop.length > 0) {
    const base = drop.every((each) => latest.includes(each)) ? latest : [...run, ...latest];
    const strange = drop.find((each) => ![...base, ...symbols].includes(each));
    if (strange !== undefined) return unclear(`${strange} is not among ${base.join(', ') || 'symbols asked before'}`);
    return [...new Set([...base, ...symbols])].filter((each) => !drop.includes(each));
  }
  const joins = (isComparison === true && symbols.length === 1) || follow === 'add';
  if (!joins || last === undefined || latest.length === 0 || symbols.length === 0) return undefined;
  return [...new Set([...latest, ...symbols])];
}

function completeOpenState(own: Slots, last: Query | undefined): Slots | Refusal {
  return last?.form === 'market' && own.symbols.length === 0
    ? { ...own, forms: ['market'] }
    : unclear('"it" could be the market or a stock', 'ask: is the market open');
}

/** `amd in november?` after a question over a range. */
function takesDate(last: Query | undefined, { range, expiration }: Slots): boolean {
  if (last === undefined || last.form === 'bars' || last.form === 'quote') return false;
  return range !== undefined && expiration === undefined ? last.range !== undefined : last.expiration !== undefined;
}

const isOptionQuery = (query: Query): boolean => OPTION_FORMS.has(query.form) || figuresOf(query).some(isOfOptions);

/** The last query with what is named now in the place of what was there. */
function changeOf(last: Query, said: Slots, sets: TickerSymbol[][]): Slots | Refusal {
  let own = said;
  const ofContract = changeOfContract(last, settleDate(last, own));
  if (ofContract !== undefined) return ofContract;
  const isPayoff = own.isTarget === true && own.move === 'up' && isOfNothing({ ...own, move: undefined as never });
  if (isPayoff && (last.form === 'contract' || last.form === 'strategy')) {
    own = { ...own, fields: [] };
    toBreakEven(own);
  }
  const {
    form: _form,
    columns: _columns,
    follow: _follow,
    pronoun: _pronoun,
    isYesNo: _asked,
    corrected: _corrected,
    isHeldOnly: _held,
    isDataOnly: _data,
    drop: _drop,
    unit,
    isNarrower: _narrower,
    ...undivided
  } = last;
  // A distance that was asked for in dollars stays one.
  const before = unit === undefined || last.base === undefined ? undivided : { ...undivided, unit };
  if (own.follow === 'add' && own.fields.length > 0 && !names(own, 'forms', 'conditions')) {
    // "add its rsi, sort by it": by what is added.
    const added = own.rank === undefined ? own.fields : own.fields.map(resolved);
    const rank = own.rank === undefined ? {} : { rank: { by: added[0] ?? '', ...own.rank } };
    return { ...before, ...withoutEmpty(own), fields: [...new Set([...last.fields, ...added])], ...rank };
  }
  const namesFigures = names(own, 'fields', 'forms', 'conditions', 'base', 'move');
  const byWhat = last.fields.some((name) => name.startsWith('putCall')) ? BY_WHAT[own.fields.join(' ')] : undefined;
  if (byWhat !== undefined && own.fields.length === 1) return { ...before, ...withoutEmpty(own), fields: [byWhat] };
  const isBothSides =
    own.pronoun === 2 && own.symbols.length === 0 && OPTION_FORMS.has(last.form) && (sets.at(-1)?.length ?? 0) === 1;
  const dated = settleDate(last, own);
  if (last.form === 'strategy' && own.width !== undefined && last.strike.length > 1)
    return unclear('which of the strikes stays', 'name both, like 670/665');
  if (last.form === 'strategy' && isOfStrategy(dated)) return { ...before, ...withoutEmpty(dated) };
  // Both strikes or both dates of before.
  const isPair = last.strike.length === 2 || last.expiration?.includes(', ') === true;
  if (isBothSides)
    return isPair || isOption(own)
      ? { ...before, ...withoutEmpty(settleDate(last, withoutPronoun(own))) }
      : { ...before, side: 'both' };
  const narrowed = narrow(last, own);
  if (narrowed !== undefined) return narrowed;
  const special = changeOfFigures(last, own, sets);
  if (special !== undefined) return special;
  if (own.unit !== undefined && !namesFigures && last.base === undefined)
    own = { ...own, fields: inUnit(last, own.unit), ...rankInUnit(last, own.unit) };
  if (own.fields.length === 1 && own.fields[0] === 'last' && last.form === 'contract' && own.side === undefined)
    return unclear('the price of the option or of the stock', 'name the strike, like 410c, or the symbol');
  return withNamed(last, own, namesFigures ? contextOf(last, own) : { ...before }, namesFigures);
}

/** `in dollars` after a ranking in percent: by dollars. */
function rankInUnit({ rank }: Query, unit: 'percent' | 'dollars'): Partial<Slots> {
  const [from, to] = unit === 'dollars' ? ['changePercent', 'change'] : ['change', 'changePercent'];
  return rank?.by === from ? { rank: { ...rank, by: to } } : {};
}

/** What is named now over what of before stays; an order, a side or a strike takes the place of what it stands against. */
function withNamed(last: Query, own: Slots, kept: Slots, namesFigures: boolean): Slots {
  const named = withoutEmpty(settleDate(last, own));
  const changed: Slots = { ...kept, ...named };
  const isOrdered = isEnd(own.aggregate);
  if ((own.rank !== undefined || (isOrdered && own.isWhich === true)) && !namesFigures) {
    changed.conditions = [];
    delete changed.isYesNo;
  }
  if (isOrdered && changed.rank !== undefined && own.rank === undefined) {
    changed.rank = { ...changed.rank, order: own.aggregate as Order };
    delete changed.aggregate;
  }
  if (own.side !== undefined && !OPTION_FORMS.has(last.form) && !namesFigures)
    return {
      ...emptyFigures(changed),
      ...named,
      forms: own.strike.length > 0 ? [] : ['chain'],
      symbols: changed.symbols,
    };
  if (own.strike.length > 0 && own.side === undefined && last.side === 'both') delete changed.side;
  // "and the put": the side of before goes.
  if (own.side !== undefined && own.sideOf === undefined) delete changed.sideOf;
  if (own.strike.length > 0 && /^(?:chain|expirations|expiry)$/.test(last.form)) {
    delete changed.strikes;
    changed.forms = [];
  }
  if (own.strikes !== undefined && last.form === 'contract') changed.strike = [];
  if (last.form === 'quote' && own.range !== undefined && isOfNothing(own)) changed.isBesideNow = true;
  if (!namesFigures && own.range !== undefined && (last.form === 'quote' || last.form === 'bars'))
    changed.forms = changed.forms.length > 0 ? changed.forms : ['bars'];
  return changed;
}

/** What the turn before makes of a contract, a strategy, a judgement or a comparison. */
function changeOfFigures(last: Query, own: Slots, sets: TickerSymbol[][]): Slots | Refusal | undefined {
  const [price, ...others] = own.fields;
  // "what range is that": around the price.
  if (
    last.fields.includes('expectedMove') &&
    own.fields.join() === 'range,high,low' &&
    isOfNothing({ ...own, fields: [] })
  )
    return { ...emptyOf(last), fields: ['last - expectedMove', 'last + expectedMove', 'expectedMove'] };
  const lead = leadIn(last, own);
  if (lead !== undefined) return lead;
  // "how much a share": of the dividend whose date was asked for.
  if (own.asksSize === 'size' && last.fields.includes('exDividend') && isOfNothing(own))
    return { ...emptyOf(last), forms: ['events'] };
  // "in atrs"
  if (
    last.base !== undefined &&
    others.length === 0 &&
    /^atr\d/.test(price ?? '') &&
    isOfNothing({ ...own, fields: [] })
  )
    return { ...emptyOf(last), ...withoutEmpty(own), base: last.base };
  const isOfStraddle =
    last.columns.includes('straddle') &&
    (own.ofStrategy !== undefined ||
      (price !== undefined && price !== 'last' && own.fields.every((each) => OF_STRATEGY.has(each))));
  if (isOfStraddle && !names(own, 'strike', 'side') && last.symbols.length === 1)
    return { ...emptyOf(last), ...withoutEmpty(settleDate(last, own)), strategy: 'straddle' };
  const bySide = [...last.fields, ...last.columns].find((name) =>
    /^(?:volume|openInterest|optionOpenInterest|optionVolume)$/.test(name),
  );
  if (
    last.form === 'figures' &&
    isOptionQuery(last) &&
    bySide !== undefined &&
    own.side !== undefined &&
    own.side !== 'both' &&
    own.strike.length === 0 &&
    isOfNothing(own)
  )
    return {
      ...emptyOf(last),
      fields: [`${own.side}${/volume$/i.test(bySide) ? 'Volume' : 'OpenInterest'}`],
    };
  // "strike with the most", "top 3 strikes": of the contracts of a total.
  const [, side, figure] = /^(call|put)(Volume|OpenInterest)$/.exec(last.columns[0] ?? '') ?? [];
  const isOfStrikes =
    own.forms.join() === 'chain' || (own.fields.join() === 'strike' && names(own, 'rank', 'aggregate'));
  if (figure !== undefined && isOfStrikes && own.side === undefined)
    return {
      ...emptyOf(last),
      ...withoutEmpty(own),
      side: side as Side,
      forms: ['chain'],
      fields: [`${figure.charAt(0).toLowerCase()}${figure.slice(1)}`],
      rank: { order: own.rank?.order ?? (own.aggregate === 'lowest' ? 'lowest' : 'highest') },
    };
  const isStraddle = (price === 'straddle' && others.length === 0) || own.strategy === 'straddle';
  const [strike] = last.strike;
  if (last.form === 'contract' && isStraddle && own.strike.length === 0 && typeof strike === 'number')
    return {
      ...emptyOf(last),
      ...withoutEmpty({ ...settleDate(last, own), fields: [] }),
      strategy: 'straddle',
      strike: [strike],
    };
  if (own.strategy !== undefined && last.form !== 'strategy') {
    const { range: _range, ...undated } = last;
    return {
      ...emptyOf(undated),
      ...(last.delta === undefined || own.strike.length > 0 ? {} : { delta: last.delta }),
      ...withoutEmpty(settleDate(last, own)),
    };
  }
  return refuseUnsaid(last, own, sets) ?? changeOfConditions(last, own);
}

/** A comparison of one with itself, and whether a figure is high. */
function refuseUnsaid(last: Query, own: Slots, sets: TickerSymbol[][]): Slots | Refusal | undefined {
  const [price, ...others] = own.fields;
  const isOfTwo =
    own.rank !== undefined &&
    own.isWhich === true &&
    last.symbols.length === 1 &&
    isOfNothing({ ...own, rank: undefined as never });
  if (
    isOfTwo &&
    own.symbols.length === 0 &&
    !OPTION_FORMS.has(last.form) &&
    sets.flat().every((each) => each === last.symbols[0])
  )
    return unclear('which of several is meant', `ask of each period, or name symbols beside ${last.symbols[0] ?? ''}`);
  const isJudged =
    own.isYesNo === true && /^(?:high|low)$/.test(price ?? '') && others.length === 0 && own.pronoun !== 'one';
  if (isJudged && !names(own, 'symbols', 'range'))
    return last.fields.some((name) => /^iv/i.test(name)) || last.form === 'volatility'
      ? { ...emptyOf(last), fields: ['iv30', 'ivRank', 'ivPercentile'] }
      : notUnderstood(`what a ${price ?? ''} one is`);
  return undefined;
}

/** The last time, an average, a difference, the other end or a count of what was asked. */
function changeOfConditions(last: Query, own: Slots): Slots | Refusal | undefined {
  const [price, ...others] = own.fields;
  const isOfPast = own.asksWhen === true && (own.fields.length === 0 || (price === 'last' && others.length === 0));
  if (
    isOfPast &&
    last.conditions.length > 0 &&
    last.isCount !== true &&
    last.symbols.length === 1 &&
    isOfNothing({ ...own, fields: [] })
  )
    return {
      ...emptyOf(last),
      range: 'past 5 years',
      occasion: 'last',
      conditions: last.conditions.map(({ left = '', operator = '', right = '', expression }) =>
        left === '' ? { expression } : conditionOf(left.replace(/^now\((\w+)\)$/, '$1'), operator, right),
      ),
    };
  const tested = retest(last, own);
  if (tested !== undefined) return tested;
  const signed = signOf(last, own);
  if (signed !== undefined) return signed;
  const against = compareWithFigure(last, own);
  if (against !== undefined) return against;
  const isOverSymbols =
    /^(?:average|median|total)$/.test(own.aggregate ?? '') && last.symbols.length > 1 && isOfNothing(own);
  if (isOverSymbols && own.range === undefined) return notUnderstood(`the ${own.aggregate ?? ''} of several symbols`);
  const turned = turnExtremes(last, own) ?? measure(last, own);
  if (turned !== undefined) return turned;
  return recount(last, own);
}

const isOption = ({ expiration }: Slots): boolean => expiration !== undefined;

function withoutPronoun({ pronoun: _pronoun, ...own }: Slots): Slots {
  return own;
}

/** `vs its 50 day`, `vs atm iv`: a price as a distance from it, another figure beside it with the difference. */
function compareWithFigure(last: Query, own: Slots): Slots | undefined {
  const [against = '', ...more] = own.fields;
  const isAlone = more.length === 0 && against !== '' && !names(own, 'forms', 'conditions');
  const isAverage = own.aggregate === 'average' && own.fields.length === 0;
  if (own.isComparison !== true || names(own, 'symbols', 'base') || !(isAlone || isAverage)) return undefined;
  const { isComparison: _compares, fields: _fields, ...rest } = own;
  const kept = { ...emptyOf(last), ...withoutEmpty(settleDate(last, rest as Slots)) };
  // "vs average", "compared with its normal"
  if (isAverage && last.fields.some((name) => /volume/i.test(name))) {
    const { aggregate: _average, ...plain } = kept;
    const fields =
      last.range === undefined
        ? ['volume', 'averageVolume', 'relativeVolume']
        : [isOneDay(last.range) ? 'volume' : 'avg(volume)', 'now(averageVolume)'];
    return { ...plain, fields };
  }
  const [shown] = last.fields.filter((name) => !PRICES.has(name));
  if (!isAlone) return undefined;
  if (isLevel(against) && (shown === undefined || last.base !== undefined)) return { ...kept, base: against };
  return shown === undefined || shown === against
    ? undefined
    : { ...kept, fields: [against, shown, `${against} - ${shown}`] };
}

const EXTREME = /^(?:highest|lowest)((?:On)?\()/;

/** `worst?` after the best day: the other end of the same figures. */
function turnExtremes(last: Query, own: Slots): Slots | Refusal | undefined {
  const { rank, aggregate } = own;
  const order = rank?.order ?? (isEnd(aggregate) ? aggregate : undefined);
  const isPlain = !names(own, 'fields', 'forms', 'conditions', 'base', 'move');
  const isOfOne = own.symbols.length < 2 && last.symbols.length < 2;
  // "its lowest" after a last time is of the figure that was bounded, which the turn before shows no end of.
  if (order !== undefined && isPlain && last.columns.some((column) => /^(?:first|last)On\(/.test(column)))
    return notUnderstood(`the ${order} of what`);
  if (order === undefined || !isPlain || !isOfOne) return undefined;
  const { rank: _rank, aggregate: _aggregate, pronoun: _pronoun, ...rest } = own;
  if (last.form === 'days' && last.rank !== undefined)
    return { ...last, ...withoutEmpty(rest), rank: { ...last.rank, order } };
  const extreme = last.columns.find((column) => EXTREME_OF_RANGE.test(column));
  // "how much lower is it now"
  if (extreme !== undefined && own.rank !== undefined && own.pronoun === 'it' && own.rank.by === undefined)
    return { ...emptyOf(last), base: extreme };
  const of = last.columns.filter((each) => EXTREME.test(each));
  if (of.length === 0 || last.form !== 'figures') return undefined;
  return {
    ...emptyOf(last),
    ...withoutEmpty(rest),
    fields: of.map((each) => each.replace(EXTREME, `${order}$1`)),
  };
}

/** `by how much`, `how far from there`, `in dollars`: the figures of the turn before as a distance or difference. */
function measure(last: Query, own: Slots): Slots | undefined {
  const isPlain = own.fields.every((name) => name === 'last') && !names(own, 'forms', 'conditions', 'base');
  if (!isPlain || own.asksSize === undefined) return undefined;
  const { asksSize: _size, fields: _fields, rank: _rank, move: _move, pronoun: _pronoun, ...rest } = own;
  const kept = { ...emptyOf(last), ...withoutEmpty(rest) };
  const [condition, more] = last.conditions;
  const { left = '', right = '' } = condition ?? {};
  if (more === undefined && (left === 'last' || left === 'now(last)') && right !== '')
    return { ...kept, base: right.replace(/^now\((\w+)\)$/, '$1') };
  if (more === undefined && left === 'changePercent') return { ...kept, move: 'any' };
  if (more === undefined && left !== '' && !Number.isFinite(Number(right)))
    return { ...kept, fields: [left, right, `${left} - ${right}`] };
  if (last.base !== undefined) return { ...kept, base: last.base };
  const { rank: _order, limit: _limit, aggregate: _aggregate, isWhich: _which, isYesNo: _asked, ...ranked } = last;
  if (own.asksSize === 'size' && last.rank !== undefined && last.symbols.length > 1)
    return {
      ...ranked,
      ...withoutEmpty(rest),
      ...(last.fields.some((name) => !PRICES.has(name)) || last.rank.by === undefined
        ? {}
        : { forms: [], fields: [last.rank.by] }),
      conditions: [],
      isComparison: true,
    };
  const [level, ...others] = last.fields.filter((name) => !PRICES.has(name));
  const extreme = last.columns.find((column) => EXTREME_OF_RANGE.test(column));
  if (own.asksSize === 'distance' && extreme !== undefined && last.symbols.length === 1)
    return { ...kept, base: extreme };
  const of = level === 'week52Low' && others.includes('week52High') ? 'week52High' : level;
  if (own.asksSize === 'distance' && of !== undefined && isLevel(of) && last.form === 'figures')
    return { ...kept, base: of };
  return undefined;
}

/** After a put/call ratio. */
const BY_WHAT: Readonly<Record<string, string>> = { volume: 'putCallVolume', openInterest: 'putCallOpenInterest' };

/** `only those over 5000`, `which of those is below its 50 day`: the conditions of before and one more. */
function narrow(last: Query, own: Slots): Slots | undefined {
  const { fields: named, ...rest } = own;
  const isOwn = named.some((name) => !own.conditions.some(({ left }) => left === name));
  if (own.isNarrower !== true || own.conditions.length === 0 || own.forms.length > 0 || isOwn) return undefined;
  const { form: _form, columns: _columns, isYesNo: _asked, rank, limit, ...unranked } = last;
  // The strikes next to the price stay so many.
  const before = rank?.by === 'strike' && limit !== undefined ? { ...unranked, rank, limit } : unranked;
  return { ...before, ...withoutEmpty({ ...rest, fields: [] }), conditions: [...last.conditions, ...own.conditions] };
}

/** What changes a strategy that was priced, or asks a figure of it. */
function isOfStrategy(own: Slots): boolean {
  const isOther = names(own, 'forms', 'conditions', 'base', 'move', 'rank', 'range', 'side');
  return !isOther && own.fields.every((name) => OF_STRATEGY.has(name));
}

/** A side after a question about the stock: its chain, without the stock's figures. */
function emptyFigures({ symbols, expiration, isHeldOnly }: Slots): Slots {
  return {
    ...emptySlots(),
    symbols,
    forms: ['chain'],
    ...(expiration === undefined ? {} : { expiration }),
    ...(isHeldOnly === undefined ? {} : { isHeldOnly }),
  };
}

/** A date that is both is one of the past, where nothing speaks of options. */
function withOneDate(own: Slots): Slots {
  if (own.range === undefined || own.expiration === undefined || hasContent(own)) return own;
  const { expiration: _expiration, ...rest } = own;
  return rest;
}

/** A date has the reading that the last query can take. */
function settleDate(last: Query, own: Slots): Slots {
  if (own.range !== undefined && own.expiration !== undefined && isOptionQuery(last)) {
    const { range: _range, ...rest } = own;
    return rest;
  }
  if (own.expiration === undefined || own.range !== undefined) return withOneDate(own);
  if (own.interval !== undefined && isOptionQuery(last)) {
    const { interval: _interval, ...rest } = own;
    return rest;
  }
  if (own.interval !== undefined) {
    const { expiration: _expiration, ...rest } = own;
    return rest;
  }
  return own;
}

const OF_BARS =
  /^(?:(?:highest|lowest)(?:On)?\()?(?:last|ohlc|open|high|low|close|volume|change|changePercent|range)\)?$/;
const OF_CONTRACT =
  /^(?:bid|ask|mid|last|volume|openInterest|iv|delta|gamma|theta|vega|spread|spreadPercent|intrinsic|extrinsic|breakEven|probabilityItm|dte|strike|spot|pct|abs|premium\w+|volumeToOpenInterest|openInterestChange)$/;

/** What of the last query goes with other figures: its dates where they can have them, its contract where it has them. */
function contextOf(last: Query, own: Slots): Slots {
  const figures = [...own.fields, ...sidesIn(own.conditions), own.base ?? ''].filter(Boolean);
  const isOfContract =
    !names(own, 'forms', 'move') &&
    figures.length > 0 &&
    figures.flatMap(wordsIn).every((name) => OF_CONTRACT.test(name));
  const isOfBars = figures.every((name) => OF_BARS.test(name)) && own.forms.every((form) => form === 'bars');
  const isOption =
    figures.some(isOfOptions) || own.forms.some((form) => OPTION_FORMS.has(form)) || own.side !== undefined;
  const kept: Slots = { ...emptySlots(), symbols: last.symbols };
  const isOfRange =
    isOfBars || /drawdown/i.test(figures[0] ?? '') || (last.form === 'bars' && names(own, 'aggregate', 'isCount'));
  if (last.range !== undefined && isOfRange && !isOption) kept.range = last.range;
  if (last.interval !== undefined && own.forms.includes('bars')) kept.interval = last.interval;
  if (last.expiration !== undefined && isOption && (isOptionQuery(last) || own.fields.length > 0))
    kept.expiration = last.expiration;
  if (last.rank !== undefined && !names(own, 'forms', 'rank', 'conditions'))
    kept.rank = rankOfExtreme(own.fields) ?? {
      order: last.rank.order,
      // "the top one: rsi": first by what was ranked.
      ...(own.limit === 1 ? { by: last.rank.by ?? last.columns[0] ?? '' } : {}),
    };
  const isContractBefore = last.form === 'contract' || last.form === 'chain';
  // Walls are of both sides, also after the puts alone.
  const isOneSided = own.forms.includes('walls') && last.side !== 'both';
  if (isContractBefore && (isOfContract || own.forms.includes('chain') || own.strike.length > 0)) {
    if (last.expiration !== undefined) kept.expiration = last.expiration;
    for (const slot of ['side', 'strikes', 'delta', 'money'] as const)
      if (last[slot] !== undefined && !(slot === 'side' && isOneSided)) Object.assign(kept, { [slot]: last[slot] });
    if (isOfContract) {
      kept.strike = last.strike;
      kept.forms = last.forms;
    }
  }
  return kept;
}
