import { describe, expect, it } from 'vitest';
import { createOutput } from '../../src/cli/output.ts';
import { rehearse } from '../../src/cli/rehearsal.ts';
import type { Runtime, Session } from '../../src/cli/session.ts';
import { createSpareTime } from '../../src/http/spare-time.ts';
import type { CallEvent } from '../../src/http/http.ts';
import { NoDataError } from '../../src/domain/errors.ts';

const NOW = Date.parse('2026-11-21T12:00:00-05:00');

/** What a rehearsal touches of a command; all that is written and told is kept. */
function createCommand() {
  const written: string[] = [];
  const told: CallEvent[] = [];
  const sink = { isTTY: false, columns: 80, write: (text: string) => void written.push(text), isWritten: () => true };
  const output = createOutput({ stdout: sink, stderr: sink, env: {}, noColor: true, quiet: false, verbose: true, secrets: ['key-0123'] });
  const log = { beginTurn: () => written.push('log'), write: () => written.push('log') };
  const session = { output, log, clock: { now: () => NOW, machineNow: () => NOW }, reportCall: (event: CallEvent) => told.push(event) } as unknown as Session;
  let pending: (() => void) | undefined;
  const spareTime = createSpareTime((task) => {
    pending = task;
    return () => (pending = undefined);
  });
  const runtime = { spareTime } as Runtime;
  const travel = (): void => {
    spareTime.begin();
    for (let task = pending; task !== undefined; task = pending) {
      pending = undefined;
      task();
    }
  };
  return { session, runtime, written, told, travel };
}

describe('a rehearsal', () => {
  it('plays the command twice, with a made-up market, and lets nothing be heard', async () => {
    const { session, runtime, written, told, travel } = createCommand();
    const providers: string[] = [];
    const played = new Promise<void>((resolve) => {
      rehearse(session, runtime, async (unheard, { market }) => {
        const { output, reportCall, log } = unheard;
        output.write('a');
        output.writeLines(['b']);
        for (const say of [output.note, output.remark, output.diagnose, output.progress]) say('c');
        output.error({ message: 'd', hint: 'e' });
        reportCall({ type: 'detail', text: 'f' });
        log.beginTurn();
        log.write({});
        const quotes = await market.quotes(['NVDA'], { refresh: false, offline: false, call: { signal: new AbortController().signal, deadlineMs: Infinity, priority: 'question', ignoreRemembered: false, report: reportCall } });
        const quote = quotes.get('NVDA');
        providers.push(quote?.ok === true ? quote.source.provider : 'none');
        if (providers.length === 2) resolve();
      });
    });
    travel();
    await played;
    expect(providers).toEqual(['sample', 'sample']);
    expect(written).toEqual([]);
    expect(told).toEqual([]);
  });

  it('is not begun where no request travels', () => {
    const { session, runtime } = createCommand();
    rehearse(session, runtime, () => expect.unreachable());
  });

  it('that fails is a remark for --verbose and ends nothing', async () => {
    const { session, runtime, told, travel } = createCommand();
    const failed = new Promise<void>((resolve) => {
      const push = session.reportCall;
      session.reportCall = (event) => {
        push(event);
        if (told.length === 2) resolve();
      };
    });
    rehearse(session, runtime, () => Promise.reject(new NoDataError('nothing there')));
    travel();
    await failed;
    expect(told).toEqual([
      { type: 'detail', text: 'rehearsal: nothing there' },
      { type: 'detail', text: 'rehearsal: nothing there' },
    ]);
  });
});
