// Questions about past sessions of a kind: which sessions (`on mondays`, `when it gaps up`, `after 3 red days`), how much
// later is looked, and what of them is told: how often something held, an average, the sessions themselves.
import { MONTH_NAMES, WEEKDAY_NAMES } from '../../domain/date-words.ts';
import { present } from '../../domain/present.ts';
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
import { OF_CALENDAR, clauseIn, lagOf } from './study-clauses.ts';
import type { Aggregate, Order, PeriodWord, Reading, Token } from '../words/tokens.ts';
import { isWay } from './said.ts';

type ReadPart = (tokens: readonly Token[], isYesNo: boolean) => (Slots | Refusal)[];

/** What none of them says: options, another form, a part of its own. */
const FOREIGN: ReadonlySet<Token['is']> = new Set([
  ...(['refuse', 'unknown', 'doubt', 'side', 'strike', 'strikes', 'strategy', 'contract', 'legs', 'deltaOf'] as const),
  ...(['scan', 'dates', 'money', 'delta', 'paid', 'group', 'unclear', 'swap', 'drop', 'define'] as const),
]);
const CHANGE = 'changePercent';

type State = Token & { is: 'state' };

/** Which sessions are meant, by their kinds of words, and what is left to say what is asked of them. */
interface Sessions {
  left: readonly Token[];
  kept: readonly Token[];
  /** What a clause says of them, and what gaps that are counted do. */
  given: Pick<Slots, 'conditions' | 'symbols'> | undefined;
  calendar: readonly State[];
  per: (Token & { is: 'per' }) | undefined;
  period: (Token & { is: 'date' }) | undefined;
  lag: Pick<Study, 'lag' | 'isOver'> | undefined;
}

function sessionsIn(tokens: readonly Token[], readPart: ReadPart): Sessions | undefined {
  const { clause, left, marker, isLast } = clauseIn(tokens);
  const lags = [...left, ...clause].flatMap((token) => lagOf(token, tokens) ?? []);
  const per = left.find((token) => token.is === 'per');
  const { states: calendar, used } = calendarIn(left);
  const period = [...left, ...clause].find(
    (token): token is Token & { is: 'date' } =>
      token.is === 'date' && token.range !== undefined && !isDay(token) && lagOf(token, tokens) === undefined,
  );
  const isOwn = (token: Token): boolean =>
    lagOf(token, tokens) === undefined && token !== per && token !== period && !used.has(token);
  const told = clause.some(isContent) ? conditionsIn(clause.filter(isOwn), readPart) : undefined;
  const gaps = told === undefined ? gapsIn(left) : undefined;
  const isOfKind = calendar.length > 0 || per !== undefined || gaps !== undefined || isRivalry(left);
  if (lags.length > 1 || (clause.length > 0 ? told === undefined : !isOfKind)) return undefined;
  const isOfMinutes = left.some((each) => each.is === 'state' && each.expression.includes('Minute '));
  const kept = left.filter(
    (token) =>
      isOwn(token) &&
      !(calendar.length > 1 && /^(?:relation|compare|abs)$/.test(token.is)) &&
      !(isOfMinutes && token.is === 'field' && /^(?:high|low)$/.test(token.names.join())) &&
      !/^(?:aggregate|share|usual)$/.test(token.is) &&
      gaps?.used.includes(token) !== true,
  );
  const [lag = isOnNext(marker, left, told?.conditions) ? { lag: 1 } : undefined] = lags;
  const given = told && isLast ? { ...told, conditions: [lastOf(told.conditions)] } : (told ?? gaps);
  return { left, kept, given, calendar, per, period, lag };
}

