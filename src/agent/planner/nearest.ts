// The nearest question to one that is refused: as much of it as is understood, as one would ask it or in the reader's own
// words, with what the question before it said where it leans on that; what the planner cannot know or must not do has one
// of its own. Hides which words go; what is found was read before it is offered.
import type { Side, TickerSymbol } from '../../domain/types.ts';
import { labelInSentence } from '../../fields/labels.ts';
import { type Plan, type Query, type Refusal, isRefusal, notUnderstood } from './query.ts';
import { joinWords } from './sentences.ts';
import type { Token } from '../words/tokens.ts';

export interface Asked {
  tokens: readonly Token[];
  /** What the turns before were about, the newest last. */
  symbolSets: readonly (readonly TickerSymbol[])[];
  /** The question before, as one that stands for itself. */
  before: readonly Token[];
  /** What was made of it. */
  plan: Plan | Refusal;
}

export interface Rereading {
  /** Some tokens of the question, without the conversation. */
  plan(tokens: readonly Token[]): Plan | Refusal;
  /** A text, as the question that stands for itself and as the one that is typed next. */
  parse(text: string): Plan | Refusal;
  /** What is fetched and said for a plan: of two words that mean the same to it one is enough. */
  outcome(plan: Plan): string;
  /** The symbol that a word is. */
  listed(word: string): TickerSymbol | undefined;
}

type Kinds = ReadonlySet<string>;
const kinds = (list: string): Kinds => new Set(list.split(' '));
const SILENT = kinds('filler mark joiner');
/** What stands for nothing that could be asked again. */
const LEFT_OUT = kinds('unknown refuse unclear follow correct add drop swap held doubt samePeriod');
/** How much of a question is lost with a word: a contract stays whole longest, words that only ask go first. */
const COSTS: ReadonlyMap<string, number> = new Map(
  (
    [
      [50, 'symbol'],
      [12, 'contract'],
      [9, 'strike legs'],
      [8, 'strategy'],
      [6, 'side deltaOf scan field form'],
      [5, 'date bestDay'],
      [4, 'state'],
      [3, 'move rank aggregate relation number'],
      [1, 'which howMuch when did define pronoun'],
    ] as const
  ).flatMap(([cost, list]) => list.split(' ').map((is): [string, number] => [is, cost])),
);
const OTHER_COST = 2;
/** Up to here a word goes where the same is asked without it. */
const NEEDLESS_COST = 3;
/** Of words that are read otherwise together than their meanings were. */
const MISREAD_COST = 4;
/** Of a follow-up without what it leans on. */
const LONELY_COST = 6;

/** The bounds of a search: plans are cheap, a reading of words is a millisecond. */
const MOST_PLANS = 200;
const MOST_READINGS = 8;
/** Of the tokens of all plans together: a long question has fewer of them. */
const MOST_TOKENS = 3000;
const MAX_CHARS = 90;

const costOf = ({ is }: Token): number => (SILENT.has(is) ? 0 : (COSTS.get(is) ?? OTHER_COST));
const isLeftOut = (token: Token): boolean => LEFT_OUT.has(token.is) || (token.is === 'form' && token.form === 'social');
const hasKind = (tokens: readonly Token[], ...wanted: readonly Kinds[]): boolean =>
  tokens.some(({ is }) => wanted.some((each) => each.has(is)));

