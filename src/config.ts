// Where every setting comes from: flags > environment > .env of the working directory > settings file > default.
// All problems are reported at once; a key is a Secret that prints as ***.
import * as fs from 'node:fs';
import { parseEnv } from 'node:util';
import { type FreshnessOverrides, FRESHNESS_KINDS } from './cache/freshness.ts';
import { isLoopback } from './domain/addresses.ts';
import { ConfigError } from './domain/errors.ts';
import { present } from './domain/present.ts';
import type { EpochMs } from './domain/types.ts';
import { parseClockStart } from './domain/exchange-time.ts';
import { LEAST_KEY_CHARS, looksLikeKey } from './domain/redaction.ts';
import { readTextFile } from './files/text-file.ts';
import type { ProxySettings } from './http/proxy.ts';

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
  /** TRADIER_ACCOUNT_ID: the account whose positions are read. */
  accountId?: string;
}

export interface ModelSettings {
  /** Absent: a local server that wants none. */
  apiKey?: Secret;
  /** Absent: OpenAI's own address. */
  baseUrl?: string;
  /** Absent: no name was given. */
  name?: string;
}

export interface Config {
  polygon?: PolygonSettings;
  tradier?: TradierSettings;
  model?: ModelSettings;
  /** FIN_MODEL, also when no endpoint is configured (`builtin`). */
  modelName?: string;
  cacheDir: string;
  /** The folder of what cannot be fetched again. */
  dataDir: string;
  /** The home that the default `dataDir` lies in: a home is never made. */
  dataHome?: string;
  /** FIN_SERVE_TOKEN: what clients of `fin serve` must show. */
  serveToken?: Secret;
  /** Market time at start, from FIN_NOW. */
  startAt?: EpochMs;
  freshness: FreshnessOverrides;
  /** POLYGON_API_KEY was used instead of MASSIVE_API_KEY. */
  usesOldPolygonName: boolean;
  /** FIN_STORE, the store that several machines share; it may hold a password. */
  store?: Secret;
  /** The environment's proxies, where one is set; never used for a loopback address. */
  proxy?: ProxySettings;
  /** Every key and password that was found, also one that is not used. */
  secrets: Secret[];
  /** What was found and left out, for standard error. */
  notes: string[];
  /** Keys that are set to a placeholder and nowhere to more, with where they stand: as if they were not set. */
  placeholders?: string[];
}

export interface ConfigInput {
  env: Readonly<Record<string, string | undefined>>;
  /** Absent: it has been removed. */
  workingDirectory?: string;
  /** The folder of fin's own package, for the cache of a checkout. */
  packageRoot: string;
  /** Absent: this user has none. */
  homeDirectory?: string;
  /** For the cache of a user without a home. */
  temporaryDirectory: string;
}

type Origin = 'environment' | '.env' | 'settings file';

interface Found {
  name: Name;
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
  'TRADIER_ACCOUNT_ID',
  'FIN_POLYGON_RPM',
  'FIN_TRADIER_RPM',
  'FIN_CACHE_DIR',
  'FIN_DATA_DIR',
  'FIN_STORE',
  'FIN_NOW',
  'FIN_SERVE_TOKEN',
] as const;

type Name = (typeof NAMES)[number];

/** Another folder's files must not choose where figures and stores are found, nor who may ask a server. */
const NEVER_FROM_DOT_ENV = ['FIN_CACHE_DIR', 'FIN_DATA_DIR', 'FIN_STORE', 'FIN_CONFIG', 'FIN_SERVE_TOKEN'];
const MAX_SETTINGS_BYTES = 1024 * 1024;
const PROXY_NAMES = ['HTTP_PROXY', 'HTTPS_PROXY'] as const;

const MASSIVE_URL = 'https://api.massive.com';
const TRADIER_URL = 'https://api.tradier.com';
const TRADIER_SANDBOX_URL = 'https://sandbox.tradier.com';
const PLACEHOLDER = /^(your[-_ ].*|<.*>|changeme|change-me|xxx+|todo)$/i;

