// What the planner cannot know or must not do, by the words that ask for it, and the nearest question that it does answer:
// with the reader's own symbols and words, tried before it is offered.
import type { TickerSymbol } from '../../domain/types.ts';
import type { Background } from './pointing.ts';
import { findField } from '../../fields/registry.ts';
import { readParts } from './parts.ts';
import { type Refusal, type Slots, emptySlots, isRefusal, notUnderstood, hasContent, names } from './query.ts';
import type { Reading, Token } from './read.ts';

/** Why a kind of word is refused, and what fin can say instead of a symbol. */
const REASONS: Readonly<Record<string, readonly [why: string, instead: (symbol: TickerSymbol) => string]>> = {
  forecast: ['fin does not forecast', (symbol) => `expected move of ${symbol} friday`],
  advice: ['fin gives no advice', (symbol) => `technical analysis of ${symbol}`],
  order: ['fin places no orders', (symbol) => `bid and ask of ${symbol}`],
  news: ['it knows prices, not their reasons', (symbol) => `how did ${symbol} do today`],
  events: [
    'it has the dates of earnings, dividends and splits, no more of them',
    (symbol) => `last earnings of ${symbol}`,
  ],
  fundamentals: ['it has market data, no company figures', (symbol) => `52 week range of ${symbol}`],
  correlation: ['it computes no correlation', (symbol) => `${symbol} past year`],
  position: ['for what you hold ask "my positions"', (symbol) => `price of ${symbol}`],
  alert: ['a question sets no alert, fin alert add does', (symbol) => `price of ${symbol}`],
  strategy: ['it prices a strategy that is named, it chooses none', (symbol) => `${symbol} covered call`],
  scan: ['it compares symbols that are named', (symbol) => `biggest gainer among ${symbol}, MSFT and AMD`],
  index: ['the market has no price of its own', () => 'how did SPY do last week'],
  intraday: ['it has daily bars, nothing shorter', (symbol) => `${symbol} last 5 trading days`],
  elsewhere: ['it knows US stocks, funds and their options', (symbol) => `price of ${symbol}`],
  exposure: ['it knows walls by open interest only', (symbol) => `option walls of ${symbol} friday`],
  days: ['it counts days and finds the best one, it lists none', (symbol) => `${symbol} daily bars past month`],
  allTime: ['it holds some years, not all time', (symbol) => `how far is ${symbol} from its 52 week high`],
  settlement: ['it does not know how contracts settle', (symbol) => `option expirations of ${symbol}`],
  reinvested: ['its returns are of prices, without dividends', (symbol) => `${symbol} past year`],
  each: ['it lists days by what happened on them', (symbol) => `${symbol} daily bars past month`],
  not: ['it cannot leave things out', (symbol) => `price of ${symbol}`],
};
/** The same where nothing was named. */
const OF_NOTHING: Readonly<Record<string, string>> = { position: 'my positions', scan: 'top gainers' };
/** Funds that follow what has no price here. */
const FOLLOWERS: readonly (readonly [RegExp, TickerSymbol])[] = [
  [/gold/, 'GLD'],
  [/silver/, 'SLV'],
  [/oil/, 'USO'],
  [/bitcoin|crypto/, 'IBIT'],
  [/treasury|rate/, 'TLT'],
  [/futures?/, 'SPY'],
];
const ASIDES = new Set(['forecast', 'advice', 'order', 'news', 'position', 'alert']);
/** What the rest of such a question names can be shown. */
const OF_REST = new Set(['order', 'news', 'position', 'fundamentals', 'correlation', 'not']);
const EXAMPLE: TickerSymbol = 'SPY';

