/**
 * `npm run generate`: writes the generated sources. Plain JavaScript that loads the TypeScript
 * generators through Vite's `runnerImport`, because Node 20 cannot run TypeScript by itself.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const { module } = await runnerImport(`${root}scripts/generate-wire.ts`, {
  root,
  configFile: false,
  logLevel: 'error',
});
const files = module.generateWire();
const folder = `${root}${module.GENERATED_FOLDER}`;
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) {
  if (!files.has(`${module.GENERATED_FOLDER}/${name}`)) rmSync(`${folder}/${name}`);
}
let changed = 0;
for (const [path, source] of files) {
  if (readIfThere(`${root}${path}`) === source) continue;
  writeFileSync(`${root}${path}`, source);
  changed += 1;
}
console.log(`${files.size} files, ${changed} changed`);

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
