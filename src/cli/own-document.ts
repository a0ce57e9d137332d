// How a command shows what comes from no tool: as one JSON document, or as lines.
import { type DocumentParts, createDocument } from '../app/document.ts';
import { UsageError } from '../domain/errors.ts';
import { quoteInput } from '../domain/symbols.ts';
import { formatDuration, plural } from '../render/format.ts';
import { formatJson } from '../render/json.ts';
import type { CommandContext } from './command-context.ts';

export function printOwn(
  session: CommandContext,
  command: string,
  data: unknown,
  lines: readonly string[],
  parts?: DocumentParts,
): void {
  if (session.options.json) session.output.write(formatJson(createDocument(session, command, data, parts)));
  else session.output.writeLines(lines);
}

/** What a run has asked for, and in which time. */
export function describeCost(requests: number, { clock, startedMs }: CommandContext): string {
  if (requests === 0) return 'nothing had to be fetched';
  return `${plural(requests, 'request')}, ${formatDuration(Math.round(clock.machineNow() - startedMs))}`;
}

/** The id of something kept; `shows` is what lists it. @throws UsageError where the word is none. */
export function parseId(word: string, command: string, shows: string): number {
  if (/^\d{1,15}$/.test(word)) return Number(word);
  throw new UsageError(`${command}: ${quoteInput(word)} is not an id`, { hint: `${shows} shows the ids` });
}
