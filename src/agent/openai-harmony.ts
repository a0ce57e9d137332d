// The channels of the harmony format, where a server passes a gpt-oss reply on unparsed: reasoning is dropped, what is
// addressed to a function is a call, the final channel is the answer.
import type { WrittenCall } from './openai-written.ts';

/** The recipient of a message may stand before its channel. */
const MAX_HEADER = 100;

/** Undefined where the text has no channels. */
export function readHarmony(text: string, before: string): { text: string; calls: WrittenCall[] } | undefined {
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
