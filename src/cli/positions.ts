// fin positions: what is held, priced; added, removed and imported. Words are checked before anything is fetched or written.
import * as path from 'node:path';
import { preparePositions } from '../app/commands/positions.ts';
import { createMarketRequest } from '../app/request.ts';
import { changeBook } from '../book/book-file.ts';
import { type DataFolder, dataFolderOf } from '../book/data-folder.ts';
import {
  type HeldPosition,
  type Holding,
  addPositions,
  costOf,
  removePosition,
  whyImpossible,
  withoutHeld,
} from '../book/positions.ts';
import { type ContractTerms, isContract, parseInstruments } from '../domain/contracts.ts';
import { resolveDay } from '../domain/date-phrases.ts';
import { ConfigError, UsageError } from '../domain/errors.ts';
import { exchangeDateOf } from '../domain/exchange-time.ts';
import { readGroupedNumber } from '../domain/possible.ts';
import { quoteInput } from '../domain/symbols.ts';
import type { IsoDate, OptionSymbol } from '../domain/types.ts';
import { readTextFile } from '../files/text-file.ts';
import { formatNumber, formatPrice, plural } from '../render/format.ts';
import { sanitiseLine } from '../render/text.ts';
import type { CommandRunner, Invocation } from './command.ts';
import type { CommandContext } from './command-context.ts';
import { runner } from './data-commands.ts';
import { parseId, printOwn } from './own-document.ts';
import { EXIT } from '../app/exit-code.ts';

const ADD_HINT = 'for example fin positions add 100 NVDA @ 180.50, or fin positions add -2 "NVDA 450c dec 18" @ 5.30';
const MAX_FILE_BYTES = 5 * 1024 * 1024;
const MOST_PROBLEMS = 20;

export const runPositions: CommandRunner = (invocation, session) => {
  const [action, ...words] = invocation.words;
  const folder = dataFolderOf(session.config);
  switch (action) {
    case undefined:
      return runShow(invocation, session);
    case 'add':
      return add(words, invocation.options, folder, session);
    case 'remove':
      return remove(words[0] ?? '', folder, session);
    default:
      return importFile(words[0] ?? '', folder, session);
  }
};

const runShow = runner(preparePositions);

async function add(
  words: readonly string[],
  { opened }: Invocation['options'],
  folder: DataFolder,
  session: CommandContext,
): Promise<number> {
  const { quantity, what, price } = readAddition(words);
  const instruments = parseInstruments([what]);
  const [instrument] = instruments;
  if (instrument === undefined || instruments.length > 1)
    throw new UsageError(`positions add: ${quoteInput(what)} is not one symbol or contract`, { hint: ADD_HINT });
  if (isContract(instrument) && !Number.isInteger(quantity))
    throw new UsageError(`positions add: ${quantity} is not a whole number of contracts`, { hint: ADD_HINT });
  const date = typeof opened === 'string' ? readOpened(opened, session) : undefined;
  const symbol = isContract(instrument) ? await findSymbol(instrument, session) : instrument;
  const impossible = whyImpossible(symbol);
  if (impossible !== undefined)
    throw new UsageError(`positions add: ${quoteInput(what)}: ${impossible}`, {
      hint: `fin expirations ${isContract(instrument) ? instrument.underlying : symbol} lists the dates`,
    });
  const holding: Holding = {
    symbol,
    quantity,
    cost: costOf({ symbol, quantity, price }),
    ...(date === undefined ? {} : { opened: date }),
  };
  const added = changeBook(folder, (book) => addPositions(book, [holding]));
  const lines = added.map((each) => `added ${describe(each)}`);
  printOwn(session, 'positions add', added, lines);
  return EXIT.done;
}

