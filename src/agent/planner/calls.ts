// The calls of the tools that the forms of a question need.
import { CONTRACT_FIGURES } from '../../domain/answer-kinds.ts';
import type { TickerSymbol } from '../../domain/types.ts';
import { FIRST_FIELDS, contractColumns, strikesMeant } from './contracts.ts';
import type { PlannedCall, Query } from './query.ts';

export const each = (query: Query, call: (symbol: TickerSymbol) => PlannedCall | PlannedCall[]): PlannedCall[] =>
  query.symbols.flatMap(call);
export const call = (name: string, args: Record<string, unknown>): PlannedCall => ({ name, arguments: args });
export const historyCall = (symbol: TickerSymbol, range: string, interval = 'day'): PlannedCall =>
  call('get_stock_price_history', { symbol, range, interval });

const DEFAULT_STRIKES = 10;
const CHAIN_TOOLS = {
  call: 'get_call_options_chain',
  put: 'get_put_options_chain',
  both: 'get_options_chain',
} as const;

export function quoteCall(symbols: TickerSymbol[]): PlannedCall {
  const [symbol] = symbols;
  return symbols.length === 1 ? call('get_stock_quote', { symbol }) : call('get_multiple_stock_quotes', { symbols });
}

export function strategyCall(query: Query): PlannedCall {
  const { symbols, strategy, expiration, delta, width, strike, isShort, legs, quantity } = query;
  return call('price_strategy', {
    symbol: symbols[0],
    ...(legs === undefined ? { name: strategy } : { legs: legs.join(', ') }),
    // Legs bear their sizes.
    ...(legs !== undefined || quantity === undefined ? {} : { quantity }),
    ...(legs !== undefined || expiration === undefined ? {} : { expiration }),
    ...(delta === undefined ? {} : { delta: JSON.stringify(delta) }),
    ...(legs !== undefined || width === undefined ? {} : { width: String(width) }),
    ...(legs !== undefined || strike.length === 0 ? {} : { strikes: strike.join('/') }),
    // Legs bear their sign.
    ...(legs === undefined && isShort === true ? { direction: 'short' } : {}),
  });
}

/** Figures that were asked for beside what is tested. */
function scanColumns(fields: readonly string[], conditions: Query['conditions']): { columns: string } | undefined {
  const shown = fields.filter((name) => !conditions.some(({ expression }) => expression.includes(name)));
  return shown.length === 0 ? undefined : { columns: [...new Set(['last', 'changePercent', ...fields])].join(', ') };
}

export function scanCall({ scan = '', conditions, rank, limit, fields }: Query): PlannedCall {
  return call('scan_market', {
    ...(scan === '' ? {} : { preset: scan }),
    ...(conditions.length === 0 ? {} : { conditions: conditions.map(({ expression }) => expression).join(' and ') }),
    ...(rank === undefined
      ? {}
      : { sort: `${rank.order === 'highest' ? '-' : ''}${rank.by ?? fields[0] ?? 'changePercent'}` }),
    ...(limit === undefined ? {} : { limit }),
    ...(scanColumns(fields, conditions) ?? {}),
  });
}

export function strikesOf({ strikes, delta, money, conditions, rank }: Query): number | string {
  if (delta !== undefined) return typeof delta === 'number' ? `delta ${delta}` : `delta ${delta.from}..${delta.to}`;
  if (money !== undefined && strikes === undefined) return money;
  if (typeof strikes === 'object') return `${strikes.from}..${strikes.to}`;
  return strikes ?? (conditions.length > 0 || rank !== undefined ? 'all' : DEFAULT_STRIKES);
}

export function chainCall(query: Query, symbol: TickerSymbol, strikes: number | string | null): PlannedCall {
  const { side = 'both', expiration } = query;
  return call(CHAIN_TOOLS[side], { symbol, expiration: expiration ?? null, strikes, ...choiceOf(query) });
}

/** What a chain is listed with; another figure makes columns of one's own. */
const OF_CHAIN: ReadonlySet<string> = new Set(CONTRACT_FIGURES);

function choiceOf({ conditions, rank, limit, fields, form }: Query): Record<string, unknown> {
  if (form !== 'chain') return {};
  const isChosen = conditions.length > 0 || rank !== undefined;
  const own = fields.filter((name) => name !== 'strike' && name !== 'ohlc');
  const columns = isChosen ? [...new Set([...own, ...FIRST_FIELDS])] : own;
  return {
    ...(conditions.length === 0 ? {} : { where: conditions.map(({ expression }) => expression).join(' and ') }),
    ...(rank === undefined ? {} : { sort: `${rank.order === 'highest' ? '-' : ''}${rank.by ?? ''}` }),
    ...(limit === undefined ? {} : { limit }),
    ...(isChosen || own.some((name) => !OF_CHAIN.has(name)) ? { columns: columns.join(', ') } : {}),
  };
}

/** Contracts in a table of their own, so that any figure of them can be asked for. */
export function contractsCall(query: Query): PlannedCall {
  const { side = 'both', expiration = 'nearest', rank } = query;
  const sides = side === 'both' ? ['call', 'put'] : [side];
  const symbols = query.symbols.flatMap((symbol) =>
    strikesMeant(query).flatMap((each) => {
      const own = query.sideOf?.[each];
      return (own === undefined ? sides : [own]).flatMap((one) =>
        expiration.split(', ').map((date) => `${symbol} ${each} ${one} ${date}`),
      );
    }),
  );
  return call('get_fields', {
    symbols,
    columns: contractColumns(query).join(', '),
    ...(rank === undefined ? {} : { sort: `${rank.order === 'highest' ? '-' : ''}${rank.by ?? ''}` }),
  });
}
