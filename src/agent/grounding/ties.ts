// Ties the figures of one sentence to the words around them: "NVDA and AMD closed at 207.04 and 264.33 (+1.2 %)".
// Knows word order, lists, parentheses; knows nothing of markets.
import type { Figure } from './figures.ts';
import type { Place } from './mentions.ts';

/** What stands between a word and the figure that it names. */
const JOINTS: ReadonlySet<string> = new Set(
  'of at was is are were be near around about roughly approximately approx nearly almost some just over under stands stood sits sit sat lies lie waits runs ran reads read reading comes came in now currently level levels value figure price prices a an the its by as totals totalled totaled reached hit printed for with remains remained on has had shows showed being also still only to'.split(
    ' ',
  ),
);
/** What stands between a figure and the word that names it: "207.04 was where NVDA closed", "201.03 on Oct 28". */
const BACK_JOINTS = {
  field: new Set(
    'was is were are where the its as which marked that what day session of first second next nearest main key'.split(
      ' ',
    ),
  ),
  symbol: new Set(['was', 'is', 'were', 'where', 'for', 'in', 'the', 'by', 'of']),
  date: new Set(
    'on for in by into at the session of close half short shortened day mon tue tues wed thu thurs fri monday tuesday wednesday thursday friday'.split(
      ' ',
    ),
  ),
  side: new Set(['open', 'for', 'in', 'the', 'on', 'of', 'was', 'is', 'where', 'which']),
  strike: new Set(
    'at the for on of in contracts calls puts open interest strike is are sits sit found stands'.split(' '),
  ),
} as const satisfies Record<string, ReadonlySet<string>>;
export type TieKind = keyof typeof BACK_JOINTS;
const LIST_JOINT =
  /^[\s*_`$~≈"()]*(?:[,/|&–—→x×-]|->|,? ?and|,? ?or|,? ?then|,? ?followed by|to|vs\.?|versus)?[\s*_`$~≈"()]*(?:(?:about|around|roughly|approximately|nearly|almost|some)\s)?[\s*_`$~≈"()]*$/i;
const BARRIER = /[;,.]|\b(?:while|whereas|but|and|versus|vs|against|than)\b/i;

export interface Tied<M> {
  mention: M;
  /** The mention stands right before or after, joined by nothing else. */
  firm: boolean;
  /** Where it is not firm: the nearest mention on the other side, which may be meant as well. */
  rival?: M;
  /** It came by a list in the same order: `open, high: 1, 2`. */
  listed: boolean;
}

export interface TieRules<M> {
  kind: TieKind;
  /** No other figure may stand between. */
  alone?: boolean;
  /** The mention names only a figure right before it. */
  trailing?: (mention: M) => boolean;
  /** Figures that stand in nobody's way: strikes between "open interest" and its figure. */
  skip?: (index: number) => boolean;
  /** Words of other kinds, read over: "close *for NVDA* of 207.04". */
  over?: readonly Place[];
}

export interface Ties {
  /** Index of the figure that a parenthesised one belongs to: 1 in "207.04 (+2.99 %)" has 0. */
  hostOf(index: number): number | undefined;
  /** First figure of the list that this figure is in, and its place in it. */
  listOf(index: number): { first: number; place: number; length: number };
  /** The mention that each figure belongs to. */
  tie<M extends Place>(mentions: readonly M[], how: TieRules<M>): (Tied<M> | undefined)[];
  /** Members of the enumeration that a mention is part of: both in "NVDA and AMD". */
  enumerated<M extends Place>(mentions: readonly M[], mention: M): readonly M[];
  /** Words in parentheses right behind a figure. */
  isNote(mention: Place): boolean;
  /** Only separators and joining words stand between two places, once `ignored` places are taken out. */
  isJoined(from: number, to: number, ignored: readonly Place[]): boolean;
}

/** A piece with its parentheses told apart by what they hold. */
interface Piece {
  figures: readonly Figure[];
  /** Innermost parentheses. */
  groups: readonly Place[];
  /** Those of words right behind a figure, which name that one only: "275.61 (SMA20)". */
  notes: readonly Place[];
  /** The figure that each figure in parentheses belongs to, by index. */
  hosts: readonly (number | undefined)[];
  /** The text with blanks for notes and for what belongs to a host. */
  flat: string;
}

