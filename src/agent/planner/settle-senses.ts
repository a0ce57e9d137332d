// Words that say something else by what stands with them: extremes of a day or a year, what is usual, above for all of a
// period, a volatility that is high.
import { isIntraday } from '../../domain/intraday-bars.ts';
import { tradingDaysBetween } from '../../domain/calendar.ts';
import { PERIOD_STARTS, addDays, addPeriods } from '../../domain/exchange-time.ts';
import type { IsoDate } from '../../domain/types.ts';
import { splitHours } from '../../domain/session-hours.ts';
import { findField, labelOf } from '../../fields/registry.ts';
import {
  type Draft,
  IN_PERCENT,
  PRICES,
  addCondition,
  conditionOf,
  isLevel,
  settleStrategy,
  figuresOf,
} from './draft.ts';
import {
  type Condition,
  type Refusal,
  type Slots,
  hasFigureSlots,
  isOneDay,
  names,
  notUnderstood,
  wordsIn,
} from './query.ts';
import { isWay, says } from './said.ts';
import type { PeriodWord, Token } from '../words/tokens.ts';

/** `at its high`, `ever`, `the best yield`: what an extreme is of. */
export const EXTREMES = [
  takeAtExtreme,
  takeExtremesOfDay,
  takeLevelAsked,
  takeEver,
  rankLevels,
  rankByNext,
  compareVolume,
  takeBestPrice,
];

/** "meta at hod?" */
function takeAtExtreme(draft: Draft): void {
  const { slots, tokens, dates } = draft;
  const [only = '', ...others] = slots.fields;
  if (others.length > 0 || !/^(?:high|low|week52High|week52Low)$/.test(only) || dates.length > 0) return;
  const before = tokens[tokens.findIndex(({ is }) => is === 'field') - 1];
  if (names(slots, 'conditions', 'move') || !/^at(?: its| the)?$/i.test(before?.text ?? '')) return;
  slots.fields = [];
  addCondition(draft, 'last', /high/i.test(only) ? '>=' : '<=', only);
}

/** "from the highs today": of the day, where "the highs" are those of the year. */
function takeExtremesOfDay({ slots, tokens, dates }: Draft): void {
  const extreme = tokens.find((token) => token.is === 'field' && /^week52/.test(token.names.join()));
  if (!/^(?:off |at |its |the |from )*(?:highs?|lows?)$/i.test(extreme?.text ?? '')) return;
  if (!dates.some(({ range }) => range === 'today')) return;
  const own = (name: string): string => name.replace('week52High', 'high').replace('week52Low', 'low');
  slots.fields = slots.fields.map(own);
  if (slots.base !== undefined) slots.base = own(slots.base);
}

/** "how high is vix": what it is at. */
function takeLevelAsked({ slots, tokens }: Draft): void {
  if (!/^(?:high|low)$/.test(slots.fields[0] ?? '') || !/^how$/i.test(tokens[0]?.text ?? '')) return;
  const [, high, is, subject, ...more] = tokens.filter(
    ({ text }) => !/^(?:trading|now|rn|right now|today|it|at)$/i.test(text),
  );
  const isAsked = high?.is === 'field' && /^is$/i.test(is?.text ?? '') && subject?.is === 'symbol';
  if (isAsked && more.length === 0) slots.fields = ['last'];
}

/** "has it ever been above 75" */
function takeEver(draft: Draft): void {
  const { slots, tokens, dates, has } = draft;
  const isOfFigure = names(slots, 'conditions', 'aggregate') || has.has('bestDay');
  if (isOfFigure && dates.length === 0 && says(tokens, /^ever$/i)) draft.isAllTime = true;
}

/** "the nearest support": levels are told by their distance anyway. */
function rankLevels({ slots }: Draft): void {
  if (slots.forms.includes('levels') && slots.rank?.by === 'distance') delete slots.rank;
}

/** "which has the better yield": by the figure that it stands before. */
function rankByNext({ slots, tokens }: Draft): void {
  if (slots.rank?.by !== 'changePercent' || slots.symbols.length < 2) return;
  const best = tokens.findIndex(({ is, text }) => is === 'rank' && /^(?:best|better|worst|worse)$/i.test(text));
  if (best >= 0 && tokens[best + 1]?.is === 'field') slots.rank = { order: slots.rank.order };
}

