// Figures that are made of those that were named, or meant by them: differences and ratios, totals of a side, volatility for
// "vol", whether a figure rises.
import { findField } from '../../fields/registry.ts';
import { type Draft, PRICES, concernsOptions, conditionOf, isLevel, isSameKind, resolved } from './draft.ts';
import { type Slots, names } from './query.ts';
import { says } from './said.ts';
import type { Token } from '../words/tokens.ts';

/** `lowest vol of SPY, QQQ`, `vol and skew`: beside what volatility has, no shares that were traded; the caption says so. */
export function settleVol(draft: Draft): void {
  const { slots, tokens } = draft;
  const at = tokens.findIndex(({ is, text }) => is === 'field' && /^vol$/i.test(text));
  const place = slots.fields.indexOf('volume');
  if (at < 0 || place < 0 || draft.dates.some(({ range }) => range === 'today' || range === 'yesterday')) return;
  const isOfSeveral = slots.symbols.length !== 1;
  const isLow =
    isOfSeveral &&
    tokens.some(
      ({ is, text }) => /^(?:rank|aggregate)$/.test(is) && /\b(?:lowest|low|lower|least|smallest)$/i.test(text),
    );
  const besides = [tokens[at - 1], tokens[at + 1]];
  const isSided = besides.some((each) => each?.is === 'side');
  const isOfOptions = slots.fields.some((name) => OF_VOLATILITY.test(name)) || names(slots, 'strategy');
  if (isSided || names(slots, 'strike') || slots.fields.includes('openInterest') || !(isLow || isOfOptions)) return;
  const isImplied = isOfOptions && !slots.fields.some((own) => /^(?:iv|atmIv)/.test(own));
  const name = isImplied ? 'atmIv' : 'hv30';
  slots.fields[place] = name;
  for (const each of draft.aggregates) each.fields = each.fields.map((own) => (own === 'volume' ? name : own));
  (slots.corrected ??= []).push(`vol as ${isImplied ? 'implied volatility' : '30-day historical volatility'}`);
}

/** `20d realised vs implied`: of no expiration that is named, so the one of thirty days. */
export function settleImplied(draft: Draft): void {
  const { slots, tokens } = draft;
  settleRich(slots, tokens);
  settleLongDelta(draft);
  const isBeside = slots.fields.some((name) => /^(?:hv|yangZhang)\d/.test(name));
  if (!isBeside || names(slots, 'strike', 'delta', 'side', 'expiration', 'isEach')) return;
  slots.fields = slots.fields.map((name) => (name === 'iv' ? 'iv30' : name));
  for (const each of slots.conditions) {
    const turn = (side: string): string => (side === 'iv' ? 'iv30' : side);
    const { left, operator, right } = each;
    if (left === undefined || right === undefined || operator === undefined || ![left, right].includes('iv')) continue;
    Object.assign(each, {
      expression: `${turn(left)} ${operator} ${turn(right)}`,
      left: turn(left),
      right: turn(right),
    });
  }
}

