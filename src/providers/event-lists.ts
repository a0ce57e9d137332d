// What both providers' rows of events, headlines and securities become: cleaned, each date once, the newest first.
// Hides that headlines come with tags and entities, and the codes by which exchanges and kinds of securities go.
import type { EventLists, Security } from '../domain/events.ts';
import { canonicalTicker } from '../domain/symbols.ts';
import type { IsoDate, TickerSymbol } from '../domain/types.ts';
import type { Lost } from './provider.ts';
import { dateIn } from './rows.ts';
import { cleanText, type WireSource } from './wire.ts';

const MAX_TITLE = 240;
const MAX_URL = 1_000;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** One line without markup. What entities spell is looked at once more: `&lt;b&gt;` is a tag too. */
export function cleanHeadline(text: string): string {
  const decoded = text.replaceAll(/&(?:(amp|lt|gt|quot|apos|nbsp)|#(\d{1,6}|x[0-9a-f]{1,5}));/gi, (all, name, code) => {
    if (typeof name === 'string') return ENTITIES[name.toLowerCase()] ?? all;
    const point = Number(String(code).replace(/^x/i, '0x'));
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : ' ';
  });
  return cleanText(decoded.replaceAll(/<\/?[a-z!][^<>]{0,500}>/gi, ' '), MAX_TITLE);
}

/** Undefined for what is no address of the web. */
export function webAddress(text: string | undefined): string | undefined {
  if (text === undefined || text.length > MAX_URL) return undefined;
  const url = URL.parse(text);
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined;
}

/** A date that may carry a time of day. */
export function dayIn(text: string | undefined): IsoDate | undefined {
  return dateIn(text?.slice(0, 10));
}

/** Why figures are no event; undefined where they are, or are not there. A split of one for one is none, and true. */
export function flawOfDividend(amount: number): Flaw | undefined {
  return amount > 0 ? undefined : { why: `its amount is ${amount}` };
}

export function flawOfSplit(from: number, to: number): Flaw | undefined {
  if (!(from > 0 && to > 0)) return { why: `it gives ${to} for ${from}` };
  return from === to ? { why: `it gives ${to} for ${from}`, isNote: true } : undefined;
}

export interface Flaw {
  why: string;
  isNote?: boolean;
}

/** What is said of a row that is no event. */
export function lostEvent(flaw: Flaw, row: { symbol?: TickerSymbol; date?: IsoDate }, source: WireSource): Lost {
  const { why, ...note } = flaw;
  const name = [row.symbol, row.date].filter((part) => part !== undefined).join(' ');
  return { ...row, message: `${source.label} ${source.endpoint}: ${name || 'a row'} is left out: ${why}`, ...note };
}

type Rows = { [List in keyof EventLists]: EventLists[List][number] };

const DATE_OF: { [List in keyof EventLists]: (row: Rows[List]) => IsoDate } = {
  dividends: ({ exDate }) => exDate,
  splits: ({ date }) => date,
  earnings: ({ date }) => date,
};

/** The newest first. A company has one split and one earnings report a day, and may pay two dividends. */
export function orderEvents<List extends keyof EventLists>(list: List, rows: readonly Rows[List][]): Rows[List][] {
  const dateOf = DATE_OF[list];
  const seen = new Set<string>();
  return rows
    .toSorted((a, b) => (dateOf(a) < dateOf(b) ? 1 : dateOf(a) > dateOf(b) ? -1 : 0))
    .filter((row) => {
      const key = list === 'dividends' ? JSON.stringify(row) : dateOf(row);
      return seen.has(key) ? false : seen.add(key);
    });
}

const EXCHANGES: Readonly<Record<string, string>> = {
  A: 'NYSE American',
  N: 'NYSE',
  P: 'NYSE Arca',
  Q: 'NASDAQ',
  S: 'NASDAQ',
  U: 'OTC',
  V: 'OTC',
  W: 'Cboe',
  Z: 'Cboe BZX',
  ARCX: 'NYSE Arca',
  BATS: 'Cboe BZX',
  XASE: 'NYSE American',
  XNAS: 'NASDAQ',
  XNYS: 'NYSE',
};

/** Tradier says `stock` and `etf`, Polygon has codes. */
const TYPES: Readonly<Record<string, string>> = {
  CS: 'stock',
  ETF: 'etf',
  ETN: 'etn',
  ETV: 'etf',
  ETS: 'etf',
  ADRC: 'adr',
  ADRP: 'adr',
  OS: 'stock',
  PFD: 'preferred',
  SP: 'structured product',
  FUND: 'fund',
  INDICES: 'index',
};

/** Undefined for what no ticker of ours can name. */
export function toSecurity(row: {
  symbol: string;
  name: string | undefined;
  type: string | undefined;
  exchange: string | undefined;
}): Security | undefined {
  const symbol = canonicalTicker(row.symbol);
  if (symbol === undefined) return undefined;
  const { name = symbol, type = 'unknown', exchange } = row;
  return {
    symbol,
    name,
    type: TYPES[type.toUpperCase()] ?? type.toLowerCase().replaceAll('_', ' '),
    ...(exchange === undefined ? {} : { exchange: EXCHANGES[exchange.toUpperCase()] ?? exchange }),
  };
}
