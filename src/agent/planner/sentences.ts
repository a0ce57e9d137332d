// What each special form says, out of the data of its tool: one line of one symbol, of several what their table does not.
// Every figure is one of the data and goes with its sentence; a missing one is named.
import type {
  BarData,
  ChainData,
  ContractData,
  ExpirationsData,
  HistoryData,
  IndicatorData,
  LevelsData,
  MarketStatusData,
  TableData,
  TableRow,
} from '../../domain/answers.ts';
import { dataOfKind } from '../../domain/answer-kinds.ts';
import { parseExpirationPhrase, resolveExpiration } from '../../domain/expirations.ts';
import { isFinError } from '../../domain/errors.ts';
import { tradingDaysBetween, weeklyExpirationOf } from '../../domain/calendar.ts';
import { computeLevels } from '../../domain/levels.ts';
import { capitaliseSaid, joinSaid, say, type Said, type SaidFigure } from '../../domain/said.ts';
import { sayMoment } from '../../domain/session-hours.ts';
import { parseOptionSymbol } from '../../domain/symbols.ts';
import type { EpochMs, IsoDate, Session, Side, TickerSymbol } from '../../domain/types.ts';
import { withoutCapital } from '../../fields/field.ts';
import { labelInSentence, labelOfName } from '../../fields/labels.ts';
import { findField } from '../../fields/registry.ts';
import { formatClock, formatDay, formatMonth, formatWait, formatWeekday } from '../../render/format.ts';
import { FROM_SPOT } from './contracts.ts';
import { sayApart } from './pairs.ts';
import type { Figures, HeldChain, HeldQuote, ToolMessage } from './held.ts';
import { MOST_RANKED, type Condition, type Query } from './query.ts';
import type { Order } from '../words/tokens.ts';

/** `a, b and c` */
export function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** `+6.01 (+2.99%)`, one of them, `unchanged`, or nothing where both are missing. */
function sayMove(
  symbol: TickerSymbol,
  change: number | undefined,
  changePercent: number | undefined,
): Said | undefined {
  if (change === 0) return ['unchanged'];
  const dollars: SaidFigure | undefined = change === undefined ? undefined : { field: 'change', value: change, symbol };
  if (changePercent === undefined) return dollars && [dollars];
  const percent: SaidFigure = { field: 'changePercent', value: changePercent, symbol };
  return dollars === undefined ? [percent] : say`${dollars} (${percent})`;
}

/** `22 sessions` */
function sayCount(symbol: TickerSymbol, value: number, one: string): Said {
  return say`${{ field: 'count', value, symbol }} ${value === 1 ? one : `${one}s`}`;
}

export function sayQuotes(quotes: readonly HeldQuote[], withOhlc: boolean): Said[] {
  const [quote, ...others] = quotes;
  if (quote === undefined) return [];
  return others.length === 0 ? [sayQuote(quote, withOhlc)] : [sayExtremes(quotes, daySaid(quotes))];
}

/** Changes of closes are those of their session, where all are of one. */
function daySaid(quotes: readonly HeldQuote[]): string {
  const dates = new Set(quotes.map(({ asOf, isClose }) => (isClose ? asOf.slice(0, 10) : '')));
  const [date = ''] = dates;
  return dates.size === 1 && date !== '' ? `on ${formatDay(date)}` : 'on the day';
}

/** A plan without live prices gives a session's close, which is said as what it is. */
function sayQuote(quote: HeldQuote, withOhlc: boolean): Said {
  const { symbol, last, change, changePercent, asOf, isClose } = quote;
  const move = sayMove(symbol, change, changePercent);
  const price: SaidFigure = { field: 'last', value: last, symbol };
  const lead = isClose ? say`closed at ${price} on ${formatDay(asOf.slice(0, 10))}` : say`last traded at ${price}`;
  const moved = move === undefined ? lead : say`${lead}, ${move} ${isClose ? 'vs. prior close' : 'on the day'}`;
  const bar = withOhlc
    ? (['open', 'high', 'low', 'previousClose'] as const).flatMap((field) => {
        const value = quote[field];
        return value === undefined
          ? []
          : [say`${field === 'previousClose' ? 'previous close' : field} ${{ field, value, symbol }}`];
      })
    : [];
  return bar.length === 0 ? say`${symbol} ${moved}.` : say`${symbol} ${moved}; ${joinSaid(bar, ', ')}.`;
}

