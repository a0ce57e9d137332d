// What the tokens of a part left open, settled when all are taken: a number without a role, units, aggregates, dates. What
// nothing was made of refuses the part.
import { findField } from '../../fields/registry.ts';
import {
  comparesDays,
  type Draft,
  FUNCTIONS,
  PRICES,
  addCondition,
  concernsOptions,
  isDistance,
  isLevel,
  isOfOptions,
  besideNow,
  perDate,
  settleComparedDay,
  settleDates,
  settleHolding,
  negated,
  overRange,
  settleOffset,
  crossing,
} from './draft.ts';
import { settleDividends } from './calendar-dates.ts';
import { combineFields, settleImplied, settleSums, settleTrend, settleVol } from './combine.ts';
import { type Refusal, type Slots, emptySlots, hasContent, isOneDay, notUnderstood, names, isEnd } from './query.ts';
import { asksMany, dropAggregate, hasPeriod, says } from './said.ts';
import {
  COUNTED_DAYS,
  EACH,
  LISTED_DAYS,
  isDayOfEach,
  isDayOfWeeks,
  settleSessions,
  settleUnit,
} from './settle-days.ts';
import { settleDifference, settleRivals } from './settle-rivals.ts';
import {
  EXTREMES,
  settleGaps,
  settleHighVolatility,
  settleOwnFigure,
  settlePercent,
  settlePercentile,
  settleMeant,
  settleTrade,
  settleThroughout,
  settleUsual,
} from './settle-senses.ts';

/** In this order: each rule sees what those before it have settled. */
const RULES: readonly ((draft: Draft) => void)[] = [
  settleRivals,
  takeNamedHoldings,
  takeCloseOfEach,
  ...COUNTED_DAYS,
  settleVol,
  settleSums,
  takeSwing,
  takeExpectedMove,
  takeDatesOfOptions,
  takeSpanAsDay,
  takeDrawdown,
  takePeak,
  takeExtremeOfPeriod,
  settleOffset,
  settleTrend,
  settleRelation,
  ...EXTREMES,
  settleDifference,
  settleNumber,
  takeSize,
  settleUsual,
  settlePercentile,
  addDatesOfDrawdown,
  takeExtremeOfYear,
  takeMinutes,
  takeAllTime,
  takeDatesOfExtremes,
  addEndsOfRange,
  takeWeeks,
  takeFirst,
  settleTop,
  settleAggregates,
  settleGaps,
  rankByNamed,
  settleUnit,
  combineFields,
  settleTrade,
  settleDividends,
  settlePercent,
  settleDates,
  settleImplied,
  takeEver,
  settleComparedDay,
  settleHolding,
  rankBySize,
  takeBusyContracts,
  settleMeant,
  settleHighVolatility,
  settleThroughout,
  dropDaily,
  takeEither,
  listRanked,
  settleCross,
  refuseTimes,
  ...LISTED_DAYS,
  rankByEnd,
  addPrices,
  addToBefore,
  refuseUncounted,
  askSize,
  takeBaseOfAggregate,
  takeFall,
  takePremium,
  takeBothEnds,
  takeBaseOfCloses,
  takeBoth,
  refuseUnnamed,
  ...EACH,
  askWhen,
  settleSessions,
];

/** What was read as one, or the first thing that nothing was made of. */
export function finish(draft: Draft): (Slots | Refusal)[] {
  for (const rule of RULES) rule(draft);
  const [unused] = draft.unused;
  if (unused !== undefined) return [notUnderstood(`"${unused}"`)];
  takeSince(draft);
  const { slots, dates } = draft;
  if (draft.isNegated || draft.isSince) slots.conditions = slots.conditions.flatMap(negated);
  if (dates.length > 0) return perDate(draft);
  // "last friday vs the friday before": the same twice.
  if (slots.step !== undefined && names(slots, 'range', 'expiration')) {
    const { step: _step, isComparison: _compares, ...first } = slots;
    return [first, { ...first, step: slots.step }];
  }
  // "what was it on June 1, and how much is it up since": that day, and from it on.
  const { range, samePeriod, ...since } = slots;
  if (samePeriod === 'since' && range !== undefined && isOneDay(range))
    return [
      { ...emptySlots(), symbols: slots.symbols, fields: ['close'], range },
      { ...since, fields: [], range: `since ${range}` },
    ];
  return besideNow(draft);
}

