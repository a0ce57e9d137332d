// The options of commands that answer questions, checked.
// How a question is answered with them is for src/app/agent.ts.
import type { AgentOptions } from '../app/agent.ts';
import { parseWhole } from '../app/common-options.ts';
import { UsageError } from '../domain/errors.ts';
import type { Invocation } from './command.ts';

const DEFAULT_TURNS = 8;
const MAX_TURNS = 100;

/** @throws UsageError for options that cannot be. */
export function parseAgentOptions({ options }: Invocation): AgentOptions {
  const { model, session } = options;
  const maxTurns = parseWhole('--max-turns', options['maxTurns'], {
    usual: DEFAULT_TURNS,
    most: MAX_TURNS,
    what: 'a number of requests',
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
