// Tools that answer with random but consistent figures, and a conversation that the planner holds with them.
import { resolveRange } from '../../../src/domain/date-phrases.ts';
import { parseExpirationPhrase, resolveExpiration } from '../../../src/domain/expirations.ts';
import type {
  Answer,
  AnswerDataByKind,
  AnswerKind,
  BarData,
  ContractData,
  Level,
  Wall,
} from '../../../src/domain/answers.ts';
import { aggregateBars, summariseBars } from '../../../src/domain/bar-series.ts';
import {
  expirationKindOf,
  lastFinishedSession,
  lastTradingDays,
  previousTradingDay,
  sessionAt,
  weeklyExpirationOf,
} from '../../../src/domain/calendar.ts';
import { addDays, daysBetween, exchangeDateOf, formatExchangeIso } from '../../../src/domain/exchange-time.ts';
import type { EpochMs, IsoDate } from '../../../src/domain/types.ts';
import { parseInstruments, isContract } from '../../../src/domain/contracts.ts';
import type { Inputs } from '../../../src/fields/field.ts';
import { createRow } from '../../../src/fields/parts.ts';
import { findContract } from '../../../src/tools/contracts.ts';
import { listTools } from '../../../src/tools/registry.ts';
import { describeColumn, evaluate, valueOf } from '../../../src/tools/table-columns.ts';
import { parseTableWords } from '../../../src/tools/table.ts';
import { describeForModel } from '../../../src/tools/text.ts';
import type { Message } from '../../../src/agent/model.ts';
import type { Planner } from '../../../src/agent/planner/planner.ts';
import type { PlacedFigure } from '../../../src/render/said.ts';

export type Random = () => number;

