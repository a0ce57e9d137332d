// The parameters of a request as the words and options of a command: named like its long flags, unknown ones refused by
// name. Hides which options a server does not take because they are about a screen or write a file.
import { type CommandForm, type Invocation, type OptionSpec, nameOfOption } from '../app/command.ts';
import { UsageError } from '../domain/errors.ts';
import { quoteInput } from '../domain/symbols.ts';

export interface Parameter {
  name: string;
  /** Absent: a word of the command. */
  option?: OptionSpec;
  isFlag: boolean;
  isRequired: boolean;
  isRepeatable: boolean;
}

const NOT_SERVED = new Set(['json', 'csv', 'no-color', 'quiet', 'verbose', 'log', 'svg', 'height']);

/** Of a data command: its words first. `symbols` stands for one symbol too. */
export function listParameters({ arguments: words, options }: Pick<CommandForm, 'arguments' | 'options'>): Parameter[] {
  const positional = words
    .split(' ')
    .filter((word) => word !== '')
    .map((word): Parameter => {
      const name = word.replaceAll(/[<>[\].]/g, '');
      return {
        name: name === 'symbol' ? 'symbols' : name,
        isFlag: false,
        isRequired: word.startsWith('<'),
        isRepeatable: word.includes('...'),
      };
    });
  const named = options
    .map((option): Parameter => ({
      name: nameOfOption(option).slice(2),
      option,
      isFlag: !/[<[]/.test(option.flags),
      isRequired: false,
      isRepeatable: option.isRepeatable === true,
    }))
    .filter(({ name }) => !NOT_SERVED.has(name));
  return [...positional, ...named];
}

/** @throws UsageError that names the parameter */
export function parseParameters(command: string, parameters: readonly Parameter[], query: URLSearchParams): Invocation {
  const known = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  for (const name of query.keys())
    if (!known.has(name))
      throw new UsageError(`${command}: unknown parameter ${quoteInput(name)}`, {
        hint: `it takes ${parameters.map((parameter) => parameter.name).join(', ') || 'none'}`,
      });
  const words: string[] = [];
  const options: Record<string, string | boolean> = {};
  for (const parameter of parameters) {
    const values = query.getAll(parameter.name);
    if (values.length === 0 && !parameter.isRequired) continue;
    checkCount(command, parameter, values);
    if (parameter.option === undefined) words.push(...values);
    else {
      const value = readValue(command, parameter, values);
      if (value !== false) options[toKey(parameter.name)] = value;
    }
  }
  return { command, words, options };
}

function checkCount(command: string, { name, isFlag, isRepeatable }: Parameter, values: readonly string[]): void {
  if (!isFlag && values.every((value) => value.trim() === ''))
    throw new UsageError(`${command}: parameter ${name} is missing`, { hint: `add ${name}=…` });
  if (values.length > 1 && !isRepeatable)
    throw new UsageError(`${command}: parameter ${name} is given ${values.length} times`, { hint: 'give it once' });
}

function readValue(command: string, { name, option, isFlag }: Parameter, values: readonly string[]): string | boolean {
  const text = values.join('\n');
  if (isFlag) {
    // A flag's name alone stands for it.
    if (text === 'true' || text === '1' || text === '') return true;
    if (text === 'false' || text === '0') return false;
    throw new UsageError(`${command}: ${name} must be true or false`, { hint: `use ${name}=true` });
  }
  const choices = option?.choices;
  if (choices !== undefined && !choices.includes(text))
    throw new UsageError(`${command}: ${name}=${quoteInput(text)}: not one of its values`, {
      hint: `use ${choices.join(', ')}`,
    });
  return text;
}

/** `min-oi` is the option minOi, as a command line has it. */
const toKey = (name: string): string => name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
