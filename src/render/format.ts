// Figures as text: prices, changes, percentages, volumes, dates, ages. Pure, and without Intl, whose
// first use costs more than everything else on the way to a cached quote.
import { fixed, toDigits, toPlaces } from '../domain/significance.ts';
import type { EpochMs, IsoDate, Session } from '../domain/types.ts';
import type { HistoryData, IsoTime } from '../domain/answers.ts';

/** What stands where there is no value. */
export const MISSING = '—';

function isMissing(value: number | undefined): value is undefined {
  return typeof value !== 'number' || !Number.isFinite(value);
}

function groupThousands(digits: string): string {
  if (digits.length <= 3) return digits;
  const head = digits.length % 3;
  const groups = head === 0 ? [] : [digits.slice(0, head)];
  for (let index = head; index < digits.length; index += 3) groups.push(digits.slice(index, index + 3));
  return groups.join(',');
}

/**
 * `1234.5, 2` as `1,234.50`, and 0.00004 with as many decimals as it takes: what is not zero never shows as zero. From
 * 1e21 on and below 1e-10, where digits end, the exponent form.
 */
export function formatFixed(value: number | undefined, decimals: number): string {
  if (isMissing(value)) return MISSING;
  return grouped(value, toDigits(Math.abs(value), decimals));
}

/** Exactly so many decimals, for times and sizes, whose unit says how fine they are. */
export function formatRounded(value: number, decimals: number): string {
  return grouped(value, fixed(Math.abs(value), decimals));
}

function grouped(value: number, text: string): string {
  if (text.includes('e')) return value < 0 ? `-${text}` : text;
  const [whole = '0', fraction] = text.split('.');
  const sign = value < 0 && Number(text) !== 0 ? '-' : '';
  return sign + groupThousands(whole) + (fraction === undefined ? '' : `.${fraction}`);
}

/** As `formatFixed`, with `+` before what is above zero: `+3.83`, `-7.23`, `0.00`. */
export function formatSigned(value: number | undefined, decimals = 2): string {
  const text = formatFixed(value, decimals);
  return !isMissing(value) && value > 0 ? `+${text}` : text;
}

/** A greek of one share with so many decimals: `0.307`, `-0.021`, and `<0.001` or `>-0.001` for what they cannot show. */
export function formatGreek(value: number | undefined, decimals: number): string {
  if (isMissing(value)) return MISSING;
  const text = formatRounded(value, decimals);
  if (value === 0 || Number(text) !== 0) return text;
  return value > 0 ? `<${(10 ** -decimals).toFixed(decimals)}` : `>-${(10 ** -decimals).toFixed(decimals)}`;
}

/** 2, or 4 for a price below one dollar that two decimals would round away. */
export function priceDecimals(price: number | undefined): 2 | 4 {
  if (isMissing(price) || Math.abs(price) >= 1) return 2;
  return Math.abs(Math.round(price * 10_000) - Math.round(price * 100) * 100) === 0 ? 2 : 4;
}

/** `1,234.50`; below one dollar with four decimals where it has them (`0.1234`), or more. US dollars, without the sign. */
export function formatPrice(price: number | undefined): string {
  return formatFixed(price, priceDecimals(price));
}

/** A change in percent: `+1.26%`. */
export function formatPercent(percent: number | undefined): string {
  const text = formatPercentage(percent);
  return !isMissing(percent) && percent > 0 ? `+${text}` : text;
}

/** A percentage that is no change: `6.10%`. */
export function formatPercentage(percent: number | undefined): string {
  return isMissing(percent) ? MISSING : `${formatRatio(percent)}%`;
}

/** A fraction as an unsigned percentage: `0.2514` as `25.1%`. */
export function formatShare(fraction: number | undefined, decimals = 1): string {
  return isMissing(fraction) ? MISSING : `${formatFixed(fraction * 100, decimals)}%`;
}

