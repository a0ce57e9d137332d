// Volatility on screen: the sheet of one symbol with its term structure as a table and a small chart, several symbols as
// rows, and expirations with what their chains say. Labels and formats are the registry's.
import type { ExpirationsData, TermEntry, VolatilityData } from '../domain/answers.ts';
import { findField } from '../fields/registry.ts';
import { formatFigure } from './figure.ts';
import { MISSING, formatPoints, formatPrice, formatRounded, formatShare, formatVolume, plural } from './format.ts';
import { type Cell, type Column, drawPlain, naturalWidth, renderTable } from './table.ts';
import { wrapPieces } from './text.ts';
import { type Fact, type RenderOptions, type View, renderFacts } from './view.ts';

const CHART_WIDTH = 24;
const [AT_DATE, BETWEEN, BOTH] = ['●', '○', '◉'];

export function viewVolatility(data: VolatilityData, options: RenderOptions): View {
  const { symbol, spot, iv30, ivDays, hv, yangZhang30, ivMinusHv30, skew25, term } = data;
  const realized = Object.entries(hv).map(([window, value]) => `${window} d ${formatShare(value)}`);
  const facts: Fact[] = [
    ['IV30', iv30 === undefined ? [] : [formatShare(iv30), ...standingOf(data), `of ${plural(ivDays, 'day')}`]],
    ['Realized', [...realized, yangZhang30 === undefined ? '' : `Yang-Zhang 30 d ${formatShare(yangZhang30)}`]],
    ['IV − HV', ivMinusHv30 === undefined ? [] : [formatPoints(ivMinusHv30), '30 days ahead − 30 sessions back']],
    ['Skew 25Δ', skew25 === undefined ? [] : [formatPoints(skew25), 'put − call, at 30 days']],
  ];
  return {
    caption: [symbol, 'volatility', `spot ${formatPrice(spot)}`],
    lines: [...renderFacts(facts, options), ...(term.length === 0 ? [] : ['', ...renderTerm(term, options)])],
  };
}

/** What is not known is said: a reader looks for it. */
function standingOf({ ivRank, ivPercentile }: VolatilityData): string[] {
  const text = (value: number | undefined): string => (value === undefined ? MISSING : formatRounded(value, 0));
  return [`rank ${text(ivRank)}`, `percentile ${text(ivPercentile)}`];
}

function renderTerm(term: readonly TermEntry[], options: RenderOptions): string[] {
  const chart = chartOf(term);
  const columns: Column[] = [
    { head: 'Expiration', align: 'left', tone: 'strong' },
    { head: 'DTE' },
    { head: labelOf('atmIv'), align: 'decimal' },
    { head: 'Fwd IV', align: 'decimal', drop: 2 },
    { head: labelOf('expectedMove'), align: 'decimal' },
    { head: labelOf('skew25'), align: 'decimal', drop: 1 },
    ...(chart === undefined ? [] : [{ head: chart.head, align: 'left' as const, drop: 3 }]),
  ];
  const rows = term.map(({ expiration, dte, atmIv, forwardIv, expectedMove, skew25 }, index) => [
    expiration,
    String(dte),
    formatShare(atmIv),
    formatShare(forwardIv),
    formatFigure(expectedMove?.amount, { unit: 'usd' }),
    formatPoints(skew25),
    ...(chart === undefined ? [] : [chart.lines[index] ?? '']),
  ]);
  const isCharted = chart !== undefined && naturalWidth({ columns, rows }) <= options.width;
  const legend = [
    ...(!isCharted ? [] : [`${AT_DATE} ATM IV`, `${BETWEEN} forward IV: from the row above to this one`]),
    'expected move: price of the straddle, 0.798 × 1 σ',
  ];
  // Drawn by the plain engine: loading the other takes longer than all else that a cached sheet needs.
  return [...renderTable({ columns, rows }, { ...options, engine: drawPlain }), '', ...muted(legend, options)];
}

