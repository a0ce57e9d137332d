// A decided query out of slots, and the one rule of all of them: what a part says and no form of it takes refuses it.
// Names of figures as a symbol's table and the reader know them.
import { findField, labelOf } from '../../fields/registry.ts';
import { type Form, formOf } from './forms.ts';
import { type Query, type Refusal, type SlotName, type Slots, emptySlots, notUnderstood } from './query.ts';

export function queryOf(form: string, slots: Slots, columns: readonly string[] = []): Query {
  return { ...slots, form, columns: [...columns] };
}

/** What of a part every form keeps, and what only a form that takes it. */
const KEPT = ['isHeldOnly', 'mayCall', 'isDataOnly', 'follow', 'isComparison', 'isDefinition', 'corrected'];
const CHOSEN_BY_FORM = ['expiration', 'range', 'side', 'interval'];

export function withoutFigures(form: string, slots: Slots): Slots {
  const { accepts } = formOf(form);
  const chosen =
    form === 'expiry' ? CHOSEN_BY_FORM : CHOSEN_BY_FORM.filter((slot) => accepts.includes(slot as SlotName));
  const kept = Object.entries(slots).filter(([slot]) => chosen.includes(slot) || KEPT.includes(slot));
  return { ...emptySlots(), forms: [form], symbols: slots.symbols, ...(Object.fromEntries(kept) as Partial<Slots>) };
}

export function hasFigureSlots({ base, move, rank, isCount, aggregate, quantity, amount }: Slots): boolean {
  return [base, move, rank, isCount, aggregate, quantity, amount].some((each) => each !== undefined);
}

/** A symbol's row has no contract: what traders call its IV is that of the money. */
const OF_SYMBOL: Readonly<Record<string, string>> = {
  iv: 'atmIv',
  openInterest: 'optionOpenInterest',
  iv30: 'atmIv',
  ivMinusHv30: '(atmIv - hv30)',
};

/** Names that the registry has stay as they are. */
export function resolved(expression: string): string {
  return expression.replace(/[a-z]\w*/gi, (name) => (findField(name) === undefined ? (OF_SYMBOL[name] ?? name) : name));
}

const SLOT_NAMES: Readonly<Record<SlotName, (slots: Slots) => string | undefined>> = {
  symbols: ({ symbols }) => symbols[0],
  fields: ({ fields }) => (fields[0] === undefined ? undefined : labelOf(fields[0])),
  aggregate: ({ aggregate }) => aggregate,
  base: ({ base }) => (base === undefined ? undefined : `a distance from ${labelOf(base)}`),
  quantity: ({ quantity }) => (quantity === undefined ? undefined : 'a number of shares'),
  amount: ({ amount }) => (amount === undefined ? undefined : 'an amount of dollars'),
  conditions: ({ conditions }) => (conditions[0] === undefined ? undefined : 'a condition'),
  isCount: ({ isCount }) => (isCount === undefined ? undefined : 'a count'),
  isDays: ({ isDays }) => (isDays === undefined ? undefined : 'a list of days'),
  occasion: ({ occasion }) => (occasion === undefined ? undefined : `the ${occasion} time`),
  rank: ({ rank }) => (rank === undefined ? undefined : 'a ranking'),
  limit: ({ limit }) => (limit === undefined ? undefined : String(limit)),
  range: ({ range }) => (range === undefined || range === 'today' ? undefined : `"${range}"`),
  interval: ({ interval }) => (interval === undefined ? undefined : `bars by ${interval}`),
  expiration: ({ expiration }) => (expiration === undefined ? undefined : `"${expiration}"`),
  side: ({ side }) => (side === undefined ? undefined : `${side}s`),
  strike: ({ strike }) => (strike[0] === undefined ? undefined : 'a strike'),
  strikes: ({ strikes }) => (strikes === undefined ? undefined : 'strikes'),
  delta: ({ delta }) => (delta === undefined ? undefined : 'a delta'),
  money: ({ money }) => money,
  move: ({ move }) => (move === undefined ? undefined : 'a change'),
  strategy: ({ strategy }) => strategy?.replaceAll('-', ' '),
  width: ({ width }) => (width === undefined ? undefined : 'a width'),
  scan: ({ scan }) => (scan === undefined ? undefined : 'a scan'),
};

/** The one rule: what a part says and no form of it takes. */
export function refuseUntaken(queries: readonly Query[], said: Slots): Refusal | undefined {
  const forms = queries.map(({ form }): Form => formOf(form));
  for (const [slot, nameOf] of Object.entries(SLOT_NAMES) as [SlotName, (slots: Slots) => string | undefined][]) {
    const what = nameOf(said);
    if (what === undefined || forms.some(({ accepts }) => accepts.includes(slot))) continue;
    if (slot === 'symbols' && said.symbols.length === 0) continue;
    return notUnderstood(`${what} together with ${forms.map(({ label }) => label).join(' and ')}`);
  }
  return undefined;
}

export function only(name: string, slots: Slots, own: Slots): Query[] | Refusal {
  const query = queryOf(name, slots);
  return refuseUntaken([query], own) ?? [query];
}
