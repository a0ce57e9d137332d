// What both providers hand out of option lists, whatever order, repetitions and strangers the wire has: each contract
// once, of the chain asked for, under the symbol of its terms.
import { expirationKindOf, volatilityExpirationKindOf } from '../domain/calendar.ts';
import { addDays, weekdayOf } from '../domain/exchange-time.ts';
import { possibleFigures } from '../domain/possible.ts';
import {
  optionSymbolOf,
  isOptionSymbol,
  isRootOf,
  isVolatilityIndex,
  optionRootOf,
  rootInOptionSymbol,
} from '../domain/symbols.ts';
import type { Expiration, ExpirationKind, IsoDate, OptionQuote, OptionSymbol, TickerSymbol } from '../domain/types.ts';
import type { Lost } from './provider.ts';
import { type Gathered, leftOutFigures, onlyOnce } from './rows.ts';
import { badPayload, cleanText, type WireSource } from './wire.ts';

const SATURDAY = 6;
const KIND_RANK: Record<ExpirationKind, number> = { monthly: 0, quarterly: 1, weekly: 2, daily: 3 };

/** The root inside an OCC symbol, or the underlying's own where the provider's symbol is none. */
export function rootOfOption(symbol: OptionSymbol, underlying: TickerSymbol): string {
  return rootInOptionSymbol(symbol) ?? optionRootOf(underlying);
}

/** What an expiration is by its date. Until 2015 options expired on the Saturday after their last trading Friday. */
export function deriveExpirationKind(date: IsoDate, underlying: TickerSymbol): ExpirationKind {
  if (isVolatilityIndex(underlying)) return volatilityExpirationKindOf(date);
  return expirationKindOf(weekdayOf(date) === SATURDAY ? addDays(date, -1) : date);
}

