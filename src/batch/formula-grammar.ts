// Reads the formulas of a suite: `quote.change = quote.last - quote.previousClose`. Hides tokens and precedence.
// `contracts.delta?` leaves out the items of a list that have none; without the mark every item must have it.
// A formula is a comparison of two expressions, with `if` and another one where it holds only then, or one expression
// whose value is wanted.

export type Expression =
  | { kind: 'value'; value: number | string }
  | { kind: 'path'; path: readonly string[]; isPartial: boolean }
  | { kind: 'call'; name: string; args: readonly Expression[] }
  | { kind: 'negate'; of: Expression }
  | { kind: 'arithmetic'; operator: '+' | '-' | '*' | '/'; left: Expression; right: Expression };

const COMPARATORS = ['<=', '>=', '=', '<', '>', 'in'] as const;
export type Comparator = (typeof COMPARATORS)[number];

export interface Comparison {
  comparator: Comparator;
  right: Expression;
}

export interface Formula {
  text: string;
  left: Expression;
  compare?: Comparison;
  /** `if …`: the formula says nothing where this does not hold. */
  condition?: { left: Expression; compare: Comparison };
  /** First words of all paths, and names of functions. */
  names: readonly string[];
}

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|"([^"]*)"|([A-Za-z_]\w*(?:\.\w+)*\??)|(<=|>=|[=<>+\-*/(),]))/y;

interface Token {
  kind: 'number' | 'text' | 'name' | 'sign';
  text: string;
}

/** @throws SyntaxError that says where it stops to be a formula. */
export function parseFormula(text: string): Formula {
  const parser = new Parser(tokenise(text));
  const left = parser.expression();
  const compare = parser.comparison();
  const condition =
    compare !== undefined && parser.takeWord('if')
      ? { left: parser.expression(), compare: parser.comparison() }
      : undefined;
  parser.end();
  if (condition === undefined)
    return { text, left, names: parser.names, ...(compare === undefined ? {} : { compare }) };
  if (condition.compare === undefined) throw new SyntaxError('what follows "if" is no comparison');
  return {
    text,
    left,
    names: parser.names,
    ...(compare === undefined ? {} : { compare }),
    condition: { left: condition.left, compare: condition.compare },
  };
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const length = text.trimEnd().length;
  while (TOKEN.lastIndex < length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new SyntaxError(`"${text.slice(from, from + 20).trim()}" cannot be read`);
    const [, digits, quoted, name, sign] = match;
    if (digits !== undefined) tokens.push({ kind: 'number', text: digits });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return tokens;
}

class Parser {
  readonly names: string[] = [];
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  expression(): Expression {
    let left = this.#term();
    for (let sign = this.#takeSign('+', '-'); sign !== undefined; sign = this.#takeSign('+', '-'))
      left = { kind: 'arithmetic', operator: sign as '+' | '-', left, right: this.#term() };
    return left;
  }

  comparison(): Comparison | undefined {
    const comparator = COMPARATORS.find((each) => this.takeWord(each));
    return comparator === undefined ? undefined : { comparator, right: this.expression() };
  }

  takeWord(word: string): boolean {
    const token = this.#tokens[this.#at];
    if (token === undefined || token.kind === 'text' || token.text !== word) return false;
    this.#at += 1;
    return true;
  }

  end(): void {
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw new SyntaxError(`"${rest.text}" is not expected there`);
  }

  #term(): Expression {
    let left = this.#factor();
    for (let sign = this.#takeSign('*', '/'); sign !== undefined; sign = this.#takeSign('*', '/'))
      left = { kind: 'arithmetic', operator: sign as '*' | '/', left, right: this.#factor() };
    return left;
  }

  #factor(): Expression {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new SyntaxError('it ends too early');
    this.#at += 1;
    if (token.kind === 'number') return { kind: 'value', value: Number(token.text) };
    if (token.kind === 'text') return { kind: 'value', value: token.text };
    if (token.kind === 'name') return this.#named(token.text);
    if (token.text === '-') return { kind: 'negate', of: this.#factor() };
    if (token.text !== '(') throw new SyntaxError(`"${token.text}" is not expected there`);
    const inner = this.expression();
    this.#expect(')');
    return inner;
  }

  #named(name: string): Expression {
    const plain = name.replace('?', '');
    this.names.push(plain.split('.', 1)[0] ?? plain);
    if (this.#takeSign('(') === undefined) return { kind: 'path', path: plain.split('.'), isPartial: plain !== name };
    const args: Expression[] = [];
    while (this.#takeSign(')') === undefined) {
      if (args.length > 0) this.#expect(',');
      args.push(this.expression());
    }
    return { kind: 'call', name, args };
  }

  #takeSign(...signs: string[]): string | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'sign' || !signs.includes(token.text)) return undefined;
    this.#at += 1;
    return token.text;
  }

  #expect(sign: string): void {
    if (this.#takeSign(sign) === undefined) throw new SyntaxError(`"${sign}" is missing`);
  }
}
