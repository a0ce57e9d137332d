// What a command gets to work with: settings, streams, its time, and a market that is opened when used.
// Who asks without a command line has the part of it that is in src/app/.
import type { CommonOptions } from '../app/common-options.ts';
import type { Caller } from '../app/request.ts';
import type { Runtime } from '../app/runtime.ts';
import type { ConversationStore } from '../book/conversations.ts';
import type { Config } from '../config.ts';
import type { Clock, EpochMs, ProviderName } from '../domain/types.ts';
import type { Output, Streams } from './output.ts';

/** A market apart from the command's own: another time, another cache folder, one provider. */
export interface RuntimeChoice {
  clock: Clock;
  cacheDir: string;
  provider: ProviderName;
}

export interface CommandContext extends Caller {
  output: Output;
  streams: Streams;
  config: Config;
  /** Machine time at which the command began. */
  startedMs: EpochMs;
  version: string;
  options: CommonOptions;
  /** Aborted by Ctrl-C and TERM only: for what runs longer than one question. */
  interrupted: AbortSignal;
  workingDirectory: string;
  /** The folder of fin's own package. */
  packageRoot: string;
  /** Opens cache and market once for each provider, by default that of `options`; closed at the end of the command. */
  openRuntime(provider?: ProviderName): Promise<Runtime>;
  /** Kept conversations; their file is opened when one is read or written, and closed at the end of the command. */
  openConversations(): Promise<ConversationStore>;
  /** Opens a market apart; its caller closes it. */
  openRuntimeApart(choice: RuntimeChoice): Promise<Runtime>;
}
