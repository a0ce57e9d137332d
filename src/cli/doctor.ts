// fin doctor: keys, reachability, limits, breakers, model, cache file and data folder, each with ok or problem and what to do.
import type { ConfiguredProvider, Runtime } from '../app/runtime.ts';
import { createMarketRequest } from '../app/request.ts';
import { decideWarnings } from '../cache/health-warnings.ts';
import { FinError, toFinError } from '../domain/errors.ts';
import { describeLimit } from '../http/limiter.ts';
import { PLANNED_ENDPOINTS } from '../providers/polygon-refusal.ts';
import { formatJson } from '../render/json.ts';
import type { DoctorRow } from '../render/stats.ts';
import { toAnswerError } from '../tools/answer.ts';
import { titleOf } from '../market/access.ts';
import type { CommandRunner } from './command.ts';
import { checkData } from './doctor-data.ts';
import { type Check, checkModel } from './doctor-model.ts';
import { type DocumentParts, createDocument } from '../app/document.ts';
import { EXIT, decideExitCode } from '../app/exit-code.ts';
import { readUse } from '../app/provider-use.ts';
import { type CommandContext } from './command-context.ts';

export const runDoctor: CommandRunner = async (_invocation, session) => {
  const runtime = await session.openRuntime();
  let providerCalls = 0;
  const onSent = (): void => void (providerCalls += 1);
  const model = checkModel(session);
  const checks = [
    describeRuntime(),
    ...describeKeys(session, runtime),
    ...describePlaceholders(session),
    ...(await Promise.all(runtime.providers.map((provider) => checkProvider(provider, session, onSent)))),
    ...(await Promise.all(runtime.providers.map((provider) => describeRefusals(provider, runtime, session)))).flat(),
    ...(await Promise.all(runtime.providers.map((provider) => checkLimit(provider, runtime, session)))).flat(),
    await model,
    ...(await describeStore(runtime)),
    describeCache(runtime),
    await checkData(session),
    ...(await describeUse(runtime)),
  ];
  const errors = checks.map((check) => check.error).filter((error) => error !== undefined);
  await print(
    session,
    checks.map((check) => check.row),
    errors,
    { sample: runtime.isSample, providerCalls },
  );
  return errors.length === 0
    ? EXIT.done
    : decideExitCode(
        false,
        errors.map((error) => error.code),
      );
};

async function print(
  session: CommandContext,
  rows: DoctorRow[],
  errors: readonly FinError[],
  effort: DocumentParts,
): Promise<void> {
  const { output } = session;
  if (session.options.json) {
    output.write(
      formatJson(
        createDocument(session, 'doctor', rows, { ...effort, errors: errors.map((error) => toAnswerError(error)) }),
      ),
    );
  } else {
    const [{ renderDoctor }, { createTheme }] = await Promise.all([
      import('../render/stats.ts'),
      import('../render/theme.ts'),
    ]);
    output.writeLines(renderDoctor(rows, { width: output.width, theme: createTheme({ colour: output.colour }) }));
  }
  for (const error of errors) output.error(error);
}

function describeRuntime(): Check {
  return { row: { name: 'Node', state: 'ok', detail: process.versions.node } };
}

function describeKeys({ config }: CommandContext, runtime: Runtime): Check[] {
  if (runtime.isSample)
    return [
      {
        row: {
          name: 'market keys',
          state: 'note',
          detail: 'none set: using the SAMPLE market',
          hint: 'set TRADIER_ACCESS_TOKEN or MASSIVE_API_KEY for real figures',
        },
      },
    ];
  const names = [
    config.tradier === undefined ? undefined : 'TRADIER_ACCESS_TOKEN',
    config.polygon === undefined ? undefined : config.usesOldPolygonName ? 'POLYGON_API_KEY' : 'MASSIVE_API_KEY',
  ];
  return [{ row: { name: 'market keys', state: 'ok', detail: names.filter((name) => name !== undefined).join(', ') } }];
}

function describePlaceholders({ config: { placeholders } }: CommandContext): Check[] {
  if (placeholders === undefined) return [];
  const detail = `${placeholders.join(', ')}: a placeholder, ignored`;
  return [
    { row: { name: 'placeholder keys', state: 'note', detail, hint: 'put your key in its place, or remove it' } },
  ];
}

