/** Results for programs: one JSON document, to stdout or into a file. */
import { writeFileSync } from 'node:fs';
import { writeError } from './errors.ts';
import type { Terminal } from './terminal.ts';

export function printJson(value: unknown, file: string | undefined, terminal: Terminal): void {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (file === undefined) terminal.out(text);
  else writeResult(file, text);
}

/** @throws an error with exit code 74 if the file cannot be written. */
export function writeResult(file: string, contents: string | Uint8Array): void {
  try {
    writeFileSync(file, contents);
  } catch (error) {
    throw writeError(file, error);
  }
}
