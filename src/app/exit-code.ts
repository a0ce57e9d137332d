// Exit codes of the public contract, decided from what an answer holds and what failed beside it.
import type { ErrorCode } from '../domain/errors.ts';

export const EXIT = {
  done: 0,
  defect: 1,
  usage: 2,
  config: 3,
  noData: 4,
  provider: 5,
  model: 6,
  budget: 7,
  check: 8,
  partial: 9,
  interrupted: 130,
  terminated: 143,
} as const;

const BY_CODE: Record<ErrorCode, number> = {
  usage: EXIT.usage,
  config: EXIT.config,
  no_data: EXIT.noData,
  offline_miss: EXIT.noData,
  unauthorized: EXIT.provider,
  plan: EXIT.provider,
  rate_limited: EXIT.provider,
  unavailable: EXIT.provider,
  bad_payload: EXIT.provider,
  timeout: EXIT.budget,
  budget: EXIT.budget,
  model: EXIT.model,
  cancelled: EXIT.interrupted,
  internal: EXIT.defect,
};

/** What goes first where several things failed: a defect, an end by signal or deadline, then failures before absence. */
const PRECEDENCE: readonly number[] = [
  EXIT.defect,
  EXIT.interrupted,
  EXIT.budget,
  EXIT.usage,
  EXIT.config,
  EXIT.model,
  EXIT.provider,
  EXIT.noData,
];

/** Of a run whose parts all failed: what some of them had found is still a part. */
export function decideFailedExit(exits: readonly number[]): number {
  if (exits.includes(EXIT.partial)) return EXIT.partial;
  return PRECEDENCE.find((exit) => exits.includes(exit)) ?? exits[0] ?? EXIT.done;
}

/** Where one error is all there is. */
export function exitCodeOf(code: ErrorCode): number {
  return BY_CODE[code];
}

/** With figures beside a failure it is `partial`, unless a deadline, a signal or a defect ended the run. */
export function decideExitCode(hasData: boolean, errors: readonly { code: ErrorCode }[]): number {
  if (errors.length === 0) return hasData ? EXIT.done : EXIT.noData;
  const worst = PRECEDENCE.find((exit) => errors.some(({ code }) => BY_CODE[code] === exit)) ?? EXIT.defect;
  const endsRun = worst === EXIT.defect || worst === EXIT.interrupted || worst === EXIT.budget;
  return hasData && !endsRun ? EXIT.partial : worst;
}