interface Moved {
  symbol: TickerSymbol;
  changePercent?: number | undefined;
}

/** Of several their table has the figures; the sentence says who is at the ends and how many rose. */
function sayExtremes(moves: readonly Moved[], period: string): Said {
  const known = moves.flatMap(({ symbol, changePercent }) =>
    changePercent === undefined ? [] : [{ symbol, changePercent }],
  );
  const sorted = known.toSorted((left, right) => right.changePercent - left.changePercent);
  const [best] = sorted;
  const worst = sorted.at(-1);
  if (best === undefined || worst === undefined)
    return [`No change is given for ${joinWords(moves.map(({ symbol }) => symbol))}.`];
  const up = known.filter(({ changePercent }) => changePercent > 0).length;
  const said = ({ symbol, changePercent }: (typeof sorted)[number]): Said =>
    say`${symbol} ${{ field: 'changePercent', value: changePercent, symbol }}`;
  const risen = sayRisen(up, known.length);
  return capitaliseSaid(say`${period === '' ? '' : `${period}: `}best ${said(best)}, worst ${said(worst)}; ${risen}.`);
}

/** `2 of 5 up` */
export function sayRisen(up: number, all: number): string {
  if (up === all) return all === 2 ? 'both up' : 'all up';
  return up === 0 ? 'none up' : `${String(up)} of ${String(all)} up`;
}

/** Symbols whose bars are told in words. */
const MOST_BARS = 3;

export function sayHistories(histories: readonly HistoryData[], fields: readonly string[]): Said[] {
  const [first, ...others] = histories;
  if (first === undefined) return [];
  if (others.length === 0) return [sayHistory(first, fields)];
  const isAsked = fields.some((field) => field === 'high' || field === 'low' || field === 'open');
  // "high, low and close yesterday of SPY, QQQ": those, not who moved more.
  if (isAsked && histories.length <= MOST_BARS && histories.every(({ bars }) => bars.length === 1))
    return histories.map((each) => sayHistory(each, fields));
  const period =
    first.from === first.to ? `on ${formatDay(first.from)}` : `from ${formatDay(first.from)} to ${formatDay(first.to)}`;
  return [
    sayExtremes(
      histories.map(({ symbol, summary }) => ({ symbol, changePercent: summary.changePercent })),
      period,
    ),
  ];
}

function sayHistory(history: HistoryData, fields: readonly string[]): Said {
  const { symbol, bars, summary, interval } = history;
  const [only] = bars;
  const move = sayMove(symbol, summary.change, summary.changePercent);
  const against = summary.basis === 'previous_close' ? 'vs. prior close' : 'vs. its open';
  if (only !== undefined && bars.length === 1 && interval === 'day') {
    const bar = sayBar(symbol, only, fields);
    return move === undefined ? say`${bar}.` : say`${bar}, ${summary.change === 0 ? '' : 'change '}${move} ${against}.`;
  }
  const extremes = [extremeOf(history, 'high'), extremeOf(history, 'low')];
  if (only !== undefined && bars.length === 1 && fields.includes('open'))
    extremes.unshift(say`open ${{ field: 'open', value: only.open, symbol, date: only.date }}`);
  const moved = move === undefined ? 'no change across the gap' : say`change ${move} ${against}`;
  const last: SaidFigure = { field: 'close', value: summary.last, symbol };
  return say`${sayPeriod(history)}: ${moved}, last close ${last}; ${joinSaid(extremes, ', ')}.`;
}

/** `SPY from … to …, 22 sessions`, `SPY by week, 26 bars from the week of …`. */
function sayPeriod({ symbol, bars, interval, from, to }: HistoryData): Said {
  if (interval === 'day') {
    const sessions = Math.max(bars.length, tradingDaysBetween(from, to).length);
    const held = bars.length === sessions ? '' : say`${{ field: 'count', value: bars.length, symbol }} of `;
    const count = say`${held}${sayCount(symbol, sessions, 'session')}`;
    return say`${symbol} from ${formatDay(from)} to ${formatDay(to)}, ${count}`;
  }
  const [first, last] = [formatBarDate(from, interval), formatBarDate(to, interval)];
  if (from === to) return [`${symbol}, ${first}`];
  const the = interval === 'week' ? 'the ' : '';
  return say`${symbol} by ${interval}, ${sayCount(symbol, bars.length, 'bar')} from ${the}${first} to ${the}${last}`;
}

