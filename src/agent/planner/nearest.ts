// The nearest question to one that is refused: as much of it as is understood, in the reader's own words.
// Hides which words go: the search leaves out what means least, and every question that it finds was read before it is offered.
import type { Side, TickerSymbol } from '../../domain/types.ts';
import { type Plan, type Query, type Refusal, isRefusal } from './query.ts';
import type { Token } from './read.ts';

/** Both without any conversation, as a suggestion stands for itself. */
export interface Rereading {
  plan(tokens: readonly Token[]): Plan | Refusal;
  parse(text: string): Plan | Refusal;
  listed(word: string): TickerSymbol | undefined;
}

export interface Asked {
  tokens: readonly Token[];
  /** What the turns before were about, the newest last. */
  symbolSets: readonly (readonly TickerSymbol[])[];
  /** The question before, as one that stands for itself. */
  before?: readonly Token[];
  /** What was made of it. */
  plan: Plan | Refusal;
}

const KINDS = (list: string): ReadonlySet<string> => new Set(list.split(' '));
const SILENT = KINDS('filler mark joiner');
/** What stands for nothing that could be asked again. */
const LEFT_OUT = KINDS('unknown refuse unclear follow correct add drop swap held doubt samePeriod');
const COST: Readonly<Record<string, number>> = {
  symbol: 50,
  contract: 12,
  strike: 9,
  legs: 9,
  strategy: 8,
  side: 6,
  deltaOf: 6,
  date: 5,
  scan: 6,
  field: 6,
  form: 6,
  state: 4,
  move: 3,
  rank: 3,
  aggregate: 3,
  relation: 3,
  bestDay: 5,
  number: 3,
  which: 1,
  howMuch: 1,
  when: 1,
  did: 1,
  define: 1,
  pronoun: 1,
};
for (const each of (process.env['W'] ?? '').split(',').filter(Boolean)) (COST as Record<string, number>)[each.split('=')[0]!] = Number(each.split('=')[1]);
const OTHER_COST = Number(process.env['OTHER'] ?? 2);
const costOf = (token: Token): number => (SILENT.has(token.is) ? 0 : (COST[token.is] ?? OTHER_COST));
const isLeftOut = (token: Token): boolean =>
  LEFT_OUT.has(token.is) || (token.is === 'form' && token.form === 'social');

const MOST_TRIES = 200;
const MOST_PARSES = 8;
const MISREAD_COST = Number(process.env['MIS'] ?? 4);
const INHERITED_SHARE = Number(process.env['INH'] ?? 0.5);
const LONELY_COST = Number(process.env['LONE'] ?? 6);
export const stats = { plans: 0, parses: 0 };

interface Found {
  text: string;
  cost: number;
}

export function nearestQuestion(asked: Asked, reread: Rereading): string | undefined {
  const { symbolSets, before, plan } = asked;
  const tokens = withSides(withoutDoubts(withListed(asked.tokens, reread))).map(meant);
  const earlier = before === undefined ? undefined : before.map(meant);
  const alone = withSymbols(tokens, symbolSets);
  if (!isRefusal(plan)) {
    const wanted = outline(plan);
    for (const each of [tokens, alone, ...(earlier === undefined ? [] : mergesOf(earlier, tokens))]) {
      const text = spell(each, new Set(each), { isBare: false });
      const read = reread.parse(text);
      if (!isRefusal(read) && outline(read) === wanted) return text;
    }
    return undefined;
  }
  const ways = earlier !== undefined && leans(tokens) && !isOfOthers(earlier, tokens) ? mergesOf(earlier, tokens) : [];
  let best: Found | undefined;
  const inherited = new Set(earlier);
  for (const each of [...ways, alone]) {
    const found = search(each, reread, inherited);
    const extra = each === alone && ways.length > 0 ? LONELY_COST : 0;
    if (found !== undefined && (best === undefined || found.cost + extra < best.cost))
      best = { ...found, cost: found.cost + extra };
    if (best?.cost === 0) break;
  }
  const example: Token = { is: 'symbol', symbol: 'SPY', isPossessive: false, text: 'SPY' };
  if (best === undefined && !alone.some(({ is }) => is === 'symbol')) {
    const listed = withOneListed(alone, reread);
    best = listed === undefined ? undefined : search(listed, reread);
    best ??= search([example, ...alone], reread);
    if (best?.text === 'price of SPY') best = undefined;
  }
  return best === undefined || best.text.startsWith('price of ') ? (plan.instead ?? plan.orElse ?? best?.text) : best.text;
}

