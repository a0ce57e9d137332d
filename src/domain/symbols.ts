// Hides how people and providers spell tickers and option symbols: everything becomes one canonical form,
// `BRK.B`, `SPX`, `KIMpL`, `BAC.WS.A`, `GEVw`, `AAPL251219C00200000`. What cannot be one is a usage error before any request is sent.
import { UsageError, hasCode, type FinError } from './errors.ts';
import { isValidDate } from './exchange-time.ts';
import type { IsoDate, OptionContract, OptionSymbol, Side, TickerSymbol } from './types.ts';

// Six characters cover every US listing and index (`VIX9D`); classes and units end in one to three letters.
const TICKER = /^[A-Z][A-Z0-9]{0,5}(?:\.[A-Z]{1,3})?$/;
/**
 * What the consolidated tape (CQS) and Polygon write behind a root: a preferred's small `p` with its series (`KIMpL`),
 * rights `r`, what is traded when issued `w`, classes and warrants behind dots (`BRK.B`, `BAC.WS.A`).
 */
const SPECIAL = /^([A-Z]{1,5})(?:p([A-Z]?)|(r)|)((?:\.[A-Z]{1,3}){0,2})(w?)$/;
// Behind a root and a mark, as vendors write it: `PR.L`, `PRL`, `PL`; `WS.A`, `WSA`, `WTA`; `WI`; `UN`, `UT`; `RT`, `RI`.
const SUFFIXED = /^([A-Z]{1,5})([./_-])([A-Z]{1,3}(?:[./_-][A-Z])?)$/;
const PREFERRED_SUFFIX = /^P(?:R?[./_-]?)([A-Z]?)$/;
const WARRANT_SUFFIX = /^W[ST]?[./_-]?([A-Z]?)$/;
const SUFFIXES: ReadonlyMap<string, string> = new Map([
  ['WI', 'w'],
  ['WD', '.WD'],
  ['RT', 'r'],
  ['RI', 'r'],
  ['UN', '.U'],
  ['UT', '.U'],
]);
/** Behind a mark they make a pair (`BTC-USD`), which is no share. */
const CURRENCY = /^(?:USD|EUR|GBP|JPY|CHF|CAD|AUD)$/;
const INDEX_PREFIX = /^(?:\^|i:|\.)/i;
/** Other names of an index, behind a prefix that marks one. */
const INDEX_NAMES: Readonly<Record<string, TickerSymbol>> = { GSPC: 'SPX', INX: 'SPX', INDU: 'DJI' };
// A ticker that is both (COMP, MID, SKEW) is left out: it counts as the share that one can trade.
const KNOWN_INDEX =
  /^(?:SPX|XSP|OEX|XEO|NDX|XND|IXIC|RUT|MRUT|RUI|DJI|DJX|NYA|SOX|VIX(?:1D|9D|3M|6M)?|VVIX|VXN|RVX|GVZ|OVX|TNX|TYX|FVX|IRX)$/;
const OPTION = /^(?:O:)?([A-Z]{1,5}\d?|[A-Z]{6}) {0,5}(\d\d)(\d\d)(\d\d)([CP])(\d{8})$/;
/** Date, side and strike of an OCC symbol. */
export const TERMS_LENGTH = 15;
const TICKER_HINT = 'write tickers like AAPL, BRK.B or SPX';

/** Whether a canonical symbol is an index: no shares, no volume, and a prefix at some providers. */
export function isIndexSymbol(symbol: TickerSymbol): boolean {
  return KNOWN_INDEX.test(symbol);
}

/** What a canonical ticker is made of: `BACpL`, `BAC.WS.A`, `GEVw`. `rest` are the parts behind dots. */
export interface SymbolParts {
  root: string;
  /** Series of a preferred, empty where it has none. */
  preferred?: string | undefined;
  right: boolean;
  rest: string[];
  whenIssued: boolean;
}

