// Every view as a reader sees it, without colour, at several widths: what is written here is what is printed.
import { describe, expect, it } from 'vitest';
import { renderAnswer, renderComparison } from '../../src/render/answer.ts';
import { describeForModel } from '../../src/tools/text.ts';
import { renderCacheStats, renderDoctor } from '../../src/render/stats.ts';
import { createTheme } from '../../src/render/theme.ts';
import type { RenderOptions } from '../../src/render/view.ts';
import {
  CACHED,
  CACHE_STATS,
  DOCTOR,
  HOLIDAY,
  HOURS,
  MARKET,
  NO_SOURCE,
  NVDA_CHAIN,
  NVDA_EXPIRATIONS,
  NVDA_LEVELS,
  NVDA_QUOTE,
  NVDA_WEEK,
  PENNY_QUOTE,
  SAMPLE,
  SPY_INDICATORS,
  SPY_LEVELS,
  SPY_QUOTE,
  SPY_WEEK,
  STALE,
  YOUNG_INDICATORS,
  answerOf,
  lastBarOf,
  sideOf,
} from './data.ts';

function at(width: number): RenderOptions {
  return { width, theme: createTheme({ colour: false }) };
}

/** The lines between the first and the last newline. */
function screen(text: string): string[] {
  return text.slice(1, -1).split('\n');
}

