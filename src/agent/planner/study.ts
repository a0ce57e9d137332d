// Questions about past sessions of a kind: which sessions (`on mondays`, `when it gaps up`, `after 3 red days`), how much
// later is looked, and what of them is told: how often something held, an average, the sessions themselves.
import { MONTH_NAMES, WEEKDAY_NAMES } from '../../domain/date-words.ts';
import { capitalise } from '../../fields/field.ts';
import { FUNCTIONS, IN_PERCENT, PRICES, conditionOf, isOfOptions, resolved } from './draft.ts';
import {
  type Condition,
  type Query,
  type Refusal,
  type Slots,
  type Study,
  emptySlots,
  isOneDay,
  isRefusal,
  names,
  notUnderstood,
  queryOf,
  unclear,
  isEnd,
} from './query.ts';
import type { Aggregate, PeriodWord, Reading, Token } from '../words/tokens.ts';

type ReadPart = (tokens: readonly Token[], isYesNo: boolean) => (Slots | Refusal)[];

/** What none of them says: options, another form, a part of its own. */
const FOREIGN: ReadonlySet<Token['is']> = new Set([
  ...(['refuse', 'unknown', 'doubt', 'side', 'strike', 'strikes', 'strategy', 'contract', 'legs', 'deltaOf'] as const),
  ...(['scan', 'dates', 'money', 'delta', 'paid', 'group', 'unclear', 'swap', 'drop', 'define'] as const),
]);
const OFTEN: ReadonlySet<Token['is']> = new Set(['count', 'share', 'aggregate', 'usual', 'howMuch']);
const ASKS: ReadonlySet<Token['is']> = new Set([
  'count',
  'share',
  'howMuch',
  'aggregate',
  'did',
  'days',
  'bestDay',
  'which',
]);
/** Facts of the date, which nothing that happened on it changes. */
const OF_CALENDAR = /\b(?:others|weekday|month|sessionOfMonth|isMonthEnd|isOpex|isHalfDay|sessionsSince\w+)\b/;
const CHANGE = 'changePercent';

