// Market status on screen: state, exchange time, what comes next and when.
import type { IsoTime, MarketStatusData, SessionDay } from '../domain/answers.ts';
import type { Session } from '../domain/types.ts';
import { formatClock, formatDay, formatSession, formatWait, formatWeekday } from './format.ts';
import { type Column, renderTable } from './table.ts';
import { toneOfSession } from './theme.ts';
import { describe, renderFacts, type Fact, type RenderOptions, type View } from './view.ts';

export function viewMarket(data: MarketStatusData, options: RenderOptions): View {
  const facts: Fact[] = [
    ['State', [options.theme.paint(toneOfSession(data.state), formatSession(data.state))]],
    ['Exchange time', [formatMoment(data.exchangeTime)]],
    ['Next change', formatNextChange(data)],
    ['Holiday', data.holiday === undefined ? [] : [describe(data.holiday)]],
    ['Exchange says', data.description === undefined ? [] : [describe(data.description, 200)]],
  ];
  const { sessions = [] } = data;
  const table = sessions.length === 0 ? [] : ['', ...renderSessions(sessions, options)];
  return { caption: ['US stock market', 'status'], lines: [...renderFacts(facts, options), ...table] };
}

const SESSION_COLUMNS: readonly Column[] = [
  { head: '', align: 'left', tone: 'muted' },
  { head: 'Date', align: 'left' },
  { head: 'Session', align: 'left' },
  { head: 'Opens', align: 'left', drop: 2 },
  { head: 'Closes', align: 'left', drop: 1 },
  { head: 'Holiday', align: 'left' },
];

const SESSION_NAMES: Readonly<Record<SessionDay['state'], string>> = {
  open: 'open',
  closed: 'closed',
  early_close: 'early close',
};

/** Times are those of the exchange. */
function renderSessions(sessions: readonly SessionDay[], options: RenderOptions): string[] {
  const time = (at: IsoTime | undefined): string => at?.slice(11, 16) ?? '';
  const rows = sessions.map(({ date, state, opens, closes, holiday }) => [
    formatWeekday(date),
    date,
    { text: SESSION_NAMES[state], tone: state === 'open' ? ('plain' as const) : ('warning' as const) },
    time(opens),
    time(closes),
    describe(holiday),
  ]);
  return renderTable({ columns: SESSION_COLUMNS, rows }, options);
}

/** `3:57 PM ET Wed Oct 29, 2025` */
function formatMoment(time: IsoTime): string {
  return `${formatClock(time)} ${formatDay(time)}`;
}

const CHANGES: Readonly<Record<Session, string>> = {
  pre: 'pre-market opens',
  regular: 'opens',
  post: 'closes',
  closed: 'after hours ends',
};

/** `closes 4:00 PM ET · in 2 min`; another day is named. */
function formatNextChange(data: MarketStatusData): string[] {
  const { at, state } = data.nextChange;
  const sameDay = at.slice(0, 10) === data.exchangeTime.slice(0, 10);
  const waitMs = Date.parse(at) - Date.parse(data.exchangeTime);
  return [
    `${CHANGES[state]} ${sameDay ? formatClock(at) : formatMoment(at)}`,
    ...(waitMs > 0 ? [`in ${formatWait(waitMs)}`] : []),
  ];
}
