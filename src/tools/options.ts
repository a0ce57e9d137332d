// Expirations and option chains in the public shape: the part of a chain that was asked for, with columns and a choice
// of contracts that are worked out over the whole of it.
import type { Answer, AnswerError, ChainData, ExpirationStats, ExpirationsData, TermEntry } from '../domain/answers.ts';
import { analyseChain, toChainData } from '../domain/chain-analytics.ts';
import { daysBetween, exchangeDateOf } from '../domain/exchange-time.ts';
import { isExpirationOver } from '../domain/option-sessions.ts';
import { present, sumOfKnown } from '../domain/present.ts';
import type { TickerSymbol } from '../domain/types.ts';
import { type Findings, type ToolContext, answerWith, toAnswerError } from './answer.ts';
import type { ContractChoice } from './contract-columns.ts';
import type { Column } from './table-columns.ts';
import {
  type ChainAsked,
  type WholeChain,
  findEach,
  findOne,
  findWhole,
  letOthersRun,
  selectContracts,
} from './whole-chain.ts';

export interface ChainRequest extends ChainAsked {
  /** Only what the expiration as a whole says is of interest. */
  summary?: true;
  /** Worked out for each contract that is shown. */
  columns?: readonly Column[];
  /** Of the selection those that fulfill a condition, the first ones in an order. */
  choice?: ContractChoice;
}

export interface ChainsRequest extends Omit<ChainRequest, 'symbol'> {
  symbols: readonly TickerSymbol[];
}

/** With `stats` what the chain of each date says as a whole. */
export function answerExpirations(
  symbol: TickerSymbol,
  context: ToolContext,
  { stats: wantsStats = false } = {},
): Promise<Answer<'expirations'>> {
  return answerWith(context, async (counted) => {
    const { market, clock, request } = counted;
    const outcome = await market.expirations(symbol, request);
    if (!outcome.ok)
      return { kind: 'expirations', data: undefined, errors: [toAnswerError(outcome.error, symbol)], sources: [] };
    await letOthersRun(outcome.value, 'expirations', counted);
    const now = clock.now();
    const today = exchangeDateOf(now);
    const data: ExpirationsData = {
      symbol,
      expirations: outcome.value
        .filter(({ date }) => !isExpirationOver(date, now, symbol))
        .map(({ date, kind }) => ({ date, dte: daysBetween(today, date), kind })),
    };
    if (!wantsStats) return { kind: 'expirations', data, errors: [], sources: [outcome.source] };
    const { findDates } = await import('./volatility.ts');
    const dates = data.expirations.map(({ date }) => date);
    const { points, errors, sources, notes } = await findDates(symbol, dates, counted);
    const stats = new Map(
      points.map(({ whole, stats: of }) => [whole.chain.expiration, { ...of, ...totalsOf(whole) }]),
    );
    return {
      kind: 'expirations',
      data: { symbol, expirations: data.expirations.map((each) => ({ ...each, ...stats.get(each.date) })) },
      errors,
      sources: [outcome.source, ...sources],
      notes,
      request: { summary: true },
    };
  });
}

function totalsOf({ chain, spot }: WholeChain): Omit<ExpirationStats, keyof TermEntry> {
  const { putCallOpenInterest, putCallVolume } = analyseChain(chain, spot);
  return present({
    putCallOpenInterest,
    putCallVolume,
    openInterest: sumOfKnown(chain.contracts, ({ openInterest }) => openInterest),
    volume: sumOfKnown(chain.contracts, ({ volume }) => volume),
  });
}

export function answerChain(asked: ChainRequest, context: ToolContext): Promise<Answer<'chain'>> {
  return answerWith(context, (counted) => findOne(asked, (one) => findChain(one, counted)));
}

/** Chains of several symbols, or of all expirations of a span. */
export function answerChains({ symbols, ...asked }: ChainsRequest, context: ToolContext): Promise<Answer<'chains'>> {
  return answerWith(context, async (counted) => {
    const find = (one: ChainRequest): Promise<Findings<'chain'>> => findChain(one, counted);
    const found = (await Promise.all(symbols.map((symbol) => findEach({ ...asked, symbol }, counted, find)))).flat();
    const data = found.flatMap((each) => each.data ?? []);
    return {
      kind: 'chains',
      data: data.length > 0 ? data : undefined,
      errors: found.flatMap(({ errors }) => errors),
      sources: found.flatMap(({ sources }) => sources),
      notes: found.flatMap(({ data: chain, notes = [] }) =>
        notes.map((note) =>
          found.length > 1 && chain !== undefined ? `${nameOf(chain, symbols.length > 1)}: ${note}` : note,
        ),
      ),
      request: { ...requestOf({ ...asked, symbol: '' }), ...(symbols.length > 1 ? { summary: true } : {}) },
    };
  });
}

function nameOf({ underlying, expiration }: ChainData, isOneOfSeveral: boolean): string {
  return isOneOfSeveral ? underlying : expiration;
}

async function findChain(asked: ChainRequest, context: ToolContext): Promise<Findings<'chain'>> {
  const whole = await findWhole(asked, context);
  const data = await selectContracts(whole, asked, context);
  const beside = await fillIn(data, whole, asked, context);
  return {
    kind: 'chain',
    data,
    errors: [...beside.errors, ...whole.errors],
    sources: whole.sources,
    notes: [...whole.notes, ...beside.notes],
    request: requestOf(asked),
  };
}

/** Columns and choice of a request. Gives what failed beside the chain. */
async function fillIn(
  data: ChainData,
  { chain, spot, source }: WholeChain,
  asked: ChainRequest,
  context: ToolContext,
): Promise<{ errors: AnswerError[]; notes: string[] }> {
  if (asked.columns === undefined && asked.choice === undefined) return { errors: [], notes: [] };
  const { fillColumns } = await import('./contract-columns.ts');
  const whole = toChainData(chain, spot, context.clock.now(), { side: 'both', strikes: 'all' });
  return fillColumns(data, { whole, source }, asked, context);
}

function requestOf(asked: ChainRequest): Answer['request'] & object {
  const { side, strikes, around, filters, choice, expiration, summary } = asked;
  const isRange = typeof strikes === 'object';
  const part = (filters ?? choice) !== undefined ? ('choice' as const) : isRange ? ('range' as const) : undefined;
  return { side, strikes: isRange ? 'all' : strikes, ...present({ summary, around, part, phrase: expiration }) };
}
