// Counts and firsts over a group: "five of six fell", "12 up, 8 down", "only KO is up", "TSLA > COIN > NVDA". A group is
// what the text lists, the symbols of the data or the sessions of a history; without one of the said size nothing is marked.
import { findField } from '../../fields/registry.ts';
import { daysBetween } from '../../domain/exchange-time.ts';
import { type Place, placeOf } from './mentions.ts';
import { isOfSize } from './figures.ts';
import { oddAt, type Oddity, type Said, type Told } from './said.ts';
import { numberOf, SMALL_NUMBER } from './spelled.ts';

interface Member {
  name: string;
  value: number;
}

/** A field, or `over` a field: by how much the price is above it. */
type Measure = string;

interface Predicate {
  measure: Measure;
  holds: (value: number) => boolean;
}

const NUMBER = `(\\d{1,3}|${SMALL_NUMBER})`;
const UP = /\b(?:up|rose|rise[ns]?|rising|gain\w*|higher|green|advanc\w*|climb\w*|positive|winning|winners)\b/i;
const DOWN = /\b(?:down|fell|fall\w*|lost|lose\w*|lower|red|declin\w*|dropp?\w*|negative|losing|slid)\b/i;
const LIMIT = new RegExp(
  `\\b(?:(more than|over|above|at least|exceed\\w*)|(under|below|less than))\\s+\\$?(\\d+(?:\\.\\d+)?|an?|${SMALL_NUMBER})(\\s?%| percent| per cent)?`,
  'i',
);

/** Undefined where the words do not say for sure what is counted. */
function predicateOf(words: string, spoken: string): Predicate | undefined {
  const [, more] = /\bmore (?:open )?(puts|calls) than\b/i.exec(words) ?? [];
  if (more !== undefined)
    return {
      measure: 'putCallOpenInterest',
      holds: (value) => (more.toLowerCase() === 'puts' ? value > 1 : value < 1),
    };
  const [average, over1, window] =
    /\b(?:(over|above)|under|below) (?:the |its |their )?(20|50|200)(?:-day|-?d| day)\b/i.exec(words) ?? [];
  if (average !== undefined)
    return { measure: `over sma${window ?? ''}`, holds: (value) => value > 0 === (over1 !== undefined) };
  if (/\bgapp?ed up\b/i.test(words)) return { measure: 'gapPercent', holds: (value) => value > 0 };
  const isUp = UP.test(words);
  const isDown = DOWN.test(words);
  const ofOpen = /\b(?:off|from|since|vs\.?) the open\b/i.test(spoken.slice(-120)) ? 'changeFromOpenPercent' : 'change';
  const [, over, , amount = '', percent] = LIMIT.exec(words) ?? [];
  const limit = /^an?$/i.test(amount) ? 1 : numberOf(amount);
  if (amount !== '' && percent !== undefined) {
    if (isUp === isDown || over === undefined) return undefined;
    return { measure: 'change', holds: (value) => (isUp ? value > limit : value < -limit) };
  }
  if (amount !== '' && Number.isFinite(limit)) {
    const measure = /\bRSI|overbought|oversold/i.test(spoken) ? 'rsi14' : limit > 9 ? 'close' : undefined;
    return measure && { measure, holds: (value) => (over === undefined ? value < limit : value > limit) };
  }
  return isUp === isDown ? undefined : { measure: ofOpen, holds: (value) => (isUp ? value > 0 : value < 0) };
}

/** One value of each symbol that the text gives exactly one of. */
function listed({ said, supports }: Told, fits: (each: Said) => boolean): Member[] {
  const values = new Map<string, Set<number>>();
  for (const each of said) {
    const [name, other] = each.symbols ?? [];
    const value = supports.get(each);
    if (name === undefined || other !== undefined || value === undefined || !fits(each)) continue;
    values.set(name, (values.get(name) ?? new Set()).add(value));
  }
  return [...values].flatMap(([name, [value, another]]) =>
    value === undefined || another !== undefined ? [] : [{ name, value }],
  );
}

const isPercent = ({ figure }: Said): boolean => figure.unit === 'percent' && figure.isRatio !== true;

/** Signed percentages, one a bullet or item: months, weeks, sessions. */
function listedChanges({ said, supports }: Told): Member[] {
  return said.flatMap((each, index) => {
    const value = supports.get(each);
    return isPercent(each) && each.figure.sign !== undefined && value !== undefined
      ? [{ name: String(index), value: each.figure.sign === '-' ? -Math.abs(value) : Math.abs(value) }]
      : [];
  });
}

