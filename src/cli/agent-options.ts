// The options of commands that answer questions, checked.
// How a question is answered with them is for src/app/agent.ts.
import type { AgentOptions } from '../app/agent.ts';
import { UsageError } from '../domain/errors.ts';
import type { Invocation } from './command.ts';

const DEFAULT_TURNS = 8;
const MAX_TURNS = 100;

/** @throws UsageError for options that cannot be. */
export function parseAgentOptions({ options }: Invocation): AgentOptions {
  const { model, session, maxTurns: turns } = options;
  const maxTurns =
    turns === undefined ? DEFAULT_TURNS : typeof turns === 'string' && /^\d+$/.test(turns) ? Number(turns) : NaN;
  if (!(maxTurns >= 1 && maxTurns <= MAX_TURNS))
    throw new UsageError(`--max-turns "${String(turns).slice(0, 20)}": not a number of requests`, {
      hint: `use 1 to ${MAX_TURNS}`,
    });
  if (options['continue'] === true && session !== undefined)
    throw new UsageError('--continue with --session: a named conversation goes on by itself', {
      hint: 'omit --continue',
    });
  return {
    ...(typeof model === 'string' ? { model } : {}),
    ...(typeof session === 'string' ? { sessionName: session } : {}),
    goOn: options['continue'] === true,
    strict: options['strict'] === true,
    trace: options['trace'] === true,
    maxTurns,
  };
}
