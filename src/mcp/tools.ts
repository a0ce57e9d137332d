// The tools that a client of the Model Context Protocol is offered: at most fifteen of tools/registry.ts, under names of at
// most 30 characters. Hides which of them stand for several, and the words that people are shown.
import { UsageError } from '../domain/errors.ts';
import { type ToolArguments, choiceOf, listTools } from '../tools/registry.ts';
import { type DataKind, type JsonSchema, type ObjectSchema, outputSchemaOf } from './answer-schemas.ts';

export interface OfferedTool {
  name: string;
  title: string;
  description: string;
  inputSchema: ObjectSchema;
  outputSchema: ObjectSchema;
  annotations: typeof ANNOTATIONS;
}

/** Nothing is ever changed or ordered; figures come from outside. Without these hints clients assume the worst. */
const ANNOTATIONS = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true } as const;

interface Offer {
  title: string;
  kind: DataKind;
  /** Its name in the registry, where that is another. */
  tool?: string;
  /** Where the registry's own words lean on tools that are not offered. */
  description?: string;
  more?: Record<string, JsonSchema>;
  /** Shows what the user holds. */
  isOwn?: true;
}

const SIDES = ['both', 'call', 'put'] as const;

/**
 * Left out: `get_stock_quote` and the chains of one side, which these give too; `get_stock_data_bundle`, which is three of
 * them; `calculate`, which an assistant does itself. In an order that never changes: clients cache prompts.
 */
const OFFERS: Readonly<Record<string, Offer>> = {
  get_multiple_stock_quotes: {
    title: 'Quotes',
    kind: 'quote',
    description: 'Last price, change, OHLC, bid, ask, volume of one or many stocks, ETFs, indices or option contracts.',
  },
  get_stock_price_history: { title: 'Price history', kind: 'history' },
  get_ta_indicators: { title: 'Technical indicators', kind: 'ta' },
  get_support_resistance: { title: 'Support and resistance', kind: 'levels' },
  get_fields: { title: 'Table of any figures', kind: 'table' },
  scan_market: { title: 'Scan the market', kind: 'table' },
  get_options_expiration_dates: { title: 'Option expirations', kind: 'expirations' },
  get_options_chain: {
    title: 'Option chain',
    kind: 'chain',
    description:
      'Option chain of one expiration around the spot: bid, ask, IV, greeks, open interest, with walls, max pain and expected move of the whole expiration; includes the spot.',
    more: { side: { type: 'string', enum: [...SIDES], description: 'default both' } },
  },
  get_volatility: {
    title: 'Volatility and IV rank',
    kind: 'volatility',
    description:
      'IV rank, IV percentile and 30-day implied volatility of one symbol, with realized volatility, skew and term structure.',
  },
  price_strategy: { title: 'Price an option strategy', kind: 'strategy' },
  get_positions: { title: 'Positions of the user', kind: 'positions', isOwn: true },
  get_corporate_events: { title: 'Dividends, splits, earnings', kind: 'events' },
  get_news: { title: 'News', kind: 'news' },
  search_symbols: { title: 'Find a symbol', kind: 'search' },
  get_market_status: { title: 'Market hours', kind: 'market', tool: 'get_market_status_and_date_time' },
};

/** @param withOwn also what shows the user's book */
export function offeredTools(withOwn: boolean): OfferedTool[] {
  const definitions = new Map(listTools().map((tool) => [tool.name, tool]));
  return Object.entries(OFFERS)
    .filter(([, { isOwn }]) => withOwn || isOwn !== true)
    .map(([name, { title, kind, tool = name, description, more = {} }]) => {
      const definition = definitions.get(tool);
      if (definition === undefined) throw new Error(`the registry has no tool ${tool}`);
      const inputSchema = definition.parameters as unknown as ObjectSchema;
      return {
        name,
        title,
        description: description ?? definition.description,
        inputSchema: { ...inputSchema, properties: { ...inputSchema.properties, ...more } },
        outputSchema: outputSchemaOf(kind),
        annotations: ANNOTATIONS,
      };
    });
}

/** What of the registry a call means. @throws UsageError that a model can correct itself by */
export function resolveCall(
  name: string,
  args: ToolArguments,
  withOwn: boolean,
): { tool: string; args: ToolArguments; kind: DataKind } {
  const offer = Object.hasOwn(OFFERS, name) ? OFFERS[name] : undefined;
  if (offer === undefined || (offer.isOwn === true && !withOwn))
    throw new UsageError(`unknown tool ${name.slice(0, 60)}`, {
      hint: `the tools are ${offeredTools(withOwn)
        .map((each) => each.name)
        .join(', ')}`,
    });
  if (name !== 'get_options_chain') return { tool: offer.tool ?? name, args, kind: offer.kind };
  const { side: _side, ...others } = args;
  const side = choiceOf(args, 'side', SIDES) ?? 'both';
  const tool = side === 'both' ? name : `get_${side}_options_chain`;
  return { tool, args: others, kind: offer.kind };
}