/** A difference of two volatilities, which is none of percent: 0.018 as `+1.8 pts`. */
export function formatPoints(difference: number | undefined): string {
  if (isMissing(difference)) return MISSING;
  return `${difference > 0 ? '+' : ''}${grouped(difference, toPlaces(Math.abs(difference) * 100, 1))} pts`;
}

/** Two decimals, and more only where those would show zero: `0.51`, `0.0042`. */
export function formatRatio(ratio: number | undefined): string {
  return isMissing(ratio) ? MISSING : grouped(ratio, toPlaces(Math.abs(ratio), 2));
}

/** A whole number with separators: `45,231,876`. */
export function formatCount(count: number | undefined): string {
  return formatFixed(count, 0);
}

const COMPACT_UNITS = [
  { size: 1e3, suffix: 'K' },
  { size: 1e6, suffix: 'M' },
  { size: 1e9, suffix: 'B' },
  { size: 1e12, suffix: 'T' },
] as const;

/** A volume in few characters: `45.2M`, `1.23M`, `987.0K`, `950`. */
export function formatVolume(volume: number | undefined): string {
  return formatCompact(volume, false);
}

/** A volume in at most five characters: as `formatVolume`, without the decimal from a hundred units on (`102K`). */
export function formatShortVolume(volume: number | undefined): string {
  return formatCompact(volume, true);
}

function formatCompact(volume: number | undefined, short: boolean): string {
  if (isMissing(volume)) return MISSING;
  const size = Math.abs(volume);
  if (size < 999.5) return formatFixed(volume, 0);
  const roundsUpFrom = short ? 999.5 : 999.95;
  const unit = COMPACT_UNITS.find((one) => size < one.size * roundsUpFrom) ?? COMPACT_UNITS[3];
  const decimals = short && size / unit.size >= 99.95 ? 0 : 1;
  return `${formatFixed(volume / unit.size, decimals)}${unit.suffix}`;
}

