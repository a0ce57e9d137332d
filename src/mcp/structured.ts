// An answer as structured content: complete in itself, bounded, its strings free of keys and of what cannot be seen, with
// the same as JSON text for clients that read nothing else. Hides what is cut, which is always said.
import type { CallToolResult } from '@modelcontextprotocol/server';
import { isOfKind } from '../domain/answer-kinds.ts';
import type { Answer, AnswerError, ChainData } from '../domain/answers.ts';
import { sanitise } from '../domain/plain-text.ts';
import type { Redact } from '../domain/redaction.ts';
import { summarize } from './summary.ts';

/** Answers of more than some 10,000 tokens are refused or cut by clients. */
const MAX_BARS = 66;
const MAX_CONTRACTS = 120;
const MAX_ROWS = 100;
const MAX_POSITIONS = 60;
const MAX_LISTED = 80;
const MAX_EVENTS = 12;
const MAX_STRING_CHARS = 600;

/** @param redact takes keys out of text */
export function toResult(answer: Answer, redact: Redact): CallToolResult {
  const [firstError] = answer.errors;
  if (answer.data === undefined && firstError !== undefined) return toErrorResult(firstError, redact);
  const { meta, errors } = answer;
  const { data, notes } = bounded(answer);
  const content = clean(
    {
      summary: summarize(answer),
      sample: meta.sample,
      asOf: meta.asOf,
      freshness: meta.freshness,
      provider: meta.provider,
      data,
      notes: notes.length === 0 ? undefined : notes,
      errors: errors.length === 0 ? undefined : errors,
    },
    redact,
  ) as Record<string, unknown>;
  return { structuredContent: content, content: [{ type: 'text', text: JSON.stringify(content) }] };
}

/** What a model can correct, or tell its user: never a protocol error, which clients hide from both. */
export function toErrorResult({ code, message, hint }: AnswerError, redact: Redact): CallToolResult {
  const told = `ERROR ${code}: ${message}${hint === undefined ? '' : ` (${hint})`}`;
  return { isError: true, content: [{ type: 'text', text: clean(told, redact) as string }] };
}

function bounded(answer: Answer): { data: unknown; notes: string[] } {
  const notes = [...answer.notes];
  const cut = <Item>(list: readonly Item[], most: number, what: string, how: string, fromEnd = false): Item[] => {
    if (list.length <= most) return [...list];
    notes.push(`${fromEnd ? 'the latest' : 'the first'} ${most} of ${list.length} ${what}; ${how}`);
    return fromEnd ? list.slice(-most) : list.slice(0, most);
  };
  return { data: cutData(answer, cut), notes };
}

type Cut = <Item>(list: readonly Item[], most: number, what: string, how: string, fromEnd?: boolean) => Item[];

function cutData(answer: Answer, cut: Cut): unknown {
  const { data } = answer;
  if (isOfKind(answer, 'chain')) return cutChains(answer.data === undefined ? [] : [answer.data], cut);
  if (isOfKind(answer, 'chains')) return cutChains(answer.data ?? [], cut);
  if (isOfKind(answer, 'history') && answer.data !== undefined) {
    const how = 'ask for a shorter range or a longer interval to see others; summary is over all';
    return { ...answer.data, bars: cut(answer.data.bars, MAX_BARS, 'bars', how, true) };
  }
  if (isOfKind(answer, 'table') && answer.data !== undefined)
    return { ...answer.data, rows: cut(answer.data.rows, MAX_ROWS, 'rows', 'narrow it with a condition or sort') };
  if (isOfKind(answer, 'positions') && answer.data !== undefined) {
    const { positions, expired, ...rest } = answer.data;
    const how = 'totals are of all';
    return {
      positions: cut(positions, MAX_POSITIONS, 'positions', how),
      ...rest,
      ...(expired === undefined ? {} : { expired: cut(expired, MAX_POSITIONS, 'expired positions', how) }),
    };
  }
  if (isOfKind(answer, 'events') && answer.data !== undefined) {
    const { dividends, splits, earnings, ...rest } = answer.data;
    const newest = <Item>(list: readonly Item[], what: string): Item[] => cut(list, MAX_EVENTS, what, 'the newest');
    return {
      ...rest,
      dividends: newest(dividends, 'dividends'),
      splits: newest(splits, 'splits'),
      ...(earnings === undefined ? {} : { earnings: newest(earnings, 'earnings') }),
    };
  }
  if (isOfKind(answer, 'expirations') && answer.data !== undefined)
    return { ...answer.data, expirations: cut(answer.data.expirations, MAX_LISTED, 'expirations', 'others are later') };
  if (isOfKind(answer, 'market') && answer.data?.sessions !== undefined)
    return { ...answer.data, sessions: cut(answer.data.sessions, MAX_LISTED, 'days', 'ask for a later date') };
  if (isOfKind(answer, 'news') || isOfKind(answer, 'search'))
    return cut<unknown>(answer.data ?? [], MAX_EVENTS, 'found', 'the newest or nearest');
  return data;
}

/** The strikes nearest the spot, as many of each chain. */
function cutChains(chains: readonly ChainData[], cut: Cut): ChainData[] {
  const all = chains.flatMap(({ contracts }) => contracts);
  cut(all, MAX_CONTRACTS, 'contracts, those nearest the spot', 'ask for fewer strikes, one side or one expiration');
  const most = Math.max(2, Math.floor(MAX_CONTRACTS / Math.max(1, chains.length)));
  return chains.map(({ columns: _columns, ...chain }) => {
    const nearest = chain.contracts.toSorted(
      (left, right) => Math.abs(left.strike - chain.spot) - Math.abs(right.strike - chain.spot),
    );
    const kept = new Set(nearest.slice(0, most));
    return { ...chain, contracts: chain.contracts.filter((contract) => kept.has(contract)) };
  });
}

/** Without keys whose value is missing or no number; every string without secrets and invisible characters. */
function clean(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return sanitise(redact(value), MAX_STRING_CHARS);
  if (Array.isArray(value)) return value.map((item) => clean(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([, item]) => item !== undefined && item !== null && !(typeof item === 'number' && !Number.isFinite(item)),
      )
      .map(([key, item]) => [key, clean(item, redact)]),
  );
}