/** With the session, week or month that it belongs to. */
function extremeOf({ symbol, bars, summary, interval }: HistoryData, field: 'high' | 'low'): Said {
  const bar = bars.find((each) => each[field] === summary[field]);
  if (bar === undefined || bars.length === 1) return say`${field} ${{ field, value: summary[field], symbol }}`;
  const moment = sayMoment((bar.time ?? '').slice(0, 16).replace('T', ' '));
  const isOneDay = bars[0]?.date === bars.at(-1)?.date;
  const day = isOneDay && moment !== undefined ? [] : [formatBarDate(bar.date, interval)];
  return say`${field} ${{ field, value: summary[field], symbol }} (${[...day, moment ?? []].flat().join(' ')})`;
}

export function formatBarDate(date: IsoDate, interval: Query['interval']): string {
  if (interval === 'year') return date.slice(0, 4);
  if (interval === 'quarter') return `Q${String(Math.ceil(Number(date.slice(5, 7)) / 3))} ${date.slice(0, 4)}`;
  if (interval === 'month') return formatMonth(date);
  return interval === 'week' ? `week of ${formatDay(date)}` : formatDay(date);
}

/** `on Thu Oct 1, 2026`, `in the week of Mon Oct 5, 2026`. */
export function sayBarDate(date: string, interval: Query['interval'] = 'day'): string {
  const moment = sayMoment(date);
  return moment !== undefined
    ? `at ${moment}`
    : interval === 'day'
      ? `on ${formatDay(date)}`
      : `in ${interval === 'week' ? 'the ' : ''}${formatBarDate(date, interval)}`;
}

type BarField = 'open' | 'high' | 'low' | 'close' | 'volume';
const BAR_FIELDS: readonly string[] = ['open', 'high', 'low', 'close', 'volume'];

/** A session's figures without its change: a bar taken from a held history has none of its own. */
function sayBar(symbol: TickerSymbol, bar: BarData, fields: readonly string[]): Said {
  const day = formatDay(bar.date);
  const figure = (field: BarField): SaidFigure => ({ field, value: bar[field], symbol, date: bar.date });
  const asked = fields
    .map((field) => (field === 'last' ? 'close' : field))
    .filter((field): field is BarField => BAR_FIELDS.includes(field));
  const [field] = asked;
  if (!fields.includes('ohlc') && asked.length === 1 && (field === 'close' || field === 'open'))
    return say`${symbol} ${field === 'close' ? 'closed' : 'opened'} at ${figure(field)} on ${day}`;
  const all = asked.length > 0 && !fields.includes('ohlc') ? asked : (BAR_FIELDS as BarField[]);
  // An index has no volume.
  const shown = all.filter((each) => each !== 'volume' || bar.volume > 0);
  if (shown.length === 0) return say`${symbol} on ${day}: no volume`;
  return say`${symbol} on ${day}: ${joinSaid(
    shown.map((each) => say`${each} ${figure(each)}`),
    ', ',
  )}`;
}

/** A session out of a longer history that the conversation holds. */
export function sayHeldBar(symbol: TickerSymbol, bar: BarData, fields: readonly string[]): Said {
  return say`${sayBar(symbol, bar, fields)}.`;
}

export function sayIndicators(found: readonly IndicatorData[]): Said[] {
  const [first, ...others] = found;
  if (first === undefined) return [];
  const { symbol, date, close } = first;
  if (others.length === 0)
    return [
      say`Indicators of ${symbol} as of ${formatDay(date)}, close ${{ field: 'close', value: close, symbol, date }}.`,
    ];
  return [
    [
      `Indicators of ${joinWords(found.map((each) => each.symbol))} as of ${joinWords([...new Set(found.map((each) => formatDay(each.date)))])}.`,
    ],
  ];
}

/** Levels of a tool, or computed of the bars that the conversation holds. */
interface SaidLevels extends LevelsData {
  /** Where the spot comes from. */
  spotField: 'spot' | 'last' | 'close';
  /** What the levels were computed of. */
  computed?: { bars: number; date: IsoDate };
}

const FEWEST_BARS_FOR_LEVELS = 20;
const MOST_LEVELS = 2;

