/**
 * `npm run bench [-- --json] [--only saturated,batched,idle,scale,memory] [--rounds N]`: the
 * simulator's speeds on one core, digest and CRC on. A frame is one request or response on the
 * wire, a record one Kafka record. Machines differ and drift: rounds are interleaved and medians
 * reported; compare ratios within one run, never single figures of two.
 */
import { parseArgs } from 'node:util';
import { runScenario } from '../sim/run/runner.ts';
import { parseScenario } from '../sim/scenario/parse.ts';
import type { Scenario } from '../sim/scenario/schema.ts';

interface Measured {
  readonly wallMs: number;
  readonly simulatedMs: number;
  readonly frames: number;
  readonly records: number;
  readonly heapMb: number;
}

const BENCHES = ['saturated', 'batched', 'idle', 'scale', 'memory'] as const;
type Bench = (typeof BENCHES)[number];

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: BENCHES.join(',') },
    rounds: { type: 'string', default: '5' },
  },
});
const wanted = flags.only.split(',');
for (const name of wanted) {
  if (!BENCHES.includes(name as Bench)) {
    console.error(`bench: no benchmark '${name}'; there are ${BENCHES.join(', ')}`);
    process.exit(64);
  }
}

function scenario(parts: object): Scenario {
  const parsed = parseScenario({
    claim: 'P3',
    story: 'A benchmark.',
    faults: [],
    expect: {},
    ...parts,
  });
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems, null, 2));
  return parsed.scenario;
}

/** One producer a partition, 5 requests in flight each, one 100 B record a batch. */
function saturated(size: { brokers: number; partitions: number; producers: number; ms: number }) {
  return scenario({
    name: 'saturated',
    cluster: {
      brokers: size.brokers,
      topics: [topic(size.partitions, 3)],
    },
    workload: Array.from({ length: size.producers }, (_, i) => ({
      producer: `p${i}`,
      topic: 'orders',
      inFlight: 5,
      valueBytes: 100,
      partition: Math.floor((i * size.partitions) / size.producers),
      config: { acks: 'all', 'batch.size': '1', 'linger.ms': '0' },
    })),
    runFor: size.ms,
  });
}

function topic(partitions: number, replicationFactor: number) {
  return { name: 'orders', partitions, replicationFactor, config: { 'min.insync.replicas': '2' } };
}

const scenarios: Record<string, Scenario> = {
  saturated: saturated({ brokers: 3, partitions: 10, producers: 10, ms: 20_000 }),
  large: saturated({ brokers: 100, partitions: 1000, producers: 10, ms: 8_000 }),
  batched: scenario({
    name: 'batched',
    cluster: { brokers: 3, topics: [topic(10, 3)] },
    workload: Array.from({ length: 10 }, (_, partition) => ({
      producer: `p${partition}`,
      topic: 'orders',
      inFlight: 600,
      valueBytes: 100,
      partition,
      config: { acks: 'all', 'batch.size': '16384', 'linger.ms': '5' },
    })),
    runFor: 4_000,
  }),
  idle: scenario({
    name: 'idle',
    cluster: { brokers: 3, topics: [topic(3, 3)] },
    workload: [],
    runFor: 600_000,
  }),
  memory: saturated({ brokers: 3, partitions: 10, producers: 10, ms: 60_000 }),
};

function measure(name: string): Measured {
  const started = process.hrtime.bigint();
  const { report } = runScenario(scenarios[name] as Scenario, { seed: 1 });
  const wallMs = Number(process.hrtime.bigint() - started) / 1e6;
  if (!report.met) throw new Error(`${name}: the run failed: ${JSON.stringify(report.problems)}`);
  return {
    wallMs,
    simulatedMs: report.simulatedMs,
    frames: report.frames,
    records: report.counts.acknowledged,
    heapMb: process.memoryUsage().rss / 1e6,
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] as number;
}

const rounds = Math.max(1, Number(flags.rounds));
const runs: Record<string, Measured[]> = {};
const names = wanted.flatMap((name) => (name === 'scale' ? ['saturated', 'large'] : [name]));
for (let round = 0; round <= rounds; round++) {
  for (const name of new Set(names)) {
    if (name === 'memory' && round > 0) continue;
    const measured = measure(name);
    process.stderr.write(
      `${round === 0 ? 'warm-up' : `round ${round}`} ${name}: ` +
        `${Math.round((measured.frames / measured.wallMs) * 1000).toLocaleString('en')} frames/s, ` +
        `${(measured.simulatedMs / measured.wallMs).toFixed(1)} simulated s/s\n`,
    );
    if (round > 0 || name === 'memory') {
      runs[name] = [...(runs[name] ?? []), measured];
    }
  }
}

const rate = (name: string, of: (one: Measured) => number): number =>
  median((runs[name] ?? []).map(of));
const framesPerSecond = (one: Measured): number => (one.frames / one.wallMs) * 1000;
const result: Record<string, unknown> = { schema: 1 };
if (runs['saturated'] !== undefined) {
  result['saturated'] = {
    framesPerSecond: Math.round(rate('saturated', framesPerSecond)),
    recordsPerSecond: Math.round(rate('saturated', (one) => (one.records / one.wallMs) * 1000)),
    simulatedPerWall: Number(rate('saturated', (one) => one.simulatedMs / one.wallMs).toFixed(2)),
  };
}
if (runs['batched'] !== undefined) {
  const recordsPerSecond = rate('batched', (one) => (one.records / one.wallMs) * 1000);
  result['batched'] = { recordsPerSecond: Math.round(recordsPerSecond) };
}
if (runs['idle'] !== undefined) {
  result['idle'] = {
    simulatedPerWall: Math.round(rate('idle', (one) => one.simulatedMs / one.wallMs)),
    framesPerSimulatedSecond: Number(
      rate('idle', (one) => (one.frames / one.simulatedMs) * 1000).toFixed(1),
    ),
  };
}
if (runs['large'] !== undefined && runs['saturated'] !== undefined) {
  const ratios = runs['large'].map(
    (one, i) => framesPerSecond(runs['saturated']?.[i] as Measured) / framesPerSecond(one),
  );
  result['scale'] = { costRatio: Number(median(ratios).toFixed(2)) };
}
if (runs['memory'] !== undefined) {
  result['memory'] = { peakResidentMb: Math.round(rate('memory', (one) => one.heapMb)) };
}
console.log(JSON.stringify(result, null, flags.json ? 0 : 2));
