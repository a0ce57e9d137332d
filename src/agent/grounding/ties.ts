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
  date: new Set(['on', 'for', 'in', 'at', 'the', 'session', 'of', 'close']),
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

type Choice<M> = TieRules<M> & {
  /** The text with the words of other kinds blanked. */
  around: string;
  /** Mentions that the figure before them has. */
  taken: ReadonlySet<M>;
};

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

/** @param text the piece; figures and mentions are counted from its beginning. */
export function createTies(text: string, figures: readonly Figure[], words: readonly Place[]): Ties {
  const groups = findGroups(text);
  const hosts = figures.map((figure, index) => findHost(figure, index));
  const notes = groups.filter((group) => isNote(group));
  const flat = blankGroups();
  const runs = findRuns(
    figures
      .map((figure, index) => ({ start: figure.start, end: figure.end, index }))
      .filter(({ index }) => hosts[index] === undefined),
  );

  /** Words in parentheses right behind a figure, which name that one only: "275.61 (SMA20)". */
  function isNote(group: Place): boolean {
    if (figures.some((figure) => group.start < figure.start && figure.end <= group.end)) return false;
    return figures.some(
      (figure) =>
        figure.end <= group.start && group.start - figure.end < 4 && text.slice(figure.end, group.start).trim() === '',
    );
  }

  const lists = new Map(
    runs.flatMap((run) =>
      run.map(({ index }, place) => [index, { first: run[0]?.index ?? index, place, length: run.length }] as const),
    ),
  );

  function enclosing(figure: Place): Place | undefined {
    return groups.find((group) => group.start < figure.start && figure.end <= group.end);
  }

  function findHost(figure: Figure, index: number): number | undefined {
    const group = enclosing(figure);
    if (!group) return undefined;
    for (let at = index - 1; at >= 0; at -= 1) {
      const host = figures[at];
      if (!host) return undefined;
      if (host.start >= group.start) continue;
      const between = text.slice(host.end, group.start);
      const named = words.some(
        (word) =>
          host.end <= word.start && word.end <= group.start && !isBackJoint(text.slice(host.end, word.start), 'field'),
      );
      return !named && between.length < 40 && !BARRIER.test(between) && !/[()]/.test(between) ? at : undefined;
    }
    return undefined;
  }

  function blankGroups(): string {
    let blanked = notes.reduce((each, note) => blank(each, note), text);
    const seen = new Set<Place>();
    figures.forEach((figure, index) => {
      const group = hosts[index] === undefined ? undefined : enclosing(figure);
      if (!group || seen.has(group)) return;
      seen.add(group);
      blanked = blank(blanked, group);
    });
    return blanked;
  }

  function blank(from: string, { start, end }: Place): string {
    return from.slice(0, start) + ' '.repeat(end - start + 1) + from.slice(end + 1);
  }

  function noteOf(mention: Place): Place | undefined {
    return notes.find((note) => note.start < mention.start && mention.end <= note.end);
  }

  function findRuns<P extends Place>(places: readonly P[]): P[][] {
    const found: P[][] = [];
    for (const place of places) {
      const run = found.at(-1);
      const before = run?.at(-1);
      const between = before && before.end <= place.start ? flat.slice(before.end, place.start) : undefined;
      if (
        run &&
        between !== undefined &&
        between.length < 60 &&
        (between === '' || between.trim() !== '') &&
        LIST_JOINT.test(between.replace(/ +/g, ' '))
      )
        run.push(place);
      else found.push([place]);
    }
    return found;
  }

  /** Mentions and figures listed in the same order and number belong together one by one. */
  function pairRuns<M extends Place>(mentions: readonly M[]): Map<number, M> {
    const pairs = new Map<number, M>();
    for (const named of findRuns(mentions.filter((mention) => noteOf(mention) === undefined))) {
      if (named.length < 2) continue;
      const first = named[0];
      const last = named.at(-1);
      if (!first || !last) continue;
      const following = runs.find((run) => (run[0]?.start ?? 0) >= last.end);
      const preceding = runs.findLast((run) => (run.at(-1)?.end ?? 0) <= first.start);
      const used = (run: typeof following): boolean =>
        run?.length === named.length && run.every(({ index }) => !pairs.has(index));
      const run = used(following) ? following : used(preceding) ? preceding : undefined;
      run?.forEach(({ index }, at) => {
        const mention = named[at];
        if (mention) pairs.set(index, mention);
      });
    }
    return pairs;
  }

  function tie<M extends Place>(mentions: readonly M[], rules: TieRules<M>): (Tied<M> | undefined)[] {
    if (mentions.length === 0) return figures.map(() => undefined);
    const around = blankPlaces(flat, rules.over ?? []);
    const pairs = pairRuns(mentions);
    const tied: (Tied<M> | undefined)[] = [];
    const taken = new Set<M>();
    figures.forEach((figure, index) => {
      const paired = pairs.get(index);
      const host = hosts[index];
      const group = host === undefined ? undefined : enclosing(figure);
      const near = group
        ? mentions.filter((mention) => group.start <= mention.start && mention.end <= group.end)
        : mentions;
      tied.push(
        paired
          ? { mention: paired, firm: true, listed: true }
          : choose(figure, index, near, { ...rules, around, taken }),
      );
      const chosen = tied.at(-1);
      if (chosen?.mention && chosen.mention.start >= figure.end && chosen.firm) taken.add(chosen.mention);
    });
    return tied;
  }

  function isNoteOfAnother(mention: Place, index: number): boolean {
    const note = noteOf(mention);
    return note !== undefined && figures.findLastIndex((figure) => figure.end <= note.start) !== index;
  }

  /** In "258.01 (down 2.73 %)" the words in parentheses name the figure there. */
  function isOfFiguresApart(mention: Place, figure: Figure): boolean {
    const group = enclosing(mention);
    return (
      group !== undefined &&
      group !== enclosing(figure) &&
      noteOf(mention) === undefined &&
      figures.some((other) => group.start < other.start && other.end <= group.end)
    );
  }

  /** The words behind a figure already lead to the next one: "272.7 on volume of 193 million". */
  function leadsOn(mention: Place, index: number, around: string): boolean {
    const next = figures[index + 1];
    return next !== undefined && mention.end <= next.start && isJoint(around.slice(mention.end, next.start));
  }

  /** Another figure than `index` stands between two places, and not one that may be read over. */
  function isApart(from: number, to: number, index: number, skip: ((index: number) => boolean) | undefined): boolean {
    return figures.some(
      (other, at) =>
        at !== index && hosts[at] === undefined && skip?.(at) !== true && other.start >= from && other.end <= to,
    );
  }

  /** The figure's place is part of the mention's or the other way round: "23 DTE", an option symbol. */
  function overlapping<M extends Place>(mentions: readonly M[], figure: Figure): M | undefined {
    return (
      mentions.find((mention) => mention.start >= figure.start && mention.end <= figure.end) ??
      mentions.find((mention) => mention.start < figure.start && mention.end > figure.start)
    );
  }

  function choose<M extends Place>(
    figure: Figure,
    index: number,
    mentions: readonly M[],
    how: Choice<M>,
  ): Tied<M> | undefined {
    const own = overlapping(mentions, figure);
    if (own) return { mention: own, firm: true, listed: false };
    const before = mentions.findLast(
      (mention) =>
        mention.end <= figure.start &&
        how.trailing?.(mention) !== true &&
        noteOf(mention) === undefined &&
        !isOfFiguresApart(mention, figure),
    );
    const after = mentions.find(
      (mention) =>
        mention.start >= figure.end && !isNoteOfAnother(mention, index) && !isOfFiguresApart(mention, figure),
    );
    const free = before && !how.taken.has(before) ? before : undefined;
    if (
      how.kind === 'field' &&
      !free &&
      after &&
      /^ (?:at|on) (?:the|its) $/.test(how.around.slice(figure.end, after.start))
    )
      return { mention: after, firm: true, listed: false };
    if (free && isJoint(how.around.slice(free.end, figure.start))) return { mention: free, firm: true, listed: false };
    if (after && isBackJoint(how.around.slice(figure.end, after.start), how.kind))
      return { mention: after, firm: true, listed: false };
    const following = after && mayFollow(after, figure, index, how) ? after : undefined;
    if (free && !(how.alone === true && isApart(free.end, figure.start, index, how.skip)))
      return { mention: free, firm: false, listed: false, ...(following ? { rival: following } : {}) };
    if (following) return { mention: following, firm: false, listed: false };
    return before && how.alone !== true ? { mention: before, firm: false, listed: false } : undefined;
  }

  function mayFollow<M extends Place>(
    after: M,
    figure: Figure,
    index: number,
    { around, trailing, skip }: Choice<M>,
  ): boolean {
    if (trailing?.(after) === true || BARRIER.test(around.slice(figure.end, after.start))) return false;

    return !leadsOn(after, index, around) && !isApart(figure.end, after.start, index, skip);
  }

  return {
    hostOf: (index) => hosts[index],
    listOf(index) {
      return lists.get(index) ?? { first: index, place: 0, length: 1 };
    },
    tie,
    enumerated(mentions, mention) {
      return findRuns(mentions).find((run) => run.includes(mention)) ?? [mention];
    },
    isNote: (mention) => noteOf(mention) !== undefined,
    isJoined(from, to, ignored) {
      const between = blankPlaces(
        flat,
        ignored.filter(({ start, end }) => start >= from && end <= to),
      ).slice(from, to);
      // What is "by 1.31" is a difference, not another of the same.
      return (
        between.length < 80 &&
        !/\b(?:by|now|currently)\b/i.test(between) &&
        (between.match(/[A-Za-z]+/g) ?? []).every(
          (word) =>
            JOINTS.has(word.toLowerCase()) || ['and', 'or', 'then', 's', 'versus', 'vs'].includes(word.toLowerCase()),
        )
      );
    },
  };
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