/** A question about such sessions; undefined where it is none. */
export function readStudy({ tokens, isYesNo }: Reading, readPart: ReadPart): Slots | undefined {
  if (tokens.some(({ is, text }) => FOREIGN.has(is) && !/^what does$/i.test(text))) return undefined;
  const isContent = (token: Token): boolean => token.is !== 'filler' && token.is !== 'mark' && token.is !== 'joiner';
  // "3 red days in a row, what does it do the 4th": a lag without `after`.
  const isNext = (token: Token): boolean => isNextOf(token, tokens);
  const marked: { at: number; from: number; to: number; isLast?: true } | undefined =
    clauseOf(tokens) ??
    clauseBefore(tokens, (token) => lagOf(token) !== undefined || isNext(token)) ??
    clauseOfLast(tokens) ??
    clauseCounted(tokens);
  const clause = marked === undefined ? [] : tokens.slice(marked.from, marked.to);
  const left = tokens.filter(
    (_token, at) => marked === undefined || at < Math.min(marked.at, marked.from) || at >= marked.to,
  );
  const lags = [...left, ...clause].flatMap((token) => (isNext(token) ? { lag: 1 } : (lagOf(token) ?? [])));
  // "after 3 red days", "the day after a 2% drop": on the session after.
  const marker = marked === undefined || marked.at === marked.from ? undefined : tokens[marked.at];
  const isAfter = marker !== undefined && (marker.is === 'step' || /^after$/i.test(marker.text));
  const isOfReturn = left.some((token) => token.is === 'field' && /^roc\d/.test(token.names[0] ?? ''));
  const per = left.find((token) => token.is === 'per');
  // "average gap up", "avg volume on down days": of those sessions.
  const isMean = left.some(
    (token) =>
      (token.is === 'aggregate' && /^(?:average|median|total)$/.test(token.aggregate) && token.text !== 'mean') ||
      (token.is === 'field' && token.names.join() === 'averageVolume') ||
      token.is === 'bestDay',
  );
  const isOfKind = isMean && !left.some(({ is }) => is === 'count' || is === 'share' || is === 'howMuch');
  const calendar = left.filter(
    (token): token is Token & { is: 'state' } =>
      token.is === 'state' &&
      (OF_CALENDAR.test(token.expression) ||
        token.expression.startsWith('newest(') ||
        (isOfKind && !token.expression.includes(' and '))),
  );
  // "first trading day of the month, last 12": so many of them.
  const counted = left.findIndex(
    ({ is, text }, at) =>
      is === 'number' &&
      /^(?:last|past)$/i.test(left[at - 1]?.text ?? '') &&
      text !== '' &&
      left[at + 1]?.is !== 'unit',
  );
  const size = left[counted];
  const [only] = calendar;
  if (calendar.length === 1 && only !== undefined && size?.is === 'number')
    calendar[0] = { ...only, expression: `newest(${only.expression}, ${String(size.value)})` };
  const ofCount = calendar.length === 1 && counted > 0 ? left.slice(counted - 1, counted + 1) : [];
  const period = [...left, ...clause].find(
    (token) => token.is === 'date' && token.range !== undefined && !isDay(token) && lagOf(token) === undefined,
  );
  const isOwn = (token: Token): boolean =>
    lagOf(token) === undefined &&
    !isNext(token) &&
    token !== per &&
    token !== period &&
    !ofCount.includes(token) &&
    !(token.is === 'state' && calendar.some(({ text }) => text === token.text));
  const given = clause.some(isContent) ? conditionsIn(clause.filter(isOwn), readPart) : undefined;
  const gaps = given === undefined ? gapsIn(left) : undefined;
  // "close red after a gap up": what follows the open follows on its day.
  const isOfOpen = given?.conditions.every(({ expression }) => expression.startsWith('gapPercent')) === true;
  // "first down month since": by months.
  const unit = left
    .map(({ is, text }) => (is === 'state' ? / (week|month|quarter|year) since\b/i.exec(text)?.[1] : undefined))
    .find(Boolean);
  const [lag = isAfter && !isOfReturn && (marker.is === 'step' || !isOfOpen) ? { lag: 1 } : undefined] = lags;
  // "what percentage of this year's days has KO beaten SPX"
  const isRivalry =
    clause.length === 0 &&
    rivalIn(left) !== undefined &&
    left.some(({ text }) => /\b(?:days|sessions)$/i.test(text)) &&
    left.some(({ is, text }) => is === 'share' || is === 'count' || (is === 'howMuch' && /percent|many/i.test(text)));
  if (
    !isRivalry &&
    given === undefined &&
    (clause.length > 0 || (calendar.length === 0 && per === undefined && gaps === undefined))
  )
    return undefined;
  if (lags.length > 1) return undefined;
  const isOfGroups = calendar.length > 1;
  const isOfMinutes = left.some((each) => each.is === 'state' && each.expression.includes('Minute '));
  const kept = left.filter(
    (token) =>
      !(isOfGroups && /^(?:relation|compare|abs)$/.test(token.is)) &&
      !(isOfMinutes && token.is === 'field' && /^(?:high|low)$/.test(token.names.join())) &&
      isOwn(token) &&
      token.is !== 'aggregate' &&
      !isAboutShare(token) &&
      gaps?.used.includes(token) !== true,
  );
  const [main, ...more] = kept.some(isContent) ? readPart(kept, isYesNo) : [emptySlots()];
  if (main === undefined || isRefusal(main) || more.length > 0 || isForeign(main)) return undefined;
  const symbols = main.symbols.length > 0 ? main.symbols : (given?.symbols ?? []);
  const other = given?.symbols.find((symbol) => !symbols.includes(symbol));
  const isLast = marked?.isLast === true && given !== undefined;
  if (isLast) given.conditions = [lastOf(given.conditions)];
  const conditions = [
    ...(given?.conditions ?? gaps?.conditions ?? []).map((each) => (other === undefined ? each : ofOther(each, other))),
    ...calendar.map(stated),
  ];
  const rival = rivalIn(kept);
  const asked = askedOf(tokens, main, left, conditions);
  const against = rival === undefined ? [] : [beats(rival)];
  if (rival !== undefined && (symbols.length !== 2 || asked.hits.length > 0 || asked.aggregates.length > 0))
    return undefined;
  const { isCounted: _counted, ...ofRival } = asked;
  const study = {
    ...(rival === undefined ? asked : { ...ofRival, hits: against }),
    given: conditions,
    ...(left.some(({ text }) => /^(?:each|every|list|one by one|individually|year by year|each year)$/i.test(text))
      ? { isEach: true as const }
      : {}),
    ...lag,
    ...(per?.is === 'per' ? { per: per.unit } : {}),
  };
  const { range } = period?.is === 'date' ? period : main;
  const { follow, pronoun, isComparison, corrected, limit } = main;
  const said = { follow, pronoun, isComparison, corrected, limit, range };
  return {
    ...emptySlots(),
    ...(Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Partial<Slots>),
    symbols: symbols.filter((symbol) => symbol !== rival?.symbol),
    ...(unit === undefined ? {} : { interval: unit.toLowerCase() as PeriodWord }),
    study,
  };
}

const beats = ({ operator, symbol }: { operator: string; symbol: string }): Condition => ({
  expression: `${CHANGE} ${operator} ${symbol}.${CHANGE}`,
  word: `${operator.startsWith('<') ? 'behind' : 'ahead of'} ${symbol}`,
});

/** `how often does qqq beat spy on mondays`: the other one, by its change. */
function rivalIn(tokens: readonly Token[]): { operator: string; symbol: string } | undefined {
  const isRival = (token: Token): boolean =>
    token.is === 'relation' || (token.is === 'rank' && /^(?:out|under|beat)/i.test(token.text));
  const at = tokens.findIndex(isRival);
  const [relation, other] = [tokens[at], tokens[at + 1]];
  if (relation === undefined || other?.is !== 'symbol') return undefined;
  const operator = relation.is === 'relation' ? relation.operator : /^(?:out|beat)/i.test(relation.text) ? '>' : '<';
  return { operator, symbol: other.symbol };
}

/** `the 4th` after three in a row. */
function isNextOf(token: Token, tokens: readonly Token[]): boolean {
  const before = tokens.flatMap((each) =>
    each.is === 'state' ? (/^streak [<>]= -?(\d+)$/.exec(each.expression)?.[1] ?? []) : [],
  );
  const [, digit, word = ''] =
    /^(?:on )?the (?:(\d)(?:th|rd|nd|st)|(second|third|fourth|fifth|sixth))(?: day)?$/i.exec(token.text) ?? [];
  const place =
    digit === undefined
      ? ['second', 'third', 'fourth', 'fifth', 'sixth'].indexOf(word.toLowerCase()) + 2
      : Number(digit);
  return before.some((count) => Number(count) + 1 === place);
}

