// How the page makes elements: text of anybody goes in as text, never as markup. Tables that scroll in their own box,
// facts, problems with what to do, and the line that says where figures come from and how old they are by now.
import type { AnswerError, AnswerMeta } from '../../domain/answers.ts';
import { MISSING, formatAge } from '../../render/format.ts';
import { renderFooter } from '../../render/view.ts';

export type Child = Node | string | undefined | false | null | readonly Child[];
type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: Event) => void)>>;

/** An element; `onclick` and its like are listeners, `true` and `false` set and leave out, other values are attributes. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  dress(element, attributes);
  add(element, children);
  return element;
}

/** As `h`, of a drawing. */
export function s<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  dress(element, attributes);
  add(element, children);
  return element;
}

function dress(element: Element, attributes: Attributes): void {
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, '');
    else if (value !== undefined && value !== false) element.setAttribute(key, String(value));
  }
}

function add(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined || child === false || child === null) continue;
    if (typeof child === 'string' || child instanceof Node) element.append(child);
    else add(element, child);
  }
}

export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren();
  add(element, children);
}

/** The same with newer figures: what was scrolled aside stays so. */
export function renew(element: Element, ...children: Child[]): void {
  const lefts = [...element.querySelectorAll('.scroll')].map(({ scrollLeft }) => scrollLeft);
  fill(element, ...children);
  for (const [index, box] of [...element.querySelectorAll('.scroll')].entries()) box.scrollLeft = lefts[index] ?? 0;
}

/** Unlike any other on this device; the browser's own are for pages over HTTPS only. */
export function newId(): string {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12)}`;
}

export type Tone = 'up' | 'down' | 'muted' | 'strong';

export interface Cell {
  text: string;
  tone?: Tone | undefined;
  /** In place of the text. */
  node?: Node;
  /** From 0 to 1, drawn as a bar behind the text. */
  heat?: number;
  mark?: string;
}

export interface Column {
  head: string;
  /** Default right, as figures are. */
  align?: 'left' | 'center';
  title?: string;
  /** Heading over neighbors of the same group. */
  group?: string;
}

/** Columns by their names, `Bid|Ask`. */
export function heads(names: string, align: 'left' | 'right' = 'right'): Column[] {
  return names.split('|').map((head) => (align === 'left' ? { head, align } : { head }));
}

/** The tone of a move; its sign says the same to who sees no color. */
export function toneOf(change: number | undefined): Tone | undefined {
  if (change === undefined || change === 0) return undefined;
  return change > 0 ? 'up' : 'down';
}

export function symbolCell(symbol: string): Cell {
  return { text: symbol, node: h('a', { href: `#/symbol/${encodeURIComponent(symbol)}` }, symbol) };
}

/** A figure in the tone of its sign. */
export function moveCell(value: number | undefined, format: (value: number | undefined) => string): Cell {
  return { text: format(value), tone: toneOf(value) };
}

export interface TableSpec {
  /** For screen readers. */
  caption: string;
  columns: readonly Column[];
  rows: readonly (readonly (Cell | string)[])[];
  /** Lines through the whole table before a row. */
  dividers?: readonly { before: number; label: string; kind?: string }[];
  /** The column that names a row. Default the first. */
  headColumn?: number;
  kind?: string;
}

export function table(spec: TableSpec): HTMLElement {
  const { caption, columns, dividers = [], headColumn = 0, kind = '' } = spec;
  const rows = alignDecimals(spec);
  const body = h('tbody');
  for (let index = 0; index <= rows.length; index += 1) {
    for (const { label, kind: name = '' } of dividers.filter(({ before }) => before === index))
      body.append(h('tr', { class: `divider ${name}` }, h('td', { colspan: columns.length }, h('span', {}, label))));
    const row = rows[index];
    if (row !== undefined)
      body.append(
        h(
          'tr',
          {},
          columns.map((column, at) => cellOf(row[at] ?? '', column, at === headColumn)),
        ),
      );
  }
  const scroll = h(
    'div',
    { class: `scroll ${kind}`, 'data-name': caption },
    h(
      'table',
      {},
      h('caption', { class: 'unseen' }, caption),
      h(
        'thead',
        {},
        groupRow(columns),
        h(
          'tr',
          {},
          columns.map(({ head, align, title }) => h('th', { scope: 'col', class: align ?? 'right', title }, head)),
        ),
      ),
      body,
    ),
  );
  WIDE.observe(scroll);
  return scroll;
}

