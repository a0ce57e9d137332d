// What doctor says of the language model: its server is there, takes the key, and has the model.
import { FinError, ModelError, toFinError } from '../domain/errors.ts';
import type { DoctorRow } from '../render/stats.ts';
import { sanitiseLine } from '../render/text.ts';
import { decideModelName, importModel } from '../app/agent.ts';
import type { CommandContext } from './command-context.ts';

export interface Check {
  row: DoctorRow;
  error?: FinError;
}

export function check(name: string, state: DoctorRow['state'], detail: string, hint?: string): Check {
  return { row: { name, state, detail, ...(hint === undefined ? {} : { hint }) } };
}

/** Without the part of a hint that sends its reader here. */
export function problem(name: string, error: FinError, detail = error.message): Check {
  const hint = (error.hint ?? 'try again later').replace(/; (?:see )?fin doctor\b.*$/, '');
  return {
    ...check(name, 'problem', detail, hint),
    error: new FinError(error.code, error.message, { ...error.details, hint }),
  };
}

const NAME = 'language model';
const MAX_NAMED = 5;

/** Never throws: what is wrong is the row and its error. */
export async function checkModel(session: CommandContext): Promise<Check> {
  const { config, options } = session;
  if (config.model === undefined)
    return note(
      'none set: using the built-in planner',
      'set OPENAI_API_KEY, or OPENAI_BASE_URL and FIN_MODEL, for open questions',
    );
  if (config.modelName === 'builtin')
    return note('not used: FIN_MODEL is builtin', 'set FIN_MODEL to a model of the endpoint for open questions');
  const where = nameEndpoint(config.model.baseUrl);
  if (options.offline) return note(`${config.model.name ?? 'no name given'} at ${where}, not asked: --offline`);
  try {
    const name = decideModelName(config.model);
    const model = await importModel(name, config.model, config.proxy);
    const startedMs = session.clock.machineNow();
    const listed = await model.listModels(session.signal);
    const ms = Math.round(session.clock.machineNow() - startedMs);
    return describeList({ name, where, listed, ms, hasKey: config.model.apiKey !== undefined });
  } catch (thrown) {
    return modelProblem(toFinError(thrown));
  }
}

/** Its host alone, as all failures say it: a key may stand in the path. */
function nameEndpoint(baseUrl: string | undefined): string {
  return baseUrl === undefined ? 'OpenAI' : (URL.parse(baseUrl)?.host ?? 'an invalid address');
}

interface Listed {
  name: string;
  where: string;
  listed: string[] | undefined;
  ms: number;
  hasKey: boolean;
}

/** A server without a list, or with one of another kind than names to ask for, is no problem: the first question tells. */
function describeList({ name, where, listed, ms, hasKey }: Listed): Check {
  if (listed === undefined || listed.length === 0)
    return note(
      `${name} at ${where}: it does not list its models`,
      'your first question will show whether it has the model',
    );
  // Ollama adds a tag where none is named.
  if (listed.includes(name) || listed.includes(`${name}:latest`))
    return check(
      NAME,
      'ok',
      `${name} at ${where} answers${hasKey ? ' with this key' : ''} and has the model, ${ms} ms`,
    );
  const others = `it has ${listed.slice(0, MAX_NAMED).join(', ')}${listed.length > MAX_NAMED ? ` and ${listed.length - MAX_NAMED} more` : ''}`;
  // llama.cpp lists the one file that it has loaded, and takes any name.
  if (listed.length === 1)
    return note(
      `${name} at ${where}: ${others}`,
      'if your first question says that the model was not found, set FIN_MODEL to this one',
    );
  return modelProblem(
    new ModelError(`language model ${sanitiseLine(name, 80)} at ${where}: not among its models`, {
      hint: `${others}: choose one with FIN_MODEL`,
    }),
  );
}

const note = (detail: string, hint?: string): Check => check(NAME, 'note', detail, hint);

function modelProblem(error: FinError): Check {
  return problem(NAME, error, error.message.replace(/^language model:? /, ''));
}
