// Binds an expression to the fields: what its names are, what must be fetched, whether it makes sense; then works it
// out for a row. A value that is not there is a Missing with its cause, and a condition on one is not true.
import { canonicalTicker, isOptionSymbol, parseOptionSymbol, underlyingOfRoot } from '../domain/symbols.ts';
import { CALLS } from './calls.ts';
import { type Field, Missing, type Need, type Subject, type Unit } from './field.ts';
import { type Expression, mistake, parseExpression } from './expression.ts';
import {
  type Part,
  type Result,
  type Row,
  type WithSeries,
  both,
  compare,
  condition,
  constant,
  either,
  fieldPart,
  mapNumbers,
  negate,
  ofSymbol,
  unitBeside,
  createRow,
} from './parts.ts';
import { findField, resemblingNames } from './registry.ts';

/** An expression whose names are fields of one subject's rows. */
export interface Bound {
  text: string;
  unit: Unit;
  signed: boolean;
  /** The field that it is, where it is nothing but one. */
  field?: Field;
  needs: ReadonlySet<Need>;
  /** The same by the symbol that a name is of, '' where it is the row's own. */
  needsBySymbol: ReadonlyMap<string, ReadonlySet<Need>>;
  /** Its fields as they are written, in the order of the text. */
  names: ReadonlyMap<string, Part>;
  /** Symbols that it names (`NVDA.last`), in the order of the text. */
  symbols: readonly string[];
  /** The fields and the functions that look back, of which it is made. */
  figures: readonly Part[];
  evaluate(row: Row): Result;
}

const MAX_SESSIONS = 1000;

/**
 * In rows of contracts a price beside averages of the underlying is the underlying's too: one of an option would make a
 * figure of nothing.
 * @throws UsageError that marks the place: unknown field, wrong call, a condition where a number must be
 */
export function bindExpression(text: string, expression: Expression, subject: Subject = 'symbol'): Bound {
  const bound = bindAs(subject, text, expression);
  if (subject !== 'contract' || !readsUnderlying(bound)) return bound;
  const own = [...bound.names].filter(([name, { field }]) => field?.of === 'contract' && !name.includes('.'));
  const areShared = own.every(([name]) => findField(name)?.of === 'symbol');
  return own.length > 0 && areShared ? bindAs('symbol', text, expression) : bound;
}

function bindAs(subject: Subject, text: string, expression: Expression): Bound {
  const binder = new Binder(text, subject);
  const part = binder.bind(expression);
  return {
    text,
    unit: part.type === 'condition' ? 'condition' : part.unit,
    signed: part.signed,
    ...(part.field === undefined ? {} : { field: part.field }),
    needs: new Set([...binder.needs.values()].flatMap((needs) => [...needs])),
    needsBySymbol: binder.needs,
    names: binder.names,
    symbols: [...binder.needs.keys()].filter((symbol) => symbol !== ''),
    figures: binder.figures,
    evaluate: (row) => part.evaluate(row),
  };
}

/** Whether a figure of a contract's row is made of what only its underlying has. */
export function readsUnderlying({ names, needsBySymbol }: Bound): boolean {
  const isOfSymbol = [...names].some(([name, { field }]) => !name.includes('.') && field?.of === 'symbol');
  return isOfSymbol || needsBySymbol.get('')?.has('series') === true;
}

/** @throws UsageError as `bindExpression`, and for what is no condition */
export function bindCondition(text: string, subject: Subject = 'symbol'): Bound {
  const expression = parseExpression(text);
  const bound = bindExpression(text, expression, subject);
  if (bound.unit !== 'condition')
    throw mistake(text, expression, 'this is a figure, not a condition', 'compare it, like rsi14 < 30');
  return bound;
}

/** Without fields, as `calculate` does. @throws UsageError for a name, a condition or what is missing */
export function evaluateArithmetic(text: string): number {
  const expression = parseExpression(text);
  const part = new Binder(text, undefined).bind(expression);
  if (part.type !== 'number') throw mistake(text, expression, 'this is a condition, not a figure');
  const value = part.evaluate(createRow({ symbol: '', now: 0 }));
  if (value instanceof Missing) throw mistake(text, expression, value.why);
  return value as number;
}

function holdsName(expression: Expression): boolean {
  switch (expression.kind) {
    case 'name':
      return true;
    case 'call':
      return expression.args.some(holdsName);
    case 'negate':
    case 'not':
      return holdsName(expression.of);
    case 'binary':
      return holdsName(expression.left) || holdsName(expression.right);
    default:
      return false;
  }
}

function withoutRange(part: Part): Part {
  return { ...part, evaluate: (row) => part.evaluate(asOfNow(row)) };
}

/** A row, and those of the symbols that it names, without the range. */
function asOfNow({ inputs: { period: _period, whole, ...inputs }, rowOf }: Row): Row {
  const { bars, heldSessions } = inputs;
  if (whole !== undefined) inputs.bars = whole;
  if (whole !== undefined && heldSessions !== undefined)
    inputs.heldSessions = heldSessions + whole.length - (bars?.length ?? 0);
  const other = (symbol: string): Row | undefined => {
    const row = rowOf?.(symbol);
    return row && asOfNow(row);
  };
  return createRow(inputs, rowOf && other);
}

