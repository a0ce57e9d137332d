// Columns under one word, for who does not want to write them. Each is an expression list as a person would type it.
// A preset asks only for what its columns need.

export const PRESETS = {
  overview:
    'last, changePercent, volume, relativeVolume, rsi14, pct(last, week52High) as from52wHigh, pct(last, sma200) as fromSma200',
  technical:
    'last, changePercent, rsi14, macdHistogram, stochK, adx14, bbPercent20, atrPercent14, roc20, streak, sma20, sma50, sma200, ema20',
  volatility:
    'last, changePercent, rangePercent, atrPercent14, hv20, hv60, yangZhang30, iv30, ivRank, ivMinusHv30, bbPercent20, expectedMovePercent, dte',
  options:
    'spot, expiration, expectedMove, expectedMovePercent, maxPain, callWall, putWall, putCallOpenInterest, putCallVolume',
  changes:
    'last, changePercent, pct(last, ago(close, 5)) as week, pct(last, ago(close, 21)) as month, pct(last, ago(close, 63)) as quarter, pct(last, ago(close, 252)) as year',
} as const;

export type Preset = keyof typeof PRESETS;

export const PRESET_NAMES = Object.keys(PRESETS) as Preset[];

/** `technical, atr14` as the columns that it stands for. */
export function expandPresets(text: string): string {
  return text
    .split(',')
    .map((part) => (isPreset(part.trim()) ? PRESETS[part.trim() as Preset] : part))
    .join(',');
}

function isPreset(word: string): boolean {
  return Object.hasOwn(PRESETS, word);
}