/** Ascending, each date once. A date that several roots share (SPX and SPXW) is of the rarer kind. */
export function mergeExpirations(expirations: readonly Expiration[]): Expiration[] {
  const byDate = new Map<IsoDate, Expiration>();
  for (const expiration of expirations) {
    const known = byDate.get(expiration.date);
    if (known === undefined || KIND_RANK[expiration.kind] < KIND_RANK[known.kind])
      byDate.set(expiration.date, expiration);
  }
  return [...byDate.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
}

/** A contract with what else its row says of whose it is: underlying, root. */
export interface Listed<Row> {
  contract: OptionQuote;
  names: readonly (string | undefined)[];
  row: Row;
}

/** With why its symbol and its terms cannot both be right. */
interface Doubtful<Row> extends Listed<Row> {
  flaw: string;
}

/** What is looked at of a contract before it counts as one of a chain. */
type Terms = Pick<OptionQuote, 'symbol' | 'underlying' | 'side' | 'strike' | 'expiration'>;

/**
 * The contracts that are of the chain asked for, ascending by strike, at one strike calls before puts, then by root; one
 * listed twice counts once, and not at all where the two differ. A row whose symbol contradicts its terms counts by them,
 * unless another has their symbol: the documents of Polygon have such a row.
 * @throws BadPayloadError where a chain holds none that is
 */
export function chainOf<Row>(
  listed: readonly Listed<Row>[],
  asked: { underlying: TickerSymbol; expiration: IsoDate },
  source: WireSource,
): Gathered<Listed<Row>> {
  const lost: Lost[] = [];
  const agreeing: Listed<Row>[] = [];
  const doubtful: Doubtful<Row>[] = [];
  for (const each of listed) {
    const stranger = strangerIn(each, asked);
    const flaw = stranger ?? flawOfTerms(each.contract);
    if (stranger !== undefined) lost.push(lostContract(each.contract, stranger, source));
    else if (flaw === undefined) agreeing.push(each);
    else doubtful.push({ ...each, flaw });
  }
  const once = onlyOnce(
    agreeing,
    ({ contract }) => contract.symbol,
    ({ contract }) => lostContract(contract, 'it is listed twice, with different figures', source),
  );
  const named = namedByTerms(doubtful, new Set(agreeing.map(({ contract }) => contract.symbol)), source);
  for (const each of [...once.lost, ...named.lost]) lost.push(each);
  const rows = [...once.rows, ...named.rows].map((each) => withPossibleFigures(each, source, lost));
  const [first] = lost;
  if (rows.length === 0 && first !== undefined)
    throw badPayload(source, `no contract of ${asked.underlying} ${asked.expiration}: ${whyOf(first, source)}`);
  rows.sort(
    ({ contract: a }, { contract: b }) =>
      a.strike - b.strike || compare(a.side, b.side) || compare(a.root, b.root) || compare(a.symbol, b.symbol),
  );
  return { rows, lost };
}

/** Of what else than the chain asked for a row says it is. */
function strangerIn<Row>(
  { contract, names }: Listed<Row>,
  { underlying, expiration }: { underlying: TickerSymbol; expiration: IsoDate },
): string | undefined {
  const root = /^(\d?[A-Z]{1,6}\d?)\d{6}[CP]\d{8,}$/.exec(contract.symbol)?.[1];
  const foreign = [root, ...names].find((name) => name !== undefined && !isRootOf(name, underlying));
  if (foreign !== undefined) return `it belongs to ${cleanText(foreign, 40)}, not ${underlying}`;
  return contract.expiration === expiration ? undefined : `it expires on ${contract.expiration}, not ${expiration}`;
}

/** Rows whose symbols contradict them, under the symbols of their terms; said, and lost where such a contract is listed. */
function namedByTerms<Row>(
  doubtful: readonly Doubtful<Row>[],
  listed: ReadonlySet<OptionSymbol>,
  source: WireSource,
): Gathered<Listed<Row>> {
  const lost: Lost[] = [];
  const taken = new Set(listed);
  const rows: Listed<Row>[] = [];
  for (const { flaw, ...each } of doubtful) {
    const symbol = optionSymbolOf(each.contract);
    if (symbol === undefined || taken.has(symbol)) {
      lost.push(lostContract(each.contract, flaw, source));
      continue;
    }
    taken.add(symbol);
    lost.push({ symbol, message: `${source.label} ${source.endpoint}: ${symbol}: ${flaw}`, isNote: true });
    rows.push({ ...each, contract: { ...each.contract, symbol } });
  }
  return { rows, lost };
}

/** Why a contract and its OCC symbol cannot both be right. */
export function flawOfTerms({ symbol, underlying, side, strike, expiration }: Terms): string | undefined {
  const terms = /^(\d?[A-Z]{1,6}\d?)(\d\d)(\d\d)(\d\d)([CP])(\d{8})$/.exec(symbol);
  if (terms === null) return `its symbol "${cleanText(symbol, 40)}" is not an option symbol`;
  const [, root = '', year = '', month = '', day = '', letter = '', thousandths = ''] = terms;
  if (!isRootOf(root, underlying)) return `its symbol belongs to ${root}, not ${underlying}`;
  if (`20${year}-${month}-${day}` !== expiration)
    return `its symbol says 20${year}-${month}-${day}, its row ${expiration}`;
  if ((letter === 'C' ? 'call' : 'put') !== side)
    return `its symbol says ${letter === 'C' ? 'call' : 'put'}, its row ${side}`;
  const struck = Number(thousandths) / 1000;
  // Strikes that a split left with fractions are written in whole cents here and there.
  return Math.abs(struck - strike) < 0.01 ? undefined : `its symbol says strike ${struck}, its row ${strike}`;
}

function lostContract({ symbol, underlying, side, strike }: Terms, why: string, source: WireSource): Lost {
  const isNamed = isOptionSymbol(symbol);
  const name = isNamed ? symbol : `the ${strike} ${side} of ${underlying}`;
  return {
    symbol: isNamed ? symbol : underlying,
    message: `${source.label} ${source.endpoint}: ${name} is left out: ${why}`,
  };
}

/** Without what every message of a reply begins with. */
function whyOf({ message }: Lost, { label, endpoint }: WireSource): string {
  return message.replace(`${label} ${endpoint}: `, '');
}

/** Without the figures that cannot be true. */
function withPossibleFigures<Row>(listed: Listed<Row>, source: WireSource, lost: Lost[]): Listed<Row> {
  const { kept, flaws } = possibleFigures(listed.contract, listed.contract.side);
  if (flaws.length === 0) return listed;
  lost.push(leftOutFigures(kept.symbol, flaws, source));
  return { ...listed, contract: kept };
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
