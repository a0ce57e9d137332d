// A part of a view that is filled by one request: its heading stays, its figures give way when the new ones are there.
// What was asked for before is dropped, so that a slow answer never covers a newer one.
import { type Got, type Parameters, get } from './api.ts';
import { type Child, fill, h, problems, renew, source } from './dom.ts';

export interface Part<Data> {
  node: HTMLElement;
  load(command: string, parameters: Parameters): Promise<Got<Data> | undefined>;
  /** What was loaded last, where what it is drawn with has changed. */
  redraw(): void;
  clear(): void;
}

export function createPart<Data>(
  title: string | undefined,
  render: (data: Data, got: Got<Data>) => Child,
  kind = '',
): Part<Data> {
  const body = h('div', { class: 'body' });
  const node = h(
    'section',
    { class: `panel ${kind}`, 'aria-label': title ?? '' },
    title !== undefined && h('h2', {}, title),
    body,
  );
  const state: { running?: AbortController; got?: Got<Data>; receivedMs?: number } = {};

  function redraw(): void {
    if (state.got === undefined) return;
    const { document, storedAt } = state.got;
    renew(
      body,
      document.data !== undefined && render(document.data, state.got),
      problems(document.errors),
      source(document.meta, storedAt ?? state.receivedMs, storedAt !== undefined),
    );
  }

  return {
    node,
    redraw,
    clear: () => {
      state.running?.abort();
      delete state.got;
      fill(body);
    },
    async load(command, parameters) {
      state.running?.abort();
      const running = new AbortController();
      state.running = running;
      node.setAttribute('aria-busy', 'true');
      const got = await get<Data>(command, parameters, running.signal);
      if (running.signal.aborted) return undefined;
      node.removeAttribute('aria-busy');
      Object.assign(state, { got, receivedMs: Date.now() });
      redraw();
      return got;
    },
  };
}

/** A field for a symbol and what else a view asks for, sent by Enter. */
export function symbolForm(
  onSymbol: (symbol: string) => void,
  ...more: Child[]
): { form: HTMLFormElement; field: HTMLInputElement } {
  const field = h('input', {
    type: 'text',
    class: 'symbol',
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: false,
    maxlength: 40,
    'aria-label': 'Symbol',
    placeholder: 'Symbol',
  });
  const form = h(
    'form',
    {
      class: 'bar',
      onsubmit: (event) => {
        event.preventDefault();
        const symbol = field.value.trim().toUpperCase();
        if (symbol !== '') onSymbol(symbol);
      },
    },
    field,
    h('button', { type: 'submit' }, 'Show'),
    more,
  );
  field.addEventListener('focus', () => field.select());
  return { form, field };
}

export function select(
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  onchange: () => void,
): HTMLSelectElement {
  return h(
    'select',
    { 'aria-label': label, onchange },
    options.map(([value, text]) => h('option', { value }, text)),
  );
}
