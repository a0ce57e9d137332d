// Data of every kind as elements: the same figures that the terminal shows, in forms that a screen reader can walk.
// Hides which shape belongs to which kind.
import type {
  AnswerDataByKind,
  AnswerKind,
  AnswerMeta,
  ContractQuoteData,
  IndicatorData,
  LevelsData,
  PositionData,
  PositionsData,
  QuoteData,
  StrategyData,
  TableData,
  VolatilityData,
} from '../../domain/answers.ts';
import { AVERAGE_WINDOWS } from '../../domain/windows.ts';
import { nameOf } from '../../render/chart-model.ts';
import { formatFigure } from '../../render/figure.ts';
import {
  MISSING,
  formatCount,
  formatExchangeTime,
  formatFixed,
  formatGreek,
  formatNumber,
  formatPercent,
  formatPrice,
  formatSession,
  formatShare,
  formatSigned,
  formatStrike,
  formatVolume,
  formatRatio,
  priceDecimals,
} from '../../render/format.ts';
import { factsOfStrategy } from '../../render/payoff-model.ts';
import { chainTable } from './chain-table.ts';
import { payoffChart, priceChart } from './charts.ts';
import { events, news } from './company.ts';
import {
  facts,
  h,
  heads,
  moveCell,
  symbolCell,
  table,
  toneOf,
  type Cell,
  type Child,
  type Column,
  type FactItem,
} from './dom.ts';
import { historyParts } from './histories.ts';

type Show = { [Kind in AnswerKind]?: (data: AnswerDataByKind[Kind], meta: AnswerMeta) => Child };

const SHOW: Show = {
  quote: (quotes) => (quotes.length === 1 && quotes[0] !== undefined ? quoteCard(quotes[0]) : quoteTable(quotes)),
  history: (data, { sample }) => historyParts(data, sample),
  chart: (data, { sample }) => priceChart(data, sample),
  ta: (items) => items.map((item) => [items.length > 1 && h('h3', {}, item.symbol), indicators(item)]),
  expirations: (data) => expirationTable(data),
  chain: (chain) => chainTable(chain),
  chains: (chains) =>
    chains.map((chain) => [h('h3', {}, `${chain.underlying} ${chain.expiration}`), chainTable(chain)]),
  contracts: (items) => contractTable(items),
  market: (data) =>
    facts([
      ['Market', formatSession(data.state)],
      ['Exchange time', formatExchangeTime(data.exchangeTime)],
      ['Next', `${formatSession(data.nextChange.state)} at ${formatExchangeTime(data.nextChange.at)}`],
      ['Holiday', data.holiday],
    ]),
  bundle: ({ quote, ta, chain }) => [
    quote !== undefined && quoteCard(quote),
    ta !== undefined && indicators(ta),
    chain !== undefined && chainTable(chain),
  ],
  levels: (data) => levels(data),
  volatility: (data) => volatility(data),
  calculation: ({ expression, value }) => h('p', { class: 'sum' }, `${expression} = `, h('b', {}, formatNumber(value))),
  table: (data) => fieldTable(data),
  fields: (items) =>
    table({
      caption: 'Fields',
      columns: heads('Field|Label|Unit|Meaning', 'left'),
      rows: items.map(({ name, label, unit, meaning }) => [name, label, unit, meaning]),
    }),
  strategy: (data) => strategy(data),
  positions: (data) => positions(data),
  events: (data, { asOf }) => events(data, asOf),
  news: (items) => news(items),
  search: (items) =>
    table({
      caption: 'Securities',
      columns: heads('Symbol|Name|Type|Exchange', 'left'),
      rows: items.map(({ symbol, name, type, exchange }) => [symbolCell(symbol), name, type, exchange ?? MISSING]),
    }),
};

/** Nothing where the kind is none that this page knows. */
export function showData(kind: string, data: unknown, meta: AnswerMeta): Child {
  return (SHOW as Record<string, ((data: unknown, meta: AnswerMeta) => Child) | undefined>)[kind]?.(data, meta);
}

/** Only what shows a move gets an arrow beside its sign. */
export function changeOf({ last, change, changePercent }: QuoteData): HTMLElement {
  if (change === undefined) return h('span', {});
  const tone = toneOf(change);
  const arrow = tone === 'up' ? '▲ ' : tone === 'down' ? '▼ ' : '';
  return h(
    'span',
    { class: `change ${tone ?? ''}` },
    `${arrow}${formatSigned(change, priceDecimals(last))} (${formatPercent(changePercent)})`,
  );
}

