// What is watched and held: a list live, positions with their totals, alerts that the browser tells of.
// Hides the stream: one for the page, opened when it is first needed, told when it breaks, opened again.
import type { AlertFiring, PositionsData, QuoteData } from '../../domain/answers.ts';
import { present } from '../../domain/present.ts';
import { formatClock, formatDate } from '../../render/format.ts';
import { positions, quoteTable } from './answers.ts';
import { get, pathOf } from './api.ts';
import { fill, h, heads, problems, renew, source, table } from './dom.ts';
import { createPart } from './loading.ts';
import { keepAnswer, type Document } from './store.ts';
import type { Page, View } from './view.ts';

const WATCHED = 'fin.watched';
const DEFAULT = 'SPY,QQQ,NVDA,AAPL,MSFT';
const RETRY_MS = 5_000;
const STATES = { opening: 'connecting', live: 'live', lost: 'connection lost, trying again' } as const;

interface AlertRow {
  id: number;
  when: string;
  once: boolean;
  note?: string;
  state: string;
  lastFiredAt?: string;
  sample?: true;
}

export function createListsView(page: Page): View {
  const field = h('input', {
    type: 'text',
    'aria-label': 'Symbols or @list',
    value: localStorage.getItem(WATCHED) ?? DEFAULT,
    autocomplete: 'off',
    spellcheck: false,
    maxlength: 400,
  });
  const names = h('p', { class: 'chips' });
  const alerts = createAlertsPart();
  const quotes = createQuotesPart(alerts.tell, () => held.redraw());
  const held = createPart<PositionsData>(
    'Positions',
    (data) =>
      data.positions.length + (data.expired?.length ?? 0) === 0
        ? h('p', { class: 'faint' }, 'None yet; to add one: fin positions add 100 NVDA @ 180.50')
        : positions(atPrices(data, quotes.prices())),
    'wide',
  );
  const form = h(
    'form',
    {
      class: 'bar',
      onsubmit: (event) => {
        event.preventDefault();
        page.goTo('lists', field.value.trim() === '' ? DEFAULT : field.value.trim());
      },
    },
    field,
    h('button', { type: 'submit' }, 'Watch'),
    quotes.status,
  );

  return {
    title: 'Lists',
    node: h(
      'div',
      { class: 'view' },
      form,
      names,
      h('section', { class: 'panel wide', 'aria-label': 'Watched' }, quotes.node),
      held.node,
      alerts.node,
    ),
    show([symbols = localStorage.getItem(WATCHED) ?? DEFAULT]) {
      field.value = symbols;
      localStorage.setItem(WATCHED, symbols);
      quotes.show(symbols);
      void listNames(names, page);
      void held.load('positions', {});
      alerts.load();
    },
    focus: () => {
      field.focus();
      field.select();
    },
  };
}

/** Shares that are held at the prices that are watched above them. */
function atPrices(data: PositionsData, prices: ReadonlyMap<string, number>): PositionsData {
  let all = 0;
  const plus = (value: number | undefined, more: number): number | undefined =>
    value === undefined ? undefined : value + more;
  const items = data.positions.map((each) => {
    const { symbol, price, quantity, cost, value, pnl, dayPnl } = each;
    const live = prices.get(symbol);
    if (live === undefined || price === undefined) return each;
    const more = (live - price) * quantity;
    all += more;
    const gained = plus(pnl, more);
    const moved = { value: plus(value, more), pnl: gained, dayPnl: plus(dayPnl, more) };
    const pnlPercent = gained === undefined || cost === 0 ? undefined : (gained / Math.abs(cost)) * 100;
    return { ...each, price: live, ...present({ ...moved, pnlPercent }) };
  });
  const { value, pnl, dayPnl } = data.totals;
  const totals = present({ value: plus(value, all), pnl: plus(pnl, all), dayPnl: plus(dayPnl, all) });
  return { ...data, positions: items, totals: { ...data.totals, ...totals } };
}

