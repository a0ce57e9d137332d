// What the head of a table calls an expression, or the name that it was given: the labels of its fields in plain words.
// Hides which expressions have such a name; of the others the text itself stands there.
import { isFinError } from '../domain/errors.ts';
import { type BinaryOperator, type Expression, parseExpression } from './expression.ts';
import { LONGEST_LABEL, capitalise, withoutCapital } from './field.ts';
import { findField, labelOf } from './registry.ts';

/** What a function makes of a figure, before the figure's name. */
export const FUNCTION_WORDS: Readonly<Record<string, string>> = {
  ...{ highest: 'highest', lowest: 'lowest', avg: 'average', median: 'median', sum: 'total' },
  ...{ stdev: 'std dev of', abs: 'size of', now: '' },
};
const SIGNS: Partial<Record<BinaryOperator, string>> = { '-': '−', '*': '×' };
/** What binds closer stands in the other without parentheses. */
const CLOSENESS: Partial<Record<BinaryOperator, number>> = { or: 0, and: 1, '+': 3, '-': 3, '*': 4, '/': 4 };
const closenessOf = (of: Expression): number => (of.kind === 'binary' ? (CLOSENESS[of.operator] ?? 2) : 5);

/** @param text the expression as it is written */
export function labelOfExpression(expression: Expression, text: string): string {
  const label = wordsOf(expression);
  return label === undefined || label.length > Math.max(LONGEST_LABEL, text.length) ? text : label;
}

/** As a sentence names a field or an expression, whose unit stands behind its figure: `strike vs. spot`. */
export function labelInSentence(text: string): string {
  if (findField(text) !== undefined || findField(text, 'contract') !== undefined) return labelOf(text);
  const expression = readable(text);
  return expression === undefined ? text : withoutCapital(labelOfExpression(expression, text)).replace(/ %$/, '');
}

/** Names that the planner gives, which are words. */
const GIVEN = new Set(['hits', 'cases', 'share', 'shares', 'distance', 'profit', 'value']);

/** A name that a figure was given: `averageOfChangePercent` is `Average change %`. A reader's own word stays as typed. */
export function labelOfName(name: string): string {
  if (!GIVEN.has(name) && !/^[A-Z]?[a-z]+[A-Z]/.test(name)) return name;
  const [, lead = '', size, of = '', on] = /^([a-z]+)Of(Abs)?([A-Z]\w*?)(On)?$/.exec(name) ?? [];
  const field = findField(of.charAt(0).toLowerCase() + of.slice(1));
  const words =
    field !== undefined && lead !== 'percent'
      ? `${lead}${size === undefined ? '' : ' size of'} ${withoutCapital(field.label)}${on === undefined ? '' : ' on'}`
      : name
          .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
          .replace(/^percent of/, '% of')
          .replace(/^break even/, 'break-even')
          .trim()
          .replace(/ vs spot$/, ' vs. spot')
          .replace(/\batr/, 'ATR');
  return capitalise(words);
}

function readable(text: string): Expression | undefined {
  try {
    return parseExpression(text);
  } catch (error) {
    if (isFinError(error)) return undefined;
    throw error;
  }
}

function wordsOf(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'number':
      return String(expression.value);
    case 'text':
      return expression.value;
    case 'name':
      return nameOf(expression.path);
    case 'negate':
      return within(expression.of, (of) => `−${of}`);
    case 'call':
      return wordsOfCall(expression);
    case 'binary': {
      const { operator, left, right } = expression;
      const span = operator === 'and' ? spanOf(left, right) : undefined;
      if (span !== undefined) return span;
      const own = closenessOf(expression);
      if (closenessOf(left) < own || closenessOf(right) <= own) return undefined;
      const [first, second] = [wordsOf(left), wordsOf(right)];
      return first === undefined || second === undefined
        ? undefined
        : `${first} ${SIGNS[operator] ?? operator} ${withoutCapital(second)}`;
    }
    default:
      return undefined;
  }
}

/** `ex-dividend 2026-12-01 to 2026-12-17`: of a figure from one bound to another. */
function spanOf(low: Expression, high: Expression): string | undefined {
  if (low.kind !== 'binary' || high.kind !== 'binary' || low.operator !== '>=' || high.operator !== '<=')
    return undefined;
  const [field, same] = [wordsOf(low.left), wordsOf(high.left)];
  const [from, to] = [wordsOf(low.right), wordsOf(high.right)];
  const isWhole = field !== undefined && field === same && from !== undefined && to !== undefined;
  return isWhole ? `${field} ${from} to ${to}` : undefined;
}

function nameOf(path: readonly string[]): string | undefined {
  const [first = '', second] = path;
  const find = (name: string): string | undefined =>
    (findField(name) ?? findField(name, 'expiration') ?? findField(name, 'contract'))?.label;
  if (second === undefined) return find(first);
  const of = find(second);
  return of === undefined ? undefined : `${first} ${withoutCapital(of)}`;
}

