/**
 * `npm run bench:shrink -- --out FOLDER [--for 60] [--starts 1 | --swarm 200] [--only NAME]`: how
 * small failures become that nobody made by hand. Takes the seeds in which `docs/reference/zoo.json`
 * says that the search found the entries of the zoo; with `--swarm N` the first that fails of the
 * first N seeds that `trial fuzz --variant …` draws, of any size. Shrinks each for so many seconds
 * of processor time and prints a table. What is in the folder already is not made again.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { recordedZoo } from '../cli/report/zoo-page.ts';
import { writeFailure } from '../cli/search/campaign-files.ts';
import { writeSmallFailure } from '../cli/search/small-failure.ts';
import packageJson from '../package.json' with { type: 'json' };
import { parseScenario } from '../sim/scenario/parse.ts';
import { type Failure, failureOf, failureSchema } from '../sim/search/failure.ts';
import { Shrinking, type Shrunk } from '../sim/search/shrink/shrink.ts';
import { zooEntries } from '../sim/search/zoo/entries.ts';
import { type FoundRun, foundRun } from '../sim/search/zoo/found-run.ts';

const { values: flags } = parseArgs({
  options: {
    out: { type: 'string', default: 'failures/shrink' },
    /** Of the searches for an entry, so many. */
    starts: { type: 'string', default: '1' },
    swarm: { type: 'string', default: '0' },
    for: { type: 'string', default: '60' },
    only: { type: 'string', default: '' },
    collect: { type: 'boolean', default: false },
  },
});

mkdirSync(flags.out, { recursive: true });
if (Number(flags.swarm) > 0) collectFromTheSwarm();
else collect();
if (!flags.collect) shrinkAll();

function collect(): void {
  for (const { row } of recordedZoo().entries) {
    const entry = zooEntries.find((one) => one.name === row.name);
    if (entry === undefined || !row.name.includes(flags.only)) continue;
    for (const { found } of row.searches.slice(0, Number(flags.starts))) {
      if (found === null) continue;
      const { seed } = found;
      const label = `${row.name}-seed-${seed}`;
      if (files().includes(`${label}.json`)) continue;
      const again = foundRun(entry, seed);
      if (again === null) console.error(`${label}: it is not found in this seed any more`);
      else keep(label, seed, again);
    }
  }
}

/** Entries are looked for as if nobody knew by which options they are found sooner. */
function collectFromTheSwarm(): void {
  for (const { name, kind, swarm, without, ...entry } of zooEntries) {
    const known = files().some((file) => file.startsWith(`${name}-seed-`));
    if (kind === 'preset' || known || !name.includes(flags.only)) continue;
    const { variants = {} } = swarm;
    const whole = { ...entry, name, kind, swarm: { variants }, without: {} };
    for (let seed = 1; seed <= Number(flags.swarm); seed++) {
      const found = foundRun(whole, seed);
      if (found === null) continue;
      keep(`${name}-seed-${seed}`, seed, found);
      break;
    }
  }
}

function keep(label: string, seed: number, { scenario, finding, report }: FoundRun): void {
  const engine = packageJson.version;
  writeFailure(
    flags.out,
    label,
    failureOf({ engine, scenario, seed, report, findings: [finding] }),
  );
}

function files(): string[] {
  return readdirSync(flags.out).filter((one) => /-seed-\d+\.json$/.test(one));
}

interface Row {
  readonly file: string;
  readonly shrunk: Shrunk;
  readonly cpuSeconds: number;
}

function shrinkAll(): void {
  const rows = files().flatMap((file) => (file.includes(flags.only) ? shrinkOne(file) : []));
  console.log(
    `${rows
      .map((one) => fewer(one).toFixed(1))
      .sort()
      .join(' ')}`,
  );
  const sorted = rows.map(fewer).sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median =
    sorted.length % 2 === 1
      ? (sorted[middle] ?? 0)
      : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
  const ended = rows.filter((one) => one.shrunk.isMinimal).length;
  console.log(
    `${rows.length} failures, median ${median.toFixed(2)} % fewer events, ` +
      `${ended} minimal within ${flags.for} s of processor time`,
  );
}

function shrinkOne(file: string): Row[] {
  const path = join(flags.out, file);
  const failure: Failure = failureSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const { scenario } = parseScenario(failure.scenario);
  const [finding] = failure.findings;
  if (scenario === undefined || finding === undefined) return [];
  const before = process.cpuUsage();
  const cpuSeconds = (): number => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000_000;
  };
  const shrinking = Shrinking.of(scenario, failure.seed, finding);
  if (shrinking === null) {
    console.log(`${file}: does not fail any more`);
    return [];
  }
  for (const _ of shrinking.run()) if (cpuSeconds() >= Number(flags.for)) break;
  const seconds = cpuSeconds();
  const shrunk = shrinking.result(`${scenario.name}, seed ${failure.seed}`);
  writeSmallFailure(shrunk, path.replace('.json', '.min.json'));
  const row = { file, shrunk, cpuSeconds: seconds };
  console.log(rowWords(row));
  return [row];
}

function fewer({ shrunk: { before, after } }: Row): number {
  return 100 * (1 - after.events / before.events);
}

function rowWords(row: Row): string {
  const { before, after, tries, isMinimal, finding } = row.shrunk;
  return [
    row.file.replace('.json', ''),
    finding.check,
    `${before.events} → ${after.events}`,
    `${fewer(row).toFixed(1)} %`,
    `${before.faults} → ${after.faults} faults`,
    `${before.brokers} → ${after.brokers} brokers`,
    `${tries} runs`,
    `${row.cpuSeconds.toFixed(1)} s${isMinimal ? '' : ' (not at its end)'}`,
  ].join(' | ');
}