/** @throws ConfigError naming every invalid setting. */
export function loadConfig(input: ConfigInput): Config {
  const problems: string[] = [];
  const notes: string[] = [];
  const settings = readSources(input, problems, notes);
  const polygon = readPolygon(settings, problems);
  const tradier = readTradier(settings, problems);
  const model = readModel(settings, problems);
  const startAt = readStart(settings, problems);
  const modelName = readModelName(settings, problems);
  const serveToken = settings.get('FIN_SERVE_TOKEN')?.value;
  const asksAnybody = polygon !== undefined || tradier !== undefined || model !== undefined;
  const proxy = readProxy(input.env, asksAnybody ? problems : []);
  const store = readStore(settings, problems);
  if (problems.length > 0) {
    throw new ConfigError(`invalid configuration: ${problems.join('; ')}`, {
      hint: 'fix or unset the setting named above; README.md lists every setting',
    });
  }
  return {
    ...present({ polygon, tradier, model, modelName, startAt }),
    ...(serveToken === undefined ? {} : { serveToken: new Secret(serveToken) }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(store === undefined ? {} : { store: new Secret(store) }),
    cacheDir: findCacheDir(settings, input, notes),
    ...findDataDir(settings, input),
    freshness: settings.freshness,
    usesOldPolygonName:
      polygon !== undefined && settings.get('MASSIVE_API_KEY', 'POLYGON_API_KEY') === settings.get('POLYGON_API_KEY'),
    secrets: [...settings.secrets, ...passwordsOf(proxy), ...passwordsIn(store)].map((value) => new Secret(value)),
    notes,
    ...(settings.placeholders.length === 0 ? {} : { placeholders: settings.placeholders }),
  };
}

/** Keys of the environment, to keep them out of what is said before settings are read. */
export function keysIn(env: ConfigInput['env']): string[] {
  return NAMES.filter(isKeyName).flatMap((name) => env[name]?.trim() ?? []);
}

interface Settings {
  freshness: FreshnessOverrides;
  secrets: readonly string[];
  placeholders: string[];
  /** Of several names for one thing the one from the strongest origin, then the one named first. */
  get(...names: Name[]): Found | undefined;
}

function readSources(input: ConfigInput, problems: string[], notes: string[]): Settings {
  const found = new Map<string, Found>();
  const secrets = new Set<string>();
  const file = readSettingsFile(input, problems, notes);
  const dotEnv = readDotEnv(input, problems, notes);
  const placeholders = new Map<string, string>();
  for (const [values, origin] of [
    [file.values, 'settings file'],
    [dotEnv, '.env'],
    [input.env, 'environment'],
  ] as const) {
    for (const name of NAMES) {
      const value = values[name]?.trim();
      if (value === undefined || value === '') continue;
      if (isKeyName(name) && PLACEHOLDER.test(value)) {
        placeholders.set(name, `${name} (${origin})`);
        continue;
      }
      found.set(name, { name, value, origin });
      if (isKeyName(name)) secrets.add(value);
    }
  }
  const unfilled = [...placeholders].flatMap(([name, where]) => (found.has(name) ? [] : [where]));
  return {
    freshness: file.freshness,
    secrets: [...secrets],
    placeholders: unfilled,
    get: (...names) =>
      names.flatMap((name) => found.get(name) ?? []).toSorted((a, b) => RANK[a.origin] - RANK[b.origin])[0],
  };
}

function isKeyName(name: Name): boolean {
  return name.endsWith('_KEY') || name.endsWith('_TOKEN');
}

function readDotEnv(
  { workingDirectory }: ConfigInput,
  problems: string[],
  notes: string[],
): Record<string, string | undefined> {
  if (workingDirectory === undefined) return {};
  const text = readIfThere(`${workingDirectory}/.env`, problems, notes);
  if (text === undefined) return {};
  const values = { ...parseEnv(text) };
  for (const name of NEVER_FROM_DOT_ENV) {
    if (values[name] === undefined) continue;
    Reflect.deleteProperty(values, name);
    notes.push(`${name} in .env is ignored, because a folder must not set it: use the environment instead`);
  }
  return values;
}

/** Undefined where there is none or what is there is no settings file; a note says the second. */
function readIfThere(path: string, problems: string[], notes: string[]): string | undefined {
  const read = readTextFile(path, MAX_SETTINGS_BYTES);
  if ('text' in read) return read.text;
  if (read.problem === 'unfit') notes.push(`${path} is ignored: it ${read.why}`);
  else if (read.problem !== 'missing') problems.push(`${path} ${read.why}`);
  return undefined;
}

interface SettingsFile {
  values: Partial<Record<Name, string>>;
  freshness: FreshnessOverrides;
}

function readSettingsFile(input: ConfigInput, problems: string[], notes: string[]): SettingsFile {
  const none: SettingsFile = { values: {}, freshness: {} };
  const named = input.env['FIN_CONFIG'];
  const isNamed = named !== undefined && named !== '';
  const base = readXdg(input, 'XDG_CONFIG_HOME') ?? inHome(input, '.config');
  const path = isNamed ? named : base === undefined ? undefined : `${base}/fin/config.json`;
  if (path === undefined) return none;
  const read = readTextFile(path, MAX_SETTINGS_BYTES);
  if (!('text' in read)) {
    // Whatever stands in FIN_CONFIG could be a key; the default path could not.
    const what = isNamed ? 'the settings file that FIN_CONFIG names' : path;
    if (read.problem === 'unfit') notes.push(`${what} is ignored: it ${read.why}`);
    else if (isNamed || read.problem !== 'missing') problems.push(`${what} ${read.why}`);
    return none;
  }
  let json: unknown;
  try {
    json = JSON.parse(read.text);
  } catch (error) {
    problems.push(`${path} is not JSON${placeOf(error)}`);
    return none;
  }
  return parseSettingsFile(json, path, problems);
}

/** Where a JSON text breaks, as far as the engine says it. Its words quote the text, which may be a key. */
function placeOf(error: unknown): string {
  const [, line, column] = /line (\d+) column (\d+)/.exec(error instanceof Error ? error.message : '') ?? [];
  return line === undefined ? '' : ` (line ${line}, column ${column ?? '1'})`;
}

function parseSettingsFile(json: unknown, path: string, problems: string[]): SettingsFile {
  const file: SettingsFile = { values: {}, freshness: {} };
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    problems.push(`${path} must hold a JSON object`);
    return file;
  }
  for (const [index, [name, value]] of Object.entries(json).entries()) {
    if (name === 'freshness') file.freshness = parseFreshness(value, path, problems);
    else if (!isName(name)) problems.push(`${path}: unknown setting ${nameOrPlace(name, index)}`);
    else if (typeof value !== 'string' && (typeof value !== 'number' || !takesNumber(name)))
      problems.push(`${path}: ${name} must be text${takesNumber(name) ? ' or a number' : ''}`);
    else file.values[name] = String(value);
  }
  return file;
}

