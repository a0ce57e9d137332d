// Completes a question from the conversation: whose symbols `its` and `the three` are, and which topic, dates and sides
// carry over to "and puts?", "same for AMD" or "what about last month?".
import type { TickerSymbol } from '../../domain/types.ts';
import { type Refusal, unclear } from './plan.ts';
import type { Slots } from './scan.ts';
import type { Field, Topic } from './vocabulary.ts';

/** What earlier turns were about, the newest last. */
export interface Background {
  last?: Slots;
  /** Symbols of each turn that had some. */
  symbolSets: TickerSymbol[][];
}

const OPTION_TOPICS: readonly Topic[] = ['chain', 'walls', 'maxPain', 'expectedMove', 'putCall'];
const BAR_FIELDS: readonly Field[] = ['ohlc', 'open', 'high', 'low', 'close', 'volume', 'change'];

/** The same slots with what the conversation adds, or a question back. */
export function completeFromConversation(own: Slots, { last, symbolSets }: Background): Slots | Refusal {
  if (own.asksOpenState) return completeOpenState(own, last);
  if (own.topics.has('market')) return own;
  const added = compareWithLast(own, last, symbolSets);
  if (added !== undefined) return added;
  const isBare = own.symbols.length === 0;
  if (isBare && !asksAnything(own)) return unclear('nothing was asked for that it knows');
  const slots = inheritContract(own, last) ?? inheritTopic(isBare ? own : withoutCount(own), last);
  if ('refused' in slots) return slots;
  const symbols = isBare ? symbolsMeant(own, last, symbolSets) : checkPronoun(own);
  return 'refused' in symbols ? symbols : { ...slots, symbols: symbols.symbols };
}

export function isOptionQuestion(slots: Slots): boolean {
  return (
    slots.side !== undefined ||
    slots.strikes !== undefined ||
    slots.strike.length > 0 ||
    OPTION_TOPICS.some((topic) => slots.topics.has(topic))
  );
}

/** Whether a question names a topic of its own, however briefly. */
function hasOwnTopic(slots: Slots): boolean {
  return slots.topics.size > 0 || slots.fields.size > 0 || slots.indicators.size > 0 || slots.interval !== undefined;
}

function asksAnything(slots: Slots): boolean {
  const hasModifier =
    slots.side !== undefined ||
    slots.strikes !== undefined ||
    slots.rank !== undefined ||
    slots.dates.length > 0 ||
    slots.strike.length > 0 ||
    slots.hasColumns;
  return (
    hasOwnTopic(slots) ||
    hasModifier ||
    (slots.isComparison && slots.pronoun !== undefined) ||
    slots.extreme !== undefined ||
    slots.pronoun === 2
  );
}

/** `compare it with AMD`, `vs AMD`: the symbols of the turn before join the one that is named. */
function compareWithLast(own: Slots, last: Slots | undefined, sets: TickerSymbol[][]): Slots | undefined {
  const latest = sets.at(-1);
  if (!own.isComparison || own.symbols.length !== 1 || latest === undefined || last === undefined) return undefined;
  if (typeof own.pronoun === 'number' || latest.length === 0) return undefined;
  const symbols = [...new Set([...latest, ...own.symbols])];
  const alone = withoutPronoun(own);
  return { ...(hasOwnTopic(own) ? alone : inheritRanking(alone, last)), symbols };
}

function completeOpenState(own: Slots, last: Slots | undefined): Slots | Refusal {
  const isAboutMarket = last?.topics.has('market') === true && own.symbols.length === 0;
  return isAboutMarket
    ? { ...own, topics: new Set<Topic>([...own.topics, 'market']) }
    : unclear('"it" could be the market or a stock', 'ask: is the market open');
}

