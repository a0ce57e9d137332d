// The rule that no word is dropped: the question is read again without each of its words, and one without which the same is
// fetched and said must at least name what is shown. A word that does neither was read and not used.
import { isMonthlyExpiration } from '../../domain/calendar.ts';
import { isValidDate } from '../../domain/exchange-time.ts';
import type { EpochMs } from '../../domain/types.ts';
import { findField } from '../../fields/registry.ts';
import { createFigures } from './held.ts';
import { PRICES, isOfOptions } from './draft.ts';
import { isEverydayWord } from '../words/everyday.ts';
import { formOf } from './forms.ts';
import { defineWords } from './glossary.ts';
import { PRICE_FORMS, type Plan, type Query, type Refusal, isRefusal, wordsIn } from './query.ts';
import type { Token } from '../words/tokens.ts';

const NOTHING_HELD = createFigures([]);

const kinds = (list: string): ReadonlySet<string> => new Set(list.split(' '));
/** Grammar and courtesy, and what points to the turn before: they change how is asked, not what. */
const GRAMMAR = kinds(
  'filler mark joiner follow correct which did define held mayCall dataOnly open when pronoun paid gain pays form doubt unknown refuse narrow worth add book',
);
/** What a follow-up may name of the answer that it repeats. */
const NAMING = kinds('field form ofStrategy percent dollars when move symbol delta side follow compare open');

/**
 * The first token that names nothing of what is shown and changes nothing. Of two that say the same (`how far off`) each
 * stands for the other.
 */
export function findUnused(
  tokens: readonly Token[],
  plan: Plan,
  replan: (tokens: Token[]) => Plan | Refusal,
  now: EpochMs,
): Token | undefined {
  let whole: string | undefined;
  const isSameWithout = (...left: readonly Token[]): boolean => {
    const other = replan(tokens.filter((token) => !left.includes(token)));
    return !isRefusal(other) && outcomeOf(other, now) === (whole ??= outcomeOf(plan, now));
  };
  const isStandIn = (other: Token, token: Token): boolean =>
    other !== token &&
    other.is !== 'filler' &&
    other.is !== 'mark' &&
    isSameWithout(other) &&
    !isSameWithout(token, other);
  // What is corrected is left out on purpose.
  if (tokens.some(({ is }) => is === 'correct')) return judgedIn(tokens, plan);
  return (
    askedOfNothing(tokens, plan) ??
    halfOf(tokens, plan) ??
    judgedIn(tokens, plan) ??
    tokens.find(
      (token) =>
        !GRAMMAR.has(token.is) &&
        !plan.parts.some((query) => isNamed(token, query, tokens)) &&
        isSameWithout(token) &&
        !tokens.some((other) => isStandIn(other, token)),
    )
  );
}

/** Whether a follow-up asks for the very answer that stands before it, and names nothing of it. */
export function isRepeated(tokens: readonly Token[], plan: Plan, last: Query | undefined, now: EpochMs): boolean {
  if (last === undefined || tokens.some(({ is }) => NAMING.has(is))) return false;
  return outcomeOf(plan, now) === outcomeOf({ ...plan, parts: [last] }, now);
}

/** `…, and where in it are we`: a second question without a word that is known to ask for something. */
function askedOfNothing(tokens: readonly Token[], { parts }: Plan): Token | undefined {
  const isPriced = parts.some(
    (query) => /^(?:quote|bars|overview)$/.test(query.form) || shownIn(query).includes('last'),
  );
  if (isPriced) return undefined;
  const ends = (token: Token | undefined): boolean => ['joiner', 'compare', 'mark', undefined].includes(token?.is);
  return tokens.find((token, at) => {
    if (at === 0 || !ends(tokens[at - 1]) || token.is !== 'filler' || !ASKS.test(token.text)) return false;
    const end = tokens.findIndex((each, index) => index > at && ends(each));
    const clause = tokens.slice(at, end < 0 ? undefined : end);
    // "and what is it now": another table.
    if (parts.length > 1 && /^now$/i.test(clause.at(-1)?.text ?? '')) return false;
    return (
      clause.length > 1 && clause.every((each) => VOID.has(each.is) || (each.is === 'date' && each.range === 'today'))
    );
  });
}

