// Colour: the only file that knows chalk. Meaning goes in (up, down, muted), escape sequences come out.
// Whether there is color at all is decided by the caller (terminal, NO_COLOR, flags).
import { Chalk } from 'chalk';
import type { Session } from '../domain/types.ts';

export type Tone = 'plain' | 'up' | 'down' | 'muted' | 'strong' | 'accent' | 'warning';

export interface Theme {
  readonly colour: boolean;
  paint(tone: Tone, text: string): string;
}

export function createTheme(options: { colour: boolean }): Theme {
  const chalk = new Chalk({ level: options.colour ? 1 : 0 });
  const painters: Record<Tone, (text: string) => string> = {
    plain: (text) => text,
    up: (text) => chalk.green(text),
    down: (text) => chalk.red(text),
    muted: (text) => chalk.dim(text),
    strong: (text) => chalk.bold(text),
    accent: (text) => chalk.cyan(text),
    warning: (text) => chalk.yellow(text),
  };
  return { colour: options.colour, paint: (tone, text) => painters[tone](text) };
}

/** How a view is laid out for where it is written. */
export function screenOf({ width, colour }: { width: number; colour: boolean }): { width: number; theme: Theme } {
  return { width, theme: createTheme({ colour }) };
}

/** The tone of a change: green above zero, red below, none at zero or where it is missing. */
export function toneOfChange(change: number | undefined): Tone {
  if (change === undefined || !Number.isFinite(change) || change === 0) return 'plain';
  return change > 0 ? 'up' : 'down';
}

/** The tone of the market's state: green while the regular session runs. */
export function toneOfSession(session: Session): Tone {
  return session === 'regular' ? 'up' : 'strong';
}
