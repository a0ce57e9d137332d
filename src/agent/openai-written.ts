// Tool calls that a server failed to parse and passed on as text, in the forms that models are trained to write. Hides
// those forms; what is marked as a call and cannot be read as one is refused, never taken for an answer.
import type { ToolDefinition } from '../tools/registry.ts';

export interface WrittenCall {
  name: string;
  arguments: unknown;
}

export interface WrittenText {
  /** What stood before `text` on the screen already. */
  before: string;
  /** From the first mark of a call to the end. */
  text: string;
  /** The mark belongs to calls alone; else braces and fences, which a text may hold. */
  isMarked: boolean;
}

export type Reading =
  | { kind: 'calls'; calls: WrittenCall[]; before: string }
  | { kind: 'text' }
  /** A call, but not one that can be run. */
  | { kind: 'unreadable' };

/** Longer calls are nobody's: the tools take some hundred characters. */
const MAX_CHARS = 50_000;
const MAX_CALLS = 200;
const MAX_NAME_CHARS = 300;

/** Tags that only calls have. A text may name one, so that alone it proves nothing. */
export const CALL_TAGS: readonly string[] = [
  '<tool_call>',
  '<tool_call ',
  '<tool_calls>',
  '<toolcall>',
  '<TOOLCALL>',
  '<function=',
  '<function_call>',
  '<function_calls>',
  '<tool>',
  '<tool_use>',
  '<tool_use ',
  '<functioncall>',
  '<invoke ',
  '<minimax:tool_call>',
  '<start_function_call>',
  '<arg_key>',
  '[TOOL_REQUEST]',
  '[TOOL_CALLS]',
  '<seed:tool_call>',
  'functools[',
];
/** Tokens of chat templates: no text of an answer holds one. */
export const TOKEN_MARKS: readonly string[] = ['<|', '<｜', '✿FUNCTION✿'];

const TOKEN = /<[|｜][^|｜<>]*[|｜]?>/;
/** Between the name of a call and its arguments. */
const BETWEEN = String.raw`(?:\s|[:=(]|\`\`\`\w*|\bjson\b|\bcode\b|\[ARGS\]|\[CALL_ID\][\w-]*|Action Input|✿ARGS✿|${TOKEN.source})`;
const NAME_BEFORE = new RegExp(String.raw`([A-Za-z_][\w.-]*)(?::\d+)?${BETWEEN}*$`);

/** @param written all that came from the first mark on, and what had come before it */
export function readWritten(written: WrittenText, tools: readonly ToolDefinition[]): Reading {
  const { text, before, isMarked } = written;
  if (text.length > MAX_CHARS) return isMarked ? { kind: 'unreadable' } : { kind: 'text' };
  const scan = scanCalls(written, tools);
  const isToken = TOKEN_MARKS.some((mark) => text.startsWith(mark));
  if (scan.calls.length > 0 && !scan.isBroken) {
    const isExample = isMarked && !isToken && scan.calls.every((call) => isBareName(call, tools));
    return isExample && (before.trim() !== '' || isSpokenOf(text))
      ? { kind: 'text' }
      : { kind: 'calls', calls: scan.calls, before: scan.before ?? before };
  }
  const namesTool = tools.some(({ name }) => text.includes(name));
  if (!isMarked) return scan.isBroken && namesTool ? { kind: 'unreadable' } : { kind: 'text' };
  return isToken || scan.isBroken || namesTool || !isSpokenOf(text) ? { kind: 'unreadable' } : { kind: 'text' };
}

/** A name that is no tool's and nothing else: an example more likely than a call. */
function isBareName(call: WrittenCall, tools: readonly ToolDefinition[]): boolean {
  return call.arguments === undefined && !tools.some(({ name }) => name === call.name);
}

/** A sentence goes on behind the tag. */
function isSpokenOf(text: string): boolean {
  return /[>\]] ?[a-z]+ [^<>[\]]*$/i.test(text);
}

