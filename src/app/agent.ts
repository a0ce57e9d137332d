// What ask, the interactive session, batch and a server share: which model answers a question, in which time and turns.
import { type ForgivingStore, forgive } from '../book/forgiving-conversations.ts';
import type { Conversation } from '../agent/conversation.ts';
import { type KeptConversation, openConversation } from '../agent/kept-conversation.ts';
import { type TurnEvent, type TurnResult, runTurn } from '../agent/loop.ts';
import type { Model } from '../agent/model.ts';
import type { OpenAiModel } from '../agent/openai.ts';
import { createPlanner } from '../agent/planner/planner.ts';
import type { ConversationStore } from '../book/conversations.ts';
import { type DataFolder, dataFolderOf } from '../book/data-folder.ts';
import type { Config, ModelSettings } from '../config.ts';
import { ConfigError } from '../domain/errors.ts';
import type { Redact } from '../domain/redaction.ts';
import type { ProxySettings } from '../http/proxy.ts';
import { type Caller, createMarketRequest } from './request.ts';
import type { Runtime } from './runtime.ts';

export interface AgentOptions {
  /** `builtin`, a model of the endpoint, or absent: the planner where it is enough, else the configured model. */
  model?: string;
  sessionName?: string;
  goOn: boolean;
  strict: boolean;
  trace: boolean;
  maxTurns: number;
}

/** A longer question is refused before anything is asked. */
export const MAX_QUESTION_CHARS = 20_000;
const MODEL_TIMEOUT_MS = 60_000;
/** What OpenAI's own address is asked for where FIN_MODEL names none. */
const DEFAULT_MODEL = 'gpt-5-mini';

export interface Agent {
  ask(question: string, conversation: Conversation, options: AskOptions): Promise<Asked>;
  /** Takes another model from the next question on; undefined: decided by the question. @throws ConfigError. */
  useModel(name: string | undefined): void;
}

export interface AskOptions {
  signal: AbortSignal;
  deadlineMs: number;
  onEvent(event: TurnEvent): void;
}

export interface Asked {
  result: TurnResult;
  modelName: string;
  elapsedMs: number;
}

/** Who runs questions: a command, a session, a server. */
export interface AgentHost extends Caller {
  config: Config;
  /** The folder of fin's own package. */
  packageRoot: string;
  openConversations(): Promise<ConversationStore>;
  output: { note(text: string): void; redact: Redact };
}

/** @throws ConfigError where the options name a model and no endpoint is set. */
export function createAgent(host: AgentHost, runtime: Runtime, options: AgentOptions): Agent {
  const { clock, config } = host;
  const planner = createPlanner({ clock });
  let chosen = options.model;
  const models = new Map<string, Promise<Model>>();
  checkModel(chosen);

  /** A named model needs an endpoint; said before anything is fetched. */
  function checkModel(name: string | undefined): void {
    if (name === undefined || name === 'builtin' || config.model !== undefined) return;
    throw new ConfigError(`model ${name.slice(0, 60)}: no language model endpoint is set`, {
      hint: 'set OPENAI_API_KEY, or OPENAI_BASE_URL for a local server; --model builtin needs neither',
    });
  }

  async function chooseModel(question: string, conversation: Conversation): Promise<Model> {
    const named = chosen ?? (config.modelName === 'builtin' ? 'builtin' : undefined);
    if (named === 'builtin' || config.model === undefined) return planner;
    if (named !== undefined) return loadModel(named);
    if (planner.canPlan(question, conversation.messages)?.kind === 'data') return planner;
    return loadModel(decideModelName(config.model));
  }

  function loadModel(name: string): Promise<Model> {
    const loaded = models.get(name) ?? importModel(name, config.model, config.proxy).then(withoutKeys);
    models.set(name, loaded);
    return loaded;
  }

  /** What a model writes is freed of keys before anybody checks, quotes or keeps it. */
  function withoutKeys(model: Model): Model {
    return {
      ...model,
      reply: async (request) => {
        const reply = await model.reply(request);
        return { ...reply, text: host.output.redact(reply.text) };
      },
    };
  }

  return {
    async ask(asked, conversation, ask) {
      const question = await expandQuestion(asked, dataFolderOf(config));
      const startedMs = clock.machineNow();
      const model = await chooseModel(question, conversation);
      const system = model === planner ? '' : await loadSystemPrompt(host, runtime);
      host.log.beginTurn();
      host.log.write({ event: 'question', question, model: model.name });
      const result = await runTurn({
        model,
        system,
        conversation,
        question,
        context: {
          market: runtime.market,
          clock,
          request: createMarketRequest(host, ask),
          book: dataFolderOf(config),
        },
        maxTurns: options.maxTurns,
        signal: ask.signal,
        modelTimeoutMs: MODEL_TIMEOUT_MS,
        freshness: runtime.freshness,
        onEvent: (event) => {
          if (event.type === 'tool') host.log.write({ event: 'tool', ...event.record });
          ask.onEvent(event);
        },
      });
      logAnswer(host, result, startedMs);
      return { result, modelName: model.name, elapsedMs: Math.round(clock.machineNow() - startedMs) };
    },
    useModel: (name) => {
      checkModel(name);
      chosen = name;
    },
  };
}

