// Ranges of bars: one as figures, a chart and a table; several side by side, one row a symbol.
// Hides that what is long is made when somebody opens it.
import type { HistoryData } from '../../domain/answers.ts';
import { formatPercent, formatPrice, formatSigned, formatVolume, priceDecimals } from '../../render/format.ts';
import { renderSparkline } from '../../render/sparkline.ts';
import { priceChart } from './charts.ts';
import { facts, h, heads, moveCell, symbolCell, table, toneOf, type Child } from './dom.ts';

export function historyParts(data: HistoryData, isSample: boolean): Child {
  const { summary, symbol, from, to, bars } = data;
  const title = h('summary', {}, `${bars.length} bars as a table`);
  return [
    h('h3', {}, `${symbol} ${from} to ${to}`),
    facts([
      ['Close', formatPrice(summary.last)],
      ['Change', `${formatSigned(summary.change)} (${formatPercent(summary.changePercent)})`, toneOf(summary.change)],
      ['High', formatPrice(summary.high)],
      ['Low', formatPrice(summary.low)],
    ]),
    bars.length > 2 && priceChart({ ...data, overlays: {} }, isSample),
    lazily(h('details', {}, title), () =>
      table({
        caption: `Bars of ${symbol}`,
        kind: 'tall',
        columns: [...heads('Date', 'left'), ...heads('Open|High|Low|Close|Volume')],
        rows: bars
          .toReversed()
          .map(({ date, time, open, high, low, close, volume }) => [
            time === undefined ? date : `${date} ${time.slice(11, 16)}`,
            ...[open, high, low, close].map((price) => formatPrice(price)),
            formatVolume(volume),
          ]),
      }),
    ),
  ];
}

/** One row a symbol, as in the terminal; the chart of each is drawn when somebody opens it. */
export function compareHistories(histories: readonly HistoryData[], isSample: boolean): Child {
  return [
    table({
      caption: `Performance of ${histories.map(({ symbol }) => symbol).join(', ')}`,
      columns: [
        ...heads('Symbol', 'left'),
        ...heads('Close|Change|Change %|High|Low|Bars'),
        ...heads('From|To|Closes', 'left'),
      ],
      rows: histories.map(({ symbol, summary, from, to, bars }) => [
        symbolCell(symbol),
        { text: formatPrice(summary.last), tone: 'strong' },
        moveCell(summary.change, (value) => formatSigned(value, priceDecimals(summary.last))),
        moveCell(summary.changePercent, formatPercent),
        formatPrice(summary.high),
        formatPrice(summary.low),
        String(summary.bars),
        from,
        to,
        renderSparkline(
          bars.map(({ close }) => close),
          12,
        ),
      ]),
    }),
    histories.map((history) =>
      lazily(h('details', {}, h('summary', {}, `${history.symbol} bars`)), () =>
        h('div', {}, historyParts(history, isSample)),
      ),
    ),
  ];
}

/** What a thousand rows hold is made when somebody opens it. */
function lazily(details: HTMLDetailsElement, make: () => HTMLElement): HTMLElement {
  details.addEventListener('toggle', () => details.append(make()), { once: true });
  return details;
}