/** `how many gaps over 1% did it fill`: of the gaps, where `fill` is what is counted. */
function gapsIn(tokens: readonly Token[]): { conditions: Condition[]; used: readonly Token[] } | undefined {
  if (!tokens.some((token) => token.is === 'state' && token.word === 'filled the same day')) return undefined;
  const at = tokens.findIndex(isGap);
  const [gap, size] = [tokens[at], tokens.find((token) => token.is === 'number' && token.isPercent)];
  const relation = tokens.find(({ is }) => is === 'relation');
  const beside = [tokens[at - 1], tokens[at + 1]].find((token) => token?.is === 'move');
  const isDown =
    gap?.is === 'state' ? gap.expression.includes('<') : beside?.is === 'move' && beside.direction === 'down';
  const isUp = !isDown && (gap?.is === 'state' || (beside?.is === 'move' && beside.direction === 'up'));
  const used = [gap, size, relation, beside].flatMap((token) => token ?? []);
  const n = size?.is === 'number' ? size.value : 0;
  const operator = relation?.is === 'relation' ? relation.operator : n === 0 ? '>' : '>=';
  if (isDown) return { used, conditions: [conditionOf('gapPercent', operator.replace('>', '<'), String(-n))] };
  return { used, conditions: [conditionOf(isUp ? 'gapPercent' : 'abs(gapPercent)', operator, String(n))] };
}

const isGap = (token: Token): boolean =>
  (token.is === 'field' && token.names.join() === 'gap,gapPercent') ||
  (token.is === 'state' && token.expression.startsWith('gapPercent'));

const isDay = (token: Token): boolean => token.is === 'date' && isOneDay(token.range);
const isAboutShare = ({ is }: Token): boolean => is === 'share' || is === 'usual';

/** `when …`, `after …`, `the day after …`: where the clause that says which sessions begins and ends. */
function clauseOf(tokens: readonly Token[]): { at: number; from: number; to: number } | undefined {
  const asks = tokens.some(
    ({ is, text }) => ASKS.has(is) || is === 'usual' || /^(?:what happens|happens|does)$/i.test(text),
  );
  const at = tokens.findIndex((token, index) => isMarker(tokens, token, index));
  if (at < 0 || !asks) return undefined;
  const isFirst = tokens.slice(0, at).every(({ is }) => ['filler', 'mark', 'joiner', 'follow'].includes(is));
  const end = tokens.findIndex(
    (token, index) => index > at + 1 && (token.is === 'mark' || (isFirst && begins(token, tokens[index + 1]))),
  );
  return { at, from: at + 1, to: end < 0 ? tokens.length : end };
}

/** What stands before such a word and says a state of a session. */
function clauseBefore(
  tokens: readonly Token[],
  isLater: (token: Token) => boolean,
): { at: number; from: number; to: number } | undefined {
  const state = tokens.findIndex((token) => token.is === 'state' && !OF_CALENDAR.test(token.expression));
  if (state < 0 || !tokens.slice(state).some(isLater)) return undefined;
  const end = tokens.findIndex(
    (token, at) => at > state && (token.is === 'mark' || isLater(token) || begins(token, tokens[at + 1])),
  );
  return { at: 0, from: 0, to: end < 0 ? tokens.length : end };
}

/** `the last time it fell 3%, and where was it ten sessions later`: of that one session. */
function clauseOfLast(tokens: readonly Token[]): { at: number; from: number; to: number; isLast: true } | undefined {
  const at = tokens.findIndex((token) => token.is === 'occasion' && token.occasion === 'last');
  const later = tokens.findIndex((token) => lagOf(token) !== undefined);
  const to = tokens.slice(0, Math.max(0, later)).findLastIndex(({ is }) => is === 'mark' || is === 'joiner');
  const end = tokens[to - 1]?.is === 'mark' ? to - 1 : to;
  return at < 0 || end <= at ? undefined : { at, from: at + 1, to: end, isLast: true };
}

const lastOf = (conditions: readonly Condition[]): Condition => ({
  expression: `newest(${all(conditions.map(({ expression }) => expression))}, 1)`,
  word: 'the last such session',
});

/** `gap ups over .5% this year, how many closed above the open`: of the sessions that stand before, so many. */
function clauseCounted(tokens: readonly Token[]): { at: number; from: number; to: number } | undefined {
  const asks = (token: Token | undefined): boolean => /^how (?:many|often)/i.test(token?.text ?? '');
  const isState = (token: Token): boolean => token.is === 'state' && !OF_CALENDAR.test(token.expression);
  const at = tokens.findIndex((token, index) => asks(token) && tokens.slice(0, index).some(isState));
  const before = tokens.slice(0, Math.max(0, at));
  const ends = before.findLastIndex(({ is }) => is !== 'filler');
  const isJoined = before[ends]?.is === 'mark' || before[ends]?.is === 'joiner';
  const isOfThose = /^(?:of (?:those|them|these|which)|of|those|them)$/i.test(tokens[at + 1]?.text ?? '');
  const told = tokens.slice(at + 1).some(({ is }) => is === 'state' || is === 'move' || is === 'relation');
  if (!isJoined || !told || (before.some(asks) && !isOfThose)) return undefined;
  return { at: 0, from: 0, to: ends };
}

