// The queries of one part: each named form gets one, options theirs, and what figures are left a table. Decides between
// forms, and refuses what has two senses.
import { monthNumber } from '../../domain/date-words.ts';
import { parseRangePhrase } from '../../domain/date-grammar.ts';
import { parseExpirationPhrase } from '../../domain/expirations.ts';
import type { IsoDate } from '../../domain/types.ts';
import { findField, labelOf } from '../../fields/registry.ts';
import { isOfOptions } from './draft.ts';
import {
  type Query,
  type Refusal,
  type Slots,
  LARGE,
  OF_STRATEGY,
  emptySlots,
  hasContent,
  isRefusal,
  notUnderstood,
  unclear,
} from './query.ts';
import { hasFigureSlots, only, queryOf, refuseUntaken, resolved, withoutFigures } from './settled.ts';
import { settleFigures } from './settle-figures.ts';
import { FROM_SPOT, settleEach, settleOptions, settleStrategy } from './settle-options.ts';

const WHOLE_FORMS = [
  'events',
  'news',
  'overview',
  'technicals',
  'levels',
  'indicators',
  'expirations',
  'expiry',
  'walls',
  'volatility',
];

/** The queries of a part: a named form each, and what figures are left. @param own what was said before it was completed */
export function settle(slots: Slots, said: Slots, today: IsoDate): Query[] | Refusal {
  // A date that was either has become what the turn before could take.
  const { range: _range, ...dated } = said;
  const own = said.expiration !== undefined && slots.range === undefined ? dated : said;
  const forms = new Set(slots.forms);
  if (
    forms.has('social') &&
    own.symbols.length === 0 &&
    slots.range === undefined &&
    !hasContent({ ...slots, forms: slots.forms.filter((form) => form !== 'social') })
  )
    return [queryOf('social', slots)];
  forms.delete('social');
  // "key levels above the market": the spot.
  if (own.symbols.length > 0 && ['levels', 'technicals', 'walls'].some((form) => forms.has(form)))
    forms.delete('market');
  // "what days is the market closed this month"
  if (forms.has('market') && own.isDays === true && slots.symbols.length === 0) {
    const { isDays: _days, ...rest } = slots;
    const { isDays: _said, ...said } = own;
    return only('holidays', rest, said);
  }
  if (forms.has('holidays')) return only('holidays', slots, own);
  if (
    forms.has('market') &&
    (own.symbols.length > 0 || own.fields.some(isOfOptions)) &&
    own.fields.some((name) => name !== 'open' && name !== 'close')
  )
    return notUnderstood(`${labelOf(own.fields[0] ?? '')} together with the market's hours`);
  if (forms.has('market')) return only('market', slots, own);
  if (slots.scan !== undefined && own.symbols.length === 0) return settleScan(slots, own);
  if (forms.has('positions')) return only('positions', slots, own);
  if (slots.isDefinition === true && own.symbols.length === 0) return only('definition', slots, own);
  if (slots.symbols.length === 0) return unclear('which symbol is meant', 'name one, like NVDA or Apple');
  if (slots.strategy !== undefined) return settleBoth(slots, own, today);
  if (slots.ofStrategy !== undefined) return notUnderstood(`"${slots.ofStrategy}" without a strategy`);
  const unsaid = refuseTwofold(slots, own);
  if (unsaid !== undefined) return unsaid;
  const future = refuseFuture(slots);
  if (future !== undefined) return future;
  settleForms(forms, slots);
  // "skew of puts vs calls", "the smile, otm only": the figure is of both.
  if (slots.fields.includes('skew25') && slots.strike.length === 0) {
    delete slots.side;
    delete slots.isComparison;
  }
  if (slots.isEach === true || forms.has('expirations')) {
    const each = settleEach(slots, forms, today);
    if (each !== undefined) return isRefusal(each) ? each : (refuseUntaken(each, own) ?? each);
  }
  // "does it pay before christmas": dates to come stand in the list, paid is what went before.
  if (forms.has('events') && /\b(?:[6-9]|\d\d+) years$/.test(slots.range ?? ''))
    return notUnderstood(`"${slots.range ?? ''}" of dividends and earnings`);
  if (forms.has('events') && slots.range !== undefined && parseRangePhrase(slots.range)?.expression.kind === 'day') {
    if (own.isYesNo !== true) return notUnderstood(`"${slots.range}" together with dividends and earnings`);
    delete slots.range;
  }
  const queries: Query[] = [];
  const rest = { ...slots };
  for (const name of WHOLE_FORMS) {
    if (!forms.has(name) || (name === 'walls' && slots.fields.includes('callWall'))) continue;
    queries.push(queryOf(name, withoutFigures(name, rest)));
  }
  const option = settleOptions(rest, forms, queries.length > 0);
  if (isRefusal(option)) return option;
  queries.push(...option);
  const isLeft =
    rest.fields.length + rest.conditions.length > 0 || hasFigureSlots(rest) || forms.has('bars') || forms.has('quote');
  if (queries.length === 0 || isLeft) {
    const figures = settleFigures(rest, forms, queries.length === 0, today);
    if (isRefusal(figures)) return figures;
    queries.push(...figures);
  }
  return refuseUntaken(queries, slots) ?? refuseDropped(queries, own) ?? queries;
}

