// What happens to the sample market's companies: dividends, splits, earnings and headlines, made up but for the splits'
// dates. Everything follows from symbol and date; nothing is told before it would be announced.
import { isTradingDay, nextTradingDay } from '../domain/calendar.ts';
import type { Dividend, Earnings, EventLists, Split } from '../domain/events.ts';
import { addDays, dateOf, exchangeDateOf, exchangeInstant, yearOf } from '../domain/exchange-time.ts';
import type { EpochMs, IsoDate, TickerSymbol } from '../domain/types.ts';
import type { Instrument } from './companies.ts';
import { hashNumbers, hashText, uniformAt } from './noise.ts';

/** Percent of the anchor price a year; every month of those named, every quarter of the others. */
const YIELDS: Readonly<Record<TickerSymbol, number>> = Object.fromEntries(
  `SPY 1.1 QQQ 0.5 IWM 1 DIA 1.4 TLT 4.4 XLF 1.3 SMH 0.3 AAPL 0.4 MSFT 0.7 NVDA 0.02 GOOGL 0.3 GOOG 0.3 META 0.3 AVGO 0.7
   MU 0.2 QCOM 2 TXN 3.4 TSM 1 ASML 0.7 WDC 0.3 STX 1.1 ORCL 0.8 CRM 0.6 IBM 2.2 CSCO 2.2 DIS 0.9 CMCSA 4.7 T 4.5 VZ 6.9
   TMUS 1.9 JPM 1.9 BAC 2.1 WFC 2.1 C 2.4 GS 2 MS 2.4 V 0.8 MA 0.6 AXP 0.9 SCHW 1.1 UNH 2.6 JNJ 2.7 LLY 0.7 PFE 7
   MRK 3.8 ABBV 3 XOM 3.5 CVX 4.3 OXY 2.3 WMT 0.9 COST 0.6 TGT 4.9 HD 2.4 MCD 2.5 SBUX 3 NKE 2.5 KO 3 PEP 3.9 PG 2.8
   CAT 1 GE 0.5 LMT 2.8 UPS 6.8 F 4.6 GM 0.9`
    .trim()
    .split(/\s+/)
    .reduce<[string, number][]>((pairs, word, index, words) => {
      if (index % 2 === 0) pairs.push([word, Number(words[index + 1])]);
      return pairs;
    }, []),
);
const MONTHLY = new Set(['TLT']);
const SPLITS: Readonly<Record<TickerSymbol, readonly Split[]>> = {
  AAPL: [{ date: '2020-08-31', from: 1, to: 4 }],
  AMZN: [{ date: '2022-06-06', from: 1, to: 20 }],
  AVGO: [{ date: '2024-07-15', from: 1, to: 10 }],
  GE: [{ date: '2021-08-02', from: 8, to: 1 }],
  GOOG: [{ date: '2022-07-18', from: 1, to: 20 }],
  GOOGL: [{ date: '2022-07-18', from: 1, to: 20 }],
  NFLX: [{ date: '2025-11-17', from: 1, to: 10 }],
  NVDA: [
    { date: '2024-06-10', from: 1, to: 10 },
    { date: '2021-07-20', from: 1, to: 4 },
  ],
  SMCI: [{ date: '2024-10-01', from: 1, to: 10 }],
  TSLA: [{ date: '2022-08-25', from: 1, to: 3 }],
  WMT: [{ date: '2024-02-26', from: 1, to: 3 }],
};

const FIRST_YEARS_AGO = 5;
const ANCHOR_YEAR = 2025;
const GROWTH = 1.05;
const DECLARED_DAYS = 30;
const PAID_DAYS = 21;
const CONFIRMED_DAYS = 21;
const PROJECTED_DAYS = 120;
const MINUTES_A_DAY = 1440;

/** As of a day, the newest first. */
export function sampleEvents({ symbol, kind, anchorPrice }: Instrument, today: IsoDate): EventLists {
  return {
    dividends: kind === 'index' ? [] : dividendsOf(symbol, anchorPrice, today),
    splits: (SPLITS[symbol] ?? []).filter(({ date }) => date <= addDays(today, DECLARED_DAYS)),
    earnings: kind === 'stock' ? earningsOf(symbol, anchorPrice, today) : [],
  };
}

