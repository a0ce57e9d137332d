// A language model as it should be: for each question of the shipped suite the calls that it needs, side by side, then
// a few words built from nothing but the text of the results in the request. Knows the questions by their place.
import type { Suite } from '../../src/batch/suite.ts';
import {
  type ModelRequestSeen,
  type ModelStep,
  type WireRequest,
  callTools,
  say,
  usageChunk,
} from '../helpers/model-server.ts';

type Call = [name: string, args: Record<string, unknown>];
type Fields = Record<string, string>;

/** The results that a request holds, newest first for each tool and symbol. */
interface Results {
  text(tool: string, symbol?: string): string;
}

interface Script {
  calls(symbol: string): Call;
  /** What is said of one symbol. */
  say(results: Results, symbol: string): string;
}

const history =
  (range: string): Script['calls'] =>
  (symbol) => ['get_stock_price_history', { symbol, range, interval: 'day' }];
const chain =
  (side: 'call' | 'put'): Script['calls'] =>
  (symbol) => [`get_${side}_options_chain`, { symbol, expiration: 'this friday', strikes: 10 }];

const sayPeriod: Script['say'] = (results, symbol) => {
  const { from, to, change, changePercent, high, low } = periodOf(results.text('get_stock_price_history', symbol));
  return `From ${from} to ${to} ${symbol} changed by ${signed(change)} (${signed(changePercent)} %), between a low of ${low} and a high of ${high}.`;
};
const sayDay: Script['say'] = (results, symbol) => {
  const text = results.text('get_stock_price_history', symbol);
  const { change, changePercent, bars } = periodOf(text);
  const [date, open, high, low, close] = bars.at(-1) ?? [];
  return `${symbol} on ${date ?? ''}: open ${open ?? ''}, high ${high ?? ''}, low ${low ?? ''}, close ${close ?? ''}, change ${signed(change)} (${signed(changePercent)} %).`;
};
const sayQuote: Script['say'] = (results, symbol) => {
  const quote = pairsOf(lineOf(results, ['get_stock_quote', 'get_multiple_stock_quotes'], symbol));
  return `${symbol} last traded at ${quote['last'] ?? ''}, change ${signed(quote['change'])} (${signed(quote['changePercent'])} %); open ${quote['open'] ?? ''}, high ${quote['high'] ?? ''}, low ${quote['low'] ?? ''}, previous close ${quote['previousClose'] ?? ''}.`;
};
const sayIndicators: Script['say'] = (results, symbol) =>
  `Indicators of ${symbol} are of ${dateIn(results.text('get_ta_indicators', symbol))}.`;
const sayLevels: Script['say'] = (results, symbol) => {
  const text = results.text('get_support_resistance', symbol);
  const list = (kind: string): string =>
    (new RegExp(`^${kind}s: (.*)$`, 'm').exec(text)?.[1] ?? '')
      .split(/\), (?=[\d.]+ \()/)
      .slice(0, 2)
      .map((level) => level.split(' ')[0] ?? '')
      .join(' and ');
  return `${symbol} has support at ${list('support')}, resistance at ${list('resistance')}.`;
};
const sayAnalysis: Script['say'] = (results, symbol) => {
  const ta = pairsOf(
    results
      .text('get_ta_indicators', symbol)
      .split('\n')
      .find((line) => line.startsWith(`${symbol} `)) ?? '',
  );
  const side = Number(ta['close']) > Number(ta['sma50']) ? 'above' : 'below';
  return [
    `${symbol} trend: the close of ${ta['close'] ?? ''} is ${side} the SMA50 of ${ta['sma50'] ?? ''}.`,
    `${symbol} momentum: RSI14 ${ta['rsi14'] ?? ''}, MACD ${ta['macd'] ?? ''} with its signal at ${ta['signal'] ?? ''}.`,
    `${symbol} volatility and patterns: not worked out here. The figures are sample data.`,
  ].join('\n');
};
const sayExpirations: Script['say'] = (results, symbol) =>
  `${symbol} has ${/(\d+) expirations/.exec(results.text('get_options_expiration_dates', symbol))?.[1] ?? ''} expirations.`;
