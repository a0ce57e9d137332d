// Reads expressions: numbers, names, calls, arithmetic, comparisons, `and or not`. One grammar for calculate, columns,
// conditions, sorting and the formulas of suites; what a name means is for whoever works the expression out.
import { UsageError } from '../domain/errors.ts';

/** Where in the text, by UTF-16 index: a mistake is marked there. */
export interface Span {
  start: number;
  end: number;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '<' | '<=' | '>' | '>=' | '=' | '!=' | 'in' | 'and' | 'or';

export type Expression = Span &
  (
    | { kind: 'number'; value: number }
    | { kind: 'text'; value: string }
    /** `path` of `quote.last`, `NVDA.last`, `contracts.delta?`: the mark says that items without it are left out. */
    | { kind: 'name'; path: readonly string[]; isPartial: boolean }
    | { kind: 'call'; name: string; args: readonly Expression[] }
    | { kind: 'negate' | 'not'; of: Expression }
    | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression }
  );

const MAX_LENGTH = 2000;
const MAX_DEPTH = 64;
const COMPARISONS: readonly string[] = ['<=', '>=', '!=', '=', '<', '>', 'in'];
const WORDS = new Set(['and', 'or', 'not', 'in', 'as', 'if']);

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+)|"([^"]*)"|([A-Za-z_]\w*(?:\.\w+)*\??)|(<=|>=|!=|<>|==|[=<>+*/(),×÷−-]))/iy;

/** The same in other clothes: typographic signs, and those of programming languages. */
const SAME_SIGN: Readonly<Record<string, string>> = { '×': '*', '÷': '/', '−': '-', '==': '=', '<>': '!=' };

interface Token extends Span {
  kind: 'number' | 'text' | 'name' | 'word' | 'sign';
  text: string;
}

/** A mistake at a place of an expression. @returns UsageError whose `place` the screen marks. */
export function mistake(text: string, { start, end }: Span, why: string, hint?: string): UsageError {
  return new UsageError(`expression: ${why}`, {
    place: { text, start, end },
    hint: hint ?? 'expressions are written like (high + low) / 2, pct(last, sma50) or rsi14 < 30 and last > 5',
  });
}

/** @throws UsageError that marks where it stops to be an expression. */
export function parseExpression(text: string): Expression {
  const parser = new Parser(text);
  const expression = parser.parseOr();
  parser.expectEnd();
  return expression;
}

/** `a, b as NAME, c`. @throws UsageError as `parseExpression` */
export function parseColumns(text: string): { key: string; expression: Expression; text: string }[] {
  const parser = new Parser(text);
  const columns: { key: string; expression: Expression; text: string }[] = [];
  do {
    const expression = parser.parseOr();
    const own = text.slice(expression.start, expression.end).trim().replaceAll(/\s+/g, ' ');
    columns.push({ key: parser.takeWord('as') ? parser.takeName() : own, expression, text: own });
  } while (parser.takeSign(','));
  parser.expectEnd();
  return columns;
}

/** `formula` or `formula if condition`, as suites write them. @throws UsageError as `parseExpression` */
export function parseGuarded(text: string): { expression: Expression; condition?: Expression } {
  const parser = new Parser(text);
  const expression = parser.parseOr();
  const condition = parser.takeWord('if') ? parser.parseOr() : undefined;
  parser.expectEnd();
  return condition === undefined ? { expression } : { expression, condition };
}

/** Every name of an expression with its place, those of calls among them. */
export function namesIn(expression: Expression): (Span & { path: readonly string[]; isCall: boolean })[] {
  switch (expression.kind) {
    case 'number':
    case 'text':
      return [];
    case 'name':
      return [{ start: expression.start, end: expression.end, path: expression.path, isCall: false }];
    case 'call':
      return [
        {
          start: expression.start,
          end: expression.start + expression.name.length,
          path: [expression.name],
          isCall: true,
        },
        ...expression.args.flatMap(namesIn),
      ];
    case 'negate':
    case 'not':
      return namesIn(expression.of);
    case 'binary':
      return [...namesIn(expression.left), ...namesIn(expression.right)];
  }
}

function tokenize(text: string): Token[] {
  if (text.length > MAX_LENGTH)
    throw new UsageError(`expression: ${text.length} characters; at most ${MAX_LENGTH} are allowed`, {
      hint: 'write a shorter one, or several',
    });
  const tokens: Token[] = [];
  const length = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) {
      const start = from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
      throw mistake(text, { start, end: start + 1 }, `"${text.slice(start, start + 1)}" is not allowed here`);
    }
    const [whole, digits, quoted, name, sign] = match;
    const end = from + whole.length;
    const start = end - whole.trimStart().length;
    if (digits !== undefined) tokens.push({ kind: 'number', text: digits, start, end });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted, start, end });
    else if (name !== undefined)
      tokens.push(
        WORDS.has(name.toLowerCase())
          ? { kind: 'word', text: name.toLowerCase(), start, end }
          : { kind: 'name', text: name, start, end },
      );
    else tokens.push({ kind: 'sign', text: SAME_SIGN[sign ?? ''] ?? sign ?? '', start, end });
  }
  return tokens;
}

