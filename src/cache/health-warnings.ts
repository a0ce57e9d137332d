// Hides when the use of the last hour deserves a warning: failing requests, a cache that does not help, slow providers.
// Pure; what was counted comes from counters.ts, who is told from the commands.

/** What was counted in the last 60 minutes, over all processes. */
export interface RecentUse {
  /** Things looked up: hits, stale hits and misses. */
  lookUps: number;
  /** Of these answered from the cache, stale ones included. */
  answeredFromCache: number;
  /** Requests sent to providers, and those of them that failed. */
  providerCalls: number;
  errors: number;
  /** Answers that came from a provider, and how long one took on average; absent without one. */
  uncachedAnswers: number;
  uncachedMeanMs?: number;
}

export interface UseWarning {
  about: 'errors' | 'hit_rate' | 'slow_answers';
  level: 'warning' | 'alarm';
  text: string;
  hint: string;
}

/** Fewer requests in the hour say nothing: one failure of twenty is no trend. */
const LEAST_REQUESTS = 100;
const ERROR_SHARE = { warning: 0.01, alarm: 0.05 } as const;
const LEAST_HIT_RATE = 0.5;
const SLOW_MS = 2_000;

/** Nothing before the hour has seen 100 requests. The worst first. */
export function decideWarnings(use: RecentUse): UseWarning[] {
  if (Math.max(use.lookUps, use.providerCalls) < LEAST_REQUESTS) return [];
  return [judgeErrors(use), judgeHitRate(use), judgeSpeed(use)].filter((warning) => warning !== undefined);
}

function judgeErrors({ errors, providerCalls }: RecentUse): UseWarning | undefined {
  const share = providerCalls === 0 ? 0 : errors / providerCalls;
  if (share <= ERROR_SHARE.warning) return undefined;
  return {
    about: 'errors',
    level: share > ERROR_SHARE.alarm ? 'alarm' : 'warning',
    text: `${formatShare(share)} of the requests in the last hour failed (${Math.round(errors)} of ${Math.round(providerCalls)})`,
    hint: 'fin doctor shows which provider fails and why',
  };
}

function judgeHitRate({ lookUps, answeredFromCache }: RecentUse): UseWarning | undefined {
  if (lookUps < LEAST_REQUESTS || answeredFromCache / lookUps >= LEAST_HIT_RATE) return undefined;
  return {
    about: 'hit_rate',
    level: 'warning',
    text: `only ${formatShare(answeredFromCache / lookUps)} of the data requested in the last hour came from the cache`,
    hint: 'omit --refresh, ask for several symbols at once, or run fin cache warm before the rush',
  };
}

function judgeSpeed({ uncachedAnswers, uncachedMeanMs }: RecentUse): UseWarning | undefined {
  if (uncachedAnswers < 1 || uncachedMeanMs === undefined || uncachedMeanMs <= SLOW_MS) return undefined;
  return {
    about: 'slow_answers',
    level: 'warning',
    text: `uncached answers took ${(uncachedMeanMs / 1_000).toFixed(1)} s on average in the last hour`,
    hint: 'this includes waiting for rate limits; see fin doctor, or prefetch with fin cache warm',
  };
}

function formatShare(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
