// What a scan asks providers: quotes and chains of the symbols that are left, or quotes of large companies where nobody has
// the whole market. Hides in which order, of how many, and where the answers came from.
import type { Answer, AnswerError } from '../domain/answers.ts';
import { present } from '../domain/present.ts';
import type { TickerSymbol } from '../domain/types.ts';
import type { Bound } from '../fields/bind.ts';
import { type Result, type Row, both, createRow } from '../fields/parts.ts';
import type { Source } from '../market/market-data.ts';
import { type Findings, type ToolContext, toAnswerError } from './answer.ts';
import { listLargeCompanies } from './large-companies.ts';
import { toQuoteData } from './quote.ts';
import type { ScanRequest } from './scan.ts';
import { type RowExpression, describeColumn, evaluate } from './table-columns.ts';
import { answerTable, compareValues, toRow } from './table.ts';

/** What needs a quote or a chain is asked for so many symbols at most. */
export const MOST_ASKED = 50;
export const boundsOf = ({ by }: { by: RowExpression }): Bound => by.first;

/** The rest of the conditions, columns and order, of the symbols that are left. */
export async function askOfThese(
  { columns, sort, limit }: ScanRequest,
  rest: readonly Bound[],
  left: readonly TickerSymbol[],
  context: ToolContext,
): Promise<Pick<Answer<'table'>, 'data' | 'errors'> & Findings<'table'>> {
  const rows = left.slice(0, MOST_ASKED);
  const notes =
    left.length > rows.length ? [`only the first ${rows.length} of ${left.length} that are left were asked about`] : [];
  if (rows.length === 0)
    return {
      kind: 'table',
      data: { columns: columns.map(describeColumn), rows: [], universe: 0, matched: 0 },
      errors: [],
      sources: [],
      notes,
    };
  stage(context, `scan: asking about ${count(rows.length, 'symbol')}`);
  const sources: Source[] = [];
  const where = joinConditions(rest);
  const answer = await answerTable(
    {
      rows,
      columns,
      sort,
      ...present({ where, limit }),
    },
    hearSources(context, sources),
  );
  const data = answer.data ?? { columns: columns.map(describeColumn), rows: [] };
  return {
    kind: 'table',
    data: { ...data, universe: left.length, matched: data.matched ?? data.rows.length },
    errors: answer.errors,
    sources,
    notes: [...notes, ...answer.notes],
  };
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

/** The market, of which the sources of what is asked are heard. */
function hearSources(context: ToolContext, sources: Source[]): ToolContext {
  const { market } = context;
  return {
    ...context,
    market: {
      ...market,
      quotes: async (symbols, request) => {
        const outcomes = await market.quotes(symbols, request);
        for (const outcome of outcomes.values()) if (outcome.ok) sources.push(outcome.source);
        return outcomes;
      },
      chain: async (...args) => {
        const outcome = await market.chain(...args);
        if (outcome.ok) sources.push(outcome.source);
        return outcome;
      },
    },
  };
}

/** Without the bars of the whole market: what quotes decide first, in one request, then the rest of those left. */
export async function scanByQuotes(asked: ScanRequest, context: ToolContext): Promise<Findings<'table'>> {
  const symbols = asked.symbols ?? listLargeCompanies();
  const notes =
    asked.symbols === undefined ? [`without a Polygon key: ${symbols.length} large companies, by their quotes`] : [];
  const byQuote = (bound: Bound): boolean => [...bound.needs].every((need) => need === 'quote');
  const shown = [...asked.columns.map(({ bound }) => bound.first), boundsOf(asked.sort)];
  const cheap = asked.conditions.filter(byQuote);
  const rest = asked.conditions.filter((bound) => !byQuote(bound));
  stage(context, `scan: quotes of ${count(symbols.length, 'symbol')}`);
  const { errors, sources, passed, unknown } = await readQuotes(asked, symbols, cheap, context);
  if (unknown > 0) notes.push(`${unknown} of them are not known`);
  if (sources.length === 0) return { kind: 'table', data: undefined, errors, sources, notes };
  const { sort } = asked;
  passed.sort((a, b) => compareValues(a.value, b.value, sort.descending));
  if (rest.length > 0 || !shown.every(byQuote)) {
    const found = await askOfThese(
      asked,
      rest,
      passed.map(({ row }) => row.inputs.symbol),
      context,
    );
    return {
      ...found,
      data: found.data && { ...found.data, universe: symbols.length },
      errors: [...errors, ...found.errors],
      notes: [...notes, ...(found.notes ?? [])],
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
