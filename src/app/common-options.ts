// Options that every fetching command has, checked in one place: for the shell and for commands inside a session;
// and how an option that takes a whole number is read.
import { UsageError } from '../domain/errors.ts';
import type { ProviderName } from '../domain/types.ts';
import type { Invocation } from './command.ts';
import type { RequestOptions } from './request.ts';

export interface CommonOptions extends RequestOptions {
  json: boolean;
  /** The rows as CSV; never with `json`. */
  csv: boolean;
  timeoutMs: number;
}

const DEFAULT_TIMEOUT_S = 90;
const MAX_TIMEOUT_S = 86_400;

/** @throws UsageError for values that cannot be. */
export function parseCommonOptions({ options }: Invocation): CommonOptions {
  const { provider, timeout, market } = options;
  // A free plan needs an hour for a year of the whole market.
  const usual = market === undefined ? DEFAULT_TIMEOUT_S : MAX_TIMEOUT_S;
  const seconds = timeout === undefined ? usual : Number(timeout);
  if (!(seconds > 0 && seconds <= MAX_TIMEOUT_S))
    throw new UsageError(`--timeout "${String(timeout)}": not a number of seconds`, {
      hint: `use a number above 0 and up to ${MAX_TIMEOUT_S}`,
    });
  if (options['offline'] === true && options['refresh'] === true)
    throw new UsageError('--offline with --refresh: one reads only the cache, the other skips it', {
      hint: 'omit one of them',
    });
  if (options['csv'] === true && options['json'] === true)
    throw new UsageError('--csv with --json: choose one output format', { hint: 'omit one of them' });
  return {
    json: options['json'] === true,
    csv: options['csv'] === true,
    offline: options['offline'] === true,
    refresh: options['refresh'] === true,
    ...(typeof provider === 'string' ? { provider: provider as ProviderName } : {}),
    timeoutMs: seconds * 1000,
  };
}

/** `usual` is for an option that is not given. */
export function parseWhole(
  option: string,
  text: string | boolean | undefined,
  { usual, least = 1, most, ...said }: { usual: number; least?: number; most: number; what?: string; hint?: string },
): number {
  if (text === undefined) return usual;
  const number = typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= least && number <= most) return number;
  const { what = `a number from ${least} to ${most}`, hint = `use ${least} to ${most}` } = said;
  throw new UsageError(`${option} "${String(text).slice(0, 20)}": not ${what}`, { hint });
}
