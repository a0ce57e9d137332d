// fin mcp: the Model Context Protocol on standard input and output until the client closes it or a signal ends it.
// What is said to people goes to standard error, where clients keep their logs.
import { join } from 'node:path';
import { dataFolderOf } from '../book/data-folder.ts';
import { wrapText } from '../render/text.ts';
import type { CommandRunner } from './command.ts';
import { EXIT } from '../app/exit-code.ts';

export const runMcp: CommandRunner = async (_invocation, session) => {
  const { output, streams, interrupted } = session;
  if (streams.stdin.isTTY) output.remark(describeSetup(session.packageRoot, output.width));
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

/** A person typed the command: what a client's settings need, with the paths of this machine. */
function describeSetup(packageRoot: string, width: number): string {
  const entry = { command: process.execPath, args: [join(packageRoot, 'bin/fin.js'), 'mcp'] };
  return [
    ...wrapText(
      'An AI assistant starts fin mcp. This is the entry for Claude Desktop and Cursor; docs/mcp.md has others:',
      width,
    ),
    JSON.stringify({ mcpServers: { fin: entry } }, null, 2),
    'Waiting for a client; Ctrl-C stops it.',
  ].join('\n');
}