export function partsOfSymbol(symbol: TickerSymbol): SymbolParts {
  const match = SPECIAL.exec(symbol);
  if (match === null) {
    const [root = symbol, ...rest] = symbol.split('.');
    return { root, right: false, rest, whenIssued: false };
  }
  const [, root = '', series, right, dotted = '', whenIssued] = match;
  return {
    root,
    preferred: series,
    right: right !== undefined,
    rest: dotted.split('.').filter((part) => part !== ''),
    whenIssued: whenIssued === 'w',
  };
}

/** Whether a canonical symbol is an index of volatility, whose options expire on days of their own. */
export function isVolatilityIndex(symbol: TickerSymbol): boolean {
  return /^(?:VIX|VVIX|VXN|RVX|GVZ|OVX)$/.test(symbol);
}

/**
 * The canonical ticker for what a person typed: any case, a leading `$`, `BRK/B` and `BRK-B` for `BRK.B`, `BAC-PL`,
 * `BAC/PL` and `BAC.PR.L` for `BACpL`, `GEV.WI` for `GEVw`, `BAC-WTA` for `BAC.WS.A`, `^SPX`, `I:SPX` and `^GSPC` for
 * `SPX`. Small letters that mean something are kept where they stand behind capitals (`KIMpL`).
 * Throws UsageError for what is malformed, for an option symbol, and for an index prefix on a ticker that is not a known index.
 */
export function parseTickerSymbol(text: string): TickerSymbol {
  const spelled = text.trim().replace(/^\$/, '');
  const isMarkedIndex = INDEX_PREFIX.test(spelled) || /^\$[A-Z]+\.X$/i.test(text.trim());
  const bare = isMarkedIndex ? spelled.replace(INDEX_PREFIX, '').replace(/\.X$/i, '') : spelled;
  const symbol = canonicalTicker(bare);
  if (symbol === undefined) {
    if (OPTION.test(spelled.toUpperCase())) throw contractForTicker(text, parseOptionSymbol(spelled));
    throw new UsageError(`symbol ${quoteInput(text)}: not a ticker`, { hint: TICKER_HINT });
  }
  if (!isMarkedIndex) return symbol === 'GSPC' ? 'SPX' : symbol;
  const index = INDEX_NAMES[symbol] ?? symbol;
  if (!isIndexSymbol(index)) {
    throw new UsageError(`symbol ${quoteInput(text)}: not an index that fin knows`, {
      hint: `omit the prefix if you mean the stock ${symbol}; known indices are SPX, NDX, RUT, DJI, VIX and related ones`,
    });
  }
  return index;
}

/** The canonical form of a share's ticker in any vendor's spelling; undefined for what is none. */
export function canonicalTicker(spelling: string): TickerSymbol | undefined {
  if (isSpecial(spelling)) return spelling;
  const upper = spelling.toUpperCase();
  const [, root, mark = '', suffix = ''] = SUFFIXED.exec(upper) ?? [];
  if (root === undefined) return TICKER.test(upper) ? upper : undefined;
  const canonical = canonicalSuffix(suffix, mark);
  return canonical === undefined ? undefined : root + canonical;
}

function canonicalSuffix(suffix: string, mark: string): string | undefined {
  // One letter is a class, whatever it is.
  if (suffix.length === 1) return `.${suffix}`;
  const known = SUFFIXES.get(suffix);
  if (known !== undefined) return known;
  // `PSA-PR` and Tradier's `PSA/PR` are the series R, a bare `.PR` has none.
  const series = suffix === 'PR' && mark !== '.' ? 'R' : PREFERRED_SUFFIX.exec(suffix)?.[1];
  if (series !== undefined) return `p${series}`;
  const warrant = WARRANT_SUFFIX.exec(suffix)?.[1];
  if (warrant !== undefined) return warrant === '' ? '.WS' : `.WS.${warrant}`;
  return /^[A-Z]+$/.test(suffix) && !CURRENCY.test(suffix) ? `.${suffix}` : undefined;
}