/** A strike with as many decimals as it needs, at most three: `190`, `192.5`. */
export function formatStrike(strike: number | undefined): string {
  if (isMissing(strike)) return MISSING;
  const text = formatFixed(strike, 3);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** A result of arithmetic: separators, at most ten decimals, no trailing zeros. */
export function formatNumber(value: number | undefined): string {
  if (isMissing(value)) return MISSING;
  const text = formatFixed(value, 10);
  const tiny = value !== 0 && Math.abs(value) < 1e-6;
  if (tiny || text.includes('e')) return String(value);
  return text.replace(/\.?0+$/, '');
}

/** `1 bar`, `5 bars`, `1,200 bars`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

export function formatBytes(bytes: number | undefined): string {
  if (isMissing(bytes)) return MISSING;
  if (bytes < 1000) return plural(bytes, 'byte');
  if (bytes < 999_950) return `${formatRounded(bytes / 1e3, 1)} kB`;
  return bytes < 999_950_000 ? `${formatRounded(bytes / 1e6, 1)} MB` : `${formatRounded(bytes / 1e9, 1)} GB`;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec';
const WEEKDAYS = 'Sun Mon Tue Wed Thu Fri Sat';

function nth(names: string, index: number): string {
  return names.slice(index * 4, index * 4 + 3);
}

function dateParts(date: string): { year: number; month: number; day: number } | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(date);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? { year, month, day } : undefined;
}

/** `Nov 2026` */
export function formatMonth(date: IsoDate): string {
  const parts = dateParts(date);
  return parts === undefined ? MISSING : `${nth(MONTHS, parts.month - 1)} ${parts.year}`;
}

/** `Nov 19, 2026` */
export function formatDate(date: IsoDate): string {
  const parts = dateParts(date);
  return parts === undefined ? MISSING : `${nth(MONTHS, parts.month - 1)} ${parts.day}, ${parts.year}`;
}

/** `Thu Nov 19, 2026` */
export function formatDay(date: IsoDate): string {
  return dateParts(date) === undefined ? MISSING : `${formatWeekday(date)} ${formatDate(date)}`;
}

/** `Thu` */
export function formatWeekday(date: IsoDate): string {
  const parts = dateParts(date);
  if (parts === undefined) return MISSING;
  return nth(WEEKDAYS, new Date(Date.UTC(parts.year, parts.month - 1, parts.day)).getUTCDay());
}

/** Clock time of an exchange time as it is written: `3:59 PM ET`, or `3:59:58 PM ET`. */
export function formatClock(time: IsoTime, withSeconds = false): string {
  const match = /^\d{4}-\d{2}-\d{2}T(\d{2})(:\d{2})(:\d{2})?/.exec(time);
  if (match === null) return MISSING;
  const hour = Number(match[1]);
  const seconds = withSeconds ? (match[3] ?? '') : '';
  return `${hour % 12 === 0 ? 12 : hour % 12}${match[2] ?? ''}${seconds} ${hour < 12 ? 'AM' : 'PM'} ET`;
}

/** `3:59:58 PM ET Nov 19, 2026`, read off the text: the contract's times are exchange times already. */
export function formatExchangeTime(time: IsoTime | undefined): string {
  if (time === undefined || dateParts(time) === undefined) return MISSING;
  const clock = formatClock(time, true);
  return clock === MISSING ? formatDate(time) : `${clock} ${formatDate(time)}`;
}

/** A length of time in its largest unit: `12 s`, `4 min`, `2 h`, `3 d`. */
export function formatAge(ageMs: EpochMs | undefined): string {
  if (isMissing(ageMs)) return MISSING;
  const seconds = Math.max(0, ageMs) / 1000;
  if (seconds < 90) return `${Math.floor(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.floor(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

/** `4 h 45 min`; from two days on whole days. */
export function formatWait(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 90 || minutes >= 48 * 60) return formatAge(ms);
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Running time of a step: `850 ms`, `4.2 s`, `2 min 5 s`. */
export function formatDuration(ms: number | undefined): string {
  if (isMissing(ms)) return MISSING;
  if (ms < 999.5) return `${formatRounded(ms, 0)} ms`;
  if (ms < 59_950) return `${formatRounded(ms / 1000, 1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${formatCount(Math.floor(seconds / 60))} min ${seconds % 60} s`;
}

/** `pre-market`, `market open`, `after hours`, `market closed`. */
export function formatSession(session: Session): string {
  const names: Record<Session, string> = {
    pre: 'pre-market',
    regular: 'market open',
    post: 'after hours',
    closed: 'market closed',
  };
  return names[session];
}

export function formatSpan(from: string, to: string): string {
  return from === to ? from : `${from} to ${to}`;
}

type BarInterval = HistoryData['interval'];

/** How a sentence names a bar: one of several sessions is dated with the first day of its span, which is not its own. */
export function nameBar({ date, time }: { date: IsoDate; time?: string }, interval: BarInterval): string {
  if (time !== undefined) return time.slice(0, 16).replace('T', ' ');
  if (interval === 'week') return `the week of ${date}`;
  if (interval === 'month') return date.slice(0, 7);
  if (interval === 'quarter') return `${date.slice(0, 4)}-Q${Math.ceil(Number(date.slice(5, 7)) / 3)}`;
  return interval === 'year' ? date.slice(0, 4) : date;
}

/** `on 2026-11-03`, `in the week of 2026-11-02`, `in 2026-11` */
export function placeBar(bar: { date: IsoDate; time?: string }, interval: BarInterval): string {
  const name = nameBar(bar, interval);
  return `${bar.time !== undefined || name === bar.date ? 'on' : 'in'} ${name}`;
}

export const INTERVAL_NAMES: Readonly<Record<HistoryData['interval'], string>> = {
  day: 'daily bars',
  week: 'weekly bars',
  month: 'monthly bars',
  quarter: 'quarterly bars',
  year: 'yearly bars',
  '1min': '1-minute bars',
  '5min': '5-minute bars',
  '15min': '15-minute bars',
  '30min': '30-minute bars',
  hour: 'hourly bars',
};
