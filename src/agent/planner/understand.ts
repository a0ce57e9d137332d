// What a question as a whole asks for, or why it is refused: each part gets the form that takes all that the part says.
// One rule refuses the rest: a word that is neither taken by the form nor known to change nothing.
import { exchangeDateOf } from '../../domain/exchange-time.ts';
import type { EpochMs } from '../../domain/types.ts';
import { withExpirations } from './calendar-dates.ts';
import { settleCalendar, settleWithoutSymbol } from './calendar-questions.ts';
import { readContracts } from './contracts.ts';
import { PRICES } from './draft.ts';
import { MOST_CLAUSES, TELLING, withoutAsides, withoutFeeling } from '../words/everyday.ts';
import { completeFromConversation } from './follow-up.ts';
import { formOf } from './forms.ts';
import { withLot } from './holdings.ts';
import { findMeanings, isTerm } from './glossary.ts';
import type { Names } from '../words/names.ts';
import { nearestQuestion, priceOf, refuseWord } from './nearest.ts';
import { readParts } from './parts.ts';
import { PHRASES_OF_MARKET, PHRASES_OF_SYMBOLS } from './phrase-index.ts';
import type { Background } from './pointing.ts';
import {
  PRICE_FORMS,
  type Plan,
  type Query,
  type Refusal,
  type Slots,
  emptySlots,
  hasContent,
  isRefusal,
  names as namesSlots,
  notUnderstood,
  unclear,
} from './query.ts';
import type { Reading, Token } from '../words/tokens.ts';
import { type Topic, readQuestion } from '../words/read.ts';
import { settle } from './settle.ts';
import { withOdds } from './odds.ts';
import { withJudged } from './settle-senses.ts';
import { findUnused, isRepeated, outcomeOf } from './unused.ts';
import { createVocabulary } from '../words/vocabulary.ts';

const BUYS_DELTA = /\b(?:buy|buying|long) (?:the |a )?\.?\d{1,2}[- ]?(?:d|delta)\b/i;

export interface Grammar {
  parse(question: string, background: Background): Plan | Refusal;
  /**
   * The question as one that stands for itself: with the words of those before it, or the nearest where it is refused.
   * @param before the question before it, so restated
   */
  restate(question: string, background: Background, plan: Plan | Refusal, before?: string): string | undefined;
  /** What a question that is refused names for sure: symbols, dates, a side. */
  namedIn(question: string): Partial<Slots>;
}

