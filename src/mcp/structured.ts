// An answer as structured content: complete in itself, bounded, its strings free of keys and of what cannot be seen, with
// the same as JSON text for clients that read nothing else. Hides what is cut, which is always said.
import { makeByKind, type ByKind } from '../domain/answer-kinds.ts';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { type Surface, rewordError, withoutFlags } from '../app/surface-words.ts';
import type { Answer, AnswerError, ChainData } from '../domain/answers.ts';
import { sanitise } from '../domain/plain-text.ts';
import type { Redact } from '../domain/redaction.ts';
import { summarize } from './summary.ts';

/** Answers of more than some 10,000 tokens are refused or cut by clients. */
const MAX_BARS = 66;
const MAX_CONTRACTS = 90;
const MAX_ROWS = 100;
const MAX_POSITIONS = 60;
const MAX_LISTED = 80;
const MAX_EVENTS = 12;
const MAX_ERRORS = 5;
/** Of a figure: cents of millions, and no noise of binary fractions, each digit of which costs a model. */
const DIGITS = 10;
const MAX_STRING_CHARS = 2_000;

/** Who reads an answer: what takes keys out of its text, and the arguments that hints may name. */
export interface Reader {
  redact: Redact;
  argumentNames: readonly string[];
}

export function toResult(answer: Answer, reader: Reader): CallToolResult {
  const { meta, errors } = answer;
  if (answer.data === undefined) return toErrorResult(errors, reader);
  const { data, notes } = bounded(answer);
  const content = clean(
    {
      summary: summarize(answer),
      sample: meta.sample,
      asOf: meta.asOf,
      freshness: meta.freshness,
      provider: meta.provider,
      data,
      notes: notes.length === 0 ? undefined : notes.map((note) => withoutFlags(note, surfaceOf(reader))),
      errors: errors.length === 0 ? undefined : errors.map((error) => rewordError(error, surfaceOf(reader))),
    },
    reader.redact,
  ) as Record<string, unknown>;
  return { structuredContent: content, content: [{ type: 'text', text: JSON.stringify(content) }] };
}

/** What a model can correct, or tell its user: never a protocol error, which clients hide from both. */
export function toErrorResult(errors: readonly AnswerError[], reader: Reader): CallToolResult {
  const lines = errors
    .slice(0, MAX_ERRORS)
    .map((error) => rewordError(error, surfaceOf(reader)))
    .map(({ code, message, hint }) => `ERROR ${code}: ${message}${hint === undefined ? '' : ` (${hint})`}`);
  const text = clean(
    lines.length === 0 ? 'ERROR no_data: nothing was found' : lines.join('\n'),
    reader.redact,
  ) as string;
  return { isError: true, content: [{ type: 'text', text }] };
}

const surfaceOf = ({ argumentNames }: Reader): Surface => ({ names: argumentNames, sign: ' ' });

function bounded(answer: Answer): { data: unknown; notes: string[] } {
  const notes = [...answer.notes];
  const cut = <Item>(list: readonly Item[], most: number, what: string, how: string, fromEnd = false): Item[] => {
    if (list.length <= most) return [...list];
    notes.push(`${fromEnd ? 'the latest' : 'the first'} ${most} of ${list.length} ${what}; ${how}`);
    return fromEnd ? list.slice(-most) : list.slice(0, most);
  };
  return { data: makeByKind(CUTS, answer, cut) ?? answer.data, notes };
}

type Cut = <Item>(list: readonly Item[], most: number, what: string, how: string, fromEnd?: boolean) => Item[];

/** Of what can be long. One chain is a list of one, so that a tool has one shape. */
const CUTS: ByKind<unknown, [cut: Cut]> = {
  history: (data, cut) => {
    const how = 'ask for a shorter range or a longer interval to see others; summary is over all';
    return { ...data, bars: cut(data.bars, MAX_BARS, 'bars', how, true) };
  },
  chain: (data, cut) => cutChains([data], cut),
  chains: cutChains,
  table: (data, cut) => ({ ...data, rows: cut(data.rows, MAX_ROWS, 'rows', 'narrow it with a condition or sort') }),
  positions: ({ positions, expired, ...rest }, cut) => ({
    positions: cut(positions, MAX_POSITIONS, 'positions', 'totals are of all'),
    ...rest,
    ...(expired === undefined ? {} : { expired: cut(expired, MAX_POSITIONS, 'expired positions', 'in no total') }),
  }),
  events: ({ dividends, splits, earnings, ...rest }, cut) => ({
    ...rest,
    dividends: cut(dividends, MAX_EVENTS, 'dividends', 'the newest'),
    splits: cut(splits, MAX_EVENTS, 'splits', 'the newest'),
    ...(earnings === undefined ? {} : { earnings: cut(earnings, MAX_EVENTS, 'earnings dates', 'the newest') }),
  }),
  expirations: (data, cut) => ({
    ...data,
    expirations: cut(data.expirations, MAX_LISTED, 'expirations', 'the others are later'),
  }),
  market: ({ sessions, ...rest }, cut) => ({
    ...rest,
    ...(sessions === undefined ? {} : { sessions: cut(sessions, MAX_LISTED, 'days', 'ask for later dates') }),
  }),
  news: (data, cut) => cut(data, MAX_EVENTS, 'headlines', 'the newest'),
  search: (data, cut) => cut(data, MAX_EVENTS, 'symbols', 'give more of the name'),
};

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
  if (typeof value === 'number') return Number(value.toPrecision(DIGITS));
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