/** A strategy, and beside it the figures that are none of it. */
function settleBoth(slots: Slots, own: Slots, today: IsoDate): Query[] | Refusal {
  const others = slots.fields.filter((name) => !OF_STRATEGY.has(name));
  const isTable =
    others.length > 0 && others.every((name) => findField(name) !== undefined) && slots.conditions.length === 0;
  if (!isTable) return settleStrategy(slots, own);
  const kept = { ...slots, fields: slots.fields.filter((name) => OF_STRATEGY.has(name)) };
  const strategy = settleStrategy(kept, { ...own, fields: kept.fields });
  if (isRefusal(strategy)) return strategy;
  const { expiration } = slots;
  const isDated = expiration !== undefined && others.some(isOfOptions);
  const figures = settleFigures(
    { ...emptySlots(), symbols: slots.symbols, fields: others, ...(isDated ? { expiration } : {}) },
    new Set(),
    true,
    today,
  );
  return isRefusal(figures) ? figures : [...strategy, ...figures];
}

const TELLS_TIME = new Set(['events', 'expiry', 'expirations', 'market', 'holidays', 'days', 'news', 'definition']);
/** Forms to which the date of an expiration says nothing, and a table of figures where none is of options. */
const OF_SHARES = new Set([
  'quote',
  'bars',
  'figures',
  'technicals',
  'levels',
  'indicators',
  'days',
  'overview',
  'news',
]);

