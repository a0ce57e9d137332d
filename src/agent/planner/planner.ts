// The built-in planner: a model that is no model. It reads a question completely, asks the tools for exactly what it
// means, and says what they brought. Deterministic, without network; the conversation's messages are its only state.
import { ConfigError, type FinError, NoDataError, UsageError } from '../../domain/errors.ts';
import { holidayName, isTradingDay } from '../../domain/calendar.ts';
import { exchangeDateOf, isValidDate } from '../../domain/exchange-time.ts';
import { joinSaid, type Said } from '../../domain/said.ts';
import type { Clock, EpochMs } from '../../domain/types.ts';
import { formatDay } from '../../render/format.ts';
import { writeSaid } from '../../render/said.ts';
import { type Message, type Model, type ModelReply, type ModelRequest, PLANNER_NAME, type ToolCall } from '../model.ts';
import { type KnownTurns, readBackground, readConversation } from './context.ts';
import { type ToolMessage, createFigures, heldAnswers } from './held.ts';
import { type Sources, formOf } from './forms.ts';
import { createNames } from '../words/names.ts';
import type { Background } from './pointing.ts';
import { type Plan, type PlannedCall, type Query, type Refusal, isRefusal, keyOfCall } from './query.ts';
import { joinWords } from './sentences.ts';
import { type Grammar, createGrammar } from './understand.ts';

export interface Planner extends Model {
  /**
   * What the planner would do with a question asked next; undefined where it would refuse. With a language model
   * configured only `data` questions are the planner's.
   */
  canPlan(question: string, messages: readonly Message[]): Plan | undefined;
  /** The same, with the reason where it would refuse. */
  read(question: string, messages: readonly Message[]): Plan | Refusal;
}

const MODEL_HINT = 'set OPENAI_API_KEY, or OPENAI_BASE_URL and FIN_MODEL, to ask a language model';

/** @param clock decides which dates a phrase means; only its market time is read. */
export function createPlanner({ clock }: { clock: Pick<Clock, 'now'> }): Planner {
  let built: Grammar | undefined;
  const known: KnownTurns = new WeakMap();
  const plans = new WeakMap<Message, Plan | Refusal>();
  const restated: Means['restated'] = new WeakMap();
  const consents: Means['consents'] = new WeakMap();
  const grammar = (): Grammar => (built ??= createGrammar(createNames(), () => clock.now()));
  const means = (): Means => ({ grammar: grammar(), known, plans, restated, consents, clock });

  return {
    name: PLANNER_NAME,

    read: (question, messages) => readNext(question, messages, means()),

    canPlan(question, messages) {
      const { asked, background } = nextOf(question, messages, means());
      const plan = grammar().parse(asked, background);
      return isRefusal(plan) ? undefined : plan;
    },

    reply(request) {
      return Promise.resolve().then(() => reply(request, means()));
    },
  };
}

function nextOf(question: string, messages: readonly Message[], means: Means) {
  const meant = withConsents([...messages, { role: 'user', content: question }], means);
  const earlier = meant.slice(0, -1);
  const asked = meant.at(-1)?.content ?? question;
  return { asked, earlier, background: readBackground(earlier, means.grammar, means.known) };
}

function readNext(question: string, messages: readonly Message[], means: Means): Plan | Refusal {
  const { asked, earlier, background } = nextOf(question, messages, means);
  const plan = means.grammar.parse(asked, background);
  return isRefusal(plan) ? withNearest(plan, asked, background, earlier, means) : plan;
}

