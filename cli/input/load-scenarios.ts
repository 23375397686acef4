/** A `<scenario|dir>` on the command line: one scenario, or every one of a folder. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../errors.ts';
import { CODE_FILE, type LoadedScenario, loadScenario } from './load-scenario.ts';

/** @throws an error with exit code 4 when no scenario is in the folder, 65 when one is invalid. */
export async function loadScenarios(what: string): Promise<LoadedScenario[]> {
  if (!isFolder(what)) return [await loadScenario(what)];
  const names = readdirSync(what).filter((one) => one.endsWith('.json') || CODE_FILE.test(one));
  if (names.length === 0) {
    throw new CliError(4, `${what}: no .json and no .ts file is in it`);
  }
  const loaded: LoadedScenario[] = [];
  for (const name of names.sort()) loaded.push(await loadScenario(join(what, name)));
  return loaded;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
