// fin doctor: keys, reachability, limits, breakers, model, cache file and data folder, each with ok or problem and what to do.
import type { ConfiguredProvider, Runtime } from '../app/runtime.ts';
import { createMarketRequest } from '../app/request.ts';
import { decideWarnings } from '../cache/health-warnings.ts';
import { FinError, toFinError } from '../domain/errors.ts';
import { describeLimit } from '../http/limit-share.ts';
import { PLANNED_ENDPOINTS } from '../providers/polygon-refusal.ts';
import { toAnswerError } from '../tools/answer.ts';
import { titleOf } from '../market/access.ts';
import type { CommandRunner } from './command.ts';
import { checkData } from './doctor-data.ts';
import { type Check, check, checkModel, problem } from './doctor-model.ts';
import { EXIT, decideExitCode } from '../app/exit-code.ts';
import { liftBreaker, readUse } from '../app/provider-use.ts';
import { type CommandContext } from './command-context.ts';
import { printOwn } from './own-document.ts';

export const runDoctor: CommandRunner = async (_invocation, session) => {
  const runtime = await session.openRuntime();
  let providerCalls = 0;
  const onSent = (): void => void (providerCalls += 1);
  const model = checkModel(session);
  const checks = [
    check('Node', 'ok', process.versions.node),
    ...describeKeys(session, runtime),
    ...describePlaceholders(session),
    ...(await Promise.all(runtime.providers.map((provider) => checkProvider(provider, runtime, session, onSent)))),
    ...(await Promise.all(runtime.providers.map((provider) => describeRefusals(provider, runtime, session)))).flat(),
    ...(await Promise.all(runtime.providers.map((provider) => checkLimit(provider, runtime, session)))).flat(),
    await model,
    ...(await describeStore(runtime)),
    describeCache(runtime),
    await checkData(session),
    ...(await describeUse(runtime)),
  ];
  const errors = checks.flatMap(({ error }) => error ?? []);
  const rows = checks.map(({ row }) => row);
  const [{ renderDoctor }, { screenOf }] = await Promise.all([
    import('../render/stats.ts'),
    import('../render/theme.ts'),
  ]);
  printOwn(session, 'doctor', rows, renderDoctor(rows, screenOf(session.output)), {
    sample: runtime.isSample,
    providerCalls,
    errors: errors.map((error) => toAnswerError(error)),
  });
  for (const error of errors) session.output.error(error);
  return errors.length === 0 ? EXIT.done : decideExitCode(false, errors);
};

function describeKeys({ config }: CommandContext, runtime: Runtime): Check[] {
  if (runtime.isSample)
    return [
      check(
        'market keys',
        'note',
        'none set: using the SAMPLE market',
        'set TRADIER_ACCESS_TOKEN or MASSIVE_API_KEY for real figures',
      ),
    ];
  const names = [
    config.tradier === undefined ? undefined : 'TRADIER_ACCESS_TOKEN',
    config.polygon === undefined ? undefined : config.usesOldPolygonName ? 'POLYGON_API_KEY' : 'MASSIVE_API_KEY',
  ];
  return [check('market keys', 'ok', names.filter((name) => name !== undefined).join(', '))];
}

function describePlaceholders({ config: { placeholders } }: CommandContext): Check[] {
  if (placeholders === undefined) return [];
  const detail = `${placeholders.join(', ')}: a placeholder, ignored`;
  return [check('placeholder keys', 'note', detail, 'put your key in its place, or remove it')];
}

async function checkProvider(
  configured: ConfiguredProvider,
  runtime: Runtime,
  session: CommandContext,
  onSent: () => void,
): Promise<Check> {
  const name = titleOf(configured.name);
  if (session.options.offline) return check(name, 'note', 'not asked: --offline asks no provider');
  let answered = '';
  const { call } = createMarketRequest(session);
  const lowerBreaker = await liftBreaker(configured, runtime.state, session.clock.machineNow);
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
    const isSample = configured.name === 'sample';
    return check(name, 'ok', isSample ? 'built in' : `${configured.address} answers with this key${answered}`);
  } catch (thrown) {
    await lowerBreaker();
    return problem(name, toFinError(thrown));
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
  const detail = `refused so far: ${refused.join(', ')}`;
  return [check(`${titleOf(name)} plan`, 'note', detail, 'cleared: the next question asks again')];
}

async function checkLimit(provider: ConfiguredProvider, runtime: Runtime, session: CommandContext): Promise<Check[]> {
  const nowMs = session.clock.machineNow();
  const use = await readUse(provider, runtime.state, nowMs);
  if (use === undefined) return [];
  const { used, limitPerMinute } = use;
  const { state, probeAtMs } = use.breaker;
  const title = titleOf(provider.name);
  const waits = probeAtMs === undefined ? '' : `, next try in ${Math.max(0, Math.ceil((probeAtMs - nowMs) / 1000))} s`;
  const limit = describeLimit(limitPerMinute, provider.limitPerMinute ?? limitPerMinute);
  const detail = `${used} of ${limit} requests used in the last minute`;
  return [
    check(`${title} limit`, used < limitPerMinute ? 'ok' : 'note', detail),
    check(`${title} breaker`, state === 'closed' ? 'ok' : 'note', `${state}${waits}`),
  ];
}

async function describeUse({ counters }: Runtime): Promise<Check[]> {
  return decideWarnings(await counters.readRecent()).map(({ level, text, hint }) =>
    check(`last hour, ${level}`, 'note', text, hint),
  );
}

async function describeStore({ shared }: Runtime): Promise<Check[]> {
  if (shared === undefined) return [];
  const { address, away, note } = await shared.readStatus();
  if (away === undefined) return [check('store', note === undefined ? 'ok' : 'note', `${address} is in use`, note)];
  const hint = 'start Redis or fix FIN_STORE; fin reconnects on its own';
  const error = new FinError('unavailable', `store: ${address} ${away}`, { hint });
  const detail = `${address} ${away}: this machine uses its own cache file and a fifth of each limit`;
  return [problem('store', error, detail)];
}

function describeCache(runtime: Runtime): Check {
  const { database } = runtime;
  if (database.isOnDisk()) return check('cache', 'ok', database.path);
  const detail = `${database.path} cannot be used: nothing is cached`;
  return check('cache', 'problem', detail, 'set FIN_CACHE_DIR to a folder you can write to');
}