/** A question that stands for itself: the same as one that was understood, or the nearest to one that was refused. */
export function nearestQuestion({ symbolSets, plan, ...asked }: Asked, reread: Rereading): string | undefined {
  const named = withSides(withoutDoubts(withListed(asked.tokens, reread))).map(meant);
  const tokens = withoutNegated(named);
  const gone = symbolsOf(named).filter((symbol) => !symbolsOf(tokens).includes(symbol));
  const before = asked.before.map(meant).filter((each) => each.is !== 'symbol' || !gone.includes(each.symbol));
  const alone = withSymbols(tokens, symbolSets);
  if (!isRefusal(plan)) return sameQuestion([tokens, alone, ...mergesOf(before, tokens)], plan, reread);
  let best: Found | undefined;
  const ways = leansOn(before, tokens) ? mergesOf(before, tokens) : [];
  for (const each of [...ways, alone]) {
    const found = best?.cost === 0 ? undefined : search(each, reread);
    const cost = (found?.cost ?? Infinity) + (each === alone && ways.length > 0 ? LONELY_COST : 0);
    if (found !== undefined && cost < (best?.cost ?? Infinity)) best = { text: found.text, cost };
  }
  const own = symbolsOf(alone);
  if (best !== undefined || own.length > 0)
    return best?.text ?? PRICES.map((how) => priceOf(own, how)).find((text) => !isRefusal(reread.parse(text)));
  const listed = withOneListed(alone, reread);
  const near = (listed && search(listed, reread)) ?? search([symbolToken('SPY'), ...alone], reread);
  return near?.text === priceOf(['SPY']) ? undefined : near?.text;
}

interface Found {
  text: string;
  cost: number;
}

/** The price of what was named, where nothing else was understood. */
export function priceOf(symbols: readonly TickerSymbol[], how: Spelling = {}): string {
  return `price of ${symbols.map((symbol) => (how.symbols === 'marked' ? `$${symbol}` : symbol)).join(', ')}`;
}

function sameQuestion(ways: readonly (readonly Token[])[], plan: Plan, { parse }: Rereading): string | undefined {
  const wanted = outline(plan);
  return ways
    .map((tokens) => spell(tokens, new Set(tokens), {}))
    .find((text) => {
      const read = parse(text);
      return !isRefusal(read) && outline(read) === wanted;
    });
}

const NO_MATTER = kinds('corrected follow isWhat isWhich pronoun isYesNo');
/** What is asked, without how. */
const outline = ({ parts }: Plan): string =>
  JSON.stringify(
    parts.map((part) =>
      Object.entries(part)
        .filter(([slot]) => !NO_MATTER.has(slot))
        .toSorted(([left], [right]) => (left < right ? -1 : 1)),
    ),
  );

const SUBJECT = kinds(
  'field form ofStrategy strategy state move scan bestDay distance aggregate rank relation count streak days occasion crossed number open delta',
);
const CONTRACT = kinds('strike side legs contract deltaOf money span strikes allStrikes');
/** What a follow-up names replaces what the question before named of the same. */
const REPLACED = [kinds('symbol'), kinds('date dates interval'), CONTRACT, SUBJECT];

/** Whether a question says too little to stand for itself, of what the one before it was about. */
function leansOn(before: readonly Token[], tokens: readonly Token[]): boolean {
  if (before.length === 0) return false;
  if (tokens.some(({ is }) => is === 'symbol')) return !hasKind(tokens, SUBJECT, CONTRACT);
  const count = symbolsOf(before).length;
  return tokens.every((each) => each.is !== 'pronoun' || typeof each.pronoun !== 'number' || each.pronoun === count);
}

/** The question before with what this one names in the place of what it named, and beside it. */
function mergesOf(before: readonly Token[], tokens: readonly Token[]): Token[][] {
  if (before.length === 0) return [];
  const from = before.filter((each) => costOf(each) !== 1 && !isLeftOut(each));
  const strike = before.find((each) => each.is === 'strike');
  const said = tokens
    .map((token) => (strike === undefined ? token : asStrike(token, strike)))
    .filter((each) => !SILENT.has(each.is) && each.is !== 'pronoun' && !isLeftOut(each));
  const replaced = REPLACED.reduce<Token[]>((left, same) => {
    const own = listed(said.filter(({ is }) => same.has(is)));
    const first = left.findIndex(({ is }) => same.has(is));
    if (own.length === 0 || first < 0) return [...left, ...own];
    return [...left.slice(0, first), ...own, ...left.slice(first).filter(({ is }) => !same.has(is))];
  }, from);
  const ways = [
    [...replaced, ...said.filter((each) => !hasKind([each], ...REPLACED))],
    [...from, ...said],
  ];
  return tokens.some(({ is }) => is === 'add' || is === 'compare') ? ways.toReversed() : ways;
}

