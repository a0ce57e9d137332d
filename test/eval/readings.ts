// Whether the planner's query is the reading that a stranger wrote down: slot by slot, with the spellings that mean the same.
import type { Query } from '../../src/agent/planner/query.ts';
import { contractColumns } from '../../src/agent/planner/contracts.ts';
import { isTradingDay, monthlyExpirationOf, weeklyExpirationOf } from '../../src/domain/calendar.ts';
import { monthNumber } from '../../src/domain/date-words.ts';
import { resolveRange } from '../../src/domain/date-phrases.ts';
import { addDays, daysBetween, exchangeDateOf } from '../../src/domain/exchange-time.ts';
import { parseExpirationPhrase, resolveExpirations } from '../../src/domain/expirations.ts';
import { findField } from '../../src/fields/registry.ts';
import { type Scan, type ScanName, SCANS } from '../../src/fields/presets.ts';

/** As the writers' brief has it. */
export interface Reading {
  ask?: string;
  symbols?: string[];
  fields?: string[];
  period?: { from?: string; to?: string; phrase?: string; interval?: string } | null;
  interval?: string;
  expiration?: string | string[] | { from: string; to: string };
  side?: string;
  strikes?: number | 'atm' | number[] | { from: number; to: number };
  delta?: number | { from: number; to: number };
  condition?: string;
  rank?: string;
  limit?: number;
  parts?: Reading[];
}

/** The first slot that differs, or undefined where the query is the reading. */
export function describeMismatch(
  queries: readonly Query[],
  reading: Reading,
  now: number,
  note: string,
): string | undefined {
  const wanted = reading.parts ?? [reading];
  const told = queries.filter(({ form }) => form !== 'social' || wanted.length === queries.length);
  if (reading.parts === undefined && told.length > 1) {
    // Several tables may make one reading: one of them must be it.
    const whole = joined(told, reading, now);
    const all = [...(whole === undefined ? [] : [whole]), ...told].map((query) =>
      mismatchOf(query, { ...reading }, now, note),
    );
    if (all.some((each) => each === undefined)) return undefined;
    return isSpread(told, reading, now, note) ? undefined : all[0];
  }
  if (wanted.length > told.length && told.length === 1) {
    // One table may answer several parts.
    const [table] = told as [Query];
    const named = wanted.flatMap(({ symbols = [] }) => symbols.map(fundOf));
    const isWhole = table.symbols.every((symbol) => named.includes(fundOf(symbol)));
    const own = (part: Reading): Query =>
      isWhole && part.symbols !== undefined
        ? { ...table, symbols: table.symbols.filter((each) => part.symbols?.map(fundOf).includes(fundOf(each))) }
        : table;
    const all = wanted.map((part) => mismatchOf(own(part), part, now, note));
    return all.find((each) => each !== undefined);
  }
  if (wanted.length > told.length && told.length > 1) {
    const answers = (query: Query, part: Reading): boolean => mismatchOf(query, part, now, note) === undefined;
    const open = wanted.find((part) => !told.some((query) => answers(query, part)));
    if (open !== undefined) return mismatchOf(told[0] as Query, open, now, note);
    if (told.every((query) => wanted.some((part) => answers(query, part)))) return undefined;
  }
  if (wanted.length !== told.length) return `parts: ${String(told.length)} of ${String(wanted.length)}`;
  // Parts may be told in any order; a table that would answer two is left to the one that no other answers.
  return mismatchOfParts(wanted, told, now, note);
}

function mismatchOfParts(
  [part, ...others]: Reading[],
  left: readonly Query[],
  now: number,
  note: string,
): string | undefined {
  if (part === undefined) return undefined;
  const whys = left.map(
    (query, at) =>
      mismatchOf(query, part, now, note) ??
      mismatchOfParts(
        others,
        left.filter((_query, index) => index !== at),
        now,
        note,
      ),
  );
  return whys.includes(undefined) ? undefined : whys[0];
}

/** Every figure of the reading stands in some table that is right in all else. */
function isSpread(told: readonly Query[], reading: Reading, now: number, note: string): boolean {
  const { fields = [] } = reading;
  const has = (field: string): boolean =>
    told.some((query) => {
      // A figure of an expiration has no strike.
      const { strikes: _strikes, side: _side, ...ofDate } = reading;
      const own = query.form === 'figures' ? ofDate : reading;
      return mismatchOf(query, { ...own, fields: [field] }, now, note) === undefined;
    });
  return fields.length > 1 && reading.condition === undefined && reading.rank === undefined && fields.every(has);
}

/** Tables of periods or expirations beside each other that a reading names together. */
function joined(told: readonly Query[], reading: Reading, now: number): Query | undefined {
  const [first] = told as [Query];
  const kindOf = ({ form }: Query): string => (form === 'bars' ? 'figures' : form);
  if (told.some((each) => kindOf(each) !== kindOf(first) || each.symbols.join() !== first.symbols.join()))
    return undefined;
  const wanted = spellExpiration(reading.expiration) ?? '';
  const listed = wanted.split(/, ?/);
  if (listed.length > 1 && told.every(({ expiration }) => expiration !== undefined)) {
    const dates = told.map(({ expiration = '' }) => resolveDates(expiration, now)[0]);
    return listed.every((date) => dates.includes(date)) ? { ...first, expiration: wanted } : undefined;
  }
  // The same of now and of a day: from then until today.
  const isSame = told.every(({ columns }) => columns.join() === first.columns.join() && columns.length > 0);
  const ranges = told.map(({ range = isSame ? 'today' : undefined }) =>
    range === undefined ? undefined : tryRange(range, now),
  );
  const phrases = (reading.period?.phrase ?? '').split(/[;,] ?/).map((each) => tryRange(each, now));
  if (ranges.some((each) => each === undefined)) return undefined;
  const known = ranges as { from: string; to: string }[];
  const { interval: _interval, ...bare } = first;
  if (phrases.length > 1 && phrases.every((each) => known.some((one) => one.from === each?.from && one.to === each.to)))
    return { ...bare, range: first.range as string, isJoined: true } as never;
  const [from, to] = [
    known.map((each) => each.from).sort()[0] ?? '',
    known
      .map((each) => each.to)
      .sort()
      .at(-1) ?? '',
  ];
  return {
    ...bare,
    range: `${from} to ${to}`,
    ...((reading.interval ?? reading.period?.interval) === undefined
      ? {}
      : { interval: reading.interval ?? reading.period?.interval }),
  } as never;
}

const FORMS_OF: Readonly<Record<string, readonly string[]>> = {
  expirations: ['expirations', 'expiry', 'figures'],
  levels: ['levels'],
  technicals: ['technicals', 'indicators', 'figures'],
  market: ['market', 'holidays'],
  calendar: ['market', 'holidays', 'expiry', 'expirations'],
  definition: ['definition'],
  social: ['social'],
  chain: ['chain', 'contract', 'figures', 'walls'],
  contract: ['contract', 'chain', 'figures', 'strategy'],
  volatility: ['volatility', 'figures'],
  strategy: ['strategy'],
  scan: ['scan'],
  history: ['bars', 'figures', 'days', 'quote'],
  refuse: [],
};

