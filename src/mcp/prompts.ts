// Three workflows that a person can start in a client: the words, and which tools they lead to.
// Hides how arguments are checked.
import { UsageError } from '../domain/errors.ts';

interface PromptArgument {
  name: string;
  description: string;
  required?: true;
}

interface Prompt {
  title: string;
  description: string;
  arguments: readonly PromptArgument[];
  write(args: Readonly<Record<string, string>>): string;
}

const RULES =
  'Take every figure from the tools, say how old it is (asOf, freshness), and where sample is true say that the figures are made up. Say what is missing. Facts only: no advice and no forecast.';
const MAX_ARGUMENT_CHARS = 200;

export const PROMPTS: Readonly<Record<string, Prompt>> = {
  morning_brief: {
    title: 'Morning brief',
    description: 'The market and your symbols before the open: moves, levels, volatility, dates, headlines.',
    arguments: [{ name: 'symbols', description: 'tickers or a list such as @core; default SPY, QQQ and what is held' }],
    write: ({ symbols }) =>
      [
        `Write a morning brief on ${symbols ?? 'SPY, QQQ and the underlyings of get_positions'}.`,
        '1. get_market_status: is it open, when does it open or close, is there a holiday.',
        '2. get_fields for all symbols in one call, columns: last, changePercent, gapPercent, relativeVolume, rsi14, pct(last, sma50), iv30, ivRank, daysToEarnings.',
        '3. get_support_resistance for those that moved most; get_news for those that moved more than 3 percent.',
        'Lead with the three facts that matter most, then one line per symbol, then the dates of this week.',
        RULES,
      ].join('\n'),
  },
  chain_reading: {
    title: 'Chain reading',
    description: 'What an option chain says: expected move, walls, max pain, skew, where the open interest sits.',
    arguments: [
      { name: 'symbol', description: 'ticker, such as NVDA', required: true },
      { name: 'expiration', description: 'date, friday, dec, monthly, 45d; default the nearest' },
    ],
    write: ({ symbol = '', expiration }) =>
      [
        `Read the option chain of ${symbol}${expiration === undefined ? '' : ` expiring ${expiration}`}.`,
        `1. get_options_chain: symbol ${symbol}${expiration === undefined ? '' : `, expiration ${expiration}`}, strikes 15.`,
        '2. get_volatility: IV rank, realized volatility against implied, skew, term structure.',
        '3. get_support_resistance: do walls and levels coincide.',
        'Report the expected move in dollars and percent with its method, call and put walls, max pain, put/call ratios, skew, and where bid and ask are too wide to trade on.',
        RULES,
      ].join('\n'),
  },
  position_review: {
    title: 'Position review',
    description: 'What you hold: P/L, greeks, what expires or reports soon, where the risk sits.',
    arguments: [],
    write: () =>
      [
        'Review my positions.',
        '1. get_positions: value, P/L, day P/L, greeks, days left.',
        '2. get_fields for their underlyings in one call, columns: last, changePercent, rsi14, iv30, ivRank, daysToEarnings, exDividend.',
        '3. get_support_resistance for the largest of them.',
        'Report totals first, then what expires within 10 days, what reports within 14 days, the largest winner and loser, delta and theta of all, and where one symbol is more than a quarter of the value.',
        RULES,
      ].join('\n'),
  },
};

/** @throws UsageError for an unknown prompt or argument, or one that is missing */
export function writePrompt(
  name: string,
  args: Readonly<Record<string, string>>,
): { description: string; text: string } {
  const prompt = Object.hasOwn(PROMPTS, name) ? PROMPTS[name] : undefined;
  if (prompt === undefined)
    throw new UsageError(`unknown prompt ${name.slice(0, 60)}: there are ${Object.keys(PROMPTS).join(', ')}`);
  const given = Object.fromEntries(
    Object.entries(args).map(([key, value]) => [key, value.replaceAll(/\s+/g, ' ').trim()]),
  );
  for (const [key, value] of Object.entries(given)) {
    if (!prompt.arguments.some((each) => each.name === key))
      throw new UsageError(`${name}: unknown argument ${key.slice(0, 60)}`);
    if (value.length > MAX_ARGUMENT_CHARS)
      throw new UsageError(`${name}: ${key} is longer than ${MAX_ARGUMENT_CHARS} characters`);
    if (value === '') Reflect.deleteProperty(given, key);
  }
  const missing = prompt.arguments.find((each) => each.required === true && given[each.name] === undefined);
  if (missing !== undefined) throw new UsageError(`${name}: ${missing.name} is missing (${missing.description})`);
  return { description: prompt.description, text: prompt.write(given) };
}