export function createGrammar(names: Names, now: () => EpochMs): Grammar {
  const vocabulary = createVocabulary(PHRASES_OF_SYMBOLS);
  const reader = { names, vocabulary, today: () => exchangeDateOf(now()) };
  const tokensOf: TokensOf = (text) => readQuestion(text, reader).tokens;
  let ofMarket: typeof vocabulary | undefined;

  /** A question without a symbol may be about the whole market, whose words are others. */
  function readTokens(question: string, background: Background): Reading {
    const reading = readQuestion(question, reader, topicOf(background));
    if (!mayBeOfMarket(question, reading.tokens, background)) return reading;
    ofMarket ??= createVocabulary(PHRASES_OF_MARKET, PHRASES_OF_SYMBOLS);
    const scan = readQuestion(question, { ...reader, vocabulary: ofMarket });
    return scan.tokens.some(({ is }) => is === 'scan') ? scan : reading;
  }

  /** With purchases and contracts as tokens of their own. */
  const readWhole = (question: string, background: Background): Reading =>
    readContracts(
      withLot(withOdds(judged(readTokens(question, background))), background.last),
      topicOf(background),
      background.last?.fields.includes('nextEarnings'),
    );
  const judged = ({ tokens, ...rest }: Reading): Reading => ({
    ...rest,
    tokens: [...withExpirations(withJudged(tokens))],
  });

  function parsePlain(question: string, background: Background): Plan | Refusal {
    const expression = findExpression(question);
    if (expression !== undefined)
      return { kind: 'data', parts: [{ ...emptySlots(), form: 'calculate', fields: [expression], columns: [] }] };
    const reading = withBook(readWhole(question, background), question, background);
    if (asksMeaning(question, reading, background))
      return { kind: 'data', parts: [{ ...definitionOf(question, reading), form: 'definition', columns: [] }] };
    const plan = planTokens(reading.tokens);
    if (isRefusal(plan)) return plan;
    // "is it open on the 31st, and when does it reopen": each with its own day.
    if (plan.parts.length > 1 && plan.parts.every(({ clock }) => clock === 'reopen'))
      return unclear('two questions in one');
    if (isRepeated(reading.tokens, plan, background.last, now()))
      return unclear('what this changes in the question before');
    const unused = findUnused(reading.tokens, plan, planTokens, now());
    return unused === undefined ? plan : unclear(`how "${unused.text}" is meant`);

    function planTokens(tokens: readonly Token[]): Plan | Refusal {
      return planReading({ ...reading, tokens: [...tokens] }, { question, background, now: now() });
    }
  }

  /** The whole question, then without what only tells, and only then clause by clause. */
  function parseSome(question: string, background: Background): Plan | Refusal {
    const rest = withoutFeeling(question, tokensOf);
    const felt = rest === undefined ? undefined : parseSome(rest, background);
    if (felt !== undefined && !isRefusal(felt)) return felt;
    const whole = parsePlain(question, background);
    if (!isRefusal(whole)) {
      // "is it down more than QQQ, and is its volume heavy": two questions that one table would mix.
      const apart =
        whole.parts[0]?.isDays !== true &&
        (whole.parts.length === 1 || whole.parts.every(({ form }) => /^(?:market|holidays)$/.test(form))) &&
        question.length <= LONGEST_SPLIT &&
        TWO_QUESTIONS.test(question)
          ? parseClauses(question, background)
          : undefined;
      return apart !== undefined && apart.parts.length > 1 ? apart : whole;
    }
    if (question.length > LONGEST_SPLIT) return whole;
    for (const { text, left } of [...withoutStory(question, tokensOf), ...withoutAsides(question, tokensOf)]) {
      // "i cant recall its rsi": what is asked is no aside.
      if (left.some(isMatter) && !tokensOf(text).some((each) => isMatter(each) || each.is === 'symbol')) continue;
      const told = ownSymbols(tokensOf(text)).length > 0 ? [] : ownSymbols(left).map((symbol) => `$${symbol}`);
      const plan = parsePlain([...told, text].join(' '), background);
      if (!isRefusal(plan) && plan.parts.some(({ form }) => form !== 'social' && form !== 'definition')) return plan;
    }
    return parseClauses(question, background) ?? whole;
  }

  /** Several questions in one line, each for itself: what follows leans on what stands before it, as the next turn would. */
  function parseClauses(question: string, background: Background): Plan | undefined {
    for (const { clauses, isList } of clausesOf(question)) {
      // "KO, PEP and XOM, which are down": no joint within a list.
      const [left = [], right = []] = clauses.map((clause) => tokensOf(clause));
      const end = clauses.length === 2 ? right.at(-1) : undefined;
      // "worst week and best week this year": of both; a period alone is no question of its own.
      const isOfPeriod = left.some(({ is }) => /^(?:unit|bestDay|streak|count)$/.test(is));
      if (isOfPeriod && end?.is === 'date' && end.range !== undefined && !left.some(({ is }) => is === 'date')) {
        if (right.every(({ is }) => is === 'date' || is === 'filler' || is === 'joiner')) continue;
        clauses[0] = `${clauses[0] ?? ''} ${end.text}`;
      }
      const isListed = clauses.length === 2 && left.slice(-3).filter(({ is }) => is === 'symbol').length > 1;
      if (isListed && left.at(-1)?.is === 'symbol' && right[0]?.is === 'symbol') continue;
      const parts: Query[] = [];
      const named: string[] = [];
      let before = background;
      const isRead = clauses.every((clause) => {
        const { tokens } = readTokens(clause, before);
        const told = ownSymbols(tokens);
        named.push(...told);
        const role = roleOf(clause, tokens, isList);
        if (role === 'topic') before = { ...before, symbolSets: [...before.symbolSets, told] };
        if (role !== 'question') return role === 'topic';
        const plan = parsePlain(clause, before);
        if (isRefusal(plan) || plan.parts.some((part) => part.form === 'definition' || isAmong(part, parts)))
          return false;
        const asked = plan.parts.filter(({ form }) => form !== 'social');
        parts.push(...asked);
        before = afterQuery(before, asked.findLast(({ symbols }) => symbols.length > 0) ?? asked.at(-1));
        return true;
      });
      // "nvda and amd 410c": no symbol is lost on the way.
      const isWhole = named.every((symbol) => parts.some(({ symbols }) => symbols.includes(symbol)));
      if (isRead && isWhole && parts.length > 0) return planOf(withoutRepeated(parts));
    }
    return undefined;
  }

  const grammar: Grammar = {
    namedIn: (question) => namedFor(readContracts(readQuestion(question, reader), undefined).tokens),
    parse(question, background) {
      const { lost, unanswered, ...before } = background;
      if (lost === undefined) return parseSome(question, background);
      const text = unanswered === undefined ? undefined : completedBy(tokensOf(unanswered), tokensOf(question));
      const completed = text === undefined ? undefined : parsePlain(text, before);
      if (completed !== undefined && !isRefusal(completed)) return { ...completed, taken: [`"${unanswered ?? ''}"`] };
      const plan = parseSome(question, background);
      if (!isRefusal(plan)) return withTaken(plan, grammar.namedIn(question), background);
      const alone = isWholeQuestion(readQuestion(question, reader)) ? parseSome(question, NOTHING) : plan;
      return isRefusal(alone) ? plan : alone;
    },
    restate(question, background, plan, before) {
      const { tokens, ...reading } = readWhole(question, background);
      // A suggestion is typed after the question that was refused.
      const lost = { ...background.lost, ...namedFor(tokens) };
      const next = isRefusal(plan) && plan.isAside !== true ? { ...background, lost } : background;
      const earlier = before === undefined ? [] : readTokens(before, NOTHING).tokens;
      const parse = (text: string): Plan | Refusal => {
        const read = parsePlain(text, NOTHING);
        const typed = isRefusal(read) || !isRefusal(plan) ? read : grammar.parse(text, next);
        return isRefusal(typed) ? typed : read;
      };
      const near = nearestQuestion(
        { tokens, symbolSets: background.symbolSets, before: earlier, plan },
        {
          plan: (left) => planReading({ ...reading, tokens: [...left] }, { question, background: NOTHING, now: now() }),
          parse,
          outcome: (read) => outcomeOf(read, now()),
          listed: (word) => names.listed(word)?.symbol,
        },
      );
      const isFull =
        near !== undefined && !near.startsWith(priceOf([])) && !asksFuture(tokens) && !isBare(plan, parse(near));
      const ofWord = isRefusal(plan) && !isFull ? plan.instead : undefined;
      const date = tokens.find((token) => token.is === 'date' && token.expiration !== undefined)?.text ?? 'friday';
      const ways = ofWord === undefined ? [] : [ofWord.replace(/ friday$/, ` ${date}`), ofWord];
      return ways.find((text) => !isRefusal(parse(text))) ?? near;
    },
  };
  return grammar;
}

