// The rule that no word is dropped: the question is read again without each of its words, and one without which the same is
// fetched and said must at least name what is shown. A word that does neither was read and not used.
import type { EpochMs } from '../../domain/types.ts';
import { findField } from '../../fields/registry.ts';
import { createFigures } from './context.ts';
import { PRICES, isOfOptions } from './draft.ts';
import { isEverydayWord } from './everyday.ts';
import { formOf } from './forms.ts';
import { defineWords } from './glossary.ts';
import { type Plan, type Query, type Refusal, isRefusal } from './query.ts';
import type { Token } from './read.ts';

const NOTHING_HELD = createFigures([]);

/** Grammar and courtesy, and what points to the turn before: they change how is asked, not what. */
const GRAMMAR: ReadonlySet<Token['is']> = new Set([
  ...(['filler', 'mark', 'joiner', 'follow', 'correct', 'which', 'did', 'define', 'held'] as const),
  ...(['mayCall', 'dataOnly', 'open', 'when', 'pronoun', 'paid', 'pays', 'form', 'doubt', 'unknown', 'refuse'] as const),
  ...(['narrow', 'worth', 'add'] as const),
]);

/**
 * The first token that changes nothing and names nothing of what is shown. Of two that say the same (`how far off`) each
 * stands for the other.
 */
export function findUnused(
  tokens: readonly Token[],
  plan: Plan,
  replan: (tokens: Token[]) => Plan | Refusal,
  now: EpochMs,
): Token | undefined {
  const judged = judgedIn(tokens, plan);
  if (judged !== undefined) return judged;
  const whole = outcomeOf(plan, now);
  const isSameWithout = (...left: readonly Token[]): boolean => {
    const other = replan(tokens.filter((token) => !left.includes(token)));
    return !isRefusal(other) && outcomeOf(other, now) === whole;
  };
  const idle = tokens.filter(({ is }) => is !== 'filler' && is !== 'mark').filter((token) => isSameWithout(token));
  return idle.find(
    (token) =>
      !GRAMMAR.has(token.is) &&
      !plan.parts.some((query) => names(token, query, tokens)) &&
      idle.every((other) => other === token || isSameWithout(token, other)),
  );
}

/** Whether a follow-up asks for the very answer that stands before it, and names nothing of it. */
export function isRepeated(tokens: readonly Token[], plan: Plan, last: Query | undefined, now: EpochMs): boolean {
  if (last === undefined || outcomeOf(plan, now) !== outcomeOf({ ...plan, parts: [last] }, now)) return false;
  return !tokens.some(({ is }) => NAMING.has(is));
}

const NAMING: ReadonlySet<Token['is']> = new Set(
  (['field', 'form', 'ofStrategy', 'percent', 'dollars', 'when', 'move', 'symbol', 'delta', 'side', 'follow'] as const),
);

/** `how stable is KO`, `is the market quiet`: what is asked is the word, which a talk's words are harmless beside. */
function judgedIn(tokens: readonly Token[], { parts }: Plan): Token | undefined {
  const isTested = parts.some(({ conditions, move }) => conditions.length > 0 || move !== undefined);
  return tokens.find((token, at) => {
    const [before, next] = [tokens[at - 1], tokens[at + 1]];
    if (token.is !== 'filler' || !isEverydayWord(token.text.toLowerCase())) return false;
    if (/^hows?$/i.test(before?.text ?? '')) return true;
    const isOfField = before?.is === 'field' && /^(?:on|for|of|in)$/i.test(next?.text ?? '');
    const isLast = isOfField || next === undefined || next.is === 'date' || (next.is === 'mark' && next.mark !== ',');
    const isPredicate = ['symbol', 'field', 'form'].includes(before?.is ?? '') || /^(?:been|very|too)$/i.test(before?.text ?? '');
    return isLast && isPredicate && !isTested && YES_NO.test(tokens[0]?.text ?? '');
  });
}

const YES_NO = /^(?:is|are|was|were|has|have|did|does|do)(?: the)?$/i;

/** What is fetched, and what beside that is read to say it. */
function outcomeOf({ parts }: Plan, now: EpochMs): string {
  return JSON.stringify(parts.map((query) => [formOf(query.form).calls(query, NOTHING_HELD, now), saidOf(query)]));
}

function saidOf(query: Query): unknown {
  const { form, symbols, conditions, rank, base, isTarget, isAnyOf, isCount, isDays, limit, side, strike, money } = query;
  if (form === 'definition') return defineWords(query);
  const { fields, columns, quantity, amount, range, expiration, interval } = query;
  const tested = conditions.map(({ expression, word }) => [expression, word]);
  const dated = DATED.has(form) ? [range, expiration, fields] : [];
  return [form, symbols, tested, rank, base, isTarget, isAnyOf, isCount, isDays, limit, side, strike, money, columns, quantity, amount, interval, dated];
}

/** What says its dates out of an answer that was fetched without them. */
const DATED = new Set(['market', 'holidays', 'expirations', 'expiry', 'events', 'bars', 'quote']);
/** One answer of many figures, whichever was named. */
const SHEETS = new Set(['strategy', 'technicals', 'levels', 'indicators', 'volatility', 'overview', 'quote', 'events', 'positions', 'walls', 'chain']);

