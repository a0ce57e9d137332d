// Patterns of tokens, in which what people say of contracts and holdings is written. Hides how a pattern is found among the
// tokens and how what is made of it takes their place.
import type { Thing, Token } from '../words/tokens.ts';

/** Of one contract. */
export const SHARES = 100;

/** A token as a word of the patterns below. */
function codeOf(token: Token): string {
  switch (token.is) {
    case 'number':
      return token.isPercent ? '<%>' : '<n>';
    case 'field':
      return `<f:${token.names.join().replaceAll(' ', '_')}>`;
    case 'filler':
    case 'unknown':
    case 'doubt':
    case 'refuse':
    case 'mark':
    case 'joiner':
    case 'worth':
      return token.text.toLowerCase().replaceAll(' ', '_');
    case 'pronoun':
      return typeof token.pronoun === 'number' ? '<count>' : '<them>';
    case 'form':
      return /contract|lot/i.test(token.text) ? '<contract>' : '<form>';
    default:
      return `<${token.is}>`;
  }
}

export type Make = (own: readonly Token[], all: readonly Token[]) => readonly Thing[] | undefined;
export type Rule = readonly [pattern: RegExp, make: Make];

/** `<n>|<%> to|and <%>?`: words apart by spaces; `?` may lack, `*` may repeat, `=` only follows (`$`: the end), `!` not before. */
export const rule = (pattern: string, make: Make): Rule => {
  const items = pattern.split(' ').map((item) => {
    const [, look = '', words = '', mark = ''] = /^([=!]?)(.*?)([?*]?)$/.exec(item) ?? [];
    if (look === '!') return `(?<!(?: |^)(?:${words}) )`;
    const own = words.replace('_<', ' <');
    return look === ''
      ? `(?:(?:${words}) )${mark}`
      : `(?=(?:${own.replace(/\|?\$$/, '')}) ${own.endsWith('$') ? '|$' : ''})`;
  });
  return [new RegExp(`(?<= |^)${items.join('')}`), make];
};

export const lineOf = (tokens: readonly Token[]): string => `${tokens.map(codeOf).join(' ')} `;

/** The first place that a pattern fits as what is made of it; its text stays with the first thing made. */
export function rewrite(tokens: readonly Token[], line: string, [pattern, make]: Rule): readonly Token[] {
  const found = pattern.exec(line);
  if (found === null) return tokens;
  const from = line.slice(0, found.index).split(' ').length - 1;
  const own = tokens.slice(from, from + found[0].trim().split(' ').length);
  const made = make(own, tokens);
  if (made === undefined) return tokens;
  const texts = own.flatMap((token) => (made.includes(token) ? [] : token.text));
  const named = made.map((thing): Token =>
    'text' in thing ? (thing as Token) : { ...thing, text: texts.splice(0).join(' ') },
  );
  return [...tokens.slice(0, from), ...named, ...tokens.slice(from + own.length)];
}

/** Every place that a pattern fits, pattern after pattern. */
export function rewriteAll(tokens: readonly Token[], rules: readonly Rule[]): readonly Token[] {
  let turned = tokens;
  let line = lineOf(turned);
  for (const each of rules)
    for (let more = MOST_IN_A_ROW; more > 0; more -= 1) {
      const next = rewrite(turned, line, each);
      if (next === turned) break;
      turned = next;
      line = lineOf(turned);
    }
  return turned;
}
const MOST_IN_A_ROW = 5;

export const has = (tokens: readonly Token[], ...kinds: Token['is'][]): boolean =>
  tokens.some(({ is }) => kinds.includes(is));
export const only = (tokens: readonly Token[], ...kinds: Token['is'][]): Token[] =>
  tokens.filter(({ is }) => kinds.includes(is));
export const numberIn = (own: readonly Token[], place = 0): number => {
  const [value = 0] = only(own, 'number', 'pronoun').slice(place);
  return typeof value === 'number'
    ? value
    : value.is === 'number'
      ? value.value
      : Number('pronoun' in value ? value.pronoun : NaN);
};
