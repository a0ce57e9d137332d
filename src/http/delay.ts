// Hides the one timer that everything here waits with, so that a test can put its own in its place.
/** Resolves after `ms` or as soon as the signal is aborted; whoever waits looks at the signal afterwards. */
export type Delay = (ms: number, signal: AbortSignal) => Promise<void>;

export const delay: Delay = (ms, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener('abort', finish, { once: true });
  });

/** Changes while one waits, which the compiler does not see of the property itself. */
export const isOver = ({ aborted }: AbortSignal): boolean => aborted;
