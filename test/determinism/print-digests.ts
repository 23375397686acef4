/** A script of its own: prints the identities of the golden runs, one JSON line each. */
import { goldenRuns, identify } from './digests.ts';

for (const [name, seed] of goldenRuns) {
  process.stdout.write(`${JSON.stringify(identify(name, seed))}\n`);
}
