// Which of two is more: puts or calls, support or resistance, one symbol or another.
// What cannot be resolved for sure is left alone.
import type { Claim } from './claim.ts';
import { PRICE, clauseAround, fieldOfCue, priceOf, symbolAt, valueOf } from './claim.ts';
import type { Field } from './facts.ts';
import type { Oddity } from './moments.ts';

/** A put/call ratio that is called call/put, and which of the two is more. */
export function ratios({ sentence, base, question }: Claim): Oddity[] {
  const { text, figures } = sentence;
  const facts = base.facts.filter(({ field }) => field === 'putCallOpenInterest' || field === 'putCallVolume');
  if (facts.length === 0) return [];
  const odd: Oddity[] = [];
  for (const match of text.matchAll(/\bcalls?[/-](?:to-)?puts?\b(?! (?:walls?|spread|parity))/gi)) {
    const figure = figures.find((each) => each.start >= match.index && each.start - match.index < 60);
    if (figure && facts.some(({ value }) => Math.abs(value - figure.magnitude) <= figure.tolerance * 1.001))
      odd.push({ start: figure.start, end: figure.end, value: figure.magnitude, reason: 'put/call, not call/put' });
  }
  const [, first] = /\bmore\b.*?\b(calls?|puts?)\b.*\bthan\b/i.exec(question) ?? [];
  const yes = /^(?:(yes)|no)\b/i.exec(text);
  if (
    first !== undefined &&
    yes &&
    facts.every(({ value }) => value > 1 !== ((yes[1] !== undefined) === /put/i.test(first)))
  )
    odd.push({
      start: 0,
      end: yes[0].length,
      value: facts[0]?.value ?? 0,
      reason: `put/call is ${facts[0]?.value ?? ''}`,
    });
  for (const match of text.matchAll(
    /\b(?:(calls?) (?:still |also |now |clearly |slightly |easily |far )?(?:out(?:number|weigh|pace)s?|exceed|lead|dominate) (?:the )?puts?|(puts?) (?:still |also |now |clearly |slightly |easily |far )?(?:out(?:number|weigh|pace)s?|exceed|lead|dominate) (?:the )?calls?|(calls?)(?: are| is)? (?:heavier|dominant|ahead)|(puts?)(?: are| is)? (?:heavier|dominant|ahead)|more (calls?)(?= than puts?|\.)|more (puts?)(?= than calls?|\.))/gi,
  )) {
    const arePutsMore = (match[2] ?? match[4] ?? match[6]) !== undefined;
    if (facts.every(({ value }) => value !== 1 && value > 1 !== arePutsMore))
      odd.push({
        start: match.index,
        end: match.index + match[0].length,
        value: facts[0]?.value ?? 0,
        reason: `put/call is ${facts[0]?.value ?? ''}`,
      });
  }
  return odd;
}

export function closer(claim: Claim): Oddity[] {
  const { base, sentence } = claim;
  const match =
    /\b(?:closer|nearer|closest|nearest) to (?:its |the |that )?(?:nearest |first |near )?(support|resistance)\b/i.exec(
      sentence.text,
    );
  const symbol = match ? (symbolAt(claim, match.index) ?? [...base.symbols][0]) : undefined;
  const spot = symbol === undefined ? undefined : (base.latest(symbol, 'spot') ?? priceOf(base, symbol));
  if (!match || spot === undefined) return [];
  const distance = (field: Field): number =>
    Math.min(
      ...base.facts.flatMap((fact) =>
        fact.symbol === symbol && fact.field === field ? [Math.abs(fact.value - spot)] : [],
      ),
    );
  const [support, resistance] = [distance('support'), distance('resistance')];
  const isSupport = match[1]?.toLowerCase() === 'support';
  if (
    !Number.isFinite(support) ||
    !Number.isFinite(resistance) ||
    support < resistance === isSupport ||
    support === resistance
  )
    return [];
  return [
    { start: match.index, end: match.index + match[0].length, value: spot, reason: `the other is nearer to ${spot}` },
  ];
}