const FIGURE = /^[-+±]?[\d,]+(?:\.(\d+))?(?=%?$)/;
/** As wide as a digit. */
const DIGIT_SPACE = '\u2007';

/** Figures of a column with their points below each other, where they have different numbers of decimals. */
function alignDecimals({ columns, rows }: TableSpec): (Cell | string)[][] {
  const decimalsOf = (cell: Cell | string | undefined): number | undefined => {
    const found = FIGURE.exec(typeof cell === 'string' ? cell : (cell?.text ?? ''));
    return found === null ? undefined : (found[1]?.length ?? -1);
  };
  const most = columns.map(({ align }, at) =>
    align === undefined ? Math.max(-1, ...rows.map((row) => decimalsOf(row[at]) ?? -1)) : -1,
  );
  return rows.map((row) =>
    row.map((cell, at) => {
      const missing = (most[at] ?? -1) - (decimalsOf(cell) ?? Infinity);
      if (missing <= 0) return cell;
      const own = typeof cell === 'string' ? { text: cell } : cell;
      return { ...own, text: own.text + DIGIT_SPACE.repeat(missing) };
    }),
  );
}

/** A box that has more than it shows can be scrolled by the keyboard; others are no stop on its way. */
const WIDE = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const isWide = target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight;
    const asRegion = { tabindex: '0', role: 'region', 'aria-label': target.getAttribute('data-name') ?? '' };
    for (const [name, value] of Object.entries(asRegion))
      if (isWide) target.setAttribute(name, value);
      else target.removeAttribute(name);
  }
});

function groupRow(columns: readonly Column[]): HTMLElement | undefined {
  if (!columns.some(({ group }) => group !== undefined)) return undefined;
  const spans: { group: string; count: number }[] = [];
  for (const { group = '' } of columns) {
    const last = spans.at(-1);
    if (last?.group === group) last.count += 1;
    else spans.push({ group, count: 1 });
  }
  return h(
    'tr',
    { class: 'groups' },
    spans.map(({ group, count }) =>
      group === ''
        ? h('td', { colspan: count })
        : h('th', { scope: 'colgroup', colspan: count, class: `center ${group.toLowerCase()}` }, group),
    ),
  );
}

function cellOf(cell: Cell | string, { align }: Column, isHead: boolean): HTMLElement {
  const { text, tone, node, heat, mark } = typeof cell === 'string' ? ({ text: cell } as Cell) : cell;
  const missing = text === MISSING ? ' muted' : '';
  const attributes = { class: `${align ?? 'right'} ${tone ?? ''}${missing}${heat === undefined ? '' : ' heat'}` };
  const content = [node ?? text, mark !== undefined && h('i', { class: 'mark' }, mark)];
  const element = isHead ? h('th', { ...attributes, scope: 'row' }, content) : h('td', attributes, content);
  if (heat !== undefined) element.style.setProperty('--heat', heat.toFixed(3));
  return element;
}

export type FactItem = readonly [label: string, value: Child, tone?: Tone | undefined];

/** Labels with their values; what has no value is not shown. */
export function facts(items: readonly FactItem[]): HTMLElement {
  return h(
    'dl',
    { class: 'facts' },
    items
      .filter(([, value]) => value !== undefined && value !== '' && value !== MISSING)
      .map(([label, value, tone]) => h('div', {}, h('dt', {}, label), h('dd', { class: tone ?? '' }, value))),
  );
}

