// Decides what a question as a whole asks for, or refuses it: which topics go together, which dates belong to which,
// and what would leave a word without effect. What is accepted has one reading only.
import { parseRangePhrase } from '../../domain/date-grammar.ts';
import { completeFromConversation, type Background, isOptionQuestion } from './follow-up.ts';
import type { Names } from './names.ts';
import { notUnderstood, type Plan, type Refusal, type Step, unclear, type WallFocus } from './plan.ts';
import { type DateFinder, type Doubt, emptySlots, scanQuestion, type Slots } from './scan.ts';
import { asksNextExpiration, decideContract, decideExpiryDate, decideExtreme } from './single.ts';
import type { Field, Indicator, Topic, Vocabulary } from './vocabulary.ts';

const QUOTE_ONLY_FIELDS: readonly Field[] = ['bid', 'ask', 'averageVolume', 'week52High', 'week52Low', 'previousClose'];
const CHAIN_COLUMN_FIELDS: readonly Field[] = ['bid', 'ask', 'volume'];
const WALL_TOPICS: readonly WallFocus[] = ['walls', 'maxPain', 'expectedMove', 'putCall'];
const DEFAULT_STRIKES = 10;
const DEFAULT_RANGES = { day: 'past month', week: 'past 6 months', month: 'past 2 years' } as const;

export interface Grammar {
  parse(question: string, background: Background): Plan | Refusal;
}

/** @param findDate gives dates without a year theirs. */
export function createGrammar(names: Names, vocabulary: Vocabulary, findDate: DateFinder): Grammar {
  return {
    parse(question, background) {
      const expression = findExpression(question);
      if (expression !== undefined) return planOf([{ topic: 'calculate', expression }], emptySlots());
      const scan = scanQuestion(question, names, vocabulary, findDate);
      const [unknown] = scan.unknown;
      if (unknown !== undefined) return notUnderstood(`"${unknown}"`, scan.unknown);
      const [doubt] = scan.doubts;
      if (doubt !== undefined) return askBack(doubt);
      const [twofold] = scan.unclear;
      if (twofold !== undefined) return unclear(twofold.message, twofold.hint);
      const completed = completeFromConversation(withoutWeeklyBars(scan.slots), background);
      if ('refused' in completed) return completed;
      if (asksState(question, scan.slots))
        return unclear(
          '"open" could be the state of the market or a price',
          'ask "is the market open" or for the opening price',
        );
      const steps = decideSteps(completed);
      return 'refused' in steps ? steps : planOf(steps, completed);
    },
  };
}

/** `weekly` where nothing speaks of options is the size of bars alone. */
function withoutWeeklyBars(slots: Slots): Slots {
  const isOfBars = !isOptionQuestion({ ...slots, dates: [] });
  if (slots.interval !== 'week' || !isOfBars) return slots;
  return { ...slots, dates: slots.dates.filter(({ expiration }) => expiration !== 'weekly') };
}

/** `is Apple open`: not the opening price, and not for a stock to say. */
function asksState(question: string, { fields, topics, dates }: Slots): boolean {
  const isOneWord = fields.size === 1 && (fields.has('open') || fields.has('close'));
  return isOneWord && topics.size === 0 && dates.length === 0 && /^\s*(?:is|are|was|were)\s/i.test(question);
}

function planOf(steps: Step[], slots: Slots): Plan {
  const isAnalysis = slots.isComparison || steps.some((step) => ['levels', 'technicals', 'walls'].includes(step.topic));
  return {
    kind: isAnalysis ? 'analysis' : 'data',
    steps,
    isHeldOnly: slots.isHeldOnly && !slots.mayCall,
    isDataOnly: slots.isDataOnly,
    slots,
  };
}

function askBack({ word, candidates }: Doubt): Refusal {
  const shown = candidates.slice(0, 4).map(({ symbol, name }) => (name === symbol ? symbol : `${symbol} (${name})`));
  return {
    refused: 'unclear',
    message: `did you mean ${shown.join(' or ')}?`,
    hint: /^[A-Za-z.]{1,6}$/.test(word)
      ? `write the symbol, like $${candidates[0]?.symbol ?? 'NVDA'}; for the symbol ${word.toUpperCase()} itself write $${word.toUpperCase()}`
      : 'write the symbol',
    words: [word],
  };
}

