// An option chain on screen: calls, strike and puts side by side, or one side with all its greeks.
// The spot is a line between strikes; walls and the strike nearest the spot carry marks.
import type { Answer, ChainAnalytics, ChainData, ContractData, Wall } from '../domain/answers.ts';
import { rootNamerOf } from '../domain/symbols.ts';
import type { Side } from '../domain/types.ts';
import {
  formatCount,
  formatExchangeTime,
  formatFixed,
  formatPrice,
  formatRatio,
  formatShortVolume,
  formatStrike,
  formatWeekday,
  plural,
} from './format.ts';
import { renderFirstThatFits, type Cell, type Column, type Divider, type TableSpec } from './table.ts';
import { describe, renderFacts, type Fact, type RenderOptions, type View } from './view.ts';

const CALL_WALL = '▲';
const PUT_WALL = '▼';
const NEAREST = '●';
/** No real expiration has as many strikes; a longer chain is drawn as several tables, one after the other. */
const ROWS_PER_TABLE = 1_000;
/** An at-the-money straddle costs the mean absolute move, √(2/π) of one standard deviation: 57.6 % of outcomes lie within. */
const STRADDLE_SHARE = '0.798 × 1 σ';

export function viewChain(chain: ChainData, request: Answer['request'], options: RenderOptions): View {
  const side = sideOf(chain, request);
  const rows = rowsByStrike(chain, request);
  return {
    caption: [
      chain.underlying,
      side === 'both' ? 'option chain' : `${side} chain`,
      `expires ${formatWeekday(chain.expiration)} ${chain.expiration}`,
      chain.dte === 0 ? 'today' : `in ${plural(chain.dte, 'day')}`,
      plural(new Set(rows.map((row) => row.strike)).size, 'strike'),
    ],
    lines: [...renderAnalytics(chain, rows, side, options), '', ...renderRows(chain, rows, side, options, 0)],
    ...(rows.length > ROWS_PER_TABLE ? { more: () => renderFollowing(chain, rows, side, options) } : {}),
  };
}

/** The tables after the first one. */
function* renderFollowing(
  chain: ChainData,
  rows: readonly StrikeRow[],
  side: Side | 'both',
  options: RenderOptions,
): Generator<string[]> {
  for (let start = ROWS_PER_TABLE; start < rows.length; start += ROWS_PER_TABLE)
    yield renderRows(chain, rows, side, options, start);
}

function sideOf(chain: ChainData, request: Answer['request']): Side | 'both' {
  if (request?.side !== undefined) return request.side;
  const sides = new Set(chain.contracts.map((contract) => contract.side));
  return sides.size === 1 ? ([...sides][0] ?? 'both') : 'both';
}

interface StrikeRow {
  strike: number;
  /** To the spot. */
  isNearest: boolean;
  /** Only where the chain has contracts of several roots. */
  root?: string;
  call?: ContractData;
  put?: ContractData;
}

/** Ascending by strike; at one strike a row for each root. */
function rowsByStrike(chain: ChainData, request: Answer['request']): StrikeRow[] {
  const rootOf = rootNamerOf(chain.contracts.map(({ symbol }) => symbol));
  const rows = new Map<string, StrikeRow>();
  for (const contract of chain.contracts) {
    const root = rootOf?.(contract.symbol);
    const key = `${contract.strike} ${root ?? ''}`;
    const row = rows.get(key) ?? { strike: contract.strike, isNearest: false, ...(root === undefined ? {} : { root }) };
    row[contract.side] = contract;
    rows.set(key, row);
  }
  const nearest = nearestShown([...rows.values()], chain.spot, request);
  for (const row of rows.values()) row.isNearest = row.strike === nearest;
  return [...rows.values()].sort(
    (one, other) => one.strike - other.strike || ((one.root ?? '') < (other.root ?? '') ? -1 : 1),
  );
}

/** Undefined where the strikes shown are those around another price, and the spot is not among them. */
function nearestShown(rows: readonly StrikeRow[], spot: number, request: Answer['request']): number | undefined {
  const isAmong = rows.some(({ strike }) => strike <= spot) && rows.some(({ strike }) => strike >= spot);
  return request?.around === undefined || isAmong ? nearestStrike(rows, spot) : undefined;
}

function nearestStrike(rows: readonly StrikeRow[], spot: number): number | undefined {
  return rows.reduce<number | undefined>(
    (best, row) => (best === undefined || Math.abs(row.strike - spot) < Math.abs(best - spot) ? row.strike : best),
    undefined,
  );
}

