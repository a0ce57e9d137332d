// What the templates of the grounding corpus are written with: figures that know what else could wrongly stand in
// their place, and words (symbol, date, side, direction) that know what a wrong one would say.
import type { BarData, ContractData, IndicatorData, QuoteData } from '../../src/domain/answers.ts';
import type { Side } from '../../src/domain/types.ts';
import type { Random, Stock, World } from './grounding-world.ts';
import { DATES } from './grounding-world.ts';

export type Rival = 'otherSymbol' | 'otherField' | 'otherSide' | 'neighbour' | 'wrongStrike';

export interface Slot {
  type: 'figure';
  value: number;
  write(value: number): string;
  rivals: Partial<Record<Rival, number>>;
  /** The written text carries the sign itself. */
  signed: boolean;
  /** Figures that hang on this strike. */
  strikeOf?: Slot[];
}

export interface Word {
  type: 'word';
  change: 'side' | 'symbol' | 'date' | 'direction';
  text: string;
  swapped: string;
  /** Figures that become wrong with the other word, by this rival; direction: always. */
  slots: Slot[];
  rival?: Rival;
}

export type Piece = string | Slot | Word;
export type Template = (kit: Kit) => Piece[];

/** Tagged template: keeps figures and words apart from the text around them. */
export function say(strings: TemplateStringsArray, ...parts: (Piece | Piece[])[]): Piece[] {
  return strings.flatMap((text, index) => [text, ...[parts[index] ?? []].flat()]);
}

export function lines(...rows: Piece[][]): Piece[] {
  return rows.flatMap((row, index) => (index === 0 ? row : ['\n', ...row]));
}

export type Writer = (value: number) => string;
const grouped = (text: string): string => text.replace(/^(-?\d+)/, (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ','));

export interface BarRef {
  open: Slot;
  high: Slot;
  low: Slot;
  close: Slot;
  volume: Slot;
  /** The bar's date; the wrong one is its neighbour's. */
  date(style?: 'iso' | 'short' | 'long' | 'slash'): Word;
}

export interface ContractRef {
  strike: Slot;
  bid: Slot;
  ask: Slot;
  volume: Slot;
  openInterest: Slot;
  iv: Slot;
  delta: Slot;
  side(form?: 'one' | 'many' | 'title'): Word;
}

export interface Kit {
  random: Random;
  world: World;
  a: Stock;
  b: Stock;
  c: Stock;
  /** Ways of writing, the same within an answer. */
  price: Writer;
  plain: Writer;
  signedPrice: Writer;
  percent: Writer;
  signedPercent: Writer;
  volume: Writer;
  whole: Writer;
  iv: Writer;
  indicator: Writer;
  /** A price without `$` sign. */
  bar(stock: Stock, index?: number, write?: Writer): BarRef;
  quote(stock: Stock, field: keyof QuoteData, write?: Writer): Slot;
  ta(
    stock: Stock,
    field: 'rsi14' | 'macd' | 'signal' | 'histogram' | `sma${string}` | `ema${string}`,
    write?: Writer,
  ): Slot;
  summary(stock: Stock, field: 'change' | 'changePercent' | 'high' | 'low' | 'bars', write?: Writer): Slot;
  contract(stock: Stock, side: Side, index?: number): ContractRef;
  wall(stock: Stock, side: Side, rank?: number): { strike: Slot; openInterest: Slot };
  level(stock: Stock, kind: 'supports' | 'resistances', rank: number): Slot;
  free(value: number, write: Writer): Slot;
  /** "rose" or "fell" for the sign of a value; figures written without sign hang on it. */
  direction(value: number, up: string, down: string): Word;
  /** The only mention of a symbol in a text; a wrong one names another. */
  who(stock: Stock, slots: Slot[]): Word;
  date(index: number, style: 'iso' | 'short' | 'long' | 'slash'): string;
}

const MONTHS = { '10': ['Oct', 'October'], '11': ['Nov', 'November'] } as Record<string, [string, string]>;

export function writeDate(iso: string, style: 'iso' | 'short' | 'long' | 'slash'): string {
  const [year = '', month = '', day = ''] = iso.split('-');
  const names = MONTHS[month] ?? [month, month];
  if (style === 'iso') return iso;
  if (style === 'slash') return `${Number(month)}/${Number(day)}/${year}`;
  return style === 'short' ? `${names[0]} ${Number(day)}` : `${names[1]} ${Number(day)}, ${year}`;
}

