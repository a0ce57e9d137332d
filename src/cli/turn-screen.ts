// A turn on the screen as it happens: tables as they arrive, streamed text, progress, and the trace of calls.
import type { TurnEvent } from '../agent/loop.ts';
import type { ToolRecord } from '../agent/tool-calls.ts';
import type { Answer } from '../domain/answers.ts';
import { renderComparison } from '../render/answer.ts';
import { sanitise } from '../render/text.ts';
import { createTheme } from '../render/theme.ts';
import { symbolsAsked } from '../tools/registry.ts';
import type { Session } from './session.ts';

export interface TurnScreen {
  onEvent(event: TurnEvent): void;
  end(): void;
}

export interface TurnScreenOptions {
  tables: boolean;
  /** Text is shown as it arrives; else the caller prints the checked answer. */
  stream: boolean;
  trace: boolean;
}

export function createTurnScreen(session: Session, options: TurnScreenOptions): TurnScreen {
  const { output } = session;
  const theme = createTheme({ colour: output.colour });

  function printTables(answers: readonly Answer[]): void {
    for (const group of groupByKind(answers)) {
      const lines = renderComparison(group, { width: output.width, theme });
      if (lines.length > 0) output.writeLines([...lines, '']);
    }
  }

  const handlers: { [Type in TurnEvent['type']]: (event: Extract<TurnEvent, { type: Type }>) => void } = {
    text: ({ piece }) => {
      if (options.stream) output.write(sanitise(piece));
    },
    discard: () => {
      if (options.stream) output.write('\n');
    },
    tools: ({ calls }) => output.progress(`fetching ${calls.map((call) => describeCall(call.name, call.arguments)).join(', ')}`),
    tool: ({ record }) => {
      if (options.trace) output.diagnose(describeRecord(record));
    },
    answers: ({ answers }) => {
      output.progress(undefined);
      if (options.tables) printTables(answers);
    },
    correction: ({ report }) => output.progress(`checking ${report.unsupported.length} figures again`),
  };

  return {
    onEvent: (event) => (handlers[event.type] as (event: TurnEvent) => void)(event),
    end: () => output.progress(undefined),
  };
}

/** Answers of one kind stand together, in the order of the first of each. */
function groupByKind(answers: readonly Answer[]): Answer[][] {
  const groups = new Map<string, Answer[]>();
  for (const answer of answers) {
    const key = `${answer.kind} ${answer.request?.phrase ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), answer]);
  }
  return [...groups.values()];
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

function describeRecord({ name, arguments: args, ok, freshness, providerCalls, ms, error }: ToolRecord): string {
  const outcome = ok ? (freshness ?? 'done') : `failed: ${error ?? 'unknown'}`;
  return `${name} ${JSON.stringify(args)}: ${outcome}, ${providerCalls} provider calls, ${ms} ms`;
}
