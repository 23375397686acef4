/**
 * `npm run campaign -- --rerun SEED` runs the recorded thousand that holds this seed again
 * (`docs/reference/campaigns.json`) and compares its digests; `--print SEED` prints the scenario
 * that the swarm draws for a seed, for `trial run FILE --seed SEED`. Campaigns are run and recorded
 * by `trial fuzz --record`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readState } from '../cli/search/campaign-files.ts';
import { CAMPAIGN_RECORDS, readRecords } from '../cli/search/campaign-records.ts';
import packageJson from '../package.json' with { type: 'json' };
import { swarmScenario } from '../sim/swarm/swarm.ts';

const { values: flags } = parseArgs({
  options: { rerun: { type: 'string' }, print: { type: 'string' } },
});

const THOUSAND = 1_000;

if (flags.print !== undefined) {
  console.log(JSON.stringify(swarmScenario(seedOf('print', flags.print)), null, 2));
} else if (flags.rerun !== undefined) rerun(seedOf('rerun', flags.rerun));
else fail('--rerun SEED or --print SEED; campaigns are run by trial fuzz --record');

/** The thousand of the newest campaign that holds the seed. */
function rerun(seed: number): void {
  const among = readRecords(CAMPAIGN_RECORDS);
  const record = among.findLast((one) => seed >= one.firstSeed && seed < one.firstSeed + one.seeds);
  if (record === undefined) return fail(`no campaign in ${CAMPAIGN_RECORDS} holds seed ${seed}`);
  const { firstSeed, seeds, drawnWith = '', commit } = record;
  const first = firstSeed + Math.floor((seed - firstSeed) / THOUSAND) * THOUSAND;
  const count = Math.min(THOUSAND, firstSeed + seeds - first);
  const out = mkdtempSync(join(tmpdir(), 'campaign-'));
  const asDrawn = drawnWith === '' ? [] : drawnWith.split(' ');
  const args = ['fuzz', '--from', `${first}`, '--seeds', `${count}`, '--out', out, ...asDrawn];
  const { status } = spawnSync(process.execPath, ['dist/cli/trial.js', ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const { tally, commit: here } = readState(out, packageJson.version);
  const isSame = tally.digests[first] === record.digests[first];
  console.log(
    `seeds ${first} to ${first + count - 1}: ${tally.wrong.length} wrong, ` +
      `${isSame ? 'the same' : 'other'} digests as recorded at ${commit} (this is ${here})`,
  );
  rmSync(out, { recursive: true });
  process.exitCode = status !== 0 || (!isSame && commit === here) ? 1 : 0;
}

function seedOf(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  return fail(`--${name} wants a whole number, not '${text}'`);
}

function fail(why: string): never {
  console.error(`campaign: ${why}`);
  process.exit(64);
}