/** `GE the new year` for a question of advice: a price that nobody asked for. */
function isBare(plan: Plan | Refusal, near: Plan | Refusal): boolean {
  const isPrice = ({ form, fields }: Query): boolean => (form === 'bars' || form === 'quote') && fields.length === 0;
  return isRefusal(plan) && plan.isAside === true && !isRefusal(near) && near.parts.every(isPrice);
}

const NOTHING: Background = { symbolSets: [] };
const LEANS = new Set('pronoun follow correct add drop swap samePeriod step'.split(' '));

const OF_FIGURES = new Set('field form strike side strategy legs deltaOf'.split(' '));

/** `will nvda hit 450 by xmas`: of which what was is no part. */
function asksFuture(tokens: readonly Token[]): boolean {
  const isForecast = tokens.some((token) => token.is === 'refuse' && token.why === 'forecast');
  const isPrice = (token: Token): boolean => token.is === 'field' && token.names.every((name) => PRICES.has(name));
  return isForecast && !tokens.some((token) => OF_FIGURES.has(token.is) && !isPrice(token));
}

/** `fattest iv amd sofi hood`, `NVDA term structure`: as clear after a question that was not understood as anywhere. */
function isWholeQuestion({ tokens }: Reading): boolean {
  const names = tokens.some((token) => token.is === 'each' || (token.is === 'rank' && token.by !== undefined));
  return names && tokens.some(({ is }) => is === 'symbol') && !tokens.some(({ is }) => LEANS.has(is));
}

const OF_MATTER = new Set('field form side strike strategy state move rank date'.split(' '));
const isMatter = ({ is }: Token): boolean => OF_MATTER.has(is);

type TokensOf = (text: string) => Token[];

interface Asked {
  question: string;
  background: Background;
  now: EpochMs;
}

function mayBeOfMarket(question: string, tokens: readonly Token[], { symbolSets }: Background): boolean {
  const isOfSymbols =
    symbolSets.length > 0 && !/\b(?:scan|screen|screener|stocks|large caps|whole market)\b/i.test(question);
  // "do any of my stocks pay a dividend": no scan of all.
  const isOwn = /\bmy (?:stocks|names|tickers)\b/i.test(question);
  return (
    !isOfSymbols &&
    !isOwn &&
    OF_MARKET.test(question) &&
    !tokens.some(({ is, text }) => is === 'symbol' && text !== 'ups')
  );
}

/** One form or more for all that was read. */
function planReading(reading: Reading, { question, background, now }: Asked): Plan | Refusal {
  const refused = refuseTokens(reading, background);
  if (refused !== undefined) return refused;
  const parts: Query[] = [];
  let before = background;
  const asked = readParts(reading);
  for (const part of asked) {
    if (isRefusal(part)) return part;
    const words = new Set(part.conditions.map(({ word, expression }) => word ?? expression));
    if (words.size > 1 && part.isAnyOf !== true && /\?\s+\S/.test(question))
      return unclear('two questions in one', 'ask one at a time');
    settleWithoutSymbol(part, question, before, exchangeDateOf(now));
    settleCalendar(part, question);
    const completed = completeFromConversation(part, before, now);
    if (isRefusal(completed)) return completed;
    if (isOfBoughtDelta(completed, question)) return notUnderstood('the delta of the leg that is bought');
    const queries = settle(completed, part, exchangeDateOf(now));
    if (isRefusal(queries)) return queries;
    parts.push(...(asked.length === 1 ? besideOf(part, queries, background) : queries));
    before = afterQuery(before, queries.at(-1));
  }
  return parts.length === 0 ? notUnderstood('nothing in it names figures') : planOf(withoutRepeated(parts));
}

