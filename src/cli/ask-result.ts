// What a finished turn becomes on a screen: text with marks, and the line of what was done.
import type { TurnResult } from '../agent/loop.ts';
import { markUnsupported } from '../agent/grounding/report.ts';
import type { AnswerMeta } from '../domain/answers.ts';
import { formatAge, formatExchangeTime, plural } from '../render/format.ts';
import { dropLineMarks } from '../render/markdown.ts';
import { sanitise, wrapPieces, wrapText } from '../render/text.ts';
import type { Asked } from '../app/agent.ts';

/** The answer for the screen: unsupported figures marked and listed under it. */
export function renderAskText(result: TurnResult, width: number): string[] {
  return result.answer === '' ? [] : [...renderAnswerText(result, width), ...renderRemarks(result, width)];
}

/** The text alone, unsupported figures marked. */
export function renderAnswerText(result: TurnResult, width: number): string[] {
  const text = sanitise(markUnsupported(result.answer, result.grounding)).trim();
  return text.split('\n').flatMap((line) => wrapText(dropLineMarks(line), width));
}

/** What stands under the text: that it broke off, figures without support, and how old those of earlier questions are. */
export function renderRemarks(result: TurnResult, width: number): string[] {
  if (result.answer === '') return [];
  const { unsupported } = result.grounding;
  const listed = unsupported.flatMap((figure) =>
    wrapText(`${sanitise(figure.text)}: ${figure.reason}`, width - 2, '  '),
  );
  return [
    ...(result.incomplete ? ['[incomplete: the answer broke off here]'] : []),
    ...(unsupported.length === 0
      ? []
      : ['', '[?] not supported by the fetched data:', ...listed.map((line) => `  ${line}`)]),
    ...(result.earlier === undefined ? [] : ['', ...wrapPieces(describeEarlier(result.earlier), width)]),
  ];
}

/** `from earlier in this conversation · tradier · as of 11:00:00 ET 19 Nov 2026 · fetched 89 min ago` */
function describeEarlier({ provider, sample, asOf, ageMs }: AnswerMeta): string[] {
  return [
    'from earlier in this conversation',
    sample ? 'SAMPLE' : (provider ?? '').replaceAll(',', ', '),
    asOf === undefined ? '' : `as of ${formatExchangeTime(asOf)}`,
    ageMs === undefined ? '' : `fetched ${formatAge(ageMs)} ago`,
  ].filter((piece) => piece !== '');
}

/** `get_stock_quote live · 1 provider call · built-in planner · 0.04 s` */
export function describeDone({ result, modelName, elapsedMs }: Asked): string {
  const tools = new Map<string, number>();
  for (const record of result.records) {
    const label = `${record.name} ${record.ok ? (record.freshness ?? 'done') : 'failed'}`;
    tools.set(label, (tools.get(label) ?? 0) + 1);
  }
  const calls = result.records.reduce((sum, record) => sum + record.providerCalls, 0);
  const { inputTokens, cachedInputTokens, outputTokens } = result.usage;
  const isPlanner = modelName === 'builtin';
  return [
    tools.size === 0
      ? describeNoTools(result)
      : [...tools].map(([label, times]) => (times > 1 ? `${label} x${times}` : label)).join(', '),
    plural(calls, 'provider call'),
    isPlanner ? 'built-in planner' : modelName,
    ...(isPlanner || inputTokens === undefined
      ? []
      : [
          `${inputTokens} tokens in${cachedInputTokens === undefined ? '' : ` (${cachedInputTokens} cached)`} / ${outputTokens ?? '?'} out`,
        ]),
    `${(elapsedMs / 1000).toFixed(elapsedMs < 10_000 ? 2 : 1)} s`,
  ].join(' · ');
}

function describeNoTools({ earlier }: TurnResult): string {
  if (earlier === undefined) return 'no tool calls';
  return `no tool calls, from this conversation (${earlier.ageMs === undefined ? '' : `${formatAge(earlier.ageMs)} old, `}${earlier.freshness === 'stale' ? 'stale' : 'cached'})`;
}
