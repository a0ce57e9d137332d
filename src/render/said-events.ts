// What a sentence says of dividends, splits and earnings: the next and the last ones, the last few, or what was paid over some
// days, for shares that are held too. Of what was asked for alone; every amount is one of the data or made of them.
import type { EventsData, HeadlineData } from '../domain/answers.ts';
import { previousTradingDay, sessionTimes } from '../domain/calendar.ts';
import {
  type Earnings,
  REPORT_TIMES,
  amountOfToday,
  dividendsPaid,
  lastEarnings,
  nextEarnings,
  sharesOf,
} from '../domain/events.ts';
import { formatExchangeIso, yearOf } from '../domain/exchange-time.ts';
import { joinSaid, listSaid, say, type Said, type SaidFigure } from '../domain/said.ts';
import type { IsoDate, TickerSymbol } from '../domain/types.ts';
import { formatClock, formatCount, formatDay, plural } from './format.ts';

/** What of the events is asked for; nothing of it: all of them. */
interface EventsAsked {
  ofEvents?: 'dividends' | 'splits' | 'earnings';
  /** Whether and by how much the dividend grew. */
  isRaise?: true;
  /** The last so many. */
  limit?: number;
  /** Shares that are held. */
  quantity?: number;
}

type Paid = EventsData['dividends'][number];
type Bounds = Readonly<{ from: IsoDate; to: IsoDate }>;

export function sayEvents(data: EventsData, asked: EventsAsked, today: IsoDate, bounds?: Bounds): Said {
  const { symbol, earnings = [], splits, unavailable = [] } = data;
  const { ofEvents, limit, isRaise, quantity } = asked;
  const lacking = unavailable.map(({ kind, why }): Said => [`${kind}: ${why}`]);
  const is = (kind: EventsAsked['ofEvents']): boolean => ofEvents === undefined || ofEvents === kind;
  if (ofEvents === 'earnings' && (bounds !== undefined || limit !== undefined))
    return say`${symbol}: ${sayReports(earnings, limit, bounds)}.`;
  if (ofEvents === 'splits')
    return say`${symbol}: ${joinSaid([...saySplits(data, asked, today, bounds), ...lacking], '; ')}.`;
  if (isRaise === true) return sayRaises(data, today, bounds);
  if (bounds !== undefined) return sayPaid(data, bounds, today, quantity);
  if (limit !== undefined && ofEvents === 'dividends') return sayLast(data, limit, today);
  const [split] = splits;
  const parts: Said[] = [
    ...(is('dividends') ? sayNextPaid(data, today, quantity) : []),
    ...(is('earnings') ? sayNextReports(earnings, today) : []),
    ...(is('splits') && split !== undefined ? [[`last split ${formatDay(split.date)}`] as Said] : []),
    ...lacking,
  ];
  return say`${symbol}: ${joinSaid(parts, '; ')}.`;
}

function sayNextPaid(data: EventsData, today: IsoDate, quantity?: number): Said[] {
  const { dividends } = data;
  const last = dividends.find(({ exDate }) => exDate <= today);
  const announced = dividends.findLast(({ exDate }) => exDate > today);
  const sayDividend = (which: string, paid: Paid, shares?: number): Said => {
    const amount = amountOf(data, paid);
    const lot = shares === undefined ? [] : say` (${times(amount, shares)} for ${String(shares)} shares)`;
    return say`${which} dividend ${amount}${lot} ex ${formatDay(paid.exDate)}${paid.payDate === undefined ? '' : `, paid ${formatDay(paid.payDate)}`}`;
  };
  return [
    ...(announced === undefined ? [] : [sayDividend('next', announced, quantity)]),
    ...(announced !== undefined && quantity !== undefined
      ? [[`to be owned by the close of ${formatDay(previousTradingDay(announced.exDate))}`] as Said]
      : []),
    ...(announced === undefined && last !== undefined ? [['next dividend not announced'] as Said] : []),
    ...(last === undefined ? [] : [sayDividend('last', last, announced === undefined ? quantity : undefined)]),
    ...(dividends.length === 0 ? [['no dividend known'] as Said] : []),
  ];
}

