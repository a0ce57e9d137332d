// Quotes, bars and tables of figures: the columns that answer a part over now, a day or a range, and what has no figure of
// that kind.
import { parseRangePhrase } from '../../domain/date-grammar.ts';
import { splitHours } from '../../domain/session-hours.ts';
import { tradingDaysBetween } from '../../domain/calendar.ts';
import { PERIOD_STARTS } from '../../domain/exchange-time.ts';
import type { IsoDate } from '../../domain/types.ts';
import type { Order } from '../words/tokens.ts';
import { MAX_WINDOW, MIN_WINDOW } from '../../domain/windows.ts';
import { findField, labelOf } from '../../fields/registry.ts';
import { isOfOptions, overRange, resolved } from './draft.ts';
import { isPeriod, settleMinutes, takeWholePeriods } from './settle-senses.ts';
import { ofSymbol, settleRelated } from './settle-rivals.ts';
import {
  type Query,
  type Refusal,
  type Slots,
  LAST_CLOSES,
  hasFigureSlots,
  isRefusal,
  isOneDay,
  names,
  notUnderstood,
  queryOf,
  unclear,
  isEnd,
  sidesIn,
} from './query.ts';

/** Figures of a day's bar, which a date turns into bars. */
const BAR_FIELDS = new Set(['last', 'ohlc', 'open', 'high', 'low', 'close', 'volume']);

/** What a week or month has one of while it is on. */
const OF_PERIOD = /^(?:open|high|low|range|rangePercent)$/;

/** `price vs its 50 day`: how far it is from it. */
function settleRelative(slots: Slots): void {
  const { fields } = slots;
  const [first, level] = fields;
  const isRelative = slots.isComparison === true && first === 'last' && fields.length === 2 && level !== undefined;
  if (isRelative && slots.base === undefined && findField(level)?.unit === 'usd' && !BAR_FIELDS.has(level)) {
    slots.base = level;
    slots.fields = [];
  }
}

/** `adr, last 10`: of as many sessions; `vs today`: its range. */
function settleDailyRange(slots: Slots): void {
  // "range so far vs atr": how much of it.
  const atr = slots.fields.find((name) => /^atr\d+$/.test(name));
  if (slots.fields.includes('range') && atr !== undefined && slots.isComparison === true && !slots.range?.includes(' '))
    slots.fields = ['range', atr, `range / ${atr} * 100 as percentOfAtr`];
  if (!slots.fields.includes('avg(range, 20)') || slots.range === undefined) return;
  const [, sessions] = /^(?:last|past) (\d+) (?:trading |daily )?(?:sessions|days)$/.exec(slots.range) ?? [];
  if (slots.range !== 'today' && sessions === undefined) return;
  slots.fields = slots.fields.map((name) =>
    sessions === undefined ? name.replace(/^avg\((\w+), 20\)$/, '$1') : name.replace(', 20)', `, ${sessions})`),
  );
  delete slots.range;
}

/** `sorted by how much they dropped`: the deepest fall first; a drawdown is counted below 0. */
function settleFall(slots: Slots): void {
  const { rank, move, symbols, fields, isWhich, aggregate } = slots;
  const isExtreme = isEnd(aggregate);
  if (fields[0] === 'maxDrawdown' && symbols.length > 1 && (rank !== undefined || isWhich === true || isExtreme)) {
    const asked = rank?.by === undefined ? (rank?.order ?? aggregate) : undefined;
    slots.rank = { order: asked === 'lowest' ? 'highest' : 'lowest' };
    if (isExtreme) delete slots.aggregate;
  }
  const isByFall = rank?.order === 'highest' && rank.by === undefined && move === 'down';
  if (isByFall && symbols.length > 1) slots.rank = { order: 'lowest', by: 'changePercent' };
}