/** A question about such sessions; undefined where it is none. */
export function readStudy({ tokens, isYesNo }: Reading, readPart: ReadPart): Slots | undefined {
  if (tokens.some(({ is, text }) => FOREIGN.has(is) && !/^what does$/i.test(text))) return undefined;
  const sessions = sessionsIn(tokens, readPart);
  if (sessions === undefined) return undefined;
  const { left, kept, given, calendar, per, period, lag } = sessions;
  const [main, ...more] = kept.some(isContent) ? readPart(kept, isYesNo) : [emptySlots()];
  if (main === undefined || isRefusal(main) || more.length > 0 || isForeign(main)) return undefined;
  const symbols = main.symbols.length > 0 ? main.symbols : (given?.symbols ?? []);
  const other = given?.symbols.find((symbol) => !symbols.includes(symbol));
  const conditions = [
    ...(given?.conditions ?? []).map((each) => (other === undefined ? each : ofOther(each, other))),
    ...calendar.map(stated),
  ];
  const rival = rivalIn(kept);
  const asked = askedOf(tokens, main, left, conditions);
  if (rival !== undefined && (symbols.length !== 2 || asked.hits.length > 0 || asked.aggregates.length > 0))
    return undefined;
  const { isCounted: _counted, ...ofRival } = asked;
  const study = {
    ...(rival === undefined ? asked : { ...ofRival, hits: [beats(rival)] }),
    given: conditions,
    ...(left.some(({ text }) => EACH.test(text)) ? { isEach: true as const } : {}),
    ...lag,
    ...present({ per: per?.unit }),
  };
  const { follow, pronoun, isComparison, corrected, limit } = main;
  const { range } = period ?? main;
  return {
    ...emptySlots(),
    ...present({ follow, pronoun, isComparison, corrected, limit, range }),
    symbols: symbols.filter((symbol) => symbol !== rival?.symbol),
    ...present({ interval: unitSince(left) }),
    study,
  };
}

const EACH = /^(?:each|every|list|one by one|individually|year by year|each year)$/i;
const isContent = ({ is }: Token): boolean => is !== 'filler' && is !== 'mark' && is !== 'joiner';

/** "on mondays", "first trading day of the month, last 12": sessions of the calendar, and so many of them. */
function calendarIn(left: readonly Token[]): { states: State[]; used: ReadonlySet<Token> } {
  // "average gap up", "avg volume on down days": of those sessions.
  const isMean = left.some(
    (token) =>
      (token.is === 'aggregate' && /^(?:average|median|total)$/.test(token.aggregate) && token.text !== 'mean') ||
      (token.is === 'field' && token.names.join() === 'averageVolume') ||
      token.is === 'bestDay',
  );
  const isOfKind = isMean && !left.some(({ is }) => is === 'count' || is === 'share' || is === 'howMuch');
  const states = left.filter(
    (token): token is State =>
      token.is === 'state' &&
      (OF_CALENDAR.test(token.expression) ||
        token.expression.startsWith('newest(') ||
        (isOfKind && !token.expression.includes(' and '))),
  );
  const at = left.findIndex(
    (token, place) =>
      token.is === 'number' &&
      token.text !== '' &&
      /^(?:last|past)$/i.test(left[place - 1]?.text ?? '') &&
      left[place + 1]?.is !== 'unit',
  );
  const [[only, ...others], size] = [states, left[at]];
  if (only === undefined || others.length > 0 || size?.is !== 'number') return { states, used: new Set(states) };
  const newest = { ...only, expression: `newest(${only.expression}, ${String(size.value)})` };
  return { states: [newest], used: new Set([only, ...left.slice(at - 1, at + 1)]) };
}

/** "after 3 red days", "the day after a 2% drop": on the session after; "close red after a gap up": on the day of the gap. */
function isOnNext(marker: Token | undefined, left: readonly Token[], given: readonly Condition[] | undefined): boolean {
  const isOfReturn = left.some((token) => token.is === 'field' && /^roc\d/.test(token.names[0] ?? ''));
  if (isOfReturn || marker === undefined) return false;
  const isOfOpen = given?.every(({ expression }) => expression.startsWith('gapPercent')) === true;
  return marker.is === 'step' || (/^after$/i.test(marker.text) && !isOfOpen);
}

/** "first down month since": by months. */
function unitSince(left: readonly Token[]): PeriodWord | undefined {
  const unit = left
    .map(({ is, text }) => (is === 'state' ? / (week|month|quarter|year) since\b/i.exec(text)?.[1] : undefined))
    .find(Boolean);
  return unit?.toLowerCase() as PeriodWord | undefined;
}

/** "what percentage of this year's days has KO beaten SPX" */
const isRivalry = (left: readonly Token[]): boolean =>
  rivalIn(left) !== undefined &&
  left.some(({ text }) => /\b(?:days|sessions)$/i.test(text)) &&
  left.some(({ is, text }) => is === 'share' || is === 'count' || (is === 'howMuch' && /percent|many/i.test(text)));

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