/** "is volume up": against what is usual. */
function compareVolume({ slots, dates, has }: Draft): void {
  if (slots.fields.join() !== 'volume' || !isWay(slots.move) || slots.isYesNo !== true || has.has('joiner')) return;
  if (!dates.every(({ range }) => range === 'today')) return;
  slots.fields.push('averageVolume', 'relativeVolume');
  delete slots.move;
}

/** "its best closing price": of one symbol the highest. */
function takeBestPrice({ slots, aggregates }: Draft): void {
  if (slots.rank?.by !== 'changePercent' || slots.symbols.length !== 1 || slots.side !== undefined) return;
  if (slots.fields.length === 0 || !slots.fields.every((name) => /^(?:last|close|high|low)$/.test(name))) return;
  slots.aggregate = slots.rank.order;
  aggregates.push({ aggregate: slots.rank.order, fields: [...slots.fields] });
  delete slots.rank;
}

const THROUGHOUT =
  /\b(?:hold|held|holding|stay|stays|stayed|remain|remains|remained|(?<!at )all|whole|entire|entirely|throughout|every(?! close))\b/i;

/** `did it stay above 400 this week`: its lowest did, where `was it above 400` is true of any day. */
export function settleThroughout({ slots, tokens }: Draft): void {
  const { range, fields, conditions } = slots;
  const isLong = range !== undefined && range !== 'today' && !isOneDay(range) && slots.isCount !== true;
  if (!isLong || slots.isDays === true || !THROUGHOUT.test(tokens.map(({ text }) => text).join(' '))) return;
  slots.conditions = conditions.map((each) => {
    const { left = '', operator = '', right = '' } = each;
    if (left !== 'last' && left !== 'close') return each;
    // "above its 50 day all last week": on each of its sessions.
    if (findField(right)?.entry.series !== undefined && isLevel(right)) {
      slots.fields = fields.filter((name) => !PRICES.has(name));
      const word = `${operator.startsWith('>') ? 'above' : 'below'} its ${labelOf(right)} on every session`;
      return { ...conditionOf(`count(close ${operator} ${right})`, '=', 'bars'), word };
    }
    if (!Number.isFinite(Number(right))) return each;
    const isAbove = operator.startsWith('>');
    const of = fields.includes('close') || left === 'close' ? 'close' : isAbove ? 'low' : 'high';
    slots.fields = fields.filter((name) => !PRICES.has(name));
    return conditionOf(`${isAbove ? 'lowest' : 'highest'}(${of})`, operator, right);
  });
}

const BETWEEN = /^(?:filler|compare|from|than|date|relation)$/;

/** `volume today vs. its 20 day average`: of the volume, where no moving average is named. */
function settleUsualVolume({ slots, tokens }: Draft): void {
  const at = tokens.findIndex(
    (token) => token.is === 'field' && /^\d+[- ]?(?:d|day|session)s? (?:avg|average|mean)$/i.test(token.text),
  );
  const named = tokens[at];
  const [, sessions] = named?.is === 'field' ? (/^sma(\d+)$/.exec(named.names.join()) ?? []) : [];
  const before = tokens.slice(0, Math.max(at, 0)).findLast(({ is }) => !BETWEEN.test(is));
  if (sessions === undefined || before?.is !== 'field' || before.names.join() !== 'volume') return;
  const of = (name: string): string => (name === `sma${sessions}` ? `avg(volume, ${sessions})` : name);
  slots.fields = slots.fields.map(of);
}