/** "how many days has it been above its 50 day": since the last day on which it was not. */
function takeSince(draft: Draft): void {
  const { slots, tokens } = draft;
  const isCounted = slots.isCount === true && slots.range === undefined && slots.conditions.length === 1;
  if (isCounted && says(tokens, /\bbeen$/i)) {
    draft.isSince = true;
    slots.occasion = 'last';
    delete slots.isCount;
  }
  // "how long has it been up": closes in a row.
  if (draft.isSince && slots.conditions.length === 0 && slots.move !== undefined) {
    slots.fields.push('streak');
    delete slots.move;
    delete slots.occasion;
  }
}

/** "which of my holdings KO, PEP and XOM are up": of the symbols that are named. */
function takeNamedHoldings({ slots }: Draft): void {
  if (slots.symbols.length > 2 && names(slots, 'move', 'fields', 'rank', 'conditions', 'base'))
    slots.forms = slots.forms.filter((form) => form !== 'positions');
}

/** "the close of every Friday", "on the last trading day of each month": that of the week or month. */
function takeCloseOfEach({ slots, tokens, dates }: Draft): void {
  if (slots.fields.length === 0 || !slots.fields.every((name) => PRICES.has(name))) return;
  const friday = tokens.find(({ text }, at) => /fri/i.test(text) && isDayOfWeeks(tokens, at));
  const last = tokens.find(({ text }, at) => /\blast\b/i.test(text) && isDayOfEach(tokens, at));
  for (const token of [friday, last]) {
    const place = dates.findIndex((date) => date === token);
    if (place < 0 || dates.length < 2) continue;
    dates.splice(place, 1);
    slots.interval ??= 'week';
  }
}

/** "how much did it swing, high to low" */
function takeSwing({ slots, tokens }: Draft): void {
  if (slots.symbols.length > 1 || names(slots, 'fields', 'side')) return;
  if (!says(tokens, /^(?:high to low|low to high)$/i, 'rank')) return;
  delete slots.rank;
  delete slots.move;
  slots.fields.push('range');
}

/** "how much could spy move by the 18th": what its options expect. */
function takeExpectedMove({ slots, tokens }: Draft): void {
  const may = tokens.findIndex(({ is, text }) => is === 'filler' && /^(?:could|might|may|can)$/i.test(text));
  if (may < 0 || tokens[may + 1]?.is !== 'symbol' || slots.move === undefined || slots.fields.length > 0) return;
  slots.fields.push('expectedMove', 'expectedMovePercent');
  delete slots.move;
}

/** "which dates can I get options for" */
function takeDatesOfOptions({ slots, tokens }: Draft): void {
  if (slots.forms.join() !== 'chain' || !says(tokens, /^(?:(?:which|what) )?dates$/i)) return;
  if (hasContent({ ...slots, forms: [], isDays: undefined as never })) return;
  slots.forms = ['expirations'];
  delete slots.isDays;
}

/** "this time last year" is a day, but beside another period the same part of that year. */
function takeSpanAsDay({ slots, dates }: Draft): void {
  if (slots.step?.unit !== 'span' || dates.length > 0 || slots.symbols.length === 0) return;
  dates.push({ is: 'date', range: '1 year ago', text: '' });
  delete slots.step;
}

const DRAWDOWN = /^drawdown$/i;

