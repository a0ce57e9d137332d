// The scripts of `fin completion`, loaded by the shells themselves, and the manual page as its readers render it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { nameOfOption } from '../../src/cli/command.ts';
import { collectOffered } from '../../src/cli/completion.ts';
import { writeBash, writeFish, writeZsh } from '../../src/cli/completion-scripts.ts';
import { renderManPage } from '../../src/cli/man-page.ts';
import { listFields } from '../../src/fields/registry.ts';

const folder = mkdtempSync(join(tmpdir(), 'fin-completion-'));
afterAll(() => rmSync(folder, { recursive: true }));

function save(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;
const offered = collectOffered(COMMANDS);
const bash = save('fin.bash', writeBash(offered));

function run(program: string, args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, HOME: folder } });
  expect(stderr).toBe('');
  return stdout;
}

/** What bash offers for lines of words, the last of which is being typed: all lines in one shell. */
function offeredByBash(lines: readonly (readonly string[])[]): string[][] {
  const quote = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;
  const asked = lines.map(
    (words) =>
      `COMP_WORDS=(${words.map(quote).join(' ')}); COMP_CWORD=${words.length - 1}; _fin; printf '%s\\t' "\${COMPREPLY[@]}"; echo`,
  );
  const text = run('bash', ['--norc', '--noprofile', '-c', `source '${bash}'; compopt() { :; }; ${asked.join('; ')}`]);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t').filter((word) => word !== ''));
}

describe('completion in bash', () => {
  it('is there once the script is loaded', () => {
    expect(run('bash', ['--norc', '--noprofile', '-c', `source '${bash}'; complete -p fin`])).toBe(
      'complete -F _fin fin\n',
    );
  });

  it('offers every command, and every option and choice of each', () => {
    const [names = []] = offeredByBash([['fin', '']]);
    expect(names).toEqual([...COMMANDS.map(({ name }) => name), 'help']);
    const ofOptions = offeredByBash(COMMANDS.map(({ name }) => ['fin', name, 'X', '--']));
    for (const [index, { options }] of COMMANDS.entries())
      expect(ofOptions[index]).toEqual([...options.map(nameOfOption), '--help']);
    const chosen = COMMANDS.flatMap(({ name, options }) =>
      options.flatMap((option) => (option.choices === undefined ? [] : [{ name, option, choices: option.choices }])),
    );
    const ofChoices = offeredByBash(chosen.map(({ name, option }) => ['fin', name, 'X', nameOfOption(option), '']));
    for (const [index, { choices }] of chosen.entries()) expect(ofChoices[index]).toEqual(choices);
  });

  it('offers subcommands, shells, and the fields of a list with commas', () => {
    const names = listFields().map(({ name }) => name);
    const [cache, stats, shells, fields = [], part, sorted, equals] = offeredByBash([
      ['fin', 'cache', ''],
      ['fin', 'cache', 'stats', '--cs'],
      ['fin', 'completion', 'z'],
      ['fin', 'table', 'NVDA', '--columns', ''],
      ['fin', 'table', 'NVDA', '--columns', 'last,maxP'],
      ['fin', 'table', 'NVDA', '--sort', '-rsi1'],
      ['fin', 'chain', 'SPY', '--side', '=', 'p'],
    ]);
    expect(cache).toEqual(['stats', 'clear', 'warm', 'path']);
    expect(stats).toEqual(['--csv']);
    expect(shells).toEqual(['zsh']);
    expect(fields).toEqual(expect.arrayContaining(names));
    expect(part).toEqual(['last,maxPain']);
    expect(sorted).toEqual(['-rsi14']);
    expect(equals).toEqual(['put']);
  });

  it('quotes a phrase where it is not quoted yet, completes files, and offers nothing where anything may stand', () => {
    const log = save('a log.txt', '');
    expect(
      offeredByBash([
        ['fin', 'history', 'NVDA', '--range', 'last w'],
        ['fin', 'history', 'NVDA', '--range', '"last w'],
        ['fin', 'quote', 'NVDA', '--log', log.slice(0, -3)],
        ['fin', 'positions', 'import', log.slice(0, -3)],
        ['fin', 'positions', 'remove', log.slice(0, -3)],
        ['fin', 'quote', 'NVDA', '--timeout', ''],
        ['fin', 'quote', 'N'],
        ['fin', 'nonsense', ''],
      ]),
    ).toEqual([[String.raw`last\ week`], ['last week'], [log], [log], [], [], [], []]);
  });
});

describe.runIf(has('zsh'))('completion in zsh', () => {
  it('is a script that zsh reads', () => {
    run('zsh', ['-n', save('_fin', writeZsh(offered))]);
  });
});

describe.runIf(has('fish'))('completion in fish', () => {
  it('offers options, choices and fields', () => {
    const script = save('fin.fish', writeFish(offered));
    const ask = (line: string): string[] =>
      run('fish', ['--no-config', '-c', `source ${script}; complete -C '${line}'`])
        .split('\n')
        .flatMap((each) => each.split('\t')[0] || []);
    expect(ask('fin qu')).toEqual(['quote']);
    expect(ask('fin chain SPY --side p')).toEqual(['put']);
    expect(ask('fin table NVDA --columns last,maxP')).toEqual(['last,maxPain']);
  });
});

describe('the manual page', () => {
  const page = renderManPage(COMMANDS, '0.1.0');

  it('tells every command, option and choice', () => {
    for (const { name, summary, options, subcommands = [] } of COMMANDS) {
      expect(page).toContain(`.SS "fin ${name}`);
      expect(page).toContain(summary.replaceAll('-', String.raw`\-`).replaceAll('’', String.raw`\[u2019]`));
      for (const option of options) expect(page).toContain(nameOfOption(option).replaceAll('-', String.raw`\-`));
      for (const sub of subcommands) expect(page).toContain(String.raw`\fB${sub.name}\fR`);
    }
  });

  it.runIf(has('groff'))('is rendered without a warning', () => {
    const text = run('groff', ['-man', '-Tascii', '-ww', '-P-c', '-P-b', '-P-u', save('fin.1', page)]);
    expect(text).toContain('fin - quotes, history, indicators');
    expect(text).toMatch(/--expiration[\s\S]+EXIT STATUS[\s\S]+fin nvda/);
  });
});
