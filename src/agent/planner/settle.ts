// The queries of one part: each named form gets one, options theirs, and what figures are left a table. Decides between
// forms, and refuses what has two senses.
import { monthNumber } from '../../domain/date-words.ts';
import { parseRangePhrase } from '../../domain/date-grammar.ts';
import { parseExpirationPhrase } from '../../domain/expirations.ts';
import type { IsoDate } from '../../domain/types.ts';
import { findField, labelOf } from '../../fields/registry.ts';
import { FROM_SPOT } from './contracts.ts';
import { refuseSpan, settleDue, spanOf } from './calendar-dates.ts';
import { isOfOptions, resolved } from './draft.ts';
import { only, refuseUntaken, withoutFigures } from './forms.ts';
import { settleHeld } from './holdings.ts';
import {
  MOST_RANKED,
  type Condition,
  type Query,
  type Refusal,
  type Slots,
  LARGE,
  PRICE_FORMS,
  hasContent,
  hasFigureSlots,
  isRefusal,
  names,
  notUnderstood,
  queryOf,
  unclear,
  isEnd,
  MOST_DAYS,
} from './query.ts';
import { sidesOf } from './combine.ts';
import { isWay } from './said.ts';
import { settleFigures } from './settle-figures.ts';
import { settleOptions } from './settle-options.ts';
import { boundsOfLevels } from './settle-senses.ts';
import { settleAnyStrategy } from './settle-strategy.ts';
import { refuseOthers, settleStudy } from './study.ts';

const WHOLE_FORMS = 'events news overview technicals levels indicators expirations expiry walls volatility'.split(' ');

/** What a part was settled to, undefined where it is no matter of this one. */
type Settled = Query[] | Refusal | undefined;

function lacksDate({ due, forms }: Slots, own: Slots): boolean {
  const isOfExpiry = own.isYesNo === true && own.symbols.length === 0 && own.forms.join() === 'expiry';
  return (due !== undefined && !forms.includes('events')) || (isOfExpiry && /^0\.\./.test(own.expiration ?? ''));
}

/** `what did 400 shares bring in dividends`: said with them. */
function withoutEventSlots(rest: Slots, forms: ReadonlySet<string>): void {
  if (!forms.has('events')) return;
  delete rest.quantity;
  delete rest.limit;
  delete rest.move;
}

/** The queries of a part: a named form each, and what figures are left. @param own what was said before it was completed */
export function settle(slots: Slots, said: Slots, today: IsoDate): Query[] | Refusal {
  // A date that was either has become what the turn before could take.
  const { range: _range, ...dated } = said;
  const own = said.expiration !== undefined && slots.range === undefined ? dated : said;
  settleDue(slots, own, today);
  // "and is that before the calls expire": of which date is not said.
  if (lacksDate(slots, own)) return unclear('which date is compared', 'name it, like KO ex-dividend before the 18th');
  if (isGreeting(slots, own)) return [queryOf('social', slots)];
  const forms = new Set(slots.forms);
  forms.delete('social');
  const unnamed = settleMarket(slots, own, forms) ?? settleUnnamed(slots, own, forms);
  if (unnamed !== undefined) return unnamed;
  if (slots.symbols.length === 0) return unclear('which symbol is meant', 'name one, like NVDA or Apple');
  const { study } = slots;
  return (
    refuseOthers(slots) ??
    (study === undefined ? undefined : settleStudy({ ...slots, study })) ??
    settleAnyStrategy(slots, own, today) ??
    refuseBeyond(slots) ??
    refuseTwofold(slots, own) ??
    refuseFuture(slots) ??
    settleNamed(slots, own, forms, today)
  );
}

function isGreeting(slots: Slots, own: Slots): boolean {
  const forms = slots.forms.filter((form) => form !== 'social');
  const isSaid = forms.length < slots.forms.length && own.symbols.length === 0 && slots.range === undefined;
  return isSaid && !hasContent({ ...slots, forms });
}