/** "max drawdown", "its drawdown in May": of a period; "and its drawdown": of the period of the turn before. */
function takeDrawdown(draft: Draft): void {
  const { slots, tokens, dates, unused } = draft;
  if (!says(tokens, DRAWDOWN)) return;
  if (isEnd(slots.aggregate)) {
    // "the smallest drawdown"
    if (slots.symbols.length !== 1) slots.rank = { order: slots.aggregate };
    slots.fields.push('maxDrawdown');
    dropAggregate(draft);
  } else if (names(slots, 'aggregate')) unused.push('drawdown');
  else if (hasPeriod(draft) || (dates.length === 0 && slots.symbols.length === 0)) slots.fields.push('maxDrawdown');
}

/** "its drawdown", "how far down from its peak": without a period from the high of the year. */
function takePeak(draft: Draft): void {
  const { slots, tokens, dates, has } = draft;
  if (dates.length > 0 || slots.fields.length > 0) return;
  const isDown = has.has('distance') || (has.has('from') && slots.move === 'down');
  const isPeak = isDown && slots.aggregate === 'highest' && says(tokens, /\bpeak\b/i);
  if (!isPeak && !says(tokens, DRAWDOWN)) return;
  slots.base ??= 'week52High';
  dropAggregate(draft);
  delete slots.move;
}

/** "percent off the august peak" */
function takeExtremeOfPeriod(draft: Draft): void {
  const { slots, tokens, dates, has } = draft;
  if (!isEnd(slots.aggregate) || !has.has('distance') || dates.length === 0 || names(slots, 'base', 'fields')) return;
  if (!says(tokens, /\b(?:peak|trough|max|maximum|minimum)\b/i)) return;
  slots.base = slots.aggregate === 'highest' ? 'high' : 'low';
  dropAggregate(draft);
  delete slots.move;
}

/** "which moved most, up or down": of the size of the change. */
function takeSize({ slots, has }: Draft): void {
  if (!has.has('abs')) return;
  delete slots.isSigned;
  slots.isAbsolute = true;
}

/** "cheaper in iv terms": by the figure that is named. */
function rankByNamed({ slots }: Draft): void {
  const [named, other] = slots.fields.filter((name) => !PRICES.has(name));
  if (slots.rank?.by !== 'last' || named === undefined || other !== undefined || !isOfOptions(named)) return;
  const isCondition = slots.conditions.some(({ left, right }) => left === named || right === named);
  if (!isCondition) slots.rank = { order: slots.rank.order };
}

function takeEver({ isAllTime, slots }: Draft): void {
  if (isAllTime) slots.range ??= 'past 5 years';
}

/** "the biggest mover in either direction": ranked by the size of the change, or of the figure that is named. */
function rankBySize({ slots, has }: Draft): void {
  if (!has.has('abs') || slots.conditions.length > 0 || slots.symbols.length < 2) return;
  if (!names(slots, 'rank', 'aggregate')) return;
  const order = slots.rank?.order ?? (slots.aggregate === 'lowest' ? 'lowest' : 'highest');
  const [figure, other] = slots.fields;
  if (figure !== undefined && other === undefined && !PRICES.has(figure)) slots.fields = [`abs(${figure})`, figure];
  slots.rank = figure === undefined ? { order, by: 'abs(changePercent)' } : { order };
  delete slots.aggregate;
  delete slots.move;
}

/** "volume above open interest": of contracts. */
function takeBusyContracts({ slots }: Draft): void {
  if (slots.conditions.some(({ expression }) => /volume/.test(expression) && /openInterest/.test(expression)))
    slots.forms = [...new Set([...slots.forms, 'chain'])];
}

/** "its daily range": figures are of days anyway. */
function dropDaily({ slots }: Draft): void {
  const isFigures = (hasContent(slots) || slots.aggregate !== undefined) && !slots.forms.includes('bars');
  if (slots.interval === 'day' && isFigures) delete slots.interval;
}

/** "above 400 or below 380"; "is AMD or NVDA higher" asks which one. */
function takeEither({ slots, tokens }: Draft): void {
  if (!says(tokens, /^or$/i, 'joiner')) return;
  if (slots.conditions.length > 1) slots.isAnyOf = true;
  if (slots.rank !== undefined) delete slots.isYesNo;
}

