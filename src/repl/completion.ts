// What Tab completes: commands after a slash with their options and values, symbols everywhere else, and an empty line
// with the question that was suggested. Pure.

export interface CompletableCommand {
  name: string;
  /** `--side` and the values it takes, where they are few; of a list each part is one of them. */
  options: readonly { name: string; values: readonly string[]; isList?: boolean }[];
  /** What its first word may be, later ones are symbols; absent: symbols all. */
  words?: readonly string[];
}

export interface CompletionSource {
  commands: readonly CompletableCommand[];
  /** Known symbols, the likeliest first, and names of lists (`@core`). */
  symbols: readonly string[];
  /** A whole line for an empty one. */
  suggested?: string;
}

export interface Completion {
  /** Where the completed word begins. */
  from: number;
  /** Stands between `from` and the cursor afterwards. */
  insert: string;
  /** Shown where there are several. */
  choices: readonly string[];
}

const MAX_CHOICES = 40;

/** Completes the word before the cursor: wholly where one fits, else as far as all that fit agree. */
export function completeLine(line: string, cursor: number, source: CompletionSource): Completion {
  if (line.trim() === '' && source.suggested !== undefined) return { from: 0, insert: source.suggested, choices: [] };
  const before = line.slice(0, cursor);
  const word = /\S*$/.exec(before)?.[0] ?? '';
  const from = cursor - word.length;
  const fitting = listCandidates(before.slice(0, from), word, source);
  const [only] = fitting;
  if (only === undefined) return { from, insert: word, choices: [] };
  if (fitting.length === 1)
    return { from, insert: line.slice(cursor).startsWith(' ') ? only : `${only} `, choices: [] };
  const common = commonStart(fitting);
  return { from, insert: common.length > word.length ? common : word, choices: fitting.slice(0, MAX_CHOICES) };
}

function listCandidates(head: string, word: string, { commands, symbols }: CompletionSource): string[] {
  const isCommand = head.trimStart().startsWith('/');
  if (head.trim() === '' && word.startsWith('/'))
    return fitting(
      commands.map(({ name }) => `/${name}`),
      word,
    );
  if (!isCommand) return word === '' ? [] : fitting(symbols, word);
  const [name = ''] = head.trim().slice(1).split(/\s+/);
  const command = commands.find((each) => each.name === name);
  if (command === undefined) return [];
  if (word.startsWith('-'))
    return fitting(
      command.options.map((option) => option.name),
      word,
    );
  const previous = /(--\S+)\s+$/.exec(head)?.[1];
  const option = command.options.find((each) => each.name === previous);
  if (option !== undefined && option.values.length > 0) {
    const before = option.isList === true ? word.slice(0, word.lastIndexOf(',') + 1) : '';
    return fitting(option.values, word.slice(before.length)).map((part) => before + part);
  }
  const isFirst = head.trim().split(/\s+/).length === 1;
  if (command.words !== undefined && (isFirst || command.words.length === 0)) return fitting(command.words, word);
  return word === '' ? [] : fitting(symbols, word);
}

/** Those that begin with the word, whatever its case and whether quotes are open, each once. */
function fitting(candidates: readonly string[], word: string): string[] {
  const start = word.toLowerCase();
  const begins = (candidate: string): boolean =>
    candidate.startsWith(start) || (start !== '' && candidate.startsWith(`"${start}`));
  return [...new Set(candidates.filter((candidate) => begins(candidate.toLowerCase())))];
}

function commonStart(words: readonly string[]): string {
  const [first = ''] = words;
  let length = first.length;
  for (const word of words)
    while (word.slice(0, length).toLowerCase() !== first.slice(0, length).toLowerCase()) length -= 1;
  return first.slice(0, length);
}
