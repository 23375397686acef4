/** A `<scenario|dir>` on the command line: one scenario, or every one of a folder. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, inputError } from '../errors.ts';
import { CODE_FILE, type LoadedScenario, loadScenario } from './load-scenario.ts';

/**
 * @throws an error with exit code 4 when no scenario is in the folder, 65 when one is invalid
 * or two have one name.
 */
export async function loadScenarios(what: string): Promise<LoadedScenario[]> {
  if (!isFolder(what)) return [await loadScenario(what)];
  const names = readdirSync(what).filter((one) => one.endsWith('.json') || CODE_FILE.test(one));
  if (names.length === 0) {
    throw new CliError(4, `${what}: no .json and no .ts file is in it`);
  }
  const loaded: LoadedScenario[] = [];
  for (const name of names.sort()) loaded.push(await loadScenario(join(what, name)));
  refuseNamesakes(loaded);
  return loaded;
}

/** Their failures, and what is said of them, could not be told apart. */
function refuseNamesakes(loaded: readonly LoadedScenario[]): void {
  const labels = new Map<string, string>();
  for (const { label, scenario } of loaded) {
    const { name } = scenario;
    const other = labels.get(name);
    if (other !== undefined) {
      throw inputError(`${label}: name: "${name}" is the name of ${other}, too; give each its own`);
    }
    labels.set(name, label);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
