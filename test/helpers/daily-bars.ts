// Daily bars for tests of figures: the same random ones in every run, and real ones of 2019 where the machine has them.
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { isValidBar } from '../../src/domain/bar-series.ts';
import type { Bar } from '../../src/domain/types.ts';
import { createRandom } from './random.ts';

const realDataPath = new URL('../../../shared/data/us-equities-2019.csv.gz', import.meta.url);

/** Real bars are not part of the project: tests of them are skipped where the file is missing. */
export const hasRealBars = existsSync(realDataPath);

export const dateOf = (index: number): string =>
  new Date(Date.UTC(2024, 0, 1) + index * 86_400_000).toISOString().slice(0, 10);

/** A random walk with gaps overnight, uneven ranges and volumes, prices of 4 decimals from `start` dollars. */
export function walkBars(seed: number, length: number, start = 100): Bar[] {
  const { next } = createRandom(seed);
  const decimals = start < 0.01 ? 12 : 4;
  const priced = (value: number): number => Number(value.toFixed(decimals));
  let close = start;
  return Array.from({ length }, (_, index) => {
    const open = close * Math.exp((next() - 0.5) * 0.02);
    close = open * Math.exp((next() - 0.5) * 0.05);
    const high = Math.max(open, close) * (1 + 0.02 * next());
    const low = Math.min(open, close) * (1 - 0.02 * next());
    return {
      date: dateOf(index),
      open: priced(open),
      high: priced(high),
      low: priced(low),
      close: priced(close),
      volume: Math.floor(next() * 5e7),
    };
  });
}

/** Bars of one price each. */
export function steadyBars(closes: readonly number[]): Bar[] {
  return closes.map((close, index) => ({
    date: dateOf(index),
    open: close,
    high: close,
    low: close,
    close,
    volume: 1000,
  }));
}

/** Symbols spread over the alphabet, each with its valid bars from December 2018 to January 2020. */
export function realSeries(count: number): { symbol: string; bars: Bar[] }[] {
  const bySymbol = new Map<string, Bar[]>();
  for (const line of gunzipSync(readFileSync(realDataPath)).toString('utf8').trim().split('\n').slice(1)) {
    const [date = '', symbol = '', open, high, low, close, volume] = line.split(',');
    const bars = bySymbol.get(symbol) ?? [];
    const bar = {
      date,
      open: Number(open),
      high: Number(high),
      low: Number(low),
      close: Number(close),
      volume: Number(volume),
    };
    if (isValidBar(bar)) bars.push(bar);
    bySymbol.set(symbol, bars);
  }
  const symbols = [...bySymbol.keys()].sort();
  return Array.from({ length: count }, (_, index) => {
    const symbol = symbols[Math.floor((index * symbols.length) / count)] ?? '';
    return { symbol, bars: bySymbol.get(symbol) ?? [] };
  });
}
