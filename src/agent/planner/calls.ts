// Decides which tools a plan needs, and which parts the conversation already answers: finished bars stay as they are,
// a chain of the last minutes has the same open interest, and what forbids calls makes none.
import { parseRangePhrase } from '../../domain/date-grammar.ts';
import { type ResolvedRange, resolveRange } from '../../domain/date-phrases.ts';
import { isFinError } from '../../domain/errors.ts';
import { exchangeDateOf } from '../../domain/exchange-time.ts';
import type { EpochMs, TickerSymbol } from '../../domain/types.ts';
import type { FieldQuery } from './field-query.ts';
import type { Figures, HeldChain } from './held.ts';
import type { ContractStep, HistoryStep, Plan, Step } from './plan.ts';

export interface PlannedCall {
  name: string;
  arguments: Record<string, unknown>;
}

/** Beyond this a chain's spot and prices are asked for again; its open interest changes once a day. */
const CHAIN_AGE_MS = 5 * 60_000;
const FEWEST_BARS = 20;

/** The calls of a plan, each once, in the order of its steps; empty where the conversation holds the answer. */
export function decideCalls(plan: Plan, held: Figures, now: EpochMs): PlannedCall[] {
  if (plan.isHeldOnly) return [];
  const calls = plan.steps.flatMap((step) => callsOfStep(step, held, now));
  return calls.filter((call, index) => calls.findIndex((other) => isSameCall(call, other)) === index);
}

function isSameCall(left: PlannedCall, right: PlannedCall): boolean {
  return left.name === right.name && JSON.stringify(left.arguments) === JSON.stringify(right.arguments);
}

function callsOfStep(step: Step, held: Figures, now: EpochMs): PlannedCall[] {
  switch (step.topic) {
    case 'market':
      return [{ name: 'get_market_status_and_date_time', arguments: {} }];
    case 'calculate':
      return [{ name: 'calculate', arguments: { expression: step.expression } }];
    case 'quote':
      return [quoteCall(step.symbols)];
    case 'fields':
      return [fieldsCall(step.query)];
    default:
      return step.symbols
        .filter((symbol) => !isAnswered(step, symbol, held, now))
        .flatMap((symbol) => callsOfSymbol(step, symbol));
  }
}

function quoteCall(symbols: TickerSymbol[]): PlannedCall {
  const [symbol] = symbols;
  if (symbols.length === 1) return { name: 'get_stock_quote', arguments: { symbol } };
  return { name: 'get_multiple_stock_quotes', arguments: { symbols } };
}

/** Conditions are columns too, so that the sentence and the table say of each symbol whether they hold. */
function fieldsCall({ symbols, columns, conditions, order, range, expiration }: FieldQuery): PlannedCall {
  const [first = 'last'] = columns;
  return {
    name: 'get_fields',
    arguments: {
      symbols,
      columns: [...columns, ...conditions.map(({ expression }) => expression)].join(', '),
      ...(order === undefined ? {} : { sort: order === 'highest' ? `-${first}` : first }),
      ...(range === undefined ? {} : { range }),
      ...(expiration === undefined ? {} : { expiration }),
    },
  };
}

type SymbolStep = Exclude<Step, { topic: 'market' | 'calculate' | 'quote' | 'fields' }>;

const CHAIN_TOOLS = {
  call: 'get_call_options_chain',
  put: 'get_put_options_chain',
  both: 'get_options_chain',
} as const;

function callsOfSymbol(step: SymbolStep, symbol: TickerSymbol): PlannedCall[] {
  const history = (range: string, interval: string): PlannedCall => ({
    name: 'get_stock_price_history',
    arguments: { symbol, range, interval },
  });
  switch (step.topic) {
    case 'history':
      return [history(step.range, step.interval)];
    case 'ta':
      return [{ name: 'get_ta_indicators', arguments: { symbol } }];
    case 'levels':
      return [{ name: 'get_support_resistance', arguments: { symbol } }];
    case 'technicals':
      return [
        { name: 'get_ta_indicators', arguments: { symbol } },
        history('past 3 months', 'day'),
        { name: 'get_support_resistance', arguments: { symbol } },
      ];
    case 'expirations':
      return [{ name: 'get_options_expiration_dates', arguments: { symbol } }];
    case 'chain':
      return [chainCall(step, symbol, step.strikes)];
    case 'contract':
      return [chainCall(step, symbol, step.strike === 'atm' ? null : `near ${step.strike}`)];
    case 'walls':
      return [chainCall({ ...step, side: 'both' }, symbol, step.symbols.length > 1 ? 'summary' : null)];
    case 'bundle':
      return [{ name: 'get_stock_data_bundle', arguments: { symbol } }];
  }
}

function chainCall(
  { side, expiration }: Pick<ContractStep, 'side' | 'expiration'>,
  symbol: TickerSymbol,
  strikes: number | string | null,
): PlannedCall {
  return { name: CHAIN_TOOLS[side], arguments: { symbol, expiration: expiration ?? null, strikes } };
}

/** Whether the conversation already holds what a step asks of a symbol. */
function isAnswered(step: SymbolStep, symbol: TickerSymbol, held: Figures, now: EpochMs): boolean {
  switch (step.topic) {
    case 'history':
      return isPointInTime(step) && heldDay(step, symbol, held, now) !== undefined;
    case 'walls': {
      // Of several symbols without a date each might be held for another expiration.
      if (step.symbols.length > 1 && step.expiration === undefined) return false;
      const chain = wallsChain(step, symbol, held);
      return chain?.fetchedAtMs !== undefined && Math.abs(now - chain.fetchedAtMs) <= CHAIN_AGE_MS;
    }
    case 'technicals':
      return holdsTechnicals(symbol, held) && isOfToday(held.fetchedAtMs(symbol), now);
    default:
      return false;
  }
}

/** One price of one day, as `yesterday's close`: a sentence answers it, without a table. */
export function isPointInTime(step: HistoryStep): boolean {
  return step.isPointPrice && step.interval === 'day' && parseRangePhrase(step.range)?.expression.kind === 'day';
}

/** The finished session that a phrase for one day means, where its bar is held. */
export function heldDay(
  step: HistoryStep,
  symbol: TickerSymbol,
  held: Figures,
  now: EpochMs,
): ReturnType<Figures['finishedBar']> {
  const range = tryResolve(step.range, now);
  return range === undefined || range.from !== range.to ? undefined : held.finishedBar(symbol, range.from);
}

/** Undefined where the phrase cannot be resolved: then the tool says why. */
export function tryResolve(phrase: string, now: EpochMs): ResolvedRange | undefined {
  try {
    return resolveRange(phrase, now);
  } catch (error) {
    if (isFinError(error)) return undefined;
    throw error;
  }
}

/** The newest chain that a question about walls can mean: of its expiration, or the last one seen. */
export function wallsChain(
  step: Extract<Step, { topic: 'walls' }>,
  symbol: TickerSymbol,
  held: Figures,
): HeldChain | undefined {
  return held
    .chains(symbol)
    .find(
      ({ chain, phrase }) =>
        step.expiration === undefined || step.expiration === chain.expiration || step.expiration === phrase,
    );
}

export function holdsTechnicals(symbol: TickerSymbol, held: Figures): boolean {
  return held.indicators(symbol) !== undefined && held.dailyBars(symbol).length >= FEWEST_BARS;
}

function isOfToday(fetchedAtMs: EpochMs | undefined, now: EpochMs): boolean {
  return fetchedAtMs !== undefined && exchangeDateOf(fetchedAtMs) === exchangeDateOf(now);
}
