// What words of the trade mean: the figures out of their registry, other words out of this list. Nothing of a market.
import { capitalise } from '../../fields/field.ts';
import { ENTRIES, findField } from '../../fields/registry.ts';
import type { Query } from './query.ts';

/** `words, in, lower case: meaning` */
const TERMS = `
call, calls: the right to buy 100 shares at the strike until the expiration
put, puts: the right to sell 100 shares at the strike until the expiration
in the money, itm: exercise would pay at the current price
out of the money, otm: exercise would not pay at the current price
at the money, atm: the strike is at the current price
support: a price below the current one at which the share turned up before
resistance: a price above the current one at which the share turned down before
levels, pivot: support below and resistance above the price: earlier highs and lows, averages, pivots, round numbers
golden cross: the 50-day average rises above the 200-day average
death cross: the 50-day average falls below the 200-day average
bear market: a fall of 20 percent or more from the last high, as commonly said
bull market: a rise of 20 percent or more from the last low, as commonly said
correction: a fall of 10 percent or more from the last high, as commonly said
moving average: average of the last closes; 20, 50 and 200 sessions are usual, the exponential one weighs the newest more
simple moving average, sma: average of the last closes, each with the same weight
exponential moving average, ema: average of closes in which the newest weigh most
poor mans covered call, poor man's covered call, pmcc: a call far in the money and a year or so away instead of the shares, and a nearer call sold on it
covered call: 100 shares and one call sold on them; it breaks even at the price of the shares less the premium
cash secured put, csp: a put sold with the money kept ready to buy the shares at the strike
credit spread: an option sold and a further one bought; most profit is the credit, most loss the width less the credit. Closing at 50% of it means buying back for half the credit
debit spread: an option bought and a further one sold; most loss is the debit, most profit the width less the debit
iron condor: a put credit spread and a call credit spread around the price
straddle: call and put of one strike
strangle: a call and a put of two strikes out of the money
pin risk: near its strike at the expiration it is open whether a sold option is assigned
assignment, assigned: the seller of an option has to fulfil it: of a call deliver 100 shares at the strike, of a put buy them
exercise: using the right of an option
expiration, expiry: last day of an option
opex: the day on which monthly options expire, the third Friday
leaps: options that expire a year or more from now
0dte: options that expire today
iv crush: the fall of implied volatility once an awaited event, mostly earnings, has passed
implied volatility: the volatility at which a model gives the option's price, per year
historical volatility, realized volatility, realised volatility: standard deviation of daily log returns, per year
term structure: at-the-money volatility by expiration; contango rises with time, backwardation falls
contango: later expirations have the higher volatility
backwardation: nearer expirations have the higher volatility
skew: implied volatility of the 25-delta put minus that of the 25-delta call
greeks: delta, gamma, theta and vega: what a price does as the share, time and volatility move
delta: dollars an option moves for a dollar of the share; near the probability of ending in the money, and not the same: it weighs the price by where it ends
wall, walls: the strike with the most open interest above (calls) or below (puts) the price
volume: shares or contracts traded in the session
open interest: contracts that are open, counted overnight; volume counts trades of the session, open interest what is left open
year to date, ytd: since the last close of the year before
spread: ask minus bid; also a position of two strikes
limit order: an order at a price or better
market order: an order at the best price there is
stop limit, stop limit order: a limit order that is placed once the price has reached another
stop loss, stop: an order to sell once the price has fallen to a given one; it does not promise that price
short selling: selling borrowed shares to buy them back later
bid: highest price a buyer bids
ask: lowest price a seller asks
mid: middle of bid and ask
dividend yield, yield: dividends of twelve months in percent of the price
ex dividend, ex date: from this day on a buyer no longer gets the dividend just announced
split: one share becomes several, or several one, at an adjusted price
dow: an index of 30 large US companies weighted by price; DIA follows it
s and p, s and p 500: an index of 500 large US companies weighted by size; SPY follows it
nasdaq 100: an index of 100 large companies of the Nasdaq exchange; QQQ follows it
etf: a fund that trades like a share
gap: open against the previous close
rollover, roll: closing an option and opening a later or further one
short squeeze: a rise that is driven on by those who must buy back shares that they sold short
squeeze: Bollinger bands inside Keltner channels: little movement, as before a larger one
overbought: RSI over 70, stochastic over 80
oversold: RSI under 30, stochastic under 20
stochastic, stochastics: where the close stands in the range of 14 sessions, 0 to 100; over 80 is called overbought, under 20 oversold
21 dte: 21 days to expiration: many sellers close or roll there, as gamma grows from then on
`;

const MOST_TERMS = 3;

/** What the question's words mean, the longest terms first; undefined where none of them is known. */
export function findMeanings(question: string, fields: readonly string[]): string[] {
  let rest = ` ${question.toLowerCase().replaceAll(/[^a-z0-9%&'’]+|(?<![a-z])['’]|['’](?![a-z])/g, ' ')} `.replaceAll(
    '&',
    ' and ',
  );
  const terms = TERMS.trim()
    .split('\n')
    .flatMap((line) => {
      const at = line.indexOf(': ');
      return line
        .slice(0, at)
        .split(', ')
        .map((term) => ({ term, meaning: line.slice(at + 2) }));
    })
    .toSorted((a, b) => b.term.length - a.term.length);
  const found: { at: number; text: string }[] = [];
  for (const { term, meaning } of terms) {
    const at = rest.indexOf(` ${term} `);
    if (at < 0) continue;
    rest = rest.replace(` ${term} `, ` ${' '.repeat(term.length)} `);
    if (!found.some(({ text }) => text.endsWith(`${meaning}.`)))
      found.push({ at, text: `${capitalise(term)}: ${meaning}.` });
  }
  const ofFields = fields.flatMap((name) => {
    const field = findField(name, 'contract') ?? ENTRIES.find((entry) => entry.name === name);
    return field === undefined ? [] : [`${field.label}: ${field.meaning}.`];
  });
  const named = found.toSorted((a, b) => a.at - b.at).map(({ text }) => text);
  return [...new Set([...named, ...ofFields])].slice(0, MOST_TERMS);
}

/** Nothing but one word of the list. */
export function isTerm(text: string): boolean {
  const plain = text.toLowerCase().trim();
  return TERMS.split('\n').some((line) => line.slice(0, line.indexOf(': ')).split(', ').includes(plain));
}

export function defineWords({ topic = '', fields }: Query): string {
  const meanings = findMeanings(topic, fields);
  return meanings.length > 0
    ? meanings.join(' ')
    : 'That is not in the glossary, which explains the figures that fin shows; fin fields lists them.';
}