function inheritTopic(own: Slots, last: Slots | undefined): Slots | Refusal {
  if (hasOwnTopic(own)) return inheritDates(own, last);
  const leans = own.symbols.length === 0 || own.isFollowUp;
  if (!leans) return isOptionQuestion(own) ? inheritDates(own, last) : own;
  if (last === undefined) return unclear('nothing was asked before that this could lean on');
  if (own.side !== undefined || own.strikes !== undefined || own.strike.length > 0 || isBothSides(own, last))
    return inheritOptions(own, last);
  if (own.rank !== undefined || own.isComparison) return inheritRanking(own, last);
  return {
    ...last,
    ...definedChoices(own),
    symbols: own.symbols,
    isScattered: own.isScattered,
    hasColumns: own.hasColumns || last.hasColumns,
    columns: own.hasColumns ? own.columns : last.columns,
    dates: own.dates.length > 0 ? own.dates : last.dates,
    isHeldOnly: own.isHeldOnly,
    mayCall: own.mayCall,
    isDataOnly: own.isDataOnly,
    isComparison: last.isComparison && own.symbols.length !== 1,
  };
}

const CONTRACT_FIELDS: readonly Field[] = ['bid', 'ask', 'volume'];

/** `and the put?`, `its delta`, `what about 420c` after one strike; undefined where it is about something else. */
function inheritContract(own: Slots, last: Slots | undefined): Slots | Refusal | undefined {
  if (last === undefined || last.strike.length === 0 || isOfAnother(own)) return undefined;
  const namesFigure = own.hasColumns || own.fields.size > 0;
  const isOfOption = own.side !== undefined || own.strike.length > 0 || own.pronoun === 2;
  if (own.topics.size === 1 && own.topics.has('price') && !namesFigure && !isOfOption) {
    return unclear('the price of the option or of the stock', 'name the strike, like 410c, or the symbol');
  }
  if (own.topics.size > 0 || !(namesFigure || isOfOption || own.dates.length > 0)) return undefined;
  const asked = namesFigure ? own : last;
  const { topics, fields, hasColumns, columns } = asked;
  return { ...ofContract(own, last), topics, fields, hasColumns, columns };
}

/** The strike, side and expiration of before, as far as no other is named. */
function ofContract(own: Slots, last: Slots): Slots {
  const isBoth = own.pronoun === 2;
  return {
    ...(isBoth ? withoutPronoun(own) : own),
    strike: own.strike.length > 0 ? own.strike : last.strike,
    ...optional('side', isBoth ? ('both' as const) : (own.side ?? last.side)),
    dates: own.dates.length > 0 ? own.dates : last.dates,
  };
}

/** Words that cannot be said of the one strike asked about before. */
function isOfAnother(own: Slots): boolean {
  const isRanking =
    own.rank !== undefined || own.extreme !== undefined || own.relation !== undefined || own.isComparison;
  const isChain = own.strikes !== undefined || own.interval !== undefined || own.indicators.size > 0;
  return (
    own.symbols.length > 0 || isRanking || isChain || [...own.fields].some((field) => !CONTRACT_FIELDS.includes(field))
  );
}

/** `both` after an option chain of one symbol means both sides. */
function isBothSides(own: Slots, last: Slots): boolean {
  return own.pronoun === 2 && own.symbols.length === 0 && isOptionQuestion(last) && last.symbols.length === 1;
}

function inheritOptions(own: Slots, last: Slots): Slots | Refusal {
  if (!isOptionQuestion(last))
    return own.symbols.length > 0 || last.symbols.length > 0 ? own : unclear('no option chain was asked for before');
  const side = isBothSides(own, last) ? ('both' as const) : (own.side ?? last.side);
  if (own.strike.length > 0)
    return {
      ...own,
      dates: own.dates.length > 0 ? own.dates : last.dates,
      ...optional('side', own.side ?? (last.side === 'both' ? undefined : last.side)),
    };
  return {
    ...(isBothSides(own, last) ? withoutPronoun(own) : own),
    topics: new Set([...last.topics].filter((topic) => OPTION_TOPICS.includes(topic))),
    dates: own.dates.length > 0 ? own.dates : last.dates,
    ...(side === undefined ? {} : { side }),
    ...optional('strikes', own.strikes ?? last.strikes),
  };
}

