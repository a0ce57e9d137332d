// The questions: one at a time, answered while they are worked on, kept for the next visit; without a server they wait
// and are sent when it is back. Hides how a refusal's suggestions become questions.
import { h, fill, formatMoment, newId, notesOf, problem, problems, source, type Child } from './dom.ts';
import type { HistoryData } from '../../domain/answers.ts';
import { showData } from './answers.ts';
import { ask, type AskListener } from './api.ts';
import { compareHistories } from './histories.ts';
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
  const log = createTurnLog();
  const field = createField((move) => log.recall(move));
  const form = createForm(field, { submit, stop, startAnew });
  const again = (question: string): void => void run(question);
  const examples = createExamples(again);
  const resending = createResending((turn) => goLive(turn).listener, restore);
  const state: { running?: AbortController } = {};

  function submit(): void {
    const question = field.value.trim();
    if (question !== '' && state.running === undefined) void run(question);
  }

  function stop(): void {
    state.running?.abort();
  }

  async function run(question: string): Promise<void> {
    if (state.running !== undefined) return;
    const turn = beginTurn(question);
    const running = new AbortController();
    state.running = running;
    field.value = '';
    form.setBusy(true, log.isEmpty());
    const live = goLive(turn);
    const { id, session } = turn;
    const document = await ask({ question, session }, live.listener, running.signal);
    delete state.running;
    form.setBusy(false, log.isEmpty());
    if (running.signal.aborted) {
      live.end(h('p', { class: 'faint' }, 'Cancelled.'), [question]);
      return;
    }
    if (document === 'unreachable') return queue(turn);
    if (document === 'broken') {
      const hint = 'The connection was lost. Ask again.';
      live.end(problem({ message: 'The answer was cut off.', hint }), [question]);
      return;
    }
    const done: Turn = { ...turn, state: 'done', tables: live.tables, document, answeredMs: Date.now() };
    page.say(document.answer ?? document.errors.map(({ message, hint = '' }) => `${message}. ${hint}`).join(' '));
    show(done);
    await keepTurn(done);
    log.elementOf(id)?.scrollIntoView({ block: 'start' });
  }

  async function queue(turn: Turn): Promise<void> {
    await keepTurn(turn);
    show(turn);
    page.say('Queued; it will be sent when the server is back.');
    await resending.arrange();
  }

  /** What is there already is drawn again only where it has got its answer. */
  async function restore(): Promise<void> {
    for (const turn of await readTurns()) {
      const old = log.elementOf(turn.id);
      if (old === undefined || (turn.state === 'done' && old.dataset['state'] !== 'done')) show(turn);
      if (turn.state === 'queued' && old?.dataset['state'] === 'live') show(turn);
    }
    form.setBusy(state.running !== undefined, log.isEmpty());
  }

  function place(turn: Turn, element: HTMLElement, kind: string): void {
    log.place(turn, element, kind);
    examples.hidden = true;
    form.fresh.hidden = false;
  }

  function goLive(turn: Turn): LiveTurn {
    const live = createLiveTurn(turn, again, (text) => page.say(text));
    place(turn, live.element, 'live');
    return live;
  }

  function show(turn: Turn): void {
    const { tables, document, answeredMs } = turn;
    const body =
      document === undefined
        ? queuedParts({ send: () => void resending.flush(), drop: () => void drop(turn) })
        : answerParts(document, tables, again, answeredMs);
    place(turn, h('article', { class: 'turn' }, heading(turn), body), document === undefined ? 'queued' : 'done');
  }

  async function drop({ id }: Turn): Promise<void> {
    await forgetTurn(id);
    log.remove(id);
    form.setBusy(state.running !== undefined, log.isEmpty());
    examples.hidden = !log.isEmpty();
  }

  async function startAnew(): Promise<void> {
    stop();
    localStorage.removeItem(SESSION);
    for (const { id } of await readTurns()) await forgetTurn(id);
    log.clear();
    examples.hidden = false;
    form.setBusy(false, log.isEmpty());
    field.focus();
  }

  globalThis.addEventListener('online', () => void resending.flush());
  new BroadcastChannel(CHANNEL).addEventListener('message', () => void restore());
  void restore().then(resending.flush);

  return {
    title: 'Ask',
    node: h('div', { class: 'view ask-view' }, form.node, examples, log.node),
    show: () => undefined,
    focus: () => field.focus(),
    cancel: () => {
      const isRunning = state.running !== undefined;
      stop();
      return isRunning;
    },
  };
}