/** `how many gaps over 1% did it fill`: of the gaps, where `fill` is what is counted. */
function gapsIn(
  tokens: readonly Token[],
): (Pick<Slots, 'conditions' | 'symbols'> & { used: readonly Token[] }) | undefined {
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
  const condition = isDown
    ? conditionOf('gapPercent', operator.replace('>', '<'), String(-n))
    : conditionOf(isUp ? 'gapPercent' : 'abs(gapPercent)', operator, String(n));
  return { used, symbols: [], conditions: [condition] };
}

const isGap = (token: Token): boolean =>
  (token.is === 'field' && token.names.join() === 'gap,gapPercent') ||
  (token.is === 'state' && token.expression.startsWith('gapPercent'));

const isDay = (token: Token): boolean => token.is === 'date' && isOneDay(token.range);

const lastOf = (conditions: readonly Condition[]): Condition => ({
  expression: `newest(${all(conditions.map(({ expression }) => expression))}, 1)`,
  word: 'the last such session',
});

/** What a clause says of a session. */
function conditionsIn(tokens: readonly Token[], readPart: ReadPart): Pick<Slots, 'conditions' | 'symbols'> | undefined {
  const [slots, ...more] = readPart(bounded(tokens), false);
  if (slots === undefined || isRefusal(slots) || more.length > 0 || slots.isAnyOf === true) return undefined;
  const { symbols, conditions, move } = slots;
  const isOther =
    names(slots, 'forms', 'base', 'rank', 'aggregate', 'range') ||
    names(slots, 'expiration', 'bare', 'occasion', 'limit');
  const all = [...conditions, ...moveIn(move)];
  return isOther || all.length === 0 || symbols.length > 1 ? undefined : { symbols, conditions: all };
}

/** As a condition, where it is of one direction. */
const moveIn = (move: Slots['move']): Condition[] => (isWay(move) ? [moveOf(move)] : []);
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

/** The figure that the day is the first by: "highest volume day". */
function endOf(day: Slots): { order: Order; by: string } | undefined {
  const [, way, of] = day.fields.map((name) => /^(highest|lowest)\((.+)\)$/.exec(name)).find(Boolean) ?? [];
  const order = (way ?? day.rank?.order ?? day.aggregate) as Aggregate | undefined;
  const by = of ?? day.rank?.by ?? day.fields[0] ?? (day.interval === undefined ? undefined : CHANGE);
  const isForeignDay = names(day, 'forms', 'conditions', 'base', 'strike', 'limit') || day.symbols.length > 1;
  return isEnd(order) && by !== undefined && !isForeignDay ? { order, by } : undefined;
}

