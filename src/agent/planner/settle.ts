// The queries of one part: each named form gets one, options theirs, and what figures are left a table. Decides between
// forms, and refuses what has two senses.
import { monthNumber } from '../../domain/date-words.ts';
import { parseRangePhrase } from '../../domain/date-grammar.ts';
import { isFinError } from '../../domain/errors.ts';
import { parseExpirationPhrase } from '../../domain/expirations.ts';
import { type StrategyName, checkStrikes } from '../../domain/strategies.ts';
import type { IsoDate, Side } from '../../domain/types.ts';
import { findField, labelOf } from '../../fields/registry.ts';
import { FROM_SPOT, asksContracts, isFigureOfContract, settleContract, yieldsOf } from './contracts.ts';
import { refuseSpan, settleDue, spanOf } from './calendar-dates.ts';
import { conditionOf, isOfOptions, resolved } from './draft.ts';
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
  OF_STRATEGY,
  emptySlots,
  hasContent,
  hasFigureSlots,
  isRefusal,
  names,
  notUnderstood,
  queryOf,
  unclear,
  isEnd,
  bare,
  wordsIn,
  MOST_DAYS,
} from './query.ts';
import { settleFigures, sidesOf } from './settle-figures.ts';
import { boundsOfLevels } from './settle-senses.ts';
import { refuseOthers, settleStudy } from './study.ts';
import type { Order } from '../words/tokens.ts';

const WHOLE_FORMS = 'events news overview technicals levels indicators expirations expiry walls volatility'.split(' ');

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
  if (forms.has('holidays') && !(forms.has('market') && slots.isCount === true)) return only('holidays', slots, own);
  if (
    forms.has('market') &&
    (own.symbols.length > 0 || own.fields.some(isOfOptions)) &&
    own.fields.some((name) => name !== 'open' && name !== 'close')
  )
    return notUnderstood(`${labelOf(own.fields[0] ?? '')} together with the market's hours`);
  if (forms.has('market')) return only('market', slots, own);
  if (slots.scan !== undefined && own.symbols.length === 0) return settleScan(slots, own);
  if (forms.has('positions')) {
    const refused = settleHeld(slots, own);
    return refused ?? only('positions', slots, own);
  }
  if (slots.isDefinition === true && own.symbols.length === 0) return only('definition', slots, own);
  if (slots.symbols.length === 0) return unclear('which symbol is meant', 'name one, like NVDA or Apple');
  const { study } = slots;
  const others = refuseOthers(slots);
  if (others !== undefined) return others;
  if (study !== undefined) return settleStudy({ ...slots, study });
  // "a covered call 5% above the price": the contract that is sold.
  const sold = SOLD_SIDES[slots.strategy ?? ''];
  if (sold !== undefined && slots.away !== undefined && !names(slots, 'strike', 'delta'))
    for (const each of [slots, own]) {
      each.side = sold;
      delete each.strategy;
    }
  if (slots.away !== undefined && slots.ofStrategy !== undefined && slots.strategy === undefined)
    for (const each of [slots, own]) {
      each.fields = [...new Set([...each.fields, 'mid', ...yieldsOf(each.side)])];
      delete each.ofStrategy;
    }
  if (slots.strategy !== undefined) return settleBoth(slots, own, today);
  if (slots.ofStrategy !== undefined) return notUnderstood(`"${slots.ofStrategy}" without a strategy`);
  const unsaid = refuseBeyond(slots) ?? refuseTwofold(slots, own);
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
  const tooFar = forms.has('events') ? refuseSpan(slots, own) : undefined;
  if (tooFar !== undefined) return tooFar;
  const queries: Query[] = [];
  const bounds = forms.has('levels') ? boundsOfLevels(slots) : [];
  const rest = { ...slots };
  for (const name of WHOLE_FORMS) {
    if (!forms.has(name) || (name === 'walls' && slots.fields.includes('callWall'))) continue;
    queries.push(queryOf(name, { ...withoutFigures(name, rest), conditions: name === 'levels' ? bounds : [] }));
  }
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

const SOLD_SIDES: Readonly<Record<string, Side>> = { 'cash-secured-put': 'put', 'covered-call': 'call' };

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
    slots.isCount !== true &&
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
    !/^(?:distance|strike|abs\(strike - spot\))$/.test(rank.by) &&
    fields.some((name) => name !== 'strike' && !conditions.some(({ left }) => left === name)) &&
    !fields.includes(rank.by) &&
    own.rank !== undefined &&
    (own.isDays === true ? [] : own.fields).length > 0
  )
    return notUnderstood('a ranking by two figures');
  return undefined;
}