interface Scan {
  calls: WrittenCall[];
  /** A call begins and does not end. */
  isBroken: boolean;
  /** What stood before, without the name that belongs to the first call. */
  before: string | undefined;
}

/** The calls in a text, whatever stands around them. */
function scanCalls({ text, before, isMarked }: WrittenText, tools: readonly ToolDefinition[]): Scan {
  const scan: Scan = { calls: [], isBroken: false, before: undefined };
  const names = tools.map(({ name }) => name);
  const start = createStart(names);
  let from = 0;
  for (let found = start.exec(text); found !== null; found = start.exec(text)) {
    const at = found.index;
    const isFirst = from === 0;
    const gap = text.slice(Math.max(from, at - MAX_NAME_CHARS), at);
    const named = NAME_BEFORE.exec(isFirst ? `${before.slice(-MAX_NAME_CHARS)}${gap}` : gap);
    const nameBefore = named === null ? undefined : cleanName(named[1] ?? '');
    const read = readAt(text, at, { found: found[0], nameBefore, tools, isMarked });
    if (read === undefined) {
      scan.isBroken = true;
      return scan;
    }
    if (isFirst && named !== null && gap === '' && read.usesName)
      scan.before = before.slice(0, Math.max(0, before.length - named[0].length));
    scan.calls.push(...read.calls);
    if (scan.calls.length > MAX_CALLS) return { ...scan, isBroken: true };
    from = read.end;
    start.lastIndex = from;
  }
  return scan;
}

/** Where the payload of a call may begin. */
function createStart(names: readonly string[]): RegExp {
  const called = names.length === 0 ? '' : String.raw`|(?<!\w|(?<!default_api)\.)(?:${names.join('|')})(?:\.call)?\(`;
  const alone =
    names.length === 0 ? '' : String.raw`|(?<=<tool_call>\s*)(?:${names.join('|')})(?=\s*(?:<|$))(?!\s*<arg_key>)`;
  const tagged = names.length === 0 ? '' : `|<(?:${names.join('|')})>`;
  return new RegExp(
    String.raw`\{|<function=|<(?:(?:｜DSML｜)?invoke|tool_use)\s|<arg_key>${tagged}${called}${alone}`,
    'g',
  );
}

interface Place {
  found: string;
  nameBefore: string | undefined;
  tools: readonly ToolDefinition[];
  isMarked: boolean;
}

interface Read {
  calls: WrittenCall[];
  end: number;
  usesName?: boolean;
}

/** Undefined where a call begins that cannot be read; no calls where it is none. */
function readAt(text: string, at: number, place: Place): Read | undefined {
  if (place.found === '{') return readJsonAt(text, at, place);
  if (place.found === '<arg_key>') return readArgumentPairs(text, at, place);
  if (/^<\w+>$/.test(place.found)) return readTagOfTool(text, at, place);
  if (place.found.startsWith('<')) return readTags(text, at, place);
  if (!place.found.endsWith('('))
    return { calls: [{ name: place.found, arguments: {} }], end: at + place.found.length };
  return readPython(text, at, place);
}

function readJsonAt(text: string, at: number, { nameBefore, tools, isMarked }: Place): Read | undefined {
  const end = findJsonEnd(text, at);
  const written = text.slice(at, end);
  const value =
    end === undefined
      ? undefined
      : (parseJson(written) ?? (isMarked ? (parseQuotedOnce(written) ?? parseEscaped(written)) : undefined));
  if (end === undefined || value === undefined)
    return isMarked || looksLikeCall(text, at, tools) ? undefined : { calls: [], end: text.length };
  const calls = callsIn(value, tools, isMarked);
  if (calls !== undefined) return { calls, end };
  const isNamed = nameBefore !== undefined && (isMarked || tools.some(({ name }) => name === nameBefore));
  return isNamed ? { calls: [{ name: nameBefore, arguments: value }], end, usesName: true } : { calls: [], end };
}

