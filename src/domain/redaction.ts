// The one rule by which a key is taken out of text before anybody reads or keeps it: whatever way its characters are
// written (JSON, a URL, XML) and whatever invisible thing stands between them, a line end of wrapping included.

/** What is shorter is no provider's key: it is a placeholder or a local server's dummy, and rewriting it spoils figures. */
export const LEAST_KEY_CHARS = 12;

export type Redact = (text: string) => string;

/** Nothing that shows: controls, soft hyphen, bidi, zero-width, variation selectors and tags. A line end is told apart. */
const HIDDEN =
  '[\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb]|\\udb40[\\udc00-\\udfff]';
/** The same as JSON may write it. */
const HIDDEN_ESCAPE =
  '\\\\u(?:00(?:[01][\\da-fA-F]|7[fF]|[89][\\da-fA-F]|[aA][dD])|034[fF]|061[cC]|115[fF]|1160|17[bB][45]|180[b-fB-F]|20(?:0[b-fB-F]|2[89a-eA-E]|6[\\da-fA-F])|3164|[fF][eE]0[\\da-fA-F]|[fF][eE][fF]{2}|[fF]{2}[aA]0|[fF]{3}[9abAB]|[dD][bB]40\\\\u[dD][c-fC-F][\\da-fA-F]{2})|\\\\[bfrt]';
const SEQUENCE = '(?:\\u001b|\\\\u001[bB])\\[[0-?]*[ -/]*[@-~]';
/** Of wrapped text, with the indent of its next line. */
const LINE_END = '(?:\\n|\\\\n) *';
/** No text is read as it in two ways: the search stays linear. */
const BETWEEN = `(?:${SEQUENCE}|${HIDDEN_ESCAPE}|${HIDDEN}|${LINE_END})*`;

/** Messages show the beginning of long words: so much of a key, and what follows in the same word, counts as the key. */
const TELLING_CHARS = 20;

/** Text without any of these holds a key only as it is, or wrapped. */
const DISGUISES = new RegExp(`${HIDDEN}|\\\\|%[\\da-fA-F]{2}|&[#a-z]`);

const NAMED: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/** Keys become ***. Without a key the text is given back as it is. */
export function createRedactor(keys: readonly string[]): Redact {
  // The longest first: one key may begin like another.
  const needles = [...new Set(keys)].filter((key) => key.length >= LEAST_KEY_CHARS).sort((a, b) => b.length - a.length);
  if (needles.length === 0) return (text) => text;
  const spell = (key: string, most?: number): string => Array.from(key).slice(0, most).map(toAnySpelling).join(BETWEEN);
  const toWhole = (): RegExp => {
    const long = needles.filter((key) => key.length > TELLING_CHARS);
    return new RegExp(
      [...needles.map((key) => spell(key)), ...long.map((key) => `${spell(key, TELLING_CHARS)}[\\w-]*`)].join('|'),
      'g',
    );
  };
  // The whole pattern takes 8 ms to compile, its beginning one: a start pays for neither where text is plain.
  let beginning: RegExp | undefined;
  let whole: RegExp | undefined;
  const encoded = needles.flatMap(base64Of);
  return (given) => {
    const text = encoded.some((part) => given.includes(part)) ? withoutEncoded(given, encoded) : given;
    if (!DISGUISES.test(text) && !holdsPlain(text, needles)) return text;
    beginning ??= new RegExp(needles.map((key) => spell(key, 3)).join('|'), 'g');
    if (text.search(beginning) < 0) return text;
    whole ??= toWhole();
    return text.replace(whole, '***');
  };
}

/** What all base64 of a text with the key in it has in common (`Bearer key`, `user:key`): one for each place in three bytes. */
function base64Of(key: string): string[] {
  const bytes = Buffer.from(key);
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const part = text.slice(before === 0 ? 0 : before + 1, Math.floor(((before + bytes.length) * 8) / 6));
    return [...new Set([part, part.replaceAll('+', '-').replaceAll('/', '_')])];
  });
}

function withoutEncoded(text: string, parts: readonly string[]): string {
  const words = parts.map((part) => `${escapePattern(part)}[\\w+/=-]*`);
  return text.replaceAll(new RegExp(words.join('|'), 'g'), '***');
}

function holdsPlain(text: string, keys: readonly string[]): boolean {
  const joined = text.includes('\n') ? text.replaceAll(/\n */g, '') : text;
  return keys.some((key) => joined.includes(key.slice(0, TELLING_CHARS)));
}

/** One character as itself, percent-encoded, as a JSON escape and as an XML entity. */
function toAnySpelling(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  const percent = encodeURIComponent(character.toWellFormed());
  return `(?:${[
    escapePattern(character),
    anyCase(percent === character ? `%${hex.padStart(2, '0')}` : percent),
    ...(/["\\/]/.test(character) ? [`\\\\${escapePattern(character)}`] : []),
    `\\\\u${anyCase(hex.padStart(4, '0'))}`,
    `&#(?:0*${code}|[xX]0*${anyCase(hex)});`,
    ...(NAMED[character] === undefined ? [] : [`&${NAMED[character]};`]),
  ].join('|')})`;
}

function anyCase(hex: string): string {
  return hex.replaceAll(/[a-f]/gi, (digit) => `[${digit.toLowerCase()}${digit.toUpperCase()}]`);
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** What of the words of a command line looks like a key: it was put in the wrong place, and no message may hold it. */
export function keysAmong(words: readonly string[]): string[] {
  return words.flatMap((word) => word.split(/[^\w-]+/).map((part) => part.replace(/^--/, ''))).filter(looksLikeKey);
}

/** The prefixes of model hosts' keys, and letters of both cases with digits and nothing that separates words. */
export function looksLikeKey(text: string): boolean {
  return (
    /^(?:(?:sk|csk|xai|gsk|nvapi|pplx)-|(?:gsk|hf|r8|fw|tgp)_|AIza)[\w-]{16,}$/.test(text) ||
    /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z\d]{24,}$/.test(text)
  );
}