const sayChain =
  (side: 'call' | 'put', tool: string): Script['say'] =>
  (results, symbol) => {
    const [, expiration = '', spot = ''] = /expiration (\S+) dte \d+ spot (\S+)/.exec(results.text(tool, symbol)) ?? [];
    return `${symbol} ${side}s expiring ${expiration}, with the spot at ${spot}.`;
  };
const sayWalls: Script['say'] = (results, symbol) => {
  const wall = (side: string): string =>
    new RegExp(`${side} walls (\\S+ \\(OI \\d+\\))`).exec(results.text(`get_${side}_options_chain`, symbol))?.[1] ?? '';
  const read = (text: string): string => text.replace(/^(\S+) \(OI (\d+)\)$/, '$1 (open interest $2)');
  return `In the sample data of ${symbol} the call wall is ${read(wall('call'))}, the put wall is ${read(wall('put'))}.`;
};
const sayHeldDay: Script['say'] = (results, symbol) => {
  const [date, , , , close] = periodOf(results.text('get_stock_price_history', symbol)).bars.at(-1) ?? [];
  return `In the sample data ${symbol} closed at ${close ?? ''} on ${date ?? ''}.`;
};

const NO_CALL = undefined;

/** By the number of the question for SPY; NVDA's are the same, 15 further on. */
const SCRIPTS: Readonly<Record<string, [calls: Script['calls'] | undefined, say: Script['say']]>> = {
  1: [
    () => ['get_market_status_and_date_time', {}],
    (results) => sayMarket(results.text('get_market_status_and_date_time')),
  ],
  2: [(symbol) => ['get_stock_quote', { symbol }], sayQuote],
  3: [history('yesterday'), sayDay],
  4: [history('last week'), sayPeriod],
  5: [NO_CALL, sayHeldDay],
  6: [history('last 5 trading days'), sayPeriod],
  7: [history('past 2 weeks'), sayPeriod],
  8: [history('past month'), sayPeriod],
  9: [history('past 3 months'), sayPeriod],
  10: [(symbol) => ['get_ta_indicators', { symbol }], sayIndicators],
  11: [(symbol) => ['get_support_resistance', { symbol }], sayLevels],
  12: [NO_CALL, sayAnalysis],
  13: [(symbol) => ['get_options_expiration_dates', { symbol }], sayExpirations],
  14: [chain('call'), sayChain('call', 'get_call_options_chain')],
  15: [chain('put'), sayChain('put', 'get_put_options_chain')],
  16: [NO_CALL, sayWalls],
  '14+15': [
    (symbol) => ['get_options_chain', { symbol, expiration: 'this friday', strikes: 10 }],
    (results, symbol) => `${sayChain('call', 'get_options_chain')(results, symbol)} The puts are beside them.`,
  ],
  33: [history('yesterday'), sayDay],
  34: [NO_CALL, sayHeldDay],
  35: [history('last week'), sayPeriod],
  36: [(symbol) => ['get_ta_indicators', { symbol }], sayIndicators],
  37: [(symbol) => ['get_support_resistance', { symbol }], sayLevels],
  38: [NO_CALL, sayAnalysis],
  39: [(symbol) => ['get_options_expiration_dates', { symbol }], sayExpirations],
};

/** What the ideal agent answers to a request of this suite's one conversation. */
export function answerIdeally(suite: Suite, request: ModelRequestSeen): ModelStep {
  const { messages } = request.body;
  const asked = messages.filter((message) => message.role === 'user');
  const prompt = suite.prompts[asked.length - 1];
  // The time of asking stands before the question.
  if (prompt === undefined || asked.at(-1)?.content.endsWith(prompt.text) !== true)
    throw new Error(`not a question of the suite: ${asked.at(-1)?.content ?? 'none'}`);
  const results = readResults(messages);
  const hasResults = messages.at(-1)?.role === 'tool';
  const step = decide(prompt.id, prompt.symbols.length === 0 ? [''] : prompt.symbols, results, hasResults);
  return {
    ...step,
    events: [
      ...(step.events ?? []),
      usageChunk({
        prompt_tokens: Math.ceil(Buffer.byteLength(request.text) / 4),
        completion_tokens: 40,
        total_tokens: 0,
      }),
    ],
  };
}