/** `@core` becomes its symbols: neither planner nor model knows of lists. */
async function expandQuestion(question: string, folder: DataFolder): Promise<string> {
  if (!question.includes('@')) return question;
  return (await import('../book/lists.ts')).expandNames(question, folder);
}

/** Kept conversations for who answers questions: where they cannot be read or kept, that is noted once. */
export async function openForgiving({
  openConversations,
  output,
}: Pick<AgentHost, 'openConversations' | 'output'>): Promise<ForgivingStore> {
  return forgive(await openConversations(), output.note);
}

/** The conversation that the options name, or a new one. @throws UsageError for a name that cannot be. */
export function openKept(
  { clock, output }: Pick<AgentHost, 'clock' | 'output'>,
  { store, isSample }: { store: ForgivingStore; isSample: boolean },
  { sessionName, goOn }: Pick<AgentOptions, 'sessionName' | 'goOn'>,
  isOneShot = false,
): KeptConversation {
  return openConversation({
    store,
    sample: isSample,
    ...(sessionName === undefined ? {} : { name: sessionName }),
    goOn: goOn && store.isReadable(),
    isOneShot,
    redact: output.redact,
    nowMs: clock.machineNow(),
    note: output.note,
  });
}

function logAnswer(
  { log, clock }: AgentHost,
  { turns, usage, failure, grounding }: TurnResult,
  startedMs: number,
): void {
  const error = failure === undefined ? {} : { error: failure.code, message: failure.message };
  log.write({
    event: 'answer',
    ms: Math.round(clock.machineNow() - startedMs),
    modelTurns: turns,
    ...usage,
    unsupported: grounding.unsupported.length,
    ...error,
  });
}

/** @throws ConfigError where an endpoint of one's own is set, but not which of its models. */
export function decideModelName({ name, baseUrl }: ModelSettings): string {
  if (name !== undefined) return name;
  if (baseUrl === undefined) return DEFAULT_MODEL;
  throw new ConfigError('language model: OPENAI_BASE_URL is set, but no model is', {
    hint: 'set FIN_MODEL, or use --model NAME',
  });
}

/** The client is loaded only where a language model is asked. */
export async function importModel(
  name: string,
  { apiKey, baseUrl }: Pick<ModelSettings, 'apiKey' | 'baseUrl'> = {},
  proxy?: ProxySettings,
): Promise<OpenAiModel> {
  const { createOpenAiModel } = await import('../agent/openai.ts');
  return createOpenAiModel({
    settings: {
      name,
      ...(apiKey === undefined ? {} : { apiKey: apiKey.reveal() }),
      ...(baseUrl === undefined ? {} : { baseUrl }),
    },
    ...(proxy === undefined ? {} : { proxy }),
  });
}

async function loadSystemPrompt(host: AgentHost, runtime: Runtime): Promise<string> {
  const [{ readFile }, { createSystemPrompt }, { sessionAt }] = await Promise.all([
    import('node:fs/promises'),
    import('../agent/system-prompt.ts'),
    import('../domain/calendar.ts'),
  ]);
  const template = await readFile(`${host.packageRoot}/prompts/system.md`, 'utf8');
  const now = host.clock.now();
  return createSystemPrompt({ template, now, session: sessionAt(now), sample: runtime.isSample });
}
