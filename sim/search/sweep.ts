/**
 * A grid of settings, each cell run with many seeds: what one run tells, and what all runs of a
 * cell come to. Violations count beside what the settings permit; expectations of the scenario do
 * not, because they are about the settings that it was written with.
 */
import type { RunReport } from '../run/report.ts';
import { runScenario } from '../run/runner.ts';
import type { Scenario } from '../scenario/schema.ts';
import { z } from '../scenario/zod.ts';

/** `acks=0,1,all`: one dimension of the grid. */
export interface Dimension {
  readonly key: string;
  readonly values: readonly string[];
}

/** Every combination, the last dimension fastest: `[['acks=0', 'min…=1'], …]`. */
export function gridOf(dimensions: readonly Dimension[]): string[][] {
  return dimensions.reduce<string[][]>(
    (cells, { key, values }) =>
      cells.flatMap((cell) => values.map((value) => [...cell, `${key}=${value}`])),
    [[]],
  );
}

/** What one run of a cell came out as. */
export interface SweepRun {
  readonly seed: number;
  readonly acknowledged: number;
  readonly acknowledgedLost: number;
  readonly duplicated: number;
  readonly reordered: number;
  /** Ms in which producers got nothing through, all producers together. */
  readonly refusedMs: number;
  /** Send to acknowledgement; null: nothing was acknowledged. */
  readonly latencyMs: { readonly p50: number; readonly p99: number } | null;
  readonly violated: readonly string[];
  readonly broken: number;
}

export function sweepRun(scenario: Scenario, seed: number): SweepRun {
  const { report } = runScenario({ ...scenario, expect: {} }, { seed });
  const { counts, verdicts, broken } = report;
  const { acknowledged, acknowledgedLost, duplicated, reordered } = counts;
  return {
    seed,
    ...{ acknowledged, acknowledgedLost, duplicated, reordered },
    refusedMs: refusedMs(report),
    latencyMs: latencyOf(report),
    violated: verdicts.filter((one) => one.verdict === 'violated').map((one) => one.name),
    broken: broken.length,
  };
}

function refusedMs({ story }: RunReport): number {
  const endMs = story.convergedAtMs ?? story.healedAtMs ?? 0;
  return story.clients
    .filter((one) => one.kind === 'producer')
    .flatMap((one) => one.unavailable)
    .reduce((sum, { fromMs, untilMs }) => sum + Math.max(0, (untilMs ?? endMs) - fromMs), 0);
}

/** Of several producers the slowest. */
function latencyOf({ story }: RunReport): SweepRun['latencyMs'] {
  const all = story.clients.flatMap((one) =>
    one.kind === 'producer' && one.latencyMs !== null ? [one.latencyMs] : [],
  );
  if (all.length === 0) return null;
  return {
    p50: Math.max(...all.map((one) => one.p50)),
    p99: Math.max(...all.map((one) => one.p99)),
  };
}

const whole = z.int().min(0);
const cellSchema = z.strictObject({
  settings: z.array(z.string()).meta({ description: 'As --list takes them.' }),
  problem: z.string().nullable().meta({ description: 'Why the settings cannot be together.' }),
  runs: whole,
  acknowledged: whole,
  acknowledgedLost: whole.meta({ description: 'Records, over all runs.' }),
  runsThatLost: whole,
  duplicated: whole,
  reordered: whole,
  refusedMs: z.strictObject({ median: z.number(), most: z.number() }).meta({
    description: 'Of a run: how long producers got nothing through.',
  }),
  latencyMs: z
    .strictObject({ p50: z.number(), p99: z.number() })
    .nullable()
    .meta({ description: 'Medians over the runs.' }),
  violated: z.record(z.string(), whole).meta({ description: 'By check: in how many runs.' }),
  broken: whole.meta({ description: 'Runs in which a node or a worker broke.' }),
  worstSeed: whole.nullable(),
  replay: z.string().nullable(),
});
export type SweepCell = z.output<typeof cellSchema>;

const sweepSchema = z
  .strictObject({
    schema: z.literal(1),
    scenario: z.string(),
    from: whole,
    seeds: whole,
    wallMs: z.number(),
    cells: z.array(cellSchema),
  })
  .meta({ title: 'Trial sweep', description: 'What `trial sweep --json` prints.' });
export type SweepResult = z.output<typeof sweepSchema>;

/** The runs may come in any order. @param replay the command that repeats a seed of this cell. */
export function cellOf(
  settings: readonly string[],
  runs: readonly SweepRun[],
  { broken, replay }: { readonly broken: number; readonly replay: (seed: number) => string },
): SweepCell {
  const inOrder = runs.toSorted((a, b) => a.seed - b.seed);
  const sum = (of: (run: SweepRun) => number) => inOrder.reduce((all, one) => all + of(one), 0);
  const refused = inOrder.map((one) => one.refusedMs);
  const latencies = inOrder.flatMap((one) => (one.latencyMs === null ? [] : [one.latencyMs]));
  const violated: Record<string, number> = {};
  for (const { violated: names } of inOrder) {
    for (const name of names) violated[name] = (violated[name] ?? 0) + 1;
  }
  const [worst] = inOrder.toSorted(byBadness);
  return {
    settings: [...settings],
    problem: null,
    runs: inOrder.length,
    acknowledged: sum((one) => one.acknowledged),
    acknowledgedLost: sum((one) => one.acknowledgedLost),
    runsThatLost: inOrder.filter((one) => one.acknowledgedLost > 0).length,
    duplicated: sum((one) => one.duplicated),
    reordered: sum((one) => one.reordered),
    refusedMs: { median: median(refused), most: Math.max(0, ...refused) },
    latencyMs:
      latencies.length === 0
        ? null
        : {
            p50: median(latencies.map((one) => one.p50)),
            p99: median(latencies.map((one) => one.p99)),
          },
    violated,
    broken: broken + inOrder.filter((one) => one.broken > 0).length,
    worstSeed: worst?.seed ?? null,
    replay: worst === undefined ? null : replay(worst.seed),
  };
}

/** Settings that contradict each other make a cell without runs. */
export function impossibleCell(settings: readonly string[], problem: string): SweepCell {
  const none = cellOf(settings, [], { broken: 0, replay: () => '' });
  return { ...none, problem };
}

/** Violations, then losses, duplicates, disorder, the longest silence; of equal ones the first. */
function byBadness(a: SweepRun, b: SweepRun): number {
  return (
    b.violated.length + b.broken - (a.violated.length + a.broken) ||
    b.acknowledgedLost - a.acknowledgedLost ||
    b.duplicated - a.duplicated ||
    b.reordered - a.reordered ||
    b.refusedMs - a.refusedMs ||
    a.seed - b.seed
  );
}

/** Of an even number the lower of the two in the middle; 0 of none. */
function median(values: readonly number[]): number {
  const inOrder = values.toSorted((a, b) => a - b);
  return inOrder[Math.floor((inOrder.length - 1) / 2)] ?? 0;
}

export function sweepJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(sweepSchema) as Record<string, unknown>;
}
