// fin chart: the price chart of one symbol, or several symbols in percent, on screen, as JSON and as an SVG file.
// Everything typed is checked before anything is fetched.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Answer, ChartStyle, HistoryData } from '../domain/answers.ts';
import { isIntraday } from '../domain/intraday-bars.ts';
import { ConfigError, UsageError } from '../domain/errors.ts';
import { checkExpirationPhrase } from '../domain/expirations.ts';
import { parseSymbolList } from '../domain/symbols.ts';
import { viewChartAnswers } from '../render/price-chart.ts';
import { answerChart, parseOverlays } from '../tools/chart.ts';
import { resolveRequestedRange } from '../tools/history.ts';
import type { CommandContext } from './command-context.ts';
import type { CommandRunner, Invocation } from './command.ts';
import { type Prepare, answerEach, parseBars, parseRange, runner } from './data-commands.ts';

const HEIGHTS = { least: 6, most: 200 };

const prepareChart: Prepare = ({ words, options }, session) => {
  const symbols = parseSymbolList(words);
  const bars = parseBars(options);
  const range = parseRange(options) ?? { phrase: usualRange(bars.interval) };
  resolveRequestedRange(range, session.clock);
  const { expiration, svg } = options;
  if (typeof expiration === 'string') checkExpirationPhrase(expiration);
  const height = parseHeight(options);
  const asked = {
    range,
    ...bars,
    overlays: parseOverlays(typeof options['with'] === 'string' ? options['with'] : ''),
    style: (options['style'] ?? 'candles') as ChartStyle,
    ...(height === undefined ? {} : { height }),
    ...(typeof expiration === 'string' ? { expiration } : {}),
  };
  return async (context) => {
    const [only] = symbols;
    const found =
      symbols.length === 1 && only !== undefined
        ? await answerChart({ ...asked, symbol: only }, context)
        : await answerEach(symbols, (symbol) => answerChart({ ...asked, symbol }, context));
    if (typeof svg === 'string') await writeSvg([found].flat(), svg, session);
    return found;
  };
};

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

async function writeSvg(answers: readonly Answer[], file: string, session: CommandContext): Promise<void> {
  const { renderChartSvg } = await import('../render/chart-svg.ts');
  const text = renderChartSvg(answers);
  if (text === undefined) return;
  try {
    writeFileSync(resolve(session.workingDirectory, file), text);
  } catch (cause) {
    throw new ConfigError(`--svg ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      hint: 'name a file in a folder that can be written to',
      cause,
    });
  }
  session.output.note(`wrote ${file}`);
}

export const runChart: CommandRunner = runner(prepareChart, viewChartAnswers);
