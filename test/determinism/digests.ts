/** Twelve runs that between them use every room, and what identifies a run. */
import { loadCodecsForRuns } from '../../codecs/for-runs.ts';
import { scenarios } from '../../scenarios/index.ts';
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';

await loadCodecsForRuns();

export const goldenRuns: readonly (readonly [scenario: string, seed: number])[] = [
  ['acks-1-loses-an-acknowledged-record', 1],
  ['acks-1-loses-an-acknowledged-record', 2],
  ['acks-all-survives-leader-crash', 1],
  ['batches-and-compression-raise-throughput', 1],
  ['five-in-flight-idempotent-keeps-order', 1],
  ['lagging-follower-leaves-and-rejoins-isr', 1],
  ['members-of-a-group-share-the-records', 1],
  ['partition-ap-loses', 1],
  ['power-loss-of-all-replicas-loses-unflushed', 1],
  ['power-loss-of-all-replicas-with-flush-loses-nothing', 1],
  ['rolling-restart-loses-nothing', 1],
  ['torn-tail-is-cut-at-recovery', 1],
];

export interface RunIdentity {
  readonly scenario: string;
  readonly seed: number;
  readonly events: number;
  readonly digest: string;
  readonly traceHash: string;
}

export function identify(name: string, seed: number, store: 'none' | 'rows' = 'none'): RunIdentity {
  const { scenario } = parseScenario(scenarios.find((one) => one.name === name));
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  const { events, digest, traceHash, met } = runScenario(scenario, { seed, store }).report;
  if (!met) throw new Error(`${name} with seed ${seed} does not come out as it says`);
  return { scenario: name, seed, events, digest, traceHash };
}