/** `the last dividend and ex date`: the last one's. */
const tells = ({ columns }: Query, column: string): boolean =>
  columns.includes(column) || (column === 'exDividend' && columns.includes('lastExDividend'));

/** `the last dividend, and when did it go ex`: no table whose figures another one has. */
function withoutRepeated(parts: readonly Query[]): Query[] {
  const restOf = ({
    columns: _columns,
    fields: _fields,
    isWhat: _what,
    asksWhen: _when,
    pronoun: _it,
    ...rest
  }: Query): string => JSON.stringify(Object.entries(rest).toSorted());
  return parts.filter(
    (part, at) =>
      part.form !== 'figures' ||
      parts.every(
        (other, index) =>
          index >= at || restOf(other) !== restOf(part) || !part.columns.every((each) => tells(other, each)),
      ),
  );
}

/** What a question may lean on next; a query without symbols changes nothing. */
function afterQuery(before: Background, last: Query | undefined): Background {
  if (last === undefined) return before;
  if (last.symbols.length > 0) return { last, symbolSets: [...before.symbolSets, last.symbols] };
  // "when does the market close on the 24th, and is it open on the 25th"
  return last.form === 'market' || last.form === 'holidays' ? { ...before, last } : before;
}

/** A spread's delta is that of the leg that is sold. */
function isOfBoughtDelta({ strategy = '', delta }: Slots, question: string): boolean {
  return /-(?:debit|credit)-/.test(strategy) && delta !== undefined && BUYS_DELTA.test(question);
}

/** What is told before a question and asks nothing: its symbols are what the question is about. */
function withoutStory(question: string, tokensOf: TokensOf): { text: string; left: Token[] }[] {
  const sentences = question.split(/(?<=[.!?;…])\s+(?=\S)/);
  if (sentences.length < 2 || sentences.length > MOST_CLAUSES) return [];
  const told = sentences.map((sentence) => ({ sentence, tokens: tokensOf(sentence) }));
  const last = told.findLastIndex(({ sentence, tokens }) => !isStory(sentence, tokens));
  // A story comes before the question, and is a sentence.
  const asked = told.filter(
    ({ sentence, tokens }, index) => index >= last || sentence.split(/\s+/).length < 3 || !isStory(sentence, tokens),
  );
  if (asked.length === 0 || asked.length === told.length) return [];
  return [
    {
      text: asked.map(({ sentence }) => sentence).join(' '),
      left: told.flatMap((each) => (asked.includes(each) ? [] : each.tokens)),
    },
  ];
}

/** "the same for Pepsi": all that the turn before asked. */
function besideOf(part: Slots, queries: readonly Query[], { last }: Background): readonly Query[] {
  const { beside = [] } = namesSymbolsOnly(part) ? (last ?? {}) : {};
  if (beside.length === 0) return queries;
  const [{ symbols } = { symbols: [] }] = queries;
  const own = queries.filter(({ form }) => form !== 'market');
  const same = beside.map((each) => ({ ...each, symbols }));
  return [...same.filter((each) => !own.some((query) => matterOf(query) === matterOf(each))), ...own];
}

function namesSymbolsOnly(part: Slots): boolean {
  const isDated = namesSlots(part, 'range', 'expiration', 'interval', 'aggregate');
  const isMore = isDated || namesSlots(part, 'isComparison', 'pronoun', 'drop', 'bare');
  return part.symbols.length > 0 && !isMore && !hasContent(part) && (part.follow ?? 'same') === 'same';
}

/** What of a query is asked; a sheet is the same whatever stands beside it. */
function matterOf({ form, columns, fields, range, expiration, side, strike }: Query): string {
  const isSheet = !PRICE_FORMS.has(form) && !['contract', 'chain', 'strategy', 'walls', 'expiry'].includes(form);
  return isSheet ? form : JSON.stringify([form, columns, fields, range, expiration, side, strike]);
}

/** What tokens name by themselves, whatever else they say; two of a kind are none. */
function namedFor(tokens: readonly Token[]): Partial<Slots> {
  const dates = tokens.filter(({ is }) => is === 'date') as (Token & { is: 'date' })[];
  const sides = new Set(tokens.flatMap((token) => (token.is === 'side' ? [token.side] : [])));
  const [date, ...others] = dates;
  const isOfOptions = tokens.some(({ is }) => is === 'side' || is === 'strike' || is === 'strategy');
  const { expiration, range } = others.length > 0 ? {} : (date ?? {});
  const [side] = sides.size === 1 ? sides : [];
  const [strike, ...more] = tokens.filter((token) => token.is === 'strike');
  const isOne = strike !== undefined && more.length === 0;
  const ofStrike = isOne ? (strike.side ?? side) : side;
  return {
    symbols: ownSymbols(tokens),
    ...(expiration === undefined ? {} : { expiration }),
    ...(range !== undefined && !isOfOptions ? { range } : {}),
    ...(isOne ? { strike: [strike.strike] } : {}),
    ...(ofStrike === undefined ? {} : { side: ofStrike }),
  };
}

