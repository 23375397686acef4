/**
 * Bundles the page into a folder of static files that works from any host under any path. The
 * laboratory itself is in the worker's bundle and is fetched with the first run, not before.
 */
import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2023',
    // Every browser of that target preloads modules by itself.
    modulePreload: { polyfill: false },
    // Nothing is put into the text of the page as `data:`: the policy would have to allow it.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: { output: { topLevelVar: false } },
  },
  worker: {
    format: 'es',
    rolldownOptions: { output: { topLevelVar: false } },
  },
});