/** From weak to strong: or, and, not, comparisons, + −, × ÷, sign. */
class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  parseOr(): Expression {
    return this.#chain(['or'], () => this.#chain(['and'], () => this.#parseNot()));
  }

  takeWord(word: string): boolean {
    return this.#take('word', [word]) !== undefined;
  }

  takeSign(sign: string): boolean {
    return this.#take('sign', [sign]) !== undefined;
  }

  takeName(): string {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'name' || /[.?]/.test(token.text)) throw this.#unexpected('a name of letters and digits');
    this.#at += 1;
    return token.text;
  }

  expectEnd(): void {
    if (this.#at < this.#tokens.length) throw this.#unexpected('an operator or the end');
  }

  #chain(operators: readonly string[], parseSide: () => Expression): Expression {
    let left = parseSide();
    for (let token = this.#takeAny(operators); token !== undefined; token = this.#takeAny(operators)) {
      const right = parseSide();
      left = {
        kind: 'binary',
        operator: token.text as BinaryOperator,
        left,
        right,
        start: left.start,
        end: right.end,
      };
    }
    return left;
  }

  #parseNot(): Expression {
    const token = this.#take('word', ['not']);
    if (token === undefined) return this.#parseComparison();
    const of = this.#nested(() => this.#parseNot());
    return { kind: 'not', of, start: token.start, end: of.end };
  }

  #parseComparison(): Expression {
    const left = this.#parseSum();
    const token = this.#takeAny(COMPARISONS);
    if (token === undefined) return left;
    const right = this.#parseSum();
    const again = this.#tokens[this.#at];
    if (again !== undefined && COMPARISONS.includes(again.text))
      throw mistake(this.#text, again, 'two comparisons in a row', 'write a < b and b < c');
    const operator = token.text as BinaryOperator;
    return { kind: 'binary', operator, left, right, start: left.start, end: right.end };
  }

  #parseSum(): Expression {
    return this.#chain(['+', '-'], () => this.#chain(['*', '/'], () => this.#parseFactor()));
  }

  #parseFactor(): Expression {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw this.#unexpected('a number, a name or a parenthesis');
    if (token.kind === 'number') return this.#step({ ...spanOf(token), kind: 'number', value: Number(token.text) });
    if (token.kind === 'text') return this.#step({ ...spanOf(token), kind: 'text', value: token.text });
    if (token.kind === 'name') return this.#parseNamed(token);
    if (token.kind === 'sign' && (token.text === '-' || token.text === '+')) {
      this.#at += 1;
      const of = this.#nested(() => this.#parseFactor());
      return token.text === '+' ? of : { kind: 'negate', of, start: token.start, end: of.end };
    }
    if (token.kind !== 'sign' || token.text !== '(') throw this.#unexpected('a number, a name or a parenthesis');
    this.#at += 1;
    const inner = this.#nested(() => this.parseOr());
    const closing = this.#tokens[this.#at];
    if (!this.takeSign(')')) throw mistake(this.#text, token, 'this parenthesis is not closed');
    return { ...inner, start: token.start, end: closing?.end ?? inner.end };
  }

  #parseNamed(token: Token): Expression {
    this.#at += 1;
    const opening = this.#tokens[this.#at];
    if (!this.takeSign('(')) {
      const isPartial = token.text.endsWith('?');
      return { ...spanOf(token), kind: 'name', path: token.text.replace('?', '').split('.'), isPartial };
    }
    const args: Expression[] = [];
    let end = opening?.end ?? token.end;
    for (;;) {
      const closing = this.#tokens[this.#at];
      if (this.takeSign(')')) {
        end = closing?.end ?? end;
        break;
      }
      if (closing === undefined) throw mistake(this.#text, opening ?? token, 'this parenthesis is not closed');
      if (args.length > 0 && !this.takeSign(',')) throw this.#unexpected('a comma or a closing parenthesis');
      args.push(this.#nested(() => this.parseOr()));
    }
    return { kind: 'call', name: token.text, args, start: token.start, end };
  }

  #step(expression: Expression): Expression {
    this.#at += 1;
    return expression;
  }

  /** Who nests without end would end the program instead of the expression. */
  #nested<T>(parse: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH)
      throw mistake(this.#text, this.#tokens[this.#at] ?? this.#endSpan(), 'nested too deeply');
    const parsed = parse();
    this.#depth -= 1;
    return parsed;
  }

  #takeAny(texts: readonly string[]): Token | undefined {
    return this.#take('sign', texts) ?? this.#take('word', texts);
  }

  #take(kind: Token['kind'], texts: readonly string[]): Token | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind || !texts.includes(token.text)) return undefined;
    this.#at += 1;
    return token;
  }

  #unexpected(wanted: string): UsageError {
    const token = this.#tokens[this.#at];
    return token === undefined
      ? mistake(this.#text, this.#endSpan(), `it ends too early: ${wanted} is missing`)
      : mistake(this.#text, token, `"${token.text}" is not expected here, but ${wanted} is`);
  }

  #endSpan(): Span {
    const end = this.#text.trimEnd().length;
    return { start: end, end: end + 1 };
  }
}

function spanOf({ start, end }: Token): Span {
  return { start, end };
}
