// What a reader of words knows at a place of a question, and the phrase that begins there. Nothing is decided here.
import type { IsoDate } from '../../domain/types.ts';
import { dateAt } from './dates.ts';
import type { Word } from './lexer.ts';
import type { Names } from './names.ts';
import type { Thing } from './tokens.ts';
import type { PhraseMatch, Vocabulary } from './vocabulary.ts';

export interface Reader {
  names: Names;
  vocabulary: Vocabulary;
  today(): IsoDate;
}

/** What the turn before was about, where bare numbers mean something by it. */
export type Topic = 'options' | 'strategy';

export interface Place extends Reader {
  words: readonly Word[];
  texts: readonly string[];
  sessionAt(at: number): Found | undefined;
  topic: Topic | undefined;
  isOfOptions: boolean;
}

export type Found = Thing & { length: number; corrected?: string };

export const FILLER = { is: 'filler', length: 1 } as const;
export const UNKNOWN = { is: 'unknown', length: 1 } as const;

/** `down more than 3%`: "more than" goes together, and not "down more"; `dropped since may 3`: the day takes its "since". */
export function phraseAt(place: Place, at: number): PhraseMatch | undefined {
  const { vocabulary, texts } = place;
  const match = vocabulary.match(texts, at);
  const end = at + (match?.length ?? 0);
  const last = texts[end - 1] ?? '';
  const isBound = texts[end] === 'than' && /^(?:more|less|higher|lower)$/.test(last);
  const isDated = last === 'since' && dateAt(place, end - 1, 1) !== undefined;
  // "close the day after thanksgiving": the day is no part of "close the day".
  const isBeside = last === 'day' && /^(?:before|after)$/.test(texts[end] ?? '');
  return (match?.length ?? 0) > 1 && (isBound || isDated || isBeside)
    ? vocabulary.match(texts.slice(0, end - 1), at)
    : match;
}
