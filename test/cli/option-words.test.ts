// Words behind the symbols of a command, in a session and in the shell.
import { describe, expect, it } from 'vitest';
import { readSessionWords, readShellWords } from '../../src/cli/option-words.ts';

const read = (line: string): string[] => {
  const [name = '', ...words] = line.split(' ');
  return readSessionWords(name, words);
};

describe('words behind the symbols', () => {
  it.each([
    ['history nvda last week', ['nvda', '--range', 'last week']],
    ['history nvda amd last 5 trading days', ['nvda', 'amd', '--range', 'last 5 trading days']],
    ['history nvda ytd --interval week', ['nvda', '--range', 'ytd', '--interval', 'week']],
    ['history nvda 2025-10-01 to 2025-10-31', ['nvda', '--range', '2025-10-01 to 2025-10-31']],
    ['history NVDA MAR', ['NVDA', 'MAR']],
    ['chain spy friday', ['spy', '--expiration', 'friday']],
    ['chain spy next friday puts', ['spy', '--expiration', 'next friday', '--side', 'put']],
    ['chain spy calls', ['spy', '--side', 'call']],
    ['chain spy 2026-12-18 --strikes 5', ['spy', '--expiration', '2026-12-18', '--strikes', '5']],
    ['chart nvda past 6 months --with sma50', ['nvda', '--range', 'past 6 months', '--with', 'sma50']],
    ['strategy nvda iron condor monthly', ['nvda', 'iron', 'condor', '--expiration', 'monthly']],
    ['table nvda amd rsi14 last', ['nvda', 'amd', '--columns', 'rsi14,last']],
    ['table nvda last, rsi14', ['nvda', '--columns', 'last, rsi14']],
    ['table nvda pct(last, open) as day', ['nvda', '--columns', 'pct(last, open) as day']],
    ['table nvda technical --sort -rsi14', ['nvda', '--columns', 'technical', '--sort', '-rsi14']],
    ['table NVDA LOW OPEN', ['NVDA', 'LOW', 'OPEN']],
  ])('%s fills the option that is meant', (line, words) => {
    expect(read(line)).toEqual(words);
  });

  it.each([
    'history nvda amd',
    'history nvda --range ytd',
    'history --range ytd nvda',
    'chain spy',
    'chain spy someday',
    'chain spy friday --expiration 0dte',
    'table nvda amd',
    'quote nvda friday',
    'cache warm nvda',
  ])('%s is left as it is', (line) => {
    expect(read(line)).toEqual(line.split(' ').slice(1));
  });

  it('need no quotes in the value of an option', () => {
    expect(read('history nvda --range last 5 trading days --json')).toEqual([
      'nvda',
      '--range',
      'last 5 trading days',
      '--json',
    ]);
    expect(read('table nvda --where rsi14 < 30 and last > sma200 --limit 3')).toEqual([
      'nvda',
      '--where',
      'rsi14 < 30 and last > sma200',
      '--limit',
      '3',
    ]);
    expect(read('history nvda --range')).toEqual(['nvda', '--range']);
  });

  it('mean the same in the shell, which has split the values of options', () => {
    const words = (line: string): string[] => line.split(' ');
    expect(readShellWords('history', words('nvda last 5 trading days --json'))).toEqual([
      'nvda',
      '--range',
      'last 5 trading days',
      '--json',
    ]);
    expect(readShellWords('history', ['nvda', 'last 5 trading days'])).toEqual([
      'nvda',
      '--range',
      'last 5 trading days',
    ]);
    expect(readShellWords('chain', words('spy friday puts -q'))).toEqual([
      'spy',
      '--expiration',
      'friday',
      '--side',
      'put',
      '-q',
    ]);
    expect(readShellWords('table', ['nvda', '--where', 'rsi14 < 30', '--limit', '3'])).toEqual([
      'nvda',
      '--where',
      'rsi14 < 30',
      '--limit',
      '3',
    ]);
  });

  it('are refused where they name a period that cannot be read', () => {
    expect(() => read('history nvda lst week')).toThrow('"week": fin cannot read the range in these words');
    expect(() => read('chain spy the week beyond')).toThrow('fin cannot read the expiration');
  });
});