/** Mulberry32: the same figures for the same seed. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const cents = (value: number): number => Math.round(value * 100) / 100;

function occOf(symbol: string, expiration: IsoDate, side: 'call' | 'put', strike: number): string {
  const [year = '', month = '', day = ''] = expiration.split('-');
  return `${symbol}${year.slice(2)}${month}${day}${side === 'call' ? 'C' : 'P'}${String(Math.round(strike * 1000)).padStart(8, '0')}`;
}

const ORIGINS = [
  'swing high DATE',
  'swing low DATE (3 touches)',
  'previous session low DATE',
  'SMA20',
  '52-week high DATE',
  'pivot R1 of DATE',
  'swing high DATE (2 touches), previous session high DATE',
];

export interface RandomTools {
  run(name: string, args: Record<string, unknown>): Answer | Error;
}

/** `missing`: share of optional figures that are absent. `failing`: symbols that no tool knows. */
export function createRandomTools(
  random: Random,
  now: EpochMs,
  { missing = 0, failing = [] as string[] } = {},
): RandomTools {
  const series = new Map<string, BarData[]>();
  const maybe = <T>(value: T): T | undefined => (random() < missing ? undefined : value);
  const present = <T extends object>(value: T): T =>
    Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;

  function barsOf(symbol: string): BarData[] {
    const known = series.get(symbol);
    if (known !== undefined) return known;
    let price = 150 + random() * 500;
    const bars = lastTradingDays(500, lastFinishedSession(now)).map((date) => {
      const open = cents(price * (0.98 + random() * 0.041));
      const close = cents(price * (0.98 + random() * 0.041));
      price = close;
      const high = cents(Math.max(open, close) * (1 + random() * 0.02));
      const low = cents(Math.min(open, close) * (1 - random() * 0.02));
      return { date, open, high, low, close, volume: Math.round(1e5 + random() * 1e8) };
    });
    series.set(symbol, bars);
    return bars;
  }

  const spotOf = (symbol: string): number => barsOf(symbol).at(-1)?.close ?? 100;

  function quoteOf(symbol: string) {
    const last = spotOf(symbol);
    const previousClose = barsOf(symbol).at(-2)?.close ?? last;
    const hasChange = random() >= missing;
    return present({
      symbol,
      last,
      change: hasChange ? cents(last - previousClose) : undefined,
      changePercent: hasChange ? cents((last / previousClose - 1) * 100) : undefined,
      open: maybe(cents(last * 1.01)),
      high: maybe(cents(last * 1.02)),
      low: maybe(cents(last * 0.97)),
      previousClose: maybe(previousClose),
      bid: maybe(cents(last - 0.03)),
      ask: maybe(cents(last + 0.04)),
      volume: maybe(Math.round(random() * 1e8)),
      averageVolume: maybe(Math.round(random() * 1e8)),
      week52High: maybe(cents(last * 1.4)),
      week52Low: maybe(cents(last * 0.6)),
      asOf: formatExchangeIso(now),
      session: sessionAt(now),
    }) as AnswerDataByKind['quote'][number];
  }

  function historyOf(symbol: string, phrase: string, interval: 'day' | 'week' | 'month') {
    const range = resolveRange(phrase, now);
    const all = barsOf(symbol);
    const inside = all.filter((bar) => bar.date >= range.from && bar.date <= range.to);
    const selected = range.sessions === undefined ? inside : inside.slice(-range.sessions);
    const [first] = selected;
    if (first === undefined) return undefined;
    const bars = interval === 'day' ? selected : aggregateBars(selected, interval);
    const summary = summariseBars(
      bars,
      all.findLast((bar) => bar.date < first.date),
    );
    const data = { symbol, interval, from: bars[0]?.date ?? '', to: bars.at(-1)?.date ?? '', bars, summary };
    return { data, request: { phrase, from: range.from, to: range.to } };
  }

  function indicatorsOf(symbol: string) {
    const close = spotOf(symbol);
    const averages = () =>
      Object.fromEntries(
        (['5', '10', '20', '50', '200'] as const).map((window) => [
          window,
          maybe(cents(close * (0.8 + random() * 0.4))),
        ]),
      );
    return present({
      symbol,
      date: barsOf(symbol).at(-1)?.date ?? '',
      close,
      rsi14: maybe(cents(random() * 100)),
      macd: maybe({
        macd: cents(random() * 10 - 5),
        signal: cents(random() * 10 - 5),
        histogram: cents(random() * 4 - 2),
      }),
      sma: present(averages()),
      ema: present(averages()),
    }) as AnswerDataByKind['ta'][number];
  }

  function levelsOf(symbol: string) {
    const spot = spotOf(symbol);
    const level =
      (direction: number) =>
      (_value: unknown, index: number): Level => {
        const bar = barsOf(symbol).at(-5 - index * 7);
        return {
          price: cents(spot * (1 + direction * (0.01 + index * 0.02 + random() * 0.01))),
          origin: ORIGINS[Math.floor(random() * ORIGINS.length)]?.replaceAll('DATE', bar?.date ?? '') ?? '',
        };
      };
    return {
      symbol,
      spot,
      supports: Array.from({ length: 3 }, level(-1)),
      resistances: Array.from({ length: 3 }, level(1)),
    };
  }

  const expirationDates = (): IsoDate[] => {
    const today = exchangeDateOf(now);
    return Array.from({ length: 12 }, (_value, week) => weeklyExpirationOf(addDays(today, week * 7))).filter(
      (date) => date >= today,
    );
  };

  function chainOf(symbol: string, phrase: string | undefined, side: 'call' | 'put' | 'both', strikes: unknown) {
    const expiration =
      parseExpirationPhrase(phrase ?? 'nearest')?.expression.kind === 'date' && phrase !== undefined
        ? phrase
        : resolveExpiration(phrase, now, expirationDates(), symbol);
    const spot = spotOf(symbol);
    const count = typeof strikes === 'number' ? strikes : typeof strikes === 'string' ? 25 : 10;
    const wanted = typeof strikes === 'string' ? Number(/^near (.*)$/.exec(strikes)?.[1]) : NaN;
    const all = Array.from({ length: 2 * count + 1 }, (_value, index) => Math.round(spot) + (index - count) * 5).filter(
      (strike) => strike > 0,
    );
    const near = [
      ...all.filter((strike) => strike < wanted).slice(-5),
      ...all.filter((strike) => strike > wanted).slice(0, 5),
      wanted,
    ];
    const isNear = (strike: number): boolean => Number.isNaN(wanted) || near.includes(strike);
    const contracts: ContractData[] = [];
    for (let step = -count; step <= count; step++) {
      for (const each of side === 'both' ? (['call', 'put'] as const) : [side]) {
        const strike = Math.round(spot) + step * 5;
        if (strike <= 0 || !isNear(strike)) continue;
        const contract = {
          symbol: occOf(symbol, expiration, each, strike),
          side: each,
          strike,
          bid: maybe(cents(random() * 9)),
          ask: maybe(cents(10 + random())),
          last: maybe(cents(9 + random())),
          volume: maybe(Math.round(random() * 9000)),
          openInterest: maybe(Math.round(random() * 90_000)),
          iv: maybe(0.1 + random()),
          delta: maybe((each === 'call' ? 1 : -1) * random()),
        };
        contracts.push(present(contract) as ContractData);
      }
    }
    const walls = (direction: number): Wall[] =>
      Array.from({ length: 3 }, (_value, index) => ({
        strike: Math.round(spot) + direction * 5 * (index + 1),
        openInterest: Math.round(1000 + random() * 90_000),
      }));
    const analytics = present({
      callWalls: maybe(walls(1)) ?? [],
      putWalls: maybe(walls(-1)) ?? [],
      maxPain: maybe(Math.round(spot) + 5),
      expectedMove: maybe({
        amount: cents(1 + random() * 9),
        percent: cents(0.5 + random() * 5),
        method: `straddle ${Math.round(spot)} mid`,
      }),
      putCallOpenInterest: maybe(cents(0.3 + random())),
      putCallVolume: maybe(cents(0.3 + random())),
    });
    return {
      underlying: symbol,
      spot,
      expiration,
      dte: daysBetween(exchangeDateOf(now), expiration),
      contracts,
      analytics,
    } as AnswerDataByKind['chain'];
  }

  const answerOf = <Kind extends AnswerKind>(
    kind: Kind,
    data: AnswerDataByKind[Kind] | undefined,
    errors: Answer['errors'] = [],
  ): Answer<Kind> => ({
    kind,
    ...(data === undefined ? {} : { data }),
    errors,
    meta: {
      provider: 'tradier',
      sample: false,
      asOf: formatExchangeIso(now),
      fetchedAt: formatExchangeIso(now),
      freshness: 'live',
      ageMs: 0,
      providerCalls: 1,
      elapsedMs: 1,
    },
    notes: [],
  });

  const unknown = (symbol: string) => ({ symbol, code: 'no_data' as const, message: `${symbol}: no such symbol` });

  const nothing = <Kind extends AnswerKind>(kind: Kind, symbol: string): Answer<Kind> =>
    answerOf(kind, undefined, [unknown(symbol)]);

  function answerQuotes(symbols: readonly string[]): Answer {
    const found = symbols.filter((each) => !failing.includes(each)).map(quoteOf);
    return answerOf(
      'quote',
      found.length > 0 ? found : undefined,
      symbols.filter((each) => failing.includes(each)).map(unknown),
    );
  }

  function answerHistory(symbol: string, args: Record<string, unknown>): Answer {
    const history = historyOf(symbol, String(args['range']), args['interval'] as 'day');
    return history === undefined
      ? nothing('history', symbol)
      : { ...answerOf('history', history.data), request: history.request };
  }

  function answerChain(side: 'call' | 'put' | 'both', symbol: string, args: Record<string, unknown>): Answer {
    const phrase = typeof args['expiration'] === 'string' ? args['expiration'] : undefined;
    return {
      ...answerOf('chain', chainOf(symbol, phrase, side, args['strikes'])),
      request: { side, strikes: 10, ...(phrase === undefined ? {} : { phrase }) },
    };
  }

  /** Columns of symbols and contracts, computed by the fields of the program on the random figures. */
  function answerTable(args: Record<string, unknown>): Answer {
    const words = args as { columns: string; sort?: string; limit?: number; range?: string; expiration?: string };
    const { range: phrase, ...rest } = words;
    const asked = parseTableWords(parseInstruments([(args['symbols'] as string[]).join(', ')]), rest);
    const range = phrase === undefined ? undefined : resolveRange(phrase, now);
    const found = asked.rows.filter((row) => !failing.includes(isContract(row) ? row.underlying : row));
    const rows = found.map((row) => {
      const symbol = isContract(row) ? row.underlying : row;
      const expiration = isContract(row) ? row.expiration : words.expiration;
      const chain = chainOf(symbol, expiration, 'both', 'all');
      const contract = isContract(row) ? findContract(chain, row) : undefined;
      const bars = barsOf(symbol);
      const inside = range === undefined ? [] : bars.filter(({ date }) => date >= range.from && date <= range.to);
      const inputs: Inputs = { symbol: contract?.symbol ?? symbol, now, quote: quoteOf(symbol), bars, chain };
      if (contract !== undefined) Object.assign(inputs, { contract, underlying: symbol });
      const before = bars.findLast(({ date }) => date < (inside[0]?.date ?? ''));
      if (range !== undefined)
        inputs.period = {
          bars: range.sessions === undefined ? inside : inside.slice(-range.sessions),
          ...(before === undefined ? {} : { before }),
        };
      return createRow(inputs);
    });
    const { sort } = asked;
    const by = (row: (typeof rows)[number]): number => {
      const value = sort === undefined ? 0 : evaluate(sort.by, row);
      return typeof value === 'number' ? value * (sort?.descending === true ? -1 : 1) : Infinity;
    };
    const ordered = sort === undefined ? rows : rows.toSorted((a, b) => by(a) - by(b));
    const data = {
      columns: asked.columns.map(describeColumn),
      rows: ordered.map((row) => ({
        symbol: row.inputs.symbol,
        ...Object.fromEntries(
          asked.columns.flatMap((column) => {
            const value = valueOf(column, row);
            return value === undefined ? [] : [[column.key, value]];
          }),
        ),
      })),
    };
    const missing = asked.rows.flatMap((row) => {
      const symbol = isContract(row) ? row.underlying : row;
      return failing.includes(symbol) ? [unknown(symbol)] : [];
    });
    for (const row of rows)
      if (row.inputs.underlying === undefined && asked.rows.some(isContract))
        missing.push({ symbol: row.inputs.symbol, code: 'no_data', message: 'no such contract' });
    return answerOf('table', rows.length > 0 ? (data as AnswerDataByKind['table']) : undefined, missing);
  }

  function answerMarket(): Answer {
    const at = `${previousTradingDay(addDays(exchangeDateOf(now), 5))}T04:00:00-05:00`;
    return answerOf('market', {
      state: sessionAt(now),
      exchangeTime: formatExchangeIso(now),
      nextChange: { state: 'pre', at },
    });
  }

  type Tool = (symbol: string, args: Record<string, unknown>) => Answer;
  const known =
    (kind: AnswerKind, tool: Tool): Tool =>
    (symbol, args) =>
      failing.includes(symbol) ? nothing(kind, symbol) : tool(symbol, args);
  const tools: Record<string, Tool> = {
    get_stock_quote: (symbol) => answerQuotes([symbol]),
    get_multiple_stock_quotes: (_symbol, args) => answerQuotes(args['symbols'] as string[]),
    get_stock_price_history: known('history', answerHistory),
    get_ta_indicators: known('ta', (symbol) => answerOf('ta', [indicatorsOf(symbol)])),
    get_support_resistance: known('levels', (symbol) => answerOf('levels', levelsOf(symbol))),
    get_options_expiration_dates: known('expirations', (symbol) => {
      const today = exchangeDateOf(now);
      return answerOf('expirations', {
        symbol,
        expirations: expirationDates().map((date) => ({
          date,
          dte: daysBetween(today, date),
          kind: expirationKindOf(date),
        })),
      });
    }),
    get_call_options_chain: known('chain', (symbol, args) => answerChain('call', symbol, args)),
    get_put_options_chain: known('chain', (symbol, args) => answerChain('put', symbol, args)),
    get_options_chain: known('chain', (symbol, args) => answerChain('both', symbol, args)),
    get_stock_data_bundle: known('bundle', (symbol) =>
      answerOf('bundle', {
        symbol,
        quote: quoteOf(symbol),
        chain: chainOf(symbol, undefined, 'both', 10),
        ta: indicatorsOf(symbol),
      }),
    ),
    get_fields: (_symbol, args) => answerTable(args),
    get_market_status_and_date_time: answerMarket,
    calculate: (_symbol, args) =>
      answerOf('calculation', { expression: String(args['expression']), value: cents(random() * 1000) }),
  };

  return {
    run(name, args) {
      const tool = tools[name];
      if (tool === undefined) return new Error(`unknown tool ${name}`);
      try {
        return tool(typeof args['symbol'] === 'string' ? args['symbol'] : '', args);
      } catch (error) {
        return error as Error;
      }
    },
  };
}

