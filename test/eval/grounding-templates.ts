// Phrasings of right answers. The first lot (QUOTES to LONG) was tuned on, its last third only after it had been
// scored unseen; what is `held` has never been tuned on, and is scored apart. Keep it so: new phrasings form a new lot,
// are scored before anything is changed for them, and are held no more once something was.
import type { Kit, Piece, Slot, Template } from './grounding-kit.ts';
import { lines, say } from './grounding-kit.ts';
import type { Stock } from './grounding-world.ts';

const change = (kit: Kit, stock: Stock): Piece[] =>
  say`${kit.quote(stock, 'change', kit.signedPrice)} (${kit.quote(stock, 'changePercent', kit.signedPercent)})`;
const row = (...cells: (Piece | Piece[])[]): Piece[] => [
  '| ',
  ...cells.flatMap((cell, index) => [index === 0 ? '' : ' | ', ...[cell].flat()]),
  ' |',
];
const rule = (columns: number): Piece[] => [`|${' --- |'.repeat(columns)}`];
const abs =
  (write: (value: number) => string) =>
  (value: number): string =>
    write(Math.abs(value));

const QUOTES: Template[] = [
  (k) => {
    const s = [k.quote(k.a, 'last'), k.quote(k.a, 'open')];
    return say`${k.who(k.a, s)} last traded at ${s[0]!}, after opening at ${s[1]!}.`;
  },
  (k) =>
    say`${k.a.symbol} is at ${k.quote(k.a, 'last')}, ${change(k, k.a)} on the day. It opened at ${k.quote(k.a, 'open')}, traded between ${k.quote(k.a, 'low')} and ${k.quote(k.a, 'high')}, and closed the previous session at ${k.quote(k.a, 'previousClose')}.`,
  (k) =>
    say`${k.quote(k.a, 'last')} is where ${k.a.symbol} trades now; the session high was ${k.quote(k.a, 'high')} and the low ${k.quote(k.a, 'low')}.`,
  (k) =>
    lines(
      say`**${k.a.symbol}**`,
      say`- Last: ${k.quote(k.a, 'last')}`,
      say`- Change: ${change(k, k.a)}`,
      say`- Open: ${k.quote(k.a, 'open')}`,
      say`- High: ${k.quote(k.a, 'high')}`,
      say`- Low: ${k.quote(k.a, 'low')}`,
      say`- Previous close: ${k.quote(k.a, 'previousClose')}`,
    ),
  (k) =>
    say`${k.a.symbol} ${k.direction(k.a.quote.change!, 'rose', 'fell')} ${k.quote(k.a, 'change', abs(k.price))}, or ${k.quote(k.a, 'changePercent', abs(k.percent))}, to ${k.quote(k.a, 'last')} on volume of ${k.quote(k.a, 'volume', k.volume)} shares.`,
  (k) =>
    lines(
      row('Field', k.a.symbol),
      rule(2),
      row('Last', k.quote(k.a, 'last')),
      row('Open', k.quote(k.a, 'open')),
      row('High', k.quote(k.a, 'high')),
      row('Low', k.quote(k.a, 'low')),
      row('Volume', k.quote(k.a, 'volume', k.volume)),
      row('52-week range', say`${k.quote(k.a, 'week52Low')} – ${k.quote(k.a, 'week52High')}`),
    ),
  (k) =>
    say`The stock is ${k.direction(k.a.quote.change!, 'up', 'down')} ${k.quote(k.a, 'changePercent', abs(k.percent))} today. ${k.a.symbol} has a 52-week high of ${k.quote(k.a, 'week52High')} and a 52-week low of ${k.quote(k.a, 'week52Low')}; the last price is ${k.quote(k.a, 'last')}.`,
  (k) =>
    say`O/H/L for ${k.a.symbol}: ${k.quote(k.a, 'open')} / ${k.quote(k.a, 'high')} / ${k.quote(k.a, 'low')}, last ${k.quote(k.a, 'last')}, prev. close ${k.quote(k.a, 'previousClose')}.`,
  (k) =>
    say`With a ${k.direction(k.a.quote.change!, 'gain', 'loss')} of ${k.quote(k.a, 'changePercent', abs(k.percent))}, ${k.a.symbol} finished at ${k.quote(k.a, 'last')}. Volume came in at ${k.quote(k.a, 'volume', k.volume)}, against an average volume of ${k.quote(k.a, 'averageVolume', k.volume)}.`,
  (k) =>
    say`${k.a.symbol} (bid ${k.quote(k.a, 'bid')}, ask ${k.quote(k.a, 'ask')}) last printed ${k.quote(k.a, 'last')}.`,
  (k) =>
    say`Current price of ${k.a.symbol}: **${k.quote(k.a, 'last')}** (${k.quote(k.a, 'changePercent', k.signedPercent)}). Day range: ${k.quote(k.a, 'low')}–${k.quote(k.a, 'high')}.`,
  (k) =>
    say`As of Oct 29, 2025 at 4:00 PM ET, ${k.a.symbol} stood at ${k.quote(k.a, 'last')}, ${k.direction(k.a.quote.change!, 'higher by', 'lower by')} ${k.quote(k.a, 'change', abs(k.price))} than its previous close of ${k.quote(k.a, 'previousClose')}.`,
];

const HISTORY: Template[] = [
  (k) => {
    const b = k.bar(k.a);
    return say`On ${b.date()}, ${k.a.symbol} opened at ${b.open}, reached a high of ${b.high}, a low of ${b.low} and closed at ${b.close}.`;
  },
  (k) => {
    const b = k.bar(k.a);
    return say`${b.close} was where ${k.a.symbol} closed on ${b.date('short')}; it had opened at ${b.open}.`;
  },
  (k) =>
    lines(
      say`Here are the last 4 trading days of ${k.a.symbol}:`,
      [''],
      row('Date', 'Open', 'High', 'Low', 'Close', 'Volume'),
      rule(6),
      ...[6, 7, 8, 9].map((index) => {
        const b = k.bar(k.a, index, k.plain);
        return row(b.date('iso'), b.open, b.high, b.low, b.close, b.volume);
      }),
    ),
  (k) => {
    const b = k.bar(k.a, 3);
    const d = k.bar(k.a, 8);
    return say`${k.a.symbol} closed at ${b.close} on ${b.date('short')} and at ${d.close} on ${d.date('short')}.`;
  },
  (k) =>
    lines(
      say`${k.a.symbol} closes:`,
      ...[5, 6, 7, 8].map((index) => {
        const b = k.bar(k.a, index);
        return say`- ${b.date('short')}: ${b.close}`;
      }),
    ),
  (k) =>
    say`Over the past two weeks (${k.date(0, 'short')} to ${k.date(9, 'short')}) ${k.a.symbol} ${k.direction(k.a.history.summary.change ?? 0, 'gained', 'lost')} ${k.summary(k.a, 'change', abs(k.price))} (${k.summary(k.a, 'changePercent', k.signedPercent)}), with a period high of ${k.summary(k.a, 'high')} and a low of ${k.summary(k.a, 'low')} over ${k.summary(k.a, 'bars', k.whole)} sessions.`,
  (k) => {
    const b = k.bar(k.a, 9);
    return say`Yesterday ${k.a.symbol} opened at ${b.open} and closed at ${b.close}, with ${b.volume} shares traded. The range was ${b.low} to ${b.high}.`;
  },
  (k) => {
    const b = k.bar(k.a, 6);
    return say`Last week's Friday (${b.date('iso')}): open ${b.open}, high ${b.high}, low ${b.low}, close ${b.close}, volume ${b.volume}.`;
  },
  (k) =>
    lines(
      say`### ${k.a.symbol}, ${k.date(4, 'short')} – ${k.date(7, 'short')}`,
      [''],
      ...[4, 5, 6, 7].map((index) => {
        const b = k.bar(k.a, index);
        return say`${String(index - 3)}. **${b.date('long')}** – O ${b.open}, H ${b.high}, L ${b.low}, C ${b.close}`;
      }),
    ),
  (k) => {
    const b = k.bar(k.a);
    return say`${k.a.symbol}'s ${b.date('short')} session saw ${b.volume} shares change hands; the close of ${b.close} compares with an open of ${b.open}.`;
  },
  (k) => {
    const b = k.bar(k.a, 4);
    const d = k.bar(k.a, 5);
    return say`Between ${b.date('iso')} (close ${b.close}) and ${d.date('iso')} (close ${d.close}) the move in ${k.a.symbol} was orderly.`;
  },
  (k) =>
    lines(
      row('Day', 'Close', 'Range'),
      rule(3),
      ...[2, 3, 4].map((index) => {
        const b = k.bar(k.a, index, k.plain);
        return row(b.date('short'), b.close, say`${b.low} - ${b.high}`);
      }),
      [''],
      say`The period high for ${k.a.symbol} was ${k.summary(k.a, 'high')}.`,
    ),
  (k) => {
    const b = k.bar(k.a);
    return say`On ${b.date('long')} ${k.a.symbol} finished the day at ${b.close}. It had opened at ${b.open} and its intraday peak was ${b.high}.`;
  },
  (k) =>
    say`${k.a.symbol} is ${k.direction(k.a.history.summary.change ?? 0, 'up', 'down')} ${k.summary(k.a, 'changePercent', abs(k.percent))} since ${k.date(0, 'short')}, a change of ${k.summary(k.a, 'change', k.signedPrice)}. The lowest point of the period was ${k.summary(k.a, 'low')}.`,
];

