// The channels of the harmony format, where a server passes a gpt-oss reply on unparsed: reasoning is dropped, what is
// addressed to a function is a call, the final channel is the answer.
import type { WrittenCall } from './openai-written.ts';

/** The recipient of a message may stand before its channel. */
const MAX_HEADER = 100;

/** Where servers strip the special tokens, the names of role and channel are left, glued to what stands around them. */
export const STRIPPED_MARKS: readonly string[] = ['assistantanalysis', 'assistantcommentary', 'assistantfinal'];
/** What such a reply begins with; a sentence may begin so too. */
export const STRIPPED_STARTS: readonly string[] = ['analysis', 'commentary', 'final', ...STRIPPED_MARKS];

const CHANNEL = '(analysis|commentary|final)';
const RECIPIENT = String.raw`to=(?:functions\.)?[\w-]+?`;
const KIND = String.raw`\s*(?:<\|constrain\|>)?\s*(?:json|code)?\s*`;

/** Undefined where the text has no channels whose tokens were stripped. */
export function readStripped(text: string): Harmony | undefined {
  const isChannel =
    STRIPPED_MARKS.some((mark) => text.includes(mark)) ||
    new RegExp(String.raw`^\s*${CHANNEL}(?:[\p{Lu}\p{N}"'*#|]|\s+${RECIPIENT}\b)`, 'u').test(text);
  return isChannel ? readHarmony(restoreTokens(text), '') : undefined;
}

function restoreTokens(text: string): string {
  return text
    .replace(new RegExp(String.raw`^\s*(?=${CHANNEL})`), 'assistant')
    .replaceAll(
      new RegExp(`assistant\\s+(${RECIPIENT})${CHANNEL}${KIND}`, 'g'),
      '<|start|>assistant $1<|channel|>$2<|message|>',
    )
    .replaceAll(
      new RegExp(`assistant${CHANNEL}(?:(\\s+${RECIPIENT}\\b)${KIND})?`, 'g'),
      '<|start|>assistant$2<|channel|>$1<|message|>',
    );
}

interface Harmony {
  text: string;
  calls: WrittenCall[];
}

/** Undefined where the text has no channels. */
export function readHarmony(text: string, before: string): Harmony | undefined {
  const whole = `${before.slice(-MAX_HEADER)}${text}`;
  if (!text.includes('<|message|>') || !/<\|(?:channel|start)\|>/.test(text)) return undefined;
  const calls: WrittenCall[] = [];
  const said: string[] = [];
  for (const part of whole.split(/<\|(?:start|end|call|return)\|>/)) {
    const [header = '', ...bodies] = part.split('<|message|>');
    const body = bodies.join('');
    const to = /\bto=(?:functions\.)?([\w-]+)/.exec(header)?.[1];
    if (bodies.length === 0) continue;
    if (to !== undefined) calls.push({ name: to, arguments: body.trim() });
    else if (/<\|channel\|>\s*final\b/.test(header)) said.push(body);
  }
  return { text: said.join('').trim(), calls };
}
