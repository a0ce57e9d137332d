// Reads a conversation: what the last turns were about, which figures it already holds, and what the tools have just said.
// The messages are the only state; what an earlier question meant is worked out once, as a session only appends.
import type { Answer } from '../../domain/answers.ts';
import { parseIsoInstant } from '../../domain/exchange-time.ts';
import type { EpochMs, TickerSymbol } from '../../domain/types.ts';
import type { Message } from '../model.ts';
import type { Background } from './follow-up.ts';
import type { Grammar } from './grammar.ts';
import { isRefusal } from './plan.ts';
import { emptySlots, type Slots } from './scan.ts';
import type { Topic } from './vocabulary.ts';

export type ToolMessage = Extract<Message, { role: 'tool' }>;

/** An answer that an earlier turn brought, with the market time at which it was fetched where that is known. */
export interface HeldAnswer {
  answer: Answer;
  fetchedAtMs?: EpochMs;
}

export interface Conversation {
  question: string;
  background: Background;
  /** Of earlier turns, oldest first. */
  held: HeldAnswer[];
  /** Tool results that belong to the question. */
  results: ToolMessage[];
}

/** What earlier questions meant, by their message: in a session of hundreds each is read once, not once a turn. */
export type KnownTurns = WeakMap<Message, Slots | 'nothing'>;

/** Splits the messages at the last thing that the user said; undefined where nobody asked anything. */
export function readConversation(
  messages: readonly Message[],
  grammar: Grammar,
  known: KnownTurns,
): Conversation | undefined {
  const lastUser = messages.findLastIndex((message) => message.role === 'user');
  const asked = messages[lastUser];
  if (asked?.role !== 'user') return undefined;
  const earlier = messages.slice(0, lastUser);
  return {
    question: asked.content,
    background: readBackground(earlier, grammar, known),
    held: heldAnswers(earlier),
    results: messages.slice(lastUser + 1).filter((message) => message.role === 'tool'),
  };
}

/** The background that a conversation gives to a question asked next. */
export function readBackground(messages: readonly Message[], grammar: Grammar, known: KnownTurns): Background {
  const background: Background = { symbolSets: [] };
  for (const [index, message] of messages.entries()) {
    if (message.role !== 'user') continue;
    const slots =
      known.get(message) ??
      slotsOfTurn(message.content, toolMessagesAfter(messages, index), background, grammar) ??
      'nothing';
    known.set(message, slots);
    if (slots === 'nothing') continue;
    background.last = slots;
    if (slots.symbols.length > 0) background.symbolSets.push(slots.symbols);
  }
  return background;
}

/** What tools brought, oldest first, with the market time at which it was fetched. */
export function heldAnswers(messages: readonly Message[]): HeldAnswer[] {
  return messages.flatMap((message) => {
    if (message.role !== 'tool' || message.answer === undefined) return [];
    const saidMs =
      message.answer.meta.fetchedAt === undefined ? undefined : parseIsoInstant(message.answer.meta.fetchedAt);
    const fetchedAtMs = saidMs ?? message.fetchedAtMs;
    return [{ answer: message.answer, ...(fetchedAtMs === undefined ? {} : { fetchedAtMs }) }];
  });
}

function toolMessagesAfter(messages: readonly Message[], userIndex: number): ToolMessage[] {
  const end = messages.findIndex((message, index) => index > userIndex && message.role === 'user');
  return messages.slice(userIndex + 1, end < 0 ? undefined : end).filter((message) => message.role === 'tool');
}

/** A turn that the planner understands is read from its words, one that a language model answered from its tool calls. */
function slotsOfTurn(
  question: string,
  calls: readonly ToolMessage[],
  background: Background,
  grammar: Grammar,
): Slots | undefined {
  const plan = grammar.parse(question, background);
  if (!isRefusal(plan)) return plan.steps[0]?.topic === 'calculate' ? undefined : plan.slots;
  const last = calls.filter((call) => call.answer !== undefined).at(-1);
  if (last === undefined) return undefined;
  const alike = calls.filter((call) => call.name === last.name && call.answer !== undefined);
  const symbols = [...new Set(alike.flatMap(symbolsOfCall))];
  const slots = { ...emptySlots(), symbols, topics: new Set(topicsOfTool(last.name)) };
  addArguments(slots, last);
  return slots;
}

function symbolsOfCall({ arguments: given }: ToolMessage): TickerSymbol[] {
  const listed = Array.isArray(given['symbols']) ? given['symbols'] : [];
  return [given['symbol'], ...(listed as unknown[])].filter((symbol) => typeof symbol === 'string');
}

function topicsOfTool(name: string): Topic[] {
  switch (name) {
    case 'get_stock_quote':
    case 'get_multiple_stock_quotes':
      return ['quote'];
    case 'get_stock_price_history':
      return ['performance'];
    case 'get_ta_indicators':
      return ['ta'];
    case 'get_support_resistance':
      return ['levels'];
    case 'get_options_expiration_dates':
      return ['expirations'];
    case 'get_call_options_chain':
    case 'get_put_options_chain':
    case 'get_options_chain':
      return ['chain'];
    case 'get_stock_data_bundle':
      return ['bundle'];
    case 'get_market_status_and_date_time':
      return ['market'];
    default:
      return [];
  }
}

function addArguments(slots: Slots, { name, arguments: given }: ToolMessage): void {
  const { range, expiration, strikes, interval } = given;
  if (typeof range === 'string') slots.dates.push({ range });
  if (typeof expiration === 'string') slots.dates.push({ expiration });
  if (typeof strikes === 'number') slots.strikes = strikes;
  if (strikes === 'all') slots.strikes = 'all';
  if (interval === 'day' || interval === 'week' || interval === 'month') slots.interval = interval;
  if (name === 'get_call_options_chain') slots.side = 'call';
  if (name === 'get_put_options_chain') slots.side = 'put';
}
