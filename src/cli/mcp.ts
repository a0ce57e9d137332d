// fin mcp: the Model Context Protocol on standard input and output until the client closes it or a signal ends it.
// What is said to people goes to standard error, where clients keep their logs.
import { dataFolderOf } from '../book/data-folder.ts';
import type { CommandRunner } from './command.ts';
import { EXIT } from './exit-code.ts';

export const runMcp: CommandRunner = async (_invocation, session) => {
  const { output, streams, interrupted } = session;
  if (streams.stdin.isTTY)
    output.note(
      'waiting for a client of the Model Context Protocol; docs/mcp.md shows how to set one up, Ctrl-C ends this',
    );
  const { serveMcpOnStdio } = await import('../mcp/index.ts');
  await serveMcpOnStdio({
    host: {
      version: session.version,
      clock: session.clock,
      options: session.options,
      reportCall: session.reportCall,
      log: session.log,
      redact: output.redact,
      book: dataFolderOf(session.config),
      openRuntime: () => session.openRuntime(),
    },
    input: streams.stdin,
    output: streams.stdout,
    signal: interrupted,
    onNote: output.note,
  });
  return interrupted.aborted ? EXIT.interrupted : EXIT.done;
};
