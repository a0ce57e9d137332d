// An option chain on screen: calls, strike and puts side by side, or one side with all its greeks.
// The spot is a line between strikes; walls and the strike nearest the spot carry marks.
import type {
  Answer,
  ChainAnalytics,
  ChainData,
  ContractData,
  TableColumn,
  TableRow,
  Wall,
} from '../domain/answers.ts';
import { present } from '../domain/present.ts';
import { rootNamerOf } from '../domain/symbols.ts';
import { findField } from '../fields/registry.ts';
import { renderFieldRows } from './fields-table.ts';
import { formatFigure } from './figure.ts';
import type { Side } from '../domain/types.ts';
import {
  formatCount,
  formatExchangeTime,
  formatFixed,
  formatPercentage,
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
/** An at-the-money straddle costs the mean absolute move, √(2/π) of one standard deviation: 57.6% of outcomes lie within. */
const STRADDLE_SHARE = '0.798 × 1 σ';

export function viewChain(chain: ChainData, request: Answer['request'], options: RenderOptions): View {
  const side = sideOf(chain, request);
  if (chain.columns !== undefined) return viewColumns(chain, chain.columns, request, options);
  if (request?.summary === true)
    return { caption: captionOf(chain, side, 'summary'), lines: renderAnalytics(chain, [], side, options) };
  const rows = rowsByStrike(chain, request);
  return {
    caption: captionOf(chain, side, plural(new Set(rows.map((row) => row.strike)).size, 'strike')),
    ...(rows.length > ROWS_PER_TABLE
      ? { lines: renderRows(chain, rows, side, options, 0), more: () => renderFollowing(chain, rows, side, options) }
      : { lines: [...renderRows(chain, rows, side, options, 0), '', ...renderAnalytics(chain, rows, side, options)] }),
  };
}

/** Columns of the reader's own: a row a contract. */
function viewColumns(
  chain: ChainData,
  columns: readonly TableColumn[],
  request: Answer['request'],
  options: RenderOptions,
): View {
  const rows = chain.contracts.map((contract): TableRow => ({ ...contract }));
  const above = chain.contracts.findIndex(({ strike }) => strike > chain.spot);
  // In an order of its own a list has no place for the spot.
  const isByStrike = chain.contracts.every(({ strike }, index) => strike >= (chain.contracts[index - 1]?.strike ?? 0));
  const table = renderFieldRows(
    {
      columns: columns.filter(({ field }) => field !== 'strike' && field !== 'side'),
      rows,
      before: [
        { head: 'Strike', cells: chain.contracts.map(({ strike }) => formatStrike(strike)), align: 'decimal' },
        { head: 'Side', cells: chain.contracts.map(({ side }) => side), align: 'left' },
      ],
      dividers:
        !isByStrike || chain.contracts.some(({ strike }) => strike === chain.spot)
          ? []
          : [{ before: above < 0 ? rows.length : above, label: `spot ${formatPrice(chain.spot)}`, tone: 'accent' }],
    },
    options,
  );
  return {
    caption: captionOf(chain, sideOf(chain, request), plural(rows.length, 'contract')),
    lines: [...table, '', ...renderAnalytics(chain, [], sideOf(chain, request), options)],
  };
}

function captionOf(chain: ChainData, side: Side | 'both', count: string): string[] {
  return [
    chain.underlying,
    side === 'both' ? 'option chain' : `${side} chain`,
    `expires ${formatWeekday(chain.expiration)} ${chain.expiration}`,
    chain.dte === 0 ? 'today' : `${chain.dte} DTE`,
    count,
  ];
}

/** The tables after the first one, then the summary: it stands where the eye ends. */
function* renderFollowing(
  chain: ChainData,
  rows: readonly StrikeRow[],
  side: Side | 'both',
  options: RenderOptions,
): Generator<string[]> {
  for (let start = ROWS_PER_TABLE; start < rows.length; start += ROWS_PER_TABLE)
    yield renderRows(chain, rows, side, options, start);
  yield ['', ...renderAnalytics(chain, rows, side, options)];
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

/** Undefined where the nearest of the expiration may be among the strikes that are not shown. */
function nearestShown(rows: readonly StrikeRow[], spot: number, request: Answer['request']): number | undefined {
  if (request?.part === 'choice') return undefined;
  const isAmong = rows.some(({ strike }) => strike <= spot) && rows.some(({ strike }) => strike >= spot);
  return isAmong || (request?.around === undefined && request?.part === undefined)
    ? nearestStrike(rows, spot)
    : undefined;
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
  const pieces = [`±${formatPrice(move.amount)}`, `±${formatPercentage(move.percent)}`, method, STRADDLE_SHARE];
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
  const specs =
    side === 'both' ? bothSidesSpecs(chain, rows, dividers, options.width) : oneSideSpecs(chain, rows, side, dividers);
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

/** Prices stand next to the strike; of the others those with the highest number go first. */
const BOTH_SIDES: readonly (readonly [name: string, drop?: number])[] = [
  ['bid'],
  ['ask'],
  ['iv', 2],
  ['delta', 3],
  ['volume', 4],
  ['openInterest', 1],
];
/** Shown on wide screens only, as many as fit. */
const WIDE: readonly string[] = ['mid', 'theta', 'spreadPercent', 'gamma', 'vega', 'volumeToOpenInterest'];
/** Up to here a screen has no room for more than the figures of every chain. */
const WIDE_FROM = 111;
const ONE_SIDE: readonly (readonly [name: string, drop?: number])[] = [
  ['bid'],
  ['ask'],
  ['last', 7],
  ['delta', 2],
  ['volume', 4],
  ['openInterest', 1],
  ['iv', 3],
  ['gamma', 6],
  ['theta', 5],
  ['vega', 6],
];

const ONE_SIDE_WIDE: readonly string[] = ['mid', 'spreadPercent', 'volumeToOpenInterest'];

/** A figure as the registry names and shows it; a sign of percent stands at its head. */
function figureOf(chain: ChainData, name: string, formatQuantity: CountFormat, drop?: number): Figure {
  const field = findField(name, 'contract');
  const { label = name, unit = 'number' } = field ?? {};
  const isShare = unit === 'fraction' || unit === 'percent';
  const valueOf = (contract: ContractData): number | string | undefined =>
    field?.entry.read({ symbol: contract.symbol, now: 0, chain, contract }, 0);
  return {
    head: isShare && !label.endsWith('%') ? `${label} %` : label,
    ...(unit === 'usd' ? { align: 'decimal' } : {}),
    ...(drop === undefined ? {} : { drop }),
    format: (contract) => {
      const value = contract && valueOf(contract);
      if (unit === 'contracts') return formatQuantity(typeof value === 'number' ? value : undefined);
      return formatFigure(value, {
        unit,
        ...(field?.decimals === undefined ? {} : { decimals: field.decimals }),
      }).replace(/%$/, '');
    },
  };
}

function columnOf(figure: Figure, group?: string): Column {
  return {
    head: figure.head,
    ...present({ align: figure.align, drop: figure.drop, group }),
  };
}

/** From the roomiest to the densest; the last one drops columns. Prices stand next to the strike on both sides. */
function bothSidesSpecs(
  chain: ChainData,
  rows: readonly StrikeRow[],
  dividers: readonly Divider[],
  width: number,
): (() => TableSpec)[] {
  const strikes = strikeCells(chain, rows, 'both');
  const wide = width < WIDE_FROM ? [] : WIDE.map((_name, index) => WIDE.slice(0, WIDE.length - index));
  return [
    ...wide.map((more) => ({ format: formatShortVolume, gap: 2, more })),
    { format: formatCount, gap: 2, more: [] },
    { format: formatShortVolume, gap: 2, more: [] },
    { format: formatShortVolume, gap: 1, more: [] },
  ].map(({ format, gap, more }) => () => {
    const puts = [...BOTH_SIDES, ...more.map((name) => [name] as const)].map(([name, drop]) =>
      figureOf(chain, name, format, drop),
    );
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
  const wide = ONE_SIDE_WIDE.map((_name, index) => ONE_SIDE_WIDE.slice(0, ONE_SIDE_WIDE.length - index));
  return [
    ...wide.map((more) => ({ format: formatCount, gap: 2, more })),
    { format: formatCount, gap: 2, more: [] },
    { format: formatShortVolume, gap: 2, more: [] },
  ].map(({ format, gap, more }) => () => {
    const figures = [...ONE_SIDE, ...more.map((name) => [name] as const)].map(([name, drop]) =>
      figureOf(chain, name, format, drop),
    );
    return {
      gap,
      columns: [{ head: 'Strike', align: 'right' }, ...figures.map((figure) => columnOf(figure))],
      rows: rows.map((row, index) => [strikes[index] ?? '', ...figures.map((figure) => figure.format(row[side]))]),
      dividers,
    };
  });
}