/** A word that stands for something beyond the data. */
export function refuseWord({ text, why }: Token & { is: 'refuse' }, symbols: readonly TickerSymbol[]): Refusal {
  const [reason, instead] = REASONS[why] ?? ['it does not know that', () => 'price of SPY'];
  const [, fund] = why === 'elsewhere' ? (FOLLOWERS.find(([words]) => words.test(text.toLowerCase())) ?? []) : [];
  const symbol = symbols[0] ?? fund;
  const near = symbol === undefined ? OF_NOTHING[why] : instead(symbol);
  return {
    ...notUnderstood(`"${text}": ${reason}`),
    ...(ASIDES.has(why) ? { isAside: true as const } : {}),
    ...(near === undefined ? {} : OF_REST.has(why) ? { orElse: near } : { instead: near }),
  };
}

/** What of a question stands for nothing that could be asked again. */
const LEFT_OUT = new Set([
  'unknown',
  'refuse',
  'unclear',
  'follow',
  'correct',
  'add',
  'drop',
  'swap',
  'held',
  'mark',
  'step',
]);

/**
 * The nearest question that is understood, in plain words: the symbols with the rest of what was understood, then with
 * less of it. Undefined where nothing but words without a meaning is left.
 */
export function suggestInstead(
  { tokens }: Reading,
  { symbolSets }: Background,
  isUnderstood: (question: string) => boolean,
): string | undefined {
  const known = tokens.flatMap((token): Token[] => {
    const [first] = token.is === 'doubt' ? token.candidates : [];
    const side = token.is === 'unclear' ? /\b(call|put)s?$/i.exec(token.text)?.[1]?.toLowerCase() : undefined;
    if (side !== undefined) return [{ is: 'side', side: side as 'call' | 'put', text: token.text }];
    if (first !== undefined) return [{ is: 'symbol', symbol: first.symbol, isPossessive: false, text: token.text }];
    return LEFT_OUT.has(token.is) ? [] : [token];
  });
  const slots = slotsOf(known);
  const own = slots.symbols.length > 0 ? slots.symbols : (symbolSets.at(-1) ?? []);
  // "the premarket high of nvda": of the symbol, not of the market's hours.
  if (own.length > 0 && hasContent({ ...slots, forms: [] }))
    slots.forms = slots.forms.filter((form) => form !== 'market');
  const needsSymbol = !slots.forms.includes('market') && slots.scan === undefined;
  const isEmpty = !hasContent(slots) && !names(slots, 'range', 'aggregate');
  if (isEmpty && own.length === 0) return undefined;
  const symbols = own.length > 0 || !needsSymbol ? own : [EXAMPLE];
  const found = spell(slots, symbols.join(', ')).find(
    (each) => each.length <= MAX_CHARS && !/\s{2}|^\s|\s$/.test(each) && isUnderstood(each),
  );
  return found ?? (own[0] === undefined ? undefined : `price of ${own[0]}`);
}

/** What the known words say together, or each for itself where they do not go together. */
function slotsOf(tokens: readonly Token[]): Slots {
  const parts = readParts({ tokens: [...tokens], isYesNo: false });
  const whole = parts.filter((part) => !isRefusal(part)) as Slots[];
  const [first] = whole;
  if (first !== undefined && whole.length === parts.length && hasContent(first)) return first;
  const slots: Slots = emptySlots();
  for (const token of tokens) {
    const [alone] = readParts({ tokens: [token], isYesNo: false });
    if (alone === undefined || isRefusal(alone)) continue;
    const { symbols, fields, forms, strike, ...rest } = alone;
    for (const [list, more] of [
      [slots.symbols, symbols],
      [slots.fields, fields],
      [slots.forms, forms],
      [slots.strike, strike],
    ] as const)
      for (const each of more) if (!(list as unknown[]).includes(each)) (list as unknown[]).push(each);
    Object.assign(slots, Object.fromEntries(Object.entries(rest).filter(([, value]) => !Array.isArray(value))));
  }
  return slots;
}

