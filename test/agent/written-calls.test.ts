// Tool calls that a server passes on as text, in the forms that models are trained to write: read where they can be,
// else refused, and never given as text.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTextGate } from '../../src/agent/openai-text.ts';
import { listTools, type ToolDefinition } from '../../src/tools/registry.ts';

interface Gated {
  text: string;
  calls: { name: string; arguments: unknown }[];
  isUnreadable: boolean;
  /** What a screen would have shown when the reply ended. */
  shown: string;
}

function gate(text: string, pieceChars = 3, tools: readonly ToolDefinition[] = listTools()): Gated {
  let shown = '';
  const gated = createTextGate({
    tools,
    onText: (piece) => {
      shown += piece;
    },
    onDiscard: () => {
      shown = '';
    },
  });
  for (let at = 0; at < text.length; at += pieceChars) gated.push(text.slice(at, at + pieceChars));
  const { text: said, calls, isUnreadable = false } = gated.end();
  const read = calls.map(({ name, arguments: args }) => ({
    name,
    arguments: typeof args === 'string' ? parse(args) : args,
  }));
  return { text: said, calls: read, isUnreadable, shown };
}

/** Arguments that are no JSON are for the tool to complain about. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const QUOTE = { name: 'get_stock_quote', arguments: { symbol: 'NVDA' } };
const JSON_CALL = '{"name": "get_stock_quote", "arguments": {"symbol": "NVDA"}}';
const CHAIN = { name: 'get_options_chain', arguments: { symbol: 'NVDA', expiration: 'friday', strikes: 5 } };
const STATUS = { name: 'get_market_status_and_date_time', arguments: {} };

const FORMS: [string, string, object[]][] = [
  ['Hermes', `<tool_call>\n${JSON_CALL}\n</tool_call>`, [QUOTE]],
  ['Hermes without its end', `<tool_call>\n${JSON_CALL}\n`, [QUOTE]],
  [
    'two of Hermes, the last without its end',
    `<tool_call>${JSON_CALL}</tool_call>\n<tool_call>${JSON_CALL}`,
    [QUOTE, QUOTE],
  ],
  ['LM Studio', `[TOOL_REQUEST]${JSON_CALL}[END_TOOL_REQUEST]`, [QUOTE]],
  [
    'Qwen3-Coder',
    '<tool_call>\n<function=get_options_chain>\n<parameter=symbol>\nNVDA\n</parameter>\n<parameter=expiration>\nfriday\n</parameter>\n<parameter=strikes>\n5\n</parameter>\n</function>\n</tool_call>',
    [CHAIN],
  ],
  [
    'Qwen3-Coder without its wrapper, several',
    '<function=get_stock_quote>\n<parameter=symbol>\nNVDA\n</parameter>\n</function>\n<function=get_market_status_and_date_time>\n</function>',
    [QUOTE, STATUS],
  ],
  [
    'Qwen3-Coder with a list and a null',
    '<tool_call><function=get_stock_price_history><parameter=symbol>NVDA</parameter><parameter=range>null</parameter></function><function=get_multiple_stock_quotes><parameter=symbols>["AAPL", "MSFT"]</parameter></function></tool_call>',
    [
      { name: 'get_stock_price_history', arguments: { symbol: 'NVDA', range: null } },
      { name: 'get_multiple_stock_quotes', arguments: { symbols: ['AAPL', 'MSFT'] } },
    ],
  ],
  ['Llama 3.1 JSON', '<|python_tag|>{"name": "get_stock_quote", "parameters": {"symbol": "NVDA"}}<|eom_id|>', [QUOTE]],
  ['Llama 3.1 Python', '<|python_tag|>get_stock_quote.call(symbol="NVDA")', [QUOTE]],
  [
    'Llama 3.2 Python list',
    "[get_stock_quote(symbol='NVDA'), get_options_chain(symbol='NVDA', expiration='friday', strikes=5)]",
    [QUOTE, CHAIN],
  ],
  ['Llama 3.1 custom', '<function=get_stock_quote>{"symbol": "NVDA"}</function>', [QUOTE]],
  ['bare JSON', JSON_CALL, [QUOTE]],
  ['bare JSON of Llama', '{"type": "function", "name": "get_stock_quote", "parameters": {"symbol": "NVDA"}}', [QUOTE]],
  ['bare JSON as the reference nests it', `{"type":"function","function":${JSON_CALL}}`, [QUOTE]],
  ['bare JSON in a list', `[ ${JSON_CALL}, ${JSON_CALL}]`, [QUOTE, QUOTE]],
  ['bare JSON in a fence', `\`\`\`json\n${JSON_CALL}\n\`\`\``, [QUOTE]],
  ['bare JSON, one object a line', `${JSON_CALL}\n${JSON_CALL}`, [QUOTE, QUOTE]],
  ['bare JSON with other names', '{"tool": "get_stock_quote", "args": {"symbol": "NVDA"}}', [QUOTE]],
  ['bare JSON with arguments as text', '{"name":"get_stock_quote","arguments":"{\\"symbol\\":\\"NVDA\\"}"}', [QUOTE]],
  ['bare JSON under tool_calls', `{"tool_calls": [${JSON_CALL}]}`, [QUOTE]],
  ['the tool as the key', '{"get_stock_quote": {"symbol": "NVDA"}}', [QUOTE]],
  ['the name before its JSON', 'get_stock_quote\n{"symbol": "NVDA"}', [QUOTE]],
  ['ReAct', 'Action: get_stock_quote\nAction Input: {"symbol": "NVDA"}', [QUOTE]],
  [
    'harmony',
    '<|channel|>analysis<|message|>We need a quote.<|end|><|start|>assistant<|channel|>commentary to=functions.get_stock_quote <|constrain|>json<|message|>{"symbol":"NVDA"}<|call|>',
    [QUOTE],
  ],
  [
    'harmony with the recipient first',
    '<|start|>assistant to=functions.get_stock_quote<|channel|>commentary json<|message|>{"symbol":"NVDA"}<|call|>',
    [QUOTE],
  ],
  [
    'harmony without its message token',
    '<|channel|>commentary to=functions.get_stock_quote json{"symbol":"NVDA"}',
    [QUOTE],
  ],
  [
    'DeepSeek R1',
    '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_stock_quote\n```json\n{"symbol":"NVDA"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜><｜end▁of▁sentence｜>',
    [QUOTE],
  ],
  [
    'DeepSeek V3.1',
    '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_stock_quote<｜tool▁sep｜>{"symbol":"NVDA"}<｜tool▁call▁end｜><｜tool▁call▁begin｜>get_market_status_and_date_time<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    [QUOTE, STATUS],
  ],
  [
    'DeepSeek V3.2',
    '<｜DSML｜function_calls>\n<｜DSML｜invoke name="get_options_chain">\n<｜DSML｜parameter name="symbol" string="true">NVDA</｜DSML｜parameter>\n<｜DSML｜parameter name="expiration" string="true">friday</｜DSML｜parameter>\n<｜DSML｜parameter name="strikes" string="false">5</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>',
    [CHAIN],
  ],
  ['Mistral', `[TOOL_CALLS][${JSON_CALL}]`, [QUOTE]],
  ['Mistral since 2025', '[TOOL_CALLS]get_stock_quote[ARGS]{"symbol": "NVDA"}', [QUOTE]],
  [
    'Mistral with ids, several',
    '[TOOL_CALLS]get_stock_quote[CALL_ID]a1B2c3D4e[ARGS]{"symbol": "NVDA"}[TOOL_CALLS]get_market_status_and_date_time[ARGS]{}',
    [QUOTE, STATUS],
  ],
  [
    'Kimi',
    '<|tool_calls_section_begin|><|tool_call_begin|>functions.get_stock_quote:0<|tool_call_argument_begin|>{"symbol": "NVDA"}<|tool_call_end|><|tool_calls_section_end|>',
    [QUOTE],
  ],
  [
    'GLM',
    '<tool_call>get_options_chain\n<arg_key>symbol</arg_key>\n<arg_value>NVDA</arg_value>\n<arg_key>expiration</arg_key>\n<arg_value>friday</arg_value>\n<arg_key>strikes</arg_key>\n<arg_value>5</arg_value>\n</tool_call>',
    [CHAIN],
  ],
  ['GLM without arguments', '<tool_call>get_market_status_and_date_time\n</tool_call>', [STATUS]],
  [
    'MiniMax',
    '<minimax:tool_call>\n<invoke name="get_stock_quote">\n<parameter name="symbol">NVDA</parameter>\n</invoke>\n</minimax:tool_call>',
    [QUOTE],
  ],
  ['Granite', `<|tool_call|>[${JSON_CALL}]`, [QUOTE]],
  [
    'Command R',
    '<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "get_stock_quote", "parameters": {"symbol": "NVDA"}}]<|END_ACTION|>',
    [QUOTE],
  ],
  ['Gemma', '```tool_code\nprint(get_stock_quote(symbol="NVDA"))\n```', [QUOTE]],
  [
    'FunctionGemma',
    '<start_function_call>call:get_options_chain{symbol:<escape>NVDA<escape>,expiration:<escape>friday<escape>,strikes:5}<end_function_call>',
    [CHAIN],
  ],
  ['a tag of uses', '<tool_use name="get_stock_quote">{"symbol": "NVDA"}</tool_use>', [QUOTE]],
  [
    'a tag of the tool itself',
    '<get_options_chain>\n<symbol>NVDA</symbol>\n<expiration>friday</expiration>\n<strikes>5</strikes>\n</get_options_chain>',
    [CHAIN],
  ],
  ['a tag of the tool itself, with JSON', '<get_stock_quote>{"symbol": "NVDA"}</get_stock_quote>', [QUOTE]],
  [
    'a tag of the tool itself, in a fence',
    '```xml\n<get_stock_quote><symbol>NVDA</symbol></get_stock_quote>\n```',
    [QUOTE],
  ],
  [
    'a tool that is not there, for the loop to say so',
    '<tool_call>{"name":"get_price","arguments":{"symbol":"NVDA"}}</tool_call>',
    [{ name: 'get_price', arguments: { symbol: 'NVDA' } }],
  ],
];

describe('a call written as text', () => {
  it.each([
    '<tool>get_stock_quote</tool><arguments>{"symbol":"NVDA"}</arguments>',
    '<get_stock_quote><symbol>NVDA</symbol>',
    '<get_stock_quote>NVDA</get_stock_quote>',
    '<get_stock_quote><ticker>NVDA</ticker></get_stock_quote>',
  ])('in tags that cannot be read is refused: %s', (text) => {
    expect(gate(text)).toMatchObject({ calls: [], isUnreadable: true, shown: '' });
  });

  it.each(FORMS)('is read: %s', (_what, text, calls) => {
    for (const pieceChars of [1, 7, 10_000]) {
      const gated = gate(text, pieceChars);
      expect(gated.calls).toEqual(calls);
      expect(gated.isUnreadable).toBe(false);
    }
  });

  it.each(FORMS)(
    'is read behind words, which are no answer then, and before words that are made up: %s',
    (_what, text, calls) => {
      const gated = gate(`Let me look that up for you.\n\n${text}\nNVDA trades at 999.99.`, 5);
      expect(gated.calls).toEqual(calls);
      expect(gated.text).not.toMatch(/999|NVDA|symbol|<|\[/);
    },
  );

  it.each(FORMS.filter(([what]) => !/Python|Gemma|made up/.test(what)))(
    'is read behind its reasoning: %s',
    (_what, text, calls) => {
      expect(gate(`<think>I need a quote, { or <tool_call>.</think>\n${text}`, 4).calls).toEqual(calls);
      const gated = gate(`I need a quote.</think>\n${text}`, 4);
      expect(gated.calls).toEqual(calls);
      expect(gated.shown).not.toMatch(/[<{[]|need/);
    },
  );

  it('is read or refused wherever it is cut, and never shown', () => {
    const marked = FORMS.filter(([, text]) =>
      /^(?:<\||<｜|<tool_call|<function|\[TOOL|\{"name|\[ ?\{|<minimax)/.test(text),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...marked),
        fc.double({ min: 0.5, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 20 }),
        ([, text], share, pieceChars) => {
          const gated = gate(text.slice(0, Math.ceil(text.length * share)), pieceChars);
          expect(gated.isUnreadable || gated.calls.length > 0 || gated.text === '').toBe(true);
          expect(gated.shown).toBe('');
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ['Python of a code interpreter', '<|python_tag|>import yfinance\nprint(yfinance.Ticker("NVDA").info)'],
    ['a tag with nothing that can be read', '<tool_call>\nquote for NVDA please\n</tool_call>'],
    ['a tag with nothing in it', 'One moment. <tool_call></tool_call>'],
    ['arguments without a name', '<tool_call>{"symbol": "NVDA"}</tool_call>'],
    ['JSON with a slip', '<tool_call>{"name": "get_stock_quote", "arguments": {"symbol": NVDA}}</tool_call>'],
    ['bare JSON with a slip', '{"name": "get_stock_quote", "arguments": {"symbol": NVDA}}'],
    ['a Python dictionary', "{'name': 'get_stock_quote', 'arguments': {'symbol': 'NVDA'}}"],
    ['a parameter without its end', '<function=get_stock_quote>\n<parameter=symbol>\nNV'],
    ['FunctionGemma, cut', '<start_function_call>call:get_stock_quote{symbol:<escape>NVDA'],
    ['a token of a template', '<|reserved_special_token_7|>NVDA is up.'],
  ])('is refused where it cannot be read: %s', (_what, text) => {
    for (const pieceChars of [1, 10_000]) {
      const gated = gate(text, pieceChars);
      expect(gated).toMatchObject({ isUnreadable: true, calls: [] });
      expect(gated.shown).not.toMatch(/[<{]/);
    }
  });

  it('takes time in proportion to its length', () => {
    const started = process.cpuUsage().user;
    for (const hostile of [
      '<tool_call>',
      '{',
      '{}',
      '[{',
      '<parameter=a>',
      '</parameter><parameter=a>',
      'get_stock_quote(',
      '<arg_key>',
      '```',
      '<think>',
      '</think>',
      '<|',
    ])
      gate(`<function=x>${hostile.repeat(40_000)}`, 1_000);
    expect((process.cpuUsage().user - started) / 1000).toBeLessThan(6_000);
  });
});

describe('text', () => {
  it.each([
    'NVDA is at 450.10, RSI < 30 [overbought] and IV > 25 %.',
    'I used get_stock_quote for it, and calculate for the rest.',
    'It was calculate(2 + 3) that gave 5.',
    'The call get_stock_quote(symbol="NVDA") brought 450.10.',
    'Sets such as {AAPL, MSFT} are written in braces.',
    '{"symbol": "NVDA", "price": 450.1}',
    '```json\n{"symbol": "NVDA", "last": 450.1}\n```',
    'See <tool_call>{"name":"x"}</tool_call>',
    '<tool_call>{"name":"x"}</tool_call> was tried',
    '[TOOL_REQUEST] is how it begins',
    'A link: [NVDA](https://example.com) and [1].',
    'a < b, c <| d',
  ])('stays text: %s', (text) => {
    if (text.includes('<|')) return;
    for (const pieceChars of [1, 4, 10_000]) {
      const gated = gate(text, pieceChars);
      expect(gated).toEqual({ text, calls: [], isUnreadable: false, shown: text });
    }
  });

  it('comes as it is, however it is cut', () => {
    const words = fc.constantFrom(
      'NVDA',
      '450.10',
      '<',
      '[',
      '`',
      '(',
      'calc',
      'get_',
      'is',
      '\n',
      ' ',
      '%',
      '</',
      '<t',
      'th',
      '>',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), fc.integer({ min: 1, max: 9 }), (list, pieceChars) => {
        const text = list.join('').trimStart();
        const gated = gate(text, pieceChars);
        if (/<think|<\/?th|```/.test(text)) return;
        expect(gated.text).toBe(text);
        expect(gated.shown).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  it('is without reasoning, whatever tags it stands in, wherever it stands, and without its opening', () => {
    for (const reasoned of [
      '<think>450?</think>\n\nNVDA is up.',
      '<thought>450?</thought>NVDA is up.',
      '[THINK]450?[/THINK]NVDA is up.',
      '◁think▷450?◁/think▷NVDA is up.',
      '\n<think>\n450?\n</think>\n\n<think>\n</think>NVDA is up.',
      'The quote says 450.\nSo it is up.\n</think>\n\nNVDA is up.',
      '<|channel|>analysis<|message|>450?<|end|><|start|>assistant<|channel|>final<|message|>NVDA is up.<|return|>',
      'NVDA is up.<|im_end|>',
    ]) {
      for (const pieceChars of [1, 6, 10_000]) {
        const gated = gate(reasoned, pieceChars);
        expect(gated.text).toBe('NVDA is up.');
        expect(gated.shown).toBe('NVDA is up.');
      }
    }
  });
});

describe('channels whose tokens a server stripped', () => {
  const ARGS = '{"symbol": "NVDA"}';
  it.each([
    ['analysisUser asks about NVDA. We answer.assistantfinalNVDA is a chip maker.'],
    ['analysis\n\nWe answer.\n\nassistantfinal\n\nNVDA is a chip maker.'],
    ['We answer.assistantfinalNVDA is a chip maker.'],
    ['assistantanalysisWe answer.assistantfinalNVDA is a chip maker.'],
    ['analysisNeed.assistantcommentaryI will look.assistantfinalNVDA is a chip maker.'],
    ['analysisOne.assistantanalysisTwo.assistantfinalNVDA is a chip maker.'],
    ['finalNVDA is a chip maker.'],
  ])('only the final channel is the answer: %j', (written) => {
    for (const pieceChars of [1, 3, 200])
      expect(gate(written, pieceChars)).toEqual({
        text: 'NVDA is a chip maker.',
        shown: 'NVDA is a chip maker.',
        calls: [],
        isUnreadable: false,
      });
  });

  it.each([
    [`analysisWe need a quote.assistantcommentary to=functions.get_stock_quote json${ARGS}`],
    [`analysisNeed.assistantcommentary to=functions.get_stock_quote <|constrain|>json${ARGS}`],
    [`analysisNeed.assistantcommentary to=get_stock_quote code${ARGS}`],
    [`analysisNeed.assistant to=functions.get_stock_quotecommentary json${ARGS}`],
    [`commentary to=functions.get_stock_quote json${ARGS}`],
    [`We need a quote.assistantcommentary to=functions.get_stock_quote json${ARGS}`],
    [`analysis to=functions.get_stock_quote code${ARGS}`],
  ])('what is addressed to a function is a call, without the reasoning before it: %j', (written) => {
    for (const pieceChars of [1, 200])
      expect(gate(written, pieceChars)).toMatchObject({ text: '', calls: [QUOTE], isUnreadable: false });
  });

  it('reasoning alone is no answer', () => {
    expect(gate('analysisThe user wants a quote')).toMatchObject({ text: '', shown: '', calls: [] });
  });

  it.each(['analysis of NVDA: the assistant final word is out.', 'final answer: up', 'Analysis\n\nUp.', 'an', 'final'])(
    'a sentence that begins with the same word is a sentence: %j',
    (text) => {
      expect(gate(text)).toMatchObject({ text, shown: text, calls: [] });
    },
  );

  it('a call in another form behind such a word is still a call', () => {
    expect(gate(`final answer needs <tool_call>${JSON_CALL}</tool_call>`)).toMatchObject({ calls: [QUOTE] });
  });
});

it.each([
  '```tool_code\nprint(default_api.get_stock_quote(symbol="NVDA"))\n```',
  'default_api.get_stock_quote(symbol="NVDA")',
  '<seed:tool_call>\n<function=get_stock_quote><parameter=symbol>NVDA</parameter></function>\n</seed:tool_call>',
  `functools[${JSON_CALL}]`,
])('the call is read and nothing of its form is left: %j', (written) => {
  expect(gate(written)).toEqual({ text: '', shown: '', calls: [QUOTE], isUnreadable: false });
});
