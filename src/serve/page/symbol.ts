// One symbol: its quote, a chart with what lies across it, levels, indicators, volatility, dates and news.
// Each part comes and fails for itself.
import type {
  ChartData,
  ContractQuoteData,
  EventsData,
  HeadlineData,
  IndicatorData,
  LevelSheet,
  QuoteData,
  VolatilityData,
} from '../../domain/answers.ts';
import { formatPrice, formatSession } from '../../render/format.ts';
import { changeOf, contractFacts, indicators, levels, quoteFacts, showData, volatility } from './answers.ts';
import { get } from './api.ts';
import { priceChart } from './charts.ts';
import { events, news } from './company.ts';
import { fill, h } from './dom.ts';
import { createPart, symbolForm } from './loading.ts';
import type { Page, View } from './view.ts';

const RANGES = [
  ['1M', 'past 1 month'],
  ['3M', 'past 3 months'],
  ['6M', 'past 6 months'],
  ['1Y', 'past 1 year'],
  ['5Y', 'past 5 years'],
] as const;
const OVERLAYS = [
  ['sma20', 'SMA 20'],
  ['sma50', 'SMA 50'],
  ['levels', 'Levels'],
  ['walls', 'Walls'],
  ['expected-move', 'Expected move'],
] as const;
/** What lies across a contract's own prices. */
const OF_CONTRACTS: readonly string[] = ['sma20', 'sma50'];
const DRAWN = 'fin.overlays';
const RANGE = 'fin.range';

export function createSymbolView(page: Page): View {
  const { form, field } = symbolForm((symbol) => page.goTo('symbol', symbol));
  const others = h('span', { class: 'links' });
  form.append(others);
  let shown = '';
  /** Whose price all parts say: each is fetched, and was kept, at another moment. */
  let priced: QuoteData | undefined;
  const matches = h('div', {});
  const quote = createPart<(QuoteData | ContractQuoteData)[]>(undefined, ([data]) => data && quoteParts(data), 'quote');
  const chart = createChart(() => priced);
  const parts = {
    levels: createPart<LevelSheet[]>(
      'Levels',
      ([data]) => data && levels({ ...data, spot: priced?.last ?? data.spot }),
    ),
    ta: createPart<IndicatorData[]>('Indicators', ([data]) => data && indicators(data)),
    vol: createPart<VolatilityData>('Volatility', volatility),
    events: createPart<EventsData>('Dates', (data, { document }) => events(data, document.meta.asOf)),
    news: createPart<HeadlineData[]>('News', (items) => news(items.slice(0, 8))),
  };

  async function load(symbol: string): Promise<void> {
    field.value = symbol;
    linkOthers(symbol);
    fill(matches);
    for (const each of [chart, ...Object.values(parts)]) each.clear();
    const got = await quote.load('quote', { symbols: symbol });
    if (got === undefined) return;
    const [found] = got.document.data ?? [];
    const isContract = found !== undefined && 'strike' in found;
    chart.node.hidden = found === undefined;
    for (const each of Object.values(parts)) each.node.hidden = found === undefined || isContract;
    if (found === undefined) return suggest(symbol);
    priced = undefined;
    if ('strike' in found) {
      linkOthers(found.underlying, found.expiration);
      chart.draw(symbol, isContract);
      return;
    }
    priced = found;
    chart.draw(symbol, isContract);
    for (const [command, part] of Object.entries(parts)) void part.load(command, { symbols: symbol });
  }

  function linkOthers(symbol: string, expiration?: string): void {
    const named = encodeURIComponent(symbol);
    fill(
      others,
      expiration !== undefined && h('a', { href: `#/symbol/${named}` }, symbol),
      h('a', { href: `#/chain/${named}${expiration === undefined ? '' : `/${expiration}`}` }, 'Chain'),
      h('a', { href: `#/strategy/${named}` }, 'Strategy'),
    );
  }

  /** What cannot be found as a symbol may be a name. */
  async function suggest(words: string): Promise<void> {
    const { document } = await get<unknown[]>('search', { words });
    if (shown === words && document.data !== undefined && document.data.length > 0)
      fill(matches, h('h2', {}, 'Did you mean'), showData('search', document.data, document.meta));
  }

  return {
    title: 'Symbol',
    node: h(
      'div',
      { class: 'view' },
      form,
      quote.node,
      matches,
      chart.node,
      h(
        'div',
        { class: 'grid' },
        h('div', { class: 'stack' }, parts.levels.node, parts.vol.node),
        h('div', { class: 'stack' }, parts.ta.node, parts.events.node, parts.news.node),
      ),
    ),
    show([symbol = page.symbol()]) {
      if (symbol === shown) return;
      shown = symbol;
      void load(symbol);
    },
    focus: () => field.focus(),
  };
}

