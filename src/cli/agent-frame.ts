// What ask, the interactive session and batch share: which model answers a question, in which frame of time and turns.
import { type ForgivingStore, forgive } from '../book/forgiving-conversations.ts';
import type { Conversation } from '../agent/conversation.ts';
import { type KeptConversation, openConversation } from '../agent/kept-conversation.ts';
import { type TurnEvent, type TurnResult, runTurn } from '../agent/loop.ts';
import type { Model } from '../agent/model.ts';
import type { OpenAiModel } from '../agent/openai.ts';
import { createPlanner } from '../agent/planner/planner.ts';
import type { ModelSettings } from '../config.ts';
import { ConfigError, UsageError } from '../domain/errors.ts';
import type { ProxySettings } from '../http/proxy.ts';
import type { Invocation } from './command.ts';
import { type Runtime, type Session, createMarketRequest } from './session.ts';

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
const DEFAULT_TURNS = 8;
const MAX_TURNS = 100;
const MODEL_TIMEOUT_MS = 60_000;
/** What OpenAI's own address is asked for where FIN_MODEL names none. */
const DEFAULT_MODEL = 'gpt-5-mini';

/** @throws UsageError for options that cannot be. */
export function parseAgentOptions({ options }: Invocation): AgentOptions {
  const { model, session, maxTurns: turns } = options;
  const maxTurns =
    turns === undefined ? DEFAULT_TURNS : typeof turns === 'string' && /^\d+$/.test(turns) ? Number(turns) : NaN;
  if (!(maxTurns >= 1 && maxTurns <= MAX_TURNS))
    throw new UsageError(`--max-turns "${String(turns).slice(0, 20)}": not a number of requests`, {
      hint: `use 1 to ${MAX_TURNS}`,
    });
  if (options['continue'] === true && session !== undefined)
    throw new UsageError('--continue with --session: a named conversation goes on by itself', {
      hint: 'leave --continue away',
    });
  return {
    ...(typeof model === 'string' ? { model } : {}),
    ...(typeof session === 'string' ? { sessionName: session } : {}),
    goOn: options['continue'] === true,
    strict: options['strict'] === true,
    trace: options['trace'] === true,
    maxTurns,
  };
}

export interface Agent {
  /** Answers one question in a conversation. */
  ask(question: string, conversation: Conversation, frame: AskFrame): Promise<Asked>;
  /** Takes another model from the next question on; undefined: decided by the question. @throws ConfigError. */
  useModel(name: string | undefined): void;
}

export interface AskFrame {
  signal: AbortSignal;
  deadlineMs: number;
  onEvent(event: TurnEvent): void;
}

export interface Asked {
  result: TurnResult;
  modelName: string;
  elapsedMs: number;
}

/** @throws ConfigError where the options name a model and no endpoint is set. */
export function createAgent(session: Session, runtime: Runtime, options: AgentOptions): Agent {
  const { clock, config } = session;
  const planner = createPlanner({ clock });
  let chosen = options.model;
  const models = new Map<string, Promise<Model>>();
  checkModel(chosen);

  /** A named model needs an endpoint; said before anything is fetched. */
  function checkModel(name: string | undefined): void {
    if (name === undefined || name === 'builtin' || config.model !== undefined) return;
    throw new ConfigError(`model ${name.slice(0, 60)}: no language model endpoint is set`, {
      hint: 'set OPENAI_API_KEY, or OPENAI_BASE_URL for a local server; --model builtin needs none',
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
    const loaded = models.get(name) ?? importModel(name, config.model, config.proxy);
    models.set(name, loaded);
    return loaded;
  }

  return {
    async ask(question, conversation, frame) {
      const startedMs = clock.machineNow();
      const model = await chooseModel(question, conversation);
      const system = model === planner ? '' : await loadSystemPrompt(session, runtime);
      session.log.beginTurn();
      session.log.write({ event: 'question', question, model: model.name });
      const result = await runTurn({
        model,
        system,
        conversation,
        question,
        context: { market: runtime.market, clock, request: createMarketRequest(session, frame) },
        maxTurns: options.maxTurns,
        signal: frame.signal,
        modelTimeoutMs: MODEL_TIMEOUT_MS,
        freshness: runtime.freshness,
        onEvent: (event) => {
          if (event.type === 'tool') session.log.write({ event: 'tool', ...event.record });
          frame.onEvent(event);
        },
      });
      logAnswer(session, result, startedMs);
      return { result, modelName: model.name, elapsedMs: Math.round(clock.machineNow() - startedMs) };
    },
    useModel: (name) => {
      checkModel(name);
      chosen = name;
    },
  };
}

/** Kept conversations for who answers questions: where they cannot be read or kept, that is noted once. */
export async function openForgiving({ openConversations, output }: Session): Promise<ForgivingStore> {
  return forgive(await openConversations(), output.note);
}

/** The conversation that the options name, or a new one. @throws UsageError for a name that cannot be. */
export function openKept(
  { clock, output }: Pick<Session, 'clock' | 'output'>,
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
  });
}

function logAnswer({ log, clock }: Session, { turns, usage, failure, grounding }: TurnResult, startedMs: number): void {
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
  throw new ConfigError('language model: OPENAI_BASE_URL is set, but not which model to ask', {
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

async function loadSystemPrompt(session: Session, runtime: Runtime): Promise<string> {
  const [{ readFile }, { createSystemPrompt }, { sessionAt }] = await Promise.all([
    import('node:fs/promises'),
    import('../agent/system-prompt.ts'),
    import('../domain/calendar.ts'),
  ]);
  const template = await readFile(`${session.packageRoot}/prompts/system.md`, 'utf8');
  const now = session.clock.now();
  return createSystemPrompt({ template, now, session: sessionAt(now), sample: runtime.isSample });
}
