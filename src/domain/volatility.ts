// Realized volatility of daily bars: five estimators, as series and as the figure of the last bar. All are fractions a
// year like implied volatility (0.25 = 25 %), of 252 sessions; formulas as in quantities F7. Bars must be split-adjusted.
import type { Bars } from './bar-columns.ts';
import type { Bar } from './types.ts';
import { type Numbers, smaSeries, varianceSeries } from './windows.ts';

const SESSIONS_PER_YEAR = 252;

/** A figure per bar from the one on that has enough before it; too few bars give []. */
export type VolatilityEstimator = (bars: readonly Bar[], sessions: number) => number[];

/** Logarithms of a bar's prices. */
interface LogBar {
  open: number;
  high: number;
  low: number;
  close: number;
}

/**
 * Close to close: sample deviation (mean removed, n − 1) of the last `sessions` daily log returns, at least 2.
 * From `sessions` + 1 closes on.
 */
export function realisedVolatilitySeries(closes: Numbers, sessions: number): number[] {
  const returns: number[] = [];
  let previous: number | undefined;
  for (let index = 0; index < closes.length; index += 1) {
    const log = Math.log(closes[index] ?? NaN);
    if (previous !== undefined) returns.push(log - previous);
    previous = log;
  }
  return annualize(varianceSeries(returns, sessions));
}

/** Close to close of the last `sessions` returns, absent under `sessions` + 1 closes. */
export function realisedVolatility(closes: Numbers, sessions = 20): number | undefined {
  return realisedVolatilitySeries(closes.slice(-sessions - 1), sessions)[0];
}

/**
 * Parkinson (1980), Σ ln(H/L)² / (4 ln 2 · n): from the daily range, assumes no drift, misses what happens overnight.
 * From `sessions` bars on.
 */
export function parkinsonSeries(bars: readonly Bar[], sessions: number): number[] {
  return meanVolatility(bars, sessions, ({ high, low }) => (high - low) ** 2 / (4 * Math.LN2));
}

/**
 * Garman-Klass (1980), Σ (½ ln(H/L)² − (2 ln 2 − 1) ln(C/O)²) / n: assumes no drift, misses what happens overnight.
 * From `sessions` bars on.
 */
export function garmanKlassSeries(bars: readonly Bar[], sessions: number): number[] {
  return meanVolatility(
    bars,
    sessions,
    ({ open, high, low, close }) => (high - low) ** 2 / 2 - (2 * Math.LN2 - 1) * (close - open) ** 2,
  );
}

/**
 * Rogers-Satchell (1991), Σ (ln(H/C) ln(H/O) + ln(L/C) ln(L/O)) / n: right under any drift, misses what happens
 * overnight. From `sessions` bars on.
 */
export function rogersSatchellSeries(bars: readonly Bar[], sessions: number): number[] {
  return meanVolatility(bars, sessions, rogersSatchellTerm);
}

/**
 * Yang-Zhang (2000), σ²overnight + k σ²open-to-close + (1 − k) σ²Rogers-Satchell with k = 0.34 / (1.34 + (n + 1) / (n − 1)):
 * right under drift and with gaps. The first two are sample variances (mean removed, n − 1). From `sessions` + 1 bars on,
 * at least 2 sessions.
 */
export function yangZhangSeries(bars: readonly Bar[], sessions: number): number[] {
  const logs = bars.map(toLogBar);
  const days = logs.slice(1);
  const overnight = days.map(({ open }, index) => open - (logs[index]?.close ?? NaN));
  const overnightVariance = varianceSeries(overnight, sessions);
  const dayVariance = varianceSeries(
    days.map(({ open, close }) => close - open),
    sessions,
  );
  const rangeVariance = smaSeries(days.map(rogersSatchellTerm), sessions);
  const k = 0.34 / (1.34 + (sessions + 1) / (sessions - 1));
  return annualize(
    overnightVariance.map(
      (variance, index) => variance + k * (dayVariance[index] ?? NaN) + (1 - k) * (rangeVariance[index] ?? NaN),
    ),
  );
}

/** An estimator's figure of the last bar, from no more bars than it needs. */
export function lastVolatility(estimator: VolatilityEstimator, bars: Bars, sessions: number): number | undefined {
  return estimator(bars.slice(-sessions - 1), sessions).at(-1);
}

function meanVolatility(bars: readonly Bar[], sessions: number, termOf: (bar: LogBar) => number): number[] {
  return annualize(
    smaSeries(
      bars.map((bar) => termOf(toLogBar(bar))),
      sessions,
    ),
  );
}

function rogersSatchellTerm({ open, high, low, close }: LogBar): number {
  return (high - close) * (high - open) + (low - close) * (low - open);
}

/**
 * The range is widened to open and close: real bars have them outside (late corrections), a trade there was a trade, and
 * without it the variances could come out negative.
 */
function toLogBar({ open, high, low, close }: Bar): LogBar {
  return {
    open: Math.log(open),
    high: Math.log(Math.max(high, open, close)),
    low: Math.log(Math.min(low, open, close)),
    close: Math.log(close),
  };
}

function annualize(variances: readonly number[]): number[] {
  return variances.map((variance) => Math.sqrt(variance * SESSIONS_PER_YEAR));
}
