// A model's Markdown on a terminal: its marks for bold, code and headings are dropped, its words stay as they are.
// Bullets and tables read well as text. `--json` keeps the answer as it came.

const HEADING = /^ {0,3}#{1,6}(?: +|$)/;

/** One word without the marks around it: `**NVDA**` is NVDA; a word of marks alone is nothing. */
export function dropMarks(word: string): string {
  return word.replaceAll('`', '').replaceAll('**', '');
}

/** Whether a word that begins a line makes it a heading. */
export function isHeadingMark(word: string): boolean {
  return HEADING.test(word);
}

/** A whole line without marks. */
export function dropLineMarks(line: string): string {
  return dropMarks(line.replace(HEADING, ''));
}