function mismatchOf(query: Query, reading: Reading, now: number, note: string): string | undefined {
  const { ask = 'figure' } = reading;
  if (ask === 'refuse') return mayShow(query, reading, note) ? undefined : 'should be refused';
  const forms = FORMS_OF[ask];
  // The straddle at the money has a figure of its own.
  const isStraddle = ask === 'strategy' && query.form === 'figures' && query.columns.join() === 'straddle';
  if (forms !== undefined && !forms.includes(query.form) && !isStraddle) return `form: ${query.form} for ${ask}`;
  // A technical analysis of named indicators is their figures.
  if (ask === 'technicals' && query.form === 'figures' && (reading.fields ?? []).length === 0)
    return `form: figures for technicals`;
  // An overview has the quote, and the writer takes it.
  if (query.form === 'overview' && /overview also fine/.test(note)) return mismatchOfSymbols(query, reading);
  if (['market', 'definition', 'social'].includes(ask)) return undefined;
  if (ask === 'calendar' && (query.form === 'market' || query.form === 'holidays')) return undefined;
  return (
    mismatchOfSymbols(query, reading) ??
    mismatchOfPeriod(query, reading, now, note) ??
    mismatchOfInterval(query, reading, note) ??
    mismatchOfOptions(query, reading, now) ??
    mismatchOfFields(query, reading) ??
    mismatchOfCondition(query, reading, note) ??
    mismatchOfRank(query, reading)
  );
}

/** The writer says that figures beside a refusal are right too. */
function mayShow({ symbols, form, fields }: Query, reading: Reading, note: string): boolean {
  // Writers believed that the sample market has no events and no headlines; it has, and shows them.
  const isOfEvents =
    form === 'events' || fields.some((name) => /^(?:nextEarnings|exDividend|dividendYield)$/.test(name));
  if (isOfEvents && /sample|source|provider|lack|no data/i.test(note)) return true;
  if (form === 'news' && /news|headline/i.test(note)) return true;
  const names = reading.symbols === undefined || reading.symbols.every((symbol) => symbols.includes(symbol));
  return names && /accept|also right|is fine|also fine|may show|may be shown|offered|or show/.test(note);
}

/** An index and the fund that follows it: what people call by the index's name. */
const FUNDS: Readonly<Record<string, string>> = { SPX: 'SPY', RUT: 'IWM', NDX: 'QQQ', DJI: 'DIA' };
const fundOf = (symbol: string): string => FUNDS[symbol] ?? symbol;

function mismatchOfSymbols(query: Query, { symbols: wanted, condition = '' }: Reading): string | undefined {
  if (wanted === undefined) return undefined;
  // A contract's own symbol begins with that of its stock.
  if (wanted.length === 1 && wanted[0]?.startsWith(query.symbols.join()) === true && /\d{6}[CP]\d{8}$/.test(wanted[0]))
    return undefined;
  // "the top one": which symbol that is, a table of one row tells.
  if (query.rank !== undefined && query.limit === 1 && wanted.length === 1 && query.symbols.includes(wanted[0] ?? ''))
    return undefined;
  // The one that the others are compared with stands beside them.
  const isOther = (symbol: string): boolean =>
    new RegExp(`\\b${symbol}\\b`).test(condition) && !wanted.includes(symbol);
  const symbols = query.symbols.filter((symbol) => !isOther(symbol));
  const own = symbols.map(fundOf);
  const same = wanted.length === symbols.length && wanted.every((symbol) => own.includes(fundOf(symbol)));
  return same ? undefined : `symbols: ${symbols.join(' ')} for ${wanted.join(' ')}`;
}

/** Rolling ranges may begin at a weekend, and end with the running session or the one before. */
const SLACK_DAYS = 4;