const INDICATORS: Template[] = [
  (k) =>
    say`${k.a.symbol}'s RSI14 is ${k.ta(k.a, 'rsi14')}, MACD ${k.ta(k.a, 'macd')} with a signal of ${k.ta(k.a, 'signal')} and a histogram of ${k.ta(k.a, 'histogram')}.`,
  (k) =>
    lines(
      say`Technical indicators for ${k.a.symbol} (2025-10-29):`,
      say`- RSI (14): ${k.ta(k.a, 'rsi14')}`,
      say`- MACD (12/26/9): ${k.ta(k.a, 'macd')} / ${k.ta(k.a, 'signal')} / ${k.ta(k.a, 'histogram')}`,
      ...['5', '10', '20', '50', '200'].map((w) => say`- SMA${w}: ${k.ta(k.a, `sma${w}`)}`),
    ),
  (k) =>
    lines(
      row('Indicator', 'Value'),
      rule(2),
      row('RSI14', k.ta(k.a, 'rsi14')),
      row('MACD', k.ta(k.a, 'macd')),
      row('Signal', k.ta(k.a, 'signal')),
      row('Histogram', k.ta(k.a, 'histogram')),
      ...['20', '50', '200'].flatMap((w) => [
        row(`SMA ${w}`, k.ta(k.a, `sma${w}`)),
        row(`EMA ${w}`, k.ta(k.a, `ema${w}`)),
      ]),
      say`All of it is for ${k.a.symbol}.`,
    ),
  (k) =>
    say`At ${k.quote(k.a, 'last')}, ${k.a.symbol} compares with its 50-day moving average of ${k.ta(k.a, 'sma50')} and its 200-day moving average of ${k.ta(k.a, 'sma200')}. RSI(14) stands at ${k.ta(k.a, 'rsi14')}, between the 30 oversold and 70 overbought lines.`,
  (k) =>
    lines(
      row('Window', 'SMA', 'EMA'),
      rule(3),
      ...['5', '10', '20', '50', '200'].map((w) => row(w, k.ta(k.a, `sma${w}`), k.ta(k.a, `ema${w}`))),
      [''],
      say`RSI for ${k.a.symbol} is ${k.ta(k.a, 'rsi14')}.`,
    ),
  (k) =>
    say`Momentum in ${k.a.symbol}: the RSI reads ${k.ta(k.a, 'rsi14')}; the MACD line (${k.ta(k.a, 'macd')}) against its signal line (${k.ta(k.a, 'signal')}) leaves a histogram of ${k.ta(k.a, 'histogram')}.`,
  (k) =>
    say`SMA 5/10/20/50/200 of ${k.a.symbol}: ${k.ta(k.a, 'sma5')} / ${k.ta(k.a, 'sma10')} / ${k.ta(k.a, 'sma20')} / ${k.ta(k.a, 'sma50')} / ${k.ta(k.a, 'sma200')}.`,
  (k) =>
    say`${k.a.symbol} closed at ${k.quote(k.a, 'last')}. The 20 EMA is ${k.ta(k.a, 'ema20')} and the 50 DMA is ${k.ta(k.a, 'sma50')}, with RSI14 at ${k.ta(k.a, 'rsi14')}.`,
  (k) =>
    lines(
      say`**${k.a.symbol} trend**`,
      say`- Short term: SMA5 ${k.ta(k.a, 'sma5')}, SMA10 ${k.ta(k.a, 'sma10')}`,
      say`- Long term: SMA50 ${k.ta(k.a, 'sma50')}, SMA200 ${k.ta(k.a, 'sma200')}`,
      say`- Momentum: RSI ${k.ta(k.a, 'rsi14')}, neither above 70 nor below 30`,
    ),
  (k) =>
    say`The 5-day and 10-day EMAs of ${k.a.symbol} are ${k.ta(k.a, 'ema5')} and ${k.ta(k.a, 'ema10')}; its 14-day RSI is ${k.ta(k.a, 'rsi14')}.`,
  (k) =>
    lines(
      say`SMA: 5: ${k.ta(k.a, 'sma5')}, 10: ${k.ta(k.a, 'sma10')}, 20: ${k.ta(k.a, 'sma20')}, 50: ${k.ta(k.a, 'sma50')}, 200: ${k.ta(k.a, 'sma200')}`,
      say`EMA: 5: ${k.ta(k.a, 'ema5')}, 10: ${k.ta(k.a, 'ema10')}, 20: ${k.ta(k.a, 'ema20')}, 50: ${k.ta(k.a, 'ema50')}, 200: ${k.ta(k.a, 'ema200')}`,
      say`These are ${k.a.symbol}'s averages.`,
    ),
  (k) =>
    say`With a MACD histogram of ${k.ta(k.a, 'histogram')} and a 200-day SMA at ${k.ta(k.a, 'sma200')}, ${k.a.symbol} keeps its trend; RSI sits near ${k.ta(k.a, 'rsi14')}.`,
];

