// Headlines about a symbol, and securities by the words of their name. Hides how many are told and in which order.
import type { Answer } from '../domain/answers.ts';
import { UsageError } from '../domain/errors.ts';
import { formatExchangeIso } from '../domain/exchange-time.ts';
import type { Security } from '../domain/events.ts';
import { sanitiseLine } from '../domain/plain-text.ts';
import type { TickerSymbol } from '../domain/types.ts';
import { type ToolContext, answerWith, toAnswerError } from './answer.ts';

const MAX_SECURITIES = 25;
const MAX_WORDS_LENGTH = 80;

export function answerNews(symbol: TickerSymbol, context: ToolContext): Promise<Answer<'news'>> {
  return answerWith(context, async ({ market, request }) => {
    const outcome = await market.news(symbol, request);
    const asked = { phrase: symbol };
    if (!outcome.ok)
      return { kind: 'news', data: undefined, errors: [toAnswerError(outcome.error, symbol)], sources: [] };
    const data = outcome.value.map((each) => ({ ...each, publishedAt: formatExchangeIso(each.publishedAt) }));
    return { kind: 'news', data, errors: [], sources: [outcome.source], request: asked };
  });
}

/** @throws UsageError for words that no name has */
export function parseSearchWords(words: readonly string[]): string {
  const text = sanitiseLine(words.join(' '), 10 * MAX_WORDS_LENGTH).toLowerCase();
  if (!/[\p{L}\p{N}]/u.test(text))
    throw new UsageError('nothing to search for', { hint: 'give a part of a company’s name, or a symbol' });
  if (text.length > MAX_WORDS_LENGTH)
    throw new UsageError(`the words are ${text.length} characters long; at most ${MAX_WORDS_LENGTH} are allowed`, {
      hint: 'use fewer words',
    });
  return text;
}

export function answerSearch(words: string, context: ToolContext): Promise<Answer<'search'>> {
  return answerWith(context, async ({ market, request }) => {
    const outcome = await market.search(words, request);
    if (!outcome.ok) return { kind: 'search', data: undefined, errors: [toAnswerError(outcome.error)], sources: [] };
    const found = [...new Map(outcome.value.map((each) => [each.symbol, each])).values()];
    const ranked = found.map((each) => ({ each, rank: rankOf(each, words) })).sort((a, b) => a.rank - b.rank);
    const more = ranked.length - MAX_SECURITIES;
    return {
      kind: 'search',
      data: ranked.slice(0, MAX_SECURITIES).map(({ each }) => each),
      errors: [],
      sources: [outcome.source],
      notes: more > 0 ? [`${more} more match; add words to narrow the search`] : [],
      request: { phrase: words },
    };
  });
}

function rankOf({ symbol, name }: Security, words: string): number {
  const [own, called] = [symbol.toLowerCase(), name.toLowerCase()];
  if (own === words) return 0;
  if (called.startsWith(words)) return 1;
  if (` ${called.replaceAll(/[^\p{L}\p{N}]+/gu, ' ')}`.includes(` ${words}`)) return 2;
  return own.startsWith(words) ? 3 : 4;
}
