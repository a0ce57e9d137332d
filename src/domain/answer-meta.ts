// Metas of several answers as one: the worst freshness, the oldest times, every provider, requests added up.
import { present } from './present.ts';
import type { AnswerMeta } from './answers.ts';
import type { Freshness } from './types.ts';

const WORST_FIRST: readonly Freshness[] = ['stale', 'cached', 'live'];

export function worstFreshness(states: readonly (Freshness | undefined)[]): Freshness | undefined {
  return WORST_FIRST.find((state) => states.includes(state));
}

export function combineMetas(metas: readonly AnswerMeta[]): AnswerMeta {
  const providers = new Set(metas.flatMap((meta) => meta.provider?.split(',') ?? []));
  const freshness = worstFreshness(metas.map((meta) => meta.freshness));
  const asOf = oldest(metas.map((meta) => meta.asOf));
  const fetchedAt = oldest(metas.map((meta) => meta.fetchedAt));
  const ages = metas.flatMap((meta) => meta.ageMs ?? []);
  return {
    ...(providers.size === 0 ? {} : { provider: [...providers].join(',') }),
    sample: metas.some((meta) => meta.sample),
    ...present({ asOf, fetchedAt, freshness }),
    ...(ages.length === 0 ? {} : { ageMs: Math.max(...ages) }),
    ...(metas.some(({ source }) => source !== undefined) ? { source: 'market.sqlite' } : {}),
    providerCalls: metas.reduce((sum, meta) => sum + meta.providerCalls, 0),
    elapsedMs: Math.max(0, ...metas.map((meta) => meta.elapsedMs)),
  };
}

function oldest(times: readonly (string | undefined)[]): string | undefined {
  let found: string | undefined;
  for (const time of times)
    if (time !== undefined && (found === undefined || Date.parse(time) < Date.parse(found))) found = time;
  return found;
}