/** `put open interest`, `total call volume`: of all contracts of a side, where no strike or choice of them is named. */
export function settleSums(draft: Draft): void {
  const { slots, tokens } = draft;
  const isTotal = slots.aggregate === 'total';
  settleFromSpot(draft);
  if (settleBusier(draft)) return;
  const isChosen = names(slots, 'strike', 'strikes', 'delta', 'money', 'limit', 'conditions', 'strategy', 'base');
  // "which of them has more call volume"
  const isRanked = slots.rank !== undefined && (slots.symbols.length < 2 || slots.rank.by === 'distance');
  if (
    isChosen ||
    isRanked ||
    slots.forms.some((form) => form !== 'chain') ||
    (slots.aggregate !== undefined && !isTotal)
  )
    return;
  const fields = tokens.flatMap((token, at) => {
    const total = token.is === 'field' ? TOTALS[token.names.join()] : undefined;
    if (total === undefined) return [];
    // "the total open interest in its calls"
    const isSummed = /^(?:total|option)/i.test(token.text) || isTotal;
    const before = tokens.slice(0, at).findLastIndex(({ is }) => !['side', 'joiner', 'mark', 'field'].includes(is));
    const beside = isSummed ? tokens : tokens.slice(before + 1, at);
    const own = beside.filter(({ is, text }) => is === 'side' && (isSummed || !/s$/i.test(text)));
    return own.flatMap((side) =>
      side.is !== 'side' ? [] : side.side === 'both' ? [`call${total}`, `put${total}`] : [`${side.side}${total}`],
    );
  });
  const known = slots.fields.filter((name) => /^(?:call|put)(?:Volume|OpenInterest)$/.test(name));
  const isAll =
    slots.fields.length > 0 && slots.fields.every((name) => known.includes(name) || TOTALS[name] !== undefined);
  if (fields.length === 0 || !isAll || draft.has.has('strikesWord') || says(tokens, /^by$/i)) return;
  slots.fields = [...new Set([...known, ...fields])];
  slots.forms = [];
  delete slots.side;
  if (isTotal) delete slots.aggregate;
  if (slots.rank !== undefined) slots.rank = { order: slots.rank.order };
}

/** The figure of calls and of puts for one of both. */
export function sidesOf(name: string): string[] {
  const total = TOTALS[name];
  return total === undefined ? [] : [`call${total}`, `put${total}`];
}

const TOTALS: Readonly<Record<string, string>> = {
  volume: 'Volume',
  openInterest: 'OpenInterest',
  optionVolume: 'Volume',
  optionOpenInterest: 'OpenInterest',
};

const OF_VOLATILITY = /^(?:iv|hv|atmIv|skew|yangZhang|expectedMove|straddle|delta|gamma|theta|vega|ivMinus)/;

/** `implied vs realised, which trades richest`, `and the spread to its hv30`: by the difference of the two. */
function settleRich(slots: Slots, tokens: Draft['tokens']): void {
  const [, word] = /\b(rich|cheap|expensive)(?:er|est)?\b/i.exec(tokens.map(({ text }) => text).join(' ')) ?? [];
  const implied = slots.fields.find((name) => /^(?:iv|iv30|atmIv)$/.test(name));
  if (implied === undefined || !(word !== undefined || slots.fields.includes('spread'))) return;
  // "compared to what the stock has been moving"
  const isOfMoves = slots.move === 'any' && slots.isComparison === true;
  const realized = slots.fields.find((name) => /^hv\d+$/.test(name)) ?? (isOfMoves ? 'hv30' : undefined);
  const others = slots.fields.filter((name) => ![implied, realized, 'spread'].includes(name) && !/^iv[RP]/.test(name));
  if (realized === undefined || others.length > 0 || slots.conditions.length > 0) return;
  if (isOfMoves) delete slots.move;
  const iv = implied === 'iv' && slots.expiration === undefined ? 'iv30' : implied;
  slots.fields = [`${iv} - ${realized}`, iv, realized];
  if (slots.isYesNo === true && word !== undefined)
    slots.conditions.push(conditionOf(iv, /cheap/i.test(word) ? '<' : '>', realized));
}

/** `distance of the put wall from spot`: in percent of the spot, not of the wall. */
function settleFromSpot({ slots, tokens }: Draft): void {
  const at = tokens.findIndex(({ is, text }) => is === 'distance' && /from$/i.test(text));
  const { base, fields } = slots;
  const isFromSpot = at >= 0 && /^(?:the )?(?:spot|spot price)$/i.test(tokens[at + 1]?.text ?? '');
  if (!isFromSpot || base === undefined || findField(base)?.unit !== 'usd' || fields.join() !== 'last') return;
  slots.fields = ['last', base, `pct(${base}, last)`];
  delete slots.base;
}

/** `puts or calls busier`: the volume of all of each side. */
function settleBusier({ slots, tokens }: Draft): boolean {
  const isBusier = says(tokens, /^(?:busier|more active)$/i) && slots.rank?.by === 'volume';
  if (!isBusier || slots.side !== 'both' || names(slots, 'strike', 'strikes', 'delta', 'limit')) return false;
  slots.fields = ['putVolume', 'callVolume'];
  slots.forms = [];
  delete slots.side;
  delete slots.rank;
  delete slots.isComparison;
  return true;
}

