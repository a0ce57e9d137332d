// The page around the views: addresses, keys, the state of market and connection, installation. One view is shown at a
// time, made when it is first looked at.
import type { MarketStatusData } from '../../domain/answers.ts';
import { isOptionSymbol, parseOptionSymbol } from '../../domain/symbols.ts';
import { formatClock, formatSession, formatWeekday } from '../../render/format.ts';
import { LINK, get } from './api.ts';
import { createAskView } from './ask.ts';
import { createChainView } from './chain.ts';
import { fill, growOlder, h } from './dom.ts';
import { createListsView } from './lists.ts';
import { createStatusView } from './status.ts';
import { forgetAll } from './store.ts';
import { createStrategyView } from './strategy.ts';
import { createSymbolView } from './symbol.ts';
import type { Page, View } from './view.ts';

const MAKE: Readonly<Record<string, (page: Page) => View>> = {
  ask: createAskView,
  symbol: createSymbolView,
  chain: createChainView,
  strategy: createStrategyView,
  lists: createListsView,
  status: createStatusView,
};
const NAMES = Object.keys(MAKE);
const OF_A_SYMBOL = new Set(['symbol', 'chain', 'strategy']);
const SYMBOL = 'fin.symbol';
const LOGGED_IN = 'fin.loggedIn';
/** What takes letters itself. */
const FIELDS = 'input:not([type=checkbox]), select, textarea';
const AGES_EVERY_MS = 5_000;
const MARKET_EVERY_MS = 60_000;

start();

function start(): void {
  const views = new Map<string, View>();
  const state: { name: string; steps: number } = { name: '', steps: 0 };
  const main = part('#main');
  const live = part('#live');
  const help = part('#help') as HTMLDialogElement;
  const tabs = [...document.querySelectorAll<HTMLAnchorElement>('#tabs a')];
  const page: Page = {
    symbol: () => localStorage.getItem(SYMBOL) ?? 'NVDA',
    goTo: (...parts) => {
      location.hash = `#/${parts.map((each) => encodeURIComponent(each)).join('/')}`;
    },
    say: (text) => fill(live, text),
  };

  function open(): void {
    const [asked = '', ...parts] = addressParts();
    const name = NAMES.includes(asked) ? asked : 'ask';
    if (OF_A_SYMBOL.has(name)) {
      // The address names what is shown, so that the way back leads there again.
      if (parts[0] === undefined) history.replaceState(undefined, '', `#/${name}/${encodeURIComponent(page.symbol())}`);
      nameSymbol(name, parts, page.symbol());
    }
    const view = views.get(name) ?? MAKE[name]?.(page);
    if (view === undefined) return;
    views.set(name, view);
    if (name !== state.name) {
      if (state.name !== '') page.say(view.title);
      views.get(state.name)?.hide?.();
      state.name = name;
      fill(main, h('h1', { class: 'unseen' }, view.title), view.node);
      scrollTo(0, 0);
      for (const tab of tabs)
        if (nameOf(tab) === name) tab.setAttribute('aria-current', 'page');
        else tab.removeAttribute('aria-current');
    }
    document.title = name === 'ask' ? 'fin' : `${[...parts.slice(0, 1), view.title].join(' ')} · fin`;
    view.show(parts);
  }

  globalThis.addEventListener('hashchange', () => {
    state.steps += 1;
    open();
  });
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const { target, key } = event;
    const field = target instanceof HTMLElement && target.matches(FIELDS) ? target : undefined;
    if (key === 'Escape') escape(field);
    else if (field === undefined && !help.open && (walkTabs(target, key) || press(key))) event.preventDefault();
  });

  /** The arrows on the name of a view. */
  function walkTabs(target: EventTarget | null, key: string): boolean {
    const at = tabs.findIndex((tab) => tab === target);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (at < 0 || step === undefined) return false;
    const next = tabs.at((at + step) % tabs.length);
    next?.focus();
    next?.click();
    return true;
  }

  function press(key: string): boolean {
    const name = NAMES[Number(key) - 1];
    if (name !== undefined) page.goTo(name);
    else if (key === '/') focusField('ask');
    else if (key === 's') focusField(state.name === 'ask' || state.name === 'status' ? 'symbol' : state.name);
    else if (key === '?') help.showModal();
    else return false;
    return true;
  }

  function focusField(name: string): void {
    if (name !== state.name) page.goTo(name);
    // The address changes the view after this turn.
    setTimeout(() => views.get(name)?.focus?.());
  }

  function escape(field: HTMLElement | undefined): void {
    if (views.get(state.name)?.cancel?.() === true || help.open) return;
    if (field !== undefined) field.blur();
    else if (state.steps > 0) {
      state.steps -= 2;
      history.back();
    }
  }

  part('#help-button').addEventListener('click', () => help.showModal());
  watchLink();
  watchMarket();
  setUpLogout();
  setInterval(growOlder, AGES_EVERY_MS);
  open();
  // Who wants to hear of alerts hears of them in every view.
  if ('Notification' in globalThis && Notification.permission === 'granted' && !views.has('lists')) {
    const lists = createListsView(page);
    views.set('lists', lists);
    lists.show([]);
  }
  if ('serviceWorker' in navigator) void navigator.serviceWorker.register('/sw.js');
}

