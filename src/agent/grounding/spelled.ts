// Numbers in words and in other scripts: "one hundred ninety-six", "one-eighty-six", "three and a half percent", "１９６",
// "a third", "twice". Says where they stand and what they are worth; what they are figures of is said elsewhere.
import { ORDINALS } from '../../domain/date-words.ts';

export interface SpelledNumber {
  start: number;
  end: number;
  value: number;
  /** Half a unit of the last place that was said. */
  tolerance: number;
  /** How many times something is as large as another: "twice", "a third of", "doubled". */
  isRatio: boolean;
  /** A small number alone, which most often counts: "five". */
  isSmall: boolean;
  /** Where its words end with it. */
  unit?: 'usd' | 'percent' | 'bare';
}

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const NUMBERS: readonly string[] = [...SMALL, 'twenty'];
/** A number from 0 to 20 in words, for a pattern. */
export const SMALL_NUMBER = NUMBERS.join('|');
export const numberOf = (word: string): number => {
  const spelled = NUMBERS.indexOf(word.toLowerCase());
  return spelled < 0 ? Number(word) : spelled;
};
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const WORTH: ReadonlyMap<string, number> = new Map([
  ...SMALL.map((word, value) => [word, value] as const),
  ...TENS.map((word, index) => [word, 20 + index * 10] as const),
  ['oh', 0],
  ['dozen', 12],
]);
const SCALES: Readonly<Record<string, number>> = { hundred: 1e2, thousand: 1e3, million: 1e6, billion: 1e9 };
const WORDS = [...WORTH.keys(), ...Object.keys(SCALES)].sort((a, b) => b.length - a.length).join('|');
const FRACTION =
  '(?:a|one|three)[- ]quarters?|(?:a|one)[- ]half|(?:a|one|two)[- ]thirds?|an eighth|(?:a|one|two|three|four|six|seven|eight|nine)[- ](?:tenth|fifth)s?|half';
