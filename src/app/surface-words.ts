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
/** One that a server answers as well, or a tool. */
const SERVED =
  /\bfin (chain|expirations|fields|history|positions|strategy)\b(?! (?:add|remove)\b)(?: ([A-Z][A-Z.]*)\b)?(?: (roll)\b)?((?: --[a-z-]+ (?:"[^"]*"|[\w.-]+))*)/g;

export function rewordError({ message, hint, ...error }: AnswerError, surface: Surface): AnswerError {
  const advice = hint === undefined ? '' : rewordAdvice(hint, surface);
  return { ...error, message: withoutFlags(message, surface), ...(advice === '' ? {} : { hint: advice }) };
}

export function withoutFlags(text: string, { sign }: Pick<Surface, 'sign'>): string {
  if (COMMAND.test(text)) return withoutCommands(text, sign);
  return text.replaceAll(FLAG, (_flag, name: string, value?: string) =>
    value === undefined ? name : `${name}${sign}${value}`,
  );
}

/** The tools of an assistant that give what a command shows. */
const TOOLS: Readonly<Record<string, string>> = {
  chain: 'get_options_chain',
  expirations: 'get_options_expiration_dates',
  history: 'get_stock_price_history',
  positions: 'get_positions',
};

/** Commands as requests or calls; those that only the one who runs fin can type say so. */
function withoutCommands(text: string, sign: Surface['sign']): string {
  const asked = text.replaceAll(
    SERVED,
    (line, command: string, symbol: string = '', name: string = '', flags: string = '') => {
      const given = [...flags.matchAll(/--([a-z-]+) (?:"([^"]*)"|(\S+))/g)].map(
        ([, flag = '', quoted, word = '']) => [flag, quoted ?? word] as const,
      );
      if (sign === ' ') {
        const tool = TOOLS[command];
        const all = [...(symbol === '' ? [] : [['symbol', symbol] as const]), ...given];
        const args = all.map((each) => each.join(' ')).join(', ');
        return tool === undefined ? line : `${tool}${args === '' ? '' : ` with ${args}`}`;
      }
      const query = new URLSearchParams({ ...(symbol !== '' && { symbols: symbol }), ...(name !== '' && { name }) });
      for (const [flag, value] of given) query.append(flag, value);
      return `/api/v1/${command}${query.size === 0 ? '' : `?${query.toString()}`}`;
    },
  );
  if (!COMMAND.test(asked)) return asked;
  return `${asked} (${sign === '=' ? "on the server's machine" : 'for the user to type'})`;
}

/** `with --provider`, where the value is the reader's to choose. */
const WITH_FLAG = /\bwith --([a-z][a-z-]*)(?![\w-]| (?:[A-Z]{2,}|\d|sample\b|builtin\b|all\b))/g;
/** A list for people at a terminal; an assistant's tools name the usual ones. */
const LISTED = /\bfin fields lists\b/;

function rewordAdvice(hint: string, surface: Surface): string {
  const isOfUse = (text: string): boolean =>
    COMMAND.test(text)
      ? surface.sign === '=' || !LISTED.test(text)
      : [...text.matchAll(FLAG)].every(([, name = '']) => surface.names.includes(name));
  const sentences = hint.split(/; |(?<=\?) /).flatMap((sentence) => {
    const parts = isOfUse(sentence) ? [sentence] : sentence.split(/, (?:or )?| or /).filter(isOfUse);
    return parts.length === 0 ? [] : [parts.join(', or ')];
  });
  const noun = surface.sign === '=' ? 'parameter' : 'argument';
  const advice = sentences.join('; ').replaceAll('?; ', '? ');
  return withoutFlags(advice.replaceAll(WITH_FLAG, `with the ${noun} $1`), surface);
}
