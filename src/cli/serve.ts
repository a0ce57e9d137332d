// fin serve: HTTP API and web page until it is stopped; then what runs comes to its end.
import type { CommandForm } from '../app/command.ts';
import { parseWhole } from '../app/common-options.ts';
import { EXIT } from '../app/exit-code.ts';
import { UsageError } from '../domain/errors.ts';
import { startServer } from '../serve/server.ts';
import type { CommandContext } from './command-context.ts';
import type { CommandRunner, Invocation } from './command.ts';

const DEFAULTS = { port: 4173, host: '127.0.0.1', concurrency: 10, queue: 100 };

/** @param commands whose data can be asked for over HTTP */
export function createServeRunner(commands: readonly CommandForm[]): CommandRunner {
  return async ({ options }, session) => {
    const { host, origin } = options;
    const server = await startServer(
      // The time of a command does not end a server, only whoever stops it.
      { ...session, commands, signal: session.interrupted, deadlineMs: Infinity, reportCall: reportOf(session) },
      {
        host: typeof host === 'string' ? host : DEFAULTS.host,
        port: parseNumber(options, 'port', { least: 0, most: 65_535 }),
        concurrency: parseNumber(options, 'concurrency', { least: 1, most: 1_000 }),
        queue: parseNumber(options, 'queue', { least: 0, most: 100_000 }),
        background: options['background'] !== false,
        trustsProxy: options['trustProxy'] === true,
        ...(typeof origin === 'string' ? { origin: parseOrigin(origin) } : {}),
      },
    );
    session.output.write(`listening on ${server.url}\n`);
    if (!session.interrupted.aborted)
      await new Promise((resolve) => session.interrupted.addEventListener('abort', resolve, { once: true }));
    await server.drain();
    return EXIT.interrupted;
  };
}

/** How long one of many requests waits is no news for whoever reads the server's own lines. */
function reportOf({ log, reportCall }: CommandContext): CommandContext['reportCall'] {
  return (event) => {
    const { type, ...rest } = event;
    if (type === 'wait' || type === 'stage') log.write({ event: type, ...rest });
    else reportCall(event);
  };
}

function parseNumber(
  options: Invocation['options'],
  name: 'port' | 'concurrency' | 'queue',
  { least, most }: { least: number; most: number },
): number {
  const usual = DEFAULTS[name];
  return parseWhole(`--${name}`, options[name], { usual, least, most, hint: `omit it to use ${usual}` });
}

function parseOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.origin === text.replace(/\/$/, '')) return url.origin;
  throw new UsageError(`--origin "${text.slice(0, 60)}": not a site address`, {
    hint: 'write it like https://fin.example.com, without a path',
  });
}
