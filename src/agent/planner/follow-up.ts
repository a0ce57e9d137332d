// Completes a question from the conversation: what stands by itself, what leans on a turn that was not understood, and what
// changes the query before. What leans on nothing is asked back, and nothing falls back to a quote.
import type { EpochMs, TickerSymbol } from '../../domain/types.ts';
import { findField } from '../../fields/registry.ts';
import { stepFrom } from './calendar-dates.ts';
import { placeNumber } from './bare-follow-up.ts';
import { EXTREME, OF_CONTRACT, changeOf, isOptionQuery, withOneDate } from './changes.ts';
import { PRICES, boundOf, isOfOptions } from './draft.ts';
import {
  type Background,
  OPTION_FORMS,
  againstLast,
  atSameHours,
  changeSinceThen,
  checkPronoun,
  countedAmong,
  extremeOfYear,
  isOfNothing,
  refuseVague,
  symbolsMeant,
  withExtremeOf,
  withLost,
  withPeriodOf,
  withoutEmpty,
} from './pointing.ts';
import {
  type Query,
  type Refusal,
  type Slots,
  bare,
  hasContent,
  isRefusal,
  names,
  notUnderstood,
  unclear,
  without,
} from './query.ts';
import { ofReturns } from './settle-senses.ts';
import { withStudy } from './study.ts';
import { isWay } from './said.ts';

const WITHOUT_SYMBOLS = new Set(['market', 'holidays', 'social', 'positions']);

/** The same slots with what the conversation adds, or a question back. */
export function completeFromConversation(asking: Slots, asked: Background, now: EpochMs): Slots | Refusal {
  const said = ofReturns(atSameHours(countedAmong(asking, asked.last), asked.last), asked.last);
  const background =
    asked.lost === undefined || !asksByItself(said, asked.lost, asked.last) ? asked : withLost(asked, asked.lost, said);
  const { last } = background;
  if (background.lost !== undefined) return completeAfterLoss(said, background.symbolSets);
  if (said.scan !== undefined) return refuseLeft(said) ?? said;
  const studied = withStudy(said, last);
  if (studied !== undefined) return studied;
  if (last?.form === 'scan' && said.symbols.length === 0 && said.forms.length === 0) return narrowScan(last, said);
  const placed = placeLeft(said, last, now);
  if (isRefusal(placed)) return placed;
  const compared = againstLast(placed, last);
  if (isRefusal(compared)) return compared;
  const own = withPeriodOf(withExtremeOf(compared, last), last, now);
  if (isRefusal(own)) return own;
  for (const settle of BY_ITSELF) {
    const settled = settle(own, background);
    if (settled !== undefined) return settled;
  }
  return compared === placed ? ofSymbols(own, background, now) : compared;
}

/** What needs nothing of the query before, or no more than its form; the first that applies decides. */
const BY_ITSELF: readonly ((own: Slots, background: Background) => Slots | Refusal | undefined)[] = [
  refuseVague,
  extremeOfYear,
  askedOpenState,
  withoutSymbols,
  afterCalendar,
  askedOfNone,
  refuseNothing,
];

/** "is it open" after the market's hours. */
function askedOpenState(own: Slots, { last }: Background): Slots | Refusal | undefined {
  if (own.asksOpenState !== true) return undefined;
  return last?.form === 'market' && own.symbols.length === 0
    ? { ...own, forms: ['market'] }
    : unclear('"it" could be the market or a stock', 'ask: is the market open');
}

/** "my positions", "what is a delta" */
function withoutSymbols(own: Slots): Slots | undefined {
  const isTerm = own.isDefinition === true && own.symbols.length === 0;
  return isTerm || own.forms.some((form) => WITHOUT_SYMBOLS.has(form)) ? own : undefined;
}

/** "and friday" after the market's hours: those of that day; "what about tech": a price. */
function afterCalendar(own: Slots, { last }: Background): Slots | Refusal | undefined {
  if ((last?.form !== 'market' && last?.form !== 'holidays') || hasContent(own)) return undefined;
  return own.symbols.length === 0
    ? { ...last, ...withoutEmpty(own), forms: [last.form] }
    : checkPronoun(withOneDate(own));
}

/** "whats ripping": of the whole market; "what is an iv": of the word. */
function askedOfNone(own: Slots, { symbolSets }: Background): Slots | undefined {
  if (own.symbols.length > 0 || symbolSets.length > 0 || own.isWhat !== true) return undefined;
  const isDirected = isWay(own.move);
  if (isDirected && isOfNothing(own, 'move')) return { ...own, scan: '' };
  const isTerm = own.move !== 'any' && hasContent(own) && own.range === undefined;
  return isTerm ? { ...own, isDefinition: true } : undefined;
}

