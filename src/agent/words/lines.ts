// Hides tables of words that are texts: a sorted line a word, found by halves, so that nothing is built at a start.

/** The lines of a table, for the build to make. */
export function toLines(entries: Iterable<readonly [word: string, value: string]>): string {
  return [...entries]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([word, value]) => `${word}\t${value}\n`)
    .join('');
}

/** What stands behind a word and a tab in its line, or undefined. */
export function valueIn(lines: string, word: string): string | undefined {
  const start = placeOf(lines, word);
  return lines.startsWith(`${word}\t`, start)
    ? lines.slice(start + word.length + 1, lines.indexOf('\n', start))
    : undefined;
}

/** Whether a line begins with a word and another one. */
export function hasLonger(lines: string, word: string): boolean {
  return lines.startsWith(`${word} `, placeOf(lines, `${word} `));
}

/** Where the first line starts that is not before a word. */
function placeOf(lines: string, word: string): number {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const start = lines.lastIndexOf('\n', ((low + high) >> 1) - 1) + 1;
    const end = lines.indexOf('\n', start);
    if (lines.slice(start, lines.indexOf('\t', start)) < word) low = end + 1;
    else high = start;
  }
  return low;
}

/** Of the words in lines that texts begin with, the characters at most. */
export const LONGEST_BEGINNING = 6;

/** What stands behind each word that a text begins with. */
export function valuesAtStart(lines: string, text: string): string[] {
  const starts = Array.from({ length: LONGEST_BEGINNING + 1 }, (_, length) => text.slice(0, length));
  return [...new Set(starts)].flatMap((start) => valueIn(lines, start) ?? []);
}

/** Every word with what stands behind it. */
export function entriesOf(lines: string): [word: string, value: string][] {
  return lines.split('\n').flatMap((line): [string, string][] => {
    const tab = line.indexOf('\t');
    return tab < 0 ? [] : [[line.slice(0, tab), line.slice(tab + 1)]];
  });
}

/** The words behind which `part` stands, alone or among others that are apart by blanks. */
export function wordsOf(lines: string, part: string): string[] {
  const words: string[] = [];
  for (let at = lines.indexOf(part); at >= 0; at = lines.indexOf(part, at + part.length)) {
    const isWhole = /[\t^ ]/.test(lines[at - 1] ?? '') && /[ \n]/.test(lines[at + part.length] ?? '\n');
    const start = lines.lastIndexOf('\n', at) + 1;
    if (isWhole) words.push(lines.slice(start, lines.indexOf('\t', start)));
  }
  return words;
}
