/** Results for programs and people: to stdout, or into a file that is whole or not there. */
import { existsSync, lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { writeError } from './errors.ts';
import type { Terminal } from './terminal.ts';

export function printJson(value: unknown, file: string | undefined, terminal: Terminal): void {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (file === undefined) terminal.out(text);
  else writeResult(file, text);
}

/**
 * Whoever reads the file meanwhile, or after the disk was full, reads what was there before or the
 * whole of the new. Devices, pipes and links (`/dev/stdout`) are written to where they are.
 * @throws an error with exit code 74 if the file cannot be written.
 */
export function writeResult(file: string, contents: string | Uint8Array): void {
  try {
    const before = lstatSync(file, { throwIfNoEntry: false });
    if (before?.isFile() === false) writeFileSync(file, contents);
    else replaceFile(file, contents, before?.mode);
  } catch (error) {
    throw writeError(file, error);
  }
}

/**
 * What could never be written is told before anything is run, and not after hours of it.
 * @param folder that is made on the way, if it is not there.
 * @throws an error with exit code 74.
 */
export function refuseUnwritable(file: string | undefined, folder: string): void {
  if (file === undefined) return;
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) throw writeError(file, new Error('it is a folder'));
  const parent = dirname(resolve(file));
  if (parent === resolve(folder) || existsSync(parent)) return;
  throw writeError(file, new Error(`there is no folder ${dirname(file)}`));
}

function replaceFile(file: string, contents: string | Uint8Array, mode?: number): void {
  const written = join(dirname(file), `.trial-${process.pid}.tmp`);
  try {
    writeFileSync(written, contents, mode === undefined ? {} : { mode });
    renameSync(written, file);
  } catch (error) {
    rmSync(written, { force: true });
    // The file may be ours in a folder that is not.
    if (mode === undefined || !isRefusal(error)) throw error;
    writeFileSync(file, contents);
  }
}

function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return code === 'EACCES' || code === 'EPERM';
}