export function quoteFacts(quote: QuoteData): HTMLElement {
  const { bid, ask, open, high, low, previousClose, volume, averageVolume, week52High, week52Low } = quote;
  return facts([
    ['Bid × Ask', bid === undefined && ask === undefined ? undefined : `${formatPrice(bid)} × ${formatPrice(ask)}`],
    ['Open', formatPrice(open)],
    ['Day range', low === undefined ? undefined : `${formatPrice(low)} to ${formatPrice(high)}`],
    ['Previous close', formatPrice(previousClose)],
    ['Volume', formatVolume(volume)],
    ['Average volume', formatVolume(averageVolume)],
    ['52 weeks', week52Low === undefined ? undefined : `${formatPrice(week52Low)} to ${formatPrice(week52High)}`],
  ]);
}

export function contractFacts(contract: ContractQuoteData): HTMLElement {
  const { bid, ask, underlying, spot, strike, side, expiration, dte, volume, openInterest } = contract;
  const { iv, delta, gamma, theta, vega } = contract;
  return facts([
    ['Bid × Ask', bid === undefined && ask === undefined ? undefined : `${formatPrice(bid)} × ${formatPrice(ask)}`],
    ['Strike', `${formatStrike(strike)} ${side}`],
    ['Expires', `${expiration}, ${dte === 0 ? 'today' : `${dte} days`}`],
    [underlying, formatPrice(spot)],
    ['IV', formatShare(iv)],
    ['Delta', formatGreek(delta, 3)],
    ['Gamma', formatGreek(gamma, 4)],
    ['Theta', formatGreek(theta, 3)],
    ['Vega', formatGreek(vega, 3)],
    ['Volume', formatCount(volume)],
    ['Open interest', formatCount(openInterest)],
  ]);
}

function quoteCard(quote: QuoteData): HTMLElement {
  return h(
    'div',
    { class: 'card' },
    h(
      'p',
      { class: 'headline' },
      h('a', { href: `#/symbol/${encodeURIComponent(quote.symbol)}` }, quote.symbol),
      h('b', {}, formatPrice(quote.last)),
      changeOf(quote),
      h('span', { class: 'faint' }, quote.description),
    ),
    quoteFacts(quote),
  );
}

const QUOTE_COLUMNS: readonly Column[] = [
  ...heads('Symbol', 'left'),
  ...heads('Last|Change|%|Bid|Ask|High|Low|Volume'),
];

export function quoteTable(quotes: readonly QuoteData[]): HTMLElement {
  return table({
    caption: 'Quotes',
    columns: QUOTE_COLUMNS,
    rows: quotes.map((quote) => {
      const { symbol, last, change, changePercent, bid, ask, high, low, volume } = quote;
      return [
        symbolCell(symbol),
        { text: formatPrice(last), tone: 'strong' },
        moveCell(change, (value) => formatSigned(value, priceDecimals(last))),
        moveCell(changePercent, formatPercent),
        formatPrice(bid),
        formatPrice(ask),
        formatPrice(high),
        formatPrice(low),
        formatVolume(volume),
      ];
    }),
  });
}

export function indicators(data: IndicatorData): HTMLElement {
  const { close, sma, ema, macd } = data;
  const others = Object.entries(data).flatMap(([name, value]): FactItem[] =>
    typeof value === 'number' && name !== 'close'
      ? [[name.replace(/(\D)(\d)/, '$1 $2').toUpperCase(), formatFixed(value, 2)]]
      : [],
  );
  const distance = (average: number | undefined): Cell =>
    average === undefined ? { text: MISSING } : moveCell((close / average - 1) * 100, formatPercent);
  return h(
    'div',
    {},
    facts([
      ...others,
      [
        'MACD',
        macd === undefined
          ? undefined
          : `${formatFixed(macd.macd, 2)}, signal ${formatFixed(macd.signal, 2)}, histogram ${formatSigned(macd.histogram)}`,
      ],
    ]),
    table({
      caption: `Averages of ${data.symbol}`,
      columns: [...heads('Sessions', 'left'), ...heads('SMA|close vs|EMA|close vs')],
      rows: AVERAGE_WINDOWS.map((window) => {
        const [simple, exponential] = [sma[`${window}`], ema[`${window}`]];
        return [String(window), formatPrice(simple), distance(simple), formatPrice(exponential), distance(exponential)];
      }),
    }),
  );
}

