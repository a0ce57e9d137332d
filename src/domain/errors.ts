// Every failure that fin reports, one class per reaction, each with a code that survives bundling and JSON.
// Reactions are chosen by `code` (built files do not share classes), wording rules are in the public contract.

export type ErrorCode =
  | 'usage'
  | 'config'
  | 'no_data'
  | 'unauthorized'
  | 'plan'
  | 'rate_limited'
  | 'unavailable'
  | 'timeout'
  | 'bad_payload'
  | 'offline_miss'
  | 'model'
  | 'budget'
  | 'cancelled'
  | 'internal';

export interface ErrorDetails {
  hint?: string;
  symbol?: string;
  provider?: string;
  endpoint?: string;
  /** Field path inside a payload, `quotes.quote[0].last`. */
  field?: string;
  /** Machine time before which asking again is pointless. */
  retryAtMs?: number;
  /** Redacted excerpt for `--verbose`, never printed otherwise. */
  excerpt?: string;
  /** A question near the one that was refused, which works when typed. */
  suggestion?: string;
  /** Where in a text the mistake is, by UTF-16 index: shown with a mark under it. */
  place?: { text: string; start: number; end: number };
  cause?: unknown;
}

/**
 * FinError
 * ├── UsageError               the caller must change the command
 * ├── ConfigError              the user must change keys, files or settings
 * ├── NoDataError              valid request, nothing there (also nothing cached with --offline)
 * ├── ProviderUnavailableError try again, then ask the other provider
 * ├── RateLimitedError         wait, or ask the other provider
 * ├── ProviderAuthError        key refused, or the plan does not include it: never retried
 * ├── BadPayloadError          unreadable answer: never retried, never "no data"
 * ├── ModelError               the language model failed
 * ├── BudgetExceededError      deadline, turns or tokens used up
 * └── CancelledError           the user stopped it
 *
 * `message` reads "<what failed>: <why>"; `hint` says what to do.
 */
export class FinError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = details.hint;
    this.details = details;
  }
}

/** The base of a class of errors that all have one code. */
const errorOf = (code: ErrorCode) =>
  class extends FinError {
    constructor(message: string, details?: ErrorDetails) {
      super(code, message, details);
    }
  };

export class UsageError extends errorOf('usage') {}
export class ConfigError extends errorOf('config') {}

export class NoDataError extends FinError {
  constructor(message: string, details?: ErrorDetails & { code?: 'no_data' | 'offline_miss' }) {
    super(details?.code ?? 'no_data', message, details);
  }
}

export class ProviderUnavailableError extends errorOf('unavailable') {}
export class RateLimitedError extends errorOf('rate_limited') {}

export class ProviderAuthError extends FinError {
  /** `scope: 'endpoint'` is remembered for the endpoint family, `'request'` concerns this request's dates only. */
  readonly scope: 'endpoint' | 'request';

  constructor(
    code: 'unauthorized' | 'plan',
    message: string,
    details?: ErrorDetails & { scope?: 'endpoint' | 'request' },
  ) {
    super(code, message, details);
    this.scope = details?.scope ?? 'endpoint';
  }
}

/** How far a plan's refusal goes; undefined for any other error. */
export function planScopeOf(error: unknown): unknown {
  return hasCode(error, 'plan') && 'scope' in error ? error.scope : undefined;
}

export class BadPayloadError extends errorOf('bad_payload') {}
export class ModelError extends errorOf('model') {}

export class BudgetExceededError extends FinError {
  // Narrows the codes of the class above.
  constructor(code: 'timeout' | 'budget', message: string, details: ErrorDetails = {}) {
    super(code, message, details);
  }
}

export class CancelledError extends FinError {
  constructor(message = 'canceled', details?: ErrorDetails) {
    super('cancelled', message, details);
  }
}

/** True for an error of ours, also one made by another built file. */
export function isFinError(error: unknown): error is FinError {
  return error instanceof Error && typeof (error as { code?: unknown }).code === 'string' && 'details' in error;
}

export function hasCode(error: unknown, code: ErrorCode): error is FinError {
  return isFinError(error) && error.code === code;
}

/** Any thrown value as a FinError; what is not ours is a defect (`internal`). */
export function toFinError(error: unknown): FinError {
  if (isFinError(error)) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new FinError('internal', `internal error: ${why}`, {
    cause: error,
    hint: 'this is a defect in fin; run again with --verbose and report what it prints',
  });
}
