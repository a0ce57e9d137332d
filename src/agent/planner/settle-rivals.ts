// Two symbols: the difference and ratio of their figures, on which days one did better, how their returns go together.
import { monthNumber } from '../../domain/date-words.ts';
import { findField } from '../../fields/registry.ts';
import { type Draft, PRICES, conditionOf, resolved } from './draft.ts';
import {
  type Query,
  type Refusal,
  type Slots,
  isOneDay,
  names,
  notUnderstood,
  queryOf,
  unclear,
  isEnd,
} from './query.ts';
import { isWay, says } from './said.ts';
import { RELATED, isPeriod } from './settle-senses.ts';
import type { PeriodWord, Token } from '../words/tokens.ts';

const PERCENT_OF_YEAR = '(last - week52Low) / (week52High - week52Low) * 100 as percentOfRange';

/** The same of the ratio of two closes. */
function ratiosOf(a: string, b: string): Readonly<Record<string, string>> {
  const [now, past] = [`${a}.last / ${b}.last`, `${a}.close / ${b}.close`];
  const [high, low] = [`highest(${past}, 252)`, `lowest(${past}, 252)`];
  return {
    last: now,
    week52High: `${high} as highestRatio`,
    week52Low: `${low} as lowestRatio`,
    [PERCENT_OF_YEAR]: `(${now} - ${low}) / (${high} - ${low}) * 100 as percentOfRange`,
  };
}

/** `difference in return between WMT and COST`, `ratio of QQQ to SPY`: of two symbols. */
export function settleDifference(draft: Draft): void {
  const { slots, has } = draft;
  const [a, b, ...more] = inOrder(draft);
  if (a === undefined || b === undefined || more.length > 0) return;
  if (takeRatios(draft, ratiosOf(a, b))) return;
  takePastMonths(draft);
  // "is the ratio at a 20 day high"
  if (has.has('ratio') && slots.fields.some((name) => /high|low/i.test(name))) draft.unused.push('ratio');
  if (slots.fields.length > 1) return;
  const isAsked = names(slots, 'fields', 'move') || draft.dates.length > 0;
  if (takePrices(draft, a, b)) return;
  const [isRatio, isLead] = [isSlashed(draft) || has.has('ratio'), asksLead(draft)];
  if (!isAsked || !(has.has('minus') || isRatio || isLead)) return;
  if (isLead) delete slots.rank;
  const isChange = slots.move !== undefined || slots.fields.length === 0;
  const name = isChange ? 'changePercent' : resolved(slots.fields[0] ?? '');
  if (findField(name) !== undefined && !slots.fields.includes('spread')) {
    slots.fields = [`${a}.${name} ${isRatio ? '/' : '-'} ${b}.${name}`, name];
    delete slots.move;
  }
  slots.isComparison = true;
  draft.isCombined = true;
}

/** "how far ahead of spy is xlk": by what xlk leads. */
function inOrder({ slots: { symbols }, tokens }: Draft): readonly string[] {
  const led = tokens.findIndex(({ is, text }) => is === 'rank' && /^(?:ahead|lead|outp)/i.test(text));
  const behind = tokens.slice(led + 1).find(({ is }) => is !== 'filler');
  return led >= 0 && behind?.is === 'symbol' && behind.symbol === symbols[0] ? symbols.toReversed() : symbols;
}

/** "the 52 week high of the ratio of QQQ to SPY" */
function takeRatios(draft: Draft, ratios: Readonly<Record<string, string>>): boolean {
  const { slots, dates, has } = draft;
  const isOfYear = has.has('ratio') && slots.fields.some((name) => name.startsWith('week52'));
  if (!isOfYear || !slots.fields.every((name) => name in ratios)) return false;
  slots.fields = [...new Set(['last', ...slots.fields])].map((name) => ratios[name] ?? name);
  dates.length = 0;
  draft.isCombined = true;
  return true;
}

/** "SPY minus RSP, each of sep oct nov": months that have passed. */
function takePastMonths({ slots, dates, has }: Draft): void {
  if (!has.has('minus') || names(slots, 'fields', 'side', 'strike')) return;
  for (const date of dates)
    if (date.range === undefined && monthNumber(date.expiration) !== undefined) {
      date.range = `in ${date.expiration ?? ''}`;
      delete date.expiration;
    }
}

/** "the price difference of the two", "how much more is costco than home depot", "ratio of QQQ to SPY": of prices. */
function takePrices(draft: Draft, a: string, b: string): boolean {
  const { slots, tokens, has } = draft;
  const isMore = slots.rank?.by === undefined && has.has('howMuch') && has.has('rank') && has.has('than');
  const isSaid = isMore || says(tokens, /^(?:price difference|difference in prices?|price gap)$/i);
  const isDifference =
    (slots.fields.join() === 'spread' && has.has('minus')) ||
    (isSaid && !names(slots, 'fields', 'conditions', 'expiration', 'side'));
  if (isDifference && draft.dates.length === 0 && !(isMore && slots.move !== undefined)) {
    slots.fields = [`${a}.last - ${b}.last`, 'last'];
    if (isMore) delete slots.rank;
    delete slots.move;
  } else if (has.has('ratio') && slots.fields.every((name) => PRICES.has(name)) && slots.move === undefined)
    slots.fields = [`${a}.last / ${b}.last`, 'last'];
  else return false;
  draft.isCombined = true;
  return true;
}