/** "rank them", "worst first": all of them. */
function listRanked({ slots, tokens }: Draft): void {
  const asksOrder = /^(?:rank|sort|order)|(?:best|worst|highest|lowest) first$/i;
  if (slots.rank && says(tokens, asksOrder)) slots.rank.isList = true;
}

function refuseTimes({ times, unused }: Draft): void {
  if (times !== undefined) unused.push(times.text);
}

/** "rank them by lowest rsi" */
function rankByEnd({ slots, tokens }: Draft): void {
  if (!isEnd(slots.aggregate) || slots.rank?.by !== undefined || !says(tokens, /^(?:rank|sort|order)/i, 'rank')) return;
  slots.rank = { order: slots.aggregate };
  delete slots.aggregate;
}

/** "side by side, with the dividend yield": beside their prices. */
function addPrices(draft: Draft): void {
  const { slots, tokens } = draft;
  if (slots.isComparison !== true || slots.symbols.length < 2 || concernsOptions(draft)) return;
  const beside = tokens.findIndex(({ text }) => /^(?:with|including|incl|plus)(?: the| their)?$/i.test(text));
  const isBeside = tokens.slice(beside + 1).find(({ is }) => is !== 'filler')?.is === 'field';
  if (beside < 1 || !isBeside || tokens.slice(0, beside).some(({ is }) => is === 'field')) return;
  if (!names(slots, 'base', 'move', 'rank', 'range', 'conditions', 'aggregate'))
    slots.fields.unshift('last', 'changePercent');
}

/** "theta too", "with its volume": beside what was asked before. */
function addToBefore({ slots, tokens: [opening, ...tokens] }: Draft): void {
  const isToo = /^(?:too|as well|also)$/i.test(tokens.findLast(({ is }) => is !== 'mark')?.text ?? '');
  if (isToo && slots.fields.length > 0 && !names(slots, 'symbols', 'conditions')) slots.follow = 'add';
  if (opening?.is === 'filler' && /^with$/i.test(opening.text) && slots.symbols.length === 0) slots.follow ??= 'add';
}

function refuseUncounted({ slots, tokens, unused }: Draft): void {
  const many = tokens.find(asksMany);
  if (many !== undefined && !hasContent(slots) && slots.amount === undefined) unused.push(many.text);
}

/** "how far", "how much": of nothing yet. */
function askSize({ slots, tokens, has }: Draft): void {
  const isFigured = names(slots, 'move', 'range', 'conditions', 'rank', 'forms', 'fields');
  const isPriced = slots.fields.length > 0 && slots.fields.every((name) => name === 'last');
  const isFar = tokens.some(({ is }) => is === 'distance') && slots.base === undefined && (!isFigured || isPriced);
  if (isFar) slots.asksSize = 'distance';
  else if (!isFigured && has.has('howMuch') && tokens.some((token) => token.is === 'howMuch' && !asksMany(token)))
    slots.asksSize = 'size';
}

/** "how far from its average close of May": from that; "the smallest distance to its 200 day": ranked by it. */
function takeBaseOfAggregate({ slots, tokens, unused }: Draft): void {
  const { base, aggregate } = slots;
  if (base === undefined || aggregate === undefined) return;
  if (PRICES.has(base) && slots.range !== undefined && aggregate !== 'total') {
    slots.base = `${FUNCTIONS[aggregate]}(${base})`;
    slots.fields = slots.fields.filter((name) => !PRICES.has(name));
  } else if (slots.symbols.length > 1 && isEnd(aggregate)) slots.rank = { order: aggregate, by: 'distance' };
  else {
    unused.push(...tokens.filter(({ is }) => is === 'aggregate').map(({ text }) => text));
    return;
  }
  delete slots.aggregate;
}

