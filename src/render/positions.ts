// Positions on screen: under the name of each underlying what is held of it, then the totals of all.
import type { PositionData, PositionTotals, PositionsData } from '../domain/answers.ts';
import { isOptionSymbol, parseOptionSymbol, underlyingOf } from '../domain/symbols.ts';
import {
  MISSING,
  formatFixed,
  formatGreek,
  formatNumber,
  formatPercent,
  formatPrice,
  formatRatio,
  formatStrike,
  plural,
} from './format.ts';
import { type Cell, type Column, renderTable } from './table.ts';
import { type Theme, toneOfChange } from './theme.ts';
import { type Fact, type RenderOptions, type View, describe, renderFacts } from './view.ts';

const COLUMNS: readonly Column[] = [
  { head: 'ID', tone: 'muted' },
  { head: 'Position', align: 'left', tone: 'strong' },
  { head: 'Qty', align: 'decimal' },
  { head: 'Cost', align: 'decimal', drop: 4 },
  { head: 'Price', align: 'decimal', drop: 2 },
  { head: 'Value', align: 'decimal', drop: 7 },
  { head: 'Day P/L', align: 'decimal', drop: 1 },
  { head: 'P/L', align: 'decimal' },
  { head: 'P/L %', align: 'decimal', drop: 6 },
  { head: 'Delta', align: 'decimal', drop: 3 },
  { head: 'Theta', align: 'decimal', drop: 5 },
];

/** Below it a contract's name leaves out its days: the date says them, and nothing of it may be cut. */
const WIDTH_FOR_DAYS = 80;

export function viewPositions({ positions, totals, expired = [] }: PositionsData, options: RenderOptions): View {
  const caption = ['positions', plural(positions.length, 'position')];
  if (positions.length + expired.length === 0)
    return { caption, lines: ['no positions yet; to add one: fin positions add 100 NVDA @ 180.50'] };
  const groups = [...Map.groupBy(positions, underlyingOf).entries()];
  const rows: (Cell | string)[][] = [];
  const dividers: { before: number; label: string; tone: 'accent' }[] = [];
  for (const [underlying, group] of groups) {
    dividers.push({ before: rows.length, label: describe(underlying, 20), tone: 'accent' });
    rows.push(...group.map((each) => rowOf(each, options.width >= WIDTH_FOR_DAYS)));
  }
  return {
    caption,
    lines: [
      ...(rows.length === 0 ? [] : renderTable({ columns: COLUMNS, rows, dividers }, options)),
      ...(rows.length === 0 ? [] : ['', ...renderFacts(totalsOf(totals, options.theme), options)]),
      ...(expired.length === 0
        ? []
        : [
            '',
            ...renderFacts(
              [['expired', expired.map((each) => `${each.id}: ${quantityOf(each)} ${wholeNameOf(each)}`)]],
              options,
            ),
          ]),
    ],
  };
}

/** A root that its underlying does not tell stands before the terms: adjusted contracts, SPXW. */
function nameOf({ symbol, dte }: PositionData, hasDays: boolean): string {
  if (!isOptionSymbol(symbol)) return describe(symbol, 20);
  const { root, underlying, strike, side, expiration } = parseOptionSymbol(symbol);
  const own = root === underlying.replaceAll('.', '') ? '' : `${root} `;
  return `${own}${formatStrike(strike)} ${side} ${expiration}${hasDays && dte !== undefined ? ` · ${dte} DTE` : ''}`;
}

/** Where no heading names the underlying. */
function wholeNameOf(position: PositionData): string {
  const name = nameOf(position, false);
  return /^\d/.test(name) ? `${underlyingOf(position)} ${name}` : name;
}

function quantityOf({ quantity }: PositionData): string {
  return formatNumber(quantity);
}

function rowOf(position: PositionData, hasDays: boolean): (Cell | string)[] {
  const { id, cost, price, value, dayPnl, pnl, pnlPercent, delta, theta } = position;
  return [
    String(id),
    nameOf(position, hasDays),
    quantityOf(position),
    formatRatio(cost),
    formatPrice(price),
    formatRatio(value),
    move(dayPnl),
    move(pnl),
    { text: formatPercent(pnlPercent), tone: toneOfChange(pnlPercent) },
    formatGreek(delta, 1),
    formatGreek(theta, 2),
  ];
}

function move(amount: number | undefined): Cell {
  return amount === undefined ? { text: MISSING } : { text: signed(amount), tone: toneOfChange(amount) };
}

/** Cents, and more only of what is less than one. */
function signed(amount: number): string {
  return `${amount > 0 ? '+' : ''}${formatRatio(amount)}`;
}

function totalsOf({ value, dayPnl, pnl, deltaShares, betaDelta, theta }: PositionTotals, theme: Theme): Fact[] {
  const painted = (amount: number | undefined): string =>
    amount === undefined ? MISSING : theme.paint(toneOfChange(amount), signed(amount));
  return [
    ['value', [formatRatio(value)]],
    ['P/L', [painted(pnl), `today ${painted(dayPnl)}`]],
    [
      'delta',
      [
        deltaShares === undefined ? MISSING : `${formatFixed(deltaShares, 1)} shares`,
        betaDelta === undefined ? '' : `beta-weighted ${formatFixed(betaDelta, 1)} SPY shares`,
      ],
    ],
    ['theta', [theta === undefined ? MISSING : `${formatFixed(theta, 2)} a day`]],
  ];
}