/** "Four dollars and a half", "a dollar and five cents". */
const MONEY = new RegExp(
  `\\b(a|(?:${WORDS})(?:(?:[ -]| and )(?:${WORDS}))*) (dollars?|bucks|points?|percent) and (?:(${FRACTION})\\b(?! of)|((?:${WORDS})(?:-(?:${WORDS}))?) cents?\\b)`,
  'gi',
);
/** "Half of one percent", "three quarters of a percent", "half a cent", "half a dollar". */
const PART = new RegExp(
  `\\b(${FRACTION}|a quarter|a fifth)(?: of)? (?:an?|one) (percent|percentage point|point|dollar|cent)\\b`,
  'gi',
);
const SPELLED = new RegExp(
  `\\b(?:a (?=hundred|thousand|million|dozen))?(?:${WORDS})\\b(?:(?:[ -]| and |-and-)(?:${WORDS}|point)\\b)*(?:,? and (${FRACTION})\\b)?`,
  'gi',
);
const IN_WORDS: Readonly<Record<string, number>> = {
  half: 0.5,
  quarter: 0.25,
  third: 1 / 3,
  fifth: 0.2,
  eighth: 0.125,
  tenth: 0.1,
};
const RATIO =
  /\b(doubl(?:ed?|ing|es)|tripl(?:ed?|ing|es)|quadrupl(?:ed?|ing|es)|halv(?:ed?|ing)(?![a-z])|(?<!\b(?:two|both|the|second|first) )halves|(?:twice|thrice)(?= (?:as|that|the|its|what|this|[A-Z]))|(?:three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|[\d.]+)(?:-fold|fold| times)(?= (?:as|that|the|its|what|more|larger|bigger|higher|[a-z]+['’]s)\b)|(?:one[- ](?:third|quarter|half|fifth)|(?:two[- ]thirds?|three[- ](?:quarters?|fourths?)|a (?:third|quarter|fifth|tenth)|half)(?= (?:of|as|that|the|its|what)\b)|(?<=\b(?:about|roughly|nearly|almost|over|some|around|than|by|under) )(?:(?:a|one) (?:third|quarter|fifth|sixth|seventh|eighth|tenth|half)|two[- ]thirds|three[- ]quarters|half)(?! (?:cent|of one|percent|point|dollar|year|an? |day|session|hour|million|billion)|-)|[1-9]\/[2-9](?= of)))/gi;
const TIMES: readonly (readonly [RegExp, number])[] = [
  [/^doubl|^twice/, 2],
  [/^tripl|^thrice|^three(?!.*(?:quarter|fourth))/, 3],
  [/^quadrupl|^four/, 4],
  [/^five/, 5],
  [/^six(?!th)/, 6],
  [/^seven(?!th)/, 7],
  [/^eight(?!h)/, 8],
  [/^nine/, 9],
  [/^ten/, 10],
  [/^eleven/, 11],
  [/^twelve/, 12],
  [/^fifteen/, 15],
  [/^twenty/, 20],
  [/^halv|half/, 0.5],
  [/two.thirds?/, 2 / 3],
  [/third/, 1 / 3],
  [/three.(?:quarter|fourth)/, 0.75],
  [/quarter/, 0.25],
  [/fifth/, 0.2],
  [/sixth/, 1 / 6],
  [/seventh/, 1 / 7],
  [/eighth/, 1 / 8],
  [/tenth/, 0.1],
];
/** "half a day", "half an hour", "double top", "a quarter ago": words of other things. */
const NO_RATIO_BEHIND =
  /^[- ](?:of the [\w.-]+ (?:session|day)|days?|an hour|sessions?|top|bottom|digits?|floor|ceiling|check|witching|calendar|diagonal|ago|point|of an? (?:percent|point|cent))\b/i;

const SPELLED_SPAN = new RegExp(
  `\\b(?:(?:${WORDS})[- ](?:and[- ])?)*(?:${WORDS})(?=-(?:week|day|month|session)s?\\b)|\\b(?:${TENS.join('|')})-(?:${SMALL.slice(1, 10).join('|')})(?= (?:weeks|days|sessions|months)\\b)`,
  'gi',
);

/** Of the days of a month, in order. */
const DAY_ORDINALS = [
  ...ORDINALS,
  'twentieth',
  ...ORDINALS.slice(0, 9).map((ordinal) => `twenty-${ordinal}`),
  ...['thirtieth', 'thirty-first'],
];
/** "On the twentieth", "the third of November". */
const SPELLED_DAY = new RegExp(
  `(?<=\\b(?:on|by|until|since|from|to|through|of) the )(?:${DAY_ORDINALS.toReversed().join('|')})(?=[.,;:)]|$| (?:and|to|at|but|while|as|when|after|before|with|through)\\b)|(?<=\\bthe )(?:${DAY_ORDINALS.toReversed().join('|')})(?= of (?:Jan|Feb|Mar|Apr|May|June|July|Aug|Sep|Oct|Nov|Dec))`,
  'gim',
);

/** Same length: digits for those of another script and for "fifty-two-week", "percent" for "per cent". */
export function toPlainDigits(text: string): string {
  const plain = text
    .replace(/\bper cent\b/gi, 'percent ')
    .replace(SPELLED_DAY, (word) => `${DAY_ORDINALS.indexOf(word.toLowerCase()) + 1}th`.padEnd(word.length))
    .replace(SPELLED_SPAN, (words) =>
      String(valueOf(words.toLowerCase().split(/[- ](?:and[- ])?/)) ?? words).padStart(words.length),
    );
  if (!/[^\x00-\x7f]/.test(plain)) return plain;
  return plain
    .replace(/[％＄．，＋]/g, (sign) => '%$.,+'['％＄．，＋'.indexOf(sign)] ?? sign)
    .replace(/(?!\d)\p{Nd}+(?:[.,](?!\d)\p{Nd}+)*/gu, (run) => {
      const plain = Array.from(run, (each) => (/\p{Nd}/u.test(each) ? String(digitOf(each)) : each)).join('');
      return plain.padEnd(run.length);
    });
}

/** Unicode keeps the ten digits of a script in a row, from its zero on. */
function digitOf(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  // Mathematical digits are five such rows without a gap before the first.
  if (code >= 0x1d7ce && code <= 0x1d7ff) return (code - 0x1d7ce) % 10;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return code - zero;
}

export function findSpelled(text: string): SpelledNumber[] {
  const ratios = [...text.matchAll(RATIO)].flatMap((match): SpelledNumber[] => {
    const end = match.index + match[0].length;
    if (NO_RATIO_BEHIND.test(text.slice(end, end + 30))) return [];
    const value = ratioOf(match[0].toLowerCase());
    return [{ start: match.index, end, value, tolerance: value * 0.12, isRatio: true, isSmall: false }];
  });
  const numbers = [...text.matchAll(SPELLED)].flatMap((match): SpelledNumber[] => {
    const start = match.index;
    if (ratios.some((ratio) => ratio.start <= start && start < ratio.end)) return [];
    const read = readNumber(match[0].toLowerCase(), match[1]?.toLowerCase());
    return read === undefined ? [] : [{ start, end: start + match[0].length, isRatio: false, ...read }];
  });
  const whole = [...findMoney(text), ...findParts(text), ...findCoins(text)];
  const isWithin = (among: readonly SpelledNumber[], one: SpelledNumber): boolean =>
    among.some((each) => each.start < one.end && one.start < each.end);
  const apart = numbers.filter((number) => !isWithin(whole, number));
  return [...ratios.filter((ratio) => !isWithin([...whole, ...apart], ratio)), ...apart, ...whole].sort(
    (a, b) => a.start - b.start,
  );
}

const plainly = { isRatio: false, isSmall: false };

function findMoney(text: string): SpelledNumber[] {
  return [...text.matchAll(MONEY)].flatMap((match): SpelledNumber[] => {
    const [all, whole = '', unit = '', fraction, cents] = match;
    const count = whole.toLowerCase() === 'a' ? 1 : readNumber(whole.toLowerCase(), undefined)?.value;
    const part = fraction === undefined ? (readNumber(cents ?? '', undefined)?.value ?? 0) / 100 : partOf(fraction);
    if (count === undefined) return [];
    const end = match.index + all.length;
    const kind = /^p/i.test(unit) ? (/^percent/i.test(unit) ? 'percent' : 'bare') : 'usd';
    const tolerance = fraction === undefined ? 0.005 : part === 0.125 || part === 0.1 ? 0.06 : 0.125;
    return [{ start: match.index, end, value: count + part, tolerance, unit: kind, ...plainly }];
  });
}

function findParts(text: string): SpelledNumber[] {
  return [...text.matchAll(PART)].map((match) => {
    const [all, fraction = '', unit = ''] = match;
    const value = partOf(fraction.toLowerCase()) * (/^cent/i.test(unit) ? 0.01 : 1);
    const kind = /^percent/i.test(unit) ? 'percent' : /^p/i.test(unit) ? 'bare' : 'usd';
    const tolerance = /tenth/i.test(fraction) ? 0.05 : value / 5;
    return { start: match.index, end: match.index + all.length, value, tolerance, unit: kind, ...plainly };
  });
}

/** "A dime", "a single penny". */
function findCoins(text: string): SpelledNumber[] {
  return [
    ...text.matchAll(
      /(?<=\b(?:is|was|of|just|only|by) )(?:an?|one)(?: single)? (?:(dime)|(nickel)|penny)\b(?! stock)/gi,
    ),
  ].map((match) => {
    const value = match[1] !== undefined ? 0.1 : match[2] !== undefined ? 0.05 : 0.01;
    return { start: match.index, end: match.index + match[0].length, value, tolerance: 0.005, unit: 'usd', ...plainly };
  });
}

function ratioOf(words: string): number {
  const digits = /^[\d.]+(?!\/)/.exec(words)?.[0];
  const fraction = /^(\d)\/(\d)/.exec(words);
  if (fraction) return Number(fraction[1]) / Number(fraction[2]);
  if (digits !== undefined) return Number(digits);
  return TIMES.find(([pattern]) => pattern.test(words))?.[1] ?? NaN;
}

function readNumber(
  matched: string,
  fraction: string | undefined,
): Pick<SpelledNumber, 'value' | 'tolerance' | 'isSmall'> | undefined {
  const [whole = '', decimals] = matched.replace(/,? and (?:a|one|three|half).*$/, '').split(/[ -]point[ -]/);
  const words = whole.split(/[ -]+/).filter((word) => word !== 'and' && word !== '');
  const value = valueOf(words.map((word) => (word === 'a' ? 'one' : word)));
  if (value === undefined) return undefined;
  const part = fraction === undefined ? 0 : partOf(fraction);
  const digits =
    decimals
      ?.split(/[ -]+/)
      .map((word) => String(WORTH.get(word) ?? ''))
      .join('') ?? '';
  const isScaled = words.some((word) => word in SCALES && word !== 'hundred');
  const isPriced = !Number.isInteger(value);
  const step = part > 0 ? 0.25 : isPriced ? 0.01 : digits === '' ? roundness(value, isScaled) : 10 ** -digits.length;
  return {
    value: value + part + (digits === '' ? 0 : Number(`0.${digits}`)),
    tolerance: step / 2,
    isSmall: words.length === 1 && value <= 20 && part === 0 && digits === '',
  };
}

function partOf(words: string): number {
  const one = Object.entries(IN_WORDS).find(([word]) => words.includes(word))?.[1] ?? 0;
  const times = SMALL.indexOf(/^[a-z]+/.exec(words)?.[0] ?? '');
  return times > 0 ? one * times : one;
}

/** "two hundred million" stands for the nearest million at least. */
function roundness(value: number, isScaled: boolean): number {
  if (!isScaled) return 1;
  let step = 1;
  while (value % (step * 1000) === 0) step *= 1000;
  return step;
}

/** The usual way, and as prices are called: "one eighty-six" 186, "four oh six seventy-six" 406.76. */
function valueOf(words: readonly string[]): number | undefined {
  if (words.some((word) => word in SCALES)) return scaled(words);
  const chunks: number[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const value = WORTH.get(words[at] ?? '') ?? 0;
    const next = WORTH.get(words[at + 1] ?? '');
    if ((value >= 20 || words[at] === 'oh') && next !== undefined && next > 0 && next < 10) {
      chunks.push(value + next);
      at += 1;
    } else chunks.push(value);
  }
  const [first = 0, second, third] = chunks;
  if (chunks.length === 1) return first;
  if (chunks.length > 3 || second === undefined || second >= 100) return undefined;
  const isHundred = first < 10 && (second >= 10 || words[1] === 'oh');
  if (isHundred) return first * 100 + second + (third === undefined ? 0 : third / 100);
  return third === undefined && first >= 10 && second >= 10 ? first + second / 100 : undefined;
}

function scaled(words: readonly string[]): number {
  let total = 0;
  let group = 0;
  for (const word of words) {
    const scale = SCALES[word];
    if (scale === undefined) group += WORTH.get(word) ?? 0;
    else if (scale === 100) group = (group === 0 ? 1 : group) * 100;
    else {
      total += (group === 0 ? 1 : group) * scale;
      group = 0;
    }
  }
  return total + group;
}
