// Puts tool calls together from their fragments, however a server numbers, names and splits them, and gives each an id
// that no other call of the conversation has.
import type { Extras } from './model.ts';
import { addExtras, extrasOf } from './openai-extras.ts';
import { ReplyError } from './openai-failure.ts';
import type { WrittenCall } from './openai-written.ts';

interface Draft {
  index: number | undefined;
  id: string;
  name: string;
  arguments: string;
  extras: Extras | undefined;
  functionExtras: Extras | undefined;
  /** Follows `arguments` as they grow. */
  scan: JsonScan;
}

type Fragment = Omit<Draft, 'scan'>;

const CALL_FIELDS: ReadonlySet<string> = new Set(['index', 'id', 'type', 'function']);
const FUNCTION_FIELDS: ReadonlySet<string> = new Set(['name', 'arguments']);
const FLAT_FIELDS: ReadonlySet<string> = new Set([...CALL_FIELDS, ...FUNCTION_FIELDS]);
const MAX_CALLS = 200;
/** An id goes back to who gave it; Kimi’s hold the name of the function. */
const ID = /^[!-~]{1,80}$/;
const MAX_NAME_CHARS = 64;

export function createToolCallAssembler() {
  const drafts: Draft[] = [];

  function start(fragment: Fragment): Draft {
    if (drafts.length >= MAX_CALLS) throw new ReplyError(`more than ${MAX_CALLS} tool calls in one answer`);
    const draft: Draft = {
      index: fragment.index,
      id: fragment.id,
      name: '',
      arguments: '',
      extras: undefined,
      functionExtras: undefined,
      scan: createJsonScan(),
    };
    drafts.push(draft);
    return draft;
  }

  return {
    /** One element of `tool_calls`, whole or a fragment; gives the characters it added. */
    push: (value: unknown) => {
      const fragment = readFragment(value);
      if (fragment === undefined) return 0;
      const current = findCurrent(drafts, fragment);
      const draft = current === undefined || beginsAnother(current, fragment) ? start(fragment) : current;
      if (draft.id === '') draft.id = fragment.id;
      draft.name = isRestOfName(draft, fragment) ? draft.name + fragment.name : draft.name || fragment.name;
      draft.arguments += fragment.arguments;
      draft.scan.push(fragment.arguments);
      draft.extras = addExtras(draft.extras, fragment.extras);
      draft.functionExtras = addExtras(draft.functionExtras, fragment.functionExtras);
      return fragment.name.length + fragment.arguments.length;
    },
    /** All calls in order, after them those that were written as text. */
    finish: (usedIds: ReadonlySet<string>, written: readonly WrittenCall[], tools: readonly string[]) => {
      const named = drafts.filter(({ name, arguments: args }) => name !== '' || args !== '');
      const all = [
        ...named,
        ...written.map(({ name, arguments: args }) => ({
          id: '',
          name,
          arguments: toText(args),
          extras: undefined,
          functionExtras: undefined,
        })),
      ];
      const taken = new Set(usedIds);
      return all.map((draft) => ({
        id: takeId(draft.id, taken),
        name: findTool(draft.name, tools) ?? cleanName(draft.name),
        arguments: normaliseArguments(draft.arguments),
        ...(draft.extras === undefined ? {} : { extras: draft.extras }),
        ...(draft.functionExtras === undefined ? {} : { functionExtras: draft.functionExtras }),
      }));
    },
  };
}

/** `{index, id, function: {name, arguments}}`, or the flat form of early llama.cpp. */
function readFragment(value: unknown): Fragment | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const call = value as Record<string, unknown>;
  const { index, id, function: inside } = call;
  const nested = typeof inside === 'object' && inside !== null ? (inside as Record<string, unknown>) : undefined;
  const { name, arguments: args } = nested ?? call;
  return {
    index: typeof index === 'number' ? index : undefined,
    id: typeof id === 'string' || typeof id === 'number' ? String(id) : '',
    name: typeof name === 'string' ? name : '',
    arguments: toText(args),
    extras: extrasOf(call, nested === undefined ? FLAT_FIELDS : CALL_FIELDS),
    functionExtras: nested === undefined ? undefined : extrasOf(nested, FUNCTION_FIELDS),
  };
}

/** By index, the latest; without one by id, else the last call. */
function findCurrent(drafts: readonly Draft[], { index, id }: Fragment): Draft | undefined {
  if (index !== undefined) return drafts.findLast((draft) => draft.index === index);
  if (id === '') return drafts.at(-1);
  const last = drafts.at(-1);
  return drafts.findLast((draft) => draft.id === id) ?? (last?.id === '' ? last : undefined);
}