const CHAINS: Template[] = [
  (k) => {
    const c = k.contract(k.a, 'call');
    return say`The ${k.a.symbol} ${c.strike} ${c.side()} expiring 2025-11-07 has open interest of ${c.openInterest}, volume of ${c.volume} and an IV of ${c.iv}.`;
  },
  (k) => {
    const c = k.contract(k.a, 'put');
    return say`${k.a.symbol} Nov 7 ${c.strike} ${c.side()}: bid ${c.bid}, ask ${c.ask}, delta ${c.delta}, OI ${c.openInterest}.`;
  },
  (k) =>
    lines(
      say`${k.a.symbol} calls, 2025-11-07:`,
      row('Strike', 'Bid', 'Ask', 'Delta', 'Volume', 'OI', 'IV'),
      rule(7),
      ...[8, 9, 10, 11].map((i) => {
        const c = k.contract(k.a, 'call', i);
        return row(c.strike, c.bid, c.ask, c.delta, c.volume, c.openInterest, c.iv);
      }),
    ),
  (k) => {
    const w = k.wall(k.a, 'call');
    const p = k.wall(k.a, 'put');
    return say`The call wall of ${k.a.symbol} is at ${w.strike} with ${w.openInterest} contracts, the put wall at ${p.strike} with ${p.openInterest} contracts.`;
  },
  (k) =>
    lines(
      say`Call walls for ${k.a.symbol}:`,
      ...[0, 1, 2].map((r) => {
        const w = k.wall(k.a, 'call', r);
        return say`- ${w.strike} strike: ${w.openInterest} open interest`;
      }),
      say`Put walls:`,
      ...[0, 1].map((r) => {
        const w = k.wall(k.a, 'put', r);
        return say`- ${w.strike} strike: ${w.openInterest} open interest`;
      }),
    ),
  (k) =>
    say`Max pain for ${k.a.symbol} is ${k.free(k.a.chain.analytics.maxPain!, k.price)}, the expected move ±${k.free(k.a.chain.analytics.expectedMove!.amount, abs(k.plain))} (${k.free(k.a.chain.analytics.expectedMove!.percent, k.percent)}), and the put/call open interest ratio is ${k.free(k.a.chain.analytics.putCallOpenInterest!, (v) => v.toFixed(2))}.`,
  (k) => {
    const c = k.contract(k.a, 'call', 12);
    const p = k.contract(k.a, 'put', 7);
    return say`In ${k.a.symbol}, the ${c.strike} ${c.side()} carries ${c.openInterest} open contracts while the ${p.strike} ${p.side()} carries ${p.openInterest}.`;
  },
  (k) =>
    lines(
      row('Strike', 'Call OI', 'Put OI'),
      rule(3),
      ...[9, 10, 11].map((i) => {
        const c = k.contract(k.a, 'call', i);
        const p = k.contract(k.a, 'put', i);
        return row(c.strike, c.openInterest, p.openInterest);
      }),
      [''],
      say`Expiration 2025-11-07, ${k.a.symbol}.`,
    ),
  (k) => {
    const c = k.contract(k.a, 'put');
    return say`For the ${c.strike} ${c.side()} in ${k.a.symbol} (expiring November 7), implied volatility is ${c.iv} and delta is ${c.delta}; it is quoted at ${c.bid} bid and ${c.ask} ask.`;
  },
  (k) => {
    const w = k.wall(k.a, 'put');
    return say`The largest put open interest in ${k.a.symbol} is ${w.openInterest} at the ${w.strike} strike, below the spot of ${k.quote(k.a, 'last')}.`;
  },
  (k) =>
    lines(
      say`## ${k.a.symbol} options`,
      [''],
      say`Calls`,
      ...[10, 11]
        .map((i) => {
          const c = k.contract(k.a, 'call', i);
          return say`- **${c.strike}**: bid ${c.bid} / ask ${c.ask}, volume ${c.volume}`;
        })
        .map((r, i) => (i === 0 ? r : r)),
      say`There are ${k.free(k.a.expirations.expirations.length, k.whole)} expirations in all.`,
    ),
  (k) => {
    const c = k.contract(k.a, 'call');
    return say`Open interest at the ${c.strike} strike is ${c.openInterest} on the ${c.side()} side for ${k.a.symbol}, and ${c.volume} traded today.`;
  },
  (k) =>
    say`${k.a.symbol} has ${k.free(k.a.expirations.expirations.length, k.whole)} expiration dates, the nearest on 2025-10-31 and the last on ${k.a.expirations.expirations.at(-1)!.date}; the November 7 one is ${k.free(8, k.whole)} days to expiration.`,
  (k) => {
    const c = k.contract(k.a, 'call', 12);
    const p = k.contract(k.a, 'put', 8);
    return lines(
      row('Contract', 'Bid', 'Ask', 'OI'),
      rule(4),
      row(say`${c.strike} ${c.side('title')}`, c.bid, c.ask, c.openInterest),
      row(say`${p.strike} ${p.side('title')}`, p.bid, p.ask, p.openInterest),
      [''],
      say`Both are ${k.a.symbol} options.`,
    );
  },
];

const SEVERAL: Template[] = [
  (k) => say`${k.a.symbol} closed at ${k.quote(k.a, 'last')} and ${k.b.symbol} at ${k.quote(k.b, 'last')}.`,
  (k) =>
    lines(
      row('Symbol', 'Last', 'Change', 'Change %', 'Volume'),
      rule(5),
      ...[k.a, k.b, k.c].map((s) =>
        row(
          s.symbol,
          k.quote(s, 'last'),
          k.quote(s, 'change', k.signedPrice),
          k.quote(s, 'changePercent', k.signedPercent),
          k.quote(s, 'volume', k.volume),
        ),
      ),
    ),
  (k) =>
    say`${k.a.symbol}, ${k.b.symbol} and ${k.c.symbol} closed at ${k.quote(k.a, 'last')}, ${k.quote(k.b, 'last')} and ${k.quote(k.c, 'last')} respectively.`,
  (k) =>
    lines(
      ...[k.a, k.b, k.c].map(
        (s) =>
          say`- **${s.symbol}**: ${k.quote(s, 'last')}, ${k.quote(s, 'changePercent', k.signedPercent)}, high ${k.quote(s, 'high')}, low ${k.quote(s, 'low')}`,
      ),
    ),
  (k) =>
    say`${k.a.symbol} ${k.direction(k.a.quote.change!, 'rose', 'fell')} ${k.quote(k.a, 'changePercent', abs(k.percent))} while ${k.b.symbol} ${k.direction(k.b.quote.change!, 'gained', 'lost')} ${k.quote(k.b, 'changePercent', abs(k.percent))}.`,
  (k) =>
    lines(
      row('', k.a.symbol, k.b.symbol, k.c.symbol),
      rule(4),
      row('Open', k.quote(k.a, 'open'), k.quote(k.b, 'open'), k.quote(k.c, 'open')),
      row('High', k.quote(k.a, 'high'), k.quote(k.b, 'high'), k.quote(k.c, 'high')),
      row('Low', k.quote(k.a, 'low'), k.quote(k.b, 'low'), k.quote(k.c, 'low')),
      row('RSI14', k.ta(k.a, 'rsi14'), k.ta(k.b, 'rsi14'), k.ta(k.c, 'rsi14')),
    ),
  (k) =>
    lines(
      ...[k.a, k.b].flatMap((s) => [
        say`### ${s.symbol}`,
        say`The stock trades at ${k.quote(s, 'last')}. Its RSI14 is ${k.ta(s, 'rsi14')} and its 50-day moving average ${k.ta(s, 'sma50')}.`,
        [''],
      ]),
    ),
  (k) => say`RSI14 is ${k.ta(k.a, 'rsi14')} for ${k.a.symbol} and ${k.ta(k.b, 'rsi14')} for ${k.b.symbol}.`,
  (k) => {
    const x = k.bar(k.a, 9);
    const y = k.bar(k.b, 9);
    const z = k.bar(k.c, 9);
    return lines(
      say`Closes on ${k.date(9, 'iso')}:`,
      say`- ${k.a.symbol}: ${x.close}`,
      say`- ${k.b.symbol}: ${y.close}`,
      say`- ${k.c.symbol}: ${z.close}`,
    );
  },
  (k) =>
    say`${k.a.symbol} (${k.quote(k.a, 'last')}, ${k.quote(k.a, 'changePercent', k.signedPercent)}) fared differently from ${k.b.symbol} (${k.quote(k.b, 'last')}, ${k.quote(k.b, 'changePercent', k.signedPercent)}).`,
  (k) =>
    lines(
      ...[k.a, k.b].map(
        (s) =>
          say`${s.symbol} support: ${k.level(s, 'supports', 0)} and ${k.level(s, 'supports', 1)}; resistance: ${k.level(s, 'resistances', 0)} and ${k.level(s, 'resistances', 1)}.`,
      ),
    ),
  (k) =>
    say`${k.a.symbol}'s volume was ${k.quote(k.a, 'volume', k.volume)} versus ${k.quote(k.b, 'volume', k.volume)} for ${k.b.symbol}; ${k.c.symbol} saw ${k.quote(k.c, 'volume', k.volume)}.`,
  (k) => {
    const rows = [k.a, k.b, k.c].map((s) => ({ s, b: k.bar(s, 8, k.plain) }));
    return lines(
      say`Session of ${k.date(8, 'long')}`,
      [''],
      row('Ticker', 'O', 'H', 'L', 'C'),
      rule(5),
      ...rows.map(({ s, b }) => row(s.symbol, b.open, b.high, b.low, b.close)),
    );
  },
  (k) =>
    say`Compared with ${k.b.symbol}, ${k.a.symbol} looks different: it last traded at ${k.quote(k.a, 'last')} with an RSI of ${k.ta(k.a, 'rsi14')}.`,
  (k) =>
    lines(
      say`1. ${k.a.symbol} – last ${k.quote(k.a, 'last')}; SMA20 ${k.ta(k.a, 'sma20')}; MACD ${k.ta(k.a, 'macd')}`,
      say`2. ${k.b.symbol} – last ${k.quote(k.b, 'last')}; SMA20 ${k.ta(k.b, 'sma20')}; MACD ${k.ta(k.b, 'macd')}`,
    ),
];

