// Where and why a text is not JSON, in words for whoever wrote it by hand. Also refused: a name that an object has twice,
// of which a parser would silently keep one.
import { quoteInput } from '../domain/symbols.ts';

export interface JsonFault {
  /** From 1, as editors count. */
  line: number;
  column: number;
  why: string;
}

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /(?:true|false|null)\b/y;
const TEXT = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})[^"\\\u0000-\u001f]*)*/y;
/** Deeper than anything written by hand; keeps every reader from running out of stack. */
const MOST_LEVELS = 100;

export function findJsonFault(text: string): JsonFault | undefined {
  const scanner = new Scanner(text);
  try {
    scanner.scan();
    return undefined;
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return { ...locate(text, fault.offset), why: fault.message };
  }
}

class Fault extends Error {
  readonly offset: number;

  constructor(why: string, offset: number) {
    super(why);
    this.offset = offset;
  }
}

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): void {
    this.#value(0);
    if (this.#peek() !== '') throw this.#unexpected('the end of the file');
  }

  #value(level: number): void {
    const first = this.#peek();
    if (level > MOST_LEVELS) throw new Fault('nested too deeply', this.#at);
    if (first === '{') this.#object(level);
    else if (first === '[') this.#array(level);
    else if (first === '"') this.#string();
    else if (this.#take(NUMBER) === '' && this.#take(WORD) === '') throw this.#unexpected('a value');
  }

  #object(level: number): void {
    this.#at += 1;
    const names = new Set<string>();
    if (this.#skip('}')) return;
    do {
      if (this.#peek() !== '"') throw this.#unexpected('a name in double quotes');
      const start = this.#at;
      const name = JSON.parse(this.#string()) as string;
      if (names.has(name)) throw new Fault(`the name ${JSON.stringify(name.slice(0, 60))} appears twice`, start);
      names.add(name);
      if (!this.#skip(':')) throw this.#unexpected(':');
      this.#value(level + 1);
    } while (this.#skip(','));
    if (!this.#skip('}')) throw this.#unexpected(', or }');
  }

  #array(level: number): void {
    this.#at += 1;
    if (this.#skip(']')) return;
    do this.#value(level + 1);
    while (this.#skip(','));
    if (!this.#skip(']')) throw this.#unexpected(', or ]');
  }

  #string(): string {
    const body = this.#take(TEXT);
    const end = this.#text[this.#at];
    if (end === '\\') throw new Fault('an invalid escape after a backslash', this.#at);
    if (end === '\t') throw new Fault('a tab inside a string: write it as \\t', this.#at);
    if (end !== '"') throw new Fault('a string is not closed', this.#at);
    this.#at += 1;
    return `${body}"`;
  }

  /** The next character that is no space; empty at the end. */
  #peek(): string {
    this.#take(SPACE);
    return this.#text[this.#at] ?? '';
  }

  #skip(sign: string): boolean {
    if (this.#peek() !== sign) return false;
    this.#at += 1;
    return true;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #unexpected(wanted: string): Fault {
    const rest = this.#text.slice(this.#at);
    const found =
      rest === '' ? 'the end of the file' : (/^[\w.+-]{1,20}/.exec(rest)?.[0] ?? Array.from(rest.slice(0, 2))[0] ?? '');
    const isComment = /^(?:\/[/*]|#)/.test(rest);
    const shown = /[\p{C}\p{Z}]/u.test(found) && rest !== '' ? quoteInput(found) : found;
    return new Fault(isComment ? 'JSON has no comments' : `expected ${wanted}, found ${shown}`, this.#at);
  }
}

function locate(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: lines.length, column: Array.from(lines.at(-1) ?? '').length + 1 };
}
