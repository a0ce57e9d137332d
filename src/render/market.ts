// Market status on screen: state, exchange time, what comes next and when.
import type { MarketStatusData } from '../domain/answers.ts';
import { formatAge, formatClock, formatExchangeTime, formatSession, formatWeekday } from './format.ts';
import { renderTable } from './table.ts';
import { describe, type RenderOptions, type View } from './view.ts';

export function viewMarket(data: MarketStatusData, options: RenderOptions): View {
  const rows = [
    ['State', { text: formatSession(data.state), tone: data.state === 'regular' ? ('up' as const) : ('strong' as const) }],
    ['Exchange time', `${formatWeekday(data.exchangeTime)} ${formatExchangeTime(data.exchangeTime)}`],
    ['Next change', formatNextChange(data)],
    ...(data.holiday === undefined ? [] : [['Holiday', describe(data.holiday)]]),
    ...(data.description === undefined ? [] : [['Exchange says', describe(data.description, 200)]]),
  ];
  const columns = [{ head: '', align: 'left' as const, tone: 'muted' as const }, { head: '', align: 'left' as const, min: 10 }];
  return { caption: ['US stock market', 'status'], lines: renderTable({ head: false, columns, rows }, options) };
}

/** `after hours at 16:00:00 ET, in 2 min`; another day is named. */
function formatNextChange(data: MarketStatusData): string {
  const { at, state } = data.nextChange;
  const sameDay = at.slice(0, 10) === data.exchangeTime.slice(0, 10);
  const when = sameDay ? formatClock(at) : `${formatWeekday(at)} ${formatExchangeTime(at)}`;
  const waitMs = Date.parse(at) - Date.parse(data.exchangeTime);
  return `${formatSession(state)} ${sameDay ? 'at ' : ''}${when}${waitMs > 0 ? `, in ${formatAge(waitMs)}` : ''}`;
}
