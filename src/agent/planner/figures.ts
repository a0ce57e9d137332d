// Figures in a table of fields: the call that fetches them, and the one sentence that the table does not say: the figure
// itself, the distance, yes or no, who is first, how many.
import type { TableData, TableRow } from '../../domain/answers.ts';
import { parseRangePhrase } from '../../domain/date-grammar.ts';
import { resolveRange } from '../../domain/date-phrases.ts';
import { isAroundEarnings } from '../../domain/expirations.ts';
import { isFinError } from '../../domain/errors.ts';
import { resolveHours, sayMoment } from '../../domain/session-hours.ts';
import { INTRADAY_MINUTES, isIntraday } from '../../domain/intraday-bars.ts';
import { joinSaid, say, type Said, type SaidFigure } from '../../domain/said.ts';
import { isTradingDay, lastFinishedBar, lastTradingDays } from '../../domain/calendar.ts';
import { addDays, exchangeDateOf, isValidDate } from '../../domain/exchange-time.ts';
import { isProjected } from '../../fields/events.ts';
import type { EpochMs, IsoDate } from '../../domain/types.ts';
import { capitalise, withoutCapital } from '../../fields/field.ts';
import { labelOfName } from '../../fields/labels.ts';
import { findField } from '../../fields/registry.ts';
import { formatDay } from '../../render/format.ts';
import { sayDates } from './calendar-dates.ts';
import {
  DISTANCE,
  IS_HAD,
  calculated,
  figureOf,
  isOfSymbol,
  labelOfColumn,
  sayCondition,
  sayOfSession,
  unitOf,
} from './column-words.ts';
import { isOfOptions } from './draft.ts';
import { type Condition, MOST_RANKED, type PlannedCall, type Query, type Study, isOneDay, bare } from './query.ts';
import { OF_PAIRS, SIZED, sayPairs } from './pairs.ts';
import { keyOfMeasure } from './study.ts';
import { formatBarDate, joinWords, keyOf, sayBarDate, sayRisen } from './sentences.ts';

const IN_ATRS = 'inAtrs';

/** Conditions are columns too, so that the sentence and the table say of each symbol whether they hold. */
export function figuresCall(query: Query): PlannedCall {
  const { columns, conditions, isCount, rank, limit, expiration } = query;
  const counted = countedIn(query);
  const tested = isCount === true ? [] : conditions.map(({ expression }) => expression);
  const shown = [
    ...columns,
    ...tested,
    ...(counted === undefined || columns.includes('bars') ? [] : ['bars', `share(${counted}) as ${SHARE}`]),
  ];
  const by = rank?.by === DISTANCE ? `abs(${measureOf(columns)})` : bare(columns[0] ?? 'last');
  const isLimited = rank !== undefined || columns.includes('expiration');
  return tableCall(query, {
    columns: [...new Set(shown)].join(', '),
    sort: sortOf(query, by),
    limit: isLimited ? limit : undefined,
    expiration: shown.some(isOfOptions) ? expiration : undefined,
  });
}

/** A row for each day, week or month of a range. */
export function daysCall(query: Query): PlannedCall {
  const { columns, conditions, isAnyOf, rank, limit } = query;
  const where = conditions.map(({ expression }) => (conditions.length > 1 ? `(${expression})` : expression));
  return tableCall(query, {
    columns: columns.join(', '),
    where: where.length === 0 ? undefined : where.join(isAnyOf === true ? ' or ' : ' and '),
    sort: sortOf(query, rank?.by ?? 'changePercent'),
    limit,
    rows: 'bars',
  });
}

const SHARE = 'percentOfSessions';