/** The kind of an expiration, beside which its day says the same. */
const KIND_OF_DATE = /^(?:next )?(?:weekly|monthly)$/;

const PRICED = new Set(['figures', 'bars', 'quote', 'days']);
/** What tells how many there are. */
const COUNTED = new Set(['strategy', 'expirations', 'expiry', 'market', 'holidays', 'events', 'days', 'scan']);

/** Whether what a token says stands in a query without it: the default, or what another token brought. */
function names(token: Token, query: Query, tokens: readonly Token[]): boolean {
  const { form, columns, fields, conditions, range, expiration, symbols, limit, rank, strike, isCount } = query;
  const shown = [...columns, ...fields, ...conditions.map(({ expression }) => expression), query.base ?? '', rank?.by ?? ''];
  const isShown = (name: string): boolean => shown.some((each) => each.includes(name));
  const isStreak = isShown('streak');
  const isDated = range !== undefined || expiration !== undefined;
  const isFar = query.base !== undefined || form === 'levels' || form === 'strategy';
  const next = tokens.slice(tokens.indexOf(token) + 1).find(({ is }) => is !== 'filler' && is !== 'mark');
  if (tokens.some(({ is }) => is === 'correct')) return true;
  switch (token.is) {
    case 'field':
      return SHEETS.has(form) || form === 'bars' || token.names.some((name) => isShown(name) || (PRICES.has(name) && shown.some(isOfMoney)));
    case 'date': {
      const takesExpiration = shown.some(isOfOptions) || !PRICED.has(form);
      return (
        (takesExpiration && /^(?:today|nearest)$/.test(token.expiration ?? '')) ||
        (takesExpiration && KIND_OF_DATE.test(token.expiration ?? '') && expiration !== undefined) ||
        (takesExpiration && expiration?.split(', ').includes(token.expiration ?? '-') === true) ||
        token.range === 'today' ||
        (token.range !== undefined && range === token.range) ||
        (/^\d+d$/.test(token.range ?? '') && isShown(token.range?.slice(0, -1) ?? '')) ||
        shown.some((name) => findField(name)?.unit === 'date')
      );
    }
    case 'howMuch':
      return (
        !/^how many$/i.test(token.text) ||
        isStreak ||
        COUNTED.has(form) ||
        isCount === true ||
        query.isDays === true ||
        symbols.length > 1 ||
        [query.quantity, query.amount, query.base].some((each) => each !== undefined) ||
        ['dte', 'daysTo', 'olume', 'Interest', ' * ', ' - ', 'hv', 'iv', 'atr'].some(isShown)
      );
    case 'samePeriod':
      return isDated;
    case 'symbol':
      return symbols.includes(token.symbol);
    case 'compare':
      return symbols.length > 1 || shown.length > 1 || strike.length > 1 || range !== undefined;
    case 'number':
      return token.value === symbols.length || token.value === limit;
    case 'top':
    case 'rank':
    case 'than':
      return rank !== undefined || limit !== undefined || form === 'scan' || /^expir/.test(form) || query.occasion !== undefined || strike.length > 1 || query.side === 'both' || isFar;
    case 'delta':
    case 'strikesWord':
      return form === 'chain' || form === 'contract';
    case 'ofStrategy':
    case 'short':
    case 'strategy':
      return form === 'strategy';
    case 'money':
      return form === 'strategy' || ['atmIv', 'straddle', 'intrinsic', 'strike'].some(isShown);
    case 'percent':
      return form === 'bars' || form === 'levels' || form === 'strategy' || shown.some((each) => /Percent|pct\(|100/.test(each));
    case 'dollars':
      return SHEETS.has(form) || shown.some(isOfMoney);
    case 'move':
      return isStreak || isFar || form === 'bars' || query.quantity !== undefined || query.amount !== undefined || ['change', 'roc', 'crosses', 'range'].some(isShown);
    case 'abs':
      return isShown('abs(') || isShown('move');
    case 'count':
    case 'streak':
      return isStreak || isCount === true || query.isDays === true;
    case 'touch':
      return isFar || ['high', 'low', 'High', 'Low'].some(isShown);
    case 'minus':
    case 'ratio':
      return symbols.length > 1 || strike.length > 1 || expiration?.includes(',') === true;
    case 'interval':
    case 'unit':
      return query.interval === (token.is === 'unit' ? token.unit : token.interval) || (token.is === 'interval' && token.interval === 'day');
    case 'scan':
      return form === 'scan';
    case 'side':
      return query.side === token.side || query.side === 'both';
    case 'nearest':
    case 'distance':
    case 'relation':
      return isFar || (token.is === 'relation' && conditions.length > 0 && !tokens.some(({ is }) => is === 'symbol')) || (token.is === 'nearest' && query.delta !== undefined) || (token.is === 'distance' && range?.startsWith('since ') === true);
    case 'from':
      return isFar || fields.length > 1 || form === 'strategy' || next?.is === 'symbol';
    case 'target':
      return isFar || next === undefined || SHEETS.has(form);
    case 'aggregate':
      return form === 'social';
    default:
      return false;
  }
}

function isOfMoney(expression: string): boolean {
  return (expression.match(/[a-z]\w*/gi) ?? []).some((name) => (findField(name) ?? findField(name, 'contract'))?.unit === 'usd');
}
