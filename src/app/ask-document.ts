// What a finished turn becomes outside: the public JSON document and the exit code that goes with it.
// The same for a command line and a server.
import type { TurnResult } from '../agent/loop.ts';
import { combineMetas } from '../domain/answer-meta.ts';
import type { AnswerError } from '../domain/answers.ts';
import { sanitise } from '../render/text.ts';
import { toAnswerError } from '../tools/answer.ts';
import type { AgentOptions, Asked } from './agent.ts';
import { EXIT, decideExitCode, exitCodeOf } from './exit-code.ts';

/** What ended the run goes before failed calls, those before figures without support. */
export function decideAskExit(result: TurnResult, options: Pick<AgentOptions, 'strict'>): number {
  const { failure, errors, findings, grounding } = result;
  if (failure !== undefined) return exitCodeOf(failure.code);
  const hasData = findings.some(({ answer }) => answer.data !== undefined);
  if (errors.length > 0) return decideExitCode(hasData, errors);
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

export interface AskDocument {
  errors: AnswerError[];
  [name: string]: unknown;
}

/** `fin ask --json`, contract section 5. */
export function createAskDocument({ question, sessionName, asked, options, isSample }: AskDocumentParts): AskDocument {
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