/** What a ranking is by: a distance, of one symbol or of periods the best of them; refused where nothing is ranked. */
function settleRank(slots: Slots): Refusal | undefined {
  const { rank, symbols } = slots;
  // "ranked by distance", also of a follow-up: not by the price beside it.
  if (slots.base !== undefined && rank !== undefined && rank.by === undefined) slots.rank = { ...rank, by: 'distance' };
  if (rank?.by === 'distance' && symbols.length < 2 && slots.base !== undefined) delete slots.rank;
  else if (rank !== undefined && (symbols.length < 2 || rank.ofPeriods === true)) {
    if (!rankDays(slots)) return rankOfOne(slots);
    // "which had the worst month": by that month of each.
    if (symbols.length > 1 && slots.isWhich === true)
      slots.rank = { order: slots.fields[0]?.startsWith('lowest') === true ? 'lowest' : 'highest' };
  }
  return undefined;
}

const SIGMAS = ' as standardDeviations';

/** `worst day ytd and how many standard deviations`: of the changes of the range; of a day against the sessions before it. */
function settleSigmas(slots: Slots): Refusal | undefined {
  const { fields, range } = slots;
  if (!fields.some((name) => name.endsWith(SIGMAS))) return undefined;
  const extreme = fields.find((name) => /^(?:highest|lowest)\((?:abs\()?changePercent\)/.test(name));
  if (extreme !== undefined)
    slots.fields = fields.map((name) => (name.endsWith(SIGMAS) ? `${extreme} / stdev(changePercent)${SIGMAS}` : name));
  else if (range !== undefined && !isOneDay(range)) return notUnderstood('standard deviations of a period');
  else if (!fields.includes('changePercent')) slots.fields = ['changePercent', ...fields];
  if (slots.move === 'any') delete slots.move;
  return undefined;
}

/** A percent and a ratio, shares and dollars: neither is above the other. */
function isUnlike(left: string, right: string): boolean {
  const [one, other] = [findField(left)?.unit, findField(right)?.unit];
  return one !== undefined && other !== undefined && one !== other;
}

/** Quotes, bars and tables of figures. */
export function settleFigures(slots: Slots, forms: Set<string>, isAlone: boolean, today: IsoDate): Query[] | Refusal {
  const settled = settleRelated(slots) ?? settleSigmas(slots);
  if (settled !== undefined) return settled;
  takeWholePeriods(slots, today);
  settleFall(slots);
  settleDailyRange(slots);
  const unheld = settleMinutes(slots, forms);
  if (unheld !== undefined) return unheld;
  const { range, interval } = slots;
  if (slots.move === 'any' && slots.fields.includes('ohlc') && range !== undefined) delete slots.move;
  settleRelative(slots);
  if (interval !== undefined && isOfRunning(slots))
    return settleFigures({ ...slots, range: `this ${interval}` }, forms, isAlone, today);
  if (isQuote(slots) && !forms.has('bars')) return [queryOf('quote', slots)];
  takeWindowOfVolatility(slots, today);
  takeCrossings(slots);
  if (slots.occasion !== undefined) return settleOccasion(slots);
  if (slots.isDays === true || ranksDays(slots)) return settleDays(slots);
  // "monthly returns": the change of each is in its row.
  if (isPeriod(interval) && slots.move !== undefined && isMoveAlone(slots)) {
    delete slots.move;
    return settleFigures(slots, new Set([...forms, 'bars']), isAlone, today);
  }
  const isOfPeriods = interval !== undefined && interval !== 'day' && hasFigureSlots(slots);
  if (isOfPeriods && range !== 'today' && !forms.has('bars')) slots.range ??= 'past year';
  return settleSeries(slots, range, forms.has('bars'), isAlone) ?? settleTable(slots, range);
}

/** "weekly open", "monthly high": of the one that is on. */
function isOfRunning({ interval, range, fields }: Slots): boolean {
  const isOfPeriod = (interval === 'week' || interval === 'month') && range === undefined;
  return isOfPeriod && fields.length > 0 && fields.every((name) => OF_PERIOD.test(name));
}

const isPlain = (slots: Slots): boolean => !hasFigureSlots(slots) && slots.conditions.length === 0;

function isQuote(slots: Slots): boolean {
  const isNow = (slots.range === undefined || slots.range === 'today') && slots.interval === undefined;
  return isNow && isPlain(slots) && slots.fields.every((name) => name === 'last' || name === 'ohlc');
}

/** "the five best days of May" */
function ranksDays({ limit = 1, fields, symbols, rank }: Slots): boolean {
  if (limit < 2) return false;
  return fields.some((name) => /^(?:highest|lowest)\(/.test(name)) || (symbols.length < 2 && rank !== undefined);
}

/** Bars, where they are asked for or are all that a period has of a figure. */
function settleSeries(
  slots: Slots,
  range: string | undefined,
  isOfBars: boolean,
  isAlone: boolean,
): Query[] | Refusal | undefined {
  const { fields, interval } = slots;
  if (!isPlain(slots)) return undefined;
  const isOfHours = range !== undefined && splitHours(range) !== undefined;
  const isSeen =
    range !== undefined &&
    range !== 'today' &&
    fields.every((name) => BAR_FIELDS.has(name)) &&
    (isOneDay(range) || isSeries(fields));
  const isBars = isOfBars || (!isOfHours && (isSeen || interval !== undefined));
  return isBars ? settleBars(slots, range, isOfBars && isAlone) : undefined;
}

/** A table of the figures. @param range as it was said */
function settleTable(slots: Slots, range: string | undefined): Query[] | Refusal {
  const { symbols, conditions } = slots;
  if (range === 'today') delete slots.range;
  // "top two by change this month, then their iv": that of now.
  if (slots.rank?.by === 'changePercent' && range !== undefined && slots.expiration === undefined)
    slots.fields = slots.fields.map((name) => (isOfOptions(name) ? `now(${resolved(name)})` : name));
  const unranked = settleRank(slots);
  if (unranked !== undefined) return unranked;
  if (range !== undefined && range !== 'today') {
    if (!isOneDay(range) && slots.isCount !== true) everOf(slots);
    if (slots.isCount !== true) ofNow(conditions);
    overRangeOf(slots);
  }
  const columns = columnsOf(slots);
  if (isRefusal(columns)) return columns;
  // "best day": of which days.
  const isOfDays = range === undefined && slots.interval === undefined;
  if (isOfDays && columns.some((each) => /^(?:highest|lowest)On\([^,]+\)$/.test(each)))
    return unclear('over which period', `add one: best day of ${symbols[0] ?? 'SPY'} this year`);
  for (const each of conditions) each.expression = resolved(each.expression);
  return [queryOf('figures', slots, columns)];
}

function isMoveAlone({ move: _move, ...slots }: Slots): boolean {
  return !hasFigureSlots(slots) && !names(slots, 'conditions', 'fields', 'isDays');
}

/** The bars themselves, or the quote where they are those of today; undefined where a figure is none of a bar. */
function settleBars(slots: Slots, range: string | undefined, isOnlyBars: boolean): Query[] | Refusal | undefined {
  if (range === 'today' && slots.interval === undefined) return [queryOf('quote', { ...slots, fields: ['ohlc'] })];
  const foreign = slots.fields.find((name) => !BAR_FIELDS.has(name));
  if (foreign === undefined) {
    const { expiration: _size, ...sized } = slots;
    return [queryOf('bars', slots.interval === undefined ? slots : sized)];
  }
  return isOnlyBars && range === undefined ? notUnderstood(`bars together with ${labelOf(foreign)}`) : undefined;
}

/** `more volatile over one year`: the window of the figure, which has no range. */
function takeWindowOfVolatility(slots: Slots, today: IsoDate): void {
  const { range, rank, fields } = slots;
  const expression = range === undefined ? undefined : parseRangePhrase(range)?.expression;
  const isOf = (name: string | undefined): boolean => name === 'hv20' || name === 'hv30';
  if (!fields.every(isOf) || !(isOf(rank?.by) || fields.length > 0)) return;
  const sessions =
    expression?.kind === 'sessions' && expression.ending === undefined
      ? expression.count
      : expression?.kind === 'rolling' && expression.ending === undefined
        ? Math.round(expression.count * SESSIONS_OF[expression.unit])
        : expression?.kind === 'period' && expression.which === 'this'
          ? tradingDaysBetween(PERIOD_STARTS[expression.unit](today), today).length
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
  for (const [index, condition] of conditions.entries()) {
    const { expression, left = '', operator = '', right = '', word } = condition;
    if (!expression.startsWith('crosses(')) continue;
    slots.fields = [];
    delete slots.move;
    slots.range = range
      .replace(/^(?:last|past) (\d+) days$/, 'last $1 sessions')
      .replace(/^past week$/, 'last 5 sessions');
    const sides = `${labelOf(left)} ${operator.replace('crossed', '').trim() || 'and'} ${labelOf(right)}`;
    const found = { expression: `count(${expression}) > 0`, left: `lastOn(${expression})`, right: '' };
    conditions[index] = { ...condition, ...found, word: word ?? `a cross of ${sides}` };
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
function everOf({ conditions, fields, interval }: Slots): void {
  for (const [index, { left = '', operator = '', right = '' }] of conditions.entries()) {
    if (!Number.isFinite(Number(right))) continue;
    // "more than 5% in any week": on the week of the greatest change.
    const isOfPeriods = isPeriod(interval) && left === 'changePercent';
    if (isOfPeriods) fields.push(`${operator.startsWith('>') ? 'highest' : 'lowest'}On(${left})`);
    else if (!/^(?:last|close|high|low|volume)$/.test(left)) continue;
    const of = left === 'last' ? (operator.startsWith('>') ? 'high' : 'low') : left;
    const extreme = `${operator.startsWith('>') ? 'highest' : 'lowest'}(${of})`;
    conditions[index] = { expression: `${extreme} ${operator} ${right}`, left: extreme, operator, right };
  }
}

/** What is looked for in the days of a range, as conditions of one day. */
function conditionsOfDays(slots: Slots): string[] {
  const { conditions, move } = slots;
  const all = conditions.map(({ expression }) => expression);
  if (move !== undefined) all.push(move === 'any' ? 'change != 0' : `change ${move === 'up' ? '>' : '<'} 0`);
  const daily = all.map((each) => each.replaceAll(/\blast\b/g, 'close'));
  return ofEach(daily, slots);
}

/** The same of each symbol where all of them are meant at once. */
const ofEach = (expressions: string[], { isJoint, symbols }: Pick<Slots, 'isJoint' | 'symbols'>): string[] =>
  isJoint === true ? symbols.flatMap((symbol) => expressions.map((each) => ofSymbol(each, symbol))) : expressions;

/** The first or last day of a range on which something was so. */
function settleOccasion(slots: Slots): Query[] | Refusal {
  const { occasion, isAnyOf, move: _move, ...rest } = slots;
  const all = conditionsOfDays(slots);
  if (all.length === 0) return notUnderstood(`the ${occasion ?? 'last'} time of what`);
  const when = all.map((each) => `(${each})`).join(isAnyOf === true ? ' or ' : ' and ');
  const range = slots.range ?? 'past 5 years';
  return [
    queryOf('figures', { ...rest, occasion: occasion ?? 'last', range, isCount: true }, [
      `${occasion === 'first' ? 'firstOn' : 'lastOn'}(${when})`,
      ...(slots.isCount === true && occasion === 'last' ? [`since(${when}) as sessionsSince`] : []),
    ]),
  ];
}

/** The days of a range that fulfill conditions, or the first of them by a figure. */
function settleDays(slots: Slots): Query[] | Refusal {
  const { limit, symbols, conditions } = slots;
  if (limit !== undefined && limit > 1 && symbols.length > 1) {
    const each = symbols.map((one) => settleDays({ ...slots, symbols: [one] }));
    return each.find(isRefusal) ?? each.flatMap((queries) => (isRefusal(queries) ? [] : queries));
  }
  const [symbol = 'SPY'] = symbols;
  const { said, by } = rankOfDays(slots);
  const order = said === 'highest' || said === 'lowest' ? said : undefined;
  const where = conditionsOfDays(slots);
  if (order === undefined && where.length === 0)
    return unclear('which days', `ask like: days when ${symbol} closed lower last month`);
  if (said === undefined && slots.range === undefined)
    return unclear('over which period', `add one: days when ${symbol} closed lower last month`);
  const { aggregate: _aggregate, rank: _rank, move: _move, ...rest } = slots;
  const query = queryOf(
    'days',
    {
      ...rest,
      range: slots.range ?? 'past year',
      conditions: where.map((expression, at) => ({ ...conditions[at], expression })),
      ...(order === undefined ? {} : { rank: { order, ...(by === undefined ? {} : { by }) }, limit: limit ?? 1 }),
    },
    columnsOfDays(slots, by),
  );
  const quoted = query.columns.filter((each) => QUOTE_ONLY.has(each));
  return checkColumns(quoted, query) ?? [query];
}

/** `highest(range)`, `the best days`: in which order, and by what. */
function rankOfDays({ fields, rank, aggregate }: Slots): { said: string | undefined; by: string | undefined } {
  const best = fields.map((each) => /^(highest|lowest)\((.+)\)$/.exec(each)).find((each) => each !== null);
  const said = best?.[1] ?? rank?.order ?? aggregate;
  return { said, by: best?.[2] ?? rank?.by ?? fields[0] ?? (said === undefined ? undefined : 'changePercent') };
}

/** What the days are ranked by and what was asked of them, with their close and change. */
function columnsOfDays({ fields, conditions }: Slots, by: string | undefined): string[] {
  const own = fields.filter((each) => !/^(?:highest|lowest)(?:On)?\(/.test(each));
  const columns = [by, ...own, ...sidesIn(conditions), 'close', 'changePercent']
    .flatMap((each) => (each === undefined ? [] : resolved(each === 'last' ? 'close' : each)))
    .filter(
      (each) => each !== 'change' && (findField(each) !== undefined || /[a-z].*[(*/-]|\(|^[A-Z.]+\.\w/i.test(each)),
    );
  return [...new Set(columns)];
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
  const named = (fields[0] ?? rank.by ?? 'changePercent').replace(/^(?:highest|lowest)(?:On)?\((.+)\)$/, '$1');
  const of = named === 'last' ? (way === 'highest' ? 'high' : 'low') : named;
  slots.fields = [`${way}(${of})`, `${way}On(${of})`];
  delete slots.rank;
  delete slots.move;
  return true;
}

function rankOfOne(slots: Slots): Refusal {
  const [symbol] = slots.symbols;
  return unclear('a ranking needs several symbols', `name them, like ${symbol ?? 'AAPL'}, MSFT and NVDA`);
}

type Add = (...expressions: readonly string[]) => void;

/** The expressions of the table, in the order in which they are told. */
function columnsOf(slots: Slots): string[] | Refusal {
  // "how many ATRs from its 50 day": the unit is no level.
  const [level, ...others] = slots.alsoBases ?? [];
  if (level !== undefined && /^atr\d/.test(slots.base ?? ''))
    Object.assign(slots, { fields: [slots.base], base: level, alsoBases: others });
  const columns = new Set<string>();
  const add: Add = (...expressions) => expressions.forEach((each) => columns.add(resolved(each)));
  const { rank } = slots;
  const expanded = expandFields(slots);
  if (isRefusal(expanded)) return expanded;
  if (slots.base !== undefined) {
    addDistance(slots, add);
    // "rsi and distance from the 50 day"
    add(...expanded.filter((name) => !BAR_FIELDS.has(name) || name === 'volume'));
  } else if (slots.isCount === true) {
    const counted = settleCount(slots);
    if (isRefusal(counted)) return counted;
    add(...counted);
  } else addFigures(slots, rank, expanded, add);
  if (columns.size === 0) return notUnderstood('nothing in it names figures');
  return checkColumns([...columns], slots) ?? [...columns];
}

/** What is counted, over a period that must be said; how often it is, of a year. */
function settleCount(slots: Slots): string[] | Refusal {
  const counted = countedOf(slots);
  const example = `how many days did ${slots.symbols[0] ?? 'SPY'} close higher last month`;
  if (counted === undefined) return unclear('what is to be counted', `ask like: ${example}`);
  if (slots.isShare === true) slots.range ??= 'past year';
  if (slots.range === undefined) return unclear('over which period', `add one: ${example}`);
  // "how often is it up the day before thanksgiving": of one session nothing is often.
  if (slots.isShare === true && isOneDay(slots.range))
    return unclear('how often it is of one session', 'name a period');
  return counted;
}

/** What it is ranked by, the figures, what is held or the move, and the sides of the conditions. */
function addFigures(slots: Slots, rank: Slots['rank'], expanded: readonly string[], add: Add): void {
  // Of several symbols dollars rank nothing where the percentage is there.
  const [named, percent] = expanded;
  const first = percent === `${named ?? ''}Percent` ? percent : named;
  const by = rank === undefined ? undefined : (rank.by ?? first ?? 'changePercent');
  if (by !== undefined) add(by);
  if (by?.startsWith('abs(change') === true) add('changePercent');
  add(...expanded);
  const paid = slots.fields.find((name) => /^(?:lastDividend|dividendAmount|yearlyDividend)$/.test(name));
  if (slots.quantity !== undefined && paid !== undefined)
    add(`${slots.quantity} * ${paid} as ${paid === 'yearlyDividend' ? 'dividendsAYear' : 'dividendPaid'}`);
  else if (names(slots, 'quantity', 'amount')) {
    add(slots.range === undefined ? 'last' : 'changePercent');
    addValue(slots, add);
  } else if (slots.move !== undefined) addMove(slots, add);
  add(...slots.conditions.flatMap(sidesOfCondition));
}

function sidesOfCondition({ left, right = '', expression, word = '' }: Slots['conditions'][number]): string[] {
  // "broke yesterday's high": beside that high.
  const names = /^a (?:high|low) /.test(word) ? /ago\(\w+, 1\)|[a-z]\w*/gi : /[a-z]\w*/gi;
  const sides = left === undefined ? (expression.match(names) ?? []) : [left, right];
  return sides.filter(
    (side) => findField(resolved(side)) !== undefined || (/[(*/-]/.test(side) && !Number.isFinite(Number(side))),
  );
}

function addDistance(slots: Slots, add: Add): void {
  const { base = '', alsoBases = [], range, isTarget, unit, fields, supposed } = slots;
  const last = supposed === undefined ? (range === undefined ? 'last' : 'now(last)') : String(supposed);
  if (supposed !== undefined) add('last', `pct(${last}, ${base}) as distance`);
  else if (isTarget === true) add('last', `${base} - last`, `pct(${base}, last) as distance`);
  else if (Number.isFinite(Number(base))) add('last', `last - ${base}`, `pct(last, ${base}) as distance`);
  else if (base === 'recordClose')
    add('last', base, 'recordCloseOn', 'last - recordClose', 'pct(last, recordClose) as distance');
  else add(last, base, ...(unit === 'dollars' ? [`${last} - ${base}`] : []), `pct(${last}, ${base}) as distance`);
  // "off its high in atrs"
  if (fields.length === 1 && /^atr\d/.test(fields[0] ?? '') && !Number.isFinite(Number(base)))
    add(`(${last} - ${base}) / ${fields[0] ?? ''} as inAtrs`);
  for (const other of alsoBases) add(other, `pct(${last}, ${other})`);
  addProfit(slots, isTarget === true ? [base, last] : [last, base], add);
}

/** What shares or dollars are worth at a price, and the profit against another. */
function addProfit({ quantity, amount }: Slots, [price, paid]: [price: string, paid: string], add: Add): void {
  if (quantity !== undefined) add(`${quantity} * ${price} as value`, `(${price} - ${paid}) * ${quantity} as profit`);
  else if (amount !== undefined)
    add(`${amount} * ${price} / ${paid} as value`, `${amount} * (${price} / ${paid} - 1) as profit`);
}

/** What is held or put in, in dollars. */
function addValue({ quantity, amount, range, fields }: Slots, add: Add): void {
  const [field = 'last'] = fields.filter((name) => name === 'ask' || name === 'bid');
  if (quantity !== undefined)
    add(range === undefined ? `${quantity} * ${field} as value` : `${quantity} * change as profit`);
  if (amount !== undefined)
    add(range === undefined ? `${amount} / last as shares` : `${amount} * close / (close - change) as value`);
}

function countedOf(slots: Slots): string[] | undefined {
  const { conditions, move, isAnyOf, isShare, isOfKinds } = slots;
  const own = conditions.map(({ expression }) => `(${expression})`);
  if (move !== undefined && move !== 'any') own.push(`change ${move === 'up' ? '>' : '<'} 0`);
  const all = ofEach(own, slots);
  // "how many days was it red vs green"
  const sizes = ['Up > 0', 'Down < 0'].map(
    (each) => `avg(when(changePercent, changePercent ${each.slice(-3)})) as average${each.slice(0, -4)}Day`,
  );
  if (all.length === 0 && move === 'any')
    return ['count(change > 0)', 'count(change < 0)', ...(isOfKinds === true ? sizes : [])];
  if (all.length === 0) return undefined;
  const count = `count(${all.join(isAnyOf === true ? ' or ' : ' and ').replaceAll('last', 'close')})`;
  return isShare === true ? [count, 'bars', `${count} / bars * 100 as percentOfSessions`] : [count];
}

/** Up or down: yes or no where one of them was asked for of now or a range, else the change. */
function addMove(slots: Slots, add: Add): void {
  const { move, isYesNo, isWhich, symbols, rank, conditions } = slots;
  const isDecided = isYesNo === true || (isWhich === true && symbols.length > 1) || conditions.length > 0;
  if (rank === undefined && move !== 'any' && isDecided)
    slots.conditions.push({ expression: `changePercent ${move === 'up' ? '>' : '<'} 0`, word: move ?? 'up' });
  if (slots.range === undefined && rank === undefined && slots.fields.length > 0) add('last');
  add('change', 'changePercent');
}

/** What a figure that is asked for alone says little without. */
const BESIDE: Readonly<Record<string, string[]>> = {
  relativeVolume: ['relativeVolume', 'volume', 'averageVolume'],
};

/** Fields as asked, over the range where an aggregate says so. */
function expandFields(slots: Slots): string[] | Refusal {
  // "the total range of last month": from its high to its low.
  if (slots.aggregate === 'total' && slots.fields.includes('range')) delete slots.aggregate;
  const { fields, aggregate, range, move, symbols } = slots;
  const isAlone = fields.length === 1 && !names(slots, 'rank', 'conditions') && range === undefined;
  const plain = fields.flatMap((name) =>
    name === 'ohlc' ? ['open', 'high', 'low', 'last'] : isAlone ? (BESIDE[name] ?? [name]) : [name],
  );
  if (aggregate === undefined)
    return range === undefined ? plain : plain.map((name) => (name === 'averageVolume' ? 'avg(volume)' : name));
  if (range === undefined || range === 'today') return aggregateNow(slots, plain);
  const isRanking = slots.isWhich === true && symbols.length > 1 && slots.isCount !== true;
  if (isRanking && isEnd(aggregate)) {
    slots.rank ??= { order: orderOf(aggregate, move) };
    return plain;
  }
  const said = { ...slots };
  delete slots.move;
  const isOfPeriods = isPeriod(slots.interval);
  const change = slots.unit === 'dollars' ? 'change' : 'changePercent';
  const of = plain.length > 0 ? plain : [move === undefined && !isOfPeriods ? 'last' : change];
  return of.flatMap((name) => overRange(aggregate, name, said));
}

/** Who fell the least comes first where changes are ranked from above. */
function orderOf(order: Order, move: Slots['move']): Order {
  return move !== 'down' ? order : order === 'highest' ? 'lowest' : 'highest';
}

/** Without a range: who of several is first, the usual volume, else the day's own. */
function aggregateNow(slots: Slots, fields: string[]): string[] | Refusal {
  const { aggregate, symbols, move } = slots;
  if (aggregate === 'average' && fields.length === 1 && fields[0] === 'volume')
    return slots.isComparison === true ? ['volume', 'averageVolume', 'relativeVolume'] : ['averageVolume'];
  // "how much does it move on average": what its average true range says.
  const isOfDay = fields.length === 0 ? move === 'any' && slots.isSigned !== true : fields.join() === 'range';
  if (aggregate === 'average' && isOfDay) {
    delete slots.move;
    // "its range today vs average": both.
    const own =
      slots.isComparison !== true || symbols.length > 1
        ? []
        : fields.length > 0
          ? ['range', 'rangePercent']
          : ['change', 'changePercent'];
    return [...own, ...(symbols.length > 1 ? ['atrPercent14', 'atr14'] : ['atr14', 'atrPercent14'])];
  }
  const isDays = symbols.length === 1 && fields.length === 1 && fields[0] === 'last';
  if (isDays && isEnd(aggregate)) return [aggregate === 'highest' ? 'high' : 'low'];
  if (isEnd(aggregate) && symbols.length > 1) {
    slots.rank ??= { order: orderOf(aggregate, move) };
    return fields;
  }
  return unclear(
    'over which period',
    `add one, like: ${aggregate ?? 'highest'} close of ${symbols[0] ?? 'NVDA'} last month`,
  );
}

const QUOTE_ONLY = new Set([
  'yearlyDividend',
  'daysToExDividend',
  'lastDividend',
  'lastExDividend',
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
function checkColumns(columns: readonly string[], { range, expiration, base, conditions }: Slots): Refusal | undefined {
  const unlike = conditions.find(({ left = '', right = '' }) => isUnlike(left, right));
  if (unlike !== undefined)
    return notUnderstood(`${labelOf(unlike.left ?? '')} against ${labelOf(unlike.right ?? '')}`);
  const used = columns.flatMap(
    (column) =>
      column
        .replace(/ as \w+$/, '')
        .replaceAll(/now\(\w+\)|\b[A-Z][A-Z.]*\.(?=[a-z])|\b(?:and|or)\b/g, '')
        .match(/[a-z]\w*(?!\w*\()/gi) ?? [],
  );
  const unknown = used.find((name) => findField(name) === undefined);
  if (unknown !== undefined)
    return notUnderstood(
      `${unknown === 'ivRank' ? 'IV rank, which needs a year of readings' : labelOf(unknown)} of a symbol`,
    );
  const undated = used.find((name) => QUOTE_ONLY.has(name));
  if (range !== undefined && undated !== undefined) return notUnderstood(`${labelOf(undated)} over a period`);
  const isDay = isOneDay(range);
  const daily = columns.find((column) => {
    const entry = findField(column)?.entry;
    return entry?.series !== undefined && entry.period === undefined;
  });
  if (range !== undefined && range !== LAST_CLOSES && !isDay && daily !== undefined)
    return unclear(
      `${labelOf(daily)} is a figure of one day`,
      `name a day, or what is made of them, like highest ${labelOf(daily)} ${range}`,
    );
  if (range !== undefined && base === 'previousClose') return notUnderstood(`${labelOf(base)} of a period`);
  const isOption = used.some(isOfOptions) || isOfOptions(base ?? '');
  const [quoted = ''] = used.filter(isOfOptions);
  if (/ ago$|^yesterday$/.test(range ?? '') && isOption)
    return notUnderstood(`${labelOf(quoted)} ${range ?? ''}: it has options as of now, none of the past`);
  if (range !== undefined && isOption && expiration === undefined) return notUnderstood(`"${range}" as an expiration`);
  return undefined;
}