function inheritRanking(own: Slots, last: Slots): Slots {
  const canRank = !isOptionQuestion(last) && last.indicators.size === 0;
  const dates = own.dates.length > 0 ? own.dates : canRank ? last.dates : [];
  const topics: Topic[] =
    canRank && (last.topics.has('performance') || last.topics.has('history')) ? ['performance'] : ['price'];
  return { ...own, topics: new Set(topics), dates };
}

/** A topic of its own, but no date: within the same matter the dates of the question before still hold. */
function inheritDates(own: Slots, last: Slots | undefined): Slots {
  const leans = own.symbols.length === 0 || own.isFollowUp;
  if (last === undefined || !leans || own.dates.length > 0) return own;
  if (isOptionQuestion(own)) {
    if (!isOptionQuestion(last)) return own;
    return { ...own, dates: last.dates, ...optional('strikes', own.strikes ?? last.strikes) };
  }
  const wantsBars = own.topics.has('performance') || own.topics.has('history') || own.interval !== undefined;
  const wantsBarFields =
    own.topics.size === 0 && own.fields.size > 0 && [...own.fields].every((field) => BAR_FIELDS.includes(field));
  const lastHadBars =
    !isOptionQuestion(last) && last.indicators.size === 0 && last.dates.some((date) => date.range !== undefined);
  return lastHadBars && (wantsBars || wantsBarFields) ? { ...own, dates: last.dates } : own;
}

function symbolsMeant(
  own: Slots,
  last: Slots | undefined,
  sets: TickerSymbol[][],
): { symbols: TickerSymbol[] } | Refusal {
  const { pronoun } = own;
  const latest = sets.at(-1);
  if (latest === undefined) return unclear('which symbol is meant', 'name one, like NVDA or Apple');
  if (typeof pronoun === 'number') return countedSymbols(pronoun, last, latest, sets);
  if ((pronoun === 'it' || pronoun === 'one') && latest.length > 1)
    return unclear(`which of ${latest.join(', ')} is meant`, 'name one of them');
  // "compare them", "which did better" after one symbol and then another.
  const comparesSeveral = own.isComparison || own.rank !== undefined || own.extreme !== undefined;
  const inTurn = symbolsInTurn(sets);
  return { symbols: comparesSeveral && latest.length === 1 && inTurn.length === 2 ? inTurn : latest };
}

/** `both`, `the three`: the turn that had so many, or the single symbols asked about one after another. */
function countedSymbols(
  count: number,
  last: Slots | undefined,
  latest: TickerSymbol[],
  sets: TickerSymbol[][],
): { symbols: TickerSymbol[] } | Refusal {
  const isBothSidesOfOne = count === 2 && last !== undefined && isOptionQuestion(last) && latest.length === 1;
  const inTurn = symbolsInTurn(sets);
  const isOneSet = inTurn.length < 2;
  const found = isOneSet ? sets.findLast((set) => set.length === count) : inTurn.length === count ? inTurn : undefined;
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

/** `both AMD and NVDA` counts what it names. */
function withoutCount(own: Slots): Slots {
  return own.pronoun === own.symbols.length ? withoutPronoun(own) : own;
}

function withoutPronoun(slots: Slots): Slots {
  const copy = { ...slots };
  delete copy.pronoun;
  return copy;
}

/** Beside a symbol only `its` is clear; `it`, `they`, `the three` would be someone else. */
function checkPronoun(own: Slots): { symbols: TickerSymbol[] } | Refusal {
  const isClear =
    own.pronoun === undefined ||
    own.pronoun === 'one' ||
    own.pronoun === own.symbols.length ||
    (own.pronoun === 'many' && own.symbols.length > 1);
  return isClear
    ? { symbols: own.symbols }
    : unclear(`which symbol is meant beside ${own.symbols.join(', ')}`, 'name the symbols only');
}

function definedChoices(own: Slots): Partial<Slots> {
  return { ...optional('interval', own.interval), ...optional('rank', own.rank), ...optional('pronoun', own.pronoun) };
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<Key, Value>>);
}
