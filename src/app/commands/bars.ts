// fin history, ta and levels: what is read off the bars of one or more symbols, and the options that choose bars.
// A mistake in the words costs no request.
import { UsageError } from '../../domain/errors.ts';
import { isIntraday } from '../../domain/intraday-bars.ts';
import { parseSymbolList } from '../../domain/symbols.ts';
import type { BarHours, BarInterval, IntradayInterval } from '../../domain/types.ts';
import { type RangeRequest, answerHistory, resolveRequestedRange } from '../../tools/history.ts';
import type { Invocation } from '../command.ts';
import { type Prepare, answerEach } from './prepare.ts';

export const prepareHistory: Prepare = ({ words, options }, { clock }) => {
  const symbols = parseSymbolList(words);
  const range = parseRange(options) ?? { phrase: 'past month' };
  resolveRequestedRange(range, clock);
  const bars = parseBars(options);
  const [only] = symbols;
  if (only !== undefined && symbols.length === 1)
    return (context) => answerHistory({ symbol: only, range, ...bars }, context);
  return (context) => answerEach(symbols, (symbol) => answerHistory({ symbol, range, ...bars }, context));
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
    throw new UsageError(`--session with bars of a ${size}: only intraday bars have hours`, {
      hint: 'add --interval 5min, or omit --session',
    });
  return { interval: size, hours: session as BarHours };
}

/** `--range` or `--from` and `--to`; undefined where none is given. */
export function parseRange(options: Invocation['options']): RangeRequest | undefined {
  const { range, from, to } = options;
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
