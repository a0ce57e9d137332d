// Several chains on screen: a summary with a row for each symbol, or the dates of one symbol one below the other.
// Also contracts as quotes. Labels and formats are the registry's.
import type { Answer, ChainData, ContractQuoteData, QuoteData } from '../domain/answers.ts';
import type { Inputs } from '../fields/field.ts';
import { findField } from '../fields/registry.ts';
import { viewChain } from './chain.ts';
import { formatFigure } from './figure.ts';
import { formatSession, plural } from './format.ts';
import { viewQuotes } from './quote.ts';
import { type Column, renderTable } from './table.ts';
import { wrapPieces } from './text.ts';
import type { RenderOptions, View } from './view.ts';

/** A row a chain; those with the highest number go first where the width is too small. */
const SUMMARY: readonly (readonly [field: string, drop?: number])[] = [
  ['spot'],
  ['expiration'],
  ['dte', 3],
  ['expectedMove'],
  ['expectedMovePercent'],
  ['maxPain', 1],
  ['callWall', 2],
  ['putWall', 2],
  ['putCallOpenInterest', 4],
  ['putCallVolume', 5],
];

export function viewChains(chains: readonly ChainData[], request: Answer['request'], options: RenderOptions): View {
  const hasColumns = chains.some(({ columns }) => columns !== undefined);
  if (request?.summary === true && !hasColumns) return viewChainSummary(chains, options);
  const [first, ...rest] = chains.map((chain) => viewChain(chain, request, options));
  const section = (view: View): string[] => [
    '',
    ...wrapPieces(view.caption, options.width).map((line) => options.theme.paint('strong', line)),
    ...view.lines,
  ];
  return { caption: first?.caption ?? [], lines: [...(first?.lines ?? []), ...rest.flatMap(section)] };
}

/** What each expiration says as a whole. The expected move is the straddle. */
export function viewChainSummary(chains: readonly ChainData[], options: RenderOptions): View {
  const fields = SUMMARY.flatMap(([name, drop]) => {
    const field = findField(name, 'expiration');
    return field === undefined ? [] : [{ field, drop }];
  });
  const columns = fields.map(({ field, drop }): Column => ({
    head: field.label,
    align: field.unit === 'date' ? 'left' : 'decimal',
    ...(drop === undefined ? {} : { drop }),
  }));
  return {
    caption: ['option chains', plural(new Set(chains.map(({ underlying }) => underlying)).size, 'symbol')],
    lines: [
      ...renderTable(
        {
          columns: [{ head: 'Symbol', align: 'left', tone: 'strong' }, ...columns],
          rows: chains.map((chain) => {
            const inputs: Inputs = { symbol: chain.underlying, now: 0, chain };
            return [
              chain.underlying,
              ...fields.map(({ field }) => formatFigure(field.entry.read(inputs, 0), { unit: field.unit })),
            ];
          }),
        },
        options,
      ),
      '',
      ...wrapPieces(['expected move: price of the straddle', '0.798 × 1 σ'], options.width).map((line) =>
        options.theme.paint('muted', line),
      ),
    ],
  };
}

const CONTRACT: readonly (readonly [field: string, drop?: number])[] = [
  ['last'],
  ['bid'],
  ['ask'],
  ['mid', 1],
  ['iv', 2],
  ['delta', 3],
  ['theta', 5],
  ['volume', 4],
  ['openInterest', 4],
  ['dte', 6],
  ['spot', 7],
];

/** Quotes of contracts, and below them those of symbols. */
export function viewContracts(items: readonly (QuoteData | ContractQuoteData)[], options: RenderOptions): View {
  const contracts = items.filter((item) => 'strike' in item);
  const quotes = items.filter((item): item is QuoteData => !('strike' in item));
  const [first] = items;
  const below = quotes.length === 0 ? undefined : viewQuotes(quotes, options);
  if (below !== undefined && contracts.length === 0) return below;
  return {
    caption: [
      contracts.length === 1 && below === undefined ? (contracts[0]?.description ?? '') : 'option contracts',
      plural(contracts.length, 'contract'),
      first === undefined ? '' : formatSession(first.session),
    ],
    lines: [
      ...renderContracts(contracts, options),
      ...(below === undefined ? [] : ['', ...wrapPieces(below.caption.filter(Boolean), options.width), ...below.lines]),
    ],
  };
}

function renderContracts(contracts: readonly ContractQuoteData[], options: RenderOptions): string[] {
  if (contracts.length === 0) return [];
  const fields = CONTRACT.flatMap(([name, drop]) => {
    const field = findField(name, 'contract');
    return field === undefined ? [] : [{ field, drop }];
  });
  return renderTable(
    {
      columns: [
        { head: 'Contract', align: 'left', tone: 'strong' },
        ...fields.map(({ field, drop }): Column => ({
          head: field.label,
          align: 'decimal',
          ...(drop === undefined ? {} : { drop }),
        })),
      ],
      rows: contracts.map((contract) => {
        const { underlying, spot, expiration, dte } = contract;
        const chain = {
          underlying,
          spot,
          expiration,
          dte,
          contracts: [contract],
          analytics: { callWalls: [], putWalls: [] },
        };
        const inputs: Inputs = { symbol: contract.symbol, underlying, now: 0, chain, contract };
        return [
          contract.symbol,
          ...fields.map(({ field }) =>
            formatFigure(field.entry.read(inputs, 0), {
              unit: field.unit,
              ...(field.decimals === undefined ? {} : { decimals: field.decimals }),
            }),
          ),
        ];
      }),
    },
    options,
  );
}
