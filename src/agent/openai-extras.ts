// What a server writes beside the fields that fin knows, put together from the pieces of a stream. Hides how pieces of
// one value are told from a value that is repeated; nothing here is read, only kept to be sent back.
import { isRecord } from '../domain/present.ts';
import type { Extras, Message } from './model.ts';

/** Said again with every piece of one value, as it is: never a piece of text. */
const REPEATED = new Set(['type', 'id', 'index', 'format', 'role', 'object', 'model', 'provider']);

/** Elements of one list that a stream goes on with side by side. */
const MOST_OPEN = 64;
/** Words of a refusal, and of the very opposite: a server that misses a field names it too. */
const REFUSES = /un(?:known|recogni[sz]ed|supported|expected)|not (?:supported|permitted|allowed)|extra|cannot find/i;
const MISSES = /\bmissing\b|must be (?:passed|provided|included|sent|set)|\brequired\b|passed back/i;
const MAX_DEPTH = 20;

/** The fields of `from` that are not among `known`; undefined where there are none. */
export function extrasOf(from: Record<string, unknown>, known: ReadonlySet<string>): Extras | undefined {
  const entries = Object.entries(from).filter(([name]) => !known.has(name));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** `before` with what a later piece adds: texts joined, objects merged, list elements matched by their `index`. */
export function addExtras(before: Extras | undefined, added: Extras | undefined): Extras | undefined {
  if (before === undefined || added === undefined) return before ?? added;
  return mergeObjects(before, added);
}

/** In place: a stream brings a value in many thousand pieces. */
function mergeObjects(before: Extras, added: Extras): Extras {
  for (const [name, value] of Object.entries(added)) {
    const merged = Object.hasOwn(before, name) ? merge(name, before[name], value) : value;
    // Assignment to `__proto__` would set no field.
    Object.defineProperty(before, name, { value: merged, writable: true, enumerable: true, configurable: true });
  }
  return before;
}

function merge(name: string, before: unknown, added: unknown): unknown {
  if (added === null || added === undefined) return before;
  if (typeof before === 'string' && typeof added === 'string')
    return REPEATED.has(name) && before === added ? before : before + added;
  if (Array.isArray(before) && Array.isArray(added)) return mergeLists(before, added);
  return isRecord(before) && isRecord(added) ? mergeObjects(before, added) : added;
}

function mergeLists(before: unknown[], added: readonly unknown[]): unknown[] {
  for (const item of added) {
    const { index } = isRecord(item) ? item : {};
    const current = typeof index === 'number' ? findByIndex(before, index) : undefined;
    if (current === undefined) before.push(item);
    else mergeObjects(current, item as Extras);
  }
  return before;
}

/** Among the newest only: what a stream goes on with is near its end. */
function findByIndex(list: readonly unknown[], index: number): Extras | undefined {
  return list
    .slice(-MOST_OPEN)
    .filter(isRecord)
    .find((one) => one['index'] === index);
}

/** Those of the extras sent with `messages` that a refusal names, by themselves or by a field inside them. */
export function findRefusedExtras(messages: readonly Message[], refusal: string): string[] {
  if (MISSES.test(refusal) && !REFUSES.test(refusal)) return [];
  const sent = messages.flatMap((message) => (message.role === 'assistant' ? extrasIn(message) : []));
  const refused = sent
    .flatMap((extras) => Object.entries(extras))
    .filter(([name, value]) => [name, ...namesIn(value)].some((each) => isNamed(each, refusal)))
    .map(([name]) => name);
  return [...new Set(refused)];
}

/** A field that a server wants with every call, also with those that another model or the planner wrote. */
export type NeededField = 'reasoning_content' | 'thought_signature';

/** What Gemini documents for calls that it did not write itself. */
const FOREIGN_SIGNATURE = 'skip_thought_signature_validator';

/** The one that a refusal misses, where a call is sent without it. */
export function findNeeded(messages: readonly Message[], refusal: string): NeededField[] {
  if (!MISSES.test(refusal)) return [];
  const sent = messages.filter((message) => message.role === 'assistant' && (message.toolCalls ?? []).length > 0);
  const needed = (['reasoning_content', 'thought_signature'] as const).filter((name) => isNamed(name, refusal));
  return needed.filter((name) => sent.some((message) => !JSON.stringify(message).includes(`"${name}"`)));
}

/** The message with what its server needs and it lacks. */
export function fillNeeded(
  message: Extract<Message, { role: 'assistant' }>,
  needed: ReadonlySet<NeededField>,
): Extract<Message, { role: 'assistant' }> {
  const { extras, toolCalls = [] } = message;
  const filled = needed.has('reasoning_content') ? { reasoning_content: '', ...extras } : extras;
  const isSigned = !needed.has('thought_signature') || JSON.stringify(toolCalls).includes('"thought_signature"');
  const [first, ...rest] = toolCalls;
  const calls =
    isSigned || first === undefined
      ? toolCalls
      : [
          {
            ...first,
            extras: { ...first.extras, extra_content: { google: { thought_signature: FOREIGN_SIGNATURE } } },
          },
          ...rest,
        ];
  return { ...message, toolCalls: calls, ...(filled === undefined ? {} : { extras: filled }) };
}

/** Without the refused ones; undefined where nothing is left. */
export function withoutRefused(extras: Extras | undefined, refused: ReadonlySet<string>): Extras | undefined {
  return extras === undefined ? undefined : extrasOf(extras, refused);
}

function extrasIn({ extras, toolCalls = [] }: Extract<Message, { role: 'assistant' }>): Extras[] {
  if (toolCalls.length === 0) return [];
  const all = [extras, ...toolCalls.flatMap((call) => [call.extras, call.functionExtras])];
  return all.filter((each) => each !== undefined);
}

function namesIn(value: unknown, depth = 0): string[] {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return [];
  const inside = Object.values(value).flatMap((each) => namesIn(each, depth + 1));
  return Array.isArray(value) ? inside : [...Object.keys(value), ...inside];
}

/** As a whole word; a name so short that it may be any word must stand in quotes. */
function isNamed(name: string, refusal: string): boolean {
  const escaped = name.replaceAll(/[^\w]/g, '\\$&');
  const pattern = name.length < 4 ? `["'\`]${escaped}["'\`]` : `(?<!\\w)${escaped}(?!\\w)`;
  return name !== '' && new RegExp(pattern).test(refusal);
}
