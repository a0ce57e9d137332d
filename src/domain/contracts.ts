// Hides how people write option contracts among symbols: `NVDA 450c dec 18`, `NVDA 2026-12-18 450 call`, an OCC symbol
// padded or not. What is none of these is left to the reader of tickers; nothing here asks what is listed.
import { UsageError, hasCode } from './errors.ts';
import { isExpirationSpan, parseExpirationPhrase } from './expirations.ts';
import { canonicalTicker, parseOptionSymbol, parseSymbolList, refuseEmptyWord, parseTickerSymbol } from './symbols.ts';
import type { OptionSymbol, Side, TickerSymbol } from './types.ts';

/** A contract as it was asked for. */
export interface ContractTerms {
  underlying: TickerSymbol;
  side: Side;
  strike: number;
  /** A phrase for an expiration. */
  expiration: string;
  /** Where it was written as its OCC symbol. */
  symbol?: OptionSymbol;
}

export type Instrument = TickerSymbol | ContractTerms;

const OCC = /(?<![\w:])(?:O:)?([A-Z]{1,6}\d?) *(\d{6}[CP]\d{8})(?!\w)/gi;
const IS_OCC = /^[A-Z]{1,6}\d?\d{6}[CP]\d{8}$/i;
/** `12/18/26`: no ticker is written so. */
const SHORT_YEAR = /\b(\d{1,2}\/\d{1,2})\/(\d\d)(?!\d)/;
const NUMBER = /^\$?(\d{1,5}(?:\.\d{1,3})?)$/;
const COMPACT = /^\$?(\d{1,5}(?:\.\d{1,3})?)(c|p|calls?|puts?)$/i;
const SIDE = /^(?:c|p|calls?|puts?)$/i;
const LONGEST_EXPIRATION = 4;

export function isContract(instrument: Instrument): instrument is ContractTerms {
  return typeof instrument !== 'string';
}

/** The one contract that these words are; undefined where they are anything else. */
export function readOneContract(words: readonly string[]): ContractTerms | undefined {
  try {
    const [only, ...more] = parseInstruments(words);
    return only !== undefined && isContract(only) && more.length === 0 ? only : undefined;
  } catch (error) {
    if (hasCode(error, 'usage')) return undefined;
    throw error;
  }
}

/**
 * Symbols and contracts from words that hold one or several, apart by commas or spaces: in the order given, each once.
 * @throws UsageError for what is malformed, naming all of it, and for a contract of which a part is missing
 */
export function parseInstruments(words: readonly string[]): Instrument[] {
  const text = words.join(' ');
  // No contract is written without a digit.
  if (!/\d/.test(text)) return parseSymbolList(words);
  refuseEmptyWord(words);
  const parts = text
    .split(',')
    .flatMap((part) =>
      readPart(part.replaceAll(OCC, '$1$2').replace(SHORT_YEAR, '$1/20$2').split(/\s+/).filter(Boolean)),
    );
  const tickers = parts.filter((part) => typeof part === 'string');
  if (tickers.length > 0 || parts.length === 0) parseSymbolList(tickers);
  const seen = new Set<string>();
  return parts
    .map((part): Instrument => (typeof part === 'string' ? parseTickerSymbol(part) : part))
    .filter((instrument) => {
      const key = isContract(instrument) ? JSON.stringify(instrument) : instrument;
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    });
}

/** Spellings of tickers, and contracts. */
function readPart(tokens: readonly string[]): (string | ContractTerms)[] {
  const found: (string | ContractTerms)[] = [];
  for (let at = 0; at < tokens.length;) {
    const contract = contractAt(tokens, at);
    found.push(contract?.value ?? tokens[at] ?? '');
    at = contract?.end ?? at + 1;
  }
  return found;
}

interface At<T> {
  value: T;
  end: number;
}

type Terms = Pick<ContractTerms, 'strike' | 'side'>;