const LEVELS: Template[] = [
  (k) =>
    say`Support for ${k.a.symbol} is at ${k.level(k.a, 'supports', 0)} (SMA20) and ${k.level(k.a, 'supports', 1)} (20-day low); resistance is at ${k.level(k.a, 'resistances', 0)} and ${k.level(k.a, 'resistances', 1)}.`,
  (k) =>
    lines(
      say`**${k.a.symbol} levels** (spot ${k.quote(k.a, 'last')})`,
      [''],
      say`Supports:`,
      ...[0, 1, 2].map((r) => say`${String(r + 1)}. ${k.level(k.a, 'supports', r)}`),
      [''],
      say`Resistances:`,
      ...[0, 1, 2].map((r) => say`${String(r + 1)}. ${k.level(k.a, 'resistances', r)}`),
    ),
  (k) =>
    lines(
      row('Level', 'Price', 'Origin'),
      rule(3),
      row('Support 1', k.level(k.a, 'supports', 0), 'SMA20'),
      row('Support 2', k.level(k.a, 'supports', 1), '20-day low'),
      row('Resistance 1', k.level(k.a, 'resistances', 0), '20-day high'),
      [''],
      say`These 3 levels are for ${k.a.symbol}.`,
    ),
  (k) =>
    say`The nearest support in ${k.a.symbol} lies near ${k.level(k.a, 'supports', 0)}, the first resistance at ${k.level(k.a, 'resistances', 0)}; the stock trades at ${k.quote(k.a, 'last')}.`,
  (k) =>
    say`${k.a.symbol}: 2 supports below (${k.level(k.a, 'supports', 0)}, ${k.level(k.a, 'supports', 1)}) and 2 resistances above (${k.level(k.a, 'resistances', 0)}, ${k.level(k.a, 'resistances', 1)}).`,
  (k) =>
    lines(
      say`Key levels for ${k.a.symbol}:`,
      say`- S1: ${k.level(k.a, 'supports', 0)}`,
      say`- S2: ${k.level(k.a, 'supports', 1)}`,
      say`- R1: ${k.level(k.a, 'resistances', 0)}`,
      say`- R2: ${k.level(k.a, 'resistances', 1)}`,
    ),
];

const LONG: Template[] = [
  (k) => {
    const b = k.bar(k.a, 9);
    return lines(
      say`**Summary.** ${k.a.symbol} ended Oct 29 at ${b.close}. It is ${k.direction(k.a.history.summary.change ?? 0, 'up', 'down')} ${k.summary(k.a, 'changePercent', abs(k.percent))} over the last 10 trading days.`,
      [''],
      say`**Momentum.** RSI14 at ${k.ta(k.a, 'rsi14')} and a MACD of ${k.ta(k.a, 'macd')} (signal ${k.ta(k.a, 'signal')}).`,
      [''],
      say`**Levels.** Support at ${k.level(k.a, 'supports', 0)}, resistance at ${k.level(k.a, 'resistances', 0)}.`,
    );
  },
  (k) => {
    const c = k.wall(k.a, 'call');
    return lines(
      say`1. Price: ${k.a.symbol} at ${k.quote(k.a, 'last')} vs. SMA50 of ${k.ta(k.a, 'sma50')} and SMA200 of ${k.ta(k.a, 'sma200')}.`,
      say`2. Options: the largest call open interest sits at the ${c.strike} strike (${c.openInterest} contracts).`,
      say`3. Volume: roughly ${k.quote(k.a, 'volume', (v) => `${Math.round(v / 1e6)} million`)} shares.`,
    );
  },
  (k) =>
    lines(
      say`Comparing ${k.a.symbol} with ${k.b.symbol} in Q4:`,
      [''],
      say`${k.a.symbol} trades at ${k.quote(k.a, 'last')}, has an RSI of ${k.ta(k.a, 'rsi14')} and a 20-day SMA of ${k.ta(k.a, 'sma20')}.`,
      [''],
      say`${k.b.symbol} trades at ${k.quote(k.b, 'last')}, has an RSI of ${k.ta(k.b, 'rsi14')} and a 20-day SMA of ${k.ta(k.b, 'sma20')}.`,
    ),
  (k) => {
    const b = k.bar(k.a, 8);
    return lines(
      say`| Metric | Value |`,
      rule(2),
      row(say`Close (${b.date('short')})`, b.close),
      row(say`Volume (${k.date(8, 'short')})`, b.volume),
      row('RSI (14)', k.ta(k.a, 'rsi14')),
      row('52-week high', k.quote(k.a, 'week52High')),
      [''],
      say`Source: the tools, for ${k.a.symbol}.`,
    );
  },
  (k) =>
    lines(
      say`${k.a.symbol} vs ${k.b.symbol}`,
      row('Metric', k.a.symbol, k.b.symbol),
      rule(3),
      row('Price', k.quote(k.a, 'last'), k.quote(k.b, 'last')),
      row('Day change', k.quote(k.a, 'changePercent', k.signedPercent), k.quote(k.b, 'changePercent', k.signedPercent)),
      row('RSI14', k.ta(k.a, 'rsi14'), k.ta(k.b, 'rsi14')),
      row('50-day SMA', k.ta(k.a, 'sma50'), k.ta(k.b, 'sma50')),
    ),
  (k) =>
    say`${k.a.name.split(' ')[0]!} (${k.a.symbol}) trades at ${k.quote(k.a, 'last')}. That is ${k.direction(k.a.quote.change!, 'up', 'down')} ${k.quote(k.a, 'changePercent', abs(k.percent))} on the day, on ${k.quote(k.a, 'volume', k.volume)} shares. Over 5 trading days nothing broke the 200-day average of ${k.ta(k.a, 'sma200')}, and the S&P 500 is not part of this.`,
];

