// Plays a command through on made-up figures while the real ones travel: what has run once takes a third of the time.
// Nothing of it is shown, kept or counted; only that it failed is told, with --verbose.
import type { Runtime, Session } from './session.ts';

/** V8 compiles a pattern when it runs for the first time, and again, to faster code, when it runs for the second. */
const TIMES = 2;

/**
 * `play` is what the command does with its figures; it must save nothing. Once for each name of a process, and left undone
 * where no request travels. What this gives is called when the real figures are there.
 */
export function rehearse(
  name: string,
  session: Session,
  runtime: Runtime,
  play: (session: Session, runtime: Runtime) => Promise<unknown>,
): () => void {
  return runtime.spareTime.use(`rehearsal of ${name}`, () => playThrough(session, runtime, play), TIMES);
}

async function playThrough(session: Session, runtime: Runtime, play: Parameters<typeof rehearse>[3]): Promise<void> {
  const { createMadeUpMarket } = await import('../market/made-up-market.ts');
  const nothing = (): void => undefined;
  const unheard: Session = {
    ...session,
    output: session.output.muted(),
    reportCall: nothing,
    log: { beginTurn: nothing, write: nothing },
  };
  await play(unheard, { ...runtime, market: createMadeUpMarket(session.clock) });
}
