/**
 * `npm run campaign -- --first 1 --seeds 20000 [--workers 2] [--again-every 20] [--record]`: runs
 * random scenarios (`sim/swarm/`) on a pool of processes and counts what came out; `--record` adds
 * that to `docs/reference/campaigns.json`. Ends with 1 if any seed went wrong. Results, and the
 * scenarios of seeds that went wrong, are kept in `--out FOLDER`; after Ctrl-C, or if it died, the
 * same command with `--resume` goes on.
 *
 * `--rerun SEED` runs the recorded thousand that holds this seed again and compares its digests;
 * `--seed N` runs one seed here and tells what is wrong with it; `--print N` prints its scenario,
 * for `trial run FILE --seed N`.
 */
import { execFileSync, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { serveJobs } from '../cli/search/pool.ts';
import { swarmScenario } from '../sim/swarm/swarm.ts';
import { type Course, Journal } from './campaign/journal.ts';
import { appendRecord, readRecords, type Tally } from './campaign/record.ts';
import { type CampaignSetup, startCampaign } from './campaign/run.ts';
import { type Heard, hear } from './campaign/seed-run.ts';

const RECORDS = 'docs/reference/campaigns.json';
const PROGRESS_MS = 5_000;

const { values: flags } = parseArgs({
  options: {
    first: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1000' },
    workers: { type: 'string', default: String(availableParallelism()) },
    'again-every': { type: 'string', default: '20' },
    record: { type: 'boolean', default: false },
    out: { type: 'string', default: 'failures/campaign' },
    resume: { type: 'boolean', default: false },
    rerun: { type: 'string' },
    seed: { type: 'string' },
    print: { type: 'string' },
    child: { type: 'boolean', default: false },
  },
});

if (flags.child) serveSeeds();
else if (flags.print !== undefined) printScenario(wholeNumber('print', flags.print));
else if (flags.seed !== undefined) runOne(wholeNumber('seed', flags.seed));
else if (flags.rerun !== undefined) await rerun(wholeNumber('rerun', flags.rerun));
else await campaign();

function printScenario(seed: number): void {
  console.log(JSON.stringify(swarmScenario(seed), null, 2));
}

function runOne(seed: number): void {
  const heard = hear(seed, true);
  console.log(JSON.stringify(heard, null, 2));
  if ('failure' in heard || heard.wrong.length > 0) process.exitCode = 1;
}

async function campaign(): Promise<void> {
  const commit = commitNow();
  if (flags.record && commit.endsWith('-dirty')) fail('commit first: a record names its commit');
  const first = wholeNumber('first', flags.first);
  const seeds = wholeNumber('seeds', flags.seeds);
  const tally = await run({ commit, first, seeds, againEvery: againEvery() });
  if (tally === null) return;
  const record = tally.record(commit);
  if (flags.record) appendRecord(RECORDS, record);
  console.log(JSON.stringify({ ...record, digests: undefined }, null, 2));
  if (record.wrong.length > 0) process.exitCode = 1;
}

/** The thousand of the newest campaign that holds the seed. */
async function rerun(seed: number): Promise<void> {
  const among = readRecords(RECORDS);
  const record = among.findLast((one) => seed >= one.firstSeed && seed < one.firstSeed + one.seeds);
  if (record === undefined) return fail(`no campaign in ${RECORDS} holds seed ${seed}`);
  const { firstSeed, seeds } = record;
  const first = firstSeed + Math.floor((seed - firstSeed) / 1_000) * 1_000;
  const commit = commitNow();
  const count = Math.min(1_000, firstSeed + seeds - first);
  const tally = await run({ commit, first, seeds: count, againEvery: againEvery() });
  if (tally === null) return;
  const { digests, wrong } = tally.record(commit);
  const isSame = digests[first] === record.digests[first];
  const how = isSame ? 'the same digests' : 'other digests';
  console.log(
    `seeds ${first} to ${first + tally.heard - 1}: ${wrong.length} wrong, ${how} as recorded at ` +
      `${record.commit} (this is ${commit})`,
  );
  if (wrong.length > 0 || (!isSame && commit === record.commit)) process.exitCode = 1;
}

/** @returns null when it was interrupted. */
async function run(course: Course): Promise<Tally | null> {
  const { seeds } = course;
  const journal = openJournal(course);
  const campaign = startCampaign({
    course,
    journal,
    workers: wholeNumber('workers', flags.workers),
    fork: () => fork(fileURLToPath(import.meta.url), ['--child']),
    wentWrong: tellWrong,
  });
  const { tally } = campaign;
  const startedMs = Date.now();
  const progress = setInterval(() => tellProgress(tally, seeds, startedMs), PROGRESS_MS);
  let interrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted = true;
      campaign.stop();
    });
  }
  await campaign.over;
  clearInterval(progress);
  tellProgress(tally, seeds, startedMs);
  if (!interrupted) return tally;
  console.error(`stopped; go on with the same command and --resume (--out ${journal.folder})`);
  process.exitCode = 130;
  return null;
}

function openJournal(course: Course): Journal {
  if (!flags.resume) return Journal.begin(flags.out, course);
  const journal = Journal.resume(flags.out, course);
  return typeof journal === 'string' ? fail(journal) : journal;
}

function againEvery(): number {
  return wholeNumber('again-every', flags['again-every']);
}

function serveSeeds(): void {
  serveJobs<CampaignSetup, number, Heard>(
    ({ againEvery }) =>
      (seed) =>
        hear(seed, againEvery > 0 && seed % againEvery === 0),
  );
}

function tellProgress(tally: Tally, seeds: number, startedMs: number): void {
  const now = tally.heard - tally.resumed;
  const perSecond = now / Math.max(1, (Date.now() - startedMs) / 1_000);
  const perCpu = tally.heard / Math.max(0.001, tally.cpuSeconds);
  console.error(
    `${tally.heard} of ${seeds} seeds, ${perSecond.toFixed(1)}/s (${perCpu.toFixed(1)} per CPU ` +
      `second), ${tally.simulatedHours.toFixed(1)} simulated hours, ${tally.wrong.length} wrong`,
  );
}

function tellWrong(seed: number, wrong: readonly string[], path: string): void {
  console.error(`seed ${seed} went wrong (trial run ${path} --seed ${seed}):`);
  for (const line of wrong) console.error(`  ${line}`);
}

function commitNow(): string {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const dirty = git('status', '--porcelain', '--', 'kafka', 'sim', 'scripts') !== '';
  return git('rev-parse', '--short=12', 'HEAD') + (dirty ? '-dirty' : '');
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0 || (number === 0 && name === 'workers')) {
    fail(`--${name} wants a whole number, not '${text}'`);
  }
  return number;
}

function fail(why: string): never {
  console.error(`campaign: ${why}`);
  process.exit(64);
}