/** A figure and its place among those of the piece: all of a list are beside each other in the text. */
type Listed = Place & { index: number };

/** One figure that looks for its mention. */
type Choice<M> = TieRules<M> & {
  figure: Figure;
  index: number;
  /** The text with the words of other kinds blanked. */
  around: string;
  /** Mentions that the figure before them has. */
  taken: ReadonlySet<M>;
};

/** @param text the piece; figures and mentions are counted from its beginning. */
export function createTies(text: string, figures: readonly Figure[], words: readonly Place[]): Ties {
  const piece = readPiece(text, figures, words);
  const { flat, hosts } = piece;
  const lists = findLists(
    flat,
    figures.flatMap(({ start, end }, index) => (hosts[index] === undefined ? [{ start, end, index }] : [])),
    (before, next) => isInCents(figures[before.index]) === isInCents(figures[next.index]),
  );
  const listOf = new Map(
    lists.flatMap((list) =>
      list.map(({ index }, place) => [index, { first: list[0]?.index ?? index, place, length: list.length }] as const),
    ),
  );
  return {
    hostOf: (index) => hosts[index],
    listOf: (index) => listOf.get(index) ?? { first: index, place: 0, length: 1 },
    tie(mentions, rules) {
      if (mentions.length === 0) return figures.map(() => undefined);
      const free = mentions.filter((mention) => noteOf(piece, mention) === undefined);
      return tieAll(piece, mentions, rules, pairLists(lists, findLists(flat, free)));
    },
    enumerated: (mentions, mention) => findLists(flat, mentions).find((list) => list.includes(mention)) ?? [mention],
    isNote: (mention) => noteOf(piece, mention) !== undefined,
    isJoined(from, to, ignored) {
      const within = ignored.filter(({ start, end }) => start >= from && end <= to);
      return joinsOnly(blankPlaces(flat, within).slice(from, to));
    },
  };
}

function readPiece(text: string, figures: readonly Figure[], words: readonly Place[]): Piece {
  const groups = findGroups(text);
  const notes = groups.filter((group) => isNote(text, figures, group));
  const hosts = figures.map((figure, index) => {
    const group = enclosing(groups, figure);
    const host = group && figures.findLastIndex(({ start }, at) => at < index && start < group.start);
    return group && isHost(text, figures[host ?? -1], group, words) ? host : undefined;
  });
  const hosted = figures.map((figure, index) => (hosts[index] === undefined ? undefined : enclosing(groups, figure)));
  const apart = [...notes, ...new Set(hosted)].flatMap((group) => group ?? []);
  const flat = blankPlaces(
    text,
    apart.map(({ start, end }) => ({ start, end: end + 1 })),
  );
  return { figures, groups, notes, hosts, flat };
}

function isNote(text: string, figures: readonly Figure[], group: Place): boolean {
  if (figures.some((figure) => isInside(figure, group))) return false;
  return figures.some(
    ({ end }) => end <= group.start && group.start - end < 4 && text.slice(end, group.start).trim() === '',
  );
}

/** The last figure before parentheses has those in it, unless a word between names others. */
function isHost(text: string, host: Figure | undefined, group: Place, words: readonly Place[]): boolean {
  if (!host || host.isRatio === true) return false;
  const between = text.slice(host.end, group.start);
  const isNamed = words.some(
    ({ start, end }) => host.end <= start && end <= group.start && !isBackJoint(text.slice(host.end, start), 'field'),
  );
  return !isNamed && between.length < 40 && !BARRIER.test(between) && !/[()]/.test(between);
}

function isInside(place: Place, group: Place): boolean {
  return group.start < place.start && place.end <= group.end;
}

function enclosing(groups: readonly Place[], place: Place): Place | undefined {
  return groups.find((group) => isInside(place, group));
}

function noteOf({ notes }: Piece, mention: Place): Place | undefined {
  return enclosing(notes, mention);
}

