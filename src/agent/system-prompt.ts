// Fills the system prompt: the same bytes for a whole day and session, so that a provider's prompt cache keeps it.
import { exchangeDateOf, weekdayOf } from '../domain/exchange-time.ts';
import type { EpochMs, Session } from '../domain/types.ts';

export interface SystemPromptOptions {
  /** `prompts/system.md`, with `{{date}}`, `{{session}}` and `{{data}}`. */
  template: string;
  /** Market time; only its exchange date is used. */
  now: EpochMs;
  session: Session;
  /** The conversation is about the built-in synthetic market. */
  sample: boolean;
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const SESSIONS: Record<Session, string> = {
  pre: 'in the pre-market session',
  regular: 'with the regular session open',
  post: 'in the post-market session',
  closed: 'with the market closed',
};
const SAMPLE =
  'All data here are SAMPLE data of a built-in synthetic market, not real prices: say "sample" in every answer that holds figures.';
const REAL =
  'The data come from the user’s own market data providers; a result says how old they are. Do not call stale or finished data current.';

/** @throws Error for a placeholder that is not known: a template that would reach the model half filled. */
export function createSystemPrompt({ template, now, session, sample }: SystemPromptOptions): string {
  const date = exchangeDateOf(now);
  const values: Record<string, string> = {
    date: `${WEEKDAYS[weekdayOf(date)] ?? ''} ${date}`,
    session: SESSIONS[session],
    data: sample ? SAMPLE : REAL,
  };
  return template.trim().replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_placeholder, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`the system prompt has an unknown placeholder ${name}`);
    return value;
  });
}