/** JSON that breaks off, but names a tool or carries arguments. */
function looksLikeCall(text: string, at: number, tools: readonly ToolDefinition[]): boolean {
  const rest = text.slice(at);
  return (
    tools.some(({ name }) => rest.includes(`"${name}"`) || rest.includes(`'${name}'`)) ||
    /["'](?:name|function|tool)["']\s*:[^]*["'](?:arguments|parameters)["']\s*:/.test(rest.slice(0, 2_000))
  );
}

const NAME_KEYS = ['name', 'tool_name', 'function_name', 'tool', 'function', 'action', 'recipient_name'];
const ARGUMENT_KEYS = ['arguments', 'parameters', 'args', 'input', 'params', 'tool_input', 'action_input', 'kwargs'];
const BESIDE = new Set(['id', 'type', 'tool_call_id', 'call_id', 'index']);

/** The calls that a JSON value is; undefined where it is none. */
function callsIn(value: unknown, tools: readonly ToolDefinition[], isMarked: boolean): WrittenCall[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    const all = value.map((each) => callsIn(each, tools, isMarked));
    return all.length > 0 && all.every((each) => each !== undefined) ? all.flat() : undefined;
  }
  const fields = value as Record<string, unknown>;
  const wrapped = fields['tool_calls'] ?? fields['tool_call'] ?? fields['function_call'] ?? fields['calls'];
  if (typeof wrapped === 'object' && wrapped !== null) return callsIn(wrapped, tools, isMarked);
  const { function: inside } = fields;
  if (typeof inside === 'object' && inside !== null) return callsIn(inside, tools, isMarked);
  const call = namedCall(fields, tools, isMarked) ?? keyedCall(fields, tools);
  return call === undefined ? undefined : [call];
}

/** `{"name": …, "arguments": …}` and its kin; the arguments of a tool may stand beside its name. */
function namedCall(
  fields: Record<string, unknown>,
  tools: readonly ToolDefinition[],
  isMarked: boolean,
): WrittenCall | undefined {
  const nameKey = NAME_KEYS.find((key) => typeof fields[key] === 'string' && fields[key] !== '');
  if (nameKey === undefined) return undefined;
  const name = cleanName(fields[nameKey] as string);
  const isTool = tools.some((tool) => tool.name === name);
  const argumentsKey = ARGUMENT_KEYS.find((key) => Object.hasOwn(fields, key));
  if (argumentsKey !== undefined) {
    const args = fields[argumentsKey];
    const isPlausible =
      isTool || isMarked || (nameKey === 'name' && ['arguments', 'parameters'].includes(argumentsKey));
    return isPlausible && (args === null || ['object', 'string'].includes(typeof args))
      ? { name, arguments: args }
      : undefined;
  }
  if (!isTool) return isMarked ? { name, arguments: undefined } : undefined;
  const rest = Object.entries(fields).filter(([key]) => key !== nameKey && !BESIDE.has(key));
  return { name, arguments: Object.fromEntries(rest) };
}

/** `{"get_stock_quote": {"symbol": "NVDA"}}` */
function keyedCall(fields: Record<string, unknown>, tools: readonly ToolDefinition[]): WrittenCall | undefined {
  const [entry, ...others] = Object.entries(fields);
  if (entry === undefined || others.length > 0) return undefined;
  const [name, args] = entry;
  return typeof args === 'object' && tools.some((tool) => tool.name === name) ? { name, arguments: args } : undefined;
}

/** Kimi numbers its calls, several write the namespace that their template puts tools in. */
function cleanName(name: string): string {
  return name
    .trim()
    .replace(/^(?:functions|tools|default_api)\./, '')
    .replace(/:\d+$/, '')
    .replace(/\.call$/, '');
}

/** The end of the object that begins at `at`; undefined where it has none. */
function findJsonEnd(text: string, at: number): number | undefined {
  let depth = 0;
  let isText = false;
  for (let index = at; index < text.length; index += 1) {
    const character = text[index];
    if (isText) {
      if (character === '\\') index += 1;
      else if (character === '"') isText = false;
    } else if (character === '"') isText = true;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Malformed: the caller decides whether it was meant as a call.
    return undefined;
  }
}