const SUBJECT = KINDS(
  'field form ofStrategy strategy state move scan bestDay distance aggregate rank relation count streak days occasion crossed number open delta',
);
const CONTRACT = KINDS('strike side legs contract deltaOf money span strikes allStrikes');
const DATED = KINDS('date dates interval');
const CLASSES = [new Set(['symbol']), DATED, CONTRACT, SUBJECT];

/** Whether a question says too little to stand for itself. */
function leans(tokens: readonly Token[]): boolean {
  const has = (kinds: ReadonlySet<string>): boolean => tokens.some(({ is }) => kinds.has(is));
  return !tokens.some(({ is }) => is === 'symbol') || !(has(SUBJECT) || has(CONTRACT));
}

/** `and the 75s?`: the strike in the place of one. */
function asStrike(token: Token, before: Token | undefined): Token {
  const [, digits] = token.is === 'number' || token.is === 'unknown' ? (/^(\d+(?:\.\d+)?)s?$/.exec(token.text) ?? []) : [];
  return before?.is !== 'strike' || digits === undefined ? token : strikeOf(Number(digits), before.side);
}

function strikeOf(strike: number, side: Side | undefined): Token {
  const ending = side === undefined ? ' strike' : side === 'call' ? 'c' : 'p';
  return { is: 'strike', strike, ...(side === undefined ? {} : { side }), text: `${String(strike)}${ending}` };
}

/** `the three`, where the question before was of another number. */
function isOfOthers(before: readonly Token[], tokens: readonly Token[]): boolean {
  const own = new Set(before.flatMap((each) => (each.is === 'symbol' ? [each.symbol] : []))).size;
  if (tokens.some(({ is }) => is === 'symbol')) return false;
  return tokens.some((each) => each.is === 'pronoun' && typeof each.pronoun === 'number' && each.pronoun !== own);
}

/** The question before with what this one names in the place of what it named. */
function mergesOf(before: readonly Token[], tokens: readonly Token[]): Token[][] {
  const strike = before.find(({ is }) => is === 'strike');
  const said = tokens
    .map((token) => asStrike(token, strike))
    .filter(({ is }) => !SILENT.has(is) && is !== 'pronoun' && !LEFT_OUT.has(is));
  const isAdded = tokens.some(({ is }) => is === 'add' || is === 'compare');
  const from = before.filter((each) => costOf(each) !== 1 && !isLeftOut(each));
  const rest = said.filter((each) => !CLASSES.some((kinds) => kinds.has(each.is)));
  const replaceIn = (from: readonly Token[], kinds: ReadonlySet<string>): Token[] => {
    const own = said.filter(({ is }) => kinds.has(is));
    if (own.length === 0) return [...from];
    const first = from.findIndex(({ is }) => kinds.has(is));
    if (first < 0) return [...from, ...own];
    const comma: Token = { is: 'mark', mark: ',', text: ',' };
    const listed = own.flatMap((each, at) => (at > 0 && each.is === 'symbol' ? [comma, each] : [each]));
    return [...from.slice(0, first), ...listed, ...from.slice(first).filter(({ is }) => !kinds.has(is))];
  };
  const replaced = CLASSES.reduce((own: Token[], kinds) => replaceIn(own, kinds), from);
  const merged = [...replaced, ...rest];
  const added = [...from, ...said];
  return isAdded ? [added, merged] : [merged, added];
}