function expirationTable({ symbol, expirations }: AnswerDataByKind['expirations']): HTMLElement {
  const hasStats = expirations.some(({ atmIv, openInterest }) => atmIv !== undefined || openInterest !== undefined);
  return table({
    caption: `Expirations of ${symbol}`,
    kind: 'tall',
    columns: [
      ...heads('Expiration|Kind', 'left'),
      ...heads('Days'),
      ...(hasStats ? heads('ATM IV|Move|P/C OI|OI|Volume') : []),
    ],
    rows: expirations.map(({ date, kind, dte, atmIv, expectedMove, putCallOpenInterest, openInterest, volume }) => [
      expirationCell(symbol, date),
      kind,
      formatCount(dte),
      ...(hasStats
        ? [
            formatShare(atmIv),
            expectedMove === undefined ? MISSING : `±${formatPrice(expectedMove.amount)}`,
            formatRatio(putCallOpenInterest),
            formatVolume(openInterest),
            formatVolume(volume),
          ]
        : []),
    ]),
  });
}

function contractTable(items: readonly (QuoteData | ContractQuoteData)[]): HTMLElement {
  return table({
    caption: 'Contracts',
    columns: [...heads('Contract', 'left'), ...heads('Bid|Ask|Last|IV|Delta|Theta|OI|Volume')],
    rows: items.map((item) => {
      const { iv, delta, theta, openInterest } = 'strike' in item ? item : ({} as Partial<ContractQuoteData>);
      return [
        item.description ?? item.symbol,
        ...[item.bid, item.ask, item.last].map((price) => formatPrice(price)),
        formatShare(iv),
        formatGreek(delta, 3),
        formatGreek(theta, 3),
        formatVolume(openInterest),
        formatVolume(item.volume),
      ];
    }),
  });
}

/** From the highest resistance down to the lowest support, the spot between them: as they lie on a chart. */
export function levels({ symbol, spot, supports, resistances }: LevelsData): HTMLElement {
  const rows = [...resistances.toReversed(), ...supports];
  return table({
    caption: `Levels of ${symbol}`,
    columns: [...heads('Price|from spot'), ...heads('Origin', 'left')],
    rows: rows.map(({ price, origin }) => [
      formatPrice(price),
      moveCell((price / spot - 1) * 100, formatPercent),
      origin,
    ]),
    dividers: [{ before: resistances.length, label: `${symbol} ${formatPrice(spot)}`, kind: 'spot' }],
  });
}

export function volatility({
  symbol,
  iv30,
  ivRank,
  ivPercentile,
  ivDays,
  hv,
  ivMinusHv30,
  skew25,
  term,
}: VolatilityData): HTMLElement {
  const points = (value: number | undefined): string | undefined =>
    value === undefined ? undefined : `${formatSigned(value * 100, 1)} points`;
  return h(
    'div',
    {},
    facts([
      ['IV 30', formatShare(iv30)],
      [
        'IV rank',
        ivRank === undefined
          ? ivDays < 2
            ? 'needs more days of readings'
            : undefined
          : `${formatFixed(ivRank, 0)} of ${ivDays} days`,
      ],
      ['IV percentile', ivPercentile === undefined ? undefined : formatFixed(ivPercentile, 0)],
      ['HV 20 / 30 / 60', [hv['20'], hv['30'], hv['60']].map((value) => formatShare(value)).join(' / ')],
      ['IV − HV 30', points(ivMinusHv30)],
      ['Skew 25Δ put − call', points(skew25)],
    ]),
    term.length > 0 &&
      table({
        caption: `Volatility of ${symbol} by expiration`,
        columns: [...heads('Expiration', 'left'), ...heads('Days|ATM IV|Fwd IV|Move')],
        rows: term.map(({ expiration, dte, atmIv, forwardIv, expectedMove }) => [
          expirationCell(symbol, expiration),
          formatCount(dte),
          formatShare(atmIv),
          formatShare(forwardIv),
          expectedMove === undefined ? MISSING : `±${formatPrice(expectedMove.amount)}`,
        ]),
      }),
  );
}