/** Levels as a tool gave them, else those of the bars that are here. */
export function levelsIn(figures: Figures, symbol: TickerSymbol): SaidLevels | undefined {
  const levels = figures.levels(symbol);
  if (levels !== undefined) return { ...levels, spotField: 'spot' };
  const bars = figures.dailyBars(symbol);
  const last = bars.at(-1);
  if (last === undefined || bars.length < FEWEST_BARS_FOR_LEVELS) return undefined;
  const quote = figures.quote(symbol);
  const spot = quote?.last ?? last.close;
  return {
    symbol,
    spot,
    spotField: quote === undefined ? 'close' : 'last',
    ...computeLevels(bars, spot),
    computed: { bars: bars.length, date: last.date },
  };
}

/** The nearest levels with their origins. */
export function sayLevels(found: readonly SaidLevels[], bounds: readonly Condition[]): Said[] {
  return found.map((levels) => sayLevelsOf(levels, bounds));
}

/** With how far the nearest one is; only those on the side of a price that was named. */
function sayLevelsOf(
  { symbol, spot, spotField, supports, resistances, computed }: SaidLevels,
  bounds: readonly Condition[],
): Said {
  const isMeant = ({ price }: LevelsData['supports'][number]): boolean =>
    bounds.every(({ operator = '', right }) =>
      operator.startsWith('<') ? price <= Number(right) : price >= Number(right),
    );
  const where = bounds.map(({ operator = '', right = '' }) => ` ${SIDES[operator] ?? operator} ${right}`).join('');
  const sentence = (field: 'support' | 'resistance', all: LevelsData['supports']): Said => {
    const levels = all.filter(isMeant);
    if (levels.length === 0) return [`no ${field}${where} found.`];
    const named = levels.slice(0, MOST_LEVELS).map(({ price, origin }, at) => {
      const level: SaidFigure = { field, value: price, symbol, ...computed };
      const away = {
        field: 'calculation',
        value: price - spot,
        unit: 'usd',
        symbol,
        isSize: true,
        of: [level],
      } as const;
      const percent: SaidFigure = { ...away, value: (price / spot - 1) * 100, unit: 'percent' };
      const far = say` (${away} or ${percent} ${price < spot ? 'below' : 'above'})`;
      return say`${level}${at === 0 ? far : []}, ${kindOfOrigin(origin)}`;
    });
    return say`${field}${where} at ${joinSaid(named, '; ')}.`;
  };
  const price: SaidFigure = { field: spotField, value: spot, symbol };
  const all = { support: supports, resistance: resistances };
  // "supports below 400": of the other side none is meant.
  const meant = (['support', 'resistance'] as const).filter((side) => bounds.length === 0 || all[side].some(isMeant));
  const told = (meant.length > 0 ? meant : (['support'] as const)).map((side, at) =>
    at === 0 ? sentence(side, all[side]) : capitaliseSaid(sentence(side, all[side])),
  );
  return say`${symbol} at ${price}: ${joinSaid(told, ' ')}`;
}

/** Where a level comes from: its kind only, the table has days and touches. */
function kindOfOrigin(origin: string): string {
  return origin
    .replace(/ \(\d+ touches\)/g, '')
    .replace(/(high|low) since \d{4}-\d\d-\d\d:/g, '$1 of these bars')
    .replace(/(?: of)? \d{4}-\d\d-\d\d/g, '');
}

const STATES: Record<Session, string> = {
  pre: 'The US market is in its pre-market session, the regular one is not open yet',
  regular: 'The US market is open',
  post: 'The US market is closed, after-hours trading is on',
  closed: 'The US market is closed',
};
const CHANGES: Record<Session, string> = {
  pre: 'pre-market trading starts',
  regular: 'the market opens',
  post: 'the market closes',
  closed: 'after-hours trading ends',
};

export function sayMarket({ state, exchangeTime, nextChange, holiday }: MarketStatusData): Said {
  const today = exchangeTime.slice(0, 10);
  const nextDay = nextChange.at.slice(0, 10);
  const at = `${formatClock(nextChange.at)}${nextDay === today ? '' : ` on ${formatDay(nextDay)}`}`;
  const reason = holiday === undefined ? '' : ` (${holiday})`;
  const wait = Date.parse(nextChange.at) - Date.parse(exchangeTime);
  const left = wait > 0 ? `, in ${formatWait(wait)}` : '';
  return [
    `${STATES[state]}${reason}. In New York it is ${formatClock(exchangeTime)}, ${formatDay(today)}; ${CHANGES[nextChange.state]} at ${at}${left}.`,
  ];
}

