// Says of each figure of an answer what it is a figure of, from its sentence or table row and from what stands
// over it: headings, introductions, bullets, the sentence before.
import type { Field } from './facts.ts';
import { maskNonFigures } from './figures.ts';
import { cutPieces, type Piece } from './layout.ts';
import { findSymbols } from './mentions.ts';
import type { Context, Said, Source } from './said.ts';
import { PERIOD, readSentence, type SentenceRead, distinctOf } from './sentence.ts';
import { createTableReader } from './tables.ts';

interface Scopes {
  said: Said[];
  /** What is no table, in the order of the text. */
  sentences: (SentenceRead & { start: number })[];
}

/** Reads a whole answer. `question` gives the symbols where the text names none. */
export function readScopes(source: Source, question: string): Scopes {
  const { text, base } = source;
  const pieces = cutPieces(text);
  const all = distinctOf(findSymbols(text, base));
  const fallback =
    all ?? distinctOf(findSymbols(question, base)) ?? (base.symbols.size === 1 ? [...base.symbols] : undefined);
  const over = createOverhead({
    ...spokenContext(source, question),
    ...(fallback ? { symbols: fallback } : {}),
    period: PERIOD.test(question),
  });
  const tables = createTableReader(source);
  const said: Said[] = [];
  const sentences: Scopes['sentences'] = [];
  for (const piece of pieces) {
    const context = over.enter(piece);
    if (piece.kind === 'row') {
      const row = tables.readRow(piece, context);
      said.push(...row);
      // "| Worst day | Nov 30, -4.05 % |" says as much as a sentence.
      if (piece.cells?.length === 2 && pieces.length < 300) {
        const read = readSentence(source, piece, context);
        if (read.said.length === row.length) sentences.push({ ...read, said: row, start: piece.start });
      }
      continue;
    }
    const read = readSentence(source, piece, context);
    said.push(...read.said);
    sentences.push({ ...read, start: piece.start });
    over.leave(piece, read.own);
  }
  return { said: withOnlyStrike(said), sentences };
}

/** The one strike that a text names is that of all its contracts. */
function withOnlyStrike(said: readonly Said[]): Said[] {
  const strikes = [...new Set(said.flatMap((each) => (each.isStrike === true ? [each.figure.magnitude] : [])))];
  return strikes.length !== 1
    ? [...said]
    : said.map((each) =>
        each.strikes === undefined && each.isStrike !== true
          ? { ...each, near: new Set([...(each.near ?? []), 'strike']), strikes }
          : each,
      );
}

/** What the question and the whole text speak of, where a sentence says only figures. */
function spokenContext({ text, base, lexicon }: Source, question: string): Context {
  const asked: Field[] = lexicon.find(`${text}\n${question}`).flatMap((cue) => cue.fields);
  if (/\b(?:52[ -]?w|52 weeks|past year|twelve months|year['’]?s?\b)/i.test(`${text} ${question}`))
    asked.push('week52High', 'week52Low');
  if (/overbought|oversold/i.test(`${text} ${question}`)) asked.push('rsi14');
  if (question === '') return { asked };
  const sought = lexicon.find(question).flatMap((cue) => [...cue.fields]);
  const piece = { start: 0, end: question.length };
  const { own } = readSentence({ text: question, masked: maskNonFigures(question), base, lexicon }, piece, {});
  return {
    ...(own.sides?.length === 1 ? { sides: own.sides } : {}),
    ...(own.strikes ? { strikes: own.strikes } : {}),
    asked,
    sought,
    percents: /%|\bpct\b|percent/i.test(question),
  };
}

/** Keeps headings, introductions and bullets that stand over the next piece. */
function createOverhead(fallback: Context): { enter(piece: Piece): Context; leave(piece: Piece, own: Context): void } {
  let headings: { depth: number; own: Context }[] = [];
  let bullets: { depth: number; group: number; own: Context }[] = [];
  let intro: Context = {};
  let carried: { group: number; own: Context } = { group: -1, own: {} };
  let last: Context = {};

  return {
    enter(piece) {
      if (piece.kind === 'heading') {
        headings = headings.filter((heading) => heading.depth < piece.depth);
        intro = {};
        last = {};
      }
      if (piece.kind === 'bullet')
        bullets = bullets.filter((bullet) => bullet.depth < piece.depth || bullet.group === piece.group);
      else bullets = [];
      const chain = headings.map((heading) => heading.own).reverse();
      const cueless = chain.map(({ cue, ...rest }) => (cue?.average === undefined ? rest : { ...rest, cue }));
      const parents = bullets.map((bullet) => bullet.own).reverse();
      const group = carried.group === piece.group ? [withoutCue(carried.own, piece.kind === 'sentence')] : [];
      const introduced = piece.kind === 'bullet' || piece.kind === 'row' ? [intro] : [];
      const weak = { symbols: last.symbols, period: last.period };
      return merge([...group, ...parents, ...introduced, ...(piece.kind === 'row' ? chain : cueless), weak, fallback]);
    },
    leave(piece, own) {
      carried = { group: piece.group, own: merge([own, carried.group === piece.group ? carried.own : {}]) };
      if (piece.kind === 'heading') headings.push({ depth: piece.depth, own });
      if (piece.kind === 'intro') intro = merge([own, { symbols: intro.symbols }]);
      if (piece.kind === 'sentence') intro = {};
      if (piece.kind === 'bullet') {
        if (!bullets.some((bullet) => bullet.group === piece.group))
          bullets.push({ depth: piece.depth, group: piece.group, own });
        last = {};
      } else last = merge([{ symbols: own.symbols, period: own.period }, last]);
    },
  };
}

/** The day of one sentence is that of the next only where nothing else fits. */
function withoutCue({ cue: _cue, dates, ...rest }: Context, isProse: boolean): Context {
  return isProse && dates !== undefined ? { ...rest, earlier: dates } : { ...rest, dates };
}

/** Of each kind what is said first. */
function merge(contexts: readonly Context[]): Context {
  const said = (context: Context): Context =>
    Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined && value !== false));
  return Object.assign({}, ...contexts.toReversed().map(said)) as Context;
}
