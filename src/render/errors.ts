// An error as the two lines of standard error.
import { sanitiseLine } from './text.ts';

const MAX_LENGTH = 600;

/** `fin: <what failed>: <why>` and, where there is one, `hint: <what to do>`; one line each, without control characters. */
export function renderError(error: { message: string; hint?: string | undefined }): [string, string?] {
  const first = `fin: ${sanitiseLine(error.message, MAX_LENGTH)}`;
  const hint = error.hint === undefined ? '' : sanitiseLine(error.hint, MAX_LENGTH);
  return hint === '' ? [first] : [first, `hint: ${hint}`];
}
