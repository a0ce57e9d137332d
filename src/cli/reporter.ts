// What a command hears of its requests: waits and, with --verbose, every one on standard error; all of them in the log.
import type { Clock } from '../domain/types.ts';
import type { CallContext } from '../http/http.ts';
import type { Invocation } from './command.ts';
import type { Output } from './output.ts';

export interface Reporter {
  report: CallContext['report'];
  close(): void;
}

/** Waits are said unless --quiet; the rest with --verbose and in the log. */
export async function createReporter(invocation: Invocation, output: Output, clock: Clock): Promise<Reporter> {
  const file = invocation.options['log'];
  const log = typeof file === 'string' ? (await import('./log.ts')).openLog(file, output.redact, clock) : undefined;
  log?.write({ event: 'start', command: invocation.command, words: invocation.words });
  return {
    report: (event) => {
      log?.write({ event: event.type, ...event });
      if (event.type === 'wait') {
        if (!output.quiet) output.diagnose(`waiting ${Math.ceil(event.ms / 1000)} s for a free request at ${event.provider}`);
      } else if (output.verbose) output.diagnose(describeEvent(event));
    },
    close: () => log?.close(),
  };
}

function describeEvent(event: Exclude<Parameters<CallContext['report']>[0], { type: 'wait' }>): string {
  if (event.type === 'detail') return event.text;
  if (event.type === 'coalesced') return `${event.provider} ${event.endpoint}: shared with an equal request`;
  const outcome = event.error ?? String(event.status ?? '');
  return `${event.provider} ${event.endpoint}: ${outcome}, ${Math.round(event.ms)} ms${event.attempt > 1 ? `, attempt ${event.attempt}` : ''}`;
}
