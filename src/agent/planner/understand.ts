// What a question as a whole asks for, or why it is refused: each part gets the form that takes all that the part says.
// One rule refuses the rest: a word that is neither taken by the form nor known to change nothing.
import { parseRangePhrase } from '../../domain/date-grammar.ts';
import { isFinError } from '../../domain/errors.ts';
import { parseExpirationPhrase } from '../../domain/expirations.ts';
import { checkStrikes, type StrategyName } from '../../domain/strategies.ts';
import { isoOf } from '../../domain/date-words.ts';
import { addDays, daysBetween, exchangeDateOf, startOfWeek, yearOf } from '../../domain/exchange-time.ts';
import type { EpochMs, IsoDate, TickerSymbol } from '../../domain/types.ts';
import { MAX_WINDOW, MIN_WINDOW } from '../../domain/windows.ts';
import { findField } from '../../fields/registry.ts';
import { type Background, completeFromConversation } from './follow-up.ts';
import { type Form, FORMS, formOf } from './forms.ts';
import { isTerm } from './glossary.ts';
import type { Names } from './names.ts';
import { isOfOptions, overRange, readParts, hasContent } from './parts.ts';
import {
  type Condition,
  type Plan,
  type Query,
  type Refusal,
  type SlotName,
  type Slots,
  emptySlots,
  isRefusal,
  notUnderstood,
  OF_STRATEGY,
  unclear,
} from './query.ts';
import { type Reading, type Token, type Topic, readQuestion } from './read.ts';
import { refuseWord, suggestInstead } from './refusals.ts';
import { type Order, createVocabulary } from './words.ts';

export interface Grammar {
  parse(question: string, background: Background): Plan | Refusal;
  /** Those that a question names, also one that is refused. */
  symbolsOf(question: string): TickerSymbol[];
}

export function createGrammar(names: Names, now: () => EpochMs): Grammar {
  const today = (): IsoDate => exchangeDateOf(now());
  const vocabulary = createVocabulary(FORMS.map(({ name, words }) => [name, words] as const));
  const reader = { names, vocabulary, today };
  let ofMarket: typeof vocabulary | undefined;

  /** A question without a symbol may be about the whole market, whose words are others. */
  function readTokens(question: string, background: Background): Reading {
    const { symbolSets } = background;
    const reading = readQuestion(question, reader, topicOf(background));
    const isOfSymbols =
      symbolSets.length > 0 && !/\b(?:scan|screen|screener|stocks|large caps|whole market)\b/i.test(question);
    if (
      isOfSymbols ||
      !OF_MARKET.test(question) ||
      reading.tokens.some(({ is, text }) => is === 'symbol' && text !== 'ups')
    )
      return reading;
    ofMarket ??= createVocabulary(
      FORMS.map(({ name, words }) => [name, words] as const),
      true,
    );
    const scan = readQuestion(question, { ...reader, vocabulary: ofMarket });
    return scan.tokens.some(({ is }) => is === 'scan') ? scan : reading;
  }

  function parsePlain(question: string, background: Background): Plan | Refusal {
    const expression = findExpression(question);
    if (expression !== undefined)
      return { kind: 'data', parts: [{ ...emptySlots(), form: 'calculate', fields: [expression], columns: [] }] };
    const reading = readTokens(question, background);
    if (asksMeaning(question, reading))
      return { kind: 'data', parts: [{ ...definitionOf(question, reading), form: 'definition', columns: [] }] };
    const refused = refuseTokens(reading, background);
    if (refused !== undefined) return refused;
    const parts: Query[] = [];
    let before = background;
    for (const part of readParts(reading)) {
      if (isRefusal(part)) return part;
      // "when is thanksgiving": no expiration of anything.
      if (
        part.forms.includes('expiry') &&
        part.symbols.length === 0 &&
        before.symbolSets.length === 0 &&
        !/\bdte\b/i.test(question)
      )
        part.forms = ['market'];
      // "how many trading days to jan opex": of the calendar, as nothing of a share is counted.
      if (
        part.isCount === true &&
        part.symbols.length === 0 &&
        !hasContent(part) &&
        /\b(?:trading days|sessions)\b/i.test(question)
      )
        part.forms = ['market'];
      const completed = completeFromConversation(part, before, now());
      if (isRefusal(completed)) return completed;
      const queries = settle(completed, part, today());
      if (isRefusal(queries)) return queries;
      parts.push(...queries);
      const [last] = queries.slice(-1);
      if (last !== undefined && last.symbols.length > 0)
        before = { last, symbolSets: [...before.symbolSets, last.symbols] };
    }
    return parts.length === 0 ? notUnderstood('nothing in it names figures') : planOf(parts);
  }

  /** What is told before a question and asks nothing: its symbols are what the question is about. */
  function parseWithoutStory(question: string, background: Background): Plan | undefined {
    const sentences = question.split(/(?<=[.!?;…])\s+(?=\S)/);
    if (sentences.length < 2) return undefined;
    const told = sentences.map((sentence) => ({ sentence, tokens: readQuestion(sentence, reader).tokens }));
    const last = told.findLastIndex(({ sentence, tokens }) => !isStory(sentence, tokens));
    // A story comes before the question, and is a sentence.
    const asked = told.filter(
      ({ sentence, tokens }, index) => index >= last || sentence.split(/\s+/).length < 3 || !isStory(sentence, tokens),
    );
    if (asked.length === 0 || asked.length === told.length) return undefined;
    const symbols = [
      ...new Set(told.flatMap((each) => (asked.includes(each) ? [] : symbolsIn(each.tokens, { symbolSets: [] })))),
    ];
    const before =
      symbols.length === 0 ? background : { ...background, symbolSets: [...background.symbolSets, symbols] };
    const plan = parsePlain(asked.map(({ sentence }) => sentence).join(' '), before);
    return isRefusal(plan) ? undefined : plan;
  }

  return {
    symbolsOf: (question) => [
      ...new Set(
        readQuestion(question, reader).tokens.flatMap((token) => (token.is === 'symbol' ? [token.symbol] : [])),
      ),
    ],
    parse(question, background) {
      const plain = parsePlain(question, background);
      const plan = isRefusal(plain) ? (parseWithoutStory(question, background) ?? plain) : plain;
      if (!isRefusal(plan) || plan.instead !== undefined) return plan;
      const instead = suggestInstead(readQuestion(question, reader), background, (text) => {
        const found = parsePlain(text, { symbolSets: [] });
        return !isRefusal(found);
      });
      return { ...plan, ...(instead === undefined ? {} : { instead }) };
    },
  };
}

/** After a question about options a number is a strike or a delta. */
function topicOf({ last }: Background): Topic | undefined {
  if (last?.form === 'strategy') return 'strategy';
  return last?.form === 'chain' || last?.form === 'contract' ? 'options' : undefined;
}

function planOf(parts: Query[]): Plan {
  const isAnalysis = parts.some((part) => part.isComparison === true || formOf(part.form).isAnalysis === true);
  return { kind: isAnalysis ? 'analysis' : 'data', parts };
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
  const isDate = /^\d{4}-\d\d-\d\d$|^\d{1,2}\/\d{1,2}(?:\/\d{2,4})?$/.test(rest.trim());
  return isArithmetic && !isDate ? rest.trim() : undefined;
}