/** "(iv30 of nvda) / (iv30 of amd)" */
function isSlashed({ tokens }: Draft): boolean {
  return (
    tokens.filter(({ is }) => is === 'field').length === 2 &&
    tokens.some(
      (token, at) =>
        token.is === 'mark' && token.mark === '/' && tokens[at - 1]?.is === 'symbol' && tokens[at + 1]?.is === 'field',
    )
  );
}

/** "how much did amd outperform qqq by", "relative strength of nvda vs spy" */
function asksLead({ tokens, has }: Draft): boolean {
  const isSize = has.has('howMuch') || has.has('distance');
  return tokens.some(
    ({ is, text }) =>
      (is === 'rank' || is === 'relation' || (is === 'move' && has.has('mark'))) &&
      (/^relative/i.test(text) || (isSize && /perform|^beat|^ahead|^lag|^le[ad]/i.test(text))),
  );
}

/** `the betas of KO and PG against SPY`, `60d correlation`, `120 daily returns`: with what, and of how many sessions. */
export function settleRivals(draft: Draft): void {
  const { slots, tokens, dates } = draft;
  settleBeats(draft);
  const place = slots.fields.findIndex((each) => RELATED.test(each));
  if (place < 0) return;
  const isSymbol = (token: Token | undefined): boolean => token?.is === 'symbol';
  const at = tokens.findIndex(
    (token, index) =>
      isSymbol(token) && /^(?:to|with|against|vs|versus|relative to|on)$/i.test(tokens[index - 1]?.text ?? ''),
  );
  const [before, after] = [tokens.slice(0, Math.max(0, at)), tokens.slice(at)].map((some) =>
    some.flatMap((token) => (token.is === 'symbol' ? [token.symbol] : [])),
  ) as [string[], string[]];
  const rival = at < 0 ? undefined : after.length === 1 ? after[0] : before.length === 1 ? before[0] : undefined;
  if (rival !== undefined) slots.rival = rival;
  const counted = tokens.findIndex(
    (token, index) =>
      token.is === 'number' &&
      !token.isPercent &&
      (tokens[index - 1]?.text === '=' || /returns?$|^(?:day|session)s?$/i.test(tokens[index + 1]?.text ?? '')),
  );
  const number = tokens[counted];
  if (number?.is === 'number' && slots.range === undefined && dates.length === 0) {
    slots.range = `last ${String(number.value)} sessions`;
    draft.number = undefined;
    if (draft.unused.includes(number.text)) draft.unused.splice(draft.unused.indexOf(number.text), 1);
  }
  const windows = dates.map(({ range = '' }) => /^last (\d+) (?:sessions|trading days|days)$/.exec(range)?.[1]);
  if (!draft.has.has('minus') || windows.length !== 2 || windows.includes(undefined)) return;
  slots.fields[place] = windows.map((n) => `corr${n ?? ''}`).join(' - ');
  dates.length = 0;
  delete slots.range;
  draft.isCombined = true;
}

const BEATS = /^(?:beat|fail|topp|tops|ahead|outp|trail|lag|behind|underp|los[et])/i;
const SESSIONS = /\b(day|session|week|month|quarter|year)s?$/i;

/** `days KO beat SPY`, `in which months did it fail to`: on which sessions one did better than another, or on how many. */
function settleBeats({ slots, tokens, dates }: Draft): void {
  settleBoth(slots, tokens);
  const at = tokens.findIndex(({ is, text }) => (is === 'relation' || is === 'rank') && BEATS.test(text));
  const after = tokens.slice(at + 1).find(({ is }) => is !== 'filler');
  const rival = at >= 0 && after?.is === 'symbol' ? after.symbol : undefined;
  const others = slots.symbols.filter((symbol) => symbol !== rival);
  if (rival === undefined || others.length === 0 || names(slots, 'fields', 'conditions')) return;
  const which = tokens.findIndex(({ is }) => is === 'which');
  const listed = [tokens[which + 1], tokens[which + 2]].find((token) => SESSIONS.test(token?.text ?? ''));
  const named = tokens.find(
    ({ is, text }) => /^(?:count|share|unit|filler|days|howMuch)$/.test(is) && (SESSIONS.test(text) || is === 'share'),
  );
  const isList = which >= 0 && listed !== undefined;
  const isCount = !isList && (named !== undefined || slots.isCount === true);
  if (!isList && !isCount && !(others.length > 1 && says(tokens, /^any of$/i))) return;
  slots.conditions = [conditionOf('changePercent', operatorOf(tokens[at]), `${rival}.changePercent`)];
  slots.symbols = others;
  delete slots.rank;
  const unit = SESSIONS.exec((isList ? listed : named)?.text ?? '')?.[1] as PeriodWord | undefined;
  if (isPeriod(unit)) slots.interval = unit;
  if (isList) slots.isDays = true;
  if (!isCount) return;
  slots.isCount = true;
  if (!dates.some(({ range }) => range !== undefined)) slots.isShare = true;
}