function search(
  tokens: readonly Token[],
  { plan, parse }: Rereading,
  inherited: ReadonlySet<Token> = new Set(),
): Found | undefined {
  const start = withoutNegated(tokens).filter((each) => !isLeftOut(each));
  const costIn = (token: Token): number => costOf(token) * (inherited.has(token) ? INHERITED_SHARE : 1);
  const queue: { left: readonly Token[]; cost: number }[] = [{ left: start, cost: 0 }];
  const seen = new Set<string>();
  const keyOf = (left: readonly Token[]): string => left.map((each) => tokens.indexOf(each)).join();
  const push = (left: readonly Token[]): void => {
    const key = keyOf(left);
    if (seen.has(key)) return;
    seen.add(key);
    const kept = new Set(left);
    queue.push({ left, cost: start.reduce((sum, each) => (kept.has(each) ? sum : sum + costIn(each)), 0) });
  };
  for (const segment of segmentsOf(start)) {
    push(start.filter((each) => each.is === 'symbol' || segment.includes(each)));
    push(start.filter((each) => each.is === 'symbol' || !segment.includes(each)));
  }
  let best: Found | undefined;
  let parses = 0;
  for (let tries = 0; tries < MOST_TRIES && parses < MOST_PARSES && queue.length > 0; tries += 1) {
    const at = queue.reduce((low, each, index) => (each.cost < (queue[low]?.cost ?? 0) ? index : low), 0);
    const [state] = queue.splice(at, 1);
    if (state === undefined || (best !== undefined && state.cost >= best.cost)) break;
    const { left, cost } = state;
    if (!left.some((each) => costOf(each) > 0)) continue;
    stats.plans += 1;
    const found = plan(left);
    if (process.env['DBG']) console.log(cost, left.map((e) => `${e.text}[${e.is}]`).join(' '), isRefusal(found) ? found.message : 'OK');
    if (!isRefusal(found) && hasAll(found, left)) {
      parses += 1;
      const told = tell(tokens, new Set(withoutNeedless(left, found, plan)), found, parse);
      if (told?.isExact === true) return { text: told.text, cost };
      if (told !== undefined && (best === undefined || cost + MISREAD_COST < best.cost))
        best = { text: told.text, cost: cost + MISREAD_COST };
    }
    for (const token of left)
      if (!SILENT.has(token.is) && token.is !== 'symbol') push(left.filter((each) => each !== token));
  }
  return best;
}

/** A word that may be a slip of a symbol, beside one that is none. */
function withoutDoubts(tokens: readonly Token[]): Token[] {
  const has = tokens.some(({ is }) => is === 'symbol');
  const isListed = (token: Token | undefined): boolean => /^(?:symbol|joiner|compare|mark)$/.test(token?.is ?? '');
  return tokens.filter(
    (token, at) => token.is !== 'doubt' || !has || (isListed(tokens[at - 1]) && isListed(tokens[at + 1])),
  );
}

const MAY_BE_SYMBOL = /^[a-z]{1,5}$/i;
const LEADS_SYMBOL = /^(?:of|on|for|is|did|does|has|:|,)$/i;

/** A word that is a symbol too: in a row of symbols, before a strike, or where nothing else is one. */
function withListed(tokens: readonly Token[], { listed }: Rereading): Token[] {
  const symbolAt = (token: Token | undefined): TickerSymbol | undefined =>
    token !== undefined && MAY_BE_SYMBOL.test(token.text) ? listed(token.text.toUpperCase()) : undefined;
  const told: Token[] = [];
  for (const [at, token] of tokens.entries()) {
    const [before, next] = [told.at(-1), tokens[at + 1]];
    const isRow = before?.is === 'symbol' && (token.is === 'unknown' || token.text.length === 1 || /^ma$/i.test(token.text));
    const isOfStrike = token.text.length === 1 && token.is !== 'symbol' && (next?.is === 'strike' || (next?.is === 'number' && tokens[at + 2]?.is === 'side'));
    const symbol = token.text !== 'a' && (isRow || isOfStrike) ? symbolAt(token) : undefined;
    told.push(symbol === undefined ? token : { is: 'symbol', symbol, isPossessive: false, text: symbol });
  }
  return told;
}

const NO_SYMBOL = /^(?:are|it|so|open|low|dte|all|now|can|has|any|see|two|ever|be|go|do|pay|or|ta|iv|rsi|pm|am|it)$/i;