class Binder {
  readonly needs = new Map<string, Set<Need>>();
  readonly names = new Map<string, Part>();
  readonly figures: Part[] = [];
  readonly #text: string;
  readonly #subject: Subject | undefined;
  /** Inside a function of earlier sessions a name is read off the bars. */
  #isLookingBack = false;
  /** Inside `of` a name is that symbol's; else '', the row's own. */
  #of = '';

  constructor(text: string, subject: Subject | undefined) {
    this.#text = text;
    this.#subject = subject;
  }

  bind(expression: Expression): Part {
    switch (expression.kind) {
      case 'number':
        return constant(expression.value);
      case 'text':
        return { type: 'text', unit: 'date', signed: false, evaluate: () => expression.value };
      case 'name':
        return this.#bindName(expression);
      case 'call':
        return this.#bindCall(expression);
      case 'negate': {
        const of = this.#number(expression.of);
        return { ...mapNumbers([of], ([value = NaN]) => -value), unit: of.unit, signed: of.signed };
      }
      case 'not': {
        const of = this.#condition(expression.of);
        return condition(
          (row) => negate(of.evaluate(row)),
          [of],
          ([value]) => Number(value === 0),
        );
      }
      case 'binary':
        return this.#bindBinary(expression);
    }
  }

  #bindName(expression: Expression & { kind: 'name' }): Part {
    const { path } = expression;
    const name = path.at(-1) ?? '';
    if (this.#subject === undefined)
      throw mistake(
        this.#text,
        expression,
        `"${path.join('.')}" is not a number`,
        'use numbers, + - * / and parentheses',
      );
    const symbol = path.length > 1 ? this.#symbolOf(expression, path.slice(0, -1).join('.')) : this.#of;
    const field = findField(name, isOptionSymbol(symbol) ? 'contract' : this.#subject);
    if (field === undefined) throw this.#unknown(expression, name);
    if (isOptionSymbol(symbol) && field.of === 'symbol')
      throw mistake(
        this.#text,
        expression,
        `a contract has no "${name}"`,
        `${underlyingOfRoot(parseOptionSymbol(symbol).root)}.${name} is its underlying’s`,
      );
    if (this.#isLookingBack && field.entry.series === undefined)
      throw mistake(
        this.#text,
        expression,
        'not available for earlier sessions',
        'use open, high, low, close, volume or an indicator',
      );
    const isOfQuote = this.#isLookingBack && !field.needs.includes('series');
    this.#need(symbol, isOfQuote ? ['series'] : field.needs);
    const part = symbol === '' ? fieldPart(field) : ofSymbol(symbol, fieldPart(field));
    this.figures.push(part);
    this.names.set(symbol === '' ? name : `${symbol}.${name}`, part);
    return symbol === this.#of ? fieldPart(field) : part;
  }

  /** `of(SPY, roc20)`: all of it in the row of that symbol. */
  #bindOf(named: Expression, of: Expression): Part {
    if (named.kind !== 'name') throw mistake(this.#text, named, 'this is not a ticker', 'write of(SPY, changePercent)');
    const [symbol, before, count] = [this.#symbolOf(named, named.path.join('.')), this.#of, this.figures.length];
    this.#of = symbol;
    const part = ofSymbol(symbol, this.bind(of));
    this.#of = before;
    this.figures.splice(count, Infinity, part);
    return part;
  }

  /** Daily returns of the row and of another symbol. */
  #returns(other: Expression): readonly [WithSeries, WithSeries] {
    const { start, end } = other;
    const own: Expression = { kind: 'name', path: ['changePercent'], isPartial: false, start, end };
    return [this.#series(own), this.#series({ kind: 'call', name: 'of', args: [other, own], start, end })];
  }

  #symbolOf(expression: Expression, spelled: string): string {
    const symbol = isOptionSymbol(spelled.toUpperCase()) ? parseOptionSymbol(spelled).symbol : canonicalTicker(spelled);
    if (symbol === undefined) throw mistake(this.#text, expression, `"${spelled}" is not a ticker`);
    return symbol;
  }

  #need(symbol: string, needs: readonly Need[]): void {
    this.needs.set(symbol, new Set([...(this.needs.get(symbol) ?? []), ...needs]));
  }

  #unknown(expression: Expression, name: string): Error {
    const near = resemblingNames(name, this.#subject);
    if (findField(name, 'contract') !== undefined) {
      const own = near.length > 0 ? `; a symbol has ${near.join(', ')}` : '';
      const hint = `fin chain NVDA --columns ${name} shows it for each contract${own}`;
      return mistake(this.#text, expression, `"${name}" is a field of a contract, not of a symbol`, hint);
    }
    const hint = near.length > 0 ? `did you mean ${near.join(', ')}? ` : '';
    return mistake(this.#text, expression, `there is no field "${name}"`, `${hint}fin fields lists them`);
  }

  #bindBinary(expression: Expression & { kind: 'binary' }): Part {
    const { operator, left, right } = expression;
    if (operator === 'and' || operator === 'or') {
      const parts = [this.#condition(left), this.#condition(right)] as const;
      const combine = operator === 'and' ? both : either;
      return condition(
        (row) => combine(parts[0].evaluate(row), parts[1].evaluate(row)),
        parts,
        ([a = 0, b = 0]) => (operator === 'and' ? a * b : Math.max(a, b)),
      );
    }
    if (operator === 'in') throw mistake(this.#text, expression, '"in" works only in batch suites');
    if (operator === '+' || operator === '-' || operator === '*' || operator === '/')
      return this.#bindArithmetic(operator, this.#number(left), this.#number(right));
    return this.#bindComparison(operator, expression);
  }

  #bindArithmetic(operator: '+' | '-' | '*' | '/', left: Part, right: Part): Part {
    const work = {
      '+': ([a = NaN, b = NaN]: readonly number[]) => a + b,
      '-': ([a = NaN, b = NaN]: readonly number[]) => a - b,
      '*': ([a = NaN, b = NaN]: readonly number[]) => a * b,
      '/': ([a = NaN, b = NaN]: readonly number[]) => (b === 0 ? NaN : a / b),
    }[operator];
    const isSum = operator === '+' || operator === '-';
    const unit = isSum && left.unit === right.unit ? left.unit : unitBeside(left, right);
    return { ...mapNumbers([left, right], work, 'division by zero'), unit, signed: operator === '-' };
  }

  #bindComparison(
    operator: '<' | '<=' | '>' | '>=' | '=' | '!=',
    { left, right }: { left: Expression; right: Expression },
  ): Part {
    const [a, b] = [this.bind(left), this.bind(right)];
    const wrong = a.type === 'condition' ? left : b.type === 'condition' ? right : undefined;
    if (wrong !== undefined) throw mistake(this.#text, wrong, 'a condition cannot be compared');
    if ((a.type === 'number') !== (b.type === 'number'))
      throw mistake(
        this.#text,
        right,
        `a ${a.type} cannot be compared with a ${b.type}`,
        'write a date as "2026-12-18"',
      );
    return condition(
      (row) => {
        const [x, y] = [a.evaluate(row), b.evaluate(row)];
        return x instanceof Missing ? x : y instanceof Missing ? y : compare(operator, x, y);
      },
      [a, b],
      ([x = NaN, y = NaN]) => Number(compare(operator, x, y)),
    );
  }

  #bindCall(expression: Expression & { kind: 'call' }): Part {
    const { name, args } = expression;
    const call = CALLS[name];
    if (call === undefined || (call.looksBack && this.#subject === undefined))
      throw mistake(
        this.#text,
        { start: expression.start, end: expression.start + name.length },
        `there is no function "${name}"`,
        `the functions are ${Object.keys(CALLS).join(', ')}`,
      );
    if (args.length < call.least || args.length > call.most)
      throw mistake(this.#text, expression, `${name} takes ${call.usage}`);
    // What names no field looks back at its row's own bars.
    if (call.looksBack && !args.some(holdsName)) this.#need(this.#of, ['series']);
    const part = call.bind({
      number: (index) => this.#number(args[index] as Expression),
      series: (index) => this.#series(args[index] as Expression),
      condition: (index) => this.#lookingBack(() => this.#condition(args[index] as Expression)),
      either: (index) => this.#lookingBack(() => this.bind(args[index] as Expression)),
      sessions: (index) => this.#sessions(args[index] as Expression),
      now: (index) => withoutRange(this.#number(args[index] as Expression)),
      of: (index) => this.#bindOf(args[index] as Expression, args[index + 1] as Expression),
      returns: (index) => this.#returns(args[index] as Expression),
      count: args.length,
    });
    if (call.looksBack) this.figures.push(part);
    return part;
  }

  #number(expression: Expression): Part {
    const part = this.bind(expression);
    if (part.type === 'number') return part;
    throw mistake(this.#text, expression, `a ${part.type} is not a number`);
  }

  #condition(expression: Expression): Part {
    const part = this.bind(expression);
    if (part.type === 'condition') return part;
    throw mistake(this.#text, expression, 'this is a figure, not a condition', 'compare it, like rsi14 < 30');
  }

  #series(expression: Expression): WithSeries {
    const part = this.#lookingBack(() => this.#number(expression));
    if (part.series === undefined) throw mistake(this.#text, expression, 'not available for earlier sessions');
    return part as WithSeries;
  }

  #lookingBack<T>(bind: () => T): T {
    const before = this.#isLookingBack;
    this.#isLookingBack = true;
    try {
      return bind();
    } finally {
      this.#isLookingBack = before;
    }
  }

  #sessions(expression: Expression): number {
    if (expression.kind === 'number' && Number.isInteger(expression.value)) {
      const { value } = expression;
      if (value >= 1 && value <= MAX_SESSIONS) return value;
    }
    throw mistake(this.#text, expression, `the number of sessions must be a whole number from 1 to ${MAX_SESSIONS}`);
  }
}
