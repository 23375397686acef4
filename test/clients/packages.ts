/** npm packages that only these tests want: too slow to install with the others, kept once they are there. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../../node_modules/.cache/trial-clients', import.meta.url));

/**
 * @param name of the folder
 * @param packages with their versions; another list is another install
 * @returns the folder that has them in its node_modules
 */
export function installed(name: string, packages: readonly string[]): string {
  const home = join(cache, `${name}-node-${process.versions.modules}`);
  const done = join(home, `${packages.join('+').replaceAll('/', '-')}.installed`);
  if (existsSync(done)) return home;
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "private": true }');
  // Builds of native packages do not bear several jobs everywhere.
  const env = { ...process.env, JOBS: '1' };
  const args = ['install', '--no-audit', '--no-fund', '--no-package-lock', ...packages];
  const ended = spawnSync('npm', args, { cwd: home, env, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (ended.status !== 0) {
    throw new Error(`npm could not install ${packages.join(' ')} into ${home}:\n${ended.stderr}`);
  }
  writeFileSync(done, '');
  return home;
}