/** A word that is a symbol too, where nothing else is one: `how far is app from its high`. */
function withOneListed(tokens: readonly Token[], { listed }: Rereading): Token[] | undefined {
  const symbolAt = (at: number): TickerSymbol | undefined => {
    const { text = '', is = 'filler' } = tokens[at] ?? {};
    return MAY_BE_SYMBOL.test(text) && !NO_SYMBOL.test(text) && is !== 'date' ? listed(text.toUpperCase()) : undefined;
  };
  const places = [...tokens.keys()].filter((at) => symbolAt(at) !== undefined);
  const place =
    places.find((at) => tokens[at]?.is === 'unknown') ??
    places.find((at) => LEADS_SYMBOL.test(tokens[at - 1]?.text ?? '') && at === tokens.length - 1) ??
    places.find((at) => tokens.length > 1 && (at === 0 || at === tokens.length - 1));
  const symbol = place === undefined ? undefined : symbolAt(place);
  if (place === undefined || symbol === undefined) return undefined;
  return tokens.with(place, { is: 'symbol', symbol, isPossessive: false, text: symbol });
}

/** `the 240 or 250 call`: two strikes of one side. */
function withSides(tokens: readonly Token[]): Token[] {
  return tokens.map((token, at) => {
    const [joint, next] = [tokens[at + 1], tokens[at + 2]];
    if (token.is !== 'number' || next?.is !== 'strike' || !/^(?:or|vs|and|n|\/|,)$/i.test(joint?.text ?? '')) return token;
    return strikeOf(token.value, next.side);
  });
}

/** A token that may mean one of several as the first of them. */
function meant(token: Token): Token {
  if (token.is === 'doubt') {
    const [first] = token.candidates;
    if (first !== undefined) return { is: 'symbol', symbol: first.symbol, isPossessive: false, text: first.symbol };
  }
  const [, strike, side] = token.is === 'unclear' ? (/^(\d+) (call|put)s?$/i.exec(token.text) ?? []) : [];
  if (strike !== undefined && side !== undefined)
    return strikeOf(Number(strike), side.toLowerCase() as Side);
  return token.is === 'symbol' ? { ...token, text: token.symbol } : token;
}

/** What the question is about stands in it, where the conversation says it. */
function withSymbols(tokens: readonly Token[], sets: readonly (readonly TickerSymbol[])[]): Token[] {
  if (tokens.some(({ is }) => is === 'symbol')) return [...tokens];
  const pronoun = tokens.find(({ is }) => is === 'pronoun');
  const count = pronoun?.is === 'pronoun' && typeof pronoun.pronoun === 'number' ? pronoun.pronoun : undefined;
  const recent = [...new Set(sets.slice(-(count ?? 1)).flat())];
  const own = sets.findLast(({ length }) => length === count) ?? (recent.length === count ? recent : (sets.at(-1) ?? []));
  const added = own.flatMap((symbol, at): Token[] => [
    ...(at === 0 ? [] : [{ is: 'mark', mark: ',', text: ',' } as const]),
    { is: 'symbol', symbol, isPossessive: false, text: symbol },
  ]);
  return own.length === 0 ? [...tokens] : [...added, ...tokens.filter(({ is }) => is !== 'pronoun')];
}

function segmentsOf(tokens: readonly Token[]): Token[][] {
  const segments: Token[][] = [[]];
  for (const token of tokens) {
    if (token.is === 'mark' || token.is === 'joiner' || token.is === 'compare') segments.push([]);
    segments.at(-1)?.push(token);
  }
  const found = segments.filter((each) => each.some((token) => costOf(token) > 0 && token.is !== 'symbol'));
  return found.length > 1 ? found : [];
}

const NEEDLESS_COST = 3;

/** Words without which the same is asked. */
function withoutNeedless(left: readonly Token[], found: Plan, plan: Rereading['plan']): readonly Token[] {
  const wanted = outline(found);
  let kept = left;
  for (const token of left) {
    if (costOf(token) === 0 || costOf(token) > NEEDLESS_COST) continue;
    const fewer = kept.filter((each) => each !== token);
    const read = plan(fewer);
    if (!isRefusal(read) && outline(read) === wanted) kept = fewer;
  }
  return kept;
}

const NEGATES = /^(?:needed|required|necessary|wanted|included|counted)$/i;