/** All dates, or those of the month or kind that was named. */
export function sayExpirations(
  { symbol, expirations: all }: ExpirationsData,
  { expiration, limit, within = Infinity }: Query,
  now: EpochMs,
): Said {
  const expirations = all.filter(({ dte }) => dte <= within);
  if (limit !== undefined && expiration === undefined)
    return say`Next option expirations of ${symbol}: ${joinWords(expirations.slice(0, limit).map(({ date, kind }) => `${formatDay(date)} (${kind})`))}.`;
  if (expiration !== undefined) {
    const named = namedExpirations({ symbol, expirations }, expiration, now);
    if (named.length === 0) return [`${symbol} has no such option expiration.`];
    return say`${symbol} has ${named.length === 1 ? 'one such option expiration' : `${String(named.length)} such option expirations`}: ${joinWords(named.map(({ date, kind }) => `${formatDay(date)} (${kind})`))}.`;
  }
  const [first] = expirations;
  const last = expirations.at(-1);
  if (first === undefined || last === undefined) return [`${symbol} has no option expirations.`];
  const count = sayCount(symbol, expirations.length, 'option expiration');
  if (expirations.length === 1) return say`${symbol} has ${count}: ${formatDay(first.date)}.`;
  return say`${symbol} has ${count}, from ${formatDay(first.date)} to ${formatDay(last.date)}; ${sayRhythm(expirations)}.`;
}

/** On which weekdays options of the next two weeks expire; what stands in for a Friday is one. */
function sayRhythm(expirations: ExpirationsData['expirations']): string {
  if (expirations.every(({ kind }) => kind === 'monthly')) return 'all of them monthly, no weeklies or dailies';
  const near = expirations.filter(({ dte }) => dte < 14).map(({ date }) => date);
  const days = new Set(near.map((date) => (weeklyExpirationOf(date) === date ? 'Fri' : formatWeekday(date))));
  return days.size > 4 ? 'with dailies' : `weeklies on ${joinWords([...days])} in the next two weeks, no dailies`;
}

function namedExpirations(
  { symbol, expirations }: ExpirationsData,
  phrase: string,
  now: EpochMs,
): ExpirationsData['expirations'] {
  const expression = parseExpirationPhrase(phrase)?.expression;
  if (expression?.kind === 'listed') return expirations.filter(({ kind }) => kind === expression.as);
  if (expression?.kind === 'month') {
    const month = String(expression.month).padStart(2, '0');
    const year =
      expression.year ?? Number(expirations.find(({ date }) => date.slice(5, 7) === month)?.date.slice(0, 4));
    return expirations.filter(({ date }) => date.startsWith(`${String(year)}-${month}`));
  }
  if (expression?.kind === 'span')
    return expirations.filter(({ dte }) => dte >= expression.from && dte <= expression.to);
  const date = resolveDate({ symbol, expirations }, phrase, now);
  return expirations.filter((each) => each.date === date);
}

function resolveDate(
  { symbol, expirations }: ExpirationsData,
  phrase: string | undefined,
  now: EpochMs,
): IsoDate | undefined {
  try {
    return resolveExpiration(
      phrase,
      now,
      expirations.map(({ date }) => date),
      symbol,
    );
  } catch (error) {
    if (isFinError(error)) return undefined;
    throw error;
  }
}

/** One expiration of the list, the one that a phrase means. */
export function sayExpirationDate(data: ExpirationsData, { expiration }: Query, now: EpochMs): Said {
  const { symbol, expirations } = data;
  const date = resolveDate(data, expiration, now);
  const found = expirations.find((each) => each.date === date);
  const [next] = expirations;
  if (found === undefined)
    return next === undefined
      ? [`${symbol} has no such option expiration.`]
      : say`${symbol} has no such option expiration; the next one is ${formatDay(next.date)} (${next.kind}).`;
  const days: SaidFigure = { field: 'dte', value: found.dte, symbol, expiration: found.date };
  const away = found.dte === 0 ? 'today' : say`${days} ${found.dte === 1 ? 'day' : 'days'} away`;
  return say`${symbol} options expire on ${formatDay(found.date)} (${found.kind}), ${away}.`;
}

