// npm run docs: writes the real program's output into the documents.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fillDocument } from './documents.ts';
import { fillExamples } from './grounding-examples.ts';

const path = resolve(import.meta.dirname, '../../README.md');
writeFileSync(path, fillDocument(readFileSync(path, 'utf8')));
const grounding = resolve(import.meta.dirname, '../../docs/grounding.md');
writeFileSync(grounding, await fillExamples(readFileSync(grounding, 'utf8')));
