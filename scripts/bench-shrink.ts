/**
 * `npm run bench:shrink -- --out FOLDER [--seeds 300] [--for 60] [--only NAME]`: how small failures
 * become that nobody made by hand. Gives every historic rule in turn to the scenarios that the
 * swarm draws, keeps the first two that break different checks (and none without the rule), shrinks
 * each for so many seconds of processor time and prints a table. What is in the folder already is
 * not looked for again.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeFailure } from '../cli/search/campaign-files.ts';
import { writeSmallFailure } from '../cli/search/small-failure.ts';
import { type Variant, variants } from '../kafka/protocol/variants.ts';
import packageJson from '../package.json' with { type: 'json' };
import { runScenario } from '../sim/run/runner.ts';
import { parseScenario } from '../sim/scenario/parse.ts';
import { type Failure, failureOf, failureSchema } from '../sim/search/failure.ts';
import { drawnScenario } from '../sim/search/seed-run.ts';
import { Shrinking, type Shrunk } from '../sim/search/shrink/shrink.ts';
import { swarmFindings } from '../sim/swarm/judge.ts';

const { values: flags } = parseArgs({
  options: {
    out: { type: 'string', default: 'failures/shrink' },
    first: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '300' },
    for: { type: 'string', default: '60' },
    only: { type: 'string', default: '' },
    collect: { type: 'boolean', default: false },
  },
});

/** Failures of each rule. */
const EACH = 2;

mkdirSync(flags.out, { recursive: true });
for (const { name, option } of historicRules()) collect(name, option);
if (!flags.collect) shrinkAll();

function historicRules(): { name: string; option: string }[] {
  return (variants as readonly Variant[]).flatMap(({ name, options }) =>
    options.flatMap((one) => (one.history === null ? [] : [{ name, option: one.name }])),
  );
}

/** The first seeds that break a promise with the rule, each in another check, and none without. */
function collect(name: string, option: string): void {
  const label = `${name}-${option}`;
  if (!label.includes(flags.only)) return;
  if (files().some((file) => file.startsWith(`${label}-seed-`))) return;
  const checks = new Set<string>();
  const first = Number(flags.first);
  for (let seed = first; seed < first + Number(flags.seeds) && checks.size < EACH; seed++) {
    const failure = failureWith({ [name]: option }, seed);
    if (failure === null || checks.has(failure.check)) continue;
    checks.add(failure.check);
    writeFailure(flags.out, `${label}-seed-${seed}`, failure);
    console.error(`${label}: seed ${seed}, ${failure.check} ${failure.verdict}`);
  }
  if (checks.size === 0) console.error(`${label}: none of ${flags.seeds} seeds`);
}

function failureWith(rules: Readonly<Record<string, string>>, seed: number): Failure | null {
  const drawn = drawnScenario(seed);
  const scenario = { ...drawn, cluster: { ...drawn.cluster, variants: rules } };
  const result = runScenario(scenario, { seed, store: 'none' });
  const findings = swarmFindings(scenario, result);
  if (findings.length === 0) return null;
  if (swarmFindings(drawn, runScenario(drawn, { seed, store: 'none' })).length > 0) return null;
  const { report } = result;
  return failureOf({ engine: packageJson.version, scenario, seed, report, findings });
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