/** `debit spread, long .40 delta`: the delta that chooses a spread is that of its short leg. */
function settleLongDelta({ slots, tokens, unused }: Draft): void {
  const before = tokens[tokens.findIndex(({ is }) => is === 'deltaOf') - 1];
  if (/^long$/i.test(before?.text ?? '') && /debit-spread$/.test(slots.strategy ?? '')) unused.push('long delta');
}

/** `is its 20-day average rising`: of the figure that it is said of, against five sessions before. */
export function settleTrend(draft: Draft): void {
  const { slots, tokens, unused } = draft;
  const at = tokens.findIndex(({ is, text }) => is === 'move' && TREND.test(text));
  const direction = slots.move;
  const text = tokens[at]?.text ?? '';
  const before = at < 0 ? undefined : figureBefore(tokens, at);
  const [name = ''] = before?.names ?? [];
  const isOfPrice = PRICES.has(name) || /^(?:change|open|high|low|volume|previousClose|roc|streak)/.test(name);
  if (direction === undefined || name === '' || isOfPrice) return;
  // "skew change this week": of the figure, which no day before this one has.
  if (/^changes?$/i.test(text) && tokens[at - 1] === before) unused.push(text);
  const isAsked = slots.isYesNo === true || (/^rising|^falling/i.test(text) && at === tokens.length - 1);
  if (!isAsked || names(slots, 'conditions', 'base', 'aggregate', 'rank', 'isCount') || draft.has.has('relation'))
    return;
  if (findField(name)?.entry.series === undefined || draft.dates.length > 0) {
    unused.push(text);
    return;
  }
  delete slots.move;
  // "rising or falling" is answered by one of them.
  if (/ or /i.test(text)) delete slots.isYesNo;
  else slots.isYesNo = true;
  slots.conditions.push(conditionOf(name, direction === 'down' ? '<' : '>', `ago(${name}, ${String(TREND_SESSIONS)})`));
}

/** "is the 50 day of amd going up": the figure that the move is said of. */
function figureBefore(tokens: readonly Token[], at: number): (Token & { is: 'field' }) | undefined {
  const told = tokens.slice(0, at).filter(({ is, text }) => is !== 'filler' || /^(?:and|or)\b/i.test(text));
  const [last, other] = [told.at(-1), told.at(-2)];
  const before = last?.is === 'symbol' && other?.is === 'field' ? other : last;
  return before?.is === 'field' ? before : undefined;
}

const TREND =
  /^(?:changes?|up|down|up or down|rising or falling|(?:going|moving) up or down|ris(?:es|ing)|fall(?:s|ing)|climbing|dropping|declining|gaining|moving|(?:going|moving) (?:up|down)|drops|gains)$/i;

const TREND_SESSIONS = 5;

/** `hv30 minus hv10`, `ratio of theta to delta`. */
export function combineFields(draft: Draft): void {
  const { slots, has, unused } = draft;
  // "atm iv dec 18 minus jan 15": of each date, the rows tell the difference.
  if (draft.isCombined || (has.has('minus') && slots.fields.length === 1 && draft.dates.length === 2)) return;
  const isSlashed = isSlashedPair(draft);
  const operator = operatorAsked(draft, isSlashed);
  if (operator === undefined) return;
  // "from wall to wall as a fraction of the straddle": nothing is made of a sheet.
  if (operator === '/' && slots.forms.includes('walls')) unused.push('ratio');
  if (takePremium(draft)) return;
  if (operator === '/') takeMove(slots);
  const [a, b, ...more] = slots.fields;
  // The two figures are shown beside what is made of them.
  const isShown = isSlashed && slots.rank === undefined && !has.has('aggregate');
  // "net of the gap": of dollars and percent of one figure nothing is made.
  const isTwin = b === `${a ?? ''}Percent`;
  if (isShown && a !== undefined && b !== undefined) slots.fields = [`${a} / ${b}`, a, b];
  else if (a === undefined || b === undefined || more.length > 0 || isTwin)
    unused.push(operator === '/' ? 'ratio' : 'minus');
  else slots.fields = operator === '/' ? ratioOf(a, b, has) : differenceOf(a, b, has);
}