function sayNextReports(earnings: readonly Earnings[], today: IsoDate): Said[] {
  return [nextEarnings(earnings, today), lastEarnings(earnings, today)].flatMap((report, at) =>
    report === undefined ? [] : [[`${at === 0 ? 'next' : 'last'} earnings ${sayReport(report)}`] as Said],
  );
}

const sayReport = ({ date, time, confirmed }: Earnings): string =>
  `${formatDay(date)}${time === 'unknown' ? '' : ` ${REPORT_TIMES[time]}`}${confirmed ? '' : ' (projected)'}`;

function sayReports(earnings: readonly Earnings[], limit?: number, bounds?: Bounds): Said {
  const { from, to } = bounds ?? { from: '', to: '9999' };
  const meant = earnings.filter(({ date, confirmed }) => date >= from && date <= to && (confirmed || bounds));
  const shown = meant.slice(0, limit).map((each): Said => [sayReport(each)]);
  return shown.length === 0 ? ['no earnings then'] : say`earnings ${listSaid(shown)}`;
}

const saySplit = ({ date, to, from }: EventsData['splits'][number]): string =>
  `${String(to)} for ${String(from)} on ${formatDay(date)}`;

function saySplits({ splits }: EventsData, { quantity, limit }: EventsAsked, today: IsoDate, bounds?: Bounds): Said[] {
  const within = splits.filter(({ date }) => bounds === undefined || (date >= bounds.from && date <= bounds.to));
  const shown = bounds === undefined ? within.slice(0, limit ?? 1) : within;
  const span = bounds === undefined ? '' : ` from ${formatDay(bounds.from)} to ${formatDay(bounds.to)}`;
  const named = shown.map((each): Said => [saySplit(each)]);
  if (named.length === 0) return [[`no split known${span}`]];
  const now = quantity === undefined ? undefined : quantity * sharesOf(splits, bounds?.from ?? '', today);
  return [
    say`${bounds === undefined ? 'last ' : ''}${plural(named.length, 'split').replace(/^1 /, '')}${span}: ${listSaid(named)}`,
    ...(now === undefined ? [] : [[`${String(quantity)} shares of before are ${formatCount(now)} today`] as Said]),
  ];
}

function amountOf({ symbol }: EventsData, { amount, exDate: date }: Paid): SaidFigure {
  return { field: 'dividend', value: amount, unit: 'usd', symbol, date };
}

const times = (figure: SaidFigure, factor: number): SaidFigure => ({
  field: 'calculation',
  value: figure.value * factor,
  unit: 'usd',
  ...(figure.symbol === undefined ? {} : { symbol: figure.symbol }),
  of: figure.of ?? [figure],
});

/** `last 4 dividends` */
function sayLast(data: EventsData, limit: number, today: IsoDate): Said {
  const shown = data.dividends.filter(({ exDate }) => exDate <= today).slice(0, limit);
  const named = shown.map((paid): Said => say`${amountOf(data, paid)} ex ${formatDay(paid.exDate)}`);
  return say`${data.symbol}: last ${plural(shown.length, 'dividend')}: ${listSaid(named)}.`;
}