/** Volume beside its average, a move beside the average range. */
export function settleUsual(draft: Draft): void {
  settleUsualVolume(draft);
  const slots = draft.slots;
  const usual = draft.tokens.find(({ is }) => is === 'usual');
  if (usual === undefined) return;
  if (slots.fields.includes('volume')) slots.fields.push('averageVolume', 'relativeVolume');
  else if (
    slots.move !== undefined ||
    slots.fields.includes('range') ||
    (slots.forms.includes('volatility') && /day/.test(usual.text))
  ) {
    slots.forms = slots.forms.filter((form) => form !== 'volatility');
    // "what does it usually swing": no move of today beside it.
    const isHabit = /ly$/i.test(usual.text) && slots.isComparison !== true && draft.relation === undefined;
    const isOfDay = /day/.test(usual.text) || (isHabit && slots.move === 'any');
    slots.fields.push(...(isOfDay ? ['atr14', 'atrPercent14'] : ['changePercent', 'atrPercent14']));
    delete slots.move;
  } else if (slots.isComparison === true && slots.symbols.length === 0) {
    slots.aggregate = 'average';
    return;
  } else draft.unused.push(usual.text);
  if (draft.relation?.isUsed !== true && /than$/.test(draft.relation?.text ?? '')) draft.relation = undefined;
  delete slots.isComparison;
}

/** `is its volatility high in comparison with the past year`: against its own past. */
export function settleHighVolatility({ slots, tokens }: Draft): void {
  const isAsked = slots.isYesNo === true && slots.forms.includes('volatility');
  if (!isAsked || !tokens.some((token) => token.is === 'field' && /^(?:high|low)$/.test(token.names.join()))) return;
  slots.forms = slots.forms.filter((form) => form !== 'volatility');
  slots.fields = ['iv30', 'ivRank', 'ivPercentile'];
  if (/year/.test(slots.range ?? '')) delete slots.range;
  delete slots.base;
  delete slots.isComparison;
}

/** `biggest gap down`: the figure, not whether there was one. */
export function settleGaps(draft: Draft): void {
  const slots = draft.slots;
  const gap = slots.conditions.findIndex(({ expression }) => /^gapPercent [<>] 0$/.test(expression));
  // "its average gap": of their size, as up and down would cancel.
  const isMean = slots.aggregate === 'average' || slots.aggregate === 'median';
  // "its average gap up": of some days only.
  if (isMean && gap >= 0) draft.unused.push('average');
  if (isMean && gap < 0 && slots.fields.join() === 'gap,gapPercent' && slots.isSigned !== true)
    slots.fields = ['abs(gap)', 'abs(gapPercent)'];
  // "its biggest gap": one up or one down.
  if (
    gap < 0 &&
    slots.aggregate === 'highest' &&
    slots.fields.join() === 'gap,gapPercent' &&
    slots.symbols.length < 2
  ) {
    slots.fields = ['highest', 'lowest'].flatMap((way) => [`${way}(gapPercent)`, `${way}On(gapPercent)`]);
    delete slots.aggregate;
  }
  if (gap < 0 || (slots.aggregate === undefined && slots.rank?.by !== undefined)) return;
  if (!names(slots, 'aggregate', 'rank')) return;
  const isDown = slots.conditions[gap]?.expression.includes('<') === true;
  slots.conditions.splice(gap, 1);
  slots.fields.push('gapPercent');
  const order = isDown ? 'lowest' : 'highest';
  if (slots.rank !== undefined) slots.rank = { order };
  else if (slots.aggregate === 'highest') slots.aggregate = order;
}

/** A break-even, a word that no meaning is asked of. */
export function settleMeant(draft: Draft): void {
  const slots = draft.slots;
  // "what price do I need to break even"
  if (slots.fields.includes('breakEven')) {
    delete slots.isTarget;
    slots.fields = slots.fields.filter((name) => !PRICES.has(name));
  }
  // "what is a 690 put worth", "what does 100 shares cost": of a symbol no word is asked about.
  const isPriceAsked = slots.fields.length > 0 && slots.fields.every((name) => PRICES.has(name));
  const isOfSymbol = names(slots, 'strike', 'quantity') || draft.has.has('worth') || isPriceAsked;
  const define = draft.tokens.find(({ is }) => is === 'define');
  if (slots.symbols.length > 0 && isOfSymbol && /^what(?:s an?| is an?| does)$/i.test(define?.text ?? ''))
    delete slots.isDefinition;
}

/** What tells whether a figure is high for a symbol; of others the adjective says no more than the figure. */
function measuresOf(name: string): string[] | undefined {
  if (/^(?:iv|iv30|atmIv)$/.test(name)) return ['iv30', 'ivRank', 'ivPercentile'];
  if (/^(?:volume|relativeVolume)$/.test(name)) return ['relativeVolume', 'volume', 'averageVolume'];
  return /^(?:rsi14|skew25|straddle|spread)$/.test(name) ? [name] : undefined;
}

