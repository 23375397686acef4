/** The loads of the benchmarks and how one is measured: a bare world, timed when it is warm. */
import { Checks } from '../../sim/check/checks.ts';
import { ClientHistory, Outcome } from '../../sim/check/history/history.ts';
import { ClusterView } from '../../sim/cluster/cluster-view.ts';
import { nodeSpecs } from '../../sim/cluster/node-specs.ts';
import { runSettings } from '../../sim/cluster/settings.ts';
import { warmUp } from '../../sim/cluster/warm-up.ts';
import { finish } from '../../sim/run/pace.ts';
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { Workload } from '../../sim/workload/workload.ts';
import { World } from '../../sim/world.ts';

export interface Measured {
  readonly wallMs: number;
  readonly simulatedMs: number;
  readonly frames: number;
  readonly records: number;
  readonly peakResidentMb: number;
  /** After every thousandth seed, when nothing that could be collected is left. */
  readonly heapMb?: readonly number[];
}

interface Load {
  readonly scenario: object;
  /** Simulated time that is run first and not measured. */
  readonly warmMs: number;
  readonly measuredMs: number;
  readonly checked?: boolean;
  /** A whole run with its report, for memory; measured once. */
  readonly once?: boolean;
}

/** Five records in flight, each a batch and a request of its own. */
const oneRecordBatches = { acks: 'all', 'batch.size': '1', 'linger.ms': '0' };
const fullBatches = { acks: 'all', 'batch.size': '16384', 'linger.ms': '5' };

function cluster(brokers: number, partitions: number): object {
  const config = { 'min.insync.replicas': '2' };
  return { brokers, topics: [{ name: 'orders', partitions, replicationFactor: 3, config }] };
}

/** Full batches fill disks: old segments go, as in a cluster under steady load. */
function retaining(): object {
  const config = {
    'min.insync.replicas': '2',
    'segment.bytes': '1048576',
    'retention.bytes': '2097152',
    'file.delete.delay.ms': '100',
  };
  return {
    brokers: 3,
    config: { 'log.retention.check.interval.ms': '100', 'log.initial.task.delay.ms': '100' },
    topics: [{ name: 'orders', partitions: 10, replicationFactor: 3, config }],
  };
}

function producer(name: string, load: object): object {
  return { producer: name, topic: 'orders', valueBytes: 100, ...load };
}

/** Round robin over all partitions, 5 in flight. */
const fiveInFlight = [
  producer('p0', { inFlight: 5, partition: 'round-robin', config: oneRecordBatches }),
];

/** A producer each for ten partitions, 5 in flight each: what one broker does, a hundred do. */
const tenTimesFive = (spread: number): object[] =>
  Array.from({ length: 10 }, (_, i) =>
    producer(`p${i}`, { inFlight: 5, partition: i * spread, config: oneRecordBatches }),
  );

/** One producer to all partitions (as they stick), some eight full batches a partition under way. */
const batching = [producer('p0', { inFlight: 12_000, config: fullBatches })];

const saturated = {
  scenario: { cluster: cluster(3, 10), workload: fiveInFlight },
  warmMs: 15_000,
  measuredMs: 25_000,
};

export const loads: Readonly<Record<string, Load>> = {
  saturated,
  checked: { ...saturated, checked: true },
  small: {
    scenario: { cluster: cluster(3, 10), workload: tenTimesFive(1) },
    warmMs: 6_000,
    measuredMs: 12_000,
  },
  large: {
    scenario: { cluster: cluster(100, 1000), workload: tenTimesFive(100) },
    warmMs: 3_000,
    measuredMs: 6_000,
  },
  batched: {
    scenario: { cluster: retaining(), workload: batching },
    warmMs: 2_000,
    measuredMs: 2_500,
  },
  idle: {
    scenario: { cluster: cluster(3, 3), workload: [] },
    warmMs: 600_000,
    measuredMs: 3_600_000,
  },
  memory: {
    scenario: {
      cluster: cluster(3, 10),
      workload: [
        { producer: 'p1', topic: 'orders', recordsPerSecond: 500, config: { acks: 'all' } },
        { consumer: 'c1', topic: 'orders' },
      ],
    },
    warmMs: 0,
    measuredMs: 60_000,
    once: true,
  },
};

export function measure(name: string): Measured {
  const load = loads[name];
  if (load === undefined) throw new Error(`no load '${name}'`);
  const parsed = parseScenario({
    name,
    story: 'A benchmark.',
    faults: [],
    expect: {},
    runFor: load.warmMs + load.measuredMs,
    ...load.scenario,
  });
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems, null, 2));
  return load.once === true ? whole(parsed.scenario) : bare(parsed.scenario, load);
}

function bare(scenario: Scenario, load: Load): Measured {
  const world = new World({ seed: 1, store: 'none' });
  for (const spec of nodeSpecs(scenario)) world.addNode(spec);
  const view = new ClusterView(world);
  const history = new ClientHistory();
  if (load.checked === true) new Checks(world, { history, settings: runSettings(scenario) });
  const warm = finish(warmUp(world, view, scenario));
  if (!warm.ready) throw new Error(`the cluster did not come up: ${warm.why}`);
  new Workload(world, { scenario, history, originUs: warm.originUs }).start();
  const measuredFromUs = warm.originUs + load.warmMs * 1000;
  world.runUntil(measuredFromUs);
  const framesBefore = world.frames;
  const recordsBefore = acknowledged(history);
  const started = process.hrtime.bigint();
  world.runUntil(measuredFromUs + load.measuredMs * 1000);
  const wallMs = Number(process.hrtime.bigint() - started) / 1e6;
  if (world.failures.length > 0) throw new Error(world.failures[0]?.message);
  return {
    wallMs,
    simulatedMs: load.measuredMs,
    frames: world.frames - framesBefore,
    records: acknowledged(history) - recordsBefore,
    peakResidentMb: peakResidentMb(),
  };
}

function whole(scenario: Scenario): Measured {
  const started = process.hrtime.bigint();
  const { report } = runScenario(scenario, { seed: 1, store: 'rows' });
  const wallMs = Number(process.hrtime.bigint() - started) / 1e6;
  if (!report.met) throw new Error(report.problems.join('; '));
  return {
    wallMs,
    simulatedMs: report.simulatedMs,
    frames: report.frames,
    records: report.counts.acknowledged,
    peakResidentMb: peakResidentMb(),
  };
}

function acknowledged(history: ClientHistory): number {
  let count = 0;
  for (const sends of history.sends) {
    for (let row = 0; row < sends.count; row++) {
      if (sends.outcome.at(row) === Outcome.ok) count += 1;
    }
  }
  return count;
}

function peakResidentMb(): number {
  return process.resourceUsage().maxRSS / 1024;
}
