// Runs the calls of clients: at most so many at once and waiting, each within its time, cancelled when its client gives up,
// with progress only for who asked for it. Hides the market, which is opened by the first call.
import type { CallToolResult } from '@modelcontextprotocol/server';
import { QueueFullError, createQueue } from '../app/queue.ts';
import { type EndWords, createQuestionDeadline } from '../app/question-deadline.ts';
import { type Caller, createMarketRequest } from '../app/request.ts';
import type { Runtime } from '../app/runtime.ts';
import type { DataFolder } from '../book/data-folder.ts';
import type { Answer } from '../domain/answers.ts';
import { BudgetExceededError, CancelledError, UsageError, toFinError } from '../domain/errors.ts';
import type { Redact } from '../domain/redaction.ts';
import type { CallEvent } from '../http/http.ts';
import { describeWait, titleOf } from '../market/access.ts';
import { toAnswerError } from '../tools/answer.ts';
import { type ToolArguments, runTool } from '../tools/registry.ts';
import { toErrorResult, toResult } from './structured.ts';
import { offeredTools, resolveCall } from './tools.ts';

/** Whoever serves the protocol: a command, a server. */
export interface McpHost extends Pick<Caller, 'clock' | 'options' | 'reportCall' | 'log'> {
  version: string;
  redact: Redact;
  /** Where the user's lists and positions are, for clients that may see them. */
  book: DataFolder;
  openRuntime(): Promise<Pick<Runtime, 'market'>>;
}

export interface CallOptions {
  /** May see the book: its owner, or a client with the token. */
  isOwner: boolean;
  signal: AbortSignal;
  /** Hears how it goes; absent where the client did not ask. Resolves when it is sent. */
  onProgress?(progress: number, message: string): Promise<void>;
}

export interface Calls {
  /** Never throws: what fails is a result that says so. */
  call(name: string, args: ToolArguments, options: CallOptions): Promise<CallToolResult>;
}

export interface CallLimits {
  atOnce: number;
  waiting: number;
  /** Of a call, its wait included: clients give up after 60 s. */
  timeoutMs: number;
  /** Between two signs of life. */
  progressMs: number;
}

export const CALL_LIMITS: CallLimits = { atOnce: 8, waiting: 64, timeoutMs: 50_000, progressMs: 4_000 };
const MAX_ARGUMENT_CHARS = 8_000;

export function createCalls(host: McpHost, limits: CallLimits = CALL_LIMITS): Calls {
  const machineNow = (): number => host.clock.machineNow();
  const queue = createQueue({ concurrency: limits.atOnce, mostWaiting: limits.waiting, machineNow });
  const names = new Map(
    offeredTools(true).map(({ name, inputSchema }) => [name, Object.keys(inputSchema.properties ?? {})]),
  );

  async function answer(
    name: string,
    args: ToolArguments,
    isOwner: boolean,
    frame: Pick<Caller, 'signal' | 'deadlineMs' | 'reportCall'>,
  ): Promise<Answer> {
    const asked = resolveCall(name, args, isOwner);
    if (JSON.stringify(args).length > MAX_ARGUMENT_CHARS)
      throw new UsageError(`${name.slice(0, 60)}: the arguments are longer than ${MAX_ARGUMENT_CHARS} characters`);
    const { market } = await host.openRuntime();
    return runTool(asked.tool, asked.args, {
      market,
      clock: host.clock,
      request: createMarketRequest({ options: host.options, ...frame }),
      ...(isOwner ? { book: host.book } : {}),
    });
  }

  return {
    async call(name, args, options) {
      const reader = { redact: host.redact, argumentNames: names.get(name) ?? [] };
      const startedMs = host.clock.machineNow();
      const frame = createQuestionDeadline({
        clock: host.clock,
        timeoutMs: limits.timeoutMs,
        parent: options.signal,
        words: wordsOf(limits.timeoutMs),
      });
      const progress = createProgress(limits.progressMs, options.onProgress);
      const reportCall = (event: CallEvent): void => {
        host.reportCall(event);
        progress.hear(event);
      };
      host.log.beginTurn();
      const end = (result: CallToolResult, error?: string): CallToolResult => {
        const ms = Math.round(host.clock.machineNow() - startedMs);
        host.log.write({ event: 'mcp', tool: name.slice(0, 60), ms, ...(error === undefined ? {} : { error }) });
        return result;
      };
      try {
        const leave = await queue.enter('client', frame.signal);
        try {
          const { signal, deadlineMs } = frame;
          const found = await answer(name, args, options.isOwner, { signal, deadlineMs, reportCall });
          return end(toResult(found, reader), found.errors[0]?.code);
        } finally {
          leave();
        }
      } catch (thrown) {
        const error = thrown instanceof QueueFullError ? tooManyCalls(limits) : toFinError(thrown);
        return end(toErrorResult([toAnswerError(error)], reader), error.code);
      } finally {
        frame.dispose();
        await progress.stop();
      }
    },
  };
}

/** What ends a call before it is answered, for who reads it beside an assistant. */
const wordsOf = (timeoutMs: number): EndWords => ({
  timeIsUp: () =>
    new BudgetExceededError('timeout', `out of time: a call may take ${timeoutMs / 1000} s`, {
      hint: 'ask for fewer symbols, or try again in a minute',
    }),
  parentEnded: () => new CancelledError('canceled by the client'),
});

function tooManyCalls({ atOnce, waiting }: CallLimits): BudgetExceededError {
  return new BudgetExceededError('budget', `too many calls at once: ${atOnce} running and ${waiting} waiting`, {
    hint: 'call again when some have been answered; get_fields takes many symbols in one call',
  });
}

/** A sign of life after a second and then every few; nothing once `stop` has resolved. */
function createProgress(
  everyMs: number,
  send: CallOptions['onProgress'],
): { hear(event: CallEvent): void; stop(): Promise<void> } {
  if (send === undefined) return { hear: () => undefined, stop: () => Promise.resolve() };
  let count = 0;
  let message = 'at work';
  let sent: Promise<void> = Promise.resolve();
  const tell = (): void => {
    count += 1;
    // A client that is gone hears nothing; the call's own signal ends the work.
    sent = send(count, message).catch(() => undefined);
  };
  const first = setTimeout(tell, Math.min(1_000, everyMs));
  const timer = setInterval(tell, everyMs);
  return {
    hear: (event) => void (message = describe(event) ?? message),
    stop: () => {
      clearTimeout(first);
      clearInterval(timer);
      return sent;
    },
  };
}

function describe(event: CallEvent): string | undefined {
  if (event.type === 'wait') return describeWait(event);
  if (event.type === 'request') return `${titleOf(event.provider)} answered: ${event.endpoint}`;
  return event.type === 'stage' ? event.text : undefined;
}
