// Words that name no command: a question, unless they are a command that was mistyped.
import { describe, expect, it } from 'vitest';
import { readBareWords } from '../../src/cli/bare-words.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { UsageError } from '../../src/domain/errors.ts';

const read = (line: string): string => readBareWords(line.split(' '), COMMANDS).join(' ');

describe('words whose first is no command', () => {
  it.each([
    'nvda',
    'how did spy do last week',
    'price of apple --json',
    '--json nvda',
    '--model builtin nvda',
    'NVDA --timeout 5 --quiet',
    'apple',
    'Berkshire',
    '@tech',
    '$TABL',
    '-',
    // Symbols and names one letter away from a command.
    'sofi',
    'chase',
    'cost',
    'mark the price of nvda',
  ])('%s is asked', (line) => {
    expect(read(line)).toBe(`ask ${line}`);
  });

  it.each([
    ['qoute', 'quote'],
    ['quotes', 'quote'],
    ['Quote', 'quote'],
    ['histroy', 'history'],
    ['hist', 'history'],
    ['chian', 'chain'],
    ['chains', 'chain'],
    ['tabel', 'table'],
    ['marekt', 'market'],
    ['levle', 'levels'],
    ['bacth', 'batch'],
    ['expiration', 'expirations'],
    ['complet', 'completion'],
    ['helpp', 'help'],
    ['qoute --json', 'quote'],
    ['qoute AAPL', 'quote'],
    ['histroy NVDA --range ytd', 'history'],
  ])('%s is told to be like fin %s', (line, name) => {
    expect(() => read(line)).toThrow(UsageError);
    try {
      read(line);
    } catch (error) {
      expect((error as UsageError).hint).toContain(`did you mean fin ${name}?`);
    }
  });

  it('leaves alone what begins with an option and then names a command, or has no word', () => {
    expect(read('--json quote NVDA')).toBe('--json quote NVDA');
    expect(read('--nonsense')).toBe('--nonsense');
  });
});

describe('help about a word', () => {
  it('that is no command says so, with the command that is near', () => {
    for (const line of ['help quot', 'help --no-color quot', 'help qoute'])
      expect(() => read(line)).toThrow(
        expect.objectContaining({ hint: expect.stringContaining('fin help quote?') as string }),
      );
    for (const word of ['confg', 'nvda', 'config'])
      expect(() => read(`help ${word}`)).toThrow(`help: ${word}: not a fin command`);
  });
});