function refuseNothing(own: Slots, { last }: Background): Refusal | undefined {
  const isAsked =
    own.symbols.length > 0 ||
    hasContent(own) ||
    names(own, 'range', 'expiration', 'interval', 'isComparison', 'aggregate', 'isCount', 'limit', 'drop') ||
    names(own, 'unit', 'asksSize', 'asksWhen', 'traded', 'book', 'ofStrategy') ||
    (own.follow ?? 'same') !== 'same' ||
    typeof own.pronoun === 'number' ||
    (own.quantity !== undefined && last !== undefined && OF_ONE.has(last.form));
  return isAsked ? undefined : unclear('nothing was asked for that it knows');
}

/** A question of the symbols that it names, else the query before with what it changes. */
function ofSymbols(own: Slots, background: Background, now: EpochMs): Slots | Refusal {
  const { last, symbolSets } = background;
  const isBare = own.symbols.length === 0;
  const changedSymbols = changeSymbols(own, background);
  if (changedSymbols !== undefined && isRefusal(changedSymbols)) return changedSymbols;
  const whole = wholeQuestion(own, background, changedSymbols !== undefined);
  if (whole !== undefined) return whole;
  if (last === undefined && own.follow === 'same' && !hasContent(own))
    return unclear('nothing was asked before that this could lean on');
  if (last === undefined) return isBare ? ofSymbolsMeant(own, background) : checkPronoun(own);
  if (!isBare && typeof own.pronoun === 'number' && own.limit === undefined && changedSymbols === undefined) {
    const checked = checkPronoun(own);
    if (isRefusal(checked)) return checked;
  }
  if (isBare && asksFirst(own) && !ranksNow(last)) return notUnderstood('which one came first');
  const changed = changeSinceThen(last, own, now) ?? changeOf(last, own, symbolSets);
  if (isRefusal(changed)) return changed;
  if (changedSymbols !== undefined) return { ...changed, symbols: changedSymbols };
  return isBare ? ofSymbolsMeant(changed, background, own) : { ...changed, symbols: own.symbols };
}

/** With the symbols that it leans on; those of a turn that was not answered too: "why is META down", "its rsi". */
function ofSymbolsMeant(changed: Slots, background: Background, own = changed): Slots | Refusal {
  const meant = symbolsMeant(own, background);
  return 'refused' in meant ? meant : { ...changed, symbols: meant.symbols };
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
  if (own.symbols.length === 0 || own.follow !== undefined) return undefined;
  const isPlainDate = !hasContent(own) && names(own, 'range', 'interval', 'expiration') && !takesDate(last, own);
  const asks = hasContent(own) || own.isDoing === true || last === undefined;
  const isNew = asks && !changesSymbols && (last === undefined || !changesPart(last, own));
  if (!isNew) return isPlainDate ? checkPronoun(withOneDate(own)) : undefined;
  return checkPronoun(againstSymbols(own, last, run) ?? withOneDate(own));
}

/** "which of nvda and amd beat smh" after how smh did last week: of that week. */
function againstSymbols(own: Slots, last: Query | undefined, run: TickerSymbol[]): Slots | undefined {
  const isAgainst =
    own.rank?.by === 'changePercent' && own.isWhich === true && own.symbols.length > 1 && own.range === undefined;
  const isAmong = [...(last?.symbols ?? []), ...run].some((symbol) => own.symbols.includes(symbol));
  const range = last?.form === 'bars' || last?.form === 'figures' ? last.range : undefined;
  return isAgainst && isAmong && range !== undefined ? { ...own, range } : undefined;
}

const OF_CHAINS = new Set(['chain', 'contract']);
const OF_ONE = new Set([...OF_CHAINS, 'strategy']);

/** Beside its symbols it names no more than a part of the query before. */
function changesPart(last: Query, own: Slots): boolean {
  // "for JPM, 380-420": strikes or a delta and nothing else.
  const isOther = names(own, 'strategy', 'side', 'expiration') || !isOfNothing(own);
  const isChoice = OF_CHAINS.has(last.form) && !isOther && names(own, 'strike', 'strikes', 'delta', 'money');
  const isOfContract = last.form === 'contract' || last.form === 'strategy';
  const isOfLast = own.symbols.every((symbol) => last.symbols.includes(symbol));
  const isPayoff = isOfContract && isOfLast && own.isTarget === true && own.move === 'up';
  // "and spys worst": the same of another symbol.
  const isEnd = own.symbols.length === 1 && own.rank !== undefined && isOfNothing(own, 'rank');
  return isChoice || isPayoff || (isEnd && (last.form === 'days' || last.columns.some((each) => EXTREME.test(each))));
}

