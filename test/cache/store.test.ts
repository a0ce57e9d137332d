import { KeyvMemoryAdapter } from 'keyv';
import { describe, expect, it } from 'vitest';
import { entryKey } from '../../src/cache/envelope.ts';
import type { Envelope } from '../../src/cache/envelope.ts';
import { type EntryHome, createEntryStore } from '../../src/cache/store.ts';
import { createSqliteEntries } from '../../src/cache/sqlite-entries.ts';
import { createEnvelope, createTempFolder, openDatabase } from './helpers.ts';
import { describeHomes } from './homes.ts';

const KEY = entryKey('quote', 'tradier@test', 'AAPL');

function createStore(home: EntryHome, changes: { maxMemoryChars?: number; nowMs?: () => number } = {}) {
  const notes: string[] = [];
  const { nowMs = () => 5_000, ...sizes } = changes;
  const store = createEntryStore({ home, machineNow: nowMs, onNote: (text) => notes.push(text), ...sizes });
  return { store, notes };
}

/** One that keeps in memory: the first thing that a process holds is not kept there. */
async function createUsedStore(...options: Parameters<typeof createStore>) {
  const { store } = createStore(...options);
  await store.set('quote|tradier@test|FIRST', createEnvelope(0));
  return store;
}

describeHomes('the entry store', (createPlace) => {
  it('gives back exactly what was set, from memory and from the file', async () => {
    const place = await createPlace();
    const envelope = createEnvelope({ last: 10.5, text: ':colon "quoted" \u00e9', nothing: null }, { symbol: 'AAPL' });
    const store = await createUsedStore(place().home);
    await store.set(KEY, envelope);
    expect(store.peek(KEY)).toEqual(envelope);
    expect((await store.getMany([KEY, 'quote|none'])).get(KEY)).toEqual(envelope);
    expect(await createStore(place().home).store.getMany([KEY, 'quote|none'])).toEqual(new Map([[KEY, envelope]]));
    expect(await createStore(place().home).store.get(KEY)).toEqual(envelope);
  });

  it('gives back the numbers of a value to the last bit, among entries without any', async () => {
    const place = await createPlace();
    const numbers = Float64Array.from([0.1 + 0.2, -0, NaN, Infinity, 5e-324, 2 ** 53 - 1]);
    const envelope = createEnvelope({ sessions: 3, text: '\u00e9', numbers }, { kind: 'bars' });
    const empty = createEnvelope({ numbers: new Float64Array(0) }, { kind: 'bars' });
    const { store } = createStore(place().home);
    await store.set('bars|tradier@test|AAPL', envelope);
    await store.set('bars|tradier@test|NONE', empty);
    await store.set(KEY, createEnvelope(1));
    const other = createStore(place().home).store;
    const found = await other.getMany(['bars|tradier@test|AAPL', KEY, 'bars|tradier@test|NONE']);
    expect(found.get('bars|tradier@test|AAPL')).toEqual(envelope);
    expect(found.get('bars|tradier@test|NONE')).toEqual(empty);
    expect(found.get(KEY)).toEqual(createEnvelope(1));
    expect(await createStore(place().home).store.get('bars|tradier@test|AAPL')).toEqual(envelope);
  });

  it('gives nothing for what was never set, or cleared', async () => {
    const place = await createPlace();
    const { store } = createStore(place().home);
    await store.set('quote|tradier@test|MSFT', createEnvelope(2));
    expect(await store.get('quote|none')).toBeUndefined();
    expect(await store.get('quote|tradier@test|MSFT')).toEqual(createEnvelope(2));
    await store.clear();
    expect(await store.get('quote|tradier@test|MSFT')).toBeUndefined();
    expect(store.peek('quote|tradier@test|MSFT')).toBeUndefined();
  });

  it('does not serve from memory what another process has replaced', async () => {
    const place = await createPlace();
    const ours = createStore(place().home).store;
    const theirs = createStore(place().home).store;
    await ours.set(KEY, createEnvelope('old'));
    expect((await ours.get<string>(KEY))?.value).toBe('old');
    await theirs.set(KEY, createEnvelope('new'));
    expect((await ours.get<string>(KEY))?.value).toBe('new');
    await theirs.clear();
    expect(await ours.get(KEY)).toBeUndefined();
  });

  it('is at most a second behind others where memory alone is asked, and nothing behind else', async () => {
    const place = await createPlace();
    let nowMs = 1_000_000;
    const ours = await createUsedStore(place().home, { nowMs: () => nowMs });
    const theirs = createStore(place().home).store;
    await ours.set(KEY, createEnvelope('old'));
    expect(ours.peek<string>(KEY)?.value).toBe('old');
    await theirs.set(KEY, createEnvelope('new'));
    nowMs += 900;
    expect(ours.peek<string>(KEY)?.value).toBe('old');
    nowMs += 200;
    expect(ours.peek(KEY)).toBeUndefined();
    expect((await ours.get<string>(KEY))?.value).toBe('new');
  });

  it('tells the size of each kind of entry', async () => {
    const place = await createPlace();
    const { store } = createStore(place().home);
    await store.set(KEY, createEnvelope(1));
    await store.set(
      entryKey('chain', 't', 'AAPL', '2026-11-20'),
      createEnvelope('x'.repeat(10_000), { kind: 'chain' }),
    );
    const sizes = await store.readSizes();
    expect(sizes['quote']?.entries).toBe(1);
    expect(sizes['chain']?.bytes).toBeGreaterThan(10_000);
    expect(sizes['chain']?.bytes).toBeLessThan(10_500);
  });

  it('clears entries and nothing of the ledger', async () => {
    const place = await createPlace();
    const { store } = createStore(place().home);
    const { state } = place();
    const key = { provider: 'polygon', keyHash: 'h' } as const;
    await state.reserveSlot(key, 5, 1_000, 2_000);
    await store.set(KEY, createEnvelope(1));
    await store.clear();
    expect(await state.countUsed(key, 1_500)).toBe(1);
  });

  it('does not keep in memory an old value that was being read while a new one was set', async () => {
    const place = await createPlace();
    await createStore(place().home).store.set(KEY, createEnvelope('old'));
    const store = await createUsedStore(place().home);
    const reading = store.get<string>(KEY);
    await store.set(KEY, createEnvelope('new'));
    await reading;
    expect(store.peek<string>(KEY)?.value).toBe('new');
  });
});

