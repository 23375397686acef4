/** Builds the page once for all browser tests, or says aloud that there will be none. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { findChromium } from './chromium.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

declare module 'vitest' {
  interface ProvidedContext {
    /** The built page; '' when there is no browser to show it. */
    readonly pageFolder: string;
    readonly chromium: string;
  }
}

export default function setup(project: TestProject): () => void {
  const chromium = findChromium();
  if (chromium === null) {
    console.warn('\nNo Chromium on this machine: the browser tests are SKIPPED.');
    console.warn('Install it (apt-get install chromium) or name one in CHROMIUM.\n');
    project.provide('pageFolder', '');
    project.provide('chromium', '');
    return () => undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'trial-page-'));
  const outDir = join(folder, 'page');
  buildPage(outDir);
  project.provide('pageFolder', outDir);
  project.provide('chromium', chromium);
  return () => rmSync(folder, { recursive: true, force: true });
}

/** In a process of its own: inside vitest, `import.meta` of the page would become vitest's. */
function buildPage(outDir: string): void {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', join(root, 'viz'), '--outDir', outDir, '--logLevel', 'error'];
  const { NODE_ENV: _, VITEST: __, ...env } = process.env;
  const built = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the page cannot be built:\n${built.stderr}`);
}