/** Already canonical, and not in capitals alone: its small letters and dots are to be kept. */
function isSpecial(spelling: string): boolean {
  const match = SPECIAL.exec(spelling);
  if (match === null || spelling === spelling.toUpperCase()) return false;
  const [, root = '', series, right] = match;
  // A single capital with a small letter is a word that begins a sentence.
  return series !== undefined || root.length > 1 || (right === undefined && spelling.includes('.'));
}

/**
 * Tickers from words that may hold several, apart by commas or spaces: in the order given, each once.
 * Throws one UsageError that names every malformed one, or that there is none at all.
 */
export function parseSymbolList(words: readonly string[]): TickerSymbol[] {
  refuseEmptyWord(words);
  const symbols = new Set<TickerSymbol>();
  const malformed: FinError[] = [];
  const spellings = words.flatMap((word) => word.split(/[\s,]+/)).filter((part) => part !== '');
  for (const spelling of spellings) {
    try {
      symbols.add(parseTickerSymbol(spelling));
    } catch (error) {
      if (!hasCode(error, 'usage')) throw error;
      malformed.push(error);
    }
  }
  const [first] = malformed;
  if (first !== undefined) throw malformed.length === 1 ? first : malformedSymbols(malformed);
  if (symbols.size === 0) throw new UsageError('symbols: none given', { hint: TICKER_HINT });
  return [...symbols];
}

/** A shell variable that is not set makes an empty word, which must not pass for nothing. */
export function refuseEmptyWord(words: readonly string[]): void {
  if (words.length > 1 && words.some((word) => word.trim() === ''))
    throw new UsageError('symbol "": not a ticker', { hint: TICKER_HINT });
}

function malformedSymbols(errors: readonly FinError[]): UsageError {
  const named = errors.map((error) => error.message.replace(/^symbol /, ''));
  return new UsageError(`${errors.length} malformed symbols: ${named.join('; ')}`, { hint: TICKER_HINT });
}

/** The root under which the OCC lists a ticker's standard options: no dot (`BRK.B` is `BRKB`). */
export function optionRootOf(symbol: TickerSymbol): string {
  return symbol.replaceAll('.', '');
}

/**
 * The terms in an OCC symbol: root of up to six characters, YYMMDD, C or P, strike in thousandths with eight digits;
 * with or without Polygon's `O:` and the OCC's padding. The multiplier is the standard 100, and the underlying is read
 * off the root: who knows better, as a provider does for adjusted roots, says so. Undefined for what is none.
 */
export function readOptionSymbol(text: string): OptionContract | undefined {
  const match = OPTION.exec(text.trim().toUpperCase());
  if (match === null) return undefined;
  const [, root = '', year = '', month = '', day = '', letter = '', thousandths = ''] = match;
  const expiration = `20${year}-${month}-${day}`;
  if (!isValidDate(expiration) || Number(thousandths) === 0) return undefined;
  return {
    symbol: `${root}${year}${month}${day}${letter}${thousandths}`,
    underlying: underlyingOfRoot(root),
    root,
    side: letter === 'C' ? 'call' : 'put',
    strike: Number(thousandths) / 1000,
    expiration,
    multiplier: 100,
  };
}

/** The same. @throws UsageError for what is none */
export function parseOptionSymbol(text: string): OptionContract {
  const contract = readOptionSymbol(text);
  if (contract === undefined) throw malformedOption(text);
  return contract;
}

function contractForTicker(text: string, { underlying, expiration, side }: OptionContract): UsageError {
  return new UsageError(`symbol ${quoteInput(text)}: an option contract, not a ticker`, {
    hint: `fin chain ${underlying} --expiration ${expiration} --side ${side} shows it`,
  });
}

/** The root inside an OCC symbol without padding; undefined where it is none. */
export function rootInOptionSymbol(symbol: OptionSymbol): string | undefined {
  if (symbol.length <= TERMS_LENGTH) return undefined;
  return /^([A-Z]{1,6}\d?)\d{6}[CP]\d{8}$/.exec(symbol)?.[1];
}

