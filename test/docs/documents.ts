// The parts of the README that a program writes: transcripts of real commands on the sample market, and the help.
// `npm run docs` puts them in, a test compares them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const FIN = resolve(import.meta.dirname, '../../bin/fin.js');
/** With it the program's clock stands at FIN_NOW, however long a busy machine takes. */
export const STANDING_CLOCK = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent('const ms = Date.now(); Date.now = () => ms;')}`,
};

/** The document with every transcript and help block filled by running the program. */
export function fillDocument(text: string): string {
  return text
    .replaceAll(
      /<!-- transcript FIN_NOW=(\S+) -->\n```console\n([\s\S]*?)```/g,
      (_block, now: string, body: string) => {
        const commands = body.split('\n').filter((line) => line.startsWith('$ fin '));
        return `<!-- transcript FIN_NOW=${now} -->\n\`\`\`console\n${runAll(commands, now)}\`\`\``;
      },
    )
    .replaceAll(
      /<!-- help -->\n```\n[\s\S]*?```/g,
      () => `<!-- help -->\n\`\`\`\n${run('fin --help', undefined, emptyFolder)}\`\`\``,
    );
}

const emptyFolder = '/nonexistent-fin-cache';

function runAll(commands: readonly string[], now: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'fin-docs-'));
  try {
    return commands.map((command) => `${command}\n${run(command.slice(2), now, folder)}`).join('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Words are split as a shell splits them: by spaces, with double quotes. */
function run(command: string, now: string | undefined, folder: string): string {
  const words = (command.match(/"[^"]*"|\S+/g) ?? []).slice(1).map((word) => word.replaceAll('"', ''));
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    FIN_CACHE_DIR: folder,
    ...STANDING_CLOCK,
    ...(now === undefined ? {} : { FIN_NOW: now }),
  };
  const result = spawnSync(process.execPath, [FIN, ...words], { env, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${command} ended with ${String(result.status)}: ${result.stderr}`);
  return result.stdout.replaceAll(/[ \t]+\n/g, '\n');
}