/** The chart with what chooses its range and what lies across it; both are remembered. */
function createChart(priceOf: () => QuoteData | undefined) {
  const part = createPart<ChartData>(
    undefined,
    (data, { document }) => priceChart(atPrice(data, priceOf()), document.meta.sample),
    'wide drawn',
  );
  let shown = { symbol: '', isContract: false };
  let range = localStorage.getItem(RANGE) ?? '6M';
  const chosen = new Set((localStorage.getItem(DRAWN) ?? 'sma50,levels,walls').split(','));
  const ranges = h('div', { class: 'choice', role: 'group', 'aria-label': 'Range' });
  for (const [name] of RANGES)
    ranges.append(
      h(
        'button',
        { type: 'button', 'aria-pressed': 'false', 'data-range': name, onclick: () => chooseRange(name) },
        name,
      ),
    );
  const overlays = h(
    'div',
    { class: 'choice', role: 'group', 'aria-label': 'Overlays' },
    OVERLAYS.map(([name, label]) =>
      h(
        'label',
        { 'data-overlay': name },
        h('input', { type: 'checkbox', checked: chosen.has(name), onchange: () => toggle(name) }),
        label,
      ),
    ),
  );
  part.node.prepend(h('div', { class: 'bar' }, ranges, overlays));

  function chooseRange(name: string): void {
    range = name;
    localStorage.setItem(RANGE, name);
    drawChart();
  }

  function toggle(name: string): void {
    if (!chosen.delete(name)) chosen.add(name);
    localStorage.setItem(DRAWN, [...chosen].join(','));
    drawChart();
  }

  function drawChart(): void {
    for (const button of ranges.querySelectorAll('button'))
      button.setAttribute('aria-pressed', String(button.dataset['range'] === range));
    const phrase = RANGES.find(([name]) => name === range)?.[1] ?? 'past 6 months';
    const offered = OVERLAYS.map(([name]) => name).filter((name) => !shown.isContract || OF_CONTRACTS.includes(name));
    for (const label of overlays.querySelectorAll<HTMLElement>('[data-overlay]'))
      label.hidden = !offered.some((name) => name === label.dataset['overlay']);
    const lines = offered.filter((name) => chosen.has(name));
    const overlaid = lines.length === 0 ? {} : { with: lines.join(',') };
    if (shown.symbol !== '') void part.load('chart', { symbols: shown.symbol, range: phrase, ...overlaid });
  }

  return {
    node: part.node,
    clear(): void {
      shown = { symbol: '', isContract: false };
      part.clear();
    },
    draw(symbol: string, isContract: boolean): void {
      shown = { symbol, isContract };
      drawChart();
    },
  };
}

/** The bar of a running session at the price that the quote has. */
function atPrice(data: ChartData, quote: QuoteData | undefined): ChartData {
  const bar = data.bars.at(-1);
  if (bar === undefined || quote?.session !== 'regular' || bar.date !== quote.asOf.slice(0, 10)) return data;
  const { last } = quote;
  const reach = (of: { high: number; low: number }): { high: number; low: number } => ({
    high: Math.max(of.high, last),
    low: Math.min(of.low, last),
  });
  return {
    ...data,
    bars: [...data.bars.slice(0, -1), { ...bar, ...reach(bar), close: last }],
    summary: { ...data.summary, ...reach(data.summary), last },
  };
}

function quoteParts(quote: QuoteData | ContractQuoteData): HTMLElement {
  return h(
    'div',
    {},
    h(
      'h2',
      { class: 'headline' },
      h('span', {}, 'strike' in quote ? quote.description : quote.symbol),
      ' ',
      h('b', {}, formatPrice(quote.last)),
      ' ',
      !('strike' in quote) && changeOf(quote),
      ' ',
      h(
        'small',
        {},
        ['strike' in quote ? quote.symbol : quote.description, formatSession(quote.session)]
          .filter((piece) => piece !== undefined)
          .join(' · '),
      ),
    ),
    'strike' in quote ? contractFacts(quote) : quoteFacts(quote),
  );
}