/** A second lot, written blind after the first had been tuned on. */
const PROSE: Template[] = [
  (k) =>
    say`Right now ${k.a.symbol} changes hands at ${k.quote(k.a, 'last')}; yesterday's session ran from a low of ${k.quote(k.a, 'low')} to a high of ${k.quote(k.a, 'high')}.`,
  (k) =>
    say`${k.a.symbol} ended the session ${k.direction(k.a.quote.change!, 'up', 'down')} ${k.quote(k.a, 'change', abs(k.price))} (${k.quote(k.a, 'changePercent', k.signedPercent)}) at ${k.quote(k.a, 'last')}, having traded as high as ${k.quote(k.a, 'high')} and as low as ${k.quote(k.a, 'low')}.`,
  (k) =>
    say`The last price of ${k.a.symbol} is ${k.quote(k.a, 'last')}. The bid/ask is ${k.quote(k.a, 'bid')} / ${k.quote(k.a, 'ask')}. It has traded ${k.quote(k.a, 'volume', k.volume)} shares so far.`,
  (k) => {
    const b = k.bar(k.a, 6);
    return say`${k.a.symbol}'s close on Friday, ${b.date('short')}, was ${b.close}. That session's high was ${b.high}, its low ${b.low}.`;
  },
  (k) => {
    const b = k.bar(k.a, 2);
    return say`On ${b.date('long')}, shares of ${k.a.symbol} moved from an open of ${b.open} to a close of ${b.close} on ${b.volume} shares.`;
  },
  (k) => {
    const b = k.bar(k.a, 7);
    return say`${b.date('short')} was calm for ${k.a.symbol}: the stock opened at ${b.open}, ranged between ${b.low} and ${b.high}, and settled at ${b.close}.`;
  },
  (k) =>
    say`From ${k.date(0, 'short')} through ${k.date(9, 'short')}, ${k.a.symbol} returned ${k.summary(k.a, 'changePercent', k.signedPercent)}, i.e. ${k.summary(k.a, 'change', k.signedPrice)} per share. The high of the period was ${k.summary(k.a, 'high')}, its low ${k.summary(k.a, 'low')}.`,
  (k) =>
    say`RSI(14) for ${k.a.symbol} came in at ${k.ta(k.a, 'rsi14')}, which is not above 70. The MACD histogram of ${k.ta(k.a, 'histogram')} results from a MACD line of ${k.ta(k.a, 'macd')} and a signal line of ${k.ta(k.a, 'signal')}.`,
  (k) =>
    say`${k.a.symbol} sits at ${k.quote(k.a, 'last')} versus a 20-day SMA of ${k.ta(k.a, 'sma20')}, a 50-day SMA of ${k.ta(k.a, 'sma50')} and a 200-day SMA of ${k.ta(k.a, 'sma200')}.`,
  (k) =>
    say`For ${k.a.symbol}, the EMA5 (${k.ta(k.a, 'ema5')}) and the EMA20 (${k.ta(k.a, 'ema20')}) tell the short-term story, the SMA200 (${k.ta(k.a, 'sma200')}) the long one.`,
  (k) => {
    const c = k.contract(k.a, 'call', 13);
    return say`At the November 7 expiration, ${k.a.symbol}'s ${c.strike} strike ${c.side()} shows ${c.openInterest} in open interest against a volume of ${c.volume}, with delta at ${c.delta}.`;
  },
  (k) => {
    const c = k.contract(k.a, 'put', 6);
    return say`You could look at the ${k.a.symbol} ${c.strike} ${c.side()} for 2025-11-07: the bid is ${c.bid}, the ask ${c.ask}, and implied volatility runs at ${c.iv}.`;
  },
  (k) => {
    const w = k.wall(k.a, 'call');
    const p = k.wall(k.a, 'put');
    return say`In ${k.a.symbol}'s Nov 7 chain the heaviest call open interest, ${w.openInterest} contracts, is at ${w.strike}; the heaviest put open interest, ${p.openInterest} contracts, is at ${p.strike}.`;
  },
  (k) =>
    say`The options market implies a move of ±${k.free(k.a.chain.analytics.expectedMove!.percent, k.percent)} (about ±${k.free(k.a.chain.analytics.expectedMove!.amount, abs(k.price))}) in ${k.a.symbol} by November 7, with max pain at ${k.free(k.a.chain.analytics.maxPain!, k.price)}.`,
  (k) =>
    say`The strongest of the three was ${k.a.symbol} (${k.quote(k.a, 'changePercent', k.signedPercent)}), followed by ${k.b.symbol} (${k.quote(k.b, 'changePercent', k.signedPercent)}) and ${k.c.symbol} (${k.quote(k.c, 'changePercent', k.signedPercent)}).`,
  (k) =>
    say`While ${k.a.symbol} finished at ${k.quote(k.a, 'last')}, ${k.b.symbol} finished at ${k.quote(k.b, 'last')}.`,
  (k) => {
    const x = k.bar(k.a, 5);
    const y = k.bar(k.b, 5);
    return say`On ${k.date(5, 'short')}, ${k.a.symbol} closed at ${x.close} (open ${x.open}) and ${k.b.symbol} closed at ${y.close} (open ${y.open}).`;
  },
  (k) =>
    say`${k.a.symbol}'s RSI of ${k.ta(k.a, 'rsi14')} compares with ${k.ta(k.b, 'rsi14')} for ${k.b.symbol} and ${k.ta(k.c, 'rsi14')} for ${k.c.symbol}.`,
  (k) =>
    say`On the downside, ${k.a.symbol} finds support at ${k.level(k.a, 'supports', 0)}, then ${k.level(k.a, 'supports', 1)}; on the upside, resistance waits at ${k.level(k.a, 'resistances', 0)}, then ${k.level(k.a, 'resistances', 1)}.`,
  (k) =>
    say`A break above resistance at ${k.level(k.a, 'resistances', 0)} would open ${k.level(k.a, 'resistances', 1)}; if ${k.a.symbol} loses support at ${k.level(k.a, 'supports', 0)}, the next support is ${k.level(k.a, 'supports', 1)}.`,
  (k) =>
    say`${k.a.symbol} trades roughly ${k.quote(k.a, 'averageVolume', (v) => `${(v / 1e6).toFixed(1)} million`)} shares on an average day (average volume), and yesterday's volume was ${k.quote(k.a, 'volume', k.volume)}.`,
];

const LAID_OUT: Template[] = [
  (k) =>
    lines(
      say`${k.a.symbol} — latest quote`,
      [''],
      row('', ''),
      rule(2),
      row('Last price', k.quote(k.a, 'last')),
      row('Day change', change(k, k.a)),
      row('Day high', k.quote(k.a, 'high')),
      row('Day low', k.quote(k.a, 'low')),
      row('Prev close', k.quote(k.a, 'previousClose')),
      row('Avg volume', k.quote(k.a, 'averageVolume', k.volume)),
    ),
  (k) =>
    lines(
      say`**Price:** ${k.quote(k.a, 'last')} | **Open:** ${k.quote(k.a, 'open')} | **High:** ${k.quote(k.a, 'high')} | **Low:** ${k.quote(k.a, 'low')}`,
      say`(${k.a.symbol}, as of the last session)`,
    ),
  (k) =>
    lines(
      say`## ${k.a.symbol}`,
      say`### Price`,
      say`Last ${k.quote(k.a, 'last')}, open ${k.quote(k.a, 'open')}.`,
      say`### Momentum`,
      say`RSI14 ${k.ta(k.a, 'rsi14')}, MACD ${k.ta(k.a, 'macd')}.`,
      say`## ${k.b.symbol}`,
      say`### Price`,
      say`Last ${k.quote(k.b, 'last')}, open ${k.quote(k.b, 'open')}.`,
      say`### Momentum`,
      say`RSI14 ${k.ta(k.b, 'rsi14')}, MACD ${k.ta(k.b, 'macd')}.`,
    ),
  (k) =>
    lines(
      ...[k.a, k.b].flatMap((s) => [
        say`- ${s.symbol}`,
        say`  - Last: ${k.quote(s, 'last')}`,
        say`  - RSI14: ${k.ta(s, 'rsi14')}`,
        say`  - Support: ${k.level(s, 'supports', 0)}`,
        say`  - Resistance: ${k.level(s, 'resistances', 0)}`,
      ]),
    ),
  (k) =>
    lines(
      row('Date', ...[5, 6, 7].map((i) => k.date(i, 'short'))),
      rule(4),
      row(`${k.a.symbol} close`, ...[5, 6, 7].map((i) => k.bar(k.a, i, k.plain).close)),
      row(`${k.b.symbol} close`, ...[5, 6, 7].map((i) => k.bar(k.b, i, k.plain).close)),
    ),
  (k) =>
    lines(
      say`${k.a.symbol} moving averages`,
      [''],
      row('', '5', '10', '20', '50', '200'),
      rule(6),
      row('SMA', ...['5', '10', '20', '50', '200'].map((w) => k.ta(k.a, `sma${w}`))),
      row('EMA', ...['5', '10', '20', '50', '200'].map((w) => k.ta(k.a, `ema${w}`))),
    ),
  (k) =>
    lines(
      row('Symbol', 'Support 1', 'Support 2', 'Resistance 1', 'Resistance 2'),
      rule(5),
      ...[k.a, k.b].map((s) =>
        row(
          s.symbol,
          k.level(s, 'supports', 0),
          k.level(s, 'supports', 1),
          k.level(s, 'resistances', 0),
          k.level(s, 'resistances', 1),
        ),
      ),
    ),
  (k) =>
    lines(
      say`Put chain of ${k.a.symbol} for 2025-11-07 (spot ${k.quote(k.a, 'last')}):`,
      [''],
      row('Strike', 'Bid', 'Ask', 'Delta', 'OI'),
      rule(5),
      ...[9, 10, 11].map((i) => {
        const c = k.contract(k.a, 'put', i);
        return row(say`**${c.strike}**`, c.bid, c.ask, c.delta, c.openInterest);
      }),
    ),
  (k) =>
    lines(
      row('Call OI', 'Call IV', 'Strike', 'Put IV', 'Put OI'),
      rule(5),
      ...[9, 10, 11].map((i) => {
        const c = k.contract(k.a, 'call', i);
        const p = k.contract(k.a, 'put', i);
        return row(c.openInterest, c.iv, c.strike, p.iv, p.openInterest);
      }),
      [''],
      say`${k.a.symbol}, November 7.`,
    ),
  (k) =>
    lines(
      say`Summary for ${k.a.symbol}:`,
      say`* Closed ${k.quote(k.a, 'last')} (${k.quote(k.a, 'changePercent', k.signedPercent)})`,
      say`* Volume ${k.quote(k.a, 'volume', k.volume)}`,
      say`* RSI ${k.ta(k.a, 'rsi14')} / MACD ${k.ta(k.a, 'macd')}`,
      say`* 50-day ${k.ta(k.a, 'sma50')}, 200-day ${k.ta(k.a, 'sma200')}`,
    ),
  (k) =>
    lines(
      say`| ${k.a.symbol} | ${k.b.symbol} |`,
      rule(2),
      row(k.quote(k.a, 'last'), k.quote(k.b, 'last')),
      [''],
      say`Last prices of both.`,
    ),
  (k) =>
    lines(
      say`Week of Oct 20 for ${k.a.symbol}`,
      ...[2, 3, 4, 5, 6]
        .map((i) => {
          const b = k.bar(k.a, i);
          return say`${['Mon', 'Tue', 'Wed', 'Thu', 'Fri'][i - 2]!} ${k.date(i, 'short')}: ${b.open} → ${b.close}`;
        })
        .map((r) => ['- ', ...r]),
      say`(open → close)`,
    ),
];

