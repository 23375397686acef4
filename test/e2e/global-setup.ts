/** Builds the page once for all browser tests, or says aloud that there will be none. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { findChromium } from './chromium.ts';

const viz = fileURLToPath(new URL('../../viz', import.meta.url));

declare module 'vitest' {
  interface ProvidedContext {
    /** The built page; '' when there is no browser to show it. */
    readonly pageFolder: string;
    readonly chromium: string;
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
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
  await build({ root: viz, logLevel: 'error', build: { outDir } });
  project.provide('pageFolder', outDir);
  project.provide('chromium', chromium);
  return () => rmSync(folder, { recursive: true, force: true });
}
