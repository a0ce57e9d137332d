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
  const isNewWait = createWaits();
  const log: RunLog = {
    beginTurn: () => void (turn += 1),
    write: (entry) => opened?.write({ turn, ...entry }),
  };
  log.write({ event: 'start', command: invocation.command, words: invocation.words });
  return {
    log,
    report: (event) => {
      const { type, ...rest } = event;
      log.write({ event: type, ...rest });
      if (type !== 'wait') say(event, output);
      else if (isNewWait(event, clock)) output.remark(describeWait(event));
    },
    close: () => opened?.close(),
  };
}

/** Many requests wait for the same minute of a provider: that is one wait. */
function createWaits(): (event: CallEvent & { type: 'wait' }, clock: Clock) => boolean {
  const untilMs = new Map<string, number>();
  return ({ provider, ms }, clock) => {
    const nowMs = clock.machineNow();
    if (nowMs < (untilMs.get(provider) ?? -Infinity)) return false;
    untilMs.set(provider, nowMs + ms);
    return true;
  };
}

function say(event: Exclude<CallEvent, { type: 'wait' }>, output: Output): void {
  if (event.type === 'stage') {
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