/** @param recall the question asked before or after the one that was recalled last */
function createField(recall: (move: number) => string | undefined): HTMLInputElement {
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
  field.addEventListener('keydown', (event) => {
    const move = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const question = move === undefined ? undefined : recall(move);
    if (question === undefined) return;
    event.preventDefault();
    field.value = question;
  });
  return field;
}

/** The field and what can be pressed beside it. */
function createForm(field: HTMLInputElement, on: { submit(): void; stop(): void; startAnew(): Promise<void> }) {
  const send = h('button', { class: 'main', type: 'submit' }, 'Ask');
  const cancel = h('button', { type: 'button', hidden: true, onclick: () => on.stop() }, 'Cancel');
  const fresh = h('button', { type: 'button', hidden: true, onclick: () => void on.startAnew() }, 'New');
  const onsubmit = (event: Event): void => {
    event.preventDefault();
    on.submit();
  };
  return {
    node: h('form', { class: 'ask', role: 'search', onsubmit }, field, send, cancel, fresh),
    fresh,
    setBusy: (isBusy: boolean, isEmpty: boolean): void => {
      send.hidden = isBusy;
      cancel.hidden = !isBusy;
      fresh.hidden = isEmpty;
    },
  };
}

function createExamples(again: (question: string) => void): HTMLElement {
  return h(
    'div',
    { class: 'examples' },
    h('h2', {}, 'Ask the market'),
    h('p', { class: 'faint' }, 'Every figure is sourced and timestamped. Try:'),
    chips(EXAMPLES, again),
  );
}

function beginTurn(question: string): Turn {
  return { id: newId(), atMs: Date.now(), session: sessionName(), question, state: 'queued', tables: [] };
}

/** Sends what waits for the server. */
function createResending(resume: (turn: Turn) => AskListener, restore: () => Promise<void>) {
  let retry: ReturnType<typeof setTimeout> | undefined;

  function retryLater(): void {
    clearTimeout(retry);
    retry = setTimeout(() => void flush(), RETRY_MS);
  }

  async function flush(): Promise<void> {
    clearTimeout(retry);
    if (!(await sendQueued(resume))) retryLater();
    await restore();
  }

  async function arrange(): Promise<void> {
    const registration = 'serviceWorker' in navigator ? await navigator.serviceWorker.ready : {};
    const { sync } = registration as { sync?: { register(tag: string): Promise<void> } };
    // Where the browser knows no background sync the page itself tries again.
    await sync?.register(SYNC_TAG).catch(() => undefined);
    retryLater();
  }

  return { flush, arrange };
}

/** The turns on the page, the newest first, and the questions that were asked, to be recalled. */
function createTurnLog() {
  const node = h('div', { class: 'log' });
  const shown = new Map<string, HTMLElement>();
  const asked: string[] = [];
  let recalled = 0;

  function place(turn: Turn, element: HTMLElement, kind: string): void {
    element.dataset['state'] = kind;
    const old = shown.get(turn.id);
    if (old === undefined) {
      node.prepend(element);
      asked.push(turn.question);
      recalled = asked.length;
    } else old.replaceWith(element);
    shown.set(turn.id, element);
  }

  function remove(id: string): void {
    shown.get(id)?.remove();
    shown.delete(id);
  }

  return {
    node,
    place,
    remove,
    clear: (): void => {
      for (const id of [...shown.keys()]) remove(id);
    },
    isEmpty: () => shown.size === 0,
    elementOf: (id: string) => shown.get(id),
    recall: (move: number): string | undefined => {
      if (asked.length === 0) return undefined;
      recalled = Math.min(asked.length, Math.max(0, recalled + move));
      return asked[recalled] ?? '';
    },
  };
}

/** Questions to press. */
function chips(questions: readonly string[], ask: (question: string) => void): HTMLElement {
  return h(
    'p',
    { class: 'chips' },
    questions.map((question) => h('button', { type: 'button', onclick: () => ask(question) }, question)),
  );
}

function heading({ question, atMs }: Turn): HTMLElement {
  return h('h2', {}, question, h('time', {}, formatMoment(atMs)));
}

type LiveTurn = ReturnType<typeof createLiveTurn>;