function operatorAsked(draft: Draft, isSlashed: boolean): '/' | '-' | undefined {
  const { slots, has } = draft;
  if (has.has('ratio') || (isSlashed && slots.fields.length === 2)) return '/';
  const pair = has.has('minus') ? slots.fields : differenceAsked(draft);
  if (pair === undefined) return undefined;
  slots.fields = pair;
  return '-';
}

/** "iv / hv30" */
function isSlashedPair({ tokens, slots, has }: Draft): boolean {
  const isRanked = slots.rank !== undefined || has.has('aggregate');
  return tokens.some(
    (token, at) => token.is === 'mark' && token.mark === '/' && isSameKind(tokens[at - 1], tokens[at + 1], isRanked),
  );
}

/** "its move today as a percent of its atr" */
function takeMove(slots: Slots): void {
  if (slots.fields.length !== 1 || slots.move !== 'any') return;
  slots.fields.unshift(/^atr\d/.test(slots.fields[0] ?? '') ? 'abs(change)' : 'changePercent');
  delete slots.move;
}

/** "premium as a percent of the share price" */
function takePremium(draft: Draft): boolean {
  const { slots, tokens } = draft;
  const share = tokens.findIndex(({ is, text }) => is === 'ratio' && /percent|%|fraction|share/i.test(text));
  const isOfPremium = slots.fields.every((name) => PRICES.has(name) || /^(?:bid|ask|mid|strike)$/.test(name));
  if (share < 0 || !isOfPremium || !concernsOptions(draft) || slots.strategy !== undefined) return false;
  slots.fields = ['mid', says(tokens.slice(share), /^strikes?$/i) ? 'premiumOfStrike' : 'premiumOfSpot'];
  return true;
}

function ratioOf(a: string, b: string, has: Draft['has']): string[] {
  if (a !== 'atr14' || b !== 'last') return [`${a} / ${b}`];
  return has.has('dollars') ? ['atr14', 'atrPercent14'] : ['atrPercent14'];
}

function differenceOf(a: string, b: string, has: Draft['has']): string[] {
  if (has.has('abs')) return [`abs(${a} - ${b})`, a, b];
  if ([a, b].every((name) => name === 'bid' || name === 'ask')) return ['bid', 'ask', 'spread', 'spreadPercent'];
  // How far two averages are from each other is told in percent too.
  return [...(isLevel(a) && isLevel(b) ? [`pct(${a}, ${b})`] : []), `${a} - ${b}`, a, b];
}

/** `iv30 vs hv20 how many points`, `sma50 above sma200, and by how much`: the two figures, of one kind. */
function differenceAsked({ slots, tokens }: Draft): string[] | undefined {
  const [condition, ...more] = slots.conditions;
  const pair = condition === undefined ? slots.fields : [condition.left ?? '', condition.right ?? ''];
  const [a, b, ...others] = pair.map((name) => findField(resolved(name)));
  const isPair = a !== undefined && b !== undefined && a !== b && a.unit === b.unit;
  if (!isPair || others.length > 0 || more.length > 0 || slots.symbols.length === 0) return undefined;
  const isOther = names(slots, 'base', 'aggregate', 'rank', 'isCount', 'range', 'delta', 'side');
  const isAsked = tokens.some(
    ({ is, text }, at) =>
      is === 'howMuch' && (/^by how/i.test(text) || (/many$/i.test(text) && isOfPoints(tokens[at + 1]))),
  );
  return !isAsked || isOther || slots.fields.some((name) => !pair.includes(name)) ? undefined : pair;
}

const isOfPoints = (token: Token | undefined): boolean =>
  /\b(?:points?|pts|pct|percent|percentage)\b/i.test(token?.text ?? '');