/** Names what it asks, and leans on the turn before for no more than symbols, dates and a contract named for sure. */
function asksByItself(own: Slots, named: Partial<Slots>, last: Query | undefined): boolean {
  if (leansOn(own, named)) return false;
  const { fields, forms, base, pronoun } = own;
  const isOfOptionsOnly =
    names(own, 'side', 'strike', 'expiration', 'strategy', 'ofStrategy') ||
    [...fields, base ?? ''].some((name) => isOfOptions(name) && !OF_SYMBOL.test(name)) ||
    forms.some((form) => OPTION_FORMS.has(form));
  const isBesideOptions =
    names(named, 'side') ||
    (named.range === undefined && named.expiration !== undefined) ||
    (last !== undefined && isOptionQuery(last));
  const isOfShares = fields.length > 0 && fields.every((name) => findField(name, 'contract')?.of !== 'contract');
  // Which contracts are meant may hang on what was not understood.
  if (isOfOptionsOnly || (isBesideOptions && !isOfShares)) return namesContract(own, named, last);
  const isPrice =
    fields.length > 0 && fields.every((name) => PRICES.has(name)) && !/^(?:it|one)$/.test(String(pronoun));
  return !isPrice && names(own, 'fields', 'forms', 'base', 'move', 'rank');
}

/** Whether it changes what was asked before, or asks of each of what that showed. */
function leansOn(own: Slots, named: Partial<Slots>): boolean {
  const { fields, conditions, follow, pronoun, rank } = own;
  const isRankOfOther =
    rank !== undefined && ((rank.by ?? fields[0]) === undefined || (named.symbols?.length ?? 0) < 2);
  const isOther = own.symbols.length > 0 || (follow ?? 'same') !== 'same' || typeof pronoun === 'number';
  return (
    isRankOfOther ||
    isOther ||
    names(own, 'step', 'bare', 'samePeriod', 'drop', 'isNarrower', 'asksSize', 'unit', 'isComparison') ||
    names(own, 'isEach', 'isOfEach', 'isYesNo') ||
    conditions.some((each) => each.isOpen === true)
  );
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
  const before = last !== undefined && OF_CHAINS.has(last.form) && !names(named, 'symbols') ? last : undefined;
  const strike = own.strike.length > 0 ? own.strike : (named.strike ?? []);
  const expiration = own.expiration ?? named.expiration;
  if (strike.length === 1) {
    const side = own.side ?? named.side ?? before?.side;
    return (expiration ?? before?.expiration) !== undefined && (side === 'call' || side === 'put');
  }
  const isSide = own.side !== undefined && own.fields.length === 0 && strike.length === 0;
  return isSide && names(named, 'symbols') && expiration !== undefined;
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
  const isElliptic = isOfNothing(own, 'rank') && !names(own, 'side', 'strategy', 'scan', 'isDoing', 'range');
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
  const dated = step === undefined ? rest : withStep(rest, step, isFresh ? undefined : last, now);
  if (dated === undefined) return refuseLeft(own) ?? own;
  if (bare === undefined) return isFresh ? dated : withOpenBounds(dated, last);
  if (isFresh) return notUnderstood(`"${bare.text}"`);
  const placed = placeNumber(last, bare.value, bare.isPercent, rest);
  return placed === undefined ? notUnderstood(`"${bare.text}"`) : { ...dated, ...placed };
}

/** "the day before": beside the date that is named, else that of the turn before. */
function withStep(
  own: Slots,
  step: NonNullable<Slots['step']>,
  last: Query | undefined,
  now: EpochMs,
): Slots | undefined {
  const isDated = names(own, 'range', 'expiration');
  // The holidays behind one are in no date.
  const isOfHolidays = last?.form === 'holidays' && own.symbols.length === 0 && own.forms.length === 0;
  const from = isDated ? own : last;
  const isOfOptions = !isDated && last !== undefined && OPTION_FORMS.has(last.form);
  const stepped = from === undefined || isOfHolidays ? undefined : stepFrom(from, step, now, isOfOptions);
  if (stepped === undefined || !isDated) return stepped && { ...own, ...stepped };
  return { ...without(own, stepped.range === undefined ? 'range' : 'expiration'), ...stepped };
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

/** `amd in november?` after a question over a range. */
function takesDate(last: Query | undefined, { range, expiration }: Slots): boolean {
  if (last === undefined || last.form === 'bars' || last.form === 'quote') return false;
  return range !== undefined && expiration === undefined ? last.range !== undefined : last.expiration !== undefined;
}