const isOfPlainDay = (beside: Slots): boolean =>
  (Object.keys(beside) as (keyof Slots)[]).every((slot) => PLAIN_DAY.has(slot) || !names(beside, slot)) &&
  beside.symbols.length < 2 &&
  !beside.fields.some(isOfOptions);

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
  if (day === undefined || isRefusal(day) || others.length > 0) return undefined;
  if (beside === undefined || isRefusal(beside) || more.length > 0 || !isOfPlainDay(beside)) return undefined;
  const end = endOf(day);
  if (end === undefined) return undefined;
  const { order, by } = end;
  const [symbol = beside.symbols[0]] = day.symbols;
  const [other = symbol] = beside.symbols;
  const asked = [...beside.fields, ...(beside.move !== undefined || beside.fields.length === 0 ? [CHANGE] : [])].map(
    (name) => (name === 'last' ? 'close' : name),
  );
  return {
    ...emptySlots(),
    symbols: symbol === undefined ? [] : [symbol],
    ...present({ range: day.range, interval: day.interval }),
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

/** "more green than red": how often it was up tells both. */
function isOfBothWays(left: readonly Token[]): boolean {
  const directions = new Set(left.flatMap((token) => (token.is === 'move' ? [token.direction] : [])));
  return directions.has('up') && directions.has('down') && !left.some(({ is }) => is === 'aggregate');
}

/** What of the sessions is counted; "win rate", "more green than red": how often it was up. */
function hitsOf({ conditions, move }: Slots, left: readonly Token[], isBoth: boolean): Condition[] {
  const hits = [...conditions, ...moveIn(move)];
  const isWon = left.some(({ is, text }) => is === 'share' && /win|hit|positive/i.test(text)) && hits.length === 0;
  return isWon || (isBoth && moveIn(move).length === 0) ? [...hits, moveOf('up')] : hits;
}

/** `how does it do`, `what happens`, which says no more than that. */
const isOpen = ({ isDoing, move }: Slots, left: readonly Token[]): boolean =>
  isDoing === true ||
  move === 'any' ||
  left.some(
    ({ is, text }) => is === 'usual' || (is === 'filler' && /^(?:what happens|happens|does|look like)$/i.test(text)),
  );

/** Whether so many of them are told: a share, a count, both ways. */
const asksShare = ({ isCount }: Slots, left: readonly Token[]): boolean =>
  isCount === true || left.some(({ is, text }) => is === 'share' || (is === 'howMuch' && /percent|many/i.test(text)));

/** "last 8 earnings moves", "after its last earnings": those sessions themselves. */
const isOfNewest = (given: readonly Condition[]): boolean =>
  given.some(({ expression }) => expression.startsWith('newest('));

/** "how many mondays": no more than how many there are. */
const countedOf = (hits: readonly Condition[]): Pick<Study, 'isCounted'> =>
  hits.length === 0 ? { isCounted: true } : {};

/** What is told of the sessions: an average where nothing says more than `how does it do`. */
function askedOf(tokens: readonly Token[], main: Slots, left: readonly Token[], given: readonly Condition[]): Study {
  const told = (part: Partial<Study>): Study => ({ given: [], hits: [], measures: [], aggregates: [], ...part });
  const isPer = tokens.some(({ is }) => is === 'per');
  const isBoth = isOfBothWays(left);
  const hits = hitsOf(main, left, isBoth);
  const isShare = isBoth || asksShare(main, left);
  const aggregates = aggregatesIn(tokens, isPer, isBoth);
  const { fields, measures } = measuresOf(main, left, given);
  if (main.isDays === true) return told({ hits, measures: fields });
  const isMeasured = aggregates.length > 0 || (isPer && (fields.length > 0 || !isShare));
  if (!isMeasured && !isShare && main.conditions.length === 0) {
    if (isOfNewest(given) && (hits.length === 0 || main.isYesNo === true)) return told({ measures: fields });
    if (hits.length === 0 && isOpen(main, left))
      return told({ hits: [moveOf('up')], measures, aggregates: ['average'] });
  }
  const isCounted = isShare || main.isYesNo === true || !isMeasured;
  const isMean = isPer ? isMeasured : fields.length > 0 && !isShare && !isMeasured;
  return told({
    ...(isShare ? countedOf(hits) : {}),
    hits: isCounted ? hits : [],
    measures: isMeasured || fields.length > 0 ? measures : [],
    aggregates: isMean ? ['average'] : aggregates,
  });
}

/** `avg`, `best and worst`: each once. */
function aggregatesIn(tokens: readonly Token[], isPer: boolean, isBoth: boolean): Aggregate[] {
  if (isBoth) return [];
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
  if (last === undefined || own === undefined || (said.symbols.length > 0 && said.follow !== 'same')) return undefined;
  const known = last.study ?? studyOfCount(last);
  if (known === undefined) return undefined;
  const isCalendar = ({ expression }: Condition): boolean => OF_CALENDAR.test(expression);
  const given = [...known.given.filter((each) => !isCalendar(each) || !own.given.some(isCalendar)), ...own.given];
  const asks = own.hits.length + own.aggregates.length + own.measures.length > 0;
  return {
    ...emptySlots(),
    symbols: said.symbols.length > 0 ? said.symbols : last.symbols,
    ...present({ range: said.range ?? last.range }),
    ...(last.form === 'days' && !asks ? { isDays: true } : {}),
    study: { ...known, ...(asks ? own : {}), given, ...present({ lag: own.lag, per: own.per }) },
  };
}

/** A count or a list of sessions as a study of them. */
const studyOfCount = ({ isCount, form, conditions, move }: Query): Study | undefined =>
  isCount === true || form === 'days'
    ? { given: [], hits: [...conditions, ...moveIn(move)], measures: [], aggregates: [] }
    : undefined;

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
  const settled = withMeasures(slots);
  const { study } = settled;
  const { lag = 0, measures } = study;
  const base = later(study.given, lag);
  const hits = all(study.hits.map((each) => asOver(study, ofPast(each, false))));
  const isSeveral = study.given.filter(isOfGroup).length > 1;
  if (isListed(slots, isSeveral)) return settleList(slots, settled, hits);
  // "decembers last 5 years, each one and the average": both.
  if (study.isEach === true && settled.interval === 'month' && hits === '') {
    const { isEach: _each, ...mean } = slots.study;
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
      : [`count(${both(base, hits)}) as hits`, cases, `share(${hits}${base === '' ? '' : `, ${base}`}) as share`];
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
/** A change over several sessions is the return over them. */
const asOver = ({ isOver, lag = 0 }: Study, expression: string): string =>
  isOver === true && lag > 1 ? expression.replace(/^changePercent/, `roc${String(lag)}`) : expression;

const both = (...conditions: string[]): string => all(conditions.filter((each) => each !== ''));

/** With what is measured, how much later, and of which range. */
function withMeasures(slots: Slots & { study: Study }): Slots & { study: Study } {
  const { study } = slots;
  const returned = study.measures.find((name) => /^roc\d+$/.test(name));
  const lag = study.lag ?? (returned === undefined || study.given.length === 0 ? 0 : Number(returned.slice(3)));
  const measures = study.measures.map((name) => (name === CHANGE ? asOver(study, name) : name));
  const base = later(study.given, lag);
  // "small caps rally in December, so how many of the last five Decembers"
  const isOfMonth = /\bmonth = /.test(base);
  const named = isOfMonth && MONTH_NAMES.includes(slots.range ?? '') ? undefined : slots.range;
  const [, days] = /^(?:last |past )(\d+) days$/.exec(slots.range ?? '') ?? [];
  const usual = base.includes('newest(') || isOfMonth ? 'past 5 years' : 'past year';
  const range = days === undefined ? (named ?? usual) : `last ${days} sessions`;
  return { ...slots, range, ...(isOfMonth ? { interval: 'month' as const } : {}), study: { ...study, measures, lag } };
}

/** "5 worst mondays" */
function orderOf({ study, limit = 1 }: Slots & { study: Study }): Order | undefined {
  const [end] = study.aggregates;
  return limit > 1 && isEnd(end) && study.hits.length === 0 ? end : undefined;
}

/** Those sessions themselves, where nothing of all of them is asked. */
function isListed(slots: Slots & { study: Study }, isSeveral: boolean): boolean {
  const { aggregates, hits, per, isCounted } = slots.study;
  const isOfAll = isSeveral || aggregates.length > 0 || hits.length > 0 || per !== undefined || isCounted === true;
  return slots.isDays === true || orderOf(slots) !== undefined || !isOfAll;
}

/** Those sessions, and what came of them. */
function settleList(
  slots: Slots & { study: Study },
  settled: Slots & { study: Study },
  hits: string,
): Query[] | Refusal {
  const { given, measures, lag = 0 } = settled.study;
  const where = both(later(given, lag), hits);
  if (where === '')
    return unclear('which days', `ask like: how often did ${slots.symbols[0] ?? 'SPY'} close higher on Mondays`);
  const isAhead = lag > 0 && hits === '' && measures.every((name) => name === CHANGE || name.startsWith('roc'));
  const [only] = given.length === 1 && hits === '' ? given : [];
  const order = orderOf(slots);
  const change = lag === 1 ? CHANGE : `roc${String(lag)}`;
  const listed: Slots = {
    ...settled,
    isDays: true,
    conditions: [{ ...only, expression: isAhead ? later(given, 0) : where }],
    ...(order === undefined ? {} : { rank: { order, by: measures[0] ?? CHANGE } }),
  };
  const columns = isAhead
    ? ['close', CHANGE, `ahead(close, ${String(lag)})`, `ahead(${change}, ${String(lag)})`]
    : [...new Set([...measures, 'close', CHANGE])];
  return [queryOf('days', listed, columns)];
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