function operatorOf(beat: Token | undefined): string {
  const word = beat?.text ?? '';
  return /^fail/i.test(word) ? '<=' : /^(?:trail|lag|behind|underp|los)/i.test(word) ? '<' : '>';
}

/** `days both SPY and VIX closed up`, `the last time both fell`: sessions, or months, on which each of them did. */
function settleBoth(slots: Slots, tokens: Draft['tokens']): void {
  const isOfDays = says(tokens, /^(?:trading )?(?:days|sessions)$/i, 'filler');
  const isBoth = slots.symbols.length > 1 && says(tokens, /^both$/i);
  if (!isBoth || !(isOfDays || slots.occasion !== undefined)) return;
  slots.isJoint = true;
  if (slots.occasion === undefined) slots.isCount = true;
  const unit = tokens.flatMap(({ is, text }) =>
    is === 'filler' ? (/^(?:same |per |an? )*(week|month)$/i.exec(text)?.[1] ?? []) : [],
  )[0] as PeriodWord | undefined;
  if (isPeriod(unit)) slots.interval ??= unit;
}

const RELATIONS = {
  corr: (rival: string) => `corr(changePercent, ${rival}.changePercent`,
  beta: (rival: string) => `beta(${rival}`,
  autocorr: () => 'corr(changePercent, ago(changePercent, 1)',
} as const;

/** Of two symbols one row, of several beside one a row each, of several alone a column each. */
export function settleRelated(slots: Slots): Query[] | Refusal | undefined {
  const name = slots.fields.find((each) => RELATED.test(each));
  if (name === undefined) return undefined;
  const { symbols, move, fields, aggregate, rank: ranked } = slots;
  const rank = ranked ?? (isEnd(aggregate) ? { order: aggregate } : undefined);
  // "60d": of returns, which only sessions have.
  const range = slots.range?.replace(/^(\d+)[ -]?d(?:ays?)?$/, 'last $1 sessions');
  const [isBeta, isCorr] = [name.startsWith('beta'), name.startsWith('corr')];
  const what = isBeta ? 'a beta' : 'a correlation';
  const isOther = (each: string): boolean => each !== name && each !== 'changePercent' && each !== 'close';
  const isMore = fields.some(isOther) || isWay(move) || isOneDay(range);
  if (isMore || names(slots, 'conditions', 'base', 'expiration', 'strike', 'side', 'isCount', 'isDays'))
    return notUnderstood(`${what} together with anything else`);
  const [first = 'SPY', second] = symbols;
  const [kept, rival] = rivalOf(slots, isBeta, isCorr);
  const others = symbols.filter((each) => each !== rival);
  if (others.length === 0 || (isCorr && rival === undefined && second === undefined))
    return unclear(`${what} with what`, `name two symbols, like ${first} and QQQ`);
  const isMatrix = rival === undefined && isCorr;
  const columns = isMatrix
    ? symbols.map((each) => `${relationOf(name, each)} as ${each.replace('.', '_')}`)
    : [...new Set([name, ...name.split(' - ')])].map((each) => relationOf(each, rival ?? first));
  const { move: _move, isComparison: _compares, rank: _rank, aggregate: _end, rival: _rival, ...rest } = slots;
  const settled = {
    ...rest,
    ...(rank === undefined || isMatrix || others.length < 2 ? {} : { rank: { ...rank, by: columns[0] ?? '' } }),
    // Of a pair a follow-up must name both.
    ...(kept === undefined ? {} : { rival: kept }),
    ...(/\d/.test(name) ? {} : { range: range ?? 'past year' }),
  };
  return [queryOf('figures', settled, columns)];
}

/** The one that was named, else the market for a beta and the second of two symbols for a correlation. */
function rivalOf(
  { symbols, rival }: Slots,
  isBeta: boolean,
  isCorr: boolean,
): [kept: string | undefined, rival: string | undefined] {
  // Of a follow-up that names both, the one of the turn before is gone.
  const kept = rival !== undefined && (symbols.includes(rival) || symbols.length < 2) ? rival : undefined;
  const second = isCorr && symbols.length < 3 ? symbols[1] : undefined;
  return [kept, kept ?? (isBeta ? 'SPY' : second)];
}

/** `corr60 - corr250`: the calls that it is of, with another symbol. */
function relationOf(name: string, other: string): string {
  return name.replaceAll(
    /(corr|beta|autocorr)(\d*)/g,
    (_all, kind: keyof typeof RELATIONS, n: string) =>
      `${[RELATIONS[kind](other), ...(n === '' ? [] : [n])].join(', ')})`,
  );
}

/** `NVDA.change > 0`: the figures of one symbol in the rows of all. */
export function ofSymbol(expression: string, symbol: string): string {
  return expression.replaceAll(/\b[a-z]\w*\b(?!\()/g, (name) =>
    findField(name) === undefined ? name : `${symbol}.${name === 'last' ? 'close' : name}`,
  );
}
