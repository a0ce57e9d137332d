// fin chart without its screen: the bars of one symbol, or of several to compare, with what is drawn over them.
// Everything typed is checked before anything is fetched.
import type { ChartStyle, HistoryData } from '../../domain/answers.ts';
import { type ContractTerms, isContract, parseInstruments } from '../../domain/contracts.ts';
import { UsageError } from '../../domain/errors.ts';
import { checkExpirationPhrase } from '../../domain/expirations.ts';
import { isIntraday } from '../../domain/intraday-bars.ts';
import type { OptionSymbol } from '../../domain/types.ts';
import type { ToolContext } from '../../tools/answer.ts';
import { answerChart, checkContractOverlays, parseOverlays } from '../../tools/chart.ts';
import { resolveRequestedRange } from '../../tools/history.ts';
import type { Invocation } from '../command.ts';
import { parseBars, parseRange } from './bars.ts';
import { type Prepare, answerOneOrEach } from './prepare.ts';

const HEIGHTS = { least: 6, most: 200 };

export const prepareChart: Prepare = (invocation, { clock }) => {
  const { words, options } = invocation;
  const instruments = parseInstruments(words);
  const bars = parseBars(options);
  const range = parseRange(invocation) ?? { phrase: usualRange(bars.interval) };
  resolveRequestedRange(range, clock);
  const { expiration } = options;
  if (typeof expiration === 'string') checkExpirationPhrase(expiration);
  const height = parseHeight(options);
  const overlays = parseOverlays(typeof options['with'] === 'string' ? options['with'] : '');
  if (instruments.some(isContract)) checkContractOverlays(overlays);
  const asked = {
    range,
    ...bars,
    overlays,
    style: (options['style'] ?? 'candles') as ChartStyle,
    ...(height === undefined ? {} : { height }),
    ...(typeof expiration === 'string' ? { expiration } : {}),
  };
  return async (context) => {
    const symbols = await Promise.all(
      instruments.map(async (each) => (isContract(each) ? symbolOf(each, context) : each)),
    );
    return answerOneOrEach(symbols, (symbol) => answerChart({ ...asked, symbol }, context));
  };
};

async function symbolOf(terms: ContractTerms, context: ToolContext): Promise<OptionSymbol> {
  const { findContractSymbol } = await import('../../tools/contracts.ts');
  return findContractSymbol(terms, context.clock, () => Promise.resolve(context));
}

/** What 80 columns hold bar by bar. */
function usualRange(interval: HistoryData['interval']): string {
  if (interval === 'week') return 'past year';
  if (interval === 'month') return 'past 5 years';
  return isIntraday(interval) ? 'last 5 trading days' : 'last 60 trading days';
}

function parseHeight({ height }: Invocation['options']): number | undefined {
  if (height === undefined) return undefined;
  const rows = Number(height);
  if (Number.isInteger(rows) && rows >= HEIGHTS.least && rows <= HEIGHTS.most) return rows;
  throw new UsageError(`--height "${String(height).slice(0, 20)}": not a number of lines`, {
    hint: `use ${HEIGHTS.least} to ${HEIGHTS.most}`,
  });
}
