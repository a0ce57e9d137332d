// What a word or some words in a row can mean: the types that reading gives and that everything behind it takes.
// Nothing is decided here; a token is a meaning with the text that it stands for.
import type { parseOptionSymbol } from '../../domain/symbols.ts';
import type { BarInterval, IntradayInterval, Side, TickerSymbol } from '../../domain/types.ts';

export type Order = 'highest' | 'lowest';
export type Aggregate = Order | 'average' | 'median' | 'total';
/** `it` stands for a symbol, `one` (its) also beside one. `many`: they, their. A number: both, the three. */
export type Pronoun = 'it' | 'one' | 'many' | number;

/** `weekday`: the same day of the week; `same`: as long as what it stands beside; `span`: the same part of another year. */
export type StepUnit = 'day' | 'week' | 'month' | 'quarter' | 'year' | 'weekday' | 'same' | 'span';

/** What days are put together to: the best month, weeks in a row. */
export type PeriodWord = 'week' | 'month' | 'quarter' | 'year';

/** What a phrase means. Values behind the dot of a line's meaning stand in `value`. */
export type Meaning =
  /** Names of fields, or expressions of them. */
  | { is: 'field'; names: string[] }
  | { is: 'form'; form: string }
  | { is: 'aggregate'; aggregate: Aggregate }
  /** `by`: what is ranked, where the word says it. */
  | { is: 'rank'; order: Order; by?: string }
  | { is: 'relation'; operator: '>' | '<' | '>=' | '<=' }
  | { is: 'move'; direction: 'up' | 'down' | 'any' }
  /** `word`: how a sentence says it, where its text does not. */
  | { is: 'state'; expression: string; word?: string }
  /** Each weekday or month of the year for itself. */
  | { is: 'per'; unit: 'weekday' | 'month' }
  /** What is measured so many sessions after; `isOver`: over all of them. */
  | { is: 'lag'; sessions: number; isOver?: true }
  | { is: 'side'; side: Side | 'both' }
  | { is: 'interval'; interval: BarInterval | IntradayInterval }
  | { is: 'pronoun'; pronoun: Pronoun }
  | { is: 'money'; money: 'itm' | 'otm' | 'atm' }
  | { is: 'bestDay'; which: string }
  | { is: 'strategy'; strategy: string }
  | { is: 'scan'; scan: string }
  /** Several symbols by one name; `sector`: it only describes the symbols that stand beside it. */
  | { is: 'group'; symbols: string[]; isSector: boolean }
  | { is: 'allTime'; field: 'high' | 'low' }
  | { is: 'unit'; unit: PeriodWord }
  | { is: 'occasion'; occasion: 'first' | 'last' | 'since' }
  | { is: 'refuse'; why: string }
  | { is: 'step'; unit: StepUnit; by: 1 | -1 }
  | { is: Flag };

/** Words that only say how something is asked. */
export type Flag =
  | 'filler'
  | 'joiner'
  | 'follow'
  | 'correct'
  | 'add'
  | 'compare'
  | 'held'
  | 'mayCall'
  | 'dataOnly'
  | 'from'
  | 'distance'
  | 'within'
  | 'nearest'
  | 'farthest'
  | 'count'
  | 'streak'
  | 'which'
  | 'top'
  | 'howMuch'
  | 'allStrikes'
  | 'strikesWord'
  | 'delta'
  | 'open'
  | 'define'
  | 'percent'
  | 'crossed'
  | 'minus'
  | 'ratio'
  | 'target'
  | 'than'
  | 'samePeriod'
  | 'since'
  | 'did'
  | 'abs'
  | 'usual'
  | 'touch'
  | 'when'
  | 'aboveOrBelow'
  | 'given'
  | 'ofStrategy'
  | 'days'
  | 'dollars'
  | 'drop'
  | 'each'
  | 'narrow'
  | 'paid'
  | 'pays'
  | 'share'
  | 'short'
  | 'swap'
  | 'without'
  | 'worth';

export interface Company {
  symbol: TickerSymbol;
  /** As people say it, the symbol itself where the table has no name. */
  name: string;
}

/** Named, or the listed one nearest to the spot, to a price or so many dollars from the spot, as a contract is written. */
export type Strike = number | 'atm' | `~${number}` | `spot${'+' | '-'}${number}`;

export type Thing =
  | Meaning
  | { is: 'symbol'; symbol: TickerSymbol; isPossessive: boolean }
  /** In the readings that it has: bars of the past, an expiration to come, or either. */
  | { is: 'date'; range?: string; expiration?: string; interval?: PeriodWord }
  /** A part of a session's hours. */
  | { is: 'hours'; hours: string }
  /** `isMoney`: written with a dollar sign or a word for money. */
  | { is: 'number'; value: number; isPercent: boolean; isMoney?: true }
  /** A number of a purchase: how many, what was put in, what one cost. */
  | { is: 'lot'; of: 'shares' | 'dollars' | 'price' | 'supposed'; value: number }
  /** The gain of that purchase. */
  | { is: 'gain' }
  /** `1.5 times` of what follows. */
  | { is: 'times'; value: number }
  /** `next 4 expirations` */
  | { is: 'dates'; count: number }
  | { is: 'strike'; strike: Strike; side?: Side }
  /** A whole condition of contracts. */
  | { is: 'bound'; left: string; operator: string; right: string }
  /** How many rows; `isOfEach`: of either side so many. */
  | { is: 'limit'; count: number; isOfEach?: true }
  /** How many contracts. */
  | { is: 'lots'; count: number }
  /** Before a contract, as one leg of several: negative is sold. */
  | { is: 'signed'; count: number }
  /** At which price a share a contract was traded. */
  | { is: 'traded'; price: number; isSold: boolean }
  /** The side of the book that a trade would meet. */
  | { is: 'book'; price: 'bid' | 'ask' }
  | { is: 'contract'; terms: ReturnType<typeof parseOptionSymbol> }
  | { is: 'strikes'; count: number }
  | { is: 'span'; from: number; to: number }
  | { is: 'deltaOf'; delta: number | { from: number; to: number } }
  | { is: 'legs'; strikes: number[] }
  | { is: 'width'; width: number }
  | { is: 'mark'; mark: string }
  | { is: 'unknown' }
  | { is: 'doubt'; candidates: Company[] }
  | { is: 'unclear'; message: string; hint: string };

/** What some words in a row mean. `corrected`: the word that a mistyped one was taken for. */
export type Token = Thing & { text: string; corrected?: string };

export interface Reading {
  tokens: Token[];
  /** It begins with a verb that asks for yes or no. */
  isYesNo: boolean;
}