/** What an answer leans on of a question that was not understood, or of those before it. */
function withTaken(plan: Plan, said: Partial<Slots>, { lost, last, symbolSets }: Background): Plan {
  const [part] = plan.parts;
  const isDated = namesSlots(said, 'expiration', 'range');
  const dates = isDated ? [] : [lost?.expiration ?? last?.expiration, lost?.range ?? last?.range];
  const symbols = namesSlots(said, 'symbols') ? [] : symbolSets.flat();
  const taken = [
    ...(part?.symbols ?? []).filter((symbol) => symbols.includes(symbol)),
    ...[part?.expiration, part?.range].filter((date) => date !== undefined && dates.includes(date)),
    ...(namesSlots(said, 'strike') ? [] : (part?.strike ?? []).map((each) => `strike ${String(each)}`)),
    ...(namesSlots(said, 'side') ? [] : [lost?.side ?? last?.side].filter((side) => side === part?.side)),
  ].filter((each) => each !== undefined);
  return taken.length === 0 ? plan : { ...plan, taken };
}

const GIVEN = new Set('symbol date dates strike side deltaOf filler mark joiner follow correct'.split(' '));
const OPEN_ENDED = new Set('unknown refuse unclear follow correct'.split(' '));

/** `spy friday` after "expected move": the question that lacked it, whose words are all known, with what answers it. */
function completedBy(asked: readonly Token[], said: readonly Token[]): string | undefined {
  const given = said.filter(({ is }) => is === 'symbol' || is === 'date' || is === 'strike' || is === 'side');
  const isAnswer = given.length > 0 && said.every(({ is }) => GIVEN.has(is));
  if (!isAnswer || asked.some(({ is }) => OPEN_ENDED.has(is))) return undefined;
  const replaces = (token: Token): boolean =>
    given.some(({ is }) => is === token.is || (is === 'symbol' && /^(?:pronoun|doubt)$/.test(token.is)));
  const write = (token: Token): string => (token.is === 'symbol' ? `$${token.symbol}` : token.text);
  const symbols = given.filter(({ is }) => is === 'symbol').map(write);
  const rest = [...asked.filter((token) => !replaces(token)), ...given.filter(({ is }) => is !== 'symbol')];
  return [symbols.join(', '), ...rest.map(write)].join(' ');
}

/** After a question about options a number is a strike or a delta. */
function topicOf({ last }: Background): Topic | undefined {
  if (last?.form === 'strategy') return 'strategy';
  return last?.form === 'chain' || last?.form === 'contract' ? 'options' : undefined;
}

function planOf(parts: Query[]): Plan {
  const isAnalysis = parts.some((part) => part.isComparison === true || formOf(part.form).isAnalysis === true);
  return { kind: isAnalysis ? 'analysis' : 'data', parts };
}

const OF_BOOK =
  /\bmy (?:short |open |covered )?(?:calls?|puts?|options?|contracts?|positions?|stocks|trades?|book|account|portfolio|folio)\b|\bmy (?:biggest|largest|smallest|best|worst) (?:position|holding|trade|loser|winner)s?\b|\b(?:which|what|any|all|how many)(?: of)?(?: the)? positions\b|\bmy (?:net |total |overall )?(?:delta|gamma|theta|vega)s?\b/i;

/** Of a symbol that is named, what of it is held. */
const OF_HELD =
  /\b(?:have|did) i (?:made?|lost|lose)\b|\bam i (?:up|down)\b|\bmy (?:average |avg )?cost\b|\bmy \S+(?: stock| shares?)? (?:position )?worth\b/i;

/** `which of my short calls are in the money`, `what am I down on`: of what is saved, where nothing else is named. */
function withBook({ tokens, ...rest }: Reading, question: string, { symbolSets }: Background): Reading {
  const isNamed = tokens.some(
    ({ is, text }) =>
      ['strike', 'contract', 'strategy', 'number', 'lot', 'gain', 'legs'].includes(is) ||
      (is === 'paid' && !/^my /i.test(text)),
  );
  const isMade = OF_HELD.test(question) && tokens.some(({ is }) => is === 'symbol') && !tokens.some(isOfTerms);
  const isOfSymbols = symbolSets.length > 0 || tokens.some(({ is }) => is === 'symbol' || is === 'scan');
  const asks = tokens.findIndex(
    (token) => token.is === 'refuse' && token.why === 'position' && !/watchlist|buying power/i.test(token.text),
  );
  const own = isMade ? /\b(?:i|my)\b/i : OF_BOOK.test(question) ? /\bmy\b|^positions$/i : undefined;
  const at = asks >= 0 ? asks : own === undefined ? -1 : tokens.findIndex(({ text }) => own.test(text));
  if (isNamed || (isOfSymbols && !isMade) || at < 0) return { tokens, ...rest };
  const [, way = ''] = /\b(up|down)$/i.exec(tokens[at]?.text ?? '') ?? [];
  const move: Token[] = way === '' ? [] : [{ is: 'move', direction: way.toLowerCase() as 'up' | 'down', text: way }];
  const form: Token = { is: 'form', form: 'positions', text: tokens[at]?.text ?? 'my' };
  const sized = tokens.map((token) =>
    token.is === 'rank' && /big|larg|small/i.test(token.text) && !/los|win|gain/i.test(token.text)
      ? { ...token, by: 'value' }
      : token,
  );
  return { ...rest, tokens: [...sized.slice(0, at), form, ...move, ...sized.slice(at + 1)] };
}