/** Not a share of usual volume, nor a probability. */
const isOfChange = (field: string | undefined): boolean =>
  field === undefined || field === 'calculation' || findField(field)?.signed === true;

function held({ base }: Told, measure: string): Member[] {
  return [...base.symbols].flatMap((name) => {
    const value =
      base.latest(name, measure) ?? base.facts.find((fact) => fact.symbol === name && fact.field === measure)?.value;
    return value === undefined ? [] : [{ name, value }];
  });
}

function heldChanges({ base }: Told): Member[] {
  return [...base.symbols].flatMap((name) => {
    const value =
      base.latest(name, 'changePercent') ??
      base.facts.findLast((fact) => fact.symbol === name && fact.field === 'changePercent')?.value;
    return value === undefined ? [] : [{ name, value }];
  });
}

/** Of histories. */
function heldPeriods({ base }: Told): Member[] {
  return [...base.symbols].flatMap((name) => {
    const [fact, other] = base.facts.filter(
      (each) => each.symbol === name && each.field === 'changePercent' && each.from !== undefined,
    );
    return fact === undefined || other !== undefined ? [] : [{ name, value: fact.value }];
  });
}

/** Each session of the one history that there is. */
function sessions({ base }: Told, measure: Measure, only?: string): Member[] {
  const found = new Map<string, Member>();
  const symbols = new Set<string>();
  for (const { kind, symbol, field, date, from, value } of base.facts) {
    if (kind !== 'history' || symbol === undefined || date === undefined || from !== undefined) continue;
    if (field !== (measure === 'change' ? 'changePercent' : measure) || (only !== undefined && symbol !== only))
      continue;
    symbols.add(symbol);
    found.set(date, { name: date, value });
  }
  return symbols.size === 1 ? [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1)) : [];
}

/** Every group of so many members that may be meant. */
function groupsOf(told: Told, measure: Measure, size: number | undefined, at: number): Member[][] {
  const history = sessions(told, measure, mentionsOf(told).findLast(({ end }) => end <= at)?.value);
  const groups =
    measure === 'change'
      ? [listed(told, isPercent), listedChanges(told), heldChanges(told)]
      : [
          listed(told, ({ fields }) => fields?.includes(measure) !== false && /^(?:rsi14|close)$/.test(measure)),
          held(told, measure),
        ];
  if (size === undefined) return [history, groups.at(-1) ?? []].filter(({ length }) => length > 1);
  const fitting = groups.filter(({ length }) => length === size && size > 1);
  const isOver = /\b(?:finished|complete[d]?|full|closed)\b/i.test(told.text.slice(at, at + 50));
  const runs = [history.slice(-size), ...(isOver ? [history.slice(-size - 1, -1)] : [])];
  return fitting.length > 0 ? fitting : runs.filter(({ length }) => length === size);
}

const OF = new RegExp(
  `\\b(?:(both|neither|none|all|each)|${NUMBER})(?: (?:of|out of) (?:(?:the|them|these|those|its|last|past|all|my|your|names?|stocks?)\\b ?)*)? ?(?:${NUMBER})?(?=\\b)`,
  'gi',
);
const SIZED = new RegExp(`\\b${NUMBER} (?:trading )?(?:sessions|days|weeks|months|names|stocks)\\b`, 'gi');
const ALONE = new RegExp(`(?<=^|[.:] |\\n)${NUMBER} (up|down|green|red|higher|lower)(?=[:.]|$)`, 'gi');
const OF_WHAT =
  '(?: (?:trading )?(?:months|weeks|days|sessions|names|stocks|closes))?(?: (?:were|are|closed|ended|finished))?';
const PAIR = new RegExp(
  `\\b${NUMBER}${OF_WHAT} (up|green|higher|rose|gainers)\\b[^.;\\d]{0,16}?\\b${NUMBER}${OF_WHAT} (down|red|lower|fell|losers)\\b|\\b${NUMBER}${OF_WHAT} (down|red|lower|fell)\\b[^.;\\d]{0,16}?\\b${NUMBER}${OF_WHAT} (up|green|higher|rose)\\b`,
  'gi',
);

function counted(told: Told, place: Place, count: number, size: number | undefined, predicate: Predicate): Oddity[] {
  const counts = groupsOf(told, predicate.measure, size, place.start).map(
    (group) => group.filter(({ value }) => predicate.holds(value)).length,
  );
  return counts.length === 0 || counts.includes(count)
    ? []
    : oddAt(place, count, `the data have ${[...new Set(counts)].join(' or ')}`);
}

