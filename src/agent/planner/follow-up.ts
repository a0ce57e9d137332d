// Completes a question from the conversation. A follow-up is the query before it with the parts changed that it names;
// what leans on nothing is asked back, and nothing falls back to a quote.
import type { TickerSymbol } from '../../domain/types.ts';
import { hasContent, isOfOptions } from './parts.ts';
import { OF_STRATEGY, type Query, type Refusal, type Slots, unclear } from './query.ts';

/** What earlier turns were about, the newest last. */
export interface Background {
  last?: Query;
  /** Symbols of each turn that had some. */
  symbolSets: TickerSymbol[][];
}

const WITHOUT_SYMBOLS = new Set(['market', 'social', 'positions']);
const OPTION_FORMS = new Set(['chain', 'contract', 'walls', 'expirations', 'expiry', 'strategy']);

/** The same slots with what the conversation adds, or a question back. */
export function completeFromConversation(own: Slots, { last, symbolSets }: Background): Slots | Refusal {
  if (own.scan !== undefined) return own;
  if (own.asksOpenState === true) return completeOpenState(own, last);
  if (own.forms.some((form) => WITHOUT_SYMBOLS.has(form)) || (own.isDefinition === true && own.symbols.length === 0))
    return own;
  if (last?.form === 'market' && own.symbols.length === 0 && !hasContent(own))
    return { ...last, ...withoutEmpty(own), forms: ['market'] };
  const isBare = own.symbols.length === 0;
  if (isBare && own.isWhat === true && symbolSets.length === 0 && hasContent(own) && own.range === undefined)
    return { ...own, isDefinition: true };
  if (isBare && !namesAnything(own)) return unclear('nothing was asked for that it knows');
  const added = joinSymbols(own, last, symbolSets);
  const isNew =
    !isBare &&
    added === undefined &&
    (hasContent(own) || own.isDoing === true || last === undefined) &&
    own.follow === undefined;
  const isDated = own.range !== undefined || own.interval !== undefined || own.expiration !== undefined;
  const isPlainDate = !isBare && !hasContent(own) && isDated && own.follow === undefined && !takesDate(last, own);
  if (isNew || isPlainDate) return checkPronoun(withOneDate(own));
  if (last === undefined && own.follow === 'same' && !hasContent(own))
    return unclear('nothing was asked before that this could lean on');
  if (last === undefined)
    return isBare ? unclear('which symbol is meant', 'name one, like NVDA or Apple') : checkPronoun(own);
  const changed = changeOf(last, own, symbolSets);
  if ('refused' in changed) return changed;
  if (!isBare) return { ...changed, symbols: added ?? own.symbols };
  const symbols = symbolsMeant(own, last, symbolSets);
  return 'refused' in symbols ? symbols : { ...changed, symbols: symbols.symbols };
}

function withoutEmpty(own: Slots): Partial<Slots> {
  return Object.fromEntries(
    Object.entries(own).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );
}

function namesAnything(own: Slots): boolean {
  const { range, expiration, interval, pronoun, isComparison, aggregate, follow, isCount, limit } = own;
  const slots = [
    range,
    expiration,
    interval,
    isComparison,
    aggregate,
    follow === 'same' ? undefined : follow,
    isCount,
    limit,
  ];
  return hasContent(own) || slots.some((each) => each !== undefined) || typeof pronoun === 'number';
}

