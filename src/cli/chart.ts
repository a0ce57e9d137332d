// fin chart: the price chart of one symbol, or several symbols in percent, on screen, as JSON and as an SVG file.
// Everything typed is checked before anything is fetched.
import * as fs from 'node:fs';
import { resolve } from 'node:path';
import { prepareChart } from '../app/commands/chart.ts';
import type { Answer } from '../domain/answers.ts';
import { ConfigError, UsageError } from '../domain/errors.ts';
import { delay } from '../http/delay.ts';
import { frame } from '../render/frame.ts';
import { viewChartAnswers } from '../render/price-chart.ts';
import type { CommandContext } from './command-context.ts';
import type { CommandRunner } from './command.ts';
import { runner } from './data-commands.ts';
import { WRITABLE, describeFailure } from './log.ts';

const READER_MS = 20;

async function writeSvg(answers: readonly Answer[], file: string, session: CommandContext): Promise<void> {
  const { renderChartSvg } = await import('../render/chart-svg.ts');
  const text = renderChartSvg(answers);
  if (text === undefined) return;
  try {
    await writeText(resolve(session.workingDirectory, file), text, session.signal);
  } catch (cause) {
    session.signal.throwIfAborted();
    throw new ConfigError(`--svg ${file}: ${describeFailure(cause)}`, {
      hint: WRITABLE,
      cause,
    });
  }
  session.output.note(`wrote ${file}`);
}

/** A pipe is not waited for beyond the deadline: one without a reader is an error, a slow reader gets its time. */
async function writeText(path: string, text: string, signal: AbortSignal): Promise<void> {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NONBLOCK } = fs.constants;
  const handle = fs.openSync(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK, 0o666);
  try {
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length;) {
      const written = tryWrite(handle, bytes, done);
      done += written;
      if (written === 0) await delay(READER_MS, signal);
      signal.throwIfAborted();
    }
  } finally {
    fs.closeSync(handle);
  }
}

/** How many bytes there was room for. */
function tryWrite(handle: number, bytes: Buffer, done: number): number {
  try {
    return fs.writeSync(handle, bytes, done);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    throw error;
  }
}

export const runChart: CommandRunner = runner(
  async (invocation, session) => {
    const fetchAnswer = await prepareChart(invocation, session);
    const { svg } = invocation.options;
    if (svg === '' || svg === '-')
      throw new UsageError(`--svg "${svg}": not a file`, { hint: 'for example --svg nvda.svg, or --svg /dev/stdout' });
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
