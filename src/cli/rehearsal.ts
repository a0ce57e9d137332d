// Plays a command through on made-up figures while the real ones travel: what has run once takes a third of the time.
// Nothing of it is shown, kept, logged or counted.
import { toFinError } from '../domain/errors.ts';
import type { Runtime, Session } from './session.ts';

/** V8 compiles a pattern when it runs for the first time, and again, to faster code, when it runs for the second. */
const TIMES = 2;

/** `play` is what the command does with its figures; it must save nothing. Left undone where no request travels. */
export function rehearse(session: Session, runtime: Runtime, play: (session: Session, runtime: Runtime) => Promise<unknown>): void {
  runtime.spareTime.use('rehearsal', () => {
    playThrough(session, runtime, play).catch((thrown: unknown) => {
      session.reportCall({ type: 'detail', text: `rehearsal: ${toFinError(thrown).message}` });
    });
  }, TIMES);
}

async function playThrough(session: Session, runtime: Runtime, play: Parameters<typeof rehearse>[2]): Promise<void> {
  const { createMadeUpMarket } = await import('../market/made-up-market.ts');
  const nothing = (): void => undefined;
  const unheard: Session = { ...session, output: session.output.muted(), reportCall: nothing, log: { beginTurn: nothing, write: nothing } };
  await play(unheard, { ...runtime, market: createMadeUpMarket(session.clock) });
}
