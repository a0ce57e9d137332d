// fin completion: scripts with which bash, zsh and fish complete fin's commands, options, choices and fields.
// Made from the table of commands; what a script offers is fixed when it is printed.
import { UsageError } from '../domain/errors.ts';
import { PRESET_NAMES } from '../fields/presets.ts';
import { listFields } from '../fields/registry.ts';
import { type CommandRunner, type CommandSpec, type OptionSpec, nameOfOption } from './command.ts';
import {
  type Offered,
  type OfferedCommand,
  type OfferedOption,
  writeBash,
  writeFish,
  writeZsh,
} from './completion-scripts.ts';
import { EXIT } from '../app/exit-code.ts';

const WRITERS: Readonly<Record<string, (words: Offered) => string>> = {
  bash: writeBash,
  zsh: writeZsh,
  fish: writeFish,
};

/** @param listCommands the table of all commands, which holds this one too */
export function createCompletionRunner(listCommands: () => readonly CommandSpec[]): CommandRunner {
  return ({ words: [shell = ''] }, { output }) => {
    const write = Object.hasOwn(WRITERS, shell) ? WRITERS[shell] : undefined;
    if (write === undefined)
      throw new UsageError(`completion: no script for "${shell.slice(0, 20)}"`, {
        hint: `there is one for ${Object.keys(WRITERS).join(', ')}`,
      });
    output.write(write(collectOffered(listCommands())));
    return Promise.resolve(EXIT.done);
  };
}

export function collectOffered(commands: readonly CommandSpec[]): Offered {
  const offered = commands.map(
    ({ name, summary, options, subcommands = [], arguments: args, words = [] }): OfferedCommand => ({
      name,
      summary,
      options: [...options.map(toOffered), HELP],
      subcommands: subcommands.map((sub) => ({
        name: sub.name,
        summary: sub.summary,
        options: (sub.options ?? []).map(toOffered),
        takesFile: sub.arguments === '<file>',
      })),
      words,
      takesFile: args === '<file>',
    }),
  );
  const names = commands.map(({ name }) => name);
  const help: OfferedCommand = {
    name: 'help',
    summary: 'show help for a command',
    options: [{ name: '--man', summary: 'print the manual page', value: 'none' }],
    subcommands: [],
    words: names,
    takesFile: false,
  };
  return { commands: [...offered, help], fields: listFieldNames() };
}

/** What columns and conditions are made of. */
export function listFieldNames(): string[] {
  return [...listFields().map(({ name }) => name), ...PRESET_NAMES];
}

const HELP: OfferedOption = { name: '--help', summary: 'show help', value: 'none' };
export const FIELD_OPTIONS: readonly string[] = ['--columns', '--sort', '--where'];

function toOffered(option: OptionSpec): OfferedOption {
  const { flags, description: summary, choices, examples } = option;
  const name = nameOfOption(option);
  return { name, summary, value: valueOf(name, flags, choices ?? examples) };
}

/** Examples are written as they are typed in a session; quotes are the shell's own affair. */
function valueOf(name: string, flags: string, values: readonly string[] | undefined): OfferedOption['value'] {
  if (!flags.includes('<')) return 'none';
  if (FIELD_OPTIONS.includes(name)) return 'fields';
  if (/<(?:file|report)>/.test(flags)) return 'file';
  return values?.map((value) => value.replaceAll('"', '')) ?? 'any';
}
