// Days and periods that are counted, listed or said of each: `how many of the last ten sessions closed green`, `days it
// gapped down`, `did it beat SPY in each of the last four quarters`.
import { type Draft, conditionOf } from './draft.ts';
import { LAST_CLOSES, type Slots, hasContent, isOneDay, names } from './query.ts';
import { asksMany, dropAggregate, hasPeriod, isWay, says } from './said.ts';
import type { PeriodWord, Token } from '../words/tokens.ts';

/** What is counted, before any other sense of the words is looked for. */
export const COUNTED_DAYS = [settleCountedDays, settleCountedPeriods];

/** `which had more up days`, `how many of the last ten sessions closed green`, `red days in november`. */
function settleCountedDays(draft: Draft): void {
  const { slots, tokens } = draft;
  if (countRankedDays(draft)) return;
  const isDirected = isWay(slots.move) || tokens.filter(({ is }) => is === 'move').length > 1;
  if (slots.move === undefined || !isDirected || names(slots, 'isYesNo', 'conditions')) return;
  countMoves(draft);
  const kinds = new Set(tokens.flatMap((each) => (isMoveOfDays(each) ? [each.direction] : [])));
  if (kinds.size === 0 || draft.unit !== undefined) return;
  if (kinds.size > 1 && !names(slots, 'fields', 'rank')) countKinds(draft);
  else if (slots.isCount !== true && !names(slots, 'fields', 'rank', 'aggregate') && !draft.has.has('streak'))
    slots[slots.symbols.length < 2 ? 'isDays' : 'isCount'] = true;
}

/** "which had more up days": by their number. */
function countRankedDays(draft: Draft): boolean {
  const { slots } = draft;
  const counted = /^(up|down)Days$/.exec(slots.rank?.by ?? '')?.[1] as 'up' | 'down' | undefined;
  if (counted === undefined || slots.rank === undefined) return false;
  slots.rank = { order: slots.rank.order };
  slots.isCount = true;
  slots.move = counted;
  if (draft.relation?.text === 'than') draft.relation = undefined;
  return true;
}

/** "of the last 20 sessions how many did it close up", "how many down days last month" */
function countMoves(draft: Draft): void {
  const { slots, tokens } = draft;
  const many = tokens.findIndex(asksMany);
  if (many < 0 || !hasPeriod(draft)) return;
  const isOut = says(tokens.slice(0, many), /\b(?:days|sessions|weeks|months)$/i, 'date');
  const next = tokens.slice(many + 1).find(({ is }) => is !== 'joiner' && is !== 'filler');
  const isOfDays = tokens.slice(many + 1, many + 4).some((each) => isWordOfDays(each) || each === next);
  const isCounted = next?.is === 'date' || (next?.is === 'move' && /days?$/i.test(next.text));
  if (isOut || (isOfDays && isCounted)) slots.isCount = true;
}

/** "up days vs down days in november, avg of each": each counted. */
function countKinds(draft: Draft): void {
  const { slots } = draft;
  slots.isCount = true;
  delete slots.isComparison;
  if (slots.aggregate === 'average') slots.isOfKinds = true;
  dropAggregate(draft);
}

const isMoveOfDays = (token: Token): token is Token & { is: 'move' } =>
  token.is === 'move' && /\bdays$/i.test(token.text);

const isWordOfDays = ({ text }: { text: string }): boolean => /^(?:day|session)s?$/i.test(text);

/** Each expiration, and days of a range that are listed. */
export const LISTED_DAYS = [takeEachExpiration, listLedDays, settleListed, listEvery, takeAnyDay, listWhichDays];

/** "for every spy expiry this week" */
function takeEachExpiration({ slots, tokens }: Draft): void {
  const every = tokens.findIndex(({ text }) => /^(?:each|every)$/i.test(text));
  if (every < 0) return;
  const after = tokens.slice(every + 1).find(({ is }) => is !== 'filler' && is !== 'symbol');
  const isOfExpirations =
    after?.is === 'form' ? /^expir/.test(after.form) : after?.is === 'date' && /^exp/i.test(after.text);
  if (!isOfExpirations || !hasContent({ ...slots, forms: [] })) return;
  slots.isEach = true;
}

