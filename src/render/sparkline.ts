// A series of closes in one line of blocks.

const BLOCKS = '▁▂▃▄▅▆▇█';

/** One block a value, at most `width` of them (a longer series is averaged over equal spans); a flat one is in the middle. */
export function renderSparkline(values: readonly number[], width: number): string {
  const shown = resample(
    values.filter((value) => Number.isFinite(value)),
    Math.max(1, Math.floor(width)),
  );
  const low = Math.min(...shown);
  const high = Math.max(...shown);
  return shown.map((value) => blockFor(high === low ? 0.5 : (value - low) / (high - low))).join('');
}

function blockFor(share: number): string {
  return BLOCKS.charAt(Math.min(BLOCKS.length - 1, Math.max(0, Math.floor(share * BLOCKS.length))));
}

/** Means of `count` equal spans; the last value stays itself, since it is what a reader compares with the price. */
function resample(values: readonly number[], count: number): number[] {
  if (values.length <= count) return [...values];
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * values.length) / count);
    const to = Math.max(from + 1, Math.floor(((index + 1) * values.length) / count));
    const span = values.slice(from, to);
    return index === count - 1 ? (values.at(-1) ?? 0) : span.reduce((sum, value) => sum + value / span.length, 0);
  });
}