/** `and the 75s?`: the strike in the place of one. */
function asStrike(token: Token, { side }: Token & { is: 'strike' }): Token {
  const [, digits] =
    token.is === 'number' || token.is === 'unknown' ? (/^(\d+(?:\.\d+)?)s?$/.exec(token.text) ?? []) : [];
  return digits === undefined ? token : strikeToken(Number(digits), side);
}

function strikeToken(strike: number, side: Side | undefined): Token {
  if (side === undefined) return { is: 'strike', strike, text: `${String(strike)} strike` };
  return { is: 'strike', strike, side, text: `${String(strike)}${side === 'call' ? 'c' : 'p'}` };
}

function symbolToken(symbol: TickerSymbol): Token {
  return { is: 'symbol', symbol, isPossessive: false, text: symbol };
}

/** Symbols apart by commas. */
function listed(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((each, at): Token[] =>
    at > 0 && each.is === 'symbol' ? [{ is: 'mark', mark: ',', text: ',' }, each] : [each],
  );
}

const symbolsOf = (tokens: Iterable<Token>): TickerSymbol[] => [
  ...new Set([...tokens].flatMap((each) => (each.is === 'symbol' ? [each.symbol] : []))),
];

/** The cheapest words to leave out, after which the rest is understood. */
function search(tokens: readonly Token[], reread: Rereading): Found | undefined {
  const start = tokens.filter(
    (each, at) => !isLeftOut(each) && (each.is !== 'symbol' || !symbolsOf(tokens.slice(0, at)).includes(each.symbol)),
  );
  const total = start.reduce((sum, each) => sum + costOf(each), 0);
  const queue: { left: readonly Token[]; cost: number }[] = [];
  const seen = new Set<string>();
  const push = (left: readonly Token[]): void => {
    const key = left.map((each) => start.indexOf(each)).join();
    if (!seen.has(key)) queue.push({ left, cost: left.reduce((sum, each) => sum - costOf(each), total) });
    seen.add(key);
  };
  push(start);
  for (const segment of segmentsOf(start)) {
    push(start.filter((each) => each.is === 'symbol' || segment.includes(each)));
    push(start.filter((each) => each.is === 'symbol' || !segment.includes(each)));
  }
  let best: Found | undefined;
  let readings = 0;
  const most = Math.min(MOST_PLANS, MOST_TOKENS / start.length);
  for (let plans = 0; plans < most && readings < MOST_READINGS; plans += 1) {
    const next = queue.reduce((first, each, at) => (each.cost < (queue[first]?.cost ?? 0) ? at : first), 0);
    const { left, cost } = queue.splice(next, 1)[0] ?? { left: [], cost: Infinity };
    if (left.every((each) => costOf(each) === 0) || cost >= (best?.cost ?? Infinity)) break;
    const plan = reread.plan(left);
    if (!isRefusal(plan) && hasAll(plan, left)) {
      readings += 1;
      const told = tell(tokens, new Set(withoutNeedless(left, plan, reread)), plan, reread);
      if (told?.isExact === true) return { text: told.text, cost };
      if (told !== undefined && cost + MISREAD_COST < (best?.cost ?? Infinity))
        best = { text: told.text, cost: cost + MISREAD_COST };
    }
    for (const token of left)
      if (costOf(token) > 0 && token.is !== 'symbol') push(left.filter((each) => each !== token));
  }
  return best;
}

/** Clauses that ask something, where there are several. */
function segmentsOf(tokens: readonly Token[]): Token[][] {
  const segments: Token[][] = [[]];
  for (const token of tokens) {
    if (/^(?:mark|joiner|compare)$/.test(token.is)) segments.push([]);
    segments.at(-1)?.push(token);
  }
  const found = segments.filter((each) => each.some((token) => costOf(token) > 0 && token.is !== 'symbol'));
  return found.length > 1 ? found : [];
}