/** Spot, expected move, walls (the marks' legend), max pain and ratios, a label at the left of each. */
function renderAnalytics(
  chain: ChainData,
  rows: readonly StrikeRow[],
  side: Side | 'both',
  options: RenderOptions,
): string[] {
  const { analytics } = chain;
  const nearest = rows.find(({ isNearest }) => isNearest)?.strike;
  const facts: Fact[] = [
    [
      'Spot',
      [
        formatPrice(chain.spot),
        ...(nearest === undefined ? [] : [`nearest strike ${formatStrike(nearest)} ${NEAREST}`]),
      ],
    ],
    ['Expected move', expectedMove(analytics)],
    [`Call walls ${CALL_WALL}`, side === 'put' ? [] : wallPieces(analytics.callWalls)],
    [`Put walls ${PUT_WALL}`, side === 'call' ? [] : wallPieces(analytics.putWalls)],
    ['Max pain', analytics.maxPain === undefined ? [] : [formatStrike(analytics.maxPain)]],
    ['Put/call', ratioPieces(analytics)],
    ['Greeks', chain.greeksAsOf === undefined ? [] : [`as of ${formatExchangeTime(chain.greeksAsOf)}`]],
  ];
  return renderFacts(facts, options);
}

function expectedMove(analytics: ChainAnalytics): string[] {
  const move = analytics.expectedMove;
  if (move === undefined) return [];
  const method = describe(move.method.replaceAll('_', ' '), 40);
  const pieces = [`±${formatPrice(move.amount)}`, `±${formatFixed(move.percent, 2)} %`, method, STRADDLE_SHARE];
  return pieces.filter((piece) => piece !== '');
}

/** Strike with its open interest in full: a wall is quoted, so its figure must be exact. */
function wallPieces(walls: readonly Wall[]): string[] {
  return walls.map((wall) => `${formatStrike(wall.strike)} (${formatCount(wall.openInterest)})`);
}

function ratioPieces(analytics: ChainAnalytics): string[] {
  return [
    ...(analytics.putCallOpenInterest === undefined
      ? []
      : [`open interest ${formatRatio(analytics.putCallOpenInterest)}`]),
    ...(analytics.putCallVolume === undefined ? [] : [`volume ${formatRatio(analytics.putCallVolume)}`]),
  ];
}

/** One table of the rows from `start` on. */
function renderRows(
  chain: ChainData,
  all: readonly StrikeRow[],
  side: Side | 'both',
  options: RenderOptions,
  start: number,
): string[] {
  const rows = all.slice(start, start + ROWS_PER_TABLE);
  const dividers = spotDivider(chain, rows, start === 0, all[start + ROWS_PER_TABLE]?.strike);
  const specs = side === 'both' ? bothSidesSpecs(chain, rows, dividers) : oneSideSpecs(chain, rows, side, dividers);
  return renderFirstThatFits(specs, options);
}

/** Where the spot lies before or behind one of these rows. `next`: the strike that follows them in another table. */
function spotDivider(
  chain: ChainData,
  rows: readonly StrikeRow[],
  isFirst: boolean,
  next: number | undefined,
): Divider[] {
  if (rows.some((row) => row.strike === chain.spot)) return [];
  const above = rows.findIndex((row) => row.strike > chain.spot);
  const isHere = above < 0 ? next === undefined || next > chain.spot : above > 0 || isFirst;
  if (!isHere) return [];
  return [{ before: above < 0 ? rows.length : above, label: `spot ${formatPrice(chain.spot)}`, tone: 'accent' }];
}

/** Strikes with their marks: `●▲190.0▼`, and their root where there are several. Marks that no row carries take no room. */
function strikeCells(chain: ChainData, rows: readonly StrikeRow[], side: Side | 'both'): Cell[] {
  const callWalls = new Set(side === 'put' ? [] : chain.analytics.callWalls.map((wall) => wall.strike));
  const putWalls = new Set(side === 'call' ? [] : chain.analytics.putWalls.map((wall) => wall.strike));
  const hasCallWall = rows.some((row) => callWalls.has(row.strike));
  const hasPutWall = rows.some((row) => putWalls.has(row.strike));
  const decimals = rows.reduce((most, row) => Math.max(most, formatStrike(row.strike).split('.')[1]?.length ?? 0), 0);
  const widest = rows.reduce((most, row) => Math.max(most, formatFixed(row.strike, decimals).length), 0);
  const widestRoot = rows.reduce((most, { root = '' }) => Math.max(most, root.length), 0);
  return rows.map((row) => {
    const number = formatFixed(row.strike, decimals).padStart(widest);
    const before = (row.isNearest ? NEAREST : ' ') + (hasCallWall ? markOf(callWalls, row, CALL_WALL) : '');
    const root = row.root === undefined ? '' : ` ${row.root.padEnd(widestRoot)}`;
    return { text: before + number + (hasPutWall ? markOf(putWalls, row, PUT_WALL) : '') + root, tone: 'strong' };
  });
}