/** Of what was said: a time that no form tells, an expiration of nothing, two sides of a condition that cannot compare. */
function refuseDropped(queries: readonly Query[], own: Slots): Refusal | undefined {
  const tellsTime = queries.some(
    ({ form, columns }) =>
      TELLS_TIME.has(form) || columns.some((each) => /On\(/.test(each) || findField(each)?.unit === 'date'),
  );
  if (own.asksWhen === true && !tellsTime) return notUnderstood('when that was');
  const tellsDistance = ({ base, rank, fields }: Query): boolean =>
    base !== undefined || rank !== undefined || fields.includes(FROM_SPOT);
  if (own.asksSize === 'distance' && own.samePeriod !== 'since' && !queries.some(tellsDistance))
    return notUnderstood('how far from what');
  if (own.isOfEach === true && queries.every(({ form }) => form === 'figures')) return notUnderstood('each of them');
  const isOfShares = queries.every(
    ({ form, columns, conditions, base }) =>
      OF_SHARES.has(form) &&
      ![...columns, ...conditions.map(({ expression }) => expression), base ?? ''].some(isOfOptions),
  );
  const { expiration, interval, conditions } = own;
  if (
    expiration !== undefined &&
    !/^(?:today|nearest)$/.test(expiration) &&
    own.range === undefined &&
    interval === undefined &&
    isOfShares
  )
    return notUnderstood(`"${expiration}" without options or a past period`);
  const odd = conditions.find(({ left = '', right = '' }) => {
    const [a, b] = [left, right].map((side) => findField(side)?.unit ?? findField(side, 'contract')?.unit);
    return a !== undefined && b !== undefined && a !== b && !/volume|openInterest/i.test(`${left} ${right}`);
  });
  return odd === undefined
    ? undefined
    : notUnderstood(`${labelOf(odd.left ?? '')} against ${labelOf(odd.right ?? '')}`);
}

/** What has two senses, or leaves out what it compares with. */
function refuseTwofold(slots: Slots, own: Slots): Refusal | undefined {
  const { fields, symbols, isYesNo, range, conditions, rank } = slots;
  const [field] = fields;
  if (own.isDefinition === true) return notUnderstood(`what ${symbols[0] ?? 'it'} is or does`);
  const isState =
    isYesNo === true && fields.length === 1 && (field === 'open' || field === 'close') && conditions.length === 0;
  if (isState && range === undefined && slots.move === undefined)
    return unclear(
      '"open" could be the state of the market or a price',
      'ask "is the market open" or for the opening price',
    );
  if (
    slots.isComparison === true &&
    symbols.length < 2 &&
    slots.base === undefined &&
    slots.strike.length < 2 &&
    slots.side !== 'both' &&
    (slots.aggregate === undefined || (range !== undefined && range !== 'today')) &&
    slots.expiration?.includes(',') !== true &&
    fields.length < 2 &&
    own.fields.length < 2
  )
    return unclear('compare with what', `name two symbols or more, like ${symbols[0] ?? 'NVDA'} and AMD`);
  // "the return, and which is less volatile"
  if (own.move !== undefined && /^(?:hv|iv|rsi|volume|dollarVolume)/.test(own.rank?.by ?? ''))
    return notUnderstood('a ranking by two figures');
  if (
    rank?.by !== undefined &&
    rank.by !== 'distance' &&
    fields.some((name) => name !== 'strike' && !conditions.some(({ left }) => left === name)) &&
    !fields.includes(rank.by) &&
    own.rank !== undefined &&
    own.fields.length > 0
  )
    return notUnderstood('a ranking by two figures');
  return undefined;
}

/** A form that another one includes. */
function settleForms(forms: Set<string>, slots: Slots): void {
  if (forms.has('events')) forms.delete('expiry');
  // "does it go ex dividend": the date tells.
  if (slots.fields.includes('exDividend')) forms.delete('events');
  // "when is apple reporting": the date of an event, not of an expiration.
  if (slots.fields.some((name) => findField(name)?.needs.includes('events') === true)) forms.delete('expiry');
  // "the calls that expire in January": their date.
  const isOfContracts = slots.strike.length > 0 || slots.side !== undefined || slots.fields.some(isOfOptions);
  if (isOfContracts && slots.expiration !== undefined) forms.delete('expiry');
  if (forms.has('technicals')) for (const part of ['volatility', 'indicators', 'bars']) forms.delete(part);
  // "when do its options expire in December": all of them.
  const isMonth = monthNumber(/^([a-z]{3,9})(?: \d{4})?$/.exec(slots.expiration ?? '')?.[1]) !== undefined;
  if (isMonth && forms.has('expiry') && (forms.has('expirations') || forms.has('chain')))
    forms.add('expirations').delete('expiry');
  const isSpan = slots.expiration?.includes('..') === true;
  if (isSpan && forms.delete('expiry')) forms.add('expirations');
  if (forms.has('expirations') && forms.has('expiry'))
    forms.delete(slots.expiration === undefined ? 'expiry' : 'expirations');
  if (['expirations', 'expiry', 'walls', 'volatility'].some((form) => forms.has(form))) forms.delete('chain');
  if (forms.has('expirations') && !forms.has('bars')) takeMonthOfExpirations(slots);
  // Walls beside other figures of the expiration are two columns of their table.
  if (
    forms.has('walls') &&
    slots.fields.length > 0 &&
    slots.fields.every((name) => findField(name)?.of === 'expiration')
  ) {
    forms.delete('walls');
    slots.fields = [...new Set([...slots.fields, 'callWall', 'putWall'])];
  }
  if (forms.has('quote') && slots.fields.length > 0 && !slots.fields.includes('last'))
    slots.fields = ['last', ...slots.fields];
}

/** A month beside expirations is theirs, not a period that has passed. */
function takeMonthOfExpirations(slots: Slots): void {
  const month = slots.range?.replace(/^in /, '');
  if (
    month === undefined ||
    slots.expiration !== undefined ||
    parseExpirationPhrase(month)?.expression.kind !== 'month'
  )
    return;
  slots.expiration = month;
  delete slots.range;
}

function refuseFuture({ range, symbols }: Slots): Refusal | undefined {
  if (range === undefined || parseRangePhrase(range)?.expression.kind !== 'future') return undefined;
  return unclear(
    `"${range}" is in the future`,
    `ask about the past, like how did ${symbols[0] ?? 'NVDA'} do last week, or what its options expect: expected move of ${symbols[0] ?? 'NVDA'}`,
  );
}

/** A preset, conditions or both; a ranking alone is the preset of its figure. */
function settleScan(slots: Slots, own: Slots): Query[] | Refusal {
  const { rank, conditions, range, scan, move } = slots;
  // "gapped down 3% and now green"
  if (conditions.length > 0 && (move === 'up' || move === 'down')) {
    conditions.push({ expression: `changePercent ${move === 'up' ? '>' : '<'} 0` });
    for (const each of [slots, own]) delete each.move;
  }
  const ranked = rank === undefined ? undefined : RANKED_SCANS[`${rank.order} ${rank.by ?? slots.fields[0] ?? ''}`];
  const preset = scan === '' || scan === 'large' ? (conditions.length === 0 ? ranked : undefined) : scan;
  if (preset === undefined && conditions.length === 0)
    return unclear('what to scan for', 'ask for: top gainers, most active stocks, oversold stocks');
  if (slots.isAnyOf === true) return notUnderstood('a scan for one or the other');
  const all = conditions.map(({ expression }) => resolved(expression));
  if (preset?.startsWith('gap') === true && all.some((each) => each.includes('changePercent')))
    return notUnderstood('a change together with a gap');
  // "at its 52 week high": a price that nothing compares with says nothing of a scan.
  const isUsed = (name: string): boolean => all.some((each) => each.includes(name)) || rank?.by === name;
  const unused = slots.fields.find((name) => /^(?:high|low|week52High|week52Low)$/.test(name) && !isUsed(name));
  if (unused !== undefined && preset === undefined) return notUnderstood(`${labelOf(unused)} in a scan`);
  const strange = slots.fields.find((name) => isOfOptions(name) && !isUsed(name));
  if (strange !== undefined) return notUnderstood(`${labelOf(strange)} in a scan`);
  const options = all.find((each) => /\b(?:atmIv|iv)\b/.test(each));
  if (options !== undefined) return notUnderstood('implied volatility over the whole market');
  const { range: _range, rank: _rank, ...rest } = slots;
  if (rank !== undefined && ranked !== preset && (rank.by ?? slots.fields[0]) === undefined)
    return notUnderstood('a ranking by nothing that was named');
  const query = queryOf('scan', {
    ...rest,
    ...(range === undefined || range === 'today' ? {} : { range }),
    ...(rank === undefined || ranked === preset ? {} : { rank }),
    scan: preset ?? '',
    conditions: [...conditions, ...(scan === 'large' ? [{ expression: LARGE }] : [])],
  });
  const { rank: _ofPreset, ...unranked } = own;
  return refuseUntaken([query], ranked === preset ? unranked : own) ?? [query];
}

const RANKED_SCANS: Readonly<Record<string, string>> = {
  'highest changePercent': 'gainers',
  'lowest changePercent': 'losers',
  'highest volume': 'active',
  'lowest rsi14': 'oversold',
  'highest rsi14': 'overbought',
};
