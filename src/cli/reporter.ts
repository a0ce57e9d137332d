// What a command hears of its requests: waits and, with --verbose, every one on standard error; all of them in the log.
import type { RunLog } from '../app/request.ts';
import type { Clock } from '../domain/types.ts';
import type { CallContext, CallEvent } from '../http/http.ts';
import { describeWait } from '../market/access.ts';
import type { Invocation } from './command.ts';
import type { Output } from './output.ts';

export interface Reporter {
  report: CallContext['report'];
  log: RunLog;
  close(): void;
}

/** Waits are said unless --quiet; the rest with --verbose and in the log. */
export async function createReporter(invocation: Invocation, output: Output, clock: Clock): Promise<Reporter> {
  const file = invocation.options['log'];
  const opened =
    typeof file === 'string'
      ? (await import('./log.ts')).openLog({ file, redact: output.redact, clock, onNote: output.note })
      : undefined;
  let turn = 0;
  const log: RunLog = {
    beginTurn: () => void (turn += 1),
    write: (entry) => opened?.write({ turn, ...entry }),
  };
  log.write({ event: 'start', command: invocation.command, words: invocation.words });
  return {
    log,
    report: ({ type, ...event }) => {
      log.write({ event: type, ...event });
      say({ type, ...event } as CallEvent, output);
    },
    close: () => opened?.close(),
  };
}

function say(event: CallEvent, output: Output): void {
  if (event.type === 'wait') output.remark(describeWait(event));
  else if (event.type === 'stage') {
    if (event.isPassing) output.progress(event.text);
    else output.remark(event.text);
  } else if (output.verbose && event.type !== 'cache') output.remark(describeEvent(event));
}

function describeEvent(event: Exclude<CallEvent, { type: 'wait' | 'cache' | 'stage' }>): string {
  if (event.type === 'detail') return event.text;
  if (event.type === 'coalesced') return `${event.provider} ${event.endpoint}: shared with an equal request`;
  const outcome = event.error ?? String(event.status ?? '');
  return `${event.provider} ${event.endpoint}: ${outcome}, ${Math.round(event.ms)} ms${event.attempt > 1 ? `, attempt ${event.attempt}` : ''}`;
}