const ADJECTIVE =
  /^(?:high|low|normal|norms?|ordinary|elevated|rich|cheap|dead|heavy|light|big|quiet|thin|average|usual|hot|cold|crushed|juicy|pumped|fat|pricey|expensive|stretched|inflated|unusual|typical|extreme|extended|depressed|fair|up there|dry|drying|huge|massive|weak|strong|decent|jacked|bid|bid up|juiced|abnormal|steep|flat|tight|wide|out of whack|a normal day|than (?:normal|usual)|(?:low|high|cheap) enough|enough)$/i;

const OF_OTHERS = /^(?:side|strike|deltaOf|strategy|aggregate|rank|relation|state|count|howMuch|when|money)$/;

/** `is its IV rich or normal`, `volume, heavy?`: beside a figure that has a measure of its own, which is shown with it. */
export function withJudged(tokens: readonly Token[]): Token[] {
  const isFigure = (token: Token): boolean =>
    token.is === 'field' && !PRICES.has(token.names[0] ?? '') && !isPlain(token);
  const field =
    tokens.find((token) => token.is === 'field' && measuresOf(token.names[0] ?? '') !== undefined) ??
    tokens.find(isFigure);
  const isJudged = (token: Token): boolean =>
    token !== field &&
    ADJECTIVE.test(token.text) &&
    (/^(?:unknown|filler|usual|move)$/.test(token.is) || isPlain(token));
  const [adjective] = tokens.filter(isJudged).slice(-1);
  const measures = field?.is === 'field' ? measuresOf(field.names[0] ?? '') : undefined;
  const names = measures ?? (field?.is === 'field' ? field.names : []);
  const others = tokens.filter((token) => token.is === 'field' && token !== field && !isJudged(token));
  if (
    field === undefined ||
    adjective === undefined ||
    (measures === undefined && adjective.is !== 'unknown') ||
    others.length > 0 ||
    tokens.some(({ is }) => OF_OTHERS.test(is))
  )
    return [...tokens];
  const isDated = tokens.some(
    (token) => token.is === 'date' && !/^(?:now|today|right now|rn)$/i.test(token.text) && !isOfYear(token),
  );
  if (isDated && names.length > 1) return [...tokens];
  const said = new Set<Token>([field]);
  tokens.forEach((token, index) => {
    const beside = [tokens[index - 1], tokens[index + 1]];
    const isLink =
      /^(?:joiner|compare|from)$/.test(token.is) &&
      beside.some((each) => each !== undefined && (isJudged(each) || isOfYear(each)));
    if (isJudged(token) || isLink || (names.length > 1 && isOfYear(token))) said.add(token);
  });
  const text = tokens
    .filter((token) => said.has(token))
    .map((token) => token.text)
    .join(' ');
  return tokens.flatMap((token): Token[] =>
    token === field ? [{ is: 'field', names, text }] : said.has(token) ? [] : [token],
  );
}

/** `high` and `low`, which are prices elsewhere. */
const isPlain = (token: Token): boolean =>
  token.is === 'field' &&
  /^(?:high|low|spread)$/.test(token.names.join()) &&
  /^(?:high|low|tight|wide)$/i.test(token.text);
/** What a rank is of. */
const isOfYear = (token: Token): boolean =>
  (token.is === 'date' && /^(?:past|last) (?:year|52 weeks|12 months)$/.test(token.range ?? '')) ||
  (token.is === 'form' && /^history$/i.test(token.text));

/** What bars of minutes add up to, and what a series of them has. */
const OF_HOURS = /^(?:open|high|low|close|last|ohlc|volume|change|changePercent|range|rangePercent|changeFromOpen\w*)$/;
const OF_MINUTES = /^(?:last|close|vwap|(?:sma|ema|rsi|atr|atrPercent|bb[A-Z][a-z]+|stoch[KD]|adx|roc)\d*|macd\w*)$/;

function isMinute(range: string): boolean {
  const [from = NaN, to = NaN] = Array.from(range.matchAll(/(\d\d):(\d\d)/g), ([, h, m]) => 60 * Number(h) + Number(m));
  return to - from === 1;
}

