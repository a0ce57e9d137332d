// fin chart: the price chart of one symbol, or several symbols in percent, on screen, as JSON and as an SVG file.
// Everything typed is checked before anything is fetched.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { prepareChart } from '../app/commands/chart.ts';
import type { Answer } from '../domain/answers.ts';
import { ConfigError } from '../domain/errors.ts';
import { frame } from '../render/frame.ts';
import { viewChartAnswers } from '../render/price-chart.ts';
import type { CommandContext } from './command-context.ts';
import type { CommandRunner } from './command.ts';
import { runner } from './data-commands.ts';
import { WRITABLE, describeFailure } from './log.ts';

async function writeSvg(answers: readonly Answer[], file: string, session: CommandContext): Promise<void> {
  const { renderChartSvg } = await import('../render/chart-svg.ts');
  const text = renderChartSvg(answers);
  if (text === undefined) return;
  try {
    writeFileSync(resolve(session.workingDirectory, file), text);
  } catch (cause) {
    throw new ConfigError(`--svg ${file}: ${describeFailure(cause)}`, {
      hint: WRITABLE,
      cause,
    });
  }
  session.output.note(`wrote ${file}`);
}

export const runChart: CommandRunner = runner(
  async (invocation, session) => {
    const fetchAnswer = await prepareChart(invocation, session);
    const { svg } = invocation.options;
    return async (context) => {
      const found = await fetchAnswer(context);
      if (typeof svg === 'string') await writeSvg([found].flat(), svg, session);
      return found;
    };
  },
  (answers, options) => {
    const view = viewChartAnswers(answers, options);
    return view === undefined ? [] : frame(view, answers, options);
  },
);
