// Hides when held data count as fresh, stale or unusable: one table, market-aware, on the market's clock.
// Pure; what to do with the verdict (ask a provider, show a stale figure) is decided by the market layer.
import { nextRegularOpen, nextSessionOpen, sessionAt } from '../domain/calendar.ts';
import { exchangeDateOf } from '../domain/exchange-time.ts';
import { runningOptionSession } from '../domain/option-sessions.ts';
import type { MarketMs, Session } from '../domain/types.ts';
import type { Envelope } from './envelope.ts';

export type FreshnessVerdict = 'fresh' | 'stale' | 'unusable';

export interface FreshnessRule {
  /** States in which the entry counts as fetched while open. */
  openStates: readonly Session[];
  /** How long an entry fetched while open is fresh. */
  openMs: number;
  /** How long an entry fetched while closed is fresh, where nothing below ends it sooner. */
  closedMs: number;
  /** What ends the freshness of an entry fetched while closed. */
  closedUntil?: 'next_session' | 'next_regular_session';
  /** What ends the freshness of an entry whenever it was fetched. */
  until?: 'midnight' | 'change_of_state';
  /** How long a stale entry may still be shown; 0: never. */
  usableMs: number;
}

const SECOND_MS = 1_000;
/**
 * Processes started with the same FIN_NOW have the same now, but each lets it run from its own start: what one of them
 * fetched a moment after its start is not of the future for the next.
 */
const START_SKEW_MS = 5 * SECOND_MS;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A plan's fifteen minutes, and what a reply takes. What is older is held for another reason. */
const LONGEST_DELAY_MS = 20 * MINUTE_MS;
const REGULAR: readonly Session[] = ['regular'];
const ANY_SESSION: readonly Session[] = ['pre', 'regular', 'post'];

/**
 * `provisional_bars`: a last bar fetched before its post session had ended, or not there yet.
 * `empty`: "no such symbol" and answers without content, of any kind of entry.
 */
export const DEFAULT_FRESHNESS = {
  quote: {
    openStates: ANY_SESSION,
    openMs: 10 * SECOND_MS,
    closedMs: 12 * HOUR_MS,
    closedUntil: 'next_session',
    usableMs: 7 * DAY_MS,
  },
  finished_bars: { openStates: REGULAR, openMs: DAY_MS, closedMs: DAY_MS, usableMs: 90 * DAY_MS },
  // Closes settle for minutes, late prints come for hours; a plan may bring the day's bar late. What the end of the post session
  // brings is final, so nothing from before it counts after it.
  provisional_bars: {
    openStates: REGULAR,
    openMs: MINUTE_MS,
    closedMs: 15 * MINUTE_MS,
    until: 'change_of_state',
    usableMs: 7 * DAY_MS,
  },
  running_bars: {
    openStates: REGULAR,
    openMs: MINUTE_MS,
    closedMs: 7 * DAY_MS,
    closedUntil: 'next_session',
    usableMs: 7 * DAY_MS,
  },
  chain: {
    openStates: REGULAR,
    openMs: 30 * SECOND_MS,
    closedMs: 12 * HOUR_MS,
    closedUntil: 'next_regular_session',
    usableMs: 7 * DAY_MS,
  },
  expirations: { openStates: ANY_SESSION, openMs: DAY_MS, closedMs: DAY_MS, until: 'midnight', usableMs: 7 * DAY_MS },
  market: { openStates: ANY_SESSION, openMs: MINUTE_MS, closedMs: MINUTE_MS, until: 'change_of_state', usableMs: 0 },
  // Announced weeks ahead, and dates of earnings move: a day.
  events: { openStates: ANY_SESSION, openMs: DAY_MS, closedMs: DAY_MS, usableMs: 30 * DAY_MS },
  news: { openStates: ANY_SESSION, openMs: 10 * MINUTE_MS, closedMs: HOUR_MS, usableMs: 7 * DAY_MS },
  search: { openStates: ANY_SESSION, openMs: 7 * DAY_MS, closedMs: 7 * DAY_MS, usableMs: 90 * DAY_MS },
  empty: { openStates: ANY_SESSION, openMs: MINUTE_MS, closedMs: 10 * MINUTE_MS, usableMs: 0 },
} satisfies Record<string, FreshnessRule>;

