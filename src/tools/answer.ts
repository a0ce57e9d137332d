// How a tool's findings become an answer: figures, failures beside them, and one meta for parts of several sources.
// Counts the requests that were sent for this answer, whoever else waited for them.
import type { DataFolder } from '../book/data-folder.ts';
import { worstFreshness } from '../domain/answer-meta.ts';
import type { Answer, AnswerDataByKind, AnswerError, AnswerKind, AnswerMeta } from '../domain/answers.ts';
import type { ErrorDetails, FinError } from '../domain/errors.ts';
import { formatExchangeIso } from '../domain/exchange-time.ts';
import type { Clock, TickerSymbol } from '../domain/types.ts';
import type { MarketData, MarketRequest, Outcome, Source } from '../market/market-data.ts';

export interface ToolContext {
  market: MarketData;
  clock: Clock;
  request: MarketRequest;
  /** Where the user's lists and positions are; absent: there are none. */
  book?: DataFolder;
}

export interface Findings<Kind extends AnswerKind> {
  kind: Kind;
  data: AnswerDataByKind[Kind] | undefined;
  errors: AnswerError[];
  sources: readonly Source[];
  notes?: string[];
  closes?: Answer['closes'];
  request?: Answer['request'];
}

/** Runs a tool's work with its own count of requests and time. */
export async function answerWith<Kind extends AnswerKind>(
  context: ToolContext,
  work: (context: ToolContext) => Promise<Findings<Kind>>,
): Promise<Answer<Kind>> {
  const startedMs = context.clock.machineNow();
  let providerCalls = 0;
  const { call } = context.request;
  const counted: ToolContext = {
    ...context,
    request: {
      ...context.request,
      brought: context.request.brought ?? new Set(),
      call: {
        ...call,
        report: (event) => {
          if (event.type === 'request') providerCalls += 1;
          call.report(event);
        },
      },
    },
  };
  const findings = await work(counted);
  const elapsedMs = Math.round(context.clock.machineNow() - startedMs);
  return toAnswer(findings, { providerCalls, elapsedMs }, context.clock);
}

function toAnswer<Kind extends AnswerKind>(
  findings: Findings<Kind>,
  effort: { providerCalls: number; elapsedMs: number },
  clock: Clock,
): Answer<Kind> {
  const { kind, data, sources, notes = [], closes = [], request } = findings;
  const errors = [...findings.errors, ...listEnds(sources, findings.errors), ...listLost(sources)];
  return {
    kind,
    ...(data === undefined ? {} : { data }),
    errors,
    meta: { ...combineSources(sources, clock), ...effort },
    notes: [...new Set([...notes, ...sources.flatMap((source) => source.notes)])],
    ...(closes.length === 0 ? {} : { closes }),
    ...(request === undefined ? {} : { request }),
  };
}

/** A deadline that left what was held standing is still what ended the run: told once. */
function listEnds(sources: readonly Source[], known: readonly AnswerError[]): AnswerError[] {
  const ended = sources.find((source) => source.endedBy !== undefined)?.endedBy;
  return ended === undefined || known.some(({ code }) => code === ended.code) ? [] : [toAnswerError(ended)];
}

/** What of a reply could not be read, beside what could: each once. */
function listLost(sources: readonly Source[]): AnswerError[] {
  const byMessage = new Map<string, AnswerError>();
  for (const { symbol, message } of sources.flatMap(({ lost = [] }) => lost))
    byMessage.set(`${symbol ?? ''} ${message}`, {
      ...(symbol === undefined ? {} : { symbol }),
      code: 'bad_payload',
      message,
      hint: 'everything else is here; ask again later, or another provider with --provider',
    });
  return [...byMessage.values()];
}

/** Several parts: the worst freshness, the oldest times, every provider. */
function combineSources(sources: readonly Source[], clock: Clock): Omit<AnswerMeta, 'providerCalls' | 'elapsedMs'> {
  const freshness = worstFreshness(sources.map((source) => source.freshness));
  const sample = sources.some((source) => source.sample);
  if (freshness === undefined) return { sample };
  const fetchedAt = Math.min(...sources.map((source) => source.fetchedAt));
  return {
    provider: [...new Set(sources.map((source) => source.provider))].join(','),
    sample,
    asOf: formatExchangeIso(Math.min(...sources.map((source) => source.asOf))),
    fetchedAt: formatExchangeIso(fetchedAt),
    freshness,
    ageMs: freshness === 'live' ? 0 : Math.max(0, Math.round(clock.now() - fetchedAt)),
    ...(sources.some(({ isKeptMarket }) => isKeptMarket) ? { source: 'market.sqlite' } : {}),
  };
}

/** An error as an answer carries it. */
export function toAnswerError(error: FinError, symbol?: TickerSymbol): AnswerError {
  const named = error.details.symbol ?? symbol;
  return {
    ...(named === undefined ? {} : { symbol: named }),
    code: error.code,
    message: error.message + describePlace(error.details.place),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}

/** What the mark under an expression shows, where there are no lines for it. */
function describePlace(place: ErrorDetails['place']): string {
  return place === undefined ? '' : `, at character ${place.start + 1} of "${place.text.slice(0, 80)}"`;
}

/** For what is an addition to an answer: nobody waits a minute of a limit for it. */
export function hurry({ request, clock }: Pick<ToolContext, 'request' | 'clock'>, patienceMs: number): MarketRequest {
  const deadlineMs = Math.min(request.call.deadlineMs, clock.machineNow() + patienceMs);
  return { ...request, call: { ...request.call, deadlineMs } };
}

/** What was found; undefined also where nothing was asked for. */
export function foundIn<T>(outcome: Outcome<T> | undefined): T | undefined {
  return outcome?.ok === true ? outcome.value : undefined;
}