/** "291.83/291.87, 4c wide" is no list of three. */
const isInCents = (figure: Figure | undefined): boolean => /\d\s?(?:c|¢|cents?)$/.test(figure?.text ?? '');

/** Places with nothing but separators and joining words between them. */
function findLists<P extends Place>(
  flat: string,
  places: readonly P[],
  isAlike: (before: P, next: P) => boolean = () => true,
): P[][] {
  const lists: P[][] = [];
  for (const place of places) {
    const list = lists.at(-1);
    const before = list?.at(-1);
    const between = before && before.end <= place.start ? flat.slice(before.end, place.start) : undefined;
    if (
      list &&
      between !== undefined &&
      isAlike(before as P, place) &&
      between.length < 60 &&
      (between === '' || between.trim() !== '') &&
      LIST_JOINT.test(between.replace(/ +/g, ' '))
    )
      list.push(place);
    else lists.push([place]);
  }
  return lists;
}

/** Mentions and figures listed in the same order and number belong together one by one: those behind, else those before. */
function pairLists<M extends Place>(lists: readonly Listed[][], named: readonly M[][]): Map<number, M> {
  const pairs = new Map<number, M>();
  for (const mentions of named) {
    const first = mentions[0];
    const last = mentions.at(-1);
    if (mentions.length < 2 || !first || !last) continue;
    const following = lists.find((list) => (list[0]?.start ?? 0) >= last.end);
    const preceding = lists.findLast((list) => (list.at(-1)?.end ?? 0) <= first.start);
    const fitting = [following, preceding].find(
      (list) => list?.length === mentions.length && list.every(({ index }) => !pairs.has(index)),
    );
    fitting?.forEach(({ index }, at) => {
      const mention = mentions[at];
      if (mention) pairs.set(index, mention);
    });
  }
  return pairs;
}

function tieAll<M extends Place>(
  piece: Piece,
  mentions: readonly M[],
  rules: TieRules<M>,
  pairs: ReadonlyMap<number, M>,
): (Tied<M> | undefined)[] {
  const around = blankPlaces(piece.flat, rules.over ?? []);
  const taken = new Set<M>();
  return piece.figures.map((figure, index) => {
    const paired = pairs.get(index);
    if (paired) return note({ mention: paired, firm: true, listed: true });
    const group = piece.hosts[index] === undefined ? undefined : enclosing(piece.groups, figure);
    const near = group ? mentions.filter(({ start, end }) => group.start <= start && end <= group.end) : mentions;
    return note(choose(piece, near, { ...rules, figure, index, around, taken }));

    function note(chosen: Tied<M> | undefined): Tied<M> | undefined {
      if (chosen && chosen.mention.start >= figure.end && chosen.firm) taken.add(chosen.mention);
      return chosen;
    }
  });
}

/** The mention that a figure overlaps or is joined to; else the nearest before it, else the nearest behind it. */
function choose<M extends Place>(piece: Piece, mentions: readonly M[], choice: Choice<M>): Tied<M> | undefined {
  const { figure, index, around, kind } = choice;
  const firmly = (mention: M): Tied<M> => ({ mention, firm: true, listed: false });
  const own = overlapping(mentions, figure);
  if (own) return firmly(own);
  const isOpen = (mention: M): boolean => !isOfFiguresApart(piece, mention, figure);
  const before = mentions.findLast(
    (mention) =>
      mention.end <= figure.start &&
      choice.trailing?.(mention) !== true &&
      noteOf(piece, mention) === undefined &&
      isOpen(mention),
  );
  const after = mentions.find(
    (mention) => mention.start >= figure.end && !isNoteOfAnother(piece, mention, index) && isOpen(mention),
  );
  const behind = after && around.slice(figure.end, after.start);
  const free = before && !choice.taken.has(before) ? before : undefined;
  if (after && kind === 'field' && !free && /^ (?:at|on) (?:the|its) $/.test(behind ?? '')) return firmly(after);
  if (free && isJoint(around.slice(free.end, figure.start))) return firmly(free);
  if (after && isBackJoint(behind ?? '', kind)) return firmly(after);
  const following = after && mayFollow(piece, after, choice) ? after : undefined;
  if (free && !(choice.alone === true && isApart(piece, { start: free.end, end: figure.start }, choice)))
    return { mention: free, firm: false, listed: false, ...(following ? { rival: following } : {}) };
  const mention = following ?? (choice.alone === true ? undefined : before);
  return mention && { mention, firm: false, listed: false };
}

