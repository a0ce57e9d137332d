// The public JSON document of commands whose data come from no tool: cache, sessions, doctor. The tools' answers become
// theirs in render/json.ts.
import type { AnswerError } from '../domain/answers.ts';
import type { JsonDocument } from '../render/json.ts';
import type { EpochMs, Clock } from '../domain/types.ts';

export interface DocumentParts {
  errors?: readonly AnswerError[];
  /** The sample market was asked. */
  sample?: boolean;
  providerCalls?: number;
}

/** `ok` without errors; `elapsedMs` since the command began. */
export function createDocument<Data>(
  { clock, startedMs }: { clock: Clock; startedMs: EpochMs },
  command: string,
  data: Data,
  parts: DocumentParts = {},
): JsonDocument<Data> {
  const { errors = [], sample = false, providerCalls = 0 } = parts;
  const elapsedMs = Math.round(clock.machineNow() - startedMs);
  return {
    schema: 'fin/1',
    command,
    ok: errors.length === 0,
    data,
    errors: [...errors],
    meta: { sample, providerCalls, elapsedMs },
  };
}
