// The whole terminal as a screen of lines: only what changed is drawn, in one piece, at most four times a second.
// Hides raw mode, the alternate screen, resizing, and that the terminal is given back on every way out.
import { spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';

export type ScreenKey =
  | { type: 'text'; text: string }
  | { type: 'up' | 'down' | 'pageUp' | 'pageDown' | 'first' | 'last' | 'enter' | 'escape' | 'erase' | 'interrupt' };

export interface FullScreenOptions {
  /** Without a terminal there are no keys. */
  stdin: NodeJS.ReadStream;
  stdout: Pick<NodeJS.WriteStream, 'columns' | 'rows' | 'on' | 'off'>;
  /** Puts text on the terminal before it returns: the process may be about to end. */
  write(text: string): void;
  /** The lines of a screen of this size, none wider; asked for when it is time to draw. */
  render(size: ScreenSize): readonly string[];
  onKey(key: ScreenKey): void;
  /** The terminal sends no more keys: it is gone. */
  onEnd(): void;
  machineNow(): number;
}

export interface ScreenSize {
  columns: number;
  rows: number;
}

const FRAME_MS = 250;
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';
const FRAME_BEGIN = '\u001b[?2026h';
const FRAME_END = '\u001b[?2026l';

/** Takes the terminal over at once. */
export function openFullScreen(options: FullScreenOptions) {
  const { stdin, stdout, write, machineNow } = options;
  const decoder = new StringDecoder('utf8');
  const readKeys = createKeyReader();
  let shown: readonly string[] | undefined;
  let drawnMs = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  let isOpen = false;
  let dismissGuard = (): void => undefined;

  function open(): void {
    if (isOpen) return;
    isOpen = true;
    dismissGuard();
    dismissGuard = postGuard();
    if (stdin.isTTY) stdin.setRawMode(true);
    write(ENTER);
    redraw();
  }

  function leave(): void {
    if (!isOpen) return;
    isOpen = false;
    clearTimeout(timer);
    timer = undefined;
    write(LEAVE);
    dismissGuard();
    if (stdin.isTTY) stdin.setRawMode(false);
  }

  /** The terminal has lost what was drawn. */
  function redraw(): void {
    shown = undefined;
    paint();
  }

  function draw(): void {
    if (!isOpen || timer !== undefined) return;
    const waitMs = drawnMs + FRAME_MS - machineNow();
    if (waitMs <= 0) paint();
    else timer = setTimeout(paint, waitMs);
  }

  function paint(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!isOpen) return;
    drawnMs = machineNow();
    const size = { columns: stdout.columns, rows: stdout.rows };
    const lines = options.render(size).slice(0, size.rows);
    const height = Math.max(lines.length, shown?.length ?? 0);
    const changes = Array.from({ length: height }, (_, row) =>
      shown !== undefined && lines[row] === shown[row] ? '' : `\u001b[${row + 1};1H\u001b[2K${lines[row] ?? ''}`,
    ).join('');
    const text = `${shown === undefined ? '\u001b[H\u001b[2J' : ''}${changes}`;
    shown = lines;
    if (text !== '') write(`${FRAME_BEGIN}${text}${FRAME_END}`);
  }

  /** The whole job stops, as the shell expects it. Where there is no job control nothing stops, and the screen is back. */
  function suspend(): void {
    leave();
    process.off('SIGTSTP', suspend);
    process.kill(0, 'SIGTSTP');
    process.on('SIGTSTP', suspend);
    open();
  }

  /** After a stop that could not be heard the shell has put its own modes in place. */
  function goOn(): void {
    if (!isOpen) return;
    isOpen = false;
    open();
  }

  function onData(chunk: Buffer | string): void {
    for (const key of readKeys(typeof chunk === 'string' ? chunk : decoder.write(chunk))) {
      if (key.type === 'suspend') suspend();
      else options.onKey(key);
    }
  }

  process.on('exit', leave);
  process.on('uncaughtExceptionMonitor', leave);
  process.on('SIGTSTP', suspend);
  process.on('SIGCONT', goOn);
  stdout.on('resize', redraw);
  if (stdin.isTTY) {
    stdin.on('data', onData);
    stdin.on('end', options.onEnd);
    stdin.on('error', options.onEnd);
    stdin.resume();
  }
  open();

  return {
    /** Something may look different: it is drawn at once, or as soon as a frame may be. */
    draw,
    /** Bell and notifications: what changes no cell. */
    send: (sequence: string) => {
      if (isOpen) write(sequence);
    },
    /** Gives the terminal back. */
    close: () => {
      leave();
      process.off('exit', leave);
      process.off('uncaughtExceptionMonitor', leave);
      process.off('SIGTSTP', suspend);
      process.off('SIGCONT', goOn);
      stdout.off('resize', redraw);
      if (!stdin.isTTY) return;
      stdin.off('data', onData);
      stdin.off('end', options.onEnd);
      stdin.off('error', options.onEnd);
      stdin.pause();
    },
  };
}

/**
 * Who is killed outright gives nothing back: a shell that waits for its end does. The modes of the line are restored by the
 * shell that it was started from.
 */
function postGuard(): () => void {
  if (!process.stdout.isTTY) return () => undefined;
  const give = LEAVE.replaceAll('\u001b', '\\033');
  const guard = spawn('/bin/sh', ['-c', `trap '' HUP INT QUIT TERM TSTP TTOU; read line || printf '${give}'`], {
    stdio: ['pipe', 'inherit', 'ignore'],
  });
  for (const part of [guard, guard.stdin]) part.on('error', () => undefined);
  guard.unref();
  return () => void guard.kill('SIGKILL');
}

const NAMED: Readonly<Record<string, (ScreenKey | { type: 'suspend' })['type']>> = {
  '\u001b[A': 'up',
  '\u001bOA': 'up',
  '\u001b[B': 'down',
  '\u001bOB': 'down',
  '\u001b[5~': 'pageUp',
  '\u001b[6~': 'pageDown',
  '\u001b[H': 'first',
  '\u001bOH': 'first',
  '\u001b[1~': 'first',
  '\u001b[F': 'last',
  '\u001bOF': 'last',
  '\u001b[4~': 'last',
  '\u001b': 'escape',
  '\r': 'enter',
  '\n': 'enter',
  '\u007f': 'erase',
  '\b': 'erase',
  '\u0003': 'interrupt',
  '\u001a': 'suspend',
};
const SEQUENCE = /\u001b\[[0-?]*[ -/]*[@-~]|\u001bO[ -~]|[\s\S]/gu;
const UNFINISHED = /\u001b(?:\[[0-?]*[ -/]*|O)$/;

/** A lone escape is the key of that name; a longer sequence may arrive in two pieces. Unknown ones press nothing. */
function createKeyReader(): (text: string) => (ScreenKey | { type: 'suspend' })[] {
  let kept = '';
  return (text) => {
    const all = kept + text;
    kept = UNFINISHED.exec(all)?.[0] ?? '';
    const whole = all.slice(0, all.length - kept.length);
    return (whole.match(SEQUENCE) ?? []).flatMap((piece): (ScreenKey | { type: 'suspend' })[] => {
      const type = NAMED[piece];
      if (type !== undefined) return [{ type } as ScreenKey];
      return /^[^\u0000-\u001f\u007f-\u009f]+$/u.test(piece) ? [{ type: 'text', text: piece }] : [];
    });
  };
}