function begins({ is, text }: Token, next: Token | undefined): boolean {
  return (
    is === 'count' ||
    is === 'share' ||
    is === 'howMuch' ||
    is === 'which' ||
    is === 'aggregate' ||
    is === 'follow' ||
    is === 'define' ||
    (is === 'filler' && /^(?:how|what|whats|does|did)$/i.test(text) && next !== undefined)
  );
}

function isMarker(tokens: readonly Token[], { is, text }: Token, at: number): boolean {
  if (
    is === 'given' ||
    // "if SPY drops 2% what happens to TSLA" may be about what is to come.
    (is === 'target' && /^if$/i.test(text) && tokens.some((token) => OFTEN.has(token.is))) ||
    (is === 'days' && /when$|which$|^e\w+ time$/i.test(text))
  )
    return true;
  const next = tokens.slice(at + 1).find((token) => token.is !== 'filler');
  // "the day after a 2% drop"
  if (is === 'step')
    return (
      /after$/i.test(text) && ['number', 'move', 'state', 'symbol', 'pronoun', 'relation'].includes(next?.is ?? '')
    );
  return is === 'when' && /^when$/i.test(text);
}

/** `the next day`, `5 days later` */
function lagOf(token: Token): Pick<Study, 'lag' | 'isOver'> | undefined {
  if (token.is === 'lag') return { lag: token.sessions, ...(token.isOver === true ? { isOver: true } : {}) };
  const isNextDay =
    (token.is === 'step' && token.unit === 'day' && token.by === 1) ||
    (token.is === 'date' && token.range === 'next day');
  return isNextDay ? { lag: 1 } : undefined;
}

/** What a clause says of a session. */
function conditionsIn(tokens: readonly Token[], readPart: ReadPart): Pick<Slots, 'conditions' | 'symbols'> | undefined {
  const [slots, ...more] = readPart(bounded(tokens), false);
  if (slots === undefined || isRefusal(slots) || more.length > 0 || slots.isAnyOf === true) return undefined;
  const { symbols, conditions, move } = slots;
  const isOther = names(
    slots,
    'forms',
    'base',
    'rank',
    'aggregate',
    'range',
    'expiration',
    'bare',
    'occasion',
    'limit',
  );
  const moved = move === 'up' || move === 'down' ? [moveOf(move)] : [];
  const all = [...conditions, ...moved];
  return isOther || all.length === 0 || symbols.length > 1 ? undefined : { symbols, conditions: all };
}

const moveOf = (move: 'up' | 'down'): Condition => ({ ...conditionOf(CHANGE, move === 'up' ? '>' : '<', '0') });

const MOST_PERCENT = 20;

/** `drops 5 or more in a day`: so small a number beside a move is percent, where no unit says otherwise. */
function asPercent(token: Token, next: Token | undefined): Token {
  const isOther =
    /^(?:points?|pts|dollars|bucks|cents|days?|sessions?|closes)$/i.test(next?.text ?? '') ||
    next?.is === 'streak' ||
    next?.is === 'unit';
  const isBare = token.is === 'number' && !token.isPercent && token.isMoney !== true && token.value <= MOST_PERCENT;
  return isBare && !isOther ? { ...token, isPercent: true } : token;
}

/** `a 2% drop`, `drops 2%`: at least so much. */
function bounded(tokens: readonly Token[]): Token[] {
  const isMoved = tokens.some(({ is }) => is === 'move');
  const told = tokens
    .filter(({ is, text }) => is !== 'filler' || !/^(?:an?|the)$/i.test(text))
    .map((token, at, all) => (isMoved ? asPercent(token, all[at + 1]) : token));
  return told.flatMap((token, at) => {
    const [before, next] = [told[at - 1], told[at + 1]];
    const isSize = token.is === 'number' && token.isPercent;
    const isBound = before?.is === 'relation' || next?.is === 'relation' || before?.is === 'within';
    const atLeast: Token = { is: 'relation', operator: '>=', text: 'at least' };
    if (isSize && next?.is === 'move') return [next, ...(isBound ? [] : [atLeast]), token];
    if (token.is === 'move' && before?.is === 'number' && before.isPercent) return [];
    // "over a 2% drop"
    if (token.is === 'relation' && next?.is === 'number' && told[at + 2]?.is === 'move') return [];
    return isSize && !isBound ? [atLeast, token] : [token];
  });
}