/** What is left out goes as a whole: `except apple`, `not counting weekends`, `drawdown not needed`. */
function withoutNegated(tokens: readonly Token[]): readonly Token[] {
  const at = tokens.findIndex((token) => (token.is === 'refuse' && token.why === 'not') || token.is === 'without');
  if (at < 0) return tokens;
  const isEnd = ({ is }: Token): boolean => is === 'mark' || is === 'joiner';
  const length = tokens.slice(at).findIndex(isEnd);
  const end = length < 0 ? tokens.length : at + length;
  const object = tokens.slice(at + 1, end);
  const isBehind = object.every((each) => costOf(each) === 0 || NEGATES.test(each.text));
  const start = isBehind ? tokens.slice(0, at).findLastIndex(isEnd) : at;
  return withoutNegated([...tokens.slice(0, Math.max(0, start)), ...tokens.slice(end)]);
}

const symbolsOf = (parts: readonly Query[]): Set<string> => new Set(parts.flatMap(({ symbols }) => symbols));

function hasAll({ parts }: Plan, tokens: readonly Token[]): boolean {
  const told = symbolsOf(parts);
  if (parts.some(({ form }) => form === 'definition' || form === 'social')) return false;
  return tokens.every((token) => token.is !== 'symbol' || told.has(token.symbol));
}

/** The words that are left, with less and less around them, until they are read as they were meant. */
function tell(
  tokens: readonly Token[],
  kept: ReadonlySet<Token>,
  plan: Plan,
  parse: Rereading['parse'],
): { text: string; isExact: boolean } | undefined {
  if ([...kept].every((each) => costOf(each) === 0 || each.is === 'symbol')) {
    const text = `price of ${[...kept].flatMap((each) => (each.is === 'symbol' ? [each.symbol] : [])).join(', ')}`;
    return { text, isExact: true };
  }
  const wanted = outline(plan);
  let other: { text: string; isExact: boolean } | undefined;
  for (const how of ORDER) {
    const text = spell(tokens, kept, how);
    stats.parses += 1;
    const read = parse(text);
    if (process.env['DBG']) console.log('   text', text, isRefusal(read) ? read.message : outline(read) === wanted);
    if (isRefusal(read) || !hasAll(read, [...kept])) continue;
    if (outline(read) === wanted) return { text, isExact: true };
    other ??= { text, isExact: false };
  }
  return other;
}

const ORDER = (process.env['ORDER'] ?? 'p,b,f,d').split(',').map((each) => ({ f: { isBare: false }, p: { isBare: true, isPrep: true }, b: { isBare: true }, d: { isBare: true, isDated: true } })[each]!);
const PREPOSITION = /^(?:of|for|on|in|at|by|to|from|vs|with)$/i;
const NO_MATTER = KINDS('corrected follow isWhat isWhich pronoun isYesNo');
const outline = ({ parts }: Plan): string =>
  JSON.stringify(
    parts.map((each) =>
      Object.entries(each)
        .filter(([key]) => !NO_MATTER.has(key))
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
  );

/** Words of grammar go with the word that they stand before. */
function spell(
  tokens: readonly Token[],
  kept: ReadonlySet<Token>,
  { isBare, isDated = false, isPrep = false }: { isBare: boolean; isDated?: boolean; isPrep?: boolean },
): string {
  const said: Token[] = [];
  let before: Token[] = [];
  for (const token of tokens) {
    if (SILENT.has(token.is)) before.push(token);
    else {
      if (kept.has(token)) {
        const around = isBare ? before.filter(({ is, text }) => is === 'joiner' || (isPrep && PREPOSITION.test(text))) : before;
        const lead = said.length > 0 ? around : around.slice(around.findLastIndex(({ is }) => is !== 'filler') + 1);
        said.push(...lead, token);
      }
      before = [];
    }
  }
  return said
    .map((token) => (isDated && token.is === 'date' ? (isoOf(token) ?? token.text) : token.text))
    .join(' ')
    .replaceAll(/ (?=[,;:])/g, '')
    .replaceAll(/ ([/]) /g, '$1');
}

function isoOf({ expiration, range }: Token & { is: 'date' }): string | undefined {
  return [expiration, range].find((each) => /^\d{4}-\d\d-\d\d$/.test(each ?? ''));
}
