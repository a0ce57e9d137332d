// Events of a symbol by their date, headlines, and securities that were searched for, on screen.
// Names and headlines are text of strangers: cleaned once more, wrapped, never wider than the screen.
import { REPORT_TIMES } from '../domain/events.ts';
import type { EventsData, HeadlineData } from '../domain/answers.ts';
import type { Dividend, Earnings, Security, Split } from '../domain/events.ts';
import { formatExchangeTime, formatNumber, formatPrice, plural } from './format.ts';
import { renderTable } from './table.ts';
import { displayWidth, wrapPieces, wrapText } from './text.ts';
import { describe, type RenderOptions, type View } from './view.ts';

/** Of each kind; the JSON has all. */
const MOST_SHOWN = { dividends: 8, splits: 6, earnings: 6 };

export function viewEvents(data: EventsData, options: RenderOptions): View {
  const { symbol, dividends, splits, earnings = [], unavailable = [] } = data;
  const rows = [
    ...dividends.slice(0, MOST_SHOWN.dividends).map((each) => [each.exDate, 'ex-dividend', describeDividend(each)]),
    ...splits.slice(0, MOST_SHOWN.splits).map((each) => [each.date, 'split', describeSplit(each)]),
    ...earnings.slice(0, MOST_SHOWN.earnings).map((each) => [each.date, 'earnings', describeEarnings(each)]),
  ].toSorted(([a = ''], [b = '']) => (a < b ? 1 : a > b ? -1 : 0));
  const older = dividends.length + splits.length + earnings.length - rows.length;
  const said = [
    ...(rows.length === 0 && unavailable.length === 0 ? ['no dividends, splits or earnings are known'] : []),
    ...(older > 0 ? [`and ${older} older; --json has them all`] : []),
    ...unavailable.map(({ kind, why }) => `${kind}: ${describe(why, 400)}`),
  ];
  return {
    caption: [symbol, 'events'],
    lines: [
      ...(rows.length === 0
        ? []
        : renderTable(
            {
              columns: [
                { head: 'Date', align: 'left', tone: 'strong' },
                { head: 'Event', align: 'left' },
                { head: 'What', align: 'left', min: 12 },
              ],
              rows,
            },
            options,
          )),
      ...said.flatMap((line) => wrapText(line, options.width, '  ').map((each) => options.theme.paint('muted', each))),
    ],
  };
}

const RHYTHM: Readonly<Record<number, string>> = { 1: 'yearly', 2: 'twice a year', 4: 'quarterly', 12: 'monthly' };

function describeDividend({ amount, currency = '', payDate, frequency }: Dividend): string {
  return [
    `${formatPrice(amount)} ${describe(currency, 8)}`.trim(),
    payDate === undefined ? '' : `paid ${payDate}`,
    frequency === undefined ? '' : (RHYTHM[frequency] ?? `${formatNumber(frequency)} a year`),
  ]
    .filter((part) => part !== '')
    .join(', ');
}

export function describeSplit({ from, to }: Split): string {
  return `${formatNumber(to)} for ${formatNumber(from)}`;
}

const TIMES: Readonly<Record<Earnings['time'], string>> = {
  ...REPORT_TIMES,
  unknown: 'time unknown',
};

export function describeEarnings({ time, confirmed, epsEstimate, epsActual }: Earnings): string {
  return [
    TIMES[time],
    confirmed ? 'confirmed' : 'projected',
    epsEstimate === undefined ? '' : `EPS estimate ${formatPrice(epsEstimate)}`,
    epsActual === undefined ? '' : `EPS ${formatPrice(epsActual)}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

export function viewNews(headlines: readonly HeadlineData[], symbol: string, options: RenderOptions): View {
  const { theme, width } = options;
  return {
    caption: [symbol, 'news', plural(headlines.length, 'headline')].filter((piece) => piece !== ''),
    lines: headlines.flatMap(({ publishedAt, title, publisher, url, symbols, sentiment }, index) => {
      const others = symbols.filter((each) => each !== symbol).slice(0, 6);
      const pieces = [formatExchangeTime(publishedAt), describe(publisher), others.join(' '), sentiment ?? ''];
      const address = url === undefined ? '' : describe(url, 1_000);
      return [
        ...(index === 0 ? [] : ['']),
        ...wrapText(describe(title, 300), width).map((line) => theme.paint('strong', line)),
        ...[
          ...wrapPieces(
            pieces.filter((piece) => piece !== ''),
            width,
          ),
          ...(address !== '' && displayWidth(address) <= width ? [address] : []),
        ].map((line) => theme.paint('muted', line)),
      ];
    }),
  };
}

export function viewSearch(found: readonly Security[], words: string, options: RenderOptions): View {
  return {
    caption: [describe(words), plural(found.length, 'symbol')],
    lines: renderTable(
      {
        columns: [
          { head: 'Symbol', align: 'left', tone: 'strong' },
          { head: 'Name', align: 'left', min: 16 },
          { head: 'Type', align: 'left', drop: 1 },
          { head: 'Exchange', align: 'left', drop: 2 },
        ],
        rows: found.map(({ symbol, name, type, exchange = '' }) => [
          symbol,
          describe(name, 120),
          describe(type, 20),
          describe(exchange, 20),
        ]),
      },
      options,
    ),
  };
}
