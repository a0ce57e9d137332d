// Counts that data refute: levels, expirations, sessions that rose, symbols that fell.
// What is counted must be said; of a choice ("the three nearest") nothing is held against the data.
import type { Claim } from './claim.ts';
import { symbolAt } from './claim.ts';
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
  [
    new RegExp(
      `\\b${NUMBER} of (?:the|its|these|their|those) (?:[a-z\\d-]+ )?(?:expir\\w+|dates|expir\\w+ dates) (?:are )?monthl(?:y|ies)\\b`,
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
  return COUNTED.flatMap(([pattern, what]) =>
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
          ? held.length > 3 || (count <= most && !(held.length === 1 && /\bhad (?:only |just )?$/.test(before)))
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
  return Math.max(behind(figures), behind(mentions.dates));
}
