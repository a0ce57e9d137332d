// The one rule for text of strangers (providers, models, files): what steers a terminal or cannot be seen is taken out.
// What is invisible to a reader must not reach a model either, which reads it.

const ELLIPSIS = '…';
/** DCS, SOS, OSC, PM and APC with their payload. A payload ends at the next introducer, so that time stays linear. */
const STRINGS =
  /(?:\u001b[PX\]^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0090\u0098\u009c-\u009f]*(?:\u0007|\u001b\\|\u009c)/g;
/** CSI sequences, then every other escape sequence. */
const SEQUENCES = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[ -/]*[0-~]/g;
/**
 * Controls but tab and newline, format characters (bidi, zero width, tags, soft hyphen), and all that Unicode calls
 * ignorable: variation selectors, fillers, joiners.
 */
export const INVISIBLE = /(?![\t\n])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** Nothing to do: nearly every text of a payload. */
const PLAIN_LINE = /^(?:[!-~]+(?: [!-~]+)*)?$/;

/**
 * Text without control sequences, control characters, carriage returns (a lone one becomes a newline) and invisible
 * characters. Newlines and tabs stay (a tab as two spaces). At most `maxLength` UTF-16 units, cut with an ellipsis.
 */
export function sanitise(text: string, maxLength = 100_000): string {
  const clean = text
    .slice(0, maxLength * 8)
    .toWellFormed()
    .replace(STRINGS, '')
    .replace(SEQUENCES, '')
    .replaceAll(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(INVISIBLE, '')
    .replaceAll('\t', '  ');
  return cut(clean, maxLength);
}

/** As `sanitise`, on one line: every run of white space is one space. */
export function sanitiseLine(text: string, maxLength = 500): string {
  if (text.length <= maxLength && PLAIN_LINE.test(text)) return text;
  const line = sanitise(text, maxLength * 4)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return cut(line, maxLength);
}

function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return text.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '') + ELLIPSIS;
}
