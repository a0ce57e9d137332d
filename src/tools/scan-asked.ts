// What a scan asks providers: quotes and chains of the symbols that are left, or quotes of large companies where nobody has
// the whole market. Hides in which order, of how many, and where the answers came from.
import type { AnswerError, TableRow } from '../domain/answers.ts';
import { present } from '../domain/present.ts';
import type { Quote, TickerSymbol } from '../domain/types.ts';
import type { Bound } from '../fields/bind.ts';
import { type Result, type Row, both, createRow } from '../fields/parts.ts';
import type { MarketData, Outcome, Source } from '../market/market-data.ts';
import { type Findings, type ToolContext, toAnswerError } from './answer.ts';
import { listLargeCompanies } from './large-companies.ts';
import { toQuoteData } from './quote.ts';
import { type Column, type RowExpression, describeColumn, evaluate } from './table-columns.ts';
import { answerTable, compareValues, toRow } from './table.ts';

/** What needs a quote or a chain is asked for so many symbols at most. */
export const MOST_ASKED = 50;
export const boundsOf = ({ by }: { by: RowExpression }): Bound => by.first;

export interface ScanRequest {
  /** All must be true; those of an `and` stand alone, so that the cheapest can go first. */
  conditions: readonly Bound[];
  columns: readonly Column[];
  sort: { by: RowExpression; descending: boolean };
  limit?: number;
  /** Absent: the whole market. */
  symbols?: readonly TickerSymbol[];
}

export interface AskedRows {
  rows: readonly TableRow[];
  matched: number;
  errors: AnswerError[];
  sources: Source[];
  notes: string[];
}

/**
 * The rest of the conditions, columns and order, of the symbols that are left. What only columns need is asked for those
 * that are shown alone; sources and notes are theirs, too, where there are any.
 * @param asked `isOrdered`: the symbols are in order already
 */
export async function askOfThese(
  { conditions, columns, sort, limit = MOST_ASKED, isOrdered }: ScanRequest & { isOrdered: boolean },
  left: readonly TickerSymbol[],
  plain: ToolContext,
): Promise<AskedRows> {
  const where = joinConditions(conditions);
  const most = Math.min(limit, MOST_ASKED);
  const isChosen = where === undefined && isOrdered;
  const tried = left.slice(0, isChosen ? most : MOST_ASKED);
  const notes =
    left.length > tried.length && tried.length === MOST_ASKED
      ? [`only the first ${tried.length} of the ${left.length} remaining symbols were checked`]
      : [];
  if (tried.length === 0) return { rows: [], matched: 0, errors: [], sources: [], notes };
  stage(plain, `scan: checking ${count(tried.length, 'symbol')}`);
  const sources: Source[] = [];
  const context = { ...plain, market: askOnce(plain.market, sources) };
  const chosen = isChosen
    ? { data: { rows: tried.map((symbol) => ({ symbol })), matched: left.length }, errors: [], notes: [] }
    : await answerTable({ rows: tried, columns: [], sort, limit: most, ...present({ where }) }, context);
  const { rows = [], matched = left.length } = chosen.data ?? {};
  if (rows.length === 0)
    return { rows, matched: 0, errors: chosen.errors, sources, notes: [...notes, ...chosen.notes] };
  sources.splice(0);
  const shown = await answerTable({ rows: rows.map(({ symbol }) => symbol), columns, ...present({ where }) }, context);
  const known = new Set(chosen.errors.map(({ symbol, message }) => `${symbol ?? ''} ${message}`));
  const isNew = ({ symbol, message }: AnswerError): boolean => !known.has(`${symbol ?? ''} ${message}`);
  return {
    rows: shown.data?.rows ?? [],
    matched,
    errors: [...chosen.errors, ...shown.errors.filter(isNew)],
    // Their notes are in the table's.
    sources: sources.map((source) => ({ ...source, notes: [] })),
    notes: [...notes, ...mergeNotes(shown.notes)],
  };
}

/** What is said of several symbols, once. */
function mergeNotes(notes: readonly string[]): string[] {
  const symbolsOf = new Map<string, string[]>();
  for (const note of notes) {
    const [, symbol, text = note] = /^([A-Z][A-Z0-9.]*): (.+)$/.exec(note) ?? [];
    symbolsOf.set(text, [...(symbolsOf.get(text) ?? []), ...(symbol === undefined ? [] : [symbol])]);
  }
  return Array.from(symbolsOf, ([text, symbols]) => {
    if (symbols.length < 2) return symbols.length === 0 ? text : `${symbols.join()}: ${text}`;
    const rest = symbols.length > 3 ? ` and ${symbols.length - 3} more` : '';
    return `${symbols.slice(0, 3).join(', ')}${rest}: ${text}`;
  });
}