export interface Talk {
  messages: Message[];
  /** Asks and returns the answer's text and the calls that were made for it. */
  ask(question: string): Promise<{
    text: string;
    figures: readonly PlacedFigure[];
    calls: { name: string; arguments: Record<string, unknown> }[];
    answers: Answer[];
  }>;
}

/** A conversation with the planner over such tools, as the loop would hold it. */
export function createTalk(planner: Planner, tools: RandomTools): Talk {
  const messages: Message[] = [];
  const tools_ = listTools();
  return {
    messages,
    async ask(question) {
      const start = messages.length;
      messages.push({ role: 'user', content: question });
      const calls: { name: string; arguments: Record<string, unknown> }[] = [];
      const answers: Answer[] = [];
      try {
        for (let turn = 0; turn < 3; turn++) {
          const reply = await planner.reply({
            messages: [{ role: 'system', content: '' }, ...messages],
            tools: tools_,
            signal: new AbortController().signal,
          });
          if (reply.refused !== undefined) throw reply.refused;
          messages.push({
            role: 'assistant',
            content: reply.text,
            ...(reply.toolCalls.length === 0 ? {} : { toolCalls: reply.toolCalls }),
          });
          if (reply.toolCalls.length === 0) return { text: reply.text, figures: reply.figures ?? [], calls, answers };
          for (const call of reply.toolCalls) {
            const args = JSON.parse(call.arguments) as Record<string, unknown>;
            calls.push({ name: call.name, arguments: args });
            const answer = tools.run(call.name, args);
            if (answer instanceof Error)
              messages.push({
                role: 'tool',
                toolCallId: call.id,
                name: call.name,
                content: `ERROR usage: ${answer.message}`,
                arguments: args,
              });
            else {
              answers.push(answer);
              messages.push({
                role: 'tool',
                toolCallId: call.id,
                name: call.name,
                content: describeForModel(answer),
                answer,
                arguments: args,
              });
            }
          }
        }
      } catch (error) {
        messages.length = start;
        throw error;
      }
      throw new Error(`no answer within three turns: ${question}`);
    },
  };
}