/** What a session that is on would falsify: averages, closes, and the lowest of what only grows until its close. */
const OF_WHOLE_SESSIONS =
  /^(?:avg|median|stdev)\(|^lowest(?:On)?\((?:volume|relativeVolume|range|rangePercent)\)|^streak$|^(?:highest|lowest)(?:On)?\(close\)/;

/** A session that is on has no outcome yet. */
function isOfFinished({ study, isCount, isDays, occasion, range, columns }: Query): boolean {
  const asksOutcome = study !== undefined || isCount === true || isDays === true;
  return (
    (asksOutcome || columns.some((each) => OF_WHOLE_SESSIONS.test(each))) && occasion === undefined && !isOneDay(range)
  );
}

/** The one condition whose sessions are counted. */
function countedIn({ columns, occasion, isCount }: Query): string | undefined {
  if (isCount !== true) return undefined;
  const counts = columns.flatMap((column) => /^count\((.*)\)$/.exec(column)?.[1] ?? []);
  return counts.length === 1 && occasion === undefined && counts[0]?.includes('), ') === false ? counts[0] : undefined;
}

/** A correlation or beta with one symbol, and one of a table of pairs. */
const OF_RIVAL = /^(?:corr\(changePercent, |beta\()([A-Z]+(?:\.[A-Z]+)*)\b(?!.* as )/;

function tableCall(query: Query, given: Record<string, unknown>): PlannedCall {
  const { range, interval } = query;
  // What the others are related to is no row of its own.
  const named = query.columns.flatMap((column) => OF_RIVAL.exec(column)?.[1] ?? []);
  const symbols = query.symbols.filter((symbol, at) => !named.includes(symbol) && (at === 0 || query.isJoint !== true));
  const sessions = isOfFinished(query) ? 'finished' : undefined;
  const all = { symbols, ...given, range, interval: interval === 'day' ? undefined : interval, sessions };
  return {
    name: 'get_fields',
    arguments: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
  };
}

const sortOf = ({ rank, columns }: Query, by: string): string | undefined =>
  rank?.side !== undefined
    ? `${rank.side === 'above' ? '-' : ''}(${measureOf(columns)})`
    : rank === undefined
      ? undefined
      : rank.order === 'highest'
        ? `-${by}`
        : by;

const isOfNewest = ({ expression }: Condition): boolean => expression.startsWith('newest(');

/** How many there are; of one its day and figure. */
export function sayDays(query: Query, { rows, universe }: TableData, now: EpochMs): Said[] {
  const { symbols, rank, interval = 'day', columns, limit } = query;
  const when = sayPeriod(query, now);
  const noun = barsOf(interval);
  const [only] = rows;
  // Of one session what there is of it.
  if (
    only !== undefined &&
    rows.length === 1 &&
    rank === undefined &&
    columns.some((each) => each.startsWith('ahead('))
  )
    return [
      say`${joinWords(symbols)}, ${sayCounted(query)}${sayBarDate(String(only['date']), interval).replace(/^on/, ':')}: ${joinSaid(
        columns.map((each) =>
          only[each] === undefined
            ? say`${labelOfColumn(each)} not available yet`
            : say`${labelOfColumn(each)} ${figureOf(each, only)}`,
        ),
        ', ',
      )}.`,
    ];
  const kind = sayCounted(query);
  const ofKind = kind === 'of that kind' ? '' : ` ${kind}`;
  const days =
    rows.length > MOST_LISTED ? '' : `, ${joinWords(rows.map((row) => sayBarDate(String(row['date']), interval)))}`;
  if (rank === undefined && rows.length > 0 && rows.length <= MOST_LISTED && query.conditions.every(isOfNewest))
    return [
      say`${joinWords(symbols)}, ${kind}: ${joinSaid(
        rows.map((row) => say`change ${figureOf('changePercent', row)} ${sayBarDate(String(row['date']), interval)}`),
        ', ',
      )}.`,
    ];
  if (rows.length === 0)
    return [
      say`${query.isYesNo === true ? 'No, ' : ''}${joinWords(symbols)}${when}: no such ${interval === 'day' ? 'session' : interval}.`,
    ];
  if (rank === undefined)
    return [
      say`${query.isYesNo === true ? 'Yes, ' : ''}${joinWords(symbols)}${when}: ${String(rows.length)} of ${String(universe ?? rows.length)} ${noun}${ofKind}${days}.`,
    ];
  const by = rank.by ?? columns[0] ?? 'changePercent';
  const told = rows
    .slice(0, Math.min(limit ?? 1, MOST_RANKED))
    .map((row) => say`${figureOf(by, row)} ${sayBarDate(String(row['date']), interval)}`);
  const others = columns.filter(
    (each) => each !== by && (query.fields.includes(each) || (each === 'changePercent' && query.move !== undefined)),
  );
  const beside =
    limit === 1 && only !== undefined
      ? others.map((each) => say`, ${labelOfColumn(each)} ${figureOf(each, only)}`).flat()
      : [];
  return [say`${joinWords(symbols)}${when}: ${rank.order} ${labelOfColumn(by)} ${joinSaid(told, ', ')}${beside}.`];
}

/** What distances are ranked by: in ATRs where they are told so. */
const measureOf = (columns: readonly string[]): string =>
  bare(columns.find((each) => each.endsWith(IN_ATRS)) ?? columns.find((each) => each.endsWith(DISTANCE)) ?? 'change');

/** One line: of one symbol its figures, of several what their table does not say. */
export function sayFigures(query: Query, data: TableData, now: EpochMs): Said[] {
  const [row, ...others] = data.rows;
  if (row === undefined) return [say`No symbol meets the condition.`];
  const when = sayPeriod(query, now);
  const { study } = query;
  if (study !== undefined)
    return data.rows.map((each) =>
      query.columns.some((column) => / as [A-Z]/.test(column))
        ? sayEach(query, study, each, when)
        : sayStudy(query, study, each, when),
    );
  if (countedIn(query) !== undefined) return data.rows.map((each) => sayCount(query, each, when));
  if (query.columns.some((column) => OF_PAIRS.test(column))) return [sayPairs(query, data.rows, when)];
  const isOfOne =
    query.symbols.length === 1 || query.isJoint === true || query.columns.some((column) => OF_RIVAL.test(column));
  if (others.length === 0 && isOfOne) return [sayRow(query, row, when, now)];
  if (query.conditions.length > 0 && query.isCount !== true) return [sayMatches(query, data.rows, when)];
  const between = sayDates(query, data.rows);
  if (query.rank !== undefined) return [sayFirst(query, data.rows, when), ...between];
  return between.length > 0 ? between : [sayAmong(query, data.rows, when)];
}

/** Figures that one sentence compares, and symbols of which one price each is said. */
const MOST_COMPARED = 3;
const MOST_LISTED = 5;

/** Of several symbols who is at the ends of each figure; prices and dates compare nothing, few of them are all said. */
function sayAmong({ columns, symbols, base, fields }: Query, rows: readonly TableRow[], when: string): Said {
  const isThere = (column: string): boolean => rows.some((row) => row[keyOf(column)] !== undefined);
  const labelOfThis = (column: string): string =>
    base !== undefined && keyOf(column) === DISTANCE
      ? `distance from its ${labelOfColumn(base)}`
      : labelOfColumn(column);
  const labels = (of: readonly string[]): string => capitalise(joinWords([...new Set(of.map(labelOfThis))]));
  const asked = columns.filter(
    (each) =>
      !/On\(/.test(each) &&
      !columns.includes(each.replace(/(\d*)$/, 'Percent$1')) &&
      (each !== 'dte' || fields.includes(each)),
  );
  const known = asked.filter(isThere);
  if (known.length === 0) return say`${labels(asked)} of ${joinWords(symbols)}${when}: not available.`;
  const [only = '', ...more] = known;
  const key = keyOf(only);
  if (more.length === 0 && isOfOne(only) && rows.length <= MOST_LISTED)
    return say`${labels(known)}${when}: ${joinSaid(
      rows.map((row) => say`${nameOfRow(row)} ${sayListed(key, row)}`),
      ', ',
    )}.`;
  const compared = more.length === 0 ? known : known.filter((each) => !isOfOne(each));
  const ends = compared.slice(0, MOST_COMPARED).flatMap((each, at) => {
    const said = sayEnds(keyOf(each), rows);
    return said === undefined ? [] : [say`${labels([each])}${at === 0 ? when : ''}: ${said}.`];
  });
  return ends.length === 0 ? say`${labels(known)} of ${joinWords(symbols)}${when}: in the table.` : joinSaid(ends, ' ');
}

function sayListed(key: string, row: TableRow): Said {
  const value = row[key];
  if (value === undefined) return ['not available'];
  if (key === 'streak') return sayStreak(row, 'day');
  return [typeof value === 'string' && isValidDate(value) ? formatDay(value) : figureOf(key, row)];
}

/** `highest NVDA, 53.1%; lowest SPY, 12.0%`, or the one figure that all of them have. */
function sayEnds(key: string, rows: readonly TableRow[]): Said | undefined {
  const ordered = rows
    .filter((row) => typeof row[key] === 'number')
    .toSorted((a, b) => Number(b[key]) - Number(a[key]));
  const [best] = ordered;
  const last = ordered.at(-1);
  if (best === undefined || last === undefined) return undefined;
  if (best[key] === last[key] && (best !== last || rows.length === 1)) return [figureOf(key, best)];
  if (best === last) return say`${nameOfRow(best)}, ${figureOf(key, best)}; of the others not available`;
  const ends = say`highest ${nameOfRow(best)}, ${figureOf(key, best)}; lowest ${nameOfRow(last)}, ${figureOf(key, last)}`;
  const up = ordered.filter((row) => Number(row[key]) > 0).length;
  return key === 'changePercent' ? say`${ends}; ${sayRisen(up, ordered.length)}` : ends;
}

/** Prices, dollars and dates say something of one symbol only. */
function isOfOne(column: string): boolean {
  const unit = findField(/(\w+)(?:, \d+)?\)*$/.exec(bare(column))?.[1] ?? '')?.unit;
  return (
    !/ [-/*] /.test(column) && keyOf(column) !== DISTANCE && (unit === 'usd' || unit === 'date' || column === 'streak')
  );
}

/** With its expiration where a symbol has a row for each. */
function nameOfRow({ symbol, expiration }: TableRow): string {
  return typeof expiration === 'string' ? `${symbol} ${formatDay(expiration)}` : symbol;
}

/** The day itself or the next session in a direction. */
function sessionFrom(date: IsoDate, step: 1 | -1): IsoDate {
  return isTradingDay(date) ? date : sessionFrom(addDays(date, step), step);
}

/** Days and months as sentences write them: `next Friday`, `Dec 18`. */
function withCapital(expiration: string): string {
  const name = /\b(?:mon|tues|wednes|thurs|fri)day\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/;
  return expiration.replace(name, capitalise);
}

/** ` from Thu 1 Oct 2026 to Fri 30 Oct 2026`, ` for Dec 18`. */
function sayPeriod(query: Query, now: EpochMs): string {
  const { range, expiration, columns, interval = 'day' } = query;
  const isOption = columns.some(isOfOptions);
  // Of several dates each has its row.
  const isOne = expiration !== undefined && isOption && !/\.\.|,/.test(expiration);
  const date = isOne && isValidDate(expiration) ? formatDay(expiration) : withCapital(expiration ?? '');
  const expiring = isOne ? ` ${isAroundEarnings(expiration) ? '' : 'for '}${date}` : '';
  if (range === undefined && isIntraday(interval)) return ` on ${String(INTRADAY_MINUTES[interval])}-minute bars`;
  if (range === undefined) return expiring;
  try {
    const hours = resolveHours(range, now);
    if (hours !== undefined) return ` on ${formatDay(hours.date)} from ${hours.label}`;
    if (parseRangePhrase(range) === undefined) return expiring;
    const resolved = resolveRange(range, now);
    const finished = lastFinishedBar(now, interval);
    const isFinished = isOfFinished(query);
    const isCut = isFinished && finished >= resolved.from && finished < resolved.to;
    const isOn = isFinished && finished < resolved.from ? ' (the session that is on, none is finished)' : '';
    const to = sessionFrom(isCut ? finished : resolved.to, -1);
    const [from = to] =
      resolved.sessions === undefined ? [sessionFrom(resolved.from, 1)] : lastTradingDays(resolved.sessions, to);
    return `${from === to ? ` on ${formatDay(from)}` : ` from ${formatDay(from)} to ${formatDay(to)}`}${isOn}${expiring}`;
  } catch (error) {
    if (isFinError(error)) return expiring;
    throw error;
  }
}

/** `TSLA at 233.41 is above its range on …, 223.88 to 226.59; since then …`: of both ends of a range and the price. */
function sayPlace({ columns }: Query, row: TableRow, when: string): Said | undefined {
  const [high, low, last] = [row['high'], row['low'], row['now(last)']];
  if (typeof high !== 'number' || typeof low !== 'number' || typeof last !== 'number') return undefined;
  const [most, least] = [Number(row['now(high)']), Number(row['now(low)'])];
  const where = last > high ? 'above' : last < low ? 'below' : 'inside';
  const broken = [most > high ? 'above' : '', least < low ? 'below' : ''].filter(Boolean);
  const broke = broken.length === 0 ? 'not been broken' : `been broken ${broken.join(' and ')}`;
  const told = columns.includes('now(high)')
    ? say`; it has ${broke}: high of the day ${figureOf('now(high)', row)}, low ${figureOf('now(low)', row)}`
    : '';
  return say`${row.symbol} at ${figureOf('now(last)', row)} is ${where} its range${when}, ${figureOf('low', row)} to ${figureOf('high', row)}${told}.`;
}

function sayRow(query: Query, row: TableRow, when: string, now: EpochMs): Said {
  const placed = query.range === undefined ? undefined : sayPlace(query, row, when);
  if (placed !== undefined) return placed;
  if (query.base !== undefined && row['profit'] !== undefined) return sayProfit(query, row, when);
  if (query.base !== undefined) return query.isTarget === true ? sayTarget(query, row) : sayDistance(query, row, when);
  if (query.conditions.length > 0 && query.isCount !== true) return sayTruth(query, row, when, now);
  const { interval = 'day' } = query;
  return say`${whoOf(query, row)}${when}${interval === 'day' ? '' : `, by ${interval}`}: ${listFigures(query, row, now)}${sayFill(query, row)}.`;
}

/** Whether the bar came back over its gap: of a gap whose bar is shown. */
function sayFill({ columns }: Query, row: TableRow): string {
  const [open, before, low, high] = [row['open'], row['previousClose'], row['low'], row['high']];
  if (!columns.includes('gapPercent') || typeof open !== 'number' || typeof before !== 'number') return '';
  if (typeof low !== 'number' || typeof high !== 'number' || open === before) return '';
  return `; the gap is ${(open > before ? low <= before : high >= before) ? 'filled' : 'not filled'}`;
}

/** `sessions`, `weeks` */
const barsOf = (interval: Query['interval'] = 'day'): string => (interval === 'day' ? 'sessions' : `${interval}s`);

/** What is counted: its conditions, by the words of the sessions that are asked about, else days up or down. */
function sayCounted({ conditions, move, study }: Query): string {
  const worded = (each: Condition): Condition =>
    study?.given.find(({ expression }) => expression === each.expression) ?? each;
  const said = conditions.map((each) => sayOfSession(worded(each))).filter((text) => !/^with\s*$/.test(text));
  return [...new Set(said)].join(' and ') || (move === 'up' ? 'up' : move === 'down' ? 'down' : 'of that kind');
}

/** `12 of 63 sessions up (19.05%)` */
function sayCount(query: Query, row: TableRow, when: string): Said {
  const [column = ''] = query.columns.filter((each) => each.startsWith('count('));
  const noun = barsOf(query.interval);
  if (row[column] === undefined) return say`${row.symbol}${when}: ${noun} ${sayCounted(query)}: not available.`;
  return say`${whoOf(query, row)}${when}: ${figureOf(column, row)} of ${figureOf('bars', row)} ${noun} ${sayCounted(query)} (${calculated(SHARE, row, query.columns.includes('bars') ? 'percent' : 'fraction')}).`;
}

/** On whose days something was so: of both at once, or of the row's. */
const whoOf = ({ isJoint, symbols }: Query, row: TableRow): string =>
  isJoint === true ? joinWords(symbols) : row.symbol;

/** Fewer sessions say little. */
const FEW_CASES = 10;

/** `PLTR from …, 1 session after those down 3 closes in a row: 9 of 17 up (52.94%), average change 0.41%.` */
function sayStudy(query: Query, study: Study, row: TableRow, when: string): Said {
  const { lag = 0, given, hits, aggregates, measures } = study;
  const words = [...new Set(given.map(sayOfSession))].join(' and ');
  const isNewest = given.some(({ expression }) => expression.startsWith('newest('));
  const after =
    lag === 0
      ? `, ${isNewest ? '' : 'sessions '}${words}`
      : `, ${String(lag)} session${lag === 1 ? '' : 's'} after those ${words}`;
  const lead = say`${row.symbol}${isNewest ? '' : when}${words === '' ? '' : after}`;
  const { cases } = row;
  if (typeof cases !== 'number') return say`${lead}: not available.`;
  if (cases === 0) return say`${lead}: no such session.`;
  const few = cases < FEW_CASES ? ' (few cases)' : '';
  const told = [...new Set(hits.map(sayOfSession))].join(' and ');
  const counted =
    told === ''
      ? say`${countIn('cases', row)} session${cases === 1 ? '' : 's'}${few}`
      : say`${countIn('hits', row)} of ${countIn('cases', row)}${few} ${told} (${calculated('share', row, 'fraction')})`;
  const figures = measures.flatMap((measure) =>
    aggregates.flatMap((aggregate) => {
      const key = keyOfMeasure(aggregate, measure);
      if (columnOfKey(query, key) === '') return [];
      const on = row[`${key}On`];
      const day = typeof on === 'string' ? ` ${sayBarDate(on, query.interval)}` : '';
      return [say`${aggregate} ${labelOfMeasure(measure)} ${calculated(key, row, unitOf(measure))}${day}`];
    }),
  );
  return say`${lead}: ${joinSaid([counted, ...figures], ', ')}.`;
}

const columnOfKey = ({ columns }: Query, key: string): string =>
  columns.find((each) => each.endsWith(` as ${key}`)) ?? '';
const countIn = (key: string, row: TableRow): SaidFigure | string => calculated(key, row, 'count');

function labelOfMeasure(measure: string): string {
  const sessions = /^roc(\d+)$/.exec(measure)?.[1];
  return sessions === undefined ? labelOfColumn(measure) : `change over ${sessions} sessions`;
}

/** Each weekday or month, and which of them has the most. */
function sayEach(query: Query, study: Study, row: TableRow, when: string): Said {
  const keys = query.columns
    .flatMap((column) => / as ([A-Z]\w+)$/.exec(column)?.[1] ?? [])
    .filter((key) => typeof row[key] === 'number');
  const [measure = 'changePercent'] = study.measures;
  const isShare = columnOfKey(query, keys[0] ?? '').startsWith('share(');
  const unit = isShare ? 'fraction' : unitOf(measure);
  const what = isShare
    ? `share ${study.hits.map(sayOfSession).join(' and ')}`
    : `${study.aggregates[0] ?? 'average'} ${labelOfMeasure(measure)}`;
  const told = (key: string): Said => {
    const n = row[`sessions${key}`];
    return say`${labelOfName(key)} ${calculated(key, row, unit)}${typeof n === 'number' ? say` (${countIn(`sessions${key}`, row)} sessions)` : []}`;
  };
  const lead = say`${row.symbol}${when}: ${what}`;
  const [most, ...others] = keys.toSorted((a, b) => Number(row[b]) - Number(row[a]));
  const least = others.at(-1);
  if (most === undefined || least === undefined) return say`${lead}: not available.`;
  return study.per === undefined
    ? say`${lead}: ${joinSaid(keys.map(told), ', ')}.`
    : say`${lead}: highest ${told(most)}; lowest ${told(least)}.`;
}

/** `RSI 14 64.02, SMA 50 385.20`; a highest or lowest figure with its day. */
function listFigures(query: Query, row: TableRow, now: EpochMs): Said {
  const { columns, interval = 'day' } = query;
  const shown = columns.filter((column) => !/^(?:highest|lowest)On\(/.test(column) || columns.length === 1);
  /** The figure of the same in percent: in parentheses behind its dollars. */
  const shareOf = (column: string): string | undefined => {
    const share = column.replace(/(\d*)$/, 'Percent$1');
    return shown.includes(share) && row[column] !== undefined && row[share] !== undefined ? share : undefined;
  };
  const shares = shown.map(shareOf);
  const missing = new Set<string>();
  const parts = shown.flatMap((column): Said[] => {
    if (shares.includes(column)) return [];
    const key = keyOf(column);
    const label = labelListed(query, column);
    if (row[key] === undefined && /^(?:first|last)On\(/.test(column)) return [say`no session ${sayCounted(query)}`];
    if (row[key] === undefined && column === 'drawdownRecovery') return [say`not back at its peak yet`];
    if (row[key] === undefined) return missing.has(label) ? [] : (missing.add(label), [say`${label} is not available`]);
    if (column === 'exDividend' && String(row[key]) < exchangeDateOf(now))
      return [say`last ex-dividend ${formatDay(String(row[key]))}, the next one not announced`];
    if (column === 'nextEarnings' && isProjected(query.notes ?? [], row.symbol))
      return [say`${label} ${formatDay(String(row[key]))} (projected)`];
    if (column === 'streak') return [say`${sayStreak(row, interval, query.streakOf)}${sayThrough(query, now)}`];
    const day = /\(\w+\)$/.test(key) ? sayDayOf(key, row, interval) : '';
    const value = row[key];
    const share = shareOf(column);
    const inPercent = share === undefined ? '' : say` (${figureOf(share, row)})`;
    return [
      say`${label} ${typeof value === 'string' ? (sayMoment(value) ?? (isValidDate(value) ? formatBarDate(value, interval) : value)) : figureOf(key, row)}${inPercent}${day}${saySince(query, column, value, now)}`,
    ];
  });
  return joinSaid(parts, ', ');
}

/** `last session above its SMA 50:`, `sessions up:`, `RSI 14` */
function labelListed(query: Query, column: string): string {
  const noun = barsOf(query.interval);
  if (/^(?:first|last)On\(/.test(column))
    return `${column.startsWith('first') ? 'first' : 'last'} ${noun.slice(0, -1)} ${sayCounted(query)}:`;
  if (!column.startsWith('count(') || column.includes(' as ')) return labelOfColumn(column);
  const isOfWay = /^count\(change [<>] 0\)$/.test(column);
  return `${noun} ${isOfWay ? (column.includes('>') ? 'up' : 'down') : sayCounted(query)}:`;
}

/** `, above it since Mon Aug 24, 2026`: what holds after the last session on which a price was on the other side. */
function saySince({ conditions, interval = 'day' }: Query, column: string, last: unknown, now: EpochMs): string {
  const [{ left = '', operator = '', right = '' } = {}, ...more] = conditions;
  const other = { '<': 'at or above', '<=': 'above', '>': 'at or below', '>=': 'below' }[operator];
  const isOfPrice = /^(?:last|close)$/.test(left) && more.length === 0;
  if (!column.startsWith('lastOn(') || typeof last !== 'string' || !isValidDate(last) || other === undefined) return '';
  if (interval !== 'day' || !isOfPrice) return '';
  const since = sessionFrom(addDays(last, 1), 1);
  return since > exchangeDateOf(now)
    ? `, so not ${other} it now`
    : `, ${other} ${Number.isFinite(Number(right)) ? right : 'it'} since ${formatDay(since)}`;
}

/** `up 3 sessions in a row` */
function sayStreak({ streak, symbol }: TableRow, interval: Query['interval'], of?: 'up' | 'down'): Said {
  const value = Number(streak);
  if (of !== undefined && value !== 0 && value > 0 !== (of === 'up'))
    return say`no ${of} streak: ${sayStreak({ streak: value, symbol }, interval)}`;
  const figure: SaidFigure = { field: 'streak', value, symbol, isSize: true };
  const bars = Math.abs(value) === 1 ? barsOf(interval).slice(0, -1) : `${barsOf(interval)} in a row`;
  return value === 0 ? ['unchanged'] : say`${value > 0 ? 'up' : 'down'} ${figure} ${bars}`;
}

/** A session that is on has not closed: it counts in no streak. */
function sayThrough({ range, interval = 'day' }: Query, now: EpochMs): string {
  return range === undefined && !isIntraday(interval) ? ` through ${formatDay(lastFinishedBar(now, interval))}` : '';
}

/** `QQQ is 6.77% below its 52-week high: 589.72 against 632.57.` */
function sayDistance(query: Query, row: TableRow, when: string): Said {
  const nearer = sayNearer(query, row);
  if (nearer !== undefined) return nearer;
  const { base = '', columns } = query;
  const distance = row[DISTANCE];
  const isPrice = Number.isFinite(Number(base));
  const what = isPrice ? base : `its ${labelOfColumn(base)}${when}`;
  if (typeof distance !== 'number') return say`${row.symbol}: its distance from ${what} is not available.`;
  const last = figureOf(columns[0] ?? 'last', row);
  const day = row['recordCloseOn'] === undefined ? '' : ` on ${formatDay(String(row['recordCloseOn']))}`;
  const prices: Said = isPrice ? say`${last}` : say`${last} against ${figureOf(base, row)}${day}`;
  if (distance === 0) return say`${row.symbol} is at ${what}: ${prices}.`;
  const size: SaidFigure = { field: 'calculation', value: distance, unit: 'percent', symbol: row.symbol, isSize: true };
  const { inAtrs } = row;
  const unit = labelOfColumn(columns.find((each) => /^atr\d/.test(each)) ?? 'atr14');
  const times: SaidFigure = { ...size, value: Number(inAtrs), unit: 'ratio' };
  const measured = typeof inAtrs === 'number' ? say`, ${times} times its ${unit}` : [];
  return say`${row.symbol} is ${size} ${distance < 0 ? 'below' : 'above'} ${what}: ${prices}${measured}.`;
}

/** `DIS: 200 shares from 108 to 123.71: profit 3,142.00 (+14.55%), value 24,742.00.` */
function sayProfit({ base = '', quantity, amount, isTarget, supposed }: Query, row: TableRow, when: string): Said {
  const last =
    supposed === undefined ? figureOf(row['last'] === undefined ? 'now(last)' : 'last', row) : String(supposed);
  const paid: Said = Number.isFinite(Number(base)) ? say`${base}` : say`${figureOf(base, row)}`;
  const [from, to] = isTarget === true ? [last, paid] : [paid, last];
  const lot = quantity === undefined ? `$${String(amount)}` : `${String(quantity)} shares`;
  // Of a short sale the price's own change would read as a loss.
  const inPercent = (quantity ?? 0) < 0 ? [] : say` (${figureOf(DISTANCE, row)})`;
  const word = Number(row['profit']) < 0 ? 'loss' : 'profit';
  return say`${row.symbol}${when}: ${lot} from ${from} to ${to}: ${word} ${figureOf('profit', row)}${inPercent}, value ${figureOf('value', row)}.`;
}

/** `TSLA is closer to its SMA 50, 1.20% above 355.10; its SMA 200, 340.20, is 5.63% below it.` */
function sayNearer({ base = '', alsoBases: [other = ''] = [], columns }: Query, row: TableRow): Said | undefined {
  const sides = [
    { level: base, distance: row[DISTANCE] },
    ...columns.flatMap((each) => (each.endsWith(`, ${other})`) ? [{ level: other, distance: row[each] }] : [])),
  ].filter((each): each is { level: string; distance: number } => typeof each.distance === 'number');
  const [near, far, ...more] = sides.toSorted((a, b) => Math.abs(a.distance) - Math.abs(b.distance));
  if (near === undefined || far === undefined || more.length > 0 || other === '') return undefined;
  const said = ({ level, distance }: typeof near): Said => {
    const size: SaidFigure = {
      field: 'calculation',
      value: distance,
      unit: 'percent',
      symbol: row.symbol,
      isSize: true,
    };
    return say`its ${labelOfColumn(level)} ${figureOf(level, row)}, ${size} ${distance < 0 ? 'below' : 'above'} it`;
  };
  return say`${row.symbol} at ${figureOf(columns[0] ?? 'last', row)} is closer to ${said(near)}, than to ${said(far)}.`;
}

/** `From 437.11 to 420 NVDA has -17.11 to go, -3.91%.` */
function sayTarget({ base = '', columns }: Query, row: TableRow): Said {
  const points = columns[1] ?? '';
  if (row[points] === undefined) return say`${row.symbol}: the distance to ${base} is not available.`;
  const goal = Number.isFinite(Number(base)) ? base : `its ${labelOfColumn(base)}`;
  return say`${row.symbol} at ${figureOf('last', row)}: to ${goal} it is ${figureOf(points, row)}, ${figureOf(DISTANCE, row)}${Number.isFinite(Number(base)) ? '' : `, ${Number(row[points]) < 0 ? 'below' : 'above'} the price`}.`;
}

/** `Yes, NVDA is above its SMA 50 and above its SMA 200: last 437.11, SMA 50 364.66, SMA 200 308.17.` */
function sayTruth(query: Query, row: TableRow, when: string, now: EpochMs): Said {
  const { conditions } = query;
  if (conditions.every(({ expression }) => row[expression] === undefined))
    return say`${row.symbol}: a figure of the condition is not available.`;
  const holds = fulfills(query, row);
  // What holds of several alternatives, else all that was asked.
  const told = query.isAnyOf && holds ? conditions.filter(({ expression }) => row[expression] === true) : conditions;
  const touched = touchedIn(told);
  if (touched !== undefined)
    return say`${holds ? 'Yes' : 'No'}, ${row.symbol} ${holds ? 'touched' : 'did not touch'} ${touched}${when}: ${listFigures(query, row, now)}.`;
  const parts = told.flatMap((each, at) => {
    // "inside day" is one word for two conditions.
    const sameWord = told.filter(({ word }) => word !== undefined && word === each.word);
    if (sameWord.length > 1 && told.indexOf(sameWord[0] as Condition) !== at) return [];
    const isMet = (sameWord.length > 1 ? sameWord : [each]).every((own) => row[own.expression] === true);
    return [saidTruth(each, isMet, row)];
  });
  const claim = parts.join(' and ').replaceAll(' and is ', ' and ');
  // "rising or falling" is answered by one of them.
  const isTrend = query.isYesNo !== true && conditions.some(({ right = '' }) => right.startsWith('ago('));
  return say`${isTrend ? '' : holds ? 'Yes, ' : 'No, '}${row.symbol}${claim.startsWith("'s ") ? '' : ' '}${claim.replaceAll(" and 's ", ' and its ')}${when}: ${listFigures(query, row, now)}.`;
}

/** `is not above its SMA 50`, `'s RSI 14 is above 70`, `did not gap up`. */
function saidTruth(each: Condition, isMet: boolean, row: TableRow): string {
  const { word = '', operator = '', left = '', right = '', expression } = each;
  const not = isMet ? '' : 'not ';
  const [, gap] = word === '' ? [] : (/^gapPercent ([<>]) 0$/.exec(expression) ?? []);
  if (gap !== undefined) return `${isMet ? 'gapped' : 'did not gap'} ${gap === '<' ? 'down' : 'up'}`;
  if (IS_HAD.test(word)) return `has ${isMet ? word : word.replace(/^an?/, 'no')}`;
  if (left === 'last' && operator.startsWith('crossed'))
    return `has ${not}${sayCondition(each)}${isMet ? '' : sayStands(each, row)}`;
  if (isOfSymbol(each)) return `is ${not}${sayCondition(each)}`;
  const [, trended] = /^ago\((\w+), \d+\)$/.exec(right) ?? [];
  if (trended === left) {
    const [now, then] = [Number(row[left]), Number(row[right])];
    return `'s ${labelOfColumn(left)} is ${now > then ? 'rising' : now < then ? 'falling' : 'flat'}`;
  }
  const has = operator.startsWith('crossed') ? 'has' : 'is';
  return `'s ${sayCondition(each, `${has} ${not}`)}`;
}

/** `high >= 600 and low <= 600` */
function touchedIn([above, below, ...more]: readonly Condition[]): string | undefined {
  const isPair = above?.operator === '>=' && below?.operator === '<=' && above.right === below.right;
  const isOfBar = /high\)?$/.test(above?.left ?? '') && /low\)?$/.test(below?.left ?? '');
  return isPair && isOfBar && more.length === 0 ? labelOfColumn(above.right ?? '') : undefined;
}

/** ` on the day, but is above it`: of a cross that was before. */
function sayStands({ left = '', right = '', operator = '' }: Condition, row: TableRow): string {
  const [value, level] = [row[left], row[right]];
  if (typeof value !== 'number' || typeof level !== 'number' || value === level) return '';
  const side = value > level ? 'above' : 'below';
  return operator.endsWith(side) || operator === 'crossed' ? ` on the day, but is ${side} it` : '';
}

function fulfills({ conditions, isAnyOf }: Query, row: TableRow): boolean {
  const holds = ({ expression }: Condition): boolean => row[expression] === true;
  return isAnyOf === true ? conditions.some(holds) : conditions.every(holds);
}

/** `Above its SMA 50: NVDA and AMD, 2 of 3.` */
function sayMatches(query: Query, rows: readonly TableRow[], when: string): Said {
  const matching = rows.filter((row) => fulfills(query, row));
  const said = new Set(query.conditions.map((each) => sayCondition(each)));
  const title = capitalise([...said].join(query.isAnyOf ? ' or ' : ' and '));
  const all = String(rows.length);
  if (matching.length === 0) return say`${title}${when}: none of the ${all}.`;
  // Of one symbol at several expirations: the table marks them.
  const isOfDates = rows.every(({ symbol }) => symbol === rows[0]?.symbol);
  const named = isOfDates ? `expirations of ${rows[0]?.symbol ?? ''}` : joinWords(matching.map(({ symbol }) => symbol));
  return say`${title}${when}: ${named}, ${String(matching.length)} of ${all}.`;
}

function sayFirst(query: Query, rows: readonly TableRow[], when: string): Said {
  const { rank, columns, base, interval } = query;
  // The table has the others, unless the order itself was asked for.
  const { limit = rank?.isList === true || rows.length === 2 ? MOST_RANKED : 1 } = query;
  const column = rank?.by === DISTANCE ? DISTANCE : keyOf(columns[0] ?? '');
  const [first] = rows.filter((row) => row[column] !== undefined);
  const label = base === undefined ? labelOfColumn(columns[0] ?? '') : `its ${labelOfColumn(base)}`;
  if (first === undefined) return say`${capitalise(label)}: not available for any of them.`;
  if (rank?.by === DISTANCE) return sayNearest(query, label, first, sayNext(rows, DISTANCE, limit));
  // Of one symbol at several expirations the date says which row it is.
  const date = first['expiration'];
  const isOfDates = rows.length > 1 && typeof date === 'string' && rows.every(({ symbol }) => symbol === first.symbol);
  const who = isOfDates ? `${first.symbol} expiring ${formatDay(date)}` : first.symbol;
  // The change of a bar: that of the period is another.
  const size = SIZED[interval ?? 'day'] ?? 'daily';
  const lead = /^(?:highest|lowest) /.test(label)
    ? capitalise(label.replace(/ change$/, ` ${size} change`))
    : `${endsOf(column, first)[rank?.order === 'lowest' ? 0 : 1]} ${label}`;
  const beside = isOfDates ? [] : sayNext(rows, column, limit);
  return say`${withAnswer(query, first, lead)}${when}: ${who}, ${figureOf(column, first)}${sayDayOf(column, first, interval)}${beside}.`;
}

/** A drawdown is counted below 0: the smallest is the highest figure. */
const endsOf = (column: string, row: TableRow): readonly [low: string, high: string] =>
  column === 'maxDrawdown'
    ? ['Largest', 'Smallest']
    : typeof row[column] === 'string'
      ? ['First', 'Last']
      : ['Lowest', 'Highest'];

/** `Nearest to its SMA 50: NVDA, 1.20%; AMD 2.40%.` */
function sayNearest(query: Query, label: string, first: TableRow, next: Said): Said {
  const { side, order } = query.rank ?? {};
  const inAtrs = typeof first[IN_ATRS] === 'number' ? say`, ${figureOf(IN_ATRS, first)} times its ATR` : [];
  const isOther = side !== undefined && Number(first[DISTANCE]) > 0 !== (side === 'above');
  if (isOther) return say`None is ${side} ${label}; nearest ${first.symbol}, ${figureOf(DISTANCE, first)}.`;
  const lead = order === 'lowest' ? 'Nearest to' : side === undefined ? 'Farthest from' : `Farthest ${side}`;
  return say`${withAnswer(query, first, `${lead} ${label}`)}: ${first.symbol}, ${figureOf(DISTANCE, first)}${inAtrs}${next}.`;
}

/** Those behind the first, in order. */
function sayNext(rows: readonly TableRow[], column: string, limit: number): Said {
  const known = rows.filter((row) => row[column] !== undefined).slice(1, Math.min(limit, MOST_RANKED));
  return known.length === 0
    ? []
    : say`; ${joinSaid(
        known.map((row) => say`${row.symbol} ${figureOf(column, row)}`),
        ', ',
      )}`;
}

/** "did SMH beat SPY": yes where the first one asked about is the first one of all. */
function withAnswer({ isYesNo, isAnyOf, isWhich, symbols }: Query, { symbol }: TableRow, lead: string): string {
  return isYesNo !== true || isAnyOf === true || isWhich === true || symbols.length < 2
    ? lead
    : `${symbol === symbols[0] ? 'Yes' : 'No'}, ${withoutCapital(lead)}`;
}

/** ` on Thu Oct 22, 2026`: of the highest or lowest figure of a range, where the row has it. */
function sayDayOf(key: string, row: TableRow, interval: Query['interval']): string {
  const on = row[key.replace(/^(highest|lowest)\(/, '$1On(')];
  return /^(?:highest|lowest)\(/.test(key) && typeof on === 'string' ? ` ${sayBarDate(on, interval)}` : '';
}
