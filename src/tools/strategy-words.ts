// A strategy as it is typed, by a command, a question or a model: its name with what chooses its strikes, or its legs.
// Legs are written as contracts without their symbol, shares as a number alone. Mistakes are told before any request.
import { isContract, parseInstruments } from '../domain/contracts.ts';
import { UsageError } from '../domain/errors.ts';
import { checkExpirationPhrase } from '../domain/expirations.ts';
import { present } from '../domain/present.ts';
import {
  STRATEGY_NAMES,
  checkStrikes,
  findStrategy,
  takesDelta,
  takesWidth,
  type StrategyName,
} from '../domain/strategies.ts';
import { quoteInput } from '../domain/symbols.ts';
import type { TickerSymbol } from '../domain/types.ts';
import { type LegTerms, type StrategyRequest, checkQuantity } from './strategy.ts';

/** `expiration`, `delta`, `width`, `strikes`, `quantity`, `short`, `leg` (a line each), `from`, `to`. */
export type StrategyWords = Readonly<Record<string, string | boolean | undefined>>;

/** @throws UsageError for what is no strategy, and for a choice that it does not take */
export function parseStrategy(symbol: TickerSymbol, name: string, options: StrategyWords): StrategyRequest {
  const quantity = options['quantity'] === undefined ? 1 : checkQuantity(Number(options['quantity']));
  const own = String(options['leg'] ?? '')
    .split('\n')
    .filter((text) => text !== '');
  const [from, to] = (['from', 'to'] as const).map((end) => options[end]);
  const isRoll = name === 'roll' || from !== undefined || to !== undefined;
  if (!isRoll && own.length === 0) return { symbol, quantity, what: parseNamed(name, options) };
  if (isRoll && (name !== 'roll' || typeof from !== 'string' || typeof to !== 'string'))
    throw new UsageError('roll: --from LEG and --to LEG are needed together', {
      hint: `fin strategy ${symbol} roll --from "-1 450c dec 18" --to "-1 460c jan 15"`,
    });
  if (!isRoll && name !== '')
    throw new UsageError(`strategy ${quoteInput(name)} with --leg: use one or the other`, {
      hint: 'omit the name',
    });
  const unused = ['expiration', 'delta', 'width', 'strikes', 'leg'].find(
    (option) => options[option] !== undefined && (isRoll || option !== 'leg'),
  );
  if (unused !== undefined)
    throw new UsageError(`--${unused}: not used with ${isRoll ? 'roll, whose legs are --from and --to' : '--leg'}`, {
      hint: 'omit it; a leg names its own strike and expiration',
    });
  const sign = options['short'] === true ? -1 : 1;
  const parse = (text: unknown, signOfLeg: number): LegTerms => {
    const leg = parseLeg(symbol, String(text));
    return { ...leg, quantity: leg.quantity * signOfLeg };
  };
  const legs = isRoll ? [parse(from, -sign), parse(to, sign)] : own.map((text) => parse(text, sign));
  return { symbol, quantity, what: { name: isRoll ? 'roll' : 'custom', legs } };
}

function parseNamed(name: string, options: StrategyWords): StrategyRequest['what'] {
  const found = findStrategy(name);
  if (found === undefined)
    throw new UsageError(name === '' ? 'strategy: no name' : `strategy ${quoteInput(name)}: no such strategy`, {
      hint: `the names are ${STRATEGY_NAMES.join(', ')}, roll; or give its legs with --leg`,
    });
  const { expiration } = options;
  if (typeof expiration === 'string') checkExpirationPhrase(expiration);
  const strikes = parseStrikes(found, options['strikes']);
  const delta = parseNumber(options, 'delta', takesDelta(found), 1);
  const width = parseNumber(options, 'width', takesWidth(found), 100_000);
  return {
    name: found,
    isShort: options['short'] === true,
    ...(typeof expiration === 'string' ? { expiration } : {}),
    ...present({ strikes, delta, width }),
  };
}

function parseStrikes(name: StrategyName, text: string | boolean | undefined): number[] | undefined {
  if (typeof text !== 'string') return undefined;
  const strikes = text.split(/[/,]/).map((part) => Number(part.trim() || NaN));
  if (!strikes.every((strike) => strike > 0 && strike < 100_000))
    throw new UsageError(`--strikes ${quoteInput(text)}: not strikes`, { hint: 'write 600/610/650/660' });
  checkStrikes(name, strikes);
  return strikes;
}

/** @param isUsed false where nothing of the strategy is chosen by it */
function parseNumber(
  options: StrategyWords,
  name: 'delta' | 'width',
  isUsed: boolean,
  most: number,
): number | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0 && value <= most))
    throw new UsageError(`--${name} ${quoteInput(String(text))}: not a ${name}`, {
      hint: name === 'delta' ? 'write it without a sign, like .30' : 'write dollars, like 5',
    });
  if (!isUsed) throw new UsageError(`--${name}: this strategy does not use it`, { hint: 'omit it' });
  if (options['strikes'] !== undefined)
    throw new UsageError(`--${name} with --strikes: the strikes are given`, { hint: 'omit one of them' });
  return value;
}

const LEG = /^([+-]?\d{1,6})(?:\s*x)?(?:\s+(\S.*))?$/;

/** `+1 450c dec 18`, `-2 NVDA261218C00450000`, `+100` for shares. */
function parseLeg(symbol: TickerSymbol, text: string): LegTerms {
  const [, quantity = '', rest] = LEG.exec(text.trim()) ?? [];
  const wrong = (why: string): UsageError =>
    new UsageError(`leg ${quoteInput(text)}: ${why}`, {
      hint: 'write "+1 450c dec 18", "-1 460p friday" or "+100" for shares',
    });
  if (Number(quantity || 0) === 0) throw wrong('no quantity');
  if (rest === undefined || /^shares?$/i.test(rest)) return { quantity: Number(quantity) };
  const isWhole = rest.toUpperCase().startsWith(symbol) || rest.toUpperCase().startsWith(`O:${symbol}`);
  const [contract, ...more] = parseInstruments([isWhole ? rest : `${symbol} ${rest}`]);
  if (contract === undefined || more.length > 0 || !isContract(contract)) throw wrong('not one contract');
  if (contract.underlying !== symbol) throw wrong(`not a contract of ${symbol}`);
  return { quantity: Number(quantity), contract };
}
