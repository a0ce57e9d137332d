// Hides which patterns can fit a text, found in their sources: like planner/phrase-index.ts the build runs this file and puts
// the finished lines in its place, so that a question makes and tries the few patterns that can begin at one of its words.
import { LONGEST_BEGINNING, toLines } from './lines.ts';
import { HOUR_PATTERNS } from './hours.ts';
import { SESSION_PATTERNS } from './sessions.ts';

interface Beginning {
  text: string;
  /** Whether what follows in the pattern belongs to it as well; else anything may follow. */
  isOpen: boolean;
}

const END: Beginning = { text: '', isOpen: false };
const NOTHING: Beginning = { text: '', isOpen: true };
const DIGITS = Array.from({ length: 10 }, (_, digit): Beginning => ({ text: String(digit), isOpen: false }));
/** Groups that match no text: what they look at is tried by the pattern itself. */
const LOOKS = /^\?<?[=!]/;

const joined = (before: string, { text, isOpen }: Beginning): Beginning => ({
  text: (before + text).slice(0, LONGEST_BEGINNING),
  isOpen: isOpen && before.length + text.length < LONGEST_BEGINNING,
});

/** A closed one stands for an open one of the same text. */
function unique(all: Beginning[]): Beginning[] {
  if (all.length < 2) return all;
  const byText = new Map<string, Beginning>();
  for (const each of all) if (byText.get(each.text)?.isOpen !== false) byText.set(each.text, each);
  return [...byText.values()];
}

/** The literal texts that a match can begin with: groups, alternatives, `?`, `*`, `+`, `{n,m}`, `\d` of the patterns in use. */
function beginningsOf(source: string): string[] {
  let at = 0;

  function alternatives(): Beginning[] {
    const all = sequence();
    while (source[at] === '|') {
      at += 1;
      all.push(...sequence());
    }
    return all;
  }

  function sequence(): Beginning[] {
    let found = [NOTHING];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') {
      if (found.every(({ isOpen }) => !isOpen)) {
        skip();
        break;
      }
      const next = quantified(item());
      found = unique(found.flatMap((each) => (each.isOpen ? next.map((one) => joined(each.text, one)) : [each])));
    }
    return found;
  }

  /** To the end of the sequence. */
  function skip(): void {
    for (let depth = 0; at < source.length; at += 1) {
      const char = source[at];
      if (depth === 0 && (char === '|' || char === ')')) return;
      if (char === '\\') at += 1;
      else if (char === '[') at = source.indexOf(']', at);
      else if (char === '(') depth += 1;
      else if (char === ')') depth -= 1;
    }
  }

  function item(): Beginning[] {
    const char = source[at] ?? '';
    at += 1;
    if (char === '(') return group();
    if (char === '\\') return escaped();
    if (char === '[') {
      at = source.indexOf(']', at) + 1;
      return [END];
    }
    if (char === '.' || char === '^' || char === '$') return [char === '.' ? END : NOTHING];
    return [{ text: char, isOpen: true }];
  }

  function group(): Beginning[] {
    const isLook = LOOKS.test(source.slice(at, at + 3));
    at += isLook || source.startsWith('?:', at) ? 2 : 0;
    const inside = alternatives();
    at += 1;
    return isLook ? [NOTHING] : inside;
  }

  function escaped(): Beginning[] {
    const char = source[at] ?? '';
    at += 1;
    if (char === 'd') return DIGITS;
    if (char === 'b') return [NOTHING];
    return /\w/.test(char) ? [END] : [{ text: char, isOpen: true }];
  }

  function quantified(own: Beginning[]): Beginning[] {
    const [quantifier] = /^(?:[?*+]|\{\d+(?:,\d*)?\})\??/.exec(source.slice(at, at + 8)) ?? [''];
    at += quantifier.length;
    const isOnce = quantifier === '' || quantifier.startsWith('?');
    const told = isOnce ? own : own.map(({ text }) => ({ text, isOpen: false }));
    return /^[?*]|^\{0/.test(quantifier) ? [...told, NOTHING] : told;
  }

  return [...new Set(alternatives().map(({ text }) => text))];
}

/** Of each beginning the numbers of its patterns, apart by blanks. */
function toBeginnings(patterns: readonly (readonly [source: string, ...rest: unknown[]])[]): string {
  const numbersOf = new Map<string, number[]>();
  patterns.forEach(([source], number) => {
    for (const text of beginningsOf(source)) numbersOf.set(text, [...(numbersOf.get(text) ?? []), number]);
  });
  return toLines([...numbersOf].map(([text, numbers]) => [text, numbers.join(' ')] as const));
}

export const BEGINNINGS = { sessions: toBeginnings(SESSION_PATTERNS), hours: toBeginnings(HOUR_PATTERNS) };
