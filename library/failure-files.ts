/** What a failed test leaves behind: the scenario, the trace, and the lines that bring it back. */
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScenarioInput } from '../sim/scenario/schema.ts';

const FOLDER = 'failures';
const INDENT = 2;
const HASH_DIGITS = 8;

export interface FailedRun {
  /** What the files are called after. */
  readonly name: string;
  readonly seed: string | number;
  readonly scenario: ScenarioInput;
  /** null: nothing has been run. */
  readonly trace: Uint8Array | null;
}

/**
 * Writes them below `failures/`. A hash of what is in them ends their name: other tests with the
 * same name, and other counter-examples of the same property, do not take their place.
 * @returns the lines to show.
 */
export function keepFailure({ name, seed, scenario, trace }: FailedRun): string[] {
  mkdirSync(FOLDER, { recursive: true });
  const text = `${JSON.stringify(scenario, null, INDENT)}\n`;
  const file = join(FOLDER, `${slug(name)}-${seed}-${contentHash(text, trace)}`);
  writeWhole(`${file}.json`, text);
  const lines = [`replay  npx trial run ${file}.json --seed ${seed}`];
  if (trace === null) return lines;
  writeWhole(`${file}.trial`, trace);
  return [...lines, `watch   npx trial view ${file}.trial`];
}

/** Two runs of one scenario and seed may have been kept at different events. */
function contentHash(scenario: string, trace: Uint8Array | null): string {
  const hash = createHash('sha256').update(scenario);
  if (trace !== null) hash.update(trace);
  return hash.digest('hex').slice(0, HASH_DIGITS);
}

/** A disk that is full leaves the file of an earlier failure as it was. */
function writeWhole(file: string, contents: string | Uint8Array): void {
  const written = `${file}.tmp`;
  try {
    writeFileSync(written, contents);
    renameSync(written, file);
  } finally {
    rmSync(written, { force: true });
  }
}

/** `Orders > survive a crash!` → `orders-survive-a-crash` */
export function slug(text: string): string {
  const words = text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return words.replace(/^-+|-+$/g, '').slice(0, 80) || 'test';
}
