/**
 * The benchmarks of a search: seeds of a paced load on three brokers, a minute each, run and judged
 * as a worker of `trial fuzz` does it; and the memory of a worker that runs thousands of seeds.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parseScenario } from '../../sim/scenario/parse.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { runSeed } from '../../sim/search/seed-run.ts';
import type { Measured } from './measure.ts';

/** Run first and not measured: the code is compiled by then. */
const WARM_SEEDS = 20;
const SEEDS = 60;
const MEMORY_SEEDS = 10_000;
const THOUSAND = 1_000;

const config = { 'min.insync.replicas': '2' };
const minute = {
  name: 'a-minute',
  story: 'A benchmark.',
  cluster: {
    brokers: 3,
    topics: [{ name: 'orders', partitions: 3, replicationFactor: 3, config }],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 20, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders' },
  ],
  faults: [
    { at: '10s', kill: 'leader:orders-0', restartAfter: '15s' },
    { at: '30s', cut: ['leader:orders-1', 'followers:orders-1'], for: '10s' },
    { at: '40s', powerCut: 'follower:orders-2', restartAfter: '5s' },
  ],
  runFor: '60s',
};

export function measureSearch(): Measured {
  const scenario = parsed();
  for (let seed = 1; seed <= WARM_SEEDS; seed++) runSeed(scenario, { seed });
  const started = process.hrtime.bigint();
  const sums = { simulatedMs: 0, frames: 0 };
  for (let seed = WARM_SEEDS + 1; seed <= WARM_SEEDS + SEEDS; seed++) {
    const { simulatedMs, frames, findings } = runSeed(scenario, { seed });
    if (findings.length > 0) throw new Error(`seed ${seed}: ${findings[0]?.explanation}`);
    sums.simulatedMs += simulatedMs;
    sums.frames += frames;
  }
  const wallMs = Number(process.hrtime.bigint() - started) / 1e6;
  return { wallMs, ...sums, records: SEEDS, peakResidentMb: peakResidentMb() };
}

/** Drawn seeds, of few brokers and faults: what is kept from one to the next does not care. */
export function measureSearchMemory(): Measured {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heapMb: number[] = [];
  const sums = { simulatedMs: 0, frames: 0 };
  const started = process.hrtime.bigint();
  for (let seed = 1; seed <= MEMORY_SEEDS; seed++) {
    const { simulatedMs, frames } = runSeed(null, {
      seed,
      swarm: { size: 'small', intensity: 'light' },
    });
    sums.simulatedMs += simulatedMs;
    sums.frames += frames;
    if (seed % THOUSAND !== 0) continue;
    collect();
    heapMb.push(Math.round(process.memoryUsage().heapUsed / 1024 / 102.4) / 10);
  }
  const wallMs = Number(process.hrtime.bigint() - started) / 1e6;
  return { wallMs, ...sums, records: MEMORY_SEEDS, peakResidentMb: peakResidentMb(), heapMb };
}

function parsed(): Scenario {
  const { scenario, problems } = parseScenario(minute);
  if (scenario !== undefined) return scenario;
  throw new Error(JSON.stringify(problems, null, 2));
}

function peakResidentMb(): number {
  return process.resourceUsage().maxRSS / 1024;
}