/** What says how or for whom one asks: without a change of what is answered it reads as a scrap. */
const LOOSE = kinds('target pays did define pronoun howMuch when which short worth paid delta add each top since');

/** Words without which the same is asked. */
function withoutNeedless(left: readonly Token[], plan: Plan, reread: Rereading): readonly Token[] {
  return left.reduce((kept, token) => {
    if (costOf(token) === 0 || costOf(token) > NEEDLESS_COST) return kept;
    const fewer = kept.filter((each) => each !== token);
    const read = reread.plan(fewer);
    const same = LOOSE.has(token.is) ? reread.outcome : outline;
    return !isRefusal(read) && same(read) === same(plan) ? fewer : kept;
  }, left);
}

const IS_NEGATED = /^(?:needed|required|necessary|wanted|included|counted)$/i;

/** What is excepted goes as a whole: `except apple`, `not counting weekends`, `drawdown not needed`. */
function withoutNegated(tokens: readonly Token[]): readonly Token[] {
  const at = tokens.findIndex(
    (each, index) => /^(?:without|drop)$/.test(each.is) || (index > 0 && each.is === 'refuse' && each.why === 'not'),
  );
  if (at < 0) return tokens;
  const isEnd = ({ is }: Token): boolean => is === 'mark' || is === 'joiner';
  const behind = tokens.slice(at + 1);
  const length = behind.findIndex(
    (each, index) => isEnd(each) || (each.is === 'date' && behind.slice(0, index).some((other) => costOf(other) > 0)),
  );
  const end = length < 0 ? tokens.length : at + 1 + length;
  const isBefore = tokens.slice(at + 1, end).every((each) => costOf(each) === 0 || IS_NEGATED.test(each.text));
  const start = isBefore ? Math.max(0, tokens.slice(0, at).findLastIndex(isEnd)) : at;
  return withoutNegated([...tokens.slice(0, start), ...tokens.slice(end)]);
}

function hasAll({ parts }: Plan, tokens: readonly Token[]): boolean {
  const told = new Set(parts.flatMap(({ symbols }) => symbols));
  const isAnswer = parts.every(({ form }) => form !== 'definition' && form !== 'social');
  return isAnswer && symbolsOf(tokens).every((symbol) => told.has(symbol));
}

interface Spelling {
  /** Without words of grammar, or with those only that tell what belongs to what. */
  words?: 'none' | 'few';
  isDated?: true;
  /** Where the symbol is a word too: `costco`, as the reader has it, or `$COST`. */
  symbols?: 'own' | 'marked';
}

const SPELLINGS: readonly Spelling[] = [
  { words: 'few' },
  { words: 'none' },
  {},
  { words: 'few', symbols: 'own' },
  { words: 'few', symbols: 'marked' },
  { words: 'none', isDated: true },
];
const PRICES: readonly Spelling[] = [{}, { symbols: 'marked' }];
const BELONGS = /^(?:of|for|on|in|at|by|to|from|vs|with|,)$/i;

/** The words that are left, in the first of several spellings that is read as they were meant. */
function tell(
  tokens: readonly Token[],
  kept: ReadonlySet<Token>,
  plan: Plan,
  { parse, outcome }: Rereading,
): { text: string; isExact: boolean } | undefined {
  const isPrice = [...kept].every((each) => costOf(each) <= 1 || each.is === 'symbol');
  const wanted = outcome(plan);
  let other: string | undefined;
  const ways = isPrice
    ? PRICES.map((how) => priceOf(symbolsOf(kept), how))
    : [...writePlan(plan, [...kept]), ...SPELLINGS.map((how) => spell(tokens, kept, how))];
  for (const text of ways) {
    const read = text.length > MAX_CHARS ? undefined : parse(text);
    if (read === undefined || isRefusal(read) || !hasAll(read, [...kept])) continue;
    if (isPrice || outcome(read) === wanted) return { text, isExact: true };
    other ??= text;
  }
  return other === undefined ? undefined : { text: other, isExact: false };
}

