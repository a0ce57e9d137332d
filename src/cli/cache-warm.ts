// fin cache warm: asks ahead of time for quote, daily series, expirations and nearest chain of each symbol, most wanted
// first, with what questions leave of the limit. Made for cron: what is held costs nothing, what is done is kept.
import type { Runtime } from '../app/runtime.ts';
import { parseWhole } from '../app/common-options.ts';
import { createMarketRequest } from '../app/request.ts';
import { type Warmed, warmAll } from '../app/warm.ts';
import type { AnswerError } from '../domain/answers.ts';
import { UsageError } from '../domain/errors.ts';
import { parseSymbolList } from '../domain/symbols.ts';
import type { TickerSymbol } from '../domain/types.ts';
import type { CallContext } from '../http/http.ts';
import { usableSlots } from '../http/limit-share.ts';
import { formatDuration, plural } from '../render/format.ts';
import { wrapText } from '../render/text.ts';
import type { CommandRunner, Invocation } from './command.ts';
import { decideExitCode } from '../app/exit-code.ts';
import { type CommandContext } from './command-context.ts';
import { describeCost, printOwn } from './own-document.ts';

const DEFAULT_POPULAR = 10;
const MAX_POPULAR = 500;
/** Series, expirations and chain; quotes are one request for all symbols. */
const REQUESTS_PER_SYMBOL = 3;
const WINDOW_MS = 60_000;

export const runWarm: CommandRunner = async (invocation, session) => {
  if (session.options.offline)
    throw new UsageError('cache warm --offline: warming fetches from providers', { hint: 'omit --offline' });
  const { market, popular } = invocation.options;
  if (market !== undefined && market !== false) {
    if (popular !== undefined || invocation.words.length > 1)
      throw new UsageError('cache warm: --market with symbols or --popular: use one or the other', {
        hint: 'run it once for each',
      });
    return (await import('./market-warm.ts')).warmMarket(market, session);
  }
  const choose = parseChoice(invocation);
  const runtime = await session.openRuntime();
  const symbols = await choose(runtime);
  const progress = createProgress(symbols.length, runtime, session);
  const request = createMarketRequest({ ...session, priority: 'warm', reportCall: progress.report });
  const warmed = await warmAll(symbols, request, runtime, session.clock, progress.step);
  session.output.progress(undefined);
  print(warmed, progress.sent(), runtime, session);
  const failed = warmed.flatMap(({ error }) => error ?? []);
  return decideExitCode(failed.length < warmed.length || warmed.length === 0, failed);
};

/** Words are checked before anything is opened or asked. */
function parseChoice({ words, options }: Invocation): (runtime: Runtime) => TickerSymbol[] | Promise<TickerSymbol[]> {
  const { popular } = options;
  const named = words.slice(1);
  if (named.length > 0) {
    if (popular !== undefined)
      throw new UsageError('cache warm: symbols with --popular: use one or the other', {
        hint: 'omit one of them',
      });
    const symbols = parseSymbolList(named);
    return () => symbols;
  }
  const count = parseWhole('--popular', popular, {
    usual: DEFAULT_POPULAR,
    most: MAX_POPULAR,
    what: 'a number of symbols',
  });
  return (runtime) => runtime.counters.readPopular(count);
}

interface Progress {
  sent(): number;
  report: CallContext['report'];
  /** A symbol has ended. */
  step(): void;
}

/** What the limit allows at least, where all of it is still to be asked. */
function estimateByLimitMs(symbols: number, { providers }: Pick<Runtime, 'providers'>): number {
  const perMinute = Math.max(1, ...providers.map(({ limitPerMinute }) => usableSlots('warm', limitPerMinute)));
  return Math.ceil((symbols * REQUESTS_PER_SYMBOL) / perMinute) * WINDOW_MS;
}

function createProgress(total: number, runtime: Runtime, session: CommandContext): Progress {
  const { clock, output } = session;
  const startedMs = clock.machineNow();
  let [sent, done, waitsUntilMs] = [0, 0, 0];

  /** By what it took so far, and not less than the limit allows where this run has begun to wait for it. */
  function estimateMs(): number {
    const left = total - done;
    const byPaceMs = done === 0 ? 0 : ((clock.machineNow() - startedMs) / done) * left;
    return Math.max(byPaceMs, waitsUntilMs === 0 ? 0 : estimateByLimitMs(left, runtime));
  }

  function show(): void {
    const etaMs = estimateMs();
    output.progress(
      `warming ${done} of ${total}${etaMs < 1_000 ? '' : `, about ${formatDuration(Math.round(etaMs / 1_000) * 1_000)} left`}`,
    );
  }

  return {
    sent: () => sent,
    report: (event) => {
      if (event.type === 'request') sent += 1;
      if (event.type === 'wait') {
        // Several requests wait for the same minute: it is said once.
        const untilMs = clock.machineNow() + event.ms;
        const isSaid = untilMs < waitsUntilMs + 1_000;
        waitsUntilMs = Math.max(waitsUntilMs, untilMs);
        if (isSaid) return;
      }
      session.reportCall(event);
      if (event.type === 'wait') show();
    },
    step: () => {
      done += 1;
      show();
    },
  };
}

/** How much more time the rest needs. */
function adviseMoreTime(failed: readonly AnswerError[], runtime: Runtime, session: CommandContext): AnswerError[] {
  const late = failed.filter(({ code }) => code === 'rate_limited' || code === 'timeout');
  const seconds = Math.ceil((session.options.timeoutMs + estimateByLimitMs(late.length, runtime)) / 60_000) * 60;
  const hint = `finished work is kept: run it again later, or allow more time with --timeout ${seconds}`;
  return failed.map((error) => (late.includes(error) ? { ...error, hint } : error));
}

function print(warmed: readonly Warmed[], providerCalls: number, runtime: Runtime, session: CommandContext): void {
  const { output } = session;
  const { isSample } = runtime;
  const failed = adviseMoreTime(
    warmed.flatMap(({ error }) => error ?? []),
    runtime,
    session,
  );
  const data = warmed.map(({ symbol, error }) => ({ symbol, warm: error === undefined }));
  const good = data.filter(({ warm }) => warm).map(({ symbol }) => symbol);
  const market = isSample ? ' of the SAMPLE market' : '';
  const text = `${plural(good.length, 'symbol')}${market} ${good.length === 1 ? 'is' : 'are'} warm (${describeCost(providerCalls, session)}): ${good.join(' ')}`;
  const parts = { errors: failed, sample: isSample, providerCalls };
  printOwn(session, 'cache warm', data, good.length === 0 ? [] : wrapText(text, output.width), parts);
  if (warmed.length === 0)
    output.note(
      'nothing to warm: no symbol has been requested on this machine yet; name some: fin cache warm AAPL SPY',
    );
  printFailures(failed, warmed.length, output);
}

/** Each cause once, with how many symbols it concerns. */
function printFailures(failed: readonly AnswerError[], total: number, output: CommandContext['output']): void {
  for (const [message, errors] of Map.groupBy(failed, (error) => error.message)) {
    const count =
      errors.length === 1
        ? `${errors[0]?.symbol ?? ''} is not warm`
        : `${errors.length} of ${total} symbols are not warm`;
    output.error({ message: `${count}: ${message}`, hint: errors[0]?.hint });
  }
}
