// Right answers from the templates and altered ones from the right: one figure or word changed, never into
// something that is right by chance.
import { createFactBase } from '../../src/agent/grounding/facts.ts';
import type { FactBase } from '../../src/agent/grounding/facts.ts';
import { checkGrounding } from '../../src/agent/grounding/check.ts';
import type { Piece, Rival, Slot, Word } from './grounding-kit.ts';
import { createKit } from './grounding-kit.ts';
import { TEMPLATES } from './grounding-templates.ts';
import type { NamedTemplate } from './grounding-templates.ts';
import type { Random } from './grounding-world.ts';
import { createRandom, createWorld } from './grounding-world.ts';

export interface Case {
  template: string;
  held: boolean;
  text: string;
  facts: FactBase;
  question: string;
  /** Absent: a right answer. */
  alteration?: string;
  /** Places of which one at least must be marked; none given: any. */
  altered?: { start: number; end: number }[];
}

interface Alteration {
  name: string;
  index: number;
  text: string;
}

const RIVALS: Record<Rival, string> = {
  otherSymbol: "another symbol's figure",
  otherField: "another field's figure",
  otherSide: "other side's figure",
  neighbour: 'neighbouring bar',
  wrongStrike: "another strike's figure",
};

export function* createCorpus(seed: number, rounds: number): Generator<Case> {
  const random = createRandom(seed);
  for (let round = 0; round < rounds; round += 1) {
    for (const template of TEMPLATES) yield* createCases(random, template);
  }
}

function* createCases(random: Random, { id, held, write }: NamedTemplate): Generator<Case> {
  const world = createWorld(random);
  const facts = createFactBase();
  for (const answer of world.answers) facts.add(answer);
  const pieces = write(createKit(random, world));
  const [a, b, c] = world.stocks.map((stock) => stock.symbol);
  const question = /^several|-[35]$/.test(id) ? `Compare ${a}, ${b} and ${c} for me` : `What about ${a}?`;
  yield { template: id, held, facts, question, text: join(pieces) };
  const all = alterationsOf(random, pieces);
  const names = [...new Set(all.map((each) => each.name))];
  for (let count = 0; count < 2 && names.length > 0; count += 1) {
    const name = names.splice(random.int(0, names.length - 1), 1)[0]!;
    const alteration = random.pick(all.filter((each) => each.name === name));
    const changed = pieces.map((piece, index) => (index === alteration.index ? alteration.text : piece));
    const start = join(changed.slice(0, alteration.index)).length;
    const isFigure =
      typeof pieces[alteration.index] === 'object' &&
      (pieces[alteration.index] as Slot | Word).type === 'figure' &&
      alteration.name !== 'wrong strike';
    yield {
      template: id,
      held,
      facts,
      question,
      text: join(changed),
      alteration: alteration.name,
      ...(isFigure ? { altered: [{ start, end: start + alteration.text.length }] } : {}),
    };
  }
}

function textOf(piece: Piece): string {
  if (typeof piece === 'string') return piece;
  return piece.type === 'word' ? piece.text : piece.write(piece.value);
}

function join(pieces: readonly Piece[]): string {
  return pieces.map(textOf).join('');
}

function alterationsOf(random: Random, pieces: readonly Piece[]): Alteration[] {
  return pieces.flatMap((piece, index): Alteration[] => {
    if (typeof piece === 'string') return [];
    const found = piece.type === 'word' ? alterWord(piece) : alterFigure(random, piece);
    return found.map((each) => ({ ...each, index }));
  });
}

function alterWord(word: Word): { name: string; text: string }[] {
  const name = {
    side: 'call and put swapped',
    symbol: 'symbol swapped',
    date: 'date off by one',
    direction: 'sign flipped by word',
  }[word.change];
  const { rival } = word;
  const falsifies =
    rival === undefined ||
    word.slots.every(
      (slot) => slot.rivals[rival] !== undefined && slot.write(slot.rivals[rival]) !== slot.write(slot.value),
    );
  return falsifies ? [{ name, text: word.swapped }] : [];
}

