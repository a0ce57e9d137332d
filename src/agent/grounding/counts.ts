// Counts that data refute: levels, expirations, sessions that rose, symbols that fell.
// What is counted must be said; of a choice ("the three nearest") nothing is held against the data.
import type { Claim } from './claim.ts';
import { clauseAround, symbolAt } from './claim.ts';
import type { Fact } from './facts.ts';
import type { Oddity } from './moments.ts';
import { NUMBERS, numberOf } from './said-wrong.ts';
import type { Sentence } from './said.ts';
import type { Place } from './sides.ts';

const NUMBER = `(\\d{1,3}|${NUMBERS.join('|')})`;
const ADJECTIVES = '(?:(?!of\\b|to\\b|in\\b|and\\b)[a-z-]+ ){0,2}?';
const COUNTED: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`\\b${NUMBER} ${ADJECTIVES}supports?(?: levels?)?\\b`, 'gi'), 'support'],
  [new RegExp(`\\b${NUMBER} ${ADJECTIVES}resistances?(?: levels?)?\\b`, 'gi'), 'resistance'],
  [
    new RegExp(`\\b${NUMBER} ${ADJECTIVES}(?:expirations?|expiries|expiration dates|expiry dates)\\b`, 'gi'),
    'expiration',
  ],
  [
    new RegExp(
      `\\b${NUMBER} (?:of them |are |listed )?(?:weeklies|weeklys|weekly)(?! (?:bars?|closes?|candles?|high|low))`,
      'gi',
    ),
    'weekly',
  ],
  [
    new RegExp(
      `\\b${NUMBER} (?:of them |are |listed )?(?:monthlies|monthlys|monthly)(?! (?:bars?|closes?|candles?))`,
      'gi',
    ),
    'monthly',
  ],
  [new RegExp(`\\b${NUMBER} (?:of them |are )?(?:quarterlies|quarterly)\\b`, 'gi'), 'quarterly'],
  [
    new RegExp(`\\b${NUMBER} (?:trading |daily |straight |full )?(?:sessions|bars|candles|trading days)\\b`, 'gi'),
    'bar',
  ],
  [new RegExp(`\\b${NUMBER} ${ADJECTIVES}call walls\\b`, 'gi'), 'callWall'],
  [new RegExp(`\\b${NUMBER} ${ADJECTIVES}put walls\\b`, 'gi'), 'putWall'],
];
const CHOSEN =
  /\b(?:nearest|next|first|top|key|main|strongest|closest|following|last|past|previous|these|those|other|more|least|another|than|largest|biggest|of the|inside|within|before|after|fall|between|through|until|in|on)\b/i;

export function counts(claim: Claim): Oddity[] {
  const { sentence } = claim;
  const { text } = sentence;
  const odd = COUNTED.flatMap(([pattern, what]) =>
    [...text.matchAll(pattern)].flatMap((match): Oddity[] => {
      const count = numberOf(match[1] ?? '');
      const held = heldOf(claim, what, match.index);
      const before = text.slice(Math.max(0, match.index - 14), match.index);
      if (
        held.length === 0 ||
        held.includes(count) ||
        /[\d.,$]$|of (?:the )?(?:last |past )?$|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? $/i.test(
          before,
        )
      )
        return [];
      const most = Math.max(...held);
      if (
        what === 'bar'
          ? count <= most || held.length > 3
          : count < most &&
            (CHOSEN.test(
              `${before}${match[0]}${text.slice(match.index + match[0].length, match.index + match[0].length + 24)}`,
            ) ||
              count <= listedBehind(sentence, match.index))
      )
        return [];
      return [
        {
          start: match.index,
          end: match.index + match[0].length,
          value: count,
          reason: `the data have ${held.join(' or ')}`,
        },
      ];
    }),
  );
  return [...odd, ...riseCounts(claim), ...moverCounts(claim), ...sessionCounts(claim)];
}

/** How many the data have: of the symbol, else of any. */
function heldOf(claim: Claim, what: string, at: number): number[] {
  const symbol = symbolAt(claim, at);
  const facts = claim.base.facts.filter((fact) => symbol === undefined || fact.symbol === symbol);
  if (what === 'support' || what === 'resistance')
    return sizes(facts, (fact) => fact.field === what && fact.unit === 'usd');
  if (what === 'callWall' || what === 'putWall') return sizes(facts, (fact) => fact.field === what);
  return [
    ...new Set(facts.filter((fact) => fact.field === 'count' && fact.counted === what).map((fact) => fact.value)),
  ];
}

function sizes(facts: readonly Fact[], isOne: (fact: Fact) => boolean): number[] {
  const bySymbol = Map.groupBy(facts.filter(isOne), (fact) => `${fact.symbol ?? ''} ${fact.expiration ?? ''}`);
  return [...new Set([...bySymbol.values()].map((each) => new Set(each.map(({ value }) => value)).size))];
}