/** "from its peak to its lowest point": how far it fell, no distances of now. */
function takeFall({ slots, tokens }: Draft): void {
  if (!/^(?:high|week52High)$/.test(slots.base ?? '') || !/^(?:low|week52Low)$/.test(slots.alsoBases?.join() ?? ''))
    return;
  if (!says(tokens, /^(?:down )?to\b/i, 'from')) return;
  slots.range ??= 'past year';
  slots.fields = ['maxDrawdown'];
  delete slots.base;
  delete slots.alsoBases;
  delete slots.move;
}

/** "who has the fattest premium": by the implied volatility of each. */
function takePremium({ slots }: Draft): void {
  if (slots.fields.join() !== 'bid,ask,mid' || slots.symbols.length < 2) return;
  const isRanked = isEnd(slots.aggregate) || slots.rank !== undefined;
  if (!isRanked || names(slots, 'side', 'strike', 'strikes', 'delta', 'strategy')) return;
  slots.fields = ['iv30'];
  (slots.corrected ??= []).push('premium as implied volatility');
}

/** "the best and the worst of them": a table tells both. */
function takeBothEnds({ isBothEnds, slots }: Draft): void {
  if (!isBothEnds || slots.symbols.length < 2) return;
  if (slots.fields.length === 0) slots.fields = [slots.rank?.by ?? 'changePercent'];
  delete slots.rank;
}

/** "from the ytd high close": of closes. */
function takeBaseOfCloses({ slots }: Draft): void {
  if ((slots.base !== 'high' && slots.base !== 'low') || slots.range === undefined) return;
  if (!slots.fields.includes('close')) return;
  slots.base = slots.base === 'high' ? 'highest(close)' : 'lowest(close)';
  slots.fields = slots.fields.filter((name) => name !== 'close');
}

/** "how many days were both up": of the same days. */
function takeBoth({ slots, tokens, unused }: Draft): void {
  const both = tokens.find(
    ({ text }, at) => /\bboth\b/i.test(text) && !/^(?:for|of|on|in)$/i.test(tokens[at - 1]?.text ?? ''),
  );
  if (both === undefined || slots.symbols.length < 2) return;
  if (slots.isCount === true) slots.isJoint = true;
  else if (slots.isDays === true) unused.push(both.text);
}

/** What is said of a date, a symbol or an order that is not named. */
function refuseUnnamed({ slots, tokens, unit, unused }: Draft): void {
  // "expected move for earnings": of an expiration that is not named.
  const report = tokens.find((token) => token.is === 'field' && token.names.includes('nextEarnings'));
  const isOfExpiration = slots.fields.some((name) => /^(?:expectedMove|straddle)/.test(name));
  if (report !== undefined && slots.expiration === undefined && isOfExpiration) unused.push(report.text);
  // "did it start the year lower": no lowest of several.
  const side = tokens.find(({ is, text }) => is === 'rank' && /^(?:higher|lower)$/i.test(text));
  if (slots.isYesNo === true && slots.symbols.length === 1 && unit !== undefined && side !== undefined)
    unused.push(side.text);
  // "the lowest one's 50 day": of which symbol that is, is not known yet.
  const ranked = tokens.findIndex(({ is }) => is === 'rank' || is === 'aggregate' || is === 'top');
  const ofOne = tokens.slice(ranked + 2).find(({ is }) => is !== 'mark' && is !== 'filler');
  if (slots.symbols.length > 0 || !/^one/i.test(tokens[ranked + 1]?.text ?? '') || ofOne?.is !== 'field') return;
  if (tokens[ranked]?.is === 'top') slots.limit = 1;
  else unused.push(tokens[ranked]?.text ?? '');
}

function askWhen({ slots, has }: Draft): void {
  if (has.has('when') && !names(slots, 'isDays', 'isCount', 'occasion')) slots.asksWhen = true;
}

/** "its max drawdown, and when": from which day to which. */
function addDatesOfDrawdown({ slots: { fields }, has }: Draft): void {
  if (has.has('when') && fields.join() === 'maxDrawdown') fields.push('drawdownPeak', 'drawdownTrough');
}