/** Something that is spelled as names are; else where it stands, because it could be a key. */
function nameOrPlace(name: string, index: number): string {
  const isWord =
    name.length <= 30 &&
    /^(?:[A-Z]{1,11}|[A-Z]+(?:_[A-Z]+)+|[a-z]{1,11}(?:_[a-z]{1,11}){0,2}|[a-z]+(?:[A-Z][a-z]+){0,3})$/.test(name);
  return isWord ? name : `number ${index + 1}`;
}

function takesNumber(name: Name): boolean {
  return name.endsWith('_RPM') || name === 'TRADIER_ACCOUNT_ID';
}

function isName(name: string): name is Name {
  return (NAMES as readonly string[]).includes(name);
}

const FRESHNESS_COLUMNS = ['openSeconds', 'closedSeconds', 'usableSeconds'];

function parseFreshness(value: unknown, path: string, problems: string[]): FreshnessOverrides {
  const overrides: FreshnessOverrides = {};
  if (typeof value !== 'object' || value === null) {
    problems.push(`${path}: freshness must be an object`);
    return overrides;
  }
  for (const [index, [name, row]] of Object.entries(value as Record<string, unknown>).entries()) {
    const kind = FRESHNESS_KINDS.find((each) => each === name);
    if (kind === undefined) {
      problems.push(`${path}: freshness ${nameOrPlace(name, index)} is not one of ${FRESHNESS_KINDS.join(', ')}`);
      continue;
    }
    if (typeof row !== 'object' || row === null) {
      problems.push(`${path}: freshness.${kind} must be an object with ${FRESHNESS_COLUMNS.join(', ')}`);
      continue;
    }
    for (const [column, seconds] of Object.entries(row as Record<string, unknown>)) {
      if (!FRESHNESS_COLUMNS.includes(column) || typeof seconds !== 'number' || !(seconds >= 0))
        problems.push(
          `${path}: each of freshness.${kind} must be one of ${FRESHNESS_COLUMNS.join(', ')} with seconds of 0 or more`,
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
  if (key === undefined || isTooShort(key, problems)) return undefined;
  return { apiKey: new Secret(key.value), baseUrl, limitPerMinute };
}

function readTradier(settings: Settings, problems: string[]): TradierSettings | undefined {
  const token = settings.get('TRADIER_ACCESS_TOKEN', 'TRADIER_API_KEY', 'TRADIER_TOKEN');
  const environment = settings.get('TRADIER_ENV')?.value ?? 'production';
  if (environment !== 'production' && environment !== 'sandbox')
    problems.push('TRADIER_ENV must be production or sandbox');
  const sandbox = environment === 'sandbox';
  const limitPerMinute = readLimit(settings, 'FIN_TRADIER_RPM', sandbox ? 60 : 120, problems);
  const baseUrl = readUrl(settings, 'TRADIER_BASE_URL', sandbox ? TRADIER_SANDBOX_URL : TRADIER_URL, token, problems);
  if (token === undefined || isTooShort(token, problems)) return undefined;
  const account = settings.get('TRADIER_ACCOUNT_ID')?.value;
  if (account !== undefined && !/^[A-Za-z0-9]{1,20}$/.test(account))
    problems.push('TRADIER_ACCOUNT_ID must be the number of an account: letters and digits');
  return {
    token: new Secret(token.value),
    baseUrl,
    environment: sandbox ? 'sandbox' : 'production',
    limitPerMinute,
    ...(account === undefined ? {} : { accountId: account }),
  };
}

/** A word where a key belongs (`true`, `1234`); as a market key no server would take it. */
function isTooShort({ name, value }: Found, problems: string[]): boolean {
  if (value.length >= LEAST_KEY_CHARS) return false;
  problems.push(`${name} is too short to be a key: it has fewer than ${LEAST_KEY_CHARS} characters`);
  return true;
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
  problems.push(`${name} must be a whole number from 1 to 100000`);
  return fallback;
}

/** A base URL found in `.env` may go only with a key of the same file or to this machine: a foreign folder must not collect keys. */
function readUrl(settings: Settings, name: Name, fallback: string, key: Found | undefined, problems: string[]): string {
  const found = settings.get(name);
  if (found === undefined) return fallback;
  const url = URL.parse(found.value);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    problems.push(`${name} must be an http or https address`);
    return fallback;
  }
  if (/[?#]/.test(found.value)) {
    problems.push(`${name} must be an address without a query or fragment`);
    return fallback;
  }
  if (url.username !== '' || url.password !== '') problems.push(`${name} must not hold a user name or password`);
  if (found.origin === '.env' && key?.origin !== '.env' && !isLoopback(url.hostname))
    problems.push(
      `${name} in .env points to ${url.host} without a key in the same .env: a folder must not collect keys or questions`,
    );
  return url.href.replace(/\/+$/, '');
}

/** A model's name is told in messages, where a key put in its place would be. */
function readModelName(settings: Settings, problems: string[]): string | undefined {
  const found = settings.get('FIN_MODEL');
  if (found === undefined) return undefined;
  if (
    settings.secrets.some((secret) => secret.length >= LEAST_KEY_CHARS && found.value.includes(secret)) ||
    looksLikeKey(found.value)
  )
    problems.push('FIN_MODEL holds a key: it must be the name of a model');
  return found.value;
}

/** Lower case goes first, as with curl; an address without a scheme is one of http. */
function readProxy(env: ConfigInput['env'], problems: string[]): ProxySettings | undefined {
  const read = (name: string): string | undefined => (env[name.toLowerCase()] ?? env[name])?.trim() || undefined;
  const proxy: ProxySettings = {};
  for (const name of PROXY_NAMES) {
    const value = read(name);
    if (value === undefined) continue;
    const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`);
    if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) proxy[name] = url.href;
    else problems.push(`${name} must be the http or https address of a proxy`);
  }
  if (proxy.HTTP_PROXY === undefined && proxy.HTTPS_PROXY === undefined) return undefined;
  const noProxy = read('NO_PROXY');
  return { ...proxy, ...(noProxy === undefined ? {} : { NO_PROXY: noProxy }) };
}

function passwordsOf(proxy: ProxySettings | undefined): string[] {
  return PROXY_NAMES.flatMap((name) => passwordsIn(proxy?.[name]));
}

function passwordsIn(address = ''): string[] {
  const { username = '', password = '' } = URL.parse(address) ?? {};
  if (password === '' && username === '') return [];
  const [user, secret] = [decodePart(username), decodePart(password)];
  // Some proxies take a token as the name alone; what is sent, and may come back, is both in base64.
  return [secret === '' ? user : secret, Buffer.from(`${user}:${secret}`).toString('base64')];
}

/** Nothing of the value is told: it may hold a password. */
function readStore(settings: Settings, problems: string[]): string | undefined {
  const found = settings.get('FIN_STORE');
  if (found === undefined) return undefined;
  const url = URL.parse(found.value);
  const isStore = url !== null && /^rediss?:$/.test(url.protocol) && url.hostname !== '';
  if (!isStore || !/^\/?\d*$/.test(url.pathname) || url.search !== '' || url.hash !== '')
    problems.push(
      'FIN_STORE must be the address of a Redis or Valkey server, like redis://host:6379 or rediss://host/0',
    );
  else if ([url.username, url.password].some((part) => /%(?![\da-f]{2})/i.test(part)))
    problems.push('FIN_STORE has a user or password with an unencoded percent sign: write it as %25');
  else return found.value;
  return undefined;
}

/** As written where its percent signs are no encoding. */
function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readStart(settings: Settings, problems: string[]): EpochMs | undefined {
  const found = settings.get('FIN_NOW');
  if (found === undefined) return undefined;
  const start = parseClockStart(found.value);
  if (typeof start === 'number') return start;
  problems.push(`FIN_NOW ${start}`);
  return undefined;
}

function findCacheDir(settings: Settings, input: ConfigInput, notes: string[]): string {
  const named = settings.get('FIN_CACHE_DIR')?.value;
  if (named !== undefined) return absolute(named, input.workingDirectory ?? input.temporaryDirectory);
  if (isOwnCheckout(input)) return `${input.packageRoot}/.cache`;
  const base = readXdg(input, 'XDG_CACHE_HOME') ?? inHome(input, '.cache');
  if (base !== undefined) return `${base}/fin`;
  // As private as any other cache folder: one of another user is refused where it is opened.
  const folder = `${input.temporaryDirectory}/fin-cache-${process.getuid?.() ?? 'user'}`;
  notes.push(`this user has no home folder: the cache is kept in ${folder}; set FIN_CACHE_DIR to use another folder`);
  return folder;
}

function inHome({ homeDirectory }: ConfigInput, name: string): string | undefined {
  return homeDirectory === undefined || !isAbsolutePath(homeDirectory) ? undefined : `${homeDirectory}/${name}`;
}

function findDataDir(settings: Settings, input: ConfigInput): Pick<Config, 'dataDir' | 'dataHome'> {
  const named = settings.get('FIN_DATA_DIR')?.value;
  if (named !== undefined) return { dataDir: absolute(named, input.workingDirectory ?? input.temporaryDirectory) };
  const base = readXdg(input, 'XDG_DATA_HOME');
  if (base !== undefined) return { dataDir: `${base}/fin` };
  // Without a home nothing is kept: where it is opened the empty home says so.
  const dataHome = input.homeDirectory ?? '';
  return { dataDir: `${dataHome}/.local/share/fin`, dataHome };
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
