// fin cache warm --market: fills the data folder with the daily bars of the whole market, newest first, with what questions
// leave of the limit. Made for cron and for a long evening: what is done is kept, whatever ends it.
import { parseWhole } from '../app/common-options.ts';
import { createMarketRequest } from '../app/request.ts';
import { MOST_SESSIONS } from '../book/market-file.ts';
import { ConfigError } from '../domain/errors.ts';
import { usableSlots } from '../http/limit-share.ts';
import type { MarketFill } from '../market/market-data.ts';
import { formatCount, formatDuration, plural } from '../render/format.ts';
import { MARKET_SESSIONS } from '../tools/scan.ts';
import { toAnswerError } from '../tools/answer.ts';
import type { CommandContext } from './command-context.ts';
import { describeCost, printOwn } from './own-document.ts';
import { decideExitCode } from '../app/exit-code.ts';

export async function warmMarket(asked: string | true, session: CommandContext): Promise<number> {
  const count = parseWhole('--market', asked === true ? undefined : asked, {
    usual: MARKET_SESSIONS,
    most: MOST_SESSIONS,
    what: 'a number of sessions',
  });
  const runtime = await session.openRuntime();
  const whole = await runtime.market.wholeMarket?.();
  if (whole === undefined)
    throw new ConfigError('cache warm --market: only Polygon has the bars of the whole market in one request', {
      hint: 'set MASSIVE_API_KEY; a free key is enough',
    });
  const { clock, output } = session;
  let [sent, done] = [0, 0];
  let before = whole.plan(count);

  /** By its pace, and not faster than the limit allows. */
  function describe(held: number, missing: number): string {
    const perMinute = usableSlots('warm', whole?.limitPerMinute);
    const byPaceMs = done === 0 ? 0 : ((clock.machineNow() - session.startedMs) / done) * missing;
    const leftMs = Math.max(byPaceMs, Math.floor(missing / perMinute) * 60_000);
    const time = leftMs < 1_000 ? '' : `, about ${formatDuration(Math.round(leftMs / 1_000) * 1_000)} left`;
    return `market: ${held} of ${plural(held + missing, 'session')}, ${missing} to go${time}`;
  }

  const warm = createMarketRequest({
    ...session,
    priority: 'warm',
    reportCall: (event) => {
      if (event.type === 'request') sent += 1;
      // Several requests wait for the same minute: how far it is says more.
      if (event.type === 'wait') sayOnce(before);
      else session.reportCall(event);
    },
  });
  let saidMs = -Infinity;
  function sayOnce({ held, missing }: Pick<MarketFill, 'held' | 'missing'>): void {
    if (clock.machineNow() - saidMs < 10_000) return;
    saidMs = clock.machineNow();
    output.remark(`${describe(held, missing.length)}; waiting for a free request`);
  }

  const filled = await whole.fill(count, warm, (held, missing) => {
    done += 1;
    before = whole.plan(count);
    output.progress(describe(held, missing));
  });
  const notes = [...filled.notes, ...(session.signal.aborted ? [] : await whole.learnSplits(warm))];
  output.progress(undefined);
  return print(filled, { notes, sent, isSample: runtime.isSample }, session);
}

function print(
  { held, missing, failure }: MarketFill,
  { notes, sent, isSample }: { notes: readonly string[]; sent: number; isSample: boolean },
  session: CommandContext,
): number {
  const { output } = session;
  const errors = failure === undefined ? [] : [toAnswerError(failure)];
  const newest = missing[0];
  const whole = plural(held + missing.length, 'session');
  const text = `${formatCount(held)} of ${whole} of the ${isSample ? 'SAMPLE' : 'whole'} market held (${describeCost(sent, session)})`;
  const data = { sessions: held, missing: missing.length };
  printOwn(session, 'cache warm', data, [text], { errors, sample: isSample, providerCalls: sent });
  for (const note of notes) output.note(note);
  if (failure === undefined && newest !== undefined) output.note(`the bars of ${newest} are not available yet`);
  for (const { message } of errors)
    output.error({ message, hint: failure?.hint ?? 'finished work is kept: run it again' });
  return decideExitCode(held > 0, errors);
}
