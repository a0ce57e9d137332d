// fin expirations and chain: the options that choose contracts, that is, strikes and the filters that contracts must pass.
// A mistake in the words costs no request.
import type { ChainSelection, ContractFilters, StrikeRange } from '../../domain/chain-analytics.ts';
import { UsageError } from '../../domain/errors.ts';
import { checkExpirationPhrase, isExpirationSpan } from '../../domain/expirations.ts';
import { present } from '../../domain/present.ts';
import { parseSymbolList } from '../../domain/symbols.ts';
import type { Side } from '../../domain/types.ts';
import { DEFAULT_STRIKES } from '../../tools/bundle.ts';
import { type ChainRequest, answerChain, answerChains, answerExpirations } from '../../tools/options.ts';
import type { Invocation } from '../command.ts';
import { type Prepare, parseOneSymbol } from './prepare.ts';

export const prepareExpirations: Prepare = ({ words, options }) => {
  const symbol = parseOneSymbol(words);
  return (context) => answerExpirations(symbol, context, { stats: options['stats'] === true });
};

export const prepareChain: Prepare = async ({ words, options }, { config }) => {
  const { expiration, columns } = options;
  const symbols = parseSymbolList(words);
  if (typeof expiration === 'string') checkExpirationPhrase(expiration);
  const request: Omit<ChainRequest, 'symbol'> = {
    side: (options['side'] ?? 'both') as Side | 'both',
    ...parseChainSelection(options),
    ...(typeof expiration === 'string' ? { expiration } : {}),
    ...(typeof columns === 'string'
      ? { columns: (await import('../../tools/contract-columns.ts')).parseContractColumns(columns) }
      : {}),
  };
  // Columns may ask for what is held.
  const book =
    request.columns === undefined ? {} : { book: (await import('../../book/data-folder.ts')).dataFolderOf(config) };
  const [symbol] = symbols;
  const isOne = symbol !== undefined && symbols.length === 1 && !isExpirationSpan(request.expiration);
  if (isOne) return (context) => answerChain({ ...request, symbol }, { ...context, ...book });
  const chosen = Object.keys(CHOICES).filter((name) => options[name] !== undefined && options[name] !== 'both');
  const isSummary = symbols.length > 1 && request.columns === undefined && chosen.length > 0;
  const note = `each row is a whole expiration and ignores ${chosen.map((name) => CHOICES[name]).join(', ')}; --columns or --json shows contracts`;
  return async (context) => {
    const answer = await answerChains({ ...request, symbols }, { ...context, ...book });
    return isSummary ? { ...answer, notes: [...answer.notes, note] } : answer;
  };
};

/** What chooses contracts of a chain. */
const CHOICES: Readonly<Record<string, string>> = {
  side: '--side',
  strikes: '--strikes',
  delta: '--delta',
  minOi: '--min-oi',
  minVolume: '--min-volume',
  maxSpread: '--max-spread',
  moneyness: '--moneyness',
};

type Options = Invocation['options'];

const MAX_STRIKES = 1000;
const NUMBER = '\\d+(?:\\.\\d+)?|\\.\\d+';

/** Filters look at all strikes unless the strikes are said. */
function parseChainSelection(options: Options): Pick<ChainSelection, 'strikes' | 'filters'> {
  const filters = parseFilters(options);
  const strikes = options['strikes'] === undefined && filters !== undefined ? 'all' : parseStrikes(options['strikes']);
  return { strikes, ...(filters === undefined ? {} : { filters }) };
}

function parseStrikes(text: string | boolean | undefined): ChainSelection['strikes'] {
  if (text === undefined) return DEFAULT_STRIKES;
  if (text === 'all') return 'all';
  const range = typeof text === 'string' ? parseSpan('--strikes', text) : undefined;
  if (range !== undefined) return range;
  const strikes = typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : NaN;
  if (strikes >= 1 && strikes <= MAX_STRIKES) return strikes;
  throw wrong('--strikes', text, 'not a number of strikes', `use 1 to ${MAX_STRIKES}, all, or a range like 600..640`);
}

function parseFilters(options: Options): ContractFilters | undefined {
  const minOpenInterest = parseFigure(options, 'min-oi', 'minOi');
  const minVolume = parseFigure(options, 'min-volume', 'minVolume');
  const maxSpreadPercent = parseFigure(options, 'max-spread', 'maxSpread');
  const delta = parseDelta(options['delta']);
  const moneyness = options['moneyness'] as ContractFilters['moneyness'];
  const filters: ContractFilters = present({ delta, minOpenInterest, minVolume, maxSpreadPercent, moneyness });
  return Object.keys(filters).length > 0 ? filters : undefined;
}

function parseDelta(text: string | boolean | undefined): ContractFilters['delta'] {
  if (typeof text !== 'string') return undefined;
  const range = parseSpan('--delta', text);
  const single = new RegExp(`^(?:${NUMBER})$`).test(text) ? Number(text) : NaN;
  const largest = range?.to ?? single;
  if (!(largest <= 1))
    throw wrong('--delta', text, 'not a delta from 0 to 1, without a sign', 'write .3 for the nearest, or 0.25..0.40');
  return range ?? { nearest: single };
}

function parseSpan(option: string, text: string): StrikeRange | undefined {
  const [, from, to] = new RegExp(`^(${NUMBER})\\.\\.(${NUMBER})$`).exec(text.trim()) ?? [];
  if (from === undefined || to === undefined) return undefined;
  if (Number(from) > Number(to)) throw wrong(option, text, 'ends before it starts', `write ${to}..${from}`);
  return { from: Number(from), to: Number(to) };
}

function parseFigure(options: Options, name: string, key: string): number | undefined {
  const text = options[key];
  if (text === undefined) return undefined;
  const isNumber = typeof text === 'string' && new RegExp(`^(?:${NUMBER})$`).test(text.replace(/%$/, ''));
  if (isNumber) return Number(text.replace(/%$/, ''));
  throw wrong(`--${name}`, text, 'not a number', `for example --${name} 100`);
}

function wrong(option: string, text: string | boolean | undefined, why: string, hint: string): UsageError {
  return new UsageError(`${option} "${String(text).slice(0, 20)}": ${why}`, { hint });
}
