// Figures that the data have, said of what they are not: in another currency, the largest loss as the profit, a share's
// price as that of a share which no result is about.
import { listLargeCompanies } from '../../tools/large-companies.ts';
import type { Figure } from './figures.ts';
import { type Oddity, type Told, oddAt } from './said.ts';

/** All prices are dollars; what an events list has in another currency names it itself. */
const BEFORE = /[€£¥₹]\s?$/;
const BEHIND = /^\s?(?:[€£¥₹]|(?:euros?|yen|rupees|EUR|GBP|JPY)\b)/;

function findOddCurrencies({ text, said, base, question }: Told): Oddity[] {
  if (!/[€£¥₹]|\b(?:euros?|yen|rupees|EUR|GBP|JPY)\b/.test(text) || /[€£¥₹]|\beuro|\byen\b|\brupee/.test(question))
    return [];
  if (base.facts.some(({ kind }) => kind === 'events')) return [];
  return said.flatMap(({ figure }) =>
    BEFORE.test(text.slice(Math.max(0, figure.start - 3), figure.start)) ||
    BEHIND.test(text.slice(figure.end, figure.end + 10))
      ? oddAt(figure, figure.magnitude, 'in another currency')
      : [],
  );
}

const PAYOFF =
  /\b(?:max(?:imum|\.)?(?: possible| potential)? (?:(profit|gain|reward)|(?:loss|risk))|(?:(?:to |can |could |may )(make|earn|win|gain)|risk(?:s|ing)?|(?:to |can |could |may )lose))\b[^.;,\d]{0,20}$/i;

/** "Max profit $170" of what can lose 170 and make 830: only the figure of the other end is marked, of one strategy. */
function findOddPayoffs({ text, said, base }: Told): Oddity[] {
  const ends = base.facts.filter(({ payoff }) => payoff !== undefined);
  if (ends.length === 0 || new Set(ends.map(({ payoff }) => payoff)).size < ends.length) return [];
  return said.flatMap(({ figure }) => {
    if (figure.unit === 'percent') return [];
    const match = PAYOFF.exec(text.slice(Math.max(0, figure.start - 48), figure.start));
    if (match === null) return [];
    const spoken = match[1] === undefined && match[2] === undefined ? 'loss' : 'profit';
    const isEnd = (payoff: string): boolean =>
      ends.some((fact) => fact.payoff === payoff && isAmount(Math.abs(fact.value), figure));
    const other = spoken === 'loss' ? 'profit' : 'loss';
    return !isEnd(spoken) && isEnd(other) ? oddAt(figure, figure.magnitude, `that is the largest ${other}`) : [];
  });
}

/** For the position, or a share. */
function isAmount(value: number, { magnitude, tolerance }: Figure): boolean {
  return [value, value / 100].some((each) => Math.abs(each - magnitude) <= tolerance);
}

const SUBJECT =
  /(?<![\w.$])([A-Z]{2,5}(?:\.[A-Z])?)(?: \([A-Za-z ]+\))?(?:['’]s (?:last |closing )?(?:price|close))? (?:is|was|trades|traded|closed|sits|stands|opened|finished|ended)(?: up| down)?(?: at| near| around)? [$]?$/;
const FUNDS = ['SPY', 'QQQ', 'IWM', 'DIA'];

/** "AMD is at 404.90" where nothing was fetched but NVDA. */
function findOddStrangers({ text, said, base, question, supports }: Told): Oddity[] {
  if (base.symbols.size === 0) return [];
  return said.flatMap((each) => {
    const { figure } = each;
    const name = SUBJECT.exec(text.slice(Math.max(0, figure.start - 60), figure.start))?.[1];
    const isStrange = name !== undefined && !base.symbols.has(name) && supports.has(each);
    if (!isStrange || question.includes(figure.text.toLowerCase())) return [];
    return FUNDS.includes(name) || listLargeCompanies().includes(name)
      ? oddAt(figure, figure.magnitude, `no result has ${name}`)
      : [];
  });
}

export function findMistaken(told: Told): Oddity[] {
  return [...findOddCurrencies(told), ...findOddPayoffs(told), ...findOddStrangers(told)];
}
