/**
 * `npm run generate`: writes the generated sources and removes stale ones. Run from the project's
 * root. Node 20 cannot run TypeScript by itself, so the npm script bundles this file with Vite
 * first.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { generateReference } from './generate-reference.ts';
import { GENERATED_FOLDER, generateWire } from './generate-wire.ts';

const files = generateWire();
const wanted = new Set([...files.keys()].map((path) => basename(path)));

mkdirSync(GENERATED_FOLDER, { recursive: true });
const present = new Set(readdirSync(GENERATED_FOLDER));
for (const name of present) {
  if (!wanted.has(name)) rmSync(`${GENERATED_FOLDER}/${name}`);
}

let changed = 0;
for (const [path, source] of files) {
  if (present.has(basename(path)) && readFileSync(path, 'utf8') === source) continue;
  writeFileSync(path, source);
  changed += 1;
}
mkdirSync('docs/reference', { recursive: true });
for (const [path, text] of generateReference()) writeFileSync(path, text);
console.log(`${files.size} files, ${changed} changed`);