function fieldTable({ columns, rows, universe, matched }: TableData): Child {
  return [
    table({
      caption: `Table of ${columns.map(({ label }) => label).join(', ')}`,
      columns: [
        ...heads('Symbol', 'left'),
        ...columns.map(({ label, unit }): Column => ({
          head: label,
          ...(unit === 'text' || unit === 'date' ? { align: 'left' } : {}),
        })),
      ],
      rows: rows.map((row) => [
        symbolCell(row.symbol),
        ...columns.map(({ field, unit }): Cell => {
          const isMove = /change|pnl|^gap|minus|^skew/i.test(field) && typeof row[field] === 'number';
          const text = formatFigure(row[field], { unit, signed: isMove });
          return { text, tone: isMove ? toneOf(row[field] as number) : undefined };
        }),
      ]),
    }),
    matched !== undefined &&
      universe !== undefined &&
      h('p', { class: 'faint' }, `${formatCount(matched)} of ${formatCount(universe)} symbols`),
  ];
}

export function strategy(data: StrategyData): Child {
  return [
    h(
      'p',
      { class: 'title' },
      `${data.symbol} ${data.name === 'custom' ? 'own legs' : data.name.replaceAll('-', ' ')}, spot ${formatPrice(data.spot)}`,
    ),
    facts(
      factsOfStrategy(data).map(([label, pieces]): FactItem => [
        label,
        pieces.filter((piece) => piece !== '').join(' · '),
      ]),
    ),
    data.payoff.length > 1 && payoffChart(data),
    table({
      caption: 'Legs',
      columns: [...heads('Qty'), ...heads('Leg', 'left'), ...heads('Bid|Ask|Mid|IV|Delta')],
      headColumn: 1,
      rows: data.legs.map(({ quantity, symbol, strike, side, expiration, bid, ask, mid, iv, delta }) => [
        { text: formatSigned(quantity, 0), tone: toneOf(quantity) },
        side === undefined ? `${symbol} shares` : `${formatStrike(strike)} ${side} ${expiration ?? ''}`,
        ...[bid, ask, mid].map((price) => formatPrice(price)),
        formatShare(iv),
        formatGreek(delta, 3),
      ]),
    }),
  ];
}

/** Leads to the chain. */
function expirationCell(symbol: string, date: string): Cell {
  return { text: date, node: h('a', { href: `#/chain/${encodeURIComponent(symbol)}/${date}` }, date) };
}

export function positions({ positions: items, totals, expired = [] }: PositionsData): Child {
  const money = (value: number | undefined): string => formatFixed(value, 2);
  const move = (value: number | undefined): Cell => moveCell(value, (each) => formatSigned(each));
  const rowOf = ({
    id,
    symbol,
    quantity,
    cost,
    price,
    value,
    dayPnl,
    pnl,
    pnlPercent,
    delta,
    theta,
  }: PositionData): (Cell | string)[] => [
    nameOf(symbol),
    formatPrice(price),
    money(value),
    move(pnl),
    moveCell(pnlPercent, formatPercent),
    move(dayPnl),
    formatNumber(quantity),
    money(cost),
    formatGreek(delta, 1),
    formatGreek(theta, 2),
    String(id),
  ];
  return [
    facts([
      ['Value', money(totals.value)],
      ['P/L', formatSigned(totals.pnl), toneOf(totals.pnl)],
      ['P/L today', formatSigned(totals.dayPnl), toneOf(totals.dayPnl)],
      ['Delta', totals.deltaShares === undefined ? undefined : `${formatFixed(totals.deltaShares, 1)} shares`],
      [
        'Beta-weighted delta',
        totals.betaDelta === undefined ? undefined : `${formatFixed(totals.betaDelta, 1)} SPY shares`,
      ],
      ['Theta', totals.theta === undefined ? undefined : `${formatFixed(totals.theta, 2)} a day`],
    ]),
    table({
      caption: 'Positions',
      kind: 'words',
      // What is looked for first stands where a narrow screen shows it.
      columns: [...heads('Position', 'left'), ...heads('Price|Value|P/L|P/L %|Day P/L|Qty|Cost|Delta|Theta|ID')],
      rows: items.map(rowOf),
    }),
    expired.length > 0 &&
      h('p', { class: 'faint' }, `Expired: ${expired.map(({ id, symbol }) => `${id} ${nameOf(symbol)}`).join(', ')}`),
  ];
}
