// Decides the questions that have room for nothing else: one strike, one ranking by a figure, the date of one expiration.
import { isOptionQuestion } from './follow-up.ts';
import { notUnderstood, type Refusal, type Step, unclear } from './plan.ts';
import type { DatePhrase, Slots } from './scan.ts';
import type { ContractField, Field } from './vocabulary.ts';

/** Fields of a quote that one contract has too. */
const SHARED_FIELDS = ['bid', 'ask', 'volume'] as const satisfies readonly (ContractField & Field)[];
/** What a ranking by size may go by, and one by nearness. */
const SIZES: readonly Field[] = ['volume', 'averageVolume'];
const MARKS: readonly Field[] = ['week52High', 'week52Low'];

/** `when is the next monthly`, `how many dte on friday`: one date of the list. */
export function decideExpiryDate(slots: Slots): Step[] | Refusal {
  const [date] = slots.dates;
  const isOnlyDate = [...slots.topics].every(
    (topic) => topic === 'expiryDate' || topic === 'expiry' || topic === 'chain' || topic === 'expirations',
  );
  const hasMore =
    slots.fields.size > 0 ||
    slots.indicators.size > 0 ||
    slots.side !== undefined ||
    slots.hasColumns ||
    isRanking(slots);
  const hasTooMuch =
    slots.strikes !== undefined || slots.strike.length > 0 || slots.dates.length > 1 || slots.isScattered;
  if (date?.expiration === undefined || !isOnlyDate || hasMore || hasTooMuch)
    return notUnderstood('when something is that is no expiration');
  return slots.symbols.length === 0
    ? whichSymbol()
    : [{ topic: 'expirations', symbols: slots.symbols, expiration: date.expiration }];
}

/** `next exp for SOUN`: an expiration that is named with nothing to know of it. */
export function asksNextExpiration(slots: Slots): boolean {
  const [date, another] = slots.dates;
  const isNext = date?.expiration === 'nearest' && date.range === undefined && another === undefined;
  return (
    isNext &&
    slots.topics.size + slots.fields.size + slots.indicators.size === 0 &&
    !isOptionQuestion(slots) &&
    slots.interval === undefined
  );
}

/** The figures of one strike: nothing else goes with it. */
export function decideContract(slots: Slots): Step[] | Refusal {
  const [strike, another] = slots.strike;
  const [date, secondDate] = slots.dates;
  if (strike === undefined || another !== undefined) return notUnderstood('two strikes in one question');
  if (slots.symbols.length === 0) return whichSymbol();
  if (slots.symbols.length > 1 || slots.isScattered) return notUnderstood('one strike of several symbols');
  if (slots.side === undefined && strike !== 'atm')
    return unclear(`call or put at ${strike}`, `write ${strike}c or ${strike}p`);
  const refusal = secondDate === undefined ? refuseDate(date) : notUnderstood('two dates in one question');
  if (refusal !== undefined) return refusal;
  const foreign = foreignToContract(slots);
  if (foreign !== undefined) return notUnderstood(`${foreign} together with one strike`);
  const prices: ContractField[] = slots.topics.has('price') ? ['bid', 'ask', 'last'] : [];
  const fields = [
    ...new Set([...prices, ...SHARED_FIELDS.filter((field) => slots.fields.has(field)), ...slots.columns]),
  ];
  return [
    {
      topic: 'contract',
      symbols: slots.symbols,
      side: slots.side ?? 'both',
      strike,
      fields,
      ...(date?.expiration === undefined ? {} : { expiration: date.expiration }),
    },
  ];
}

function refuseDate(date: DatePhrase | undefined): Refusal | undefined {
  if (date === undefined) return undefined;
  if (date.expiration === undefined) return notUnderstood(`"${date.range ?? ''}" as an expiration`);
  const isTwofold = date.expiration === 'today' && date.range === 'today';
  return isTwofold
    ? unclear(
        '"today" could be the expiration or the moment',
        'write 0dte for the options that expire today, or another expiration',
      )
    : undefined;
}

/** What of a question is not said of one contract. */
function foreignToContract(slots: Slots): string | number | undefined {
  const topic = [...slots.topics].find((each) => each !== 'chain' && each !== 'price' && each !== 'quote');
  const field = [...slots.fields].find((each) => !SHARED_FIELDS.some((shared) => shared === each));
  return (
    topic ??
    field ??
    [...slots.indicators][0] ??
    slots.interval ??
    slots.strikes ??
    (isRanking(slots) ? 'a ranking' : undefined)
  );
}

function isRanking({ rank, extreme, relation, isComparison }: Slots): boolean {
  return rank !== undefined || extreme !== undefined || relation !== undefined || isComparison;
}

/** The largest volume, the lowest RSI, the nearest to its 52-week high: ordered by one figure that each symbol's answer has. */
export function decideExtreme(slots: Slots): Step[] | Refusal {
  const { symbols, extreme } = slots;
  if (extreme === undefined || !isOneFigureOfToday(slots))
    return notUnderstood('a ranking of something else than price changes, volume, RSI or 52-week marks');
  if (symbols.length < 2) return unclear('a ranking needs several symbols', 'name them, like AAPL, MSFT and NVDA');
  if (slots.isScattered && !slots.hasJoiner) return notUnderstood('symbols with other words between them');
  const [field] = slots.fields;
  const [indicator] = slots.indicators;
  const isBySize = extreme === 'highest' || extreme === 'lowest';
  if (indicator === 'rsi14' && isBySize) return [{ topic: 'ta', symbols, indicators: [indicator], extreme }];
  const isRankable = field !== undefined && (isBySize ? SIZES : MARKS).includes(field);
  return isRankable
    ? [{ topic: 'quote', symbols, fields: [field], extreme }]
    : notUnderstood(`"${extreme}" of ${field ?? indicator ?? 'that'}`);
}

function isOneFigureOfToday(slots: Slots): boolean {
  const hasMore = slots.topics.size > 0 || slots.interval !== undefined || slots.hasColumns || isOptionQuestion(slots);
  const isOtherRanking = slots.rank !== undefined || slots.relation !== undefined;
  return (
    !hasMore &&
    !isOtherRanking &&
    slots.fields.size + slots.indicators.size === 1 &&
    slots.dates.every(({ range }) => range === 'today')
  );
}

function whichSymbol(): Refusal {
  return unclear('which symbol is meant', 'name one, like NVDA or Apple');
}
