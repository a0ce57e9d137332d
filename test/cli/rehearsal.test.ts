import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
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
  const output = createOutput({
    stdout: sink,
    stderr: sink,
    env: {},
    noColor: true,
    quiet: false,
    verbose: true,
    secrets: ['key-0123'],
  });
  const log = { beginTurn: () => written.push('log'), write: () => written.push('log') };
  const session = {
    output,
    log,
    clock: { now: () => NOW, machineNow: () => NOW },
    reportCall: (event: CallEvent) => told.push(event),
  } as unknown as Session;
  const failures: unknown[] = [];
  let pending: (() => void) | undefined;
  const spareTime = createSpareTime({
    onFailure: (name, error) => failures.push([name, error]),
    later: (task) => {
      pending = task;
      return () => (pending = undefined);
    },
  });
  const runtime = { spareTime } as Runtime;
  /** A request leaves, and all that may be done meanwhile is. */
  const travel = async (): Promise<void> => {
    spareTime.begin();
    for (let task = pending; task !== undefined; task = pending) {
      pending = undefined;
      task();
    }
    // The made-up market is imported from a file.
    await vi.dynamicImportSettled();
  };
  return { session, runtime, written, told, failures, travel };
}

describe('a rehearsal', () => {
  it('plays the command twice, with a made-up market, and lets nothing be heard', async () => {
    const { session, runtime, written, told, failures, travel } = createCommand();
    const providers: string[] = [];
    rehearse('quote', session, runtime, async (unheard, { market }) => {
      const { output, reportCall, log } = unheard;
      output.write('a');
      output.writeLines(['b']);
      for (const say of [output.note, output.remark, output.diagnose, output.progress]) say('c');
      output.error({ message: 'd', hint: 'e' });
      reportCall({ type: 'detail', text: 'f' });
      log.beginTurn();
      log.write({});
      const quotes = await market.quotes(['NVDA'], {
        refresh: false,
        offline: false,
        call: {
          signal: new AbortController().signal,
          deadlineMs: Infinity,
          priority: 'question',
          ignoreRemembered: false,
          report: reportCall,
        },
      });
      const quote = quotes.get('NVDA');
      providers.push(quote?.ok === true ? quote.source.provider : 'none');
    });
    await travel();
    expect(providers).toEqual(['sample', 'sample']);
    expect([written, told, failures]).toEqual([[], [], []]);
  });

  it('is not begun where no request travels', async () => {
    const { session, runtime, failures } = createCommand();
    let plays = 0;
    rehearse('quote', session, runtime, () => Promise.resolve((plays += 1)));
    await setImmediate();
    expect([plays, failures]).toEqual([0, []]);
  });

  it('of a command whose answer is there is not begun any more; the next command has its own', async () => {
    const { session, runtime, travel } = createCommand();
    const played: string[] = [];
    const end = rehearse('quote', session, runtime, () => Promise.resolve(played.push('first')));
    end();
    rehearse('quote', session, runtime, () => Promise.resolve(played.push('second')));
    rehearse('history', session, runtime, () => Promise.resolve(played.push('third')));
    await travel();
    expect(played).toEqual(['third', 'third', 'second', 'second']);
  });

  it('that fails ends nothing, and it is told by its name', async () => {
    const { session, runtime, failures, travel } = createCommand();
    const error = new NoDataError('nothing there');
    rehearse('quote', session, runtime, () => Promise.reject(error));
    await travel();
    expect(failures).toEqual([
      ['rehearsal of quote', error],
      ['rehearsal of quote', error],
    ]);
  });
});