const EXPRESSION_LEAD = /^\s*(?:please\s+)?(?:what(?:'s|’s|\s+is)|calculate|compute|calc|how\s+much\s+is)?\s*/i;

/** Arithmetic on plain numbers, with at least one operator between two of them. */
function findExpression(question: string): string | undefined {
  const rest = question
    .replace(EXPRESSION_LEAD, '')
    .replace(/[?=\s]+$/, '')
    .replaceAll('×', '*')
    .replaceAll('÷', '/');
  const isArithmetic = /^[\d\s.+\-*/()]+$/.test(rest) && /[\d)]\s*[+\-*/]\s*[\d(.-]/.test(rest);
  const isDate = /^\d{4}-\d\d-\d\d$|^\d{1,2}\/\d{1,2}\/\d{4}$/.test(rest.trim());
  return isArithmetic && !isDate ? rest.trim() : undefined;
}

function decideSteps(slots: Slots): Step[] | Refusal {
  if (slots.topics.has('market')) return decideMarket(slots);
  if (slots.topics.has('expiryDate') || asksNextExpiration(slots)) return decideExpiryDate(slots);
  if (slots.strike.length > 0) return decideContract(settleExpiry(slots));
  if (slots.extreme !== undefined) return decideExtreme(slots);
  const settled = settleExpiry(slots);
  const conflict = findConflict(settled);
  if (conflict !== undefined) return conflict;
  const option = decideOptions(settled);
  if ('refused' in option) return option;
  const bars = decidePrices(settled, option.length > 0);
  if ('refused' in bars) return bars;
  const rest = decideComputed(settled);
  if ('refused' in rest) return rest;
  const steps = [...bars, ...rest, ...option];
  if (steps.length === 0) return notUnderstood('nothing in it names figures');
  return checkTogether(settled, steps) ?? steps;
}

function decideMarket(slots: Slots): Step[] | Refusal {
  const isOnlyMarket =
    [...slots.topics].every((topic) => topic === 'market') &&
    [...slots.fields].every((field) => field === 'open' || field === 'close');
  const isOnlyToday = slots.dates.every(({ range }) => range === 'today');
  const hasMore =
    slots.symbols.length > 0 || slots.indicators.size > 0 || isOptionQuestion(slots) || slots.interval !== undefined;
  const compares = slots.rank !== undefined || slots.relation !== undefined || slots.isComparison;
  if (isOnlyMarket && isOnlyToday && !hasMore && !compares) return [{ topic: 'market' }];
  return notUnderstood('the market together with something else');
}

/** `expiring` beside a date belongs to it; without one it asks for the dates. */
function settleExpiry(slots: Slots): Slots {
  const topics = new Set(slots.topics);
  if (topics.delete('expiry')) {
    const hasDate =
      slots.dates.length > 0 || slots.side !== undefined || slots.strikes !== undefined || slots.strike.length > 0;
    topics.add(hasDate ? 'chain' : 'expirations');
  }
  if (topics.has('expirations')) topics.delete('chain');
  const { interval, ...rest } = slots;
  // Beside options "monthly" and "weekly" say which expiration, not which bars.
  const listedAs = interval === 'month' ? 'monthly' : interval === 'week' ? 'weekly' : undefined;
  const isExpiration =
    listedAs !== undefined && isOptionQuestion(slots) && slots.dates.some((date) => date.expiration === listedAs);
  return { ...(isExpiration ? rest : slots), topics };
}

function findConflict(slots: Slots): Refusal | undefined {
  if (slots.symbols.length === 0) return unclear('which symbol is meant', 'name one, like NVDA or Apple');
  if (slots.dates.length > 1) return notUnderstood('two dates in one question');
  if (slots.hasColumns && !isOptionQuestion(slots))
    return notUnderstood('greeks, volatility or open interest without an option chain');
  if (slots.isComparison && slots.symbols.length < 2) return unclear('compare with what', 'name two symbols or more');
  if (slots.rank !== undefined && slots.symbols.length < 2)
    return unclear('a ranking needs several symbols', 'name them, like AAPL, MSFT and NVDA');
  if (slots.relation !== undefined && slots.indicators.size !== 1)
    return notUnderstood(`"${slots.relation}" without one moving average`);
  if (slots.isScattered && !slots.hasJoiner && !slots.isComparison && slots.rank === undefined)
    return notUnderstood('symbols with other words between them');
  return undefined;
}

function decideOptions(slots: Slots): Step[] | Refusal {
  if (!isOptionQuestion(slots)) return [];
  if (slots.topics.has('expirations')) return notUnderstood('a side of the chain together with expiration dates');
  const [date] = slots.dates;
  if (date !== undefined && date.expiration === undefined)
    return notUnderstood(`"${date.range ?? ''}" as an expiration`);
  const focus = WALL_TOPICS.filter((topic) => slots.topics.has(topic));
  const common = {
    symbols: slots.symbols,
    side: slots.side ?? ('both' as const),
    ...(date?.expiration === undefined ? {} : { expiration: date.expiration }),
  };
  const isChainAsked = focus.length === 0 || slots.strikes !== undefined;
  const hasForeignField = [...slots.fields].some((field) => !CHAIN_COLUMN_FIELDS.includes(field));
  if (hasForeignField && !slots.topics.has('quote') && !slots.topics.has('price'))
    return notUnderstood(`${[...slots.fields].join(', ')} together with options`);
  const chain: Step[] = isChainAsked ? [{ topic: 'chain', ...common, strikes: slots.strikes ?? DEFAULT_STRIKES }] : [];
  return focus.length === 0 ? chain : [...chain, { topic: 'walls', ...common, focus }];
}

/** Quotes and bars. A date turns a price into bars, except where it is the expiration of an option. */
function decidePrices(slots: Slots, hasOptions: boolean): Step[] | Refusal {
  const [date] = slots.dates;
  const wantsBars = slots.topics.has('history') || slots.interval !== undefined;
  const wantsPerformance = slots.topics.has('performance');
  if (hasOptions) return decidePricesBesideOptions(slots, wantsBars || wantsPerformance);
  const range = date?.range;
  if (date !== undefined && range === undefined && slots.interval === undefined)
    return notUnderstood(`"${date.expiration ?? ''}" without options`);
  if (wantsBars) return decideBars(slots, range);
  if (wantsPerformance && range === undefined)
    return unclear('over which period', 'add one, like last week, past month or ytd');
  const wantsPrice = wantsPerformance || namesPrice(slots) || slots.rank !== undefined || isPlain(slots);
  if (!wantsPrice) return [];
  return range === undefined || range === 'today' ? [quoteStep(slots)] : decideBars(slots, range);
}

function decidePricesBesideOptions(slots: Slots, wantsBars: boolean): Step[] | Refusal {
  if (wantsBars || slots.rank !== undefined) return notUnderstood('bars together with options');
  return slots.topics.has('quote') ? [quoteStep(slots)] : [];
}

/** Beside `above its 200 day` a price is only what is compared. */
function namesPrice({ topics, fields, relation }: Slots): boolean {
  return topics.has('quote') || (relation === undefined && (topics.has('price') || fields.size > 0));
}

/** Symbols and at most a date: `NVDA`, `AAPL vs MSFT ytd`. */
function isPlain(slots: Slots): boolean {
  return slots.topics.size === 0 && slots.indicators.size === 0 && slots.fields.size === 0;
}

function decideBars(slots: Slots, range: string | undefined): Step[] | Refusal {
  const foreign = [...slots.fields].find((field) => QUOTE_ONLY_FIELDS.includes(field));
  if (foreign !== undefined) return notUnderstood(`${foreign} over a period`);
  if (range !== undefined && parseRangePhrase(range)?.expression.kind === 'future')
    return unclear(
      `"${range}" is in the future`,
      'ask about the past, such as last week, past 3 months or since Nov 3',
    );
  const interval = slots.interval ?? 'day';
  const bars: Step = {
    topic: 'history',
    symbols: slots.symbols,
    range: range ?? DEFAULT_RANGES[interval],
    interval,
    fields: [...slots.fields],
    ...(slots.rank === undefined ? {} : { rank: slots.rank }),
    isPointPrice: isPointPrice(slots),
  };
  const wantsQuoteToo = slots.topics.has('quote') && (slots.topics.has('performance') || slots.topics.has('history'));
  return wantsQuoteToo ? [quoteStep({ ...slots, fields: new Set() }), bars] : [bars];
}

function refuseFuture(range: string | undefined): Refusal | undefined {
  if (range === undefined || parseRangePhrase(range)?.expression.kind !== 'future') return undefined;
  return unclear(`"${range}" is in the future`, 'ask about the past, such as last week, past 3 months or since Nov 3');
}

function isPointPrice({ topics, fields, interval, isComparison, rank }: Slots): boolean {
  const isSeries =
    topics.has('history') || topics.has('performance') || interval !== undefined || isComparison || rank !== undefined;
  return (
    !isSeries &&
    !fields.has('ohlc') &&
    fields.size < 3 &&
    (topics.has('price') || topics.has('quote') || fields.size > 0)
  );
}

function quoteStep(slots: Slots): Step {
  return {
    topic: 'quote',
    symbols: slots.symbols,
    fields: [...slots.fields],
    ...(slots.rank === undefined ? {} : { rank: slots.rank }),
  };
}

/** What is computed from the daily series, expirations and the bundle: none of them takes a date. */
function decideComputed(slots: Slots): Step[] | Refusal {
  const { symbols, topics } = slots;
  const steps: Step[] = [];
  const wantsTechnicals = topics.has('technicals');
  const indicators: Indicator[] = [...slots.indicators];
  if ((topics.has('ta') || indicators.length > 0) && !wantsTechnicals) {
    steps.push({
      topic: 'ta',
      symbols,
      indicators: topics.has('ta') ? [] : indicators,
      ...(slots.relation === undefined ? {} : { relation: slots.relation }),
    });
  }
  for (const topic of ['levels', 'technicals', 'expirations', 'bundle'] as const) {
    if (topics.has(topic)) steps.push({ topic, symbols });
  }
  const [first] = steps;
  return (first === undefined ? undefined : checkUndated(slots, first.topic)) ?? steps;
}

function checkUndated(slots: Slots, topic: Step['topic']): Refusal | undefined {
  if (slots.interval !== undefined) return notUnderstood(`bars by ${slots.interval} together with ${topic}`);
  const [date] = slots.dates;
  const isDated = date !== undefined && date.range !== 'today' && !isOptionQuestion(slots);
  if (!isDated) return undefined;
  const future = topic === 'expirations' ? undefined : refuseFuture(date.range);
  return future ?? notUnderstood(`"${date.range ?? date.expiration ?? ''}" together with ${topic}`);
}

function checkTogether(slots: Slots, steps: Step[]): Refusal | undefined {
  const topics = new Set<Topic | Step['topic']>(steps.map((step) => step.topic));
  if (slots.isScattered && topics.size > 1) return notUnderstood('several symbols with several topics');
  if (slots.relation !== undefined && (topics.size > 1 || slots.isScattered))
    return notUnderstood(`"${slots.relation}" together with something else`);
  if (slots.rank !== undefined && [...topics].some((topic) => topic !== 'quote' && topic !== 'history'))
    return notUnderstood('a ranking of something else than price changes');
  const isRankedByMore = slots.rank !== undefined && [...slots.fields].some((field) => field !== 'change');
  if (isRankedByMore) return notUnderstood('a ranking of price changes together with something else');
  if (topics.has('bundle') && topics.size > 1) return notUnderstood('an overview together with something else');
  return undefined;
}