/** `high of the first hour`, `5 min rsi`: of bars of minutes, which hold fewer figures than days. */
export function settleMinutes(slots: Slots, forms: Set<string>): Refusal | undefined {
  const { range, interval, fields } = slots;
  const isOfHours = range !== undefined && splitHours(range) !== undefined;
  const isOfMinutes = interval !== undefined && isIntraday(interval);
  if ((!isOfHours && !isOfMinutes) || forms.has('bars')) return undefined;
  const named = figuresOf(slots)
    .flatMap(wordsIn)
    .filter((name) => findField(name) !== undefined || name === 'ohlc');
  if (isOfHours) {
    const other = named.find((name) => !OF_HOURS.test(name));
    if (other !== undefined) return notUnderstood(`${labelOf(other)} over a part of a day`);
    if (names(slots, 'isCount', 'isDays', 'occasion', 'study')) return notUnderstood('a count over a part of a day');
    if (isOfMinutes && named.length === 0 && !hasFigureSlots(slots)) forms.add('bars');
    else settleHours(slots, range);
    return undefined;
  }
  // "5m candles since the open"
  if (fields.every((name) => name.startsWith('changeFromOpen'))) slots.fields = [];
  if (slots.fields.length === 0 || named.every((name) => OF_MINUTES.test(name))) return undefined;
  const other = named.find((name) => !OF_MINUTES.test(name) && !/^(?:open|high|low|volume|ohlc)$/.test(name));
  if (other !== undefined) return notUnderstood(`${labelOf(other)} of bars of minutes`);
  return named.some((name) => OF_MINUTES.test(name)) ? notUnderstood('a price of one bar of minutes') : undefined;
}

/** What is told of hours: the first price of one minute, both ends and the price, else the move and how far it went. */
function settleHours(slots: Slots, range: string): void {
  delete slots.interval;
  const { fields } = slots;
  const isAlone = fields.length === 0 && !hasFigureSlots(slots) && slots.conditions.length === 0;
  if (isAlone) fields.push(...(isMinute(range) ? ['open'] : ['change', 'changePercent', 'high', 'low']));
  // What it moves from is the first price of the hours.
  slots.fields = fields.flatMap((name) =>
    name === 'ohlc'
      ? ['open', 'high', 'low', 'close']
      : isMinute(range) && PRICES.has(name)
        ? 'open'
        : name.replace('FromOpen', ''),
  );
}

/** `corr`, `beta60`, `corr60 - corr250`: how daily returns go with those of another, or with those of the day before. */
export const RELATED = /^(?:corr|beta|autocorr)\d*(?: - corr\d+)?$/;

/** `now with weekly returns`, of a correlation: the same of other bars. */
export function ofReturns(said: Slots, last: Slots | undefined): Slots {
  const isOther = said.move !== 'any' || names(said, 'fields', 'forms', 'symbols');
  if (last?.fields.some((each) => RELATED.test(each)) !== true || isOther) return said;
  const { move: _move, expiration: _size, ...rest } = said;
  return { ...rest, fields: [...last.fields] };
}

/** `return, worst day, range`, `up and its best day`: each for itself. */
export function isListed({ tokens, at, has }: Draft): boolean {
  if (has.has('joiner')) return true;
  const isBreak = ({ is }: Token | { is: undefined } = { is: undefined }): boolean => is === 'mark';
  const other = tokens[at]?.is === 'move' ? 'bestDay' : 'move';
  const place = tokens.findIndex(({ is }) => is === other);
  return place >= 0 && tokens.slice(Math.min(place, at), Math.max(place, at)).some(isBreak);
}

/** `support under 220`, `closest support and how far down`: of the levels, not of the price. */
export function boundsOfLevels(slots: Slots): Condition[] {
  if (slots.isYesNo === true) return [];
  const isBound = ({ left, right = '' }: Condition): boolean => left === 'last' && Number.isFinite(Number(right));
  const bounds = slots.conditions.filter(isBound);
  slots.conditions = slots.conditions.filter((each) => !bounds.includes(each));
  if (isWay(slots.move)) delete slots.move;
  return bounds;
}

