// What a scan found, in one line: of which session, how many match of how many, and the first of them.
// Hides what of a tool's notes bears on that.
import type { Answer } from '../../domain/answers.ts';
import { exchangeDateOf } from '../../domain/exchange-time.ts';
import { joinSaid, say, type Said } from '../../domain/said.ts';
import type { EpochMs } from '../../domain/types.ts';
import { formatDay } from '../../render/format.ts';
import { figureOf, labelOfColumn } from './column-words.ts';
import { LARGE, MOST_RANKED, type Query } from './query.ts';

/** What a preset is about, where no condition says more. */
const OF_PRESET: Readonly<Record<string, string>> = {
  active: 'volume',
  'gap-up': 'gapPercent',
  'gap-down': 'gapPercent',
  'unusual-volume': 'relativeVolume',
  oversold: 'rsi14',
  overbought: 'rsi14',
};

/** `On Mon Nov 30, 2026, 14 of 400 symbols match: NIO +4.21%, …`: of which session, as today's is not among them before it ends. */
export function sayScan(query: Query, { data, meta, notes }: Answer<'table'>, now: EpochMs): Said {
  if (data === undefined) return [];
  const { rank, conditions, scan = '' } = query;
  const { rows, matched = rows.length, universe } = data;
  const day = meta.asOf?.slice(0, 10);
  const isBefore = day !== undefined && day < exchangeDateOf(now);
  const date = day === undefined ? 'now' : formatDay(day);
  const lead = isBefore ? `The scan has finished sessions only: of ${date}` : `On ${date}`;
  const size = conditions.some(({ expression }) => expression === LARGE) ? ' (large: dollar volume over 100M)' : '';
  const checked = notes.flatMap((note) => /^only the first (\d+) of the \d+ remaining/.exec(note)?.[1] ?? [])[0];
  const of = checked ?? (universe === undefined ? undefined : String(universe));
  if (rows.length === 0) {
    const lacking = notes.find((note) => / need \d+ daily readings/.test(note))?.replace(/; so far: .*/s, '');
    if (lacking !== undefined) return [`The scan cannot tell: ${lacking}, which no symbol checked has.`];
    return [
      `${lead}, none of the ${of === undefined ? '' : `${of} `}symbols${checked === undefined ? '' : ' checked'} matches${size}.`,
    ];
  }
  const named = [rank?.by, ...conditions.flatMap(({ expression }) => /^[a-z]\w+(?= [<>=])/.exec(expression) ?? [])];
  const known = [...named, OF_PRESET[scan], 'changePercent'].filter((each) => each !== undefined);
  const by =
    known.find((each) => !/^(?:last|close|dollarVolume)$/.test(each) && rows[0]?.[each] !== undefined) ?? 'last';
  const first = rows.slice(0, MOST_RANKED).map((row) => say`${row.symbol} ${figureOf(by, row)}`);
  const count = `${String(matched)}${of === undefined ? '' : ` of ${of}`} symbols${checked === undefined ? '' : ' checked'} match${matched === 1 ? 'es' : ''}`;
  const order = notes.includes('largest dollar volume first') ? ', largest dollar volume first:' : ', first';
  const label = by === 'changePercent' ? '' : `${labelOfColumn(by)} `;
  return say`${lead}, ${count}${size}${matched > first.length ? order : ':'} ${label}${joinSaid(first, ', ')}.`;
}
