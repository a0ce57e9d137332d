// What a session is while it runs, as its commands see it.
import type { Runtime } from '../app/runtime.ts';
import type { KeptConversation } from '../agent/kept-conversation.ts';
import type { ConversationStore } from '../book/conversations.ts';
import type { ProviderName } from '../domain/types.ts';
import type { Agent } from '../app/agent.ts';
import type { CommandSpec } from './command.ts';
import type { QuestionDeadline } from '../app/question-deadline.ts';
import type { ReplOutput } from './repl-output.ts';
import type { CommandContext } from './command-context.ts';

export interface Repl {
  readonly session: CommandContext;
  readonly output: ReplOutput;
  readonly runtime: Runtime;
  readonly agent: Agent;
  /** Every command of the shell. */
  readonly commands: readonly CommandSpec[];
  readonly conversations: ConversationStore;
  kept: KeptConversation;
  isTracing: boolean;
  /** A figure without support makes a line fail. */
  readonly strict: boolean;
  /** As last named by the reader; absent: decided by the question. */
  modelName: string | undefined;
  /** Exit code that the last line would have had as a command of its own. */
  lineExit: number;
  /** What `/copy` copies. */
  lastAnswer: string;
  /** What Tab writes into an empty line: a question near the one that was refused. */
  suggested: string | undefined;
  /** Opens a conversation by name, or a new one. */
  openConversation(name?: string): KeptConversation;
  /** The session's market, or one of another provider; both offer what to do when a call fails. */
  openRuntime(provider: ProviderName | undefined): Promise<Runtime>;
  /** Runs one question or command in its own time; Ctrl-C cancels it. */
  runFramed<T>(timeoutMs: number, work: (frame: QuestionDeadline) => Promise<T>): Promise<T>;
  wrap(text: string, indent?: string): string[];
}