/** `TLT.changePercent < 0` */
function ofOther({ word: said, ...each }: Condition, symbol: string): Condition {
  const expression = each.expression.replaceAll(/\b[a-z]\w*\b(?!\()/g, (name) =>
    name === 'and' || name === 'or' ? name : `${symbol}.${name === 'last' ? 'close' : name}`,
  );
  const { left = '', operator = '', right = '' } = each;
  return {
    expression,
    ...(left === '' ? { word: `with ${symbol} ${said ?? ''}` } : { left: `${symbol}.${left}`, operator, right }),
  };
}

export function stated({ expression, word, text }: Token & { is: 'state' }): Condition {
  const [, left = '', operator = '', right = ''] = /^(\S.*?) (<=|>=|<|>|=) (-?[\d.]+)$/.exec(expression) ?? [];
  return {
    expression,
    word: word ?? text.toLowerCase(),
    ...(left === '' || word === undefined ? {} : { left, operator, right }),
  };
}

/** What the other day's figure is of: `vix close that day`. */
const PLAIN_DAY: ReadonlySet<string> = new Set(
  'symbols fields move isYesNo isWhat isWhich follow pronoun isDoing isSigned corrected asksWhen asksSize'.split(' '),
);

/** `biggest volume day past 3 months, and what did it do that day`: the one day or month by a figure, and what else it had. */
export function readDayOf({ tokens, isYesNo }: Reading, readPart: ReadPart): Slots | undefined {
  const that = tokens.findIndex(({ is }) => is === 'samePeriod');
  const isJoint = ({ is, text }: Token): boolean => is === 'mark' || is === 'joiner' || /^and\b/i.test(text);
  const joint = tokens.slice(0, Math.max(0, that)).findLastIndex(isJoint);
  const isExtreme = ({ is }: Token): boolean => is === 'bestDay' || is === 'rank' || is === 'aggregate';
  const head = tokens
    .slice(0, Math.max(0, joint))
    .filter(({ is }) => is !== 'mark' && is !== 'when' && is !== 'joiner');
  if (joint < 0 || !head.some(isExtreme)) return undefined;
  const rest = tokens.slice(joint).filter((token, at) => token.is !== 'samePeriod' && !(at === 0 && isJoint(token)));
  const [day, ...others] = readPart(head, isYesNo);
  const [beside, ...more] = readPart(rest, false);
  if (
    day === undefined ||
    isRefusal(day) ||
    others.length > 0 ||
    beside === undefined ||
    isRefusal(beside) ||
    more.length > 0
  )
    return undefined;
  const [, way, of] =
    day.fields.map((name) => /^(highest|lowest)\((.+)\)$/.exec(name)).find((found) => found !== null) ?? [];
  const order = way ?? day.rank?.order ?? day.aggregate;
  const by = of ?? day.rank?.by ?? day.fields[0] ?? (day.interval === undefined ? undefined : CHANGE);
  const isOther = (Object.keys(beside) as (keyof Slots)[]).some((slot) => !PLAIN_DAY.has(slot) && names(beside, slot));
  const isForeignDay =
    names(day, 'forms', 'conditions', 'base', 'strike', 'limit') || day.symbols.length > 1 || beside.symbols.length > 1;
  if (
    (order !== 'highest' && order !== 'lowest') ||
    by === undefined ||
    isOther ||
    isForeignDay ||
    beside.fields.some(isOfOptions)
  )
    return undefined;
  const [symbol = beside.symbols[0]] = day.symbols;
  const [other = symbol] = beside.symbols;
  const asked = [...beside.fields, ...(beside.move !== undefined || beside.fields.length === 0 ? [CHANGE] : [])].map(
    (name) => (name === 'last' ? 'close' : name),
  );
  return {
    ...emptySlots(),
    symbols: symbol === undefined ? [] : [symbol],
    ...(day.range === undefined ? {} : { range: day.range }),
    ...(day.interval === undefined ? {} : { interval: day.interval }),
    isDays: true,
    rank: { order, by: by === 'last' ? (order === 'highest' ? 'high' : 'low') : by },
    limit: 1,
    fields: asked.map((name) => (other === symbol ? name : `${other ?? ''}.${name}`)).filter((name) => name !== by),
  };
}

/** `top 3 volume days`, `the 5 biggest volume days`: so many days, ordered by a figure. */
export function takeDays(tokens: readonly Token[], slots: Slots, at: number): boolean {
  const [number, next] = tokens.slice(at);
  const isTop = tokens.slice(Math.max(0, at - 2), at).some(({ is }) => is === 'top');
  const order = next?.is === 'aggregate' ? next.aggregate : isTop ? 'highest' : undefined;
  const [field, days] = tokens.slice(next?.is === 'aggregate' ? at + 2 : at + 1);
  const isOrdered = (order === 'highest' || order === 'lowest') && number?.is === 'number' && !number.isPercent;
  if (!isOrdered || field?.is !== 'field' || !/^(?:days|sessions)$/i.test(days?.text ?? '')) return false;
  slots.isDays = true;
  slots.limit = number.value;
  slots.rank = { order, by: field.names[0] ?? '' };
  return true;
}

/** What a study takes of its part; anything else makes it another question. */
const TAKEN: ReadonlySet<string> = new Set(
  'symbols fields conditions forms strike move isCount isShare isDays isDoing isSigned isAbsolute isYesNo isWhich isWhat isComparison rank limit range pronoun follow unit asksWhen asksSize isDefinition corrected aggregate'.split(
    ' ',
  ),
);

function isForeign(main: Slots): boolean {
  const isOther = Object.entries(main).some(([slot, value]) => value !== undefined && !TAKEN.has(slot));
  const form = main.forms.find((each) => !/^(?:bars|social|volatility)$/.test(each));
  return (
    isOther || main.fields.some(isOfOptions) || form !== undefined || main.strike.length > 0 || isOneDay(main.range)
  );
}

/** What is told of the sessions: an average where nothing says more than `how does it do`. */
function askedOf(tokens: readonly Token[], main: Slots, left: readonly Token[], given: readonly Condition[]): Study {
  const { conditions, move } = main;
  const has = (is: Token['is'], text = /./): boolean => left.some((token) => token.is === is && text.test(token.text));
  const isPer = tokens.some(({ is }) => is === 'per');
  const directions = new Set(
    left.flatMap((token) => (token.is === 'move' && token.direction !== 'any' ? [token.direction] : [])),
  );
  // "more green than red": how often it was up tells both.
  const isBoth = directions.size > 1 && !has('aggregate');
  const moved = move === 'up' || move === 'down' ? [moveOf(move)] : isBoth ? [moveOf('up')] : [];
  const isWon = has('share', /win|hit|positive/i) && conditions.length + moved.length === 0;
  const hits = isWon ? [moveOf('up')] : [...conditions, ...moved];
  const isShare = has('share') || main.isCount === true || has('howMuch', /percent|many/i) || isBoth;
  const aggregates = isBoth ? [] : aggregatesIn(tokens, isPer);
  const { fields, measures } = measuresOf(main, left, given);
  const told = (part: Partial<Study>): Study => ({ given: [], hits: [], measures: [], aggregates: [], ...part });
  if (main.isDays === true) return told({ hits, measures: fields });
  const isMeasured = aggregates.length > 0 || (isPer && (fields.length > 0 || !isShare));
  const isPlain = !isMeasured && !isShare && conditions.length === 0;
  // "last 8 earnings moves", "after its last earnings": those sessions themselves.
  const isNewest = given.some(({ expression }) => expression.startsWith('newest('));
  if (isNewest && isPlain && (moved.length === 0 || main.isYesNo === true)) return told({ measures: fields });
  const isOpen = main.isDoing === true || has('filler', /^(?:what happens|happens|does|look like)$/i) || has('usual');
  if (isPlain && hits.length === 0 && (isOpen || move === 'any'))
    return told({ hits: [moveOf('up')], measures, aggregates: ['average'] });
  const isCounted = isShare || isWon || main.isYesNo === true || !isMeasured;
  const isMean = isPer ? isMeasured : fields.length > 0 && !isShare && !isMeasured;
  return told({
    ...(isShare && hits.length === 0 ? { isCounted: true } : {}),
    hits: isCounted ? hits : [],
    measures: isMeasured || fields.length > 0 ? measures : [],
    aggregates: isMean ? ['average'] : aggregates,
  });
}

/** `avg`, `best and worst`: each once. */
function aggregatesIn(tokens: readonly Token[], isPer: boolean): Aggregate[] {
  const all = tokens.flatMap((token): Aggregate[] => {
    if (token.is === 'aggregate') return [token.aggregate];
    if (token.is === 'field') return token.names.join() === 'averageVolume' ? ['average'] : [];
    if (token.is === 'bestDay') return [token.which === 'lowest' ? 'lowest' : 'highest'];
    return token.is === 'rank' && (isPer || /best|worst|biggest|largest|smallest/i.test(token.text))
      ? [token.order]
      : [];
  });
  return [...new Set(all)];
}

/** What is measured: the figures that are named, else the change, by its size where no sign was asked for. */
function measuresOf(
  main: Slots,
  left: readonly Token[],
  given: readonly Condition[],
): Pick<Study, 'measures'> & { fields: string[] } {
  const by = main.rank?.by ?? '';
  const isRange = /^(?:hv|abs)/.test(by) || main.forms.includes('volatility');
  const named = [...main.fields, ...(isRange ? ['rangePercent'] : by === 'volume' ? [by] : [])].map(
    (name) => /^(?:highest|lowest)(?:On)?\((.+)\)$/.exec(name)?.[1] ?? name,
  );
  // "the lowest close on Mondays": a price beside its own aggregate.
  const priced = new Set(
    left.flatMap((token, at) => (token.is === 'field' && left[at - 1]?.is === 'aggregate' ? token.names : [])),
  );
  const isRanged = named.includes('range');
  const inUnit = (name: string): string => (main.unit === 'dollars' ? name : (IN_PERCENT[name] ?? name));
  const fields = [...new Set(named)]
    .filter((name) => (!PRICES.has(name) || priced.has(name)) && !(isRanged && (name === 'high' || name === 'low')))
    .map((name) => (name === 'averageVolume' ? 'volume' : inUnit(resolved(name))));
  // "average earnings move": of its size.
  const isSized = left.some(
    ({ is, text }) =>
      is === 'abs' ||
      (is === 'move' && /^(?:moves?|swings?|moved)$/i.test(text)) ||
      (is === 'state' && /\b(?:moves?|reactions?)\b/i.test(text)),
  );
  const isOfGap = main.move === undefined && given.some(({ expression }) => expression.startsWith('gapPercent'));
  const change = isOfGap ? 'gapPercent' : isSized && (main.move ?? 'any') === 'any' ? `abs(${CHANGE})` : CHANGE;
  const isBySize = left.some(({ is }) => is === 'abs');
  const unique = [...new Set(fields.map((name) => (isBySize && name.startsWith('gap') ? `abs(${name})` : name)))];
  return { fields: unique, measures: unique.length > 0 ? unique : [change] };
}

/** The query before, of such sessions only: `mondays only`, `and the day after`. */
export function withStudy({ study, step, ...said }: Slots, last: Query | undefined): Slots | undefined {
  const isAfter = step?.unit === 'day' && step.by === 1 && last?.study !== undefined;
  const after: Study = { given: [], hits: [], measures: [], aggregates: [], lag: (last?.study?.lag ?? 0) + 1 };
  const own = study ?? (isAfter ? after : undefined);
  // "death crosses too": of other sessions the same.
  if (last === undefined) return undefined;
  const { form: _form, columns: _columns, ...before } = last;
  const isOfOthers = said.conditions.length > 0 && !names(said, 'fields', 'symbols', 'move', 'rank');
  if (own === undefined && last.study !== undefined && isOfOthers)
    return { ...before, conditions: [], study: { ...last.study, given: said.conditions } };
  if (own === undefined || (said.symbols.length > 0 && said.follow !== 'same')) return undefined;
  const counted = last.isCount === true || last.form === 'days';
  const moved = last.move === 'up' || last.move === 'down' ? [moveOf(last.move)] : [];
  const known: Study | undefined =
    last.study ??
    (counted ? { given: [], hits: [...last.conditions, ...moved], measures: [], aggregates: [] } : undefined);
  if (known === undefined) return undefined;
  const isCalendar = ({ expression }: Condition): boolean => OF_CALENDAR.test(expression);
  const given = [...known.given.filter((each) => !isCalendar(each) || !own.given.some(isCalendar)), ...own.given];
  const asks = own.hits.length + own.aggregates.length + own.measures.length > 0;
  return {
    ...emptySlots(),
    symbols: said.symbols.length > 0 ? said.symbols : before.symbols,
    ...((said.range ?? before.range) ? { range: said.range ?? before.range ?? '' } : {}),
    ...(last.form === 'days' && !asks ? { isDays: true } : {}),
    study: {
      ...known,
      ...(asks ? own : {}),
      given,
      ...(own.lag === undefined ? {} : { lag: own.lag }),
      ...(own.per === undefined ? {} : { per: own.per }),
    },
  };
}

const WEEKDAYS = WEEKDAY_NAMES.slice(1, 6).map(capitalise);
const MONTHS = MONTH_NAMES.map(capitalise);

/** As an expression of one session of the past. */
function ofPast({ expression }: Condition, isBefore: boolean): string {
  const daily = expression
    .replaceAll(/\blast\b/g, 'close')
    .replaceAll('week52High', 'highest(high, 252)')
    .replaceAll('week52Low', 'lowest(low, 252)');
  // "after 3 red days": on the fourth, whatever the day before them.
  return isBefore ? daily.replace(/^streak [<>]= /, 'streak = ') : daily;
}

const all = (conditions: readonly string[]): string =>
  [...new Set(conditions)].map((each) => (conditions.length > 1 ? `(${each})` : each)).join(' and ');
/** The name of the column of a measure: `averageOfChangePercent`. */
export const keyOfMeasure = (aggregate: Aggregate, measure: string): string =>
  `${aggregate}Of${capitalise(measure.replaceAll(/[^a-z0-9]+(\w?)/gi, (_all, next: string) => next.toUpperCase()))}`;

/** The figures or the list that a study asks for. */
export function settleStudy(slots: Slots & { study: Study }): Query[] | Refusal {
  const { study, symbols, limit = 1 } = slots;
  const [symbol = 'SPY'] = symbols;
  const isOver = study.isOver === true && (study.lag ?? 1) > 1;
  const returned = study.measures.find((name) => /^roc\d+$/.test(name));
  const lag = study.lag ?? (returned === undefined || study.given.length === 0 ? 0 : Number(returned.slice(3)));
  const measures = study.measures.map((name) => (isOver && name === CHANGE ? `roc${String(lag)}` : name));
  const base = later(study.given, lag);
  const asOver = (each: string): string => (isOver ? each.replace(/^changePercent/, `roc${String(lag)}`) : each);
  const hits = all(study.hits.map((each) => asOver(ofPast(each, false))));
  // "small caps rally in December, so how many of the last five Decembers"
  const isOfMonth = /\bmonth = /.test(base);
  const named = isOfMonth && MONTH_NAMES.includes(slots.range ?? '') ? undefined : slots.range;
  const [, days] = /^(?:last |past )(\d+) days$/.exec(slots.range ?? '') ?? [];
  const range =
    days !== undefined
      ? `last ${days} sessions`
      : (named ?? (base.includes('newest(') || isOfMonth ? 'past 5 years' : 'past year'));
  const settled = {
    ...slots,
    range,
    ...(isOfMonth ? { interval: 'month' as const } : {}),
    study: { ...study, measures, lag },
  };
  const where = all([base, hits].filter((each) => each !== ''));
  // Those sessions themselves, and what came of them.
  const isAhead = lag > 0 && hits === '' && measures.every((name) => name === CHANGE || name.startsWith('roc'));
  const isSeveral = study.given.filter(isOfGroup).length > 1;
  // "5 worst mondays"
  const [end] = study.aggregates;
  const order = limit > 1 && isEnd(end) && study.hits.length === 0 ? end : undefined;
  const isListed =
    slots.isDays === true ||
    order !== undefined ||
    (!isSeveral &&
      study.aggregates.length === 0 &&
      study.hits.length === 0 &&
      study.per === undefined &&
      study.isCounted !== true);
  if (isListed)
    return where === ''
      ? unclear('which days', `ask like: how often did ${symbol} close higher on Mondays`)
      : [
          queryOf(
            'days',
            {
              ...settled,
              isDays: true,
              conditions: [
                {
                  ...(study.given.length === 1 && hits === '' ? study.given[0] : {}),
                  expression: isAhead ? later(study.given, 0) : where,
                },
              ],
              ...(slots.limit === undefined ? {} : { limit }),
              ...(order === undefined ? {} : { rank: { order, by: measures[0] ?? CHANGE } }),
            },
            isAhead
              ? [
                  'close',
                  'changePercent',
                  `ahead(close, ${String(lag)})`,
                  lag === 1 ? 'ahead(changePercent, 1)' : `ahead(roc${String(lag)}, ${String(lag)})`,
                ]
              : [...new Set([...measures, 'close', 'changePercent'])],
          ),
        ];
  // "decembers last 5 years, each one and the average": both.
  if (study.isEach === true && isOfMonth && hits === '') {
    const { isEach: _each, ...mean } = study;
    const listed = settleStudy({ ...slots, isDays: true, study: { ...mean, aggregates: [] } });
    if (isRefusal(listed) || mean.aggregates.length === 0) return listed;
    const averaged = settleStudy({ ...slots, study: mean });
    return isRefusal(averaged) ? listed : [...listed, ...averaged];
  }
  if (study.per !== undefined || isSeveral) return settlePer(settled, hits);
  const cases = base === '' ? 'bars as cases' : `count(${base}) as cases`;
  const shares =
    hits === ''
      ? [cases]
      : [`count(${where}) as hits`, cases, `share(${hits}${base === '' ? '' : `, ${base}`}) as share`];
  const measured = measures.flatMap((measure) => {
    const of = base === '' ? measure : `when(${measure}, ${base})`;
    return study.aggregates.flatMap((aggregate) => {
      const [name, key] = [FUNCTIONS[aggregate], keyOfMeasure(aggregate, measure)];
      const dated = isEnd(aggregate) ? [`${name}On(${of}) as ${key}On`] : [];
      return [`${name}(${of}) as ${key}`, ...dated];
    });
  });
  return [queryOf('figures', settled, [...shares, ...measured])];
}

/** A column for each weekday or month, or for those that are named. */
function settlePer(slots: Slots & { study: Study }, hits: string): Query[] | Refusal {
  const { study } = slots;
  const { lag = 0, per } = study;
  const [measure = CHANGE, ...more] = study.measures;
  if (more.length > 0) return notUnderstood(`two figures for each ${per ?? 'of them'}`);
  const named = per === undefined ? study.given.filter(isOfGroup) : [];
  const others = named
    .flatMap(({ expression }) => (expression === OTHERS ? [] : [expression]))
    .map((each) => (/\bor\b/.test(each) ? `(${each})` : each))
    .join(' or ');
  const groups =
    per === undefined
      ? named.map(
          ({ expression, word = '' }) =>
            [expression === OTHERS ? `not (${others})` : expression, nameOfGroup(word)] as const,
        )
      : (per === 'month' ? MONTHS : WEEKDAYS).map((name, at) => [`${per} = ${String(at + 1)}`, name] as const);
  const base = later(
    study.given.filter((each) => !named.includes(each)),
    lag,
  );
  const columns = groups.map(([expression, name]) => {
    const own = all([expression, base].filter((each) => each !== ''));
    return hits !== '' && study.aggregates.length === 0
      ? `share(${hits}, ${own}) as ${name}`
      : `${FUNCTIONS[study.aggregates[0] ?? 'average']}(when(${measure}, ${own})) as ${name}`;
  });
  const counts = named.some(({ expression }) => expression === OTHERS)
    ? groups.map(([expression, name]) => `count(${expression}) as sessions${name}`)
    : [];
  const ofMonths =
    per === 'month'
      ? { interval: 'month' as const, range: slots.range === 'past year' ? 'past 5 years' : (slots.range ?? '') }
      : {};
  return [
    queryOf('figures', { ...slots, ...ofMonths }, [...columns, ...(counts.length > 0 ? counts : ['bars as cases'])]),
  ];
}

/** All sessions that the others beside it are not. */
const OTHERS = 'others';

/** Others than which: the groups are named in another part. */
export function refuseOthers({ study, conditions, isDays }: Slots): Refusal | undefined {
  const given = study?.given ?? conditions;
  const isOfOthers = given.some(({ expression }) => expression === OTHERS);
  return isOfOthers && (given.length < 2 || isDays === true) ? notUnderstood('all others') : undefined;
}

/** `on Tuesdays to Fridays` as the name of a column. */
const nameOfGroup = (word: string): string =>
  word
    .replace(/^(?:on|in|at|that) (?:the )?/, '')
    .replace(/^(\w+day)s$/, '$1')
    .split(/\W+/)
    .map(capitalise)
    .join('');

/** Of which no session is two. */
const isOfGroup = ({ expression }: Condition, _at?: number, given: readonly Condition[] = []): boolean =>
  /^(?:others|weekday (?:= \d|>= \d and weekday <= \d)|changePercent [<>] 0)$/.test(expression) ||
  given.some((each) => each.expression === OTHERS);

/** Such sessions, or those so many after them. */
function later(given: readonly Condition[], lag: number): string {
  const base = all(given.map((each) => ofPast(each, lag > 0)));
  return base === '' || lag === 0 ? base : `ago(${base}, ${String(lag)})`;
}