/** As one, of rows of symbols. */
function joinConditions(bounds: readonly Bound[]): RowExpression | undefined {
  const [first] = bounds;
  if (first === undefined) return undefined;
  const joined: Bound = {
    ...first,
    needs: new Set(bounds.flatMap(({ needs }) => [...needs])),
    evaluate: (row) => bounds.map((bound) => bound.evaluate(row)).reduce(both),
  };
  return { first: joined, of: { symbol: joined } };
}

/** The market, asked once for what is shown after it was chosen, so that both are of one moment. Sources are heard. */
function askOnce(market: MarketData, sources: Source[]): MarketData {
  const quotes = new Map<TickerSymbol, Outcome<Quote>>();
  const chains = new Map<string, ReturnType<MarketData['chain']>>();
  const hear = (outcome: Outcome<unknown> | undefined): void => {
    if (outcome?.ok === true) sources.push(outcome.source);
  };
  return {
    ...market,
    quotes: async (symbols, request) => {
      const unknown = symbols.filter((symbol) => !quotes.has(symbol));
      const found = unknown.length === 0 ? [] : await market.quotes(unknown, request);
      for (const [symbol, outcome] of found) quotes.set(symbol, outcome);
      for (const symbol of symbols) hear(quotes.get(symbol));
      return quotes;
    },
    chain: async (symbol, expiration, request) => {
      const key = `${symbol} ${expiration}`;
      const asked = chains.get(key) ?? market.chain(symbol, expiration, request);
      chains.set(key, asked);
      const outcome = await asked;
      hear(outcome);
      return outcome;
    },
  };
}

/** Without the bars of the whole market: what quotes decide first, in one request, then the rest of those left. */
export async function scanByQuotes(asked: ScanRequest, context: ToolContext): Promise<Findings<'table'>> {
  const symbols = asked.symbols ?? listLargeCompanies();
  const notes =
    asked.symbols === undefined
      ? [`no Polygon key: only ${symbols.length} large companies were searched, by their quotes`]
      : [];
  const byQuote = (bound: Bound): boolean => [...bound.needs].every((need) => need === 'quote');
  const shown = [...asked.columns.map(({ bound }) => bound.first), boundsOf(asked.sort)];
  const cheap = asked.conditions.filter(byQuote);
  const rest = asked.conditions.filter((bound) => !byQuote(bound));
  stage(context, `scan: quotes of ${count(symbols.length, 'symbol')}`);
  const { errors, sources, passed, unknown } = await readQuotes(asked, symbols, cheap, context);
  if (unknown > 0) notes.push(`${unknown} of them are unknown`);
  if (sources.length === 0) return { kind: 'table', data: undefined, errors, sources, notes };
  const { sort } = asked;
  passed.sort((a, b) => compareValues(a.value, b.value, sort.descending));
  if (rest.length > 0 || !shown.every(byQuote)) {
    const { rows, matched, ...found } = await askOfThese(
      { ...asked, conditions: rest, isOrdered: byQuote(boundsOf(asked.sort)) },
      passed.map(({ row }) => row.inputs.symbol),
      context,
    );
    return {
      kind: 'table',
      data: { columns: asked.columns.map(describeColumn), rows: [...rows], universe: symbols.length, matched },
      errors: [...errors, ...found.errors],
      notes: [...notes, ...found.notes],
      sources: [...sources, ...found.sources],
    };
  }
  return {
    kind: 'table',
    data: {
      columns: asked.columns.map(describeColumn),
      rows: passed.slice(0, asked.limit).map(({ row }) => toRow(row, asked.columns)),
      universe: symbols.length,
      matched: passed.length,
    },
    errors,
    sources,
    notes,
  };
}

/** Those of whose quotes the conditions are true. */
async function readQuotes(
  asked: ScanRequest,
  symbols: readonly TickerSymbol[],
  cheap: readonly Bound[],
  { market, clock, request }: ToolContext,
) {
  const outcomes = await market.quotes(symbols, request);
  const errors: AnswerError[] = [];
  const sources: Source[] = [];
  const passed: { row: Row; value: Result }[] = [];
  let unknown = 0;
  for (const symbol of symbols) {
    const outcome = outcomes.get(symbol);
    if (outcome?.ok !== true) {
      // Of a list that nobody typed, a symbol that is not there is no failure.
      if (asked.symbols === undefined && outcome?.error.code === 'no_data') unknown += 1;
      else if (outcome !== undefined) errors.push(toAnswerError(outcome.error, symbol));
      continue;
    }
    sources.push(outcome.source);
    const row = createRow({ symbol, now: clock.now(), quote: toQuoteData(outcome.value, clock.now()) });
    if (cheap.every((condition) => condition.evaluate(row) === true))
      passed.push({ row, value: evaluate(asked.sort.by, row) });
  }
  return { errors, sources, passed, unknown };
}

export function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

export function stage({ request }: ToolContext, text: string, isPassing?: true): void {
  request.call.report({ type: 'stage', text, ...(isPassing === undefined ? {} : { isPassing }) });
}
