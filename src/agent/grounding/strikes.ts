// Tells which figures of a sentence are strikes: "the 200 call", "45,210 contracts at 200", "walls at 200 and 210".
import type { FactBase } from './facts.ts';
import type { Figure } from './figures.ts';
import type { Sentence } from './said.ts';
import { OPTION_CUES } from './said.ts';
import { isVerb } from './mentions.ts';
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
  const previous = cues[index - 1]?.name;
  return (
    isAt &&
    (previous === 'openInterest' || previous === 'contracts' || (mentions.sides.length > 0 && previous === 'volume'))
  );
}
