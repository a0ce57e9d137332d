// fin exchange: the sample market, or a replay of real bars, over HTTP until it is stopped.
import { parseWhole } from '../app/common-options.ts';
import { ConfigError } from '../domain/errors.ts';
import { createPause } from '../http/pause.ts';
import { plural } from '../render/format.ts';
import { type Exchange, createExchange } from '../sample/exchange.ts';
import { type ReplayBars, loadReplayBars } from '../sample/replay-bars.ts';
import { type ExchangeServer, startExchangeServer } from '../sample/server.ts';
import { createReplayMarket, createSyntheticMarket } from '../sample/source.ts';
import type { CommandRunner } from './command.ts';
import { EXIT } from '../app/exit-code.ts';

export const runExchange: CommandRunner = async ({ options }, session) => {
  const { clock, output } = session;
  const port = parsePort(options['port']);
  const file = options['bars'];
  const pause = createPause(() => session.interrupted.throwIfAborted());
  const bars = typeof file === 'string' ? await loadReplayBars(file, pause) : undefined;
  const market = bars === undefined ? createSyntheticMarket(clock) : createReplayMarket({ bars, clock });
  const server = await listen(createExchange({ market, clock }), port);
  output.write(`listening on ${server.url}\n`);
  output.note('SAMPLE market in both wire formats: point TRADIER_BASE_URL and MASSIVE_BASE_URL here; Ctrl-C stops it');
  if (bars !== undefined) output.note(describeBars(bars));
  await untilAborted(session.interrupted);
  await server.close();
  return EXIT.interrupted;
};

/** What became of the rows of a file. */
function describeBars({ bySymbol, first, last, rows, withoutTrade, corrections }: ReplayBars): string {
  return [
    `${plural(rows, 'row')} of ${plural(bySymbol.size, 'symbol')}, ${first} to ${last}`,
    ...(withoutTrade === 0 ? [] : [`${plural(withoutTrade, 'row')} of zeros left out`]),
    ...(corrections === 0 ? [] : [`${plural(corrections, 'row')} replaced by a later row for the same symbol and day`]),
  ].join('; ');
}

async function listen(exchange: Exchange, port: number): Promise<ExchangeServer> {
  try {
    return await startExchangeServer({ exchange, port, host: '127.0.0.1' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'EADDRINUSE'
        ? 'the port is in use'
        : code === 'EACCES'
          ? 'no permission to use this port'
          : (code ?? 'the system refused');
    throw new ConfigError(`exchange on port ${port}: ${why}`, {
      hint: 'choose another with --port; 0 picks a free one',
      cause: error,
    });
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

const parsePort = (text: string | boolean | undefined): number =>
  parseWhole('--port', text, {
    usual: 0,
    least: 0,
    most: 65_535,
    what: 'a port',
    hint: 'use 0 to 65535; 0 picks a free one',
  });