/** The state of the market, its hours and holidays. */
function settleMarket(slots: Slots, own: Slots, forms: Set<string>): Settled {
  // "key levels above the market": the spot.
  if (own.symbols.length > 0 && ['levels', 'technicals', 'walls'].some((form) => forms.has(form)))
    forms.delete('market');
  if (!forms.has('market')) return forms.has('holidays') ? only('holidays', slots, own) : undefined;
  // "what days is the market closed this month"
  if (own.isDays === true && slots.symbols.length === 0) {
    const { isDays: _days, ...rest } = slots;
    const { isDays: _said, ...said } = own;
    return only('holidays', rest, said);
  }
  if (forms.has('holidays') && slots.isCount !== true) return only('holidays', slots, own);
  const isOfSymbol = own.symbols.length > 0 || own.fields.some(isOfOptions);
  if (isOfSymbol && own.fields.some((name) => name !== 'open' && name !== 'close'))
    return notUnderstood(`${labelOf(own.fields[0] ?? '')} together with the market's hours`);
  return only('market', slots, own);
}

/** A scan, the holdings, what a word means: of no symbol that must be named. */
function settleUnnamed(slots: Slots, own: Slots, forms: ReadonlySet<string>): Settled {
  if (slots.scan !== undefined && own.symbols.length === 0) return settleScan(slots, own);
  if (forms.has('positions')) return settleHeld(slots, own) ?? only('positions', slots, own);
  return slots.isDefinition === true && own.symbols.length === 0 ? only('definition', slots, own) : undefined;
}

/** The forms that are named for the symbols, options, and a table of the figures that are left. */
function settleNamed(slots: Slots, own: Slots, forms: Set<string>, today: IsoDate): Query[] | Refusal {
  for (const rule of FORM_RULES) rule(slots, forms);
  if (slots.isEach === true || forms.has('expirations')) {
    const each = settleEach(slots, forms, today);
    if (each !== undefined) return isRefusal(each) ? each : (refuseUntaken(each, own) ?? each);
  }
  const tooFar = forms.has('events') ? refuseSpan(slots, own) : undefined;
  if (tooFar !== undefined) return tooFar;
  const bounds = forms.has('levels') ? boundsOfLevels(slots) : [];
  const rest = { ...slots };
  const queries = WHOLE_FORMS.filter(
    (name) => forms.has(name) && !(name === 'walls' && slots.fields.includes('callWall')),
  ).map((name) => queryOf(name, { ...withoutFigures(name, rest), conditions: name === 'levels' ? bounds : [] }));
  withoutEventSlots(rest, forms);
  const option = settleOptions(rest, forms, queries.length > 0);
  if (isRefusal(option)) return option;
  queries.push(...option);
  const isLeft = names(rest, 'fields', 'conditions') || hasFigureSlots(rest) || forms.has('bars') || forms.has('quote');
  if (queries.length === 0 || isLeft) {
    const figures = settleFigures(rest, forms, queries.length === 0, today);
    if (isRefusal(figures)) return figures;
    queries.push(...figures);
  }
  return refuseUntaken(queries, slots) ?? refuseDropped(queries, own) ?? queries;
}

