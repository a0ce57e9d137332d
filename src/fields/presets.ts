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

/** A search of the whole market under one word: a condition and an order, as a person would type them. */
export interface Scan {
  where: string;
  sort: string;
  meaning: string;
}

/** Polygon's own lists of movers leave out what fewer shares than these were traded of. */
const TRADED = 'volume >= 10000';

export const SCANS = {
  gainers: {
    where: `changePercent > 0 and ${TRADED}`,
    sort: '-changePercent',
    meaning: 'largest gains of the session',
  },
  losers: { where: `changePercent < 0 and ${TRADED}`, sort: 'changePercent', meaning: 'largest losses of the session' },
  active: { where: TRADED, sort: '-volume', meaning: 'most shares traded' },
  'gap-up': { where: `gapPercent >= 3 and ${TRADED}`, sort: '-gapPercent', meaning: 'opened 3% or more higher' },
  'gap-down': { where: `gapPercent <= -3 and ${TRADED}`, sort: 'gapPercent', meaning: 'opened 3% or more lower' },
  'new-high': { where: `high >= week52High and ${TRADED}`, sort: '-dollarVolume', meaning: 'at a 52-week high' },
  'new-low': { where: `low <= week52Low and ${TRADED}`, sort: '-dollarVolume', meaning: 'at a 52-week low' },
  'unusual-volume': {
    where: `relativeVolume >= 3 and ${TRADED}`,
    sort: '-relativeVolume',
    meaning: 'three times the average volume or more',
  },
  oversold: { where: `rsi14 < 30 and ${TRADED}`, sort: 'rsi14', meaning: 'RSI 14 below 30' },
  overbought: { where: `rsi14 > 70 and ${TRADED}`, sort: '-rsi14', meaning: 'RSI 14 above 70' },
  'golden-cross': {
    where: `crosses(sma50, sma200) and ${TRADED}`,
    sort: '-dollarVolume',
    meaning: 'SMA 50 crossed above SMA 200',
  },
  squeeze: {
    where: `bbUpper20 < ema20 + 1.5 * atr20 and bbLower20 > ema20 - 1.5 * atr20 and ${TRADED}`,
    sort: '-dollarVolume',
    meaning: 'Bollinger bands inside Keltner channels',
  },
} as const satisfies Record<string, Scan>;

export type ScanName = keyof typeof SCANS;

export const SCAN_NAMES = Object.keys(SCANS) as ScanName[];
