// A turn on the screen as it happens: tables as they arrive, streamed text, progress, and the trace of calls.
// Text that is shown before it was checked says afterwards what the check found.
import type { GroundingReport } from '../agent/grounding/check.ts';
import type { TurnEvent, TurnResult } from '../agent/loop.ts';
import type { ToolRecord } from '../agent/tool-calls.ts';
import type { Answer } from '../domain/answers.ts';
import type { Redact } from '../domain/redaction.ts';
import { renderComparison } from '../render/answer.ts';
import { plural } from '../render/format.ts';
import { createStreamedText } from '../render/streamed-text.ts';
import { sanitise, sanitiseLine, wrapText } from '../render/text.ts';
import { createTheme } from '../render/theme.ts';
import { symbolsAsked } from '../tools/registry.ts';
import { renderAnswerText, renderRemarks } from './ask-result.ts';
import type { CommandContext } from './command-context.ts';

/** Longest line of --trace. */
const MAX_TRACE_CHARS = 1_000;

export interface TurnScreenOptions {
  tables: boolean;
  /** Text is shown as it arrives; else the caller prints the checked answer. */
  stream: boolean;
  trace: boolean;
}

/** For one question. */
export function createTurnScreen(session: CommandContext, options: TurnScreenOptions) {
  const { output } = session;
  const theme = createTheme({ colour: output.colour });
  const stream = createStreamedText(() => output.width, output.redact);
  /** What was streamed since the last tool call or correction, and what before it. */
  let shown = '';
  let shownBefore = '';
  let isCorrecting = false;

  function printTables(answers: readonly Answer[]): void {
    const groups = groupByKind(answers);
    // Beside other tables, a long history is what those were computed from: its ends are enough.
    const detail = groups.length > 1 ? 'brief' : 'reading';
    for (const group of groups) {
      const lines = renderComparison(group, { width: output.width, theme, detail });
      if (lines.length > 0) output.writeLines([...lines, '']);
    }
  }

  function endPiece(): void {
    if (!options.stream) return;
    output.write(stream.end());
    if (shown !== '') shownBefore = shown;
    shown = '';
  }

  function endStream(result: TurnResult): void {
    output.write(stream.end());
    if (result.answer !== sanitise(output.redact(shown))) output.writeLines(showUnstreamed(result));
    output.writeLines(renderRemarks(result, output.width));
  }

  /** The answer of a model that does not stream, or the first one where its correction was no better. */
  function showUnstreamed(result: TurnResult): string[] {
    if (result.answer !== sanitise(output.redact(shownBefore))) return renderAnswerText(result, output.width);
    return ['', ...wrapText('The correction was no better: the first answer stands.', output.width)];
  }

  const handlers: { [Type in TurnEvent['type']]: (event: Extract<TurnEvent, { type: Type }>) => void } = {
    text: ({ piece }) => {
      if (!options.stream) return;
      if (isCorrecting && shown === '') output.writeLines(['', theme.paint('strong', 'Corrected answer:')]);
      shown += piece;
      output.write(stream.push(piece));
    },
    discard: endPiece,
    tools: ({ calls }) =>
      output.progress(`fetching ${calls.map((call) => describeCall(call.name, call.arguments)).join(', ')}`),
    tool: ({ record }) => {
      if (options.trace) output.remark(describeRecord(record, output.redact));
    },
    answers: ({ answers }) => {
      output.progress(undefined);
      if (options.tables) printTables(answers);
      output.progress('thinking');
    },
    correction: ({ report }) => {
      endPiece();
      isCorrecting = true;
      if (options.trace) output.remark(describeCorrection(report));
      output.progress(`asking again: no support for ${plural(report.unsupported.length, 'figure')} in the answer`);
    },
    wait: ({ ms }) => {
      output.remark(`waiting ${Math.ceil(ms / 1000)} s for the language model's limit`);
    },
  };

  return {
    onEvent: (event: TurnEvent) => (handlers[event.type] as (event: TurnEvent) => void)(event),
    /** With streaming: what was not shown yet, and what the check found. */
    end: (result: TurnResult) => {
      output.progress(undefined);
      if (options.stream) endStream(result);
    },
  };
}

/** Answers of one kind stand together, in the order of the first of each. */
export function groupByKind(answers: readonly Answer[]): Answer[][] {
  return [...Map.groupBy(answers, ({ kind, request }) => `${kind} ${request?.phrase ?? ''}`).values()];
}

function describeCall(name: string, text: string): string {
  const what = name.replace(/^get_/, '').replaceAll('_', ' ');
  try {
    return `${what} ${symbolsAsked(JSON.parse(text) as Record<string, unknown>).join(' ')}`.trim();
  } catch {
    // Unreadable arguments are refused by the tool; the progress line names the tool alone.
    return what;
  }
}

function describeCorrection({ unsupported }: GroundingReport): string {
  return sanitiseLine(
    `asking the model to correct itself: ${unsupported.map(({ text, reason }) => `${text} (${reason})`).join(', ')}`,
    MAX_TRACE_CHARS,
  );
}

function describeRecord(
  { name, arguments: args, ok, freshness, providerCalls, ms, error }: ToolRecord,
  redact: Redact,
): string {
  const outcome = ok ? (freshness ?? 'done') : `failed: ${error ?? 'unknown'}`;
  return sanitiseLine(
    `${name} ${redact(JSON.stringify(args))}: ${outcome}, ${plural(providerCalls, 'provider call')}, ${ms} ms`,
    MAX_TRACE_CHARS,
  );
}