/** Whether a symbol is a contract's, in its canonical form. */
export function isOptionSymbol(symbol: string): boolean {
  return rootInOptionSymbol(symbol) !== undefined;
}

/** Of what is held: a share's is itself. */
export function underlyingOf({ symbol }: { symbol: TickerSymbol }): TickerSymbol {
  return readOptionSymbol(symbol)?.underlying ?? symbol;
}

/**
 * Names contracts of one expiration by their root where a strike alone does not: SPX and SPXW share their third Fridays.
 * Gives undefined where all have one root.
 */
export function rootNamerOf(symbols: readonly OptionSymbol[]): ((symbol: OptionSymbol) => string) | undefined {
  const nameOf = (symbol: OptionSymbol): string => rootInOptionSymbol(symbol) ?? '';
  return new Set(symbols.map(nameOf)).size > 1 ? nameOf : undefined;
}

/** What an OCC symbol is made of. Strike in dollars, at most three decimals, below 100,000. */
export interface OptionTerms {
  root: string;
  expiration: IsoDate;
  side: Side;
  strike: number;
}

/** The OCC symbol without padding; undefined for terms that no symbol can have, a strike of 101.3333. */
export function optionSymbolOf(terms: OptionTerms): OptionSymbol | undefined {
  const thousandths = Math.round(terms.strike * 1000);
  const symbol = spellOption(terms);
  const isExact = Math.abs(terms.strike * 1000 - thousandths) < 1e-6;
  return isExact && thousandths > 0 && isValidDate(terms.expiration) && OPTION.test(symbol) ? symbol : undefined;
}

/** The same. @throws UsageError for such terms */
export function formatOptionSymbol(terms: OptionTerms): OptionSymbol {
  const symbol = optionSymbolOf(terms);
  if (symbol === undefined) throw malformedOption(spellOption(terms));
  return symbol;
}

function spellOption({ root, expiration, side, strike }: OptionTerms): string {
  const date = expiration.slice(2).replaceAll('-', '');
  return `${root}${date}${side === 'call' ? 'C' : 'P'}${String(Math.round(strike * 1000)).padStart(8, '0')}`;
}

function malformedOption(text: string): UsageError {
  return new UsageError(`option symbol ${quoteInput(text)}: not an OCC symbol`, {
    hint: 'write root, YYMMDD, C or P and the strike in thousandths, like AAPL251219C00200000',
  });
}

export function underlyingOfRoot(root: string): TickerSymbol {
  switch (root) {
    case 'SPXW':
      return 'SPX';
    case 'NDXP':
      return 'NDX';
    case 'RUTW':
      return 'RUT';
    case 'VIXW':
      return 'VIX';
    case 'BRKA':
      return 'BRK.A';
    case 'BRKB':
      return 'BRK.B';
    case 'BFB':
      return 'BF.B';
    // The OCC appends a digit to the root of contracts adjusted by a split, merger or special dividend.
    default:
      return root.replace(/\d$/, '');
  }
}

/** Whether contracts of a root, as OCC or a provider writes it, are those of an underlying: `SPXW`, `AAPL1`, `BRK/B`. */
export function isRootOf(root: string, underlying: TickerSymbol): boolean {
  if (root === underlying) return true;
  const bare = (name: string): string =>
    name
      .replace(/^[A-Z]:/, '')
      .replace(/[^A-Za-z0-9]/g, '')
      .toUpperCase();
  // FLEX contracts have a digit in front, adjusted ones behind.
  const [name, own] = [bare(root).replace(/^\d/, ''), bare(underlying)];
  if (name === own || optionRootOf(underlyingOfRoot(name)) === own) return true;
  return isIndexSymbol(underlying) && (name.startsWith(own) || SHARED_ROOTS[own] === name);
}

/** Contracts over an index that have the name of another. */
const SHARED_ROOTS: Readonly<Record<TickerSymbol, string>> = { DJI: 'DJX', OEX: 'XEO' };

/** Foreign text for a message: quoted, control characters escaped, cut at 40 characters. */
export function quoteInput(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