/** A third lot, written blind after the second had been tuned on. */
const MORE: Template[] = [
  (k) =>
    say`Last trade in ${k.a.symbol} was ${k.quote(k.a, 'last')}, compared with the prior close of ${k.quote(k.a, 'previousClose')}: a ${k.direction(k.a.quote.change!, 'rise', 'drop')} of ${k.quote(k.a, 'change', abs(k.price))}, or ${k.quote(k.a, 'changePercent', abs(k.percent))}.`,
  (k) =>
    say`Quick look at ${k.a.symbol}: price ${k.quote(k.a, 'last')}; day's range ${k.quote(k.a, 'low')}-${k.quote(k.a, 'high')}; 52-week range ${k.quote(k.a, 'week52Low')}-${k.quote(k.a, 'week52High')}; volume ${k.quote(k.a, 'volume', k.volume)}.`,
  (k) => {
    const b = k.bar(k.a, 4);
    return say`${k.a.symbol} (${b.date('iso')}): O=${b.open} H=${b.high} L=${b.low} C=${b.close} V=${b.volume}`;
  },
  (k) => {
    const b = k.bar(k.a, 5);
    const c = k.bar(k.a, 6);
    return say`After closing at ${b.close} on ${b.date('short')}, ${k.a.symbol} opened at ${c.open} on ${c.date('short')} and finished at ${c.close}.`;
  },
  (k) =>
    lines(
      say`**${k.a.symbol} – past two weeks**`,
      say`- Period: Oct 16 to Oct 29 (${k.summary(k.a, 'bars', k.whole)} sessions)`,
      say`- Change: ${k.summary(k.a, 'change', k.signedPrice)} (${k.summary(k.a, 'changePercent', k.signedPercent)})`,
      say`- Period high: ${k.summary(k.a, 'high')}`,
      say`- Period low: ${k.summary(k.a, 'low')}`,
    ),
  (k) =>
    say`Technically, ${k.a.symbol} looks mixed. Its RSI is ${k.ta(k.a, 'rsi14')}, the MACD is ${k.ta(k.a, 'macd')} and the signal line ${k.ta(k.a, 'signal')}. The price of ${k.quote(k.a, 'last')} compares with averages of ${k.ta(k.a, 'sma20')} (SMA20) and ${k.ta(k.a, 'sma50')} (SMA50).`,
  (k) =>
    lines(
      say`${k.a.symbol} indicators`,
      [''],
      row('Indicator', 'Period', 'Value'),
      rule(3),
      row('RSI', '14', k.ta(k.a, 'rsi14')),
      row('SMA', '20', k.ta(k.a, 'sma20')),
      row('SMA', '50', k.ta(k.a, 'sma50')),
      row('EMA', '20', k.ta(k.a, 'ema20')),
    ),
  (k) =>
    say`As for momentum, ${k.a.symbol} shows an RSI of ${k.ta(k.a, 'rsi14')}; ${k.b.symbol} is at ${k.ta(k.b, 'rsi14')} and ${k.c.symbol} at ${k.ta(k.c, 'rsi14')}.`,
  (k) => {
    const c = k.contract(k.a, 'call', 11);
    return say`${k.a.symbol} ${c.strike} ${c.side('title')} (Nov 7): ${c.bid} x ${c.ask}, OI ${c.openInterest}, volume ${c.volume}, IV ${c.iv}.`;
  },
  (k) =>
    lines(
      say`Top put open interest for ${k.a.symbol}:`,
      ...[0, 1].map((r) => {
        const w = k.wall(k.a, 'put', r);
        return say`${String(r + 1)}. ${w.strike} (${w.openInterest})`;
      }),
      say`Max pain: ${k.free(k.a.chain.analytics.maxPain!, k.price)}`,
      say`Put/call ratio (OI): ${k.free(k.a.chain.analytics.putCallOpenInterest!, (v) => v.toFixed(2))}`,
    ),
  (k) => {
    const c = k.contract(k.a, 'call', 10);
    const p = k.contract(k.a, 'put', 10);
    return say`At the ${c.strike} strike of ${k.a.symbol}, ${c.side('many')} have open interest of ${c.openInterest} and ${p.side('many')} have ${p.openInterest}.`;
  },
  (k) =>
    say`Of the three, ${k.a.symbol} last traded at ${k.quote(k.a, 'last')}, ${k.b.symbol} at ${k.quote(k.b, 'last')}, and ${k.c.symbol} at ${k.quote(k.c, 'last')}; their volumes were ${k.quote(k.a, 'volume', k.volume)}, ${k.quote(k.b, 'volume', k.volume)} and ${k.quote(k.c, 'volume', k.volume)}.`,
  (k) =>
    lines(
      row('Ticker', 'Close', 'RSI14', 'SMA50', 'Support', 'Resistance'),
      rule(6),
      ...[k.a, k.b, k.c].map((s) =>
        row(
          `**${s.symbol}**`,
          k.quote(s, 'last'),
          k.ta(s, 'rsi14'),
          k.ta(s, 'sma50'),
          k.level(s, 'supports', 0),
          k.level(s, 'resistances', 0),
        ),
      ),
    ),
  (k) => {
    const x = k.bar(k.a, 9);
    const y = k.bar(k.b, 9);
    return lines(
      say`Yesterday's OHLC:`,
      [''],
      say`**${k.a.symbol}**: open ${x.open}, high ${x.high}, low ${x.low}, close ${x.close}`,
      say`**${k.b.symbol}**: open ${y.open}, high ${y.high}, low ${y.low}, close ${y.close}`,
    );
  },
  (k) =>
    say`Supports for ${k.a.symbol} sit at ${k.level(k.a, 'supports', 0)}, ${k.level(k.a, 'supports', 1)} and ${k.level(k.a, 'supports', 2)}, resistances at ${k.level(k.a, 'resistances', 0)}, ${k.level(k.a, 'resistances', 1)} and ${k.level(k.a, 'resistances', 2)}.`,
  (k) =>
    say`${k.a.symbol} holds above its 20-day SMA (${k.ta(k.a, 'sma20')}) or not, depending on whether ${k.quote(k.a, 'last')}, the last price, stays; first support ${k.level(k.a, 'supports', 0)}, first resistance ${k.level(k.a, 'resistances', 0)}.`,
  (k) =>
    lines(
      say`Here's what I found for ${k.a.symbol}:`,
      [''],
      say`The stock closed at **${k.quote(k.a, 'last')}**, which is ${k.direction(k.a.quote.change!, 'up', 'down')} **${k.quote(k.a, 'changePercent', abs(k.percent))}**.`,
      [''],
      say`During the session it reached **${k.quote(k.a, 'high')}** at its high and **${k.quote(k.a, 'low')}** at its low.`,
    ),
  (k) =>
    say`${k.a.symbol}: ${k.quote(k.a, 'last')} (${k.quote(k.a, 'change', k.signedPrice)} / ${k.quote(k.a, 'changePercent', k.signedPercent)}), ${k.b.symbol}: ${k.quote(k.b, 'last')} (${k.quote(k.b, 'change', k.signedPrice)} / ${k.quote(k.b, 'changePercent', k.signedPercent)}).`,
];

