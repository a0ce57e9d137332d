// fin doctor: keys, reachability, limits, breakers, model and cache file, each with ok or problem and what to do.
import { type FinError, toFinError } from '../domain/errors.ts';
import type { DoctorRow } from '../render/stats.ts';
import { titleOf } from '../market/access.ts';
import { breakerName } from '../http/wire.ts';
import type { CommandRunner } from './commands.ts';
import { EXIT, decideExitCode } from './exit-code.ts';
import { type ConfiguredProvider, type Runtime, type Session, createMarketRequest } from './session.ts';

interface Check {
  row: DoctorRow;
  error?: FinError;
}

export const runDoctor: CommandRunner = async (_invocation, session) => {
  const runtime = await session.openRuntime();
  const checks = [
    describeRuntime(),
    ...describeKeys(session, runtime),
    ...(await Promise.all(runtime.providers.map((provider) => checkProvider(provider, session)))),
    ...runtime.providers.flatMap((provider) => describeLimit(provider, runtime, session)),
    describeModel(session),
    describeCache(runtime),
  ];
  const errors = checks.map((check) => check.error).filter((error) => error !== undefined);
  await print(session, checks.map((check) => check.row), errors);
  return errors.length === 0 ? EXIT.done : decideExitCode(false, errors.map((error) => error.code));
};

async function print(session: Session, rows: DoctorRow[], errors: readonly FinError[]): Promise<void> {
  if (session.options.json) {
    const shown = errors.map(({ code, message, hint }) => ({ code, message, ...(hint === undefined ? {} : { hint }) }));
    const document = { schema: 'fin/1', command: 'doctor', ok: errors.length === 0, data: rows, errors: shown, meta: { sample: false, providerCalls: 0, elapsedMs: 0 } };
    session.output.write(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  const [{ renderDoctor }, { createTheme }] = await Promise.all([import('../render/stats.ts'), import('../render/theme.ts')]);
  session.output.writeLines(renderDoctor(rows, { width: session.output.width, theme: createTheme({ colour: session.output.colour }) }));
}

function describeRuntime(): Check {
  return { row: { name: 'Node', state: 'ok', detail: process.versions.node } };
}

function describeKeys({ config }: Session, runtime: Runtime): Check[] {
  if (runtime.isSample)
    return [{ row: { name: 'market keys', state: 'note', detail: 'none is set: the SAMPLE market answers', hint: 'set TRADIER_ACCESS_TOKEN or MASSIVE_API_KEY for real figures' } }];
  const names = [config.tradier === undefined ? undefined : 'TRADIER_ACCESS_TOKEN', config.polygon === undefined ? undefined : config.usesOldPolygonName ? 'POLYGON_API_KEY' : 'MASSIVE_API_KEY'];
  return [{ row: { name: 'market keys', state: 'ok', detail: names.filter((name) => name !== undefined).join(', ') } }];
}

async function checkProvider(configured: ConfiguredProvider, session: Session): Promise<Check> {
  const name = titleOf(configured.name);
  const startedMs = session.clock.machineNow();
  const { call } = createMarketRequest(session);
  try {
    const provider = await configured.load();
    await provider.checkAccess({ ...call, ignoreRemembered: true });
    const ms = Math.round(session.clock.machineNow() - startedMs);
    return { row: { name, state: 'ok', detail: configured.name === 'sample' ? 'built in' : `${configured.address} answers with this key, ${ms} ms` } };
  } catch (thrown) {
    const error = toFinError(thrown);
    const hint = error.hint ?? 'try again later';
    return { row: { name, state: 'problem', detail: error.message, hint }, error };
  }
}

function describeLimit({ name, address, keyHash, limitPerMinute }: ConfiguredProvider, runtime: Runtime, session: Session): Check[] {
  if (limitPerMinute === undefined) return [];
  const nowMs = session.clock.machineNow();
  const used = runtime.state.countUsed({ provider: name, keyHash: keyHash() }, nowMs);
  const { state, probeAtMs } = runtime.state.readBreaker(breakerName({ provider: name, baseUrl: address }), nowMs);
  const waits = probeAtMs === undefined ? '' : `, next try in ${Math.max(0, Math.ceil((probeAtMs - nowMs) / 1000))} s`;
  return [
    { row: { name: `${titleOf(name)} limit`, state: used < limitPerMinute ? 'ok' : 'note', detail: `${used} of ${limitPerMinute} requests used in the last minute` } },
    { row: { name: `${titleOf(name)} breaker`, state: state === 'closed' ? 'ok' : 'note', detail: `${state}${waits}` } },
  ];
}

function describeModel({ config }: Session): Check {
  const { model } = config;
  if (model === undefined)
    return { row: { name: 'language model', state: 'note', detail: 'none is set: the built-in planner answers', hint: 'set OPENAI_API_KEY, or OPENAI_BASE_URL and FIN_MODEL, for open questions' } };
  return { row: { name: 'language model', state: 'ok', detail: `${model.name ?? 'no name given'} at ${model.baseUrl ?? 'OpenAI'}` } };
}

function describeCache(runtime: Runtime): Check {
  const { database } = runtime;
  if (database.isOnDisk()) return { row: { name: 'cache', state: 'ok', detail: database.path } };
  return { row: { name: 'cache', state: 'problem', detail: `${database.path} cannot be used: nothing is kept`, hint: 'set FIN_CACHE_DIR to a folder of yours that can be written' } };
}