const TELLS_TIME = new Set(['events', 'expiry', 'expirations', 'market', 'holidays', 'days', 'news', 'definition']);
/** Forms to which the date of an expiration says nothing, and a table of figures where none is of options. */
const OF_SHARES = new Set('quote bars figures technicals levels indicators days overview news'.split(' '));

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
  const isSupposed = names(own, 'base', 'quantity', 'amount') || own.fields.some((name) => name.includes('*'));
  if (
    own.isTarget === true &&
    !isSupposed &&
    queries.every(({ form, base }) => base === undefined && PRICE_FORMS.has(form))
  )
    return notUnderstood('what it would need');
  if (own.isOfEach === true && queries.every(({ form }) => form === 'figures')) return notUnderstood('each of them');
  const isOfShares = queries.every(
    ({ form, columns, conditions, base }) =>
      OF_SHARES.has(form) &&
      ![...columns, ...conditions.map(({ expression }) => expression), base ?? ''].some(isOfOptions),
  );
  const { expiration, interval, conditions } = own;
  if (
    expiration !== undefined &&
    expiration !== 'today' &&
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

/** A denial that bounds no date, headlines of days that only another answer names. */
function refuseBeyond({ isWithout, isDays, forms }: Slots): Refusal | undefined {
  if (isWithout === true) return notUnderstood('"no"');
  return isDays === true && forms.includes('news') ? notUnderstood('headlines of certain days') : undefined;
}

/** What has two senses, or leaves out what it compares with. */
function refuseTwofold(slots: Slots, own: Slots): Refusal | undefined {
  const { fields, symbols, isYesNo, range, conditions, move } = slots;
  if (own.isDefinition === true) return notUnderstood(`what ${symbols[0] ?? 'it'} is or does`);
  const isState = isYesNo === true && /^(?:open|close)$/.test(fields.join()) && conditions.length === 0;
  if (isState && range === undefined && move === undefined)
    return unclear(
      '"open" could be the state of the market or a price',
      'ask "is the market open" or for the opening price',
    );
  if (lacksRival(slots, own))
    return unclear('compare with what', `name two symbols or more, like ${symbols[0] ?? 'NVDA'} and AMD`);
  return ranksByTwo(slots, own) ? notUnderstood('a ranking by two figures') : undefined;
}

/** "compare nvda" */
function lacksRival(slots: Slots, own: Slots): boolean {
  const { isComparison, symbols, strike, side, aggregate, range, expiration, fields } = slots;
  if (isComparison !== true || names(slots, 'isCount', 'base')) return false;
  const isSeveral = [symbols, strike, fields, own.fields].some((each) => each.length > 1);
  if (isSeveral || side === 'both' || expiration?.includes(',') === true) return false;
  return aggregate === undefined || (range !== undefined && range !== 'today');
}

function ranksByTwo({ rank, fields, conditions }: Slots, own: Slots): boolean {
  // "the return, and which is less volatile"
  if (own.move !== undefined && /^(?:hv|iv|rsi|volume|dollarVolume)/.test(own.rank?.by ?? '')) return true;
  if (rank?.by === undefined || own.rank === undefined || own.isDays === true || own.fields.length === 0) return false;
  if (/^(?:distance|strike|abs\(strike - spot\))$/.test(rank.by) || fields.includes(rank.by)) return false;
  return fields.some((name) => name !== 'strike' && !conditions.some(({ left }) => left === name));
}

/** Which form another one includes, in this order. */
const FORM_RULES: readonly ((slots: Slots, forms: Set<string>) => void)[] = [
  takeExpirationOfEarnings,
  takeEvents,
  takeForward,
  dropExpiry,
  dropSummaries,
  takeExpirations,
  takeWalls,
  addPrice,
  takeSkew,
];

/** "last expiration before earnings": which, and how far it is. */
function takeExpirationOfEarnings(slots: Slots, forms: Set<string>): void {
  if (/(?:before|after) earnings$/.test(slots.expiration ?? '') && forms.delete('expiry'))
    slots.fields = [...new Set(['expiration', 'dte', 'nextEarnings', ...slots.fields])];
}

function takeEvents(slots: Slots, forms: Set<string>): void {
  if (!forms.has('events')) return;
  forms.delete('expiry');
  // "its er date, bmo or amc": the list has the day and the time of it.
  if (slots.conditions.length === 0)
    slots.fields = slots.fields.filter((name) => !/^(?:next|last|daysTo)Earnings$/.test(name));
  // "does it go ex dividend": the date tells.
  if (slots.fields.includes('exDividend')) forms.delete('events');
}

/** "forward vol": stands in the sheet of all dates. */
function takeForward(slots: Slots): void {
  if (!slots.fields.includes('forwardIv')) return;
  if (slots.symbols.length === 1 && !names(slots, 'expiration', 'range')) {
    slots.isEach = true;
    slots.fields = slots.fields.map((name) => (name === 'forwardIv' ? 'atmIv' : name));
  } else if (slots.expiration?.split(', ').length === 2) {
    slots.isForward = true;
    slots.fields = slots.fields.flatMap((name) => (name === 'forwardIv' ? ['atmIv', 'dte'] : [name]));
  }
}

function dropExpiry(slots: Slots, forms: Set<string>): void {
  // "when is apple reporting": the date of an event, not of an expiration.
  if (slots.fields.some((name) => findField(name)?.needs.includes('events') === true)) forms.delete('expiry');
  // "do its calls expire before Jan 15"
  if (slots.isYesNo === true && forms.has('expiry') && !names(slots, 'strike', 'delta', 'fields', 'money'))
    delete slots.side;
  if (slots.expiration === undefined) return;
  // "the calls that expire in January": their date.
  if (names(slots, 'strike', 'side') || slots.fields.some(isOfOptions)) forms.delete('expiry');
  // "the atm calls exp tomorrow"
  if (names(slots, 'strike', 'delta')) forms.delete('expirations');
}

function dropSummaries(slots: Slots, forms: Set<string>): void {
  // "the rundown on its rsi": that figure.
  if (slots.fields.length > 0 || slots.isDoing === true) forms.delete('overview');
  if (forms.has('technicals')) for (const part of ['volatility', 'indicators', 'bars']) forms.delete(part);
}

function takeExpirations(slots: Slots, forms: Set<string>): void {
  // "when do its options expire in December": all of them.
  const isMonth = monthNumber(/^([a-z]{3,9})(?: \d{4})?$/.exec(slots.expiration ?? '')?.[1]) !== undefined;
  const isOfMonth = isMonth && (forms.has('expirations') || forms.has('chain'));
  if ((isOfMonth || slots.expiration?.includes('..') === true) && forms.delete('expiry')) forms.add('expirations');
  if (forms.has('expirations') && forms.has('expiry'))
    forms.delete(slots.expiration === undefined ? 'expiry' : 'expirations');
  if (['expirations', 'expiry', 'walls', 'volatility'].some((form) => forms.has(form))) forms.delete('chain');
  if (!forms.has('expirations') || forms.has('bars')) return;
  // A month beside expirations is theirs, not a period that has passed.
  const month = slots.range?.replace(/^in /, '');
  if (month === undefined || slots.expiration !== undefined) return;
  if (parseExpirationPhrase(month)?.expression.kind !== 'month') return;
  slots.expiration = month;
  delete slots.range;
}

/** Walls beside other figures of the expiration are two columns of their table. */
function takeWalls(slots: Slots, forms: Set<string>): void {
  if (!forms.has('walls') || slots.fields.length === 0) return;
  if (!slots.fields.every((name) => findField(name)?.of === 'expiration')) return;
  forms.delete('walls');
  slots.fields = [...new Set([...slots.fields, 'callWall', 'putWall'])];
}

function addPrice(slots: Slots, forms: Set<string>): void {
  if (forms.has('quote') && slots.fields.length > 0 && !slots.fields.includes('last'))
    slots.fields = ['last', ...slots.fields];
}

/** "skew of puts vs calls", "the smile, otm only": the figure is of both. */
function takeSkew(slots: Slots): void {
  if (!slots.fields.includes('skew25') || slots.strike.length > 0) return;
  delete slots.side;
  delete slots.isComparison;
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
  const { rank, conditions, range, scan } = slots;
  const movers = takeMovers(slots, own);
  const ranked = rank === undefined ? undefined : RANKED_SCANS[`${rank.order} ${rank.by ?? slots.fields[0] ?? ''}`];
  const preset = scan === '' || scan === 'large' ? (conditions.length === 0 ? (ranked ?? movers) : undefined) : scan;
  const refused = refuseScan(slots, preset);
  if (refused !== undefined) return refused;
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

/** "gapped down 3% and now green", "whats ripping" */
function takeMovers(slots: Slots, own: Slots): string | undefined {
  const { move, conditions, scan } = slots;
  if (!isWay(move)) return undefined;
  if (conditions.length > 0) conditions.push({ expression: `changePercent ${move === 'up' ? '>' : '<'} 0` });
  if (conditions.length > 0 || scan === '') for (const each of [slots, own]) delete each.move;
  return move === 'up' ? 'gainers' : 'losers';
}

/** What the whole market cannot be looked through for. */
function refuseScan({ rank, conditions, fields, isAnyOf }: Slots, preset: string | undefined): Refusal | undefined {
  if (preset === undefined && conditions.length === 0)
    return unclear('what to scan for', 'ask for: top gainers, most active stocks, oversold stocks');
  if (isAnyOf === true) return notUnderstood('a scan for one or the other');
  const all = conditions.map(({ expression }) => resolved(expression));
  if (preset?.startsWith('gap') === true && all.some((each) => each.includes('changePercent')))
    return notUnderstood('a change together with a gap');
  // "at its 52 week high": a price that nothing compares with says nothing of a scan.
  const isPrice = (name: string): boolean => preset === undefined && /^(?:high|low|week52High|week52Low)$/.test(name);
  const isUsed = (name: string): boolean => all.some((each) => each.includes(name)) || rank?.by === name;
  const strange = fields.find((name) => (isPrice(name) || isOfOptions(name)) && !isUsed(name));
  if (strange !== undefined) return notUnderstood(`${labelOf(strange)} in a scan`);
  if (conditions.some(({ left, right }) => left === 'last' && Number(right) >= 1e6))
    return notUnderstood('the value of a company');
  return all.some((each) => /\b(?:atmIv|iv)\b/.test(each))
    ? notUnderstood('implied volatility over the whole market')
    : undefined;
}

const RANKED_SCANS: Readonly<Record<string, string>> = {
  'highest changePercent': 'gainers',
  'lowest changePercent': 'losers',
  'highest volume': 'active',
  'lowest rsi14': 'oversold',
  'highest rsi14': 'overbought',
};

/** What the volatility sheet of a symbol says of each date. */
const OF_TERM = new Set(['atmIv', 'iv', 'iv30', 'expectedMove', 'expectedMovePercent', 'straddle', 'skew25', 'dte']);

/** A row for each expiration of a span: `atm iv by expiration`, `which expiry has the most open interest`. */
function settleEach(slots: Slots, forms: ReadonlySet<string>, today: IsoDate): Settled {
  const { fields, conditions, aggregate, rank, expiration, range, limit, isEach } = slots;
  const days = conditions.filter(
    ({ left, right }) => left === 'dte' || (left === 'last' && Number(right) <= MOST_DAYS),
  );
  const span = spanOf(expiration ?? range?.replace(/^in /, ''), days, today);
  const isOfDates = fields.every((name) => name === 'dte') && aggregate === undefined && rank === undefined;
  if (isOfDates && forms.has('expirations') && limit !== undefined && days.length === 0) {
    slots.fields = [];
    return undefined;
  }
  if (isOfDates && isEach !== true && forms.has('expirations')) {
    if (days.length === 0) return undefined;
    if (days.length < conditions.length || span === undefined) return notUnderstood('figures of each expiration');
    Object.assign(slots, { expiration: span, conditions: [], fields: [] });
    return undefined;
  }
  if (forms.has('expirations') && expiration !== undefined && !expiration.includes('..') && isEach !== true)
    return undefined;
  if (span === undefined) return notUnderstood('each expiration of that time');
  return settleSheet(slots) ?? settleRows(slots, span, days);
}

/** What a figure of each expiration is where none is named. */
const OF_EACH = ['atmIv', 'expectedMove', 'skew25'];

/** `atm iv by expiration`: the volatility sheet of the symbol says it. */
function settleSheet(slots: Slots): Settled {
  const { fields, symbols } = slots;
  if (symbols.length !== 1 || names(slots, 'expiration', 'range', 'limit', 'conditions', 'aggregate', 'rank'))
    return undefined;
  return fields.every((name) => OF_TERM.has(name))
    ? [queryOf('volatility', { ...withoutFigures('volatility', slots), fields, isEach: true })]
    : undefined;
}

function settleRows(slots: Slots, span: string, days: readonly Condition[]): Query[] | Refusal {
  const { fields, conditions, aggregate, rank, limit } = slots;
  const asked = fields.length > 0 ? fields : OF_EACH;
  const strange = asked.find((name) => !isOfOptions(name) && name !== 'volume' && name !== 'dte');
  if (strange !== undefined) return notUnderstood(`${labelOf(strange)} of each expiration`);
  const columns = asked.flatMap((name) =>
    slots.side === 'both' && name in OF_EXPIRATION ? sidesOf(name) : (OF_EXPIRATION[name] ?? resolved(name)),
  );
  if (slots.side === 'both') delete slots.side;
  const order = rank?.order ?? (isEnd(aggregate) ? aggregate : undefined);
  const { aggregate: _aggregate, range: _range, ...rest } = slots;
  const query = queryOf(
    'figures',
    {
      ...rest,
      ...(aggregate === 'total' ? { aggregate } : {}),
      forms: [],
      fields: columns,
      conditions: conditions.filter((each) => !days.includes(each)).map(ofExpiration),
      expiration: span,
      ...(order === undefined ? {} : { rank: { order }, limit: limit ?? MOST_RANKED }),
    },
    [...columns, 'expiration', 'dte'].filter((name, index, all) => all.indexOf(name) === index),
  );
  return [query];
}

/** `more than 100k open interest`: that of the expiration. */
function ofExpiration(condition: Condition): Condition {
  const { left = '', operator = '', right = '' } = condition;
  const own = OF_EXPIRATION[left];
  return own === undefined ? condition : { expression: `${own} ${operator} ${right}`, left: own, operator, right };
}

const OF_EXPIRATION: Readonly<Record<string, string>> = { volume: 'optionVolume', openInterest: 'optionOpenInterest' };
