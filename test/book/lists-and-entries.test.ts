// Lists, positions and alerts in the book: names become symbols in one place, entries written by hand are read or refused
// with their place, ids stay their own, and an alert tells on the edge.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addAlert, listAlerts, removeAlert, settleAlerts } from '../../src/book/alerts.ts';
import { changeBook, readBook } from '../../src/book/book-file.ts';
import type { DataFolder } from '../../src/book/data-folder.ts';
import { addToList, expandNames, holdsName, parseListName, removeFromList } from '../../src/book/lists.ts';
import { addPositions, listPositions, removePosition, withoutHeld } from '../../src/book/positions.ts';
import { createDataFolder } from './world.ts';

function write(book: object): DataFolder {
  const folder = createDataFolder();
  mkdirSync(folder.path, { mode: 0o700 });
  writeFileSync(join(folder.path, 'book.json'), JSON.stringify(book));
  return folder;
}

describe('a list’s name', () => {
  const folder = (): DataFolder =>
    write({
      lists: { core: ['nvda', 'BRK/B'], Täch: ['AMD'], none: [], odd: ['!!'] },
      positions: [
        { symbol: 'SPY', quantity: 1, cost: 2 },
        { symbol: 'NVDA261218C00450000', quantity: 1, cost: 2 },
        { symbol: 'SPY', quantity: -1, cost: -2 },
      ],
    });

  it.each([
    ['@core', 'NVDA, BRK.B'],
    ['@CORE,SPY', 'NVDA, BRK.B,SPY'],
    ['what is up in @core?', 'what is up in NVDA, BRK.B?'],
    ['compare (@täch) with @core.', 'compare (AMD) with NVDA, BRK.B.'],
    ['@positions', 'SPY, NVDA'],
    ['100 NVDA @ 180.50', '100 NVDA @ 180.50'],
    ['NVDA @180.50 me@core.com', 'NVDA @180.50 me@core.com'],
  ])('in "%s" is its symbols', (text, expanded) => {
    expect(expandNames(text, folder())).toBe(expanded);
  });

  it('that there is not is named with those that are, and one without usable symbols says why', () => {
    expect(() => expandNames('@nope', folder())).toThrow(
      expect.objectContaining({
        code: 'usage',
        hint: expect.stringContaining('@core, @Täch, @none, @odd, @positions'),
      }),
    );
    expect(() => expandNames('@none', folder())).toThrow(expect.objectContaining({ code: 'no_data' }));
    expect(() => expandNames('@odd', folder())).toThrow(expect.objectContaining({ code: 'config' }));
    expect(() => expandNames('@positions', createDataFolder())).toThrow(expect.objectContaining({ code: 'no_data' }));
  });

  it('opens no book where there is none in the text', () => {
    const broken = createDataFolder();
    mkdirSync(broken.path, { mode: 0o700 });
    writeFileSync(join(broken.path, 'book.json'), '{');
    expect(holdsName('a@b.com 5 @ 3')).toBe(false);
    expect(expandNames('NVDA', broken)).toBe('NVDA');
    expect(() => expandNames('@core', broken)).toThrow('line 1, column 2');
  });

  it('begins with a letter and is no word of fin’s own', () => {
    expect(parseListName('@core')).toBe('core');
    for (const name of ['', '@', '1st', 'a b', 'positions', '@Positions', 'x'.repeat(41)])
      expect(() => parseListName(name)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

describe('a list', () => {
  it('takes each symbol once and loses only what it has', () => {
    const folder = createDataFolder();
    expect(changeBook(folder, (book) => addToList(book, 'core', ['NVDA', 'AMD']))).toEqual({
      name: 'core',
      added: ['NVDA', 'AMD'],
    });
    expect(changeBook(folder, (book) => addToList(book, 'CORE', ['AMD', 'SPY']))).toEqual({
      name: 'core',
      added: ['SPY'],
    });
    expect(() => changeBook(folder, (book) => removeFromList(book, 'core', ['SPY', 'IBM']))).toThrow(
      'it does not contain IBM',
    );
    expect(readBook(folder).lists).toEqual({ core: ['NVDA', 'AMD', 'SPY'] });
    changeBook(folder, (book) => removeFromList(book, 'core', ['NVDA', 'SPY']));
    expect(readBook(folder).lists).toEqual({ core: ['AMD'] });
    changeBook(folder, (book) => removeFromList(book, 'core', []));
    expect(readBook(folder).lists).toEqual({});
  });
});

describe('a list written by hand', () => {
  it('are asked for in their own case where two differ in nothing else', () => {
    const folder = write({ lists: { Tech: ['NVDA'], tech: ['AMD'] } });
    expect(expandNames('@tech', folder)).toBe('AMD');
    expect(() => expandNames('@TECH', folder)).toThrow('@TECH: @Tech or @tech?');
  });

  it('may spell symbols as any vendor does, and one called positions stands for nothing', () => {
    const folder = write({ lists: { core: ['nvda', 'BRK/B'], positions: ['AMD'] } });
    expect(changeBook(folder, (book) => addToList(book, 'core', ['NVDA', 'BRK.B', 'SPY'])).added).toEqual(['SPY']);
    changeBook(folder, (book) => removeFromList(book, 'core', ['NVDA', 'BRK.B']));
    expect(readBook(folder).lists['core']).toEqual(['SPY']);
    expect(() => expandNames('@positions', folder)).toThrow('there are no positions');
  });
});

describe('positions', () => {
  it('written by hand may have a contract padded or with a prefix', () => {
    for (const symbol of ['NVDA  261218C00450000', 'O:NVDA261218C00450000', 'nvda261218c00450000'])
      expect(listPositions(readBook(write({ positions: [{ symbol, quantity: 1, cost: 2 }] })))).toMatchObject([
        { symbol: 'NVDA261218C00450000' },
      ]);
  });

  it('written by hand get ids where they have none, and keep what fin does not know', () => {
    const folder = write({
      positions: [
        { symbol: 'nvda', quantity: 100, cost: 18050, broker: 'mine' },
        { id: 7, symbol: 'SPY', quantity: -1, cost: -650, opened: '2026-11-19' },
      ],
    });
    expect(listPositions(readBook(folder)).map(({ id, symbol }) => [id, symbol])).toEqual([
      [8, 'NVDA'],
      [7, 'SPY'],
    ]);
    const [added] = changeBook(folder, (book) => addPositions(book, [{ symbol: 'AMD', quantity: 1, cost: 2 }]));
    expect(added?.id).toBe(9);
    changeBook(folder, (book) => removePosition(book, 7));
    const text = readFileSync(join(folder.path, 'book.json'), 'utf8');
    expect(JSON.parse(text)).toEqual({
      lists: {},
      positions: [
        { id: 8, symbol: 'nvda', quantity: 100, cost: 18050, broker: 'mine' },
        { id: 9, symbol: 'AMD', quantity: 1, cost: 2 },
      ],
    });
    expect(() => changeBook(folder, (book) => removePosition(book, 7))).toThrow('no position 7');
  });

  it.each([
    [{ positions: {} }, 'positions is not a list'],
    [{ positions: [3] }, 'positions[0] is not an object'],
    [{ positions: [{ symbol: 'NVDA', quantity: '100', cost: 1 }] }, 'positions[0]: quantity'],
    [{ positions: [{ symbol: 'NVDA', quantity: 1 }] }, 'positions[0]: cost'],
    [{ positions: [{ symbol: 'NVDA', quantity: -1, cost: 180 }] }, 'positions[0]: cost'],
    [{ positions: [{ symbol: '4 you', quantity: 1, cost: 1 }] }, 'positions[0]: symbol'],
    [{ positions: [{ symbol: 'NVDA', quantity: 1, cost: 1, opened: 'monday' }] }, 'positions[0]: opened'],
    [
      {
        positions: [
          { id: 1, symbol: 'A', quantity: 1, cost: 1 },
          { id: 1, symbol: 'B', quantity: 1, cost: 1 },
        ],
      },
      'id is no',
    ],
    [{ alerts: [{ when: 3 }] }, 'alerts[0] is not an alert'],
  ])('that are none stop with their place and stay: %j', (written, why) => {
    const folder = write(written);
    const before = readFileSync(join(folder.path, 'book.json'), 'utf8');
    const use = 'alerts' in written ? listAlerts : listPositions;
    expect(() => use(readBook(folder))).toThrow(
      expect.objectContaining({ code: 'config', message: expect.stringContaining(why) }),
    );
    const change = (): unknown =>
      changeBook(folder, (book) =>
        'alerts' in written
          ? addAlert(book, { when: 'NVDA.last > 1', once: false })
          : addPositions(book, [{ symbol: 'AMD', quantity: 1, cost: 1 }]),
      );
    expect(change).toThrow(why);
    expect(readFileSync(join(folder.path, 'book.json'), 'utf8')).toBe(before);
  });

  it('that are held already are told from new ones, each as often as it comes', () => {
    const folder = write({ positions: [{ symbol: 'NVDA', quantity: 1, cost: 2 }] });
    const same = { symbol: 'NVDA', quantity: 1, cost: 2 };
    expect(withoutHeld(readBook(folder), [same, same, { ...same, cost: 3 }])).toEqual([same, { ...same, cost: 3 }]);
  });
});

const real = (at: string) => ({ at, isSample: false });

describe('an alert', () => {
  it('fires when its condition becomes true, and again only after it was false; what is missing changes nothing', () => {
    const folder = createDataFolder();
    const when = 'NVDA.last > 450';
    const { id } = changeBook(folder, (book) => addAlert(book, { when, once: false }));
    const fires = (isTrue: boolean | undefined): boolean =>
      settleAlerts(folder, [{ id, when, isTrue }], real('T')).length === 1;
    const seen = [undefined, false, true, true, undefined, true, false, undefined, true, true].map(fires);
    expect(seen).toEqual([false, false, true, false, false, false, false, false, true, false]);
    expect(listAlerts(readBook(folder))).toEqual([{ id, when, once: false, state: 'fired', lastFiredAt: 'T' }]);
  });

  it('that is told once stays told, and one that was changed or removed meanwhile is left alone', () => {
    const folder = createDataFolder();
    const when = 'NVDA.last > 450';
    const { id } = changeBook(folder, (book) => addAlert(book, { when, once: true, note: 'sell' }));
    expect(settleAlerts(folder, [{ id, when: 'NVDA.last > 1', isTrue: true }], real('T'))).toEqual([]);
    expect(settleAlerts(folder, [{ id, when, isTrue: true }], real('T'))).toMatchObject([{ id, note: 'sell' }]);
    settleAlerts(folder, [{ id, when, isTrue: false }], real('U'));
    expect(settleAlerts(folder, [{ id, when, isTrue: true }], real('V'))).toEqual([]);
    changeBook(folder, (book) => removeAlert(book, id));
    expect(settleAlerts(folder, [{ id, when, isTrue: true }], real('W'))).toEqual([]);
    expect(() => changeBook(folder, (book) => removeAlert(book, id))).toThrow('no alert');
  });

  it('that the sample market told is still told on real figures, which the sample market never changes', () => {
    const folder = createDataFolder();
    const when = 'NVDA.last > 450';
    for (const once of [true, false]) {
      const { id } = changeBook(folder, (book) => addAlert(book, { when, once }));
      const fires = (isTrue: boolean, isSample: boolean): boolean =>
        settleAlerts(folder, [{ id, when, isTrue }], { at: 'T', isSample }).length === 1;
      const kept = () => listAlerts(readBook(folder)).find((alert) => alert.id === id);
      expect([fires(true, true), fires(true, true)]).toEqual([true, false]);
      expect(kept()).toMatchObject({ state: 'fired', sample: true });
      expect([fires(false, false), fires(true, false), fires(true, false)]).toEqual([false, true, false]);
      expect(kept()).toEqual({ id, when, once, state: 'fired', lastFiredAt: 'T' });
      expect([fires(false, true), fires(true, true), fires(true, false)]).toEqual([false, false, false]);
    }
  });
});