function decide(id: string, symbols: readonly string[], results: Results, hasResults: boolean): ModelStep {
  if (id === '32') {
    if (!hasResults) return callTools({ name: 'get_multiple_stock_quotes', arguments: { symbols } });
    return say(symbols.map((symbol) => sayQuote(results, symbol)).join('\n'));
  }
  const number = id === '29+30' ? '14+15' : Number(id) >= 17 && Number(id) <= 31 ? String(Number(id) - 15) : id;
  const [calls, speak] = SCRIPTS[number] ?? [];
  if (speak === undefined) throw new Error(`no script for question ${id}`);
  if (calls !== undefined && !hasResults)
    return callTools(...symbols.map((symbol) => calls(symbol)).map(([name, args]) => ({ name, arguments: args })));
  return say(symbols.map((symbol) => speak(results, symbol)).join('\n'));
}

function readResults(messages: WireRequest['messages']): Results {
  const calls = new Map(
    messages.flatMap((message) => message.tool_calls ?? []).map((call) => [call.id, call.function]),
  );
  const found = messages.flatMap((message) => {
    const call = message.role === 'tool' ? calls.get(message.tool_call_id ?? '') : undefined;
    return call === undefined ? [] : [{ name: call.name, arguments: call.arguments, content: message.content }];
  });
  return {
    text: (tool, symbol = '') => {
      const held = found.findLast(
        (result) =>
          result.name === tool && result.arguments.includes(symbol) && !result.content.startsWith('[reduced]'),
      );
      if (held === undefined) throw new Error(`the request holds no result of ${tool} ${symbol}`);
      return held.content;
    },
  };
}

function lineOf(results: Results, tools: readonly string[], symbol: string): string {
  for (const tool of tools) {
    try {
      return (
        results
          .text(tool, symbol)
          .split('\n')
          .find((line) => line.startsWith(`${symbol} last`)) ?? ''
      );
    } catch {
      continue;
    }
  }
  throw new Error(`no quote of ${symbol} in the request`);
}

/** `last 684.2 change 0.33` as fields. */
function pairsOf(line: string): Fields {
  const fields: Fields = {};
  const words = line.split(' ');
  for (let index = 0; index + 1 < words.length; index += 1)
    if (/^[a-z]/i.test(words[index] ?? '')) fields[words[index] ?? ''] = words[index + 1] ?? '';
  return fields;
}

function periodOf(text: string): Fields & { from: string; to: string; bars: string[][] } {
  const head = /^(\S+) day bars (\S+) to (\S+): (.*)$/m.exec(text);
  const bars = [...text.matchAll(/^\d{4}-\d\d-\d\d .*$/gm)].map(([line]) => line.split(' '));
  return { ...pairsOf(head?.[4] ?? ''), from: head?.[2] ?? '', to: head?.[3] ?? '', bars } as unknown as ReturnType<
    typeof periodOf
  >;
}

function sayMarket(text: string): string {
  const fields = pairsOf(text.split('\n').find((line) => line.includes('state')) ?? '');
  const [date = '', time = ''] = (fields['exchangeTime'] ?? '').split('T');
  return `The US market is ${fields['state'] === 'regular' ? 'open' : 'closed'}: it is ${time.slice(0, 5)} ET on ${date}, the next session begins at ${(fields['at'] ?? '').slice(11, 16)}.`;
}

function dateIn(text: string): string {
  return /\d{4}-\d\d-\d\d/.exec(text)?.[0] ?? '';
}

function signed(figure: string | undefined): string {
  return figure === undefined || figure.startsWith('-') ? (figure ?? '') : `+${figure}`;
}