describe('the entry store over the cache file', () => {
  it('takes a damaged or foreign entry for a miss and says so once', async () => {
    const { database } = openDatabase(createTempFolder());
    const { store, notes } = createStore(createSqliteEntries(database));
    const insert = 'INSERT INTO entries(key, value) VALUES(?, ?)';
    database.run(insert, 'quote|a', '{"value":{"v":1,');
    database.run(insert, 'quote|b', 'x');
    database.run(insert, 'quote|c', '{"value":{"v":2,"kind":"quote"}}');
    database.run(insert, 'bars|d', new Uint8Array(3));
    database.run(insert, 'bars|e', new Uint8Array(80).fill(1));
    for (const key of ['quote|a', 'quote|b', 'quote|c', 'bars|d', 'bars|e'])
      expect(await store.get(key)).toBeUndefined();
    await store.set(KEY, createEnvelope(1));
    expect([...(await store.getMany(['quote|a', KEY, 'quote|b', 'quote|c', 'bars|d', 'bars|e'])).keys()]).toEqual([
      KEY,
    ]);
    expect(notes).toHaveLength(1);
  });

  it('keeps no more in memory than its bound, and finds the rest in the file', async () => {
    const { database } = openDatabase(createTempFolder());
    const { store } = createStore(createSqliteEntries(database), { maxMemoryChars: 2_000 });
    for (const name of ['a', 'b', 'c']) await store.set(`chain|${name}`, createEnvelope(name.repeat(700)));
    expect(store.peek('chain|a')).toBeUndefined();
    expect(store.peek('chain|c')).toBeDefined();
    expect(await store.get('chain|a')).toBeDefined();
  });

  it('removes the least recently used when the file has grown over its bound, and the file shrinks', async () => {
    const folder = createTempFolder();
    let nowMs = 1_000_000;
    const { database } = openDatabase(folder);
    const maxBytes = 600_000;
    const { store } = createStore(createSqliteEntries(database, maxBytes), { nowMs: () => nowMs });
    const keyOf = (index: number): string => `chain|t|${index}`;
    for (let index = 0; index < 20; index += 1) {
      nowMs += 1_000;
      await store.set(keyOf(index), createEnvelope('x'.repeat(20_000)));
      await store.flush();
    }
    nowMs += 1_000;
    await store.get(keyOf(0));
    for (let index = 20; index < 40; index += 1) await store.set(keyOf(index), createEnvelope('x'.repeat(20_000)));
    await store.flush();
    const { store: later } = createStore(createSqliteEntries(openDatabase(folder).database));
    expect(await later.get(keyOf(0))).toBeDefined();
    expect(await later.get(keyOf(39))).toBeDefined();
    expect(await later.get(keyOf(1))).toBeUndefined();
    expect(database.sizeBytes()).toBeLessThan(maxBytes);
  });

  it('keeps answering when the file stops taking writes', async () => {
    const { database, notes } = openDatabase(createTempFolder());
    const { store } = createStore(createSqliteEntries(database));
    database.run('PRAGMA query_only=1');
    await store.set(KEY, createEnvelope('kept'));
    expect((await store.get<string>(KEY))?.value).toBe('kept');
    await store.flush();
    expect(notes).toHaveLength(1);
  });

  it('does not let a transaction undo a set that has reported success', async () => {
    const { database } = openDatabase(createTempFolder());
    const { store } = createStore(createSqliteEntries(database), { maxMemoryChars: 0 });
    const setting = store.set(KEY, createEnvelope('mine'));
    const failing = (): void =>
      database.transaction(() => {
        database.run("INSERT INTO meta(name, value) VALUES('y', 1)");
        throw new Error('no');
      });
    expect(failing).toThrow('no');
    await setting;
    const held: Envelope<string> | undefined = await store.get(KEY);
    expect(held?.value).toBe('mine');
  });

  it('works over any adapter of keyv', async () => {
    const { store: inMap, kept } = createMapStore();
    await inMap.set(KEY, createEnvelope('kept'));
    expect([...kept.keys()]).toEqual([KEY]);
    expect((await inMap.get<string>(KEY))?.value).toBe('kept');
    expect(await inMap.clear()).toBe(1);
    expect(kept.size).toBe(0);
  });
});

/** A home that is not SQLite: keyv's own adapter for a Map of text. */
function createMapStore() {
  const kept = new Map<string, unknown>();
  const store = createEntryStore({
    home: {
      adapter: new KeyvMemoryAdapter(kept),
      readVersion: () => 0,
      readSizes: () => Promise.resolve({ quote: { entries: kept.size, bytes: 0 } }),
      saveUse: () => undefined,
      listSuperfluous: () => [],
      tidy: () => undefined,
    },
    machineNow: () => 0,
    onNote: () => undefined,
  });
  return { store, kept };
}