/** A fourth lot, in the manner of language models, written blind; every second was never tuned on. */
const MANNERS: Template[] = [
  (k) =>
    lines(
      say`Here's the latest on **${k.a.name} (${k.a.symbol})**:`,
      [''],
      say`- **Current price:** ${k.quote(k.a, 'last')}`,
      say`- **Day's change:** ${change(k, k.a)}`,
      say`- **Open:** ${k.quote(k.a, 'open')} | **High:** ${k.quote(k.a, 'high')} | **Low:** ${k.quote(k.a, 'low')}`,
      say`- **Volume:** ${k.quote(k.a, 'volume', k.volume)} (avg ${k.quote(k.a, 'averageVolume', k.volume)})`,
    ),
  (k) =>
    say`${k.a.symbol} is currently trading at ${k.quote(k.a, 'last')}, which puts it ${k.quote(k.a, 'changePercent', abs(k.percent))} ${k.direction(k.a.quote.change!, 'above', 'below')} its previous close of ${k.quote(k.a, 'previousClose')}. The session's trading band was ${k.quote(k.a, 'low')} to ${k.quote(k.a, 'high')}.`,
  (k) => {
    const b = k.bar(k.a, 8);
    return say`Looking at Tuesday (${b.date('short')}), ${k.a.symbol} put in a high of ${b.high}, found a low at ${b.low}, and eventually closed at ${b.close} after opening at ${b.open}. Volume totalled ${b.volume} shares.`;
  },
  (k) => {
    const b = k.bar(k.a, 9);
    return lines(
      say`**Yesterday (${b.date('long')})**`,
      say`Open: ${b.open}`,
      say`High: ${b.high}`,
      say`Low: ${b.low}`,
      say`Close: ${b.close}`,
      say`Volume: ${b.volume}`,
      [''],
      say`That is for ${k.a.symbol}.`,
    );
  },
  (k) =>
    lines(
      say`${k.a.symbol} over the last 10 sessions:`,
      say`- Started at ${k.bar(k.a, 0).close} (close of ${k.date(0, 'short')}) and ended at ${k.bar(k.a, 9).close} (close of ${k.date(9, 'short')})`,
      say`- Net change ${k.summary(k.a, 'change', k.signedPrice)}, or ${k.summary(k.a, 'changePercent', k.signedPercent)}`,
      say`- Highest price ${k.summary(k.a, 'high')}, lowest price ${k.summary(k.a, 'low')}`,
    ),
  (k) =>
    say`The RSI of ${k.ta(k.a, 'rsi14')} puts ${k.a.symbol} in neutral territory (30 to 70). Its MACD stands at ${k.ta(k.a, 'macd')} against a signal line of ${k.ta(k.a, 'signal')}, so the histogram prints ${k.ta(k.a, 'histogram')}.`,
  (k) =>
    lines(
      say`### Trend`,
      say`Price (${k.quote(k.a, 'last')}) relative to the averages of ${k.a.symbol}: SMA20 at ${k.ta(k.a, 'sma20')}, SMA50 at ${k.ta(k.a, 'sma50')}, SMA200 at ${k.ta(k.a, 'sma200')}.`,
      [''],
      say`### Momentum`,
      say`RSI14 is ${k.ta(k.a, 'rsi14')}. MACD is ${k.ta(k.a, 'macd')}, below or above its signal of ${k.ta(k.a, 'signal')}.`,
    ),
  (k) =>
    lines(
      say`- **Trend:** price ${k.quote(k.a, 'last')}, 50-day SMA ${k.ta(k.a, 'sma50')}, 200-day SMA ${k.ta(k.a, 'sma200')}`,
      say`- **Momentum:** RSI ${k.ta(k.a, 'rsi14')}; MACD histogram ${k.ta(k.a, 'histogram')}`,
      say`- **Levels:** support ${k.level(k.a, 'supports', 0)} / ${k.level(k.a, 'supports', 1)}, resistance ${k.level(k.a, 'resistances', 0)} / ${k.level(k.a, 'resistances', 1)}`,
      say`Symbol: ${k.a.symbol}`,
    ),
  (k) =>
    say`If ${k.a.symbol} slips under ${k.level(k.a, 'supports', 0)}, its nearest support, the next floor is ${k.level(k.a, 'supports', 1)}. On the way up, ${k.level(k.a, 'resistances', 0)} is the first resistance.`,
  (k) =>
    lines(
      say`| Type | Level | Distance |`,
      rule(3),
      row('Resistance', k.level(k.a, 'resistances', 1), 'far'),
      row('Resistance', k.level(k.a, 'resistances', 0), 'near'),
      row('Spot', k.quote(k.a, 'last'), '—'),
      row('Support', k.level(k.a, 'supports', 0), 'near'),
      row('Support', k.level(k.a, 'supports', 1), 'far'),
    ),
  (k) => {
    const w = k.wall(k.a, 'call');
    const v = k.wall(k.a, 'call', 1);
    const p = k.wall(k.a, 'put');
    return say`Call walls on ${k.a.symbol} sit at ${w.strike} (${w.openInterest} OI) and ${v.strike} (${v.openInterest} OI); the main put wall is ${p.strike} (${p.openInterest} OI).`;
  },
  (k) => {
    const w = k.wall(k.a, 'call');
    const p = k.wall(k.a, 'put');
    return lines(
      row('Side', 'Strike', 'Open interest'),
      rule(3),
      row('Call', w.strike, w.openInterest),
      row('Put', p.strike, p.openInterest),
      [''],
      say`These are the walls of ${k.a.symbol} for 2025-11-07.`,
    );
  },
  (k) => {
    const c = k.contract(k.a, 'put', 8);
    return say`The ${c.strike}-strike ${c.side()} on ${k.a.symbol} expiring Nov 7, 2025 has a bid of ${c.bid} and an ask of ${c.ask}. Its delta is ${c.delta}, and ${c.openInterest} contracts are open.`;
  },
  (k) => {
    const c = k.contract(k.a, 'call', 9);
    const d = k.contract(k.a, 'call', 12);
    return lines(
      say`**Calls (${k.a.symbol}, 2025-11-07)**`,
      say`- ${c.strike}: ${c.bid} bid, ${c.ask} ask, ${c.openInterest} open interest`,
      say`- ${d.strike}: ${d.bid} bid, ${d.ask} ask, ${d.openInterest} open interest`,
    );
  },
  (k) =>
    say`Open interest leans to the calls: the put/call ratio by open interest for ${k.a.symbol} is ${k.free(k.a.chain.analytics.putCallOpenInterest!, (v) => v.toFixed(2))}, by volume ${k.free(k.a.chain.analytics.putCallVolume!, (v) => v.toFixed(2))}.`,
  (k) =>
    say`${k.a.symbol} has ${k.free(k.a.expirations.expirations.length, k.whole)} listed expirations; the first, 2025-10-31, is ${k.free(1, k.whole)} day away, and the chain for Nov 7 (${k.free(8, k.whole)} DTE) implies ±${k.free(k.a.chain.analytics.expectedMove!.percent, k.percent)}.`,
  (k) =>
    lines(
      row('', k.a.symbol, k.b.symbol),
      rule(3),
      row('Last', k.quote(k.a, 'last'), k.quote(k.b, 'last')),
      row('Chg', k.quote(k.a, 'change', k.signedPrice), k.quote(k.b, 'change', k.signedPrice)),
      row('RSI (14)', k.ta(k.a, 'rsi14'), k.ta(k.b, 'rsi14')),
      row('MACD', k.ta(k.a, 'macd'), k.ta(k.b, 'macd')),
      row('Support', k.level(k.a, 'supports', 0), k.level(k.b, 'supports', 0)),
    ),
  (k) =>
    say`Between the two, ${k.a.symbol} had the better or worse day: it ${k.direction(k.a.quote.change!, 'climbed', 'slipped')} ${k.quote(k.a, 'changePercent', abs(k.percent))} to ${k.quote(k.a, 'last')}, whereas ${k.b.symbol} ${k.direction(k.b.quote.change!, 'climbed', 'slipped')} ${k.quote(k.b, 'changePercent', abs(k.percent))} to ${k.quote(k.b, 'last')}.`,
  (k) =>
    lines(
      ...[k.a, k.b, k.c]
        .map(
          (s) =>
            say`**${s.symbol}** closed at ${k.quote(s, 'last')} (${k.quote(s, 'change', k.signedPrice)}, ${k.quote(s, 'changePercent', k.signedPercent)}). It traded between ${k.quote(s, 'low')} and ${k.quote(s, 'high')}.`,
        )
        .flatMap((r) => [r, ['']]),
    ),
  (k) =>
    say`In terms of volume, ${k.a.symbol} led with ${k.quote(k.a, 'volume', k.volume)} shares, ahead of ${k.b.symbol} with ${k.quote(k.b, 'volume', k.volume)} and ${k.c.symbol} with ${k.quote(k.c, 'volume', k.volume)}.`,
  (k) =>
    lines(
      say`Yesterday's closes (${k.date(9, 'iso')}): ${k.a.symbol} ${k.bar(k.a, 9).close}, ${k.b.symbol} ${k.bar(k.b, 9).close}, ${k.c.symbol} ${k.bar(k.c, 9).close}.`,
    ),
  (k) => {
    const x = [5, 6, 7].map((i) => k.bar(k.a, i));
    return say`${k.a.symbol} closed at ${x[0]!.close}, ${x[1]!.close} and ${x[2]!.close} on ${x[0]!.date('short')}, ${k.date(6, 'short')} and ${k.date(7, 'short')}.`;
  },
  (k) => {
    const b = k.bar(k.a, 3);
    return say`On ${b.date('slash')} the stock (${k.a.symbol}) saw ${b.volume} shares trade hands, opening at ${b.open} and closing at ${b.close}, with an intraday high of ${b.high}.`;
  },
  (k) =>
    lines(
      say`Summary table`,
      [''],
      row('Metric', 'Value', 'Comment'),
      rule(3),
      row('Last price', k.quote(k.a, 'last'), 'regular session'),
      row('52-week high', k.quote(k.a, 'week52High'), 'one year'),
      row('RSI-14', k.ta(k.a, 'rsi14'), 'below 70'),
      row('Histogram', k.ta(k.a, 'histogram'), 'MACD 12/26/9'),
      row('Max pain', k.free(k.a.chain.analytics.maxPain!, k.price), 'Nov 7'),
      [''],
      say`All for ${k.a.symbol}.`,
    ),
];

