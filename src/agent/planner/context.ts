// A conversation as the planner sees it: what the last turns were about, and the figures that it holds, newest first. The
// messages are the only state; what an earlier question meant is worked out once, as a session only appends.
import type { TickerSymbol } from '../../domain/types.ts';
import type { Message } from '../model.ts';
import { type HeldAnswer, type ToolMessage, heldAnswers } from './held.ts';
import type { Background } from './pointing.ts';
import { type Query, type Slots, emptySlots, isRefusal } from './query.ts';
import type { Grammar } from './understand.ts';

export interface Conversation {
  question: Message;
  background: Background;
  /** Of earlier turns, oldest first. */
  held: HeldAnswer[];
  /** Tool results that belong to the question. */
  results: ToolMessage[];
}

/** What earlier questions meant, by their message: in a session of hundreds each is read once, not once a turn. */
export type KnownTurns = WeakMap<Message, Query | 'nothing' | 'aside' | 'lost'>;

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
    question: asked,
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
    const turn = known.get(message) ?? turnOf(message.content, toolMessagesAfter(messages, index), background, grammar);
    known.set(message, turn);
    if (turn === 'aside') {
      // "why is META down", at first: what follows is about META.
      const { symbols = [] } = background.symbolSets.length > 0 ? {} : grammar.namedIn(message.content);
      if (symbols.length > 0) background.symbolSets.push(symbols);
      continue;
    }
    const query = typeof turn === 'object' ? turn : undefined;
    // What was not understood is still about something: "its rsi" after it means its symbols.
    const named = query === undefined ? grammar.namedIn(message.content) : undefined;
    const symbols = query?.symbols ?? named?.symbols ?? [];
    if (turn === 'lost' && named !== undefined) {
      // What leaned on another such turn is no question that an answer would complete.
      if (background.lost === undefined) background.unanswered = message.content;
      else delete background.unanswered;
      background.lost = symbols.length > 0 ? named : { ...background.lost, ...withoutNone(named) };
    } else {
      delete background.lost;
      delete background.unanswered;
    }
    if (query !== undefined) {
      background.run = isOfRun(background, query) ? [...new Set([...(background.run ?? []), ...symbols])] : symbols;
      // "I meant Pepsi": what stood there before was never meant.
      if (query.follow === 'correct') background.symbolSets.pop();
      background.last = query;
    }
    if (symbols.length > 0) background.symbolSets.push(symbols);
  }
  return background;
}

/** `and AMD?`: one more symbol of the same question. */
const isOfRun = ({ last }: Background, query: Query): boolean =>
  last !== undefined && query.follow !== 'correct' && query.drop === undefined && isSameQuestion(last, query);

function withoutNone({ symbols = [], ...named }: Partial<Slots>): Partial<Slots> {
  return symbols.length === 0 ? named : { ...named, symbols };
}

/** The same asked of other symbols, as `and AMD?` does, or more of the same ones. */
function isSameQuestion(before: Query, { symbols, follow, form, fields, base }: Query): boolean {
  if (follow !== undefined || symbols.every((symbol) => before.symbols.includes(symbol))) return true;
  return form === before.form && JSON.stringify(fields) === JSON.stringify(before.fields) && base === before.base;
}

function toolMessagesAfter(messages: readonly Message[], userIndex: number): ToolMessage[] {
  const end = messages.findIndex((message, index) => index > userIndex && message.role === 'user');
  return messages.slice(userIndex + 1, end < 0 ? undefined : end).filter((message) => message.role === 'tool');
}

const WITHOUT_MATTER = new Set(['calculate', 'definition', 'social']);

/** A turn that the planner understands is read from its words, one that a language model answered from its tool calls. */
function turnOf(
  question: string,
  calls: readonly ToolMessage[],
  background: Background,
  grammar: Grammar,
): Query | 'nothing' | 'aside' | 'lost' {
  const plan = grammar.parse(question, background);
  if (!isRefusal(plan)) {
    const asked = plan.parts.filter(({ form }) => !WITHOUT_MATTER.has(form));
    const last = asked.at(-1);
    return last === undefined
      ? 'aside'
      : { ...last, beside: asked.slice(0, -1).filter(({ symbols }) => symbols.length > 0) };
  }
  const last = calls.filter((call) => call.answer !== undefined).at(-1);
  const form = last === undefined ? undefined : FORM_OF_TOOL[last.name];
  if (last === undefined || form === undefined)
    return plan.isAside === true ? 'aside' : calls.length > 0 ? 'nothing' : 'lost';
  const alike = calls.filter((call) => call.name === last.name && call.answer !== undefined);
  const { range, expiration, strikes, interval } = last.arguments;
  const [, side] = /^get_(call|put)_/.exec(last.name) ?? [];
  return {
    ...emptySlots(),
    form,
    forms: [form],
    columns: [],
    symbols: [...new Set(alike.flatMap(symbolsOfCall))],
    ...(typeof range === 'string' ? { range } : {}),
    ...(typeof expiration === 'string' ? { expiration } : {}),
    ...(typeof strikes === 'number' || strikes === 'all' ? { strikes } : {}),
    ...(interval === 'week' || interval === 'month' ? { interval } : {}),
    ...(side === 'call' || side === 'put' ? { side } : {}),
  };
}

function symbolsOfCall({ arguments: given }: ToolMessage): TickerSymbol[] {
  const listed = Array.isArray(given['symbols']) ? given['symbols'] : [];
  return [given['symbol'], ...(listed as unknown[])].filter((symbol) => typeof symbol === 'string');
}

const FORM_OF_TOOL: Readonly<Record<string, string>> = {
  get_stock_quote: 'quote',
  get_multiple_stock_quotes: 'quote',
  get_stock_price_history: 'bars',
  get_ta_indicators: 'indicators',
  get_support_resistance: 'levels',
  get_options_expiration_dates: 'expirations',
  get_call_options_chain: 'chain',
  get_put_options_chain: 'chain',
  get_options_chain: 'chain',
  get_stock_data_bundle: 'overview',
  get_market_status_and_date_time: 'market',
};