/** A row for each date, higher volatilities further right; nothing where all are the same. */
function chartOf(term: readonly TermEntry[]): { head: string; lines: string[] } | undefined {
  const values = term.flatMap(({ atmIv, forwardIv }) => [atmIv, forwardIv].filter((value) => value !== undefined));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!(high > low)) return undefined;
  const placeOf = (value: number | undefined): number =>
    value === undefined ? -1 : Math.round(((value - low) / (high - low)) * (CHART_WIDTH - 1));
  const ends = [formatShare(low), formatShare(high)];
  return {
    head: ends.join(' '.repeat(Math.max(1, CHART_WIDTH - ends.join('').length))),
    lines: term.map(({ atmIv, forwardIv }) => {
      const [own, between] = [placeOf(atmIv), placeOf(forwardIv)];
      return Array.from({ length: CHART_WIDTH }, (_, place) => {
        if (place === own) return place === between ? BOTH : AT_DATE;
        return place === between ? BETWEEN : '·';
      }).join('');
    }),
  };
}

function labelOf(field: string): string {
  return findField(field, 'expiration')?.head ?? field;
}

function muted(pieces: readonly string[], { theme, width }: RenderOptions): string[] {
  return wrapPieces(pieces, width).map((line) => theme.paint('muted', line));
}

/** A row a symbol. */
export function viewVolatilities(items: readonly VolatilityData[], options: RenderOptions): View {
  const columns: Column[] = [
    { head: 'Symbol', align: 'left', tone: 'strong' },
    { head: 'Spot', align: 'decimal' },
    { head: 'IV30', align: 'decimal' },
    { head: 'Rank', align: 'decimal' },
    { head: '%ile', align: 'decimal' },
    { head: 'of days', drop: 3 },
    { head: 'HV 20', align: 'decimal', drop: 4 },
    { head: 'HV 30', align: 'decimal', drop: 2 },
    { head: 'IV − HV 30', align: 'decimal' },
    { head: 'Skew 25Δ P−C', align: 'decimal', drop: 1 },
  ];
  const rounded = (value: number | undefined): string => (value === undefined ? MISSING : formatRounded(value, 0));
  return {
    caption: ['volatility', plural(items.length, 'symbol')],
    lines: renderTable(
      {
        columns,
        rows: items.map(
          ({ symbol, spot, iv30, ivRank, ivPercentile, ivDays, hv, ivMinusHv30, skew25 }): (Cell | string)[] => [
            symbol,
            formatPrice(spot),
            formatShare(iv30),
            rounded(ivRank),
            rounded(ivPercentile),
            String(ivDays),
            formatShare(hv['20']),
            formatShare(hv['30']),
            formatPoints(ivMinusHv30),
            formatPoints(skew25),
          ],
        ),
      },
      options,
    ),
  };
}

/** Expirations with what their chains say, a row each. */
export function viewExpirationStats({ symbol, expirations }: ExpirationsData, options: RenderOptions): View {
  const columns: Column[] = [
    { head: 'Expiration', align: 'left', tone: 'strong' },
    { head: 'Kind', align: 'left', drop: 4 },
    { head: 'DTE' },
    { head: labelOf('atmIv'), align: 'decimal' },
    { head: 'Fwd IV', align: 'decimal', drop: 3 },
    { head: labelOf('expectedMove'), align: 'decimal' },
    { head: labelOf('skew25'), align: 'decimal', drop: 2 },
    { head: labelOf('putCallOpenInterest'), align: 'decimal', drop: 1 },
    { head: labelOf('putCallVolume'), align: 'decimal', drop: 5 },
    { head: 'OI', drop: 1 },
    { head: 'Volume', drop: 5 },
  ];
  const ratio = (value: number | undefined): string => formatFigure(value, { unit: 'ratio' });
  const rows = expirations.map(({ date, kind, dte, ...stats }) => [
    date,
    kind,
    String(dte),
    formatShare(stats.atmIv),
    formatShare(stats.forwardIv),
    formatFigure(stats.expectedMove?.amount, { unit: 'usd' }),
    formatPoints(stats.skew25),
    ratio(stats.putCallOpenInterest),
    ratio(stats.putCallVolume),
    formatVolume(stats.openInterest),
    formatVolume(stats.volume),
  ]);
  const legend = ['expected move: price of the straddle, 0.798 × 1 σ', 'forward IV: from the row above to this one'];
  return {
    caption: [symbol, 'option expirations', plural(expirations.length, 'date')],
    lines: [...renderTable({ columns, rows }, options), '', ...muted(legend, options)],
  };
}