/** "Five of seven over SPY's +0.70 %"; undefined where no other is the measure. */
function countedAgainst(told: Told, place: Place, count: number, total: number): Oddity[] | undefined {
  const { end } = place;
  const rival = mentionsOf(told).find(({ start }) => start >= end && start - end < 40);
  const than =
    rival &&
    /\b(?:(over|above|beat\w*|ahead of|outperform\w*|better than|stronger than)|under|below|behind|trail\w*|lag\w*|worse than)\b/i.exec(
      told.text.slice(end, rival.start),
    );
  if (!rival || !than) return undefined;
  const counts = [listed(told, isPercent), heldPeriods(told), heldChanges(told)].flatMap((group): number[] => {
    const bar = group.find(({ name }) => name === rival.value)?.value;
    const rest = group.filter(({ name }) => name !== rival.value);
    if (bar === undefined || rest.length !== total) return [];
    return [rest.filter(({ value }) => (than[1] === undefined ? value < bar : value > bar)).length];
  });
  return counts.length === 0 || counts.includes(count) ? [] : oddAt(place, count, `the data have ${counts[0] ?? ''}`);
}

function findOddCounts(told: Told): Oddity[] {
  const { text, question, base } = told;
  const spoken = `${text} ${question}`;
  const pairs = [...text.matchAll(PAIR)].flatMap((match): Oddity[] => {
    const [ups, downs] = [numberOf(match[1] ?? match[7] ?? ''), numberOf(match[3] ?? match[5] ?? '')];
    const place = placeOf(match);
    return counted(told, place, ups, ups + downs, { measure: 'change', holds: (value) => value > 0 });
  });
  const shares = [...text.matchAll(OF)].flatMap((match): Oddity[] => {
    const [written, word, first, second] = match;
    const end = match.index + written.length;
    const lead = word?.toLowerCase();
    const behind = text.slice(end, end + 44).split(/[.;:,(\n]/)[0] ?? '';
    const before = /[^.;:,(\n]{0,12}$/.exec(text.slice(Math.max(0, match.index - 12), match.index))?.[0] ?? '';
    const hasOf = /\bof\b/i.test(written);
    if (
      lead === undefined &&
      !(hasOf && (second !== undefined || /\b(?:them|these|those)\b/i.test(`${written}${behind}`)))
    )
      return [];
    const size = second === undefined ? (lead === 'both' || lead === 'neither' ? 2 : undefined) : numberOf(second);
    const spokenOf =
      /\bof them\b/i.test(`${written}${behind}`) && [...text.slice(0, match.index).matchAll(SIZED)].at(-1)?.[1];
    const total = size ?? (spokenOf ? numberOf(spokenOf) : base.symbols.size > 2 ? base.symbols.size : undefined);
    if (total === undefined) return [];
    const count =
      lead === 'both' || lead === 'all' || lead === 'each' ? total : lead === undefined ? numberOf(first ?? '') : 0;
    const lead1 = /[^.;:\n]{0,60}$/.exec(text.slice(Math.max(0, match.index - 60), match.index))?.[0] ?? '';
    const against = countedAgainst(told, { start: match.index, end }, count, total);
    if (against !== undefined) return against;
    const predicate = /\b(?:on|in) $/.test(lead1)
      ? predicateOf(lead1.split(/\band\b/).at(-1) ?? '', spoken)
      : (predicateOf(behind, `${spoken}${lead1}`) ?? predicateOf(before, spoken));
    if (
      predicate === undefined ||
      count > total ||
      /^ ?(?:remaining|rest|other|following|next|first|losers|winners|gainers|decliners)\b/i.test(behind)
    )
      return [];
    return counted(told, { start: match.index, end }, count, total, predicate);
  });
  const alone = [...text.matchAll(ALONE)].flatMap((match): Oddity[] => {
    const predicate = predicateOf(match[2] ?? '', spoken);
    const place = placeOf(match);
    return predicate === undefined || base.symbols.size < 3
      ? []
      : counted(told, place, numberOf(match[1] ?? ''), base.symbols.size, predicate);
  });
  const asked = /\bhow many\b([^?]*)|\bcount\b/i.exec(question);
  const opening = new RegExp(
    `^(?:on |only |just )*${NUMBER}\\b(?: of (?:them|those|the)\\b)?(?! (?:percent|%))`,
    'i',
  ).exec(text);
  const predicate = asked && predicateOf(question, spoken);
  const isLast = /\b(?:in a row|streak|consecutive|straight|support|resistance|weeks?|expir)/i.test(question);
  const opened =
    opening && predicate && !isLast
      ? counted(told, { start: 0, end: opening[0].length }, numberOf(opening[1] ?? ''), undefined, predicate)
      : [];
  return [...pairs, ...shares, ...opened, ...alone];
}

interface Named extends Place {
  value: string;
}

function mentionsOf({ sentences }: Told): Named[] {
  return sentences.flatMap(({ start, sentence }) =>
    sentence.mentions.symbols.map((each) => ({ value: each.value, start: each.start + start, end: each.end + start })),
  );
}

/** "Only KO is up": the one member for which it holds. */
function findOddOnly(told: Told): Oddity[] {
  const { text, question } = told;
  return mentionsOf(told).flatMap(({ value: name, start, end }): Oddity[] => {
    const isBehind =
      /^ (?:is |was |the )*only (?:one )?(?:of the \w+ )?(?=green|red|up|down|gainer|loser|higher|lower|with more)/.exec(
        text.slice(end, end + 60),
      );
    if (!isBehind && !/\bonly (?:the )?$/i.test(text.slice(Math.max(0, start - 10), start))) return [];
    const behind = ` ${(/^[^.;:,(\n]{0,80}/.exec(text.slice(end))?.[0] ?? '').slice(isBehind?.[0].length ?? 1).trim()}`;
    const predicate = predicateOf(behind, `${text} ${question}`);
    const isChange = (each: Said): boolean => isPercent(each) && isOfChange(told.sources.get(each)?.field);
    const groups =
      predicate?.measure === 'change'
        ? [listed(told, isChange), heldChanges(told)]
        : [held(told, predicate?.measure ?? '')];
    const group = groups.find((each) => each.length > 1 && each.some((member) => member.name === name));
    if (predicate === undefined || predicate.measure === 'rsi14' || group === undefined) return [];
    const those = group.filter(({ value }) => predicate.holds(value)).map((member) => member.name);
    return those.length === 1 && those[0] === name
      ? []
      : oddAt({ start, end }, those.length, `it is true of ${those.join(', ') || 'none'}`);
  });
}

const STREAK = new RegExp(
  `\\b${NUMBER}(?:[- ](?:straight|consecutive))?[- ](?:(?:up |down |green |red |winning |losing |higher |lower )?(?:sessions?|days?|closes?|bars?|weeks?|months?|gains|losses|advances|declines)[- ])?(?:(?:straight|in a row|running|on the trot)\\b|(?:winning |losing |up |down )?streak\\b)`,
  'gi',
);

/** A run that goes on: of the newest session. */
const RUNNING =
  /\b(?:has|have|is|are)(?: now| also)? (?:fallen|dropped|declined|slipped|slid|risen|gained|climbed|advanced|closed (?:lower|higher)|down|up)(?: for)? $/i;

/** "Nine sessions in a row": the run of closes that the data have. */
function findOddStreaks(told: Told): Oddity[] {
  const { text, base } = told;
  const mentions = mentionsOf(told);
  return [...text.matchAll(STREAK)].flatMap((match): Oddity[] => {
    const spoken = mentions.filter(
      ({ start, end }) => end <= match.index && !/[.;]\s/.test(text.slice(end, match.index)) && start >= 0,
    );
    const name = spoken.at(-1)?.value ?? (base.symbols.size === 1 ? [...base.symbols][0] : undefined);
    const told1 = base.facts.flatMap(({ field, symbol, value }) =>
      symbol === name && /streak/i.test(field) ? [Math.abs(value)] : [],
    );
    const count = numberOf(match[1] ?? '');
    const isRunning = RUNNING.test(text.slice(Math.max(0, match.index - 40), match.index));
    const rows = sessions(told, 'change', name);
    const apart = daysBetween(rows[0]?.name ?? '', rows[1]?.name ?? '') || 0;
    const unit = /month/.test(match[0]) ? 27 : /week/.test(match[0]) ? 5 : 0;
    if (unit > 0 && (apart < unit || apart > unit * 2)) return [];
    const runs = told1.length > 0 || name === undefined ? told1 : runsOf(rows, isRunning);
    return runs.length === 0 || runs.includes(count)
      ? []
      : oddAt(placeOf(match), count, `the data have ${runs.join(' or ')}`);
  });
}

/** Lengths of the runs of rises or falls; the last also without the session that is not over. */
function runsOf(members: readonly Member[], isRunning: boolean): number[] {
  const runs: number[] = [];
  members.forEach(({ value }, at) => {
    const isSame = at > 0 && Math.sign(members[at - 1]?.value ?? 0) === Math.sign(value);
    if (isSame) runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
    else runs.push(1);
  });
  const last = runs.at(-1) ?? 0;
  return [...(isRunning ? runs.slice(-1) : runs), ...(last > 1 ? [last - 1] : [])];
}

const WINNER =
  /^[*_]*(?:['’]s)?(?:,| (?:is|was|has|had|took|therefore|thus|so|clearly|again|still|also|the|a|by far|slightly|far|today|much|only|clear|suffered|posted|showed)(?= ))*,? (?:(furthest|farthest|deepest)|(closest|nearest)|(?:(smaller|smallest|lesser|lighter)|larger|bigger|greater|steeper|heavier|largest|biggest|steepest) (?:(loss|drop|decline|fall|setback|slide|loser)|gain|rise|advance|return|gainer|increase)|(worst|weakest|laggard|hardest hit|(?:uglier|worse|weaker) one|bigger loser)|best|strongest|leader|winner|(?:better|stronger) one|bigger winner)\b(?! (?:day|session|month|week|close|support|resistance|level))/i;
const EDGE =
  /\b(?:edge|lead|advantage|margin)\b[^.;\d]{0,24}(?:[\d.]+[^.;\d]{0,24})?\b(?:for|to|in favou?r of)\s(?:the )?$/i;

/** "Meta is furthest from its high", "an edge of 1.03 points for CVX": by the one percentage that the text gives of each. */
function findOddWinners(told: Told): Oddity[] {
  const given = listed(told, isPercent);
  const members = given.length > 1 ? given : heldPeriods(told);
  if (members.length < 2) return [];
  return mentionsOf(told).flatMap(({ value: name, start, end }): Oddity[] => {
    const match = WINNER.exec(told.text.slice(end, end + 90));
    const own = members.find((each) => each.name === name);
    const isEdge = EDGE.test(told.text.slice(Math.max(0, start - 60), start));
    if (own === undefined || (match === null && !isEdge)) return [];
    const [, far, near, small, loss, worst] = match ?? [];
    const isSized = far !== undefined || near !== undefined;
    const isLow =
      worst !== undefined || near !== undefined || (loss === undefined ? small !== undefined : small === undefined);
    const sizeOf = ({ value }: Member): number => (isSized ? Math.abs(value) : value) * (isLow ? -1 : 1);
    const group = loss === undefined ? members : members.filter(({ value }) => value < 0);
    const best = group.toSorted((a, b) => sizeOf(b) - sizeOf(a))[0];
    return best === undefined || sizeOf(best) <= sizeOf(own)
      ? []
      : oddAt({ start, end }, own.value, `${best.name} has ${best.value}`);
  });
}

const BETWEEN =
  /\b(?:gap|spread|difference|distance)(?: between| from)? (?:the )?(?:(?:best|first|top|strongest|leader) (?:and|to) (?:the )?(?:worst|last|bottom|weakest|laggard)|between them|between the two)\b[^.;\d]{0,40}$/i;

/** "The gap between best and worst is one point" of changes that are three apart. */
function findOddGaps(told: Told): Oddity[] {
  const changes =
    [heldPeriods(told), heldChanges(told)].find(({ length }) => length > 1)?.map(({ value }) => value) ?? [];
  const gap = Math.max(...changes) - Math.min(...changes);
  return told.said.flatMap(({ figure }): Oddity[] => {
    const isGap =
      BETWEEN.test(told.text.slice(Math.max(0, figure.start - 90), figure.start)) &&
      (figure.unit === 'percent' || /^ (?:points?|pts?|pp)\b/.test(told.text.slice(figure.end)));
    return !isGap || !Number.isFinite(gap) || [gap * 0.95, gap, gap * 1.05].some((value) => isOfSize(figure, value))
      ? []
      : oddAt(figure, figure.magnitude, `it is ${gap.toFixed(2)}`);
  });
}

export function findOddGroups(told: Told): Oddity[] {
  return [
    ...findOddGaps(told),
    ...findOddStreaks(told),
    ...findOddCounts(told),
    ...findOddOnly(told),
    ...findOddWinners(told),
  ];
}
