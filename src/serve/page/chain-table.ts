// An option chain: calls, strike, puts, with open interest as heat, the spot between the strikes, walls and max pain at
// theirs, and above it what the expiration says as a whole.
import type { ChainData, ContractData } from '../../domain/answers.ts';
import { rootNamerOf } from '../../domain/symbols.ts';
import {
  MISSING,
  formatCount,
  formatGreek,
  formatPercentage,
  formatPrice,
  formatRatio,
  formatShare,
  formatStrike,
} from '../../render/format.ts';
import { facts, h, table, type Cell, type Column } from './dom.ts';

interface Figure {
  head: string;
  title?: string;
  cell(contract: ContractData | undefined, mostOpen: number): Cell;
}

const figure = (head: string, read: (contract: ContractData) => string, title?: string): Figure => ({
  head,
  ...(title === undefined ? {} : { title }),
  cell: (contract) => ({ text: contract === undefined ? '' : read(contract) }),
});

/** Of puts, from the strike outwards; calls mirror them, but a bid stays before its ask. */
const FIGURES: readonly Figure[] = [
  figure('Bid', ({ bid }) => formatPrice(bid)),
  figure('Ask', ({ ask }) => formatPrice(ask)),
  figure('IV', ({ iv }) => formatShare(iv), 'implied volatility, per year'),
  figure('Δ', ({ delta }) => formatGreek(delta, 2), 'delta'),
  figure('Vol', ({ volume }) => formatCount(volume), 'volume'),
  {
    head: 'OI',
    title: 'open interest',
    cell: (contract, mostOpen) => {
      const { openInterest } = contract ?? {};
      if (openInterest === undefined) return { text: contract === undefined ? '' : MISSING };
      return { text: formatCount(openInterest), heat: mostOpen === 0 ? 0 : openInterest / mostOpen };
    },
  },
];

/** On a narrow screen the strikes are what is looked for first. */
const CENTERED = new ResizeObserver((entries) => {
  for (const { target } of entries) target.scrollLeft = (target.scrollWidth - target.clientWidth) / 2;
});

export function chainTable(chain: ChainData): HTMLElement {
  const { contracts, spot, analytics, underlying, expiration } = chain;
  // Contracts of several roots may have one strike: a row each.
  const rootOf = rootNamerOf(contracts.map(({ symbol }) => symbol));
  const keyOf = ({ symbol, strike }: ContractData): string => `${strike} ${rootOf?.(symbol) ?? ''}`;
  const keys = new Map(contracts.map((contract) => [keyOf(contract), contract.strike]));
  const strikes = [...keys].map(([key, strike]) => ({ key, strike })).sort((a, b) => a.strike - b.strike);
  const sides = new Set(contracts.map(({ side }) => side));
  const byKey = new Map(contracts.map((contract) => [`${contract.side} ${keyOf(contract)}`, contract]));
  const mostOpen = Math.max(0, ...contracts.map(({ openInterest = 0 }) => openInterest));
  const calls = sides.has('call') ? [...FIGURES.slice(2).toReversed(), ...FIGURES.slice(0, 2)] : [];
  const puts = sides.has('put') ? FIGURES : [];
  const columnOf =
    (group: string) =>
    ({ head, title }: Figure): Column => ({ head, group, ...(title === undefined ? {} : { title }) });
  const above = strikes.findIndex(({ strike }) => strike > spot);
  const callWalls = new Set(analytics.callWalls.map(({ strike }) => strike));
  const putWalls = new Set(analytics.putWalls.map(({ strike }) => strike));
  const markOf = (strike: number): string =>
    `${sides.has('call') && callWalls.has(strike) ? '▲' : ''}${sides.has('put') && putWalls.has(strike) ? '▼' : ''}${strike === analytics.maxPain ? '◆' : ''}`;
  const ladder = table({
    caption: `${underlying} options expiring ${expiration}`,
    kind: 'ladder',
    columns: [...calls.map(columnOf('Calls')), { head: 'Strike', align: 'center' }, ...puts.map(columnOf('Puts'))],
    headColumn: calls.length,
    rows: strikes.map(({ key, strike }) => [
      ...calls.map((each) => each.cell(byKey.get(`call ${key}`), mostOpen)),
      {
        text: `${formatStrike(strike)}${key.slice(String(strike).length).trimEnd()}`,
        ...(markOf(strike) === '' ? {} : { mark: markOf(strike) }),
      },
      ...puts.map((each) => each.cell(byKey.get(`put ${key}`), mostOpen)),
    ]),
    dividers: [
      { before: above < 0 ? strikes.length : above, label: `${underlying} ${formatPrice(spot)}`, kind: 'spot' },
    ],
  });
  CENTERED.observe(ladder);
  return h(
    'div',
    { class: 'chain' },
    summaryOf(chain),
    ladder,
    h(
      'p',
      { class: 'legend' },
      h('span', {}, '▲ call wall'),
      h('span', {}, '▼ put wall'),
      h('span', {}, '◆ max pain'),
      h('span', {}, 'bar behind OI: share of the largest open interest'),
    ),
  );
}

function summaryOf({ spot, dte, analytics, expiration }: ChainData): HTMLElement {
  const { expectedMove: move, maxPain, callWalls, putWalls, putCallOpenInterest, putCallVolume } = analytics;
  const walls = (each: typeof callWalls): string =>
    each.map(({ strike, openInterest }) => `${formatStrike(strike)} (${formatCount(openInterest)})`).join(', ');
  return facts([
    ['Expires', `${expiration}, ${dte === 0 ? 'today' : `${dte} days`}`],
    ['Spot', formatPrice(spot)],
    [
      'Expected move',
      move === undefined
        ? undefined
        : `±${formatPrice(move.amount)} (${formatPercentage(move.percent)}), ${formatPrice(spot - move.amount)} to ${formatPrice(spot + move.amount)}`,
    ],
    ['Max pain', maxPain === undefined ? undefined : formatStrike(maxPain)],
    ['Call walls', walls(callWalls)],
    ['Put walls', walls(putWalls)],
    ['Put/call OI', putCallOpenInterest === undefined ? undefined : formatRatio(putCallOpenInterest)],
    ['Put/call volume', putCallVolume === undefined ? undefined : formatRatio(putCallVolume)],
  ]);
}
