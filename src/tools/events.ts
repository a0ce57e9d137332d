// Dividends, splits and earnings of symbols. Hides which absence is an error: what a plan or a beta endpoint does not
// give is said beside the rest and fails nothing, what could be had and was not is told as everywhere.
import type { Answer, AnswerError, EventsData } from '../domain/answers.ts';
import type { EventList, EventLists } from '../domain/events.ts';
import type { FinError } from '../domain/errors.ts';
import type { TickerSymbol } from '../domain/types.ts';
import type { Outcome, Source } from '../market/market-data.ts';
import { type ToolContext, answerWith, foundIn, toAnswerError } from './answer.ts';

const LISTS: readonly EventList[] = ['dividends', 'splits', 'earnings'];

export interface FoundEvents {
  data?: EventsData;
  errors: AnswerError[];
  sources: Source[];
}

export function answerEvents(symbol: TickerSymbol, context: ToolContext): Promise<Answer<'events'>> {
  return answerWith(context, async (counted) => {
    const { data, errors = [], sources = [] } = (await findEvents([symbol], counted)).get(symbol) ?? {};
    const isEmpty = [data?.dividends, data?.splits, data?.earnings].every((list = []) => list.length === 0);
    const unknown = data === undefined || !isEmpty ? undefined : await findUnknown(symbol, counted);
    return unknown === undefined
      ? { kind: 'events', data, errors, sources }
      : { kind: 'events', data: undefined, errors: [unknown], sources: [] };
  });
}

/** Many companies have no events, and so has a symbol that does not exist. */
async function findUnknown(symbol: TickerSymbol, { market, request }: ToolContext): Promise<AnswerError | undefined> {
  const quote = (await market.quotes([symbol], request)).get(symbol);
  return quote?.ok === false && quote.error.code === 'no_data' ? toAnswerError(quote.error, symbol) : undefined;
}

/** Of all symbols together. `data` is absent where no list could be had, or none was asked for. */
export async function findEvents(
  symbols: readonly TickerSymbol[],
  { market, request }: ToolContext,
  lists: readonly EventList[] = LISTS,
): Promise<Map<TickerSymbol, FoundEvents>> {
  const ask = async <List extends EventList>(
    list: List,
  ): Promise<ReadonlyMap<TickerSymbol, Outcome<EventLists[List]>>> =>
    lists.includes(list) && symbols.length > 0 ? market.events(list, symbols, request) : new Map();
  const [dividends, splits, earnings] = await Promise.all([ask('dividends'), ask('splits'), ask('earnings')]);
  return new Map(
    symbols.map((symbol) => [
      symbol,
      combine(symbol, {
        dividends: dividends.get(symbol),
        splits: splits.get(symbol),
        earnings: earnings.get(symbol),
      }),
    ]),
  );
}

type Parts = { [List in EventList]: Outcome<EventLists[List]> | undefined };

function combine(symbol: TickerSymbol, parts: Parts): FoundEvents {
  const asked = LISTS.flatMap((list) => (parts[list] === undefined ? [] : [{ list, outcome: parts[list] }]));
  const sources = asked.flatMap(({ outcome }) => (outcome.ok ? [outcome.source] : []));
  const failures = asked.flatMap(({ list, outcome }) => (outcome.ok ? [] : [{ list, error: outcome.error }]));
  const isSaid = ({ error }: { error: FinError }): boolean => isMereAbsence(error, sources.length > 0);
  const errors = failures.filter((each) => !isSaid(each)).map(({ error }) => toAnswerError(error, symbol));
  if (sources.length === 0 && (errors.length > 0 || asked.length === 0)) return { errors: [...errors], sources };
  const unavailable = failures.map(({ list, error }) => ({ kind: list, why: withoutPrefix(error.message, list) }));
  return {
    data: {
      symbol,
      dividends: foundIn(parts.dividends) ?? [],
      splits: foundIn(parts.splits) ?? [],
      ...(parts.earnings?.ok === true ? { earnings: parts.earnings.value } : {}),
      ...(unavailable.length === 0 ? {} : { unavailable }),
    },
    errors,
    sources,
  };
}

/** Tradier's fundamentals are in beta: they may be missing, changed or down while the rest is there. */
function isMereAbsence({ code, details }: FinError, isAnythingThere: boolean): boolean {
  if (code === 'plan' || code === 'no_data') return true;
  if (details.provider !== 'tradier') return false;
  return code === 'bad_payload' || (isAnythingThere && (code === 'unavailable' || code === 'unauthorized'));
}

/** `Tradier: …; not in the free Polygon plan`: what it is about stands beside it. */
function withoutPrefix(message: string, list: EventList): string {
  return message.replaceAll(new RegExp(`(^|; )${list}: `, 'g'), '$1').replaceAll(` ${list}: `, ': ');
}