function wordsOfCall({ name, args }: Expression & { kind: 'call' }): string | undefined {
  const [first, second] = args;
  if (first === undefined) return undefined;
  if (OF_TWO.has(name)) return wordsBeside(name, args);
  const [, base = name, on] = /^(.*?)(On)?$/.exec(name) ?? [];
  const lead = FUNCTION_WORDS[base];
  if (lead === '') return wordsOf(first);
  const lasting = `${on === undefined ? '' : ' on'}${sessionsOf(second, ', ')}`;
  if (lead !== undefined)
    return within(first, (of) =>
      of.startsWith('Last vs. ') && name === 'abs'
        ? of.replace('Last vs.', 'Distance from')
        : `${capitalise(lead)} ${withoutCapital(of)}${lasting}`,
    );
  switch (name) {
    case 'count':
    case 'share':
    case 'firstOn':
    case 'lastOn':
      return shortened(DAYS_OF[name], first, sessionsOf(second, ', '));
    case 'when': {
      const condition = second && wordsOf(second);
      return condition && within(first, (of) => `${of} when ${withoutCapital(condition)}`);
    }
    case 'pct':
      return second === undefined
        ? undefined
        : within(first, (of) => within(second, (base) => `${of} vs. ${withoutCapital(base)} %`));
    default:
      return wordsOfOthers(name, first, second);
  }
}

/** Of a function of other sessions than the newest. */
function wordsOfOthers(name: string, first: Expression, second: Expression | undefined): string | undefined {
  // "ago(avg(range, 20), 1)": of the sessions before the newest.
  const isMean = first.kind === 'call' && first.args.length > 1 && second?.kind === 'number' && second.value === 1;
  const n = sessionsOf(second, ' ');
  if (name === 'ago') return within(first, (of) => (isMean ? `${of} before` : `${of}${n} ago`));
  if (name === 'ahead') return within(first, (of) => `${of}${n} later`);
  if (name === 'since') return shortened('Sessions since', first, '');
  return name === 'percentile' ? within(first, (of) => `Percentile of ${withoutCapital(of)},${n}`) : undefined;
}

const OF_TWO: ReadonlySet<string> = new Set(['of', 'beta', 'corr']);

/** Of a function of two symbols. */
function wordsBeside(name: string, [first, second, third]: readonly Expression[]): string | undefined {
  if (first === undefined) return undefined;
  if (name === 'corr') {
    const symbol = second && sameOfOther(first, second);
    const lag = second && lagOf(first, second);
    if (lag !== undefined) return `Autocorrelation, lag ${lag}${sessionsOf(third, ', ')}`;
    return symbol === undefined ? undefined : `Correlation with ${symbol}${sessionsOf(third, ', ')}`;
  }
  const [symbol, of] = [tickerOf(first), second && wordsOf(second)];
  if (symbol === undefined) return undefined;
  if (name === 'beta') return `Beta vs. ${symbol}${sessionsOf(second, ', ')}`;
  return of === undefined ? undefined : `${symbol} ${withoutCapital(of)}`;
}

const tickerOf = (named: Expression): string | undefined => (named.kind === 'name' ? named.path.join('.') : undefined);

const isChange = (of: Expression | undefined): boolean => of !== undefined && wordsOf(of) === 'Change %';

/** How many sessions ago the other is the first. */
function lagOf(first: Expression, other: Expression): string | undefined {
  const [of, n] = other.kind === 'call' && other.name === 'ago' ? other.args : [];
  return isChange(of) && isChange(first) && n?.kind === 'number' ? String(n.value) : undefined;
}

/** The symbol of which the other is what the first is of the row: `changePercent` beside `SPY.changePercent`. */
function sameOfOther(first: Expression, other: Expression): string | undefined {
  const [named, of] = other.kind === 'call' && other.name === 'of' ? other.args : [];
  if (!isChange(first)) return undefined;
  if (other.kind === 'name' && other.path.at(-1) === 'changePercent') return other.path.slice(0, -1).join('.');
  return named !== undefined && isChange(of) ? tickerOf(named) : undefined;
}

const DAYS_OF = { count: 'Sessions', share: '% of sessions', firstOn: 'First day', lastOn: 'Last day' } as const;

/** Without its condition where there is no room for that. */
function shortened(what: string, of: Expression, behind: string): string {
  const condition = wordsOf(of);
  const label = `${what} with ${withoutCapital(condition ?? '')}${behind}`;
  return condition === undefined || label.length > LONGEST_LABEL ? `${what}${behind}` : label;
}

function within(of: Expression, say: (label: string) => string | undefined): string | undefined {
  const label = of.kind === 'binary' ? undefined : wordsOf(of);
  return label === undefined ? undefined : say(label);
}

const sessionsOf = (sessions: Expression | undefined, joint: string): string =>
  sessions?.kind === 'number' ? `${joint}${String(sessions.value)} d` : '';

/** Of figures of other sessions or of a part of one, as a sentence names them. */
export function labelOfDays(column: string, labelOf: (name: string) => string): string | undefined {
  const [, later = '', n] = /^ahead\((\w+), (\d+)\)$/.exec(column) ?? [];
  if (n !== undefined && later.startsWith('roc')) return `change over those ${n} sessions`;
  if (n !== undefined) return `${labelOf(later)} ${n === '1' ? 'of the next session' : `${n} sessions later`}`;
  const [, usual = '', of = '', size] = /^ago\((\w+)\((\w+), (\d+)\), 1\)$/.exec(column) ?? [];
  if (size !== undefined) return `${FUNCTION_WORDS[usual] ?? usual} ${labelOf(of)} of the ${size} sessions before`;
  const [, part = '', minutes] = /^(volume|high|low)First(\d+)$/.exec(column) ?? [];
  return minutes === undefined ? undefined : `${part} of the first ${minutes} minutes`;
}