export function isPeriod(interval: Slots['interval']): interval is PeriodWord {
  return /^(?:week|month|quarter|year)$/.test(interval ?? '');
}

/** `how many of the last 4 quarters`, `weekly bars since July`: those that are over, each as a whole. */
export function takeWholePeriods(slots: Slots, today: IsoDate): void {
  const { range = '', interval } = slots;
  const isOfSeveral = names(slots, 'isCount', 'aggregate');
  if (!isPeriod(interval)) return;
  const start = startOfRunning(interval, today);
  const [, count, period] = /^(?:last|past) (\d+) (week|month|quarter|year)s$/.exec(range) ?? [];
  const [, since] = /^since (\d{4}-\d\d-\d\d)$/.exec(range) ?? [];
  if (period === interval) slots.range = `${addPeriods(start, -Number(count), interval)} to ${addDays(start, -1)}`;
  else if (isOfSeveral && since !== undefined && since < start) slots.range = `${since} to ${addDays(start, -1)}`;
}

/** Of the week, month, quarter or year that is not over: one without a trading day left is. */
function startOfRunning(period: PeriodWord, today: IsoDate): IsoDate {
  const start = PERIOD_STARTS[period](today);
  const next = addPeriods(start, 1, period);
  return tradingDaysBetween(today, addDays(next, -1)).length === 0 ? next : start;
}

/** `what do I collect for 6`, `7 of the 15 delta call, credit`: who sells contracts meets the bid. */
export function settleTrade(draft: Draft): void {
  const { slots, tokens } = draft;
  const isCredit = /^(?:(?:net|total) )?(?:credit|cr|crd)$/i.test(slots.ofStrategy ?? '') && slots.side === 'call';
  if (isCredit && slots.strategy === undefined && slots.strike.length < 2) {
    delete slots.ofStrategy;
    slots.fields.push('bid', 'ask', 'mid');
    slots.book = 'bid';
  }
  const brings = tokens.some(
    ({ is, text }) =>
      /^(?:pays|field|add)$/.test(is) && /\b(?:collect|get|bring|take in|receive|net|fetch)/i.test(text),
  );
  if (brings && slots.quantity !== undefined && slots.strategy === undefined) slots.book ??= 'bid';
  settleStrategy(draft);
}

/** `hv30, what percentile of its last 2 years`: of the figure that stands before. */
export function settlePercentile({ slots, unused }: Draft): void {
  const at = slots.fields.findIndex((name) => name.startsWith('percentile(it'));
  if (at < 0) return;
  const [of, ...others] = slots.fields.filter((_name, place) => place !== at);
  if (of === undefined || others.length > 0) unused.push('percentile');
  else slots.fields[at] = (slots.fields[at] ?? '').replace('(it,', `(${of},`);
}

/** `daily range in percent`, `atr as a percent of price` */
export function settlePercent(draft: Draft): void {
  const slots = draft.slots;
  if (!says(draft.tokens, /percent|pct|%|bps|basis points/i) || slots.conditions.length > 0) return;
  if (slots.fields.includes('atr14')) slots.fields = slots.fields.filter((name) => name !== 'last');
  const isBoth = says(draft.tokens, /dollars|bucks/i);
  if (says(draft.tokens, /\bnot\b/i, 'dollars')) return;
  slots.fields = slots.fields.flatMap((name) => {
    const percent = IN_PERCENT[name];
    return percent === undefined ? [name] : isBoth ? [name, percent] : [percent];
  });
}

/** `widest day`, `lightest session`: of what the word itself says. */
export function settleOwnFigure(draft: Draft): void {
  const { slots, tokens } = draft;
  const word = tokens.find(({ is }) => is === 'aggregate')?.text ?? '';
  if (names(slots, 'fields', 'move', 'base') || slots.aggregate === undefined) return;
  const own = /^(?:widest|narrowest|tightest)$/i.test(word)
    ? 'rangePercent'
    : /^(?:heaviest|lightest|thinnest)$/i.test(word)
      ? 'volume'
      : undefined;
  if (own !== undefined) slots.fields.push(own);
  else if (draft.unit === undefined && draft.dates.length === 0) return;
  else if (/^(?:quietest|flattest|calmest)$/i.test(word)) draft.unused.push(word);
}