/** "days this year nvda gapped down more than 3%", "3 sigma days tsla past 2 years" */
function listLedDays({ slots, tokens }: Draft): void {
  if (slots.isCount === true || slots.range === undefined) return;
  if (slots.conditions.length === 0 && !isWay(slots.move)) return;
  const first = tokens.find(({ is }) => is !== 'symbol')?.text ?? '';
  const isOfState = slots.isYesNo !== true && says(tokens, /\bdays$/i, 'state');
  if (/^(?:days|sessions)$/i.test(first) || isOfState) slots.isDays = true;
}

/** "list every record close in november, with dates": those sessions. */
function settleListed({ slots, tokens, has }: Draft): void {
  const isOfDays = slots.range !== undefined && !isOneDay(slots.range) && slots.symbols.length === 1;
  if (!isOfDays || !has.has('state') || names(slots, 'isYesNo', 'isCount', 'occasion')) return;
  if (says(tokens, /^(?:list|every|dates|all)$/i) || says(tokens, /\bdates?$/i, 'when')) slots.isDays = true;
}

/** "every close above 430 this month": each of those days. */
function listEvery({ slots, tokens }: Draft): void {
  const every = tokens.findIndex(({ text }) => /^(?:each|every)$/i.test(text));
  if (every < 0 || tokens[every + 1]?.is !== 'field' || slots.range === undefined) return;
  if (slots.conditions.length > 0 && slots.symbols.length < 2) slots.isDays = true;
}

/** "below 650 any day last week": at some time of it. */
function takeAnyDay({ slots, tokens }: Draft): void {
  if (slots.range === undefined || !says(tokens, /^any (?:day|session)$/i)) return;
  if (isWay(slots.move)) slots.isCount = true;
  else if (slots.conditions.length > 0) {
    slots.isDays = true;
    slots.conditions = slots.conditions.map((each) => {
      const { left, operator = '>', right = '' } = each;
      return left === 'last' ? conditionOf(operator.startsWith('<') ? 'low' : 'high', operator, right) : each;
    });
  }
}

/** "the last 10 sessions, which were down" */
function listWhichDays({ slots }: Draft): void {
  const isOfDays = slots.isWhich === true && slots.symbols.length === 1 && !names(slots, 'rank', 'fields');
  const isOfSeveral = /\b(?:sessions|days|week|month|quarter|year)\b/.test(slots.range ?? '');
  if (isOfDays && isWay(slots.move) && isOfSeveral) slots.isDays = true;
}

/** One figure of the whole is not what was asked of each day or period. */
export const EACH = [refuseDaysOfWeeks, refuseOftenBeaten, takePeriodOfEach];

/** "the last trading day of each month", "each friday in november", "on mondays": no one day. */
function refuseDaysOfWeeks({ slots, tokens, dates, unused }: Draft): void {
  const isLeft = (token: Token): boolean =>
    token.is === 'date' && (dates.includes(token) || slots.range === token.range);
  const day =
    tokens.find((token, at) => isLeft(token) && isDayOfEach(tokens, at)) ??
    tokens.find((token, at) => isLeft(token) && isDayOfWeeks(tokens, at));
  if (day !== undefined) unused.push(day.text);
}

/** "did it beat XLF in each of the last four quarters" */
function refuseOftenBeaten(draft: Draft): void {
  const { slots, tokens, unused } = draft;
  if (slots.isYesNo !== true || !isOfEach(tokens) || beatsOften(draft) || slots.symbols.length < 2) return;
  const beat = tokens.find(({ is }) => is === 'relation') ?? tokens.find(({ is }) => is === 'rank');
  if (beat !== undefined) unused.push(beat.text);
}

/** "its return in each of the first three quarters" */
function takePeriodOfEach({ slots, tokens, dates }: Draft): void {
  if (slots.range === undefined || slots.interval !== undefined || dates.length > 1 || !isOfEach(tokens)) return;
  const said = tokens.flatMap(({ is, text }) => (is === 'date' ? [text] : [])).join(' ');
  const period = /(week|month|quarter|year)s?$/.exec(slots.range) ?? / (week|month|quarter|year)s?\b/i.exec(said);
  const unit = period?.[1] as PeriodWord | undefined;
  if (unit === undefined || slots.aggregate !== undefined) slots.isOfEach = true;
  else slots.interval = unit;
}

export function isDayOfEach(tokens: readonly Token[], at: number): boolean {
  return tokens[at]?.is === 'date' && tokens[at + 1]?.text === 'of' && tokens[at + 2]?.is === 'interval';
}