const IMPLIED = '(?:IV ?(?:30)?|implied(?: vol(?:atility)?)?)';
const REALIZED = '(?:HV ?\\d*|reali[sz]ed|historical|RV)';
const SPREADS =
  '\\b[^.;,\\n]{0,30}?\\b(not )?(?:(above|over|higher than|richer than|more than|exceeds)|below|under|lower than|cheaper than|less than|beneath)\\b[^.;,\\n]{0,20}?(?<!\\w)(?:\\d+[- ]?d(?:ay)? )?';
const VOLATILITIES = [
  new RegExp(`\\b${IMPLIED}${SPREADS}${REALIZED}`, 'gi'),
  new RegExp(`\\b${REALIZED}${SPREADS}${IMPLIED}\\b`, 'gi'),
];

/** "Implied is below realized", by those windows that the text gives, else by all. */
export function volatilities(claim: Claim): Oddity[] {
  const { sentence, base, values } = claim;
  return VOLATILITIES.flatMap((pattern, reversed) =>
    [...sentence.text.matchAll(pattern)].flatMap((match): Oddity[] => {
      const symbol = symbolAt(claim, match.index);
      const of = (name: RegExp): number[] =>
        base.facts.flatMap((fact) =>
          fact.symbol === symbol && name.test(fact.field) && fact.expiration === undefined ? [fact.value] : [],
        );
      const [implied] = of(/^iv(?:30)?$/);
      const held = of(/^hv\d+$/);
      const spoken = held.filter((value) => values.some((each) => each === value || each === value * 100));
      const realized = spoken.length > 0 ? spoken : held;
      if (implied === undefined || realized.length === 0 || match[1] !== undefined) return [];
      const isAbove = (match[2] !== undefined) === (reversed === 0);
      return realized.some((value) => Math.abs(implied - value) < 0.002 || implied > value === isAbove)
        ? []
        : [{ start: match.index, end: match.index + match[0].length, value: implied, reason: `implied is ${implied}` }];
    }),
  );
}

const RIVAL =
  /\b(higher|lower|more expensive|pricier|cheaper|better|stronger|weaker|worse|hotter|cooler|larger|bigger|smaller|heavier|lighter|greater|richer|more|less)(?: [a-z]+){0,3}? than\b|\b(outperform\w*|underperform\w*|beat|outpac\w+|lagg?(?:ed|s|ing)|trail(?:ed|s|ing)?)\b/gi;
const RIVAL_LOW = /lower|cheaper|weaker|worse|cooler|smaller|lighter|less|underperform|lag|trail/i;

/** "NVDA's RSI is higher than AMD's". */
export function rivals(claim: Claim): Oddity[] {
  const { sentence, base } = claim;
  const { text, mentions } = sentence;
  return [...text.matchAll(RIVAL)].flatMap((match): Oddity[] => {
    const end = match.index + match[0].length;
    const clause = clauseAround(text, match.index);
    const first = mentions.symbols.findLast((each) => each.end <= match.index && each.start >= clause.start);
    const second = mentions.symbols.find((each) => each.start >= end && each.start - end < 24);
    if (
      !first ||
      !second ||
      first.value === second.value ||
      /n['’]t\b|\bnot\b|\bneither\b/i.test(text.slice(clause.start, match.index))
    )
      return [];
    const cue = mentions.cues.findLast(
      (each) =>
        each.start >= clause.start && each.end <= second.start && each.trailing !== true && each.name !== 'none',
    );
    const byMove = match[2] !== undefined || /better|stronger|weaker|worse/i.test(match[0]);
    const field =
      byMove && (cue === undefined || fieldOfCue(cue) === PRICE)
        ? 'changePercent'
        : cue === undefined
          ? /higher|lower|expensive|pricier|cheaper/i.test(match[0])
            ? PRICE
            : undefined
          : cue.fields.includes('change')
            ? undefined
            : fieldOfCue(cue);
    if (field === undefined || (/more|less/i.test(match[1] ?? '') && cue === undefined)) return [];
    const [a, b] = [valueOf(base, first.value, field), valueOf(base, second.value, field)];
    if (a === undefined || b === undefined || a === b || a > b !== RIVAL_LOW.test(match[0])) return [];
    return [{ start: match.index, end, value: a, reason: `${first.value} has ${a}, ${second.value} ${b}` }];
  });
}