function alterFigure(random: Random, slot: Slot): { name: string; text: string }[] {
  const right = slot.write(slot.value);
  const found: { name: string; text: string }[] = [];
  const offer = (name: string, text: string): void => {
    if (text !== right && !isRight(text, slot)) found.push({ name, text });
  };
  for (const [rival, value] of Object.entries(slot.rivals) as [Rival, number][]) {
    if (slot.strikeOf === undefined) offer(RIVALS[rival], slot.write(value));
    else if (
      slot.strikeOf.every(
        (each) =>
          each.rivals.wrongStrike !== undefined && each.write(each.rivals.wrongStrike) !== each.write(each.value),
      )
    )
      offer('wrong strike', slot.write(value));
  }
  if (slot.strikeOf !== undefined) return found;
  offer('one digit changed', changeDigit(random, right));
  offer('scaled by ten', slot.write(slot.value * 10));
  if (Math.abs(slot.value) >= 1)
    offer(
      'invented',
      slot.write(slot.value * (random.chance(0.5) ? 1.03 + random.next() * 0.3 : 0.7 + random.next() * 0.27)),
    );
  if (/\d\.\d/.test(right))
    offer(
      'rounded wrongly',
      slot.write(slot.value + (random.chance(0.5) ? 1 : -1) * lastPlace(slot) * random.int(1, 3)),
    );
  if (slot.signed && Number(right.replace(/[^\d.]/g, '')) !== 0) offer('sign flipped', slot.write(-slot.value));
  return found;
}

/** Whether a written figure is a rounding of what it should be. */
function isRight(text: string, slot: Slot): boolean {
  const digits = (written: string): string => written.replace(/[^\d.]/g, '');
  // 9.85 is 9.8 and 9.9: both are roundings of a half.
  const unit = lastPlace(slot);
  if (slot.write(slot.value + unit * 1e-3) === text || slot.write(slot.value - unit * 1e-3) === text) return true;
  const sign = (written: string): boolean => /^[-−]/.test(written);
  return digits(text) === digits(slot.write(slot.value)) && sign(text) === sign(slot.write(slot.value));
}

function lastPlace(slot: Slot): number {
  const right = slot.write(slot.value);
  let step = 1e-4;
  while (slot.write(slot.value + step * 1.01) === right && step < 1e9) step *= 10;
  return step * 1.01;
}

function changeDigit(random: Random, text: string): string {
  const places = [...text.matchAll(/\d/g)].map((digit) => digit.index);
  const place = random.pick(places);
  const digit = String((Number(text[place]) + random.int(1, 9)) % 10);
  const changed = text.slice(0, place) + digit + text.slice(place + 1);
  return /^\D*0\d/.test(changed) && !/^\D*0\./.test(changed) ? text : changed;
}

export interface Score {
  right: number;
  marked: number;
  altered: number;
  caught: number;
}

export interface Outcome {
  all: Score;
  tuned: Score;
  held: Score;
  byAlteration: Map<string, Score>;
  byTemplate: Map<string, Score>;
  failures: { item: Case; why: string }[];
  ms: number;
}

export function runCorpus(seed: number, rounds: number): Outcome {
  const zero = (): Score => ({ right: 0, marked: 0, altered: 0, caught: 0 });
  const outcome: Outcome = {
    all: zero(),
    tuned: zero(),
    held: zero(),
    byAlteration: new Map(),
    byTemplate: new Map(),
    failures: [],
    ms: 0,
  };
  for (const item of createCorpus(seed, rounds)) {
    const began = performance.now();
    const { unsupported } = checkGrounding(item.text, item.facts, { question: item.question });
    outcome.ms += performance.now() - began;
    const scores = [outcome.all, item.held ? outcome.held : outcome.tuned, scoreOf(outcome.byTemplate, item.template)];
    if (item.alteration !== undefined) scores.push(scoreOf(outcome.byAlteration, item.alteration));
    const hit =
      item.altered === undefined
        ? unsupported.length > 0
        : item.altered.some(({ start, end }) => unsupported.some((figure) => figure.start < end && figure.end > start));
    for (const score of scores) {
      if (item.alteration === undefined) {
        score.right += 1;
        score.marked += hit ? 1 : 0;
      } else {
        score.altered += 1;
        score.caught += hit ? 1 : 0;
      }
    }
    if (hit === (item.alteration === undefined))
      outcome.failures.push({
        item,
        why: unsupported
          .map((figure) => `${figure.text}: ${figure.reason} (nearest ${JSON.stringify(figure.nearest)})`)
          .join('; '),
      });
  }
  return outcome;

  function scoreOf(scores: Map<string, Score>, key: string): Score {
    const score = scores.get(key) ?? zero();
    scores.set(key, score);
    return score;
  }
}