/** A form that another one includes. */
function settleForms(forms: Set<string>, slots: Slots): void {
  // "last expiration before earnings": which, and how far it is.
  if (/(?:before|after) earnings$/.test(slots.expiration ?? '') && forms.delete('expiry'))
    slots.fields = [...new Set(['expiration', 'dte', 'nextEarnings', ...slots.fields])];
  if (forms.has('events')) forms.delete('expiry');
  // "its er date, bmo or amc": the list has the day and the time of it.
  if (forms.has('events') && slots.conditions.length === 0)
    slots.fields = slots.fields.filter((name) => !/^(?:next|last|daysTo)Earnings$/.test(name));
  // "does it go ex dividend": the date tells.
  if (slots.fields.includes('exDividend')) forms.delete('events');
  // "forward vol": stands in the sheet of all dates.
  const isOfSheet = slots.symbols.length === 1 && !names(slots, 'expiration', 'range');
  if (isOfSheet && slots.fields.includes('forwardIv')) {
    slots.isEach = true;
    slots.fields = slots.fields.map((name) => (name === 'forwardIv' ? 'atmIv' : name));
  }
  if (slots.fields.includes('forwardIv') && slots.expiration?.split(', ').length === 2) {
    slots.isForward = true;
    slots.fields = slots.fields.flatMap((name) => (name === 'forwardIv' ? ['atmIv', 'dte'] : [name]));
  }
  // "when is apple reporting": the date of an event, not of an expiration.
  if (slots.fields.some((name) => findField(name)?.needs.includes('events') === true)) forms.delete('expiry');
  // "the calls that expire in January": their date.
  // "do its calls expire before Jan 15"
  if (slots.isYesNo === true && forms.has('expiry') && !names(slots, 'strike', 'delta', 'fields', 'money'))
    delete slots.side;
  const isOfContracts = names(slots, 'strike', 'side') || slots.fields.some(isOfOptions);
  if (isOfContracts && slots.expiration !== undefined) forms.delete('expiry');
  // "the atm calls exp tomorrow"
  if (slots.expiration !== undefined && names(slots, 'strike', 'delta')) forms.delete('expirations');
  // "the rundown on its rsi": that figure.
  if (slots.fields.length > 0 || slots.isDoing === true) forms.delete('overview');
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
  // "gapped down 3% and now green", "whats ripping"
  const movers = move === 'up' ? 'gainers' : move === 'down' ? 'losers' : undefined;
  if (movers !== undefined && conditions.length > 0)
    conditions.push({ expression: `changePercent ${move === 'up' ? '>' : '<'} 0` });
  if (movers !== undefined && (conditions.length > 0 || scan === '')) for (const each of [slots, own]) delete each.move;
  const ranked = rank === undefined ? undefined : RANKED_SCANS[`${rank.order} ${rank.by ?? slots.fields[0] ?? ''}`];
  const preset = scan === '' || scan === 'large' ? (conditions.length === 0 ? (ranked ?? movers) : undefined) : scan;
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
  if (conditions.some(({ left, right }) => left === 'last' && Number(right) >= 1e6))
    return notUnderstood('the value of a company');
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

/** What the volatility sheet of a symbol says of each date. */
const OF_TERM = new Set(['atmIv', 'iv', 'iv30', 'expectedMove', 'expectedMovePercent', 'straddle', 'skew25', 'dte']);

/** A row for each expiration of a span: `atm iv by expiration`, `which expiry has the most open interest`. */
function settleEach(slots: Slots, forms: ReadonlySet<string>, today: IsoDate): Query[] | Refusal | undefined {
  const { fields, conditions, aggregate, rank, symbols, expiration, range, limit } = slots;
  const days = conditions.filter(
    ({ left, right }) => left === 'dte' || (left === 'last' && Number(right) <= MOST_DAYS),
  );
  const span = spanOf(expiration ?? range?.replace(/^in /, ''), days, today);
  const isOfDates = fields.every((name) => name === 'dte') && aggregate === undefined && rank === undefined;
  if (isOfDates && forms.has('expirations') && limit !== undefined && days.length === 0) {
    slots.fields = [];
    return undefined;
  }
  if (isOfDates && slots.isEach !== true && forms.has('expirations')) {
    if (days.length === 0) return undefined;
    if (days.length < conditions.length || span === undefined) return notUnderstood('figures of each expiration');
    slots.expiration = span;
    slots.conditions = [];
    slots.fields = [];
    return undefined;
  }
  if (forms.has('expirations') && expiration !== undefined && !/\.\./.test(expiration) && slots.isEach !== true)
    return undefined;
  if (span === undefined) return notUnderstood('each expiration of that time');
  const asked = fields.length > 0 ? fields : ['atmIv', 'expectedMove', 'skew25'];
  const isSheet = symbols.length === 1 && expiration === undefined && range === undefined && limit === undefined;
  const isPlain = conditions.length === 0 && aggregate === undefined && rank === undefined;
  if (isSheet && isPlain && asked.every((name) => OF_TERM.has(name)))
    return [queryOf('volatility', { ...withoutFigures('volatility', slots), fields, isEach: true })];
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

/** Strikes lowest first, of which a fly with one has two more, a width away. */
function settleStrategy(slots: Slots, own: Slots): Query[] | Refusal {
  const { strategy = '', symbols, strike, width, delta, fields, side } = slots;
  const { expiration } = slots;
  delete slots.legs;
  if (symbols.length !== 1) return unclear('a strategy is of one symbol', `name one, like ${symbols[0] ?? 'SPY'}`);
  const { quantity } = slots;
  const isOfShares = quantity !== undefined && quantity % 100 === 0 && /covered-call|collar/.test(strategy);
  if (isOfShares) slots.quantity = quantity / 100;
  const isOfDates = strategy === 'calendar' && expiration?.includes(', ') === true;
  const isFromSpot =
    (strategy === 'butterfly' && strike.some((each) => String(each).startsWith('spot'))) ||
    (wingsOf(strategy, slots) !== undefined && VERTICALS[strategy] !== undefined && strike.includes('atm'));
  const ofSide = side === 'put' && (isOfDates || strategy === 'butterfly') ? `put-${strategy}` : strategy;
  if (
    isOfDates ||
    isFromSpot ||
    slots.signed !== undefined ||
    (strategy !== 'butterfly' && Object.hasOwn(OWN_LEGS, ofSide)) ||
    ofSide === 'put-butterfly'
  )
    return settleLegs(ofSide, slots, own);
  if (expiration?.includes(', ') === true) return unclear('which of the dates', 'ask for one expiration at a time');
  const strange = fields.find((name) => !OF_STRATEGY.has(name));
  if (strange !== undefined) return notUnderstood(`${labelOf(strange)} together with a strategy`);
  if (typeof delta === 'object') return unclear('which delta of the span', 'name one, like 16 delta');
  if (side !== undefined && side !== 'both' && !STRATEGY_SIDES[side].test(strategy))
    return notUnderstood(`${side}s together with a ${strategy.replaceAll('-', ' ')}`);
  const given = strike.filter((each) => typeof each === 'number').toSorted((a, b) => a - b);
  const [middle] = given;
  const isFly = /butterfly/.test(strategy) && given.length === 1 && width !== undefined && middle !== undefined;
  const strikes = isFly ? [middle - width, middle, middle + width] : given;
  try {
    if (strikes.length > 0) checkStrikes(strategy as StrategyName, strikes);
  } catch (error) {
    if (!isFinError(error)) throw error;
    return unclear(error.message.replace(/^--strikes \S+ /, ''), error.hint);
  }
  const { width: _width, side: _side, ...rest } = slots;
  const query = queryOf('strategy', {
    ...rest,
    strike: strikes,
    ...(width === undefined || isFly ? {} : { width }),
    ...(expiration === 'today' ? { expiration: '0dte' } : {}),
  });
  return refuseUntaken([query], own) ?? [query];
}

/** Legs that no strategy by name has: quantity, place of its strike as typed, side (`*`: the one that was said), place of its date. */
const OWN_LEGS: Readonly<Record<string, string>> = {
  roll: '1 0 * 0, -1 1 * 1',
  synthetic: '1 0 call 0, -1 0 put 0',
  'short-call': '-1 0 call 0',
  calendar: '-1 0 call 0, 1 0 call 1',
  'put-calendar': '-1 0 put 0, 1 0 put 1',
  pmcc: '1 0 call 0, -1 1 call 1',
  butterfly: '1 0 call 0, -2 1 call 0, 1 2 call 0',
  'put-butterfly': '1 0 put 0, -2 1 put 0, 1 2 put 0',
  'jade-lizard': '-1 0 put 0, -1 1 call 0, 1 2 call 0',
  'ratio-spread': '1 0 * 0, -2 1 * 0',
  'broken-wing-butterfly': '1 0 * 0, -2 1 * 0, 1 2 * 0',
};

/** The near leg at the money, the other so many dollars out: as above, and which way out. */
const VERTICALS: Readonly<Record<string, readonly [legs: string, way: 1 | -1]>> = {
  'call-debit-spread': ['1 0 call 0, -1 1 call 0', 1],
  'call-credit-spread': ['-1 0 call 0, 1 1 call 0', 1],
  'put-debit-spread': ['1 0 put 0, -1 1 put 0', -1],
  'put-credit-spread': ['-1 0 put 0, 1 1 put 0', -1],
};

/** A butterfly around one strike, or around the spot or so many dollars from it, with its wings so many dollars away. */
function wingsOf(strategy: string, { strike, width }: Slots): string[] | undefined {
  const [, way] = VERTICALS[strategy] ?? [];
  const isFly = /^(?:put-)?butterfly$/.test(strategy);
  if (!(isFly || way !== undefined) || width === undefined || strike.length > 1) return undefined;
  const [middle = 'atm'] = strike;
  return (way === undefined ? [-width, 0, width] : [0, way * width]).map((away) => {
    if (typeof middle === 'number') return String(middle + away);
    const offset = Number(/^spot(.*)/.exec(middle)?.[1] ?? 0) + away;
    return `spot${offset < 0 ? '' : '+'}${String(offset)}`;
  });
}

/** A roll buys back what is short and sells the later one. */
function settleLegs(strategy: string, slots: Slots, own: Slots): Query[] | Refusal {
  const { strike, symbols, side, isShort, sideOf = {} } = slots;
  const legs = (VERTICALS[strategy]?.[0] ?? OWN_LEGS[strategy] ?? '').split(', ').map((leg) => leg.split(' '));
  const isSingle = strategy === 'short-call' || /butterfly$|-spread$/.test(strategy);
  const dates = (slots.expiration ?? (isSingle ? 'nearest' : '')).split(', ').filter((date) => date !== '');
  const strikes =
    wingsOf(strategy, slots) ?? strike.filter((each) => typeof each === 'number' || / delta$/.test(each)).map(String);
  const count = (place: number): number => 1 + Math.max(...legs.map((leg) => Number(leg[place])));
  const isSameStrike = strategy === 'roll' && strikes.length === 1;
  const needsSide = legs.some((leg) => leg[2] === '*');
  // "selling the 275 put and the 295 call": both.
  const [sign, another] = slots.signed ?? [];
  const signed = sign !== undefined && another === undefined ? strikes.map(() => sign) : slots.signed;
  const isSigned =
    signed?.length === strikes.length && strikes.length > 1 && (dates.length === 1 || dates.length === strikes.length);
  const isWhole =
    isSigned ||
    ((strikes.length === count(1) || isSameStrike) &&
      dates.length === count(3) &&
      (!needsSide || (side !== undefined && side !== 'both')));
  if (!isWhole) {
    const example =
      strategy === 'roll'
        ? `roll ${symbols[0] ?? 'SPY'} 450p dec 4 to dec 11, what credit`
        : `fin strategy ${symbols[0] ?? 'SPY'} --leg "+1 450c dec 18"`;
    return unclear(
      `which contracts the ${strategy.replaceAll('-', ' ')} has`,
      `name strikes, side and each expiration, like: ${example}`,
    );
  }
  const quantity = slots.quantity ?? 1;
  // The deep contract of a diagonal is the one that is bought.
  const isTurned = strategy === 'pmcc' && Number(strikes[0]) > Number(strikes[1]);
  if (isTurned) for (const list of [strikes, dates]) (list as unknown[]).reverse();
  const plain = isSigned
    ? strikes.map((each, at) => [
        String(signed[at]),
        String(at),
        sideOf[each] ?? '*',
        dates.length === 1 ? '0' : String(at),
      ])
    : legs;
  const written = plain.map(([size = '1', place = '0', kind = '*', date = '0']) => {
    const lots = Number(size) * quantity * (isShort === true ? -1 : 1);
    const own = strikes[Number(place)] ?? strikes[0] ?? '';
    const isChosen = !/^\d+(?:\.\d+)?$/.test(own);
    const word = (kind === '*' ? (side ?? '') : kind).slice(0, isChosen ? undefined : 1);
    return `${lots > 0 ? '+' : ''}${String(lots)} ${own}${isChosen ? ' ' : ''}${word} ${dates[Number(date)] ?? ''}`;
  });
  const query = queryOf('strategy', { ...slots, strategy, legs: written });
  return refuseUntaken([query], own) ?? [query];
}

const STRATEGY_SIDES = { call: /call|calendar|butterfly/, put: /put/ } as const;

/** Contracts and chains, with the figures of contracts that were named; those leave what is left for figures. */
function settleOptions(rest: Slots, forms: ReadonlySet<string>, hasForm: boolean): Query[] | Refusal {
  const { side, strike, strikes, delta, money } = rest;
  const isContract = strike.length > 0;
  const named = rest.fields.filter(isFigureOfContract);
  const needsChain = named.some(
    (name) =>
      name !== 'ivRank' &&
      wordsIn(bare(name)).some((each) => each !== 'abs' && findField(resolved(each)) === undefined),
  );
  const isChain =
    forms.has('chain') ||
    strikes !== undefined ||
    delta !== undefined ||
    money !== undefined ||
    needsChain ||
    (side !== undefined && !hasForm);
  if (!isContract && !isChain) return [];
  const own: Slots = {
    ...rest,
    fields: [
      ...new Set(
        named.flatMap((name) => (name === 'last' && asksContracts(rest) ? ['bid', 'ask', 'mid', 'last'] : [name])),
      ),
    ],
  };
  rest.strike = [];
  delete rest.side;
  delete rest.strikes;
  delete rest.delta;
  delete rest.money;
  rest.fields = rest.fields.filter((name) => !named.includes(name));
  if (
    isContract &&
    strike.includes('atm') &&
    strike.length === 1 &&
    named.length === 1 &&
    named[0] === 'iv' &&
    side === undefined &&
    strikes === undefined
  ) {
    rest.fields.push('atmIv');
    // Of the question as well: the figure says it.
    strike.splice(0);
    return [];
  }
  const foreign = rest.fields.find((name) => findField(name)?.of !== 'expiration');
  if (foreign !== undefined && !['last', 'ohlc'].includes(foreign))
    return notUnderstood(`${labelOf(foreign)} together with options`);
  return asksContracts(own) ? settleContract(rest, own) : settleChain(rest, own);
}

/** A chain for each date, of which conditions keep contracts and a ranking decides the order. */
function settleChain(rest: Slots, own: Slots): Query[] | Refusal {
  const bad = ['base', 'isCount', 'move'].find((slot) => rest[slot as 'base'] !== undefined);
  if (bad !== undefined) return notUnderstood('a distance, count or change of contracts');
  if (own.away !== undefined) return notUnderstood(`${String(own.away)} percent from the spot together with a choice`);
  const { quantity } = own;
  if (typeof own.delta === 'number' && own.asksSize === 'distance') {
    own.fields.unshift('strike', FROM_SPOT);
    delete own.money;
  }
  // "the call 2 strikes otm" is one contract.
  if (typeof own.strikes === 'number' && own.money !== undefined)
    return notUnderstood(`${String(own.strikes)} strikes ${own.money}`);
  if (quantity !== undefined) return notUnderstood('a number of contracts without a strike');
  const ranked = rankOfContracts(rest, own);
  if (ranked !== undefined && 'refused' in ranked) return ranked;
  const twofold = rest.conditions.find(
    ({ left, right, operator, isMoney }) =>
      left === 'last' && isMoney === true && operator?.startsWith('<') === true && Number(right) > MOST_PREMIUM,
  );
  if (twofold !== undefined)
    return unclear(
      `$${twofold.right ?? ''} could bound the price of the option or its strike`,
      `write "strikes under ${twofold.right ?? ''}" or "mid under ${twofold.right ?? ''}"`,
    );
  const conditions = rest.conditions.map((each) => ofContracts(each, own.side));
  if (conditions.includes(undefined)) return notUnderstood('a condition that is none of contracts');
  const { rank: _rank, aggregate: _aggregate, limit, expiration, ...plain } = own;
  rest.conditions = [];
  delete rest.rank;
  delete rest.aggregate;
  delete rest.limit;
  // What is chosen as the nearest to a figure shows the figure.
  const [, nearest] = /^abs\((\w+) - /.exec(ranked?.by ?? '') ?? [];
  const shown =
    ranked === undefined || own.fields.includes(ranked.by)
      ? own.fields
      : [...new Set([...(nearest === undefined ? [ranked.by] : ['bid', 'ask', 'mid', nearest]), ...own.fields])];
  const most = limit ?? (ranked === undefined ? undefined : nearest === undefined ? MOST_RANKED : NEAREST_RANKED);
  // "top 5 calls and top 5 puts": a table of either.
  const sides = own.isOfEach === true && own.side === 'both' ? (['call', 'put'] as const) : [own.side];
  const tables = (expiration?.split(', ') ?? [undefined]).flatMap((date) => sides.map((side) => ({ date, side })));
  return tables.map(({ date, side }) =>
    queryOf(
      'chain',
      {
        ...plain,
        fields: shown.filter((name) => isFigureOfContract(name) || findField(name, 'contract') !== undefined),
        ...(side === undefined ? {} : { side }),
        conditions: conditions.flatMap((each) => each ?? []),
        ...(date === undefined ? {} : { expiration: date }),
        ...(ranked === undefined ? {} : { rank: ranked }),
        ...(most === undefined ? {} : { limit: most }),
      },
      ranked === undefined ? [] : [ranked.by],
    ),
  );
}

/** Of the nearest to a figure: one on either side, and it. */
const NEAREST_RANKED = 3;
/** What of a contract is its price, where nothing more is said. */
const PRICE_OF_CONTRACT = 'mid';
const TO_THE_MONEY = 'abs(strike - spot)';

/** `highest openInterest`: by what was ranked, or by the figure that was named. */
function rankOfContracts(
  rest: Slots & { rank?: { order: Order; by?: string } },
  { fields, delta }: Slots,
): { order: Order; by: string } | Refusal | undefined {
  const { aggregate } = rest;
  const rank =
    rest.rank ?? (rest.limit === undefined || fields.length === 0 ? undefined : { order: 'highest' as const });
  if (aggregate === 'average' || aggregate === 'total' || aggregate === 'median')
    return notUnderstood('an average or sum over contracts');
  if (rank === undefined && aggregate === undefined) return undefined;
  // "the strike closest to 30 delta" is chosen by the delta already.
  if (rank?.by === 'distance' && typeof delta === 'number') return undefined;
  const [order, named] = [rank?.order ?? aggregate ?? 'highest', rank?.by];
  const [first] = fields.filter((name) => name !== 'strike');
  const by = named === 'distance' ? undefined : named === 'money' ? TO_THE_MONEY : (named ?? first);
  if (by === undefined) return notUnderstood('a ranking of contracts by nothing that was named');
  return { order, by: by === 'last' ? PRICE_OF_CONTRACT : by };
}

/** Up to here a bare bound is one of the premium: `calls under 1`, `puts above 600`. */
const MOST_PREMIUM = 20;

/** A condition of each contract; undefined where it names a figure that contracts do not differ in. */
function ofContracts(
  { left = '', operator = '', right = '', isOpen, isMoney }: Condition,
  side: Slots['side'],
): Condition | undefined {
  // "just above the price": of the stock, which the strike is compared with.
  if (left === 'last' && right === 'last') return conditionOf('strike', operator, 'spot');
  const isStrike = left === 'last' && isOpen === true && Number(right) > MOST_PREMIUM;
  if (isStrike && (isMoney !== true || operator.startsWith('>'))) return conditionOf('strike', operator, right);
  // "trading over 2x oi": contracts, not a price.
  const traded = /openInterest/.test(right) ? 'volume' : PRICE_OF_CONTRACT;
  // Puts have deltas below 0.
  const delta = side === 'call' ? 'delta' : 'abs(delta)';
  const [a, b] = [left, right].map((each) => each.replace(/\blast\b/g, traded).replace(/^delta$/, delta));
  const names = wordsIn(`${a ?? ''} ${b ?? ''}`);
  const isOwn = names.length > 0 && names.every((name) => findField(name, 'contract')?.of !== 'symbol');
  return isOwn
    ? { expression: `${a ?? ''} ${operator} ${b ?? ''}`, left: a ?? '', operator, right: b ?? '' }
    : undefined;
}
