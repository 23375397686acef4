/** What a worker of `trial zoo` is given and gives back. */
import { type Finding, findingWords } from '../../sim/search/finding.ts';
import { runSeed } from '../../sim/search/seed-run.ts';
import { Shrinking, type Shrunk } from '../../sim/search/shrink/shrink.ts';
import type { ZooEntry } from '../../sim/search/zoo/entries.ts';
import { foundRun } from '../../sim/search/zoo/found-run.ts';
import type { SeedTold } from '../../sim/search/zoo/hunt.ts';
import { entryNamed, type ZooJob } from '../../sim/search/zoo/zoo.ts';

export interface ZooSetup {
  readonly task: 'zoo';
}

export type ZooHeard =
  | { readonly kind: 'hunt'; readonly told: SeedTold }
  | { readonly kind: 'clean'; readonly wrong: string | null }
  /** null: it did not fail again, or shrinking broke. */
  | { readonly kind: 'shrink'; readonly shrunk: Shrunk | null };

/** Of processor time; the clock on the wall is for machines that have others to serve. */
const SHRINK_CPU_MS = 60_000;
/** A worker that says nothing for too long is taken for dead (`pool.ts`). */
const SHRINK_WALL_MS = 90_000;

export function zooWork(_setup: ZooSetup): (job: ZooJob) => ZooHeard {
  return (job) => {
    const entry = entryNamed(job.entry);
    switch (job.kind) {
      case 'hunt':
        return { kind: 'hunt', told: hunted(entry, job.seed) };
      case 'clean':
        return { kind: 'clean', wrong: wrongWithout(entry, job.seed) };
      case 'shrink':
        return { kind: 'shrink', shrunk: shrunkSeed(entry, job.seed) };
    }
  };
}

function hunted(entry: ZooEntry, seed: number): SeedTold {
  const before = process.cpuUsage();
  const cpuMs = (): number => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
  try {
    const outcome = runSeed(null, { seed, swarm: entry.swarm, marks: false });
    const detection = entry.detection(outcome);
    const { simulatedMs, events } = outcome;
    const known = { seed, cpuMs: cpuMs(), simulatedMs };
    if (detection === null) return { ...known, found: null, wrong: otherwise(entry, outcome) };
    const { check, kind: verdict, explanation } = detection;
    return { ...known, found: { seed, check, verdict, events, explanation }, wrong: null };
  } catch (problem) {
    return { seed, found: null, wrong: wordsOf(problem), cpuMs: cpuMs(), simulatedMs: 0 };
  }
}

/** A preset may lose what it permits and nothing else; a rule may leave liveness undecided. */
function otherwise(
  { kind }: ZooEntry,
  { findings }: { readonly findings: readonly Finding[] },
): string | null {
  const bad = findings.find((one) => kind === 'preset' || one.kind === 'broken');
  return bad === undefined ? null : findingWords(bad);
}

function wrongWithout({ without }: ZooEntry, seed: number): string | null {
  try {
    const [worst] = runSeed(null, { seed, swarm: without, marks: false }).findings;
    return worst === undefined ? null : findingWords(worst);
  } catch (problem) {
    return wordsOf(problem);
  }
}

function shrunkSeed(entry: ZooEntry, seed: number): Shrunk | null {
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  const found = foundRun(entry, seed);
  const shrinking = found === null ? null : Shrinking.of(found.scenario, seed, found.finding);
  if (shrinking === null) return null;
  for (const _ of shrinking.run()) {
    const { user, system } = process.cpuUsage(cpuBefore);
    const isLate = performance.now() - startedMs >= SHRINK_WALL_MS;
    if (isLate || (user + system) / 1_000 >= SHRINK_CPU_MS) break;
  }
  return shrinking.result(`the zoo: ${entry.name}, seed ${seed}`);
}

function wordsOf(problem: unknown): string {
  return problem instanceof Error ? `${problem.name}: ${problem.message}` : `${problem}`;
}