const SIDE_NAMES = { call: 'calls', put: 'puts', both: 'calls and puts' } as const;
/** Up to so many contracts are said, more are left to the table. */
const MOST_SAID = 2;

export function sayChain(
  chain: ChainData,
  { side = 'both', delta, fields, rank, conditions, limit = 1 }: Query,
): Said[] {
  const { underlying: symbol, expiration, contracts, spot } = chain;
  const strikes = new Set(contracts.map((contract) => contract.strike));
  const strikeAt = (value: number): SaidFigure => ({ field: 'strike', value, symbol, expiration });
  const asked = fields.filter((name) => name !== 'strike' && findField(name, 'contract') !== undefined);
  if (delta !== undefined && contracts.length > 0 && contracts.length <= MOST_SAID)
    return contracts.map((contract) =>
      sayContractOf(
        contract,
        chain,
        asked.length === 0 ? ['delta', 'bid', 'ask', 'iv'] : [...new Set([...asked, 'delta'])],
      ),
    );
  const price: SaidFigure = { field: 'spot', value: spot, symbol };
  const head = say`${symbol} ${SIDE_NAMES[side]} expiring ${formatDay(expiration)}, spot ${price}`;
  const tests = conditions.map((each) => sayBound(each)).join(' and ');
  if (strikes.size === 0) return [tests === '' ? say`${head}: no contracts.` : say`${head}, ${tests}: none.`];
  const [only, ...others] = contracts;
  if (only !== undefined && others.length === 0)
    return [sayContractOf(only, chain, [...new Set([...asked, 'bid', 'ask', 'delta'])])];
  const line = say`${head}${tests === '' ? '' : `, ${tests}`}: strikes ${strikeAt(Math.min(...strikes))} to ${strikeAt(Math.max(...strikes))}.`;
  const more = fields.filter((field) => !IN_CHAIN.has(field));
  const ranked = rank === undefined ? [] : rankedBy(contracts, rank.order, rank.by ?? fields[0]);
  if (rank?.by?.startsWith('abs(') === true && contracts[0] !== undefined)
    return [say`Nearest: ${sayContractOf(contracts[0], chain, fields)}`];
  if (ranked.length > 0)
    return [line, ...ranked.slice(0, Math.min(limit, MOST_RANKED)).map((each) => sayContractOf(each, chain, fields))];
  const nearest = nearestStrike(contracts, spot);
  const atMoney = more.length === 0 ? [] : contracts.filter(({ strike }) => strike === nearest);
  return [line, ...atMoney.map((contract) => sayContractOf(contract, chain, more))];
}

export const SIDES: Readonly<Record<string, string>> = {
  '>': 'above',
  '<': 'below',
  '>=': 'at least',
  '<=': 'at most',
};

/** `bid × 100 at least 500` */
function sayBound({ left = '', operator = '', right = '', expression }: Condition): string {
  const of = left === 'abs(pct(strike, spot))' ? 'strike to spot in %' : labelInSentence(left);
  const percent = findField(left, 'contract')?.unit === 'percent' && Number.isFinite(Number(right)) ? '%' : '';
  return left === '' ? expression : `${of} ${SIDES[operator] ?? operator} ${labelInSentence(right)}${percent}`;
}

/** The contracts that have a figure, by it. */
function rankedBy(contracts: readonly ContractData[], order: Order, field: string | undefined): ContractData[] {
  const valued = contracts.flatMap((contract) => {
    const value = figureIn(contract, field ?? '');
    return value === undefined ? [] : [{ contract, value }];
  });
  const sign = order === 'highest' ? -1 : 1;
  return valued.toSorted((left, right) => sign * (left.value - right.value)).map(({ contract }) => contract);
}

/** One of its own figures or of the columns that were asked for. */
function figureIn(contract: ContractData, field: string): number | undefined {
  return (contract as unknown as Readonly<Record<string, number | undefined>>)[field];
}

/** What the table of a chain shows; other figures are told at the strike nearest the spot. */
const IN_CHAIN = new Set(['bid', 'ask', 'last', 'volume', 'openInterest', 'iv', 'delta', 'strike']);