/** `the last week of december`, `the first hour`, `100 shares and a put`: a half of what is one. */
function halfOf(tokens: readonly Token[], { parts }: Plan): Token | undefined {
  const isOfContract = parts.some(({ form }) => form === 'contract');
  const isCounted = parts.some(({ isCount, study }) => isCount === true || study !== undefined);
  return tokens.find((token, at) => {
    const next = tokens.slice(at + 1).find(({ is }) => is !== 'symbol');
    if (token.is === 'date') {
      const isOf =
        next?.is === 'date' ? /^of\b/i.test(next.text) : next?.text === 'of' && tokens[at + 2]?.is === 'date';
      return isOf && /\b(?:last|first) (?:week|month|quarter|day)$/i.test(token.text);
    }
    if (token.is === 'interval') return isCounted && /^first\b/i.test(token.text);
    // Two things with an "and"; "protect 100 shares with a put" is one.
    const isJoined =
      next?.is === 'filler' && /^shares$/i.test(next.text) && tokens[tokens.indexOf(next) + 1]?.is === 'joiner';
    return token.is === 'number' && isOfContract && isJoined;
  });
}

const ASKS = /^(?:what|where|how|who|why)s?$/i;
const VOID = kinds('filler pronoun did');

/** `how stable is KO`, `is the market quiet`: what is asked is the word, which a talk's words are harmless beside. */
function judgedIn(tokens: readonly Token[], { parts }: Plan): Token | undefined {
  const isTested = parts.some(({ conditions, move }) => conditions.length > 0 || move !== undefined);
  // "is SPY at a 20 day high": a price alone says neither yes nor no.
  const isPrice = parts.every(
    (query) => PRICE_FORMS.has(query.form) && !isTested && shownIn(query).every((each) => PRICE.test(each)),
  );
  const isAsked = YES_NO.test(tokens[0]?.text ?? '');
  const price = isAsked && isPrice ? tokens.find(({ is }) => is === 'field') : undefined;
  if (price !== undefined) return price;
  return tokens.find((token, at) => {
    const [before, next] = [tokens[at - 1], tokens[at + 1]];
    if (token.is !== 'filler' || !isEverydayWord(token.text.toLowerCase())) return false;
    if (/^hows?$/i.test(before?.text ?? '')) return true;
    const isOfField = before?.is === 'field' && /^(?:on|for|of|in)$/i.test(next?.text ?? '');
    const isLast = isOfField || next === undefined || next.is === 'date' || (next.is === 'mark' && next.mark !== ',');
    const isPredicate =
      ['symbol', 'field', 'form'].includes(before?.is ?? '') || /^(?:been|very|too)$/i.test(before?.text ?? '');
    return isLast && isPredicate && !isTested && isAsked;
  });
}

const PRICE = /^(?:last|open|high|low|close|ohlc|week52High|week52Low)$/;
const YES_NO = /^(?:is|are|was|were|has|have|did|does|do)(?: the)?$/i;

/** What is fetched, and what beside that is read to say it. */
export function outcomeOf({ parts }: Plan, now: EpochMs): string {
  return JSON.stringify(parts.map((query) => [formOf(query.form).calls(query, NOTHING_HELD, now), saidOf(query)]));
}

function saidOf(query: Query): unknown {
  if (query.form === 'definition') return defineWords(query);
  const tested = query.conditions.map(({ expression, word }) => [expression, word]);
  const total = query.isEach === true && query.aggregate === 'total';
  return [...SAID, ...(DATED.has(query.form) ? OF_DATES : [])]
    .map((slot) => query[slot] as unknown)
    .concat(tested, total);
}

const SAID =
  'form symbols rank base isTarget isAnyOf isCount isDays limit side strike money columns quantity amount interval isAfterClose isRaise ofEvents zone clock isWithout'.split(
    ' ',
  ) as (keyof Query)[];
const OF_DATES = ['range', 'expiration', 'fields'] as const;
/** What says its dates out of an answer that was fetched without them. */
const DATED = kinds('market holidays expirations expiry events bars quote');
/** One answer of many figures, whichever was named. */
const SHEETS = 'strategy technicals levels indicators volatility overview quote events positions walls chain';
/** The kind of an expiration, beside which its day says the same. */
const KIND_OF_DATE = /^(?:next )?(?:weekly|monthly)$/;

/** Where a kind of word stands in a query that is the same without it: as the default, or brought by another word. */
interface Naming {
  /** One of them is filled. */
  slots?: readonly (keyof Query)[];
  forms?: string;
  /** In a column, condition, base or ranking. */
  shows?: RegExp;
  when?: (token: never, query: Query, tokens: readonly Token[]) => boolean;
}