const MEANING =
  /\b(?:means?|meant|meaning of|define|definition|explain|eli5|stands? for|what counts as|difference between .+ and|(?:plain|simple) (?:words|english|terms)|is (?:a|an) .+ (?:please|the same as))\b|^(?:so )?(?:how|what) (?:is|are|does) .+ (?:calculated|computed|worked out|differ)/i;
const NAMED_TERM =
  /^(?:(?:bro|so|ok|hey|yo|please|and)[ ,]+)*(?:what(?:['’]?s| is| are)|wat is|wats) (?:a |an |the )?([a-z0-9 %&-]+?)\??$/i;

/** The meaning of words is asked for, of nothing with a symbol. */
function asksMeaning(question: string, { tokens }: Reading): boolean {
  if (tokens.some(({ is }) => is === 'symbol' || is === 'contract' || is === 'date')) return false;
  if (MEANING.test(question) && !/\b(?:should|shall) i\b/i.test(question)) return true;
  const [, term = ''] = NAMED_TERM.exec(question.trim()) ?? [];
  const isPlain = tokens.every(({ is }) => !['pronoun', 'rank', 'aggregate', 'which', 'refuse'].includes(is));
  return isPlain && term !== '' && !/\b(?:now|my|it|its|up|down|doing)\b/.test(term) && isTerm(term);
}

function definitionOf(topic: string, { tokens }: Reading): Slots {
  const fields = tokens.flatMap((token) =>
    token.is === 'field' ? token.names : token.is === 'delta' ? ['delta'] : [],
  );
  return { ...emptySlots(), fields: [...new Set(fields)], isDefinition: true, topic };
}

const STORY = new Set([
  'filler',
  'symbol',
  'unknown',
  'move',
  'joiner',
  'pronoun',
  'did',
  'paid',
  'worth',
  'mark',
  'unit',
  'define',
  'when',
  'which',
  'doubt',
]);
const ASKS =
  /^(?:what|whats|how|hows|when|which|who|whos|where|wheres|is|are|was|were|did|does|do|has|have|can|could|would|will|tell|show|give|compare|list|please|pls|kindly|get|find|scan|rank)\b/i;

/** A sentence without figures, dates and amounts that asks nothing. */
function isStory(sentence: string, tokens: readonly Token[]): boolean {
  const isPlain = tokens.every(
    (token) => STORY.has(token.is) || (token.is === 'refuse' && /^(?:position|news)$/.test(token.why)),
  );
  return isPlain && !sentence.includes('?') && !ASKS.test(sentence.trim());
}

/** What a question about the whole market has a word of. */
const OF_MARKET =
  /\b(?:companies|unusual|squeeze|techs|risers|tickers|scan|screen|screener|stocks|large caps|names|gainers|losers|active|actives|leaders|gap(?:ped|ping)?|gappers|market|anything|highs|lows|golden|squeezes?)\b/i;

/** What of the future the calendar knows. */
const OF_CALENDAR = new Set(['market', 'holidays', 'expirations', 'expiry', 'events']);

/** A word that is not known, almost known, or known to be beyond what figures of the past can say. */
function refuseTokens({ tokens }: Reading, background: Background): Refusal | undefined {
  const isCalendar = tokens.some((token) => token.is === 'form' && OF_CALENDAR.has(token.form));
  const unknown = tokens.filter(({ is }) => is === 'unknown');
  for (const token of tokens) {
    if (
      token.is === 'refuse' &&
      !(token.why === 'forecast' && isCalendar && /^(?:will|going to|gonna|expected to)$/i.test(token.text))
    )
      return refuseWord(token, symbolsIn(tokens, background));
  }
  const [first] = unknown;
  if (first !== undefined) return notUnderstood(unknown.map(({ text }) => `"${text}"`).join(', '));
  for (const token of tokens) {
    if (token.is === 'doubt') return askBack(token);
    if (token.is === 'unclear') return unclear(token.message, token.hint);
  }
  return undefined;
}

function symbolsIn(tokens: readonly Token[], { symbolSets }: Background): string[] {
  const own = tokens.flatMap((token) => (token.is === 'symbol' ? [token.symbol] : []));
  return own.length > 0 ? own : (symbolSets.at(-1) ?? []);
}

function askBack({ text, candidates }: Token & { is: 'doubt' }): Refusal {
  const shown = candidates.slice(0, 4).map(({ symbol, name }) => (name === symbol ? symbol : `${symbol} (${name})`));
  const [first] = candidates;
  return unclear(
    `did you mean ${shown.join(' or ')}?`,
    /^[A-Za-z.]{1,6}$/.test(text)
      ? `write the symbol, like $${first?.symbol ?? 'NVDA'}; for the symbol ${text.toUpperCase()} itself write $${text.toUpperCase()}`
      : 'write the symbol',
  );
}

/** Figures of a day's bar, which a date turns into bars. */
const BAR_FIELDS = new Set(['last', 'ohlc', 'open', 'high', 'low', 'close', 'volume']);
const OF_CONTRACTS = new Set(['bid', 'ask', 'mid', 'last', 'volume', 'openInterest', 'iv', 'spread', 'spreadPercent']);
const WHOLE_FORMS = [
  'events',
  'news',
  'overview',
  'technicals',
  'levels',
  'indicators',
  'expirations',
  'expiry',
  'walls',
  'volatility',
];

/** The queries of a part: a named form each, and what figures are left. @param own what was said before it was completed */
function settle(slots: Slots, own: Slots, today: IsoDate): Query[] | Refusal {
  const forms = new Set(slots.forms);
  if (
    forms.has('social') &&
    own.symbols.length === 0 &&
    slots.fields.length === 0 &&
    slots.rank === undefined &&
    slots.range === undefined &&
    slots.conditions.length === 0
  )
    return [queryOf('social', slots)];
  forms.delete('social');
  if (forms.has('holidays')) return only('holidays', slots, own);
  if (forms.has('market') && own.symbols.length > 0 && own.fields.some((name) => name !== 'open' && name !== 'close'))
    return notUnderstood(`${labelOf(own.fields[0] ?? '')} together with the market's hours`);
  if (forms.has('market')) return only('market', slots, own);
  if (slots.scan !== undefined && own.symbols.length === 0) return settleScan(slots, own);
  if (forms.has('positions')) return only('positions', slots, own);
  if (slots.isDefinition === true && own.symbols.length === 0) return only('definition', slots, own);
  if (slots.symbols.length === 0) return unclear('which symbol is meant', 'name one, like NVDA or Apple');
  if (slots.strategy !== undefined) return settleStrategy(slots, own);
  if (slots.ofStrategy !== undefined) return notUnderstood(`"${slots.ofStrategy}" without a strategy`);
  const unsaid = refuseTwofold(slots, own);
  if (unsaid !== undefined) return unsaid;
  const future = refuseFuture(slots);
  if (future !== undefined) return future;
  settleForms(forms, slots);
  if (slots.isEach === true || forms.has('expirations')) {
    const each = settleEach(slots, forms, today);
    if (each !== undefined) return isRefusal(each) ? each : (refuseUntaken(each, own) ?? each);
  }
  const queries: Query[] = [];
  const rest = { ...slots };
  for (const name of WHOLE_FORMS) {
    if (!forms.has(name) || (name === 'walls' && slots.fields.includes('callWall'))) continue;
    queries.push(queryOf(name, withoutFigures(name, rest)));
  }
  const option = settleOptions(rest, forms, queries.length > 0);
  if (isRefusal(option)) return option;
  queries.push(...option);
  const isLeft =
    rest.fields.length + rest.conditions.length > 0 || hasFigureSlots(rest) || forms.has('bars') || forms.has('quote');
  if (queries.length === 0 || isLeft) {
    const figures = settleFigures(rest, forms, queries.length === 0);
    if (isRefusal(figures)) return figures;
    queries.push(...figures);
  }
  return refuseUntaken(queries, slots) ?? queries;
}

/** What the volatility sheet of a symbol says of each date. */
const OF_TERM = new Set(['atmIv', 'iv', 'iv30', 'expectedMove', 'expectedMovePercent', 'straddle', 'skew25', 'dte']);
const ALL_DATES = '0..800dte';

/** A row for each expiration of a span: `atm iv by expiration`, `which expiry has the most open interest`. */
function settleEach(slots: Slots, forms: ReadonlySet<string>, today: IsoDate): Query[] | Refusal | undefined {
  const { fields, conditions, aggregate, rank, symbols, expiration, range, limit } = slots;
  const days = conditions.filter(({ left }) => left === 'dte' || left === 'last');
  const span = spanOf(expiration ?? range?.replace(/^in /, ''), days, today);
  const isOfDates = fields.every((name) => name === 'dte') && aggregate === undefined && rank === undefined;
  if (isOfDates && forms.has('expirations') && limit !== undefined && days.length === 0) {
    slots.fields = [];
    return undefined;
  }
  if (isOfDates && slots.isEach !== true && forms.has('expirations')) {
    if (days.length === 0) return undefined;
    if (days.length < conditions.length || span === undefined) return notUnderstood('figures of each expiration');
    slots.expiration = span;
    slots.conditions = [];
    slots.fields = [];
    return undefined;
  }
  if (forms.has('expirations') && expiration !== undefined && !/\.\./.test(expiration) && slots.isEach !== true)
    return undefined;
  if (span === undefined) return notUnderstood('each expiration of that time');
  const asked = fields.length > 0 ? fields : ['atmIv', 'expectedMove', 'skew25'];
  const isSheet = symbols.length === 1 && expiration === undefined && range === undefined && limit === undefined;
  const isPlain = conditions.length === 0 && aggregate === undefined && rank === undefined;
  if (isSheet && isPlain && asked.every((name) => OF_TERM.has(name)))
    return [queryOf('volatility', { ...withoutFigures('volatility', slots), fields, isEach: true })];
  const strange = asked.find((name) => !isOfOptions(name) && name !== 'volume' && name !== 'dte');
  if (strange !== undefined) return notUnderstood(`${labelOf(strange)} of each expiration`);
  const columns = asked.map((name) => OF_EXPIRATION[name] ?? resolved(name));
  const order = rank?.order ?? (aggregate === 'highest' || aggregate === 'lowest' ? aggregate : undefined);
  const { aggregate: _aggregate, range: _range, ...rest } = slots;
  const query = queryOf(
    'figures',
    {
      ...rest,
      forms: [],
      fields: columns,
      conditions: conditions.filter((each) => !days.includes(each)),
      expiration: span,
      ...(order === undefined ? {} : { rank: { order }, limit: limit ?? MOST_RANKED }),
    },
    [...columns, 'expiration', 'dte'].filter((name, index, all) => all.indexOf(name) === index),
  );
  return [query];
}

const OF_EXPIRATION: Readonly<Record<string, string>> = { volume: 'optionVolume', openInterest: 'optionOpenInterest' };

/** The dates that are meant, in days from now: all, to the end of a month or week, or under so many days. */
function spanOf(phrase: string | undefined, days: readonly Condition[], today: IsoDate): string | undefined {
  const until = (date: IsoDate): string => `0..${String(Math.max(0, daysBetween(today, date)))}dte`;
  const [bound, more] = days;
  if (bound !== undefined) {
    const value = Number(bound.right);
    if (more !== undefined || !Number.isInteger(value)) return undefined;
    if (bound.operator?.startsWith('<') === true) return `0..${String(bound.operator === '<' ? value - 1 : value)}dte`;
    return `${String(bound.operator === '>' ? value + 1 : value)}..1500dte`;
  }
  if (phrase === undefined) return ALL_DATES;
  if (/this week/.test(phrase)) return until(addDays(startOfWeek(today), 4));
  const expression = parseExpirationPhrase(phrase)?.expression;
  if (phrase.includes(',') || expression?.kind === 'span') return phrase;
  if (expression?.kind === 'date') return until(expression.date);
  if (expression?.kind === 'weekday') return until(addDays(startOfWeek(today), expression.week === 'next' ? 11 : 4));
  if (expression?.kind !== 'month') return undefined;
  const year = expression.year ?? yearOf(today) + (expression.month < Number(today.slice(5, 7)) ? 1 : 0);
  return until(addDays(isoOf(year + (expression.month === 12 ? 1 : 0), (expression.month % 12) + 1, 1), -1));
}

/** Strikes lowest first, of which a fly with one has two more, a width away. */
function settleStrategy(slots: Slots, own: Slots): Query[] | Refusal {
  const { strategy = '', symbols, strike, width, delta, fields, side } = slots;
  const { expiration } = slots;
  if (symbols.length !== 1) return unclear('a strategy is of one symbol', `name one, like ${symbols[0] ?? 'SPY'}`);
  if (expiration?.includes(', ') === true) return unclear('which of the dates', 'ask for one expiration at a time');
  const strange = fields.find((name) => !OF_STRATEGY.has(name));
  if (strange !== undefined) return notUnderstood(`${labelOf(strange)} together with a strategy`);
  if (typeof delta === 'object') return unclear('which delta of the span', 'name one, like 16 delta');
  if (side !== undefined && side !== 'both' && !STRATEGY_SIDES[side].test(strategy))
    return notUnderstood(`${side}s together with a ${strategy.replaceAll('-', ' ')}`);
  const given = strike.filter((each) => each !== 'atm').toSorted((a, b) => a - b);
  const [middle] = given;
  const isFly = /butterfly/.test(strategy) && given.length === 1 && width !== undefined && middle !== undefined;
  const strikes = isFly ? [middle - width, middle, middle + width] : given;
  try {
    if (strikes.length > 0) checkStrikes(strategy as StrategyName, strikes);
  } catch (error) {
    if (!isFinError(error)) throw error;
    return unclear(error.message.replace(/^--strikes \S+ /, ''), error.hint);
  }
  const { width: _width, side: _side, ...rest } = slots;
  const query = queryOf('strategy', {
    ...rest,
    strike: strikes,
    ...(width === undefined || isFly ? {} : { width }),
    ...(expiration === 'today' ? { expiration: '0dte' } : {}),
  });
  return refuseUntaken([query], own) ?? [query];
}

const STRATEGY_SIDES = { call: /call|calendar/, put: /put/ } as const;

/** What large companies have in common that daily bars show. */
const LARGE = 'dollarVolume > 100000000';

/** A preset, conditions or both; a ranking alone is the preset of its figure. */
function settleScan(slots: Slots, own: Slots): Query[] | Refusal {
  const { rank, conditions, range, scan } = slots;
  const ranked = rank === undefined ? undefined : RANKED_SCANS[`${rank.order} ${rank.by ?? slots.fields[0] ?? ''}`];
  const preset = scan === '' || scan === 'large' ? (conditions.length === 0 ? ranked : undefined) : scan;
  if (preset === undefined && conditions.length === 0)
    return unclear('what to scan for', 'ask for: top gainers, most active stocks, oversold stocks');
  if (slots.isAnyOf === true) return notUnderstood('a scan for one or the other');
  const all = conditions.map(({ expression }) => resolved(expression));
  if (preset?.startsWith('gap') === true && all.some((each) => each.includes('changePercent')))
    return notUnderstood('a change together with a gap');
  const options = all.find((each) => /\b(?:atmIv|iv)\b/.test(each));
  if (options !== undefined) return notUnderstood('implied volatility over the whole market');
  const { range: _range, rank: _rank, ...rest } = slots;
  if (rank !== undefined && ranked !== preset && (rank.by ?? slots.fields[0]) === undefined)
    return notUnderstood('a ranking by nothing that was named');
  const query = queryOf('scan', {
    ...rest,
    ...(range === undefined || range === 'today' ? {} : { range }),
    ...(rank === undefined || ranked === preset ? {} : { rank }),
    scan: preset ?? '',
    conditions: [...conditions, ...(scan === 'large' ? [{ expression: LARGE }] : [])],
  });
  return refuseUntaken([query], { ...own, ...(ranked === preset ? { rank: undefined as never } : {}) }) ?? [query];
}

const RANKED_SCANS: Readonly<Record<string, string>> = {
  'highest changePercent': 'gainers',
  'lowest changePercent': 'losers',
  'highest volume': 'active',
  'lowest rsi14': 'oversold',
  'highest rsi14': 'overbought',
};

/** What has two senses, or leaves out what it compares with. */
function refuseTwofold(slots: Slots, own: Slots): Refusal | undefined {
  const { fields, symbols, isYesNo, range, conditions, rank } = slots;
  const [field] = fields;
  if (own.isDefinition === true) return notUnderstood(`what ${symbols[0] ?? 'it'} is or does`);
  const isState =
    isYesNo === true && fields.length === 1 && (field === 'open' || field === 'close') && conditions.length === 0;
  if (isState && range === undefined && slots.move === undefined)
    return unclear(
      '"open" could be the state of the market or a price',
      'ask "is the market open" or for the opening price',
    );
  if (
    slots.isComparison === true &&
    symbols.length < 2 &&
    slots.base === undefined &&
    slots.strike.length < 2 &&
    slots.side !== 'both' &&
    slots.expiration?.includes(',') !== true &&
    fields.length < 2 &&
    own.fields.length < 2
  )
    return unclear('compare with what', `name two symbols or more, like ${symbols[0] ?? 'NVDA'} and AMD`);
  if (
    rank?.by !== undefined &&
    rank.by !== 'distance' &&
    fields.some((name) => name !== 'strike') &&
    !fields.includes(rank.by) &&
    own.rank !== undefined &&
    own.fields.length > 0
  )
    return notUnderstood('a ranking by two figures');
  return undefined;
}

/** A form that another one includes. */
function settleForms(forms: Set<string>, slots: Slots): void {
  // "when is apple reporting": the date of an event, not of an expiration.
  if (slots.fields.some((name) => findField(name)?.needs.includes('events') === true)) forms.delete('expiry');
  if (forms.has('technicals')) for (const part of ['volatility', 'indicators', 'bars']) forms.delete(part);
  if (forms.has('expirations') && forms.has('expiry'))
    forms.delete(slots.expiration === undefined ? 'expiry' : 'expirations');
  if (['expirations', 'expiry', 'walls', 'volatility'].some((form) => forms.has(form))) forms.delete('chain');
  if (forms.has('expirations') && !forms.has('bars')) takeMonthOfExpirations(slots);
  // Walls beside other figures of the expiration are two columns of their table.
  if (
    forms.has('walls') &&
    slots.fields.length > 0 &&
    slots.fields.every((name) => findField(name)?.of === 'expiration')
  ) {
    forms.delete('walls');
    slots.fields = [...new Set([...slots.fields, 'callWall', 'putWall'])];
  }
  if (forms.has('quote') && slots.fields.length > 0 && !slots.fields.includes('last'))
    slots.fields = ['last', ...slots.fields];
}

/** A month beside expirations is theirs, not a period that has passed. */
function takeMonthOfExpirations(slots: Slots): void {
  const month = slots.range?.replace(/^in /, '');
  if (
    month === undefined ||
    slots.expiration !== undefined ||
    parseExpirationPhrase(month)?.expression.kind !== 'month'
  )
    return;
  slots.expiration = month;
  delete slots.range;
}

function only(name: string, slots: Slots, own: Slots): Query[] | Refusal {
  const query = queryOf(name, slots);
  return refuseUntaken([query], own) ?? [query];
}

function queryOf(form: string, slots: Slots, columns: readonly string[] = []): Query {
  return { ...slots, form, columns: [...columns] };
}

function withoutFigures(
  form: string,
  {
    symbols,
    expiration,
    range,
    side,
    interval,
    isHeldOnly,
    mayCall,
    isDataOnly,
    follow,
    isComparison,
    isDefinition,
  }: Slots,
): Slots {
  const kept = {
    expiration,
    range,
    side,
    interval,
    isHeldOnly,
    mayCall,
    isDataOnly,
    follow,
    isComparison,
    isDefinition,
  };
  const { accepts } = formOf(form);
  for (const slot of ['expiration', 'range', 'side', 'interval'] as const)
    if (!accepts.includes(slot) && form !== 'expiry') delete kept[slot];
  return { ...emptySlots(), forms: [form], symbols, ...defined(kept) };
}

export function defined<T extends object>(slots: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(slots).filter(([, value]) => value !== undefined)) as never;
}

function hasFigureSlots({ base, move, rank, isCount, aggregate, quantity, amount }: Slots): boolean {
  return [base, move, rank, isCount, aggregate, quantity, amount].some((each) => each !== undefined);
}

/** Contracts and chains, with the figures of contracts that were named; those leave what is left for figures. */
function settleOptions(rest: Slots, forms: ReadonlySet<string>, hasForm: boolean): Query[] | Refusal {
  const { side, strike, strikes, delta, money } = rest;
  const isContract = strike.length > 0;
  const named = rest.fields.filter((name) => isOfContract(name));
  const needsChain = named.some(
    (name) =>
      name !== 'ivRank' &&
      (name.match(/[a-z]\w*/gi) ?? []).some((each) => each !== 'abs' && findField(resolved(each)) === undefined),
  );
  const isChain =
    forms.has('chain') ||
    strikes !== undefined ||
    delta !== undefined ||
    money !== undefined ||
    needsChain ||
    (side !== undefined && !hasForm);
  if (!isContract && !isChain) return [];
  const own: Slots = {
    ...rest,
    fields: [
      ...new Set(named.flatMap((name) => (name === 'last' && isContract ? ['bid', 'ask', 'mid', 'last'] : [name]))),
    ],
  };
  rest.strike = [];
  for (const slot of ['side', 'strikes', 'delta', 'money'] as const) delete rest[slot];
  rest.fields = rest.fields.filter((name) => !named.includes(name));
  if (
    isContract &&
    strike.includes('atm') &&
    strike.length === 1 &&
    named.length === 1 &&
    named[0] === 'iv' &&
    side === undefined &&
    strikes === undefined
  ) {
    rest.fields.push('atmIv');
    return [];
  }
  const foreign = rest.fields.find((name) => findField(name)?.of !== 'expiration');
  if (foreign !== undefined && !['last', 'ohlc'].includes(foreign))
    return notUnderstood(`${labelOf(foreign)} together with options`);
  if (!isContract) return settleChain(rest, own);
  const bad = ['base', 'rank', 'isCount', 'aggregate', 'move'].find((slot) => rest[slot as 'base'] !== undefined);
  if (bad !== undefined || rest.conditions.length > 0) return notUnderstood('a ranking or condition of one contract');
  if (own.expiration === 'today')
    return unclear(
      '"today" could be the expiration or the moment',
      'write 0dte for the options that expire today, or another expiration',
    );
  if (side === undefined && !strike.includes('atm')) own.side = 'both';
  if (rest.symbols.length > 1 && !strike.includes('atm')) return notUnderstood('one strike of several symbols');
  if (strikes !== undefined || delta !== undefined) return notUnderstood('a strike together with a choice of strikes');
  // "670p itm?": what it is worth if exercised says so.
  if (money !== undefined) own.fields = [...new Set([...own.fields, 'intrinsic', 'bid', 'ask', 'mid', 'delta'])];
  if (own.quantity !== undefined && rest.conditions.length === 0)
    own.fields = [
      ...(own.fields.length === 0 ? ['bid', 'ask', 'mid'] : own.fields),
      `mid * ${String(100 * own.quantity)}`,
    ];
  delete own.money;
  delete rest.quantity;
  return [queryOf('contract', own)];
}

/** A chain for each date, of which conditions keep contracts and a ranking decides the order. */
function settleChain(rest: Slots, own: Slots): Query[] | Refusal {
  const bad = ['base', 'isCount', 'move'].find((slot) => rest[slot as 'base'] !== undefined);
  if (bad !== undefined) return notUnderstood('a distance, count or change of contracts');
  const { away, quantity } = own;
  if (quantity !== undefined) return notUnderstood('a number of contracts without a strike');
  const ranked =
    away === undefined
      ? rankOfContracts(rest, own)
      : { order: 'lowest' as const, by: `abs(abs(pct(strike, spot)) - ${String(away)})` };
  if (ranked !== undefined && 'refused' in ranked) return ranked;
  const conditions = rest.conditions.map(ofContracts);
  if (conditions.includes(undefined)) return notUnderstood('a condition that is none of contracts');
  const { rank: _rank, aggregate: _aggregate, limit, expiration, ...plain } = own;
  rest.conditions = [];
  for (const slot of ['rank', 'aggregate', 'limit'] as const) delete rest[slot];
  const shown = ranked === undefined || own.fields.includes(ranked.by) ? own.fields : [ranked.by, ...own.fields];
  const most = limit ?? (away === undefined ? (ranked === undefined ? undefined : MOST_RANKED) : NEAREST_RANKED);
  return (expiration?.split(', ') ?? [undefined]).map((date) =>
    queryOf(
      'chain',
      {
        ...plain,
        fields: shown.filter((name) => findField(name, 'contract') !== undefined),
        conditions: conditions.flatMap((each) => each ?? []),
        ...(date === undefined ? {} : { expiration: date }),
        ...(ranked === undefined ? {} : { rank: ranked }),
        ...(most === undefined ? {} : { limit: most }),
      },
      ranked === undefined ? [] : [ranked.by],
    ),
  );
}

const MOST_RANKED = 5;
/** Of a distance in percent: one strike on either side, and the nearest. */
const NEAREST_RANKED = 3;
/** What of a contract is its price, where nothing more is said. */
const PRICE_OF_CONTRACT = 'mid';
const TO_THE_MONEY = 'abs(strike - spot)';

/** `highest openInterest`: by what was ranked, or by the figure that was named. */
function rankOfContracts(
  rest: Slots & { rank?: { order: Order; by?: string } },
  { fields, delta }: Slots,
): { order: Order; by: string } | Refusal | undefined {
  const { aggregate } = rest;
  const rank =
    rest.rank ?? (rest.limit === undefined || fields.length === 0 ? undefined : { order: 'highest' as const });
  if (aggregate === 'average' || aggregate === 'total' || aggregate === 'median')
    return notUnderstood('an average or sum over contracts');
  if (rank === undefined && aggregate === undefined) return undefined;
  // "the strike closest to 30 delta" is chosen by the delta already.
  if (rank?.by === 'distance' && typeof delta === 'number') return undefined;
  const [order, named] = [rank?.order ?? aggregate ?? 'highest', rank?.by];
  const [first] = fields.filter((name) => name !== 'strike');
  const by = named === 'distance' ? undefined : named === 'money' ? TO_THE_MONEY : (named ?? first);
  if (by === undefined) return notUnderstood('a ranking of contracts by nothing that was named');
  return { order, by: by === 'last' ? PRICE_OF_CONTRACT : by };
}

/** A condition of each contract; undefined where it names a figure that contracts do not differ in. */
function ofContracts({ left = '', operator = '', right = '' }: Condition): Condition | undefined {
  const [a, b] = [left, right].map((side) => side.replace(/\blast\b/g, PRICE_OF_CONTRACT));
  const names = `${a ?? ''} ${b ?? ''}`.match(/[a-z]\w*/gi) ?? [];
  const isOwn = names.length > 0 && names.every((name) => findField(name, 'contract')?.of !== 'symbol');
  return isOwn
    ? { expression: `${a ?? ''} ${operator} ${b ?? ''}`, left: a ?? '', operator, right: b ?? '' }
    : undefined;
}

function isOfContract(name: string): boolean {
  const names = name.match(/[a-z]\w*/gi) ?? [];
  if (names.length > 1) return names.every(isOfContract);
  if (names[0] !== undefined && names[0] !== name) return isOfContract(names[0]);
  return OF_CONTRACTS.has(name) || (findField(name, 'contract')?.of === 'contract' && findField(name) === undefined);
}

/** A symbol's row has no contract: what traders call its IV is that of the money. */
const OF_SYMBOL: Readonly<Record<string, string>> = {
  iv: 'atmIv',
  openInterest: 'optionOpenInterest',
  iv30: 'atmIv',
  ivMinusHv30: '(atmIv - hv30)',
};

/** Names that the registry has stay as they are. */
function resolved(expression: string): string {
  return expression.replace(/[a-z]\w*/gi, (name) => (findField(name) === undefined ? (OF_SYMBOL[name] ?? name) : name));
}

/** Quotes, bars and tables of figures. */
function settleFigures(slots: Slots, forms: ReadonlySet<string>, isAlone: boolean): Query[] | Refusal {
  const { fields, range, symbols, conditions, rank } = slots;
  const withChange = slots.move === 'any' && fields.includes('ohlc') && range !== undefined;
  if (withChange) delete slots.move;
  const [first, level] = fields;
  const isRelative = slots.isComparison === true && first === 'last' && fields.length === 2 && level !== undefined;
  if (isRelative && slots.base === undefined && findField(level)?.unit === 'usd' && !BAR_FIELDS.has(level)) {
    slots.base = level;
    slots.fields = [];
  }
  const isPlain = !hasFigureSlots(slots) && conditions.length === 0;
  const ofBars = fields.every((name) => BAR_FIELDS.has(name));
  const day = range === undefined ? undefined : parseRangePhrase(range)?.expression.kind === 'day';
  if (
    isPlain &&
    (range === undefined || range === 'today') &&
    slots.interval === undefined &&
    !forms.has('bars') &&
    fields.every((name) => name === 'last' || name === 'ohlc')
  )
    return [queryOf('quote', slots)];
  const isToday = range === 'today';
  takeWindowOfVolatility(slots);
  takeCrossings(slots);
  if (slots.occasion !== undefined) return settleOccasion(slots);
  if (
    slots.isDays === true ||
    ((slots.limit ?? 1) > 1 &&
      symbols.length < 2 &&
      (rank !== undefined || fields.some((name) => /^(?:highest|lowest)\(/.test(name))))
  )
    return settleDays(slots);
  const isOfPeriods = slots.interval !== undefined && slots.interval !== 'day' && hasFigureSlots(slots);
  if (isOfPeriods && !isToday && !forms.has('bars')) slots.range ??= 'past year';
  const wantsBars =
    forms.has('bars') ||
    slots.interval !== undefined ||
    (isPlain && range !== undefined && !isToday && ofBars && (day || isSeries(fields)));
  if (wantsBars && isPlain && (range !== undefined || forms.has('bars') || slots.interval !== undefined)) {
    if (isToday && slots.interval === undefined) return [queryOf('quote', { ...slots, fields: ['ohlc'] })];
    const foreign = fields.find((name) => !BAR_FIELDS.has(name));
    if (foreign === undefined) {
      const { expiration: _size, ...bars } = slots.interval === undefined ? slots : { ...slots };
      return [queryOf('bars', slots.interval === undefined ? slots : bars)];
    }
    if (isAlone && forms.has('bars') && range === undefined)
      return notUnderstood(`bars together with ${labelOf(foreign)}`);
  }
  if (isToday) delete slots.range;
  if (rank?.by === 'distance' && symbols.length < 2 && slots.base !== undefined) delete slots.rank;
  else if (rank !== undefined && symbols.length < 2 && !rankDays(slots)) return rankOfOne(slots);
  if (!day && range !== undefined && !isToday && slots.isCount !== true) everOf(conditions);
  if (range !== undefined && !isToday && slots.isCount !== true) ofNow(conditions);
  if (range !== undefined && !isToday) overRangeOf(slots);
  const columns = columnsOf(slots);
  if (isRefusal(columns)) return columns;
  return [queryOf('figures', slots, columns)];
}

/** `more volatile over one year`: the window of the figure, which has no range. */
function takeWindowOfVolatility(slots: Slots): void {
  const { range, rank, fields } = slots;
  const expression = range === undefined ? undefined : parseRangePhrase(range)?.expression;
  const isOf = (name: string | undefined): boolean => name === 'hv20' || name === 'hv30';
  if (!isOf(rank?.by) && !fields.some(isOf)) return;
  const sessions =
    expression?.kind === 'sessions' && expression.ending === undefined
      ? expression.count
      : expression?.kind === 'rolling' && expression.ending === undefined
        ? Math.round(expression.count * SESSIONS_OF[expression.unit])
        : 0;
  if (sessions < MIN_WINDOW || sessions > MAX_WINDOW) return;
  if (rank !== undefined && isOf(rank.by)) slots.rank = { ...rank, by: `hv${String(sessions)}` };
  slots.fields = fields.map((name) => (isOf(name) ? `hv${String(sessions)}` : name));
  delete slots.range;
}

const SESSIONS_OF = { day: 1, week: 5, month: 21, quarter: 63, year: 252 } as const;

/** `crossed up in the last 3 days`: on some day of the range. */
function takeCrossings(slots: Slots): void {
  const { conditions, range, isCount, occasion } = slots;
  if (range === undefined || range === 'today' || isCount === true || occasion !== undefined) return;
  for (const [index, condition] of conditions.entries())
    if (condition.expression.startsWith('crosses(')) {
      slots.fields = [];
      delete slots.move;
      conditions[index] = {
        ...condition,
        expression: `count(${condition.expression}) > 0`,
        left: `lastOn(${condition.expression})`,
        right: '',
        word: `a cross of ${labelOf(condition.left ?? '')} ${condition.operator === 'crossed below' ? 'below' : 'above'} ${labelOf(condition.right ?? '')}`,
      };
    }
}

/** `is it above yesterday's high`: the price of now against a figure of the range. */
function ofNow(conditions: Slots['conditions']): void {
  for (const [index, { left = '', operator = '', right = '' }] of conditions.entries())
    if (/^week52/.test(right))
      conditions[index] = { expression: `${left} ${operator} now(${right})`, left, operator, right: `now(${right})` };
    else if (left === 'last' && /^(?:open|high|low|close)$/.test(right))
      conditions[index] = { expression: `now(last) ${operator} ${right}`, left: 'now(last)', operator, right };
}

/** `from its peak in October`: of a range its own extreme. */
function overRangeOf(slots: Slots): void {
  const of = (name: string): string => (name === 'week52High' ? 'high' : name === 'week52Low' ? 'low' : name);
  if (slots.base !== undefined) slots.base = of(slots.base);
  slots.fields = slots.fields.map(of);
}

/** `closed above 80 in the past year`: its highest close was. */
function everOf(conditions: Slots['conditions']): void {
  for (const [index, { left = '', operator = '', right = '' }] of conditions.entries()) {
    if (!/^(?:last|close|high|low|volume)$/.test(left) || !Number.isFinite(Number(right))) continue;
    const of = left === 'last' ? (operator.startsWith('>') ? 'high' : 'low') : left;
    const extreme = `${operator.startsWith('>') ? 'highest' : 'lowest'}(${of})`;
    conditions[index] = { expression: `${extreme} ${operator} ${right}`, left: extreme, operator, right };
  }
}

/** What is looked for in the days of a range, as conditions of one day. */
function conditionsOfDays({ conditions, move }: Slots): string[] {
  const all = conditions.map(({ expression }) => expression);
  if (move !== undefined) all.push(move === 'any' ? 'change != 0' : `change ${move === 'up' ? '>' : '<'} 0`);
  return all.map((each) => each.replaceAll(/\blast\b/g, 'close'));
}

/** The first or last day of a range on which something was so. */
function settleOccasion(slots: Slots): Query[] | Refusal {
  const { occasion, isAnyOf, move: _move, ...rest } = slots;
  const all = conditionsOfDays(slots);
  if (all.length === 0) return notUnderstood(`the ${occasion ?? 'last'} time of what`);
  const when = all.map((each) => `(${each})`).join(isAnyOf === true ? ' or ' : ' and ');
  const range = slots.range ?? 'past 5 years';
  return [
    queryOf('figures', { ...rest, range, isCount: true }, [`${occasion === 'first' ? 'firstOn' : 'lastOn'}(${when})`]),
  ];
}

/** The days of a range that fulfill conditions, or the first of them by a figure. */
function settleDays(slots: Slots): Query[] | Refusal {
  const { fields, rank, aggregate, limit, symbols, conditions } = slots;
  const [symbol = 'SPY'] = symbols;
  const best = fields.map((each) => /^(highest|lowest)\((.+)\)$/.exec(each)).find((each) => each !== null);
  const order = best?.[1] ?? rank?.order ?? aggregate;
  const by =
    best?.[2] ?? rank?.by ?? fields[0] ?? (rank === undefined && aggregate === undefined ? undefined : 'changePercent');
  const where = conditionsOfDays(slots);
  if (order !== 'highest' && order !== 'lowest' && where.length === 0)
    return unclear('which days', `ask like: days when ${symbol} closed lower last month`);
  if (order === undefined && slots.range === undefined)
    return unclear('over which period', `add one: days when ${symbol} closed lower last month`);
  const own = fields.filter((each) => !/^(?:highest|lowest)(?:On)?\(/.test(each));
  const shown = [
    by,
    ...own,
    ...conditions.flatMap(({ left, right }) => [left ?? '', right ?? '']),
    'close',
    'changePercent',
  ];
  const columns = shown
    .flatMap((each) => (each === undefined ? [] : resolved(each === 'last' ? 'close' : each)))
    .filter((each) => each !== 'change' && (findField(each) !== undefined || /[(*/-]/.test(each)));
  const { aggregate: _aggregate, rank: _rank, move: _move, ...rest } = slots;
  const ranked =
    order === 'highest' || order === 'lowest'
      ? { rank: { order, ...(by === undefined ? {} : { by }) } as const, limit: limit ?? 1 }
      : {};
  const query = queryOf(
    'days',
    { ...rest, range: slots.range ?? 'past year', conditions: where.map((expression) => ({ expression })), ...ranked },
    [...new Set(columns)],
  );
  return (
    checkColumns(
      query.columns.filter((each) => QUOTE_ONLY.has(each)),
      query,
    ) ?? [query]
  );
}

/** All of a range: what no figure of it says. */
function isSeries(fields: readonly string[]): boolean {
  return (
    fields.length === 0 ||
    fields.includes('ohlc') ||
    fields.includes('last') ||
    fields.includes('close') ||
    fields.length > 3
  );
}

/** `its biggest drop this month`, `best in october`: of one symbol over a range its days are ranked. */
function rankDays(slots: Slots): boolean {
  const { rank, range, fields, move } = slots;
  if (rank === undefined || range === undefined || range === 'today') return false;
  const way = move === 'down' ? 'lowest' : rank.order;
  const of = fields[0] ?? rank.by ?? 'changePercent';
  slots.fields = [`${way}(${of})`, `${way}On(${of})`];
  delete slots.rank;
  delete slots.move;
  return true;
}

function rankOfOne(slots: Slots): Refusal {
  const [symbol] = slots.symbols;
  return unclear('a ranking needs several symbols', `name them, like ${symbol ?? 'AAPL'}, MSFT and NVDA`);
}

function labelOf(name: string): string {
  return findField(name)?.label ?? findField(name, 'contract')?.label ?? name;
}

/** The expressions of the table, in the order in which they are told. */
function columnsOf(slots: Slots): string[] | Refusal {
  const columns = new Set<string>();
  const add = (...expressions: readonly string[]): void => expressions.forEach((each) => columns.add(resolved(each)));
  const { range, base, conditions, isCount, rank, symbols } = slots;
  const expanded = expandFields(slots);
  if (isRefusal(expanded)) return expanded;
  if (base !== undefined) addDistance(slots, add);
  else if (isCount === true) {
    const counted = countedOf(slots);
    if (counted === undefined)
      return unclear(
        'what is to be counted',
        `ask like: how many days did ${symbols[0] ?? 'SPY'} close higher last month`,
      );
    if (range === undefined)
      return unclear('over which period', `add one: how many days did ${symbols[0] ?? 'SPY'} close higher last month`);
    add(...counted);
  } else {
    // Of several symbols dollars rank nothing where the percentage is there.
    const [named, percent] = expanded;
    const first = percent === `${named ?? ''}Percent` ? percent : named;
    const by = rank === undefined ? undefined : (rank.by ?? first ?? 'changePercent');
    if (by !== undefined) add(by);
    add(...expanded);
    if (slots.quantity !== undefined || slots.amount !== undefined) {
      add(range === undefined ? 'last' : 'changePercent');
      addValue(slots, add);
    } else if (slots.move !== undefined) addMove(slots, add);
    for (const { left, right, expression } of conditions) {
      for (const side of left === undefined ? (expression.match(/[a-z]\w*/gi) ?? []) : [left, right ?? ''])
        if (findField(resolved(side)) !== undefined || (/[(*/-]/.test(side) && !Number.isFinite(Number(side))))
          add(side);
    }
  }
  if (columns.size === 0) return notUnderstood('nothing in it names figures');
  return checkColumns([...columns], slots) ?? [...columns];
}

function addDistance(
  { base = '', alsoBases = [], quantity, range, isTarget }: Slots,
  add: (...expressions: string[]) => void,
): void {
  const last = range === undefined ? 'last' : 'now(last)';
  if (isTarget === true) add('last', `${base} - last`, `pct(${base}, last) as distance`);
  else if (Number.isFinite(Number(base))) add('last', `last - ${base}`, `pct(last, ${base}) as distance`);
  else add(last, base, `pct(${last}, ${base}) as distance`);
  for (const other of alsoBases) add(other, `pct(${last}, ${other})`);
  if (quantity !== undefined && Number.isFinite(Number(base))) add(`(last - ${base}) * ${quantity} as profit`);
}

/** What is held or put in, in dollars. */
function addValue({ quantity, amount, range, fields }: Slots, add: (...expressions: string[]) => void): void {
  const [field = 'last'] = fields.filter((name) => name === 'ask' || name === 'bid');
  if (quantity !== undefined)
    add(range === undefined ? `${quantity} * ${field} as value` : `${quantity} * change as profit`);
  if (amount !== undefined)
    add(range === undefined ? `${amount} / last as shares` : `${amount} * (1 + changePercent / 100) as value`);
}

function countedOf({ conditions, move, isAnyOf, isShare }: Slots): string[] | undefined {
  const all = conditions.map(({ expression }) => `(${expression})`);
  if (move !== undefined && move !== 'any') all.push(`change ${move === 'up' ? '>' : '<'} 0`);
  if (all.length === 0) return undefined;
  const count = `count(${all.join(isAnyOf === true ? ' or ' : ' and ').replaceAll('last', 'close')})`;
  return isShare === true ? [count, 'bars', `${count} / bars * 100 as percentOfSessions`] : [count];
}

/** Up or down: yes or no where one of them was asked for of now or a range, else the change. */
function addMove(slots: Slots, add: (...expressions: string[]) => void): void {
  const { move, isYesNo, isWhich, symbols, rank } = slots;
  if (rank === undefined && move !== 'any' && (isYesNo === true || (isWhich === true && symbols.length > 1)))
    slots.conditions.push({ expression: `changePercent ${move === 'up' ? '>' : '<'} 0`, word: move ?? 'up' });
  if (slots.range === undefined && rank === undefined && slots.fields.length > 0) add('last');
  add('change', 'changePercent');
}

/** Fields as asked, over the range where an aggregate says so. */
function expandFields(slots: Slots): string[] | Refusal {
  const { fields, aggregate, range, move, symbols } = slots;
  const plain = fields.flatMap((name) => (name === 'ohlc' ? ['open', 'high', 'low', 'last'] : [name]));
  if (aggregate === undefined)
    return range === undefined ? plain : plain.map((name) => (name === 'averageVolume' ? 'avg(volume)' : name));
  if (range === undefined || range === 'today') return aggregateNow(slots, plain);
  const isRanking = slots.isWhich === true && symbols.length > 1 && slots.isCount !== true;
  if (isRanking && (aggregate === 'highest' || aggregate === 'lowest')) {
    slots.rank ??= { order: aggregate };
    return plain;
  }
  delete slots.move;
  const of = plain.length > 0 ? plain : [move === undefined ? 'last' : 'changePercent'];
  return of.flatMap((name) => overRange(aggregate, name, move));
}

/** Without a range: who of several is first, the usual volume, else the day's own. */
function aggregateNow(slots: Slots, fields: string[]): string[] | Refusal {
  const { aggregate, symbols, move } = slots;
  if (aggregate === 'average' && fields.length === 1 && fields[0] === 'volume')
    return slots.isComparison === true ? ['volume', 'averageVolume', 'relativeVolume'] : ['averageVolume'];
  const isDays = symbols.length === 1 && fields.length === 1 && fields[0] === 'last';
  if (isDays && (aggregate === 'highest' || aggregate === 'lowest')) return [aggregate === 'highest' ? 'high' : 'low'];
  if ((aggregate === 'highest' || aggregate === 'lowest') && symbols.length > 1) {
    slots.rank ??= { order: move === 'down' ? 'lowest' : aggregate };
    return fields;
  }
  return unclear(
    'over which period',
    `add one, like: ${aggregate ?? 'highest'} close of ${symbols[0] ?? 'NVDA'} last month`,
  );
}

const QUOTE_ONLY = new Set([
  'dividendYield',
  'exDividend',
  'nextEarnings',
  'daysToEarnings',
  'iv30',
  'ivRank',
  'ivPercentile',
  'skew25',
  'ivMinusHv30',
  'bid',
  'ask',
  'spread',
  'spreadPercent',
  'week52High',
  'week52Low',
  'relativeVolume',
]);

/** What has no figure of that name, or none over dates. */
function checkColumns(columns: readonly string[], { range, expiration, base }: Slots): Refusal | undefined {
  const used = columns.flatMap(
    (column) =>
      column
        .replace(/ as \w+$/, '')
        .replaceAll(/now\(\w+\)|\b[A-Z][A-Z.]*\.(?=[a-z])/g, '')
        .match(/[a-z]\w*(?!\w*\()/gi) ?? [],
  );
  const unknown = used.find((name) => findField(name) === undefined);
  if (unknown !== undefined)
    return notUnderstood(
      `${unknown === 'ivRank' ? 'IV rank, which needs a year of readings' : labelOf(unknown)} of a symbol`,
    );
  const undated = used.find((name) => QUOTE_ONLY.has(name));
  if (range !== undefined && undated !== undefined) return notUnderstood(`${labelOf(undated)} over a period`);
  const isDay = range !== undefined && parseRangePhrase(range)?.expression.kind === 'day';
  const daily = columns.find((column) => {
    const entry = findField(column)?.entry;
    return entry?.series !== undefined && entry.period === undefined;
  });
  if (range !== undefined && !isDay && daily !== undefined)
    return unclear(
      `${labelOf(daily)} is a figure of one day`,
      `name a day, or what is made of them, like highest ${labelOf(daily)} ${range}`,
    );
  const isOption = used.some(isOfOptions) || isOfOptions(base ?? '');
  if (range !== undefined && isOption && expiration === undefined) return notUnderstood(`"${range}" as an expiration`);
  return undefined;
}

function refuseFuture({ range, symbols }: Slots): Refusal | undefined {
  if (range === undefined || parseRangePhrase(range)?.expression.kind !== 'future') return undefined;
  return unclear(
    `"${range}" is in the future`,
    `ask about the past, like how did ${symbols[0] ?? 'NVDA'} do last week, or what its options expect: expected move of ${symbols[0] ?? 'NVDA'}`,
  );
}

const SLOT_NAMES: Readonly<Record<SlotName, (slots: Slots) => string | undefined>> = {
  symbols: ({ symbols }) => symbols[0],
  fields: ({ fields }) => (fields[0] === undefined ? undefined : labelOf(fields[0])),
  aggregate: ({ aggregate }) => aggregate,
  base: ({ base }) => (base === undefined ? undefined : `a distance from ${labelOf(base)}`),
  quantity: ({ quantity }) => (quantity === undefined ? undefined : 'a number of shares'),
  amount: ({ amount }) => (amount === undefined ? undefined : 'an amount of dollars'),
  conditions: ({ conditions }) => (conditions[0] === undefined ? undefined : 'a condition'),
  isCount: ({ isCount }) => (isCount === undefined ? undefined : 'a count'),
  isDays: ({ isDays }) => (isDays === undefined ? undefined : 'a list of days'),
  occasion: ({ occasion }) => (occasion === undefined ? undefined : `the ${occasion} time`),
  rank: ({ rank }) => (rank === undefined ? undefined : 'a ranking'),
  limit: ({ limit }) => (limit === undefined ? undefined : String(limit)),
  range: ({ range }) => (range === undefined || range === 'today' ? undefined : `"${range}"`),
  interval: ({ interval }) => (interval === undefined ? undefined : `bars by ${interval}`),
  expiration: ({ expiration }) => (expiration === undefined ? undefined : `"${expiration}"`),
  side: ({ side }) => (side === undefined ? undefined : `${side}s`),
  strike: ({ strike }) => (strike[0] === undefined ? undefined : 'a strike'),
  strikes: ({ strikes }) => (strikes === undefined ? undefined : 'strikes'),
  delta: ({ delta }) => (delta === undefined ? undefined : 'a delta'),
  money: ({ money }) => money,
  move: ({ move }) => (move === undefined ? undefined : 'a change'),
  strategy: ({ strategy }) => strategy?.replaceAll('-', ' '),
  width: ({ width }) => (width === undefined ? undefined : 'a width'),
  scan: ({ scan }) => (scan === undefined ? undefined : 'a scan'),
};

/** The one rule: what a part says and no form of it takes. */
function refuseUntaken(queries: readonly Query[], said: Slots): Refusal | undefined {
  const forms = queries.map(({ form }): Form => formOf(form));
  for (const [slot, nameOf] of Object.entries(SLOT_NAMES) as [SlotName, (slots: Slots) => string | undefined][]) {
    const what = nameOf(said);
    if (what === undefined || forms.some(({ accepts }) => accepts.includes(slot))) continue;
    if (slot === 'symbols' && said.symbols.length === 0) continue;
    return notUnderstood(`${what} together with ${forms.map(({ label }) => label).join(' and ')}`);
  }
  return undefined;
}
