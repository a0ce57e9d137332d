// Where every setting comes from: flags > environment > .env of the working directory > settings file > default.
// All problems are reported at once; a key is a Secret that prints as ***.
import * as fs from 'node:fs';
import { parseEnv } from 'node:util';
import type { FreshnessKind } from './cache/freshness.ts';
import { ConfigError } from './domain/errors.ts';
import type { EpochMs } from './domain/types.ts';
import { parseIsoInstant } from './domain/exchange-time.ts';

/** A key that leaves only through `reveal()`, so that no print, JSON or log can carry it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }
}

export interface PolygonSettings {
  apiKey: Secret;
  baseUrl: string;
  limitPerMinute: number;
}

export interface TradierSettings {
  token: Secret;
  baseUrl: string;
  environment: 'production' | 'sandbox';
  limitPerMinute: number;
}

export interface ModelSettings {
  /** Absent: a local server that wants none. */
  apiKey?: Secret;
  /** Absent: OpenAI's own address. */
  baseUrl?: string;
  /** Absent: no name was given. */
  name?: string;
}

/** Seconds by kind of entry and column, over the built-in freshness table. */
export type FreshnessOverrides = Record<
  string,
  { openSeconds?: number; closedSeconds?: number; usableSeconds?: number }
>;

export interface Config {
  polygon?: PolygonSettings;
  tradier?: TradierSettings;
  /** Present when a language model is configured. */
  model?: ModelSettings;
  /** FIN_MODEL, also when no endpoint is configured (`builtin`). */
  modelName?: string;
  cacheDir: string;
  /** The folder of what cannot be fetched again. */
  dataDir: string;
  /** The home that the default `dataDir` lies in: a home is never made. */
  dataHome?: string;
  /** Market time at start, from FIN_NOW. */
  startAt?: EpochMs;
  freshness: FreshnessOverrides;
  /** POLYGON_API_KEY was used instead of MASSIVE_API_KEY. */
  usesOldPolygonName: boolean;
  secrets: Secret[];
}

export interface ConfigInput {
  env: Readonly<Record<string, string | undefined>>;
  workingDirectory: string;
  /** The folder of fin's own package, for the cache of a checkout. */
  packageRoot: string;
  homeDirectory: string;
}

type Origin = 'environment' | '.env' | 'settings file';

interface Found {
  value: string;
  origin: Origin;
}

const RANK: Record<Origin, number> = { environment: 0, '.env': 1, 'settings file': 2 };

const NAMES = [
  'MASSIVE_API_KEY',
  'POLYGON_API_KEY',
  'TRADIER_ACCESS_TOKEN',
  'TRADIER_API_KEY',
  'TRADIER_TOKEN',
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'FIN_MODEL',
  'MASSIVE_BASE_URL',
  'TRADIER_BASE_URL',
  'TRADIER_ENV',
  'FIN_POLYGON_RPM',
  'FIN_TRADIER_RPM',
  'FIN_CACHE_DIR',
  'FIN_DATA_DIR',
  'FIN_NOW',
] as const;

type Name = (typeof NAMES)[number];

const MASSIVE_URL = 'https://api.massive.com';
const TRADIER_URL = 'https://api.tradier.com';
const TRADIER_SANDBOX_URL = 'https://sandbox.tradier.com';
const PLACEHOLDER = /^(your[-_ ].*|<.*>|changeme|change-me|xxx+|todo)$/i;

/** @throws ConfigError naming every invalid setting. */
export function loadConfig(input: ConfigInput): Config {
  const problems: string[] = [];
  const settings = readSources(input, problems);
  const polygon = readPolygon(settings, problems);
  const tradier = readTradier(settings, problems);
  const model = readModel(settings, problems);
  const startAt = readStart(settings, problems);
  const modelName = settings.get('FIN_MODEL')?.value;
  if (problems.length > 0) {
    throw new ConfigError(`invalid configuration: ${problems.join('; ')}`, {
      hint: 'correct or unset what is named; README.md lists every setting',
    });
  }
  return {
    ...(polygon === undefined ? {} : { polygon }),
    ...(tradier === undefined ? {} : { tradier }),
    ...(model === undefined ? {} : { model }),
    ...(modelName === undefined ? {} : { modelName }),
    ...(startAt === undefined ? {} : { startAt }),
    cacheDir: findCacheDir(settings, input),
    ...findDataDir(settings, input),
    freshness: settings.freshness,
    usesOldPolygonName:
      polygon !== undefined && settings.get('MASSIVE_API_KEY', 'POLYGON_API_KEY') === settings.get('POLYGON_API_KEY'),
    secrets: [polygon?.apiKey, tradier?.token, model?.apiKey].filter((secret) => secret !== undefined),
  };
}

class Settings {
  readonly freshness: FreshnessOverrides;
  readonly #found: ReadonlyMap<string, Found>;

  constructor(found: ReadonlyMap<string, Found>, freshness: FreshnessOverrides) {
    this.#found = found;
    this.freshness = freshness;
  }