/** `NVDA 410 call expiring Fri 20 Nov 2026: bid 5.10, ask 5.20.` */
function sayContractOf(
  contract: ContractData,
  { underlying: symbol, expiration, columns }: ChainData,
  fields: readonly string[],
): Said {
  const { strike, side } = contract;
  const terms = { symbol, expiration, strike, side };
  const present = fields.flatMap((field) => {
    const value = figureIn(contract, field);
    const unit = columns?.find((column) => column.field === field)?.unit;
    const isOwn = findField(field, 'contract') !== undefined;
    const figure = { ...terms, field: isOwn ? field : 'calculation', ...(isOwn ? {} : unitOf(unit)) };
    return value === undefined ? [] : [say`${labelInSentence(field)} ${{ ...figure, value }}`];
  });
  const at: SaidFigure = { field: 'strike', value: strike, symbol, expiration };
  const figures = present.length > 0 ? joinSaid(present, ', ') : [`no ${joinWords(fields.map(labelInSentence))} given`];
  return say`${symbol} ${at} ${side} expiring ${formatDay(expiration)}: ${figures}.`;
}

/** Contracts of a table, by the symbols of its rows: the first of a ranking, and the sum of an amount. */
export function sayContractRows(table: TableData, query: Query, columns: readonly string[]): Said[] {
  const { rank, aggregate, conditions } = query;
  const fields = columns.filter((name) => !conditions.some(({ expression }) => expression === name));
  const found = table.rows.filter(({ symbol }) => /\d{6}[CP]\d{8}$/.test(symbol));
  const [first] = found;
  const amount = fields.find((field) => / \* \d+00$/.test(field));
  const label = labelInSentence(amount ?? '').replace(/ × 100$/, ' of one contract each');
  const summed = aggregate === 'total' && amount !== undefined ? found.map((row) => row[amount]) : [];
  const known = summed.filter((value) => typeof value === 'number');
  const parts = known.map((value): SaidFigure => ({ field: 'calculation', value, unit: 'usd' }));
  const value = known.reduce((all, each) => all + each, 0);
  const sum: Said[] =
    summed.length === 0
      ? []
      : known.length < found.length
        ? [[`${label}, all together: not known, as one is missing.`]]
        : [say`${label}, all together: ${{ field: 'calculation', value, unit: 'usd', of: parts }}.`];
  const told = (row: TableRow): Said => {
    const said = sayContractRow(row, table, fields);
    if (conditions.length === 0) return said;
    return say`${conditions.every(({ expression }) => row[expression] === true) ? 'Yes' : 'No'}, ${said}`;
  };
  const difference =
    found.length === 2 ? sayApart(found, rank?.by ?? (query.fields.length === 1 ? query.fields[0] : undefined)) : [];
  if (rank !== undefined && first !== undefined && found.length > 1)
    return [
      say`${rank.order === 'highest' ? 'Highest' : 'Lowest'} ${labelInSentence(rank.by ?? '')}: ${told(first)}`,
      ...difference,
      ...sum,
    ];
  if (found.length > MOST_SAID) return [[`${String(found.length)} contracts, a row each.`], ...sum];
  return [...found.map(told), ...(rank === undefined ? difference : []), ...sum];
}

/** A product of figures has no unit, and needs no more digits than a ratio. */
const unitOf = (unit: string | undefined): { unit?: string } =>
  unit === undefined ? {} : { unit: unit === 'number' ? 'ratio' : unit };

/** What the row of a table has a column under: its name, where it was given one. */
export const keyOf = (column: string): string => / as (\w+)$/.exec(column)?.[1] ?? column;