/** `mondays`, `every friday`, and `monday` of what is averaged; not `fridays close`. */
export function isDayOfWeeks(tokens: readonly Token[], at: number): boolean {
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

function isOfEach(tokens: readonly Token[]): boolean {
  return tokens.some(
    ({ text }, index) =>
      /^(?:each|every)(?: of)?$/i.test(text) &&
      tokens.slice(index + 1, index + 5).some(({ is }) => is === 'date' || is === 'unit'),
  );
}

/** `best month`, `weeks in a row`, `how many weeks`: what the days are put together to. */
export function settleUnit(draft: Draft): void {
  limitToNumber(draft);
  settleStreak(draft);
  if (countSymbols(draft)) return;
  countEveryDay(draft);
  countFulfilled(draft);
  if (draft.unit !== undefined) takeUnit(draft, draft.unit);
}

const isOrdered = ({ slots, has }: Draft): boolean =>
  names(slots, 'rank', 'aggregate') || has.has('bestDay') || has.has('top');

/** "the best two days": so many of them. */
function limitToNumber(draft: Draft): void {
  const { slots, countsSubjects } = draft;
  const { pronoun } = slots;
  if (typeof pronoun !== 'number' || countsSubjects || slots.limit !== undefined) return;
  if (!isOrdered(draft) || slots.symbols.length === pronoun) return;
  slots.limit = pronoun;
  delete slots.pronoun;
}

/** "its longest losing streak": closes down are counted below 0. */
function settleStreak({ slots, tokens }: Draft): void {
  if (!slots.fields.includes('streak')) return;
  if (says(tokens, /\b(?:losing|down|red)\b/i)) {
    if (slots.aggregate === 'highest') slots.aggregate = 'lowest';
    else if (slots.rank?.order === 'highest') slots.rank = { ...slots.rank, order: 'lowest' };
  }
  if (isWay(slots.move) && slots.aggregate === undefined) slots.streakOf = slots.move;
  delete slots.move;
}

/** "how many of those are up": which of the symbols are. */
function countSymbols(draft: Draft): boolean {
  const { slots, tokens, unit } = draft;
  if (!tokens.some(asksMany)) return false;
  const isOfNow = !hasPeriod(draft) && slots.symbols.length > 1 && unit === undefined;
  if (!isOfNow && !isManyOfSymbols(draft)) return false;
  slots.isWhich = true;
  // Of symbols or of days, as the turn before had them.
  if (slots.symbols.length === 0 && slots.rank === undefined && slots.move !== undefined) slots.isCount = true;
  return true;
}

/** "did spy close higher every day last week" */
function countEveryDay({ slots, tokens }: Draft): void {
  if (slots.isYesNo !== true || !isWay(slots.move)) return;
  if (says(tokens, /^(?:each|every)(?: single)? (?:day|session)$/i)) slots.isCount = slots.isShare = true;
}

/** "how many days was it above 400 in May", "how often is it up per day" */
function countFulfilled(draft: Draft): void {
  const { slots, tokens } = draft;
  const isPerDay = says(tokens, /^per day$/i);
  if (!hasPeriod(draft) || names(slots, 'occasion', 'isDays') || !(isPerDay || tokens.some(asksMany))) return;
  if (slots.conditions.length > 0 || (isPerDay && slots.move !== undefined && slots.aggregate === undefined))
    slots.isCount = true;
}

function takeUnit(draft: Draft, said: Token & { is: 'unit' }): void {
  const { slots, tokens } = draft;
  const before = tokens[tokens.indexOf(said) - 1];
  if (before?.is === 'rank' && slots.rank?.by === 'changePercent' && !names(slots, 'fields', 'forms', 'limit'))
    slots.rank.ofPeriods = true;
  const isOfPeriods = isOrdered(draft) || names(slots, 'isCount', 'isDays', 'move') || slots.fields.includes('streak');
  if (names(slots, 'move', 'conditions') && tokens.some(asksMany)) slots.isCount = true;
  // "more than 5% in any week this year": by the best or worst of them.
  const isAny = /^(?:any|an?|one|single)(?: of| single| one)?$/i.test(before?.text ?? '');
  const isOfAny = isAny && hasPeriod(draft) && slots.isYesNo === true && slots.conditions.length > 0;
  if (isOfPeriods || isOfAny || slots.isCount === true) slots.interval ??= said.unit;
}

/** `how many of jpm, bac and gs are down`: of symbols, not of days. */
function isManyOfSymbols({ tokens, slots }: Draft): boolean {
  const at = tokens.findIndex(asksMany);
  const [next, after] = tokens
    .slice(at + 1)
    .filter(({ is, text }) => is !== 'filler' || /^(?:day|session)s?$/i.test(text));
  if (after?.is === 'unit' || /^(?:day|session)s?$/i.test(after?.text ?? '')) return false;
  const isOf = next?.is === 'symbol' || next?.is === 'narrow' || (next?.is === 'pronoun' && slots.symbols.length === 0);
  return isOf && (slots.symbols.length > 1 || slots.symbols.length === 0);
}

/** `how many of the last 6 months did it close up`: of months. */
function settleCountedPeriods({ slots, tokens, dates }: Draft): void {
  const at = tokens.findIndex(({ is, text }) => (is === 'share' || is === 'howMuch') && /^how many$/i.test(text));
  const date = tokens.slice(at + 1).find(({ is }) => is !== 'filler');
  const [, unit] = date?.is === 'date' ? (/ (week|month|quarter|year)s$/.exec(date.range ?? '') ?? []) : [];
  const isOfDays = tokens.slice(at + 1).some(({ text }) => /^(?:day|session)s?$/i.test(text));
  if (at < 0 || unit === undefined || isOfDays || !dates.some((each) => each === date)) return;
  slots.isCount = true;
  slots.interval ??= unit as PeriodWord;
  delete slots.isShare;
}

/** `did AAPL beat SPY in each of the last four quarters`: in how many of them. */
function beatsOften({ slots, unused, tokens }: Draft): boolean {
  const [symbol, rival, ...more] = slots.symbols;
  const ofMove = isWay(slots.move);
  const counted = /^last \d+ (week|month|quarter|year)s$/.exec(slots.range ?? '')?.[1];
  if (rival === undefined && ofMove && counted !== undefined && slots.conditions.length === 0) {
    slots.interval = counted as PeriodWord;
    slots.isCount = true;
    return true;
  }
  const [, unit] = /(week|month|quarter|year)s?$/.exec(slots.range ?? '') ?? [];
  const isBeat = tokens.some(
    ({ is, text }) => (is === 'relation' || is === 'rank') && /^(?:beat|beats|outperform)/i.test(text),
  );
  if (symbol === undefined || rival === undefined || more.length > 0 || unit === undefined || !isBeat) return false;
  slots.symbols = [symbol];
  slots.interval = unit as PeriodWord;
  slots.isCount = true;
  slots.conditions = [{ expression: `changePercent > ${rival}.changePercent`, word: `ahead of ${rival}` }];
  slots.fields = [];
  delete slots.rank;
  delete slots.move;
  for (const text of ['beat', 'beats']) if (unused.includes(text)) unused.splice(unused.indexOf(text), 1);
  return true;
}

/** Of which sessions it is, and of a scan whether a gap is in percent. */
export function settleSessions({ slots, tokens, dates }: Draft): void {
  settleDailyWindow(slots);
  // "closed green in a row": of sessions that have closed.
  const isClosed = slots.fields.join() === 'streak' && says(tokens, /\bclosed?\b/i);
  if (isClosed && dates.length === 0 && !names(slots, 'range', 'aggregate', 'rank', 'interval'))
    slots.range = LAST_CLOSES;
  if (slots.scan === undefined) return;
  // "scan: gap > 3": of the whole market in percent, where no dollars are named.
  slots.conditions = slots.conditions.map((each) =>
    each.left === 'gap' && each.isMoney !== true
      ? conditionOf('gapPercent', each.operator ?? '>', each.right ?? '0')
      : each,
  );
}

/** `average range over 20 days`, `how many of the last 252 days`, `highest close 10d`: of sessions; months of volume are not. */
function settleDailyWindow(slots: Slots): void {
  const { aggregate, isCount, fields, range = '' } = slots;
  const isMean = aggregate === 'average' || aggregate === 'median' || isCount === true;
  const [, days, unit] = /^(?:last |past )?(\d+)( days|d)$/.exec(range) ?? [];
  const isMonths =
    Number(days) % 30 === 0 && fields.includes('volume') && unit !== 'd' && / /.test(range.replace(/ days$/, ''));
  if (days === undefined || isMonths || slots.interval !== undefined) return;
  if (isMean || (unit === 'd' && aggregate !== undefined)) slots.range = `last ${days} sessions`;
}