  /** Of several names for one thing the one from the strongest origin, then the one named first. */
  get(...names: Name[]): Found | undefined {
    let best: Found | undefined;
    for (const name of names) {
      const found = this.#found.get(name);
      if (found !== undefined && (best === undefined || RANK[found.origin] < RANK[best.origin])) best = found;
    }
    return best;
  }
}

function readSources(input: ConfigInput, problems: string[]): Settings {
  const found = new Map<string, Found>();
  const file = readSettingsFile(input, problems);
  for (const name of NAMES) {
    const value = file.values[name];
    if (value !== undefined) found.set(name, { value, origin: 'settings file' });
  }
  for (const [values, origin] of [
    [readDotEnv(input, problems), '.env'],
    [input.env, 'environment'],
  ] as const) {
    for (const name of NAMES) {
      // Whose folder this is, may not choose whose lists and conversations are read.
      if (name === 'FIN_DATA_DIR' && origin === '.env') continue;
      const value = values[name]?.trim();
      if (value !== undefined && value !== '' && !isPlaceholder(name, value)) found.set(name, { value, origin });
    }
  }
  return new Settings(found, file.freshness);
}

function isPlaceholder(name: Name, value: string): boolean {
  return (name.endsWith('_KEY') || name.endsWith('_TOKEN')) && PLACEHOLDER.test(value);
}

function readDotEnv(input: ConfigInput, problems: string[]): Record<string, string | undefined> {
  const text = readIfThere(`${input.workingDirectory}/.env`, problems);
  return text === undefined ? {} : parseEnv(text);
}

function readIfThere(path: string, problems: string[]): string | undefined {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') problems.push(`${path} cannot be read (${code ?? 'unknown error'})`);
    return undefined;
  }
}

interface SettingsFile {
  values: Partial<Record<Name, string>>;
  freshness: FreshnessOverrides;
}

function readSettingsFile(input: ConfigInput, problems: string[]): SettingsFile {
  const named = input.env['FIN_CONFIG'];
  const base = readXdg(input, 'XDG_CONFIG_HOME') ?? `${input.homeDirectory}/.config`;
  const path = named === undefined || named === '' ? `${base}/fin/config.json` : named;
  const text = readIfThere(path, problems);
  if (text === undefined) {
    if (named !== undefined && named !== '' && problems.length === 0)
      problems.push(`FIN_CONFIG names ${path}, which is missing`);
    return { values: {}, freshness: {} };
  }
  try {
    return parseSettingsFile(JSON.parse(text), path, problems);
  } catch (error) {
    problems.push(`${path} is not JSON (${error instanceof Error ? error.message : String(error)})`);
    return { values: {}, freshness: {} };
  }
}

function parseSettingsFile(json: unknown, path: string, problems: string[]): SettingsFile {
  const file: SettingsFile = { values: {}, freshness: {} };
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    problems.push(`${path} must hold a JSON object`);
    return file;
  }
  for (const [name, value] of Object.entries(json)) {
    if (name === 'freshness') file.freshness = parseFreshness(value, path, problems);
    else if (!isName(name)) problems.push(`${path}: unknown setting ${name}`);
    else if (typeof value !== 'string' && typeof value !== 'number')
      problems.push(`${path}: ${name} must be text or a number`);
    else if (!isPlaceholder(name, String(value))) file.values[name] = String(value);
  }
  return file;
}

function isName(name: string): name is Name {
  return (NAMES as readonly string[]).includes(name);
}

const FRESHNESS_KINDS = Object.keys({
  quote: 1,
  finished_bars: 1,
  running_bars: 1,
  chain: 1,
  expirations: 1,
  market: 1,
  empty: 1,
} satisfies Record<FreshnessKind, 1>);
const FRESHNESS_COLUMNS = ['openSeconds', 'closedSeconds', 'usableSeconds'];

function parseFreshness(value: unknown, path: string, problems: string[]): FreshnessOverrides {
  const overrides: FreshnessOverrides = {};
  if (typeof value !== 'object' || value === null) {
    problems.push(`${path}: freshness must be an object`);
    return overrides;
  }
  for (const [kind, row] of Object.entries(value as Record<string, unknown>)) {
    if (!FRESHNESS_KINDS.includes(kind) || typeof row !== 'object' || row === null) {
      problems.push(`${path}: freshness.${kind} is not one of ${FRESHNESS_KINDS.join(', ')}`);
      continue;
    }
    for (const [column, seconds] of Object.entries(row as Record<string, unknown>)) {
      if (!FRESHNESS_COLUMNS.includes(column) || typeof seconds !== 'number' || !(seconds >= 0))
        problems.push(
          `${path}: freshness.${kind}.${column} must be one of ${FRESHNESS_COLUMNS.join(', ')} with seconds of 0 or more`,
        );
    }
    overrides[kind] = row;
  }
  return overrides;
}

function readPolygon(settings: Settings, problems: string[]): PolygonSettings | undefined {
  const key = settings.get('MASSIVE_API_KEY', 'POLYGON_API_KEY');
  const limitPerMinute = readLimit(settings, 'FIN_POLYGON_RPM', 5, problems);
  const baseUrl = readUrl(settings, 'MASSIVE_BASE_URL', MASSIVE_URL, key, problems);
  if (key === undefined) return undefined;
  return { apiKey: new Secret(key.value), baseUrl, limitPerMinute };
}

