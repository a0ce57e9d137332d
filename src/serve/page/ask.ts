// The questions: one at a time, answered while they are worked on, kept for the next visit; without a server they wait
// and are sent when it is back. Hides how a refusal's suggestions become questions.
import { h, fill, newId, notesOf, problem, problems, source, type Child } from './dom.ts';
import { showData } from './answers.ts';
import { ask, type AskListener } from './api.ts';
import { CHANNEL, SYNC_TAG, sendQueued } from './outbox.ts';
import { forgetTurn, keepTurn, readTurns, type AskDocument, type AskTable, type Turn } from './store.ts';
import type { Page, View } from './view.ts';

const EXAMPLES = [
  'quote NVDA',
  'NVDA chain for Friday with walls',
  'AAPL past 3 months',
  'expected move of SPY friday',
  'AAPL vs MSFT rsi and last',
  'iron condor on NVDA',
];
const RETRY_MS = 15_000;
const SESSION = 'fin.session';

export function createAskView(page: Page): View {
  const field = h('input', {
    id: 'question',
    type: 'text',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: false,
    enterkeyhint: 'send',
    maxlength: 4000,
    placeholder: 'Ask about quotes, charts, chains, volatility …',
    'aria-label': 'Question',
  });
  const send = h('button', { class: 'main', type: 'submit' }, 'Ask');
  const cancel = h('button', { type: 'button', hidden: true, onclick: () => stop() }, 'Cancel');
  const fresh = h('button', { type: 'button', hidden: true, onclick: () => void startAnew() }, 'New');
  const form = h('form', { class: 'ask', role: 'search', onsubmit: submit }, field, send, cancel, fresh);
  const log = h('div', { class: 'log' });
  const examples = h(
    'div',
    { class: 'examples' },
    h('h2', {}, 'Ask the market'),
    h('p', { class: 'faint' }, 'Every figure comes from the data, with its time. Some to begin with:'),
    chips(EXAMPLES),
  );
  const shown = new Map<string, HTMLElement>();
  const asked: string[] = [];
  const state: { running?: AbortController; recalled: number; retry?: ReturnType<typeof setTimeout> } = { recalled: 0 };

  function chips(questions: readonly string[]): HTMLElement {
    return h(
      'p',
      { class: 'chips' },
      questions.map((question) => h('button', { type: 'button', onclick: () => void run(question) }, question)),
    );
  }

  function submit(event: Event): void {
    event.preventDefault();
    const question = field.value.trim();
    if (question !== '' && state.running === undefined) void run(question);
  }

  function stop(): void {
    state.running?.abort();
  }

  async function run(question: string): Promise<void> {
    if (state.running !== undefined) return;
    const turn: Turn = {
      id: newId(),
      atMs: Date.now(),
      session: sessionName(),
      question,
      state: 'queued',
      tables: [],
    };
    const running = new AbortController();
    state.running = running;
    field.value = '';
    setBusy(true);
    const live = createLiveTurn(turn);
    const { id, session } = turn;
    const document = await ask({ question, session }, live.listener, running.signal);
    delete state.running;
    setBusy(false);
    if (running.signal.aborted) {
      live.end(h('p', { class: 'faint' }, 'Cancelled.'), [question]);
      return;
    }
    if (document === 'unreachable') return queue(turn);
    if (document === 'broken') {
      live.end(problem({ message: 'the answer broke off', hint: 'the server or the connection ended; ask again' }), [
        question,
      ]);
      return;
    }
    const done: Turn = { ...turn, state: 'done', tables: live.tables, document, answeredMs: Date.now() };
    page.say(document.answer ?? document.errors.map(({ message, hint = '' }) => `${message}. ${hint}`).join(' '));
    show(done);
    await keepTurn(done);
    shown.get(id)?.scrollIntoView({ block: 'start' });
  }

  function setBusy(isBusy: boolean): void {
    send.hidden = isBusy;
    cancel.hidden = !isBusy;
    fresh.hidden = shown.size === 0;
  }

  async function queue(turn: Turn): Promise<void> {
    await keepTurn(turn);
    show(turn);
    page.say('The question waits for the server.');
    const registration = 'serviceWorker' in navigator ? await navigator.serviceWorker.ready : {};
    const { sync } = registration as { sync?: { register(tag: string): Promise<void> } };
    // Where the browser knows no background sync the page itself tries again.
    await sync?.register(SYNC_TAG).catch(() => undefined);
    retryLater();
  }

  function retryLater(): void {
    clearTimeout(state.retry);
    state.retry = setTimeout(() => void flush(), RETRY_MS);
  }

  async function flush(): Promise<void> {
    clearTimeout(state.retry);
    if (!(await sendQueued((turn) => createLiveTurn(turn).listener))) retryLater();
    await restore();
  }

  /** What is there already is drawn again only where it has got its answer. */
  async function restore(): Promise<void> {
    for (const turn of await readTurns()) {
      const old = shown.get(turn.id);
      if (old === undefined || (turn.state === 'done' && old.dataset['state'] !== 'done')) show(turn);
      if (turn.state === 'queued' && old?.dataset['state'] === 'live') show(turn);
    }
    setBusy(state.running !== undefined);
  }

  function place(turn: Turn, element: HTMLElement, kind: string): void {
    element.dataset['state'] = kind;
    const old = shown.get(turn.id);
    if (old === undefined) {
      log.prepend(element);
      asked.push(turn.question);
      state.recalled = asked.length;
    } else old.replaceWith(element);
    shown.set(turn.id, element);
    examples.hidden = true;
    fresh.hidden = false;
  }

  function createLiveTurn(turn: Turn): {
    listener: AskListener;
    tables: AskTable[];
    end(said: HTMLElement, again: string[]): void;
  } {
    const tables: AskTable[] = [];
    const progress = h('p', { class: 'progress' }, 'asking');
    const answer = h('p', { class: 'answer' });
    const data = h('div', {});
    const element = h('article', { class: 'turn', 'aria-busy': 'true' }, heading(turn), progress, answer, data);
    place(turn, element, 'live');
    return {
      tables,
      listener: {
        progress: (text) => {
          fill(progress, text);
          page.say(text);
        },
        table: (found) => {
          tables.push(found);
          data.append(...tableParts(found));
        },
        text: (piece, restart) => {
          if (restart) fill(answer);
          answer.append(piece);
        },
      },
      end: (said, again) => {
        element.removeAttribute('aria-busy');
        progress.replaceWith(said, chips(again));
      },
    };
  }

  function heading({ question, atMs }: Turn): HTMLElement {
    return h('h2', {}, question, h('time', {}, whenOf(atMs)));
  }

  function show(turn: Turn): void {
    const { tables, document, answeredMs } = turn;
    const body: Child =
      document === undefined
        ? [
            h(
              'p',
              { class: 'problem' },
              h('b', {}, 'The server cannot be reached.'),
              h('span', {}, 'This question waits and is sent when it is back.'),
            ),
            h(
              'p',
              { class: 'chips' },
              h('button', { type: 'button', onclick: () => void flush() }, 'Send now'),
              h('button', { type: 'button', onclick: () => void drop(turn) }, 'Do not send'),
            ),
          ]
        : answerParts(document, tables, answeredMs);
    place(turn, h('article', { class: 'turn' }, heading(turn), body), document === undefined ? 'queued' : 'done');
  }

  async function drop({ id }: Turn): Promise<void> {
    await forgetTurn(id);
    shown.get(id)?.remove();
    shown.delete(id);
    setBusy(state.running !== undefined);
    examples.hidden = shown.size > 0;
  }

  function answerParts(document: AskDocument, tables: readonly AskTable[], answeredMs?: number): Child {
    const { answer = '', errors, grounding, meta } = document;
    const unsupported = grounding?.unsupported ?? [];
    const suggestions = errors.flatMap(({ hint = '' }) =>
      [...hint.matchAll(/"([^"]{4,200})"/g)].map(([, text = '']) => text),
    );
    return [
      answer !== '' && h('p', { class: 'answer' }, answer),
      unsupported.length > 0 &&
        h(
          'p',
          { class: 'problem' },
          h('b', {}, 'Not supported by the data:'),
          h('span', {}, unsupported.map(({ text }) => text).join(', ')),
        ),
      problems(errors),
      suggestions.length > 0 && chips([...new Set(suggestions)]),
      tables.map(tableParts),
      source(meta, answeredMs),
    ];
  }

  function tableParts({ kind, data, meta, notes, errors }: AskTable): HTMLElement[] {
    if (data === undefined && errors.length === 0) return [];
    return [h('div', { class: 'found' }, showData(kind, data, meta.sample), problems(errors), notesOf(notes))];
  }

  async function startAnew(): Promise<void> {
    stop();
    localStorage.removeItem(SESSION);
    for (const { id } of await readTurns()) await forgetTurn(id);
    for (const element of shown.values()) element.remove();
    shown.clear();
    examples.hidden = false;
    setBusy(false);
    field.focus();
  }

  field.addEventListener('keydown', (event) => {
    const move = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (move === undefined || asked.length === 0) return;
    event.preventDefault();
    state.recalled = Math.min(asked.length, Math.max(0, state.recalled + move));
    field.value = asked[state.recalled] ?? '';
  });
  globalThis.addEventListener('online', () => void flush());
  new BroadcastChannel(CHANNEL).addEventListener('message', () => void restore());
  void restore().then(flush);

  return {
    title: 'Ask',
    node: h('div', { class: 'view ask-view' }, form, examples, log),
    show: () => undefined,
    focus: () => field.focus(),
    cancel: () => {
      const isRunning = state.running !== undefined;
      stop();
      return isRunning;
    },
  };
}

/** One conversation of this browser, until a new one is begun. */
function sessionName(): string {
  const name = localStorage.getItem(SESSION) ?? `page-${newId()}`;
  localStorage.setItem(SESSION, name);
  return name;
}

function whenOf(atMs: number): string {
  const at = new Date(atMs);
  const two = (part: number): string => String(part).padStart(2, '0');
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return at.toDateString() === new Date().toDateString()
    ? clock
    : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock}`;
}