/** `100 NVDA @ 180.50`, with or without spaces around the @. */
function readAddition(words: readonly string[]): { quantity: number; what: string; price: number } {
  const text = words.join(' ');
  const [, first = '', what = '', last = ''] = /^\s*(\S+)\s+(.+?)\s*@\s*(\S+)\s*$/.exec(text) ?? [];
  if (what === '')
    throw new UsageError(`positions add: ${quoteInput(text)}: not QUANTITY WHAT @ PRICE`, { hint: ADD_HINT });
  const quantity = readGroupedNumber(first) ?? NaN;
  if (!(Math.abs(quantity) > 0 && Math.abs(quantity) < 1e12))
    throw new UsageError(`positions add: ${quoteInput(first)} is not a quantity`, { hint: ADD_HINT });
  const price = /^[$.\d][\d,.]*$/.test(last) ? (readGroupedNumber(last.replace(/^\$/, '')) ?? NaN) : NaN;
  if (!(price >= 0 && price < 1e9))
    throw new UsageError(`positions add: ${quoteInput(last)} is not a price per share`, { hint: ADD_HINT });
  return { quantity, what, price };
}

function readOpened(text: string, { clock }: CommandContext): IsoDate {
  const date = resolveDay(text, clock.now(), '--opened');
  if (date > exchangeDateOf(clock.now()))
    throw new UsageError(`--opened ${quoteInput(text)}: ${date} is in the future`, {
      hint: 'give the day it was opened',
    });
  return date;
}

/** Its OCC symbol. */
export async function findSymbol(terms: ContractTerms, session: CommandContext): Promise<OptionSymbol> {
  const { findContractSymbol } = await import('../tools/contracts.ts');
  const { clock } = session;
  return findContractSymbol(terms, clock, async () => {
    const { market } = await session.openRuntime();
    return { market, clock, request: createMarketRequest(session) };
  });
}

function remove(text: string, folder: DataFolder, session: CommandContext): Promise<number> {
  const id = parseId(text, 'positions remove', 'fin positions');
  const removed = changeBook(folder, (book) => removePosition(book, id));
  printOwn(session, 'positions remove', [removed], [`removed ${describe(removed)}`]);
  return Promise.resolve(EXIT.done);
}

async function importFile(name: string, folder: DataFolder, session: CommandContext): Promise<number> {
  const { readBrokerFile } = await import('../book/broker-files.ts');
  const read = readTextFile(path.resolve(session.workingDirectory, name), MAX_FILE_BYTES);
  if (!('text' in read))
    throw new ConfigError(`positions import: ${name} ${read.why}`, {
      hint: 'name a CSV file that your broker exported',
    });
  const { holdings, leftOut, problems } = readBrokerFile(read.text, session.clock.now());
  if (problems.length > 0) {
    for (const problem of problems.slice(0, MOST_PROBLEMS)) session.output.diagnose(`  ${sanitiseLine(problem, 200)}`);
    const rest = problems.length - MOST_PROBLEMS;
    if (rest > 0) session.output.diagnose(`  and ${rest} more`);
    throw new ConfigError(
      `positions import: ${name}: ${plural(problems.length, 'row')} not understood, nothing was imported`,
      {
        hint: 'fix or remove them; the columns are symbol, quantity, and cost basis or cost per share',
      },
    );
  }
  const { added, held } = changeBook(folder, (book) => {
    const fresh = withoutHeld(book, holdings);
    return { added: addPositions(book, fresh), held: holdings.length - fresh.length };
  });
  if (leftOut.length > 0) session.output.note(`left out because they are not positions: ${leftOut.join(', ')}`);
  if (held > 0)
    session.output.note(`${plural(held, 'position')} not added again: already held with the same quantity and cost`);
  const lines = [`added ${plural(added.length, 'position')}`, ...added.map((each) => `  ${describe(each)}`)];
  printOwn(session, 'positions import', added, lines);
  return EXIT.done;
}

function describe({ id, symbol, quantity, cost, opened }: HeldPosition): string {
  return `${id}: ${formatNumber(quantity)} ${symbol}, cost ${formatPrice(cost)}${opened === undefined ? '' : `, opened ${opened}`}`;
}