const CONSENT =
  /^(?:(?:yes|yeah|yep|yup|ya|y|ok|okay|sure|please|do that|that one|that|go ahead|sounds good|use that|try that|exactly|correct|that[’']?s it)[\s,.!]*)+$/i;

/** `yes` right after a question that was refused asks what was suggested for it. */
function withConsents(messages: readonly Message[], means: Means): Message[] {
  const meant: Message[] = [];
  for (const message of messages) {
    const before = meant.findLast(({ role, content }) => role !== 'assistant' || !content.startsWith('(no answer'));
    const isConsent = message.role === 'user' && before?.role === 'user' && CONSENT.test(message.content.trim());
    const known = isConsent ? means.consents.get(message) : undefined;
    const plan =
      isConsent && known === undefined
        ? readNext(before.content, meant.slice(0, meant.indexOf(before)), means)
        : undefined;
    const asked = plan !== undefined && isRefusal(plan) && plan.instead !== undefined;
    const read = known ?? (isConsent && asked ? { role: 'user' as const, content: plan.instead ?? '' } : message);
    if (isConsent) means.consents.set(message, read);
    meant.push(read);
  }
  return meant;
}

interface Means {
  grammar: Grammar;
  known: KnownTurns;
  /** Of each question, made once: what is fetched for it and what is said of that are one reading, over midnight too. */
  plans: WeakMap<Message, Plan | Refusal>;
  /** Earlier questions as ones that stand for themselves. */
  restated: WeakMap<Message, { text: string | undefined }>;
  /** What a `yes` asks for. */
  consents: WeakMap<Message, Message>;
  clock: Pick<Clock, 'now'>;
}

/** Turns before a question that is refused whose words may belong to it. */
const MOST_TURNS = 4;

function withNearest(
  refusal: Refusal,
  question: string,
  background: Background,
  earlier: readonly Message[],
  means: Means,
): Refusal {
  const { instead: _instead, ...rest } = refusal;
  const near = means.grammar.restate(question, background, refusal, restateLast(earlier, means, MOST_TURNS));
  return near === undefined ? rest : { ...rest, instead: near };
}

/** The last question of a conversation as one that stands for itself. */
function restateLast(messages: readonly Message[], means: Means, turns: number): string | undefined {
  const { grammar, known, restated } = means;
  const at = messages.findLastIndex(({ role }) => role === 'user');
  const asked = messages[at];
  if (asked === undefined || turns === 0) return undefined;
  const held = restated.get(asked);
  if (held !== undefined) return held.text;
  const earlier = messages.slice(0, at);
  const background = readBackground(earlier, grammar, known);
  const plan = grammar.parse(asked.content, background);
  const text = grammar.restate(asked.content, background, plan, restateLast(earlier, means, turns - 1));
  restated.set(asked, { text });
  return text;
}

function reply(request: ModelRequest, means: Means): ModelReply {
  const { grammar, known, plans, clock } = means;
  const { tools } = request;
  const messages = withConsents(request.messages, means);
  const conversation = readConversation(messages, grammar, known);
  if (conversation === undefined)
    throw new UsageError('question: none given', { hint: 'ask one, like: price of NVDA' });
  const { question, background, held, results } = conversation;
  const plan = plans.get(question) ?? grammar.parse(question.content, background);
  plans.set(question, plan);
  if (isRefusal(plan)) {
    const earlier = messages.slice(0, messages.indexOf(question));
    const refused = refusalError(withNearest(plan, question.content, background, earlier, means));
    return { text: '', toolCalls: [], refused };
  }
  const now = clock.now();
  const sources: Sources = { fetched: createFigures(heldAnswers(results)), held: createFigures(held), results, now };
  const calls = results.length > 0 ? [] : callsOf(plan, sources);
  const offered = new Set(tools.map((tool) => tool.name));
  const possible = calls.filter((call) => offered.has(call.name));
  if (possible.length > 0) return { text: '', toolCalls: possible.map(toToolCall) };
  const isSample = held.some(({ answer }) => answer.meta.sample);
  const closed = /\btoday/i.test(question.content) ? describeClosedToday(results, now) : [];
  const { text, figures } = writeSaid(joinSaid([...closed, writeAnswer(plan, sources, isSample)], '\n'));
  request.onText?.(text);
  return { text, figures, toolCalls: [] };
}

/** The calls of a plan, each once, in the order of its parts; empty where the conversation holds the answer. */
function callsOf({ parts }: Plan, { held, now }: Sources): PlannedCall[] {
  const calls = parts.flatMap((part) =>
    part.isHeldOnly === true && part.mayCall !== true ? [] : formOf(part.form).calls(part, held, now),
  );
  const keys = calls.map(keyOfCall);
  return calls.filter((_call, index) => keys.indexOf(keys[index] ?? '') === index);
}

function toToolCall(call: PlannedCall, index: number): ToolCall {
  return { id: `planned_${index + 1}`, name: call.name, arguments: JSON.stringify(call.arguments) };
}

/** Figures that are asked of today on a day without a session are those of the one before: nobody would take them for that. */
function describeClosedToday(results: readonly ToolMessage[], now: EpochMs): string[] {
  const today = exchangeDateOf(now);
  const told = results.flatMap(({ answer }) =>
    answer !== undefined && DAILY_KINDS.has(answer.kind) ? (answer.meta.asOf?.slice(0, 10) ?? []) : [],
  );
  const [last] = told.toSorted().slice(-1);
  if (last === undefined || last >= today || isTradingDay(today)) return [];
  const why = holidayName(today) ?? 'weekend';
  return [`The market is closed today (${why}): these figures are of ${formatDay(last)}.`];
}

const DAILY_KINDS = new Set(['quote', 'table', 'bundle', 'levels', 'ta']);

/** Lines as long as these need air between them. */
const LONG_FORMS = new Set(['levels', 'technicals']);

/**
 * A line for each part, then how words were read that were mistyped, and what is missing.
 * @throws NoDataError where no tool may be called and the conversation holds nothing of what was asked.
 */
function writeAnswer({ parts, taken = [] }: Plan, sources: Sources, isSampleHeld: boolean): Said {
  const told = parts.map((part) => formOf(part.form).say(part, ownSources(part, sources)));
  // What is of several symbols together stands in the row of each.
  const lines = [...new Map(told.flatMap((each) => each.lines).map((line) => [writeSaid(line).text, line])).values()];
  const failures = failuresOf(sources.results);
  const unexplained = [...new Set(told.flatMap(({ without }) => without))].filter(
    (symbol) => !failures.some((failure) => failure.includes(symbol)),
  );
  if (lines.length === 0 && failures.length === 0) throw nothingHeld(parts[0]?.form ?? '', unexplained);
  // A plural is no other word.
  const corrected = [...new Set(parts.flatMap((part) => part.corrected ?? []))].filter(
    (each) => !/^(\S+)s as \1$/i.test(each),
  );
  const remarks = [
    ...(taken.length === 0 ? [] : [`Taken from the question before: ${taken.map(asDay).join(', ')}.`]),
    ...(corrected.length === 0 ? [] : [`Read ${joinWords(corrected)}.`]),
    ...failures.map((failure) => `Not available: ${failure}`),
    ...(unexplained.length === 0 ? [] : [`Nothing is here for ${joinWords(unexplained)}.`]),
    ...(told.some(({ usesHeld }) => usesHeld) && isSampleHeld ? ['SAMPLE figures, not real ones.'] : []),
  ];
  return joinSaid([...lines, ...remarks], parts.some(({ form }) => LONG_FORMS.has(form)) ? '\n\n' : '\n');
}

/** Of two parts that differ in nothing but their dates each has its own bars. */
function ownSources(part: Query, sources: Sources): Sources {
  const { held, now, results } = sources;
  const wanted = formOf(part.form).calls(part, held, now).map(keyOfCall);
  const own = results.filter((result) => wanted.includes(keyOfCall(result)));
  return own.length === 0 ? sources : { ...sources, results: own, fetched: createFigures(heldAnswers(own)) };
}

const asDay = (text: string): string => (isValidDate(text) ? formatDay(text) : text);

function nothingHeld(form: string, symbols: readonly string[]): NoDataError {
  const first =
    form === 'walls' ? 'the option chain' : form === 'technicals' ? 'the past 3 months and the indicators' : 'the data';
  return new NoDataError(
    `${formOf(form).label} of ${joinWords(symbols)}: this conversation holds no figures for it, and the question allows no tool calls`,
    { hint: `ask for ${first} first, or omit "no tool calls"` },
  );
}

function failuresOf(results: readonly ToolMessage[]): string[] {
  const withSymbol = (message: string, symbol: unknown): string =>
    typeof symbol !== 'string' || message.includes(symbol) ? message : `${symbol}: ${message}`;
  const failures = results.flatMap((result) =>
    result.answer === undefined
      ? [withSymbol(result.content.split('\n')[0]?.replace(/^ERROR \w+: /, '') ?? '', result.arguments['symbol'])]
      : result.answer.errors.map((error) => withSymbol(error.message, error.symbol)),
  );
  return [...new Set(failures)].map((failure) => (failure.endsWith('.') ? failure : `${failure}.`));
}

/** What is missing in the reader's words, and a question near it that works when typed. */
function refusalError({ refused, message, hint, instead }: Refusal): FinError {
  const near = instead === undefined ? undefined : `"${instead}"`;
  const suggestion = instead === undefined ? {} : { suggestion: instead };
  if (refused === 'unclear') {
    const hints = [hint, near === undefined ? undefined : `try ${near}`].filter((each) => each !== undefined);
    return new UsageError(`question not clear: ${message}`, {
      ...suggestion,
      ...(hints.length === 0 ? {} : { hint: hints.join('; ') }),
    });
  }
  return new ConfigError(`question not understood by the built-in planner: ${message}`, {
    ...suggestion,
    hint: `it can answer ${near ?? '"price of NVDA"'}; ${MODEL_HINT}`,
  });
}