/** "it made its 52 week high last december?": when that was. */
function takeExtremeOfYear({ slots, tokens, dates, has }: Draft): void {
  const year = slots.fields.find((name) => name === 'week52High' || name === 'week52Low');
  if (year === undefined || names(slots, 'base', 'conditions')) return;
  const isOnce = dates.length === 1 && says(tokens, /^(?:made|set|hit)$/i);
  if (!isOnce && (!has.has('when') || dates.length > 0)) return;
  slots.fields = year === 'week52High' ? ['highest(high)', 'highestOn(high)'] : ['lowest(low)', 'lowestOn(low)'];
  const range = says(tokens, /of the year|the years/i) ? 'this year' : 'past year';
  dates.splice(0, dates.length, { is: 'date', range, text: '' });
}

/** "what time was the low today": of its minutes. */
function takeMinutes({ slots, tokens, dates, isAllTime }: Draft): void {
  const [day = { range: 'today' }, ...others] = dates;
  if (others.length > 0 || isAllTime || !isOneDay(day.range) || names(slots, 'base', 'aggregate', 'isCount')) return;
  const asked = tokens.find(({ is }) => is === 'when')?.text ?? '';
  const isOfTime =
    /\btimes?\b/i.test(asked) || (dates.length > 0 && asked !== '' && !/\b(?:days?|dates?)\b/i.test(asked));
  if (isOfTime && slots.fields.some((name) => name === 'high' || name === 'low'))
    dates.splice(0, 1, { is: 'date', text: '', ...dates[0], range: `${day.range ?? ''} by minute` });
}

const isPlain = (slots: Slots): boolean => !names(slots, 'conditions', 'base', 'rank', 'aggregate');

/** "is it at its all-time high" */
function takeAllTime(draft: Draft): void {
  const { slots, tokens, isAllTime } = draft;
  const [field, ...others] = slots.fields;
  if (!isAllTime || !isPlain(slots) || others.length > 0 || (field !== 'high' && field !== 'low')) return;
  if (slots.isYesNo !== true && !says(tokens, /^at(?: an| its)?$/i)) return;
  slots.fields = [];
  addCondition(draft, 'now(last)', field === 'high' ? '>=' : '<=', field);
}

/** "high of the year and its date" */
function takeDatesOfExtremes({ slots, dates, has, isAllTime }: Draft): void {
  if (!has.has('when') || (!isAllTime && dates.length === 0) || names(slots, 'base', 'aggregate')) return;
  slots.fields = slots.fields.flatMap((name) => {
    const order = name === 'high' ? 'highest' : name === 'low' ? 'lowest' : undefined;
    return order === undefined ? [name] : [`${order}(${name})`, `${order}On(${name})`];
  });
}

/** "range yesterday": with its ends. */
function addEndsOfRange({ slots, has }: Draft): void {
  const range = slots.fields.indexOf('range');
  if (range < 0 || !isPlain(slots) || slots.isCount === true || has.has('ratio') || has.has('minus')) return;
  slots.fields.splice(range + 1, 0, ...['high', 'low'].filter((each) => !slots.fields.includes(each)));
}

/** "its 52 week range", "how far off the past 52 weeks": the extremes of the year. */
function takeWeeks({ slots, dates, has }: Draft): void {
  const weeks = dates.findIndex(({ range = '' }) => /^(?:past )?52 ?w(?:ee)?ks?$/.test(range));
  if (weeks < 0 || slots.fields.some((name) => !PRICES.has(name)) || slots.move !== undefined) return;
  dates.splice(weeks, 1);
  if (slots.base === undefined && has.has('distance')) slots.base = 'week52High';
  else if (slots.base === undefined) slots.fields.push('week52High', 'week52Low');
}