/** A plan of one part as one would ask it, with the dates as they were typed; what it leaves out is found when it is read. */
function writePlan({ parts }: Plan, kept: readonly Token[]): string[] {
  const [query, ...others] = parts;
  if (query === undefined || others.length > 0 || query.conditions.length > 0 || query.symbols.length === 0) return [];
  const dates = kept.flatMap(({ is, text }) =>
    is === 'date' ? text.toLowerCase().replace(/^the (?=[a-z]{3,9} \d)/, '') : [],
  );
  const text = writeQuery(query, joinWords(query.symbols));
  // "from its low the 10 day" is no sentence.
  if (dates.some((date) => /^(?:the \d+ |of\b|from\b)/.test(date))) return [];
  return text === undefined ? [] : [[text, ...dates].join(' '), text];
}

const OF_FORMS: Readonly<Record<string, string>> = {
  quote: 'price of',
  expirations: 'option expirations of',
  events: 'earnings and dividends of',
  levels: 'support and resistance of',
  technicals: 'technical analysis of',
  walls: 'option walls of',
  overview: 'overview of',
  news: 'headlines of',
};

function writeQuery(query: Query, who: string): string | undefined {
  const { form, strike, strategy } = query;
  if (query.limit !== undefined) return undefined;
  const asked = query.fields.filter((name) => !/On\(/.test(name));
  const fields = asked.length > 0 || query.move === undefined ? asked : ['change'];
  const side = query.side === 'both' ? '' : (query.side ?? '');
  const isPrice = /^bid,ask,mid(?:,last)?$/.test(fields.join());
  const figures = isPrice ? 'price' : joinWords([...new Set(fields.map(labelInSentence))]);
  const of = figures === '' ? '' : `${figures} of `;
  const strikes = strike.map((each) => (each === 'atm' ? 'at the money' : String(each)));
  if (form === 'figures') return writeFigures(query, who, fields) ?? (of === '' ? undefined : `${of}${who}`);
  if (form === 'chain') return writeChain(query, who, of, side);
  if (form === 'contract' && strike.length === 1)
    return `${of === '' ? '' : `${of}the `}${who} ${strikes.join()} ${side}`;
  if (form === 'strategy' && strategy !== undefined && query.ofStrategy === undefined)
    return `${who} ${strikes.join('/')} ${strategy.replaceAll('-', ' ')}`.replaceAll('  ', ' ');
  if (form === 'bars' && fields.length === 0) return `${who} daily bars`;
  return OF_FORMS[form] === undefined ? undefined : `${OF_FORMS[form]} ${who}`;
}

function writeFigures({ base, rank, symbols }: Query, who: string, fields: readonly string[]): string | undefined {
  const isOne = symbols.length === 1;
  if (base !== undefined) {
    const from = `${/^[\d.]+$/.test(base) ? '' : isOne ? 'its ' : 'their '}${labelInSentence(base)}`;
    return `how far ${isOne ? 'is' : 'are'} ${who} from ${from}`;
  }
  return rank === undefined || rank.by === 'distance' || isOne
    ? undefined
    : `which of ${who} has the ${rank.order} ${labelInSentence(rank.by ?? fields[0] ?? 'changePercent')}`;
}

function writeChain({ delta, strikes }: Query, who: string, of: string, side: string): string | undefined {
  if (typeof delta === 'number') return `${of}${who} ${String(Math.round(delta * 100))} delta ${side}s`;
  if (strikes !== undefined) return undefined;
  return side === '' ? `option chain of ${who}` : `${of}${who} ${side}s`;
}

/** Words of grammar go with the word that they stand before. */
function spell(tokens: readonly Token[], kept: ReadonlySet<Token>, { words, isDated, symbols }: Spelling): string {
  const said: Token[] = [];
  let around: Token[] = [];
  for (const token of tokens) {
    if (SILENT.has(token.is)) {
      if (words === undefined || token.is === 'joiner' || (words === 'few' && BELONGS.test(token.text)))
        around.push(token);
      continue;
    }
    if (kept.has(token)) {
      const isFirst = said.length === 0;
      said.push(...(isFirst ? around.filter(({ is }) => is === 'filler' && words === undefined) : around), token);
    }
    around = [];
  }
  return said
    .map((token) => {
      if (isDated === true && token.is === 'date') return isoOf(token);
      if (token.is !== 'symbol' || symbols === 'own') return token.text;
      return symbols === 'marked' ? `$${token.symbol}` : token.symbol;
    })
    .join(' ')
    .replaceAll(/ (?=[,;:])/g, '')
    .replaceAll(/([,;:])(?:\s*[,;:])+/g, '$1')
    .replaceAll(/ (\/) /g, '$1')
    .replace(HANGING_START, '')
    .replace(HANGING_END, '');
}

/** Words of grammar that nothing follows or goes before. */
const HANGING_END =
  /(?:[\s,;:/&+-]+(?:and|or|n|of|for|on|in|at|by|to|from|vs|with|than|the|a|an|if|as|that|is|between|not))*[\s,;:/&+-]*$/i;
const HANGING_START = /^(?:[\s,;:/&+-]|(?:and|or|n|of|for|by|to|from|than|vs|with|is|that)\b[\s,;:]+)+/i;

function isoOf({ expiration, range, text }: Token & { is: 'date' }): string {
  return [expiration, range].find((each) => /^\d{4}-\d\d-\d\d$/.test(each ?? '')) ?? text;
}

/** A word that may be a slip of a symbol, beside one that is none. */
function withoutDoubts(tokens: readonly Token[]): Token[] {
  const isListed = (token: Token | undefined): boolean => /^(?:symbol|joiner|compare|mark)$/.test(token?.is ?? '');
  const hasSymbol = tokens.some(({ is }) => is === 'symbol');
  return tokens.filter(
    ({ is }, at) => is !== 'doubt' || !hasSymbol || (isListed(tokens[at - 1]) && isListed(tokens[at + 1])),
  );
}

/** `the 240 or 250 call`: two strikes of one side. */
function withSides(tokens: readonly Token[]): Token[] {
  return tokens.map((token, at) => {
    const [joint, next] = [tokens[at + 1], tokens[at + 2]];
    return token.is === 'number' && next?.is === 'strike' && /^(?:or|vs|and|n|\/|,)$/i.test(joint?.text ?? '')
      ? strikeToken(token.value, next.side)
      : token;
  });
}

/** A token that may mean one of several as the first of them. */
function meant(token: Token): Token {
  const [first] = token.is === 'doubt' ? token.candidates : [];
  if (first !== undefined) return symbolToken(first.symbol);
  const [, strike, side] = token.is === 'unclear' ? (/^(\d+) (call|put)s?$/i.exec(token.text) ?? []) : [];
  return side === undefined ? token : strikeToken(Number(strike), side.toLowerCase() as Side);
}

/** What the question is about stands in it, where the conversation says it: `the three` are the last three. */
function withSymbols(tokens: readonly Token[], sets: readonly (readonly TickerSymbol[])[]): Token[] {
  if (sets.length === 0 || tokens.some(({ is }) => is === 'symbol')) return [...tokens];
  const pronoun = tokens.find((each) => each.is === 'pronoun')?.pronoun;
  const count = typeof pronoun === 'number' ? pronoun : 1;
  const recent = [...new Set(sets.slice(-count).flat())];
  const own = sets.findLast(({ length }) => length === pronoun) ?? (recent.length === pronoun ? recent : sets.at(-1));
  return [...listed((own ?? []).map(symbolToken)), ...tokens.filter(({ is }) => is !== 'pronoun')];
}

/** A word as the symbol that it is too; not those that ask or point, which are symbols as well. */
function asSymbol(token: Token | undefined, reread: Rereading): Token | undefined {
  const isWord = token !== undefined && !/^(?:symbol|date)$/.test(token.is) && /^[a-z]{1,5}$/i.test(token.text);
  const symbol = isWord && !ASKS.test(token.text) ? reread.listed(token.text.toUpperCase()) : undefined;
  return symbol === undefined ? undefined : symbolToken(symbol);
}

const ASKS =
  /^(?:a|i|are|it|so|open|low|dte|all|now|can|has|any|see|two|ever|be|go|do|pay|or|ta|iv|rsi|pm|am|bro|on)$/i;

/** `jpm bac v ma`, `the t 28 put`: in a row of symbols and before a strike. */
function withListed(tokens: readonly Token[], reread: Rereading): Token[] {
  return tokens.reduce<Token[]>((told, token, at) => {
    const [next, second] = tokens.slice(at + 1);
    const isShort = token.text.length === 1;
    const isRow = told.at(-1)?.is === 'symbol' && (isShort || token.is === 'unknown' || /^ma$/i.test(token.text));
    const isOfStrike = isShort && (next?.is === 'strike' || (next?.is === 'number' && second?.is === 'side'));
    return [...told, (isRow || isOfStrike ? asSymbol(token, reread) : undefined) ?? token];
  }, []);
}

/** `how far is app from its high`, `ma 50`: where nothing else is a symbol. */
function withOneListed(tokens: readonly Token[], reread: Rereading): Token[] | undefined {
  const places = [...tokens.keys()].filter((at) => asSymbol(tokens[at], reread) !== undefined);
  const place =
    places.find((at) => tokens[at]?.is === 'unknown') ??
    places.findLast((at) => tokens.length > 1 && (at === 0 || at === tokens.length - 1));
  const symbol = place === undefined ? undefined : asSymbol(tokens[place], reread);
  return place === undefined || symbol === undefined ? undefined : tokens.with(place, symbol);
}

/** Why a kind of word is refused, and what fin can say instead of a symbol. */
const REASONS: Readonly<Record<string, readonly [why: string, instead: (symbols: string) => string]>> = {
  forecast: ['fin does not forecast', (symbol) => `expected move of ${symbol} friday`],
  advice: ['fin gives no advice', (symbol) => `technical analysis of ${symbol}`],
  order: ['fin places no orders', (symbol) => `bid and ask of ${symbol}`],
  news: ['it knows prices, not their reasons', (symbol) => `how did ${symbol} do today`],
  events: [
    'it has the dates of earnings, dividends and splits, no more of them',
    (symbol) => `last earnings of ${symbol}`,
  ],
  fundamentals: ['it has market data, no company figures', (symbol) => `52 week range of ${symbol}`],
  correlation: ['it computes no such correlation', (symbol) => `${symbol} past year`],
  position: ['for what you hold ask "my positions"', (symbol) => `price of ${symbol}`],
  alert: ['a question sets no alert, fin alert add does', (symbol) => `price of ${symbol}`],
  strategy: ['it prices a strategy that is named, it chooses none', (symbol) => `${symbol} covered call`],
  scan: ['it compares symbols that are named', (symbol) => `biggest gainer among ${symbol}, MSFT and AMD`],
  index: ['the market has no price of its own', () => 'how did SPY do last week'],
  intraday: ['it has bars of 1, 5, 15, 30 and 60 minutes', (symbol) => `high of ${symbol} in the first 30 minutes`],
  hours: ['it takes one part of one day', (symbol) => `high of ${symbol} in the first 30 minutes`],
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

/** A word that stands for something beyond the data. */
export function refuseWord({ text, why }: Token & { is: 'refuse' }, symbols: readonly TickerSymbol[]): Refusal {
  const [reason, instead] = REASONS[why] ?? ['it does not know that', () => 'price of SPY'];
  const [, fund] = why === 'elsewhere' ? (FOLLOWERS.find(([words]) => words.test(text.toLowerCase())) ?? []) : [];
  const of = symbols.length > 0 ? [...new Set(symbols)].join(', ') : fund;
  const near = of === undefined ? OF_NOTHING[why] : instead(of);
  return {
    ...notUnderstood(`"${text}": ${reason}`),
    ...(ASIDES.has(why) ? { isAside: true as const } : {}),
    ...(near === undefined ? {} : { instead: near }),
  };
}