function part(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`the page has no ${selector}`);
  return found;
}

/** `#/chain/NVDA/2026-12-04`; what cannot be read is as it stands. */
function addressParts(): string[] {
  return location.hash
    .replace(/^#\/?/, '')
    .split('/')
    .filter((each) => each !== '')
    .map((each) => {
      try {
        return decodeURIComponent(each);
      } catch {
        return each;
      }
    });
}

/** A contract has a chart of its own; chains and strategies are of what it is on, as is what other views begin with. */
function nameSymbol(view: string, parts: string[], usual: string): void {
  const [symbol = usual] = parts;
  const contract = isOptionSymbol(symbol) ? parseOptionSymbol(symbol) : undefined;
  const underlying = contract?.underlying ?? symbol.replace(/ .*/, '');
  parts[0] = view === 'symbol' || contract === undefined ? symbol : underlying;
  if (contract !== undefined && view === 'chain' && parts.length < 2) parts.push(contract.expiration);
  localStorage.setItem(SYMBOL, underlying);
}

function nameOf(tab: HTMLAnchorElement): string {
  return tab.hash.slice(2);
}

function watchLink(): void {
  const pill = part('#link');
  const banner = part('#offline');
  function tell(isUp: boolean): void {
    const now = isUp ? 'live' : 'lost';
    if (pill.dataset['state'] === now) return;
    pill.dataset['state'] = now;
    document.documentElement.dataset['link'] = now;
    growOlder();
    fill(pill, isUp ? '● online' : '○ offline');
    banner.hidden = isUp;
    fill(
      banner,
      isUp
        ? ''
        : 'Cannot reach fin serve. Showing the last data received, with its age. Questions will be sent when the server is back.',
    );
  }
  LINK.addEventListener('link', (event) => tell((event as CustomEvent<boolean>).detail));
  globalThis.addEventListener('offline', () => tell(false));
}

/** The market's state, and with it whether figures are samples and the server is there. */
function watchMarket(): void {
  const pill = part('#market');
  let isLooking = false;
  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    const { document: answer, storedAt } = await get<MarketStatusData>('market');
    isLooking = false;
    const { provider, sample } = answer.meta;
    if (answer.data !== undefined) {
      part('#sample').hidden = !sample;
      // With a key the provider is one by name, and where it is asked is a made-up market of its own.
      fill(
        part('#sample-why'),
        provider === undefined || provider === 'sample'
          ? 'No market key is set: all figures are made up.'
          : 'The provider is a sample market: all figures are made up.',
      );
    }
    // A kept state holds until its next change.
    if (answer.data !== undefined && (storedAt === undefined || Date.now() < Date.parse(answer.data.nextChange.at)))
      tell(answer.data);
    else fill(pill);
  }
  function tell({ state, exchangeTime, nextChange }: MarketStatusData): void {
    const day = nextChange.at.slice(0, 10);
    const weekday = day === exchangeTime.slice(0, 10) ? '' : `${formatWeekday(day)} `;
    const next = `, ${formatSession(nextChange.state)} ${weekday}${formatClock(nextChange.at)}`;
    // Said again only where it is another one.
    if (pill.textContent !== formatSession(state) + next) fill(pill, formatSession(state), h('span', {}, next));
    pill.dataset['state'] = state === 'regular' ? 'live' : '';
  }
  const lookWhenSeen = (): void => void (document.visibilityState === 'visible' && look());
  lookWhenSeen();
  setInterval(lookWhenSeen, MARKET_EVERY_MS);
  document.addEventListener('visibilitychange', lookWhenSeen);
  globalThis.addEventListener('online', lookWhenSeen);
  LINK.addEventListener('link', (event) => {
    if ((event as CustomEvent<boolean>).detail && pill.textContent === '') lookWhenSeen();
  });
}

function setUpLogout(): void {
  const button = part('#logout');
  button.hidden = localStorage.getItem(LOGGED_IN) === null;
  button.addEventListener('click', () => void logOut());
  async function logOut(): Promise<void> {
    await forgetAll();
    await fetch('/logout', { method: 'POST', redirect: 'manual' });
    location.replace('/login');
  }
}