/** Several calls at one index: another id, or a name after arguments that are already complete. */
function beginsAnother(current: Draft, fragment: Fragment): boolean {
  if (fragment.id !== '' && current.id !== '' && fragment.id !== current.id) return true;
  if (fragment.name === '' || current.name === '') return false;
  if (fragment.id !== '' && fragment.id === current.id) return current.scan.isWhole && isComplete(fragment.arguments);
  return (
    current.scan.isWhole ||
    (current.arguments === '' && fragment.name !== current.name && !isRestOfName(current, fragment))
  );
}

/** A name that comes in pieces: at the index of a call that has an id, before any argument, without an id of its own. */
function isRestOfName(current: Draft, { index, id, name }: Fragment): boolean {
  return (
    index !== undefined &&
    id === '' &&
    current.id !== '' &&
    current.index === index &&
    current.name !== '' &&
    current.arguments === '' &&
    name !== current.name
  );
}

function isComplete(text: string): boolean {
  return parse(text) !== undefined;
}

interface JsonScan {
  push(piece: string): void;
  /** One object, or one text that holds one, has ended. */
  readonly isWhole: boolean;
}

/** Whether JSON that arrives in pieces is whole: parsing it anew with each piece would take the square of its length. */
function createJsonScan(): JsonScan {
  let depth = 0;
  let isText = false;
  let isEscaped = false;
  let isWhole = false;
  function take(character: string): void {
    if (isText) {
      if (isEscaped) isEscaped = false;
      else if (character === '\\') isEscaped = true;
      else if (character === '"') {
        isText = false;
        isWhole = depth === 0;
      }
    } else if (character === '"') isText = true;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      depth -= 1;
      isWhole = depth === 0;
    }
  }
  return {
    push: (piece) => {
      for (const character of piece) take(character);
    },
    get isWhole() {
      return isWhole;
    },
  };
}

/** The object that a text holds, also where it was encoded twice. */
function parse(text: string): object | undefined {
  try {
    let value: unknown = JSON.parse(text);
    if (typeof value === 'string') value = JSON.parse(value);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    // Not complete, or malformed: the tool runner tells the model.
    return undefined;
  }
}

function toText(args: unknown): string {
  if (typeof args === 'string') return args;
  return args === undefined || args === null ? '' : JSON.stringify(args);
}

/** Nothing is `{}`, what is encoded or sent twice is once; what is malformed stays for the model to be told. */
export function normaliseArguments(text: string): string {
  const bare = text.trim().replace(/^```\w*\s*([^]*?)\s*```$/, '$1');
  if (bare === '' || bare === 'null') return '{}';
  const value = parse(bare);
  if (value === undefined) return findOnlyObject(bare) ?? text;
  return bare.startsWith('"') ? JSON.stringify(value) : bare;
}

/** The one object of a text that holds it several times, or beside empty ones (`{}{"symbol":"NVDA"}`). */
function findOnlyObject(text: string): string | undefined {
  const scan = createJsonScan();
  const objects = new Set<string>();
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    scan.push(text[at] ?? '');
    if (!scan.isWhole || text[at] !== '}') continue;
    const value = parse(text.slice(from, at + 1));
    if (value === undefined) return undefined;
    if (Object.keys(value).length > 0) objects.add(JSON.stringify(value));
    from = at + 1;
  }
  return objects.size === 1 && text.slice(from).trim() === '' ? [...objects][0] : undefined;
}

/** The tool whose name stands in a longer one as a word: `functions.NAME:0`, `default_api:NAME`, `NAME<|channel|>json`. */
function findTool(name: string, tools: readonly string[]): string | undefined {
  return tools.find((tool) => new RegExp(String.raw`(?<!\w)${tool}(?!\w)`).test(name));
}

/** Servers refuse a history with other characters in a tool's name. */
function cleanName(name: string): string {
  const clean = name
    .trim()
    .slice(0, MAX_NAME_CHARS)
    .replaceAll(/[^\w-]/g, '_');
  return clean === '' ? 'unnamed' : clean;
}

/** `id` where it is fit and free, else the next free `call_<n>`. */
export function takeId(id: string, taken: Set<string>): string {
  let chosen = id;
  for (let n = taken.size + 1; !ID.test(chosen) || taken.has(chosen); n += 1) chosen = `call_${n}`;
  taken.add(chosen);
  return chosen;
}
