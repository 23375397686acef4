/**
 * Runs a scenario against processes of the operating system on this machine: the same course as in
 * the laboratory, at the pace of the clock on the wall, judged by what clients saw.
 */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadCodecs } from '../codecs/load.ts';
import { defined } from '../kafka/base/assert.ts';
import type { DiskView } from '../sim/check/replica-logs.ts';
import { ToldChecks } from '../sim/check/told-checks.ts';
import type { ClusterView } from '../sim/cluster/cluster-view.ts';
import { installCodecs } from '../sim/process/codecs.ts';
import { type Pace, unpaced } from '../sim/run/pace.ts';
import type { RunReport } from '../sim/run/report.ts';
import { courseOn, type RunResult, type Stage } from '../sim/run/runner.ts';
import type { Scenario } from '../sim/scenario/schema.ts';
import type { TraceRows } from '../sim/trace/rows.ts';
import { compareForReal } from './comparable.ts';
import { type Layout, layOut } from './layout.ts';
import { OsFaults } from './os-faults.ts';
import type { TrialCommand } from './os-node.ts';
import { RealWorld } from './real-world.ts';

export interface RealRunOptions {
  readonly seed: string | number;
  readonly command: TrialCommand;
  /** Asked again and again: the run is to end where it is. */
  readonly stopped: () => boolean;
  /** Told of the scenario's time, in ms; negative before it begins. */
  readonly progress: (scenarioMs: number | null) => void;
  /** Keep the folder of nodes, with their journals, when the run was not as expected. */
  readonly keepFailed: boolean;
}

export interface RealRun {
  readonly report: RunReport;
  /** What was heard. */
  readonly rows: TraceRows;
  /** `stopped` said so before its end. */
  readonly interrupted: boolean;
  /** The folder of the nodes, with their files and logs; null: it is gone. */
  readonly folder: string | null;
}

/** Its processes could not be brought up. */
export class NotStarted extends Error {
  constructor(node: string, words: string) {
    super(`${node} could not be started: ${words}`);
    this.name = 'NotStarted';
  }
}

/** How often the runner looks and hears. */
const LOOK_EVERY_MS = 5;
/** The laboratory waits up to 16 s, by the seed, for timers to be in all phases. */
const SETTLE_MS = 1_000;

/** @throws NotStarted */
export async function runForReal(scenario: Scenario, options: RealRunOptions): Promise<RealRun> {
  const codecs = await loadCodecs();
  installCodecs(codecs);
  const layout = await layOut(scenario);
  const { seed, command, keepFailed: journals } = options;
  const world = new RealWorld({ layout, seed, codecs, command, journals });
  const killNow = (): void => world.killNow();
  process.once('exit', killNow);
  let isGood = false;
  try {
    const { report, interrupted } = await played(scenario, { world, layout, options });
    isGood = report.met && !interrupted;
    const folder = options.keepFailed && !isGood ? layout.folder : null;
    const rows = defined(world.trace.rows, 'what was heard was kept');
    return { report, rows, interrupted, folder };
  } finally {
    await world.dispose();
    process.off('exit', killNow);
    if (isGood || !options.keepFailed) rmSync(layout.folder, { recursive: true, force: true });
  }
}

async function played(
  scenario: Scenario,
  parts: { world: RealWorld; layout: Layout; options: RealRunOptions },
): Promise<{ report: RunReport; interrupted: boolean }> {
  const { world, options } = parts;
  const pace: Pace = unpaced();
  const { course, doors } = courseOn(stageOf(world, parts.layout), {
    scenario: { ...scenario, settle: scenario.settle ?? SETTLE_MS },
    options: { seed: options.seed, wallClockMs: () => performance.now() },
    pace,
  });
  for (;;) {
    world.hear();
    if (world.problem !== null) throw world.problem;
    if (options.stopped()) pace.stopped = true;
    const { done, value } = course.next();
    if (done === true)
      return { report: (value as RunResult<RealWorld>).report, interrupted: pace.stopped };
    const { originUs } = doors;
    if (originUs === 0) throwIfNotStarted(world);
    options.progress(originUs === 0 ? null : (world.nowUs - originUs) / 1_000);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function throwIfNotStarted({ nodes }: RealWorld): void {
  const halted = nodes.find((one) => one.state === 'halted');
  if (halted !== undefined) throw new NotStarted(halted.name, halted.lastWords);
}

function stageOf(world: RealWorld, layout: Layout): Stage<RealWorld> {
  return {
    name: 'real',
    world,
    judge: (view, history, settings) =>
      new ToldChecks(world, { view, history, settings, disks: disksOf(layout) }),
    faults: () => new OsFaults(world),
    live: livePartitions,
    compare: compareForReal,
  };
}

/** Those that controllers have told of, and not that they are gone. */
function livePartitions(view: ClusterView) {
  const told = [...view.partitions.values()].filter(({ replicas }) => replicas.length > 0);
  return told.map(({ name, replicas }) => ({ name, replicas: replicas.length }));
}

function disksOf({ nodes }: Layout): DiskView {
  const directories = new Map(
    nodes.flatMap((one) => ('data' in one ? [[one.spec.name, one.data] as const] : [])),
  );
  return {
    paths: (node) => filesBelow(directories.get(node) ?? ''),
    contents: (_node, path) => readFileSync(path),
  };
}

function filesBelow(directory: string): string[] {
  if (directory === '' || !existsSync(directory)) return [];
  const found: string[] = [];
  for (const name of readdirSync(directory).sort()) {
    const path = join(directory, name);
    if (statSync(path).isDirectory()) found.push(...filesBelow(path));
    else found.push(path);
  }
  return found;
}
