// The chain of one expiration, with a choice of all that are listed.
// Hides that dates are asked for first, and that what the address names may be one that is no longer listed.
import type { ChainData, ExpirationsData } from '../../domain/answers.ts';
import { get } from './api.ts';
import { chainTable } from './chain-table.ts';
import { fill, h } from './dom.ts';
import { createPart, select, symbolForm } from './loading.ts';
import type { Page, View } from './view.ts';

const STRIKES = [
  ['10', '10 around'],
  ['20', '20 around'],
  ['all', 'all strikes'],
] as const;

export function createChainView(page: Page): View {
  const dates = select('Expiration', [], () => page.goTo('chain', shown.symbol, dates.value));
  const strikes = select('Strikes', STRIKES, () => void load());
  const { form, field } = symbolForm((symbol) => page.goTo('chain', symbol), dates, strikes);
  const others = h('span', { class: 'links' });
  form.append(others);
  const chain = createPart<ChainData>(undefined, chainTable, 'wide');
  const shown = { symbol: '', date: '', found: '' };

  async function listDates(): Promise<void> {
    const { symbol } = shown;
    fill(dates);
    const { document } = await get<ExpirationsData>('expirations', { symbols: symbol });
    if (symbol !== shown.symbol) return;
    fill(
      dates,
      document.data?.expirations.map(({ date, dte, kind }) =>
        h('option', { value: date }, `${date} · ${dte} d · ${kind}`),
      ),
    );
    choose();
  }

  /** The date of the chain that is shown, or that which was asked for. */
  function choose(): void {
    const date = shown.found || shown.date;
    for (const option of dates.querySelectorAll('[data-unlisted]')) option.remove();
    if (date === '') return;
    if (![...dates.options].some(({ value }) => value === date))
      dates.prepend(h('option', { value: date, 'data-unlisted': true }, `${date} · not listed`));
    dates.value = date;
  }

  async function load(): Promise<void> {
    const { symbol, date } = shown;
    const got = await chain.load('chain', {
      symbols: symbol,
      strikes: strikes.value,
      ...(date === '' ? {} : { expiration: date }),
    });
    if (got === undefined) return;
    shown.found = got.document.data?.expiration ?? '';
    choose();
  }

  return {
    title: 'Chain',
    node: h('div', { class: 'view' }, form, chain.node),
    show([symbol = page.symbol(), date = '']) {
      const isOther = symbol !== shown.symbol;
      if (!isOther && (date === shown.date || date === '')) return;
      Object.assign(shown, { symbol, date, found: '' });
      field.value = symbol;
      fill(
        others,
        h('a', { href: `#/symbol/${encodeURIComponent(symbol)}` }, 'Chart'),
        h('a', { href: `#/strategy/${encodeURIComponent(symbol)}` }, 'Strategy'),
      );
      if (isOther) {
        chain.clear();
        void listDates();
      }
      void load();
    },
    focus: () => field.focus(),
  };
}