/** "first red day this month", "which goes ex-dividend first": of dates the earliest. */
function takeFirst({ slots, tokens, dates }: Draft): void {
  const first = tokens.findIndex(({ is, text }) => is === 'top' && /^first$/i.test(text));
  if (first < 0) return;
  if (tokens[first + 1]?.is === 'move' && slots.limit === undefined && dates.length > 0) slots.occasion = 'first';
  const isOfDates = slots.fields.some((name) => findField(name)?.unit === 'date');
  if (isOfDates && slots.symbols.length !== 1 && !names(slots, 'rank', 'aggregate')) slots.rank = { order: 'lowest' };
}

/** `top five by ytd` */
function settleTop({ slots, tokens, has }: Draft): void {
  if (!has.has('top') || slots.limit === undefined || names(slots, 'rank', 'aggregate', 'side')) return;
  if (slots.symbols.length < 2) {
    // "top 5 up days"
    if (slots.move === undefined) return;
    slots.rank = { order: slots.move === 'down' ? 'lowest' : 'highest', by: 'changePercent' };
    slots.isDays = true;
    delete slots.move;
    return;
  }
  const order = says(tokens, /^bottom$/i) ? 'lowest' : 'highest';
  // "top two by change, then their iv": by what stands behind "by".
  const by = tokens[tokens.findIndex(({ text }) => /^(?:ranked |sorted )?by$/i.test(text)) + 1];
  const isOfChange = slots.fields.length === 0 || (by?.is === 'move' && slots.move !== undefined);
  slots.rank = { order, ...(isOfChange ? { by: 'changePercent' } : {}) };
  if (isOfChange && slots.fields.length > 0) delete slots.move;
}

/** `lowest low and highest high`, `highest and lowest close`: each its own figure of a range. */
function settleAggregates(draft: Draft): void {
  const slots = draft.slots;
  // "which moves more on average": its usual range.
  if (slots.aggregate === 'average' && slots.rank?.by === 'abs(changePercent)' && draft.dates.length === 0) {
    slots.rank = { order: slots.rank.order };
    slots.move = 'any';
  }
  // "how much does it swing in a day on average": from high to low.
  const swings = says(draft.tokens, /^swings?$/i, 'move');
  if (swings && slots.aggregate === 'average' && !names(slots, 'fields', 'conditions')) {
    slots.fields.push('range', 'rangePercent');
    draft.aggregates.at(-1)?.fields.push('range', 'rangePercent');
    delete slots.move;
  }
  if (takeBaseOfAverage(draft)) return;
  if (draft.isInDollars && slots.aggregate !== undefined && slots.move !== undefined) slots.unit = 'dollars';
  settleOwnFigure(draft);
  const kinds = new Set(draft.aggregates.map(({ aggregate }) => aggregate));
  if (kinds.size < 2 || names(slots, 'rank', 'isCount', 'conditions')) return;
  if (slots.symbols.length > 1 && slots.isWhich === true) {
    // The table of all tells who is first and who last.
    delete slots.aggregate;
    return;
  }
  const shared = draft.aggregates.findLast(({ fields }) => fields.length > 0)?.fields ?? ['last'];
  const named = draft.aggregates.map(({ fields }) => fields);
  const each = draft.aggregates.flatMap(({ aggregate }, index) => {
    const own = named[index] ?? [];
    return (own.length > 0 ? own : shared).flatMap((name) => overRange(aggregate, name, slots));
  });
  const first = draft.aggregates.flatMap(({ fields }) => fields);
  slots.fields = [...slots.fields.filter((name) => !first.includes(name)), ...new Set(each)];
  delete slots.aggregate;
}

/** "how far is it from its average of 2025" */
function takeBaseOfAverage(draft: Draft): boolean {
  const { slots, dates } = draft;
  if (slots.aggregate !== 'average' || slots.base !== undefined || dates.length === 0 || !isDistance(draft))
    return false;
  if (!slots.fields.every((name) => PRICES.has(name))) return false;
  slots.base = 'avg(close)';
  slots.fields = [];
  delete slots.aggregate;
  draft.relation = undefined;
  return true;
}