/** What a share brought in dividends between two days, by the ex-dividend date. */
function sayPaid(data: EventsData, { from, to }: Bounds, today: IsoDate, quantity?: number): Said {
  const { symbol, dividends, splits } = data;
  const split = splits.filter(({ date }) => date >= from && date <= to);
  const shares = split.length === 0 ? 'no split' : `split ${split.map(saySplit).join(' and ')}`;
  const paid = dividends.filter(({ exDate }) => exDate >= from && exDate <= to);
  const span = `ex-dividend from ${formatDay(from)} to ${formatDay(to)}`;
  if (paid.length === 0) return [`${symbol}: no dividend ${span}, ${shares}.`];
  const of = paid.map((each) => amountOf(data, each));
  // An amount from before a split was for a share of then.
  const total = dividendsPaid(paid, splits, { from, to, today });
  const coming = paid.filter(({ exDate }) => exDate > today).length;
  const ahead = coming === 0 ? '' : `, ${String(coming)} of them still to come`;
  const said: SaidFigure = { field: 'calculation', value: total, unit: 'usd', symbol, of };
  const lot = quantity === undefined ? [] : say`, ${times(said, quantity)} for ${String(quantity)} shares`;
  return say`${symbol}: ${plural(paid.length, 'dividend')} ${span}, ${said} a share${split.length === 0 ? '' : ' of today'} together${lot}${ahead}; ${shares}.`;
}

/** Whether the regular dividend was raised in every year, and from what to what. */
function sayRaises(data: EventsData, today: IsoDate, bounds?: Bounds): Said {
  const { symbol, splits } = data;
  const frequency = data.dividends.find((each) => each.frequency !== undefined)?.frequency;
  const from = bounds?.from ?? '';
  const paid = data.dividends
    .filter((each) => each.exDate <= today && each.exDate >= from && each.frequency === frequency)
    .toReversed();
  const ofToday = (each: Paid): number => amountOfToday(each, splits, today);
  const changes = paid.filter((each, at) => at === 0 || Math.abs(ofToday(each) - ofToday(paid[at - 1] ?? each)) > 1e-6);
  const [first, last] = [changes[0], changes.at(-1)];
  if (first === undefined || last === undefined) return [`${symbol}: no dividend known.`];
  const years = [...new Set(paid.map(({ exDate }) => yearOf(exDate)))].slice(1);
  const raised = years.filter((year) =>
    changes.some(
      (each, at) => at > 0 && yearOf(each.exDate) === year && ofToday(each) > ofToday(changes[at - 1] ?? each),
    ),
  );
  const named = changes.map((each): Said => say`${amountOf(data, each)} from ${formatDay(each.exDate)}`);
  const grown: SaidFigure = {
    ...{ field: 'calculation', value: (ofToday(last) / ofToday(first) - 1) * 100, unit: 'percent', symbol },
    of: [amountOf(data, first), amountOf(data, last)],
  };
  const isEach = raised.length === years.length && years.length > 0;
  return say`${isEach ? 'Yes' : raised.length === 0 ? 'No' : 'Not in every year'}, ${symbol} raised its dividend in ${String(raised.length)} of ${plural(years.length, 'year')} after ${String(yearOf(first.exDate))}: ${listSaid(named)}; in all ${grown}.`;
}

/** How many of the headlines, which stand above it newest first, are of some days. */
export function sayNews(
  symbol: TickerSymbol,
  all: readonly HeadlineData[],
  { from, to }: Bounds,
  isAfterClose?: true,
): Said {
  const close = isAfterClose === true ? sessionTimes(from)?.close : undefined;
  const since = close === undefined ? from : formatExchangeIso(close);
  const meant = all.filter(({ publishedAt }) => publishedAt >= since && publishedAt.slice(0, 10) <= to);
  const when =
    close === undefined
      ? `${from === to ? 'on' : 'since'} ${formatDay(from)}`
      : `since ${formatClock(since)} on ${formatDay(from)}`;
  const at = ({ publishedAt }: HeadlineData): string =>
    `${formatDay(publishedAt.slice(0, 10))}, ${formatClock(publishedAt)}`;
  const [newest] = all;
  const [first] = meant;
  if (first === undefined)
    return [`${symbol}: no headline ${when}${newest === undefined ? '' : `; the newest is of ${at(newest)}`}.`];
  const place =
    first === newest ? `the first ${meant.length === 1 ? 'one' : String(meant.length)} of the list` : 'in the list';
  return [
    `${symbol}: ${plural(meant.length, 'headline')} ${when}, ${place}, the newest of ${at(first)}; quoted, not checked.`,
  ];
}