function listedBehind({ figures, mentions }: Sentence, at: number): number {
  const behind = (places: readonly Place[]): number => places.filter((place) => place.start > at).length;
  return Math.max(behind(figures), behind(mentions.dates)) - 0;
}

const OF_SESSIONS = new RegExp(
  `\\b${NUMBER} of (?:the |its |those |these )?(?:last |past |previous |prior )?${NUMBER} (?:trading |daily )?(?:sessions|days|bars|trading days|weeks|months|closes)`,
  'gi',
);
const ALL_GREEN = new RegExp(
  `\\ball ${NUMBER} (?:of them )?(?:were |are |closed )?(?:green|red|up|down|higher|lower)\\b`,
  'gi',
);
const UP = /\b(?:rose|rise|risen|gain\w*|up|higher|green|advanc\w*|climb\w*|positive|winning)\b/i;
const DOWN = /\b(?:fell|fall\w*|lost|lose|down|lower|red|declin\w*|dropp?\w*|negative|losing|slid)\b/i;

/** "Rose in four of the last five sessions". */
function riseCounts(claim: Claim): Oddity[] {
  const { text } = claim.sentence;
  return [...text.matchAll(OF_SESSIONS), ...text.matchAll(ALL_GREEN)].flatMap((match): Oddity[] => {
    const clause = clauseAround(text, match.index);
    const around = text.slice(
      Math.max(clause.start, match.index - 40),
      Math.min(clause.end, match.index + match[0].length + 30),
    );
    const symbol = symbolAt(claim, match.index);
    if (symbol === undefined || UP.test(around) === DOWN.test(around)) return [];
    const whole = numberOf(match[2] ?? match[1] ?? '');
    const changes = claim.base.facts
      .filter(
        (fact) =>
          fact.kind === 'history' &&
          fact.symbol === symbol &&
          fact.field === 'change' &&
          fact.from === undefined &&
          fact.date !== undefined,
      )
      .sort((a, b) => ((a.date ?? '') < (b.date ?? '') ? -1 : 1))
      .slice(-whole);
    if (changes.length < whole) return [];
    const count = changes.filter(({ value }) => (UP.test(around) ? value > 0 : value < 0)).length;
    return count === numberOf(match[1] ?? '')
      ? []
      : [{ start: match.index, end: match.index + match[0].length, value: count, reason: `the data have ${count}` }];
  });
}

const HAD_SESSIONS = new RegExp(
  `\\b(?:had|has|counted) (?:only |just )?${NUMBER} (?:trading )?(?:sessions|trading days)\\b`,
  'gi',
);

/** "The week had four sessions": all that the one history has. */
function sessionCounts({ sentence, base }: Claim): Oddity[] {
  const held = base.facts.filter(({ counted }) => counted === 'bar');
  const [only, ...others] = held;
  if (only === undefined || others.length > 0 || only.value > 30) return [];
  return [...sentence.text.matchAll(HAD_SESSIONS)].flatMap((match): Oddity[] =>
    numberOf(match[1] ?? '') === only.value
      ? []
      : [
          {
            start: match.index,
            end: match.index + match[0].length,
            value: only.value,
            reason: `the data have ${only.value}`,
          },
        ],
  );
}

const OF_SYMBOLS = new RegExp(
  `\\b(?:only |just )?(${NUMBERS.join('|')})(?: (?:of|out of) (?:the |my |your |these )?(${NUMBERS.join('|')}))?\\b`,
  'i',
);

/** "Four of the five are higher": of the symbols that have a change. */
function moverCounts({ sentence, base, question }: Claim): Oddity[] {
  const changes = [...base.symbols].flatMap((symbol) => base.latest(symbol, 'changePercent') ?? []);
  const match = OF_SYMBOLS.exec(sentence.text);
  if (
    match === null ||
    match.index > 24 ||
    changes.length < 3 ||
    base.spans.length > 0 ||
    sentence.mentions.cues.some((cue) => !['rise', 'fall', 'change', 'none', 'close', 'distance'].includes(cue.name))
  )
    return [];
  const said = sentence.text.slice(match.index, match.index + match[0].length + 24).split(/[,.;(]/)[0] ?? '';
  const around =
    match[2] !== undefined && !UP.test(said) && !DOWN.test(said) && /how many/i.test(question)
      ? `${said} ${question}`
      : said;
  if (UP.test(around) === DOWN.test(around) || (match[2] !== undefined && numberOf(match[2]) !== changes.length))
    return [];
  if (match[2] === undefined && !/^\S+ (?:\w+ )?(?:red|green|up|down|higher|lower)\b/i.test(around)) return [];
  const count = changes.filter((change) => (UP.test(around) ? change > 0 : change < 0)).length;
  return count === numberOf(match[1] ?? '')
    ? []
    : [{ start: match.index, end: match.index + match[0].length, value: count, reason: `the data have ${count}` }];
}
