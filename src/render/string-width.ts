// Columns that a text takes on a terminal, without the Unicode tables that string-width@4 builds on every call.
// The build puts this in place of string-width inside cli-table3; equal results for all that the tables hold.

/** Escape sequences that take no column: CSI (color) and OSC (links). */
const ESCAPES = /[\u001b\u009b](?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b\u009b]*(?:\u0007|\u001b\\))/g;
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3040-\u3247\u3250-\u4dbf\u4e00-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{1b000}\u{1b001}\u{1f200}-\u{1f251}\u{20000}-\u{3fffd}]/u;
const EMOJI = /\p{Emoji_Presentation}/u;
const ZERO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;

function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}

/** Greek letters, dashes, quotes, the ellipsis, arrows, signs of arithmetic, lines, blocks and marks of our own screens: spares them the Unicode tables. */
function isPlainSymbol(code: number): boolean {
  return (
    (code >= 0x391 && code <= 0x3c9) ||
    (code >= 0x2010 && code <= 0x2027) ||
    (code >= 0x2190 && code <= 0x22ff) ||
    (code >= 0x2500 && code <= 0x25fc)
  );
}

/** Columns of one character (a code point): 0 for control and combining characters, 2 for wide ones. */
export function characterWidth(character: string): 0 | 1 | 2 {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0x1f || (code >= 0x7f && code <= 0x9f)) return 0;
  if (code < 0x300) return 1;
  if (isPlainSymbol(code)) return 1;
  if (code >= 0x1100 && (WIDE.test(character) || EMOJI.test(character))) return 2;
  return ZERO_WIDTH.test(character) ? 0 : 1;
}

/** Columns that `text` takes; escape sequences take none. */
export default function stringWidth(text: string): number {
  if (isPlain(text)) return text.length;
  let width = 0;
  for (const character of text.replace(ESCAPES, '')) width += characterWidth(character);
  return width;
}