function contractAt(tokens: readonly string[], at: number): At<ContractTerms> | undefined {
  const word = tokens[at] ?? '';
  if (IS_OCC.test(word)) {
    const { underlying, side, strike, expiration, symbol } = parseOptionSymbol(word);
    return { value: { underlying, side, strike, expiration, symbol }, end: at + 1 };
  }
  if (canonicalTicker(word.replace(/^\$/, '')) === undefined) return undefined;
  const found = strikeFirst(tokens, at + 1) ?? expirationFirst(tokens, at + 1) ?? aroundExpiration(tokens, at + 1);
  if (found !== undefined) return { value: { underlying: parseTickerSymbol(word), ...found.value }, end: found.end };
  const strike = strikeAt(tokens, at + 1);
  if (strike === undefined) return undefined;
  throw new UsageError(`contract "${tokens.slice(at, strike.end).join(' ')}": no expiration`, {
    hint: `add one, like ${tokens.slice(at, strike.end).join(' ')} dec 18`,
  });
}

type FoundTerms = At<Omit<ContractTerms, 'underlying'>> | undefined;

/** `450c dec 18`, `450 call friday`. */
function strikeFirst(tokens: readonly string[], at: number): FoundTerms {
  const strike = strikeAt(tokens, at);
  const expiration = strike && expirationsAt(tokens, strike.end)[0];
  return strike && expiration && { value: { ...strike.value, expiration: expiration.value }, end: expiration.end };
}

/** `dec 18 450c`, `2026-12-18 450 call`. */
function expirationFirst(tokens: readonly string[], at: number): FoundTerms {
  for (const [index, expiration] of expirationsAt(tokens, at).entries()) {
    const strike = strikeAt(tokens, expiration.end);
    if (strike === undefined) continue;
    // `dec 18 call`: where the number may be a day it is one, and the strike is missing.
    if (index > 0 && strike.end > expiration.end + 1) {
      const number = tokens[expiration.end] ?? '';
      throw new UsageError(`contract "${tokens.slice(at - 1, strike.end).join(' ')}": no strike`, {
        hint: `${number} is read as the day; write ${number}${strike.value.side === 'call' ? 'c' : 'p'} for the strike`,
      });
    }
    return { value: { ...strike.value, expiration: expiration.value }, end: strike.end };
  }
  return undefined;
}

/** `450 dec 18 call`. */
function aroundExpiration(tokens: readonly string[], at: number): FoundTerms {
  const strike = NUMBER.exec(tokens[at] ?? '')?.[1];
  if (strike === undefined) return undefined;
  const expiration = expirationsAt(tokens, at + 1).find(({ end }) => SIDE.test(tokens[end] ?? ''));
  if (expiration === undefined) return undefined;
  const side = sideOf(tokens[expiration.end] ?? '');
  return { value: { strike: Number(strike), side, expiration: expiration.value }, end: expiration.end + 1 };
}

function strikeAt(tokens: readonly string[], at: number): At<Terms> | undefined {
  const [first = '', second = ''] = [tokens[at], tokens[at + 1]];
  const compact = COMPACT.exec(first);
  const found =
    compact === null
      ? (spelled(NUMBER.exec(first)?.[1], second) ?? spelled(NUMBER.exec(second)?.[1], first))
      : spelled(compact[1], compact[2] ?? '');
  return found && { value: found, end: at + (compact === null ? 2 : 1) };
}

function spelled(strike: string | undefined, side: string): Terms | undefined {
  return strike === undefined || Number(strike) === 0 || !SIDE.test(side)
    ? undefined
    : { strike: Number(strike), side: sideOf(side) };
}

function sideOf(word: string): Side {
  return /^c/i.test(word) ? 'call' : 'put';
}

/** The phrases for an expiration that begin here, the longest first. */
function expirationsAt(tokens: readonly string[], at: number): At<string>[] {
  return Array.from({ length: LONGEST_EXPIRATION }, (_, index) => at + LONGEST_EXPIRATION - index)
    .filter((end) => end <= tokens.length)
    .map((end) => ({ value: tokens.slice(at, end).join(' '), end }))
    .filter(({ value }) => parseExpirationPhrase(value) !== undefined && !isExpirationSpan(value));
}

/** `NVDA 450 call dec 18`, for messages. */
export function describeContract({ underlying, strike, side, expiration, symbol }: ContractTerms): string {
  return symbol ?? `${underlying} ${strike} ${side} ${expiration}`;
}
