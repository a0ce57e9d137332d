// The words by which the parts of the scope reader talk: what is said of a figure, what stands over a sentence.
import type { Side, TickerSymbol } from '../../domain/types.ts';
import type { Counted, Fact, FactBase, Field } from './facts.ts';
import type { Figure } from './figures.ts';
import type { DateMention, Mentions, Place } from './mentions.ts';
import type { Ties } from './ties.ts';
import type { Cue, Lexicon } from './words.ts';

export interface Said {
  figure: Figure;
  fields?: readonly Field[] | undefined;
  otherwise?: readonly Field[] | undefined;
  cue?: string | undefined;
  /** The words name no field for sure: these, or none, are meant as well. */
  loose?: readonly Field[] | undefined;
  /** The word that names the field stands right beside the figure. */
  firm?: boolean;
  /** Its word is the only one for a field in the sentence. */
  sole?: boolean;
  /** Fields that the sentence, what stands over it or the question speaks of. */
  near?: ReadonlySet<Field> | undefined;
  /** Fields that the question asks for and the sentence does not name. */
  sought?: ReadonlySet<Field> | undefined;
  /** The symbol stands right beside it. */
  ownSymbol?: boolean;
  /** Symbols of the sentence. */
  company?: readonly TickerSymbol[] | undefined;
  /** Fields of what it is said to be: "228.30, the 50-day average". */
  apposed?: readonly Field[] | undefined;
  /** Fields of the word behind it: "2 % above its 20-day". */
  next?: readonly Field[] | undefined;
  /** Absent: any symbol. */
  symbols?: readonly TickerSymbol[] | undefined;
  sides?: readonly Side[] | undefined;
  dates?: readonly DateMention['value'][] | undefined;
  /** Those of the sentence before. */
  earlier?: readonly DateMention['value'][] | undefined;
  /** The dates bound a period. */
  span?: boolean;
  /** The date stands in the sentence or row itself, not over it. */
  ownDate?: boolean;
  strikes?: readonly number[] | undefined;
  isStrike?: boolean;
  direction?: 1 | -1 | 0 | undefined;
  /** What is counted, where words say it. */
  counted?: readonly Counted[] | undefined;
  /** A period is spoken of, here or above. */
  period?: boolean;
  /** A single session may be meant that no date names: "the highest close", "a day earlier". */
  anySession?: boolean;
  /** Strikes that the text or the question names anywhere. */
  spokenStrikes?: ReadonlySet<number> | undefined;
  /** The strike of the data that stands last before it, whatever it is called. */
  beside?: number | undefined;
  /** Levels of the data that stand right before it, or behind it. */
  levels?: readonly number[] | undefined;
  /** The strike that it stands in parentheses behind. */
  hostStrike?: number | undefined;
  /** The strike stands in the sentence or row itself. */
  ownStrike?: boolean;
  /** The period that the words beside it name. */
  spoken?: { days: number; isThis: boolean; quarter?: number };
  /** A sum or a mean of what stands around. */
  isTotal?: boolean;
  /** "from 657.14 to …": it may be of the session before the day that is named. */
  isBase?: boolean;
  /** "3.8 % vs 3.5 %": it may be of another symbol than the one named last. */
  isOther?: boolean;
  /** The words around speak of an earlier moment. */
  past?: boolean;
  /** The sentence speaks of one day or session. */
  today?: boolean;
  /** Percentages may stand without their sign: the sentence or the question says percent. */
  percents?: boolean;
  /** Words of a fall stand in the sentence. */
  falls?: boolean;
  /** Said of the present: "now", "currently". */
  present?: boolean;
}

/** What stands over a piece: the last of each kind that was said. */
export interface Context {
  symbols?: readonly TickerSymbol[] | undefined;
  sides?: readonly Side[] | undefined;
  dates?: readonly DateMention[] | undefined;
  /** Those of the sentence before. */
  earlier?: readonly DateMention[] | undefined;
  strikes?: readonly number[] | undefined;
  cue?: Cue | undefined;
  period?: boolean | undefined;
  percents?: boolean;
  /** Fields that the question speaks of. */
  asked?: readonly Field[] | undefined;
  /** Those of the question alone. */
  sought?: readonly Field[] | undefined;
}

/** What is read, and what it is read by. */
export interface Source {
  text: string;
  /** As long as the text, without the digits that are no figures. */
  masked: string;
  base: FactBase;
  lexicon: Lexicon;
}

/** One sentence, heading, bullet or table cell, with all that was found in it. */
export interface Sentence {
  text: string;
  figures: readonly Figure[];
  mentions: Mentions;
  ties: Ties;
  context: Context;
}

export const CHANGE_FIELDS: readonly Field[] = ['change', 'changePercent'];
export const PRICE_FIELDS: readonly Field[] = ['last', 'close', 'spot'];
/** Cues that only an option's figures have, or that they share with a share's. */
export const OPTION_CUES: ReadonlySet<string> = new Set(
  'bid ask openInterest volume iv delta gamma theta vega contracts'.split(' '),
);

/** A whole answer that was read, with the value of the data behind each figure that has one. */
export interface Told {
  text: string;
  question: string;
  base: FactBase;
  said: readonly Said[];
  supports: ReadonlyMap<Said, number>;
  /** The figure of a result behind each that is one. */
  sources: ReadonlyMap<Said, Fact>;
  dates: readonly DateMention[];
  /** What is no table. */
  sentences: readonly { start: number; sentence: Sentence; said: readonly Said[] }[];
}

/** A claim that the data refute. */
export interface Oddity extends Place {
  reason: string;
  value: number;
}

export const oddAt = ({ start, end }: Place, value: number, reason: string): Oddity[] => [
  { start, end, value, reason },
];
