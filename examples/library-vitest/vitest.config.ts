import { defineConfig } from 'vitest/config';

/** A run takes a fraction of a second, but a busy machine takes its time. */
export default defineConfig({ test: { testTimeout: 30_000 } });
