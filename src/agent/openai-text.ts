// The text of a reply as it streams in. Holds back what may turn out not to be an answer: reasoning in tags, and tool
// calls that a server failed to parse and passed on as text.
export interface WrittenCall {
  name: string;
  arguments: unknown;
}

export interface TextGate {
  push(piece: string): void;
  /** What is text, and the calls where the whole content was calls. */
  end(): { text: string; calls: WrittenCall[] };
}

const REASONING = ['<think>', '</think>'] as const;
/** LM Studio, and the Hermes form of many templates. */
const CALLS: readonly (readonly [string, string])[] = [
  ['[TOOL_REQUEST]', '[END_TOOL_REQUEST]'],
  ['<tool_call>', '</tool_call>'],
];
const MAX_CALLS = 200;

/** `onText` gets text as soon as it cannot be anything else any more. */
export function createTextGate(options: {
  hasTools: boolean;
  onText?: ((piece: string) => void) | undefined;
}): TextGate {
  const openings = [REASONING[0], ...(options.hasTools ? CALLS.map(([opening]) => opening) : [])];
  const passed: string[] = [];
  let held = '';
  let state: 'undecided' | 'reasoning' | 'calls' | 'open' = 'undecided';

  function pass(piece: string): void {
    if (piece === '') return;
    passed.push(piece);
    options.onText?.(piece);
  }

  function decide(): void {
    const start = held.trimStart();
    if (openings.some((opening) => opening.startsWith(start))) return;
    if (start.startsWith(REASONING[0])) {
      held = start;
      state = 'reasoning';
      skipReasoning();
    } else if (openings.some((opening) => start.startsWith(opening))) {
      state = 'calls';
    } else {
      state = 'open';
      pass(held);
      held = '';
    }
  }

  function skipReasoning(): void {
    const end = held.indexOf(REASONING[1]);
    if (end < 0) {
      // Only its closing tag is still of interest, and that may have begun.
      held = held.slice(-REASONING[1].length);
      return;
    }
    held = held.slice(end + REASONING[1].length).trimStart();
    state = 'undecided';
    decide();
  }

  return {
    push: (piece) => {
      if (state === 'open') {
        pass(piece);
        return;
      }
      held += piece;
      if (state === 'undecided') decide();
      else if (state === 'reasoning') skipReasoning();
    },
    end: () => {
      const calls = state === 'calls' ? readCalls(held) : [];
      if (calls.length === 0 && state !== 'reasoning') pass(held);
      return { text: passed.join(''), calls };
    },
  };
}

/** The calls where the whole text is calls, else none. */
function readCalls(text: string): WrittenCall[] {
  const calls: WrittenCall[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const form = CALLS.find(([opening]) => rest.startsWith(opening));
    const end = form === undefined ? -1 : rest.indexOf(form[1]);
    if (form === undefined || end < 0 || calls.length > MAX_CALLS) return [];
    const call = readCall(rest.slice(form[0].length, end));
    if (call === undefined) return [];
    calls.push(call);
    rest = rest.slice(end + form[1].length).trimStart();
  }
  return calls;
}

function readCall(text: string): WrittenCall | undefined {
  try {
    const { name, arguments: args, parameters } = JSON.parse(text) as Record<string, unknown>;
    return typeof name === 'string' && name !== '' ? { name, arguments: args ?? parameters } : undefined;
  } catch {
    // Text in brackets that is no call stays text.
    return undefined;
  }
}
