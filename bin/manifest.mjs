// The package.json of the packed program: npm pack calls this before and after. What only a checkout needs is taken out
// meanwhile, because npm warns whoever installs a package with a prepare script, which has nothing to prepare there.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const manifest = join(root, 'package.json');
/** The checkout's own, while a package is made; git ignores the folder. */
const kept = join(root, 'node_modules/.fin-package.json');
const CHECKOUT_ONLY = new Set(['scripts', 'devDependencies', 'overrides', 'allowScripts']);

function reduce() {
  const text = readFileSync(manifest, 'utf8');
  const fields = Object.entries(JSON.parse(text)).filter(([name]) => !CHECKOUT_ONLY.has(name));
  writeFileSync(kept, text);
  writeFileSync(manifest, `${JSON.stringify(Object.fromEntries(fields), null, 2)}\n`);
}

if (process.argv[2] === 'reduce') reduce();
else renameSync(kept, manifest);
