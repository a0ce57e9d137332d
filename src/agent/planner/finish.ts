// What the tokens of a part left open, settled when all are taken: a number without a role, units, aggregates, dates. What
// nothing was made of refuses the part.
import { findField } from '../../fields/registry.ts';
import {
  comparesDays,
  type Draft,
  FUNCTIONS,
  PRICES,
  addCondition,
  conditionOf,
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
import { type Refusal, type Slots, emptySlots, hasContent, isOneDay, notUnderstood, names, isEnd } from './query.ts';
import { combineFields, settleImplied, settleSums, settleTrend, settleVol } from './settle-figures.ts';
import {
  beatsOften,
  settleCountedPeriods,
  settleDifference,
  settleRivals,
  settleExtremes,
  settleGaps,
  settleHighVolatility,
  settleListed,
  settleOwnFigure,
  settlePercent,
  settlePercentile,
  settleMeant,
  settleSessions,
  settleTrade,
  settleThroughout,
  settleUsual,
} from './settle-senses.ts';
import type { PeriodWord, Token } from '../words/tokens.ts';

/** What was read as one, or the first thing that nothing was made of. */
export function finish(draft: Draft): (Slots | Refusal)[] {
  const slots = draft.slots;
  settleRivals(draft);
  settleLead(draft);
  settleOffset(draft);
  settleTrend(draft);
  settleRelation(draft);
  settleExtremes(draft);
  settleDifference(draft);
  settleNumber(draft);
  if (draft.has.has('abs')) {
    delete slots.isSigned;
    slots.isAbsolute = true;
  }
  settleUsual(draft);
  settlePercentile(draft);
  settleWhen(draft);
  settleTop(draft);
  settleAggregates(draft);
  settleGaps(draft);
  // "cheaper in iv terms": by the figure that is named.
  const [named, other] = slots.fields.filter((name) => !PRICES.has(name));
  const isCondition = slots.conditions.some(({ left, right }) => left === named || right === named);
  if (slots.rank?.by === 'last' && named !== undefined && other === undefined && isOfOptions(named) && !isCondition)
    slots.rank = { order: slots.rank.order };
  settleUnit(draft);
  combineFields(draft);
  settleTrade(draft);
  settleDividends(draft);
  settlePercent(draft);
  settleDates(draft);
  settleImplied(draft);
  if (draft.isAllTime) slots.range ??= 'past 5 years';
  settleComparedDay(draft);
  settleHolding(draft);
  if (
    draft.has.has('abs') &&
    slots.conditions.length === 0 &&
    names(slots, 'rank', 'aggregate') &&
    slots.symbols.length > 1
  ) {
    const order = slots.rank?.order ?? (slots.aggregate === 'lowest' ? 'lowest' : 'highest');
    const [figure, other] = slots.fields;
    if (figure !== undefined && other === undefined && !PRICES.has(figure)) slots.fields = [`abs(${figure})`, figure];
    slots.rank = figure === undefined ? { order, by: 'abs(changePercent)' } : { order };
    delete slots.aggregate;
    delete slots.move;
  }
  // "volume above open interest": of contracts.
  if (slots.conditions.some(({ expression }) => /volume/.test(expression) && /openInterest/.test(expression)))
    slots.forms = [...new Set([...slots.forms, 'chain'])];
  settleMeant(draft);
  settleHighVolatility(draft);
  settleThroughout(draft);
  const isFigures = (hasContent(slots) || slots.aggregate !== undefined) && !slots.forms.includes('bars');
  if (slots.interval === 'day' && isFigures) delete slots.interval;
  const isEither = draft.tokens.some((token) => token.is === 'joiner' && token.text.toLowerCase() === 'or');
  if (isEither && slots.conditions.length > 1) slots.isAnyOf = true;
  // "is AMD or NVDA higher" asks which one.
  if (isEither && slots.rank !== undefined) delete slots.isYesNo;
  const asksOrder = /^(?:rank|sort|order)|(?:best|worst|highest|lowest) first$/i;
  if (slots.rank && draft.tokens.some(({ text }) => asksOrder.test(text))) slots.rank.isList = true;
  settleCross(draft);
  if (draft.times !== undefined) draft.unused.push(draft.times.text);
  settleAsked(draft);
  settleSaid(draft);
  settleSessions(draft);
  const [unused] = draft.unused;
  if (unused !== undefined) return [notUnderstood(`"${unused}"`)];
  // "how many days has it been above its 50 day": since the last day on which it was not.
  if (slots.isCount === true && slots.range === undefined && slots.conditions.length === 1)
    if (draft.tokens.some(({ text }) => /\bbeen$/i.test(text))) {
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
  if (draft.isNegated || draft.isSince) slots.conditions = slots.conditions.flatMap(negated);
  // "last friday vs the friday before": the same twice.
  if (slots.step !== undefined && draft.dates.length === 0 && (slots.range ?? slots.expiration) !== undefined) {
    const { step: _step, isComparison: _compares, ...first } = slots;
    return [first, { ...first, step: slots.step }];
  }
  // "what was it on June 1, and how much is it up since": that day, and from it on.
  const { range, samePeriod, ...since } = slots;
  if (samePeriod === 'since' && range !== undefined && isOneDay(range) && draft.dates.length === 0)
    return [
      { ...emptySlots(), symbols: slots.symbols, fields: ['close'], range },
      { ...since, fields: [], range: `since ${range}` },
    ];
  return draft.dates.length === 0 ? besideNow(draft) : perDate(draft);
}

/** What is said before anything else can be settled: an extreme as the base, the same day of another year. */
function settleLead(draft: Draft): void {
  const slots = draft.slots;
  // "which of my holdings KO, PEP and XOM are up": of the symbols that are named.
  if (slots.symbols.length > 2 && names(slots, 'move', 'fields', 'rank', 'conditions', 'base'))
    slots.forms = slots.forms.filter((form) => form !== 'positions');
  // "the close of every Friday", "on the last trading day of each month": that of the week or month.
  const isOfClose = slots.fields.length > 0 && slots.fields.every((name) => PRICES.has(name));
  const friday = draft.tokens.findIndex((token, at) => /fri/i.test(token.text) && isDayOfWeeks(draft.tokens, at));
  const last = draft.tokens.findIndex((token, at) => /\blast\b/i.test(token.text) && isDayOfEach(draft.tokens, at));
  for (const token of isOfClose ? [draft.tokens[friday], draft.tokens[last]] : []) {
    const place = draft.dates.findIndex((date) => date === token);
    if (place < 0 || draft.dates.length < 2) continue;
    draft.dates.splice(place, 1);
    slots.interval ??= 'week';
  }
  settleCountedDays(draft);
  settleCountedPeriods(draft);
  settleVol(draft);
  settleSums(draft);
  // "how much did it swing, high to low"
  const across = draft.tokens.find(({ is, text }) => is === 'rank' && /^(?:high to low|low to high)$/i.test(text));
  if (across !== undefined && slots.symbols.length < 2 && !names(slots, 'fields', 'side')) {
    delete slots.rank;
    delete slots.move;
    slots.fields.push('range');
  }
  // "how much could spy move by the 18th": what its options expect.
  const may = draft.tokens.findIndex(({ is, text }) => is === 'filler' && /^(?:could|might|may|can)$/i.test(text));
  const isByUser = /^(?:i|we|you|u|the)$/i.test(draft.tokens[may + 1]?.text ?? '');
  if (
    may >= 0 &&
    slots.move !== undefined &&
    slots.fields.length === 0 &&
    !isByUser &&
    draft.tokens[may + 1]?.is === 'symbol'
  ) {
    slots.fields.push('expectedMove', 'expectedMovePercent');
    delete slots.move;
  }
  // "which dates can I get options for"
  const isOfDates = draft.tokens.some(({ text }) => /^(?:(?:which|what) )?dates$/i.test(text));
  if (isOfDates && slots.forms.join() === 'chain' && !hasContent({ ...slots, forms: [], isDays: undefined as never })) {
    slots.forms = ['expirations'];
    delete slots.isDays;
  }
  // "this time last year" is a day, but beside another period the same part of that year.
  if (slots.step?.unit === 'span' && draft.dates.length === 0 && slots.symbols.length > 0) {
    draft.dates.push({ is: 'date', range: '1 year ago', text: '' });
    delete slots.step;
  }
  // "its drawdown", "how far down from its peak": without a period from the high of the year.
  const isPeak = slots.aggregate === 'highest' && draft.tokens.some(({ text }) => /\bpeak\b/i.test(text));
  const isDrawdown = draft.tokens.some(({ text }) => /^drawdown$/i.test(text));
  // "the smallest drawdown", "max drawdown": of a period.
  if (isDrawdown && isEnd(slots.aggregate)) {
    if (slots.symbols.length !== 1) slots.rank = { order: slots.aggregate };
    slots.fields.push('maxDrawdown');
    delete slots.aggregate;
    draft.aggregates.length = 0;
  } else if (isDrawdown && names(slots, 'aggregate')) draft.unused.push('drawdown');
  else if (isDrawdown && draft.dates.some(({ range }) => range !== undefined && range !== 'today'))
    slots.fields.push('maxDrawdown');
  // "and its drawdown": of the period of the turn before, where it had one.
  else if (isDrawdown && draft.dates.length === 0 && slots.symbols.length === 0) slots.fields.push('maxDrawdown');
  const isDown = draft.has.has('distance') || (draft.has.has('from') && slots.move === 'down');
  if ((isDrawdown || (isPeak && isDown)) && draft.dates.length === 0 && slots.fields.length === 0) {
    slots.base ??= 'week52High';
    delete slots.aggregate;
    delete slots.move;
    draft.aggregates.length = 0;
  }
  // "percent off the august peak"
  const isExtreme = isEnd(slots.aggregate);
  if (
    isExtreme &&
    draft.has.has('distance') &&
    !names(slots, 'base', 'fields') &&
    draft.dates.length > 0 &&
    draft.tokens.some(({ text }) => /\b(?:peak|trough|max|maximum|minimum)\b/i.test(text))
  ) {
    slots.base = slots.aggregate === 'highest' ? 'high' : 'low';
    delete slots.aggregate;
    draft.aggregates.length = 0;
    delete slots.move;
  }
}

/** `which had more up days`, `how many of the last ten sessions closed green`, `red days in november`. */
function settleCountedDays(draft: Draft): void {
  const { slots, tokens, dates } = draft;
  const counted = /^(up|down)Days$/.exec(slots.rank?.by ?? '')?.[1] as 'up' | 'down' | undefined;
  if (counted !== undefined && slots.rank !== undefined) {
    slots.rank = { order: slots.rank.order };
    slots.isCount = true;
    slots.move = counted;
    if (draft.relation?.text === 'than') draft.relation = undefined;
    return;
  }
  // "red vs green days": each counted.
  const isDirected =
    slots.move !== undefined && (slots.move !== 'any' || tokens.filter(({ is }) => is === 'move').length > 1);
  const isRanged = dates.some(({ range }) => range !== undefined && range !== 'today');
  if (!isDirected || names(slots, 'isYesNo', 'conditions')) return;
  const many = tokens.findIndex(({ is, text }) => is === 'howMuch' && /many$/i.test(text));
  const next = tokens.slice(many + 1).find(({ is }) => is !== 'joiner' && is !== 'filler');
  const isOfDays = many >= 0 && tokens.slice(many + 1, many + 4).some((each) => isWordOfDays(each) || each === next);
  // "of the last 20 sessions how many did it close up"
  const isOut =
    many > 0 &&
    tokens.slice(0, many).some(({ is, text }) => is === 'date' && /\b(?:days|sessions|weeks|months)$/i.test(text));
  const isLed = many > 0 && /^(?:days|sessions)$/i.test(tokens[0]?.text ?? '');
  if (isRanged && (isOut || isLed)) slots.isCount = true;
  if (isRanged && many >= 0 && isOfDays && (next?.is === 'date' || (next?.is === 'move' && /days?$/i.test(next.text))))
    slots.isCount = true;
  const isNoun = tokens.some(({ is, text }) => is === 'move' && /\bdays$/i.test(text));
  // "up days vs down days in november, avg of each"
  const kinds = new Set(
    tokens.flatMap((each) => (each.is === 'move' && /\bdays$/i.test(each.text) ? [each.direction] : [])),
  );
  if (kinds.size > 1 && !names(slots, 'fields', 'rank') && draft.unit === undefined) {
    slots.isCount = true;
    delete slots.isComparison;
    if (slots.aggregate === 'average') slots.isOfKinds = true;
    delete slots.aggregate;
    draft.aggregates.length = 0;
    return;
  }
  const isFigured = names(slots, 'fields', 'rank', 'aggregate');
  if (isNoun && slots.isCount !== true && !isFigured && draft.unit === undefined && !draft.has.has('streak')) {
    if (slots.symbols.length < 2) slots.isDays = true;
    else slots.isCount = true;
  }
}

/** `days nvda gapped down 3%`, `3 sigma days tsla past 2 years` */
function namesDays({ tokens, slots }: Draft): boolean {
  const first = tokens.find(({ is }) => is !== 'symbol')?.text ?? '';
  const isOfState = tokens.some(({ is, text }) => is === 'state' && /\bdays$/i.test(text));
  return /^(?:days|sessions)$/i.test(first) || (slots.isYesNo !== true && isOfState);
}

const isWordOfDays = ({ text }: Token): boolean => /^(?:day|session)s?$/i.test(text);

/** Each expiration, days that are listed or counted, a distance or size of nothing yet. */
function settleAsked(draft: Draft): void {
  const slots = draft.slots;
  // "for every spy expiry this week"
  const every = draft.tokens.findIndex(({ text }) => /^(?:each|every)$/i.test(text));
  const after = draft.tokens.slice(every + 1).find(({ is }) => is !== 'filler' && is !== 'symbol');
  const isOfExpirations =
    after?.is === 'form' ? /^expir/.test(after.form) : after?.is === 'date' && /^exp/i.test(after.text);
  if (every >= 0 && isOfExpirations && hasContent({ ...slots, forms: [] })) {
    slots.isEach = true;
    slots.forms = slots.forms.filter((form) => form !== 'expiry');
  }
  // "days this year nvda gapped down more than 3%"
  const isLed = namesDays(draft);
  if (
    isLed &&
    slots.isCount !== true &&
    (slots.conditions.length > 0 || /^(?:up|down)$/.test(slots.move ?? '')) &&
    slots.range !== undefined
  )
    slots.isDays = true;
  // "every close above 430 this month": each of those days.
  const isEvery = every >= 0 && draft.tokens[every + 1]?.is === 'field' && slots.range !== undefined;
  settleListed(draft);
  if (isEvery && slots.conditions.length > 0 && slots.symbols.length < 2) slots.isDays = true;
  // "below 650 any day last week": at some time of it.
  const isAnyDay = draft.tokens.some(({ text }) => /^any (?:day|session)$/i.test(text)) && slots.range !== undefined;
  if (isAnyDay && (slots.move === 'up' || slots.move === 'down')) slots.isCount = true;
  else if (isAnyDay && slots.conditions.length > 0) {
    slots.isDays = true;
    slots.conditions = slots.conditions.map((each) =>
      each.left !== 'last'
        ? each
        : conditionOf(each.operator?.startsWith('<') === true ? 'low' : 'high', each.operator ?? '>', each.right ?? ''),
    );
  }
  // "the last 10 sessions, which were down"
  const isOfDays = slots.isWhich === true && slots.symbols.length === 1 && !names(slots, 'rank', 'fields');
  if (
    isOfDays &&
    (slots.move === 'up' || slots.move === 'down') &&
    /\b(?:sessions|days|week|month|quarter|year)\b/.test(slots.range ?? '')
  )
    slots.isDays = true;
  // "rank them by lowest rsi"
  const end = isEnd(slots.aggregate) ? slots.aggregate : undefined;
  if (
    end !== undefined &&
    slots.rank?.by === undefined &&
    draft.tokens.some(({ is, text }) => is === 'rank' && /^(?:rank|sort|order)/i.test(text))
  ) {
    slots.rank = { order: end };
    delete slots.aggregate;
  }
  // "side by side, with the dividend yield": beside their prices.
  const beside = draft.tokens.findIndex(({ text }) => /^(?:with|including|incl|plus)(?: the| their)?$/i.test(text));
  const isBeside = draft.tokens.slice(beside + 1).find(({ is }) => is !== 'filler')?.is === 'field';
  const isListed = slots.isComparison === true && slots.symbols.length > 1 && !concernsOptions(draft);
  if (isListed && beside > 0 && isBeside && !names(slots, 'base', 'move', 'rank', 'range', 'conditions', 'aggregate'))
    if (draft.tokens.slice(0, beside).every(({ is }) => is !== 'field')) slots.fields.unshift('last', 'changePercent');
  const [opening] = draft.tokens;
  // "theta too": beside what was asked.
  const isToo = /^(?:too|as well|also)$/i.test(draft.tokens.findLast(({ is }) => is !== 'mark')?.text ?? '');
  if (isToo && slots.fields.length > 0 && !names(slots, 'symbols', 'conditions')) slots.follow = 'add';
  if (opening?.is === 'filler' && /^with$/i.test(opening.text) && slots.symbols.length === 0) slots.follow ??= 'add';
  const manyOf = draft.tokens.find((token) => token.is === 'howMuch' && /many$/i.test(token.text));
  if (manyOf !== undefined && !hasContent(slots) && slots.amount === undefined) draft.unused.push(manyOf.text);
  const far = draft.tokens.find((token) => token.is === 'distance');
  const isFigured = names(slots, 'move', 'range', 'conditions', 'rank', 'forms', 'fields');
  const isPriced = slots.fields.length > 0 && slots.fields.every((name) => name === 'last');
  if (far !== undefined && slots.base === undefined && (!isFigured || isPriced)) slots.asksSize = 'distance';
  else if (draft.tokens.some(({ is, text }) => is === 'howMuch' && !/many$/i.test(text)) && !isFigured)
    slots.asksSize = 'size';
}

/** What would be dropped in silence: the second of two bests, an absolute move, a time, one of several periods. */
function settleSaid(draft: Draft): void {
  const { slots, tokens, unused } = draft;
  const said = (is: Token['is'], words = /./): Token | undefined =>
    tokens.find((token) => token.is === is && words.test(token.text));
  const use = (token: Token | undefined): void => {
    if (token !== undefined) unused.push(token.text);
  };
  if (slots.base !== undefined && slots.aggregate !== undefined) {
    const order = slots.aggregate;
    if (PRICES.has(slots.base) && slots.range !== undefined && order !== 'total') {
      slots.base = `${FUNCTIONS[order]}(${slots.base})`;
      slots.fields = slots.fields.filter((name) => !PRICES.has(name));
      delete slots.aggregate;
    } else if (slots.symbols.length > 1 && (order === 'highest' || order === 'lowest')) {
      // "the smallest distance to its 200 day"
      slots.rank = { order, by: 'distance' };
      delete slots.aggregate;
    } else use(said('aggregate'));
  }
  // "from its peak to its lowest point": how far it fell, no distances of now.
  const isFall =
    /^(?:high|week52High)$/.test(slots.base ?? '') && /^(?:low|week52Low)$/.test(slots.alsoBases?.join() ?? '');
  if (isFall && said('from', /^(?:down )?to\b/i) !== undefined) {
    slots.range ??= 'past year';
    slots.fields = ['maxDrawdown'];
    delete slots.base;
    delete slots.alsoBases;
    delete slots.move;
  }
  // "who has the fattest premium": by the implied volatility of each.
  const isOfSymbols = slots.symbols.length > 1 && !names(slots, 'side', 'strike', 'strikes', 'delta', 'strategy');
  const isRanked = isEnd(slots.aggregate) || slots.rank !== undefined;
  if (isOfSymbols && isRanked && slots.fields.join() === 'bid,ask,mid') {
    slots.fields = ['iv30'];
    (slots.corrected ??= []).push('premium as implied volatility');
  }
  if (draft.isBothEnds && slots.symbols.length > 1) {
    slots.fields = slots.fields.length > 0 ? slots.fields : [slots.rank?.by ?? 'changePercent'];
    delete slots.rank;
  }
  // "from the ytd high close": of closes.
  const ofClose = slots.base === 'high' ? 'highest(close)' : slots.base === 'low' ? 'lowest(close)' : undefined;
  if (ofClose !== undefined && slots.range !== undefined && slots.fields.includes('close')) {
    slots.base = ofClose;
    slots.fields = slots.fields.filter((name) => name !== 'close');
  }
  const isCounted = slots.isCount === true && slots.symbols.length > 1;
  const both = tokens.find(
    ({ text }, at) => /\bboth\b/i.test(text) && !/^(?:for|of|on|in)$/i.test(tokens[at - 1]?.text ?? ''),
  );
  if (both !== undefined && isCounted) slots.isJoint = true;
  else if (slots.isDays === true && slots.symbols.length > 1) use(both);
  // "expected move for earnings": of an expiration that is not named.
  const report = tokens.findIndex((token) => token.is === 'field' && token.names.includes('nextEarnings'));
  if (
    report >= 0 &&
    slots.expiration === undefined &&
    slots.fields.some((name) => /^(?:expectedMove|straddle)/.test(name))
  )
    use(tokens[report]);
  // "did it start the year lower": no lowest of several.
  if (slots.isYesNo === true && slots.symbols.length === 1 && draft.unit !== undefined)
    use(said('rank', /^(?:higher|lower)$/i));
  // "the last trading day of each month"
  use(
    tokens.find(
      (token, at) =>
        token.is === 'date' && isDayOfEach(tokens, at) && (draft.dates.includes(token) || slots.range === token.range),
    ),
  );
  // "the lowest one's 50 day": of which symbol that is, is not known yet.
  const ranked = tokens.findIndex(({ is }) => is === 'rank' || is === 'aggregate' || is === 'top');
  const ofOne = tokens.slice(ranked + 2).find(({ is }) => is !== 'mark' && is !== 'filler');
  if (slots.symbols.length === 0 && /^one/i.test(tokens[ranked + 1]?.text ?? '') && ofOne?.is === 'field')
    if (tokens[ranked]?.is === 'top') slots.limit = 1;
    else use(tokens[ranked]);
  // "each friday in november", "on mondays": days of the week are no one day.
  use(
    tokens.find(
      (token, at) =>
        token.is === 'date' && (token.range === slots.range || draft.dates.includes(token)) && isDayOfWeeks(tokens, at),
    ),
  );
  // "did it beat XLF in each of the last four quarters"
  if (slots.isYesNo === true && isOfEach(tokens) && !beatsOften(draft) && slots.symbols.length > 1)
    use(said('relation') ?? said('rank'));
  if (slots.range !== undefined && slots.interval === undefined && draft.dates.length < 2 && isOfEach(tokens)) {
    const period =
      /(week|month|quarter|year)s?$/.exec(slots.range) ?? / (week|month|quarter|year)s?\b/i.exec(ofDates(tokens));
    const unit = period?.[1] as PeriodWord | undefined;
    if (unit === undefined || slots.aggregate !== undefined) slots.isOfEach = true;
    else slots.interval = unit;
  }
  if (said('when') !== undefined && !names(slots, 'isDays', 'isCount', 'occasion')) slots.asksWhen = true;
}

function isDayOfEach(tokens: readonly Token[], at: number): boolean {
  return tokens[at]?.is === 'date' && tokens[at + 1]?.text === 'of' && tokens[at + 2]?.is === 'interval';
}

/** `mondays`, `every friday`, and `monday` of what is averaged; not `fridays close`. */
function isDayOfWeeks(tokens: readonly Token[], at: number): boolean {
  const [, plural] = /^(?:on |in )?(?:mon|tues|wednes|thurs|fri)day(s?)$/i.exec(tokens[at]?.text ?? '') ?? [];
  if (plural === undefined) return false;
  const [before, next] = [tokens[at - 1], tokens[at + 1]];
  const isPossessive =
    before?.is === 'compare' || next?.is === 'field' || next?.is === 'aggregate' || next?.is === 'rank';
  return (
    /^(?:each|every)$/i.test(before?.text ?? '') ||
    (/^an?$/i.test(before?.text ?? '') &&
      (tokens.filter(({ is }) => is === 'date').length > 1 || tokens.some(({ is }) => is === 'aggregate'))) ||
    (before?.is === 'aggregate' && before.aggregate === 'average') ||
    (plural === 's' && !isPossessive)
  );
}

function ofDates(tokens: readonly Token[]): string {
  return tokens.flatMap(({ is, text }) => (is === 'date' ? [text] : [])).join(' ');
}

/** `in each of the first three quarters`: one figure of the whole is not what was asked. */
function isOfEach(tokens: readonly Token[]): boolean {
  return tokens.some(
    ({ text }, index) =>
      /^(?:each|every)(?: of)?$/i.test(text) &&
      tokens.slice(index + 1, index + 5).some(({ is }) => is === 'date' || is === 'unit'),
  );
}

/** `high of the year and its date`, `range yesterday`, `is it at its all-time high` */
function settleWhen(draft: Draft): void {
  const slots = draft.slots;
  const { fields } = slots;
  if (draft.has.has('when') && fields.join() === 'maxDrawdown') fields.push('drawdownPeak', 'drawdownTrough');
  const year = fields.find((name) => name === 'week52High' || name === 'week52Low');
  // "it made its 52 week high last december?": when that was.
  const isOnce = draft.dates.length === 1 && draft.tokens.some(({ text }) => /^(?:made|set|hit)$/i.test(text));
  if (
    year !== undefined &&
    (isOnce || (draft.has.has('when') && draft.dates.length === 0)) &&
    !names(slots, 'base', 'conditions')
  ) {
    const isOfYear = draft.tokens.some(({ text }) => /of the year|the years/i.test(text));
    slots.fields = year === 'week52High' ? ['highest(high)', 'highestOn(high)'] : ['lowest(low)', 'lowestOn(low)'];
    draft.dates.splice(0);
    draft.dates.push({ is: 'date', range: isOfYear ? 'this year' : 'past year', text: '' });
    return;
  }
  // "what time was the low today": of its minutes.
  const [day = { range: 'today' }, ...others] = draft.dates;
  const asked = draft.tokens.find(({ is }) => is === 'when')?.text ?? '';
  const isOfTime =
    (/\btimes?\b/i.test(asked) || (draft.dates.length > 0 && asked !== '' && !/\b(?:days?|dates?)\b/i.test(asked))) &&
    fields.some((name) => name === 'high' || name === 'low') &&
    others.length === 0;
  if (isOfTime && !draft.isAllTime && isOneDay(day.range) && !names(slots, 'base', 'aggregate', 'isCount'))
    draft.dates.splice(0, 1, { is: 'date', text: '', ...draft.dates[0], range: `${day.range ?? ''} by minute` });
  const isRanged = draft.isAllTime || draft.dates.length > 0;
  if (draft.has.has('when') && isRanged && !names(slots, 'base', 'aggregate'))
    slots.fields = fields.flatMap((name) =>
      name === 'high'
        ? ['highest(high)', 'highestOn(high)']
        : name === 'low'
          ? ['lowest(low)', 'lowestOn(low)']
          : [name],
    );
  if (fields.includes('range') && fields.includes('spread')) slots.fields = fields.filter((name) => name !== 'spread');
  const isPlain = !names(slots, 'conditions', 'base', 'rank', 'aggregate');
  const range = slots.fields.indexOf('range');
  const isMade = draft.has.has('ratio') || draft.has.has('minus');
  if (isPlain && range >= 0 && slots.isCount !== true && !isMade)
    slots.fields.splice(range + 1, 0, ...['high', 'low'].filter((each) => !slots.fields.includes(each)));
  const [field] = fields;
  if (
    draft.isAllTime &&
    (slots.isYesNo === true || draft.tokens.some(({ text }) => /^at(?: an| its)?$/i.test(text))) &&
    isPlain &&
    fields.length === 1 &&
    (field === 'high' || field === 'low')
  ) {
    slots.fields = [];
    addCondition(draft, 'now(last)', field === 'high' ? '>=' : '<=', field);
  }
  const weeks = draft.dates.findIndex(({ range = '' }) => /^(?:past )?52 ?w(?:ee)?ks?$/.test(range));
  if (weeks < 0 || slots.fields.some((name) => !PRICES.has(name)) || slots.move !== undefined) return;
  draft.dates.splice(weeks, 1);
  if (slots.base === undefined && draft.has.has('distance')) slots.base = 'week52High';
  else if (slots.base === undefined) slots.fields.push('week52High', 'week52Low');
}

/** `top five by ytd` */
function settleTop(draft: Draft): void {
  const slots = draft.slots;
  const first = draft.tokens.find(({ is, text }) => is === 'top' && /^first$/i.test(text));
  // "first red day this month"
  const counted = first === undefined ? undefined : draft.tokens[draft.tokens.indexOf(first) + 1];
  if (counted?.is === 'move' && slots.limit === undefined && draft.dates.length > 0) slots.occasion = 'first';
  // "which goes ex-dividend first": of dates the earliest.
  const isOfDates = slots.fields.some((name) => findField(name)?.unit === 'date');
  if (first !== undefined && isOfDates && slots.symbols.length !== 1 && !names(slots, 'rank', 'aggregate'))
    slots.rank = { order: 'lowest' };
  if (!draft.has.has('top') || slots.limit === undefined || names(slots, 'rank', 'aggregate')) return;
  if (slots.side !== undefined) return;
  if (slots.symbols.length < 2 && slots.move === undefined) return;
  // "top 5 up days"
  if (slots.symbols.length < 2) {
    slots.rank = { order: slots.move === 'down' ? 'lowest' : 'highest', by: 'changePercent' };
    slots.isDays = true;
    delete slots.move;
    return;
  }
  const order = draft.tokens.some(({ text }) => /^bottom$/i.test(text)) ? 'lowest' : 'highest';
  // "top two by change, then their iv": by what stands behind "by".
  const by = draft.tokens[draft.tokens.findIndex(({ text }) => /^(?:ranked |sorted )?by$/i.test(text)) + 1];
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
  const swings = draft.tokens.some(({ is, text }) => is === 'move' && /^swings?$/i.test(text));
  if (swings && slots.aggregate === 'average' && !names(slots, 'fields', 'conditions')) {
    slots.fields.push('range', 'rangePercent');
    draft.aggregates.at(-1)?.fields.push('range', 'rangePercent');
    delete slots.move;
  }
  // "below its average of 2025"
  const isOfPrice = slots.fields.every((name) => PRICES.has(name));
  if (
    slots.aggregate === 'average' &&
    isOfPrice &&
    slots.base === undefined &&
    isDistance(draft) &&
    draft.dates.length > 0
  ) {
    slots.base = 'avg(close)';
    slots.fields = [];
    delete slots.aggregate;
    draft.relation = undefined;
    return;
  }
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

/** `best month`, `weeks in a row`, `how many weeks`: what the days are put together to. */
function settleUnit(draft: Draft): void {
  const slots = draft.slots;
  const { pronoun } = slots;
  const isOrdered = names(slots, 'rank', 'aggregate') || draft.has.has('bestDay') || draft.has.has('top');
  if (
    typeof pronoun === 'number' &&
    !draft.countsSubjects &&
    isOrdered &&
    slots.symbols.length !== pronoun &&
    slots.limit === undefined
  ) {
    slots.limit = pronoun;
    delete slots.pronoun;
  }
  // "its longest losing streak": closes down are counted below 0.
  if (slots.fields.includes('streak') && draft.tokens.some(({ text }) => /\b(?:losing|down|red)\b/i.test(text))) {
    if (slots.aggregate === 'highest') slots.aggregate = 'lowest';
    else if (slots.rank?.order === 'highest') slots.rank = { ...slots.rank, order: 'lowest' };
  }
  if (slots.fields.includes('streak')) {
    if (slots.move !== undefined && slots.move !== 'any' && slots.aggregate === undefined) slots.streakOf = slots.move;
    delete slots.move;
  }
  const asksMany = draft.tokens.some((token) => token.is === 'howMuch' && /many$/i.test(token.text));
  const isOfNow = draft.dates.every(({ range }) => range === undefined || range === 'today');
  if (asksMany && (isManyOfSymbols(draft) || (isOfNow && slots.symbols.length > 1 && draft.unit === undefined))) {
    slots.isWhich = true;
    // "how many of those": of symbols or of days, as the turn before had them.
    if (slots.symbols.length === 0 && slots.rank === undefined && slots.move !== undefined) slots.isCount = true;
    return;
  }
  const isEvery = draft.tokens.some(({ text }) => /^(?:each|every)(?: single)? (?:day|session)$/i.test(text));
  if (isEvery && slots.isYesNo === true && (slots.move === 'up' || slots.move === 'down')) {
    slots.isCount = true;
    slots.isShare = true;
  }
  const isPerDay = draft.tokens.some(({ text }) => /^per day$/i.test(text));
  const hasPeriod = draft.dates.some(({ range }) => range !== undefined && range !== 'today');
  if (
    (asksMany || isPerDay) &&
    hasPeriod &&
    (slots.conditions.length > 0 || (isPerDay && slots.move !== undefined && slots.aggregate === undefined)) &&
    !names(slots, 'occasion', 'isDays')
  )
    slots.isCount = true;
  if (draft.unit === undefined) return;
  const { unit } = draft.unit;
  const at = draft.tokens.indexOf(draft.unit);
  const beside = [draft.tokens[at - 1]?.is, draft.tokens[at + 1]?.is];
  if (beside[0] === 'rank' && slots.rank?.by === 'changePercent' && !names(slots, 'fields', 'forms', 'limit'))
    slots.rank.ofPeriods = true;
  const isOfPeriods = isOrdered || names(slots, 'isCount', 'isDays', 'move') || slots.fields.includes('streak');
  if (asksMany && names(slots, 'move', 'conditions')) slots.isCount = true;
  // "more than 5% in any week this year": by the best or worst of them.
  const isAny = /^(?:any|an?|one|single)(?: of| single| one)?$/i.test(draft.tokens[at - 1]?.text ?? '');
  const isOfAny = isAny && hasPeriod && slots.isYesNo === true && slots.conditions.length > 0;
  if (isOfPeriods || isOfAny || slots.isCount === true) slots.interval ??= unit;
}

/** `how many of jpm, bac and gs are down`: of symbols, not of days. */
function isManyOfSymbols({ tokens, slots }: Draft): boolean {
  const at = tokens.findIndex((token) => token.is === 'howMuch' && /many$/i.test(token.text));
  const [next, after] = tokens
    .slice(at + 1)
    .filter(({ is, text }) => is !== 'filler' || /^(?:day|session)s?$/i.test(text));
  if (after?.is === 'unit' || /^(?:day|session)s?$/i.test(after?.text ?? '')) return false;
  const isOf = next?.is === 'symbol' || next?.is === 'narrow' || (next?.is === 'pronoun' && slots.symbols.length === 0);
  return isOf && (slots.symbols.length > 1 || slots.symbols.length === 0);
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
  if (draft.has.has('touch') && !token.isPercent && !draft.tokens.some(({ text }) => /^takes?$/i.test(text))) {
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
