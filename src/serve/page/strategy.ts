// A strategy by name, or by legs that are typed: what it costs, where it breaks even, its payoff as a chart.
// Hides the words of `fin strategy`.
import type { StrategyData } from '../../domain/answers.ts';
import { strategy } from './answers.ts';
import { h, notesOf } from './dom.ts';
import { createPart, select, symbolForm } from './loading.ts';
import type { Page, View } from './view.ts';

const NAMES =
  'iron-condor iron-butterfly butterfly straddle strangle long-call long-put covered-call cash-secured-put call-debit-spread put-debit-spread call-credit-spread put-credit-spread collar calendar diagonal'.split(
    ' ',
  );
const OWN = 'legs';

export function createStrategyView(page: Page): View {
  const name = select(
    'Strategy',
    [...NAMES.map((each) => [each, each.replaceAll('-', ' ')] as const), [OWN, 'own legs']],
    () => {
      showFields();
      send();
      if (name.value === OWN) legs.focus();
    },
  );
  const expiration = input('Expiration', 'expiration: 45 days', 16);
  const width = input('Width', 'width', 5);
  const delta = input('Delta', 'delta', 5);
  const legs = input('Legs', '+1 450c dec 18, -1 460c dec 18', 34);
  const isShort = h('input', { type: 'checkbox', onchange: () => send() });
  const short = h('label', {}, isShort, 'short');
  const { form, field } = symbolForm(() => send(), name, legs, expiration, width, delta, short);
  const part = createPart<StrategyData>(undefined, (data) => [strategy(data), notesOf(data.notes)], 'wide');
  const shown = { address: '' };

  function send(): void {
    const symbol = field.value.trim().toUpperCase();
    if (symbol === '') return;
    page.goTo('strategy', symbol, ...chosen());
    void load();
  }

  /** What the address says behind the symbol: the name, and legs of one's own. */
  function chosen(): string[] {
    return name.value === OWN && legs.value.trim() !== '' ? [OWN, legs.value.trim()] : [name.value];
  }

  function showFields(): void {
    const isOwn = name.value === OWN;
    legs.hidden = !isOwn;
    for (const each of [expiration, width, delta, short]) each.hidden = isOwn;
  }

  async function load(): Promise<void> {
    const symbol = field.value.trim().toUpperCase();
    shown.address = [symbol, ...chosen()].join('/');
    const typed = (each: HTMLInputElement): string | undefined =>
      each.value.trim() === '' ? undefined : each.value.trim();
    const own = name.value === OWN;
    const words = legs.value
      .split(',')
      .map((leg) => leg.trim())
      .filter((leg) => leg !== '');
    if (own && words.length === 0) {
      part.clear();
      return;
    }
    await part.load('strategy', {
      symbols: symbol,
      ...(own
        ? { leg: words }
        : {
            name: name.value,
            width: typed(width),
            delta: typed(delta),
            expiration: typed(expiration),
            ...(isShort.checked ? { short: 'true' } : {}),
          }),
    });
  }

  return {
    title: 'Strategy',
    node: h('div', { class: 'view' }, form, part.node),
    show([symbol = page.symbol(), named = name.value, typed = '']) {
      if ([symbol, named, typed].filter((each) => each !== '').join('/') === shown.address) return;
      field.value = symbol;
      if (NAMES.includes(named) || named === OWN) name.value = named;
      if (typed !== '') legs.value = typed;
      showFields();
      void load();
    },
    focus: () => field.focus(),
  };
}

function input(label: string, placeholder: string, size: number): HTMLInputElement {
  return h('input', {
    type: 'text',
    'aria-label': label,
    placeholder,
    size,
    autocomplete: 'off',
    spellcheck: false,
    maxlength: 200,
  });
}
