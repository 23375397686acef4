/** What a failed test leaves behind: the scenario, the trace, and the lines that bring it back. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScenarioInput } from '../sim/scenario/schema.ts';
import { contentHash } from './fnv.ts';

const FOLDER = 'failures';
const INDENT = 2;

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
  // Two runs of one scenario and seed may have been kept at different events.
  const contents = [Buffer.from(text), ...(trace === null ? [] : [trace])];
  const file = join(FOLDER, `${slug(name)}-${seed}-${contentHash(contents)}`);
  writeWhole(`${file}.json`, text);
  const lines = [`replay  npx trial run ${file}.json --seed ${seed}`];
  if (trace === null) return lines;
  writeWhole(`${file}.trial`, trace);
  return [...lines, `watch   npx trial view ${file}.trial`];
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
