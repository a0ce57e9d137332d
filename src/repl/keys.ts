// What a terminal sends, read as a person meant it: text and lines, a paste, Ctrl-C, Ctrl-Z.
// Hides bracketed paste, line ends of three kinds, and sequences that arrive in two pieces.

export type Key = { type: 'text'; text: string } | { type: 'interrupt' } | { type: 'suspend' };

const PASTE_START = '\u001b[200~';
const PASTE_END = '\u001b[201~';
const INTERRUPT = '\u0003';
const SUSPEND = '\u001a';

/**
 * Enter is `\r` in every text that comes out, also inside a paste: each pasted line is a line of its own.
 * Other control characters of a paste are dropped, so that a pasted text presses no keys.
 */
export function createKeyReader() {
  let isPasting = false;
  let kept = '';
  /** A line feed that follows a carriage return ends no second line. */
  let afterReturn = false;

  function unifyEnds(text: string): string {
    const joined = afterReturn && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') afterReturn = text.endsWith('\r');
    return joined.replaceAll(/\r\n|\n/g, '\r');
  }

  function readTyped(text: string): Key[] {
    const keys: Key[] = [];

    for (const part of text.split(/([\u0003\u001a])/)) {
      if (part === INTERRUPT) keys.push({ type: 'interrupt' });
      else if (part === SUSPEND) keys.push({ type: 'suspend' });
      else if (part !== '') keys.push({ type: 'text', text: unifyEnds(part) });
    }
    return keys;
  }

  function readPasted(text: string): Key[] {
    const plain = unifyEnds(text)
      .replaceAll('\t', ' ')
      .replaceAll(/\u001b\[[0-?]*[ -/]*[@-~]|[\u0000-\u000c\u000e-\u001f\u007f-\u009f]/g, '');
    return plain === '' ? [] : [{ type: 'text', text: plain }];
  }

  return {
    push: (text: string) => {
      const keys: Key[] = [];
      let rest = kept + text;
      kept = '';
      for (;;) {
        const marker = isPasting ? PASTE_END : PASTE_START;
        const at = rest.indexOf(marker);
        if (at < 0) break;
        keys.push(...(isPasting ? readPasted : readTyped)(rest.slice(0, at)));
        rest = rest.slice(at + marker.length);
        isPasting = !isPasting;
      }
      const split = unfinishedLength(rest, isPasting);
      kept = rest.slice(rest.length - split);
      keys.push(...(isPasting ? readPasted : readTyped)(rest.slice(0, rest.length - split)));
      return keys;
    },
  };
}

/** How much of the end may be the beginning of a marker. A lone escape that is typed is a key of its own. */
function unfinishedLength(text: string, isPasting: boolean): number {
  const marker = isPasting ? PASTE_END : PASTE_START;
  const least = isPasting ? 1 : 3;
  for (let length = Math.min(marker.length - 1, text.length); length >= least; length -= 1)
    if (text.endsWith(marker.slice(0, length))) return length;
  return 0;
}