type Of<K extends Token['is']> = Token & { is: K };

const ORDERED: Naming = {
  slots: ['rank', 'limit', 'occasion', 'base', 'study'],
  forms: 'scan expirations expiry levels strategy positions',
  shows: /open|exDividend|nextEarnings/,
  when: (_token, { strike, side }) => strike.length > 1 || side === 'both',
};
const CHOSEN: Naming = { slots: ['strikes'] };
const COUNTED: Naming = { slots: ['isCount', 'isDays', 'study'], shows: /streak/ };
const OF_STUDY: Naming = { slots: ['study'] };
const OF_STRATEGY: Naming = { forms: 'strategy events' };
const OF_CONTRACTS: Naming = { forms: 'chain contract' };
const OF_TWO: Naming = { when: (_token, query) => isOfTwo(query) };

const NAMED: Partial<Record<Token['is'], Naming>> = {
  symbol: { when: (token: Of<'symbol'>, { symbols }) => symbols.includes(token.symbol) },
  field: {
    forms: `${SHEETS} bars`,
    when: (token: Of<'field'>, query) =>
      token.names.some(
        (name) =>
          shownIn(query).some((each) => each.includes(name)) ||
          (PRICES.has(name) && (showsMoney(query) || query.study !== undefined)),
      ),
  },
  date: {
    // "the last trading day of each month"
    when: (token: Of<'date'>, query, tokens) =>
      isDateNamed(token, query) || (query.interval !== undefined && after(token, tokens)?.is === 'interval'),
  },
  samePeriod: { slots: ['range', 'expiration'] },
  number: {
    when: (token: Of<'number'>, { symbols, limit }) => token.value === symbols.length || token.value === limit,
  },
  howMuch: {
    slots: ['isCount', 'isDays', 'study', 'quantity', 'amount', 'base'],
    forms: 'strategy expirations expiry market holidays events days scan',
    shows: /streak|dte|daysTo|olume|Interest| [*-] |hv|iv|atr/,
    when: ({ text }: Of<'howMuch'>, { symbols }) => symbols.length > 1 || !/^how many$/i.test(text),
  },
  compare: { slots: ['range'], when: (_token, query) => isOfTwo(query) || shownIn(query).length > 1 },
  minus: OF_TWO,
  // "the ratio at a high": no high of each of them.
  ratio: { when: (_token, query) => isOfTwo(query) && shownIn(query).some((each) => each.includes(' / ')) },
  strike: { when: (token: Of<'strike'>, { strike }) => strike.includes(token.strike) },
  strikes: CHOSEN,
  span: CHOSEN,
  allStrikes: CHOSEN,
  deltaOf: { slots: ['delta'] },
  contract: { slots: ['strike'] },
  legs: { slots: ['strike'] },
  delta: { ...OF_CONTRACTS, forms: `strategy positions ${OF_CONTRACTS.forms ?? ''}` },
  strikesWord: OF_CONTRACTS,
  side: {
    forms: 'strategy expirations',
    when: (token: Of<'side'>, { side }) => side === token.side || side === 'both',
  },
  money: { forms: 'strategy positions', shows: /atmIv|straddle|intrinsic|strike/ },
  ofStrategy: OF_STRATEGY,
  short: { forms: 'strategy positions' },
  strategy: OF_STRATEGY,
  top: ORDERED,
  rank: ORDERED,
  than: ORDERED,
  aggregate: {
    forms: 'social events positions',
    when: (token: Of<'aggregate'>, { study }) =>
      study?.per !== undefined || study?.aggregates.includes(token.aggregate) === true,
  },
  share: { ...COUNTED, forms: 'events' },
  given: OF_STUDY,
  usual: OF_STUDY,
  step: OF_STUDY,
  lag: { when: (token: Of<'lag'>, { study }) => study?.lag === token.sessions },
  percent: { forms: 'bars levels strategy', shows: /Percent|pct\(|100/ },
  dollars: { forms: `${SHEETS} contract`, when: (_token, query) => showsMoney(query) },
  move: {
    slots: ['quantity', 'amount', 'base'],
    forms: 'bars levels strategy positions',
    shows: /streak|change|roc|crosses|range|Drawdown/,
    // "slipped below its 50 day"
    when: (token, { conditions }, tokens) => conditions.length > 0 && after(token, tokens)?.is === 'relation',
  },
  abs: { shows: /abs\(|move/ },
  count: COUNTED,
  streak: COUNTED,
  touch: { slots: ['base'], forms: 'levels strategy', shows: /high|low/i },
  interval: {
    slots: ['isRaise'],
    when: ({ interval }: Of<'interval'>, query) => interval === 'day' || interval === query.interval,
  },
  unit: { when: ({ unit }: Of<'unit'>, { interval }) => unit === interval },
  scan: { forms: 'scan' },
  nearest: { slots: ['base', 'delta'], forms: 'levels strategy' },
  distance: {
    slots: ['base'],
    forms: 'levels strategy',
    when: (_token, { range }) => range?.startsWith('since ') === true,
  },
  relation: {
    slots: ['base', 'study'],
    forms: 'levels strategy',
    when: ({ operator }: Of<'relation'>, { conditions }, tokens) =>
      conditions.length > 0 &&
      // "5% or more", which a drop of 5% is.
      (operator.endsWith('=') || !tokens.some(({ is }) => is === 'symbol')),
  },
  from: {
    slots: ['base'],
    shows: /Drawdown/,
    forms: 'levels strategy',
    when: (token, { fields }, tokens) =>
      after(token, tokens)?.is === 'symbol' || (fields.length > 1 && !tokens.some(({ is }) => is === 'howMuch')),
  },
  target: { slots: ['base'], forms: SHEETS, when: (token, _query, tokens) => after(token, tokens) === undefined },
};

function isNamed(token: Token, query: Query, tokens: readonly Token[]): boolean {
  const { slots = [], forms = '', shows, when } = NAMED[token.is] ?? {};
  return (
    query.isHeldOnly === true ||
    (token.is === 'limit' && query.limit === token.count) ||
    slots.some((slot) => (Array.isArray(query[slot]) ? query[slot].length > 0 : query[slot] !== undefined)) ||
    forms.split(' ').includes(query.form) ||
    (shows !== undefined && shownIn(query).some((each) => shows.test(each))) ||
    when?.(token as never, query, tokens) === true
  );
}

function isDateNamed({ range = '', expiration = '' }: Of<'date'>, query: Query): boolean {
  const shown = shownIn(query);
  const window = /^(?:(?:last|past) )?(\d+)(?:d| sessions| days| trading days)$/.exec(range)?.[1];
  return (
    isExpirationNamed(expiration, query, shown) ||
    range === 'today' ||
    (/year/.test(range) && shown.some((each) => /^iv(?:Rank|Percentile)$/.test(each))) ||
    (range !== '' && range === query.range) ||
    shown.some((each) => findField(each)?.unit === 'date') ||
    (window !== undefined && shown.some((each) => new RegExp(`(?:[a-z]|, )${window}\\b`, 'i').test(each)))
  );
}

function isExpirationNamed(expiration: string, query: Query, shown: readonly string[]): boolean {
  const known = query.expiration?.split(', ') ?? [];
  const isDay = expiration.endsWith('day');
  // "wednesday weeklies": the list of all shows whether there are some.
  if (query.form === 'expirations' && known.length === 0 && isDay) return true;
  if (query.within !== undefined && !isDay) return true;
  if (!shown.some(isOfOptions) && PRICE_FORMS.has(query.form)) return false;
  // "opex" beside a day on which no monthly expires says something else.
  const isOther = (date: string): boolean => isValidDate(date) && !isMonthlyExpiration(date);
  const isKind = KIND_OF_DATE.test(expiration) && !(expiration === 'monthly' && known.every(isOther));
  return /^(?:today|nearest)$/.test(expiration) || known.includes(expiration) || (isKind && known.length > 0);
}

function shownIn({ columns, fields, conditions, base, rank, study }: Query): string[] {
  const tested = [...conditions, ...(study?.given ?? []), ...(study?.hits ?? [])].map(({ expression }) => expression);
  return [...columns, ...fields, ...tested, base ?? '', rank?.by ?? ''].filter(Boolean);
}

function isOfTwo({ symbols, strike, expiration }: Query): boolean {
  return symbols.length > 1 || strike.length > 1 || expiration?.includes(',') === true;
}

function showsMoney(query: Query): boolean {
  return shownIn(query)
    .flatMap(wordsIn)
    .some((name) => (findField(name) ?? findField(name, 'contract'))?.unit === 'usd');
}

function after(token: Token, tokens: readonly Token[]): Token | undefined {
  return tokens.slice(tokens.indexOf(token) + 1).find(({ is }) => is !== 'filler' && is !== 'mark');
}