const OF_FORM: Readonly<Record<string, (of: string) => string>> = {
  levels: (of) => `support and resistance of ${of}`,
  walls: (of) => `option walls of ${of}`,
  expirations: (of) => `option expirations of ${of}`,
  expiry: (of) => `option expirations of ${of}`,
  technicals: (of) => `technical analysis of ${of}`,
  indicators: (of) => `technical indicators of ${of}`,
  volatility: (of) => `volatility of ${of}`,
  overview: (of) => `overview of ${of}`,
  positions: () => 'my positions',
  market: () => 'is the market open',
  quote: (of) => `quote ${of}`,
};

/** Questions of one meaning each, the fullest first. */
function spell(slots: Slots, of: string): string[] {
  const { forms, fields, side, strike, strikes, delta, strategy, aggregate, base, conditions, move } = slots;
  const { range, expiration: date } = slots;
  const isMany = of.includes(',');
  const expiration = date?.split(', ')[0];
  const when = [range === undefined ? '' : ` ${range}`, ''];
  const expiring = [expiration === undefined ? '' : ` ${expiration}`, ''];
  const named = [...fields, ...conditions.flatMap(({ left = '', right = '' }) => [left, right])].flatMap(wordsOf);
  const figures = [...new Set(named)].slice(0, 3).join(' and ');
  const [first = ''] = named;
  const sided = side === undefined || side === 'both' ? 'option chain' : `${side}s`;
  const [price] = strike;
  const deltas = typeof delta === 'number' ? ` ${String(Math.round(delta * 100))} delta` : '';
  const isOption = side !== undefined || strikes !== undefined || delta !== undefined || forms.includes('chain');
  return [
    ...(strategy === undefined ? [] : expiring.map((at) => `${of} ${strategy.replaceAll('-', ' ')}${at}`)),
    ...(typeof price !== 'number'
      ? []
      : expiring.map((at) => `${of} ${String(price)}${side === 'put' ? 'p' : 'c'}${at}`)),
    ...(price !== 'atm' ? [] : expiring.map((at) => `atm ${sided} ${of}${at}`)),
    ...(isOption ? expiring.map((at) => `${of} ${sided}${at}${deltas}`) : []),
    ...(slots.scan === undefined ? [] : [`top ${slots.scan}`, 'top gainers']),
    ...forms.flatMap((form) => {
      const words = OF_FORM[form]?.(of);
      return words === undefined ? [] : [...expiring.map((at) => `${words}${at}`), words];
    }),
    ...(base === undefined || wordsOf(base)[0] === undefined
      ? []
      : [`how far is ${of} from its ${wordsOf(base)[0] ?? ''}`]),
    ...(slots.rank === undefined || !isMany || first === ''
      ? []
      : [`which has the ${slots.rank.order} ${first}: ${of}`]),
    ...(aggregate === undefined || first === '' ? [] : [`${aggregate} ${first} of ${of}${when[0] ?? ''}`]),
    ...(slots.isCount === true
      ? [`how many days did ${of} close ${move === 'down' ? 'lower' : 'higher'} ${range ?? 'last month'}`]
      : []),
    ...(figures === '' ? [] : [...expiring, ...when].map((at) => `${figures} of ${of}${at}`)),
    ...(first === '' ? [] : [...expiring, ...when].map((at) => `${first} of ${of}${at}`)),
    ...(range === undefined ? [] : [`how did ${of} do ${range}`, `${of} ${range}`]),
    ...(move === undefined ? [] : [`change of ${of}`]),
    ...(expiration === undefined ? [] : [`${of} option chain ${expiration}`]),
  ];
}

/** As a person would type a figure; nothing for what has no word of its own. */
function wordsOf(name: string): string[] {
  const field = findField(name) ?? findField(name, 'contract');
  if (field === undefined) return [];
  if (field.window > 0) return [`${field.entry.name.toLowerCase()} ${String(field.window)}`];
  return [PLAIN[name] ?? field.words[0] ?? field.label.toLowerCase()];
}

const PLAIN: Readonly<Record<string, string>> = { last: 'price', ohlc: 'open high low close', changePercent: 'change' };

/** With what stands around it, a line of a hundred columns. */
const MAX_CHARS = 70;