function dividendsOf(symbol: TickerSymbol, anchorPrice: number, today: IsoDate): Dividend[] {
  const percent = YIELDS[symbol];
  if (percent === undefined) return [];
  const frequency = MONTHLY.has(symbol) ? 12 : 4;
  const seed = hashText(symbol);
  const first = MONTHLY.has(symbol) ? 1 : 1 + (seed % 3);
  const day = 5 + (hashNumbers(seed, 61, 0) % 12);
  const last = yearOf(today) + 1;
  const dividends: Dividend[] = [];
  for (let year = last - 1 - FIRST_YEARS_AGO; year <= last; year += 1)
    for (let month = first; month <= 12; month += 12 / frequency) {
      const exDate = tradingDayFrom(dateOf(year, month, day));
      if (exDate > addDays(today, DECLARED_DAYS)) continue;
      const yearly = (anchorPrice * percent * GROWTH ** (year - ANCHOR_YEAR)) / 100;
      const amount = Math.max(0.01, Math.round((yearly / frequency) * 100) / 100);
      dividends.push({ exDate, payDate: tradingDayFrom(addDays(exDate, PAID_DAYS)), amount, frequency });
    }
  return dividends.reverse();
}

function earningsOf(symbol: TickerSymbol, anchorPrice: number, today: IsoDate): Earnings[] {
  const seed = hashText(symbol);
  const time = hashNumbers(seed, 62, 0) % 2 === 0 ? 'before_open' : 'after_close';
  const offset = 14 + (hashNumbers(seed, 63, 0) % 34);
  const earnings: Earnings[] = [];
  for (let quarter = -8; quarter <= 4; quarter += 1) {
    const begins = dateOf(yearOf(today), 1 + 3 * quarter, 1);
    const date = tradingDayFrom(addDays(begins, offset));
    if (date > addDays(today, PROJECTED_DAYS)) break;
    const epsEstimate = Math.round(anchorPrice * (0.8 + 0.4 * uniformAt(seed, 64, yearOf(begins) * 4 + quarter))) / 100;
    const surprise = uniformAt(seed, 65, yearOf(begins) * 4 + quarter) - 0.4;
    earnings.push({
      date,
      time,
      confirmed: date <= addDays(today, CONFIRMED_DAYS),
      epsEstimate,
      ...(date < today ? { epsActual: Math.round(epsEstimate * (1 + surprise / 10) * 100) / 100 } : {}),
    });
  }
  return earnings.reverse();
}

function tradingDayFrom(date: IsoDate): IsoDate {
  return isTradingDay(date) ? date : nextTradingDay(date);
}

export interface SampleHeadline {
  id: number;
  publishedAt: EpochMs;
  title: string;
  publisher: string;
  sentiment: 'positive' | 'negative' | 'neutral';
}

const TITLES: readonly (readonly [title: string, sentiment: SampleHeadline['sentiment']])[] = [
  ['{name} shares in focus as traders weigh the quarter', 'neutral'],
  ['{name} gains as buyers return', 'positive'],
  ['Analysts lift their targets for {name}', 'positive'],
  ['{name} slips with its sector', 'negative'],
  ['What options say about the next move of {name}', 'neutral'],
  ['{name} opens a new site, costs to rise', 'negative'],
  ['Funds add to {name} for a third month', 'positive'],
];
const PUBLISHERS = ['Sample Wire', 'Example Business Daily', 'The Synthetic Trader'];
const HEADLINE_DAYS = 30;

/** Two of three days have one, the newest first; none of the future. */
export function sampleHeadlines({ symbol, name }: Instrument, now: EpochMs): SampleHeadline[] {
  const seed = hashText(symbol);
  const headlines: SampleHeadline[] = [];
  for (let ago = 0; ago < HEADLINE_DAYS; ago += 1) {
    const date = addDays(exchangeDateOf(now), -ago);
    const id = hashNumbers(seed, 66, Number(date.replaceAll('-', '')));
    const publishedAt = exchangeInstant(date, 360 + ((id >>> 8) % (MINUTES_A_DAY - 480)));
    const [title, sentiment] = TITLES[id % TITLES.length] ?? ['{name}', 'neutral'];
    if (id % 3 === 0 || publishedAt > now) continue;
    const publisher = PUBLISHERS[(id >>> 4) % PUBLISHERS.length] ?? '';
    headlines.push({ id, publishedAt, title: `SAMPLE: ${title.replace('{name}', name)}`, publisher, sentiment });
  }
  return headlines;
}