function mismatchOfPeriod(
  query: Query,
  { period, fields = [], condition = '' }: Reading,
  now: number,
  note: string,
): string | undefined {
  if ('isJoined' in query) return undefined;
  // A streak is counted back from now, whatever year the writer puts around it; dates of events have their days beside them.
  if (fields.join() === 'streak' && query.range === undefined) return undefined;
  if (query.form === 'events' && (period === undefined || period === null)) return undefined;
  // `yesterday` with figures of it and of sessions before, or the same counted from today.
  if (query.range === 'yesterday' && (period === undefined || period === null) && /ago\(/.test(condition))
    return undefined;
  // "low of the year": that of 52 weeks, where the writer takes it too and the table names it.
  if (query.base?.startsWith('week52') === true && /week52\w+ instead is defensible|52-week \w+ acceptable/.test(note))
    return undefined;
  // Levels are those of now, their pivots of the session before.
  if (query.form === 'levels' && period?.from !== undefined && period.from === period.to) return undefined;
  // The first or last such day of a longer range is the same; "all time" is what is held.
  const isOccasion = query.columns.some((column) => /^(?:first|last)On\(/.test(column));
  if (isOccasion && (query.range === 'past 5 years' || period?.from === undefined)) return undefined;
  if (/^all\b/.test(period?.phrase ?? '') && query.range === 'past 5 years') return undefined;
  // The high of the past year is the 52-week high.
  if (
    isOfYear(query.range) &&
    (period === undefined || period === null) &&
    fields.some((field) => /week52/.test(field))
  )
    return undefined;
  // Where the writer takes the year's high for that of all time, all that is held is right too.
  if (query.range === 'past 5 years' && fields.some((field) => /week52/.test(field))) return undefined;
  // The dates of a month are those between its ends.
  if (query.form === 'expirations' && query.expiration !== undefined && period?.from !== undefined) {
    const own = resolveDates(query.expiration, now);
    return own.every((date) => date >= (period.from ?? '') && date <= (period.to ?? date))
      ? undefined
      : 'period of dates';
  }
  // The newest sessions of a kind are those of the period, whatever is looked through.
  if (query.study?.given.some(({ expression }) => expression.startsWith('newest(')) === true) return undefined;
  const { range, columns } = query;
  const today = exchangeDateOf(now);
  const own = range === undefined ? undefined : tryRange(range, now);
  const wanted = period === undefined || period === null ? undefined : boundsOf(period, now);
  // The expirations of a month may be written as its days.
  if (query.form === 'expirations' && monthNumber(query.expiration) === Number(wanted?.from.slice(5, 7)))
    return undefined;
  if (wanted === undefined) {
    // The last price of a range until now is the price.
    const isPrice = fields.length > 0 && fields.every((field) => field === 'last') && own?.to === today;
    const isNow = own === undefined || isPrice || (own.from === own.to && own.to === today);
    return isNow || fields.some((each) => /\(.*, ?\d+\)/.test(each)) ? undefined : `period: ${range ?? ''} for none`;
  }
  if (own === undefined) {
    const isToday = wanted.from === wanted.to && wanted.to === today;
    const isInField = columns.some((column) => /\(.*, ?\d+\)|^roc\d/.test(column));
    const isPrevious = columns.includes('previousClose');
    return isToday || isInField || isPrevious ? undefined : `period: none for ${wanted.from}..${wanted.to}`;
  }
  // From a high of then to now: the range is that of the high.
  if (columns.some((column) => column.startsWith('now(last)')) && own.from === wanted.from) return undefined;
  const near = (a: string, b: string): boolean =>
    Math.abs(daysBetween(a, b)) <= SLACK_DAYS && (a === b || sessionsBetween(a, b) <= 1);
  // The writer takes these dates too.
  if (note.includes(`${own.from.slice(5)}..${own.to.slice(5)}`)) return undefined;
  // "the crash of spring 2020": whose dates the writer calls fuzzy.
  if (/dates fuzzy/.test(note) && own.from <= wanted.to && own.to >= wanted.from) return undefined;
  const isSame = near(own.from, wanted.from) && near(own.to, wanted.to);
  return isSame ? undefined : `period: ${own.from}..${own.to} for ${wanted.from}..${wanted.to}`;
}

const isOfYear = (range: string | undefined): boolean =>
  /^(?:past (?:1 )?year|last year|this year|past 12 months|last 12 months|52 weeks)$/.test(range ?? '');

/** Weeks and months where they were asked for. */
function mismatchOfInterval({ interval = 'day' }: Query, reading: Reading, note: string): string | undefined {
  // The close of a week is that of its Friday.
  if (interval === 'week' && /weekly bars/.test(note)) return undefined;
  const wanted = reading.interval ?? reading.period?.interval ?? 'day';
  if (!/^(?:week|month)$/.test(wanted) && !/^(?:week|month)$/.test(interval)) return undefined;
  return interval === wanted ? undefined : `interval: ${interval} for ${wanted}`;
}

function sessionsBetween(a: string, b: string): number {
  const [from, to] = a < b ? [a, b] : [b, a];
  return Array.from({ length: daysBetween(from, to) }, (_, index) => addDays(from, index)).filter(isTradingDay).length;
}

function boundsOf(
  { from, to, phrase }: NonNullable<Reading['period']>,
  now: number,
): { from: string; to: string } | undefined {
  if (from !== undefined) return { from, to: to ?? exchangeDateOf(now) };
  const autumn = /^autumn (\d{4})/.exec(phrase ?? '')?.[1];
  if (autumn !== undefined) return { from: `${autumn}-09-01`, to: `${autumn}-11-30` };
  const dates = /(\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)/.exec(phrase ?? '');
  if (dates !== null) return { from: dates[1] ?? '', to: dates[2] ?? '' };
  return phrase === undefined ? undefined : tryRange(phrase, now);
}

function tryRange(phrase: string, now: number): { from: string; to: string } | undefined {
  try {
    const { from, to, sessions } = resolveRange(phrase, now);
    if (sessions === undefined) return { from, to };
    const days = Array.from({ length: daysBetween(from, to) + 1 }, (_, index) => addDays(from, index)).filter(
      isTradingDay,
    );
    return { from: days.at(-sessions) ?? from, to };
  } catch {
    return undefined;
  }
}

/** What the sample market lists of most symbols: Fridays and monthlies. */
function listed(now: number): string[] {
  const today = exchangeDateOf(now);
  const weeklies = Array.from({ length: 10 }, (_, week) => weeklyExpirationOf(addDays(today, 7 * week)));
  const monthlies = Array.from({ length: 30 }, (_, month) =>
    monthlyExpirationOf(2026 + Math.floor((11 + month) / 12), ((11 + month) % 12) + 1),
  );
  return [...new Set([...weeklies, ...monthlies, today])].sort();
}

function resolveDates(phrase: string, now: number): string[] {
  if (phrase === 'all') return listed(now).slice(0, 1);
  const expression = parseExpirationPhrase(phrase)?.expression;
  if (expression?.kind === 'date') return [expression.date];
  try {
    const dates = listed(now).filter((date) => date !== exchangeDateOf(now) || /0dte|today/.test(phrase));
    return resolveExpirations(phrase.replace(/^0DTE$/i, '0dte'), now, dates);
  } catch {
    return [phrase];
  }
}

/** `0..3dte` for each of the dates that it holds, or for all dates up to its end. */
function spanHolds(expiration = '', wanted: string, now: number): boolean {
  const [, from, to] = /^(\d+)\.\.(\d+)dte$/.exec(expiration) ?? [];
  if (from === undefined) return false;
  const dates = wanted.replace(/^to /, '').split(/, ?/);
  const days = dates.map((date) => (/^\d{4}-\d\d-\d\d$/.test(date) ? daysBetween(exchangeDateOf(now), date) : -1));
  const isWhole = wanted.startsWith('to ') ? days[0] === Number(to) : days.length > 1;
  return isWhole && days.every((day) => day >= Number(from) && day <= Number(to));
}

/** With an expiration on every session. */
const HAS_DAILY = new Set(['SPY', 'QQQ', 'IWM', 'SPX', 'NDX']);

function spellExpiration(expiration: Reading['expiration']): string | undefined {
  if (Array.isArray(expiration)) return expiration.join(', ');
  const { phrase = expiration } = (typeof expiration === 'object' ? expiration : {}) as { phrase?: unknown };
  if (phrase === 'first after nextEarnings') return 'after earnings';
  return typeof expiration === 'object' ? `${expiration.from} to ${expiration.to}` : expiration;
}

function mismatchOfOptions(query: Query, reading: Reading, now: number): string | undefined {
  const { expiration } = query;
  const wanted = spellExpiration(reading.expiration);
  // Figures of the stock in a table whose options have a date.
  const { fields = [] } = reading;
  const isOfStock =
    query.form === 'figures' && fields.length > 0 && fields.every((name) => findField(name)?.of === 'symbol');
  if (wanted === undefined && isOfStock) return undefined;
  if (wanted !== undefined && spanHolds(expiration, wanted, now)) return mismatchOfContract(query, reading);
  // The date of an event tells whether it comes before an expiration.
  const isOfEvents =
    query.columns.length > 0 &&
    query.columns.every((name) => /^(?:exDividend|nextEarnings|daysToEarnings)$/.test(name));
  if (!isOfEvents && (wanted !== undefined || expiration !== undefined)) {
    if (expiration !== undefined && expiration === wanted) return mismatchOfContract(query, reading);
    const own = resolveDates(expiration ?? 'nearest', now);
    const other =
      wanted === undefined
        ? resolveDates('nearest', now)
        : /^\d{4}-\d\d$/.test(wanted)
          ? [wanted]
          : resolveDates(wanted, now);
    // Without a date the nearest is meant: today's where the symbol has one.
    if (expiration === undefined && wanted === exchangeDateOf(now) && HAS_DAILY.has(query.symbols[0] ?? ''))
      return mismatchOfContract(query, reading);
    const isOne = (date: string): boolean => own.some((each) => each.startsWith(date) || date.startsWith(each));
    const isList = wanted?.includes(', ') === true && query.form !== 'chain';
    const isSame = isList ? other.every(isOne) : other.some(isOne);
    // "30 days" of implied volatility: of the expiration nearest to them, or interpolated.
    const isThirty = expiration === '30dte' && wanted === undefined && reading.fields?.includes('iv30') === true;
    if (!isSame && !isThirty && !(query.form === 'expirations' && reading.ask === 'expirations'))
      return `expiration: ${own.join(' ')} for ${other.join(' ')}`;
  }
  if (query.form === 'levels') return undefined;
  return mismatchOfContract(query, reading);
}

function mismatchOfContract(query: Query, reading: Reading): string | undefined {
  const { strike, strikes, delta } = query;
  const [, ofTotal] = /^(call|put)(?:Volume|OpenInterest)$/.exec(query.columns[0] ?? '') ?? [];
  const side = query.side ?? ofTotal;
  if (query.form === 'levels') return undefined;
  if (reading.side !== undefined && side !== reading.side && side !== 'both' && query.form !== 'strategy')
    return `side: ${side ?? 'none'} for ${reading.side}`;
  if (
    reading.side === undefined &&
    side !== undefined &&
    side !== 'both' &&
    reading.strikes === undefined &&
    !['chain', 'contract'].includes(reading.ask ?? '') &&
    // The volatility at the money is that of the contract there.
    !(strike[0] === 'atm' && reading.fields?.join() === 'atmIv') &&
    !(reading.fields ?? []).some((name) => name.startsWith(side) || isOfStrike(name, strike))
  )
    return `side: ${side} for none`;
  if (reading.strikes !== undefined) {
    const own = strike.length > 0 ? strike : strikes;
    const other = typeof reading.strikes === 'object' ? reading.strikes : [reading.strikes];
    const isSameStrategy =
      query.form === 'strategy' && Array.isArray(other) && other.every((each) => strike.includes(each));
    // Five strikes of a chain are how many, of a contract which.
    const isCount =
      (reading.ask === 'chain' && strikes === reading.strikes) ||
      // So far from the spot, whichever strikes the writer's market has there.
      query.away !== undefined ||
      query.conditions.some(({ left }) => left === 'abs(pct(strike, spot))');
    // Strikes from one on are a bound of the strike.
    const from = typeof reading.strikes === 'object' && 'from' in reading.strikes ? reading.strikes.from : undefined;
    const to = typeof reading.strikes === 'object' && 'to' in reading.strikes ? reading.strikes.to : undefined;
    const isBound = query.conditions.some(({ expression }) =>
      from === undefined
        ? new RegExp(`^strike <=? ${String(to)}$`).test(expression)
        : new RegExp(`^strike >=? ${String(from)}$`).test(expression),
    );
    const isOpenEnded = isBound && (from === undefined || to === undefined);
    if (!isSameStrategy && !isCount && !isOpenEnded && JSON.stringify(own) !== JSON.stringify(other))
      return `strikes: ${JSON.stringify(own)} for ${JSON.stringify(other)}`;
  } else if (
    strike.length > 0 &&
    strike[0] !== 'atm' &&
    reading.fields?.some((name) => isOfStrike(name, strike)) !== true
  )
    return `strikes: ${JSON.stringify(strike)} for none`;
  if (reading.delta !== undefined && !isSameDelta(delta, reading.delta))
    return `delta: ${JSON.stringify(delta)} for ${JSON.stringify(reading.delta)}`;
  return undefined;
}

/** A distance between the stock and the strike, which the writer names by its number. */
function isOfStrike(field: string, strike: Query['strike']): boolean {
  const [, left, right] = /^pct\(([\w.]+), ?([\w.]+)\)$/.exec(field) ?? [];
  return strike.length === 1 && [left, right].includes(String(strike[0])) && [left, right].includes('last');
}

function isSameDelta(own: Query['delta'], wanted: NonNullable<Reading['delta']>): boolean {
  if (typeof own === 'object' && typeof wanted === 'object') return own.from === wanted.from && own.to === wanted.to;
  return typeof own === 'number' && typeof wanted === 'number' && Math.abs(own - Math.abs(wanted)) < 1e-9;
}

/** What forms show beside what was asked. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  quote: [
    'last',
    'change',
    'changePercent',
    'open',
    'high',
    'low',
    'volume',
    'bid',
    'ask',
    'previousClose',
    'week52High',
    'week52Low',
    'averageVolume',
    'asOf',
    'symbol',
  ],
  bars: [
    'last',
    'open',
    'high',
    'low',
    'close',
    'volume',
    'change',
    'changePercent',
    'highest(high)',
    'lowest(low)',
    'first',
    'bars',
    'ohlc',
  ],
  indicators: [
    'rsi14',
    'macd',
    'macdSignal',
    'macdHistogram',
    'sma5',
    'sma10',
    'sma20',
    'sma50',
    'sma200',
    'ema5',
    'ema10',
    'ema20',
    'ema50',
    'ema200',
    'atr14',
    'adx14',
  ],
  technicals: ['rsi14', 'macd', 'sma20', 'sma50', 'sma200', 'trend', 'adx14', 'atr14'],
  chain: [
    'bid',
    'ask',
    'mid',
    'last',
    'volume',
    'openInterest',
    'iv',
    'delta',
    'strike',
    'spot',
    'expiration',
    'callWall',
    'putWall',
    'maxPain',
    'expectedMove',
    'putCallOpenInterest',
    'putCallVolume',
  ],
  contract: ['strike', 'spot', 'expiration', 'symbol'],
  walls: ['callWall', 'putWall', 'callWalls', 'putWalls', 'openInterest', 'spot', 'walls'],
  expirations: ['expiration', 'dte', 'kind', 'expirations', 'count'],
  expiry: ['expiration', 'dte', 'kind'],
  volatility: [
    'atmIv',
    'iv30',
    'ivRank',
    'ivMinusHv30',
    'hv10',
    'hv20',
    'hv30',
    'hv60',
    'skew25',
    'expectedMovePercent',
    'iv',
    'hv',
    'term',
  ],
  // Listed nearest first; what fills them up are pivots of the last session.
  levels: [
    ...['(high + low + close) / 3', 'supports', 'resistances', 'levels'],
    ...['support', 'resistance', 'nearest support', 'nearest resistance'],
  ],
  strategy: [
    'mid',
    'maxProfit',
    'maxLoss',
    'breakEvens',
    'breakEven',
    'probabilityOfProfit',
    'creditOfWidth',
    'returnOnRisk',
    'legs',
    'bid',
    'strike',
    'theta',
    'credit',
    'debit',
    'natural',
    'straddle',
    'kind',
  ],
  scan: [
    'last',
    'changePercent',
    'volume',
    'gapPercent',
    'rsi14',
    'high',
    'low',
    'week52High',
    'week52Low',
    'dollarVolume',
  ],
  events: [
    'payDate',
    'dividend amount',
    'sum of dividend amounts',
    'sum(dividend amount)',
    'last earnings date',
    'dividends',
    'exDividend',
    'splits',
    'nextEarnings',
    'earnings',
    'dividend',
    'dividendYield',
  ],
  overview: ['last', 'change', 'changePercent', 'rsi14'],
};
/** A writer names them beside what was asked; an answer may do without. */
const CONTEXT = new Set([
  'last',
  'spot',
  'close',
  'change',
  'strike',
  'dte',
  'expiration',
  'expectedMovePercent',
  'changeFromOpenPercent',
  'gapPercent',
  'symbol',
  'volume',
  'macdSignal',
  'macdHistogram',
  'bid',
  'ask',
  'averageVolume',
  'highestOn(high)',
  'ema20',
  'ema50',
  'previousClose',
  'rangePercent',
]);

export function normalise(expression: string): string {
  return (
    expression
      .replace(/ as \w+$/, '')
      .replaceAll(/\s+/g, '')
      .replaceAll(/pct\(([\d.]+),last\)/g, 'pct(last,$1)')
      .replaceAll(/now\((\w+)\)/g, '$1')
      .replaceAll(/last\(([A-Z]+)\)/g, '$1.last')
      .replaceAll(/\b(high|low|close)\((?:yesterday|october|last week|last month)\)/g, '$1')
      // A price of a day is that of the table of that day.
      .replaceAll(/\b(high|low|close)(?:(?:of|on)\d{4}-\d\d-\d\d|\(\d{4}-\d\d-\d\d\))/g, '$1')
      // What was bought at the close of a day has changed since; the first close of a range is that day's.
      .replaceAll(/\bfirst\b/g, 'close')
      // Closed above the close before: up.
      .replaceAll(/\bclose([<>])(?:ago\(close,1\)|previous[cC]lose)/g, 'changePercent$10')
      .replaceAll(/^median\(?([a-z]+)\)?$/gi, 'median($1)')
      .replaceAll(/^dateof(first|last)(.*[<>].*)$/g, '$1On(($2))')
      .replaceAll(/^dateof(\w+)$/g, 'date($1)')
      .replaceAll(/^([\d.]+)\*\(1\+(?:performance|changePercent)\/100\)$/g, '$1*last/close')
      .replaceAll('(bbUpper20-bbLower20)/sma20', 'bbWidth20')
      .replaceAll('premiumOfSpot', 'mid/spot*100')
      .replaceAll('premiumOfStrike', 'mid/strike*100')
      .replaceAll('premiumYearly', 'mid/strike*365/dte*100')
      .replaceAll('averageDailyVolume', 'avg(volume)')
      .replaceAll('change(1)', 'changePercent')
      .replaceAll(/\bchange\((\d+)\)/g, 'roc$1')
      // The same dividends, in dollars a share.
      .replaceAll('yearlyDividend', 'dividendYield')
      .replaceAll('performance', 'changePercent')
      .replaceAll(/^avg(?:weekly|monthly|yearly)/g, 'avg')
      .replaceAll('maxdrawdown', 'maxDrawdown')
      .replaceAll('pct(minlow,maxhigh)', 'maxDrawdown')
      .replaceAll('100*count(changePercent>0)/count(sessions)', 'count(up)/bars')
      .replaceAll('yesterdayhigh', 'high')
      .replaceAll('yesterdaylow', 'low')
      // How far apart they are, whichever is taken from which.
      .replaceAll(/^\((high|low)-last\)(?=\/)/g, '(last-$1)')
      .replaceAll(/^([\d.]+)-last$/g, 'last-$1')
      .replaceAll(/^[A-Z.]+\.changePercent-[A-Z.]+\.changePercent$/g, 'changePercent')
      .replaceAll(/highestClose\b/g, 'highest(close)')
      .replaceAll(/lowestClose\b/g, 'lowest(close)')
      .replaceAll(/averageClose\b/g, 'avg(close)')
      .replaceAll(/,(?:all|…)\)/g, ')')
      .replaceAll('close*volume', 'dollarVolume')
      .replaceAll(/^([\d.]+)\*(\w+|\([^()]*\))$/g, '$2*$1')
      .replaceAll(/\b(?:max|highest)(?:\((\w+)\)|([a-z]+\d*(?:Percent)?)(?=$|[-+*/,)<>=]))/g, 'highest($1$2)')
      .replaceAll(/\b(?:min|lowest)(?:\((\w+)\)|([a-z]+\d*(?:Percent)?)(?=$|[-+*/,)<>=]))/g, 'lowest($1$2)')
      .replaceAll(/^(?:avg|average|mean)\(?([a-z]+\d*(?:Percent)?)\)?$/gi, 'avg($1)')
      .replaceAll('avg(high-low', 'avg(range')
      .replaceAll(/^high-low$/g, 'range')
      .replaceAll(/^highestVolume$/g, 'highest(volume)')
      .replaceAll(/^lowestVolume$/g, 'lowest(volume)')
      .replaceAll(/^sum\(?(volume|change|changePercent)\)?$/g, 'sum($1)')
      .replaceAll(/^sum\(?(?:openInterest)\)?$|^(?:call|put)OpenInterest$/g, 'sum(openInterest)')
      .replaceAll(/^(?:call|put)Volume$/g, 'sum(volume)')
      .replaceAll(/\biv\b|\biv30\b/g, 'atmIv')
      .replaceAll(/\bspot\b/g, 'last')
      .replaceAll(/\bprice\b/g, 'last')
      .replaceAll(/,(\d+)\)/g, ')')
      .replaceAll(/change(?:Percent)?<0/g, 'down')
      .replaceAll(/change(?:Percent)?>0/g, 'up')
      .replaceAll('close', 'last')
      .replaceAll('(1)<', '<')
      .replaceAll('gapPercent', 'gap')
      .replaceAll(/^\(atmIv-hv30\)$/g, 'ivMinusHv30')
      .replaceAll('abs(atmIv-hv30)', 'abs(ivMinusHv30)')
      .replaceAll(/^pct\(last,open\)$/g, 'changeFromOpenPercent')
      .replaceAll(/^count\(\(((?:[^()]|\([^()]*\))*)\)\)$/g, 'count($1)')
      .replaceAll('(high-low)', 'range')
      // A share and the same in percent.
      .replaceAll(/^([^*]*\/[^*]*)\*100$/g, '$1')
      // Factors are one number, whatever they are made of.
      .replaceAll(/(\d+)\*(\d+)(?!\.)/g, (_all, a: string, b: string) => String(Number(a) * Number(b)))
      .replaceAll(/\((?:yesterday|last week|today)\)/g, '')
      .replaceAll(/(\.\d*?)0+(?!\d)/g, '$1')
      // How far from each other they are, whichever is told first.
      .replaceAll(/pct\(((?:[^(),]|\([^()]*\))*),last\)/g, 'pct(last,$1)')
      .replaceAll('pct(last,last)', 'changePercent')
      .replaceAll(/"/g, '')
  );
}

