// The small companies of the sample market, all of them made up: some three hundred, so that a search of the whole market
// has something to search. Hides how their names, sizes and splits follow from their number.
import type { IsoDate } from '../domain/types.ts';
import type { Instrument } from './companies.ts';
import { hashText, uniformAt } from './noise.ts';

const FIRST = 'ba ke lo mi nu pa re so ti vu bo ki la me no'.split(' ');
const SECOND = 'do fa gi he ju ka le mo ni pu ra se to vi wo ya de fo ga hi'.split(' ');
const TRADES = 'Robotics Therapeutics Mining Foods Networks Energy Homes Semiconductor Freight'.split(' ');

/** Some were split; the first of each pair is the number of the company. */
const SPLITS: readonly (readonly [number, IsoDate, number, number])[] = [
  [12, '2025-09-15', 1, 2],
  [75, '2026-03-16', 2, 3],
  [131, '2026-08-17', 10, 1],
  [208, '2026-11-16', 1, 20],
  [262, '2027-02-16', 1, 4],
];

/** Each has a symbol of five letters that ends in Z, such as BADOZ. */
export function createSmallCompanies(): Instrument[] {
  return FIRST.flatMap((first, row) =>
    SECOND.map((second, column) => createCompany(`${first}${second}`, row * SECOND.length + column)),
  );
}

export function isSmallCompany(symbol: string): boolean {
  return symbol.length === 5 && symbol.endsWith('Z');
}

function createCompany(word: string, number: number): Instrument {
  const symbol = `${word.toUpperCase()}Z`;
  const seed = hashText(symbol);
  const spread = (salt: number, low: number, high: number): number =>
    low * (high / low) ** uniformAt(seed, salt, number);
  const split = SPLITS.find(([of]) => of === number);
  return {
    symbol,
    name: `${symbol[0] ?? ''}${word.slice(1)}z ${TRADES[number % TRADES.length] ?? ''} Inc`,
    kind: 'stock',
    exchange: number % 3 === 0 ? 'N' : 'Q',
    anchorPrice: Math.round(spread(1, 2, 90) * 100) / 100,
    volatility: Math.round(spread(2, 0.3, 1.1) * 100) / 100,
    averageVolume: Math.round(spread(3, 60_000, 6_000_000)),
    ...(split === undefined ? {} : { split: { date: split[1], from: split[2], to: split[3] } }),
  };
}