/** The same as Python writes it: unambiguous where nothing but its single quotes quotes. */
function parseQuotedOnce(text: string): unknown {
  if (/["\\]/.test(text)) return undefined;
  const names: Readonly<Record<string, string>> = { None: 'null', True: 'true', False: 'false' };
  return parseJson(
    text.replaceAll(/'([^']*)'|\b(?:None|True|False)\b/g, (word, inside?: string) =>
      inside === undefined ? (names[word] ?? word) : JSON.stringify(inside),
    ),
  );
}

/** FunctionGemma: `{symbol:<escape>NVDA<escape>,strikes:5}`. */
function parseEscaped(text: string): unknown {
  const texts: string[] = [];
  const bare = text.replaceAll(/<escape>([^]*?)<escape>/g, (_whole, inside: string) => `"${texts.push(inside) - 1}"`);
  const quoted = bare.replaceAll(/([{,]\s*)([A-Za-z_]\w*)\s*:/g, '$1"$2":');
  return parseJson(quoted.replaceAll(/"(\d+)"/g, (_whole, at: string) => JSON.stringify(texts[Number(at)] ?? '')));
}

/** `<NAME>` with JSON inside, or a tag for each of the tool's arguments. */
function readTagOfTool(text: string, at: number, { found, tools }: Place): Read | undefined {
  const name = found.slice(1, -1);
  const closing = text.indexOf(`</${name}>`, at);
  if (closing < 0) return undefined;
  const end = closing + found.length + 1;
  const body = text.slice(at + found.length, closing).trim();
  if (body.startsWith('{')) {
    const value = parseJson(body);
    return value === undefined ? undefined : { calls: [{ name, arguments: value }], end };
  }
  const keys = Object.keys(tools.find((tool) => tool.name === name)?.parameters['properties'] ?? {});
  const parts = [...body.matchAll(/<(\w+)>([^]*?)<\/\1>/g)].filter(([, key = '']) => keys.includes(key));
  if (parts.map(([whole]) => whole).join('') !== body.replaceAll(/>\s+</g, '><')) return undefined;
  const args = parts.map(([, key = '', value = '']) => [key, toValue(value, name, key, tools)]);
  return { calls: [{ name, arguments: Object.fromEntries(args) as unknown }], end };
}

/** `<function=NAME>` with `<parameter=KEY>` (Qwen3-Coder) or JSON inside, `<invoke name="NAME">` with `<parameter name="KEY">`. */
function readTags(text: string, at: number, place: Place): Read | undefined {
  const opening = /^<(?:function=|(?:(?:｜DSML｜)?invoke|tool_use)\s+name=)["']?([\w.:-]+)["']?[^>]*>/.exec(
    text.slice(at, at + MAX_NAME_CHARS),
  );
  if (opening === null) return undefined;
  const name = cleanName(opening[1] ?? '');
  const from = at + opening[0].length;
  const closing =
    /<\/(?:function|(?:｜DSML｜)?invoke|tool_use)>|<function=|<(?:(?:｜DSML｜)?invoke|tool_use)\s|<\/tool_call>/g;
  closing.lastIndex = from;
  const found = closing.exec(text);
  const end = found === null ? text.length : found[0].startsWith('</') ? closing.lastIndex : found.index;
  const body = text.slice(from, found?.index ?? text.length);
  if (body.trimStart().startsWith('{')) {
    const value = parseJson(body.trim());
    return typeof value === 'object' ? { calls: [{ name, arguments: value }], end } : undefined;
  }
  const args = readParameters(found === null ? body : `${body}</parameter>`, name, place.tools);
  return args === undefined ? undefined : { calls: [{ name, arguments: args }], end };
}

const PARAMETER =
  /<(?:｜DSML｜)?parameter(?:=|\s+name=)["']?([\w.-]+)["']?[^>]*>([^]*?)(?:<\/(?:｜DSML｜)?parameter>|(?=<(?:｜DSML｜)?parameter[=\s]))/g;

function readParameters(
  body: string,
  name: string,
  tools: readonly ToolDefinition[],
): Record<string, unknown> | undefined {
  const found = [...body.matchAll(PARAMETER)];
  // A parameter without its end may lack half of its value.
  if ((body.match(/<(?:｜DSML｜)?parameter[=\s]/g) ?? []).length !== found.length) return undefined;
  return Object.fromEntries(found.map(([, key = '', value = '']) => [key, toValue(value, name, key, tools)]));
}

/** GLM: the name, then `<arg_key>KEY</arg_key><arg_value>VALUE</arg_value>` for each argument. */
function readArgumentPairs(text: string, at: number, { nameBefore, tools }: Place): Read | undefined {
  if (nameBefore === undefined) return undefined;
  const closing = text.indexOf('</tool_call>', at);
  const end = closing < 0 ? text.length : closing;
  const body = text.slice(at, end);
  const pairs = [...body.matchAll(/<arg_key>([^<]*)<\/arg_key>\s*<arg_value>([^]*?)<\/arg_value>/g)];
  if ((body.match(/<arg_key>/g) ?? []).length !== pairs.length) return undefined;
  const args = pairs.map(([, key = '', value = '']) => [key.trim(), toValue(value, nameBefore, key.trim(), tools)]);
  return { calls: [{ name: nameBefore, arguments: Object.fromEntries(args) as unknown }], end, usesName: true };
}

/** Tags hold text: what the tool's schema calls a text stays one, the rest is JSON. */
function toValue(text: string, name: string, key: string, tools: readonly ToolDefinition[]): unknown {
  const value = text.trim();
  if (/^(?:null|None)$/.test(value)) return null;
  const properties = tools.find((tool) => tool.name === name)?.parameters['properties'] as
    Record<string, { type?: unknown }> | undefined;
  if (properties?.[key]?.type === 'string') return value;
  return parseJson(value) ?? value;
}

/** `NAME(symbol="NVDA", strikes=5)`; without a comma or the end behind it, it is a word of the text. */
function readPython(text: string, at: number, { found, tools }: Place): Read | undefined {
  const name = cleanName(found.slice(0, -1));
  const keys = Object.keys(tools.find((tool) => tool.name === name)?.parameters['properties'] ?? {});
  const args = new Map<string, unknown>();
  const argument =
    /\s*(?:([A-Za-z_]\w*)\s*=\s*)?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\[[^\]]*\]|-?[\d.]+|True|False|None|true|false|null|[A-Z][A-Z.]*)\s*(,|(?=\)))/y;
  argument.lastIndex = at + found.length;
  for (let part = argument.exec(text); part !== null; part = argument.exec(text)) {
    const key = part[1] ?? keys[args.size];
    if (key === undefined) break;
    args.set(key, pythonValue(part[2] ?? ''));
    at = argument.lastIndex - found.length;
    argument.lastIndex = at + found.length;
  }
  const closing = /\s*\)/y;
  closing.lastIndex = at + found.length;
  if (!closing.test(text)) return name.includes('_') ? undefined : { calls: [], end: at + found.length };
  const end = closing.lastIndex;
  const isAlone = /^[)\]\s;,]*(?:$|\n|```|<|[\w.]+\()/.test(text.slice(end, end + MAX_NAME_CHARS));
  return { calls: isAlone ? [{ name, arguments: Object.fromEntries(args) }] : [], end };
}

function pythonValue(text: string): unknown {
  if (text === 'None') return null;
  if (text === 'True' || text === 'False') return text === 'True';
  const quoted = /^'([^]*)'$/.exec(text)?.[1];
  if (quoted !== undefined) return quoted.replaceAll(/\\(.)/g, '$1');
  return parseJson(text) ?? parseJson(text.replaceAll("'", '"')) ?? text;
}
