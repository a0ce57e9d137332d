// Tells which figures of a sentence are strikes, and which field each of the others has: open, close, RSI, open interest.
// The words near a figure name it, in the order of how sure they are.
import { findField } from '../../fields/registry.ts';
import type { FactBase, Field } from './facts.ts';
import type { Figure } from './figures.ts';
import { isVerb, type Place } from './mentions.ts';
import { CHANGE_FIELDS, OPTION_CUES, PRICE_FIELDS, type Said, type Sentence } from './said.ts';
import type { Ties } from './ties.ts';
import type { Cue } from './words.ts';

const STRIKE_AFTER =
  /^[\s*_-]{0,3}(?:strikes?\b|straddles?\b|strangles?\b|(?:\/\s?\d+(?:\.\d+)?)?\s?(?:(?:call|put|bull|bear|debit|credit)[- ]){0,3}(?:spreads?\b|PCS\b|CCS\b|PDS\b|CDS\b|IC\b|condor\b)|\/\s?\d+(?:\.\d+)?\s?[pc]\b|["'’]?s(?= (?:are|is|have|has|at)\b)|[CP]\b(?!\s?[=:$\d])|(calls?|puts?)\b)/i;
const STRIKE_BEFORE =
  /(?:\bstraddle (?:at|is at|struck at)(?: the)?|\bstrikes?(?: prices?)?(?: of| at| is| are|:)?|\b(calls?|puts?)(?: (?:at|with strike|struck at|strike))?(?: the)?|\bwalls?(?: is| are| at| sits at| sit at| stands at| of|:)?|@)[\s*_]*\$?$/i;

/** Figures that the words right next to them make strikes: "the 200 call", "200C", "strike of 200". */
export function writtenStrikes({ figures, text, mentions, context }: Sentence, base: FactBase): boolean[] {
  return figures.map((figure) => {
    if (figure.side !== undefined) return true;
    if (!isPlausible(figure, base)) return false;
    const before = text.slice(Math.max(0, figure.start - 30), figure.start);
    const after = STRIKE_AFTER.exec(text.slice(figure.end, figure.end + 14));
    const isDoing =
      after?.[1] !== undefined &&
      isVerb(text, { start: figure.end + after[0].length - after[1].length, end: figure.end + after[0].length }, base);
    if (after && !isDoing && !(after[1] !== undefined && /\b(?:of|is|interest|OI|volume)\s[*]*$/i.test(before)))
      return true;
    const word = STRIKE_BEFORE.exec(before);
    const side = word?.[1];
    const start = figure.start - before.length + (word?.index ?? 0);
    if (side !== undefined && isVerb(text, { start, end: start + side.length }, base)) return false;
    return word !== null || isLabel(figure) || isRowLabel(figure);
  });

  /** "NVDA 405: 44.1%", "673 line: 15.9" where options are spoken of. */
  function isRowLabel(figure: Figure): boolean {
    return (
      isHeld(figure, base) &&
      /^(?: line)?[*]*: /.test(text.slice(figure.end, figure.end + 8)) &&
      (context.asked ?? []).some((field) => OPTION_CUES.has(field)) &&
      !mentions.cues.some((cue) => cue.end <= figure.start && figure.start - cue.end < 4)
    );
  }

  /** "- **28.5**: bid 0.56 / ask 0.70": a bullet's label under calls or puts. */
  function isLabel(figure: Figure): boolean {
    if (
      !/^[\s>*+_•–-]*\$?$/.test(text.slice(0, figure.start)) ||
      !/^[\s*_]*[:–—-]\s/.test(text.slice(figure.end, figure.end + 6))
    )
      return false;
    return (
      mentions.cues.some((each) => OPTION_CUES.has(each.name)) &&
      (context.sides !== undefined || mentions.sides.length > 0)
    );
  }
}

function isPlausible(figure: Figure, base: FactBase): boolean {
  const range = base.strikeRange();
  return (
    range !== undefined &&
    figure.unit !== 'percent' &&
    figure.sign === undefined &&
    figure.magnitude >= range[0] / 3 &&
    figure.magnitude <= range[1] * 3
  );
}

const COMBINATION =
  /\b(?:spreads?|strangles?|condors?|IC|PCS|CCS|PDS|CDS|collars?|butterfl(?:y|ies)|verticals?|calls?|puts?|risk reversal)\b/i;

function isHeld({ magnitude, unit, whole, tolerance }: Figure, base: FactBase): boolean {
  return (
    unit !== 'percent' &&
    (whole || tolerance === 0.05) &&
    base.within(magnitude, magnitude).some(({ field }) => field === 'strike')
  );
}

/** All strikes: those written so, those whose cue or list says so, and "45,210 contracts at 200". */
export function findStrikes(
  sentence: Sentence,
  cues: readonly (Cue | undefined)[],
  written: readonly boolean[],
  base: FactBase,
): boolean[] {
  const { figures, ties, text } = sentence;
  const found = figures.map((figure, index) => {
    if (written[index] === true) return true;
    return (
      isPlausible(figure, base) &&
      (isNamedStrike(sentence, index, cues[index]) || isPlaceOfInterest(sentence, index, cues, written, base))
    );
  });
  return found.map(
    (is, index) => is || (figures[index] !== undefined && isPlausible(figures[index], base) && sharesStrike(index)),
  );

  /** "410/420 call spread", "condor 234/233 236/237": both are strikes of the data. */
  function isPaired(index: number): boolean {
    const figure = figures[index];
    return (
      COMBINATION.test(text) &&
      figure !== undefined &&
      [figures[index - 1], figures[index + 1]].some((other) => {
        if (other === undefined || !isHeld(other, base) || !isHeld(figure, base)) return false;
        const [low, high] = [Math.min(figure.end, other.end), Math.max(figure.start, other.start)];
        return /^[/–-]$/.test(text.slice(low, high));
      })
    );
  }

  function sharesStrike(index: number): boolean {
    const { first, length } = ties.listOf(index);
    if (isPaired(index)) return true;
    const cue = cues[index];
    if (length < 2 || (cue && cue.name !== 'strike' && !/wall/i.test(cue.name))) return false;
    return found.slice(first, first + length).some((is, at) => is && figures[first + at]?.side === undefined);
  }
}

/** Its own word says strike or wall, or it stands before its open interest: "1. 525 (80,757)" under "Top put open interest". */
function isNamedStrike({ figures, ties, context }: Sentence, index: number, cue: Cue | undefined): boolean {
  if (cue && (cue.name === 'strike' || /wall/i.test(cue.name))) return true;
  return (cue ?? context.cue)?.name === 'openInterest' && figures.some((_other, at) => ties.hostOf(at) === index);
}

const AT_STRIKE = /\bat\s[*]*(?:the\s)?[*]*\$?$/i;

/** "60,498 at 210, followed by 200 at 45,210" and "the heaviest open interest is at 210". */
function isPlaceOfInterest(
  { figures, text, mentions }: Sentence,
  index: number,
  cues: readonly (Cue | undefined)[],
  written: readonly boolean[],
  base: FactBase,
): boolean {
  const figure = figures[index];
  if (!figure) return false;
  const isAt = AT_STRIKE.test(text.slice(Math.max(0, figure.start - 30), figure.start));
  // "13.2 % IV at the 666 strike, 11.6 % at 680"
  if (isAt && isHeld(figure, base) && figures[index - 1]?.unit === 'percent' && written.includes(true)) return true;
  if (
    isAt &&
    cues[index]?.name === 'openInterest' &&
    /\b(?:largest|heaviest|highest|most|biggest|peaks?|concentrated|top|max(?:imum)?)\b/i.test(text)
  )
    return true;
  const last = figures.findLastIndex(({ isRatio }, at) => at < index - 1 && isRatio !== true);
  const previous = (cues[index - 1] ?? (figures[index - 2]?.isRatio === true ? cues[last] : undefined))?.name;
  return (
    isAt &&
    (previous === 'openInterest' || previous === 'contracts' || (mentions.sides.length > 0 && previous === 'volume'))
  );
}

/** A share of something, which a percentage can be. */
function isShare(field: Field): boolean {
  const unit = findField(field, 'contract')?.unit;
  return unit === 'percent' || unit === 'fraction';
}

/** Fields whose figures may have a sign: moves, and what is one by its nature. */
const SIGNED_FIELDS: ReadonlySet<Field> = new Set(
  'delta theta gamma vega calculation expectedMove expectedMovePercent macd macdSignal'.split(' '),
);

function maySign(field: Field): boolean {
  return SIGNED_FIELDS.has(field) || findField(field)?.signed === true;
}

/** What names nothing but its own figures, however far away. */
const FIRM = /^(?:average|rsi|macd\w*)$/;

/** More than any price. */
const LEAST_SHARES = 5e6;

/** A cue for each figure, where the words give one: its own, its list's, or none. */
export function tieCues(sentence: Sentence, strikes: readonly boolean[]): (Cue | undefined)[] {
  const { figures, mentions, ties, text } = sentence;
  const others = [...mentions.symbols, ...mentions.sides, ...mentions.dates];
  const tied = ties.tie(
    mentions.cues.filter((cue) => !isUsedUp(cue, text)),
    {
      kind: 'field',
      alone: true,
      skip: (index) => strikes[index] === true,
      trailing: (cue) => cue.trailing === true,
      over: others,
    },
  );
  const cues: (Cue | undefined)[] = [];
  figures.forEach((figure, index) => {
    let cue = tied[index]?.mention;
    const tie = tied[index];
    if (cue) cue = { ...cue, firm: tie?.firm === true || FIRM.test(cue.name) };
    if (cue && tie?.firm === false) cue = { ...cue, loose: looseFields(mentions.cues, cue) };
    if (cue && cue.fields.every((field) => findField(field)?.unit === 'usd'))
      cue =
        nounBehind(mentions.cues, figure) ??
        (figure.magnitude >= LEAST_SHARES && figure.unit === 'bare' ? undefined : cue);
    if (cue && isEndOfWay(cue, figure, text)) cue = undefined;
    if (cue?.trailing === true && !fitsTrailing(cue, figure, text)) cue = undefined;
    const host = ties.hostOf(index);
    const before = figures[index - 1];
    const before1 = cues[index - 1];
    if (
      host === undefined &&
      before &&
      !cue &&
      !(before1 && ties.isNote(before1)) &&
      ties.hostOf(index - 1) === undefined &&
      !(
        before1?.fields.every((field) => ENDS.has(field)) === true &&
        /^\s?(?:to|→|->)\s?\$?$/.test(text.slice(before.end, figure.start))
      ) &&
      ties.isJoined(before.end, figure.start, others)
    )
      cue = loosened(overSymbol(cues[index - 1], mentions.symbols, before, figure), figures, index);
    cues.push(cue);
  });
  return cues.map((cue, index) => macdPart(cue, ties, index) ?? rangePart(cue, sentence, index) ?? cue);
}

/** Of a list "high, low: 1, 2" each word has its own; in "the high at 148.60 and 151.70" the second may be another. */
function loosened(cue: Cue | undefined, figures: readonly Figure[], index: number): Cue | undefined {
  const next = figures[index + 1];
  return cue === undefined || next !== undefined || !cue.fields.every((field) => LONE.has(field))
    ? cue
    : { ...cue, firm: false };
}

/** Where a way from one to another begins. */
const ENDS: ReadonlySet<Field> = new Set(['previousClose', 'close', 'last', 'spot', 'open']);

/** What there is one of. */
const LONE: ReadonlySet<Field> = new Set('high low open week52High week52Low sma20 sma50 sma200'.split(' '));

/** "The 200-day average is 300.47 and JPM is at 407.16": the second may be a price. */
function overSymbol(cue: Cue | undefined, symbols: readonly Place[], from: Place, to: Place): Cue | undefined {
  const isOver = symbols.some(({ start, end }) => start >= from.end && end <= to.start);
  return cue && isOver ? { ...cue, firm: false } : cue;
}

/** "Gain to strike 6.99", "the wall above spot is at 450": the word says where something ends, not what the figure is. */
function isEndOfWay(cue: Cue, figure: Figure, text: string): boolean {
  if (cue.end > figure.start) return false;
  const before = text.slice(Math.max(0, cue.start - 30), cue.start);
  if (cue.name === 'price')
    return (
      /\b(?:above|below|over|under|beyond|past|than)\s(?:the |its )?(?:current )?$/i.test(before) &&
      /^(?:[^\d(]{0,20})?(?: is| are| at|:)/.test(text.slice(cue.end, figure.start)) &&
      !/\bof\b/.test(text.slice(cue.end, figure.start))
    );
  return (
    /^(?:strike|support|resistance|wall|callWall|putWall|maxPain)$/.test(cue.name) &&
    /\b(?:gain|distance|room|cushion|gap|way|points|upside|downside|move|dollars)\b[^.;,]{0,12}\b(?:to|from|until)\s(?:the |its )?$/i.test(
      before,
    )
  );
}

/** "trades 83 million shares", "price an 8.12 move": the noun behind says more than the verb before. */
function nounBehind(cues: readonly Cue[], figure: Figure): Cue | undefined {
  return cues.find(
    (cue) =>
      (cue.name === 'shares' || cue.name === 'expectedMove') && cue.start >= figure.end && cue.start - figure.end < 3,
  );
}

/** Where nothing ties a word to a figure for sure, any word of the sentence may name it. */
function looseFields(cues: readonly Cue[], chosen: Cue): readonly Field[] {
  return cues
    .filter((cue) => cue.trailing !== true && cue.name !== chosen.name)
    .flatMap((cue) => [...cue.fields, ...(cue.otherwise ?? [])]);
}

/** In "the 560 strike is 20,724" the strike has its figure already. */
function isUsedUp(cue: Cue, text: string): boolean {
  return cue.name === 'strike' && /\d[\s*_-]*$/.test(text.slice(Math.max(0, cue.start - 5), cue.start));
}

/** "1.5 % above" and "22 bars" name what stands right before them; "207.04 above its average" does not. */
function fitsTrailing(cue: Cue, figure: Figure, text: string): boolean {
  const near = text.slice(figure.end, cue.start);
  if (cue.name === 'distance') return figure.unit === 'percent' && /^[\s*]*(?:points? )?$/.test(near);
  return /^[\s*]*(?:[a-z]+ ){0,3}$/i.test(near);
}

/** "MACD 6.23 / 4.92 / 1.31" is line, signal and histogram. */
function macdPart(cue: Cue | undefined, ties: Ties, index: number): Cue | undefined {
  if (cue?.name !== 'macd') return undefined;
  const { place, length } = ties.listOf(index);
  const field = (['macd', 'macdSignal', 'macdHistogram'] as const)[length > 1 ? place : 0];
  return field === undefined ? undefined : { ...cue, fields: [field] };
}

/** The first of two figures of a range is its low, also where they are written the wrong way round. */
function rangePart(cue: Cue | undefined, { figures, ties }: Sentence, index: number): Cue | undefined {
  if (cue === undefined || !/^(?:range|week52Range)$/.test(cue.name)) return undefined;
  const { first, place, length } = ties.listOf(index);
  const ends = [figures[first]?.magnitude ?? 0, figures[first + 1]?.magnitude ?? 0] as const;
  if (length !== 2) return undefined;
  const isLow = (place === 0) === ends[0] <= ends[1];
  return { ...cue, fields: cue.fields.filter((field) => /low$/i.test(field) === isLow) };
}

/** What a figure's words say of its field. */
export type FieldSaid = Pick<Said, 'fields' | 'otherwise' | 'cue' | 'direction' | 'loose' | 'firm'>;

/** A figure with what the sentence ties it to. */
interface Named {
  sentence: Sentence;
  figure: Figure;
  index: number;
  /** Its own cue, or the one that stands over the sentence. */
  cue: Cue | undefined;
  tied: Cue | undefined;
  host: number | undefined;
  hostCue: Cue | undefined;
  strikes: readonly boolean[];
  hasStrike: boolean;
  symbols: readonly (string | undefined)[];
}

/** The first rule that answers decides; without an answer the words name no field. */
const RULES: readonly ((named: Named) => FieldSaid | undefined)[] = [
  ofStrike,
  ofNeighbors,
  ofRises,
  ofDecay,
  ofOwner,
  ofBidAsk,
  ofMoveEnd,
  ofHost,
  ofChange,
  ofAverage,
  ofRatio,
  ofWallsInterest,
  ofSameStrike,
  ofParallel,
  ofPrice,
  ofUnits,
  ofCue,
];

export interface FieldTies {
  cues: readonly (Cue | undefined)[];
  strikes: readonly boolean[];
  hasStrike(index: number): boolean;
  symbols: readonly (string | undefined)[];
}

/** The fields that the figure at `index` may have, by the words of its sentence and above it. */
export function fieldsSaid(
  sentence: Sentence,
  index: number,
  { cues, strikes, hasStrike, symbols }: FieldTies,
): FieldSaid {
  const figure = sentence.figures[index];
  if (!figure) return {};
  const host = sentence.ties.hostOf(index);
  const over = host === undefined ? sentence.context.cue : undefined;
  const tied = cues[index];
  const cue = tied ?? rangePart(over, sentence, index) ?? over;
  const hostCue = host === undefined ? undefined : cues[host];
  const named: Named = {
    sentence,
    figure,
    index,
    cue,
    tied,
    host,
    hostCue,
    strikes,
    hasStrike: hasStrike(index),
    symbols,
  };
  for (const rule of RULES) {
    const said = rule(named);
    if (said) return said;
  }
  return {};
}

function ofStrike({ cue, strikes, index }: Named): FieldSaid | undefined {
  if (strikes[index] !== true) return undefined;
  return { fields: cue && /wall/i.test(cue.name) ? cue.fields : ['strike'], cue: 'strike', firm: true };
}

/** "It loses 3 cents a share per day" of a contract. */
function ofDecay({ sentence, figure, hasStrike }: Named): FieldSaid | undefined {
  const isDaily = /^(?: a share)? (?:a|per|each|every) day\b/i.test(sentence.text.slice(figure.end, figure.end + 24));
  return isDaily &&
    (hasStrike ||
      sentence.context.strikes !== undefined ||
      sentence.context.asked?.some((field) => OPTION_CUES.has(field)) === true)
    ? { fields: ['theta', 'calculation'], cue: 'theta' }
    : undefined;
}

/** "8 up, 12 down", "7 green 3 red". */
function ofRises({ sentence, figure }: Named): FieldSaid | undefined {
  return figure.whole &&
    figure.unit === 'bare' &&
    figure.magnitude < 260 &&
    figure.sign === undefined &&
    !/\bof (?:the )?(?:last |past )?$/.test(sentence.text.slice(0, figure.start)) &&
    /^ (?:up|down|green|red|rises?|falls?|gainers|losers|(?:up|down|green|red|rising|falling|winning|losing) (?:days?|sessions?|closes?))(?=[\s,.;)]|$)(?! (?:to|from|by|at|on)\b)/i.test(
      sentence.text.slice(figure.end, figure.end + 20),
    )
    ? {
        fields: ['count'],
        cue: 'rises',
        firm: true,
        direction: /^ (?:up|green|ris|gain|win)/i.test(sentence.text.slice(figure.end)) ? 1 : -1,
      }
    : undefined;
}

/** "Over COIN's 191.76". */
function ofOwner({ sentence, figure }: Named): FieldSaid | undefined {
  if (figure.unit === 'percent' || figure.whole) return undefined;
  return sentence.mentions.symbols.some(({ end }) => /^['’]s[\s*]+\$?$/.test(sentence.text.slice(end, figure.start)))
    ? { fields: PRICE_FIELDS, cue: 'price' }
    : undefined;
}

/** In "rose 2 % from 201.03 to 207.04" the word of the move names neither price. */
function ofMoveEnd({ cue, figure, sentence }: Named): FieldSaid | undefined {
  const before = sentence.text.slice(Math.max(0, figure.start - 11), figure.start);
  // "A close over 689.70 would clear resistance" says of no close that it was 689.70.
  if (
    cue &&
    cue.fields.includes('close') &&
    /\b(?:over|above|below|under)\s[*$\s]*$/i.test(before) &&
    /\b(?:would|could|should|if|needs?|until|unless)\b/i.test(sentence.text)
  )
    return {};
  // "Below today's 145.48 the first support is 142.37"
  if (/^(?:support|resistance)$/.test(cue?.name ?? '') && (cue?.start ?? 0) > figure.end)
    if (
      /\b(?:below|above|under|over|beneath) (?:(?:today['’]s|the|its|current|price|of|spot) )*[*$~]*$/i.test(
        sentence.text.slice(0, figure.start),
      )
    )
      return { fields: PRICE_FIELDS, cue: 'price' };
  if (!cue || !isMove(cue) || figure.unit === 'percent') return undefined;
  if (/\b(?:to|at)\s[*$~\s]*$/i.test(before)) return { fields: PRICE_FIELDS, cue: 'price' };
  return /\b(?:from|under|over|above|below|through|past|beyond)\s[*$~\s]*$/i.test(before) ? {} : undefined;
}

/** "expected move ±1.2 (6.1 %)": the percentage is of the same thing. */
function ofHost({ figure, tied, hostCue }: Named): FieldSaid | undefined {
  if (tied || figure.unit !== 'percent' || hostCue?.fields.some((field) => isShare(field)) !== true) return undefined;
  return {
    fields: hostCue.fields,
    cue: hostCue.name,
    ...(hostCue.direction === undefined ? {} : { direction: hostCue.direction }),
  };
}

/** A percentage or signed figure beside a word that has neither is a change: "closed at 207.04 (+2.99 %)". */
function ofChange({ cue, figure, host, sentence }: Named): FieldSaid | undefined {
  const change = { fields: CHANGE_FIELDS, cue: 'change', ...directionBehind(sentence.text, figure) };
  if (cue === undefined)
    return host !== undefined && (figure.unit === 'percent' || isSigned(figure)) ? change : undefined;
  if (
    figure.unit === 'percent' &&
    !cue.fields.some((field) => isShare(field)) &&
    !cue.fields.every((field) => field === 'calculation')
  )
    return change;
  return isSigned(figure) && !cue.fields.some(maySign) ? change : undefined;
}

/** "closed 2.73 % lower". */
function directionBehind(text: string, figure: Figure): Pick<FieldSaid, 'direction'> {
  const word = /^[\s*]*(?:(lower|down|weaker)|(higher|up|stronger))\b/i.exec(text.slice(figure.end, figure.end + 14));
  return word ? { direction: word[1] === undefined ? 1 : -1 } : {};
}

/** "200 (45,210)": behind a strike stands its open interest. */
function ofWallsInterest({ cue, host, strikes, sentence }: Named): FieldSaid | undefined {
  if (cue !== undefined || host === undefined || strikes[host] !== true) return undefined;
  const above = sentence.context.cue?.name === 'openInterest' ? ' OI' : '';
  return { fields: contractFields(sentence.text + above).filter((field) => field !== 'count'), cue: 'openInterest' };
}

/** "1.40 x 1.42". */
function quoteEnd({ figures, text }: Sentence, index: number): Field | undefined {
  const [before, figure, next] = [figures[index - 1], figures[index], figures[index + 1]];
  if (figure === undefined || figure.whole) return undefined;
  const isPair = (a: Figure | undefined, b: Figure | undefined): boolean =>
    a !== undefined && b !== undefined && !a.whole && !b.whole && /^\s?[x×]\s?\$?$/.test(text.slice(a.end, b.start));
  return isPair(figure, next) ? 'bid' : isPair(before, figure) ? 'ask' : undefined;
}

/** "the 200 put is 2.31 / 2.36": two prices of a contract are bid and ask. */
function ofBidAsk({ cue, hasStrike, figure, index, sentence }: Named): FieldSaid | undefined {
  const { first, place, length } = sentence.ties.listOf(index);
  const other = sentence.figures[place === 0 ? first + 1 : first];
  const joint = other && sentence.text.slice(Math.min(figure.end, other.end), Math.max(figure.start, other.start));
  if (/\bmid\w* (?:of|between) \$?(?:[\d.]+ and \$?)?$/.test(sentence.text.slice(0, figure.start)))
    if (/^ and \$?\d/.test(sentence.text.slice(figure.end)) || / and \$?$/.test(sentence.text.slice(0, figure.start)))
      return { fields: ['bid', 'ask'], cue: 'bidAsk', firm: true };
  const end = quoteEnd(sentence, index);
  if (end !== undefined) return { fields: [end], cue: 'bidAsk', firm: true };
  if ((cue !== undefined && cue.name !== 'price') || !hasStrike || length !== 2 || !other || figure.unit === 'percent')
    return undefined;
  return /^\s?[/–-]\s?\$?$/.test(joint ?? '') ? { fields: [place === 0 ? 'bid' : 'ask'], cue: 'bidAsk' } : undefined;
}

/** "the 200 call carries 6,207 open contracts, the 190 put 58,777": the same of another contract. */
function ofSameStrike({ cue, hasStrike, figure, sentence }: Named): FieldSaid | undefined {
  if (cue !== undefined || !hasStrike) return undefined;
  const spoken = sentence.mentions.cues.findLast((each) => each.end <= figure.start && OPTION_CUES.has(each.name));
  return spoken ? { fields: spoken.fields, cue: spoken.name } : undefined;
}

/** "NVDA's RSI is 59.7; AMD is at 48.1": another symbol after the only cue of the sentence has the same field. */
function ofParallel({ cue: own, host, figure, index, sentence, symbols }: Named): FieldSaid | undefined {
  const { mentions, figures } = sentence;
  const [cue] = mentions.cues;
  if (
    own !== undefined ||
    !cue ||
    host !== undefined ||
    figure.unit === 'percent' ||
    isSigned(figure) ||
    isMove(cue) ||
    cue.trailing === true
  )
    return undefined;
  const only = mentions.cues.every((each) => each.name === cue.name) && cue.end <= figure.start;
  const changed =
    index > 0 &&
    symbols[index] !== undefined &&
    symbols[index] !== symbols[index - 1] &&
    figures[index - 1]?.unit === figure.unit;
  return only && changed ? { fields: cue.fields, cue: cue.name } : undefined;
}

/** The question or the text speaks of other things than prices, of which a figure beside a symbol may be one. */
function isAskedForOthers({ context }: Sentence): boolean {
  return (
    context.asked?.some(
      (field) => !PRICE_FIELDS.includes(field) && !CHANGE_FIELDS.includes(field) && field !== 'calculation',
    ) === true
  );
}

const LABEL_JOINT =
  /^[\s*_)]*(?:\(|:|–|—|-|(?:(?:is|was|now|currently|stands|stood|sits|sat|remains|is now|is currently|last)\s)?(?:at|near|around)\s)?[\s*_$]*$/;

/** "NVDA (207.04", "NVDA: 207.04", "At 207.04, NVDA" and "rose 2 % to 207.04" name no field and mean the price. */
function ofPrice({ cue, sentence, figure, index, host }: Named): FieldSaid | undefined {
  if (cue !== undefined || host !== undefined || figure.isRatio === true) return undefined;
  const { text, figures, mentions, ties } = sentence;
  const list = ties.listOf(index);
  if (figure.unit === 'percent' || isSigned(figure))
    return list.place > 0 ? { fields: CHANGE_FIELDS, cue: 'change' } : undefined;
  const before = text.slice(0, figure.start);
  const moved =
    /\b(?:to|at)\s[*$~\s]*$/i.test(before) && mentions.cues.some((each) => isMove(each) && each.end <= figure.start);
  const symbol = mentions.symbols.findLast((mention) => mention.end <= figure.start);
  const alone =
    list.place === 0 &&
    figures.slice(list.first + 1, list.first + list.length).every((each) => each.unit === 'percent' || isSigned(each));
  const labelled = symbol !== undefined && alone && LABEL_JOINT.test(before.slice(symbol.end));
  const leads =
    /^\s*(?:\*\*)?(?:At|With)\s[*$\s]*$/.test(before) && /^[*]*,\s/.test(text.slice(figure.end, figure.end + 6));
  return moved || labelled || leads
    ? {
        fields: PRICE_FIELDS,
        cue: 'price',
        ...(labelled && !isAskedForOthers(sentence) && (figure.whole || figure.text.replace(/\D/g, '').length > 3)
          ? { firm: true }
          : {}),
      }
    : undefined;
}

const SHARES_BEFORE =
  /\b(?:(traded|turned over|volume of)|averag(?:e|es|ing)(?: of)?)(?: (?:about|roughly|some|already|just|only|nearly|almost|over))*[ ~]*$/i;

/** Shares are a volume, an average one only where the sentence says so; contracts are open or traded. */
function ofUnits({ cue, figure, sentence }: Named): FieldSaid | undefined {
  if (cue?.name === 'shares') {
    const lead = SHARES_BEFORE.exec(sentence.text.slice(0, figure.start));
    if (lead) return { fields: [lead[1] === undefined ? 'averageVolume' : 'volume'], cue: 'volume', firm: true };
    return {
      fields: /\b(?:average|avg|typical|normal|usual)\b/i.test(sentence.text) ? cue.fields : ['volume'],
      cue: 'volume',
    };
  }
  if (cue?.name !== 'contracts') return undefined;
  const behind = sentence.text.slice(figure.end, figure.end + 28);
  return {
    fields: /contracts? (?:have |were )?(?:traded|changed)/i.test(behind) ? ['volume'] : contractFields(sentence.text),
    cue: cue.name,
  };
}

/** "Put/call is 0.69 by open interest and 0.48 by volume". */
function ofRatio({ figure, sentence }: Named): FieldSaid | undefined {
  const match = /^ (?:by|on|in|for) (?:(?:the )?(oi|open interest)|(?:traded |the )?vol(?:ume)?)\b/i.exec(
    sentence.text.slice(figure.end, figure.end + 26),
  );
  return match === null || figure.whole || !sentence.mentions.cues.some(({ name }) => /^putCall/.test(name))
    ? undefined
    : { fields: [match[1] === undefined ? 'putCallVolume' : 'putCallOpenInterest'], cue: 'putCall', firm: true };
}

/** "104M vs 184M avg". */
function ofAverage({ cue, figure, sentence }: Named): FieldSaid | undefined {
  return (cue === undefined || cue.name === 'volume') &&
    figure.magnitude >= 1e4 &&
    /^\s(?:on |an? )?(?:avg|average|adv|typical|normal|usual)\b(?! (?:true|price))/i.test(
      sentence.text.slice(figure.end, figure.end + 20),
    )
    ? { fields: ['averageVolume'], cue: 'averageVolume' }
    : undefined;
}

const NAMED_BEHIND: readonly (readonly [RegExp, readonly Field[]])[] = [
  [
    /^ (?:prior|prev\.?|previous)(?=[\s,.;)]|$)(?! (?:day|session|week|month|high|low|open))/i,
    ['previousClose', 'close'],
  ],
  [/^ bid(?=[,;)]| and \$?\d)/i, ['bid']],
  [/^ (?:ask|offer)(?=[,.;)]|$)/i, ['ask']],
  [
    /^ (?:(?:from|since|off|above|below|under|over) (?:its|the|their) open(?:ing)?|from where it opened)\b/i,
    ['changeFromOpen', 'changeFromOpenPercent'],
  ],
  [/^ since(?=[,.;)]|$)/i, ['changeFromOpen', 'changeFromOpenPercent', 'change', 'changePercent']],
];

/** "675.83 vs 667.72 prior", "gap +0.58%, −1.62% since", "and then $415.00". */
function ofNeighbors({ sentence: { text }, figure, tied }: Named): FieldSaid | undefined {
  // "−9.1% vs. 191.76": what a percentage is counted from.
  if (
    !figure.whole &&
    figure.unit !== 'percent' &&
    /\d ?% (?:vs\.?|from|off|against) \$?$/.test(text.slice(0, figure.start)) &&
    tied?.name === 'breakEven'
  )
    return { fields: PRICE_FIELDS, cue: 'price' };
  const fields = NAMED_BEHIND.find(([pattern]) => pattern.test(text.slice(figure.end, figure.end + 34)))?.[1];
  if (fields !== undefined) return { fields, cue: fields[0] ?? '', firm: true };
  return (tied?.end ?? Infinity) <= figure.start &&
    /(?:,|\band) then (?:at )?[*$]*$/i.test(text.slice(Math.max(0, figure.start - 16), figure.start))
    ? {}
    : undefined;
}

function ofCue({ cue }: Named): FieldSaid | undefined {
  if (!cue) return undefined;
  return {
    fields: cue.fields,
    cue: cue.name,
    ...(cue.firm === true ? { firm: true } : {}),
    ...(cue.loose ? { loose: cue.loose } : {}),
    ...(cue.otherwise ? { otherwise: cue.otherwise } : {}),
    ...(cue.direction === undefined ? {} : { direction: cue.direction }),
  };
}

function contractFields(text: string): readonly Field[] {
  if (/\b(?:open interest|OI|walls?|open)\b/i.test(text))
    return /\b(?:volume|traded|active)\b/i.test(text) ? ['openInterest', 'volume'] : ['openInterest'];
  return /\b(?:volume|traded)\b/i.test(text) ? ['volume'] : ['openInterest', 'volume', 'count'];
}

function isMove(cue: Cue): boolean {
  return cue.fields.includes('change') && cue.name !== 'change';
}

function isSigned(figure: Figure): boolean {
  return figure.sign === '+' || figure.sign === '-';
}