describe('quotes', () => {
  it('one quote is a card with everything that is known, and says SAMPLE', () => {
    expect(renderAnswer(answerOf('quote', [NVDA_QUOTE], { meta: SAMPLE }), at(80))).toEqual(
      screen(`
NVDA · NVIDIA Corporation · quote · market open · SAMPLE
207.04  +6.01  +2.99%

Open        207.98     Bid     207.03     Volume        308.8M
High        212.19     Ask     207.05     Avg volume    178.5M
Low         204.78     Spread    0.02     52-week high  212.19
Prev close  201.03                        52-week low    86.62

sample · as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
    expect(renderAnswer(answerOf('quote', [NVDA_QUOTE], { meta: SAMPLE }), at(40))).toEqual(
      screen(`
NVDA · NVIDIA Corporation · quote
market open · SAMPLE
207.04  +6.01  +2.99%

Open          207.98
High          212.19
Low           204.78
Prev close    201.03
Bid           207.03
Ask           207.05
Spread          0.02
Volume        308.8M
Avg volume    178.5M
52-week high  212.19
52-week low    86.62

sample
as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
  });

  it('several quotes are a table that drops the least needed columns', () => {
    expect(renderAnswer(answerOf('quote', [NVDA_QUOTE, SPY_QUOTE, PENNY_QUOTE]), at(120))).toEqual(
      screen(`
quotes · 3 symbols · market open
Symbol      Last   Change  Change %    Open    High     Low  Prev close  Volume     Bid     Ask  52w high  52w low
──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
NVDA    207.04    +6.01      +2.99%  207.98  212.19  204.78    201.03    308.8M  207.03  207.05    212.19    86.62
SPY     687.39    +0.33      +0.05%  688.72  689.70  682.87    687.06     85.7M       —       —         —        —
PNNY      0.1234  -0.0101    -7.57%       —       —       —      0.1335     950       —       —         —        —

tradier · as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
    expect(renderAnswer(answerOf('quote', [NVDA_QUOTE, SPY_QUOTE, PENNY_QUOTE]), at(80))).toEqual(
      screen(`
quotes · 3 symbols · market open
Symbol      Last   Change  Change %    Open    High     Low  Prev close  Volume
───────────────────────────────────────────────────────────────────────────────
NVDA    207.04    +6.01      +2.99%  207.98  212.19  204.78    201.03    308.8M
SPY     687.39    +0.33      +0.05%  688.72  689.70  682.87    687.06     85.7M
PNNY      0.1234  -0.0101    -7.57%       —       —       —      0.1335     950

tradier · as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
    expect(renderAnswer(answerOf('quote', [NVDA_QUOTE, SPY_QUOTE, PENNY_QUOTE]), at(40))).toEqual(
      screen(`
quotes · 3 symbols · market open
Symbol      Last   Change  Change %
───────────────────────────────────
NVDA    207.04    +6.01      +2.99%
SPY     687.39    +0.33      +0.05%
PNNY      0.1234  -0.0101    -7.57%

tradier
as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
  });
});

describe('history', () => {
  it('a history says what it resolved and did, then shows every bar', () => {
    expect(
      renderAnswer(
        answerOf('history', NVDA_WEEK, {
          request: { phrase: 'last week' },
          notes: ['no session on 2025-10-18 and 2025-10-19, which are a weekend'],
        }),
        at(80),
      ),
    ).toEqual(
      screen(`
NVDA · daily bars · last week · 2025-10-20 to 2025-10-24 · 5 bars
186.26  +3.04  +1.66%  vs. prior close (183.22)
high 187.47 · low 176.76
▄▂▁▃█

     Date          Open    High     Low   Close  Change  Change %  Volume
─────────────────────────────────────────────────────────────────────────
Mon  2025-10-20  183.13  185.20  181.73  182.64   -0.58    -0.32%  128.5M
Tue  2025-10-21  182.79  182.79  179.80  181.16   -1.48    -0.81%  124.2M
Wed  2025-10-22  181.14  183.44  176.76  180.28   -0.88    -0.49%  162.2M
Thu  2025-10-23  180.42  183.03  179.79  182.16   +1.88    +1.04%  111.4M
Fri  2025-10-24  183.84  187.47  183.50  186.26   +4.10    +2.25%  131.3M

note: no session on 2025-10-18 and 2025-10-19, which are a weekend
tradier · as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
    expect(
      renderAnswer(
        answerOf('history', NVDA_WEEK, {
          request: { phrase: 'last week' },
          notes: ['no session on 2025-10-18 and 2025-10-19, which are a weekend'],
        }),
        at(60),
      ),
    ).toEqual(
      screen(`
NVDA · daily bars · last week · 2025-10-20 to 2025-10-24
5 bars
186.26  +3.04  +1.66%  vs. prior close (183.22)
high 187.47 · low 176.76
▄▂▁▃█

Date          Open    High     Low   Close  Change %  Volume
────────────────────────────────────────────────────────────
2025-10-20  183.13  185.20  181.73  182.64    -0.32%  128.5M
2025-10-21  182.79  182.79  179.80  181.16    -0.81%  124.2M
2025-10-22  181.14  183.44  176.76  180.28    -0.49%  162.2M
2025-10-23  180.42  183.03  179.79  182.16    +1.04%  111.4M
2025-10-24  183.84  187.47  183.50  186.26    +2.25%  131.3M

note: no session on 2025-10-18 and 2025-10-19, which are a
      weekend
tradier · as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
    expect(
      renderAnswer(
        answerOf('history', NVDA_WEEK, {
          request: { phrase: 'last week' },
          notes: ['no session on 2025-10-18 and 2025-10-19, which are a weekend'],
        }),
        at(40),
      ),
    ).toEqual(
      screen(`
NVDA · daily bars · last week
2025-10-20 to 2025-10-24 · 5 bars
186.26  +3.04  +1.66%
vs. prior close (183.22)
high 187.47 · low 176.76
▄▂▁▃█

Date         Close  Change %  Volume
────────────────────────────────────
2025-10-20  182.64    -0.32%  128.5M
2025-10-21  181.16    -0.81%  124.2M
2025-10-22  180.28    -0.49%  162.2M
2025-10-23  182.16    +1.04%  111.4M
2025-10-24  186.26    +2.25%  131.3M

note: no session on 2025-10-18 and
      2025-10-19, which are a weekend
tradier
as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
  });

  it('several histories are one row each', () => {
    expect(
      renderComparison(
        [
          answerOf('history', NVDA_WEEK, { request: { phrase: 'last week' } }),
          answerOf('history', SPY_WEEK, { meta: CACHED }),
        ],
        at(80),
      ),
    ).toEqual(
      screen(`
2 symbols · performance · last week · 2025-10-20 to 2025-10-24
Symbol   Close  Change  Change %    High     Low  Bars  Closes
──────────────────────────────────────────────────────────────
NVDA    186.26   +3.04    +1.66%  187.47  176.76     5  ▄▂▁▃█
SPY     677.25  +13.95    +2.10%  678.47  663.30     5  ▃▃▁▄█

tradier · as of 3:59:58 PM ET Oct 29, 2025 · cached 12 s ago
`),
    );
    expect(
      renderComparison(
        [
          answerOf('history', NVDA_WEEK, { request: { phrase: 'last week' } }),
          answerOf('history', SPY_WEEK, { meta: CACHED }),
        ],
        at(40),
      ),
    ).toEqual(
      screen(`
2 symbols · performance · last week
2025-10-20 to 2025-10-24
Symbol   Close  Change  Change %
────────────────────────────────
NVDA    186.26   +3.04    +1.66%
SPY     677.25  +13.95    +2.10%

tradier
as of 3:59:58 PM ET Oct 29, 2025
cached 12 s ago
`),
    );
  });

  it('several single sessions are their bars side by side', () => {
    expect(
      renderComparison([answerOf('history', lastBarOf(NVDA_WEEK)), answerOf('history', lastBarOf(SPY_WEEK))], at(80)),
    ).toEqual(
      screen(`
2 symbols · one session · 2025-10-24
Symbol  Date          Open    High     Low   Close  Change  Change %  Volume
────────────────────────────────────────────────────────────────────────────
NVDA    2025-10-24  183.84  187.47  183.50  186.26   +4.10    +2.25%  131.3M
SPY     2025-10-24  676.46  678.47  675.65  677.25   +5.49    +0.82%   74.4M

tradier · as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
    expect(
      renderComparison([answerOf('history', lastBarOf(NVDA_WEEK)), answerOf('history', lastBarOf(SPY_WEEK))], at(40)),
    ).toEqual(
      screen(`
2 symbols · one session · 2025-10-24
Symbol   Close  Change %  Volume
────────────────────────────────
NVDA    186.26    +2.25%  131.3M
SPY     677.25    +0.82%   74.4M

tradier
as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
  });
});

describe('indicators', () => {
  it('one symbol has each average with the distance of the close', () => {
    expect(renderAnswer(answerOf('ta', [SPY_INDICATORS]), at(80))).toEqual(
      screen(`
SPY · technical indicators · 2025-10-30 · close 679.83
RSI 14  59.66   MACD  6.23   MACD signal  4.92   MACD hist  +1.31   ATR 14  —

Window     SMA  close vs SMA     EMA  close vs EMA
──────────────────────────────────────────────────
     5  683.35        -0.52%  682.01        -0.32%
    10  676.33        +0.52%  678.49        +0.20%
    20  671.29        +1.27%  672.88        +1.03%
    50  661.24        +2.81%  660.02        +3.00%
   200  608.17       +11.78%  617.41       +10.11%

tradier · as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
    expect(renderAnswer(answerOf('ta', [SPY_INDICATORS]), at(40))).toEqual(
      screen(`
SPY · technical indicators · 2025-10-30
close 679.83
RSI 14  59.66   MACD  6.23
MACD signal  4.92   MACD hist  +1.31
ATR 14  —

Window     SMA     EMA
──────────────────────
     5  683.35  682.01
    10  676.33  678.49
    20  671.29  672.88
    50  661.24  660.02
   200  608.17  617.41

tradier
as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
  });

  it('several symbols stand side by side, an average that is not there is a dash', () => {
    expect(renderAnswer(answerOf('ta', [SPY_INDICATORS, YOUNG_INDICATORS]), at(80))).toEqual(
      screen(`
technical indicators · 2 symbols
                    SPY        SOUN
───────────────────────────────────
Session      2025-10-30  2025-10-30
Close            679.83       17.42
RSI 14            59.66       48.20
MACD               6.23        0.12
MACD signal        4.92        0.31
MACD hist         +1.31       -0.19
SMA 5            683.35       17.90
SMA 10           676.33       18.05
SMA 20           671.29       17.77
SMA 50           661.24           —
SMA 200          608.17           —
EMA 5            682.01       17.82
EMA 10           678.49       17.95
EMA 20           672.88       17.60
EMA 50           660.02           —
EMA 200          617.41           —
ATR 14                —           —

tradier · as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
  });
});

describe('levels', () => {
  it('levels are a ladder around the spot, each with where it comes from', () => {
    expect(renderAnswer(answerOf('levels', NVDA_LEVELS), at(80))).toEqual(
      screen(`
NVDA · support and resistance · spot 207.04
     Price  Distance  From
──────────────────────────────────────────────────────────────
R2  215.00    +3.84%  call wall
R1  212.19    +2.49%  52-week high
──────────────────────── spot 207.04 ─────────────────────────
S1  204.78    -1.09%  low of 2025-10-29
S2  191.49    -7.51%  SMA 10
S3  176.76   -14.63%  swing low of 2025-10-22, touched 3 times

tradier · as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
    expect(renderAnswer(answerOf('levels', NVDA_LEVELS), at(40))).toEqual(
      screen(`
NVDA · support and resistance
spot 207.04
     Price  Distance  From
────────────────────────────────────────
R2  215.00    +3.84%  call wall
R1  212.19    +2.49%  52-week high
───────────── spot 207.04 ──────────────
S1  204.78    -1.09%  low of 2025-10-29
S2  191.49    -7.51%  SMA 10
S3  176.76   -14.63%  swing low of 2025…

tradier
as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
  });

  it('the ladders of several symbols share a table', () => {
    expect(renderComparison([answerOf('levels', NVDA_LEVELS), answerOf('levels', SPY_LEVELS)], at(80))).toEqual(
      screen(`
support and resistance · 2 symbols
Symbol       Price  Distance  From
──────────────────────────────────────────────────────────────────────
NVDA    R2  215.00    +3.84%  call wall
NVDA    R1  212.19    +2.49%  52-week high
──────────────────────────── NVDA 207.04 ─────────────────────────────
NVDA    S1  204.78    -1.09%  low of 2025-10-29
NVDA    S2  191.49    -7.51%  SMA 10
NVDA    S3  176.76   -14.63%  swing low of 2025-10-22, touched 3 times
──────────────────────────────────────────────────────────────────────
SPY     R1  689.70    +0.34%  high of 2025-10-29
───────────────────────────── SPY 687.39 ─────────────────────────────
SPY     S1  683.35    -0.59%  SMA 5

tradier · as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
  });
});

describe('expirations', () => {
  it('dates are grouped by month with kind and days to go', () => {
    expect(renderAnswer(answerOf('expirations', NVDA_EXPIRATIONS), at(80))).toEqual(
      screen(`
NVDA · option expirations · 9 dates · 2025-10-31 to 2027-12-17
Oct 2025  31w (2d)
Nov 2025   7w (9d)   14w (16d)  21M (23d)  28w (30d)
Dec 2025   5w (37d)  19M (51d)  31Q (63d)
Dec 2027  17M (779d)

w weekly  M monthly  Q quarterly  (days to expiration)

tradier · as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
    expect(renderAnswer(answerOf('expirations', NVDA_EXPIRATIONS), at(40))).toEqual(
      screen(`
NVDA · option expirations · 9 dates
2025-10-31 to 2027-12-17
Oct 2025  31w (2d)
Nov 2025   7w (9d)   14w (16d)
          21M (23d)  28w (30d)
Dec 2025   5w (37d)  19M (51d)
          31Q (63d)
Dec 2027  17M (779d)

w weekly  M monthly  Q quarterly
(days to expiration)

tradier
as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
  });
});

describe('chain', () => {
  it('has a row for each root where two share a strike, and counts the strike once', () => {
    const contracts = (['SPX', 'SPXW'] as const).flatMap((root, index) =>
      (['call', 'put'] as const).map((side) => ({
        symbol: `${root}251219${side === 'call' ? 'C' : 'P'}06800000`,
        side,
        strike: 6800,
        bid: 40 + index,
        ask: 42 + index,
        openInterest: 5 + index,
      })),
    );
    const chain = {
      ...NVDA_CHAIN,
      underlying: 'SPX',
      spot: 6790,
      contracts,
      analytics: { callWalls: [{ strike: 6800, openInterest: 11 }], putWalls: [] },
    };
    const lines = renderAnswer(answerOf('chain', chain, { request: { side: 'both', strikes: 3 } }), at(100));
    expect(lines[0]).toContain('1 strike');
    expect(
      lines.filter((line) => line.includes('6,800 SPX')).map((line) => line.split(/ +/).filter((word) => word !== '')),
    ).toEqual([
      ['5', '—', '—', '—', '40.00', '42.00', '●▲6,800', 'SPX', '40.00', '42.00', '—', '—', '—', '5'],
      ['6', '—', '—', '—', '41.00', '43.00', '●▲6,800', 'SPXW', '41.00', '43.00', '—', '—', '—', '6'],
    ]);
    const text = describeForModel(answerOf('chain', chain));
    expect(text).toContain('side strike root bid');
    expect(text).toContain('C 6800 SPXW 41 43');
    expect(describeForModel(answerOf('chain', NVDA_CHAIN))).toContain('C 200 7.45 7.55');
  });

  it('both sides meet at the strike, with the spot between strikes and walls marked', () => {
    expect(renderAnswer(answerOf('chain', NVDA_CHAIN, { request: { side: 'both', strikes: 3 } }), at(100))).toEqual(
      screen(`
NVDA · option chain · expires Fri 2025-10-31 · 2 DTE · 7 strikes
───────────────── CALLS ─────────────────            ───────────────── PUTS ──────────────────
     OI   Volume  Delta  IV %   Bid   Ask   Strike    Bid   Ask  IV %   Delta   Volume      OI
──────────────────────────────────────────────────────────────────────────────────────────────
 98,455   41,207  0.871  44.1  7.45  7.55    200.0▼  0.41  0.42  44.0  -0.128   88,120  45,901
 31,022   22,019  0.783  43.0  5.30  5.40    202.5   0.77  0.79  42.9  -0.216   41,322  18,764
 61,873   97,455  0.651  42.3  3.50  3.55    205.0   1.45  1.47  42.2  -0.349  120,577  27,010
──────────────────────────────────────── spot 207.04 ─────────────────────────────────────────
 28,117  101,998  0.487  42.0  2.11  2.13  ● 207.5   2.54  2.57  41.9  -0.513   64,330   6,120
112,908  188,530  0.322  42.0  1.16  1.17   ▲210.0   4.05  4.15  41.9  -0.678   20,876   3,977
 40,225   60,013  0.189  42.4  0.58  0.59    212.5      —  6.15     —       —        —     812
 87,321   75,440  0.101  43.2  0.27  0.28   ▲215.0   8.10  8.30  43.1  -0.899    2,455   1,033

Spot           207.04 · nearest strike 207.5 ●
Expected move  ±4.68 · ±2.26% · straddle mid · 0.798 × 1 σ
Call walls ▲   210 (112,908) · 215 (87,321) · 220 (70,114)
Put walls ▼    180 (61,255) · 200 (45,901) · 190 (44,870)
Max pain       197.5
Put/call       open interest 0.74 · volume 0.58
Greeks         as of 3:00:02 PM ET Oct 29, 2025

tradier · as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
    expect(renderAnswer(answerOf('chain', NVDA_CHAIN, { request: { side: 'both', strikes: 3 } }), at(80))).toEqual(
      screen(`
NVDA · option chain · expires Fri 2025-10-31 · 2 DTE · 7 strikes
───────────── CALLS ─────────────          ────────────── PUTS ──────────────
   OI Volume Delta IV %  Bid  Ask  Strike   Bid  Ask IV %  Delta Volume    OI
─────────────────────────────────────────────────────────────────────────────
98.5K  41.2K 0.871 44.1 7.45 7.55   200.0▼ 0.41 0.42 44.0 -0.128  88.1K 45.9K
31.0K  22.0K 0.783 43.0 5.30 5.40   202.5  0.77 0.79 42.9 -0.216  41.3K 18.8K
61.9K  97.5K 0.651 42.3 3.50 3.55   205.0  1.45 1.47 42.2 -0.349   121K 27.0K
──────────────────────────────── spot 207.04 ────────────────────────────────
28.1K   102K 0.487 42.0 2.11 2.13 ● 207.5  2.54 2.57 41.9 -0.513  64.3K 6.12K
 113K   189K 0.322 42.0 1.16 1.17  ▲210.0  4.05 4.15 41.9 -0.678  20.9K 3.98K
40.2K  60.0K 0.189 42.4 0.58 0.59   212.5     — 6.15    —      —      —   812
87.3K  75.4K 0.101 43.2 0.27 0.28  ▲215.0  8.10 8.30 43.1 -0.899  2.46K 1.03K

Spot           207.04 · nearest strike 207.5 ●
Expected move  ±4.68 · ±2.26% · straddle mid · 0.798 × 1 σ
Call walls ▲   210 (112,908) · 215 (87,321) · 220 (70,114)
Put walls ▼    180 (61,255) · 200 (45,901) · 190 (44,870)
Max pain       197.5
Put/call       open interest 0.74 · volume 0.58
Greeks         as of 3:00:02 PM ET Oct 29, 2025

tradier · as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
    expect(renderAnswer(answerOf('chain', NVDA_CHAIN, { request: { side: 'both', strikes: 3 } }), at(40))).toEqual(
      screen(`
NVDA · option chain
expires Fri 2025-10-31 · 2 DTE
7 strikes
──── CALLS ────          ──── PUTS ─────
   OI  Bid  Ask  Strike   Bid  Ask    OI
────────────────────────────────────────
98.5K 7.45 7.55   200.0▼ 0.41 0.42 45.9K
31.0K 5.30 5.40   202.5  0.77 0.79 18.8K
61.9K 3.50 3.55   205.0  1.45 1.47 27.0K
───────────── spot 207.04 ──────────────
28.1K 2.11 2.13 ● 207.5  2.54 2.57 6.12K
 113K 1.16 1.17  ▲210.0  4.05 4.15 3.98K
40.2K 0.58 0.59   212.5     — 6.15   812
87.3K 0.27 0.28  ▲215.0  8.10 8.30 1.03K

Spot           207.04
               nearest strike 207.5 ●
Expected move  ±4.68 · ±2.26%
               straddle mid
               0.798 × 1 σ
Call walls ▲   210 (112,908)
               215 (87,321)
               220 (70,114)
Put walls ▼    180 (61,255)
               200 (45,901)
               190 (44,870)
Max pain       197.5
Put/call       open interest 0.74
               volume 0.58
Greeks         as of 3:00:02 PM ET Oct
               29, 2025

tradier
as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
  });

  it('one side has its greeks and only its own walls', () => {
    expect(renderAnswer(answerOf('chain', sideOf('call'), { request: { side: 'call', strikes: 3 } }), at(80))).toEqual(
      screen(`
NVDA · call chain · expires Fri 2025-10-31 · 2 DTE · 7 strikes
 Strike   Bid   Ask  Last  Delta   Volume       OI  IV %   Gamma   Theta   Vega
───────────────────────────────────────────────────────────────────────────────
  200.0  7.45  7.55  7.50  0.871   41,207   98,455  44.1  0.0252  -0.412  0.041
  202.5  5.30  5.40  5.35  0.783   22,019   31,022  43.0  0.0377  -0.551  0.058
  205.0  3.50  3.55  3.52  0.651   97,455   61,873  42.3  0.0488  -0.672  0.073
───────────────────────────────── spot 207.04 ─────────────────────────────────
● 207.5  2.11  2.13  2.12  0.487  101,998   28,117  42.0  0.0525  -0.711  0.079
 ▲210.0  1.16  1.17  1.16  0.322  188,530  112,908  42.0  0.0473  -0.628  0.071
  212.5  0.58  0.59  0.58  0.189   60,013   40,225  42.4  0.0344  -0.463  0.053
 ▲215.0  0.27  0.28  0.27  0.101   75,440   87,321  43.2  0.0217  -0.298  0.034

Spot           207.04 · nearest strike 207.5 ●
Expected move  ±4.68 · ±2.26% · straddle mid · 0.798 × 1 σ
Call walls ▲   210 (112,908) · 215 (87,321) · 220 (70,114)
Max pain       197.5
Put/call       open interest 0.74 · volume 0.58
Greeks         as of 3:00:02 PM ET Oct 29, 2025

tradier · as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
    expect(renderAnswer(answerOf('chain', sideOf('call'), { request: { side: 'call', strikes: 3 } }), at(60))).toEqual(
      screen(`
NVDA · call chain · expires Fri 2025-10-31 · 2 DTE
7 strikes
 Strike   Bid   Ask  Delta  Volume     OI  IV %   Theta
───────────────────────────────────────────────────────
  200.0  7.45  7.55  0.871   41.2K  98.5K  44.1  -0.412
  202.5  5.30  5.40  0.783   22.0K  31.0K  43.0  -0.551
  205.0  3.50  3.55  0.651   97.5K  61.9K  42.3  -0.672
───────────────────── spot 207.04 ─────────────────────
● 207.5  2.11  2.13  0.487    102K  28.1K  42.0  -0.711
 ▲210.0  1.16  1.17  0.322    189K   113K  42.0  -0.628
  212.5  0.58  0.59  0.189   60.0K  40.2K  42.4  -0.463
 ▲215.0  0.27  0.28  0.101   75.4K  87.3K  43.2  -0.298

Spot           207.04 · nearest strike 207.5 ●
Expected move  ±4.68 · ±2.26% · straddle mid · 0.798 × 1 σ
Call walls ▲   210 (112,908) · 215 (87,321) · 220 (70,114)
Max pain       197.5
Put/call       open interest 0.74 · volume 0.58
Greeks         as of 3:00:02 PM ET Oct 29, 2025

tradier · as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
  });

  it('puts have negative deltas and dashes where nothing is quoted', () => {
    expect(renderAnswer(answerOf('chain', sideOf('put'), { request: { side: 'put', strikes: 3 } }), at(80))).toEqual(
      screen(`
NVDA · put chain · expires Fri 2025-10-31 · 2 DTE · 7 strikes
 Strike   Bid   Ask  Last   Delta   Volume      OI  IV %   Gamma   Theta   Vega
───────────────────────────────────────────────────────────────────────────────
 200.0▼  0.41  0.42  0.41  -0.128   88,120  45,901  44.0  0.0251  -0.398  0.041
 202.5   0.77  0.79  0.78  -0.216   41,322  18,764  42.9  0.0376  -0.537  0.058
 205.0   1.45  1.47  1.46  -0.349  120,577  27,010  42.2  0.0487  -0.658  0.073
───────────────────────────────── spot 207.04 ─────────────────────────────────
●207.5   2.54  2.57  2.55  -0.513   64,330   6,120  41.9  0.0524  -0.697  0.079
 210.0   4.05  4.15  4.10  -0.678   20,876   3,977  41.9  0.0472  -0.614  0.071
 212.5      —  6.15     —       —        —     812     —       —       —      —
 215.0   8.10  8.30  8.20  -0.899    2,455   1,033  43.1  0.0216  -0.284  0.034

Spot           207.04 · nearest strike 207.5 ●
Expected move  ±4.68 · ±2.26% · straddle mid · 0.798 × 1 σ
Put walls ▼    180 (61,255) · 200 (45,901) · 190 (44,870)
Max pain       197.5
Put/call       open interest 0.74 · volume 0.58
Greeks         as of 3:00:02 PM ET Oct 29, 2025

tradier · as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
  });
});

describe('market and arithmetic', () => {
  it('market status names state, time and next change', () => {
    expect(renderAnswer(answerOf('market', MARKET), at(80))).toEqual(
      screen(`
US stock market · status
State          market open
Exchange time  3:57 PM ET Wed Oct 29, 2025
Next change    closes 4:00 PM ET · in 2 min
Exchange says  Market is open from 09:30 to 16:00

tradier · as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
    expect(renderAnswer(answerOf('market', MARKET), at(40))).toEqual(
      screen(`
US stock market · status
State          market open
Exchange time  3:57 PM ET Wed Oct 29,
               2025
Next change    closes 4:00 PM ET
               in 2 min
Exchange says  Market is open from 09:30
               to 16:00

tradier
as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
  });

  it('a change on another day is named with its day', () => {
    expect(renderAnswer(answerOf('market', HOLIDAY), at(80))).toEqual(
      screen(`
US stock market · status
State          market closed
Exchange time  10:00 AM ET Thu Nov 27, 2025
Next change    pre-market opens 4:00 AM ET Fri Nov 28, 2025 · in 18 h
Holiday        Thanksgiving Day

tradier · as of 3:59:58 PM ET Oct 29, 2025 · live
`),
    );
  });

  it('a calculation is one line', () => {
    expect(
      renderAnswer(
        answerOf(
          'calculation',
          { expression: '(207.04 - 201.03) / 201.03 * 100', value: 2.98960354 },
          { meta: NO_SOURCE },
        ),
        at(80),
      ),
    ).toEqual(
      screen(`
calculation
(207.04 - 201.03) / 201.03 * 100 = 2.98960354
`),
    );
  });
});

describe('bundle', () => {
  it('a bundle has a section for each part that is there', () => {
    expect(
      renderAnswer(
        answerOf('bundle', { symbol: 'SPY', quote: SPY_QUOTE, ta: SPY_INDICATORS }, { meta: STALE }),
        at(80),
      ),
    ).toEqual(
      screen(`
SPY · SPDR S&P 500 · quote · market open
687.39  +0.33  +0.05%

Open        688.72     Bid     —     Volume        85.7M
High        689.70     Ask     —     Avg volume        —
Low         682.87     Spread  —     52-week high      —
Prev close  687.06                   52-week low       —

technical indicators · 2025-10-30 · close 679.83
RSI 14  59.66   MACD  6.23   MACD signal  4.92   MACD hist  +1.31   ATR 14  —

Window     SMA  close vs SMA     EMA  close vs EMA
──────────────────────────────────────────────────
     5  683.35        -0.52%  682.01        -0.32%
    10  676.33        +0.52%  678.49        +0.20%
    20  671.29        +1.27%  672.88        +1.03%
    50  661.24        +2.81%  660.02        +3.00%
   200  608.17       +11.78%  617.41       +10.11%

tradier · as of 3:59:58 PM ET Oct 29, 2025 · stale, 2 h old
`),
    );
  });
});

describe('about fin', () => {
  it('cache figures by kind, provider and hour', () => {
    expect(renderCacheStats(CACHE_STATS, at(80), HOURS)).toEqual(
      screen(`
cache
File            /home/trader/.cache/fin/cache.sqlite
Size            1.3 MB · 57 entries
Hit rate        97.1% · 1,540 hits · 2 stale · 41 misses
Provider calls  40 sent · 512 saved
Since           9:00:00 AM ET Oct 1, 2025

Kind   Entries     Size   Hits  Stale  Misses  Calls  Coalesced
───────────────────────────────────────────────────────────────
quote       12  41.0 kB    340      2      41     40         11
bars        12  41.0 kB  1,200      2      41     40         11

Provider  Used in 60 s  Limit  Breaker
──────────────────────────────────────
polygon              3      5  closed
tradier             17    120  open

hit rate by hour
100% │                                       ▂▂ ▄▄ ▆▆
     │                           ▂▂ ▄▄ ▆▆    ██ ██ ██
     │                           ██ ██ ██    ██ ██ ██
  0% └                           ██ ██ ██    ██ ██ ██
      00 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23

provider calls by hour
30 │                                       ▄▄ ▆▆ ██
   │                           ▃▃ ▅▅ ▇▇    ██ ██ ██
   │                           ██ ██ ██    ██ ██ ██
 0 └                           ██ ██ ██    ██ ██ ██
    00 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23
`),
    );
  });

  it('doctor marks each check and says what to do', () => {
    expect(renderDoctor(DOCTOR, at(80))).toEqual(
      screen(`
ok       Tradier key  accepted, answered in 180 ms
problem  Polygon key  not set
                      -> set MASSIVE_API_KEY to your key; without it only
                         Tradier is asked
note     cache file   of an older version, set aside
`),
    );
    expect(renderDoctor(DOCTOR, at(40))).toEqual(
      screen(`
ok       Tradier key
         accepted, answered in 180 ms
problem  Polygon key
         not set
         -> set MASSIVE_API_KEY to your
            key; without it only Tradier
            is asked
note     cache file
         of an older version, set aside
`),
    );
  });
});

describe('positions', () => {
  const held = (id: number, symbol: string, figures: object = {}) => ({
    id,
    symbol,
    quantity: 1,
    cost: 400,
    ...figures,
  });
  const data = {
    positions: [
      held(1, 'KO', { quantity: 0.5, dayPnl: 0.555, pnl: 22_626, price: 62.85 }),
      held(2, 'NVDA261218C00450000', { dte: 17, pnl: -1_265, dayPnl: -12_650.5, price: 2.5, delta: 98.9, theta: -3 }),
    ],
    totals: { value: 1, dayPnl: 0.555, pnl: 1 },
    expired: [held(3, 'NVDA261120C00450000', { dte: -11 }), held(4, 'SPXW261120C06000000', { dte: -11 })],
  };

  it.each([50, 60, 80, 140])('cut nothing of a contract and no cent too many at width %i', (width) => {
    const lines = renderAnswer(answerOf('positions', data as never), at(width));
    const text = lines.join('\n');
    expect(text).not.toContain('…');
    expect(text).toMatch(/ 450 call 2026-12-18(?: · 17 DTE)? /);
    if (width >= 60) expect(text).toMatch(/KO .* \+0\.5[56] /);
    expect(text).toMatch(/today \+0\.5[56]$/m);
    expect(text.replaceAll(/\s+/g, ' ')).toContain('3: 1 NVDA 450 call 2026-11-20');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('4: 1 SPXW 6,000 call 2026-11-20');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
  });
});
