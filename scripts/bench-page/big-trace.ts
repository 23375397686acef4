/** A run of a million events or ten, as the bytes of a `.trial` file. */
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { writeTraceFile } from '../../sim/trace/file.ts';

export const BIG_EVENTS = 1_000_000;
export const HUGE_EVENTS = 10_000_000;
/** About as long as a million events take at this load. */
export const BIG_MS = 225_000;
export const HUGE_MS = 1_820_000;

/** The flagship story, gone on with for some minutes. */
export function bigTrace(
  seed: number,
  runForMs = BIG_MS,
): { readonly bytes: Uint8Array; readonly events: number } {
  const { scenario } = parseScenario({
    name: 'a-million-events',
    cluster: {
      brokers: 3,
      topics: [{ name: 'orders', config: { 'min.insync.replicas': '1' } }],
    },
    workload: [
      {
        producer: 'p1',
        topic: 'orders',
        recordsPerSecond: 200,
        config: { acks: '1', 'enable.idempotence': 'false' },
      },
      { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
    ],
    faults: [
      { at: 2_000, cut: ['leader:orders-0', 'followers:orders-0'] },
      { at: 4_000, powerCut: 'leader:orders-0', restartAfter: 20_000 },
      { at: 4_000, heal: 'all' },
      { at: 100_000, pause: 'leader:orders-0', for: 15_000 },
    ],
    runFor: runForMs,
  });
  if (scenario === undefined) throw new Error('the scenario of the benchmark is not valid');
  const { report, world } = runScenario(scenario, { seed, store: 'rows' });
  const { rows } = world.trace;
  if (rows === null) throw new Error('the rows were not kept');
  const { digest, traceHash } = report;
  const header = { scenario, seed: String(seed), digest, traceHash, engine: 'bench', report };
  return { bytes: Buffer.concat(writeTraceFile(header, rows)), events: report.events };
}