/** A turn whose answer is on its way. */
function createLiveTurn(turn: Turn, again: (question: string) => void, say: (text: string) => void) {
  const tables: AskTable[] = [];
  const progress = h('p', { class: 'progress' }, 'asking');
  const answer = h('p', { class: 'answer' });
  const data = h('div', {});
  const element = h('article', { class: 'turn', 'aria-busy': 'true' }, heading(turn), progress, answer, data);
  const listener: AskListener = {
    progress: (text) => {
      const said = progressOf(text);
      fill(progress, said);
      countDown(progress, said);
      say(said);
    },
    table: (found) => {
      tables.push(found);
      fill(data, tableParts(tables));
    },
    text: (piece, restart) => {
      if (restart) fill(answer);
      answer.append(piece);
    },
  };
  return {
    element,
    tables,
    listener,
    end: (said: HTMLElement, questions: readonly string[]): void => {
      element.removeAttribute('aria-busy');
      progress.replaceWith(said, chips(questions, again));
    },
  };
}

function queuedParts(on: { send(): void; drop(): void }): Child {
  return [
    h(
      'p',
      { class: 'problem' },
      h('b', {}, 'Cannot reach fin serve.'),
      h('span', {}, 'Queued; it will be sent when the server is back.'),
    ),
    h(
      'p',
      { class: 'chips' },
      h('button', { type: 'button', onclick: on.send }, 'Send now'),
      h('button', { type: 'button', onclick: on.drop }, 'Do not send'),
    ),
  ];
}

function answerParts(
  document: AskDocument,
  tables: readonly AskTable[],
  again: (question: string) => void,
  answeredMs?: number,
): Child {
  const { answer = '', errors, grounding, meta } = document;
  // Failures are told below, with what to do about them.
  const words = answer
    .split('\n')
    .filter((each) => !errors.some(({ message }) => each === `Not available: ${message}.`))
    .join('\n');
  const unsupported = grounding?.unsupported ?? [];
  const suggestions = errors.flatMap(({ hint = '' }) =>
    [...hint.matchAll(/"([^"]{4,200})"/g)].map(([, text = '']) => text),
  );
  return [
    words !== '' && h('p', { class: 'answer' }, words),
    unsupported.length > 0 &&
      h(
        'p',
        { class: 'problem' },
        h('b', {}, 'Not supported by the data:'),
        h('span', {}, unsupported.map(({ text }) => text).join(', ')),
      ),
    problems(errors),
    suggestions.length > 0 && chips([...new Set(suggestions)], again),
    tableParts(
      tables,
      errors.map(({ message }) => message),
    ),
    source(meta, answeredMs),
  ];
}

/** @param said what was told of failures already, so that it is not told twice */
function tableParts(tables: readonly AskTable[], said: readonly string[] = []): Child {
  const histories = tables.filter(({ kind, data }) => kind === 'history' && data !== undefined);
  const compared = histories.length > 1 ? histories : [];
  return tables.map((table) => {
    const { kind, data, meta, notes, errors } = table;
    const shown =
      table === compared[0]
        ? compareHistories(
            compared.map((each) => each.data as HistoryData),
            meta.sample,
          )
        : data !== undefined && !compared.includes(table) && showData(kind, data, meta);
    const left = problems(errors.filter(({ message }) => !said.includes(message)));
    const noted = notesOf(notes);
    return (
      (shown !== false || left.length > 0 || noted !== undefined) && h('div', { class: 'found' }, shown, left, noted)
    );
  });
}

/** One conversation of this browser, until a new one is begun. */
function sessionName(): string {
  const name = localStorage.getItem(SESSION) ?? `page-${newId()}`;
  localStorage.setItem(SESSION, name);
  return name;
}

/** `asking get_stock_price_history, get_stock_price_history` in words, each once. */
function progressOf(text: string): string {
  const [, tools] = /^asking (\w+(?:, \w+)*)$/.exec(text) ?? [];
  if (tools === undefined) return text;
  const names = tools.split(', ').map((tool) => tool.replace(/^get_/, '').replaceAll('_', ' '));
  return `fetching ${[...new Set(names)].join(', ')}`;
}

/** A line that ends in seconds counts them down, until it says something else. */
function countDown(line: HTMLElement, text: string): void {
  const [, words, seconds] = /^(.* )(\d+) s$/.exec(text) ?? [];
  if (words === undefined) return;
  const untilMs = Date.now() + Number(seconds) * 1000;
  let said = text;
  const timer = setInterval(() => {
    if (line.textContent !== said || !line.isConnected) {
      clearInterval(timer);
      return;
    }
    said = `${words}${Math.max(0, Math.ceil((untilMs - Date.now()) / 1000))} s`;
    fill(line, said);
  }, 1000);
}