/** What a reading tells of sessions of a kind in words, which an expression of it says. */
function isStudied({ study, columns }: Query, fields: readonly string[]): boolean {
  const says = (field: string): boolean =>
    /^count\b/.test(field)
      ? columns.some((column) => column.startsWith('count('))
      : /^(?:avg|average)\b/.test(field) && columns.some((column) => column.startsWith('avg(when('));
  return study !== undefined && fields.every(says);
}

function mismatchOfFields(query: Query, { fields = [], ask, rank, condition }: Reading): string | undefined {
  if (fields.length === 0 || isStudied(query, fields)) return undefined;
  const own = shownBy(query);
  addOfRange(query, own);
  addOfDay(query.range, fields, own);
  addOfQuery(query, own);
  addOfNames(query, fields, own);
  const missing = fields.map(normalise).filter((field) => !own.has(field) && !isDay(field, own));
  const [first] = fields.map(normalise);
  if (missing.length === 0) return undefined;
  const isRanked = rank !== undefined || condition !== undefined || ask === 'condition' || ask === 'comparison';
  const isDecided = condition !== undefined && query.conditions.length > 0;
  const essential = missing.filter(
    (field) =>
      !CONTEXT.has(field) &&
      !(isDerived(field, own) && (isDecided || field !== first)) &&
      !(isDecided && field !== first),
  );
  if (first !== undefined && missing.includes(first) && CONTEXT.has(first) && !isDecided) essential.push(first);
  if (essential.length === 0) return undefined;
  if (isRanked && essential.every((field) => CONTEXT.has(field))) return undefined;
  return `fields: ${[...own].slice(0, 6).join(', ')} for ${fields.join(', ')}`;
}