async function checkProvider(
  configured: ConfiguredProvider,
  session: CommandContext,
  onSent: () => void,
): Promise<Check> {
  const name = titleOf(configured.name);
  if (session.options.offline) return { row: { name, state: 'note', detail: 'not asked: --offline asks no provider' } };
  let answered = '';
  const { call } = createMarketRequest(session);
  try {
    const provider = await configured.load();
    const report: typeof call.report = (event) => {
      if (event.type === 'request') {
        onSent();
        answered = `, ${Math.round(event.ms)} ms`;
      }
      call.report(event);
    };
    await provider.checkAccess({ ...call, ignoreRemembered: true, report });
    return {
      row: {
        name,
        state: 'ok',
        detail: configured.name === 'sample' ? 'built in' : `${configured.address} answers with this key${answered}`,
      },
    };
  } catch (thrown) {
    const error = toFinError(thrown);
    const hint = error.hint ?? 'try again later';
    return { row: { name, state: 'problem', detail: error.message, hint }, error };
  }
}

/** What the plan was said not to include is named and forgotten: the next question asks again. */
async function describeRefusals(
  { name, keyHash, limitPerMinute }: ConfiguredProvider,
  runtime: Runtime,
  session: CommandContext,
): Promise<Check[]> {
  if (limitPerMinute === undefined) return [];
  const key = { provider: name, keyHash: keyHash() };
  const refused: string[] = [];
  for (const endpoint of PLANNED_ENDPOINTS)
    if ((await runtime.state.readRefusal(key, endpoint, session.clock.machineNow())) !== undefined)
      refused.push(endpoint);
  if (refused.length === 0) return [];
  for (const endpoint of refused) await runtime.state.forgetRefusal(key, endpoint);
  return [
    {
      row: {
        name: `${titleOf(name)} plan`,
        state: 'note',
        detail: `refused so far: ${refused.join(', ')}`,
        hint: 'forgotten now: the next question asks again',
      },
    },
  ];
}

async function checkLimit(provider: ConfiguredProvider, runtime: Runtime, session: CommandContext): Promise<Check[]> {
  const nowMs = session.clock.machineNow();
  const use = await readUse(provider, runtime.state, nowMs);
  if (use === undefined) return [];
  const { used, limitPerMinute } = use;
  const { state, probeAtMs } = use.breaker;
  const title = titleOf(provider.name);
  const waits = probeAtMs === undefined ? '' : `, next try in ${Math.max(0, Math.ceil((probeAtMs - nowMs) / 1000))} s`;
  return [
    {
      row: {
        name: `${title} limit`,
        state: used < limitPerMinute ? 'ok' : 'note',
        detail: `${used} of ${describeLimit(limitPerMinute, provider.limitPerMinute ?? limitPerMinute)} requests used in the last minute`,
      },
    },
    { row: { name: `${title} breaker`, state: state === 'closed' ? 'ok' : 'note', detail: `${state}${waits}` } },
  ];
}

async function describeUse({ counters }: Runtime): Promise<Check[]> {
  return decideWarnings(await counters.readRecent()).map(({ level, text, hint }) => ({
    row: { name: `last hour, ${level}`, state: 'note', detail: text, hint },
  }));
}

async function describeStore({ shared }: Runtime): Promise<Check[]> {
  if (shared === undefined) return [];
  const { address, away, note } = await shared.readStatus();
  if (away === undefined) {
    const told = note === undefined ? {} : { hint: note };
    return [
      { row: { name: 'store', state: note === undefined ? 'ok' : 'note', detail: `${address} is in use`, ...told } },
    ];
  }
  const detail = `${address} ${away}: this machine uses its own cache file and a fifth of each limit`;
  const hint = 'start Redis or fix FIN_STORE; fin reconnects on its own';
  return [
    {
      row: { name: 'store', state: 'problem', detail, hint },
      error: new FinError('unavailable', `store: ${address} ${away}`, { hint }),
    },
  ];
}

function describeCache(runtime: Runtime): Check {
  const { database } = runtime;
  if (database.isOnDisk()) return { row: { name: 'cache', state: 'ok', detail: database.path } };
  return {
    row: {
      name: 'cache',
      state: 'problem',
      detail: `${database.path} cannot be used: nothing is kept`,
      hint: 'set FIN_CACHE_DIR to a folder of yours that can be written',
    },
  };
}
