// Alerts as they stand in the book: what is watched for, and whether it has been told. An alert tells once when its
// condition becomes true and again only after it was false: between two checks the book is what remembers that.
import { ConfigError, NoDataError } from '../domain/errors.ts';
import { isValidDate } from '../domain/exchange-time.ts';
import type { IsoTime } from '../domain/answers.ts';
import { isExpirationOver } from '../domain/option-sessions.ts';
import { underlyingOfRoot } from '../domain/symbols.ts';
import type { EpochMs } from '../domain/types.ts';
import { type Book, changeBook } from './book-file.ts';
import type { DataFolder } from './data-folder.ts';
import { entriesOf, nextId } from './entries.ts';

export interface Alert {
  id: number;
  /** The condition, as typed. */
  when: string;
  /** Told fire once and never again. */
  once: boolean;
  note?: string;
  state: 'armed' | 'fired';
  lastFiredAt?: IsoTime;
  /** Last told on figures of the sample market, which count for nothing on real ones. */
  sample?: true;
}

type Told = Pick<Alert, 'state' | 'lastFiredAt' | 'sample'>;

/** @throws ConfigError for an entry that is none, saying which */
export function listAlerts(book: Book): Alert[] {
  return entriesOf(book, 'alerts').map(({ id, entry, name }) => {
    const { when, once = false, note, state = 'armed', lastFiredAt, sample } = entry;
    const isAlert =
      typeof when === 'string' &&
      typeof once === 'boolean' &&
      (state === 'armed' || state === 'fired') &&
      [note, lastFiredAt].every((text) => text === undefined || typeof text === 'string');
    if (!isAlert)
      throw new ConfigError(`book: ${name} is not an alert`, {
        hint: 'write it as {"when": "NVDA.last > 450"} in book.json; it was left unchanged',
      });
    return {
      id,
      when,
      once,
      ...(note === undefined ? {} : { note: note as string }),
      state,
      ...(lastFiredAt === undefined ? {} : { lastFiredAt: lastFiredAt as string }),
      ...(sample === true ? { sample } : {}),
    };
  });
}

const CONTRACT = /\b([A-Z]{1,6}\d?)(\d\d)(\d\d)(\d\d)[CP]\d{8}\b/gi;

/** Whether it names a contract that no longer trades: it will never fire. */
export function hasExpired({ when }: Pick<Alert, 'when'>, now: EpochMs): boolean {
  return [...when.matchAll(CONTRACT)]
    .map(([, root = '', year, month, day]) => ({ root: root.toUpperCase(), date: `20${year}-${month}-${day}` }))
    .some(({ root, date }) => isValidDate(date) && isExpirationOver(date, now, underlyingOfRoot(root)));
}

export function addAlert(book: Book, alert: Pick<Alert, 'when' | 'once' | 'note'>): Alert {
  const kept = listAlerts(book);
  const { when, once, note } = alert;
  const added: Alert = { id: nextId(kept), when, once, ...(note === undefined ? {} : { note }), state: 'armed' };
  book['alerts'] = [...withIds(book), added];
  return added;
}

/** @throws NoDataError naming the ids that there are */
export function removeAlert(book: Book, id: number): Alert {
  const kept = listAlerts(book);
  const found = kept.find((alert) => alert.id === id);
  if (found === undefined)
    throw new NoDataError(`alert: no alert ${id}`, {
      hint: kept.length === 0 ? 'there are no alerts' : `the ids are ${kept.map((each) => each.id).join(', ')}`,
    });
  book['alerts'] = withIds(book).filter((each) => each.id !== id);
  return found;
}

/** Whether an alert's condition holds now; undefined where a figure of it is missing, which changes nothing. */
export interface Judgement {
  id: number;
  /** The condition that was judged: one that was changed meanwhile is not settled by it. */
  when: string;
  isTrue: boolean | undefined;
}

/** When, and on which figures, it was judged. */
export interface Moment {
  at: IsoTime;
  isSample: boolean;
}

/** Whether these figures, sample or real, have told it already: what the sample market told is still to be told for real. */
export function isTold({ state, sample }: Pick<Alert, 'state' | 'sample'>, isSample: boolean): boolean {
  return state === 'fired' && (isSample || sample !== true);
}

/**
 * Writes down what was judged. Of several who judge at once one alone gets an alert that fires, whoever is first.
 * What real figures told stays as it is whatever the sample market shows.
 * @returns those that fire
 */
export function settleAlerts(folder: DataFolder, judgements: readonly Judgement[], { at, isSample }: Moment): Alert[] {
  const known = new Map(judgements.map((judgement) => [judgement.id, judgement]));
  return changeBook(folder, (book) => {
    const fired: Alert[] = [];
    const states = new Map<number, Partial<Told>>();
    for (const alert of listAlerts(book)) {
      const { isTrue, when } = known.get(alert.id) ?? {};
      if (when !== alert.when || isTrue === undefined) continue;
      if (isSample && alert.state === 'fired' && alert.sample !== true) continue;
      if (isTrue && !isTold(alert, isSample)) {
        const now: Told = { state: 'fired', lastFiredAt: at, ...(isSample ? { sample: true } : {}) };
        states.set(alert.id, now);
        fired.push({ ...alert, ...now });
      } else if (!isTrue && alert.state === 'fired' && !alert.once) states.set(alert.id, { state: 'armed' });
    }
    if (states.size > 0) book['alerts'] = withIds(book).map((entry) => withState(entry, states.get(entry.id)));
    return fired;
  });
}

/** One that fires anew is of the figures on which it fires. */
function withState(entry: Record<string, unknown>, state: Partial<Told> | undefined): Record<string, unknown> {
  if (state === undefined) return entry;
  const { sample, ...rest } = entry;
  return { ...rest, ...(sample === undefined || state.state === 'fired' ? {} : { sample }), ...state };
}

function withIds(book: Book): (Record<string, unknown> & { id: number })[] {
  return entriesOf(book, 'alerts').map(({ id, entry }) => ({ id, ...entry }));
}