export function createKit(random: Random, world: World): Kit {
  const [a, b, c] = world.stocks;
  const dollars = random.chance(0.5) ? '$' : '';
  const space = random.chance(0.5) ? ' ' : '';
  const minus = random.chance(0.2) ? '−' : '-';
  const places = random.chance(0.85) ? 2 : 1;
  const mark = (value: number, text: string): string => (value < 0 ? minus : '+') + text;
  const plain: Writer = (value) => grouped(value.toFixed(places));
  const price: Writer = (value) => dollars + plain(value);
  const percentPlaces = random.pick([1, 2, 2, 2]);
  const percent: Writer = (value) =>
    `${Math.abs(value).toFixed(percentPlaces)}${random.chance(0) ? ' percent' : `${space}%`}`;
  const volumeStyle = random.pick(['full', 'M1', 'M2', 'word', 'about']);
  const volume: Writer = (value) => {
    if (volumeStyle === 'full') return grouped(String(Math.round(value)));
    if (volumeStyle === 'M1') return `${(value / 1e6).toFixed(1)}M`;
    if (volumeStyle === 'M2') return `${(value / 1e6).toFixed(2)}${space}M`;
    return volumeStyle === 'word' ? `${(value / 1e6).toFixed(1)} million` : `about ${Math.round(value / 1e6)} million`;
  };
  const indicatorPlaces = random.pick([2, 2, 1]);
  const kit: Kit = {
    random,
    world,
    a,
    b,
    c,
    price,
    plain,
    percent,
    volume,
    signedPrice: (value) => mark(value, dollars + plain(Math.abs(value))),
    signedPercent: (value) => mark(value, percent(value)),
    whole: (value) => grouped(String(Math.round(value))),
    iv: random.chance(0.7) ? (value) => `${(value * 100).toFixed(1)}${space}%` : (value) => value.toFixed(3),
    indicator: (value) => (value < 0 ? minus : '') + Math.abs(value).toFixed(indicatorPlaces),
    bar: (stock, index = random.int(1, 8), write = price) => createBar(stock, index, write),
    quote(stock, field, write = price) {
      const swap: Partial<Record<keyof QuoteData, keyof QuoteData>> = {
        last: 'open',
        open: 'last',
        high: 'low',
        low: 'high',
        previousClose: 'open',
        bid: 'high',
        ask: 'low',
        volume: 'averageVolume',
        averageVolume: 'volume',
        week52High: 'high',
        week52Low: 'low',
      };
      const read = (of: Stock, name: keyof QuoteData | undefined): number | undefined =>
        name === undefined ? undefined : (of.quote[name] as number);
      return slot(read(stock, field) ?? 0, write, {
        otherSymbol: read(other(stock), field),
        otherField: read(stock, swap[field]),
      });
    },
    ta(stock, field, write = kit.indicator) {
      const names = ['macd', 'signal', 'histogram'];
      const swapped = names.includes(field)
        ? names[(names.indexOf(field) + 1) % 3]!
        : field === 'rsi14'
          ? 'macd'
          : field.startsWith('sma')
            ? field.replace('sma', 'ema')
            : field.replace('ema', 'sma');
      return slot(readIndicator(stock.ta, field), write, {
        otherSymbol: readIndicator(other(stock).ta, field),
        otherField: readIndicator(stock.ta, swapped),
      });
    },
    summary(stock, field, write = price) {
      const swap = { high: 'low', low: 'high' } as const;
      return slot(stock.history.summary[field] ?? NaN, write, {
        otherSymbol: field === 'bars' ? undefined : other(stock).history.summary[field],
        otherField: field in swap ? stock.history.summary[swap[field as 'high']] : undefined,
      });
    },
    contract: (stock, side, index = random.int(1, 19)) => createContract(stock, side, index),
    wall(stock, side, rank = 0) {
      const walls = (of: Side) => stock.chain.analytics[of === 'call' ? 'callWalls' : 'putWalls'];
      const wall = walls(side)[rank]!;
      const against = find(stock, side === 'call' ? 'put' : 'call', wall.strike).openInterest;
      const openInterest = slot(wall.openInterest, kit.whole, {
        otherSide: against,
        otherField: find(stock, side, wall.strike).volume,
        wrongStrike: find(stock, side, nextStrike(stock, wall.strike)).openInterest,
      });
      const strike = slot(wall.strike, writeStrike, { wrongStrike: nextStrike(stock, wall.strike) });
      strike.strikeOf = [openInterest];
      return { strike, openInterest };
    },
    level(stock, kind, rank) {
      const against = kind === 'supports' ? 'resistances' : 'supports';
      return slot(stock.levels[kind][rank]!.price, price, {
        otherSymbol: other(stock).levels[kind][rank]!.price,
        otherField: stock.levels[against][rank]!.price,
      });
    },
    free: (value, write) => slot(value, write, {}),
    direction: (value, up, down) => ({
      type: 'word',
      change: 'direction',
      text: value < 0 ? down : up,
      swapped: value < 0 ? up : down,
      slots: [],
    }),
    who: (stock, slots) => ({
      type: 'word',
      change: 'symbol',
      text: stock.symbol,
      swapped: other(stock).symbol,
      slots,
      rival: 'otherSymbol',
    }),
    date: (index, style) => writeDate(DATES[index]!, style),
  };
  return kit;

  function other(stock: Stock): Stock {
    return stock === a ? b : a;
  }

  function slot(value: number, write: Writer, rivals: Partial<Record<Rival, number | undefined>>): Slot {
    const known = Object.fromEntries(
      Object.entries(rivals).filter(([, rival]) => rival !== undefined),
    ) as Slot['rivals'];
    return { type: 'figure', value, write, rivals: known, signed: /^[+−-]/.test(write(-1)) };
  }

  function createBar(stock: Stock, index: number, write: Writer): BarRef {
    const { bars } = stock.history;
    const next = random.chance(0.5) || index === 0 ? index + 1 : index - 1;
    const near = bars[next] ? next : index - 1;
    const swap = { open: 'close', close: 'open', high: 'low', low: 'high', volume: 'volume' } as const;
    const field = (name: keyof typeof swap): Slot => {
      const read = (of: BarData): number => of[name];
      const swapped = name === 'volume' ? undefined : bars[index]![swap[name]];
      return slot(read(bars[index]!), name === 'volume' ? volume : write, {
        otherSymbol: read(other(stock).history.bars[index]!),
        neighbour: read(bars[near]!),
        otherField: swapped,
      });
    };
    const slots = {
      open: field('open'),
      high: field('high'),
      low: field('low'),
      close: field('close'),
      volume: field('volume'),
    };
    return {
      ...slots,
      date: (style = random.pick(['iso', 'short', 'long', 'slash'])) => ({
        type: 'word',
        change: 'date',
        text: writeDate(DATES[index]!, style),
        swapped: writeDate(DATES[near]!, style),
        slots: [slots.close, slots.open, slots.high],
        rival: 'neighbour',
      }),
    };
  }

  function createContract(stock: Stock, side: Side, index: number): ContractRef {
    const strikes = [...new Set(stock.chain.contracts.map((each) => each.strike))];
    const strike = strikes[index]!;
    const near = nextStrike(stock, strike);
    const swap: Partial<Record<keyof ContractData, keyof ContractData>> = {
      openInterest: 'volume',
      volume: 'openInterest',
      bid: 'ask',
      ask: 'bid',
      iv: 'gamma',
      delta: 'theta',
    };
    const of = (name: keyof ContractData, write: Writer): Slot => {
      const read = (from: ContractData): number => from[name] as number;
      const swapped = swap[name];
      return slot(read(find(stock, side, strike)), write, {
        otherSide: read(find(stock, side === 'call' ? 'put' : 'call', strike)),
        wrongStrike: read(find(stock, side, near)),
        otherField: swapped ? (find(stock, side, strike)[swapped] as number) : undefined,
      });
    };
    const slots = {
      bid: of('bid', price),
      ask: of('ask', price),
      volume: of('volume', kit.whole),
      openInterest: of('openInterest', kit.whole),
      iv: of('iv', kit.iv),
      delta: of('delta', (value) => (value < 0 ? minus : '') + Math.abs(value).toFixed(2)),
    };
    const mine = slot(strike, writeStrike, { wrongStrike: near });
    mine.strikeOf = [slots.openInterest, slots.bid];
    const forms = { one: ['call', 'put'], many: ['calls', 'puts'], title: ['Call', 'Put'] } as const;
    return {
      ...slots,
      strike: mine,
      side: (form = 'one') => ({
        type: 'word',
        change: 'side',
        text: forms[form][side === 'call' ? 0 : 1],
        swapped: forms[form][side === 'call' ? 1 : 0],
        slots: [slots.openInterest, slots.bid],
        rival: 'otherSide',
      }),
    };
  }

  function writeStrike(value: number): string {
    return dollars + String(value);
  }
}

function nextStrike(stock: Stock, strike: number): number {
  const strikes = [...new Set(stock.chain.contracts.map((each) => each.strike))];
  const at = strikes.indexOf(strike);
  return strikes[at + 1] ?? strikes[at - 1]!;
}

function find(stock: Stock, side: Side, strike: number): ContractData & { openInterest: number; volume: number } {
  return stock.chain.contracts.find((each) => each.side === side && each.strike === strike) as ContractData & {
    openInterest: number;
    volume: number;
  };
}

function readIndicator(ta: IndicatorData, field: string): number {
  if (field === 'rsi14') return ta.rsi14!;
  if (field === 'macd' || field === 'signal' || field === 'histogram') return ta.macd![field];
  const window = field.slice(3) as '5';
  return field.startsWith('sma') ? ta.sma[window]! : ta.ema[window]!;
}