function sayContractRow(row: TableRow, { columns }: TableData, fields: readonly string[]): Said {
  const { underlying, expiration, strike, side } = parseOptionSymbol(row.symbol);
  const present = fields.flatMap((field) => {
    const key = keyOf(field);
    const value = row[key];
    const unit = columns.find((column) => column.field === key)?.unit;
    const isOwn = findField(field, 'contract') !== undefined;
    const figure: SaidFigure = isOwn
      ? { field, value: Number(value), symbol: underlying, expiration, strike, side }
      : { field: 'calculation', value: Number(value), symbol: underlying, ...unitOf(unit) };
    if (field === FROM_SPOT && typeof value === 'number') {
      const state = value === 0 ? '' : (side === 'put') === value < 0 ? ', out of the money' : ', in the money';
      return [say`${{ ...figure, isSize: true }} ${value < 0 ? 'below' : 'above'} spot${state}`];
    }
    const [, each, shares] = /^(\w+) \* (\d+)00$/.exec(field) ?? [];
    const lots = shares === '1' ? 'one contract' : `${shares ?? ''} contracts`;
    const label =
      each !== undefined
        ? `${labelInSentence(each)} of ${lots}`
        : key === field
          ? labelInSentence(field).replace(/^pct\(strike [-+] [\d.]+, spot\)$/, 'break-even from the spot')
          : withoutCapital(labelOfName(key));
    return value === undefined || field === 'strike'
      ? []
      : [say`${label} ${typeof value === 'number' ? figure : String(value)}`];
  });
  const figures = present.length > 0 ? joinSaid(present, ', ') : [`no ${joinWords(fields.map(labelInSentence))} given`];
  const { intrinsic } = row;
  const money = typeof intrinsic === 'number' ? `, ${intrinsic > 0 ? 'in' : 'not in'} the money` : '';
  return say`${underlying} ${String(strike)} ${side} expiring ${formatDay(expiration)}${money}: ${figures}.`;
}

/** The strikes that were asked for out of a chain, or that one is not listed; a neighbor's figures are never given for it. */
export function sayStrikes(
  chain: ChainData,
  { strike: asked, side = 'both' }: Query,
  fields: readonly string[],
): Said[] {
  const suited = chain.contracts.filter((contract) => side === 'both' || contract.side === side);
  return asked.flatMap((strike) => {
    const wanted = strike === 'atm' ? nearestStrike(suited, chain.spot) : strike;
    const found = suited.filter((contract) => contract.strike === wanted);
    if (found.length > 0) return found.map((contract) => sayContractOf(contract, chain, fields));
    return [
      [
        `${chain.underlying} has no ${side === 'both' ? 'options' : side} at that strike expiring ${formatDay(chain.expiration)}.`,
      ],
    ];
  });
}

function nearestStrike(contracts: readonly ContractData[], price: number): number | undefined {
  const strikes = [...new Set(contracts.map((contract) => contract.strike))].sort((left, right) => left - right);
  return strikes.sort((left, right) => Math.abs(left - price) - Math.abs(right - price))[0];
}

/** The chain asked for; walls of a side that its request left out come from another answer of the same expiration. */
export function wallsIn(held: HeldChain | undefined, chains: readonly HeldChain[]): ChainData | undefined {
  if (held === undefined) return undefined;
  const { chain } = held;
  const alike = chains.filter((each) => each.chain.expiration === chain.expiration).map((each) => each.chain.analytics);
  const callWalls = alike.find((analytics) => analytics.callWalls.length > 0)?.callWalls ?? [];
  const putWalls = alike.find((analytics) => analytics.putWalls.length > 0)?.putWalls ?? [];
  return { ...chain, analytics: { ...chain.analytics, callWalls, putWalls } };
}

/** The largest open interest on each side of the spot. */
export function sayWalls(chain: ChainData, side: Side | 'both'): Said {
  const { underlying: symbol, expiration, spot } = chain;
  const sides: Side[] = side === 'both' ? ['call', 'put'] : [side];
  const price: SaidFigure = { field: 'spot', value: spot, symbol };
  return say`${symbol} options expiring ${formatDay(expiration)}, spot ${price}: ${joinSaid(
    sides.map((each) => sayWallSide(each, chain)),
    '; ',
  )}.`;
}

function sayWallSide(side: Side, { underlying: symbol, expiration, analytics }: ChainData): Said {
  const walls = side === 'call' ? analytics.callWalls : analytics.putWalls;
  if (walls.length === 0)
    return [`no ${side} open interest ${side === 'call' ? 'at or above' : 'at or below'} the spot`];
  const named = walls.map(({ strike, openInterest }) => {
    const wall: SaidFigure = { field: `${side}Wall`, value: strike, symbol, expiration, side };
    return say`${side} wall ${wall} (open interest ${{ field: 'openInterest', value: openInterest, symbol, expiration, side, strike }})`;
  });
  return joinSaid(named, ', ');
}

export function sayCalculations(results: readonly ToolMessage[]): Said[] {
  const answers = results.flatMap(({ answer }) => answer ?? []);
  return dataOfKind(answers, 'calculation').map(
    ({ expression, value }) => say`${expression} = ${{ field: 'calculation', value, unit: 'number' }}`,
  );
}