/** A fifth lot, written blind before the reading of "puts" and "calls" as verbs changed. */
const FRESH: Template[] = [
  (k) =>
    say`${k.a.symbol} wrapped up the session at ${k.quote(k.a, 'last')}, which works out to a ${k.direction(k.a.quote.change!, 'gain', 'loss')} of ${k.quote(k.a, 'changePercent', abs(k.percent))} from the prior close of ${k.quote(k.a, 'previousClose')}.`,
  (k) =>
    say`Short version: ${k.a.symbol} ${k.direction(k.a.quote.change!, 'added', 'shed')} ${k.quote(k.a, 'change', abs(k.price))} and now changes hands at ${k.quote(k.a, 'last')}. Turnover was ${k.quote(k.a, 'volume', k.volume)} shares, against ${k.quote(k.a, 'averageVolume', k.volume)} on an average day.`,
  (k) =>
    say`The 50-day average of ${k.a.symbol} comes in at ${k.ta(k.a, 'sma50')} and the 200-day at ${k.ta(k.a, 'sma200')}, which puts the stock at ${k.quote(k.a, 'last')} in a mixed position.`,
  (k) =>
    say`An RSI of ${k.ta(k.a, 'rsi14')} puts ${k.a.symbol} near the middle of its range, while a MACD histogram of ${k.ta(k.a, 'histogram')} calls for patience.`,
  (k) => {
    const b = k.bar(k.a, 6);
    return say`On ${b.date('short')} ${k.a.symbol} put in a low of ${b.low} before recovering to ${b.close} by the bell; the morning print was ${b.open}.`;
  },
  (k) => {
    const p = k.contract(k.a, 'put', 8);
    const c = k.contract(k.a, 'call', 8);
    return say`${k.a.symbol} ${p.side('many')} in the ${p.strike} strike (Nov 7) carry open interest of ${p.openInterest}; the ${c.side('many')} there carry ${c.openInterest}.`;
  },
  (k) =>
    say`The options market is braced for a swing of ±${k.free(k.a.chain.analytics.expectedMove!.amount, k.price)} (${k.free(k.a.chain.analytics.expectedMove!.percent, k.percent)}) in ${k.a.symbol} by Nov 7. Max pain sits at ${k.free(k.a.chain.analytics.maxPain!, k.price)}.`,
  (k) =>
    say`Buyers have defended support at ${k.level(k.a, 'supports', 0)} in ${k.a.symbol}; lose that and ${k.level(k.a, 'supports', 1)} comes into view. Overhead, resistance waits at ${k.level(k.a, 'resistances', 0)}, then ${k.level(k.a, 'resistances', 1)}.`,
  (k) =>
    say`Head to head: ${k.a.symbol} shows an RSI of ${k.ta(k.a, 'rsi14')} and a MACD of ${k.ta(k.a, 'macd')}, ${k.b.symbol} an RSI of ${k.ta(k.b, 'rsi14')} and a MACD of ${k.ta(k.b, 'macd')}.`,
  (k) =>
    lines(
      say`**Bottom line for ${k.a.symbol}**`,
      [''],
      say`• Price: ${k.quote(k.a, 'last')} (${k.quote(k.a, 'changePercent', k.signedPercent)} today)`,
      say`• Momentum: RSI at ${k.ta(k.a, 'rsi14')}`,
      say`• Trend: 20-day SMA at ${k.ta(k.a, 'sma20')}, 50-day SMA at ${k.ta(k.a, 'sma50')}`,
      say`• Watch: ${k.level(k.a, 'supports', 0)} as support`,
    ),
  (k) =>
    say`Over the ten sessions to Oct 29, ${k.a.symbol} returned ${k.summary(k.a, 'changePercent', k.signedPercent)}. It topped out at ${k.summary(k.a, 'high')} and bottomed at ${k.summary(k.a, 'low')}.`,
  (k) =>
    say`Nobody calls it a breakout yet: ${k.a.symbol} ranged from ${k.quote(k.a, 'low')} to ${k.quote(k.a, 'high')} on the day and settled at ${k.quote(k.a, 'last')}, after an open of ${k.quote(k.a, 'open')}.`,
  (k) => {
    const c = k.contract(k.a, 'call', 12);
    return say`The ${c.strike} ${c.side()} of ${k.a.symbol} for Nov 7 is quoted ${c.bid} by ${c.ask}. Implied volatility on it is ${c.iv}, delta is ${c.delta}, and ${c.openInterest} contracts are open.`;
  },
  (k) => {
    const b = k.bar(k.a, 7);
    const d = k.bar(k.a, 8);
    return say`If you want the numbers behind it: ${k.a.symbol} ended ${b.date('short')} at ${b.close} and ${d.date('short')} at ${d.close}, having touched ${d.high} at the high of that second day.`;
  },
  (k) =>
    lines(
      say`Here's how they stack up:`,
      [''],
      row('', k.a.symbol, k.b.symbol, k.c.symbol),
      rule(4),
      ...(['last', 'previousClose', 'week52High', 'week52Low'] as const).map((field, index) =>
        row(
          ['Last', 'Prev. close', '52w high', '52w low'][index]!,
          ...[k.a, k.b, k.c].map((stock) => k.quote(stock, field)),
        ),
      ),
      row('SMA 200', ...[k.a, k.b, k.c].map((stock) => k.ta(stock, 'sma200'))),
    ),
];

export interface NamedTemplate {
  id: string;
  /** Never tuned on. */
  held: boolean;
  write: Template;
}

const CATEGORIES: Record<string, Template[]> = {
  quotes: QUOTES,
  history: HISTORY,
  indicators: INDICATORS,
  chains: CHAINS,
  several: SEVERAL,
  levels: LEVELS,
  long: LONG,
  prose: PROSE,
  laid: LAID_OUT,
  more: MORE,
  manners: MANNERS,
  fresh: FRESH,
};

/** Held out at first; all their right answers were marked, and the check was changed for them. */
const TUNED_SINCE: ReadonlySet<string> = new Set(['manners-6', 'fresh-5', 'fresh-7']);

export const TEMPLATES: NamedTemplate[] = Object.entries(CATEGORIES).flatMap(([name, templates]) =>
  templates.map((write, index) => ({ id: `${name}-${index + 1}`, held: isHeld(name, index), write })),
);

function isHeld(name: string, index: number): boolean {
  return (name === 'fresh' || (name === 'manners' && index % 2 === 1)) && !TUNED_SINCE.has(`${name}-${index + 1}`);
}

export function slotsOf(pieces: readonly Piece[]): Slot[] {
  return pieces.filter((piece): piece is Slot => typeof piece === 'object' && piece.type === 'figure');
}