/** `vs AMD`, `add TSLA`: the symbols of the turn before and those that are named. */
function joinSymbols(own: Slots, last: Query | undefined, sets: TickerSymbol[][]): TickerSymbol[] | undefined {
  const latest = sets.at(-1) ?? [];
  const joins = (own.isComparison === true && own.symbols.length === 1) || own.follow === 'add';
  if (!joins || last === undefined || latest.length === 0 || own.symbols.length === 0) return undefined;
  return [...new Set([...latest, ...own.symbols])];
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

function isOptionQuery({ form, fields, conditions, base }: Query): boolean {
  const named = [...fields, ...conditions.map(({ expression }) => expression), base ?? ''];
  return OPTION_FORMS.has(form) || named.some(isOfOptions);
}

/** The last query with what is named now in the place of what was there. */
function changeOf(last: Query, own: Slots, sets: TickerSymbol[][]): Slots | Refusal {
  const {
    form: _form,
    columns: _columns,
    follow: _follow,
    pronoun: _pronoun,
    isYesNo: _asked,
    corrected: _corrected,
    isHeldOnly: _held,
    isDataOnly: _data,
    ...before
  } = last;
  const namesFigures =
    own.fields.length + own.forms.length + own.conditions.length > 0 ||
    own.base !== undefined ||
    own.move !== undefined;
  const isBothSides =
    own.pronoun === 2 && own.symbols.length === 0 && OPTION_FORMS.has(last.form) && (sets.at(-1)?.length ?? 0) === 1;
  if (last.form === 'strategy' && isOfStrategy(own)) return { ...before, ...withoutEmpty(settleDate(last, own)) };
  if (isBothSides) return { ...before, side: 'both' };
  if (own.fields.length === 1 && own.fields[0] === 'last' && last.form === 'contract' && own.side === undefined)
    return unclear('the price of the option or of the stock', 'name the strike, like 410c, or the symbol');
  const kept: Slots = namesFigures ? contextOf(last, own) : { ...before };
  const named = withoutEmpty(settleDate(last, own));
  const changed: Slots = { ...kept, ...named };
  if (own.rank !== undefined && !namesFigures) {
    changed.conditions = [];
    delete changed.isYesNo;
  }
  if (own.side !== undefined && !OPTION_FORMS.has(last.form) && !namesFigures)
    return { ...emptyFigures(changed), side: own.side };
  if (own.strike.length > 0 && own.side === undefined && last.side === 'both') delete changed.side;
  if (own.strike.length > 0 && last.form === 'chain') {
    delete changed.strikes;
    changed.forms = [];
  }
  if (own.strikes !== undefined && last.form === 'contract') changed.strike = [];
  if (!namesFigures && own.range !== undefined && (last.form === 'quote' || last.form === 'bars'))
    changed.forms = changed.forms.length > 0 ? changed.forms : ['bars'];
  return changed;
}

/** What changes a strategy that was priced, or asks a figure of it. */
function isOfStrategy({ forms, fields, conditions, base, move, rank, range, side }: Slots): boolean {
  const isOther = [base, move, rank, range, side].some((each) => each !== undefined);
  return forms.length + conditions.length === 0 && !isOther && fields.every((name) => OF_STRATEGY.has(name));
}

/** A side after a question about the stock: its chain, without the stock's figures. */
function emptyFigures({ symbols, expiration, isHeldOnly }: Slots): Slots {
  return {
    symbols,
    forms: ['chain'],
    fields: [],
    conditions: [],
    strike: [],
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

const OF_BARS = /^(?:last|ohlc|open|high|low|close|volume|change|changePercent|range)$/;
const OF_CONTRACT =
  /^(?:bid|ask|mid|last|volume|openInterest|iv|delta|gamma|theta|vega|spread|spreadPercent|intrinsic|extrinsic|breakEven|probabilityItm|dte)$/;

/** What of the last query goes with other figures: its dates where they can have them, its contract where it has them. */
function contextOf(last: Query, own: Slots): Slots {
  const figures = [
    ...own.fields,
    ...own.conditions.flatMap(({ left, right }) => [left ?? '', right ?? '']),
    own.base ?? '',
  ].filter(Boolean);
  const isOfContract =
    own.forms.length === 0 &&
    figures.length > 0 &&
    figures.every((name) => OF_CONTRACT.test(name)) &&
    own.move === undefined;
  const isOfBars = figures.every((name) => OF_BARS.test(name)) && own.forms.every((form) => form === 'bars');
  const isOption =
    figures.some(isOfOptions) || own.forms.some((form) => OPTION_FORMS.has(form)) || own.side !== undefined;
  const kept: Slots = { symbols: last.symbols, forms: [], fields: [], conditions: [], strike: [] };
  if (last.range !== undefined && isOfBars && !isOption) kept.range = last.range;
  if (last.interval !== undefined && own.forms.includes('bars')) kept.interval = last.interval;
  if (last.expiration !== undefined && isOption && (isOptionQuery(last) || own.fields.length > 0))
    kept.expiration = last.expiration;
  if (last.rank !== undefined && own.forms.length === 0 && own.rank === undefined && own.conditions.length === 0)
    kept.rank = { order: last.rank.order };
  const isContractBefore = last.form === 'contract' || last.form === 'chain';
  if (isContractBefore && (isOfContract || own.forms.includes('chain') || own.strike.length > 0)) {
    if (last.expiration !== undefined) kept.expiration = last.expiration;
    for (const slot of ['side', 'strikes', 'delta', 'money'] as const)
      if (last[slot] !== undefined) Object.assign(kept, { [slot]: last[slot] });
    if (isOfContract) {
      kept.strike = last.strike;
      kept.forms = last.forms;
    }
  }
  return kept;
}

function symbolsMeant(
  own: Slots,
  last: Query | undefined,
  sets: TickerSymbol[][],
): { symbols: TickerSymbol[] } | Refusal {
  const { pronoun } = own;
  const latest = sets.at(-1);
  if (latest === undefined) return unclear('which symbol is meant', 'name one, like NVDA or Apple');
  if (typeof pronoun === 'number') return countedSymbols(pronoun, last, latest, sets);
  if (
    (pronoun === 'it' || pronoun === 'one') &&
    latest.length > 1 &&
    own.conditions.length === 0 &&
    own.base === undefined
  )
    return unclear(`which of ${latest.join(', ')} is meant`, `name one of them, like ${latest[0] ?? ''}`);
  // "compare them", "which did better" after one symbol and then another.
  const comparesSeveral =
    own.isComparison === true ||
    own.rank !== undefined ||
    own.isWhich === true ||
    own.aggregate === 'highest' ||
    own.aggregate === 'lowest';
  const inTurn = symbolsInTurn(sets);
  return { symbols: comparesSeveral && latest.length === 1 && inTurn.length === 2 ? inTurn : latest };
}

/** `both`, `the three`: the turn that had so many, or the single symbols asked about one after another. */
function countedSymbols(
  count: number,
  last: Query | undefined,
  latest: TickerSymbol[],
  sets: TickerSymbol[][],
): { symbols: TickerSymbol[] } | Refusal {
  const isBothSidesOfOne = count === 2 && last !== undefined && OPTION_FORMS.has(last.form) && latest.length === 1;
  const inTurn = symbolsInTurn(sets);
  const found =
    inTurn.length < 2 ? sets.findLast((set) => set.length === count) : inTurn.length === count ? inTurn : undefined;
  if (found !== undefined) return { symbols: found };
  return isBothSidesOfOne
    ? { symbols: latest }
    : unclear(`which ${count} symbols are meant`, 'name them, like WDC, AMD, SOUN');
}

/** The symbols of the last turns as far as each had one only. */
function symbolsInTurn(sets: TickerSymbol[][]): TickerSymbol[] {
  const start = sets.findLastIndex((set) => set.length !== 1) + 1;
  return [...new Set(sets.slice(start).flat())];
}

/** Beside a symbol only `its` is clear; `it`, `they`, `the three` would be someone else. */
function checkPronoun(own: Slots): Slots | Refusal {
  const { pronoun, symbols } = own;
  const isClear =
    pronoun === undefined ||
    pronoun === 'one' ||
    pronoun === 'it' ||
    pronoun === symbols.length ||
    (pronoun === 'many' && symbols.length > 1);
  return isClear ? own : unclear(`which symbol is meant beside ${symbols.join(', ')}`, 'name the symbols only');
}
