// What a server works with: the market, settings and output of the process that runs it, and what all its parts count.
// Nothing of a command line: who starts it hands these in.
import type { AgentHost } from '../app/agent.ts';
import type { CommandForm } from '../app/command.ts';
import type { DataCaller } from '../app/commands/prepare.ts';
import type { Metrics } from './metrics.ts';
import type { Queue } from '../app/queue.ts';

export interface ServeHost extends AgentHost, DataCaller {
  version: string;
  /** Machine time at which the server began. */
  startedMs: number;
  output: AgentHost['output'] & { /** A line of the log. */ remark(text: string): void };
  /** Forms of the commands of the command line, by which parameters are known. */
  commands: readonly CommandForm[];
}

export interface ServeParts {
  host: ServeHost;
  queue: Queue;
  metrics: Metrics;
}

/** Who asks, as far as answering depends on it. */
export interface Client {
  /** Its name, or address: whose turn it is. */
  key: string;
  /** Aborted when the client has gone or the server must end. */
  signal: AbortSignal;
}