/** The figure's place is part of the mention's or the other way round: "23 DTE", an option symbol. */
function overlapping<M extends Place>(mentions: readonly M[], figure: Figure): M | undefined {
  return (
    mentions.find((mention) => mention.start >= figure.start && mention.end <= figure.end) ??
    mentions.find((mention) => mention.start < figure.start && mention.end > figure.start)
  );
}

/** In "258.01 (down 2.73 %)" the words in parentheses name the figure there. */
function isOfFiguresApart(piece: Piece, mention: Place, figure: Figure): boolean {
  const group = enclosing(piece.groups, mention);
  return (
    group !== undefined &&
    group !== enclosing(piece.groups, figure) &&
    noteOf(piece, mention) === undefined &&
    piece.figures.some((other) => isInside(other, group))
  );
}

function isNoteOfAnother(piece: Piece, mention: Place, index: number): boolean {
  const note = noteOf(piece, mention);
  return note !== undefined && piece.figures.findLastIndex((figure) => figure.end <= note.start) !== index;
}

/** Words behind a figure name it unless they already lead to the next one: "272.7 on volume of 193 million". */
function mayFollow<M extends Place>(piece: Piece, after: M, choice: Choice<M>): boolean {
  const { figure, index, around, trailing } = choice;
  if (trailing?.(after) === true || BARRIER.test(around.slice(figure.end, after.start))) return false;
  const next = piece.figures[index + 1];
  const leadsOn = next !== undefined && after.end <= next.start && isJoint(around.slice(after.end, next.start));
  return !leadsOn && !isApart(piece, { start: figure.end, end: after.start }, choice);
}

/** Another figure stands in between, and not one that may be read over. */
function isApart<M>({ figures, hosts }: Piece, { start, end }: Place, { index, skip }: Choice<M>): boolean {
  return figures.some(
    (other, at) =>
      at !== index && hosts[at] === undefined && skip?.(at) !== true && other.start >= start && other.end <= end,
  );
}

function joinsOnly(between: string): boolean {
  // What is "by 1.31" is a difference, not another of the same.
  return (
    between.length < 80 &&
    !/\b(?:by|now|currently)\b/i.test(between) &&
    (between.match(/[A-Za-z]+/g) ?? []).every(
      (word) =>
        JOINTS.has(word.toLowerCase()) || ['and', 'or', 'then', 's', 'versus', 'vs'].includes(word.toLowerCase()),
    )
  );
}

function blankPlaces(text: string, places: readonly Place[]): string {
  return places.reduce(
    (blanked, { start, end }) => blanked.slice(0, start) + ' '.repeat(end - start) + blanked.slice(end),
    text,
  );
}

function isJoint(between: string): boolean {
  if (between.length > 60 || /[;,.?!]\s|\d|\n/.test(between)) return false;
  return (between.match(/[A-Za-z]+/g) ?? []).every((word) => JOINTS.has(word.toLowerCase()) || word === 's');
}

function isBackJoint(between: string, kind: TieKind): boolean {
  if (between.length > 30 || (kind === 'strike' ? /[;.?!:/|\d–—\n<>≤≥=→)]/ : /[;,.?!:/|\d–—\n<>≤≥=→)]/).test(between))
    return false;
  return (between.match(/[A-Za-z]+/g) ?? []).every((word) =>
    (BACK_JOINTS[kind] as ReadonlySet<string>).has(word.toLowerCase()),
  );
}

/** Innermost parentheses, in one pass. */
function findGroups(text: string): Place[] {
  const groups: Place[] = [];
  let open = -1;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') open = at;
    else if (text[at] === ')' && open >= 0) {
      groups.push({ start: open, end: at });
      open = -1;
    }
  }
  return groups;
}
