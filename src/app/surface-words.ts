// Errors as those read them who have no command line: flags bear the names of arguments or parameters, and advice that only
// a command line can follow is left out.
import type { AnswerError } from '../domain/answers.ts';

/** What its users can give by name, and what stands between a name and its value. */
export interface Surface {
  names: readonly string[];
  sign: ' ' | '=';
}

/** With its value, where what follows is one. */
const FLAG = /--([a-z][a-z-]*)(?: ([A-Z]{2,}|\d[\w.:-]*|sample|builtin|all)\b)?/g;
/** A whole command, which can be told to whoever runs fin. */
const COMMAND = /\bfin [a-z]/;

export function rewordError({ message, hint, ...error }: AnswerError, surface: Surface): AnswerError {
  const advice = hint === undefined ? '' : rewordAdvice(hint, surface);
  return { ...error, message: withoutFlags(message, surface), ...(advice === '' ? {} : { hint: advice }) };
}

export function withoutFlags(text: string, { sign }: Pick<Surface, 'sign'>): string {
  if (COMMAND.test(text)) return text;
  return text.replaceAll(FLAG, (_flag, name: string, value?: string) =>
    value === undefined ? name : `${name}${sign}${value}`,
  );
}

function rewordAdvice(hint: string, surface: Surface): string {
  const isOfUse = (text: string): boolean =>
    COMMAND.test(text) || [...text.matchAll(FLAG)].every(([, name = '']) => surface.names.includes(name));
  const parts = isOfUse(hint) ? [hint] : hint.split(/[,;] (?:or )?| or /).filter(isOfUse);
  return withoutFlags(parts.join(', or '), surface);
}
