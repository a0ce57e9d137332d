// What a finished turn becomes outside: text with marks, the public JSON document, the line of what was done, exit code.
import type { TurnResult } from '../agent/loop.ts';
import { markUnsupported } from '../agent/grounding/report.ts';
import type { AnswerError, AnswerMeta } from '../domain/answers.ts';
import { formatAge, formatExchangeTime, plural } from '../render/format.ts';
import { dropLineMarks } from '../render/markdown.ts';
import { sanitise, wrapPieces, wrapText } from '../render/text.ts';
import { combineMetas } from '../domain/answer-meta.ts';
import { toAnswerError } from '../tools/answer.ts';
import type { AgentOptions, Asked } from '../app/agent.ts';
import { EXIT, decideExitCode, exitCodeOf } from './exit-code.ts';

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

/** What ended the run goes before failed calls, those before figures without support. */
export function decideAskExit(result: TurnResult, options: Pick<AgentOptions, 'strict'>): number {
  const { failure, errors, findings, grounding } = result;
  if (failure !== undefined) return exitCodeOf(failure.code);
  const hasData = findings.some(({ answer }) => answer.data !== undefined);
  if (errors.length > 0)
    return decideExitCode(
      hasData,
      errors.map((error) => error.code),
    );
  return options.strict && grounding.unsupported.length > 0 ? EXIT.check : EXIT.done;
}

interface AskDocumentParts {
  question: string;
  sessionName: string;
  asked: Asked;
  options: Pick<AgentOptions, 'strict'>;
  /** The sample market was asked, whether or not it had anything. */
  isSample: boolean;
}

/** `fin ask --json`, contract section 5. */
export function createAskDocument({ question, sessionName, asked, options, isSample }: AskDocumentParts): object {
  const { result, modelName, elapsedMs } = asked;
  const { figures, supported, unsupported } = result.grounding;
  const metas = combineMetas([
    ...result.findings.map(({ answer }) => answer.meta),
    ...(result.earlier === undefined ? [] : [result.earlier]),
  ]);
  const data = result.findings.flatMap(({ tool, answer }) => listData(tool, answer.data));
  return {
    schema: 'fin/1',
    command: 'ask',
    ok: decideAskExit(result, options) === EXIT.done,
    question,
    ...(result.answer === '' ? {} : { answer: sanitise(result.answer) }),
    ...(result.incomplete ? { incomplete: true } : {}),
    toolCalls: result.records,
    ...(data.length === 0 ? {} : { data }),
    grounding: { figures, supported, unsupported: unsupported.map(({ text, value }) => ({ text, value })) },
    model: { name: modelName, turns: result.turns, ...result.usage },
    session: sessionName,
    errors: [...listCauses(result), ...failureEntry(result)],
    meta: { ...metas, sample: metas.sample || isSample, elapsedMs },
  };
}

/** One item a symbol: the data of the tool with its name. */
function listData(tool: string, data: unknown): object[] {
  if (data === undefined) return [];
  const items = Array.isArray(data) ? (data as object[]) : [data as object];
  return items.map((item) => {
    const underlying = 'underlying' in item ? { symbol: item.underlying } : {};
    return { tool, ...underlying, ...item };
  });
}

/** What went wrong on the way to an answer; what ended the whole run stands apart, once, however many calls it ended. */
export function listCauses({ errors, failure }: TurnResult): AnswerError[] {
  return errors.filter(({ code, message }) => code !== failure?.code || message !== failure.message);
}

function failureEntry({ failure }: TurnResult): AnswerError[] {
  return failure === undefined ? [] : [toAnswerError(failure)];
}
