/** Runs as the page holds them: a scenario run here, its rows in a store and a timeline. */
import { scenarios } from '../../scenarios/index.ts';
import { ClusterView } from '../../sim/cluster/cluster-view.ts';
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import type { Scenario, ScenarioInput } from '../../sim/scenario/schema.ts';
import type { World } from '../../sim/world.ts';
import { Timeline } from '../../viz/model/timeline.ts';
import { TraceStore } from '../../viz/model/trace-store.ts';

export interface VizRun {
  readonly store: TraceStore;
  readonly timeline: Timeline;
  readonly scenario: Scenario;
  /** What the laboratory itself believes of the cluster at the end. */
  readonly view: ClusterView;
}

export function parsed(input: ScenarioInput): Scenario {
  const result = parseScenario(input);
  if (result.scenario === undefined) throw new Error(JSON.stringify(result.problems));
  return result.scenario;
}

export function vizRun(input: ScenarioInput, seed: string | number = 1): VizRun {
  const scenario = parsed(input);
  const views: ClusterView[] = [];
  const prepare = (one: World) => views.push(new ClusterView(one));
  const { report, world } = runScenario(scenario, { seed, store: 'rows', prepare });
  const { digest, traceHash } = report;
  const originUs = report.story.warmUpMs * 1_000;
  const identity = { scenario, seed, digest, traceHash, report, originUs };
  const rows = world.trace.rows;
  const [view] = views;
  if (rows === null || view === undefined) throw new Error('the rows were not kept');
  const store = TraceStore.of(rows, identity);
  return { store, timeline: new Timeline(store), scenario, view };
}

const known = new Map<string, VizRun>();

/** A story of the gallery; run once for all tests of a file. */
export function storyRun(name: string): VizRun {
  let run = known.get(name);
  if (run === undefined) {
    const input = scenarios.find((one) => one.name === name);
    if (input === undefined) throw new Error(`no story is called ${name}`);
    run = vizRun(input);
    known.set(name, run);
  }
  return run;
}

/** A small cluster without faults, for what needs no story. */
export const quietCluster: ScenarioInput = {
  name: 'quiet-cluster',
  cluster: { brokers: 2, topics: [{ name: 'orders', partitions: 2, replicationFactor: 2 }] },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 20 },
    { consumer: 'c1', topic: 'orders' },
  ],
  runFor: 2_000,
};
