/**
 * Bundles what other projects import: `kafka-trial`, `kafka-trial/vitest`, `kafka-trial/property`,
 * `kafka-trial/server` and `kafka-trial/server/vitest`, with their declarations. The first needs
 * nothing of Node; vitest and fast-check are the importing project's own.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const TYPES = 'dist/types';
const ENTRIES = ['index', 'vitest', 'property', 'server', 'server-vitest'];

export default defineConfig({
  plugins: [declarations()],
  build: {
    lib: {
      entry: Object.fromEntries(ENTRIES.map((name) => [name, `library/${name}.ts`])),
      formats: ['es'],
    },
    outDir: 'dist/library',
    target: 'es2023',
    minify: false,
    rolldownOptions: {
      external: ['vitest', 'fast-check', /^node:/],
      output: { topLevelVar: false, chunkFileNames: '[name].js' },
    },
  },
});

/** Declarations of everything that the entries reach, and of nothing else. */
function declarations(): Plugin {
  return {
    name: 'declarations',
    closeBundle() {
      rmSync(TYPES, { recursive: true, force: true });
      const tsc = join('node_modules', '.bin', 'tsc');
      const { status, stdout } = spawnSync(tsc, ['-p', 'library/tsconfig.json'], {
        encoding: 'utf8',
      });
      if (status !== 0) this.error(`no declarations: ${stdout}`);
      const reached = new Set<string>();
      for (const name of ENTRIES) reach(join(TYPES, 'library', `${name}.d.ts`), reached);
      for (const path of readdirSync(TYPES, { recursive: true, encoding: 'utf8' })) {
        const file = join(TYPES, path);
        if (path.endsWith('.d.ts') && !reached.has(file)) rmSync(file);
      }
    },
  };
}

/** `import … from './wire.ts'` in a declaration means `./wire.d.ts` beside it. */
function reach(file: string, reached: Set<string>): void {
  if (reached.has(file)) return;
  reached.add(file);
  const text = readFileSync(file, 'utf8');
  for (const [, path] of text.matchAll(/(?:from|import\()\s*['"](\.[^'"]+)\.ts['"]/g)) {
    reach(join(dirname(file), `${path}.d.ts`), reached);
  }
}
