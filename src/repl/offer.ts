// Retry, skip or cancel: the question after a failed provider call, answered by one key or with the arrows.
import { select } from '@inquirer/prompts';
import { wrapText } from '../render/text.ts';
import type { Theme } from '../render/theme.ts';
import type { InputFilter } from './input-filter.ts';

export type Choice = 'retry' | 'skip' | 'cancel';

export interface OfferOptions {
  /** What failed and why, harmless. */
  message: string;
  /** Seconds before asking again helps; 0: at once. */
  retryAfterS: number;
  input: InputFilter;
  terminal: NodeJS.WriteStream;
  theme: Theme;
  /** Takes the offer back: the choice is then `cancel`. */
  signal: AbortSignal;
}

const SHORTCUTS = { r: 'r\r', s: 's\r', c: 'c\r', '\u001b': '\u0003' };

/** Ctrl-C, Esc and Ctrl-D cancel. */
export async function offerChoice({
  message,
  retryAfterS,
  input,
  terminal,
  theme,
  signal,
}: OfferOptions): Promise<Choice> {
  const lease = input.lendKeys(SHORTCUTS);
  try {
    return await select<Choice>(
      {
        message: wrapText(message, Math.max(20, terminal.columns - 1)).join('\n'),
        choices: [
          { value: 'retry', name: retryAfterS > 0 ? `retry in ${retryAfterS} s` : 'retry' },
          { value: 'skip', name: 'skip: go on without it' },
          { value: 'cancel', name: 'cancel the question' },
        ],
        theme: {
          prefix: '',
          icon: { cursor: '>' },
          style: {
            message: (text: string) => theme.paint('warning', text),
            highlight: (text: string) => theme.paint('accent', text),
            keysHelpTip: () => theme.paint('muted', 'r, s or c; or arrows and Enter'),
          },
        },
      },
      { input: lease.stream, output: terminal, clearPromptOnDone: true, signal },
    );
  } catch (thrown) {
    const name = thrown instanceof Error ? thrown.name : '';
    if (name === 'ExitPromptError' || name === 'AbortPromptError') return 'cancel';
    throw thrown;
  } finally {
    lease.release();
  }
}
