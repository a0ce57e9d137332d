// What an answer takes from earlier questions of its conversation instead of asking again: which results, and how old
// they are by now. Hides the search for them, newest first.
import { type FreshnessKind, type FreshnessTable, decideFreshness } from '../cache/freshness.ts';
import { combineMetas } from '../domain/answer-meta.ts';
import type { Answer, AnswerKind, AnswerMeta } from '../domain/answers.ts';
import { finalFrom, sessionAt } from '../domain/calendar.ts';
import type { EpochMs, Freshness } from '../domain/types.ts';
import { collectFacts, type FactBase } from './grounding/facts.ts';
import type { Message } from './model.ts';

const KINDS: Partial<Record<AnswerKind, FreshnessKind>> = {
  quote: 'quote',
  history: 'running_bars',
  ta: 'running_bars',
  levels: 'running_bars',
  expirations: 'expirations',
  chain: 'chain',
  chains: 'chain',
  contracts: 'chain',
  bundle: 'chain',
  market: 'market',
  events: 'events',
};

export interface EarlierSearch {
  /** How many figures of the answer the results of some messages support. */
  countSupported(facts: FactBase): number;
  messages: readonly Message[];
  /** Where the question stands among them. */
  start: number;
  /** Figures of the answer that the whole conversation supports. */
  supported: number;
  /** Market time. */
  nowMs: EpochMs;
  /** By which results count as fresh. Absent: the built-in one. */
  freshness?: FreshnessTable | undefined;
}

/** The meta of the newest earlier results that figures of the answer need; undefined where the question's own are enough. */
export function findEarlierSource({
  countSupported,
  messages,
  start,
  supported,
  nowMs,
  freshness,
}: EarlierSearch): AnswerMeta | undefined {
  const earlier = listQuestions(messages.slice(0, start));
  const isEnough = (from: number): boolean => supported <= countSupported(collectFacts(messages.slice(from)));
  if (earlier.length === 0 || supported === 0 || isEnough(start)) return undefined;
  const from = findLast(earlier, isEnough);
  return describe(messages.slice(from, earlier[earlier.indexOf(from) + 1] ?? start), nowMs, freshness);
}

/** Places of the questions that brought results, oldest first. */
function listQuestions(messages: readonly Message[]): number[] {
  const places = messages.flatMap((message, index) => (message.role === 'user' ? [index] : []));
  return places.filter((place, index) =>
    messages
      .slice(place, places[index + 1] ?? messages.length)
      .some((message) => message.role === 'tool' && message.answer !== undefined),
  );
}

/** The last place that is enough: what is enough stays so with more before it. Steps grow, then halve. */
function findLast(places: readonly number[], isEnough: (place: number) => boolean): number {
  const at = (index: number): number => places[index] ?? 0;
  let step = 1;
  while (step < places.length && !isEnough(at(places.length - step))) step *= 2;
  let [low, high] = [Math.max(0, places.length - step), places.length - (step >> 1) - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (isEnough(at(middle))) low = middle;
    else high = middle - 1;
  }
  return at(low);
}

function describe(
  messages: readonly Message[],
  nowMs: EpochMs,
  table: FreshnessTable | undefined,
): AnswerMeta | undefined {
  const answers = messages.flatMap((message) =>
    message.role === 'tool' && message.answer?.data !== undefined ? [message.answer] : [],
  );
  const { freshness: _then, fetchedAt, ...meta } = combineMetas(answers.map((answer) => answer.meta));
  const effort = { providerCalls: 0, elapsedMs: 0 };
  if (fetchedAt === undefined) return { sample: meta.sample, ...effort };
  const fetchedMs = Date.parse(fetchedAt);
  const isFresh = answers.every((answer) => isStillFresh(answer, fetchedMs, nowMs, table));
  const freshness: Freshness = isFresh ? 'cached' : 'stale';
  return { ...meta, fetchedAt, freshness, ageMs: Math.max(0, Math.round(nowMs - fetchedMs)), ...effort };
}

/** A range that had ended, and whose last bar was final, does not age with the session that came after it. */
function freshnessKindOf({ kind, request }: Answer, fetchedAt: EpochMs): FreshnessKind | undefined {
  const isFinal = kind === 'history' && request?.to !== undefined && fetchedAt >= finalFrom(request.to);
  return isFinal ? 'finished_bars' : KINDS[kind];
}

function isStillFresh(answer: Answer, fetchedAt: EpochMs, nowMs: EpochMs, table: FreshnessTable | undefined): boolean {
  const known = freshnessKindOf(answer, fetchedAt);
  return (
    known === undefined || decideFreshness(known, { fetchedAt, state: sessionAt(fetchedAt) }, nowMs, table) === 'fresh'
  );
}