const isOfTerms = ({ is }: Token): boolean => is === 'side' || is === 'money';

const EXPRESSION_LEAD = /^\s*(?:please\s+)?(?:what(?:'s|’s|\s+is)|calculate|compute|calc|how\s+much\s+is)?\s*/i;

/** Arithmetic on plain numbers, with at least one operator between two of them. */
function findExpression(question: string): string | undefined {
  const rest = question
    .replace(EXPRESSION_LEAD, '')
    .replace(/[?=\s]+$/, '')
    .replaceAll('×', '*')
    .replaceAll('÷', '/')
    .replaceAll(/(?<=\d),(?=\d{3}\b)|\$(?=[\d.])/g, '')
    .replaceAll(/(\d+(?:\.\d+)?) ?(?:%|percent|pct) of (?=[\d.])/gi, '$1 / 100 * ')
    .replaceAll(/ (?:times|multiplied by|x) (?=[\d(.])/gi, ' * ')
    .replaceAll(/ (?:divided by|over) (?=[\d(.])/gi, ' / ')
    .replaceAll(/ plus (?=[\d(.])/gi, ' + ')
    .replaceAll(/ minus (?=[\d(.])/gi, ' - ')
    .replace(/^([\d.]+) ?([+-]) ?([\d.]+) ?(?:%|percent|pct)$/i, '$1 * (1 $2 $3 / 100)');
  const isArithmetic = /^[\d\s.+\-*/()]+$/.test(rest) && /[\d)]\s*[+\-*/]\s*[\d(.-]/.test(rest);
  const isDate = /^\d{4}-\d\d-\d\d$|^\d{1,2}\/(?!0+$)\d{1,2}(?:\/\d{2,4})?$/.test(rest.trim());
  return isArithmetic && !isDate ? rest.trim() : undefined;
}

const MEANING =
  /\b(?:means?|meant|meaning of|define|definition|explain|eli5|stands? for|what counts as|difference between .+ and|(?:plain|simple) (?:words|english|terms)|is (?:a|an) .+ (?:please|the same as))\b|^(?:so )?(?:how|what) (?:is|are|does) .+ (?:calculated|computed|worked out|differ)/i;
const NAMED_TERM =
  /^(?:(?:bro|so|ok|hey|yo|please|and)[ ,]+)*(?:what(?:['’]?s| is| are)|wat is|wats) (?:a |an |the )?([a-z0-9 %&-]+?)\??$/i;

/** Only where the glossary has the word. */
const MAY_MEAN =
  /^(?:wtf|tf|what the \w+|what even) (?:is|are)\b|\bdiff(?:erences?)? (?:between|btwn|btw|of|b\/w) .+ (?:and|n|vs|&|or) |\bhow (?:does|do) .+ works?\b|\bwhat (?:\w+ly )?(?:does|do) .+ (?:measure|tell|show|represent|say)|\S,? what(?:['’]?s| is) (?:it|that)\??$|^(?:so |and )?(?:what(?:['’]?s| is)|explain|describe) an? /i;

/** The meaning of words is asked for, of nothing with a symbol. */
function asksMeaning(question: string, { tokens }: Reading, { last, symbolSets }: Background): boolean {
  if (last !== undefined && /^\s*(?:so |ok |and )?what(?:['’]?s| is) (?:the|its)\b/i.test(question)) return false;
  if (tokens.some(({ is }) => is === 'symbol' || is === 'contract' || is === 'date')) return false;
  if (MEANING.test(question) && !/\b(?:should|shall) i\b/i.test(question)) return true;
  const isOfOne = symbolSets.length > 0 && tokens.some(({ is }) => is === 'pronoun');
  if (MAY_MEAN.test(question) && !isOfOne && isDefined(question, tokens)) return true;
  const [, term = ''] = NAMED_TERM.exec(question.trim()) ?? [];
  const isPlain = tokens.every(({ is }) => !['pronoun', 'rank', 'aggregate', 'which', 'refuse'].includes(is));
  return isPlain && term !== '' && !/\b(?:now|my|it|its|up|down|doing)\b/.test(term) && isTerm(term);
}

function definitionOf(topic: string, { tokens }: Reading): Slots {
  return { ...emptySlots(), fields: fieldsIn(tokens), isDefinition: true, topic };
}

function fieldsIn(tokens: readonly Token[]): string[] {
  const fields = tokens.flatMap((token) =>
    token.is === 'field' ? token.names : token.is === 'delta' ? ['delta'] : [],
  );
  return [...new Set(fields)];
}

const isDefined = (question: string, tokens: readonly Token[]): boolean =>
  tokens.every(({ is, text }) => is !== 'refuse' || isTerm(text)) &&
  findMeanings(question, fieldsIn(tokens)).length > 0;

const STORY: ReadonlySet<Token['is']> = new Set([...TELLING, 'move', 'when', 'which']);
const ASKS =
  /^(?:what|whats|how|hows|when|which|who|whos|where|wheres|is|are|was|were|did|does|do|has|have|can|could|would|will|tell|show|give|compare|list|please|pls|kindly|get|find|scan|rank)\b/i;

function isAmong(part: Query, others: readonly Query[]): boolean {
  return others.some(
    (each) => JSON.stringify({ ...each, corrected: [] }) === JSON.stringify({ ...part, corrected: [] }),
  );
}

/** What two clauses have together belongs to neither. */
const OF_ALL = /^(?:both|together|combined|altogether|each|in total|in all)$/i;
/** What makes a clause a question of its own. */
const ASKS_BY_ITSELF = new Set([
  ...'when did field form side strike strategy state relation move rank'.split(' '),
  ...'aggregate scan contract bestDay deltaOf count days distance'.split(' '),
]);
/** What makes an item of a list one. */
const IS_ITEM = new Set('field form state strategy distance move bestDay'.split(' '));
/** A second question with a verb of its own. */
const TWO_QUESTIONS =
  /\b(?:is|are|was|were|did|does|do|has|have|what|how|when|which|who|where)\b.*(?:[,;]\s*and|[?]|\band(?=\s+(?:did|was|is|has)\s+it\b))\s+(?:is|are|was|were|did|does|do|has|have|what|how|when|where)\b/i;
/** In characters; see MOST_CLAUSES. */
const LONGEST_SPLIT = 600;
const SENTENCE_END = /(?<=[.?!;…])\s+(?=\S)/;
const CLAUSE_START =
  /(?:\s*[,–—]|\s+-)?\s+(?:(?:and|n|but|then|plus|also|while|so)\s+)+(?=\S+\s+\S)|\s*[,–—]\s*(?=(?:what|whats|how|hows|when|whens|which|who|whos|where|wheres|is|are|was|did|does|do|has|have|show|give|tell)\b)/gi;

/** The ways in which a question may fall into clauses: at the ends of its sentences, then at one joining word. */
function clausesOf(question: string): { clauses: string[]; isList?: true }[] {
  const sentences = question.split(SENTENCE_END);
  const joints = [...question.matchAll(CLAUSE_START)].map(({ index, 0: { length } }) => [
    question.slice(0, index),
    question.slice(index + length),
  ]);
  const items = itemsOf(question);
  return [
    ...(sentences.length > 1 && sentences.length <= MOST_CLAUSES ? [{ clauses: sentences }] : []),
    ...(joints.length > MOST_CLAUSES ? [] : joints).flatMap((clauses) => (clauses[0] === '' ? [] : [{ clauses }])),
    ...(items.length > 1 ? [{ clauses: items, isList: true as const }] : []),
  ];
}

/** `JNJ: last close, ytd change, distance to its high`: the items of a list, of which the first names the symbols. */
function itemsOf(question: string): string[] {
  const [head = '', ...rest] = question.split(/\s*:\s+/);
  const list = (rest.length > 0 ? rest.join(' ') : question).split(/\s*[,;+]\s*(?:and\s+)?|\s+(?:and|n|&|plus)\s+/i);
  return rest.length > 0 ? [`${head} ${list[0] ?? ''}`, ...list.slice(1)] : list;
}

/** Among others a clause is a question, or says what the next are about: "The Pepsi shares, are they up". */
function roleOf(clause: string, tokens: readonly Token[], isList = false): 'question' | 'topic' | undefined {
  if (isList && !tokens.some(({ is }) => IS_ITEM.has(is))) return undefined;
  if (!tokens.some(({ is }) => ASKS_BY_ITSELF.has(is)) && tokens.some(({ is }) => is === 'symbol'))
    return isStory(clause, tokens) ? 'topic' : undefined;
  const isOfAll = tokens.some((token) => OF_ALL.test(token.text) || (token.is === 'pronoun' && token.pronoun === 2));
  return isOfAll ? undefined : 'question';
}

/** A sentence without figures, dates and amounts that asks nothing. */
function isStory(sentence: string, tokens: readonly Token[]): boolean {
  const isPlain = tokens.every(
    (token) => STORY.has(token.is) || (token.is === 'refuse' && /^(?:position|news)$/.test(token.why)),
  );
  return isPlain && !sentence.includes('?') && !ASKS.test(sentence.trim());
}

/** What a question about the whole market has a word of. */
const OF_MARKET =
  /\b(?:companies|unusual|squeeze|techs|risers|tickers|stonks|scan|screen|screener|stocks|large caps|names|gainers|losers|active|actives|leaders|gap(?:ped|ping)?|gappers|market|anything|highs|lows|golden|squeezes?)\b/i;

/** What of the future the calendar knows. */
const OF_CALENDAR = new Set(['market', 'holidays', 'expirations', 'expiry', 'events']);

/** A word that is not known, almost known, or known to be beyond what figures of the past can say. */
function refuseTokens({ tokens }: Reading, background: Background): Refusal | undefined {
  const isCalendar = tokens.some((token) => token.is === 'form' && OF_CALENDAR.has(token.form));
  const unknown = tokens.filter(({ is }) => is === 'unknown');
  for (const token of tokens) {
    if (
      token.is === 'refuse' &&
      !isDescribed(tokens, token) &&
      !isOfCost(tokens, token) &&
      !(token.why === 'news' && tokens.some((each) => each.is === 'form' && each.form === 'news')) &&
      !(
        token.why === 'forecast' &&
        (isCalendar || tokens.some((each) => /^costs?$/i.test(each.text) || isOfDividend(each))) &&
        /^(?:will|going to|gonna|expected to)$/i.test(token.text)
      )
    )
      return refuseWord(token, symbolsIn(tokens, background));
  }
  const [first] = unknown;
  if (first !== undefined) return notUnderstood(unknown.map(({ text }) => `"${text}"`).join(', '));
  for (const token of tokens) {
    if (token.is === 'doubt') return askBack(token);
    if (token.is === 'unclear') return unclear(token.message, token.hint);
  }
  return undefined;
}

/** What is paid is announced ahead. */
const isOfDividend = (token: Token): boolean =>
  token.is === 'field' && token.names.some((name) => /dividend|earnings/i.test(name));

/** `I bought nvda at 380, am I up`: what was paid says it. */
function isOfCost(tokens: readonly Token[], { why, text }: Token & { is: 'refuse' }): boolean {
  const isPaid = tokens.some(({ is }) => is === 'paid') && tokens.some(({ is }) => is === 'number');
  return why === 'position' && isPaid && /^(?:am i|did i)/i.test(text);
}

const ASKS_FIGURE = /^(?:what|whats|wats|how|hows|which|when|where)\b/i;
const OF_TRADES = /^(?:buy|buying|sell|selling|go long|go short|buy 100|sell 100|write|writing|roll.*)$/i;

/** `what do I get selling the 450 put`: how a contract is meant, no order to trade it. */
function isDescribed(tokens: readonly Token[], token: Token & { is: 'refuse' }): boolean {
  if (token.why !== 'order' || (!OF_TRADES.test(token.text) && !/^place/i.test(token.text))) return false;
  const before = tokens.slice(0, tokens.indexOf(token));
  const asks = tokens.some(({ is, text }) => is === 'howMuch' || is === 'which' || ASKS_FIGURE.test(text));
  const isHow =
    /^how(?: do| can| would)?$/i.test(before[0]?.text ?? '') &&
    before.length < 4 &&
    !/much|many/i.test(before[0]?.text ?? '');
  const isPriced = asks || tokens.some(({ is }) => is === 'ofStrategy');
  // "roll cost of the 670 put": what it costs.
  const isNoun = /^roll$/i.test(token.text) && tokens[tokens.indexOf(token) + 1]?.is === 'field';
  // "sell 4 of the 20d put, premium in dollars?"
  const after = tokens.slice(before.length);
  const asksPrice = after.some(
    (each, at) =>
      each.is === 'field' &&
      /^(?:bid|mid)/.test(each.names.join()) &&
      !/^(?:at|for|the)$/i.test(after[at - 1]?.text ?? ''),
  );
  const isOrder = before.every(({ is }) => is === 'filler' || is === 'joiner') && !isPriced && !isNoun && !asksPrice;
  const isFigured = tokens.some(({ is }) => ['field', 'ofStrategy', 'pays'].includes(is));
  const isOfContract = tokens.some(({ is }) => ['strike', 'side', 'strategy', 'deltaOf', 'legs', 'span'].includes(is));
  const isOfCalendar = tokens.some((each) => each.is === 'form' && OF_CALENDAR.has(each.form));
  if (isOfCalendar && asks) return true;
  return isOfContract && (isFigured || asks) && !isHow && (!isOrder || /ing$/i.test(token.text));
}

function symbolsIn(tokens: readonly Token[], { symbolSets }: Background): string[] {
  const own = ownSymbols(tokens);
  return own.length > 0 ? own : (symbolSets.at(-1) ?? []);
}

function ownSymbols(tokens: readonly Token[]): string[] {
  return [...new Set(tokens.flatMap((token) => (token.is === 'symbol' ? [token.symbol] : [])))];
}

function askBack({ text, candidates }: Token & { is: 'doubt' }): Refusal {
  const shown = candidates.slice(0, 4).map(({ symbol, name }) => (name === symbol ? symbol : `${symbol} (${name})`));
  const [first] = candidates;
  return unclear(
    `did you mean ${shown.join(' or ')}?`,
    /^[A-Za-z.]{1,6}$/.test(text)
      ? `write the symbol, like $${first?.symbol ?? 'NVDA'}; for the symbol ${text.toUpperCase()} itself write $${text.toUpperCase()}`
      : 'write the symbol',
  );
}