/** `macd cross`: the line over its signal; a cross of nothing is not dropped. */
function settleCross(draft: Draft): void {
  if (!draft.crosses || draft.slots.conditions.length > 0) return;
  const { fields } = draft.slots;
  const [level = ''] = fields;
  const isOfPrice = fields.length === 1 && isLevel(level);
  const pair = isOfPrice ? ['last', level] : fields.length === 2 ? fields : [];
  const [over, under] = fields.includes('macd') ? ['macd', 'macdSignal'] : pair;
  if (over === undefined || under === undefined) {
    draft.unused.push('cross');
    return;
  }
  const { move, scan } = draft.slots;
  const isFormula = scan !== undefined || /^crosses$/i.test(draft.tokens[0]?.text ?? '');
  const [above, below] = [crossing(over, true, under), crossing(over, false, under)];
  // "did it cross its 50 day": either way, where no side is named.
  const either = { ...above, expression: `${above.expression} or ${below.expression}`, operator: 'crossed' };
  draft.slots.conditions.push(move === 'down' ? below : move === 'up' || isFormula ? above : either);
  delete draft.slots.move;
  draft.slots.fields = [over, under];
}

/** A side of nothing: `who is higher`. */
function settleRelation(draft: Draft): void {
  if (draft.relation === undefined || draft.relation.isUsed === true) return;
  const { operator, text } = draft.relation;
  const slots = draft.slots;
  const next = draft.tokens[draft.tokens.findLastIndex(({ is }) => is === 'relation') + 1];
  // "are we over": the figure of before, which need not be said again.
  const isBare = next === undefined && slots.isYesNo === true && !hasContent(slots) && slots.symbols.length === 0;
  if (isBare || (next?.is === 'pronoun' && next.pronoun === 'it') || /^that(?: one)?$/i.test(next?.text ?? '')) {
    slots.against = operator;
    draft.relation = undefined;
    return;
  }
  if (slots.forms.includes('levels') || comparesDays(draft, operator)) {
    draft.relation = undefined;
    return;
  }
  if (!names(slots, 'isCount', 'rank') && !/than$/.test(text)) {
    if ((slots.symbols.length > 1 || slots.isWhich === true) && !/^(?:above|below|over|under)\b/i.test(text))
      slots.rank = { order: operator === '>' ? 'highest' : 'lowest' };
    else draft.unused.push(text);
  } else if (slots.rank === undefined || !/^(?:more|less|higher|lower|above|below|greater)/.test(text))
    draft.unused.push(text);
  draft.relation = undefined;
}

/** A number that nothing took: a strike beside a side, the price of a target, else unused. */
function settleNumber(draft: Draft): void {
  const token = draft.number;
  if (token === undefined) return;
  const slots = draft.slots;
  if (draft.has.has('touch') && !token.isPercent && !says(draft.tokens, /^takes?$/i)) {
    addCondition(draft, 'high', '>=', String(token.value));
    addCondition(draft, 'low', '<=', String(token.value));
    return;
  }
  if (Number.isInteger(token.value) && token.value === slots.symbols.length && token.value > 1 && !token.isPercent)
    return;
  const isStrike =
    (names(slots, 'side', 'strategy') || slots.forms.includes('chain')) &&
    slots.strike.length === 0 &&
    (token.value > 20 || !Number.isInteger(token.value));
  if (isStrike && !token.isPercent) slots.strike.push(token.value);
  else if ((slots.isTarget === true || draft.has.has('touch')) && slots.base === undefined && !token.isPercent) {
    slots.base = String(token.value);
    slots.isTarget = true;
  } else if (
    slots.rank !== undefined &&
    slots.limit === undefined &&
    Number.isInteger(token.value) &&
    token.value <= 20
  )
    slots.limit = token.value;
  else if (slots.bare === undefined) slots.bare = { value: token.value, isPercent: token.isPercent, text: token.text };
  else draft.unused.push(token.text);
}
