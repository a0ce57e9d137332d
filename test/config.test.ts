// Settings of a stranger's folder and keys in the wrong place: what is ignored with a note, what is refused without a word
// of what stands there.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConfigInput, loadConfig } from '../src/config.ts';
import { ConfigError } from '../src/domain/errors.ts';

const KEY = 'Qx7-not-for-anybodys-eyes';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fin-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function load(env: ConfigInput['env'], changes: Partial<ConfigInput> = {}) {
  const place = {
    workingDirectory: folder,
    packageRoot: '/nowhere',
    homeDirectory: '/home/x',
    temporaryDirectory: '/tmp',
  };
  return loadConfig({ env, ...place, ...changes });
}

function refusal(env: ConfigInput['env']): string {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('a placeholder for a key', () => {
  it('is named with its place unless the key is set elsewhere, and is as if not set', () => {
    writeFileSync(join(folder, '.env'), 'TRADIER_ACCESS_TOKEN=your-token\nMASSIVE_API_KEY=<key>\n');
    const config = load({ OPENAI_API_KEY: 'xxxxxxxx', MASSIVE_API_KEY: KEY });
    expect(config.placeholders?.toSorted()).toEqual(['OPENAI_API_KEY (environment)', 'TRADIER_ACCESS_TOKEN (.env)']);
    expect([config.tradier, config.model]).toEqual([undefined, undefined]);
    expect(load({ MASSIVE_API_KEY: KEY, TRADIER_ACCESS_TOKEN: KEY })).not.toHaveProperty('placeholders');
  });
});

describe('a key in the wrong place', () => {
  it.each([
    'FIN_TRADIER_RPM',
    'FIN_POLYGON_RPM',
    'TRADIER_ENV',
    'FIN_NOW',
    'TRADIER_BASE_URL',
    'MASSIVE_BASE_URL',
    'OPENAI_BASE_URL',
    'FIN_CONFIG',
  ])('is not told, the name of the setting is: %s', (name) => {
    const message = refusal({ [name]: KEY });
    expect(message).toContain(name);
    expect(message).not.toContain(KEY);
  });

  it('is not told of a base URL’s query, user or fragment, nor as a model’s name', () => {
    const urls = [`https://x.example/?t=${KEY}`, `https://x.example/#${KEY}`, `https://u:${KEY}@x.example`];
    const messages = urls.map((url) => refusal({ TRADIER_BASE_URL: url, TRADIER_ACCESS_TOKEN: KEY }));
    messages.push(refusal({ FIN_MODEL: KEY, TRADIER_ACCESS_TOKEN: KEY }), refusal({ FIN_MODEL: `sk-${KEY}` }));
    for (const model of [`gsk_${KEY}`, `AIza${KEY}`, 'aB3dE5gH7jK9mN1pQ3sT5vW7'])
      expect(refusal({ FIN_MODEL: model })).toBe(
        'invalid configuration: FIN_MODEL holds a key: it must be the name of a model',
      );
    for (const message of messages) expect(message).not.toContain(KEY);
  });

  it.each([KEY, `{"FIN_NOW": "${KEY}" x}`, `{"${KEY}": 1}`, `{"freshness": {"${KEY}": 1}}`, `["${KEY}"]`])(
    'is not told of a settings file: %s',
    (text) => {
      const file = join(folder, 'config.json');
      writeFileSync(file, text);
      const message = refusal({ FIN_CONFIG: file });
      expect(message).toContain('config.json');
      expect(message).not.toContain(KEY);
    },
  );
});

describe('a settings file', () => {
  const refusalOf = (content: object): string => {
    const file = join(folder, 'config.json');
    writeFileSync(file, JSON.stringify(content));
    return refusal({ FIN_CONFIG: file });
  };

  it.each(['FOO', 'MODEL', 'FIN_MODL', 'foo', 'finModel'])('has no setting %s, which is named', (name) => {
    expect(refusalOf({ [name]: 'x' })).toContain(`unknown setting ${name}`);
  });

  it('names what a kind of freshness is made of where something else stands', () => {
    for (const row of [5, '5 s', null])
      expect(refusalOf({ freshness: { quote: row } })).toMatch(
        /config\.json: freshness\.quote must be an object with openSeconds, closedSeconds, usableSeconds$/,
      );
  });

  it('takes a number only where one is meant', () => {
    for (const name of ['FIN_MODEL', 'MASSIVE_API_KEY', 'FIN_NOW', 'FIN_CACHE_DIR'])
      expect(refusalOf({ [name]: 5 })).toMatch(new RegExp(`: ${name} must be text$`));
    expect(refusalOf({ FIN_POLYGON_RPM: [] })).toContain('FIN_POLYGON_RPM must be text or a number');
    const file = join(folder, 'config.json');
    writeFileSync(file, JSON.stringify({ FIN_POLYGON_RPM: 7, MASSIVE_API_KEY: KEY }));
    expect(load({ FIN_CONFIG: file }).polygon?.limitPerMinute).toBe(7);
  });
});

describe('FIN_NOW', () => {
  it.each(['9999-12-31T23:59:59Z', '1800-01-01T00:00:00Z', '1989-12-31T23:59:59Z', '2100-01-01T00:00:00Z'])(
    'is refused outside the years of the calendar: %s',
    (time) => {
      expect(refusal({ FIN_NOW: time })).toBe('invalid configuration: FIN_NOW must be in the years 1990 to 2099');
    },
  );

  it.each(['2026-12-01', 'tomorrow', '2026-12-01T11:15:00'])('needs a time with its offset: %s', (time) => {
    expect(refusal({ FIN_NOW: time })).toContain('FIN_NOW must be an ISO time with offset');
  });
});

describe('a key of less than twelve characters', () => {
  it('is a mistake for a market, and a local server’s dummy for a model', () => {
    expect(refusal({ TRADIER_TOKEN: '1234' })).toMatch(/^invalid configuration: TRADIER_TOKEN is too short/);
    expect(refusal({ POLYGON_API_KEY: 'true' })).toContain('POLYGON_API_KEY is too short');
    expect(load({ OPENAI_API_KEY: 'ollama', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }).model?.apiKey?.reveal()).toBe(
      'ollama',
    );
  });
});

describe('the store of several machines', () => {
  it('is an address of Redis, whose password is a secret', () => {
    const { store, secrets } = load({ FIN_STORE: 'rediss://fin:pass%2Fword@store.example:6380/2' });
    expect(store?.reveal()).toBe('rediss://fin:pass%2Fword@store.example:6380/2');
    expect(String(store)).toBe('***');
    expect(secrets.map((secret) => secret.reveal())).toContain('pass/word');
    for (const address of ['redis://localhost', 'redis://[::1]:6379/', 'redis://:only-a-password@h/0'])
      expect(load({ FIN_STORE: address }).store?.reveal()).toBe(address);
    expect(load({}).store).toBeUndefined();
  });

  it.each([
    'http://host',
    'redis://',
    'redis://host/name',
    'redis://host?family=6',
    'host:6379',
    'redis://:bad%zz-password@host',
  ])('is refused without being told where it is none: %s', (address) => {
    const words = refusal({ FIN_STORE: address });
    expect(words).toContain('FIN_STORE');
    for (const part of ['family', 'zz-password', 'name', 'http:']) expect(words).not.toContain(part);
  });
});

describe('the .env of the working directory', () => {
  it('chooses no folder and no store, and says so', () => {
    writeFileSync(
      join(folder, '.env'),
      'FIN_CACHE_DIR=/planted\nFIN_DATA_DIR=/p\nFIN_STORE=redis://x\nFIN_CONFIG=/p\n',
    );
    const { cacheDir, notes } = load({});
    expect(cacheDir).toBe('/home/x/.cache/fin');
    expect(notes.map((note) => note.split(' ')[0])).toEqual([
      'FIN_CACHE_DIR',
      'FIN_DATA_DIR',
      'FIN_STORE',
      'FIN_CONFIG',
    ]);
  });

  it('is ignored with a note where it is a folder', () => {
    mkdirSync(join(folder, '.env'));
    expect(load({}).notes).toEqual([`${join(folder, '.env')} is ignored: it is a folder, not a file`]);
  });
});

describe('a machine without', () => {
  it('a home folder keeps the cache in a folder of this user’s own, and says so', () => {
    const { homeDirectory: _none, ...place } = {
      workingDirectory: folder,
      packageRoot: '/n',
      homeDirectory: '',
      temporaryDirectory: '/tmp',
    };
    const { cacheDir, notes } = loadConfig({ env: {}, ...place });
    expect(cacheDir).toMatch(/^\/tmp\/fin-cache-\w+$/);
    expect(notes).toHaveLength(1);
  });
});

describe('proxies', () => {
  it('are taken in either case, without a scheme as http, and none without an address', () => {
    expect(load({ https_proxy: 'proxy.corp:3128', NO_PROXY: 'x' }).proxy).toEqual({
      HTTPS_PROXY: 'http://proxy.corp:3128/',
      NO_PROXY: 'x',
    });
    expect(load({ NO_PROXY: 'x', HTTP_PROXY: ' ' }).proxy).toBeUndefined();
  });

  it.each([
    ['http://user:50%25-Secret-0123@proxy', ['50%-Secret-0123', 'dXNlcjo1MCUtU2VjcmV0LTAxMjM=']],
    ['http://user:50%-Secret-0123@proxy', ['50%-Secret-0123', 'dXNlcjo1MCUtU2VjcmV0LTAxMjM=']],
    ['http://token-0123456789@proxy', ['token-0123456789', 'dG9rZW4tMDEyMzQ1Njc4OTo=']],
  ])('have secrets that are known however they are written: %s', (address, secrets) => {
    expect(load({ HTTP_PROXY: address }).secrets.map((secret) => secret.reveal())).toEqual(secrets);
  });
});