function readTradier(settings: Settings, problems: string[]): TradierSettings | undefined {
  const token = settings.get('TRADIER_ACCESS_TOKEN', 'TRADIER_API_KEY', 'TRADIER_TOKEN');
  const environment = settings.get('TRADIER_ENV')?.value ?? 'production';
  if (environment !== 'production' && environment !== 'sandbox')
    problems.push(`TRADIER_ENV is ${quoted(environment)}: it must be production or sandbox`);
  const sandbox = environment === 'sandbox';
  const limitPerMinute = readLimit(settings, 'FIN_TRADIER_RPM', sandbox ? 60 : 120, problems);
  const baseUrl = readUrl(settings, 'TRADIER_BASE_URL', sandbox ? TRADIER_SANDBOX_URL : TRADIER_URL, token, problems);
  if (token === undefined) return undefined;
  return { token: new Secret(token.value), baseUrl, environment: sandbox ? 'sandbox' : 'production', limitPerMinute };
}

function readModel(settings: Settings, problems: string[]): ModelSettings | undefined {
  const key = settings.get('OPENAI_API_KEY');
  const url = settings.get('OPENAI_BASE_URL');
  const name = settings.get('FIN_MODEL')?.value;
  const baseUrl = url === undefined ? undefined : readUrl(settings, 'OPENAI_BASE_URL', url.value, key, problems);
  if (key === undefined && url === undefined) return undefined;
  return {
    ...(key === undefined ? {} : { apiKey: new Secret(key.value) }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(name === undefined || name === 'builtin' ? {} : { name }),
  };
}

function readLimit(settings: Settings, name: Name, fallback: number, problems: string[]): number {
  const found = settings.get(name);
  if (found === undefined) return fallback;
  const limit = Number(found.value);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100_000) return limit;
  problems.push(`${name} is ${quoted(found.value)}: it must be a whole number from 1 to 100000`);
  return fallback;
}

/** A base URL found in `.env` may go only with a key of the same file or to this machine: a foreign folder must not collect keys. */
function readUrl(settings: Settings, name: Name, fallback: string, key: Found | undefined, problems: string[]): string {
  const found = settings.get(name);
  if (found === undefined) return fallback;
  const url = URL.parse(found.value);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.search !== '' || url.hash !== '') {
    problems.push(`${name} is ${quoted(found.value)}: it must be an http or https address`);
    return fallback;
  }
  if (url.username !== '' || url.password !== '') problems.push(`${name} must not hold a user name or password`);
  if (found.origin === '.env' && key?.origin !== '.env' && !isLoopback(url.hostname))
    problems.push(
      `${name} in .env points to ${url.host} without a key in the same .env: a folder must not collect keys or questions`,
    );
  return url.href.replace(/\/+$/, '');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function readStart(settings: Settings, problems: string[]): EpochMs | undefined {
  const found = settings.get('FIN_NOW');
  if (found === undefined) return undefined;
  const start = parseIsoInstant(found.value);
  if (start === undefined)
    problems.push(
      `FIN_NOW is ${quoted(found.value)}: it must be an ISO time with offset, such as 2026-11-20T15:59:00-05:00`,
    );
  return start;
}

function findCacheDir(settings: Settings, input: ConfigInput): string {
  const named = settings.get('FIN_CACHE_DIR')?.value;
  if (named !== undefined) return absolute(named, input.workingDirectory);
  if (isOwnCheckout(input)) return `${input.packageRoot}/.cache`;
  return `${readXdg(input, 'XDG_CACHE_HOME') ?? `${input.homeDirectory}/.cache`}/fin`;
}

function findDataDir(settings: Settings, input: ConfigInput): Pick<Config, 'dataDir' | 'dataHome'> {
  const named = settings.get('FIN_DATA_DIR')?.value;
  if (named !== undefined) return { dataDir: absolute(named, input.workingDirectory) };
  const base = readXdg(input, 'XDG_DATA_HOME');
  if (base !== undefined) return { dataDir: `${base}/fin` };
  return { dataDir: `${input.homeDirectory}/.local/share/fin`, dataHome: input.homeDirectory };
}

/** An empty or relative path counts as not set (XDG Base Directory Specification). */
function readXdg(input: ConfigInput, name: 'XDG_CONFIG_HOME' | 'XDG_CACHE_HOME' | 'XDG_DATA_HOME'): string | undefined {
  const path = input.env[name];
  return path !== undefined && isAbsolutePath(path) ? path : undefined;
}

function absolute(path: string, workingDirectory: string): string {
  return isAbsolutePath(path) ? path : `${workingDirectory}/${path}`;
}

function isAbsolutePath(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path);
}

function isOwnCheckout(input: ConfigInput): boolean {
  return input.workingDirectory === input.packageRoot && fs.existsSync(`${input.packageRoot}/src`);
}

function quoted(value: string): string {
  return `"${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`;
}