export type FreshnessKind = keyof typeof DEFAULT_FRESHNESS;
export type FreshnessTable = Readonly<Record<FreshnessKind, FreshnessRule>>;

/** Of the settings file: seconds in place of the table's own times. */
export type FreshnessOverrides = Partial<
  Record<FreshnessKind, { openSeconds?: number; closedSeconds?: number; usableSeconds?: number }>
>;

export const FRESHNESS_KINDS = Object.keys(DEFAULT_FRESHNESS) as FreshnessKind[];

export function createFreshnessTable(overrides: FreshnessOverrides): FreshnessTable {
  const table: Record<FreshnessKind, FreshnessRule> = { ...DEFAULT_FRESHNESS };
  for (const kind of FRESHNESS_KINDS) {
    const { openMs, closedMs, usableMs } = table[kind];
    const { openSeconds, closedSeconds, usableSeconds } = overrides[kind] ?? {};
    table[kind] = {
      ...table[kind],
      openMs: openSeconds === undefined ? openMs : openSeconds * SECOND_MS,
      closedMs: closedSeconds === undefined ? closedMs : closedSeconds * SECOND_MS,
      usableMs: usableSeconds === undefined ? usableMs : usableSeconds * SECOND_MS,
    };
  }
  return table;
}

/**
 * `nowMs` is the market's; an entry fetched later than it (a replay) is unusable. A chain goes by the hours of its
 * underlying's options, and one with prices from while they trade (a delayed plan has them after the close, too) is not
 * fresh after their close.
 */
export function decideFreshness(
  kind: FreshnessKind,
  envelope: Pick<Envelope<unknown>, 'fetchedAt' | 'state' | 'symbol'> & Partial<Pick<Envelope<unknown>, 'asOf'>>,
  nowMs: MarketMs,
  table: FreshnessTable = DEFAULT_FRESHNESS,
): FreshnessVerdict {
  const { fetchedAt, state, symbol, asOf = fetchedAt } = envelope;
  if (fetchedAt > nowMs + START_SKEW_MS) return 'unusable';
  const rule = table[kind];
  const pricedAt = fetchedAt - asOf <= LONGEST_DELAY_MS ? asOf : fetchedAt;
  const options = kind !== 'chain' || symbol === undefined ? undefined : runningOptionSession(symbol, pricedAt);
  const openUntil = fetchedAt + rule.openMs;
  const freshUntil =
    options === undefined
      ? computeFreshUntil(rule, fetchedAt, state)
      : fetchedAt < options.close
        ? Math.min(openUntil, options.close)
        : openUntil;
  if (nowMs < freshUntil && !isEnded(rule, fetchedAt, nowMs)) return 'fresh';
  return nowMs - fetchedAt <= rule.usableMs && rule.usableMs > 0 ? 'stale' : 'unusable';
}

/** First instant at which an entry is no longer fresh, but for a midnight or change of state before it. */
function computeFreshUntil(rule: FreshnessRule, fetchedAt: MarketMs, state: Session): MarketMs {
  if (rule.openStates.includes(state)) return fetchedAt + rule.openMs;
  const limitMs = fetchedAt + rule.closedMs;
  if (rule.closedUntil === undefined) return limitMs;
  const regularMs = nextRegularOpen(fetchedAt);
  // Before the opening, the next session is today's regular one.
  const sessionMs = rule.closedUntil === 'next_session' ? Math.min(nextSessionOpen(fetchedAt), regularMs) : regularMs;
  return Math.min(limitMs, sessionMs);
}

function isEnded(rule: FreshnessRule, fetchedAt: MarketMs, nowMs: MarketMs): boolean {
  if (rule.until === 'midnight') return exchangeDateOf(fetchedAt) !== exchangeDateOf(nowMs);
  if (rule.until === 'change_of_state') return sessionAt(fetchedAt) !== sessionAt(nowMs);
  return false;
}
