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
const COMMAND =
  /\bfin (?:alert|ask|bundle|cache|chain|chart|doctor|events|expirations|fields|help|history|levels|list|market|news|positions|quote|scan|search|serve|sessions|strategy|ta|table|vol)\b/;
/** One that a server answers as well. */
const SERVED =
  /\bfin (chain|expirations|fields|history|positions|strategy)\b(?! (?:add|remove)\b)(?: ([A-Z][A-Z.]*)\b)?(?: (roll)\b)?((?: --[a-z-]+ (?:"[^"]*"|[\w.-]+))*)/g;

export function rewordError({ message, hint, ...error }: AnswerError, surface: Surface): AnswerError {
  const advice = hint === undefined ? '' : rewordAdvice(hint, surface);
  return { ...error, message: withoutFlags(message, surface), ...(advice === '' ? {} : { hint: advice }) };
}

export function withoutFlags(text: string, { sign }: Pick<Surface, 'sign'>): string {
  if (COMMAND.test(text)) return sign === '=' ? withPaths(text) : text;
  return text.replaceAll(FLAG, (_flag, name: string, value?: string) =>
    value === undefined ? name : `${name}${sign}${value}`,
  );
}

/** Commands as requests; those that only the one who runs the server can type say so. */
function withPaths(text: string): string {
  const asked = text.replaceAll(
    SERVED,
    (_line, command: string, symbol: string = '', name: string = '', flags: string = '') => {
      const query = new URLSearchParams({ ...(symbol !== '' && { symbols: symbol }), ...(name !== '' && { name }) });
      for (const [, flag = '', quoted, word = ''] of flags.matchAll(/--([a-z-]+) (?:"([^"]*)"|(\S+))/g))
        query.append(flag, quoted ?? word);
      return `/api/v1/${command}${query.size === 0 ? '' : `?${query.toString()}`}`;
    },
  );
  return COMMAND.test(asked) ? `${asked} (on the server's machine)` : asked;
}

function rewordAdvice(hint: string, surface: Surface): string {
  const isOfUse = (text: string): boolean =>
    COMMAND.test(text) || [...text.matchAll(FLAG)].every(([, name = '']) => surface.names.includes(name));
  const parts = isOfUse(hint) ? [hint] : hint.split(/[,;] (?:or )?| or /).filter(isOfUse);
  return withoutFlags(parts.join(', or '), surface);
}