/** The columns of a screen, under the names that writers use. */
function shownBy(query: Query): Set<string> {
  const isContract = query.form === 'contract' || query.form === 'chain';
  // The contracts of the largest open interest are the walls, and more than the nearest of them.
  const ranksWalls = query.form === 'chain' && query.rank?.by === 'openInterest';
  return new Set(
    [
      ...(ranksWalls ? ['callWalls', 'putWalls', 'callWall', 'putWall'] : []),
      ...query.columns,
      ...(isContract ? contractColumns(query) : []),
      ...query.fields,
      ...(SHOWN[query.form] ?? []),
      ...(query.form === 'figures' && query.columns.includes('straddle') ? ['mid'] : []),
      ...(query.form === 'volatility' && query.isEach === true ? ['expiration', 'dte'] : []),
      ...(query.strategy === undefined ? [] : [query.strategy]),
    ].map(normalise),
  );
}

/** The ends of a range under the names of its highest and lowest, and of the year. */
function addOfRange(query: Query, own: Set<string>): void {
  if (query.range !== undefined)
    for (const name of ['high', 'low']) if (own.has(name)) own.add(name === 'high' ? 'highest(high)' : 'lowest(low)');
  // The nearest is first whichever side it is on.
  if (query.rank?.by === 'distance') for (const each of [...own]) if (each.startsWith('pct(')) own.add(`abs(${each})`);
  if (own.has('lowest(low)')) own.add('low');
  if (own.has('highest(high)')) own.add('high');
  for (const order of ['highest', 'lowest'])
    for (const field of ['changePercent', 'abs(changePercent)', 'volume'])
      if (own.has(normalise(`${order}(${field})`))) own.add(field);
  // Where a writer takes 52 weeks for all time, see the periods above.
  if (isOfYear(query.range) || query.range === 'past 5 years')
    for (const [name, year] of [
      ['high', 'week52High'],
      ['low', 'week52Low'],
    ] as const)
      for (const each of [...own])
        if (new RegExp(`\\b${name}\\b`).test(each))
          own.add(each.replace(new RegExp(`(?:highest|lowest)\\(${name}\\)|\\b${name}\\b`), year));
  if (query.range !== undefined)
    for (const each of [...own])
      if (/pct\(|-/.test(each)) own.add(each.replace(/\bhigh\b/, 'highest(high)').replace(/\blow\b/, 'lowest(low)'));
}

/** What a ranking, listed days, conditions and a preset show by themselves. */
function addOfQuery(query: Query, own: Set<string>): void {
  // "most volatile": over 20 or 30 days, or what options expect.
  if (/^hv\d+$/.test(query.rank?.by ?? '')) for (const each of ['hv30', 'atmIv']) own.add(each);
  // A range of several days in dollars or in percent.
  if (own.has('avg(range)')) own.add('avg(rangePercent)');
  // The first of ranked days has the figure of the range.
  if (query.form === 'days' && query.rank !== undefined)
    own.add(normalise(`${query.rank.order}(${query.rank.by ?? 'changePercent'})`));
  // Days that are listed are counted in the line above them.
  if (query.form === 'days' && query.rank === undefined && query.conditions.length > 0)
    own.add(normalise(`count(${query.conditions.map(({ expression }) => expression).join(' and ')})`));
  for (const { expression } of query.conditions)
    for (const name of expression.match(/[a-z]\w*/gi) ?? []) own.add(normalise(name));
  const preset = presetOf(query);
  for (const name of `${preset?.where ?? ''} ${preset?.sort ?? ''}`.match(/[a-z]\w*/gi) ?? []) own.add(normalise(name));
}

/** Figures that a writer names in other words than the columns do. */
function addOfNames(query: Query, fields: readonly string[], own: Set<string>): void {
  // Whether and how far a strike is out of the money: also by what the contract is worth if exercised.
  if (own.has('pct(last,strike)') || own.has('pct(strike,last)') || query.fields.includes('intrinsic'))
    for (const field of fields) if (isOfStrike(field, query.strike)) own.add(normalise(field));
  if (fields.includes('performance') && [...own].some((each) => /^roc\d+$/.test(each))) own.add('changePercent');
  if (query.columns.some((column) => /^(?:first|last)On\(/.test(column)))
    for (const field of fields) if (/^(?:min|max|first|last) date where /.test(field)) own.add(normalise(field));
  // Shares times what each has changed since.
  for (const each of [...own]) {
    const [, held = ''] = /^change\*(\d+)$/.exec(each) ?? [];
    for (const field of fields)
      if (held !== '' && new RegExp(`^${held} \\* \\(last - close.*\\)$`).test(field)) own.add(normalise(field));
    const [, shares] = /^change\*(\d+)$/.exec(each) ?? [];
    for (const field of fields)
      if (shares !== undefined && new RegExp(`^\\(last - close.*\\) \\* ${shares}$`).test(field))
        own.add(normalise(field));
  }
  // A ratio or difference by a name of its own, beside the two figures that it is made of.
  for (const [name, ...made] of [
    ['relativeVolume', 'volume', 'averageVolume'],
    ['ivMinusHv30', 'iv30', 'hv30'],
  ] as const)
    if (made.every((each) => own.has(normalise(each)))) own.add(normalise(name));
  if (own.has('changePercent')) own.add('change');
  if (own.has('change')) own.add('changePercent');
  // A share of the middle of the market, which the column names, for one of the bid.
  for (const each of [...own]) if (each.startsWith('mid/')) own.add(each.replace('mid', 'bid'));
  // A place within the range of 52 weeks tells how far both ends are.
  if (query.columns.some((column) => column.endsWith('percentOfRange')))
    for (const each of ['pct(last,week52High)', 'pct(last,week52Low)']) own.add(each);
  // What was put in has grown as the price did; a strategy by its name has the figures of its sheet.
  for (const field of fields) {
    const [, amount = ''] = /^(\d+) \* last \/ close\b/.exec(field) ?? [];
    if (amount !== '' && query.amount === Number(amount)) own.add(normalise(field));
    if (query.strategy !== undefined && field.startsWith(`${query.strategy}:`)) own.add(normalise(field));
  }
  // A cash-secured put is told with the cash that secures it.
  if (query.strategy === 'cash-secured-put')
    for (const field of fields) if (/^(?:strike|[\d.]+) ?\* ?100(?: ?\* ?\d+)?$/.test(field)) own.add(normalise(field));
}

/** A figure so many sessions ago is that of the table of that day. */
function addOfDay(range: string | undefined, fields: readonly string[], own: Set<string>): void {
  const [, sessions] = /^(\d+) sessions ago$/.exec(range === 'yesterday' ? '1 sessions ago' : (range ?? '')) ?? [];
  for (const field of fields) {
    const [, of = '', ago] = /^ago\((\w+), ?(\d+)\)$/.exec(field) ?? [];
    if (sessions !== undefined && ago === sessions && own.has(normalise(of))) own.add(normalise(field));
  }
}

/** The day of a figure is told with it. */
function isDay(field: string, own: ReadonlySet<string>): boolean {
  const [, of] = /^date\((.+)\)$/.exec(field) ?? [];
  const hasDay = (name: string): boolean => [...own].some((each) => each.includes(`On(${name}`));
  if (field === 'date') return hasDay('');
  // The last day of a new high of the year is the day of that high.
  if (of === 'highest(high)' && own.has('lastOn((high>=week52High))')) return true;
  const ofYear = of === 'week52High' ? 'high' : of === 'week52Low' ? 'low' : undefined;
  return of !== undefined && (own.has(of) || (ofYear !== undefined && hasDay(ofYear)));
}

/** A difference, share or distance of figures that stand beside each other. */
function isDerived(field: string, own: ReadonlySet<string>): boolean {
  const names = field.match(/[a-z]\w*(?:\(\w+\))?/gi)?.filter((name) => !/^(?:pct|abs)\b/.test(name)) ?? [];
  const inner = field.replace(/^(?:pct|abs)\((.*)\)$/, '$1').match(/[a-z]+\([a-z0-9]+\)|[a-z]\w*/gi) ?? [];
  return (
    /[-+/*]|^pct\(/.test(field) &&
    names.length > 1 &&
    inner.every((name) => own.has(name) || (/expectedMove/.test(field) && CONTEXT.has(name)))
  );
}

/** `NVDA.x > SPY.x`, `x > SPY.x`: a ranking of all by it, the other among them, lets one see who. */
function isSeenInRanking({ rank, symbols, columns, range }: Query, condition: string): boolean {
  const sides = condition.split(/ [<>]=? /).map((side) => /^(?:([A-Z.]+)\.)?(\w+)(?: of ([A-Z.]+))?$/.exec(side));
  const [left, right] = sides;
  const of = [left?.[1] ?? left?.[3], right?.[1] ?? right?.[3]].filter((each) => each !== undefined);
  const figure = normalise(left?.[2] ?? '');
  return (
    rank !== undefined &&
    sides.length === 2 &&
    figure === normalise(right?.[2] ?? '') &&
    of.length > 0 &&
    of.every((symbol) => symbols.includes(symbol)) &&
    (columns.map(normalise).includes(figure) || (range !== undefined && figure === 'changePercent'))
  );
}

/** A contract's price is its bid, ask, middle or last. */
const priced = (expression: string): string =>
  expression.replace(/\b(?:ask|bid|last)\b(?=[<>])|(?<=>)(?:ask|bid|last)\b/, 'mid');

/** `nextEarnings < 2026-12-18`: whether the day itself counts is taste, and the date stands beside it. */
function isSameDueDay({ conditions }: Query, { condition = '', expiration }: Reading): boolean {
  const [, field, bound = ''] = /^(nextEarnings|exDividend) <=? (\d{4}-\d\d-\d\d|expiration)/.exec(condition) ?? [];
  const day = bound === 'expiration' && typeof expiration === 'string' ? expiration : bound;
  return conditions.some(({ expression }) => {
    const [, own, to = ''] = /^(\w+) >= "[^"]*" and \w+ <= "([^"]*)"$/.exec(expression) ?? [];
    return own !== undefined && own === field && Math.abs(Date.parse(day) - Date.parse(to)) <= 86_400_000;
  });
}

function mismatchOfCondition(query: Query, reading: Reading, note: string): string | undefined {
  const { condition, ask } = reading;
  if (isSameDueDay(query, reading)) return undefined;
  if (condition !== undefined && isSeenInRanking(query, condition)) return undefined;
  if (condition === undefined)
    return query.conditions.length > 0 && ask !== 'condition' && query.isCount !== true && query.move === undefined
      ? undefined
      : undefined;
  const preset = presetOf(query);
  if (preset !== undefined && preset.where.split(' and ').map(canonical).includes(canonical(condition)))
    return undefined;
  const within = /^pct\(last, (week52High|week52Low|high|low)\) ([<>])=? (-?[\d.]+)$/.exec(condition);
  // A price is never above its high nor below its low, of the day or the year.
  const bound = `abs(pct(last, ${within?.[1] ?? ''})) <= ${String(Math.abs(Number(within?.[3])))}`;
  if (within !== null && query.conditions.some(({ expression }) => expression === bound)) return undefined;
  const told = query.columns
    .map((column) => /^(?:firstOn|lastOn|count)\((.*?)\)(?: \/ bars.*)?$/.exec(column)?.[1])
    .find(Boolean);
  // The writer takes the condition that was told as well.
  if (told !== undefined && note.includes(unwrapped(told)) && /fine|accept|right/.test(note)) return undefined;
  const asked = condition.replace(/^count\((.*)\) ?(?:>=?|=) ?\d+$/, '$1').replace(/ and date.*$/, '');
  if (
    told !== undefined &&
    told
      .split(' and ')
      .map((each) => canonical(unwrapped(each)))
      .sort()
      .join() ===
      asked
        .split(' and ')
        .map((each) => canonical(unwrapped(each)))
        .sort()
        .join()
  )
    return undefined;
  if (query.form === 'levels' && /^price [<>]/.test(condition)) return undefined;
  // The list tells of each date whether it is a weekly or a monthly.
  if (/^kind = /.test(condition) && query.form === 'expirations') return undefined;
  // What a contract is worth if exercised tells on which side of its strike the price is.
  if (
    query.form === 'contract' &&
    query.fields.includes('intrinsic') &&
    /^(?:spot|last) [<>]=? [\d.]+$/.test(condition)
  )
    return undefined;
  if (/^strike [<>] spot$/.test(condition) && query.money !== undefined) return undefined;
  // A span of deltas is a condition on them.
  const { delta } = query;
  const ofDelta =
    typeof delta !== 'object' || !/delta/.test(condition)
      ? []
      : [
          delta.from > 0 ? `abs(delta) >= ${String(delta.from)}` : '',
          delta.to < 1 ? `abs(delta) <= ${String(delta.to)}` : '',
        ];
  // A preset says some of what was asked, conditions the rest.
  const ofPreset = (preset?.where.split(' and ') ?? []).filter((each) =>
    condition.split(/ (?:and|or) /).some((one) => canonical(one) === canonical(each)),
  );
  const isOfYesterday = query.range === 'yesterday' && /ago\(\w+, [2-9]/.test(condition);
  const own = [...query.conditions.map(({ expression }) => expression), ...ofDelta.filter(Boolean), ...ofPreset]
    .map((each) => (isOfYesterday ? aDayBack(each) : each))
    .map(canonical)
    .map((each) => (query.form === 'chain' && ask === 'chain' ? priced(each) : each))
    // What makes a company a large one.
    .filter((each) => query.form !== 'scan' || !each.startsWith('dollarVolume>100000000'))
    .sort();
  const other = condition
    .split(/ (?:and|or) /)
    .map(canonical)
    .map((each) => (query.form === 'chain' && ask === 'chain' ? priced(each) : each))
    .sort();
  // The last session on which it was not so tells since when it is.
  const [, left, sign, right] = /^(\w+) ([<>]) (\w+)$/.exec(condition) ?? [];
  const ended = `(${left ?? ''} ${sign === '>' ? '<=' : '>='} ${right ?? ''})`;
  if (left !== undefined && query.occasion === 'last' && told === ended) return undefined;
  // Where no side was named a cross either way tells of the one that was meant.
  const [cross] = /crosses\([^()]*\)/.exec(condition) ?? [];
  if (
    cross !== undefined &&
    query.conditions.some(
      ({ expression }) => expression.includes(') or crosses(') && expression.includes(cross.replace('close', 'last')),
    )
  )
    return undefined;
  // The figure that decides may be told instead of a yes or no.
  if (own.length === 0 && ask === 'condition') {
    const shown = new Set(query.columns.map(normalise));
    const named = condition.match(/[a-z]\w*/gi) ?? [];
    const isShown =
      query.form === 'quote' ||
      query.form === 'events' ||
      query.form === 'volatility' ||
      query.form === 'bars' ||
      named.every(
        (name) =>
          shown.has(normalise(name)) ||
          [...shown].some((each) => each.includes(name)) ||
          /^(?:pct|abs|and|or|not|max|min)$/.test(name),
      );
    return isShown ? undefined : `condition: none for ${condition}`;
  }
  // A price that was touched lay between high and low.
  const ofHigh = (each: string): string => each.replace(/\bhighest\(high\)/, 'high').replace(/\blowest\(low\)/, 'low');
  const touches =
    own.length === 2 &&
    other.length === 1 &&
    own.map(ofHigh).includes(ofHigh(other[0] ?? '')) &&
    /low/.test(own.join(' '));
  if (touches && /high/.test(own.join(' '))) return undefined;
  // Over a range "was above" is said of its highest, and its high is the highest.
  if (query.range !== undefined && own.map(ofHigh).sort().join() === other.map(ofHigh).sort().join()) return undefined;
  return JSON.stringify(own) === JSON.stringify(other) ? undefined : `condition: ${own.join(' & ')} for ${condition}`;
}

/** The figures of yesterday's table as those of a table of today. */
const aDayBack = (expression: string): string =>
  expression
    .replaceAll(
      /ago\((\w+), (\d+)\)/g,
      (_all, name: string, days: string) => `AGO(${name}, ${String(Number(days) + 1)})`,
    )
    .replaceAll(/(?<!AGO\()\b(?:open|high|low|close|volume)\b/g, (name) => `ago(${name}, 1)`)
    .replaceAll('AGO', 'ago');

const unwrapped = (text: string): string => text.trim().replace(/^\((.*)\)$/, '$1');

/** What a scan by name means. */
function presetOf({ scan = '' }: Query): Scan | undefined {
  return Object.hasOwn(SCANS, scan) ? SCANS[scan as ScanName] : undefined;
}

/** `a < b` as `b > a`; `>=` and `>` mean the same to who says "above". */
function canonical(expression: string): string {
  const plain = normalise(expression.replaceAll(/[()]/g, (each) => each))
    .replaceAll('>=', '>')
    .replaceAll('<=', '<')
    .replace('volumeToOpenInterest>1', 'volume>openInterest')
    .replace(/volumeToOpenInterest([<>])(\d+)/, 'volume$1$2*openInterest')
    .replace('open>previousClose', 'gap>0')
    .replace('open>previousLast', 'gap>0')
    .replace('open<previousLast', 'gap<0')
    .replace('last>week52High', 'high>week52High')
    .replace('last<week52Low', 'low<week52Low');
  const [, left = '', operator = '', right = ''] = /^(.*?)([<>]=?|=)(.*)$/.exec(plain) ?? [];
  if (operator === '<') return `${right}>${left}`;
  return operator === '' ? plain : `${left}>${right}`;
}

function mismatchOfRank(query: Query, { rank, limit, ask }: Reading): string | undefined {
  if (rank === undefined) return undefined;
  const [order = '', ...by] = rank.split(' ');
  const wanted = normalise(by.join(' '));
  const isBothEnds = /^highest .* and lowest |^highest and lowest/.test(rank);
  if (isBothEnds && (query.rank !== undefined || query.symbols.length > 1)) return undefined;
  // The latest or first day on which something was so.
  if (
    /date|^(?:latest|first)$/.test(rank) &&
    query.columns.some((column) => /^(?:first|last|highest|lowest)On\(|^highest\(high\)/.test(column))
  )
    return undefined;
  const preset = presetOf(query);
  if (preset !== undefined && normalise(preset.sort.replace(/^-/, '')) === wanted) return undefined;
  // The best day of a range is its highest figure.
  if (
    query.rank === undefined &&
    (limit ?? 1) === 1 &&
    query.columns.some((each) => normalise(each) === `${order}(${wanted})`)
  )
    return undefined;
  // Two contracts beside each other.
  const { form, side, strike } = query;
  if (form === 'contract' && ask === 'comparison' && (side === 'both' || strike.length > 1)) {
    const all = contractColumns(query).map(normalise);
    return all.includes(wanted) ? undefined : `rank: none for ${rank}`;
  }
  // A list of strikes is in their order.
  if (query.rank === undefined && query.form === 'chain' && query.conditions.length > 0 && wanted === 'strike')
    return undefined;
  if (query.rank === undefined) {
    // A table of all with the figure tells who is first where only two or three are compared.
    const shown = new Set([...query.columns, ...(SHOWN[query.form] ?? [])].map(normalise));
    return ask === 'comparison' &&
      query.symbols.length > 1 &&
      (shown.has(wanted) || (wanted === 'changePercent' && query.form === 'bars'))
      ? undefined
      : `rank: none for ${rank}`;
  }
  const own =
    query.form === 'scan'
      ? normalise(query.rank.by ?? query.fields[0] ?? '')
      : query.rank.by === 'distance'
        ? normalise(query.columns.find((column) => column.endsWith('distance')) ?? '')
        : normalise(query.columns[0] ?? '');
  const isDistance = own.startsWith('pct(');
  const sameOrder = query.rank.order === order || isDistance;
  // "most volatile": over 20 or 30 days, or what options expect.
  const isOfVolatility = /^hv\d+$/.test(query.rank.by ?? '') && /^(?:hv30|iv30)$/.test(by.join(' '));
  if (isOfVolatility && query.rank.order === order) return undefined;
  // The cheapest by the middle or by a side of the market.
  const isPrice = query.form === 'chain' && own === 'mid' && /^(?:ask|bid|last)$/.test(wanted);
  const sameBy =
    isPrice || own === wanted || (isDistance && wanted.includes(own.slice(4, -1))) || wanted === `abs(${own})`;
  if (!sameOrder || !sameBy) return `rank: ${query.rank.order} ${own} for ${rank}`;
  // The one that was asked for is the first of those shown.
  return limit !== undefined && query.limit !== undefined && query.limit < limit
    ? `limit: ${String(query.limit)} for ${String(limit)}`
    : undefined;
}
