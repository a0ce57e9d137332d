// Documents say what the program does: transcripts and help are its real output, options and variables are all named.
import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { fillDocument } from './documents.ts';

const root = resolve(import.meta.dirname, '../..');
const readme = readFileSync(resolve(root, 'README.md'), 'utf8');

describe('the README', () => {
  it('shows transcripts and a help text that the real program prints', () => {
    expect(fillDocument(readme)).toBe(readme);
  });

  it('stays under 200 lines', () => {
    expect(readme.split('\n').length).toBeLessThan(200);
  });

  it('names every command', () => {
    const missing = COMMANDS.map(({ name }) => name).filter((name) => !new RegExp(`\\b${name}\\b`).test(readme));
    expect(missing).toEqual([]);
  });

  it('names every variable that the settings know', () => {
    const config = readFileSync(resolve(root, 'src/config.ts'), 'utf8');
    const names = [...config.matchAll(/^ {2}'([A-Z][A-Z_]+)',$/gm)].map(([, name]) => name ?? '');
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });

  it('links only to files that are there', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)]
      .map(([, link]) => link ?? '')
      .filter((link) => !link.startsWith('http'));
    const files = new Set([...readdirSync(root), ...readdirSync(resolve(root, 'docs')).map((file) => `docs/${file}`)]);
    expect(links.filter((link) => !files.has(link))).toEqual([]);
  });
});
