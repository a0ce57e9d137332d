// fin history, ta and levels: what is read off the bars of one or more symbols, and the options that choose bars.
// A mistake in the words costs no request.
import { parseRangePhrase } from '../../domain/date-grammar.ts';
import { UsageError } from '../../domain/errors.ts';
import { isIntraday } from '../../domain/intraday-bars.ts';
import { parseSymbolList } from '../../domain/symbols.ts';
import type { BarHours, BarInterval, IntradayInterval } from '../../domain/types.ts';
import { type RangeRequest, answerHistory, resolveRequestedRange } from '../../tools/history.ts';
import type { Invocation } from '../command.ts';
import { type Prepare, answerEach, answerOneOrEach } from './prepare.ts';

const MOST_WORDS_OF_A_PERIOD = 6;

export const prepareHistory: Prepare = (invocation, { clock }) => {
  const { words, options } = invocation;
  const symbols = parseSymbolList(words);
  const range = parseRange(invocation) ?? { phrase: 'past month' };
  resolveRequestedRange(range, clock);
  const bars = parseBars(options);
  return (context) => answerOneOrEach(symbols, (symbol) => answerHistory({ symbol, range, ...bars }, context));
};

export const prepareIndicators: Prepare = ({ words }) => {
  const symbols = parseSymbolList(words);
  return async (context) => (await import('../../tools/indicators.ts')).answerIndicators(symbols, context);
};

export const prepareLevels: Prepare = ({ words }) => {
  const symbols = parseSymbolList(words);
  return async (context) => {
    const { answerLevels } = await import('../../tools/levels.ts');
    return answerEach(symbols, (symbol) => answerLevels(symbol, context));
  };
};

/** Size of the bars, and of which hours those below a day are. */
export function parseBars({ interval = 'day', session }: Invocation['options']): {
  interval: BarInterval | IntradayInterval;
  hours?: BarHours;
} {
  const size = interval as BarInterval | IntradayInterval;
  if (session === undefined) return { interval: size };
  if (!isIntraday(size))
    throw new UsageError(`--session with ${size} bars: it applies only to intraday bars`, {
      hint: 'add --interval 5min, or omit --session',
    });
  return { interval: size, hours: session as BarHours };
}

/**
 * `--range` or `--from` and `--to`; undefined where none is given.
 * @throws UsageError also for words of a second period, which would be symbols: LAST, WEEK
 */
export function parseRange({ words, options }: Invocation): RangeRequest | undefined {
  const { range, from, to } = options;
  const period = range === undefined && from === undefined ? undefined : findPeriod(words);
  if (period !== undefined)
    throw new UsageError(`"${period}": a second period, besides ${range === undefined ? '--from' : '--range'}`, {
      hint: 'give only one; put a period of several words in quotes, like --range "last week"; write symbols in capitals',
    });
  if (typeof range === 'string') {
    if (from !== undefined || to !== undefined)
      throw new UsageError('--range with --from or --to: use one or the other', {
        hint: 'omit one of them',
      });
    return { phrase: range };
  }
  if (typeof from === 'string') return { from, ...(typeof to === 'string' ? { to } : {}) };
  if (to !== undefined)
    throw new UsageError('--to without --from: the range has no start', {
      hint: 'add --from, like --from 2025-10-01',
    });
  return undefined;
}

/** Longest first; a single word in capitals is a symbol (MAR). */
function findPeriod(words: readonly string[]): string | undefined {
  for (let start = 0; start < words.length; start += 1)
    for (let end = Math.min(words.length, start + MOST_WORDS_OF_A_PERIOD); end > start; end -= 1) {
      const phrase = words.slice(start, end).join(' ');
      if (!/^[A-Z]+$/.test(phrase) && parseRangePhrase(phrase) !== undefined) return phrase;
    }
  return undefined;
}