/** What failed, and what to do about it. */
export function problem(
  { symbol, message, hint }: Pick<AnswerError, 'symbol' | 'message' | 'hint'>,
  ...more: Child[]
): HTMLElement {
  const named = symbol === undefined || message.includes(symbol) ? message : `${symbol}: ${message}`;
  return h(
    'p',
    { class: 'problem', role: 'alert' },
    h('b', {}, named),
    hint !== undefined && h('span', {}, adviceOf(hint)),
    more,
  );
}

/** What a person at a page can do: not what is asked for by an address. */
const OF_REQUESTS = /\/api\/|\bthe parameter\b|\b[a-z-]+=\S/;

function adviceOf(hint: string): string {
  return hint
    .split(/; |(?<=\?) /)
    .flatMap((sentence) => {
      const parts = OF_REQUESTS.test(sentence)
        ? sentence.split(/,? or /).filter((part) => !OF_REQUESTS.test(part))
        : [sentence];
      return parts.length === 0 ? [] : [parts.join(', or ')];
    })
    .join('; ')
    .replaceAll('?; ', '? ');
}

export function problems(errors: readonly AnswerError[]): HTMLElement[] {
  return errors.map((error) => problem(error));
}

const PLAIN = { width: 10_000, theme: { colour: false, paint: (_tone: unknown, text: string) => text } };

/**
 * `tradier · as of 3:59:58 PM ET Nov 19, 2026 · cached 12 s ago`; grows older from when it was received on.
 * @param isKept it is shown because the server could not be asked
 */
export function source(meta: AnswerMeta, receivedMs = Date.now(), isKept = false): HTMLElement | undefined {
  const line = h('p', { class: 'source' });
  const show = (): void => {
    const ms = Date.now() - receivedMs;
    // What was there before the server went stays on the screen.
    const isOld = isKept || document.documentElement.dataset['link'] === 'lost';
    const [text = ''] = renderFooter(grown(meta, ms, isOld), PLAIN);
    line.classList.toggle('stale', isOld || meta.freshness === 'stale');
    // Nothing was found, so nothing is kept.
    const pieces =
      text === ''
        ? []
        : [text, isOld ? `kept on this device ${formatAge(ms)} ago` : ''].filter((piece) => piece !== '');
    fill(line, meta.sample && pieces.length > 0 && h('b', {}, 'SAMPLE'), pieces.join(' · '));
  };
  show();
  line.addEventListener('age', show);
  return line.textContent === '' ? undefined : line;
}

/** What was live is no longer once it has been looked at for a while. */
function grown(meta: AnswerMeta, ms: number, isOld: boolean): AnswerMeta {
  if (meta.freshness === undefined || (ms < 10_000 && !isOld)) return meta;
  return { ...meta, freshness: meta.freshness === 'live' ? 'cached' : meta.freshness, ageMs: (meta.ageMs ?? 0) + ms };
}

/** All lines of `source` say their age anew. */
export function growOlder(): void {
  for (const line of document.querySelectorAll('.source')) line.dispatchEvent(new Event('age'));
}

/** `9:33 AM ET`, with the date where it is another day's. */
export function formatMoment(atMs: number): string {
  const read = (ms: number, options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat('en-US', { timeZone: 'America/New_York', ...options }).format(ms).replaceAll('\u202f', ' ');
  const dayOf = (ms: number): string => read(ms, { dateStyle: 'medium' });
  const clock = `${read(atMs, { timeStyle: 'short' })} ET`;
  return dayOf(atMs) === dayOf(Date.now()) ? clock : `${clock} ${dayOf(atMs)}`;
}

export function notesOf(notes: readonly string[]): HTMLElement | undefined {
  // Nobody types options of the command line here.
  const shown = [...new Set(notes.map((note) => adviceOf(note.replace(/; change with --.*/, ''))))].filter(
    (note) => note !== '',
  );
  if (shown.length === 0) return undefined;
  return h(
    'ul',
    { class: 'notes' },
    shown.map((note) => h('li', {}, note)),
  );
}

/** A box with a heading of its own. */
export function panel(title: Child, ...children: Child[]): HTMLElement {
  return h('section', { class: 'panel' }, h('h2', {}, title), children);
}