/** The quotes that are watched, and how the stream is. */
function createQuotesPart(onAlert: (firing: AlertFiring) => void, onPrices: () => void) {
  const status = h('p', { class: 'pill', role: 'status' });
  const quotes = h('div', { class: 'body' });
  const state: {
    symbols: string;
    stream?: EventSource;
    retry?: ReturnType<typeof setTimeout>;
    last: Map<string, number>;
  } = { symbols: '', last: new Map() };

  function tellState(name: keyof typeof STATES): void {
    fill(status, STATES[name]);
    status.dataset['state'] = name;
  }

  function watch(symbols: string): void {
    state.stream?.close();
    clearTimeout(state.retry);
    if (symbols !== state.symbols) {
      fill(quotes);
      state.last.clear();
    }
    state.symbols = symbols;
    tellState('opening');
    const stream = new EventSource(`/api/v1/watch?${new URLSearchParams({ symbols }).toString()}`);
    state.stream = stream;
    stream.addEventListener('open', () => tellState('live'));
    stream.addEventListener('quotes', ({ data }) => {
      tellState('live');
      const document = JSON.parse(String(data)) as Document<QuoteData[]>;
      showQuotes(document);
      if (document.data !== undefined) void keepAnswer(pathOf('quote', { symbols }), document);
    });
    stream.addEventListener('alert', ({ data }) => onAlert(JSON.parse(String(data)) as AlertFiring));
    stream.addEventListener('error', () => {
      const isClosed = stream.readyState === EventSource.CLOSED;
      if (!isClosed) tellState('lost');
      // A stream does not say why it failed, an ordinary request does, and finds what was kept.
      void get<QuoteData[]>('quote', { symbols }).then(({ document, storedAt }) => {
        if (state.stream !== stream) return;
        showQuotes(document, storedAt);
        if (!isClosed) return;
        // What cannot be watched as it is written is no lost connection.
        if (document.errors.some(({ code }) => code === 'usage')) fill(status);
        else {
          tellState('lost');
          state.retry = setTimeout(() => watch(symbols), RETRY_MS);
        }
      });
    });
  }

  function showQuotes({ data, errors, meta }: Document<QuoteData[]>, storedAt?: number): void {
    const rows = data ?? [];
    const element = rows.length === 0 ? undefined : quoteTable(rows);
    const lines = element?.querySelectorAll('tbody tr') ?? [];
    for (const [index, { symbol, last }] of rows.entries()) {
      const before = state.last.get(symbol);
      if (before !== undefined && before !== last) lines[index]?.classList.add(last > before ? 'rose' : 'fell');
      state.last.set(symbol, last);
    }
    renew(quotes, element, problems(errors), source(meta, storedAt, storedAt !== undefined));
    onPrices();
  }

  return {
    node: quotes,
    status,
    prices: (): ReadonlyMap<string, number> => state.last,
    show: (symbols: string): void => {
      if (symbols !== state.symbols || state.stream?.readyState === EventSource.CLOSED) watch(symbols);
    },
  };
}

/** The alerts there are, those that fired, and whether this browser tells of them. */
function createAlertsPart() {
  const fired = h('ul', { class: 'notes', 'aria-live': 'polite' });
  const bell = h('button', { type: 'button', onclick: () => void allow() });
  const alerts = createPart<AlertRow[]>('Alerts', alertTable, 'wide');
  alerts.node.append(fired, bell);

  function tell({ id, when, note, firedAt, values }: AlertFiring): void {
    const text = `${when}${note === undefined ? '' : ` (${note})`}`;
    const figures = Object.entries(values)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
    fired.prepend(h('li', {}, `${formatClock(firedAt)}: ${text}: ${figures}`));
    while (fired.children.length > 20) fired.lastChild?.remove();
    if ('Notification' in globalThis && Notification.permission === 'granted')
      new Notification(`fin: ${text}`, { body: figures, tag: `fin-alert-${id}`, icon: '/icon-192.png' });
    void alerts.load('alert', {});
  }

  async function allow(): Promise<void> {
    await Notification.requestPermission();
    tellBell();
  }

  function tellBell(): void {
    const permission = 'Notification' in globalThis ? Notification.permission : 'denied';
    bell.hidden = permission === 'denied';
    bell.disabled = permission === 'granted';
    fill(
      bell,
      permission === 'granted' ? 'This browser shows alerts while the page is open' : 'Show alerts in this browser',
    );
  }

  return {
    node: alerts.node,
    tell,
    load: (): void => {
      tellBell();
      void alerts.load('alert', {});
    },
  };
}

async function listNames(names: HTMLElement, page: Page): Promise<void> {
  const { document } = await get<{ lists: Record<string, string[]> }>('list');
  // What the server did not say is no empty list; why is told below.
  if (document.data === undefined) {
    fill(names);
    return;
  }
  const all = Object.entries(document.data.lists);
  fill(
    names,
    all.length === 0
      ? h('span', { class: 'faint' }, 'No lists yet; to make one: fin list add core NVDA AAPL')
      : all.map(([name, symbols]) =>
          h(
            'button',
            { type: 'button', title: symbols.join(', '), onclick: () => page.goTo('lists', `@${name}`) },
            `@${name}`,
          ),
        ),
  );
}

function alertTable(rows: readonly AlertRow[]): HTMLElement {
  if (rows.length === 0) return h('p', { class: 'faint' }, 'None yet; to add one: fin alert add "NVDA.last > 450"');
  return table({
    caption: 'Alerts',
    kind: 'words',
    columns: heads('ID|When|State|Note', 'left'),
    rows: rows.map(({ id, when, once, note = '', state, lastFiredAt, sample }) => [
      String(id),
      `${when}${once ? ' (once)' : ''}`,
      lastFiredAt === undefined
        ? state
        : `${state}, last ${formatClock(lastFiredAt)} ${formatDate(lastFiredAt)}${sample ? ' SAMPLE' : ''}`,
      note,
    ]),
  });
}
