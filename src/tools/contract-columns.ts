// Columns of a chain: any fields and expressions of contracts, worked out for each that is shown and written into it.
// What is asked of the underlying beside its chain is fetched here.
import { CONTRACT_FIGURES } from '../domain/answer-kinds.ts';
import type { AnswerError, ChainData, ContractData } from '../domain/answers.ts';
import { UsageError } from '../domain/errors.ts';
import type { TickerSymbol } from '../domain/types.ts';
import type { Inputs, Need } from '../fields/field.ts';
import { type Row, createRow } from '../fields/parts.ts';
import type { Source } from '../market/market-data.ts';
import { type ToolContext, toAnswerError } from './answer.ts';
import type { HeldLots } from './positions.ts';
import { toQuoteData } from './quote.ts';
import { NO_LOTS, type TableRequest, type TableWords, parseSort, sortRows } from './table.ts';
import {
  type Column,
  describeColumn,
  describeUnderlying,
  evaluate,
  needsOf,
  parseColumnList,
  parseRowCondition,
  valueOf,
} from './table-columns.ts';

/** What a contract of a chain is told with; a column of another meaning needs another name. */
const OWN_KEYS: readonly string[] = ['side', 'strike', ...CONTRACT_FIGURES];

/** @throws UsageError that marks the mistake, before anything is fetched. */
export function parseContractColumns(text: string): Column[] {
  const columns = parseColumnList(text, ['contract']);
  const foreign = columns.find(({ key, bound }) => OWN_KEYS.includes(key) && bound.first.field?.name !== key);
  if (foreign !== undefined)
    throw new UsageError(`--columns: a contract has its own "${foreign.key}"`, {
      hint: 'choose another name after as',
    });
  return columns;
}

export type ContractChoice = Pick<TableRequest, 'where' | 'sort' | 'limit'>;

/** @throws UsageError that marks the mistake, before anything is fetched. */
export function parseContractChoice(words: Pick<TableWords, keyof ContractChoice>): ContractChoice {
  const { where, sort, ...rest } = words;
  return {
    ...(where === undefined ? {} : { where: parseRowCondition(where, ['contract']) }),
    ...(sort === undefined ? {} : { sort: parseSort(sort, ['contract']) }),
    ...rest,
  };
}

/** @param whole the same expiration with all its contracts, of this source. Gives what failed beside the chain. */
export async function fillColumns(
  data: ChainData,
  { whole, source }: { whole: ChainData; source: Source },
  { columns, choice = {} }: { columns?: readonly Column[]; choice?: ContractChoice },
  context: ToolContext,
): Promise<{ errors: AnswerError[]; notes: string[] }> {
  const { shared, lots, ...beside } = await gatherShared(
    data.underlying,
    { whole, source },
    { columns, choice },
    context,
  );
  const described = columns?.map(describeColumn);
  if (described !== undefined) data.columns = described;
  const rows = data.contracts.map((contract) => ({
    contract,
    row: createRow({
      ...shared,
      symbol: contract.symbol,
      contract,
      position: lots.of.get(contract.symbol) ?? [],
    }),
  }));
  for (const { contract, row } of rows)
    for (const column of columns ?? []) {
      const value = valueOf(column, row);
      if (value !== undefined) Object.assign(contract, { [column.key]: value });
    }
  choose(data, rows, choice);
  return { ...beside, notes: [...beside.notes, ...describeUnderlying(described ?? [])] };
}

function choose(
  data: ChainData,
  rows: readonly { contract: ContractData; row: Row }[],
  { where, sort, limit }: ContractChoice,
): void {
  const contractOf = new Map(rows.map(({ row, contract }) => [row, contract]));
  const passing = [...contractOf.keys()].filter((row) => where === undefined || evaluate(where, row) === true);
  data.contracts = sortRows(passing, sort)
    .slice(0, limit)
    .flatMap((row) => contractOf.get(row) ?? []);
}

/** What the columns and the choice need beside the chain, once for all its contracts. */
async function gatherShared(
  underlying: TickerSymbol,
  { whole, source }: { whole: ChainData; source: Source },
  { columns = [], choice }: { columns?: readonly Column[] | undefined; choice: ContractChoice },
  context: ToolContext,
): Promise<{ shared: Inputs; lots: HeldLots; errors: AnswerError[]; notes: string[] }> {
  const { market, clock, request } = context;
  const needs = needsOf(
    [
      ...columns.map(({ bound }) => bound),
      ...(choice.where === undefined ? [] : [choice.where]),
      ...(choice.sort === undefined ? [] : [choice.sort.by]),
    ],
    'contract',
  );
  const [quotes, series, volatility, lots] = await Promise.all([
    needs.has('quote') ? market.quotes([underlying], request) : undefined,
    needs.has('series') ? market.dailySeries(underlying, request) : undefined,
    needs.has('term') || needs.has('volHistory')
      ? (await import('./volatility.ts')).findVolatilityInputs(underlying, needs, context, { chain: whole, source })
      : undefined,
    findHeld(needs, whole, context),
  ]);
  const quote = quotes?.get(underlying);
  const shared: Inputs = {
    symbol: underlying,
    underlying,
    now: clock.now(),
    chain: whole,
    ...(quote?.ok === true ? { quote: toQuoteData(quote.value, clock.now()) } : {}),
    ...(series?.ok === true ? { bars: series.value.bars } : {}),
    ...volatility?.inputs,
  };
  const failed = [quote, series].flatMap((outcome) => (outcome?.ok === false ? [outcome.error] : []));
  return {
    shared,
    lots,
    errors: [
      ...failed.slice(0, 1).map((error) => toAnswerError(error, underlying)),
      ...(volatility?.errors ?? []),
      ...lots.errors,
    ],
    notes: volatility?.notes ?? [],
  };
}

/** What is held of a chain's contracts, where that is asked for. */
async function findHeld(needs: ReadonlySet<Need>, { contracts }: ChainData, context: ToolContext): Promise<HeldLots> {
  if (!needs.has('position')) return NO_LOTS;
  const listed = new Set(contracts.map(({ symbol }) => symbol));
  return (await import('./positions.ts')).findLots(({ symbol }) => listed.has(symbol), needs.has('quote'), context);
}