function markOf(walls: ReadonlySet<number>, row: StrikeRow, mark: string): string {
  return walls.has(row.strike) ? mark : ' ';
}

type Figure = {
  head: string;
  drop?: number;
  align?: 'decimal';
  format: (contract: ContractData | undefined) => string;
};
type CountFormat = (count: number | undefined) => string;

function bothSidesFigures(formatQuantity: CountFormat): Figure[] {
  return [
    { head: 'Bid', align: 'decimal', format: (contract) => formatPrice(contract?.bid) },
    { head: 'Ask', align: 'decimal', format: (contract) => formatPrice(contract?.ask) },
    { head: 'IV %', drop: 2, format: (contract) => formatIv(contract?.iv) },
    { head: 'Delta', drop: 3, format: (contract) => formatFixed(contract?.delta, 2) },
    { head: 'Vol', drop: 4, format: (contract) => formatQuantity(contract?.volume) },
    { head: 'OI', drop: 1, format: (contract) => formatQuantity(contract?.openInterest) },
  ];
}

function oneSideFigures(formatQuantity: CountFormat): Figure[] {
  return [
    { head: 'Bid', align: 'decimal', format: (contract) => formatPrice(contract?.bid) },
    { head: 'Ask', align: 'decimal', format: (contract) => formatPrice(contract?.ask) },
    { head: 'Last', align: 'decimal', drop: 7, format: (contract) => formatPrice(contract?.last) },
    { head: 'Delta', drop: 2, format: (contract) => formatFixed(contract?.delta, 3) },
    { head: 'Volume', drop: 4, format: (contract) => formatQuantity(contract?.volume) },
    { head: 'OI', drop: 1, format: (contract) => formatQuantity(contract?.openInterest) },
    { head: 'IV %', drop: 3, format: (contract) => formatIv(contract?.iv) },
    { head: 'Gamma', drop: 6, format: (contract) => formatFixed(contract?.gamma, 4) },
    { head: 'Theta', drop: 5, format: (contract) => formatFixed(contract?.theta, 3) },
    { head: 'Vega', drop: 6, format: (contract) => formatFixed(contract?.vega, 3) },
  ];
}

function formatIv(iv: number | undefined): string {
  return formatFixed(iv === undefined ? undefined : iv * 100, 1);
}

function columnOf(figure: Figure, group?: string): Column {
  return {
    head: figure.head,
    ...(figure.align === undefined ? {} : { align: figure.align }),
    ...(figure.drop === undefined ? {} : { drop: figure.drop }),
    ...(group === undefined ? {} : { group }),
  };
}

/** From the roomiest to the densest; the last one drops columns. Prices stand next to the strike on both sides. */
function bothSidesSpecs(
  chain: ChainData,
  rows: readonly StrikeRow[],
  dividers: readonly Divider[],
): (() => TableSpec)[] {
  const strikes = strikeCells(chain, rows, 'both');
  return [
    { format: formatCount, gap: 2 },
    { format: formatShortVolume, gap: 2 },
    { format: formatShortVolume, gap: 1 },
  ].map(({ format, gap }) => () => {
    const puts = bothSidesFigures(format);
    const [bid, ask, ...rest] = puts;
    const calls = [...rest.reverse(), ...[bid, ask].filter((figure) => figure !== undefined)];
    return {
      gap,
      columns: [
        ...calls.map((figure) => columnOf(figure, 'CALLS')),
        { head: 'Strike', align: 'center' },
        ...puts.map((figure) => columnOf(figure, 'PUTS')),
      ],
      rows: rows.map((row, index) => [
        ...calls.map((figure) => figure.format(row.call)),
        strikes[index] ?? '',
        ...puts.map((figure) => figure.format(row.put)),
      ]),
      dividers,
    };
  });
}

function oneSideSpecs(
  chain: ChainData,
  rows: readonly StrikeRow[],
  side: Side,
  dividers: readonly Divider[],
): (() => TableSpec)[] {
  const strikes = strikeCells(chain, rows, side);
  return [
    { format: formatCount, gap: 2 },
    { format: formatShortVolume, gap: 2 },
  ].map(({ format, gap }) => () => {
    const figures = oneSideFigures(format);
    return {
      gap,
      columns: [{ head: 'Strike', align: 'right' }, ...figures.map((figure) => columnOf(figure))],
      rows: rows.map((row, index) => [strikes[index] ?? '', ...figures.map((figure) => figure.format(row[side]))]),
      dividers,
    };
  });
}
