// Up and down through earlier lines: those that begin with what was typed, and back to it. Pure but for its place.

/** @param lines newest first */
export function createHistoryWalk(lines: readonly string[]) {
  let typed: string | undefined;
  let at = -1;

  return {
    /** The next older line that begins with what was typed; undefined where there is none. */
    older: (line: string) => {
      typed ??= line;
      const start = typed;
      const next = lines.findIndex((each, index) => index > at && each.startsWith(start) && each !== line);
      if (next < 0) return undefined;
      at = next;
      return lines[next];
    },
    /** The next newer one, in the end what was typed; undefined where nothing is newer. */
    newer: (line: string) => {
      if (typed === undefined || at < 0) return undefined;
      const start = typed;
      at = lines.findLastIndex((each, index) => index < at && each.startsWith(start) && each !== line);
      return at < 0 ? start : lines[at];
    },
    /** The line was edited: the next step starts from it. */
    stop: () => {
      typed = undefined;
      at = -1;
    },
  };
}
